//! Votes of an assembly: how alike states vote, who takes part, and who votes with the majority.

mod agreement;
mod attendance;
mod ballots;
mod planes;

pub use agreement::{AGREEMENT, Agreement, Score, agreement};
pub use attendance::{Attendance, attendance};
pub use ballots::Ballots;
pub(crate) use ballots::NOT_A_MEMBER;
pub use planes::Over;
