//! The tests of the program, and of the workspace as a whole.
//! One binary: each links the engine once.

mod circles;
mod cli;
mod edges;
mod fetch;
mod transcripts;
