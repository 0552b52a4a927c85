//! Wars of the Correlates of War, and armed conflicts of UCDP.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Column, Declared, Group, Make, Shape};
use crate::panel::cells::{Cells, Kind, Value};
use crate::panel::error::PanelError;
use crate::panel::tables::{Cover, OfPair, Pairs, unknown};
use crate::views::columns::{bools, int, ints, text, texts, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static WARS: Group = Group {
    name: "wars",
    doc: "wars of the Correlates of War; onset and ongoing are 0 where the list covers both and has none, everything else is null without a war",
    choices: &[
        ("inter", "between states"),
        ("intra", "inside a state, of its government"),
        ("extra", "of a state with who is no state, outside it"),
    ],
    tables: &["war_parties"],
    of_states: &[
        flag("cowinteronset", "1 in a year in which it enters an inter-state war"),
        flag("cowinterongoing", "1 in a year of one"),
        flag("cowintraonset", "1 in a year in which it enters an intra-state war"),
        flag("cowintraongoing", "1 in a year of one"),
        flag("cowextraonset", "1 in a year in which it enters an extra-state war"),
        flag("cowextraongoing", "1 in a year of one"),
    ],
    of_pairs: &[
        flag("cowinteronset", "1 in the first year in which they are at war"),
        flag("cowinterongoing", "1 in a year in which they are on opposite sides of a war"),
        flag("sidea", "on the first side"),
        flag("initiator", "began the war"),
        flag(
            "outcome",
            "1 winner, 2 loser, 3 compromise, 4 became another war, 5 goes on, 6 stalemate, 7 below war, 8 changed sides",
        ),
        Declared { name: "batdeath", kind: Kind::Int, doc: "own battle deaths in the whole war" },
    ],
    make: |make| match (make.shape, make.choice) {
        (Shape::Pair { .. }, "inter") => of_pairs(make),
        (Shape::Pair { .. }, choice) => {
            Err(PanelError::new(format!("wars of kind `{choice}` are no wars between two states"))
                .help("ask for them with state-years, or for wars:inter"))
        }
        _ => of_states(make),
    },
};

/// The source of the wars chosen, and where it covers.
fn chosen(make: &Make<'_>) -> Result<(String, Arc<Cover>), PanelError> {
    let dataset = format!("cow-war-{}", make.choice);
    let source = make.record.sources().iter().find(|s| s.dataset == dataset);
    let Some(source) = source else { return Err(super::absent(make, &[&dataset])) };
    let coverage = make.record.coverage("war_parties", &make.reading);
    let own = coverage.entries().iter().filter(|(id, c)| *id == source.id && !c.context);
    let claims: Vec<_> = own.map(|(_, c)| c.clone()).collect();
    let cover = Cover::by(&make.grid, &make.base.cow, &[claims]);
    Ok((source.id.clone(), Arc::new(cover)))
}

fn of_states(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let (id, cover) = chosen(make)?;
    let batch = make.table("war_parties")?;
    let years = make.spell_years("war_parties", &batch);
    let (ccode, start, source) =
        (ints(&batch, "ccode"), ints(&batch, "start_year"), texts(&batch, "source"));
    let mut cells = [unknown(Kind::Flag, &make.grid), unknown(Kind::Flag, &make.grid)];
    make.zeros(&cover, &mut cells);
    for (row, years) in years.into_iter().enumerate() {
        let (Some(state), Some(years)) = (make.state(int(ccode, row)), years) else { continue };
        if text(source, row) != id {
            continue;
        }
        for year in years {
            let Some(at) = make.grid.cell(usize::from(state), year) else { continue };
            cells[1].set(at, Some(Value::Int(1)));
            if int(start, row) == Some(year) {
                cells[0].set(at, Some(Value::Int(1)));
            }
        }
    }
    let [onset, ongoing] = cells;
    let names = [format!("cow{}onset", make.choice), format!("cow{}ongoing", make.choice)];
    let mut columns = make.of_members(
        &["war_parties"],
        vec![(&names[0], Kind::Flag, onset), (&names[1], Kind::Flag, ongoing)],
    );
    columns.iter_mut().for_each(|c| c.sources = vec![id.clone()]);
    Ok(columns)
}

/// A war of a pair in a year.
struct DyadWar {
    onset: bool,
    rows: [usize; 2],
    deaths: Option<i32>,
}

fn of_pairs(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let (id, cover) = chosen(make)?;
    let batch = make.table("war_parties")?;
    let years = make.spell_years("war_parties", &batch);
    let (ccode, war, source) =
        (ints(&batch, "ccode"), texts(&batch, "war_id"), texts(&batch, "source"));
    let [side, outcome, deaths] = ["side", "outcome", "deaths"].map(|c| ints(&batch, c));
    let initiator = bools(&batch, "initiator");
    let mut by_war: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in (0..batch.num_rows()).filter(|row| text(source, *row) == id) {
        by_war.entry(text(war, row)).or_default().push(row);
    }
    let mut wars: BTreeMap<(u16, u16, i32), DyadWar> = BTreeMap::new();
    for rows in by_war.values() {
        for a in rows {
            for b in rows {
                let sides = int(side, *a).zip(int(side, *b));
                let (Some(one), Some(two), Some((x, y))) =
                    (make.state(int(ccode, *a)), make.state(int(ccode, *b)), sides)
                else {
                    continue;
                };
                let (Some(own), Some(theirs)) = (years[*a].clone(), years[*b].clone()) else {
                    continue;
                };
                if x == y || one == two {
                    continue;
                }
                let both = *own.start().max(theirs.start())..=*own.end().min(theirs.end());
                let first = *both.start();
                for year in both {
                    let dead =
                        int(deaths, *a).zip(int(deaths, *b)).map(|(a, b)| a.saturating_add(b));
                    let this = DyadWar {
                        onset: year == first,
                        rows: [*a, *b],
                        deaths: dead.or(int(deaths, *a)).or(int(deaths, *b)),
                    };
                    // Of two wars in a year, one that begins before one that goes on, then the deadlier.
                    match wars.entry((one, two, year)) {
                        std::collections::btree_map::Entry::Vacant(entry) => {
                            entry.insert(this);
                        }
                        std::collections::btree_map::Entry::Occupied(mut entry) => {
                            let old = entry.get();
                            if (this.onset, this.deaths) > (old.onset, old.deaths) {
                                entry.insert(this);
                            }
                        }
                    }
                }
            }
        }
    }
    let keys: Vec<_> = wars.keys().copied().collect();
    let pairs = Arc::new(Pairs::of(make.grid.states, &keys));
    let mut made = Vec::new();
    let mut add =
        |name: String, kind: Kind, zero: bool, value: &dyn Fn(&DyadWar) -> Option<i32>| {
            let mut cells = Cells::new(kind, wars.len());
            wars.values().for_each(|w| cells.push(value(w).map(Value::Int)));
            let otherwise = zero.then(|| Arc::clone(&cover));
            let source = OfPair { pairs: Arc::clone(&pairs), cells: Arc::new(cells), otherwise };
            let mut column = make.column(&name, kind, &["war_parties"], source);
            column.sources = vec![id.clone()];
            made.push(column);
        };
    add("cowinteronset".into(), Kind::Flag, true, &|w| Some(w.onset.into()));
    add("cowinterongoing".into(), Kind::Flag, true, &|_| Some(1));
    for which in 0..2 {
        add(format!("sidea{}", which + 1), Kind::Flag, false, &|w| {
            int(side, w.rows[which]).map(|s| (s == 1).into())
        });
    }
    for which in 0..2 {
        add(format!("initiator{}", which + 1), Kind::Flag, false, &|w| {
            truth(initiator, w.rows[which]).map(i32::from)
        });
    }
    for which in 0..2 {
        add(format!("outcome{}", which + 1), Kind::Flag, false, &|w| int(outcome, w.rows[which]));
    }
    for which in 0..2 {
        add(format!("batdeath{}", which + 1), Kind::Int, false, &|w| int(deaths, w.rows[which]));
    }
    Ok(made)
}

pub(super) static UCDP: Group = Group {
    name: "ucdp",
    doc: "armed conflicts in which the government of the state is the first primary party (UCDP/PRIO); 0 within the years that the source covers. An onset is the first year of a conflict ever",
    choices: &[
        ("all", "of every kind"),
        ("intrastate", "inside the state, without foreign troops"),
        ("internationalized", "inside the state, with foreign troops"),
        ("interstate", "between states"),
        ("extrasystemic", "outside the state against who is no state"),
    ],
    tables: &["conflict_parties"],
    of_states: &[
        flag("ucdpongoing", "1 in a year of a conflict"),
        flag("ucdponset", "1 in the first year of one"),
        flag("maxintensity", "1: 25 to 999 deaths in the year, 2: more; null without a conflict"),
    ],
    of_pairs: &[],
    make: |make| {
        let batch = make.table("conflict_parties")?;
        let wanted = match make.choice {
            "extrasystemic" => Some(1),
            "interstate" => Some(2),
            "intrastate" => Some(3),
            "internationalized" => Some(4),
            _ => None,
        };
        let (ccode, year, kind, intensity) = (
            ints(&batch, "ccode"),
            ints(&batch, "year"),
            ints(&batch, "conflict_type"),
            ints(&batch, "intensity"),
        );
        let (role, id) = (texts(&batch, "role"), texts(&batch, "conflict_id"));
        let mut cells = [Kind::Flag; 3].map(|kind| unknown(kind, &make.grid));
        make.zeros(&make.cover(&["conflict_parties"]), &mut cells[..2]);
        let mut rows: Vec<(i32, usize)> = (0..batch.num_rows())
            .filter(|r| text(role, *r) == "a" && wanted.is_none_or(|w| int(kind, *r) == Some(w)))
            .filter_map(|r| Some((int(year, r)?, r)))
            .collect();
        rows.sort_unstable();
        let mut begun = BTreeSet::new();
        for (year, row) in rows {
            let Some(state) = make.state(int(ccode, row)) else { continue };
            let onset = begun.insert((text(id, row), state));
            let Some(at) = make.grid.cell(usize::from(state), year) else { continue };
            cells[0].set(at, Some(Value::Int(1)));
            if onset {
                cells[1].set(at, Some(Value::Int(1)));
            }
            let most = cells[2].int(at).max(int(intensity, row));
            cells[2].set(at, most.map(Value::Int));
        }
        let [ongoing, onset, intensity] = cells;
        Ok(make.of_members(
            &["conflict_parties"],
            vec![
                ("ucdpongoing", Kind::Flag, ongoing),
                ("ucdponset", Kind::Flag, onset),
                ("maxintensity", Kind::Flag, intensity),
            ],
        ))
    },
};
