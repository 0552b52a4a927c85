//! SQL over a record: parsing, the allow-list, what a plan reads, running within limits.

mod asked;
mod context;
mod functions;
mod limits;
mod parse;
mod reads;
mod session;
mod units;

pub(crate) use context::Tables;
pub use limits::Limits;
pub use reads::Read;
pub use session::{Extra, Planned, Session, session};
pub use units::{ARGUMENTS, function};
