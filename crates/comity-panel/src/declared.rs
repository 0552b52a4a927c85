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
    // A group has 12 members at most; a name may end with a digit of its own (`sumonset1` of the second is `sumonset12`).
    let mut bare = [0, 1, 2].into_iter().map_while(|digits| {
        let (bare, number) = name.split_at_checked(name.len().checked_sub(digits)?)?;
        number.bytes().all(|b| b.is_ascii_digit()).then_some(bare)
    });
    let all = || declared.into_iter().flatten();
    bare.find_map(|bare| all().find(|d| d.name == bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_declared_by_its_name_without_the_number_of_a_member() {
        const fn of(name: &'static str) -> Declared {
            Declared { name, kind: Kind::Real, doc: "" }
        }
        static STATES: [Declared; 3] = [of("cinc"), of("sumonset1"), of("sumonset10")];
        for (name, wanted) in [
            ("cinc", Some("cinc")),
            ("cinc12", Some("cinc")),
            ("sumonset1", Some("sumonset1")),
            ("sumonset12", Some("sumonset1")),
            ("sumonset101", Some("sumonset10")),
            ("sumonset1012", Some("sumonset10")),
            ("cinc123", None),
            ("cin", None),
            ("é", None),
        ] {
            assert_eq!(declaration([&STATES, &[]], name).map(|d| d.name), wanted, "{name}");
        }
    }
}
