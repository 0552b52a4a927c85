//! Commitments of the first policy, computed a second time: from its prose, over the published files alone, in plain
//! loops. Every state of the system in every year since 1946 is compared with what the program says.
//!
//! Where the two differ, one of them is wrong, or the prose leaves something unsaid. A difference that stays is listed
//! with the sentence of the prose that explains it.

mod capabilities;
mod conflicts;
mod disputes;
mod equality;
mod facts;
mod files;
mod force;
mod great_power;
mod mandates;
mod nonaggression;
mod races;
mod system;
mod territory;
mod threat;
mod treaties;
mod wars;

use std::sync::OnceLock;

use comity_policy::audit::{Report, YearVerdict};
use comity_policy::verdict::Verdict;
use comity_policy::{Options, SHIPPED, evaluate, parse};

use self::facts::{Class, FIRST_YEAR, Facts, LAST_YEAR, Verdicts, facts};
use crate::published;

/// A commitment and its recomputation.
struct Recomputed {
    id: &'static str,
    verdicts: fn(&Facts) -> Verdicts,
    /// The last year that is compared.
    until: i32,
    /// How many state-years are compared, and how many of them the recomputation finds kept, strained and broken.
    counts: [usize; 4],
}

const COMMITMENTS: &[Recomputed] = &[
    // Treaties after 2018 are those that ship with the program.
    Recomputed {
        id: "no-great-power-alliance",
        verdicts: great_power::verdicts,
        until: treaties::LAST,
        counts: [10908, 5073, 1102, 4733],
    },
    Recomputed {
        id: "no-arms-race",
        verdicts: races::verdicts,
        until: LAST_YEAR,
        counts: [11298, 8006, 989, 211],
    },
    Recomputed {
        id: "no-use-of-force",
        verdicts: force::verdicts,
        until: LAST_YEAR,
        counts: [11298, 7862, 994, 1326],
    },
    Recomputed {
        id: "no-threat-of-force",
        verdicts: threat::verdicts,
        until: LAST_YEAR,
        counts: [11298, 9437, 0, 691],
    },
    Recomputed {
        id: "equality-of-states",
        verdicts: equality::verdicts,
        until: LAST_YEAR,
        counts: [11298, 264, 105, 0],
    },
    Recomputed {
        id: "respect-territory",
        verdicts: territory::verdicts,
        until: LAST_YEAR,
        counts: [11298, 9561, 110, 457],
    },
    Recomputed {
        id: "keep-nonaggression",
        verdicts: nonaggression::verdicts,
        until: LAST_YEAR,
        counts: [11298, 9045, 616, 467],
    },
];

/// Where the two may differ: commitment, state, year, and why.
const EXPLAINED: &[(&str, i32, i32, &str)] = &[
    ("no-threat-of-force", 20, 1992, MANDATED_BY_YEAR),
    ("no-threat-of-force", 235, 1992, MANDATED_BY_YEAR),
    ("no-threat-of-force", 390, 1992, MANDATED_BY_YEAR),
    ("no-use-of-force", 690, 1990, MANDATED_BY_YEAR),
    ("keep-nonaggression", 690, 1990, MANDATED_BY_YEAR),
    ("keep-nonaggression", 339, 1992, PROMISED_BY_YEAR),
    ("keep-nonaggression", 625, 1999, PROMISED_BY_YEAR),
];
/// Dispute 3551 saw three states for one day, 16 July 1992, before S/RES/787 of November; Kuwait left dispute 3957 on
/// 3 August 1990, before S/RES/665 of 25 August. The program sets a mandate against the year.
const MANDATED_BY_YEAR: &str = "a mandate of the same year counts, also where it began later";
/// The promise that bound 339 to 345 ended in May 1992, that of 625 to 500 began in December 1999; the disputes are of
/// December and April. The program sets a promise against the year.
const PROMISED_BY_YEAR: &str =
    "a promise of the same year counts, also where it did not bind on the day";

fn report() -> &'static Report {
    static MADE: OnceLock<Report> = OnceLock::new();
    MADE.get_or_init(|| {
        let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
        let commitments = COMMITMENTS.iter().map(|c| c.id.to_string()).collect();
        let options = Options { commitments, ..Options::default() };
        let evaluation = evaluate(&published::recomputed(), &policy, &options).unwrap();
        let states = evaluation.states_between(FIRST_YEAR, LAST_YEAR);
        evaluation.report(&states, Some(FIRST_YEAR), Some(LAST_YEAR)).unwrap()
    })
}

fn program(id: &str) -> Verdicts {
    let mut verdicts = Verdicts::new();
    for audit in &report().audits {
        let commitment = audit.commitments.iter().find(|c| c.id == id).unwrap();
        for said in &commitment.verdicts {
            verdicts.insert((audit.state.ccode, said.year), class(said));
        }
    }
    verdicts
}

fn class(said: &YearVerdict) -> Class {
    match said.verdict {
        Verdict::Kept => Class::Kept,
        Verdict::Strained => Class::Strained,
        Verdict::Broken => Class::Broken,
        Verdict::Unknown if said.at_least.is_some() => Class::StrainedOrWorse,
        Verdict::Unknown => Class::Unknown,
        Verdict::NotApplicable => Class::NotApplicable,
        other => panic!("{other} has no place in a record with one reading"),
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_program_says_what_a_recomputation_from_the_prose_says() {
    let mut counts = Vec::new();
    let mut differences = Vec::new();
    for commitment in COMMITMENTS {
        let said = program(commitment.id);
        let mut counted = [0; 4];
        for ((state, year), class) in (commitment.verdicts)(facts()) {
            if year > commitment.until {
                continue;
            }
            counted[0] += 1;
            if class <= Class::Broken {
                counted[class as usize + 1] += 1;
            }
            let got = said.get(&(state, year)).copied().unwrap_or(Class::NotApplicable);
            let at = (commitment.id, state, year);
            if got != class && !EXPLAINED.iter().any(|(id, s, y, _)| (*id, *s, *y) == at) {
                differences.push(format!("{at:?}: {class:?}, and the program says {got:?}"));
            }
        }
        counts.push((commitment.id, counted));
    }
    let expected: Vec<_> = COMMITMENTS.iter().map(|c| (c.id, c.counts)).collect();
    assert_eq!(counts, expected);
    assert!(differences.is_empty(), "{differences:#?}");
}
