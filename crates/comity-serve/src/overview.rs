//! All states at once: what each year of each commitment is drawn as, one byte each.

use std::collections::BTreeMap;

use comity::audit::{Audit, Tally, YearVerdict};
use comity::document::Kind;
use comity::{Error, Evaluation, Form, Policy, Record};
use comity_report::words;

use crate::names;

/// How many states are audited at a time: their evidence is in memory only so long.
const AT_ONCE: usize = 8;

const ABSENT: u8 = 15;
const DIFFERS: u8 = 16;
const PROVED_BY_A_READING: u8 = 32;
const COVERED: u8 = 64;

/// All states under a policy.
#[derive(Debug)]
pub struct Overview {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// The states, by `ccode`.
    pub states: Vec<StateRow>,
    /// By id.
    by_id: BTreeMap<String, Commitment>,
}

/// A state.
#[derive(Debug, Clone)]
pub struct StateRow {
    /// COW code.
    pub ccode: i32,
    /// COW abbreviation.
    pub abbr: String,
    /// Name in its last year.
    pub name: String,
    /// How addresses name it.
    pub handle: String,
    /// First and last year audited.
    pub years: (i32, i32),
}

/// All states under one commitment.
#[derive(Debug)]
struct Commitment {
    /// By state, then year.
    cells: Vec<u8>,
    /// Values of the first block, where there are any.
    values: Vec<f64>,
}

/// What is known of a state, a commitment and a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it is drawn as.
    pub form: Form,
    /// The sources differ.
    pub differs: bool,
    /// Not known, and another reading proves a breach.
    pub proved_by_a_reading: bool,
    /// It counts in shares.
    pub covered: bool,
}

impl Overview {
    /// From an evaluation.
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn of(record: &Record, policy: &Policy, evaluation: &Evaluation) -> Result<Self, Error> {
        let codes = evaluation.states(None, None);
        let mut this =
            Self { from: i32::MAX, to: i32::MIN, states: Vec::new(), by_id: BTreeMap::new() };
        let mut rows: Vec<(i32, BTreeMap<String, Row>)> = Vec::new();
        for some in codes.chunks(AT_ONCE) {
            for audit in evaluation.report(some, None, None)?.audits {
                this.from = this.from.min(audit.from);
                this.to = this.to.max(audit.to);
                this.states.push(StateRow {
                    ccode: audit.state.ccode,
                    handle: names::handle(record, audit.state.ccode),
                    abbr: audit.state.abbr.clone(),
                    name: audit.state.name.clone(),
                    years: (audit.from, audit.to),
                });
                rows.push((audit.from, row(&audit)));
            }
        }
        let years = this.years();
        for commitment in policy.document().commitments.iter().filter(|c| c.kind != Kind::Watch) {
            let mut all =
                Commitment { cells: vec![ABSENT; this.states.len() * years], values: Vec::new() };
            // All states are held against one block: the first of the document that has a value.
            let has_value = |block: &str| {
                let of = rows.iter().filter_map(|(_, row)| row.get(&commitment.id));
                of.flat_map(|row| &row.values).any(|(of, ..)| of == block)
            };
            let mut blocks = commitment.versions.iter().flat_map(|v| &v.evidence);
            let block = blocks.find(|e| has_value(&e.name)).map(|e| e.name.as_str());
            for (at, (from, of_state)) in rows.iter().enumerate() {
                let Some(row) = of_state.get(&commitment.id) else { continue };
                let first = at * years + (from - this.from) as usize;
                all.cells[first..first + row.cells.len()].copy_from_slice(&row.cells);
                for (_, year, value) in row.values.iter().filter(|v| Some(v.0.as_str()) == block) {
                    if all.values.is_empty() {
                        all.values = vec![f64::NAN; this.states.len() * years];
                    }
                    all.values[at * years + (year - this.from) as usize] = *value;
                }
            }
            this.by_id.insert(commitment.id.clone(), all);
        }
        Ok(this)
    }

    fn years(&self) -> usize {
        usize::try_from(self.to - self.from + 1).unwrap_or_default()
    }

    fn place(&self, state: usize, year: i32) -> Option<usize> {
        let inside = (self.from..=self.to).contains(&year) && state < self.states.len();
        inside.then(|| state * self.years() + (year - self.from) as usize)
    }

    /// What is known of a state (by its place in `states`), a commitment and a year; none where it was not audited.
    pub fn seen(&self, commitment: &str, state: usize, year: i32) -> Option<Seen> {
        let cell = self.by_id.get(commitment)?.cells[self.place(state, year)?];
        let form = *Form::ALL.get(usize::from(cell & 15))?;
        Some(Seen {
            form,
            differs: cell & DIFFERS != 0,
            proved_by_a_reading: cell & PROVED_BY_A_READING != 0,
            covered: cell & COVERED != 0,
        })
    }

    /// The value of a state in a year, for something striven for.
    pub fn value(&self, commitment: &str, state: usize, year: i32) -> Option<f64> {
        let values = &self.by_id.get(commitment)?.values;
        values.get(self.place(state, year)?).copied().filter(|v| v.is_finite())
    }

    /// Whether a commitment has verdicts for anybody.
    pub fn is_judged(&self, commitment: &str) -> bool {
        let cells = self.by_id.get(commitment).map(|c| &c.cells);
        cells.is_some_and(|cells| cells.iter().any(|c| *c != ABSENT))
    }

    /// Whether a commitment has values for anybody.
    pub fn has_values(&self, commitment: &str) -> bool {
        self.by_id.get(commitment).is_some_and(|c| !c.values.is_empty())
    }

    /// Where a state is in `states`.
    pub fn at(&self, ccode: i32) -> Option<usize> {
        self.states.iter().position(|s| s.ccode == ccode)
    }

    /// How all states fared in a year.
    pub fn tally(&self, commitment: &str, year: i32) -> Tally {
        let mut tally = Tally::default();
        for state in 0..self.states.len() {
            if let Some(seen) = self.seen(commitment, state, year) {
                let least = seen.form == Form::StrainedOrWorse;
                tally.add(seen.form.verdict(), seen.covered, least);
            }
        }
        tally
    }
}

/// One commitment of one state.
#[derive(Debug, Default)]
struct Row {
    cells: Vec<u8>,
    /// By block.
    values: Vec<(String, i32, f64)>,
}

fn row(audit: &Audit) -> BTreeMap<String, Row> {
    let mut out = BTreeMap::new();
    for c in &audit.commitments {
        let row = Row { cells: c.verdicts.iter().map(cell).collect(), values: values(&c.values) };
        out.insert(c.id.clone(), row);
    }
    for g in &audit.goals {
        out.insert(g.id.clone(), Row { cells: Vec::new(), values: values(&g.values) });
    }
    out
}

fn values(all: &[comity::audit::YearValue]) -> Vec<(String, i32, f64)> {
    all.iter().map(|v| (v.block.clone(), v.year, v.value)).collect()
}

fn cell(v: &YearVerdict) -> u8 {
    let form = Form::ALL.iter().position(|f| *f == v.form()).unwrap_or_default() as u8;
    let flag = |on: bool, flag: u8| if on { flag } else { 0 };
    form | flag(words::differs(v), DIFFERS)
        | flag(!v.broken_in.is_empty(), PROVED_BY_A_READING)
        | flag(v.covered, COVERED)
}
