//! UCDP organised violence by state and year: state-based, non-state and one-sided violence within borders, with deaths.
//!
//! Every state of the list of Gleditsch and Ward has a row for each of its years, also where nothing happened: a zero is a zero. The lists of
//! dyads are left to the other datasets of UCDP, which have them one by one.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::rows::Value;
use comity_record::source::Relation;

const YEARS: &str = "organised violence by state and year";
const COLUMNS: &str = "country_id_cy country_cy year_cy region_cy main_govt_name_cy sb_exist_cy sb_dyad_count_cy sb_dyad_ids_cy sb_dyad_names_cy sb_deaths_parties_cy sb_deaths_civilians_cy sb_deaths_unknown_cy sb_total_deaths_best_cy sb_total_deaths_high_cy sb_total_deaths_low_cy sb_intrastate_exist_cy sb_intrastate_dyad_count_cy sb_intrastate_dyad_ids_cy sb_intrastate_dyad_names_cy sb_intrastate_main_govt_inv_incomp_cy sb_intrastate_deaths_parties_cy sb_intrastate_deaths_civilians_cy sb_intrastate_deaths_unknown_cy sb_intrastate_deaths_best_cy sb_intrastate_deaths_high_cy sb_intrastate_deaths_low_cy sb_interstate_exist_cy sb_interstate_dyad_count_cy sb_interstate_dyad_ids_cy sb_interstate_dyad_names_cy sb_interstate_main_govt_inv_incomp_cy sb_interstate_deaths_parties_cy sb_interstate_deaths_civilians_cy sb_interstate_deaths_unknown_cy sb_interstate_deaths_best_cy sb_interstate_deaths_high_cy sb_interstate_deaths_low_cy ns_exist_cy ns_dyad_count_cy ns_dyad_ids_cy ns_dyad_names_cy ns_deaths_parties_cy ns_deaths_civilians_cy ns_deaths_unknown_cy ns_total_deaths_best_cy ns_total_deaths_high_cy ns_total_deaths_low_cy os_exist_cy os_dyad_count_cy os_dyad_ids_cy os_dyad_names_cy os_main_govt_inv_cy os_main_govt_killings_best_cy os_main_govt_killings_high_cy os_main_govt_killings_low_cy os_any_govt_inv_cy os_any_govt_killings_best_cy os_any_govt_killings_high_cy os_any_govt_killings_low_cy os_nsgroup_inv_cy os_nsgroup_killings_best_cy os_nsgroup_killings_high_cy os_nsgroup_killings_low_cy os_killings_unknown_cy os_total_deaths_best_cy os_total_deaths_high_cy os_total_deaths_low_cy cumulative_total_deaths_parties_in_orgvio_cy cumulative_total_deaths_civilians_in_orgvio_cy cumulative_total_deaths_unknown_in_orgvio_cy cumulative_total_deaths_in_orgvio_best_cy cumulative_total_deaths_in_orgvio_high_cy cumulative_total_deaths_in_orgvio_low_cy version";
/// Whether there was any: the column here, and as published.
const FLAGS: [(&str, &str); 10] = [
    ("state_based", "sb_exist_cy"),
    ("intrastate", "sb_intrastate_exist_cy"),
    ("intrastate_government", "sb_intrastate_main_govt_inv_incomp_cy"),
    ("interstate", "sb_interstate_exist_cy"),
    ("interstate_government", "sb_interstate_main_govt_inv_incomp_cy"),
    ("non_state", "ns_exist_cy"),
    ("one_sided", "os_exist_cy"),
    ("one_sided_government", "os_main_govt_inv_cy"),
    ("one_sided_any_government", "os_any_govt_inv_cy"),
    ("one_sided_groups", "os_nsgroup_inv_cy"),
];
/// Numbers of dyads, actors and deaths.
const COUNTS: [(&str, &str); 48] = [
    ("state_based_dyads", "sb_dyad_count_cy"),
    ("state_based_deaths", "sb_total_deaths_best_cy"),
    ("state_based_low", "sb_total_deaths_low_cy"),
    ("state_based_high", "sb_total_deaths_high_cy"),
    ("state_based_parties", "sb_deaths_parties_cy"),
    ("state_based_civilians", "sb_deaths_civilians_cy"),
    ("state_based_unknown", "sb_deaths_unknown_cy"),
    ("intrastate_dyads", "sb_intrastate_dyad_count_cy"),
    ("intrastate_deaths", "sb_intrastate_deaths_best_cy"),
    ("intrastate_low", "sb_intrastate_deaths_low_cy"),
    ("intrastate_high", "sb_intrastate_deaths_high_cy"),
    ("intrastate_parties", "sb_intrastate_deaths_parties_cy"),
    ("intrastate_civilians", "sb_intrastate_deaths_civilians_cy"),
    ("intrastate_unknown", "sb_intrastate_deaths_unknown_cy"),
    ("interstate_dyads", "sb_interstate_dyad_count_cy"),
    ("interstate_deaths", "sb_interstate_deaths_best_cy"),
    ("interstate_low", "sb_interstate_deaths_low_cy"),
    ("interstate_high", "sb_interstate_deaths_high_cy"),
    ("interstate_parties", "sb_interstate_deaths_parties_cy"),
    ("interstate_civilians", "sb_interstate_deaths_civilians_cy"),
    ("interstate_unknown", "sb_interstate_deaths_unknown_cy"),
    ("non_state_dyads", "ns_dyad_count_cy"),
    ("non_state_deaths", "ns_total_deaths_best_cy"),
    ("non_state_low", "ns_total_deaths_low_cy"),
    ("non_state_high", "ns_total_deaths_high_cy"),
    ("non_state_parties", "ns_deaths_parties_cy"),
    ("non_state_civilians", "ns_deaths_civilians_cy"),
    ("non_state_unknown", "ns_deaths_unknown_cy"),
    ("one_sided_actors", "os_dyad_count_cy"),
    ("one_sided_deaths", "os_total_deaths_best_cy"),
    ("one_sided_low", "os_total_deaths_low_cy"),
    ("one_sided_high", "os_total_deaths_high_cy"),
    ("one_sided_government_deaths", "os_main_govt_killings_best_cy"),
    ("one_sided_government_low", "os_main_govt_killings_low_cy"),
    ("one_sided_government_high", "os_main_govt_killings_high_cy"),
    ("one_sided_any_government_deaths", "os_any_govt_killings_best_cy"),
    ("one_sided_any_government_low", "os_any_govt_killings_low_cy"),
    ("one_sided_any_government_high", "os_any_govt_killings_high_cy"),
    ("one_sided_groups_deaths", "os_nsgroup_killings_best_cy"),
    ("one_sided_groups_low", "os_nsgroup_killings_low_cy"),
    ("one_sided_groups_high", "os_nsgroup_killings_high_cy"),
    ("one_sided_unknown", "os_killings_unknown_cy"),
    ("deaths", "cumulative_total_deaths_in_orgvio_best_cy"),
    ("deaths_low", "cumulative_total_deaths_in_orgvio_low_cy"),
    ("deaths_high", "cumulative_total_deaths_in_orgvio_high_cy"),
    ("deaths_parties", "cumulative_total_deaths_parties_in_orgvio_cy"),
    ("deaths_civilians", "cumulative_total_deaths_civilians_in_orgvio_cy"),
    ("deaths_unknown", "cumulative_total_deaths_unknown_in_orgvio_cy"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "ucdp-organized-violence",
    title: "UCDP Country-Year Dataset on Organized Violence within Country Borders",
    publisher: "Uppsala Conflict Data Program",
    citation: "Davies, Shawn, Therése Pettersson, Margareta Sollenberg and Magnus Öberg. 2025. Organized Violence 1989-2024, and the Challenges of Identifying Civilian Victims. Journal of Peace Research 62(4).",
    licence: "CC BY 4.0",
    url: "https://ucdp.uu.se/downloads/",
    get: Get::ByHand(
        "on its page download the UCDP Country-Year Dataset on Organized Violence within Country Borders as CSV",
    ),
    relations: &[("organized_violence", Relation::Complement)],
    proposed_as: None,
    tables: &["organized_violence"],
    baseline: &[],
    files: &[FileKind { years: "year_cy", ..FileKind::new(YEARS, COLUMNS) }],
    editions: &[Edition {
        version: "25.1",
        released: "2025-06",
        marks: &["25.1"],
        last_year: 2024,
        rows: &[(YEARS, 6_936)],
    }],
    // States and years are covered through their rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("organized_violence");
    for row in files.rows(YEARS) {
        let (gwno, year) = (row.need_state("country_id_cy")?, row.need_year("year_cy")?);
        let key = format!("country_id_cy={gwno} year_cy={year}");
        keys.add(&row, &key)?;
        let ccode = out.places().from_gw(gwno, year);
        if ccode.is_none() {
            out.unplaced("organized_violence", "ccode", gwno);
        }
        let mut cells: Vec<(&'static str, Value)> = vec![
            ("gwcode", gwno.into()),
            ("ccode", ccode.into()),
            ("year", year.into()),
            ("name", row.text("country_cy").into()),
        ];
        for (name, column) in FLAGS {
            cells.push((name, row.flag(column)?.into()));
        }
        for (name, column) in COUNTS {
            cells.push((name, row.code(column, 0..=i32::MAX)?.into()));
        }
        out.covers(
            "organized_violence",
            "organised violence with deaths, by parties with 25 or more of them in some year",
            ccode,
            year,
        );
        out.push("organized_violence", &cells, key);
    }
    Ok(())
}
