//! What turns now: the `.watch` commitments of a policy over event data. An alarm is a reason to look, and no verdict.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int32Type};
use comity_events::alarm::{Alarm, Dyad, Watcher, World};
use comity_events::detect::{Grade, Observed, Settings, State as Says, date, day};
use comity_policy::audit::{PolicyHead, StateHead};
use comity_policy::document::{Commitment, Kind, Watch};
use comity_record::columns::{text, texts};
use comity_sql::{Limits, Own, Session, session_beside};
use jiff::civil::Date;
use serde::Serialize;

use crate::{Error, Policy, Record, events};

/// What is asked of a watch.
#[derive(Debug, Clone, Default)]
pub struct WatchAsked {
    /// Alarms raised on or after this day; none: those that are on at the end.
    pub from: Option<Date>,
    /// As if nothing were known after this day.
    pub to: Option<Date>,
    /// Commitments, by id; none: every `.watch`.
    pub commitments: Vec<String>,
    /// A store of events, in place of the events of the record.
    pub store: Option<PathBuf>,
}

/// A state, watched.
#[derive(Debug, Clone, Serialize)]
pub struct Watching {
    /// 1.
    pub schema_version: u32,
    /// The policy.
    pub policy: PolicyHead,
    /// The state.
    pub state: StateHead,
    /// The sources that were read: what they can see.
    pub sources: Vec<SeenBy>,
    /// Each block of each watch.
    pub watches: Vec<Watched>,
    /// What is lacking, and the way to it; empty where nothing is.
    pub lacks: Vec<String>,
}

/// What one source sees of a state.
#[derive(Debug, Clone, Serialize)]
pub struct SeenBy {
    /// Its id.
    pub source: String,
    /// Its first day.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// Events between whomever.
    pub reports: i64,
    /// Events between the state and another.
    pub about_the_state: i64,
    /// Other states that it reports on together with it.
    pub partners: usize,
}

/// One block of a watch.
#[derive(Debug, Clone, Serialize)]
pub struct Watched {
    /// Id of the commitment.
    pub commitment: String,
    /// Its title.
    pub title: String,
    /// The evidence block.
    pub block: String,
    /// How it watches.
    pub settings: Settings,
    /// Commitments that an alarm touches.
    pub touches: Vec<String>,
    /// The alarms, the gravest and newest first.
    pub alarms: Vec<Raised>,
    /// Other states of which enough is reported, and nothing out of the usual.
    pub quiet: usize,
    /// Other states of which too little is reported to say anything.
    pub cannot_see: usize,
}

/// One alarm, with what a person needs to check it.
#[derive(Debug, Clone, Serialize)]
pub struct Raised {
    /// The alarm.
    #[serde(flatten)]
    pub alarm: Alarm,
    /// The other state.
    pub other: StateHead,
    /// The source.
    pub source: String,
    /// Whether it is still on at the end.
    pub on: bool,
    /// In a sentence or two.
    pub told: String,
    /// Reports behind it: the last ones of its days.
    pub reports: Vec<Reported>,
}

/// One report behind an alarm.
#[derive(Debug, Clone, Serialize)]
pub struct Reported {
    /// The day.
    pub date: String,
    /// Who acted, as published.
    pub actor: String,
    /// On whom, as published.
    pub target: String,
    /// The code of the event.
    pub code: String,
    /// Its key in the source.
    pub source_row: String,
}

impl Watching {
    /// The gravest grade of an alarm that is on.
    pub fn gravest(&self) -> Option<Grade> {
        let on = self.watches.iter().flat_map(|w| &w.alarms).filter(|a| a.on);
        on.map(|a| a.alarm.grade).max()
    }
}

impl Record {
    /// Runs the `.watch` commitments of a policy for a state: what is turning now, or what turned since a day.
    ///
    /// ```
    /// use comity::{Policy, Record, WatchAsked};
    ///
    /// // The program alone has no events: it says what it lacks.
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let watching = record.watch(&policy, "LEB", &WatchAsked::default())?;
    /// assert!(watching.gravest().is_none() && !watching.lacks.is_empty());
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A state or commitment that is not there; a store that cannot be read; queries that fail.
    pub fn watch(
        &self,
        policy: &Policy,
        state: &str,
        asked: &WatchAsked,
    ) -> Result<Watching, Error> {
        let document = policy.document();
        let tables = self.tables();
        let state = crate::state_in(tables, state, None)?;
        for id in &asked.commitments {
            if !document.commitments.iter().any(|c| c.id == *id && c.kind == Kind::Watch) {
                let watches = document
                    .commitments
                    .iter()
                    .filter(|c| c.kind == Kind::Watch)
                    .map(|c| c.id.as_str());
                let error = Error::new(format!("the policy has no watch `{id}`"));
                let known: Vec<&str> = watches.collect();
                return Err(error.help(match comity_record::nearest(id, known.iter().copied()) {
                    Some(near) => near,
                    None => format!("it has {}", known.join(", ")),
                }));
            }
        }
        let own: Vec<Own> = match &asked.store {
            Some(folder) => vec![events::days_of(tables, folder, asked.to)?],
            None => Vec::new(),
        };
        let limits = Limits { budget: Some(crate::record::budget(document)), ..Limits::default() };
        let session = session_beside(tables, &tables.baseline(), limits, own)?;
        let to = asked.to.map(day);
        let all = Days::of(&session, state, to)?;
        let system = tables.states()?;
        let head =
            |ccode: i32, last: i32| StateHead::of(system, ccode, i32::from(date(last).year()));
        let last = all
            .sources
            .values()
            .map(|s| s.to)
            .max()
            .unwrap_or_else(|| day(jiff::civil::date(tables.last_year() as i16, 1, 1)));
        let mut watches = Vec::new();
        for commitment in document.commitments.iter().filter(|c| c.kind == Kind::Watch) {
            let Some(watch) = &commitment.watch else { continue };
            if !asked.commitments.is_empty() && !asked.commitments.contains(&commitment.id) {
                continue;
            }
            for evidence in commitment.versions.last().iter().flat_map(|v| &v.evidence) {
                let rows = session.answer(&evidence.query.sql)?;
                let counts = Counts::of(&rows, to)?;
                let watching = Block {
                    session: &session,
                    all: &all,
                    state,
                    commitment,
                    watch,
                    block: &evidence.name,
                };
                watches.push(watching.run(
                    &counts,
                    asked.from.map(day),
                    &head,
                    asked.store.is_none(),
                )?);
            }
        }
        let sources = all.sources.iter().map(|(id, seen)| SeenBy {
            source: id.clone(),
            from: date(seen.from).to_string(),
            to: date(seen.to).to_string(),
            reports: seen.reports,
            about_the_state: seen.about,
            partners: seen.partners.len(),
        });
        Ok(Watching {
            schema_version: 1,
            policy: PolicyHead::of(document),
            state: head(state, last),
            sources: sources.collect(),
            lacks: lacks(&all, &watches, asked),
            watches,
        })
    }
}

/// What is lacking to watch.
fn lacks(all: &Days, watches: &[Watched], asked: &WatchAsked) -> Vec<String> {
    let mut lacks = Vec::new();
    if watches.is_empty() {
        lacks.push("the policy has no `.watch` commitment: nothing says what to look at (`comity policy help watch`)".into());
    }
    if all.sources.is_empty() {
        lacks.push(match asked.store {
            Some(_) => "the store has no event between two states of the record: `comity events info` shows what it holds".into(),
            None => "the record has no event data (table `events`): add a file of GDELT, ICEWS or KEDS with `comity record add FILE`, or many with `comity events add FILE` and `--store`".into(),
        });
    } else if all.sources.values().all(|s| s.about == 0) {
        let ids: Vec<&str> = all.sources.keys().map(String::as_str).collect();
        lacks.push(format!("no event of {} is about this state: it is outside what they report on, and no alarm says nothing", ids.join(", ")));
    }
    lacks
}

/// One source's days.
#[derive(Debug, Default)]
struct Source {
    from: i32,
    to: i32,
    reports: i64,
    about: i64,
    partners: BTreeSet<i32>,
    /// All reports of each day.
    by_day: BTreeMap<i32, i64>,
    /// Reports of any kind between the state and another, either way, by other state and day.
    dyads: BTreeMap<i32, BTreeMap<i32, i64>>,
}

/// What the sources report, by day.
#[derive(Debug, Default)]
struct Days {
    sources: BTreeMap<String, Source>,
}

impl Days {
    fn of(session: &Session, state: i32, to: Option<i32>) -> Result<Self, Error> {
        let mut all = Self::default();
        let rows = session.answer(
            "select source, date, max(reports) as reports from event_days group by source, date",
        )?;
        let (source, days, reports) =
            (texts_of(&rows, "source")?, dates(&rows, "date")?, wholes(&rows, "reports")?);
        for row in 0..rows.num_rows() {
            let (Some(day), Some(n)) = (days[row], reports[row]) else { continue };
            if to.is_some_and(|to| day > to) {
                continue;
            }
            let of = all.sources.entry(source[row].clone()).or_insert_with(|| Source {
                from: day,
                to: day,
                ..Source::default()
            });
            (of.from, of.to) = (of.from.min(day), of.to.max(day));
            of.reports += n;
            of.by_day.insert(day, n);
        }
        let sql = format!(
            "select source, date, case when ccode = {state} then partner else ccode end as other, events from event_days where (ccode = {state} or partner = {state})"
        );
        let rows = session.answer(&sql)?;
        let (source, days) = (texts_of(&rows, "source")?, dates(&rows, "date")?);
        let (other, events) = (wholes(&rows, "other")?, wholes(&rows, "events")?);
        for row in 0..rows.num_rows() {
            let (Some(day), Some(other), Some(n)) = (days[row], other[row], events[row]) else {
                continue;
            };
            let Some(of) = all.sources.get_mut(&source[row]).filter(|s| day <= s.to) else {
                continue;
            };
            of.about += n;
            of.partners.insert(other as i32);
            *of.dyads.entry(other as i32).or_default().entry(day).or_default() += n;
        }
        Ok(all)
    }
}

/// Rows of a watch's query: by source, state and other state, the counts by day.
struct Counts {
    rows: BTreeMap<(String, i32, i32), BTreeMap<i32, i64>>,
    /// Of all pairs together, by source and day.
    world: BTreeMap<String, BTreeMap<i32, i64>>,
}

impl Counts {
    fn of(rows: &RecordBatch, to: Option<i32>) -> Result<Self, Error> {
        let (source, days) = (texts_of(rows, "source")?, dates(rows, "date")?);
        let (state, other, count) =
            (wholes(rows, "state")?, wholes(rows, "other")?, wholes(rows, "count")?);
        let mut all = Self { rows: BTreeMap::new(), world: BTreeMap::new() };
        for row in 0..rows.num_rows() {
            // A row without two states or a day is about no pair; a count that is not known is no zero.
            let (Some(state), Some(other), Some(day)) = (state[row], other[row], days[row]) else {
                continue;
            };
            if to.is_some_and(|to| day > to) {
                continue;
            }
            let Some(n) = count[row].filter(|n| *n >= 0) else {
                let (at, count) =
                    (date(day), count[row].map_or("null".to_owned(), |n| n.to_string()));
                return Err(Error::new(format!("the watch counts {count} for {state} and {other} on {at}"))
                    .help("a count is a whole number, and not below 0: leave a row out where nothing is known"));
            };
            let key = (source[row].clone(), state as i32, other as i32);
            *all.rows.entry(key).or_default().entry(day).or_default() += n;
            *all.world.entry(source[row].clone()).or_default().entry(day).or_default() += n;
        }
        Ok(all)
    }
}

struct Block<'a> {
    session: &'a Session,
    all: &'a Days,
    state: i32,
    commitment: &'a Commitment,
    watch: &'a Watch,
    block: &'a str,
}

/// Days added up to the periods of a watch.
fn by_period(days: &BTreeMap<i32, i64>, settings: &Settings) -> BTreeMap<i32, f64> {
    let mut all: BTreeMap<i32, f64> = BTreeMap::new();
    for (day, n) in days {
        *all.entry(settings.period.of(*day)).or_default() += *n as f64;
    }
    all
}

impl Block<'_> {
    fn run(
        &self,
        counts: &Counts,
        from: Option<i32>,
        head: &dyn Fn(i32, i32) -> StateHead,
        in_record: bool,
    ) -> Result<Watched, Error> {
        let settings = &self.watch.settings;
        let (mut alarms, mut quiet, mut cannot_see) = (Vec::new(), 0, 0);
        for (id, source) in &self.all.sources {
            let reports = by_period(&source.by_day, settings);
            let world = by_period(counts.world.get(id).unwrap_or(&BTreeMap::new()), settings);
            let (first, last) = (settings.period.of(source.from), settings.period.of(source.to));
            // The last period is tested as it stands, where its days are not over.
            let mut against = BTreeMap::new();
            let mut of_world = World::new(settings);
            for period in first..=last {
                let all = reports.get(&period).copied().unwrap_or(0.0);
                let n = world.get(&period).copied().unwrap_or(0.0);
                against.insert(
                    period,
                    of_world.step(period, n, all).map_err(|e| Error::new(e.to_string()))?,
                );
            }
            for (other, dyad) in &source.dyads {
                let none = BTreeMap::new();
                let own = counts.rows.get(&(id.clone(), self.state, *other)).unwrap_or(&none);
                let (own, dyad) = (by_period(own, settings), by_period(dyad, settings));
                let mut watcher =
                    Watcher::new(Dyad::undirected(self.state, *other), settings.clone());
                let (mut says, mut current): (Option<Says>, Option<Alarm>) = (None, None);
                for period in first..=last {
                    let of = |m: &BTreeMap<i32, f64>| m.get(&period).copied().unwrap_or(0.0);
                    let observed =
                        Observed { period, count: of(&own), dyad: of(&dyad), all: of(&reports) };
                    let told = watcher
                        .step(&observed, against[&period])
                        .map_err(|e| Error::new(e.to_string()))?;
                    says = Some(told.state);
                    if told.on {
                        current = told.alarm.or(current);
                    } else if let Some(ended) = current.take() {
                        alarms.push((ended, *other, id.clone(), false));
                    }
                }
                match (&current, says) {
                    (Some(_), _) => {}
                    (None, Some(Says::Quiet)) => quiet += 1,
                    (None, _) => cannot_see += 1,
                }
                if let Some(on) = current {
                    alarms.push((on, *other, id.clone(), true));
                }
            }
        }
        alarms.retain(|(alarm, _, _, on)| from.map_or(*on, |from| alarm.raised >= from));
        alarms.sort_by(|a, b| (b.3, b.0.raised, a.1).cmp(&(a.3, a.0.raised, b.1)));
        let raised =
            alarms.into_iter().map(|(alarm, other, source, on)| -> Result<Raised, Error> {
                let reports =
                    if in_record { self.reports(&alarm, other, &source)? } else { Vec::new() };
                let name = |ccode: i32| head(ccode, alarm.until).name;
                let told = alarm.told(name);
                Ok(Raised { other: head(other, alarm.until), told, source, on, reports, alarm })
            });
        Ok(Watched {
            commitment: self.commitment.id.clone(),
            title: self.commitment.title.clone(),
            block: self.block.to_owned(),
            settings: settings.clone(),
            touches: self.watch.touches.clone(),
            alarms: raised.collect::<Result<_, _>>()?,
            quiet,
            cannot_see,
        })
    }

    /// The last conflict reports between the two in the days of an alarm.
    fn reports(&self, alarm: &Alarm, other: i32, source: &str) -> Result<Vec<Reported>, Error> {
        let (a, b) = (self.state, other);
        let source = source.replace('\'', "''");
        let sql = format!(
            "select date, coalesce(actor_name, actor) as actor, coalesce(target_name, target) as target, coalesce(cameo, code) as code, source_row \
             from events where ((ccode = {a} and partner = {b}) or (ccode = {b} and partner = {a})) and source = '{source}' \
             and date >= date '{}' and date <= date '{}' and quad >= 3 order by date desc, source_row limit 3",
            date(alarm.since),
            date(alarm.until)
        );
        let rows = self.session.answer(&sql)?;
        let days = dates(&rows, "date")?;
        let [actor, target, code, key] =
            ["actor", "target", "code", "source_row"].map(|n| texts_of(&rows, n));
        let (actor, target, code, key) = (actor?, target?, code?, key?);
        Ok((0..rows.num_rows())
            .map(|row| Reported {
                date: days[row].map(|d| date(d).to_string()).unwrap_or_default(),
                actor: actor[row].clone(),
                target: target[row].clone(),
                code: code[row].clone(),
                source_row: key[row].clone(),
            })
            .collect())
    }
}

fn column(
    rows: &RecordBatch,
    name: &str,
    kind: &DataType,
) -> Result<arrow::array::ArrayRef, Error> {
    let column = rows
        .column_by_name(name)
        .ok_or_else(|| Error::new(format!("the query gives no `{name}`")))?;
    cast(column, kind).map_err(|e| Error::new(format!("`{name}`: {e}")))
}

fn texts_of(rows: &RecordBatch, name: &str) -> Result<Vec<String>, Error> {
    let made = RecordBatch::try_from_iter([(name, column(rows, name, &DataType::Utf8)?)])
        .map_err(|e| Error::new(e.to_string()))?;
    let all = texts(&made, name);
    Ok((0..made.num_rows()).map(|row| text(all, row).to_owned()).collect())
}

fn dates(rows: &RecordBatch, name: &str) -> Result<Vec<Option<i32>>, Error> {
    let column = column(rows, name, &DataType::Date32)?;
    let all = column.as_primitive::<Date32Type>();
    Ok((0..all.len()).map(|row| all.is_valid(row).then(|| all.value(row))).collect())
}

fn wholes(rows: &RecordBatch, name: &str) -> Result<Vec<Option<i64>>, Error> {
    let column = column(rows, name, &DataType::Int32)?;
    let all = column.as_primitive::<Int32Type>();
    Ok((0..all.len()).map(|row| all.is_valid(row).then(|| i64::from(all.value(row)))).collect())
}
