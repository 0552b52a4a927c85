//! The codebook of the tables and views: what each column holds, from the declarations alone; and the answers to `DESCRIBE` and
//! `SHOW TABLES`.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use comity_panel::{Declared, Kind, Measure};
use comity_record::meanings::{Coding, Holds, holds};
use comity_record::nearest;
use comity_record::schema::{Column, TABLES, Table, Time, table};

use crate::error::SqlError;
use crate::measured::table_function;
use crate::own::OF_POLICIES;
use crate::session::Session;
use crate::views::{Further, VIEWS, View};

/// A column of a table or view, for people.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    pub kind: &'static str,
    /// Its unit, or what kind of thing a value names.
    pub unit: &'static str,
    /// What it means.
    pub doc: String,
    /// Its values, where they are codes.
    pub coding: Option<&'static Coding>,
}

impl Described {
    /// `1 yes; 2 abstained; …`, and where further values are explained; empty where the column holds no codes.
    pub fn values(&self) -> String {
        let Some(coding) = self.coding else { return String::new() };
        let mut parts: Vec<String> =
            coding.values.iter().map(|(value, says)| format!("{value} {says}")).collect();
        if !coding.others.is_empty() {
            let lead = if parts.is_empty() { "see " } else { "others: see " };
            parts.push(format!("{lead}{}", coding.others));
        }
        parts.join("; ")
    }
}

impl Session {
    /// What a table or view of this session is: one row per what.
    pub fn meaning(&self, name: &str) -> Option<&'static str> {
        meaning(name).or_else(|| Some(self.own(name).rows).filter(|rows| !rows.is_empty()))
    }

    /// The columns of a table, view or table function of this session, in their order; none where there is no such table.
    pub fn described(&self, name: &str) -> Option<Vec<Described>> {
        let Some(schema) = self.schema(name) else {
            table_function(name)?;
            return columns(name);
        };
        let about = self.own(name).column;
        let own = |f: &Arc<Field>| Described {
            name: f.name().clone(),
            kind: in_words(f.data_type()),
            unit: "",
            doc: about.and_then(|about| about(f.name())).unwrap_or_default().to_owned(),
            coding: None,
        };
        Some(columns(name).unwrap_or_else(|| schema.fields().iter().map(own).collect()))
    }
}

/// The columns of a table or view, in their order; none where there is no such table.
pub fn columns(name: &str) -> Option<Vec<Described>> {
    let bare = name.strip_prefix("every.").unwrap_or(name);
    if let Some(table) = table(bare) {
        return Some(of_table(table));
    }
    if let Some(measure) = table_function(name) {
        return Some(measure.columns.iter().map(|c| of_measure(measure, c)).collect());
    }
    let view = VIEWS.iter().find(|v| v.name == name)?;
    let base = view.base.and_then(table);
    let mut all = base.map(of_table).unwrap_or_default();
    all.extend(view.further.iter().map(|further| of_view(further, base)));
    Some(all)
}

/// What a table or view is: one row per what.
pub fn meaning(name: &str) -> Option<&'static str> {
    let bare = name.strip_prefix("every.").unwrap_or(name);
    let of_measure = || table_function(name).map(|measure| measure.title);
    table(bare).map(|t| t.doc).or_else(|| Some(view(name)?.doc)).or_else(of_measure)
}

fn view(name: &str) -> Option<&'static View> {
    VIEWS.iter().find(|v| v.name == name)
}

/// A query to begin with.
pub fn example(name: &str) -> Option<String> {
    const STATE: i32 = 710;
    let columns = columns(name)?;
    let base = table(name).or_else(|| view(name)?.base.and_then(table));
    let has = |column: &str| columns.iter().any(|c| c.name == column);
    let states: Vec<&str> = match base {
        Some(table) => table.states.to_vec(),
        None => ["ccode"].into_iter().filter(|c| has(c)).collect(),
    };
    let by_year = has("year");
    let of_time: &[&str] = match base.map(|t| t.time) {
        _ if by_year => &["year"],
        Some(Time::Spell) => &["start_year", "end_year"],
        _ => &[],
    };
    let mut shown: Vec<&str> = states.clone();
    shown.extend(of_time);
    let plain = ["source", "source_row", "start", "end", "start_month", "end_month"];
    let others = columns.iter().map(|c| c.name.as_str()).filter(|c| !plain.contains(c));
    for name in others {
        if shown.len() < 6 && !shown.contains(&name) {
            shown.push(name);
        }
    }
    if has("source") {
        shown.push("source");
    }
    let quoted: Vec<String> = shown.iter().map(|c| quoted(c)).collect();
    let mut wheres = Vec::new();
    if let Some(state) = states.first() {
        wheres.push(format!("{} = {STATE}", self::quoted(state)));
    }
    match of_time.first() {
        Some(&"year") => wheres.push("year between 1990 and 1995".to_owned()),
        Some(_) => {
            wheres.push("start_year <= 1990 and (end_year is null or end_year >= 1990)".to_owned());
        }
        None => {}
    }
    let condition =
        if wheres.is_empty() { String::new() } else { format!(" where {}", wheres.join(" and ")) };
    let order = quoted[..quoted.len().min(3)].join(", ");
    Some(format!("select {} from {name}{condition} order by {order} limit 10", quoted.join(", ")))
}

/// A column as a query takes it: words of the language stand in quotes.
fn quoted(column: &str) -> String {
    const RESERVED: [&str; 2] = ["end", "full"];
    if RESERVED.contains(&column) { format!("\"{column}\"") } else { column.to_owned() }
}

fn of_table(table: &'static Table) -> Vec<Described> {
    let mut all: Vec<Described> = table.columns.iter().map(|c| of_column(table, c)).collect();
    for (name, doc) in [
        ("source", "id of the source that the row is from, as in `comity record info`"),
        ("source_row", "the key that finds the row in the published file"),
    ] {
        all.push(Described {
            name: name.into(),
            kind: "text",
            unit: "text",
            doc: doc.into(),
            coding: None,
        });
    }
    all
}

fn of_column(table: &Table, column: &Column) -> Described {
    let Holds { unit, coding } = holds(table, column).unwrap_or(Holds { unit: "", coding: None });
    Described {
        name: column.name.to_owned(),
        kind: in_words(&column.kind.arrow()),
        unit,
        doc: column.doc.to_owned(),
        coding,
    }
}

/// A column of a measure. Only keys and counts are whole numbers.
fn of_measure(measure: &Measure, column: &Declared) -> Described {
    let unit = match (column.name, column.kind) {
        ("year" | "start" | "end", _) => "year",
        ("items", _) => "items, or their weight",
        ("ccode" | "ccode1" | "ccode2", _) => "state, by its number with the Correlates of War",
        (_, Kind::Text) => "text",
        (_, Kind::Real) => measure.unit,
        _ => "whole number",
    };
    let schema = measure.schema();
    let kind = schema.field_with_name(column.name).map_or("text", |f| in_words(f.data_type()));
    Described { name: column.name.to_owned(), kind, unit, doc: column.doc.to_owned(), coding: None }
}

/// A column that a view adds: of what another table has, it has the unit and the values too.
fn of_view(further: &Further, base: Option<&'static Table>) -> Described {
    let like = further.doc.rsplit_once("as ").and_then(|(_, name)| name.split_once('.'));
    let like = like.and_then(|(t, c)| Some((table(t)?, c)));
    let of_base = base.zip(Some(further.name.strip_prefix("other_").unwrap_or(further.name)));
    let found = [like, of_base].into_iter().flatten().find_map(|(t, c)| holds(t, t.column(c)?));
    let unit = match (further.name, &further.kind) {
        ("year", _) => "year",
        ("ccode" | "other", _) => "state, by its number with the Correlates of War",
        (_, DataType::Boolean) => "true or false",
        _ => "text",
    };
    let Holds { unit, coding } = found.unwrap_or(Holds { unit, coding: None });
    Described {
        name: further.name.to_owned(),
        kind: in_words(&further.kind),
        unit,
        doc: further.doc.to_owned(),
        coding,
    }
}

fn in_words(kind: &DataType) -> &'static str {
    match kind {
        DataType::Boolean => "true/false",
        DataType::Date32 | DataType::Date64 => "date",
        kind if kind.is_integer() => "whole number",
        kind if kind.is_numeric() => "number",
        _ => "text",
    }
}

/// What is asked about the tables themselves.
enum Asked {
    Tables,
    Columns(String),
}

impl Asked {
    /// `SHOW TABLES`, `DESCRIBE name`, `DESC name`, `SHOW COLUMNS FROM name`; none where it is a query.
    fn of(sql: &str) -> Option<Self> {
        let words: Vec<&str> = sql.trim().trim_end_matches(';').split_whitespace().collect();
        let lower: Vec<String> = words.iter().take(4).map(|w| w.to_lowercase()).collect();
        let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
        let name = |name: &str| Some(Self::Columns(name.trim_matches('"').to_owned()));
        match (&lower[..], &words[..]) {
            (["show", "tables"], [_, _]) => Some(Self::Tables),
            (["describe" | "desc", ..], [_, of])
            | (["describe" | "desc", "table", _], [_, _, of])
            | (["show", "columns", "from" | "in", _], [_, _, _, of]) => name(of),
            _ => None,
        }
    }
}

/// Whether it is asked about the tables themselves.
pub fn is_question(sql: &str) -> bool {
    Asked::of(sql).is_some()
}

/// The answer to what is asked about the tables themselves; none where it is a query.
pub(crate) fn answer(session: &Session, sql: &str) -> Option<Result<RecordBatch, SqlError>> {
    Some(match Asked::of(sql)? {
        Asked::Tables => tables(session),
        Asked::Columns(name) => described(session, &name),
    })
}

fn tables(session: &Session) -> Result<RecordBatch, SqlError> {
    let names = session.table_names();
    let names: Vec<&str> = names.into_iter().filter(|n| !n.starts_with("every.")).collect();
    let kind = |name: &&str| match (table(name), view(name)) {
        (Some(_), _) => "table",
        (_, Some(_)) => "view",
        _ if OF_POLICIES.contains(name) => "of the policy",
        _ => "yours",
    };
    let kinds: StringArray = names.iter().map(|name| Some(kind(name))).collect();
    let rows: StringArray = names.iter().map(|name| session.meaning(name)).collect();
    batch(vec![
        ("table", Arc::new(StringArray::from(names))),
        ("kind", Arc::new(kinds)),
        ("rows", Arc::new(rows)),
    ])
}

fn described(session: &Session, name: &str) -> Result<RecordBatch, SqlError> {
    let lower = name.to_lowercase();
    let name = if session.schema(name).is_some() { name } else { &lower };
    let Some(columns) = session.described(name) else {
        let mut error = SqlError::new(format!("there is no table `{name}`"));
        if let Some(near) = nearest(name, session.table_names()) {
            error = error.help(near);
        }
        return Err(error);
    };
    let text = |of: &dyn Fn(&Described) -> String| -> ArrayRef {
        let cells = columns.iter().map(|c| Some(of(c)).filter(|text| !text.is_empty()));
        Arc::new(cells.collect::<StringArray>())
    };
    batch(vec![
        ("column", text(&|c| c.name.clone())),
        ("type", text(&|c| c.kind.to_owned())),
        ("unit", text(&|c| c.unit.to_owned())),
        ("meaning", text(&|c| c.doc.clone())),
        ("values", text(&Described::values)),
    ])
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, SqlError> {
    let field =
        |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(schema, arrays).map_err(|e| SqlError::new(e.to_string()))
}

/// Names of all tables and views, in the order they are listed to people.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|t| t.name).chain(VIEWS.iter().map(|v| v.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_every_table_and_view_is_described() {
        for name in names() {
            let described = columns(name).unwrap();
            let schema = match table(name) {
                Some(table) => table.schema(),
                None => view(name).unwrap().schema(),
            };
            let of: Vec<&String> = schema.fields().iter().map(|f| f.name()).collect();
            assert_eq!(described.iter().map(|c| &c.name).collect::<Vec<_>>(), of, "{name}");
            for column in described {
                let at = format!("{name}.{}", column.name);
                assert!(!column.doc.is_empty() && !column.unit.is_empty(), "{at}");
                // A code without its values is no answer; a column that shares another's values has them.
                assert!(column.unit != "code" || !column.values().is_empty(), "{at}");
                assert!(!column.doc.contains(", as disputes.") || column.coding.is_some(), "{at}");
            }
        }
    }

    #[test]
    fn questions_about_tables_are_told_from_queries() {
        let named = |sql: &str| match Asked::of(sql) {
            Some(Asked::Columns(name)) => name,
            Some(Asked::Tables) => "*".into(),
            None => String::new(),
        };
        assert_eq!(named("show TABLES ;"), "*");
        assert_eq!(named("Describe votes"), "votes");
        assert_eq!(named("desc \"votes\";"), "votes");
        assert_eq!(named("SHOW COLUMNS FROM votes"), "votes");
        assert_eq!(named("select describe from votes"), "");
        assert_eq!(named("describe select 1"), "");
    }
}
