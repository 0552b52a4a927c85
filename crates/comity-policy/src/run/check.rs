//! Checking a policy's queries: each is planned over the canonical schema, none is run.

use comity_record::Record;
use comity_sql::{Budget, Job, SqlError, in_parallel};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::findings::together;
use super::plan::{APPLIES, Desk, Fault, Need, column_errors, evidence_errors, needs};
use crate::diagnostic::Diagnostic;
use crate::document::{Policy, Query, Span};

/// Plans every query of a policy and checks its columns; as many diagnostics as there are, by place.
///
/// The record only lends its schema: any record gives the same answer.
pub fn check(policy: &Policy, record: &Record) -> Vec<Diagnostic> {
    let (policy_, record) = (Arc::new(policy.clone()), record.clone());
    let job: Job<Vec<Diagnostic>> = Box::new(move || queries(&policy_, &record));
    let mut answers = in_parallel(vec![job], Duration::from_mins(1));
    let mut all = answers.pop().flatten().unwrap_or_else(|| {
        vec![Diagnostic::error(
            "query-stuck",
            "a query could not be planned in a minute",
            Span::default(),
        )]
    });
    all.sort_by_key(|d| (d.span.start, d.span.end));
    all
}

/// The canonical tables that each commitment of a policy reads, in the policy's order.
///
/// # Errors
/// A query that cannot be planned.
pub fn reads(
    policy: &Policy,
    record: &Record,
) -> Result<Vec<(String, BTreeSet<&'static str>)>, SqlError> {
    type Reads = Result<Vec<(String, BTreeSet<&'static str>)>, SqlError>;
    let (policy, record) = (Arc::new(policy.clone()), record.clone());
    let job: Job<Reads> = Box::new(move || {
        let (desk, failed) =
            Desk::open(&record, &record.baseline(), &policy.helpers, &Budget::default());
        if let Some((_, error)) = failed.into_iter().next() {
            return Err(error);
        }
        let desk = desk?;
        let mut all = Vec::new();
        for commitment in &policy.commitments {
            let mut tables = BTreeSet::new();
            for evidence in commitment.versions.iter().flat_map(|v| &v.evidence) {
                let findings = if evidence.uses.is_empty() { None } else { together(&[]).ok() };
                let planned = desk.plan(&evidence.query, findings)?;
                tables.extend(needs(&planned, &[]).iter().flat_map(Need::tables));
            }
            all.push((commitment.id.clone(), tables));
        }
        Ok(all)
    });
    let stuck = || SqlError::new("a query could not be planned in a minute");
    in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().ok_or_else(stuck)?
}

fn queries(policy: &Policy, record: &Record) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let (desk, failed) =
        Desk::open(record, &record.baseline(), &policy.helpers, &Budget::default());
    for (at, error) in failed {
        all.push(sql_error(&policy.text, &policy.helpers[at].query, &error));
    }
    let desk = match desk {
        Ok(desk) => desk,
        Err(e) => {
            all.push(Diagnostic::error("no-session", e.message, Span::default()));
            return all;
        }
    };
    for commitment in &policy.commitments {
        for version in &commitment.versions {
            for query in &version.applies {
                match desk.plan(query, None) {
                    Ok(planned) => {
                        let errors = column_errors(&planned, APPLIES);
                        all.extend(errors.iter().map(|e| placed(&policy.text, query, e)));
                    }
                    Err(e) => all.push(sql_error(&policy.text, query, &e)),
                }
            }
            for evidence in &version.evidence {
                let findings = if evidence.uses.is_empty() { None } else { together(&[]).ok() };
                let planned = match desk.plan(&evidence.query, findings) {
                    Ok(planned) => planned,
                    Err(e) => {
                        all.push(sql_error(&policy.text, &evidence.query, &e));
                        continue;
                    }
                };
                let errors = evidence_errors(&planned, commitment.kind);
                all.extend(errors.iter().map(|e| placed(&policy.text, &evidence.query, e)));
            }
        }
    }
    all
}

/// An error in a query, where it stands in the document.
fn sql_error(text: &str, query: &Query, error: &SqlError) -> Diagnostic {
    let diagnostic = Diagnostic::error("sql", "", Span::default());
    with_place(diagnostic, text, query, error)
}

/// A fault of a query that could be planned, where the query stands.
fn placed(text: &str, query: &Query, Fault(code, error): &Fault) -> Diagnostic {
    with_place(Diagnostic::error(code, "", Span::default()), text, query, error)
}

fn with_place(diagnostic: Diagnostic, text: &str, query: &Query, error: &SqlError) -> Diagnostic {
    let span = error.at.map_or(query.span, |at| place(text, query, at).unwrap_or(query.span));
    let diagnostic = Diagnostic { message: error.message.clone(), span, ..diagnostic };
    match &error.help {
        Some(help) => diagnostic.with_help(help.clone()),
        None => diagnostic,
    }
}

fn place(text: &str, query: &Query, at: comity_sql::At) -> Option<Span> {
    let body = text.get(query.span.start..query.span.end)?;
    let mut offset = 0;
    for (number, line) in body.split_inclusive('\n').enumerate() {
        if number + 1 == at.line {
            let mut chars = line.char_indices().map(|(i, _)| i);
            let from =
                chars.clone().nth(at.column.saturating_sub(1)).unwrap_or(line.trim_end().len());
            let to =
                chars.nth(at.column.saturating_sub(1) + at.length).unwrap_or(line.trim_end().len());
            let start = query.span.start + offset + from;
            return Some(Span { start, end: (query.span.start + offset + to).max(start) });
        }
        offset += line.len();
    }
    None
}
