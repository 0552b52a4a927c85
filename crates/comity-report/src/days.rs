//! Days in words: `20 Oct – 22 Nov 1962`.

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A span of days as in ISO 8601; none where its first day is not known.
pub fn span(since: Option<&str>, until: Option<&str>) -> Option<String> {
    let (y, m, d) = parts(since?)?;
    let Some(end) = until else { return Some(format!("from {d} {m} {y}")) };
    let (to_y, to_m, to_d) = parts(end)?;
    Some(if since == until {
        format!("{d} {m} {y}")
    } else if (y, m) == (to_y, to_m) {
        format!("{d}–{to_d} {m} {y}")
    } else if y == to_y {
        format!("{d} {m} – {to_d} {to_m} {y}")
    } else {
        format!("{d} {m} {y} – {to_d} {to_m} {to_y}")
    })
}

fn parts(day: &str) -> Option<(i32, &'static str, u32)> {
    let mut parts = day.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: usize = parts.next()?.parse().ok()?;
    let month = MONTHS.get(month.checked_sub(1)?)?;
    Some((year, month, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_people_write_them() {
        let say = |since, until| span(Some(since), Some(until)).unwrap();
        assert_eq!(say("1962-10-20", "1962-11-22"), "20 Oct – 22 Nov 1962");
        assert_eq!(say("1962-10-02", "1962-10-22"), "2–22 Oct 1962");
        assert_eq!(say("1962-10-20", "1962-10-20"), "20 Oct 1962");
        assert_eq!(say("1950-10-16", "1953-07-27"), "16 Oct 1950 – 27 Jul 1953");
        assert_eq!(span(Some("1962-10-20"), None).unwrap(), "from 20 Oct 1962");
        assert_eq!(span(None, Some("1962-10-20")), None);
        assert_eq!(span(Some("1962-13-20"), None), None);
    }
}
