//! JSON, read within the limits of a file: numbers stay as they are written, so that no digit of a coordinate is lost.

use std::borrow::Cow;

use super::budget::{Budget, MAX_DEPTH, TooMuch};

/// A value. Names and texts are those of the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    /// As it is written.
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    /// In the order of the file.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// Reads a whole text.
    pub(super) fn of(text: &'a str, budget: &mut Budget) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0, budget };
        let value = reader.value(0)?;
        reader.blanks();
        match reader.text.as_bytes().get(reader.at) {
            None => Ok(value),
            Some(_) => Err(reader.damaged("the end")),
        }
    }

    /// What an object has under a name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(n, _)| n == name).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The members of an object.
    pub(super) fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The values of an array; none of something else.
    pub(super) fn array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(values) => Some(values),
            _ => None,
        }
    }

    /// A text.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number with a value, as it is written and as a number.
    pub(super) fn number(&self) -> Option<(&'a str, f64)> {
        match self {
            Self::Number(text) => Some((*text, text.parse().ok().filter(|v: &f64| v.is_finite())?)),
            _ => None,
        }
    }
}

struct Reader<'a, 'b> {
    text: &'a str,
    at: usize,
    budget: &'b mut Budget,
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn damaged(&self, expected: &str) -> String {
        let line = 1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..self.at]).count();
        format!(
            "it is JSON that is cut off or damaged (line {line}, byte {}: {expected} should stand there)",
            self.at + 1
        )
    }

    /// Passes over a mark, if it stands there.
    fn takes(&mut self, mark: u8) -> bool {
        self.blanks();
        let there = self.peek() == Some(mark);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, String> {
        if depth > MAX_DEPTH {
            return Err(TooMuch::Depth.into());
        }
        self.budget.made(size_of::<Json<'_>>())?;
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.string()?)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [
                    ("null", Json::Null),
                    ("true", Json::Bool(true)),
                    ("false", Json::Bool(false)),
                ];
                let rest = self.text.get(self.at..).unwrap_or_default();
                let word = words.into_iter().find(|(word, _)| rest.starts_with(word));
                let (word, value) = word.ok_or_else(|| self.damaged("a value"))?;
                self.at += word.len();
                Ok(value)
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, String> {
        self.at += 1;
        let mut members = Vec::new();
        if self.takes(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.damaged("a name"));
            }
            let name = self.string()?;
            if !self.takes(b':') {
                return Err(self.damaged("a colon"));
            }
            members.push((name, self.value(depth + 1)?));
            if self.takes(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.takes(b',') {
                return Err(self.damaged("a comma"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json<'a>, String> {
        self.at += 1;
        let mut values = Vec::new();
        if self.takes(b']') {
            return Ok(Json::Array(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if self.takes(b']') {
                return Ok(Json::Array(values));
            }
            if !self.takes(b',') {
                return Err(self.damaged("a comma"));
            }
        }
    }

    fn number(&mut self) -> Result<Json<'a>, String> {
        let from = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let number = Json::Number(&self.text[from..self.at]);
        match number.number() {
            Some(_) => Ok(number),
            None => Err(self.damaged("a number")),
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, String> {
        self.at += 1;
        let from = self.at;
        let mut made: Option<String> = None;
        let mut plain = from;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(next) = memchr::memchr2(b'"', b'\\', rest) else {
                self.at = self.text.len();
                return Err(self.damaged("a quotation mark"));
            };
            self.at += next;
            let run = &self.text[plain..self.at];
            if self.peek() == Some(b'"') {
                self.at += 1;
                self.budget.made(self.at - from)?;
                return Ok(match made {
                    None => Cow::Borrowed(run),
                    Some(text) => Cow::Owned(text + run),
                });
            }
            let text = made.get_or_insert_with(String::new);
            text.push_str(run);
            let letter = self.escaped()?;
            made.get_or_insert_with(String::new).push(letter);
            plain = self.at;
        }
    }

    /// The letter that stands behind a backslash.
    fn escaped(&mut self) -> Result<char, String> {
        self.at += 1;
        let letter = match self.peek() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(mark @ (b'"' | b'\\' | b'/')) => char::from(mark),
            Some(b'u') => return self.unicode(),
            _ => return Err(self.damaged("a letter that may follow a backslash")),
        };
        self.at += 1;
        Ok(letter)
    }

    fn unicode(&mut self) -> Result<char, String> {
        let four = |reader: &mut Self| {
            let digits = reader.text.get(reader.at + 1..reader.at + 5).unwrap_or_default();
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 4);
            reader.at += 1 + digits.len();
            code.ok_or_else(|| reader.damaged("four hexadecimal digits"))
        };
        let high = four(self)?;
        if !(0xD800..0xDC00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or('\u{FFFD}'));
        }
        // Two halves of one letter.
        if self.text.get(self.at..self.at + 2) != Some("\\u") {
            return Ok('\u{FFFD}');
        }
        self.at += 1;
        let low = four(self)?;
        let letter = 0x10000 + ((high - 0xD800) << 10) + (low.wrapping_sub(0xDC00) & 0x3FF);
        Ok(char::from_u32(letter).unwrap_or('\u{FFFD}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json<'_>, String> {
        Json::of(text, &mut Budget::of_file())
    }

    #[test]
    fn values_are_read_as_they_are_written() {
        let text = r#" {"a": [1, -2.50e3, true, null], "b\u00e9\n\ud83d\ude00": "x\"y", "c": {}} "#;
        let json = read(text).unwrap();
        let a = json.get("a").unwrap().array().unwrap();
        assert_eq!(a[1].number(), Some(("-2.50e3", -2500.0)));
        assert_eq!((&a[2], &a[3]), (&Json::Bool(true), &Json::Null));
        assert_eq!(json.members()[1].0, "bé\n😀");
        assert_eq!(json.members()[1].1.text(), Some("x\"y"));
        assert_eq!(json.get("c"), Some(&Json::Object(Vec::new())));
    }

    #[test]
    fn what_is_damaged_says_where() {
        for (text, place) in [
            ("{\"a\":\n 1", "line 2, byte 9"),
            ("[1,]", "byte 4"),
            ("[1 2]", "byte 4"),
            ("\"abc", "byte 5"),
            ("[1e999]", "a number"),
            ("[--1]", "a number"),
            ("{1:2}", "a name"),
            ("[] x", "the end"),
            ("\"\\u12\"", "hexadecimal"),
            ("\"\\x\"", "backslash"),
            ("", "a value"),
        ] {
            let error = read(text).unwrap_err();
            assert!(
                error.contains("cut off or damaged") && error.contains(place),
                "{text}: {error}"
            );
        }
        let deep = "[".repeat(100_000);
        assert!(read(&deep).unwrap_err().contains("deep in each other"));
    }
}
