//! Reading: the seal first, then what it seals.

use super::write::{check, wrong};
use super::{FORMAT, First, Last, Row, Seal, Sealed, VERSION};
use crate::Error;

/// Reads a file of forecasts, and refuses one that is not as it was made.
///
/// # Errors
/// A last line that is not the seal of the bytes before it (a changed byte, a torn file, lines added or taken away); another format or version;
/// a header or rows that [`seal`](super::seal) would refuse; lines that are no JSON or have other fields. [`Error::Sealed`] has the line.
pub fn open(text: &str) -> Result<Sealed, Error> {
    let Some(before) = text.strip_suffix('\n').map(|t| t.rfind('\n').map_or(0, |at| at + 1)) else {
        return Err(torn(text));
    };
    let (sealed, last) = text.split_at(before);
    let lines = sealed.lines().count();
    let Ok(Last { sha256 }) = serde_json::from_str(last) else {
        return Err(torn(text));
    };
    // The seal is written in one way only, so that a byte of its own line cannot change either.
    let mended =
        serde_json::to_string(&Last { sha256: sha256.clone() }).is_ok_and(|l| l + "\n" == last);
    let seal = Seal::of(sealed);
    if seal != sha256 || !mended {
        let what = format!("the seal is {sha256}, and the lines before it have {seal}");
        let hint = "the file was changed after it was made: ask for it where it was published";
        return Err(wrong(lines + 1, what, hint));
    }
    let mut rest = sealed.lines();
    let first: First = parse(1, rest.next().unwrap_or_default())?;
    if first.format != FORMAT || first.version != VERSION {
        let what = format!("it is {:?} in version {}", first.format, first.version);
        return Err(wrong(1, what, "this program reads comity-forecast in version 1"));
    }
    let rows: Vec<Row> =
        rest.enumerate().map(|(at, line)| parse(at + 2, line)).collect::<Result<_, _>>()?;
    if rows.len() != first.forecasts {
        let what = format!("it announces {} forecasts and has {}", first.forecasts, rows.len());
        return Err(wrong(1, what, "ask its maker for a whole file"));
    }
    check(&first.header, &rows)?;
    Ok(Sealed { header: first.header, rows, seal })
}

fn torn(text: &str) -> Error {
    let what = "the file does not end with its seal".to_owned();
    wrong(text.lines().count().max(1), what, "it is torn, or no file of forecasts: copy it again")
}

fn parse<'a, T: serde::Deserialize<'a>>(line: usize, text: &'a str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|why| {
        wrong(line, why.to_string(), "write forecasts with `comity forecast`, or as its page says")
    })
}
