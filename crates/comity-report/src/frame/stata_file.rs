//! Stata: codes as `long`, counts and codes of states as `double`, texts as strings of their greatest length, null as `.`. What Stata cannot hold is
//! refused, not cut.
//!
//! A variable has a label, its whole description as a note, and labels for the values of a code. The notes of the data say how it was made and
//! what to cite; its characteristics `comity_unit` and `comity_time` name the variables that `xtset` needs.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Schema};
use comity_panel::About;
use serde_json::Value;

use super::meaning::{Meaning, meaning};
use super::stata_bytes::{About as Said, File, Kind, LABEL_CHARACTERS, Variable};
use super::{Frame, Sink, plain};
use crate::error::ReportError;

const ROWS: usize = 64 * 1024;
/// The greatest number that is no missing value, and the missing value `.` of both types.
const DOUBLE: f64 = 8.988_465_674_311_579e307;
const NO_DOUBLE: u64 = 0x7fe0_0000_0000_0000;
const LONG: i32 = 2_147_483_620;
const NO_LONG: i32 = LONG + 1;
/// Stata counts days from 1960.
const EPOCH: i32 = 3_653;
/// The longest name, the longest fixed string, the most variables of the widest edition, and the most rows of the common ones.
const NAME: usize = 32;
const TEXT: usize = 2_045;
const VARIABLES: usize = 32_767;
const OBSERVATIONS: usize = 2_147_483_620;

pub(super) fn write(
    frame: &Frame<'_>,
    out: &mut dyn Sink,
    notes: &str,
) -> Result<usize, ReportError> {
    let about = frame.about();
    let held;
    let (frame, answer) = match frame {
        Frame::Panel(panel) => (Frame::Panel(panel), None),
        Frame::Answer(batch) | Frame::Table(batch, _) => {
            held = plain(batch)?;
            // Its own types: they are made plain once, where the rows go out.
            (Frame::Answer(batch), Some(&held))
        }
    };
    let arrow = plain(&RecordBatch::new_empty(frame.schema()))?.schema();
    if arrow.fields().len() > VARIABLES {
        return Err(ReportError::new(format!(
            "Stata holds {VARIABLES} variables; here are {}",
            arrow.fields().len()
        )));
    }
    let rows = match &frame {
        Frame::Panel(panel) => panel.years_of_units(),
        Frame::Answer(batch) | Frame::Table(batch, _) => batch.num_rows(),
    };
    if rows > OBSERVATIONS {
        return Err(ReportError::new("there are more rows than Stata holds")
            .help("ask for fewer years, or for --format parquet"));
    }
    let mut variables = Vec::with_capacity(arrow.fields().len());
    for (at, field) in arrow.fields().iter().enumerate() {
        let name = field.name();
        check_name(name)?;
        let (kind, format) = match field.data_type() {
            DataType::Int32 => (Kind::Long, "%12.0g".to_owned()),
            DataType::Date32 => (Kind::Long, "%td".to_owned()),
            DataType::Float64 => (Kind::Double, "%10.0g".to_owned()),
            _ => {
                let longest = match (&frame, answer) {
                    (Frame::Panel(panel), _) => panel.texts(at).as_deref().map_or(0, longest),
                    (_, Some(batch)) => longest(&texts(batch.column(at))?),
                    _ => 0,
                };
                if longest > TEXT {
                    return Err(ReportError::new(format!(
                        "Stata's texts have at most {TEXT} bytes; one in `{name}` has {longest}"
                    ))
                    .help("choose other columns, or another format"));
                }
                let width = longest.max(1);
                (Kind::Text(width as u16), format!("%-{}s", width.min(80)))
            }
        };
        let about = about.iter().find(|a| a.name == *name);
        let meant = about.map(meaning).unwrap_or_default();
        variables.push(Variable {
            name: name.clone(),
            kind,
            format,
            label: about.map_or_else(String::new, |a| label(&a.doc)),
            notes: about.map(|a| note(a, &meant)).into_iter().flatten().collect(),
            // Labels are for whole numbers alone.
            values: if kind == Kind::Long { meant.values } else { Vec::new() },
        });
    }
    let mut file = File::begin(out, &said(notes, &about, &arrow), &variables)?;
    let mut rows = 0;
    frame.each(
        ROWS,
        |batch| plain(&batch).and_then(|batch| bytes(&batch, &variables)),
        |made| {
            let (many, bytes) = made?;
            rows += many;
            Ok(file.rows(many, &bytes)?)
        },
    )?;
    file.finish()?;
    Ok(rows)
}

/// What a column means, as far as a label goes.
fn label(doc: &str) -> String {
    if doc.chars().count() <= LABEL_CHARACTERS {
        return doc.to_owned();
    }
    let cut: String = doc.chars().take(LABEL_CHARACTERS - 1).collect();
    format!("{}…", cut.trim_end())
}

/// What a column means in full, its unit, and the sources behind it.
fn note(about: &About, meant: &Meaning) -> Option<String> {
    let mut text = about.doc.clone();
    if !meant.unit.is_empty() {
        text.push_str(&format!(" [unit: {}]", meant.unit));
    }
    if !about.sources.is_empty() {
        text.push_str(&format!(" [sources: {}", about.sources.join(", ")));
        if let Some((from, to)) = about.years {
            text.push_str(&format!("; {from} to {to}, missing in other years"));
        }
        text.push(']');
    }
    (!text.is_empty()).then_some(text)
}

/// What is said of the data: how it was made, what to cite, and how its panel is declared.
fn said(notes: &str, about: &[About], schema: &Schema) -> Said {
    // A description that is none says nothing; it is the program's own.
    let notes: Value = serde_json::from_str(notes).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut said = Said::default();
    let version = text(&notes["comity"]).map(|v| format!(" {v}")).unwrap_or_default();
    let measure = || text(&notes["measure"]).map(|name| format!("comity measure {name}"));
    let made = ["command", "query"].iter().find_map(|key| text(&notes[*key])).or_else(measure);
    let policy = || text(&notes["policy"]["id"]).map(|id| format!("verdicts under {id}"));
    if let Some(made) = made.or_else(policy) {
        said.notes.push(format!("Made by comity{version}: {made}"));
    }
    if let Some(record) = text(&notes["record"]) {
        said.notes.push(format!("Record of facts: {record}"));
    }
    for reference in notes["references"].as_array().into_iter().flatten().filter_map(Value::as_str)
    {
        said.notes.push(format!("Reference: {reference}"));
    }
    for source in notes["sources"].as_array().into_iter().flatten() {
        let part = |key: &str| text(&source[key]).unwrap_or_default();
        said.notes.push(format!("Source {}: {}", part("id"), part("citation")));
    }
    if let Some((unit, time)) = panel(about, schema) {
        let id = if unit.len() == 1 { unit[0].to_owned() } else { "unit".to_owned() };
        let group = match unit.len() {
            1 => String::new(),
            _ => format!("egen long unit = group({}), then ", unit.join(" ")),
        };
        let period = match time.len() {
            1 => String::new(),
            _ => "generate period = ym(year, month), then ".to_owned(),
        };
        let by = if time.len() == 1 { time[0] } else { "period" };
        said.notes.push(format!("To declare the panel: {group}{period}xtset {id} {by}"));
        said.characteristics.push(("comity_unit", unit.join(" ")));
        said.characteristics.push(("comity_time", time.join(" ")));
    }
    said
}

/// The variables that tell the units of a panel apart, and those of its time; none where rows are no panel.
fn panel<'a>(about: &[About], schema: &'a Schema) -> Option<(Vec<&'a str>, Vec<&'a str>)> {
    let is_key = |name: &str| about.iter().any(|a| a.name == name && a.group.is_none());
    let keys: Vec<&'a str> =
        schema.fields().iter().map(|f| f.name().as_str()).filter(|name| is_key(name)).collect();
    let members = |of: &str| -> Vec<&'a str> {
        let number = |name: &str| name.strip_prefix(of).map(str::to_owned);
        let is_one = |n: String| n.bytes().all(|b| b.is_ascii_digit());
        keys.iter().copied().filter(|name| number(name).is_some_and(is_one)).collect()
    };
    let unit = ["obsid", "ccode", "gwcode"].iter().map(|of| members(of)).find(|m| !m.is_empty())?;
    let has = |name: &str| keys.iter().copied().find(|key| *key == name);
    // Several disputes of a pair in a year, and verdicts on several commitments, are no panel of states and years.
    if has("dispnum").is_some() || has("commitment").is_some() {
        return None;
    }
    let time = match (has("date"), has("year"), has("month")) {
        (Some(date), ..) => vec![date],
        (None, Some(year), Some(month)) => vec![year, month],
        (None, Some(year), None) => vec![year],
        (None, None, _) => return None,
    };
    Some((unit, time))
}

/// Stata's names: letters, digits and underscores, not beginning with a digit.
fn check_name(name: &str) -> Result<(), ReportError> {
    if name.len() > NAME {
        return Err(ReportError::new(format!(
            "Stata's names have at most {NAME} characters; `{name}` has {}",
            name.len()
        ))
        .help("choose other columns, or another format"));
    }
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !name.starts_with(letter) || !name.chars().all(|c| letter(c) || c.is_ascii_digit()) {
        return Err(ReportError::new(format!("`{name}` is not a name in Stata"))
            .help("name the column: select count(*) as n …"));
    }
    Ok(())
}

fn too_large(batch: &RecordBatch, column: usize, row: usize) -> ReportError {
    let schema = batch.schema();
    let shown = arrow::util::display::array_value_to_string(batch.column(column), row);
    ReportError::new(format!(
        "`{}` has {}, which is not a number in Stata",
        schema.field(column).name(),
        shown.unwrap_or_default()
    ))
    .help("choose other columns, or --format parquet")
}

/// A column of texts without a dictionary.
fn texts(column: &ArrayRef) -> Result<StringArray, ReportError> {
    Ok(cast(column, &DataType::Utf8)?.as_string::<i32>().clone())
}

fn longest(texts: &StringArray) -> usize {
    (0..texts.len()).filter(|r| texts.is_valid(*r)).map(|r| texts.value(r).len()).max().unwrap_or(0)
}

/// The rows of a batch as bytes, and how many they are.
fn bytes(batch: &RecordBatch, variables: &[Variable]) -> Result<(usize, Vec<u8>), ReportError> {
    let plain = |c: &ArrayRef| match c.data_type() {
        DataType::Dictionary(..) => cast(c, &DataType::Utf8),
        _ => Ok(c.clone()),
    };
    let columns: Vec<ArrayRef> = batch.columns().iter().map(plain).collect::<Result<_, _>>()?;
    let mut out = Vec::new();
    for row in 0..batch.num_rows() {
        for (at, (column, variable)) in columns.iter().zip(variables).enumerate() {
            cell(column, row, variable.kind, &mut out).ok_or_else(|| too_large(batch, at, row))?;
        }
    }
    Ok((batch.num_rows(), out))
}

/// Adds a cell; none where Stata cannot hold its number: it keeps the greatest of a type for missing values.
fn cell(column: &ArrayRef, row: usize, kind: Kind, out: &mut Vec<u8>) -> Option<()> {
    let there = column.is_valid(row);
    match kind {
        Kind::Long => {
            let value = there.then(|| match column.data_type() {
                DataType::Date32 => {
                    column.as_primitive::<Date32Type>().value(row).saturating_add(EPOCH)
                }
                _ => column.as_primitive::<Int32Type>().value(row),
            });
            let value = match value {
                None => NO_LONG,
                Some(v @ -2_147_483_647..=LONG) => v,
                Some(_) => return None,
            };
            out.extend_from_slice(&value.to_le_bytes());
        }
        Kind::Double => {
            let bits = match there.then(|| column.as_primitive::<Float64Type>().value(row)) {
                None => NO_DOUBLE,
                Some(v) if v.abs() <= DOUBLE => v.to_bits(),
                // Larger, infinite, or no number at all.
                Some(_) => return None,
            };
            out.extend_from_slice(&bits.to_le_bytes());
        }
        Kind::Text(width) => {
            let end = out.len() + usize::from(width);
            if there {
                out.extend_from_slice(column.as_string::<i32>().value(row).as_bytes());
            }
            out.resize(end, 0);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use arrow::array::{Date32Array, Float64Array, Int8Array};
    use dta::stata::dta::dta_reader::DtaReader;
    use dta::stata::dta::value::Value as Cell;
    use dta::stata::dta::value_label_table::ValueLabelTable;
    use dta::stata::missing_value::MissingValue;
    use dta::stata::stata_double::StataDouble;
    use dta::stata::stata_long::StataLong;

    use super::*;

    #[test]
    fn what_stata_keeps_for_missing_values_is_refused_and_null_alone_is_missing() {
        let least_missing = f64::from_bits(DOUBLE.to_bits() + 1);
        let refused = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, least_missing];
        let held = [DOUBLE, -DOUBLE, 0.0, f64::MIN_POSITIVE];
        let mut out = Vec::new();
        for (values, holds) in [(&refused[..], false), (&held[..], true)] {
            let column: ArrayRef = Arc::new(Float64Array::from(values.to_vec()));
            for (row, number) in values.iter().enumerate() {
                let held = cell(&column, row, Kind::Double, &mut out).is_some();
                assert_eq!(held, holds, "{number}");
            }
        }
        let none: ArrayRef = Arc::new(Float64Array::from(vec![None]));
        out.clear();
        assert_eq!(cell(&none, 0, Kind::Double, &mut out), Some(()));
        assert_eq!(out, NO_DOUBLE.to_le_bytes());
    }

    fn about(name: &str, doc: &str, group: Option<&str>) -> About {
        About {
            name: name.to_owned(),
            doc: doc.to_owned(),
            group: group.map(str::to_owned),
            sources: group.map(|_| "cow-contiguity".to_owned()).into_iter().collect(),
            years: group.map(|_| (1816, 2016)),
        }
    }

    /// Everything of a file is there when another reader takes it: types, cells, labels, notes, and how the panel is declared.
    #[test]
    fn another_reader_finds_the_cells_labels_and_notes() {
        let columns: [(&str, ArrayRef); 6] = [
            ("ccode1", Arc::new(Float64Array::from(vec![2.0, 2.0]))),
            ("ccode2", Arc::new(Float64Array::from(vec![20.0, 70.0]))),
            ("year", Arc::new(Float64Array::from(vec![1990.0, 1990.0]))),
            ("conttype", Arc::new(Int8Array::from(vec![Some(1), None]))),
            ("began", Arc::new(Date32Array::from(vec![Some(-3_653), None]))),
            ("name", Arc::new(StringArray::from(vec![Some("péage"), None]))),
        ];
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.map(|(name, column)| (name, column, true)),
        )
        .unwrap();
        let long = "0 none, 1 land or river, 2 to 5 up to 12, 24, 150, 400 miles of water, and more words than a label holds";
        let abouts = [
            about("ccode1", "the first state", None),
            about("ccode2", "the second state", None),
            about("year", "calendar year", None),
            about("conttype", long, Some("contiguity")),
        ];
        let notes = r#"{"comity":"0.1.0","command":"comity panel dyad-years","record":"abc",
            "sources":[{"id":"cow-contiguity","citation":"Stinnett et al. 2002."}]}"#;
        let mut out = Cursor::new(Vec::new());
        let rows = write(&Frame::Table(&batch, &abouts), &mut out, notes).unwrap();
        assert_eq!(rows, 2);

        let reader = DtaReader::new().from_reader(Cursor::new(out.into_inner()));
        let mut reader = reader.read_header().unwrap().read_schema().unwrap();
        let variable = reader.schema().variables()[3].clone();
        assert_eq!(variable.label(), label(long));
        assert!(variable.label().chars().count() <= LABEL_CHARACTERS);
        let mut said = Vec::new();
        while let Some(c) = reader.read_characteristic().unwrap() {
            said.push(format!("{}[{}] {}", c.target().as_variable_name(), c.name(), c.value()));
        }
        let wanted = [
            "_dta[note0] 4",
            "_dta[note1] Made by comity 0.1.0: comity panel dyad-years",
            "_dta[note2] Record of facts: abc",
            "_dta[note3] Source cow-contiguity: Stinnett et al. 2002.",
            "_dta[note4] To declare the panel: egen long unit = group(ccode1 ccode2), then xtset unit year",
            "_dta[comity_unit] ccode1 ccode2",
            "_dta[comity_time] year",
        ];
        assert_eq!(said[..wanted.len()], wanted);
        let last = format!(
            "conttype[note1] {long} [sources: cow-contiguity; 1816 to 2016, missing in other years]"
        );
        assert_eq!(said.last(), Some(&last));

        let mut records = reader.into_record_reader().unwrap();
        let mut cells = Vec::new();
        while let Some(record) = records.read_record().unwrap() {
            cells.push(format!("{:?}", &record.values()[1..]));
        }
        let there = [
            Cell::Double(StataDouble::Present(20.0)),
            Cell::Double(StataDouble::Present(1990.0)),
            Cell::Long(StataLong::Present(1)),
            Cell::Long(StataLong::Present(0)),
            Cell::string("péage"),
        ];
        let none = [
            Cell::Double(StataDouble::Present(70.0)),
            Cell::Double(StataDouble::Present(1990.0)),
            Cell::Long(StataLong::Missing(MissingValue::System)),
            Cell::Long(StataLong::Missing(MissingValue::System)),
            Cell::string(""),
        ];
        assert_eq!(cells, [format!("{there:?}"), format!("{none:?}")]);

        let mut long = records.into_long_string_reader().unwrap();
        assert!(long.read_long_string().unwrap().is_none());
        let mut labels = long.into_value_label_reader().unwrap();
        let mut table = ValueLabelTable::new();
        labels.read_remaining_into(&mut table).unwrap();
        let set = table.get(variable.value_label_name()).unwrap();
        assert_eq!(set.label_for(0), Some("none"));
        assert_eq!(set.label_for(1), Some("by land or river"));
    }

    #[test]
    fn a_panel_is_declared_by_its_keys_and_other_rows_are_not() {
        let of = |names: &[&str]| {
            let abouts: Vec<About> = names.iter().map(|name| about(name, "", None)).collect();
            let kind = |name: &&str| arrow::datatypes::Field::new(*name, DataType::Float64, true);
            let schema = Schema::new(names.iter().map(kind).collect::<Vec<_>>());
            said("{}", &abouts, &schema)
                .characteristics
                .into_iter()
                .map(|(_, text)| text)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(&["ccode", "cw_name", "year"]), ["ccode", "year"]);
        assert_eq!(of(&["gwcode1", "gwcode2", "year", "month"]), ["gwcode1 gwcode2", "year month"]);
        assert_eq!(of(&["ccode", "date"]), ["ccode", "date"]);
        assert_eq!(of(&["obsid", "ccode", "year"]), ["obsid", "year"]);
        assert!(of(&["dispnum", "ccode1", "ccode2", "year"]).is_empty());
        assert!(of(&["ccode", "year", "commitment"]).is_empty());
        assert!(of(&["ccode"]).is_empty());
    }
}
