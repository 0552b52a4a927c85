//! Commitments of the first policy, computed a second time: from its prose, over the published files alone, in plain
//! loops. Every state of the system in every year since 1946 is compared with what the program says.
//!
//! Where the two differ, one of them is wrong, or the prose leaves something unsaid. A difference that stays is listed
//! with the sentence of the prose that it is about.

mod blocs;
mod capabilities;
mod coercion;
mod conflicts;
mod disputes;
mod equality;
mod expansion;
mod facts;
mod files;
mod force;
mod great_power;
mod hegemony;
mod interference;
mod mandates;
mod nonaggression;
mod races;
mod sanctions;
mod settlement;
mod system;
mod territory;
mod threat;
mod treaties;
mod wars;

use std::sync::OnceLock;

use comity_policy::audit::YearVerdict;
use comity_policy::verdict::Verdict;
use comity_policy::{Options, SHIPPED, evaluate, parse};
use comity_record::Record;

use self::facts::{Class, FIRST_YEAR, Facts, LAST_YEAR, Verdicts, facts};
use self::system::StateYear;
use crate::published;

/// Where the two differ: commitment, state, year, and why. A line goes when its cause does.
const DIFFERENCES: &[(&str, i32, i32, &str)] = &[
    ("peaceful-settlement", 710, 1946, ONE_LIST_OF_CLAIMS),
    ("peaceful-settlement", 710, 1963, ONE_LIST_OF_CLAIMS),
    ("peaceful-settlement", 770, 1963, ONE_LIST_OF_CLAIMS),
];
/// Of China the program's own list of claims is complete, and gives way to the published one where that is read: its
/// agreement with Pakistan of 1963 is in the first alone, Outer Mongolia ended with violence in the second.
const ONE_LIST_OF_CLAIMS: &str =
    "the published list of claims takes the place of the program's own";

/// A recomputation.
type Recompute = fn(&Facts) -> Verdicts;

/// The program's verdicts are the recomputed ones. `counts`: how many state-years are compared, and how many of them are
/// kept, strained and broken.
fn agree(id: &str, recompute: Recompute, until: i32, counts: [usize; 4]) {
    let recomputed = differ_nowhere(id, recompute, until, |said, class| said == class);
    let count = |c: Class| recomputed.iter().filter(|class| **class == c).count();
    let counted =
        [recomputed.len(), count(Class::Kept), count(Class::Strained), count(Class::Broken)];
    assert_eq!(counted, counts, "{id}");
}

/// The program's breaches are the recomputed ones. `counts`: how many state-years are compared, and how many broken.
fn agree_on_breaches(id: &str, recompute: Recompute, counts: [usize; 2]) {
    let breach = |class: Class| class == Class::Broken;
    let recomputed =
        differ_nowhere(id, recompute, LAST_YEAR, |said, class| breach(said) == breach(class));
    let broken = recomputed.iter().filter(|class| breach(**class)).count();
    assert_eq!([recomputed.len(), broken], counts, "{id}");
}

/// Compares all state-years, and returns what was recomputed.
fn differ_nowhere(
    id: &str,
    recompute: Recompute,
    until: i32,
    same: impl Fn(Class, Class) -> bool,
) -> Vec<Class> {
    let program = program(id);
    let mut recomputed = recompute(facts());
    recomputed.retain(|(_, year), _| *year <= until);
    let listed = |at: StateYear| DIFFERENCES.iter().any(|(i, s, y, _)| (*i, (*s, *y)) == (id, at));
    let mut differences = Vec::new();
    for (at, class) in &recomputed {
        let said = program.get(at).copied().unwrap_or(Class::NotApplicable);
        if !same(said, *class) && !listed(*at) {
            differences.push(format!("{at:?}: {class:?}, and the program says {said:?}"));
        }
    }
    assert!(differences.is_empty(), "{id}: {differences:#?}");
    recomputed.into_values().collect()
}

fn record() -> &'static Record {
    static READ: OnceLock<Record> = OnceLock::new();
    READ.get_or_init(published::recomputed)
}

fn program(id: &str) -> Verdicts {
    let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let options = Options { commitments: vec![id.into()], ..Options::default() };
    let evaluation = evaluate(record(), &policy, &options).unwrap();
    let states = evaluation.states_between(FIRST_YEAR, LAST_YEAR);
    let report = evaluation.report(&states, Some(FIRST_YEAR), Some(LAST_YEAR)).unwrap();
    let mut verdicts = Verdicts::new();
    for audit in &report.audits {
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
        Verdict::NoOccasion => Class::NoOccasion,
        Verdict::NotApplicable => Class::NotApplicable,
        Verdict::Contested => panic!("there is one reading"),
    }
}

macro_rules! recomputed {
    ($($name:ident: $body:expr;)*) => {
        $(
            #[test]
            #[cfg_attr(not(published), ignore = "needs ../shared/data")]
            fn $name() {
                $body;
            }
        )*
    };
}

// Treaties after 2018 are those that ship with the program.
recomputed! {
    no_great_power_alliance:
        agree("no-great-power-alliance", great_power::verdicts, treaties::LAST, [10908, 5073, 1102, 4733]);
    no_military_bloc:
        agree("no-military-bloc", blocs::verdicts, treaties::LAST, [10908, 3713, 5009, 2178]);
    no_arms_race:
        agree("no-arms-race", races::verdicts, LAST_YEAR, [11298, 8006, 989, 211]);
    no_military_expansion:
        agree("no-military-expansion", expansion::verdicts, LAST_YEAR, [11298, 10836, 9, 63]);
    no_use_of_force:
        agree("no-use-of-force", force::verdicts, LAST_YEAR, [11298, 7862, 994, 1326]);
    no_threat_of_force:
        agree("no-threat-of-force", threat::verdicts, LAST_YEAR, [11298, 9437, 0, 691]);
    peaceful_settlement:
        agree("peaceful-settlement", settlement::verdicts, LAST_YEAR, [11298, 652, 152, 59]);
    no_interference:
        agree_on_breaches("no-interference", interference::verdicts, [11298, 1242]);
    no_hegemony:
        agree("no-hegemony", hegemony::verdicts, LAST_YEAR, [11298, 9696, 120, 312]);
    equality_of_states:
        agree("equality-of-states", equality::verdicts, LAST_YEAR, [11298, 264, 106, 0]);
    respect_territory:
        agree("respect-territory", territory::verdicts, LAST_YEAR, [11298, 9563, 110, 455]);
    keep_nonaggression:
        agree("keep-nonaggression", nonaggression::verdicts, LAST_YEAR, [11298, 9045, 616, 467]);
    no_economic_coercion:
        agree_on_breaches("no-economic-coercion", coercion::verdicts, [11298, 1566]);
}
