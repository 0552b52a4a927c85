//! The desks of one evaluation: the baseline's, and one for each further reading, opened when a block first needs it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use comity_record::{Reading, Record};
use comity_sql::{Budget, Job, Sharing, SqlError, in_parallel};

use super::plan::Desk;
use crate::document::Policy;
use crate::error::Error;

/// A query that does not respond for this long is abandoned (its own limit is shorter).
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// Desks by the index of their reading, and what they are opened with.
pub(super) struct Desks {
    pub record: Record,
    policy: Arc<Policy>,
    budget: Budget,
    sharing: Sharing,
    readings: Vec<Reading>,
    desks: Vec<OnceLock<Result<Desk, SqlError>>>,
}

type Opened = (Result<Desk, SqlError>, Vec<(usize, SqlError)>);

impl Desks {
    /// Opens the baseline's, if some query is to be answered.
    pub(super) fn of(
        record: &Record,
        policy: &Arc<Policy>,
        readings: &[Reading],
        budget: Budget,
        open: bool,
    ) -> Result<Arc<Self>, Error> {
        let desks = Arc::new(Self {
            record: record.clone(),
            policy: Arc::clone(policy),
            budget,
            sharing: Sharing::default(),
            readings: readings.to_vec(),
            desks: readings.iter().map(|_| OnceLock::new()).collect(),
        });
        if !open {
            return Ok(desks);
        }
        let opening = Arc::clone(&desks);
        let job: Job<Opened> = Box::new(move || opening.for_reading(&opening.readings[0]));
        let Some((baseline, failed)) = in_parallel(vec![job], PATIENCE).pop().flatten() else {
            return Err(Error::Stuck { commitment: "helpers".into(), block: "all".into() });
        };
        if let Some((at, error)) = failed.into_iter().next() {
            let helper = &policy.helpers[at];
            return Err(Error::Block {
                commitment: "helper".into(),
                block: helper.name.clone(),
                error,
                span: helper.query.span,
            });
        }
        let _ = desks.desks[0].set(Ok(baseline.map_err(Error::Session)?));
        Ok(desks)
    }

    /// The desk of a reading, by its index.
    pub(super) fn at(&self, reading: usize) -> Result<&Desk, SqlError> {
        let open = || {
            let (desk, failed) = self.for_reading(&self.readings[reading]);
            failed.into_iter().next().map_or(desk, |(_, error)| Err(error))
        };
        self.desks[reading].get_or_init(open).as_ref().map_err(Clone::clone)
    }

    /// A desk for any reading, and the helpers that fail under it.
    pub(super) fn for_reading(&self, reading: &Reading) -> Opened {
        let (budget, sharing) = (&self.budget, &self.sharing);
        Desk::open(&self.record, reading, &self.policy.helpers, budget, sharing)
    }

    /// The readings after the baseline: their index, and the family that each is about.
    pub(super) fn further(&self) -> impl Iterator<Item = (usize, &str)> {
        let further = self.readings.iter().enumerate().skip(1);
        further.map(|(at, r)| (at, r.id.split_once('=').map_or("", |(family, _)| family)))
    }
}
