//! Lines of delimited text, one after the other, none of them past what a table of the field has.

use crate::error::ReadError;
use crate::formats::budget::{MAX_COLUMNS, MAX_LINE, TooMuch};

/// The lines of a text, taken apart at their delimiters and quotes.
pub(crate) struct Lines<'a> {
    file: &'a str,
    text: &'a [u8],
    reader: csv_core::Reader,
    /// How far the text is read.
    at: usize,
    /// The cells of a line one after the other, and where each ends.
    cells: Vec<u8>,
    ends: Vec<usize>,
}

/// The cells of one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    cells: &'a str,
    ends: &'a [usize],
}

impl<'a> Line<'a> {
    /// How many cells it has.
    pub(crate) fn len(self) -> usize {
        self.ends.len()
    }

    /// Its cells, as they stand.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        let mut from = 0;
        self.ends.iter().map(move |to| {
            let cell = self.cells.get(from..*to).unwrap_or_default();
            from = *to;
            cell
        })
    }
}

impl<'a> Lines<'a> {
    /// The lines of a text; `quoted`: a quote that opens a cell closes it too.
    pub(crate) fn of(file: &'a str, text: &'a str, delimiter: u8, quoted: bool) -> Self {
        let reader = csv_core::ReaderBuilder::new().delimiter(delimiter).quoting(quoted).build();
        let (cells, ends) = (vec![0; 4096], vec![0; 256]);
        Self { file, text: text.as_bytes(), reader, at: 0, cells, ends }
    }

    /// The same, read from a byte on.
    pub(crate) fn from(mut self, at: usize) -> Self {
        self.at = at.min(self.text.len());
        self
    }

    /// Where the next line begins, or the line ends before it.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next line that has anything on it.
    pub(crate) fn line(&mut self) -> Result<Option<Line<'_>>, ReadError> {
        use csv_core::ReadRecordResult as Read;
        let (mut written, mut ended) = (0, 0);
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let (cells, ends) = (&mut self.cells[written..], &mut self.ends[ended..]);
            let (result, read, wrote, ends) = self.reader.read_record(rest, cells, ends);
            self.at += read;
            written += wrote;
            ended += ends;
            match result {
                Read::InputEmpty => {}
                Read::OutputFull => {
                    grow(&mut self.cells, MAX_LINE)
                        .ok_or_else(|| past(self.file, TooMuch::Line))?;
                }
                Read::OutputEndsFull => {
                    grow(&mut self.ends, MAX_COLUMNS)
                        .ok_or_else(|| past(self.file, TooMuch::Columns))?;
                }
                Read::Record => break,
                Read::End => return Ok(None),
            }
        }
        let cells = std::str::from_utf8(&self.cells[..written])
            .map_err(|e| ReadError::NotText { file: self.file.into(), reason: e.to_string() })?;
        Ok(Some(Line { cells, ends: &self.ends[..ended] }))
    }
}

/// Twice the room, up to a limit; none where that is reached.
fn grow<T: Clone + Default>(room: &mut Vec<T>, most: usize) -> Option<()> {
    let length = room.len();
    (length < most).then(|| room.resize((length * 2).min(most), T::default()))
}

/// The error for a file that is past a limit.
pub(crate) fn past(file: &str, limit: TooMuch) -> ReadError {
    ReadError::TooMuch { file: file.into(), reason: limit.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, quoted: bool) -> Vec<Vec<String>> {
        let mut lines = Lines::of("t", text, b',', quoted);
        let mut all = Vec::new();
        while let Some(line) = lines.line().unwrap() {
            all.push(line.iter().map(str::to_owned).collect());
        }
        all
    }

    #[test]
    fn lines_are_taken_apart_as_spreadsheets_write_them() {
        let text = "a,b\n\n\"1,\n\"\"x\"\"\",2\r\n3";
        assert_eq!(all(text, true), [vec!["a", "b"], vec!["1,\n\"x\"", "2"], vec!["3"]]);
        assert_eq!(all("\"a,b\nc", false), [vec!["\"a", "b"], vec!["c"]]);
        let wide = vec!["é".repeat(100); 900].join(",");
        assert_eq!(all(&wide, true)[0].len(), 900);
        assert!(all("", true).is_empty());
    }

    #[test]
    fn a_line_without_an_end_is_refused_before_it_is_held() {
        let refused = |text: &str| Lines::of("t", text, b',', true).line().unwrap_err().to_string();
        let refusal = refused(&",".repeat(MAX_COLUMNS + 1));
        assert!(
            refusal.starts_with("t is not read: it has more than 32768 cells in one line"),
            "{refusal}"
        );
        let refusal = refused(&"x".repeat(MAX_LINE + 1));
        assert!(refusal.contains("a line of more than 16 MB"), "{refusal}");
        let refusal = refused(&format!("\"{}", "x\n".repeat(MAX_LINE)));
        assert!(refusal.contains("its quotes close"), "{refusal}");
    }
}
