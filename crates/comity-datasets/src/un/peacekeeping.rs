//! Uniformed personnel in missions of the United Nations, by contributor, mission and year.
//!
//! The Department of Peace Operations publishes a report for each month, with a row per contributor, mission and kind of personnel; here they
//! become the mean over the months that were reported in a year. A table of such means that others made of them is read as it stands. The one
//! that is known was compared, mission by mission, with the strength that the Department reports (Kathman's list by month): its totals agree for 2018 to
//! 2020; for 2013 to 2016 they are eleven twelfths of it in every mission, since a month is missing and was counted as empty. In 2011 three fifths of UNIFIL
//! are missing, in 2012 a third of all, in 2017 more than half, in 2010 and 2021 most: of these years nothing is claimed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::participation::placed;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const MEANS: &str = "means by year";
const REPORTS: &str = "monthly reports";
/// The rows of the table of means that was compared, and the years in which it holds every contributor.
const COMPARED: (usize, [i32; 7]) = (57_425, [2013, 2014, 2015, 2016, 2018, 2019, 2020]);

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-peacekeeping",
    title: "Uniformed personnel in United Nations missions, by contributor",
    publisher: "United Nations Department of Peace Operations",
    citation: "United Nations Department of Peace Operations. Uniformed Personnel Contributing Countries by Mission and Personnel Type. https://psdata.un.org",
    licence: "terms of the United Nations: attribution",
    url: "https://psdata.un.org/",
    get: Get::ByHand(
        "on its page look for uniformed personnel contributing countries (DPO-UCHISTORICAL) and download the table as CSV",
    ),
    relations: &[("peacekeeping", Relation::Complement)],
    proposed_as: None,
    tables: &["peacekeeping"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(MEANS, "year country mission female male total")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            open: true,
            ..FileKind::new(
                REPORTS,
                "isocode3 contributing_country mission_acronym personnel_type female_personnel male_personnel last_reporting_date",
            )
        },
    ],
    editions: &[Edition {
        version: "unnumbered",
        released: "2018",
        marks: &[],
        last_year: 2026,
        rows: &[],
    }],
    // What is covered follows from the months that are reported.
    coverage: |e| {
        let claim = Coverage::all("peacekeeping", 1990, e.last_year)
            .about("uniformed personnel, in the years and months that are there");
        vec![Coverage { context: true, ..claim }]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("peacekeeping");
    let mut keys = Keys::default();
    means(files, &mut keys, out)?;
    reports(files, &mut keys, out)
}

fn means(files: &Files, keys: &mut Keys, out: &mut Output) -> Result<(), ReadError> {
    let mut years = BTreeSet::new();
    let compared = files.rows(MEANS).count() == COMPARED.0;
    for row in files.rows(MEANS) {
        let year = row.need_year("year")?;
        let need =
            |column: &str, what: &str| row.text(column).ok_or_else(|| row.refuse(column, what));
        let (country, mission) = (need("country", "a contributor")?, need("mission", "a mission")?);
        let key = format!("year={year} country={country} mission={mission}");
        keys.add(&row, &key)?;
        years.insert(year);
        let persons = |column: &str| -> Result<Option<f64>, ReadError> {
            match row.float(column)? {
                Some(v) if v < 0.0 => Err(row.refuse(column, "a number that is 0 or more")),
                v => Ok(v),
            }
        };
        let figures = [persons("total")?, persons("female")?, persons("male")?];
        push(mission, country, year, figures, key, out);
    }
    for year in COMPARED.1.into_iter().filter(|y| compared && years.contains(y)) {
        let scope = if year <= 2016 {
            "uniformed personnel, by means in which one month of twelve counts as empty: a twelfth too low for everyone"
        } else {
            "uniformed personnel, by means of twelve months"
        };
        out.claim(Coverage::all("peacekeeping", year, year).about(scope));
    }
    if compared {
        out.note("The means were compared with the strength of each mission: 2018-2020 agree, 2013-2016 are a twelfth too low for everyone; 2010-2012, 2017 and 2021 lack whole contributors or months, and nothing follows from a row that is missing there".to_owned());
    } else if let (Some(first), Some(last)) = (years.first(), years.last()) {
        out.note(format!("Means of {first} to {last} that others made of monthly reports; a year may rest on a few months only, so that its figures are low, and nothing follows from a row that is missing"));
    }
    Ok(())
}

fn push(
    mission: &str,
    country: &str,
    year: i32,
    [total, women, men]: [Option<f64>; 3],
    key: String,
    out: &mut Output,
) {
    let ccode = placed(country, year, out.places());
    if ccode.is_none() {
        out.unplaced("peacekeeping", "contributor", country);
    }
    let cells: [(&str, Value); 7] = [
        ("mission", mission.into()),
        ("ccode", ccode.into()),
        ("contributor", country.into()),
        ("year", year.into()),
        ("personnel", total.into()),
        ("women", women.into()),
        ("men", men.into()),
    ];
    out.push("peacekeeping", &cells, key);
}

/// Women and men of a contributor in a mission, by the day of the report.
type Reported<'a> = BTreeMap<(&'a str, &'a str, i32), BTreeMap<Date, (i32, i32)>>;

fn reports(files: &Files, keys: &mut Keys, out: &mut Output) -> Result<(), ReadError> {
    let mut reported = Reported::new();
    let mut days: BTreeMap<i32, BTreeSet<Date>> = BTreeMap::new();
    for row in files.rows(REPORTS) {
        let need =
            |column: &str, what: &str| row.text(column).ok_or_else(|| row.refuse(column, what));
        let country = need("contributing_country", "a contributor")?;
        let mission = need("mission_acronym", "a mission")?;
        let kind = need("personnel_type", "a kind of personnel")?;
        let day = row.calendar_date("last_reporting_date")?;
        let day = day.ok_or_else(|| row.refuse("last_reporting_date", "a day"))?;
        keys.add(&row, &format!("{country} {mission} {kind} {day}"))?;
        let persons = |column: &str| row.code(column, 0..=1_000_000).map(Option::unwrap_or_default);
        let (women, men) = (persons("female_personnel")?, persons("male_personnel")?);
        let year = i32::from(day.year());
        days.entry(year).or_default().insert(day.last_of_month());
        let of = reported.entry((country, mission, year)).or_default();
        let sum = of.entry(day.last_of_month()).or_default();
        *sum = (sum.0 + women, sum.1 + men);
    }
    for ((country, mission, year), months) in reported {
        // A month without a row of a contributor in a mission is one without personnel of it there.
        let reports = days.get(&year).map_or(1, BTreeSet::len) as f64;
        let women: i32 = months.values().map(|(women, _)| women).sum();
        let men: i32 = months.values().map(|(_, men)| men).sum();
        let (women, men) = (f64::from(women) / reports, f64::from(men) / reports);
        let key = format!("Contributing_Country={country} Mission_Acronym={mission} {year}");
        push(mission, country, year, [Some(women + men), Some(women), Some(men)], key, out);
    }
    for (year, months) in days {
        if months.len() == 12 {
            let claim = Coverage::all("peacekeeping", year, year);
            out.claim(claim.about("uniformed personnel, by twelve monthly reports"));
        } else {
            out.note(format!("{year} has reports of {} months; its means are of these, and nothing follows from a row that is missing", months.len()));
        }
    }
    Ok(())
}
