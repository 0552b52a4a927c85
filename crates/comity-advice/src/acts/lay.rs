//! The rows that acts write, laid over a record.
//!
//! Each act is laid over what those before it left. Rows are gathered table by table and laid at once.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::rows::{TableRows, Value};
use comity_record::schema::{ColumnType, Table, Time, table};
use comity_record::{Amend, Coverage, Hide, Layer, Record, Units};
use jiff::civil::Date;
use serde::Serialize;

use super::definition::{Definition, Each, Need, Op, Vocabulary, Write};
use super::read::{Act, Held};
use super::sheet::{Key, Sheet};
use super::when::When;
use crate::Error;

/// The source that rows of acts name.
pub const SOURCE: &str = "act";

/// A row that an act writes, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowShown {
    /// Which act, from 1.
    pub act: usize,
    /// The canonical table.
    pub table: String,
    /// `adds`, `ends` or `changes`.
    pub does: &'static str,
    /// Its cells, without those that are null.
    pub cells: BTreeMap<String, String>,
    /// The source and key of the row that it changes, where it changes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<(String, String)>,
}

/// Acts laid over a record.
#[derive(Debug)]
pub struct Laid {
    /// The record with their rows.
    pub record: Record,
    /// The rows.
    pub rows: Vec<RowShown>,
    /// What was taken for granted.
    pub assumed: Vec<String>,
    /// The canonical tables that were written to.
    pub tables: BTreeSet<&'static str>,
    /// States that the rows are about.
    pub states: BTreeSet<i32>,
    /// A fingerprint of the record with the rows.
    pub fingerprint: String,
}

/// Lays acts over a record, in order; those without an end go on to `horizon`.
///
/// # Errors
/// An act that contradicts the record or an earlier one; a table or column that does not exist.
pub fn lay(
    record: &Record,
    vocabulary: &Vocabulary,
    acts: &[Act],
    horizon: i32,
) -> Result<Laid, Error> {
    let mut laying = Laying {
        record,
        horizon,
        sheets: BTreeMap::new(),
        rows: Vec::new(),
        assumed: Vec::new(),
        act: 0,
    };
    for (at, act) in acts.iter().enumerate() {
        laying.act = at + 1;
        let Some(definition) = vocabulary.get(&act.kind) else {
            return Err(Error::act(&act.kind, "this is no act of the vocabulary"));
        };
        laying.assumed.extend(act.assumed.iter().map(|a| format!("{}: {a}", act.say)));
        for need in &definition.need {
            laying.need(act, need)?;
        }
        for write in &definition.write {
            laying.write(act, definition, write)?;
        }
    }
    laying.finish(acts)
}

pub(super) struct Laying<'a> {
    record: &'a Record,
    pub(super) horizon: i32,
    pub(super) sheets: BTreeMap<&'static str, Sheet>,
    rows: Vec<RowShown>,
    pub(super) assumed: Vec<String>,
    act: usize,
}

/// What stands for whom in a row.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    actor: i32,
    other: Option<i32>,
    party: Option<i32>,
}

pub(super) type Cell = (String, Value);

impl Laying<'_> {
    /// A table, with the rows that the record has.
    pub(super) fn sheet(&mut self, table: &'static Table) -> Result<&mut Sheet, Error> {
        let record = self.record;
        let sheet = self.unread(table);
        sheet.read(record)?;
        Ok(sheet)
    }

    /// A table to which rows are added, whatever it has.
    fn unread(&mut self, table: &'static Table) -> &mut Sheet {
        self.sheets.entry(table.name).or_insert_with(|| Sheet::of(self.record, table))
    }

    /// Refuses an act for which what must hold does not. Where the record has it of nobody, it is not known, and taken for granted.
    fn need(&mut self, act: &Act, need: &Need) -> Result<(), Error> {
        let table = table(&need.table).expect("checked when the vocabulary was read");
        let (sides, year) =
            (Sides { actor: act.actor, other: act.other(), party: None }, act.span.from.year);
        let mut wanted = Vec::new();
        for (name, value) in &need.is {
            wanted.push((name.clone(), self.cell(act, table, name, value, sides, year)?));
        }
        let of_anybody: Vec<Cell> = wanted
            .iter()
            .filter(|(name, _)| !table.states.contains(&name.as_str()))
            .cloned()
            .collect();
        let sheet = self.sheet(table)?;
        let holds =
            |wanted: &[Cell]| sheet.matching(wanted).iter().any(|k| sheet.holds_in(k, year));
        if holds(&wanted) {
            return Ok(());
        }
        if holds(&of_anybody) {
            let who = self.record.states()?.handle(act.actor);
            let what = format!("{}, and {who} is not one in {year}", need.only);
            return Err(Error::act(&act.say, what).help(format!(
                "`comity query \"select * from {} where …\"` shows what there is",
                need.table
            )));
        }
        let who = self.record.states()?.handle(act.actor);
        let (say, only) = (&act.say, &need.only);
        self.assumed.push(format!("{say}: {only}; whether {who} is one in {year} is not known"));
        Ok(())
    }

    fn write(&mut self, act: &Act, definition: &Definition, write: &Write) -> Result<(), Error> {
        let sides = Sides { actor: act.actor, other: act.other(), party: None };
        match write.op {
            Op::Add => self.add(act, definition, write, sides),
            Op::End => {
                let mut ended = self.end(act, write, sides)?;
                if let (true, Some(other)) = (write.mirrored, sides.other) {
                    ended += self.end(
                        act,
                        write,
                        Sides { actor: other, other: Some(act.actor), party: None },
                    )?;
                }
                let first = std::ptr::eq(write, &raw const definition.write[0]);
                if ended == 0 && first && !write.optional {
                    let what = format!("the record has nothing of {} that ends then", write.table);
                    return Err(Error::act(&act.say, what).help(format!(
                        "`comity query \"select * from {} where …\"` shows what there is",
                        write.table
                    )));
                }
                Ok(())
            }
            Op::Change | Op::Increase => self.change(act, write, sides),
        }
    }

    fn add(
        &mut self,
        act: &Act,
        definition: &Definition,
        write: &Write,
        sides: Sides,
    ) -> Result<(), Error> {
        let table = write.canonical();
        let mut like = Vec::new();
        let mut parties = vec![None];
        if let Some(slot) = &write.like {
            let key = Self::key_column(write, slot);
            let wanted = [(
                key.clone(),
                self.value(act, table, &key, &format!("${slot}"), sides, act.span.from.year)?,
            )];
            let rows = self.sheet(table)?.matching(&wanted);
            let open = |sheet: &Sheet, key: &Key| sheet.holds_in(key, act.span.from.year);
            let sheet = self.sheet(table)?;
            like = rows.last().map(|key| sheet.cells(key)).unwrap_or_default();
            if write.each == Each::Party {
                let of = |sheet: &Sheet, key: &Key| match sheet.cell(key, "ccode") {
                    Value::Int(ccode) => Some(ccode),
                    _ => None,
                };
                let found: BTreeSet<i32> =
                    rows.iter().filter(|k| open(sheet, k)).filter_map(|k| of(sheet, k)).collect();
                if found.contains(&act.actor) {
                    return Err(Error::act(&act.say, "it is a party already"));
                }
                parties = found.into_iter().map(Some).collect();
                if parties.is_empty() {
                    return Err(Error::act(
                        &act.say,
                        format!("nobody is a party in {}", act.span.from),
                    ));
                }
            } else {
                let member = |key: &&Key| {
                    sheet.cell(key, "ccode") == Value::Int(act.actor)
                        && open(sheet, key)
                        && write.is.iter().all(|(name, value)| {
                            value
                                .as_str()
                                .is_none_or(|v| sheet.cell(key, name) == Value::Text(v.into()))
                        })
                };
                if rows.iter().any(|k| member(&k)) {
                    return Err(Error::act(
                        &act.say,
                        format!("it is a member already in {}", act.span.from),
                    ));
                }
            }
            like.retain(|(name, _)| KEPT_OF_LIKE.iter().all(|time| time != name));
        }
        let years = self.years(act, definition, write);
        for party in parties {
            for year in &years {
                let sides = Sides { party, ..sides };
                self.add_one(act, definition, write, sides, *year, &like)?;
                if write.mirrored {
                    let mirrored = match party {
                        Some(party) => {
                            Sides { actor: party, other: Some(act.actor), party: Some(act.actor) }
                        }
                        None => Sides {
                            actor: sides.other.unwrap_or(act.actor),
                            other: Some(act.actor),
                            party: None,
                        },
                    };
                    self.add_one(act, definition, write, mirrored, *year, &like)?;
                }
            }
        }
        Ok(())
    }

    /// The column that a slot is written to.
    fn key_column(write: &Write, slot: &str) -> String {
        let of = |(_, value): &(&String, &toml::Value)| value.as_str() == Some(&format!("${slot}"));
        write.all().find(of).map(|(name, _)| name.clone()).unwrap_or_default()
    }

    /// The years for which a row is written.
    fn years(&self, act: &Act, definition: &Definition, write: &Write) -> Vec<i32> {
        let from = act.span.from.year;
        if write.each != Each::Year {
            return vec![from];
        }
        let last = match act.span.to {
            Some(to) => to.year,
            None if definition.lasts => self.horizon.max(from),
            None => from,
        };
        (from..=last).collect()
    }

    fn add_one(
        &mut self,
        act: &Act,
        definition: &Definition,
        write: &Write,
        sides: Sides,
        year: i32,
        like: &[Cell],
    ) -> Result<(), Error> {
        let table = write.canonical();
        let mut cells: BTreeMap<String, Value> = like.iter().cloned().collect();
        if table.time == Time::Spell {
            cells.extend(spell_cells(table, act, definition.lasts));
        } else if table.time == Time::Year {
            cells.extend(year_cells(table, act, year));
        }
        for (name, value) in write.all() {
            let value = self.cell(act, table, name, value, sides, year)?;
            cells.insert(name.clone(), value);
        }
        // What the act says in detail is about its own side.
        let side = if sides.actor == act.actor {
            write.name().to_owned()
        } else {
            format!("{}:mirrored", write.name())
        };
        for ((name, column), text) in act.details.iter().filter(|((name, _), _)| *name == side) {
            let Some(kind) = table.column(column).map(|c| c.kind) else {
                return Err(Error::act(&act.say, format!("{name} has no column `{column}`")));
            };
            let value = Value::parse(kind, text).map_err(|expected| {
                Error::act(&act.say, format!("{name}.{column}: `{text}` is not {expected}"))
            })?;
            cells.insert(column.clone(), value);
        }
        self.put(&act.say, table, cells, "adds", None)
    }

    pub(super) fn put(
        &mut self,
        say: &str,
        table: &'static Table,
        cells: BTreeMap<String, Value>,
        does: &'static str,
        of: Option<(String, String)>,
    ) -> Result<(), Error> {
        let shown = cells
            .iter()
            .filter(|(_, v)| **v != Value::Null)
            .map(|(n, v)| (n.clone(), v.text()))
            .collect();
        // A vocabulary is read from policies too: what does not fit a column is refused here, whatever wrote it.
        for (name, value) in &cells {
            if table.column(name).is_none_or(|c| !value.is_of(c.kind)) {
                let what = format!("{}.{name} cannot hold {}", table.name, value.text());
                return Err(Error::act(say, what));
            }
        }
        let act = self.act;
        self.rows.push(RowShown { act, table: table.name.to_owned(), does, cells: shown, of });
        self.unread(table).add(act, cells);
        Ok(())
    }

    /// Ends the spells that are meant and hold on the day; how many there were.
    fn end(&mut self, act: &Act, write: &Write, sides: Sides) -> Result<usize, Error> {
        let table = write.canonical();
        let wanted = self.wanted(act, write, sides)?;
        let from = act.span.from;
        let mut cells: Vec<Cell> = vec![("end_year".into(), end_year(from).into())];
        cells.push(("end".into(), day_before(from).into()));
        if table.column("end_month").is_some() {
            cells.push(("end_month".into(), day_before(from).map(|d| i32::from(d.month())).into()));
        }
        for (name, value) in &write.cells {
            cells.push((name.clone(), self.cell(act, table, name, value, sides, from.year)?));
        }
        let kinds = write.any.as_ref().and_then(|slot| match act.slots.get(slot) {
            Some(Held::Words(words)) => Some(words.clone()),
            _ => None,
        });
        let number = self.act;
        let sheet = self.sheet(table)?;
        let mut ended = Vec::new();
        for key in sheet.matching(&wanted) {
            let is_kind = |words: &Vec<String>| {
                words.iter().any(|w| sheet.cell(&key, w) == Value::Bool(true))
            };
            if sheet.holds_in(&key, from.year) && kinds.as_ref().is_none_or(is_kind) {
                ended.push(key);
            }
        }
        let mut shown = Vec::new();
        for key in &ended {
            let (of, all) = (sheet.named(key), sheet.cells(key));
            sheet.amend(key, number, &cells);
            let mut seen: BTreeMap<String, String> = all
                .iter()
                .filter(|(_, v)| *v != Value::Null)
                .map(|(n, v)| (n.clone(), v.text()))
                .collect();
            seen.extend(
                cells.iter().filter(|(_, v)| *v != Value::Null).map(|(n, v)| (n.clone(), v.text())),
            );
            shown.push(RowShown {
                act: number,
                table: table.name.to_owned(),
                does: "ends",
                cells: seen,
                of: Some(of),
            });
        }
        self.rows.append(&mut shown);
        Ok(ended.len())
    }

    pub(super) fn wanted(
        &self,
        act: &Act,
        write: &Write,
        sides: Sides,
    ) -> Result<Vec<Cell>, Error> {
        let table = write.canonical();
        let of = |(name, value): (&String, &toml::Value)| {
            Ok((name.clone(), self.cell(act, table, name, value, sides, act.span.from.year)?))
        };
        write.is.iter().map(of).collect()
    }

    /// A cell of the vocabulary as a value.
    pub(super) fn cell(
        &self,
        act: &Act,
        table: &Table,
        name: &str,
        value: &toml::Value,
        sides: Sides,
        year: i32,
    ) -> Result<Value, Error> {
        let kind = table.column(name).map_or(ColumnType::Text, |c| c.kind);
        Ok(match (value, kind) {
            (toml::Value::Boolean(v), _) => Value::Bool(*v),
            (toml::Value::Integer(v), ColumnType::Float) => Value::Float(*v as f64),
            (toml::Value::Integer(v), _) => Value::Int(
                i32::try_from(*v)
                    .map_err(|_| Error::act(&act.say, format!("{name} cannot hold {v}")))?,
            ),
            (toml::Value::Float(v), _) => Value::Float(*v),
            (toml::Value::String(text), _) => self.value(act, table, name, text, sides, year)?,
            _ => return Err(Error::act(&act.say, format!("{name} cannot hold {value:?}"))),
        })
    }

    fn value(
        &self,
        act: &Act,
        table: &Table,
        name: &str,
        text: &str,
        sides: Sides,
        year: i32,
    ) -> Result<Value, Error> {
        let Some(slot) = text.strip_prefix('$') else { return Ok(Value::Text(text.to_owned())) };
        let (slot, part) = slot.split_once(':').unwrap_or((slot, ""));
        let kind = table.column(name).map_or(ColumnType::Text, |c| c.kind);
        let state = |ccode: i32| -> Result<Value, Error> {
            Ok(match part {
                "name" => Value::Text(self.record.states()?.name(ccode, year)),
                _ => Value::Int(ccode),
            })
        };
        Ok(match slot {
            "actor" => state(sides.actor)?,
            "party" => sides.party.map_or(Value::Null, Value::Int),
            "year" => Value::Int(year),
            "id" => Value::Text(format!("act-{}", self.act)),
            "say" => Value::Text(act.say.clone()),
            slot => match act.slots.get(slot) {
                // The counterpart changes sides in a mirrored row; a third state does not.
                Some(Held::State(ccode)) if act.other() == Some(*ccode) => {
                    state(sides.other.unwrap_or(*ccode))?
                }
                Some(Held::State(ccode)) => state(*ccode)?,
                Some(Held::Key(key)) => match kind {
                    ColumnType::Int => key.parse().map_or(Value::Null, Value::Int),
                    _ => Value::Text(key.clone()),
                },
                Some(Held::Number(number)) => match kind {
                    ColumnType::Int => Value::Int(whole(*number).ok_or_else(|| {
                        Error::act(&act.say, format!("{name} cannot hold {number}"))
                    })?),
                    _ => Value::Float(*number),
                },
                Some(Held::Text(text)) => Value::Text(text.clone()),
                Some(Held::Words(words)) if part.is_empty() => Value::Text(words.join(";")),
                Some(Held::Words(words)) => Value::Bool(words.iter().any(|w| w == part)),
                None => Value::Null,
            },
        })
    }

    /// One layer over the record, with all rows.
    fn finish(self, acts: &[Act]) -> Result<Laid, Error> {
        let title = match acts {
            [one] => format!("An act that is supposed: {}", one.say),
            many => format!("{} acts that are supposed", many.len()),
        };
        let mut layer = Layer::new(SOURCE, &title);
        let (mut tables, mut states) = (BTreeSet::new(), BTreeSet::new());
        for (name, sheet) in &self.sheets {
            if !sheet.is_changed() {
                continue;
            }
            let table = table(name).expect("a sheet is of a canonical table");
            tables.insert(table.name);
            layer.hides.extend(sheet.hidden().map(|(source, row)| Hide::row(name, source, row)));
            layer.amends.extend(sheet.amended().map(|(of, act, cells)| Amend {
                table: (*name).to_owned(),
                source: of.0.clone(),
                source_row: of.1.clone(),
                cells: cells.clone(),
                mark: format!("(ended by act {act})"),
            }));
            let mut made = TableRows::new(table, SOURCE);
            for (at, (act, cells)) in sheet.added().enumerate() {
                let cells: Vec<(&str, Value)> =
                    cells.iter().map(|(n, v)| (n.as_str(), v.clone())).collect();
                made.push(&cells, source_row(*act, &acts[act - 1].say, at, table, &cells));
            }
            if !made.is_empty() {
                // Nobody's silence is claimed: it only says how far what is open goes on.
                let claim = Coverage {
                    units: Units::States(BTreeSet::new()),
                    ..Coverage::all(name, self.horizon, self.horizon)
                };
                layer.bundle.source.coverage.push(claim);
                layer = layer.rows(table.name, made.finish());
            }
        }
        for row in &self.rows {
            let of = table(&row.table).map_or(&[][..], |t| t.states);
            states.extend(of.iter().filter_map(|c| row.cells.get(*c)?.parse::<i32>().ok()));
        }
        Ok(Laid {
            fingerprint: layer.fingerprint_over(self.record)?,
            record: self.record.with(layer)?,
            rows: self.rows,
            assumed: self.assumed,
            tables,
            states,
        })
    }
}

/// A number as a whole one, if it is in the range of a column.
pub(super) fn whole(number: f64) -> Option<i32> {
    let rounded = number.round();
    (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&rounded).then_some(rounded as i32)
}

/// Columns that a row like another does not take from it.
const KEPT_OF_LIKE: [&str; 10] = [
    "start",
    "end",
    "start_year",
    "end_year",
    "start_month",
    "end_month",
    "signed",
    "in_force",
    "last_listed",
    "left_by",
];

/// The key of a row of an act: which act, and what tells it from others of the act.
fn source_row(act: usize, say: &str, at: usize, table: &Table, cells: &[(&str, Value)]) -> String {
    let mut text = format!("act={act} {say}");
    for column in table.states {
        if let Some((_, Value::Int(ccode))) = cells.iter().find(|(n, _)| n == column) {
            text.push_str(&format!(" {column}={ccode}"));
        }
    }
    text.push_str(&format!(" row={}", at + 1));
    text
}

/// When a spell begins and ends, as far as it is said.
fn spell_cells(table: &Table, act: &Act, lasts: bool) -> Vec<Cell> {
    let from = act.span.from;
    // What is over in its year ends in it, where no end is said.
    let to = act.span.to.or((!lasts).then_some(from));
    let mut cells = vec![
        ("start".to_owned(), from.date().into()),
        ("start_year".to_owned(), from.year.into()),
        ("end".to_owned(), to.and_then(When::date).into()),
        ("end_year".to_owned(), to.map(|t| t.year).into()),
    ];
    let months = [("start_month", Some(from)), ("end_month", to)];
    for (name, when) in months {
        if table.column(name).is_some() {
            cells.push((name.to_owned(), when.and_then(|w| w.month).map(i32::from).into()));
        }
    }
    cells
}

fn year_cells(table: &Table, act: &Act, year: i32) -> Vec<Cell> {
    let mut cells = vec![("year".to_owned(), year.into())];
    let from = act.span.from;
    if from.year == year {
        if table.column("date").is_some() {
            cells.push(("date".to_owned(), from.date().into()));
        }
        if table.column("month").is_some() {
            cells.push(("month".to_owned(), from.month.map(i32::from).into()));
        }
    }
    cells
}

/// The last year of a spell that ends when an act begins.
fn end_year(from: When) -> i32 {
    day_before(from).map_or(from.year - 1, |d| i32::from(d.year()))
}

/// The day before an act; of one that names a year or a month only that before its first day.
fn day_before(from: When) -> Option<Date> {
    from.first()?.yesterday().ok()
}
