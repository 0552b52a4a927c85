//! Correlates of War numbers and ISO 3166 codes with the years in which they hold, from the trade statistics of the United Nations.

use super::code_lists::{self, Ccode, CodeList, Years};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Missing;
use comity_record::source::Relation;

const LIST: &str = "cow2iso";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow2iso",
    title: "COW numbers and ISO 3166 codes by year (cow2iso)",
    publisher: "as carried by A. Halterman's NGEC",
    citation: "cow2iso, in Halterman, Andrew. NGEC: Next Generation Event Coder. https://github.com/ahalterman/NGEC",
    licence: "free with citation",
    url: "https://github.com/ahalterman/NGEC",
    get: Get::Files(&[Download {
        url: "https://raw.githubusercontent.com/ahalterman/NGEC/main/NGEC/assets/cow2iso.txt",
        sha256: None,
    }]),
    relations: &[(code_lists::TABLE, Relation::Complement)],
    proposed_as: None,
    tables: &["code_crosswalks"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: &[Missing { columns: &[], codes: &["N/A"] }],
        ..FileKind::new(
            LIST,
            "cow_id cow3 iso_id iso2 iso3 valid_from valid_until cname cname_full comments statenme",
        )
    }],
    editions: &[Edition {
        version: "2024-05",
        released: "2024-05",
        marks: &[],
        last_year: 2024,
        rows: &[(LIST, 315)],
    }],
    coverage: |e| vec![code_lists::context(1962, e.last_year)],
    map: |files: &Files, out: &mut Output| -> Result<(), ReadError> {
        code_lists::read(&CODES, files, out)
    },
};

const CODES: CodeList = CodeList {
    role: LIST,
    name: LIST,
    names: &["cname_full", "cname", "statenme"],
    key: &["cow_id", "iso_id", "valid_from"],
    ccode: Ccode::Given("cow_id"),
    years: Years::Between("valid_from", "valid_until"),
    schemes: &["cow_id=cown cow3=cowc iso_id=iso3n iso2=iso2c iso3=iso3c statenme=cow.name"],
};
