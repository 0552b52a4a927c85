//! Ribbons as inline SVG: the bar rises with the gravity and has its own pattern, so that neither
//! colour nor a screen is needed to read it.

use std::fmt::Write as _;

use comity_policy::audit::YearVerdict;
use comity_policy::verdict::Form;
use maud::{Markup, html};

use crate::ribbon::{Run, runs};
use crate::{words, years};

/// Width of a ribbon in its own units; plots share it, so that years stand under years.
pub const WIDTH: f64 = 640.0;

/// Past so many years thin lines between them would be all there is to see.
const MOST_CUT: i32 = 120;

/// A number as short as its place needs.
pub fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Horizontal place of a year on an axis `from..=to`.
pub fn place(year: i32, from: i32, to: i32) -> f64 {
    f64::from(year - from) * WIDTH / f64::from((to - from + 1).max(1))
}

/// One ribbon on the years `from..=to`. `label` says in words what it shows. It stands alone, with its axis where that is wanted.
pub fn svg(verdicts: &[YearVerdict], from: i32, to: i32, label: &str, axis: bool) -> Markup {
    alone(Bars { verdicts, from, to, width: WIDTH, titles: true }, label, axis)
}

/// The same, its runs of years without words of their own: for a place that says them in another way.
pub fn wordless(verdicts: &[YearVerdict], from: i32, to: i32, label: &str, axis: bool) -> Markup {
    alone(Bars { verdicts, from, to, width: WIDTH, titles: false }, label, axis)
}

fn alone(bars: Bars<'_>, label: &str, axis: bool) -> Markup {
    let height = if axis { 42 } else { 28 };
    html! {
        svg class="ribbon" viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label=(label) {
            (bars.draw())
            @if axis { (ticks(bars.from, bars.to, 25.0, 40)) }
        }
    }
}

/// One ribbon that is as wide as its place and always as high, with an id under which it can be shown [`again`]. Its runs of years say
/// what they are when they are pointed at, where there is room for that.
pub fn strip(
    verdicts: &[YearVerdict],
    (from, to): (i32, i32),
    label: &str,
    (id, titles): (&str, bool),
) -> Markup {
    html! {
        svg class="ribbon" viewBox=(format!("0 0 {WIDTH} 28")) preserveAspectRatio="none" role="img" aria-label=(label) {
            g id=(id) { (Bars { verdicts, from, to, width: WIDTH, titles }.draw()) }
        }
    }
}

/// A ribbon that stands elsewhere on the page too.
pub fn again(id: &str) -> Markup {
    html! {
        svg class="ribbon" viewBox=(format!("0 0 {WIDTH} 28")) preserveAspectRatio="none" aria-hidden="true" {
            use href=(format!("#{id}")) {}
        }
    }
}

/// The bars of a ribbon.
struct Bars<'a> {
    verdicts: &'a [YearVerdict],
    from: i32,
    to: i32,
    width: f64,
    titles: bool,
}

impl Bars<'_> {
    fn x(&self, year: i32) -> f64 {
        f64::from(year - self.from) * self.cell()
    }

    /// Width of a year.
    fn cell(&self) -> f64 {
        self.width / f64::from((self.to - self.from + 1).max(1))
    }

    /// A path for each run of years, or for each form, and a few for all patterns.
    fn draw(&self) -> Markup {
        let inside = |r: &Run| r.from >= self.from && r.to <= self.to;
        let runs: Vec<Run> = runs(self.verdicts).into_iter().filter(inside).collect();
        let cell = self.cell();
        let of = |wanted: &[Form], draw: &dyn Fn(f64, f64) -> String| -> String {
            let those = runs.iter().filter(|r| wanted.contains(&r.form));
            those.map(|r| draw(self.x(r.from), self.x(r.to + 1))).collect()
        };
        let stripes = of(&[Form::Strained, Form::StrainedOrWorse], &|l, r| across(&[19.0], l, r))
            + &of(&[Form::StrainedOrWorse], &|l, r| across(&[14.5, 10.5], l, r));
        let hatch = of(&[Form::Contested], &|l, r| across(&[13.5], l, r));
        let dots = of(&[Form::Unknown], &|l, r| across(&[11.0, 16.5, 22.0], l + cell / 2.0, r))
            + &of(&[Form::Looked], &|l, r| across(&[22.0], l + cell / 2.0, r));
        let width = short(self.width);
        let several = self.to > self.from && self.to - self.from <= MOST_CUT;
        html! {
            path class="ground" d=(format!("M0 25.5H{width}")) {}
            @if self.titles {
                @for run in &runs {
                    @if let Some((class, top)) = shape(run.form) {
                        path class=(class) d=(bar(self.x(run.from), self.x(run.to + 1), top)) {
                            title { (years::words(run.from, run.to)) ": " (run.form.name()) }
                        }
                    }
                }
            } @else {
                @for form in Form::ALL {
                    @if let Some((class, top)) = shape(form).filter(|(class, _)| *class != "v-unknown") {
                        @let d = of(&[form], &|l, r| bar(l, r, top));
                        @if !d.is_empty() { path class=(class) d=(d) {} }
                    }
                }
            }
            @if !stripes.is_empty() { path class="stripes" fill="none" d=(stripes) {} }
            @if !hatch.is_empty() { path class="cuts" fill="none" stroke-width="23" stroke-dasharray="1.3 1.7" d=(hatch) {} }
            @if !dots.is_empty() { path class="dots" fill="none" stroke-dasharray=(format!("0 {cell:.3}")) d=(dots) {} }
            @if several {
                path class="cuts" fill="none" stroke-width="24" stroke-dasharray=(format!(".8 {:.3}", cell - 0.8)) d=(format!("M{} 13H{width}", short(cell - 0.4))) {}
            }
            @for v in self.verdicts.iter().filter(|v| (self.from..=self.to).contains(&v.year) && words::differs(v)) {
                circle class="differs" cx=(short(self.x(v.year) + cell / 2.0)) cy="27" r="1.1" {}
            }
        }
    }
}

/// Lines at these heights.
fn across(heights: &[f64], left: f64, right: f64) -> String {
    heights.iter().fold(String::new(), |mut d, y| {
        let _ = write!(d, "M{} {}H{}", short(left), short(*y), short(right));
        d
    })
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

fn bar(left: f64, right: f64, top: i32) -> String {
    format!("M{} {top}H{}V25H{}z", short(left), short(right), short(left))
}

/// How many years lie between two labels of an axis.
fn step(from: i32, to: i32) -> i32 {
    match to - from {
        ..=14 => 2,
        15..=130 => 10,
        _ => 20,
    }
}

/// Decades under a ribbon or plot whose ground is at `top`, with text at `baseline`.
pub fn ticks(from: i32, to: i32, top: f64, baseline: i32) -> Markup {
    html! {
        @for year in (from..=to).filter(|y| y % step(from, to) == 0) {
            @let x = place(year, from, to);
            line class="tick" x1=(short(x)) x2=(short(x)) y1=(short(top)) y2=(short(top + 4.0)) {}
            @if x < WIDTH - 24.0 {
                text class="year" x=(short(x + 2.0)) y=(baseline) { (year) }
            }
        }
    }
}

/// The axis of ribbons or plots as wide as its place: its text has one size however narrow that is.
pub fn axis(from: i32, to: i32) -> Markup {
    axis_as(from, to, None)
}

/// The same with an id, under which it can be shown [`axis_again`].
pub fn axis_as(from: i32, to: i32, id: Option<&str>) -> Markup {
    html! {
        svg class="axis" width="100%" height="16" aria-hidden="true" {
            g id=[id] {
                @for year in (from..=to).filter(|y| y % step(from, to) == 0) {
                    @let share = 100.0 * place(year, from, to) / WIDTH;
                    @let x = format!("{}%", short(share));
                    line class="tick" x1=(x) x2=(x) y1="0" y2="4" {}
                    @if share < 93.0 { text class="year" x=(x) dx="2" y="13" { (year) } }
                }
            }
        }
    }
}

/// An axis that stands elsewhere on the page too.
pub fn axis_again(id: &str) -> Markup {
    html! { svg class="axis" width="100%" height="16" aria-hidden="true" { use href=(format!("#{id}")) {} } }
}

/// What the bars mean: those that occur in `forms`.
pub fn legend_of(forms: &[Form], differs: bool) -> Markup {
    html! {
        ul class="legend" aria-label="What the bars mean" {
            @for form in Form::ALL.into_iter().filter(|f| forms.contains(f)) {
                @let sample = sample(form);
                li {
                    svg viewBox="0 0 18 28" aria-hidden="true" { (sample) }
                    (form.name())
                }
            }
            @if differs {
                li {
                    svg viewBox="0 0 18 28" aria-hidden="true" {
                        path class="ground" d="M0 25.5H18" {}
                        circle class="differs" cx="9" cy="27" r="1.3" {}
                    }
                    "sources differ"
                }
            }
        }
    }
}

/// What all bars mean.
pub fn legend() -> Markup {
    legend_of(&Form::ALL, true)
}

/// Two years of one form.
fn sample(form: Form) -> Markup {
    let at_least =
        (form == Form::StrainedOrWorse).then_some(comity_policy::verdict::Verdict::Strained);
    let year = |year| YearVerdict {
        year,
        verdict: form.verdict(),
        at_least,
        covered: true,
        looked: form == Form::Looked,
        broken_in: Vec::new(),
        readings: Vec::new(),
    };
    Bars { verdicts: &[year(1), year(2)], from: 1, to: 2, width: 18.0, titles: false }.draw()
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
    fn every_form_that_looks_like_another_without_colour_has_a_pattern() {
        let drawn = |form| sample(form).into_string();
        let patterns = Form::ALL.map(|form| {
            let svg = drawn(form);
            let top = shape(form).map(|(_, top)| top);
            (
                top,
                svg.contains("stripes"),
                svg.matches("cuts").count(),
                svg.matches("11H").count(),
                svg.contains("dots"),
            )
        });
        for (at, one) in patterns.iter().enumerate() {
            assert_eq!(
                patterns.iter().filter(|other| *other == one).count(),
                1,
                "{:?}",
                Form::ALL[at]
            );
        }
    }

    #[test]
    fn a_long_ribbon_is_small() {
        let forms = [
            comity_policy::verdict::Verdict::Kept,
            comity_policy::verdict::Verdict::Broken,
            comity_policy::verdict::Verdict::Unknown,
        ];
        let verdicts: Vec<YearVerdict> = (1816..2025)
            .map(|y| fixture::year(y, forms[(y / 9 % 3) as usize], Vec::new()))
            .collect();
        let svg = strip(&verdicts, (1816, 2024), "words", ("r", false)).into_string();
        assert!(svg.len() < 1_500, "{}", svg.len());
        assert!(axis(1816, 2024).into_string().contains("x=\"1.9%\" dx=\"2\" y=\"13\">1820"));
    }

    #[test]
    fn numbers_in_pictures_are_short() {
        assert_eq!(short(3.04), "3");
        assert_eq!(short(-0.26), "-0.3");
    }
}
