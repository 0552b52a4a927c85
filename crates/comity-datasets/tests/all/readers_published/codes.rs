//! Codes and names of other systems: every one that the published files hold is placed, or named here with the reason.

use std::collections::{BTreeMap, BTreeSet};

use comity_datasets::codes::{
    from_gw, from_iso_numeric, from_iso2, from_iso3, from_name, in_system,
};
use comity_record::schema;

use crate::published;

type Row = BTreeMap<String, String>;

/// The rows of a published text file, whatever its encoding.
fn table(name: &str, delimiter: u8) -> Vec<Row> {
    let bytes = std::fs::read(published::path(name)).unwrap();
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|e| e.into_bytes().iter().map(|b| char::from(*b)).collect());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        header.iter().zip(&record).map(|(h, c)| (h.to_owned(), c.trim().to_owned())).collect()
    };
    reader.records().map(|r| row(r.unwrap())).collect()
}

fn int(row: &Row, column: &str) -> Option<i32> {
    row.get(column)?.parse().ok()
}

fn year(row: &Row, column: &str) -> i32 {
    row[column].get(..4).and_then(|y| y.parse().ok()).unwrap_or(2000)
}

fn words(list: &str) -> BTreeSet<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

fn lines(list: &str) -> BTreeSet<String> {
    list.lines().map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect()
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn every_state_year_of_gleditsch_and_ward_is_placed_where_the_published_lists_have_it() {
    let gw = table("crosswalks/data_gw.csv", b',');
    let cow = table("crosswalks/data_cow.csv", b',');
    let members: BTreeSet<(i32, i32)> =
        cow.iter().map(|r| (int(r, "cown").unwrap(), year(r, "year"))).collect();
    let (mut nobody, mut reached) = (BTreeSet::new(), BTreeMap::new());
    for row in &gw {
        let (gwno, year) = (int(row, "gwn").unwrap(), year(row, "year"));
        let Some(ccode) = from_gw(gwno, year) else {
            nobody.insert(gwno);
            continue;
        };
        reached.entry((ccode, year)).or_insert_with(BTreeSet::new).insert(gwno);
        // The list of states here ends with 2016.
        if year <= 2016 {
            assert_eq!(in_system(ccode, year), members.contains(&(ccode, year)), "{ccode} {year}");
        }
    }
    // States that COW never had: United Provinces of Central America, Great Colombia, Transvaal, Orange Free State, Tibet,
    // and Viet Nam before the French, which its list numbers apart.
    assert_eq!(nobody, [89, 99, 563, 564, 711, 815].into());
    // The year in which Serbia takes over from Serbia and Montenegro.
    let twice: Vec<_> = reached.iter().filter(|(_, gw)| gw.len() > 1).map(|(at, _)| *at).collect();
    assert_eq!(twice, [(345, 2006)]);
    let mut left: BTreeSet<i32> =
        members.iter().filter(|m| !reached.contains_key(m)).map(|(ccode, _)| *ccode).collect();
    // COW's members that the list leaves out: its microstates, and the Hessian states and Württemberg;
    let small = [
        54, 55, 56, 57, 58, 60, 221, 223, 232, 331, 403, 591, 935, 946, 947, 955, 970, 983, 986,
        987, 990,
    ];
    let german = [271, 273, 275];
    // the Democratic Republic of Vietnam, which this copy of it has lost;
    let lost = [816];
    // and years: Serbia 1916-17, Morocco 1905-12, Egypt 1856-82, the Hejaz 1927-31, Laos 1953, North Yemen in 1990.
    let years = [345, 600, 651, 670, 812, 678];
    for ccode in small.iter().chain(&german).chain(&lost).chain(&years) {
        assert!(left.remove(ccode), "{ccode} is reached");
    }
    assert!(left.is_empty(), "{left:?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn codes_of_the_standard_agree_with_each_other_and_with_the_names_beside_them() {
    let standard = table("crosswalks/data_iso.csv", b',');
    let (mut placed, mut unlike) = (0, BTreeSet::new());
    for row in &standard {
        let ccode = from_iso3(&row["iso3c"], 2020);
        placed += usize::from(ccode.is_some());
        assert_eq!(ccode, from_iso2(&row["iso2c"], 2020), "{row:?}");
        assert_eq!(ccode, from_iso_numeric(int(row, "iso3n").unwrap(), 2020), "{row:?}");
        for name in ["iso.name.en", "country"] {
            if from_name(&row[name], 2020) != ccode {
                unlike.insert(row[name].clone());
            }
        }
    }
    // 193 members of the United Nations and Taiwan; what is left are territories, the Holy See and Palestine.
    assert_eq!((standard.len(), placed), (249, 194));
    // Two states are called Congo.
    assert_eq!(unlike, ["Congo (the)".to_owned()].into());
    let un = table("crosswalks/data_un_names.csv", b',');
    let nobody: BTreeSet<_> =
        un.iter().filter(|r| from_name(&r["un.name.en"], 2020).is_none()).collect();
    assert_eq!(nobody.len(), 1, "{nobody:?}");
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn codes_with_dates_agree_with_a_published_crosswalk() {
    let crosswalk = table("crosswalks/cow2iso.txt", b',');
    let mut unlike = BTreeSet::new();
    for row in &crosswalk {
        let Some(theirs) = int(row, "cow_id") else { continue };
        let years =
            int(row, "valid_from").unwrap_or(1962)..=int(row, "valid_until").unwrap_or(2017);
        for year in years.filter(|y| in_system(theirs, *y)) {
            for (code, ours) in [
                (&row["iso3"], from_iso3(&row["iso3"], year)),
                (&row["iso2"], from_iso2(&row["iso2"], year)),
                (&row["iso_id"], int(row, "iso_id").and_then(|n| from_iso_numeric(n, year))),
            ] {
                if !code.is_empty() && ours != Some(theirs) {
                    unlike.insert(format!("{theirs} {code}"));
                }
            }
        }
    }
    // Numbers of the United Nations' trade statistics that are no codes of the standard (areas with customs unions and dependencies).
    let trade = "2 841;2 842;211 58;220 251;225 757;325 381;385 579;560 711;750 699;770 588";
    // A year of change is the successor's here. Wrong there: ATA is Antarctica; MAC is Macao's code and COW's name for Macedonia.
    let change = "260 DE;260 DEU;678 YE;678 YEM;58 ATA;343 446;343 MAC;343 MO";
    // VN and VNM are the Republic of Vietnam's there and then the whole's under the same number.
    let vietnam = "817 868;817 VN;817 VNM;817 704";
    let expected: BTreeSet<String> =
        [trade, change, vietnam].iter().flat_map(|l| l.split(';')).map(str::to_owned).collect();
    assert_eq!(unlike, expected);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn names_that_the_lists_of_states_use_are_their_states() {
    let mut unlike = BTreeSet::new();
    for (file, code, name) in [
        ("cow-states/states2016.csv", "ccode", "statenme"),
        ("unga-votes/pairwise_countries.csv", "ccode", "Countryname"),
        ("unga-idealpoints/COW_country_codes.csv", "CCode", "StateNme"),
        ("crosswalks/data_cow.csv", "cown", "country"),
    ] {
        let rows = table(file, b',');
        for row in rows {
            let ccode = int(&row, code).unwrap();
            let last = || (1816..2017).rev().find(|y| in_system(ccode, *y)).unwrap();
            let year = int(&row, "styear").or(int(&row, "year")).unwrap_or_else(last);
            if from_name(&row[name], year) != Some(ccode) {
                unlike.insert(row[name].clone());
            }
        }
    }
    // The other Congo and the other Viet Nam may say the same of themselves.
    assert_eq!(unlike, ["Congo".to_owned(), "Vietnam".to_owned()].into());
    let gw = table("crosswalks/data_gw.csv", b',');
    for row in gw {
        let (gwno, year) = (int(&row, "gwn").unwrap(), year(&row, "year"));
        let (by_name, by_number) = (from_name(&row["country"], year), from_gw(gwno, year));
        // "German Federal Republic" is its name for the whole since 1990, too.
        let shared = ["Congo", "Vietnam", "German Federal Republic"];
        let shared = shared.contains(&row["country"].as_str());
        let Some(ccode) = by_number.filter(|_| !shared) else { continue };
        // A name begins with the state; some that G-W have earlier are not looked up by name then.
        let early = by_name.is_none() && !in_system(ccode, year);
        assert!(early || by_name == by_number, "{row:?} {by_name:?}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn suppliers_and_recipients_of_arms_that_are_no_state() {
    let rows = table("sipri/trade-register.csv", b',');
    let mut nobody = BTreeSet::new();
    for row in rows {
        for column in ["Recipient", "Supplier"] {
            // The source marks rebels with one star and organisations with two.
            if from_name(&row[column], year(&row, "Year of order")).is_none()
                && !row[column].ends_with('*')
            {
                nobody.insert(row[column].clone());
            }
        }
    }
    // Rows that are broken in this copy; parties that nobody knows; territories and those that no list has as a state.
    let none = ["", "0.25", "3", "unknown recipient(s)", "unknown supplier(s)"];
    let territories = [
        "Aruba",
        "Biafra",
        "Katanga",
        "Libya GNC",
        "Northern Cyprus",
        "Palestine",
        "Western Sahara",
    ];
    // Ordered before there was the state that received.
    let before = [
        "Croatia",
        "Czechia",
        "Eritrea",
        "Montenegro",
        "Slovakia",
        "South Sudan",
        "South Vietnam",
        "South Yemen",
    ];
    // Two states at the time: the reader says which is meant.
    let two = ["Congo", "Germany", "Yemen"];
    let expected: BTreeSet<String> = none
        .iter()
        .chain(&territories)
        .chain(&before)
        .chain(&two)
        .map(|n| (*n).to_owned())
        .collect();
    assert_eq!(nobody, expected);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn senders_and_targets_of_sanctions_that_are_no_state() {
    let rows = table("gsdb/GSDB_V4.csv", b',');
    let mut nobody = BTreeSet::new();
    for row in rows {
        for column in ["sanctioned_state", "sanctioning_state"] {
            let at = year(&row, "begin");
            // Lists are separated with the comma that some names hold.
            let parts: Vec<&str> = row[column].split(',').map(str::trim).collect();
            let mut from = 0;
            while from < parts.len() {
                let named = |to: &usize| from_name(&parts[from..*to].join(", "), at).is_some();
                let to = (from + 1..=(from + 3).min(parts.len())).rev().find(named);
                if to.is_none() {
                    nobody.insert(parts[from].to_owned());
                }
                from = to.unwrap_or(from + 1);
            }
        }
    }
    let expected = lines(
        "African Union
        CSCE
        ChinCom
        CoCom
        Comecon
        Commonwealth
        ECOWAS
        EEC
        EEU
        EU
        G7
        G8
        ICC Rome Statute Signatories
        Kimberly Process Participants
        League of Arab States
        MERCOSUR
        NAFTA
        NATO
        OAPEC
        OIC
        OSCE
        Organisation of African Unity
        Organization of American States
        Organization of Eastern Carribean States
        Pacific Islands Forum
        Paris Agreement Signatories
        SADC
        UN
        UNASUR
        Western countries
        Balkans
        Cyprus (Northern)
        Gibraltar
        Hong Kong
        Palestine
        Terrorist Organizations (Al-Qaeda)
        Terrorist Organizations (ISIL and ANF)
        Terrorist Organizations (Taliban and Al-Qaeda)
        Terrorist Organizations (Taliban)
        Armenia
        Azerbaijan
        Eritrea
        Montenegro
        Germany
        South Vietnam
        North",
    );
    // The last lines: before there was the state; Germany when there were two; and two states named long after their end
    // ("Yemen, North" falls apart).
    assert_eq!(nobody, expected);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn economies_of_the_world_bank_that_are_no_state() {
    let mut nobody = BTreeSet::new();
    for file in ["ny.gdp.mktp.cd", "ms.mil.xpnd.gd.zs", "dt.oda.odat.cd", "bx.klt.dinv.cd.wd"] {
        let rows = table(&format!("wdi/{file}.csv"), b',');
        for row in rows {
            let (code, at) = (&row["Country Code"], year(&row, "Year"));
            match (from_iso3(code, at), from_iso3(code, 2020)) {
                (None, None) => drop(nobody.insert(code.clone())),
                (None, Some(_)) => drop(nobody.insert(format!("{code}-"))),
                _ => {}
            }
        }
    }
    let regions = "AFE AFW ARB CEB CSS EAP EAR EAS ECA ECS EMU EUU HIC HPC IBD IBT IDA IDB IDX LAC LCN LDC LIC LMC LMY LTE MEA MIC MNA
        NAC OED OSS PRE PSS PST SAS SSA SSF SST TEA TEC TLA TMN TSA TSS UMC WLD";
    let territories = "ABW ASM BMU CHI CUW CYM FRO GIB GRL GUM HKG IMN MAC MAF MNP NCL PRI PSE PYF SXM TCA VGB VIR";
    // Before there was the state, and Viet Nam when there were two.
    let before = "ARM- AZE- BIH- CZE- ERI- GEO- HRV- KAZ- KGZ- MDA- MKD- MNE- RUS- SRB- SSD- SVK- SVN- TJK- TKM- UZB- VNM- XKX-";
    assert_eq!(nobody, words(&[regions, territories, before].join(" ")));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn members_of_trade_agreements_that_are_no_state() {
    let rows = table("desta/DESTA.csv", b';');
    let mut nobody = BTreeSet::new();
    for row in rows {
        let at = year(&row, "year");
        let members = (1..=91).filter_map(|n| int(&row, &format!("c{n}")));
        let none = members.filter(|n| from_iso_numeric(*n, at).is_none());
        nobody.extend(none.map(|n| {
            if from_iso_numeric(n, 2020).is_some() { format!("{n}-") } else { n.to_string() }
        }));
    }
    // Territories and dependencies; 900 is Kosovo in this source, 530 the Netherlands Antilles.
    let territories = "86 92 136 175 184 234 238 239 248 258 260 275 304 344 446 500 530 533 540 570 612 654 660 666 732 796 876 900";
    // Today's code for a state before its time: the Czech Republic, Russia, Serbia and Slovakia.
    let before = "203- 643- 688- 703-";
    assert_eq!(nobody, words(&[territories, before].join(" ")));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn casters_of_vetoes_are_all_states() {
    let rows = table("unsc-vetoes/unsc_vetoes_1946_sept2022.csv", b',');
    for row in rows {
        for column in ["member_veto1", "member_veto2", "member_veto3"] {
            let placed = from_name(&row[column], year(&row, "year"));
            assert!(row[column].is_empty() || placed.is_some(), "{row:?}");
        }
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn states_of_the_international_systems_in_two_versions() {
    let b = super::bundle("crosswalks", "isd-2.2");
    assert_eq!(super::rows(&b, "isd_states"), 499);
    let columns = ["name", "ccode", "category", "region", "start", "end", "end_year", "extended"];
    assert_eq!(
        super::at(&b, "isd_states", "cownum=4741 start=1828-01-01", &columns),
        ["Abuja Emirate", "", "3", "1", "1828-01-01", "1902-12-31", "1902", "false"]
    );
    assert_eq!(
        super::at(&b, "isd_states", "cownum=255 start=1990-10-03", &columns),
        ["Germany", "255", "1", "5", "1990-10-03", "", "", "true"]
    );
    let batch = b.table("isd_states").unwrap();
    let open = (0..499).filter(|r| super::cell(batch, *r, "extended") == "true").count();
    assert_eq!((open, super::nulls(&b, "isd_states", "category")), (195, 2));
    let unplaced: usize = b.source.unplaced.iter().map(|u| u.rows).sum();
    assert_eq!(super::nulls(&b, "isd_states", "ccode"), unplaced);
    let first = super::bundle("crosswalks", "isd-1");
    assert_eq!(super::rows(&first, "isd_states"), 362);
    let columns = ["name", "ccode", "beyond_cow", "micro", "start", "end"];
    assert_eq!(
        super::at(&first, "isd_states", "cow_nr.=8531 start=1816-01-01", &columns),
        ["Aceh", "", "true", "false", "1816-01-01", "1874-01-30"]
    );
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn states_of_gleditsch_and_ward_in_two_lists() {
    let b = super::bundle("crosswalks", "gw-states-2020");
    // Germany and Yemen change their code within a spell.
    assert_eq!(super::rows(&b, "gw_states"), 239 + 2);
    let columns = ["gwcode", "ccode", "start", "end", "microstate", "extended"];
    assert_eq!(
        super::at(&b, "gw_states", "gwcode=340 start=2006-06-05", &columns),
        ["340", "345", "2006-06-05", "", "false", "true"]
    );
    assert_eq!(
        super::at(&b, "gw_states", "gwcode=972 start=1970-06-04", &columns),
        ["972", "955", "1970-06-04", "", "true", "true"]
    );
    let yemen = super::at(&b, "gw_states", "gwcode=678 start=1918-10-30", &columns);
    assert_eq!(yemen[1..4], ["678", "1918-10-30", "1990-05-21"]);
    let codes: BTreeSet<&str> = b.source.unplaced.iter().map(|u| u.code.as_str()).collect();
    assert_eq!(codes, ["89", "99", "396", "397", "563", "564", "711", "815"].into());
    let old = super::bundle("crosswalks", "gw-states-2017");
    assert_eq!(super::rows(&old, "gw_states"), 216 + 2);
    assert_eq!(super::nulls(&old, "gw_states", "microstate"), 218);
    for (folder, id) in [("isard", "gw-states-2020"), ("peacesciencer", "gw-states-2017")] {
        let again = super::bundle(folder, id);
        let these = if id.ends_with("2020") { &b } else { &old };
        for column in ["gwcode", "ccode", "start", "end", "microstate"] {
            let all = |b: &comity_record::source::SourceBundle| -> BTreeSet<String> {
                let batch = b.table("gw_states").unwrap();
                (0..batch.num_rows())
                    .map(|r| {
                        super::cell(batch, r, "gwcode")
                            + &super::cell(batch, r, "start")
                            + &super::cell(batch, r, column)
                    })
                    .collect()
            };
            assert_eq!(all(&again), all(these), "{folder} {column}");
        }
    }
}

/// Numbers in columns of states that never were one, by dataset and table: kept out, and counted.
const STRANGERS: &str = "
    atop pledges.ccode 8152
    atop treaty_parties.ccode 8152
    imi interventions.ccode 1
    imi interventions.ccode 204
    imi interventions.ccode 29
    imi interventions.ccode 429
    imi interventions.ccode 49
    imi interventions.ccode 619
    imi interventions.ccode 653
    imi interventions.ccode 695
    imi interventions.ccode 749
    imi interventions.target 1
    imi interventions.target 601
    imi interventions.target 61
    imi interventions.target 695
    imi interventions.target 709
    imi interventions.target 749
    imi interventions.target 753
    imi interventions.target 754
    imi interventions.target 755
    imi interventions.target 761
    peace-data peace_scale.ccode 936
    peace-data peace_scale.ccode 937
    peace-data peace_scale.partner 936
    peace-data peace_scale.partner 937
    peace-data peace_scale_years.ccode 936
    peace-data peace_scale_years.ccode 937
    peace-data peace_scale_years.partner 936
    peace-data peace_scale_years.partner 937
    td-rivalries rivalries.ccode 324
    td-rivalries rivalries.rival 324
    tss-rivalries rivalries.ccode 324
    tss-rivalries rivalries.rival 324";
/// Datasets that are large and placed from other codes, and the one that names territories beside states.
const OTHERS: [&str; 5] =
    ["un-votes", "icews", "minimum-distance", "gdelt", "cow-territorial-change"];

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn numbers_that_never_were_a_states_are_the_known_ones() {
    let mut strangers = BTreeSet::new();
    for found in comity_datasets::find(&[published::path("")]).found {
        if OTHERS.contains(&found.dataset.id) {
            continue;
        }
        let read = match comity_datasets::read_part(&found) {
            // Two editions or selections under one header: one of the files must be named.
            Err(comity_datasets::ReadError::TwoFiles { .. }) => continue,
            // Every row of the candidate events is damaged.
            Err(comity_datasets::ReadError::NoRows { .. })
                if found.dataset.id == "ucdp-candidate" =>
            {
                continue;
            }
            read => read.unwrap(),
        };
        for one in &read.source.unplaced {
            let canonical =
                schema::table(&one.table).is_some_and(|t| t.states.contains(&one.column.as_str()));
            if canonical && one.code.parse::<i32>().is_ok() {
                strangers.insert(format!(
                    "{} {}.{} {}",
                    read.source.dataset, one.table, one.column, one.code
                ));
            }
        }
    }
    assert_eq!(strangers, lines(STRANGERS));
}
