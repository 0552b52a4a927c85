#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use comity::Record;
use comity::replicate::{Line, REPLICATIONS, replication};

use crate::published;

/// Each number of a table as close to the published one as its digits say, and so many of them.
#[track_caller]
fn check(name: &str, data: &str, count: usize) {
    let data = published::data(data);
    let lines = replication(name).unwrap().run(Some(&data), &Record::starter()).unwrap();
    let off: Vec<&Line> = lines.iter().filter(|line| !line.is_within()).collect();
    assert!(off.is_empty(), "{off:#?}");
    assert_eq!(lines.len(), count);
}

/// Russett, Oneal & Davis (1998), from their log.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_third_leg_of_the_tripod() {
    check("russett-oneal-davis-1998", "liberal-peace", 3 + 20 + 2 + 14);
}

/// Oneal & Russett (2001), Table 1, columns 1 and 2.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn clear_and_clean() {
    check(
        "oneal-russett-2001",
        "liberal-peace/onealrussett2001cc/io_tbl1.dta",
        3 + 16 + 2 + 12 + 1,
    );
}

/// Yotov et al. (2016), Table 1.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_advanced_guide() {
    check("yotov-2016", "gravity", 3 + 3 + 6 + 1);
}

/// Clauset (2018), page 3.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_sizes_of_wars() {
    check("clauset-2018", "cow-war", 5);
}

#[test]
fn what_is_missing_is_named() {
    let starter = Record::starter();
    for replication in &REPLICATIONS {
        let error = replication.run(Some(Path::new("no/such/file")), &starter);
        if replication.name == "bremer-1992" {
            continue;
        }
        let error = error.unwrap_err();
        assert!(error.message.contains("no/such/file"), "{}", error.message);
    }
    let error = replication("yotov-2016").unwrap().run(None, &starter).unwrap_err();
    assert!(error.message.contains("Chapter1Application1.dta"), "{}", error.message);
}
