//! The tests of the readers and the starter.
//! One binary: each links the engine once.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::explicit_auto_deref,
    clippy::needless_borrows_for_generic_args,
    reason = "a test fails by panicking, and is written to be read"
)]

mod composition;
mod formats_published;
mod fuzz_readers;
mod published;
mod readers_invented;
mod readers_published;
mod starter_agencies;
mod starter_claims;
mod starter_conflicts;
mod starter_memberships;
mod starter_open;
mod starter_sanctions;
mod starter_support;
mod starter_system;
mod starter_territory;
mod starter_treaties;
mod starter_vetoes;
mod starter_voting;
mod states;
