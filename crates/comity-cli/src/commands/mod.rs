//! One file per command: its flags, its examples, and how it uses the libraries.

pub mod acts;
pub mod advise;
pub mod audit;
pub mod completions;
pub mod events;
pub mod forecast;
pub mod man;
pub mod mcp;
pub mod measure;
pub mod panel;
pub mod policy;
pub mod query;
pub mod record;
pub mod replicate;
pub mod serve;
pub mod states;
pub mod verdicts;
pub mod verify;
pub mod watch;
pub mod whatif;
pub mod why;
pub mod worker;
