//! The codes and names of states, written one state a line and expanded to a row per code.
//!
//! `ccode,gw,iso2,iso3,numeric,fips,cameo,keds,start,end,names,former,spellings,source_row`. `names`, `former` and `spellings` are lists with `;`. A name may carry its dates:
//! `Zaire@1971-10-27..1997-05-16`. Codes and undated names hold from `start` to `end`.
//! An empty `gw` means that Gleditsch and Ward give the state its own number.

use super::StarterError;
use super::text::{Line, Lines, Moment};
use comity_record::rows::{TableRows, Value};
use comity_record::schema::ColumnType;

/// Expands every line into rows of `state_codes`.
pub(super) fn push_all(lines: &Lines, rows: &mut TableRows) -> Result<(), StarterError> {
    for line in &lines.rows {
        let ccode = lines.value(line, "ccode", ColumnType::Int)?;
        for (system, column) in [
            ("gw", "gw"),
            ("iso2", "iso2"),
            ("iso3", "iso3"),
            ("iso-numeric", "numeric"),
            ("fips", "fips"),
            ("cameo", "cameo"),
            ("keds", "keds"),
            ("name", "names"),
            ("former-name", "former"),
            ("spelling", "spellings"),
        ] {
            let own = if system == "gw" { lines.cell(line, "ccode") } else { "" };
            let cell = match lines.cell(line, column) {
                "" => own,
                written => written,
            };
            for item in cell.split(';').map(str::trim).filter(|i| !i.is_empty()) {
                let (name, start, end) = dated(lines, line, item)?;
                rows.push(
                    &[
                        ("ccode", ccode.clone()),
                        ("system", system.into()),
                        ("code", name.into()),
                        ("start", start.day.into()),
                        ("start_year", start.year.into()),
                        ("end", end.day.into()),
                        ("end_year", end.year.into()),
                        ("extended", Value::Null),
                    ],
                    lines.source_row(line, &format!("{},{name}", lines.cell(line, "ccode")))?,
                );
            }
        }
    }
    Ok(())
}

fn dated<'a>(
    lines: &Lines,
    line: &Line,
    item: &'a str,
) -> Result<(&'a str, Moment, Moment), StarterError> {
    let Some((code, dates)) = item.split_once('@') else {
        return Ok((item, lines.moment(line, "start")?, lines.moment(line, "end")?));
    };
    let (start, end) = dates.split_once("..").unwrap_or((dates, ""));
    let read = |text: &str| {
        Moment::parse(text).map_err(|wanted| lines.error(line, format!("`{item}`: not {wanted}")))
    };
    Ok((code, read(start)?, read(end)?))
}
