//! Conduct against what would be expected of a state with its borders, age, power and partners.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use comity_measures::conduct::{
    Calibration, WARD_GREENHILL_BAKKE, calibration, count_interval, dispersion, held_out,
};
use comity_measures::models::{Design, Family};
use comity_measures::power::BREMER;
use comity_measures::scores::{auc, log_score};

use super::universe::{OUTCOMES, Outcome, Universe};
use crate::cells::Kind;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::measure::{Asked, Computed, Measure, Parameter, STATES, Subject, Takes, YEARS};
use crate::measured::{Rows, refused};

/// Models are fitted to the other years: a year belongs to the fold of its last digit, halved.
const FOLDS: i32 = 5;
/// The probability with which a count lies in its interval.
const LEVEL: f64 = 0.95;
/// Draws of years for the interval of a calibration, and their seed.
const DRAWS: usize = 2_000;
const SEED: u64 = 1816;

/// What a state cannot choose.
const GEOGRAPHY: &[&str] =
    &["land", "sea", "ln_distance", "ln_age_younger", "ln_age_older", "ln_states"];
/// The same, and what it has and with whom.
const FULL: &[&str] = &[
    "land",
    "sea",
    "ln_distance",
    "ln_age_younger",
    "ln_age_older",
    "ln_states",
    "ln_cinc_weaker",
    "ln_cinc_stronger",
    "one_major",
    "two_majors",
    "defense",
    "alliance",
    "ln_igos",
];
/// The usual first model of disputes, to compare with.
const BASELINE: &[&str] = &["contiguous", "cinc_log_ratio", "peace", "peace_2", "peace_3"];

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

const fn whole(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Int, doc }
}

const fn text(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Text, doc }
}

const OUTCOME: Parameter = Parameter {
    name: "outcome",
    takes: Takes::Choice(OUTCOMES),
    default: "disputes",
    doc: "what is counted",
};

/// What is expected of a state.
pub(crate) static CONDUCT: Measure = Measure {
    name: "conduct",
    title: "disputes, wars and sanctions of a state beside those expected of one in its place",
    subject: Subject::Conduct,
    doc: "How many disputes, wars or sanctions a state with its borders and age would be expected to have, and one with its power, alliances and shared organizations too, against those it had. A logit of each pair of states and year is fitted to the other years (five folds), and what it expects of the pairs of a state is summed. Both models are shown: the second takes power as given, and so excuses the powerful. Past disputes are in neither: they would excuse those who had many. It counts what happened, not who was right, and it changes no verdict. The models see all years of the record, whatever years are asked for.",
    formula: "expected_i = sum over j of p_ij; ln(p/(1-p)) = b x: contiguity by land and by sea, ln distance of capitals, ln(1 + age) of both, ln number of states; fuller model: ln cinc of both, great powers, defense pact, alliance, ln(1 + shared organizations). Interval: negative binomial with the variance of sum p(1-p) times the dispersion of held-out counts",
    unit: "events; expected ones are sums of probabilities",
    null: "a pair of which a term or the outcome is not known is left out, of observed and expected events alike; pairs_left_out counts them",
    references: &[WARD_GREENHILL_BAKKE, BREMER],
    reads: &["states"],
    parameters: &[
        OUTCOME,
        Parameter {
            name: "by",
            takes: Takes::Choice(&[
                ("year", "a row for each year"),
                ("state", "one row a state, of all years asked for"),
            ]),
            default: "year",
            doc: "over what events are summed",
        },
        YEARS,
        STATES,
    ],
    columns: &[
        whole("ccode", "state, by its number with the Correlates of War"),
        whole("from_year", "first year that is counted"),
        whole("to_year", "last year that is counted"),
        whole("pairs", "pairs with other states in a year that are counted"),
        whole("pairs_left_out", "pairs of which a term or the outcome is not known"),
        whole("observed", "events that happened in these pairs"),
        real("expected_geography", "events expected by geography and age alone"),
        whole("low_geography", "lower end of the 95 % interval of a count around that"),
        whole("high_geography", "upper end of it"),
        text(
            "standing_geography",
            "more, fewer, or as expected: whether what happened is above, below or inside that interval",
        ),
        real("expected_full", "events expected with power, alliances and shared organizations too"),
        whole("low_full", "lower end of the 95 % interval of a count around that"),
        whole("high_full", "upper end of it"),
        text("standing_full", "more, fewer, or as expected, by the fuller model"),
    ],
    made: Computed::Table(conduct),
};

/// How good these expectations are.
pub(crate) static CONDUCT_CHECK: Measure = Measure {
    name: "conduct_check",
    title: "how good the expectations behind `conduct` are, on years that the models have not seen",
    subject: Subject::Conduct,
    doc: "Scores of the two models of `conduct`, and of a usual model of disputes (contiguity, power ratio and peace years), all on the same pairs and years, each year predicted by a model fitted to others. A ratio of observed to expected events whose interval holds 1 says that a model is right on the whole.",
    formula: "log_score = mean of -ln(probability given to what happened); auc = P(a pair-year with an event was given more than one without); ratio = observed / expected, its interval by drawing whole years 2,000 times",
    unit: "log_score: natural logarithms, less is better; auc: 0.5 to 1, more is better",
    null: "auc: no pair has an event, or all have",
    references: &[WARD_GREENHILL_BAKKE, BREMER],
    reads: &["states"],
    parameters: &[OUTCOME],
    columns: &[
        text("outcome", "what is counted"),
        text("model", "geography, full or baseline"),
        text("terms", "what the model knows of a pair"),
        whole("from_year", "first year"),
        whole("to_year", "last year"),
        whole("pairs", "pairs of states in a year"),
        whole("pairs_left_out", "pairs of which a term or the outcome is not known"),
        whole("events", "events in the pairs counted"),
        real("log_score", "mean logarithmic score"),
        real("auc", "area under the ROC curve"),
        real("ratio", "observed over expected events"),
        real("ratio_low", "lower end of its 95 % interval"),
        real("ratio_high", "upper end of it"),
    ],
    made: Computed::Table(check),
};

/// A fold for each row: years of one fold are two of every ten.
fn folds(years: &[i32]) -> Vec<usize> {
    years.iter().map(|year| (year.rem_euclid(2 * FOLDS) / 2) as usize).collect()
}

fn expected(
    measure: &'static Measure,
    universe: &Universe,
    terms: &[&str],
) -> Result<Vec<f64>, PanelError> {
    let names = terms.iter().map(|name| (*name).to_owned()).collect();
    let columns = terms.iter().map(|name| universe.term(name).to_vec()).collect();
    let design = Design::new(names, columns, true).map_err(|e| refused(measure, &e))?;
    let folds = folds(&universe.year);
    held_out(Family::Logit, "event", &universe.outcome, &design, &folds)
        .map_err(|e| refused(measure, &e))
}

/// What a state had and was expected to have.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    from: i32,
    to: i32,
    pairs: i32,
    left_out: i32,
    observed: f64,
    /// Sums of probabilities, and of their variances, by model.
    expected: [f64; 2],
    variance: [f64; 2],
}

impl Tally {
    fn of(year: i32) -> Self {
        Self { from: year, to: year, ..Self::default() }
    }

    fn reach(&mut self, year: i32) {
        self.from = self.from.min(year);
        self.to = self.to.max(year);
    }
}

fn tallies(
    universe: &Universe,
    by_year: bool,
    expected: &[Vec<f64>; 2],
    counts: impl Fn(i32) -> bool,
) -> BTreeMap<(i32, i32), Tally> {
    let mut all: BTreeMap<(i32, i32), Tally> = BTreeMap::new();
    let key = |state: i32, year: i32| (state, if by_year { year } else { 0 });
    for row in 0..universe.year.len() {
        let year = universe.year[row];
        if !counts(year) {
            continue;
        }
        for state in universe.parties(row) {
            let tally = all.entry(key(state, year)).or_insert_with(|| Tally::of(year));
            tally.reach(year);
            tally.pairs += 1;
            tally.observed += universe.outcome[row];
            for (model, expected) in expected.iter().enumerate() {
                let p = expected[row];
                tally.expected[model] += p;
                tally.variance[model] += p * (1.0 - p);
            }
        }
    }
    for ((state, year), pairs) in universe.left_out.iter().filter(|((_, year), _)| counts(*year)) {
        // A state-year of which no pair is known has no row: nothing is counted there.
        if let Some(tally) = all.get_mut(&key(*state, *year)) {
            tally.left_out += pairs;
        }
    }
    all
}

fn conduct(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let universe = Universe::of(asked, Outcome::named(asked.word("outcome")), false)?;
    let models = [expected(&CONDUCT, &universe, GEOGRAPHY)?, expected(&CONDUCT, &universe, FULL)?];
    let by_year = asked.word("by") != "state";
    // Counts vary around what is expected as those of all states did, in the years that are asked for or in all.
    let all = tallies(&universe, by_year, &models, |year| by_year || asked.has_year(year));
    let over = [0, 1].map(|model| {
        let each =
            |of: fn(&Tally, usize) -> f64| all.values().map(|t| of(t, model)).collect::<Vec<f64>>();
        let (observed, expected) = (each(|t, _| t.observed), each(|t, m| t.expected[m]));
        dispersion(&observed, &expected, &each(|t, m| t.variance[m])).unwrap_or(1.0)
    });
    let shown = all.iter().filter(|((state, _), tally)| {
        asked.has_state(*state) && asked.has_year(tally.from) && asked.has_year(tally.to)
    });
    let shown: Vec<(i32, &Tally)> = shown.map(|((state, _), tally)| (*state, tally)).collect();
    let key = |of: fn(&Tally) -> i32| shown.iter().map(|(_, t)| of(t)).collect::<Vec<i32>>();
    let mut rows = Rows::of(&CONDUCT)
        .keys(shown.iter().map(|(state, _)| *state).collect())
        .keys(key(|t| t.from))
        .keys(key(|t| t.to))
        .keys(key(|t| t.pairs))
        .keys(key(|t| t.left_out))
        .keys(key(|t| t.observed as i32));
    for (model, over) in over.into_iter().enumerate() {
        let interval =
            |t: &Tally| count_interval(t.expected[model], over * t.variance[model], LEVEL);
        let ends: Vec<Option<(u32, u32)>> = shown.iter().map(|(_, t)| interval(t)).collect();
        let standing = |((_, tally), ends): (&(i32, &Tally), &Option<(u32, u32)>)| match ends {
            Some((low, _)) if tally.observed < f64::from(*low) => "fewer",
            Some((_, high)) if tally.observed > f64::from(*high) => "more",
            Some(_) => "as expected",
            None => "",
        };
        let standings: Vec<&str> = shown.iter().zip(&ends).map(standing).collect();
        rows = rows
            .reals(shown.iter().map(|(_, t)| Some(t.expected[model])).collect())
            .ints(ends.iter().map(|e| e.map(|(low, _)| low as i32)).collect())
            .ints(ends.iter().map(|e| e.map(|(_, high)| high as i32)).collect())
            .texts(&standings);
    }
    rows.finish()
}

fn check(asked: &Asked<'_>) -> Result<RecordBatch, PanelError> {
    let outcome = asked.word("outcome");
    let universe = Universe::of(asked, Outcome::named(outcome), true)?;
    let models = [("geography", GEOGRAPHY), ("full", FULL), ("baseline", BASELINE)];
    let span = |last: bool| {
        let years = universe.year.iter().copied();
        (if last { years.max() } else { years.min() }).unwrap_or_default()
    };
    let failed = |e: comity_measures::Error| refused(&CONDUCT_CHECK, &e);
    let (mut scores, mut areas) = (Vec::new(), Vec::new());
    let mut ratios: Vec<Calibration> = Vec::new();
    for (_, terms) in models {
        let expected = expected(&CONDUCT_CHECK, &universe, terms)?;
        scores.push(Some(log_score(&universe.outcome, &expected).map_err(failed)?));
        areas.push(auc(&universe.outcome, &expected).map_err(failed)?);
        let ratio = calibration(&universe.year, &universe.outcome, &expected, DRAWS, SEED);
        ratios.push(ratio.map_err(failed)?);
    }
    let same = |value: i32| vec![value; models.len()];
    let left_out = universe.left_out.values().sum::<i32>() / universe.sides();
    let of = |which: fn(&Calibration) -> f64| ratios.iter().map(|c| Some(which(c))).collect();
    Rows::of(&CONDUCT_CHECK)
        .texts(&[outcome; 3])
        .texts(&models.map(|(name, _)| name))
        .texts(&models.map(|(_, terms)| terms.join(", ")))
        .keys(same(span(false)))
        .keys(same(span(true)))
        .keys(same(universe.year.len() as i32))
        .keys(same(left_out))
        .keys(same(universe.outcome.iter().sum::<f64>() as i32))
        .reals(scores)
        .reals(areas)
        .reals(of(|c| c.ratio))
        .reals(of(|c| c.low))
        .reals(of(|c| c.high))
        .finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "sums of halves and quarters are exact")]

    use super::*;

    /// Three states in two years; what happened between the first two in both.
    fn three(directed: bool) -> Universe {
        let mut universe = Universe::empty(directed);
        for year in [1990, 1991] {
            for (one, two, event) in [(2, 20, 1.0), (2, 40, 0.0), (20, 40, 0.0)] {
                universe.one.push(one);
                universe.two.push(two);
                universe.year.push(year);
                universe.outcome.push(event);
            }
        }
        universe.left_out.insert((40, 1991), 2);
        universe.left_out.insert((70, 1991), 3);
        universe
    }

    #[test]
    fn an_event_of_a_pair_is_of_both_and_a_sanction_of_who_imposes_it() {
        let expected = [vec![0.5; 6], vec![0.25; 6]];
        let years = tallies(&three(false), true, &expected, |_| true);
        let two = years[&(2, 1990)];
        assert_eq!((two.pairs, two.observed, two.expected), (2, 1.0, [1.0, 0.5]));
        assert_eq!(two.variance, [0.5, 0.375]);
        assert_eq!(years[&(20, 1991)].observed, 1.0);
        assert_eq!((years[&(40, 1991)].observed, years[&(40, 1991)].left_out), (0.0, 2));
        // A state of which nothing is known has no row.
        assert!(!years.contains_key(&(70, 1991)));
        let directed = tallies(&three(true), true, &expected, |_| true);
        assert_eq!(directed[&(20, 1990)].observed, 0.0);
        assert!(!directed.contains_key(&(40, 1990)));
    }

    #[test]
    fn the_years_of_a_state_are_added_up_where_that_is_asked_for() {
        let expected = [vec![0.5; 6], vec![0.25; 6]];
        let states = tallies(&three(false), false, &expected, |_| true);
        let two = states[&(2, 0)];
        assert_eq!((two.from, two.to, two.pairs, two.observed), (1990, 1991, 4, 2.0));
        let one_year = tallies(&three(false), false, &expected, |year| year == 1990);
        assert_eq!((one_year[&(2, 0)].to, one_year[&(40, 0)].left_out), (1990, 0));
    }

    #[test]
    fn folds_are_of_whole_years() {
        assert_eq!(folds(&[1990, 1991, 1992, 1999, 2000, -1]), [0, 0, 1, 4, 0, 4]);
    }
}
