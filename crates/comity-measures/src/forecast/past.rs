//! What the model sees of a unit's past.

use crate::Error;

/// A unit at the end of one period, as far as it is known then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moment {
    /// ln(1 + the amount of this period).
    pub level: f64,
    /// The mean of ln(1 + amount) over the known periods before, each counting less the older it is; 0 where there is none.
    pub past: f64,
    /// ln(1 + the known periods without any, up to this one): 0 where there was some in this period.
    pub calm: f64,
}

impl Moment {
    /// Whether there was any in this period.
    pub fn violent(&self) -> bool {
        self.level > 0.0
    }
}

/// The moments of one unit, one per period; `None` where its amount is not known.
pub(super) fn moments(history: &[Option<f64>], memory: f64) -> Vec<Option<Moment>> {
    let (mut sum, mut weight, mut calm) = (0.0, 0.0, 0.0);
    let mut of = |amount: &Option<f64>| {
        let moment = amount.map(|amount| {
            let level = libm::log1p(amount);
            calm = if amount > 0.0 { 0.0 } else { calm + 1.0 };
            let past = if weight > 0.0 { sum / weight } else { 0.0 };
            Moment { level, past, calm: libm::log1p(calm) }
        });
        sum = memory * sum + moment.map_or(0.0, |m| m.level);
        weight = memory * weight + f64::from(u8::from(moment.is_some()));
        moment
    };
    history.iter().map(&mut of).collect()
}

/// Histories must be of the same periods, and amounts counts of something.
pub(super) fn check(histories: &[&[Option<f64>]]) -> Result<usize, Error> {
    let periods = histories.first().map_or(0, |first| first.len());
    if periods == 0 {
        return Err(Error::Empty { what: "the histories" });
    }
    for history in histories {
        if history.len() != periods {
            let got = history.len();
            return Err(Error::Shape { what: "a history", got, wanted: periods });
        }
        for (row, value) in history.iter().enumerate() {
            if let Some(value) = value.filter(|v| !(*v >= 0.0 && v.is_finite())) {
                let wanted = "a finite number that is not negative; None where it is not known";
                let what = "a history".to_owned();
                return Err(Error::Value { what, row, value, wanted });
            }
        }
    }
    Ok(periods)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_knows_nothing_of_what_comes_after() {
        let history = [Some(0.0), None, Some(9.0), Some(0.0), Some(0.0)];
        let all = moments(&history, 0.5);
        for end in 1..=history.len() {
            assert_eq!(moments(&history[..end], 0.5), all[..end], "{end}");
        }
        assert_eq!(all[1], None);
        let first = all[0].unwrap();
        assert_eq!((first.level, first.past, first.calm), (0.0, 0.0, libm::log1p(1.0)));
        let war = all[2].unwrap();
        assert!(war.violent() && war.calm == 0.0 && war.past == 0.0);
        // ln 10 one period ago with weight 1, 0 of three ago with weight ¼; the unknown one has none.
        let after = all[3].unwrap();
        assert!((after.past - 10.0_f64.ln() / 1.25).abs() < 1e-12, "{after:?}");
        assert_eq!(all[4].unwrap().calm, libm::log1p(2.0));
    }

    #[test]
    fn histories_of_different_lengths_and_impossible_amounts_are_refused() {
        assert!(check(&[]).is_err() && check(&[&[]]).is_err());
        assert!(check(&[&[None], &[None, None]]).is_err());
        assert!(check(&[&[Some(-1.0)]]).is_err() && check(&[&[Some(f64::NAN)]]).is_err());
        assert_eq!(check(&[&[None, Some(0.0)]]).unwrap(), 2);
    }
}
