//! What the values of coded columns mean, and in which unit the others are: declared once, for the codebook that people are shown.
//!
//! Every whole number is a code with its values here, a count or measure with its unit, or the number of something. Tests check that none
//! is left out.

mod coding;
mod force;
mod ties;
mod units;

pub use coding::Coding;
use units::{STATE, UNITS};

use crate::schema::{Column, ColumnType, Table};

/// What the values of a column are.
#[derive(Debug, Clone, Copy)]
pub struct Holds {
    /// The unit, or what kind of thing a value names.
    pub unit: &'static str,
    /// The values, where they are codes.
    pub coding: Option<&'static Coding>,
}

/// What a column of a table holds; none where nothing is declared of a number.
pub fn holds(table: &Table, column: &Column) -> Option<Holds> {
    let coding = codings().find(|c| c.of.iter().any(|of| is(of, table.name, column.name)));
    if coding.is_some() {
        return Some(Holds { unit: "code", coding });
    }
    let of = |unit: &'static str| Some(Holds { unit, coding: None });
    let number = matches!(column.kind, ColumnType::Int | ColumnType::Float);
    let named = UNITS.iter().find(|(of, _)| of.iter().any(|of| is(of, table.name, column.name)));
    if let Some((_, unit)) = named.filter(|_| number) {
        return of(unit);
    }
    match column.kind {
        ColumnType::Text => of("text"),
        ColumnType::Bool => of("true or false"),
        ColumnType::Date => of("day"),
        ColumnType::Int if table.states.contains(&column.name) => of(STATE),
        ColumnType::Int | ColumnType::Float => None,
    }
}

/// Whether a pattern names a column: `votes.vote`, `*.vote`, `votes.*`, `*.*_year`.
fn is(pattern: &str, table: &str, column: &str) -> bool {
    let part = |pattern: &str, name: &str| match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
        }
    };
    pattern.split_once('.').is_some_and(|(t, c)| part(t, table) && part(c, column))
}

/// Every coded column.
fn codings() -> impl Iterator<Item = &'static Coding> {
    force::CODINGS.iter().chain(ties::CODINGS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::TABLES;
    use std::collections::BTreeSet;

    #[test]
    fn every_column_has_a_description_and_every_number_a_unit_or_its_codes() {
        let mut missing = Vec::new();
        for table in TABLES {
            assert!(!table.doc.is_empty(), "{}", table.name);
            for column in table.columns {
                let held = holds(table, column);
                if held.is_none() || column.doc.trim().is_empty() {
                    missing.push(format!("{}.{}: {}", table.name, column.name, column.doc));
                }
            }
        }
        assert!(missing.is_empty(), "{}", missing.join("\n"));
    }

    #[test]
    fn every_coding_has_its_values_and_is_of_a_column() {
        for coding in codings() {
            let once: BTreeSet<&str> = coding.values.iter().map(|(value, _)| *value).collect();
            assert_eq!(once.len(), coding.values.len(), "{:?}", coding.of);
            assert!(!coding.values.is_empty() || !coding.others.is_empty(), "{:?}", coding.of);
            assert!(coding.values.iter().all(|(_, says)| !says.is_empty()), "{:?}", coding.of);
            for of in coding.of {
                let found = TABLES.iter().any(|t| t.columns.iter().any(|c| is(of, t.name, c.name)));
                assert!(found, "{of} is no column");
            }
        }
        for (of, unit) in UNITS {
            for of in *of {
                let found = TABLES.iter().any(|t| t.columns.iter().any(|c| is(of, t.name, c.name)));
                assert!(found, "{of} ({unit}) is no column");
            }
        }
    }

    #[test]
    fn patterns_fit_what_they_say() {
        assert!(is("*.*_year", "claims", "start_year") && !is("*.*_year", "claims", "year"));
        assert!(is("votes.vote", "votes", "vote") && !is("votes.vote", "council_votes", "vote"));
        assert!(is("*crises.violence", "international_crises", "violence"));
    }
}
