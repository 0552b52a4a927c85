//! Numbers and times out of the bytes of a cell, without a text in between.

use jiff::civil::Date;

use crate::event::NONE;

/// A whole number without a sign.
pub(crate) fn unsigned(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > 19 {
        return None;
    }
    let mut sum = 0_u64;
    for byte in cell {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        sum = sum.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    Some(sum)
}

/// A count; an empty cell is none, and what is no count is an error.
pub(crate) fn count(cell: &[u8]) -> Result<i32, ()> {
    if cell.is_empty() {
        return Ok(NONE);
    }
    unsigned(cell).and_then(|n| i32::try_from(n).ok()).ok_or(())
}

/// A score from −10 to 10 in thousandths; an empty cell is none.
pub(crate) fn thousandths(cell: &[u8]) -> Result<i32, ()> {
    let (sign, digits) = match cell {
        [] => return Ok(NONE),
        [b'-', rest @ ..] => (-1, rest),
        rest => (1, rest),
    };
    let point = digits.iter().position(|b| *b == b'.').unwrap_or(digits.len());
    let (whole, part) = (&digits[..point], digits.get(point + 1..).unwrap_or_default());
    if whole.is_empty() && part.is_empty() {
        return Err(());
    }
    let whole = if whole.is_empty() { 0 } else { unsigned(whole).ok_or(())? };
    let mut thousandths = 0;
    for at in 0..3 {
        let digit = part.get(at).map_or(0, |b| b.wrapping_sub(b'0'));
        if digit > 9 {
            return Err(());
        }
        thousandths = thousandths * 10 + i32::from(digit);
    }
    if part.len() > 3 && !part[3..].iter().all(u8::is_ascii_digit) {
        return Err(());
    }
    match whole {
        0..=9 => Ok(sign * (whole as i32 * 1000 + thousandths)),
        10 if thousandths == 0 => Ok(sign * 10_000),
        _ => Err(()),
    }
}

/// The day of a date of the calendar, as days since 1970-01-01.
pub(crate) fn day(year: u64, month: u64, day: u64) -> Option<i32> {
    let (year, month, day) = (year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?);
    Some(days_since(Date::new(year, month, day).ok()?))
}

/// Days since 1970-01-01.
pub(crate) fn days_since(date: Date) -> i32 {
    let since = date.since(Date::constant(1970, 1, 1)).map(|s| s.get_days());
    since.unwrap_or(0)
}

/// The date of a day; of one that is no date, the first or the last that is.
pub fn date(day: i32) -> Date {
    let since = jiff::Span::new().try_days(day).unwrap_or_default();
    Date::constant(1970, 1, 1).saturating_add(since)
}

/// The day of eight figures, `YYYYMMDD`.
pub(crate) fn day_of(figures: u64) -> Option<i32> {
    if !(10_000_000..=99_999_999).contains(&figures) {
        return None;
    }
    day(figures / 10_000, figures / 100 % 100, figures % 100)
}

/// A date as the formats write it: `2018-01-31`, `20180131`, `1/31/2018`, with or without a time after it.
pub(crate) fn written_day(text: &str) -> Option<i32> {
    let text = text.trim();
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return day_of(text.parse().ok()?);
    }
    let parts = |mark: char| -> Option<[u64; 3]> {
        let mut parts = text.split(mark).map(|p| unsigned(p.as_bytes()));
        let three = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(three)
    };
    if let Some([year, month, number]) = parts('-') {
        return (text.len() == 10).then(|| day(year, month, number)).flatten();
    }
    let [month, number, year] = parts('/')?;
    if year < 1000 { None } else { day(year, month, number) }
}

/// The last day and time that were asked for: the same ones come again and again.
#[derive(Debug, Default)]
pub(crate) struct Days {
    days: [(u64, i32); 2],
    times: (u64, i64),
}

impl Days {
    /// The day of eight figures.
    pub(crate) fn day(&mut self, figures: u64) -> Option<i32> {
        if let Some((_, day)) = self.days.iter().find(|(f, _)| *f == figures && figures > 0) {
            return Some(*day);
        }
        let day = day_of(figures)?;
        self.days.swap(0, 1);
        self.days[0] = (figures, day);
        Some(day)
    }

    /// Seconds since 1970-01-01 of eight figures (its day) or fourteen (`YYYYMMDDHHMMSS`).
    pub(crate) fn time(&mut self, figures: u64) -> Option<i64> {
        if self.times.0 == figures && figures > 0 {
            return Some(self.times.1);
        }
        let (day, clock) = match figures {
            0..=99_999_999 => (figures, 0),
            _ => (figures / 1_000_000, figures % 1_000_000),
        };
        let (hour, minute, second) = (clock / 10_000, clock / 100 % 100, clock % 100);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds =
            i64::from(self.day(day)?) * 86_400 + (hour * 3600 + minute * 60 + second) as i64;
        self.times = (figures, seconds);
        Some(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_keep_their_thousandths() {
        for (text, is) in [
            ("2.8", Ok(2800)),
            ("-4.4", Ok(-4400)),
            ("-10.0", Ok(-10_000)),
            ("10", Ok(10_000)),
            ("0", Ok(0)),
            ("-.5", Ok(-500)),
            ("3.14159", Ok(3141)),
            ("", Ok(NONE)),
            ("10.1", Err(())),
            ("11", Err(())),
            ("-", Err(())),
            ("1e3", Err(())),
            ("1.2.3", Err(())),
        ] {
            assert_eq!(thousandths(text.as_bytes()), is, "{text}");
        }
    }

    #[test]
    fn days_and_times_are_those_of_the_calendar() {
        let mut days = Days::default();
        assert_eq!(days.day(19_700_101), Some(0));
        assert_eq!(days.day(18_160_101), Some(-56_248));
        assert_eq!(days.day(20_180_229), None);
        assert_eq!(days.day(20_000_229), Some(11_016));
        assert_eq!(days.time(20_180_101_001_500), Some(1_514_765_700));
        assert_eq!(days.time(20_180_101_240_000), None);
        assert_eq!(days.time(20_180_101), Some(1_514_764_800));
        for text in ["2018-01-31", "20180131", "1/31/2018", "2018-01-31 00:00:00.000"] {
            assert_eq!(written_day(text), day_of(20_180_131), "{text}");
        }
        for text in ["00:00.0", "2018-1-1", "2018-02-30", "31/1/2018", "1/2/18", "", "2018-01"] {
            assert_eq!(written_day(text), None, "{text}");
        }
        assert_eq!(date(11_016).to_string(), "2000-02-29");
        assert_eq!(date(i32::MAX).to_string(), "1970-01-01");
    }
}
