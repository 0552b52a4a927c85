//! National Material Capabilities: six components and their index, per state and year.

use crate::cells::Cells;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const ABRIDGED: &str = "abridged";
const SUPPLEMENT: &str = "with sources and notes";
/// As the R package peacesciencer has version 7.
const COPY: &str = "copy in peacesciencer";
const MISSING: &[Missing] = &[Missing { columns: &COMPONENTS, codes: &["-9"] }];
/// Six components and their index.
const COMPONENTS: [&str; 7] = ["milex", "milper", "irst", "pec", "tpop", "upop", "cinc"];

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-nmc",
    title: "National Material Capabilities",
    publisher: "Correlates of War Project",
    citation: "Singer, J. David, Stuart Bremer and John Stuckey. 1972. Capability Distribution, Uncertainty, and Major Power War, 1820-1965. In Peace, War, and Numbers, ed. Bruce Russett. Beverly Hills: Sage; Singer, J. David. 1987. International Interactions 14: 115-32.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/national-material-capabilities/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/NMCv7.zip",
        sha256: None,
    }]),
    relations: &[("capabilities", Relation::Complement)],
    proposed_as: None,
    tables: &["capabilities"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            missing: MISSING,
            ..FileKind::new(
                ABRIDGED,
                "stateabb ccode year milex milper irst pec tpop upop cinc version",
            )
        },
        FileKind {
            need: Need::Optional,
            open: true,
            missing: MISSING,
            ..FileKind::new(
                SUPPLEMENT,
                "ccode year milex milexsource milper milpersource irst irstsource pec pecsource tpop tpopsource upop upopsource cinc version",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            edition: Some("7.0"),
            row_test: Some(is_copy),
            ..FileKind::new(COPY, "ccode year milex milper irst pec tpop upop cinc")
        },
    ],
    editions: &[
        // The supplement has the same states and years.
        Edition {
            version: "5.0",
            released: "2017",
            marks: &["2011"],
            last_year: 2012,
            rows: &[(ABRIDGED, 15_171), (SUPPLEMENT, 15_171)],
        },
        Edition {
            version: "6.0",
            released: "2021",
            marks: &["2021"],
            last_year: 2016,
            rows: &[(ABRIDGED, 15_951), (SUPPLEMENT, 15_951)],
        },
        Edition {
            version: "7.0",
            released: "2025",
            marks: &["2025"],
            last_year: 2022,
            rows: &[(COPY, 17_121)],
        },
    ],
    coverage: |e| vec![Coverage::all("capabilities", 1816, e.last_year)],
    map,
};

/// Columns like these may stand in anybody's table: the copy begins with the United States in 1816.
fn is_copy(rows: &Cells) -> bool {
    let first = ["ccode", "year", "milex", "milper"].map(|c| rows.column(c));
    let first = first.map(|c| c.map_or("", |c| rows.get(0, c)));
    first == ["2", "1816", "3823", "17"]
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("capabilities");
    let roles = [ABRIDGED, SUPPLEMENT, COPY];
    let role = roles.into_iter().find(|role| files.get(role).is_some()).unwrap_or(ABRIDGED);
    if role == COPY {
        out.note("Read from the copy in the R package peacesciencer (Miller)");
    }
    for row in files.rows(role) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let mut cells = vec![("ccode", ccode.into()), ("year", year.into())];
        for component in COMPONENTS {
            let value = row.float(component)?;
            if value.is_some_and(|v| v < 0.0) {
                return Err(row.refuse(component, "a quantity (-9 is missing)"));
            }
            cells.push((component, value.into()));
        }
        out.push("capabilities", &cells, key);
    }
    Ok(())
}
