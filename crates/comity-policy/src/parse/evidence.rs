//! What an evidence block says of its tables: which exempt, which columns decide, and which kinds of rows it promises to see.

use comity_record::schema;
use comity_sql::{VIEWS, facts};

use super::attributes::parts;
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Promise, Span};

/// The value of an attribute and where it stands.
pub(super) type Get<'a> = &'a dyn Fn(&str) -> Option<(String, Span)>;

/// `exempts`, `decides` and `promises`.
pub(super) fn of(
    get: Get<'_>,
    out: &mut Diagnostics,
) -> (Vec<String>, Vec<(String, String)>, Vec<Promise>) {
    (exempts(get, out), decides(get, out), promises(get, out))
}

fn named(get: Get<'_>, key: &str, out: &mut Diagnostics) -> Vec<(String, Span)> {
    get(key).map(|(value, at)| parts(&value, at, out)).unwrap_or_default()
}

/// The canonical tables behind the tables and views that are named.
fn exempts(get: Get<'_>, out: &mut Diagnostics) -> Vec<String> {
    let mut all = std::collections::BTreeSet::new();
    for (name, at) in named(get, "exempts", out) {
        match facts(&name) {
            Some(tables) => all.extend(tables.into_iter().map(str::to_owned)),
            None => unknown_table(&name, at, out),
        }
    }
    all.into_iter().collect()
}

fn decides(get: Get<'_>, out: &mut Diagnostics) -> Vec<(String, String)> {
    let mut all = std::collections::BTreeSet::new();
    for (name, at) in named(get, "decides", out) {
        let Some((table, column)) = name.split_once('.') else {
            out.push(
                Diagnostic::error("bad-value", format!("{} is not a column", quote(&name)), at)
                    .with_help("write `table.column`, for example `decides=capabilities.milex`"),
            );
            continue;
        };
        match columns(table) {
            None => unknown_table(table, at, out),
            Some(known) if !known.iter().any(|c| c == column) => out.push(
                Diagnostic::error(
                    "unknown-column",
                    format!("{} has no column {}", quote(table), quote(column)),
                    at,
                )
                .with_help(out.suggest(
                    column,
                    known.iter().map(String::as_str),
                    "`comity query --tables` lists the columns",
                )),
            ),
            Some(_) => {
                all.insert((table.to_owned(), column.to_owned()));
            }
        }
    }
    all.into_iter().collect()
}

fn promises(get: Get<'_>, out: &mut Diagnostics) -> Vec<Promise> {
    let mut all: Vec<Promise> = Vec::new();
    for (text, at) in named(get, "promises", out) {
        let parts = text.split_once('=').and_then(|(left, kind)| {
            let (table, by) = left.split_once('.')?;
            Some((table, by, kind))
        });
        let Some((table, by, kind)) = parts else {
            out.push(
                Diagnostic::error("bad-value", format!("{} is not a promise", quote(&text)), at)
                    .with_help("write `table.what=kind`, for example `promises=\"territorial_changes.holder=not-a-state\"`"),
            );
            continue;
        };
        if !schema::kinds(table).any(|(what, kinds)| what == by && kinds.contains(&kind)) {
            let listed: Vec<String> = schema::KINDS
                .iter()
                .flat_map(|(t, what, kinds)| kinds.iter().map(move |k| format!("{t}.{what}={k}")))
                .collect();
            out.push(
                Diagnostic::error("bad-value", format!("{} is not a promise", quote(&text)), at)
                    .with_help(format!(
                        "the kinds of rows that can be promised are {}",
                        listed.join(", ")
                    )),
            );
            continue;
        }
        match all.iter_mut().find(|p| p.table == table && p.by == by) {
            Some(promise) => promise.kinds.push(kind.to_owned()),
            None => all.push(Promise {
                table: table.to_owned(),
                by: by.to_owned(),
                kinds: vec![kind.to_owned()],
            }),
        }
    }
    all
}

fn columns(name: &str) -> Option<Vec<String>> {
    let of = |schema: arrow::datatypes::SchemaRef| {
        schema.fields().iter().map(|f| f.name().clone()).collect()
    };
    match schema::table(name) {
        Some(table) => Some(of(table.schema())),
        None => VIEWS.iter().find(|v| v.name == name).map(|v| of(v.schema())),
    }
}

fn unknown_table(name: &str, at: Span, out: &mut Diagnostics) {
    let known = schema::TABLES.iter().map(|t| t.name).chain(VIEWS.iter().map(|v| v.name));
    out.push(
        Diagnostic::error("unknown-table", format!("there is no table {}", quote(name)), at)
            .with_help(out.suggest(name, known, "`comity query --tables` lists them")),
    );
}
