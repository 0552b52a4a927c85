//! Answers that are kept: what the queries of one commitment gave, as bytes under a key that names all they rest on.
//!
//! Kept are the answers of queries, not verdicts: judging is done anew each time. Bytes that are damaged, or of another form, are answered anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::io::Cursor;
use std::sync::Arc;

use arrow::array::{Array, AsArray, Int8Array, Int32Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Int8Type, Int32Type, Schema};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;
use comity_record::Record;
use comity_record::coverage::Only;
use comity_record::schema::table;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::block::{Applies, BlockRun, Rows, Under, named_reading};
use super::findings::{found, valued};
use super::plan::{Need, blocks};
use super::rules::Grade;
use crate::document::{Commitment, Evidence, Kind, Policy};

/// A place for answers. What it gives back may be damaged or gone; that costs time and nothing else.
pub trait Keep: Debug + Send + Sync {
    /// The bytes under a key.
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps bytes under a key.
    fn put(&self, key: &str, bytes: &[u8]);
}

/// The form of the bytes; it is part of every key.
const FORM: &str = "comity answers 1";

/// The answers of all queries of one commitment.
#[derive(Default)]
pub(super) struct Answers {
    /// By version and block.
    pub runs: Vec<(usize, usize, BlockRun)>,
    /// By version.
    pub applies: Vec<(usize, Applies)>,
}

/// The keys of a policy's commitments over a record, by their index, with the sources chosen and the pairs whose findings are set aside.
pub(super) fn keys(
    record: &Record,
    policy: &Policy,
    sources: &[(String, String)],
    without: &[(i32, i32)],
) -> Result<BTreeMap<usize, String>, comity_record::Error> {
    let mut base = Key::default();
    base.add(FORM).add(env!("CARGO_PKG_VERSION")).add(&record.fingerprint()?);
    base.many(sources, |key, (family, source)| {
        key.add(family).add(source);
    });
    base.many(without, |key, (a, b)| {
        key.add(&a.to_string()).add(&b.to_string());
    });
    base.many(&policy.helpers, |key, helper| {
        key.add(&helper.name).add(&helper.query.sql);
    });
    let mut known: BTreeMap<usize, String> = BTreeMap::new();
    for layer in super::plan::layers(policy) {
        for at in layer {
            let commitment = &policy.commitments[at];
            let mut key = base.clone();
            of_commitment(&mut key, commitment);
            let uses: BTreeSet<&String> =
                blocks(&commitment.versions).flat_map(|e| &e.uses).collect();
            key.many(&uses, |key, id| {
                let used = policy.commitments.iter().position(|c| c.id == **id);
                key.add(used.and_then(|at| known.get(&at)).map_or("", String::as_str));
            });
            known.insert(at, key.done());
        }
    }
    Ok(known)
}

/// All of a commitment that its answers rest on.
fn of_commitment(key: &mut Key, commitment: &Commitment) {
    key.add(&commitment.id).add(commitment.kind.name());
    key.many(&commitment.versions, |key, version| {
        key.add(&format!("{:?} {:?}", version.from, version.to));
        key.many(&version.applies, |key, query| {
            key.add(&query.sql);
        });
        key.many(&version.evidence, |key, evidence| {
            // Each field is named, so that one that is added is decided about here.
            let Evidence {
                name,
                query,
                lookback,
                source,
                supplementary,
                uses,
                exempts,
                decides,
                promises,
                // They bear on what is said and judged, not on what is answered.
                magnitude: _,
                bar: _,
            } = evidence;
            key.add(name).add(&query.sql).add(&lookback.to_string());
            key.many(source, |key, source| {
                key.add(source);
            });
            key.add(if *supplementary { "supplementary" } else { "needed" });
            key.many(uses, |key, id| {
                key.add(id);
            });
            key.many(exempts, |key, table| {
                key.add(table);
            });
            key.many(decides, |key, (table, column)| {
                key.add(table).add(column);
            });
            key.many(promises, |key, promise| {
                key.add(&promise.table).add(&promise.by);
                key.many(&promise.kinds, |key, kind| {
                    key.add(kind);
                });
            });
        });
    });
}

/// A hash over texts, each with its length, and lists, each with its count.
#[derive(Clone, Default)]
struct Key(Sha256);

impl Key {
    fn add(&mut self, text: &str) -> &mut Self {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
        self
    }

    fn many<'a, T: 'a, I>(&mut self, all: I, add: impl Fn(&mut Self, &'a T))
    where
        I: IntoIterator<Item = &'a T>,
    {
        let all: Vec<&T> = all.into_iter().collect();
        self.0.update((all.len() as u64).to_le_bytes());
        all.into_iter().for_each(|one| add(self, one));
    }

    fn done(self) -> String {
        comity_record::hex(&self.0.finalize())
    }
}

/// What stands before the rows. Each list is in the order of the answers.
#[derive(Serialize, Deserialize)]
struct Head {
    runs: Vec<RunHead>,
    applies: Vec<AppliesHead>,
}

#[derive(Serialize, Deserialize)]
struct RunHead {
    version: usize,
    block: usize,
    needs: Vec<NeedHead>,
    lookback: i32,
    gravest: i8,
    /// The readings that it was answered under.
    readings: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct AppliesHead {
    version: usize,
    needs: Vec<NeedHead>,
}

#[derive(Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools, reason = "as `Need`")]
struct NeedHead {
    table: String,
    fallback: Option<String>,
    proves: bool,
    found: bool,
    removes: bool,
    exempts: bool,
    only: Only,
    promised: Only,
}

impl From<&Need> for NeedHead {
    fn from(need: &Need) -> Self {
        Self {
            table: need.table.to_owned(),
            fallback: need.fallback.map(str::to_owned),
            proves: need.proves,
            found: need.found,
            removes: need.removes,
            exempts: need.exempts,
            only: need.only.clone(),
            promised: need.promised.clone(),
        }
    }
}

impl NeedHead {
    fn need(self) -> Option<Need> {
        let fallback = match &self.fallback {
            Some(name) => Some(table(name)?.name),
            None => None,
        };
        Some(Need {
            table: table(&self.table)?.name,
            fallback,
            proves: self.proves,
            found: self.found,
            removes: self.removes,
            exempts: self.exempts,
            only: self.only,
            promised: self.promised,
        })
    }
}

fn number(grade: Grade) -> i8 {
    match grade {
        Grade::Nothing => 0,
        Grade::Kept => 1,
        Grade::Strained => 2,
        Grade::Broken => 3,
    }
}

fn grade(number: i8) -> Option<Grade> {
    [Grade::Nothing, Grade::Kept, Grade::Strained, Grade::Broken]
        .into_iter()
        .find(|g| self::number(*g) == number)
}

/// Answers as bytes: a hash of all that follows, the length of the head, the head, and a batch of rows after the other.
pub(super) fn encode(
    runs: &[(usize, usize, BlockRun)],
    applies: &[(usize, &Applies)],
    kind: Kind,
) -> Option<Vec<u8>> {
    let needs = |needs: &[Need]| needs.iter().map(NeedHead::from).collect();
    let head = Head {
        runs: runs
            .iter()
            .map(|(version, block, run)| RunHead {
                version: *version,
                block: *block,
                needs: needs(&run.needs),
                lookback: run.lookback,
                gravest: number(run.gravest),
                readings: run.under.iter().map(|u| u.at).collect(),
            })
            .collect(),
        applies: applies
            .iter()
            .map(|(version, one)| AppliesHead { version: *version, needs: needs(&one.needs) })
            .collect(),
    };
    let head = serde_json::to_vec(&head).ok()?;
    let mut bytes = vec![0; 32];
    bytes.extend((head.len() as u64).to_le_bytes());
    bytes.extend(head);
    for under in runs.iter().flat_map(|(_, _, run)| &run.under) {
        let rows = match &under.rows {
            Rows::Found(found) => found.kept(kind),
            Rows::Values(values) => {
                let value = values.iter().map(|v| v.value).collect();
                let value: arrow::array::ArrayRef =
                    Arc::new(arrow::array::Float64Array::new(value, None));
                let at: Vec<(i32, i32)> = values.iter().map(|v| (v.state, v.year)).collect();
                with_state_years(&at, "value", value)
            }
        };
        write(&rows.ok()?, &mut bytes)?;
        let at: Vec<(i32, i32)> = under.undecided.iter().map(|(s, y, _)| (*s, *y)).collect();
        let grades = under.undecided.iter().map(|(_, _, g)| number(*g));
        let grades = Arc::new(grades.collect::<Int8Array>());
        write(&with_state_years(&at, "grade", grades).ok()?, &mut bytes)?;
    }
    for (_, one) in applies {
        let nothing = Arc::new(Int8Array::from(vec![0; one.rows.len()]));
        write(&with_state_years(&one.rows, "grade", nothing).ok()?, &mut bytes)?;
    }
    let hash = Sha256::digest(&bytes[32..]);
    bytes[..32].copy_from_slice(&hash);
    Some(bytes)
}

fn with_state_years(
    at: &[(i32, i32)],
    name: &str,
    column: arrow::array::ArrayRef,
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let states: Int32Array = at.iter().map(|(s, _)| *s).collect();
    let years: Int32Array = at.iter().map(|(_, y)| *y).collect();
    let schema = Schema::new(vec![
        Field::new("state", DataType::Int32, true),
        Field::new("year", DataType::Int32, true),
        Field::new(name, column.data_type().clone(), true),
    ]);
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(states), Arc::new(years), column])
}

/// One batch behind its length.
fn write(rows: &RecordBatch, bytes: &mut Vec<u8>) -> Option<()> {
    let start = bytes.len();
    bytes.extend([0; 8]);
    let mut writer = StreamWriter::try_new(&mut *bytes, &rows.schema()).ok()?;
    writer.write(rows).ok()?;
    writer.finish().ok()?;
    drop(writer);
    let length = (bytes.len() - start - 8) as u64;
    bytes[start..start + 8].copy_from_slice(&length.to_le_bytes());
    Some(())
}

/// The answers of a commitment from bytes; none where they are not what `encode` gives of such a commitment.
pub(super) fn decode(
    bytes: &[u8],
    commitment: &Commitment,
    record: &Record,
    readings: &[comity_record::Reading],
) -> Option<Answers> {
    let (hash, rest) = bytes.split_at_checked(32)?;
    if Sha256::digest(rest).as_slice() != hash {
        return None;
    }
    let mut rest = rest;
    let head: Head = serde_json::from_slice(part(&mut rest)?).ok()?;
    // A block without its answer would count as one that found nothing.
    let each = commitment.versions.iter().enumerate();
    let blocks = each.flat_map(|(v, version)| (0..version.evidence.len()).map(move |b| (v, b)));
    if !blocks.eq(head.runs.iter().map(|run| (run.version, run.block))) {
        return None;
    }
    let states = record.states().ok()?;
    let known = states.ccodes();
    let needs = |heads: Vec<NeedHead>| heads.into_iter().map(NeedHead::need).collect::<Option<_>>();
    let mut answers = Answers::default();
    for run in head.runs {
        let evidence = commitment.versions.get(run.version)?.evidence.get(run.block)?;
        let mut under = Vec::with_capacity(run.readings.len());
        for at in run.readings {
            let rows = batch(&mut rest)?;
            let rows = match commitment.kind {
                Kind::Refrain | Kind::Perform => {
                    Rows::Found(Box::new(found(&rows, commitment.kind, known).ok()?))
                }
                _ => Rows::Values(valued(&rows, known).ok()?),
            };
            let open = batch(&mut rest)?;
            let grades = open.column(2).as_primitive_opt::<Int8Type>()?;
            let undecided = state_years(&open)?
                .into_iter()
                .zip(grades.values())
                .map(|((state, year), g)| Some((state, year, grade(*g)?)))
                .collect::<Option<_>>()?;
            let reading = match &evidence.source {
                Some(source) => named_reading(record, source),
                None => readings.get(at)?.clone(),
            };
            under.push(Under { at, reading, rows, undecided });
        }
        let run_of = BlockRun {
            needs: needs(run.needs)?,
            lookback: run.lookback,
            gravest: grade(run.gravest)?,
            under,
        };
        answers.runs.push((run.version, run.block, run_of));
    }
    for one in head.applies {
        let rows = state_years(&batch(&mut rest)?)?;
        answers.applies.push((one.version, Applies { rows, needs: needs(one.needs)? }));
    }
    rest.is_empty().then_some(answers)
}

/// The next part behind its length.
fn part<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_at_checked(8)?;
    let length = u64::from_le_bytes(length.try_into().ok()?);
    let (part, after) = after.split_at_checked(usize::try_from(length).ok()?)?;
    *rest = after;
    Some(part)
}

fn batch(rest: &mut &[u8]) -> Option<RecordBatch> {
    let mut reader = StreamReader::try_new(Cursor::new(part(rest)?), None).ok()?;
    reader.next()?.ok()
}

fn state_years(rows: &RecordBatch) -> Option<Vec<(i32, i32)>> {
    let column = |at: usize| rows.columns().get(at)?.as_primitive_opt::<Int32Type>();
    let (states, years) = (column(0)?, column(1)?);
    if states.null_count() + years.null_count() > 0 {
        return None;
    }
    Some(states.values().iter().copied().zip(years.values().iter().copied()).collect())
}
