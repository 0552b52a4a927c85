//! What the first policy answers on a fresh machine: the starter alone.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use comity_policy::audit::{Audit, CommitmentAudit};
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};

fn evaluation() -> &'static Evaluation {
    static MADE: OnceLock<Evaluation> = OnceLock::new();
    MADE.get_or_init(|| {
        let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
        evaluate(&comity_datasets::starter::record(), &policy, &Options::default()).unwrap()
    })
}

fn audit(ccode: i32) -> Audit {
    evaluation().report(&[ccode], None, None).unwrap().audits.remove(0)
}

fn of<'a>(audit: &'a Audit, id: &str) -> &'a CommitmentAudit {
    audit.commitments.iter().find(|c| c.id == id).unwrap()
}

/// Verdicts by year; `strained or worse` is a strain at the least.
fn years(c: &CommitmentAudit, verdict: Verdict) -> Vec<i32> {
    let is = |v: &Verdict| *v == verdict;
    let it = c.verdicts.iter().filter(|v| is(&v.verdict) || v.at_least.as_ref().is_some_and(is));
    it.map(|v| v.year).collect()
}

/// A commitment is answered in part where some year has a verdict, *strained or worse* or a value, or where a source looked and found
/// nothing against the state. What is left needs data that may not be in the program: disputes, capabilities, trade, rivalries, sanctions and
/// embassies.
#[test]
fn five_states_are_answered_in_part_in_most_of_what_open_facts_reach() {
    for (ccode, least) in [(710, 18), (640, 18), (750, 18), (140, 18), (501, 18)] {
        let audit = audit(ccode);
        assert_eq!(audit.commitments.len(), 28);
        let answered: BTreeMap<&str, (Option<i32>, Option<i32>)> = audit
            .commitments
            .iter()
            .map(|c| (c.id.as_str(), (c.answered.last_year, c.answered.looked_to)))
            .collect();
        let in_part = answered.values().filter(|a| a.0.is_some() || a.1.is_some()).count();
        assert!(in_part >= least, "{ccode}: {in_part} of 28: {answered:#?}");
    }
}

/// By the lists of depositaries: the bodies of each commitment alone are asked for, each to the last year of its list.
#[test]
fn memberships_are_known_from_the_lists_of_depositaries() {
    let (china, brazil, serbia) = (audit(710), audit(140), audit(345));
    let value = |audit: &Audit, id: &str, year: i32| {
        let c = of(audit, id);
        let mut of_year = c.values.iter().filter(|v| v.year == year);
        of_year.next().map(|v| (v.block.clone(), (v.value * 100.0).round()))
    };
    let is = |percent: f64| Some(("bodies-by-depositary".to_owned(), percent));
    // Outside the criminal court; in the World Trade Organization from December 2001; in none of them in 1960.
    assert_eq!(value(&china, "join-institutions", 2014), is(89.0));
    assert_eq!(value(&china, "join-institutions", 2000), is(88.0));
    assert_eq!(value(&china, "join-institutions", 1960), is(0.0));
    assert_eq!(value(&china, "join-institutions", 2015), None);
    assert_eq!(value(&china, "technological-cooperation", 1972), is(0.0));
    assert_eq!(value(&china, "technological-cooperation", 2014), is(100.0));
    assert_eq!(value(&china, "science-and-culture", 1985), is(50.0));
    assert_eq!(value(&brazil, "science-and-culture", 2024), is(100.0));
    assert_eq!(value(&brazil, "join-institutions", 2014), is(100.0));
    assert_eq!(value(&serbia, "join-institutions", 2010), None, "nothing is claimed of it");
}

#[test]
fn a_historian_of_the_north_atlantic_treaty_finds_its_members() {
    let turkey = audit(640);
    let alliance = of(&turkey, "no-great-power-alliance");
    assert_eq!(years(alliance, Verdict::Broken), (1951..=2024).collect::<Vec<_>>());
    assert_eq!(years(alliance, Verdict::Kept), [1949, 1950]);
    let in_2024 = alliance
        .findings
        .iter()
        .filter(|f| f.year == 2024 && f.what.contains("North Atlantic Treaty"));
    assert_eq!(in_2024.count(), 3, "the United States, the United Kingdom and France");
    assert_eq!(alliance.answered.last_year, Some(2024));
    // Poland from 1997 by its protocol, Finland and Sweden from the day they became parties.
    let broken = |ccode| years(of(&audit(ccode), "no-great-power-alliance"), Verdict::Broken);
    assert!((1997..=2024).all(|y| broken(290).contains(&y)));
    assert_eq!(
        broken(375).iter().filter(|y| **y >= 1995).copied().min(),
        Some(2007),
        "the Treaty of Lisbon"
    );
    assert!(broken(380).contains(&2024));
    assert!(broken(225).is_empty(), "Switzerland has no ally");
    // Pacts of two that stand: Korea, the Philippines, Thailand. Japan is promised help and promises to consult.
    for ccode in [732, 840, 800] {
        assert!(broken(ccode).contains(&2024), "{ccode}");
    }
    let japan = audit(740);
    assert!(years(of(&japan, "no-great-power-alliance"), Verdict::Strained).contains(&2024));
}

/// A pact that stands is known to 2024, though the source is complete to 2016 only: an audit of this commitment alone goes as far.
#[test]
fn an_audit_goes_on_to_the_last_year_in_which_something_is_found() {
    let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let commitments = vec!["no-great-power-alliance".to_owned()];
    let options = Options { commitments, ..Options::default() };
    let alone = evaluate(&comity_datasets::starter::record(), &policy, &options).unwrap();
    assert_eq!(alone.last_year(), 2024);
    assert_eq!(alone.verdict(640, "no-great-power-alliance", 2024), Verdict::Broken);
    assert_eq!(alone.verdict(501, "no-great-power-alliance", 2024), Verdict::Unknown);
}

#[test]
fn every_commitment_says_to_which_year_it_is_answered() {
    let turkey = audit(640);
    for c in &turkey.commitments {
        let last =
            c.verdicts.iter().filter(|v| v.verdict != Verdict::Unknown || v.at_least.is_some());
        let last =
            last.map(|v| v.year).chain(c.values.iter().filter(|_| !c.judged).map(|v| v.year)).max();
        assert_eq!(c.answered.last_year, last, "{}", c.id);
        for reach in &c.answered.moved_by {
            assert!(Some(reach.to) > last && !reach.version.is_empty(), "{}: {reach:?}", c.id);
        }
    }
    let votes = of(&turkey, "with-the-majority");
    assert_eq!(votes.answered.last_year, Some(2019));
    assert!(votes.answered.moved_by.iter().any(|r| r.dataset == "un-votes" && r.to == 2024));
    let anywhere = evaluation().answered_anywhere();
    let alliance = anywhere.iter().find(|a| a.commitment == "no-great-power-alliance").unwrap();
    assert!(alliance.last_year == Some(2024) && alliance.states > 30, "{alliance:?}");
}
