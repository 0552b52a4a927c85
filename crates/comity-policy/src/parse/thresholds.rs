//! The thresholds that a document names: a table of them, and where queries use them.

use std::collections::BTreeSet;

use super::section::Sections;
use super::tables::grid;
use super::words::is_identifier;
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Query, Span, Threshold};
use crate::filled::filled;

/// The columns of a table of thresholds; the last two may be left out.
const COLUMNS: [&str; 6] = ["name", "value", "low", "high", "step", "why"];
const NEEDED: usize = 4;

/// Most values between the two ends of a range.
const MOST_STEPS: f64 = 50.0;

/// The rows of a table of thresholds.
pub(super) fn read(
    text: &str,
    body: Span,
    fence: Span,
    known: &[Threshold],
    out: &mut Diagnostics,
) -> Vec<Threshold> {
    let Some(grid) = grid(text, body, fence, out) else { return Vec::new() };
    let list = COLUMNS.join(", ");
    let mut places = [None; COLUMNS.len()];
    for (at, (name, span)) in grid.header.iter().enumerate() {
        match COLUMNS.iter().position(|c| c == name) {
            Some(column) if places[column].is_none() => places[column] = Some(at),
            Some(_) => out.push(
                Diagnostic::error(
                    "duplicate-column",
                    format!("the column {} stands twice", quote(name)),
                    *span,
                )
                .with_help("remove one"),
            ),
            None => out.push(
                Diagnostic::error(
                    "unknown-column",
                    format!("thresholds have no column {}", quote(name)),
                    *span,
                )
                .with_help(out.suggest(
                    name,
                    COLUMNS,
                    &format!("its columns are {list}"),
                )),
            ),
        }
    }
    if let Some(missing) = (0..NEEDED).find(|c| places[*c].is_none()) {
        out.push(
            Diagnostic::error(
                "missing-column",
                format!("the thresholds have no column `{}`", COLUMNS[missing]),
                fence,
            )
            .with_help(format!("the columns are {list}; the last two may be left out")),
        );
        return Vec::new();
    }
    let mut all: Vec<Threshold> = Vec::new();
    for (cells, span) in grid.rows {
        let cell = |column: usize| {
            let (text, at) = cells.get(places[column]?)?;
            (!text.is_empty()).then(|| (text.clone(), *at))
        };
        let mut wrong = |what: String, at: Span, help: &str| {
            out.push(Diagnostic::error("bad-value", what, at).with_help(help));
        };
        let Some((name, name_at)) = cell(0) else {
            wrong("a threshold without a name".into(), span, "write its name first");
            continue;
        };
        if !is_identifier(&name) {
            let what = format!("{} is not a name for a threshold", quote(&name));
            wrong(
                what,
                name_at,
                "queries say `$name`: lower-case letters, digits and underscores, a letter first",
            );
            continue;
        }
        if known.iter().chain(&all).any(|t| t.name == name) {
            let what = format!("a second threshold {}", quote(&name));
            out.push(
                Diagnostic::error("duplicate-name", what, name_at)
                    .with_help("give it another name"),
            );
            continue;
        }
        let numbers = [1, 2, 3, 4].map(|c| (c, cell(c)));
        let mut parsed = [None; 4];
        let mut fine = true;
        for (at, (column, found)) in numbers.iter().enumerate() {
            let number = found.as_ref().and_then(|(t, _)| number(t));
            if number.is_none() && (found.is_some() || *column < NEEDED) {
                let (shown, place) = found.clone().unwrap_or_else(|| (String::new(), span));
                wrong(
                    format!("`{}` of `{name}` is {}", COLUMNS[*column], quote(&shown)),
                    place,
                    "write a number, for example `1.08`",
                );
                fine = false;
            }
            parsed[at] = number;
        }
        let [Some(value), Some(low), Some(high), step] = parsed else { continue };
        if !fine {
            continue;
        }
        if !(low <= value && value <= high && low < high) {
            let what = format!("`{name}` is {value}, and its range is {low} to {high}");
            wrong(what, span, "the range holds the value, and has two ends that differ");
            continue;
        }
        if step.is_some_and(|s| s <= 0.0 || (high - low) / s > MOST_STEPS) {
            let what = format!("the step of `{name}` is {}", step.unwrap_or_default());
            wrong(what, span, "a step is greater than zero, and a range has at most 50 of them");
            continue;
        }
        let text = |column: usize| cell(column).map(|(t, _)| t);
        all.push(Threshold {
            why: text(5).unwrap_or_default(),
            value: text(1).unwrap_or_default(),
            low: text(2).unwrap_or_default(),
            high: text(3).unwrap_or_default(),
            step: text(4),
            name,
            span,
        });
    }
    all
}

/// A number as SQL writes it, without a sign.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse::<f64>().ok().filter(|v| plain && v.is_finite())
}

/// Writes the values of thresholds into the queries that name them.
pub(super) fn fill(sections: &mut Sections, thresholds: &[Threshold], out: &mut Diagnostics) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let value = |name: &str| thresholds.iter().find(|t| t.name == name).map(|t| t.value.clone());
    let mut one = |query: &mut Query, out: &mut Diagnostics| {
        let (sql, named) = filled(&query.sql, &value);
        for (name, at) in named {
            if thresholds.iter().any(|t| t.name == name) {
                used.insert(name);
                continue;
            }
            let start = query.span.start + at;
            let place = Span { start, end: start + name.len() + 1 };
            let known = thresholds.iter().map(|t| t.name.as_str());
            out.push(
                Diagnostic::error(
                    "unknown-threshold",
                    format!("the document names no threshold {}", quote(&name)),
                    place,
                )
                .with_help(out.suggest(
                    &name,
                    known,
                    "a fence `thresholds` names them, with their values and ranges",
                )),
            );
        }
        query.sql = sql;
    };
    for (helper, _) in &mut sections.helpers {
        one(&mut helper.query, out);
    }
    for section in &mut sections.commitments {
        section.applies.iter_mut().for_each(|q| one(q, out));
        section.evidence.iter_mut().for_each(|(e, ..)| one(&mut e.query, out));
    }
    for idle in thresholds.iter().filter(|t| !used.contains(&t.name)) {
        out.push(
            Diagnostic::warning(
                "idle-threshold",
                format!("no query uses the threshold {}", quote(&idle.name)),
                idle.span,
            )
            .with_help(format!("write `${}` in a query, or remove it", idle.name)),
        );
    }
}
