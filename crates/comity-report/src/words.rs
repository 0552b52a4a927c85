//! What the verdicts say, in words: the same sentences in every form.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_policy::audit::{
    Answered, Audit, CommitmentAudit, Looked, Reach, ReadingRate, Severity, Tally, YearVerdict,
};
use comity_policy::verdict::Verdict;

pub use comity_policy::figures::{number, thousands};

use super::{ribbon, years};

/// How many spans of years a sentence lists before it says "and n more".
const SPANS: usize = 5;

/// The verdicts of these years, counted.
pub fn tally(verdicts: &[YearVerdict]) -> Tally {
    let mut tally = Tally::default();
    for v in verdicts {
        tally.add(v.verdict, v.covered, v.at_least.is_some());
    }
    tally
}

/// The years of one verdict, as spans.
pub fn spans_of(verdicts: &[YearVerdict], wanted: Verdict) -> Vec<(i32, i32)> {
    years::spans(verdicts.iter().filter(|v| v.verdict == wanted).map(|v| v.year))
}

/// The years of one verdict that are fully covered, or those that are not, as spans.
fn spans_where(verdicts: &[YearVerdict], wanted: Verdict, covered: bool) -> Vec<(i32, i32)> {
    let those = verdicts.iter().filter(|v| v.verdict == wanted && v.covered == covered);
    years::spans(those.map(|v| v.year))
}

/// `kept in 41 of 76 years known, broken in 12 (1950–61), unknown in 20`.
pub fn summary(commitment: &CommitmentAudit) -> String {
    let verdicts = &commitment.verdicts;
    let t = tally(verdicts);
    let known = t.decided();
    let mut parts: Vec<String> = Vec::new();
    if !commitment.judged {
        return "no verdict: it states no bar".into();
    }
    let counted = |count: u32, verdict: Verdict| {
        let spans = spans_where(verdicts, verdict, verdict != Verdict::Unknown);
        format!("{} in {count} ({})", ribbon::name(verdict), years::list(&spans, SPANS))
    };
    let proved = proved_only(commitment) && t.broken_elsewhere > 0;
    if proved {
        let spans = spans_of(verdicts, Verdict::Broken);
        let count = plural(t.broken_elsewhere as usize, "year", "years");
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
    for (count, verdict) in [
        (t.broken_elsewhere, Verdict::Broken),
        (t.strained_elsewhere, Verdict::Strained),
        (t.kept_elsewhere, Verdict::Kept),
    ] {
        if count > 0 && !(proved && verdict == Verdict::Broken) {
            let spans = spans_where(verdicts, verdict, false);
            let name = ribbon::name(verdict);
            let years = years::list(&spans, SPANS);
            parts.push(format!("{name} in {count} not fully covered ({years})"));
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
    if t.strained_or_worse > 0 {
        let those = verdicts.iter().filter(|v| v.at_least.is_some());
        let spans = years::spans(those.map(|v| v.year));
        let count = t.strained_or_worse;
        parts.push(format!("strained or worse in {count} ({})", years::list(&spans, SPANS)));
    }
    let unknown = t.unknown - t.strained_or_worse;
    if unknown > 0 {
        parts.push(if proved {
            format!("{} unknown", plural(unknown as usize, "other is", "others are"))
        } else if unknown as usize == verdicts.len() {
            format!("unknown in all {unknown} years")
        } else {
            let those = |v: &&YearVerdict| v.verdict == Verdict::Unknown && v.at_least.is_none();
            let spans = years::spans(verdicts.iter().filter(those).map(|v| v.year));
            format!("unknown in {unknown} ({})", years::list(&spans, SPANS))
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
    t.broken_elsewhere > 0 && t.decided() == 0
}

/// `9 proved`: what is said in place of a share where no known year is broken, and others are.
pub fn proved(t: &Tally) -> Option<String> {
    (t.broken == 0 && t.broken_elsewhere > 0)
        .then(|| format!("{} proved", thousands(t.broken_elsewhere)))
}

/// `all states: broken in 13 % of 8,912 known state-years`; nothing when nothing is known.
pub fn base_rate(commitment: &CommitmentAudit) -> Option<String> {
    let t = commitment.base_rate;
    let known = t.decided();
    if proved_only(commitment) {
        let years = plural(t.broken_elsewhere as usize, "state-year", "state-years");
        return Some(format!(
            "all states: a breach is proved in {years}; what the others did is not known"
        ));
    }
    if known == 0 {
        return None;
    }
    let mut text = format!("all states: broken in {}", percent(t.broken, known));
    text.push_str(&range(&commitment.base_rates, |t| t.broken));
    if t.strained > 0 {
        let _ = write!(text, ", strained in {}", percent(t.strained, known));
        text.push_str(&range(&commitment.base_rates, |t| t.strained));
    }
    let _ = write!(
        text,
        " of {} known state-year{}",
        thousands(known),
        if known == 1 { "" } else { "s" }
    );
    if t.broken_elsewhere > 0 {
        let more = plural(t.broken_elsewhere as usize, "state-year", "state-years");
        let _ = write!(text, "; a breach is proved in {more} besides that are not fully covered");
    }
    if t.mandated > 0 {
        let mandated = plural(t.mandated as usize, "state-year", "state-years");
        let _ = write!(text, "; acts under a mandate in {mandated}, counted apart");
    }
    Some(text)
}

/// ` (11 to 14 % by reading)`: the least and the most that a share is under any reading; nothing where all give the same.
pub fn range(rates: &[ReadingRate], part: impl Fn(Tally) -> u32) -> String {
    let mut shares: Vec<(f64, String)> = rates
        .iter()
        .map(|r| (part(r.rate), r.rate.decided()))
        .filter(|(_, known)| *known > 0)
        .map(|(part, known)| (f64::from(part) / f64::from(known), percent(part, known)))
        .collect();
    shares.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ends = shares.first().zip(shares.last()).filter(|(least, most)| least.1 != most.1);
    ends.map_or(String::new(), |((_, least), (_, most))| {
        format!(" ({} to {most} by reading)", least.trim_end_matches(" %"))
    })
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

/// A sentence begins with a capital letter.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
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
    let ends = ends_by_reading(&commitment.verdicts, Verdict::Broken);
    let broken = match ends {
        Some((least, most)) if least < most => {
            format!("; broken in {least} to {most} years by reading")
        }
        _ => String::new(),
    };
    Some(format!("sources differ in {count} ({}){broken}", years::list_of(years, SPANS)))
}

/// The least and the most years with this verdict under any reading.
fn ends_by_reading(verdicts: &[YearVerdict], verdict: Verdict) -> Option<(usize, usize)> {
    let readings = verdicts.iter().map(|v| v.readings.len()).max()?;
    let under = |at: usize| {
        let those =
            verdicts.iter().filter(|v| v.readings.get(at).is_some_and(|r| r.verdict == verdict));
        those.count()
    };
    let counts = || (0..readings).map(under);
    counts().min().zip(counts().max())
}

/// What is said below a summary, a sentence each: what was done under a mandate, breaches that only another reading proves, who did look
/// at unknown years, and where the readings are at odds.
pub fn further(commitment: &CommitmentAudit) -> Vec<String> {
    let mut all = further_of(commitment);
    all.extend(looked_at(&commitment.looked));
    all.extend(disagreement(commitment));
    all.push(answered(&commitment.answered));
    all
}

/// What was done under a mandate, and breaches that only another reading proves.
fn further_of(commitment: &CommitmentAudit) -> Vec<String> {
    let mut all = Vec::new();
    let mandated = commitment.findings.iter().filter(|f| f.severity == Severity::Mandated);
    let years: Vec<i32> = mandated.map(|f| f.year).collect();
    if !years.is_empty() {
        let list = years::list_of(years, SPANS);
        all.push(format!("under a mandate of the Security Council in {list}, counted apart"));
    }
    let mut broken: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
    for v in &commitment.verdicts {
        v.broken_in.iter().for_each(|id| broken.entry(id).or_default().push(v.year));
    }
    for (reading, years) in broken {
        let list = years::list_of(years, SPANS);
        all.push(format!("unknown, and broken if {reading} in {list}"));
    }
    all
}

/// What stands below the years of a commitment, without what its sentence says: what was done under a mandate, breaches that only another
/// reading proves, who looked at unknown years, and where the readings are at odds.
pub fn beside(commitment: &CommitmentAudit) -> Vec<String> {
    let mut all = further_of(commitment);
    all.extend(looked_briefly(&commitment.looked));
    all.extend(disagreement(commitment));
    all
}

/// `2015–24 looked at in part, and nothing was found: ucdp-acd-25.1`.
pub fn looked_briefly(all: &[Looked]) -> Option<String> {
    let years: BTreeSet<i32> = all.iter().flat_map(|l| l.from..=l.to).collect();
    let sources: BTreeSet<&str> = all.iter().flat_map(|l| &l.sources).map(String::as_str).collect();
    let sources: Vec<&str> = sources.into_iter().collect();
    (!years.is_empty()).then(|| {
        let list = years::list_of(years, SPANS);
        format!("{list} looked at in part, and nothing was found: {}", sources.join(", "))
    })
}

/// How many datasets a sentence names.
const NAMED: usize = 3;

/// To which year it is answered, and what reaches further: `answered to 2016, looked at in part to 2024; further would reach pacts-5.1 (to 2018)`.
pub fn answered(answered: &Answered) -> String {
    let mut text = match answered.last_year {
        Some(year) => format!("answered to {year}"),
        None => "answered in no year".to_owned(),
    };
    if let Some(year) = answered.looked_to {
        let _ = write!(text, ", looked at in part to {year}");
    }
    if !answered.moved_by.is_empty() {
        let verb =
            if answered.last_year.is_some() { "further would reach" } else { "it would be by" };
        let _ = write!(text, "; {verb} {}", moved_by(answered));
    }
    text
}

/// The editions that reach further, with the years to which they do.
pub fn moved_by(answered: &Answered) -> String {
    let named = answered.moved_by.iter().take(NAMED);
    let edition = |r: &Reach| match r.version.as_str() {
        "unnumbered" => format!("{} (to {})", r.dataset, r.to),
        version => format!("{}-{version} (to {})", r.dataset, r.to),
    };
    let mut list: Vec<String> = named.map(edition).collect();
    let more = answered.moved_by.len().saturating_sub(NAMED);
    if more > 0 {
        list.push(format!("and {more} more"));
    }
    list.join(", ")
}

/// What did cover unknown years, one sentence for all years of which it is the same: `1990–94, 2015–24 looked at in part: ucdp-acd-25.1
/// (fighting with 25 or more deaths a year) holds nothing against it`.
pub fn looked_at(all: &[Looked]) -> Vec<String> {
    let same = |a: &Looked, b: &Looked| {
        (&a.sources, &a.about, &a.block) == (&b.sources, &b.about, &b.block)
    };
    let first = |at: &usize| !all[..*at].iter().any(|before| same(before, &all[*at]));
    (0..all.len())
        .filter(first)
        .map(|at| {
            let l = &all[at];
            let spans = all.iter().filter(|other| same(other, l));
            let years: BTreeSet<i32> = spans.flat_map(|s| s.from..=s.to).collect();
            let about = match l.about.as_slice() {
                [] => String::new(),
                about => format!(" ({})", about.join("; ")),
            };
            let holds = if l.sources.len() == 1 { "holds" } else { "hold" };
            format!(
                "{} looked at in part: {}{about} {holds} nothing against it (block {})",
                years::list_of(years, SPANS),
                l.sources.join(", "),
                l.block
            )
        })
        .collect()
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
    /// Strained or worse in some year, and nothing more is known.
    pub strained_or_worse: Vec<(&'a CommitmentAudit, String)>,
    /// Kept in every year that is known.
    pub kept: Vec<(&'a CommitmentAudit, String)>,
    /// Values are shown, and there is no verdict.
    pub shown: Vec<(&'a CommitmentAudit, String)>,
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
            let (broken, strained) =
                (t.broken + t.broken_elsewhere, t.strained + t.strained_elsewhere);
            let counted = |n: u32, verdict: Verdict| {
                let last = spans_of(&c.verdicts, verdict).last().map_or(0, |s| s.1);
                if n == 0 || proved_only(c) {
                    let found = c.verdicts.iter().filter(|v| v.verdict == verdict).count();
                    let n = found as u32;
                    return format!(
                        "proved in {}, last in {last}",
                        plural(n as usize, "year", "years")
                    );
                }
                format!("{n} of {} known, last in {last}", plural(known as usize, "year", "years"))
            };
            if !c.judged {
                let list = if c.values.is_empty() { &mut out.unknown } else { &mut out.shown };
                list.push((c, String::new()));
            } else if broken > 0 {
                out.broken.push((c, counted(t.broken, Verdict::Broken)));
            } else if t.contested > 0 {
                out.contested.push((c, counted(t.contested, Verdict::Contested)));
            } else if strained > 0 {
                out.strained.push((c, counted(t.strained, Verdict::Strained)));
            } else if t.strained_or_worse > 0 {
                let years = plural(t.strained_or_worse as usize, "year", "years");
                out.strained_or_worse.push((c, format!("in {years}")));
            } else if t.kept + t.kept_elsewhere > 0 {
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
            ("Strained or worse", &self.strained_or_worse),
            ("Kept in every year known", &self.kept),
            ("Shown without a verdict", &self.shown),
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
        (&s.strained_or_worse, "strained or worse"),
        (&s.kept, "kept in every year known"),
        (&s.shown, "shown without a verdict"),
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

/// `better than 71 % of states`.
pub fn standing(percentile: f64) -> String {
    format!("better than {:.0} % of states", (100.0 * percentile).clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use comity_policy::audit::ReadingVerdict;

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
    fn the_last_year_answered_is_said_with_what_reaches_further() {
        let reach = |dataset: &str, to| Reach { dataset: dataset.into(), version: "2".into(), to };
        let all = ["a", "b", "c", "d", "e"].map(|d| reach(d, 2020)).to_vec();
        let to_1990 = Answered { last_year: Some(1990), ..Answered::default() };
        assert_eq!(answered(&to_1990), "answered to 1990");
        let looked = Answered { looked_to: Some(1999), moved_by: all[..2].to_vec(), ..to_1990 };
        assert_eq!(
            answered(&looked),
            "answered to 1990, looked at in part to 1999; further would reach a-2 (to 2020), b-2 (to 2020)"
        );
        let daily = Reach { version: "unnumbered".into(), ..all[0].clone() };
        let named = Answered { moved_by: vec![daily], ..Answered::default() };
        assert_eq!(moved_by(&named), "a (to 2020)");
        let never = Answered { moved_by: all, ..Answered::default() };
        assert_eq!(
            answered(&never),
            "answered in no year; it would be by a-2 (to 2020), b-2 (to 2020), c-2 (to 2020), and 2 more"
        );
    }

    #[test]
    fn who_looked_is_said_once_for_all_its_years() {
        let looked = |block: &str, from, to| Looked {
            block: block.into(),
            from,
            to,
            sources: vec!["invented-1".into()],
            about: Vec::new(),
        };
        let all =
            [looked("wars", 1950, 1953), looked("raids", 1950, 1953), looked("wars", 1960, 1960)];
        assert_eq!(
            looked_at(&all),
            [
                "1950–53, 1960 looked at in part: invented-1 holds nothing against it (block wars)",
                "1950–53 looked at in part: invented-1 holds nothing against it (block raids)",
            ]
        );
    }

    #[test]
    fn a_share_carries_its_range_over_readings() {
        let report = fixture::report();
        let said = base_rate(&report.audits[0].commitments[0]).unwrap();
        assert!(
            said.starts_with(
                "all states: broken in 43 % (39 to 43 % by reading), strained in 10 % of 990 known"
            ),
            "{said}"
        );
        let one = base_rate(&report.audits[0].commitments[1]).unwrap();
        assert!(one.starts_with("all states: broken in 25 %, strained in 25 % of 1,000"), "{one}");
    }

    #[test]
    fn years_are_counted_under_each_reading() {
        let mut c = fixture::report().audits[0].commitments[0].clone();
        let under = |verdict| ReadingVerdict { sources: Vec::new(), verdict, at_least: None };
        for (at, v) in c.verdicts.iter_mut().enumerate() {
            let other = if at < 3 { Verdict::Kept } else { Verdict::Broken };
            v.readings = vec![under(Verdict::Broken), under(other)];
        }
        let all = c.verdicts.len();
        let said = disagreement(&c).unwrap();
        let expected = format!(
            "sources differ in 3 years (1949–51); broken in {} to {all} years by reading",
            all - 3
        );
        assert_eq!(said, expected);
    }

    #[test]
    fn percents_never_round_to_never_or_always() {
        assert_eq!(percent(1, 900), "under 1 %");
        assert_eq!(percent(899, 900), "over 99 %");
        assert_eq!(percent(0, 900), "0 %");
        assert_eq!(percent(900, 900), "100 %");
        assert_eq!(percent(1, 8), "12 %");
    }
}
