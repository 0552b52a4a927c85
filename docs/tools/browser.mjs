// Walks the site as it is opened from a folder: no error, no request beyond the folder, nothing wider than a phone, no serious violation of
// accessibility in either colour scheme; then searches, letter by letter.
// Usage: node browser.mjs SITE CHROMIUM [FOLDER for pictures]
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [site, executablePath, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
let passed = 0;
let failed = 0;
const step = async (name, work) => {
  try {
    await work();
    passed += 1;
  } catch (error) {
    failed += 1;
    console.error(`FAILED ${name}: ${error.message.slice(0, 400)}`);
  }
};
const check = (truth, what) => {
  if (!truth) throw new Error(what);
};

const pages = readdirSync(site, { recursive: true })
  .filter((name) => name.endsWith(".html") && name !== "404.html")
  .sort();
check(pages.length > 0, `${site} has no pages`);

// A page that is open, and what went wrong on it.
const open = async (context, name) => {
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("request", (request) => /^(file|data):/.test(request.url()) || troubles.push(request.url()));
  await page.goto(pathToFileURL(join(site, name)).href);
  return { page, troubles };
};

const look = async (context, name, picture) => {
  const { page, troubles } = await open(context, name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(wide <= 0, `${wide} pixels wider than the window`);
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document.querySelector("main"), { resultTypes: ["violations"], preload: false }));
  const grave = found.violations.filter((v) => ["serious", "critical"].includes(v.impact));
  check(grave.length === 0, grave.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`).join("; "));
  if (pictures) await page.screenshot({ path: join(pictures, picture) });
  await page.close();
  check(troubles.length === 0, troubles.join("; "));
};

// Several pages at a time: they mostly wait.
const waiting = [];
for (const [colorScheme, viewport] of [
  ["light", { width: 1280, height: 900 }],
  ["dark", { width: 390, height: 844 }],
]) {
  const context = await browser.newContext({ colorScheme, viewport });
  for (const name of pages) waiting.push({ context, name, colorScheme, width: viewport.width });
}
const walk = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { context, name, colorScheme, width } = next;
    await step(`${name}, ${colorScheme}, ${width} wide`, () => look(context, name, `${name.replaceAll("/", "-")}-${colorScheme}.png`));
  }
};
await Promise.all([walk(), walk(), walk(), walk()]);

// What is typed, and a page that must be among the answers.
for (const [typed, wanted] of [
  ["unknown never kept", "verdicts.html"],
  ["xtset", "guides/stata.html"],
  ["concentration of capabilities", "reference/measures.html"],
  ["memberships organization", "reference/codebook.html"],
  ["junit", "recipes/pipelines.html"],
]) {
  await step(`search for ${typed}`, async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const { page, troubles } = await open(context, "index.html");
    await page.keyboard.press("Control+k");
    await page.waitForTimeout(500);
    await page.keyboard.type(typed, { delay: 30 });
    // The search keeps to itself in a shadow tree, which locators look into.
    const input = page.getByRole("combobox", { name: "Search" });
    check((await input.inputValue()) === typed, `the field holds \`${await input.inputValue()}\``);
    const answers = await page.evaluate(async () => {
      const trees = () => [...document.querySelectorAll("*")].flatMap((element) => element.shadowRoot ?? []);
      const links = () => trees().flatMap((tree) => [...tree.querySelectorAll("a")].map((link) => link.href));
      // The last letter is answered when the list stays as it is.
      for (let before = [], tries = 0; tries < 50; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const now = links();
        if (now.length > 0 && now.join() === before.join()) return now;
        before = now;
      }
      return links();
    });
    check(answers.some((href) => href.includes(`/${wanted}`)), `${wanted} is not among ${answers.map((a) => relative(site, new URL(a).pathname)).join(", ")}`);
    if (pictures) await page.screenshot({ path: join(pictures, `search-${typed.replaceAll(" ", "-")}.png`) });
    await context.close();
    check(troubles.length === 0, troubles.join("; "));
  });
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
