//! Invented rows in the published formats: every peculiarity, and every kind of bad input.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod conflict;
mod cow;
mod crosswalks;
mod editions;
mod events;
mod formats;
mod further;
mod later;
mod limits;
mod order;
mod other_programs;
mod places;
mod treaties;

use std::fs;
use std::path::PathBuf;

use arrow::array::Array;
use arrow::util::display::array_value_to_string;
use comity_datasets::{self, Search};
use comity_record::source::SourceBundle;
use proptest::prelude::*;
use tempfile::TempDir;

const STATES: &str =
    "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n";
const NMC: &str = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\n";
const MIDA: &str = "dispnum,stday,stmon,styear,endday,endmon,endyear,outcome,settle,fatality,fatalpre,maxdur,mindur,hiact,hostlev,recip,numa,numb,ongo2014,version\n";
const MIDB: &str = "dispnum,stabb,ccode,stday,stmon,styear,endday,endmon,endyear,sidea,revstate,revtype1,revtype2,fatality,fatalpre,hiact,hostlev,orig,version\n";
const TC: &str = "year,month,gainer,gaintype,procedur,entity,contgain,area,pop,portion,loser,losetype,contlose,entry,exit,number,indep,conflict,version\n";
const CLAIMS: &str = "issue,terriss,riveriss,mariss,region,claimdy,claim,name,rivname,rivnum,dyadnum,chal,tgt,dyad,begclaim,endclaim,resolved,endviol,duration,icowsal,icowsalc,salchal,saltgt,salold,saltan,salint,salintc,salintt,attemptsp,attemptst,attbilat,att3non,att3bind,midsiss,midsfat,warsiss,maxhost,maxfatal,version\n";
const ACD: &str = "conflict_id,location,side_a,side_a_id,side_a_2nd,side_b,side_b_id,side_b_2nd,incompatibility,territory_name,year,intensity_level,cumulative_intensity,type_of_conflict,start_date,start_prec,start_date2,start_prec2,ep_end,ep_end_date,ep_end_prec,gwno_a,gwno_a_2nd,gwno_b,gwno_b_2nd,gwno_loc,region,version\n";

/// Files of these contents, looked at; their names say nothing.
fn search(files: &[&[u8]]) -> (TempDir, Search) {
    let folder = tempfile::tempdir().unwrap();
    for (nth, bytes) in files.iter().enumerate() {
        fs::write(folder.path().join(format!("{nth}.csv")), bytes).unwrap();
    }
    let search = comity_datasets::find(&[folder.path().to_path_buf()]);
    (folder, search)
}

fn part(files: &[&str]) -> Result<SourceBundle, String> {
    let bytes: Vec<&[u8]> = files.iter().map(|f| f.as_bytes()).collect();
    part_of(&bytes)
}

fn part_of(files: &[&[u8]]) -> Result<SourceBundle, String> {
    let (_folder, search) = search(files);
    let found = search.found.first().unwrap_or_else(|| panic!("{:?}", search.unrecognised));
    comity_datasets::read_part(found).map_err(|e| e.to_string())
}

fn column(bundle: &SourceBundle, table: &str, name: &str) -> Vec<String> {
    let batch = bundle.table(table).unwrap();
    let cells = batch.column_by_name(name).unwrap();
    (0..cells.len()).map(|r| array_value_to_string(cells, r).unwrap()).collect()
}

#[test]
fn encodings_and_line_ends() {
    let row = "CUN,9,Cunárd,1900,1,1,2016,12,31,2016\n";
    let text = format!("{STATES}{row}");
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let bom = format!("\u{FEFF}{text}");
    let (cr, crlf) = (text.replace('\n', "\r"), text.replace('\n', "\r\n"));
    let (semicolons, tabs) = (text.replace(',', ";"), text.replace(',', "\t"));
    for bytes in [
        text.as_bytes(),
        &latin,
        bom.as_bytes(),
        cr.as_bytes(),
        crlf.as_bytes(),
        semicolons.as_bytes(),
        tabs.as_bytes(),
    ] {
        let b = part_of(&[bytes]).unwrap();
        assert_eq!(column(&b, "states", "name"), ["Cunárd"]);
        assert_eq!(column(&b, "states", "extended"), ["true"]);
        assert_eq!(column(&b, "states", "end_year"), [""]);
    }
    // Mac Roman with CR alone, as ICOW was published.
    let claim = format!(
        "{CLAIMS}1,1,0,0,1,901,9,\"Caf@ Ba#a\",\"\",,1,20,40,,195000,200199,,,5,2,1,1,1,2,1,1,1,1,0,0,0,0,0,0,0,0,0,0,1.1\n"
    );
    let mac: Vec<u8> =
        // The second of these letters is a byte that Windows-1252 does not have.
        claim.replace('\n', "\r").bytes().map(|b| match b {
            b'@' => 0x8E,
            b'#' => 0x8D,
            b => b,
        }).collect();
    let b = part_of(&[&mac]).unwrap();
    assert_eq!(column(&b, "claims", "name"), ["Café Baça"]);
    assert_eq!(
        (column(&b, "claims", "start_year"), column(&b, "claims", "end_year")),
        (vec!["1950".into()], vec![String::new()])
    );
}

#[test]
fn missing_is_null_and_never_a_number() {
    let b = part(&[&format!("{NMC}CUN,9,1900,-9,,1.5,0,10,-9,.001,2021\n")]).unwrap();
    for (name, expected) in
        [("milex", ""), ("milper", ""), ("irst", "1.5"), ("pec", "0.0"), ("upop", "")]
    {
        assert_eq!(column(&b, "capabilities", name), [expected], "{name}");
    }
    let b = part(&[&format!("{TC}1950,.,2,1,-9,99,0,.,.,1,20,0,1,0,0,1,0,0,6\n1950,1,2,1,1,99,0,5.00,9,1,5999,0,1,0,0,2,0,0,6\n")]).unwrap();
    assert_eq!(column(&b, "territorial_changes", "month"), ["", "1"]);
    assert_eq!(column(&b, "territorial_changes", "procedure"), ["", "1"]);
    assert_eq!(column(&b, "territorial_changes", "loser"), ["20", ""]);
    assert_eq!(column(&b, "territorial_changes", "source_row")[1], "number=2 loser=5999");
    let error = part(&[&format!("{NMC}CUN,9,1900,many,1,1,1,1,1,.1,2021\n")]).unwrap_err();
    assert!(
        error.starts_with("0.csv line 2 (row 1), column milex: \"many\" is not a number"),
        "{error}"
    );
}

fn mid(a: &str, b: &str) -> (String, String) {
    (format!("{MIDA}{a}"), format!("{MIDB}{b}"))
}

#[test]
fn repeated_pairs_are_spells_and_repeated_keys_are_refused() {
    let dispute = "9001,-9,7,1902,24,1,1903,6,1,0,0,2,1,7,3,0,1,1,0,5\n";
    let one = "9001,\"AAA\",2,-9,7,1902,24,1,1903,0,1,1,-9,0,0,0,1,1,5\n";
    let two = "9001,\"AAA\",2,3,9,1902,24,1,1903,0,1,1,-9,0,0,0,1,0,5\n";
    let (a, b) = mid(dispute, &format!("{one}{two}"));
    let bundle = part(&[&a, &b]).unwrap();
    assert_eq!(column(&bundle, "dispute_parties", "start"), ["", "1902-09-03"]);
    assert_eq!(column(&bundle, "dispute_parties", "start_year"), ["1902", "1902"]);
    assert!(bundle.table("incidents").is_none());
    assert!(bundle.source.coverage.iter().all(|c| c.table != "incidents" && c.context));

    let (a, b) = mid(dispute, &format!("{one}{one}"));
    let error = part(&[&a, &b]).unwrap_err();
    assert!(
        error.contains("line 3 (row 2)") && error.contains("stands already on line 2"),
        "{error}"
    );
    let (a, b) = mid(&format!("{dispute}{dispute}"), one);
    assert!(part(&[&a, &b]).unwrap_err().contains("dispnum=9001 stands already on line 2"));
    let (a, b) = mid(dispute, &one.replace("9001", "9002"));
    assert!(part(&[&a, &b]).unwrap_err().contains("dispnum=9002 is not in 0.csv"));
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    let (a, b) = mid("9001,30,2,1902,24,1,1903,6,1,0,0,2,1,7,3,0,1,1,0,5\n", "");
    let error = part(&[&a, &b]).unwrap_err();
    assert!(
        error.starts_with(
            "0.csv line 2 (row 1), columns styear, stmon, stday: 1902-2-30 is not a date"
        ),
        "{error}"
    );
    let (a, b) = mid("9001,1,2,1904,24,1,1903,6,1,0,0,2,1,7,3,0,1,1,0,5\n", "");
    assert!(
        part(&[&a, &b]).unwrap_err().contains("ends (1903-01-24) before it begins (1904-02-01)")
    );
}

#[test]
fn one_file_without_the_other_names_the_missing_one() {
    let error =
        part(&[&format!("{MIDB}9001,\"AAA\",2,-9,7,1902,24,1,1903,0,1,1,-9,0,0,0,1,1,5\n")])
            .unwrap_err();
    assert!(
        error.contains("the MIDA (disputes) file is missing (MIDB (participants): 0.csv is here)"),
        "{error}"
    );
}

#[test]
fn truncated_files_are_refused() {
    let error =
        part(&[&format!("{NMC}CUN,9,1900,1,1,1,1,1,1,.1,2021\nCUN,9,1901,1,1")]).unwrap_err();
    assert!(error.starts_with("0.csv line 3 (row 2): 5 cells where the header has 11"), "{error}");
    let text = format!("{NMC}CUN,9,1900,1,1,1,1,1,1,.1,2021\n");
    let (_folder, search) = search(&[text.as_bytes()]);
    let error = comity_datasets::read(&search.found[0]).unwrap_err().to_string();
    assert!(error.contains("1 rows where cow-nmc-6.0 was published with 15951"), "{error}");
}

#[test]
fn an_unknown_version_and_two_copies() {
    let text = format!("{NMC}CUN,9,1900,1,1,1,1,1,1,.1,2035\n");
    let error = part(&[&text]).unwrap_err();
    assert!(
        error.contains(
            "version 2035, which is not known here (known: 5.0, 6.0, 7.0) and ends in 1900"
        ),
        "{error}"
    );
    let text = format!("{NMC}CUN,9,1900,1,1,1,1,1,1,.1,2021\n");
    assert!(part(&[&text, &text]).is_ok());
    let other = text.replace("1900", "1901");
    assert!(part(&[&text, &other]).unwrap_err().contains("are both its abridged file and differ"));
}

#[test]
fn a_file_that_is_no_dataset_is_told_the_nearest() {
    let moved = NMC.replace("milex", "milex_usd").replace(",cinc", "");
    let (_folder, search) = search(&[moved.as_bytes(), b"a,b\n1,2\n", b"PK\x03\x04\0\0", b""]);
    assert!(search.found.is_empty());
    let nearest = &search.unrecognised[0].nearest[0];
    assert_eq!(
        nearest.to_string(),
        "cow-nmc (abridged); missing: cinc, milex; not known: milex_usd"
    );
    assert!(search.unrecognised[1].nearest.is_empty());
    assert!(
        search.unrecognised[2].reason.contains("it is a zip that is cut off"),
        "{}",
        search.unrecognised[2].reason
    );
    let gone = comity_datasets::find(&[PathBuf::from("/nowhere/at/all.csv")]);
    assert!(gone.unrecognised[0].reason.starts_with("cannot be opened"));
}

#[cfg(unix)]
#[test]
fn links_inside_folders_are_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("nmc.csv"), format!("{NMC}CUN,9,1900,1,1,1,1,1,1,.1,2021\n"))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("out")).unwrap();
    assert!(comity_datasets::find(&[folder.path().to_path_buf()]).found.is_empty());
    assert_eq!(comity_datasets::find(&[folder.path().join("out")]).found.len(), 1);
}

#[test]
fn armed_conflicts_in_both_forms_and_a_broken_record() {
    let row = "77,\"Here, There\",Government of Here,1,,Rebels,2,,2,,2015,1,0,4,2014-03-01,1,2014-03-01,1,0,,,432,\"225, 260, 751\",,,432,4,25.1\n";
    let published = part(&[&format!("{ACD}{row}")]).unwrap();
    let saved =
        row.replace("\"225, 260, 751\"", "@").replace("\"Here, There\"", "#").replace(',', ";");
    let saved = saved
        .replace('@', "225, 260, 751")
        .replace('#', "Here, There")
        .replace("2014-03-01", "1-3-2014");
    let header = ACD.replace(',', ";");
    let again = part(&[&format!("{header}{saved}")]).unwrap();
    for b in [&published, &again] {
        assert_eq!(column(b, "armed_conflicts", "start_date"), ["2014-03-01"]);
        assert_eq!(column(b, "conflict_parties", "ccode"), ["432", "225", "255", ""]);
        assert_eq!(column(b, "conflict_parties", "role"), ["a", "a2", "a2", "a2"]);
        assert_eq!(
            column(b, "conflict_parties", "source_row")[3],
            "conflict_id=77 year=2015 gwno_a_2nd=751"
        );
        assert_eq!((b.source.unplaced[0].code.as_str(), b.source.unplaced[0].rows), ("751", 1));
    }
    let broken = "78;Here;Government of Here;1;;Rebels;2;;1;East;;;;;;;;;;;;;;;;;;\r\n;2008;1;0;3;5-4-1990;1;10-8-2008;1;1;29-8-2008;,432,;,;432;4;25.1;;;;;;;;;;;;\r\n";
    let b = part(&[&format!("{header}{broken}{saved}")]).unwrap();
    assert_eq!(column(&b, "armed_conflicts", "year"), ["2008", "2015"]);
    assert_eq!(column(&b, "conflict_parties", "ccode")[0], "432");
    assert!(
        b.source.notes.iter().any(|n| n.contains("conflict 78 on lines 2 and 3")),
        "{:?}",
        b.source.notes
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), header in 0usize..7) {
        let mut file = [NMC, MIDB, TC, CLAIMS, ACD, STATES, ""][header].as_bytes().to_vec();
        file.extend(bytes);
        let (_folder, search) = search(&[&file]);
        for found in &search.found {
            let _ = comity_datasets::read_part(found);
        }
    }

    #[test]
    fn mutations_of_a_valid_file_never_panic(at in 0usize..2_000, byte in any::<u8>(), cut in 0usize..2_000, kind in 0usize..4) {
        let texts = [
            format!("{NMC}CUN,9,1900,-9,1,1,1,1,1,.1,2021\nCUN,9,1901,1,1,1,1,1,1,.1,2021\n"),
            format!("{STATES}CUN,9,Name,1900,1,1,2016,12,31,2016\n"),
            format!("{ACD}77,Here,G,1,,R,2,,2,,2015,1,0,4,2014-03-01,1,2014-03-01,1,0,,,432,\"225, 260\",,,432,4,25.1\n"),
            format!("{TC}1950,.,2,1,-9,99,0,.,.,1,20,0,1,0,0,1,0,0,6\n"),
        ];
        let mut bytes = texts[kind].clone().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let cut = bytes.len() - cut % (bytes.len() / 3);
        bytes.truncate(cut);
        let (_folder, search) = search(&[&bytes]);
        for found in &search.found {
            let _ = comity_datasets::read_part(found);
        }
    }
}

#[test]
fn a_spell_of_gleditsch_and_ward_is_parted_where_its_code_changes() {
    let list = "gwcode,gwc,country_name,start,end,microstate\n260,GFR,Germany,1950-01-01,9999-12-31,FALSE\n345,YUG,Yugoslavia,1930-01-01,2006-06-04,FALSE\n711,TBT,Tibet,1913-01-01,1950-10-01,FALSE\n970,KIR,Kiribati,1979-07-12,9999-12-31,TRUE\n";
    let b = part(&[list]).unwrap();
    let of = |name| column(&b, "gw_states", name);
    assert_eq!(of("gwcode"), ["260", "260", "345", "711", "970"]);
    assert_eq!(of("ccode"), ["260", "255", "345", "", "946"]);
    assert_eq!(of("start"), ["1950-01-01", "1990-10-03", "1930-01-01", "1913-01-01", "1979-07-12"]);
    assert_eq!(of("end"), ["1990-10-02", "", "2006-06-04", "1950-10-01", ""]);
    assert_eq!(of("microstate"), ["false", "false", "false", "false", "true"]);
    assert_eq!(of("extended"), ["false", "true", "false", "false", "true"]);
    assert_eq!((b.source.unplaced.len(), b.source.unplaced[0].code.as_str()), (1, "711"));
    assert_eq!(b.source.unplaced[0].table, "gw_states");
    let old = "cow_nr.,cow_id,name_of_state,start,end\n2,USA,United States,01.01.1816,31.12.2017\n";
    let b = part(&[old]).unwrap();
    assert_eq!((column(&b, "gw_states", "end"), &*b.source.version), (vec![String::new()], "2017"));
    for wrong in ["31.02.1816", "", "2019-01-01"] {
        let error = part(&[&old.replace("01.01.1816", wrong)]).unwrap_err();
        assert!(error.contains("line 2"), "{error}");
    }
}

#[test]
fn states_of_the_international_systems_keep_numbers_that_are_not_of_the_system() {
    let list = "COW Nr.,COW ID,State Name,Start,End,Micro,New State,,\n9999,NON,Nonesuch,1.1.1816,30.1.1874,,X,,\n2,USA,United States,1.1.1816,31.12.2011,,,,\n";
    let b = part(&[list]).unwrap();
    assert_eq!(column(&b, "isd_states", "ccode"), ["", "2"]);
    assert_eq!(column(&b, "isd_states", "isd_id"), ["9999", "2"]);
    assert_eq!(column(&b, "isd_states", "end"), ["1874-01-30", ""]);
    assert_eq!(column(&b, "isd_states", "beyond_cow"), ["true", "false"]);
    assert_eq!(b.source.unplaced[0].column, "cow_nr.");
}

#[test]
fn a_release_that_is_not_known_is_read_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let loosely = |text: &str| {
        fs::write(folder.path().join("f.csv"), text).unwrap();
        comity_datasets::find_loosely(&[folder.path().to_path_buf()])
    };
    let header = NMC.replace("cinc,version", "gdp,version").replace("stateabb,", "stateabb,flag,");
    let search = loosely(&format!("{header}USA,1,2,2024,1,1,1,1,1,1,7,2026\n"));
    let found = &search.found[0];
    assert_eq!((found.source_id().as_str(), found.loose), ("cow-nmc-2026", true));
    let bundle = comity_datasets::read_part(found).unwrap();
    assert_eq!(bundle.source.version, "2026");
    assert_eq!(column(&bundle, "capabilities", "ccode"), ["2"]);
    let notes = bundle.source.notes.join("\n");
    assert!(notes.contains("Edition 2026 is newer than those reviewed here"), "{notes}");
    assert!(notes.contains("covers to 2024"), "{notes}");
    assert!(notes.contains("the columns cinc are missing"), "{notes}");
    assert!(notes.contains("the columns flag, gdp are new and ignored"), "{notes}");
    assert!(
        comity_datasets::read(found).unwrap_err().to_string().contains("was published with 15951")
    );
    // Four columns of a wide file are no dataset of four columns.
    let wide: Vec<String> = (0..30).map(|n| format!("x{n}")).collect();
    let search = loosely(&format!("country_name,country_code,year,value,{}\n", wide.join(",")));
    assert!(search.found.is_empty(), "{:?}", search.found);
}
