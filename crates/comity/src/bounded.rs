//! Queries of strangers: within bounds, with the sources that they rest on; and what there is to query.

use std::collections::BTreeSet;
use std::time::Duration;

use arrow::array::RecordBatch;
use comity_record::schema;
use comity_sql::{Job, Limits, Own, SqlError, facts, function, in_parallel, session_beside};

use crate::{AuditOptions, Error, Policy, Record, verdicts};

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
    /// Its columns. A table function has none of its own.
    pub columns: Vec<ColumnAbout>,
    /// Whether it is called with arguments.
    pub function: bool,
}

/// A column of a table or view, for people.
#[derive(Debug, Clone)]
pub struct ColumnAbout {
    /// Its name.
    pub name: String,
    /// Its type, in words.
    pub kind: &'static str,
    /// Its unit, or what kind of thing a value names; empty where that is not known.
    pub unit: &'static str,
    /// What it means.
    pub doc: String,
    /// Its values and their meanings, where they are codes.
    pub values: String,
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
        let policy = Policy::shipped(comity_policy::SHIPPED[0].id)?;
        self.query_under_within(&policy, &AuditOptions::default(), sql, bounds)
    }

    /// The same with the verdicts of this policy, evaluated with these options when the query reads them.
    ///
    /// ```
    /// use comity::{AuditOptions, Policy, QueryBounds, Record};
    ///
    /// let bounds = QueryBounds { rows: 1_000, memory: 1 << 30, time: std::time::Duration::from_secs(60) };
    /// let policy = Policy::shipped("bandung-1955")?;
    /// let sql = "select distinct commitment from verdicts order by 1";
    /// let answer = Record::starter().query_under_within(&policy, &AuditOptions::default(), sql, bounds)?;
    /// assert!((2..=policy.commitments().len()).contains(&answer.rows.num_rows()));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Record::query_within`]; a policy whose queries fail, where its verdicts are read.
    pub fn query_under_within(
        &self,
        policy: &Policy,
        options: &AuditOptions,
        sql: &str,
        bounds: QueryBounds,
    ) -> Result<Answered, Error> {
        const PATIENCE: Duration = Duration::from_secs(20);
        let limits = Limits {
            rows: bounds.rows,
            memory: bounds.memory,
            time: bounds.time,
            ..Limits::by_hand()
        };
        let baseline = self.tables().baseline();
        let session =
            session_beside(self.tables(), &baseline, limits, self.verdict_tables(policy, options))?;
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
    /// assert!(vetoes.columns.iter().any(|c| c.name == "ccode" && c.kind == "whole number" && !c.doc.is_empty()));
    /// assert!(tables.iter().any(|t| t.name == "verdicts"));
    /// assert!(tables.iter().any(|t| t.function && t.name == "dyad_years"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A damaged record.
    pub fn described(&self) -> Result<Vec<TableAbout>, Error> {
        let policy = Policy::shipped(comity_policy::SHIPPED[0].id)?;
        let own = self.verdict_tables(&policy, &AuditOptions::default());
        let baseline = self.tables().baseline();
        let session = session_beside(self.tables(), &baseline, Limits::by_hand(), own)?;
        let mut all = Vec::new();
        for name in session.table_names().into_iter().filter(|n| !n.starts_with("every.")) {
            let columns = session.described(name).unwrap_or_default().into_iter();
            let columns = columns.map(|c| ColumnAbout {
                values: c.values(),
                name: c.name,
                kind: c.kind,
                unit: c.unit,
                doc: c.doc,
            });
            all.push(TableAbout {
                name: name.to_owned(),
                about: session.meaning(name).unwrap_or_default().to_owned(),
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

    /// The tables of a policy's verdicts, made when a query reads them.
    pub(crate) fn verdict_tables(&self, policy: &Policy, options: &AuditOptions) -> Vec<Own> {
        let (record, policy, options) = (self.clone(), policy.clone(), options.clone());
        verdicts::tables(move || record.verdicts(&policy, &options))
    }
}
