//! The structure of a state's trade: how open it is, how balanced, and how much of it is with few partners.

use crate::{Error, Reference};

/// The concentration of trade on partners.
pub const HIRSCHMAN: Reference = Reference {
    authors: "Hirschman, Albert O.",
    year: 1945,
    title: "National Power and the Structure of Foreign Trade",
    published_in: "Berkeley: University of California Press",
    doi: "",
};

/// Openness and dependence as the literature on trade and conflict measures them.
pub const ONEAL_RUSSETT: Reference = Reference {
    authors: "Oneal, John R. and Bruce M. Russett",
    year: 1997,
    title: "The Classical Liberals Were Right: Democracy, Interdependence, and Conflict, 1950-1985",
    published_in: "International Studies Quarterly 41(2): 267-294",
    doi: "10.1111/1468-2478.00042",
};

/// A flow that can be measured.
fn flow(value: Option<f64>) -> Option<f64> {
    value.filter(|v| v.is_finite() && *v >= 0.0)
}

/// Openness: exports and imports as a share of output, all in the same unit; above 1 where a state trades more than it makes. With the flows
/// between two states, the dependence of the first on the second.
///
/// Null where one is not known, a flow is below zero, or the output is not above zero.
pub fn openness(imports: Option<f64>, exports: Option<f64>, output: Option<f64>) -> Option<f64> {
    let output = flow(output).filter(|o| *o > 0.0)?;
    Some((flow(imports)? + flow(exports)?) / output)
}

/// The balance of trade as a share of it: (exports − imports) / (exports + imports), 1 where a state only exports, −1 where it only imports.
///
/// Null where one is not known or below zero, or there is no trade.
pub fn balance(imports: Option<f64>, exports: Option<f64>) -> Option<f64> {
    let (imports, exports) = (flow(imports)?, flow(exports)?);
    let both = imports + exports;
    (both > 0.0).then(|| (exports - imports) / both)
}

/// How much of a state's trade is with few partners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concentration {
    /// The sum of the squared shares of partners (Hirschman and Herfindahl): 1 where all is with one.
    pub index: f64,
    /// The same rescaled to be 0 where all partners have the same share; none with one partner.
    pub normalised: Option<f64>,
    /// Partners with a flow above zero.
    pub partners: usize,
    /// The place of the largest partner; of several the first.
    pub largest: usize,
    /// Its share.
    pub largest_share: f64,
    /// Partners whose flow is not known; they do not count.
    pub unknown: usize,
}

/// The concentration of flows on partners.
///
/// # Shape
/// One flow for each partner, in any unit.
///
/// # Nulls
/// A flow that is not known does not count, and is counted apart.
///
/// # Errors
/// [`Error::Value`] for a flow below zero or not finite; [`Error::Empty`] where no flow is above zero.
///
/// # Source
/// Hirschman (1945), as the sum of squares and not its root.
pub fn concentration(flows: &[Option<f64>]) -> Result<Concentration, Error> {
    let wrong = |v: f64| !(v.is_finite() && v >= 0.0);
    if let Some((row, value)) =
        flows.iter().enumerate().find_map(|(row, v)| v.filter(|v| wrong(*v)).map(|v| (row, v)))
    {
        let wanted = "a flow of 0 or more";
        return Err(Error::Value { what: "flow".into(), row, value, wanted });
    }
    let total: f64 = flows.iter().flatten().sum();
    if total <= 0.0 {
        return Err(Error::Empty { what: "concentration of trade" });
    }
    let shares = || flows.iter().map(|v| v.unwrap_or(0.0) / total);
    let index: f64 = shares().map(|s| s * s).sum();
    let partners = flows.iter().flatten().filter(|v| **v > 0.0).count();
    let even = 1.0 / partners as f64;
    let (mut largest, mut largest_share) = (0, 0.0);
    for (at, share) in shares().enumerate() {
        if share > largest_share {
            (largest, largest_share) = (at, share);
        }
    }
    Ok(Concentration {
        index,
        normalised: (partners > 1).then(|| ((index - even) / (1.0 - even)).max(0.0)),
        partners,
        largest,
        largest_share,
        unknown: flows.iter().filter(|v| v.is_none()).count(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openness_and_balance() {
        assert_eq!(openness(Some(10.0), Some(30.0), Some(80.0)), Some(0.5));
        assert_eq!(openness(Some(10.0), None, Some(80.0)), None);
        assert_eq!(openness(Some(10.0), Some(1.0), Some(0.0)), None);
        assert_eq!(openness(Some(-9.0), Some(1.0), Some(5.0)), None);
        assert_eq!(balance(Some(10.0), Some(30.0)), Some(0.5));
        assert_eq!(balance(Some(10.0), Some(0.0)), Some(-1.0));
        assert_eq!(balance(Some(0.0), Some(0.0)), None);
    }

    #[test]
    fn concentration_of_flows() {
        let of = concentration(&[Some(50.0), None, Some(25.0), Some(25.0), Some(0.0)]).unwrap();
        assert!((of.index - 0.375).abs() < 1e-15);
        assert!((of.normalised.unwrap() - (0.375 - 1.0 / 3.0) / (2.0 / 3.0)).abs() < 1e-15);
        assert_eq!((of.partners, of.unknown, of.largest), (3, 1, 0));
        assert!((of.largest_share - 0.5).abs() < 1e-15);
        let one = concentration(&[Some(0.0), Some(7.0)]).unwrap();
        assert_eq!((one.normalised, one.largest), (None, 1));
        assert!((one.index - 1.0).abs() < 1e-15);
        assert!(matches!(concentration(&[None, Some(0.0)]), Err(Error::Empty { .. })));
        assert!(matches!(concentration(&[]), Err(Error::Empty { .. })));
        assert!(matches!(concentration(&[None, Some(-1.0)]), Err(Error::Value { row: 1, .. })));
    }
}
