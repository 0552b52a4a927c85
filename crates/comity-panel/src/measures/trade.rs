//! The structure of each state's trade.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, Float64Array, RecordBatch};
use arrow::datatypes::Float64Type;
use comity_measures::trade::{
    Concentration, HIRSCHMAN, ONEAL_RUSSETT, balance, concentration, openness,
};
use comity_record::columns::{int, ints};

use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, YEARS};
use crate::measured::{Rows, refused};

const fn column(name: &'static str, kind: Kind, doc: &'static str) -> Declared {
    Declared { name, kind, doc }
}

const STATES_ALONE: Parameter = Parameter { doc: "only these states, by code or name", ..STATES };

/// Openness, balance and concentration.
pub(crate) static TRADE_STRUCTURE: Measure = Measure {
    name: "trade_structure",
    title: "openness, balance and concentration of a state's trade",
    subject: Subject::Trade,
    doc: "How much a state trades beside what it produces, whether it sells more than it buys, and how much of its trade is with few partners. The flows are those between pairs of states; partners outside the list of states do not count, and a flow that is not known does not count either, so that the sums are of what is known.",
    formula: "openness = (imports + exports) / output; balance = (exports - imports) / (exports + imports); hhi = sum of squared shares of partners; normalised = (hhi - 1/n) / (1 - 1/n)",
    unit: "share, 0 to 1; balance -1 to 1; openness may exceed 1",
    null: "no flow is known or above zero, or the output of the state is not known",
    references: &[HIRSCHMAN, ONEAL_RUSSETT],
    reads: &["trade", "economy"],
    parameters: &[YEARS, STATES_ALONE],
    columns: &[
        column("ccode", Kind::Int, "state, by its number with the Correlates of War"),
        column("year", Kind::Int, "year"),
        column(
            "imports",
            Kind::Real,
            "imports from all partners that are known, millions of current US dollars",
        ),
        column(
            "exports",
            Kind::Real,
            "exports to all partners that are known, millions of current US dollars",
        ),
        column(
            "openness",
            Kind::Real,
            "imports and exports as a share of output in current US dollars",
        ),
        column("balance", Kind::Real, "exports less imports as a share of both"),
        column("partners", Kind::Int, "partners with any trade"),
        column("unknown", Kind::Int, "partners of which a flow is not known"),
        column("hhi", Kind::Real, "concentration of trade on partners, 1 where all is with one"),
        column("hhi_normalised", Kind::Real, "the same, 0 where all partners have the same share"),
        column("hhi_imports", Kind::Real, "concentration of imports"),
        column("hhi_exports", Kind::Real, "concentration of exports"),
        column("largest_partner", Kind::Int, "the partner with most trade"),
        column("largest_share", Kind::Real, "its share of the trade of the state"),
    ],
    made: Computed::Table(structure),
};

/// What is measured of a state in a year.
struct Measured {
    imports: Option<f64>,
    exports: Option<f64>,
    both: Option<Concentration>,
    of_imports: Option<Concentration>,
    of_exports: Option<Concentration>,
}

/// The flows of a state in a year.
#[derive(Default)]
struct Flows {
    partner: Vec<i32>,
    imports: Vec<Option<f64>>,
    exports: Vec<Option<f64>>,
}

impl Flows {
    /// The trade with each partner: of the flows that are known.
    fn both(&self) -> Vec<Option<f64>> {
        let sum = |(a, b): (&Option<f64>, &Option<f64>)| match (a, b) {
            (None, None) => None,
            _ => Some(a.unwrap_or(0.0) + b.unwrap_or(0.0)),
        };
        self.imports.iter().zip(&self.exports).map(sum).collect()
    }

    fn unknown(&self) -> usize {
        let flows = self.imports.iter().zip(&self.exports);
        flows.filter(|(a, b)| a.is_none() || b.is_none()).count()
    }
}

/// The sum of what is known; none where nothing is.
fn sum(flows: &[Option<f64>]) -> Option<f64> {
    let known = flows.iter().flatten();
    (known.clone().count() > 0).then(|| known.sum())
}

fn figures<'a>(batch: &'a RecordBatch, name: &str) -> Option<&'a Float64Array> {
    batch.column_by_name(name).map(|column| column.as_primitive::<Float64Type>())
}

fn known(column: Option<&Float64Array>, row: usize) -> Option<f64> {
    column.filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

fn flows(asked: &Asked<'_>) -> Result<BTreeMap<(i32, i32), Flows>, PanelError> {
    asked.needs("trade")?;
    let batch = asked.table("trade")?;
    let (ccode, partner, year) =
        (ints(&batch, "ccode"), ints(&batch, "partner"), ints(&batch, "year"));
    let (imports, exports) = (figures(&batch, "imports"), figures(&batch, "exports"));
    let mut all: BTreeMap<(i32, i32), Flows> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let key = int(ccode, row).zip(int(year, row));
        let Some((key, partner)) = key.zip(int(partner, row)) else { continue };
        if asked.has_state(key.0) && asked.has_year(key.1) {
            let flows = all.entry(key).or_default();
            flows.partner.push(partner);
            flows.imports.push(known(imports, row));
            flows.exports.push(known(exports, row));
        }
    }
    Ok(all)
}

/// Output by state and year, in millions of current US dollars.
fn outputs(asked: &Asked<'_>) -> Result<BTreeMap<(i32, i32), f64>, PanelError> {
    let batch = asked.table("economy")?;
    let (ccode, year, gdp) =
        (ints(&batch, "ccode"), ints(&batch, "year"), figures(&batch, "gdp_usd"));
    let one = |row: usize| Some(((int(ccode, row)?, int(year, row)?), known(gdp, row)? / 1e6));
    Ok((0..batch.num_rows()).filter_map(one).collect())
}

fn structure(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let all = flows(asked)?;
    let outputs = outputs(asked)?;
    let measured = |flows: &[Option<f64>]| -> Result<Option<Concentration>, PanelError> {
        match concentration(flows) {
            Ok(of) => Ok(Some(of)),
            Err(comity_measures::Error::Empty { .. }) => Ok(None),
            Err(error) => Err(refused(asked.measure, &error)),
        }
    };
    let mut of = Vec::with_capacity(all.len());
    for flows in all.values() {
        of.push(Measured {
            imports: sum(&flows.imports),
            exports: sum(&flows.exports),
            both: measured(&flows.both())?,
            of_imports: measured(&flows.imports)?,
            of_exports: measured(&flows.exports)?,
        });
    }
    let real = |value: fn(&Measured) -> Option<f64>| of.iter().map(value).collect::<Vec<_>>();
    let open = |(key, of): (&(i32, i32), &Measured)| {
        openness(of.imports, of.exports, outputs.get(key).copied())
    };
    let partner = |(flows, of): (&Flows, &Measured)| {
        of.both.and_then(|c| flows.partner.get(c.largest).copied())
    };
    Rows::of(&TRADE_STRUCTURE)
        .keys(all.keys().map(|(ccode, _)| *ccode).collect())
        .keys(all.keys().map(|(_, year)| *year).collect())
        .reals(real(|m| m.imports))
        .reals(real(|m| m.exports))
        .reals(all.keys().zip(&of).map(open).collect())
        .reals(real(|m| balance(m.imports, m.exports)))
        .keys(of.iter().map(|m| m.both.map_or(0, |c| c.partners as i32)).collect())
        .keys(all.values().map(|flows| flows.unknown() as i32).collect())
        .reals(real(|m| m.both.map(|c| c.index)))
        .reals(real(|m| m.both.and_then(|c| c.normalised)))
        .reals(real(|m| m.of_imports.map(|c| c.index)))
        .reals(real(|m| m.of_exports.map(|c| c.index)))
        .ints(all.values().zip(&of).map(partner).collect())
        .reals(real(|m| m.both.map(|c| c.largest_share)))
        .finish()
}
