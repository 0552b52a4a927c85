//! From what was asked for to rows: prepared once, then written block by block, side by side.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{Field, Schema, SchemaRef};
use comity_record::{Reading, Record};

use super::arena::Arena;
use super::cells::{Cells, Kind, Placed, Raw, Value};
use super::derive::Derived;
use super::error::PanelError;
use super::expand::{Disputes, Expansion, Leaders};
use super::groups::disputes::{self, whittle};
use super::groups::{Column, GROUPS, Gaps, Group, Make, Rule, Shape, group, published};
use super::keys;
use super::system::Codes;
use super::tables::Grid;
use super::unit::{Base, Block, Run, Unit};
use crate::error::nearest;

/// Rows of a year that are written at a time.
const CHUNK: usize = 64 * 1024;
/// The most rows that a panel may have: more is a mistake, and would never end.
const MOST: usize = 2_000_000_000;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Spec {
    /// One row per what.
    pub unit: Unit,
    /// In whose list of states.
    pub codes: Codes,
    /// Whether each pair stands in both orders.
    pub directed: bool,
    /// The years wanted; none: all.
    pub years: Option<RangeInclusive<i32>>,
    /// The year to which states and great powers are carried past the end of their lists.
    pub extend_to: Option<i32>,
    /// Groups of columns, each with what stood behind its colon.
    pub with: Vec<(String, Option<String>)>,
    /// Only these columns beside the keys; empty: all.
    pub columns: Vec<String>,
    /// Only rows among these states, by their codes in the list; of pairs, one state alone stands for all of its pairs. Empty: all.
    pub states: Vec<i32>,
    /// How many states a group has, for `kad-years`.
    pub k: usize,
    /// How one of several disputes of a pair and year is chosen; none for the usual rules.
    pub rules: Option<Vec<Rule>>,
    /// What a count of peace years does at a gap.
    pub gaps: Gaps,
    /// Columns made from other columns of the same unit: lags, leads, windows.
    pub derived: Vec<Derived>,
    /// Who answers; none: the baseline of the record.
    pub reading: Option<Reading>,
}

impl Spec {
    /// All years of that unit, without covariates.
    pub fn new(unit: Unit) -> Self {
        Self {
            unit,
            codes: Codes::Cow,
            directed: false,
            years: None,
            extend_to: None,
            with: Vec::new(),
            columns: Vec::new(),
            states: Vec::new(),
            k: 3,
            rules: None,
            gaps: Gaps::default(),
            derived: Vec::new(),
            reading: None,
        }
    }
}

/// What is told of a column beside its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its name.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Its group with the choice; none for keys.
    pub group: Option<String>,
    /// Ids of the sources behind it.
    pub sources: Vec<String>,
    /// The first and last year that these cover.
    pub years: Option<(i32, i32)>,
}

/// A panel that is ready to be written. Cheap to clone.
#[derive(Clone)]
pub struct Panel {
    base: Arc<Base>,
    blocks: Arc<[Block]>,
    keys: Vec<Column>,
    columns: Vec<Column>,
    expansion: Option<Arc<Expansion>>,
    schema: SchemaRef,
    years: Option<RangeInclusive<i32>>,
    system_sources: Vec<String>,
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

impl Panel {
    /// Reads what the panel needs and plans its rows.
    pub fn prepare(record: &Record, spec: &Spec) -> Result<Self, PanelError> {
        let asked = spec.reading.clone().unwrap_or_else(|| record.baseline());
        let reading = published(record, asked);
        if let Some(years) = spec.years.as_ref().filter(|y| y.is_empty()) {
            return Err(PanelError::new(format!(
                "the years {} to {} are out of order",
                years.start(),
                years.end()
            )));
        }
        if spec.extend_to.is_some_and(|to| to > 2200) {
            return Err(PanelError::new("states are not carried on beyond 2200"));
        }
        let base = Base::of(record, &reading, spec.codes, spec.extend_to)?;
        let there = base.system.years.clone();
        if let Some(years) =
            spec.years.as_ref().filter(|y| y.end() < there.start() || y.start() > there.end())
        {
            return Err(PanelError::new(format!(
                "no state is listed in the years {} to {}",
                years.start(),
                years.end()
            ))
            .help(format!(
                "the list of states has {} to {}; --extend-to carries it on",
                there.start(),
                there.end()
            )));
        }
        let mut among = among(&base, spec)?;
        let k = spec.unit.states().unwrap_or(spec.k);
        // One state alone has no pairs: its pairs with all others are meant.
        let alone = (k == 2 && spec.states.len() == 1).then(|| among[0]);
        if alone.is_some() {
            among = (0..base.system.codes.len() as u16).collect();
        }
        let shape = match k {
            1 => Shape::State,
            2 => Shape::Pair { directed: spec.directed || spec.unit == Unit::DisputeYears },
            k => Shape::Many(k),
        };
        let grid = Grid::of(&base.cow);
        let rules: Vec<Rule> =
            spec.rules.clone().unwrap_or_else(|| Rule::ALL.iter().map(|(r, ..)| *r).collect());
        let make = |group: &'static Group,
                    choice: String,
                    before: &[Column]|
         -> Result<Vec<Column>, PanelError> {
            let context = Make {
                record,
                reading: reading.clone(),
                base: &base,
                grid: grid.clone(),
                shape,
                choice: &choice,
                group,
                rules: &rules,
                gaps: spec.gaps,
                before,
            };
            if !group.tables.is_empty() && !group.tables.iter().any(|t| context.holds(t)) {
                let datasets: BTreeSet<&str> =
                    group.tables.iter().flat_map(|t| comity_record::answers::datasets(t)).collect();
                return Err(super::groups::absent(
                    &context,
                    &datasets.into_iter().collect::<Vec<_>>(),
                ));
            }
            (group.make)(&context)
        };
        let by_leader = matches!(spec.unit, Unit::LeaderYears | Unit::LeaderDyadYears);
        let (mut wanted, mut traits, mut lists) = (Vec::new(), false, 0);
        for (name, choice) in &spec.with {
            let (group, choice) = chosen(name, choice.as_deref())?;
            if spec.unit == Unit::DisputeYears && group.name == disputes::DISPUTES.name {
                // It says whose disputes the rows are; the rows have their columns.
                lists += 1;
                continue;
            }
            if by_leader && group.of_leaders() {
                // Of the leader of the row: beside the leader's name, not by state.
                traits = true;
                continue;
            }
            wanted.push((name, group, choice));
        }
        if lists > 1 {
            return Err(PanelError::new("a panel of disputes has the disputes of one list")
                .help("one of disputes:cow, disputes:gml"));
        }
        // Groups are made side by side, but for those that count from the columns before them.
        let mut early = side_by_side(&wanted, |(_, group, choice)| {
            (!group.after_others()).then(|| make(group, choice.clone(), &[]))
        });
        let mut columns: Vec<Column> = Vec::new();
        for ((name, group, choice), made) in wanted.into_iter().zip(&mut early) {
            let made = match made.take() {
                Some(made) => made?,
                None => make(group, choice, &columns)?,
            };
            for mut column in made {
                if columns.iter().any(|c| c.name == column.name) {
                    let by = if column.choice.is_empty() {
                        column.group
                    } else {
                        column.choice.as_str()
                    };
                    column.name = format!("{by}_{}", column.name);
                }
                if columns.iter().any(|c| c.name == column.name) {
                    return Err(PanelError::new(format!("`{name}` is asked for twice")));
                }
                columns.push(column);
            }
        }
        for derived in &spec.derived {
            let column = derived.column(&columns)?;
            if columns.iter().any(|c| c.name == column.name) {
                return Err(PanelError::new(format!(
                    "the column `{}` is there already",
                    column.name
                )));
            }
            columns.push(column);
        }
        for wanted in &spec.columns {
            if !columns.iter().any(|c| c.name == *wanted) {
                let error = PanelError::new(format!("no column `{wanted}` in these groups"));
                let known = columns.iter().map(|c| c.name.as_str());
                return Err(match nearest(wanted, known) {
                    Some(near) => error.help(near),
                    None => error.help("`comity panel groups` lists the columns of each group"),
                });
            }
        }
        if !spec.columns.is_empty() {
            columns.retain(|c| spec.columns.contains(&c.name));
        }
        let years = spec.years.as_ref();
        let first = &GROUPS[0];
        let context = Make {
            record,
            reading: reading.clone(),
            base: &base,
            grid,
            shape,
            choice: "",
            group: first,
            rules: &rules,
            gaps: spec.gaps,
            before: &[],
        };
        let (blocks, expansion) = match spec.unit {
            Unit::DisputeYears => {
                if spec.codes == Codes::Gw {
                    return Err(PanelError::new(
                        "disputes are listed by Correlates of War states alone",
                    )
                    .help("ask for --system cow"));
                }
                let (group, choice) = chosen(
                    "disputes",
                    spec.with.iter().find(|(n, _)| n == "disputes").and_then(|(_, c)| c.as_deref()),
                )?;
                let context = disputes::chosen(&Make { group, choice: &choice, ..context })?;
                let kept: Vec<_> =
                    whittle(&disputes::dyads(&context)?, spec.rules.as_deref().unwrap_or(&[]))
                        .into_iter()
                        .filter(|d| {
                            alone.is_none_or(|s| d.one == s || d.two == s)
                                && (spec.directed || d.one < d.two)
                                && among.contains(&d.one)
                                && among.contains(&d.two)
                        })
                        .collect();
                let mut listed: BTreeMap<(u16, u16), Vec<i32>> = BTreeMap::new();
                kept.iter().for_each(|d| listed.entry((d.one, d.two)).or_default().push(d.year));
                (
                    base.blocks_of_pairs(&listed, years),
                    Some(Expansion::Disputes(Disputes::of(&kept))),
                )
            }
            unit => {
                let expansion = match unit {
                    Unit::StateMonths | Unit::DyadMonths => Some(Expansion::Months),
                    Unit::StateDays => Some(Expansion::Days),
                    Unit::LeaderYears | Unit::LeaderDyadYears => {
                        Some(Expansion::Leaders(Leaders::of(&context, traits)?))
                    }
                    _ => None,
                };
                check_size(k, among.len(), base.system.span(), spec.directed && k == 2)?;
                let only = alone.filter(|_| k == 2);
                {
                    let mut blocks = base.blocks(k, spec.directed && k == 2, &among, years);
                    blocks.retain(|b| only.is_none_or(|state| b.states.contains(&state)));
                    (blocks, expansion)
                }
            }
        };
        let family = comity_record::schema::table(spec.codes.table()).map_or("", |t| t.family);
        let system_sources = reading.sources(family).to_vec();
        let base = Arc::new(base);
        let keys = keys::of(&base, shape);
        let mut fields = Vec::new();
        let members = shape.members();
        let further: Vec<Field> =
            expansion.iter().flat_map(|e| e.keys(members)).map(|(n, k, ..)| field(&n, k)).collect();
        // Which row it is, is always known.
        let own = keys.iter().map(|c| field(&c.name, c.kind).with_nullable(false));
        if expansion.as_ref().is_some_and(Expansion::leads) {
            fields.extend(further);
            fields.extend(own);
        } else {
            fields.extend(own);
            fields.extend(further);
        }
        fields.extend(columns.iter().map(|c| field(&c.name, c.kind)));
        let mut seen = BTreeSet::new();
        if let Some(twice) = fields.iter().find(|f| !seen.insert(f.name().clone())) {
            return Err(PanelError::new(format!(
                "the column `{}` would stand in the panel twice",
                twice.name()
            ))
            .help("leave its group out: the unit has it already"));
        }
        Ok(Self {
            base,
            blocks: blocks.into(),
            keys,
            columns,
            expansion: expansion.map(Arc::new),
            schema: Arc::new(Schema::new(fields)),
            years: spec.years.clone(),
            system_sources,
        })
    }

    /// The columns of the panel.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    /// The canonical tables behind its rows and columns, sorted.
    pub fn tables(&self) -> Vec<&'static str> {
        let groups = self.columns.iter().filter_map(|c| group(c.group));
        let further = self.expansion.iter().flat_map(|e| e.tables());
        // What is published for the states of Gleditsch and Ward once more is read in panels of these alone.
        let once_more = |g: &Group, table: &str| {
            self.base.codes == Codes::Cow
                && table.starts_with("gw_")
                && g.tables.iter().any(|t| !t.starts_with("gw_"))
        };
        let of = |g: &'static Group| g.tables.iter().filter(move |t| !once_more(g, t));
        let mut tables: Vec<&str> = groups.flat_map(of).chain(further).copied().collect();
        tables.push(self.base.codes.table());
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    /// How many rows of a year there are: the rows of the panel, but for units finer than a year.
    pub fn years_of_units(&self) -> usize {
        self.blocks.iter().map(Block::rows).sum()
    }

    /// What every column means and where it comes from.
    pub fn about(&self) -> Vec<About> {
        let members =
            self.keys.iter().filter(|k| k.name.starts_with(self.base.codes.column())).count();
        let further = self.expansion.iter().flat_map(|e| e.keys(members));
        let further = further.map(|(name, _, doc, _)| About {
            name,
            doc: doc.to_owned(),
            group: None,
            sources: Vec::new(),
            years: None,
        });
        let of = |c: &Column| About {
            name: c.name.clone(),
            doc: c.doc.to_owned(),
            group: (!c.group.is_empty()).then(|| match c.choice.as_str() {
                "" => c.group.to_owned(),
                choice => format!("{}:{choice}", c.group),
            }),
            sources: c.sources.clone(),
            years: c.years,
        };
        self.keys.iter().map(of).chain(further).chain(self.columns.iter().map(of)).collect()
    }

    /// The texts that a column of the schema may hold; none where it holds no texts.
    pub fn texts(&self, column: usize) -> Option<Arc<StringArray>> {
        let name = self.schema.field(column).name();
        let own = self.keys.iter().chain(&self.columns).find(|c| c.name == *name);
        if let Some(column) = own {
            return column.texts.clone();
        }
        let members =
            self.keys.iter().filter(|k| k.name.starts_with(self.base.codes.column())).count();
        let further = self.expansion.iter().flat_map(|e| e.keys(members));
        further.filter(|(key, ..)| key == name).find_map(|(_, _, _, texts)| texts)
    }

    /// Ids of the sources of the list of states.
    pub fn system_sources(&self) -> &[String] {
        &self.system_sources
    }

    /// Groups whose sources end before, or begin after, the years of the panel: name, years covered.
    pub fn shortfalls(&self) -> Vec<(String, (i32, i32))> {
        let runs = || self.blocks.iter().flat_map(Block::runs);
        let (Some(from), Some(to)) = (runs().map(|r| r.from).min(), runs().map(|r| r.to).max())
        else {
            return Vec::new();
        };
        let mut short: Vec<(String, (i32, i32))> = Vec::new();
        for column in &self.columns {
            let name = match column.choice.as_str() {
                "" => column.group.to_owned(),
                choice => format!("{}:{choice}", column.group),
            };
            if let Some(years) = column.years.filter(|(a, b)| *a > from || *b < to)
                && !short.iter().any(|(n, _)| *n == name)
            {
                short.push((name, years));
            }
        }
        short
    }

    /// The years asked for, if not all.
    pub fn years(&self) -> Option<&RangeInclusive<i32>> {
        self.years.as_ref()
    }

    /// All rows, in batches, in the order of the keys.
    pub fn batches(&self) -> Result<Vec<RecordBatch>, PanelError> {
        let mut batches = Vec::new();
        self.side_by_side(
            CHUNK,
            true,
            |batch| batch,
            |batch| {
                batches.push(batch);
                Ok::<_, PanelError>(())
            },
        )?;
        Ok(batches)
    }

    /// Makes batches of about so many rows of years side by side, does `work` with each beside the making, and hands the results on in the
    /// order of the rows. No more are held than threads are working on.
    pub fn each<T: Send, E: From<PanelError>>(
        &self,
        rows: usize,
        work: impl Fn(RecordBatch) -> T + Sync,
        take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        self.side_by_side(rows, false, work, take)
    }

    /// The same; `kept` batches have room that is good to keep.
    fn side_by_side<T: Send, E: From<PanelError>>(
        &self,
        rows: usize,
        kept: bool,
        work: impl Fn(RecordBatch) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), E>,
    ) -> Result<(), E> {
        let chunks = self.chunks(rows);
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let threads = std::thread::available_parallelism()
            .map_or(1, usize::from)
            .clamp(1, 16)
            .min(chunks.len().max(1));
        // The next chunk to be made, how many were taken, and whether all should stop.
        let state = Mutex::new((0_usize, 0_usize, false));
        let moved = Condvar::new();
        let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
        std::thread::scope(|scope| {
            let (send, receive) = std::sync::mpsc::channel();
            for _ in 0..threads {
                let (send, chunks, all, work, moved, lock) =
                    (send.clone(), &chunks, &all, &work, &moved, &lock);
                scope.spawn(move || {
                    loop {
                        let mut at = lock();
                        while !at.2 && at.0 < chunks.len() && at.0 >= at.1 + 2 * threads {
                            at = moved.wait(at).unwrap_or_else(PoisonError::into_inner);
                        }
                        if at.2 || at.0 >= chunks.len() {
                            break;
                        }
                        let this = at.0;
                        at.0 += 1;
                        drop(at);
                        let made = self.chunk(chunks[this].clone(), all, kept).map(work);
                        if send.send((this, made)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let mut waiting = BTreeMap::new();
            let mut next = 0;
            let mut outcome = Ok(());
            for (at, made) in receive {
                waiting.insert(at, made);
                while let Some(made) = waiting.remove(&next) {
                    next += 1;
                    if outcome.is_ok() {
                        outcome = made.map_err(E::from).and_then(&mut take);
                    }
                    let mut at = lock();
                    at.1 = next;
                    at.2 |= outcome.is_err();
                    drop(at);
                    moved.notify_all();
                }
            }
            outcome
        })
    }

    fn chunks(&self, rows: usize) -> Vec<Range<usize>> {
        let (mut chunks, mut first, mut held) = (Vec::new(), 0, 0);
        for (at, block) in self.blocks.iter().enumerate() {
            held += block.rows();
            if held >= rows {
                chunks.push(first..at + 1);
                (first, held) = (at + 1, 0);
            }
        }
        if first < self.blocks.len() || chunks.is_empty() {
            chunks.push(first..self.blocks.len());
        }
        chunks
    }

    /// The rows in batches one after the other, with these columns of the schema only: for who wants a part of the panel on one thread.
    pub fn part(
        &self,
        wanted: Vec<usize>,
    ) -> impl Iterator<Item = Result<RecordBatch, PanelError>> + use<> {
        let panel = self.clone();
        let chunks = self.chunks(CHUNK);
        chunks.into_iter().map(move |blocks| panel.chunk(blocks, &wanted, false))
    }

    fn chunk(
        &self,
        blocks: Range<usize>,
        wanted: &[usize],
        kept: bool,
    ) -> Result<RecordBatch, PanelError> {
        let blocks = &self.blocks[blocks];
        let rows = blocks.iter().map(Block::rows).sum();
        let written = |column: &Column| -> Raw {
            let mut cells = Cells::new(column.kind, rows);
            blocks.iter().for_each(|block| column.source.write(block, &mut cells));
            cells.finish()
        };
        let members = blocks.first().map_or(1, |b| b.states.len());
        let names = self.expansion.iter().flat_map(|e| e.keys(members)).collect::<Vec<_>>();
        let leads = self.expansion.as_deref().is_some_and(Expansion::leads);
        let mut further: Vec<Cells> =
            names.iter().map(|(_, kind, ..)| Cells::new(*kind, rows)).collect();
        let indices = self.expansion.as_ref().map(|expansion| {
            let (mut indices, mut row) = (Vec::new(), 0_u32);
            for block in blocks {
                for run in block.runs() {
                    for year in run.years() {
                        let many = expansion.rows(block, year, &self.base.system, &mut further);
                        indices.extend(std::iter::repeat_n(row, many));
                        row += 1;
                    }
                }
            }
            UInt32Array::from(indices)
        });
        let further: Vec<ArrayRef> = further
            .into_iter()
            .zip(&names)
            .map(|(cells, (_, kind, _, texts))| cells.finish().array(*kind, texts.as_ref()))
            .collect();
        // The columns of the schema: keys, what the rows are laid out into, and the groups'; or the second first.
        let of = |at: usize| -> Result<&Column, &ArrayRef> {
            let first = if leads { further.len() } else { 0 };
            match at.checked_sub(first).and_then(|at| self.keys.get(at)) {
                Some(key) => Ok(key),
                None if leads && at < first => Err(&further[at]),
                None if !leads && at < self.keys.len() + further.len() => {
                    Err(&further[at - self.keys.len()])
                }
                None => Ok(&self.columns[at - self.keys.len() - further.len()]),
            }
        };
        let columns = match &indices {
            None => {
                let wanted: Vec<&Column> = wanted.iter().filter_map(|at| of(*at).ok()).collect();
                together(&wanted, rows, kept, written)
            }
            Some(indices) => {
                let spread = |at: &usize| match of(*at) {
                    Ok(column) => {
                        let column = written(column).array(column.kind, column.texts.as_ref());
                        Ok(take(&column, indices, None)?)
                    }
                    Err(further) => Ok(Arc::clone(further)),
                };
                wanted.iter().map(spread).collect::<Result<Vec<_>, PanelError>>()?
            }
        };
        let rows = indices.as_ref().map_or(rows, arrow::array::Array::len);
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let schema = Arc::new(self.schema.project(wanted)?);
        Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
    }
}

/// The columns, each written in its turn; those of a batch that is kept lie in one piece of memory.
fn together(
    wanted: &[&Column],
    rows: usize,
    kept: bool,
    written: impl Fn(&Column) -> Raw,
) -> Vec<ArrayRef> {
    let usual = |c: &&Column| written(c).array(c.kind, c.texts.as_ref());
    let (bytes, buffers) = wanted
        .iter()
        .map(|c| Raw::room(c.kind, rows))
        .fold((0, 0), |sum, room| (sum.0 + room.0, sum.1 + room.1));
    let Some(mut arena) = kept.then(|| Arena::new(bytes, buffers)).flatten() else {
        return wanted.iter().map(usual).collect();
    };
    let placed: Vec<_> = wanted.iter().map(|c| written(c).place(&mut arena)).collect();
    let arena = arena.finish();
    let array = |(column, placed): (&&Column, Option<Placed>)| match placed {
        Some(placed) => placed.of(&arena).array(column.kind, column.texts.as_ref()),
        None => usual(column),
    };
    wanted.iter().zip(placed).map(array).collect()
}

fn field(name: &str, kind: Kind) -> Field {
    Field::new(name, kind.arrow(), true)
}

/// Does `work` for each, on as many threads as there are processors; the results in the order of the items.
fn side_by_side<I: Sync, T: Send>(items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, item)) = {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    items.get(at).map(|item| (at, item))
                } {
                    let made = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, made));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

/// The group of that name with the choice made.
fn chosen(name: &str, choice: Option<&str>) -> Result<(&'static Group, String), PanelError> {
    let Some(group) = group(name) else {
        let error = PanelError::new(format!("no group `{name}`"));
        return Err(match nearest(name, GROUPS.iter().map(|g| g.name)) {
            Some(near) => error.help(near),
            None => error.help("`comity panel groups` lists them"),
        });
    };
    let names = || group.choices.iter().map(|(c, _)| *c);
    let choice = match choice {
        None => names().next().unwrap_or("").to_owned(),
        Some(column) if group.takes_columns() => column.to_owned(),
        Some(choice) if names().any(|c| c == choice) => choice.to_owned(),
        Some(choice) => {
            let known: Vec<&str> = names().collect();
            let error = PanelError::new(format!("`{name}` has no choice `{choice}`"));
            return Err(error.help(if known.is_empty() {
                format!("write `{name}` alone")
            } else {
                format!("one of {}", known.join(", "))
            }));
        }
    };
    Ok((group, choice))
}

/// The states that take part, by their numbers.
fn among(base: &Base, spec: &Spec) -> Result<Vec<u16>, PanelError> {
    let all = 0..base.system.codes.len() as u16;
    if spec.states.is_empty() {
        if spec.unit == Unit::KadYears {
            return Err(PanelError::new("`kad-years` is about the states that are named")
                .help("for example --states USA,UKG,FRN,RUS,CHN --k 3"));
        }
        return Ok(all.collect());
    }
    let mut among: Vec<u16> = Vec::new();
    for code in &spec.states {
        let Some(number) = base.system.number(*code) else {
            return Err(PanelError::new(format!("no state {code} in the list"))
                .help("`comity states` looks up codes"));
        };
        among.push(number as u16);
    }
    among.sort_unstable();
    among.dedup();
    Ok(among)
}

fn check_size(k: usize, among: usize, years: usize, directed: bool) -> Result<(), PanelError> {
    if k == 0 || k > 12 || k > 2 && k > among {
        return Err(PanelError::new(format!("groups of {k} cannot be made of {among} states"))
            .help("a group has from 2 to 12 of the states named"));
    }
    let groups = (0..k).fold(1_usize, |n, at| n.saturating_mul(among.saturating_sub(at)));
    let groups = if directed { groups } else { (1..=k).fold(groups, |n, at| n / at) };
    if groups.saturating_mul(years) > MOST {
        return Err(PanelError::new(format!(
            "{groups} groups of {k} states over {years} years are too many rows"
        ))
        .help("name fewer states, or ask for smaller groups"));
    }
    Ok(())
}

/// The value of a code in a key column.
pub(super) fn code(value: i32) -> Value {
    Value::Int(value)
}

/// Every year of a block's runs.
pub(super) fn years(block: &Block) -> impl Iterator<Item = i32> + '_ {
    block.runs().iter().flat_map(Run::years)
}
