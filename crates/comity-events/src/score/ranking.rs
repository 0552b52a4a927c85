//! How well values rank what happened above what did not.

use serde::Serialize;

/// A row: a value, and whether what it warns of happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// The block that it is drawn with.
    pub block: usize,
    /// Higher warns more.
    pub value: f64,
    /// Whether it happened.
    pub outcome: bool,
}

/// A point of the curves of precision and recall, and of the receiver operating characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// Rows with this value or a higher one are warned of.
    pub value: f64,
    /// The share of warnings after which it happened.
    pub precision: f64,
    /// The share of what happened that was warned of: the true positive rate.
    pub recall: f64,
    /// The share of what did not happen that was warned of: the false positive rate.
    pub fallout: f64,
}

/// Rows in the order of their values, added up by block.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    blocks: usize,
    /// For a block of events and a block of others: pairs in which the event has the higher value, ties counting half.
    pairs: Vec<f64>,
    /// Events and others of each block.
    totals: Vec<[f64; 2]>,
    /// The highest value first: those at which something happened.
    steps: Vec<Step>,
}

/// One value: what there is at it or above, by block.
#[derive(Debug, Clone, PartialEq)]
struct Step {
    value: f64,
    /// Events at it.
    here: Vec<f64>,
    /// Events and others at it or above.
    above: Vec<[f64; 2]>,
    /// Events and others above it.
    before: Vec<[f64; 2]>,
}

impl Ranking {
    /// Of rows whose blocks are counted from 0. Rows without a number, and of blocks that there are not, are left out.
    pub fn new(units: &[Unit], blocks: usize) -> Self {
        let mut rows: Vec<&Unit> =
            units.iter().filter(|u| !u.value.is_nan() && u.block < blocks).collect();
        rows.sort_by(|a, b| b.value.total_cmp(&a.value));
        let mut ranking = Self {
            blocks,
            pairs: vec![0.0; blocks * blocks],
            totals: Vec::new(),
            steps: Vec::new(),
        };
        let mut above = vec![[0.0; 2]; blocks];
        for same in rows.chunk_by(|a, b| a.value == b.value) {
            let mut here = vec![[0.0; 2]; blocks];
            for unit in same {
                here[unit.block][usize::from(!unit.outcome)] += 1.0;
            }
            ranking.add(&here, &above);
            let before = above.clone();
            for (sum, here) in above.iter_mut().zip(&here) {
                sum[0] += here[0];
                sum[1] += here[1];
            }
            if let Some(first) =
                same.first().filter(|_| here.iter().any(|[events, _]| *events > 0.0))
            {
                let here = here.iter().map(|[events, _]| *events).collect();
                ranking.steps.push(Step { value: first.value, here, above: above.clone(), before });
            }
        }
        ranking.totals = above;
        // So far they hold the others above each event: what is left is below it.
        for (at, pairs) in ranking.pairs.iter_mut().enumerate() {
            let (event, other) = (at / blocks, at % blocks);
            *pairs = ranking.totals[event][0] * ranking.totals[other][1] - *pairs;
        }
        ranking
    }

    /// Counts, for the events of one value, the others above and half of those at it.
    fn add(&mut self, here: &[[f64; 2]], above: &[[f64; 2]]) {
        for (event, [events, _]) in here.iter().enumerate().filter(|(_, [events, _])| *events > 0.0)
        {
            let row = &mut self.pairs[event * self.blocks..][..self.blocks];
            for (pairs, (above, here)) in row.iter_mut().zip(above.iter().zip(here)) {
                *pairs += events * (above[1] + 0.5 * here[1]);
            }
        }
    }

    fn total(&self, weights: &[u32], which: usize) -> f64 {
        self.totals.iter().zip(weights).map(|(t, w)| t[which] * f64::from(*w)).sum()
    }

    /// Events, where each block counts so often.
    pub fn events(&self, weights: &[u32]) -> f64 {
        self.total(weights, 0)
    }

    /// Rows in all, where each block counts so often.
    pub fn rows(&self, weights: &[u32]) -> f64 {
        self.total(weights, 0) + self.total(weights, 1)
    }

    /// The area under the curve of the receiver operating characteristic: the probability that an event was given more than another row,
    /// ties counting half. Null without events, or without others.
    ///
    /// # Source
    /// Hanley & McNeil (1982), Radiology 143(1): 29-36.
    pub fn auc(&self, weights: &[u32]) -> Option<f64> {
        let (events, others) = (self.total(weights, 0), self.total(weights, 1));
        let weight = |at: usize| f64::from(weights.get(at).copied().unwrap_or(0));
        let pairs = self.pairs.iter().enumerate();
        let above: f64 =
            pairs.map(|(at, p)| p * weight(at / self.blocks) * weight(at % self.blocks)).sum();
        (events > 0.0 && others > 0.0).then(|| above / (events * others))
    }

    /// The area under the curve of precision and recall as average precision: the mean over the events of the precision at their value. It is
    /// the share of events for values that say nothing. Null without events.
    ///
    /// # Source
    /// Davis & Goadrich (2006), The Relationship Between Precision-Recall and ROC Curves, Proceedings of the 23rd International Conference
    /// on Machine Learning: 233-240, on why there is no line between its points.
    pub fn average_precision(&self, weights: &[u32]) -> Option<f64> {
        let events = self.total(weights, 0);
        let sum = |values: &mut dyn Iterator<Item = f64>| -> f64 {
            values.zip(weights).map(|(value, weight)| value * f64::from(*weight)).sum()
        };
        let mut area = 0.0;
        for step in &self.steps {
            let here = sum(&mut step.here.iter().copied());
            if here > 0.0 {
                let hits = sum(&mut step.above.iter().map(|a| a[0]));
                let all = sum(&mut step.above.iter().map(|a| a[0] + a[1]));
                area += here * hits / all;
            }
        }
        (events > 0.0).then(|| area / events)
    }

    /// The share of events among the given share of rows with the highest values; at the value where that share ends, in proportion. Null
    /// without events.
    pub fn recall_at(&self, share: f64, weights: &[u32]) -> Option<f64> {
        let events = self.total(weights, 0);
        let room = share * self.rows(weights);
        let sum = |of: &[[f64; 2]]| -> f64 {
            of.iter().zip(weights).map(|(t, w)| (t[0] + t[1]) * f64::from(*w)).sum()
        };
        let mut hits = 0.0;
        for step in &self.steps {
            let (before, with) = (sum(&step.before), sum(&step.above));
            if before >= room {
                break;
            }
            let part = if with > room { (room - before) / (with - before) } else { 1.0 };
            let here: f64 = step.here.iter().zip(weights).map(|(h, w)| h * f64::from(*w)).sum();
            hits += here * part;
        }
        (events > 0.0).then(|| hits / events)
    }

    /// The points of the curves at which about such shares of all rows are warned of: the last point that warns of no more.
    pub fn curve_at(&self, shares: &[f64]) -> Vec<Point> {
        let rows: f64 = self.totals.iter().map(|t| t[0] + t[1]).sum();
        let curve = self.curve();
        let flagged = |step: &Step| step.above.iter().map(|a| a[0] + a[1]).sum::<f64>();
        let last = |share: &f64| {
            let within = self.steps.iter().take_while(|step| flagged(step) <= share * rows).count();
            curve.get(within.checked_sub(1)?).copied()
        };
        shares.iter().filter_map(last).collect()
    }

    /// The points of the curves, the highest value first: one for each value at which something happened.
    pub fn curve(&self) -> Vec<Point> {
        let weights = vec![1; self.blocks];
        let (events, others) = (self.total(&weights, 0), self.total(&weights, 1));
        let point = |step: &Step| {
            let hits: f64 = step.above.iter().map(|a| a[0]).sum();
            let wrong: f64 = step.above.iter().map(|a| a[1]).sum();
            Point {
                value: step.value,
                precision: hits / (hits + wrong),
                recall: hits / events,
                fallout: if others > 0.0 { wrong / others } else { 0.0 },
            }
        };
        self.steps.iter().map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use comity_measures::scores;
    use proptest::prelude::*;

    use super::*;

    fn units(rows: &[(usize, f64, bool)]) -> Vec<Unit> {
        rows.iter()
            .map(|(block, value, outcome)| Unit { block: *block, value: *value, outcome: *outcome })
            .collect()
    }

    /// Values 3, 2, 2, 1, 0 with events at 3 and one of the 2s: precision 1 at the first, 2/3 at the second.
    #[test]
    fn scores_are_those_of_their_definitions() {
        let rows =
            [(0, 3.0, true), (0, 2.0, false), (1, 2.0, true), (1, 1.0, false), (1, 0.0, false)];
        let ranking = Ranking::new(&units(&rows), 2);
        let all = [1, 1];
        assert_eq!(ranking.auc(&all), Some((3.0 + 2.5) / 6.0));
        assert_eq!(ranking.average_precision(&all), Some((1.0 + 2.0 / 3.0) / 2.0));
        // One row of five is the first; of the two rows at 2, half are in two fifths.
        assert_eq!(ranking.recall_at(0.2, &all), Some(0.5));
        assert_eq!(ranking.recall_at(0.4, &all), Some(0.75));
        assert_eq!(ranking.recall_at(1.0, &all), Some(1.0));
        assert_eq!(
            ranking.curve()[1],
            Point { value: 2.0, precision: 2.0 / 3.0, recall: 1.0, fallout: 1.0 / 3.0 }
        );
        assert_eq!((ranking.auc(&[0, 0]), ranking.average_precision(&[0, 0])), (None, None));
        assert_eq!(Ranking::new(&[], 2).auc(&all), None);
    }

    proptest! {
        /// The area is that of `comity-measures`, and blocks that count twice are rows that stand twice.
        #[test]
        fn a_block_that_counts_twice_is_rows_that_stand_twice(
            rows in prop::collection::vec((0_usize..4, 0_u8..9, any::<bool>()), 1..60),
            weights in prop::collection::vec(0_u32..4, 4),
        ) {
            let rows: Vec<(usize, f64, bool)> = rows.into_iter().map(|(b, v, o)| (b, f64::from(v), o)).collect();
            let ranking = Ranking::new(&units(&rows), 4);
            let mut repeated = Vec::new();
            for (block, value, outcome) in &rows {
                for _ in 0..weights[*block] {
                    repeated.push((*block, *value, *outcome));
                }
            }
            let again = Ranking::new(&units(&repeated), 4);
            let near = |a: Option<f64>, b: Option<f64>| a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-12);
            prop_assert!(near(ranking.auc(&weights), again.auc(&[1; 4])));
            prop_assert!(near(ranking.average_precision(&weights), again.average_precision(&[1; 4])));
            prop_assert!(near(ranking.recall_at(0.3, &weights), again.recall_at(0.3, &[1; 4])));
            if !repeated.is_empty() {
                let outcomes: Vec<f64> = repeated.iter().map(|(_, _, o)| f64::from(u8::from(*o))).collect();
                let values: Vec<f64> = repeated.iter().map(|(_, v, _)| *v).collect();
                prop_assert!(near(again.auc(&[1; 4]), scores::auc(&outcomes, &values).unwrap()));
            }
        }
    }
}
