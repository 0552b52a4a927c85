//! The server as a client sees it: over a socket, with hostile names, slow clients and a record that is replaced.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod safety;
