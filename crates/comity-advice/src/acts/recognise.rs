//! Earlier acts in a record: its rows read as the acts that would write them.

use std::collections::{BTreeMap, HashMap};

use arrow::array::RecordBatch;
use comity_record::Record;
use comity_record::columns::{text, texts};
use comity_record::rows::Value;
use comity_record::schema::{Table, Time};

use super::definition::{Definition, Each, Kind, Op, Slot, Write};
use super::read::{Act, Held};
use super::when::{Span, When};
use crate::Error;

/// An act that a record has.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// The act; laid over a record without its rows it writes them again, with the same cells.
    pub act: Act,
    /// Its rows: table, source, key.
    pub rows: Vec<(&'static str, String, String)>,
}

/// The acts of one kind that a record has under the baseline, by date, and how many candidates are no single act of this kind (rows of more
/// than two states, or without their counterpart).
///
/// # Errors
/// A damaged file of the record.
pub fn recognise(
    record: &Record,
    definition: &Definition,
) -> Result<(Vec<Recognised>, usize), Error> {
    let adds = definition.write.iter().all(|w| w.op == Op::Add && w.like.is_none());
    let Some(first) = anchor(definition).filter(|_| adds || alone_like(definition)) else {
        return Ok((Vec::new(), 0));
    };
    let sheets = Sheets::of(record, definition)?;
    let (mut found, mut others) = (Vec::new(), 0);
    let rows = &sheets.rows[&definition.write[first].table];
    for row in 0..rows.num_rows() {
        match sheets.act_at(record, definition, first, row)? {
            Read::Act(act) => found.push(*act),
            Read::Other => {}
            Read::Several => others += 1,
        }
    }
    found.sort_by(|a, b| {
        (a.act.span.from, a.act.actor, &a.rows).cmp(&(b.act.span.from, b.act.actor, &b.rows))
    });
    Ok((found, others))
}

/// The row that says who acts: the first that names the actor.
fn anchor(definition: &Definition) -> Option<usize> {
    let names = |w: &Write| w.all().any(|(_, v)| v.as_str() == Some("$actor"));
    definition.write.iter().position(names)
}

/// Whether the only row is like others of the same thing, as the membership of an organisation is.
fn alone_like(definition: &Definition) -> bool {
    matches!(&definition.write[..], [one] if one.op == Op::Add && one.like.is_some() && one.each == Each::Once)
}

enum Read {
    Act(Box<Recognised>),
    /// Not this act.
    Other,
    /// Part of something that is no single act.
    Several,
}

/// The tables of an act, with an index by the columns that tell its rows together.
struct Sheets {
    rows: BTreeMap<String, RecordBatch>,
    index: HashMap<(usize, Vec<String>), Vec<usize>>,
    shared: Vec<Vec<String>>,
    /// How many rows of a table have an id in a source.
    ids: HashMap<(String, String, String), usize>,
}

type Bound = BTreeMap<String, Value>;

impl Sheets {
    fn of(record: &Record, definition: &Definition) -> Result<Self, Error> {
        let mut rows = BTreeMap::new();
        for write in &definition.write {
            if !rows.contains_key(&write.table) {
                rows.insert(write.table.clone(), record.table(&write.table, &record.baseline())?);
            }
        }
        let mut shared = Vec::new();
        let mut index: HashMap<(usize, Vec<String>), Vec<usize>> = HashMap::new();
        for (at, write) in definition.write.iter().enumerate() {
            let columns = bound_columns(write);
            let batch = &rows[&write.table];
            for row in 0..batch.num_rows() {
                let key = columns.iter().map(|c| cell(batch, c, row).text()).collect();
                index.entry((at, key)).or_default().push(row);
            }
            shared.push(columns);
        }
        let mut ids: HashMap<(String, String, String), usize> = HashMap::new();
        for (table, batch) in &rows {
            let Some((_, column)) = id_of(definition, table) else { continue };
            let (texts_of, sources) = (texts(batch, column), texts(batch, "source"));
            for row in 0..batch.num_rows() {
                let key =
                    (table.clone(), text(texts_of, row).to_owned(), text(sources, row).to_owned());
                *ids.entry(key).or_default() += 1;
            }
        }
        Ok(Self { rows, index, shared, ids })
    }

    fn act_at(
        &self,
        record: &Record,
        definition: &Definition,
        first: usize,
        row: usize,
    ) -> Result<Read, Error> {
        let write = &definition.write[first];
        let batch = &self.rows[&write.table];
        let Some(bound) = bind(write, batch, row) else { return Ok(Read::Other) };
        let (Some(Value::Int(actor)), source) =
            (bound.get("actor").cloned(), text(texts(batch, "source"), row))
        else {
            return Ok(Read::Other);
        };
        // A pair is one act of the side with the lower code.
        if write.mirrored && matches!(bound.get("other"), Some(Value::Int(other)) if *other < actor)
        {
            return Ok(Read::Other);
        }
        let mut rows = vec![(first, row, false)];
        let mut all = bound.clone();
        for (at, other) in definition.write.iter().enumerate().filter(|(at, _)| *at != first) {
            match self.only(definition, at, &all, source) {
                Some(row) => {
                    let Some(more) = bind(other, &self.rows[&other.table], row) else {
                        return Ok(Read::Several);
                    };
                    all.extend(more);
                    rows.push((at, row, false));
                }
                None => return Ok(Read::Several),
            }
        }
        if !self.is_whole(definition, &all, &rows, source) {
            return Ok(Read::Several);
        }
        if write.mirrored {
            let mirrored = self.mirror(definition, first, row);
            let Some(row) = mirrored else { return Ok(Read::Several) };
            rows.push((first, row, true));
        }
        self.read(record, definition, actor, &all, &rows)
    }

    /// The only row of a write that goes with what is bound.
    fn only(
        &self,
        definition: &Definition,
        at: usize,
        bound: &Bound,
        source: &str,
    ) -> Option<usize> {
        let write = &definition.write[at];
        let batch = &self.rows[&write.table];
        let sources = texts(batch, "source");
        let columns: Vec<(&String, &str)> = slots_of(write).collect();
        // Looked up by the columns that are bound; a slot that is not yet bound is found in the row.
        let known: Vec<(&String, &Value)> =
            columns.iter().filter_map(|(c, slot)| Some((*c, bound.get(*slot)?))).collect();
        let candidates: Box<dyn Iterator<Item = usize>> = if known.len() == columns.len() {
            let key = self.shared[at].iter().map(|c| {
                known.iter().find(|(n, _)| *n == c).map(|(_, v)| v.text()).unwrap_or_default()
            });
            let rows = self.index.get(&(at, key.collect())).cloned().unwrap_or_default();
            Box::new(rows.into_iter())
        } else {
            Box::new(0..batch.num_rows())
        };
        let is = |row: &usize| {
            text(sources, *row) == source
                && known.iter().all(|(c, v)| cell(batch, c, *row) == **v)
                && constant(write, batch, *row)
        };
        let mut hits = candidates.filter(is);
        let one = hits.next()?;
        hits.next().is_none().then_some(one)
    }

    /// Whether the tables hold no further rows of the same thing: a dispute of three states is no act between two.
    fn is_whole(
        &self,
        definition: &Definition,
        bound: &Bound,
        rows: &[(usize, usize, bool)],
        source: &str,
    ) -> bool {
        let Some(Value::Text(id)) = bound.get("id") else { return true };
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, _, _) in rows {
            *seen.entry(definition.write[*at].table.as_str()).or_default() += 1;
        }
        seen.iter().all(|(table, count)| {
            let Some((write, _)) = id_of(definition, table) else { return true };
            let key = ((*table).to_owned(), id.clone(), source.to_owned());
            let all = self.ids.get(&key).copied().unwrap_or_default();
            all == if write.mirrored { 2 } else { *count }
        })
    }

    /// The same row of the other side.
    fn mirror(&self, definition: &Definition, at: usize, row: usize) -> Option<usize> {
        let write = &definition.write[at];
        let batch = &self.rows[&write.table];
        let swap = |name: &str| match write
            .all()
            .find(|(n, _)| *n == name)
            .and_then(|(_, v)| v.as_str())
        {
            Some("$actor") => {
                write.all().find(|(_, v)| v.as_str() == Some("$other")).map(|(n, _)| n.clone())
            }
            Some("$other") => {
                write.all().find(|(_, v)| v.as_str() == Some("$actor")).map(|(n, _)| n.clone())
            }
            _ => Some(name.to_owned()),
        };
        let same = ["start", "end", "start_year", "end_year", "year", "source"];
        let columns: Vec<String> = write
            .all()
            .map(|(n, _)| n.clone())
            .chain(
                same.iter().filter(|c| batch.column_by_name(c).is_some()).map(|c| (*c).to_owned()),
            )
            .collect();
        let key: Vec<(String, Value)> =
            columns.iter().filter_map(|c| Some((swap(c)?, cell(batch, c, row)))).collect();
        let looked: Vec<String> = self.shared[at]
            .iter()
            .map(|c| key.iter().find(|(n, _)| n == c).map(|(_, v)| v.text()).unwrap_or_default())
            .collect();
        let rows = self.index.get(&(at, looked))?;
        rows.iter()
            .copied()
            .find(|other| key.iter().all(|(name, value)| cell(batch, name, *other) == *value))
    }

    fn read(
        &self,
        record: &Record,
        definition: &Definition,
        actor: i32,
        bound: &Bound,
        rows: &[(usize, usize, bool)],
    ) -> Result<Read, Error> {
        let mut slots = BTreeMap::new();
        for (name, slot) in &definition.slots {
            let held = match (slot, bound.get(name)) {
                (Slot::Words(list), None) => {
                    let said: Vec<String> = list
                        .iter()
                        .filter(|w| bound.get(&format!("{name}:{w}")) == Some(&Value::Bool(true)))
                        .cloned()
                        .collect();
                    if said.is_empty() {
                        return Ok(Read::Other);
                    }
                    Held::Words(said)
                }
                (Slot::Words(_), Some(Value::Text(word))) => Held::Words(vec![word.clone()]),
                (Slot::Of(Kind::State), Some(Value::Int(ccode))) => Held::State(*ccode),
                (Slot::Of(Kind::Count | Kind::Share), Some(Value::Float(v))) => Held::Number(*v),
                (Slot::Of(Kind::Count | Kind::Share), Some(Value::Int(v))) => {
                    Held::Number(f64::from(*v))
                }
                (Slot::Of(Kind::Text), Some(Value::Null) | None) => Held::Text(String::new()),
                (Slot::Of(Kind::Text), Some(v)) => Held::Text(v.text()),
                (_, Some(Value::Text(key))) => Held::Key(key.clone()),
                _ => return Ok(Read::Other),
            };
            slots.insert(name.clone(), held);
        }
        let (first_at, first_row, _) = rows[0];
        let first = &definition.write[first_at];
        let Some(span) = span(first.canonical(), &self.rows[&first.table], first_row) else {
            return Ok(Read::Other);
        };
        let mut details = BTreeMap::new();
        let mut named = Vec::new();
        for (at, row, mirrored) in rows {
            let write = &definition.write[*at];
            let batch = &self.rows[&write.table];
            let side = if *mirrored {
                format!("{}:mirrored", write.name())
            } else {
                write.name().to_owned()
            };
            for column in write.canonical().columns {
                details.insert(
                    (side.clone(), column.name.to_owned()),
                    cell(batch, column.name, *row).text(),
                );
            }
            let of = |name: &str| text(texts(batch, name), *row).to_owned();
            named.push((write.canonical().name, of("source"), of("source_row")));
        }
        let system = record.states()?;
        let other = slots.values().find_map(|h| match h {
            Held::State(ccode) => Some(*ccode),
            _ => None,
        });
        let toward = other.map(|o| format!(" toward {}", system.handle(o))).unwrap_or_default();
        let say = format!("{}: {}{toward}, {}", definition.id, system.handle(actor), span.from);
        let kind = definition.id.clone();
        let act = Act { kind, actor, say, slots, span, details, assumed: Vec::new() };
        Ok(Read::Act(Box::new(Recognised { act, rows: named })))
    }
}

/// The column of a table that holds the id of an act, with what is written there.
fn id_of<'a>(definition: &'a Definition, table: &str) -> Option<(&'a Write, &'a String)> {
    let of = |w: &'a Write| Some((w, slots_of(w).find(|(_, slot)| *slot == "id")?.0));
    definition.write.iter().filter(|w| w.table == table).find_map(of)
}

/// Columns and the slots that fill them; words of a list are `kinds:defense`.
fn slots_of(write: &Write) -> impl Iterator<Item = (&String, &str)> {
    write.all().filter_map(|(name, value)| {
        let slot = value.as_str()?.strip_prefix('$')?;
        let derived = slot.ends_with(":name") || slot == "say" || slot == "year";
        (!derived).then_some((name, slot))
    })
}

/// The columns by which rows of one act are found together.
fn bound_columns(write: &Write) -> Vec<String> {
    slots_of(write).map(|(name, _)| name.clone()).collect()
}

/// What the slots of a row hold, if it is such a row.
fn bind(write: &Write, batch: &RecordBatch, row: usize) -> Option<Bound> {
    if !constant(write, batch, row) {
        return None;
    }
    Some(slots_of(write).map(|(name, slot)| (slot.to_owned(), cell(batch, name, row))).collect())
}

/// Whether a row holds the values that make it this act.
fn constant(write: &Write, batch: &RecordBatch, row: usize) -> bool {
    write.is.iter().all(|(name, wanted)| match (wanted, cell(batch, name, row)) {
        (toml::Value::Boolean(false), Value::Null) => true,
        (toml::Value::Boolean(w), Value::Bool(v)) => *w == v,
        (toml::Value::Integer(w), Value::Int(v)) => *w == i64::from(v),
        (toml::Value::Integer(w), Value::Float(v)) => (*w as f64 - v).abs() < f64::EPSILON,
        (toml::Value::String(w), Value::Text(v)) => w.starts_with('$') || *w == v,
        (toml::Value::String(w), _) => w.starts_with('$'),
        _ => false,
    })
}

fn cell(batch: &RecordBatch, name: &str, row: usize) -> Value {
    batch.column_by_name(name).map_or(Value::Null, |c| Value::of(c.as_ref(), row))
}

/// When a row begins and ends.
fn span(table: &Table, batch: &RecordBatch, row: usize) -> Option<Span> {
    let of = |name: &str| cell(batch, name, row);
    let when = |date: &str, year: &str, month: &str| match (of(date), of(year)) {
        (Value::Date(date), _) => Some(When::of(date)),
        (_, Value::Int(year)) => {
            let month = match of(month) {
                Value::Int(m) if (1..=12).contains(&m) => i8::try_from(m).ok(),
                _ => None,
            };
            Some(When { year, month, day: None })
        }
        _ => None,
    };
    if table.time == Time::Spell {
        let from = when("start", "start_year", "start_month")?;
        return Some(Span { from, to: when("end", "end_year", "end_month") });
    }
    let from = when("date", "year", "month")?;
    Some(Span { from, to: (table.time == Time::Year).then(|| When::year(from.year)) })
}
