//! Dyadic Militarized Interstate Disputes 4.02: one row per pair of opponents, dispute and year, in both directions.
//!
//! A pair is in a dispute only where the two acted against each other; its outcome, fatality and days are the pair's own. The file does
//! not say its version: 4.02 and 4.03 have the same columns.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const YEARS: &str = "directed dyad-years";

pub(crate) static DATASET: Dataset = Dataset {
    id: "dyadic-mid",
    title: "Dyadic Militarized Interstate Disputes",
    publisher: "Correlates of War Project (Maoz, Johnson, Kaplan, Ogunkoya and Shreve)",
    citation: "Maoz, Zeev, Paul L. Johnson, Jasper Kaplan, Fiona Ogunkoya and Aaron P. Shreve. 2019. The Dyadic Militarized Interstate Disputes (MIDs) Dataset Version 3.0: Logic, Characteristics, and Comparisons to Alternative Datasets. Journal of Conflict Resolution 63(3): 811-835.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/mids/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/dyadic_mid_4.03_update.zip",
        sha256: None,
    }]),
    relations: &[("dyadic_disputes", Relation::Rival)],
    proposed_as: None,
    tables: &["dyadic_disputes"],
    baseline: &["dyadic_disputes"],
    files: &[FileKind {
        version: None,
        missing: &[Missing { columns: &["fatlev", "fatleva", "fatlevb"], codes: &["-9"] }],
        ..FileKind::new(
            YEARS,
            "disno dyindex statea namea stateb nameb strtday strtmnth strtyr endday endmnth endyear outcome settlmnt fatlev highact hihost recip noinit notarg sideaa revstata revtypea fatleva highmcaa hihosta orignata sideab revstatb revtypeb fatlevb highmcab hihostb orignatb rolea roleb dyad_rolea dyad_roleb war durindx duration cumdurat mid5hiact mid5hiacta mid5hiactb severity severitya severityb year ongo2014 new change changetype_1 changetype_2 dyad abbreva abbrevb lastobs newar",
        )
    }],
    editions: &[Edition {
        version: "4.02",
        released: "2021",
        marks: &[],
        last_year: 2014,
        rows: &[(YEARS, 10_357)],
    }],
    coverage: |e| vec![Coverage::all("dyadic_disputes", 1816, e.last_year)],
    map,
};

/// A column of each side: what it is called here, for `ccode` and for `partner`, and as published.
type Sided = (&'static str, &'static str, &'static str, &'static str);

const FLAGS: [Sided; 3] = [
    ("side_a", "partner_side_a", "sideaa", "sideab"),
    ("revisionist", "partner_revisionist", "revstata", "revstatb"),
    ("originator", "partner_originator", "orignata", "orignatb"),
];
const CODES: [(Sided, RangeInclusive<i32>); 6] = [
    (("revision_type", "partner_revision_type", "revtypea", "revtypeb"), 0..=4),
    (("fatality", "partner_fatality", "fatleva", "fatlevb"), 0..=6),
    (("hiact", "partner_hiact", "mid5hiacta", "mid5hiactb"), 0..=21),
    (("hostility", "partner_hostility", "hihosta", "hihostb"), 1..=5),
    (("role", "partner_role", "rolea", "roleb"), 1..=4),
    (("dyad_role", "partner_dyad_role", "dyad_rolea", "dyad_roleb"), 1..=3),
];

/// Columns in which the published file itself has slips, with what can stand there.
const SLIPS: [(&str, RangeInclusive<i32>); 5] = [
    ("recip", 0..=1),
    ("revstata", 0..=1),
    ("revstatb", 0..=1),
    ("sideab", 0..=1),
    ("durindx", 1..=20),
];

/// Whether a cell holds one of the published slips; it is counted.
fn slipped(row: &Row<'_>, column: &str, slips: &mut BTreeMap<&str, usize>) -> bool {
    let Some((name, range)) = SLIPS.iter().find(|(name, _)| *name == column) else { return false };
    let slip = row.int(column).ok().flatten().is_some_and(|v| !range.contains(&v));
    if slip {
        *slips.entry(name).or_default() += 1;
    }
    slip
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut times: BTreeMap<(i32, i32, i32, i32), usize> = BTreeMap::new();
    let pair = |row: &Row<'_>| -> Result<(i32, i32, i32, i32), ReadError> {
        let (a, b) = (row.need_state("statea")?, row.need_state("stateb")?);
        Ok((row.need("disno")?, a, b, row.need_year("year")?))
    };
    for row in files.rows(YEARS) {
        *times.entry(pair(&row)?).or_default() += 1;
    }
    let (mut keys, mut slips) = (Keys::default(), BTreeMap::new());
    out.begin("dyadic_disputes");
    for row in files.rows(YEARS) {
        let (dispute, a, b, year) = pair(&row)?;
        let mut key = format!("disno={dispute} statea={a} stateb={b} year={year}");
        if times.get(&(dispute, a, b, year)).is_some_and(|n| *n > 1) {
            key = format!("{key} dyindex={}", row.text("dyindex").unwrap_or(""));
        }
        keys.add(&row, &key)?;
        let start = row.date("strtyr", "strtmnth", "strtday")?;
        let end = row.date("endyear", "endmnth", "endday")?;
        row.forwards(start, end)?;
        let mut cells: Vec<(&str, Value)> = vec![
            ("dispute_id", dispute.to_string().into()),
            ("dyad_dispute_id", row.text("dyindex").into()),
            ("ccode", a.into()),
            ("partner", b.into()),
            ("year", year.into()),
            // 0: it goes on after this year.
            ("outcome", row.code("outcome", 0..=9)?.filter(|o| *o > 0).into()),
            ("settlement", row.code("settlmnt", 0..=4)?.filter(|s| *s > 0).into()),
            ("dyad_fatality", row.code("fatlev", 0..=6)?.into()),
            ("dyad_hiact", row.code("mid5hiact", 0..=21)?.into()),
            ("dyad_hostility", row.code("hihost", 1..=5)?.into()),
            ("war", row.flag("war")?.into()),
            ("severity", row.int("severity")?.into()),
            ("days", row.code("duration", 0..=366)?.into()),
            ("days_so_far", row.int("cumdurat")?.into()),
            ("onset", (start.year == Some(year)).into()),
            ("last_year", row.flag("lastobs")?.into()),
            ("start", start.date.into()),
            ("end", end.date.into()),
        ];
        if !slipped(&row, "recip", &mut slips) {
            cells.push(("reciprocated", row.flag("recip")?.into()));
        }
        if !slipped(&row, "durindx", &mut slips) {
            cells.push(("dispute_year", row.int("durindx")?.into()));
        }
        for (own, partner, column, other) in FLAGS {
            for (name, column) in [(own, column), (partner, other)] {
                if !slipped(&row, column, &mut slips) {
                    cells.push((name, row.flag(column)?.into()));
                }
            }
        }
        for ((own, partner, column, other), range) in CODES {
            cells.push((own, row.code(column, range.clone())?.into()));
            cells.push((partner, row.code(other, range)?.into()));
        }
        out.push("dyadic_disputes", &cells, key);
    }
    if !slips.is_empty() {
        let which: Vec<String> = slips.iter().map(|(c, n)| format!("{c} ({n})")).collect();
        out.note(format!(
            "Codes that the codebook does not have are left out: {}",
            which.join(", ")
        ));
    }
    Ok(())
}
