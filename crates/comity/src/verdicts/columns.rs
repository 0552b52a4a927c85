//! The columns of verdicts, findings, last years and counts: each is declared once, with what it means.

use std::borrow::Cow;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use comity_panel::About;
use comity_policy::audit::Tally;
use comity_policy::verdict::Verdict;
use comity_policy::{CountRow, FindingRow, VerdictRow};

use super::LatestRow;
use crate::Error;

/// A column of a table of such rows.
pub struct Column<R> {
    /// Its name, a word of the field where there is one.
    pub name: &'static str,
    /// What it means, with its unit and what null says.
    pub doc: &'static str,
    cell: Cell<R>,
}

enum Cell<R> {
    Int(fn(&R) -> Option<i32>),
    Real(fn(&R) -> Option<f64>),
    Truth(fn(&R) -> Option<bool>),
    Text(for<'r> fn(&'r R) -> Option<Cow<'r, str>>),
}

impl<R> Column<R> {
    const fn int(name: &'static str, doc: &'static str, cell: fn(&R) -> Option<i32>) -> Self {
        Self { name, doc, cell: Cell::Int(cell) }
    }

    const fn real(name: &'static str, doc: &'static str, cell: fn(&R) -> Option<f64>) -> Self {
        Self { name, doc, cell: Cell::Real(cell) }
    }

    const fn truth(name: &'static str, doc: &'static str, cell: fn(&R) -> Option<bool>) -> Self {
        Self { name, doc, cell: Cell::Truth(cell) }
    }

    const fn text(
        name: &'static str,
        doc: &'static str,
        cell: for<'r> fn(&'r R) -> Option<Cow<'r, str>>,
    ) -> Self {
        Self { name, doc, cell: Cell::Text(cell) }
    }

    /// Its type.
    pub fn kind(&self) -> DataType {
        match self.cell {
            Cell::Int(_) => DataType::Int32,
            Cell::Real(_) => DataType::Float64,
            Cell::Truth(_) => DataType::Boolean,
            Cell::Text(_) => DataType::Utf8,
        }
    }

    fn array(&self, rows: &[R]) -> ArrayRef {
        match self.cell {
            Cell::Int(cell) => Arc::new(rows.iter().map(cell).collect::<Int32Array>()),
            Cell::Real(cell) => Arc::new(rows.iter().map(cell).collect::<Float64Array>()),
            Cell::Truth(cell) => Arc::new(rows.iter().map(cell).collect::<BooleanArray>()),
            Cell::Text(cell) => Arc::new(rows.iter().map(cell).collect::<StringArray>()),
        }
    }
}

impl<R> std::fmt::Debug for Column<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What columns mean, for who writes them into a file or a data frame.
pub fn about<R>(columns: &[Column<R>]) -> Vec<About> {
    let of = |c: &Column<R>| About {
        name: c.name.to_owned(),
        doc: c.doc.to_owned(),
        group: None,
        sources: Vec::new(),
        years: None,
    };
    columns.iter().map(of).collect()
}

/// The names and types of columns.
pub fn schema<R>(columns: &[Column<R>]) -> SchemaRef {
    let field = |c: &Column<R>| Field::new(c.name, c.kind(), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

/// What the column of that name means.
pub fn meaning<R>(columns: &'static [Column<R>], name: &str) -> Option<&'static str> {
    columns.iter().find(|c| c.name == name).map(|c| c.doc)
}

/// Rows in these columns.
///
/// ```
/// use comity::verdicts::{VERDICTS, table};
///
/// let empty = table(VERDICTS, &[])?;
/// assert!(empty.schema().field_with_name("verdict").is_ok());
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// More text than one column holds.
pub fn table<R>(columns: &[Column<R>], rows: &[R]) -> Result<RecordBatch, Error> {
    let arrays = columns.iter().map(|c| c.array(rows)).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    RecordBatch::try_new_with_options(schema(columns), arrays, &options)
        .map_err(|error| Error::new(format!("the rows cannot be put into a table: {error}")))
}

#[allow(clippy::unnecessary_wraps, reason = "a cell may be null in other columns")]
fn said(text: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed(text))
}

fn written(text: Option<&String>) -> Option<Cow<'_, str>> {
    text.map(|t| Cow::Borrowed(t.as_str()))
}

fn count(number: u32) -> Option<i32> {
    i32::try_from(number).ok()
}

#[allow(clippy::unnecessary_wraps, reason = "a cell may be null in other columns")]
fn named(verdict: Verdict) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(verdict.name()))
}

/// `baseline: kept; disputes=gml-mid-2.2.1: strained`; none where there is one reading.
fn readings(row: &VerdictRow) -> Option<Cow<'_, str>> {
    let each = row.readings.iter().map(|(id, verdict)| format!("{id}: {verdict}"));
    let all = each.collect::<Vec<_>>().join("; ");
    (!all.is_empty()).then_some(Cow::Owned(all))
}

const CCODE: &str = "Correlates of War state code";
const ABB: &str = "abbreviation of the state in the Correlates of War";
const COMMITMENT: &str = "id of the commitment in the policy";
const MEANING: &str = "kept, strained, broken, contested (kept under one source and broken under another), unknown (what is needed is not covered: never kept), no-occasion (a duty that nothing called for) or not-applicable";

/// The columns of verdicts: one row per state, commitment and year.
pub static VERDICTS: &[Column<VerdictRow>] = &[
    Column::int("ccode", CCODE, |r| Some(r.ccode)),
    Column::text("stateabb", ABB, |r| said(&r.stateabb)),
    Column::text("state", "name of the state in the year", |r| said(&r.state)),
    Column::int("year", "calendar year", |r| Some(r.year)),
    Column::text("commitment", COMMITMENT, |r| said(&r.commitment)),
    Column::text("article", "id of its article in the policy", |r| said(&r.article)),
    Column::text(
        "kind",
        "kind of the commitment: refrain (something not done), perform (a duty when its occasion comes) or pursue (something striven for)",
        |r| said(r.kind.name()),
    ),
    Column::text("verdict", MEANING, |r| named(r.verdict)),
    Column::text(
        "at_least",
        "strained where the verdict is unknown and strains are proved: it is strained or worse; null elsewhere",
        |r| r.at_least.and_then(named),
    ),
    Column::truth(
        "covered",
        "true where everything needed is covered; shares and base rates are over these state-years",
        |r| Some(r.covered),
    ),
    Column::truth(
        "looked",
        "true where the verdict is unknown although some source covers the year and holds nothing",
        |r| Some(r.looked),
    ),
    Column::int("breaches", "breaches found in the year under any source", |r| {
        count(r.findings.breaches)
    }),
    Column::int("strains", "strains found in the year under any source", |r| {
        count(r.findings.strains)
    }),
    Column::int("occasions_met", "occasions of a duty that were met, found in the year", |r| {
        count(r.findings.kept)
    }),
    Column::int(
        "mandated",
        "acts under a mandate of the Security Council found in the year; they are counted apart",
        |r| count(r.findings.mandated),
    ),
    Column::text(
        "readings",
        "the verdict under each choice of sources that bears on the commitment, the baseline first; null where there is one choice",
        readings,
    ),
];

/// The columns of findings: one row each.
pub static FINDINGS: &[Column<FindingRow>] = &[
    Column::int("ccode", CCODE, |r| Some(r.ccode)),
    Column::text("stateabb", ABB, |r| said(&r.stateabb)),
    Column::text("state", "name of the state in the year", |r| said(&r.state)),
    Column::int("year", "calendar year", |r| Some(r.finding.year)),
    Column::text("commitment", COMMITMENT, |r| said(&r.commitment)),
    Column::text("verdict", "the verdict on the state and year", |r| named(r.verdict)),
    Column::text(
        "severity",
        "breach, strain, kept (an occasion met) or mandated (under a mandate of the Security Council)",
        |r| said(r.finding.severity.name()),
    ),
    Column::int(
        "other",
        "Correlates of War code of the other state; null where there is none",
        |r| r.finding.other,
    ),
    Column::text("other_stateabb", "its abbreviation", |r| written(r.finding.other_abbr.as_ref())),
    Column::text("what", "what was found, in words", |r| said(&r.finding.what)),
    Column::real(
        "magnitude",
        "how much, in the unit that the text of the commitment names; null where none is known",
        |r| r.finding.magnitude,
    ),
    Column::text("label", "which kind of act; null where the policy distinguishes none", |r| {
        written(r.finding.label.as_ref())
    }),
    Column::text("also", "further rows that bear on it", |r| written(r.finding.also.as_ref())),
    Column::text("block", "the query of the commitment that found it", |r| said(&r.finding.block)),
    Column::text("reading", "the choice of sources under which it was found", |r| {
        said(&r.finding.reading)
    }),
    Column::text("source", "id of its source", |r| said(&r.finding.source)),
    Column::text("source_row", "key of its row in the published source", |r| {
        said(&r.finding.source_row)
    }),
];

/// The columns of last years: one row per state and commitment.
pub static LATEST: &[Column<LatestRow>] = &[
    Column::int("ccode", CCODE, |r| Some(r.ccode)),
    Column::text("stateabb", ABB, |r| said(&r.stateabb)),
    Column::text("state", "name of the state in the last of the years", |r| said(&r.state)),
    Column::text("commitment", COMMITMENT, |r| said(&r.commitment)),
    Column::int("year", "the last year with a verdict that is wanted; null: there is none", |r| {
        r.year
    }),
    Column::text("verdict", "the verdict of that year", |r| r.verdict.and_then(named)),
    Column::int(
        "unknown_with_findings",
        "the last later year (of all, if there is no such year) that is unknown and has findings against the state; null: there is none",
        |r| r.last_unknown_with_findings,
    ),
    Column::int("answered_to", "the last year whose verdict is known", |r| r.answered_to),
    Column::int(
        "years_unknown_with_findings",
        "later years that are unknown and have findings against the state",
        |r| count(r.unknown_with_findings),
    ),
    Column::int("unknown", "later years (all, if there is no such year) that are unknown", |r| {
        count(r.unknown)
    }),
    Column::int("last_contested", "the last later year that is contested", |r| r.last_contested),
    Column::int("breaches", "breaches found in the year, under any source", |r| {
        r.year.and_then(|_| count(r.findings.breaches))
    }),
    Column::int("strains", "strains found in the year, under any source", |r| {
        r.year.and_then(|_| count(r.findings.strains))
    }),
];

/// Broken, and all that were decided: only state-years that are fully covered.
fn share(tally: Tally) -> Option<f64> {
    let decided = tally.decided();
    (decided > 0).then(|| f64::from(tally.broken) / f64::from(decided))
}

/// The columns of counts: one row per state and commitment.
pub static COUNTS: &[Column<CountRow>] = &[
    Column::int("ccode", CCODE, |r| Some(r.ccode)),
    Column::text("stateabb", ABB, |r| said(&r.stateabb)),
    Column::text("state", "name of the state in the last of the years", |r| said(&r.state)),
    Column::text("commitment", COMMITMENT, |r| said(&r.commitment)),
    Column::int("from_year", "first year", |r| Some(r.from)),
    Column::int("to_year", "last year", |r| Some(r.to)),
    Column::int(
        "decided",
        "exposure: years fully covered and kept, strained, broken or contested",
        |r| count(r.own.decided()),
    ),
    Column::int("broken", "of these, broken", |r| count(r.own.broken)),
    Column::real("share_broken", "broken of decided; null where none is decided", |r| share(r.own)),
    Column::real("base_rate", "the same share among all states in the same years", |r| {
        share(r.all)
    }),
    Column::int("base_decided", "state-years of all states that the base rate is over", |r| {
        count(r.all.decided())
    }),
    Column::int("unknown", "years that are unknown", |r| count(r.own.unknown)),
    Column::int("strained_or_worse", "of these, years in which strains are proved", |r| {
        count(r.own.strained_or_worse)
    }),
    Column::int("kept", "of decided, kept", |r| count(r.own.kept)),
    Column::int("strained", "of decided, strained", |r| count(r.own.strained)),
    Column::int("contested", "of decided, contested", |r| count(r.own.contested)),
    Column::int(
        "broken_elsewhere",
        "broken in years that are not fully covered: known only because something was found, and in no share",
        |r| count(r.own.broken_elsewhere),
    ),
    Column::int("strained_elsewhere", "strained in such years", |r| {
        count(r.own.strained_elsewhere)
    }),
    Column::int("kept_elsewhere", "kept in such years", |r| count(r.own.kept_elsewhere)),
    Column::int("no_occasion", "years without an occasion", |r| count(r.own.no_occasion)),
    Column::int("not_applicable", "years in which the commitment does not apply", |r| {
        count(r.own.not_applicable)
    }),
    Column::int("mandated", "years with acts under a mandate of the Security Council", |r| {
        count(r.own.mandated)
    }),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check<R>(columns: &[Column<R>]) {
        let names: BTreeSet<&str> = columns.iter().map(|c| c.name).collect();
        assert_eq!(names.len(), columns.len());
        for c in columns {
            let plain = c.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            assert!(plain && c.name.len() <= 32 && !c.doc.is_empty(), "{}", c.name);
        }
        assert_eq!(table(columns, &[]).unwrap().num_columns(), columns.len());
    }

    #[test]
    fn names_stand_once_and_are_names_in_every_form() {
        check(VERDICTS);
        check(FINDINGS);
        check(LATEST);
        check(COUNTS);
    }

    #[test]
    fn a_share_is_over_what_is_fully_covered() {
        let tally =
            Tally { kept: 3, broken: 1, broken_elsewhere: 9, unknown: 5, ..Tally::default() };
        assert_eq!(share(tally), Some(0.25));
        assert_eq!(share(Tally { unknown: 5, broken_elsewhere: 2, ..Tally::default() }), None);
    }
}
