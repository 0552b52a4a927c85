//! The tests of policies.
//! One binary: each links the engine once.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::explicit_auto_deref,
    clippy::needless_borrows_for_generic_args,
    reason = "a test fails by panicking, and is written to be read"
)]

mod as_of;
mod conduct;
mod coverage;
mod facts;
mod fresh;
mod full_record;
mod fuzz_documents;
mod guide;
mod kept;
mod nothing_lost;
mod parse;
mod parse_arbitrary;
mod parse_diagnostics;
mod published;
mod recomputed;
mod register;
mod rows;
mod shipped;
mod thresholds;
mod verdicts;
