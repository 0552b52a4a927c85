use super::likelihood::{BOUND, Item, One, flat};
use super::normal::Normal;
use super::panel::Panel;
use super::path::{Tied, pull};
use super::place::{Spread, step};
use super::shift::shift;
use super::start::{moments, start};
use super::{Dynamics, Settings};
use crate::Error;
use crate::threads::in_order;

/// Work is cut into so many pieces, whatever the number of threads.
pub(crate) const PIECES: usize = 64;
/// Passes over the resolutions alone, to begin with.
const WARM_UP: usize = 3;
const PASSES: usize = 400;
/// Passes end when points move by less than this (root mean square).
const TOLERANCE: f64 = 5e-4;
/// So much of each step of the points is taken.
const DAMPING: f64 = 0.8;

/// Places of all states and resolutions, and how well they are known.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) theta: Vec<f64>,
    pub(crate) variance: Vec<f64>,
    pub(crate) items: Vec<Item>,
    pub(crate) spreads: Vec<Spread>,
    pub(crate) passes: usize,
}

/// The pieces of a list of parts that begin at the given places, about equally heavy.
pub(crate) fn pieces(starts: &[usize], pieces: usize) -> Vec<std::ops::Range<usize>> {
    let total = starts.last().copied().unwrap_or(0);
    let last = starts.len().saturating_sub(1);
    let cut = |k: usize| starts.partition_point(|s| *s * pieces < total * k).min(last);
    (0..pieces).map(|k| cut(k)..cut(k + 1)).collect()
}

pub(crate) fn fit(panel: &Panel, settings: &Settings) -> Result<Places, Error> {
    let normal = Normal::table();
    let mut places = Places {
        theta: start(panel),
        variance: vec![0.0; panel.cells.len()],
        items: (0..panel.items()).map(|k| flat(panel, k)).collect(),
        spreads: vec![Spread::default(); panel.items()],
        passes: 0,
    };
    let mut hold = 0.0;
    let mut moved = f64::INFINITY;
    while places.passes < PASSES {
        places.passes += 1;
        resolutions(normal, panel, settings, &mut places);
        if places.passes <= WARM_UP {
            continue;
        }
        let before = places.theta.clone();
        points(normal, panel, settings, &mut places, hold);
        shift(panel, &mut places.theta, &mut places.items);
        hold = f64::max(hold + 0.2 * (standardise(&mut places) - 1.0), 0.0);
        let squares = before.iter().zip(&places.theta).map(|(a, b)| (a - b).powi(2));
        moved = (squares.sum::<f64>() / before.len() as f64).sqrt();
        if moved < TOLERANCE {
            widen(normal, panel, &mut places);
            return Ok(places);
        }
    }
    Err(Error::NotSettled { what: "ideal points", passes: PASSES, moved })
}

fn resolutions(normal: &Normal, panel: &Panel, settings: &Settings, places: &mut Places) {
    let blocks = pieces(&panel.item_start, PIECES);
    let made = in_order(blocks.len(), settings.threads, |b| {
        let one = |k| step(normal, panel, k, &places.theta, &places.variance, &places.items[k]);
        blocks[b].clone().map(one).collect::<Vec<_>>()
    });
    for (k, (item, spread)) in made.into_iter().flatten().enumerate() {
        places.items[k] = item;
        places.spreads[k] = spread;
    }
}

/// One step for all points. `hold` is what keeps the scale: see the module.
fn points(normal: &Normal, panel: &Panel, settings: &Settings, places: &mut Places, hold: f64) {
    let means = session_means(panel, &places.theta);
    let made = in_order(panel.paths.len(), settings.threads, |k| {
        path(normal, panel, &panel.paths[k], places, settings.dynamics, &means, hold)
    });
    for (path, points) in panel.paths.iter().zip(made) {
        for (cell, (step, variance)) in path.iter().zip(points) {
            let cell = *cell as usize;
            places.theta[cell] += DAMPING * step.clamp(-0.5, 0.5);
            places.variance[cell] = variance;
        }
    }
}

/// By how much the points of one state are to be moved, and their variances.
fn path(
    normal: &Normal,
    panel: &Panel,
    path: &[u32],
    places: &Places,
    dynamics: Dynamics,
    means: &[f64],
    hold: f64,
) -> Vec<(f64, f64)> {
    let points: Vec<f64> = path.iter().map(|c| places.theta[*c as usize]).collect();
    let (mut first, mut information) = (Vec::new(), Vec::new());
    for (cell, at) in path.iter().zip(&points) {
        let cell = *cell as usize;
        let (mut score, mut own, mut slopes) = (0.0, 0.0, 0.0);
        for entry in panel.cast_by(cell) {
            let k = (entry / 4) as usize;
            let item = &places.items[k];
            let one = One::of(normal, entry % 4, item, *at);
            let square = item.slope * item.slope;
            let blur = one.information() * places.spreads[k].slope;
            score += item.slope * one.lean() - blur * at;
            own += one.information() * square + blur;
            slopes += square;
        }
        first.push(score - hold * slopes * (at - means[panel.cell_session[cell] as usize]));
        information.push(own + hold * slopes);
    }
    let steps: Vec<f64> = path.iter().map(|c| panel.step_precision[*c as usize]).collect();
    match dynamics {
        Dynamics::Smoothed => {
            let pulls = pull(&points, &steps);
            first.iter_mut().zip(pulls).for_each(|(f, p)| *f += p);
            let chain = Tied::new(&information, &steps);
            chain.solve(&mut first);
            first.into_iter().zip(chain.variances()).collect()
        }
        Dynamics::LooksBack => (0..path.len())
            .map(|t| {
                let (lag, step) = panel.looks_back(path, t, &points);
                let whole = information[t] + step;
                ((first[t] - step * (points[t] - lag)) / whole, 1.0 / whole)
            })
            .collect(),
    }
}

fn session_means(panel: &Panel, theta: &[f64]) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); panel.sessions.len()];
    for (point, session) in theta.iter().zip(&panel.cell_session) {
        let sum = &mut sums[*session as usize];
        *sum = (sum.0 + point, sum.1 + 1.0);
    }
    sums.into_iter().map(|(sum, n)| sum / n).collect()
}

/// Mean 0 and standard deviation 1 over the panel, what is not known of the points counted in; gives the deviation that there was.
fn standardise(places: &mut Places) -> f64 {
    let (mean, deviation) = moments(&places.theta);
    let unknown = places.variance.iter().sum::<f64>() / places.variance.len() as f64;
    let whole = (deviation * deviation + unknown).sqrt();
    places.theta.iter_mut().for_each(|t| *t = (*t - mean) / whole);
    for item in &mut places.items {
        item.low = (item.low - item.slope * mean).clamp(-BOUND, BOUND);
        item.high = (item.high - item.slope * mean).clamp(-BOUND, BOUND);
        item.slope *= whole;
    }
    whole
}

/// Adds to the variance of each point what comes from its resolutions, whose places are not known exactly either (to first order).
fn widen(normal: &Normal, panel: &Panel, places: &mut Places) {
    for cell in 0..panel.cells.len() {
        let at = places.theta[cell];
        let mut sum = 0.0;
        for entry in panel.cast_by(cell) {
            let k = (entry / 4) as usize;
            let (item, spread) = (&places.items[k], &places.spreads[k]);
            let one = One::of(normal, entry % 4, item, at);
            // How the score of the point changes with slope and cut-point.
            let slope = one.lean() - item.slope * at * one.information();
            let cut = item.slope * one.information();
            let (own, cross) = match entry % 4 {
                0 => (spread.low, spread.slope_low),
                1 => (
                    0.25 * (spread.low + spread.high + 2.0 * spread.low_high),
                    0.5 * (spread.slope_low + spread.slope_high),
                ),
                _ => (spread.high, spread.slope_high),
            };
            sum += slope * slope * spread.slope + 2.0 * slope * cut * cross + cut * cut * own;
        }
        places.variance[cell] += places.variance[cell].powi(2) * sum.max(0.0);
    }
}
