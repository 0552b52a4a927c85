//! An audit in any of its forms.

use std::io::Write;

use comity_policy::audit::{Audit, Report};
use comity_policy::verdict::Verdict;

use crate::{Form, Page, ReportError, csv, html, json, junit, markdown, plain, terminal};

/// Writes an audit. Text is as wide as the terminal, and has its colours; in `JUnit` a case fails where a verdict is one of `fail_on` or worse;
/// CSV has findings in place of verdicts where evidence is requested.
///
/// # Errors
/// A form that no audit has, and what writing can do.
pub fn write(
    page: Page<'_>,
    form: Form,
    fail_on: &[Verdict],
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    match form {
        Form::Text => out.write_all(terminal::render(page, plain::width()).as_bytes())?,
        Form::Json => json::write(page.report, out)?,
        Form::Csv if page.extra.evidence => csv::findings(page.report, out)?,
        Form::Csv => csv::verdicts(page.report, out)?,
        Form::Markdown => out.write_all(markdown::render(page).as_bytes())?,
        Form::Html => out.write_all(html::render(page).as_bytes())?,
        Form::Junit => out.write_all(junit::render(page.report, fail_on).as_bytes())?,
        _ => return Err(ReportError::new(format!("an audit is not written as {}", form.name()))),
    }
    Ok(())
}

/// Whether a verdict is `named` or a worse one; what is strained or worse is strained.
pub(crate) fn meets(verdict: Verdict, at_least: Option<Verdict>, named: Verdict) -> bool {
    verdict.is_or_worse(named) || at_least.is_some_and(|least| least.is_or_worse(named))
}

/// Whether any year has a verdict that is named, or a worse one.
pub fn fails(report: &Report, fail_on: &[Verdict]) -> bool {
    report.audits.iter().any(|audit| audit_fails(audit, fail_on))
}

/// The same of one state.
pub fn audit_fails(audit: &Audit, fail_on: &[Verdict]) -> bool {
    let mut verdicts = audit.commitments.iter().flat_map(|c| &c.verdicts);
    verdicts.any(|v| fail_on.iter().any(|named| meets(v.verdict, v.at_least, *named)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn fail_on_is_met_by_the_named_verdict_or_a_worse_one() {
        let report = fixture::report();
        assert!(fails(&report, &[Verdict::Strained]));
        assert!(fails(&report, &[Verdict::Contested]));
        assert!(!fails(&report, &[Verdict::NoOccasion]));
        assert!(!fails(&report, &[]));
    }

    #[test]
    fn strained_or_worse_meets_strained_and_unknown_and_not_broken() {
        let mut report = fixture::report();
        let v = &mut report.audits[0].commitments[0].verdicts;
        v.truncate(1);
        (v[0].verdict, v[0].at_least) = (Verdict::Unknown, Some(Verdict::Strained));
        report.audits[0].commitments.truncate(1);
        assert!(fails(&report, &[Verdict::Strained]) && fails(&report, &[Verdict::Unknown]));
        assert!(!fails(&report, &[Verdict::Broken]));
    }
}
