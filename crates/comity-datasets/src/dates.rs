//! Days written with the year last: whether the day or the month comes first is a matter of the column, not of the cell.

use jiff::civil::Date;

/// In which order a column has days and months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
    /// Each of its cells could be either.
    Unknown,
    /// Some of its cells are the one and some the other, as spreadsheets leave them that read a part of a column in their own order.
    Both,
}

/// A date in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// With the year first; none: it does not exist.
    YearFirst(Option<Date>),
    /// Two numbers, and the year.
    YearLast(i8, i8, i16),
}

/// The parts of a date, without a time of day after it.
pub(crate) fn parts(cell: &str) -> Option<Parts> {
    let day = cell.split([' ', 'T']).next().unwrap_or(cell);
    let mut parts = day.split(['-', '/', '.', ':']);
    let [one, two, three] = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() {
        return None;
    }
    let small = |part: &str| part.parse::<i8>().ok();
    let year = |part: &str| (part.len() == 4).then(|| part.parse::<i16>().ok())?;
    match (year(one), year(three)) {
        (Some(y), _) => Some(Parts::YearFirst(Date::new(y, small(two)?, small(three)?).ok())),
        (None, Some(y)) => Some(Parts::YearLast(small(one)?, small(two)?, y)),
        _ => None,
    }
}

/// In which order a column has days and months.
pub(crate) fn order<'a>(cells: impl Iterator<Item = &'a str>) -> Order {
    let (mut day_first, mut month_first) = (false, false);
    for cell in cells {
        if let Some(Parts::YearLast(one, two, _)) = parts(cell) {
            day_first |= one > 12;
            month_first |= two > 12;
        }
    }
    match (day_first, month_first) {
        (true, false) => Order::DayFirst,
        (false, true) => Order::MonthFirst,
        (false, false) => Order::Unknown,
        (true, true) => Order::Both,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_says_which_comes_first() {
        for (cells, expected) in [
            (&["1/2/1990", "31/1/1990"][..], Order::DayFirst),
            (&["1/2/1990", "1/31/1990 00:00:00"], Order::MonthFirst),
            (&["1/2/1990", "", "1990-12-31"], Order::Unknown),
            (&["13.1.1990", "1.13.1990"], Order::Both),
        ] {
            assert_eq!(order(cells.iter().copied()), expected, "{cells:?}");
        }
        assert_eq!(parts("01:11:2008"), Some(Parts::YearLast(1, 11, 2008)));
        assert_eq!(parts("1990-02-30"), Some(Parts::YearFirst(None)));
        assert_eq!((parts("1/2/90"), parts("32874"), parts("1-1-2008-1")), (None, None, None));
    }
}
