//! Figures of a state in a year: capabilities, democracy, output and population.

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Coded, Filled, Make};
use crate::tables::{By, unknown};
use comity_record::columns::{int, ints};

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

pub(super) static NMC: Group = Group {
    name: "nmc",
    doc: "national material capabilities; null where no figure is published",
    choices: &[],
    tables: &["capabilities"],
    gw_tables: &[],
    of_states: &[
        real(
            "milex",
            "military expenditure, thousands of current pounds to 1913, then of current US dollars",
        ),
        real("milper", "military personnel, thousands"),
        real("irst", "iron and steel production, thousand tons"),
        real("pec", "primary energy consumption, thousand coal-ton equivalents"),
        real("tpop", "population, thousands"),
        real("upop", "urban population, thousands"),
        real("cinc", "composite index of national capability, a share of the world"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        figures(
            make,
            "capabilities",
            &["milex", "milper", "irst", "pec", "tpop", "upop", "cinc"].map(|c| (c, c, 1.0)),
        )
    }),
};

pub(super) static DEMOCRACY: Group = Group {
    name: "democracy",
    doc: "democracy by four scores, in panels of the states of Gleditsch and Ward as published for these; null where none is published",
    choices: &[],
    tables: &["democracy", "gw_democracy"],
    gw_tables: &["gw_democracy"],
    of_states: &[
        real("euds", "extended Unified Democracy Score, about 0"),
        real("aeuds", "the same, set so that 0 divides democracies from others"),
        real("polity2", "Polity, -10 to 10"),
        real("v2x_polyarchy", "V-Dem's index of electoral democracy, 0 to 1"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        let columns = [
            ("euds", "euds", 1.0),
            ("aeuds", "adjusted_euds", 1.0),
            ("polity2", "polity2", 1.0),
            ("v2x_polyarchy", "v2x_polyarchy", 1.0),
        ];
        coded(make, &make.coded("democracy", "gw_democracy")?, &columns)
    }),
};

pub(super) static GDP: Group = Group {
    name: "gdp",
    doc: "output and population as estimated by Fariss and others, in panels of the states of Gleditsch and Ward as published for these; null where not estimated",
    choices: &[],
    tables: &["gdp_estimates", "gw_gdp_estimates"],
    gw_tables: &["gw_gdp_estimates"],
    of_states: &[
        real("mrgdppc", "output per person, international dollars of 2011"),
        real("sd_mrgdppc", "standard deviation of its estimates"),
        real("pwtrgdp", "output, millions of international dollars of 2017"),
        real("sd_pwtrgdp", "standard deviation of its estimates"),
        real("pwtpop", "population, millions"),
        real("sd_pwtpop", "standard deviation of its estimates"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        let columns = [
            ("mrgdppc", "gdp_per_capita", 1.0),
            ("sd_mrgdppc", "gdp_per_capita_sd", 1.0),
            ("pwtrgdp", "gdp", 1.0),
            ("sd_pwtrgdp", "gdp_sd", 1.0),
            ("pwtpop", "population", 1e6),
            ("sd_pwtpop", "population_sd", 1e6),
        ];
        coded(make, &make.coded("gdp_estimates", "gw_gdp_estimates")?, &columns)
    }),
};

pub(super) static THREAT: Group = Group {
    name: "threat",
    doc: "latent territorial threat (Miller); null where not estimated",
    choices: &[],
    tables: &["territorial_threat"],
    gw_tables: &[],
    of_states: &[
        real("lterrthreat", "estimate; 0 and 1 are mean and standard deviation"),
        real("sd", "standard deviation of the simulations"),
        real("lwr", "lower bound"),
        real("upr", "upper bound"),
        real("m_lterrthreat", "estimate with nearer states weighing more"),
        real("m_sd", "of that, as sd"),
        real("m_lwr", "of that, as lwr"),
        real("m_upr", "of that, as upr"),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(|make| {
        let columns = [
            ("lterrthreat", "threat", 1.0),
            ("sd", "deviation", 1.0),
            ("lwr", "low", 1.0),
            ("upr", "high", 1.0),
            ("m_lterrthreat", "weighted_threat", 1.0),
            ("m_sd", "weighted_deviation", 1.0),
            ("m_lwr", "weighted_low", 1.0),
            ("m_upr", "weighted_high", 1.0),
        ];
        figures(make, "territorial_threat", &columns)
    }),
};

/// Columns of a table with a row per Correlates of War state and year: name here, name there, and by what it is divided.
pub(super) fn figures(
    make: &Make<'_>,
    table: &'static str,
    columns: &[(&'static str, &'static str, f64)],
) -> Result<Vec<Column>, PanelError> {
    let of = Coded { table, by: By::Cow, code: "ccode", grid: make.grid.clone() };
    coded(make, &of, columns)
}

/// The same of a table by whatever codes.
fn coded(
    make: &Make<'_>,
    coded: &Coded,
    columns: &[(&'static str, &'static str, f64)],
) -> Result<Vec<Column>, PanelError> {
    let batch = make.table(coded.table)?;
    let (code, year) = (ints(&batch, coded.code), ints(&batch, "year"));
    let place = |row: usize| {
        let state = make.number(coded.by, int(code, row))?;
        coded.grid.cell(usize::from(state), int(year, row)?)
    };
    let places: Vec<Option<usize>> = (0..batch.num_rows()).map(place).collect();
    let mut cells = Vec::new();
    for (name, column, unit) in columns {
        let Some(values) = batch.column_by_name(column) else { continue };
        let values = values.as_primitive::<Float64Type>();
        let mut laid = unknown(make.kind(name), &coded.grid);
        let there = places.iter().enumerate().filter(|(row, _)| values.is_valid(*row));
        for (row, at) in there {
            if let Some(at) = at {
                laid.set(*at, Some(Value::Real(values.value(row) / unit)));
            }
        }
        cells.push(Filled::new(name, laid));
    }
    make.of_members_by(coded.by, &[coded.table], cells)
}
