//! The TOML between two lines of `+++` at the top of the document.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::words::is_kebab;
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::Span;

/// Most bytes of front matter.
const LONGEST: usize = 64 << 10;
/// Most principles of a policy.
const MOST_PRINCIPLES: usize = 200;
const KEYS: [&str; 5] = ["id", "title", "holder", "adopted", "principles"];
const EXAMPLE: &str = "a document starts with front matter: a line `+++`, then `id = \"…\"` and `title = \"…\"`, then a line `+++`";

/// What the front matter says; what is missing or wrong is absent.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    pub id: Option<String>,
    pub title: Option<String>,
    pub holder: Option<String>,
    pub adopted: Option<String>,
    /// Absent when the front matter could not be read, so that nothing is held against the commitments.
    pub principles: Option<Vec<String>>,
}

/// Reads it, and says at which byte the document goes on.
pub(super) fn read(text: &str, out: &mut Diagnostics) -> (FrontMatter, usize) {
    let first_line = Span { start: 0, end: text.find('\n').unwrap_or(text.len()) };
    if text[..first_line.end].trim_end() != "+++" {
        let help = if text.starts_with("---") {
            "front matter is TOML between lines of `+++`, not YAML between `---`"
        } else {
            EXAMPLE
        };
        out.push(
            Diagnostic::error("no-front-matter", "the document has no front matter", first_line)
                .with_help(help),
        );
        return (FrontMatter::default(), 0);
    }
    let start = (first_line.end + 1).min(text.len());
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if at - start > LONGEST {
            break;
        }
        if line.trim_end() == "+++" {
            return (table(&text[start..at], start, out), at + line.len());
        }
        at += line.len();
    }
    if at - start > LONGEST {
        out.push(
            Diagnostic::error(
                "too-large",
                "the front matter is too long, or not closed",
                first_line,
            )
            .with_help(format!("it has at most {LONGEST} bytes, and ends with a line `+++`")),
        );
        return (FrontMatter::default(), text.len());
    }
    out.push(
        Diagnostic::error("unclosed-front-matter", "the front matter is not closed", first_line)
            .with_help("end it with a line `+++`"),
    );
    (FrontMatter::default(), text.len())
}

fn table(toml: &str, base: usize, out: &mut Diagnostics) -> FrontMatter {
    // An error at the end of the TOML is shown on its last line, not on the closing `+++`.
    let place = |range: std::ops::Range<usize>| {
        let start = range.start.min(toml.trim_end().len());
        Span { start: base + start, end: base + range.end.clamp(start, toml.len().max(start)) }
    };
    let (table, errors) = DeTable::parse_recoverable(toml);
    for error in &errors {
        let span = place(error.span().unwrap_or_default());
        let what = error.message().lines().next().unwrap_or("it cannot be read");
        out.push(
            Diagnostic::error("malformed-front-matter", format!("malformed TOML in the front matter: {what}"), span)
                .with_help("a line is `key = value`; text stands in quotes, a date does not, a list is `[\"a\", \"b\"]`"),
        );
    }
    let mut matter = FrontMatter::default();
    for (key, value) in table.get_ref() {
        let span = place(value.span());
        match key.get_ref().as_ref() {
            "id" => {
                matter.id = text_of("id", value, span, out).filter(|id| kebab_id(id, span, out));
            }
            "title" => matter.title = text_of("title", value, span, out),
            "holder" => {
                matter.holder =
                    text_of("holder", value, span, out).filter(|h| abbreviation(h, span, out));
            }
            "adopted" => matter.adopted = date(value, span, out),
            "principles" => matter.principles = Some(principles(value, &place, out)),
            other => out.push(
                Diagnostic::error(
                    "unknown-key",
                    format!("unknown key {} in the front matter", quote(other)),
                    place(key.span()),
                )
                .with_help(out.suggest(
                    other,
                    KEYS,
                    "the keys are `id`, `title`, `holder`, `adopted` and `principles`",
                )),
            ),
        }
    }
    if errors.is_empty() {
        matter.principles.get_or_insert_default();
        // The opening line, just above.
        let opening = Span { start: 0, end: 3 };
        for (key, example) in
            [("id", "independent-peace"), ("title", "An independent policy of peace")]
        {
            if !table.get_ref().keys().any(|k| k.get_ref() == key) {
                out.push(
                    Diagnostic::error(
                        "missing-key",
                        format!("the front matter has no `{key}`"),
                        opening,
                    )
                    .with_help(format!("add a line `{key} = \"{example}\"`")),
                );
            }
        }
    }
    matter
}

fn text_of(
    key: &str,
    value: &Spanned<DeValue<'_>>,
    span: Span,
    out: &mut Diagnostics,
) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text)
            if !text.trim().is_empty() && !text.contains(crate::diagnostic::is_unruly) =>
        {
            Some(text.trim().to_string())
        }
        DeValue::String(_) => {
            let message = format!("`{key}` is empty, or holds line ends or control characters");
            out.push(
                Diagnostic::error("bad-value", message, span)
                    .with_help("write one line of plain text"),
            );
            None
        }
        _ => {
            out.push(
                Diagnostic::error("bad-value", format!("`{key}` is not text"), span)
                    .with_help(format!("write it in quotes: `{key} = \"…\"`")),
            );
            None
        }
    }
}

fn kebab_id(id: &str, span: Span, out: &mut Diagnostics) -> bool {
    let fine = is_kebab(id);
    if !fine {
        out.push(
            Diagnostic::error("bad-id", format!("{} is not an id", quote(id)), span)
                .with_help("an id is at most 80 lower-case letters, digits and hyphens, for example `independent-peace`"),
        );
    }
    fine
}

fn abbreviation(holder: &str, span: Span, out: &mut Diagnostics) -> bool {
    let fine = holder.len() == 3 && holder.bytes().all(|b| b.is_ascii_uppercase());
    if !fine {
        out.push(
            Diagnostic::error("bad-holder", format!("the holder {} is not an abbreviation of a state", quote(holder)), span)
                .with_help("write the three capital letters of the Correlates of War, for example `CHN`; `comity states NAME` finds them"),
        );
    }
    fine
}

fn date(value: &Spanned<DeValue<'_>>, span: Span, out: &mut Diagnostics) -> Option<String> {
    let written = match value.get_ref() {
        DeValue::Datetime(d) if d.time.is_none() => d.to_string(),
        DeValue::String(text) => text.trim().to_string(),
        _ => String::new(),
    };
    let fine = written.len() == 10 && written.parse::<jiff::civil::Date>().is_ok();
    if !fine {
        let message = if written.is_empty() {
            "`adopted` is not a date".to_string()
        } else {
            format!("`adopted` is {}, which is not a date", quote(&written))
        };
        out.push(
            Diagnostic::error("bad-date", message, span)
                .with_help("write a day that exists as `adopted = 1949-10-01`"),
        );
    }
    fine.then_some(written)
}

fn principles(
    value: &Spanned<DeValue<'_>>,
    place: &impl Fn(std::ops::Range<usize>) -> Span,
    out: &mut Diagnostics,
) -> Vec<String> {
    let help = "write a list of words: `principles = [\"sovereignty\", \"non-aggression\"]`";
    let DeValue::Array(items) = value.get_ref() else {
        out.push(
            Diagnostic::error("bad-value", "`principles` is not a list", place(value.span()))
                .with_help(help),
        );
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let span = place(item.span());
        if at == MOST_PRINCIPLES {
            out.push(
                Diagnostic::error("too-large", "the policy has too many principles", span)
                    .with_help(format!("a policy has at most {MOST_PRINCIPLES}")),
            );
            break;
        }
        match item.get_ref() {
            DeValue::String(name) if is_kebab(name) && names.iter().all(|n| n != name) => {
                names.push(name.to_string());
            }
            DeValue::String(name) if is_kebab(name) => out.push(
                Diagnostic::error(
                    "duplicate-principle",
                    format!("the principle {} stands twice", quote(name)),
                    span,
                )
                .with_help("remove one"),
            ),
            _ => out.push(
                Diagnostic::error(
                    "bad-value",
                    "a principle is a word of lower-case letters, digits and hyphens",
                    span,
                )
                .with_help(help),
            ),
        }
    }
    names
}
