//! Answers as texts: short, with the rows and sources behind them, and with what is not known said as such.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;

use arrow::array::RecordBatch;
use comity::audit::{Audit, CommitmentAudit, Report, SourceHead};
use comity::{Error, Policy, Source, Verdict};
use comity_report::frame::{self, Frame};
use comity_report::gaps::Gaps;
use comity_report::plain::clean_lines;
use comity_report::{Form, answer, evidence, words};
use serde_json::{Value, json};

/// Findings of one commitment that are listed.
const FINDINGS: usize = 25;

/// Signs of an answer; more is cut, and said so.
const SIGNS: usize = 30_000;

/// The answer of a tool.
#[derive(Debug)]
pub struct Said {
    /// For the assistant to read.
    pub text: String,
    /// The same for a program, where there is more than text.
    pub data: Option<Value>,
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self { text: cut(text), data: None }
    }
}

/// A text within bounds, without signs that command a terminal.
fn cut(text: String) -> String {
    let text = clean_lines(&text);
    let Some((at, _)) = text.char_indices().nth(SIGNS) else { return text };
    let end = text[..at].rfind('\n').unwrap_or(at);
    format!("{}\n[cut here: ask for fewer states, years, commitments or rows]", &text[..end])
}

/// An error as text: what is wrong, then the ways out.
pub fn error(error: &Error) -> String {
    let mut text = format!("error: {}", error.message);
    for help in &error.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    cut(text)
}

/// The audit of one state. `evidence`: the findings too.
pub fn audit(report: &Report, evidence: bool, unread: &[String]) -> Result<Said, Error> {
    let audit = report.audits.first().ok_or_else(|| Error::new("there is no audit"))?;
    let mut out = format!("{}\n", answer::lead(audit));
    let _ = writeln!(
        out,
        "Policy: {} ({}). Years {}–{}. *Not known* is never *kept*; shares are over years that are fully covered.",
        report.policy.title, report.policy.id, audit.from, audit.to
    );
    for remark in &audit.remarks {
        let _ = writeln!(out, "Note: {remark}");
    }
    out.push('\n');
    let silent = |c: &&CommitmentAudit| c.answered.last_year.is_none() && c.findings.is_empty();
    let (unknown, known): (Vec<_>, Vec<_>) = audit.commitments.iter().partition(silent);
    for c in known {
        let _ = writeln!(out, "- {}: {}", c.id, commitment(audit, c));
        if evidence {
            findings(&mut out, c);
        }
    }
    if !unknown.is_empty() {
        let ids: Vec<&str> = unknown.iter().map(|c| c.id.as_str()).collect();
        let _ = writeln!(out, "- unknown in every year: {}", ids.join(", "));
    }
    gaps(&mut out, report, unread);
    cited(&mut out, report, audit, evidence);
    let commitments: Vec<Value> = audit.commitments.iter().map(|c| verdicts_of(audit, c)).collect();
    let data = json!({
        "state": audit.state, "from": audit.from, "to": audit.to,
        "policy": report.policy.id, "policy_fingerprint": report.policy.fingerprint,
        "record_fingerprint": report.record.fingerprint, "commitments": commitments,
    });
    Ok(Said { text: cut(out), data: Some(data) })
}

/// What is said of one commitment, with how all states fared.
fn commitment(audit: &Audit, c: &CommitmentAudit) -> String {
    let mut text = format!("{}. {}", c.title, words::capital(&answer::of(c, audit.to)));
    if let Some(all) = words::base_rate(c) {
        let _ = write!(text, "; {all}");
    }
    text
}

/// One commitment for a program: the years of each verdict, and how many of them are fully covered, over which shares are.
fn verdicts_of(audit: &Audit, c: &CommitmentAudit) -> Value {
    let mut years: BTreeMap<&str, usize> =
        Verdict::ALL.into_iter().map(|verdict| (verdict.name(), 0)).collect();
    for year in &c.verdicts {
        *years.entry(year.verdict.name()).or_default() += 1;
    }
    json!({
        "id": c.id, "title": c.title, "says": answer::of(c, audit.to),
        "years": years, "years_fully_covered": c.verdicts.iter().filter(|v| v.covered).count(),
        "last_year_answered": c.answered.last_year,
    })
}

fn findings(out: &mut String, c: &CommitmentAudit) {
    let entries = evidence::entries(&c.findings);
    // The newest are what is asked about most.
    for entry in entries.iter().rev().take(FINDINGS) {
        let _ = writeln!(
            out,
            "  * {}: {} ({}). Source: {}",
            entry.when(),
            entry.what(5),
            entry.counted(),
            entry.source()
        );
    }
    if entries.len() > FINDINGS {
        let _ =
            writeln!(out, "  * and {} earlier ones: ask for fewer years", entries.len() - FINDINGS);
    }
}

fn gaps(out: &mut String, report: &Report, unread: &[String]) {
    let gaps = Gaps::of(&report.audits, unread);
    if gaps.can_be_added.is_empty() && gaps.not_yet_read.is_empty() && gaps.unanswered.is_empty() {
        return;
    }
    out.push_str("\nNot known for want of a source:\n");
    let lists = [
        (&gaps.can_be_added, "add"),
        (&gaps.not_yet_read, "no reader yet for"),
        (&gaps.unanswered, "no dataset is known for the table"),
    ];
    for (list, how) in lists {
        for gap in list {
            let (from, to) = gap.years;
            let of = gap.commitments.join(", ");
            let _ = writeln!(out, "- {of}, within {from}–{to}: {how} {}", gap.with_reach());
        }
    }
}

/// The sources behind what is said, with their citations where the findings are listed.
fn cited(out: &mut String, report: &Report, audit: &Audit, whole: bool) {
    let behind = |s: &&SourceHead| audit.commitments.iter().any(|c| c.sources.contains(&s.id));
    let sources: Vec<&SourceHead> = report.record.sources.iter().filter(behind).collect();
    out.push_str("\nSources:\n");
    for source in &sources {
        if whole {
            let _ = writeln!(out, "- {}: {}", source.label(), source.citation);
        } else {
            let _ = writeln!(out, "- {}: {}", source.label(), source.title);
        }
    }
    if sources.is_empty() {
        out.push_str("- none\n");
    }
    let _ = writeln!(
        out,
        "Record {}, policy {}, {}.",
        comity_report::short(&report.record.fingerprint),
        comity_report::short(&report.policy.fingerprint),
        report.program
    );
}

/// Rows as CSV, at most `limit`, with the sources that they rest on. `of` is how many there are; none: there are more.
pub fn rows<'a>(
    batch: &RecordBatch,
    of: Option<usize>,
    limit: usize,
    sources: impl IntoIterator<Item = &'a Source>,
) -> Result<Said, Error> {
    let shown = batch.slice(0, limit.min(batch.num_rows()));
    let mut text = written(&shown, Form::Csv)?;
    let n = shown.num_rows();
    let _ = match of {
        None => writeln!(text, "[the first {n} rows; there are more]"),
        Some(of) if n < of => writeln!(text, "[{n} of {of} rows]"),
        Some(_) => writeln!(text, "[{n} rows; an empty cell is null: not observed]"),
    };
    let cited: Vec<String> =
        sources.into_iter().map(|s| format!("- {}: {}", s.label(), s.citation)).collect();
    if !cited.is_empty() {
        let _ = write!(text, "\nSources:\n{}\n", cited.join("\n"));
    }
    let rows: Value = serde_json::from_str(&written(&shown, Form::Json)?)
        .map_err(|e| Error::new(format!("the rows are no JSON: {e}")))?;
    Ok(Said { text: cut(text), data: Some(json!({ "rows": rows, "of": of })) })
}

fn written(batch: &RecordBatch, form: Form) -> Result<String, Error> {
    let mut bytes = Cursor::new(Vec::new());
    frame::write(&Frame::Answer(batch), form, &mut bytes, "")
        .map_err(|e| Error::new(e.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes.into_inner()).into_owned())
}

/// A policy by its commitments.
pub fn policy(policy: &Policy) -> String {
    let document = policy.document();
    let mut out = format!("{} ({})\n", document.title, document.id);
    if let Some(holder) = &document.holder {
        let _ = writeln!(out, "Holder: {holder}. Any state can be audited against it.");
    }
    for article in &document.articles {
        let inside: Vec<_> =
            article.commitments.iter().map(|at| &document.commitments[*at]).collect();
        if inside.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{}", article.title);
        for c in inside {
            let _ = writeln!(out, "- {} ({}): {}", c.id, c.kind.name(), c.title);
        }
    }
    out
}

/// One commitment of a policy with its text and queries.
pub fn commitment_text(policy: &Policy, id: &str) -> Result<String, Error> {
    let document = policy.document();
    policy.has(&[id.to_owned()])?;
    let mut found = document.commitments.iter().filter(|c| c.id == id);
    let Some(c) = found.next() else { return Ok(String::new()) };
    let mut out = format!("{} ({}, {})\n", c.title, c.id, c.kind.name());
    for version in &c.versions {
        if version.from.is_some() || version.to.is_some() {
            let year = |y: Option<i32>| y.map_or_else(String::new, |y| y.to_string());
            let _ = writeln!(out, "\nIn force {}–{}", year(version.from), year(version.to));
        }
        let _ = writeln!(out, "\n{}", version.prose.trim());
        for query in &version.applies {
            let _ = writeln!(out, "\nApplies where:\n{}", query.sql.trim());
        }
        for block in &version.evidence {
            let _ = writeln!(out, "\n{}:\n{}", block.name, block.query.sql.trim());
        }
    }
    Ok(out)
}
