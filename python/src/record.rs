//! A record and everything that can be asked of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use comity::verdicts::{COUNTS, FINDINGS, LATEST, VERDICTS, about, table};
use comity::{
    About, AdviceAsked, AuditOptions, Cache, Error, Kept, PanelRequest, Policy, QueryBounds,
    Source, VerdictFilter, measure,
};
use comity_report::frame::{self, Frame};
use comity_report::{advice, why};
use pyo3::prelude::*;

use crate::document::{Audit, Document};
use crate::fault::raise;
use crate::table::{Rows, cite};
use crate::work::{beside, teller};

/// Rows of a batch that is handed over.
const ROWS: usize = 128 * 1024;

/// Signs to a line of a text.
const WIDTH: usize = 100;

/// A record of facts, opened: in a folder, or the one inside the package.
#[pyclass(frozen, module = "comity._native")]
pub struct Record {
    kept: Arc<Kept>,
    cache: Option<Arc<Cache>>,
    folder: Option<PathBuf>,
}

/// What an audit, verdicts or a reason are asked with.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Asked {
    policy: String,
    from: Option<i32>,
    to: Option<i32>,
    commitments: Vec<String>,
    sources: Vec<String>,
    without: Vec<(String, String)>,
}

impl Asked {
    fn options(&self, record: &Record, far: &crate::work::Far) -> AuditOptions {
        AuditOptions {
            from: self.from,
            to: self.to,
            sources: self.sources.clone(),
            without: self.without.clone(),
            commitments: self.commitments.clone(),
            progress: Some(teller(far)),
            cache: record.cache.clone(),
        }
    }

    fn years(&self, record: &comity::Record) -> Option<(i32, i32)> {
        let asked = self.from.is_some() || self.to.is_some();
        asked.then(|| {
            (self.from.unwrap_or(i32::MIN), self.to.unwrap_or(record.tables().last_year()))
        })
    }
}

/// A policy that ships, by its id, or one in a file.
fn policy(named: &str, record: &comity::Record) -> Result<Policy, Error> {
    let text = comity::PolicyText::named(named)?;
    if text.shipped {
        Policy::shipped(named)
    } else {
        Policy::parse(&text.file, &text.text, record)
    }
}

impl Record {
    fn share(&self) -> Self {
        Self {
            kept: Arc::clone(&self.kept),
            cache: self.cache.clone(),
            folder: self.folder.clone(),
        }
    }

    fn inner(&self) -> &comity::Record {
        self.kept.record()
    }

    fn sources_of(&self, ids: &[String]) -> Vec<Source> {
        let all = self.inner().tables().sources().iter();
        all.filter(|s| ids.contains(&s.id)).cloned().collect()
    }
}

/// Rows of an answer in the types of a file.
fn rows(frame: &Frame<'_>, about: Vec<About>, sources: Vec<Source>) -> Result<Rows, Error> {
    let said = |e: String| Error::new(e);
    let (schema, batches) = frame::wide_batches(frame, ROWS)
        .map_err(|e| e.help.iter().fold(said(e.message.clone()), |s, h| s.help(h)))?;
    Rows::of(&schema, batches, about, sources).map_err(|e| said(e.to_string()))
}

#[pymethods]
impl Record {
    /// Opens the record in a folder; without one the default record, else the starter.
    #[staticmethod]
    #[pyo3(signature = (folder = None))]
    fn open(py: Python<'_>, folder: Option<PathBuf>) -> PyResult<Self> {
        beside(py, None, move |_| {
            let kept = Arc::new(Kept::over(comity::Record::at_hand(folder.as_deref())?));
            let cache = Cache::default_folder().map(|f| Arc::new(Cache::at(f)));
            Ok(Self { kept, cache, folder })
        })
    }

    /// The record inside the package.
    #[staticmethod]
    fn starter() -> Self {
        let cache = Cache::default_folder().map(|f| Arc::new(Cache::at(f)));
        Self { kept: Arc::new(Kept::over(comity::Record::starter())), cache, folder: None }
    }

    /// The folder that was named.
    #[getter]
    fn folder(&self) -> Option<PathBuf> {
        self.folder.clone()
    }

    /// SHA-256 over the record's content.
    fn fingerprint(&self, py: Python<'_>) -> PyResult<String> {
        let record = self.share();
        beside(py, None, move |_| record.inner().fingerprint())
    }

    /// What is in the record: id, title, version, publisher, licence, address, coverage in words, notes.
    fn sources(&self) -> Vec<BTreeMap<&'static str, String>> {
        let entry = |s: &Source| {
            let coverage: Vec<String> = s.coverage.iter().map(comity::coverage_in_words).collect();
            BTreeMap::from([
                ("id", s.id.clone()),
                ("title", s.title.clone()),
                ("version", s.version.clone()),
                ("publisher", s.publisher.clone()),
                ("licence", s.licence.clone()),
                ("url", s.url.clone()),
                ("citation", s.citation.clone()),
                ("coverage", coverage.join("; ")),
                ("notes", s.notes.join("; ")),
            ])
        };
        self.inner().tables().sources().iter().map(entry).collect()
    }

    /// The datasets that can be read: id, title, publisher, licence, address, how to get it, its sources in the record.
    fn datasets(&self) -> Vec<BTreeMap<&'static str, String>> {
        let entry = |d: comity::DatasetAbout| {
            BTreeMap::from([
                ("id", d.id.to_owned()),
                ("title", d.title.to_owned()),
                ("publisher", d.publisher.to_owned()),
                ("licence", d.licence.to_owned()),
                ("url", d.url.to_owned()),
                ("get", d.get),
                ("tables", d.tables.join(", ")),
                ("present", d.present.join(", ")),
            ])
        };
        self.inner().datasets().into_iter().map(entry).collect()
    }

    /// Tables and views: name and what a row is.
    fn tables(&self) -> PyResult<Vec<(String, String)>> {
        let all = self.inner().described().map_err(raise)?;
        Ok(all.into_iter().map(|t| (t.name, t.about)).collect())
    }

    /// What to cite, of these sources or all.
    #[pyo3(signature = (sources = Vec::new(), format = "text"))]
    fn cite(&self, sources: Vec<String>, format: &str) -> PyResult<String> {
        let tables = self.inner().tables();
        if let Some(id) = sources.iter().find(|id| tables.source(id).is_none()) {
            let near = comity::nearest(id, tables.sources().iter().map(|s| s.id.as_str()));
            let error = Error::new(format!("there is no source `{id}` in the record"));
            return Err(raise(match near {
                Some(near) => error.help(near),
                None => error.help("record.sources() lists them"),
            }));
        }
        let wanted = |s: &&Source| sources.is_empty() || sources.contains(&s.id);
        cite(tables.sources().iter().filter(wanted), format)
    }

    /// States by code or name: code, abbreviation, name, and both with the years in the system.
    #[pyo3(signature = (find = None, year = None))]
    fn states(
        &self,
        find: Option<&str>,
        year: Option<i32>,
    ) -> PyResult<Vec<(i32, String, String, String)>> {
        let system = self.inner().tables().states().map_err(|e| raise(e.into()))?;
        let found = comity::states_found(system, find, year).map_err(raise)?;
        let entry =
            |s: &comity::State| (s.ccode, s.abbr.clone(), s.name.clone(), comity::choice(s));
        Ok(found.into_iter().map(entry).collect())
    }

    /// The audit of some states; none: all.
    #[pyo3(signature = (states, asked, progress = None))]
    fn audit(
        &self,
        py: Python<'_>,
        states: Vec<String>,
        asked: Asked,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Audit> {
        let record = self.share();
        beside(py, progress.as_ref(), move |far| {
            let policy = Arc::new(policy(&asked.policy, record.inner())?);
            let options = asked.options(&record, far);
            policy.has(&asked.commitments)?;
            let tables = record.inner().tables();
            let codes = comity::states_in(tables, &states, asked.years(record.inner()))?;
            let verdicts = record.kept.verdicts(&policy, &options)?;
            let evaluation = verdicts.evaluation();
            let codes =
                if codes.is_empty() { evaluation.all_states(asked.from, asked.to) } else { codes };
            let mut report = evaluation.report(&codes, asked.from, asked.to)?;
            if codes.len() <= 8 {
                evaluation.with_events(&mut report)?;
            }
            let mut extra = record.inner().beside(&report)?;
            extra.open = asked.to.is_none().then(|| evaluation.last_year());
            Ok(Audit::of(policy, report, extra))
        })
    }

    /// One verdict explained.
    #[pyo3(signature = (state, commitment, year, asked, full = false, progress = None))]
    #[allow(clippy::too_many_arguments)]
    fn why(
        &self,
        py: Python<'_>,
        state: String,
        commitment: String,
        year: Option<i32>,
        asked: Asked,
        full: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Document> {
        let record = self.share();
        beside(py, progress.as_ref(), move |far| {
            let policy = policy(&asked.policy, record.inner())?;
            policy.has(std::slice::from_ref(&commitment))?;
            let ccode = comity::state_in(record.inner().tables(), &state, year.map(|y| (y, y)))?;
            let verdicts = record.kept.verdicts(&policy, &asked.options(&record, far))?;
            let evaluation = verdicts.evaluation();
            let change = match year {
                Some(_) => None,
                None => Some(evaluation.last_change(ccode, &commitment)?),
            };
            let year = year.or(change.map(|c| c.year)).unwrap_or_default();
            let mut said = evaluation.why(ccode, &commitment, year)?;
            said.change = change;
            let shown = why::Shown { full, sql: full, repeat: "", width: WIDTH };
            let text = comity_report::plain::uncoloured(&why::render(&said, shown));
            Ok(Document { text, json: json(&said)?, html: None })
        })
    }

    /// Verdicts as rows: `verdicts`, `findings`, `latest` or `counts`.
    #[pyo3(signature = (kind, states, wanted, asked, progress = None))]
    fn verdicts(
        &self,
        py: Python<'_>,
        kind: String,
        states: Vec<String>,
        wanted: Vec<String>,
        asked: Asked,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Rows> {
        let record = self.share();
        beside(py, progress.as_ref(), move |far| {
            let policy = policy(&asked.policy, record.inner())?;
            policy.has(&asked.commitments)?;
            let verdict = |text: &String| text.parse().map_err(|e: String| Error::new(e));
            let filter = VerdictFilter {
                states: comity::states_in(
                    record.inner().tables(),
                    &states,
                    asked.years(record.inner()),
                )?,
                from: asked.from,
                to: asked.to,
                commitments: asked.commitments.clone(),
                verdicts: wanted.iter().map(verdict).collect::<Result<_, _>>()?,
            };
            let verdicts = record.kept.verdicts(&policy, &asked.options(&record, far))?;
            let (batch, about) = match kind.as_str() {
                "verdicts" => (table(VERDICTS, &verdicts.rows(&filter)?)?, about(VERDICTS)),
                "findings" => (table(FINDINGS, &verdicts.findings(&filter)?)?, about(FINDINGS)),
                "latest" => (table(LATEST, &verdicts.latest(&filter)?)?, about(LATEST)),
                "counts" => (table(COUNTS, &verdicts.counts(&filter)?)?, about(COUNTS)),
                other => return Err(Error::new(format!("there are no rows of `{other}`"))),
            };
            let sources = record.sources_of(&verdicts.sources());
            rows(&Frame::Table(&batch, &about), about.clone(), sources)
        })
    }

    /// A research panel.
    #[pyo3(signature = (request, joined = Vec::new(), narrow = false))]
    fn panel(
        &self,
        py: Python<'_>,
        request: Requested,
        joined: Vec<PathBuf>,
        narrow: bool,
    ) -> PyResult<Rows> {
        let record = self.share();
        beside(py, None, move |_| {
            let mut wanted = request.of();
            wanted.joined =
                joined.iter().map(|path| comity::joined(path)).collect::<Result<_, _>>()?;
            let panel = record.inner().panel(wanted)?;
            let sources: Vec<Source> = comity::panel_sources(record.inner().tables(), &panel)
                .into_iter()
                .cloned()
                .collect();
            if narrow {
                let batches = panel.batches()?;
                return Rows::of(&panel.schema(), batches, panel.about(), sources)
                    .map_err(|e| Error::new(e.to_string()));
            }
            rows(&Frame::Panel(&panel), panel.about(), sources)
        })
    }

    /// The answer to one `SELECT`.
    #[pyo3(signature = (sql, policy, limit, memory, seconds))]
    fn query(
        &self,
        py: Python<'_>,
        sql: String,
        policy: String,
        limit: usize,
        memory: usize,
        seconds: u64,
    ) -> PyResult<Rows> {
        let record = self.share();
        beside(py, None, move |far| {
            let policy = self::policy(&policy, record.inner())?;
            let options = AuditOptions {
                cache: record.cache.clone(),
                progress: Some(teller(far)),
                ..AuditOptions::default()
            };
            let bounds = QueryBounds { rows: limit, memory, time: Duration::from_secs(seconds) };
            let answered = record.inner().query_under_within(&policy, &options, &sql, bounds)?;
            let sources = record.sources_of(&answered.sources);
            rows(&Frame::Answer(&answered.rows), Vec::new(), sources)
        })
    }

    /// The rows of a measure.
    fn measure(
        &self,
        py: Python<'_>,
        name: String,
        given: Vec<(String, String)>,
    ) -> PyResult<Rows> {
        let record = self.share();
        beside(py, None, move |_| {
            // On the command line they are written with a hyphen.
            let named = measure::named(&name.replace('-', "_"))?;
            let request = measure::MeasureRequest { given, ..Default::default() };
            let batch = record.inner().measure(named, &request)?;
            let sources = measure::sources(record.inner().tables(), named, &request)?;
            let sources: Vec<Source> = sources.into_iter().cloned().collect();
            let about: Vec<About> = named
                .columns
                .iter()
                .map(|c| About {
                    name: c.name.to_owned(),
                    doc: c.doc.to_owned(),
                    group: None,
                    sources: Vec::new(),
                    years: None,
                })
                .collect();
            rows(&Frame::Table(&batch, &about), about.clone(), sources)
        })
    }

    /// Advice on acts.
    #[pyo3(signature = (state, acts, policy, package, to, find, precedents, full = false, progress = None))]
    #[allow(clippy::too_many_arguments)]
    fn advise(
        &self,
        py: Python<'_>,
        state: String,
        acts: Vec<String>,
        policy: String,
        package: Option<(String, String)>,
        to: Option<i32>,
        find: bool,
        precedents: usize,
        full: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Document> {
        let record = self.share();
        beside(py, progress.as_ref(), move |far| {
            let policy = self::policy(&policy, record.inner())?;
            let asked = AdviceAsked { say: acts, package, to, find, precedents, reciprocal: true };
            let options = AuditOptions {
                cache: record.cache.clone(),
                progress: Some(teller(far)),
                ..AuditOptions::default()
            };
            let said = record.inner().advise(&policy, &state, &asked, &options)?;
            advised(&said, full)
        })
    }

    /// What would move if facts were otherwise.
    #[pyo3(signature = (states, policy, without, set, to, full = false, progress = None))]
    #[allow(clippy::too_many_arguments)]
    fn whatif(
        &self,
        py: Python<'_>,
        states: Vec<String>,
        policy: String,
        without: Vec<String>,
        set: Vec<String>,
        to: Option<i32>,
        full: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Document> {
        let record = self.share();
        beside(py, progress.as_ref(), move |far| {
            let policy = self::policy(&policy, record.inner())?;
            let options = AuditOptions {
                cache: record.cache.clone(),
                progress: Some(teller(far)),
                ..AuditOptions::default()
            };
            let (states, without, set) = (words(&states), words(&without), words(&set));
            let advice = record.inner().what_if(&policy, &states, &without, &set, to, &options)?;
            advised(&comity::Advised { advice, alternatives: None }, full)
        })
    }
}

/// What a panel is asked with.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Requested {
    unit: String,
    system: String,
    directed: bool,
    years: Option<String>,
    extend_to: Option<i32>,
    states: Vec<String>,
    k: Option<usize>,
    with: Vec<String>,
    columns: Vec<String>,
    add: Vec<String>,
    keep: Vec<String>,
    rules: Option<Vec<String>>,
    gaps: Option<String>,
}

impl Requested {
    fn of(self) -> PanelRequest {
        let usual = PanelRequest::default();
        PanelRequest {
            unit: self.unit,
            system: self.system,
            directed: self.directed,
            years: self.years,
            extend_to: self.extend_to,
            states: self.states,
            k: self.k.or(usual.k),
            with: self.with,
            columns: self.columns,
            add: self.add,
            keep: self.keep,
            rules: self.rules,
            gaps: self.gaps.unwrap_or(usual.gaps),
            ..PanelRequest::default()
        }
    }
}

fn words(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::new(format!("the answer is no JSON: {e}")))
}

fn advised(said: &comity::Advised, full: bool) -> Result<Document, Error> {
    let (advice, others) = (&said.advice, said.alternatives.as_ref());
    let shown = advice::Shown { full, width: WIDTH };
    Ok(Document {
        text: comity_report::plain::uncoloured(&advice::text(advice, others, shown)),
        json: json(said)?,
        html: Some(advice::html(advice, others)),
    })
}
