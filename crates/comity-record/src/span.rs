//! Spans of years as people write them.

/// The two years of `1946-2010`, `1946–2010` or `1946..2010`, in the order in which they are written; one year alone is both.
/// None where a year is not a whole number.
pub fn span(text: &str) -> Option<(i32, i32)> {
    let (from, to) =
        text.split_once("..").or_else(|| text.split_once(['-', '–'])).unwrap_or((text, text));
    Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn every_way_to_write_a_span_is_read() {
        for text in ["1946-2010", "1946–2010", "1946..2010", " 1946 .. 2010 "] {
            assert_eq!(span(text), Some((1946, 2010)), "{text}");
        }
        assert_eq!(span("1950"), Some((1950, 1950)));
        assert_eq!(span("2010-1946"), Some((2010, 1946)));
        for text in ["", "..", "1946-", "-1946", "a-b", "1946-2010-2011"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
