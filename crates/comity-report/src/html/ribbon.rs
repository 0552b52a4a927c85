//! Ribbons as inline SVG: the bar rises with the gravity and has its own pattern, so that neither
//! colour nor a screen is needed to read it.

use std::fmt::Write as _;

use comity_policy::audit::YearVerdict;
use comity_policy::verdict::Form;
use maud::{Markup, html};

use crate::{ribbon, words, years};

/// Width of a ribbon in its own units; plots share it, so that years stand under years.
pub const WIDTH: f64 = 640.0;

/// A number as short as its place needs.
pub fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Horizontal place of a year on an axis `from..=to`.
pub fn place(year: i32, from: i32, to: i32) -> f64 {
    f64::from(year - from) * WIDTH / f64::from((to - from + 1).max(1))
}

/// One ribbon. `label` says in words what it shows.
pub fn svg(verdicts: &[YearVerdict], from: i32, to: i32, label: &str, axis: bool) -> Markup {
    let height = if axis { 42 } else { 28 };
    html! {
        svg class="ribbon" viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(label) {
            line class="ground" x1="0" x2=(WIDTH) y1="25" y2="25" {}
            @for run in ribbon::runs(verdicts) {
                @let (left, right) = (place(run.from, from, to), place(run.to + 1, from, to));
                @let title = format!("{}: {}", years::words(run.from, run.to), run.form.name());
                (bar(run.form, left, right, Some(&title)))
                (texture(run.form, (run.from..=run.to).map(|y| (place(y, from, to), place(y + 1, from, to)))))
            }
            path class="gaps" d=(separators(from, to)) {}
            @for v in verdicts.iter().filter(|v| words::differs(v)) {
                circle class="differs" cx=(short(f64::midpoint(place(v.year, from, to), place(v.year + 1, from, to)))) cy="27" r="1.1" {
                    title { (v.year) ": the sources differ" }
                }
            }
            @if axis { (ticks(from, to, 25.0, 40)) }
        }
    }
}

/// Class and top of the bar of a form; nothing is drawn where it does not apply.
fn shape(form: Form) -> Option<(&'static str, i32)> {
    Some(match form {
        Form::Kept => ("v-kept", 19),
        Form::Strained => ("v-strained", 12),
        Form::StrainedOrWorse => ("v-strained", 7),
        Form::Broken => ("v-broken", 2),
        Form::Contested => ("v-contested", 2),
        Form::Looked | Form::Unknown => ("v-unknown", 9),
        Form::NoOccasion => ("v-no-occasion", 23),
        Form::NotApplicable => return None,
    })
}

/// The bar of a run of years.
fn bar(form: Form, left: f64, right: f64, title: Option<&str>) -> Markup {
    let Some((class, top)) = shape(form) else {
        return html! {};
    };
    html! {
        rect class=(class) x=(short(left)) y=(top) width=(short(right - left)) height=(25 - top) {
            @if let Some(title) = title { title { (title) } }
        }
    }
}

/// What distinguishes bars without colour, drawn as lines: patterns would make a printed page
/// of pictures.
fn texture(form: Form, cells: impl Iterator<Item = (f64, f64)>) -> Markup {
    let mut d = String::new();
    for (left, right) in cells {
        let (left, middle, right) = (short(left), short(f64::midpoint(left, right)), short(right));
        // Writing to a string does not fail.
        let _ = match form {
            Form::Strained => {
                write!(d, "M{left} 18.5L{middle} 12M{left} 25L{right} 12M{middle} 25L{right} 18.5")
            }
            // Its upper part is open: what is above the strains is not known.
            Form::StrainedOrWorse => {
                write!(d, "M{left} 14H{right}M{left} 10.5H{right}M{left} 25L{right} 14")
            }
            Form::Contested => {
                write!(d, "M{left} 2L{right} 13.5L{left} 25M{right} 2L{left} 13.5L{right} 25")
            }
            Form::Unknown => write!(d, "M{middle} 12v.1M{middle} 17v.1M{middle} 22v.1"),
            // On the ground: somebody looked there.
            Form::Looked => write!(d, "M{middle} 20v.1M{left} 24v.1M{middle} 24v.1"),
            _ => Ok(()),
        };
    }
    let dots = matches!(form, Form::Unknown | Form::Looked);
    let class = if dots { "dots" } else { "gaps" };
    html! { @if !d.is_empty() { path class=(class) d=(d) {} } }
}

/// Thin lines of paper between the years.
fn separators(from: i32, to: i32) -> String {
    // Past two centuries they would be all there is to see.
    if to - from > 120 {
        return String::new();
    }
    (from + 1..=to).fold(String::new(), |mut d, y| {
        let _ = write!(d, "M{} 1V25", short(place(y, from, to)));
        d
    })
}

/// Decades under a ribbon or plot whose ground is at `top`, with text at `baseline`.
pub fn ticks(from: i32, to: i32, top: f64, baseline: i32) -> Markup {
    let step = match to - from {
        ..=14 => 2,
        15..=130 => 10,
        _ => 20,
    };
    html! {
        @for year in (from..=to).filter(|y| y % step == 0) {
            @let x = place(year, from, to);
            line class="tick" x1=(short(x)) x2=(short(x)) y1=(short(top)) y2=(short(top + 4.0)) {}
            @if x < WIDTH - 24.0 {
                text class="year" x=(short(x + 2.0)) y=(baseline) { (year) }
            }
        }
    }
}

/// Only the axis, for the head of a table of ribbons.
pub fn axis(from: i32, to: i32) -> Markup {
    html! {
        svg class="ribbon" viewBox=(format!("0 0 {WIDTH} 16")) aria-hidden="true" {
            (ticks(from, to, 12.0, 10))
        }
    }
}

/// What the bars mean.
pub fn legend() -> Markup {
    html! {
        ul class="legend" aria-label="What the bars mean" {
            @for form in Form::ALL {
                li {
                    svg viewBox="0 0 18 28" aria-hidden="true" {
                        line class="ground" x1="0" x2="18" y1="25" y2="25" {}
                        (bar(form, 0.0, 18.0, None))
                        (texture(form, [(0.0, 9.0), (9.0, 18.0)].into_iter()))
                    }
                    (form.name())
                }
            }
            li {
                svg viewBox="0 0 18 28" aria-hidden="true" {
                    line class="ground" x1="0" x2="18" y1="25" y2="25" {}
                    circle class="differs" cx="9" cy="27" r="1.3" {}
                }
                "sources differ"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_run_is_one_bar_with_its_title() {
        let report = fixture::report();
        let audit = &report.audits[0];
        let svg =
            svg(&audit.commitments[0].verdicts, audit.from, audit.to, "words", true).into_string();
        assert!(svg.contains("<title>1950–59: broken</title>"), "{svg}");
        assert_eq!(svg.matches("class=\"v-broken\"").count(), 1);
        assert_eq!(svg.matches("class=\"differs\"").count(), 1);
        assert!(svg.contains("aria-label=\"words\""));
    }

    #[test]
    fn numbers_in_pictures_are_short() {
        assert_eq!(short(3.04), "3");
        assert_eq!(short(-0.26), "-0.3");
    }
}
