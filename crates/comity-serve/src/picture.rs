//! Pictures: ribbons that can be walked through, and pictures as files of their own.

use std::fmt::Write as _;

use comity::Form;
use comity::audit::{Audit, CommitmentAudit, YearVerdict};
use comity_report::html::ribbon;
use comity_report::words;
use maud::{Markup, html};

use crate::files::STYLE;

/// A ribbon whose years are shown one by one when it is pointed at or walked through with the arrow keys; a click or Enter opens the
/// year at `opens` (an address that ends where the year follows).
pub fn ribbon(audit: &Audit, c: &CommitmentAudit, opens: &str, axis: bool) -> Markup {
    walk(&c.title, c, (audit.from, audit.to), opens, axis)
}

/// The same on an axis that several states share.
pub fn ribbon_on(audit: &Audit, c: &CommitmentAudit, span: (i32, i32), opens: &str) -> Markup {
    walk(&format!("{}: {}", audit.state.name, c.title), c, span, opens, false)
}

fn walk(
    name: &str,
    c: &CommitmentAudit,
    (from, to): (i32, i32),
    opens: &str,
    axis: bool,
) -> Markup {
    let summary = format!("{name}: {}", words::summary(c));
    let (first, last) =
        (c.verdicts.first().map_or(from, |v| v.year), c.verdicts.last().map_or(to, |v| v.year));
    let now = c.verdicts.last().map(|v| format!("{}: {}", v.year, v.form().name()));
    html! {
        div class="walk" tabindex="0" role="slider" aria-label=(name) aria-valuemin=(first) aria-valuemax=(last) aria-valuenow=(last)
            aria-valuetext=[now] data-from=(first) data-axis=(format!("{from} {to}")) data-forms=(digits(&c.verdicts)) data-readings=(readings(c)) data-opens=(opens) {
            (ribbon::wordless(&c.verdicts, from, to, &summary, axis))
        }
    }
}

/// One figure per year: the place of its form in `Form::ALL`.
pub fn digits(verdicts: &[YearVerdict]) -> String {
    verdicts.iter().map(|v| digit(v.form())).collect()
}

/// The figure of a form.
pub fn digit(form: Form) -> char {
    let at = Form::ALL.iter().position(|f| *f == form).unwrap_or_default() as u32;
    char::from_digit(at, 10).unwrap_or('?')
}

/// The readings that say something else in some year, each as `sources=figures`, between bars.
fn readings(c: &CommitmentAudit) -> String {
    let most = c.verdicts.iter().map(|v| v.readings.len()).max().unwrap_or(0);
    let mut out = String::new();
    if !c.verdicts.iter().any(words::differs) {
        return out;
    }
    for at in 0..most {
        let form = |v: &YearVerdict| {
            let reading = v.readings.get(at);
            reading.map_or('.', |r| digit(Form::of(r.verdict, r.at_least.is_some(), false)))
        };
        let figures: String = c.verdicts.iter().map(form).collect();
        let sources =
            c.verdicts.iter().find_map(|v| v.readings.get(at)).map(|r| r.sources.join("+"));
        let sources = sources.unwrap_or_default().replace(['|', '='], " ");
        let _ = write!(out, "{}{sources}={figures}", if out.is_empty() { "" } else { "|" });
    }
    out
}

/// The names of the forms in the order of their figures, for the script.
pub fn form_names() -> String {
    Form::ALL.map(Form::name).join("|")
}

/// Pictures below each other as one file: each with a line of text above it. `foot` names what it shows and its sources.
pub fn alone(title: &str, rows: &[(String, Markup)], foot: &[String]) -> String {
    const WIDTH: f64 = 960.0;
    let mut out = String::new();
    let mut top = 40.0;
    let drawn: String = rows.iter().map(|(_, svg)| svg.0.as_str()).collect();
    let key = crate::chart::key_alone(&drawn).map(|key| (String::new(), key));
    for (text, svg) in key.iter().chain(rows) {
        if !text.is_empty() {
            let _ = write!(
                out,
                "<text class=\"row\" x=\"20\" y=\"{:.0}\">{}</text>",
                top + 12.0,
                escaped(text)
            );
            top += 18.0;
        }
        let svg = svg.clone().into_string();
        let (width, height) = size(&svg).unwrap_or((640.0, 28.0));
        let scaled = height * (WIDTH - 40.0) / width;
        if let Some(rest) = svg.strip_prefix("<svg") {
            let _ = write!(
                out,
                "<svg x=\"20\" y=\"{top:.1}\" width=\"{}\" height=\"{scaled:.1}\"{rest}",
                WIDTH - 40.0
            );
        }
        top += scaled + 10.0;
    }
    for line in foot {
        for part in wrapped(line, 150) {
            top += 14.0;
            let _ = write!(
                out,
                "<text class=\"foot\" x=\"20\" y=\"{top:.0}\">{}</text>",
                escaped(&part)
            );
        }
    }
    let height = top + 16.0;
    let defs =
        if out.contains("url(#") { crate::chart::defs().into_string() } else { String::new() };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height:.0}\" viewBox=\"0 0 {WIDTH} {height:.0}\">\
         <title>{title}</title><style>{style}</style>{defs}<rect class=\"sheet\" width=\"100%\" height=\"100%\"/>\
         <text class=\"head\" x=\"20\" y=\"26\">{title}</text>{out}</svg>\n",
        title = escaped(title),
        style = style(),
    )
}

/// The part of the style that pictures use, in the colours of paper.
fn style() -> String {
    let between = |from: &str, to: &str| {
        let marked = STYLE.split(from).skip(1);
        marked.filter_map(|rest| rest.split(to).next()).collect::<String>()
    };
    let pictures = between("/* pictures */", "/* end of pictures */");
    let colours = between("/* colours */", "/* end of colours */");
    format!(
        "{colours}{pictures} svg{{background:none}} text{{font-family:system-ui,sans-serif}} .sheet{{fill:var(--paper)}} \
         .head{{font-size:16px;font-weight:600;fill:var(--ink)}} .row{{font-size:12px;fill:var(--ink)}} .foot{{font-size:10px;fill:var(--soft)}}"
    )
    .replace('<', " ")
}

/// Width and height of the first `viewBox`.
fn size(svg: &str) -> Option<(f64, f64)> {
    let numbers = svg.split_once("viewBox=\"")?.1.split('"').next()?;
    let mut numbers = numbers.split(' ').skip(2).map(str::parse::<f64>);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn escaped(text: &str) -> String {
    html! { (comity_report::plain::clean(text)) }.into_string()
}

/// Lines of up to `most` characters, broken at blanks.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |l| l.chars().count());
        if line > 0 && line + 1 + word.chars().count() > most {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_stands_alone_and_runs_nothing() {
        let inner = html! { svg viewBox="0 0 640 28" { rect {} } };
        let svg =
            alone("<script>alert(1)</script>", &[("a & b".into(), inner)], &["word ".repeat(60)]);
        assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script"), "{svg}");
        assert!(svg.contains("a &amp; b") && svg.contains("width=\"920\" height=\"40.2\" viewBox"));
        assert!(svg.contains(".v-kept") && svg.contains("--paper:"));
        assert_eq!(svg.matches("class=\"foot\"").count(), 2);
    }

    #[test]
    fn every_form_has_a_figure() {
        let figures: String = Form::ALL.map(digit).iter().collect();
        assert_eq!(figures, "012345678");
        assert_eq!(form_names().split('|').count(), 9);
    }
}
