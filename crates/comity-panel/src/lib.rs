//! Base views over a record, and **the only place that makes a SQL session**.
//!
//! Invariants: a session reads and does nothing else; one query runs on one thread and gives the
//! same rows on every run; what a query reads is told by its unoptimised plan ([`Planned::reads`]),
//! and [`facts`] maps a view to the canonical tables behind it.

mod error;
pub mod panel;
mod sql;
mod table;
mod views;
pub mod worker;
mod workers;

pub use error::{At, SqlError, nearest};
pub use sql::{ARGUMENTS, Budget, Extra, Limits, Planned, Read, Session, function, session};
pub use table::{LazyTable, Rows};
pub use views::{VIEWS, View, beyond, facts};
pub use workers::{Job, in_parallel};
