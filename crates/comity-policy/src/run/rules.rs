//! The rules that make verdicts, as pure functions.
//!
//! Every state, commitment and year has a best and a worst case; the verdict is their name.

use crate::document::{Bar, Better, Kind};
use crate::verdict::Verdict;

/// How grave conduct is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Nothing is held against it: kept, or of a duty no occasion.
    #[default]
    Nothing,
    /// A duty met, or something striven for and reached.
    Kept,
    /// A strain.
    Strained,
    /// A breach.
    Broken,
}

impl Grade {
    /// The gravest that a block can return, from the texts that its query can write; where they are not known: a breach.
    pub fn gravest<'a>(texts: Option<impl IntoIterator<Item = &'a str>>) -> Self {
        let Some(texts) = texts else { return Self::Broken };
        let grade = |text: &str| match text {
            "strain" | "strained" => Self::Strained,
            "kept" => Self::Kept,
            "mandated" => Self::Nothing,
            _ => Self::Broken,
        };
        texts.into_iter().map(grade).max().unwrap_or_default()
    }
}

/// What one evidence block says of one state-year under one reading.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BlockFacts {
    /// The gravest that its rows say.
    pub found: Grade,
    /// The gravest of the rows that a null leaves undecided.
    pub undecided: Grade,
    /// The gravest that it can return.
    pub gravest: Grade,
    /// Every table whose missing rows could hold something graver is covered, look-back included.
    pub all_covered: bool,
    /// Every table is covered on whose silence a row rests, but for those that exempt.
    pub silence_covered: bool,
    /// Every table is covered whose rows exempt.
    pub exempting_covered: bool,
}

/// The best and the worst case of one state-year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// What is proved.
    pub best: Grade,
    /// The gravest that is possible.
    pub worst: Grade,
    /// Whether the state-year is fully covered: it counts in shares.
    pub covered: bool,
    /// The gravest that rows say, proved or not.
    pub said: Grade,
}

impl Bounds {
    /// Nothing is known.
    pub const OPEN: Self =
        Self { best: Grade::Nothing, worst: Grade::Broken, covered: false, said: Grade::Nothing };

    /// The verdict that is their name.
    pub fn verdict(self, kind: Kind) -> Verdict {
        if self.best != self.worst {
            return Verdict::Unknown;
        }
        match self.best {
            Grade::Nothing if kind == Kind::Perform => Verdict::NoOccasion,
            Grade::Nothing | Grade::Kept => Verdict::Kept,
            Grade::Strained => Verdict::Strained,
            Grade::Broken => Verdict::Broken,
        }
    }
}

/// The bounds of one block that returns findings.
///
/// A row proves what it says, whether or not its source claims to be complete, unless it rests on the silence of a table that is not
/// covered. A table that exempts and is not covered may take away all that was found, and nothing else.
pub fn block(facts: BlockFacts) -> Bounds {
    let proved = facts.silence_covered && facts.exempting_covered;
    let found = facts.found.max(facts.undecided);
    let all = facts.all_covered && facts.silence_covered;
    Bounds {
        best: if proved { facts.found } else { Grade::Nothing },
        worst: if all { found } else { found.max(facts.gravest) },
        covered: all && facts.exempting_covered && facts.undecided <= facts.found,
        said: found,
    }
}

/// The bounds of something striven for: its value against the bar, where both are known.
pub fn against(value: Option<f64>, bar: Bar, better: Better) -> Bounds {
    let Some(value) = value else {
        return Bounds { best: Grade::Kept, ..Bounds::OPEN };
    };
    let sign = if better == Better::Higher { 1.0 } else { -1.0 };
    let grade = if sign * value >= sign * bar.target {
        Grade::Kept
    } else if sign * value < sign * bar.floor {
        Grade::Broken
    } else {
        Grade::Strained
    };
    Bounds { best: grade, worst: grade, covered: true, said: grade }
}

/// The bounds of a commitment from those of its blocks: the worst proved wins, and the worst possible of the needed ones.
///
/// Each block says whether it is needed; what a supplementary block proves counts, its silence does not matter. What it says and does not
/// prove is possible all the same. Where none is needed, those that are covered are.
pub fn commitment(blocks: &[(Bounds, bool)]) -> Bounds {
    let some_needed = blocks.iter().any(|b| b.1);
    let some_covered = blocks.iter().any(|b| b.0.covered);
    let needed = |b: &&(Bounds, bool)| {
        if some_needed { b.1 } else { !some_covered || b.0.covered }
    };
    let best = blocks.iter().map(|b| b.0.best).max().unwrap_or_default();
    let worst = blocks.iter().filter(needed).map(|b| b.0.worst).max().unwrap_or(Grade::Broken);
    let covered = !blocks.is_empty() && blocks.iter().filter(needed).all(|b| b.0.covered);
    let others = blocks.iter().filter(|b| !needed(b)).map(|b| b.0.said).max().unwrap_or_default();
    let said = blocks.iter().map(|b| b.0.said).max().unwrap_or_default();
    Bounds { best, worst: worst.max(best).max(others), covered: covered && others <= best, said }
}

/// The verdict over all readings, baseline first: kept under one and broken under another is contested where both are
/// covered; milder differences keep the baseline's.
pub fn over_readings(readings: &[(Verdict, bool)]) -> Verdict {
    let covered = |verdict: Verdict| readings.contains(&(verdict, true));
    if covered(Verdict::Kept) && covered(Verdict::Broken) {
        return Verdict::Contested;
    }
    readings.first().map_or(Verdict::Unknown, |r| r.0)
}

/// The rule behind a verdict, in a sentence.
pub fn sentence(kind: Kind, verdict: Verdict, bounds: Bounds) -> &'static str {
    match (kind, verdict) {
        (_, Verdict::Contested) => {
            "One reading of the sources says kept and another says broken, and both are covered."
        }
        (_, Verdict::NotApplicable) => {
            "The state was not in the state system, no version was in force, or the commitment did not apply to it."
        }
        (_, Verdict::NoOccasion) => {
            "Nothing called for this duty, and every table that would have shown an occasion is covered."
        }
        (Kind::Pursue, Verdict::Kept) => "At the target that the commitment states, or better.",
        (Kind::Pursue, Verdict::Strained) => {
            "Between the target and the floor that the commitment states."
        }
        (Kind::Pursue, Verdict::Broken) => "Worse than the floor that the commitment states.",
        (Kind::Pursue, Verdict::Unknown) => {
            "No value is known, or a source that it needs does not cover the year."
        }
        (Kind::Perform, Verdict::Kept) => {
            "Every known occasion was met, and every table needed is covered."
        }
        (_, Verdict::Kept) => {
            "No breach and no strain was found, and every table needed is covered: silence counts."
        }
        (_, Verdict::Strained) if bounds.covered => {
            "Strains were found and no breach, and every table needed is covered."
        }
        (_, Verdict::Strained) => {
            "Strains were found, and nothing graver is possible. The year is not covered and counts in no share."
        }
        (_, Verdict::Broken) if bounds.covered => {
            "A breach was found, and every table needed is covered."
        }
        (_, Verdict::Broken) => {
            "A breach was found: a row proves what it says. The year is not covered and counts in no share."
        }
        (_, Verdict::Unknown) if bounds.best == Grade::Strained => {
            "Strained or worse: strains were found, and what is not covered may hold a breach."
        }
        (_, Verdict::Unknown) => {
            "A table that is needed is not covered for this state and year: silence means nothing."
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_grade() -> impl Strategy<Value = Grade> {
        prop::sample::select(vec![Grade::Nothing, Grade::Kept, Grade::Strained, Grade::Broken])
    }

    fn any_facts() -> impl Strategy<Value = BlockFacts> {
        let grades = prop::array::uniform3(any_grade());
        (grades, prop::array::uniform3(any::<bool>())).prop_map(
            |([f, u, g], [all, silence, exempting])| BlockFacts {
                found: f,
                undecided: u,
                gravest: g.max(f).max(u),
                all_covered: all,
                silence_covered: silence || all,
                exempting_covered: exempting,
            },
        )
    }

    /// What the same block says when everything is covered: rows that were missing may be there, findings may be exempted.
    fn covered(facts: BlockFacts, found: Grade) -> BlockFacts {
        BlockFacts {
            found,
            undecided: Grade::Nothing,
            all_covered: true,
            silence_covered: true,
            exempting_covered: true,
            ..facts
        }
    }

    proptest! {
        #[test]
        fn not_covered_is_kept_only_where_nothing_else_is_possible(facts in any_facts()) {
            let bounds = block(facts);
            prop_assert!(bounds.best <= bounds.worst);
            if !facts.all_covered && facts.gravest > Grade::Kept {
                prop_assert!(bounds.verdict(Kind::Refrain) != Verdict::Kept);
            }
            if facts.found == Grade::Broken && facts.silence_covered && facts.exempting_covered {
                prop_assert_eq!(bounds.verdict(Kind::Refrain), Verdict::Broken);
            }
            if bounds.covered {
                prop_assert!(bounds.best == bounds.worst);
            }
        }

        #[test]
        fn one_more_finding_never_improves_a_verdict(facts in any_facts(), more in any_grade()) {
            let found = facts.found.max(more);
            let after = block(BlockFacts { found, gravest: facts.gravest.max(more), ..facts });
            let before = block(facts);
            prop_assert!(after.best >= before.best && after.worst >= before.worst);
        }

        #[test]
        fn the_bounds_contain_what_full_coverage_would_say(facts in any_facts(), more in any_grade(), exempted in any::<bool>()) {
            // What cannot be: more rows where all is covered, an exemption where the tables that exempt are.
            let hidden = if facts.all_covered { facts.undecided } else { facts.gravest };
            let truth = if !facts.silence_covered || exempted && !facts.exempting_covered {
                more.min(hidden.max(facts.found))
            } else {
                facts.found.max(more.min(hidden))
            };
            let (known, full) = (block(facts), block(covered(facts, truth)));
            prop_assert!(full.best == full.worst && full.covered);
            prop_assert!(known.best <= full.best && full.worst <= known.worst, "{:?} {:?}", known, full);
        }

        #[test]
        fn kept_needs_every_needed_block(blocks in prop::collection::vec((any_facts(), any::<bool>()), 1..5)) {
            let judged: Vec<(Bounds, bool)> =
                blocks.iter().map(|(f, needed)| (block(*f), *needed)).collect();
            let bounds = commitment(&judged);
            prop_assert!(bounds.best <= bounds.worst);
            if bounds.covered {
                prop_assert!(blocks.iter().all(|(f, needed)| !needed || f.all_covered));
            }
            if judged.iter().any(|b| b.0.best == Grade::Broken) {
                prop_assert_eq!(bounds.verdict(Kind::Refrain), Verdict::Broken);
            }
            if judged.iter().any(|b| b.1 && b.0.worst == Grade::Broken) {
                prop_assert!(bounds.worst == Grade::Broken);
            }
        }
    }

    #[test]
    fn only_kept_against_broken_is_contested_and_only_where_both_are_covered() {
        use Verdict::{Broken, Contested, Kept, Strained, Unknown};
        let covered = |list: &[Verdict]| {
            over_readings(&list.iter().map(|v| (*v, *v != Unknown)).collect::<Vec<_>>())
        };
        assert_eq!(covered(&[Kept, Broken]), Contested);
        assert_eq!(covered(&[Strained, Broken]), Strained);
        assert_eq!(covered(&[Unknown, Broken]), Unknown);
        assert_eq!(covered(&[Broken, Strained, Kept]), Contested);
        assert_eq!(over_readings(&[(Kept, true), (Broken, false)]), Kept);
        assert_eq!(over_readings(&[(Broken, false), (Kept, true)]), Broken);
    }

    #[test]
    fn the_verdict_is_the_name_of_both_cases() {
        let facts = BlockFacts {
            found: Grade::Strained,
            gravest: Grade::Broken,
            silence_covered: true,
            exempting_covered: true,
            ..BlockFacts::default()
        };
        let bounds = block(facts);
        assert_eq!((bounds.best, bounds.worst), (Grade::Strained, Grade::Broken));
        assert_eq!(bounds.verdict(Kind::Refrain), Verdict::Unknown);
        // Blocks that return only strains: one is enough.
        let only_strains = block(BlockFacts { gravest: Grade::Strained, ..facts });
        assert_eq!(only_strains.verdict(Kind::Refrain), Verdict::Strained);
        assert!(!only_strains.covered);
        // A finding that an exemption may take away, where the exemptions are not covered.
        let maybe = block(BlockFacts { all_covered: true, exempting_covered: false, ..facts });
        assert_eq!((maybe.best, maybe.worst), (Grade::Nothing, Grade::Strained));
        // Nothing was found: nothing can be taken away.
        let none = BlockFacts {
            found: Grade::Nothing,
            all_covered: true,
            exempting_covered: false,
            ..facts
        };
        assert_eq!(block(none).verdict(Kind::Refrain), Verdict::Kept);
        // A null that could hide a strain.
        let null = BlockFacts {
            undecided: Grade::Strained,
            all_covered: true,
            found: Grade::Nothing,
            ..facts
        };
        assert_eq!(block(null).verdict(Kind::Refrain), Verdict::Unknown);
    }

    #[test]
    fn a_supplementary_block_proves_and_is_never_needed() {
        let of = |best, worst| Bounds { best, worst, covered: best == worst, said: best };
        let kept = of(Grade::Nothing, Grade::Nothing);
        let (strained, broken) =
            (of(Grade::Strained, Grade::Strained), of(Grade::Broken, Grade::Broken));
        let verdict = |list: &[(Bounds, bool)]| commitment(list).verdict(Kind::Refrain);
        assert_eq!(verdict(&[(kept, true), (Bounds::OPEN, false)]), Verdict::Kept);
        assert_eq!(verdict(&[(kept, true), (strained, false)]), Verdict::Strained);
        assert_eq!(verdict(&[(Bounds::OPEN, true), (broken, false)]), Verdict::Broken);
        assert_eq!(verdict(&[(Bounds::OPEN, true), (strained, false)]), Verdict::Unknown);
        assert_eq!(commitment(&[(Bounds::OPEN, true), (strained, false)]).best, Grade::Strained);
        assert_eq!(verdict(&[(Bounds::OPEN, false)]), Verdict::Unknown);
        assert_eq!(verdict(&[(Bounds::OPEN, false), (kept, false)]), Verdict::Kept);
        assert_eq!(verdict(&[(kept, true), (Bounds::OPEN, true)]), Verdict::Unknown);
        // What a supplementary block says and cannot prove is not known to be untrue.
        let perhaps = Bounds { said: Grade::Broken, ..Bounds::OPEN };
        assert_eq!(verdict(&[(kept, true), (perhaps, false)]), Verdict::Unknown);
        assert!(!commitment(&[(kept, true), (perhaps, false)]).covered);
        assert_eq!(verdict(&[(broken, true), (perhaps, false)]), Verdict::Broken);
        let met = of(Grade::Kept, Grade::Kept);
        assert_eq!(commitment(&[(kept, true), (met, false)]).verdict(Kind::Perform), Verdict::Kept);
        assert_eq!(commitment(&[(kept, true)]).verdict(Kind::Perform), Verdict::NoOccasion);
    }

    #[test]
    fn a_bar_has_a_target_and_a_floor() {
        let bar = Bar { target: 0.9, floor: 0.5 };
        let of = |value, bar, better| against(value, bar, better).verdict(Kind::Pursue);
        for (value, verdict) in [
            (0.9, Verdict::Kept),
            (0.89, Verdict::Strained),
            (0.5, Verdict::Strained),
            (0.49, Verdict::Broken),
        ] {
            assert_eq!(of(Some(value), bar, Better::Higher), verdict);
        }
        let low = Bar { target: 2.0, floor: 4.0 };
        for (value, verdict) in
            [(2.0, Verdict::Kept), (4.0, Verdict::Strained), (4.1, Verdict::Broken)]
        {
            assert_eq!(of(Some(value), low, Better::Lower), verdict);
        }
        assert_eq!(of(None, bar, Better::Higher), Verdict::Unknown);
    }
}
