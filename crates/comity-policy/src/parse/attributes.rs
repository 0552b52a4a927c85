//! Words after a heading or a fence: `#id .class key=value key="several words" word`.

use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::Span;

/// Most attributes of one heading or fence.
const MOST_WORDS: usize = 64;
/// Most names or codes in one value.
const MOST_PARTS: usize = 1_000;

/// What one word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `#id`
    Id(String),
    /// `.class`
    Class(String),
    /// `key=value`, with where the value stands.
    Pair(String, String, Span),
    /// Anything else.
    Word(String),
}

/// The words of `text`, which starts at byte `base` of the document.
pub(super) fn tokens(text: &str, base: usize, out: &mut Diagnostics) -> Vec<(Token, Span)> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return found;
        }
        let start = text.len() - rest.len();
        let (length, closed) = word_length(rest);
        let word = &rest[..length];
        let span = Span { start: base + start, end: base + start + length };
        if found.len() == MOST_WORDS {
            out.push(
                Diagnostic::error("too-large", "the line has too many attributes", span)
                    .with_help(format!("a heading or fence has at most {MOST_WORDS}")),
            );
            return found;
        }
        if !closed {
            out.push(
                Diagnostic::error(
                    "unclosed-quote",
                    format!("the quote in {} is not closed", quote(word)),
                    span,
                )
                .with_help("close it with `\"`"),
            );
        }
        found.push((token(word, span), span));
        rest = &rest[length..];
    }
}

/// How many bytes the first word takes (quotes keep blanks inside), and whether its quote is closed.
fn word_length(text: &str) -> (usize, bool) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => return (at, true),
            _ => {}
        }
    }
    (text.len(), !quoted)
}

fn token(word: &str, span: Span) -> Token {
    if let Some(id) = word.strip_prefix('#') {
        return Token::Id(id.into());
    }
    if let Some(class) = word.strip_prefix('.') {
        return Token::Class(class.into());
    }
    let Some((key, value)) = word.split_once('=') else { return Token::Word(word.into()) };
    let mut at = Span { start: span.start + key.len() + 1, end: span.end };
    let mut value = value;
    if let Some(open) = value.strip_prefix('"') {
        value = open;
        at.start += 1;
        if let Some(inner) = value.strip_suffix('"') {
            value = inner;
            at.end -= 1;
        }
    }
    Token::Pair(key.into(), value.into(), at)
}

/// The blank-separated (or comma-separated) parts of a value, each with its place.
pub(super) fn parts(value: &str, at: Span, out: &mut Diagnostics) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let mut start = None;
    let ends = value.char_indices().chain(std::iter::once((value.len(), ' ')));
    for (here, c) in ends {
        let gap = c.is_whitespace() || c == ',';
        match (gap, start) {
            (false, None) => start = Some(here),
            (true, Some(from)) => {
                let place = Span { start: at.start + from, end: at.start + here };
                if found.len() == MOST_PARTS {
                    out.push(
                        Diagnostic::error("too-large", "the value lists too many names", place)
                            .with_help(format!("a value lists at most {MOST_PARTS}")),
                    );
                    return found;
                }
                found.push((value[from..here].to_string(), place));
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_places() {
        let text = "#a .refrain principles=\"x y\" sql";
        let mut errors = Diagnostics::new();
        let found = tokens(text, 10, &mut errors);
        assert!(errors.is_empty());
        assert_eq!(found[0], (Token::Id("a".into()), Span { start: 10, end: 12 }));
        assert_eq!(found[1].0, Token::Class("refrain".into()));
        let Token::Pair(key, value, at) = &found[2].0 else { panic!("{found:?}") };
        assert_eq!((key.as_str(), value.as_str()), ("principles", "x y"));
        assert_eq!(&text[at.start - 10..at.end - 10], "x y");
        assert_eq!(found[3].0, Token::Word("sql".into()));
        let parts = parts(value, *at, &mut errors);
        assert_eq!(parts[1].0, "y");
        assert_eq!(&text[parts[1].1.start - 10..parts[1].1.end - 10], "y");
    }

    #[test]
    fn an_open_quote_is_reported_and_ends_with_the_line() {
        let mut errors = Diagnostics::new();
        let found = tokens("name=\"a b", 0, &mut errors);
        assert_eq!(found.len(), 1);
        assert!(tokens("x=\"", 0, &mut errors).len() == 1);
        assert_eq!(errors.first(1).0[0].code, "unclosed-quote");
    }
}
