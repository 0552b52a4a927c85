//! What else the R package peacesciencer holds: copies and selections of datasets that are read as their publishers release them, and
//! figures that no table holds. Each is known, so that a folder of the package's data leaves no file unexplained.

use crate::dataset::{Dataset, FileKind, Get, Need};

const AS_PUBLISHED: Need =
    Need::Nothing("a copy; the dataset is read as its publisher releases it");
const SELECTION: Need =
    Need::Nothing("made from a dataset that is read as its publisher releases it");
const NO_TABLE: Need = Need::Nothing("no table holds it");

pub(crate) static DATASET: Dataset = Dataset {
    id: "peacesciencer",
    title: "Further data of the R package peacesciencer",
    publisher: "Steven V. Miller",
    citation: "Miller, Steven V. 2022. {peacesciencer}: An R Package for Quantitative Peace Science Research. Conflict Management and Peace Science 39(6): 755-779.",
    licence: "GPL-2 (package); the data under the terms of their publishers",
    url: "https://svmiller.com/peacesciencer/",
    get: Get::ByHand("none is needed"),
    relations: &[],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[
        nothing(
            "great powers (COW)",
            AS_PUBLISHED,
            "ccode styear stmonth stday endyear endmonth endday version",
        ),
        nothing(
            "great powers (Maoz)",
            NO_TABLE,
            "ccode regstdate regenddate globstdate globenddate",
        ),
        nothing("national trade", AS_PUBLISHED, "ccode year imports exports"),
        nothing("directed dyad-years (COW)", SELECTION, "ccode1 ccode2 year"),
        nothing(
            "directed dyad-years (Gleditsch and Ward)",
            SELECTION,
            "gwcode1 gwcode2 year microstate1 microstate2",
        ),
        nothing("dyads that never were (COW)", SELECTION, "ccode1 ccode2 year in_ps"),
        nothing(
            "dyads that never were (Gleditsch and Ward)",
            SELECTION,
            "gwcode1 gwcode2 year microstate1 microstate2 in_ps",
        ),
        nothing("joint memberships by dyad and year", SELECTION, "ccode1 ccode2 year dyadigos"),
        FileKind {
            row_test: Some(|rows| !super::gml_mid::is_gml(rows)),
            ..nothing(
                "COW disputes",
                AS_PUBLISHED,
                "dispnum styear stmon outcome settle fatality mindur maxdur hiact hostlev recip",
            )
        },
        nothing(
            "one COW dispute per directed dyad-year",
            SELECTION,
            "dispnum ccode1 ccode2 year cowmidongoing cowmidonset sidea1 sidea2 fatality1 fatality2 fatalpre1 fatalpre2 hiact1 hiact2 hostlev1 hostlev2 orig1 orig2 fatality hostlev mindur maxdur recip stmon",
        ),
        nothing(
            "inter-state wars by directed dyad and year",
            SELECTION,
            "warnum ccode1 ccode2 year cowinterongoing cowinteronset sidea1 sidea2 initiator1 initiator2 outcome1 outcome2 batdeath1 batdeath2 resume",
        ),
        nothing(
            "intra-state wars by year (version 4.1)",
            SELECTION,
            "warnum warname wartype year cowintraonset cowintraongoing resume_combat primary_state ccodea sidea ccodeb sideb intnl outcome sideadeaths sidebdeaths ongo2007",
        ),
        nothing(
            "armed conflicts by participant",
            SELECTION,
            "conflict_id year gwno_a gwno_a_2nd gwno_b gwno_b_2nd incompatibility intensity_level type_of_conflict start_date start_prec start_date2 start_prec2 ep_end ep_end_date",
        ),
        nothing(
            "leaders by year",
            SELECTION,
            "gwcode year leadertransition irregular n_leaders jan1obsid dec31obsid",
        ),
        nothing("numbers of leaders", SELECTION, "obsid leadid leadid29 leaderid"),
        nothing("versions of its data", NO_TABLE, "category data version bibtexkey"),
    ],
    editions: &[],
    coverage: |_| Vec::new(),
    map: |_, _| Ok(()),
};

const fn nothing(role: &'static str, need: Need, columns: &'static str) -> FileKind {
    FileKind { need, version: None, ..FileKind::new(role, columns) }
}
