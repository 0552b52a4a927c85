//! What a user may decide about the rows of a pair: which of several disputes stands, and what a count does at a gap.

/// A rule that leaves one dispute of several in a pair and year; they are applied in the order given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Those that begin in the year, if some do and some do not.
    Onsets,
    /// Those with the highest fatality level; an unknown one counts as between 0 and 1.
    Fatality,
    /// Those with the highest hostility level.
    Hostility,
    /// Those that lasted longest at least.
    MinDuration,
    /// Those that lasted longest at most.
    MaxDuration,
    /// Those in which both sides acted.
    Reciprocation,
    /// Those that began in the earliest month.
    StartMonth,
    /// The one with the lowest number.
    First,
}

impl Rule {
    /// Every rule in the usual order, with its name and what it keeps.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Onsets, "onsets", "disputes that begin in the year, if some do and some do not"),
        (
            Self::Fatality,
            "fatality",
            "the highest fatality level; an unknown one counts as between 0 and 1",
        ),
        (Self::Hostility, "hostility", "the highest hostility level"),
        (Self::MinDuration, "mindur", "the longest by minimum duration"),
        (Self::MaxDuration, "maxdur", "the longest by maximum duration"),
        (Self::Reciprocation, "recip", "those in which both sides acted"),
        (Self::StartMonth, "stmon", "the earliest month of beginning"),
        (Self::First, "first", "the lowest number"),
    ];
}

/// What happens to a count of years where a unit leaves the system and comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gaps {
    /// The years between count.
    #[default]
    Calendar,
    /// Only years with a row count (as peacesciencer 1.2.9 counts).
    Rows,
    /// The count begins anew.
    Restart,
}

impl Gaps {
    /// Every choice with its name and what it does.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Calendar, "calendar", "years outside the system count"),
        (Self::Rows, "rows", "only years with a row count, as in peacesciencer"),
        (Self::Restart, "restart", "the count begins anew after a gap"),
    ];
}
