//! Events read back: the reports behind a count.

use super::segment::{Segment, Span};
use super::versions::rank;
use super::{Store, kept};
use crate::error::Error;
use crate::event::Rows;

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// From this day on.
    pub from: Option<i32>,
    /// Up to this day.
    pub to: Option<i32>,
    /// Country codes of the actor, as published; empty: any.
    pub actors: &'a [&'a str],
    /// Country codes of the target, as published; empty: any.
    pub targets: &'a [&'a str],
    /// Quad classes; empty: any.
    pub quads: &'a [u8],
    /// Root classes; empty: any.
    pub roots: &'a [u8],
    /// What stood at the end of this day; none: what stands now.
    pub as_known: Option<i32>,
    /// Every version, with those that were replaced.
    pub every_version: bool,
}

impl Store {
    /// The events of a source that are wanted, by day, then by id.
    ///
    /// # Errors
    /// No such source; files that are damaged.
    pub fn events(&self, source: &str, filter: &Filter<'_>) -> Result<Rows, Error> {
        let manifest = self.manifest()?;
        let held = kept::source(&manifest, source)?;
        let days = (filter.from.unwrap_or(i32::MIN), filter.to.unwrap_or(i32::MAX));
        let until = filter.as_known.map_or(i64::MAX, |day| (i64::from(day) + 1) * 86_400 - 1);
        let mut found = Rows::default();
        for entry in held.events.iter().filter(|e| e.days.0 <= days.1 && days.0 <= e.days.1) {
            let path = self.folder.join(&entry.file);
            let span = Span { days: Some(days), ..Span::default() };
            let mut part = Rows::default();
            Segment::open(&path, entry.rows)?
                .rows(&span, &mut part, |_, known, _| known <= until)?;
            (0..part.len())
                .filter(|at| is_wanted(&part, *at, filter, days))
                .for_each(|at| found.take(&part, at));
        }
        let mut keep: Vec<usize> = (0..found.len()).collect();
        if !filter.every_version {
            let standing = self.standing(held, &found, until)?;
            keep.retain(|at| standing.get(&found.id[*at]) == Some(&rank(&found, *at)));
        }
        keep.sort_by_key(|at| (found.day[*at], found.id[*at], rank(&found, *at)));
        let mut sorted = Rows::default();
        keep.into_iter().for_each(|at| sorted.take(&found, at));
        Ok(sorted)
    }

    /// The version that stands of each event, which may be of another day or about others.
    fn standing(
        &self,
        held: &super::manifest::Held,
        found: &Rows,
        until: i64,
    ) -> Result<std::collections::HashMap<u64, (i64, usize, u64)>, Error> {
        let ids = found.id.iter().copied().collect();
        let there = super::versions::There {
            store: self,
            entries: &held.events,
            by_location: held.by_location,
        };
        let mut all = Rows::default();
        there.of_ids(&ids, &mut all)?;
        let mut best = std::collections::HashMap::new();
        for at in (0..all.len()).filter(|at| all.known[*at] <= until) {
            let rank = rank(&all, at);
            let standing = best.entry(all.id[at]).or_insert(rank);
            *standing = (*standing).max(rank);
        }
        Ok(best)
    }
}

fn is_wanted(rows: &Rows, at: usize, filter: &Filter<'_>, days: (i32, i32)) -> bool {
    let text = |number: u32| rows.texts.text(number);
    let among = |all: &[&str], number: u32| all.is_empty() || all.contains(&text(number));
    (days.0..=days.1).contains(&rows.day[at])
        && among(filter.actors, rows.actor_state[at])
        && among(filter.targets, rows.target_state[at])
        && (filter.quads.is_empty() || filter.quads.contains(&rows.quad[at]))
        && (filter.roots.is_empty() || filter.roots.contains(&rows.root[at]))
}
