//! Days since 1970 and years, by the Gregorian calendar.

/// The day of a date.
pub(crate) fn day(year: i32, month: i32, day: i32) -> i32 {
    // Days from civil: years begin in March, so that the leap day is the last of a year.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The first day of a year.
pub(crate) fn first_of(year: i32) -> i32 {
    day(year, 1, 1)
}

/// The last day of a year.
pub(crate) fn last_of(year: i32) -> i32 {
    day(year, 12, 31)
}

/// The last day of a month.
pub(crate) fn month_end(year: i32, month: i32) -> i32 {
    if month == 12 { last_of(year) } else { day(year, month + 1, 1) - 1 }
}

/// The year of a day.
pub(crate) fn year_of(days: i32) -> i32 {
    let guess = 1970 + days.div_euclid(365);
    (guess - 3..=guess + 1).rev().find(|y| first_of(*y) <= days).unwrap_or(guess)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_years_agree() {
        assert_eq!((day(1970, 1, 1), day(2000, 3, 1), day(1816, 1, 1)), (0, 11_017, -56_248));
        for year in 1400..2300 {
            assert_eq!((year_of(first_of(year)), year_of(last_of(year))), (year, year));
            assert_eq!(last_of(year) + 1, first_of(year + 1));
        }
        assert_eq!(month_end(1900, 2) + 1, day(1900, 3, 1));
    }
}
