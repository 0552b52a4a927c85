//! How states voted in the General Assembly, counted by year: the definitions of `starter/make/voting_years.py`, so that the
//! starter's figures and those of a source are the same.
//!
//! * A year is the calendar year of the vote.
//! * While a member: a vote cast, or an absence after the month of admission and within the spells of membership; where a source
//!   does not record absences, those spells alone.
//! * The majority is the most common of yes, abstain and no among all votes cast; a vote for an option tied for most common is with it.
//! * Developing members are all but Europe, Northern America, Australia, New Zealand and Japan; their majority is found the same way.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Int32Type};

use crate::codes::Places;
use crate::starter;
use comity_record::rows::days;

/// Absent.
const ABSENT: i32 = 8;
/// The seat of China until October 1971, held by a government that the state system lists as another state.
const CHINAS_SEAT: i32 = 713;

/// Who voted how in one roll call.
#[derive(Debug)]
pub(crate) struct RollCall {
    /// Calendar year of the vote.
    pub year: i32,
    /// Month, if known.
    pub month: Option<i8>,
    /// On economic development.
    pub economic: bool,
    /// Whether absences are recorded.
    pub absences: bool,
    /// State and vote: 1 yes, 2 abstain, 3 no, 8 absent.
    pub votes: Vec<(i32, i32)>,
}

impl RollCall {
    pub(crate) fn new(year: i32, month: Option<i8>, absences: bool) -> Self {
        Self { year, month, economic: false, absences, votes: Vec::new() }
    }

    /// Where it is in months; without a month in the middle of its year.
    fn at(&self) -> i32 {
        month(self.year, self.month.map_or(7, i32::from))
    }
}

fn month(year: i32, month: i32) -> i32 {
    year * 12 + month - 1
}

/// Months of membership, by state.
pub(crate) struct Members(BTreeMap<i32, Vec<(i32, i32)>>);

impl Members {
    /// From the program's own list. Of the original members only the year is known: they joined by the end of October.
    pub(crate) fn of_the_united_nations() -> Self {
        let rows = starter::table("starter-memberships", "memberships");
        let mut spells: BTreeMap<i32, Vec<(i32, i32)>> = BTreeMap::new();
        let (Some(who), Some(of), Some(start), Some(end), Some(first)) = (
            rows.column_by_name("ccode").map(AsArray::as_primitive::<Int32Type>),
            rows.column_by_name("organization").map(AsArray::as_string::<i32>),
            rows.column_by_name("start").map(AsArray::as_primitive::<Date32Type>),
            rows.column_by_name("end").map(AsArray::as_primitive::<Date32Type>),
            rows.column_by_name("start_year").map(AsArray::as_primitive::<Int32Type>),
        ) else {
            return Self(spells);
        };
        for row in (0..rows.num_rows()).filter(|r| of.value(*r) == "UN") {
            let joined = if start.is_null(row) {
                month(first.value(row), 10)
            } else {
                month_of(start.value(row))
            };
            let left = if end.is_null(row) { i32::MAX } else { month_of(end.value(row)) };
            spells.entry(who.value(row)).or_default().push((joined, left));
        }
        Self(spells)
    }

    fn spells(&self, ccode: i32) -> &[(i32, i32)] {
        self.0.get(&ccode).map_or(&[], Vec::as_slice)
    }

    fn contain(&self, ccode: i32, at: i32) -> bool {
        self.spells(ccode).iter().any(|(first, last)| (*first..=*last).contains(&at))
    }

    fn join(&self, ccode: i32, at: i32) -> bool {
        self.spells(ccode).iter().any(|(first, _)| *first == at)
    }

    fn all(&self, at: i32) -> impl Iterator<Item = i32> {
        self.0.keys().copied().filter(move |c| self.contain(*c, at))
    }
}

/// The month that a day counted from 1970 is in.
fn month_of(day: i32) -> i32 {
    let mut year = 1970 + day / 366;
    let date = |y: i32, m: i32| jiff::civil::Date::new(y as i16, m as i8, 1).map_or(i32::MAX, days);
    while date(year + 1, 1) <= day {
        year += 1;
    }
    while date(year, 1) > day {
        year -= 1;
    }
    let of_year = (1..=12).rev().find(|m| date(year, *m) <= day).unwrap_or(1);
    month(year, of_year)
}

/// All but Europe (without the states of Western Asia in the same range of numbers), Northern America, Australia, New Zealand and
/// Japan: the line of the United Nations' population division.
fn developing(ccode: i32) -> bool {
    let europe = (200..=395).contains(&ccode) && ![352, 371, 372, 373].contains(&ccode);
    !europe && ![2, 20, 740, 900, 920].contains(&ccode)
}

/// Which of yes, abstain and no are most common; ties are.
fn most_common(votes: impl Iterator<Item = i32>) -> [bool; 4] {
    let mut count = [0; 4];
    for vote in votes {
        count[vote as usize] += 1;
    }
    let top = count.into_iter().max().unwrap_or(0);
    count.map(|n| n == top && n > 0)
}

/// Recorded votes while a member, votes cast, cast with the majority, cast on economic development, and of these cast with the
/// developing majority: for the states of the system, and China's seat. Second: votes and absences that were not counted.
pub(crate) fn voting_years(
    calls: impl Iterator<Item = RollCall>,
    members: &Members,
    places: &Places,
) -> (BTreeMap<(i32, i32), [i32; 5]>, usize) {
    let mut years: BTreeMap<(i32, i32), [i32; 5]> = BTreeMap::new();
    let mut left_out = 0;
    for call in calls {
        let at = call.at();
        let counts = |(ccode, vote): &(i32, i32)| match (call.absences, *vote) {
            (true, ABSENT) => members.contain(*ccode, at) && !members.join(*ccode, at),
            (true, _) => true,
            (false, _) => members.contain(*ccode, at),
        };
        let mut votes: Vec<(i32, i32)> = call.votes.iter().copied().filter(|v| counts(v)).collect();
        left_out += call.votes.len() - votes.len();
        if !call.absences {
            let cast: BTreeSet<i32> = votes.iter().map(|(c, _)| *c).collect();
            votes.extend(members.all(at).filter(|c| !cast.contains(c)).map(|c| (c, ABSENT)));
        }
        let cast = || votes.iter().filter(|(_, v)| *v != ABSENT);
        let world = most_common(cast().map(|(_, v)| *v));
        let south = most_common(cast().filter(|(c, _)| developing(*c)).map(|(_, v)| *v));
        for (ccode, vote) in &votes {
            let f = years.entry((*ccode, call.year)).or_default();
            f[0] += 1;
            if *vote != ABSENT {
                f[1] += 1;
                f[2] += i32::from(world[*vote as usize]);
                if call.economic {
                    f[3] += 1;
                    f[4] += i32::from(south[*vote as usize]);
                }
            }
        }
    }
    years.retain(|(ccode, year), _| *ccode == CHINAS_SEAT || places.in_system(*ccode, *year));
    (years, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_fall_into_their_months() {
        for text in ["1945-10-24", "1970-01-01", "1969-12-31", "2000-02-29", "2011-07-14"] {
            let date: jiff::civil::Date = text.parse().unwrap();
            let expected = month(i32::from(date.year()), i32::from(date.month()));
            assert_eq!(month_of(days(date)), expected, "{text}");
        }
    }

    #[test]
    fn a_tie_is_won_by_both_and_arrivals_are_not_absent() {
        let members =
            Members([(2, vec![(0, i32::MAX)]), (750, vec![(month(1950, 5), i32::MAX)])].into());
        let call = |absences, votes: &[(i32, i32)]| {
            let mut call = RollCall { economic: true, ..RollCall::new(1950, Some(5), absences) };
            call.votes.extend(votes);
            call
        };
        let calls = [
            call(true, &[(2, 1), (750, 3)]),
            // India joins in that month: its absence is none; its vote is one.
            call(true, &[(2, 1), (750, 8)]),
            call(false, &[(2, 2)]),
            // Not a member at all.
            call(false, &[(2, 2), (20, 1)]),
        ];
        let (years, left_out) = voting_years(calls.into_iter(), &members, &Places::starter());
        // Where no developing member voted, no member voted with them.
        assert_eq!(years[&(2, 1950)], [4, 4, 4, 4, 0]);
        assert_eq!(years[&(750, 1950)], [3, 1, 1, 1, 1]);
        assert_eq!((years.len(), left_out), (2, 2));
    }
}
