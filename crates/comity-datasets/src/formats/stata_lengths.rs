//! Whether what a Stata file says of the lengths of its parts fits into it: the decoder makes room for what they claim.

use dta::stata::dta::schema::Schema;
use dta::stata::dta::variable_type::VariableType;

/// Whether notes and long texts are no longer than the file.
pub(super) fn lengths_fit(bytes: &[u8], variables: usize) -> bool {
    if let Some(file) = Marked::of(bytes) {
        return file.notes_fit() && file.long_texts_fit();
    }
    data_begins(bytes, variables).is_some()
}

/// Whether the sets of labels of values are no longer than the file.
pub(super) fn labels_fit(bytes: &[u8], schema: &Schema, rows: u64) -> bool {
    if let Some(file) = Marked::of(bytes) {
        return file.labels_fit();
    }
    let width: usize = schema.variables().iter().map(|v| width(v.variable_type())).sum();
    let begin = data_begins(bytes, schema.variables().len());
    let labels = begin.and_then(|at| {
        let data = usize::try_from(rows).ok()?.checked_mul(width)?;
        bytes.get(at.checked_add(data)?..)
    });
    // A set: its length, a name of 33 with three blanks, and as much as its length says. Before 110 they are other.
    let big = bytes.get(1) == Some(&1);
    bytes.first().is_some_and(|release| *release >= 110)
        && labels.is_some_and(|rest| walk(rest, b"", 36, b"", big, 0))
}

fn width(kind: VariableType) -> usize {
    match kind {
        VariableType::Byte => 1,
        VariableType::Int => 2,
        VariableType::Long | VariableType::Float => 4,
        VariableType::Double | VariableType::LongString => 8,
        VariableType::FixedString(length) => usize::from(length),
    }
}

/// A file of release 117 or later, whose sections stand between marks.
struct Marked<'a> {
    bytes: &'a [u8],
    big: bool,
    oldest: bool,
    /// Where each section begins, as the file's map says.
    map: Vec<usize>,
}

/// Places in the map.
const NOTES: usize = 8;
const LONG_TEXTS: usize = 10;
const LABELS: usize = 11;
/// Entries of the map.
const ENTRIES: usize = 14;

impl<'a> Marked<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(b"<stata_dta>") {
            return None;
        }
        let head = &bytes[..bytes.len().min(2048)];
        let has = |mark: &[u8]| head.windows(mark.len()).position(|w| w == mark);
        let big = has(b"<byteorder>MSF").is_some();
        let at = has(b"<map>").map_or(bytes.len(), |at| at + b"<map>".len());
        let entries = bytes.get(at..at + ENTRIES * 8).unwrap_or_default().chunks_exact(8);
        let entry = |word: &[u8]| {
            let word: [u8; 8] = word.try_into().unwrap_or_default();
            let at = if big { u64::from_be_bytes(word) } else { u64::from_le_bytes(word) };
            usize::try_from(at).unwrap_or(usize::MAX)
        };
        let oldest = has(b"<release>117").is_some();
        Some(Self { bytes, big, oldest, map: entries.map(entry).collect() })
    }

    /// What stands between the marks of a section; none where the map does not lead to it.
    fn section(&self, at: usize, mark: &str) -> Option<&'a [u8]> {
        let bytes = self.bytes.get(*self.map.get(at)?..*self.map.get(at + 1)?)?;
        bytes
            .strip_prefix(format!("<{mark}>").as_bytes())?
            .strip_suffix(format!("</{mark}>").as_bytes())
    }

    fn notes_fit(&self) -> bool {
        let notes = self.section(NOTES, "characteristics");
        notes.is_some_and(|rest| walk(rest, b"<ch>", 0, b"</ch>", self.big, 0))
    }

    /// A long text: variable (4), observation (4 in 117, 8 since), kind (1), length.
    fn long_texts_fit(&self) -> bool {
        let before = if self.oldest { 9 } else { 13 };
        let texts = self.section(LONG_TEXTS, "strls");
        texts.is_some_and(|rest| walk(rest, b"GSO", 0, b"", self.big, before))
    }

    fn labels_fit(&self) -> bool {
        let name = if self.oldest { 33 } else { 129 };
        let labels = self.section(LABELS, "value_labels");
        labels.is_some_and(|rest| walk(rest, b"<lbl>", name + 3, b"</lbl>", self.big, 0))
    }
}

/// Goes through entries that lie one after the other: a mark, some bytes, a length, some more, as many as the length says, and a
/// mark again. False where one does not fit.
fn walk(mut rest: &[u8], begin: &[u8], more: usize, end: &[u8], big: bool, before: usize) -> bool {
    while !rest.is_empty() {
        let next = (|| {
            let entry = rest.strip_prefix(begin)?.get(before..)?;
            let length = length(entry, big)?;
            entry.get(4..)?.get(more..)?.get(length..)?.strip_prefix(end)
        })();
        match next {
            Some(next) => rest = next,
            None => return false,
        }
    }
    true
}

fn length(bytes: &[u8], big: bool) -> Option<usize> {
    let word = bytes.get(..4).and_then(|w| <[u8; 4]>::try_from(w).ok())?;
    Some(if big { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) } as usize)
}

/// Where the rows of a file without marks begin; none where a note before them is longer than the file.
fn data_begins(bytes: &[u8], variables: usize) -> Option<usize> {
    let big = bytes.get(1) == Some(&1);
    let release = *bytes.first()?;
    let (name, format) = match release {
        114 | 115 => (33, 49),
        110..=113 => (33, 12),
        _ => (9, 12),
    };
    let label = if release <= 105 { 32 } else { 81 };
    let head = if release <= 105 { 60 } else { 109 };
    let each = 1 + name + format + name + label;
    let mut at = head + variables * each + 2 * (variables + 1);
    // Notes: a kind, a length, the note; kind and length 0 end them. Older releases write lengths in two bytes.
    while let (Some(kind), Some(length)) =
        (bytes.get(at), bytes.get(at + 1..).and_then(|rest| length(rest, big)))
    {
        if *kind == 0 && length == 0 {
            break;
        }
        if length > bytes.len() {
            return (release < 110).then_some(at);
        }
        at += 5 + length;
    }
    Some(at + 5)
}
