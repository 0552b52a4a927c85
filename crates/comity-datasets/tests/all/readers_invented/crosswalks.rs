//! Lists of country codes: years that run on, codes that look like "missing", numbers that are no state's.

use super::{column, part};

const TABLE: &str = "code_crosswalks";
const PANEL: &str =
    "country.name.en,country.name.en.regex,year,cowc,cown,gwc,gwn,iso2c,iso3c,iso3n";

/// One line per row, as `scheme=code of ccode first-last`.
fn lines(files: &[&str]) -> Vec<String> {
    let b = part(files).unwrap();
    let of = ["scheme", "code", "ccode", "start_year", "end_year"].map(|c| column(&b, TABLE, c));
    let line = |r: usize| {
        let [scheme, code, state, first, last] = of.each_ref().map(|c| &c[r]);
        format!("{scheme}={code} of {state} {first}-{last}")
    };
    (0..of[0].len()).map(line).collect()
}

#[test]
fn years_one_after_another_with_the_same_code_are_one_row() {
    // A gap, another code, and years out of the system each begin a row; the order of the lines does not matter to other countries.
    let rows = "Here,h,1950,,2,,,NA,HER,\nThere,t,1950,,20,,,,,\nHere,h,1951,,2,,,NA,HER,\nHere,h,1953,,2,,,NA,HER,\nHere,h,1954,,2,,,NA,HAR,\nHere,h,1955,,,,,NA,HAR,\n";
    let mut made = lines(&[&format!("{PANEL}\n{rows}")]);
    made.sort();
    let expected = [
        "cown=2 of 2 1950-1951",
        "cown=2 of 2 1953-1954",
        "cown=20 of 20 1950-1950",
        "iso2c=NA of  1955-1955",
        "iso2c=NA of 2 1950-1951",
        "iso2c=NA of 2 1953-1954",
        "iso3c=HAR of  1955-1955",
        "iso3c=HAR of 2 1954-1954",
        "iso3c=HER of 2 1950-1951",
        "iso3c=HER of 2 1953-1953",
    ];
    assert_eq!(made, expected);
}

#[test]
fn a_code_without_a_state_is_kept_and_counted() {
    let list = "cow_id,cow3,iso_id,iso2,iso3,valid_from,valid_until,cname,cname_full,comments,statenme\n9998,NON,N/A,N/A,NON,1962,1980,Nonesuch,,,\n,,999,XX,XXX,1981,,Isle,Isle of Nowhere,,\n2,USA,842,US,USA,1981,,USA,,,\n";
    let b = part(&[list]).unwrap();
    assert_eq!(
        lines(&[list]),
        [
            "iso3n=999 of  1981-",
            "iso2c=XX of  1981-",
            "iso3c=XXX of  1981-",
            "cown=9998 of  1962-1980",
            "cowc=NON of  1962-1980",
            "iso3c=NON of  1962-1980",
            "cown=2 of 2 1981-",
            "cowc=USA of 2 1981-",
            "iso3n=842 of 2 1981-",
            "iso2c=US of 2 1981-",
            "iso3c=USA of 2 1981-",
        ]
    );
    assert_eq!(column(&b, TABLE, "source_row")[0], "iso_id=999 valid_from=1981");
    let counted: Vec<_> =
        b.source.unplaced.iter().map(|u| (u.column.as_str(), u.code.as_str(), u.rows)).collect();
    assert_eq!(counted, [("ccode", "9998", 3), ("cname_full", "Isle of Nowhere", 3)]);
    let error = part(&[&list.replace("1962,1980", "1980,1962")]).unwrap_err();
    assert!(error.contains("line 2") && error.contains("valid_until"), "{error}");
}

#[test]
fn a_list_of_the_other_numbers_is_placed_by_year() {
    let list =
        "gwn,gwc,country,year\n260,GFR,Germany,1989\n260,GFR,Germany,1990\n711,TBT,Tibet,1930\n";
    let made = lines(&[list]);
    assert_eq!(
        made,
        [
            "gwn=260 of 260 1989-1989",
            "gwc=GFR of 260 1989-1989",
            "gwn=260 of 255 1990-1990",
            "gwc=GFR of 255 1990-1990",
            "gwn=711 of  1930-1930",
            "gwc=TBT of  1930-1930",
        ]
    );
}
