//! From Markdown to a [`Policy`], with everything that is wrong in it told at once.
//!
//! Invariants: nothing here panics or blows up on any text; every span lies in the normalised text on
//! character boundaries; a document with an error still gives a policy where one can be made out, so that its
//! queries can be checked in the same run, but such a policy must not be evaluated
//! ([`has_errors`](crate::diagnostic::has_errors)).
//! Queries are text here: planning them, and the columns they return, are checked against a session.

mod assemble;
mod attributes;
mod fences;
mod front_matter;
mod headings;
mod outline;
mod sections;
mod tables;
mod versions;

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, LineIndex, is_unruly};
use crate::document::{Policy, Span};

/// Largest document that is read, in bytes.
pub const LARGEST: usize = 1 << 20;

/// Coverage of a given table that is covered nowhere (`coverage=none`): a span without years.
pub const NO_YEARS: (i32, i32) = (1, 0);

/// Most diagnostics of one run; a document with more has lost its form.
const MOST: usize = 100;

/// Reads a document. The policy is absent only when the document is no policy at all: too large, no headings
/// that can be read, no `id` or no `title`.
pub fn parse(file: &str, text: &str) -> (Option<Policy>, Vec<Diagnostic>) {
    let text = normalise(text);
    let mut out = Vec::new();
    let policy = read(file, &text, &mut out);
    out.sort_by_key(|d| (d.span.start, d.span.end));
    if out.len() > MOST {
        let more = out.len() - MOST;
        // What is left out is counted; errors stay before warnings, so that none turns into success.
        out.sort_by_key(|d| (d.severity, d.span.start, d.span.end));
        out.truncate(MOST);
        out.sort_by_key(|d| (d.span.start, d.span.end));
        let end = Span { start: text.len(), end: text.len() };
        out.push(
            Diagnostic::warning("more", format!("and {more} more"), end)
                .with_help("mend these first"),
        );
    }
    (policy, out)
}

fn read(file: &str, text: &str, out: &mut Vec<Diagnostic>) -> Option<Policy> {
    if text.len() > LARGEST {
        out.push(
            Diagnostic::error(
                "too-large",
                format!("the document has {} bytes", text.len()),
                Span::default(),
            )
            .with_help(format!("a document has at most {LARGEST}; split it")),
        );
        return None;
    }
    let index = LineIndex::new(text);
    unruly(text, out);
    if let Some(line) = outline::too_deep(text, &index) {
        out.push(
            Diagnostic::error("too-deep", "quotations nest too deep to be read", line)
                .with_help("write it flatter"),
        );
        return None;
    }
    let (matter, from) = front_matter::read(text, out);
    let blocks = outline::blocks(text, from, &index);
    let sections =
        sections::Reader::new(text, from, matter.principles.as_deref(), out).read(&blocks);
    if sections.commitments.is_empty() && matter.id.is_some() {
        let at = Span { start: 0, end: text.find('\n').unwrap_or(text.len()) };
        out.push(
            Diagnostic::error("no-commitments", "the document has no commitments", at)
                .with_help("a commitment is a heading `## Title {#id .refrain}` with a fence `sql evidence name=…`"),
        );
    }
    let commitments = assemble::commitments(sections.commitments, out);
    let articles = assemble::articles(sections.articles, &commitments, out);
    Some(Policy {
        id: matter.id?,
        title: matter.title?,
        holder: matter.holder,
        adopted: matter.adopted,
        principles: matter.principles.unwrap_or_default(),
        articles,
        commitments,
        helpers: sections.helpers.into_iter().map(|(h, _)| h).collect(),
        file: file.to_string(),
        text: text.to_string(),
    })
}

/// The text as every span counts it: without a byte order mark, line ends as `\n`.
pub fn normalise(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

/// SHA-256, in hex, of the document's text: line ends, blanks at line ends and at the end do not count.
pub fn fingerprint(policy: &Policy) -> String {
    let text = normalise(&policy.text);
    let mut hash = Sha256::new();
    for line in text.trim_end().lines() {
        hash.update(line.trim_end().as_bytes());
        hash.update(b"\n");
    }
    comity_record::hex(&hash.finalize())
}

/// A short policy with comments, to start from (`comity policy new`).
pub fn template() -> &'static str {
    include_str!("../template.md")
}

/// Control and reordering characters: the first of each line is told.
fn unruly(text: &str, out: &mut Vec<Diagnostic>) {
    let mut last_line_end = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| is_unruly(*c) && !matches!(c, '\n' | '\t')) {
        if at < last_line_end {
            continue;
        }
        last_line_end = text[at..].find('\n').map_or(text.len(), |n| at + n);
        let span = Span { start: at, end: at + c.len_utf8() };
        let message = format!("the control character U+{:04X} stands in the text", u32::from(c));
        out.push(Diagnostic::error("control-character", message, span).with_help("remove it"));
        if out.len() > MOST {
            return;
        }
    }
}

/// A help line: the nearest of `known`, else `otherwise`.
fn suggest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    let short: String = name.chars().take(80).collect();
    comity_record::nearest(&short, known).unwrap_or_else(|| otherwise.to_string())
}

/// Four digits.
fn year(text: &str) -> Option<i32> {
    let fine = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && text != "0000";
    if fine { text.parse().ok() } else { None }
}

fn is_kebab(id: &str) -> bool {
    id.len() <= 80
        && !id.is_empty()
        && id.split('-').all(|p| {
            !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn is_identifier(name: &str) -> bool {
    name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// An id made from a title: letters and digits of any script in lower case, hyphens between.
fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12);
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(80).collect();
    if slug.is_empty() { "article".into() } else { slug }
}
