//! Memberships in international organisations: how many, and how many in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Column, Declared, Group, Make, Shape};
use crate::panel::cells::{Cells, Kind, Value};
use crate::panel::error::PanelError;
use crate::panel::tables::{Cover, unknown};
use crate::panel::unit::Block;
use crate::views::columns::{int, ints, text, texts};

pub(super) static IGOS: Group = Group {
    name: "igos",
    doc: "memberships in international organisations; null where the source has no row for the state and year",
    choices: &[],
    tables: &["memberships"],
    of_states: &[
        count("sum_igo_full", "organisations of which it is a full member"),
        count("sum_igo_associate", "organisations of which it is an associate"),
        count("sum_igo_observer", "organisations of which it is an observer"),
        count("sum_igo_anytype", "organisations to which it belongs in any of these ways"),
    ],
    of_pairs: &[count("dyadigos", "organisations of which both are full members or associates")],
    make,
};

const fn count(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Small, doc }
}

const KINDS: [&str; 3] = ["full", "associate", "observer"];

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("memberships")?;
    let years = make.spell_years("memberships", &batch);
    let (ccode, kind, name) =
        (ints(&batch, "ccode"), texts(&batch, "kind"), texts(&batch, "organization"));
    let kinds: comity_record::coverage::Only =
        [("kind".to_owned(), KINDS.iter().map(|k| (*k).to_owned()).collect())].into();
    let coverage = make.record.coverage("memberships", &make.reading);
    let cover = Cover::asked(&make.grid, &make.base.cow, &[coverage], &kinds);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let rows: Vec<(u16, usize, usize, std::ops::RangeInclusive<i32>)> = years
        .into_iter()
        .enumerate()
        .filter_map(|(row, years)| {
            let state = make.state(int(ccode, row))?;
            let kind = KINDS.iter().position(|k| *k == text(kind, row))?;
            let next = numbers.len();
            let organization = *numbers.entry(text(name, row)).or_insert(next);
            Some((state, kind, organization, years?))
        })
        .collect();
    if let Shape::Pair { .. } = make.shape {
        return Ok(vec![make.column(
            "dyadigos",
            Kind::Small,
            &["memberships"],
            in_common(make, &rows, numbers.len(), cover),
        )]);
    }
    let mut counts: Vec<Cells> = (0..4).map(|_| unknown(Kind::Small, &make.grid)).collect();
    make.zeros(&cover, &mut counts);
    for (state, kind, _, years) in rows {
        for year in years {
            let Some(at) = make.grid.cell(usize::from(state), year) else { continue };
            for n in [kind, 3] {
                if let Some(old) = counts[n].int(at) {
                    counts[n].set(at, Some(Value::Int(old + 1)));
                }
            }
        }
    }
    let names = ["sum_igo_full", "sum_igo_associate", "sum_igo_observer", "sum_igo_anytype"];
    let cells = names.into_iter().zip(counts).map(|(n, c)| (n, Kind::Small, c)).collect();
    Ok(make.of_members(&["memberships"], cells))
}

/// One bit per organisation for each state and year: what two share is counted, not joined.
fn in_common(
    make: &Make<'_>,
    rows: &[(u16, usize, usize, std::ops::RangeInclusive<i32>)],
    organizations: usize,
    cover: Cover,
) -> impl Fn(&Block, &mut Cells) + Send + Sync + use<> {
    let grid = make.grid.clone();
    let words = organizations.div_ceil(64);
    let mut members = vec![0_u64; grid.len() * words];
    for (state, _, organization, years) in rows.iter().filter(|(_, kind, ..)| *kind < 2) {
        for year in years.clone() {
            if let Some(at) = grid.cell(usize::from(*state), year) {
                members[at * words + organization / 64] |= 1 << (organization % 64);
            }
        }
    }
    let members: Arc<[u64]> = members.into();
    move |block: &Block, out: &mut Cells| {
        let of = |at: usize| &members[at * words..(at + 1) * words];
        let shared = |one: usize, two: usize| -> i32 {
            of(one).iter().zip(of(two)).map(|(a, b)| (a & b).count_ones()).sum::<u32>() as i32
        };
        for run in block.runs() {
            let first = run.pair().and_then(|(one, two)| {
                let cell = |state: u16| grid.cell(usize::from(state), run.from);
                Some((cell(one)?, cell(two)?))
            });
            let Some((one, two)) = first else {
                out.nulls(run.len());
                continue;
            };
            // Years that are covered come in long runs.
            let mut from = run.from;
            while from <= run.to {
                let known = cover.run(run, from);
                let to = (from..run.to).find(|y| cover.run(run, y + 1) != known).unwrap_or(run.to);
                if known {
                    let (a, b) = ((from - run.from) as usize, (to - run.from) as usize);
                    out.extend((a..=b).map(|at| shared(one + at, two + at)));
                } else {
                    out.nulls((to - from + 1) as usize);
                }
                from = to + 1;
            }
        }
    }
}
