//! EUSANCT: sanctions that the European Union, the United States and the United Nations threatened and imposed, 1989-2015.
//!
//! The publisher's file has a line a case with columns per sender; here a case is a row per sender. Days are written `05jul1991`, or `ongoing`.
//! A case may have come to a threat alone, so that these rows stand beside `sanctions` and not in it. Who has sanctions against it in a year
//! goes around in a second file, made from the first by others.

use jiff::civil::Date;

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::missing::A_POINT;
use crate::output::{Output, spell};
use crate::row::{Keys, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const CASES: &str = "cases";
const YEARS: &str = "targets by year";
/// As published in the names of columns, and the state that it is.
const SENDERS: [(&str, Option<i32>); 3] = [("EU", None), ("US", Some(2)), ("UN", None)];
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const COLUMNS: &str = "caseid targetstate targetstate_name eu single_eu us single_us un single_un combination sender_combination euprimarysender startyeareu startdateeu startyearus startdateus startyearun startdateun endyeareu enddateeu endyearus enddateus endyearun enddateun sender2 sender3 sender4 sender5 institution2 targetinstitution2 institution3 targetinstitution3 otherinstitution multi issue1 issue2 issue3 otherissue threateu threateu_id threateu_type threateu_type_other threatus threatus_id threatus_type threatus_type_other threatun threatun_id threatun_type threatun_type_other impositioneu impositioneu_year impositioneu_start impositioneu_id impositioneu_type impositioneu_type_other impositioneu_econ impositioneu_target impositioneu_intensity impositioneu_gradualism impositionus impositionus_year impositionus_start impositionus_id impositionus_type impositionus_type_other impositionus_econ impositionus_target impositionus_intensity impositionus_gradualism impositionun impositionun_year impositionun_start impositionun_id impositionun_type impositionun_type_other impositionun_econ impositionun_target impositionun_intensity impositionun_gradualism finaloutcome threat threat_success sanction sanctions_success success policyresult sanctioncontribution hsescore datasource link comments";

pub(crate) static DATASET: Dataset = Dataset {
    id: "eusanct",
    title: "EUSANCT: sanctions threatened and imposed by the EU, the US and the UN",
    publisher: "Weber and Schneider (University of Konstanz)",
    citation: "Weber, Patrick M. and Gerald Schneider. 2022. Post-Cold War Sanctioning by the EU, the UN, and the US: Introducing the EUSANCT Dataset. Conflict Management and Peace Science 39(1): 97-114.",
    licence: "free with citation",
    url: "https://www.polver.uni-konstanz.de/gschneider/research/archive/eusanct/",
    get: Get::ByHand(
        "on its page download the case-level dataset (EUSANCT_Dataset_Case-level.xls)",
    ),
    relations: &[("sanction_cases", Relation::Complement)],
    proposed_as: None,
    tables: &["sanction_cases", "sanctioned_years"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            missing: A_POINT,
            ..FileKind::new(CASES, COLUMNS)
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(
                YEARS,
                "country year ccode eu us un multilateral econ_eu_sanc non_econ_eu_sanc econ_us_sanc non_econ_us_sanc econ_un_sanc non_econ_un_sanc",
            )
        },
    ],
    editions: &[Edition {
        version: "2020",
        released: "2020",
        marks: &[],
        last_year: 2015,
        rows: &[(CASES, 326), (YEARS, 5_077)],
    }],
    coverage: |e| {
        let scope = "sanctions that the European Union, the United States and the United Nations threatened or imposed";
        vec![Coverage::all("sanction_cases", 1989, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    if files.get(CASES).is_some() {
        cases(files, out)?;
    }
    if files.get(YEARS).is_some() {
        years(files, out)?;
    }
    Ok(())
}

/// What the notes of the source say, counted row by row.
#[derive(Default)]
struct Met {
    ongoing: usize,
    contradicted: Vec<String>,
}

fn cases(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, mut met) = (Keys::default(), Met::default());
    out.begin("sanction_cases");
    for row in files.rows(CASES) {
        let case = row.text("caseid").ok_or_else(|| row.refuse("caseid", "a case"))?;
        keys.add(&row, &format!("caseid={case}"))?;
        let of_case = of_case(&row)?;
        for (name, sender) in SENDERS {
            if row.flag(&name.to_lowercase())? != Some(true) {
                continue;
            }
            let mut cells = of_case.clone();
            cells.extend([
                ("case_id", case.into()),
                ("sender", sender.into()),
                ("sender_name", name.into()),
            ]);
            cells.extend(of_sender(&row, name, &mut met)?);
            out.push("sanction_cases", &cells, format!("caseid={case} sender={name}"));
        }
    }
    out.note(format!("{} episodes were ongoing when the data end and stand as open", met.ongoing));
    if !met.contradicted.is_empty() {
        out.note(format!(
            "Days that lie in another year than the year beside them are left out, and the year is read: {}",
            met.contradicted.join(", ")
        ));
    }
    out.note("A case without imposed sanctions came to a threat alone. Kinds, issues and outcomes are codes as published");
    Ok(())
}

type Cells = Vec<(&'static str, Value)>;

/// What a case says of all its senders.
fn of_case(row: &Row<'_>) -> Result<Cells, ReadError> {
    let mut cells: Cells = vec![
        ("target", row.need_state("targetstate")?.into()),
        ("target_name", row.text("targetstate_name").into()),
        ("other_issue", row.text("otherissue").into()),
        ("data_source", row.text("datasource").into()),
    ];
    for (name, column, most) in [
        ("senders", "multi", 3),
        ("issue", "issue1", 14),
        ("issue2", "issue2", 14),
        ("issue3", "issue3", 14),
        ("outcome", "finaloutcome", 11),
        ("policy_result", "policyresult", 4),
        ("contribution", "sanctioncontribution", 4),
        ("hse_score", "hsescore", 16),
    ] {
        cells.push((name, row.code(column, 1..=most)?.into()));
    }
    let mut others = Vec::new();
    for column in ["sender2", "sender3", "sender4", "sender5"] {
        others.extend(row.code(column, 1..=9999)?.map(|code| code.to_string()));
    }
    cells.push(("co_senders", (!others.is_empty()).then(|| others.join("; ")).into()));
    for (name, column) in [
        ("threat_success", "threat_success"),
        ("sanction_success", "sanctions_success"),
        ("success", "success"),
    ] {
        cells.push((name, row.flag(column)?.into()));
    }
    Ok(cells)
}

/// What it says of one of them.
fn of_sender(row: &Row<'_>, name: &str, met: &mut Met) -> Result<Cells, ReadError> {
    let suffix = name.to_lowercase();
    let threat = |part: &str| format!("threat{suffix}{part}");
    let imposition = |part: &str| format!("imposition{suffix}{part}");
    let at = |part: &str| format!("{part}{suffix}");
    let start = when(row, &at("startdate"), &at("startyear"), met)?;
    let is_ongoing = row.text(&at("enddate")) == Some("ongoing");
    met.ongoing += usize::from(is_ongoing);
    let end =
        if is_ongoing { When::default() } else { when(row, &at("enddate"), &at("endyear"), met)? };
    row.forwards(start, end)?;
    let imposed = when(row, &imposition("_start"), &imposition("_year"), met)?;
    let mut cells: Cells = vec![
        ("threatened", row.flag(&threat(""))?.into()),
        ("threat_by", row.text(&threat("_id")).into()),
        ("threat_kinds", row.text(&threat("_type")).into()),
        ("threat_other", row.text(&threat("_type_other")).into()),
        ("imposed", row.flag(&imposition(""))?.into()),
        ("imposed_date", imposed.date.into()),
        ("imposed_year", imposed.year.into()),
        ("imposed_by", row.text(&imposition("_id")).into()),
        ("imposed_kinds", row.text(&imposition("_type")).into()),
        ("imposed_other", row.text(&imposition("_type_other")).into()),
        ("economic", row.code(&imposition("_econ"), 1..=6)?.into()),
        ("targeted", row.code(&imposition("_target"), 1..=6)?.into()),
        ("intensity", row.code(&imposition("_intensity"), 1..=36)?.into()),
        ("gradualism", row.code(&imposition("_gradualism"), 1..=4)?.into()),
    ];
    if name == "EU" {
        cells.push(("primary_sender", row.flag("euprimarysender")?.into()));
    }
    cells.extend(spell(start, end));
    Ok(cells)
}

/// A day and the year beside it; where they contradict each other the year alone.
fn when(row: &Row<'_>, day: &str, year: &str, met: &mut Met) -> Result<When, ReadError> {
    let known = row.code(year, 1900..=2100)?;
    let date = row
        .text(day)
        .map(|text| written(text).ok_or_else(|| row.refuse(day, "a day as 05jul1991, or ongoing")));
    match (date.transpose()?, known) {
        (Some(date), Some(known)) if i32::from(date.year()) != known => {
            let line = row.place().line;
            met.contradicted.push(format!("{day} {date} and {year} {known} (line {line})"));
            Ok(When { year: Some(known), ..When::default() })
        }
        (Some(date), _) => Ok(When::day(date)),
        (None, year) => Ok(When { year, ..When::default() }),
    }
}

/// A day as statistics programs write it: `05jul1991`.
fn written(text: &str) -> Option<Date> {
    let letters = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (day, rest) = text.split_at(letters);
    let (month, year) = (rest.get(..3)?, rest.get(3..)?);
    let month = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(month))? + 1;
    let year = year.parse().ok().filter(|y| (1900..=2100).contains(y))?;
    Date::new(year, i8::try_from(month).ok()?, day.parse().ok()?).ok()
}

const FLAGS: [(&str, &str); 10] = [
    ("eu", "eu"),
    ("us", "us"),
    ("un", "un"),
    ("multilateral", "multilateral"),
    ("eu_economic", "econ_eu_sanc"),
    ("eu_other", "non_econ_eu_sanc"),
    ("us_economic", "econ_us_sanc"),
    ("us_other", "non_econ_us_sanc"),
    ("un_economic", "econ_un_sanc"),
    ("un_other", "non_econ_un_sanc"),
];

fn years(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("sanctioned_years");
    for row in files.rows(YEARS) {
        let (ccode, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={ccode} year={year}");
        keys.add(&row, &key)?;
        let mut cells: Cells = vec![
            ("ccode", ccode.into()),
            ("year", year.into()),
            ("name", row.text("country").into()),
        ];
        for (name, column) in FLAGS {
            cells.push((name, row.flag(column)?.into()));
        }
        let scope = "sanctions in force of the EU, the US and the UN, by state and year";
        out.covers("sanctioned_years", scope, Some(ccode), year);
        out.push("sanctioned_years", &cells, key);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn days_with_letters_for_their_months() {
        let day = |text| written(text).map(|d| d.to_string());
        assert_eq!(day("05jul1991").as_deref(), Some("1991-07-05"));
        assert_eq!(day("9Jul1999").as_deref(), Some("1999-07-09"));
        for bad in ["31jun1999", "jul1999", "05jux1999", "05jul99", "1991-07-05", "", "05jul", "é"]
        {
            assert_eq!(day(bad), None, "{bad}");
        }
    }
}
