//! Checking a policy's queries: each is planned over the canonical schema, none is run.

use arrow::datatypes::DataType;
use comity_record::Record;
use comity_record::schema::{self, ColumnType};
use comity_sql::{Budget, Job, Planned, Sharing, SqlError, VIEWS, in_parallel};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::findings::together;
use super::grades::grading;
use super::plan::{APPLIES, Desk, Fault, Need, column_errors, evidence_errors, needs};
use crate::diagnostic::Diagnostic;
use crate::document::{Evidence, Kind, Policy, Query, Span};

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
        let (desk, failed) = open(&policy, &record);
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
                tables.extend(needs(&planned, &[], None).iter().flat_map(Need::tables));
            }
            for applies in commitment.versions.iter().flat_map(|v| &v.applies) {
                let planned = desk.plan(applies, None)?;
                tables.extend(needs(&planned, &[], None).iter().flat_map(Need::tables));
            }
            all.push((commitment.id.clone(), tables));
        }
        Ok(all)
    });
    let stuck = || SqlError::new("a query could not be planned in a minute");
    in_parallel(vec![job], Duration::from_mins(1)).pop().flatten().ok_or_else(stuck)?
}

/// The desk of the baseline, for planning alone.
fn open(policy: &Policy, record: &Record) -> (Result<Desk, SqlError>, Vec<(usize, SqlError)>) {
    let (budget, sharing) = (Budget::default(), Sharing::default());
    let helpers = policy.helpers.clone().into();
    Desk::open(record, &record.baseline(), &helpers, &budget, &sharing)
}

fn queries(policy: &Policy, record: &Record) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let (desk, failed) = open(policy, record);
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
                all.extend(unsaid(commitment.kind, evidence, &planned));
            }
        }
    }
    all
}

/// What a block that returns findings leaves unsaid of its tables, as warnings.
fn unsaid(kind: Kind, evidence: &Evidence, planned: &Planned) -> Vec<Diagnostic> {
    if !matches!(kind, Kind::Refrain | Kind::Perform) {
        return Vec::new();
    }
    let at = evidence.query.span;
    let needs = needs(planned, &[], Some(evidence));
    let mut all = Vec::new();
    let exempting = needs.iter().filter(|n| n.removes && !n.exempts);
    let tables: Vec<&str> = exempting.flat_map(Need::tables).collect();
    if !tables.is_empty() {
        let message = format!(
            "a row of {} can take a finding away or change it, and the block does not say so",
            listed(&tables)
        );
        all.push(Diagnostic::warning("undeclared-exemption", message, at).with_help(format!(
            "write `exempts=\"{}\"` if such a row makes the verdict better; where it is not covered, nothing that the block finds is proved",
            tables.join(" ")
        )));
    }
    // The silence of a supplementary block is not needed: what it leaves out makes nothing kept.
    if evidence.supplementary {
        return all;
    }
    let mut deciding = planned.decided_by(&[grading(kind)], &measured);
    for (table, column) in &evidence.decides {
        deciding.retain(|(t, c)| (t.trim_start_matches("every."), c) != (table.as_str(), column));
    }
    let columns: Vec<String> = deciding.iter().map(|(t, c)| format!("{t}.{c}")).collect();
    if !columns.is_empty() {
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        let message =
            format!("{} decides, and a null in it drops a row in silence", listed(&names));
        all.push(Diagnostic::warning("undecided-null", message, at).with_help(format!(
            "write `decides=\"{}\"`: where a null leaves a row undecided, the state-year is then not covered; or say in the query what a null means, with `is null` or `coalesce`",
            columns.join(" ")
        )));
    }
    for need in &needs {
        for (by, kinds) in schema::kinds(need.table).filter(|k| !need.promised.contains_key(k.0)) {
            let message = format!(
                "a source may leave out rows of `{}` by {by}, and the block does not say which it promises to see",
                need.table
            );
            let kinds: Vec<String> =
                kinds.iter().map(|kind| format!("{}.{by}={kind}", need.table)).collect();
            all.push(Diagnostic::warning("unsaid-scope", message, at).with_help(format!(
                "write `promises=\"{}\"`, or those of them that it needs",
                kinds.join(" ")
            )));
        }
    }
    all
}

/// A column that holds a measured quantity: a null there is a number that nobody knows.
fn measured(table: &str, column: &str) -> bool {
    let table = table.trim_start_matches("every.");
    if let Some(table) = schema::table(table) {
        return table.column(column).is_some_and(|c| c.kind == ColumnType::Float);
    }
    let of = VIEWS.iter().find(|v| v.name == table).map(comity_sql::View::schema);
    of.is_some_and(|s| s.field_with_name(column).is_ok_and(|f| *f.data_type() == DataType::Float64))
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
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
