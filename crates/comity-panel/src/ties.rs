//! Ties between states, year by year, as networks: alliances, agreement, memberships, trade, arms, exercises, and all of these in practice.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use comity_measures::networks::Graph;
use comity_measures::similarity::{Scores, all_pairs};
use comity_record::columns::{int, ints, text, texts};

use super::error::PanelError;
use super::measure::Asked;
use super::measured::refused;
use super::portfolios::{OfYear, Spells, measured_years, portfolios};

/// What ties can be.
pub(crate) const TIES: &[(&str, &str)] = &[
    (
        "alliances",
        "alliance commitments: defence or offence 1, neutrality or consultation 2/3, non-aggression 1/3",
    ),
    (
        "agreement",
        "votes in the General Assembly: how far the agreement of two states is above that of the median pair of the year",
    ),
    ("igos", "organisations of which both are full members"),
    ("trade", "imports and exports between the two, in current US dollars"),
    ("arms", "major arms delivered from one to the other in the year"),
    ("exercises", "military exercises of the year in which both took part"),
    (
        "practice",
        "agreement, alliances, arms, exercises and trade together: each evened out by the ties of both states, all kinds that are known in the year with the same weight",
    ),
];

/// The kinds of ties that are taken together.
const IN_PRACTICE: [&str; 5] = ["agreement", "alliances", "arms", "exercises", "trade"];

/// The tables behind each.
pub(crate) fn tables(ties: &str) -> Vec<&'static str> {
    match ties {
        "alliances" => vec!["pledge_dyads", "pledges"],
        "agreement" => vec!["votes"],
        "igos" => vec!["memberships"],
        "trade" => vec!["trade"],
        "arms" => vec!["arms_transfers"],
        "exercises" => vec!["exercises"],
        _ => IN_PRACTICE.iter().flat_map(|kind| tables(kind)).collect(),
    }
}

/// The network of one year.
pub(crate) struct Network {
    pub year: i32,
    /// The states that are the nodes, by number.
    pub states: Vec<i32>,
    pub graph: Graph,
    /// The kinds of ties that are known in the year.
    pub kinds: Vec<&'static str>,
}

/// Ties of one year: pairs of states with their weight.
type Pairs = BTreeMap<(i32, i32), f64>;

/// What is known of one kind of tie: of each year the ties, and of states without any that they are covered.
#[derive(Default)]
struct Known {
    years: BTreeMap<i32, (Pairs, BTreeSet<i32>)>,
}

impl Known {
    /// Adds to the tie of a pair.
    fn add(&mut self, year: i32, a: i32, b: i32, weight: f64) {
        let (pairs, states) = self.years.entry(year).or_default();
        states.extend([a, b]);
        if a != b && weight > 0.0 {
            *pairs.entry((a.min(b), a.max(b))).or_default() += weight;
        }
    }
}

/// The networks of the years that are asked for.
pub(crate) fn networks(asked: &Asked<'_>, ties: &str) -> Result<Vec<Network>, PanelError> {
    if ties != "practice" {
        let known = known(asked, ties)?;
        let name = TIES.iter().map(|(name, _)| *name).find(|name| *name == ties);
        let name = name.unwrap_or("alliances");
        let one = |(year, (pairs, states)): (i32, (Pairs, BTreeSet<i32>))| {
            let states: Vec<i32> = states.into_iter().collect();
            let graph = graph(asked, &states, &pairs)?;
            Ok(Network { year, states, graph, kinds: vec![name] })
        };
        return known.years.into_iter().map(one).collect();
    }
    let mut kinds: Vec<(&'static str, Known)> = Vec::new();
    for kind in IN_PRACTICE {
        // A kind whose dataset the record has not is left out, and the rows say which were there.
        if tables(kind).iter().any(|table| asked.record.holds(table, asked.reading)) {
            kinds.push((kind, known(asked, kind)?));
        }
    }
    let years: BTreeSet<i32> = kinds.iter().flat_map(|(_, k)| k.years.keys().copied()).collect();
    years.into_iter().map(|year| together(asked, &kinds, year)).collect()
}

/// All kinds of ties of a year in one network.
fn together(
    asked: &Asked<'_>,
    kinds: &[(&'static str, Known)],
    year: i32,
) -> Result<Network, PanelError> {
    let of_year: Vec<(&'static str, &(Pairs, BTreeSet<i32>))> =
        kinds.iter().filter_map(|(kind, k)| Some((*kind, k.years.get(&year)?))).collect();
    let states: BTreeSet<i32> = of_year.iter().flat_map(|(_, (_, s))| s.iter().copied()).collect();
    let states: Vec<i32> = states.into_iter().collect();
    let mut layers = Vec::new();
    for (_, (pairs, _)) in &of_year {
        layers.push(graph(asked, &states, pairs)?.evened());
    }
    let graph = Graph::together(&layers).map_err(|e| refused(asked.measure, &e))?;
    Ok(Network { year, states, graph, kinds: of_year.into_iter().map(|(kind, _)| kind).collect() })
}

fn graph(asked: &Asked<'_>, states: &[i32], pairs: &Pairs) -> Result<Graph, PanelError> {
    let place = |ccode: &i32| states.binary_search(ccode).ok();
    let tie = |((a, b), weight): (&(i32, i32), &f64)| Some((place(a)?, place(b)?, *weight));
    let ties: Vec<_> = pairs.iter().filter_map(tie).collect();
    Graph::of(states.len(), &ties).map_err(|e| refused(asked.measure, &e))
}

fn known(asked: &Asked<'_>, kind: &str) -> Result<Known, PanelError> {
    match kind {
        "agreement" => agreement(asked),
        "igos" => shared(asked),
        "trade" => trade(asked),
        "arms" => arms(asked),
        "exercises" => exercises(asked),
        _ => alliances(asked),
    }
}

/// What each pair of portfolios has, by a function of how often two categories meet.
fn of_portfolios(years: Vec<OfYear>, weight: impl Fn(&OfYear, usize, usize) -> f64) -> Known {
    let mut known = Known::default();
    for of in years {
        let entry = known.years.entry(of.year).or_default();
        entry.1.extend(&of.states);
        for a in 0..of.states.len() {
            for b in a + 1..of.states.len() {
                let tie = weight(&of, a, b);
                if tie > 0.0 {
                    entry.0.insert((of.states[a], of.states[b]), tie);
                }
            }
        }
    }
    known
}

fn alliances(asked: &Asked<'_>) -> Result<Known, PanelError> {
    let years = portfolios(asked, "alliances")?;
    Ok(of_portfolios(years, |of, a, b| f64::from(of.portfolios.category(a, b).unwrap_or(0)) / 3.0))
}

fn shared(asked: &Asked<'_>) -> Result<Known, PanelError> {
    let years = portfolios(asked, "igos")?;
    Ok(of_portfolios(years, |of, a, b| f64::from(of.portfolios.in_common(a, b, 1))))
}

fn agreement(asked: &Asked<'_>) -> Result<Known, PanelError> {
    let years = portfolios(asked, "votes")?;
    let (mut keys, mut sets) = (Vec::new(), Vec::new());
    for of in years {
        keys.push((of.year, of.states));
        sets.push((of.portfolios, None));
    }
    let all =
        all_pairs(&sets, comity_measures::threads()).map_err(|e| refused(asked.measure, &e))?;
    let mut known = Known::default();
    for ((year, states), scores) in keys.into_iter().zip(all) {
        let entry = known.years.entry(year).or_default();
        let middle = median(&scores);
        let pairs = (0..states.len()).flat_map(|a| (a + 1..states.len()).map(move |b| (a, b)));
        for ((a, b), score) in pairs.zip(&scores) {
            let above = score.s_abs.zip(middle).map_or(0.0, |(s, middle)| s - middle);
            if above > 0.0 {
                entry.0.insert((states[a], states[b]), above);
            }
        }
        entry.1.extend(states);
    }
    Ok(known)
}

/// The middle of the agreement of all pairs.
fn median(scores: &[Scores]) -> Option<f64> {
    let mut all: Vec<f64> = scores.iter().filter_map(|s| s.s_abs).collect();
    all.sort_unstable_by(f64::total_cmp);
    let middle = all.len() / 2;
    let high = *all.get(middle)?;
    Some(if all.len() % 2 == 1 { high } else { f64::midpoint(high, all[middle - 1]) })
}

fn trade(asked: &Asked<'_>) -> Result<Known, PanelError> {
    asked.needs("trade")?;
    let batch = asked.table("trade")?;
    let (ccode, partner, year) =
        (ints(&batch, "ccode"), ints(&batch, "partner"), ints(&batch, "year"));
    let imports = batch.column_by_name("imports").map(|c| c.as_primitive::<Float64Type>());
    let mut known = Known::default();
    for row in 0..batch.num_rows() {
        let (Some(a), Some(b), Some(year)) =
            (int(ccode, row), int(partner, row), int(year, row).filter(|y| asked.has_year(*y)))
        else {
            continue;
        };
        // The rows of both have what each imports from the other.
        if let Some(flow) = imports.filter(|c| c.is_valid(row)).map(|c| c.value(row)) {
            known.add(year, a, b, flow);
        }
    }
    Ok(known)
}

/// The rows of each year of a table of spells, and whether a row has these two states.
fn by_year(
    asked: &Asked<'_>,
    table: &str,
) -> Result<(RecordBatch, BTreeMap<i32, Vec<usize>>), PanelError> {
    asked.needs(table)?;
    let batch = asked.table(table)?;
    let years = measured_years(asked, Some((i32::MIN, asked.record.last_year())));
    let rows = Spells::of(asked, asked.reading, table, &batch).by_year(&years);
    Ok((batch, rows))
}

fn arms(asked: &Asked<'_>) -> Result<Known, PanelError> {
    let (batch, years) = by_year(asked, "arms_transfers")?;
    let (supplier, recipient) = (ints(&batch, "supplier"), ints(&batch, "recipient"));
    let (first, last) = (ints(&batch, "start_year"), ints(&batch, "end_year"));
    let tiv = batch.column_by_name("tiv_delivered").map(|c| c.as_primitive::<Float64Type>());
    let mut known = Known::default();
    for (year, rows) in years {
        for row in rows {
            let (Some(a), Some(b)) = (int(supplier, row), int(recipient, row)) else { continue };
            let Some(value) = tiv.filter(|c| c.is_valid(row)).map(|c| c.value(row)) else {
                continue;
            };
            // A deal over several years is delivered in equal parts.
            let span = int(last, row).zip(int(first, row)).map_or(1, |(to, from)| to - from + 1);
            known.add(year, a, b, value / f64::from(span.max(1)));
        }
    }
    Ok(known)
}

fn exercises(asked: &Asked<'_>) -> Result<Known, PanelError> {
    let (batch, years) = by_year(asked, "exercises")?;
    let (ccode, id) = (ints(&batch, "ccode"), texts(&batch, "exercise_id"));
    let mut known = Known::default();
    for (year, rows) in years {
        let mut parties: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
        for row in rows {
            if let Some(state) = int(ccode, row) {
                parties.entry(text(id, row)).or_default().insert(state);
            }
        }
        for states in parties.values() {
            let states: Vec<i32> = states.iter().copied().collect();
            for (at, a) in states.iter().enumerate() {
                states[at + 1..].iter().for_each(|b| known.add(year, *a, *b, 1.0));
            }
        }
    }
    Ok(known)
}
