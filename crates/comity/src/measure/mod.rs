//! The measures of the field, from a record: what there is, what each means, what to cite, and its rows.
//!
//! A measure of whole tables (`s_score`, `cinc`) gives rows by itself; a measure of columns (`capability_ratio`) is a function of SQL, and its
//! rows are those of a panel.

mod conduct;
mod ideal;

use std::fmt::Write as _;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use comity_measures::Reference;
use comity_panel::Panel;
pub use comity_panel::{
    Computed, Declared, Kind, MEASURES, Measure, MeasureRequest, Measured, Parameter, Subject,
    Takes, measure,
};
use comity_record::{Record as Tables, Source, nearest};

use crate::{Error, PanelRequest, Record};

pub use conduct::conduct;
pub use ideal::{Estimates, Gibbs, IDEAL_REFERENCES, Plan, Settings, Votes, ideal_points, refused};

/// The measure of that name.
///
/// ```
/// assert_eq!(comity::measure::named("cinc")?.name, "cinc");
/// let error = comity::measure::named("cinq").unwrap_err();
/// assert!(error.help[0].contains("cinc"));
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// A name that no measure has, with the nearest.
pub fn named(name: &str) -> Result<&'static Measure, Error> {
    measure(name).ok_or_else(|| {
        let error = Error::new(format!("no measure `{name}`"));
        let error = match nearest(name, MEASURES.iter().map(|m| m.name)) {
            Some(near) => error.help(near),
            None => error,
        };
        error.help("`comity measure` lists all of them")
    })
}

/// A work as it is cited: authors, year, title, where it was published.
///
/// ```
/// let cinc = comity::measure::named("cinc")?;
/// assert!(comity::measure::citation(&cinc.references[0]).starts_with("Singer, J. David"));
/// # Ok::<(), comity::Error>(())
/// ```
pub fn citation(reference: &Reference) -> String {
    let Reference { authors, year, title, published_in, doi } = reference;
    let doi = if doi.is_empty() { String::new() } else { format!(". doi:{doi}") };
    format!("{authors}. {year}. {title}. {published_in}{doi}")
}

/// BibTeX of the works that define a measure.
///
/// ```
/// let bibtex = comity::measure::bibtex(comity::measure::named("cinc")?);
/// assert!(bibtex.contains("author = {Singer, J. David"), "{bibtex}");
/// # Ok::<(), comity::Error>(())
/// ```
pub fn bibtex(measure: &Measure) -> String {
    bibtex_of(measure.name, measure.references)
}

/// BibTeX of these works; keys begin with this name.
///
/// ```
/// let cinc = comity::measure::named("cinc")?;
/// assert!(comity::measure::bibtex_of("mine", cinc.references).contains("{mine-1,"));
/// # Ok::<(), comity::Error>(())
/// ```
pub fn bibtex_of(name: &str, references: &[Reference]) -> String {
    let mut out = String::new();
    for (at, reference) in references.iter().enumerate() {
        let key = format!("{name}-{}", at + 1);
        out.push_str(&comity_report::citations::work(&key, &citation(reference)));
    }
    out
}

/// What a measure is, in paragraphs: what it measures, formula, unit, null, columns, tables, function of SQL, references.
///
/// ```
/// let text = comity::measure::explain(comity::measure::named("con")?);
/// assert!(text.contains("Formula\n  con = sqrt("), "{text}");
/// # Ok::<(), comity::Error>(())
/// ```
pub fn explain(measure: &Measure) -> String {
    let mut out = format!("{}.\n\n{}\n", capital(measure.title), measure.doc);
    let mut part = |title: &str, text: &str| {
        let _ = write!(out, "\n{title}\n  {}\n", text.replace('\n', "\n  "));
    };
    part("Formula", measure.formula);
    part("Unit", measure.unit);
    part("Null", measure.null);
    if !measure.columns.is_empty() {
        let column = |c: &comity_panel::Declared| format!("{}: {}", c.name, c.doc);
        part("Columns", &measure.columns.iter().map(column).collect::<Vec<_>>().join("\n"));
    }
    if !measure.reads.is_empty() {
        part("Tables", &measure.reads.join(", "));
    }
    part("In SQL", &in_sql(measure));
    let cited: Vec<String> = measure.references.iter().map(citation).collect();
    part("References", &cited.join("\n"));
    out
}

/// How a measure is called in SQL.
fn in_sql(measure: &Measure) -> String {
    let name = measure.name;
    match &measure.made {
        Computed::Rows { function, .. } => {
            let arguments: Vec<&str> = function.arguments.iter().map(|a| a.name).collect();
            format!("{name}({}): a value for each row", arguments.join(", "))
        }
        Computed::Table(_) | Computed::ByChoice { .. } => {
            let argument = |p: &Parameter| match p.default {
                "" => format!("{} => …", p.name),
                default => format!("{} => '{default}'", p.name),
            };
            let arguments: Vec<String> = measure.parameters.iter().map(argument).collect();
            format!("from {name}({}): a table", arguments.join(", "))
        }
        Computed::Command => "not there: it is a command of its own".to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

impl Record {
    /// The rows of a measure of whole tables.
    ///
    /// ```
    /// use comity::{Record, measure};
    ///
    /// let record = Record::starter();
    /// let request = measure::MeasureRequest::default();
    /// let error = record.measure(measure::named("cinc")?, &request).unwrap_err();
    /// assert!(error.message.contains("needs the dataset"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// Parameters that the measure has not, words that they do not take, and a dataset that is not in the record.
    pub fn measure(
        &self,
        measure: &'static Measure,
        request: &MeasureRequest,
    ) -> Result<RecordBatch, Error> {
        rows(self.tables(), measure, request)
    }
}

/// The same of the tables behind a record. A measure of columns has rows of a panel, with the years and states that are asked for.
///
/// ```
/// use comity::{Record, measure};
///
/// let request = measure::MeasureRequest {
///     given: vec![("years".into(), "2000".into()), ("states".into(), "USA,CHN".into())],
///     ..Default::default()
/// };
/// let error = measure::rows(Record::starter().tables(), measure::named("parity")?, &request).unwrap_err();
/// assert!(error.message.contains("nmc"), "{error}");
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`Record::measure`].
pub fn rows(
    record: &Tables,
    measure: &'static Measure,
    request: &MeasureRequest,
) -> Result<RecordBatch, Error> {
    let Computed::Rows { unit, with, shown, .. } = measure.made else {
        return Ok(Measured::prepare(record, measure, request)?.rows()?);
    };
    let given = |name: &str| request.given.iter().find(|(n, _)| n == name).map(|(_, t)| t.clone());
    if let Some((other, _)) = request.given.iter().find(|(n, _)| n != "years" && n != "states") {
        return Err(Error::new(format!("`{}` has no parameter `{other}`", measure.name))
            .help("it takes years and states"));
    }
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    let states = given("states").unwrap_or_default();
    let panel = PanelRequest {
        unit: unit.to_owned(),
        years: given("years"),
        states: states.split(',').map(str::to_owned).filter(|s| !s.is_empty()).collect(),
        with: words(with),
        columns: words(shown),
        reading: request.reading.clone(),
        ..PanelRequest::default()
    };
    let panel = Panel::prepare(record, &panel.spec(record)?)?;
    let batches = panel.batches()?;
    concat_batches(&panel.schema(), &batches).map_err(|e| Error::new(e.to_string()))
}

/// The sources behind a measure, as it is asked for.
///
/// ```
/// use comity::{Record, measure};
///
/// let record = Record::starter();
/// let s_score = measure::named("s_score")?;
/// let sources = measure::sources(record.tables(), s_score, &Default::default())?;
/// assert!(sources.iter().any(|s| s.id == "starter-treaties"));
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`Record::measure`].
pub fn sources<'a>(
    record: &'a Tables,
    measure: &'static Measure,
    request: &MeasureRequest,
) -> Result<Vec<&'a Source>, Error> {
    let (tables, reading) = match measure.made {
        Computed::Rows { with, .. } => {
            let groups = with.iter().filter_map(|name| comity_panel::group(name));
            let reading = request.reading.clone().unwrap_or_else(|| record.baseline());
            (groups.flat_map(comity_panel::Group::needs).collect(), reading)
        }
        _ => {
            let measured = Measured::prepare(record, measure, request)?;
            (measured.tables(), measured.reading().clone())
        }
    };
    let behind = |source: &&Source| {
        let held = record.tables_of(&source.id);
        let mut tables = tables.iter().filter_map(|name| comity_record::schema::table(name));
        tables.any(|table| {
            held.contains(&table.name) && reading.sources(table.family).contains(&source.id)
        })
    };
    Ok(record.sources().iter().filter(behind).collect())
}
