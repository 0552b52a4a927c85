//! Events as Parquet: one file of sorted rows of one source and month.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, DictionaryArray, Float64Array, Int32Array,
    RecordBatch, StringArray, StringBuilder, TimestampMillisecondArray, UInt8Array, UInt32Array,
    UInt64Array,
};
use arrow::datatypes::{
    DataType, Date32Type, Field, Float64Type, Int32Type, Schema, SchemaRef, TimeUnit,
    TimestampMillisecondType, UInt8Type, UInt32Type, UInt64Type,
};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::statistics::Statistics;
use parquet::schema::types::ColumnPath;

use crate::counts::sums::Figures;
use crate::counts::tally::Key;
use crate::error::{Error, io};
use crate::event::{Dictionary, NONE, Row, Rows, Texts};

/// Rows of a part of a file that is passed over as a whole.
pub(crate) const GROUP: usize = 1 << 16;
/// Rows that are read at a time.
const BATCH: usize = 1 << 15;

/// The columns of a file of events.
fn schema() -> SchemaRef {
    let text = || DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8));
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let fields = [
        ("id", DataType::UInt64, false),
        ("id_text", DataType::Utf8, true),
        ("day", DataType::Date32, false),
        ("exact", DataType::Boolean, false),
        ("known", time, false),
        ("actor", text(), true),
        ("target", text(), true),
        ("actor_state", text(), true),
        ("target_state", text(), true),
        ("location", text(), true),
        ("code", text(), true),
        ("root", DataType::UInt8, true),
        ("quad", DataType::UInt8, true),
        ("goldstein", DataType::Float64, true),
        ("mentions", DataType::Int32, true),
        ("sources", DataType::Int32, true),
        ("articles", DataType::Int32, true),
        ("best", DataType::Int32, true),
        ("low", DataType::Int32, true),
        ("high", DataType::Int32, true),
        ("report", DataType::Utf8, true),
        ("story", DataType::UInt64, true),
        ("file", DataType::UInt64, false),
        ("line", DataType::UInt64, false),
    ];
    let fields = fields.map(|(name, kind, nulls)| Field::new(name, kind, nulls));
    Arc::new(Schema::new(fields.to_vec()))
}

fn properties() -> WriterProperties {
    let plain = |column: &str| ColumnPath::from(column);
    let mut made = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_created_by("comity".into())
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for column in ["id", "story", "line", "report", "id_text"] {
        made = made.set_column_dictionary_enabled(plain(column), false);
    }
    for column in ["id", "line"] {
        made = made.set_column_encoding(plain(column), Encoding::DELTA_BINARY_PACKED);
    }
    made.build()
}

/// The rows at `order` as a batch.
fn batch(rows: &Rows, order: &[u32], schema: &SchemaRef) -> Result<RecordBatch, Error> {
    let at = || order.iter().map(|at| *at as usize);
    let values: Arc<StringArray> = Arc::new(rows.texts.texts().map(Some).collect());
    let text = |column: &[u32]| -> Result<ArrayRef, Error> {
        let keys: UInt32Array = at().map(|n| Some(column[n]).filter(|n| *n > 0)).collect();
        Ok(Arc::new(DictionaryArray::try_new(keys, Arc::clone(&values) as ArrayRef)?))
    };
    let small = |column: &[u8]| -> ArrayRef {
        Arc::new(at().map(|n| Some(column[n]).filter(|n| *n > 0)).collect::<UInt8Array>())
    };
    let number = |column: &[i32]| -> ArrayRef {
        Arc::new(at().map(|n| Some(column[n]).filter(|n| *n != NONE)).collect::<Int32Array>())
    };
    let wide = |column: &[u64]| -> ArrayRef {
        Arc::new(at().map(|n| column[n]).collect::<Vec<_>>().into_iter().collect::<UInt64Array>())
    };
    let long = |texts: &Texts| -> ArrayRef {
        let mut made = StringBuilder::new();
        at().for_each(|n| made.append_option(Some(texts.get(n)).filter(|t| !t.is_empty())));
        Arc::new(made.finish())
    };
    let known: TimestampMillisecondArray =
        at().map(|n| Some(rows.known[n].saturating_mul(1000))).collect();
    let score =
        |n: usize| Some(rows.goldstein[n]).filter(|g| *g != NONE).map(|g| f64::from(g) / 1000.0);
    let story = |n: usize| Some(rows.story[n]).filter(|s| *s > 0);
    let columns: Vec<ArrayRef> = vec![
        wide(&rows.id),
        long(&rows.name),
        Arc::new(at().map(|n| Some(rows.day[n])).collect::<Date32Array>()),
        Arc::new(at().map(|n| Some(rows.exact[n])).collect::<BooleanArray>()),
        Arc::new(known.with_timezone("UTC")),
        text(&rows.actor)?,
        text(&rows.target)?,
        text(&rows.actor_state)?,
        text(&rows.target_state)?,
        text(&rows.location)?,
        text(&rows.code)?,
        small(&rows.root),
        small(&rows.quad),
        Arc::new(at().map(score).collect::<Float64Array>()),
        number(&rows.mentions),
        number(&rows.sources),
        number(&rows.articles),
        number(&rows.best),
        number(&rows.low),
        number(&rows.high),
        long(&rows.report),
        Arc::new(at().map(story).collect::<UInt64Array>()),
        wide(&rows.file),
        wide(&rows.line),
    ];
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// Writes the rows at `order`, which is that of their ids.
pub(crate) fn write(rows: &Rows, order: &[u32], into: impl Write + Send) -> Result<(), String> {
    let schema = schema();
    let mut writer = ArrowWriter::try_new(into, Arc::clone(&schema), Some(properties()))
        .map_err(|e| e.to_string())?;
    for part in order.chunks(GROUP) {
        let batch = batch(rows, part, &schema).map_err(|e| e.to_string())?;
        writer.write(&batch).map_err(|e| e.to_string())?;
    }
    writer.close().map_err(|e| e.to_string())?;
    Ok(())
}

/// A part of a file: which rows may be of interest.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    /// Ids from and to.
    pub ids: Option<(u64, u64)>,
    /// Seconds from and to.
    pub known: Option<(i64, i64)>,
    /// Days from and to.
    pub days: Option<(i32, i32)>,
}

fn overlaps<T: PartialOrd>(a: Option<(T, T)>, b: Option<(T, T)>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.0 <= b.1 && b.0 <= a.1,
        _ => true,
    }
}

impl Span {
    fn may_hold(&self, group: &RowGroupMetaData) -> bool {
        let of = |name: &str| {
            let column = group.columns().iter().find(|c| c.column_path().string() == name)?;
            match column.statistics()? {
                Statistics::Int64(s) => Some((*s.min_opt()?, *s.max_opt()?)),
                Statistics::Int32(s) => Some((i64::from(*s.min_opt()?), i64::from(*s.max_opt()?))),
                _ => None,
            }
        };
        // Ids are without a sign, and stored as if they had one.
        let ids = of("id").map(|(a, b)| (a as u64, b as u64)).filter(|(a, b)| a <= b);
        let days = self.days.map(|(a, b)| (i64::from(a), i64::from(b)));
        let known = self.known.map(|(a, b)| (a.saturating_mul(1000), b.saturating_mul(1000)));
        overlaps(ids, self.ids) && overlaps(of("known"), known) && overlaps(of("day"), days)
    }
}

/// A file of events that was opened.
pub(crate) struct Segment<'a> {
    path: &'a Path,
    file: File,
    metadata: ArrowReaderMetadata,
}

impl<'a> Segment<'a> {
    /// Opens a file that has so many rows.
    pub(crate) fn open(path: &'a Path, rows: u64) -> Result<Self, Error> {
        let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
        let file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(damaged("the file is gone".into()));
            }
            Err(e) => return Err(io("cannot read", path)(e)),
        };
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default())
            .map_err(|e| damaged(e.to_string()))?;
        let said = metadata.metadata().file_metadata().num_rows();
        if u64::try_from(said) != Ok(rows) {
            return Err(damaged(format!(
                "it says that it has {said} rows, the manifest says {rows}"
            )));
        }
        Ok(Self { path, file, metadata })
    }

    fn damaged(&self, reason: impl ToString) -> Error {
        Error::Damaged { path: self.path.to_owned(), reason: reason.to_string() }
    }

    /// The batches of the parts that may hold rows of a span, with the columns named (none: all of them).
    pub(crate) fn batches(
        &self,
        span: &Span,
        columns: &[&str],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, Error>> + '_, Error> {
        let file = self.file.try_clone().map_err(io("cannot read", self.path))?;
        let builder =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let groups = builder.metadata().row_groups().iter().enumerate();
        let groups = groups.filter(|(_, g)| span.may_hold(g)).map(|(at, _)| at).collect();
        let mask = match columns {
            [] => ProjectionMask::all(),
            names => {
                let roots = builder.parquet_schema().root_schema().get_fields().iter().enumerate();
                let wanted = roots.filter(|(_, f)| names.contains(&f.name())).map(|(at, _)| at);
                ProjectionMask::roots(builder.parquet_schema(), wanted.collect::<Vec<_>>())
            }
        };
        let reader = builder.with_row_groups(groups).with_projection(mask).with_batch_size(BATCH);
        let reader = reader.build().map_err(|e| self.damaged(e))?;
        Ok(reader.map(|batch| batch.map_err(|e| self.damaged(e))))
    }

    /// Whether a column of whole numbers without a sign holds what is wanted, and not null.
    pub(crate) fn has(
        &self,
        span: &Span,
        column: &str,
        wanted: impl Fn(u64) -> bool,
    ) -> Result<bool, Error> {
        for batch in self.batches(span, &[column])? {
            let batch = batch?;
            let column = batch.columns().first().and_then(|c| c.as_primitive_opt::<UInt64Type>());
            let column = column.ok_or_else(|| self.damaged("its columns are others"))?;
            if column.values().iter().any(|v| wanted(*v)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The id, the time of knowing and the story (0: none) of each row of a span.
    pub(crate) fn stories(
        &self,
        span: &Span,
        mut each: impl FnMut(u64, i64, u64),
    ) -> Result<(), Error> {
        for batch in self.batches(span, &["id", "known", "story"])? {
            let batch = batch?;
            let columns = || {
                let id = batch.column_by_name("id")?.as_primitive_opt::<UInt64Type>()?;
                let known = batch.column_by_name("known")?;
                let known = known.as_primitive_opt::<TimestampMillisecondType>()?;
                Some((id, known, batch.column_by_name("story")?.as_primitive_opt::<UInt64Type>()?))
            };
            let (id, known, story) =
                columns().ok_or_else(|| self.damaged("its columns are others"))?;
            for at in 0..batch.num_rows() {
                let story = if story.is_null(at) { 0 } else { story.value(at) };
                each(id.value(at), known.value(at).div_euclid(1000), story);
            }
        }
        Ok(())
    }

    /// What every row adds to the counts, and the numbers of the texts that it is counted by.
    pub(crate) fn figures(
        &self,
        texts: &mut Dictionary,
        mut each: impl FnMut(Key, &Figures, u64),
    ) -> Result<(), Error> {
        let names = [
            "day",
            "known",
            "actor_state",
            "target_state",
            "location",
            "root",
            "quad",
            "goldstein",
            "mentions",
            "sources",
            "articles",
            "best",
            "low",
            "high",
            "story",
        ];
        for batch in self.batches(&Span::default(), &names)? {
            let batch = batch?;
            let columns = Counted::of(&batch, texts);
            let columns = columns.ok_or_else(|| self.damaged("its columns are others"))?;
            for at in 0..batch.num_rows() {
                let (key, figures, story) = columns.at(at);
                each(key, &figures, story);
            }
        }
        Ok(())
    }

    /// The rows of a span (others beside them may be among them) for which `wanted` says so, by id, when known and story.
    pub(crate) fn rows(
        &self,
        span: &Span,
        into: &mut Rows,
        wanted: impl Fn(u64, i64, u64) -> bool,
    ) -> Result<(), Error> {
        for batch in self.batches(span, &[])? {
            let batch = batch?;
            let columns =
                Columns::of(&batch).ok_or_else(|| self.damaged("its columns are others"))?;
            columns.put(into, &wanted);
        }
        Ok(())
    }
}

/// The value of a row; none where it is null.
fn at<T: arrow::datatypes::ArrowPrimitiveType>(
    column: &arrow::array::PrimitiveArray<T>,
    at: usize,
) -> Option<T::Native> {
    column.is_valid(at).then(|| column.value(at))
}

/// The columns of a batch that counts are made of.
struct Counted<'a> {
    day: &'a [i32],
    known: &'a [i64],
    story: &'a UInt64Array,
    goldstein: &'a Float64Array,
    small: [&'a UInt8Array; 2],
    numbers: [&'a Int32Array; 6],
    texts: Vec<(&'a UInt32Array, Vec<u32>)>,
}

impl<'a> Counted<'a> {
    fn of(batch: &'a RecordBatch, dictionary: &mut Dictionary) -> Option<Self> {
        let number = |name| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
        let small = |name| batch.column_by_name(name)?.as_primitive_opt::<UInt8Type>();
        let mut texts = Vec::with_capacity(3);
        for name in ["actor_state", "target_state", "location"] {
            let column = batch.column_by_name(name)?.as_dictionary_opt::<UInt32Type>()?;
            let values = column.values().as_string_opt::<i32>()?;
            let numbers = values.iter().map(|v| dictionary.number(v.unwrap_or(""))).collect();
            texts.push((column.keys(), numbers));
        }
        let known = batch.column_by_name("known")?;
        Some(Self {
            day: batch.column_by_name("day")?.as_primitive_opt::<Date32Type>()?.values(),
            known: known.as_primitive_opt::<TimestampMillisecondType>()?.values(),
            story: batch.column_by_name("story")?.as_primitive_opt::<UInt64Type>()?,
            goldstein: batch.column_by_name("goldstein")?.as_primitive_opt::<Float64Type>()?,
            small: [small("root")?, small("quad")?],
            numbers: [
                number("mentions")?,
                number("sources")?,
                number("articles")?,
                number("best")?,
                number("low")?,
                number("high")?,
            ],
            texts,
        })
    }

    fn at(&self, row: usize) -> (Key, Figures, u64) {
        let text = |which: usize| {
            let (keys, numbers): &(&UInt32Array, Vec<u32>) = &self.texts[which];
            at(keys, row).and_then(|key| numbers.get(key as usize).copied()).unwrap_or(0)
        };
        let number = |which: usize| at(self.numbers[which], row).unwrap_or(NONE);
        let score = at(self.goldstein, row).map(|g| (g * 1000.0).round() as i32);
        let known = self.known[row].div_euclid(86_400_000) as i32;
        let key =
            Key { actor: text(0), target: text(1), location: text(2), day: self.day[row], known };
        let figures = Figures {
            root: at(self.small[0], row).unwrap_or(0),
            quad: at(self.small[1], row).unwrap_or(0),
            goldstein: score.unwrap_or(NONE),
            mentions: number(0),
            sources: number(1),
            articles: number(2),
            best: number(3),
            low: number(4),
            high: number(5),
        };
        (key, figures, at(self.story, row).unwrap_or(0))
    }
}

/// The columns of a batch.
struct Columns<'a> {
    batch: &'a RecordBatch,
    id: &'a [u64],
    story: &'a UInt64Array,
    known: &'a [i64],
    day: &'a [i32],
    file: &'a [u64],
    line: &'a [u64],
    exact: &'a BooleanArray,
    goldstein: &'a Float64Array,
    small: [&'a UInt8Array; 2],
    numbers: [&'a Int32Array; 6],
    long: [&'a StringArray; 2],
    texts: [&'a DictionaryArray<UInt32Type>; 6],
}

impl<'a> Columns<'a> {
    fn of(batch: &'a RecordBatch) -> Option<Self> {
        let wide = |name| batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>();
        let number = |name| batch.column_by_name(name)?.as_primitive_opt::<Int32Type>();
        let small = |name| batch.column_by_name(name)?.as_primitive_opt::<UInt8Type>();
        let long = |name| batch.column_by_name(name)?.as_string_opt::<i32>();
        let text = |name| batch.column_by_name(name)?.as_dictionary_opt::<UInt32Type>();
        let known = batch.column_by_name("known")?;
        let day = batch.column_by_name("day")?;
        Some(Self {
            batch,
            id: wide("id")?.values(),
            story: wide("story")?,
            known: known.as_primitive_opt::<TimestampMillisecondType>()?.values(),
            day: day.as_primitive_opt::<Date32Type>()?.values(),
            file: wide("file")?.values(),
            line: wide("line")?.values(),
            exact: batch.column_by_name("exact")?.as_boolean_opt()?,
            goldstein: batch.column_by_name("goldstein")?.as_primitive_opt::<Float64Type>()?,
            small: [small("root")?, small("quad")?],
            numbers: [
                number("mentions")?,
                number("sources")?,
                number("articles")?,
                number("best")?,
                number("low")?,
                number("high")?,
            ],
            long: [long("id_text")?, long("report")?],
            texts: [
                text("actor")?,
                text("target")?,
                text("actor_state")?,
                text("target_state")?,
                text("location")?,
                text("code")?,
            ],
        })
    }

    /// Adds the rows that are wanted.
    fn put(&self, into: &mut Rows, wanted: &impl Fn(u64, i64, u64) -> bool) {
        let mut numbers: [Vec<u32>; 6] = Default::default();
        let story = |at| if self.story.is_null(at) { 0 } else { self.story.value(at) };
        for at in 0..self.batch.num_rows() {
            let (id, known) = (self.id[at], self.known[at].div_euclid(1000));
            if !wanted(id, known, story(at)) {
                continue;
            }
            let mut text = |which: usize| {
                let column = self.texts[which];
                if column.is_null(at) {
                    return 0;
                }
                let numbers = &mut numbers[which];
                if numbers.is_empty() {
                    let values = column.values().as_string_opt::<i32>();
                    let values = values.into_iter().flat_map(|v| v.iter());
                    numbers.extend(values.map(|v| into.texts.number(v.unwrap_or(""))));
                }
                let key = column.keys().value(at) as usize;
                numbers.get(key).copied().unwrap_or(0)
            };
            let texts = [0, 1, 2, 3, 4, 5].map(&mut text);
            let number = |which: usize| {
                let column = self.numbers[which];
                if column.is_null(at) { NONE } else { column.value(at) }
            };
            let small = |which: usize| {
                let column = self.small[which];
                if column.is_null(at) { 0 } else { column.value(at) }
            };
            let long = |which: usize| {
                let column = self.long[which];
                if column.is_null(at) { "" } else { column.value(at) }
            };
            let scored = !self.goldstein.is_null(at);
            let score = || (self.goldstein.value(at) * 1000.0).round() as i32;
            into.put(&Row {
                id,
                name: long(0),
                day: self.day[at],
                exact: self.exact.value(at),
                known,
                actor: texts[0],
                target: texts[1],
                actor_state: texts[2],
                target_state: texts[3],
                location: texts[4],
                code: texts[5],
                root: small(0),
                quad: small(1),
                goldstein: if scored { score() } else { NONE },
                mentions: number(0),
                sources: number(1),
                articles: number(2),
                best: number(3),
                low: number(4),
                high: number(5),
                report: long(1),
                story: story(at),
                file: self.file[at],
                line: self.line[at],
            });
        }
    }
}
