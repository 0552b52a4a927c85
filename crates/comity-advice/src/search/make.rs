//! Scenes from nothing: rows that fit together, with values that matter to the queries.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::rows::Value;
use comity_record::schema::{Column, ColumnType, Table, Time, kinds};
use comity_record::{Record, StateSystem};
use jiff::civil::Date;

use super::pool::{Pool, is_id, is_time};
use super::random::Random;
use super::scene::{Covered, FIRST, Fact, LAST, Scene, about_a_state, always_a_state};
use crate::Error;

/// Who was a state and a great power when.
pub(super) struct Cast<'a> {
    pub system: &'a StateSystem,
    /// Great powers with their first and last year.
    pub great: Vec<(i32, i32, Option<i32>)>,
}

impl<'a> Cast<'a> {
    pub(super) fn of(base: &'a Record) -> Result<Self, Error> {
        let rows = base.table("major_powers", &base.baseline())?;
        let cell = |row: usize, name: &str| match rows.column_by_name(name) {
            Some(column) => match Value::of(column, row) {
                Value::Int(v) => Some(v),
                _ => None,
            },
            None => None,
        };
        let spell = |row: usize| {
            Some((cell(row, "ccode")?, cell(row, "start_year")?, cell(row, "end_year")))
        };
        let great = (0..rows.num_rows()).filter_map(spell).collect();
        Ok(Self { system: base.states()?, great })
    }

    /// States of `free` that are members in both years, those that queries name first now and then.
    pub(super) fn choose(
        &self,
        r: &mut Random,
        pool: &Pool,
        free: &BTreeSet<i32>,
        (from, to): (i32, i32),
        count: usize,
    ) -> Vec<i32> {
        let there = |c: &i32| self.system.is_member(*c, from) && self.system.is_member(*c, to);
        let mut all: Vec<i32> = free.iter().copied().filter(there).collect();
        r.shuffle(&mut all);
        if r.chance(1, 4) {
            all.sort_by_key(|c| !pool.states.contains(c));
        }
        all.truncate(count);
        all
    }
}

/// What a scene from nothing is about.
struct Plot<'a> {
    pool: &'a Pool,
    states: Vec<i32>,
    /// The years in which it plays.
    years: Vec<i32>,
    /// For each name: when what it stands for begins and ends.
    spans: BTreeMap<&'static str, (Date, Option<Date>)>,
}

/// Names of what rows of several tables are about.
const NAMES: [&str; 2] = ["a", "b"];

/// A scene about states of `free`; none where too few are left.
pub(super) fn scene(
    r: &mut Random,
    pool: &Pool,
    cast: &Cast<'_>,
    free: &BTreeSet<i32>,
) -> Option<Scene> {
    let named: Vec<i32> = pool.years.iter().copied().collect();
    let year = match r.pick(&named) {
        Some(year) if r.chance(2, 5) => *year,
        _ => r.between(1947, 2012),
    };
    let year = year.clamp(FIRST + 20, LAST - 20);
    let count = if r.chance(1, 5) { r.between(4, 6) } else { r.between(2, 3) };
    let mut states = cast.choose(r, pool, free, (year, year), count as usize);
    // Conditions on how long a state has been one.
    if r.chance(1, 6) {
        let entered = free
            .iter()
            .copied()
            .filter(|c| cast.system.entry_year(*c).is_some_and(|e| (year - 7..=year).contains(&e)));
        let entered: Vec<i32> = entered.filter(|c| !states.contains(c)).collect();
        states.extend(r.pick(&entered).copied());
    }
    if states.len() < 2 {
        return None;
    }
    let mut years = vec![year, year, year, year + 1, year + 2, year - 1];
    for lag in &pool.lags {
        years.extend([year - lag - 1, year - lag, year - lag + 1, year + lag]);
    }
    years.retain(|y| (FIRST..=LAST - 5).contains(y));
    let mut plot = Plot { pool, states, years, spans: BTreeMap::new() };
    for name in NAMES {
        let span = plot.span(r);
        plot.spans.insert(name, span);
    }
    let mut facts = Vec::new();
    for table in &pool.tables {
        if r.chance(4, 5) {
            plot.fill(r, table, year, &mut facts);
        }
    }
    let mut scene = Scene::of(facts, plot.states.iter().copied());
    scene.states.retain(|s| free.contains(s));
    while r.chance(1, 4) {
        uncover(r, pool, &mut scene);
    }
    Some(scene)
}

/// Takes coverage of one table away, or leaves it some years or some rows.
pub(super) fn uncover(r: &mut Random, pool: &Pool, scene: &mut Scene) {
    let Some(table) = r.pick(&pool.tables).filter(|t| !t.structural) else { return };
    let (from, to) = scene.years();
    let middle = r.between(from, to.max(from));
    let kinds: Vec<(&str, &str)> =
        kinds(table.name).flat_map(|(by, all)| all.iter().map(move |kind| (by, *kind))).collect();
    let texts = pool.named_texts(table);
    let some = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    let covered = match r.between(0, 5) {
        0 => Covered::Years(FIRST, middle),
        1 => Covered::Years(middle, LAST),
        2 | 3 if !kinds.is_empty() => match r.pick(&kinds).map(some) {
            Some((by, kind)) => Covered::Except(by, kind),
            None => Covered::Nothing,
        },
        2 if !texts.is_empty() => match r.pick(&texts).map(some) {
            Some((column, text)) => Covered::Only(column, text),
            None => Covered::Nothing,
        },
        _ => Covered::Nothing,
    };
    scene.covered.insert(table.name, covered);
}

impl Plot<'_> {
    fn year(&self, r: &mut Random) -> i32 {
        r.pick(&self.years).copied().unwrap_or(1960)
    }

    fn span(&self, r: &mut Random) -> (Date, Option<Date>) {
        let year = self.year(r);
        let start = day(r, year);
        let lasts = r.between(0, 3);
        let end = day(r, year + lasts).max(start);
        (start, r.chance(5, 6).then_some(end))
    }

    /// The rows of one table.
    fn fill(&self, r: &mut Random, table: &'static Table, year: i32, facts: &mut Vec<Fact>) {
        if table.name == "major_powers" {
            for ccode in &self.states {
                if r.chance(2, 5) {
                    let mut fact = Fact::new(table);
                    fact.set("ccode", Value::Int(*ccode));
                    fact.set("start_year", Value::Int(year - 10));
                    facts.push(fact);
                }
            }
            return;
        }
        let ids: Vec<&Column> = table.columns.iter().filter(|c| is_id(c)).collect();
        let measured = |c: &&Column| c.kind == ColumnType::Float && self.pool.names(c.name);
        if table.time == Time::Year
            && table.states.len() == 1
            && table.columns.iter().any(|c| measured(&c))
        {
            return self.series(r, table, year, facts);
        }
        // What is there once for each thing that is named.
        if table.states.is_empty() && ids.len() == 1 && table.key.first() == Some(&ids[0].name) {
            for name in NAMES {
                for offset in 0..=i32::from(table.time == Time::Year) {
                    let mut fact = self.fact(r, table);
                    fact.set(ids[0].name, Value::Text(name.to_owned()));
                    self.when(r, &mut fact, Some(name));
                    if offset > 0 {
                        fact.set("year", Value::Int(year + offset));
                    }
                    facts.push(fact);
                }
            }
            return;
        }
        let rows = if r.chance(1, 4) { r.between(3, 5) } else { r.between(1, 3) };
        for _ in 0..rows {
            let mut fact = self.fact(r, table);
            let name = if r.chance(3, 4) { NAMES[0] } else { NAMES[1] };
            for id in &ids {
                let known = self.pool.values(table, id);
                let value = match r.pick(&known) {
                    Some(value) if r.chance(1, 2) => value.clone(),
                    _ => Value::Text(name.to_owned()),
                };
                fact.set(id.name, value);
            }
            self.when(r, &mut fact, (!ids.is_empty()).then_some(name));
            facts.push(fact);
        }
    }

    /// A row for each state and year, whose measured quantities grow or stand to each other by numbers that queries name.
    fn series(&self, r: &mut Random, table: &'static Table, year: i32, facts: &mut Vec<Fact>) {
        let state = table.states[0];
        let mut factors = vec![1.0, 1.0, 2.0];
        factors.extend(&self.pool.ratios);
        for ccode in &self.states {
            let factor = |r: &mut Random| {
                let of = r.pick(&factors).copied().unwrap_or(1.0);
                let near = [1.0, 1.0, 0.99, 1.01].get(r.between(0, 3) as usize).copied();
                of * near.unwrap_or(1.0)
            };
            let levels: BTreeMap<&str, (f64, f64)> = table
                .columns
                .iter()
                .filter(|c| c.kind == ColumnType::Float)
                .map(|c| {
                    let level = match r.pick(&self.pool.values(table, c)) {
                        Some(Value::Float(v)) if r.chance(1, 2) => *v,
                        _ if r.chance(1, 2) => 100.0 * factor(r),
                        _ => 100.0 / factor(r).max(1e-6),
                    };
                    let growth = if r.chance(1, 2) { 1.0 } else { factor(r) };
                    (c.name, (level, growth))
                })
                .collect();
            let last = year + r.between(1, 5);
            for (step, year) in (year - 1..=last).enumerate() {
                if r.chance(1, 12) {
                    continue;
                }
                let mut fact = self.fact(r, table);
                fact.set(state, Value::Int(*ccode));
                fact.set("year", Value::Int(year));
                for (name, (level, growth)) in &levels {
                    let value = level * growth.powi(step as i32);
                    if r.chance(11, 12) && value.is_finite() && value < 1e12 {
                        fact.set(name, Value::Float(rounded(value)));
                    }
                }
                facts.push(fact);
            }
        }
    }

    /// A row without the names of things and its time.
    fn fact(&self, r: &mut Random, table: &'static Table) -> Fact {
        let mut fact = Fact::new(table);
        let mut taken = Vec::new();
        for column in table.columns {
            if is_time(column.name) || is_id(column) {
                continue;
            }
            if about_a_state(table, column.name) {
                let mut others = self.states.clone();
                others.retain(|s| !taken.contains(s));
                let there = always_a_state(table, column.name) || r.chance(11, 12);
                if let Some(ccode) = r.pick(&others)
                    && there
                {
                    taken.push(*ccode);
                    fact.set(column.name, Value::Int(*ccode));
                }
                continue;
            }
            if let Some(value) = self.cell(r, table, column) {
                fact.set(column.name, value);
            }
        }
        fact
    }

    fn cell(&self, r: &mut Random, table: &Table, column: &Column) -> Option<Value> {
        let named = self.pool.names(column.name);
        if !r.chance(if named { 9 } else { 5 }, 10) {
            return None;
        }
        if let Some(value) = self.pool.value(r, table, column) {
            return Some(value);
        }
        match column.kind {
            ColumnType::Int if named => {
                let mut all: Vec<i32> = vec![0, 1, 2, 3, 10, 100];
                all.extend(self.pool.counts.iter().filter(|c| **c >= 0));
                all.extend(self.pool.ratios.iter().map(|v| (v * 100.0).round() as i32));
                r.pick(&all).map(|v| Value::Int(*v))
            }
            ColumnType::Float if named => {
                let mut all = vec![0.0, 1.0, 10.0, 100.0];
                all.extend(self.pool.ratios.iter().flat_map(|v| [100.0 * v, 100.0 / v]));
                r.pick(&all).map(|v| Value::Float(rounded(*v)))
            }
            ColumnType::Text if named => Some(Value::Text("x".to_owned())),
            _ => None,
        }
    }

    /// When a row is: as what it belongs to, or on its own.
    fn when(&self, r: &mut Random, fact: &mut Fact, name: Option<&'static str>) {
        let own = self.span(r);
        let span = name.and_then(|n| self.spans.get(n)).copied().unwrap_or(own);
        let (start, end) = if r.chance(3, 4) { span } else { own };
        let table = fact.table;
        match table.time {
            Time::Year => {
                let year = i32::from(start.year());
                fact.set("year", Value::Int(year));
                for column in table.columns.iter().filter(|c| c.kind == ColumnType::Date) {
                    if r.chance(1, 2) {
                        fact.set(column.name, Value::Date(day(r, year)));
                    }
                }
            }
            Time::Spell => {
                let by_day = r.chance(3, 4);
                // A tie of choice may have stood for long.
                let start =
                    if r.chance(1, 6) { day(r, i32::from(start.year()) - 8) } else { start };
                if by_day {
                    fact.set("start", Value::Date(start));
                    fact.set("end", end.map_or(Value::Null, Value::Date));
                } else {
                    fact.set("start_year", Value::Int(start.year().into()));
                    fact.set("end_year", end.map_or(Value::Null, |e| Value::Int(e.year().into())));
                }
                for (column, day) in [("start_month", Some(start)), ("end_month", end)] {
                    if table.column(column).is_some()
                        && let Some(day) = day
                        && (by_day || r.chance(1, 2))
                    {
                        fact.set(column, Value::Int(day.month().into()));
                    }
                }
            }
            Time::None => {}
        }
    }
}

/// A day at the border of a year, or within it.
fn day(r: &mut Random, year: i32) -> Date {
    const DAYS: [(i8, i8); 4] = [(1, 1), (12, 31), (4, 15), (10, 1)];
    let (month, day) = r.pick(&DAYS).copied().unwrap_or((1, 1));
    Date::new(year as i16, month, day).unwrap_or(Date::constant(1960, 1, 1))
}

/// With as many figures as a file would have.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
