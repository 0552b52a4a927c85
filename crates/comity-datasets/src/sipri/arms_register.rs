//! SIPRI Arms Transfers, trade register: deals with what was ordered and delivered, as the site gave it out until 2024.
//!
//! Three columns have no name: a `?` there marks the year of order, the number delivered and the years of delivery as uncertain. No cell is
//! quoted; a comment that holds a line end breaks its record in two. The header stands alone: SIPRI's lines before it are gone
//! in the copies that go around.

use std::collections::BTreeMap;

use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const DEALS: &str = "trade register";

pub(crate) static DATASET: Dataset = Dataset {
    id: "sipri-arms-register",
    title: "SIPRI Arms Transfers Database: trade register",
    publisher: "Stockholm International Peace Research Institute",
    citation: "SIPRI Arms Transfers Database, trade registers. Stockholm International Peace Research Institute.",
    licence: super::terms::TERMS,
    url: "https://www.sipri.org/databases/armstransfers",
    get: Get::ByHand(
        "SIPRI gives out registers in a newer form now (sipri-arms-deliveries): ask on its page for all suppliers, recipients and years",
    ),
    relations: &[("arms_transfers", Relation::Rival)],
    proposed_as: None,
    tables: &["arms_transfers"],
    baseline: &["arms_transfers"],
    files: &[FileKind {
        version: None,
        years: "year_of_order",
        mend: Some(mend),
        ..FileKind::new(
            DEALS,
            "recipient supplier year_of_order number_ordered weapon_designation weapon_description number_delivered year(s)_of_delivery status comments sipri_tiv_per_unit sipri_tiv_for_total_order sipri_tiv_of_delivered_weapons",
        )
    }],
    editions: &[Edition {
        version: "2024",
        released: "2024",
        marks: &[],
        last_year: 2023,
        rows: &[(DEALS, 29_056)],
    }],
    coverage: |e| {
        let scope = "deliveries of major conventional arms";
        vec![Coverage::all("arms_transfers", 1950, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let (mut undelivered, mut repeated) = (0, 0);
    out.begin("arms_transfers");
    for row in files.rows(DEALS) {
        let order = row.need_year("year_of_order")?;
        let years = years(&row)?;
        let at = years.first().copied().unwrap_or(order);
        let mut cells = parties(&row, at, out)?;
        let mut key = format!(
            "supplier={} recipient={} year_of_order={order} weapon_designation={}",
            row.text("supplier").unwrap_or(""),
            row.text("recipient").unwrap_or(""),
            row.text("weapon_designation").unwrap_or("")
        );
        let nth = met.entry(key.clone()).or_default();
        *nth += 1;
        if *nth > 1 {
            repeated += 1;
            key = format!("{key} nth={nth}");
        }
        undelivered += usize::from(years.is_empty());
        let uncertain = ["#4", "#6", "#10"].iter().any(|c| row.text(c).is_some());
        cells.extend([
            ("designation", row.text("weapon_designation").into()),
            ("description", row.text("weapon_description").into()),
            ("order_year", order.into()),
            ("ordered", row.int("number_ordered")?.into()),
            ("delivered", row.int("number_delivered")?.into()),
            ("delivery_years", row.text("year(s)_of_delivery").into()),
            ("condition", row.text("status").into()),
            ("tiv_unit", row.float("sipri_tiv_per_unit")?.into()),
            ("tiv_ordered", row.float("sipri_tiv_for_total_order")?.into()),
            ("tiv_delivered", row.float("sipri_tiv_of_delivered_weapons")?.into()),
            ("uncertain", uncertain.into()),
            ("start_year", years.first().copied().into()),
            ("end_year", years.last().copied().into()),
        ]);
        out.push("arms_transfers", &cells, key);
    }
    out.note(format!("{undelivered} deals have no delivery yet: they have no years; {repeated} deals share parties, year of order and designation with one before them and are numbered"));
    Ok(())
}

/// Supplier and recipient, placed on the day of the first delivery. SIPRI marks non-state actors with one asterisk, and
/// organisations with two.
pub(crate) fn parties(
    row: &Row<'_>,
    year: i32,
    out: &mut Output,
) -> Result<Vec<(&'static str, Value)>, ReadError> {
    let mut cells = Vec::new();
    for (column, name_column) in [("supplier", "supplier_name"), ("recipient", "recipient_name")] {
        let Some(name) = row.text(column) else { return Err(row.refuse(column, "a name")) };
        let ccode = if name.ends_with('*') { None } else { state(name, year, out.places()) };
        if ccode.is_none() {
            out.unplaced("arms_transfers", column, name);
        }
        cells.extend([(column, ccode.into()), (name_column, name.into())]);
    }
    Ok(cells)
}

/// The state of a name as SIPRI uses it, by year: Germany before 1990 is the Federal Republic, Viet Nam the northern state, Congo the one
/// with its capital at Brazzaville; the other of each pair has a name of its own.
pub(crate) fn state(name: &str, year: i32, places: &Places) -> Option<i32> {
    let name = match name {
        "Germany" if year < 1990 => "West Germany",
        "Viet Nam" if year < 1976 => "North Vietnam",
        "Congo" => "Congo, Republic of",
        name => name,
    };
    places.from_name(name, year)
}

/// The years of delivery, `1977; 1978`, in order.
fn years(row: &Row<'_>) -> Result<Vec<i32>, ReadError> {
    let cell = row.text("year(s)_of_delivery").unwrap_or("");
    let parts = cell.split(';').map(str::trim).filter(|p| !p.is_empty());
    let years: Option<Vec<i32>> =
        parts.map(|p| p.parse().ok().filter(|y| (1900..2100).contains(y))).collect();
    let Some(mut years) = years else {
        return Err(row.refuse("year(s)_of_delivery", "years divided by semicolons"));
    };
    years.sort_unstable();
    Ok(years)
}

/// Joins records that a line end in the comments broke in two: together they have one cell more than the header.
fn mend(text: &str) -> Option<(String, String)> {
    if text.contains('"') {
        return None;
    }
    let width = text.lines().next()?.split(',').count();
    let cells = |line: &str| line.split(',').count();
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let mut joined = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        out.push_str(line);
        let next = lines.get(at + 1).filter(|_| cells(line) < width);
        if let Some(next) = next.filter(|next| cells(line) + cells(next) == width + 1) {
            joined.push(format!("{} and {}", at + 1, at + 2));
            out.push(' ');
            out.push_str(next);
            // The empty line keeps the count of lines right.
            out.push('\n');
            at += 1;
        }
        out.push('\n');
        at += 1;
    }
    (!joined.is_empty()).then(|| {
        (out, format!("Records broken over two lines were joined: lines {}", joined.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_with_a_line_end_is_joined() {
        let (mended, note) = mend("a,b,c\n1,one,x\n2,two\nlines,y\n3,z,z\n").unwrap();
        assert_eq!(mended, "a,b,c\n1,one,x\n2,two lines,y\n\n3,z,z\n");
        assert!(note.ends_with("lines 3 and 4"), "{note}");
        assert!(mend("a,b,c\n1,2,3\n4,5").is_none());
    }
}
