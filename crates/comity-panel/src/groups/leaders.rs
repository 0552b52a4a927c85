//! Who leads a state, how leadership changes hands, and what leaders had lived through.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{Date32Type, Float64Type};

use crate::about::About;
use crate::calendar;
use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::laid::{Laid, OfLeaders};
use crate::make::{Filled, Make, absent};
use crate::system::{Codes, System};
use crate::tables::{By, Grid, unknown};
use comity_record::columns::{bools, int, ints, text, texts, truth};

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

pub(super) static LEADERS: Group = Group {
    name: "leaders",
    doc: "leaders in office and how leadership changed hands (Archigos); null in years for which no leader is listed, as are most before 1875: of earlier ones there are those who were in office then. Of a state that was one before its list begins, it is not known in that year who came before: what depends on that is null (United States in 1869; peacesciencer 1.2.9 counts those listed)",
    choices: &[],
    tables: &["leaders"],
    gw_tables: &[],
    of_states: &[
        flag("leadertransition", "1 in a year with more than one person in office"),
        flag(
            "irregular",
            "1 in a year in which a leader came or left by irregular means. (peacesciencer 1.2.9 has 1 also where one who comes in the year leaves so in a later one.)",
        ),
        Declared { name: "n_leaders", kind: Kind::Small, doc: "persons in office on any day" },
        Declared {
            name: "jan1obsid",
            kind: Kind::Text,
            doc: "the source's number of the first leader of the year who is listed",
        },
        Declared {
            name: "dec31obsid",
            kind: Kind::Text,
            doc: "the source's number of the last leader of the year",
        },
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::FromTables(make),
};

/// Name of the column, column of the table, and what it means.
const LIVED: [(&str, &str, &str); 11] = [
    ("leveledu", "education", "education: 0 primary, 1 secondary, 2 university, 3 graduate school"),
    ("milservice", "military_service", "1 served in a military"),
    ("combat", "combat", "1 was in combat"),
    ("rebel", "rebel", "1 was a rebel"),
    ("warwin", "won_war", "1 served on the winning side of a war"),
    ("warloss", "lost_war", "1 served on the losing side of a war"),
    ("rebelwin", "won_rebellion", "1 was in a rebellion that won"),
    ("rebelloss", "lost_rebellion", "1 was in a rebellion that lost"),
    ("yrsexper", "years_experience", "years of experience in politics"),
    ("physhealth", "physical_illness", "1 in bad physical health before office"),
    ("mentalhealth", "mental_illness", "1 in bad mental health before office"),
];

/// The same of how willing to use force a leader is.
const WILLING: [(&str, &str); 8] = [
    ("theta1_mean", "willingness to use force, from experience of conflict and risk"),
    ("theta1_sd", "standard deviation of that estimate"),
    ("theta2_mean", "the same with political orientation and psychology besides"),
    ("theta2_sd", "standard deviation of that estimate"),
    ("theta3_mean", "as theta1_mean, from all variables of LEAD"),
    ("theta3_sd", "standard deviation of that estimate"),
    ("theta4_mean", "as theta2_mean, from all variables of LEAD"),
    ("theta4_sd", "standard deviation of that estimate"),
];

const fn lived(at: usize) -> Declared {
    flag(LIVED[at].0, LIVED[at].2)
}

const fn willing(at: usize) -> Declared {
    Declared { name: WILLING[at].0, kind: Kind::Real, doc: WILLING[at].1 }
}

pub(super) static TRAITS_GROUP: Group = Group {
    name: "leader-traits",
    doc: "what a leader had lived through before office (LEAD), and where the record has it how willing that made to use force (Carter and Smith): with leader-years of the leader of the row, else of one leader of the year; null where it is not known",
    choices: &[
        Choice::new("dec31", "of the last leader of the year", |make| {
            traits_of_states(make, |there| there.leaders.last().copied())
        })
        .by_leader(Traits::of_leaders),
        Choice::new("jan1", "of the first leader of the year", |make| {
            traits_of_states(make, |there| there.leaders.first().copied())
        })
        .by_leader(Traits::of_leaders),
    ],
    tables: &["leader_backgrounds", "leader_willingness"],
    gw_tables: &[],
    of_states: &[
        lived(0),
        lived(1),
        lived(2),
        lived(3),
        lived(4),
        lived(5),
        lived(6),
        lived(7),
        lived(8),
        lived(9),
        lived(10),
        willing(0),
        willing(1),
        willing(2),
        willing(3),
        willing(4),
        willing(5),
        willing(6),
        willing(7),
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
};

/// One spell in office, with its first and last day under one code of the state.
pub(crate) struct Spell {
    pub days: (i32, i32),
    /// The first and last day in office, under whatever code.
    pub office: (i32, i32),
    /// Its row in the table.
    pub row: usize,
}

/// The spells of each state of a list, in the order of their coming to office: by the code that the source's number stood for on each day,
/// or in a panel of the states of Gleditsch and Ward by that number, as it is published.
pub(crate) fn spells(make: &Make<'_>, batch: &RecordBatch, by: By) -> Vec<Vec<Spell>> {
    let by_number = by == By::Own && make.base.codes == Codes::Gw;
    let code = ints(batch, if by_number { "gwcode" } else { "ccode" });
    let id = texts(batch, "leader_id");
    let day = |column: &str, row: usize| {
        let days = batch.column_by_name(column)?.as_primitive::<Date32Type>();
        days.is_valid(row).then(|| days.value(row))
    };
    let (from, to) = (ints(batch, "start_year"), ints(batch, "end_year"));
    let system = make.system(by);
    let mut by_state: Vec<Vec<Spell>> = system.codes.iter().map(|_| Vec::new()).collect();
    let source = texts(batch, "source");
    let coverage = make.record.coverage("leaders", &make.reading);
    let days: Vec<Option<(i32, i32)>> = (0..batch.num_rows())
        .map(|row| {
            let first = day("start", row).or_else(|| int(from, row).map(calendar::first_of))?;
            // Who is still in office when the source ends is not known to stay.
            let open = || {
                let end = coverage.open_end(text(source, row), calendar::year_of(first));
                calendar::last_of(end)
            };
            let last = day("end", row)
                .or_else(|| int(to, row).map(calendar::last_of))
                .unwrap_or_else(open);
            Some((first, last))
        })
        .collect();
    let mut office: HashMap<&str, (i32, i32)> = HashMap::new();
    for (row, days) in days.iter().enumerate() {
        if let Some(days) = days {
            let whole = office.entry(text(id, row)).or_insert(*days);
            *whole = (whole.0.min(days.0), whole.1.max(days.1));
        }
    }
    for (row, days) in days.into_iter().enumerate() {
        let (Some(state), Some(days)) = (make.number(by, int(code, row)), days) else {
            continue;
        };
        let office = office.get(text(id, row)).copied().unwrap_or(days);
        by_state[usize::from(state)].push(Spell { days, office, row });
    }
    for spells in &mut by_state {
        // A spell that comes in parts, for a code that changed, is one where the code did not.
        spells.sort_by(|a, b| (text(id, a.row), a.days).cmp(&(text(id, b.row), b.days)));
        spells.dedup_by(|next, first| {
            let same = text(id, next.row) == text(id, first.row)
                && first.days.1.saturating_add(1) >= next.days.0;
            first.days.1 = if same { first.days.1.max(next.days.1) } else { first.days.1 };
            same
        });
        spells.sort_by_key(|s| (s.days, s.row));
    }
    by_state
}

/// The texts of a column, one for each row.
pub(crate) fn held(column: &StringArray) -> Arc<StringArray> {
    Arc::new((0..column.len()).map(|row| Some(text(column, row))).collect())
}

/// The leaders of a state in a period, in the order of their coming to office.
struct There<'a> {
    at: usize,
    /// First and last day of the period.
    days: (i32, i32),
    leaders: &'a [&'a Spell],
    /// Whether somebody may have been in office before the first of them who is not listed: in the period in which the list of the state
    /// begins, after its first day, of a state that was one before.
    begins: bool,
}

/// The cells of the leaders of each state and period.
fn by_period(
    grid: &Grid,
    system: &System,
    spells: &[Vec<Spell>],
    mut each: impl FnMut(&There<'_>),
) {
    for (state, spells) in spells.iter().enumerate() {
        let first_listed = spells.iter().map(|s| s.days.0).min();
        let (mut next, mut there) = (0, Vec::<&Spell>::new());
        for period in grid.span() {
            let days = grid.grain.days(period);
            there.retain(|s| days.0 <= s.days.1);
            while let Some(spell) = spells.get(next).filter(|s| s.days.0 <= days.1) {
                if days.0 <= spell.days.1 {
                    there.push(spell);
                }
                next += 1;
            }
            let Some(at) = grid.cell(state, period).filter(|_| !there.is_empty()) else { continue };
            // A state that comes to be in the period has its first leaders in it.
            let was = || system.share_a_day(&[state as u16], (days.0 - 1, days.0 - 1));
            let begins = first_listed.is_some_and(|first| first > days.0) && was();
            each(&There { at, days, leaders: &there, begins });
        }
    }
}

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let make = &make.fine();
    let batch = make.table("leaders")?;
    let spells = spells(make, &batch, By::Own);
    let grid = make.grid_of(By::Own);
    let [entry, exit] = ["entry", "exit"].map(|c| texts(&batch, c));
    let (person, id) = (texts(&batch, "person_id"), texts(&batch, "leader_id"));
    let [mut transition, mut irregular] = [0, 0].map(|_| unknown(Kind::Flag, &grid));
    let mut many = unknown(Kind::Small, &grid);
    let [mut first, mut last] = [0, 0].map(|_| unknown(Kind::Text, &grid));
    by_period(&grid, make.system(By::Own), &spells, |there| {
        let leaders = there.leaders;
        let within = |day: i32| (there.days.0..=there.days.1).contains(&day);
        let by_force = leaders.iter().any(|s| {
            within(s.office.0) && text(entry, s.row) == "Irregular"
                || within(s.office.1) && text(exit, s.row) == "Irregular"
        });
        // Who leaves and comes back in the period is one.
        let persons: BTreeSet<&str> = leaders
            .iter()
            .map(|s| if person.is_valid(s.row) { text(person, s.row) } else { text(id, s.row) })
            .collect();
        let value = |n: usize| Some(Value::Int(n as i32));
        // Of who came before the first that is listed, nothing is known: not who, nor that there was nobody.
        let listed = |n: usize| value(n).filter(|_| !there.begins);
        transition.set(
            there.at,
            listed(usize::from(persons.len() > 1)).or(value(1).filter(|_| persons.len() > 1)),
        );
        irregular.set(there.at, listed(usize::from(by_force)).or(value(1).filter(|_| by_force)));
        many.set(there.at, listed(persons.len()));
        first.set(there.at, value(leaders[0].row));
        last.set(there.at, value(leaders[leaders.len() - 1].row));
    });
    let ids = held(id);
    let mut columns = make.of_members_by(
        By::Own,
        &["leaders"],
        vec![
            Filled::new("leadertransition", transition),
            Filled::new("irregular", irregular),
            Filled::new("n_leaders", many),
            Filled::texts("jan1obsid", first, &ids),
            Filled::texts("dec31obsid", last, &ids),
        ],
    )?;
    for column in &mut columns {
        column.years = since(column.years, &spells);
    }
    Ok(columns)
}

/// The years from the first row on: leaders are listed for years before those that are claimed to be complete.
pub(crate) fn since(years: Option<(i32, i32)>, spells: &[Vec<Spell>]) -> Option<(i32, i32)> {
    let earliest = spells.iter().flatten().map(|s| calendar::year_of(s.days.0)).min();
    years.map(|(from, to)| (earliest.map_or(from, |e| e.min(from)), to))
}

/// What is known of leaders, by their number.
struct Traits {
    columns: Vec<Trait>,
    laid: Vec<Laid>,
    by_leader: HashMap<String, Vec<Option<Value>>>,
}

/// A column about leaders: name, type, meaning.
type Trait = (&'static str, Kind, &'static str);

impl Traits {
    /// What rows about leaders have of each.
    fn of_leaders(make: &Make<'_>) -> Result<Box<dyn OfLeaders>, PanelError> {
        if !make.holds("leaders") {
            return Err(absent(make, &["archigos"]));
        }
        let mut traits = Self::of(make)?;
        let spells = spells(make, &make.table("leaders")?, By::Own);
        let (sources, years) = make.provenance(TRAITS_GROUP.tables);
        let years = since(years, &spells);
        let laid = |(name, kind, doc): &Trait| {
            let key = Laid::key(name, *kind, doc);
            let group = Some(TRAITS_GROUP.name.to_owned());
            Laid { about: About { group, sources: sources.clone(), years, ..key.about }, ..key }
        };
        traits.laid = traits.columns.iter().map(laid).collect();
        Ok(Box::new(traits))
    }

    fn of(make: &Make<'_>) -> Result<Self, PanelError> {
        if !make.holds("leader_backgrounds") {
            return Err(absent(make, &["lead"]));
        }
        let batch = make.table("leader_backgrounds")?;
        let id = texts(&batch, "leader_id");
        let value = |column: &str, row: usize| match column {
            "education" | "years_experience" => int(ints(&batch, column), row),
            _ => truth(bools(&batch, column), row).map(i32::from),
        };
        let mut columns: Vec<Trait> =
            LIVED.iter().map(|(name, _, doc)| (*name, Kind::Flag, *doc)).collect();
        let mut by_leader: HashMap<String, Vec<Option<Value>>> = (0..batch.num_rows())
            .map(|row| {
                let known = LIVED.iter().map(|(_, column, _)| value(column, row).map(Value::Int));
                (text(id, row).to_owned(), known.collect())
            })
            .collect();
        if make.holds("leader_willingness") {
            columns.extend(WILLING.iter().map(|(name, doc)| (*name, Kind::Real, *doc)));
            let batch = make.table("leader_willingness")?;
            let id = texts(&batch, "leader_id");
            for row in 0..batch.num_rows() {
                let known = by_leader.entry(text(id, row).to_owned()).or_default();
                known.resize(LIVED.len(), None);
                known.extend(WILLING.iter().map(|(column, _)| real(&batch, column, row)));
            }
        }
        Ok(Self { columns, laid: Vec::new(), by_leader })
    }

    /// What is known of a leader, in the order of the columns.
    fn known(&self, leader: &str) -> impl Iterator<Item = Option<Value>> + '_ {
        let known = self.by_leader.get(leader);
        (0..self.columns.len()).map(move |at| known?.get(at).copied().flatten())
    }
}

impl OfLeaders for Traits {
    fn tables(&self) -> Vec<&'static str> {
        TRAITS_GROUP.tables.to_vec()
    }

    fn each(&self) -> &[Laid] {
        &self.laid
    }

    fn write_each(&self, leader: &str, out: &mut dyn FnMut(Option<Value>)) {
        self.known(leader).for_each(out);
    }
}

fn real(batch: &RecordBatch, column: &str, row: usize) -> Option<Value> {
    let values = batch.column_by_name(column)?.as_primitive::<Float64Type>();
    values.is_valid(row).then(|| Value::Real(values.value(row)))
}

/// What one leader of each year had lived through: the one that `one` takes of those in office.
fn traits_of_states(
    make: &Make<'_>,
    one: for<'a> fn(&There<'a>) -> Option<&'a Spell>,
) -> Result<Vec<Column>, PanelError> {
    let make = &make.fine();
    if !make.holds("leaders") {
        return Err(absent(make, &["archigos"]));
    }
    let traits = Traits::of(make)?;
    let batch = make.table("leaders")?;
    let id = texts(&batch, "leader_id");
    let grid = make.grid_of(By::Own);
    let columns = &traits.columns;
    let mut cells: Vec<Cells> = columns.iter().map(|(_, kind, _)| unknown(*kind, &grid)).collect();
    let spells = spells(make, &batch, By::Own);
    by_period(&grid, make.system(By::Own), &spells, |there| {
        let Some(one) = one(there) else { return };
        for (cells, value) in cells.iter_mut().zip(traits.known(text(id, one.row))) {
            cells.set(there.at, value);
        }
    });
    let cells = columns.iter().zip(cells).map(|((name, ..), c)| Filled::new(name, c)).collect();
    let mut columns = make.of_members_by(By::Own, &["leader_backgrounds", "leaders"], cells)?;
    columns.iter_mut().for_each(|column| column.years = since(column.years, &spells));
    Ok(columns)
}
