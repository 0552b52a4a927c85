//! What a writer of a policy must know of each kind of commitment, from the declarations that reading and checking use; each with a small
//! document that tests itself.

use crate::document::Kind;
use crate::parse::{EVIDENCE_ATTRIBUTES, HEADING_ATTRIBUTES};
use crate::run::{contract, grades};

/// What is said of a name.
pub type Said = (&'static str, &'static str);

/// One kind of commitment.
#[derive(Debug)]
pub struct Guide {
    /// The kind.
    pub kind: Kind,
    /// What it is for.
    pub doc: &'static str,
    /// Columns that its blocks must return.
    pub required: Vec<Said>,
    /// Columns that they may return.
    pub optional: Vec<Said>,
    /// The column that says how grave a row is, and its values; none where a number is returned.
    pub grades: Option<(&'static str, &'static [Said])>,
    /// Attributes of its heading.
    pub heading: Vec<Said>,
    /// Attributes of its evidence blocks.
    pub evidence: Vec<Said>,
    /// A whole policy with one such commitment and its tests.
    pub example: &'static str,
}

/// Every kind, in the order in which they are explained.
pub const KINDS: [Kind; 5] = [Kind::Refrain, Kind::Perform, Kind::Pursue, Kind::Goal, Kind::Watch];

const COLUMNS: &[Said] = &[
    ("state", "whole number: whose conduct it is, by its number with the Correlates of War"),
    ("year", "whole number: the year that the row is about"),
    ("severity", "text: how grave it is"),
    ("met", "text: how the occasion was met"),
    ("value", "number: how far it was reached, in a unit that the prose names"),
    ("date", "date: the day of the events"),
    ("count", "whole number: how many events of the kind that is watched"),
    ("what", "text: what it was, for people"),
    ("source", "text: the source of the row, as tables have it"),
    ("source_row", "text: the row in the published file, as tables have it"),
    ("other", "whole number: the other state, where there is one"),
    ("magnitude", "number: how much, in a unit that the prose names"),
    ("label", "text: a word beside the finding, for example `attacked`"),
    ("also", "text: further rows that the finding rests on"),
];

const HEADING: &[Said] = &[
    (
        "principles",
        "the principles that it serves, of those in the front matter: `principles=\"peace equality\"`",
    ),
    (
        "in-force",
        "the years of this version: `in-force=1949..1978`; versions of one commitment have one id, and neither gap nor overlap",
    ),
    ("better", "which direction of the value is better: `better=higher` or `better=lower`"),
    ("target", "a value at which, or better, a year is kept: `target=0.5`"),
    ("floor", "a value worse than which a year is broken: `floor=0.3`"),
];

/// Attributes of the heading of a `.watch`; docs/watch.md has their defaults.
const WATCH: &[Said] = &[
    ("method", "how it watches: `method=cusum`, `negative-binomial`, `change-point` or `news`"),
    ("period", "what is counted and tested at a time: `period=day`, `week`, `month` or `year`"),
    ("baseline", "how long the past is that it is compared with: `baseline=52`, `baseline=26w`"),
    ("guard", "how long a time before the tested period is left out of the baseline"),
    ("threshold", "the value of the method from which on there is an alarm: `threshold=5`"),
    ("grade", "how grave an alarm is: `grade=hardship`, `security` or `emergency`"),
    ("share", "what counts are a share of: `share=all` reports, or those about the `dyad`"),
    ("minimum", "reports of any kind that the baseline needs, so that silence says something"),
    ("rest", "how long below the threshold an alarm is over"),
    ("k", "of `cusum`: standard deviations in a period that are let pass"),
    ("spell", "of `change-point`: the mean number of periods between changes"),
    ("touches", "the commitments that an alarm touches: `touches=\"no-use-of-force\"`"),
];

const EVIDENCE: &[Said] = &[
    (
        "name",
        "the block's name, one of its own in the commitment: `name=pledged`; it is shown with what the block finds",
    ),
    ("lookback", "how many years before the one judged must be covered too: `lookback=5`"),
    ("source", "the dataset that the block reads, whatever the reading: `source=atop`"),
    (
        "supplementary",
        "`supplementary=true`: what it finds counts, and its silence is not needed for a year to be kept",
    ),
    (
        "uses",
        "commitments whose findings it reads as the table `findings`: `uses=\"no-use-of-force\"`",
    ),
    (
        "exempts",
        "tables of which a row makes a verdict better, as a mandate does: `exempts=\"authorizations\"`",
    ),
    ("decides", "columns of which a null leaves a row undecided: `decides=\"capabilities.milex\"`"),
    (
        "promises",
        "kinds of rows that a source must cover: `promises=\"territorial_changes.holder=state\"`",
    ),
    (
        "magnitude",
        "what the magnitudes measure: a published scale (`magnitude=mid-fatality`), or steps and a unit of one's own",
    ),
    ("target", "as in the heading, for this block alone"),
    ("floor", "as in the heading, for this block alone"),
];

/// What is said of one kind.
pub fn guide(kind: Kind) -> Guide {
    let (required, optional) = contract(kind);
    let columns = |names: &[&str]| names.iter().filter_map(|n| said(COLUMNS, n)).collect();
    let numbers = ["better", "target", "floor"];
    let fits = |name: &&&str| match kind {
        Kind::Pursue => true,
        Kind::Goal => **name == "better" || !numbers.contains(name),
        _ => !numbers.contains(name),
    };
    let of = |names: &[&'static str], all: &'static [Said]| {
        names.iter().filter(fits).filter_map(|n| said(all, n)).collect()
    };
    let (doc, example) = match kind {
        Kind::Refrain => (
            "something that is not done: its queries return what was done all the same, a row for each finding; a covered year without one is kept",
            include_str!("guide/refrain.md"),
        ),
        Kind::Perform => (
            "something that is done when the occasion comes: its queries return the occasions, and how each was met; a covered year without one had no occasion",
            include_str!("guide/perform.md"),
        ),
        Kind::Pursue => (
            "something that is striven for: its queries return a number for each state and year; there is a verdict where a target and a floor are set",
            include_str!("guide/pursue.md"),
        ),
        Kind::Goal => (
            "an outcome, shown beside the commitments, without a verdict: its queries return a number for each state and year",
            include_str!("guide/goal.md"),
        ),
        Kind::Watch => (
            "something to follow in event data, without a verdict: its queries return how many events of a kind passed between a state and another on a day, and the heading says how they are watched (`comity watch`)",
            include_str!("guide/watch.md"),
        ),
    };
    let mut heading: Vec<Said> = of(HEADING_ATTRIBUTES, HEADING);
    if kind == Kind::Watch {
        heading.extend(WATCH);
    }
    Guide {
        kind,
        doc,
        required: columns(required),
        optional: columns(optional),
        grades: grades(kind),
        heading,
        evidence: of(EVIDENCE_ATTRIBUTES, EVIDENCE),
        example,
    }
}

fn said(all: &'static [Said], name: &str) -> Option<Said> {
    all.iter().find(|(n, _)| *n == name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_attribute_is_explained() {
        for kind in KINDS {
            let (required, optional) = contract(kind);
            let guide = guide(kind);
            assert_eq!(guide.required.len(), required.len(), "{kind:?}");
            assert_eq!(guide.optional.len(), optional.len(), "{kind:?}");
            assert_eq!(guide.grades.is_some(), matches!(kind, Kind::Refrain | Kind::Perform));
        }
        let pursue = guide(Kind::Pursue);
        assert_eq!(pursue.heading.len(), HEADING_ATTRIBUTES.len());
        assert_eq!(pursue.evidence.len(), EVIDENCE_ATTRIBUTES.len());
        let watched = comity_events::detect::Settings::NAMES.iter().chain(&["touches"]);
        assert!(watched.eq(WATCH.iter().map(|(name, _)| name)), "{WATCH:?}");
        assert_eq!(
            (HEADING.len(), EVIDENCE.len()),
            (HEADING_ATTRIBUTES.len(), EVIDENCE_ATTRIBUTES.len())
        );
        assert!(guide(Kind::Refrain).heading.iter().all(|(name, _)| *name != "better"));
    }
}
