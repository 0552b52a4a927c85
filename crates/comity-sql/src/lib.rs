//! SQL over a record, and **the only place that makes a session**: tables and base views, the allow-list of functions, and what a plan reads.
//!
//! Invariants: a session reads and does nothing else; one query runs on one thread and gives the same rows on every run; what a query
//! reads follows from its unoptimised plan ([`Planned::reads`]), and [`facts`] maps a view to the canonical tables behind it.
//!
//! Not here: files that a policy names, a catalog, a disk for spilling.

mod arithmetic;

mod budget;
mod clauses;
pub mod codebook;
mod context;
mod dialect;
mod error;
mod few;
mod functions;
mod large;
mod limits;
mod lineage;
mod measured;
mod measures;
mod metered;
mod own;
mod parse;
mod reads;
mod session;
mod sharing;
mod sums;
mod table;
mod units;
mod views;
mod wanted;
mod weight;
mod workers;

pub use budget::Budget;
pub use error::{At, SqlError};
pub use limits::Limits;
pub use measured::table_functions;
pub use own::{OF_POLICIES, Own, OwnAbout};
pub use reads::Read;
pub use session::{Extra, Planned, Session, session, session_beside};
pub use sharing::Sharing;
pub use table::{LazyTable, Rows};
pub use units::{ARGUMENTS, function};
pub use views::{Further, VIEWS, View, facts, fallback};
pub use workers::{Job, in_parallel};
