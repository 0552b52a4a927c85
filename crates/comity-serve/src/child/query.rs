//! Queries in the child process: a page of an answer, what can be drawn of it, and the whole as a file.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::ops::RangeInclusive;
use std::time::Duration;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comity::{Answered, Error, Policy, QueryBounds, Record};
use comity_report::Form;
use comity_report::frame::{self, Frame};
use serde_json::{Value, json};

use super::desk::Desk;

/// What one query may use. The process is stopped a little later.
const BOUNDS: QueryBounds =
    QueryBounds { rows: 1_000_000, memory: 1 << 30, time: Duration::from_secs(10) };
/// The same where the question is one of this program's own, about a measure.
const SLOW: QueryBounds = QueryBounds { time: Duration::from_mins(1), ..BOUNDS };
/// Cells on a page: many columns leave room for few rows.
const CELLS: usize = 1_600;
/// Rows on a page, at least and at most.
const ROWS: (usize, usize) = (20, 100);
/// Characters of all cells of a page together, and of one cell at least.
const TEXT: (usize, usize) = (120_000, 24);
/// Lines and points of a picture.
const LINES: usize = 8;
const POINTS: usize = 1_000;
/// The years that are drawn.
const YEARS: RangeInclusive<i32> = 1..=9_999;

fn run(desk: &mut Desk, record: &Record, question: &Value) -> Result<Answered, Error> {
    let text = |name: &str| question[name].as_str().unwrap_or_default();
    let sql = text("sql");
    let asked = (text("policy").to_owned(), sql.to_owned());
    if let Some((of, answer)) = &desk.last
        && *of == asked
    {
        return Ok(answer.clone());
    }
    desk.last = None;
    let policy = match text("policy") {
        "" => Policy::shipped(comity::SHIPPED[0].id)?,
        document => super::policy::of_text(record, text("file"), document)?,
    };
    let bounds = if question["slow"] == true { SLOW } else { BOUNDS };
    let answer = record.query_under_within(&policy, &desk.options(), sql, bounds)?;
    desk.last = Some((asked, answer.clone()));
    Ok(answer)
}

/// One page of the answer, as JSON.
pub fn answer(desk: &mut Desk, record: &Record, question: &Value) -> Result<Vec<u8>, Error> {
    let answered = run(desk, record, question)?;
    let rows = &answered.rows;
    let columns = rows.num_columns();
    let size = (CELLS / columns.max(1)).clamp(ROWS.0, ROWS.1);
    let pages = rows.num_rows().div_ceil(size).max(1);
    let page = usize::try_from(question["page"].as_u64().unwrap_or(1)).unwrap_or(1).max(1);
    let from = ((page - 1).saturating_mul(size)).min(rows.num_rows());
    let shown = rows.slice(from, size.min(rows.num_rows() - from));
    let longest = (TEXT.0 / (shown.num_rows() * columns).max(1)).clamp(TEXT.1, 400);
    let schema = rows.schema();
    let about = schema.fields().iter().map(|f| {
        json!({"name": f.name(), "number": f.data_type().is_numeric(), "type": f.data_type().to_string()})
    });
    let said = json!({
        "columns": about.collect::<Vec<_>>(),
        "rows": cells(&shown, longest)?,
        "total": rows.num_rows(),
        "from": from,
        "page": page,
        "pages": pages,
        "tables": answered.tables,
        "sources": answered.sources,
        "chart": chart(rows, question)?,
    });
    Ok(said.to_string().into_bytes())
}

/// The whole answer as a file.
pub fn file(desk: &mut Desk, record: &Record, question: &Value) -> Result<Vec<u8>, Error> {
    let answered = run(desk, record, question)?;
    let form = match question["form"].as_str() {
        Some("csv") => Form::Csv,
        Some("parquet") => Form::Parquet,
        _ => return Err(Error::new("a table is sent as csv or parquet")),
    };
    let notes = json!({
        "schema_version": 1,
        "comity": env!("CARGO_PKG_VERSION"),
        "query": question["sql"].as_str().unwrap_or_default().trim(),
        "record": record.fingerprint()?,
        "sources": answered.sources,
    });
    let mut out = Cursor::new(Vec::new());
    frame::write(&Frame::Answer(&answered.rows), form, &mut out, &notes.to_string())
        .map_err(|e| e.help.iter().fold(Error::new(e.to_string()), Error::help))?;
    Ok(out.into_inner())
}

fn failed(error: &arrow::error::ArrowError) -> Error {
    Error::new(format!("the answer cannot be shown: {error}"))
}

fn formatter(column: &dyn Array) -> Result<ArrayFormatter<'_>, Error> {
    const OPTIONS: FormatOptions<'static> = FormatOptions::new().with_display_error(true);
    ArrayFormatter::try_new(column, &OPTIONS).map_err(|e| failed(&e))
}

/// Rows of cells: null, a number, or a text of up to so many characters.
fn cells(rows: &RecordBatch, longest: usize) -> Result<Vec<Vec<Value>>, Error> {
    let columns: Vec<_> = rows
        .columns()
        .iter()
        .map(|c| Ok((c, formatter(c.as_ref())?)))
        .collect::<Result<_, Error>>()?;
    let cell = |column: &ArrayRef, formatter: &ArrayFormatter<'_>, row: usize| {
        if column.is_null(row) {
            return Value::Null;
        }
        let text = formatter.value(row).to_string();
        if column.data_type().is_numeric()
            && let Ok(Value::Number(number)) = serde_json::from_str(&text)
        {
            return Value::Number(number);
        }
        match text.char_indices().nth(longest) {
            Some((end, _)) => Value::String(format!("{}…", &text[..end])),
            None => Value::String(text),
        }
    };
    let row = |row: usize| columns.iter().map(|(c, f)| cell(c, f, row)).collect();
    Ok((0..rows.num_rows()).map(row).collect())
}

/// Names of columns whose numbers are codes or times and measure nothing.
fn is_code(name: &str) -> bool {
    const CODES: [&str; 12] = [
        "ccode",
        "gwcode",
        "partner",
        "other",
        "rival",
        "sender",
        "target",
        "challenger",
        "host",
        "month",
        "session",
        "region",
    ];
    let name = name.to_ascii_lowercase();
    CODES.contains(&name.as_str())
        || ["year", "_id", "code", "number", "_month", "_day"].iter().any(|end| name.ends_with(end))
}

/// A column that measures something against the year: the one that the question names as `y`, or the first; none where there is no such
/// pair. A line stands for each value of the column that it names as `by`, or of the first that tells the rows of a year apart; `low` and
/// `high` name the ends of an interval around it.
fn chart(rows: &RecordBatch, question: &Value) -> Result<Value, Error> {
    let schema = rows.schema();
    let fields = schema.fields();
    let is_year = |name: &str| name == "year" || name == "start_year";
    let whole = |at: &usize| fields[*at].data_type().is_integer();
    let Some(year) = (0..fields.len()).filter(whole).find(|at| is_year(fields[*at].name())) else {
        return Ok(Value::Null);
    };
    let measures = |at: &usize| {
        *at != year && fields[*at].data_type().is_numeric() && !is_code(fields[*at].name())
    };
    let named = |what: &str| {
        let name = question[what].as_str()?;
        fields.iter().position(|f| f.name() == name && f.data_type().is_numeric() != (what == "by"))
    };
    let first = || (0..fields.len()).find(measures);
    let Some(value) = named("y").or_else(first) else { return Ok(Value::Null) };
    let band = named("low").zip(named("high"));
    let real = |at: usize| cast(rows.column(at), &DataType::Float64).map_err(|e| failed(&e));
    let band = band.map(|(low, high)| Ok::<_, Error>((real(low)?, real(high)?))).transpose()?;
    let years = cast(rows.column(year), &DataType::Int32).map_err(|e| failed(&e))?;
    let values = real(value)?;
    let (years, values) = (years.as_primitive::<Int32Type>(), values.as_primitive::<Float64Type>());
    let known = |row: &usize| {
        years.is_valid(*row) && values.is_valid(*row) && values.value(*row).is_finite()
    };
    let mut known: Vec<usize> = (0..rows.num_rows()).filter(known).collect();
    // A picture has room for the years of history, and the server draws each of them.
    if known.iter().any(|row| !YEARS.contains(&years.value(*row))) {
        return Ok(Value::Null);
    }
    let cut = known.len() > POINTS;
    known.sort_by(|a, b| {
        let value = |row: &usize| (years.value(*row), values.value(*row));
        value(a).0.cmp(&value(b).0).then(value(a).1.total_cmp(&value(b).1))
    });
    known.truncate(POINTS);
    let points = |rows: &[usize]| {
        let mut all: Vec<(i32, f64)> =
            rows.iter().map(|r| (years.value(*r), values.value(*r))).collect();
        all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        all
    };
    let around = |rows: &[usize]| -> Vec<(i32, f64, f64)> {
        let Some((low, high)) = &band else { return Vec::new() };
        let (low, high) = (low.as_primitive::<Float64Type>(), high.as_primitive::<Float64Type>());
        let known = rows.iter().filter(|r| low.is_valid(**r) && high.is_valid(**r));
        let mut all: Vec<_> =
            known.map(|r| (years.value(*r), low.value(*r), high.value(*r))).collect();
        all.retain(|(_, low, high)| low.is_finite() && high.is_finite());
        all.sort_by_key(|(year, ..)| *year);
        all
    };
    let name = |at: usize| fields[at].name().clone();
    let distinct: BTreeSet<i32> = known.iter().map(|r| years.value(*r)).collect();
    if distinct.len() < 2 {
        return Ok(Value::Null);
    }
    let mut said = json!({"x": name(year), "y": name(value), "joined": true, "cut": cut});
    if distinct.len() == known.len() {
        let line = match named("by") {
            Some(at) => formatter(rows.column(at).as_ref())?.value(known[0]).to_string(),
            None => name(value),
        };
        said["lines"] = json!([{"name": line, "points": points(&known), "band": around(&known)}]);
        return Ok(said);
    }
    let candidates = match named("by") {
        Some(at) => {
            let kept = first_groups(rows.column(at), &known)?;
            said["cut"] = (cut || kept.len() < known.len()).into();
            known = kept;
            at..at + 1
        }
        None => 0..fields.len(),
    };
    // One line for each value of the first column that tells the rows of a year apart.
    for at in candidates.filter(|at| *at != year && *at != value) {
        let Some(groups) = groups(rows.column(at), &known)? else { continue };
        let apart = |rows: &Vec<usize>| {
            rows.iter().map(|r| years.value(*r)).collect::<BTreeSet<_>>().len() == rows.len()
        };
        if groups.values().all(apart) {
            let line = |(key, rows): (&String, &Vec<usize>)| json!({"name": key, "points": points(rows), "band": around(rows)});
            said["by"] = name(at).into();
            said["lines"] = groups.iter().map(line).collect();
            return Ok(said);
        }
    }
    said["joined"] = false.into();
    said["lines"] = json!([{"name": name(value), "points": points(&known)}]);
    Ok(said)
}

/// The rows of the first values of a column, in the order of their texts: as many as there are lines.
fn first_groups(column: &ArrayRef, rows: &[usize]) -> Result<Vec<usize>, Error> {
    let formatter = formatter(column.as_ref())?;
    let text = |row: &usize| formatter.value(*row).to_string();
    let all: BTreeSet<String> = rows.iter().map(text).collect();
    let kept: BTreeSet<String> = all.into_iter().take(LINES).collect();
    Ok(rows.iter().copied().filter(|row| kept.contains(&text(row))).collect())
}

/// The rows by the text of a column; none where that makes one line or too many.
fn groups(
    column: &ArrayRef,
    rows: &[usize],
) -> Result<Option<BTreeMap<String, Vec<usize>>>, Error> {
    let formatter = formatter(column.as_ref())?;
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in rows.iter().filter(|row| column.is_valid(**row)) {
        let key: String = formatter.value(*row).to_string().chars().take(60).collect();
        groups.entry(key).or_default().push(*row);
        if groups.len() > LINES {
            return Ok(None);
        }
    }
    let all = groups.values().map(Vec::len).sum::<usize>() == rows.len();
    Ok((groups.len() > 1 && all).then_some(groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sql: &str, page: u64) -> Result<Value, Error> {
        let bytes =
            answer(&mut Desk::default(), &Record::starter(), &json!({"sql": sql, "page": page}))?;
        Ok(serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn an_answer_comes_in_pages() {
        let all = "select ccode, year from state_years order by year, ccode";
        let first = asked(all, 1).unwrap();
        let total = first["total"].as_u64().unwrap();
        assert_eq!(first["rows"].as_array().unwrap().len(), 100);
        assert_eq!(first["pages"], total.div_ceil(100));
        let second = asked(all, 2).unwrap();
        assert_eq!((&second["from"], &second["page"]), (&json!(100), &json!(2)));
        assert_ne!(first["rows"][0], second["rows"][0]);
        let past = asked(all, 1_000_000).unwrap();
        assert!(past["rows"].as_array().unwrap().is_empty());
    }

    #[test]
    fn missing_is_null_and_a_long_text_is_cut() {
        let long = "x".repeat(5_000);
        let said = asked(&format!("select cast(null as int) a, '{long}' b, 1.5 c"), 1).unwrap();
        assert_eq!(said["rows"][0][0], Value::Null);
        assert_eq!(said["rows"][0][2], json!(1.5));
        let text = said["rows"][0][1].as_str().unwrap();
        assert!(text.ends_with('…') && text.chars().count() == 401);
    }

    #[test]
    fn what_measures_is_drawn_against_the_year() {
        let lines = |sql: &str| asked(sql, 1).unwrap()["chart"].clone();
        let one = lines("select year, count(*) n from vetoes group by year");
        assert_eq!((&one["y"], &one["joined"]), (&json!("n"), &json!(true)));
        let two = lines(
            "select ccode, year, count(*) n from vetoes where ccode in (2, 365) group by ccode, year",
        );
        assert_eq!(two["by"], "ccode");
        assert_eq!(two["lines"].as_array().unwrap().len(), 2);
        let many = lines("select ccode, year, ccode * 1.0 as x from state_years where year < 1900");
        assert_eq!(many["joined"], false);
        assert_eq!(lines("select ccode, year from state_years"), Value::Null);
        assert_eq!(lines("select 1 as year, 2 as n"), Value::Null);
        // The server draws every year from the first to the last, and every point.
        for year in ["20000000", "2147483647", "-5"] {
            let far = format!("select 1900 as year, 1.0 as n union all select {year}, 2.0");
            assert_eq!(lines(&far), Value::Null, "{year}");
        }
        let much = lines("select year + 0 as year, ccode * 1.0 as x from state_years");
        let drawn = much["lines"].as_array().unwrap().iter();
        let points: usize = drawn.map(|l| l["points"].as_array().unwrap().len()).sum();
        assert_eq!((points, &much["cut"]), (POINTS, &json!(true)));
    }

    #[test]
    fn what_only_reads_is_answered_and_nothing_else() {
        for sql in
            ["drop table states", "select 1; select 2", "copy states to 'x.csv'", "", "select"]
        {
            assert!(asked(sql, 1).is_err(), "{sql}");
        }
        let error = asked("select nme from states", 1).unwrap_err();
        assert!(error.message.contains("nme") && error.message.contains("line 1"), "{error}");
    }

    #[test]
    fn more_rows_than_the_bounds_allow_are_refused_with_the_way_out() {
        let sql = "select a.ccode, b.year from state_years a cross join state_years b";
        let error = asked(sql, 1).unwrap_err();
        assert!(
            error.message.contains("more than") || error.message.contains("memory"),
            "{error:?}"
        );
    }

    #[test]
    fn a_file_holds_the_whole_answer() {
        let question =
            json!({"sql": "select draft, year from vetoes order by year, draft", "form": "csv"});
        let mut desk = Desk::default();
        let csv = file(&mut desk, &Record::starter(), &question).unwrap();
        let rows = desk.last.as_ref().unwrap().1.rows.num_rows();
        assert_eq!(String::from_utf8(csv).unwrap().lines().count(), rows + 1);
        let parquet = json!({"sql": question["sql"], "form": "parquet"});
        assert!(file(&mut desk, &Record::starter(), &parquet).unwrap().starts_with(b"PAR1"));
        assert!(file(&mut desk, &Record::starter(), &json!({"sql": "select 1"})).is_err());
    }
}
