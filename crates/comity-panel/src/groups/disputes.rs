//! Militarized interstate disputes: by pair, one dispute a year chosen by rules; by state, whether there was any.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::days::days;
use super::{Column, Declared, Group, Make, Shape};
use crate::calendar;
use crate::cells::{Cells, Kind, Value};
use crate::error::PanelError;
use crate::tables::{By, OfPair, Pairs, unknown};
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// A rule that leaves one dispute of several in a pair and year; they are applied in the order given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Those that begin in the year, if some do and some do not.
    Onsets,
    /// Those with the highest fatality level; an unknown one lies between 0 and 1.
    Fatality,
    /// Those with the highest hostility level.
    Hostility,
    /// Those that lasted longest at least.
    MinDuration,
    /// Those that lasted longest at most.
    MaxDuration,
    /// Those in which both sides acted.
    Reciprocation,
    /// Those that began in the earliest month.
    StartMonth,
    /// The one with the lowest number.
    First,
}

impl Rule {
    /// Every rule in the usual order, with its name and what it keeps.
    pub const ALL: &[(Self, &'static str, &'static str)] = &[
        (Self::Onsets, "onsets", "disputes that begin in the year, if some do and some do not"),
        (
            Self::Fatality,
            "fatality",
            "the highest fatality level; an unknown one lies between 0 and 1",
        ),
        (Self::Hostility, "hostility", "the highest hostility level"),
        (Self::MinDuration, "mindur", "the longest by minimum duration"),
        (Self::MaxDuration, "maxdur", "the longest by maximum duration"),
        (Self::Reciprocation, "recip", "those in which both sides acted"),
        (Self::StartMonth, "stmon", "the earliest month of beginning"),
        (Self::First, "first", "the lowest number"),
    ];
}

const fn flag(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Flag, doc }
}

const fn int_column(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Int, doc }
}

pub(crate) static DISPUTES: Group = Group {
    name: "disputes",
    doc: "militarized interstate disputes; `...onset` and `...ongoing` are 0 where the source covers both and has none, everything else is null without a dispute. (Codes for `missing` are null; the peer leaves -9.)",
    choices: &[
        ("cow", "Correlates of War MID: opponents by the days of their participation"),
        ("cow-init", "as `cow`, in directed pairs with who initiates"),
        (
            "gml",
            "Gibler, Miller and Little, in directed pairs with who initiates; in rows about leaders the disputes in which they led",
        ),
        (
            "gml-leaders",
            "as `gml`, of states and of leaders: without participants none of whose leaders is known on the first or the last day, as the peer counts",
        ),
    ],
    tables: &["disputes", "dispute_parties", "dyadic_disputes"],
    of_states: &[
        flag("cowmidongoing", "1 in a year with a dispute"),
        flag("cowmidonset", "1 in a year in which it enters one"),
        flag(
            "cowmidongoing_init",
            "1 in a year with one that it is said to have begun: on side A, or a joiner of either side",
        ),
        flag(
            "cowmidonset_init",
            "1 in a year in which it enters one, on side A or as a joiner of either side",
        ),
        flag("cowmidongoing_init_sidea", "1 in a year with one in which it is on side A"),
        flag("cowmidonset_init_sidea", "1 in a year in which it enters one on side A"),
        flag(
            "cowmidongoing_init_orig",
            "1 in a year with one in which it is on side A from the first day",
        ),
        flag(
            "cowmidonset_init_orig",
            "1 in a year in which it enters one, on side A from the first day",
        ),
        flag("gmlmidongoing", "1 in a year with a dispute"),
        flag("gmlmidonset", "1 in a year in which it enters one"),
        flag(
            "gmlmidongoing_init",
            "1 in a year with one that it is said to have begun: on side A, or a joiner of either side",
        ),
        flag(
            "gmlmidonset_init",
            "1 in a year in which it enters one, on side A or as a joiner of either side",
        ),
        flag("gmlmidongoing_init_sidea", "1 in a year with one in which it is on side A"),
        flag("gmlmidonset_init_sidea", "1 in a year in which it enters one on side A"),
        flag(
            "gmlmidongoing_init_orig",
            "1 in a year with one in which it is on side A from the first day",
        ),
        flag(
            "gmlmidonset_init_orig",
            "1 in a year in which it enters one, on side A from the first day",
        ),
    ],
    of_pairs: &[
        int_column("dispnum", "number of the dispute"),
        flag("cowmidongoing", "1 in a year with a dispute between them"),
        flag("cowmidonset", "1 in the first year of one"),
        flag("gmlmidongoing", "1 in a year with a dispute between them"),
        flag("gmlmidonset", "1 in the first year of one"),
        flag("sidea", "on side A, the side of the first act"),
        flag("fatality", "fatality level 0 to 6; without a number: of the whole dispute"),
        int_column("fatalpre", "deaths, where they are known exactly"),
        flag("hiact", "highest action 0 to 21"),
        flag("hostlev", "hostility level 1 to 5; without a number: of the whole dispute"),
        flag("orig", "took part from the first day"),
        int_column("mindur", "days that the dispute lasted at least"),
        int_column("maxdur", "days that the dispute lasted at most"),
        flag("recip", "both sides acted"),
        flag("stmon", "month in which the dispute began"),
        flag(
            "init",
            "initiator: on side A, or a joiner of either side (the peer's sidea-all-joiners); directed pairs alone have initiators",
        ),
        flag("init_sidea", "initiator: on side A, also who joined it (sidea-with-joiners)"),
        flag("init_orig", "initiator: on side A from the first day (sidea-orig)"),
    ],
    make,
};

/// One dispute of a pair in a year, seen from the first.
#[derive(Debug, Clone)]
pub(crate) struct DyadDispute {
    pub one: u16,
    pub two: u16,
    pub year: i32,
    pub dispute: i32,
    pub onset: bool,
    /// Of the first and the second: side A, from the first day, fatality, deaths, highest action, hostility.
    pub own: [[Option<i32>; 2]; 6],
    /// Of the dispute: fatality, hostility, shortest and longest duration, reciprocated, month.
    pub whole: [Option<i32>; 6],
}

/// Columns of the two, in the order of the published dyads, with their place in `own`.
const OWN: [(&str, Kind, usize); 6] = [
    ("sidea", Kind::Flag, 0),
    ("fatality", Kind::Flag, 2),
    ("fatalpre", Kind::Int, 3),
    ("hiact", Kind::Flag, 4),
    ("hostlev", Kind::Flag, 5),
    ("orig", Kind::Flag, 1),
];
const WHOLE: [(&str, Kind); 6] = [
    ("fatality", Kind::Flag),
    ("hostlev", Kind::Flag),
    ("mindur", Kind::Int),
    ("maxdur", Kind::Int),
    ("recip", Kind::Flag),
    ("stmon", Kind::Flag),
];

/// The choice that counts a participant only where a leader of it is known.
pub(super) const BY_LEADERS: &str = "gml-leaders";

/// How it is told who began: by the side, and by having taken part from the first day. Name behind the column, and the coding.
pub(crate) type Coding = fn(Option<bool>, Option<bool>) -> Option<bool>;
pub(crate) const CODINGS: [(&str, Coding); 3] = [
    ("init", |side, orig| match (side, orig) {
        (Some(true), _) | (_, Some(false)) => Some(true),
        (Some(false), Some(true)) => Some(false),
        _ => None,
    }),
    ("init_sidea", |side, _| side),
    ("init_orig", |side, orig| match (side, orig) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }),
];

fn is_cow(choice: &str) -> bool {
    choice.starts_with("cow")
}

/// Whether rows about leaders have the disputes of their leaders: where the list tells who led.
pub(crate) fn of_leaders(choice: &str) -> bool {
    !is_cow(choice)
}

/// The prefix of the columns.
fn prefix(choice: &str) -> &'static str {
    if is_cow(choice) { "cowmid" } else { "gmlmid" }
}

/// The same with the reading of the source chosen.
pub(crate) fn chosen<'a>(make: &Make<'a>) -> Result<Make<'a>, PanelError> {
    if make.choice == BY_LEADERS && matches!(make.shape, Shape::Pair { .. }) {
        return Err(PanelError::new(format!(
            "`disputes:{BY_LEADERS}` leaves out participants, and pairs are listed without regard to their leaders"
        ))
        .help("ask for disputes:gml, or for state-years"));
    }
    listed_by(make)
}

/// The same, also of participants left out for their leaders.
pub(super) fn listed_by<'a>(make: &Make<'a>) -> Result<Make<'a>, PanelError> {
    let dataset = if is_cow(make.choice) { "cow-mid" } else { "gml-mid" };
    if !make.record.sources().iter().any(|s| s.dataset == dataset) {
        return Err(super::absent(make, &[dataset]));
    }
    Ok(Make { reading: make.reading_of("disputes", dataset)?, ..make.again() })
}

/// What is told of each dispute as a whole: fatality, hostility, shortest and longest duration, reciprocated, month.
pub(crate) fn whole(make: &Make<'_>) -> Result<HashMap<i32, [Option<i32>; 6]>, PanelError> {
    let disputes = make.table("disputes")?;
    let id = texts(&disputes, "dispute_id");
    let recip = bools(&disputes, "reciprocated");
    let columns =
        ["fatality", "hostility", "mindur", "maxdur", "start_month"].map(|c| ints(&disputes, c));
    let of = |row: usize| {
        let [fatality, hostility, mindur, maxdur, month] = columns.map(|c| int(c, row));
        let recip = truth(recip, row).map(i32::from);
        let number = text(id, row).parse().ok()?;
        Some((number, [fatality, hostility, mindur, maxdur, recip, month]))
    };
    Ok((0..disputes.num_rows()).filter_map(of).collect())
}

/// Every dispute of every pair of opponents and year, sorted, in both directions.
pub(crate) fn dyads(make: &Make<'_>) -> Result<Vec<DyadDispute>, PanelError> {
    let whole = whole(make)?;
    let dataset = if is_cow(make.choice) { "cow-mid-dyads" } else { "gml-mid" };
    let mut found = if make.record.sources().iter().any(|s| s.dataset == dataset) {
        listed(make, dataset, &whole)?
    } else {
        opponents(make, &whole)?
    };
    found.sort_by_key(|d| (d.one, d.two, d.year, d.dispute));
    Ok(found)
}

/// Pairs as the source lists them.
fn listed(
    make: &Make<'_>,
    dataset: &str,
    whole: &HashMap<i32, [Option<i32>; 6]>,
) -> Result<Vec<DyadDispute>, PanelError> {
    let reading = make.reading_of("dyadic_disputes", dataset)?;
    let batch = make.record.table("dyadic_disputes", &reading)?;
    let id = texts(&batch, "dispute_id");
    let [one, two, year] = ["ccode", "partner", "year"].map(|c| ints(&batch, c));
    let flags = [("side_a", "partner_side_a"), ("originator", "partner_originator")]
        .map(|(a, b)| [bools(&batch, a), bools(&batch, b)]);
    let codes = [
        ("fatality", "partner_fatality"),
        ("fatalities", "partner_fatalities"),
        ("hiact", "partner_hiact"),
        ("hostility", "partner_hostility"),
    ]
    .map(|(a, b)| [ints(&batch, a), ints(&batch, b)]);
    let onset = bools(&batch, "onset");
    let mut found = Vec::new();
    for row in 0..batch.num_rows() {
        let (Some(one), Some(two), Some(year)) =
            (make.state(int(one, row)), make.state(int(two, row)), int(year, row))
        else {
            continue;
        };
        let dispute = text(id, row).parse().unwrap_or(0);
        let flag = |at: usize| flags[at].map(|c| truth(c, row).map(i32::from));
        let code = |at: usize| codes[at].map(|c| int(c, row));
        found.push(DyadDispute {
            one,
            two,
            year,
            dispute,
            onset: truth(onset, row) == Some(true),
            own: [flag(0), flag(1), code(0), code(1), code(2), code(3)],
            whole: whole.get(&dispute).copied().unwrap_or_default(),
        });
    }
    Ok(found)
}

/// Pairs of participants on opposite sides whose days of participation overlap.
fn opponents(
    make: &Make<'_>,
    whole: &HashMap<i32, [Option<i32>; 6]>,
) -> Result<Vec<DyadDispute>, PanelError> {
    let batch = make.table("dispute_parties")?;
    let (id, ccode, side) =
        (texts(&batch, "dispute_id"), ints(&batch, "ccode"), bools(&batch, "side_a"));
    let orig = bools(&batch, "originator");
    let codes = ["fatality", "fatalities", "hiact", "hostility"].map(|c| ints(&batch, c));
    let days = days(&batch);
    let mut by_dispute: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        by_dispute.entry(text(id, row)).or_default().push(row);
    }
    // Of several spells of a pair in a year the first stands; each spell has its onset.
    let mut found: BTreeMap<(i32, u16, u16, i32), DyadDispute> = BTreeMap::new();
    for (dispute, rows) in by_dispute {
        let number: i32 = dispute.parse().unwrap_or(0);
        let mut met = Vec::new();
        for a in &rows {
            for b in &rows {
                let (Some(one), Some(two)) =
                    (make.state(int(ccode, *a)), make.state(int(ccode, *b)))
                else {
                    continue;
                };
                let apart = truth(side, *a).zip(truth(side, *b)).is_some_and(|(a, b)| a != b);
                let (Some((from_a, to_a)), Some((from_b, to_b))) = (days[*a], days[*b]) else {
                    continue;
                };
                let (from, to) = (from_a.max(from_b), to_a.min(to_b));
                if one != two && apart && from <= to {
                    let (from, to) = (calendar::year_of(from), calendar::year_of(to));
                    met.push((one, two, from..=to, *a, *b));
                }
            }
        }
        met.sort_by_key(|(one, two, years, ..)| (*one, *two, *years.start()));
        for (one, two, years, a, b) in met {
            let of = |column: usize| [int(codes[column], a), int(codes[column], b)];
            let flag = |column: &arrow::array::BooleanArray| {
                [a, b].map(|r| truth(column, r).map(i32::from))
            };
            let begun = *years.start();
            for year in years {
                found.entry((number, one, two, year)).or_insert_with(|| DyadDispute {
                    one,
                    two,
                    year,
                    dispute: number,
                    onset: year == begun,
                    own: [flag(side), flag(orig), of(0), of(1), of(2), of(3)],
                    whole: whole.get(&number).copied().unwrap_or_default(),
                });
            }
        }
    }
    Ok(found.into_values().collect())
}

/// Applies the rules in order: in every pair and year what the rule keeps stays.
pub(crate) fn whittle(disputes: &[DyadDispute], rules: &[Rule]) -> Vec<DyadDispute> {
    let mut kept = Vec::with_capacity(disputes.len());
    let mut rest = disputes;
    while let Some(first) = rest.first() {
        let key = (first.one, first.two, first.year);
        let many = rest.iter().take_while(|d| (d.one, d.two, d.year) == key).count();
        let (group, others) = rest.split_at(many);
        let mut group: Vec<&DyadDispute> = group.iter().collect();
        for rule in rules {
            if group.len() > 1 {
                apply(*rule, &mut group);
            }
        }
        kept.extend(group.into_iter().cloned());
        rest = others;
    }
    kept
}

fn apply(rule: Rule, group: &mut Vec<&DyadDispute>) {
    // Greater is kept; doubled, so that an unknown fatality fits between 0 and 1.
    let rank = |d: &DyadDispute| -> i32 {
        let [fatality, hostility, mindur, maxdur, recip, month] = d.whole;
        match rule {
            Rule::Onsets => i32::from(d.onset),
            Rule::Fatality => fatality.map_or(1, |f| f * 2),
            Rule::Hostility => hostility.unwrap_or(-9),
            Rule::MinDuration => mindur.unwrap_or(-9),
            Rule::MaxDuration => maxdur.unwrap_or(-9),
            Rule::Reciprocation => recip.unwrap_or(-9),
            Rule::StartMonth => -month.unwrap_or(99),
            Rule::First => -d.dispute,
        }
    };
    let best = group.iter().map(|d| rank(d)).max();
    group.retain(|d| Some(rank(d)) == best);
}

fn make(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let make = &chosen(make)?;
    match make.shape {
        Shape::Pair { .. } => of_pairs(make),
        _ => of_states(make),
    }
}

/// The columns of a list of disputes, one cell for each.
pub(crate) fn columns_of(disputes: &[DyadDispute], prefix: &str) -> Vec<(String, Kind, Cells)> {
    let mut columns = Vec::new();
    let mut add = |name: String, kind: Kind, value: &dyn Fn(&DyadDispute) -> Option<i32>| {
        let mut cells = Cells::new(kind, disputes.len());
        disputes.iter().for_each(|d| cells.push(value(d).map(Value::Int)));
        columns.push((name, kind, cells));
    };
    add("dispnum".into(), Kind::Int, &|d| Some(d.dispute));
    add(format!("{prefix}ongoing"), Kind::Flag, &|_| Some(1));
    add(format!("{prefix}onset"), Kind::Flag, &|d| Some(d.onset.into()));
    for (name, kind, at) in OWN {
        for which in 0..2 {
            add(format!("{name}{}", which + 1), kind, &|d| d.own[at][which]);
        }
    }
    for (at, (name, kind)) in WHOLE.iter().enumerate() {
        add((*name).into(), *kind, &|d| d.whole[at]);
    }
    columns
}

/// Who begins, of the first and the second.
fn initiators(disputes: &[DyadDispute]) -> Vec<(String, Kind, Cells)> {
    let truth = |code: Option<i32>| code.map(|c| c == 1);
    let mut columns = Vec::new();
    for (name, coding) in CODINGS {
        for which in 0..2 {
            let mut cells = Cells::new(Kind::Flag, disputes.len());
            for d in disputes {
                let began = coding(truth(d.own[0][which]), truth(d.own[1][which]));
                cells.push(began.map(|began| Value::Int(began.into())));
            }
            columns.push((format!("{name}{}", which + 1), Kind::Flag, cells));
        }
    }
    columns
}

fn of_pairs(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let disputes = whittle(&dyads(make)?, make.rules);
    let cover = make.cover(&["disputes", "dispute_parties"]);
    let entries: Vec<_> = disputes.iter().map(|d| (d.one, d.two, d.year)).collect();
    let pairs = Arc::new(Pairs::of(make.grid.states, By::Cow, &entries));
    let mut columns = columns_of(&disputes, prefix(make.choice));
    if make.shape == (Shape::Pair { directed: true }) && make.choice != "cow" {
        columns.extend(initiators(&disputes));
    }
    let column = |(name, kind, cells): (String, Kind, Cells)| {
        let zero = name.ends_with("ongoing") || name.ends_with("midonset");
        let source = OfPair {
            pairs: Arc::clone(&pairs),
            cells: Arc::new(cells),
            otherwise: zero.then(|| Arc::clone(&cover)),
        };
        make.column(&name, kind, &["disputes", "dispute_parties"], source)
    };
    Ok(columns.into_iter().map(column).collect())
}

fn of_states(make: &Make<'_>) -> Result<Vec<Column>, PanelError> {
    let batch = make.table("dispute_parties")?;
    let years = make.spell_years("dispute_parties", &batch);
    let (ccode, side, orig) =
        (ints(&batch, "ccode"), bools(&batch, "side_a"), bools(&batch, "originator"));
    let start = ints(&batch, "start_year");
    let cover = make.cover(&["disputes", "dispute_parties"]);
    let known = bools(&batch, "leaders_known");
    let mut names = ["ongoing", "onset"].map(|n| format!("{}{n}", prefix(make.choice))).to_vec();
    for (coding, _) in CODINGS {
        names.extend([format!("{}_{coding}", names[0]), format!("{}_{coding}", names[1])]);
    }
    let mut cells: Vec<Cells> = names.iter().map(|_| unknown(Kind::Flag, &make.grid)).collect();
    cover.zero(&mut cells);
    for (row, years) in years.into_iter().enumerate() {
        let (Some(state), Some(years)) = (make.state(int(ccode, row)), years) else { continue };
        if make.choice == BY_LEADERS && truth(known, row) != Some(true) {
            continue;
        }
        let first = int(start, row);
        let began = CODINGS.map(|(_, coding)| coding(truth(side, row), truth(orig, row)));
        for year in years {
            let Some(at) = make.grid.cell(usize::from(state), year) else { continue };
            let there = std::iter::once(true).chain(began.iter().map(|b| *b == Some(true)));
            for (coding, there) in there.enumerate() {
                if there {
                    cells[2 * coding].set(at, Some(Value::Int(1)));
                    if first == Some(year) {
                        cells[2 * coding + 1].set(at, Some(Value::Int(1)));
                    }
                }
            }
        }
    }
    let cells =
        names.iter().map(String::as_str).zip(cells).map(|(n, c)| (n, Kind::Flag, c)).collect();
    Ok(make.of_members(&["disputes", "dispute_parties"], cells))
}
