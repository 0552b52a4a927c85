//! Stata's `.dta`: numbers as numbers, every kind of missing as missing, dates as days, long texts resolved.

use std::collections::HashMap;
use std::io::Cursor;

use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::value::Value;

use super::super::cells::{Data, NO_INT};

/// Days from Stata's first, 1 January 1960, to 1 January 1970.
const EPOCH: f64 = 3_653.0;

enum Column {
    Number(Vec<f64>),
    Text(String, Vec<usize>),
    /// Texts that stand at the end of the file, by number.
    Long(Vec<Option<(u32, u64)>>),
}

/// The columns by name.
pub(super) fn columns(bytes: &[u8]) -> Result<Vec<(String, Data)>, String> {
    let broken = |e: dta::stata::dta::dta_error::DtaError| {
        let e = e.to_string();
        format!(
            "it is a Stata file that is cut off or damaged ({})",
            e.lines().next().unwrap_or("")
        )
    };
    let header = DtaReader::new().from_reader(Cursor::new(bytes)).read_header().map_err(broken)?;
    // What a file says of its size must have its bytes: a cell takes one at least, a variable's name some thirty.
    let (rows, variables) =
        (header.header().observation_count(), u64::from(header.header().variable_count()));
    let room = bytes.len() as u64;
    if rows.saturating_mul(variables.max(1)) > room || variables.saturating_mul(30) > room {
        return Err(format!(
            "it is a Stata file that is cut off or damaged (it claims {rows} rows of {variables} variables)"
        ));
    }
    if !lengths_fit(bytes, variables as usize) {
        return Err(
            "it is a Stata file that is cut off or damaged (a note in it is longer than the file)"
                .into(),
        );
    }
    let mut reader = header.read_schema().map_err(broken)?;
    reader.skip_to_end().map_err(broken)?;
    let mut records = reader.into_record_reader().map_err(broken)?;
    let schema = records.schema().clone();
    let encoding = records.encoding();
    let mut columns: Vec<Option<Column>> = schema.variables().iter().map(|_| None).collect();
    while let Some(record) = records.read_record().map_err(broken)? {
        for (column, value) in columns.iter_mut().zip(record.values()) {
            push(column, value);
        }
    }
    let wanted = columns.iter().any(|c| matches!(c, Some(Column::Long(_))));
    let mut long: HashMap<(u32, u64), String> = HashMap::new();
    if wanted {
        let mut texts = records.into_long_string_reader().map_err(broken)?;
        while let Some(text) = texts.read_long_string().map_err(broken)? {
            let key = (text.variable(), text.observation());
            if let Some(said) = text.data_str(encoding) {
                long.insert(key, said.into_owned());
            }
        }
    }
    let named = schema.variables().iter().zip(columns);
    Ok(named
        .map(|(variable, column)| {
            (variable.name().to_owned(), finished(column, variable.format(), &long))
        })
        .collect())
}

/// Whether notes and long texts are no longer than the file: the decoder would make room for what they claim.
fn lengths_fit(bytes: &[u8], variables: usize) -> bool {
    let little = |big: bool, at: usize| {
        let word = bytes.get(at..at + 4).and_then(|w| <[u8; 4]>::try_from(w).ok())?;
        Some(if big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) } as usize)
    };
    if bytes.starts_with(b"<stata_dta>") {
        let big = bytes.windows(14).take(400).any(|w| w == b"<byteorder>MSF");
        let fits = |mark: &[u8], skip: usize| {
            let marks = bytes.windows(mark.len()).enumerate().filter(|(_, w)| *w == mark);
            marks
                .map(|(at, _)| at + mark.len() + skip)
                .all(|at| little(big, at).is_none_or(|length| length <= bytes.len()))
        };
        // A long text: variable (4), observation (4 in 117, 8 since), kind (1), length.
        return fits(b"<ch>", 0) && (fits(b"GSO", 9) || fits(b"GSO", 13));
    }
    let big = bytes.get(1) == Some(&1);
    let (name, format) = match bytes.first() {
        Some(114 | 115) => (33, 49),
        Some(110..=113) => (33, 12),
        _ => (9, 12),
    };
    let label = if bytes.first().is_some_and(|r| *r <= 105) { 32 } else { 81 };
    let head = if bytes.first().is_some_and(|r| *r <= 105) { 60 } else { 109 };
    let each = 1 + name + format + name + label;
    let mut at = head + variables * each + 2 * (variables + 1);
    // Notes: a kind, a length, the note; kind and length 0 end them. Older releases write lengths in two bytes.
    while let (Some(kind), Some(length)) = (bytes.get(at), little(big, at + 1)) {
        if *kind == 0 && length == 0 {
            break;
        }
        if length > bytes.len() {
            return bytes.first().is_some_and(|r| *r < 110);
        }
        at += 5 + length;
    }
    true
}

fn push(column: &mut Option<Column>, value: &Value<'_>) {
    let number = match value {
        Value::Byte(v) => v.present().map(f64::from),
        Value::Int(v) => v.present().map(f64::from),
        Value::Long(v) => v.present().map(f64::from),
        // A float widened bit by bit shows digits that nobody wrote: 0.1 would read 0.10000000149.
        Value::Float(v) => v.present().map(|x| x.to_string().parse().unwrap_or(f64::from(x))),
        Value::Double(v) => v.present(),
        Value::String(text) => {
            let Column::Text(all, ends) =
                column.get_or_insert_with(|| Column::Text(String::new(), Vec::new()))
            else {
                return;
            };
            super::push_text(text.as_bytes(), false, all);
            ends.push(all.len());
            return;
        }
        Value::LongStringRef(at) => {
            if let Column::Long(all) = column.get_or_insert_with(|| Column::Long(Vec::new())) {
                all.push(Some((at.variable(), at.observation())));
            }
            return;
        }
    };
    if let Column::Number(all) = column.get_or_insert_with(|| Column::Number(Vec::new())) {
        all.push(number.unwrap_or(f64::NAN));
    }
}

fn finished(column: Option<Column>, format: &str, long: &HashMap<(u32, u64), String>) -> Data {
    match column {
        None => Data::Float(Vec::new()),
        Some(Column::Text(text, ends)) => Data::Text { text, ends },
        Some(Column::Long(keys)) => {
            let text = |key: &Option<(u32, u64)>| {
                let mut said = String::new();
                let found = key.as_ref().and_then(|k| long.get(k)).map_or("", String::as_str);
                super::push_text(found.as_bytes(), false, &mut said);
                said
            };
            Data::texts(keys.iter().map(text))
        }
        Some(Column::Number(v)) => {
            let per_day = match format.trim_start_matches('%').trim_start_matches('-') {
                f if f.starts_with("td") || f == "d" || f.starts_with("dD") => 1.0,
                f if f.starts_with("tc") || f.starts_with("tC") => 86_400_000.0,
                _ => return Data::Float(v),
            };
            let day = |x: f64| {
                let days = (x / per_day).floor() - EPOCH;
                if days.is_finite() && days.abs() < 3_000_000.0 { days as i32 } else { NO_INT }
            };
            Data::Date(v.into_iter().map(day).collect())
        }
    }
}
