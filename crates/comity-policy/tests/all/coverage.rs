//! Not known is never kept: properties over random coverages, rows, plans and readings.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use comity_datasets::starter;
use comity_policy::verdict::Verdict;
use comity_policy::{Options, evaluate, parse};
use comity_record::rows::TableRows;
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle};
use proptest::prelude::*;

/// One commitment per shape of plan, each over `vetoes` (state `ccode`) and `crises` (state `ccode`).
const PLANS: &[(&str, &str, &[&str])] = &[
    ("plain", "from vetoes v", &["vetoes"]),
    (
        "inner",
        "from vetoes v join crises c on c.ccode = v.ccode and c.start_year = v.year",
        &["vetoes", "crises"],
    ),
    (
        "outer",
        "from vetoes v left join crises c on c.ccode = v.ccode and c.start_year = v.year",
        &["vetoes", "crises"],
    ),
    (
        "semi",
        "from vetoes v where exists (select 1 from crises c where c.ccode = v.ccode and c.start_year = v.year)",
        &["vetoes", "crises"],
    ),
    (
        "anti",
        "from vetoes v where not exists (select 1 from crises c where c.ccode = v.ccode and c.start_year = v.year)",
        &["vetoes", "crises"],
    ),
];

/// Blocks over `vetoes`, by the drafts that they ask for.
const ASKED: &[(&str, &str, &[&str])] = &[
    ("every", "from vetoes v", &["S/1", "S/2", "S/3"]),
    ("one", "from vetoes v where v.draft = 'S/1'", &["S/1"]),
    ("two", "from vetoes v where v.draft in ('S/1', 'S/2')", &["S/1", "S/2"]),
    ("either", "from vetoes v where v.draft = 'S/1' or v.yes > 9", &["S/1", "S/2", "S/3"]),
];

fn policy() -> String {
    let mut text = String::from("+++\nid = \"plans\"\ntitle = \"Plans\"\n+++\n\n# Plans\n");
    for (id, from, _) in PLANS.iter().chain(ASKED) {
        for severity in ["breach", "strain"] {
            let block = format!(
                "\n## {id} {severity} {{#{id}-{severity} .refrain}}\n\nProse.\n\n```sql evidence name=only\nselect v.ccode as state, v.year, '{severity}' as severity, 'x' as what, v.source, v.source_row {from}\n```\n"
            );
            text.push_str(&block);
        }
    }
    text
}

fn bundle(
    id: &str,
    family: &str,
    relation: Relation,
    tables: Vec<TableRows>,
    coverage: Vec<Coverage>,
) -> SourceBundle {
    let (dataset, version) = id.rsplit_once('-').unwrap();
    SourceBundle {
        source: Source {
            id: id.into(),
            dataset: dataset.into(),
            version: version.into(),
            title: String::new(),
            publisher: String::new(),
            citation: String::new(),
            licence: String::new(),
            url: String::new(),
            relations: BTreeMap::from([(family.to_owned(), relation)]),
            files: Vec::new(),
            added: String::new(),
            coverage,
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        },
        tables: tables.into_iter().map(|t| (t.table().name, t.finish())).collect(),
    }
}

type Span = (i32, i32);
/// States and years, and the years covered.
type Rival = (Vec<(i32, i32)>, Option<Span>);

fn rows(name: &str, year: &str, source: &str, cells: &[(i32, i32)]) -> TableRows {
    let mut made = TableRows::new(table(name).unwrap(), source);
    for (n, (ccode, y)) in cells.iter().enumerate() {
        made.push(&[("ccode", (*ccode).into()), (year, (*y).into())], format!("{n}"));
    }
    made
}

fn covered(name: &str, span: Option<Span>) -> Vec<Coverage> {
    span.map(|(a, b)| Coverage::all(name, a.min(b), a.max(b))).into_iter().collect()
}

#[derive(Debug, Clone)]
struct World {
    vetoes: Vec<(i32, i32)>,
    vetoes_covered: Option<Span>,
    rival: Option<Rival>,
    crises: Vec<(i32, i32)>,
    crises_covered: Option<Span>,
}

impl World {
    fn record(&self) -> Record {
        let mut bundles: Vec<SourceBundle> =
            starter::bundles().into_iter().filter(|b| b.source.id == "starter-system").collect();
        let relation = Relation::Rival;
        let mut add = |id: &str, cells: &[(i32, i32)], span| {
            let made = rows("vetoes", "year", id, cells);
            bundles.push(bundle(id, "vetoes", relation, vec![made], covered("vetoes", span)));
        };
        add("a-1", &self.vetoes, self.vetoes_covered);
        if let Some((cells, span)) = &self.rival {
            add("b-1", cells, *span);
        }
        let made = rows("crises", "start_year", "c-1", &self.crises);
        let coverage = covered("crises", self.crises_covered);
        bundles.push(bundle("c-1", "crises", Relation::Complement, vec![made], coverage));
        Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default())
            .unwrap()
    }
}

fn cells() -> impl Strategy<Value = Vec<(i32, i32)>> {
    prop::collection::vec((prop::sample::select(vec![2, 200, 710]), 1950..1960), 0..6)
}

fn span() -> impl Strategy<Value = Option<Span>> {
    prop::option::weighted(0.8, (1945..1965, 1945..1965))
}

fn world() -> impl Strategy<Value = World> {
    (cells(), span(), prop::option::of((cells(), span())), cells(), span()).prop_map(
        |(vetoes, vetoes_covered, rival, crises, crises_covered)| World {
            vetoes,
            vetoes_covered,
            rival,
            crises,
            crises_covered,
        },
    )
}

fn inside(span: Option<Span>, year: i32) -> bool {
    span.is_some_and(|(a, b)| (a.min(b)..=a.max(b)).contains(&year))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_year_outside_a_needed_source_is_never_kept(world in world()) {
        let text = policy();
        let (policy, diagnostics) = parse("plans.md", &text);
        prop_assert!(diagnostics.is_empty(), "{:?}", diagnostics);
        let record = world.record();
        let evaluation = evaluate(&record, &policy.unwrap(), &Options::default()).unwrap();
        for (id, _, needs) in PLANS {
            for severity in ["breach", "strain"] {
                let id = format!("{id}-{severity}");
                for state in [2, 200, 710] {
                    for year in 1948..1962 {
                        let verdict = evaluation.verdict(state, &id, year);
                        let crises = !needs.contains(&"crises") || inside(world.crises_covered, year);
                        let baseline = crises && inside(world.vetoes_covered, year);
                        if !baseline {
                            prop_assert!(
                                !matches!(verdict, Verdict::Kept | Verdict::NoOccasion),
                                "{} {} {} is {}", id, state, year, verdict
                            );
                        }
                        // A row proves what it says, covered or not, unless it rests on silence that is not.
                        let (veto, crisis) =
                            (world.vetoes.contains(&(state, year)), world.crises.contains(&(state, year)));
                        let found = veto
                            && match id.split_once('-') {
                                Some(("inner" | "semi", _)) => crisis,
                                Some(("anti", _)) => !crisis,
                                _ => true,
                            };
                        let silent = id.starts_with("outer") || id.starts_with("anti");
                        let proved = found && (!silent || inside(world.crises_covered, year));
                        let wanted = match (proved, baseline, severity) {
                            (true, _, "breach") => Verdict::Broken,
                            (true, ..) => Verdict::Strained,
                            (false, true, _) => Verdict::Kept,
                            (false, false, _) => Verdict::Unknown,
                        };
                        if world.rival.is_none() && verdict != Verdict::NotApplicable {
                            prop_assert_eq!(verdict, wanted, "{} {} {}", id, state, year);
                        }
                        // A breach may stand where one of its tables is not covered, but never on silence that is not.
                        let silence = id.starts_with("outer") || id.starts_with("anti");
                        if silence && !inside(world.crises_covered, year) {
                            prop_assert!(!matches!(verdict, Verdict::Broken), "{} {} {}", id, state, year);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_claim_about_some_rows_keeps_nothing_for_a_query_that_asks_for_others(
        told in prop::collection::btree_set(prop::sample::select(vec!["S/1", "S/2", "S/3"]), 1..4),
        whole in span(),
    ) {
        let policy = parse("plans.md", &policy()).0.unwrap();
        let mut bundles: Vec<SourceBundle> =
            starter::bundles().into_iter().filter(|b| b.source.id == "starter-system").collect();
        let drafts: Vec<&str> = told.iter().copied().collect();
        let mut coverage = covered("vetoes", whole);
        coverage.push(Coverage::all("vetoes", 1950, 1955).only("draft", &drafts));
        let rows = rows("vetoes", "year", "a-1", &[]);
        bundles.push(bundle("a-1", "vetoes", Relation::Rival, vec![rows], coverage));
        let record = Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default()).unwrap();
        let evaluation = evaluate(&record, &policy, &Options::default()).unwrap();
        for (id, _, asked) in ASKED {
            for year in 1945..1960 {
                // `either` may be answered by no claim about some drafts: its filter says nothing of them.
                let some = *id != "either" && *id != "every" && asked.iter().all(|d| told.contains(d));
                let known = inside(whole, year) || (some && (1950..=1955).contains(&year));
                let kept = evaluation.verdict(2, &format!("{id}-breach"), year) == Verdict::Kept;
                prop_assert_eq!(kept, known, "{} {} told {:?} whole {:?}", id, year, &told, whole);
            }
        }
    }

    #[test]
    fn a_source_of_another_family_never_makes_a_breach_disappear(world in world(), more in cells(), wide in span()) {
        let text = policy();
        let policy = parse("plans.md", &text).0.unwrap();
        let bare = World { crises: Vec::new(), crises_covered: None, ..world.clone() };
        let with = World { crises: more, crises_covered: wide, ..world };
        let before = evaluate(&bare.record(), &policy, &Options::default()).unwrap();
        let after = evaluate(&with.record(), &policy, &Options::default()).unwrap();
        for (id, _, needs) in PLANS {
            // Only where the added family is no part of the plan, or can only prove more.
            if *id == "anti" || *id == "outer" {
                continue;
            }
            let id = format!("{id}-breach");
            for state in [2, 200, 710] {
                for year in 1948..1962 {
                    let (b, a) = (before.verdict(state, &id, year), after.verdict(state, &id, year));
                    if matches!(b, Verdict::Broken | Verdict::Contested) {
                        prop_assert_eq!(b, a, "{} {} {} with {:?}", id, state, year, needs);
                    }
                }
            }
        }
    }
}

/// A policy that forbids vetoes, and looks so many years back.
fn looking_back(lookback: i32) -> comity_policy::document::Policy {
    let text = format!(
        "+++\nid = \"back\"\ntitle = \"Back\"\n+++\n\n# Back\n\n## No veto {{#no-veto .refrain}}\n\nProse.\n\n```sql evidence name=only lookback={lookback}\nselect ccode as state, year, 'breach' as severity, 'x' as what, source, source_row from vetoes\n```\n"
    );
    let (policy, diagnostics) = parse("back.md", &text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    policy.unwrap()
}

#[test]
fn the_verdict_its_explanation_and_what_is_missing_agree_on_years_looked_back_to() {
    // The United States are in the system from its first year, 1816; China from 1860.
    let asked = [(2, 1816..1821), (710, 1860..1865)];
    for first in [1812, 1814, 1816, 1818, 1860, 1862] {
        let world = World {
            vetoes: Vec::new(),
            vetoes_covered: Some((first, 1870)),
            rival: None,
            crises: Vec::new(),
            crises_covered: None,
        };
        let record = world.record();
        for lookback in 0..=3 {
            let policy = looking_back(lookback);
            let evaluation = evaluate(&record, &policy, &Options::default()).unwrap();
            for (state, years) in asked.clone() {
                for year in years {
                    // Before 1816 nobody knows who was a state; China was none before 1860.
                    let entry = if state == 2 { i32::MIN } else { 1860 };
                    let known = first <= (year - lookback).max(entry);
                    let why = evaluation.why(state, "no-veto", year).unwrap();
                    let about = format!("{state} in {year}, {lookback} back, from {first}");
                    assert_eq!(why.verdict == Verdict::Kept, known, "{about}");
                    assert_eq!(why.verdict == Verdict::Unknown, !known, "{about}");
                    let tables = &why.readings[0].blocks[0].tables;
                    assert!(tables.iter().all(|t| t.covered == known), "{about}: {tables:?}");
                    assert_eq!(why.missing.is_empty(), known, "{about}: {:?}", why.missing);
                }
            }
        }
    }
}
