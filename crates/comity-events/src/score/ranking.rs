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
    pairs: Pairs,
    /// Events and others of each block.
    totals: Vec<[f64; 2]>,
    /// The values at which something happened, the highest first.
    steps: Vec<f64>,
    /// For each step, by block: events at its value.
    events: Vec<f64>,
    /// For each step, by block: others below the step before and above its value.
    between: Vec<f64>,
    /// For each step, by block: others at its value.
    others: Vec<f64>,
}

impl Ranking {
    /// Of rows whose blocks are counted from 0. Rows without a number, and of blocks that there are not, are left out.
    pub fn new(units: &[Unit], blocks: usize) -> Self {
        let kept = units.iter().filter(|u| !u.value.is_nan() && u.block < blocks);
        // The two zeros are one value.
        let mut rows: Vec<Unit> = kept.map(|u| Unit { value: u.value + 0.0, ..*u }).collect();
        rows.sort_by(|a, b| b.value.total_cmp(&a.value));
        let mut ranking = Self {
            blocks,
            pairs: Pairs::none(blocks),
            totals: vec![[0.0; 2]; blocks],
            steps: Vec::new(),
            events: Vec::new(),
            between: Vec::new(),
            others: Vec::new(),
        };
        let mut between = vec![0.0; blocks];
        for same in rows.chunk_by(|a, b| a.value.total_cmp(&b.value).is_eq()) {
            let mut here = [vec![0.0; blocks], vec![0.0; blocks]];
            for unit in same {
                here[usize::from(!unit.outcome)][unit.block] += 1.0;
            }
            let [events, others] = here;
            if same.iter().any(|unit| unit.outcome) {
                ranking.pairs.add(&events, &others, &ranking.totals);
                ranking.steps.extend(same.first().map(|unit| unit.value));
                ranking.events.extend(&events);
                ranking.between.append(&mut between);
                ranking.others.extend(&others);
                between.resize(blocks, 0.0);
            } else {
                between.iter_mut().zip(&others).for_each(|(sum, here)| *sum += here);
            }
            for (total, here) in ranking.totals.iter_mut().zip(events.iter().zip(&others)) {
                total[0] += here.0;
                total[1] += here.1;
            }
        }
        ranking.pairs.turn(&ranking.totals);
        ranking
    }

    fn total(&self, weights: &[f64], which: usize) -> f64 {
        self.totals.iter().zip(weights).map(|(t, w)| t[which] * w).sum()
    }

    /// Events, where each block counts so often.
    pub fn events(&self, weights: &[f64]) -> f64 {
        self.total(weights, 0)
    }

    /// The area under the curve of the receiver operating characteristic: the probability that an event was given more than another row,
    /// ties counting half. Null without events, or without others.
    ///
    /// # Source
    /// Hanley and `McNeil` (1982), Radiology 143(1): 29-36.
    pub fn auc(&self, weights: &[f64]) -> Option<f64> {
        self.pairs.share(weights)
    }

    /// The area under the curve of precision and recall as average precision: the mean over the events of the precision at their value. It is
    /// the share of events for values that say nothing. Null without events.
    ///
    /// # Source
    /// Davis & Goadrich (2006), The Relationship Between Precision-Recall and ROC Curves, Proceedings of the 23rd International Conference
    /// on Machine Learning: 233-240, on why there is no line between its points.
    pub fn average_precision(&self, weights: &[f64]) -> Option<f64> {
        let (mut hits, mut wrong, mut area) = (0.0, 0.0, 0.0);
        for step in self.weighed(weights).filter(|step| step.events > 0.0 || step.rest() > 0.0) {
            hits += step.events;
            wrong += step.rest();
            area += step.events * hits / (hits + wrong);
        }
        (hits > 0.0).then(|| area / hits)
    }

    /// The share of events among the given share of rows with the highest values; at the value where that share ends, in proportion. Null
    /// without events.
    pub fn recall_at(&self, share: f64, weights: &[f64]) -> Option<f64> {
        let events = self.total(weights, 0);
        let mut room = share * (events + self.total(weights, 1));
        let mut hits = 0.0;
        for step in self.weighed(weights) {
            room -= step.between;
            if room <= 0.0 {
                break;
            }
            let here = step.events + step.others;
            hits += step.events * if here > room { room / here } else { 1.0 };
            room -= here;
        }
        (events > 0.0).then(|| hits / events)
    }

    /// Each step added up over blocks that count so often.
    fn weighed<'a>(&'a self, weights: &'a [f64]) -> impl Iterator<Item = Weighed> + 'a {
        let rows = |of: &'a [f64]| of.chunks_exact(self.blocks.max(1));
        let sum = move |of: &[f64]| of.iter().zip(weights).map(|(n, w)| n * w).sum();
        let all = rows(&self.events).zip(rows(&self.between).zip(rows(&self.others)));
        all.map(move |(events, (between, others))| Weighed {
            events: sum(events),
            between: sum(between),
            others: sum(others),
        })
    }

    /// The points of the curves at which about such shares of all rows are warned of: the last point that warns of no more.
    pub fn curve_at(&self, shares: &[f64]) -> Vec<Point> {
        let ones = vec![1.0; self.blocks];
        let rows = self.total(&ones, 0) + self.total(&ones, 1);
        let curve = self.curve();
        let last = |share: &f64| {
            let within = curve.iter().take_while(|(_, flagged)| *flagged <= share * rows).count();
            curve.get(within.checked_sub(1)?).map(|(point, _)| *point)
        };
        shares.iter().filter_map(last).collect()
    }

    /// The points of the curves, the highest value first, one for each value at which something happened; with the rows that are warned of.
    pub fn curve(&self) -> Vec<(Point, f64)> {
        let ones = vec![1.0; self.blocks];
        let (events, others) = (self.total(&ones, 0), self.total(&ones, 1));
        let (mut hits, mut wrong) = (0.0, 0.0);
        let mut point = |(step, value): (Weighed, &f64)| {
            hits += step.events;
            wrong += step.rest();
            let point = Point {
                value: *value,
                precision: hits / (hits + wrong),
                recall: hits / events,
                fallout: if others > 0.0 { wrong / others } else { 0.0 },
            };
            (point, hits + wrong)
        };
        self.weighed(&ones).zip(&self.steps).map(&mut point).collect()
    }
}

/// A step added up.
struct Weighed {
    events: f64,
    between: f64,
    others: f64,
}

impl Weighed {
    /// Others down to the value that were not above the step before.
    fn rest(&self) -> f64 {
        self.between + self.others
    }
}

/// Pairs of an event and another row, by their blocks: those in which the event has the higher value, ties counting half, and all.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    blocks: usize,
    right: Vec<f64>,
    all: Vec<f64>,
}

impl Pairs {
    fn none(blocks: usize) -> Self {
        Self { blocks, right: vec![0.0; blocks * blocks], all: vec![0.0; blocks * blocks] }
    }

    /// Of groups of rows: only rows of one group are compared. It is said of each group *when* it happened, and not *which* group it
    /// happened to.
    pub fn within<'a>(groups: impl IntoIterator<Item = &'a [Unit]>, blocks: usize) -> Self {
        let mut sum = Self::none(blocks);
        for group in groups.into_iter().filter(|group| group.iter().any(|unit| unit.outcome)) {
            let own = Ranking::new(group, blocks).pairs;
            sum.right.iter_mut().zip(own.right).for_each(|(sum, own)| *sum += own);
            sum.all.iter_mut().zip(own.all).for_each(|(sum, own)| *sum += own);
        }
        sum
    }

    /// Counts, for the events of one value, the others above and half of those at it: pairs in the wrong order.
    fn add(&mut self, events: &[f64], others: &[f64], above: &[[f64; 2]]) {
        for (event, events) in events.iter().enumerate().filter(|(_, events)| **events > 0.0) {
            let row = &mut self.right[event * self.blocks..][..self.blocks];
            for (pairs, (above, here)) in row.iter_mut().zip(above.iter().zip(others)) {
                *pairs += events * (above[1] + 0.5 * here);
            }
        }
    }

    /// From pairs in the wrong order to those in the right one.
    fn turn(&mut self, totals: &[[f64; 2]]) {
        for (at, (right, all)) in self.right.iter_mut().zip(&mut self.all).enumerate() {
            *all = totals[at / self.blocks][0] * totals[at % self.blocks][1];
            *right = *all - *right;
        }
    }

    /// The share of pairs in the right order, where each block counts so often; null without pairs.
    pub fn share(&self, weights: &[f64]) -> Option<f64> {
        let (mut right, mut all) = (0.0, 0.0);
        let rows = self
            .right
            .chunks_exact(self.blocks.max(1))
            .zip(self.all.chunks_exact(self.blocks.max(1)));
        for ((right_row, all_row), event) in rows.zip(weights).filter(|(_, event)| **event > 0.0) {
            let sum = |row: &[f64]| row.iter().zip(weights).map(|(n, w)| n * w).sum::<f64>();
            right += event * sum(right_row);
            all += event * sum(all_row);
        }
        (all > 0.0).then(|| right / all)
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
        let all = [1.0, 1.0];
        assert_eq!(ranking.auc(&all), Some((3.0 + 2.5) / 6.0));
        assert_eq!(ranking.average_precision(&all), Some(f64::midpoint(1.0, 2.0 / 3.0)));
        // One row of five is the first; of the two rows at 2, half are in two fifths.
        assert_eq!(ranking.recall_at(0.2, &all), Some(0.5));
        assert_eq!(ranking.recall_at(0.4, &all), Some(0.75));
        assert_eq!(ranking.recall_at(1.0, &all), Some(1.0));
        assert_eq!(
            ranking.curve()[1].0,
            Point { value: 2.0, precision: 2.0 / 3.0, recall: 1.0, fallout: 1.0 / 3.0 }
        );
        assert_eq!(
            (ranking.auc(&[0.0, 0.0]), ranking.average_precision(&[0.0, 0.0])),
            (None, None)
        );
        assert_eq!(Ranking::new(&[], 2).auc(&all), None);
        let zeros = Ranking::new(&units(&[(0, 0.0, true), (1, -0.0, false)]), 2);
        assert_eq!(zeros.auc(&all), Some(0.5));
    }

    /// Two groups, each in the right order, of which one is always higher: together the order is half right, within each it is right.
    #[test]
    fn within_groups_only_the_time_counts() {
        let high = units(&[(0, 9.0, true), (0, 8.0, false), (1, 8.0, false)]);
        let low = units(&[(0, 2.0, true), (1, 1.0, false), (1, 1.0, false)]);
        let none = units(&[(0, 99.0, false)]);
        let pairs = Pairs::within([high.as_slice(), &low, &none], 2);
        assert_eq!(pairs.share(&[1.0, 1.0]), Some(1.0));
        assert_eq!(pairs.share(&[0.0, 1.0]), None);
        let together: Vec<Unit> = high.into_iter().chain(low).collect();
        assert_eq!(Ranking::new(&together, 2).auc(&[1.0, 1.0]), Some(0.75));
    }

    proptest! {
        /// The area is that of `comity-measures`, and blocks that count twice are rows that stand twice.
        #[test]
        fn a_block_that_counts_twice_is_rows_that_stand_twice(
            rows in prop::collection::vec((0_usize..4, 0_u8..9, any::<bool>()), 1..60),
            weights in prop::collection::vec(0_u8..4, 4),
        ) {
            let rows: Vec<(usize, f64, bool)> = rows.into_iter().map(|(b, v, o)| (b, f64::from(v), o)).collect();
            let ranking = Ranking::new(&units(&rows), 4);
            let counted: Vec<f64> = weights.iter().map(|w| f64::from(*w)).collect();
            let mut repeated = Vec::new();
            for (block, value, outcome) in &rows {
                for _ in 0..weights[*block] {
                    repeated.push((*block, *value, *outcome));
                }
            }
            let again = Ranking::new(&units(&repeated), 4);
            let near = |a: Option<f64>, b: Option<f64>| a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-12);
            prop_assert!(near(ranking.auc(&counted), again.auc(&[1.0; 4])));
            prop_assert!(near(ranking.average_precision(&counted), again.average_precision(&[1.0; 4])));
            prop_assert!(near(ranking.recall_at(0.3, &counted), again.recall_at(0.3, &[1.0; 4])));
            if !repeated.is_empty() {
                let outcomes: Vec<f64> = repeated.iter().map(|(_, _, o)| f64::from(u8::from(*o))).collect();
                let values: Vec<f64> = repeated.iter().map(|(_, v, _)| *v).collect();
                prop_assert!(near(again.auc(&[1.0; 4]), scores::auc(&outcomes, &values).unwrap()));
            }
        }
    }
}
