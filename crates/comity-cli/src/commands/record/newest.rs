//! The newest edition that is known of a dataset: where it is, and how far it would move which commitment.

use std::collections::BTreeSet;

use comity_datasets::{Dataset, Get, announced};
use comity_record::{Record, Source};

/// The newest edition known of one dataset.
pub(super) struct Newest {
    dataset: &'static str,
    version: &'static str,
    released: &'static str,
    last_year: i32,
    url: &'static str,
    reviewed: bool,
    moves: Vec<Move>,
}

/// How far one commitment is known, before the edition is added and after.
struct Move {
    commitment: String,
    before: Option<i32>,
    after: Option<i32>,
    /// The table that ends first even then.
    limit: Option<&'static str>,
}

/// The newest edition of a dataset that answers for these tables; none of a dataset that grows without editions.
pub(super) fn of(
    dataset: &'static Dataset,
    answers: &BTreeSet<String>,
    record: &Record,
    reads: &[(String, BTreeSet<&'static str>)],
) -> Option<Newest> {
    let (version, released, last_year, url, reviewed) = match announced::of(dataset.id).last() {
        Some(a) => (a.version, a.released, a.last_year, a.url, false),
        None => {
            let e = dataset.editions.last().filter(|_| !dataset.files.iter().any(|k| k.many))?;
            let url = match dataset.get {
                Get::Files([first, ..]) => first.url,
                _ => dataset.url,
            };
            (e.version, e.released, e.last_year, url, true)
        }
    };
    let baseline = record.baseline();
    let ends = |table: &str| record.coverage(table, &baseline).span().map(|(_, to)| to);
    let moves = reads.iter().filter(|(_, tables)| tables.iter().any(|t| answers.contains(*t)));
    let moves = moves.map(|(commitment, tables)| {
        let before: Vec<_> = tables.iter().map(|t| (ends(t), *t)).collect();
        let after = before.iter().map(|(end, table)| {
            let end = if answers.contains(*table) { (*end).max(Some(last_year)) } else { *end };
            (end, *table)
        });
        let (after, limit) = after.min().map_or((None, None), |(end, table)| (end, Some(table)));
        let before = before.into_iter().map(|(end, _)| end).min().flatten();
        Move { commitment: commitment.clone(), before, after, limit }
    });
    let moves = moves.collect();
    Some(Newest { dataset: dataset.id, version, released, last_year, url, reviewed, moves })
}

impl Newest {
    /// Whether a record with these sources of the dataset lacks it, or it was not reviewed.
    pub fn is_news(&self, present: &[Source]) -> bool {
        let has = present.iter().any(|s| s.version == self.version);
        !has && (!self.reviewed || !present.is_empty())
    }

    /// `26.1 (released 2026, to 2025; not yet reviewed), at https://…`.
    pub fn in_words(&self) -> String {
        let reviewed = if self.reviewed { "" } else { "; not yet reviewed" };
        format!(
            "{}-{} (released {}, to {}{reviewed}), at {}",
            self.dataset, self.version, self.released, self.last_year, self.url
        )
    }

    /// `no-use-of-force from 2014 to 2024; …`, and why others stay.
    pub fn moves_in_words(&self) -> String {
        let words = |m: &Move| match (m.before, m.after, m.limit) {
            (Some(before), Some(after), _) if after > before => {
                format!("{} from {before} to {after}", m.commitment)
            }
            (None, Some(after), _) => {
                format!("{}, which is not known yet, to {after}", m.commitment)
            }
            (Some(before), _, Some(table)) => {
                format!("{} no further than {before}, where {table} ends", m.commitment)
            }
            (_, _, Some(table)) => {
                format!("{} not before {table} is covered", m.commitment)
            }
            _ => m.commitment.clone(),
        };
        self.moves.iter().map(words).collect::<Vec<_>>().join("; ")
    }

    pub fn json(&self) -> serde_json::Value {
        let moves: Vec<_> = self
            .moves
            .iter()
            .map(|m| {
                serde_json::json!({
                    "commitment": m.commitment, "known_to": m.before, "would_be_known_to": m.after,
                    "ends_first": m.limit,
                })
            })
            .collect();
        serde_json::json!({
            "version": self.version, "released": self.released, "last_year": self.last_year,
            "url": self.url, "reviewed": self.reviewed, "moves": moves,
        })
    }
}
