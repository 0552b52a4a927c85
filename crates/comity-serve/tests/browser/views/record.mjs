// The record: sources, coverage, what is missing.
export const pages = () => ["/record?policy=bandung-1955", "/record"];

export const steps = {
  "a link to a source opens it, and the coverage is a picture and a table": async ({ go, check }) => {
    const view = await go("/record#source-starter-treaties");
    check(await view.locator("#source-starter-treaties").evaluate((e) => e.open), "the source stays closed");
    check((await view.locator(".coverage svg").count()) > 10, "no picture");
    await view.click("#coverage summary");
    check(await view.locator("#table-coverage table").isVisible(), "no table");
  },
};
