//! The column of an answer that says how grave a row is, and what it may say.

use crate::document::Kind;

/// A column and its values, each with what it means.
type Grades = (&'static str, &'static [(&'static str, &'static str)]);

/// The column that says how grave a row is, and what it may say; none where a block returns numbers.
pub(crate) fn grades(kind: Kind) -> Option<Grades> {
    match kind {
        Kind::Refrain => Some((
            "severity",
            &[
                ("breach", "against the commitment: the year is broken"),
                ("strain", "a lesser departure: the year is strained"),
                ("mandated", "done under a mandate of the Security Council: counted apart"),
            ],
        )),
        Kind::Perform => Some((
            "met",
            &[
                ("kept", "the occasion was met"),
                ("strained", "met in part"),
                ("broken", "not met"),
                ("mandated", "done under a mandate of the Security Council: counted apart"),
            ],
        )),
        Kind::Pursue | Kind::Goal | Kind::Watch => None,
    }
}

/// What a grade must be, in words.
pub(crate) fn allowed(kind: Kind) -> String {
    let names: Vec<&str> = grades(kind).into_iter().flat_map(|g| g.1).map(|(n, _)| *n).collect();
    let (last, first) = names.split_last().unwrap_or((&"", &[]));
    format!("it must be {} or {last}", first.join(", "))
}

/// The column that says how grave a row is.
pub(super) fn grading(kind: Kind) -> &'static str {
    grades(kind).map_or("severity", |(column, _)| column)
}
