//! What each fuzz target does with its bytes: an answer or one clear error, and never a panic.
//!
//! The binaries in `src/bin` hand the bytes of AFL to these functions; the tests hand them the seeds.

mod files;
#[cfg(feature = "sql")]
mod queries;

pub use files::{manifest, recognition, table, tally, workbook};
#[cfg(feature = "sql")]
pub use queries::{policy, sql};

/// A message is about the file, short and without control characters.
fn is_clear(message: &str) {
    assert!(message.starts_with("file"), "it does not begin with the file: {message:?}");
    assert!(!message.contains(|c: char| c.is_control()), "control characters: {message:?}");
    assert!(message.len() < 4_000, "{} bytes: {message:?}", message.len());
}
