//! Armed conflicts of UCDP/PRIO in which a state's government is a primary party.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};

use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::make::{Coded, Filled, Make};
use crate::tables::{Pairs, unknown};
use comity_record::columns::{int, ints, text, texts};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static UCDP: Group = Group {
    name: "ucdp",
    doc: "armed conflicts (UCDP/PRIO): of a state those in which its government is the first primary party, of a pair those in which the two are primary parties on opposite sides; 0 within the years that the source covers. An onset is the first year of a conflict ever, of the conflicts chosen. Several kinds are chosen with a plus between them, ucdp:intrastate+internationalized, of which `wars` leaves years with 1,000 deaths or more",
    choices: &[
        Choice::new("all", "of every kind", of),
        Choice::new("intrastate", "inside the state, without foreign troops", of).combines(),
        Choice::new("internationalized", "inside the state, with foreign troops", of).combines(),
        Choice::new("interstate", "between states", of).combines(),
        Choice::new("extrasystemic", "between the state and a non-state actor abroad", of)
            .combines(),
        Choice::new("wars", "of every kind, in years with 1,000 deaths or more", of).combines(),
    ],
    tables: &["conflict_parties"],
    gw_tables: &[],
    of_states: &[
        flag("ucdpongoing", "1 in a year of a conflict"),
        flag("ucdponset", "1 in the first year of one"),
        flag("maxintensity", "1: 25 to 999 deaths in the year, 2: more; null without a conflict"),
        Declared {
            name: "conflict_ids",
            kind: Kind::Text,
            doc: "numbers of the conflicts of the year, joined by `; `; null without a conflict",
        },
    ],
    of_pairs: &[
        flag("ucdpongoing", "1 in a year of a conflict between them"),
        flag("ucdponset", "1 in the first year of one between them"),
        flag(
            "maxintensity",
            "1: 25 to 999 deaths in the year in the whole conflict, 2: more; null without a conflict",
        ),
        Declared {
            name: "conflict_ids",
            kind: Kind::Text,
            doc: "numbers of the conflicts between them of the year, joined by `; `; null without a conflict",
        },
    ],
    rows_of: None,
    events: &["ucdpongoing"],
    made: Made::ByChoice,
};

/// Which conflicts count.
struct Which {
    /// The types of conflict, 1 to 4; none: all.
    kinds: Vec<i32>,
    /// Whether only years of war count.
    wars: bool,
}

impl Which {
    /// By the choice as it is requested.
    fn of(choice: &str) -> Self {
        let kind = |name: &str| match name {
            "extrasystemic" => Some(1),
            "interstate" => Some(2),
            "intrastate" => Some(3),
            "internationalized" => Some(4),
            _ => None,
        };
        let names = || choice.split('+');
        Self { kinds: names().filter_map(kind).collect(), wars: names().any(|n| n == "wars") }
    }

    fn counts(&self, kind: Option<i32>, intensity: Option<i32>) -> bool {
        let of_kind = self.kinds.is_empty() || kind.is_some_and(|kind| self.kinds.contains(&kind));
        of_kind && (!self.wars || intensity == Some(2))
    }
}

/// A government in a conflict and year.
struct Party<'a> {
    row: usize,
    year: i32,
    conflict: &'a str,
    /// The number by which the source knows it, where its code here changes (Yemen in 1990).
    own: i32,
    /// Its number among the states, if it is one of them.
    state: Option<u16>,
}

/// What is found of a state, or of a pair, in a year.
#[derive(Default)]
struct Found<'a> {
    onset: bool,
    intensity: Option<i32>,
    /// In the order of their numbers; ids that are none come after them.
    conflicts: BTreeSet<(bool, Option<i64>, &'a str)>,
}

impl<'a> Found<'a> {
    fn add(&mut self, conflict: &'a str, onset: bool, intensity: Option<i32>) {
        self.onset |= onset;
        self.intensity = self.intensity.max(intensity);
        let number = conflict.parse::<i64>().ok();
        self.conflicts.insert((number.is_none(), number, conflict));
    }

    fn ids(&self) -> String {
        let ids: Vec<&str> = self.conflicts.iter().map(|(_, _, id)| *id).collect();
        ids.join("; ")
    }
}

fn of(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("conflict_parties")?;
    let coded = make.coded_both("conflict_parties");
    let [kind, intensity] = ["conflict_type", "intensity"].map(|c| ints(&batch, c));
    let which = Which::of(make.choice);
    let chosen = |row: usize| which.counts(int(kind, row), int(intensity, row));
    match make.shape {
        Shape::Pair { .. } => of_pairs(make, &coded, &batch, &chosen),
        _ => of_states(make, &coded, &batch, &chosen),
    }
}

/// The primary parties on a side, in the order of years.
fn parties<'a>(
    make: &Make<'_>,
    coded: &Coded,
    batch: &'a RecordBatch,
    side: &str,
    chosen: &dyn Fn(usize) -> bool,
) -> Vec<Party<'a>> {
    let [ccode, gwcode, year] = ["ccode", "gwcode", "year"].map(|c| ints(batch, c));
    let (role, id) = (texts(batch, "role"), texts(batch, "conflict_id"));
    let code = ints(batch, coded.code);
    let party = |row: usize| {
        Some(Party {
            row,
            year: int(year, row)?,
            conflict: text(id, row),
            own: int(gwcode, row).or(int(ccode, row))?,
            state: make.number(coded.by, int(code, row)),
        })
    };
    let rows = (0..batch.num_rows()).filter(|row| text(role, *row) == side && chosen(*row));
    let mut parties: Vec<Party<'_>> = rows.filter_map(party).collect();
    parties.sort_by_key(|party| (party.year, party.row));
    parties
}

fn of_states(
    make: &Make<'_>,
    coded: &Coded,
    batch: &RecordBatch,
    chosen: &dyn Fn(usize) -> bool,
) -> Result<Vec<Column>, PanelError> {
    let Coded { table, by, grid, .. } = coded;
    let intensity = ints(batch, "intensity");
    let mut cells = [Kind::Flag; 3].map(|kind| unknown(kind, grid));
    make.cover_of_any_state(*by, table).zero(grid, &mut cells[..2]);
    let (mut begun, mut found) = (BTreeSet::new(), BTreeMap::<usize, Found<'_>>::new());
    for party in parties(make, coded, batch, "a", chosen) {
        let onset = begun.insert((party.conflict, party.own));
        let at = party.state.and_then(|state| grid.cell(usize::from(state), party.year));
        if let Some(at) = at {
            found.entry(at).or_default().add(party.conflict, onset, int(intensity, party.row));
        }
    }
    let mut ids = unknown(Kind::Text, grid);
    let mut lists = Vec::with_capacity(found.len());
    for (at, found) in found {
        cells[0].set(at, Some(Value::Int(1)));
        if found.onset {
            cells[1].set(at, Some(Value::Int(1)));
        }
        cells[2].set(at, found.intensity.map(Value::Int));
        ids.set(at, Some(Value::Int(lists.len() as i32)));
        lists.push(found.ids());
    }
    let [ongoing, onset, intensity] = cells;
    let lists: Arc<StringArray> = Arc::new(lists.into_iter().map(Some).collect());
    make.of_members_by(
        *by,
        &[table],
        vec![
            Filled::new("ucdpongoing", ongoing),
            Filled::new("ucdponset", onset),
            Filled::new("maxintensity", intensity),
            Filled::texts("conflict_ids", ids, &lists),
        ],
    )
}

fn of_pairs(
    make: &Make<'_>,
    coded: &Coded,
    batch: &RecordBatch,
    chosen: &dyn Fn(usize) -> bool,
) -> Result<Vec<Column>, PanelError> {
    let Coded { table, by, grid, .. } = coded;
    let intensity = ints(batch, "intensity");
    let mut opponents: BTreeMap<(i32, &str), Vec<Party<'_>>> = BTreeMap::new();
    for party in parties(make, coded, batch, "b", chosen) {
        opponents.entry((party.year, party.conflict)).or_default().push(party);
    }
    let (mut begun, mut found) = (BTreeSet::new(), BTreeMap::<(u16, u16, i32), Found<'_>>::new());
    for one in parties(make, coded, batch, "a", chosen) {
        for two in opponents.get(&(one.year, one.conflict)).into_iter().flatten() {
            let onset = begun.insert((one.conflict, one.own, two.own));
            let Some((a, b)) = one.state.zip(two.state).filter(|(a, b)| a != b) else { continue };
            for pair in [(a, b, one.year), (b, a, one.year)] {
                let there = found.entry(pair).or_default();
                there.add(one.conflict, onset, int(intensity, one.row));
            }
        }
    }
    let keys: Vec<_> = found.keys().copied().collect();
    let pairs = Arc::new(Pairs::of(grid, *by, &keys));
    let cover = Arc::new(make.cover_of_any_state(*by, table));
    let mut made = Vec::new();
    let mut add = |name: &str, zero: bool, value: &dyn Fn(usize, &Found<'_>) -> Option<i32>| {
        let mut cells = make.entries(name, found.len());
        found.values().enumerate().for_each(|(at, f)| cells.push(value(at, f).map(Value::Int)));
        made.push(make.of_pairs(name, &[table], &pairs, cells, zero.then_some(&cover))?);
        Ok::<_, PanelError>(())
    };
    add("ucdpongoing", true, &|_, _| Some(1))?;
    add("ucdponset", true, &|_, found| Some(found.onset.into()))?;
    add("maxintensity", false, &|_, found| found.intensity)?;
    let lists: Vec<String> = found.values().map(Found::ids).collect();
    // A list is held once, however many pairs and years have it.
    let mut numbers: BTreeMap<&str, i32> = lists.iter().map(|list| (list.as_str(), 0)).collect();
    numbers.values_mut().enumerate().for_each(|(number, at)| *at = number as i32);
    add("conflict_ids", false, &|at, _| Some(numbers[lists[at].as_str()]))?;
    let lists = Arc::new(numbers.keys().map(|list| Some(*list)).collect::<StringArray>());
    if let Some(ids) = made.last_mut() {
        ids.texts = Some(lists);
    }
    Ok(made)
}
