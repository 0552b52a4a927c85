//! Dated onsets from published lists.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;

use arrow::array::{Array, Int32Array};
use comity_events::alarm::Dyad;
use comity_events::detect::{Period, day};
use comity_events::replay::Onset;
use comity_record::columns::{bools, days, int, ints, texts};

use crate::series::table;

type Found = Result<Vec<Onset>, Box<dyn Error>>;

fn pair(directed: bool, actor: i32, target: i32) -> Dyad {
    let dyad = Dyad::directed(actor, target);
    if directed { dyad } else { dyad.pair() }
}

/// The first day of a month of a year; of a year where the month is not known.
fn first_of(year: i32, month: Option<i32>) -> i32 {
    Period::Month.first_day((year - 1970) * 12 + month.unwrap_or(1) - 1)
}

/// The last day of a month of a year; of a year where the month is not known.
fn last_of(year: i32, month: Option<i32>) -> i32 {
    Period::Month.last_day((year - 1970) * 12 + month.unwrap_or(12) - 1)
}

/// Which militarized events count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Events {
    /// Confrontations, from their first event to their last.
    Confrontations,
    /// Each use of force.
    Force,
    /// Each event with deaths of soldiers, at the upper estimate.
    Deaths,
}

/// Militarized events, each with its days.
pub fn mie(path: &Path, directed: bool, which: Events) -> Found {
    let batch = table(path, "dispute_events")?;
    let (start, end) = (days(&batch, "start"), days(&batch, "end"));
    let [first_year, last_year, first_month, last_month, actor, target, level, own, other]: [&Int32Array; 9] =
        ["start_year", "end_year", "start_month", "end_month", "ccode", "partner", "hostility", "fatalities_max", "partner_fatalities_max"]
            .map(|name| ints(&batch, name));
    let id = texts(&batch, "dispute_id");
    let has_direction = bools(&batch, "directed");
    let dead =
        |row: usize| int(own, row).is_some_and(|n| n > 0) || int(other, row).is_some_and(|n| n > 0);
    let mut found: BTreeMap<(String, Dyad), Onset> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let counts = match which {
            Events::Confrontations => true,
            Events::Force => level.value(row) >= 4,
            Events::Deaths => dead(row),
        };
        if !counts {
            continue;
        }
        let from = if start.is_valid(row) {
            start.value(row)
        } else {
            first_of(first_year.value(row), int(first_month, row))
        };
        let to = match (end.is_valid(row), int(last_year, row)) {
            (true, _) => end.value(row),
            (false, Some(year)) => last_of(year, int(last_month, row)),
            (false, None) => from,
        };
        let (a, b) = (actor.value(row), target.value(row));
        let mut dyads = BTreeSet::from([pair(directed, a, b)]);
        if directed && !(has_direction.is_valid(row) && has_direction.value(row)) {
            dyads.insert(pair(directed, b, a));
        }
        for dyad in dyads {
            let whole = which == Events::Confrontations;
            let key = if whole { id.value(row).to_owned() } else { format!("{row}") };
            let onset = Onset { dyad, start: from, end: to };
            found
                .entry((key, dyad))
                .and_modify(|known| {
                    known.start = known.start.min(from);
                    known.end = known.end.max(to);
                })
                .or_insert(onset);
        }
    }
    Ok(found.into_values().collect())
}

/// Militarized disputes between two states with a hostility between them of 4 or more (use of force).
pub fn mid(path: &Path) -> Found {
    let batch = table(path, "dyadic_disputes")?;
    let (start, end) = (days(&batch, "start"), days(&batch, "end"));
    let [year, actor, target, level]: [&Int32Array; 4] =
        ["year", "ccode", "partner", "dyad_hostility"].map(|name| ints(&batch, name));
    let id = texts(&batch, "dyad_dispute_id");
    let mut found: BTreeMap<(String, Dyad), Onset> = BTreeMap::new();
    for row in (0..batch.num_rows()).filter(|row| level.value(*row) >= 4) {
        let from =
            if start.is_valid(row) { start.value(row) } else { first_of(year.value(row), None) };
        let to = if end.is_valid(row) { end.value(row) } else { last_of(year.value(row), None) };
        let dyad = Dyad::undirected(actor.value(row), target.value(row));
        found
            .entry((id.value(row).to_owned(), dyad))
            .and_modify(|known| {
                known.start = known.start.min(from);
                known.end = known.end.max(to);
            })
            .or_insert(Onset { dyad, start: from, end: to });
    }
    Ok(found.into_values().collect())
}

/// Armed conflicts between states, from the first death; of one that comes back after a year without 25 deaths, from the first day of that
/// year, because the record has no other.
pub fn ucdp(path: &Path) -> Found {
    let conflicts = table(path, "armed_conflicts")?;
    let parties = table(path, "conflict_parties")?;
    let id = texts(&parties, "conflict_id");
    let (year, state, role) =
        (ints(&parties, "year"), ints(&parties, "ccode"), texts(&parties, "role"));
    let mut sides: BTreeMap<(&str, i32), [BTreeSet<i32>; 2]> = BTreeMap::new();
    for row in (0..parties.num_rows()).filter(|row| state.is_valid(*row)) {
        let side = usize::from(role.value(row).starts_with('b'));
        sides.entry((id.value(row), year.value(row))).or_default()[side].insert(state.value(row));
    }
    let id = texts(&conflicts, "conflict_id");
    let (year, kind) = (ints(&conflicts, "year"), ints(&conflicts, "conflict_type"));
    let start = days(&conflicts, "start_date");
    let mut found = Vec::new();
    for row in (0..conflicts.num_rows()).filter(|row| kind.value(*row) == 2) {
        let first = day(jiff::civil::Date::new(year.value(row) as i16, 1, 1)?);
        let began = start.is_valid(row).then(|| start.value(row)).filter(|day| *day >= first);
        let last = last_of(year.value(row), None);
        let from = began.filter(|day| *day <= last).unwrap_or(first);
        let Some([a, b]) = sides.get(&(id.value(row), year.value(row))) else { continue };
        for (a, b) in a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b))) {
            found.push(Onset { dyad: Dyad::undirected(a, b), start: from, end: last });
        }
    }
    Ok(found)
}
