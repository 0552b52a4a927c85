/// Why a measure has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two arguments that must have one value for the same rows differ in length.
    #[error("{what} has {got} values where {wanted} are needed")]
    Shape {
        /// Which argument.
        what: &'static str,
        /// Its length.
        got: usize,
        /// The length that the others have.
        wanted: usize,
    },
    /// There is nothing to measure.
    #[error("{what}: no rows are left to measure")]
    Empty {
        /// What was to be measured.
        what: &'static str,
    },
    /// A value that the measure is not defined for.
    #[error("{what} at row {row} is {value}: {wanted}")]
    Value {
        /// Which argument.
        what: String,
        /// The row, from 0.
        row: usize,
        /// The value.
        value: f64,
        /// What the measure takes.
        wanted: &'static str,
    },
    /// A state has two votes in one roll call.
    #[error("state {state} has two votes in roll call {roll_call}; one is needed")]
    TwoVotes {
        /// Correlates of War number.
        state: i32,
        /// Number of the roll call.
        roll_call: u32,
    },
    /// States that cannot be placed on one scale.
    #[error(
        "the states around {one} and those around {other} never vote on the same resolution, so that they have no common scale; measure them apart"
    )]
    Unconnected {
        /// A state of the first group.
        one: i32,
        /// A state of another.
        other: i32,
    },
    /// A state on which something rests has no votes.
    #[error(
        "state {state} is to be positive, and has no vote in a contested roll call; name another"
    )]
    NotThere {
        /// Correlates of War number.
        state: i32,
    },
    /// An iteration that does not come to rest.
    #[error(
        "{what} still move by {moved:.1e} after {passes} passes; more votes, or fewer states, are needed"
    )]
    NotSettled {
        /// What was estimated.
        what: &'static str,
        /// Passes made.
        passes: usize,
        /// How far it moved in the last one.
        moved: f64,
    },
    /// Bytes that are no state of this run.
    #[error("the checkpoint cannot be used: {why}; begin anew without it")]
    Checkpoint {
        /// What is wrong with it.
        why: &'static str,
    },
}
