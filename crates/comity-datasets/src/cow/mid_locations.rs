//! MIDLOC 2.1: where militarized interstate disputes began (MIDLOC-A) and where their incidents took place (MIDLOC-I, from 1992).

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const DISPUTES: &str = "MIDLOC-A (disputes)";
const INCIDENTS: &str = "MIDLOC-I (incidents)";
const MISSING: &[Missing] = &[
    Missing { columns: &["midloc2_precision"], codes: &["-99"] },
    Missing { columns: &["midloc2_location"], codes: &["NA", "Unspecified"] },
    Missing { columns: &["priogrid_cell"], codes: &["0"] },
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "midloc",
    title: "Militarized Interstate Dispute Locations",
    publisher: "Correlates of War Project (Bezerra and Braithwaite)",
    citation: "Braithwaite, Alex. 2010. MIDLOC: Introducing the Militarized Interstate Dispute Location Dataset. Journal of Peace Research 47(1): 91-98.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/mid-locations/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/MIDLOC_2.1.zip",
        sha256: None,
    }]),
    relations: &[("dispute_locations", Relation::Complement)],
    proposed_as: None,
    tables: &["dispute_locations", "incident_locations"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
            ..FileKind::new(
                DISPUTES,
                "year dispnum midloc2_location midloc2_measuringpoint midloc2_xlongitude midloc2_ylatitude midloc2_precision midloc2_howobtained midloc2_precision_comment midloc2_general_comment priogrid_cell midloc11_location midloc11_midlocmeasuringpoint midloc11_latitude midloc11_longitude midloc11_precision",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            missing: MISSING,
            ..FileKind::new(
                INCIDENTS,
                "year dispnum incidnum midloc2_location midloc2_measuringpoint midloc2_xlongitude midloc2_ylatitude midloc2_precision onset midloc2_howobtained midloc2_precision_comment midloc2_general_comment priogrid_cell midloc11_location midloc11_midlocmeasuringpoint midloc11_latitude midloc11_longitude midloc11_precision",
            )
        },
    ],
    editions: &[Edition {
        version: "2.1",
        released: "2018",
        marks: &[],
        last_year: 2010,
        rows: &[(DISPUTES, 2_315), (INCIDENTS, 3_306)],
    }],
    coverage: |e| {
        let claim = |table, from| {
            Coverage {
            context: true,
            ..Coverage::all(table, from, e.last_year).about(
                "disputes and incidents of version 4.3; one without a row is not placed, not nowhere",
            )
        }
        };
        vec![claim("dispute_locations", 1816), claim("incident_locations", 1992)]
    },
    map,
};

fn degrees(row: &Row<'_>, column: &str, most: f64) -> Result<Option<f64>, ReadError> {
    let value = row.float(column)?;
    if value.is_some_and(|v| v.abs() > most) {
        return Err(row.refuse(column, &format!("degrees from -{most} to {most}")));
    }
    Ok(value)
}

fn cells(row: &Row<'_>) -> Result<Vec<(&'static str, Value)>, ReadError> {
    Ok(vec![
        ("dispute_id", row.need("dispnum")?.to_string().into()),
        ("year", row.need_year("year")?.into()),
        ("place", row.text("midloc2_location").into()),
        ("measured_at", row.text("midloc2_measuringpoint").into()),
        ("latitude", degrees(row, "midloc2_ylatitude", 90.0)?.into()),
        ("longitude", degrees(row, "midloc2_xlongitude", 180.0)?.into()),
        ("precision", row.code("midloc2_precision", 1..=8)?.into()),
        ("priogrid", row.int("priogrid_cell")?.into()),
    ])
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    for row in files.rows(DISPUTES) {
        let key = format!("dispnum={}", row.need("dispnum")?);
        keys.add(&row, &key)?;
        out.push("dispute_locations", &cells(&row)?, key);
    }
    for row in files.rows(INCIDENTS) {
        let incident = row.need("incidnum")?;
        let key = format!("incidnum={incident}");
        keys.add(&row, &key)?;
        let mut cells = cells(&row)?;
        cells.push(("incident_id", incident.to_string().into()));
        cells.push(("onset", row.flag("onset")?.into()));
        out.push("incident_locations", &cells, key);
    }
    Ok(())
}
