//! Lists of militarized interstate disputes: which there are, their disputes by pair and year, and the rules that leave one of several.

use std::collections::{BTreeMap, HashMap};

use crate::cells::{Cells, Kind, Value};
use crate::days::days;
use crate::error::PanelError;
use crate::grain::Grain;
use crate::ids::Ids;
use crate::make::Make;
use crate::rules::Rule;
use comity_record::columns::{bools, int, ints, text, texts, truth};

/// A list of disputes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct List {
    /// The dataset of its disputes and participants.
    pub dataset: &'static str,
    /// The dataset that lists its pairs by year; without it in the record they follow from the participants.
    dyads: &'static str,
    /// What the names of its columns begin with.
    pub prefix: &'static str,
    /// Whether directed pairs have who initiates.
    pub initiators: bool,
    /// Whether a participant counts only where a leader of it is known.
    pub leaders_known: bool,
    /// Whether pairs have all columns of the published list.
    pub full: bool,
}

pub(crate) const COW: List = List {
    dataset: "cow-mid",
    dyads: "cow-mid-dyads",
    prefix: "cowmid",
    initiators: false,
    leaders_known: false,
    full: false,
};
pub(crate) const COW_INIT: List = List { initiators: true, ..COW };
pub(crate) const GML: List = List {
    dataset: "gml-mid",
    dyads: "gml-mid",
    prefix: "gmlmid",
    initiators: true,
    leaders_known: false,
    full: true,
};
pub(crate) const GML_LEADERS: List = List { leaders_known: true, ..GML };

/// One dispute of a pair in a year, seen from the first.
#[derive(Debug, Clone)]
pub(crate) struct DyadDispute {
    pub one: u16,
    pub two: u16,
    pub year: i32,
    pub dispute: i32,
    pub onset: bool,
    /// Of the first and the second: side A, from the first day, fatality, deaths, highest action, hostility, revisionist, revisions sought.
    pub own: Own,
    /// Of the dispute.
    pub whole: Whole,
}

/// Columns of the two, in the order of the published dyads, with their place in `own`.
const OWN: [(&str, usize); 6] =
    [("sidea", 0), ("fatality", 2), ("fatalpre", 3), ("hiact", 4), ("hostlev", 5), ("orig", 1)];
const WHOLE: [&str; 6] = ["fatality", "hostlev", "mindur", "maxdur", "recip", "stmon"];

/// Further columns of the two and of the dispute, of lists that have all that is published; those of the dispute stand in `whole` behind the
/// others.
const OWN_FURTHER: [(&str, usize); 3] = [("revstate", 6), ("revtype1", 7), ("revtype2", 8)];
const WHOLE_FURTHER: [&str; 8] =
    ["hiact", "outcome", "settle", "fatalpre", "endmon", "numa", "numb", "ongo2010"];

/// Of the first and of the second.
pub(crate) type Own = [[Option<i32>; 2]; 9];

/// How the initiator is coded: by the side, and by having taken part from the first day. Name behind the column, and the coding.
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

/// What the columns of a list are made from: with the reading of its source.
pub(crate) fn listed_by<'a>(make: &Make<'a>, list: &List) -> Result<Make<'a>, PanelError> {
    make.with_dataset("disputes", list.dataset)
}

/// The values of a dispute as a whole, in the order of [`whole`].
pub(crate) type Whole = [Option<i32>; 14];

/// The ids of the sources behind the pairs of a list.
pub(crate) fn sources(make: &Make<'_>, list: &List) -> Result<Vec<String>, PanelError> {
    let (mut sources, _) = make.provenance(&["disputes", "dispute_parties"]);
    if by_year(make, list) {
        let reading = make.reading_of("dyadic_disputes", list.dyads)?;
        let of = |id: &&String| make.record.source(id).is_some_and(|s| s.dataset == list.dyads);
        for id in reading.sources("dyadic_disputes").iter().filter(of) {
            if !sources.contains(id) {
                sources.push(id.clone());
            }
        }
    }
    Ok(sources)
}

/// Whether the pairs are those that a source lists by year: months and days are those of the participants.
fn by_year(make: &Make<'_>, list: &List) -> bool {
    let listed = make.record.sources().iter().any(|s| s.dataset == list.dyads);
    listed && make.grid.grain == Grain::Year
}

/// The values of each dispute as a whole, by its id: fatality, hostility, shortest and longest duration, reciprocated, month; then highest
/// action, outcome, settlement, deaths, last month, states on each side, whether it went on when the data end.
pub(crate) fn whole(make: &Make<'_>) -> Result<HashMap<String, Whole>, PanelError> {
    let disputes = make.table("disputes")?;
    let id = texts(&disputes, "dispute_id");
    let recip = bools(&disputes, "reciprocated");
    let ongoing = bools(&disputes, "ongoing");
    let columns =
        ["fatality", "hostility", "mindur", "maxdur", "start_month"].map(|c| ints(&disputes, c));
    let further =
        ["hiact", "outcome", "settlement", "fatalities", "end_month", "states_a", "states_b"]
            .map(|c| ints(&disputes, c));
    let of = |row: usize| {
        let [fatality, hostility, mindur, maxdur, month] = columns.map(|c| int(c, row));
        let recip = truth(recip, row).map(i32::from);
        let [hiact, outcome, settle, dead, end, a, b] = further.map(|c| int(c, row));
        let ongoing = truth(ongoing, row).map(i32::from);
        let whole = [
            fatality, hostility, mindur, maxdur, recip, month, hiact, outcome, settle, dead, end,
            a, b, ongoing,
        ];
        (text(id, row).to_owned(), whole)
    };
    Ok((0..disputes.num_rows()).map(of).collect())
}

/// Every dispute of every pair of opponents and year, sorted, in both directions.
pub(crate) fn dyads(make: &Make<'_>, list: &List) -> Result<Vec<DyadDispute>, PanelError> {
    let whole = whole(make)?;
    let mut found = if by_year(make, list) {
        listed(make, list.dyads, &whole)?
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
    whole: &HashMap<String, Whole>,
) -> Result<Vec<DyadDispute>, PanelError> {
    let reading = make.reading_of("dyadic_disputes", dataset)?;
    let batch = make.record.table("dyadic_disputes", &reading)?;
    let id = texts(&batch, "dispute_id");
    let ids = Ids::of(&batch, "dyadic_disputes", "dispute_id", "dispnum");
    let [one, two, year] = ["ccode", "partner", "year"].map(|c| ints(&batch, c));
    let flags = [
        ("side_a", "partner_side_a"),
        ("originator", "partner_originator"),
        ("revisionist", "partner_revisionist"),
    ]
    .map(|(a, b)| [bools(&batch, a), bools(&batch, b)]);
    let codes = [
        ("fatality", "partner_fatality"),
        ("fatalities", "partner_fatalities"),
        ("hiact", "partner_hiact"),
        ("hostility", "partner_hostility"),
        ("revision_type", "partner_revision_type"),
        ("second_revision_type", "partner_second_revision_type"),
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
        // A row without an id is of no dispute.
        let Some(dispute) = ids.number(row)? else { continue };
        let flag = |at: usize| flags[at].map(|c| truth(c, row).map(i32::from));
        let code = |at: usize| codes[at].map(|c| int(c, row));
        found.push(DyadDispute {
            one,
            two,
            year,
            dispute,
            onset: truth(onset, row) == Some(true),
            own: [flag(0), flag(1), code(0), code(1), code(2), code(3), flag(2), code(4), code(5)],
            whole: whole.get(text(id, row)).copied().unwrap_or_default(),
        });
    }
    Ok(found)
}

/// Pairs of participants on opposite sides whose days of participation overlap.
fn opponents(
    make: &Make<'_>,
    whole: &HashMap<String, Whole>,
) -> Result<Vec<DyadDispute>, PanelError> {
    let batch = make.table("dispute_parties")?;
    let (id, ccode, side) =
        (texts(&batch, "dispute_id"), ints(&batch, "ccode"), bools(&batch, "side_a"));
    let [orig, revisionist] = ["originator", "revisionist"].map(|c| bools(&batch, c));
    let codes = ["fatality", "fatalities", "hiact", "hostility", "revtype1", "revtype2"]
        .map(|c| ints(&batch, c));
    let (days, span, grain) = (days(&batch), make.grid.span(), make.grid.grain);
    let ids = Ids::of(&batch, "dispute_parties", "dispute_id", "dispnum");
    let mut by_dispute: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        by_dispute.entry(text(id, row)).or_default().push(row);
    }
    // Of several spells of a pair in a year the first stands; each spell has its onset.
    let mut found: BTreeMap<(i32, u16, u16, i32), DyadDispute> = BTreeMap::new();
    for (dispute, rows) in by_dispute {
        let of_dispute = whole.get(dispute).copied().unwrap_or_default();
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
                    met.push((one, two, grain.of_days((from, to)), *a, *b));
                }
            }
        }
        met.sort_by_key(|(one, two, years, ..)| (*one, *two, *years.start()));
        for (one, two, years, a, b) in met {
            let Some(number) = ids.number(a)? else { continue };
            let of = |column: usize| [int(codes[column], a), int(codes[column], b)];
            let flag = |column: &arrow::array::BooleanArray| {
                [a, b].map(|r| truth(column, r).map(i32::from))
            };
            let begun = *years.start();
            for year in begun.max(*span.start())..=(*years.end()).min(*span.end()) {
                found.entry((number, one, two, year)).or_insert_with(|| DyadDispute {
                    one,
                    two,
                    year,
                    dispute: number,
                    onset: year == begun,
                    own: [
                        flag(side),
                        flag(orig),
                        of(0),
                        of(1),
                        of(2),
                        of(3),
                        flag(revisionist),
                        of(4),
                        of(5),
                    ],
                    whole: of_dispute,
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
        let [fatality, hostility, mindur, maxdur, recip, month, ..] = d.whole;
        match rule {
            Rule::Onsets => i32::from(d.onset),
            Rule::Fatality => fatality.map_or(1, |f| f.saturating_mul(2)),
            Rule::Hostility => hostility.unwrap_or(-9),
            Rule::MinDuration => mindur.unwrap_or(-9),
            Rule::MaxDuration => maxdur.unwrap_or(-9),
            Rule::Reciprocation => recip.unwrap_or(-9),
            Rule::StartMonth => month.unwrap_or(99).saturating_neg(),
            Rule::First => d.dispute.saturating_neg(),
        }
    };
    let best = group.iter().map(|d| rank(d)).max();
    group.retain(|d| Some(rank(d)) == best);
}

/// The columns of a list of disputes, one cell for each, of the types that are declared.
pub(crate) fn columns_of(
    disputes: &[DyadDispute],
    prefix: &str,
    full: bool,
    kind: impl Fn(&str) -> Kind,
) -> Vec<(String, Cells)> {
    let mut columns = Vec::new();
    let mut add = |name: String, value: &dyn Fn(&DyadDispute) -> Option<i32>| {
        let mut cells = Cells::new(kind(&name), disputes.len());
        disputes.iter().for_each(|d| cells.push(value(d).map(Value::Int)));
        columns.push((name, cells));
    };
    add("dispnum".into(), &|d| Some(d.dispute));
    add(format!("{prefix}ongoing"), &|_| Some(1));
    add(format!("{prefix}onset"), &|d| Some(d.onset.into()));
    for (name, at) in OWN {
        for which in 0..2 {
            add(format!("{name}{}", which + 1), &|d| d.own[at][which]);
        }
    }
    for (at, name) in WHOLE.iter().enumerate() {
        add((*name).into(), &|d| d.whole[at]);
    }
    if full {
        for (name, at) in OWN_FURTHER {
            for which in 0..2 {
                add(format!("{name}{}", which + 1), &|d| d.own[at][which]);
            }
        }
        for (at, name) in WHOLE_FURTHER.iter().enumerate() {
            add((*name).into(), &|d| d.whole[WHOLE.len() + at]);
        }
    }
    columns
}
