//! Forecasts: a distribution for each unit in the next periods, made of the past alone, sealed before and scored after.
//!
//! [`analogues`] is the model of amounts (fatalities by country and year or month), [`pooled`] the benchmarks that it must beat, [`rolling`]
//! the only way in which either is judged: each period forecast from the periods before it. [`onsets`] is the model of events (a dispute that
//! the first state of a directed dyad begins), judged in the same way beside [`base_rates`] and [`own_rates`].
//! [`Sealed`] is what is written before a period and scored when it is over.
//!
//! `docs/forecasts.md` has the model in words, the figures and what they cannot say.

mod analogues;
mod benchmarks;
mod dyads;
mod events;
mod past;
pub mod references;
mod rolling;
mod sealed;

pub use analogues::{Analogues, Basis, Forecast, analogues};
pub use benchmarks::{pooled, spread};
pub use dyads::{DyadYears, Terms, onsets, terms};
pub use events::{base_rates, own_rates, remembered};
pub use rolling::{Held, Rolled, Score, rolling, score, scored};
pub use sealed::{
    Amounts, Given, Header, Input, Matched, Outcome, Row, Seal, Sealed, Target, open, seal,
};
