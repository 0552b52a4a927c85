//! Coded events: stores for many rows, counts by day and directed pair of states, detection of turns, and replay of the past.
//!
//! An alarm is not a verdict: nothing here judges a state. The caller places actors (the codes of publishers are not known here) and says
//! what to look at.
//!
//! | step | module | what it gives |
//! |---|---|---|
//! | files to events | [`read`] | every line read, or left out with its reason and number |
//! | events kept | [`store`] | sorted Parquet files by source and month, one manifest, every version with when it was known |
//! | events counted | [`counts`] | sums by day and directed pair of published codes, as known on any day |
//! | codes to states | [`place`] | pairs of states, and what could not be placed, by code |
//!
//! ```no_run
//! use comity_events::counts::daily::{Ask, Measure};
//! use comity_events::read::Options;
//! use comity_events::store::Store;
//!
//! let store = Store::at("events");
//! let added = store.add("20180101000000.export.CSV".as_ref(), &Options::default())?;
//! println!("{} new; {}", added.new, added.reports[0]);
//! // Which state a code is on a day, the caller says.
//! let place = |_source: &str, code: &str, _day: i32| match code {
//!     "ISR" => Some(666),
//!     "SYR" => Some(652),
//!     _ => None,
//! };
//! let ask = Ask { measures: &[Measure::Events, Measure::Quad(4)], ..Ask::default() };
//! let daily = store.daily("gdelt2", &place, &ask)?;
//! let conflict = daily.series((666, 652), Measure::Quad(4), 17_532, 17_562);
//! for (day, seen) in conflict.series().days() {
//!     println!("{day}: {seen:?}");
//! }
//! # Ok::<(), comity_events::Error>(())
//! ```
//!
//! Detection reads [`Series`]: what one directed pair of states did each day, beside all reports of that day.

#![cfg_attr(test, allow(clippy::float_cmp, reason = "what is exact is compared as such"))]

pub mod alarm;
pub mod counts;
pub mod detect;
mod error;
pub mod event;
pub mod place;
pub mod read;
pub mod replay;
pub mod score;
pub mod store;

pub use counts::series::Series;
pub use error::Error;
pub use event::Event;
pub use store::Store;
