// A state under a policy, and its findings.
export const pages = () => [
  "/",
  "/state/CHN",
  "/state/CHN?policy=bandung-1955&by=principle",
  "/state/CHN/no-use-of-force",
  "/state/CHN/no-use-of-force?year=1962",
];

export const steps = {
  "a state is found by its name": async ({ go, check }) => {
    const page = await go("/");
    await page.fill("#find-state", "India");
    await page.press("#find-state", "Enter");
    await page.waitForURL(/\/state\/IND/);
    check((await page.title()).includes("India"), await page.title());
  },
  "a ribbon is walked by keys and by pointer": async ({ go, check }) => {
    const page = await go("/state/CHN");
    const ribbon = page.locator(".walk").first();
    await ribbon.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    const bubble = page.locator(".bubble");
    check(await bubble.isVisible(), "no bubble");
    const first = Number(await ribbon.getAttribute("aria-valuemin"));
    check((await bubble.textContent()).startsWith(`${first + 1}: `), await bubble.textContent());
    check((await ribbon.getAttribute("aria-valuenow")) === String(first + 1), "the slider says another year");
    const box = await ribbon.locator("svg").boundingBox();
    await page.mouse.move(box.x + box.width - 2, box.y + 5);
    const last = await ribbon.getAttribute("aria-valuemax");
    check((await bubble.textContent()).startsWith(`${last}: `), await bubble.textContent());
  },
  "a click opens the findings with source, row, licence and citation": async ({ go, check }) => {
    const page = await go("/state/CHN/no-use-of-force");
    const ribbon = page.locator(".walk").first();
    const [from, to] = [await ribbon.getAttribute("aria-valuemin"), await ribbon.getAttribute("aria-valuemax")].map(Number);
    const box = await ribbon.locator("svg").boundingBox();
    await page.mouse.click(box.x + (box.width * (1962 - from + 0.5)) / (to - from + 1), box.y + 8);
    const dialog = page.locator("dialog");
    await dialog.waitFor();
    check((await dialog.locator("h2").first().textContent()).includes("in 1962"), "another year");
    check((await dialog.locator("table.sortable tbody tr").count()) > 0, "no findings");
    await dialog.locator("td a").first().click();
    check(/Licence/.test(await dialog.locator("details[open]").first().textContent()), "no licence");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    check(await ribbon.evaluate((element) => element === document.activeElement), "the focus is lost");
  },
  "the policy's text and queries are one click away": async ({ go, check }) => {
    const page = await go("/state/CHN/no-use-of-force");
    await page.click("#law summary");
    check((await page.locator("#law pre").first().textContent()).toLowerCase().includes("select"), "no query");
  },
  "pictures and tables are taken away": async ({ go, check }) => {
    const page = await go("/state/CHN");
    const take = async (selector) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
      const chunks = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk);
      return [download.suggestedFilename(), Buffer.concat(chunks)];
    };
    const [svg, picture] = await take("#picture-verdicts .take a");
    check(svg === "verdicts.svg" && picture.toString().startsWith("<svg"), svg);
    const [png, pixels] = await take("#picture-verdicts button.png");
    check(png === "verdicts.png" && pixels.subarray(1, 4).toString() === "PNG" && pixels.length > 10_000, `${png} ${pixels.length}`);
    await page.click("#table summary");
    const [csv, table] = await take("#table-commitments .take a");
    check(csv === "commitments.csv" && table.toString().startsWith("commitment,broken"), csv);
  },
  "a table is sorted by its headings": async ({ go, check }) => {
    const page = await go("/state/CHN");
    await page.click("#table summary");
    await page.click("#table-commitments th button:has-text('Broken')");
    const numbers = await page.locator("#table-commitments tbody td:nth-child(2)").allTextContents();
    const sorted = [...numbers].map(Number).sort((a, b) => b - a);
    check(JSON.stringify(numbers.map(Number)) === JSON.stringify(sorted), numbers.join(" "));
  },
  "every view is data too": async ({ check, base }) => {
    for (const address of ["/", "/state/CHN", "/state/CHN/no-use-of-force?year=1962", "/openapi.json"]) {
      const answer = await fetch(`${base}${address}${address.includes("?") ? "&" : "?"}format=json`);
      check(answer.headers.get("content-type") === "application/json", address);
      await answer.json();
    }
  },
  "what is not there is said": async ({ check, base }) => {
    const answer = await fetch(`${base}/state/Chima`);
    check(answer.status === 404 && (await answer.text()).includes("/state/CHN"), "no suggestion");
  },
};
