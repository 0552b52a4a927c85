//! The record: sources and their rows, read when needed and put together per reading.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::concat_batches;
use arrow::datatypes::Int32Type;

use crate::catalogue::Catalogue;
use crate::compose::{Part, Standing, compose, still_named};
use crate::data::{InMemory, OfBase, TableData};
use crate::error::Error;
use crate::fingerprint::Fingerprint;
use crate::order::sorted;
use crate::over::Over;
use crate::reading::{Preferences, Reading, TableCoverage, choose, families};
use crate::scan::{Batches, Scan};
use crate::schema::{TABLES, Table, YEARS, table};
use crate::source::{Relation, Source, SourceBundle};
use crate::states::StateSystem;

/// A source and where the rows of its tables are.
pub(crate) type SourceRows = (Source, Vec<(&'static str, Arc<dyn TableData>)>);

pub(crate) struct Held {
    pub rows: Arc<dyn TableData>,
    pub read: OnceLock<RecordBatch>,
    content: OnceLock<String>,
}

impl Held {
    pub fn new(rows: Arc<dyn TableData>) -> Arc<Self> {
        Arc::new(Self { rows, read: OnceLock::new(), content: OnceLock::new() })
    }
}

/// The rows of each source's tables.
pub(crate) type HeldTables = BTreeMap<(String, &'static str), Arc<Held>>;

/// A table and the sources that answer in it.
pub(crate) type Composed = HashMap<(&'static str, Vec<String>), RecordBatch>;

/// A table and the sources that answer in it, with their claims.
type Claimed = HashMap<(&'static str, Vec<String>), TableCoverage>;

/// A record. Cheap to clone; rows are read once, when first needed.
#[derive(Clone)]
pub struct Record {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub sources: Vec<Source>,
    pub preferences: Preferences,
    pub folder: Option<PathBuf>,
    pub catalogue: Arc<Catalogue>,
    pub held: HeldTables,
    pub composed: Mutex<Composed>,
    /// Tables with the rows of every source.
    pub every: Mutex<HashMap<&'static str, RecordBatch>>,
    pub claimed: Mutex<Claimed>,
    pub states: OnceLock<Arc<StateSystem>>,
    pub fingerprint: OnceLock<String>,
    /// The record that it is laid over, and what is laid.
    pub below: Option<(Record, Over)>,
}

/// Which sources stay, and of each which tables; none: all.
type Kept = Vec<(Source, Option<Vec<&'static str>>)>;

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.inner.sources.iter().map(|s| s.id.as_str()).collect();
        f.debug_struct("Record").field("sources", &ids).finish_non_exhaustive()
    }
}

impl Record {
    /// The base record of a catalogue alone.
    pub fn base(catalogue: &Arc<Catalogue>) -> Self {
        Self::new(base_parts(catalogue), Preferences::default(), None, catalogue)
    }

    /// A record in memory, of these bundles and nothing else; of no dataset is anything declared.
    pub fn from_bundles(
        bundles: Vec<SourceBundle>,
        preferences: Preferences,
    ) -> Result<Self, Error> {
        Self::from_bundles_in(&Arc::default(), bundles, preferences)
    }

    /// A record in memory, of these bundles and nothing else, which knows the datasets that a catalogue declares.
    pub fn from_bundles_in(
        catalogue: &Arc<Catalogue>,
        bundles: Vec<SourceBundle>,
        preferences: Preferences,
    ) -> Result<Self, Error> {
        let mut parts: Vec<SourceRows> = Vec::new();
        for bundle in bundles {
            check_shape(&bundle)?;
            if parts.iter().any(|(s, _)| s.id == bundle.source.id) {
                return Err(Error::TwiceGiven(bundle.source.id));
            }
            let in_memory = |b| Arc::new(InMemory(b)) as Arc<dyn TableData>;
            let rows = bundle.tables.into_iter().map(|(t, b)| (t, in_memory(b))).collect();
            parts.push((bundle.source, rows));
        }
        Ok(Self::new(parts, preferences, None, catalogue))
    }

    /// A record of a folder's sources with the base record beside them.
    pub(crate) fn of_folder(
        mut parts: Vec<SourceRows>,
        preferences: Preferences,
        folder: &Path,
        catalogue: &Arc<Catalogue>,
    ) -> Self {
        parts.extend(base_parts(catalogue));
        Self::new(parts, preferences, Some(folder.to_owned()), catalogue)
    }

    pub(crate) fn new(
        parts: Vec<SourceRows>,
        preferences: Preferences,
        folder: Option<PathBuf>,
        catalogue: &Arc<Catalogue>,
    ) -> Self {
        let mut held = BTreeMap::new();
        let mut sources = Vec::new();
        for (source, tables) in parts {
            for (name, rows) in tables {
                held.insert((source.id.clone(), name), Held::new(rows));
            }
            sources.push(source);
        }
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        Self {
            inner: Arc::new(Inner {
                sources,
                preferences,
                folder,
                catalogue: Arc::clone(catalogue),
                held,
                composed: Mutex::default(),
                every: Mutex::default(),
                claimed: Mutex::default(),
                states: OnceLock::new(),
                fingerprint: OnceLock::new(),
                below: None,
            }),
        }
    }

    /// The record with these sources alone, and of each these tables.
    pub(crate) fn only(&self, kept: Kept) -> Self {
        let of = |id: &str, name: &'static str| {
            let tables = kept.iter().find(|(s, _)| s.id == id).map(|(_, tables)| tables);
            tables.is_some_and(|t| t.as_ref().is_none_or(|t| t.contains(&name)))
        };
        let held = self.inner.held.iter().filter(|((id, name), _)| of(id, name));
        let held = held.map(|(key, held)| (key.clone(), held.clone())).collect();
        Self {
            inner: Arc::new(Inner {
                sources: kept.into_iter().map(|(source, _)| source).collect(),
                preferences: self.inner.preferences.clone(),
                folder: self.inner.folder.clone(),
                catalogue: Arc::clone(&self.inner.catalogue),
                held,
                composed: Mutex::default(),
                every: Mutex::default(),
                claimed: Mutex::default(),
                states: OnceLock::new(),
                fingerprint: OnceLock::new(),
                below: None,
            }),
        }
    }

    /// The sources, by id.
    pub fn sources(&self) -> &[Source] {
        &self.inner.sources
    }

    /// The source of that id.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.inner.sources.iter().find(|s| s.id == id)
    }

    /// What it prefers where rivals differ.
    pub fn preferences(&self) -> &Preferences {
        &self.inner.preferences
    }

    /// The folder it was opened from; none for one in memory.
    pub fn folder(&self) -> Option<&Path> {
        self.inner.folder.as_deref()
    }

    /// What is declared of published datasets.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.inner.catalogue
    }

    /// The reading that answers unless another is named.
    pub fn baseline(&self) -> Reading {
        Reading { id: "baseline".into(), choices: self.choices(&[]) }
    }

    /// The baseline, then one reading per rival with all else at baseline, by id.
    pub fn readings(&self) -> Vec<Reading> {
        let baseline = self.baseline();
        let mut rivals = BTreeMap::new();
        for family in families() {
            let dataset = |id: &String| self.source(id).map(|s| s.dataset.as_str());
            let chosen: Vec<&str> = baseline.sources(family).iter().filter_map(dataset).collect();
            for source in &self.inner.sources {
                let rival = source.relations.get(family) == Some(&Relation::Rival);
                if rival && !chosen.contains(&source.dataset.as_str()) {
                    let choices = self.choices(&[(family, &source.dataset)]);
                    let newest = choices.get(family).and_then(|c| c.first()).cloned();
                    let id = format!("{family}={}", newest.unwrap_or_default());
                    rivals.insert(id.clone(), Reading { id, choices });
                }
            }
        }
        std::iter::once(baseline).chain(rivals.into_values()).collect()
    }

    /// The baseline with other sources for some families, each named by id or dataset.
    pub fn reading_with(&self, choices: &[(&str, &str)]) -> Result<Reading, Error> {
        for (family, named) in choices {
            if !families().contains(family) {
                let known = families().into_iter().collect::<Vec<_>>().join(", ");
                return Err(Error::NoFamily { family: (*family).to_owned(), known });
            }
            // A layer stands in every reading: there is nothing to choose.
            let is_there = |s: &&Source| {
                s.relations.get(*family).is_some_and(|relation| *relation != Relation::Layer)
            };
            let there: Vec<&Source> = self.inner.sources.iter().filter(is_there).collect();
            if !there.iter().any(|s| s.id == *named || s.dataset == *named) {
                let ids: Vec<&str> = there.iter().map(|s| s.id.as_str()).collect();
                let hint = if ids.is_empty() {
                    format!(" for {family}: nothing in it answers there")
                } else {
                    format!(" for {family}; there are {}", ids.join(", "))
                };
                return Err(Error::NoSource { id: (*named).to_owned(), hint });
            }
        }
        let answering = self.choices(choices);
        let mut id: Vec<String> = Vec::new();
        for (family, named) in choices {
            // The id says which version answers, however the source was named.
            let is_it = |id: &&String| {
                id.as_str() == *named || self.source(id).is_some_and(|s| s.dataset == *named)
            };
            let source = answering.get(*family).and_then(|ids| ids.iter().find(is_it));
            id.push(format!("{family}={}", source.map_or(*named, String::as_str)));
        }
        id.sort();
        let id = if id.is_empty() { "baseline".into() } else { id.join(",") };
        Ok(Reading { id, choices: answering })
    }

    fn choices(&self, named: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
        families()
            .into_iter()
            .filter_map(|family| {
                let named = named.iter().find(|(f, _)| *f == family).map(|(_, s)| *s);
                let ids = choose(
                    &self.inner.sources,
                    &self.inner.preferences,
                    self.inner.catalogue.baseline(family),
                    family,
                    named,
                );
                (!ids.is_empty()).then(|| (family.to_owned(), ids))
            })
            .collect()
    }

    /// One table under one reading, in the canonical schema, sorted by all columns.
    pub fn table(&self, name: &str, reading: &Reading) -> Result<RecordBatch, Error> {
        let table = canonical(name)?;
        let ids = reading.sources(table.family);
        let key = (table.name, self.answering(table.name, reading));
        let composed = || self.inner.composed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(batch) = composed().get(&key) {
            return Ok(batch.clone());
        }
        if let Some(batch) = self.over_below(table, reading)? {
            composed().insert(key, batch.clone());
            return Ok(batch);
        }
        let mut parts = Vec::new();
        let (mut covering, mut own) = (Vec::new(), Vec::new());
        for id in ids {
            let Some(source) = self.source(id) else { continue };
            let standing = Standing::of(source, table);
            let claims = source.coverage.iter().filter(|c| c.table == table.name);
            match standing {
                Standing::Published => covering.extend(claims),
                Standing::Starter => own.extend(claims),
                Standing::Layer => {}
            }
            if let Some(rows) = self.rows(id, table)? {
                parts.push(Part { rows, standing });
            }
        }
        if table.states.is_empty() && parts.iter().any(|p| p.standing == Standing::Published) {
            self.keep_what_is_named(table, &mut parts, reading)?;
        }
        let batch = compose(table, &parts, &covering, &own)?;
        composed().insert(key, batch.clone());
        Ok(batch)
    }

    /// A part of one table under one reading, batch by batch and always in one order (by day first, where the table has days),
    /// without holding the table in memory.
    /// None: the table is small, or several sources answer in it, and it is put together as a whole.
    pub fn scan(
        &self,
        name: &str,
        reading: &Reading,
        scan: &Scan,
    ) -> Result<Option<Batches>, Error> {
        self.large(name, reading).map(|held| held.rows.scan(scan)).transpose()
    }

    /// Whether a table under a reading is scanned and not held in memory.
    pub fn is_large(&self, name: &str, reading: &Reading) -> bool {
        self.large(name, reading).is_some()
    }

    /// The one source that answers in a table, where its rows are many.
    fn large(&self, name: &str, reading: &Reading) -> Option<&Arc<Held>> {
        let table = table(name)?;
        let ids = reading.sources(table.family).iter();
        let mut answering = ids.filter_map(|id| self.held(id, table.name));
        match (answering.next(), answering.next()) {
            (Some(only), None) if only.rows.is_large() => Some(only),
            _ => None,
        }
    }

    /// Whether any source of the reading holds rows of the table; read from no file.
    pub fn holds(&self, name: &str, reading: &Reading) -> bool {
        let Some(table) = table(name) else { return false };
        reading
            .sources(table.family)
            .iter()
            .any(|id| self.held(id, table.name).is_some_and(|held| !held.rows.is_empty()))
    }

    /// In a table without states, leaves of the starter what its parties in this reading still name.
    fn keep_what_is_named(
        &self,
        table: &'static Table,
        parts: &mut [Part],
        reading: &Reading,
    ) -> Result<(), Error> {
        for part in parts.iter_mut().filter(|p| p.is_starter()) {
            let source = part.rows.column_by_name("source").map(AsArray::as_string::<i32>);
            let Some(source) = source.filter(|s| !s.is_empty()).map(|s| s.value(0).to_owned())
            else {
                continue;
            };
            let parties = TABLES.iter().filter(|t| {
                t.family == table.family
                    && !t.states.is_empty()
                    && table.key.iter().all(|k| t.column(k).is_some())
                    && self.inner.held.contains_key(&(source.clone(), t.name))
            });
            let parties: Vec<RecordBatch> =
                parties.map(|t| self.table(t.name, reading)).collect::<Result<_, _>>()?;
            if !parties.is_empty() {
                part.rows = still_named(table, &part.rows, &source, &parties)?;
            }
        }
        Ok(())
    }

    /// One table with the rows of every source, rivals and old versions too.
    pub fn every(&self, name: &str) -> Result<RecordBatch, Error> {
        let table = canonical(name)?;
        let known = || self.inner.every.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(batch) = known().get(table.name) {
            return Ok(batch.clone());
        }
        let mut all = Vec::new();
        for source in &self.inner.sources {
            all.extend(self.rows(&source.id, table)?);
        }
        let batch = sorted(&concat_batches(&table.schema(), &all)?)?;
        known().insert(table.name, batch.clone());
        Ok(batch)
    }

    /// The rows of one source's table as it gave them; none if it writes nothing there.
    pub fn rows(&self, source: &str, table: &'static Table) -> Result<Option<RecordBatch>, Error> {
        let Some(held) = self.held(source, table.name) else {
            return Ok(None);
        };
        if let Some(batch) = held.read.get() {
            return Ok(Some(batch.clone()));
        }
        let batch = held.rows.read()?;
        Ok(Some(held.read.get_or_init(|| batch).clone()))
    }

    /// The canonical tables that a source writes to, by name.
    pub fn tables_of(&self, source: &str) -> Vec<&'static str> {
        self.inner.held.keys().filter(|(s, _)| s == source).map(|(_, t)| *t).collect()
    }

    /// How many rows each source holds of each table, by source and table.
    pub fn counts(&self) -> Result<Vec<(String, &'static str, usize)>, Error> {
        let mut counts = Vec::new();
        for ((source, name), held) in &self.inner.held {
            let rows = match held.read.get() {
                Some(batch) => batch.num_rows(),
                None => held.rows.len()?,
            };
            counts.push((source.clone(), *name, rows));
        }
        Ok(counts)
    }

    /// The coverage of one table under one reading.
    pub fn coverage(&self, table: &str, reading: &Reading) -> TableCoverage {
        let Ok(table) = canonical(table) else { return TableCoverage::default() };
        let ids = reading.sources(table.family);
        let key = (table.name, ids.to_vec());
        let claimed = || self.inner.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = claimed().get(&key) {
            return known.clone();
        }
        let sources = ids.iter().filter_map(|id| self.source(id));
        let entries = sources.flat_map(|s| {
            s.coverage.iter().filter(|c| c.table == table.name).map(|c| (s.id.clone(), c.clone()))
        });
        let coverage = TableCoverage::new(entries.collect());
        claimed().insert(key, coverage.clone());
        coverage
    }

    /// What `more` (the fallback of `table`) covers under a reading where no source covers `table`, in whatever reading: a rival's shorter span is no gap.
    pub fn fallback_coverage(&self, table: &str, more: &str, reading: &Reading) -> TableCoverage {
        let covered: Vec<_> = self
            .inner
            .sources
            .iter()
            .flat_map(|s| s.coverage.iter().filter(|c| c.table == table))
            .collect();
        let claims = self.coverage(more, reading).entries().to_vec();
        let outside = claims.into_iter().flat_map(|(source, claim)| {
            claim.outside(&covered).into_iter().map(move |c| (source.clone(), c))
        });
        TableCoverage::new(outside.collect())
    }

    /// The coverage of a table, and that of its fallback table outside it, if one is named.
    pub fn coverage_with(
        &self,
        table: &str,
        more: Option<&str>,
        reading: &Reading,
    ) -> TableCoverage {
        let own = self.coverage(table, reading);
        let Some(more) = more else { return own };
        let further = self.fallback_coverage(table, more, reading);
        TableCoverage::new([own.entries(), further.entries()].concat())
    }

    /// The last year that any claim about a fact table reaches; of a record that has no such table, that of any claim about who is a state.
    pub fn last_year(&self) -> i32 {
        let of =
            |name: &str, structural: bool| table(name).is_some_and(|t| t.structural == structural);
        let facts = |s: &Source| self.tables_of(&s.id).into_iter().any(|name| of(name, false));
        let structural = !self.inner.sources.iter().any(facts);
        let claims = self.inner.sources.iter().flat_map(|s| &s.coverage);
        claims
            .filter(|c| !c.context && of(&c.table, structural))
            .map(|c| c.to.min(2200))
            .max()
            .unwrap_or(1816)
    }

    /// The state system under the baseline.
    pub fn states(&self) -> Result<&StateSystem, Error> {
        if let Some(states) = self.inner.states.get() {
            return Ok(states);
        }
        let baseline = self.baseline();
        let (states, codes) =
            (self.table("states", &baseline)?, self.table("state_codes", &baseline)?);
        let states = Arc::new(StateSystem::of(&states, &codes, self.last_year()));
        Ok(self.inner.states.get_or_init(|| states))
    }

    /// SHA-256 over schemas, coverage, preferences and sorted logical rows: the same for the same
    /// facts, whatever the order of adding, of rows or of file bytes.
    pub fn fingerprint(&self) -> Result<String, Error> {
        if let Some(known) = self.inner.fingerprint.get() {
            return Ok(known.clone());
        }
        let mut print = Fingerprint::new();
        for (family, sources) in &self.baseline().choices {
            print.field(&format!("{family}={}", sources.join(",")));
        }
        for source in &self.inner.sources {
            print.source(source);
            for name in self.tables_of(&source.id) {
                print.field(name);
                print.field(&self.content(&source.id, name)?);
            }
        }
        let made = print.finish();
        Ok(self.inner.fingerprint.get_or_init(|| made).clone())
    }

    /// Where the rows of one source's table are.
    pub(crate) fn held(&self, source: &str, table: &'static str) -> Option<&Arc<Held>> {
        self.inner.held.get(&(source.to_owned(), table))
    }

    /// The hash of the content of one source's table.
    pub(crate) fn content(&self, source: &str, table: &'static str) -> Result<String, Error> {
        let Some(held) = self.held(source, table) else {
            return Ok(String::new());
        };
        if let Some(known) = held.content.get() {
            return Ok(known.clone());
        }
        let made = held.rows.content()?;
        Ok(held.content.get_or_init(|| made).clone())
    }
}

pub(crate) fn canonical(name: &str) -> Result<&'static Table, Error> {
    table(name).ok_or_else(|| Error::NoTable(name.to_owned()))
}

fn base_parts(catalogue: &Catalogue) -> Vec<SourceRows> {
    let Some(base) = catalogue.base() else { return Vec::new() };
    let with_tables = |source: Source| {
        let rows = |table: &'static Table| -> Arc<dyn TableData> {
            Arc::new(OfBase { base: Arc::clone(base), source: source.id.clone(), table })
        };
        let tables = base.tables(&source.id).into_iter().filter_map(table);
        let tables = tables.map(|t| (t.name, rows(t))).collect();
        (source, tables)
    };
    base.sources().into_iter().map(with_tables).collect()
}

/// Whether every table of a bundle is canonical, given once, and in the canonical schema.
pub(crate) fn check_shape(bundle: &SourceBundle) -> Result<(), Error> {
    let wrong = |name: &str, reason: String| Error::Shape {
        source_id: bundle.source.id.clone(),
        table: name.to_owned(),
        reason,
    };
    for (at, (name, batch)) in bundle.tables.iter().enumerate() {
        let table = canonical(name)?;
        if bundle.tables[..at].iter().any(|(n, _)| n == name) {
            return Err(wrong(name, "it is given twice".into()));
        }
        if batch.schema().fields() != table.schema().fields() {
            return Err(wrong(name, "its columns differ".into()));
        }
        if !bundle.source.relations.contains_key(table.family) {
            let reason = format!("it does not say how it stands in the family `{}`", table.family);
            return Err(wrong(name, reason));
        }
        if let Some(reason) = year_out_of_range(batch) {
            return Err(wrong(name, reason));
        }
    }
    for c in &bundle.source.coverage {
        if table(&c.table).is_none() {
            return Err(Error::NoTable(c.table.clone()));
        }
        if c.from > c.to || !YEARS.contains(&c.from) || !YEARS.contains(&c.to) {
            return Err(wrong(&c.table, format!("its coverage runs from {} to {}", c.from, c.to)));
        }
    }
    Ok(())
}

/// The first cell of a year that no calendar of the field has: spells are laid out year by year.
fn year_out_of_range(batch: &RecordBatch) -> Option<String> {
    ["year", "start_year", "end_year"].iter().find_map(|name| {
        let years = batch.column_by_name(name)?.as_primitive_opt::<Int32Type>()?;
        let row =
            (0..years.len()).find(|r| years.is_valid(*r) && !YEARS.contains(&years.value(*r)))?;
        Some(format!("row {} has {name} {}", row + 1, years.value(row)))
    })
}
