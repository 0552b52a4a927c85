//! SIPRI Arms Transfers in the form that the site gives out now: one row per deal and year of delivery.
//!
//! The selection that was requested stands in the lines before the header; here everything from 2000 to 2023.

use super::arms_register::parties;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const DELIVERIES: &str = "deliveries by deal and year";

pub(crate) static DATASET: Dataset = Dataset {
    id: "sipri-arms-deliveries",
    title: "SIPRI Arms Transfers Database: deliveries by deal and year",
    publisher: "Stockholm International Peace Research Institute",
    citation: "SIPRI Arms Transfers Database. Stockholm International Peace Research Institute.",
    licence: super::terms::TERMS,
    url: "https://armstransfers.sipri.org/",
    get: Get::ByHand(
        "on its page choose the transfer data, all suppliers, all recipients and every year, and download it as CSV",
    ),
    relations: &[("arms_transfers", Relation::Rival)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[
        FileKind {
            version: None,
            below: true,
            ..FileKind::new(
                DELIVERIES,
                "sipri_at_database_id supplier recipient designation description armament_category order_date order_date_is_estimate numbers_delivered numbers_delivered_is_estimate delivery_year delivery_year_is_estimate status sipri_estimate tiv_deal_unit tiv_delivery_values local_production",
            )
        },
        FileKind {
            need: Need::Nothing("companies that make arms, which are not states"),
            version: None,
            below: true,
            open: true,
            ..FileKind::new("the 100 largest arms producers", "company_(c)")
        },
        FileKind {
            need: Need::Nothing("values summed over periods of years by others"),
            version: None,
            below: true,
            open: true,
            ..FileKind::new(
                "arms exports and imports by period",
                "country_name country_code indicator_name 1991-2003($) 2004-2009($) 2010-2019($)",
            )
        },
    ],
    editions: &[Edition {
        version: "2025-01",
        released: "2025-01",
        marks: &[],
        last_year: 2023,
        rows: &[(DELIVERIES, 20_480)],
    }],
    coverage: |e| {
        let scope = "deliveries of major conventional arms";
        vec![Coverage::all("arms_transfers", 2000, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("arms_transfers");
    for row in files.rows(DELIVERIES) {
        let (deal, year) = (row.need("sipri_at_database_id")?, row.need_year("delivery_year")?);
        let key = format!("SIPRI AT Database ID={deal} Delivery year={year}");
        keys.add(&row, &key)?;
        let mut uncertain = false;
        for column in
            ["order_date_is_estimate", "numbers_delivered_is_estimate", "delivery_year_is_estimate"]
        {
            uncertain |= yes(&row, column)? == Some(true);
        }
        let mut cells = parties(&row, year, out)?;
        cells.extend([
            ("deal_id", deal.to_string().into()),
            ("designation", row.text("designation").into()),
            ("description", row.text("description").into()),
            ("category", row.text("armament_category").into()),
            ("order_year", row.int("order_date")?.into()),
            ("delivered", row.int("numbers_delivered")?.into()),
            ("delivery_years", year.to_string().into()),
            ("condition", row.text("status").into()),
            ("tiv_unit", row.float("tiv_deal_unit")?.into()),
            ("tiv_delivered", row.float("tiv_delivery_values")?.into()),
            ("uncertain", uncertain.into()),
            ("local_production", yes(&row, "local_production")?.into()),
            ("start_year", year.into()),
            ("end_year", year.into()),
        ]);
        out.push("arms_transfers", &cells, key);
    }
    Ok(())
}

fn yes(row: &Row<'_>, column: &str) -> Result<Option<bool>, ReadError> {
    match row.text(column) {
        None => Ok(None),
        Some("Yes") => Ok(Some(true)),
        Some("No") => Ok(Some(false)),
        Some(_) => Err(row.refuse(column, "Yes or No")),
    }
}
