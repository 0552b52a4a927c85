//! What trade agreements provide, in three lists: norms for the environment (TREND), norms for labour (LABPTA), and the World Bank's
//! database of agreements (GPTAD). The first two number agreements as DESTA does.

use jiff::civil::Date;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const LIST: &str = "list of agreements";
const NA: &[Missing] = &[Missing { columns: &[], codes: &["NA", "N/A", "n/a"] }];

/// A file of the package manytrade, which keeps the lists as they were published.
macro_rules! manytrade {
    ($name:literal) => {
        Get::Files(&[Download {
            url: concat!(
                "https://raw.githubusercontent.com/globalgov/manytrade/878032250b6893e75800f1f8432762f7fd66f28d/data-raw/agreements/",
                $name
            ),
            sha256: None,
        }])
    };
}

pub(crate) static TREND: Dataset = Dataset {
    id: "trend",
    title: "Trade and Environment Database (TREND): environmental provisions of trade agreements, 1947-2018",
    publisher: "Morin, Dür and Lechner",
    citation: "Morin, Jean-Frédéric, Andreas Dür and Lisa Lechner. 2018. Mapping the Trade and Environment Nexus: Insights from a New Dataset. Global Environmental Politics 18(1): 122-139",
    licence: "free for research with citation",
    url: "https://www.trend.ulaval.ca/",
    get: manytrade!("TREND/TREND.csv"),
    relations: &[("agreement_provisions", Relation::Complement)],
    proposed_as: None,
    tables: &["agreement_provisions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        open: true,
        missing: NA,
        ..FileKind::new(LIST, "trade.agreement year x1.01.preamble.refers.to.the.environment")
    }],
    editions: &[Edition {
        version: "2018",
        released: "2024-01",
        marks: &[],
        last_year: 2018,
        rows: &[(LIST, 730)],
    }],
    coverage: |e| listed(1947, e.last_year),
    map: trend,
};

pub(crate) static LABPTA: Dataset = Dataset {
    id: "labpta",
    title: "Labour provisions in preferential trade agreements (LABPTA), 1990-2016",
    publisher: "Raess and Sari",
    citation: "Raess, Damian and Dora Sari. 2018. Labor Provisions in Trade Agreements (LABPTA): Introducing a New Dataset. Global Policy 9(4): 451-466",
    licence: "free for research with citation",
    url: "https://doi.org/10.1111/1758-5899.12609",
    get: manytrade!("LABPTA/LABPTA.csv"),
    relations: &[("agreement_provisions", Relation::Complement)],
    proposed_as: None,
    tables: &["agreement_provisions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        open: true,
        missing: NA,
        ..FileKind::new(LIST, "number name year lp_depth_6values depth_index")
    }],
    editions: &[Edition {
        version: "2016",
        released: "2018",
        marks: &[],
        last_year: 2016,
        rows: &[(LIST, 483)],
    }],
    coverage: |e| listed(1990, e.last_year),
    map: labpta,
};

pub(crate) static GPTAD: Dataset = Dataset {
    id: "gptad",
    title: "Global Preferential Trade Agreements Database",
    publisher: "World Bank and Center for International Business, Tuck School of Business at Dartmouth",
    citation: "World Bank and Tuck School of Business at Dartmouth. Global Preferential Trade Agreements Database (GPTAD)",
    licence: "free with citation",
    url: "https://wits.worldbank.org/gptad/",
    get: manytrade!("GPTAD/GPTAD.csv"),
    relations: &[("agreement_provisions", Relation::Complement)],
    proposed_as: None,
    tables: &["agreement_provisions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: NA,
        ..FileKind::new(
            LIST,
            "common.name membership type date.of.signature date.of.entry.into.force wto.notified in.force.status annexes.available",
        )
    }],
    editions: &[Edition {
        version: "list",
        released: "2024-01",
        marks: &[],
        last_year: 2020,
        rows: &[(LIST, 352)],
    }],
    coverage: |e| listed(1957, e.last_year),
    map: gptad,
};

/// A list says what its agreements provide; that others provide nothing it does not say.
fn listed(from: i32, to: i32) -> Vec<Coverage> {
    let claim = Coverage::all("agreement_provisions", from, to).about("the agreements listed");
    vec![Coverage { context: true, ..claim }]
}

fn trend(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("agreement_provisions");
    for row in files.rows(LIST) {
        let title = row.text("trade.agreement");
        let title = title.ok_or_else(|| row.refuse("trade.agreement", "number_name_year"))?;
        keys.add(&row, title)?;
        // `12_Albania Kosovo_2003`: the number and the year stand around the name.
        let (number, rest) = title.split_once('_').unwrap_or((title, title));
        let name = rest.rsplit_once('_').map_or(rest, |(name, _)| name);
        let (mut coded, mut there) = (0, 0);
        let header = files.get(LIST).map_or(&[][..], |sheet| sheet.header());
        for (at, _) in header.iter().enumerate().filter(|(_, h)| h.starts_with('x')) {
            match row.int_at(at)? {
                None => {}
                Some(v @ (0 | 1)) => {
                    coded += 1;
                    there += v;
                }
                Some(_) => return Err(row.refuse(&header[at], "1 or 0")),
            }
        }
        let cells = [
            ("agreement_id", number.into()),
            ("name", name.into()),
            ("year", row.code("year", 1900..=2100)?.into()),
            ("environmental", (coded > 0).then_some(there).into()),
            ("environmental_coded", coded.into()),
        ];
        out.push("agreement_provisions", &cells, title);
    }
    Ok(())
}

fn labpta(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("agreement_provisions");
    for row in files.rows(LIST) {
        let number = row.text("number").ok_or_else(|| row.refuse("number", "a number"))?;
        let key = format!("Number={number}");
        keys.add(&row, &key)?;
        let cells = [
            ("agreement_id", number.into()),
            ("name", row.text("name").into()),
            ("year", row.code("year", 1900..=2100)?.into()),
            ("labour", row.code("lp_depth_6values", 0..=5)?.into()),
            ("depth", row.code("depth_index", 0..=7)?.into()),
        ];
        out.push("agreement_provisions", &cells, key);
    }
    Ok(())
}

fn gptad(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("agreement_provisions");
    for row in files.rows(LIST) {
        let name = row.text("common.name").ok_or_else(|| row.refuse("common.name", "a name"))?;
        let signed = american(&row, "date.of.signature")?;
        let force = american(&row, "date.of.entry.into.force")?;
        let cells: [(&str, Value); 7] = [
            ("name", name.trim().into()),
            ("year", signed.map(|d| i32::from(d.year())).into()),
            ("members", row.text("membership").into()),
            ("kind", row.text("type").into()),
            ("signed", signed.into()),
            ("in_force", force.into()),
            ("status", row.text("in.force.status").into()),
        ];
        // Two agreements may have one name; the row distinguishes them.
        out.push("agreement_provisions", &cells, format!("{name} row={}", row.place().row));
    }
    out.note(
        "Agreements have no number there: their rows join the other lists by name alone, with care",
    );
    Ok(())
}

/// A day as month/day/year.
fn american(row: &Row<'_>, column: &str) -> Result<Option<Date>, ReadError> {
    let Some(cell) = row.text(column) else { return Ok(None) };
    let parts: Vec<i16> = cell.split('/').filter_map(|p| p.trim().parse().ok()).collect();
    let date = match parts[..] {
        [month, day, year] => Date::new(year, month as i8, day as i8).ok(),
        _ => None,
    };
    date.map(Some).ok_or_else(|| row.refuse(column, "a day that exists, as month/day/year"))
}
