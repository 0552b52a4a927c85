//! Published tables, rebuilt from the files that their authors released: coefficient by coefficient ours beside the published value.
//!
//! A replication is a declaration: what is needed, the publication, and a function that estimates and sets beside. Published values stand
//! beside the model that gives them, as they are printed; the digits that are printed say how close ours must be.

mod dyads;
mod files;
mod gravity;
mod liberal_peace;
mod wars;

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray};
use comity_measures::Reference;
use comity_measures::models::Fit;

use crate::{Error, Record};

/// A published table that can be rebuilt.
#[derive(Clone, Copy)]
pub struct Replication {
    /// Its name.
    pub name: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// What it is rebuilt from.
    pub needs: &'static str,
    /// Differences that are known, and their cause; empty where there are none.
    pub differences: &'static str,
    /// The publication.
    pub reference: Reference,
    run: fn(&Given<'_>) -> Result<Vec<Line>, Error>,
}

impl std::fmt::Debug for Replication {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replication").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a replication is given.
struct Given<'a> {
    data: Option<&'a Path>,
    record: &'a Record,
}

/// All replications.
pub const REPLICATIONS: [Replication; 5] = [
    liberal_peace::THIRD_LEG,
    liberal_peace::CLEAR_AND_CLEAN,
    gravity::ADVANCED_GUIDE,
    dyads::DANGEROUS_DYADS,
    wars::WAR_SIZES,
];

/// One number of a published table, and ours.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The table or page.
    pub table: &'static str,
    /// The model in it.
    pub model: &'static str,
    /// The term, or what is said of the whole model.
    pub term: String,
    /// What the number is: `coefficient`, `std_error` or `value`.
    pub what: &'static str,
    /// Ours.
    pub ours: f64,
    /// The published one.
    pub published: f64,
    /// How far ours may be from it.
    pub tolerance: f64,
}

impl Line {
    /// Ours less the published one.
    pub fn difference(&self) -> f64 {
        self.ours - self.published
    }

    /// Whether ours is as close as it must be.
    pub fn is_within(&self) -> bool {
        self.difference().abs() <= self.tolerance
    }
}

impl Replication {
    /// Rebuilds the table: from the authors' files (one, or a folder that has them) or, where it rests on published data sets, from a record.
    ///
    /// # Errors
    /// Files that are missing or are not those of the table; what the models cannot do with them.
    pub fn run(&self, data: Option<&Path>, record: &Record) -> Result<Vec<Line>, Error> {
        (self.run)(&Given { data, record })
    }
}

/// The replication of this name.
///
/// # Errors
/// There is none; the nearest is named.
pub fn replication(name: &str) -> Result<&'static Replication, Error> {
    REPLICATIONS.iter().find(|r| r.name == name).ok_or_else(|| {
        let error = Error::new(format!("there is no replication `{name}`"));
        match comity_record::nearest(name, REPLICATIONS.iter().map(|r| r.name)) {
            Some(near) => error.help(near),
            None => error.help("`comity replicate` lists them"),
        }
    })
}

/// The lines as a table.
///
/// # Errors
/// None that is known.
pub fn table(lines: &[Line]) -> Result<RecordBatch, Error> {
    let text = |of: fn(&Line) -> &str| -> ArrayRef {
        Arc::new(lines.iter().map(|l| Some(of(l))).collect::<StringArray>())
    };
    let number = |of: fn(&Line) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(lines.iter().map(of)))
    };
    let within = lines.iter().map(|l| Some(l.is_within())).collect::<BooleanArray>();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("table", text(|l| l.table)),
        ("model", text(|l| l.model)),
        ("term", text(|l| &l.term)),
        ("what", text(|l| l.what)),
        ("ours", number(|l| l.ours)),
        ("published", number(|l| l.published)),
        ("difference", number(Line::difference)),
        ("tolerance", number(|l| l.tolerance)),
        ("within", Arc::new(within)),
    ];
    RecordBatch::try_from_iter(columns).map_err(|e| Error::new(e.to_string()))
}

/// A model in a published table.
#[derive(Clone, Copy)]
struct Place {
    table: &'static str,
    model: &'static str,
}

/// A coefficient as it is printed: the term, its value, and its standard error (empty where it is not printed).
type Printed = (&'static str, &'static str, &'static str);

impl Place {
    /// A number beside one that is printed.
    fn line(self, term: &str, what: &'static str, ours: f64, printed: &str) -> Line {
        let published = printed.parse().unwrap_or(f64::NAN);
        let Self { table, model } = self;
        let tolerance = tolerance(printed);
        Line { table, model, term: term.to_owned(), what, ours, published, tolerance }
    }

    /// A number that stands for the whole model.
    fn value(self, what: &str, ours: f64, printed: &str) -> Line {
        self.line(what, "value", ours, printed)
    }

    /// The coefficients and errors of a fit beside those that are printed.
    fn terms(self, fit: &Fit, printed: &[Printed]) -> Result<Vec<Line>, Error> {
        let mut lines = Vec::new();
        for (name, coefficient, error) in printed {
            let term = fit.term(name).ok_or_else(|| Error::new(format!("no term {name}")))?;
            lines.push(self.line(name, "coefficient", term.coefficient, coefficient));
            if !error.is_empty() {
                lines.push(self.line(name, "std_error", term.error, error));
            }
        }
        Ok(lines)
    }
}

/// Half a unit of the last digit that is printed, and eight millionths of the number: programs of the time stopped their steps early.
fn tolerance(printed: &str) -> f64 {
    let decimals = printed.split_once('.').map_or(0, |(_, d)| d.len());
    let value: f64 = printed.parse().unwrap_or(f64::NAN);
    0.505 * 0.1_f64.powi(decimals as i32) + 8e-6 * value.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_digits_say_how_close_ours_must_be() {
        let place = Place { table: "1", model: "probit" };
        assert!(place.value("a", 0.745_83, ".7458").is_within());
        assert!(!place.value("a", 0.745_89, ".7458").is_within());
        assert!(place.value("N", 19_752.0, "19752").is_within());
        assert!(!place.value("N", 19_753.0, "19752").is_within());
        assert!((place.value("a", -2.0, "-2.5").difference() - 0.5).abs() < 1e-12);
        assert_eq!(table(&[place.value("a", 1.0, "1")]).unwrap().num_rows(), 1);
    }

    #[test]
    fn names_are_found_or_the_nearest_is_named() {
        assert_eq!(replication("yotov-2016").unwrap().name, "yotov-2016");
        let error = replication("yotov-2061").unwrap_err();
        assert_eq!(error.help, ["did you mean `yotov-2016`?"]);
    }
}
