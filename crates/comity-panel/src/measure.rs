//! What a measure declares: its name, what it means and where it is defined, the tables that it reads, its parameters and columns, and how
//! it is computed; and a measure that is asked for, in words that are checked.
//!
//! Invariants: a measure is named once, in the list of `measures`; SQL, panels and the command line each adapt it from its declaration.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use comity_measures::Reference;
use comity_record::{Reading, Record, nearest};

use super::cells::Kind;
use super::declared::Declared;
use super::error::PanelError;
use super::make::{published, reading_of};
use super::register::Function;
use super::request::{state, unknown, years};
use super::system::Codes;

/// What a measure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// How alike the foreign policies of two states are.
    Similarity,
    /// Votes in the General Assembly.
    Voting,
    /// Power and its distribution.
    Power,
    /// Arms races.
    ArmsRaces,
    /// Trade.
    Trade,
    /// Networks of states.
    Networks,
    /// Statistical models.
    Models,
    /// Conduct against what would be expected.
    Conduct,
}

impl Subject {
    /// Every subject with its title, in the order they are listed to people.
    pub const ALL: [(Self, &str); 8] = [
        (Self::Similarity, "Similarity of foreign policy"),
        (Self::Voting, "Votes in the General Assembly"),
        (Self::Power, "Power"),
        (Self::ArmsRaces, "Arms races"),
        (Self::Trade, "Trade"),
        (Self::Networks, "Networks"),
        (Self::Models, "Models"),
        (Self::Conduct, "Conduct"),
    ];
}

/// A measure of the field.
pub struct Measure {
    /// Its name in SQL; the command line writes it with hyphens.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// A paragraph: what it measures and how to read it.
    pub doc: &'static str,
    /// Its formula, in text.
    pub formula: &'static str,
    /// The unit of its values.
    pub unit: &'static str,
    /// What null means.
    pub null: &'static str,
    /// Where it is defined.
    pub references: &'static [Reference],
    /// The canonical tables that it reads; none where its arguments are columns.
    pub reads: &'static [&'static str],
    /// What can be chosen, in the order of arguments in SQL.
    pub parameters: &'static [Parameter],
    /// The columns that come out, keys first.
    pub columns: &'static [Declared],
    /// How it is computed.
    pub made: Computed,
}

/// How a measure is computed.
pub enum Computed {
    /// Row by row from columns: a function of SQL.
    Rows {
        /// The function.
        function: &'static Function,
        /// The unit of a panel that has its value.
        unit: &'static str,
        /// The groups of that panel.
        with: &'static [&'static str],
        /// The columns of that panel that are shown.
        shown: &'static [&'static str],
    },
    /// From whole tables: a table function of SQL.
    Table(fn(&Asked<'_>) -> Result<RecordBatch, PanelError>),
    /// The same, where what is chosen decides which of the tables are read.
    ByChoice {
        /// The rows.
        rows: fn(&Asked<'_>) -> Result<RecordBatch, PanelError>,
        /// The tables.
        reads: fn(&Asked<'_>) -> Vec<&'static str>,
    },
    /// By a command of its own, which has its own help.
    Command,
}

/// What can be chosen of a measure.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What stands where nothing is given; empty: nothing.
    pub default: &'static str,
    /// What it means, with its unit.
    pub doc: &'static str,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// One of these words, each with what it means.
    Choice(&'static [(&'static str, &'static str)]),
    /// A whole number.
    Int,
    /// A number.
    Real,
    /// A year, or a span of years: 1946-2010.
    Years,
    /// States, by code or name, divided by commas.
    States,
}

/// The years that are measured.
pub(crate) const YEARS: Parameter = Parameter {
    name: "years",
    takes: Takes::Years,
    default: "",
    doc: "a year or a span of years, 1946-2010; without it all",
};

/// The states that are measured.
pub(crate) const STATES: Parameter = Parameter {
    name: "states",
    takes: Takes::States,
    default: "",
    doc: "only these states, by code or name: of one every pair that it is in, of several the pairs among them",
};

impl std::fmt::Debug for Measure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Measure").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Measure {
    /// Its name on the command line.
    pub fn command(&self) -> String {
        self.name.replace('_', "-")
    }

    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    /// Whether it is a table function of SQL.
    pub fn is_table(&self) -> bool {
        matches!(self.made, Computed::Table(_) | Computed::ByChoice { .. })
    }

    /// The names and types of the columns that come out.
    pub fn schema(&self) -> SchemaRef {
        let field = |c: &Declared| Field::new(c.name, plain(c.kind), true);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}

/// The Arrow type of such a column of a measure: as in the tables of a record.
pub(crate) fn plain(kind: Kind) -> DataType {
    match kind {
        Kind::Flag | Kind::Small | Kind::Int => DataType::Int32,
        Kind::Text => DataType::Utf8,
        Kind::Real | Kind::Date => kind.arrow(),
    }
}

/// A value that was chosen.
#[derive(Debug, Clone, PartialEq)]
enum Chosen {
    Nothing,
    Word(String),
    Int(i32),
    Real(f64),
    Years(RangeInclusive<i32>),
    States(Vec<i32>),
}

/// A measure that is asked for: what it may read, and what was chosen.
pub struct Asked<'a> {
    /// The record.
    pub(crate) record: &'a Record,
    /// Who answers, without the starter where a published source does.
    pub(crate) reading: &'a Reading,
    /// The measure.
    pub(crate) measure: &'static Measure,
    chosen: &'a [Chosen],
}

impl Asked<'_> {
    fn chosen(&self, name: &str) -> Option<&Chosen> {
        let at = self.measure.parameters.iter().position(|p| p.name == name)?;
        self.chosen.get(at)
    }

    /// The word that was chosen; empty where none was.
    pub(crate) fn word(&self, name: &str) -> &str {
        match self.chosen(name) {
            Some(Chosen::Word(word)) => word,
            _ => "",
        }
    }

    /// The whole number that was chosen.
    pub(crate) fn int(&self, name: &str) -> Option<i32> {
        match self.chosen(name) {
            Some(Chosen::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// The number that was chosen.
    pub(crate) fn real(&self, name: &str) -> Option<f64> {
        match self.chosen(name) {
            Some(Chosen::Real(value)) => Some(*value),
            _ => None,
        }
    }

    /// The years that are measured; none: all.
    pub(crate) fn years(&self) -> Option<RangeInclusive<i32>> {
        match self.chosen(YEARS.name) {
            Some(Chosen::Years(years)) => Some(years.clone()),
            _ => None,
        }
    }

    /// The states that are measured, sorted; none: all.
    pub(crate) fn states(&self) -> &[i32] {
        match self.chosen(STATES.name) {
            Some(Chosen::States(states)) => states,
            _ => &[],
        }
    }

    /// Whether a year is measured.
    pub(crate) fn has_year(&self, year: i32) -> bool {
        self.years().is_none_or(|years| years.contains(&year))
    }

    /// Whether a state is measured.
    pub(crate) fn has_state(&self, ccode: i32) -> bool {
        let states = self.states();
        states.is_empty() || states.contains(&ccode)
    }

    /// Whether a pair is measured: one of it where one state was named, both where several were.
    pub(crate) fn has_pair(&self, a: i32, b: i32) -> bool {
        match self.states() {
            [] => true,
            [one] => a == *one || b == *one,
            several => several.contains(&a) && several.contains(&b),
        }
    }

    /// The reading with another dataset in one family.
    pub(crate) fn with_dataset(&self, family: &str, dataset: &str) -> Result<Reading, PanelError> {
        reading_of(self.record, self.reading, family, dataset)
    }

    /// A table under the reading.
    pub(crate) fn table(&self, name: &str) -> Result<RecordBatch, PanelError> {
        Ok(self.record.table(name, self.reading)?)
    }

    /// A refusal where the record holds no rows of a table: which datasets would fill it.
    pub(crate) fn needs(&self, table: &str) -> Result<(), PanelError> {
        if self.record.holds(table, self.reading) {
            return Ok(());
        }
        let datasets = self.record.catalogue().proposed(table);
        let error = PanelError::new(format!(
            "`{}` needs the dataset `{}`, which is not in the record",
            self.measure.name,
            datasets.join("` or `")
        ));
        let get = |id: &&str| {
            format!("comity record fetch {id}, or `comity record sources {id}` for how to get it")
        };
        Err(datasets.iter().map(get).fold(error, PanelError::help))
    }
}

/// A measure in words, as on the command line and in SQL; what is left out has its usual value.
#[derive(Debug, Clone, Default)]
pub struct MeasureRequest {
    /// Parameters by name, and the words given for them.
    pub given: Vec<(String, String)>,
    /// Who answers; none: the baseline.
    pub reading: Option<Reading>,
}

/// A measure that was checked, ready to be computed.
#[derive(Clone)]
pub struct Measured {
    record: Record,
    reading: Reading,
    measure: &'static Measure,
    chosen: Vec<Chosen>,
}

impl std::fmt::Debug for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Measured").field("measure", self.measure).finish_non_exhaustive()
    }
}

impl Measured {
    /// Checks what is asked of a measure.
    ///
    /// # Errors
    /// A parameter that the measure has not or that is given twice, with the nearest; a word that it does not take; a measure that has a
    /// command of its own, or is a function of columns.
    pub fn prepare(
        record: &Record,
        measure: &'static Measure,
        request: &MeasureRequest,
    ) -> Result<Self, PanelError> {
        if !measure.is_table() {
            let name = measure.name;
            return Err(PanelError::new(format!("`{name}` does not give a table by itself"))
                .help(format!("see `comity measure {} --help`", measure.command())));
        }
        let mut texts: Vec<Option<&str>> = vec![None; measure.parameters.len()];
        for (name, text) in &request.given {
            let Some(at) = measure.parameters.iter().position(|p| p.name == *name) else {
                let names = measure.parameters.iter().map(|p| p.name);
                return Err(unknown("parameter", name, &mut { names }));
            };
            if texts[at].replace(text).is_some() {
                return Err(
                    PanelError::new(format!("`{name}` is given twice")).help("give it once")
                );
            }
        }
        // Codes and names of states may mean another state in other years.
        let span = measure.parameters.iter().zip(&texts).find_map(|(p, text)| match p.takes {
            Takes::Years => text.filter(|t| !t.is_empty()).map(years),
            _ => None,
        });
        let span = span.transpose()?;
        let chosen = measure.parameters.iter().zip(texts).map(|(parameter, text)| {
            choose(record, parameter, text.unwrap_or(parameter.default), span.as_ref())
        });
        let chosen = chosen.collect::<Result<_, _>>()?;
        let reading = request.reading.clone().unwrap_or_else(|| record.baseline());
        let reading = published(record, reading);
        Ok(Self { record: record.clone(), reading, measure, chosen })
    }

    /// What is measured.
    pub fn measure(&self) -> &'static Measure {
        self.measure
    }

    /// Who answers.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Computes it.
    ///
    /// # Errors
    /// A dataset that is not in the record, a damaged file, and what the measure refuses.
    pub fn rows(&self) -> Result<RecordBatch, PanelError> {
        match self.measure.made {
            Computed::Table(rows) | Computed::ByChoice { rows, .. } => rows(&self.asked()),
            Computed::Rows { .. } | Computed::Command => {
                Err(PanelError::new(format!("`{}` gives no table", self.measure.name)))
            }
        }
    }

    /// The canonical tables that it reads.
    pub fn tables(&self) -> Vec<&'static str> {
        match self.measure.made {
            Computed::ByChoice { reads, .. } => reads(&self.asked()),
            _ => self.measure.reads.to_vec(),
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            record: &self.record,
            reading: &self.reading,
            measure: self.measure,
            chosen: &self.chosen,
        }
    }
}

/// What a text says for a parameter.
fn choose(
    record: &Record,
    parameter: &Parameter,
    text: &str,
    span: Option<&RangeInclusive<i32>>,
) -> Result<Chosen, PanelError> {
    let text = text.trim();
    let wrong = |wanted: &str| {
        PanelError::new(format!("`{}` is `{text}`: {wanted} is wanted", parameter.name))
            .help(parameter.doc)
    };
    if text.is_empty() {
        return Ok(Chosen::Nothing);
    }
    Ok(match parameter.takes {
        Takes::Int => Chosen::Int(text.parse().map_err(|_| wrong("a whole number"))?),
        Takes::Real => {
            let value: f64 = text.parse().map_err(|_| wrong("a number"))?;
            if !value.is_finite() {
                return Err(wrong("a number"));
            }
            Chosen::Real(value)
        }
        Takes::Years => Chosen::Years(years(text)?),
        Takes::States => {
            let named = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            let mut all: Vec<i32> = Vec::new();
            for word in named {
                all.extend(state(record, word, Codes::Cow, span)?);
            }
            all.sort_unstable();
            all.dedup();
            Chosen::States(all)
        }
        Takes::Choice(words) => {
            let known = || words.iter().map(|(word, _)| *word);
            if !known().any(|word| word == text) {
                let error = wrong(&format!("one of {}", known().collect::<Vec<_>>().join(", ")));
                return Err(match nearest(text, known()) {
                    Some(near) => error.help(near),
                    None => error,
                });
            }
            Chosen::Word(text.to_owned())
        }
    })
}
