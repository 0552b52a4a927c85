//! Files of one dataset in every order of adding, together and one after the other: the record is the same.

use std::fs;
use std::path::PathBuf;

use comity_datasets::{self, codes::Places};
use comity_record::schema::TABLES;
use comity_record::{Record, Store};

use super::{MIDA, MIDB};

/// A file by its name and what it holds.
type File = (&'static str, String);

/// Adds files, as they lie in a folder that is gone afterwards.
fn add(store: &Store, files: &[&File]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.path().join(name)).collect();
    for (path, (_, text)) in paths.iter().zip(files) {
        fs::write(path, text).unwrap();
    }
    let search = comity_datasets::find_beside(&paths, false, |dataset| store.kept(dataset));
    let search = search.map_err(|e| e.to_string())?;
    assert!(search.unrecognised.is_empty(), "{:?}", search.unrecognised);
    let mut bundles = Vec::new();
    for found in &search.found {
        let read = comity_datasets::read_with(found, true, &Places::starter());
        bundles.push(read.map_err(|e| e.to_string())?);
    }
    store.add(&bundles).map(|_| ()).map_err(|e| e.to_string())
}

/// What a record is: its fingerprint, its files, and what its sources say, but for the words of notes.
fn said(record: &Record) -> (String, Vec<String>, Vec<String>) {
    let sources = || record.sources().iter().filter(|s| !s.id.starts_with("starter"));
    let mut rows = Vec::new();
    for source in sources() {
        for table in TABLES {
            let of = record.rows(&source.id, table).unwrap();
            rows.extend(of.map(|batch| format!("{} {} {batch:?}", source.id, table.name)));
        }
    }
    let files = sources().map(|s| {
        let mut files: Vec<_> = s.files.iter().map(|f| (&f.name, &f.sha256, &f.fills)).collect();
        files.sort();
        // How often a code stands in rows that files share is counted for each file.
        let codes: Vec<_> = s.unplaced.iter().map(|u| (&u.table, &u.column, &u.code)).collect();
        format!("{} {files:?} {codes:?}", s.id)
    });
    (record.fingerprint().unwrap(), files.collect(), rows)
}

fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for at in 0..count {
            let mut order = shorter.clone();
            order.insert(at, count - 1);
            all.push(order);
        }
    }
    all
}

/// Adds groups of files together, and one after the other in every order.
fn same_in_every_order(what: &str, groups: &[Vec<File>]) {
    let whole: Vec<&File> = groups.iter().flatten().collect();
    let made = |added: &[Vec<&File>]| {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(folder.path(), comity_datasets::catalogue());
        for files in added {
            add(&store, files).unwrap_or_else(|e| panic!("{what}: {e}"));
        }
        assert!(store.verify().unwrap().bad.is_empty());
        said(&store.open().unwrap())
    };
    let together = made(&[whole]);
    for order in orders(groups.len()) {
        let added: Vec<Vec<&File>> = order.iter().map(|at| groups[*at].iter().collect()).collect();
        assert_eq!(made(&added), together, "{what}: {order:?}");
    }
}

fn file(name: &'static str, lines: &[&str]) -> File {
    (name, lines.join("\n") + "\n")
}

/// Datasets with several files, each with invented rows; a group is what must be given at once.
fn datasets() -> Vec<(&'static str, Vec<Vec<File>>)> {
    let years = |range: std::ops::RangeInclusive<i32>, kind: i32| -> Vec<String> {
        range
            .flat_map(|y| {
                [format!("2020,2,A,20,B,{y},{kind},3.2"), format!("2020,20,B,2,A,{y},{kind},3.2")]
            })
            .collect()
    };
    let mut dyads =
        vec!["dyad,state1no,state1ab,state2no,state2ab,year,conttype,version".to_owned()];
    dyads.extend(years(1950..=1952, 1));
    dyads.extend(years(1952..=2016, 4));
    vec![
        (
            "gw-states 2017",
            vec![
                vec![file(
                    "list.csv",
                    &[
                        "cow_nr.,cow_id,name_of_state,start,end",
                        "2,USA,United States,01.01.1816,31.12.2017",
                        "260,GFR,German Federal Republic,21.09.1949,31.12.2017",
                    ],
                )],
                vec![file(
                    "gw_states.csv",
                    &[
                        "gwcode,stateabb,statename,startdate,enddate",
                        "2,USA,United States of America,1816-01-01,2017-12-31",
                        "260,GFR,\"Germany, Federal Republic\",1949-09-21,2017-12-31",
                    ],
                )],
            ],
        ),
        (
            "gw-states 2020",
            vec![
                vec![file(
                    "states.csv",
                    &[
                        "gwcode,gwc,country_name,start,end,microstate",
                        "970,KIR,Kiribati,1979-07-12,9999-12-31,TRUE",
                    ],
                )],
                vec![file(
                    "isard.csv",
                    &[
                        "gwcode,gw_abb,gw_name,microstate,start,end",
                        "970,KRB,Kiribati (Gilbert),1,1979-07-12,2020-12-31",
                    ],
                )],
            ],
        ),
        (
            "cow-contiguity",
            vec![
                vec![file(
                    "contdir.csv",
                    &[
                        "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version",
                        "2020,2,A,20,B,1,195003,195206,x,3.2",
                        "2020,2,A,20,B,4,195206,201612,x,3.2",
                    ],
                )],
                vec![("contdird.csv", dyads.join("\n") + "\n")],
            ],
        ),
        (
            "cow-mid",
            vec![vec![
                ("mida.csv", format!("{MIDA}9001,-9,7,1902,24,1,1903,6,1,0,0,2,1,7,3,0,1,1,0,5\n")),
                (
                    "midb.csv",
                    format!("{MIDB}9001,\"AAA\",2,-9,7,1902,24,1,1903,0,1,1,-9,0,0,0,1,1,5\n"),
                ),
            ]],
        ),
        (
            "keds",
            vec![
                vec![file(
                    "levant.csv",
                    &[
                        "date,source,target,code",
                        "1979-04-15,EGYGOV,SUNREB,190",
                        "1985-01-01,USR,GMW,0211",
                    ],
                )],
                vec![file("gulf.csv", &["date,source,target,code", "1979-04-15,IRQ,UAR,223"])],
                vec![file("cameo.csv", &["name,value", "190,-9.5", "0211,1.5"])],
                vec![file("weis.csv", &["name,value", "225,-8", "223,-7.5"])],
            ],
        ),
        (
            "wdi",
            vec![
                vec![file(
                    "ny.gdp.mktp.cd.csv",
                    &[
                        "Country Name,Country Code,Year,Value",
                        "United States,USA,2000,1e13",
                        "United States,USA,2001,1.1e13",
                        "France,FRA,1990,2e12",
                    ],
                )],
                vec![file(
                    "ny.gdp.mktp.kd.zg.csv",
                    &[
                        "Country Name,Country Code,Year,Value",
                        "United States,USA,2001,4.1",
                        "United States,USA,2003,1",
                        "Nowhere,XXX,2003,1",
                    ],
                )],
                vec![file(
                    "x ny.gdp.mktp.cd.csv",
                    &[
                        "Country Name,Country Code,Year,Value",
                        "United States,USA,2001,1.1e13",
                        "France,FRA,1991,2.1e12",
                    ],
                )],
            ],
        ),
        (
            "isard",
            vec![
                vec![file(
                    "a.csv",
                    &[
                        "stateabb,year,gwcode,ccode,gw_name,cw_name",
                        "USA,1990,2,2,United States,United States",
                        "USA,1992,2,2,United States,United States",
                    ],
                )],
                vec![file(
                    "b.csv",
                    &[
                        "stateabb,year,gwcode,ccode,gw_name,cw_name",
                        "USA,1991,2,2,United States,United States",
                    ],
                )],
                vec![file(
                    "d.csv",
                    &["ccode,year,euds,aeuds,polity2,v2x_polyarchy", "2,1990,1.5,1.1,10,0.9"],
                )],
            ],
        ),
    ]
}

#[test]
fn the_order_of_adding_never_matters() {
    for (what, groups) in datasets() {
        same_in_every_order(what, &groups);
    }
}

#[test]
fn figures_that_several_files_share_are_one_whichever_came_first() {
    // Indicators in random parts, with a fixed beginning.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |n: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % n
    };
    for round in 0..6 {
        let names = ["a.ny.gdp.mktp.cd.csv", "ny.gdp.mktp.kd.zg.csv", "ny.gdp.mktp.cd.csv"];
        let mut groups = Vec::new();
        for (nth, name) in names.into_iter().enumerate() {
            let mut text = "Country Name,Country Code,Year,Value\n".to_owned();
            for (country, code) in [("United States", "USA"), ("Yemen", "YEM"), ("World", "WLD")] {
                for year in 1985..1995 {
                    // The same figure wherever it stands.
                    let value = i64::from(year) * if nth == 1 { 1 } else { 1_000_000 };
                    if below(3) > 0 {
                        text += &format!("{country},{code},{year},{value}\n");
                    }
                }
            }
            // A file that is named for nothing else is one indicator too.
            let name = if nth == 0 { "x ny.gdp.mktp.cd.csv" } else { name };
            groups.push(vec![(name, text)]);
        }
        same_in_every_order(&format!("round {round}"), &groups);
    }
}

#[test]
fn a_newer_file_of_a_role_takes_its_place_beside_those_that_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path(), comity_datasets::catalogue());
    let scale =
        |value: &str| file("cameo.csv", &["name,value", "190,-9.5", &format!("0211,{value}")]);
    let levant = file("l.csv", &["date,source,target,code", "1979-04-15,EGYGOV,SUNREB,190"]);
    add(&store, &[&levant, &scale("1.5")]).unwrap();
    add(&store, &[&scale("2.5")]).unwrap();
    let record = store.open().unwrap();
    let files: Vec<_> =
        record.sources().iter().filter(|s| s.dataset == "keds").flat_map(|s| &s.files).collect();
    assert_eq!(files.len(), 2);
    // The copy that nothing names goes once no earlier manifest names it; the others stay as they were.
    assert_eq!(store.kept("keds").unwrap().len(), 2);
    let damaged = &store.kept("keds").unwrap()[0].path;
    fs::write(damaged, "x").unwrap();
    assert!(add(&store, &[&scale("3.5")]).unwrap_err().contains("has another size"));
}

#[test]
fn files_are_named_in_their_order_whichever_is_looked_into_first() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (10..60).map(|n| format!("{n}.csv")).collect();
    for (name, many) in names.iter().zip(1..) {
        // The larger ones come last, and are looked into first.
        fs::write(folder.path().join(name), "nobody,knows,this\n".repeat(many * many)).unwrap();
    }
    let search = comity_datasets::find(&[folder.path().to_path_buf()]);
    let named: Vec<String> = search
        .unrecognised
        .iter()
        .map(|u| u.path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(named, names);
}
