//! Memberships in international organisations: how many, and how many in common.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::bits::Bits;
use crate::cells::{Cells, Kind, Value};
use crate::chunk::{Chunk, Source};
use crate::column::Column;
use crate::declared::{Declared, Shape};
use crate::error::PanelError;
use crate::group::{Group, Made};
use crate::make::{Filled, Make};
use crate::tables::{Cover, Grid, unknown};
use crate::unit::Run;
use comity_record::columns::{int, ints, text, texts};

pub(super) static IGOS: Group = Group {
    name: "igos",
    doc: "memberships in international organisations; null where the source has no row for the state and year",
    choices: &[],
    tables: &["memberships"],
    gw_tables: &[],
    of_states: &[
        count("sum_igo_full", "organisations of which it is a full member"),
        count("sum_igo_associate", "organisations of which it is an associate"),
        count("sum_igo_observer", "organisations of which it is an observer"),
        count("sum_igo_anytype", "organisations to which it belongs in any of these ways"),
    ],
    of_pairs: &[count("dyadigos", "organisations of which both are full members or associates")],
    rows_of: None,
    events: &[],
    made: Made::FromTables(make),
};

const fn count(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Small, doc }
}

/// As many organisations as a count in a column of small numbers can reach.
const MOST: usize = i16::MAX as usize;

const KINDS: [&str; 3] = ["full", "associate", "observer"];

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("memberships")?;
    let make = &make.by_date(&batch);
    let years = make.spells("memberships", &batch);
    let (ccode, kind, name) =
        (ints(&batch, "ccode"), texts(&batch, "kind"), texts(&batch, "organization"));
    let kinds: comity_record::coverage::Only =
        [("kind".to_owned(), KINDS.iter().map(|k| (*k).to_owned()).collect())].into();
    let coverage = make.record.coverage("memberships", &make.reading);
    let cover = Cover::of_rows(&make.years(), &make.base.cow, &[coverage], &kinds);
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let rows: Vec<(u16, usize, usize, RangeInclusive<i32>)> = years
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
        if numbers.len() > MOST {
            return Err(PanelError::new(format!(
                "the record has memberships in {} organisations, and `dyadigos` counts among {MOST} at most",
                numbers.len()
            ))
            .help("remove a table of memberships that you added: comity record remove ID"));
        }
        let shared = in_common(make, &rows, numbers.len(), cover);
        return Ok(vec![make.column("dyadigos", &["memberships"], shared)]);
    }
    let mut counts: Vec<Cells> = (0..4).map(|_| unknown(Kind::Small, &make.grid)).collect();
    cover.zero(&make.grid, &mut counts);
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
    let cells = names.into_iter().zip(counts).map(|(n, c)| Filled::new(n, c)).collect();
    make.of_members(&["memberships"], cells)
}

/// What two states share in each year: one bit per organisation that has members then, so that it is counted and not joined.
struct InCommon {
    grid: Grid,
    /// Where the bits of each year begin among those of a state; the last is how many words a state has.
    words: Vec<usize>,
    members: Vec<u64>,
    cover: Arc<Cover>,
}

fn in_common(
    make: &Make<'_>,
    rows: &[(u16, usize, usize, RangeInclusive<i32>)],
    organizations: usize,
    cover: Cover,
) -> InCommon {
    const NONE: u16 = u16::MAX;
    let grid = make.grid.clone();
    let shared = || rows.iter().filter(|(_, kind, ..)| *kind < 2);
    let year_of = |year: i32| grid.cell(0, year);
    // The number of each organisation among those of the year.
    let mut numbers = vec![NONE; grid.periods * organizations];
    let mut many = vec![0_u16; grid.periods];
    for (_, _, organization, years) in shared() {
        for year in years.clone().filter_map(year_of) {
            let number = &mut numbers[year * organizations + organization];
            if *number == NONE {
                *number = many[year];
                many[year] += 1;
            }
        }
    }
    let mut words = vec![0];
    for many in many {
        words.push(words[words.len() - 1] + usize::from(many).div_ceil(64));
    }
    let of_state = words[grid.periods];
    let mut members = vec![0_u64; grid.states * of_state];
    for (state, _, organization, years) in shared() {
        for year in years.clone().filter_map(year_of) {
            let number = usize::from(numbers[year * organizations + organization]);
            let at = usize::from(*state) * of_state + words[year] + number / 64;
            members[at] |= 1 << (number % 64);
        }
    }
    InCommon { grid, words, members, cover: Arc::new(cover) }
}

impl InCommon {
    /// The cells of a run of months, where facts are laid out by year.
    fn of_years(&self, run: &Run, known: &Bits, mut row: usize, out: &mut Cells) {
        for (year, rows) in run.by_year() {
            match run.pair().zip(self.grid.cell(0, year)).filter(|_| known.get(row)) {
                Some(((one, two), at)) => out.repeat(Value::Int(self.shared(one, two, at)), rows),
                None => out.nulls(rows),
            }
            row += rows;
        }
    }

    /// How many two states share in a period.
    fn shared(&self, one: u16, two: u16, at: usize) -> i32 {
        let both = self.of(one, at).iter().zip(self.of(two, at));
        both.map(|(a, b)| (a & b).count_ones()).sum::<u32>() as i32
    }

    fn of(&self, state: u16, year: usize) -> &[u64] {
        let first = usize::from(state) * self.words[self.grid.periods];
        &self.members[first + self.words[year]..first + self.words[year + 1]]
    }
}

impl Source for InCommon {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        let (known, mut row) = (chunk.covered(&self.cover), 0);
        for (_, run) in chunk.runs() {
            if self.grid.grain != run.grain {
                self.of_years(run, &known, row, out);
                row += run.len();
                continue;
            }
            let from = self.grid.cell(0, run.from).filter(|_| self.grid.cell(0, run.to).is_some());
            match run.pair().zip(from) {
                Some(((one, two), from)) => {
                    let shared = |at: usize| self.shared(one, two, from + at);
                    out.extend_where(&known, row, run.len(), shared);
                }
                None => out.nulls(run.len()),
            }
            row += run.len();
        }
    }
}
