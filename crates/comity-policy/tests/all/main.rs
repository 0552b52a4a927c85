//! The tests of policies.
//! One binary: each links the engine once.

mod coverage;
mod full_record;
mod fuzz_documents;
mod nothing_lost;
mod parse;
mod parse_arbitrary;
mod parse_diagnostics;
mod published;
mod register;
mod shipped;
mod verdicts;
