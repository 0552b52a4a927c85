// States side by side.
export const pages = () => ["/compare", "/compare?states=IND,PAK", "/compare?states=CHN,USA,RUS,UKG,FRN,IND&from=1990"];

export const steps = {
  "two states are picked and their differences are marked": async ({ go, check }) => {
    const page = await go("/compare");
    await page.fill("input[name=states]", "India, Pakistan");
    await page.click("main .controls button");
    await page.waitForURL(/states=/);
    check((await page.locator("h1").textContent()) === "Where do India and Pakistan differ?", "another title");
    check((await page.locator(".stack").count()) > 3, "no commitments");
    const ribbon = page.locator(".walk").first();
    await ribbon.focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog").waitFor();
  },
};
