//! Who is a party to a treaty, written one treaty a line and expanded to `treaty_participation`.
//!
//! `treaty_id,treaty,listed,parties,signatories,source_row`. `listed` is the day of the list. `parties` holds `ccode=start`, with the day of signature
//! before (`2/1977-10-05=1992-06-08`) and the day on which it left behind (`51=1975-10-03..1998-01-23`); `signatories` who signed and is not
//! bound. A start is a day, a year where the state was bound before it was a state of the system, or `?`.

use jiff::civil::Date;

use super::StarterError;
use super::text::{Line, Lines, Moment};
use comity_record::rows::TableRows;

/// The newest list: who is on it has not left.
const NEWEST: &str = "2026-02-03";

struct Item {
    ccode: i32,
    signed: Option<Date>,
    start: Moment,
    end: Moment,
}

/// Expands every line.
pub(super) fn push_all(lines: &Lines, rows: &mut TableRows) -> Result<(), StarterError> {
    for line in &lines.rows {
        let listed = lines.moment(line, "listed")?;
        // An older list says nothing of the years after it.
        let followed_to = listed.year.filter(|_| lines.cell(line, "listed") != NEWEST);
        let mut push = |status: &'static str, item: &Item, from: Moment, to: Moment| {
            let id = lines.cell(line, "treaty_id");
            let cells = [
                ("treaty_id", id.into()),
                ("treaty", lines.cell(line, "treaty").into()),
                ("ccode", item.ccode.into()),
                ("status", status.into()),
                ("signed", item.signed.into()),
                ("last_listed", listed.day.into()),
                ("start", from.day.into()),
                ("start_year", from.year.into()),
                ("end", to.day.into()),
                ("end_year", to.year.or(followed_to).into()),
            ];
            let key = format!("{id},{},{status}", item.ccode);
            lines.source_row(line, &key).map(|source| rows.push(&cells, source))
        };
        for text in lines.cell(line, "parties").split_whitespace() {
            let item = Item::read(lines, line, text)?;
            push("party", &item, item.start, item.end)?;
            if let (Some(signed), Some(bound)) = (item.signed, item.start.day) {
                push("signatory", &item, Moment::on(signed), Moment::before(bound))?;
            }
        }
        for text in lines.cell(line, "signatories").split_whitespace() {
            let read = Item::read(lines, line, text)?;
            let item = Item { signed: read.start.day, ..read };
            push("signatory", &item, item.start, item.end)?;
        }
    }
    Ok(())
}

impl Item {
    fn read(lines: &Lines, line: &Line, text: &str) -> Result<Self, StarterError> {
        let wrong = |wanted: &str| lines.error(line, format!("`{text}` is not {wanted}"));
        let (who, when) = text.split_once('=').ok_or_else(|| wrong("ccode=start"))?;
        let (ccode, signed) = who.split_once('/').unwrap_or((who, ""));
        let (start, end) = when.split_once("..").unwrap_or((when, ""));
        let moment = |text: &str| Moment::parse(if text == "?" { "" } else { text }).map_err(wrong);
        Ok(Self {
            ccode: ccode.parse().map_err(|_| wrong("ccode=start"))?,
            signed: moment(signed)?.day,
            start: moment(start)?,
            end: moment(end)?,
        })
    }
}
