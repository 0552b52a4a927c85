//! Invented rows in the formats of the Correlates of War project.

use std::fmt::Write as _;

use comity_record::Coverage;

use super::{column, part, search};

const INTRA: &str = "WarNum,WarName,V5RegionNum,WarType,CcodeA,SideA,SideB,Intnl,StartMo1,StartDy1,StartYr1,EndMo1,EndDy1,EndYr1,StartMo2,StartDy2,StartYr2,EndMo2,EndDy2,EndYr2,StartMo3,StartDy3,StartYr3,EndMo3,EndDy3,EndYr3,StartMo4,StartDy4,StartYr4,EndMo4,EndDy4,EndYr4,WDuratDays,WDuratMo,TotNatMonWar,TransFrom,Initiator,Outcome,TransTo,DeathsSideA,DeathsSideB,TotalBDeaths,Version\n";
const CONTDIR: &str = "dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version\n";
const CONTDIRD: &str = "dyad,state1no,state1ab,state2no,state2ab,year,conttype,version\n";
const CONTCOL: &str =
    "dyad,statelno,statelab,dependl,conttype,statehno,statehab,dependh,begin,end,version\n";
const CONTCOLD: &str = "dyad,statelno,statelab,statehno,statehab,year,land,sea,total,version\n";
const ENVOYS: &str = "ccode1,ccode2,year,DR_at_1,DR_at_2,DE,version\n";
const TRADE: &str = "ccode1,ccode2,year,importer1,importer2,flow1,flow2,smoothflow1,smoothflow2,smoothtotrade,spike1,spike2,dip1,dip2,trdspike,tradedip,bel_lux_alt_flow1,bel_lux_alt_flow2,china_alt_flow1,china_alt_flow2,source1,source2,version\n";

#[test]
fn wars_inside_states() {
    let none = "-8,-8,-8,-8,-8,-8";
    let war = |number: &str, a: &str, end: &str, second: &str, who: &str| {
        format!(
            "{number},A War,3,4,{a},Here,Rebels,1,1,31,1975,{end},{second},{none},{none},9,1,1,-8,{who},5,900.5,-9,-8,1000,5.1\n"
        )
    };
    let b = part(&[&format!(
        "{INTRA}{}{}{}",
        war("900.5", "230", "11,?,1979", "2,1,1981,-7,-7,-7", " Rebels"),
        war("901", "-8", "-7,-7,-7", none, "-9"),
        war("902", "235", "2,1,1976", none, "Others"),
    )])
    .unwrap();
    assert_eq!(column(&b, "wars", "war_id"), ["900.5", "901", "902"]);
    assert_eq!(column(&b, "wars", "end_year"), ["", "", "1976"]);
    assert_eq!(column(&b, "wars", "deaths_a"), ["", "", ""]);
    assert_eq!(column(&b, "war_parties", "initiator"), ["false", "false", ""]);
    assert_eq!(
        column(&b, "war_parties", "source_row"),
        ["warnum=900.5 ccodea=230", "warnum=900.5 ccodea=230 spell=2", "warnum=902 ccodea=235"]
    );
    assert_eq!(column(&b, "war_parties", "end_year"), ["1979", "", "1976"]);
}

#[test]
fn neighbours_in_both_files_and_in_one() {
    let spells = format!(
        "{CONTDIR}2020,2,A,20,B,1,195003,195206,x,3.2\n2020,2,A,20,B,4,195206,201612,x,3.2\n"
    );
    let mut years = CONTDIRD.to_owned();
    for (a, b) in [(2, 20), (20, 2)] {
        for (year, kind) in (1950..=1952).map(|y| (y, 1)).chain((1952..=2016).map(|y| (y, 4))) {
            writeln!(years, "2020,{a},A,{b},B,{year},{kind},3.2").unwrap();
        }
    }
    let both = part(&[&spells, &years]).unwrap();
    assert_eq!(column(&both, "contiguity", "start_year"), ["1950", "1950", "1952", "1952"]);
    assert_eq!(column(&both, "contiguity", "end_year"), ["1952", "1952", "", ""]);
    let alone = part(&[&years]).unwrap();
    assert_eq!(column(&alone, "contiguity", "end_year"), ["1952", "", "1952", ""]);
    let error = part(&[&spells, &format!("{CONTDIRD}2020,2,A,20,B,1949,1,3.2\n")]).unwrap_err();
    assert!(error.contains("\"1949\" is not a year of a spell in 0.csv"), "{error}");
}

#[test]
fn colonies_in_both_files_and_in_one() {
    let spells = format!(
        "{CONTCOL}2020,2,A,0,1,20,B,33,1950,1952,3.1\n2020,2,A,7,5,20,B,33,1951,2016,3.1\n"
    );
    let mut years = CONTCOLD.to_owned();
    for year in 1950..=2016 {
        let (land, sea) = (i32::from(year <= 1952), i32::from(year >= 1951));
        writeln!(years, "2020,2,A,20,B,{year},{land},{sea},{},3.1", land + sea).unwrap();
    }
    let both = part(&[&spells, &years]).unwrap();
    assert_eq!(column(&both, "colonial_contiguity", "dependency"), ["", "33", "7", "33"]);
    assert_eq!(column(&both, "colonial_contiguity", "by_land"), ["true", "true", "false", "false"]);
    let alone = part(&[&years]).unwrap();
    assert_eq!(column(&alone, "colonial_contiguity", "dependency"), ["", "", "", ""]);
    assert_eq!(column(&alone, "colonial_contiguity", "conttype"), ["", "", "1", "1"]);
    assert_eq!(column(&alone, "colonial_contiguity", "end_year"), ["", "", "1952", "1952"]);
    let error = part(&[&spells, &years.replace(",1,0,1,3.1", ",2,0,2,3.1")]).unwrap_err();
    assert!(
        error.contains("column land: \"2\" is not the number of spells by land in 0.csv"),
        "{error}"
    );
    // Counts per state have one header in both lists: their version tells them apart.
    let counts = "stateno,stateab,year,total,land,sea,version\n2,A,1950,1,1,0,";
    let (_folder, search) =
        search(&[format!("{counts}3.1\n").as_bytes(), format!("{counts}3.2\n").as_bytes()]);
    let reasons: Vec<&str> = search.unrecognised.iter().map(|u| u.reason.as_str()).collect();
    assert!(reasons[0].starts_with("cow-contiguity-colonial (contcols"), "{reasons:?}");
    assert!(reasons[1].starts_with("cow-contiguity (contdirs"), "{reasons:?}");
}

#[test]
fn envoys_as_published() {
    let text = format!(
        "{ENVOYS}2,20,1950,3,1,1,2006.1\n2,40,1950,0,9,1,2006.1\n2,70,1950,0,0,0,2006.1\n20,70,1955,-9,2,1,2006.1\n"
    );
    let b = part(&[&text]).unwrap();
    assert_eq!(column(&b, "diplomatic_exchange", "ccode"), ["20", "2", "40", "2", "70", "2", "20"]);
    assert_eq!(
        column(&b, "diplomatic_exchange", "partner"),
        ["2", "20", "2", "40", "2", "70", "70"]
    );
    assert_eq!(column(&b, "diplomatic_exchange", "level"), ["3", "1", "0", "9", "0", "0", "2"]);
    let whole = |c: &Coverage| Coverage { context: false, ..c.clone() };
    let covers = |ccode, year| b.source.coverage.iter().any(|c| whole(c).covers(ccode, year));
    assert!(covers(70, 1950) && !covers(70, 1951) && !covers(70, 1955) && !covers(90, 1950));
    let error = part(&[&text.replace(",9,1,", ",4,1,")]).unwrap_err();
    assert!(error.contains("\"4\" is not 0, 1, 2, 3 or 9"), "{error}");
}

#[test]
fn trade_as_published() {
    let rest = "0,0,0,0,0,0,-9,-9,-9,-9,1,1,4\n";
    let text = format!(
        "{TRADE}2,20,1950,A,B,10.5,-9,10.5,3,13.5,{rest}2,40,1950,A,C,0,0,0,0,0,{rest}2,70,1950,A,D,-9,-9,-9,-9,-9,{rest}"
    );
    let b = part(&[&text]).unwrap();
    assert_eq!(column(&b, "trade", "ccode"), ["2", "20", "2", "40"]);
    assert_eq!(column(&b, "trade", "imports"), ["10.5", "", "0.0", "0.0"]);
    assert_eq!(column(&b, "trade", "exports"), ["", "10.5", "0.0", "0.0"]);
    assert_eq!(column(&b, "trade", "smooth_exports"), ["3.0", "10.5", "0.0", "0.0"]);
    assert!(b.source.notes.iter().any(|n| n.starts_with("1 pairs and years without any figure")));
    let error = part(&[&text.replace("10.5,-9", "10.5,-3")]).unwrap_err();
    assert!(error.contains("column flow2: \"-3\" is not an amount"), "{error}");
}

#[test]
fn an_edition_that_nobody_has_counted_has_no_fewer_rows_than_the_one_before() {
    let cut = "stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version\nUSA,2,2020,1,1,1,1,1,1,0.1,2025\n";
    let (_folder, search) = search(&[cut.as_bytes()]);
    let found = &search.found[0];
    assert_eq!(found.version, "7.0");
    let told = comity_datasets::read(found).unwrap_err().to_string();
    assert!(told.contains("1 rows where cow-nmc-6.0 was published with 15951"), "{told}");
    assert!(comity_datasets::read_part(found).is_ok());
}
