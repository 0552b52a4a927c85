//! What a group declares: the rows that it can be about, and its columns with their types.

use super::cells::Kind;

/// What a row of a panel is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One state.
    State,
    /// Two, in an order that means something or not.
    Pair { directed: bool },
    /// A group of so many.
    Many(usize),
}

impl Shape {
    pub fn members(self) -> usize {
        match self {
            Self::State => 1,
            Self::Pair { .. } => 2,
            Self::Many(k) => k,
        }
    }

    pub fn is_pair(self) -> bool {
        matches!(self, Self::Pair { .. })
    }
}

/// A column that a group declares. Its type is the same in every panel, whatever the data.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// Its name; in rows about several states, with their numbers behind it where it is about one of them.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it means, with its unit and what null and zero say.
    pub doc: &'static str,
}

/// The declaration of a column by its name in a panel, which may have the number of a member behind it.
pub(crate) fn declaration(
    declared: [&'static [Declared]; 2],
    name: &str,
) -> Option<&'static Declared> {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let all = || declared.into_iter().flatten();
    all().find(|d| d.name == name).or_else(|| all().find(|d| d.name == bare))
}
