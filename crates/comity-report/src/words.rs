//! What the verdicts say, in words: the same sentences in every form.

use std::fmt::Write as _;

use comity_policy::audit::{Audit, CommitmentAudit, Tally, YearVerdict};
use comity_policy::verdict::Verdict;

use super::{ribbon, years};

/// How many spans of years a sentence lists before it says "and n more".
const SPANS: usize = 5;

/// The verdicts of these years, counted.
pub fn tally(verdicts: &[YearVerdict]) -> Tally {
    let mut tally = Tally::default();
    for v in verdicts {
        tally.add(v.verdict);
    }
    tally
}

/// The years of one verdict, as spans.
pub fn spans_of(verdicts: &[YearVerdict], wanted: Verdict) -> Vec<(i32, i32)> {
    years::spans(verdicts.iter().filter(|v| v.verdict == wanted).map(|v| v.year))
}

/// `kept in 41 of 76 years known, broken in 12 (1950–61), unknown in 20`.
pub fn summary(commitment: &CommitmentAudit) -> String {
    let verdicts = &commitment.verdicts;
    let t = tally(verdicts);
    let known = t.decided();
    let mut parts: Vec<String> = Vec::new();
    let counted = |count: u32, verdict: Verdict| {
        let spans = spans_of(verdicts, verdict);
        format!("{} in {count} ({})", ribbon::name(verdict), years::list(&spans, SPANS))
    };
    if proved_only(commitment) && t.broken > 0 {
        let spans = spans_of(verdicts, Verdict::Broken);
        let count = plural(t.broken as usize, "year", "years");
        parts.push(format!("a breach is proved in {count} ({})", years::list(&spans, SPANS)));
    } else if known > 0 {
        let of = if known == 1 { "the 1 year".into() } else { format!("{known} years") };
        if t.kept == known {
            parts.push(
                format!("kept in all {known} years known").replace("all 1 years", "the 1 year"),
            );
        } else if t.kept > 0 {
            parts.push(format!("kept in {} of {of} known", t.kept));
        } else {
            parts.push(format!("kept in none of {of} known").replace("of the 1 year", "of 1 year"));
        }
        for (count, verdict) in [
            (t.strained, Verdict::Strained),
            (t.broken, Verdict::Broken),
            (t.contested, Verdict::Contested),
        ] {
            if count > 0 {
                parts.push(counted(count, verdict));
            }
        }
    }
    if t.no_occasion > 0 {
        let all = t.no_occasion as usize == verdicts.len();
        parts.push(if all {
            format!("no occasion in any of {} years", verdicts.len())
        } else {
            format!("no occasion in {}", t.no_occasion)
        });
    }
    if t.unknown > 0 {
        parts.push(if proved_only(commitment) && t.broken > 0 {
            format!("{} unknown", plural(t.unknown as usize, "other is", "others are"))
        } else if known == 0 && t.no_occasion == 0 && t.not_applicable == 0 {
            format!("unknown in all {} years", t.unknown)
        } else {
            counted(t.unknown, Verdict::Unknown)
        });
    }
    if t.not_applicable > 0 {
        let all = t.not_applicable as usize == verdicts.len();
        parts.push(if all {
            "not applicable in these years".into()
        } else {
            format!("not applicable in {}", t.not_applicable)
        });
    }
    parts.join(", ")
}

/// Whether breaches are all that this record can show of a commitment: where nothing is found, it does
/// not tell, of any state. A share of known years would then say nothing.
pub fn proved_only(c: &CommitmentAudit) -> bool {
    let t = c.base_rate;
    t.broken > 0 && t.unknown > 0 && t.kept + t.strained + t.contested == 0
}

/// `all states: broken in 13 % of 8,912 known state-years`; nothing when nothing is known.
pub fn base_rate(commitment: &CommitmentAudit) -> Option<String> {
    let t = commitment.base_rate;
    let known = t.decided();
    if known == 0 {
        return None;
    }
    if proved_only(commitment) {
        let years = plural(t.broken as usize, "state-year", "state-years");
        return Some(format!(
            "all states: a breach is proved in {years}; what the others did is not known"
        ));
    }
    let mut text = format!("all states: broken in {}", percent(t.broken, known));
    if t.strained > 0 {
        let _ = write!(text, ", strained in {}", percent(t.strained, known));
    }
    let _ = write!(
        text,
        " of {} known state-year{}",
        thousands(known),
        if known == 1 { "" } else { "s" }
    );
    Some(text)
}

/// `13 %`; never 0 or 100 unless it is.
pub fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "–".into();
    }
    let exact = 100.0 * f64::from(part) / f64::from(whole);
    if part > 0 && exact < 1.0 {
        "under 1 %".into()
    } else if part < whole && exact > 99.0 {
        "over 99 %".into()
    } else {
        format!("{exact:.0} %")
    }
}

/// `8,912`.
pub fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `1 finding`, `12 findings`.
pub fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n as u32), if n == 1 { one } else { many })
}

/// The years in which the readings of the sources do not agree, as a sentence.
pub fn disagreement(commitment: &CommitmentAudit) -> Option<String> {
    let years: Vec<i32> =
        commitment.verdicts.iter().filter(|v| differs(v)).map(|v| v.year).collect();
    if years.is_empty() {
        return None;
    }
    let count = plural(years.len(), "year", "years");
    Some(format!("sources differ in {count} ({})", years::list_of(years, SPANS)))
}

/// Whether one reading says something else than another, both knowing.
pub fn differs(verdict: &YearVerdict) -> bool {
    let mut known = verdict.readings.iter().map(|r| r.verdict).filter(|v| *v != Verdict::Unknown);
    known.next().is_some_and(|first| known.any(|v| v != first))
}

/// How the commitments of one state fared, by the gravest verdict of any year: what a summary names.
/// Commitments are named and counted, never added up.
#[derive(Debug, Default)]
pub struct Standing<'a> {
    /// Broken in some year, with the years in words.
    pub broken: Vec<(&'a CommitmentAudit, String)>,
    /// Contested in some year and never broken.
    pub contested: Vec<(&'a CommitmentAudit, String)>,
    /// Strained at worst.
    pub strained: Vec<(&'a CommitmentAudit, String)>,
    /// Kept in every year that is known.
    pub kept: Vec<(&'a CommitmentAudit, String)>,
    /// Not known in any year.
    pub unknown: Vec<(&'a CommitmentAudit, String)>,
    /// Nothing called for it, or it did not apply.
    pub idle: Vec<(&'a CommitmentAudit, String)>,
}

impl<'a> Standing<'a> {
    /// Sorts the commitments of an audit.
    pub fn of(audit: &'a Audit) -> Self {
        let mut out = Self::default();
        for c in &audit.commitments {
            let t = tally(&c.verdicts);
            let known = t.decided();
            let counted = |n: u32, verdict: Verdict| {
                let last = spans_of(&c.verdicts, verdict).last().map_or(0, |s| s.1);
                if proved_only(c) {
                    return format!(
                        "proved in {}, last in {last}",
                        plural(n as usize, "year", "years")
                    );
                }
                format!("{n} of {} known, last in {last}", plural(known as usize, "year", "years"))
            };
            if t.broken > 0 {
                out.broken.push((c, counted(t.broken, Verdict::Broken)));
            } else if t.contested > 0 {
                out.contested.push((c, counted(t.contested, Verdict::Contested)));
            } else if t.strained > 0 {
                out.strained.push((c, counted(t.strained, Verdict::Strained)));
            } else if t.kept > 0 {
                out.kept.push((c, plural(known as usize, "year known", "years known")));
            } else if t.unknown > 0 {
                out.unknown.push((c, String::new()));
            } else {
                out.idle.push((c, String::new()));
            }
        }
        out
    }

    /// The groups that are not empty, each with its name.
    pub fn groups(&self) -> Vec<(&'static str, &[(&'a CommitmentAudit, String)])> {
        [
            ("Broken in some year", self.broken.as_slice()),
            ("Contested: one reading of the sources keeps it, another breaks it", &self.contested),
            ("Strained at worst", &self.strained),
            ("Kept in every year known", &self.kept),
            ("Not known in any year", &self.unknown),
            ("Not called for", &self.idle),
        ]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .collect()
    }
}

/// The audit of one state in a sentence or two.
pub fn lead(audit: &Audit) -> String {
    let s = Standing::of(audit);
    let all = audit.commitments.len();
    let answered = all - s.unknown.len() - s.idle.len();
    if answered == 0 {
        return format!(
            "The record answers none of {} in these years.",
            plural(all, "commitment", "commitments")
        );
    }
    let mut parts = Vec::new();
    for (list, words) in [
        (&s.broken, "broken in at least one year"),
        (&s.contested, "contested between the sources"),
        (&s.strained, "strained at worst"),
        (&s.kept, "kept in every year known"),
    ] {
        if !list.is_empty() {
            parts.push(format!("{} {words}", list.len()));
        }
    }
    let mut text = format!(
        "{} {}: of {} the record answers {answered} for at least one year; of these, {}.",
        audit.state.name,
        years::words(audit.from, audit.to),
        plural(all, "commitment", "commitments"),
        parts.join(", ")
    );
    if !s.unknown.is_empty() {
        let _ = write!(text, " For {} it has no answer in any year.", s.unknown.len());
    }
    text
}

/// A number with as many figures as a person needs.
pub fn number(value: f64) -> String {
    let size = value.abs();
    let text = if size >= 1000.0 {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{}", thousands(size.round().min(4e9) as u32));
    } else if size >= 100.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else if size >= 10.0 {
        format!("{value:.1}")
    } else if size >= 0.01 {
        format!("{value:.2}")
    } else {
        format!("{value:.4}")
    };
    text.replace('-', "−")
}

/// `better than 71 % of states`.
pub fn standing(percentile: f64) -> String {
    format!("better than {:.0} % of states", (100.0 * percentile).clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_summary_counts_and_dates() {
        let report = fixture::report();
        let c = &report.audits[0].commitments[0];
        assert_eq!(
            summary(c),
            "kept in 7 of 19 years known, strained in 1 (1963), broken in 10 (1950–59), \
             contested in 1 (1964), unknown in 2 (1968–69)"
        );
    }

    #[test]
    fn percents_never_round_to_never_or_always() {
        assert_eq!(percent(1, 900), "under 1 %");
        assert_eq!(percent(899, 900), "over 99 %");
        assert_eq!(percent(0, 900), "0 %");
        assert_eq!(percent(900, 900), "100 %");
        assert_eq!(percent(1, 8), "12 %");
        assert_eq!(thousands(8_912), "8,912");
        assert_eq!(thousands(12), "12");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(0.623_4), "0.62");
        assert_eq!(number(12_345.6), "12,346");
        assert_eq!(number(-3.0), "−3");
        assert_eq!(number(0.001_23), "0.0012");
    }
}
