//! A policy evaluated over a record, kept: what is asked of it again and again is not evaluated again.

use comity_policy::audit::Report;
use comity_policy::{AnsweredAnywhere, Evaluation as Inner, Why};

use crate::Error;

/// A policy evaluated over a record for all states and years; see [`crate::Record::evaluation`].
#[derive(Debug)]
pub struct Evaluation {
    inner: Inner,
}

impl Evaluation {
    pub(crate) fn of(inner: Inner) -> Self {
        Self { inner }
    }

    /// Every state, by `ccode`, that an audit of all states is about in these years.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// let evaluation = record.evaluation(&policy, &Default::default())?;
    /// assert!(evaluation.states(Some(1960), Some(1969)).contains(&710));
    /// # Ok::<(), comity::Error>(())
    /// ```
    pub fn states(&self, from: Option<i32>, to: Option<i32>) -> Vec<i32> {
        self.inner.all_states(from, to)
    }

    /// The last year that a needed source covers.
    pub fn last_year(&self) -> i32 {
        self.inner.last_year()
    }

    /// The audit of these states, by `ccode`, over these years.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// let evaluation = record.evaluation(&policy, &Default::default())?;
    /// let report = evaluation.report(&[710], Some(1960), Some(1969))?;
    /// assert_eq!(report.audits[0].state.abbr, "CHN");
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// Years out of order, and a state that was not in the system in them.
    pub fn report(
        &self,
        states: &[i32],
        from: Option<i32>,
        to: Option<i32>,
    ) -> Result<Report, Error> {
        Ok(self.inner.report(states, from, to)?)
    }

    /// To which year each commitment is answered for any state.
    pub fn answered_anywhere(&self) -> Vec<AnsweredAnywhere> {
        self.inner.answered_anywhere()
    }

    /// Explains one verdict.
    ///
    /// # Errors
    /// A commitment that the policy has not, a year in which the state was not in the system.
    pub fn why(&self, state: i32, commitment: &str, year: i32) -> Result<Why, Error> {
        Ok(self.inner.why(state, commitment, year)?)
    }
}
