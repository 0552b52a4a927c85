//! Files as other programs, publishers and people write them: right, or refused with the way out.

use std::fs;
use std::io::{Cursor, Write};

use comity_datasets::{Search, find};
use flate2::write::GzEncoder;

use super::{MIDA, MIDB, NMC, STATES, column, part, part_of};

/// A file under its own name, looked at.
fn named(name: &str, bytes: &[u8]) -> (tempfile::TempDir, Search) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let search = find(&[path]);
    (folder, search)
}

fn reason(name: &str, bytes: &[u8]) -> String {
    let (_folder, search) = named(name, bytes);
    assert!(search.found.is_empty(), "{name}");
    search.unrecognised[0].reason.clone()
}

#[test]
fn columns_with_gaps_are_read_as_pandas_writes_them() {
    let plain = part(&[&format!("{STATES}CUN,9,Cunard,1900,1,1,1950,12,31,2016\n")]).unwrap();
    let text = format!("{STATES}CUN,9.0,Cunard,1900.0,1.0,1.0,1950.0,12.0,31.0,2016.0\n");
    let float = part(&[&text]).unwrap();
    assert_eq!(float.source.id, "cow-states-2016");
    for name in ["ccode", "start", "end"] {
        assert_eq!(column(&float, "states", name), column(&plain, "states", name), "{name}");
    }
}

#[test]
fn missing_values_are_read_as_programs_write_them() {
    for word in ["NA", "NaN", "nan", "<NA>", "#N/A", "NULL", "None", "."] {
        let row = format!("\"CUN\",9,1900,{word},5,1,{word},10,2,.001,2021\n");
        let b = part(&[&format!("{NMC}{row}")]).unwrap();
        assert_eq!(column(&b, "capabilities", "milex"), [""], "{word}");
        assert_eq!(column(&b, "capabilities", "milper"), ["5.0"], "{word}");
    }
}

#[test]
fn decimals_behind_commas_are_read_where_they_are_sure_and_refused_with_the_way_out() {
    let header = NMC.replace(',', ";");
    let rows = |cinc: [&str; 2]| {
        format!(
            "{header}CUN;9;1900;5;5;1,0;0;10;2;{};2021\nCUN;9;1901;5;5;2,5;0;10;2;{};2021\n",
            cinc[0], cinc[1]
        )
    };
    let b = part(&[&rows(["0,0396", "1,5e-3"])]).unwrap();
    assert_eq!(column(&b, "capabilities", "cinc"), ["0.0396", "0.0015"]);
    assert_eq!(column(&b, "capabilities", "irst"), ["1.0", "2.5"]);
    // Between thousands or before decimals: nobody can say.
    let error = part(&[&rows(["1,234", "2,345"])]).unwrap_err();
    assert!(
        error.contains("\"1,234\" is not a number: write a point before decimals, and nothing between thousands"),
        "{error}"
    );
}

#[test]
fn a_table_below_titles_is_read_and_says_how_many_lines_stand_above() {
    let row = "CUN,9,1900,5,5,1,0,10,2,.5,2021\n";
    let text =
        format!("National Material Capabilities,,,,,,,,,,\nprinted in May,,,,,,,,,,\n{NMC}{row}");
    let b = part(&[&text]).unwrap();
    assert_eq!(column(&b, "capabilities", "cinc"), ["0.5"]);
    assert!(
        b.source.notes.iter().any(|n| n == "0.csv: 2 lines above the header passed over"),
        "{:?}",
        b.source.notes
    );
}

#[test]
fn names_of_rows_without_a_name_in_the_header_are_refused_with_the_way_out() {
    let text = STATES.replace('\n', "\n1,CUN,9,Cunard,1900,1,1,1950,12,31,2016\n");
    let error = part(&[&text]).unwrap_err();
    assert!(error.contains("line 2") && error.contains("row.names = FALSE"), "{error}");
}

fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = vec![0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[156] = b'0';
    header[148..156].fill(b' ');
    let sum: u64 = header.iter().map(|b| u64::from(*b)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    header.extend(content);
    header.resize(header.len().div_ceil(512) * 512 + 1024, 0);
    header
}

/// A zip of one member that is packed by bzip2, with its checksum.
fn zip_by_bzip2(name: &str, content: &[u8], checksum: Option<u32>) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = bzip2::read::BzEncoder::new(content, bzip2::Compression::best());
    std::io::Read::read_to_end(&mut encoder, &mut packed).unwrap();
    let mut crc = flate2::Crc::new();
    crc.update(content);
    let crc = checksum.unwrap_or(crc.sum()).to_le_bytes();
    let sizes =
        [(packed.len() as u32).to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
    let length = (name.len() as u16).to_le_bytes();
    let common =
        [&[46, 0, 0, 0, 12, 0, 0, 0, 0x21, 0x5A][..], &crc, &sizes, &length, &[0, 0]].concat();
    let mut zip = [&b"PK\x03\x04"[..], common.as_slice(), name.as_bytes(), &packed].concat();
    let at = zip.len() as u32;
    zip.extend([&b"PK\x01\x02\x2E\0"[..], common.as_slice(), &[0; 14], name.as_bytes()].concat());
    let size = (zip.len() as u32 - at).to_le_bytes();
    zip.extend(
        [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &size[..], &at.to_le_bytes(), &[0, 0]].concat(),
    );
    zip
}

#[test]
fn archives_of_every_usual_packing_hold_the_same_table() {
    let text = format!("{STATES}CUN,9,Cunard,1900,1,1,1950,12,31,2016\n");
    let gzip = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let bars = text.replace(',', "|");
    let wide: Vec<u8> = format!("\u{feff}{}", text.replace(',', "\t"))
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (what, bytes) in [
        ("bars", bars.into_bytes()),
        ("tar", tar("d/states.csv", text.as_bytes())),
        ("tar.gz", gzip(&tar("states.csv", text.as_bytes()))),
        ("zip by bzip2", zip_by_bzip2("states.csv", text.as_bytes(), None)),
        ("UTF-16 with tabs, as Excel saves Unicode text", wide),
    ] {
        let b = part_of(&[&bytes]).unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(column(&b, "states", "name"), ["Cunard"], "{what}");
    }
    let damaged = zip_by_bzip2("states.csv", text.as_bytes(), Some(7));
    let (_folder, search) = named("d.zip", &damaged);
    let bad = &search.unrecognised[0];
    assert_eq!(bad.inside, "states.csv");
    assert!(bad.reason.contains("its checksum is another"), "{}", bad.reason);
}

#[test]
fn what_is_no_table_says_what_it_is() {
    for (name, bytes, says) in [
        (
            "a.csv",
            &b"<!DOCTYPE html><html><title>403</title></html>"[..],
            "is a web page, not a table",
        ),
        ("a.sav", b"$FL2@(#) IBM SPSS STATISTICS", "is an SPSS file"),
        ("a.7z", b"7z\xBC\xAF\x27\x1C\0\x04\0\0", "is a 7z archive: unpack it"),
        ("a.csv", b"a,b\n\x81,1\n", "line 2 holds the byte 0x81"),
    ] {
        let reason = reason(name, bytes);
        assert!(reason.contains(says) && !reason.contains(name), "{reason}");
    }
    // In an archive the member is named, whatever it is packed with.
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("d/page.csv", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(b"<html><body>no</body></html>").unwrap();
    let (_folder, search) = named("z.zip", &zip.finish().unwrap().into_inner());
    let bad = &search.unrecognised[0];
    assert_eq!(bad.inside, "page.csv");
    assert!(bad.reason.starts_with("is a web page"), "{}", bad.reason);
}

#[test]
fn a_renamed_key_is_missing_by_name_and_not_an_empty_value() {
    let folder = tempfile::tempdir().unwrap();
    let mida = MIDA.replace("dispnum", "dispnum3").replace("ongo2014", "ongo2010");
    fs::write(
        folder.path().join("a.csv"),
        format!("{mida}2,1,7,1902,24,1,1903,6,1,0,0,208,178,7,3,0,1,1,0,4.01\n"),
    )
    .unwrap();
    fs::write(folder.path().join("b.csv"), MIDB).unwrap();
    let search = comity_datasets::find_loosely(&[folder.path().join("a.csv")]);
    let error = comity_datasets::read(&search.found[0]).unwrap_err().to_string();
    assert!(
        error.contains("a.csv: the column dispnum is missing (the file has dispnum3)"),
        "{error}"
    );
}

const ICEWS: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\n";

fn event(id: u32, day: &str, code: &str) -> String {
    format!(
        "{id}\t{day}\tA\t\tFrance\tx\t{code}\t1\tB\t\tSpain\t1\t1\tP\tNA\tNA\tNA\tFrance\t1\t1\n"
    )
}

#[test]
fn a_number_of_an_event_is_that_of_one_event() {
    let (one, again) = (event(7, "2018-06-01", "040"), event(7, "2018-06-01", "040"));
    let b = part(&[&format!("{ICEWS}{one}{again}")]).unwrap();
    assert_eq!(column(&b, "events", "cameo"), ["040"]);
    assert!(
        b.source
            .notes
            .iter()
            .any(|n| n == "1 row repeats an event of the same file; each is read once")
    );
    let b = part(&[
        &format!("{ICEWS}{one}"),
        &format!("{ICEWS}{again}{}", event(8, "2018-06-01", "043")),
    ])
    .unwrap();
    assert_eq!(column(&b, "events", "cameo"), ["040", "043"]);
    assert!(
        b.source
            .notes
            .iter()
            .any(|n| n == "1 row repeats an event of another file; each is read once")
    );
    let error = part(&[&format!("{ICEWS}{one}{}", event(7, "2018-07-01", "040"))]).unwrap_err();
    assert!(
        error.contains("line 3 (row 2): event_id=7 (2018-07-01, 040) is another one in 0.csv line 2 (row 1) (2018-06-01, 040)"),
        "{error}"
    );
}

#[test]
fn event_codes_that_lost_their_zeros_are_refused() {
    for lost in ["40", "10", "231", "20", "40.0"] {
        let error = part(&[&format!("{ICEWS}{}", event(7, "2018-06-01", lost))]).unwrap_err();
        assert!(
            error.contains("line 2 (row 1), column cameo_code")
                && error.contains("root from 01 to 20"),
            "{error}"
        );
    }
    let b = part(&[&format!(
        "{ICEWS}{}{}",
        event(7, "2018-06-01", "010"),
        event(8, "2018-06-01", "2041")
    )])
    .unwrap();
    assert_eq!(column(&b, "events", "root"), ["01", "20"]);
}

const TROOPS: &str = "countryname,year,ccode,iso3c,region,troops_ad,army_ad,navy_ad,air_force_ad,marine_corps_ad,coast_guard_ad,space_force_ad,army_national_guard,air_national_guard,army_reserve,navy_reserve,marine_corps_reserve,air_force_reserve,coast_guard_reserve,total_selected_reserve,army_civilian,navy_civilian,marine_corps_civilian,air_force_civilian,dod_civilian,total_civilian\n";

fn troops(name: &str, code: u32, troops: u32) -> String {
    format!("{name},2015,{code},NA,x,{troops}{}\n", ",0".repeat(20))
}

#[test]
fn a_host_that_stands_there_twice_and_one_with_another_name_are_said() {
    let twice = [troops("Swaziland", 572, 0), troops("Eswatini", 572, 8)].concat();
    let b = part(&[&format!("{TROOPS}{twice}")]).unwrap();
    let says = |b: &comity_record::source::SourceBundle, what: &str| {
        assert!(b.source.notes.iter().any(|n| n.contains(what)), "{:?}", b.source.notes);
    };
    assert_eq!(column(&b, "deployments", "personnel"), ["0.0", "8.0"]);
    says(&b, "1 times a state stands there twice in a year, under two names");
    says(&b, "(Eswatini and Swaziland in 2015)");
    let b = part(&[&format!("{TROOPS}{}", troops("Poland", 220, 9))]).unwrap();
    says(
        &b,
        "1 rows have a code and a name of different states; the code holds: 0.csv line 2 (row 1) (ccode 220, Poland)",
    );
}

#[test]
fn days_and_months_are_told_apart_by_their_column_or_refused() {
    let folder = |days: [&str; 2]| {
        let rows: String =
            days.iter().enumerate().map(|(n, day)| event(n as u32, day, "040")).collect();
        part(&[&format!("{ICEWS}{rows}")])
    };
    let read = |days| column(&folder(days).unwrap(), "events", "date");
    assert_eq!(read(["7/4/2018", "12/31/2018"]), ["2018-07-04", "2018-12-31"]);
    assert_eq!(read(["7/4/2018", "31/12/2018"]), ["2018-04-07", "2018-12-31"]);
    assert_eq!(read(["7.4.2018", "2018-12-31"]), ["2018-04-07", "2018-12-31"]);
    for unsure in [["7/4/2018", "8/4/2018"], ["31/12/2018", "12/30/2018"]] {
        let error = folder(unsure).unwrap_err();
        assert!(error.contains("write the column as YYYY-MM-DD"), "{error}");
    }
}

const GW_LINES: &str = "2\tUSA\tUnited States of America\t01:01:1816\t01:11:2008\n41\tHAI\tHaiti\t01:01:1816\t04:07:1915\n";

#[test]
fn the_list_of_gleditsch_and_ward_is_read_as_lines() {
    let micro = "54\tDMA\tDominica\t03:11:1978\t01:11:2008\n";
    let b = part(&[GW_LINES, micro]).unwrap();
    assert_eq!(b.source.id, "gw-states-2008");
    assert_eq!(column(&b, "gw_states", "start"), ["1816-01-01", "1816-01-01", "1978-11-03"]);
    assert_eq!(column(&b, "gw_states", "end"), ["", "1915-07-04", ""]);
    assert_eq!(column(&b, "gw_states", "microstate"), ["false", "false", "true"]);
    let error = part(&[micro]).unwrap_err();
    assert!(error.contains("the list (lines) file is missing"), "{error}");
    let error = part(&[&GW_LINES.replace("2008", "2012")]).unwrap_err();
    assert!(error.contains("line 1") && error.contains("another edition of the list"), "{error}");
}

#[test]
fn archigos_is_read_as_its_authors_publish_it() {
    let header = "obsid,leadid,ccode,idacr,leader,startdate,eindate,enddate,eoutdate,entry,exit,exitcode,prevtimesinoffice,posttenurefate,gender,yrborn,yrdied,borndate,ebirthdate,deathdate,edeathdate,dbpediauri,numentry,numexit,numexitcode,numposttenurefate,fties,ftcur\n";
    let row = "USA-1900,x-1,2,USA,Cunard,1900-01-01,1,1950-12-31,2,Regular,Regular,Regular,0,OK,F,-999,-777,NA,1,NA,1,NA,1,1,1,1,NA,NA\n";
    let b = part(&[&format!("{header}{row}")]).unwrap();
    assert_eq!(b.source.id, "archigos-4.1");
    for (name, expected) in [
        ("gwcode", "2"),
        ("born", ""),
        ("female", "true"),
        ("start", "1900-01-01"),
        ("person_id", "x-1"),
    ] {
        assert_eq!(column(&b, "leaders", name), [expected], "{name}");
    }
}

#[test]
fn claims_as_published_and_a_users_copy_of_them_are_two_editions() {
    let header = "region,claimdy,claim,name,dyadnum,chal,tgt,dyad,begclaim,endclaim,resolved,endviol,icowsal,icowsalc,salchal,saltgt,saltan,salint,salintc,salintt,midsiss,midsfat,warsiss,version";
    let row = "1,201,2,\"A Bay\",1,2,20,2020,195001,200199,-9,-9,3,1,2,1,0,3,2,1,0,0,0,1.01";
    let b = part(&[&format!("{header}\n{row}\n")]).unwrap();
    assert_eq!(b.source.id, "icow-territorial-1.01");
    assert_eq!(column(&b, "claims", "end_year"), [""]);
    let without = row.replacen("201", "", 1);
    assert!(part(&[&format!("{header}\n{without}\n")]).unwrap_err().contains("claimdy"));
    let users =
        format!("{header},chalname,tgtname,notes\n{},A,B,NA\n", without.replace("-9,-9", "NA,NA"));
    let b = part(&[&users]).unwrap();
    assert_eq!(b.source.id, "icow-territorial-1.01-extended");
    assert!(
        b.source.notes.iter().any(|n| n.starts_with("A user's copy of ICOW 1.01")),
        "{:?}",
        b.source.notes
    );
}

#[test]
fn indicators_are_read_as_packages_and_the_databank_write_them() {
    let figures = |text: &str| {
        let b = part(&[text]).unwrap();
        let columns = ["ccode", "year", "indicator", "value"].map(|c| column(&b, "indicators", c));
        let mut rows: Vec<String> = (0..columns[0].len())
            .map(|row| columns.iter().map(|c| c[row].as_str()).collect::<Vec<_>>().join(" "))
            .collect();
        rows.sort();
        rows
    };
    let wdi = "\"country\",\"iso2c\",\"iso3c\",\"year\",\"NY.GDP.MKTP.CD\",\"SP.POP.TOTL\"\n\"Namibia\",\"NA\",\"NAM\",2001,5,NA\n\"World\",\"1W\",\"WLD\",2001,9,7\n";
    assert_eq!(
        figures(wdi),
        [" 2001 NY.GDP.MKTP.CD 9.0", " 2001 SP.POP.TOTL 7.0", "565 2001 NY.GDP.MKTP.CD 5.0"]
    );
    // Without the code of three letters: NA is Namibia.
    let two = "country,iso2c,date,NY.GDP.MKTP.CD\nNamibia,NA,2001,5\n";
    assert_eq!(figures(two), ["565 2001 NY.GDP.MKTP.CD 5.0"]);
    let wide = "\u{feff}\"Country Name\",\"Country Code\",\"Series Name\",\"Series Code\",\"2001 [YR2001]\",\"2002 [YR2002]\"\n\"Namibia\",\"NAM\",\"GDP\",\"NY.GDP.MKTP.CD\",\"..\",\"5\"\n,,,,,\n\"Data from database: World Development Indicators\",,,,,\n\"Last Updated: 07/01/2026\",,,,,\n";
    assert_eq!(figures(wide), ["565 2002 NY.GDP.MKTP.CD 5.0"]);
    let long = "Time,Time Code,Country Name,Country Code,GDP (current US$) [NY.GDP.MKTP.CD]\n2001,YR2001,Namibia,NAM,5\n2002,YR2002,Namibia,NAM,..\n";
    assert_eq!(figures(long), ["565 2001 NY.GDP.MKTP.CD 5.0"]);
    let b = part(&[&wide.replace("\"Namibia\"", "\"Angola\"")]).unwrap();
    assert!(
        b.source.notes.iter().any(|n| n.contains(
            "1 countries have a code and a name of different states; the code holds: NAM (Angola)"
        )),
        "{:?}",
        b.source.notes
    );
}
