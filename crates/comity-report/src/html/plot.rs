//! A pursued value over the years, against the distribution of all states.

use std::fmt::Write as _;

use comity_policy::audit::YearValue;
use maud::{Markup, html};

use super::ribbon::{WIDTH, place, short, ticks};
use crate::words;

const TOP: f64 = 14.0;
const GROUND: f64 = 118.0;

/// The picture, on the years `from..=to`, to the scale of the values `beside` it too, so that two states can
/// be compared. `label` says in words what it shows.
pub fn svg(
    block: &[&YearValue],
    beside: &[&YearValue],
    (from, to): (i32, i32),
    label: &str,
) -> Markup {
    let Some(scale) = Scale::of(beside).filter(|_| block.iter().any(|v| v.value.is_finite()))
    else {
        return html! {};
    };
    let middle = |year: i32| f64::midpoint(place(year, from, to), place(year + 1, from, to));
    let known: Vec<&YearValue> = block.iter().copied().filter(|v| v.value.is_finite()).collect();
    let stretches = stretches(&known);
    html! {
        svg class="plot" viewBox=(format!("0 0 {WIDTH} 136")) role="img" aria-label=(label) {
            @for part in self::stretches(&known.iter().copied().filter(|v| v.spread.is_some()).collect::<Vec<_>>()) {
                path class="decile" d=(band(part, &scale, &middle, 0, 4)) {}
                path class="quartile" d=(band(part, &scale, &middle, 1, 3)) {}
                path class="median" d=(line(part, &middle, |v| v.spread.map(|s| scale.y(s[2])))) {}
            }
            line class="ground" x1="0" x2=(WIDTH) y1=(short(GROUND)) y2=(short(GROUND)) {}
            @for part in &stretches {
                @if let [one] = part {
                    circle class="state" cx=(short(middle(one.year))) cy=(short(scale.y(one.value))) r="1.8" {}
                } @else {
                    path class="state" d=(line(part, &middle, |v| Some(scale.y(v.value)))) {}
                }
            }
            @if let Some(last) = known.last() {
                @let x = middle(last.year);
                circle class="last" cx=(short(x)) cy=(short(scale.y(last.value))) r="2.6" {
                    title { (last.year) ": " (words::number(last.value)) }
                }
                @let above = scale.y(last.value) > TOP + 12.0;
                text class="value" x=(short((x + 3.0).min(WIDTH - 1.0))) text-anchor="end"
                    y=(short(scale.y(last.value) + if above { -5.5 } else { 13.0 })) {
                    (words::number(last.value))
                }
            }
            text class="scale" x="2" y="10" { (words::number(scale.high)) }
            text class="scale" x="2" y=(short(GROUND - 3.0)) { (words::number(scale.low)) }
            (ticks(from, to, GROUND, 133))
        }
    }
}

struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// Room for the values and the middle eight tenths of all states.
    fn of(block: &[&YearValue]) -> Option<Self> {
        let all = block
            .iter()
            .flat_map(|v| v.spread.into_iter().flat_map(|s| [s[0], s[4]]).chain([v.value]))
            .filter(|v| v.is_finite());
        let (low, high) =
            all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if low > high {
            return None;
        }
        // A scale that nearly starts at nothing does start there.
        let low = if low > 0.0 && low < 0.35 * high { 0.0 } else { low };
        let high = if high - low < 1e-9 { low + 1.0 } else { high };
        Some(Self { low, high })
    }

    fn y(&self, value: f64) -> f64 {
        GROUND - (value - self.low) / (self.high - self.low) * (GROUND - TOP)
    }
}

/// Runs of consecutive years: a year that is not known breaks the line.
fn stretches<'a, 'b>(values: &'b [&'a YearValue]) -> Vec<&'b [&'a YearValue]> {
    values.chunk_by(|a, b| a.year + 1 == b.year).collect()
}

fn line(
    part: &[&YearValue],
    middle: &impl Fn(i32) -> f64,
    y: impl Fn(&YearValue) -> Option<f64>,
) -> String {
    let mut d = String::new();
    for v in part {
        if let Some(y) = y(v) {
            let _ = write!(
                d,
                "{}{} {}",
                if d.is_empty() { 'M' } else { 'L' },
                short(middle(v.year)),
                short(y)
            );
        }
    }
    d
}

/// The area between two points of the distribution.
fn band(
    part: &[&YearValue],
    scale: &Scale,
    middle: &impl Fn(i32) -> f64,
    low: usize,
    high: usize,
) -> String {
    let mut d = line(part, middle, |v| v.spread.map(|s| scale.y(s[high])));
    for v in part.iter().rev() {
        if let Some(s) = v.spread {
            let _ = write!(d, "L{} {}", short(middle(v.year)), short(scale.y(s[low])));
        }
    }
    d.push('Z');
    d
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn an_unknown_year_breaks_the_line() {
        let report = fixture::report();
        let values: Vec<&YearValue> = report.audits[0].commitments[1].values.iter().collect();
        let svg = svg(&values, &values, (1949, 1969), "words").into_string();
        // 1957 is not known.
        assert_eq!(svg.matches("<path class=\"state\"").count(), 2, "{svg}");
        assert_eq!(svg.matches("<path class=\"decile\"").count(), 2);
    }

    #[test]
    fn values_that_are_no_numbers_draw_nothing() {
        let mut v = fixture::report().audits[0].commitments[1].values[0].clone();
        v.value = f64::NAN;
        v.spread = None;
        assert_eq!(svg(&[&v], &[&v], (1949, 1969), "").into_string(), "");
        v.value = 3.0;
        assert!(
            svg(&[&v], &[&v], (1949, 1969), "").into_string().contains("<circle class=\"state\"")
        );
    }
}
