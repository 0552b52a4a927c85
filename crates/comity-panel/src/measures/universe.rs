//! The pairs of states, year by year, among which events are counted, with what a model may know of each.

use std::collections::BTreeMap;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use comity_record::columns::{int, ints};

use crate::build::Panel;
use crate::error::PanelError;
use crate::measure::Asked;
use crate::request::Request;

/// What can be counted, each with what it is.
pub(super) const OUTCOMES: &[(&str, &str)] = &[
    (
        "disputes",
        "pairs of states between which a militarized dispute began in the year, by the Correlates of War",
    ),
    (
        "wars",
        "pairs of states between which battles of a war began in the year, by the list of dyadic wars",
    ),
    (
        "sanctions",
        "states against which the state imposed sanctions that it had not imposed in the year before",
    ),
];

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Disputes,
    Wars,
    Sanctions,
}

impl Outcome {
    pub fn named(name: &str) -> Self {
        match name {
            "wars" => Self::Wars,
            "sanctions" => Self::Sanctions,
            _ => Self::Disputes,
        }
    }

    /// The group of a panel that has it, and its column.
    fn group(self) -> (&'static str, &'static str) {
        match self {
            Self::Disputes => ("disputes:cow", "cowmidonset"),
            Self::Wars => ("wars:dyadic", "cowdyadiconset"),
            Self::Sanctions => ("sanctions", "sanction"),
        }
    }

    /// The count of years since the last one.
    fn peace(self) -> (&'static str, &'static str) {
        match self {
            Self::Disputes => ("peace-years", "cowmidspell"),
            Self::Wars => ("peace-years", "cowdyadicspell"),
            Self::Sanctions => ("peace-years:sanction", "sanctionspell"),
        }
    }
}

/// Rows of pairs and years of which everything is known, and how many are left out.
pub(super) struct Universe {
    pub one: Vec<i32>,
    pub two: Vec<i32>,
    pub year: Vec<i32>,
    /// 1 where there was an event, else 0.
    pub outcome: Vec<f64>,
    terms: Vec<(&'static str, Vec<f64>)>,
    /// Pairs that are left out, by state and year.
    pub left_out: BTreeMap<(i32, i32), i32>,
    /// Whether an event is the first state's alone.
    directed: bool,
}

/// The columns of a panel as numbers, missing ones as `None`.
struct Columns<'a> {
    batch: &'a RecordBatch,
}

impl Columns<'_> {
    fn get(&self, name: &str) -> Result<Vec<Option<f64>>, PanelError> {
        let column = self.batch.column_by_name(name).ok_or_else(|| {
            PanelError::new(format!("the panel behind this measure has no column `{name}`"))
        })?;
        let column = cast(column, &DataType::Float64)?;
        Ok(column.as_primitive::<Float64Type>().iter().collect())
    }

    fn keys(&self, name: &str) -> Vec<i32> {
        let column = self.batch.column_by_name(name).map(|c| cast(c, &DataType::Int32));
        match column {
            Some(Ok(column)) => column.as_primitive::<Int32Type>().values().to_vec(),
            _ => Vec::new(),
        }
    }
}

impl Universe {
    /// All pairs of the record; with what the baseline knows too, where it is wanted.
    pub fn of(asked: &Asked<'_>, outcome: Outcome, baseline: bool) -> Result<Self, PanelError> {
        let directed = outcome == Outcome::Sanctions;
        let mut with =
            vec!["contiguity:first", "distance:capital", "nmc", "majors", "pledges:atop", "igos"];
        with.push(outcome.group().0);
        if baseline {
            with.push(outcome.peace().0);
        }
        let request = Request {
            unit: "dyad-years".into(),
            directed,
            with: with.into_iter().map(str::to_owned).collect(),
            reading: Some(asked.reading.clone()),
            ..Request::default()
        };
        let panel = Panel::prepare(asked.record, &request.spec(asked.record)?)?;
        let first = first_years(asked)?;
        let mut universe = Self::empty(directed);
        let mut before = None;
        for batch in panel.batches()? {
            universe.add(&batch, outcome, baseline, &first, &mut before)?;
        }
        if universe.year.is_empty() {
            return Err(PanelError::new(format!(
                "`{}`: there is no pair of states and year of which everything is known",
                asked.measure.name
            ))
            .help("`comity record sources` lists the datasets and what each answers"));
        }
        universe.count_states();
        Ok(universe)
    }

    pub(super) fn empty(directed: bool) -> Self {
        Self {
            one: Vec::new(),
            two: Vec::new(),
            year: Vec::new(),
            outcome: Vec::new(),
            terms: Vec::new(),
            left_out: BTreeMap::new(),
            directed,
        }
    }

    /// A term of a model, a value for each row.
    pub fn term(&self, name: &str) -> &[f64] {
        self.terms.iter().find(|(known, _)| *known == name).map_or(&[], |(_, values)| values)
    }

    /// The states whose event one in this row is.
    pub fn parties(&self, row: usize) -> impl Iterator<Item = i32> {
        [Some(self.one[row]), Some(self.two[row]).filter(|_| !self.directed)].into_iter().flatten()
    }

    /// How many states have an event in common.
    pub fn sides(&self) -> i32 {
        if self.directed { 1 } else { 2 }
    }

    fn add(
        &mut self,
        batch: &RecordBatch,
        outcome: Outcome,
        baseline: bool,
        first: &BTreeMap<i32, i32>,
        before: &mut Option<((i32, i32, i32), Option<f64>)>,
    ) -> Result<(), PanelError> {
        let columns = Columns { batch };
        let (one, two, year) =
            (columns.keys("ccode1"), columns.keys("ccode2"), columns.keys("year"));
        let happened = columns.get(outcome.group().1)?;
        let happened = if outcome == Outcome::Sanctions {
            begun(&one, &two, &year, &happened, before)
        } else {
            happened
        };
        let age = |states: &[i32]| -> Vec<Option<f64>> {
            let since = |(state, year): (&i32, &i32)| Some(f64::from(year - first.get(state)?));
            states.iter().zip(&year).map(since).collect()
        };
        let mut terms = known(&columns, &age(&one), &age(&two))?;
        if baseline {
            terms.extend(peace(&columns.get(outcome.peace().1)?));
        }
        if self.terms.is_empty() {
            self.terms = terms.iter().map(|(name, _)| (*name, Vec::new())).collect();
        }
        for row in 0..batch.num_rows() {
            let all: Option<Vec<f64>> =
                terms.iter().map(|(_, values)| values[row].filter(|v| v.is_finite())).collect();
            let (Some(event), Some(all)) = (happened[row], all) else {
                let sides = [one[row], two[row]];
                for state in sides.into_iter().take(self.sides() as usize) {
                    *self.left_out.entry((state, year[row])).or_default() += 1;
                }
                continue;
            };
            self.one.push(one[row]);
            self.two.push(two[row]);
            self.year.push(year[row]);
            self.outcome.push(f64::from(event > 0.0));
            self.terms.iter_mut().zip(all).for_each(|((_, values), value)| values.push(value));
        }
        Ok(())
    }

    /// The logarithm of the number of states of each year: the more there are, the less is there between any two.
    fn count_states(&mut self) {
        let mut states: BTreeMap<i32, std::collections::BTreeSet<i32>> = BTreeMap::new();
        for row in 0..self.year.len() {
            states.entry(self.year[row]).or_default().extend([self.one[row], self.two[row]]);
        }
        let count = |year: &i32| states.get(year).map_or(0.0, |s| (s.len() as f64).ln());
        let values = self.year.iter().map(count).collect();
        self.terms.push(("ln_states", values));
    }
}

/// The first year of each state in the system.
fn first_years(asked: &Asked<'_>) -> Result<BTreeMap<i32, i32>, PanelError> {
    let states = asked.table("states")?;
    let (ccode, start) = (ints(&states, "ccode"), ints(&states, "start_year"));
    let mut first = BTreeMap::new();
    for row in 0..states.num_rows() {
        if let (Some(state), Some(year)) = (int(ccode, row), int(start, row)) {
            first.entry(state).and_modify(|y: &mut i32| *y = year.min(*y)).or_insert(year);
        }
    }
    Ok(first)
}

type Terms = Vec<(&'static str, Vec<Option<f64>>)>;

/// What the models and the baseline know of a pair.
fn known(
    columns: &Columns<'_>,
    age1: &[Option<f64>],
    age2: &[Option<f64>],
) -> Result<Terms, PanelError> {
    let contiguity = columns.get("conttype")?;
    let map = |values: &[Option<f64>], f: &dyn Fn(f64) -> f64| -> Vec<Option<f64>> {
        values.iter().map(|v| v.map(f)).collect()
    };
    let both = |a: &[Option<f64>], b: &[Option<f64>], f: &dyn Fn(f64, f64) -> f64| {
        a.iter().zip(b).map(|(a, b)| Some(f((*a)?, (*b)?))).collect::<Vec<Option<f64>>>()
    };
    let (cinc1, cinc2) = (columns.get("cinc1")?, columns.get("cinc2")?);
    let (major1, major2) = (columns.get("cowmaj1")?, columns.get("cowmaj2")?);
    // A share of nothing at all (micro-states) is the smallest that is published.
    let ln_share = |share: f64| share.max(1e-7).ln();
    Ok(vec![
        ("land", map(&contiguity, &|c| f64::from((0.5..1.5).contains(&c)))),
        ("sea", map(&contiguity, &|c| f64::from(c > 1.0))),
        ("contiguous", map(&contiguity, &|c| f64::from(c > 0.0))),
        ("ln_distance", map(&columns.get("capdist")?, &|km| km.max(1.0).ln())),
        ("ln_age_younger", both(age1, age2, &|a, b| a.min(b).max(0.0).ln_1p())),
        ("ln_age_older", both(age1, age2, &|a, b| a.max(b).max(0.0).ln_1p())),
        ("ln_cinc_weaker", both(&cinc1, &cinc2, &|a, b| ln_share(a.min(b)))),
        ("ln_cinc_stronger", both(&cinc1, &cinc2, &|a, b| ln_share(a.max(b)))),
        ("cinc_log_ratio", both(&cinc1, &cinc2, &|a, b| ln_share(a.max(b)) - ln_share(a.min(b)))),
        ("one_major", both(&major1, &major2, &|a, b| f64::from(a + b >= 1.0))),
        ("two_majors", both(&major1, &major2, &|a, b| f64::from(a + b >= 2.0))),
        ("defense", columns.get("atop_defense")?),
        ("alliance", columns.get("atop_alliance")?),
        ("ln_igos", map(&columns.get("dyadigos")?, &f64::ln_1p)),
    ])
}

/// Peace years with their square and cube, on scales near 1.
fn peace(years: &[Option<f64>]) -> Terms {
    let power = |to: i32| years.iter().map(|t| t.map(|t| (t / 10.0).powi(to))).collect();
    vec![("peace", power(1)), ("peace_2", power(2)), ("peace_3", power(3))]
}

/// 1 where something is there that was not in the year before, of pairs in their order; not known where the year before is not.
fn begun(
    one: &[i32],
    two: &[i32],
    year: &[i32],
    there: &[Option<f64>],
    before: &mut Option<((i32, i32, i32), Option<f64>)>,
) -> Vec<Option<f64>> {
    let mut all = Vec::with_capacity(year.len());
    for row in 0..year.len() {
        let last = before.filter(|(key, _)| *key == (one[row], two[row], year[row] - 1));
        let last = last.and_then(|(_, value)| value);
        all.push(there[row].zip(last).map(|(now, last)| f64::from(now > 0.0 && last == 0.0)));
        *before = Some(((one[row], two[row], year[row]), there[row]));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_was_not_there_the_year_before() {
        let (one, two) = ([2, 2, 2, 2, 2], [20, 20, 20, 40, 40]);
        let year = [1990, 1991, 1992, 1991, 1993];
        let there = [Some(0.0), Some(1.0), Some(1.0), Some(0.0), Some(1.0)];
        let mut before = None;
        // The first year has none before it; in 1993 the year before is not there.
        let all = begun(&one, &two, &year, &there, &mut before);
        assert_eq!(all, [None, Some(1.0), Some(0.0), None, None]);
        // What comes in a further batch goes on from there.
        assert_eq!(begun(&[2], &[40], &[1994], &[Some(0.0)], &mut before), [Some(0.0)]);
        assert_eq!(begun(&[2], &[40], &[1995], &[None], &mut before), [None]);
        assert_eq!(begun(&[2], &[40], &[1996], &[Some(1.0)], &mut before), [None]);
    }

    #[test]
    fn every_outcome_has_its_name() {
        for (name, _) in OUTCOMES {
            let outcome = Outcome::named(name);
            assert_eq!(*name == "disputes", outcome == Outcome::Disputes);
        }
    }
}
