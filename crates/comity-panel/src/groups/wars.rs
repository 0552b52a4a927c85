//! Wars of the Correlates of War: between two states, and the choice of the list.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use arrow::array::RecordBatch;

use super::dyadic_wars;
use super::war_list::{EXTRA, INTER, INTRA, INTRA_CENTRAL, INTRA_LOCAL, List, Wars, together};
use super::wars_of_states::of_states;
use crate::calendar;
use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::days::{first_days, last_days};
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Choice, FromTables, Group, Made};
use crate::make::{Make, absent};
use crate::tables::{By, Pairs};
use comity_record::columns::{bools, int, ints, text, texts, truth};

const fn declared(name: &'static str, kind: Kind, doc: &'static str) -> Declared {
    Declared { name, kind, doc }
}

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    declared(name, Kind::Flag, doc)
}

pub(super) static WARS: Group = Group {
    name: "wars",
    doc: "wars of the Correlates of War; onset and ongoing are 0 where the list covers all and has none, everything else is null without a war. Opponents by the days of their participation. (Wars inside states are those of version 5.1, to 2014; peacesciencer 1.2.9 has version 4.1, to 2007. Codes for `missing` are null; peacesciencer 1.2.9 leaves -9 there. Where two first meet in the later spell of one of them, as France and Germany in 1944, peacesciencer 1.2.9 has no war.)",
    choices: &[
        Choice::new("inter", "between states", |make| of(make, &INTER)).needs(&[INTER.dataset]),
        of_one_side("intra", "inside a state, of its government", |make| of(make, &INTRA))
            .needs(&[INTRA.dataset]),
        of_one_side("intra-central", "of these, for control of the government", |make| {
            of(make, &INTRA_CENTRAL)
        })
        .needs(&[INTRA.dataset]),
        of_one_side("intra-local", "of these, over local issues", |make| of(make, &INTRA_LOCAL))
            .needs(&[INTRA.dataset]),
        of_one_side("extra", "between a state and a non-state actor abroad", |make| {
            of(make, &EXTRA)
        })
        .needs(&[EXTRA.dataset]),
        Choice::new(
            "dyadic",
            "between states, by the list of dyadic wars: opponents in years of battles between the two, with their roles and the deaths between them",
            dyadic_wars::of,
        )
        .needs(&[dyadic_wars::DATASET]),
    ],
    tables: &["war_parties", "wars", "dyadic_wars"],
    gw_tables: &[],
    of_states: &[
        flag("cowinteronset", "1 in a year in which it enters an inter-state war"),
        flag("cowinterongoing", "1 in a year of one"),
        flag("cowintraonset", "1 in a year in which it enters an intra-state war"),
        flag("cowintraongoing", "1 in a year of one"),
        declared(
            "warnum",
            Kind::Real,
            "number of the war; of several in a year one that begins in it before one that goes on, then the one with the most deaths",
        ),
        declared("warname", Kind::Text, "its name"),
        declared(
            "wartype",
            Kind::Text,
            "central control, local issues, regional or inter-communal",
        ),
        flag("intnl", "1 a state joined from outside"),
        flag(
            "outcome",
            "1 side A (the government) won, 2 side B won, 3 compromise, 4 became another kind of war, 5 goes on, 6 stalemate, 7 went on below war",
        ),
        declared("sideadeaths", Kind::Int, "battle deaths of side A in the whole war"),
        declared("sidebdeaths", Kind::Int, "battle deaths of side B in the whole war"),
        declared(
            "intrawarnums",
            Kind::Text,
            "numbers of all its intra-state wars of the year, joined by `; `",
        ),
        flag("cowextraonset", "1 in a year in which it enters an extra-state war"),
        flag("cowextraongoing", "1 in a year of one"),
        flag("cowdyadiconset", "1 in the first year of battles with an opponent in an inter-state war"),
        flag("cowdyadicongoing", "1 in a year of battles in one"),
    ],
    of_pairs: &[
        flag("cowinteronset", "1 in a year in which a war between them begins, or begins anew"),
        flag(
            "cowinterongoing",
            "1 in a year in which they are on opposite sides of a war on the same day",
        ),
        flag("sidea", "1 on side A, 2 on side B"),
        flag("initiator", "began the war"),
        flag(
            "outcome",
            "1 winner, 2 loser, 3 compromise, 4 became another war, 5 goes on, 6 stalemate, 7 below war, 8 changed sides; of the whole war (peacesciencer 1.2.9 has none in years of a war begun anew)",
        ),
        declared("batdeath", Kind::Int, "own battle deaths in the whole war"),
        flag(
            "resume",
            "1 in a year of a war that they had stopped fighting and began anew, else 0",
        ),
        flag("cowdyadiconset", "1 in the first year of battles between the two in a war"),
        flag("cowdyadicongoing", "1 in a year of battles between the two"),
        declared("dyadwarnum", Kind::Real, "number of the war; of several in a year one that begins in it, then the deadlier"),
        flag("warrole", "in the war: 1 began it, 2 joined the initiator, 3 was attacked first, 4 joined the side attacked"),
        flag("dyadrole", "between the two: 1 began, 3 was attacked"),
        flag("dyadoutcome", "1 won, 2 neither, 3 lost"),
        declared("dyadbatdeath", Kind::Int, "own battle deaths against the other where they can be separated, else in the war; the same in every year"),
    ],
    rows_of: None,
    events: &["cowinterongoing", "cowintraongoing", "cowextraongoing", "cowdyadicongoing"],
    made: Made::ByChoice,
};

/// Wars with a non-state actor on one side.
const fn of_one_side(name: &'static str, doc: &'static str, make: FromTables) -> Choice {
    Choice::new(name, doc, make).not_of_pairs(
        "has wars that are not between two states",
        "ask for them with state-years, or for wars:inter",
    )
}

fn of(make: &Make<'_>, wars: &Wars) -> Result<Vec<Column>, PanelError> {
    let Some(list) = List::of(make, wars) else { return Err(absent(make, &[wars.dataset])) };
    match make.shape {
        Shape::Pair { .. } => of_pairs(make, &list),
        _ => of_states(make, wars, &list),
    }
}

/// A war of a pair in a year.
struct DyadWar {
    onset: bool,
    resumed: bool,
    rows: [usize; 2],
    deaths: Option<i32>,
}

/// What stands for each pair and year.
type Dyads = BTreeMap<(u16, u16, i32), DyadWar>;

/// Two participants on opposite sides on the same days.
struct Meeting {
    one: u16,
    two: u16,
    /// First and last day.
    days: (i32, i32),
    rows: [usize; 2],
}

/// Rows of participants by their war.
fn by_war<'a>(batch: &'a RecordBatch, source: &str) -> BTreeMap<&'a str, Vec<usize>> {
    let (war, from) = (texts(batch, "war_id"), texts(batch, "source"));
    let mut wars: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in (0..batch.num_rows()).filter(|row| text(from, *row) == source) {
        wars.entry(text(war, row)).or_default().push(row);
    }
    wars
}

/// Who fights whom in a war, in both directions, by pair and day.
fn meetings(
    make: &Make<'_>,
    batch: &RecordBatch,
    days: &[Option<(i32, i32)>],
    rows: &[usize],
) -> Vec<Meeting> {
    let (ccode, side) = (ints(batch, "ccode"), ints(batch, "side"));
    let mut met = Vec::new();
    for a in rows {
        for b in rows {
            let (Some(one), Some(two)) = (make.state(int(ccode, *a)), make.state(int(ccode, *b)))
            else {
                continue;
            };
            let apart = int(side, *a).zip(int(side, *b)).is_some_and(|(x, y)| x != y);
            let (Some(own), Some(theirs)) = (days[*a], days[*b]) else { continue };
            let both = (own.0.max(theirs.0), own.1.min(theirs.1));
            if one != two && apart && both.0 <= both.1 {
                met.push(Meeting { one, two, days: both, rows: [*a, *b] });
            }
        }
    }
    met.sort_by_key(|m| (m.one, m.two, m.days));
    met
}

/// The deaths of a participant stand with the first of its spells, so that a sum counts them once; they are of all of them.
fn deaths(batch: &RecordBatch, rows: &[usize]) -> BTreeMap<(i32, i32), i32> {
    let [ccode, side, deaths] = ["ccode", "side", "deaths"].map(|c| ints(batch, c));
    let of = |row: &usize| Some(((int(ccode, *row)?, int(side, *row)?), int(deaths, *row)?));
    rows.iter().filter_map(of).collect()
}

/// The wars of pairs, and the deaths of each participant by its row.
fn dyads(make: &Make<'_>, batch: &RecordBatch, source: &str) -> (Dyads, Vec<Option<i32>>) {
    let (ccode, side) = (ints(batch, "ccode"), ints(batch, "side"));
    let span = make.grid.span();
    // An open end lasts as long as the source covers.
    let coverage = make.record.coverage("war_parties", &make.reading);
    let ends = first_days(batch).into_iter().zip(last_days(batch));
    let days: Vec<Option<(i32, i32)>> = ends
        .map(|(first, last)| {
            let open =
                |first| calendar::last_of(coverage.open_end(source, calendar::year_of(first)));
            Some((first?, last.or(first.map(open))?))
        })
        .collect();
    let mut whole = vec![None; batch.num_rows()];
    let mut wars = Dyads::new();
    for rows in by_war(batch, source).values() {
        let dead = deaths(batch, rows);
        for row in rows {
            let participant = int(ccode, *row).zip(int(side, *row));
            whole[*row] = participant.and_then(|p| dead.get(&p).copied());
        }
        let mut before = None;
        for meeting in meetings(make, batch, &days, rows) {
            let pair = (meeting.one, meeting.two);
            let resumed = before.replace(pair) == Some(pair);
            let (from, to) = make.grid.grain.of_days(meeting.days).into_inner();
            let [a, b] = meeting.rows;
            for year in from.max(*span.start())..=to.min(*span.end()) {
                let this = DyadWar {
                    onset: year == from,
                    resumed,
                    rows: meeting.rows,
                    deaths: together(whole[a], whole[b]),
                };
                // Of two wars in a year, one that begins, one begun anew, one that goes on; then the deadlier.
                let rank = |w: &DyadWar| (w.onset, w.onset && !w.resumed, w.deaths);
                match wars.entry((meeting.one, meeting.two, year)) {
                    Entry::Vacant(entry) => {
                        entry.insert(this);
                    }
                    Entry::Occupied(mut entry) => {
                        if rank(&this) > rank(entry.get()) {
                            entry.insert(this);
                        }
                    }
                }
            }
        }
    }
    (wars, whole)
}

fn of_pairs(make: &Make<'_>, list: &List) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("war_parties")?;
    let make = &make.by_date(&batch);
    let (wars, deaths) = dyads(make, &batch, &list.id);
    let [side, outcome] = ["side", "outcome"].map(|c| ints(&batch, c));
    let initiator = bools(&batch, "initiator");
    let keys: Vec<_> = wars.keys().copied().collect();
    let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
    let mut made = Vec::new();
    let mut add = |name: String, zero: bool, value: &dyn Fn(&DyadWar) -> Option<i32>| {
        let mut cells = make.entries(&name, wars.len());
        wars.values().for_each(|w| cells.push(value(w).map(Value::Int)));
        let otherwise = zero.then_some(&list.cover);
        let mut column = make.of_pairs(&name, &["war_parties"], &pairs, cells, otherwise)?;
        list.describe(&mut column);
        made.push(column);
        Ok::<_, PanelError>(())
    };
    let [begins, goes_on] = INTER.whether;
    add(begins.into(), true, &|w| Some(w.onset.into()))?;
    add(goes_on.into(), true, &|_| Some(1))?;
    for which in 0..2 {
        add(format!("sidea{}", which + 1), false, &|w| int(side, w.rows[which]))?;
    }
    for which in 0..2 {
        add(format!("initiator{}", which + 1), false, &|w| {
            truth(initiator, w.rows[which]).map(i32::from)
        })?;
    }
    for which in 0..2 {
        add(format!("outcome{}", which + 1), false, &|w| int(outcome, w.rows[which]))?;
    }
    for which in 0..2 {
        add(format!("batdeath{}", which + 1), false, &|w| deaths[w.rows[which]])?;
    }
    add("resume".into(), false, &|w| Some(w.resumed.into()))?;
    Ok(made)
}
