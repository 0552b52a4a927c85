//! Treaties and who takes part in them: alliances and their selections, trade agreements, lists of depositaries, contributors to missions.

use std::fmt::Write as _;
use std::fs;

use comity_datasets::Search;
use comity_record::SourceBundle;
use comity_record::coverage::{Coverage, Only};

use super::{column, part};

/// Files of these names and contents, looked at.
fn named(files: &[(&str, &str)]) -> (tempfile::TempDir, Search) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let search = comity_datasets::find(&[folder.path().to_path_buf()]);
    (folder, search)
}

/// The only source of these files, read in part.
fn one(files: &[(&str, &str)]) -> Result<SourceBundle, String> {
    let (_folder, search) = named(files);
    assert_eq!(search.found.len(), 1, "{:?}", search.unrecognised);
    comity_datasets::read(&search.found[0]).map_err(|e| e.to_string())
}

/// The cells of the rows of a table whose column holds this.
fn rows_of(b: &SourceBundle, table: &str, of: (&str, &str), columns: &[&str]) -> Vec<Vec<String>> {
    let all: Vec<Vec<String>> = columns.iter().map(|c| column(b, table, c)).collect();
    let keep = column(b, table, of.0);
    (0..keep.len())
        .filter(|r| keep[*r] == of.1)
        .map(|r| all.iter().map(|c| c[r].clone()).collect())
        .collect()
}

const ALLIANCES: &str = "atopid,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,wartime,estmode,pubsecr,term,defense,offense,neutral,nonagg,consul,asymm,intcom,organ1,mem1,mem2,version\n";

fn alliances(rows: usize, pure: bool) -> String {
    let mut text = ALLIANCES.to_owned();
    for n in 0..rows {
        let what = if pure && n % 4 == 1 { "0,0,0,1,0" } else { "1,0,0,1,0" };
        let _ = writeln!(text, "{n}5,1950,1,1,0,0,0,1,1,0,1,0,0,{what},0,0,0,2,20,5.1");
    }
    text
}

#[test]
fn a_selection_of_alliances_is_left_out_beside_the_whole_and_refused_alone() {
    let (whole, selected) = (alliances(800, true), alliances(600, false));
    for files in
        [[("a.csv", &*whole), ("b.csv", &*selected)], [("b.csv", &*whole), ("a.csv", &*selected)]]
    {
        let b = one(&files).unwrap();
        assert_eq!(b.table("treaties").unwrap().num_rows(), 800);
        assert!(
            b.source.notes.iter().any(|n| n.contains("(NNA), a selection of the alliance level")),
            "{:?}",
            b.source.notes
        );
        assert_eq!(b.source.files.len(), 1);
        // Members come from a file of their own: nothing is said of them.
        assert!(b.source.coverage.iter().all(|c| c.table == "treaties" && c.to == 2018));
    }
    let error = one(&[("a.csv", &selected)]).unwrap_err();
    assert!(error.contains("a selection of the alliance level file of atop-5.1"), "{error}");
    // A few alliances are no selection, whatever they promise.
    let error = one(&[("a.csv", &alliances(3, false))]).unwrap_err();
    assert!(error.contains("3 rows where atop-5.1 was published with 789"), "{error}");
}

#[test]
fn phases_of_an_alliance_are_rows_of_their_own() {
    let header = "atopid,atopidphase,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,phase,maxphase,wartime,estmode,pubsecr,term,defense,offense,neutral,nonagg,consul,asymm,intcom,organ1,mem1,mem2,version\n";
    let b = part(&[&format!("{header}905,905.1,1950,2,3,1960,4,5,0,1,1,2,0,1,0,0,1,0,0,1,0,0,0,0,2,20,5.1\n905,905.2,1960,4,5,0,0,0,1,1,2,2,0,1,0,0,0,0,0,1,1,0,0,0,2,20,5.1\n")]).unwrap();
    let of = |name: &str| column(&b, "treaty_phases", name);
    assert_eq!(
        (of("phase"), of("phases")),
        (vec!["1".into(), "2".into()], vec!["2".to_owned(); 2])
    );
    assert_eq!(
        (of("defense"), of("consultation")),
        (vec!["true".into(), "false".into()], vec!["false".to_owned(), "true".into()])
    );
    assert_eq!(
        (of("end"), of("end_year")),
        (vec!["1960-04-05".into(), String::new()], vec!["1960".to_owned(), String::new()])
    );
}

fn desta(rows: &[&str], last: i32, count: usize) -> String {
    let members: Vec<String> = (1..=91).map(|n| format!("c{n}")).collect();
    let roles: Vec<String> = (1..=91).map(|n| format!("mc{n}")).collect();
    let mut text = format!(
        "number,base_treaty,name,entry_type,consolidated,year,entryforceyear,language,typememb,regioncon,wto_listed,wto_name,{},{}\n",
        members.join(","),
        roles.join(",")
    );
    // number, base, entry, year, force, members with their marks
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let (members, roles): (Vec<&str>, Vec<&str>) =
            cells[5..].iter().map(|m| m.split_once(':').unwrap()).unzip();
        let pad = |given: Vec<&str>, filling: &str| {
            let mut all: Vec<String> = given.into_iter().map(str::to_owned).collect();
            all.resize(91, filling.to_owned());
            all.join(",")
        };
        let _ = writeln!(
            text,
            "{},{},Pact {},{},0,{},{},English,1,World,0,NA,{},{}",
            cells[0],
            cells[1],
            cells[1],
            cells[2],
            cells[3],
            cells[4],
            pad(members, "NA"),
            pad(roles, "0")
        );
    }
    for n in rows.len()..count {
        let year = if n + 1 == count { last } else { 1990 };
        let _ = writeln!(
            text,
            "x{n},x{n},Filler,negotiation,0,{year},NA,English,1,World,0,NA,4{},0{}",
            ",NA".repeat(90),
            ",0".repeat(90)
        );
    }
    text
}

#[test]
fn lists_of_trade_agreements_are_of_the_edition_that_their_years_name() {
    let rows = [
        "7,7,base_treaty,2000,2001,840:0,124:0,484:0",
        "7_1,7,withdrawal,2019,2020,840:1,124:2,484:2",
        "9,7,protocol or amendment,2019,2020,840:0,124:0",
        "9,9,negotiation,NA,NA,840:0,76:0",
    ];
    let (old, new) = (desta(&rows[..1], 2020, 1_300), desta(&rows, 2025, 1_500));
    let (_folder, search) = named(&[("a.csv", &new), ("b.csv", &old)]);
    let bundles: Vec<SourceBundle> =
        search.found.iter().map(|f| comity_datasets::read(f).unwrap()).collect();
    let ids: Vec<&str> = bundles.iter().map(|b| b.source.id.as_str()).collect();
    assert_eq!(ids, ["desta-2.3", "desta-2020"]);
    let spells = |b: &SourceBundle| {
        rows_of(b, "trade_agreements", ("agreement_id", "7"), &["ccode", "start_year", "end_year"])
    };
    assert_eq!(
        spells(&bundles[0]),
        [["2", "2001", "2020"], ["20", "2001", ""], ["70", "2001", ""]]
    );
    assert_eq!(spells(&bundles[1])[0], ["2", "2001", ""]);
    assert_eq!((bundles[0].source.coverage[0].to, bundles[1].source.coverage[0].to), (2025, 2020));
    // The same entry twice is refused all the same.
    let error = one(&[("a.csv", &desta(&[rows[0], rows[0]], 2025, 1_500))]).unwrap_err();
    assert!(error.contains("stands already on line 2"), "{error}");
    let next = one(&[("a.csv", &desta(&rows, 2027, 1_500))]).unwrap();
    assert_eq!(
        (next.source.label().as_str(), next.source.coverage[0].to),
        ("desta-2027 (not yet reviewed)", 2027)
    );
}

const STATUS: &str = "country_name,treaty_id,treaty_name,action_type,action_date,signature_date,treaty_open_year,mtdsg_no,source_url\n";

fn covers(b: &SourceBundle, treaty: &str, ccode: i32, year: i32) -> bool {
    let asked: Only = Coverage::all("treaty_participation", 0, 0).only("treaty_id", &[treaty]).only;
    b.source.coverage.iter().any(|c| c.covers_rows(ccode, year, &asked))
}

#[test]
fn two_lists_of_a_treaty_together_show_who_left() {
    let status = format!(
        "{STATUS}Canada,mines,Mines,Ratification,1999-03-01,1998-02-01,1997,XXVI-5,x\nAustralia,test,Tests,,,1996-09-24,1996,XXVI-4,x\nFrance,rounds,Rounds,,,2006-10-31,2003,XXVI-2-d,x\nBrazil,arms,Arms,Accession,2018-01-02,,2013,XXVI-9,x\n"
    );
    let mines = "Participant,Signature,\"Ratification, Acceptance(A), Accession(a)\"\nCanada,1 Feb 1998,1 Mar 1999\nFinland,,9 Jan 2012 a\n";
    let tests = "Participant,\"Signature, Succession to signature(d)\",\"Ratification, Succession(d)\"\nAustralia,24 Sep 1996,30 Jun 2000\n";
    let rounds = "Participant,\"Consent to be bound(P), Succession(d)\"\nFrance,31 Oct 2006 P\n";
    let files = [
        ("s.csv", &*status),
        ("26-5.csv", mines),
        ("26-4.csv", tests),
        ("26-2-d.csv", rounds),
        ("27-1.csv", mines),
    ];
    let b = one(&files).unwrap();
    assert_eq!(b.source.id, "un-treaties-2026-02");
    let of = |treaty: &str| {
        let columns = ["ccode", "status", "act", "start", "end", "end_year", "left_by"];
        let mut rows = rows_of(&b, "treaty_participation", ("treaty_id", treaty), &columns);
        rows.sort();
        rows
    };
    assert_eq!(
        of("XXVI-5"),
        [
            ["20", "party", "ratification", "1999-03-01", "", "", ""],
            ["20", "signatory", "", "1998-02-01", "1999-02-28", "1999", ""],
            ["375", "party", "accession", "2012-01-09", "", "2015", "2026-02-03"],
        ]
    );
    // A ratification that was taken back, and a consent in the column of signatures.
    assert_eq!(
        of("XXVI-4"),
        [
            ["900", "party", "ratification", "2000-06-30", "", "2015", "2026-02-03"],
            ["900", "signatory", "", "1996-09-24", "2000-06-29", "2000", "2026-02-03"],
            ["900", "signatory", "", "2026-02-03", "", "", ""],
        ]
    );
    assert_eq!(of("XXVI-2-d"), [["220", "party", "consent to be bound", "2006-10-31", "", "", ""]]);
    // A treaty of the older list alone: as far as that list goes.
    assert_eq!(of("XXVII-1")[0][5], "2015");
    for (treaty, ccode, year, known) in [
        ("XXVI-5", 20, 2010, true),
        ("XXVI-5", 20, 2025, true),
        ("XXVI-5", 20, 2026, false),
        ("XXVI-5", 375, 2014, true),
        ("XXVI-5", 375, 2020, false),
        // Who is in one list alone may have left before.
        ("XXVI-9", 140, 2020, true),
        ("XXVI-9", 20, 2020, false),
        ("XXVII-1", 20, 2010, false),
        // These have other depositaries.
        ("NPT", 20, 2010, false),
    ] {
        assert_eq!(covers(&b, treaty, ccode, year), known, "{treaty} {ccode} {year}");
    }
    // The older lists alone are a source of their own, and claim nothing.
    let old = one(&files[1..]).unwrap();
    assert_eq!(old.source.id, "un-treaties-2015-03");
    assert!(old.source.coverage.iter().all(|c| c.context));
}

#[test]
fn what_a_list_does_not_explain_is_refused() {
    for (name, text, why) in [
        (
            "mines.csv",
            "Participant,Signature\nCanada,1 Feb 1998\n",
            "a file named for chapter and number",
        ),
        ("26-5.csv", "Participant,Signature\nCanada,31 Feb 1998\n", "a day as 24 Sep 2003"),
        (
            "26-5.csv",
            "Participant,\"Ratification, Accession(a)\"\nCanada,1 Feb 1998 Q\n",
            "an act that the header names",
        ),
        (
            "26-5.csv",
            "Participant,Signature\nCanada,1 Feb 1998\nCanada,2 Feb 1998\n",
            "stands already on line 2",
        ),
    ] {
        let error = one(&[(name, text)]).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    let error = one(&[(
        "s.csv",
        &format!("{STATUS}Canada,mines,Mines,Denunciation,1999-03-01,,1997,XXVI-5,x\n"),
    )])
    .unwrap_err();
    assert!(error.contains("line 2 (row 1), column action_type: \"Denunciation\""), "{error}");
}

#[test]
fn members_and_agreements_of_the_trade_organization() {
    let header = "RTA ID,RTA Name,Coverage,Type,Notification,Status,Date of Signature (G),Date of Signature (S),Date of Entry into Force (G),Date of Entry into Force (S),Inactive Date,Accession?,RTA Composition,Current signatories,Original signatories,Specific Entry/Exit dates\n";
    let b = part(&[&format!(
        "{header}1,Lake Pact,Goods,CU & EIA,x,In Force,2000-01-02,,2001-03-04,2002-01-01,,No,Plurilateral,Canada; Mexico; Peru,Canada; Mexico; Chile,Peru(05-Jun-2010 - ); Chile( - 07-Aug-2015); Mexico(01-Jan-9999 - )\n2,Old Pact,Goods,FTA,x,Inactive,1980-01-02,,1981-03-04,,1999-12-31,No,Bilateral,,\"Canada; Macao, China\",\n3,Talks,Goods,FTA,x,Early announcement-Under negotiation,,,,,,No,Bilateral,,,\n"
    )])
    .unwrap();
    assert_eq!(b.source.id, "wto-rta-2026-02");
    let of = |id: &str| {
        rows_of(&b, "trade_agreements", ("agreement_id", id), &["ccode", "kind", "start", "end"])
    };
    let mut lake = of("1");
    lake.sort();
    assert_eq!(
        lake,
        [
            ["135", "customs-union", "2010-06-05", ""],
            ["155", "customs-union", "2001-03-04", "2015-08-07"],
            ["20", "customs-union", "2001-03-04", ""],
        ]
    );
    assert_eq!(
        of("2"),
        [["20", "trade", "1981-03-04", "1999-12-31"], ["", "trade", "1981-03-04", "1999-12-31"]]
    );
    assert!(of("3").is_empty() && b.source.coverage.iter().all(|c| c.context));
    let wrong =
        format!("{header}1,P,Goods,FTA,x,In Force,,,2001-03-04,,,No,B,Canada,Canada,Canada 2001\n");
    let error = part(&[&wrong]).unwrap_err();
    assert!(
        error.contains(
            "column specific_entry/exit_dates: \"Canada 2001\" is not parties with their days"
        ),
        "{error}"
    );

    let members = "country_name,accession_date,accession_date_raw,is_original_member,country_code_iso3,notes\nCanada,1995-01-01,1 January 1995,TRUE,,\nChina,2001-12-11,11 December 2001,FALSE,,\n\"Hong Kong, China\",1995-01-01,1 January 1995,TRUE,,\n";
    let b = part(&[members]).unwrap();
    assert_eq!(column(&b, "treaty_participation", "ccode"), ["20", "710", ""]);
    assert_eq!(
        column(&b, "treaty_participation", "start"),
        ["1995-01-01", "2001-12-11", "1995-01-01"]
    );
    assert_eq!(
        column(&b, "treaty_participation", "act"),
        ["acceptance", "accession", "acceptance"]
    );
}

#[test]
fn monthly_reports_of_personnel_become_means_of_the_year() {
    let header = "ISOCode3,M49_Code,Contributing_Country,Mission_Acronym,Personnel_Type,Female_Personnel,Male_Personnel,Last_Reporting_Date\n";
    let mut text = header.to_owned();
    for month in 1..=12 {
        let _ = writeln!(text, "CAN,124,Canada,UNAAA,Troops,1,9,28/{month}/2019");
        let _ = writeln!(text, "CAN,124,Canada,UNAAA,Police,0,2,28/{month}/2019");
    }
    // Half a year of another, and one month of the next year.
    for month in 1..=6 {
        let _ = writeln!(text, "FRA,250,France,UNAAA,Troops,0,10,28/{month}/2019");
    }
    let _ = writeln!(text, "CAN,124,Canada,UNAAA,Troops,1,9,28/1/2020");
    let b = part(&[&text]).unwrap();
    let of = |name: &str| column(&b, "peacekeeping", name);
    assert_eq!(
        (of("ccode"), of("year")),
        (
            vec!["20".into(), "20".into(), "220".into()],
            vec!["2019".to_owned(), "2020".into(), "2019".into()]
        )
    );
    assert_eq!(
        (of("personnel"), of("women")),
        (
            vec!["12.0".into(), "10.0".into(), "5.0".into()],
            vec!["1.0".to_owned(), "1.0".into(), "0.0".into()]
        )
    );
    let (_folder, search) = named(&[("a.csv", &text)]);
    let b = comity_datasets::read(&search.found[0]).unwrap();
    let covered = |year| b.source.coverage.iter().any(|c| c.covers(20, year));
    assert!(covered(2019) && !covered(2020) && !covered(2018));

    let means = "\"\",Year,Country,Mission,Female,Male,Total\n1,2020,Canada,UNAAA,1,2,4\n2,2020,Canada,UNBBB,0,0,0\n";
    let b = part(&[means]).unwrap();
    assert_eq!(column(&b, "peacekeeping", "personnel"), ["4.0", "0.0"]);
    assert!(b.source.coverage.iter().all(|c| c.context));
}
