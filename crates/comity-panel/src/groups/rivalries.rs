//! Strategic rivalries.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Column, Declared, Group, Make, Shape};
use crate::cells::{Cells, Kind, Value};
use crate::error::PanelError;
use crate::tables::{By, OfPair, Pairs, unknown};
use comity_record::columns::{bools, int, ints, text, texts, truth};

const KINDS: [&str; 4] = ["positional", "spatial", "ideological", "interventionary"];

pub(super) static RIVALRIES: Group = Group {
    name: "rivalries",
    doc: "strategic rivalries; 0 where the list covers both and has none. (The peer has 1 for every dyad after the list's last year.) Before a state of Gleditsch and Ward is in the Correlates of War system its counts are null, though a rivalry stands in its dyads (Mexico until 1830)",
    choices: &[
        ("tss", "Thompson, Sakuwa and Suhas 2021, to 2020"),
        ("td", "Thompson and Dreyer 2012, to 2010"),
    ],
    tables: &["rivalries"],
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
    make,
};

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let dataset = if make.choice == "td" { "td-rivalries" } else { "tss-rivalries" };
    if !make.record.sources().iter().any(|s| s.dataset == dataset) {
        return Err(super::absent(make, &[dataset]));
    }
    let make = &Make { reading: make.reading_of("rivalries", dataset)?, ..make.again() };
    let batch = make.table("rivalries")?;
    let years = make.spell_years("rivalries", &batch);
    let (one, two, id) =
        (ints(&batch, "ccode"), ints(&batch, "rival"), texts(&batch, "rivalry_id"));
    let kinds = KINDS.map(|k| bools(&batch, k));
    // The source goes on with Austria-Hungary's code for Austria.
    let at_the_time =
        |ccode: i32, year: i32| if ccode == 300 && year >= 1919 { 305 } else { ccode };
    let mut rivals: BTreeMap<(u16, u16, i32), (usize, Option<i32>)> = BTreeMap::new();
    for (row, years) in years.into_iter().enumerate() {
        let (Some(one), Some(two), Some(years)) = (int(one, row), int(two, row), years) else {
            continue;
        };
        for year in years {
            let pair = (
                make.state(Some(at_the_time(one, year))),
                make.state(Some(at_the_time(two, year))),
            );
            if let (Some(one), Some(two)) = pair {
                rivals.entry((one, two, year)).or_insert((row, text(id, row).parse().ok()));
            }
        }
    }
    let cover = make.cover(&["rivalries"]);
    if let Shape::Pair { .. } = make.shape {
        let keys: Vec<_> = rivals.keys().copied().collect();
        let pairs = Arc::new(Pairs::of(make.grid.states, By::Cow, &keys));
        let mut made = Vec::new();
        let mut add = |name: &str,
                       kind: Kind,
                       zero: bool,
                       value: &dyn Fn(usize, Option<i32>) -> Option<i32>| {
            let mut cells = Cells::new(kind, rivals.len());
            rivals.values().for_each(|(row, id)| cells.push(value(*row, *id).map(Value::Int)));
            let otherwise = zero.then(|| Arc::clone(&cover));
            let source = OfPair { pairs: Arc::clone(&pairs), cells: Arc::new(cells), otherwise };
            made.push(make.column(name, kind, &["rivalries"], source));
        };
        add(
            if make.choice == "td" { "tdr_id" } else { "tssr_id" },
            Kind::Small,
            false,
            &|_, id| id,
        );
        for (name, kind) in KINDS.iter().zip(&kinds) {
            add(name, Kind::Flag, true, &|row, _| truth(kind, row).map(i32::from));
        }
        add("ongoingrivalry", Kind::Flag, true, &|_, _| Some(1));
        return Ok(made);
    }
    let names = ["n_positional", "n_spatial", "n_ideological", "n_interventionary", "n_rivalries"];
    let mut counts: Vec<Cells> = names.iter().map(|_| unknown(Kind::Small, &make.grid)).collect();
    cover.zero(&mut counts);
    for ((one, _, year), (row, _)) in &rivals {
        let Some(at) = make.grid.cell(usize::from(*one), *year) else { continue };
        for (n, cells) in counts.iter_mut().enumerate() {
            let counted = kinds.get(n).is_none_or(|kind| truth(kind, *row) == Some(true));
            if let Some(old) = cells.int(at).filter(|_| counted) {
                cells.set(at, Some(Value::Int(old + 1)));
            }
        }
    }
    let cells = names.into_iter().zip(counts).map(|(n, c)| (n, Kind::Small, c)).collect();
    Ok(make.of_members(&["rivalries"], cells))
}
