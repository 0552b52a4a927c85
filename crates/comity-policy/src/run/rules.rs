//! The rules that make verdicts, as pure functions.

use crate::document::Kind;
use crate::verdict::Verdict;

/// What one evidence block says of one state-year under one reading.
#[expect(clippy::struct_excessive_bools, reason = "five independent facts, not a state")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BlockFacts {
    /// A breach, or an occasion met as broken.
    pub breach: bool,
    /// A strain, or an occasion met as strained.
    pub strain: bool,
    /// An occasion met as kept.
    pub kept: bool,
    /// Every fact table is covered, look-back included.
    pub all_covered: bool,
    /// Every fact table whose silence a breach rests on is covered.
    pub silence_covered: bool,
    /// Some fact table is covered: a row from outside every coverage proves nothing.
    pub some_covered: bool,
}

/// The verdict of one block that returns findings.
pub fn block(kind: Kind, facts: BlockFacts) -> Verdict {
    if facts.breach && facts.silence_covered && facts.some_covered {
        return Verdict::Broken;
    }
    if !facts.all_covered {
        return Verdict::Unknown;
    }
    match kind {
        _ if facts.strain => Verdict::Strained,
        Kind::Perform if facts.kept => Verdict::Kept,
        Kind::Perform => Verdict::NoOccasion,
        _ => Verdict::Kept,
    }
}

/// The verdict of a commitment from those of its blocks: the worst proved breach wins, `kept` needs all.
///
/// Each block says whether it is needed; what a supplementary block proves counts, its silence does not matter.
pub fn commitment(blocks: &[(Verdict, bool)]) -> Verdict {
    let any = |v: Verdict| blocks.iter().any(|b| b.0 == v);
    if any(Verdict::Broken) {
        return Verdict::Broken;
    }
    let mut needed = blocks.iter().filter(|b| b.1).peekable();
    let nothing_needed = needed.peek().is_none();
    if needed.any(|b| b.0 == Verdict::Unknown)
        || nothing_needed && blocks.iter().all(|b| b.0 == Verdict::Unknown)
    {
        return Verdict::Unknown;
    }
    if any(Verdict::Strained) {
        Verdict::Strained
    } else if any(Verdict::Kept) {
        Verdict::Kept
    } else {
        Verdict::NoOccasion
    }
}

/// The verdict over all readings, baseline first: kept under one and broken under another is contested,
/// milder differences keep the baseline's.
pub fn over_readings(verdicts: &[Verdict]) -> Verdict {
    if verdicts.contains(&Verdict::Kept) && verdicts.contains(&Verdict::Broken) {
        return Verdict::Contested;
    }
    verdicts.first().copied().unwrap_or(Verdict::Unknown)
}

/// The rule behind a verdict, in a sentence.
pub fn sentence(kind: Kind, verdict: Verdict) -> &'static str {
    match (kind, verdict) {
        (_, Verdict::Contested) => "One reading of the sources says kept and another says broken.",
        (_, Verdict::NotApplicable) => {
            "The state was not in the state system, no version was in force, or the commitment did not apply to it."
        }
        (_, Verdict::NoOccasion) => {
            "Nothing called for this duty, and every table that would have shown an occasion is covered."
        }
        (Kind::Pursue, Verdict::Kept) => "At or above the median of all states of that year.",
        (Kind::Pursue, Verdict::Strained) => {
            "Below the median of that year's states, and above their first quartile or above its own mean of the last five years (or a zero at the median)."
        }
        (Kind::Pursue, Verdict::Broken) => {
            "In the bottom quarter of that year's states and not getting better, or in the bottom tenth."
        }
        (Kind::Pursue, Verdict::Unknown) => {
            "No value is known, a source that it needs does not cover the year, or too few states have one to compare."
        }
        (Kind::Perform, Verdict::Kept) => {
            "Every known occasion was met, and every table needed is covered."
        }
        (_, Verdict::Kept) => {
            "No breach and no strain was found, and every table needed is covered: silence counts."
        }
        (_, Verdict::Strained) => {
            "Strains were found and no breach, and every table needed is covered."
        }
        (_, Verdict::Broken) => {
            "A breach was found, and every table whose silence it rests on is covered."
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

    fn any_facts() -> impl Strategy<Value = BlockFacts> {
        prop::array::uniform6(any::<bool>()).prop_map(
            |[breach, strain, kept, all_covered, silence, some]| BlockFacts {
                breach,
                strain,
                kept,
                all_covered,
                silence_covered: silence || all_covered,
                some_covered: some || all_covered,
            },
        )
    }

    proptest! {
        #[test]
        fn not_covered_is_never_kept(facts in any_facts(), perform in any::<bool>()) {
            let kind = if perform { Kind::Perform } else { Kind::Refrain };
            let verdict = block(kind, facts);
            if !facts.all_covered {
                prop_assert!(matches!(verdict, Verdict::Unknown | Verdict::Broken));
            }
            if facts.breach && facts.silence_covered && facts.some_covered {
                prop_assert_eq!(verdict, Verdict::Broken);
            }
            if !facts.some_covered {
                prop_assert_eq!(verdict, Verdict::Unknown);
            }
        }

        #[test]
        fn kept_needs_every_needed_block(blocks in prop::collection::vec((any_facts(), any::<bool>()), 1..5)) {
            let judged: Vec<(Verdict, bool)> =
                blocks.iter().map(|(f, needed)| (block(Kind::Refrain, *f), *needed)).collect();
            let verdict = commitment(&judged);
            if blocks.iter().any(|(f, needed)| *needed && !f.all_covered) {
                prop_assert!(matches!(verdict, Verdict::Unknown | Verdict::Broken));
            }
            if blocks.iter().all(|(f, _)| !f.all_covered) {
                prop_assert!(matches!(verdict, Verdict::Unknown | Verdict::Broken));
            }
            if judged.iter().any(|b| b.0 == Verdict::Broken) {
                prop_assert_eq!(verdict, Verdict::Broken);
            }
        }
    }

    #[test]
    fn only_kept_against_broken_is_contested() {
        use Verdict::{Broken, Contested, Kept, Strained, Unknown};
        assert_eq!(over_readings(&[Kept, Broken]), Contested);
        assert_eq!(over_readings(&[Strained, Broken]), Strained);
        assert_eq!(over_readings(&[Unknown, Broken]), Unknown);
        assert_eq!(over_readings(&[Broken, Strained, Kept]), Contested);
    }

    #[test]
    fn a_supplementary_block_proves_and_is_never_needed() {
        use Verdict::{Broken, Kept, NoOccasion, Strained, Unknown};
        assert_eq!(commitment(&[(Kept, true), (Unknown, false)]), Kept);
        assert_eq!(commitment(&[(Kept, true), (Strained, false)]), Strained);
        assert_eq!(commitment(&[(Unknown, true), (Broken, false)]), Broken);
        assert_eq!(commitment(&[(NoOccasion, true), (Kept, false)]), Kept);
        assert_eq!(commitment(&[(Unknown, false)]), Unknown);
        assert_eq!(commitment(&[(Kept, true), (Unknown, true)]), Unknown);
    }
}
