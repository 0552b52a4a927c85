//! Power: shares of capabilities and their concentration.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use comity_measures::power::{
    self, BREMER, COMPONENT_NAMES, COMPONENTS, ORGANSKI_KUGLER, SINGER, SINGER_BREMER_STUCKEY,
    WEEDE,
};
use comity_record::columns::{int, ints};

use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, Takes, YEARS};
use crate::measured::{Rows, refused};
use crate::region::{REGIONS, region_of};
use crate::register;

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

const CCODE: Declared = Declared {
    name: "ccode",
    kind: Kind::Int,
    doc: "state, by its number with the Correlates of War",
};
const YEAR: Declared = Declared { name: "year", kind: Kind::Int, doc: "year" };

/// The composite index of national capability.
pub(crate) static CINC: Measure = Measure {
    name: "cinc",
    title: "composite index of national capability, with the shares that it is made of",
    subject: Subject::Power,
    doc: "A state's average share of the world's military expenditure and personnel, iron and steel, energy, total and urban population. The shares are of the states with a figure in the year; an indicator that is not known of a state is left out of its average, so that the index of all states of a year may sum to more than 1.",
    formula: "cinc = mean of the known shares s_k; s_k = x_k / sum of x_k over the states of the year; k: milex, milper, irst, pec, tpop, upop",
    unit: "share of the world, 0 to 1",
    null: "no figure of the state is known in the year",
    references: &[SINGER_BREMER_STUCKEY, SINGER],
    reads: &["capabilities"],
    parameters: &[YEARS, STATES],
    columns: &[
        CCODE,
        YEAR,
        real("milex_share", "share of the world's military expenditure"),
        real("milper_share", "share of the world's military personnel"),
        real("irst_share", "share of the world's iron and steel production"),
        real("pec_share", "share of the world's primary energy consumption"),
        real("tpop_share", "share of the world's population"),
        real("upop_share", "share of the world's urban population"),
        real("cinc", "mean of the shares that are known"),
        real("region_share", "share of the index of the state in that of all states of its region"),
    ],
    made: Computed::Table(cinc),
};

/// The concentration of capabilities.
pub(crate) static CON: Measure = Measure {
    name: "con",
    title: "concentration of capabilities in the system",
    subject: Subject::Power,
    doc: "How far the capabilities of the great powers, or of all states, are in few hands: 0 where all have the same, 1 where one has everything. The index of national capability of each is rescaled so that theirs sum to 1.",
    formula: "con = sqrt((sum of s_i^2 - 1/N) / (1 - 1/N)), s_i = cinc_i / sum of cinc",
    unit: "0 to 1",
    null: "fewer than two of the states have a known index in the year",
    references: &[SINGER_BREMER_STUCKEY],
    reads: &["capabilities", "major_powers"],
    parameters: &[
        Parameter {
            name: "among",
            takes: Takes::Choice(&[
                ("majors", "the great powers"),
                ("world", "all states"),
                ("regions", "the states of each region"),
            ]),
            default: "majors",
            doc: "among which states",
        },
        YEARS,
    ],
    columns: &[
        Declared { name: "among", kind: Kind::Text, doc: "majors, world, or a region" },
        YEAR,
        Declared { name: "states", kind: Kind::Int, doc: "how many states it is among" },
        real("con", "concentration, 0 to 1"),
    ],
    made: Computed::Table(con),
};

/// A measure of two capabilities.
const fn of_two(
    name: &'static str,
    title: &'static str,
    doc: &'static str,
    formula: &'static str,
    unit: &'static str,
    references: &'static [comity_measures::Reference],
    made: Computed,
) -> Measure {
    let null = "the capability of one is not known, or the ratio is not defined";
    Measure {
        name,
        title,
        subject: Subject::Power,
        doc,
        formula,
        unit,
        null,
        references,
        reads: &[],
        parameters: &[],
        columns: &[],
        made,
    }
}

/// A function of the indices of two states, in a panel of pairs.
macro_rules! of_pairs {
    ($function:expr, $shown:expr) => {
        Computed::Rows {
            function: $function,
            unit: "dyad-years",
            with: &["nmc", "power"],
            shown: &["cinc1", "cinc2", $shown],
        }
    };
}

/// The weaker as a share of the stronger.
pub(crate) static CAPABILITY_RATIO: Measure = of_two(
    "capability_ratio",
    "the weaker of two states as a share of the stronger",
    "How near two states are in capability: 1 where they have the same, near 0 where one is far stronger. Models of disputes use it with the composite index of national capability.",
    "min(c1, c2) / max(c1, c2)",
    "share, 0 to 1",
    &[BREMER],
    of_pairs!(&register::CAPABILITY_RATIO, "cinc_ratio"),
);

/// Its logarithm, the other way round.
pub(crate) static CAPABILITY_LOG_RATIO: Measure = of_two(
    "capability_log_ratio",
    "logarithm of the stronger of two states over the weaker",
    "How far two states are apart in capability, on a scale on which doubling adds the same everywhere; 0 where they have the same.",
    "ln(max(c1, c2) / min(c1, c2))",
    "natural logarithm, 0 or more",
    &[power::ONEAL_RUSSETT],
    of_pairs!(&register::CAPABILITY_LOG_RATIO, "cinc_log_ratio"),
);

/// The first in what both have.
pub(crate) static CAPABILITY_SHARE: Measure = of_two(
    "capability_share",
    "share of the first of two states in the capability of both",
    "The balance between two states as the first sees it: 0.5 where they have the same.",
    "c1 / (c1 + c2)",
    "share, 0 to 1",
    &[SINGER_BREMER_STUCKEY],
    of_pairs!(&register::CAPABILITY_SHARE, "cinc_share"),
);

/// Parity.
pub(crate) static PARITY: Measure = of_two(
    "parity",
    "whether two states are at parity",
    "Theories of power transition expect war where a challenger comes near the dominant state: the weaker has 80 per cent of the capability of the stronger at least.",
    "1 where min(c1, c2) / max(c1, c2) >= 0.8, else 0",
    "0 or 1",
    &[ORGANSKI_KUGLER],
    of_pairs!(&register::PARITY, "parity"),
);

/// Preponderance.
pub(crate) static PREPONDERANCE: Measure = of_two(
    "preponderance",
    "whether one of two states is preponderant",
    "The stronger has ten times the capability of the weaker at least.",
    "1 where max(c1, c2) >= 10 min(c1, c2), else 0",
    "0 or 1",
    &[WEEDE],
    of_pairs!(&register::PREPONDERANCE, "preponderance"),
);

/// The capabilities of all states and years, beside their keys.
pub(crate) struct Capabilities {
    pub ccode: Vec<i32>,
    pub year: Vec<i32>,
    pub of: Vec<power::Capability>,
}

/// The capabilities of all states, from the components in the record.
pub(crate) fn capabilities(asked: &Asked<'_>) -> Result<Capabilities, PanelError> {
    asked.needs("capabilities")?;
    let batch = asked.table("capabilities")?;
    let (ccodes, years) = (ints(&batch, "ccode"), ints(&batch, "year"));
    let figures = COMPONENT_NAMES
        .map(|name| batch.column_by_name(name).map(|column| column.as_primitive::<Float64Type>()));
    let (mut ccode, mut year, mut components) = (Vec::new(), Vec::new(), Vec::new());
    for row in 0..batch.num_rows() {
        let (Some(state), Some(of)) = (int(ccodes, row), int(years, row)) else { continue };
        let known = |at: usize| figures[at].filter(|c| c.is_valid(row)).map(|c| c.value(row));
        ccode.push(state);
        year.push(of);
        components.push(std::array::from_fn::<_, COMPONENTS, _>(known));
    }
    let of = power::cinc(&year, &components).map_err(|e| refused(asked.measure, &e))?;
    Ok(Capabilities { ccode, year, of })
}

fn cinc(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let all = capabilities(asked)?;
    let regions: Vec<(i32, Option<usize>)> =
        all.year.iter().zip(&all.ccode).map(|(year, ccode)| (*year, region_of(*ccode))).collect();
    let index: Vec<Option<f64>> = all.of.iter().map(|c| c.cinc).collect();
    let of_region = power::shares_within(&regions, &index).map_err(|e| refused(&CINC, &e))?;
    let kept: Vec<usize> = (0..all.ccode.len())
        .filter(|at| asked.has_year(all.year[*at]) && asked.has_state(all.ccode[*at]))
        .collect();
    let key = |of: &[i32]| kept.iter().map(|at| of[*at]).collect();
    let mut rows = Rows::of(&CINC).keys(key(&all.ccode)).keys(key(&all.year));
    for component in 0..COMPONENTS {
        rows = rows.reals(kept.iter().map(|at| all.of[*at].shares[component]).collect());
    }
    let rows = rows.reals(kept.iter().map(|at| index[*at]).collect());
    rows.reals(kept.iter().map(|at| of_region[*at]).collect()).finish()
}

fn con(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let all = capabilities(asked)?;
    let among = asked.word("among");
    let majors = if among == "majors" { great_powers(asked)? } else { Vec::new() };
    let mut groups: BTreeMap<(&str, i32), Vec<f64>> = BTreeMap::new();
    for (at, (ccode, year)) in all.ccode.iter().zip(&all.year).enumerate() {
        let Some(index) = all.of[at].cinc.filter(|_| asked.has_year(*year)) else { continue };
        let is_major =
            |(state, from, to): &(i32, i32, i32)| state == ccode && (from..=to).contains(&year);
        let group = match among {
            "majors" => majors.iter().any(is_major).then_some("majors"),
            "regions" => region_of(*ccode).map(|region| REGIONS[region].0),
            _ => Some("world"),
        };
        if let Some(group) = group {
            groups.entry((group, *year)).or_default().push(index);
        }
    }
    let (mut names, mut years, mut states, mut values) = (vec![], vec![], vec![], vec![]);
    for ((name, year), indices) in groups {
        names.push(name);
        years.push(year);
        states.push(Some(indices.len() as i32));
        values.push(match power::con(&indices) {
            Ok(con) => Some(con),
            Err(comity_measures::Error::TooFew { .. } | comity_measures::Error::Empty { .. }) => {
                None
            }
            Err(error) => return Err(refused(&CON, &error)),
        });
    }
    Rows::of(&CON).texts(&names).keys(years).ints(states).reals(values).finish()
}

/// Each great power with its first and last year.
fn great_powers(asked: &Asked<'_>) -> Result<Vec<(i32, i32, i32)>, PanelError> {
    asked.needs("major_powers")?;
    let batch = asked.table("major_powers")?;
    let (ccode, start, end) =
        (ints(&batch, "ccode"), ints(&batch, "start_year"), ints(&batch, "end_year"));
    let spell =
        |row: usize| Some((int(ccode, row)?, int(start, row)?, int(end, row).unwrap_or(i32::MAX)));
    Ok((0..batch.num_rows()).filter_map(spell).collect())
}
