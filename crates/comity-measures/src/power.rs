//! Power and its distribution: shares of capabilities, their concentration, and the balance between two states.

use std::collections::BTreeMap;

use crate::{Error, Reference};

/// CINC and CON.
pub const SINGER_BREMER_STUCKEY: Reference = Reference {
    authors: "Singer, J. David, Stuart Bremer and John Stuckey",
    year: 1972,
    title: "Capability Distribution, Uncertainty, and Major Power War, 1820-1965",
    published_in: "In Peace, War, and Numbers, ed. Bruce Russett. Beverly Hills: Sage, 19-48",
    doi: "",
};

/// CINC as it is computed since 1987.
pub const SINGER: Reference = Reference {
    authors: "Singer, J. David",
    year: 1987,
    title: "Reconstructing the Correlates of War Dataset on Material Capabilities of States, 1816-1985",
    published_in: "International Interactions 14(2): 115-132",
    doi: "10.1080/03050628808434695",
};

/// The ratio of capabilities in models of disputes.
pub const BREMER: Reference = Reference {
    authors: "Bremer, Stuart A.",
    year: 1992,
    title: "Dangerous Dyads: Conditions Affecting the Likelihood of Interstate War, 1816-1965",
    published_in: "Journal of Conflict Resolution 36(2): 309-341",
    doi: "10.1177/0022002792036002005",
};

/// The logarithm of that ratio.
pub const ONEAL_RUSSETT: Reference = Reference {
    authors: "Oneal, John R. and Bruce Russett",
    year: 2001,
    title: "Clear and Clean: The Fixed Effects of the Liberal Peace",
    published_in: "International Organization 55(2): 469-485",
    doi: "10.1162/00208180151140630",
};

/// Parity.
pub const ORGANSKI_KUGLER: Reference = Reference {
    authors: "Organski, A. F. K. and Jacek Kugler",
    year: 1980,
    title: "The War Ledger",
    published_in: "Chicago: University of Chicago Press",
    doi: "",
};

/// Preponderance.
pub const WEEDE: Reference = Reference {
    authors: "Weede, Erich",
    year: 1976,
    title: "Overwhelming Preponderance as a Pacifying Condition Among Contiguous Asian Dyads, 1950-1969",
    published_in: "Journal of Conflict Resolution 20(3): 395-411",
    doi: "",
};

/// How many components a capability has.
pub const COMPONENTS: usize = 6;

/// The names of the components, in the order in which they are given.
pub const COMPONENT_NAMES: [&str; COMPONENTS] = ["milex", "milper", "irst", "pec", "tpop", "upop"];

/// Least share of the stronger that the weaker has at parity.
pub const PARITY: f64 = 0.8;

/// How many times the capability of the weaker the stronger has where it is preponderant.
pub const PREPONDERANCE: f64 = 10.0;

/// The capabilities of a state in a year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Capability {
    /// Its share of the world in each component; none where the figure is not known, or the world has none.
    pub shares: [Option<f64>; COMPONENTS],
    /// The mean of the shares that are known; none where no share is.
    pub cinc: Option<f64>,
}

/// The composite index of national capability from its components.
///
/// # Shape
/// `years` and `components` have one value per state and year, in any order; so has the result, in the same order.
///
/// # Units
/// Components in any unit, the same for all states of a year. Shares and the index are between 0 and 1.
///
/// # Nulls
/// A share is null where the figure is, or where the figures of its year sum to nothing. The index is the mean of the shares that are
/// known, so that the sum over a year need not be 1.
///
/// # Errors
/// [`Error::Shape`]; [`Error::Value`] for a figure below zero or not finite.
///
/// # Source
/// Singer, Bremer & Stuckey (1972); Singer (1987). Checked against every row of National Material Capabilities 7.0.
pub fn cinc(
    years: &[i32],
    components: &[[Option<f64>; COMPONENTS]],
) -> Result<Vec<Capability>, Error> {
    same_length("components", components.len(), years.len())?;
    let mut totals: BTreeMap<i32, [f64; COMPONENTS]> = BTreeMap::new();
    for (row, (year, figures)) in years.iter().zip(components).enumerate() {
        let total = totals.entry(*year).or_default();
        for (at, figure) in figures.iter().enumerate() {
            let Some(value) = *figure else { continue };
            if !(value.is_finite() && value >= 0.0) {
                let wanted = "a figure of 0 or more";
                return Err(Error::Value { what: COMPONENT_NAMES[at].into(), row, value, wanted });
            }
            total[at] += value;
        }
    }
    let one = |(year, figures): (&i32, &[Option<f64>; COMPONENTS])| {
        let total = totals.get(year).copied().unwrap_or_default();
        let share = |at: usize| figures[at].filter(|_| total[at] > 0.0).map(|f| f / total[at]);
        let shares: [Option<f64>; COMPONENTS] = std::array::from_fn(share);
        Capability { shares, cinc: mean(&shares) }
    };
    Ok(years.iter().zip(components).map(one).collect())
}

/// The mean of what is known.
fn mean(values: &[Option<f64>]) -> Option<f64> {
    let known = values.iter().flatten().count();
    (known > 0).then(|| values.iter().flatten().sum::<f64>() / known as f64)
}

/// The concentration of capabilities among the states of a system: 0 where all have the same, 1 where one has everything.
///
/// # Shape
/// One value per state.
///
/// # Units
/// Capabilities in any unit; they are rescaled to sum to 1. The result is between 0 and 1.
///
/// # Errors
/// [`Error::TooFew`] below two states; [`Error::Value`] for a value below zero or not finite; [`Error::Empty`] where they sum to nothing.
///
/// # Source
/// Singer, Bremer & Stuckey (1972): the square root of (Σs² − 1/N) / (1 − 1/N).
pub fn con(capabilities: &[f64]) -> Result<f64, Error> {
    let states = capabilities.len();
    if states < 2 {
        return Err(Error::TooFew { what: "states", got: states, wanted: 2 });
    }
    let wrong = capabilities.iter().position(|c| !(c.is_finite() && *c >= 0.0));
    if let Some(row) = wrong {
        let (value, wanted) = (capabilities[row], "a capability of 0 or more");
        return Err(Error::Value { what: "capability".into(), row, value, wanted });
    }
    let total: f64 = capabilities.iter().sum();
    if total <= 0.0 {
        return Err(Error::Empty { what: "concentration" });
    }
    let squares: f64 = capabilities.iter().map(|c| (c / total).powi(2)).sum();
    let even = 1.0 / states as f64;
    Ok(((squares - even).max(0.0) / (1.0 - even)).sqrt())
}

/// A pair of capabilities, the weaker first; none where one is not known or below zero.
fn ordered(a: Option<f64>, b: Option<f64>) -> Option<(f64, f64)> {
    let known = |c: &f64| c.is_finite() && *c >= 0.0;
    let (a, b) = (a.filter(known)?, b.filter(known)?);
    Some((a.min(b), a.max(b)))
}

/// The capability of the weaker of two states as a share of that of the stronger, between 0 and 1 (Bremer 1992). Null where one is not known
/// or both are zero.
pub fn ratio(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let (weak, strong) = ordered(a, b)?;
    (strong > 0.0).then(|| weak / strong)
}

/// The natural logarithm of the capability of the stronger over that of the weaker, 0 or more (Oneal and Russett 2001). Null where one is
/// not known or zero.
pub fn log_ratio(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    let (weak, strong) = ordered(a, b)?;
    (weak > 0.0).then(|| (strong / weak).ln())
}

/// The share of the first of two states in what both have together, between 0 and 1. Null where one is not known or both are zero.
pub fn share(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    ordered(a, b)?;
    let (a, both) = (a?, a? + b?);
    (both > 0.0).then(|| a / both)
}

/// Whether two states are at parity: the weaker has [`PARITY`] of the capability of the stronger at least (Organski and Kugler 1980). Null
/// where [`ratio`] is.
pub fn parity(a: Option<f64>, b: Option<f64>) -> Option<bool> {
    ratio(a, b).map(|ratio| ratio >= PARITY)
}

/// Whether the stronger of two states is preponderant: it has [`PREPONDERANCE`] times the capability of the weaker at least (Weede 1976).
/// Null where [`ratio`] is.
pub fn preponderance(a: Option<f64>, b: Option<f64>) -> Option<bool> {
    let (weak, strong) = ordered(a, b)?;
    (strong > 0.0).then_some(strong >= PREPONDERANCE * weak)
}

/// What a state spends on its military as a share of its output; both in the same unit. Null where one is not known, the output is not above
/// zero, or spending is below zero.
pub fn burden(spending: Option<f64>, output: Option<f64>) -> Option<f64> {
    let spending = spending.filter(|s| s.is_finite() && *s >= 0.0)?;
    let output = output.filter(|o| o.is_finite() && *o > 0.0)?;
    Some(spending / output)
}

/// The share of each value in the sum of those of its group: of a region in a year, of the world in a year.
///
/// # Shape
/// `groups` and `values` have one value per row; so has the result.
///
/// # Nulls
/// A share is null where the value is, or where the values of its group sum to nothing; values that are not known do not count.
///
/// # Errors
/// [`Error::Shape`]; [`Error::Value`] for a value below zero or not finite.
pub fn shares_within<G: Ord + Copy>(
    groups: &[G],
    values: &[Option<f64>],
) -> Result<Vec<Option<f64>>, Error> {
    same_length("values", values.len(), groups.len())?;
    let mut totals: BTreeMap<G, f64> = BTreeMap::new();
    for (row, (group, value)) in groups.iter().zip(values).enumerate() {
        let Some(value) = *value else { continue };
        if !(value.is_finite() && value >= 0.0) {
            let wanted = "a value of 0 or more";
            return Err(Error::Value { what: "value".into(), row, value, wanted });
        }
        *totals.entry(*group).or_default() += value;
    }
    let one = |(group, value): (&G, &Option<f64>)| {
        let total = totals.get(group).copied().filter(|total| *total > 0.0)?;
        Some((*value)? / total)
    };
    Ok(groups.iter().zip(values).map(one).collect())
}

fn same_length(what: &'static str, got: usize, wanted: usize) -> Result<(), Error> {
    if got == wanted { Ok(()) } else { Err(Error::Shape { what, got, wanted }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_the_mean_of_the_shares_that_are_known() {
        let years = [1900, 1900, 1901];
        let known = |v: f64| Some(v);
        let rows = [
            [known(30.0), known(1.0), None, known(0.0), known(3.0), None],
            [known(10.0), known(3.0), None, known(0.0), None, None],
            [None; COMPONENTS],
        ];
        let all = cinc(&years, &rows).unwrap();
        assert_eq!(all[0].shares, [Some(0.75), Some(0.25), None, None, Some(1.0), None]);
        assert_eq!(all[0].cinc, Some(2.0 / 3.0));
        assert_eq!(all[1].cinc, Some(0.5));
        assert_eq!(all[2], Capability::default());
    }

    #[test]
    fn figures_below_zero_and_uneven_slices_are_refused() {
        let mut row = [Some(1.0); COMPONENTS];
        row[1] = Some(-9.0);
        let error = cinc(&[1900], &[row]).unwrap_err().to_string();
        assert_eq!(error, "milper at row 0 is -9: a figure of 0 or more");
        assert!(matches!(cinc(&[1900], &[]), Err(Error::Shape { got: 0, wanted: 1, .. })));
        assert!(matches!(shares_within(&[1], &[]), Err(Error::Shape { .. })));
        assert!(shares_within(&[1], &[Some(f64::NAN)]).is_err());
    }

    #[test]
    fn concentration_runs_from_equal_to_all_in_one_hand() {
        assert_eq!(con(&[2.0, 2.0, 2.0]), Ok(0.0));
        assert_eq!(con(&[0.0, 5.0]), Ok(1.0));
        // Two states with 3/4 and 1/4: the root of (10/16 - 1/2) / (1/2).
        assert!((con(&[3.0, 1.0]).unwrap() - 0.5).abs() < 1e-15);
        assert!(matches!(con(&[1.0]), Err(Error::TooFew { got: 1, wanted: 2, .. })));
        assert!(matches!(con(&[]), Err(Error::TooFew { .. })));
        assert!(matches!(con(&[0.0, 0.0]), Err(Error::Empty { .. })));
        assert!(matches!(con(&[1.0, f64::NAN]), Err(Error::Value { row: 1, .. })));
    }

    #[test]
    fn ratios_of_two_states() {
        assert_eq!(ratio(Some(0.02), Some(0.08)), Some(0.25));
        assert_eq!(log_ratio(Some(0.5), Some(0.5)), Some(0.0));
        assert_eq!(share(Some(3.0), Some(1.0)), Some(0.75));
        assert_eq!((ratio(Some(0.0), Some(0.0)), share(Some(0.0), Some(0.0))), (None, None));
        assert_eq!((ratio(None, Some(1.0)), log_ratio(Some(0.0), Some(1.0))), (None, None));
        assert_eq!(parity(Some(0.8), Some(1.0)), Some(true));
        assert_eq!(parity(Some(0.79), Some(1.0)), Some(false));
        assert_eq!(preponderance(Some(10.0), Some(1.0)), Some(true));
        assert_eq!(preponderance(Some(9.0), Some(1.0)), Some(false));
        assert_eq!(preponderance(Some(1.0), Some(0.0)), Some(true));
        assert_eq!(preponderance(Some(-1.0), Some(0.0)), None);
        assert_eq!(
            (burden(Some(2.0), Some(100.0)), burden(Some(2.0), Some(0.0))),
            (Some(0.02), None)
        );
    }

    #[test]
    fn shares_are_of_what_is_known_of_the_group() {
        let shares = shares_within(&[1, 1, 2, 1], &[Some(1.0), Some(3.0), Some(0.0), None]);
        assert_eq!(shares.unwrap(), [Some(0.25), Some(0.75), None, None]);
    }
}
