//! What is wrong in a policy document, where, and the way out; and how that is shown as plain text.
//!
//! The rendering is our own: documents are hostile input, so everything printed from them is cut to a
//! width and freed of control characters, and the same input gives the same bytes everywhere.

use std::fmt::Write as _;

use serde::Serialize;

use crate::document::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// The document cannot be run.
    Error,
    /// It can be run, and is probably not what was meant.
    Warning,
}

/// A second place that explains the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where, in the normalised text.
    pub span: Span,
    /// What is there.
    pub text: String,
}

/// One thing that is wrong in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable kebab-case name, for machines.
    pub code: &'static str,
    /// What is wrong, with the value.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
    /// Where, in the normalised text ([`normalise`](crate::parse::normalise)).
    pub span: Span,
    /// Further places.
    pub labels: Vec<Label>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        let message = message.into();
        Self { severity: Severity::Error, code, message, help: None, span, labels: Vec::new() }
    }

    /// A warning at `span`.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// The same with the way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a further place.
    #[must_use]
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// As plain text: the message, the line with its place underlined, the help.
    pub fn render(&self, file: &str, text: &str) -> String {
        render_all(std::slice::from_ref(self), file, text, false)
    }
}

/// The diagnostics of one run, bounded: what comes after the first thousand of a kind is only counted.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    left_out: usize,
}

impl Diagnostics {
    /// Most errors, and most warnings, that are kept.
    const MOST: usize = 1_000;

    /// None yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One more.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        let kept = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if kept.len() < Self::MOST {
            kept.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// A help line: the nearest of `known`, else `otherwise`. No names are compared for errors that are only counted.
    pub(crate) fn suggest<'a>(
        &self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
        otherwise: &str,
    ) -> String {
        if self.errors.len() >= Self::MOST {
            return otherwise.to_owned();
        }
        let short: String = name.chars().take(80).collect();
        comity_record::nearest(&short, known).unwrap_or_else(|| otherwise.to_owned())
    }

    /// The first of them by place, at most `most`, and how many there are besides. Errors stay before warnings, so that
    /// none turns into success.
    pub(crate) fn first(mut self, most: usize) -> (Vec<Diagnostic>, usize) {
        let place = |d: &Diagnostic| (d.span.start, d.span.end);
        self.errors.sort_by_key(place);
        self.warnings.sort_by_key(place);
        let mut all = self.errors;
        all.append(&mut self.warnings);
        let more = all.len().saturating_sub(most) + self.left_out;
        all.truncate(most);
        all.sort_by_key(place);
        (all, more)
    }

    /// Whether there is none.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.warnings.is_empty()
    }
}

/// Whether any of them keeps the document from being run.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// All of them as text, a blank line between two; `colour` adds ANSI colours.
///
/// `text` may be the file as read: it is normalised first, like the parser does.
pub fn render_all(diagnostics: &[Diagnostic], file: &str, text: &str, colour: bool) -> String {
    let text = crate::text::normalise(text);
    let index = LineIndex::new(&text);
    let mut out = String::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        Page { out: &mut out, index: &index, file, colour }.diagnostic(diagnostic);
    }
    out
}

/// From bytes to lines and columns.
#[derive(Debug)]
pub struct LineIndex<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> LineIndex<'a> {
    /// The lines of `text`, which has `\n` line ends.
    pub fn new(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(ends).collect() }
    }

    /// Line and column of a byte, both from 1, the column in characters. A place past the end is the end.
    pub fn position(&self, byte: usize) -> (usize, usize) {
        let byte = self.floor(byte);
        let line = self.starts.partition_point(|s| *s <= byte);
        let start = self.starts[line - 1];
        (line, self.text[start..byte].chars().count() + 1)
    }

    /// The span of a line from 1, without its end; past the last line, the empty span at the end.
    pub fn line(&self, line: usize) -> Span {
        let Some(&start) = line.checked_sub(1).and_then(|l| self.starts.get(l)) else {
            return Span { start: self.text.len(), end: self.text.len() };
        };
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        Span { start, end }
    }

    /// The byte at a line and a column (in characters), both from 1, kept inside that line.
    pub fn byte(&self, line: usize, column: usize) -> usize {
        let span = self.line(line);
        let text = &self.text[span.start..span.end];
        let skip = column.saturating_sub(1);
        span.start + text.char_indices().nth(skip).map_or(text.len(), |(at, _)| at)
    }

    /// How many lines there are.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    fn floor(&self, byte: usize) -> usize {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    }
}

/// Whether a character could disturb a terminal or reorder what is read.
pub(crate) fn is_unruly(c: char) -> bool {
    comity_record::foreign::is_obeyed(c)
}

/// A value of the document inside a message: in backquotes, escaped, cut.
pub(crate) fn quote(value: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::from("`");
    for (at, c) in value.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        if is_unruly(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out.push('`');
    out
}

/// Columns that a character takes on a terminal; a table for the scripts that matter, not all of Unicode.
fn width(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}

/// Text from a document, as it may be printed.
fn tame(text: &str) -> String {
    text.chars().map(|c| if is_unruly(c) { '\u{fffd}' } else { c }).collect()
}

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[1;31m";
const YELLOW: &str = "\x1b[1;33m";
const BLUE: &str = "\x1b[1;34m";
const CYAN: &str = "\x1b[1;36m";

struct Page<'a> {
    out: &'a mut String,
    index: &'a LineIndex<'a>,
    file: &'a str,
    colour: bool,
}

impl Page<'_> {
    fn paint(&self, style: &str, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{style}{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }

    fn push(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn diagnostic(&mut self, d: &Diagnostic) {
        let (word, style) = match d.severity {
            Severity::Error => ("error", RED),
            Severity::Warning => ("warning", YELLOW),
        };
        let (line, column) = self.index.position(d.span.start);
        let furthest =
            d.labels.iter().map(|l| self.index.position(l.span.start).0).fold(line, usize::max);
        let gutter = furthest.to_string().len();
        let bar = self.paint(BLUE, &format!("{:gutter$} |", ""));

        let head = self.paint(style, &format!("{word}[{}]", d.code));
        let message = self.paint(BOLD, &format!(": {}", tame(&d.message)));
        self.push(&format!("{head}{message}"));
        let arrow = self.paint(BLUE, &format!("{:gutter$}-->", ""));
        self.push(&format!("{arrow} {}:{line}:{column}", tame(self.file)));
        self.push(&bar);
        self.snippet(d.span, gutter, '^', "", style);
        for label in &d.labels {
            if self.index.position(label.span.start).0 != line {
                let (line, column) = self.index.position(label.span.start);
                let arrow = self.paint(BLUE, &format!("{:gutter$}:::", ""));
                self.push(&format!("{arrow} {}:{line}:{column}", tame(self.file)));
            }
            self.snippet(label.span, gutter, '-', &label.text, BLUE);
        }
        if let Some(help) = &d.help {
            self.push(&bar);
            let equals = self.paint(BLUE, &format!("{:gutter$} =", ""));
            let word = self.paint(CYAN, "help:");
            self.push(&format!("{equals} {word} {}", tame(help)));
        }
    }

    /// One line of the document and what is under it. A long line is cut to a window around the place;
    /// a span over several lines is underlined to the end of its first.
    fn snippet(&mut self, span: Span, gutter: usize, mark: char, note: &str, style: &str) {
        const BEFORE: usize = 80;
        const AFTER: usize = 60;
        let (line, column) = self.index.position(span.start);
        let whole = self.index.line(line);
        let text = &self.index.text[whole.start..whole.end];
        let end = self.index.floor(span.end).clamp(whole.start, whole.end) - whole.start;
        let marked = text[..end].chars().count().saturating_sub(column - 1).max(1);

        let first = (column - 1).saturating_sub(BEFORE);
        let last = column - 1 + marked.min(AFTER) + AFTER;
        let (mut shown, mut under) = (String::new(), String::new());
        if first > 0 {
            shown.push('…');
            under.push(' ');
        }
        let mut chars = text.chars();
        for (at, c) in chars.by_ref().enumerate().skip(first).take(last - first) {
            let (c, cells) = match c {
                '\t' => (' ', 4),
                c if is_unruly(c) => ('\u{fffd}', 1),
                c => (c, width(c)),
            };
            shown.push(c);
            if c == ' ' {
                shown.extend(std::iter::repeat_n(' ', cells.saturating_sub(1)));
            }
            let inside = at + 1 >= column && at + 1 < column + marked;
            under.extend(std::iter::repeat_n(if inside { mark } else { ' ' }, cells));
        }
        if chars.next().is_some() {
            shown.push('…');
        }
        if !under.contains(mark) {
            under.push(mark);
        }
        let number = self.paint(BLUE, &format!("{line:gutter$} |"));
        self.push(&format!("{number} {shown}"));
        let bar = self.paint(BLUE, &format!("{:gutter$} |", ""));
        let mut marks = under.trim_end().to_string();
        if !note.is_empty() {
            let _ = write!(marks, " {}", tame(note));
        }
        // The style starts at the mark, not at the blanks before it.
        let blanks = marks.len() - marks.trim_start().len();
        let marks = format!("{}{}", &marks[..blanks], self.paint(style, &marks[blanks..]));
        self.push(&format!("{bar} {marks}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, what: &str) -> Span {
        let start = text.find(what).unwrap();
        Span { start, end: start + what.len() }
    }

    #[test]
    fn a_place_is_underlined_with_its_line_and_column() {
        let text = "one\n中国 | defence\nthree\n";
        let d = Diagnostic::error("unknown-column", "no column `defence`", at(text, "defence"))
            .with_help("did you mean `defense`?")
            .with_label(at(text, "one"), "the header");
        assert_eq!(
            d.render("p.md", text),
            "error[unknown-column]: no column `defence`\n --> p.md:2:6\n  |\n2 | 中国 | defence\n  |        ^^^^^^^\n ::: p.md:1:1\n1 | one\n  | --- the header\n  |\n  = help: did you mean `defense`?\n"
        );
    }

    #[test]
    fn nothing_from_the_document_reaches_the_terminal_as_a_command() {
        let text = "a\x1b[2J\u{202e}b";
        let d =
            Diagnostic::error("x", format!("bad {}", quote("\x1b[2J")), Span { start: 0, end: 99 })
                .with_help("say\x07 it");
        let shown = d.render("p\x1b.md", text);
        assert!(shown.chars().all(|c| c == '\n' || !is_unruly(c)), "{shown:?}");
        assert!(shown.contains("`\\u{1b}[2J`"));
    }

    #[test]
    fn a_long_line_is_cut_to_a_window() {
        let text = format!("{}HERE{}", "a".repeat(100_000), "b".repeat(100_000));
        let shown = Diagnostic::error("x", "m", at(&text, "HERE")).render("p.md", &text);
        assert!(shown.len() < 1_000, "{}", shown.len());
        assert!(shown.contains("HERE") && shown.contains(" ^^^^\n"), "{shown}");
    }

    #[test]
    fn lines_and_columns_go_both_ways() {
        let index = LineIndex::new("ä\nbc\n");
        assert_eq!(index.position(2), (1, 2));
        assert_eq!(index.position(4), (2, 2));
        assert_eq!(index.position(1), (1, 1), "inside a character: its start");
        assert_eq!(index.position(999), (3, 1));
        assert_eq!(index.byte(2, 2), 4);
        assert_eq!(index.byte(2, 99), 5);
        assert_eq!(index.line(9), Span { start: 6, end: 6 });
        assert_eq!(index.lines(), 3);
    }
}
