//! The International System(s) Dataset: states since 1816, those too that no European list had.
//!
//! A state's number is COW's where it is one of COW's states; the others have numbers of their own and no `ccode`. Version 1 is
//! read beside version 2. What a state became (its destinations) and where its capital lay are not taken.

use jiff::civil::Date;

use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

pub(crate) static DATASET: Dataset = Dataset {
    id: "isd",
    title: "International System(s) Dataset",
    publisher: "Ryan D. Griffiths and Charles R. Butcher",
    citation: "Griffiths, Ryan D. and Charles R. Butcher. 2013. Introducing the International System(s) Dataset (ISD), 1816-2011. International Interactions 39(5): 748-768; Butcher, Charles R. and Ryan D. Griffiths. 2020. States and their international relations since 1816: introducing version 2 of the International System(s) Dataset (ISD). International Interactions 46(2): 291-308.",
    licence: "free with citation",
    url: "https://www.ryan-griffiths.com/data",
    get: Get::ByHand("download the list of states from its page"),
    relations: &[("isd_states", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[
        FileKind {
            version: None,
            edition: Some("1"),
            ..FileKind::new(FIRST, "cow_nr. cow_id state_name start end micro new_state")
        },
        FileKind {
            version: None,
            edition: Some("2.2"),
            open: true,
            missing: &[Missing { columns: &[], codes: &["-9", "-8"] }],
            ..FileKind::new(
                SECOND,
                "cownum cowid statename othername isd_category region start start_am population starttype end end_am endtype eurodip capital viostart vioend destinationa",
            )
        },
    ],
    editions: &[
        Edition {
            version: "1",
            released: "2013",
            marks: &[],
            last_year: 2011,
            rows: &[(FIRST, 362)],
        },
        Edition {
            version: "2.2",
            released: "2020",
            marks: &[],
            last_year: 2016,
            rows: &[(SECOND, 499)],
        },
    ],
    coverage: |e| vec![Coverage::all("isd_states", 1816, e.last_year)],
    map,
};

const FIRST: &str = "states (version 1)";
const SECOND: &str = "states";

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last = files.edition().last_year;
    let mut keys = Keys::default();
    out.begin("isd_states");
    for row in files.rows(FIRST) {
        let crossed = |column| row.text(column).is_some();
        let cells =
            [("micro", crossed("micro").into()), ("beyond_cow", crossed("new_state").into())];
        let columns = ["cow_nr.", "cow_id", "state_name"];
        state(&row, columns, cells.into(), last, &mut keys, out)?;
    }
    for row in files.rows(SECOND) {
        let cells = [
            ("other_names", row.text("othername").filter(|n| *n != "0").into()),
            ("category", row.code("isd_category", 1..=3)?.into()),
            ("region", row.code("region", 1..=6)?.into()),
            ("start_ambiguous", row.flag("start_am")?.into()),
            ("end_ambiguous", row.flag("end_am")?.into()),
            ("start_type", row.code("starttype", 1..=6)?.into()),
            ("end_type", row.code("endtype", 1..=6)?.into()),
            ("violent_start", row.flag("viostart")?.into()),
            ("violent_end", row.flag("vioend")?.into()),
            ("european_diplomacy", row.flag("eurodip")?.into()),
            ("population", population(&row)?.into()),
            ("capital", row.text("capital").into()),
        ];
        state(&row, ["cownum", "cowid", "statename"], cells.into(), last, &mut keys, out)?;
    }
    Ok(())
}

type Cells = Vec<(&'static str, Value)>;

fn state(
    row: &Row<'_>,
    [number, abbr, name]: [&str; 3],
    mut cells: Cells,
    last: i32,
    keys: &mut Keys,
    out: &mut Output,
) -> Result<(), ReadError> {
    let id = row.need_state(number)?;
    let day = |column| -> Result<Date, ReadError> {
        row.calendar_date(column)?.ok_or_else(|| row.refuse(column, "a date"))
    };
    let (start, end) = (day("start")?, day("end")?);
    row.forwards(When::day(start), When::day(end))?;
    let key = format!("{number}={id} start={start}");
    keys.add(row, &key)?;
    let placed = out.places().is_state(id);
    if !placed {
        out.unplaced("isd_states", number, id);
    }
    let open = i32::from(end.year()) == last && (end.month(), end.day()) == (12, 31);
    cells.extend([
        ("isd_id", id.into()),
        ("abbr", row.text(abbr).into()),
        ("name", row.text(name).into()),
        ("ccode", placed.then_some(id).into()),
        ("extended", open.into()),
    ]);
    cells.extend(spell(When::day(start), if open { When::default() } else { When::day(end) }));
    out.push("isd_states", &cells, key);
    Ok(())
}

/// Persons; some are written with apostrophes between the thousands.
fn population(row: &Row<'_>) -> Result<Option<f64>, ReadError> {
    let Some(cell) = row.text("population") else { return Ok(None) };
    match cell.replace('\'', "").parse::<f64>() {
        Ok(persons) if persons.is_finite() && persons >= 0.0 => Ok(Some(persons)),
        _ => Err(row.refuse("population", "a number of persons")),
    }
}
