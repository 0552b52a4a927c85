//! What is not known, and what would answer it: datasets that can be added, those that cannot yet be read,
//! and tables that nothing answers.

use std::collections::BTreeMap;

use comity_policy::audit::Audit;

/// A dataset (or one of several) and the unknown years that it would answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// `atop or cow-alliances`, `cow-trade`; a table's name where nothing answers.
    pub what: String,
    /// Commitments.
    pub commitments: Vec<String>,
    /// First and last year.
    pub years: (i32, i32),
    /// To which year datasets among these reach, by their names, where they reach further than what is known.
    pub reach: BTreeMap<String, i32>,
}

impl Gap {
    /// `atop (to 2018) or cow-alliances`.
    pub fn with_reach(&self) -> String {
        let named = self.what.split(" or ").map(|name| match self.reach.get(name) {
            Some(to) => format!("{name} (to {to})"),
            None => name.to_owned(),
        });
        named.collect::<Vec<_>>().join(" or ")
    }
}

/// What would answer the unknown years.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Datasets that this version reads.
    pub can_be_added: Vec<Gap>,
    /// Published datasets that it has no reader for.
    pub not_yet_read: Vec<Gap>,
    /// Tables that no dataset known to the program answers.
    pub unanswered: Vec<Gap>,
}

impl Gaps {
    /// The gaps of these audits; `unread` are the datasets that have no reader.
    pub fn of(audits: &[Audit], unread: &[String]) -> Self {
        let mut by: BTreeMap<(u8, String), Gap> = BTreeMap::new();
        for audit in audits {
            for c in &audit.commitments {
                for m in &c.missing {
                    let read = m.answered_by.iter().filter(|d| !unread.contains(d));
                    let readable: Vec<&str> = read.map(String::as_str).collect();
                    let (kind, what) = if !readable.is_empty() {
                        (0, readable.join(" or "))
                    } else if m.answered_by.is_empty() {
                        (2, m.table.clone())
                    } else {
                        (1, m.answered_by.join(" or "))
                    };
                    let gap = by.entry((kind, what.clone())).or_insert_with(|| Gap {
                        what,
                        commitments: Vec::new(),
                        years: (m.from, m.to),
                        reach: BTreeMap::new(),
                    });
                    let further =
                        c.answered.moved_by.iter().filter(|r| m.answered_by.contains(&r.dataset));
                    for reach in further {
                        let to = gap.reach.entry(reach.dataset.clone()).or_insert(reach.to);
                        *to = reach.to.max(*to);
                    }
                    if !gap.commitments.contains(&c.id) {
                        gap.commitments.push(c.id.clone());
                    }
                    gap.years = (gap.years.0.min(m.from), gap.years.1.max(m.to));
                }
            }
        }
        let mut out = Self::default();
        for ((kind, _), gap) in by {
            match kind {
                0 => out.can_be_added.push(gap),
                1 => out.not_yet_read.push(gap),
                _ => out.unanswered.push(gap),
            }
        }
        out
    }

    /// Whether everything needed is covered.
    pub fn is_empty(&self) -> bool {
        self.can_be_added.is_empty() && self.not_yet_read.is_empty() && self.unanswered.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn only_datasets_with_a_reader_can_be_added() {
        let gaps = Gaps::of(&fixture::report().audits, &[]);
        assert_eq!(gaps.can_be_added.len(), 1);
        assert_eq!(gaps.can_be_added[0].what, "atop or cow-alliances");
        assert_eq!(gaps.can_be_added[0].years, (1968, 1969));
        assert_eq!(gaps.can_be_added[0].with_reach(), "atop (to 2018) or cow-alliances");
        assert!(!gaps.is_empty());
        let unread = ["atop".to_owned(), "cow-alliances".to_owned()];
        let gaps = Gaps::of(&fixture::report().audits, &unread);
        assert!(gaps.can_be_added.is_empty() && gaps.not_yet_read.len() == 1);
    }
}
