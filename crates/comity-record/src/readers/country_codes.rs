//! Crosswalks between systems of country codes: known, and not read. Codes and names are placed by the table in the program.

use super::dataset::{Dataset, FileKind, Get, Need};

const PLACED: Need = Need::Nothing("codes and names are placed by the program's own table");
const YEARS: Need = Need::Nothing("the years follow from the list of states that it was made from");

pub(super) static DATASET: Dataset = Dataset {
    id: "country-codes",
    title: "Crosswalks between systems of country codes",
    publisher: "V. Arel-Bundock and others (countrycode), Datopian (country-codes), A. Halterman (cow2iso), A. Beger (states)",
    citation: "Arel-Bundock, Vincent, Nils Enevoldsen and CJ Yetman. 2018. countrycode: An R package to convert country names and country codes. Journal of Open Source Software 3(28): 848",
    licence: "GPL-3 (countrycode), PDDL (country-codes)",
    url: "https://vincentarelbundock.github.io/countrycode/",
    get: Get::ByHand("none is needed"),
    relations: &[],
    files: &[
        nothing("COW names by year", YEARS, "country cowc cown cow.name year"),
        nothing("Gleditsch-Ward numbers by year", YEARS, "gwn gwc country year"),
        nothing(
            "COW and Gleditsch-Ward by year",
            YEARS,
            "stateabb year gwcode ccode gw_name cw_name",
        ),
        nothing("COW states (states)", YEARS, "cowcode cowc country_name start end microstate"),
        nothing("COW states (isard)", YEARS, "ccode cw_abb cw_name start end"),
        nothing("ISO codes", PLACED, "iso.name.en iso.name.fr iso2c iso3c iso3n country"),
        nothing(
            "United Nations codes",
            PLACED,
            "country un un.region.name un.region.code un.regionsub.name un.regionsub.code un.regionintermediate.name un.regionintermediate.code",
        ),
        nothing(
            "United Nations names",
            PLACED,
            "un.name.en un.name.fr un.name.es un.name.ru un.name.zh un.name.ar country",
        ),
        nothing(
            "regular expressions",
            PLACED,
            "country.name.en country.name.en.regex country.name.de country.name.de.regex",
        ),
        nothing("regions", PLACED, "country continent eu28 region23"),
        nothing(
            "countrycode dictionary",
            PLACED,
            "ar5 cctld country.name.en country.name.en.regex cowc cown gwc gwn iso2c iso3c",
        ),
        nothing(
            "territories since when",
            PLACED,
            "iso3c country start_year year_end start_event source",
        ),
        nothing(
            "country codes (Datopian)",
            PLACED,
            "fifa dial iso3166-1-alpha-3 iso3166-1-numeric iso3166-1-alpha-2 gaul fips m49",
        ),
        nothing(
            "COW to ISO",
            PLACED,
            "cow_id cow3 iso_id iso2 iso3 valid_from valid_until cname cname_full comments statenme",
        ),
    ],
    editions: &[],
    coverage: |_| Vec::new(),
    map: |_, _| Ok(()),
};

const fn nothing(role: &'static str, need: Need, columns: &'static str) -> FileKind {
    FileKind { need, version: None, open: true, ..FileKind::new(role, columns) }
}
