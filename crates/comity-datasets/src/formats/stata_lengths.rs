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

/// How many bytes the labels of values come to, each as often as it occurs; none where their sets are longer than the file.
pub(super) fn labels_fit(bytes: &[u8], schema: &Schema, rows: u64) -> Option<usize> {
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
    if bytes.first().is_none_or(|release| *release < 110) {
        return None;
    }
    let mut held = 0_usize;
    let fits = walk(labels?, b"", 36, b"", big, 0, &mut |set| {
        held = held.saturating_add(label_bytes(set, big));
    });
    fits.then_some(held)
}

/// How many bytes the labels of a set come to: a count, the length of the text, where each label begins in it, the values, the text.
/// Several labels may share a part of the text, and each is a copy of its own.
fn label_bytes(set: &[u8], big: bool) -> usize {
    let word = |at: usize| set.get(at..).and_then(|rest| length(rest, big));
    let (Some(count), Some(_)) = (word(0), word(4)) else { return 0 };
    let Some(text) = count.checked_mul(8).and_then(|n| set.get(n.checked_add(8)?..)) else {
        return 0;
    };
    // Where the label that begins at a place ends, from the last to the first.
    let mut ends = vec![text.len(); text.len() + 1];
    for at in (0..text.len()).rev() {
        ends[at] = if text[at] == 0 { at } else { ends[at + 1] };
    }
    (0..count)
        .filter_map(|n| word(8 + n * 4))
        .map(|begin| ends.get(begin).map_or(0, |end| end - begin) + 64)
        .fold(0, usize::saturating_add)
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
        notes.is_some_and(|rest| walk(rest, b"<ch>", 0, b"</ch>", self.big, 0, &mut |_| {}))
    }

    /// A long text: variable (4), observation (4 in 117, 8 since), kind (1), length.
    fn long_texts_fit(&self) -> bool {
        let before = if self.oldest { 9 } else { 13 };
        let texts = self.section(LONG_TEXTS, "strls");
        texts.is_some_and(|rest| walk(rest, b"GSO", 0, b"", self.big, before, &mut |_| {}))
    }

    fn labels_fit(&self) -> Option<usize> {
        let name = if self.oldest { 33 } else { 129 };
        let labels = self.section(LABELS, "value_labels")?;
        let mut held = 0_usize;
        let fits = walk(labels, b"<lbl>", name + 3, b"</lbl>", self.big, 0, &mut |set| {
            held = held.saturating_add(label_bytes(set, self.big));
        });
        fits.then_some(held)
    }
}

/// Goes through entries that lie one after the other: a mark, some bytes, a length, some more, as many as the length says, and a
/// mark again; `each` is given what the length is of. False where one does not fit.
fn walk(
    mut rest: &[u8],
    begin: &[u8],
    more: usize,
    end: &[u8],
    big: bool,
    before: usize,
    each: &mut dyn FnMut(&[u8]),
) -> bool {
    while !rest.is_empty() {
        let mut next = || {
            let entry = rest.strip_prefix(begin)?.get(before..)?;
            let length = length(entry, big)?;
            let (own, next) = entry.get(4..)?.get(more..)?.split_at_checked(length)?;
            each(own);
            next.strip_prefix(end)
        };
        let next = next();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_share_a_text_are_counted_each() {
        let words = [3_u32, 4, 0, 1, 0, 1, 2, 3];
        let mut set: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
        set.extend(b"abc\0");
        assert_eq!(label_bytes(&set, false), 3 + 2 + 3 + 3 * 64);
        assert_eq!((label_bytes(b"", false), label_bytes(&[0xFF; 40], true)), (0, 0));
    }
}
