//! Days since 1970 and years, by the Gregorian calendar.

/// First and last day of a span, as days since 1970.
pub(crate) type Days = (i32, i32);

/// The days that two spans share.
pub(crate) fn overlap(one: Days, two: Days) -> Option<Days> {
    let shared = (one.0.max(two.0), one.1.min(two.1));
    (shared.0 <= shared.1).then_some(shared)
}

/// Years before and after those of any list of states: a date outside them is only compared, and counts as the nearest of them.
const YEARS: (i32, i32) = (-1_000_000, 1_000_000);

/// The day of a date.
pub(crate) fn day(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = (year.clamp(YEARS.0, YEARS.1), month.clamp(1, 12));
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
    if month >= 12 { last_of(year) } else { day(year, month + 1, 1) - 1 }
}

/// The year of a day.
pub(crate) fn year_of(days: i32) -> i32 {
    month_of(days).0
}

/// The year and month of a day.
pub(crate) fn month_of(days: i32) -> (i32, i32) {
    // Civil from days: the inverse of `day`.
    let days = i64::from(days) + 719_468;
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // The days from January on are those after ten months of a year that begins in March.
    let year = year_of_era + days.div_euclid(146_097) * 400 + i64::from(of_year >= 306);
    let month = (5 * of_year + 2) / 153;
    (year as i32, (month + 2) as i32 % 12 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_years_agree() {
        assert_eq!((day(1970, 1, 1), day(2000, 3, 1), day(1816, 1, 1)), (0, 11_017, -56_248));
        for year in (-4..3000).chain([-900_000, 900_000]) {
            assert_eq!((year_of(first_of(year)), year_of(last_of(year))), (year, year));
            assert_eq!(last_of(year) + 1, first_of(year + 1));
        }
        assert_eq!(month_end(1900, 2) + 1, day(1900, 3, 1));
        for (year, month) in (1895..2005).flat_map(|y| (1..=12).map(move |m| (y, m))) {
            let ends = [day(year, month, 1), month_end(year, month)].map(month_of);
            assert_eq!(ends, [(year, month); 2]);
        }
        // The first and the last day that there is.
        assert_eq!((year_of(i32::MIN), year_of(i32::MAX)), (-5_877_641, 5_881_580));
    }

    #[test]
    fn impossible_years_and_months_are_compared_and_no_more() {
        let ends = [i32::MIN, -5_800_000, 5_800_000, i32::MAX].map(first_of);
        assert!(ends.is_sorted() && ends[1] < first_of(1) && first_of(9_999) < ends[2]);
        assert_eq!(day(1990, i32::MAX, 1), day(1990, 12, 1));
        assert!(last_of(i32::MIN) < last_of(i32::MAX));
        assert_eq!(overlap((0, 5), (5, 9)), Some((5, 5)));
        assert_eq!(overlap((0, 5), (6, 9)), None);
    }
}
