//! Comity makes a foreign policy executable: a policy is a document of commitments, each with the queries that measure it.
//!
//! This is the library that others embed: the program, the server and bindings stand on it. It opens a [`Record`] of facts, holds a
//! [`Policy`] against it, explains verdicts, lays out research panels and answers queries in SQL.
//!
//! ```
//! use comity::{AuditOptions, Policy, Record, Verdict};
//!
//! let record = Record::starter();
//! let policy = Policy::shipped("independent-peace")?;
//! let report = record.audit(&policy, &["CHN"], &AuditOptions::default())?;
//! let alliances = report.audits[0].commitments.iter().find(|c| c.id == "no-great-power-alliance");
//! let in_1955 = alliances.unwrap().verdicts.iter().find(|v| v.year == 1955).unwrap();
//! assert_eq!(in_1955.verdict, Verdict::Broken);
//! # Ok::<(), comity::Error>(())
//! ```
//!
//! Every function that can fail gives an [`Error`]: what is wrong, with the value, and the way out. Tables come out as Arrow batches.
//!
//! Not here: the command line, printing, the network. No type of the SQL engine is in this interface.

mod advise;
mod bounded;
mod cache;
mod catalogue;
mod compare;
mod error;
mod evaluation;
pub mod events;
pub mod forecast;
mod joined;
mod kept;
pub mod measure;
pub mod models;
pub mod pack;
mod policy;
pub mod program;
mod record;
pub mod replicate;
mod revise;
mod sources;
mod states;
pub mod verdicts;
pub mod watch;
pub mod worker;

pub use advise::{ActAbout, AdviceAsked, Advised, acts};
pub use bounded::{Answered, ColumnAbout, QueryBounds, TableAbout};
pub use cache::Cache;
pub use catalogue::DatasetAbout;
pub use comity_advice::Advice;
pub use comity_panel::{About, JoinReport, Joined, Panel, Request as PanelRequest};
pub use comity_policy::audit::{self, Report};
pub use comity_policy::diagnostic::Diagnostic;
pub use comity_policy::document;
pub use comity_policy::in_words as coverage_in_words;
pub use comity_policy::verdict::{Form, Verdict};
pub use comity_policy::{
    AnsweredAnywhere, CaseResult, CountRow, Counts, FindingRow, Progress, SHIPPED, VerdictRow, Why,
};
pub use comity_record::{
    Coverage, Hide, Layer, Source, SourceBundle, State, Units, nearest, schema,
};
pub use error::{Error, Place};
pub use evaluation::Evaluation;
pub use joined::joined;
pub use kept::Kept;
pub use policy::{Policy, PolicyText};
pub use record::{AuditOptions, Record};
pub use revise::{Remark, Revision};

pub use sources::{panel_sources, reading, source};
pub use states::{choice, found, how_read, state, state_in, states, states_found, states_in};
pub use verdicts::{LatestRow, VerdictFilter, Verdicts};
pub use watch::{WatchAsked, Watching};
