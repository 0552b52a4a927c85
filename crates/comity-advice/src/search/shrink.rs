//! The smallest record that shows a difference: fewest rows, then fewest cells, then the simplest values.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use comity_policy::Evaluation;
use comity_record::rows::Value;

use super::scene::{Covered, Fact, Scene, always_a_state};
use super::{Bench, Example, Says, Shown, Side, Way, way};
use crate::Error;
use crate::moves::{Clause, clauses};

/// What is spent on making one example small.
const LONGEST: Duration = Duration::from_secs(40);
const TRIES: usize = 400;

/// Where two commitments differ.
struct Place {
    ccode: i32,
    year: i32,
    says: (String, String),
}

struct Shrinking<'a, 'b> {
    bench: &'a Bench<'b>,
    way: Way,
    begun: Instant,
    tries: usize,
}

impl Shrinking<'_, '_> {
    /// Where the scenes show the difference; none where they do not.
    fn shows(&mut self, scenes: &[Scene]) -> Result<Option<Place>, Error> {
        self.tries += 1;
        let evaluated = self.bench.evaluate(scenes)?;
        let fails = |error: &comity_policy::Error, first: bool| {
            let scene = scenes.first()?;
            let (failed, fine) = (format!("fails: {error}"), "does not fail".to_owned());
            let says = if first { (failed, fine) } else { (fine, failed) };
            let ccode = scene.states.first().copied()?;
            Some(Place { ccode, year: scene.years().0, says })
        };
        Ok(match (&evaluated.first, &evaluated.second) {
            (Ok(a), Ok(b)) => self.place((a, b), scenes),
            (Err(e), Ok(_)) if self.way == Way::FirstFails => fails(e, true),
            (Ok(_), Err(e)) if self.way == Way::SecondFails => fails(e, false),
            _ => None,
        })
    }

    fn place(&self, both: (&Evaluation, &Evaluation), scenes: &[Scene]) -> Option<Place> {
        let mut said = scenes.iter().flat_map(|s| self.bench.said(both, s));
        let (ccode, year, a, b) = said.find(|(_, _, a, b)| way(a, b) == Some(self.way))?;
        Some(Place { ccode, year, says: (Says::in_words(&a, &b), Says::in_words(&b, &a)) })
    }

    fn spent(&self) -> bool {
        self.tries >= TRIES || self.begun.elapsed() > LONGEST
    }

    /// The parts that are needed: larger and smaller runs of them are left out as long as the difference still shows.
    fn reduce<T: Clone>(
        &mut self,
        mut parts: Vec<T>,
        scenes: impl Fn(&[T]) -> Vec<Scene>,
    ) -> Result<Vec<T>, Error> {
        let mut run = parts.len().div_ceil(2);
        while run > 0 {
            let mut at = 0;
            while at < parts.len() && !self.spent() {
                let mut fewer = parts.clone();
                fewer.drain(at..(at + run).min(parts.len()));
                if self.shows(&scenes(&fewer))?.is_some() {
                    parts = fewer;
                } else {
                    at += run;
                }
            }
            run = if run == 1 { 0 } else { run.div_ceil(2) };
        }
        Ok(parts)
    }
}

/// The smallest record in which the difference shows that the scene at this place was found with.
pub(super) fn example(
    bench: &Bench<'_>,
    sides: (Side<'_>, Side<'_>),
    way: Way,
    at: usize,
    scenes: &[Scene],
    smallest: bool,
) -> Result<Example, Error> {
    let tries = if smallest { 0 } else { TRIES };
    let mut work = Shrinking { bench, way, begun: Instant::now(), tries };
    let alone = vec![scenes[at].clone()];
    let mut scenes = match work.shows(&alone)? {
        Some(_) => alone,
        None => work.reduce(scenes.to_vec(), <[Scene]>::to_vec)?,
    };
    scenes = fewer_rows(&mut work, scenes)?;
    scenes = more_covered(&mut work, scenes)?;
    scenes = fewer_cells(&mut work, scenes)?;
    scenes = simpler(&mut work, scenes)?;
    let place = work.shows(&scenes)?.unwrap_or(Place {
        ccode: 0,
        year: 0,
        says: ("not shown again".into(), "not shown again".into()),
    });
    let (first_finds, second_finds) = finds(bench, sides, &scenes, &place)?;
    let mut covered: Vec<(String, Covered)> = Vec::new();
    for (table, what) in scenes.iter().flat_map(|s| &s.covered) {
        covered.push(((*table).to_owned(), what.clone()));
    }
    covered.dedup();
    let mut tables = shown(&scenes);
    beside(bench, &mut tables, &covered);
    Ok(Example {
        way,
        state: bench.cast.system.handle(place.ccode),
        ccode: place.ccode,
        year: place.year,
        says: place.says,
        tables,
        covered,
        first_finds,
        second_finds,
    })
}

fn fewer_rows(work: &mut Shrinking<'_, '_>, scenes: Vec<Scene>) -> Result<Vec<Scene>, Error> {
    let parts: Vec<(usize, Fact)> = scenes
        .iter()
        .enumerate()
        .flat_map(|(at, s)| s.facts.iter().map(move |f| (at, f.clone())))
        .collect();
    let of = |parts: &[(usize, Fact)]| {
        let mut fewer = scenes.clone();
        for (at, scene) in fewer.iter_mut().enumerate() {
            scene.facts = parts.iter().filter(|p| p.0 == at).map(|p| p.1.clone()).collect();
        }
        fewer
    };
    let parts = work.reduce(parts, of)?;
    Ok(of(&parts))
}

/// Tables are covered again where the difference does not rest on it.
fn more_covered(work: &mut Shrinking<'_, '_>, mut scenes: Vec<Scene>) -> Result<Vec<Scene>, Error> {
    for at in 0..scenes.len() {
        let tables: Vec<&'static str> = scenes[at].covered.keys().copied().collect();
        for table in tables {
            if work.spent() {
                return Ok(scenes);
            }
            let mut other = scenes.clone();
            other[at].covered.remove(table);
            if work.shows(&other)?.is_some() {
                scenes = other;
            }
        }
    }
    Ok(scenes)
}

fn fewer_cells(work: &mut Shrinking<'_, '_>, scenes: Vec<Scene>) -> Result<Vec<Scene>, Error> {
    let mut parts: Vec<(usize, usize, &'static str)> = Vec::new();
    for (at, scene) in scenes.iter().enumerate() {
        for (row, fact) in scene.facts.iter().enumerate() {
            let names = fact.cells.keys().filter(|n| !always_a_state(fact.table, n));
            parts.extend(names.map(|name| (at, row, *name)));
        }
    }
    let of = |parts: &[(usize, usize, &'static str)]| {
        let kept: BTreeSet<&(usize, usize, &str)> = parts.iter().collect();
        let mut fewer = scenes.clone();
        for (at, scene) in fewer.iter_mut().enumerate() {
            for (row, fact) in scene.facts.iter_mut().enumerate() {
                let table = fact.table;
                fact.cells.retain(|name, _| {
                    kept.contains(&(at, row, *name)) || always_a_state(table, name)
                });
            }
        }
        fewer
    };
    let parts = work.reduce(parts, of)?;
    Ok(of(&parts))
}

/// Whole numbers in the place of others, and whole years.
fn simpler(work: &mut Shrinking<'_, '_>, mut scenes: Vec<Scene>) -> Result<Vec<Scene>, Error> {
    for at in 0..scenes.len() {
        for row in 0..scenes[at].facts.len() {
            let cells: Vec<(&'static str, Value)> =
                scenes[at].facts[row].cells.iter().map(|(n, v)| (*n, v.clone())).collect();
            for (name, value) in cells {
                let tries = match &value {
                    Value::Float(v) => {
                        [1.0, 10.0, 100.0, v.round()].into_iter().map(Value::Float).collect()
                    }
                    Value::Text(text) if text.len() > 1 => vec![Value::Text("a".to_owned())],
                    _ => Vec::new(),
                };
                for other in tries {
                    if other == value || work.spent() {
                        break;
                    }
                    let mut tried = scenes.clone();
                    tried[at].facts[row].set(name, other);
                    if work.shows(&tried)?.is_some() {
                        scenes = tried;
                        break;
                    }
                }
            }
        }
    }
    Ok(scenes)
}

/// The clauses by which one finds what the other does not.
fn finds(
    bench: &Bench<'_>,
    (first, second): (Side<'_>, Side<'_>),
    scenes: &[Scene],
    place: &Place,
) -> Result<(Vec<Clause>, Vec<Clause>), Error> {
    let evaluated = bench.evaluate(scenes)?;
    let (Ok(a), Ok(b)) = (&evaluated.first, &evaluated.second) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let found = |evaluation: &Evaluation, id: &str| -> Result<Vec<(String, String)>, Error> {
        let rows = evaluation.finding_rows(&[place.ccode], Some(place.year), Some(place.year))?;
        let of = rows.into_iter().filter(|r| &*r.commitment == id).map(|r| r.finding);
        Ok(of
            .map(|f| (f.block, format!("{:?}{}{:?}", f.severity, f.source_row, f.other)))
            .collect())
    };
    let (firsts, seconds) = (found(a, first.commitment)?, found(b, second.commitment)?);
    let only = |of: &[(String, String)], other: &[(String, String)]| -> Vec<String> {
        let new = of.iter().filter(|(_, what)| !other.iter().any(|(_, w)| w == what));
        new.map(|(block, _)| block.clone()).collect()
    };
    let of = |side: Side<'_>, blocks: &[String]| {
        clauses(side.policy, side.commitment, blocks.iter().map(String::as_str))
    };
    Ok((of(first, &only(&firsts, &seconds)), of(second, &only(&seconds, &firsts))))
}

/// Tables without rows that a test of a document has to give, so that its world is the one that was searched.
fn beside(bench: &Bench<'_>, tables: &mut Vec<Shown>, covered: &[(String, Covered)]) {
    let given = |tables: &[Shown], name: &str| tables.iter().any(|t| t.table == name);
    let mut more: Vec<String> = covered.iter().map(|(table, _)| table.clone()).collect();
    for shown in tables.iter() {
        more.extend(comity_policy::left_out_beside(&shown.table).iter().map(|t| (*t).to_owned()));
    }
    for name in more {
        let Some(table) = bench.pool.table(&name).filter(|_| !given(tables, &name)) else {
            continue;
        };
        let time = ["start_year", "year"].into_iter().find(|c| table.column(c).is_some());
        let columns = table.states.first().into_iter().copied().chain(time);
        let mut columns: Vec<String> = columns.map(str::to_owned).collect();
        if columns.is_empty() {
            columns.extend(table.columns.first().map(|c| c.name.to_owned()));
        }
        tables.push(Shown { table: name, columns, rows: Vec::new() });
    }
    tables.sort_by(|a, b| a.table.cmp(&b.table));
}

/// The rows as tables, with the columns that some row fills, in the order of the canonical table.
fn shown(scenes: &[Scene]) -> Vec<Shown> {
    let mut all: Vec<Shown> = Vec::new();
    let facts: Vec<&Fact> = scenes.iter().flat_map(|s| &s.facts).collect();
    let names: BTreeSet<&str> = facts.iter().map(|f| f.table.name).collect();
    for name in names {
        let rows: Vec<&&Fact> = facts.iter().filter(|f| f.table.name == name).collect();
        let columns: Vec<&str> = rows[0]
            .table
            .columns
            .iter()
            .map(|c| c.name)
            .filter(|c| rows.iter().any(|f| f.cells.contains_key(c)))
            .collect();
        let cells = |f: &Fact| -> Vec<String> {
            columns.iter().map(|c| f.cells.get(c).map(Value::text).unwrap_or_default()).collect()
        };
        all.push(Shown {
            table: name.to_owned(),
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            rows: rows.iter().map(|f| cells(f)).collect(),
        });
    }
    all
}
