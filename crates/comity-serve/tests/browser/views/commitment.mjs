// All states under one commitment.
const page = "/commitment/no-use-of-force";
export const pages = () => ["/commitments", "/commitments?policy=bandung-1955", page, `${page}?year=1962&state=CHN`];

export const steps = {
  "the slider moves the map, the answer and the tables": async ({ go, check, record }) => {
    const view = await go(`${page}?year=1962&state=CHN`);
    check((await view.locator("svg.map [data-s]").count()) > 80, "no states on the map");
    check((await view.locator("svg.map path[data-s]").count() > 80) === (record === "full"), "shapes and tiles are confused");
    const before = await view.locator("h1").textContent();
    await view.locator("input[type=range]").focus();
    await view.keyboard.press("ArrowRight");
    await view.waitForURL(/year=1963/);
    const after = await view.locator("h1").textContent();
    check(before.includes("1962") && after.includes("1963"), after);
    check(await view.locator("input[type=range]").evaluate((e) => e === document.activeElement), "the focus is lost");
    check((await view.locator("#live-table caption").textContent()).includes("1963"), "the table stayed");
    await view.click("#live-table th button:has-text('State')");
  },
  "a state on the map says its verdict and opens its evidence": async ({ go, check }) => {
    const view = await go(`${page}?year=1962`);
    const state = view.locator("svg.map [data-s=IND]").first();
    await state.scrollIntoViewIfNeeded();
    const box = await state.boundingBox();
    await view.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    check(await view.locator(".bubble").isVisible(), "no bubble");
    await view.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await view.locator("dialog").waitFor();
    check((await view.locator("dialog h2").first().textContent()).includes("1962"), "another year");
  },
  "who broke it last stands beside what is not judged yet": async ({ go, check }) => {
    const view = await go(page);
    const heads = await view.locator("#table-latest th").allTextContents();
    check(heads.some((h) => h.includes("Last broken")) && heads.some((h) => h.includes("Unknown with findings")), heads.join());
  },
};
