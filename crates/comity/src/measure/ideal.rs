//! Ideal points from the votes of a record.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, Int32Array, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
pub use comity_measures::ideal::{Estimates, Gibbs, Plan, Settings};
use comity_measures::ideal::{REFERENCE, fast};
use comity_measures::votes::Ballots;
use comity_measures::{Error as MeasureError, Reference};
use comity_record::{Reading, Record as Tables};

use crate::Error;

/// Where ideal points are defined.
pub const IDEAL_REFERENCES: &[Reference] = &[REFERENCE];

/// Recorded votes of the General Assembly, by session.
#[derive(Debug, Default)]
pub struct Votes {
    roll_call: Vec<u32>,
    session: Vec<i32>,
    state: Vec<i32>,
    vote: Vec<u8>,
    /// Rows of votes whose roll call, session or state is not known.
    pub left_out: usize,
}

impl Votes {
    /// The votes of a record in these sessions, under a reading.
    ///
    /// ```
    /// use comity::{Record, measure};
    ///
    /// let record = Record::starter();
    /// let tables = record.tables();
    /// let error = measure::Votes::of(tables, &tables.baseline(), (1, 70)).unwrap_err();
    /// assert!(error.message.contains("votes"), "{error}");
    /// ```
    ///
    /// # Errors
    /// A record without votes or without roll calls; a damaged one; sessions in which nobody voted.
    pub fn of(record: &Tables, reading: &Reading, sessions: (i32, i32)) -> Result<Self, Error> {
        for table in ["votes", "roll_calls"] {
            if !record.holds(table, reading) {
                let datasets = record.catalogue().proposed(table).join("` or `");
                return Err(Error::new(format!(
                    "ideal points need the table `{table}`: the dataset `{datasets}` is not in the record"
                ))
                .help("`comity record sources votes` says how to get it"));
            }
        }
        let calls = record.table("roll_calls", reading)?;
        let (call, of) = (ints(&calls, "rcid")?, ints(&calls, "session")?);
        let session_of: HashMap<i32, i32> =
            call.iter().zip(&of).filter_map(|(call, of)| Some(((*call)?, (*of)?))).collect();
        let cast_votes = record.table("votes", reading)?;
        let (call, state) = (ints(&cast_votes, "rcid")?, ints(&cast_votes, "ccode")?);
        let vote = ints(&cast_votes, "vote")?;
        let mut votes = Self::default();
        for row in 0..cast_votes.num_rows() {
            let known = call[row].zip(state[row]).zip(vote[row]);
            let known = known.and_then(|((call, state), vote)| {
                Some((
                    u32::try_from(call).ok()?,
                    *session_of.get(&call)?,
                    state,
                    u8::try_from(vote).ok()?,
                ))
            });
            let Some((call, session, state, vote)) = known else {
                votes.left_out += 1;
                continue;
            };
            if (sessions.0..=sessions.1).contains(&session) {
                votes.roll_call.push(call);
                votes.session.push(session);
                votes.state.push(state);
                votes.vote.push(vote);
            }
        }
        if votes.vote.is_empty() {
            return Err(Error::new(format!(
                "the record has no votes of sessions {} to {}",
                sessions.0, sessions.1
            ))
            .help("`comity query \"select min(session), max(session) from roll_calls\"` says which it has"));
        }
        Ok(votes)
    }

    fn ballots(&self) -> Ballots<'_> {
        Ballots {
            roll_call: &self.roll_call,
            session: &self.session,
            state: &self.state,
            vote: &self.vote,
        }
    }

    /// Ideal points by the fast estimator, with standard errors. `bridges` are pairs of roll calls on the same resolution.
    ///
    /// # Errors
    /// What [`fast`] refuses.
    pub fn fast(&self, bridges: &[(u32, u32)], settings: &Settings) -> Result<Estimates, Error> {
        fast(&self.ballots(), bridges, settings).map_err(|e| refused(&e))
    }

    /// A run of the sampler, or one taken up from the bytes of a checkpoint.
    ///
    /// # Errors
    /// What [`Gibbs::new`] and [`Gibbs::resume`] refuse.
    pub fn sampler(
        &self,
        bridges: &[(u32, u32)],
        settings: Settings,
        plan: Plan,
        checkpoint: Option<&[u8]>,
    ) -> Result<Gibbs, Error> {
        match checkpoint {
            Some(bytes) => Gibbs::resume(&self.ballots(), bridges, settings, plan, bytes),
            None => Gibbs::new(&self.ballots(), bridges, settings, plan),
        }
        .map_err(|e| refused(&e))
    }
}

/// What an estimator refuses, with the name of the measure.
pub fn refused(error: &MeasureError) -> Error {
    Error::new(format!("ideal points: {error}"))
}

/// Ideal points as rows: state, session, votes, point, standard error and interval; of a sample R-hat and the number of independent draws
/// that it is worth too, which are null otherwise.
///
/// # Errors
/// More rows than a table holds.
pub fn ideal_points(estimates: &Estimates) -> Result<RecordBatch, Error> {
    let points = &estimates.points;
    let whole = |of: &dyn Fn(usize) -> i32| -> ArrayRef {
        Arc::new((0..points.len()).map(|at| Some(of(at))).collect::<Int32Array>())
    };
    let real = |of: &dyn Fn(usize) -> Option<f64>| -> ArrayRef {
        Arc::new((0..points.len()).map(of).collect::<Float64Array>())
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("ccode", whole(&|at| points[at].state)),
        ("session", whole(&|at| points[at].session)),
        ("votes", whole(&|at| i32::try_from(points[at].votes).unwrap_or(i32::MAX))),
        ("ideal_point", real(&|at| Some(points[at].point))),
        ("standard_error", real(&|at| Some(points[at].error))),
        ("low", real(&|at| Some(points[at].low))),
        ("high", real(&|at| Some(points[at].high))),
        ("r_hat", real(&|at| points[at].r_hat)),
        ("independent_draws", real(&|at| points[at].effective)),
    ];
    let field =
        |(name, array): &(&str, ArrayRef)| Field::new(*name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(schema, arrays).map_err(|e| Error::new(e.to_string()))
}

fn ints(batch: &RecordBatch, name: &str) -> Result<Vec<Option<i32>>, Error> {
    let column = batch.column_by_name(name).map(|column| cast(column, &DataType::Int32));
    match column {
        Some(Ok(column)) => Ok(column.as_primitive::<Int32Type>().iter().collect()),
        _ => Err(Error::new(format!("the votes of this record have no column `{name}`"))),
    }
}
