//! Verdicts and findings of many states at once, as plain rows and as tables.

mod columns;
mod handed;
mod latest;
mod panel;

use std::sync::Arc;

use arrow::array::RecordBatch;
use comity_policy::verdict::Verdict;
use comity_policy::{CountRow, Evaluation, FindingRow, VerdictRow};
use comity_record::nearest;

pub use columns::{COUNTS, Column, FINDINGS, LATEST, VERDICTS, about, table};
pub use handed::{FINDINGS_TABLE, TABLES, VERDICTS_TABLE, tables};
pub use latest::LatestRow;
pub use panel::{GROUP, policies};

use crate::{AuditOptions, Error, Policy, Record};

/// A policy evaluated over a record, and its verdicts and findings as rows. Cheap to clone.
///
/// Rows of verdicts stand by state, commitment in the order of the document, and year. They are those of the years of an audit
/// ([`AuditOptions::from`]) in which the state was in the state system.
#[derive(Debug, Clone)]
pub struct Verdicts {
    evaluation: Arc<Evaluation>,
}

/// Which verdicts are wanted; what is left empty leaves nothing out.
#[derive(Debug, Clone, Default)]
pub struct VerdictFilter {
    /// States, by `ccode`.
    pub states: Vec<i32>,
    /// First year; none: the later of the policy's adoption and the state's entry.
    pub from: Option<i32>,
    /// Last year; none: the last that a needed source covers.
    pub to: Option<i32>,
    /// Ids of commitments.
    pub commitments: Vec<String>,
    /// Verdicts.
    pub verdicts: Vec<Verdict>,
}

impl VerdictFilter {
    fn commitment(&self, id: &str) -> bool {
        self.commitments.is_empty() || self.commitments.iter().any(|c| c == id)
    }

    fn verdict(&self, verdict: Verdict) -> bool {
        self.verdicts.is_empty() || self.verdicts.contains(&verdict)
    }
}

impl Record {
    /// Evaluates a policy for all states and years, and keeps what it says as rows. The states, years and commitments wanted are chosen
    /// later ([`VerdictFilter`]); commitments that the options leave out are not evaluated.
    ///
    /// ```
    /// use comity::{Policy, Record, Verdict, VerdictFilter};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let verdicts = record.verdicts(&policy, &Default::default())?;
    /// let filter = VerdictFilter {
    ///     commitments: vec!["no-great-power-alliance".into()],
    ///     verdicts: vec![Verdict::Broken],
    ///     from: Some(1955),
    ///     to: Some(1955),
    ///     ..VerdictFilter::default()
    /// };
    /// assert!(verdicts.rows(&filter)?.iter().any(|row| row.ccode == 710));
    /// assert!(verdicts.findings(&filter)?.iter().all(|row| row.finding.year == 1955));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// Sources or commitments that are not there, and queries that fail.
    pub fn verdicts(&self, policy: &Policy, options: &AuditOptions) -> Result<Verdicts, Error> {
        Ok(self.evaluate(policy.document(), options)?.into())
    }
}

impl From<Evaluation> for Verdicts {
    fn from(evaluation: Evaluation) -> Self {
        Self { evaluation: Arc::new(evaluation) }
    }
}

impl From<Arc<Evaluation>> for Verdicts {
    fn from(evaluation: Arc<Evaluation>) -> Self {
        Self { evaluation }
    }
}

impl Verdicts {
    /// The evaluation behind them.
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// The verdicts, one row per state, commitment and year.
    ///
    /// # Errors
    /// A commitment that was not evaluated, with the nearest; a state that was not in the system in these years.
    pub fn rows(&self, filter: &VerdictFilter) -> Result<Vec<VerdictRow>, Error> {
        let mut rows = self.all_rows(filter)?;
        rows.retain(|row| filter.verdict(row.verdict));
        Ok(rows)
    }

    /// The findings, one row each, by state, commitment and year.
    ///
    /// # Errors
    /// As [`Verdicts::rows`].
    pub fn findings(&self, filter: &VerdictFilter) -> Result<Vec<FindingRow>, Error> {
        self.check(filter)?;
        let mut rows = self.evaluation.finding_rows(&filter.states, filter.from, filter.to)?;
        rows.retain(|row| filter.commitment(&row.commitment) && filter.verdict(row.verdict));
        Ok(rows)
    }

    /// One row per state and commitment: the last year with one of the verdicts wanted (any that is known, if none is named), and beside it
    /// what later years hold that are unknown. The most recent first; states of the same year by name; a state that has no such year, and
    /// against which something was found in years that are unknown or contested, stands at the end with these.
    ///
    /// ```
    /// use comity::{Policy, Record, Verdict, VerdictFilter};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let verdicts = record.verdicts(&policy, &Default::default())?;
    /// let filter = VerdictFilter {
    ///     commitments: vec!["no-great-power-alliance".into()],
    ///     verdicts: vec![Verdict::Broken],
    ///     ..VerdictFilter::default()
    /// };
    /// let latest = verdicts.latest(&filter)?;
    /// assert!(latest.windows(2).all(|pair| pair[0].year >= pair[1].year));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Verdicts::rows`].
    pub fn latest(&self, filter: &VerdictFilter) -> Result<Vec<LatestRow>, Error> {
        Ok(latest::of(&self.all_rows(filter)?, &filter.verdicts))
    }

    /// How often each verdict came, one row per state and commitment, by the name of the state: beside the years that it could have come in,
    /// and what all states did in the same years. There is no order by such counts.
    ///
    /// # Errors
    /// As [`Verdicts::rows`]; a filter that names verdicts, of which a count has all.
    pub fn counts(&self, filter: &VerdictFilter) -> Result<Vec<CountRow>, Error> {
        self.check(filter)?;
        if let Some(verdict) = filter.verdicts.first() {
            return Err(Error::new(format!("counts have all verdicts, and `{verdict}` was asked"))
                .help("leave out the verdict: each has a column of its own"));
        }
        let mut rows = self.evaluation.count_rows(&filter.states, filter.from, filter.to)?;
        rows.retain(|row| filter.commitment(&row.commitment));
        let order = self.order();
        rows.sort_by_key(|row| (row.state.to_lowercase(), row.ccode, order(&row.commitment)));
        Ok(rows)
    }

    /// The verdicts in the columns [`VERDICTS`].
    ///
    /// # Errors
    /// As [`Verdicts::rows`].
    pub fn table(&self, filter: &VerdictFilter) -> Result<RecordBatch, Error> {
        table(VERDICTS, &self.rows(filter)?)
    }

    /// Ids of the sources that could answer, under any reading.
    pub fn sources(&self) -> Vec<String> {
        self.evaluation.answering_sources()
    }

    /// Puts rows in the order of the names of their states; those of one state stay in the order that they have.
    pub fn by_name<R>(rows: &mut [R], name: impl Fn(&R) -> (Arc<str>, i32)) {
        rows.sort_by_cached_key(|row| {
            let (state, ccode) = name(row);
            (state.to_lowercase(), ccode)
        });
    }

    fn all_rows(&self, filter: &VerdictFilter) -> Result<Vec<VerdictRow>, Error> {
        self.check(filter)?;
        let mut rows = self.evaluation.verdict_rows(&filter.states, filter.from, filter.to)?;
        rows.retain(|row| filter.commitment(&row.commitment));
        Ok(rows)
    }

    /// A refusal of commitments that have no verdicts here, and of years out of order.
    fn check(&self, filter: &VerdictFilter) -> Result<(), Error> {
        if let (Some(from), Some(to)) = (filter.from, filter.to)
            && from > to
        {
            return Err(comity_policy::Error::YearsBackwards { from, to }.into());
        }
        let all = self.evaluation.commitment_ids();
        let Some(id) = filter.commitments.iter().find(|id| !all.contains(&id.as_str())) else {
            return Ok(());
        };
        let mut error = Error::new(format!("there are no verdicts on `{id}`"));
        if let Some(near) = nearest(id, all.iter().copied()) {
            error = error.help(near);
        }
        let conduct = |kind| {
            !matches!(
                kind,
                comity_policy::document::Kind::Watch | comity_policy::document::Kind::Goal
            )
        };
        let commitments = self.evaluation.policy().commitments.iter();
        let ids: Vec<&str> =
            commitments.filter(|c| conduct(c.kind)).map(|c| c.id.as_str()).collect();
        Err(error.help(format!("there are verdicts on {}", ids.join(", "))))
    }

    /// The place of a commitment in the document.
    fn order(&self) -> impl Fn(&str) -> usize {
        let all: Vec<String> =
            self.evaluation.policy().commitments.iter().map(|c| c.id.clone()).collect();
        move |id| all.iter().position(|c| c == id).unwrap_or(usize::MAX)
    }
}
