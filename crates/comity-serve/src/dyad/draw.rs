//! A lane as a picture: bars or lines over years, with the years that nobody covers as holes.

use std::fmt::Write as _;

use comity_report::html::ribbon::{WIDTH, short};
use comity_report::years;
use maud::{Markup, html};

use super::{Dyad, Lane, Mark, Shape, Who};
use crate::graph::{self, COLOURS, Field};

/// Height of a row of bars, and of a graph.
const ROW: f64 = 13.0;
const TALL: f64 = 84.0;
/// Rows of bars that lie above each other, at most.
const ROWS: usize = 7;

/// The picture of a lane.
pub fn svg(dyad: &Dyad, lane: &Lane) -> Markup {
    let label = label(dyad, lane);
    match lane.about.shape {
        Shape::Marks(class) => bars(dyad, lane, class, &label),
        Shape::Lines => lines(dyad, lane, &label),
    }
}

/// What a lane shows, in a sentence.
fn label(dyad: &Dyad, lane: &Lane) -> String {
    let found = if lane.has_rows() { "" } else { ": nothing recorded" };
    format!("{} {}{found}", lane.about.title, years::words(dyad.years.0, dyad.years.1))
}

fn field(dyad: &Dyad, ground: f64, values: (f64, f64)) -> Field {
    Field { years: dyad.years, sides: (0.0, WIDTH), heights: (4.0, ground), values }
}

/// Tint where silence means something, slanted lines where nobody looked.
fn ground(dyad: &Dyad, lane: &Lane, field: &Field) -> Markup {
    let (from, to) = dyad.years;
    let all = || from..=to;
    let known = years::spans(all().filter(|y| lane.knows(dyad.years, *y)));
    let holes = years::spans(all().filter(|y| !lane.knows(dyad.years, *y)));
    let height = field.heights.1;
    let mut slanted = String::new();
    for (from, to) in &holes {
        let (left, right) = (field.edge(*from), field.edge(*to + 1));
        let mut x = left;
        while x < right {
            let end = (x + 5.0).min(right);
            let rise = height - (end - x) / 5.0 * 8.0;
            // Writing to a string does not fail.
            let _ =
                write!(slanted, "M{} {}L{} {}", short(x), short(height), short(end), short(rise));
            x += 5.0;
        }
    }
    html! {
        @for (from, to) in known {
            rect class="covered" x=(short(field.edge(from))) width=(short(field.edge(to + 1) - field.edge(from))) y="0" height=(short(height)) {}
        }
        @if !slanted.is_empty() { path class="holes" d=(slanted) {} }
    }
}

/// Rows of bars, such that none lies on another.
fn rows(marks: &[Mark]) -> Vec<Vec<&Mark>> {
    let mut rows: Vec<Vec<&Mark>> = Vec::new();
    for mark in marks {
        let free = |row: &&mut Vec<&Mark>| row.last().is_none_or(|last| last.to < mark.from);
        if let Some(row) = rows.iter_mut().find(free) {
            row.push(mark);
        } else if rows.len() < ROWS {
            rows.push(vec![mark]);
        } else if let Some(row) = rows.last_mut() {
            row.push(mark);
        }
    }
    rows
}

fn bars(dyad: &Dyad, lane: &Lane, class: &str, label: &str) -> Markup {
    let rows = rows(&lane.marks);
    let ground_at = ROW * rows.len().max(1) as f64 + 6.0;
    let field = field(dyad, ground_at, (0.0, 1.0));
    html! {
        svg class="plot lane-picture" viewBox=(format!("0 0 {WIDTH} {}", short(ground_at + 20.0))) role="img" aria-label=(label) {
            (ground(dyad, lane, &field))
            @for (at, row) in rows.iter().enumerate() {
                @let top = ground_at - ROW * (at + 1) as f64;
                @for mark in row {
                    @let (left, right) = (field.edge(mark.from), field.edge(mark.to + 1));
                    @let none = mark.what == "none";
                    rect class=(if none { "grid" } else { class }) fill-opacity=[none.then_some("0")] x=(short(left)) width=(short((right - left).max(1.5)))
                        y=(short(if none { top + ROW - 4.0 } else { top })) height=(short(if none { 2.0 } else { ROW - 2.0 })) {
                        title { (years::words(mark.from, mark.to)) ": " (mark.what) " (" (dyad.who(mark.who)) ")" }
                    }
                    @if !none { (arrow(mark.who, left, right, top)) }
                }
            }
            (field.axis())
        }
    }
}

/// Who towards whom, drawn: a notch on the side of the one whose it is.
fn arrow(who: Who, left: f64, right: f64, top: f64) -> Markup {
    let (y, middle) = (top + (ROW - 2.0) / 2.0, f64::midpoint(left, right));
    let d = match who {
        _ if right - left < 5.0 => return html! {},
        Who::Both => return html! {},
        Who::First => format!("M{} {}l3 3l-3 3", short(middle - 1.5), short(y - 3.0)),
        Who::Second => format!("M{} {}l-3 3l3 3", short(middle + 1.5), short(y - 3.0)),
    };
    html! { path class="edge" d=(d) {} }
}

fn lines(dyad: &Dyad, lane: &Lane, label: &str) -> Markup {
    let values = || lane.lines.iter().flat_map(|l| l.points.iter().map(|p| p.1));
    let (low, high, _) = graph::scale(values());
    let field = Field { heights: (12.0, TALL), ..field(dyad, TALL, (low, high)) };
    html! {
        svg class="plot lane-picture" viewBox=(format!("0 0 {WIDTH} {}", short(TALL + 20.0))) role="img" aria-label=(label) {
            (ground(dyad, lane, &field))
            line class="grid" x1="0" x2=(WIDTH) y1="12" y2="12" {}
            text class="scale" x="3" y="9" { (graph::brief(high)) }
            @for (at, line) in lane.lines.iter().enumerate() {
                path class=(format!("line c{}", at % COLOURS)) d=(field.path(&line.points)) {}
            }
            (field.axis())
        }
    }
}

/// What is said of each year.
pub fn texts(dyad: &Dyad, lane: &Lane) -> Vec<String> {
    let of = |year: i32| {
        let mut said: Vec<String> = Vec::new();
        for mark in lane.marks.iter().filter(|m| (m.from..=m.to).contains(&year)) {
            let text = format!("{} ({})", mark.what, dyad.who(mark.who));
            if said.len() < 6 && !said.contains(&text) {
                said.push(text);
            }
        }
        for line in &lane.lines {
            if let Some(point) = line.points.iter().find(|p| p.0 == year) {
                said.push(format!("{} {}", line.name, graph::said(point.1)));
            }
        }
        match (said.is_empty(), lane.knows(dyad.years, year)) {
            (false, _) => said.join("; "),
            (true, true) => "nothing recorded".to_owned(),
            (true, false) => "not covered: nothing is known".to_owned(),
        }
    };
    (dyad.years.0..=dyad.years.1).map(of).collect()
}

/// What the pictures mean.
pub fn keys() -> Markup {
    let key = |mark: Markup, text: &str| {
        html! {
            li { svg viewBox="0 0 26 14" aria-hidden="true" { (mark) } (text) }
        }
    };
    html! {
        ul class="keys" aria-label="What the pictures mean" {
            (key(html! { rect class="owed" width="26" height="14" {} }, "owed or exchanged"))
            (key(html! { rect class="fought" width="26" height="14" {} }, "force"))
            (key(html! { rect class="claimed" width="26" height="14" {} path class="edge" d="M11 4l3 3l-3 3" {} }, "claims and sanctions, with the direction where it is of one"))
            (key(html! { rect class="other" width="26" height="14" {} }, "other ties"))
            (key(html! { rect class="covered" width="26" height="14" {} }, "covered: no bar means nothing recorded"))
            (key(html! { path class="holes" d="M0 14L5 6M5 14L10 6M10 14L15 6M15 14L20 6M20 14L25 6" {} }, "a hole: nothing is known"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dyad::LANES;

    fn mark(from: i32, to: i32, what: &str) -> Mark {
        let (what, source, row) = (what.to_owned(), "s".to_owned(), "r".to_owned());
        Mark { from, to, what, who: Who::First, source, row }
    }

    fn dyad(marks: Vec<Mark>) -> Dyad {
        let covered = (1950..=1969).map(|y| y < 1960).collect();
        let about = LANES[0];
        let lane = Lane { about, marks, lines: Vec::new(), covered, sources: BTreeSet::new() };
        Dyad {
            pair: (1, 2),
            handles: ("<A>".into(), "B".into()),
            names: ("Aland".into(), "Bland".into()),
            years: (1950, 1969),
            lanes: vec![lane],
        }
    }

    #[test]
    fn holes_and_silence_are_told_apart_and_nothing_is_run() {
        let dyad = dyad(vec![mark(1965, 1966, "<script>x</script>")]);
        let lane = &dyad.lanes[0];
        let said = texts(&dyad, lane);
        assert_eq!(said[0], "nothing recorded");
        assert_eq!(said[12], "not covered: nothing is known");
        assert!(said[15].starts_with("<script>"), "texts are escaped where they are written");
        let picture = svg(&dyad, lane).into_string();
        assert!(picture.contains("class=\"holes\"") && picture.contains("class=\"covered\""));
        assert!(!picture.contains("<script") && picture.contains("&lt;script&gt;"));
    }

    #[test]
    fn bars_of_one_time_lie_above_each_other_and_do_not_grow_without_end() {
        let same: Vec<Mark> = (0..20).map(|i| mark(1950, 1960, &i.to_string())).collect();
        assert_eq!(rows(&same).len(), ROWS);
        assert_eq!(rows(&same).iter().map(Vec::len).sum::<usize>(), 20);
        let apart = [mark(1950, 1951, "a"), mark(1952, 1953, "b")];
        assert_eq!(rows(&apart).len(), 1);
    }
}
