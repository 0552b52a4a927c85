//! Days put together to weeks, months and years.

use std::fmt;
use std::ops::Range;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How long the stretches are that are counted and tested, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A day.
    Day,
    /// A week from Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// 1 January 1970 was a Thursday: three days after the Monday of week 0.
const MONDAY: i32 = 3;
/// Days that calendars here can name: the years −9999 to 9999, with a year of room.
const DAYS: i32 = 2_900_000;

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// Its name as attributes have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The number of the period that a day is in, counted from the one of 1 January 1970.
    ///
    /// # Units
    /// Days since 1 January 1970; those more than 2,900,000 away count as that far.
    pub fn of(self, day: i32) -> i32 {
        match self {
            Self::Day => day,
            Self::Week => day.saturating_add(MONDAY).div_euclid(7),
            Self::Month => {
                let date = date(day);
                (i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1
            }
            Self::Year => i32::from(date(day).year()) - 1970,
        }
    }

    /// The first day of a period.
    pub fn first_day(self, period: i32) -> i32 {
        match self {
            Self::Day => period,
            Self::Week => period.saturating_mul(7).saturating_sub(MONDAY),
            Self::Month => {
                let year = period.div_euclid(12).saturating_add(1970);
                first_of(year, period.rem_euclid(12) as i8 + 1)
            }
            Self::Year => first_of(period.saturating_add(1970), 1),
        }
    }

    /// The last day of a period.
    pub fn last_day(self, period: i32) -> i32 {
        self.first_day(period.saturating_add(1)).saturating_sub(1)
    }

    /// The periods that so many days from a first one are in, each with its place in a slice of the days. The first and the last may be
    /// in part only.
    pub fn spans(self, first_day: i32, days: usize) -> Vec<(i32, Range<usize>)> {
        let mut spans = Vec::new();
        let mut from = 0;
        while from < days {
            let period = self.of(first_day.saturating_add(from as i32));
            let next = i64::from(self.first_day(period.saturating_add(1)));
            let to = (next - i64::from(first_day)).max(from as i64 + 1) as usize;
            spans.push((period, from..to.min(days)));
            from = to;
        }
        spans
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The date of a day since 1 January 1970.
pub fn date(day: i32) -> Date {
    jiff::civil::date(1970, 1, 1).saturating_add(day.clamp(-DAYS, DAYS).days())
}

/// The day since 1 January 1970 of a date.
pub fn day(date: Date) -> i32 {
    // Two dates of the calendar are at most 7.3 million days apart.
    date.since(jiff::civil::date(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// Days as dates in what is stored or handed on (`1982-06-07`).
pub(crate) mod as_date {
    use jiff::civil::Date;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    pub fn serialize<S: Serializer>(day: &i32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&super::date(*day))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i32, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse::<Date>().map(super::day).map_err(D::Error::custom)
    }
}

fn first_of(year: i32, month: i8) -> i32 {
    Date::new(year.clamp(-9999, 9999) as i16, month, 1).map_or(0, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for day_number in [-800_000, -1, 0, 1, 59, 365, 4_542, 20_000, 700_000] {
            assert_eq!(day(date(day_number)), day_number);
        }
        assert_eq!(date(4_542), jiff::civil::date(1982, 6, 9));
    }

    #[test]
    fn every_day_is_in_the_period_that_it_is_between_the_ends_of() {
        for period in Period::ALL {
            for day in (-4_000..4_000).step_by(13) {
                let at = period.of(day);
                assert!(
                    period.first_day(at) <= day && day <= period.last_day(at),
                    "{period} {day}"
                );
                assert_eq!(period.of(period.first_day(at)), at);
                assert_eq!(period.last_day(at) + 1, period.first_day(at + 1));
            }
        }
        // 7 June 1982 was a Monday.
        assert_eq!(
            date(Period::Week.first_day(Period::Week.of(4_542))),
            jiff::civil::date(1982, 6, 7)
        );
    }

    #[test]
    fn spans_hold_every_day_once() {
        for period in Period::ALL {
            let spans = period.spans(4_542, 800);
            let all: Vec<usize> = spans.iter().flat_map(|(_, days)| days.clone()).collect();
            assert_eq!(all, (0..800).collect::<Vec<_>>());
            assert!(
                spans
                    .iter()
                    .all(|(at, days)| days.clone().all(|d| period.of(4_542 + d as i32) == *at))
            );
        }
        assert!(Period::Week.spans(0, 0).is_empty());
        // A far end of the numbers ends too.
        assert_eq!(
            Period::Month.spans(i32::MAX - 1, 3).iter().map(|(_, d)| d.len()).sum::<usize>(),
            3
        );
    }
}
