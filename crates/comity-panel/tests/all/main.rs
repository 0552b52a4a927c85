//! The tests of panels.
//! One binary: each links the engine once.

mod conflicts;
mod gold;
mod objects;
mod panel;
mod published;
mod ties;
