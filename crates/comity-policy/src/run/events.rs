//! The events behind findings: days, the other state's name, the magnitude in words, and pages about them. They are looked up in the
//! rows that the findings name, and only where they are shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use comity_record::catalogue::Place;
use comity_record::columns::{day, days, int, ints, text, texts};
use comity_record::schema::{ColumnType, Table, Time, table};
use comity_record::{Error as RecordError, Record};

use super::evaluate::Evaluation;
use super::plan::blocks;
use crate::audit::{Event, Finding, Report};
use crate::document::Commitment;
use crate::error::Error;

/// Columns that a page of the publisher may be found by.
const IDS: [&str; 3] = ["conflict_id", "draft", "record"];

/// What a row says of its event.
#[derive(Debug, Default)]
struct Row {
    years: (i32, i32),
    since: Option<String>,
    until: Option<String>,
    ids: Vec<(&'static str, String)>,
}

/// Rows by source and key.
type Rows = HashMap<(String, String), Vec<Row>>;

impl Evaluation {
    /// Adds to the findings of a report what is known of their events.
    pub fn with_events(&self, report: &mut Report) -> Result<(), Error> {
        let audits = || report.audits.iter().flat_map(|a| &a.commitments);
        let rows = self.behind(audits().flat_map(|c| &c.findings))?;
        let resolutions = self.resolutions(audits().flat_map(|c| &c.findings))?;
        for audit in report.audits.iter_mut().flat_map(|a| &mut a.commitments) {
            let Some(c) = self.policy.commitments.iter().find(|c| c.id == audit.id) else {
                continue;
            };
            for finding in &mut audit.findings {
                finding.event = self.event(c, finding, &rows, &resolutions);
            }
        }
        Ok(())
    }

    /// The same for the findings of one commitment.
    pub(crate) fn events_of(&self, c: &Commitment, found: &mut [Finding]) -> Result<(), Error> {
        let rows = self.behind(found.iter())?;
        let resolutions = self.resolutions(found.iter())?;
        for finding in found {
            finding.event = self.event(c, finding, &rows, &resolutions);
        }
        Ok(())
    }

    /// The rows that findings name.
    fn behind<'a>(&self, found: impl Iterator<Item = &'a Finding>) -> Result<Rows, RecordError> {
        let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for f in found {
            wanted.entry(&f.source).or_default().insert(&f.source_row);
        }
        let read = self.tables_read();
        let mut rows = Rows::new();
        for (source, keys) in wanted {
            for name in self.record.tables_of(source) {
                let large = self.readings.iter().any(|r| self.record.is_large(name, r));
                let Some(table) = table(name).filter(|_| read.contains(name) && !large) else {
                    continue;
                };
                add(&mut rows, &self.record, (source, table), &keys)?;
            }
        }
        Ok(rows)
    }

    /// The tables that the blocks of this evaluation read.
    fn tables_read(&self) -> BTreeSet<&'static str> {
        let outcomes = self.outcomes.iter().flatten().flat_map(|o| &o.readings);
        let needs = outcomes.flat_map(|r| &r.blocks).flat_map(|b| &b.needs);
        needs.flat_map(super::plan::Need::tables).collect()
    }

    /// The years of the resolutions that findings name, by their number.
    fn resolutions<'a>(
        &self,
        mut found: impl Iterator<Item = &'a Finding>,
    ) -> Result<BTreeMap<String, String>, RecordError> {
        let named = |f: &Finding| f.also.as_ref().is_some_and(|also| also.contains("S/RES/"));
        if !found.any(named) {
            return Ok(BTreeMap::new());
        }
        let batch = self.record.table("authorizations", &self.record.baseline())?;
        let (names, adopted) = (texts(&batch, "resolution"), days(&batch, "adopted"));
        let dated = |row| Some((text(names, row).to_owned(), day(adopted, row)?));
        Ok((0..batch.num_rows()).filter_map(dated).collect())
    }

    fn event(
        &self,
        c: &Commitment,
        f: &Finding,
        rows: &Rows,
        resolutions: &BTreeMap<String, String>,
    ) -> Option<Box<Event>> {
        let of_year = |row: &&Row| (row.years.0..=row.years.1).contains(&f.year);
        let behind = rows.get(&(f.source.clone(), f.source_row.clone()));
        let behind: Vec<&Row> = behind.into_iter().flatten().filter(of_year).collect();
        let first_known = behind.iter().all(|r| r.since.is_some());
        let last_known = behind.iter().all(|r| r.until.is_some());
        let block = blocks(&c.versions).find(|e| e.name == f.block);
        let scale = block.and_then(|e| e.magnitude.as_ref());
        let system = self.record.states().ok()?;
        let event = Event {
            other_name: f.other.map(|o| system.name(o, f.year)),
            since: behind.iter().filter_map(|r| r.since.clone()).min().filter(|_| first_known),
            until: behind.iter().filter_map(|r| r.until.clone()).max().filter(|_| last_known),
            size: scale.zip(f.magnitude.filter(|m| m.is_finite())).map(|(s, m)| s.words(m)),
            pages: self.pages(f, &behind, resolutions),
        };
        (event != Event::default()).then(|| Box::new(event))
    }

    /// The page of the event, and those of resolutions that bear on it.
    fn pages(
        &self,
        f: &Finding,
        behind: &[&Row],
        resolutions: &BTreeMap<String, String>,
    ) -> Vec<String> {
        let catalogue = self.record.catalogue();
        let dataset = self.record.source(&f.source).map_or("", |s| s.dataset.as_str());
        let dataset = if dataset.is_empty() { f.source.as_str() } else { dataset };
        let column = |name: &str| {
            let ids = behind.iter().flat_map(|row| &row.ids);
            ids.into_iter().find(|(n, _)| *n == name).map(|(_, id)| id.clone())
        };
        let of =
            |key: &str, dataset: &str| catalogue.page(&Place { dataset, key, column: &column });
        let also = f.also.as_deref().unwrap_or_default();
        let named = also.split([' ', ',']).filter_map(|word| resolutions.get_key_value(word));
        let named =
            named.filter_map(|(symbol, day)| of(&format!("{symbol}({})", day.get(..4)?), ""));
        let mut pages: Vec<String> = of(&f.source_row, dataset).into_iter().chain(named).collect();
        pages.dedup();
        pages
    }
}

/// Adds the rows of a source's table that have one of the keys, or that one followed by the other party.
fn add(
    rows: &mut Rows,
    record: &Record,
    (source, table): (&str, &'static Table),
    keys: &BTreeSet<&str>,
) -> Result<(), RecordError> {
    let of_kind = |name: &str, kind| table.column(name).is_some_and(|c| c.kind == kind);
    let ids: Vec<&'static str> =
        IDS.into_iter().filter(|id| of_kind(id, ColumnType::Text)).collect();
    let spell = table.time == Time::Spell;
    let dated = of_kind("date", ColumnType::Date) && table.time == Time::Year;
    if !(spell || dated || !ids.is_empty()) || table.time == Time::None {
        return Ok(());
    }
    let Some(batch) = record.rows(source, table)? else { return Ok(()) };
    let row_keys = texts(&batch, "source_row");
    for at in 0..batch.num_rows() {
        let key = text(row_keys, at);
        let shorter = key.rsplit_once(' ').map(|(first, _)| first);
        let Some(key) = [Some(key), shorter].into_iter().flatten().find(|k| keys.contains(k))
        else {
            continue;
        };
        let column = |name: &str| day(days(&batch, name), at);
        let year = |name: &str| int(ints(&batch, name), at);
        let mut row = Row::default();
        if spell {
            (row.since, row.until) = (column("start"), column("end"));
            row.years =
                (year("start_year").unwrap_or(i32::MIN), year("end_year").unwrap_or(i32::MAX));
        } else {
            let year = year("year").unwrap_or_default();
            row.years = (year, year);
            if dated {
                row.since = column("date");
                row.until.clone_from(&row.since);
            }
        }
        row.ids = ids
            .iter()
            .map(|id| (*id, text(texts(&batch, id), at).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        rows.entry((source.to_owned(), key.to_owned())).or_default().push(row);
    }
    Ok(())
}
