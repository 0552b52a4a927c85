//! Militarized disputes in rows about leaders: of who was in office on their days, not of the state in the year.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;

use super::dispute_list::{CODINGS, DyadDispute, List, Own, listed_by, whittle, whole};
use super::leaders::{self, Spell};
use crate::about::About;
use crate::calendar::{self, Days, overlap};
use crate::cells::{Cells, Kind, Value};
use crate::declared::Shape;
use crate::error::PanelError;
use crate::ids::Ids;
use crate::laid::{Laid, OfLeaders};
use crate::make::{Make, absent};
use crate::tables::{By, Cover};
use crate::unit::Run;
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// A state, by its number among the Correlates of War states, and the number of one who led it.
type Incumbent = (u16, u16);

/// The values of a row: of one who led, or of two.
type Key = (Incumbent, Option<Incumbent>, i32);

/// The disputes of leaders, with their columns.
pub(crate) struct LeaderDisputes {
    columns: Vec<Laid>,
    /// The number of the leader of each row of the table of leaders.
    leaders: Vec<u16>,
    found: HashMap<Key, Vec<Option<Value>>>,
    /// The cells of a row without a dispute, where the list covers it and where it does not.
    without: [Vec<Option<Value>>; 2],
    cover: Arc<Cover>,
}

/// A state's part in a dispute.
struct Part {
    dispute: i32,
    /// The same as the source has it.
    id: String,
    state: u16,
    days: Days,
    side: Option<bool>,
    orig: Option<bool>,
    /// Who led on the first and on the last day, by their place among the texts.
    led: [Option<i32>; 2],
}

impl Part {
    /// By each coding, whether the state began the dispute under this leader; none where it is not known who led on the first day.
    fn began(&self, leader: &str, names: &StringArray) -> [Option<bool>; 3] {
        let led = self.led[0].map(|at| names.value(at as usize) == leader);
        CODINGS.map(|(_, coding)| match (led, coding(self.side, self.orig)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), began) => began,
            (None, _) => None,
        })
    }
}

/// Whether one of two is true; none where that is not known.
fn either(one: Option<bool>, two: Option<bool>) -> Option<bool> {
    match (one, two) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// The years of a span of days, each with its days in the span.
fn by_year(days: Days) -> impl Iterator<Item = (i32, Days)> {
    (calendar::year_of(days.0)..=calendar::year_of(days.1)).map(move |year| {
        (year, (days.0.max(calendar::first_of(year)), days.1.min(calendar::last_of(year))))
    })
}

fn flag(truth: Option<bool>) -> Option<Value> {
    truth.map(|t| Value::Int(t.into()))
}

impl LeaderDisputes {
    const TABLES: &[&str] = &["disputes", "dispute_parties", "leaders"];

    /// The disputes of the list chosen. In rows about one leader any dispute counts, in rows about two one of them by the rules.
    pub fn of(make: &Make<'_>, list: &List) -> Result<Box<dyn OfLeaders>, PanelError> {
        let make = &listed_by(make, list)?;
        if !make.holds("leaders") {
            return Err(absent(make, &["archigos"]));
        }
        let table = make.table("leaders")?;
        let mut spells = leaders::spells(make, &table, By::Cow);
        // A leader counts on days on which the state is a member.
        for (state, spells) in spells.iter_mut().enumerate() {
            let member = make.base.cow.days(state);
            let there = |s: &Spell| -> Vec<Spell> {
                let days = member.iter().filter_map(|days| overlap(*days, s.days));
                days.map(|days| Spell { days, ..*s }).collect()
            };
            *spells = spells.iter().flat_map(there).collect();
        }
        if table.num_rows() > usize::from(u16::MAX) {
            return Err(PanelError::new("the record has more leaders than can be distinguished")
                .help("remove a table of leaders that you added: comity record remove ID"));
        }
        let ids = texts(&table, "leader_id");
        let mut numbers: HashMap<&str, u16> = HashMap::new();
        let leaders: Vec<u16> = (0..table.num_rows())
            .map(|row| {
                let next = numbers.len() as u16;
                *numbers.entry(text(ids, row)).or_insert(next)
            })
            .collect();
        let batch = make.table("dispute_parties")?;
        let names = Arc::new(names(&batch));
        let parts = parts(make, list, &batch, &names)?;
        if parts.is_empty() {
            return Err(PanelError::new("the disputes in the record are without those who led")
                .help(
                    "add them again with `comity record add`: an earlier version did not keep them",
                ));
        }
        let who = Who { spells, leaders: &leaders, ids, names: &names };
        let found = match make.shape {
            Shape::Pair { directed } => pairs(make, &parts, &who, directed)?,
            _ => singles(&parts, &who),
        };
        let columns = columns(make, &names);
        let zero = |c: &Laid| c.about.name.starts_with("gmlmid").then_some(Value::Int(0));
        let without = [columns.iter().map(zero).collect(), vec![None; columns.len()]];
        let cover = make.cover(&["disputes", "dispute_parties"]);
        Ok(Box::new(Self { columns, leaders, found, without, cover }))
    }
}

impl OfLeaders for LeaderDisputes {
    fn tables(&self) -> Vec<&'static str> {
        Self::TABLES.to_vec()
    }

    fn row(&self) -> &[Laid] {
        &self.columns
    }

    fn write_row(&self, run: &Run, leaders: &[i32], year: i32, out: &mut [Cells]) {
        let of = |member: usize| {
            Some(((*run.cow.get(member)?)?, self.leaders[leaders[member] as usize]))
        };
        let key = of(0).map(|one| (one, leaders.get(1).and_then(|_| of(1)), year));
        let [none, unknown] = &self.without;
        let without = || if self.cover.run(run, year) { none } else { unknown };
        let cells = key.and_then(|key| self.found.get(&key)).unwrap_or_else(without);
        out.iter_mut().zip(cells).for_each(|(out, cell)| out.push(*cell));
    }
}

/// Who was in office.
struct Who<'a> {
    /// Of each state.
    spells: Vec<Vec<Spell>>,
    leaders: &'a [u16],
    ids: &'a StringArray,
    names: &'a StringArray,
}

impl Who<'_> {
    /// Those who led a state on some of these days, with the days.
    fn led(&self, state: u16, days: Days) -> impl Iterator<Item = (&Spell, Days)> {
        let spells = self.spells[usize::from(state)].iter();
        spells.filter_map(move |spell| Some((spell, overlap(spell.days, days)?)))
    }

    fn incumbent(&self, state: u16, spell: &Spell) -> Incumbent {
        (state, self.leaders[spell.row])
    }

    /// Whether a part began under this leader.
    fn began(&self, part: &Part, spell: &Spell) -> [Option<bool>; 3] {
        part.began(text(self.ids, spell.row), self.names)
    }
}

/// Every leader's number that stands with a participant, once.
fn names(batch: &RecordBatch) -> StringArray {
    let columns = ["leader_start", "leader_end"].map(|c| texts(batch, c));
    let mut names: Vec<&str> = columns.iter().flat_map(|c| c.iter().flatten()).collect();
    names.sort_unstable();
    names.dedup();
    StringArray::from(names)
}

fn parts(
    make: &Make<'_>,
    list: &List,
    batch: &RecordBatch,
    names: &StringArray,
) -> Result<Vec<Part>, PanelError> {
    let ids = Ids::of(batch, "dispute_parties", "dispute_id", "dispnum");
    let id = texts(batch, "dispute_id");
    let ccode = ints(batch, "ccode");
    let [side, orig, known] = ["side_a", "originator", "leaders_known"].map(|c| bools(batch, c));
    let led = ["leader_start", "leader_end"].map(|c| texts(batch, c));
    let day = |column: &str, row: usize| {
        let days = batch.column_by_name(column)?.as_primitive::<Date32Type>();
        days.is_valid(row).then(|| days.value(row))
    };
    let places: HashMap<&str, i32> = names.iter().flatten().zip(0..).collect();
    let part = |row: usize| -> Option<Result<Part, PanelError>> {
        let state = make.state(int(ccode, row))?;
        let days = (day("start_assumed", row)?, day("end_assumed", row)?);
        let dispute = ids.number(row).transpose()?;
        Some(dispute.map(|dispute| Part {
            dispute,
            id: text(id, row).to_owned(),
            state,
            days,
            side: truth(side, row),
            orig: truth(orig, row),
            led: led.map(|c| places.get(text(c, row)).copied()),
        }))
    };
    let counts = |row: &usize| !list.leaders_known || truth(known, *row) == Some(true);
    (0..batch.num_rows()).filter(counts).filter_map(part).collect()
}

/// Of each leader and year: a dispute goes on, one begins, and the same by each coding of who began.
fn singles(parts: &[Part], who: &Who<'_>) -> HashMap<Key, Vec<Option<Value>>> {
    let mut found: HashMap<Key, [Option<bool>; 8]> = HashMap::new();
    for part in parts {
        for (spell, days) in who.led(part.state, part.days) {
            let began = who.began(part, spell);
            for (year, days) in by_year(days) {
                let key = (who.incumbent(part.state, spell), None, year);
                let cells = found.entry(key).or_insert([Some(false); 8]);
                let onset = days.0 == part.days.0;
                let there = std::iter::once(Some(true)).chain(began);
                for (at, there) in there.enumerate() {
                    cells[2 * at] = either(cells[2 * at], there);
                    let begins = if onset { there } else { Some(false) };
                    cells[2 * at + 1] = either(cells[2 * at + 1], begins);
                }
            }
        }
    }
    found.into_iter().map(|(key, cells)| (key, cells.into_iter().map(flag).collect())).collect()
}

/// One of the disputes of two leaders in a year, with the values that both share.
struct Shared {
    dispute: DyadDispute,
    /// The first day on which both led in it.
    since: i32,
    led: [[Option<i32>; 2]; 2],
    began: [Option<bool>; 3],
}

fn pairs(
    make: &Make<'_>,
    parts: &[Part],
    who: &Who<'_>,
    directed: bool,
) -> Result<HashMap<Key, Vec<Option<Value>>>, PanelError> {
    let whole = whole(make)?;
    // In the order of disputes, so that leaders have the same numbers in every run.
    let mut by_dispute: BTreeMap<i32, Vec<&Part>> = BTreeMap::new();
    parts.iter().for_each(|p| by_dispute.entry(p.dispute).or_default().push(p));
    // Rules are applied to pairs of numbers: one for each state and leader.
    let mut numbers: HashMap<Incumbent, u16> = HashMap::new();
    let mut shared: HashMap<(u16, u16, i32, i32), Shared> = HashMap::new();
    for (dispute, parts) in by_dispute {
        let opponents = parts.iter().flat_map(|a| parts.iter().map(move |b| (*a, *b)));
        for (a, b) in opponents {
            let apart = a.side.zip(b.side).is_some_and(|(a, b)| a != b) && a.state != b.state;
            let Some(days) = overlap(a.days, b.days).filter(|_| apart) else { continue };
            for (one, days) in who.led(a.state, days) {
                for (two, days) in who.led(b.state, days) {
                    let incumbents = [who.incumbent(a.state, one), who.incumbent(b.state, two)];
                    let [first, second] = incumbents.map(|i| {
                        let next = numbers.len() as u16;
                        *numbers.entry(i).or_insert(next)
                    });
                    for (year, days) in by_year(days) {
                        let code = |truth: Option<bool>| truth.map(i32::from);
                        let mut own = Own::default();
                        own[0] = [code(a.side), code(b.side)];
                        own[1] = [code(a.orig), code(b.orig)];
                        let this = Shared {
                            dispute: DyadDispute {
                                one: first,
                                two: second,
                                year,
                                dispute,
                                onset: days.0 == a.days.0 || days.0 == b.days.0,
                                own,
                                whole: whole.get(&a.id).copied().unwrap_or_default(),
                            },
                            since: days.0,
                            led: [a.led, b.led],
                            began: who.began(a, one),
                        };
                        let key = (first, second, year, dispute);
                        match shared.get(&key) {
                            Some(other) if other.since <= this.since => {}
                            _ => drop(shared.insert(key, this)),
                        }
                    }
                }
            }
        }
    }
    let mut disputes: Vec<DyadDispute> = shared.values().map(|s| s.dispute.clone()).collect();
    disputes.sort_by_key(|d| (d.one, d.two, d.year, d.dispute));
    let incumbents: HashMap<u16, Incumbent> = numbers.into_iter().map(|(i, n)| (n, i)).collect();
    let cells = |d: &DyadDispute| {
        let values = &shared[&(d.one, d.two, d.year, d.dispute)];
        let int = |value: Option<i32>| value.map(Value::Int);
        let mut cells = vec![int(Some(d.dispute)), flag(Some(true)), flag(Some(d.onset))];
        cells.extend(d.own[..2].iter().flatten().map(|v| int(*v)));
        cells.extend((0..2).flat_map(|end| [0, 1].map(|which| int(values.led[which][end]))));
        if directed {
            let begins = |b: Option<bool>| if d.onset { b } else { Some(false) };
            cells.extend(values.began.iter().flat_map(|b| [flag(*b), flag(begins(*b))]));
        }
        ((incumbents[&d.one], Some(incumbents[&d.two]), d.year), cells)
    };
    Ok(whittle(&disputes, make.rules).iter().map(cells).collect())
}

/// The columns, in the order of their cells.
fn columns(make: &Make<'_>, names: &Arc<StringArray>) -> Vec<Laid> {
    let (sources, _) = make.provenance(LeaderDisputes::TABLES);
    // Leaders are known of years before those that their list is complete for.
    let about = |name: &str, doc: &str| {
        let about = make.about(name, doc, &["disputes", "dispute_parties"]);
        About { sources: sources.clone(), ..about }
    };
    let column = |name: &str, kind: Kind, doc: &str| {
        let texts = (kind == Kind::Text).then(|| Arc::clone(names));
        Laid { about: about(name, doc), kind, texts }
    };
    let mut columns = Vec::new();
    let pair = match make.shape {
        Shape::Pair { directed } => Some(directed),
        _ => None,
    };
    if pair.is_some() {
        columns.push(column("dispnum", Kind::Int, "number of the dispute in which both led"));
    }
    let (ongoing, onset) = match pair {
        Some(_) => (
            "1 in a year in which both lead on opposite sides of a dispute",
            "1 if both lead on the day on which one of the two enters it",
        ),
        None => (
            "1 in a year in which the leader leads in a dispute",
            "1 in a year in which the state enters one under the leader",
        ),
    };
    columns.push(column("gmlmidongoing", Kind::Flag, ongoing));
    columns.push(column("gmlmidonset", Kind::Flag, onset));
    if pair.is_some() {
        for (name, kind, doc) in [
            ("sidea", Kind::Flag, "1 on side A, the side of the first act"),
            ("orig", Kind::Flag, "1 took part from the first day"),
            ("obsid_start", Kind::Text, "who led on the first day of the state's part"),
            ("obsid_end", Kind::Text, "who led on its last day"),
        ] {
            columns.extend((1..=2).map(|which| column(&format!("{name}{which}"), kind, doc)));
        }
    }
    if pair != Some(false) {
        let by = [
            "on side A, or a joiner of either side",
            "on side A, also who joined it",
            "on side A from the first day",
        ];
        for ((coding, _), by) in CODINGS.iter().zip(by) {
            for (name, doc) in [
                ("ongoing", "1 where the state is said to have begun it under the leader"),
                ("onset", "1 where it is said to have begun it so, in the year of onset"),
            ] {
                let doc =
                    format!("{doc}: {by}; null where it is not known who led on the first day");
                columns.push(column(&format!("gmlmid{name}_{coding}"), Kind::Flag, &doc));
            }
        }
    }
    columns
}
