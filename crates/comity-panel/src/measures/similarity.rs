//! Similarity of foreign policy, for every pair of states of a year.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use comity_measures::Reference;
use comity_measures::similarity::{
    BUENO_DE_MESQUITA, COHEN, HAEGE, SCOTT, SIGNORINO_RITTER, Scores, all_pairs,
};

use super::power::capabilities;
use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, Takes, YEARS};
use crate::measured::{Rows, refused};
use crate::portfolios::{OfYear, PORTFOLIOS, portfolios, tables};

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

const fn int(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Int, doc }
}

const CCODE1: Declared = int("ccode1", "the first state, the one with the smaller number");
const CCODE2: Declared = int("ccode2", "the second state");
const YEAR: Declared = int("year", "year");
const ITEMS: Declared =
    real("items", "items in which both are known, or their weight where they are weighted");
const NO_SCORE: Declared =
    Declared { name: "no_score", kind: Kind::Text, doc: "why a score is null; null where none is" };
const S_ABS: Declared = real("s_abs", "S with absolute distances");
const S_SQ: Declared = real("s_sq", "S with squared distances");
const S_BINARY: Declared = real("s_binary", "S of any tie against none");
const KAPPA_ABS: Declared = real("kappa_abs", "kappa with absolute distances");
const KAPPA_SQ: Declared = real("kappa_sq", "kappa with squared distances");
const KAPPA_BINARY: Declared = real("kappa_binary", "kappa of any tie against none");
const PI_ABS: Declared = real("pi_abs", "pi with absolute distances");
const PI_SQ: Declared = real("pi_sq", "pi with squared distances");
const PI_BINARY: Declared = real("pi_binary", "pi of any tie against none");
const TAU: Declared = real("tau_b", "Kendall's tau-b of the ranks");

const PARAMETERS: &[Parameter] = &[
    Parameter {
        name: "portfolio",
        takes: Takes::Choice(PORTFOLIOS),
        default: "alliances",
        doc: "whose similarity is measured",
    },
    YEARS,
    STATES,
    Parameter {
        name: "weights",
        takes: Takes::Choice(&[
            ("equal", "every item counts the same"),
            (
                "capability",
                "a state counts by its composite index of national capability; one whose index is not known does not count",
            ),
        ]),
        default: "equal",
        doc: "what each item counts; only states can be weighted by capability",
    },
    Parameter {
        name: "list",
        takes: Takes::Choice(&[
            ("atop", "Alliance Treaty Obligations and Provisions"),
            ("cow", "COW Formal Alliances"),
        ]),
        default: "",
        doc: "whose alliances; without it those of the record's reading",
    },
];

const READS: &[&str] =
    &["pledge_dyads", "pledges", "votes", "memberships", "diplomatic_exchange", "capabilities"];

const NULL: &str = "there is no item in which both are known; of kappa, pi and tau-b also where chance alone would give perfect agreement";

/// A score of a pair.
type Score = fn(&Scores) -> Option<f64>;

/// Everything at once.
pub(crate) static SIMILARITY: Measure = of(
    "similarity",
    "similarity of foreign policy by every measure: S, kappa, pi, tau-b",
    "How alike two states stand to the rest of the world: whom they are allied with, how they vote, which organisations they belong to, where they are represented. S rises with everything that two states have in common, also with what all states have in common; kappa and pi count only what is more than chance would give (Häge 2011), kappa with the ties that each has by itself, pi with those of both pooled.",
    "S = 1 - 2 sum w d(x,y) / (d_max sum w); kappa, pi = 1 - D_observed / D_expected; d(x,y) = |x-y| or (x-y)^2",
    &[SIGNORINO_RITTER, HAEGE, COHEN, SCOTT, BUENO_DE_MESQUITA],
    &[
        CCODE1,
        CCODE2,
        YEAR,
        ITEMS,
        S_ABS,
        S_SQ,
        S_BINARY,
        KAPPA_ABS,
        KAPPA_SQ,
        KAPPA_BINARY,
        PI_ABS,
        PI_SQ,
        PI_BINARY,
        TAU,
        NO_SCORE,
    ],
    |asked| {
        let of: [Score; 10] = [
            |s| s.s_abs,
            |s| s.s_sq,
            |s| s.s_binary,
            |s| s.kappa_abs,
            |s| s.kappa_sq,
            |s| s.kappa_binary,
            |s| s.pi_abs,
            |s| s.pi_sq,
            |s| s.pi_binary,
            |s| s.tau_b,
        ];
        pairs(asked, &of)
    },
);

/// S.
pub(crate) static S_SCORE: Measure = of(
    "s_score",
    "Signorino and Ritter's S of two foreign policies",
    "How near two portfolios are: 1 where they are the same in everything, -1 where they are as far apart as the scale allows. As most states have no ties to each other, S of alliances is high for most pairs; see kappa and scott-pi.",
    "S = 1 - 2 sum w d(x,y) / (d_max sum w); d(x,y) = |x-y| (absolute) or (x-y)^2 (squared); a state's tie to itself is the highest",
    &[SIGNORINO_RITTER],
    &[CCODE1, CCODE2, YEAR, ITEMS, S_ABS, S_SQ, S_BINARY, NO_SCORE],
    |asked| pairs(asked, &[|s| s.s_abs, |s| s.s_sq, |s| s.s_binary]),
);

/// Cohen's κ.
pub(crate) static KAPPA: Measure = of(
    "kappa",
    "Cohen's kappa of two foreign policies",
    "Agreement of two portfolios over what each state's own distribution of ties would give by chance: 1 where they are the same, 0 where they agree as often as by chance.",
    "kappa = 1 - D_o / D_e; D_o = sum n_kl d(k,l); D_e = sum n_k. n_.l d(k,l) / n",
    &[HAEGE, COHEN],
    &[CCODE1, CCODE2, YEAR, ITEMS, KAPPA_ABS, KAPPA_SQ, KAPPA_BINARY, NO_SCORE],
    |asked| pairs(asked, &[|s| s.kappa_abs, |s| s.kappa_sq, |s| s.kappa_binary]),
);

/// Scott's π.
pub(crate) static SCOTT_PI: Measure = of(
    "scott_pi",
    "Scott's pi of two foreign policies",
    "Agreement of two portfolios over what the ties of both states pooled would give by chance: 1 where they are the same, 0 where they agree as often as by chance. A difference in how many ties two states have counts as disagreement.",
    "pi = 1 - D_o / D_e; D_e = sum m_k m_l d(k,l) / n, m_k = (n_k. + n_.k) / 2",
    &[HAEGE, SCOTT],
    &[CCODE1, CCODE2, YEAR, ITEMS, PI_ABS, PI_SQ, PI_BINARY, NO_SCORE],
    |asked| pairs(asked, &[|s| s.pi_abs, |s| s.pi_sq, |s| s.pi_binary]),
);

/// Kendall's τ-b.
pub(crate) static TAU_B: Measure = of(
    "tau_b",
    "Kendall's tau-b of two foreign policies",
    "The rank correlation of two portfolios. It was the first measure of the similarity of alliances, and is given to rebuild what used it: it measures association, not agreement (Signorino and Ritter 1999).",
    "tau-b = (C - D) / sqrt((n0 - n1)(n0 - n2)); C, D: concordant and discordant pairs of items; n1, n2: pairs tied in each",
    &[BUENO_DE_MESQUITA, SIGNORINO_RITTER],
    &[CCODE1, CCODE2, YEAR, ITEMS, TAU, NO_SCORE],
    |asked| pairs(asked, &[|s| s.tau_b]),
);

const fn of(
    name: &'static str,
    title: &'static str,
    doc: &'static str,
    formula: &'static str,
    references: &'static [Reference],
    columns: &'static [Declared],
    rows: fn(&Asked<'_>) -> Result<RecordBatch, PanelError>,
) -> Measure {
    Measure {
        name,
        title,
        subject: Subject::Similarity,
        doc,
        formula,
        unit: "score, -1 to 1",
        null: NULL,
        references,
        reads: READS,
        parameters: PARAMETERS,
        columns,
        made: Computed::ByChoice { rows, reads },
    }
}

/// The tables behind what was chosen.
fn reads(asked: &Asked<'_>) -> Vec<&'static str> {
    let mut all = tables(asked.word("portfolio")).to_vec();
    if asked.word("weights") == "capability" {
        all.push("capabilities");
    }
    all
}

/// These scores of all pairs that are asked for.
fn pairs(asked: &Asked<'_>, scores: &[Score]) -> Result<RecordBatch, PanelError> {
    let years = portfolios(asked, asked.word("portfolio"))?;
    let weights = weights(asked, &years)?;
    let mut sets = Vec::with_capacity(years.len());
    let mut keys = Vec::with_capacity(years.len());
    for (of, weights) in years.into_iter().zip(weights) {
        sets.push((of.portfolios, weights));
        keys.push((of.year, of.states));
    }
    let all = all_pairs(&sets, comity_measures::threads())
        .map_err(|error| refused(asked.measure, &error))?;
    let (mut ones, mut twos, mut of_year, mut kept) = (vec![], vec![], vec![], vec![]);
    for ((year, states), scored) in keys.iter().zip(&all) {
        let mut next = scored.iter();
        for (at, one) in states.iter().enumerate() {
            for two in &states[at + 1..] {
                let Some(score) = next.next() else { continue };
                if asked.has_pair(*one, *two) {
                    ones.push(*one);
                    twos.push(*two);
                    of_year.push(*year);
                    kept.push(score);
                }
            }
        }
    }
    let mut rows = Rows::of(asked.measure).keys(ones).keys(twos).keys(of_year);
    rows = rows.reals(kept.iter().map(|s| Some(s.items)).collect());
    for score in scores {
        rows = rows.reals(kept.iter().map(|s| score(s)).collect());
    }
    // The reason is that of the first score that is missing: said where one of these is.
    let why = |s: &&Scores| match s.no_score {
        Some(why) if scores.iter().any(|score| score(s).is_none()) => why.words(),
        _ => "",
    };
    let why: Vec<&str> = kept.iter().map(why).collect();
    rows.texts(&why).finish()
}

/// The weight of each item of each year; none where all count the same.
fn weights(asked: &Asked<'_>, years: &[OfYear]) -> Result<Vec<Option<Vec<f64>>>, PanelError> {
    if asked.word("weights") != "capability" {
        return Ok(vec![None; years.len()]);
    }
    let portfolio = asked.word("portfolio");
    if matches!(portfolio, "votes" | "igos") {
        return Err(PanelError::new(format!(
            "`{}`: the items of `{portfolio}` are not states and have no capability",
            asked.measure.name
        ))
        .help("weigh alliances or embassies"));
    }
    let all = capabilities(asked)?;
    let index: BTreeMap<(i32, i32), f64> = (0..all.ccode.len())
        .filter_map(|at| Some(((all.year[at], all.ccode[at]), all.of[at].cinc?)))
        .collect();
    let of = |year: &OfYear| {
        let weight = |state: &i32| index.get(&(year.year, *state)).copied().unwrap_or(0.0);
        Some(year.items.iter().map(weight).collect())
    };
    Ok(years.iter().map(of).collect())
}
