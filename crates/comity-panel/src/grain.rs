//! How long the rows of a panel are: the periods that their places are numbered by.

use std::ops::RangeInclusive;

use super::calendar::{self, Days};

/// How long a row is. Its periods are numbered without a gap: years as they are, months from the first of the year 0, days from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Grain {
    #[default]
    Year,
    Month,
    Day,
}

impl Grain {
    /// One period of it, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
        }
    }

    /// The period that a day is in.
    pub fn of_day(self, day: i32) -> i32 {
        match self {
            Self::Year => calendar::year_of(day),
            Self::Month => {
                let (year, month) = calendar::month_of(day);
                year.saturating_mul(12).saturating_add(month - 1)
            }
            Self::Day => day,
        }
    }

    /// The periods that these days touch.
    pub fn of_days(self, days: Days) -> RangeInclusive<i32> {
        self.of_day(days.0)..=self.of_day(days.1)
    }

    /// The periods of these years.
    pub fn of_years(self, from: i32, to: i32) -> RangeInclusive<i32> {
        match self {
            Self::Year => from..=to,
            Self::Month => from.saturating_mul(12)..=to.saturating_mul(12).saturating_add(11),
            Self::Day => calendar::first_of(from)..=calendar::last_of(to),
        }
    }

    /// The year of a period.
    pub fn year(self, period: i32) -> i32 {
        match self {
            Self::Year => period,
            Self::Month => period.div_euclid(12),
            Self::Day => calendar::year_of(period),
        }
    }

    /// The first and last day of a period.
    pub fn days(self, period: i32) -> Days {
        match self {
            Self::Year => (calendar::first_of(period), calendar::last_of(period)),
            Self::Month => {
                let (year, month) = (period.div_euclid(12), period.rem_euclid(12) + 1);
                (calendar::day(year, month, 1), calendar::month_end(year, month))
            }
            Self::Day => (period, period),
        }
    }

    /// The years of a run of periods, each with how many of these it has.
    pub fn by_year(self, from: i32, to: i32) -> impl Iterator<Item = (i32, usize)> {
        let years = self.year(from)..=self.year(to);
        years.map(move |year| {
            let own = self.of_years(year, year);
            (year, (to.min(*own.end()) - from.max(*own.start()) + 1).max(0) as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_tile_the_calendar() {
        for grain in [Grain::Year, Grain::Month, Grain::Day] {
            let all = grain.of_years(1899, 1905);
            let mut next = calendar::first_of(1899);
            for period in all.clone() {
                let (first, last) = grain.days(period);
                assert_eq!(first, next);
                assert_eq!([first, last].map(|d| grain.of_day(d)), [period; 2]);
                assert_eq!(grain.year(period), calendar::year_of(last));
                next = last + 1;
            }
            assert_eq!(next, calendar::first_of(1906));
            let rows: usize = grain.by_year(*all.start() + 1, *all.end()).map(|(_, n)| n).sum();
            assert_eq!(rows + 1, all.count());
        }
        assert_eq!(
            Grain::Month.by_year(1900 * 12 + 10, 1901 * 12).collect::<Vec<_>>(),
            [(1900, 2), (1901, 1)]
        );
    }
}
