//! Queries of strangers: within bounds, with the sources that they rest on; and what there is to query.

use std::collections::BTreeSet;
use std::time::Duration;

use arrow::array::RecordBatch;
use arrow::datatypes::DataType;
use comity_record::schema;
use comity_sql::{Job, Limits, SqlError, VIEWS, facts, function, in_parallel, session};

use crate::{Error, Record};

/// What one query may use.
#[derive(Debug, Clone, Copy)]
pub struct QueryBounds {
    /// Rows of the answer.
    pub rows: usize,
    /// Bytes of memory.
    pub memory: usize,
    /// Time by the clock.
    pub time: Duration,
}

/// The answer to a query, and what it rests on.
#[derive(Debug, Clone)]
pub struct Answered {
    /// Its rows.
    pub rows: RecordBatch,
    /// The tables of facts that it reads, by name.
    pub tables: Vec<String>,
    /// The sources that answer in these tables, by id.
    pub sources: Vec<String>,
}

/// A table, view or table function, for people.
#[derive(Debug, Clone)]
pub struct TableAbout {
    /// Its name in SQL.
    pub name: String,
    /// One row per what.
    pub about: String,
    /// Its columns: name, and type in words. A table function has none of its own.
    pub columns: Vec<(String, &'static str)>,
    /// Whether it is called with arguments.
    pub function: bool,
}

impl Record {
    /// Answers one `SELECT` within bounds.
    ///
    /// ```
    /// use comity::{QueryBounds, Record};
    ///
    /// let bounds = QueryBounds { rows: 1_000, memory: 1 << 28, time: std::time::Duration::from_secs(20) };
    /// let record = Record::starter();
    /// let answer = record.query_within("select draft from vetoes where ccode = 365", bounds)?;
    /// assert!(answer.rows.num_rows() > 0);
    /// assert_eq!(answer.tables, ["vetoes"]);
    /// assert!(answer.sources.iter().all(|s| s.starts_with("starter")));
    ///
    /// let few = QueryBounds { rows: 1, ..bounds };
    /// assert!(record.query_within("select draft from vetoes", few).is_err());
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Record::query`]; an answer that would go over the bounds.
    pub fn query_within(&self, sql: &str, bounds: QueryBounds) -> Result<Answered, Error> {
        const PATIENCE: Duration = Duration::from_secs(20);
        let limits = Limits {
            rows: bounds.rows,
            memory: bounds.memory,
            time: bounds.time,
            ..Limits::by_hand()
        };
        let baseline = self.tables().baseline();
        let session = session(self.tables(), &baseline, limits)?;
        let rows = session.answer(sql)?;
        let text = sql.trim().trim_end_matches(';').to_owned();
        let job: Job<Result<Vec<String>, SqlError>> = Box::new(move || {
            Ok(session.plan(&text, &[])?.reads().iter().map(|r| r.table.clone()).collect())
        });
        // What is no `SELECT` (a description of a table) rests on no source.
        let read = in_parallel(vec![job], PATIENCE).pop().flatten().and_then(Result::ok);
        let read = read.unwrap_or_default();
        let tables: BTreeSet<&str> = read.iter().filter_map(|t| facts(t)).flatten().collect();
        let mut sources = BTreeSet::new();
        for table in &tables {
            let chosen = schema::table(table).map(|t| baseline.sources(t.family).to_vec());
            let holds = |id: &String| self.tables().tables_of(id).iter().any(|held| held == table);
            sources.extend(chosen.unwrap_or_default().into_iter().filter(holds));
        }
        Ok(Answered {
            rows,
            tables: tables.into_iter().map(str::to_owned).collect(),
            sources: sources.into_iter().collect(),
        })
    }

    /// Every table, view and table function that a query may name.
    ///
    /// ```
    /// let tables = comity::Record::starter().described()?;
    /// let vetoes = tables.iter().find(|t| t.name == "vetoes").unwrap();
    /// assert!(vetoes.columns.contains(&("ccode".to_owned(), "whole number")));
    /// assert!(tables.iter().any(|t| t.function && t.name == "dyad_years"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A damaged record.
    pub fn described(&self) -> Result<Vec<TableAbout>, Error> {
        let session = session(self.tables(), &self.tables().baseline(), Limits::by_hand())?;
        let mut all = Vec::new();
        for name in session.table_names().into_iter().filter(|n| !n.starts_with("every.")) {
            let about = schema::table(name)
                .map(|t| t.doc)
                .or_else(|| VIEWS.iter().find(|v| v.name == name).map(|v| v.doc));
            let schema = session.schema(name);
            let columns = schema
                .iter()
                .flat_map(|s| s.fields())
                .map(|f| (f.name().clone(), in_words(f.data_type())));
            all.push(TableAbout {
                name: name.to_owned(),
                about: about.unwrap_or_default().to_owned(),
                columns: columns.collect(),
                function: false,
            });
        }
        for (unit, _, doc) in comity_panel::Unit::ALL {
            all.push(TableAbout {
                name: function(*unit),
                about: (*doc).to_owned(),
                columns: Vec::new(),
                function: true,
            });
        }
        Ok(all)
    }
}

fn in_words(kind: &DataType) -> &'static str {
    match kind {
        DataType::Boolean => "true or false",
        DataType::Date32 | DataType::Date64 => "date",
        kind if kind.is_integer() => "whole number",
        kind if kind.is_numeric() => "number",
        _ => "text",
    }
}
