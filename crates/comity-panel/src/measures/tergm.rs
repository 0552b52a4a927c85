//! A model of the alliances of states over time.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::RecordBatch;
use comity_measures::tergm::{
    DESMARAIS_CRANMER, LEIFELD_CRANMER_DESMARAIS, Options, Step, Term, tergm,
};
use comity_record::columns::{int, ints};

use super::power::capabilities;
use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, Subject, Takes, YEARS};
use crate::measured::{Rows, figures, known, refused};
use crate::portfolios::{OfYear, Spells, portfolios};

/// The category of a portfolio that is a pledge to fight.
const PLEDGE: u8 = 3;

/// Most samples of the bootstrap that may be asked for.
const MOST_SAMPLES: i32 = 10_000;

const TERMS: [&str; 8] = [
    "edges",
    "shared partners",
    "pledge of the year before",
    "contiguity",
    "polity, sum",
    "polity, difference",
    "cinc, sum",
    "cinc, difference",
];

/// A temporal exponential random graph of pledges to fight.
pub(crate) static ALLIANCE_TERGM: Measure = Measure {
    name: "alliance_tergm",
    title: "which states are allied, given who else is: a temporal exponential random graph",
    subject: Subject::Networks,
    doc: "Explains in which years two states owe each other to fight (a pledge of defence or offence by either) by whether they have an ally in common, whether they were allied the year before, whether they are contiguous, and how democratic and how strong they are together and apart. Estimated by pooled maximum pseudolikelihood over the years; the intervals are percentiles of a bootstrap that draws whole years, because pairs of a year are not independent. The first year serves as the year before alone.",
    formula: "logit P(tie_ij | rest) = sum over terms of b (change of the term by the tie); shared partners: geometrically weighted, decay 0",
    unit: "log odds of a tie for one more of the term",
    null: "without samples there is no interval",
    references: &[DESMARAIS_CRANMER, LEIFELD_CRANMER_DESMARAIS],
    reads: &["pledge_dyads", "pledges", "contiguity", "democracy", "capabilities"],
    parameters: &[
        Parameter { default: "1980-2000", ..YEARS },
        Parameter {
            name: "samples",
            takes: Takes::Int,
            default: "100",
            doc: "samples of the bootstrap; 0 for none",
        },
        Parameter {
            name: "seed",
            takes: Takes::Int,
            default: "1",
            doc: "where the random numbers of the samples begin; the same seed gives the same bytes",
        },
    ],
    columns: &[
        Declared { name: "term", kind: Kind::Text, doc: "the term" },
        Declared { name: "estimate", kind: Kind::Real, doc: "its coefficient" },
        Declared {
            name: "low",
            kind: Kind::Real,
            doc: "lower bound of 95 per cent of the samples",
        },
        Declared {
            name: "high",
            kind: Kind::Real,
            doc: "upper bound of 95 per cent of the samples",
        },
        Declared { name: "pairs", kind: Kind::Int, doc: "pairs and years that it rests on" },
        Declared {
            name: "unknown",
            kind: Kind::Int,
            doc: "pairs and years that are left out, because something of them is not known",
        },
        Declared { name: "failed", kind: Kind::Int, doc: "samples that could not be estimated" },
    ],
    made: Computed::Table(rows),
};

fn rows(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let wrong = |name: &str, value: i32| {
        PanelError::new(format!("`{name}` is {value}: 0 to {MOST_SAMPLES} are wanted"))
            .help("the usual values are 100 samples and a seed of 1")
    };
    let at_most = |name: &str| {
        let value = asked.int(name).unwrap_or_default();
        if (0..=MOST_SAMPLES).contains(&value) { Ok(value) } else { Err(wrong(name, value)) }
    };
    let (samples, seed) = (at_most("samples")? as usize, at_most("seed")? as u64);
    let steps = steps(asked)?;
    let options = Options { samples, seed, threads: comity_measures::threads() };
    let fit = tergm(&TERMS, &steps, options).map_err(|e| refused(&ALLIANCE_TERGM, &e))?;
    let all = &fit.coefficients;
    let same = |value: usize| vec![value as i32; all.len()];
    let names: Vec<&str> = all.iter().map(|c| c.name.as_str()).collect();
    Rows::of(&ALLIANCE_TERGM)
        .texts(&names)
        .reals(all.iter().map(|c| Some(c.estimate)).collect())
        .reals(all.iter().map(|c| c.interval.map(|(low, _)| low)).collect())
        .reals(all.iter().map(|c| c.interval.map(|(_, high)| high)).collect())
        .keys(same(fit.pairs))
        .keys(same(fit.left_out))
        .keys(same(fit.failed))
        .finish()
}

/// The network of each year with its terms.
fn steps(asked: &Asked<'_>) -> Result<Vec<Step>, PanelError> {
    let years = portfolios(asked, "alliances")?;
    let contiguous = contiguous(asked)?;
    let polity = polity(asked)?;
    let all = capabilities(asked)?;
    let cinc: BTreeMap<(i32, i32), f64> = (0..all.ccode.len())
        .filter_map(|at| Some(((all.ccode[at], all.year[at]), all.of[at].cinc?)))
        .collect();
    let mut before: BTreeMap<(i32, i32), bool> = BTreeMap::new();
    let mut steps = Vec::new();
    for of in &years {
        let pledged = pledged(of);
        let pairs = |value: &dyn Fn((i32, i32)) -> Option<bool>| -> Vec<Option<f64>> {
            let keys = of.states.iter().flat_map(|a| of.states.iter().map(move |b| (*a, *b)));
            keys.map(|pair| value(pair).map(|held| f64::from(u8::from(held)))).collect()
        };
        let of_states = |values: &BTreeMap<(i32, i32), f64>| -> Vec<Option<f64>> {
            of.states.iter().map(|state| values.get(&(*state, of.year)).copied()).collect()
        };
        let (polity, cinc) = (of_states(&polity), of_states(&cinc));
        let terms = vec![
            Term::Edges,
            Term::SharedPartners(0.0),
            Term::OfPairs(pairs(&|pair| before.get(&pair).copied())),
            Term::OfPairs(pairs(&|(a, b)| Some(contiguous.contains(&(a, b, of.year))))),
            Term::SumOf(polity.clone()),
            Term::DifferenceOf(polity),
            Term::SumOf(cinc.clone()),
            Term::DifferenceOf(cinc),
        ];
        let ties =
            pairs(&|pair| pledged.get(&pair).copied()).into_iter().map(|v| v.map(|v| v > 0.0));
        steps.push(Step { nodes: of.states.len(), ties: ties.collect(), terms });
        before = pledged;
    }
    Ok(steps)
}

/// Whether either of two states owes the other to fight.
fn pledged(of: &OfYear) -> BTreeMap<(i32, i32), bool> {
    let mut all = BTreeMap::new();
    for (a, one) in of.states.iter().enumerate() {
        for (b, two) in of.states.iter().enumerate() {
            all.insert((*one, *two), of.portfolios.category(a, b) == Some(PLEDGE));
        }
    }
    all
}

/// Pairs that are contiguous in any way in a year, in both orders.
fn contiguous(asked: &Asked<'_>) -> Result<BTreeSet<(i32, i32, i32)>, PanelError> {
    asked.needs("contiguity")?;
    let batch = asked.table("contiguity")?;
    let (one, two) = (ints(&batch, "ccode"), ints(&batch, "partner"));
    let years = asked.years().unwrap_or(i32::MIN..=asked.record.last_year());
    let mut all = BTreeSet::new();
    let by_year = Spells::of(asked, asked.reading, "contiguity", &batch).by_year(&years);
    for (year, rows) in by_year {
        for row in rows {
            if let (Some(a), Some(b)) = (int(one, row), int(two, row)) {
                all.extend([(a, b, year), (b, a, year)]);
            }
        }
    }
    Ok(all)
}

/// Polity of each state and year.
fn polity(asked: &Asked<'_>) -> Result<BTreeMap<(i32, i32), f64>, PanelError> {
    asked.needs("democracy")?;
    let batch = asked.table("democracy")?;
    let (ccode, year, polity) =
        (ints(&batch, "ccode"), ints(&batch, "year"), figures(&batch, "polity2"));
    let one = |row: usize| Some(((int(ccode, row)?, int(year, row)?), known(polity, row)?));
    Ok((0..batch.num_rows()).filter_map(one).collect())
}
