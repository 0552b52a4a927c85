//! Events: one at a time as they are handed in and read back, and many at a time in columns.

use std::borrow::Cow;

pub(crate) mod dictionary;
mod rows;

pub use dictionary::Dictionary;
pub use rows::{NONE, Rows};
pub(crate) use rows::{Row, Texts, story_of};

/// A quad class: verbal cooperation, material cooperation, verbal conflict, material conflict.
pub const QUADS: usize = 4;
/// Root classes that are counted apart, from 1: CAMEO has 20, WEIS 22, PLOVER 16; 0 counts what has none.
pub const ROOTS: usize = 23;

/// One version of one event.
///
/// # Units
/// Days since 1970-01-01; `known` in seconds since then; deaths in persons.
///
/// # Nulls
/// An empty text and `None` mean that the source does not say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event<'a> {
    /// The publisher's number or name of the event, unique in its source. Two rows of one id are two versions of one event.
    pub id: Cow<'a, str>,
    /// The day of the event; of one that lasted, its first day.
    pub day: i32,
    /// Whether the source knows the day itself, and not only the month or the year (the first day of it is then `day`).
    pub exact: bool,
    /// When the world could know of it.
    pub known: i64,
    /// The whole code of the actor, as published.
    pub actor: Cow<'a, str>,
    /// The whole code of the target, as published.
    pub target: Cow<'a, str>,
    /// The country part of the actor's code, as published.
    pub actor_state: Cow<'a, str>,
    /// The country part of the target's code, as published.
    pub target_state: Cow<'a, str>,
    /// The country where it happened, as published.
    pub location: Cow<'a, str>,
    /// The code of the event.
    pub code: Cow<'a, str>,
    /// The root class of the code, from 1.
    pub root: Option<u8>,
    /// The quad class, 1 to 4.
    pub quad: Option<u8>,
    /// Goldstein score (or what the source has in its place), −10 to 10; kept in thousandths.
    pub goldstein: Option<f64>,
    /// How often it was mentioned.
    pub mentions: Option<i32>,
    /// By how many sources.
    pub sources: Option<i32>,
    /// In how many articles.
    pub articles: Option<i32>,
    /// Deaths: the best estimate.
    pub best: Option<i32>,
    /// Deaths: the low estimate.
    pub low: Option<i32>,
    /// Deaths: the high estimate.
    pub high: Option<i32>,
    /// Where the report is found: an address, or the publisher's key of the story.
    pub report: Cow<'a, str>,
    /// The report tells one story once: two events of the same day, actors, code and report, known on the same day, are one story.
    pub story: bool,
    /// The line of the file, from 1.
    pub line: u64,
}
