//! Scenes from the tests inside documents, which show what each commitment is about, and small changes of any scene.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::document::{Case, Given, Policy};
use comity_record::rows::Value;
use comity_record::schema::{ColumnType, Table, Time};

use super::make::{Cast, rounded, uncover};
use super::pool::{Pool, is_id};
use super::random::Random;
use super::scene::{Covered, FIRST, Fact, LAST, Scene, about_a_state, always_a_state};

/// The scenes that the tests of these documents give.
pub(super) fn of(policies: &[&Policy], pool: &Pool, cast: &Cast<'_>) -> Vec<Scene> {
    let cases = policies.iter().flat_map(|p| &p.commitments).flat_map(|c| &c.cases);
    let mut all: Vec<Scene> = Vec::new();
    for scene in cases.map(|case| scene(case, pool, cast)) {
        if !scene.facts.is_empty() && !all.contains(&scene) {
            all.push(scene);
        }
    }
    all
}

fn scene(case: &Case, pool: &Pool, cast: &Cast<'_>) -> Scene {
    let mut states: BTreeSet<i32> = case.expect.iter().map(|e| e.state).collect();
    for given in &case.given {
        let Some(table) = pool.table(&given.table) else { continue };
        for (at, name) in given.columns.iter().enumerate() {
            if about_a_state(table, name) {
                states.extend(given.rows.iter().filter_map(|(c, _)| c[at].parse::<i32>().ok()));
            }
        }
    }
    states.retain(|s| cast.system.get(*s).is_some());
    let mut facts = Vec::new();
    let mut covered = BTreeMap::new();
    for given in &case.given {
        let Some(table) = pool.table(&given.table) else { continue };
        facts.extend(rows(given, table, &states));
        if let Some((from, to)) = given.coverage {
            let years = Covered::Years(from.max(FIRST), to.min(LAST));
            covered.insert(table.name, if from <= to { years } else { Covered::Nothing });
        }
    }
    let mut scene = Scene::of(facts, states);
    scene.covered = covered;
    let given = |name: &str| case.given.iter().any(|g| g.table == name);
    if let Some(table) = pool.table("major_powers").filter(|t| !given(t.name)) {
        for (ccode, from, to) in cast.great.iter().filter(|g| scene.states.contains(&g.0)) {
            let mut fact = Fact::new(table);
            fact.set("ccode", Value::Int(*ccode));
            fact.set("start_year", Value::Int(*from));
            fact.set("end_year", to.map_or(Value::Null, Value::Int));
            scene.facts.push(fact);
        }
    }
    scene
}

/// The rows that a test gives. A row for every other state is one for each other state that the test names.
fn rows(given: &Given, table: &'static Table, states: &BTreeSet<i32>) -> Vec<Fact> {
    let mut all = Vec::new();
    let first = table.states.first().copied().unwrap_or("ccode");
    let at = given.columns.iter().position(|c| c == first);
    let listed: BTreeSet<i32> =
        given.rows.iter().filter_map(|(cells, _)| cells[at?].parse().ok()).collect();
    for (cells, _) in &given.rows {
        let everyone = at.is_some_and(|at| cells[at] == "*");
        let own: Vec<Option<i32>> = match everyone {
            true => states.difference(&listed).map(|s| Some(*s)).collect(),
            false => vec![None],
        };
        for state in own {
            let mut fact = Fact::new(table);
            let mut years = None;
            for (name, cell) in given.columns.iter().zip(cells) {
                let Some(column) = table.column(name) else { continue };
                let span = cell.split_once("..").and_then(|(a, b)| {
                    Some((a.trim().parse::<f64>().ok()?, b.trim().parse::<f64>().ok()?))
                });
                let value = match (span, column.kind) {
                    (Some((from, to)), _) if name == "year" && table.time == Time::Year => {
                        years = Some((from as i32, (to as i32).min(from as i32 + 40)));
                        Value::Int(from as i32)
                    }
                    (Some((from, to)), ColumnType::Int) => {
                        Value::Int(f64::midpoint(from, to) as i32)
                    }
                    (Some((from, to)), _) => Value::Float(f64::midpoint(from, to)),
                    (None, _) if name == first && everyone => state.map_or(Value::Null, Value::Int),
                    (None, kind) => Value::parse(kind, cell).unwrap_or_default(),
                };
                fact.set(column.name, value);
            }
            let (from, to) = years.unwrap_or((0, 0));
            for year in from..=to {
                let mut fact = fact.clone();
                if years.is_some() {
                    fact.set("year", Value::Int(year));
                }
                all.push(fact);
            }
        }
    }
    all
}

/// The scene about other states, of those that are free; the same ones now and then. None where there are too few.
pub(super) fn elsewhere(
    r: &mut Random,
    scene: &Scene,
    pool: &Pool,
    cast: &Cast<'_>,
    free: &BTreeSet<i32>,
) -> Option<Scene> {
    if scene.states.is_subset(free) && r.chance(1, 2) {
        return Some(scene.clone());
    }
    let (from, to) = scene.years();
    let others = cast.choose(r, pool, free, (from, to.min(2016)), scene.states.len());
    if others.len() < scene.states.len() {
        return None;
    }
    let place: BTreeMap<i32, i32> = scene.states.iter().copied().zip(others).collect();
    let mut moved = scene.clone();
    moved.states = place.values().copied().collect();
    for fact in &mut moved.facts {
        for column in fact.table.columns.iter().filter(|c| about_a_state(fact.table, c.name)) {
            if let Some(Value::Int(ccode)) = fact.cells.get_mut(column.name)
                && let Some(other) = place.get(ccode)
            {
                *ccode = *other;
            }
        }
    }
    Some(moved)
}

/// A small change of a scene.
pub(super) fn edit(r: &mut Random, pool: &Pool, scene: &mut Scene) {
    if r.chance(1, 8) || scene.facts.is_empty() {
        return uncover(r, pool, scene);
    }
    let states: Vec<i32> = scene.states.iter().copied().collect();
    let at = r.between(0, scene.facts.len() as i32 - 1) as usize;
    match r.between(0, 11) {
        10 | 11 => rename(r, pool, scene),
        0 if scene.facts.len() > 1 => {
            scene.facts.remove(at);
        }
        1 | 2 => {
            let mut more = scene.facts[at].clone();
            change(r, pool, &states, &mut more);
            scene.facts.push(more);
        }
        _ => change(r, pool, &states, &mut scene.facts[at]),
    }
}

/// At most so many scenes under other names.
const MOST_RENAMED: usize = 80;

/// Scenes as they are, then each with every other name that queries know in the place of one.
pub(super) fn with_other_names(scenes: &[Scene], pool: &Pool) -> Vec<Scene> {
    let mut all = scenes.to_vec();
    for scene in scenes {
        for (column, text) in names(scene, pool) {
            for other in pool.constants(column).into_iter().filter(|o| **o != text) {
                if all.len() >= scenes.len() + MOST_RENAMED {
                    return all;
                }
                let mut renamed = scene.clone();
                put(&mut renamed, column, &text, other);
                all.push(renamed);
            }
        }
    }
    all
}

/// The texts of a scene that queries know, with their columns.
fn names(scene: &Scene, pool: &Pool) -> Vec<(&'static str, String)> {
    let mut named: Vec<(&'static str, String)> = Vec::new();
    for fact in &scene.facts {
        for (column, value) in &fact.cells {
            if let Value::Text(text) = value
                && pool.is_constant(column, text)
                && !named.contains(&(*column, text.clone()))
            {
                named.push((column, text.clone()));
            }
        }
    }
    named
}

/// One name in the place of another, in every row.
fn put(scene: &mut Scene, column: &str, text: &str, other: &str) {
    for fact in &mut scene.facts {
        if let Some(Value::Text(here)) = fact.cells.get_mut(column)
            && here == text
        {
            other.clone_into(here);
        }
    }
}

/// Another name that queries know in the place of one, in every row.
fn rename(r: &mut Random, pool: &Pool, scene: &mut Scene) {
    let named = names(scene, pool);
    let Some((column, text)) = r.pick(&named) else { return };
    let others = pool.constants(column);
    let Some(other) = r.pick(&others).map(|t| (*t).clone()) else { return };
    put(scene, column, text, &other);
}

/// Another value in one cell.
fn change(r: &mut Random, pool: &Pool, states: &[i32], fact: &mut Fact) {
    let table = fact.table;
    let matters = |name: &str| pool.names(name) || fact.cells.contains_key(name);
    let columns: Vec<_> = table.columns.iter().filter(|c| matters(c.name)).collect();
    let Some(column) = r.pick(&columns) else { return };
    let name = column.name;
    if r.chance(1, 10) && !always_a_state(table, name) {
        return fact.set(name, Value::Null);
    }
    let before = fact.cells.get(name).cloned().unwrap_or_default();
    let later = |r: &mut Random| {
        let mut steps = vec![-1, 1, 1, 2];
        steps.extend(pool.lags.iter().flat_map(|l| [*l, -l, l - 1, l + 1, 1 - l, -l - 1]));
        r.pick(&steps).copied().unwrap_or(1)
    };
    if about_a_state(table, name) {
        let named: Vec<i32> = fact.states().collect();
        let others: Vec<i32> = states.iter().copied().filter(|s| !named.contains(s)).collect();
        let from = if others.is_empty() || r.chance(1, 10) { states } else { &others };
        if let Some(ccode) = r.pick(from) {
            fact.set(name, Value::Int(*ccode));
        }
        return;
    }
    let value = match (column.kind, before) {
        (ColumnType::Date, Value::Date(day)) => {
            let years = later(r);
            let moved = if r.chance(1, 3) {
                day.checked_add(jiff::Span::new().days(if r.chance(1, 2) { 1 } else { -1 }))
            } else {
                day.checked_add(jiff::Span::new().years(years))
            };
            moved.map_or(Value::Date(day), Value::Date)
        }
        (ColumnType::Int, Value::Int(year)) if name == "year" || name.ends_with("_year") => {
            Value::Int((year + later(r)).clamp(FIRST, LAST - 1))
        }
        (ColumnType::Int, _) if name == "month" || name.ends_with("_month") => {
            Value::Int(r.between(1, 12))
        }
        (ColumnType::Float, Value::Float(v)) if r.chance(3, 4) => {
            let mut factors = vec![0.5, 2.0, 0.99, 1.01, 0.999, 1.001];
            factors.extend(pool.ratios.iter().flat_map(|f| [*f, 1.0 / f]));
            Value::Float(rounded(v * r.pick(&factors).copied().unwrap_or(1.0)))
        }
        (_, before) => match pool.value(r, table, column) {
            Some(value) => value,
            None => match (column.kind, before) {
                (ColumnType::Int, Value::Int(v)) => Value::Int((v + r.between(-1, 1)).max(0)),
                (ColumnType::Text, Value::Text(_)) if is_id(column) => {
                    Value::Text(if r.chance(1, 2) { "a" } else { "b" }.to_owned())
                }
                (_, before) => before,
            },
        },
    };
    fact.set(name, value);
}
