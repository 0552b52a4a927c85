//! The page of one state on published datasets is small enough to send and to read.

use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};
use comity_report::{Extra, Page, html};

use crate::published;

/// Bytes that a page of one state may have.
const MOST: usize = 200_000;

fn page(evaluation: &Evaluation, policy: &comity_policy::document::Policy, ccode: i32) -> String {
    let mut report = evaluation.report(&[ccode], None, None).unwrap();
    evaluation.with_events(&mut report).unwrap();
    let extra = Extra { open: Some(evaluation.last_year()), evidence: true, ..Extra::default() };
    html::render(Page { policy, report: &report, extra: &extra })
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_page_of_one_state_is_small_and_answers_first() {
    let (policy, _) = parse(SHIPPED[0].file, SHIPPED[0].text);
    let policy = policy.unwrap();
    let record = published::of_facts();
    let evaluation = evaluate(&record, &policy, &Options::default()).unwrap();
    for ccode in [2, 365, 710] {
        let html = page(&evaluation, &policy, ccode);
        assert!(html.len() <= MOST, "{} bytes of {ccode}", html.len());
        let at = |what: &str| html.find(what).unwrap_or_else(|| panic!("{what} of {ccode}"));
        assert!(at("<h1>") < at("class=\"lead\"") && at("class=\"lead\"") < at("class=\"ribbon\""));
        assert!(at("class=\"ribbon\"") < at("id=\"sources\""));
        // A link to the publisher's own page of an event.
        assert!(html.contains(">page</a>"), "{ccode}");
    }
}
