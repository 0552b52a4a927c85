//! Forces of the United States abroad, by host and year, and its bases: the data of the R package troopdata.
//!
//! The package has its series anew, from the reports themselves, and keeps the older one that went around before; the first is the newer
//! edition here. Hosts have Correlates of War codes, and territories the package's own from 1000 on.

use std::collections::BTreeMap;

use crate::codes::Places;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::{Coverage, Units};
use comity_record::rows::Value;
use comity_record::source::Relation;

const REBUILT: &str = "forces by host and year";
const OLDER: &str = "forces by host and year, older series";
const BASES: &str = "bases";
const CONSTRUCTION: &str = "construction by place and year";
const SENDER: i32 = 2;
const NA: &[Missing] = &[Missing { columns: &[], codes: &["NA"] }];

/// A file of the package as its repository had it on 2 June 2026.
macro_rules! download {
    ($name:literal, $sha256:literal) => {
        Download {
            url: concat!(
                "https://raw.githubusercontent.com/meflynn/troopdata/3946bcf89a6d72de8abace812dc557f1f249f5f7/data-raw/",
                $name
            ),
            sha256: Some($sha256),
        }
    };
}

pub(crate) static DATASET: Dataset = Dataset {
    id: "us-deployments",
    title: "U.S. troop deployments, bases and military construction abroad (troopdata)",
    publisher: "Allen, Flynn and Machain; Kane; bases by David Vine",
    citation: "Allen, Michael A., Michael E. Flynn and Carla Martinez Machain. 2022. US Global Military Deployments, 1950-2020. Conflict Management and Peace Science 39(3): 351-370; Kane, Tim. 2004. Global US Troop Deployment, 1950-2003. Heritage Foundation; Vine, David. 2015. Base Nation. Metropolitan Books",
    licence: "MIT",
    url: "https://github.com/meflynn/troopdata",
    get: Get::Files(&[
        download!(
            "troopdata-rebuild-country-year.csv",
            "875aa5c712506950786d791feb2a01b030c61e9afbc6df37baee5f453ce5fe5e"
        ),
        download!(
            "basedata.csv",
            "5a552e81b39bdbb7af42b6206dd47340a6a9f114bf84c24c0e167cf74844ccda"
        ),
        download!(
            "builddata.csv",
            "bf644fa3a0446531058db997bd91fa9563cb62c98efe243525c035b03ef382dc"
        ),
    ]),
    relations: &[("deployments", Relation::Complement)],
    proposed_as: None,
    tables: &["deployments", "bases", "base_construction"],
    baseline: &[],
    files: &[
        FileKind {
            edition: Some("2024"),
            ..kind(
                REBUILT,
                "countryname year ccode iso3c region troops_ad army_ad navy_ad air_force_ad marine_corps_ad coast_guard_ad space_force_ad army_national_guard air_national_guard army_reserve navy_reserve marine_corps_reserve air_force_reserve coast_guard_reserve total_selected_reserve army_civilian navy_civilian marine_corps_civilian air_force_civilian dod_civilian total_civilian",
            )
        },
        FileKind {
            edition: Some("2023"),
            ..kind(
                OLDER,
                "countryname ccode iso3c year troops army navy air_force marine_corps region space_force coast_guard",
            )
        },
        kind(BASES, "countryname ccode iso3c basename lat lon base lilypad fundedsite"),
        kind(CONSTRUCTION, "countryname ccode iso3c year location lat lon spend_construction"),
        FileKind {
            need: Need::Nothing(
                "visits of American service secretaries and commanders, 1992-2012: no table holds visits",
            ),
            ..FileKind::new(
                "visits of officials",
                "title name start_day start_month start_year city_visited state_visit end_day end_month end_year",
            )
        },
    ],
    editions: &[
        Edition {
            version: "2023",
            released: "2024",
            marks: &[],
            last_year: 2023,
            rows: &[(OLDER, 14_792)],
        },
        Edition {
            version: "2024",
            released: "2026-06",
            marks: &[],
            last_year: 2024,
            rows: &[(REBUILT, 13_135), (BASES, 414), (CONSTRUCTION, 5_532)],
        },
    ],
    coverage: |e| {
        let context = |table, from, to| Coverage {
            units: Units::States([SENDER].into()),
            context: true,
            ..Coverage::all(table, from, to)
                .about("one sender, the United States; about others it says nothing")
        };
        vec![
            context("deployments", 1950, e.last_year),
            context("bases", 2015, 2015),
            context("base_construction", 2008, 2019),
        ]
    },
    map,
};

const fn kind(role: &'static str, columns: &'static str) -> FileKind {
    FileKind { need: Need::Optional, version: None, missing: NA, ..FileKind::new(role, columns) }
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for (role, suffix) in [(REBUILT, "_ad"), (OLDER, "")] {
        if files.get(role).is_some() {
            forces(files, role, suffix, out)?;
        }
    }
    if files.get(BASES).is_some() {
        bases(files, out)?;
    }
    if files.get(CONSTRUCTION).is_some() {
        construction(files, out)?;
    }
    Ok(())
}

/// The host of a row, if it is a state at the time. Some codes stand in the files for longer than in the state system.
fn host(row: &Row<'_>, year: i32, places: &Places) -> Result<Option<i32>, ReadError> {
    let code = match row.need("ccode")? {
        // The Federal Republic, beside the German Democratic Republic (265).
        255 if year < 1990 => 260,
        // Ethiopia without Eritrea, which the state system does not tell apart.
        529 => 530,
        code => code,
    };
    // Some states have a number of the package's own (Montenegro, South Sudan).
    let named = || places.from_name(row.text("countryname")?, year).filter(|_| code >= 1000);
    Ok(if places.in_system(code, year) { Some(code) } else { named() })
}

fn forces(files: &Files, role: &str, suffix: &str, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    let mut at_home = 0;
    let mut named_before: BTreeMap<(i32, i32), &str> = BTreeMap::new();
    let (mut differ, mut twice) = (Vec::new(), Vec::new());
    out.begin("deployments");
    for row in files.rows(role) {
        let (code, year) = (row.need("ccode")?, row.need_year("year")?);
        let name = row.text("countryname").ok_or_else(|| row.refuse("countryname", "a name"))?;
        let key = format!("ccode={code} year={year} countryname={name}");
        keys.add(&row, &key)?;
        if code == SENDER {
            at_home += 1;
            continue;
        }
        let host = host(&row, year, out.places())?;
        if host.is_none() {
            out.unplaced("deployments", "countryname", name);
        }
        let named = out.places().from_name(name, year);
        if let (Some(host), Some(named)) = (host, named)
            && host != named
        {
            differ.push(format!("{} (ccode {code}, {name})", row.place()));
        }
        let before = host.and_then(|host| named_before.insert((host, year), name));
        twice.extend(
            before.map(|before| format!("{} and {} in {year}", before.min(name), before.max(name))),
        );
        let mut cells: Vec<(&str, Value)> = vec![
            ("ccode", SENDER.into()),
            ("host", host.into()),
            ("host_name", name.into()),
            ("year", year.into()),
            ("personnel", row.float(&format!("troops{suffix}"))?.into()),
            ("reserve", row.float("total_selected_reserve")?.into()),
            ("civilians", row.float("total_civilian")?.into()),
        ];
        for branch in ["army", "navy", "air_force", "marine_corps"] {
            cells.push((branch, row.float(&format!("{branch}{suffix}"))?.into()));
        }
        out.push("deployments", &cells, key);
    }
    twice.sort();
    if !twice.is_empty() {
        out.note(format!(
            "{} times a state stands there twice in a year, under two names, mostly once with nobody: both rows are kept ({})",
            twice.len(),
            first_of(&twice)
        ));
    }
    if !differ.is_empty() {
        out.note(format!(
            "{} rows have a code and a name of different states; the code holds: {}",
            differ.len(),
            first_of(&differ)
        ));
    }
    out.note(format!(
        "{at_home} rows are of the United States itself and no deployments abroad; places that are not states have no host and keep their name"
    ));
    out.note("A host with 0 may be one that the year's report does not list; 1951 and 1952 have no report and are steps between 1950 and 1953");
    Ok(())
}

/// The first few of a list, for a note.
fn first_of(list: &[String]) -> String {
    const SHOWN: usize = 3;
    let more = if list.len() > SHOWN { ", …" } else { "" };
    format!("{}{more}", list.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; "))
}

fn bases(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("bases");
    for row in files.rows(BASES) {
        let code = row.need_state("ccode")?;
        let name = row.text("basename");
        out.push(
            "bases",
            &[
                ("ccode", SENDER.into()),
                ("host", code.into()),
                ("host_name", row.text("countryname").into()),
                ("name", name.into()),
                ("base", row.flag("base")?.into()),
                ("lilypad", row.flag("lilypad")?.into()),
                ("funded", row.flag("fundedsite")?.into()),
                ("latitude", row.float("lat")?.into()),
                ("longitude", row.float("lon")?.into()),
            ],
            format!("ccode={code} basename={} row={}", name.unwrap_or(""), row.place().row),
        );
    }
    out.note("The list of bases does not date them. Bases in territories have the code of the state they belong to");
    Ok(())
}

fn construction(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("base_construction");
    let mut at_home = 0;
    for row in files.rows(CONSTRUCTION) {
        let year = row.need_year("year")?;
        let name = row.text("countryname");
        let host = row.int("ccode")?;
        if host == Some(SENDER) {
            at_home += 1;
            continue;
        }
        if host.is_none() {
            out.unplaced("base_construction", "countryname", name.unwrap_or(""));
        }
        let place = row.text("location").unwrap_or("");
        out.push(
            "base_construction",
            &[
                ("ccode", SENDER.into()),
                ("host", host.into()),
                ("host_name", name.into()),
                ("year", year.into()),
                ("place", place.into()),
                ("spending_usd", row.float("spend_construction")?.map(|v| v * 1_000.0).into()),
                ("latitude", row.float("lat")?.into()),
                ("longitude", row.float("lon")?.into()),
            ],
            format!("year={year} location={place} row={}", row.place().row),
        );
    }
    out.note(format!("{at_home} rows of construction in the United States are left out"));
    Ok(())
}
