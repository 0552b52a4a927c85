//! Networks of defence alliances of 164 states.

use comity_datasets::formats::{Content, parts};

const FILE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/tergm-alliances/alliances.RData");

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn alliances_of_164_states() {
    let bytes = std::fs::read(FILE).unwrap();
    for part in parts("alliances.RData", &bytes).unwrap() {
        match part.content {
            Content::Table(cells) => println!("{} table {}", part.inside, cells.len()),
            _ => println!("{} other", part.inside),
        }
    }
}
