//! What a change of a record did.

use std::collections::BTreeMap;

/// What a change did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Ids of sources that are new.
    pub added: Vec<String>,
    /// Ids of sources that took the place of an older state of themselves.
    pub replaced: Vec<String>,
    /// Ids of sources whose rows stay beside those of further files.
    pub extended: Vec<String>,
    /// Ids of sources that say what they said.
    pub unchanged: Vec<String>,
    /// Ids of sources that are gone.
    pub removed: Vec<String>,
    /// Of the sources that were extended: the rows of each table that were there before and are kept.
    pub kept: BTreeMap<String, BTreeMap<String, usize>>,
    /// Of the same sources: how many rows of all tables each holds after the change. A row that both files have is held once.
    pub held: BTreeMap<String, usize>,
    /// What went wrong although the change is made, as sentences.
    pub warnings: Vec<String>,
}

/// What became of one source that was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// Its rows stand beside those that were there.
    Extended,
    /// It took the place of an older state of itself.
    Replaced,
    /// It says what it said.
    Unchanged,
}

impl Change {
    /// What became of a source that was added; none: it was not among them.
    pub fn outcome(&self, id: &str) -> Option<Outcome> {
        let among = |ids: &[String]| ids.iter().any(|i| i == id);
        [
            (&self.added, Outcome::Added),
            (&self.extended, Outcome::Extended),
            (&self.replaced, Outcome::Replaced),
            (&self.unchanged, Outcome::Unchanged),
        ]
        .into_iter()
        .find_map(|(ids, outcome)| among(ids).then_some(outcome))
    }
}
