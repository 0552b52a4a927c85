//! SQL over a record: parsing, the allow-list, what a plan reads, running within limits.

mod arithmetic;
mod asked;
mod budget;
mod clauses;
mod context;
mod dialect;
mod functions;
mod limits;
mod metered;
mod parse;
mod reads;
mod session;
mod sums;
mod units;
mod weight;

pub use budget::Budget;
pub(crate) use context::Tables;
pub use limits::Limits;
pub use reads::Read;
pub use session::{Extra, Planned, Session, session};
pub use units::{ARGUMENTS, function};
