//! Columns in small types: a value and whether it is known, copied in runs.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, DictionaryArray, Float64Array, Int8Array, Int16Array, Int32Array,
    StringArray,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Int32Type, ToByteSlice};

use super::arena::{Piece, taken};
use super::bits::Bits;

/// What a column of a panel holds, and in how few bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 0 or 1, or another code of two digits.
    Flag,
    /// A code, year or count below 32,768.
    Small,
    /// A whole number.
    Int,
    /// A measured quantity.
    Real,
    /// A text, held once for all its rows.
    Text,
    /// A calendar day.
    Date,
}

impl Kind {
    /// The Arrow type of such a column.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Flag => DataType::Int8,
            Self::Small => DataType::Int16,
            Self::Int => DataType::Int32,
            Self::Real => DataType::Float64,
            Self::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Self::Date => DataType::Date32,
        }
    }
}

/// Values of one type beside whether each is known.
#[derive(Debug)]
#[allow(clippy::struct_field_names, reason = "the bits say which values are known")]
pub(crate) struct Known<T> {
    values: Vec<T>,
    known: Bits,
    /// A value that did not fit, if there was one.
    lost: Option<i32>,
}

impl<T: Copy + Default> Known<T> {
    fn with_capacity(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), known: Bits::with_capacity(rows), lost: None }
    }

    /// The value in this type; one that does not fit is kept aside, and the column is refused for it.
    fn fit(&mut self, value: Option<i32>) -> Option<T>
    where
        T: TryFrom<i32>,
    {
        let value = value?;
        let fits = T::try_from(value).ok();
        if fits.is_none() {
            self.lost.get_or_insert(value);
        }
        fits
    }

    fn extend(&mut self, value: T, rows: usize, known: bool) {
        self.values.resize(self.values.len() + rows, value);
        self.known.extend(known, rows);
    }

    fn push(&mut self, value: Option<T>) {
        self.values.push(value.unwrap_or_default());
        self.known.push(value.is_some());
    }

    fn zeros_where(&mut self, known: &Bits) {
        self.values.resize(self.values.len() + known.len(), T::default());
        self.known.copy(known, 0, known.len());
    }

    fn extend_where(
        &mut self,
        known: &Bits,
        first: usize,
        rows: usize,
        value: impl Fn(usize) -> T,
    ) {
        let value = |at| if known.get(first + at) { value(at) } else { T::default() };
        self.values.extend((0..rows).map(value));
        self.known.copy(known, first, rows);
    }

    fn scatter(&mut self, first: usize, from: &Self, places: &[(u32, u32)]) {
        for (row, at) in places {
            self.set(first + *row as usize, from.get(*at as usize));
        }
    }

    fn copy(&mut self, from: &Self, at: usize, rows: usize) {
        self.values.extend_from_slice(&from.values[at..at + rows]);
        self.known.copy(&from.known, at, rows);
    }

    fn copy_again(&mut self, from: &Self, at: usize, rows: usize) {
        self.extend(from.values[at], rows, from.known.get(at));
    }

    fn set(&mut self, at: usize, value: Option<T>) {
        self.values[at] = value.unwrap_or_default();
        self.known.set(at, value.is_some());
    }

    fn get(&self, at: usize) -> Option<T> {
        self.known.get(at).then(|| self.values[at])
    }

    fn all<V>(&self, of: impl Fn(T) -> Option<V>) -> Vec<Option<V>> {
        let known = |at: usize| self.known.get(at);
        let values = self.values.iter().enumerate();
        values.map(|(at, value)| if known(at) { of(*value) } else { None }).collect()
    }

    fn clear(&mut self) {
        self.values.clear();
        self.known.clear();
        self.lost = None;
    }

    fn place(&self, piece: &mut Piece<'_>) -> Placed
    where
        T: arrow::datatypes::ArrowNativeType,
    {
        Placed {
            rows: self.values.len(),
            values: piece.put(self.values.to_byte_slice()),
            nulls: self.known.words().map(|words| piece.put(words.to_byte_slice())),
        }
    }

    fn finish(self) -> Raw
    where
        T: arrow::datatypes::ArrowNativeType,
    {
        let rows = self.values.len();
        let nulls = NullBuffer::new(self.known.finish());
        let nulls = (nulls.null_count() > 0).then_some(nulls);
        Raw { rows, values: Buffer::from_vec(self.values), nulls }
    }
}

/// The bytes of a column.
pub(crate) struct Raw {
    rows: usize,
    values: Buffer,
    nulls: Option<NullBuffer>,
}

impl Raw {
    /// How much of a piece they take at most.
    pub fn room(kind: Kind, rows: usize) -> usize {
        let width = match kind {
            Kind::Flag => 1,
            Kind::Small => 2,
            Kind::Int | Kind::Text | Kind::Date => 4,
            Kind::Real => 8,
        };
        taken(rows * width) + taken(rows.div_ceil(64) * 8)
    }

    /// Those that lie in a room.
    pub fn lying(placed: Placed, room: &Buffer) -> Self {
        let Placed { rows, values, nulls } = placed;
        let slice = |at: Range<usize>| room.slice_with_length(at.start, at.len());
        let nulls = nulls.map(|at| NullBuffer::new(BooleanBuffer::new(slice(at), 0, rows)));
        Self { rows, values: slice(values), nulls }
    }

    /// The column as Arrow has it; a column of texts takes the texts that its numbers stand for.
    pub fn array(self, kind: Kind, texts: Option<&Arc<StringArray>>) -> ArrayRef {
        let Self { rows, values, nulls } = self;
        match kind {
            Kind::Flag => Arc::new(Int8Array::new(ScalarBuffer::new(values, 0, rows), nulls)),
            Kind::Small => Arc::new(Int16Array::new(ScalarBuffer::new(values, 0, rows), nulls)),
            Kind::Real => Arc::new(Float64Array::new(ScalarBuffer::new(values, 0, rows), nulls)),
            Kind::Date => Arc::new(Date32Array::new(ScalarBuffer::new(values, 0, rows), nulls)),
            Kind::Int | Kind::Text => {
                let ints = Int32Array::new(ScalarBuffer::new(values, 0, rows), nulls);
                let Some(texts) = texts else { return Arc::new(ints) };
                match DictionaryArray::<Int32Type>::try_new(ints, Arc::clone(texts) as _) {
                    Ok(column) => Arc::new(column),
                    Err(error) => unreachable!("texts are numbered as they are held: {error}"),
                }
            }
        }
    }
}

/// Where the bytes of a column lie in a room.
pub(crate) struct Placed {
    rows: usize,
    values: Range<usize>,
    nulls: Option<Range<usize>>,
}

/// A column being written, or held to be copied from.
#[derive(Debug)]
pub(crate) enum Cells {
    I8(Known<i8>),
    I16(Known<i16>),
    I32(Known<i32>),
    F64(Known<f64>),
}

/// One value of any column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value {
    Int(i32),
    Real(f64),
}

macro_rules! each {
    ($cells:expr, $known:ident => $body:expr) => {
        match $cells {
            Cells::I8($known) => $body,
            Cells::I16($known) => $body,
            Cells::I32($known) => $body,
            Cells::F64($known) => $body,
        }
    };
}

impl Cells {
    pub fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Flag => Self::I8(Known::with_capacity(rows)),
            Kind::Small => Self::I16(Known::with_capacity(rows)),
            Kind::Int | Kind::Text | Kind::Date => Self::I32(Known::with_capacity(rows)),
            Kind::Real => Self::F64(Known::with_capacity(rows)),
        }
    }

    /// As many cells, none of them known.
    pub fn unknown(kind: Kind, rows: usize) -> Self {
        let mut cells = Self::new(kind, rows);
        cells.nulls(rows);
        cells
    }

    pub fn len(&self) -> usize {
        each!(self, k => k.values.len())
    }

    pub fn nulls(&mut self, rows: usize) {
        each!(self, k => k.extend(Default::default(), rows, false));
    }

    /// Appends a zero where that is known, and nothing known elsewhere.
    pub fn zeros_where(&mut self, known: &Bits) {
        each!(self, k => k.zeros_where(known));
    }

    pub fn repeat(&mut self, value: Value, rows: usize) {
        match (self, value) {
            (Self::F64(k), Value::Int(v)) => k.extend(f64::from(v), rows, true),
            (Self::F64(k), Value::Real(v)) => k.extend(v, rows, true),
            (Self::I8(k), Value::Int(v)) => match k.fit(Some(v)) {
                Some(v) => k.extend(v, rows, true),
                None => k.extend(0, rows, false),
            },
            (Self::I16(k), Value::Int(v)) => match k.fit(Some(v)) {
                Some(v) => k.extend(v, rows, true),
                None => k.extend(0, rows, false),
            },
            (Self::I32(k), Value::Int(v)) => k.extend(v, rows, true),
            (cells, Value::Real(_)) => cells.nulls(rows),
        }
    }

    pub fn push(&mut self, value: Option<Value>) {
        match self {
            Self::F64(k) => k.push(value.map(|v| match v {
                Value::Int(v) => f64::from(v),
                Value::Real(v) => v,
            })),
            Self::I8(k) => {
                let value = k.fit(whole(value));
                k.push(value);
            }
            Self::I16(k) => {
                let value = k.fit(whole(value));
                k.push(value);
            }
            Self::I32(k) => k.push(whole(value)),
        }
    }

    /// Whether they are those of a column of that type.
    pub fn are(&self, kind: Kind) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(&Self::new(kind, 0))
    }

    /// A value that did not fit the type of the column, if there was one: the column must be refused.
    pub fn lost(&self) -> Option<i32> {
        each!(self, k => k.lost)
    }

    /// Appends whole numbers, all of them known, that fit the type of the column: years, and counts of years.
    pub fn extend(&mut self, values: impl Iterator<Item = i32>) {
        let before = self.len();
        match self {
            Self::I8(k) => k.values.extend(values.map(|v| v as i8)),
            Self::I16(k) => k.values.extend(values.map(|v| v as i16)),
            Self::I32(k) => k.values.extend(values),
            Self::F64(k) => k.values.extend(values.map(f64::from)),
        }
        let rows = self.len() - before;
        each!(self, k => k.known.extend(true, rows));
    }

    /// Appends a run of another column of the same type.
    pub fn copy(&mut self, from: &Self, at: usize, rows: usize) {
        match (self, from) {
            (Self::I8(k), Self::I8(f)) => k.copy(f, at, rows),
            (Self::I16(k), Self::I16(f)) => k.copy(f, at, rows),
            (Self::I32(k), Self::I32(f)) => k.copy(f, at, rows),
            (Self::F64(k), Self::F64(f)) => k.copy(f, at, rows),
            (cells, _) => cells.nulls(rows),
        }
    }

    /// Appends one cell of another column of the same type so many times.
    pub fn copy_again(&mut self, from: &Self, at: usize, rows: usize) {
        match (self, from) {
            (Self::I8(k), Self::I8(f)) => k.copy_again(f, at, rows),
            (Self::I16(k), Self::I16(f)) => k.copy_again(f, at, rows),
            (Self::I32(k), Self::I32(f)) => k.copy_again(f, at, rows),
            (Self::F64(k), Self::F64(f)) => k.copy_again(f, at, rows),
            (cells, _) => cells.nulls(rows),
        }
    }

    /// Appends whole numbers that fit the type of the column where these bits are set, which begin at the bit of the first, and nothing known elsewhere.
    pub fn extend_where(
        &mut self,
        known: &Bits,
        first: usize,
        rows: usize,
        value: impl Fn(usize) -> i32,
    ) {
        match self {
            Self::I8(k) => k.extend_where(known, first, rows, |at| value(at) as i8),
            Self::I16(k) => k.extend_where(known, first, rows, |at| value(at) as i16),
            Self::I32(k) => k.extend_where(known, first, rows, value),
            Self::F64(k) => k.extend_where(known, first, rows, |at| f64::from(value(at))),
        }
    }

    /// Overwrites cells with those of another column of the same type: each place is a row behind the first, and a cell there.
    pub fn scatter(&mut self, first: usize, from: &Self, places: &[(u32, u32)]) {
        match (self, from) {
            (Self::I8(k), Self::I8(f)) => k.scatter(first, f, places),
            (Self::I16(k), Self::I16(f)) => k.scatter(first, f, places),
            (Self::I32(k), Self::I32(f)) => k.scatter(first, f, places),
            (Self::F64(k), Self::F64(f)) => k.scatter(first, f, places),
            _ => {}
        }
    }

    pub fn set(&mut self, at: usize, value: Option<Value>) {
        match self {
            Self::F64(k) => k.set(
                at,
                value.map(|v| match v {
                    Value::Int(v) => f64::from(v),
                    Value::Real(v) => v,
                }),
            ),
            Self::I8(k) => {
                let value = k.fit(whole(value));
                k.set(at, value);
            }
            Self::I16(k) => {
                let value = k.fit(whole(value));
                k.set(at, value);
            }
            Self::I32(k) => k.set(at, whole(value)),
        }
    }

    pub fn get(&self, at: usize) -> Option<Value> {
        match self {
            Self::I8(k) => k.get(at).map(|v| Value::Int(v.into())),
            Self::I16(k) => k.get(at).map(|v| Value::Int(v.into())),
            Self::I32(k) => k.get(at).map(Value::Int),
            Self::F64(k) => k.get(at).map(Value::Real),
        }
    }

    /// The number in a cell, if it is known.
    pub fn number(&self, at: usize) -> Option<f64> {
        self.get(at).map(|v| match v {
            Value::Int(v) => f64::from(v),
            Value::Real(v) => v,
        })
    }

    /// The whole number in a cell, if it is known.
    pub fn int(&self, at: usize) -> Option<i32> {
        whole(self.get(at))
    }

    /// All whole numbers, of a column that holds them.
    pub fn ints(&self) -> Vec<Option<i32>> {
        match self {
            Self::I8(k) => k.all(|v| Some(v.into())),
            Self::I16(k) => k.all(|v| Some(v.into())),
            Self::I32(k) => k.all(Some),
            // No column of whole numbers holds quantities.
            Self::F64(k) => k.all(|_| None),
        }
    }

    /// The bytes of the column.
    pub fn finish(self) -> Raw {
        each!(self, k => k.finish())
    }

    /// Takes all cells out and keeps their room.
    pub fn clear(&mut self) {
        each!(self, k => k.clear());
    }

    /// Numbers texts anew, so that none is held twice: programs read them as the categories of the column, and refuse one that comes again.
    pub fn texts_once(&mut self, texts: &Arc<StringArray>) -> Arc<StringArray> {
        let mut places: HashMap<&str, i32> = HashMap::new();
        let mut once = Vec::new();
        let anew: Vec<Option<i32>> = texts
            .iter()
            .map(|text| {
                let text = text?;
                Some(*places.entry(text).or_insert_with(|| {
                    once.push(text);
                    once.len() as i32 - 1
                }))
            })
            .collect();
        for at in 0..self.len() {
            if let Some(text) = self.int(at) {
                self.set(at, anew[text as usize].map(Value::Int));
            }
        }
        Arc::new(StringArray::from(once))
    }

    /// Copies the bytes of the column into a piece that has their [`Raw::room`].
    pub fn place(&self, piece: &mut Piece<'_>) -> Placed {
        each!(self, k => k.place(piece))
    }
}

fn whole(value: Option<Value>) -> Option<i32> {
    match value? {
        Value::Int(v) => Some(v),
        // No column of whole numbers is declared for quantities: see the test over all groups.
        Value::Real(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_held_once_however_often_it_is_given() {
        let texts: StringArray = [Some("b"), Some("a"), None, Some("b")].into_iter().collect();
        let mut cells = Cells::new(Kind::Text, 6);
        [Some(3), None, Some(1), Some(0), Some(2), Some(1)]
            .into_iter()
            .for_each(|number| cells.push(number.map(Value::Int)));
        let once = cells.texts_once(&Arc::new(texts));
        assert_eq!(*once, StringArray::from(vec!["b", "a"]));
        assert_eq!(cells.ints(), [Some(0), None, Some(1), Some(0), None, Some(1)]);
    }

    #[test]
    fn a_value_that_does_not_fit_is_kept_aside_and_becomes_no_other() {
        for (kind, fits, large) in [(Kind::Flag, 127, 300), (Kind::Small, 32_767, 70_000)] {
            let ways: [fn(&mut Cells, Option<Value>); 3] = [
                |cells, value| cells.push(value),
                |cells, value| cells.set(0, value),
                |cells, value| value.into_iter().for_each(|v| cells.repeat(v, 1)),
            ];
            for way in ways {
                let mut cells = Cells::unknown(kind, 1);
                way(&mut cells, Some(Value::Int(fits)));
                assert_eq!(cells.lost(), None);
                way(&mut cells, Some(Value::Int(large)));
                way(&mut cells, None);
                assert_eq!(cells.lost(), Some(large));
                assert!((0..cells.len()).all(|at| cells.int(at).is_none_or(|v| v == fits)));
            }
        }
        let mut cells = Cells::new(Kind::Int, 1);
        cells.push(Some(Value::Int(i32::MAX)));
        assert_eq!((cells.lost(), cells.int(0)), (None, Some(i32::MAX)));
    }
}
