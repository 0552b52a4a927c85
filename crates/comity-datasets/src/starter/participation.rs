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

/// A state with the days between which it takes part.
pub(super) struct Item {
    /// Which.
    pub ccode: i32,
    /// The day of signature, before it was bound.
    pub signed: Option<Date>,
    /// From when.
    pub start: Moment,
    /// To when, unless open.
    pub end: Moment,
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
    /// Reads `ccode/signed=start..end`.
    pub fn read(lines: &Lines, line: &Line, text: &str) -> Result<Self, StarterError> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use arrow::util::display::array_value_to_string;
    use comity_record::schema::table;

    use super::*;
    use crate::starter::files::StarterFile;

    static FILE: StarterFile = StarterFile {
        source: "starter-participation",
        table: "participation",
        path: "treaties/invented.csv",
        text: "treaty_id,treaty,listed,parties,signatories,source_row
A-1,Newest,2026-02-03,2/1997-12-03=1999-03-01 20=2000-05-06..2025-12-27 40=1991,70=1998-01-02,list
B-1,Older,2015-03-14,2=1961-04-18,,list
",
    };

    #[test]
    fn parties_have_signed_before_and_may_leave_and_an_older_list_is_not_followed() {
        let lines = Lines::read(&FILE).unwrap();
        let mut rows =
            TableRows::new(table("treaty_participation").unwrap(), "starter-participation");
        push_all(&lines, &mut rows).unwrap();
        let batch = rows.finish();
        let columns =
            ["treaty_id", "ccode", "status", "start", "start_year", "end", "end_year", "signed"];
        let row = |r: usize| {
            let cell =
                |c: &str| array_value_to_string(batch.column_by_name(c).unwrap(), r).unwrap();
            columns.map(cell).join(" ")
        };
        let all: Vec<String> = (0..batch.num_rows()).map(row).collect();
        assert_eq!(
            all,
            [
                "A-1 2 party 1999-03-01 1999   1997-12-03",
                "A-1 2 signatory 1997-12-03 1997 1999-02-28 1999 1997-12-03",
                "A-1 20 party 2000-05-06 2000 2025-12-27 2025 ",
                "A-1 40 party  1991   ",
                "A-1 70 signatory 1998-01-02 1998   1998-01-02",
                "B-1 2 party 1961-04-18 1961  2015 ",
            ]
        );
    }
}
