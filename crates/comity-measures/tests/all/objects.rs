//! Objects of R as its serialisation writes them (XDR): lists, numbers and their names, as far as a test needs them.

/// An object, with its names.
#[derive(Debug)]
pub struct Object {
    values: Values,
    names: Vec<String>,
}

#[derive(Debug)]
enum Values {
    Numbers(Vec<f64>),
    Texts(Vec<String>),
    List(Vec<Object>),
    Nothing,
}

impl Object {
    /// The item of that name.
    pub fn get(&self, name: &str) -> &Self {
        let at = self.names.iter().position(|n| n == name).unwrap_or_else(|| panic!("no {name}"));
        &self.items()[at]
    }

    /// The items of a list.
    pub fn items(&self) -> &[Self] {
        match &self.values {
            Values::List(items) => items,
            _ => &[],
        }
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        matches!(self.values, Values::List(_))
    }

    /// Its numbers.
    pub fn numbers(&self) -> &[f64] {
        match &self.values {
            Values::Numbers(numbers) => numbers,
            _ => &[],
        }
    }
}

/// The named objects of a file that `save` wrote, unpacked.
pub fn read(bytes: &[u8]) -> Object {
    assert!(bytes.starts_with(b"RDX2\nX\n"), "a file of save(), version 2");
    let mut reader = Reader { bytes, at: 7 + 12, seen: Vec::new() };
    reader.object()
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Names of symbols, which are written once.
    seen: Vec<String>,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let taken = self.bytes[self.at..self.at + N].try_into().unwrap();
        self.at += N;
        taken
    }

    fn int(&mut self) -> i32 {
        i32::from_be_bytes(self.take())
    }

    fn text(&mut self) -> String {
        self.int();
        let length = self.int();
        if length < 0 {
            return String::new();
        }
        let end = self.at + length as usize;
        let text = String::from_utf8_lossy(&self.bytes[self.at..end]).into_owned();
        self.at = end;
        text
    }

    /// A symbol, or one that was seen before.
    fn symbol(&mut self) -> String {
        let flags = self.int();
        match flags & 0xff {
            1 => {
                let name = self.text();
                self.seen.push(name.clone());
                name
            }
            255 => self.seen[(flags >> 8) as usize - 1].clone(),
            other => panic!("a symbol is wanted, not an object of type {other}"),
        }
    }

    fn object(&mut self) -> Object {
        let flags = self.int();
        let plain = |values| Object { values, names: Vec::new() };
        let mut object = match flags & 0xff {
            2 => return self.pairs(flags),
            10 | 13 => {
                let many = self.int();
                plain(Values::Numbers((0..many).map(|_| f64::from(self.int())).collect()))
            }
            14 => {
                let many = self.int();
                plain(Values::Numbers((0..many).map(|_| f64::from_be_bytes(self.take())).collect()))
            }
            16 => {
                let many = self.int();
                plain(Values::Texts((0..many).map(|_| self.text()).collect()))
            }
            19 => {
                let many = self.int();
                plain(Values::List((0..many).map(|_| self.object()).collect()))
            }
            254 => return plain(Values::Nothing),
            other => panic!("an object of type {other} at byte {}", self.at),
        };
        if flags & 0x200 != 0 {
            let attributes = self.object();
            let at = attributes.names.iter().position(|n| n == "names");
            if let Some(Values::Texts(names)) = at.map(|at| &attributes.items()[at].values) {
                object.names.clone_from(names);
            }
        }
        object
    }

    /// A list of pairs: the objects of a file, or attributes.
    fn pairs(&mut self, mut flags: i32) -> Object {
        let (mut items, mut names) = (Vec::new(), Vec::new());
        while flags & 0xff == 2 {
            assert_eq!(flags & 0x200, 0, "pairs with attributes");
            names.push(if flags & 0x400 != 0 { self.symbol() } else { String::new() });
            items.push(self.object());
            flags = self.int();
        }
        Object { values: Values::List(items), names }
    }
}
