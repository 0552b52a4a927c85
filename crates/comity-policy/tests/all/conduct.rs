//! Force, sanctions, promises and interference on the published datasets: who carried out a mandate, who followed an organisation, and when
//! nobody looked.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::OnceLock;

use comity_policy::verdict::Verdict::{self, Broken, Kept, Strained, Unknown};
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};

use crate::published;

const COMMITMENTS: [&str; 6] = [
    "no-use-of-force",
    "no-threat-of-force",
    "no-interference",
    "no-hegemony",
    "keep-nonaggression",
    "no-economic-coercion",
];

fn evaluation() -> &'static Evaluation {
    static MADE: OnceLock<Evaluation> = OnceLock::new();
    MADE.get_or_init(|| {
        let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
        let commitments = COMMITMENTS.map(str::to_owned).to_vec();
        let options = Options { commitments, ..Options::default() };
        evaluate(&published::with_conduct(), &policy, &options).unwrap()
    })
}

/// The verdict, and what was found with its label.
fn told(ccode: i32, id: &str, year: i32) -> (Verdict, Vec<(String, Option<String>)>) {
    let report = evaluation().report(&[ccode], Some(year), Some(year)).unwrap();
    let found = report.audits[0].commitments.iter().find(|c| c.id == id).unwrap();
    let verdict = found.verdicts.iter().find(|v| v.year == year).unwrap().verdict;
    (verdict, found.findings.iter().map(|f| (f.what.clone(), f.label.clone())).collect())
}

fn are(id: &str, cases: &[(i32, i32, Verdict)]) {
    for (ccode, year, verdict) in cases {
        let (got, found) = told(*ccode, id, *year);
        assert_eq!(got, *verdict, "{id} {ccode} {year}: {found:#?}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn war_below_the_lists_of_wars_is_force_and_says_who_decides() {
    let cases =
        [(666, 1984, Broken), (660, 1982, Strained), (490, 1999, Broken), (770, 1995, Broken)];
    are("no-use-of-force", &cases);
    let (_, found) = told(666, "no-use-of-force", 1984);
    let label = Some("no war listed: the first act decides".to_owned());
    assert!(found.iter().any(|f| f.1 == label), "{found:#?}");
    // Listed wars go by their initiator, also of a state that acted second in the dispute.
    are("no-use-of-force", &[(710, 1962, Broken)]);
    let (_, found) = told(750, "no-use-of-force", 1962);
    let attacked = ("war: Assam".to_owned(), Some("attacked".to_owned()));
    assert!(found.contains(&attacked), "{found:#?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_promise_of_december_is_not_broken_in_april() {
    are("keep-nonaggression", &[(625, 1999, Kept), (2, 1992, Kept)]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn only_what_a_resolution_prescribes_is_mandated() {
    // Canada and Southern Rhodesia: mandated. What it followed beside that was decided by a group of allies.
    let (verdict, found) = told(20, "no-economic-coercion", 1970);
    assert_eq!(verdict, Strained, "{found:#?}");
    let own: Vec<_> = found.iter().filter(|f| f.0.starts_with("sanctions: ")).collect();
    assert!(
        !own.is_empty() && own.iter().all(|f| f.1.as_deref() == Some("mandated")),
        "{found:#?}"
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn who_follows_an_organisation_is_strained_and_who_is_named_is_broken() {
    are(
        "no-economic-coercion",
        &[
            (670, 1973, Strained),
            (305, 2010, Strained),
            (375, 2010, Strained),
            (255, 2010, Broken),
            (260, 1990, Broken),
            (780, 2018, Kept),
        ],
    );
    let (_, found) = told(670, "no-economic-coercion", 1973);
    assert!(found.iter().any(|f| f.1.as_deref() == Some("decision of OAPEC")), "{found:#?}");
    // Mexico voted against the measures on Cuba in 1964, and is not found in them.
    let (_, found) = told(70, "no-economic-coercion", 1970);
    let (_, others) = told(135, "no-economic-coercion", 1970);
    assert!(others.len() > found.len(), "{found:#?} {others:#?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn support_to_rebels_is_known_in_its_years_and_a_war_fought_abroad_is_nobodys_internal_affair() {
    // From 2018 on nobody looked for support to rebels.
    are("no-interference", &[(775, 1985, Kept), (780, 2018, Unknown)]);
    let (_, found) = told(20, "no-interference", 2004);
    assert!(!found.iter().any(|f| f.0.contains("United States")), "{found:#?}");
    // The Dominican Republic, 1965: only the list of interventions has it.
    let (verdict, found) = told(2, "no-interference", 1965);
    assert_eq!(verdict, Broken);
    assert!(found.iter().any(|f| f.0.starts_with("forces inside another state")), "{found:#?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn colonial_conflicts_below_a_war_are_no_different_in_kind() {
    are("no-hegemony", &[(200, 1964, Broken), (900, 1955, Broken), (475, 1983, Strained)]);
    are("no-threat-of-force", &[(380, 2011, Kept)]);
}
