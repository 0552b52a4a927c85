//! What a record holds: its tables, rows and sources, and its coverage as a timeline drawn in text.

use std::fmt::Write as _;

use anstyle::Style;
use comity_record::{Coverage, Source, Units};

use super::plain::clean;
use super::terminal::{lines, plain_table, table_text};
use super::{short, words, years};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// What is shown of a record.
#[derive(Debug)]
pub struct Info {
    /// Its folder; none: the starter alone.
    pub folder: Option<String>,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The last year that any source reaches.
    pub last_year: i32,
    /// Table, family and rows over all sources, in canonical order.
    pub tables: Vec<(&'static str, &'static str, usize)>,
    /// Its sources.
    pub sources: Vec<Source>,
    /// Where sources rival: which answers first, by family.
    pub baseline: Vec<(String, String)>,
}

/// The whole as text with colour codes.
pub fn render(info: &Info, width: usize) -> String {
    let mut out = String::new();
    let place = info.folder.as_deref().unwrap_or("the starter inside the program");
    let _ = writeln!(out, "{BOLD}Record{BOLD:#} {}", clean(place));
    let rows: usize = info.tables.iter().map(|t| t.2).sum();
    let filled = info.tables.iter().filter(|t| t.2 > 0).count();
    lines(
        &mut out,
        &format!(
            "{} in {} from {}, up to {} · fingerprint {}",
            words::plural(rows, "row", "rows"),
            words::plural(filled, "table", "tables"),
            words::plural(info.sources.len(), "source", "sources"),
            info.last_year,
            short(&info.fingerprint)
        ),
        width,
        "",
    );
    if !info.baseline.is_empty() {
        let list: Vec<String> =
            info.baseline.iter().map(|(f, d)| format!("{f} from {d}")).collect();
        let text = format!(
            "where sources rival, the baseline is: {} (`comity record prefer` sets another)",
            list.join(", ")
        );
        lines(&mut out, &text, width, "");
    }
    timeline(&mut out, info, width);
    sources(&mut out, info, width);
    out
}

/// One line per table: rows, and where silence means something.
fn timeline(out: &mut String, info: &Info, width: usize) {
    let claims = |table: &str| -> Vec<&Coverage> {
        info.sources
            .iter()
            .flat_map(|s| &s.coverage)
            .filter(|c| c.table == table && !c.context)
            .collect()
    };
    let shown: Vec<_> = info
        .tables
        .iter()
        .filter(|(name, _, rows)| *rows > 0 || !claims(name).is_empty())
        .collect();
    if shown.is_empty() {
        let _ = writeln!(out, "\nIt is empty.");
        return;
    }
    let name = shown.iter().map(|t| t.0.len()).max().unwrap_or(0);
    let room = width.saturating_sub(name + 14).clamp(20, 110);
    let (from, to) = (1816, info.last_year.max(1820));
    let per = ((to - from + 1) as usize).div_ceil(room).max(1) as i32;
    let cells = ((to - from) / per + 1) as usize;
    let _ = writeln!(out, "\n{:name$}  {:>9}  {DIM}{}{DIM:#}", "", "rows", ruler(from, per, cells));
    for (table, _, rows) in shown {
        let claims = claims(table);
        let line: String = (0..cells)
            .map(|cell| {
                let start = from + cell as i32 * per;
                sign(&claims, start, (start + per - 1).min(to))
            })
            .collect();
        let _ = writeln!(
            out,
            "{table:name$}  {:>9}  {}",
            words::thousands(*rows as u32),
            line.trim_end()
        );
    }
    lines(
        out,
        &format!(
            "█ all states, ▄ some states or some of these {per} years, blank: silence says nothing"
        ),
        width,
        "",
    );
}

/// How far a cell of years is covered.
fn sign(claims: &[&Coverage], from: i32, to: i32) -> char {
    let (mut whole, mut some) = (true, false);
    for year in from..=to {
        let there = claims.iter().filter(|c| c.from <= year && year <= c.to);
        let all = there.clone().any(|c| c.units == Units::All);
        whole &= all;
        some |= all || there.count() > 0;
    }
    match (whole, some) {
        (true, _) => '█',
        (false, true) => '▄',
        (false, false) => ' ',
    }
}

/// Every fiftieth year over its cell.
fn ruler(from: i32, per: i32, cells: usize) -> String {
    let mut line = String::new();
    for cell in 0..cells {
        let start = from + cell as i32 * per;
        let round = (start..start + per).find(|y| y % 50 == 0);
        if let Some(year) = round.filter(|_| cell >= line.len() && cell + 4 <= cells) {
            line.extend(std::iter::repeat_n(' ', cell - line.len()));
            line.push_str(&year.to_string());
        }
    }
    line
}

fn sources(out: &mut String, info: &Info, width: usize) {
    let _ = writeln!(out, "\n{BOLD}Sources{BOLD:#}");
    let mut table = plain_table(width);
    table.set_header(["id", "title", "years", "licence", "added"]);
    for s in &info.sources {
        let from = s.coverage.iter().map(|c| c.from).min();
        let to = s.coverage.iter().map(|c| c.to).max();
        let span = from.zip(to).map(|(a, b)| years::words(a, b)).unwrap_or_default();
        table.add_row([
            clean(&s.label()).into_owned(),
            clean(&s.title).into_owned(),
            span,
            // The first clause; the whole stands in JSON and in reports.
            clean(s.licence.split([':', ';', '(']).next().unwrap_or_default().trim()).into_owned(),
            clean(&s.added).into_owned(),
        ]);
    }
    out.push_str(&table_text(&table));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_whole_only_when_every_year_is() {
        let all = Coverage::all("pledges", 1816, 1818);
        let mut one = Coverage::all("pledges", 1819, 1819);
        one.units = Units::States([2].into());
        assert_eq!(sign(&[&all], 1816, 1818), '█');
        assert_eq!(sign(&[&all, &one], 1816, 1819), '▄');
        assert_eq!(sign(&[&one], 1816, 1818), ' ');
    }

    #[test]
    fn round_years_stand_over_their_cells() {
        assert_eq!(ruler(1816, 4, 52), "        1850         1900        1950         2000");
    }
}
