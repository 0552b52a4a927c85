//! The record, and everything that can be done with it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow::array::RecordBatch;
use comity_datasets::{catalogue, starter};
use comity_panel::Panel;
use comity_policy::audit::Report;
use comity_policy::document::Policy as Document;
use comity_policy::{Evaluation as Evaluated, Keep, Options, Progress, Why};
use comity_record::store::VARIABLE;
use comity_record::{Layer, Record as Tables, Store};
use comity_report::Extra;
use comity_sql::{Budget, Limits, session_beside};

use crate::{Cache, Error, Evaluation, PanelRequest, Policy, sources, states};

/// A record of facts: what was added to it, with the starter beside it. Cheap to clone.
///
/// ```
/// let record = comity::Record::starter();
/// let rows = record.query("select count(*) as n from states where abbr = 'CHN'")?;
/// assert_eq!(rows.num_rows(), 1);
/// # Ok::<(), comity::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Record {
    tables: Tables,
}

/// How an audit is made.
#[derive(Clone, Default)]
pub struct AuditOptions {
    /// First year; none: the later of the policy's adoption and the state's entry.
    pub from: Option<i32>,
    /// Last year; none: the last that a needed source covers.
    pub to: Option<i32>,
    /// Sources chosen for families of tables, each `FAMILY=ID`.
    pub sources: Vec<String>,
    /// Pairs of states whose findings are set aside.
    pub without: Vec<(String, String)>,
    /// Commitments, by id; none: all.
    pub commitments: Vec<String>,
    /// Called as work gets done, with the pieces done and all pieces.
    pub progress: Option<Progress>,
    /// Where answers of queries are kept between runs; none: nowhere.
    pub cache: Option<Arc<Cache>>,
}

impl AuditOptions {
    /// The years that were asked for; none where neither was.
    fn years(&self, record: &Tables) -> Option<(i32, i32)> {
        let asked = self.from.is_some() || self.to.is_some();
        asked.then(|| (self.from.unwrap_or(i32::MIN), self.to.unwrap_or(record.last_year())))
    }
}

impl fmt::Debug for AuditOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditOptions")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("sources", &self.sources)
            .field("without", &self.without)
            .field("commitments", &self.commitments)
            .finish_non_exhaustive()
    }
}

impl From<Tables> for Record {
    fn from(tables: Tables) -> Self {
        Self { tables }
    }
}

impl Record {
    /// The record inside the program.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// assert!(record.tables().sources().iter().any(|s| s.id == "starter-treaties"));
    /// ```
    pub fn starter() -> Self {
        Self { tables: starter::record() }
    }

    /// The record in a folder, with the starter beside it.
    ///
    /// ```
    /// let error = comity::Record::open("no/such/folder").unwrap_err();
    /// assert!(error.message.contains("holds no record"));
    /// ```
    ///
    /// # Errors
    /// A folder that holds no record, a damaged one, or one that a newer program wrote.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self { tables: Self::store(folder).open()? })
    }

    /// The record that is meant where a folder may be named or not: that folder; else the default one, if it is there or the environment
    /// names it; else the one inside the program.
    ///
    /// ```
    /// let error = comity::Record::at_hand(Some("no/such/folder".as_ref())).unwrap_err();
    /// assert!(error.message.contains("holds no record"));
    /// ```
    ///
    /// # Errors
    /// As [`Record::open`]; a folder that the environment names and that holds something else.
    pub fn at_hand(folder: Option<&Path>) -> Result<Self, Error> {
        let store = folder.map_or_else(|| Self::store(Store::default_folder()), Self::store);
        // A folder that was named must be a record; the default one need not be there, nor a new one that the environment names.
        if folder.is_some() || store.exists() || named_and_in_use(&store) {
            Ok(Self { tables: store.open()? })
        } else {
            Ok(Self::starter())
        }
    }

    /// The folder of a record, to add to and take from; it need not exist yet.
    ///
    /// ```
    /// # let folder = tempfile::tempdir()?;
    /// use comity_datasets::own;
    ///
    /// // A table of one's own: a file with the columns of a canonical table.
    /// let file = folder.path().join("vetoes.csv");
    /// std::fs::write(&file, "draft,ccode,year\nS/9999,710,1999\n")?;
    /// let own = own::Own { table: "vetoes", years: None, scope: None, title: None, citation: None };
    /// let starter = comity::Record::starter();
    /// let bundle = own::read(&file, &own, starter.tables().states()?)?;
    ///
    /// let store = comity::Record::store(folder.path().join("record"));
    /// store.add(&[bundle])?;
    /// let record = comity::Record::open(store.folder())?;
    /// assert_eq!(record.query("select * from vetoes where draft = 'S/9999'")?.num_rows(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn store(folder: impl AsRef<Path>) -> Store {
        Store::at(folder.as_ref(), catalogue())
    }

    /// The record with a layer over it: rows added, changed or hidden in memory. See [`Layer`].
    ///
    /// ```
    /// use comity::{Hide, Layer, Record};
    ///
    /// let record = Record::starter();
    /// let cells = vec![("ccode".to_owned(), 365.into())];
    /// let layer = Layer::new("what-if", "No Soviet vetoes")
    ///     .hide(Hide { table: "vetoes".into(), cells });
    /// let without = record.with(layer)?;
    /// let sql = "select * from vetoes where ccode = 365";
    /// assert!(record.query(sql)?.num_rows() > 0);
    /// assert_eq!(without.query(sql)?.num_rows(), 0);
    /// assert_ne!(record.fingerprint()?, without.fingerprint()?);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// Rows in another shape than the canonical one, an id that a source of the record has, a table or column that does not exist.
    pub fn with(&self, layer: impl Into<Layer>) -> Result<Self, Error> {
        Ok(Self { tables: self.tables.with(layer)? })
    }

    /// SHA-256 over what the record says: equal for equal facts.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// assert_eq!(record.fingerprint()?, comity::Record::starter().fingerprint()?);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn fingerprint(&self) -> Result<String, Error> {
        Ok(self.tables.fingerprint()?)
    }

    /// The `ccode` of a state, by a code of any system, a name or a former name.
    ///
    /// ```
    /// assert_eq!(comity::Record::starter().state("Persia")?, 630);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// An unknown name, with the nearest; a name that several states have, with each of them.
    pub fn state(&self, given: &str) -> Result<i32, Error> {
        states::state(&self.tables, given)
    }

    /// Audits states against a policy, year by year, with the evidence. States are codes or names; an empty list gives every state that
    /// was in the system in these years.
    ///
    /// ```
    /// use comity::{AuditOptions, Policy, Record};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let options = AuditOptions {
    ///     from: Some(1950),
    ///     to: Some(1959),
    ///     commitments: vec!["no-great-power-alliance".into()],
    ///     without: vec![("China".into(), "USSR".into())],
    ///     ..AuditOptions::default()
    /// };
    /// let report = record.audit(&policy, &["China"], &options)?;
    /// assert_eq!(report.audits[0].commitments[0].verdicts.len(), 10);
    ///
    /// let nobody = AuditOptions { commitments: vec!["no-alliances".into()], ..options };
    /// let error = record.audit(&policy, &["China"], &nobody).unwrap_err();
    /// assert!(error.message.contains("no-alliances"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// States, sources or commitments that are not there, years out of order, and queries that fail.
    pub fn audit(
        &self,
        policy: &Policy,
        states: &[&str],
        options: &AuditOptions,
    ) -> Result<Report, Error> {
        let document = policy.document();
        let evaluation = self.evaluate(document, options)?;
        let states = if states.is_empty() {
            evaluation.all_states(options.from, options.to)
        } else {
            states::states_in(&self.tables, states, options.years(&self.tables))?
        };
        Ok(evaluation.report(&states, options.from, options.to)?)
    }

    /// What the pages of a report name beside it: states that it names by code, datasets that nothing reads yet, whose policy it is.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("independent-peace")?;
    /// let report = record.audit(&policy, &["IND"], &Default::default())?;
    /// assert_eq!(record.beside(&report)?.holder.as_deref(), Some("China"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A list of states that cannot be read.
    pub fn beside(&self, report: &Report) -> Result<Extra, Error> {
        let system = self.tables.states()?;
        let holder = report.policy.holder.as_deref().and_then(|code| self.state(code).ok());
        Ok(Extra {
            names: report
                .without
                .iter()
                .flat_map(|&(a, b)| [a, b])
                .map(|c| (c, system.handle(c)))
                .collect(),
            unread: self.unread(),
            holder: holder.map(|ccode| system.name(ccode, self.tables.last_year())),
            ..Extra::default()
        })
    }

    /// Evaluates a policy for all states and years, to be asked of again and again.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// let evaluation = record.evaluation(&policy, &Default::default())?;
    /// assert_eq!(evaluation.report(&[710, 750], None, None)?.audits.len(), 2);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// Sources or commitments that are not there, and queries that fail.
    pub fn evaluation(&self, policy: &Policy, options: &AuditOptions) -> Result<Evaluation, Error> {
        Ok(Evaluation::of(self.evaluate(policy.document(), options)?))
    }

    /// Explains one verdict, down to the rows and the coverage.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("independent-peace")?;
    /// let why = record.why(&policy, "CHN", "no-great-power-alliance", 1955, &Default::default())?;
    /// assert_eq!(why.verdict, comity::Verdict::Broken);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Record::audit`]; a year in which the state was not in the system.
    pub fn why(
        &self,
        policy: &Policy,
        state: &str,
        commitment: &str,
        year: i32,
        options: &AuditOptions,
    ) -> Result<Why, Error> {
        let state = states::state_in(&self.tables, state, Some((year, year)))?;
        let options = AuditOptions { commitments: vec![commitment.to_owned()], ..options.clone() };
        Ok(self.evaluate(policy.document(), &options)?.why(state, commitment, year)?)
    }

    pub(crate) fn evaluate(
        &self,
        policy: &Document,
        options: &AuditOptions,
    ) -> Result<Evaluated, Error> {
        Ok(comity_policy::evaluate(&self.tables, policy, &self.options(policy, options)?)?)
    }

    /// Options of an audit, understood.
    pub(crate) fn options(
        &self,
        policy: &Document,
        options: &AuditOptions,
    ) -> Result<Options, Error> {
        let without = |(a, b): &(String, String)| -> Result<(i32, i32), Error> {
            let years = options.years(&self.tables);
            Ok((
                states::state_in(&self.tables, a, years)?,
                states::state_in(&self.tables, b, years)?,
            ))
        };
        Ok(Options {
            sources: options
                .sources
                .iter()
                .map(|s| sources::source(&self.tables, s))
                .collect::<Result<_, _>>()?,
            without: options.without.iter().map(without).collect::<Result<_, _>>()?,
            commitments: options.commitments.clone(),
            focus: None,
            progress: options.progress.clone(),
            budget: Some(budget(policy)),
            keep: options.cache.clone().map(|cache| cache as Arc<dyn Keep>),
            warm: false,
        })
    }

    /// Prepares a research panel; its rows are made as they are read.
    ///
    /// ```
    /// use comity::{PanelRequest, Record};
    ///
    /// let request = PanelRequest {
    ///     unit: "state-years".into(),
    ///     years: Some("1950-1951".into()),
    ///     with: vec!["majors".into()],
    ///     ..PanelRequest::default()
    /// };
    /// let panel = Record::starter().panel(request)?;
    /// assert!(panel.schema().field_with_name("cowmaj").is_ok());
    ///
    /// // Only some rows, and a column from another.
    /// let request = PanelRequest {
    ///     unit: "state-years".into(),
    ///     with: vec!["majors".into()],
    ///     add: vec!["lag(cowmaj,1)".into()],
    ///     keep: vec!["cowmaj=1 and year>=1990".into()],
    ///     ..PanelRequest::default()
    /// };
    /// let rows: usize = Record::starter().panel(request)?.batches()?.iter().map(|b| b.num_rows()).sum();
    /// assert!(rows > 0);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// Verdicts under a policy that ships are columns as others are (`verdicts:bandung-1955`); those under another policy, or under other
    /// sources than the baseline's, are handed down in the request ([`crate::Verdicts::for_panel`]).
    ///
    /// # Errors
    /// A unit, group, column or state that does not exist, with the nearest; a group whose dataset is not in the record.
    pub fn panel(&self, mut request: PanelRequest) -> Result<Panel, Error> {
        self.hand_down(&mut request)?;
        let spec = request.spec(&self.tables)?;
        Ok(Panel::prepare(&self.tables, &spec)?)
    }

    /// Answers one `SELECT` over the tables, views and table functions of the record; `verdicts` and `verdict_findings` are those of the
    /// first policy that ships, evaluated when a query reads them.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let rows = record.query("select name from states where abbr = 'CHN'")?;
    /// assert_eq!(rows.num_columns(), 1);
    ///
    /// let error = record.query("select nme from states").unwrap_err();
    /// assert!(error.message.contains("nme"));
    /// let error = record.query("drop table states").unwrap_err();
    /// assert!(!error.message.is_empty());
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A query that is refused or fails, with its way out.
    pub fn query(&self, sql: &str) -> Result<RecordBatch, Error> {
        self.query_under(&Policy::shipped(comity_policy::SHIPPED[0].id)?, sql)
    }

    /// The same with the verdicts of this policy.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// let rows = record.query_under(&policy, "select distinct verdict from verdicts order by 1")?;
    /// assert!(rows.num_rows() > 1);
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Record::query`]; a policy whose queries fail, where its verdicts are read.
    pub fn query_under(&self, policy: &Policy, sql: &str) -> Result<RecordBatch, Error> {
        let own = self.verdict_tables(policy, &AuditOptions::default());
        let reading = self.tables.baseline();
        Ok(session_beside(&self.tables, &reading, Limits::by_hand(), own)?.answer(sql)?)
    }

    /// The tables behind it: sources, coverage, readings and rows.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let tables = record.tables();
    /// let vetoes = tables.table("vetoes", &tables.baseline())?;
    /// assert!(vetoes.num_rows() > 0);
    /// # Ok::<(), comity::Error>(())
    /// ```
    pub fn tables(&self) -> &Tables {
        &self.tables
    }
}

/// What the queries of a policy may use together: those that ship are known, and take what they need.
pub(crate) fn budget(policy: &Document) -> Budget {
    let shipped = comity_policy::SHIPPED.iter().any(|p| p.text == policy.text);
    if shipped { Budget::new(8 << 30, Duration::from_hours(1)) } else { Budget::default() }
}

/// Whether the environment names a folder that holds something else than a record.
fn named_and_in_use(store: &Store) -> bool {
    let named = std::env::var_os(VARIABLE).is_some_and(|folder| !folder.is_empty());
    let in_use = match std::fs::read_dir(store.folder()) {
        Ok(mut listed) => listed.next().is_some(),
        Err(error) => error.kind() != std::io::ErrorKind::NotFound,
    };
    named && in_use
}
