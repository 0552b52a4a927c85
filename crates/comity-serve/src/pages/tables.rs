//! The tables, views and table functions that a query may name.

use comity::ColumnAbout;
use maud::html;
use serde_json::{Value, json};

use super::{Method, Page};
use crate::app::Now;
use crate::ask::{Ask, address};
use crate::refusal::Refusal;
use crate::view::View;

/// What there is to query.
pub const PAGE: Page = Page {
    path: "/tables",
    name: "Tables and columns",
    about: "Every table, view and table function that a query may name, with its columns",
    method: Method::Get,
    names: &[],
    fields: &[super::POLICY],
    menu: false,
    kept: true,
    slow: false,
    view,
};

fn view(now: &Now, _: &Ask) -> Result<View, Refusal> {
    let all = now.record().described().map_err(|error| Refusal::of(500, &error))?;
    let counts = now.record().tables().counts().map_err(|e| Refusal::failed(e.to_string()))?;
    let rows = |name: &str| -> usize { counts.iter().filter(|c| c.1 == name).map(|c| c.2).sum() };
    let (functions, tables): (Vec<_>, Vec<_>) = all.iter().partition(|t| t.function);
    let answer = html! {
        p { (tables.len()) " tables and views, and " (functions.len()) " functions that lay out rows. A table is the baseline’s; "
            code { "every.disputes" } " has the rows of every source. Every table ends with the source that a row is from and the key that finds it there (" code { "source" } ", " code { "source_row" } "). " a href=(super::measures::PAGE.path) { "Measures" } " are functions too." }
    };
    let mut view = View::new("Which tables and columns are there?", answer);
    view.body = html! {
        div class="tables-list" {
            @for table in &tables {
                details class="source-entry" id=(format!("table-{}", table.name)) {
                    summary { code { (table.name) } " " span class="small" { (table.about) } }
                    dl {
                        // The answer above says once what the last two of every table are.
                        @for column in table.columns.iter().filter(|c| c.name != "source" && c.name != "source_row") {
                            dt { code { (column.name) } }
                            dd { (column.doc) @if !column.values.is_empty() { ". " (column.values) } " " span class="small" { "(" (kind(column)) ")" } }
                        }
                    }
                    p class="note" {
                        @let held = rows(&table.name);
                        @if held > 0 { (comity_report::words::thousands(u32::try_from(held).unwrap_or(u32::MAX))) " rows of all sources. " }
                        a href=(address("/query", &[("sql", &format!("select * from {} limit 100", table.name))])) { "Look at it" }
                    }
                }
            }
        }
        section {
            h2 { "Functions that lay out rows" }
            p class="note" { "Each takes its arguments by name: " code { "dyad_years(directed => true, years => '1946-2010', with => 'contiguity')" } "." }
            dl { @for function in &functions { dt { code { (function.name) "(…)" } } dd { (function.about) } } }
        }
    };
    view.data = json!({
        "tables": tables.iter().map(|t| json!({
            "name": t.name, "about": t.about,
            "columns": t.columns.iter().map(column).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "functions": functions.iter().map(|t| json!({"name": t.name, "about": t.about})).collect::<Vec<_>>(),
    });
    Ok(view)
}

/// The type of a column, with its unit where it has one.
fn kind(column: &ColumnAbout) -> String {
    match column.unit {
        "" => column.kind.to_owned(),
        unit if unit == column.kind => unit.to_owned(),
        unit => format!("{}: {unit}", column.kind),
    }
}

fn column(column: &ColumnAbout) -> Value {
    json!({
        "name": column.name, "type": column.kind, "unit": column.unit,
        "meaning": column.doc, "values": column.values,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_there_for_people_and_for_completion() {
        let now = Now::starter();
        let view = view(&now, &Ask::default()).unwrap();
        let body = view.body.into_string();
        assert!(body.contains("id=\"table-pledge_years\"") && body.contains("dyad_years(…)"));
        assert!(body.len() < 285_000, "{} bytes", body.len());
        let tables = view.data["tables"].as_array().unwrap();
        let states = tables.iter().find(|t| t["name"] == "states").unwrap();
        assert!(states["columns"].as_array().unwrap().iter().any(|c| c["name"] == "abbr"));
    }
}
