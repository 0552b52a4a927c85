//! Some columns of a table without the others: most queries need few columns of a table of many rows.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;

use crate::compose::gaps;
use crate::coverage::Coverage;
use crate::error::Error;
use crate::reading::Reading;
use crate::record::{Held, Record, canonical};
use crate::scan::Scan;
use crate::schema::{TABLES, Table, table};
use crate::source::{Relation, Source};

/// What tells a table from every other; see [`Record::identity`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Identity(Vec<(String, Vec<usize>, u64)>);

impl Record {
    /// The sources that make a table what it is under a reading: those that hold rows of it or claim something about it. Two readings
    /// that agree in them have the same rows there.
    pub fn answering(&self, name: &str, reading: &Reading) -> Vec<String> {
        let Some(table) = table(name) else { return Vec::new() };
        let bears = |id: &&String| {
            // What a table without states keeps of the starter depends on the other tables of its family.
            table.states.is_empty()
                || self.held(id, table.name).is_some()
                || self.source(id).is_some_and(|s| s.coverage.iter().any(|c| c.table == table.name))
        };
        reading.sources(table.family).iter().filter(bears).cloned().collect()
    }

    /// What tells a table under a reading from every other for as long as the record lives: the sources that make it, where their rows are,
    /// and what they claim about it. Of records that share rows (one under a layer, and the one below) it is the same where the rows are.
    pub fn identity(&self, name: &str, reading: &Reading) -> Identity {
        let Some(canonical) = table(name) else { return Identity::default() };
        let apart = !canonical.states.is_empty();
        let of = |id: String| {
            // What a table without states keeps of the starter depends on the other tables of its family.
            let tables = TABLES.iter().filter(|t| t.family == canonical.family && !apart);
            let tables = tables.map(|t| t.name).chain(apart.then_some(canonical.name));
            let (mut places, mut claims) = (Vec::new(), DefaultHasher::new());
            for name in tables {
                places.push(self.held(&id, name).map_or(0, |held| Arc::as_ptr(held) as usize));
                let about = self.source(&id).into_iter().flat_map(|s| &s.coverage);
                about.filter(|c| c.table == name).for_each(|c| c.hash(&mut claims));
            }
            (id, places, claims.finish())
        };
        Identity(self.answering(name, reading).into_iter().map(of).collect())
    }

    /// The same over the rows and claims of every source, whatever the reading.
    pub fn identity_of_all(&self, name: &str) -> Identity {
        let of = |source: &Source| {
            let held = table(name).and_then(|t| self.held(&source.id, t.name));
            let mut claims = DefaultHasher::new();
            let about = source.coverage.iter().filter(|c| c.table == name);
            about.clone().for_each(|c| c.hash(&mut claims));
            let bears = held.is_some() || about.count() > 0;
            let places = vec![held.map_or(0, |held| Arc::as_ptr(held) as usize)];
            bears.then(|| (source.id.clone(), places, claims.finish()))
        };
        Identity(self.sources().iter().filter_map(of).collect())
    }

    /// Whether [`Record::columns`] may give columns of the table under a reading; found out without reading any row.
    pub fn has_columns(&self, name: &str, reading: &Reading) -> bool {
        table(name).is_some_and(|table| self.alone(table, reading).is_some())
    }

    /// Some columns of a table under a reading, by their places in the canonical schema (ascending), in the order of its rows, without
    /// reading the others. None: it is put together from several sources, or has few rows, and is read as a whole.
    pub fn columns(
        &self,
        name: &str,
        reading: &Reading,
        columns: &[usize],
    ) -> Result<Option<RecordBatch>, Error> {
        let table = canonical(name)?;
        let Some(held) = self.alone(table, reading) else { return Ok(None) };
        if !self.starter_is_silent(table, reading)? {
            return Ok(None);
        }
        if let Some(read) = held.read.get() {
            return Ok(Some(read.project(columns)?));
        }
        let scan = Scan { columns: Some(columns.to_vec()), filters: Vec::new() };
        let batches: Vec<RecordBatch> = held.rows.scan(&scan)?.collect::<Result<_, _>>()?;
        let schema = Arc::new(table.schema().project(columns)?);
        Ok(Some(concat_batches(&schema, &batches)?))
    }

    /// The one published source whose rows answer, where they are many and lie in the order of the table; the starter may stand beside it.
    fn alone(&self, table: &'static Table, reading: &Reading) -> Option<&Arc<Held>> {
        if table.structural {
            return None;
        }
        let mut only = None;
        for id in reading.sources(table.family) {
            let Some(held) = self.held(id, table.name) else { continue };
            if self.relation(id, table) == Some(Relation::Starter) {
                continue;
            }
            if only.is_some() || !held.rows.is_ordered() {
                return None;
            }
            only = Some(held);
        }
        only
    }

    fn relation(&self, id: &str, table: &Table) -> Option<Relation> {
        self.source(id)?.relations.get(table.family).copied()
    }

    /// Whether no row of the starter is left where the published sources of a reading claim to be complete, and none takes the place of
    /// theirs.
    fn starter_is_silent(&self, table: &'static Table, reading: &Reading) -> Result<bool, Error> {
        let ids = reading.sources(table.family);
        let (starters, published): (Vec<&String>, Vec<&String>) =
            ids.iter().partition(|id| self.relation(id, table) == Some(Relation::Starter));
        let beside = |id: &&String| {
            matches!(self.relation(id, table), Some(Relation::Layer | Relation::Beside))
        };
        let of = |id: &String| {
            let claims = self.source(id).into_iter().flat_map(|s| &s.coverage);
            claims.filter(|c| c.table == table.name)
        };
        let claims: Vec<&Coverage> =
            published.into_iter().filter(|id| !beside(id)).flat_map(of).collect();
        let own: Vec<&Coverage> = starters.iter().copied().flat_map(of).collect();
        if own.iter().any(|c| !c.prevails.is_empty()) {
            return Ok(false);
        }
        for id in starters {
            if let Some(rows) = self.rows(id, table)?
                && gaps(table, &rows, &claims, &own)?.num_rows() > 0
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::TableData;
    use crate::reading::Preferences;
    use crate::record::SourceRows;
    use crate::rows::TableRows;

    /// Rows that count as many, and tell when they are read as a whole.
    #[derive(Debug)]
    struct Many(RecordBatch);

    impl TableData for Many {
        fn len(&self) -> Result<usize, Error> {
            Ok(self.0.num_rows())
        }

        fn read(&self) -> Result<RecordBatch, Error> {
            Ok(self.0.clone())
        }

        fn is_ordered(&self) -> bool {
            true
        }

        fn content(&self) -> Result<String, Error> {
            crate::fingerprint::content(&self.0)
        }
    }

    fn source(id: &str, relation: Relation, years: Option<(i32, i32)>) -> Source {
        Source {
            id: format!("{id}-1"),
            dataset: id.into(),
            version: "1".into(),
            title: String::new(),
            publisher: String::new(),
            citation: String::new(),
            licence: String::new(),
            url: String::new(),
            relations: [("trade".to_owned(), relation)].into(),
            files: Vec::new(),
            added: String::new(),
            coverage: years.map(|(a, b)| Coverage::all("trade", a, b)).into_iter().collect(),
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        }
    }

    fn rows(id: &str, years: &[i32]) -> Arc<dyn TableData> {
        let mut rows = TableRows::new(table("trade").unwrap(), format!("{id}-1"));
        for year in years {
            let cells = [("ccode", 2.into()), ("partner", 20.into()), ("year", (*year).into())];
            rows.push(&cells, year.to_string());
        }
        Arc::new(Many(rows.finish()))
    }

    fn record(parts: Vec<(Source, Arc<dyn TableData>)>) -> Record {
        let rows = |(source, rows)| -> SourceRows { (source, vec![("trade", rows)]) };
        let parts = parts.into_iter().map(rows).collect();
        Record::new(parts, Preferences::default(), None, &Arc::default())
    }

    fn published() -> (Source, Arc<dyn TableData>) {
        (source("cow", Relation::Complement, Some((1950, 1952))), rows("cow", &[1950, 1951, 1952]))
    }

    /// The columns, where they can be had; they must be those of the whole table.
    fn columns(record: &Record) -> Option<usize> {
        let baseline = record.baseline();
        let wanted = [0, 2];
        let some = record.columns("trade", &baseline, &wanted).unwrap();
        let whole = record.table("trade", &baseline).unwrap().project(&wanted).unwrap();
        if let Some(some) = &some {
            assert_eq!(*some, whole);
            assert_eq!(record.columns("trade", &baseline, &wanted).unwrap().as_ref(), Some(&whole));
        }
        some.map(|b| b.num_rows())
    }

    #[test]
    fn columns_are_read_apart_only_where_one_source_answers_alone() {
        assert_eq!(columns(&record(vec![published()])), Some(3));
        let starter = |years: &[i32]| (source("own", Relation::Starter, None), rows("own", years));
        assert_eq!(columns(&record(vec![published(), starter(&[1950, 1951])])), Some(3));
        assert_eq!(columns(&record(vec![published(), starter(&[1950, 1953])])), None);
        let more = (source("more", Relation::Complement, None), rows("more", &[1960]));
        assert_eq!(columns(&record(vec![published(), more])), None);
        let layer = (source("if", Relation::Layer, None), rows("if", &[1960]));
        assert_eq!(columns(&record(vec![published(), layer])), None);
    }

    #[test]
    fn sources_that_neither_hold_nor_claim_anything_do_not_bear_on_a_table() {
        let silent = (source("other", Relation::Complement, None), rows("other", &[]));
        let mut record = record(vec![published(), silent]);
        assert_eq!(record.answering("trade", &record.baseline()), ["cow-1", "other-1"]);
        let inner = Arc::get_mut(&mut record.inner).unwrap();
        inner.held.remove(&("other-1".to_owned(), "trade"));
        assert_eq!(record.answering("trade", &record.baseline()), ["cow-1"]);
        assert_eq!(record.answering("trade_totals", &record.baseline()), Vec::<String>::new());
    }
}
