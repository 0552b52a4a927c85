//! The dictionary of the R package countrycode: codes and names of countries in some forty schemes, undated and by year.
//!
//! The dictionary is published with and without names in all languages, and its parts once more as the lists it was made from.

use super::code_lists::{self, Ccode, CodeList, Years};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use comity_record::source::Relation;

const DICTIONARY: &str = "codelist";
const WITHOUT_CLDR: &str = "codelist without CLDR";
const PANEL: &str = "codelist_panel";
const COW: &str = "data_cow";
const GW: &str = "data_gw";
const ISO: &str = "data_iso";
const UN: &str = "data_un";
const UN_NAMES: &str = "data_un_names";
const REGIONS: &str = "data_regions";
const TERRITORIES: &str = "countryhood";

/// Codes, regions and names. Currencies, telephone numbers, flags and regular expressions are none of these.
const SCHEMES: &[&str] = &[
    "cown cowc cow.name gwn gwc iso2c iso3c iso3n iso.name.en iso.name.fr un imf ioc fips fao gaul genc2c genc3c genc3n",
    "p4n p4c p4.name p5n p5c vdem vdem.name wb wb_api2c wb_api3c wvs unpd unhcr eurostat ecb dhs cctld",
    "ar5 continent eu28 eurocontrol_pru eurocontrol_statfor icao.region region region23 unhcr.region un.region.code un.region.name",
    "un.regionsub.code un.regionsub.name un.regionintermediate.code un.regionintermediate.name",
    "country.name.de country.name.es country.name.fr country.name.it un.name.en un.name.fr un.name.es un.name.ru un.name.zh un.name.ar",
];
/// What a release may have beside the columns that recognise the dictionary.
const MORE: &str = "ar5 cctld continent country.name.de country.name.de.regex country.name.es country.name.es.regex country.name.fr country.name.fr.regex country.name.it country.name.it.regex cow.name currency dhs ecb eu28 eurocontrol_pru eurocontrol_statfor eurostat fao fips gaul genc2c genc3c genc3n icao.region imf ioc iso.name.en iso.name.fr iso4217c iso4217n p4.name p4c p4n p5c p5n region region23 telephone un un.name.ar un.name.en un.name.es un.name.fr un.name.ru un.name.zh un.region.code un.region.name un.regionintermediate.code un.regionintermediate.name un.regionsub.code un.regionsub.name unhcr unhcr.region unicode.symbol unpd vdem vdem.name wb wb_api2c wb_api3c wvs";

pub(crate) static DATASET: Dataset = Dataset {
    id: "countrycode",
    title: "countrycode: country names and codes",
    publisher: "Vincent Arel-Bundock, Nils Enevoldsen and CJ Yetman (R package countrycode)",
    citation: "Arel-Bundock, Vincent, Nils Enevoldsen and CJ Yetman. 2018. countrycode: An R package to convert country names and country codes. Journal of Open Source Software 3(28): 848",
    licence: "GPL-3",
    url: "https://vincentarelbundock.github.io/countrycode/",
    get: Get::Files(&[
        Download {
            url: "https://raw.githubusercontent.com/vincentarelbundock/countrycode/main/data/codelist.rda",
            sha256: None,
        },
        Download {
            url: "https://raw.githubusercontent.com/vincentarelbundock/countrycode/main/data/codelist_panel.rda",
            sha256: None,
        },
    ]),
    relations: &[(code_lists::TABLE, Relation::Complement)],
    proposed_as: None,
    tables: &["code_crosswalks"],
    baseline: &[],
    files: &[
        FileKind {
            open: true,
            ..list(
                DICTIONARY,
                "country.name.en country.name.en.regex cowc cown gwc gwn iso2c iso3c iso3n cldr.name.en",
            )
        },
        FileKind {
            optional: MORE,
            ..list(
                WITHOUT_CLDR,
                "country.name.en country.name.en.regex cowc cown gwc gwn iso2c iso3c iso3n",
            )
        },
        FileKind {
            optional: MORE,
            ..list(
                PANEL,
                "country.name.en country.name.en.regex year cowc cown gwc gwn iso2c iso3c iso3n",
            )
        },
        list(COW, "country cowc cown cow.name year"),
        list(GW, "gwn gwc country year"),
        list(ISO, "iso.name.en iso.name.fr iso2c iso3c iso3n country"),
        list(
            UN,
            "country un un.region.name un.region.code un.regionsub.name un.regionsub.code un.regionintermediate.name un.regionintermediate.code",
        ),
        list(UN_NAMES, "un.name.en un.name.fr un.name.es un.name.ru un.name.zh un.name.ar country"),
        list(REGIONS, "country continent eu28 region23"),
        list(TERRITORIES, "iso3c country start_year year_end start_event source"),
        FileKind {
            need: Need::Nothing("it holds regular expressions for names, and no codes"),
            open: true,
            ..list(
                "regular expressions",
                "country.name.en country.name.en.regex country.name.de country.name.de.regex",
            )
        },
    ],
    editions: &[Edition {
        version: "2026-04",
        released: "2026-04",
        marks: &[],
        last_year: 2024,
        // The dictionary and its panel were shorter in releases before this one.
        rows: &[
            (DICTIONARY, 280),
            (WITHOUT_CLDR, 280),
            (PANEL, 25_000),
            (COW, 15_950),
            (GW, 17_534),
            (ISO, 249),
            (UN, 248),
            (UN_NAMES, 193),
            (REGIONS, 240),
            (TERRITORIES, 55),
        ],
    }],
    coverage: |e| vec![code_lists::context(1776, e.last_year)],
    map,
};

const fn list(role: &'static str, columns: &'static str) -> FileKind {
    FileKind { need: Need::Optional, version: None, ..FileKind::new(role, columns) }
}

const fn undated(role: &'static str, name: &'static str, ccode: Ccode) -> CodeList {
    CodeList {
        role,
        name,
        names: &["country"],
        key: &["country"],
        ccode,
        years: Years::Undated,
        schemes: SCHEMES,
    }
}

const fn dictionary(role: &'static str) -> CodeList {
    let names = &["country.name.en"];
    CodeList { names, key: names, ..undated(role, DICTIONARY, Ccode::Given("cown")) }
}

const LISTS: &[CodeList] = &[
    CodeList {
        key: &["country.name.en", "year"],
        years: Years::Yearly("year"),
        name: PANEL,
        ..dictionary(PANEL)
    },
    CodeList {
        key: &["cown", "year"],
        years: Years::Yearly("year"),
        ..undated(COW, COW, Ccode::Given("cown"))
    },
    CodeList {
        key: &["gwn", "year"],
        years: Years::Yearly("year"),
        ..undated(GW, GW, Ccode::Gw("gwn"))
    },
    undated(ISO, ISO, Ccode::Iso3("iso3c")),
    undated(UN, UN, Ccode::IsoNumeric("un")),
    undated(UN_NAMES, UN_NAMES, Ccode::Name),
    undated(REGIONS, REGIONS, Ccode::Name),
    CodeList {
        key: &["iso3c"],
        years: Years::Between("start_year", "year_end"),
        ..undated(TERRITORIES, TERRITORIES, Ccode::Iso3("iso3c"))
    },
];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let there = files.get(DICTIONARY).is_some();
    code_lists::read(&dictionary(if there { DICTIONARY } else { WITHOUT_CLDR }), files, out)?;
    if there && files.get(WITHOUT_CLDR).is_some() {
        out.note(format!("{}: the same list once more, not read", files.name(WITHOUT_CLDR)));
    }
    for list in LISTS {
        code_lists::read(list, files, out)?;
    }
    out.note("Names in all languages (CLDR), currencies, telephone numbers, flags and regular expressions are not read");
    Ok(())
}
