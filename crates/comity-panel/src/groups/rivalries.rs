//! Strategic rivalries.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cells::{Cells, Kind, Value};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::ids::Ids;
use crate::make::{Filled, Make};
use crate::tables::{By, Pairs, unknown};
use comity_record::columns::{bools, int, ints, truth};

const KINDS: [&str; 4] = ["positional", "spatial", "ideological", "interventionary"];

pub(super) static RIVALRIES: Group = Group {
    name: "rivalries",
    doc: "strategic rivalries; 0 where the list covers both and has none. (peacesciencer 1.2.9 has 1 for every dyad after the list's last year.) Before a state of Gleditsch and Ward is in the Correlates of War system its counts are null, though a rivalry stands in its dyads (Mexico until 1830)",
    choices: &[
        Choice::new("tss", "Thompson, Sakuwa and Suhas 2021, to 2020", |make| {
            listed(make, "tss-rivalries", "tssr_id")
        })
        .needs(&["tss-rivalries"]),
        Choice::new("td", "Thompson and Dreyer 2012, to 2010", |make| {
            listed(make, "td-rivalries", "tdr_id")
        })
        .needs(&["td-rivalries"]),
    ],
    tables: &["rivalries"],
    gw_tables: &[],
    of_states: &[
        Declared { name: "n_positional", kind: Kind::Small, doc: "rivalries over influence" },
        Declared { name: "n_spatial", kind: Kind::Small, doc: "rivalries over territory" },
        Declared { name: "n_ideological", kind: Kind::Small, doc: "rivalries over ideas" },
        Declared {
            name: "n_interventionary",
            kind: Kind::Small,
            doc: "rivalries over intervention",
        },
        Declared { name: "n_rivalries", kind: Kind::Small, doc: "rivalries of any kind" },
    ],
    of_pairs: &[
        Declared {
            name: "tssr_id",
            kind: Kind::Small,
            doc: "the source's number of the rivalry; null without one",
        },
        Declared {
            name: "tdr_id",
            kind: Kind::Small,
            doc: "the same of Thompson and Dreyer's list",
        },
        Declared { name: "positional", kind: Kind::Flag, doc: "over influence" },
        Declared { name: "spatial", kind: Kind::Flag, doc: "over territory" },
        Declared { name: "ideological", kind: Kind::Flag, doc: "over ideas" },
        Declared { name: "interventionary", kind: Kind::Flag, doc: "over intervention" },
        Declared { name: "ongoingrivalry", kind: Kind::Flag, doc: "any rivalry" },
    ],
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
};

/// The rivalries of the list of a dataset, whose numbers stand in the column `number`.
fn listed(make: &Make<'_>, dataset: &str, number: &'static str) -> Result<Vec<Column>, PanelError> {
    let make = &make.with_dataset("rivalries", dataset)?;
    let batch = make.table("rivalries")?;
    let make = &make.by_date(&batch);
    let years = make.spells("rivalries", &batch);
    let (one, two) = (ints(&batch, "ccode"), ints(&batch, "rival"));
    // The numbers are a column of pairs alone.
    let ids = make.shape.is_pair().then(|| Ids::of(&batch, "rivalries", "rivalry_id", number));
    let kinds = KINDS.map(|k| bools(&batch, k));
    let grain = make.grid.grain;
    // The source goes on with Austria-Hungary's code for Austria.
    let at_the_time =
        |ccode: i32, year: i32| if ccode == 300 && grain.year(year) >= 1919 { 305 } else { ccode };
    let mut rivals: BTreeMap<(u16, u16, i32), (usize, Option<i32>)> = BTreeMap::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(one), Some(two), Some(years)) = (int(one, row), int(two, row), years) else {
            continue;
        };
        let id = match &ids {
            Some(ids) => ids.number(row)?,
            None => None,
        };
        for year in years {
            let pair = (
                make.state(Some(at_the_time(one, year))),
                make.state(Some(at_the_time(two, year))),
            );
            if let (Some(one), Some(two)) = pair {
                rivals.entry((one, two, year)).or_insert((row, id));
            }
        }
    }
    let cover = make.cover(&["rivalries"]);
    if let Shape::Pair { .. } = make.shape {
        let keys: Vec<_> = rivals.keys().copied().collect();
        let pairs = Arc::new(Pairs::of(&make.grid, By::Cow, &keys));
        let mut made = Vec::new();
        let mut add =
            |name: &str, zero: bool, value: &dyn Fn(usize, Option<i32>) -> Option<i32>| {
                let mut cells = make.entries(name, rivals.len());
                rivals.values().for_each(|(row, id)| cells.push(value(*row, *id).map(Value::Int)));
                let otherwise = zero.then_some(&cover);
                made.push(make.of_pairs(name, &["rivalries"], &pairs, cells, otherwise)?);
                Ok::<_, PanelError>(())
            };
        add(number, false, &|_, id| id)?;
        for (name, kind) in KINDS.iter().zip(&kinds) {
            add(name, true, &|row, _| truth(kind, row).map(i32::from))?;
        }
        add("ongoingrivalry", true, &|_, _| Some(1))?;
        return Ok(made);
    }
    let names = ["n_positional", "n_spatial", "n_ideological", "n_interventionary", "n_rivalries"];
    let mut counts: Vec<Cells> = names.iter().map(|_| unknown(Kind::Small, &make.grid)).collect();
    cover.zero(&make.grid, &mut counts);
    for ((one, _, year), (row, _)) in &rivals {
        let Some(at) = make.grid.cell(usize::from(*one), *year) else { continue };
        for (n, cells) in counts.iter_mut().enumerate() {
            let counted = kinds.get(n).is_none_or(|kind| truth(kind, *row) == Some(true));
            if let Some(old) = cells.int(at).filter(|_| counted) {
                cells.set(at, Some(Value::Int(old + 1)));
            }
        }
    }
    let cells = names.into_iter().zip(counts).map(|(n, c)| Filled::new(n, c)).collect();
    make.of_members(&["rivalries"], cells)
}
