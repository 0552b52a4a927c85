//! Lines against years, and what happened between years: pictures that can be walked through year by year.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity_report::html::ribbon::{WIDTH, short};
use maud::{Markup, html};

/// How many lines have a colour and a dash of their own.
pub const COLOURS: usize = 8;
/// Height of a graph.
const TALL: f64 = 260.0;
/// Points that are marked, at most: more would be all there is to see.
const MARKED: usize = 400;

/// One line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// Year and value, by year; a year that is missing is a gap.
    pub points: Vec<(i32, f64)>,
    /// Year with the ends of an interval around its value; empty where none is known.
    pub band: Vec<(i32, f64, f64)>,
}

/// Where years and values lie.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// First and last year.
    pub years: (i32, i32),
    /// Left and right end.
    pub sides: (f64, f64),
    /// Top and ground.
    pub heights: (f64, f64),
    /// Lowest and highest value.
    pub values: (f64, f64),
}

impl Field {
    /// The left edge of a year.
    pub fn edge(&self, year: i32) -> f64 {
        let count = f64::from((self.years.1 - self.years.0 + 1).max(1));
        self.sides.0 + f64::from(year - self.years.0) * (self.sides.1 - self.sides.0) / count
    }

    /// The middle of a year.
    pub fn middle(&self, year: i32) -> f64 {
        f64::midpoint(self.edge(year), self.edge(year + 1))
    }

    /// The height of a value.
    pub fn height(&self, value: f64) -> f64 {
        let (low, high) = self.values;
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        self.heights.1 - share * (self.heights.1 - self.heights.0)
    }

    /// A line through neighbouring years, broken where a year is missing; a year alone is a short stroke.
    pub fn path(&self, points: &[(i32, f64)]) -> String {
        let mut d = String::new();
        let mut last: Option<i32> = None;
        for (year, value) in points {
            let (x, y) = (self.middle(*year), self.height(*value));
            let near = last == Some(*year - 1);
            // Writing to a string does not fail.
            let _ = if near {
                write!(d, "L{} {}", short(x), short(y))
            } else {
                write!(d, "M{} {}h.01", short(x), short(y))
            };
            last = Some(*year);
        }
        d
    }

    /// The area between two lines, a piece for each run of years.
    pub fn area(&self, band: &[(i32, f64, f64)]) -> String {
        let mut d = String::new();
        for run in band.chunk_by(|a, b| a.0 + 1 == b.0) {
            let there = run.iter().map(|(year, low, _)| (*year, *low));
            let back = run.iter().rev().map(|(year, _, high)| (*year, *high));
            for (at, (year, value)) in there.chain(back).enumerate() {
                let (x, y) = (self.middle(year), self.height(value));
                let _ = write!(d, "{}{} {}", if at == 0 { 'M' } else { 'L' }, short(x), short(y));
            }
            d.push('Z');
        }
        d
    }

    /// Years below the ground.
    pub fn axis(&self) -> Markup {
        let (from, to) = self.years;
        let step = match to - from {
            ..=12 => 1,
            13..=30 => 5,
            31..=130 => 10,
            _ => 20,
        };
        html! {
            line class="ground" x1=(short(self.sides.0)) x2=(short(self.sides.1)) y1=(short(self.heights.1)) y2=(short(self.heights.1)) {}
            @for year in (from..=to).filter(|y| y % step == 0) {
                @let x = self.middle(year);
                line class="tick" x1=(short(x)) x2=(short(x)) y1=(short(self.heights.1)) y2=(short(self.heights.1 + 4.0)) {}
                @if (year / step) % 2 == 0 && x < self.sides.1 - 16.0 || to - from <= 12 {
                    text class="year" text-anchor="middle" x=(short(x.max(14.0))) y=(short(self.heights.1 + 15.0)) { (year) }
                }
            }
        }
    }
}

/// A graph of lines, or of points that are not joined.
pub fn svg(lines: &[Line], joined: bool, label: &str) -> Markup {
    let all = || lines.iter().flat_map(|l| &l.points);
    let Some(from) = all().map(|p| p.0).min() else { return html! {} };
    let to = all().map(|p| p.0).max().unwrap_or(from);
    let ends = lines.iter().flat_map(|l| &l.band).flat_map(|b| [b.1, b.2]);
    let (low, high, step) = scale(all().map(|p| p.1).chain(ends));
    let named = lines.len() > 1;
    let field = Field {
        years: (from, to),
        sides: (sides(named).0, sides(named).1),
        heights: (14.0, TALL - 24.0),
        values: (low, high),
    };
    let marked = all().count() <= MARKED;
    html! {
        svg class="plot graph" viewBox=(format!("0 0 {WIDTH} {TALL}")) role="img" aria-label=(label) {
            @for value in steps(low, high, step) {
                @let y = field.height(value);
                line class="grid" x1=(short(field.sides.0)) x2=(short(field.sides.1)) y1=(short(y)) y2=(short(y)) {}
                text class="scale" text-anchor="end" x=(short(field.sides.0 - 5.0)) y=(short(y + 3.5)) { (brief(value)) }
            }
            (field.axis())
            @for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.band.is_empty()) {
                path class=(format!("band c{}", at % COLOURS)) d=(field.area(&line.band)) {}
            }
            @for (at, line) in lines.iter().enumerate() {
                @let class = format!("c{}", at % COLOURS);
                @if joined { path class=(format!("line {class}")) d=(field.path(&line.points)) {} }
                @if marked || !joined {
                    @for (year, value) in &line.points {
                        circle class=(format!("dot {class}")) cx=(short(field.middle(*year))) cy=(short(field.height(*value))) r=(if joined { "1.6" } else { "2" }) {
                            title { (year) ": " (line.name) " " (value) }
                        }
                    }
                }
            }
            @if named { (names(lines, &field)) }
        }
    }
}

/// Left and right end of the years of a graph, with room for names or without.
pub fn sides(named: bool) -> (f64, f64) {
    (56.0, if named { WIDTH - 110.0 } else { WIDTH - 8.0 })
}

/// The names of lines beside their ends, moved apart where they would lie on each other.
fn names(lines: &[Line], field: &Field) -> Markup {
    let end = |line: &Line| line.points.last().map(|p| field.height(p.1));
    let mut ends: Vec<(f64, usize)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((end(line)?, at))).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = f64::MIN;
    for (y, _) in &mut ends {
        *y = y.max(lowest + 12.0);
        lowest = *y;
    }
    let over = (lowest - field.heights.1).max(0.0);
    html! {
        @for (y, at) in ends {
            @let name: String = lines[at].name.chars().take(18).collect();
            text class=(format!("value name c{}", at % COLOURS)) x=(short(field.sides.1 + 6.0)) y=(short(y - over + 4.0)) { (name) }
        }
    }
}

/// What is said of each year, for [`walked`].
pub fn texts(lines: &[Line]) -> (i32, Vec<String>) {
    let mut years: BTreeMap<i32, Vec<String>> = BTreeMap::new();
    for line in lines {
        for (year, value) in &line.points {
            let of = years.entry(*year).or_default();
            if of.len() < COLOURS {
                of.push(format!("{} {}", line.name, said(*value)));
            }
        }
    }
    let (Some(first), Some(last)) = (years.keys().next().copied(), years.keys().last().copied())
    else {
        return (0, Vec::new());
    };
    let text = |y| years.get(&y).map_or_else(|| "not known".to_owned(), |of| of.join(", "));
    (first, (first..=last).map(text).collect())
}

/// A picture whose years are said one by one when it is pointed at or walked through with the arrow keys.
pub fn walked(
    name: &str,
    years: (i32, i32),
    sides: (f64, f64),
    texts: &[String],
    picture: &Markup,
) -> Markup {
    let said = texts.iter().map(|t| t.replace(['|', '\n'], " ")).collect::<Vec<_>>().join("|");
    let last = texts.last().map(|t| format!("{}: {t}", years.1));
    html! {
        div class="lane" tabindex="0" role="slider" aria-label=(name) aria-valuemin=(years.0) aria-valuemax=(years.1) aria-valuenow=(years.1)
            aria-valuetext=[last] data-from=(years.0) data-texts=(said) data-left=(short(sides.0 / WIDTH * 1000.0)) data-right=(short(sides.1 / WIDTH * 1000.0)) {
            (picture)
        }
    }
}

/// Lowest and highest value of a scale with round steps, and the step. It begins at zero where nothing is below.
pub fn scale(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let (mut low, mut high) = (0.0_f64, f64::MIN);
    for value in values {
        low = low.min(value);
        high = high.max(value);
    }
    let mut high = if high > low { high } else { low + 1.0 };
    let rough = (high - low) / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|m| m * power);
    let step = step.into_iter().find(|s| *s >= rough).unwrap_or(10.0 * power);
    low = (low / step).floor() * step;
    high = (high / step).ceil() * step;
    (low, high, step)
}

/// The values at which a scale is marked.
fn steps(low: f64, high: f64, step: f64) -> Vec<f64> {
    let count = ((high - low) / step).round().clamp(0.0, 12.0) as u32;
    (0..=count).map(|i| low + f64::from(i) * step).collect()
}

/// A value as short as a scale needs it.
pub fn brief(value: f64) -> String {
    let (size, unit) = match value.abs() {
        1e12.. => (1e12, " tn"),
        1e9.. => (1e9, " bn"),
        1e6.. => (1e6, " m"),
        1e4.. => (1e3, " k"),
        _ => (1.0, ""),
    };
    // Steps below a tenth have more digits: 0.025 is not 0.03.
    let digits = if value.abs() < 0.1 { 4 } else { 2 };
    let text = format!("{:.digits$}", value / size);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "0" && value != 0.0 { format!("{value:.0e}") } else { format!("{text}{unit}") }
}

/// A value as a sentence says it.
pub fn said(value: f64) -> String {
    let text = if value.abs() >= 1000.0 { format!("{value:.0}") } else { format!("{value:.3}") };
    let text =
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("−", rest));
    let whole = digits.split('.').next().unwrap_or_default().len();
    let mut out = sign.to_owned();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && i < whole && (whole - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_year_is_a_gap_and_a_name_is_escaped() {
        let points = vec![(1950, 1.0), (1951, 2.0), (1953, 4.0)];
        let band = vec![(1950, 0.5, 1.5), (1951, 1.0, 2.5), (1953, 3.0, 9.0)];
        let line = Line { name: "<b>".into(), points, band };
        let other = Line { name: "b".into(), points: vec![(1950, 1.0)], ..Line::default() };
        let picture = svg(&[line.clone(), other], true, "words").into_string();
        assert!(!picture.contains("<b>") && picture.contains("&lt;b&gt;"));
        let d = picture.split("class=\"line c0\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!((d.matches('M').count(), d.matches('L').count()), (2, 1), "{d}");
        let area =
            picture.split("class=\"band c0\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!((area.matches('M').count(), area.matches('Z').count()), (2, 2), "{area}");
        // The scale holds the interval too.
        assert!(picture.contains(">10<"), "{picture}");
        let (first, said) = texts(&[line]);
        assert_eq!((first, said[2].as_str()), (1950, "not known"));
        assert!(svg(&[], true, "").into_string().is_empty());
    }

    #[test]
    fn scales_are_round_and_hold_every_value() {
        for values in [vec![0.3, 0.9], vec![-7.0, 120.0], vec![5.0], vec![0.0], vec![1e13, 2.0]] {
            let (low, high, step) = scale(values.iter().copied());
            assert!(values.iter().all(|v| (low..=high).contains(v)), "{values:?}: {low} {high}");
            assert!(step > 0.0 && steps(low, high, step).len() <= 13);
        }
    }

    #[test]
    fn values_are_said_shortly() {
        assert_eq!(brief(1_234_000.0), "1.23 m");
        assert_eq!(brief(0.25), "0.25");
        assert_eq!((brief(0.025).as_str(), brief(0.075).as_str()), ("0.025", "0.075"));
        assert_eq!(brief(0.0), "0");
        assert_eq!(said(1_234_567.8), "1,234,568");
        assert_eq!(said(-1234.0), "−1,234");
        assert_eq!(said(0.5), "0.5");
        assert_eq!(said(100.0), "100");
    }
}
