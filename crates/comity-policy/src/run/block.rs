//! Running the queries of blocks: planned and executed under each reading that bears on them.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::{Reading, Record};
use comity_sql::{Budget, SqlError};

use super::findings::{Findings, Valued, applies, found, valued};
use super::plan::{APPLIES, Desk, Fault, Need, column_errors, evidence_errors, families, needs};
use crate::document::{Evidence, Kind, Policy};

/// The rows of one block under one reading.
#[derive(Debug, Clone)]
pub(crate) enum Rows {
    Found(Box<Findings>),
    Values(Vec<Valued>),
}

/// What the commitments that a block uses gave, by reading.
#[derive(Default, Clone)]
pub(super) struct Used {
    pub needs: Vec<Need>,
    pub families: BTreeSet<&'static str>,
    pub findings: Vec<Option<arrow::array::RecordBatch>>,
}

/// One block run under every reading that bears on it.
pub(super) struct BlockRun {
    pub needs: Vec<Need>,
    /// Reading index (into readings), the reading itself and its rows.
    pub rows: Vec<(usize, Reading, Rows)>,
}

/// The answer of an `applies` block.
pub(super) struct Applies {
    pub rows: Vec<(i32, i32)>,
    pub needs: Vec<Need>,
}

/// Runs an `applies` block under the baseline.
pub(super) fn run_applies(
    desk: &Desk,
    query: &crate::document::Query,
) -> Result<Applies, SqlError> {
    let planned = desk.plan(query, None)?;
    if let Some(Fault(_, error)) = column_errors(&planned, APPLIES).into_iter().next() {
        return Err(error);
    }
    let rows = applies(&desk.run(&planned)?, desk.known_states()?)?;
    Ok(Applies { rows, needs: needs(&planned, &[]) })
}

/// Runs an evidence block under every reading that bears on it, or under the source it names.
pub(super) fn run_block(
    desks: &[Desk],
    budget: &Budget,
    record: &Record,
    policy: &Policy,
    kind: Kind,
    evidence: &Evidence,
    used: &Used,
) -> Result<BlockRun, SqlError> {
    let run = |desk: &Desk, reading: usize| {
        let findings = used.findings.get(reading).cloned().flatten();
        let planned = desk.plan(&evidence.query, findings)?;
        if let Some(Fault(_, error)) = evidence_errors(&planned, kind).into_iter().next() {
            return Err(error);
        }
        let batch = desk.run(&planned)?;
        let known = desk.known_states()?;
        let rows = match kind {
            Kind::Refrain | Kind::Perform => Rows::Found(Box::new(found(&batch, kind, known)?)),
            _ => Rows::Values(valued(&batch, known)?),
        };
        Ok::<_, SqlError>((planned, rows))
    };
    if let Some(source) = &evidence.source {
        let reading = named_reading(record, source);
        let (desk, _) = Desk::open(record, &reading, &policy.helpers, budget);
        let (planned, rows) = run(&desk?, 0)?;
        return Ok(BlockRun {
            needs: needs(&planned, &used.needs),
            rows: vec![(0, reading, rows)],
        });
    }
    let (planned, rows) = run(&desks[0], 0)?;
    let mut touched = families(&planned);
    if planned.reads().iter().any(|r| r.table == "findings") {
        touched.extend(&used.families);
    }
    let mut all = vec![(0, desks[0].reading.clone(), rows)];
    for (at, desk) in desks.iter().enumerate().skip(1) {
        let family = desk.reading.id.split_once('=').map(|(f, _)| f);
        if family.is_some_and(|f| touched.contains(f)) {
            all.push((at, desk.reading.clone(), run(desk, at)?.1));
        }
    }
    Ok(BlockRun { needs: needs(&planned, &used.needs), rows: all })
}

/// The baseline with one source in all its families; a source that is not in the record answers nothing.
fn named_reading(record: &Record, source: &str) -> Reading {
    let families: Vec<String> = record
        .sources()
        .iter()
        .filter(|s| s.id == source || s.dataset == source)
        .flat_map(|s| s.relations.keys().cloned())
        .collect();
    let pairs: Vec<(&str, &str)> = families.iter().map(|f| (f.as_str(), source)).collect();
    match record.reading_with(&pairs) {
        Ok(reading) if !pairs.is_empty() => reading,
        _ => Reading { id: format!("only={source}"), choices: BTreeMap::new() },
    }
}
