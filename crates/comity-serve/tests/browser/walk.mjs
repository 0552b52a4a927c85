// Walks every view: no errors, no serious violation of accessibility, nothing wider than the window; then each view's own steps.
// Usage: node walk.mjs BASE starter|full CHROMIUM [FOLDER for screenshots]
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [base, record, executablePath, shots] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let passed = 0;
const failed = [];

const step = async (name, work) => {
  try {
    await work();
    passed += 1;
  } catch (error) {
    failed.push(name);
    console.error(`FAILED ${record} ${name}: ${error.message}`);
  }
};
const check = (truth, what) => {
  if (!truth) throw new Error(what);
};

// Evaluations begin with the server: the first page waits for them.
const ready = async () => {
  for (const policy of ["independent-peace", "bandung-1955"]) {
    for (let tries = 0; tries < 300; tries++) {
      const answer = await fetch(`${base}/commitments?policy=${policy}&format=json`);
      if (answer.status !== 503) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};

const open = async (context, address) => {
  const page = await context.newPage();
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  const answer = await page.goto(base + address, { waitUntil: "load" });
  return { page, errors, status: answer.status() };
};

await ready();
const views = [];
for (const file of readdirSync(new URL("views", import.meta.url)).sort()) views.push(await import(`./views/${file}`));

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 400]) {
    // What pages may run is theirs alone; the checks of accessibility are run beside it.
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    for (const address of views.flatMap((view) => view.pages(record))) {
      await step(`${address} ${colorScheme} ${width}`, async () => {
        const { page, errors, status } = await open(context, address);
        check(status === 200, `status ${status}`);
        check((await page.locator("h1").count()) === 1, "one title");
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        check(wide <= 0, `${wide} px wider than the window`);
        await page.evaluate(axe);
        const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
        const serious = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
        const words = serious.map((v) => `${v.id} (${v.nodes.length}): ${v.nodes[0].html.slice(0, 160)}`);
        check(serious.length === 0, words.join("; "));
        check(errors.length === 0, errors.join("; "));
        if (shots) {
          const name = address.replaceAll(/[^a-z0-9]+/gi, "-").replaceAll(/^-|-$/g, "") || "start";
          await page.screenshot({ path: `${shots}/${record}-${name}-${colorScheme}-${width}.png`, fullPage: true });
        }
        await page.close();
      });
    }
    await context.close();
  }
}

// The steps run under the pages' own security policy.
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
for (const view of views) {
  for (const [name, work] of Object.entries(view.steps)) {
    await step(name, async () => {
      const opened = [];
      const go = async (address) => {
        const one = await open(context, address);
        opened.push(one);
        return one.page;
      };
      await work({ go, check, base, record });
      const errors = opened.flatMap((one) => one.errors);
      for (const one of opened) await one.page.close();
      check(errors.length === 0, errors.join("; "));
    });
  }
}
await browser.close();
console.log(`${record}: ${passed} passed, ${failed.length} failed`);
process.exit(failed.length ? 1 : 0);
