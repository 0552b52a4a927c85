//! `AidData`'s Global Chinese Development Finance Dataset 3.0, added up by recipient and year.
//!
//! The totals go around with Correlates of War codes and with Gleditsch–Ward numbers. The same projects stand in both; the first
//! lacks Serbia, the second the smallest states and Yemen, and has Viet Nam under the number of the South. The first is read, and of
//! the second what only it has.

use std::collections::BTreeSet;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::{Coverage, Units};
use comity_record::source::Relation;

const COW: &str = "totals by recipient and year, Correlates of War codes";
const GW: &str = "totals by recipient and year, Gleditsch-Ward numbers";
const CHINA: i32 = 710;
/// Column prefix and class of flow.
const FLOWS: [(&str, &str); 3] = [("oda", "oda"), ("oof", "oof"), ("vof", "vague")];

pub(crate) static DATASET: Dataset = Dataset {
    id: "aiddata-gcdf",
    title: "Global Chinese Development Finance Dataset (constant 2021 US dollars)",
    publisher: "AidData, William & Mary; totals by M. D. Williams (odadata)",
    citation: "Custer, Samantha, Axel Dreher, Thai-Binh Elston, Brooke Escobar, Rory Fedorochko, Andreas Fuchs, Siddhartha Ghose, Jiahui Lin, Ammar Malik, Bradley C. Parks, Kyra Solomon, Austin Strange, Michael J. Tierney, Lydia Vlasto, Katherine Walsh, Fei Wang, Lincoln Zaleski and Sheng Zhang. 2023. Tracking Chinese Development Finance: An Application of AidData's TUFF 3.0 Methodology. Williamsburg, VA: AidData at William & Mary; Dreher, Axel, Andreas Fuchs, Bradley Parks, Austin Strange and Michael J. Tierney. 2022. Banking on Beijing. Cambridge University Press",
    licence: "ODC-BY 1.0",
    url: "https://www.aiddata.org/data/aiddatas-global-chinese-development-finance-dataset-version-3-0",
    get: Get::Files(&[
        Download {
            url: "https://raw.githubusercontent.com/milesdwilliams15/odadata/3c1f8955597e21246abbc1607df7b0c6f7dcd5b2/data/cow_gcdf.csv",
            sha256: Some("ea467bbfad21fa5595005754b27f0951cc713256d0d637a03d086d8f68dc4fa7"),
        },
        Download {
            url: "https://raw.githubusercontent.com/milesdwilliams15/odadata/3c1f8955597e21246abbc1607df7b0c6f7dcd5b2/data/gw_gcdf.csv",
            sha256: Some("45ea82a2209f95ee89101498d787c421368859258feb48d0e053be4b9e7e21a1"),
        },
    ]),
    relations: &[("aid", Relation::Complement)],
    proposed_as: None,
    tables: &["aid"],
    baseline: &[],
    files: &[
        totals(COW, "ccode year oof_amt oof_adj oda_amt oda_adj vof_amt vof_adj"),
        totals(GW, "gwcode year oof_amt oof_adj oda_amt oda_adj vof_amt vof_adj"),
        FileKind {
            need: Need::Nothing("projects by district, below the level of states"),
            ..FileKind::new(
                "districts of projects",
                "id shapeid shapegroup shapename intersection_ratio even_split_ratio intersection_ratio_commitment_value even_split_ratio_commitment_value centroid_longitude centroid_latitude",
            )
        },
        FileKind {
            need: Need::Nothing("explains the columns of the project-level file"),
            ..FileKind::new("data dictionary", "column_name column_class field_name description")
        },
    ],
    editions: &[Edition {
        version: "3.0",
        released: "2023-11",
        marks: &[],
        last_year: 2021,
        rows: &[(COW, 2_458), (GW, 2_271)],
    }],
    coverage: |e| {
        vec![Coverage {
            units: Units::States([CHINA].into()),
            context: true,
            ..Coverage::all("aid", 2000, e.last_year)
                .about("commitments of one donor, China; about other donors it says nothing")
        }]
    },
    map,
};

const fn totals(role: &'static str, columns: &'static str) -> FileKind {
    FileKind { need: Need::Optional, version: None, ..FileKind::new(role, columns) }
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut recorded: BTreeSet<(i32, i32)> = BTreeSet::new();
    out.begin("aid");
    let mut keys = Keys::default();
    for row in files.rows(COW) {
        let (code, year) = (row.need_state("ccode")?, row.need_year("year")?);
        let key = format!("ccode={code} year={year}");
        keys.add(&row, &key)?;
        recorded.insert((code, year));
        write(&row, out.places().in_system(code, year).then_some(code), code, year, &key, out)?;
    }
    let (mut again, mut added) = (0, 0);
    for row in files.rows(GW) {
        let (code, year) = (row.need_state("gwcode")?, row.need_year("year")?);
        let key = format!("gwcode={code} year={year}");
        keys.add(&row, &key)?;
        // Viet Nam stands under the number of the South, Serbia under its own even before 2006.
        let recipient = match code {
            817 => out.places().from_gw(816, year),
            340 => out.places().from_gw(340, year).or_else(|| out.places().from_gw(345, year)),
            code => out.places().from_gw(code, year),
        };
        // Before its independence a state has no code here, and the same number in both files.
        if recorded.contains(&(recipient.unwrap_or(code), year)) {
            again += 1;
            continue;
        }
        added += 1;
        write(&row, recipient, code, year, &key, out)?;
    }
    if again > 0 {
        out.note(format!(
            "{again} totals stand in both files and are read once; {added} are in the one with Gleditsch-Ward numbers alone"
        ));
    }
    out.note("A total of 0 can be a commitment whose amount is not known. Three rows a year: oda (aid as the OECD defines it), oof (other official flows), vague");
    Ok(())
}

fn write(
    row: &Row<'_>,
    recipient: Option<i32>,
    code: i32,
    year: i32,
    key: &str,
    out: &mut Output,
) -> Result<(), ReadError> {
    for (prefix, flow) in FLOWS {
        if recipient.is_none() {
            out.unplaced("aid", "recipient", code);
        }
        let millions = |kind: &str| {
            row.float(&format!("{prefix}_{kind}")).map(|v| v.map(|usd| usd / 1_000_000.0))
        };
        out.push(
            "aid",
            &[
                ("ccode", CHINA.into()),
                ("recipient", recipient.into()),
                ("year", year.into()),
                ("flow", flow.into()),
                ("constant_usd", millions("adj")?.into()),
                ("unadjusted_usd", millions("amt")?.into()),
            ],
            format!("{key} {prefix}"),
        );
    }
    Ok(())
}
