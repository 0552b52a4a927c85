//! Arms races: rules that find them in the figures of two states, each with the years found and why; and Richardson's model fitted to a pair.

use nalgebra::{Matrix3, Vector3};

use crate::{Error, Reference};

/// The rule of three years.
pub const GIBLER_RIDER_HUTCHISON: Reference = Reference {
    authors: "Gibler, Douglas M., Toby J. Rider and Marc L. Hutchison",
    year: 2005,
    title: "Taking Arms Against a Sea of Troubles: Conventional Arms Races During Periods of Rivalry",
    published_in: "Journal of Peace Research 42(2): 131-147",
    doi: "10.1177/0022343305050687",
};

/// The rule of growth above a state's own mean that speeds up.
pub const HORN: Reference = Reference {
    authors: "Horn, Michael D.",
    year: 1987,
    title: "Arms Races and the International System",
    published_in: "Dissertation, University of Rochester",
    doi: "",
};

/// The rule of the mean of three years.
pub const DIEHL: Reference = Reference {
    authors: "Diehl, Paul F.",
    year: 1983,
    title: "Arms Races and Escalation: A Closer Look",
    published_in: "Journal of Peace Research 20(3): 205-212",
    doi: "",
};

/// The model of reaction.
pub const RICHARDSON: Reference = Reference {
    authors: "Richardson, Lewis F.",
    year: 1960,
    title: "Arms and Insecurity: A Mathematical Study of the Causes and Origins of War",
    published_in: "Pittsburgh: Boxwood Press",
    doi: "",
};

/// Growth in a year that the rules of Gibler, Rider and Hutchison and of Diehl ask for.
pub const GROWTH: f64 = 0.08;

/// Rounding of figures that rose by exactly [`GROWTH`].
const ROUNDING: f64 = 1e-9;

/// The military figures of a state in consecutive years.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forces {
    /// The first of the years.
    pub first: i32,
    /// Expenditure of each year, in one currency.
    pub spending: Vec<Option<f64>>,
    /// Personnel of each year.
    pub personnel: Vec<Option<f64>>,
}

/// Growth over the year before, as a share of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Growth {
    /// Of expenditure; none where it is not known in both years, or was nothing.
    pub spending: Option<f64>,
    /// Of personnel.
    pub personnel: Option<f64>,
}

impl Growth {
    /// Whether one of the two grew by so much at least; none where neither is known to and one is not known.
    pub fn reaches(&self, growth: f64) -> Option<bool> {
        let known = [self.spending, self.personnel];
        if known.iter().flatten().any(|g| *g >= growth - ROUNDING) {
            return Some(true);
        }
        known.iter().all(Option::is_some).then_some(false)
    }
}

impl Forces {
    /// The last of the years; none where there is none.
    fn last(&self) -> Option<i32> {
        let years = i32::try_from(self.spending.len().max(self.personnel.len())).ok()?;
        (years > 0).then(|| self.first + years - 1)
    }

    fn figure(of: &[Option<f64>], first: i32, year: i32) -> Option<f64> {
        let at = usize::try_from(year.checked_sub(first)?).ok()?;
        (*of.get(at)?).filter(|f| f.is_finite() && *f >= 0.0)
    }

    fn spent(&self, year: i32) -> Option<f64> {
        Self::figure(&self.spending, self.first, year)
    }

    /// Growth of expenditure and personnel from the year before to this one.
    pub fn growth(&self, year: i32) -> Growth {
        let of = |figures: &[Option<f64>]| {
            let before = Self::figure(figures, self.first, year - 1).filter(|f| *f > 0.0)?;
            Some(Self::figure(figures, self.first, year)? / before - 1.0)
        };
        Growth { spending: of(&self.spending), personnel: of(&self.personnel) }
    }

    /// The mean growth of expenditure over these years; none where one of them is not known.
    fn mean_growth(&self, from: i32, to: i32) -> Option<f64> {
        let growth: Option<Vec<f64>> = (from..=to).map(|year| self.growth(year).spending).collect();
        let growth = growth.filter(|g| !g.is_empty())?;
        Some(growth.iter().sum::<f64>() / growth.len() as f64)
    }

    /// The mean growth of expenditure over all years in which it is known.
    fn mean_of_all(&self) -> Option<f64> {
        let years = self.first..=self.last()?;
        let known: Vec<f64> = years.filter_map(|year| self.growth(year).spending).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }
}

/// A rule that finds arms races.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// Both raise expenditure or personnel by `growth` at least in every one of `years` years that follow each other (Gibler, Rider and
    /// Hutchison 2005: 8 per cent, three years). Every such year is found, however many follow.
    EveryYear {
        /// Growth in a year.
        growth: f64,
        /// Fewest years.
        years: u8,
    },
    /// The expenditure of both grows by `growth` at least in the mean of the last `years` years (Diehl 1983: 8 per cent, three years).
    MeanOf {
        /// Mean growth in a year.
        growth: f64,
        /// How many years, the one that is found the last.
        years: u8,
    },
    /// The expenditure of both grows in the last `years` years faster than in the mean of all years of the state, and in the second half of
    /// them faster than in the first (Horn 1987).
    Faster {
        /// How many years, the one that is found the last.
        years: u8,
    },
}

impl Rule {
    /// The rule of Gibler, Rider and Hutchison as they published it.
    pub const GIBLER_RIDER_HUTCHISON: Self = Self::EveryYear { growth: GROWTH, years: 3 };
    /// Diehl's rule as he published it.
    pub const DIEHL: Self = Self::MeanOf { growth: GROWTH, years: 3 };
    /// Horn's rule over ten years.
    pub const HORN: Self = Self::Faster { years: 10 };
}

/// A year of an arms race that a rule found, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaceYear {
    /// The year.
    pub year: i32,
    /// The first year of the race that it is in.
    pub start: i32,
    /// The last year of it.
    pub end: i32,
    /// Growth of each of the two in the year: of expenditure and of personnel.
    pub growth: [Growth; 2],
    /// What the rule compares, of each of the two: the larger growth of the year, the mean growth of the years, or the growth above the mean
    /// of all years.
    pub measured: [f64; 2],
}

/// The years in which two states were in an arms race by a rule, in order.
///
/// # Shape
/// The figures of each in consecutive years, which need not be the same years. `during` has the first and last year of each spell in which a
/// race counts, a rivalry for example; none: all years.
///
/// # Nulls
/// A year whose growth is not known is in no race, and ends one.
///
/// # Errors
/// [`Error::Value`] for a rule of no years, or of growth that is no number.
///
/// # Source
/// Gibler, Rider & Hutchison (2005); Diehl (1983); Horn (1987).
pub fn races(
    one: &Forces,
    other: &Forces,
    rule: Rule,
    during: &[(i32, i32)],
) -> Result<Vec<RaceYear>, Error> {
    check(rule)?;
    let (Some(last_one), Some(last_other)) = (one.last(), other.last()) else {
        return Ok(Vec::new());
    };
    let years = one.first.max(other.first) + 1..=last_one.min(last_other);
    let means = [one.mean_of_all(), other.mean_of_all()];
    let found = |year: i32| {
        let measured =
            [measured(one, means[0], rule, year)?, measured(other, means[1], rule, year)?];
        let growth = [one.growth(year), other.growth(year)];
        Some(RaceYear { year, start: year, end: year, growth, measured })
    };
    let mut runs: Vec<Vec<RaceYear>> = Vec::new();
    let counts = |year: &i32| {
        during.is_empty() || during.iter().any(|(from, to)| (from..=to).contains(&year))
    };
    for race in years.filter(counts).filter_map(found) {
        match runs.last_mut().filter(|run| run.last().is_some_and(|l| l.year + 1 == race.year)) {
            Some(run) => run.push(race),
            None => runs.push(vec![race]),
        }
    }
    let fewest = if let Rule::EveryYear { years, .. } = rule { usize::from(years) } else { 1 };
    for run in &mut runs {
        let (start, end) = (run[0].year, run[run.len() - 1].year);
        run.iter_mut().for_each(|race| (race.start, race.end) = (start, end));
    }
    Ok(runs.into_iter().filter(|run| run.len() >= fewest).flatten().collect())
}

fn check(rule: Rule) -> Result<(), Error> {
    let (growth, years) = match rule {
        Rule::EveryYear { growth, years } | Rule::MeanOf { growth, years } => (growth, years),
        Rule::Faster { years } => (0.0, years / 2),
    };
    if !growth.is_finite() {
        let wanted = "growth of a year, for example 0.08";
        return Err(Error::Value { what: "growth".into(), row: 0, value: growth, wanted });
    }
    if years == 0 {
        let wanted = "a year at least, two for a rule of halves";
        return Err(Error::Value { what: "years".into(), row: 0, value: 0.0, wanted });
    }
    Ok(())
}

/// What the rule compares of one state, where the state satisfies it in the year.
fn measured(forces: &Forces, mean_of_all: Option<f64>, rule: Rule, year: i32) -> Option<f64> {
    match rule {
        Rule::EveryYear { growth, .. } => {
            let of = forces.growth(year);
            let reached = of.reaches(growth) == Some(true);
            let most = of.spending.into_iter().chain(of.personnel).fold(f64::MIN, f64::max);
            reached.then_some(most)
        }
        Rule::MeanOf { growth, years } => {
            let mean = forces.mean_growth(year - i32::from(years) + 1, year)?;
            (mean >= growth - ROUNDING).then_some(mean)
        }
        Rule::Faster { years } => {
            let (years, half) = (i32::from(years), i32::from(years / 2));
            let mean = forces.mean_growth(year - years + 1, year)?;
            let first = forces.mean_growth(year - years + 1, year - half)?;
            let second = forces.mean_growth(year - half + 1, year)?;
            let above = mean - mean_of_all?;
            (above > 0.0 && second > first).then_some(above)
        }
    }
}

/// What the rule of Gibler, Rider and Hutchison says of a race that someone lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// Years after the first of the race: whether both raised their forces by so much; none where it is not known.
    pub after_first: Vec<(i32, Option<bool>)>,
    /// Most years that follow each other, from the year before the race to its last, in which both did.
    pub longest: usize,
}

impl Checked {
    /// Whether both raised their forces in every year after the first.
    pub fn every_year(&self) -> bool {
        !self.after_first.is_empty() && self.after_first.iter().all(|(_, held)| *held == Some(true))
    }
}

/// Holds a listed race against the growth that the rule asks for, year by year.
///
/// # Errors
/// [`Error::Value`] where the race ends before it begins.
///
/// # Source
/// Gibler, Rider & Hutchison (2005).
pub fn check_race(
    one: &Forces,
    other: &Forces,
    (start, end): (i32, i32),
    growth: f64,
) -> Result<Checked, Error> {
    if start > end {
        let (value, wanted) = (f64::from(end), "a year not before the first");
        return Err(Error::Value { what: "last year of the race".into(), row: 0, value, wanted });
    }
    let both = |year: i32| {
        let held = [one, other].map(|forces| forces.growth(year).reaches(growth));
        match held {
            [Some(true), Some(true)] => Some(true),
            [Some(false), _] | [_, Some(false)] => Some(false),
            _ => None,
        }
    };
    let (mut longest, mut run) = (0, 0);
    for year in start - 1..=end {
        run = if both(year) == Some(true) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    Ok(Checked { after_first: (start + 1..=end).map(|year| (year, both(year))).collect(), longest })
}

/// Richardson's coefficients of one state of a pair: how its expenditure changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reaction {
    /// Reaction to the expenditure of the other, k: change per unit of it.
    pub reaction: f64,
    /// Its standard error.
    pub reaction_error: f64,
    /// Fatigue, a: what its own expenditure holds it back by.
    pub fatigue: f64,
    /// Its standard error.
    pub fatigue_error: f64,
    /// Grievance, g: change where neither spends anything, in the unit of expenditure.
    pub grievance: f64,
    /// Its standard error.
    pub grievance_error: f64,
    /// Share of the variance of change that is explained; none where change does not vary.
    pub explained: Option<f64>,
}

/// Richardson's model of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Richardson {
    /// The years that it is fitted on: pairs of years that follow each other.
    pub years: usize,
    /// The two states.
    pub of: [Reaction; 2],
}

impl Richardson {
    /// Whether the fitted system returns to a balance: fatigue outweighs reaction, a₁ a₂ > k₁ k₂, and a₁ + a₂ > 0.
    pub fn is_stable(&self) -> bool {
        let [one, two] = self.of;
        one.fatigue * two.fatigue > one.reaction * two.reaction && one.fatigue + two.fatigue > 0.0
    }
}

/// Fits x(t) − x(t−1) = k y(t−1) − a x(t−1) + g to each of two states by least squares, over the years within `from` and `to` in which both
/// are known in the year and the year before.
///
/// # Units
/// Expenditure in one currency for both. k and a are shares in a year, g is in the unit of expenditure.
///
/// # Errors
/// [`Error::TooFew`] below five years; [`Error::Alike`] where the expenditures do not vary apart from each other.
///
/// # Source
/// Richardson (1960).
pub fn richardson(
    one: &Forces,
    other: &Forces,
    (from, to): (i32, i32),
) -> Result<Richardson, Error> {
    let mut levels: Vec<[f64; 2]> = Vec::new();
    let mut changes: Vec<[f64; 2]> = Vec::new();
    for year in from..=to {
        let known = [one, other].map(|f| f.spent(year - 1).zip(f.spent(year)));
        if let [Some((x, x_now)), Some((y, y_now))] = known {
            levels.push([x, y]);
            changes.push([x_now - x, y_now - y]);
        }
    }
    let years = levels.len();
    if years < 5 {
        return Err(Error::TooFew { what: "years in which both are known", got: years, wanted: 5 });
    }
    // In units of the mean of each, so that no figure outweighs another.
    let mean = |at: usize| levels.iter().map(|l| l[at]).sum::<f64>() / years as f64;
    let scale = [mean(0), mean(1)];
    if scale.iter().any(|s| *s <= 0.0) {
        return Err(Error::Alike { what: "the expenditures of the two" });
    }
    let rows: Vec<Vector3<f64>> =
        levels.iter().map(|l| Vector3::new(l[0] / scale[0], l[1] / scale[1], 1.0)).collect();
    let of = |at: usize| {
        let change: Vec<f64> = changes.iter().map(|c| c[at] / scale[at]).collect();
        let (beta, error, explained) = least_squares(&rows, &change)?;
        let (own, other) = (at, 1 - at);
        let across = scale[own] / scale[other];
        Ok(Reaction {
            reaction: beta[other] * across,
            reaction_error: error[other] * across,
            fatigue: -beta[own],
            fatigue_error: error[own],
            grievance: beta[2] * scale[own],
            grievance_error: error[2] * scale[own],
            explained,
        })
    };
    Ok(Richardson { years, of: [of(0)?, of(1)?] })
}

/// Coefficients, standard errors and explained share of a model of three terms, the last of them constant.
fn least_squares(
    rows: &[Vector3<f64>],
    y: &[f64],
) -> Result<(Vector3<f64>, Vector3<f64>, Option<f64>), Error> {
    let collinear = Error::Alike { what: "the expenditures of the two" };
    let (mut xx, mut xy) = (Matrix3::zeros(), Vector3::zeros());
    for (row, y) in rows.iter().zip(y) {
        xx += row * row.transpose();
        xy += row * *y;
    }
    let factor = xx.cholesky().ok_or_else(|| collinear.clone())?;
    // A pivot that is lost in rounding beside the others.
    let pivots = factor.l().diagonal();
    if pivots.min() < 1e-7 * pivots.max() {
        return Err(collinear);
    }
    let beta = factor.solve(&xy);
    let mean = y.iter().sum::<f64>() / y.len() as f64;
    let left: f64 = rows.iter().zip(y).map(|(row, y)| (y - row.dot(&beta)).powi(2)).sum();
    let all: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    let variance = left / (rows.len() - 3) as f64;
    let inverse = factor.inverse();
    let error = Vector3::from_fn(|at, _| (variance * inverse[(at, at)]).max(0.0).sqrt());
    Ok((beta, error, (all > 0.0).then(|| 1.0 - left / all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forces(first: i32, spending: &[f64]) -> Forces {
        let spending: Vec<Option<f64>> = spending.iter().map(|s| Some(*s)).collect();
        Forces { first, personnel: vec![Some(100.0); spending.len()], spending }
    }

    fn years(found: &[RaceYear]) -> Vec<i32> {
        found.iter().map(|race| race.year).collect()
    }

    #[test]
    fn three_years_of_eight_per_cent_on_both_sides_are_a_race() {
        let one = forces(1900, &[100.0, 108.0, 120.0, 140.0, 141.0]);
        let other = forces(1900, &[50.0, 55.0, 60.0, 65.0, 80.0]);
        let found = races(&one, &other, Rule::GIBLER_RIDER_HUTCHISON, &[]).unwrap();
        assert_eq!(years(&found), [1901, 1902, 1903]);
        assert_eq!((found[1].start, found[1].end), (1901, 1903));
        assert!((found[0].measured[0] - 0.08).abs() < 1e-12);
        // Personnel stands in where expenditure does not grow, and a year more makes the race longer.
        let mut men = one.clone();
        men.personnel = vec![Some(100.0), Some(100.0), Some(100.0), Some(100.0), Some(110.0)];
        assert_eq!(
            years(&races(&men, &other, Rule::GIBLER_RIDER_HUTCHISON, &[]).unwrap()).len(),
            4
        );
        let during = [(1890, 1901), (1903, 1910)];
        let found = races(&men, &other, Rule::GIBLER_RIDER_HUTCHISON, &during).unwrap();
        assert_eq!(found, [], "no three years of one rivalry");
        // Two years are none, and a gap ends a race.
        let mut gap = one;
        gap.spending[2] = None;
        assert_eq!(races(&gap, &other, Rule::GIBLER_RIDER_HUTCHISON, &[]).unwrap(), []);
    }

    #[test]
    fn growth_that_is_not_known_is_neither_there_nor_not() {
        let some = Growth { spending: None, personnel: Some(0.0) };
        assert_eq!(some.reaches(0.08), None);
        assert_eq!(Growth { personnel: Some(0.1), ..some }.reaches(0.08), Some(true));
        assert_eq!(Growth { spending: Some(0.0), ..some }.reaches(0.08), Some(false));
        // From nothing there is no rate.
        assert_eq!(forces(1900, &[0.0, 5.0]).growth(1901).spending, None);
    }

    #[test]
    fn the_mean_of_three_years_may_hold_a_year_of_rest() {
        let one = forces(1900, &[100.0, 120.0, 120.0, 130.0]);
        let other = forces(1900, &[100.0, 100.0, 130.0, 130.0]);
        assert_eq!(races(&one, &other, Rule::GIBLER_RIDER_HUTCHISON, &[]).unwrap(), []);
        assert_eq!(years(&races(&one, &other, Rule::DIEHL, &[]).unwrap()), [1903]);
    }

    #[test]
    fn growth_above_a_states_own_mean_that_speeds_up() {
        let path = |growth: [f64; 8]| {
            let mut spending = vec![100.0];
            for g in growth {
                spending.push(spending[spending.len() - 1] * (1.0 + g));
            }
            forces(1900, &spending)
        };
        let one = path([0.0, 0.0, 0.0, 0.0, 0.02, 0.02, 0.06, 0.06]);
        let rule = Rule::Faster { years: 4 };
        assert_eq!(years(&races(&one, &one, rule, &[]).unwrap()), [1907, 1908]);
        let slowing = path([0.0, 0.0, 0.0, 0.0, 0.06, 0.06, 0.02, 0.02]);
        assert!(!years(&races(&slowing, &slowing, rule, &[]).unwrap()).contains(&1908));
        assert!(races(&one, &one, Rule::Faster { years: 1 }, &[]).is_err());
        assert!(races(&one, &one, Rule::MeanOf { growth: f64::NAN, years: 3 }, &[]).is_err());
        assert_eq!(races(&one, &Forces::default(), rule, &[]).unwrap(), []);
    }

    #[test]
    fn a_listed_race_is_held_against_the_rule() {
        let one = forces(1900, &[100.0, 110.0, 121.0, 134.0, 134.0]);
        let found = check_race(&one, &one, (1901, 1903), GROWTH).unwrap();
        assert!(found.every_year() && found.longest == 3);
        let later = check_race(&one, &one, (1902, 1904), GROWTH).unwrap();
        assert_eq!(later.after_first, [(1903, Some(true)), (1904, Some(false))]);
        assert!(!check_race(&one, &one, (1910, 1912), GROWTH).unwrap().every_year());
        assert!(check_race(&one, &one, (1903, 1901), GROWTH).is_err());
    }

    #[test]
    fn the_coefficients_that_made_the_figures_come_back() {
        let (mut x, mut y) = (vec![100.0_f64], vec![40.0_f64]);
        for at in 0..15 {
            // Shocks keep the two from moving together.
            let shock = [3.0, -2.0, 1.0, 4.0, -5.0][at % 5];
            let (a, b) = (x[at], y[at]);
            x.push(a + 0.3 * b - 0.2 * a + 5.0 + if at < 4 { shock } else { 0.0 });
            y.push(b + 0.1 * a - 0.25 * b + 2.0 + if at < 4 { -shock } else { 0.0 });
        }
        let (one, other) = (forces(1900, &x), forces(1900, &y));
        let fit = richardson(&one, &other, (1905, 1915)).unwrap();
        assert_eq!(fit.years, 11);
        for (got, wanted) in [
            (fit.of[0].reaction, 0.3),
            (fit.of[0].fatigue, 0.2),
            (fit.of[0].grievance, 5.0),
            (fit.of[1].reaction, 0.1),
            (fit.of[1].fatigue, 0.25),
            (fit.of[1].grievance, 2.0),
        ] {
            assert!((got - wanted).abs() < 1e-6, "{got} {wanted}");
        }
        assert!(fit.is_stable());
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let same = forces(1900, &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]);
        let error = richardson(&same, &same, (1901, 1906)).unwrap_err();
        assert!(matches!(error, Error::Alike { .. }), "{error}");
        let error = richardson(&same, &same, (1901, 1903)).unwrap_err();
        assert!(matches!(error, Error::TooFew { got: 3, wanted: 5, .. }), "{error}");
        let none = forces(1900, &[0.0; 8]);
        assert!(richardson(&none, &same, (1901, 1906)).is_err());
    }
}
