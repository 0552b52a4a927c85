//! Tables for spreadsheets: verdicts, one row per state, commitment and year; or the findings behind them.

use std::borrow::Cow;
use std::io::Write;

use comity_policy::audit::Report;
use comity_policy::verdict::Verdict;

use super::{evidence, plain::clean};
use crate::error::ReportError;

/// Text that a spreadsheet would run as a formula is made text again with an apostrophe.
pub fn cell(text: &str) -> Cow<'_, str> {
    let text = clean(text);
    if text.trim_start().starts_with(['=', '+', '-', '@']) {
        Cow::Owned(format!("'{text}"))
    } else {
        text
    }
}

/// A number as a cell; empty where there is none.
pub fn number(value: Option<impl ToString>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// A writer of CSV.
pub fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::Writer::from_writer(out)
}

/// One row per state, commitment and year.
pub fn verdicts(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut csv = writer(out);
    csv.write_record([
        "ccode",
        "abbr",
        "state",
        "article",
        "commitment",
        "kind",
        "year",
        "verdict",
        "findings",
        "readings",
        "at_least",
        "covered",
    ])
    .map_err(io)?;
    for audit in &report.audits {
        for c in &audit.commitments {
            for v in &c.verdicts {
                let findings = c.findings.iter().filter(|f| f.year == v.year).count();
                let readings: Vec<String> = v
                    .readings
                    .iter()
                    .map(|r| format!("{}: {}", r.sources.join("+"), r.verdict))
                    .collect();
                csv.write_record([
                    &audit.state.ccode.to_string(),
                    &*cell(&audit.state.abbr),
                    &*cell(&audit.state.name),
                    &*cell(&c.article),
                    &*cell(&c.id),
                    c.kind.name(),
                    &v.year.to_string(),
                    v.verdict.name(),
                    &findings.to_string(),
                    &*cell(&readings.join("; ")),
                    &*cell(v.at_least.map_or("", Verdict::name)),
                    &*cell(if v.covered { "true" } else { "false" }),
                ])
                .map_err(io)?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}

/// One row per finding.
pub fn findings(report: &Report, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut csv = writer(out);
    csv.write_record([
        "ccode",
        "abbr",
        "commitment",
        "year",
        "severity",
        "other",
        "other_abbr",
        "what",
        "magnitude",
        "label",
        "also",
        "block",
        "reading",
        "source",
        "source_row",
    ])
    .map_err(io)?;
    for audit in &report.audits {
        for c in &audit.commitments {
            for f in &c.findings {
                csv.write_record([
                    &audit.state.ccode.to_string(),
                    &*cell(&audit.state.abbr),
                    &*cell(&c.id),
                    &f.year.to_string(),
                    evidence::severity(f.severity),
                    &number(f.other),
                    &*cell(f.other_abbr.as_deref().unwrap_or_default()),
                    &*cell(&f.what),
                    &number(f.magnitude),
                    &*cell(f.label.as_deref().unwrap_or_default()),
                    &*cell(f.also.as_deref().unwrap_or_default()),
                    &*cell(&f.block),
                    &*cell(&f.reading),
                    &*cell(&f.source),
                    &*cell(&f.source_row),
                ])
                .map_err(io)?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}

/// The input and output error inside, so that a broken pipe is known as one.
pub fn io(error: csv::Error) -> ReportError {
    match error.into_kind() {
        csv::ErrorKind::Io(e) => e.into(),
        other => ReportError::new(format!("cannot write CSV: {other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn formulas_become_text() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell(" @x"), "' @x");
        assert_eq!(cell("\t=x"), "' =x");
        assert_eq!(cell("a=b"), "a=b");
        let mut bytes = Vec::new();
        findings(&fixture::report(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\"'=HYPERLINK(\"\"x\"\") <b>\u{fffd}[31m\""), "{text}");
    }

    #[test]
    fn one_row_per_year_and_commitment() {
        let mut bytes = Vec::new();
        verdicts(&fixture::report(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), 1 + 2 * 21);
        assert!(text.contains(
            "710,CHN,China,independence,no-great-power-alliance,refrain,1964,contested,1,\
             atop-4.01: kept; cow-alliances-4.1: broken,,true\n"
        ));
    }
}
