//! Running the queries of blocks: planned and executed under each reading that bears on them.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::{Reading, Record};
use comity_sql::{Planned, SqlError};

use super::desks::{Desks, Place};
use super::findings::{Findings, Valued, applies, found, valued};
use super::grades::grading;
use super::plan::{APPLIES, Desk, Fault, Need, column_errors, evidence_errors, families, needs};
use super::rules::Grade;
use crate::audit::Severity;
use crate::document::{Evidence, Kind};

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
    /// The longest look-back of their blocks.
    pub lookback: i32,
    pub families: BTreeSet<&'static str>,
    pub findings: Vec<Option<arrow::array::RecordBatch>>,
    /// State-years in which a null may hide findings.
    pub undecided: Vec<Vec<(i32, i32)>>,
}

/// One block run under every reading that bears on it.
pub(super) struct BlockRun {
    pub needs: Vec<Need>,
    /// The years before that must be covered too, those of the commitments it uses included.
    pub lookback: i32,
    /// The gravest that it can return.
    pub gravest: Grade,
    pub under: Vec<Under>,
}

/// The answer of a block under one reading.
#[derive(Clone)]
pub(super) struct Under {
    /// Index into the readings of the evaluation.
    pub at: usize,
    pub reading: Reading,
    pub rows: Rows,
    /// State, year and gravity of rows that a null leaves undecided, and of those that were found.
    pub undecided: Vec<(i32, i32, Grade)>,
}

/// What is asked of the answers of blocks.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Pairs whose findings are set aside.
    pub without: Vec<(i32, i32)>,
    /// The states that are wanted; none: all.
    pub focus: Option<Vec<i32>>,
}

impl Asked {
    /// The query for the states that are wanted.
    fn within(&self, planned: &Planned) -> Result<Planned, SqlError> {
        match &self.focus {
            Some(states) => planned.within("state", states),
            None => Ok(planned.clone()),
        }
    }
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
    Ok(Applies { rows, needs: needs(&planned, &[], None) })
}

/// Runs an evidence block under every reading that bears on it, or under the source it names.
pub(super) fn run_block(
    desks: &Desks,
    place: Place,
    kind: Kind,
    evidence: &Evidence,
    used: &Used,
    asked: &Asked,
) -> Result<BlockRun, SqlError> {
    let run = |desk: &Desk, reading: usize, before: Option<&(Planned, Under)>| {
        let findings = used.findings.get(reading).cloned().flatten();
        let known = desks.plan_of(place).and_then(|p| desk.adopt(&p, findings.clone()));
        let planned = match known {
            Some(planned) => planned,
            None => {
                let planned = desk.plan(&evidence.query, findings)?;
                if let Some(Fault(_, error)) = evidence_errors(&planned, kind).into_iter().next() {
                    return Err(error);
                }
                desks.keep_plan(place, &planned);
                planned
            }
        };
        // Over the same tables the answer is the same.
        let same = before.filter(|(other, _)| used.needs.is_empty() && planned.is_same(other));
        if let Some((_, same)) = same {
            let under = Under { at: reading, reading: desk.reading.clone(), ..same.clone() };
            return Ok((planned, under));
        }
        let batch = desk.run(&asked.within(&planned)?)?;
        let known = desk.known_states()?;
        let (rows, undecided) = match kind {
            Kind::Refrain | Kind::Perform => {
                let rows = Rows::Found(Box::new(found(&batch, kind, known)?));
                let mut open = undecided(desk, &planned, kind, evidence, asked)?;
                let hidden = used.undecided.get(reading).into_iter().flatten();
                open.extend(hidden.map(|(state, year)| (*state, *year, gravest(&planned, kind))));
                (rows, open)
            }
            _ => (Rows::Values(valued(&batch, known)?), Vec::new()),
        };
        let under = Under { at: reading, reading: desk.reading.clone(), rows, undecided };
        Ok::<_, SqlError>((planned, under))
    };
    let done = |planned: &Planned, under: Vec<Under>| BlockRun {
        needs: needs(planned, &used.needs, Some(evidence)),
        lookback: evidence.lookback + used.lookback,
        gravest: gravest(planned, kind),
        under,
    };
    if let Some(source) = &evidence.source {
        let reading = named_reading(&desks.record, source);
        let (planned, under) = run(&desks.for_reading(&reading)?, 0, None)?;
        return Ok(done(&planned, vec![under]));
    }
    let baseline = run(desks.at(0)?, 0, None)?;
    let planned = &baseline.0;
    let mut touched = families(planned);
    if planned.reads().iter().any(|r| r.table == "findings") {
        touched.extend(&used.families);
    }
    let mut others = Vec::new();
    for (at, family) in desks.further() {
        if touched.contains(family) {
            others.push(run(desks.at(at)?, at, Some(&baseline))?.1);
        }
    }
    let (planned, baseline) = baseline;
    others.insert(0, baseline);
    Ok(done(&planned, others))
}

/// The gravest that a block can return, from what its query can write.
fn gravest(planned: &Planned, kind: Kind) -> Grade {
    let texts = planned.texts(grading(kind));
    Grade::gravest(texts.as_ref().map(|t| t.iter().map(String::as_str)))
}

/// The gravest of texts that are all grades.
fn gravest_text(texts: &BTreeSet<String>) -> Option<String> {
    const GRADES: [&str; 6] = ["breach", "broken", "strain", "strained", "kept", "mandated"];
    let at = |text: &String| GRADES.iter().position(|g| g == text);
    let mut places: Vec<usize> = texts.iter().map(at).collect::<Option<_>>()?;
    places.sort_unstable();
    places.first().map(|at| GRADES[*at].to_owned())
}

/// Rows that are there where a null in a column that the block names may have any value, beside those that were found.
fn undecided(
    desk: &Desk,
    planned: &Planned,
    kind: Kind,
    evidence: &Evidence,
    asked: &Asked,
) -> Result<Vec<(i32, i32, Grade)>, SqlError> {
    if evidence.decides.is_empty() {
        return Ok(Vec::new());
    }
    let columns: BTreeSet<(String, String)> = evidence.decides.iter().cloned().collect();
    let Some((wider, open)) = planned.undecided(&[grading(kind)], &columns, &gravest_text)? else {
        return Ok(Vec::new());
    };
    let mut rows = found(&desk.run(&asked.within(&wider)?)?, kind, desk.known_states()?)?;
    rows.without(&asked.without);
    let gravest = gravest(planned, kind);
    let grade = |severity: Severity| if open.is_empty() { severity.grade() } else { gravest };
    Ok(rows.graded().map(|(state, year, severity)| (state, year, grade(severity))).collect())
}

/// The baseline with one source in all its families; a source that is not in the record answers nothing.
pub(super) fn named_reading(record: &Record, source: &str) -> Reading {
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
