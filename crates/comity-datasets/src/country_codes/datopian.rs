//! ISO 3166 countries with their codes elsewhere, as Datopian keeps them: a list of today, without dates and without COW's numbers.

use super::code_lists::{self, Ccode, CodeList, Years};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use comity_record::source::Relation;

const LIST: &str = "country-codes";

pub(crate) static DATASET: Dataset = Dataset {
    id: "country-codes",
    title: "Comprehensive country codes (Datopian)",
    publisher: "Datopian",
    citation: "Datopian. Comprehensive country codes: ISO 3166, ITU, ISO 4217 currency codes and many more. https://github.com/datasets/country-codes",
    licence: "Open Data Commons Public Domain Dedication and License (PDDL)",
    url: "https://github.com/datasets/country-codes",
    get: Get::Files(&[Download {
        url: "https://raw.githubusercontent.com/datasets/country-codes/main/data/country-codes.csv",
        sha256: None,
    }]),
    relations: &[(code_lists::TABLE, Relation::Complement)],
    proposed_as: None,
    tables: &["code_crosswalks"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        open: true,
        ..FileKind::new(
            LIST,
            "fifa dial iso3166-1-alpha-3 iso3166-1-numeric iso3166-1-alpha-2 gaul fips m49",
        )
    }],
    editions: &[Edition {
        version: "2026-05",
        released: "2026-05",
        marks: &[],
        last_year: 2026,
        rows: &[(LIST, 249)],
    }],
    coverage: |e| vec![code_lists::context(e.last_year, e.last_year)],
    map: |files: &Files, out: &mut Output| -> Result<(), ReadError> {
        code_lists::read(&CODES, files, out)?;
        out.note("Currencies, languages, telephone numbers, capitals and groups of developing countries are not read");
        Ok(())
    },
};

/// In countrycode's names of the schemes, where it has them.
const CODES: CodeList = CodeList {
    role: LIST,
    name: LIST,
    names: &["official_name_en", "cldr_display_name"],
    key: &["iso3166-1-alpha-3"],
    ccode: Ccode::Iso3("iso3166-1-alpha-3"),
    years: Years::Undated,
    schemes: &[
        "iso3166-1-alpha-2=iso2c iso3166-1-alpha-3=iso3c iso3166-1-numeric=iso3n m49=un fips gaul ioc fifa itu marc wmo ds=vehicle",
        "tld=cctld edgar geoname_id=geonames wikidata_id=wikidata continent=continent_code",
        "region_code=un.region.code region_name=un.region.name sub-region_code=un.regionsub.code sub-region_name=un.regionsub.name",
        "intermediate_region_code=un.regionintermediate.code intermediate_region_name=un.regionintermediate.name",
        "official_name_fr=un.name.fr official_name_es=un.name.es official_name_ru=un.name.ru official_name_cn=un.name.zh official_name_ar=un.name.ar",
    ],
};
