//! The file format of Stata, release 118, as its help page `dta` describes it: what is said of the data before the rows, the rows, what the
//! values of codes mean after them; and a map of where each part begins, which is written last.

use std::io::{self, SeekFrom};

use super::Sink;

/// Bytes of a name, a format and a label in their tables, with the zero at their end.
const NAME: usize = 129;
const FORMAT: usize = 57;
const LABEL: usize = 321;
/// The most characters of a label, and the most bytes of a note.
pub(super) const LABEL_CHARACTERS: usize = 80;
pub(super) const NOTE: usize = 67_784;
/// Parts that the map lists.
const PARTS: usize = 14;

/// The type of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 32 bits.
    Long,
    Double,
    /// A text of so many bytes.
    Text(u16),
}

impl Kind {
    fn code(self) -> u16 {
        match self {
            Self::Long => 65_528,
            Self::Double => 65_526,
            Self::Text(bytes) => bytes,
        }
    }
}

/// A column.
#[derive(Debug)]
pub(super) struct Variable {
    pub name: String,
    pub kind: Kind,
    pub format: String,
    pub label: String,
    /// What its values mean; empty where it is no code.
    pub values: Vec<(i32, &'static str)>,
    pub notes: Vec<String>,
}

/// What is said of a file.
#[derive(Debug, Default)]
pub(super) struct About {
    pub notes: Vec<String>,
    /// Further characteristics: name and text.
    pub characteristics: Vec<(&'static str, String)>,
}

/// A file whose rows are being written.
pub(super) struct File<'a> {
    out: Counted<'a>,
    map: [u64; PARTS],
    map_at: u64,
    rows_at: u64,
    rows: u64,
    /// The names of codes' labels and their values.
    labels: Vec<(String, Vec<(i32, &'static str)>)>,
}

/// Bytes and how many there were.
struct Counted<'a> {
    out: &'a mut dyn Sink,
    at: u64,
}

impl Counted<'_> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// A text in a field of fixed width, zeros behind it. What is too long was refused before.
    fn fixed(&mut self, text: &str, width: usize) -> io::Result<()> {
        let mut field = vec![0; width];
        let most = text.len().min(width - 1);
        field[..most].copy_from_slice(&text.as_bytes()[..most]);
        self.put(&field)
    }

    /// A part with one field of each variable.
    fn part(
        &mut self,
        name: &str,
        variables: &[Variable],
        mut field: impl FnMut(&mut Self, &Variable) -> io::Result<()>,
    ) -> io::Result<u64> {
        let at = self.at;
        self.put(format!("<{name}>").as_bytes())?;
        variables.iter().try_for_each(|v| field(self, v))?;
        self.put(format!("</{name}>").as_bytes())?;
        Ok(at)
    }

    /// A characteristic of the data (`_dta`) or of a variable.
    fn characteristic(&mut self, of: &str, name: &str, text: &str) -> io::Result<()> {
        self.put(b"<ch>")?;
        self.put(&((2 * NAME + text.len() + 1) as u32).to_le_bytes())?;
        self.fixed(of, NAME)?;
        self.fixed(name, NAME)?;
        self.put(text.as_bytes())?;
        self.put(&[0])?;
        self.put(b"</ch>")
    }

    /// Notes: the characteristic `note0` says how many.
    fn notes(&mut self, of: &str, notes: &[String]) -> io::Result<()> {
        if notes.is_empty() {
            return Ok(());
        }
        self.characteristic(of, "note0", &notes.len().to_string())?;
        for (at, note) in notes.iter().enumerate() {
            self.characteristic(of, &format!("note{}", at + 1), within(note, NOTE))?;
        }
        Ok(())
    }
}

/// The text, or as much of its beginning as fits.
fn within(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

impl<'a> File<'a> {
    /// Begins a file: everything before the rows.
    pub fn begin(out: &'a mut dyn Sink, about: &About, variables: &[Variable]) -> io::Result<Self> {
        let mut out = Counted { out, at: 0 };
        let mut map = [0; PARTS];
        out.put(b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>")?;
        out.put(&(variables.len() as u16).to_le_bytes())?;
        out.put(b"</K><N>")?;
        let rows_at = out.at;
        out.put(&0_u64.to_le_bytes())?;
        out.put(b"</N><label>")?;
        let label = "Comity";
        out.put(&(label.len() as u16).to_le_bytes())?;
        out.put(label.as_bytes())?;
        // No time: the same request gives the same file.
        out.put(b"</label><timestamp>\0</timestamp></header>")?;
        map[1] = out.at;
        out.put(b"<map>")?;
        let map_at = out.at;
        out.put(&[0; 8 * PARTS])?;
        out.put(b"</map>")?;
        map[2] =
            out.part("variable_types", variables, |out, v| out.put(&v.kind.code().to_le_bytes()))?;
        map[3] = out.part("varnames", variables, |out, v| out.fixed(&v.name, NAME))?;
        map[4] = out.at;
        out.put(b"<sortlist>")?;
        out.put(&vec![0; 2 * (variables.len() + 1)])?;
        out.put(b"</sortlist>")?;
        let mut labels: Vec<(String, Vec<(i32, &'static str)>)> = Vec::new();
        map[5] = out.part("formats", variables, |out, v| out.fixed(&v.format, FORMAT))?;
        map[6] = out.part("value_label_names", variables, |out, v| {
            if v.values.is_empty() {
                return out.fixed("", NAME);
            }
            // Variables whose values mean the same share one label, under the name of the first.
            let name = match labels.iter().find(|(_, values)| *values == v.values) {
                Some((name, _)) => name.clone(),
                None => {
                    labels.push((v.name.clone(), v.values.clone()));
                    v.name.clone()
                }
            };
            out.fixed(&name, NAME)
        })?;
        map[7] = out.part("variable_labels", variables, |out, v| out.fixed(&v.label, LABEL))?;
        map[8] = out.at;
        out.put(b"<characteristics>")?;
        out.notes("_dta", &about.notes)?;
        for (name, text) in &about.characteristics {
            out.characteristic("_dta", name, text)?;
        }
        for variable in variables {
            out.notes(&variable.name, &variable.notes)?;
        }
        out.put(b"</characteristics>")?;
        map[9] = out.at;
        out.put(b"<data>")?;
        Ok(Self { out, map, map_at, rows_at, rows: 0, labels })
    }

    /// Writes rows: their bytes, one after the other.
    pub fn rows(&mut self, many: usize, bytes: &[u8]) -> io::Result<()> {
        self.rows += many as u64;
        self.out.put(bytes)
    }

    /// Everything behind the rows, and what was not known before them.
    pub fn finish(mut self) -> io::Result<()> {
        let out = &mut self.out;
        out.put(b"</data>")?;
        self.map[10] = out.at;
        out.put(b"<strls></strls>")?;
        self.map[11] = out.at;
        out.put(b"<value_labels>")?;
        for (name, values) in &self.labels {
            let texts: usize = values.iter().map(|(_, says)| says.len() + 1).sum();
            out.put(b"<lbl>")?;
            out.put(&((8 + 8 * values.len() + texts) as u32).to_le_bytes())?;
            out.fixed(name, NAME)?;
            out.put(&[0; 3])?;
            out.put(&(values.len() as u32).to_le_bytes())?;
            out.put(&(texts as u32).to_le_bytes())?;
            let mut at = 0_u32;
            for (_, says) in values {
                out.put(&at.to_le_bytes())?;
                at += says.len() as u32 + 1;
            }
            values.iter().try_for_each(|(value, _)| out.put(&value.to_le_bytes()))?;
            for (_, says) in values {
                out.put(says.as_bytes())?;
                out.put(&[0])?;
            }
            out.put(b"</lbl>")?;
        }
        out.put(b"</value_labels>")?;
        self.map[12] = out.at;
        out.put(b"</stata_dta>")?;
        self.map[13] = out.at;
        let end = out.at;
        let out = &mut *self.out.out;
        out.seek(SeekFrom::Start(self.rows_at))?;
        out.write_all(&self.rows.to_le_bytes())?;
        out.seek(SeekFrom::Start(self.map_at))?;
        for at in self.map {
            out.write_all(&at.to_le_bytes())?;
        }
        out.seek(SeekFrom::Start(end))?;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_cut_keeps_its_characters_whole() {
        assert_eq!(within("péage", 2), "p");
        assert_eq!(within("péage", 3), "pé");
        assert_eq!(within("péage", 99), "péage");
    }
}
