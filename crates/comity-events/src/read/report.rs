//! What became of the lines of a file.

use std::collections::BTreeMap;
use std::fmt;

/// How many lines of one kind are named.
const NAMED: usize = 5;

/// Why a line was left out, or what is odd about one that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The last line ends in the middle.
    Torn,
    /// It has more columns than the format.
    TooManyColumns,
    /// It has fewer columns than the format.
    TooFewColumns,
    /// It has no id, or one that is none.
    NoId,
    /// Its date is missing or is none.
    NoDate,
    /// Its event is dated after it was known.
    Future,
    /// It says that it was known after the time of reading.
    FutureKnown,
    /// When it was known is missing or is no time.
    NoKnown,
    /// A country code is not of the kind that the format has.
    ActorCode,
    /// A number is none, or is out of its range.
    Number,
    /// A line of tags below the header.
    Tags,
    /// The same event stands in the same words before it in the file.
    Doubled,
    /// The event code is not of its scheme: kept without a root class.
    UnknownCode,
    /// Bytes that are no UTF-8 text were replaced.
    Encoding,
    /// Another version of the event has the same time: the one with the longer report, then with the greater hash, stands.
    SameTime,
    /// The last line has no line end: its last column may be cut off.
    NoLineEnd,
    /// Columns past the last that the format has were empty.
    EmptyColumns,
}

impl Reason {
    /// Whether the line was left out for it.
    pub fn leaves_out(self) -> bool {
        !matches!(
            self,
            Self::UnknownCode
                | Self::Encoding
                | Self::SameTime
                | Self::NoLineEnd
                | Self::EmptyColumns
        )
    }

    /// The reason in words, after "left out:" or "kept:".
    pub fn words(self) -> &'static str {
        match self {
            Self::Torn => "the last line is torn: get the whole file and add it",
            Self::TooManyColumns => "more columns than the format has",
            Self::TooFewColumns => "fewer columns than the format has",
            Self::NoId => "no id of the event",
            Self::NoDate => "no date, or a damaged one",
            Self::Future => "the event is dated after it was known",
            Self::FutureKnown => "it says that it was known after the time of reading",
            Self::NoKnown => "the time at which it was known is missing or damaged",
            Self::ActorCode => "a country code that is none",
            Self::Number => "a number that is none, or out of its range",
            Self::Tags => "a line of tags below the header",
            Self::Doubled => "the same line stands in the file before it",
            Self::UnknownCode => {
                "an event code that is not of its scheme; it counts in no root class"
            }
            Self::Encoding => "bytes that are no UTF-8 text were replaced",
            Self::SameTime => {
                "another version of the event has the same time; the one with the longer report stands"
            }
            Self::NoLineEnd => "the last line has no line end; its last column may be cut off",
            Self::EmptyColumns => "empty columns past the last were passed over",
        }
    }
}

/// Lines of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Few {
    /// How many.
    pub count: u64,
    /// The first of them, from 1, each with what was found there.
    pub first: Vec<(u64, String)>,
}

/// What became of the lines of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The file, with the member of an archive.
    pub file: String,
    /// The source that its format belongs to.
    pub source: String,
    /// SHA-256 of the text; empty where it was not asked for.
    pub sha256: String,
    /// Lines in all: `read` and those of every reason that leaves out, and `header`.
    pub lines: u64,
    /// Lines of names of columns, and empty ones.
    pub header: u64,
    /// Lines that became events.
    pub read: u64,
    /// Lines by reason.
    pub reasons: BTreeMap<Reason, Few>,
}

impl Report {
    /// Lines that were left out.
    pub fn left_out(&self) -> u64 {
        self.reasons.iter().filter(|(r, _)| r.leaves_out()).map(|(_, few)| few.count).sum()
    }

    pub(crate) fn tell(&mut self, reason: Reason, line: u64, found: impl FnOnce() -> String) {
        let few = self.reasons.entry(reason).or_default();
        few.count += 1;
        if few.first.len() < NAMED {
            few.first.push((line, found()));
        }
    }

    /// Adds the report on the lines that follow.
    pub(crate) fn follow(&mut self, next: Self) {
        let base = self.lines;
        for (reason, few) in next.reasons {
            let all = self.reasons.entry(reason).or_default();
            all.count += few.count;
            let room = NAMED.saturating_sub(all.first.len());
            let moved = few.first.into_iter().map(|(line, found)| (line + base, found));
            all.first.extend(moved.take(room));
        }
        self.lines += next.lines;
        self.header += next.header;
        self.read += next.read;
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} lines, {} events", self.file, self.lines, self.read)?;
        let left = self.left_out();
        if left > 0 {
            write!(f, ", {left} left out")?;
        }
        for (reason, few) in &self.reasons {
            let what = if reason.leaves_out() { "left out" } else { "kept" };
            let lines: Vec<String> = few
                .first
                .iter()
                .map(|(line, found)| match found.is_empty() {
                    true => format!("line {line}"),
                    false => format!("line {line} ({found})"),
                })
                .collect();
            let more = if few.count > lines.len() as u64 { ", …" } else { "" };
            write!(f, "\n  {} {what}: {}: {}{more}", few.count, reason.words(), lines.join(", "))?;
        }
        Ok(())
    }
}
