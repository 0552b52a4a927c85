//! Tables of facts with their sources and coverage: the record that everything in Comity reads.
//!
//! Invariants: every row has its `source` and `source_row`; missing is null; outside a source's coverage
//! nothing is known; a table comes out in one order whatever order it went in; a change to a record on disk
//! happens whole or not at all.
//!
//! Not here: SQL, years laid out, verdicts, printing.

pub mod as_of;
pub mod catalogue;
pub mod columns;
mod compose;
pub mod coverage;
pub mod data;
mod error;
pub mod fingerprint;
pub mod foreign;
mod hex;
pub mod layer;
mod look_up;
pub mod meanings;
mod names;
mod nearest;
mod order;
mod outside;
mod over;
mod overlay;
pub mod parallel;
mod part;
pub mod plain_file;
pub mod reading;
mod record;
pub mod rows;
pub mod scan;
pub mod schema;
pub mod source;
mod span;
pub mod states;
pub mod store;
pub mod temporary;

pub use catalogue::Catalogue;
pub use coverage::{Coverage, Units};
pub use error::Error;
pub use hex::{hex, sha256};
pub use layer::{Amend, Hide, Layer};
pub use look_up::Found;
pub use names::fold;
pub use nearest::nearest;
pub use outside::is_outside;
pub use part::Identity;
pub use reading::{Preferences, Reading, TableCoverage};
pub use record::Record;
pub use source::{Relation, Source, SourceBundle, SourceFile};
pub use span::span;
pub use states::{Lookup, State, StateSystem};
pub use store::Store;
