//! The answer in a sentence: what is said first of each commitment.

use std::fmt::Write as _;

use comity_policy::audit::{Audit, CommitmentAudit, Tally, YearVerdict};
use comity_policy::verdict::Verdict;

use super::words::{self, plural};
use super::{terminal, years};

/// `China, no use of force since 1949: broken in 32 of 66 years known, last in 2013; known to 2014.`
pub fn sentence(audit: &Audit, c: &CommitmentAudit, open: bool) -> String {
    format!(
        "{}, {} {}: {}.",
        audit.state.name,
        uncapital(&c.title),
        period(audit.from, audit.to, open),
        of(c, audit.to)
    )
}

/// `since 1949`, where the years end where the record does; else `1949–2024`.
pub fn period(from: i32, to: i32, open: bool) -> String {
    if open && from < to {
        format!("since {from}")
    } else {
        format!("in {}", years::words(from, to))
    }
}

/// `broken in 32 of 66 years known, last in 2013; known to 2014`, of the years to `to`.
pub fn of(c: &CommitmentAudit, to: i32) -> String {
    if !c.judged {
        return unjudged(c);
    }
    let t = words::tally(&c.verdicts);
    let known = t.decided();
    let mut text = if t.broken + t.broken_elsewhere > 0 {
        broken(c, &t)
    } else if t.contested > 0 {
        let last = last_of(&c.verdicts, Verdict::Contested);
        format!(
            "contested between the sources in {} of {}, last in {last}; never broken in the years known",
            t.contested,
            years_known(known)
        )
    } else if t.strained + t.strained_elsewhere > 0 {
        strained(c, &t)
    } else if t.strained_or_worse > 0 {
        let count = plural(t.strained_or_worse as usize, "year", "years");
        return format!(
            "strained or worse in {count} ({}), and nothing more is known",
            years::list_of(at_least(&c.verdicts), 3)
        );
    } else if known > 0 {
        format!("kept in all {}", years_known(known)).replace("all 1 year", "the 1 year")
    } else if t.kept_elsewhere > 0 {
        let count = plural(t.kept_elsewhere as usize, "year", "years");
        format!("kept in {count}, which are not fully covered")
    } else if t.unknown > 0 {
        return unknown(c, &t);
    } else if t.no_occasion > 0 {
        let count = plural(t.no_occasion as usize, "year", "years");
        return format!("nothing called for it in {count}");
    } else {
        return "does not apply in these years".to_owned();
    };
    if t.strained_or_worse > 0 {
        let _ = write!(
            text,
            "; strained or worse in {}",
            plural(t.strained_or_worse as usize, "year", "years")
        );
        let _ = write!(text, " ({})", years::list_of(at_least(&c.verdicts), 3));
    }
    if let Some(known_to) =
        c.answered.last_covered.filter(|known| *known < to && !text.contains("known to"))
    {
        let last_known = format!("last in {known_to}");
        if text.ends_with(&last_known) {
            text.push_str(", the last year known");
        } else {
            let _ = write!(text, "; known to {known_to}");
        }
    }
    text
}

fn broken(c: &CommitmentAudit, t: &Tally) -> String {
    let (broken, elsewhere, known) = (t.broken, t.broken_elsewhere, t.decided());
    let last = last_of(&c.verdicts, Verdict::Broken);
    let more = plural(elsewhere as usize, "year", "years");
    let mut text = match (broken, elsewhere) {
        (0, _) if known == 0 => format!("a breach is proved in {more}"),
        (0, _) => format!("a breach is proved in {more}, none in the {} fully", years_known(known)),
        (_, 0) => format!("broken in {broken} of {}", years_known(known)),
        _ => format!(
            "broken in {broken} of {}, and in {elsewhere} known in part",
            years_known(known)
        ),
    };
    let _ = write!(text, ", last in {last}");
    if let Some(known_to) = c.answered.last_covered.filter(|known| *known < last) {
        let _ = write!(text, "; fully known to {known_to} only");
    } else if known == 0 {
        text.push_str("; whether it was kept in the others is not known");
    }
    if t.contested > 0 {
        let last = last_of(&c.verdicts, Verdict::Contested);
        let _ = write!(text, "; contested between the sources in {}, last in {last}", t.contested);
    }
    text
}

fn strained(c: &CommitmentAudit, t: &Tally) -> String {
    let (strained, elsewhere, known) = (t.strained, t.strained_elsewhere, t.decided());
    let last = last_of(&c.verdicts, Verdict::Strained);
    let mut text = match (strained, elsewhere) {
        (0, _) => {
            let count = plural(elsewhere as usize, "year", "years");
            let part = format!("strained in {count} known in part");
            if known > 0 {
                format!("{part}, kept in the {} fully", years_known(known))
            } else {
                part
            }
        }
        (_, 0) => format!("no breach, strained in {strained} of {}", years_known(known)),
        _ => format!(
            "no breach, strained in {strained} of {}, and in {elsewhere} known in part",
            years_known(known)
        ),
    };
    let _ = write!(text, ", last in {last}");
    if let Some(known_to) = c.answered.last_covered.filter(|known| *known < last) {
        let _ = write!(text, "; fully known to {known_to} only");
    }
    text
}

/// How many breaches a lead names.
const NAMED: usize = 4;

/// The audit of one state in a sentence or two: how its commitments fared, and which were broken most recently.
pub fn lead(audit: &Audit) -> String {
    let standing = words::Standing::of(audit);
    let judged = audit.commitments.iter().filter(|c| c.judged).count();
    let parts: Vec<String> = [
        (standing.broken.len(), "broken in some year"),
        (standing.contested.len(), "contested between the sources and not broken"),
        (standing.strained.len() + standing.strained_or_worse.len(), "strained and not broken"),
        (standing.kept.len(), "kept in every year known"),
        (standing.idle.len(), "not called for"),
        (
            audit.commitments.iter().filter(|c| c.judged && is_unknown(c)).count(),
            "not known in any year",
        ),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, words)| format!("{n} {words}"))
    .collect();
    let mut text = format!(
        "Of {} with a verdict, {}.",
        plural(judged, "commitment", "commitments"),
        parts.join(", ")
    );
    let mut broken: Vec<(i32, &CommitmentAudit)> =
        standing.broken.iter().map(|(c, _)| (last_of(&c.verdicts, Verdict::Broken), *c)).collect();
    broken.sort_by_key(|(year, _)| std::cmp::Reverse(*year));
    let named: Vec<String> = broken
        .iter()
        .take(NAMED)
        .map(|(year, c)| {
            let ends = c.answered.last_covered == Some(*year) && *year < audit.to;
            let ends = if ends { ", the last year known" } else { "" };
            format!("{} ({year}{ends})", uncapital(&c.title))
        })
        .collect();
    if !named.is_empty() {
        let _ = write!(text, " Broken last: {}.", named.join(", "));
    }
    text
}

fn is_unknown(c: &CommitmentAudit) -> bool {
    let t = words::tally(&c.verdicts);
    t.decided() + t.elsewhere() + t.strained_or_worse == 0 && t.unknown > 0
}

/// `66 years known`.
fn years_known(known: u32) -> String {
    plural(known as usize, "year known", "years known")
}

fn unknown(c: &CommitmentAudit, t: &Tally) -> String {
    let mut text = if t.unknown as usize == c.verdicts.len() {
        "unknown in every year".to_owned()
    } else {
        format!("unknown in {}", plural(t.unknown as usize, "year", "years"))
    };
    for (count, what) in
        [(t.no_occasion, "nothing called for it in"), (t.not_applicable, "it does not apply in")]
    {
        if count > 0 {
            let _ = write!(text, ", {what} {count}");
        }
    }
    if let Some(year) = c.answered.looked_to {
        let _ = write!(text, ", looked at in part to {year}");
    }
    text
}

/// The values of something striven for that states no bar.
fn unjudged(c: &CommitmentAudit) -> String {
    let blocks = terminal::blocks(&c.values);
    let last = |block: &Vec<&comity_policy::audit::YearValue>| {
        let v = block.last()?;
        let mut text = format!("{} {} in {}", v.block, words::number(v.value), v.year);
        if let Some(p) = v.percentile.filter(|_| v.spread.is_none_or(|s| s[0] < s[4])) {
            let _ = write!(text, ", {}", words::standing(p));
        }
        Some(text)
    };
    let said: Vec<String> = blocks.iter().filter_map(last).collect();
    if said.is_empty() { "no value is known".to_owned() } else { said.join("; ") }
}

fn last_of(verdicts: &[YearVerdict], wanted: Verdict) -> i32 {
    verdicts.iter().rev().find(|v| v.verdict == wanted).map_or(0, |v| v.year)
}

/// The years of which no more is known than that they are strained or worse.
fn at_least(verdicts: &[YearVerdict]) -> impl Iterator<Item = i32> {
    verdicts.iter().filter(|v| v.at_least.is_some()).map(|v| v.year)
}

/// A title inside a sentence: its first word in lower case, unless that is a name in capitals.
pub fn uncapital(title: &str) -> String {
    let mut chars = title.chars();
    let (Some(first), second) = (chars.next(), title.chars().nth(1)) else { return String::new() };
    if second.is_some_and(|c| c.is_uppercase() || c.is_numeric()) {
        return title.to_owned();
    }
    first.to_lowercase().chain(chars).collect()
}

/// How broken years stand to known ones, for a table: `48 %`, `9 proved`, or a dash.
pub fn share(c: &CommitmentAudit) -> String {
    let t = words::tally(&c.verdicts);
    words::proved(&t).unwrap_or_else(|| words::percent(t.broken, t.decided()))
}

/// The same over all states.
pub fn share_of_all(c: &CommitmentAudit) -> String {
    let t = c.base_rate;
    words::proved(&t).unwrap_or_else(|| words::percent(t.broken, t.decided()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn with(verdicts: &[(i32, Verdict, bool)], known_to: Option<i32>) -> CommitmentAudit {
        let mut c = fixture::report().audits[0].commitments[0].clone();
        c.verdicts = verdicts
            .iter()
            .map(|(year, verdict, covered)| YearVerdict {
                covered: *covered,
                ..fixture::year(*year, *verdict, Vec::new())
            })
            .collect();
        c.answered.last_covered = known_to;
        c
    }

    #[test]
    fn the_last_breach_never_stands_without_what_is_known() {
        use Verdict::{Broken, Kept, Unknown};
        let c = with(&[(1950, Broken, true), (1951, Kept, true)], Some(1951));
        assert_eq!(of(&c, 1951), "broken in 1 of 2 years known, last in 1950");
        assert_eq!(of(&c, 1960), "broken in 1 of 2 years known, last in 1950; known to 1951");
        let c =
            with(&[(1950, Kept, true), (1951, Broken, true), (1952, Unknown, false)], Some(1951));
        assert_eq!(of(&c, 1952), "broken in 1 of 2 years known, last in 1951, the last year known");
        let c =
            with(&[(1950, Broken, true), (1951, Kept, true), (1952, Broken, false)], Some(1951));
        assert_eq!(
            of(&c, 1952),
            "broken in 1 of 2 years known, and in 1 known in part, last in 1952; fully known to 1951 only"
        );
        let c = with(&[(1950, Unknown, false), (1952, Broken, false)], None);
        assert_eq!(
            of(&c, 1952),
            "a breach is proved in 1 year, last in 1952; whether it was kept in the others is not known"
        );
    }

    #[test]
    fn what_was_not_broken_is_said_by_its_gravest() {
        use Verdict::{Broken, Contested, Kept, NoOccasion, NotApplicable, Strained, Unknown};
        let say = |verdicts: &[(i32, Verdict, bool)]| of(&with(verdicts, Some(1952)), 1952);
        assert_eq!(
            say(&[(1950, Kept, true), (1951, Kept, true)]),
            "kept in all 2 years known; known to 1952".replace("; known to 1952", "")
        );
        assert_eq!(say(&[(1950, Kept, true)]), "kept in the 1 year known");
        assert_eq!(
            say(&[(1950, Strained, true), (1951, Kept, true)]),
            "no breach, strained in 1 of 2 years known, last in 1950"
        );
        assert_eq!(
            say(&[(1950, Contested, true), (1951, Kept, true)]),
            "contested between the sources in 1 of 2 years known, last in 1950; never broken in the years known"
        );
        assert_eq!(say(&[(1950, Unknown, false)]), "unknown in every year");
        assert_eq!(
            say(&[(1950, Unknown, false), (1951, NoOccasion, true), (1952, NotApplicable, true)]),
            "unknown in 1 year, nothing called for it in 1, it does not apply in 1"
        );
        assert_eq!(
            say(&[(1950, Kept, true), (1951, Strained, false)]),
            "strained in 1 year known in part, kept in the 1 year known fully, last in 1951"
        );
        assert_eq!(
            say(&[(1950, Broken, true), (1951, Contested, true)]),
            "broken in 1 of 2 years known, last in 1950; contested between the sources in 1, last in 1951"
        );
        assert_eq!(say(&[(1950, NoOccasion, true)]), "nothing called for it in 1 year");
        assert_eq!(say(&[(1950, NotApplicable, true)]), "does not apply in these years");
    }

    #[test]
    fn a_proved_breach_is_never_a_share_of_zero() {
        use Verdict::{Broken, Kept};
        let c = with(&[(1950, Kept, true), (1951, Broken, false)], Some(1950));
        assert_eq!(share(&c), "1 proved");
        let c =
            with(&[(1950, Kept, true), (1951, Broken, true), (1952, Broken, false)], Some(1951));
        assert_eq!(share(&c), "50 %");
    }

    #[test]
    fn a_lead_counts_and_names_the_last_breaches() {
        let report = fixture::report();
        assert_eq!(
            lead(&report.audits[0]),
            "Of 2 commitments with a verdict, 1 broken in some year, 1 strained and not broken. \
             Broken last: no alliance with a great power (1959)."
        );
    }

    #[test]
    fn a_sentence_names_the_state_the_commitment_and_the_years() {
        let report = fixture::report();
        let (audit, c) = (&report.audits[0], &report.audits[0].commitments[0]);
        let said = sentence(audit, c, true);
        assert!(
            said.starts_with(
                "China, no alliance with a great power since 1949: broken in 10 of 19 years known"
            ),
            "{said}"
        );
        assert!(sentence(audit, c, false).contains(" in 1949–69: "));
        assert_eq!(uncapital("NATO and others"), "NATO and others");
        assert_eq!(uncapital("A fair order"), "a fair order");
    }
}
