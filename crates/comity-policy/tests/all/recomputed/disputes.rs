//! Militarized disputes: what each participant did, on which side, on which days (MID 5.0).

use std::collections::BTreeMap;

use super::files::{Day, shared, shared_days};

/// The last year that the disputes cover.
pub const LAST: i32 = 2014;

/// One part of one state in a dispute.
pub struct Part {
    pub state: i32,
    pub first: bool,
    pub revisionist: bool,
    pub sought: [i32; 2],
    pub hostility: i32,
    pub highest_act: i32,
    pub fatality: i32,
    pub days: (Day, Day),
}

pub struct Dispute {
    pub number: i32,
    pub outcome: i32,
    pub settlement: i32,
    pub end_year: i32,
    pub parts: Vec<Part>,
}

/// Seizure is the act coded 15.
const SEIZURE: i32 = 15;
/// The settlement that is imposed.
const IMPOSED: i32 = 2;

pub fn read() -> Vec<Dispute> {
    let mut parts: BTreeMap<i32, Vec<Part>> = BTreeMap::new();
    for row in shared("cow-mid/MIDB 5.0.csv").rows() {
        parts.entry(row.code("dispnum")).or_default().push(Part {
            state: row.code("ccode"),
            first: row.code("sidea") == 1,
            revisionist: row.code("revstate") == 1,
            sought: [row.code("revtype1"), row.code("revtype2")],
            hostility: row.code("hostlev"),
            highest_act: row.code("hiact"),
            fatality: row.code("fatality"),
            days: (
                row.first_day(["styear", "stmon", "stday"]),
                row.last_day(["endyear", "endmon", "endday"]),
            ),
        });
    }
    let file = shared("cow-mid/MIDA 5.0.csv");
    let disputes = file.rows().map(|row| Dispute {
        number: row.code("dispnum"),
        outcome: row.code("outcome"),
        settlement: row.code("settle"),
        end_year: row.code("endyear"),
        parts: parts.remove(&row.code("dispnum")).unwrap(),
    });
    disputes.collect()
}

impl Part {
    pub fn years(&self) -> std::ops::RangeInclusive<i32> {
        self.days.0.0..=self.days.1.0
    }

    /// Force: level 4, or war.
    pub fn force(&self) -> bool {
        self.hostility >= 4
    }

    /// A threat or a show of force, and no more.
    pub fn threat(&self) -> bool {
        matches!(self.hostility, 2 | 3)
    }

    /// Seizing a boat without a death.
    pub fn seizure(&self) -> bool {
        self.highest_act == SEIZURE && self.fatality <= 0
    }

    pub fn seeks(&self, what: i32) -> bool {
        self.sought.contains(&what)
    }
}

impl Dispute {
    /// Those on the other side of this one.
    pub fn against<'a>(&'a self, part: &'a Part) -> impl Iterator<Item = &'a Part> {
        self.parts.iter().filter(move |p| p.first != part.first)
    }

    /// Those on its own side, itself included.
    pub fn beside(&self, part: &Part) -> Vec<i32> {
        self.parts.iter().filter(|p| p.first == part.first).map(|p| p.state).collect()
    }

    /// The outcome was imposed by the side of this one: victory of A or B, yield by A or B.
    pub fn imposed_by_side_of(&self, part: &Part) -> bool {
        self.settlement == IMPOSED
            && if part.first {
                matches!(self.outcome, 1 | 4)
            } else {
                matches!(self.outcome, 2 | 3)
            }
    }

    /// On the side that acted first, or on the other, wanting a change and imposing the outcome.
    pub fn began(&self, part: &Part) -> bool {
        part.first || part.revisionist && self.imposed_by_side_of(part)
    }

    /// The days on which both take part.
    pub fn together(a: &Part, b: &Part) -> Option<(Day, Day)> {
        shared_days(a.days, b.days)
    }
}
