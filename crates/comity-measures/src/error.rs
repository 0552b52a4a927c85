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
    /// Too little to measure.
    #[error("{got} {what}: at least {wanted} are needed")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many there are.
        got: usize,
        /// How many are needed.
        wanted: usize,
    },
    /// Series that do not vary apart from each other, so that their effects cannot be told apart.
    #[error("{what} do not vary apart from each other: their effects cannot be told apart")]
    Alike {
        /// Which series.
        what: &'static str,
    },
    /// Steps that did not come to rest.
    #[error("{what} did not come to rest in {steps} steps")]
    Unsettled {
        /// What was computed.
        what: &'static str,
        /// How many steps were taken.
        steps: usize,
    },
}
