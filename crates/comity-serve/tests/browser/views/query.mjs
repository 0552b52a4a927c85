// A query, and the tables that there are.
const sql = "select year, count(*) as vetoes from vetoes group by year order by year";
const page = `/query?sql=${encodeURIComponent(sql)}`;
export const pages = () => ["/query", page, `/query?sql=${encodeURIComponent("select * from state_years")}`, "/tables"];

export const steps = {
  "names are completed, the query is asked, and its answer is drawn and paged": async ({ go, check }) => {
    const view = await go("/query");
    await view.click("#sql");
    await view.keyboard.type("select * from state_y");
    const list = view.locator(".names-list");
    await list.waitFor();
    await view.keyboard.press("Tab");
    check((await view.inputValue("#sql")).startsWith("select * from state_years"), await view.inputValue("#sql"));
    await view.keyboard.press("Escape");
    await view.keyboard.type(" order by year, cc");
    await list.waitFor();
    await view.keyboard.press("ArrowDown");
    await view.keyboard.press("Enter");
    check((await view.inputValue("#sql")).endsWith("order by year, ccode"), await view.inputValue("#sql"));
    await view.keyboard.press("Control+Enter");
    await view.waitForURL(/sql=/);
    check((await view.locator("table.grid tbody tr").count()) > 10, "no rows");
    await view.locator("a[rel=next]").first().click();
    await view.waitForURL(/page=2/);
  },
  "an answer is taken as CSV and as Parquet": async ({ go, check }) => {
    const view = await go(page);
    check((await view.locator("figure svg.graph").count()) === 1, "no picture");
    for (const [name, end] of [["CSV", ".csv"], ["Parquet", ".parquet"]]) {
      const [file] = await Promise.all([view.waitForEvent("download"), view.click(`#answer .take a:text-is("${name}")`)]);
      check(file.suggestedFilename().endsWith(end), file.suggestedFilename());
    }
  },
  "a query that is refused comes back to be mended": async ({ base, check }) => {
    const answer = await fetch(`${base}/query?sql=${encodeURIComponent("select nme from states")}`);
    const text = await answer.text();
    check(answer.status === 400 && text.includes("select nme from states</textarea>"), `${answer.status}`);
  },
};
