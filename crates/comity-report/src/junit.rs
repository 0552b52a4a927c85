//! The report for a build server: one suite per state, one case per commitment and stretch of years.

use std::fmt::Write as _;

use comity_policy::audit::{CommitmentAudit, Report};
use comity_policy::verdict::{Form, Verdict};

use super::audit::meets;
use super::{evidence, ribbon, words, years};

/// Writes the suites. A case fails where its verdict is one of `fail_on` or worse (broken without any);
/// what is not known, or had no occasion, is skipped and not passed.
pub fn render(report: &Report, fail_on: &[Verdict]) -> String {
    let fail_on: &[Verdict] = if fail_on.is_empty() { &[Verdict::Broken] } else { fail_on };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"{}\">", escape(&report.policy.title));
    for audit in &report.audits {
        let mut cases = String::new();
        let (mut tests, mut failures, mut skipped) = (0, 0, 0);
        for c in &audit.commitments {
            for run in ribbon::runs(&c.verdicts) {
                if run.form == Form::NotApplicable {
                    continue;
                }
                tests += 1;
                let _ = write!(
                    cases,
                    "    <testcase classname=\"{}.{}\" name=\"{} {}\"",
                    escape(&audit.state.abbr),
                    escape(&c.article),
                    escape(&c.id),
                    years::words(run.from, run.to)
                );
                let say = run.form.name();
                let least = (run.form == Form::StrainedOrWorse).then_some(Verdict::Strained);
                if fail_on.iter().any(|named| meets(run.form.verdict(), least, *named)) {
                    failures += 1;
                    let _ = writeln!(
                        cases,
                        "><failure type=\"{}\" message=\"{}: {say}\">{}</failure></testcase>",
                        run.form.verdict().name(),
                        escape(&c.title),
                        escape(&because(c, run))
                    );
                } else if matches!(
                    run.form.verdict(),
                    Verdict::Unknown | Verdict::NoOccasion | Verdict::Contested
                ) {
                    skipped += 1;
                    let _ = writeln!(cases, "><skipped message=\"{say}\"/></testcase>");
                } else {
                    cases.push_str("/>\n");
                }
            }
        }
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\" errors=\"0\">",
            escape(&super::title(audit))
        );
        let _ = writeln!(out, "    <properties>");
        for (name, value) in [
            ("policy", &report.policy.id),
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

/// The findings of these years, one line each.
fn because(c: &CommitmentAudit, run: ribbon::Run) -> String {
    let mut text = format!("{}\n", words::summary(c));
    for strand in evidence::strands(&c.findings) {
        if strand.years.iter().any(|y| (run.from..=run.to).contains(y)) {
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
        assert!(xml.contains("tests=\"9\" failures=\"1\" skipped=\"2\""), "{xml}");
        assert!(
            xml.contains("name=\"no-great-power-alliance 1950–59\"><failure type=\"broken\""),
            "{xml}"
        );
        assert!(xml.contains("name=\"no-great-power-alliance 1968–69\"><skipped"), "{xml}");
        assert!(!xml.contains('\u{1b}'));
        assert!(xml.contains("An independent &lt;foreign&gt; policy"));
    }

    #[test]
    fn fail_on_moves_the_line() {
        let xml = render(&fixture::report(), &[Verdict::Strained]);
        assert!(xml.contains("failures=\"3\""), "{xml}");
    }
}
