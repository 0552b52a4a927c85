//! From the rows of blocks to the bounds and verdicts of a commitment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::block::{BlockRun, Rows, Under};
use super::evaluate::{BlockOutcome, ByReading, Cell, Outcome, ReadingOutcome, Scope, Work};
use super::findings::Valued;
use super::plan::Need;
use super::pursue::Standings;
use super::rules::{self, BlockFacts, Bounds};
use crate::document::{Better, Commitment, Evidence, Kind};
use crate::verdict::Verdict;

impl Work {
    pub(super) fn judge(
        &self,
        at: usize,
        runs: Vec<(usize, usize, BlockRun)>,
        same: Vec<(usize, usize, ByReading)>,
        (scope, applying): (Arc<Vec<Scope>>, Vec<Need>),
    ) -> Outcome {
        let commitment = &self.policy.commitments[at];
        let mut judged = same;
        for (v, b, mut run) in runs {
            let mut by_reading = ByReading::new();
            for under in std::mem::take(&mut run.under) {
                let reading = under.at;
                let block = self.block(commitment, (v, b), &run, under, &scope);
                by_reading.insert(reading, Arc::new(block));
            }
            judged.push((v, b, by_reading));
        }
        judged.sort_by_key(|(v, b, _)| (*v, *b));
        let bearing: BTreeSet<usize> =
            std::iter::once(0).chain(judged.iter().flat_map(|j| j.2.keys().copied())).collect();
        let readings: Vec<ReadingOutcome> = bearing
            .into_iter()
            .map(|reading| {
                let blocks: Vec<Arc<BlockOutcome>> = judged
                    .iter()
                    .filter_map(|(.., b)| b.get(&reading).or_else(|| b.get(&0)).cloned())
                    .collect();
                let cells = under_reading(commitment, &blocks, &scope);
                ReadingOutcome { reading, blocks, cells, answering: OnceLock::new() }
            })
            .collect();
        let mut each = Vec::new();
        let cells = (0..self.grid.len())
            .map(|cell| {
                each.clear();
                each.extend(
                    readings.iter().map(|r| (r.cells[cell].verdict, r.cells[cell].covered())),
                );
                over_readings(readings[0].cells[cell], &each)
            })
            .collect();
        Outcome { readings, cells, scope, applying }
    }

    fn block(
        &self,
        commitment: &Commitment,
        (version, block): (usize, usize),
        run: &BlockRun,
        under: Under,
        scope: &[Scope],
    ) -> BlockOutcome {
        let evidence = &commitment.versions[version].evidence[block];
        let covered = |which: fn(&Need) -> bool| {
            let needs: Vec<&Need> = run.needs.iter().filter(|n| which(n)).collect();
            self.covered.all(&needs, &under.reading, run.lookback)
        };
        let all = covered(Need::can_hold_more);
        let silent = covered(Need::must_be_silent);
        let exempting = covered(Need::can_exempt);
        let in_version = |cell: usize| scope[cell] == Scope::In(version);
        let mut facts: Vec<BlockFacts> = (0..self.grid.len())
            .map(|cell| BlockFacts {
                gravest: run.gravest,
                all_covered: all[cell],
                silence_covered: silent[cell],
                exempting_covered: exempting[cell],
                ..BlockFacts::default()
            })
            .collect();
        let proved = facts.iter().map(|f| f.silence_covered && f.exempting_covered).collect();
        let mut out = BlockOutcome {
            version,
            block,
            needs: run.needs.clone(),
            reading: under.reading,
            lookback: run.lookback,
            rows: under.rows,
            standings: Standings::default(),
            undecided: Vec::new(),
            proved,
            bounds: vec![None; self.grid.len()],
            covered: OnceLock::new(),
        };
        match &mut out.rows {
            Rows::Found(found) => {
                found.without(&self.options.without);
                for (state, year, severity) in found.graded() {
                    let Some(cell) = self.grid.cell(state, year) else { continue };
                    facts[cell].found = facts[cell].found.max(severity.grade());
                }
                for (state, year, grade) in &under.undecided {
                    let Some(cell) = self.grid.cell(*state, *year) else { continue };
                    facts[cell].undecided = facts[cell].undecided.max(*grade);
                }
                for (cell, facts) in facts.into_iter().enumerate() {
                    if facts.undecided > facts.found {
                        out.undecided.push(self.grid.at(cell));
                    }
                    if in_version(cell) {
                        out.bounds[cell] = Some(rules::block(facts));
                    }
                }
            }
            Rows::Values(values) => {
                let counts = |v: &Valued| {
                    self.grid.cell(v.state, v.year).is_some_and(|c| {
                        in_version(c) && facts[c].all_covered && facts[c].silence_covered
                    })
                };
                values.retain(|v| counts(v));
                let mut system: BTreeMap<i32, usize> = BTreeMap::new();
                for cell in (0..scope.len()).filter(|c| in_version(*c)) {
                    *system.entry(self.grid.at(cell).1).or_default() += 1;
                }
                let better = commitment.better.unwrap_or(Better::Higher);
                let system = |year: i32| system.get(&year).copied().unwrap_or(0);
                let values = std::mem::take(values);
                out.standings = Standings::of(values, better, system, &self.sizes);
                let Some(bar) = evidence.bar.filter(|_| commitment.kind == Kind::Pursue) else {
                    return out;
                };
                for cell in (0..scope.len()).filter(|c| in_version(*c)) {
                    let value = out.standings.value(self.grid.at(cell));
                    out.bounds[cell] = Some(rules::against(value, bar, better));
                }
            }
        }
        out
    }
}

/// A block whose rows or values have a verdict.
pub(crate) fn is_judged(kind: Kind, evidence: &Evidence) -> bool {
    matches!(kind, Kind::Refrain | Kind::Perform) || evidence.bar.is_some()
}

fn under_reading(
    commitment: &Commitment,
    blocks: &[Arc<BlockOutcome>],
    scope: &[Scope],
) -> Vec<Cell> {
    let judged: Vec<bool> = commitment
        .versions
        .iter()
        .map(|v| v.evidence.iter().any(|e| is_judged(commitment.kind, e)))
        .collect();
    let mut parts: Vec<(Bounds, bool)> = Vec::new();
    let cell = |cell: usize| match scope[cell] {
        Scope::Out => Cell::OUT,
        Scope::In(v) | Scope::NotKnown(v) if !judged[v] => Cell::OUT,
        Scope::NotKnown(_) => Cell { verdict: Verdict::Unknown, bounds: Some(Bounds::OPEN) },
        Scope::In(v) => {
            parts.clear();
            parts.extend(blocks.iter().filter(|b| b.version == v).filter_map(|b| {
                let evidence = &commitment.versions[v].evidence[b.block];
                Some((b.bounds[cell]?, !evidence.supplementary))
            }));
            let bounds = rules::commitment(&parts);
            Cell { verdict: bounds.verdict(commitment.kind), bounds: Some(bounds) }
        }
    };
    (0..scope.len()).map(cell).collect()
}

/// The baseline's, unless the readings are at odds.
fn over_readings(baseline: Cell, each: &[(Verdict, bool)]) -> Cell {
    let verdict = rules::over_readings(each);
    if verdict == Verdict::Contested {
        // Covered under two readings, it counts.
        let bounds = Bounds { covered: true, ..Bounds::OPEN };
        return Cell { verdict, bounds: Some(bounds) };
    }
    Cell { verdict, ..baseline }
}
