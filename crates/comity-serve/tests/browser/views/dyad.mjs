// Two states on one time line.
export const pages = () => ["/dyad", "/dyad/CHN/IND", "/dyad/CHN/RUS?from=1945", "/dyad/GMY/FRN"];

export const steps = {
  "two states are chosen, a lane is walked, and its rows are taken": async ({ go, check }) => {
    const view = await go("/dyad");
    await view.fill("main input[name=a]", "China");
    await view.fill("main input[name=b]", "India");
    await view.click("main .controls button");
    await view.waitForURL(/\/dyad\/CHN\/IND/);
    const lane = view.locator("#lane-wars .lane");
    await lane.focus();
    await view.keyboard.press("Home");
    await view.keyboard.press("ArrowRight");
    check(await view.locator(".bubble").isVisible(), "no bubble");
    const year = Number(await lane.getAttribute("aria-valuemin")) + 1;
    check((await lane.getAttribute("aria-valuetext")).startsWith(`${year}: `), "another year is said");
    const [file] = await Promise.all([view.waitForEvent("download"), view.click("#table-rows .take a")]);
    check(file.suggestedFilename() === "rows.csv", file.suggestedFilename());
  },
};
