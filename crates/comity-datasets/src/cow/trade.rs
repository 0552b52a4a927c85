//! COW International Trade 4.0: what each state imported and exported (national), and what each pair of states traded (dyadic).
//!
//! All flows are imports, in millions of current US dollars: `flow1` is what state 1 imports from state 2, and so the exports of state 2 to it.
//! Every pair is read from both of its sides. A missing flow is not known; a flow of 0 is one that was reported or filled in as none.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::source::Relation;

const NATIONAL: &str = "national trade";
const DYADIC: &str = "dyadic trade";
/// Both directions of every pair with a figure, in whole millions, as made for the R package peacesciencer.
const DIRECTED: &str = "dyadic trade, directed and rounded";
const MISSING: &[Missing] = &[Missing {
    columns: &[
        "imports",
        "exports",
        "alt_imports",
        "alt_exports",
        "flow1",
        "flow2",
        "smoothflow1",
        "smoothflow2",
    ],
    codes: &["-9"],
}];

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-trade",
    title: "International Trade, 1870-2014",
    publisher: "Correlates of War Project (Barbieri and Keshk)",
    citation: "Barbieri, Katherine and Omar M. G. Keshk. 2016. Correlates of War Project Trade Data Set Codebook, Version 4.0; Barbieri, Katherine, Omar M. G. Keshk and Brian Pollins. 2009. TRADING DATA: Evaluating our Assumptions and Coding Rules. Conflict Management and Peace Science 26(5): 471-491.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/bilateral-trade/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/COW_Trade_4.0.zip",
        sha256: None,
    }]),
    relations: &[("trade", Relation::Complement)],
    proposed_as: None,
    tables: &["trade", "trade_totals"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            missing: MISSING,
            ..FileKind::new(
                NATIONAL,
                "ccode statename stateabb year imports exports alt_imports alt_exports source1 source2 version",
            )
        },
        FileKind {
            need: Need::Optional,
            missing: MISSING,
            ..FileKind::new(
                DYADIC,
                "ccode1 ccode2 year importer1 importer2 flow1 flow2 smoothflow1 smoothflow2 smoothtotrade spike1 spike2 dip1 dip2 trdspike tradedip bel_lux_alt_flow1 bel_lux_alt_flow2 china_alt_flow1 china_alt_flow2 source1 source2 version",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
            ..FileKind::new(DIRECTED, "ccode1 ccode2 year flow1 flow2 smoothflow1 smoothflow2")
        },
    ],
    editions: &[Edition {
        version: "4.0",
        released: "2016",
        marks: &["4", "4.0"],
        last_year: 2014,
        // Every pair with a figure stands twice in the copy: the published file has at least half its rows.
        rows: &[(NATIONAL, 14_410), (DYADIC, 673_654), (DIRECTED, 1_347_308)],
    }],
    coverage: |_| Vec::new(),
    map,
};

const TOTALS: &str = "imports and exports of the state, where either is known";
const PAIRS: &str = "states of whose trade with some partner something is known; a pair without a figure is not known";

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    for row in files.rows(NATIONAL) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let (imports, exports) = (flow(&row, "imports")?, flow(&row, "exports")?);
        if imports.is_some() || exports.is_some() {
            out.covers("trade_totals", TOTALS, Some(ccode), year);
        }
        let cells = [
            ("ccode", ccode.into()),
            ("year", year.into()),
            ("imports", imports.into()),
            ("exports", exports.into()),
            ("alternative_imports", flow(&row, "alt_imports")?.into()),
            ("alternative_exports", flow(&row, "alt_exports")?.into()),
        ];
        out.push("trade_totals", &cells, key);
    }
    if files.get(DYADIC).is_none() {
        return directed(files, out);
    }
    let mut unknown = 0;
    for row in files.rows(DYADIC) {
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = row.need_year("year")?;
        let key = format!("ccode1={one} ccode2={two} year={year}");
        let (to_one, to_two) = (flow(&row, "flow1")?, flow(&row, "flow2")?);
        let smooth = (flow(&row, "smoothflow1")?, flow(&row, "smoothflow2")?);
        if (to_one, to_two, smooth) == (None, None, (None, None)) {
            unknown += 1;
            continue;
        }
        pair(out, one, two, year, [to_one, to_two, smooth.0, smooth.1], &key);
        pair(out, two, one, year, [to_two, to_one, smooth.1, smooth.0], &format!("{key} reversed"));
    }
    if unknown > 0 {
        out.note(format!(
            "{unknown} pairs and years without any figure are left out: they are not known"
        ));
    }
    Ok(())
}

/// The directed copy: each pair stands there twice already.
fn directed(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for row in files.rows(DIRECTED) {
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = row.need_year("year")?;
        let flows = [
            flow(&row, "flow1")?,
            flow(&row, "flow2")?,
            flow(&row, "smoothflow1")?,
            flow(&row, "smoothflow2")?,
        ];
        pair(out, one, two, year, flows, &format!("ccode1={one} ccode2={two} year={year}"));
    }
    if files.get(DIRECTED).is_some() {
        out.note("Read from a copy in whole millions: trade of less than half a million dollars is 0 there");
    }
    Ok(())
}

fn flow(row: &Row<'_>, column: &str) -> Result<Option<f64>, ReadError> {
    let value = row.float(column)?;
    if value.is_some_and(|v| v < 0.0) {
        return Err(row.refuse(column, "an amount (-9 is missing)"));
    }
    Ok(value)
}

/// One side of a pair: imports and exports, as reported and smoothed.
fn pair(
    out: &mut Output,
    ccode: i32,
    partner: i32,
    year: i32,
    [imports, exports, smooth_imports, smooth_exports]: [Option<f64>; 4],
    key: &str,
) {
    if imports.is_some() || exports.is_some() {
        out.covers("trade", PAIRS, Some(ccode), year);
    }
    let cells = [
        ("ccode", ccode.into()),
        ("partner", partner.into()),
        ("year", year.into()),
        ("imports", imports.into()),
        ("exports", exports.into()),
        ("smooth_imports", smooth_imports.into()),
        ("smooth_exports", smooth_exports.into()),
    ];
    out.push("trade", &cells, key);
}
