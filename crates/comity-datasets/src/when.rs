//! Dates as published, which may be known to the month or the year only.

use std::ops::RangeInclusive;

use jiff::civil::Date;

/// Years that a dataset of the field can hold.
pub(crate) const YEARS: RangeInclusive<i32> = 1000..=2999;

/// A date as published, known to the day, the month, the year, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct When {
    /// The year.
    pub year: Option<i32>,
    /// The month, if known.
    pub month: Option<i8>,
    /// The full date, if the day is known.
    pub date: Option<Date>,
}

impl When {
    /// A day that is known.
    pub fn day(date: Date) -> Self {
        Self { year: Some(i32::from(date.year())), month: Some(date.month()), date: Some(date) }
    }

    /// A date written `YYYYMMDD`, in which a month or day of 00 or 99 is not known; none if there is no such date.
    pub fn compact(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let year: i32 = text[..4].parse().ok().filter(|y| YEARS.contains(y))?;
        let part = |at: usize| match &text[at..at + 2] {
            "00" | "99" => Some(None),
            part => part.parse::<i8>().ok().map(Some),
        };
        match (part(4)?, part(6)?) {
            (None, None) => Some(Self { year: Some(year), ..Self::default() }),
            (None, Some(_)) => None,
            (Some(month), None) => (1..=12).contains(&month).then_some(Self {
                year: Some(year),
                month: Some(month),
                date: None,
            }),
            (Some(month), Some(day)) => Date::new(year as i16, month, day).ok().map(Self::day),
        }
    }

    /// The earliest day it can be.
    pub fn earliest(self) -> Option<Date> {
        self.date.or_else(|| Date::new(self.year? as i16, self.month.unwrap_or(1), 1).ok())
    }

    /// The latest day it can be.
    pub fn latest(self) -> Option<Date> {
        let month = || Date::new(self.year? as i16, self.month.unwrap_or(12), 1).ok();
        self.date.or_else(|| month().map(Date::last_of_month))
    }
}
