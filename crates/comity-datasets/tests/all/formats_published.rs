//! Every published file that is not text is opened, and its tables have the shape that other programs find in them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::published;
use comity_datasets::formats::{Content, is_text, parts};

/// Rows and columns, as R and Python give them.
const SHAPES: &[(&str, (usize, usize))] = &[
    ("cow-igo/igo_year_format3.rda/igo_year_format3", (19_335, 235)),
    ("cow-igo/state_year_format3.rda/state_year_format3", (15_557, 537)),
    ("cow-trade/cow_trade_ddy.rds/", (1_347_308, 7)),
    ("crosswalks/codelist_panel.rda/codelist_panel", (29_574, 59)),
    ("events-icews/icews_dyadyear_netify.rda/icews", (298_376, 24)),
    ("events-keds/levant.cameo.RData/levant.cameo", (145_709, 4)),
    ("isard/gw_democracy.rda/gw_democracy", (20_849, 6)),
    ("peacesciencer/archigos.rda/archigos", (3_409, 11)),
    ("peacesciencer/atop_alliance.rda/atop_alliance", (273_296, 8)),
    ("peacesciencer/cow_ddy.rda/cow_ddy", (2_214_930, 3)),
    ("peacesciencer/cow_nmc.rda/cow_nmc", (17_121, 9)),
    ("peacesciencer/gml_mid_disps.rda/gml_mid_disps", (2_174, 11)),
    ("peacesciencer/gml_part.rda/gml_part", (5_217, 19)),
    ("ucdp/ucdp_syria_df.rda/ucdp_syria_df", (16_566, 41)),
    ("unga-votes/UNVotesPublished.RData/x", (1_066_613, 16)),
    ("unga-votes/un_votes.rda/un_votes", (870_109, 4)),
];

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    let mut inside: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    inside.sort();
    for path in inside {
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_file_of_another_format_opens() {
    let data = published::path("");
    let mut all = Vec::new();
    files(&data, &mut all);
    let mut shapes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for path in all {
        let bytes = std::fs::read(&path).unwrap();
        if is_text(&bytes) {
            continue;
        }
        let name = path.strip_prefix(&data).unwrap().display().to_string();
        for part in parts(&name, &bytes).unwrap_or_else(|e| panic!("{e}")) {
            let shape = match part.content {
                Content::Table(cells) => (cells.len(), cells.header.len()),
                Content::Text(text) => (text.len(), 0),
                Content::Nothing(_) => continue,
                Content::Damaged(why) => panic!("{name} ({}): {why}", part.inside),
            };
            assert!(shape.0 > 0, "{name} ({}) is empty", part.inside);
            shapes.insert(format!("{name}/{}", part.inside), shape);
        }
    }
    for (part, shape) in SHAPES {
        assert_eq!(shapes.get(*part), Some(shape), "{part}");
    }
}
