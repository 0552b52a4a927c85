//! Plain text that is safe on a terminal: control characters neutralised, ASCII where nothing else works.

// The rule is one for the whole program: `comity_record::foreign` says what it is.
pub use comity_record::foreign::{checked, clean, clean_lines, json};

/// A text without the codes that colour it in a terminal.
pub fn uncoloured(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// Whether the locale says that what reads standard output does not speak UTF-8.
pub fn ascii_only() -> bool {
    !locale_is_utf8(|name| std::env::var(name).ok())
}

fn locale_is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    // The first that is set decides (POSIX); where none is, terminals of today speak UTF-8.
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(variable)
        .find(|value| !value.is_empty())
        .is_none_or(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        })
}

/// The same text in ASCII, one character for one wherever columns depend on it.
pub fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => out.push(c),
            '–' | '—' | '−' | '‐' | '─' => out.push('-'),
            '▁' => out.push('_'),
            '▄' => out.push('+'),
            '▆' => out.push('*'),
            '░' => out.push(':'),
            '█' => out.push('#'),
            '◆' => out.push('X'),
            '·' => out.push('.'),
            '│' => out.push('|'),
            '‘' | '’' => out.push('\''),
            '“' | '”' => out.push('"'),
            '…' => out.push_str("..."),
            '→' => out.push_str("->"),
            '≥' => out.push_str(">="),
            '≤' => out.push_str("<="),
            '\u{a0}' | '\u{202f}' => out.push(' '),
            c => out.push(unaccented(c)),
        }
    }
    out
}

/// A letter without its marks; what has no such letter becomes `?`.
fn unaccented(c: char) -> char {
    const LETTERS: &[(&str, char)] = &[
        ("ÀÁÂÃÄÅĀĂĄ", 'A'),
        ("àáâãäåāăą", 'a'),
        ("ÇĆČ", 'C'),
        ("çćč", 'c'),
        ("ĎĐ", 'D'),
        ("ďđð", 'd'),
        ("ÈÉÊËĒĘĚ", 'E'),
        ("èéêëēęě", 'e'),
        ("ĞĢ", 'G'),
        ("ğģ", 'g'),
        ("ÌÍÎÏİĪ", 'I'),
        ("ìíîïıī", 'i'),
        ("ŁĻĽ", 'L'),
        ("łļľ", 'l'),
        ("ÑŃŇ", 'N'),
        ("ñńň", 'n'),
        ("ÒÓÔÕÖØŌŐ", 'O'),
        ("òóôõöøōő", 'o'),
        ("ŘŔ", 'R'),
        ("řŕ", 'r'),
        ("ŚŞŠȘ", 'S'),
        ("śşšș", 's'),
        ("ŤŢȚ", 'T'),
        ("ťţț", 't'),
        ("ÙÚÛÜŪŮŰ", 'U'),
        ("ùúûüūůű", 'u'),
        ("Ý", 'Y'),
        ("ýÿ", 'y'),
        ("ŹŻŽ", 'Z'),
        ("źżž", 'z'),
        ("×", 'x'),
    ];
    LETTERS.iter().find(|(marked, _)| marked.contains(c)).map_or('?', |(_, plain)| *plain)
}

/// Breaks text into lines of at most `width` characters at spaces; a longer word stands alone.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let size = word.chars().count();
        if length > 0 && length + 1 + size > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += size;
    }
    if length > 0 {
        lines.push(line);
    }
    lines
}

/// Columns of the terminal; 100 where there is none (a file, a pipe).
pub fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse::<usize>().ok());
    columns
        .or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0)))
        .unwrap_or(100)
        .clamp(40, 160)
}

/// Of what a next command repeats, the part that names the record: it comes first, and every command takes it.
pub fn of_record(repeat: &str) -> &str {
    const FLAG: &str = " --record ";
    let Some(value) = repeat.strip_prefix(FLAG) else { return "" };
    let (mut quoted, mut escaped) = (false, false);
    let end = value.find(|c| {
        quoted ^= c == '\'' && !escaped;
        escaped = c == '\\' && !quoted && !escaped;
        c == ' ' && !quoted
    });
    &repeat[..FLAG.len() + end.unwrap_or(value.len())]
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_made_visible() {
        assert_eq!(
            clean("a\u{1b}]0;x\u{7}b\u{9b}c\u{202e}d\ne"),
            "a\u{fffd}]0;x\u{fffd}b\u{fffd}c\u{fffd}d e"
        );
        assert!(matches!(clean("Côte d’Ivoire"), Cow::Borrowed(_)));
        assert_eq!(clean_lines("a\tb\r\n\u{8}c"), "a\tb\n\u{fffd}c\n");
    }

    #[test]
    fn the_locale_that_is_set_first_decides() {
        let with = |pairs: &'static [(&str, &str)]| {
            locale_is_utf8(move |n| {
                pairs.iter().find(|(k, _)| *k == n).map(|(_, v)| (*v).to_owned())
            })
        };
        assert!(with(&[("LANG", "de_CH.UTF-8")]));
        assert!(!with(&[("LC_ALL", "C"), ("LANG", "en_US.utf8")]));
        assert!(with(&[("LC_ALL", ""), ("LANG", "en_US.utf8")]));
        assert!(with(&[]));
    }

    #[test]
    fn ascii_keeps_the_columns_of_a_ribbon() {
        let signs: String =
            comity_policy::verdict::Form::ALL.map(crate::ribbon::sign).iter().collect();
        assert_eq!(ascii(&signs), "_+*#X:?-.");
        assert_eq!(ascii("Türkiye, Côte d’Ivoire"), "Turkiye, Cote d'Ivoire");
        assert_eq!(ascii("1950–61 …"), "1950-61 ...");
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible x", 5), ["incomprehensible", "x"]);
        assert!(wrap("", 5).is_empty());
    }

    #[test]
    fn a_command_for_the_record_repeats_the_record_alone() {
        assert_eq!(of_record(" --record my/record --policy p.md"), " --record my/record");
        assert_eq!(
            of_record(" --record 'my own record' --without A:B"),
            " --record 'my own record'"
        );
        assert_eq!(of_record(" --record 'it'\\''s here' --policy p"), " --record 'it'\\''s here'");
        assert_eq!(of_record(" --record r"), " --record r");
        assert_eq!(of_record(" --policy p.md"), "");
        assert_eq!(of_record(""), "");
    }
}
