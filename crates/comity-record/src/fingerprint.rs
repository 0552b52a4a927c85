//! The fingerprint of a record: over what it says, not over how it is stored.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type};
use sha2::{Digest, Sha256};

use crate::coverage::{Coverage, Units};
use crate::error::Error;
use crate::hex;
use crate::order::sorted;
use crate::schema::{ColumnType, TABLES};
use crate::source::{Relation, Source};

/// Changed only when the way of counting changes.
const SCHEME: &str = "comity-record-2";

/// A fingerprint in the making: named fields of named length, so that no two different records give the same bytes.
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Begins with the scheme and the schemas.
    pub fn new() -> Self {
        let mut print = Self(Sha256::new());
        print.field(SCHEME);
        for t in TABLES {
            print.field(t.name);
            for column in t.columns {
                print.field(&format!("{}:{}", column.name, type_name(column.kind)));
            }
        }
        print
    }

    /// Adds a text with its length.
    pub fn field(&mut self, text: &str) {
        field(&mut self.0, text);
    }

    /// Adds what a source says of itself: its id, how it stands to others, and its claims.
    pub fn source(&mut self, source: &Source) {
        self.field(&source.id);
        for (family, relation) in &source.relations {
            self.field(&format!("{family}:{}", relation_name(*relation)));
        }
        let mut claims: Vec<String> = source.coverage.iter().map(claim).collect();
        claims.sort();
        for claim in claims {
            self.field(&claim);
        }
    }

    /// The fingerprint in hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

// These names are part of the scheme: they do not follow when a type is renamed.

fn type_name(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Int => "int32",
        ColumnType::Float => "float64",
        ColumnType::Text => "text",
        ColumnType::Bool => "bool",
        ColumnType::Date => "date",
    }
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Rival => "rival",
        Relation::Complement => "complement",
        Relation::Starter => "starter",
        Relation::Beside => "beside",
        Relation::Layer => "layer",
    }
}

/// One claim as text: every part with its name, lists in order, texts with their length.
fn claim(claim: &Coverage) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    let mut part = |name: &str, value: &str| {
        let _ = write!(text, "{name}={}:{value};", value.len());
    };
    let codes = |codes: &std::collections::BTreeSet<i32>| {
        codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    };
    part("table", &claim.table);
    match &claim.units {
        Units::All => part("units", "all"),
        Units::States(states) => part("only-states", &codes(states)),
        Units::AllExcept(states) => part("all-states-except", &codes(states)),
    }
    part("from", &claim.from.to_string());
    part("to", &claim.to.to_string());
    if let Some(scope) = &claim.scope {
        part("scope", scope);
    }
    let rows = [("only", &claim.only), ("except", &claim.except), ("prevails", &claim.prevails)];
    for (name, rows) in rows {
        for (column, values) in rows {
            part(name, column);
            values.iter().for_each(|value| part("value", value));
        }
    }
    part("context", if claim.context { "true" } else { "false" });
    text
}

/// SHA-256 over the sorted logical rows of one table.
pub fn content(rows: &RecordBatch) -> Result<String, Error> {
    let rows = sorted(rows)?;
    let mut pieces = Pieces::default();
    pieces.add(&(rows.num_rows() as u64).to_le_bytes());
    for (column, f) in rows.columns().iter().zip(rows.schema().fields()) {
        // A column without a value says nothing: a schema that grows leaves what was stored as it is.
        if column.null_count() == column.len() {
            continue;
        }
        pieces.text(f.name());
        match f.data_type() {
            DataType::Int32 => {
                let cells = column.as_primitive::<Int32Type>();
                pieces.cells(column, |p, row| p.add(&cells.value(row).to_le_bytes()));
            }
            DataType::Date32 => {
                let cells = column.as_primitive::<Date32Type>();
                pieces.cells(column, |p, row| p.add(&cells.value(row).to_le_bytes()));
            }
            DataType::Float64 => {
                let cells = column.as_primitive::<Float64Type>();
                pieces.cells(column, |p, row| p.add(&cells.value(row).to_bits().to_le_bytes()));
            }
            DataType::Boolean => {
                let cells = column.as_boolean();
                pieces.cells(column, |p, row| p.add(&[u8::from(cells.value(row))]));
            }
            _ => {
                let cells = column.as_string::<i32>();
                pieces.cells(column, |p, row| p.text(cells.value(row)));
            }
        }
    }
    Ok(pieces.finish())
}

/// A hash over many small pieces, which it takes in large ones.
#[derive(Default)]
struct Pieces {
    hash: Sha256,
    waiting: Vec<u8>,
}

impl Pieces {
    /// How many bytes are taken at a time.
    const MANY: usize = 1 << 16;

    fn add(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= Self::MANY {
            self.hash.update(&self.waiting);
            self.waiting.clear();
        }
    }

    fn text(&mut self, text: &str) {
        self.add(&(text.len() as u64).to_le_bytes());
        self.add(text.as_bytes());
    }

    /// Every cell of a column: whether it is known, and then its value.
    fn cells(&mut self, column: &dyn Array, mut value: impl FnMut(&mut Self, usize)) {
        for row in 0..column.len() {
            if column.is_null(row) {
                self.add(&[0]);
            } else {
                self.add(&[1]);
                value(self, row);
            }
        }
    }

    fn finish(mut self) -> String {
        self.hash.update(&self.waiting);
        hex(&self.hash.finalize())
    }
}

fn field(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text);
}
