//! R's own files: one object (`.rds`) or several named ones (`.rda`, `.RData`), as R's serialisation writes them in
//! binary (XDR), versions 2 and 3. Data frames become tables; everything else is passed over with a reason.
//!
//! Nothing is allocated on the word of a length alone: a vector must have its bytes. Nesting is bounded.

use super::budget::{Budget, MAX_DEPTH, TooMuch};
use crate::cells::{Data, NO_INT, write_number};

/// Elements that a sequence may stand for without holding their bytes.
const MAX_SEQUENCE: usize = 1 << 25;

/// What is wrong, in a phrase.
type Problem = String;

/// An object: its values, and what is attached to them.
#[derive(Debug, Clone)]
pub(super) struct Object {
    pub(super) values: Values,
    pub(super) attributes: Vec<(String, Object)>,
}

#[derive(Debug, Clone)]
pub(super) enum Values {
    Null,
    Symbol(String),
    Pairs(Vec<(String, Object)>),
    /// Logical or integer.
    Int(Vec<i32>),
    Real(Vec<f64>),
    Text(String, Vec<usize>),
    List(Vec<Object>),
    /// Code, environments, complex numbers, bytes: nothing for a table.
    Other,
}

/// A data frame: its name and its columns.
pub(super) type Frame = (String, Vec<(String, Data)>);

/// The data frames of a file's content (already unpacked), and the names of objects that are none.
pub(super) fn frames(
    bytes: &[u8],
    budget: &mut Budget,
) -> Result<(Vec<Frame>, Vec<String>), Problem> {
    let (named, body) = match bytes {
        [b'R', b'D', b'X', b'2' | b'3', b'\n', rest @ ..] => (true, rest),
        [b'R', b'D', b'A' | b'B', _, b'\n', ..] | [b'A' | b'B', b'\n', ..] => {
            return Err(
                "it was saved as ASCII or in R's native binary; save it again with saveRDS() or save()".into()
            );
        }
        _ => (false, bytes),
    };
    let mut reader = Reader::begin(body, budget)?;
    let object = reader.object(0)?;
    let (mut frames, mut others) = (Vec::new(), Vec::new());
    match object.values {
        Values::Pairs(objects) if named => {
            for (name, object) in objects {
                collect(name, object, 0, &mut frames, &mut others);
            }
        }
        _ => collect(String::new(), object, 0, &mut frames, &mut others),
    }
    Ok((frames, others))
}

fn collect(
    name: String,
    object: Object,
    depth: usize,
    frames: &mut Vec<Frame>,
    others: &mut Vec<String>,
) {
    // A name may be as long as its file, and every table in a list begins with that of the list.
    let name = super::clean(&name);
    if object.is("data.frame") {
        frames.push((name, object.columns()));
        return;
    }
    // A list of data frames is one table each.
    let names = object.names();
    match object.values {
        Values::List(items) if depth < 2 && items.iter().any(|o| o.is("data.frame")) => {
            for (n, item) in items.into_iter().enumerate() {
                let own = names.get(n).cloned().unwrap_or_else(|| (n + 1).to_string());
                let full = if name.is_empty() { own } else { format!("{name}${own}") };
                collect(full, item, depth + 1, frames, others);
            }
        }
        // So is a list of single numbers, a table of two columns like a vector with names.
        Values::List(items) if !names.is_empty() && items.iter().all(|o| o.number().is_some()) => {
            let numbers: Vec<f64> = items.iter().filter_map(Object::number).collect();
            if numbers.len() == names.len() {
                let columns = vec![
                    ("name".to_owned(), Data::texts(names)),
                    ("value".to_owned(), Data::Float(numbers)),
                ];
                frames.push((name, columns));
            } else {
                others.push(name);
            }
        }
        // A vector with names is a table of two columns.
        values @ (Values::Int(_) | Values::Real(_) | Values::Text(..)) if !names.is_empty() => {
            let data = Object::bare(values).data();
            match Some(data).filter(|d| d.len() == names.len()) {
                Some(data) => {
                    let columns =
                        vec![("name".to_owned(), Data::texts(names)), ("value".to_owned(), data)];
                    frames.push((name, columns));
                }
                None => others.push(name),
            }
        }
        _ => others.push(name),
    }
}

impl Object {
    fn bare(values: Values) -> Self {
        Self { values, attributes: Vec::new() }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&Object> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, o)| o)
    }

    /// The one number that it is.
    fn number(&self) -> Option<f64> {
        match &self.values {
            Values::Real(v) if v.len() == 1 => v.first().copied(),
            Values::Int(v) if v.len() == 1 => {
                v.first().map(|n| if *n == i32::MIN { f64::NAN } else { f64::from(*n) })
            }
            _ => None,
        }
    }

    pub(super) fn is(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|c| c.texts().any(|t| t == class))
    }

    pub(super) fn texts(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        let Values::Text(text, ends) = &self.values else { return Box::new(std::iter::empty()) };
        Box::new(ends.iter().scan(0, move |from, to| {
            let cell = text.get(*from..*to);
            *from = *to;
            cell
        }))
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.attribute("names").map(|n| n.texts().map(str::to_owned).collect()).unwrap_or_default()
    }

    fn columns(self) -> Vec<(String, Data)> {
        let names = self.names();
        let rows = self.attribute("row.names").filter(|r| matches!(r.values, Values::Text(..)));
        let rownames = rows.map(|r| ("row.names".to_owned(), Data::texts(r.texts())));
        let Values::List(items) = self.values else { return Vec::new() };
        let columns = names.into_iter().zip(items);
        let mut columns: Vec<(String, Data)> = columns.map(|(name, c)| (name, c.data())).collect();
        let read = columns.iter().find(|(_, d)| !matches!(d, Data::Unread(_)));
        let length = read.map(|(_, d)| d.len());
        if let Some(named) = rownames.filter(|(_, d)| Some(d.len()) == length) {
            columns.push(named);
        }
        columns
    }
}

struct Reader<'a, 'b> {
    bytes: &'a [u8],
    at: usize,
    /// Symbols and environments that later places refer to.
    seen: Vec<Object>,
    /// What all that is made may come to.
    budget: &'b mut Budget,
}

/// The head of an item.
struct Head {
    kind: u8,
    attributes: bool,
    tag: bool,
    flags: u32,
}

impl<'a, 'b> Reader<'a, 'b> {
    fn begin(bytes: &'a [u8], budget: &'b mut Budget) -> Result<Self, Problem> {
        let Some(rest) = bytes.strip_prefix(b"X\n") else {
            return Err(
                "it is not in R's binary form; save it again with saveRDS() or save()".into()
            );
        };
        let mut reader = Self { bytes: rest, at: 0, seen: Vec::new(), budget };
        let version = reader.int()?;
        reader.take(8)?;
        match version {
            2 => {}
            3 => {
                let length = reader.length()?;
                reader.take(length)?;
            }
            other => return Err(format!("it is in version {other} of R's form; 2 and 3 are read")),
        }
        Ok(reader)
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], Problem> {
        let part = self.at.checked_add(n).and_then(|to| self.bytes.get(self.at..to));
        let part = part.ok_or_else(|| "it is cut off".to_owned())?;
        self.at += n;
        Ok(part)
    }

    /// Counts bytes before they are made.
    fn spend(&mut self, bytes: usize) -> Result<(), Problem> {
        Ok(self.budget.made(bytes)?)
    }

    fn int(&mut self) -> Result<i32, Problem> {
        let b = self.take(4)?;
        Ok(i32::from_be_bytes([b[0], b[1], b[2], b[3]]))
    }

    fn length(&mut self) -> Result<usize, Problem> {
        let n = self.int()?;
        if n == -1 {
            let (high, low) = (self.int()?, self.int()?);
            let n = (i64::from(high) << 32) | i64::from(low as u32);
            return usize::try_from(n).map_err(|_| "a length is negative".into());
        }
        usize::try_from(n).map_err(|_| "a length is negative".into())
    }

    /// A length whose elements, of at least `size` bytes each, must still be there.
    fn elements(&mut self, size: usize) -> Result<usize, Problem> {
        let n = self.length()?;
        if n.saturating_mul(size) > self.bytes.len() - self.at {
            return Err("it is cut off".into());
        }
        Ok(n)
    }

    fn head(&mut self) -> Result<Head, Problem> {
        let flags = self.int()? as u32;
        Ok(Head {
            kind: (flags & 0xFF) as u8,
            attributes: flags & 0x200 != 0,
            tag: flags & 0x400 != 0,
            flags,
        })
    }

    fn object(&mut self, depth: usize) -> Result<Object, Problem> {
        let head = self.head()?;
        self.item(&head, depth)
    }

    fn item(&mut self, head: &Head, depth: usize) -> Result<Object, Problem> {
        if depth > MAX_DEPTH {
            return Err(TooMuch::Depth.into());
        }
        // Something that takes four bytes of a file may be an object here, in a list that has room for as many again.
        self.spend(2 * size_of::<Object>())?;
        let values = match head.kind {
            254 => Values::Null,
            // Environments, and S4 objects, which are attributes alone.
            25 | 241 | 242 | 250..=253 => Values::Other,
            255 => return self.seen_before(head),
            1 => {
                let name = self.string()?.unwrap_or_default();
                let object = Object::bare(Values::Symbol(name));
                self.seen.push(object.clone());
                return Ok(object);
            }
            2 | 3 | 5 | 6 | 17 | 239 | 240 => return self.pairs(head, depth),
            4 => {
                self.int()?;
                self.seen.push(Object::bare(Values::Other));
                for _ in 0..4 {
                    self.object(depth + 1)?;
                }
                Values::Other
            }
            9 => {
                let mut text = String::new();
                self.characters(head, &mut text)?;
                let end = text.len();
                Values::Text(text, vec![end])
            }
            10 | 13 => {
                let n = self.elements(4)?;
                self.spend(n * 4)?;
                let words = self.take(n * 4)?.chunks_exact(4);
                Values::Int(words.map(|b| i32::from_be_bytes([b[0], b[1], b[2], b[3]])).collect())
            }
            14 => {
                let n = self.elements(8)?;
                self.spend(n * 8)?;
                let words = self.take(n * 8)?.chunks_exact(8);
                let real =
                    |b: &[u8]| f64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
                Values::Real(words.map(real).collect())
            }
            15 => {
                let n = self.elements(16)?;
                self.take(n * 16)?;
                Values::Other
            }
            16 => {
                let n = self.elements(4)?;
                self.spend(n * 8)?;
                let (mut text, mut ends) = (String::new(), Vec::with_capacity(n));
                for _ in 0..n {
                    let head = self.head()?;
                    if head.kind != 9 {
                        return Err("a text holds what is not text".into());
                    }
                    self.characters(&head, &mut text)?;
                    ends.push(text.len());
                }
                Values::Text(text, ends)
            }
            19 | 20 => {
                let n = self.elements(4)?;
                let mut items = Vec::with_capacity(n.min(4096));
                for _ in 0..n {
                    items.push(self.object(depth + 1)?);
                }
                Values::List(items)
            }
            22 => {
                self.seen.push(Object::bare(Values::Other));
                self.object(depth + 1)?;
                self.object(depth + 1)?;
                Values::Other
            }
            23 => {
                self.seen.push(Object::bare(Values::Other));
                Values::Other
            }
            // Functions by name, and bytes.
            7 | 8 | 24 => {
                let n = self.elements(1)?;
                self.take(n)?;
                Values::Other
            }
            238 => return self.compact(depth),
            247..=249 => {
                self.int()?;
                let n = self.elements(4)?;
                for _ in 0..n {
                    self.object(depth + 1)?;
                }
                let object = Object::bare(Values::Other);
                self.seen.push(object.clone());
                return Ok(object);
            }
            other => {
                return Err(format!("it holds an object of a kind that is not read ({other})"));
            }
        };
        let attributes = if head.attributes { self.attributes(depth)? } else { Vec::new() };
        Ok(Object { values, attributes })
    }

    fn attributes(&mut self, depth: usize) -> Result<Vec<(String, Object)>, Problem> {
        match self.object(depth + 1)?.values {
            Values::Pairs(pairs) => Ok(pairs),
            _ => Ok(Vec::new()),
        }
    }

    fn seen_before(&mut self, head: &Head) -> Result<Object, Problem> {
        let at = match head.flags >> 8 {
            0 => self.int()? as u32,
            n => n,
        };
        let object = (at as usize).checked_sub(1).and_then(|i| self.seen.get(i)).cloned();
        let object = object.ok_or_else(|| "it refers to what is not there".to_owned())?;
        if let Values::Symbol(name) = &object.values {
            self.spend(name.len())?;
        }
        Ok(object)
    }

    /// A chain of pairs, read in a loop: it may be long and is never deep.
    fn pairs(&mut self, first: &Head, depth: usize) -> Result<Object, Problem> {
        let mut pairs = Vec::new();
        let mut attributes = Vec::new();
        let mut head = Head { ..*first };
        loop {
            match head.kind {
                2 | 3 | 5 | 6 | 17 | 239 | 240 => {
                    if head.attributes || matches!(head.kind, 239 | 240) {
                        attributes = self.attributes(depth)?;
                    }
                    let tag = if head.tag { Some(self.object(depth + 1)?.values) } else { None };
                    let name = match tag {
                        Some(Values::Symbol(name)) => name,
                        _ => String::new(),
                    };
                    self.spend(size_of::<(String, Object)>() + name.len())?;
                    pairs.push((name, self.object(depth + 1)?));
                }
                254 => return Ok(Object { values: Values::Pairs(pairs), attributes }),
                _ => {
                    // The end of a function or of a dotted pair: an object of its own.
                    let last = self.item(&head, depth + 1)?;
                    pairs.push((String::new(), last));
                    return Ok(Object { values: Values::Pairs(pairs), attributes });
                }
            }
            head = self.head()?;
        }
    }

    /// A vector that R keeps in another form: sequences, numbers to be written as text, wrapped vectors.
    fn compact(&mut self, depth: usize) -> Result<Object, Problem> {
        let info = self.object(depth + 1)?;
        let state = self.object(depth + 1)?;
        let attributes = self.attributes(depth)?;
        let class = match &info.values {
            Values::Pairs(p) => match p.first().map(|(_, o)| &o.values) {
                Some(Values::Symbol(name)) => name.as_str(),
                _ => "",
            },
            _ => "",
        };
        let values = match (class, state.values) {
            ("compact_intseq" | "compact_realseq", Values::Real(v)) if v.len() == 3 => {
                let n = v[0];
                if !(0.0..=MAX_SEQUENCE as f64).contains(&n) {
                    return Err("a sequence is longer than any dataset".into());
                }
                let value = |i: usize| v[1] + v[2] * i as f64;
                let count = n as usize;
                self.spend(count * 8)?;
                if class == "compact_intseq" {
                    let last = value(count.saturating_sub(1));
                    let fits = |x: f64| x.abs() < f64::from(i32::MAX) && x.fract() == 0.0;
                    if !(fits(v[1]) && fits(v[2]) && fits(last)) {
                        return Err("a sequence of whole numbers holds what is none".into());
                    }
                    Values::Int((0..count).map(|i| value(i) as i32).collect())
                } else {
                    Values::Real((0..count).map(value).collect())
                }
            }
            ("deferred_string", Values::Pairs(pairs)) => {
                let numbers = pairs.into_iter().next().map_or(Values::Null, |(_, o)| o.values);
                let count = match &numbers {
                    Values::Int(v) => v.len(),
                    Values::Real(v) => v.len(),
                    _ => 0,
                };
                // A text of some ten letters, its end, and the room for making it.
                self.spend(count * 64)?;
                written(numbers)
            }
            (name, Values::List(items)) if name.starts_with("wrap_") => {
                items.into_iter().next().map_or(Values::Null, |o| o.values)
            }
            (name, Values::Pairs(pairs)) if name.starts_with("wrap_") => {
                pairs.into_iter().next().map_or(Values::Null, |(_, o)| o.values)
            }
            (name, _) => {
                let name = crate::row::shorten(name);
                return Err(format!("it holds a vector in a form that is not read ({name})"));
            }
        };
        Ok(Object { values, attributes })
    }

    fn string(&mut self) -> Result<Option<String>, Problem> {
        let head = self.head()?;
        if head.kind != 9 {
            return Err("a name is not text".into());
        }
        let mut text = String::new();
        Ok(self.characters(&head, &mut text)?.then_some(text))
    }

    /// Adds a text to `into`; false where it is NA.
    fn characters(&mut self, head: &Head, into: &mut String) -> Result<bool, Problem> {
        let n = self.int()?;
        if n == -1 {
            return Ok(false);
        }
        let n = usize::try_from(n).map_err(|_| "a length is negative".to_owned())?;
        let bytes = self.take(n)?;
        self.spend(n)?;
        let ascii = (head.flags >> 12) & 0x40 != 0 && bytes.is_ascii();
        super::push_text(bytes, ascii, into);
        Ok(true)
    }
}

fn written(values: Values) -> Values {
    let cells: Vec<String> = match values {
        Values::Int(v) => {
            v.iter().map(|x| if *x == NO_INT { String::new() } else { x.to_string() }).collect()
        }
        Values::Real(v) => {
            let text = |x: &f64| {
                let mut text = String::new();
                if !x.is_nan() {
                    write_number(&mut text, *x);
                }
                text
            };
            v.iter().map(text).collect()
        }
        other => return other,
    };
    match Data::texts(cells) {
        Data::Text { text, ends } => Values::Text(text, ends),
        _ => Values::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(bytes: &mut Vec<u8>, v: i32) {
        bytes.extend(v.to_be_bytes());
    }

    fn letters(bytes: &mut Vec<u8>, text: &str) {
        word(bytes, 0x0004_0009);
        word(bytes, text.len() as i32);
        bytes.extend(text.as_bytes());
    }

    /// An attribute of one text.
    fn attribute(bytes: &mut Vec<u8>, name: &str, values: &[&str]) {
        word(bytes, 0x402);
        word(bytes, 1);
        letters(bytes, name);
        word(bytes, 16);
        word(bytes, values.len() as i32);
        for value in values {
            letters(bytes, value);
        }
        word(bytes, 254);
    }

    #[test]
    fn a_long_name_of_a_list_is_not_repeated_for_every_table_in_it() {
        const TABLES: i32 = 4_000;
        let long = "n".repeat(4 << 20);
        let mut frame = Vec::new();
        word(&mut frame, 0x213);
        word(&mut frame, 0);
        attribute(&mut frame, "class", &["data.frame"]);
        let mut bytes = b"X\n".to_vec();
        for v in [2, 0, 0, 0x213, 2] {
            word(&mut bytes, v);
        }
        bytes.extend(&frame);
        word(&mut bytes, 0x13);
        word(&mut bytes, TABLES);
        bytes.extend(frame.repeat(TABLES as usize));
        attribute(&mut bytes, "names", &["first", &long]);
        let (frames, others) = frames(&bytes, &mut Budget::of_file()).unwrap();
        assert_eq!((frames.len(), others.len()), (TABLES as usize + 1, 0));
        assert_eq!(frames[0].0, "first");
        let all: usize = frames.iter().map(|(name, _)| name.capacity()).sum();
        assert!(all < 4 << 20, "the names come to {all} bytes");
    }
}
