//! Pictures of all states: the map, tiles where there is none, and verdicts by year in columns.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity::Form;
use comity_report::html::ribbon::{WIDTH, place, short, ticks};
use maud::{Markup, html};

use crate::atlas::{self, Atlas};
use crate::overview::Overview;
use crate::regions::{REGIONS, is_in};

/// The order in which forms lie on each other, from the ground up.
pub const ORDER: [Form; 9] = [
    Form::Broken,
    Form::Contested,
    Form::StrainedOrWorse,
    Form::Strained,
    Form::Kept,
    Form::NoOccasion,
    Form::Looked,
    Form::Unknown,
    Form::NotApplicable,
];

/// Classes of values, from the least.
const FIFTHS: [&str; 5] = ["q1", "q2", "q3", "q4", "q5"];
const FIFTH_NAMES: [&str; 5] = ["least fifth", "second", "middle", "fourth", "greatest fifth"];

/// How a form or a class of values fills an area: the end of a class and of the id of a pattern.
fn fill(form: Form) -> &'static str {
    match form {
        Form::Kept => "kept",
        Form::Strained => "strained",
        Form::StrainedOrWorse => "worse",
        Form::Broken => "broken",
        Form::Contested => "contested",
        Form::Looked => "looked",
        Form::Unknown => "unknown",
        Form::NoOccasion => "idle",
        Form::NotApplicable => "none",
    }
}

/// The patterns that areas are filled with, once on a page.
pub fn patterns() -> Markup {
    html! {
        svg class="unseen" width="0" height="0" aria-hidden="true" { (defs()) }
    }
}

/// The same for a picture that stands alone.
pub fn defs() -> Markup {
    let pattern = |name: &str, size: i32, lines: &str, class: &str| {
        html! {
            pattern id=(format!("p-{name}")) width=(size) height=(size) patternUnits="userSpaceOnUse" {
                rect class=(format!("b-{name}")) width=(size) height=(size) {}
                path class=(class) d=(lines) {}
            }
        }
    };
    html! {
        defs {
            (pattern("strained", 8, "M-2 2L2-2M0 8L8 0M6 10L10 6", "a-lines"))
            (pattern("worse", 8, "M0 2H8M0 6H8", "a-lines"))
            (pattern("contested", 8, "M0 0L8 8M8 0L0 8", "a-lines"))
            (pattern("looked", 10, "M2.5 2.5v.1M7.5 7.5v.1", "a-dots"))
            (pattern("unknown", 6, "M1.5 1.5v.1M4.5 4.5v.1", "a-dots"))
        }
    }
}

/// The fill of an area, with its class for what is plain.
fn paint(name: &str) -> (String, Option<String>) {
    let patterned = matches!(name, "strained" | "worse" | "contested" | "looked" | "unknown");
    (format!("a-{name}"), patterned.then(|| format!("url(#p-{name})")))
}

/// What is shown of each state: what fills it, and what it says.
pub type Shown = BTreeMap<i32, (&'static str, String)>;

/// What each state's verdict of a year looks like.
pub fn verdicts(overview: &Overview, commitment: &str, year: i32) -> Shown {
    let of = |(at, state): (usize, &crate::overview::StateRow)| {
        let seen = overview.seen(commitment, at, year).filter(|s| s.form != Form::NotApplicable)?;
        Some((state.ccode, (fill(seen.form), seen.form.name().to_owned())))
    };
    overview.states.iter().enumerate().filter_map(of).collect()
}

/// The fifths of the values of a year, from the least.
pub fn fifths(overview: &Overview, commitment: &str, year: i32) -> Shown {
    let value = |at: usize| overview.value(commitment, at, year);
    let mut sorted: Vec<f64> = (0..overview.states.len()).filter_map(value).collect();
    sorted.sort_by(f64::total_cmp);
    let of = |(at, state): (usize, &crate::overview::StateRow)| {
        let value = value(at)?;
        let below = sorted.partition_point(|v| *v < value);
        let class = FIFTHS[(below * 5 / sorted.len().max(1)).min(4)];
        Some((state.ccode, (class, comity_report::words::number(value))))
    };
    overview.states.iter().enumerate().filter_map(of).collect()
}

/// What the columns mean.
pub fn key() -> Markup {
    html! {
        ul class="legend" aria-label="What the columns mean" {
            @for form in &ORDER[..8] { (entry(fill(*form), form.name())) }
        }
    }
}

/// One entry of a legend.
fn entry(class: &str, text: &str) -> Markup {
    let (class, pattern) = paint(class);
    html! {
        li {
            svg viewBox="0 0 18 18" aria-hidden="true" {
                rect class=(class) fill=[pattern] width="18" height="18" {}
                rect class="a-edge" x=".5" y=".5" width="17" height="17" {}
            }
            (text)
        }
    }
}

/// The same within a picture that stands alone, for what is drawn in it: verdicts, or fifths of values.
pub fn key_alone(drawn: &str) -> Option<Markup> {
    let has = |classes: &[&str]| classes.iter().any(|c| drawn.contains(c));
    let entries: Vec<(&str, &str)> = if has(&["a-q1", "a-q5"]) {
        FIFTHS.into_iter().zip(FIFTH_NAMES).collect()
    } else if has(&["\"v-", "a-broken", "a-kept", "a-unknown", "a-looked"]) {
        ORDER[..8].iter().map(|form| (fill(*form), form.name())).collect()
    } else {
        return None;
    };
    let mut left = 0;
    let mut placed: Vec<(usize, &str, &str)> = Vec::new();
    for (class, text) in entries {
        placed.push((left, class, text));
        left += 34 + 6 * text.len();
    }
    Some(html! {
        svg viewBox="0 0 920 16" {
            @for (left, class, text) in placed {
                @let (class, pattern) = paint(class);
                rect class=(class) fill=[pattern] x=(left) y="2" width="12" height="12" {}
                rect class="a-edge" x=(left) y="2" width="12" height="12" {}
                text class="foot" x=(left + 16) y="12" { (text) }
            }
        }
    })
}

/// A legend for the areas that occur.
pub fn legend(shown: &Shown, judged: bool) -> Markup {
    let mut entries: Vec<(&str, String)> = Vec::new();
    if judged {
        for form in ORDER {
            let count = shown.values().filter(|(class, _)| *class == fill(form)).count();
            if count > 0 {
                entries.push((fill(form), format!("{} ({count})", form.name())));
            }
        }
    } else {
        entries.extend(FIFTHS.into_iter().zip(FIFTH_NAMES.map(str::to_owned)));
    }
    html! {
        ul class="legend" aria-label="What the areas mean" {
            @for (class, text) in &entries { (entry(class, text)) }
        }
    }
}

/// The map of the last day of a year. `marked` is drawn with a strong edge.
pub fn map(
    atlas: &Atlas,
    overview: &Overview,
    shown: &Shown,
    year: i32,
    marked: Option<i32>,
    label: &str,
) -> Markup {
    let mut by_fill: BTreeMap<&str, Vec<(&crate::atlas::Shape, Option<&str>)>> = BTreeMap::new();
    for shape in atlas.on(year) {
        let state =
            shape.ccode.filter(|_| shape.independent).and_then(|c| Some((c, shown.get(&c)?)));
        let handle =
            state.and_then(|(c, _)| overview.at(c)).map(|at| overview.states[at].handle.as_str());
        by_fill.entry(state.map_or("land", |(_, s)| s.0)).or_default().push((shape, handle));
    }
    let says =
        |shape: &crate::atlas::Shape| shape.ccode.and_then(|c| shown.get(&c)).map(|s| s.1.as_str());
    html! {
        svg class="map" viewBox=(format!("0 0 {} {}", atlas::WIDTH, atlas::HEIGHT)) role="img" aria-label=(label) {
            @for (name, shapes) in &by_fill {
                @let (class, pattern) = paint(name);
                g class=(format!("areas {class}")) fill=[pattern] {
                    @for (shape, handle) in shapes {
                        @if !shape.path.is_empty() { path d=(shape.path) data-s=[handle] data-n=(shape.name) data-f=[says(shape).filter(|_| handle.is_some())] {} }
                    }
                    @for (shape, handle) in shapes.iter().filter(|(_, handle)| handle.is_some()) {
                        @if let Some((x, y)) = shape.dot { circle cx=(x) cy=(y) r="6" data-s=[handle] data-n=(shape.name) data-f=[says(shape)] {} }
                    }
                }
            }
            @if let Some(shape) = atlas.on(year).find(|s| s.ccode.is_some() && s.ccode == marked) {
                path class="a-mark" d=(shape.path) {}
                @if let Some((x, y)) = shape.dot { circle class="a-mark" cx=(x) cy=(y) r="9" {} }
            }
        }
    }
}

/// A tile for each state, by region, where there are no shapes.
pub fn tiles(overview: &Overview, shown: &Shown, marked: Option<i32>, label: &str) -> Markup {
    const ACROSS: usize = 20;
    const SIDE: usize = 46;
    let mut rows: Vec<(&str, Vec<&crate::overview::StateRow>, usize)> = Vec::new();
    let mut height = 0;
    for region in REGIONS {
        let inside = overview
            .states
            .iter()
            .filter(|s| is_in(region, s.ccode) && shown.contains_key(&s.ccode));
        let inside: Vec<_> = inside.collect();
        if !inside.is_empty() {
            let tall = 30 + inside.len().div_ceil(ACROSS) * SIDE;
            rows.push((region.0, inside, height));
            height += tall;
        }
    }
    html! {
        svg class="map tiles" viewBox=(format!("0 0 {} {height}", ACROSS * SIDE)) role="img" aria-label=(label) {
            @for (name, inside, top) in &rows {
                text class="part" x="2" y=(top + 20) { (name) }
                @for (i, state) in inside.iter().enumerate() {
                    @let (x, y) = (i % ACROSS * SIDE, top + 28 + i / ACROSS * SIDE);
                    @if let Some((name, says)) = shown.get(&state.ccode) {
                        @let (class, pattern) = paint(name);
                        g class="areas edged" {
                            rect class=(class) fill=[pattern] x=(x + 1) y=(y + 1) width=(SIDE - 3) height=(SIDE - 3) rx="3" data-s=(state.handle) data-n=(state.name) data-f=(says) {}
                        }
                        @if marked == Some(state.ccode) { rect class="a-mark" x=(x + 1) y=(y + 1) width=(SIDE - 3) height=(SIDE - 3) rx="3" {} }
                        text class="tile" x=(x + SIDE / 2 - 1) y=(y + SIDE / 2 + 4) { (state.abbr) }
                    }
                }
            }
        }
    }
}

/// How many states had which verdict, a column for each year. `year` and the verdict of `marked` in it are pointed out.
pub fn columns(
    overview: &Overview,
    commitment: &str,
    among: &dyn Fn(i32) -> bool,
    year: i32,
    label: &str,
    height: f64,
) -> Markup {
    let (from, to) = (overview.from, overview.to);
    let mut counts: BTreeMap<i32, [u32; 9]> = BTreeMap::new();
    for (at, state) in overview.states.iter().enumerate().filter(|(_, s)| among(s.ccode)) {
        for y in state.years.0..=state.years.1 {
            let Some(seen) = overview.seen(commitment, at, y) else { continue };
            let place = ORDER.iter().position(|f| *f == seen.form).unwrap_or_default();
            counts.entry(y).or_default()[place] += 1;
        }
    }
    let most = counts.values().map(|c| c[..8].iter().sum::<u32>()).max().unwrap_or(0);
    let ground = height - 18.0;
    let unit = (ground - 12.0) / f64::from(most.max(1));
    let mut paths: [String; 9] = Default::default();
    for (y, of_year) in &counts {
        let (left, width) = (place(*y, from, to), place(*y + 1, from, to) - place(*y, from, to));
        let mut base = ground;
        for (at, count) in of_year.iter().take(8).enumerate().filter(|(_, count)| **count > 0) {
            let tall = f64::from(*count) * unit;
            let _ = write!(
                paths[at],
                "M{} {}h{}v-{}h-{}z",
                short(left),
                short(base),
                short(width),
                short(tall),
                short(width)
            );
            base -= tall;
        }
    }
    html! {
        svg class="plot columns-plot" viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(label) {
            @for (at, d) in paths.iter().enumerate().filter(|(_, d)| !d.is_empty()) {
                @let (class, pattern) = paint(fill(ORDER[at]));
                path class=(class) fill=[pattern] d=(d) {}
            }
            line class="ground" x1="0" x2=(WIDTH) y1=(ground) y2=(ground) {}
            @if (from..=to).contains(&year) {
                rect class="a-year" x=(short(place(year, from, to))) y="2" width=(short(place(year + 1, from, to) - place(year, from, to))) height=(short(ground - 2.0)) {}
            }
            text class="scale" x="2" y="10" { (most) " states" }
            (ticks(from, to, ground, (height - 3.0) as i32))
        }
    }
}

/// Where the states lie in a year: for verdicts one bar with the marked state's part pointed out, for values a dot for each state.
pub fn spread(
    overview: &Overview,
    commitment: &str,
    year: i32,
    marked: Option<i32>,
    label: &str,
) -> Markup {
    let value = |at: usize| overview.value(commitment, at, year);
    let all: Vec<(usize, f64)> =
        (0..overview.states.len()).filter_map(|at| Some((at, value(at)?))).collect();
    let low = all.iter().map(|v| v.1).fold(f64::INFINITY, f64::min);
    let high = all.iter().map(|v| v.1).fold(f64::NEG_INFINITY, f64::max);
    let x = |v: f64| 20.0 + (v - low) / (high - low).max(f64::MIN_POSITIVE) * (WIDTH - 40.0);
    let name = marked.and_then(|c| overview.at(c));
    html! {
        svg class="plot" viewBox=(format!("0 0 {WIDTH} 84")) role="img" aria-label=(label) {
            line class="ground" x1="0" x2=(WIDTH) y1="56" y2="56" {}
            @for (at, v) in &all {
                @if Some(*at) != name { line class="a-stroke" x1=(short(x(*v))) x2=(short(x(*v))) y1="40" y2="56" {} }
            }
            @for (at, v) in all.iter().filter(|(at, _)| Some(*at) == name) {
                line class="a-strong" x1=(short(x(*v))) x2=(short(x(*v))) y1="26" y2="60" {}
                text class="value" x=(short(x(*v).clamp(30.0, WIDTH - 30.0))) y="20" text-anchor="middle" { (overview.states[*at].name) ": " (comity_report::words::number(*v)) }
            }
            @if !all.is_empty() {
                text class="scale" x="20" y="76" { (comity_report::words::number(low)) }
                text class="scale" x=(WIDTH - 20.0) y="76" text-anchor="end" { (comity_report::words::number(high)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_patterned_has_its_pattern() {
        let defs = defs().into_string();
        for form in ORDER {
            if let (_, Some(pattern)) = paint(fill(form)) {
                let id = pattern.trim_start_matches("url(#").trim_end_matches(')');
                assert!(defs.contains(&format!("id=\"{id}\"")), "{form:?}");
            }
        }
        let mut names = ORDER.map(fill).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 9);
    }
}
