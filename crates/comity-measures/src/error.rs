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
    /// A formula that cannot be read.
    #[error("the formula: {reason} at character {at}: `{rest}`")]
    Formula {
        /// What is wrong.
        reason: String,
        /// The character, from 1.
        at: usize,
        /// What stands there.
        rest: String,
    },
    /// A formula names a column that is not there.
    #[error("there is no column {name}{}", nearest.as_ref().map_or_else(String::new, |n| format!("; the nearest is {n}")))]
    Column {
        /// The name.
        name: String,
        /// The column that is called most like it.
        nearest: Option<String>,
    },
    /// A column of another kind than the model needs.
    #[error("{name} is {found}: {wanted}")]
    Kind {
        /// The column or term.
        name: String,
        /// What it is.
        found: &'static str,
        /// What to do.
        wanted: &'static str,
    },
    /// A term that is a sum of multiples of others, so that no coefficient of its own can be told.
    #[error("{term} is collinear with {}: leave one of them out", with.join(", "))]
    Collinear {
        /// The term.
        term: String,
        /// The terms, the constant or the fixed effects that it follows from.
        with: Vec<String>,
    },
    /// No term has a coefficient that can be told.
    #[error("{model} is not identified: {reason}")]
    Unidentified {
        /// The model.
        model: &'static str,
        /// Why.
        reason: String,
    },
    /// A term, alone or with others, predicts some outcomes without fail, so that no finite coefficient is the most likely.
    #[error(
        "{term} predicts {outcome} without fail in {rows} rows (separation), so no finite coefficient is the most likely: leave the term or these rows out"
    )]
    Separation {
        /// The term that counts most in what predicts.
        term: String,
        /// What is predicted.
        outcome: String,
        /// In how many rows.
        rows: usize,
    },
    /// The outcome does not vary.
    #[error("{outcome} is {value} in all {rows} rows: there is nothing to explain")]
    Constant {
        /// The outcome.
        outcome: String,
        /// Its value.
        value: f64,
        /// How many rows.
        rows: usize,
    },
    /// The steps of an estimator did not come to rest.
    #[error(
        "{model} did not converge in {steps} steps (the last changed it by {change:.1e}): {hint}"
    )]
    Convergence {
        /// The model.
        model: &'static str,
        /// How many steps were taken.
        steps: usize,
        /// How much the last one changed.
        change: f64,
        /// What can be done.
        hint: &'static str,
    },
    /// Errors by cluster need at least two.
    #[error(
        "all rows are of one {name}: errors by cluster need at least two, and many to be right"
    )]
    OneCluster {
        /// What the clusters are of.
        name: String,
    },
    /// Fewer rows than coefficients.
    #[error("{model} has {rows} rows for {terms} coefficients: it needs more rows or fewer terms")]
    TooFewRows {
        /// The model.
        model: &'static str,
        /// How many rows are left.
        rows: usize,
        /// How many coefficients are asked for.
        terms: usize,
    },
    /// A number outside what an argument can be.
    #[error("{what} is {value}: {wanted}")]
    Argument {
        /// Which argument.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it can be.
        wanted: &'static str,
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
    /// A file of forecasts that cannot be trusted, or used as it was asked for.
    #[error("the forecasts, line {line}: {what}; {hint}")]
    Sealed {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: String,
        /// What can be done.
        hint: &'static str,
    },
}
