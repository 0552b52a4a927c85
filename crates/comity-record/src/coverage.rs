//! Coverage: about which states, in which years and about what, silence means something.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// The states that a coverage speaks about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Units {
    /// Every state of the system.
    All,
    /// These `ccode`s only.
    States(BTreeSet<i32>),
    /// Every state except these `ccode`s.
    AllExcept(BTreeSet<i32>),
}

impl Units {
    /// Whether `ccode` is spoken about.
    pub fn contain(&self, ccode: i32) -> bool {
        match self {
            Self::All => true,
            Self::States(s) => s.contains(&ccode),
            Self::AllExcept(s) => !s.contains(&ccode),
        }
    }
}

impl Units {
    /// Those of them that are not among `others`; none if no state is left.
    fn without(self, others: &Self) -> Option<Self> {
        let minus = |a: &BTreeSet<i32>, b: &BTreeSet<i32>| a.difference(b).copied().collect();
        let left = match (&self, others) {
            (_, Self::All) => return None,
            (Self::All, Self::States(b)) => Self::AllExcept(b.clone()),
            (Self::All, Self::AllExcept(b)) => Self::States(b.clone()),
            (Self::States(a), Self::States(b)) => Self::States(minus(a, b)),
            (Self::States(a), Self::AllExcept(b)) => {
                Self::States(a.intersection(b).copied().collect())
            }
            (Self::AllExcept(a), Self::States(b)) => Self::AllExcept(a.union(b).copied().collect()),
            (Self::AllExcept(a), Self::AllExcept(b)) => Self::States(minus(b, a)),
        };
        (left != Self::States(BTreeSet::new())).then_some(left)
    }
}

/// Only the rows whose text columns hold one of these values, by column; empty: every row.
pub type Only = BTreeMap<String, BTreeSet<String>>;

/// The rows that one or the other queries.
pub fn either(a: &Only, b: &Only) -> Only {
    let both = |(column, texts): (&String, &BTreeSet<String>)| {
        Some((column.clone(), texts.union(b.get(column)?).cloned().collect()))
    };
    a.iter().filter_map(both).collect()
}

/// One claim of a source: in these years, about these states, `table` is complete within `scope`.
///
/// Outside every coverage nothing is known: an absent row is then *unknown*, never "none".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coverage {
    /// The canonical table.
    pub table: String,
    /// The states spoken about.
    pub units: Units,
    /// First year, inclusive.
    pub from: i32,
    /// Last year, inclusive.
    pub to: i32,
    /// About what, in a phrase ("fighting with 25 or more deaths in the year"); null: all the table holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Which rows of the table the claim is about (the United Nations alone, of all `memberships`): it answers
    /// only a query for no others. Empty: every row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub only: Only,
    /// Rows about which nothing is claimed all the same, by column (an organisation whose members are not known in these years): a
    /// query for one of them by name is not answered.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub except: Only,
    /// True where the rows are context only and their silence never counts (one sender's deployments).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub context: bool,
    /// Of a starter: the kind of rows (by text column) of which it is the better source. Its rows of that kind take the place of those
    /// of other sources in the states and years of the claim. Empty: none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub prevails: Only,
}

/// Years by state.
pub type StateYears = BTreeMap<i32, BTreeSet<i32>>;

/// Claims like `claim`, one for the states that have values in the same unbroken run of years.
pub fn runs(claim: &Coverage, states: &StateYears) -> Vec<Coverage> {
    let mut claims: BTreeMap<(i32, i32), BTreeSet<i32>> = BTreeMap::new();
    for (ccode, years) in states {
        let mut run: Option<(i32, i32)> = None;
        for year in years {
            match &mut run {
                Some((_, last)) if *last + 1 == *year => *last = *year,
                _ => {
                    run.map(|r| claims.entry(r).or_default().insert(*ccode));
                    run = Some((*year, *year));
                }
            }
        }
        run.map(|r| claims.entry(r).or_default().insert(*ccode));
    }
    let of =
        |((from, to), states)| Coverage { units: Units::States(states), from, to, ..claim.clone() };
    claims.into_iter().map(of).collect()
}

/// The claims of two files of one dataset: what both say of states and years, and of spans whose silence says nothing, is one claim each,
/// as if they had been read together.
pub(crate) fn united(old: &[Coverage], new: &[Coverage]) -> Vec<Coverage> {
    let alike = |a: &Coverage, b: &Coverage| {
        let same =
            |claim: &Coverage| Coverage { units: Units::All, from: 0, to: 0, ..claim.clone() };
        same(a) == same(b)
            && matches!(a.units, Units::States(_)) == matches!(b.units, Units::States(_))
    };
    let mut all: Vec<Coverage> = Vec::new();
    let mut years_known: Vec<(Coverage, StateYears)> = Vec::new();
    for claim in old.iter().chain(new) {
        match &claim.units {
            Units::States(states) if claim.to - claim.from < 10_000 => {
                let at = years_known.iter().position(|(other, _)| alike(other, claim));
                let at = at.unwrap_or_else(|| {
                    years_known.push((claim.clone(), StateYears::new()));
                    years_known.len() - 1
                });
                for ccode in states {
                    years_known[at].1.entry(*ccode).or_default().extend(claim.from..=claim.to);
                }
            }
            Units::All if claim.context => {
                match all.iter_mut().find(|other| other.units == Units::All && alike(other, claim))
                {
                    Some(other) => {
                        other.from = other.from.min(claim.from);
                        other.to = other.to.max(claim.to);
                    }
                    None => all.push(claim.clone()),
                }
            }
            _ if all.contains(claim) => {}
            _ => all.push(claim.clone()),
        }
    }
    all.extend(years_known.iter().flat_map(|(claim, years)| runs(claim, years)));
    all
}

impl Coverage {
    /// All states, `from` to `to`, the whole table.
    pub fn all(table: &str, from: i32, to: i32) -> Self {
        Self {
            table: table.into(),
            units: Units::All,
            from,
            to,
            scope: None,
            only: Only::new(),
            except: Only::new(),
            context: false,
            prevails: Only::new(),
        }
    }

    /// The same with a scope.
    #[must_use]
    pub fn about(mut self, scope: &str) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The same, for the rows alone whose column holds one of these values.
    #[must_use]
    pub fn only(mut self, column: &str, values: &[&str]) -> Self {
        self.only.insert(column.into(), values.iter().map(|v| (*v).to_owned()).collect());
        self
    }

    /// The same, but for the rows whose column holds one of these values.
    #[must_use]
    pub fn except(mut self, column: &str, values: &[&str]) -> Self {
        if !values.is_empty() {
            self.except.insert(column.into(), values.iter().map(|v| (*v).to_owned()).collect());
        }
        self
    }

    /// What is left of the claim where none of `others` speaks of all its rows, in runs of years.
    pub(crate) fn outside(&self, others: &[&Self]) -> Vec<Self> {
        let mut left: Vec<Self> = Vec::new();
        for year in self.from..=self.to {
            let speaking = others
                .iter()
                .filter(|c| c.answers(&Only::new()) && (c.from..=c.to).contains(&year));
            let units = speaking.map(|c| &c.units).try_fold(self.units.clone(), Units::without);
            let Some(units) = units else { continue };
            match left.last_mut() {
                Some(run) if run.to + 1 == year && run.units == units => run.to = year,
                _ => left.push(Self { units, from: year, to: year, ..self.clone() }),
            }
        }
        left
    }

    /// Whether silence about this state in this year means something, for a query for all rows of the table.
    pub fn covers(&self, ccode: i32, year: i32) -> bool {
        self.covers_rows(ccode, year, &Only::new())
    }

    /// Whether silence about this state in this year means something, for a query for these rows only.
    pub fn covers_rows(&self, ccode: i32, year: i32, wanted: &Only) -> bool {
        self.answers(wanted) && self.from <= year && year <= self.to && self.units.contain(ccode)
    }

    /// Whether the claim's source is the better one for rows of these texts, by column, about its states in its years.
    pub(crate) fn is_better_for(&self, row: &Only) -> bool {
        let mut kind = self.only.iter().chain(&self.prevails);
        !self.prevails.is_empty()
            && kind.all(|(column, held)| row.get(column).is_some_and(|v| v.is_subset(held)))
    }

    /// Whether the claim counts for a query for these rows: it must be about all of them. A query for rows of every kind is one
    /// for what the source knows: the rows that it leaves out count only for who names them.
    pub fn answers(&self, wanted: &Only) -> bool {
        let about = |(column, held): (&String, &BTreeSet<String>)| {
            wanted.get(column).is_some_and(|wanted| wanted.is_subset(held))
        };
        let named = |(column, left_out): (&String, &BTreeSet<String>)| {
            wanted.get(column).is_some_and(|wanted| !wanted.is_disjoint(left_out))
        };
        !self.context && self.only.iter().all(about) && !self.except.iter().any(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_of(column: &str, values: &[&str]) -> Only {
        Coverage::all("memberships", 0, 0).only(column, values).only
    }

    #[test]
    fn a_claim_about_some_rows_answers_only_who_asks_for_no_others() {
        let claim = Coverage::all("memberships", 1945, 2024).only("organization", &["UN", "WTO"]);
        assert!(claim.answers(&rows_of("organization", &["UN"])));
        assert!(claim.answers(&rows_of("organization", &["UN", "WTO"])));
        assert!(!claim.answers(&rows_of("organization", &["UN", "NATO"])));
        assert!(!claim.answers(&rows_of("field", &["economic"])));
        assert!(
            !claim.covers(2, 1950) && claim.covers_rows(2, 1950, &rows_of("organization", &["UN"]))
        );
        assert!(!claim.covers_rows(2, 1944, &rows_of("organization", &["UN"])));
    }

    #[test]
    fn beyond_other_claims_is_where_none_of_them_speaks() {
        let states = |s: &[i32]| Units::States(s.iter().copied().collect());
        let but = |s: &[i32]| Units::AllExcept(s.iter().copied().collect());
        let claim = |units, from, to| Coverage { units, ..Coverage::all("pledges", from, to) };
        let all = Coverage::all("pledge_dyads", 1990, 2018);
        let left = |others: &[Coverage]| -> Vec<(Units, i32, i32)> {
            let others: Vec<&Coverage> = others.iter().collect();
            all.outside(&others).into_iter().map(|c| (c.units, c.from, c.to)).collect()
        };
        assert_eq!(left(&[claim(Units::All, 1815, 2016)]), [(Units::All, 2017, 2018)]);
        assert_eq!(
            left(&[claim(but(&[2, 20]), 1980, 2016), claim(states(&[2, 710]), 2015, 2017)]),
            [
                (states(&[2, 20]), 1990, 2014),
                (states(&[20]), 2015, 2016),
                (but(&[2, 710]), 2017, 2017),
                (Units::All, 2018, 2018),
            ]
        );
        // Context and claims about some rows say nothing of the others.
        let some = claim(Units::All, 1990, 2018).only("treaty", &["one"]);
        let context = Coverage { context: true, ..claim(Units::All, 1990, 2018) };
        assert_eq!(left(&[some, context]), [(Units::All, 1990, 2018)]);
        assert!(left(&[claim(Units::All, 1900, 2100)]).is_empty());
    }

    #[test]
    fn what_a_claim_leaves_out_is_not_answered_by_name() {
        let claim = Coverage::all("memberships", 1964, 1973)
            .only("kind", &["full", "observer"])
            .except("organization", &["INTELSAT"])
            .except("field", &[]);
        let full = rows_of("kind", &["full"]);
        assert!(claim.answers(&full) && claim.except.len() == 1);
        let of = |organizations: &[&str]| {
            let mut only = full.clone();
            only.extend(rows_of("organization", organizations));
            only
        };
        assert!(claim.answers(&of(&["ITU"])));
        assert!(!claim.answers(&of(&["INTELSAT"])) && !claim.answers(&of(&["ITU", "INTELSAT"])));
    }
}
