//! A pursued value over the years, against the distribution of all states.

use std::fmt::Write as _;

use comity_policy::audit::YearValue;
use maud::{Markup, html};

use super::ribbon::{WIDTH, place, short, ticks};
use crate::words;

/// Height of the lines.
const HEIGHT: i32 = 104;
/// Height of a unit of the lines: they are written in as few figures as can be seen.
const UNIT: i32 = 2;
/// Room above them.
const TOP: i32 = 14;
/// Width of a year, in units of the lines.
const YEAR: i32 = 8;

/// The picture, on the years `from..=to`, to the scale of the values `beside` it too, so that two states can
/// be compared. `label` says in words what it shows. It stands alone, with its axis.
pub fn svg(
    block: &[&YearValue],
    beside: &[&YearValue],
    (from, to): (i32, i32),
    label: &str,
) -> Markup {
    let Some(plot) = Plot::of(block, beside, (from, to)) else { return html! {} };
    let ground = TOP + HEIGHT;
    html! {
        svg class="plot" viewBox=(format!("0 0 {WIDTH} {}", ground + 18)) role="img" aria-label=(label) {
            (plot.lines(&WIDTH.to_string(), true))
            @if let Some(last) = plot.known.last() {
                @let x = (plot.middle(last.year) * WIDTH).min(WIDTH - 1.0);
                (plot.texts(&short(x), &short(plot.middle(last.year) * WIDTH), last))
            }
            (ticks(from, to, f64::from(ground), ground + 15))
        }
    }
}

/// The same as wide as its place, with text of one size; its axis is drawn apart.
pub fn fluid(
    block: &[&YearValue],
    beside: &[&YearValue],
    years: (i32, i32),
    label: &str,
) -> Markup {
    let Some(plot) = Plot::of(block, beside, years) else { return html! {} };
    html! {
        svg class="plot" width="100%" height=(TOP + HEIGHT + 1) role="img" aria-label=(label) {
            (plot.lines("100%", false))
            @if let Some(last) = plot.known.last() {
                @let x = 100.0 * plot.middle(last.year);
                (plot.texts(&format!("{}%", short(x.clamp(8.0, 99.5))), &format!("{}%", short(x)), last))
            }
        }
    }
}

struct Plot<'a> {
    years: (i32, i32),
    low: f64,
    high: f64,
    known: Vec<&'a YearValue>,
}

impl<'a> Plot<'a> {
    /// A scale with room for the values and the middle eight tenths of all states.
    fn of(block: &[&'a YearValue], beside: &[&YearValue], years: (i32, i32)) -> Option<Self> {
        let all = beside
            .iter()
            .flat_map(|v| v.spread.into_iter().flat_map(|s| [s[0], s[4]]).chain([v.value]))
            .filter(|v| v.is_finite());
        let (low, high) =
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        let known: Vec<&YearValue> =
            block.iter().copied().filter(|v| v.value.is_finite()).collect();
        if low > high || known.is_empty() {
            return None;
        }
        // A scale that nearly starts at nothing does start there.
        let low = if low > 0.0 && low < 0.35 * high { 0.0 } else { low };
        let high = if high - low < 1e-9 { low + 1.0 } else { high };
        Some(Self { years, low, high, known })
    }

    /// The middle of a year as a share of the width.
    fn middle(&self, year: i32) -> f64 {
        let (from, to) = self.years;
        f64::midpoint(place(year, from, to), place(year + 1, from, to)) / WIDTH
    }

    fn x(&self, year: i32) -> i32 {
        (year - self.years.0) * YEAR + YEAR / 2
    }

    fn y(&self, value: f64) -> i32 {
        let share = (value - self.low) / (self.high - self.low);
        (f64::from(HEIGHT / UNIT) * (1.0 - share)).round() as i32
    }

    /// The lines, stretched to a width; with the outer band of the distribution, or without.
    fn lines(&self, width: &str, outer: bool) -> Markup {
        let across = (self.years.1 - self.years.0 + 1).max(1) * YEAR;
        let spread: Vec<&YearValue> =
            self.known.iter().copied().filter(|v| v.spread.is_some()).collect();
        let of = |v: &YearValue, at: usize| v.spread.map(|s| self.y(s[at]));
        html! {
            svg y=(TOP) width=(width) height=(HEIGHT) viewBox=(format!("0 0 {across} {}", HEIGHT / UNIT)) preserveAspectRatio="none" overflow="visible" aria-hidden="true" {
                @for part in stretches(&spread) {
                    @if outer { path class="decile" d=(self.band(part, |v| (of(v, 4), of(v, 0)))) {} }
                    path class="quartile" d=(self.band(part, |v| (of(v, 3), of(v, 1)))) {}
                    path class="median" d=(self.line(part, |v| of(v, 2))) {}
                }
                path class="ground" d=(format!("M0 {}H{across}", HEIGHT / UNIT)) {}
                @for part in stretches(&self.known) {
                    @if let [one] = part {
                        path class="state" stroke-linecap="round" d=(format!("M{} {}h0", self.x(one.year), self.y(one.value))) {}
                    } @else {
                        path class="state" d=(self.line(part, |v| Some(self.y(v.value)))) {}
                    }
                }
            }
        }
    }

    /// The ends of the scale, and the last value: its text at `x`, its point at `point`.
    fn texts(&self, x: &str, point: &str, last: &YearValue) -> Markup {
        let y = TOP + UNIT * self.y(last.value);
        let above = y > TOP + 12;
        html! {
            circle class="last" cx=(point) cy=(y) r="2.6" { title { (last.year) ": " (words::number(last.value)) } }
            text class="value" x=(x) text-anchor="end" y=(if above { y - 6 } else { y + 13 }) { (words::number(last.value)) }
            text class="scale" x="2" y="10" { (words::number(self.high)) }
            text class="scale" x="2" y=(TOP + HEIGHT - 3) { (words::number(self.low)) }
        }
    }

    fn line(&self, part: &[&YearValue], y: impl Fn(&YearValue) -> Option<i32>) -> String {
        steps(part.iter().filter_map(|v| Some((self.x(v.year), y(v)?))))
    }

    /// The area between two points of the distribution.
    fn band(
        &self,
        part: &[&YearValue],
        ends: impl Fn(&YearValue) -> (Option<i32>, Option<i32>),
    ) -> String {
        let upper = part.iter().filter_map(|v| Some((self.x(v.year), ends(v).0?)));
        let lower = part.iter().rev().filter_map(|v| Some((self.x(v.year), ends(v).1?)));
        steps(upper.chain(lower)) + "z"
    }
}

/// A line through points, in steps from each to the next: short to write.
fn steps(points: impl Iterator<Item = (i32, i32)>) -> String {
    let (mut d, mut at) = (String::new(), None);
    let points: Vec<(i32, i32)> = points.collect();
    let level = |n: usize| {
        n > 0
            && n + 1 < points.len()
            && points[n - 1].1 == points[n].1
            && points[n].1 == points[n + 1].1
            && (points[n].0 - points[n - 1].0).signum() == (points[n + 1].0 - points[n].0).signum()
    };
    // A level stretch is one step.
    for (x, y) in (0..points.len()).filter(|n| !level(*n)).map(|n| points[n]) {
        let _ = match at {
            None => write!(d, "M{x} {y}l"),
            Some((before_x, before_y)) => {
                let (dx, dy) = (x - before_x, y - before_y);
                let between = if dy < 0 { "" } else { " " };
                let blank = if d.ends_with('l') || dx < 0 { "" } else { " " };
                write!(d, "{blank}{dx}{between}{dy}")
            }
        };
        at = Some((x, y));
    }
    d
}

/// Runs of consecutive years: a year that is not known breaks the line.
fn stretches<'a, 'b>(values: &'b [&'a YearValue]) -> Vec<&'b [&'a YearValue]> {
    values.chunk_by(|a, b| a.year + 1 == b.year).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn an_unknown_year_breaks_the_line() {
        let report = fixture::report();
        let values: Vec<&YearValue> = report.audits[0].commitments[1].values.iter().collect();
        for svg in [
            svg(&values, &values, (1949, 1969), "words").into_string(),
            fluid(&values, &values, (1949, 1969), "words").into_string(),
        ] {
            // 1957 is not known.
            assert_eq!(svg.matches("<path class=\"state\"").count(), 2, "{svg}");
            assert_eq!(svg.matches("<path class=\"quartile\"").count(), 2);
        }
    }

    #[test]
    fn values_that_are_no_numbers_draw_nothing() {
        let mut v = fixture::report().audits[0].commitments[1].values[0].clone();
        v.value = f64::NAN;
        v.spread = None;
        assert_eq!(svg(&[&v], &[&v], (1949, 1969), "").into_string(), "");
        v.value = 3.0;
        assert!(svg(&[&v], &[&v], (1949, 1969), "").into_string().contains("class=\"state\""));
    }

    #[test]
    fn a_line_is_written_in_steps() {
        assert_eq!(steps([(4, 9), (12, 9), (20, 9), (28, 8)].into_iter()), "M4 9l16 0 8-1");
        assert_eq!(steps([(4, 96), (12, 95), (20, 95), (12, 99)].into_iter()), "M4 96l8-1 8 0-8 4");
    }
}
