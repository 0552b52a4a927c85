//! What the record knows of pairs of states, for precedents: how alike two situations are, and what followed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arrow::array::RecordBatch;
use comity_record::Record;
use comity_record::columns::{int, ints, text, texts};
use comity_record::rows::Value;

use crate::Error;

/// The windows in which outcomes are counted, in years.
pub const WINDOWS: [i32; 3] = [1, 5, 10];

/// What situations are matched on.
pub const MATCHED_ON: [&str; 6] = [
    "the ratio of capabilities (CINC)",
    "contiguity by land",
    "a pledge of defense between the two",
    "disputes between the two in the ten years before",
    "the regime of who acts",
    "the regime of the other",
];

/// What may follow an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A militarized dispute between the two.
    Dispute,
    /// A war between the two.
    War,
    /// An agreement on a claim between the two.
    Settlement,
    /// A pledge of defense between the two ends.
    PledgeEnds,
    /// Trade between the two is higher than in the year before the act.
    TradeHigher,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Dispute, Self::War, Self::Settlement, Self::PledgeEnds, Self::TradeHigher];

    /// For people and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dispute => "dispute",
            Self::War => "war",
            Self::Settlement => "settlement of a claim",
            Self::PledgeEnds => "end of a defense pledge",
            Self::TradeHigher => "trade higher than before",
        }
    }
}

/// The first time that something followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// The year; none: it did not, as far as is known.
    pub year: Option<i32>,
    /// The last year of which it is known for the pair.
    pub known_to: i32,
}

type Pair = (i32, i32);

fn pair(a: i32, b: i32) -> Pair {
    (a.min(b), a.max(b))
}

/// Pairs of states through time.
#[derive(Debug)]
pub struct History {
    cinc: HashMap<(i32, i32), f64>,
    regime: HashMap<(i32, i32), f64>,
    neighbours: HashMap<Pair, Vec<(i32, i32)>>,
    defense: HashMap<Pair, Vec<(i32, Option<i32>)>>,
    disputes: HashMap<Pair, BTreeSet<i32>>,
    wars: HashMap<Pair, BTreeSet<i32>>,
    settled: HashMap<Pair, BTreeSet<i32>>,
    trade: HashMap<Pair, BTreeMap<i32, f64>>,
    /// The last year that each table is covered for, for any state.
    known_to: HashMap<&'static str, i32>,
}

/// What is known of two states when one acts.
#[derive(Debug, Clone, Default)]
pub struct Situation {
    /// Logarithm of the ratio of capabilities.
    ratio: Option<f64>,
    neighbours: Option<bool>,
    defense: Option<bool>,
    disputes: Option<f64>,
    own: Option<f64>,
    theirs: Option<f64>,
    with_another: bool,
}

impl Situation {
    /// How far two situations are from each other: the mean of the differences, each from 0 to 1; what is not known of one of them counts
    /// as 0.5.
    pub fn distance(&self, other: &Self) -> f64 {
        let unknown = 0.5;
        let number = |a: Option<f64>, b: Option<f64>, scale: f64| match (a, b) {
            (Some(a), Some(b)) => ((a - b).abs() / scale).min(1.0),
            _ => unknown,
        };
        let truth = |a: Option<bool>, b: Option<bool>| match (a, b) {
            (Some(a), Some(b)) => f64::from(u8::from(a != b)),
            _ => unknown,
        };
        let regime = number(self.own, other.own, 20.0);
        if !self.with_another {
            return regime;
        }
        let all = [
            number(self.ratio, other.ratio, 4.0),
            truth(self.neighbours, other.neighbours),
            truth(self.defense, other.defense),
            number(self.disputes, other.disputes, 5.0),
            regime,
            number(self.theirs, other.theirs, 20.0),
        ];
        all.iter().sum::<f64>() / all.len() as f64
    }
}

impl History {
    /// Reads what is needed under the baseline.
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn of(record: &Record) -> Result<Self, Error> {
        let baseline = record.baseline();
        let rows = |name: &str| record.table(name, &baseline);
        let tables = ["dispute_parties", "war_parties", "settlement_attempts", "pledges", "trade"];
        let last = |name: &'static str| {
            let to = record.coverage(name, &baseline).span().map(|(_, to)| to)?;
            Some((name, to))
        };
        let open =
            |name: &str| record.coverage(name, &baseline).span().map_or(i32::MAX, |(_, to)| to);
        let mut history = Self {
            cinc: by_state(&rows("capabilities")?, "cinc"),
            regime: by_state(&rows("democracy")?, "polity2"),
            neighbours: HashMap::new(),
            defense: HashMap::new(),
            disputes: opponents(&rows("dispute_parties")?, "dispute_id", "side_a"),
            wars: opponents(&rows("war_parties")?, "war_id", "side"),
            settled: settled(&rows("settlement_attempts")?),
            trade: trade(&rows("trade")?),
            known_to: tables.into_iter().filter_map(last).collect(),
        };
        let borders = rows("contiguity")?;
        let (by, from, to) =
            (ints(&borders, "conttype"), ints(&borders, "start_year"), ints(&borders, "end_year"));
        let open_border = open("contiguity");
        each_pair(&borders, |row, pair| {
            if int(by, row) == Some(1)
                && let Some(from) = int(from, row)
            {
                history
                    .neighbours
                    .entry(pair)
                    .or_default()
                    .push((from, int(to, row).unwrap_or(open_border)));
            }
        });
        let pledges = rows("pledges")?;
        let defense = comity_record::columns::bools(&pledges, "defense");
        let (from, to) = (ints(&pledges, "start_year"), ints(&pledges, "end_year"));
        each_pair(&pledges, |row, pair| {
            if comity_record::columns::truth(defense, row) == Some(true)
                && let Some(from) = int(from, row)
            {
                history.defense.entry(pair).or_default().push((from, int(to, row)));
            }
        });
        Ok(history)
    }

    /// What is known of two states at the end of the year before an act.
    pub fn situation(&self, actor: i32, other: Option<i32>, year: i32) -> Situation {
        let before = year - 1;
        // The last value of ten years: an act of next year meets the capabilities that are known.
        let latest = |of: &HashMap<(i32, i32), f64>, ccode: i32| {
            (0..=10).find_map(|back| of.get(&(ccode, before - back)).copied())
        };
        let own = latest(&self.regime, actor);
        let Some(other) = other else { return Situation { own, ..Situation::default() } };
        let ratio = match (latest(&self.cinc, actor), latest(&self.cinc, other)) {
            (Some(a), Some(b)) if a > 0.0 && b > 0.0 => Some((a / b).ln()),
            _ => None,
        };
        let pair = pair(actor, other);
        let within = |spells: Option<&Vec<(i32, i32)>>, last: i32| {
            spells.is_some_and(|s| {
                s.iter().any(|(from, to)| *from <= before.min(last) && before.min(last) <= *to)
            })
        };
        let pledged = |spells: &Vec<(i32, Option<i32>)>| {
            spells.iter().any(|(from, to)| *from <= before && to.is_none_or(|to| before <= to))
        };
        let disputes =
            self.disputes.get(&pair).map_or(0, |years| years.range(before - 9..=before).count());
        let known = |table: &str| self.known_to.contains_key(table);
        Situation {
            ratio,
            neighbours: (!self.neighbours.is_empty())
                .then(|| within(self.neighbours.get(&pair), 2016)),
            defense: known("pledges").then(|| self.defense.get(&pair).is_some_and(pledged)),
            disputes: known("dispute_parties").then_some(disputes as f64),
            own,
            theirs: latest(&self.regime, other),
            with_another: true,
        }
    }

    /// The first time that something followed an act, in the year after it at the earliest; none where it cannot follow.
    pub fn first(
        &self,
        outcome: Outcome,
        actor: i32,
        other: Option<i32>,
        year: i32,
    ) -> Option<First> {
        let pair = pair(actor, other?);
        let known = |table: &str| self.known_to.get(table).copied();
        let after =
            |years: Option<&BTreeSet<i32>>| years.and_then(|y| y.range(year + 1..).next().copied());
        Some(match outcome {
            Outcome::Dispute => {
                First { year: after(self.disputes.get(&pair)), known_to: known("dispute_parties")? }
            }
            Outcome::War => {
                First { year: after(self.wars.get(&pair)), known_to: known("war_parties")? }
            }
            Outcome::Settlement => First {
                year: after(self.settled.get(&pair)),
                known_to: known("settlement_attempts")?,
            },
            Outcome::PledgeEnds => {
                let spells = self.defense.get(&pair)?;
                let running = spells
                    .iter()
                    .filter(|(from, to)| *from <= year && to.is_none_or(|to| to >= year));
                // It ends when the last of them does.
                let mut ends: Vec<Option<i32>> = running.map(|(_, to)| *to).collect();
                ends.sort_by_key(|e| e.unwrap_or(i32::MAX));
                // An end past what is covered is the last that was heard of it, and no end.
                let known_to = known("pledges")?;
                let end = (*ends.last()?).filter(|end| *end > year && *end <= known_to);
                First { year: end, known_to }
            }
            Outcome::TradeHigher => {
                let trade = self.trade.get(&pair)?;
                let before = *trade.get(&(year - 1))?;
                let known_to = *trade.keys().next_back()?;
                First {
                    year: trade.range(year + 1..).find(|(_, v)| **v > before).map(|(y, _)| *y),
                    known_to,
                }
            }
        })
    }
}

fn by_state(rows: &RecordBatch, column: &str) -> HashMap<(i32, i32), f64> {
    let (ccode, year) = (ints(rows, "ccode"), ints(rows, "year"));
    let Some(values) = rows.column_by_name(column) else { return HashMap::new() };
    let of = |row: usize| match Value::of(values.as_ref(), row) {
        Value::Float(v) => Some(((int(ccode, row)?, int(year, row)?), v)),
        _ => None,
    };
    (0..rows.num_rows()).filter_map(of).collect()
}

fn each_pair(rows: &RecordBatch, mut each: impl FnMut(usize, Pair)) {
    let (a, b) = (ints(rows, "ccode"), ints(rows, "partner"));
    for row in 0..rows.num_rows() {
        if let (Some(a), Some(b)) = (int(a, row), int(b, row)) {
            each(row, pair(a, b));
        }
    }
}

/// The years in which two states stood on different sides of the same thing.
fn opponents(rows: &RecordBatch, id: &str, side: &str) -> HashMap<Pair, BTreeSet<i32>> {
    let (ids, ccode, start) = (texts(rows, id), ints(rows, "ccode"), ints(rows, "start_year"));
    let Some(sides) = rows.column_by_name(side) else { return HashMap::new() };
    let mut of: BTreeMap<&str, Vec<(i32, Value, i32)>> = BTreeMap::new();
    for row in 0..rows.num_rows() {
        if let (Some(ccode), Some(year)) = (int(ccode, row), int(start, row)) {
            of.entry(text(ids, row)).or_default().push((
                ccode,
                Value::of(sides.as_ref(), row),
                year,
            ));
        }
    }
    let mut all: HashMap<Pair, BTreeSet<i32>> = HashMap::new();
    for parties in of.values() {
        for (at, (a, side_a, from_a)) in parties.iter().enumerate() {
            for (b, side_b, from_b) in &parties[at + 1..] {
                if side_a != side_b && *side_a != Value::Null && *side_b != Value::Null && a != b {
                    all.entry(pair(*a, *b)).or_default().insert(*from_a.max(from_b));
                }
            }
        }
    }
    all
}

fn settled(rows: &RecordBatch) -> HashMap<Pair, BTreeSet<i32>> {
    let (a, b, year) = (ints(rows, "challenger"), ints(rows, "target"), ints(rows, "year"));
    let agreed = comity_record::columns::bools(rows, "agreement");
    let mut all: HashMap<Pair, BTreeSet<i32>> = HashMap::new();
    for row in 0..rows.num_rows() {
        if let (Some(a), Some(b), Some(year), Some(true)) =
            (int(a, row), int(b, row), int(year, row), comity_record::columns::truth(agreed, row))
        {
            all.entry(pair(a, b)).or_default().insert(year);
        }
    }
    all
}

/// Imports and exports of the state with the lower code, together; both must be known.
fn trade(rows: &RecordBatch) -> HashMap<Pair, BTreeMap<i32, f64>> {
    let (a, b, year) = (ints(rows, "ccode"), ints(rows, "partner"), ints(rows, "year"));
    let (Some(imports), Some(exports)) =
        (rows.column_by_name("imports"), rows.column_by_name("exports"))
    else {
        return HashMap::new();
    };
    let mut all: HashMap<Pair, BTreeMap<i32, f64>> = HashMap::new();
    for row in 0..rows.num_rows() {
        let values = (Value::of(imports.as_ref(), row), Value::of(exports.as_ref(), row));
        if let (Some(a), Some(b), Some(year), (Value::Float(i), Value::Float(e))) =
            (int(a, row), int(b, row), int(year, row), values)
            && a < b
        {
            all.entry((a, b)).or_default().insert(year, i + e);
        }
    }
    all
}
