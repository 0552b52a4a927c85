//! What a page is made of: a question, the answer in words, pictures and tables that can be taken away, and the data behind it.

use comity_report::csv;
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::refusal::Refusal;

/// A table of more rows than this is looked at through a window.
const TALL: usize = 40;

/// One page.
#[derive(Debug, Default)]
pub struct View {
    /// A short question.
    pub title: String,
    /// The answer in words.
    pub answer: Markup,
    /// What follows.
    pub body: Markup,
    /// The data behind it, for `?format=json`.
    pub data: Value,
    /// A file to send in place of a page.
    pub file: Option<File>,
    /// Where to go in place of it.
    pub to: Option<String>,
    pictures: Vec<Picture>,
    tables: Vec<Table>,
}

/// A file.
#[derive(Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What they are.
    pub mime: &'static str,
}

/// A picture that can be taken away.
#[derive(Debug)]
struct Picture {
    name: String,
    svg: String,
}

/// A table that is shown, sorted by a click, and taken away as CSV.
#[derive(Debug, Default)]
pub struct Table {
    /// Its name in addresses.
    pub name: &'static str,
    /// What it shows.
    pub caption: String,
    /// Its columns: name in CSV, heading, whether it holds numbers. One without a heading is in the CSV alone.
    pub columns: Vec<(&'static str, &'static str, bool)>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Debug, Default, Clone)]
pub struct Cell {
    /// As text, for CSV and sorting; empty is missing.
    pub text: String,
    /// As shown, where that is more than the text.
    pub shown: Option<Markup>,
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), shown: None }
    }

    /// A number.
    pub fn number(number: impl ToString) -> Self {
        Self::text(number.to_string())
    }

    /// A text that is shown in its own way.
    pub fn shown(text: impl Into<String>, shown: Markup) -> Self {
        Self { text: text.into(), shown: Some(shown) }
    }

    /// A link.
    pub fn link(text: impl Into<String>, address: &str) -> Self {
        let text = text.into();
        let shown = html! { a href=(address) { (text) } };
        Self { text, shown: Some(shown) }
    }
}

impl View {
    /// A page that asks and answers.
    pub fn new(title: impl Into<String>, answer: Markup) -> Self {
        Self { title: title.into(), answer, data: json!({}), ..Self::default() }
    }

    /// Another address in place of a page.
    pub fn go(to: impl Into<String>) -> Self {
        Self { to: Some(to.into()), ..Self::default() }
    }

    /// A file in place of a page.
    pub fn file(bytes: Vec<u8>, mime: &'static str) -> Self {
        Self { file: Some(File { bytes, mime }), ..Self::default() }
    }

    /// A picture with what it shows below it, its sources, and the ways to take it away. `taken` is the picture as a file of its own
    /// (see [`crate::picture::alone`]).
    pub fn picture(
        &mut self,
        ask: &Ask,
        name: &str,
        shown: &Markup,
        taken: String,
        caption: &Markup,
        sources: &Markup,
    ) -> Markup {
        self.pictures.push(Picture { name: name.to_owned(), svg: taken });
        let svg = ask.with_format("svg", name);
        html! {
            figure class="picture" id=(format!("picture-{name}")) {
                div class="drawn" { (shown) }
                figcaption {
                    div class="caption" { (caption) }
                    div class="foot" {
                        div class="from" { (sources) }
                        div class="take" {
                            a href=(svg) download=(format!("{name}.svg")) { "SVG" }
                            " "
                            button type="button" class="png needs-script" data-svg=(svg) data-name=(format!("{name}.png")) { "PNG" }
                        }
                    }
                }
            }
        }
    }

    /// A table that is only taken away; where from.
    pub fn only_taken(&mut self, ask: &Ask, table: Table) -> String {
        let csv = ask.with_format("csv", table.name);
        self.tables.push(table);
        csv
    }

    /// A picture that is only taken away.
    pub fn keep(&mut self, name: &str, svg: String) {
        self.pictures.push(Picture { name: name.to_owned(), svg });
    }

    /// A table with the way to take it away.
    pub fn table(&mut self, ask: &Ask, table: Table, sources: &Markup) -> Markup {
        let csv = ask.with_format("csv", table.name);
        let shown = html! {
            div class="tabled" id=(format!("table-{}", table.name)) {
                div class=(if table.rows.len() > TALL { "scroll tall" } else { "scroll" }) tabindex="0" role="region" aria-label=(table.caption) {
                    table class="sortable" {
                        caption { (table.caption) }
                        thead { tr {
                            @for (_, heading, number) in table.columns.iter().filter(|c| !c.1.is_empty()) {
                                th scope="col" class=[number.then_some("number")] { (heading) }
                            }
                        } }
                        tbody {
                            @for row in &table.rows {
                                tr { @for (cell, (_, _, number)) in row.iter().zip(&table.columns).filter(|(_, c)| !c.1.is_empty()) {
                                    td class=[number.then_some("number")] data-sort=[cell.shown.as_ref().map(|_| &cell.text)] {
                                        @match &cell.shown { Some(shown) => (shown), None => (cell.text) }
                                    }
                                } }
                            }
                        }
                    }
                }
                div class="foot" {
                    div class="from" { (sources) }
                    div class="take" { a href=(csv) download=(format!("{}.csv", table.name)) { "CSV" } }
                }
            }
        };
        self.tables.push(table);
        shown
    }

    /// One of its pictures, as a file.
    ///
    /// # Errors
    /// A name that no picture of this page has.
    pub fn svg(&self, part: Option<&str>) -> Result<String, Refusal> {
        let names: Vec<&str> = self.pictures.iter().map(|p| p.name.as_str()).collect();
        let at = find("picture", part, &names)?;
        Ok(self.pictures[at].svg.clone())
    }

    /// One of its tables, as a file.
    ///
    /// # Errors
    /// A name that no table of this page has.
    pub fn csv(&self, part: Option<&str>) -> Result<String, Refusal> {
        let names: Vec<&str> = self.tables.iter().map(|t| t.name).collect();
        let table = &self.tables[find("table", part, &names)?];
        let mut csv = csv::writer(Vec::new());
        let failed = |_| Refusal::failed("the table could not be written");
        csv.write_record(table.columns.iter().map(|c| c.0)).map_err(failed)?;
        for row in &table.rows {
            let cell = |(cell, column): (&Cell, &(_, _, bool))| match column.2 {
                true => cell.text.clone(),
                false => csv::cell(&cell.text).into_owned(),
            };
            csv.write_record(row.iter().zip(&table.columns).map(cell)).map_err(failed)?;
        }
        let bytes =
            csv.into_inner().map_err(|_| Refusal::failed("the table could not be written"))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Which of the names is asked for; without one, the first.
fn find(what: &str, part: Option<&str>, names: &[&str]) -> Result<usize, Refusal> {
    let at = part.map_or((!names.is_empty()).then_some(0), |p| names.iter().position(|n| *n == p));
    at.ok_or_else(|| {
        let asked = part.map(crate::ask::short).unwrap_or_default();
        let refusal = Refusal::not_found(format!("this page has no {what} `{asked}`"));
        if names.is_empty() {
            refusal
        } else {
            refusal.help(format!("its {what}s are {}", names.join(", ")))
        }
    })
}

/// Markup from text that was made safe elsewhere (prose of a policy).
pub fn prose(markdown: &str, level: u8) -> Markup {
    let clean = comity_report::plain::clean_lines(markdown);
    PreEscaped(comity_report::prose::html(&clean, level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_shown_and_taken_away() {
        let ask = Ask::default();
        let mut view = View::new("Who?", html! { "They." });
        let table = Table {
            name: "who",
            caption: "Who <b>".into(),
            columns: vec![("state", "State", false), ("years", "Years", true)],
            rows: vec![
                vec![Cell::text("=HYPERLINK(\"x\"), y"), Cell::number(-3)],
                vec![Cell::link("<script>", "/state/X"), Cell::default()],
            ],
        };
        let shown = view.table(&ask, table, &html! {}).into_string();
        assert!(shown.contains("Who &lt;b&gt;") && shown.contains("&lt;script&gt;"), "{shown}");
        assert_eq!(
            view.csv(Some("who")).unwrap(),
            "state,years\n\"'=HYPERLINK(\"\"x\"\"), y\",-3\n<script>,\n"
        );
        assert_eq!(view.csv(Some("whom")).unwrap_err().status, 404);
        assert!(view.svg(None).is_err());
    }
}
