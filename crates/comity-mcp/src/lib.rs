//! Comity for assistants: a server of the Model Context Protocol over standard input and output, or over HTTP on this machine.
//!
//! Its tools ask the library the questions that the program's commands ask, and answer in short texts: the answer first, then the rows
//! behind it, their sources, and what is not known. Nothing is written, no file is read that a client names, and every list is bounded.

mod answers;
mod ask;
mod desk;
mod resources;
mod server;
mod tools;

pub use desk::{Desk, Held};
pub use server::{over_http, over_stdio};
