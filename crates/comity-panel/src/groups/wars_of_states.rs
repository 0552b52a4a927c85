//! Wars of a state by year: whether it fights one, and of those inside it which.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};

use super::leaders::held;
use super::war_list::{List, Wars, together};
use crate::cells::{Kind, Value};
use crate::column::Column;
use crate::error::PanelError;
use crate::ids::Ids;
use crate::make::{Filled, Make};
use crate::tables::{Cover, unknown};
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// A war of a state in a year.
struct StateWar<'a> {
    onset: bool,
    war: &'a str,
    /// A row of the participants with its id.
    row: usize,
}

/// The wars of each state and year, by the place of the cell.
type Fought<'a> = BTreeMap<usize, Vec<StateWar<'a>>>;

/// The values of wars as a whole, by number.
struct Whole {
    batch: RecordBatch,
    rows: HashMap<String, usize>,
}

impl Whole {
    fn of(make: &Make<'_>, source: &str) -> Result<Self, PanelError> {
        let batch = make.table("wars")?;
        let (id, from) = (texts(&batch, "war_id"), texts(&batch, "source"));
        let own = (0..batch.num_rows()).filter(|row| text(from, *row) == source);
        let rows = own.map(|row| (text(id, row).to_owned(), row)).collect();
        Ok(Self { batch, rows })
    }

    fn kind(&self, war: &str) -> &str {
        self.rows.get(war).map_or("", |row| text(texts(&self.batch, "kind"), *row))
    }

    fn deaths(&self, war: &str) -> Option<i32> {
        let row = *self.rows.get(war)?;
        let [a, b] = ["deaths_a", "deaths_b"].map(|c| int(ints(&self.batch, c), row));
        together(a, b)
    }
}

/// Columns of rows about one state, or about each of several.
pub(super) fn of_states(
    make: &Make<'_>,
    wars: &Wars,
    from: &List,
) -> Result<Vec<Column>, PanelError> {
    let whole = Whole::of(make, &from.id)?;
    let batch = make.table("war_parties")?;
    let make = &make.by_date(&batch);
    let fought = fought(make, &batch, wars.kind.map(|kind| (kind, &whole)), &from.id);
    let mut columns = whether(make, wars, &from.cover, &fought)?;
    if wars.which {
        columns.extend(which(make, &batch, &fought, &whole)?);
    }
    columns.iter_mut().for_each(|column| from.describe(column));
    Ok(columns)
}

/// The wars of a source, of that kind or of all.
fn fought<'a>(
    make: &Make<'_>,
    batch: &'a RecordBatch,
    kind: Option<(&str, &Whole)>,
    source: &str,
) -> Fought<'a> {
    let years = make.spells("war_parties", batch);
    let (ccode, start) = (ints(batch, "ccode"), make.begins(batch));
    let (war, from) = (texts(batch, "war_id"), texts(batch, "source"));
    let mut fought = Fought::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(state), Some(years)) = (make.state(int(ccode, row)), years) else { continue };
        let war = text(war, row);
        if text(from, row) != source || kind.is_some_and(|(kind, whole)| whole.kind(war) != kind) {
            continue;
        }
        for year in years {
            let Some(at) = make.grid.cell(usize::from(state), year) else { continue };
            let onset = start[row] == Some(year);
            let there = fought.entry(at).or_default();
            // Two spells of one war in a year are one war.
            match there.iter_mut().find(|w| w.war == war) {
                Some(known) => known.onset |= onset,
                None => there.push(StateWar { onset, war, row }),
            }
        }
    }
    // In the order of their numbers; ids that are none come after them.
    let number = |war: &StateWar<'_>| war.war.parse::<f64>().ok();
    fought.values_mut().for_each(|wars| {
        wars.sort_by(|a, b| match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
    });
    fought
}

/// Whether it enters one, and whether it fights one.
fn whether(
    make: &Make<'_>,
    wars: &Wars,
    cover: &Cover,
    fought: &Fought<'_>,
) -> Result<Vec<Column>, PanelError> {
    let mut cells = [unknown(Kind::Flag, &make.grid), unknown(Kind::Flag, &make.grid)];
    cover.zero(&make.grid, &mut cells);
    for (at, wars) in fought {
        cells[1].set(*at, Some(Value::Int(1)));
        if wars.iter().any(|w| w.onset) {
            cells[0].set(*at, Some(Value::Int(1)));
        }
    }
    let [onset, ongoing] = cells;
    let [enters, fights] = wars.whether;
    make.of_members(
        &["war_parties"],
        vec![Filled::new(enters, onset), Filled::new(fights, ongoing)],
    )
}

/// Which war it is: of several one that begins in the year before one that goes on, then the one with the most deaths, then the first.
fn which(
    make: &Make<'_>,
    parties: &RecordBatch,
    fought: &Fought<'_>,
    whole: &Whole,
) -> Result<Vec<Column>, PanelError> {
    let batch = &whole.batch;
    let ids = Ids::of(parties, "war_parties", "war_id", "warnum");
    let numbers = ["outcome", "deaths_a", "deaths_b"].map(|c| ints(batch, c));
    let foreign = bools(batch, "internationalized");
    let mut number = unknown(Kind::Real, &make.grid);
    let [mut name, mut kind, mut all] = [0, 0, 0].map(|_| unknown(Kind::Text, &make.grid));
    let [mut intnl, mut outcome] = [0, 0].map(|_| unknown(Kind::Flag, &make.grid));
    let [mut dead_a, mut dead_b] = [0, 0].map(|_| unknown(Kind::Int, &make.grid));
    let mut lists: Vec<String> = Vec::new();
    for (at, wars) in fought {
        let at = *at;
        let rank = |w: &StateWar<'_>| (w.onset, whole.deaths(w.war));
        let one =
            wars.iter().reduce(|best, next| if rank(next) > rank(best) { next } else { best });
        let Some(one) = one else { continue };
        let there: Vec<&str> = wars.iter().map(|w| w.war).collect();
        all.set(at, Some(Value::Int(lists.len() as i32)));
        lists.push(there.join("; "));
        number.set(at, ids.real(one.row)?.map(Value::Real));
        let Some(row) = whole.rows.get(one.war).copied() else { continue };
        let this = Some(Value::Int(row as i32));
        name.set(at, this.filter(|_| !text(texts(batch, "name"), row).is_empty()));
        kind.set(at, this.filter(|_| !whole.kind(one.war).is_empty()));
        intnl.set(at, truth(foreign, row).map(|f| Value::Int(f.into())));
        let of_wars = [&mut outcome, &mut dead_a, &mut dead_b];
        for (cells, column) in of_wars.into_iter().zip(numbers) {
            cells.set(at, int(column, row).map(Value::Int));
        }
    }
    let kinds = (0..batch.num_rows()).map(|row| Some(shown(text(texts(batch, "kind"), row))));
    let names = held(texts(batch, "name"));
    let (kinds, lists): (Arc<StringArray>, Arc<StringArray>) =
        (Arc::new(kinds.collect()), Arc::new(lists.into_iter().map(Some).collect()));
    make.of_members(
        &["war_parties", "wars"],
        vec![
            Filled::new("warnum", number),
            Filled::texts("warname", name, &names),
            Filled::texts("wartype", kind, &kinds),
            Filled::new("intnl", intnl),
            Filled::new("outcome", outcome),
            Filled::new("sideadeaths", dead_a),
            Filled::new("sidebdeaths", dead_b),
            Filled::texts("intrawarnums", all, &lists),
        ],
    )
}

/// The kind of a war in the words of peacesciencer 1.2.9.
fn shown(kind: &str) -> String {
    match kind {
        "central-control" | "local-issues" => kind.replace('-', " "),
        kind => kind.to_owned(),
    }
}
