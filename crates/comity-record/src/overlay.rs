//! Records under a layer: what the layer does not touch is that of the record below, and what it touches is made from that and the few
//! rows that go or come.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arrow::array::{Array, RecordBatch};

use crate::columns::texts;
use crate::compose::{Part, Standing, compose};
use crate::data::InMemory;
use crate::error::Error;
use crate::layer::{Laid, Layer};
use crate::order::merged;
use crate::over::Over;
use crate::reading::Reading;
use crate::record::{Composed, Held, HeldTables, Inner, Record};
use crate::schema::{Table, Time, table};
use crate::source::{Relation, Source};

impl Record {
    /// The record with the rows of one more source, and with what is left of the tables that it hides rows of.
    pub(crate) fn overlaid(&self, laid: Laid) -> Result<Self, Error> {
        if self.source(&laid.source.id).is_some() {
            return Err(Error::TwiceGiven(laid.source.id));
        }
        let over = Over { source: laid.source.id.clone(), ..Over::default() };
        Ok(self.under(laid, self.inner.held.clone(), over))
    }

    /// This record under the layer that `like` has over the record below it. The record below and this one differ in `tables` alone; there
    /// the layer is `own`, and elsewhere it is that of `like`, of which nothing is made again.
    ///
    /// # Errors
    /// Rows that cannot be read, or are in another shape than the canonical one.
    pub fn with_as(
        &self,
        like: &Self,
        tables: &BTreeSet<&'static str>,
        own: Layer,
    ) -> Result<Self, Error> {
        let theirs = like.inner.below.as_ref().map(|(_, over)| over);
        let Some((theirs, source)) = theirs.and_then(|o| Some((o, like.source(&o.source)?))) else {
            return self.with(own);
        };
        let mut laid = own.over(self)?;
        let mut over = Over { source: source.id.clone(), ..Over::default() };
        over.tables.extend(theirs.tables.iter().filter(|name| !tables.contains(**name)));
        let apart = theirs.changed.iter().filter(|(key, _)| !tables.contains(key.1));
        over.changed.extend(apart.map(|(key, changed)| (key.clone(), Arc::clone(changed))));
        let mut held = self.inner.held.clone();
        for (key, rows) in like.inner.held.iter().filter(|(key, _)| over.tables.contains(key.1)) {
            held.insert(key.clone(), Arc::clone(rows));
        }
        let mut source = source.clone();
        let families = over.tables.iter().filter_map(|name| Some(table(name)?.family.to_owned()));
        source.relations = families.map(|family| (family, Relation::Layer)).collect();
        source.relations.append(&mut laid.source.relations);
        source.coverage.retain(|c| !tables.contains(c.table.as_str()));
        laid.source.coverage.retain(|c| !source.coverage.contains(c));
        source.coverage.append(&mut laid.source.coverage);
        let about = |note: &String| tables.iter().any(|t| note.ends_with(&format!(" of {t}")));
        source.notes.retain(|note| !about(note));
        source.notes.append(&mut laid.source.notes);
        laid.source = source;
        let made = self.under(laid, held, over);
        if made.last_year() == like.last_year()
            && !tables.contains("states")
            && !tables.contains("state_codes")
            && let Some(known) = like.inner.states.get()
        {
            let _ = made.inner.states.set(Arc::clone(known));
        }
        let touched = Over { tables: tables.clone(), ..Over::default() };
        let known = like.inner.composed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut composed = made.inner.composed.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |name: &str| table(name).is_some_and(|t| touched.leaves(t));
        let mut all: Composed = known.into_iter().filter(|((name, _), _)| same(name)).collect();
        all.extend(std::mem::take(&mut *composed));
        *composed = all;
        drop(composed);
        Ok(made)
    }

    /// The record under a layer, with what the sources hold then, and what the layer does beside.
    fn under(&self, laid: Laid, mut held: HeldTables, mut over: Over) -> Self {
        let Laid { source, added, left, changed } = laid;
        over.changed.extend(changed);
        for (key, rows) in left {
            over.tables.insert(key.1);
            held.insert(key, Held::new(Arc::new(InMemory(rows))));
        }
        for (name, rows) in added {
            over.tables.insert(name);
            held.insert((source.id.clone(), name), Held::new(Arc::new(InMemory(rows))));
        }
        over.tables.extend(source.coverage.iter().filter_map(|c| Some(table(&c.table)?.name)));
        let leaves = |name: &str| table(name).is_some_and(|t| over.leaves(t));
        let known = self.inner.composed.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let composed: Composed = known.into_iter().filter(|((name, _), _)| leaves(name)).collect();
        let same_states = leaves("states") && leaves("state_codes");
        let mut sources: Vec<Source> = self.inner.sources.clone();
        sources.push(source);
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        let made = Self {
            inner: Arc::new(Inner {
                sources,
                preferences: self.inner.preferences.clone(),
                folder: self.inner.folder.clone(),
                catalogue: Arc::clone(&self.inner.catalogue),
                held,
                composed: Mutex::new(composed),
                every: Mutex::default(),
                claimed: Mutex::default(),
                states: OnceLock::new(),
                fingerprint: OnceLock::new(),
                below: Some((self.clone(), over)),
            }),
        };
        // What is open goes on to the last year.
        if same_states
            && made.last_year() == self.last_year()
            && let Some(known) = self.inner.states.get()
        {
            let _ = made.inner.states.set(Arc::clone(known));
        }
        made
    }

    /// A table from that of the record below, where each row of the one is made from one row of the other.
    pub(crate) fn over_below(
        &self,
        table: &'static Table,
        reading: &Reading,
    ) -> Result<Option<RecordBatch>, Error> {
        let Some((below, over)) = &self.inner.below else { return Ok(None) };
        if table.states.is_empty() {
            return Ok(None);
        }
        let mut under = reading.clone();
        for sources in under.choices.values_mut() {
            sources.retain(|id| *id != over.source);
        }
        if over.leaves(table) {
            return below.table(table.name, &under).map(Some);
        }
        let (mut parts, mut covering, mut own) = (Vec::new(), Vec::new(), Vec::new());
        let (mut published, mut starter) = (0, false);
        let mut gone: Vec<(&str, &HashSet<String>)> = Vec::new();
        for id in reading.sources(table.family) {
            let Some(source) = self.source(id) else { continue };
            let standing = Standing::of(source, table);
            let claims = source.coverage.iter().filter(|c| c.table == table.name);
            match standing {
                Standing::Published => covering.extend(claims),
                Standing::Starter => own.extend(claims),
                Standing::Layer => {}
            }
            if self.held(id, table.name).is_some() {
                published += usize::from(standing == Standing::Published);
                starter |= standing == Standing::Starter;
            }
            if *id == over.source {
                parts.extend(self.rows(id, table)?.map(|rows| Part { rows, standing }));
            } else if let Some(changed) = over.changed.get(&(id.clone(), table.name)) {
                gone.push((id, &changed.gone));
                parts.push(Part { rows: changed.come.clone(), standing });
            }
        }
        // Where a row of one source stands for those of others, one that goes may bring others back.
        let stands_for_others = published > 1 || (starter && table.time == Time::Year);
        if !gone.is_empty() && (table.structural || stands_for_others) {
            return Ok(None);
        }
        let before = below.table(table.name, &under)?;
        let come = compose(table, &parts, &covering, &own)?;
        let (sources, keys) = (texts(&before, "source"), texts(&before, "source_row"));
        let goes = |row: &usize| {
            let of = |(id, _): &&(&str, &HashSet<String>)| sources.value(*row) == *id;
            sources.is_valid(*row)
                && gone.iter().find(of).is_some_and(|(_, gone)| gone.contains(keys.value(*row)))
        };
        let rows = 0..if gone.is_empty() { 0 } else { before.num_rows() };
        let goes: Vec<usize> = rows.filter(goes).collect();
        merged(&before, &goes, &come).map(Some)
    }
}
