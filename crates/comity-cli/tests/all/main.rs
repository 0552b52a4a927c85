//! The tests of the program, and of the workspace as a whole.
//! One binary: each links the engine once.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::explicit_auto_deref,
    clippy::needless_borrows_for_generic_args,
    reason = "a test fails by panicking, and is written to be read"
)]

mod circles;
mod cli;
mod compare;
mod edges;
mod editions;
mod fetch;
mod mcp;
mod names;
mod page;
mod pages;
mod published;
mod transcripts;
