//! A line through the logarithm of rates: Poisson regression with one slope, weighted, with known factors of exposure.

/// One period of the baseline as the regression sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// When, in baselines before the tested period: −1 to 0.
    pub time: f64,
    /// Events.
    pub count: f64,
    /// What one unit of the rate lets one expect: reports, times the weekday's factor.
    pub exposure: f64,
    /// How much it counts.
    pub weight: f64,
}

/// log μ = log exposure + level + slope · time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub level: f64,
    pub slope: f64,
    /// The inverse of the information: of the level, of both, of the slope.
    pub covariance: [f64; 3],
}

impl Line {
    pub fn mean(&self, point: &Point) -> f64 {
        point.exposure * (self.level + self.slope * point.time).exp()
    }

    /// What a point adds to the fit at its own place.
    pub fn leverage(&self, point: &Point) -> f64 {
        let [level, both, slope] = self.covariance;
        let t = point.time;
        (point.weight * self.mean(point) * (level + 2.0 * t * both + t * t * slope))
            .clamp(0.0, 0.99)
    }
}

/// Events can be weighted; less than this is no event.
const LEAST_EVENTS: f64 = 1e-6;

/// The rate without a slope; `None` without events.
pub(super) fn flat(points: &[Point]) -> Option<Line> {
    let count: f64 = points.iter().map(|p| p.weight * p.count).sum();
    let exposure: f64 = points.iter().map(|p| p.weight * p.exposure).sum();
    (count > LEAST_EVENTS && exposure > 0.0).then(|| Line {
        level: (count / exposure).ln(),
        slope: 0.0,
        covariance: [1.0 / count, 0.0, 0.0],
    })
}

/// The line of greatest likelihood, by Newton's steps; `None` where there is none, or the steps do not settle.
pub(super) fn sloped(points: &[Point]) -> Option<Line> {
    let mut line = flat(points)?;
    for _ in 0..30 {
        // The information, and the score: of the level, of both, of the slope.
        let (mut information, mut score) = ([0.0; 3], [0.0; 2]);
        for point in points {
            let mean = point.weight * line.mean(point);
            let rest = point.weight * point.count - mean;
            information[0] += mean;
            information[1] += mean * point.time;
            information[2] += mean * point.time * point.time;
            score[0] += rest;
            score[1] += rest * point.time;
        }
        let [own, both, slopes] = information;
        let determinant = own * slopes - both * both;
        if determinant.is_nan() || determinant <= 1e-12 * own * slopes {
            return None;
        }
        let level = (slopes * score[0] - both * score[1]) / determinant;
        let slope = (own * score[1] - both * score[0]) / determinant;
        line.level += level.clamp(-3.0, 3.0);
        line.slope += slope.clamp(-3.0, 3.0);
        line.covariance = [slopes / determinant, -both / determinant, own / determinant];
        if level.abs() + slope.abs() < 1e-9 {
            return Some(line);
        }
    }
    None
}

/// Pearson's dispersion about a line with so many coefficients, never below 1.
pub(super) fn dispersion(points: &[Point], line: &Line, coefficients: usize) -> f64 {
    let square = |p: &Point| {
        let mean = line.mean(p);
        if mean > 0.0 { p.weight * (p.count - mean).powi(2) / mean } else { 0.0 }
    };
    let squares: f64 = points.iter().map(square).sum();
    let freedom = points.len().saturating_sub(coefficients).max(1) as f64;
    (squares / freedom).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts are the means of a line, so that it is the one of greatest likelihood.
    #[test]
    fn the_line_that_made_the_counts_is_found() {
        let point = |i: usize| {
            let time = -1.0 + i as f64 / 20.0;
            let exposure = 50.0 + 7.0 * (i % 3) as f64;
            Point { time, exposure, count: exposure * (-2.0 + 1.3 * time).exp(), weight: 1.0 }
        };
        let points: Vec<Point> = (0..20).map(point).collect();
        let line = sloped(&points).unwrap();
        assert!((line.level + 2.0).abs() < 1e-9 && (line.slope - 1.3).abs() < 1e-9, "{line:?}");
        assert_eq!(dispersion(&points, &line, 2), 1.0);
        // The diagonal of the hat matrix adds up to the number of coefficients.
        let trace: f64 = points.iter().map(|p| line.leverage(p)).sum();
        assert!((trace - 2.0).abs() < 1e-6, "{trace}");
    }

    #[test]
    fn without_events_or_with_one_period_there_is_no_line() {
        let point = Point { time: -0.5, count: 0.0, exposure: 10.0, weight: 1.0 };
        assert_eq!(flat(&[point, point]), None);
        assert_eq!(sloped(&[Point { count: 2.0, ..point }]), None);
    }
}
