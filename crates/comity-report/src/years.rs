//! Years in words: spans, and lists of spans.

use std::fmt::Write as _;

/// `1950–61`, `1999–2004`, `1962`.
pub fn words(from: i32, to: i32) -> String {
    if from == to {
        format!("{from}")
    } else if from >= 1000 && from / 100 == to / 100 {
        format!("{from}–{:02}", to % 100)
    } else {
        format!("{from}–{to}")
    }
}

/// Runs of consecutive years; the input is in order.
pub fn spans(years: impl IntoIterator<Item = i32>) -> Vec<(i32, i32)> {
    let mut out: Vec<(i32, i32)> = Vec::new();
    for year in years {
        match out.last_mut() {
            Some((_, to)) if year <= *to + 1 => *to = year.max(*to),
            _ => out.push((year, year)),
        }
    }
    out
}

/// `1950–61, 1965, 1969–72 and 4 more spans`: the first `most` spans.
pub fn list(spans: &[(i32, i32)], most: usize) -> String {
    // Leaving one out saves nothing.
    let shown = if spans.len() <= most + 1 { spans.len() } else { most };
    let mut text =
        spans[..shown].iter().map(|&(from, to)| words(from, to)).collect::<Vec<_>>().join(", ");
    if shown < spans.len() {
        let _ = write!(text, " and {} more spans", spans.len() - shown);
    }
    text
}

/// The same from years in order.
pub fn list_of(years: impl IntoIterator<Item = i32>, most: usize) -> String {
    list(&spans(years), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_read_as_people_write_them() {
        assert_eq!(words(1950, 1961), "1950–61");
        assert_eq!(words(1999, 2004), "1999–2004");
        assert_eq!(words(1900, 1905), "1900–05");
        assert_eq!(words(1962, 1962), "1962");
        assert_eq!(list_of([1950, 1951, 1953, 1953, 1955], 9), "1950–51, 1953, 1955");
        assert_eq!(list_of([1, 3, 5, 7, 9].map(|y| 1950 + y), 2), "1951, 1953 and 3 more spans");
        assert_eq!(list_of([1951, 1953, 1955], 2), "1951, 1953, 1955");
        assert_eq!(list_of([], 2), "");
    }
}
