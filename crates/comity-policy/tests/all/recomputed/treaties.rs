//! What members of treaties owe each other (ATOP 5.1, by member and phase).

use std::collections::BTreeMap;

use super::files::{Day, OPEN, shared, shared_days};

/// The last year that the treaties cover.
pub const LAST: i32 = 2018;

pub struct Member {
    pub state: i32,
    pub days: (Day, Day),
    pub defense: bool,
    pub offense: bool,
    pub neutrality: bool,
    pub consultation: bool,
    pub nonaggression: bool,
    pub bilateral: bool,
    pub asymmetric: bool,
    /// In peace and war; none where the treaty's text is not known.
    pub integrated_command: Option<bool>,
    /// With a permanent staff.
    pub standing_organisation: bool,
    /// Members may station troops in each other's countries.
    pub troops_abroad: Option<bool>,
}

/// The members of each treaty.
pub fn read() -> BTreeMap<i32, Vec<Member>> {
    let mut treaties: BTreeMap<i32, Vec<Member>> = BTreeMap::new();
    for row in shared("atop-5.1/atop5_1m.csv").rows() {
        let yes = |column: &str| row.code(column) == 1;
        let to = if row.code("yrexit") == 0 {
            OPEN
        } else {
            row.last_day(["yrexit", "moexit", "dayexit"])
        };
        treaties.entry(row.code("atopid")).or_default().push(Member {
            state: row.code("member"),
            days: (row.first_day(["yrent", "moent", "dayent"]), to),
            defense: yes("defense"),
            offense: yes("offense"),
            neutrality: yes("neutral"),
            consultation: yes("consul"),
            nonaggression: yes("nonagg"),
            bilateral: yes("bilat"),
            asymmetric: yes("asymm"),
            integrated_command: row.int("intcom").map(|c| c == 1),
            standing_organisation: row.code("organ1") == 3 || row.code("organ2") == 3,
            troops_abroad: row.int("base").map(|b| matches!(b, 2 | 3)),
        });
    }
    treaties
}

/// Each member with each other member of its treaty, and the days they share.
pub fn pairs(
    treaties: &BTreeMap<i32, Vec<Member>>,
) -> impl Iterator<Item = (i32, &Member, &Member, (Day, Day))> {
    treaties.iter().flat_map(|(id, members)| {
        members.iter().flat_map(move |one| {
            members.iter().filter(|other| other.state != one.state).filter_map(move |other| {
                Some((*id, one, other, shared_days(one.days, other.days)?))
            })
        })
    })
}
