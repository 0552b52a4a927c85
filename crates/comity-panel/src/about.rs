//! The description of a column beside its cells.

/// The description of a column beside its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Its group with the choice; none for keys.
    pub group: Option<String>,
    /// Ids of the sources behind it.
    pub sources: Vec<String>,
    /// The first and last year that these cover.
    pub years: Option<(i32, i32)>,
}
