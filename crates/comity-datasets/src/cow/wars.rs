//! What the war lists of the Correlates of War project have in common: spells in numbered columns, and wars put
//! together from them.

use std::collections::BTreeMap;

use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Missing, Row, When};
use comity_record::rows::Value;

/// -9 not known, -8 does not apply.
pub(crate) const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["-9", "-8"] }];
/// Goes on at the end of the data.
const ONGOING: &str = "-7";

/// The names of the columns that hold the spells, without their number: year, month, day.
pub(crate) struct Columns {
    start: [&'static str; 3],
    end: [&'static str; 3],
    spells: usize,
}

/// As in version 4.
pub(crate) const VERSION_4: Columns = Columns {
    start: ["startyear", "startmonth", "startday"],
    end: ["endyear", "endmonth", "endday"],
    spells: 2,
};

/// As in version 5.1 of the intra-state wars.
pub(crate) const VERSION_5: Columns = Columns {
    start: ["startyr", "startmo", "startdy"],
    end: ["endyr", "endmo", "enddy"],
    spells: 4,
};

/// One of the spells of a row, with its number.
pub(crate) struct Spell {
    nth: usize,
    start: When,
    end: When,
}

/// The spells of a row; the first must be there.
pub(crate) fn spells(row: &Row<'_>, columns: &Columns) -> Result<Vec<Spell>, ReadError> {
    let mut spells = Vec::new();
    for nth in 1..=columns.spells {
        let [year, month, day] = columns.start.map(|name| format!("{name}{nth}"));
        if nth == 1 {
            row.need_year(&year)?;
        } else if row.text(&year).is_none() {
            continue;
        }
        let start = row.date(&year, &month, &day)?;
        let [year, month, day] = columns.end.map(|name| format!("{name}{nth}"));
        let end = if row.text(&year) == Some(ONGOING) {
            When::default()
        } else {
            row.need_year(&year)?;
            row.date(&year, &month, &day)?
        };
        row.forwards(start, end)?;
        spells.push(Spell { nth, start, end });
    }
    Ok(spells)
}

/// Writes the spells of one participant; its deaths are of all of them and stand with the first.
pub(crate) fn participant(
    cells: &[(&'static str, Value)],
    deaths: Option<i32>,
    spells: &[Spell],
    key: &str,
    out: &mut Output,
) {
    for one in spells {
        let mut cells = cells.to_vec();
        cells.extend(spell(one.start, one.end));
        if one.nth == 1 {
            cells.push(("deaths", deaths.into()));
            out.push("war_parties", &cells, key);
        } else {
            out.push("war_parties", &cells, format!("{key} spell={}", one.nth));
        }
    }
}

/// Wars put together from their rows.
#[derive(Default)]
pub(crate) struct Wars(BTreeMap<String, War>);

struct War {
    cells: Vec<(&'static str, Value)>,
    start: When,
    /// None: it goes on.
    end: Option<When>,
}

impl Wars {
    /// Stretches a war over these spells; what its first row says of it stays.
    pub(crate) fn add(&mut self, war: &str, cells: &[(&'static str, Value)], spells: &[Spell]) {
        for one in spells {
            let open = one.end.year.is_none();
            let war = self.0.entry(war.to_owned()).or_insert_with(|| War {
                cells: cells.to_vec(),
                start: one.start,
                end: (!open).then_some(one.end),
            });
            if one.start.earliest() < war.start.earliest() {
                war.start = one.start;
            }
            war.end = match war.end {
                Some(known) if !open => {
                    Some(if one.end.latest() > known.latest() { one.end } else { known })
                }
                _ => None,
            };
        }
    }

    /// Writes the wars.
    pub(crate) fn finish(self, out: &mut Output) {
        out.begin("wars");
        for (number, war) in self.0 {
            let mut cells = vec![("war_id", number.as_str().into())];
            cells.extend(war.cells);
            cells.extend(spell(war.start, war.end.unwrap_or_default()));
            out.push("wars", &cells, format!("warnum={number}"));
        }
    }
}
