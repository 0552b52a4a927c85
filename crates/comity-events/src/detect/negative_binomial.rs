//! A negative binomial baseline with trend and weekday.

use super::distribution::surprise;
use super::fit::{Line, Point, dispersion, flat, sloped};
use super::{Period, Reference, Said, Tested};

/// How improbable as many events are under a baseline with trend and weekday:
///
/// ```text
/// log μ_i = log(n_i γ_d(i)) + α + β t_i        t from −1 to 0 at the tested period
/// γ_d     = (x_d + 1) / (ρ n_d + 1)            by day only: sums over the baseline's days of that weekday; else 1
/// φ       = max(1, Σ w (x − μ)² / μ / (W − coefficients))
/// value   = −log₁₀ P(Y ≥ x),  Y negative binomial with mean μ₀ = n γ exp α, variance φ μ₀ (1 + μ₀ v)
/// ```
///
/// v is the variance of α from the information of the fit. α and β are those of greatest likelihood (Poisson), fitted twice: periods whose Anscombe residual s is above 2.58 count 1/s² in
/// the second fit, so that past crises do not become the usual. The trend is kept where it is significant (5 percent), and never carries
/// μ₀ above the highest past rate, or below half an event in the whole baseline. From Farrington et al. (1996) and its revision by Noufaily et al. (2013); the season of the year is not
/// in it, which news of conflict has not, and the weekday is.
///
/// # Units
/// Minus the decimal logarithm of a probability: 3 is one in a thousand. A count of 0 has value 0.
///
/// # Nulls
/// No value before half of a baseline was seen, or in a period without reports.
pub const NEGATIVE_BINOMIAL: Reference = Reference {
    authors: "Noufaily, Angela, Doyo G. Enki, Paddy Farrington, Paul Garthwaite, Nick Andrews and André Charlett",
    year: 2013,
    title: "An Improved Algorithm for Outbreak Detection in Multiple Surveillance Systems",
    published_in: "Statistics in Medicine 32(7): 1206-1222",
    doi: "10.1002/sim.5595",
};

/// Residuals above it are taken for past outbreaks (Noufaily et al. 2013).
const OUTBREAK: f64 = 2.58;
/// A variance of more than a million squared means is no longer one of counts.
const LEAST_SIZE: f64 = 1e-6;
/// How many standard errors a trend has to be away from none.
const SIGNIFICANT: f64 = 1.96;

pub(super) fn test(tested: &Tested<'_>) -> Said {
    let (cell, past) = (&tested.cell, &tested.past);
    let plain = past.expected(cell.exposure);
    if cell.count <= 0.0 {
        return Said { value: 0.0, expected: plain, since: None };
    }
    let factors = weekdays(tested);
    let length = f64::from(
        tested.window.baseline().next().map_or(1, |first| cell.period - first.period).max(1),
    );
    let mut points: Vec<Point> = tested
        .window
        .baseline()
        .map(|past| Point {
            time: f64::from(past.period - cell.period) / length,
            count: past.count,
            exposure: past.exposure * factors[weekday(past.period)],
            weight: 1.0,
        })
        .collect();
    let exposure = cell.exposure * factors[weekday(cell.period)];
    let highest = points.iter().map(|p| p.count / p.exposure).fold(0.0, f64::max);
    let by_line = fitted(&mut points)
        .map(|(line, dispersion)| (line.level.exp().min(highest), dispersion, line.covariance[0]));
    // Without events in the baseline, or where counts are too odd for a line: half an event is added to all.
    let (rate, dispersion, uncertain) = by_line
        .filter(|(rate, dispersion, uncertain)| *rate > 0.0 && (dispersion + uncertain).is_finite())
        .unwrap_or((past.rate, past.dispersion, 1.0 / (past.rate * past.exposure)));
    let mean = rate.max(0.5 / past.exposure) * exposure;
    let size = (1.0 / ((dispersion - 1.0) / mean + dispersion * uncertain)).max(LEAST_SIZE);
    Said { value: surprise(cell.count, mean, size), expected: mean, since: None }
}

/// The line that is kept, and the dispersion about it.
fn fitted(points: &mut [Point]) -> Option<(Line, f64)> {
    let first = sloped(points).or_else(|| flat(points))?;
    let about = dispersion(points, &first, 2);
    weigh(points, &first, about);
    let level = flat(points)?;
    let kept = sloped(points).filter(|line| {
        let error = (line.covariance[2] * dispersion(points, line, 2)).sqrt();
        line.slope.abs() > SIGNIFICANT * error
    });
    let coefficients = if kept.is_some() { 2 } else { 1 };
    let line = kept.unwrap_or(level);
    Some((line, dispersion(points, &line, coefficients)))
}

/// Lets periods that look like outbreaks count for less; all weights together stay their number.
fn weigh(points: &mut [Point], line: &Line, dispersion: f64) {
    let mut sum = 0.0;
    for point in &mut *points {
        let mean = line.mean(point);
        let spread =
            2.0 * mean.powf(1.0 / 6.0) * (dispersion * (1.0 - line.leverage(point))).sqrt();
        let residual = 3.0 * (point.count.powf(2.0 / 3.0) - mean.powf(2.0 / 3.0)) / spread;
        point.weight = if residual > OUTBREAK { residual.powi(-2) } else { 1.0 };
        sum += point.weight;
    }
    let scale = points.len() as f64 / sum;
    for point in points {
        point.weight *= scale;
    }
}

/// 1 January 1970 was a Thursday; Monday is 0.
fn weekday(day: i32) -> usize {
    day.saturating_add(3).rem_euclid(7) as usize
}

/// How much of the usual rate there is on each weekday; 1 where periods are longer than days.
fn weekdays(tested: &Tested<'_>) -> [f64; 7] {
    if tested.settings.period != Period::Day {
        return [1.0; 7];
    }
    let mut sums = [(0.0, 0.0); 7];
    for cell in tested.window.baseline() {
        let (count, exposure) = &mut sums[weekday(cell.period)];
        *count += cell.count;
        *exposure += cell.exposure;
    }
    sums.map(|(count, exposure)| (count + 1.0) / (tested.past.rate * exposure + 1.0))
}
