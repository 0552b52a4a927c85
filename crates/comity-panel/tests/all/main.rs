//! The tests of panels.
//! One binary: each links the engine once.

#![allow(
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::explicit_auto_deref,
    clippy::needless_borrows_for_generic_args,
    reason = "a test fails by panicking, and is written to be read"
)]

mod conduct;
mod conflicts;
mod gold;
mod groups;
mod handed;
mod joins;
mod kept;
mod measures;
mod objects;
mod panel;
mod periods;
mod published;
mod ties;
