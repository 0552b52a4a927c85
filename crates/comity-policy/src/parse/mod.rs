//! From Markdown to a [`Policy`], with every error in it at once.
//!
//! Invariants: nothing here panics or blows up on any text; every span is in the normalised text on
//! character boundaries; a document with an error still gives a policy where one can be made out, so that its
//! queries can be checked in the same run, but such a policy must not be evaluated
//! ([`has_errors`](crate::diagnostic::has_errors)).
//! Queries are text here: planning them, and the columns they return, are checked against a session.

mod assemble;
mod attributes;
mod evidence;
mod fences;
mod front_matter;
mod headings;
mod outline;
mod section;
mod sections;
mod tables;
mod thresholds;
mod versions;
mod words;

use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, Diagnostics, LineIndex, is_unruly};
use crate::document::{Policy, Span};
pub use crate::text::normalise;
pub(crate) use fences::EVIDENCE as EVIDENCE_ATTRIBUTES;
pub(crate) use headings::KEYS as HEADING_ATTRIBUTES;
pub use words::NO_YEARS;

/// Largest document that is read, in bytes.
pub const LARGEST: usize = 1 << 20;

/// Most diagnostics of one run; a document with more has lost its form.
const MOST: usize = 100;

/// Reads a document. The policy is absent only when the document is no policy at all: too large, no headings
/// that can be read, no `id` or no `title`.
pub fn parse(file: &str, text: &str) -> (Option<Policy>, Vec<Diagnostic>) {
    let text = normalise(text);
    let mut out = Diagnostics::new();
    let policy = read(file, &text, &mut out);
    let (mut out, more) = out.first(MOST);
    if more > 0 {
        let end = Span { start: text.len(), end: text.len() };
        out.push(
            Diagnostic::warning("more", format!("and {more} more"), end)
                .with_help("mend these first"),
        );
    }
    (policy, out)
}

fn read(file: &str, text: &str, out: &mut Diagnostics) -> Option<Policy> {
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
    let mut sections =
        sections::Reader::new(text, from, matter.principles.as_deref(), out).read(&blocks);
    if sections.commitments.is_empty() && matter.id.is_some() {
        let at = Span { start: 0, end: text.find('\n').unwrap_or(text.len()) };
        out.push(
            Diagnostic::error("no-commitments", "the document has no commitments", at)
                .with_help("a commitment is a heading `## Title {#id .refrain}` with a fence `sql evidence name=…`"),
        );
    }
    let thresholds = std::mem::take(&mut sections.thresholds);
    thresholds::fill(&mut sections, &thresholds, out);
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
        acts: sections.acts,
        thresholds,
        helpers: sections.helpers.into_iter().map(|(h, _)| h).collect(),
        file: file.to_string(),
        text: text.to_string(),
    })
}

/// SHA-256, in hex, of the document's text: line ends, blanks at line ends and at the end do not count.
///
/// The bytes are those of the lines, each with a line feed: for a file without such blanks what `sha256sum` gives.
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

/// Control and reordering characters: the first of each line is reported.
fn unruly(text: &str, out: &mut Diagnostics) {
    let (mut last_line_end, mut found) = (0, 0);
    for (at, c) in text.char_indices().filter(|(_, c)| is_unruly(*c) && !matches!(c, '\n' | '\t')) {
        if at < last_line_end {
            continue;
        }
        last_line_end = text[at..].find('\n').map_or(text.len(), |n| at + n);
        let span = Span { start: at, end: at + c.len_utf8() };
        let message = format!("the control character U+{:04X} stands in the text", u32::from(c));
        out.push(Diagnostic::error("control-character", message, span).with_help("remove it"));
        found += 1;
        if found > MOST {
            return;
        }
    }
}
