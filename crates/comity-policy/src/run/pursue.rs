//! Values of something striven for: where a state stands among all states of the year and among those of its size, and its trend.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Float64Type, Int32Type};
use comity_record::Record;

use super::findings::Valued;
use crate::document::Better;

/// Fewer states with a value than this say nothing about where one stands.
const FEWEST_STATES: usize = 30;
/// Fewer states of one size than this say nothing.
const FEWEST_OF_SIZE: usize = 8;
/// Classes of population, thousands: below the first, the next, the last, and above.
const CLASSES: [f64; 3] = [1_000.0, 10_000.0, 50_000.0];
const NAMES: [&str; 4] = [
    "states of less than a million people",
    "states of 1 to 10 million people",
    "states of 10 to 50 million people",
    "states of 50 million people and more",
];

/// One state-year's standing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// The value.
    pub value: f64,
    /// Share of that year's states with a worse value; null where too few have one.
    pub percentile: Option<f64>,
    /// First decile, first quartile, median, third quartile, ninth decile in ascending order of values.
    pub spread: Option<[f64; 5]>,
    /// The value less the mean of the five years before, of which three are known.
    pub trend: Option<f64>,
    /// Among states of its size.
    pub of_size: Option<OfSize>,
}

/// Where a state stands among those of its size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfSize {
    /// Which size, in words.
    pub size: &'static str,
    /// How many states of that size have a value, itself included.
    pub states: usize,
    /// Share of the others with a worse value.
    pub percentile: f64,
}

/// The size of each state in each year, by population, read when first needed.
pub(crate) struct Sizes {
    record: Option<Record>,
    /// By state and year.
    classes: OnceLock<Vec<((i32, i32), usize)>>,
}

impl Sizes {
    /// Those of a record, under its baseline.
    pub(crate) fn of(record: &Record) -> Self {
        Self { record: Some(record.clone()), classes: OnceLock::new() }
    }

    /// The classes of states and years, which ascend.
    fn classes(&self, values: &[Valued]) -> Vec<Option<usize>> {
        let made = || self.record.as_ref().map(read).unwrap_or_default().into_iter().collect();
        let mut known = self.classes.get_or_init(made).iter().peekable();
        let of = |v: &Valued| {
            let key = (v.state, v.year);
            while known.next_if(|(k, _)| *k < key).is_some() {}
            known.peek().filter(|(k, _)| *k == key).map(|(_, class)| *class)
        };
        values.iter().map(of).collect()
    }
}

/// Populations by state and year, from the tables that have them. What cannot be read is not known: no standing rests on it.
fn read(record: &Record) -> BTreeMap<(i32, i32), usize> {
    let mut classes = BTreeMap::new();
    let baseline = record.baseline();
    for (table, column, unit) in [("capabilities", "tpop", 1.0), ("economy", "population", 0.001)] {
        let Ok(batch) = record.table(table, &baseline) else { continue };
        let columns = (batch.column_by_name("ccode"), batch.column_by_name("year"));
        let (Some(state), Some(year), Some(people)) =
            (columns.0, columns.1, batch.column_by_name(column))
        else {
            continue;
        };
        let (Some(state), Some(year), Some(people)) = (
            state.as_primitive_opt::<Int32Type>(),
            year.as_primitive_opt::<Int32Type>(),
            people.as_primitive_opt::<Float64Type>(),
        ) else {
            continue;
        };
        for row in 0..batch.num_rows() {
            if state.is_valid(row) && year.is_valid(row) && people.is_valid(row) {
                let people = people.value(row) * unit;
                let class = CLASSES.iter().filter(|least| people >= **least).count();
                classes.entry((state.value(row), year.value(row))).or_insert(class);
            }
        }
    }
    classes
}

/// The `q`-quantile of ascending values, interpolated linearly (Hyndman & Fan type 7).
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let at = q * (sorted.len() - 1) as f64;
    let (low, share) = (at.floor() as usize, at.fract());
    match sorted.get(low + 1) {
        Some(next) => sorted[low] + share * (next - sorted[low]),
        None => sorted[low],
    }
}

/// How many of ascending values are worse.
fn worse(sorted: &[f64], value: f64, better: Better) -> usize {
    match better {
        Better::Higher => sorted.partition_point(|x| *x < value),
        Better::Lower => sorted.len() - sorted.partition_point(|x| *x <= value),
    }
}

/// Values by state and year, each once, and what their standings are reckoned from.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    values: Vec<Valued>,
    /// The size of each, where it is known.
    classes: Vec<Option<usize>>,
    years: BTreeMap<i32, Year>,
    better: Option<Better>,
}

impl Standings {
    /// Of the values that count (covered, in the system, applicable), by state and year and each once.
    ///
    /// `system` is the number of states to which the commitment applies in a year: with values for fewer than thirty or less than half
    /// of them there is no standing.
    pub(crate) fn of(
        values: Vec<Valued>,
        better: Better,
        system: impl Fn(i32) -> usize,
        sizes: &Sizes,
    ) -> Self {
        let classes = sizes.classes(&values);
        let mut years: BTreeMap<i32, Year> = BTreeMap::new();
        for (v, class) in values.iter().zip(&classes) {
            let year = years.entry(v.year).or_default();
            year.values.push(v.value);
            if let Some(class) = class {
                year.by_size[*class].push(v.value);
            }
        }
        for (year, all) in &mut years {
            all.arrange(system(*year));
        }
        Self { values, classes, years, better: Some(better) }
    }

    fn place(&self, at: (i32, i32)) -> Option<usize> {
        self.values.binary_search_by_key(&at, |v| (v.state, v.year)).ok()
    }

    /// The value of a state and year.
    pub(crate) fn value(&self, at: (i32, i32)) -> Option<f64> {
        self.place(at).map(|place| self.values[place].value)
    }

    /// Where a state stands in a year.
    pub(crate) fn get(&self, at: (i32, i32)) -> Option<Standing> {
        self.place(at).map(|place| self.standing(place))
    }

    /// The years with a value of a state, and where it stands in each.
    pub(crate) fn of_state(&self, state: i32, from: i32, to: i32) -> Vec<(i32, Standing)> {
        let first = self.values.partition_point(|v| (v.state, v.year) < (state, from));
        let years = self.values[first..].iter();
        let years = years.take_while(|v| v.state == state && v.year <= to);
        years.enumerate().map(|(n, v)| (v.year, self.standing(first + n))).collect()
    }

    /// State and year of every value.
    pub(crate) fn state_years(&self) -> impl Iterator<Item = (i32, i32)> {
        self.values.iter().map(|v| (v.state, v.year))
    }

    fn standing(&self, at: usize) -> Standing {
        let v = &self.values[at];
        let (year, better) = (&self.years[&v.year], self.better.unwrap_or(Better::Higher));
        let enough = year.spread.is_some();
        let before = self.values[..at].iter().rev();
        let past: Vec<f64> = before
            .take_while(|p| p.state == v.state && p.year >= v.year - 5)
            .map(|p| p.value)
            .collect();
        let of_size = || {
            let class = self.classes[at]?;
            let list = Some(&year.by_size[class]).filter(|l| l.len() >= FEWEST_OF_SIZE)?;
            let percentile = worse(list, v.value, better) as f64 / (list.len() - 1) as f64;
            Some(OfSize { size: NAMES[class], states: list.len(), percentile })
        };
        let all = &year.values;
        Standing {
            value: v.value,
            percentile: enough.then(|| worse(all, v.value, better) as f64 / all.len() as f64),
            spread: year.spread,
            trend: (past.len() >= 3)
                .then(|| v.value - past.iter().sum::<f64>() / past.len() as f64),
            of_size: if enough { of_size() } else { None },
        }
    }
}

/// The values of a year, ascending.
#[derive(Debug, Default)]
struct Year {
    values: Vec<f64>,
    by_size: [Vec<f64>; NAMES.len()],
    /// None where too few states have a value.
    spread: Option<[f64; 5]>,
}

impl Year {
    fn arrange(&mut self, system: usize) {
        self.values.sort_by(f64::total_cmp);
        self.by_size.iter_mut().for_each(|list| list.sort_by(f64::total_cmp));
        let enough = self.values.len() >= FEWEST_STATES && 2 * self.values.len() >= system;
        let spread = || [0.1, 0.25, 0.5, 0.75, 0.9].map(|q| quantile(&self.values, q));
        self.spread = enough.then(spread);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(values: &[f64]) -> Vec<Valued> {
        let states = (1..).zip(values);
        states.map(|(state, value)| Valued { state, year: 2000, value: *value }).collect()
    }

    /// The first twenty states are small, the others large.
    fn sizes() -> Sizes {
        let classes = (1..=40).map(|state| ((state, 2000), if state <= 20 { 0 } else { 3 }));
        Sizes { record: None, classes: OnceLock::from(classes.collect::<Vec<_>>()) }
    }

    #[test]
    fn a_state_stands_among_all_and_among_those_of_its_size() {
        let values = year(&(0..40).map(f64::from).collect::<Vec<_>>());
        let s = Standings::of(values.clone(), Better::Higher, |_| 60, &sizes());
        let best_of_the_small = s.get((20, 2000)).unwrap();
        assert_eq!(best_of_the_small.percentile, Some(19.0 / 40.0));
        let of_size = best_of_the_small.of_size.unwrap();
        assert_eq!((of_size.states, of_size.percentile), (20, 1.0));
        assert_eq!(of_size.size, "states of less than a million people");
        assert!((s.get((21, 2000)).unwrap().of_size.unwrap().percentile - 0.0).abs() < 1e-12);
        let s = Standings::of(values, Better::Lower, |_| 60, &sizes());
        let first = s.get((1, 2000)).unwrap();
        assert_eq!(first.percentile, Some(39.0 / 40.0));
        assert!((first.of_size.unwrap().percentile - 1.0).abs() < 1e-12);
    }

    #[test]
    fn too_few_states_say_nothing() {
        let values = year(&(0..29).map(f64::from).collect::<Vec<_>>());
        let none = |s: &Standings| {
            s.state_years()
                .map(|at| s.get(at).unwrap())
                .all(|s| s.percentile.is_none() && s.spread.is_none() && s.of_size.is_none())
        };
        assert!(none(&Standings::of(values, Better::Higher, |_| 29, &sizes())));
        let values = year(&(0..40).map(f64::from).collect::<Vec<_>>());
        assert!(none(&Standings::of(values, Better::Higher, |_| 100, &sizes())));
    }

    #[test]
    fn the_trend_is_against_the_five_years_before() {
        let values: Vec<Valued> = [(1997, 1.0), (1998, 2.0), (1999, 3.0), (2000, 6.0)]
            .map(|(year, value)| Valued { state: 500, year, value })
            .to_vec();
        let s = Standings::of(values, Better::Higher, |_| 1, &sizes());
        assert_eq!(s.get((500, 2000)).unwrap().trend, Some(4.0));
        assert_eq!(s.get((500, 1999)).unwrap().trend, None);
        let of_two_years = s.of_state(500, 1999, 2000);
        assert_eq!(of_two_years.iter().map(|(year, _)| *year).collect::<Vec<_>>(), [1999, 2000]);
        assert_eq!(
            (s.get((500, 1996)), s.value((501, 1997)), s.value((500, 1998))),
            (None, None, Some(2.0))
        );
    }
}
