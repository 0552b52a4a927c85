//! The Markdown structure: headings and fences with their places. Everything else is prose.

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};

use crate::diagnostic::LineIndex;
use crate::document::Span;

/// What matters of a Markdown block.
#[derive(Debug)]
pub(super) enum Block {
    /// A heading of the document itself (not inside a list or quotation).
    Heading {
        level: u8,
        /// Its text with its attributes, without marks.
        text: Span,
        /// Its lines.
        lines: Span,
    },
    /// A fenced block.
    Fence {
        /// What stands after the opening marks.
        info: Span,
        /// The text between the fences.
        body: Span,
        /// Its lines, fences included.
        lines: Span,
        closed: bool,
        /// Inside a list or quotation.
        nested: bool,
    },
}

/// Deepest nesting of quotations that is read.
const DEEPEST: usize = 50;

/// The first line whose quotations nest too deep to be read.
pub(super) fn too_deep(text: &str, index: &LineIndex<'_>) -> Option<Span> {
    let line = text.split('\n').position(|line| {
        let marks =
            line.bytes().take_while(|b| matches!(b, b'>' | b' ' | b'\t' | b'-' | b'*' | b'+'));
        // Lists are capped by comrak itself.
        marks.filter(|b| *b == b'>').count() > DEEPEST
    })?;
    Some(index.line(line + 1))
}

/// The blocks of `text` from byte `from` (the start of a line) on, in order.
pub(super) fn blocks(text: &str, from: usize, index: &LineIndex<'_>) -> Vec<Block> {
    let arena = Arena::new();
    let root = parse_document(&arena, &text[from..], &Options::default());
    let skipped = index.position(from).0 - 1;
    let mut found = Vec::new();
    for node in root.descendants() {
        let data = node.data.borrow();
        let nested =
            node.parent().is_none_or(|p| !matches!(p.data.borrow().value, NodeValue::Document));
        let first = index.line(data.sourcepos.start.line + skipped);
        let last = index
            .line((data.sourcepos.end.line + skipped).max(data.sourcepos.start.line + skipped));
        let lines = Span { start: first.start, end: (last.end + 1).min(text.len()) };
        match &data.value {
            NodeValue::Heading(h) if !nested => {
                let end = if h.setext {
                    index.line(data.sourcepos.end.line + skipped - 1).end
                } else {
                    first.end
                };
                let span = heading_text(
                    text,
                    Span { start: first.start, end: end.max(first.start) },
                    h.setext,
                );
                found.push(Block::Heading { level: h.level, text: span, lines });
            }
            NodeValue::CodeBlock(c) if c.fenced => {
                let opening = &text[first.start..first.end];
                let marks: String =
                    std::iter::repeat_n(char::from(c.fence_char), c.fence_length).collect();
                let info =
                    opening.find(&marks).map_or(first.end, |at| first.start + at + marks.len());
                let start = (first.end + 1).min(lines.end);
                let end = if c.closed { last.start.max(start) } else { lines.end };
                found.push(Block::Fence {
                    info: Span { start: info, end: first.end },
                    body: Span { start, end },
                    lines,
                    closed: c.closed,
                    nested,
                });
            }
            _ => {}
        }
    }
    found
}

/// The text of a heading without its marks, trimmed.
fn heading_text(text: &str, line: Span, setext: bool) -> Span {
    let raw = &text[line.start..line.end];
    let mut inner = raw.trim_start();
    if !setext {
        inner = inner.trim_start_matches('#').trim_start();
    }
    let start = line.start + raw.len() - inner.len();
    inner = inner.trim_end();
    if !setext {
        let unmarked = inner.trim_end_matches('#');
        if unmarked.is_empty() || unmarked.ends_with([' ', '\t']) {
            inner = unmarked.trim_end();
        }
    }
    Span { start, end: start + inner.len() }
}
