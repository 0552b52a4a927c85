//! The facts to be right about, on the published datasets themselves.
//!
//! They are read in place from `../shared/data`; where that folder is absent, the tests are counted as ignored.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int32Type;
use comity_policy::audit::{CommitmentAudit, Finding, Report};
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};

use crate::published;

fn evaluation() -> &'static Evaluation {
    static MADE: OnceLock<Evaluation> = OnceLock::new();
    MADE.get_or_init(|| {
        let (policy, diagnostics) = parse(SHIPPED[0].file, SHIPPED[0].text);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        evaluate(&published::first(), &policy.unwrap(), &Options::default()).unwrap()
    })
}

struct Told {
    report: Report,
}

impl Told {
    fn commitment(&self, id: &str) -> &CommitmentAudit {
        self.report.audits[0].commitments.iter().find(|c| c.id == id).unwrap()
    }

    fn verdict(&self, id: &str, year: i32) -> Verdict {
        self.commitment(id).verdicts.iter().find(|v| v.year == year).unwrap().verdict
    }

    fn findings(&self, id: &str, year: i32) -> impl Iterator<Item = &Finding> {
        self.commitment(id).findings.iter().filter(move |f| f.year == year)
    }

    fn cites(&self, id: &str, year: i32, source: &str, row: &str) {
        let all: Vec<String> =
            self.findings(id, year).map(|f| format!("{} {}", f.source, f.source_row)).collect();
        let cited = self.findings(id, year).any(|f| {
            f.source == source && f.source_row.starts_with(row)
                || f.also.as_ref().is_some_and(|a| a.contains(row))
        });
        assert!(cited, "{id} {year} does not cite {source} {row}, but {all:#?}");
    }
}

fn about(ccode: i32) -> Told {
    Told { report: evaluation().report(&[ccode], Some(1816), None).unwrap() }
}

fn all_are(told: &Told, id: &str, years: std::ops::RangeInclusive<i32>, verdict: Verdict) {
    for year in years {
        assert_eq!(told.verdict(id, year), verdict, "{id} {year}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn china_and_the_soviet_union_were_allies_until_1980() {
    let china = about(710);
    all_are(&china, "no-great-power-alliance", 1950..=1980, Verdict::Broken);
    china.cites("no-great-power-alliance", 1951, "atop-4.01", "atopid=3200 member=710 partner=365");
    assert_eq!(china.verdict("no-great-power-alliance", 1985), Verdict::Kept);
    assert_eq!(china.verdict("no-great-power-alliance", 2018), Verdict::Unknown);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn pledges_by_pair_answer_beyond_the_treaties_and_nowhere_else() {
    let record = published::with_pledges_by_pair();
    let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let commitments = vec!["no-great-power-alliance".into(), "no-military-bloc".into()];
    let options = Options { commitments, ..Options::default() };
    let evaluation = evaluate(&record, &policy, &options).unwrap();
    let states = evaluation.states_between(1816, 2018);
    let report = evaluation.report(&states, Some(1816), None).unwrap();
    let china = Told { report: evaluation.report(&[710], Some(1949), None).unwrap() };
    all_are(&china, "no-great-power-alliance", 2017..=2018, Verdict::Strained);
    let findings = report.audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.findings);
    let mut late = findings.filter(|f| f.year == 2018);
    assert!(late.any(|f| f.source == "atop-dyads-5.1"), "the starter names few pairs of 2018");
    all_are(&china, "no-military-bloc", 2017..=2018, Verdict::Unknown);
    // Up to 2016 they add nothing and move nothing, in no reading.
    let without = evaluation_of_treaties(&states);
    for (audit, other) in report.audits.iter().zip(&without.audits) {
        let of = |audit: &comity_policy::audit::Audit| {
            let c = audit.commitments.iter().find(|c| c.id == "no-great-power-alliance").unwrap();
            let verdicts = c.verdicts.iter().filter(|v| v.year <= 2016);
            let findings = c.findings.iter().filter(|f| f.year <= 2016);
            let readings = |v: &comity_policy::audit::YearVerdict| -> Vec<Verdict> {
                v.readings.iter().map(|r| r.verdict).collect()
            };
            (
                verdicts.map(|v| (v.year, v.verdict, readings(v))).collect::<Vec<_>>(),
                findings.map(|f| (f.year, f.source_row.clone())).collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(audit), of(other), "{}", audit.state.abbr);
    }
    // Beyond, both readings say the same.
    let late = report.audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.verdicts);
    assert!(late.filter(|v| v.year > 2016).all(|v| v.verdict != Verdict::Contested));
}

fn evaluation_of_treaties(states: &[i32]) -> Report {
    evaluation().report(states, Some(1816), None).unwrap()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn china_and_north_korea_are_a_bloc_of_two() {
    let china = about(710);
    all_are(&china, "no-military-bloc", 1961..=2016, Verdict::Strained);
    china.cites("no-military-bloc", 1990, "atop-4.01", "atopid=3445 member=710 partner=731");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn china_initiated_the_war_of_1962() {
    let china = about(710);
    assert_eq!(china.verdict("no-use-of-force", 1962), Verdict::Broken);
    china.cites("no-use-of-force", 1962, "cow-war-inter-4.0", "warnum=160 ccode=710");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_attacked_side_of_a_war_is_strained_not_broken() {
    let poland = about(290);
    let war = poland.findings("no-use-of-force", 1939).find(|f| f.source == "cow-war-inter-4.0");
    assert_eq!(war.and_then(|f| f.label.as_deref()), Some("attacked"));
    assert_eq!(poland.verdict("no-use-of-force", 1939), Verdict::Strained);
    // War initiation decides wars where MID's side A points the other way.
    for (state, year) in [(666, 1956), (200, 1956), (220, 1956), (666, 1967)] {
        let told = about(state);
        assert_eq!(told.verdict("no-use-of-force", year), Verdict::Broken, "{state} {year}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn wars_are_told_by_who_began_them() {
    for (state, year, verdict) in [
        (710, 1979, Verdict::Broken),
        (160, 1982, Verdict::Broken),
        (200, 1982, Verdict::Strained),
        (645, 1990, Verdict::Broken),
        // Its own part in the dispute ended before the mandate began.
        (690, 1990, Verdict::Strained),
        (750, 1971, Verdict::Strained),
        (2, 1991, Verdict::Strained),
        (2, 2003, Verdict::Broken),
    ] {
        let told = about(state);
        assert_eq!(told.verdict("no-use-of-force", year), verdict, "{state} {year}");
    }
    let usa = about(2);
    let war = usa.findings("no-use-of-force", 1991).find(|f| f.source == "cow-war-inter-4.0");
    assert_eq!(war.and_then(|f| f.label.as_deref()), Some("mandated"));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_united_states_sought_another_government_in_panama() {
    let usa = about(2);
    assert_eq!(usa.verdict("no-interference", 1989), Verdict::Broken);
    usa.cites("no-interference", 1989, "cow-mid-5.0", "dispnum=3901 ccode=2");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_paracels_were_taken_in_1974() {
    let china = about(710);
    assert_eq!(china.verdict("respect-territory", 1974), Verdict::Broken);
    china.cites("respect-territory", 1974, "cow-mid-5.0", "dispnum=355 ccode=710");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_river_islands_were_settled_in_2008() {
    let china = about(710);
    assert_eq!(china.verdict("peaceful-settlement", 2008), Verdict::Kept);
    china.cites("peaceful-settlement", 2008, "icow-territorial-1.01-extended", "claimdy=80006");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn crimea_was_conquered_in_2014_and_a_claim_is_no_act() {
    let russia = about(365);
    assert_eq!(russia.verdict("no-military-expansion", 2014), Verdict::Broken);
    russia.cites("no-military-expansion", 2014, "cow-territorial-change-6", "number=890");
    let ukraine = about(369);
    assert_ne!(ukraine.verdict("respect-territory", 2014), Verdict::Broken);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_cession_after_a_court_is_no_expansion() {
    let cameroon = about(471);
    assert!(
        cameroon
            .findings("no-military-expansion", 2008)
            .all(|f| !f.source_row.contains("number=886")),
        "Bakassi followed a court"
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_peacekeeper_under_mandate_is_not_interfering() {
    let switzerland = about(225);
    let findings: Vec<_> = switzerland.findings("no-interference", 2015).collect();
    let mandated = findings.iter().all(|f| f.label.as_deref() == Some("mandated"));
    assert!(!findings.is_empty() && mandated, "{findings:#?}");
    let verdict = switzerland.verdict("no-interference", 2015);
    assert!(!matches!(verdict, Verdict::Strained | Verdict::Broken), "{verdict}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn india_and_china_raced_before_and_after_their_war() {
    for state in [710, 750] {
        let told = about(state);
        all_are(&told, "no-arms-race", 1961..=1964, Verdict::Broken);
    }
    // In nominal money Switzerland raced in the 1970s: that is the error to avoid.
    let switzerland = about(225);
    for year in 1970..=1979 {
        assert_ne!(switzerland.verdict("no-arms-race", year), Verdict::Broken, "{year}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn readings_differ_and_only_kept_against_broken_is_contested() {
    let evaluation = evaluation();
    let states = evaluation.states_between(1946, 2012);
    let report = evaluation.report(&states, Some(1946), Some(2012)).unwrap();
    let (mut differ, mut contested, mut all) = (0, 0, 0);
    for audit in &report.audits {
        let c = audit.commitments.iter().find(|c| c.id == "no-great-power-alliance").unwrap();
        for v in c.verdicts.iter().filter(|v| v.verdict != Verdict::NotApplicable) {
            let each: Vec<Verdict> = v.readings.iter().map(|r| r.verdict).collect();
            assert_eq!(each.len(), 2, "ATOP, and COW alliances as its rival");
            all += 1;
            differ += usize::from(each[0] != each[1]);
            contested += usize::from(v.verdict == Verdict::Contested);
            let opposed = each.contains(&Verdict::Kept) && each.contains(&Verdict::Broken);
            assert_eq!(v.verdict == Verdict::Contested, opposed, "{} {}", audit.state.abbr, v.year);
            if !opposed {
                assert_eq!(v.verdict, each[0]);
            }
        }
    }
    // Tried by hand on the same data: they differ in about 11 % of state-years, 4 % kept against broken.
    let share = |n: usize| n as f64 / f64::from(all);
    assert!((0.05..0.20).contains(&share(differ)), "differ in {:.3}", share(differ));
    assert!((0.02..0.08).contains(&share(contested)), "contested in {:.3}", share(contested));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn distributions_are_near_those_tried_by_hand() {
    let evaluation = evaluation();
    let report = evaluation.report(&[2], Some(1946), Some(2024)).unwrap();
    // Troops abroad under a mandate are strains of force here (many, 2008-14), which the trial left out.
    for (id, kept, strained, broken, within) in [
        ("no-great-power-alliance", 0.46, 0.10, 0.43, 0.06),
        ("no-use-of-force", 0.78, 0.09, 0.13, 0.08),
        ("respect-territory", 0.94, 0.02, 0.04, 0.06),
    ] {
        let c = report.audits[0].commitments.iter().find(|c| c.id == id).unwrap();
        let known = f64::from(c.base_rate.decided());
        let share = |n: u32| f64::from(n) / known;
        let (k, s, b) =
            (share(c.base_rate.kept), share(c.base_rate.strained), share(c.base_rate.broken));
        for (got, wanted) in [(k, kept), (s, strained), (b, broken)] {
            assert!((got - wanted).abs() < within, "{id}: {k:.2} / {s:.2} / {b:.2}");
        }
    }
}

/// What each account says of a state in a year: the hostility of every dispute in which it takes part, and on which side.
type Acts = BTreeMap<(i32, i32), Vec<(i32, Option<i32>, Option<bool>, Option<bool>)>>;

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn with_two_accounts_of_disputes_years_are_contested_where_they_disagree_and_nowhere_else() {
    let record = published::with_rival_disputes();
    let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let options = Options { commitments: vec!["no-use-of-force".into()], ..Options::default() };
    let evaluation = evaluate(&record, &policy, &options).unwrap();
    let acts = |source: &str| -> Acts {
        let batch = record
            .rows(source, comity_record::schema::table("dispute_parties").unwrap())
            .unwrap()
            .unwrap();
        let int =
            |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int32Type>().clone();
        let truth = |name: &str| batch.column_by_name(name).unwrap().as_boolean().clone();
        let (ccode, from, to, hostility) =
            (int("ccode"), int("start_year"), int("end_year"), int("hostility"));
        let (side, orig) = (truth("side_a"), truth("originator"));
        let mut acts = Acts::new();
        for row in 0..batch.num_rows() {
            let known = |b: &arrow::array::BooleanArray| b.is_valid(row).then(|| b.value(row));
            let hostility = hostility.is_valid(row).then(|| hostility.value(row));
            for year in from.value(row)..=to.value(row) {
                let told = (from.value(row), hostility, known(&side), known(&orig));
                acts.entry((ccode.value(row), year)).or_default().push(told);
            }
        }
        for a in acts.values_mut() {
            a.sort_unstable();
        }
        acts
    };
    let (cow, gml) = (acts("cow-mid-5.0"), acts("gml-mid-2.2.1"));
    let states = evaluation.states_between(1946, 2014);
    let report = evaluation.report(&states, Some(1946), Some(2014)).unwrap();
    let (mut contested, mut years) = (0, 0);
    for audit in &report.audits {
        for v in &audit.commitments[0].verdicts {
            let Some(rival) =
                v.readings.iter().find(|r| r.sources.iter().any(|s| s.contains("gml")))
            else {
                continue;
            };
            let (base, rival) = (v.readings[0].verdict, rival.verdict);
            let opposed =
                [base, rival].contains(&Verdict::Kept) && [base, rival].contains(&Verdict::Broken);
            let at = format!("{} {}", audit.state.abbr, v.year);
            assert_eq!(v.verdict == Verdict::Contested, opposed, "{at}: {base} {rival}");
            years += 1;
            if opposed {
                contested += 1;
                let key = (audit.state.ccode, v.year);
                assert_ne!(cow.get(&key), gml.get(&key), "{at}: contested, and the accounts agree");
                assert!(
                    v.year <= 2010,
                    "{at}: one account ends in 2010, and silence after it is not known"
                );
            }
        }
    }
    assert!(contested > 50 && contested * 20 < years, "{contested} of {years}");
}

fn all_hold(id: &str, facts: &[(i32, i32, Verdict)]) {
    for (state, year, verdict) in facts {
        assert_eq!(about(*state).verdict(id, *year), *verdict, "{id} {state} {year}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn an_outcome_is_held_against_who_began_or_wanted_it_and_not_against_who_was_attacked() {
    use Verdict::{Broken, Kept, NoOccasion};
    let facts = [
        // Kuwait 1990, Iceland 2011 and the ends of 1975 and 1994: attacked, without force, or no settlement.
        (690, 1990, NoOccasion),
        (395, 2011, NoOccasion),
        (600, 1975, NoOccasion),
        (690, 1994, NoOccasion),
        (645, 1994, NoOccasion),
        (678, 1990, NoOccasion),
        (510, 1979, NoOccasion),
        // Sipadan, Snake Island, the Beagle Channel, the Amur.
        (820, 2002, Kept),
        (850, 2002, Kept),
        (360, 2009, Kept),
        (369, 2009, Kept),
        (155, 1985, Kept),
        (365, 2008, Kept),
        // Suez, the Six Days, the Paracels, Cyprus, Panama.
        (200, 1956, Broken),
        (666, 1967, Broken),
        (710, 1974, Broken),
        (640, 1974, Broken),
        (2, 1989, Broken),
    ];
    all_hold("peaceful-settlement", &facts);
    assert_ne!(about(200).verdict("peaceful-settlement", 1982), Broken, "Britain was attacked");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_bloc_has_a_command_or_troops_abroad_and_a_charter_only_promises() {
    use Verdict::{Broken, Kept, Strained};
    let facts = [
        // NATO before and after 1951, the Warsaw Pact.
        (20, 1950, Strained),
        (20, 1960, Broken),
        (640, 1960, Broken),
        (290, 1960, Broken),
        // The Organization of American States, the Arab League, SEATO.
        (70, 1960, Strained),
        (651, 1970, Strained),
        (800, 1960, Strained),
        (380, 1960, Kept),
    ];
    all_hold("no-military-bloc", &facts);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn annexations_that_the_list_leaves_out_stand_beside_it() {
    use Verdict::{Broken, Strained};
    let facts = [
        (645, 1990, Broken),
        (666, 1980, Broken),
        (666, 1981, Broken),
        (365, 2022, Broken),
        (560, 1977, Strained),
        (750, 1948, Strained),
        (710, 1951, Strained),
        (750, 1975, Strained),
    ];
    all_hold("no-military-expansion", &facts);
}
