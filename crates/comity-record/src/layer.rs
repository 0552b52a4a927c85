//! Layers: rows laid over a record in memory, added, changed or hidden, with a source of their own.
//!
//! What would follow from an act, what a record said on an earlier day, and what a test of a policy supposes are layers.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Float64Array, Int32Array, RecordBatch,
    StringArray, UInt32Array,
};
use arrow::compute::{filter_record_batch, take_record_batch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use arrow::row::{RowConverter, SortField};

use crate::columns::{int, ints, texts};
use crate::error::Error;
use crate::fingerprint::{Fingerprint, content};
use crate::over::Changed;
use crate::record::{Record, canonical, check_shape};
use crate::rows::{Value, days};
use crate::schema::Table;
use crate::source::{Relation, Source, SourceBundle};

/// Rows of one table that are hidden: those in which every named column holds the value named; null is a value like others.
#[derive(Debug, Clone, PartialEq)]
pub struct Hide {
    /// The canonical table.
    pub table: String,
    /// Columns and what they hold. Without any, every row of the table.
    pub cells: Vec<(String, Value)>,
}

impl Hide {
    /// The row that a source calls by this key.
    pub fn row(table: &str, source: &str, source_row: &str) -> Self {
        let cells = [("source", source), ("source_row", source_row)];
        Self {
            table: table.into(),
            cells: cells.map(|(column, text)| (column.to_owned(), text.into())).into(),
        }
    }
}

/// A row of another source that is changed in place: it stays a row of its source, so that each reading keeps its own facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Amend {
    /// The canonical table.
    pub table: String,
    /// The source.
    pub source: String,
    /// Its key of the row.
    pub source_row: String,
    /// Columns and what they hold now.
    pub cells: Vec<(String, Value)>,
    /// Added to the key of the row, so that whoever reads it sees that it was changed.
    pub mark: String,
}

/// Rows to lay over a record.
///
/// A row whose table has the same key (its `key` columns) takes the place of the rows that have it, in whatever source: that is a change.
#[derive(Debug, Clone)]
pub struct Layer {
    /// The source of the layer with the rows that it adds or changes. How it stands to others is set when it is laid.
    pub bundle: SourceBundle,
    /// Rows that it hides.
    pub hides: Vec<Hide>,
    /// Rows that it changes in place.
    pub amends: Vec<Amend>,
}

impl From<SourceBundle> for Layer {
    fn from(bundle: SourceBundle) -> Self {
        Self { bundle, hides: Vec::new(), amends: Vec::new() }
    }
}

impl Layer {
    /// A layer that does nothing yet.
    pub fn new(id: &str, title: &str) -> Self {
        let source =
            Source { id: id.into(), dataset: id.into(), title: title.into(), ..Source::default() };
        let bundle = SourceBundle { source, tables: Vec::new() };
        Self { bundle, hides: Vec::new(), amends: Vec::new() }
    }

    /// The same, with rows added or changed.
    #[must_use]
    pub fn rows(mut self, table: &'static str, rows: RecordBatch) -> Self {
        self.bundle.tables.push((table, rows));
        self
    }

    /// The same, with rows hidden.
    #[must_use]
    pub fn hide(mut self, hide: Hide) -> Self {
        self.hides.push(hide);
        self
    }

    /// The same, with rows changed in place.
    #[must_use]
    pub fn amend(mut self, amend: Amend) -> Self {
        self.amends.push(amend);
        self
    }

    /// A fingerprint of a record with the layer over it, from that of the record and what the layer says: no table is put together for it.
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn fingerprint_over(&self, record: &Record) -> Result<String, Error> {
        let mut print = Fingerprint::new();
        print.field("layer over a record");
        print.field(&record.fingerprint()?);
        print.source(&self.bundle.source);
        for (name, rows) in &self.bundle.tables {
            print.field(name);
            print.field(&content(rows)?);
        }
        let mut cells = |verb: &str, of: &[&str], cells: &[(String, Value)]| {
            let cells = cells.iter().flat_map(|(name, value)| [name.clone(), format!("{value:?}")]);
            let all: Vec<String> = std::iter::once(verb)
                .chain(of.iter().copied())
                .map(str::to_owned)
                .chain(cells)
                .collect();
            print.field(&all.len().to_string());
            all.iter().for_each(|part| print.field(part));
        };
        for hide in &self.hides {
            cells("hides", &[&hide.table], &hide.cells);
        }
        for a in &self.amends {
            cells("changes", &[&a.table, &a.source, &a.source_row, &a.mark], &a.cells);
        }
        Ok(print.finish())
    }

    /// What it does to a record.
    pub(crate) fn over(mut self, record: &Record) -> Result<Laid, Error> {
        let mut families: BTreeSet<&'static str> = BTreeSet::new();
        for (name, rows) in &self.bundle.tables {
            if rows.num_rows() > 0 {
                families.insert(canonical(name)?.family);
            }
        }
        // A claim without a row says that there is none: it stands in its family as rows do.
        for claim in &self.bundle.source.coverage {
            families.insert(canonical(&claim.table)?.family);
        }
        let related = |families: &BTreeSet<&'static str>| {
            families.iter().map(|f| ((*f).to_owned(), Relation::Layer)).collect()
        };
        self.bundle.tables.retain(|(_, rows)| rows.num_rows() > 0);
        self.bundle.source.relations = related(&families);
        check_shape(&self.bundle)?;
        own_rows(&self.bundle)?;
        let mut hides: BTreeMap<&'static str, Hides<'_>> = BTreeMap::new();
        for hide in &self.hides {
            hides.entry(canonical(&hide.table)?.name).or_default().push(hide);
        }
        let mut amends: BTreeMap<&'static str, Amends<'_>> = BTreeMap::new();
        for amend in &self.amends {
            let table = canonical(&amend.table)?;
            amends.entry(table.name).or_default().push(table, amend)?;
        }
        let added = self.bundle.tables.iter().map(|(t, _)| *t);
        let names: BTreeSet<&'static str> =
            hides.keys().chain(amends.keys()).copied().chain(added).collect();
        let mut changes = BTreeMap::new();
        let (mut left, mut hidden) = (Vec::new(), BTreeMap::<&str, usize>::new());
        let mut amended = BTreeMap::<&str, usize>::new();
        for name in names {
            let table = canonical(name)?;
            let replaced = Keys::of(table, self.bundle.table(name))?;
            let adds = replaced.converter.is_none();
            if adds && !hides.contains_key(name) && !amends.contains_key(name) {
                continue;
            }
            for source in record.sources() {
                let Some(rows) = record.rows(&source.id, table)? else { continue };
                let mut keep = replaced.others(&rows)?;
                if let Some(hides) = hides.get(name) {
                    hides.out_of(table, &source.id, &rows, &mut keep)?;
                }
                let gone = keep.iter().filter(|k| !**k).count();
                let changed = match amends.get(name) {
                    Some(amends) => amends.over(&source.id, &rows)?,
                    None => None,
                };
                if gone == 0 && changed.is_none() {
                    continue;
                }
                families.insert(table.family);
                let keys = texts(&rows, "source_row");
                let hits = changed.as_ref().map(|c| &c.hits);
                let is_hit = |row: &usize| !keep[*row] || hits.is_some_and(|h| h.contains(row));
                let went: HashSet<String> =
                    (0..rows.num_rows()).filter(is_hit).map(|r| keys.value(r).to_owned()).collect();
                let comes = |row: usize| keep[row] && went.contains(keys.value(row));
                let comes: BooleanArray = (0..rows.num_rows()).map(|r| Some(comes(r))).collect();
                let rows = match changed {
                    Some(changed) => {
                        *amended.entry(name).or_default() += changed.hits.len();
                        changed.rows
                    }
                    None => rows,
                };
                let come = filter_record_batch(&rows, &comes)?;
                let change = Arc::new(Changed { gone: went, come });
                changes.insert((source.id.clone(), table.name), change);
                let rows = if gone > 0 {
                    *hidden.entry(name).or_default() += gone;
                    filter_record_batch(&rows, &BooleanArray::from(keep))?
                } else {
                    rows
                };
                left.push(((source.id.clone(), table.name), rows));
            }
        }
        let SourceBundle { mut source, tables: mut added } = self.bundle;
        source.relations = related(&families);
        let hidden =
            hidden.into_iter().map(|(name, rows)| (name, "Takes the place of, or hides,", rows));
        let amended = amended.into_iter().map(|(name, rows)| (name, "Changes", rows));
        for (name, what, rows) in hidden.chain(amended) {
            // Whoever lists the sources of a table finds the layer among them, also where it only hides.
            let table = canonical(name)?;
            if !added.iter().any(|(added, _)| *added == table.name) {
                added.push((table.name, RecordBatch::new_empty(table.schema())));
            }
            source.notes.push(format!("{what} {rows} rows of {name}"));
        }
        Ok(Laid { source, added, left, changed: changes })
    }
}

impl Record {
    /// The record with a layer over it: rows added, changed or hidden in memory, in every reading. Cheap to make and to drop; a layer
    /// that does nothing gives the record as it was.
    ///
    /// # Errors
    /// Rows in another shape than the canonical one, an id that a source of the record has, a column or table that does not exist.
    pub fn with(&self, layer: impl Into<Layer>) -> Result<Self, Error> {
        let laid = layer.into().over(self)?;
        if laid.is_nothing() {
            return Ok(self.clone());
        }
        self.overlaid(laid)
    }
}

/// A layer applied to a record.
pub(crate) struct Laid {
    /// Its source.
    pub source: Source,
    /// Rows that it adds.
    pub added: Vec<(&'static str, RecordBatch)>,
    /// What is left of the tables of other sources from which it hides rows.
    pub left: Vec<((String, &'static str), RecordBatch)>,
    /// What of those went and came.
    pub changed: BTreeMap<(String, &'static str), Arc<Changed>>,
}

impl Laid {
    /// Whether nothing changes.
    pub fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.left.is_empty() && self.source.coverage.is_empty()
    }
}

/// Whether every row names the layer as its source: its evidence is cited by that name.
fn own_rows(bundle: &SourceBundle) -> Result<(), Error> {
    for (name, rows) in &bundle.tables {
        let sources = texts(rows, "source");
        let own = |row: &usize| sources.is_valid(*row) && sources.value(*row) == bundle.source.id;
        if let Some(row) = (0..rows.num_rows()).find(|row| !own(row)) {
            let named = if sources.is_valid(row) { sources.value(row) } else { "nothing" };
            return Err(Error::Shape {
                source_id: bundle.source.id.clone(),
                table: (*name).to_owned(),
                reason: format!("row {} names {named} as its source", row + 1),
            });
        }
    }
    Ok(())
}

/// The keys of rows that take the place of others.
struct Keys<'a> {
    table: &'a Table,
    converter: Option<RowConverter>,
    keys: HashSet<Vec<u8>>,
    /// What the whole numbers of the keys are, by column: most rows have others, and are told apart by that.
    numbers: Vec<(&'a str, HashSet<Option<i32>>)>,
}

impl<'a> Keys<'a> {
    fn of(table: &'a Table, rows: Option<&RecordBatch>) -> Result<Self, Error> {
        // A key that is only the row's place in its source says nothing about other sources.
        let by_place = table.key.is_empty() || table.key.contains(&"source_row");
        let Some(rows) = rows.filter(|_| !by_place) else {
            let (keys, numbers) = (HashSet::new(), Vec::new());
            return Ok(Self { table, converter: None, keys, numbers });
        };
        let columns = key_columns(table, rows);
        let fields = columns.iter().map(|c| SortField::new(c.data_type().clone())).collect();
        let converter = RowConverter::new(fields)?;
        let converted = converter.convert_columns(&columns)?;
        let keys = converted.iter().map(|key| key.data().to_vec()).collect();
        let numbers = table.key.iter().filter_map(|name| {
            let cells = rows.column_by_name(name)?.as_primitive_opt::<Int32Type>()?;
            Some((*name, cells.iter().collect()))
        });
        Ok(Self { table, converter: Some(converter), keys, numbers: numbers.collect() })
    }

    /// Which rows have none of the keys.
    fn others(&self, rows: &RecordBatch) -> Result<Vec<bool>, Error> {
        let mut others = vec![true; rows.num_rows()];
        let Some(converter) = &self.converter else { return Ok(others) };
        let mut alike: Vec<u32> = (0..rows.num_rows() as u32).collect();
        for (name, numbers) in &self.numbers {
            let cells = ints(rows, name);
            alike.retain(|row| numbers.contains(&int(cells, *row as usize)));
        }
        if alike.is_empty() {
            return Ok(others);
        }
        let at = UInt32Array::from(alike);
        let some = take_record_batch(rows, &at)?;
        let converted = converter.convert_columns(&key_columns(self.table, &some))?;
        for (key, row) in converted.iter().zip(at.values()) {
            others[*row as usize] = !self.keys.contains(key.data());
        }
        Ok(others)
    }
}

fn key_columns(table: &Table, rows: &RecordBatch) -> Vec<ArrayRef> {
    table.key.iter().filter_map(|k| rows.column_by_name(k)).cloned().collect()
}

/// The rows of one table that are hidden: those named by their key are looked up, the others compared.
#[derive(Default)]
struct Hides<'a> {
    rows: BTreeMap<&'a str, HashSet<&'a str>>,
    others: Vec<&'a Hide>,
}

impl<'a> Hides<'a> {
    fn push(&mut self, hide: &'a Hide) {
        match &hide.cells[..] {
            [(a, Value::Text(source)), (b, Value::Text(row))]
                if a == "source" && b == "source_row" =>
            {
                self.rows.entry(source).or_default().insert(row);
            }
            _ => self.others.push(hide),
        }
    }

    /// Takes hidden rows out of those to be kept.
    fn out_of(
        &self,
        table: &Table,
        source: &str,
        rows: &RecordBatch,
        keep: &mut [bool],
    ) -> Result<(), Error> {
        if let Some(named) = self.rows.get(source) {
            let keys = texts(rows, "source_row");
            for (row, keep) in keep.iter_mut().enumerate() {
                *keep &= keys.is_null(row) || !named.contains(keys.value(row));
            }
        }
        for hide in &self.others {
            for (row, hit) in matching(table, rows, hide)?.into_iter().enumerate() {
                keep[row] &= !hit;
            }
        }
        Ok(())
    }
}

/// The rows of one table that are changed in place, by source and key of the row.
#[derive(Default)]
struct Amends<'a> {
    rows: BTreeMap<&'a str, HashMap<&'a str, &'a Amend>>,
}

impl<'a> Amends<'a> {
    fn push(&mut self, table: &Table, amend: &'a Amend) -> Result<(), Error> {
        for (name, value) in &amend.cells {
            let kind = table.column(name).map(|c| c.kind);
            if kind.is_none_or(|kind| !value.is_of(kind)) {
                return Err(Error::NoColumn { table: table.name.into(), column: name.clone() });
            }
        }
        self.rows.entry(&amend.source).or_default().insert(&amend.source_row, amend);
        Ok(())
    }

    /// The rows of a source with the changes, and where they are; none where nothing changes.
    fn over(&self, source: &str, rows: &RecordBatch) -> Result<Option<Amended>, Error> {
        let Some(named) = self.rows.get(source) else { return Ok(None) };
        let keys = texts(rows, "source_row");
        let hit = |row: usize| keys.is_valid(row).then(|| named.get(keys.value(row))).flatten();
        let hits: Vec<Option<&&Amend>> = (0..rows.num_rows()).map(hit).collect();
        let places: HashSet<usize> = (0..hits.len()).filter(|row| hits[*row].is_some()).collect();
        if places.is_empty() {
            return Ok(None);
        }
        let schema = rows.schema();
        let columns =
            schema.fields().iter().zip(rows.columns()).map(|(field, column)| -> ArrayRef {
                if field.name() == "source_row" {
                    let marked = hits.iter().enumerate().map(|(row, hit)| {
                        let key = keys.is_valid(row).then(|| keys.value(row))?;
                        Some(hit.map_or_else(
                            || key.to_owned(),
                            |amend| format!("{key} {}", amend.mark),
                        ))
                    });
                    return Arc::new(marked.collect::<StringArray>());
                }
                let changes = hits.iter().enumerate().filter_map(|(row, hit)| {
                    let (_, value) = (*hit)?.cells.iter().find(|(n, _)| n == field.name())?;
                    Some((row, value))
                });
                replaced(column, &changes.collect())
            });
        let rows = RecordBatch::try_new(Arc::clone(&schema), columns.collect())?;
        Ok(Some(Amended { rows, hits: places }))
    }
}

/// Rows with changes, and which of them are changed.
struct Amended {
    rows: RecordBatch,
    hits: HashSet<usize>,
}

/// A column with other values in some rows.
fn replaced(column: &ArrayRef, changes: &BTreeMap<usize, &Value>) -> ArrayRef {
    macro_rules! with {
        ($values:expr, $kind:ident, $array:ty, $of:expr) => {
            Arc::new(
                $values
                    .iter()
                    .enumerate()
                    .map(|(row, old)| match changes.get(&row) {
                        Some(Value::$kind(new)) => Some($of(new)),
                        Some(_) => None,
                        None => old.map(Into::into),
                    })
                    .collect::<$array>(),
            )
        };
    }
    if changes.is_empty() {
        return Arc::clone(column);
    }
    match column.data_type() {
        DataType::Int32 => {
            with!(column.as_primitive::<Int32Type>(), Int, Int32Array, |v: &i32| *v)
        }
        DataType::Float64 => {
            with!(column.as_primitive::<Float64Type>(), Float, Float64Array, |v: &f64| *v)
        }
        DataType::Date32 => {
            with!(
                column.as_primitive::<Date32Type>(),
                Date,
                Date32Array,
                |v: &jiff::civil::Date| days(*v)
            )
        }
        DataType::Boolean => with!(column.as_boolean(), Bool, BooleanArray, |v: &bool| *v),
        _ => with!(column.as_string::<i32>(), Text, StringArray, |v: &String| v.clone()),
    }
}

/// Which rows a hide is about.
fn matching(table: &Table, rows: &RecordBatch, hide: &Hide) -> Result<Vec<bool>, Error> {
    let mut hits = vec![true; rows.num_rows()];
    for (name, wanted) in &hide.cells {
        let no_column = || Error::NoColumn { table: table.name.into(), column: name.clone() };
        let column = rows.column_by_name(name).ok_or_else(no_column)?;
        let holds: Box<dyn Fn(usize) -> bool> = match (column.data_type(), wanted) {
            (_, Value::Null) => Box::new(|row| column.is_null(row)),
            (DataType::Int32, Value::Int(v)) => {
                let column = column.as_primitive::<Int32Type>();
                Box::new(move |row| column.value(row) == *v)
            }
            (DataType::Float64, Value::Float(v)) => {
                let column = column.as_primitive::<Float64Type>();
                Box::new(move |row| column.value(row).total_cmp(v).is_eq())
            }
            (DataType::Date32, Value::Date(v)) => {
                let (column, day) = (column.as_primitive::<Date32Type>(), days(*v));
                Box::new(move |row| column.value(row) == day)
            }
            (DataType::Boolean, Value::Bool(v)) => {
                let column = column.as_boolean();
                Box::new(move |row| column.value(row) == *v)
            }
            (DataType::Utf8, Value::Text(v)) => {
                let column = column.as_string::<i32>();
                Box::new(move |row| column.value(row) == v)
            }
            _ => return Err(no_column()),
        };
        for (row, hit) in hits.iter_mut().enumerate() {
            *hit &= (matches!(wanted, Value::Null) || column.is_valid(row)) && holds(row);
        }
    }
    Ok(hits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::Coverage;
    use crate::reading::Preferences;
    use crate::rows::TableRows;
    use crate::schema::table;

    fn vetoes(source: &str, rows: &[(&str, i32, i32)]) -> RecordBatch {
        let mut made = TableRows::new(table("vetoes").unwrap(), source);
        for (draft, ccode, year) in rows {
            let cells =
                [("draft", (*draft).into()), ("ccode", (*ccode).into()), ("year", (*year).into())];
            made.push(&cells, *draft);
        }
        made.finish()
    }

    fn record() -> Record {
        let source = Source {
            id: "list-1".into(),
            dataset: "list".into(),
            version: "1".into(),
            relations: [("vetoes".to_owned(), Relation::Complement)].into(),
            coverage: vec![Coverage::all("vetoes", 1946, 2020)],
            ..Source::default()
        };
        let rows = vetoes("list-1", &[("A", 2, 1970), ("B", 365, 1971), ("C", 200, 1972)]);
        let bundle = SourceBundle { source, tables: vec![("vetoes", rows)] };
        Record::from_bundles(vec![bundle], Preferences::default()).unwrap()
    }

    fn drafts(record: &Record) -> Vec<(String, i32)> {
        let rows = record.table("vetoes", &record.baseline()).unwrap();
        let (draft, year) =
            (crate::columns::texts(&rows, "draft"), crate::columns::ints(&rows, "year"));
        (0..rows.num_rows()).map(|r| (draft.value(r).to_owned(), year.value(r))).collect()
    }

    fn shown(drafts: &[(&str, i32)]) -> Vec<(String, i32)> {
        drafts.iter().map(|(d, y)| ((*d).to_owned(), *y)).collect()
    }

    #[test]
    fn a_layer_that_does_nothing_gives_the_record_as_it_was() {
        let record = record();
        let nothing = Layer::new("what-if", "Nothing")
            .rows("vetoes", vetoes("what-if", &[]))
            .hide(Hide::row("vetoes", "list-1", "no such row"));
        let same = record.with(nothing).unwrap();
        assert_eq!(same.fingerprint().unwrap(), record.fingerprint().unwrap());
        assert_eq!(same.sources(), record.sources());
        assert_eq!(drafts(&same), drafts(&record));
    }

    #[test]
    fn rows_are_added_changed_and_hidden_and_the_record_below_stays() {
        let record = record();
        let before = record.fingerprint().unwrap();
        let rows = vetoes("what-if", &[("B", 365, 1991), ("D", 710, 1999)]);
        let layer = Layer::new("what-if", "A supposition")
            .rows("vetoes", rows)
            .hide(Hide { table: "vetoes".into(), cells: vec![("ccode".into(), 2.into())] });
        let laid = record.with(layer).unwrap();
        assert_eq!(drafts(&laid), shown(&[("B", 1991), ("C", 1972), ("D", 1999)]));
        assert_eq!(laid.baseline().sources("vetoes"), ["list-1", "what-if"]);
        assert_eq!(laid.source("what-if").unwrap().relations["vetoes"], Relation::Layer);
        assert_eq!(laid.every("vetoes").unwrap().num_rows(), 3);
        assert_ne!(laid.fingerprint().unwrap(), before);
        assert_eq!(record.fingerprint().unwrap(), before);
        assert_eq!(drafts(&record), shown(&[("A", 1970), ("B", 1971), ("C", 1972)]));
    }

    #[test]
    fn a_row_is_changed_in_place_and_says_so() {
        let record = record();
        let amend = |cells: Vec<(String, Value)>| Amend {
            table: "vetoes".into(),
            source: "list-1".into(),
            source_row: "B".into(),
            cells,
            mark: "(changed)".into(),
        };
        let cells = vec![("year".to_owned(), 1980.into()), ("subject".to_owned(), "X".into())];
        let laid = record.with(Layer::new("x", "X").amend(amend(cells))).unwrap();
        assert_eq!(drafts(&laid), shown(&[("A", 1970), ("B", 1980), ("C", 1972)]));
        let rows = laid.table("vetoes", &laid.baseline()).unwrap();
        let key = |row: usize| texts(&rows, "source_row").value(row).to_owned();
        assert_eq!([key(0), key(1)], ["A", "B (changed)"]);
        assert_eq!(texts(&rows, "source").value(1), "list-1");
        assert_eq!(texts(&rows, "subject").value(1), "X");
        assert_ne!(laid.fingerprint().unwrap(), record.fingerprint().unwrap());
        let null = vec![("year".to_owned(), Value::Null)];
        let laid = record.with(Layer::new("x", "X").amend(amend(null))).unwrap();
        let rows = laid.table("vetoes", &laid.baseline()).unwrap();
        assert!((0..3).any(|row| crate::columns::ints(&rows, "year").is_null(row)));
        let wrong = vec![("year".to_owned(), "1980".into())];
        let error = record.with(Layer::new("x", "X").amend(amend(wrong))).unwrap_err();
        assert!(error.to_string().contains("no column `year`"), "{error}");
    }

    #[test]
    fn adding_and_hiding_different_rows_commute() {
        let record = record();
        let add = || Layer::new("add", "Added").rows("vetoes", vetoes("add", &[("D", 710, 1999)]));
        let hide = || Layer::new("hide", "Hidden").hide(Hide::row("vetoes", "list-1", "A"));
        let one = record.with(add()).unwrap().with(hide()).unwrap();
        let other = record.with(hide()).unwrap().with(add()).unwrap();
        assert_eq!(one.fingerprint().unwrap(), other.fingerprint().unwrap());
        assert_eq!(drafts(&one), drafts(&other));
        assert_eq!(one.sources(), other.sources());
    }

    #[test]
    fn a_layer_that_only_hides_is_among_the_sources_of_the_table() {
        let hidden = record().with(Layer::new("x", "X").hide(Hide::row("vetoes", "list-1", "A")));
        assert_eq!(hidden.unwrap().tables_of("x"), ["vetoes"]);
    }

    #[test]
    fn a_claim_without_rows_covers() {
        let mut layer = Layer::new("x", "Nobody cast a veto");
        layer.bundle.source.coverage = vec![Coverage::all("vetoes", 2021, 2022)];
        let laid = record().with(layer).unwrap();
        let covered = laid.coverage("vetoes", &laid.baseline());
        assert_eq!(
            [2020, 2021, 2022, 2023].map(|y| covered.covers(2, y)),
            [true, true, true, false]
        );
        assert_eq!(laid.last_year(), 2022);
        assert_ne!(laid.fingerprint().unwrap(), record().fingerprint().unwrap());
    }

    #[test]
    fn a_layer_takes_nothing_from_tables_without_states() {
        let war = |source: &str, id: &str| {
            let mut made = TableRows::new(table("wars").unwrap(), source);
            made.push(&[("war_id", id.into())], id);
            made.finish()
        };
        let source = Source {
            id: "starter-1".into(),
            relations: [("wars".to_owned(), Relation::Starter)].into(),
            ..Source::default()
        };
        let mut party = TableRows::new(table("war_parties").unwrap(), "starter-1");
        party.push(&[("war_id", "9".into()), ("ccode", 2.into())], "9");
        let tables = vec![("wars", war("starter-1", "1")), ("war_parties", party.finish())];
        let bundles = vec![SourceBundle { source, tables }];
        let record = Record::from_bundles(bundles, Preferences::default()).unwrap();
        let laid = record.with(Layer::new("x", "X").rows("wars", war("x", "2"))).unwrap();
        let wars = |record: &Record| record.table("wars", &record.baseline()).unwrap().num_rows();
        assert_eq!((wars(&record), wars(&laid)), (1, 2));
    }

    #[test]
    fn a_layer_cannot_be_chosen_in_place_of_a_source() {
        let rows = vetoes("what-if", &[("D", 710, 1999)]);
        let laid = record().with(Layer::new("what-if", "X").rows("vetoes", rows)).unwrap();
        let error = laid.reading_with(&[("vetoes", "what-if")]).unwrap_err().to_string();
        assert!(error.contains("there are list-1"), "{error}");
    }

    #[test]
    fn mistakes_are_named() {
        let record = record();
        let hide = |table: &str, column: &str, value: Value| {
            let cells = vec![(column.to_owned(), value)];
            let layer = Layer::new("x", "X").hide(Hide { table: table.into(), cells });
            record.with(layer).unwrap_err().to_string()
        };
        assert_eq!(hide("vetos", "ccode", 2.into()), "there is no canonical table `vetos`");
        assert!(hide("vetoes", "code", 2.into()).contains("no column `code`"));
        assert!(hide("vetoes", "ccode", "2".into()).contains("no column `ccode`"));
        let taken = Layer::new("list-1", "X").rows("vetoes", vetoes("list-1", &[("Z", 2, 1990)]));
        assert!(record.with(taken).unwrap_err().to_string().contains("`list-1` is given twice"));
        let other = Layer::new("x", "X").rows("vetoes", vetoes("list-1", &[("Z", 2, 1990)]));
        let error = record.with(other).unwrap_err().to_string();
        assert!(error.contains("row 1 names list-1 as its source"), "{error}");
    }
}
