//! Taking files and rows in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::Store;
use super::change::{Change, Filed};
use super::compact::{self, counts_file, taken_file};
use super::manifest::{Entry, Held};
use super::segment;
use super::taken::{self, Taken};
use super::versions::{There, compare, month_of};
use crate::counts::tally::Tally;
use crate::error::Error;
use crate::event::{Event, Rows};
use crate::read::{self, CHUNK, Options, Reason, Report, Sink, source_name};

/// What an add did.
#[derive(Debug, Clone, Default)]
pub struct Added {
    /// What became of the lines, for each text.
    pub reports: Vec<Report>,
    /// What else is in the files, and why it was passed over.
    pub others: Vec<String>,
    /// Versions of events that are new in the store.
    pub new: u64,
    /// Those of them that are further versions of an event.
    pub versions: u64,
    /// Rows that were there already.
    pub there: u64,
    /// Texts that were taken in before, and change nothing.
    pub again: Vec<String>,
    /// What the disk could not confirm.
    pub warnings: Vec<String>,
}

/// Partitions that one file may bring events for: two centuries of months.
const MOST_MONTHS: usize = 2400;

/// Months of a partition, by source: where few events are spread over many years, a month has next to none.
fn months_of(source: &str) -> i32 {
    match source {
        "mie" => 240,
        "ucdp-ged" | "keds" => 12,
        _ => 1,
    }
}

impl Store {
    /// Takes a file in: every event of it that is new, or nothing.
    ///
    /// # Errors
    /// A file that cannot be read or is of no known format; another writer; a disk that is full. The store is then as it was.
    pub fn add(&self, path: &Path, options: &Options<'_>) -> Result<Added, Error> {
        self.add_all(&[path], options)
    }

    /// Takes files in as one change: all of them, or nothing.
    ///
    /// # Errors
    /// Those of [`Store::add`].
    pub fn add_all(&self, paths: &[&Path], options: &Options<'_>) -> Result<Added, Error> {
        let mut adding = Adding::begin(self)?;
        for path in paths {
            let (reports, others) = read::events(path, options, self.threads, &mut adding)?;
            adding.added.reports.extend(reports);
            adding.added.others.extend(others);
        }
        adding.finish()
    }

    /// Takes rows in that the caller has read (from a format that is not known here), as one change. `name` stands for the file in reports;
    /// rows of one name and content are taken in once.
    ///
    /// # Errors
    /// A row without an id or with a day after it was known; those of [`Store::add`].
    pub fn add_rows<'e>(
        &self,
        source: &str,
        name: &str,
        events: impl IntoIterator<Item = Event<'e>>,
    ) -> Result<Added, Error> {
        use sha2::{Digest, Sha256};
        let source = source_name(source)?;
        let mut adding = Adding::begin(self)?;
        adding.begin(source, source == "ucdp-ged")?;
        let mut report =
            Report { file: name.to_owned(), source: source.to_owned(), ..Report::default() };
        let (mut rows, mut hash) = (Rows::default(), Sha256::new());
        for event in events {
            report.lines += 1;
            let refused = |reason: &str| Error::Row {
                source_name: source.to_owned(),
                row: report.lines,
                reason: reason.to_owned(),
            };
            if event.id.is_empty() || event.id.len() > 200 {
                return Err(refused("it has no id, or one of more than 200 bytes"));
            }
            if i64::from(event.day) > event.known.div_euclid(86_400) + 1 {
                return Err(refused("its event is dated after it was known"));
            }
            report.read += 1;
            rows.push(&event, 0);
            hash.update(rows.content(rows.len() - 1).to_le_bytes());
            hash.update(event.known.to_le_bytes());
            hash.update(event.id.as_bytes());
            if rows.len() >= CHUNK {
                adding.rows(std::mem::take(&mut rows))?;
            }
        }
        adding.rows(rows)?;
        let hash: [u8; 32] = hash.finalize().into();
        report.sha256 = comity_record::hex(&hash);
        adding.end(&mut report, hash)?;
        adding.added.reports.push(report);
        adding.finish()
    }

    /// The files that were taken in of a source, oldest first within what was put together.
    ///
    /// # Errors
    /// No such source; files that are damaged.
    pub fn taken(&self, source: &str) -> Result<Vec<Taken>, Error> {
        let manifest = self.manifest()?;
        taken::read(self, &super::kept::source(&manifest, source)?.taken)
    }
}

/// What one text brings.
#[derive(Default)]
struct Text {
    source: String,
    events: Vec<Entry>,
    months: BTreeSet<i32>,
    tally: Tally,
    new: u64,
    versions: u64,
    there: u64,
    doubled: Vec<u64>,
    same_time: Vec<u64>,
}

/// A change that takes texts in.
struct Adding<'a> {
    store: &'a Store,
    change: Change<'a>,
    text: Text,
    tallies: BTreeMap<String, Tally>,
    taken: BTreeMap<String, Vec<Taken>>,
    added: Added,
}

impl<'a> Adding<'a> {
    fn begin(store: &'a Store) -> Result<Self, Error> {
        Ok(Self {
            store,
            change: Change::begin(store)?,
            text: Text::default(),
            tallies: BTreeMap::new(),
            taken: BTreeMap::new(),
            added: Added::default(),
        })
    }

    /// Writes counts and lists of files, puts small files together, and makes it the store.
    fn finish(mut self) -> Result<Added, Error> {
        if self.taken.is_empty() {
            return Ok(self.added);
        }
        for (name, mut tally) in std::mem::take(&mut self.tallies) {
            tally.add_totals();
            let months = partitions(&self.change, &name, tally.order(), |at| tally.keys[at].day);
            for (month, order) in months {
                let entry = counts_file(&mut self.change, &name, &tally, month, &order)?;
                self.held(&name).counts.extend(entry);
            }
        }
        for (name, taken) in std::mem::take(&mut self.taken) {
            let entry = taken_file(&mut self.change, &name, &taken)?;
            self.held(&name).taken.push(entry);
            compact::source(self.store, &mut self.change, &name)?;
            let held = self.held(&name);
            for entries in [&mut held.events, &mut held.counts, &mut held.taken] {
                entries.sort_by(|a, b| (a.month, a.ids, &a.file).cmp(&(b.month, b.ids, &b.file)));
            }
        }
        self.added.warnings = self.change.commit()?;
        Ok(self.added)
    }

    fn held(&mut self, name: &str) -> &mut Held {
        self.change.manifest.sources.entry(name.to_owned()).or_default()
    }
}

/// Places in their partitions, each in the order in which it came.
fn partitions(
    change: &Change<'_>,
    source: &str,
    order: Vec<u32>,
    day: impl Fn(usize) -> i32,
) -> BTreeMap<i32, Vec<u32>> {
    let held = change.manifest.sources.get(source).cloned().unwrap_or_default();
    let mut months: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
    let mut last = (i32::MIN, 0);
    for at in order {
        let day = day(at as usize);
        if last.0 != day {
            last = (day, held.partition(month_of(day)));
        }
        months.entry(last.1).or_default().push(at);
    }
    months
}

/// Writes rows, whose places are given by partition and in order.
pub(super) fn events_files(
    change: &mut Change<'_>,
    source: &str,
    rows: &Rows,
    months: &[(i32, Vec<u32>)],
) -> Result<Vec<Entry>, Error> {
    let made = comity_record::parallel::side_by_side(
        months,
        || (),
        |(), (_, order)| {
            let mut bytes = Vec::new();
            segment::write(rows, order, &mut bytes).map(|()| bytes)
        },
    );
    let mut entries = Vec::new();
    for ((month, order), bytes) in months.iter().zip(made) {
        let bytes = bytes.map_err(|what| Error::TooLarge { what })?;
        let at = || order.iter().map(|at| *at as usize);
        let filed = Filed {
            kind: "events",
            source,
            month: Some(*month),
            rows: order.len() as u64,
            ids: at().fold((u64::MAX, 0), |(a, b), n| (a.min(rows.id[n]), b.max(rows.id[n]))),
            known: at().fold((i64::MAX, i64::MIN), |(a, b), n| {
                (a.min(rows.known[n]), b.max(rows.known[n]))
            }),
            days: at()
                .fold((i32::MAX, i32::MIN), |(a, b), n| (a.min(rows.day[n]), b.max(rows.day[n]))),
        };
        entries.push(change.write(&filed, &bytes)?);
    }
    Ok(entries)
}

impl Sink for Adding<'_> {
    fn begin(&mut self, source: &str, by_location: bool) -> Result<(), Error> {
        self.text = Text { source: source.to_owned(), ..Text::default() };
        let new = Held { months: months_of(source), by_location, ..Held::default() };
        self.change.manifest.sources.entry(source.to_owned()).or_insert(new);
        Ok(())
    }

    fn rows(&mut self, rows: Rows) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let source = self.text.source.clone();
        let held = self.held(&source);
        let by_location = held.by_location;
        let mut entries = held.events.clone();
        entries.extend(self.text.events.iter().cloned());
        let there = There { store: self.store, entries: &entries, by_location };
        let compared = compare(&there, &rows, &rows.order(), &mut self.text.tally)?;
        self.text.new += compared.keep.len() as u64;
        self.text.versions += compared.versions;
        self.text.there += compared.there;
        let lines =
            |places: &[u32]| places.iter().map(|at| rows.line[*at as usize]).collect::<Vec<_>>();
        self.text.doubled.extend(lines(&compared.doubled));
        self.text.same_time.extend(lines(&compared.same_time));
        let months = partitions(&self.change, &source, compared.keep, |at| rows.day[at]);
        let months: Vec<(i32, Vec<u32>)> = months.into_iter().collect();
        self.text.months.extend(months.iter().map(|(month, _)| *month));
        if self.text.months.len() > MOST_MONTHS {
            let what = format!("a file whose events are of more than {MOST_MONTHS} months");
            return Err(Error::TooMany { what });
        }
        let entries = events_files(&mut self.change, &source, &rows, &months)?;
        self.text.events.extend(entries);
        Ok(())
    }

    fn end(&mut self, report: &mut Report, _hash: [u8; 32]) -> Result<(), Error> {
        let text = std::mem::take(&mut self.text);
        let source = text.source.clone();
        let before = taken::read(self.store, &self.held(&source).taken.clone())?;
        let again = before.iter().chain(self.taken.get(&source).into_iter().flatten());
        if again.into_iter().any(|t| t.sha256 == report.sha256) {
            text.events.iter().for_each(|entry| self.change.forget(entry));
            self.added.there += report.read;
            self.added.again.push(report.file.clone());
            return Ok(());
        }
        for (reason, lines) in
            [(Reason::Doubled, &text.doubled), (Reason::SameTime, &text.same_time)]
        {
            for line in lines {
                report.tell(reason, *line, String::new);
            }
        }
        report.read -= text.doubled.len() as u64;
        self.added.new += text.new;
        self.added.versions += text.versions;
        self.added.there += text.there;
        self.tallies.entry(source.clone()).or_default().add(&text.tally);
        let held = self.held(&source);
        held.events.extend(text.events);
        held.further += text.versions;
        self.taken.entry(source).or_default().push(Taken::of(report, text.new));
        Ok(())
    }
}
