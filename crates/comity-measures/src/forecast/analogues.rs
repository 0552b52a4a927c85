//! The model of amounts: what followed in the past on moments like the present one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::past::{self, Moment, moments};
use crate::Error;
use crate::threads::in_order;

/// The settings of [`analogues`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Analogues {
    /// How much of a period's weight in the memory of the past is left one period later, between 0 and 1.
    pub memory: f64,
    /// The bandwidth of the level: how far apart two moments may be in ln(1 + amount).
    pub level: f64,
    /// The bandwidth of the remembered past, in the same unit.
    pub past: f64,
    /// The bandwidth of the time without any, in ln(1 + periods).
    pub calm: f64,
    /// The amount from which on growth counts more than amount: an analogue's outcome is moved by the share ln(1+y) / (ln(1+y) + ln(1+this)) of
    /// its distance from the present level y.
    pub growth: f64,
    /// The effective number of analogues that a forecast rests on at least, where the past has so many of its kind.
    pub at_least: f64,
    /// How many samples a forecast has.
    pub samples: usize,
}

impl Analogues {
    /// For years. Chosen by their scores on 2001–2014 alone (`docs/forecasts.md`).
    pub const YEARLY: Self = Self {
        memory: 0.9,
        level: 0.75,
        past: 2.0,
        calm: 0.3,
        growth: 100.0,
        at_least: 5.0,
        samples: 1000,
    };

    /// For months: those for years, with a memory as long (.9 a year). No monthly file of all countries was at hand to choose others on.
    pub const MONTHLY: Self = Self { memory: 0.991_258, ..Self::YEARLY };

    fn check(&self) -> Result<(), Error> {
        let refused = |what, value, wanted| Err(Error::Argument { what, value, wanted });
        if !(self.memory >= 0.0 && self.memory <= 1.0) {
            return refused("the memory", self.memory, "from 0 to 1");
        }
        for (what, value) in [
            ("the bandwidth of the level", self.level),
            ("the bandwidth of the past", self.past),
            ("the bandwidth of calm", self.calm),
            ("the amount from which growth counts", self.growth),
        ] {
            if !(value > 0.0 && value.is_finite()) {
                return refused(what, value, "above zero");
            }
        }
        if !(self.at_least >= 1.0 && self.at_least.is_finite()) {
            return refused("the effective number of analogues", self.at_least, "at least 1");
        }
        match self.samples {
            0 => Err(Error::TooFew { what: "samples", got: 0, wanted: 1 }),
            _ => Ok(()),
        }
    }
}

impl Default for Analogues {
    fn default() -> Self {
        Self::YEARLY
    }
}

/// What a forecast rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Moments of the same kind: with some violence, or with none.
    Alike,
    /// All moments of all units: nothing is known of this unit, or no moment of its kind was ever followed by a known period.
    Anyone,
}

/// A distribution of one unit's amount in the period forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Samples, rising, each as probable as the others: the quantiles at (i + ½)/n of the distribution. Nothing is drawn at random.
    pub samples: Vec<f64>,
    /// What it rests on.
    pub basis: Basis,
    /// The effective number of analogues: (Σw)² / Σw².
    pub effective: f64,
    /// By how much the bandwidths were widened to find enough of them; 1 where they were not.
    pub widened: f64,
    /// How many periods lie between the last one known of the unit and the one forecast.
    pub ahead: usize,
}

/// Forecasts the amount of each unit in the period that is `ahead` after the end of the histories.
///
/// A moment is a unit at the end of a period, known by its level ln(1 + amount), its remembered past and the time since it last had any. Of
/// every past moment of every unit, what followed the same number of periods later is known. The forecast is the distribution of these
/// outcomes, each weighted by how near its moment is to the present one (a Gaussian kernel over the three), among moments with some violence
/// if there is some now and among those without if there is none. Where there is some, outcomes that are not zero are moved with the level:
/// a war twice as large is expected to have twice the deaths, and a small one about as many as small ones have.
///
/// # Shape
/// One history per unit, over the same periods, oldest first; one [`Forecast`] per history. `ahead` is 1 for the next period.
///
/// # Units
/// Counts per period; samples are whole numbers.
///
/// # Nulls
/// `None` is a period of which nothing is known, before a state was there or after it ended, or outside the source; it is never taken for zero.
/// A unit whose last periods are not known is forecast from its last known one over a longer distance, and one of which nothing is known from
/// all moments of all units.
///
/// # Errors
/// Histories of different lengths, amounts that are negative or not finite, settings outside their range, `ahead` of 0, and histories so
/// short that no moment is followed by a known period.
///
/// # Source
/// Analogues: Lorenz (1969); the estimator: Hall, Wolff & Yao (1999), section 2, with the local constant fit; past sequences of fatalities:
/// Chadefaux (2022); effective number: Kish (1965). The move with the level and the choice of what is alike are this program's own.
///
/// Weights are whole multiples of 2⁻³², so that their sums do not depend on the order of units: the result is the same for any order and any
/// number of threads.
pub fn analogues(
    histories: &[&[Option<f64>]],
    ahead: usize,
    settings: &Analogues,
    threads: usize,
) -> Result<Vec<Forecast>, Error> {
    let periods = past::check(histories)?;
    settings.check()?;
    if ahead == 0 {
        let wanted = "at least 1";
        return Err(Error::Argument { what: "the periods ahead", value: 0.0, wanted });
    }
    let seen: Vec<Vec<Option<Moment>>> =
        histories.iter().map(|history| moments(history, settings.memory)).collect();
    let nearest = Followed::of(histories, &seen, ahead);
    if nearest.is_empty() {
        let what = "periods that follow a known one";
        return Err(Error::TooFew { what, got: 0, wanted: 1 });
    }
    // The last known moment of each unit, and how far the forecast is from it.
    let now: Vec<Option<(Moment, usize)>> = seen
        .iter()
        .map(|m| {
            m.iter().enumerate().rev().find_map(|(at, m)| Some(((*m)?, periods - 1 - at + ahead)))
        })
        .collect();
    let mut followed = BTreeMap::from([(ahead, nearest)]);
    for (_, distance) in now.iter().flatten() {
        followed.entry(*distance).or_insert_with(|| Followed::of(histories, &seen, *distance));
    }
    // Units whose moments are the same have the same forecast.
    let mut asked: Vec<Option<(Moment, usize)>> = now.clone();
    let before = |a: &Option<(Moment, usize)>, b: &Option<(Moment, usize)>| match (a, b) {
        (Some(a), Some(b)) => a.1.cmp(&b.1).then_with(|| order(&a.0, &b.0)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    };
    asked.sort_unstable_by(before);
    asked.dedup();
    let one = |at: usize| {
        let alike = asked[at].and_then(|(moment, distance)| {
            followed.get(&distance)?.alike(&moment, distance, settings)
        });
        alike
            .or_else(|| followed.get(&ahead)?.anyone(ahead, settings))
            .ok_or(Error::Empty { what: "a forecast" })
    };
    let made: Vec<Forecast> =
        in_order(asked.len(), threads, one).into_iter().collect::<Result<_, _>>()?;
    let of = |unit: &Option<(Moment, usize)>| {
        let at = asked.binary_search_by(|other| before(other, unit)).ok()?;
        made.get(at).cloned()
    };
    let all: Option<Vec<Forecast>> = now.iter().map(of).collect();
    all.ok_or(Error::Empty { what: "a forecast" })
}

/// A past moment, what the unit had the given number of periods later, and how many moments were the same with the same outcome.
#[derive(Debug, Clone, Copy)]
struct Pair {
    moment: Moment,
    outcome: f64,
    count: u64,
}

/// Moments in an order; equal ones are the same moment.
fn order(a: &Moment, b: &Moment) -> Ordering {
    a.level
        .total_cmp(&b.level)
        .then_with(|| a.past.total_cmp(&b.past))
        .then_with(|| a.calm.total_cmp(&b.calm))
}

/// All past moments at one distance, by rising outcome: those without violence, and those with.
#[derive(Debug)]
struct Followed {
    calm: Vec<Pair>,
    violent: Vec<Pair>,
}

impl Followed {
    fn of(histories: &[&[Option<f64>]], seen: &[Vec<Option<Moment>>], distance: usize) -> Self {
        let pairs = histories.iter().zip(seen).flat_map(|(history, moments)| {
            let later = history.get(distance..).unwrap_or_default();
            moments.iter().zip(later).filter_map(|(moment, outcome)| {
                Some(Pair { moment: (*moment)?, outcome: (*outcome)?, count: 1 })
            })
        });
        let (mut violent, mut calm): (Vec<Pair>, Vec<Pair>) =
            pairs.partition(|pair| pair.moment.violent());
        for kind in [&mut violent, &mut calm] {
            kind.sort_unstable_by(|a, b| {
                a.outcome.total_cmp(&b.outcome).then_with(|| order(&a.moment, &b.moment))
            });
            // Most units are at peace most of the time, and their moments the same.
            kind.dedup_by(|next, kept| {
                let same = next.outcome == kept.outcome && next.moment == kept.moment;
                kept.count += u64::from(same);
                same
            });
        }
        Self { calm, violent }
    }

    fn is_empty(&self) -> bool {
        self.calm.is_empty() && self.violent.is_empty()
    }

    /// The forecast from moments of the same kind; `None` where there is none.
    fn alike(&self, now: &Moment, ahead: usize, settings: &Analogues) -> Option<Forecast> {
        let kind = if now.violent() { &self.violent } else { &self.calm };
        let (weights, widened, effective) = weigh(kind, now, settings)?;
        let mut outcomes: Vec<(f64, u64)> = kind
            .iter()
            .zip(weights)
            .filter(|(_, weight)| *weight > 0)
            .map(|(pair, weight)| (moved(pair, now, settings.growth), weight * pair.count))
            .collect();
        if now.violent() {
            outcomes.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let samples = drawn(&outcomes, settings.samples);
        Some(Forecast { samples, basis: Basis::Alike, effective, widened, ahead })
    }

    /// The forecast from all moments, all alike.
    fn anyone(&self, ahead: usize, settings: &Analogues) -> Option<Forecast> {
        let all = self.calm.iter().chain(&self.violent);
        let mut outcomes: Vec<(f64, u64)> =
            all.map(|pair| (pair.outcome.round(), pair.count)).collect();
        outcomes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let effective = outcomes.iter().map(|(_, count)| *count).sum::<u64>() as f64;
        let samples = drawn(&outcomes, settings.samples);
        (effective > 0.0).then_some(Forecast {
            samples,
            basis: Basis::Anyone,
            effective,
            widened: 1.0,
            ahead,
        })
    }
}

/// A weight of 1.
const ONE: f64 = (1_u64 << 32) as f64;
/// Where e^−x is less than half of the smallest weight.
const FAR: f64 = 23.0;
/// By how much bandwidths are widened in one step, and how often at most.
const WIDER: f64 = 1.25;
const STEPS: usize = 100;

/// The weight of each pair, how far the bandwidths were widened, and the effective number of pairs.
fn weigh(pairs: &[Pair], now: &Moment, settings: &Analogues) -> Option<(Vec<u64>, f64, f64)> {
    if pairs.is_empty() {
        return None;
    }
    let square = |distance: f64, bandwidth: f64| (distance / bandwidth) * (distance / bandwidth);
    let distances: Vec<f64> = pairs
        .iter()
        .map(|pair| {
            square(pair.moment.level - now.level, settings.level)
                + square(pair.moment.past - now.past, settings.past)
                + square(pair.moment.calm - now.calm, settings.calm)
        })
        .collect();
    let all: u64 = pairs.iter().map(|pair| pair.count).sum();
    let mut wide = 1.0;
    for step in 0..=STEPS {
        let weigh = |d: &f64| match 0.5 * d / (wide * wide) {
            far if far > FAR => 0,
            near => (libm::exp(-near) * ONE).round() as u64,
        };
        let weights: Vec<u64> = distances.iter().map(weigh).collect();
        let effective = effective(pairs, &weights);
        // With fewer pairs than asked for, all of them are taken once their weights are almost the same.
        let most = 0.99 * all as f64;
        if effective >= settings.at_least.min(most) || step == STEPS {
            return (effective > 0.0).then_some((weights, wide, effective));
        }
        wide *= WIDER;
    }
    None
}

/// (Σw)² / Σw², from sums of whole numbers.
fn effective(pairs: &[Pair], weights: &[u64]) -> f64 {
    let sum = |of: &dyn Fn(u128) -> u128| -> u128 {
        pairs.iter().zip(weights).map(|(p, w)| of(u128::from(*w)) * u128::from(p.count)).sum()
    };
    let (sum, squares) = (sum(&|w| w), sum(&|w| w * w));
    if squares == 0 { 0.0 } else { (sum as f64 / squares as f64) * sum as f64 }
}

/// An analogue's outcome, seen from the present level.
fn moved(pair: &Pair, now: &Moment, growth: f64) -> f64 {
    if pair.outcome <= 0.0 || !now.violent() {
        return pair.outcome.round();
    }
    let share = now.level / (now.level + libm::log1p(growth));
    let log = libm::log1p(pair.outcome) + share * (now.level - pair.moment.level);
    libm::expm1(log).round().max(1.0)
}

/// The quantiles at (i + ½)/n of weighted outcomes in rising order.
fn drawn(outcomes: &[(f64, u64)], samples: usize) -> Vec<f64> {
    let total: u128 = outcomes.iter().map(|(_, w)| u128::from(*w)).sum();
    let wanted = |i: usize| (2 * i as u128 + 1) * total;
    let mut drawn = Vec::with_capacity(samples);
    let mut up_to = 0_u128;
    for (value, weight) in outcomes {
        up_to += u128::from(*weight);
        while drawn.len() < samples && up_to * 2 * samples as u128 >= wanted(drawn.len()) {
            drawn.push(*value);
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Peaceful units, and one war that goes on, dies down or grows.
    fn invented() -> Vec<Vec<Option<f64>>> {
        let mut all: Vec<Vec<Option<f64>>> = (0..12).map(|_| vec![Some(0.0); 20]).collect();
        for (unit, history) in all.iter_mut().enumerate().take(6) {
            for (at, value) in history.iter_mut().enumerate().skip(unit + 2).take(8) {
                *value = Some(f64::from(40 * (1 + (unit * 7 + at * 5) as u32 % 9)));
            }
        }
        all
    }

    fn slices(all: &[Vec<Option<f64>>]) -> Vec<&[Option<f64>]> {
        all.iter().map(Vec::as_slice).collect()
    }

    fn mean(forecast: &Forecast) -> f64 {
        forecast.samples.iter().sum::<f64>() / forecast.samples.len() as f64
    }

    #[test]
    fn peace_is_followed_by_peace_and_a_large_war_by_a_large_one() {
        let mut all = invented();
        all[0][19] = Some(200.0);
        all[1][19] = Some(2_000.0);
        let found = analogues(&slices(&all), 1, &Analogues::YEARLY, 1).unwrap();
        for forecast in &found {
            assert_eq!(forecast.samples.len(), 1000);
            assert!(forecast.samples.is_sorted());
            assert!(forecast.samples.iter().all(|x| x.fract() == 0.0 && *x >= 0.0));
            assert_eq!((forecast.basis, forecast.ahead), (Basis::Alike, 1));
        }
        assert_eq!(found[11].samples[900], 0.0);
        assert!(mean(&found[0]) > 50.0 && mean(&found[1]) > 1.5 * mean(&found[0]));
    }

    #[test]
    fn the_result_is_the_same_for_any_order_of_units_and_any_number_of_threads() {
        let all = invented();
        let rows = slices(&all);
        let one = analogues(&rows, 2, &Analogues::YEARLY, 1).unwrap();
        assert_eq!(analogues(&rows, 2, &Analogues::YEARLY, 5).unwrap(), one);
        let turned: Vec<&[Option<f64>]> = rows.iter().rev().copied().collect();
        let mut back = analogues(&turned, 2, &Analogues::YEARLY, 1).unwrap();
        back.reverse();
        assert_eq!(back, one);
    }

    #[test]
    fn moments_that_are_the_same_count_as_often_as_they_are() {
        let all = invented();
        // Every history twice: every weight doubles, and with it the effective number; no quantile moves.
        let once = analogues(&slices(&all), 1, &Analogues::YEARLY, 1).unwrap();
        let rows: Vec<&[Option<f64>]> = slices(&all).into_iter().chain(slices(&all)).collect();
        let twice = analogues(&rows, 1, &Analogues::YEARLY, 1).unwrap();
        for (one, two) in once.iter().zip(&twice).filter(|(one, _)| one.widened == 1.0) {
            assert_eq!(one.samples, two.samples);
            assert!((two.effective - 2.0 * one.effective).abs() < 1e-9 * two.effective);
        }
        assert_eq!(twice[..12], twice[12..]);
    }

    #[test]
    fn what_is_not_known_is_not_taken_for_zero() {
        let mut all = invented();
        all[10] = vec![None; 20];
        all[9][18] = None;
        all[9][19] = None;
        let found = analogues(&slices(&all), 1, &Analogues::YEARLY, 2).unwrap();
        assert_eq!(found[10].basis, Basis::Anyone);
        assert!(mean(&found[10]) > 0.0);
        assert_eq!((found[9].basis, found[9].ahead), (Basis::Alike, 3));
        // A unit that is all unknown changes nothing for the others.
        let without: Vec<&[Option<f64>]> =
            all.iter().enumerate().filter(|(i, _)| *i != 10).map(|(_, h)| h.as_slice()).collect();
        let fewer = analogues(&without, 1, &Analogues::YEARLY, 2).unwrap();
        assert_eq!((&fewer[..10], &fewer[10]), (&found[..10], &found[11]));
    }

    #[test]
    fn a_first_war_without_precedent_rests_on_all_moments() {
        let mut all: Vec<Vec<Option<f64>>> = vec![vec![Some(0.0); 6]; 4];
        all[0][5] = Some(500.0);
        let found = analogues(&slices(&all), 1, &Analogues::YEARLY, 1).unwrap();
        assert_eq!(found[0].basis, Basis::Anyone);
        assert_eq!(found[1].basis, Basis::Alike);
        // One of 19 moments that could be a precedent was followed by a war.
        assert!(found[1].samples.contains(&500.0));
    }

    #[test]
    fn few_precedents_widen_the_bandwidths_until_enough_count() {
        let mut all = invented();
        all[0][19] = Some(90_000.0);
        let found = analogues(&slices(&all), 1, &Analogues::YEARLY, 1).unwrap();
        assert!(found[0].widened > 1.0 && found[0].effective >= 5.0, "{:?}", found[0].effective);
        assert_eq!(found[11].widened, 1.0);
        // A single pair of its kind is taken as it is.
        let pair = vec![vec![Some(5.0), Some(7.0)], vec![None, Some(0.0)]];
        let lone = analogues(&slices(&pair), 1, &Analogues::YEARLY, 1).unwrap();
        assert_eq!(lone[0].effective, 1.0);
        assert!(lone[0].samples.iter().all(|x| *x == lone[0].samples[0]));
    }

    #[test]
    fn settings_and_histories_that_cannot_be_are_refused() {
        let all = invented();
        let rows = slices(&all);
        let refused = |settings: Analogues| analogues(&rows, 1, &settings, 1).is_err();
        let good = Analogues::YEARLY;
        assert!(!refused(good));
        assert!(refused(Analogues { memory: 1.5, ..good }));
        assert!(refused(Analogues { level: 0.0, ..good }));
        assert!(refused(Analogues { calm: f64::NAN, ..good }));
        assert!(refused(Analogues { at_least: 0.0, ..good }));
        assert!(refused(Analogues { samples: 0, ..good }));
        assert!(analogues(&rows, 0, &good, 1).is_err());
        assert!(analogues(&rows, 20, &good, 1).is_err());
        assert!(analogues(&[&[Some(1.0)]], 1, &good, 1).is_err());
    }
}
