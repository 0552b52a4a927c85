//! Rows that are disputes: one for each pair, year and dispute of a list.

use std::collections::BTreeMap;

use super::dispute_list::{DyadDispute, List, columns_of, dyads, listed_by, sources, whittle};
use crate::about::About;
use crate::cells::{Cells, Kind};
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::RowsWanted;
use crate::laid::{Laid, Layout, Listed, Spread};
use crate::make::{Make, too_large};
use crate::system::{Codes, System};

const TABLES: &[&str] = &["disputes", "dispute_parties", "dyadic_disputes"];

/// Columns that rows about disputes have in the place of those of the list.
const OF_ROWS: [Declared; 2] = [
    Declared {
        name: "dispongoing",
        kind: Kind::Flag,
        doc: "of the dispute, as in the group `disputes`",
    },
    Declared {
        name: "disponset",
        kind: Kind::Flag,
        doc: "of the dispute, as in the group `disputes`",
    },
];

/// The disputes of pairs, with their columns.
struct Disputes {
    at: BTreeMap<(u16, u16, i32), Vec<usize>>,
    columns: Vec<Laid>,
    cells: Vec<Cells>,
}

/// The disputes of a list as rows.
pub(super) fn of(
    make: &Make<'_>,
    list: &List,
    wanted: &RowsWanted<'_>,
) -> Result<Listed, PanelError> {
    if make.base.codes == Codes::Gw {
        return Err(PanelError::new("disputes are listed by Correlates of War states alone")
            .help("ask for --system cow"));
    }
    let make = &listed_by(make, list)?;
    let among = |state: u16| wanted.among.binary_search(&state).is_ok();
    let kept: Vec<DyadDispute> = whittle(&dyads(make, list)?, wanted.rules)
        .into_iter()
        .filter(|d| {
            wanted.with.is_none_or(|s| d.one == s || d.two == s)
                && (wanted.directed || d.one < d.two)
                && among(d.one)
                && among(d.two)
        })
        .collect();
    let mut pairs: BTreeMap<(u16, u16), Vec<i32>> = BTreeMap::new();
    kept.iter().for_each(|d| pairs.entry((d.one, d.two)).or_default().push(d.year));
    Ok(Listed { pairs, layout: Box::new(Disputes::of(make, list, &kept)?) })
}

impl Disputes {
    fn of(make: &Make<'_>, list: &List, disputes: &[DyadDispute]) -> Result<Self, PanelError> {
        let mut at: BTreeMap<(u16, u16, i32), Vec<usize>> = BTreeMap::new();
        for (place, d) in disputes.iter().enumerate() {
            at.entry((d.one, d.two, d.year)).or_default().push(place);
        }
        let own = |name: &str| OF_ROWS.iter().find(|d| d.name == name);
        let kind = |name: &str| own(name).map_or_else(|| make.kind(name), |d| d.kind);
        let sources = sources(make, list)?;
        let (mut columns, mut cells) = (Vec::new(), Vec::new());
        for (name, of) in columns_of(disputes, "disp", list.full, kind) {
            if let Some(value) = of.lost() {
                return Err(too_large(&name, value));
            }
            let doc = own(&name).map_or_else(|| make.doc(&name), |d| d.doc);
            let about = make.about(&name, doc, &["disputes", "dispute_parties"]);
            // Its number distinguishes the rows of a pair and year, whatever columns are requested.
            let group = about.group.filter(|_| name != NUMBER);
            let about = About { group, sources: sources.clone(), ..about };
            columns.push(Laid { about, kind: kind(&name), texts: None });
            cells.push(of);
        }
        Ok(Self { at, columns, cells })
    }
}

/// The column that is a key of the rows.
const NUMBER: &str = "dispnum";

impl Layout for Disputes {
    fn columns(&self) -> Vec<Laid> {
        self.columns.clone()
    }

    fn tables(&self) -> Vec<&'static str> {
        TABLES.to_vec()
    }

    fn rows(&self, of: &Spread<'_>, _: &System, columns: &mut [Cells]) -> usize {
        let [one, two] = of.block.states[..] else { return 0 };
        let Some(places) = self.at.get(&(one, two, of.year)) else { return 0 };
        for place in places {
            for (column, cells) in columns.iter_mut().zip(&self.cells) {
                column.push(cells.get(*place));
            }
        }
        places.len()
    }
}
