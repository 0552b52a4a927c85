//! A query over the record: its answer in pages, a picture of it, and the whole as a file.

use maud::{Markup, html};
use serde_json::{Value, json};

use super::{Field, Method, Page};
use crate::app::Now;
use crate::ask::{Ask, Format, address, short};
use crate::graph::{self, Line};
use crate::picture;
use crate::refusal::Refusal;
use crate::view::View;

/// A query.
pub const PAGE: Page = Page {
    path: "/query",
    name: "Query",
    about: "The answer to one SELECT over the record, 100 rows a page or fewer; format=csv and format=parquet are the whole answer. Read only; up to 10 s, 1 GB and 1,000,000 rows",
    method: Method::Get,
    names: &[],
    fields: &[
        Field { name: "sql", about: "one SELECT" },
        Field { name: "page", about: "which page of the answer, from 1" },
        super::POLICY,
    ],
    menu: true,
    kept: true,
    slow: false,
    view,
};

/// Questions to begin with, all of which the record inside the program answers.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "How many vetoes did each permanent member cast, year by year?",
        "select s.abbr, v.year, count(*) as vetoes\nfrom vetoes v\njoin state_years s on s.ccode = v.ccode and s.year = v.year\ngroup by s.abbr, v.year\norder by v.year, s.abbr",
    ),
    (
        "With whom did China have which pledges in 1962?",
        "select s.name as partner, p.treaty, p.defense, p.neutrality, p.nonaggression, p.consultation, p.source\nfrom pledge_years p\njoin state_years s on s.ccode = p.partner and s.year = p.year\nwhere p.ccode = 710 and p.year = 1962\norder by s.name, p.treaty",
    ),
    (
        "How many states were there in each year?",
        "select year, count(*) as states\nfrom state_years\ngroup by year\norder by year",
    ),
    (
        "In which wars did India and China fight each other?",
        "select war_id, name, year, side_initiated, source, source_row\nfrom war_dyad_years\nwhere ccode = 750 and other = 710\norder by year",
    ),
    (
        "How many states does the record show to have broken each commitment, year by year?",
        "select year, commitment, count(*) as states\nfrom verdicts\nwhere verdict = 'broken'\ngroup by year, commitment\norder by commitment, year",
    ),
];

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let Some(sql) = ask.field("sql") else { return beginning(now, ask) };
    let document = now.policy(ask)?.document();
    let question = |more: (&str, Value)| {
        let mut question = json!({"sql": sql, "file": document.file, "policy": document.text});
        question[more.0] = more.1;
        question
    };
    if let Some(form) = file_form(ask.format) {
        let bytes = now.children().ask("file", &question(("form", form.0.into())))?;
        return Ok(View::file(bytes, form.1));
    }
    let page = page(ask)?;
    let said = now
        .children()
        .ask_json("query", &question(("page", page.into())))
        .map_err(|refusal| again(refusal, sql))?;
    let mut view = View::new("What does the record answer?", answer(&said));
    if page > said["pages"].as_u64().unwrap_or(1) {
        return Err(Refusal::not_found(format!(
            "the answer has {} pages, not {page}",
            said["pages"]
        ))
        .link(ask.with(&[("page", "")]), "the first page"));
    }
    let drawn = chart(&mut view, ask, &said);
    view.body = html! {
        (form(ask, Some(sql)))
        (drawn)
        (table(ask, &said))
        p class="note" {
            "The address of this page is the question: whoever opens it gets the answer of their own record. On the command line: "
            code { "comity query" } " with the same text. " a href=(tables()) { "Tables and columns" } "."
        }
    };
    let mut data = said;
    data["sql"] = sql.into();
    view.data = data;
    Ok(view)
}

/// The refusal of a query shows the query, so that it can be mended.
fn again(refusal: Refusal, sql: &str) -> Refusal {
    let mut refusal = refusal.link(tables(), "the tables and columns that there are");
    let text: String = sql.chars().take(1_500).collect();
    refusal.query = Some(text);
    refusal
}

fn tables() -> &'static str {
    super::tables::PAGE.path
}

/// The form of a file, and what it is.
pub(super) fn file_form(format: Format) -> Option<(&'static str, &'static str)> {
    match format {
        Format::Csv => Some(("csv", "text/csv; charset=utf-8")),
        Format::Parquet => Some(("parquet", "application/vnd.apache.parquet")),
        _ => None,
    }
}

/// Which page of an answer is asked for.
pub(super) fn page(ask: &Ask) -> Result<u64, Refusal> {
    let Some(given) = ask.field("page") else { return Ok(1) };
    match given.trim().parse::<u64>() {
        Ok(page) if page > 0 => Ok(page),
        _ => Err(Refusal::bad(format!("`{}` is not a page", short(given)))
            .help("pages are numbered from 1")
            .link(ask.with(&[("page", "")]), "the first page")),
    }
}

/// The page without a query.
fn beginning(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let described = now.record().described().map_err(|error| Refusal::of(500, &error))?;
    let answer = html! {
        p { "Anything that a SELECT can ask of " (described.iter().filter(|t| !t.function).count()) " tables and views. "
            a href=(tables()) { "Their columns" } ". Nothing can be changed here; a query may take 10 seconds and give a million rows." }
    };
    let mut view = View::new("What do you want to know of the record?", answer);
    view.body = html! {
        (form(ask, None))
        section {
            h2 { "Questions to begin with" }
            ul class="links" {
                @for (question, sql) in EXAMPLES {
                    li { a href=(address(PAGE.path, &[("sql", sql)])) { (question) } }
                }
            }
        }
    };
    view.data = json!({
        "examples": EXAMPLES.iter().map(|(q, sql)| json!({"question": q, "sql": sql})).collect::<Vec<_>>(),
        "tables": described.iter().map(|t| &t.name).collect::<Vec<_>>(),
    });
    Ok(view)
}

fn form(ask: &Ask, sql: Option<&str>) -> Markup {
    html! {
        form class="asking" action=(PAGE.path) method="get" {
            label for="sql" { "Query in SQL" }
            div class="completed" data-names=(address(tables(), &[("format", "json")])) {
                textarea class="code" id="sql" name="sql" rows="8" spellcheck="false" autocapitalize="off" autocomplete="off" required maxlength="4000"
                    aria-describedby="sql-help" { (sql.unwrap_or_default()) }
            }
            @if let Some(policy) = ask.field("policy") { input type="hidden" name="policy" value=(policy); }
            div class="row" {
                button type="submit" { "Ask" }
                p class="note" id="sql-help" {
                    "One SELECT. "
                    span class="needs-script" { "Names are completed as you type: arrow keys and Tab take one, Escape closes the list; Ctrl and Enter ask." }
                }
            }
        }
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn answer(said: &Value) -> Markup {
    let total = said["total"].as_u64().unwrap_or(0);
    let columns = said["columns"].as_array().map_or(0, Vec::len);
    html! {
        p {
            @match total { 0 => "No row.", 1 => "One row", _ => { (comity_report::words::thousands(u32::try_from(total).unwrap_or(u32::MAX))) " rows" } }
            @if total > 0 { ", " (comity_report::words::plural(columns, "column", "columns")) "." }
        }
    }
}

/// The sources that answer in the tables that were read.
fn from(said: &Value) -> Markup {
    let (sources, read) = (strings(&said["sources"]), strings(&said["tables"]));
    html! {
        @if sources.is_empty() { "Sources: those of the record." }
        @else {
            "Sources of " (read.join(", ")) ": "
            @for (i, id) in sources.iter().enumerate() {
                @if i > 0 { ", " } a href=(super::record::source_address(id)) { (id) }
            }
            "."
        }
    }
}

/// The picture of an answer; empty where there is none.
pub(super) fn chart(view: &mut View, ask: &Ask, said: &Value) -> Markup {
    let chart = &said["chart"];
    let lines: Vec<Line> = chart["lines"].as_array().into_iter().flatten().map(line).collect();
    let (Some(x), Some(y)) = (chart["x"].as_str(), chart["y"].as_str()) else { return html! {} };
    let joined = chart["joined"].as_bool().unwrap_or(false);
    let title = format!("{y} by {x}");
    let svg = graph::svg(&lines, joined, &title);
    let (first, texts) = graph::texts(&lines);
    let last = first + i32::try_from(texts.len()).unwrap_or(1) - 1;
    let shown = graph::walked(&title, (first, last), graph::sides(lines.len() > 1), &texts, &svg);
    let foot = [format!("Sources: {}. Comity.", strings(&said["sources"]).join(", "))];
    let taken = picture::alone(&title, &[(String::new(), svg)], &foot);
    let caption = html! {
        b { (title) } ". "
        @if let Some(by) = chart["by"].as_str() { "One line for each " code { (by) } ". " }
        @if !joined { "Each point is a row. " }
        @if chart["cut"].as_bool().unwrap_or(false) { "Only the first points are drawn. " }
        "A gap is a year without a value."
    };
    html! { section { h2 { "As a picture" } (view.picture(ask, "chart", &shown, taken, &caption, &from(said))) } }
}

fn line(value: &Value) -> Line {
    let points = value["points"].as_array().into_iter().flatten();
    let point = |p: &Value| Some((i32::try_from(p[0].as_i64()?).ok()?, p[1].as_f64()?));
    let band = value["band"].as_array().into_iter().flatten();
    let around =
        |b: &Value| Some((i32::try_from(b[0].as_i64()?).ok()?, b[1].as_f64()?, b[2].as_f64()?));
    Line {
        band: band.filter_map(around).collect(),
        name: value["name"].as_str().unwrap_or_default().to_owned(),
        points: points.filter_map(point).collect(),
    }
}

fn cell(value: &Value) -> Markup {
    html! {
        @match value {
            Value::Null => span class="null" { "missing" },
            Value::String(text) => { (comity_report::plain::clean(text)) }
            other => { (other) }
        }
    }
}

/// A page of an answer.
pub(super) fn table(ask: &Ask, said: &Value) -> Markup {
    let columns: Vec<(&str, bool)> = said["columns"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|c| (c["name"].as_str().unwrap_or_default(), c["number"].as_bool().unwrap_or(false)))
        .collect();
    let class = |at: usize| columns.get(at).is_some_and(|c| c.1).then_some("number");
    let rows: Vec<&Vec<Value>> =
        said["rows"].as_array().into_iter().flatten().filter_map(Value::as_array).collect();
    let number = |name: &str| said[name].as_u64().unwrap_or(0);
    let (from_row, total) = (number("from"), number("total"));
    let caption = if rows.is_empty() {
        "No rows".to_owned()
    } else {
        format!("Rows {} to {} of {total}", from_row + 1, from_row + rows.len() as u64)
    };
    html! {
        section id="answer" {
            h2 class="unseen" { "The answer as a table" }
            (pages(ask, number("page"), number("pages")))
            div class="tabled" {
                div class="scroll" tabindex="0" role="region" aria-label=(caption) {
                    table class="grid" {
                        caption { (caption) }
                        thead { tr { @for (at, (name, _)) in columns.iter().enumerate() { th scope="col" class=[class(at)] { (comity_report::plain::clean(name)) } } } }
                        tbody { @for row in &rows { tr { @for (at, value) in row.iter().enumerate() { td class=[class(at)] { (cell(value)) } } } } }
                    }
                }
                div class="foot" {
                    div class="from" { (from(said)) }
                    div class="take" {
                        "All rows: "
                        a href=(ask.with(&[("page", ""), ("format", "csv")])) download="answer.csv" { "CSV" } " "
                        a href=(ask.with(&[("page", ""), ("format", "parquet")])) download="answer.parquet" { "Parquet" }
                    }
                }
            }
            (pages(ask, number("page"), number("pages")))
        }
    }
}

fn pages(ask: &Ask, page: u64, pages: u64) -> Markup {
    let to = |page: u64| ask.with(&[("page", &page.to_string())]) + "#answer";
    html! {
        @if pages > 1 {
            nav class="pages" aria-label="Pages of the answer" {
                @if page > 1 { a href=(to(1)) { "First" } a href=(to(page - 1)) rel="prev" { "Previous" } }
                span { "Page " (page) " of " (pages) }
                @if page < pages { a href=(to(page + 1)) rel="next" { "Next" } a href=(to(pages)) { "Last" } }
            }
        }
    }
}

/// The form for a query, on the page that refuses it.
pub fn mend(sql: &str) -> Markup {
    form(&Ask::default(), Some(sql))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::layout;

    fn ask(query: &str) -> Ask {
        Ask::new("/query", BTreeMap::new(), query, b"", &["sql", "page", "policy"]).unwrap()
    }

    fn said(sql: &str, page: u64) -> Value {
        let request = comity::worker::Request {
            args: vec!["query".into(), String::new()],
            input: json!({"sql": sql, "page": page}).to_string().into_bytes(),
        };
        let answer = crate::child::Desk::default().answer(&request);
        assert_eq!(answer.code, 0, "{}", String::from_utf8_lossy(&answer.errors));
        serde_json::from_slice(&answer.output).unwrap()
    }

    #[test]
    fn every_question_to_begin_with_is_answered_by_the_starter() {
        for (question, sql) in EXAMPLES {
            assert!(said(sql, 1)["total"].as_u64().unwrap() > 0, "{question}");
            assert!(sql.len() < 4_000);
        }
    }

    #[test]
    fn an_answer_is_a_table_with_pages_and_hostile_texts_are_shown() {
        let sql = "select '<script>alert(1)</script>' as \"<img src=x>\", year, year * 2.5 as twice, cast(null as int) as nothing from state_years where ccode = 2";
        let answer = said(sql, 1);
        let ask = ask(&format!("sql={sql}&page=1"));
        let page = table(&ask, &answer).into_string();
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("&lt;script&gt;") && page.contains("missing"));
        assert!(
            page.contains("Page 1 of ")
                && page.contains("rel=\"next\"")
                && !page.contains("rel=\"prev\"")
        );
        assert!(page.contains("format=parquet") && page.contains("format=csv"));
        let mut view = View::default();
        let drawn = chart(&mut view, &ask, &answer).into_string();
        assert!(drawn.contains("twice by year"), "{drawn}");
        assert!(view.svg(Some("chart")).unwrap().contains("class=\"line c0\""));
    }

    #[test]
    fn a_query_that_is_refused_comes_back_to_be_mended() {
        let now = Now::starter();
        assert!(view(&now, &ask("")).unwrap().body.into_string().contains("<textarea"));
        assert_eq!(view(&now, &ask("sql=select 1&page=none")).unwrap_err().status, 400);
        let refusal = again(Refusal::bad("no column `nme`"), "select </textarea><script>");
        assert!(refusal.links.iter().any(|l| l.0 == tables()));
        let page = layout::refusal(&now, &refusal);
        assert!(page.contains("select &lt;/textarea&gt;&lt;script&gt;"), "{page}");
    }
}
