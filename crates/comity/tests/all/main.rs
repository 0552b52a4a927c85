//! The tests of the library that others embed.
//! One binary: each links the engine once.

mod layers;
mod published;
mod replicate;
mod verdicts;
mod watch;
