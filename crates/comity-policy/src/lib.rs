//! Policy documents: parsing, checking, running, verdicts.
//!
//! Invariants: parsing never panics and gives as many diagnostics as there are; a verdict is `kept`
//! only where everything needed is covered; one evaluation serves every state and year; nothing here
//! prints, and nothing knows which policy it runs.

pub mod audit;
pub mod diagnostic;
pub mod document;
mod error;
pub mod figures;
mod filled;
pub mod guide;
pub mod parse;
pub mod register;
mod remarks;
mod run;
mod scale;
mod shipped;
mod text;
pub mod verdict;

pub use comity_sql::Budget;
pub use error::Error;
pub use parse::{fingerprint, parse, template};
pub use run::answered::AnsweredAnywhere;
pub use run::cases::{CaseResult, Failure, test, test_within};
pub use run::check::{check, reads};
pub use run::evaluate::{Evaluation, Options, Progress, evaluate, evaluate_beside};
pub use run::kept::Keep;
pub use run::report::in_words;
pub use run::rows::{CountRow, Counts, FindingRow, VerdictRow};
pub use run::rules::{Bounds, Grade};
pub use run::silence::left_out_beside;
pub use run::why::{LastChange, Why, WhyBlock, WhyReading, WhyStanding, WhyTable};
pub use scale::Scale;
pub use shipped::{SHIPPED, Shipped};
