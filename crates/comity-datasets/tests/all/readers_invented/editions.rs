//! Editions that are newer than those known, older ones, and marks that contradict each other.

use std::fmt::Write as _;
use std::fs;

use comity_datasets::{Found, ReadError};
use comity_record::SourceBundle;

use super::{ACD, NMC, STATES, column, search};

/// As many conflicts as an edition has at least, the last of them in that year.
fn conflicts(mark: &str, rows: usize, last: i32) -> String {
    let mut text = ACD.to_owned();
    for id in 1..=rows {
        let year = if id == rows { last } else { 1946 + (id % 79) as i32 };
        let _ = writeln!(
            text,
            "{id},Here,Government of Here,1,,Rebels,2,,2,,{year},1,0,3,{year}-03-01,1,{year}-03-01,1,0,,,2,,,,2,5,{mark}"
        );
    }
    text
}

fn read_all(files: &[&str]) -> Vec<(Found, Result<SourceBundle, ReadError>)> {
    let bytes: Vec<&[u8]> = files.iter().map(|f| f.as_bytes()).collect();
    let (_folder, search) = search(&bytes);
    search.found.into_iter().map(|f| (f.clone(), comity_datasets::read(&f))).collect()
}

/// The only source of these files.
fn whole(files: &[&str]) -> Result<SourceBundle, String> {
    let mut all = read_all(files);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0).1.map_err(|e| e.to_string())
}

#[test]
fn a_newer_edition_is_read_and_covers_to_its_own_last_year() {
    let b = whole(&[&conflicts("26.1", 2_760, 2025)]).unwrap();
    assert_eq!((b.source.id.as_str(), b.source.unreviewed), ("ucdp-acd-26.1", true));
    assert_eq!(b.source.label(), "ucdp-acd-26.1 (not yet reviewed)");
    for table in ["armed_conflicts", "conflict_parties"] {
        let claim = b.source.coverage.iter().find(|c| c.table == table).unwrap();
        assert_eq!((claim.from, claim.to, claim.context), (1946, 2025, false));
    }
    let notes = b.source.notes.join("\n");
    assert!(notes.contains("Edition 26.1 is newer than those reviewed here"), "{notes}");
    assert!(b.source.citation.ends_with("Version used: 26.1."), "{}", b.source.citation);
    // The one after that, with another last year; and the one that is known.
    let b = whole(&[&conflicts("27.1", 2_760, 2026)]).unwrap();
    assert_eq!((b.source.id.as_str(), b.source.coverage[0].to), ("ucdp-acd-27.1", 2026));
    let b = whole(&[&conflicts("25.1", 2_760, 2024)]).unwrap();
    assert_eq!((b.source.label().as_str(), b.source.coverage[0].to), ("ucdp-acd-25.1", 2024));
}

#[test]
fn a_newer_edition_that_is_cut_off_or_contradicts_itself_is_refused() {
    let error = whole(&[&conflicts("26.1", 2_000, 2025)]).unwrap_err();
    assert!(error.contains("2000 rows where ucdp-acd-25.1 was published with 2751"), "{error}");
    // A newer mark on rows that end before the edition that is known.
    let error = whole(&[&conflicts("26.1", 2_760, 2025)
        .replace(",2025,", ",2023,")
        .replace(",2024,", ",2023,")])
    .unwrap_err();
    assert!(error.contains("ends in 2023, before the 2024"), "{error}");
    // A year that is a slip.
    let error = whole(&[&conflicts("26.1", 2_760, 2205)]).unwrap_err();
    assert!(error.contains("line 2761 (row 2760), column year: 2205 is after"), "{error}");
    // The known edition with a row of a later year.
    let error = whole(&[&conflicts("25.1", 2_760, 2025)]).unwrap_err();
    assert!(
        error.contains(
            "line 2761 (row 2760), column year: 2025 is after 2024, the last year of ucdp-acd-25.1"
        ),
        "{error}"
    );
    // Rows of two editions, wherever they stand.
    for nth in [2, 1_300, 2_760] {
        let mut lines: Vec<String> =
            conflicts("26.1", 2_760, 2025).lines().map(str::to_owned).collect();
        lines[nth] = lines[nth].replace(",26.1", ",25.1");
        let error = read_all(&[&(lines.join("\n") + "\n")]).remove(0).1.unwrap_err().to_string();
        assert!(error.contains("is another version than"), "{nth}: {error}");
    }
}

#[test]
fn a_mark_that_is_a_whole_number_is_the_same_with_and_without_its_zero() {
    for mark in ["27.0", "27"] {
        let b = whole(&[&conflicts(mark, 2_760, 2026)]).unwrap();
        assert_eq!((b.source.unreviewed, b.source.coverage[0].to), (true, 2026), "{mark}");
    }
}

#[test]
fn a_list_that_is_known_by_its_month_has_newer_ones() {
    let mut text = "country_name,accession_date,accession_date_raw,is_original_member,country_code_iso3,notes\n".to_owned();
    for n in 1..=167 {
        let year = if n == 167 { 2026 } else { 1995 };
        let _ = writeln!(text, "Member {n},{year}-01-01,1 January {year},TRUE,,");
    }
    let b = whole(&[&text]).unwrap();
    assert_eq!(b.source.label(), "wto-members-2026 (not yet reviewed)");
    assert!(b.source.coverage.iter().all(|c| c.to == 2026));
}

#[test]
fn older_marks_and_marks_in_letters_are_refused() {
    for (mark, why) in [
        ("24.1", "not newer than these"),
        ("v26.1", "cannot be compared with these"),
        ("acd-26.1", "cannot be compared with these"),
    ] {
        let error = whole(&[&conflicts(mark, 2_760, 2024)]).unwrap_err();
        assert!(error.contains(&format!("in version {mark}, which is not known here")), "{error}");
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn a_version_in_letters_is_not_taken_for_the_newest_beside_its_files() {
    let years = "dispnum,ccode1,ccode2,year,midongoing,midonset,sidea1,sidea2,revstate1,revstate2,revtype11,revtype12,revtype21,revtype22,fatality1,fatality2,fatalpre1,fatalpre2,hiact1,hiact2,hostlev1,hostlev2,orig1,orig2,hiact,hostlev,mindur,maxdur,outcome,settle,fatality,fatalpre,stmon,endmon,recip,numa,numb,ongo2010,version\n2,2,200,1902,1,1,1,0,1,1,1,1,-9,-9,0,0,0,0,7,0,3,1,1,1,7,3,1,2,6,1,0,0,5,1,0,1,1,0,gml-2.1.1\n";
    let disputes = "dispnum,styear,stmon,outcome,settle,fatality,mindur,maxdur,hiact,hostlev,recip\n2,1902,5,6,1,0,1,2,7,3,0\n";
    let all = read_all(&[years, disputes]);
    let ids: Vec<String> = all.iter().map(|(f, _)| f.source_id()).collect();
    assert_eq!(ids, ["gml-mid-2.2.1", "gml-mid-gml-2.1.1"]);
    let errors: Vec<String> =
        all.into_iter().map(|(_, read)| read.unwrap_err().to_string()).collect();
    assert!(errors[0].contains("the participants file is missing"), "{}", errors[0]);
    assert!(errors[1].contains("in version gml-2.1.1, which is not known"), "{}", errors[1]);
}

#[test]
fn a_newer_list_of_states_leaves_open_what_ends_on_its_own_last_day() {
    let list = |year: i32| {
        let mut text = STATES.to_owned();
        for n in 1..=244 {
            let end = if n == 1 { "2016,12,31".to_owned() } else { format!("{year},12,31") };
            let _ = writeln!(text, "S{n},{n},State {n},1900,1,1,{end},{year}");
        }
        text
    };
    let b = whole(&[&list(2024)]).unwrap();
    assert_eq!(b.source.label(), "cow-states-2024 (not yet reviewed)");
    let (ends, open) = (column(&b, "states", "end"), column(&b, "states", "extended"));
    assert_eq!((ends[0].as_str(), open[0].as_str()), ("2016-12-31", "false"));
    assert_eq!((ends[1].as_str(), open[1].as_str()), ("", "true"));
    assert!(b.source.coverage.iter().all(|c| c.to == 2024));
    // The year as a spreadsheet or pandas writes it is the same mark.
    let floats = list(2024).replace(",2024\n", ",2024.0\n");
    assert_eq!(whole(&[&floats]).unwrap().source.id, "cow-states-2024");
}

fn crises(last: i32) -> (String, String) {
    let mut system = String::from(
        "icb1,crisno,crisname,break,trigent,yrtrig,motrig,datrig,yrterm,moterm,daterm,brexit,gravcr,crismg,cenviosy,sevviosy,viol,noactr,usinv,suinv,globorg,subout,forout,outesr,protrac\n",
    );
    let mut actors = String::from(
        "icb2,crisno,cracno,cracid,actor,systrgyr,crisname,triggr,yrtrig,motrig,datrig,trigent,majres,crismg,usinv,suinv,globorg,outcom,outfor,yrterm,moterm,daterm,viol,gravty\n",
    );
    for n in 1..=600 {
        let year = if n == 600 { last } else { 1918 + n % 100 };
        let _ =
            writeln!(system, "ICB1,{n},C{n},1,2,{year},1,1,{year},2,1,1,1,1,1,1,1,2,1,1,1,1,1,1,1");
        for actor in [2, 20] {
            let _ = writeln!(
                actors,
                "ICB2,{n},{},{actor},USA,{year},C{n},1,{year},1,1,2,1,1,1,1,1,1,1,{year},2,1,1,1",
                n * 2 + i32::from(actor == 20)
            );
        }
    }
    (system, actors)
}

#[test]
fn files_without_a_mark_are_of_the_edition_that_their_years_name() {
    for (last, id, unreviewed) in
        [(2017, "icb-14", false), (2021, "icb-16", true), (2024, "icb-2024", true)]
    {
        let (system, actors) = crises(last);
        let b = whole(&[&system, &actors]).unwrap();
        assert_eq!((b.source.id.as_str(), b.source.unreviewed), (id, unreviewed));
        assert!(b.source.coverage.iter().all(|c| c.to == last), "{:?}", b.source.coverage);
    }
    // One file of a release may end a year earlier than the other.
    let (system, actors) = (crises(2022).0, crises(2023).1);
    let b = whole(&[&system, &actors]).unwrap();
    assert_eq!((b.source.id.as_str(), b.source.coverage[0].to), ("icb-2023", 2023));
    // Two releases in one folder are two sources.
    let (old, new) = (crises(2017), crises(2021));
    let ids: Vec<String> = read_all(&[&old.0, &new.0, &old.1, &new.1])
        .into_iter()
        .map(|(_, b)| b.unwrap().source.id)
        .collect();
    assert_eq!(ids, ["icb-14", "icb-16"]);
}

#[test]
fn an_older_edition_that_is_taken_loosely_keeps_its_own_name_and_years() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = NMC.to_owned();
    for year in 1990..=2007 {
        let _ = writeln!(text, "USA,2,{year},1,1,1,1,1,1,.1,4");
    }
    fs::write(folder.path().join("f.csv"), text).unwrap();
    let search = comity_datasets::find_loosely(&[folder.path().to_path_buf()]);
    let b = comity_datasets::read(&search.found[0]).unwrap();
    assert_eq!((b.source.label().as_str()), "cow-nmc-4 (not yet reviewed)");
    assert_eq!((b.source.coverage[0].to, b.source.coverage[0].context), (2007, false));
    let search = comity_datasets::find(&[folder.path().to_path_buf()]);
    let error = comity_datasets::read(&search.found[0]).unwrap_err().to_string();
    assert!(error.contains("version 4, which is not known here"), "{error}");
}
