//! Text from outside (a source, a file, a policy, a path) made safe to show: one rule for every place.
//!
//! | where it goes | what becomes of a character that a terminal or a browser would obey |
//! |---|---|
//! | terminal, HTML, Markdown, JUnit | U+FFFD; white space becomes a space |
//! | CSV | the same, and a cell that a spreadsheet would run as a formula begins with an apostrophe |
//! | JSON | an escape, `\u001b`: the text is the same for who reads it |
//! | BibTeX | a space |
//! | Parquet, Arrow, Stata, R | nothing: they are data, and no terminal shows them |

use std::borrow::Cow;

/// Whether a terminal or a browser obeys a character instead of showing it: control characters, marks that reorder the
/// line, and letters that are never seen.
pub fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{180e}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text in one line, with everything that would be obeyed made visible: it becomes U+FFFD, white space becomes a space.
///
/// ```
/// assert_eq!(comity_record::foreign::clean("a\u{1b}[31mb\nc"), "a\u{fffd}[31mb c");
/// ```
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_obeyed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| match c {
                '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
                c if is_obeyed(c) => '\u{fffd}',
                c => c,
            })
            .collect(),
    )
}

/// The same for text of many lines, which keeps its lines and tabs.
pub fn clean_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        for (i, part) in line.split('\t').enumerate() {
            if i > 0 {
                out.push('\t');
            }
            out.push_str(&clean(part));
        }
        out.push('\n');
    }
    out
}

/// A whole page or screen on its way out, as the last check: line ends and tabs stay, and so do the codes for colours
/// (`ESC [ … m`) if `colours` says so.
pub fn checked(text: String, colours: bool) -> String {
    let fine = |c: char| matches!(c, '\n' | '\t') || !is_obeyed(c);
    if text.chars().all(fine) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let colour = if colours { colour_code(rest) } else { 0 };
        if colour > 0 {
            out.push_str(&rest[..colour]);
            rest = &rest[colour..];
            continue;
        }
        out.push(if fine(c) { c } else { '\u{fffd}' });
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// How many bytes of the text are a code for a colour or a weight.
fn colour_code(text: &str) -> usize {
    let Some(after) = text.strip_prefix("\u{1b}[") else { return 0 };
    let digits = after.bytes().take_while(|b| b.is_ascii_digit() || *b == b';').count();
    // Hidden text (8) is no colour.
    let hides = after[..digits].split(';').any(|part| part.trim_start_matches('0') == "8");
    if after.as_bytes().get(digits) == Some(&b'm') && !hides { 2 + digits + 1 } else { 0 }
}

/// JSON text in which every character that would be obeyed is an escape; its values are the same.
pub fn json(text: String) -> String {
    // Between the values of JSON there are line ends and blanks alone; everything else stands in a string.
    let fine = |c: char| c.is_ascii() && c != '\u{7f}' || !is_obeyed(c);
    if text.chars().all(fine) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if fine(c) {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                use std::fmt::Write;
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_obeyed_is_made_visible() {
        assert_eq!(
            clean("a\u{1b}]0;x\u{7}b\u{9b}c\u{202e}d\ne"),
            "a\u{fffd}]0;x\u{fffd}b\u{fffd}c\u{fffd}d e"
        );
        assert_eq!(clean("\u{61c}\u{2066}\u{e0041}\u{7f}"), "\u{fffd}".repeat(4));
        for untouched in ["Côte d’Ivoire", "中国", "جمهوری\u{200c}اسلامی"] {
            assert!(matches!(clean(untouched), Cow::Borrowed(_)));
        }
        assert_eq!(clean_lines("a\tb\r\n\u{8}c"), "a\tb\n\u{fffd}c\n");
    }

    #[test]
    fn a_screen_keeps_its_lines_and_colours_and_nothing_else() {
        let screen = "\u{1b}[1ma\u{1b}[0m\tb\n\u{1b}]0;x\u{7}\u{1b}[8mc\u{1b}[2Jd\u{202e}\r";
        assert_eq!(
            checked(screen.into(), true),
            "\u{1b}[1ma\u{1b}[0m\tb\n\u{fffd}]0;x\u{fffd}\u{fffd}[8mc\u{fffd}[2Jd\u{fffd}\u{fffd}"
        );
        assert_eq!(checked("\u{1b}[1ma\u{1b}".into(), false), "\u{fffd}[1ma\u{fffd}");
        assert_eq!(checked("\u{1b}[12".into(), true), "\u{fffd}[12");
    }

    #[test]
    fn json_says_the_same_in_escapes() {
        let value = serde_json::json!({"a\u{202e}": ["b\u{9b}\u{1b}\u{7f}", "é\u{e0041}"]});
        let text = json(serde_json::to_string_pretty(&value).unwrap());
        assert!(text.chars().all(|c| c == '\n' || !is_obeyed(c)), "{text}");
        assert!(text.contains("\\u202e") && text.contains("\\udb40\\udc41"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
