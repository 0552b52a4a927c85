//! The desks of one evaluation: the baseline's, and one for each further reading, opened when a block first needs it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use comity_record::{Reading, Record};
use comity_sql::{Budget, Job, Planned, Sharing, SqlError, in_parallel};

use super::plan::Desk;
use crate::document::{Helper, Policy};
use crate::error::Error;

/// A query that does not respond for this long is abandoned (its own limit is shorter).
pub(super) const PATIENCE: Duration = Duration::from_secs(90);

/// An evidence block: commitment, version, block.
pub(super) type Place = (usize, usize, usize);

/// Desks by the index of their reading, and what they are opened with.
pub(super) struct Desks {
    pub record: Record,
    helpers: Arc<[Helper]>,
    budget: Budget,
    sharing: Sharing,
    readings: Vec<Reading>,
    desks: Vec<OnceLock<Result<Desk, SqlError>>>,
    /// Blocks as they were planned: another reading, or another record, differs in the tables alone.
    plans: Arc<Mutex<BTreeMap<Place, Planned>>>,
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
            helpers: policy.helpers.clone().into(),
            budget,
            sharing: Sharing::default(),
            readings: readings.to_vec(),
            desks: readings.iter().map(|_| OnceLock::new()).collect(),
            plans: Arc::default(),
        });
        if !open {
            return Ok(desks);
        }
        let opening = Arc::clone(&desks);
        let job: Job<Opened> = Box::new(move || {
            let Desks { record, helpers, budget, sharing, .. } = &*opening;
            Desk::open(record, &opening.readings[0], helpers, budget, sharing)
        });
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

    /// The desks of the same policy over another record, which use what these have in common with it.
    pub(super) fn above(&self, record: &Record, readings: &[Reading], budget: Budget) -> Arc<Self> {
        Arc::new(Self {
            record: record.clone(),
            helpers: Arc::clone(&self.helpers),
            budget,
            sharing: self.sharing.above(),
            readings: readings.to_vec(),
            desks: readings.iter().map(|_| OnceLock::new()).collect(),
            plans: Arc::clone(&self.plans),
        })
    }

    /// The desk of a reading, by its index.
    pub(super) fn at(&self, reading: usize) -> Result<&Desk, SqlError> {
        let open = || self.for_reading(&self.readings[reading]);
        self.desks[reading].get_or_init(open).as_ref().map_err(Clone::clone)
    }

    /// A desk for any reading.
    pub(super) fn for_reading(&self, reading: &Reading) -> Result<Desk, SqlError> {
        Desk::unplanned(&self.record, reading, &self.helpers, &self.budget, &self.sharing)
    }

    /// A block as it was planned.
    pub(super) fn plan_of(&self, place: Place) -> Option<Planned> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned()
    }

    /// Keeps a block as it was planned.
    pub(super) fn keep_plan(&self, place: Place, planned: &Planned) {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        plans.entry(place).or_insert_with(|| planned.clone());
    }

    /// The readings after the baseline: their index, and the family that each is about.
    pub(super) fn further(&self) -> impl Iterator<Item = (usize, &str)> {
        let further = self.readings.iter().enumerate().skip(1);
        further.map(|(at, r)| (at, r.id.split_once('=').map_or("", |(family, _)| family)))
    }
}
