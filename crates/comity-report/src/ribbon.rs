//! The ribbon: one sign per year, readable without colour because the sign rises with the gravity.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use comity_policy::audit::{Audit, YearVerdict};
use comity_policy::verdict::{Form, Verdict};

/// A stretch of years with one form of verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// First year.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// The form of all of them.
    pub form: Form,
}

/// The stretches of equal form, in order.
pub fn runs(verdicts: &[YearVerdict]) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for v in verdicts {
        match out.last_mut() {
            Some(run) if run.form == v.form() && run.to + 1 == v.year => run.to = v.year,
            _ => out.push(Run { from: v.year, to: v.year, form: v.form() }),
        }
    }
    out
}

/// The sign of a form.
pub fn sign(form: Form) -> char {
    match form {
        Form::Kept => '▁',
        Form::Strained => '▄',
        Form::StrainedOrWorse => '▆',
        Form::Broken => '█',
        Form::Contested => '◆',
        Form::Looked => '░',
        Form::Unknown => '?',
        Form::NoOccasion => '-',
        Form::NotApplicable => '·',
    }
}

/// The colour of a form: blue and orange hold apart for every kind of eye.
pub fn style(form: Form) -> Style {
    let colour = |c: AnsiColor| Style::new().fg_color(Some(c.into()));
    match form {
        Form::Kept => colour(AnsiColor::Blue),
        Form::Strained | Form::StrainedOrWorse => colour(AnsiColor::Yellow),
        Form::Broken => colour(AnsiColor::Red).bold(),
        Form::Contested => colour(AnsiColor::Magenta).bold(),
        Form::Looked | Form::Unknown | Form::NoOccasion | Form::NotApplicable => {
            Style::new().dimmed()
        }
    }
}

/// A verdict as people read it.
pub fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NoOccasion => "no occasion",
        Verdict::NotApplicable => "not applicable",
        other => other.name(),
    }
}

/// Signs of these verdicts, with colour.
pub fn signs(verdicts: &[YearVerdict]) -> String {
    let mut out = String::new();
    for run in runs(verdicts) {
        let style = style(run.form);
        out.push_str(&style.render().to_string());
        out.extend(std::iter::repeat_n(sign(run.form), (run.to - run.from + 1) as usize));
        out.push_str(&style.render_reset().to_string());
    }
    out
}

/// Signs of these verdicts on the years `from..=to`, with colour: one sign for each `per` years, the gravest of them; a blank where there are none.
pub fn cells(verdicts: &[YearVerdict], (from, to): (i32, i32), per: usize) -> String {
    let per = per.max(1) as i32;
    let mut forms: Vec<Option<Form>> = vec![None; ((to - from).max(0) / per + 1) as usize];
    for v in verdicts.iter().filter(|v| (from..=to).contains(&v.year)) {
        let cell = &mut forms[((v.year - from) / per) as usize];
        *cell = (*cell).into_iter().chain([v.form()]).max_by_key(|form| weight(*form));
    }
    let mut out = String::new();
    for run in forms.chunk_by(|a, b| a == b) {
        let (style, sign) = run[0].map_or((Style::new(), ' '), |form| (style(form), sign(form)));
        let signs = std::iter::repeat_n(sign, run.len());
        out.push_str(&style.render().to_string());
        out.extend(signs);
        out.push_str(&style.render_reset().to_string());
    }
    out
}

/// How much a form says against a state: of several years in one sign the gravest is shown.
fn weight(form: Form) -> u8 {
    match form {
        Form::Broken => 8,
        Form::Contested => 7,
        Form::StrainedOrWorse => 6,
        Form::Strained => 5,
        Form::Unknown => 4,
        Form::Looked => 3,
        Form::Kept => 2,
        Form::NoOccasion => 1,
        Form::NotApplicable => 0,
    }
}

/// A ruler over ribbons with one sign for each `per` years.
pub fn ruler_by(from: i32, to: i32, per: usize) -> String {
    if per <= 1 {
        return ruler(from, to);
    }
    let per = per as i32;
    let width = ((to - from).max(0) / per + 1) as usize;
    let step = [10, 20, 50, 100, 200].into_iter().find(|s| s / per >= 6).unwrap_or(500);
    let mut line = String::new();
    for year in (from..=to).filter(|y| y % step == 0) {
        let at = ((year - from) / per) as usize;
        if at >= line.len() && at + 4 <= width.max(4) {
            line.extend(std::iter::repeat_n(' ', at - line.len()));
            line.push_str(&year.to_string());
        }
    }
    line
}

/// A ruler over the years `from..=to`: each round year where it begins, as far as it fits.
pub fn ruler(from: i32, to: i32) -> String {
    let width = (to - from + 1).max(0) as usize;
    let step = if width > 120 { 20 } else { 10 };
    let mut line = String::new();
    for year in from..=to {
        let at = (year - from) as usize;
        let first_fits = year == from && (from % step == 0 || step - from.rem_euclid(step) >= 6);
        if (year % step == 0 || first_fits) && at >= line.len() && at + 4 <= width.max(4) {
            line.extend(std::iter::repeat_n(' ', at - line.len()));
            line.push_str(&year.to_string());
        }
    }
    line
}

/// What the signs of these audits mean, with colour, in lines of at most `width` signs where that can be.
pub fn legend_of(audits: &[Audit], width: usize) -> String {
    let verdicts = || audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.verdicts);
    let there = |form: &Form| verdicts().any(|v| v.form() == *form);
    let (mut out, mut used) = (String::new(), 0);
    for form in Form::ALL.into_iter().filter(there) {
        let style = style(form);
        let room = form.name().chars().count() + 2;
        if used > 0 && used + 2 + room > width {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push_str("  ");
            used += 2;
        }
        used += room;
        let _ = write!(out, "{style}{}{style:#} {}", sign(form), form.name());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn years(from: i32, verdicts: &[Verdict]) -> Vec<YearVerdict> {
        (from..)
            .zip(verdicts)
            .map(|(year, &verdict)| crate::fixture::year(year, verdict, Vec::new()))
            .collect()
    }

    #[test]
    fn every_verdict_has_its_own_sign_without_colour() {
        let mut all = years(1950, &Form::ALL.map(Form::verdict));
        all[2].at_least = Some(Verdict::Strained);
        all[5].looked = true;
        assert_eq!(anstream::adapter::strip_str(&signs(&all)).to_string(), "▁▄▆█◆░?-·");
        // What looked in part and found strains is strained or worse.
        (all[6].at_least, all[6].looked) = (Some(Verdict::Strained), true);
        assert_eq!(all[6].form(), Form::StrainedOrWorse);
    }

    #[test]
    fn runs_break_where_the_verdict_or_the_year_does() {
        let mut v = years(1950, &[Verdict::Kept, Verdict::Kept, Verdict::Broken]);
        v[2].year = 1953;
        let r = runs(&v);
        assert_eq!(r.len(), 2);
        assert_eq!((r[0].from, r[0].to), (1950, 1951));
        assert_eq!(r[1].from, 1953);
    }

    #[test]
    fn the_ruler_stands_over_its_years() {
        let line = ruler(1949, 1975);
        assert_eq!(line, " 1950      1960      1970");
        assert_eq!(ruler(1953, 1962), "1953");
        assert_eq!(ruler(2000, 2001), "2000");
    }

    #[test]
    fn years_are_condensed_to_their_gravest_and_stand_on_one_axis() {
        use Verdict::{Broken, Kept, Unknown};
        let v = years(1952, &[Kept, Broken, Kept, Kept, Unknown]);
        let plain = |text: String| anstream::adapter::strip_str(&text).to_string();
        assert_eq!(plain(cells(&v, (1950, 1957), 1)), "  ▁█▁▁? ");
        assert_eq!(plain(cells(&v, (1950, 1957), 2)), " █▁?");
        assert_eq!(ruler_by(1949, 1989, 2), "     1960      1980");
        assert_eq!(ruler_by(1949, 1975, 1), ruler(1949, 1975));
    }
}
