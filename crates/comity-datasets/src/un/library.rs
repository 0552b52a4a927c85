//! What the two datasets of votes of the Dag Hammarskjöld Library have in common: how a vote is written, and who cast it.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::codes::Places;
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::Coverage;

/// Not there, or not voting.
pub(super) const ABSENT: i32 = 8;
/// The day on which China's seat passed from one government to the other.
const CHINAS_SEAT_PASSED: Date = Date::constant(1971, 10, 25);
/// The day from which the state system lists the government in Taipei as another state.
const TAIPEI_BEGINS: Date = Date::constant(1949, 12, 8);
const TAIPEI: i32 = 713;

/// Votes by the letters of the Library: yes, abstention, no, non-voting.
pub(super) fn vote(row: &Row<'_>) -> Result<i32, ReadError> {
    match row.text("ms_vote") {
        Some("Y") => Ok(1),
        Some("A") => Ok(2),
        Some("N") => Ok(3),
        Some("X" | "NV") => Ok(ABSENT),
        _ => Err(row.refuse("ms_vote", "Y, N, A or X")),
    }
}

/// A day that must be there.
pub(super) fn day(row: &Row<'_>) -> Result<Date, ReadError> {
    row.calendar_date("date")?.ok_or_else(|| row.refuse("date", "a day"))
}

/// A count, which statistics programs write with a point.
pub(super) fn count(row: &Row<'_>, column: &str) -> Result<Option<i32>, ReadError> {
    row.code(column, 0..=1_000)
}

/// What is covered where the file is not known to be whole.
pub(super) fn of_a_part(table: &'static str, last_year: i32) -> Coverage {
    let claim = Coverage::all(table, 1946, last_year)
        .about("votes of a part of the file: what it leaves out is not known");
    Coverage { context: true, ..claim }
}

/// Refuses a row whose day is not that of the other rows of its vote.
pub(super) fn check_day(row: &Row<'_>, day: Date, of_vote: Date) -> Result<(), ReadError> {
    if day == of_vote {
        return Ok(());
    }
    Err(row.refuse("date", &format!("{of_vote}, as other rows of the vote have it")))
}

/// Counts a vote among those of yes, abstention, no and absence.
pub(super) fn tally(counted: &mut [i32; 4], vote: i32) {
    counted[if vote > 3 { 3 } else { vote as usize - 1 }] += 1;
}

/// The totals beside a vote, in the order of the tally; a vote whose rows come to others is named in `other`.
pub(super) fn totals(
    row: &Row<'_>,
    counted: &[i32; 4],
    other: &mut Vec<String>,
) -> Result<[Option<i32>; 4], ReadError> {
    let columns = ["total_yes", "total_abstentions", "total_no", "total_non_voting"];
    let mut published = [None; 4];
    for (total, column) in published.iter_mut().zip(columns) {
        *total = count(row, column)?;
    }
    if published.iter().zip(counted).any(|(p, n)| p.is_some_and(|p| p != *n)) {
        other.push(row.text("resolution").unwrap_or("").to_owned());
    }
    Ok(published)
}

/// Names the votes whose rows do not come to their totals.
pub(super) fn note_totals(other: &mut [String], out: &mut Output) {
    const SHOWN: usize = 5;
    if other.is_empty() {
        return;
    }
    other.sort();
    let shown: Vec<String> = other.iter().take(SHOWN).map(|r| crate::row::shorten(r)).collect();
    let more = if other.len() > SHOWN { ", …" } else { "" };
    out.note(format!(
        "The rows of {} votes do not come to the totals beside them ({}{more}); both are read as published",
        other.len(),
        shown.join(", ")
    ));
}

/// The last year with a vote in December: a year that has only begun is not counted.
pub(super) fn last_whole_year(dates: impl Iterator<Item = Date>) -> Option<i32> {
    dates.filter(|d| d.month() == 12).map(|d| i32::from(d.year())).max()
}

/// Members met so far, by code, name, year and whose China's seat was.
pub(super) struct Seats<'a> {
    met: HashMap<(&'a str, &'a str, i32, bool), Option<i32>>,
    /// From when on China's seat is that of Taipei.
    taipei: Date,
}

impl<'a> Seats<'a> {
    /// In the General Assembly, where other sources have Taipei from the beginning.
    pub(super) fn of_the_assembly() -> Self {
        Self { met: HashMap::new(), taipei: Date::MIN }
    }

    /// In the Security Council, as its vetoes have them.
    pub(super) fn of_the_council() -> Self {
        Self { met: HashMap::new(), taipei: TAIPEI_BEGINS }
    }

    /// The member that a row is about.
    pub(super) fn member(
        &mut self,
        row: &Row<'a>,
        date: Date,
        places: &Places,
    ) -> Result<Option<i32>, ReadError> {
        let code = row.text("ms_code").unwrap_or("");
        let name = row.text("ms_name").unwrap_or("");
        if code.is_empty() && name.is_empty() {
            return Err(row.refuse("ms_code", "a code of three letters, or a name beside it"));
        }
        let taipei = code == "CHN" && (self.taipei..CHINAS_SEAT_PASSED).contains(&date);
        let key = (code, name, i32::from(date.year()), taipei);
        let place = || if taipei { Some(TAIPEI) } else { placed(code, name, date, places) };
        Ok(*self.met.entry(key).or_insert_with(place))
    }
}

/// The Library's codes are those of today also for the states before: the name is that of the time.
fn placed(code: &str, name: &str, date: Date, places: &Places) -> Option<i32> {
    let at = date.last_of_month();
    let by_name = || places.from_name(name, at);
    match code {
        // One code for both states of a name that were united.
        "YEM" | "DEU" => by_name().or_else(|| places.from_iso3(code, at)),
        _ => places
            .from_iso3(code, at)
            .or_else(by_name)
            .or_else(|| places.from_iso3_of_today(code, at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_today_stand_for_the_states_of_the_time() {
        let places = Places::starter();
        let on = |code, name, y| placed(code, name, Date::constant(y, 3, 1), &places);
        assert_eq!(on("USA", "UNITED STATES", 1950), Some(2));
        assert_eq!((on("RUS", "USSR", 1960), on("SUN", "USSR", 1960)), (Some(365), Some(365)));
        assert_eq!(on("BFA", "UPPER VOLTA", 1970), Some(439));
        assert_eq!(on("DEU", "GERMANY", 2020), Some(255));
        assert_eq!(on("YEM", "YEMEN", 2000), Some(679));
        assert_eq!(on("ZZZ", "ATLANTIS", 2000), None);
    }
}
