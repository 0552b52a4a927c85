//! National Material Capabilities: six components and their index, per state and year.

use super::dataset::{Dataset, Edition, FileKind, Files, Get};
use super::error::ReadError;
use super::output::Output;
use super::row::{Keys, Missing};
use crate::coverage::Coverage;
use crate::source::Relation;

pub(super) static DATASET: Dataset = Dataset {
    id: "cow-nmc",
    title: "National Material Capabilities",
    publisher: "Correlates of War Project",
    citation: "Singer, J. David, Stuart Bremer and John Stuckey. 1972. Capability Distribution, Uncertainty, and Major Power War, 1820-1965. In Peace, War, and Numbers, ed. Bruce Russett. Beverly Hills: Sage; Singer, J. David. 1987. International Interactions 14: 115-32.",
    licence: super::COW_TERMS,
    url: "https://correlatesofwar.org/data-sets/national-material-capabilities/",
    get: Get::ByHand("download the files named on its page"),
    relations: &[("capabilities", Relation::Complement)],
    files: &[FileKind {
        missing: &[Missing {
            columns: &["milex", "milper", "irst", "pec", "tpop", "upop", "cinc"],
            codes: &["-9"],
        }],
        ..FileKind::new(
            "abridged",
            "stateabb ccode year milex milper irst pec tpop upop cinc version",
        )
    }],
    editions: &[
        Edition {
            version: "5.0",
            marks: &["2011"],
            last_year: 2012,
            rows: &[("abridged", 15_171)],
        },
        Edition {
            version: "6.0",
            marks: &["2021"],
            last_year: 2016,
            rows: &[("abridged", 15_951)],
        },
    ],
    coverage: |e| vec![Coverage::all("capabilities", 1816, e.last_year)],
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("capabilities");
    for row in files.rows("abridged") {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let mut cells = vec![("ccode", ccode.into()), ("year", year.into())];
        for component in ["milex", "milper", "irst", "pec", "tpop", "upop", "cinc"] {
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
