// Measures: what each means, and its values where the record has what it needs.
export const pages = (record) => [
  "/measures",
  "/measure/conduct",
  ...(record === "full" ? ["/measure/cinc?states=BRA,IND&from=1950&to=1990", "/measure/conduct?states=BRA&from=1950&to=2010"] : []),
];

export const steps = {
  "a measure is found, and says how it is measured and by whom": async ({ go, check }) => {
    const view = await go("/measures");
    await view.click('a:text-is("cinc")');
    await view.waitForURL(/measure\/cinc/);
    const text = await view.textContent("main");
    check(text.includes("Singer") && text.includes("Formula"), "no reference");
  },
};
