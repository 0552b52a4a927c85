//! The pipe-separated tables of tests: `given` rows against the canonical tables, `expect` verdicts.

use std::collections::BTreeMap;

use comity_record::rows::Value;
use comity_record::schema::{Column, ColumnType, TABLES, Table, Time, table};

use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Expected, STRAINED_OR_WORSE, Span, Wanted};
use crate::verdict::Verdict;

/// Most rows in one table of a test, and most years in one range.
pub(super) const MOST_ROWS: usize = 2_000;
const LONGEST_RANGE: i32 = 500;

/// A cell, trimmed, with its place (one character wide where it is empty).
type Cell = (String, Span);

/// The header and the rows of a fence.
pub(super) struct Grid {
    pub header: Vec<Cell>,
    pub rows: Vec<(Vec<Cell>, Span)>,
}

pub(super) fn grid(text: &str, body: Span, fence: Span, out: &mut Diagnostics) -> Option<Grid> {
    let mut lines = Vec::new();
    let mut at = body.start;
    for line in text[body.start..body.end].split_inclusive('\n') {
        let trimmed = line.trim();
        if !trimmed.is_empty() {
            let start = at + line.len() - line.trim_start().len();
            lines.push((trimmed, Span { start, end: start + trimmed.len() }));
        }
        at += line.len();
    }
    if lines.is_empty() {
        out.push(Diagnostic::error("empty-table", "the table has no header", fence).with_help(
            "write the names of the columns with `|` between them, then a line per row",
        ));
        return None;
    }
    if lines.len() > MOST_ROWS + 1 {
        out.push(
            Diagnostic::error(
                "too-many-rows",
                format!("the table has {} rows", lines.len() - 1),
                fence,
            )
            .with_help(format!("a table of a test has at most {MOST_ROWS}")),
        );
        return None;
    }
    // Markdown's own tables start and end their lines with a pipe; ours need not.
    let framed = lines[0].0.starts_with('|');
    let mut rows = lines.into_iter().map(|(line, span)| (cells(line, span.start, framed), span));
    let header = rows.next().map(|(cells, _)| cells)?;
    let ruler = |cells: &[Cell]| {
        cells.iter().all(|(c, _)| c.len() > 1 && c.bytes().all(|b| matches!(b, b'-' | b':')))
    };
    let rows = rows
        .enumerate()
        .filter(|(at, (cells, _))| *at > 0 || !ruler(cells))
        .map(|(_, row)| row)
        .collect();
    Some(Grid { header, rows })
}

fn cells(line: &str, base: usize, framed: bool) -> Vec<Cell> {
    let (mut inner, mut base) = (line, base);
    if framed && let Some(rest) = inner.strip_prefix('|') {
        (inner, base) = (rest, base + 1);
        inner = inner.strip_suffix('|').unwrap_or(inner);
    }
    let mut found = Vec::new();
    for part in inner.split('|') {
        let trimmed = part.trim();
        let start = base + part.len() - part.trim_start().len();
        let span = if trimmed.is_empty() {
            Span { start: base, end: base + part.len() }
        } else {
            Span { start, end: start + trimmed.len() }
        };
        found.push((trimmed.to_string(), span));
        base += part.len() + 1;
    }
    found
}

/// Reports rows that have another number of cells than the header.
fn right_length(cells: &[Cell], span: Span, wanted: usize, out: &mut Diagnostics) -> bool {
    if cells.len() == wanted {
        return true;
    }
    out.push(
        Diagnostic::error(
            "wrong-cells",
            format!("the row has {} and the header {wanted}", count(cells.len())),
            span,
        )
        .with_help("leave the place between two `|` blank for a value that is not observed"),
    );
    false
}

fn count(cells: usize) -> String {
    if cells == 1 { "one cell".into() } else { format!("{cells} cells") }
}

/// The rows of a `given` table, checked against its canonical table.
pub(super) fn given(
    text: &str,
    name: &str,
    name_at: Span,
    body: Span,
    fence: Span,
    out: &mut Diagnostics,
) -> (Vec<String>, Vec<(Vec<String>, Span)>) {
    let canonical = table(name);
    if canonical.is_none() {
        out.push(
            Diagnostic::error(
                "unknown-table",
                format!("there is no table {}", quote(name)),
                name_at,
            )
            .with_help(out.suggest(
                name,
                TABLES.iter().map(|t| t.name),
                "`given` takes canonical tables, not views",
            )),
        );
    }
    let Some(Grid { header, rows }) = grid(text, body, fence, out) else {
        return (Vec::new(), Vec::new());
    };
    let columns: Vec<Option<&'static Column>> = match canonical {
        Some(canonical) => columns(canonical, &header, fence, out),
        None => vec![None; header.len()],
    };
    let first_state = canonical.and_then(|t| t.states.first()).copied();
    let mut kept = Vec::new();
    for (cells, span) in rows {
        if right_length(&cells, span, header.len(), out) && canonical.is_some() {
            row(&cells, &columns, first_state, out);
        }
        kept.push((cells.into_iter().map(|(text, _)| text).collect(), span));
    }
    (header.into_iter().map(|(name, _)| name).collect(), kept)
}

/// How many rows a `given` table comes to: a range of years is a row for each, `*` a row for every state, and a spell
/// costs a tenth of a row for each of its years.
pub(super) fn laid_out(name: &str, columns: &[String], rows: &[(Vec<String>, Span)]) -> usize {
    /// No state system has had more members.
    const STATES: usize = 250;
    const SPELL: usize = 22;
    let Some(table) = table(name) else { return 0 };
    let at = |name: &str| columns.iter().position(|c| c == name);
    let state = table.states.first().and_then(|s| at(s));
    let year = at("year");
    let cost = |row: &Vec<String>| -> usize {
        let starred = state.and_then(|s| row.get(s)).is_some_and(|cell| cell == "*");
        let range = year.and_then(|y| row.get(y)).and_then(|cell| years(cell));
        let long = match (table.time, range) {
            (Time::Year, Some((from, to))) => usize::try_from(to - from + 1).unwrap_or(1),
            (Time::Spell, _) => SPELL,
            _ => 1,
        };
        long * if starred { STATES } else { 1 }
    };
    rows.iter().map(|(row, _)| cost(row)).fold(0, usize::saturating_add)
}

fn columns(
    canonical: &'static Table,
    header: &[Cell],
    fence: Span,
    out: &mut Diagnostics,
) -> Vec<Option<&'static Column>> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, span) in header {
        let column = canonical.column(name);
        found.push(column);
        if column.is_none() {
            let known: Vec<&str> = canonical.columns.iter().map(|c| c.name).collect();
            let help = match name.as_str() {
                "source" => "the source stands after the fence: `source=…`".to_string(),
                "source_row" => "the test numbers the rows itself; remove the column".to_string(),
                _ => out.suggest(
                    name,
                    known.iter().copied(),
                    &format!("its columns are {}", known.join(", ")),
                ),
            };
            out.push(
                Diagnostic::error(
                    "unknown-column",
                    format!("no column {} in `{}`", quote(name), canonical.name),
                    *span,
                )
                .with_help(help),
            );
        } else if let Some(first) = seen.insert(name, *span) {
            out.push(
                Diagnostic::error(
                    "duplicate-column",
                    format!("the column {} stands twice", quote(name)),
                    *span,
                )
                .with_label(first, "first here")
                .with_help("remove one"),
            );
        }
    }
    let has = |name: &str| header.iter().any(|(n, _)| n == name);
    let (timed, needs) = match canonical.time {
        Time::Spell => (has("start") || has("start_year"), "`start` or `start_year`"),
        Time::Year => {
            (has("year") || (has("date") && canonical.column("date").is_some()), "`year`")
        }
        Time::None => (true, ""),
    };
    // Rows about no state of their own (wars, disputes) are looked up by their id, whatever their time.
    if !timed && !canonical.states.is_empty() {
        out.push(
            Diagnostic::error(
                "no-time",
                format!("the rows of `{}` have no time", canonical.name),
                fence,
            )
            .with_help(format!("add the column {needs}; a row without it is never seen")),
        );
    }
    found
}

fn row(
    cells: &[Cell],
    columns: &[Option<&'static Column>],
    first_state: Option<&str>,
    out: &mut Diagnostics,
) {
    let starred = columns.iter().zip(cells).any(|(column, (cell, _))| {
        cell == "*" && column.is_some_and(|c| Some(c.name) == first_state)
    });
    for (column, (cell, span)) in columns.iter().zip(cells) {
        let Some(column) = column else { continue };
        if cell == "*" && column.kind != ColumnType::Text {
            if Some(column.name) != first_state {
                let help = match first_state {
                    Some(first) => format!("`*` (every other state) stands only under `{first}`"),
                    None => "this table is about no states of its own".to_string(),
                };
                out.push(
                    Diagnostic::error("bad-cell", format!("`*` under `{}`", column.name), *span)
                        .with_help(help),
                );
            }
            continue;
        }
        let numeric = matches!(column.kind, ColumnType::Int | ColumnType::Float);
        if numeric && let Some((from, to)) = cell.split_once("..") {
            range(column, starred, (from, to), (cell, *span), out);
            continue;
        }
        if let Err(expected) = Value::parse(column.kind, cell) {
            out.push(
                Diagnostic::error("bad-cell", format!("{} is not {expected}", quote(cell)), *span)
                    .with_help(format!(
                        "`{}` is {}; a value that is not observed is left blank",
                        column.name, column.doc
                    )),
            );
        }
    }
}

/// `a..b`: years one by one under `year`, and values spread over the other states in a row of `*`.
fn range(
    column: &Column,
    starred: bool,
    (from, to): (&str, &str),
    (cell, span): (&str, Span),
    out: &mut Diagnostics,
) {
    if column.name == "year" {
        if years(cell).is_none() {
            out.push(
                Diagnostic::error(
                    "bad-cell",
                    format!("{} is not a range of years", quote(cell)),
                    span,
                )
                .with_help(format!(
                    "write first and last year, at most {LONGEST_RANGE} years: `1990..1995`"
                )),
            );
        }
    } else if !starred {
        out.push(
            Diagnostic::error(
                "bad-cell",
                format!("the range {} stands in a row about one state", quote(cell)),
                span,
            )
            .with_help(
                "a range spreads values over all other states: such a row has `*` for its state",
            ),
        );
    } else if [from, to]
        .iter()
        .any(|end| !matches!(Value::parse(column.kind, end), Ok(v) if v != Value::Null))
    {
        out.push(
            Diagnostic::error(
                "bad-cell",
                format!("{} is not a range of numbers", quote(cell)),
                span,
            )
            .with_help("write the first and the last value, for example `10..90`"),
        );
    }
}

/// `1990` or `1990..1995`, first and last year in order and not too far apart.
pub(super) fn years(cell: &str) -> Option<(i32, i32)> {
    let (from, to) = cell.split_once("..").unwrap_or((cell, cell));
    let (from, to) = (super::words::year(from.trim())?, super::words::year(to.trim())?);
    (from <= to && to - from < LONGEST_RANGE).then_some((from, to))
}

/// The rows of an `expect` table; a range of years is one row for each.
pub(super) fn expect(text: &str, body: Span, fence: Span, out: &mut Diagnostics) -> Vec<Expected> {
    const KNOWN: [&str; 4] = ["state", "year", "verdict", "value"];
    const HELP: &str =
        "the columns of `expect` are `state | year | verdict`, or `state | year | value`";
    let Some(Grid { header, rows }) = grid(text, body, fence, out) else { return Vec::new() };
    for (at, (name, span)) in header.iter().enumerate() {
        if !KNOWN.contains(&name.as_str()) {
            out.push(
                Diagnostic::error(
                    "unknown-column",
                    format!("no column {} in `expect`", quote(name)),
                    *span,
                )
                .with_help(HELP),
            );
        } else if header[..at].iter().any(|(n, _)| n == name) {
            out.push(
                Diagnostic::error(
                    "duplicate-column",
                    format!("the column `{name}` stands twice"),
                    *span,
                )
                .with_help(HELP),
            );
        }
    }
    let position = |wanted: &str| header.iter().position(|(n, _)| n == wanted);
    let valued = position("value").is_some();
    let last = if valued { "value" } else { "verdict" };
    if let (true, Some(at)) = (valued, position("verdict")) {
        out.push(
            Diagnostic::error("unknown-column", "a row expects a verdict or a value", header[at].1)
                .with_help(HELP),
        );
    }
    let (Some(state), Some(year), Some(wanted)) =
        (position("state"), position("year"), position(last))
    else {
        let missing = ["state", "year", last]
            .into_iter()
            .filter(|w| position(w).is_none())
            .map(quote)
            .collect::<Vec<_>>()
            .join(" and ");
        let span = Span { start: header[0].1.start, end: header[header.len() - 1].1.end };
        out.push(
            Diagnostic::error("missing-column", format!("`expect` has no column {missing}"), span)
                .with_help(HELP),
        );
        return Vec::new();
    };
    if rows.is_empty() {
        out.push(
            Diagnostic::error("empty-table", "`expect` expects nothing", fence)
                .with_help("add a row, or remove the block"),
        );
    }
    let mut found = Vec::new();
    for (cells, span) in rows {
        if !right_length(&cells, span, header.len(), out) {
            continue;
        }
        let (state, state_at) = &cells[state];
        let ccode = state.parse::<i32>().ok().filter(|c| (1..=999).contains(c));
        if ccode.is_none() {
            out.push(
                Diagnostic::error("bad-cell", format!("{} is not a state code", quote(state)), *state_at)
                    .with_help("states are Correlates of War codes, for example 710; `comity states NAME` finds them"),
            );
        }
        let (year, year_at) = &cells[year];
        let span_of_years = years(year);
        if span_of_years.is_none() {
            out.push(
                Diagnostic::error("bad-cell", format!("{} is not a year", quote(year)), *year_at)
                    .with_help("write a year, `1951`, or a range, `1951..1955`"),
            );
        }
        let (cell, cell_at) = &cells[wanted];
        let wanted = if valued { value(cell, *cell_at, out) } else { verdict(cell, *cell_at, out) };
        if let (Some(state), Some((from, to)), Some(wanted)) = (ccode, span_of_years, wanted) {
            found.extend((from..=to).map(|year| Expected { state, year, wanted, span }));
        }
    }
    found
}

fn verdict(name: &str, at: Span, out: &mut Diagnostics) -> Option<Wanted> {
    if name == STRAINED_OR_WORSE {
        return Some(Wanted::StrainedOrWorse);
    }
    let verdict = name.parse::<Verdict>().ok();
    if verdict.is_none() {
        let names = || Verdict::ALL.into_iter().map(Verdict::name).chain([STRAINED_OR_WORSE]);
        let all = format!("the verdicts are {}", names().collect::<Vec<_>>().join(", "));
        out.push(
            Diagnostic::error("unknown-verdict", format!("{} is not a verdict", quote(name)), at)
                .with_help(out.suggest(name, names(), &all)),
        );
    }
    verdict.map(Wanted::Verdict)
}

fn value(cell: &str, at: Span, out: &mut Diagnostics) -> Option<Wanted> {
    if cell == "unknown" {
        return Some(Wanted::Value(None));
    }
    let value = cell.parse().ok().filter(|v: &f64| v.is_finite());
    if value.is_none() {
        out.push(
            Diagnostic::error("bad-cell", format!("{} is not a value", quote(cell)), at)
                .with_help("write a number, or `unknown`"),
        );
    }
    value.map(|v| Wanted::Value(Some(v)))
}
