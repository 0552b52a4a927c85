//! The report for a build server: one suite per state, one case per commitment.
//!
//! A case is named by policy, state and commitment alone, so that a build server knows it again when years are added or verdicts change; the
//! years are in what it says.

use std::fmt::Write as _;

use comity_policy::audit::{CommitmentAudit, Report};
use comity_policy::verdict::{Form, Verdict};

use super::audit::meets;
use super::{evidence, ribbon, words, years};

/// What becomes of a case.
enum Outcome {
    Passed,
    /// Years with a verdict that was asked about, and the first of their forms.
    Failed(Vec<i32>, Form),
    Skipped,
}

/// Writes the suites. A case fails where a year has a verdict of `fail_on` or a worse one (broken without any). It is skipped and not passed
/// where a year is not known or contested, and where no year had occasion.
pub fn render(report: &Report, fail_on: &[Verdict]) -> String {
    let fail_on: &[Verdict] = if fail_on.is_empty() { &[Verdict::Broken] } else { fail_on };
    let policy = escape(&report.policy.id);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"{policy}\">");
    for audit in &report.audits {
        let state = escape(&audit.state.handle);
        let mut cases = String::new();
        let (mut tests, mut failures, mut skipped) = (0, 0, 0);
        for c in &audit.commitments {
            let Some(outcome) = outcome(c, fail_on) else { continue };
            tests += 1;
            let _ = write!(
                cases,
                "    <testcase classname=\"{policy}.{state}\" name=\"{}\"",
                escape(&c.id)
            );
            let said = escape(&in_words(c));
            match outcome {
                Outcome::Failed(of, form) => {
                    failures += 1;
                    let _ = writeln!(
                        cases,
                        "><failure type=\"{}\" message=\"{}: {said}\">{}</failure></testcase>",
                        form.verdict().name(),
                        escape(&c.title),
                        escape(&because(c, &of))
                    );
                }
                Outcome::Skipped => {
                    skipped += 1;
                    let _ = writeln!(cases, "><skipped message=\"{said}\"/></testcase>");
                }
                Outcome::Passed => {
                    let _ = writeln!(cases, "><system-out>{said}</system-out></testcase>");
                }
            }
        }
        let _ = writeln!(
            out,
            "  <testsuite name=\"{policy}.{state}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\" errors=\"0\">",
        );
        let _ = writeln!(out, "    <properties>");
        for (name, value) in [
            ("policy", &report.policy.title),
            ("state", &super::title(audit)),
            ("policy.fingerprint", &report.policy.fingerprint),
            ("record.fingerprint", &report.record.fingerprint),
            ("program", &report.program),
        ] {
            let _ = writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", escape(value));
        }
        let _ = writeln!(out, "    </properties>");
        out.push_str(&cases);
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    super::plain::checked(out, false)
}

/// What becomes of a commitment; none where it applies in no year.
fn outcome(c: &CommitmentAudit, fail_on: &[Verdict]) -> Option<Outcome> {
    let forms = || c.verdicts.iter().map(|v| (v.year, v.form()));
    let applies = |form: &Form| *form != Form::NotApplicable;
    if !forms().any(|(_, form)| applies(&form)) {
        return None;
    }
    let asked = |form: &Form| {
        let least = (*form == Form::StrainedOrWorse).then_some(Verdict::Strained);
        applies(form) && fail_on.iter().any(|named| meets(form.verdict(), least, *named))
    };
    let failed: Vec<(i32, Form)> = forms().filter(|(_, form)| asked(form)).collect();
    if let Some((_, first)) = failed.first() {
        return Some(Outcome::Failed(failed.iter().map(|(year, _)| *year).collect(), *first));
    }
    let open = |verdict: Verdict| matches!(verdict, Verdict::Unknown | Verdict::Contested);
    let mut verdicts = forms().filter(|(_, form)| applies(form)).map(|(_, form)| form.verdict());
    let idle = verdicts.clone().all(|verdict| verdict == Verdict::NoOccasion);
    Some(if idle || verdicts.any(open) { Outcome::Skipped } else { Outcome::Passed })
}

/// `broken in 1950–59; unknown in 1960–61`: every form with its years, in the order in which they come first.
fn in_words(c: &CommitmentAudit) -> String {
    let runs = ribbon::runs(&c.verdicts);
    let mut forms: Vec<Form> = Vec::new();
    for run in &runs {
        if !forms.contains(&run.form) {
            forms.push(run.form);
        }
    }
    let of = |form: &Form| {
        let spans: Vec<(i32, i32)> =
            runs.iter().filter(|r| r.form == *form).map(|r| (r.from, r.to)).collect();
        format!("{} in {}", form.name(), years::list(&spans, usize::MAX - 1))
    };
    forms.iter().map(of).collect::<Vec<_>>().join("; ")
}

/// The findings of these years, one line each.
fn because(c: &CommitmentAudit, of: &[i32]) -> String {
    let mut text = format!("{}\n", words::summary(c));
    for strand in evidence::strands(&c.findings) {
        if strand.years.iter().any(|y| of.contains(y)) {
            let f = strand.finding;
            let _ = writeln!(
                text,
                "{} {} {} {} [{} {}]",
                strand.years(),
                evidence::severity(f.severity),
                f.what,
                strand.other(),
                f.source,
                f.source_row
            );
        }
    }
    text
}

/// Text for XML; characters that XML cannot hold become U+FFFD.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn broken_fails_and_unknown_is_skipped() {
        let xml = render(&fixture::report(), &[]);
        assert!(xml.contains("<testcase classname=\"independent-peace.CHN\" name=\"no-great-power-alliance\"><failure type=\"broken\""), "{xml}");
        assert!(!xml.contains('\u{1b}'));
        assert!(xml.contains("An independent &lt;foreign&gt; policy"));
    }

    #[test]
    fn fail_on_moves_the_line() {
        let failures = |fail_on: &[Verdict]| {
            let xml = render(&fixture::report(), fail_on);
            xml.matches("<failure").count()
        };
        assert!(failures(&[Verdict::Strained]) > failures(&[]));
    }

    #[test]
    fn a_case_keeps_its_name_when_years_and_verdicts_change() {
        let names = |xml: &str| -> Vec<String> {
            let named = xml.lines().filter(|l| l.contains("<testsuite") || l.contains("<testcase"));
            named
                .map(|l| {
                    l.split(" tests=")
                        .next()
                        .unwrap_or(l)
                        .split('>')
                        .next()
                        .unwrap_or(l)
                        .trim()
                        .to_owned()
                })
                .collect()
        };
        let before = fixture::report();
        let mut after = fixture::report();
        after.record.fingerprint = "another".into();
        for c in after.audits.iter_mut().flat_map(|audit| &mut audit.commitments) {
            c.verdicts.truncate(c.verdicts.len() - 1);
            c.verdicts.reverse();
            let last = c.verdicts.len();
            c.verdicts.iter_mut().zip(1990..).for_each(|(v, year)| v.year = year + last as i32);
        }
        let (before, after) = (render(&before, &[]), render(&after, &[]));
        assert_ne!(before, after);
        assert_eq!(names(&before), names(&after));
    }
}
