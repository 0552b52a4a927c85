//! Tables of one's own, joined onto the rows of a panel by their keys.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{Array, StringArray};
use comity_record::Record;

use super::cells::{Cells, Kind};
use super::chunk::{Chunk, Source};
use super::column::Column;
use super::error::PanelError;
use super::grain::Grain;
use super::join_states::{how_to_name, stated};
use super::own_table::{ANY, Joined};
use super::system::Codes;
use super::unit::{Base, Block, Run};

/// The group of columns of such tables.
pub(super) const JOINED: &str = "join";

/// The rows that a table is joined onto.
pub(super) struct Onto<'a> {
    pub record: &'a Record,
    pub base: &'a Arc<Base>,
    pub blocks: &'a [Block],
    /// How many states a row is about.
    pub members: usize,
    /// Whether each pair stands in both orders.
    pub directed: bool,
}

/// What became of a table that was joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinReport {
    /// The name of the table.
    pub name: String,
    /// The columns that it was joined by.
    pub keys: Vec<String>,
    /// How many rows it has.
    pub rows: usize,
    /// How many of these belong to no row of the panel.
    pub without_panel: usize,
    /// The keys of the first of them.
    pub first_without: Option<String>,
    /// How many of its rows say the same as an earlier one of the same key.
    pub repeated: usize,
    /// Names in it that are of no state, each with its rows, which belong to no row of the panel.
    pub unmatched: Vec<(String, usize)>,
    /// How many rows have a number and a name of two different states, and the first of them in words: they are joined by the number.
    pub disagreeing: Option<(usize, String)>,
    /// How many rows name a pair in the other order than the panel, and were turned.
    pub turned: usize,
    /// How many rows name a pair in the other order, beside a row in the order of the panel.
    pub in_other_order: usize,
    /// How many rows of the panel have no row of it, for one member at least.
    pub panel_without: usize,
    /// Its columns in the panel, each with how many cells of the table are empty.
    pub columns: Vec<(String, usize)>,
    /// Columns that the panel has already, with the name that they got.
    pub renamed: Vec<(String, String)>,
}

/// What a table is joined by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum States {
    /// By time alone.
    None,
    /// By one state: joined for each member of a row.
    Each,
    /// By both states of a pair, in their order.
    Pair,
}

/// The rows of a table by key: one state or two, and a period.
struct Index {
    states: States,
    /// None: rows of all times.
    time: Option<Grain>,
    rows: HashMap<(i32, i32, i32), u32>,
}

impl Index {
    /// The key of a row of the panel.
    fn key(&self, codes: &[i32], member: usize, period: i32) -> (i32, i32, i32) {
        let period = if self.time.is_some() { period } else { ANY };
        match self.states {
            States::None => (ANY, ANY, period),
            States::Each => (codes[member], ANY, period),
            States::Pair => (codes[0], codes[1], period),
        }
    }

    /// The row of each row of a block, for a member.
    fn visit(
        &self,
        base: &Base,
        block: &Block,
        runs: &[Run],
        member: usize,
        mut row: impl FnMut(Option<u32>, usize),
    ) {
        let codes: Vec<i32> =
            block.states.iter().map(|s| base.system.codes[usize::from(*s)]).collect();
        let find = |period: i32| self.rows.get(&self.key(&codes, member, period)).copied();
        for run in runs {
            match self.time {
                Some(grain) if grain == run.grain => {
                    run.periods().for_each(|period| row(find(period), 1));
                }
                Some(Grain::Month) => run.periods().for_each(|day| {
                    row(find(Grain::Month.of_day(run.grain.days(day).0)), 1);
                }),
                Some(_) => run.by_year().for_each(|(year, rows)| row(find(year), rows)),
                None => row(find(ANY), run.len()),
            }
        }
    }
}

/// Rows of pairs in the other order than that of the panel.
#[derive(Default)]
struct Turned {
    /// Those that were turned.
    rows: Vec<bool>,
    /// How many stand beside a row in the order of the panel.
    in_other_order: usize,
}

impl Index {
    /// Puts pairs whose higher code stands first in the order of a panel that has each pair once, where no other row is of them.
    fn turn(&mut self, by_row: &mut [(i32, i32, i32)]) -> Turned {
        let mut turned = Turned { rows: vec![false; by_row.len()], in_other_order: 0 };
        let higher_first: Vec<usize> = (0..by_row.len())
            .filter(|row| by_row[*row].0 > by_row[*row].1 && by_row[*row].1 != ANY)
            .filter(|row| self.rows.contains_key(&by_row[*row]))
            .collect();
        let other = |(a, b, period): (i32, i32, i32)| (b, a, period);
        let there: Vec<bool> =
            higher_first.iter().map(|row| self.rows.contains_key(&other(by_row[*row]))).collect();
        for (row, there) in higher_first.into_iter().zip(there) {
            if there {
                turned.in_other_order += 1;
                continue;
            }
            let key = by_row[row];
            if let Some(first) = self.rows.remove(&key) {
                self.rows.insert(other(key), first);
            }
            (by_row[row], turned.rows[row]) = (other(key), true);
        }
        turned
    }
}

/// A column of a table, for one member of a row.
struct OfTable {
    base: Arc<Base>,
    index: Arc<Index>,
    cells: Arc<Cells>,
    member: usize,
}

impl Source for OfTable {
    fn write(&self, chunk: &Chunk<'_>, out: &mut Cells) {
        for block in chunk.blocks {
            self.index.visit(&self.base, block, block.runs(), self.member, |row, many| match row {
                Some(row) => out.copy_again(&self.cells, row as usize, many),
                None => out.nulls(many),
            });
        }
    }
}

impl Joined {
    /// Its columns in a panel of these rows, which has columns of these names already, and what became of it.
    pub(super) fn columns(
        &self,
        onto: &Onto<'_>,
        taken: &dyn Fn(&str) -> bool,
    ) -> Result<(Vec<Column>, JoinReport), PanelError> {
        let (base, members) = (onto.base, onto.members);
        let stated = stated(self, onto.record, base.codes, members)?;
        let mut coded = Self { name: self.name.clone(), table: stated.table };
        let mut index = coded.keys(base, members)?;
        let keys = key_names(base, index.states, index.time);
        let (mut by_row, repeated) = coded.fill(&mut index, &keys, &stated.skip)?;
        let turned = match index.states {
            States::Pair if !onto.directed => index.turn(&mut by_row),
            _ => Turned::default(),
        };
        let many = turned.rows.iter().filter(|turned| **turned).count();
        if many > 0 {
            coded.exchange_sides(&turned.rows)?;
        }
        let index = Arc::new(index);
        let each = if index.states == States::Each { members } else { 1 };
        let mut report = coded.report(base, &index, onto.blocks, each, &by_row, &keys);
        (report.repeated, report.unmatched) = (repeated, stated.unmatched);
        report.disagreeing = stated.disagreeing;
        (report.turned, report.in_other_order) = (many, turned.in_other_order);
        let columns = coded.made(base, &index, each, &keys, taken, &mut report)?;
        let own = keys.iter().filter(|key| !key.contains("code")).cloned();
        if !stated.by.is_empty() {
            report.keys = stated.by.into_iter().chain(own).collect();
        }
        Ok((columns, report))
    }

    /// The columns themselves, for each of so many members.
    fn made(
        &self,
        base: &Arc<Base>,
        index: &Arc<Index>,
        each: usize,
        keys: &[String],
        taken: &dyn Fn(&str) -> bool,
        report: &mut JoinReport,
    ) -> Result<Vec<Column>, PanelError> {
        let grain = index.time.unwrap_or(base.grain);
        let mut columns = Vec::new();
        let is_key = |name: &String| keys.contains(name);
        let values: Vec<(String, Kind, Arc<Cells>, Option<Arc<StringArray>>, usize)> = self
            .table
            .schema()
            .fields()
            .iter()
            .zip(self.table.columns())
            .filter(|(field, _)| !is_key(field.name()) && !field.name().is_empty())
            .map(|(field, array)| {
                let (kind, cells, texts) = self.cells(field.name(), array)?;
                Ok((field.name().clone(), kind, Arc::new(cells), texts, array.null_count()))
            })
            .collect::<Result<_, PanelError>>()?;
        for member in 0..each {
            for (field, kind, cells, texts, nulls) in &values {
                let plain = match index.states {
                    States::Each if each > 1 => format!("{field}{}", member + 1),
                    _ => field.clone(),
                };
                let there =
                    |name: &str| taken(name) || columns.iter().any(|c: &Column| c.name == name);
                let name =
                    if there(&plain) { format!("{}_{plain}", self.stem()) } else { plain.clone() };
                if there(&name) {
                    return Err(PanelError::new(format!(
                        "the column `{field}` of {} would stand in the panel twice",
                        self.name
                    ))
                    .help("give it another name in your table"));
                }
                if name != plain {
                    report.renamed.push((plain, name.clone()));
                }
                let (base, index) = (Arc::clone(base), Arc::clone(index));
                let source = OfTable { base, index, cells: Arc::clone(cells), member };
                report.columns.push((name.clone(), *nulls));
                let mut column = Column::key(&name, *kind, "", source);
                column.doc = format!("the column `{field}` of your table {}", self.name);
                (column.group, column.choice) = (JOINED, self.name.clone());
                column.grain = grain;
                column.texts.clone_from(texts);
                columns.push(column);
            }
        }
        if columns.is_empty() {
            return Err(PanelError::new(format!("{} has no column beside its keys", self.name)));
        }
        Ok(columns)
    }

    /// What the columns of the table say that it is joined by.
    fn keys(&self, base: &Base, members: usize) -> Result<Index, PanelError> {
        let has = |name: &str| self.table.column_by_name(name).is_some();
        let code = base.codes.column();
        let [one, two] = [format!("{code}1"), format!("{code}2")];
        let states = match (has(code), has(&one) && has(&two)) {
            (false, true) if members == 2 => States::Pair,
            (true, false) => States::Each,
            (true, true) => {
                return Err(PanelError::new(format!(
                    "{} has `{code}` and `{one}`: it is not clear by which it is joined",
                    self.name
                ))
                .help("leave out the columns of one of the two"));
            }
            (false, true) => {
                return Err(PanelError::new(format!(
                    "{} is about pairs of states (`{one}`, `{two}`), and the rows of this panel are not",
                    self.name
                ))
                .help("join it to dyad-years or dyad-months"));
            }
            (false, false) => States::None,
        };
        let time = match (base.grain, has("date"), has("year"), has("month")) {
            (Grain::Day, true, ..) => Some(Grain::Day),
            (Grain::Month | Grain::Day, _, true, true) => Some(Grain::Month),
            (_, _, true, _) => Some(Grain::Year),
            _ => None,
        };
        let (other, system) = match base.codes {
            Codes::Cow => ("gwcode", "gw"),
            Codes::Gw => ("ccode", "cow"),
        };
        // Codes by which it cannot be joined say that it is not of time alone.
        let coded = [&one, &two].into_iter().any(|name| has(name))
            || ["", "1", "2"].into_iter().any(|member| has(&format!("{other}{member}")));
        if states == States::None && (time.is_none() || coded) {
            let error = PanelError::new(format!(
                "{} has no column that says to which rows it belongs",
                self.name
            ))
            .help(how_to_name(base.codes));
            return Err(if has(other) || has(&format!("{other}1")) {
                error.help(format!("it has `{other}`: ask for the panel with --system {system}"))
            } else {
                error
            });
        }
        Ok(Index { states, time, rows: HashMap::new() })
    }

    /// Fills the index: for each row of the table its key, and how many say again what another says.
    #[allow(clippy::type_complexity, reason = "two parts of one answer")]
    fn fill(
        &self,
        index: &mut Index,
        keys: &[String],
        skip: &[bool],
    ) -> Result<(Vec<(i32, i32, i32)>, usize), PanelError> {
        let columns: Vec<Vec<i32>> = keys
            .iter()
            .map(|key| self.whole_but(key, key.contains("code").then_some(skip)))
            .collect::<Result<_, _>>()?;
        let column = |name: &str| keys.iter().position(|key| key == name).map(|at| &columns[at]);
        let codes: Vec<&Vec<i32>> = keys
            .iter()
            .zip(&columns)
            .filter(|(key, _)| key.contains("code"))
            .map(|(_, c)| c)
            .collect();
        let (year, month, date) = (column("year"), column("month"), column("date"));
        let (mut by_row, mut repeated) = (Vec::with_capacity(self.table.num_rows()), 0);
        for row in 0..self.table.num_rows() {
            let period = match (index.time, year, month, date) {
                (Some(Grain::Day), .., Some(date)) => date[row],
                (Some(Grain::Month), Some(year), Some(month), _) => {
                    if !(1..=12).contains(&month[row]) {
                        return Err(self.wrong(
                            "month",
                            row,
                            &month[row].to_string(),
                            "a month from 1 to 12",
                        ));
                    }
                    Grain::Month.of_years(year[row], year[row]).start() + month[row] - 1
                }
                (Some(_), Some(year), ..) => year[row],
                _ => ANY,
            };
            let state = |at: usize| codes.get(at).map_or(ANY, |codes| codes[row]);
            let key = (state(0), state(1), period);
            by_row.push(key);
            if skip[row] {
                continue;
            }
            match index.rows.get(&key).copied() {
                None => {
                    index.rows.insert(key, row as u32);
                }
                Some(first) => {
                    self.check_same(first as usize, row, keys)?;
                    repeated += 1;
                }
            }
        }
        Ok((by_row, repeated))
    }

    /// A refusal of two rows of one key that say different things.
    fn check_same(&self, first: usize, row: usize, keys: &[String]) -> Result<(), PanelError> {
        for (field, column) in self.table.schema().fields().iter().zip(self.table.columns()) {
            let cell = |row: usize| {
                arrow::util::display::array_value_to_string(column, row).unwrap_or_default()
            };
            let (one, two) = (cell(first), cell(row));
            if one != two || column.is_null(first) != column.is_null(row) {
                let key: Vec<String> =
                    keys.iter().map(|key| format!("{key} {}", self.shown(key, row))).collect();
                return Err(PanelError::new(format!(
                    "{}: the rows {} and {} are both about {}, and say `{one}` and `{two}` in `{}`",
                    self.name,
                    first + 1,
                    row + 1,
                    key.join(", "),
                    field.name()
                ))
                .help("leave one row for each key"));
            }
        }
        Ok(())
    }

    /// How the rows of the table and those of the panel meet.
    fn report(
        &self,
        base: &Base,
        index: &Index,
        blocks: &[Block],
        each: usize,
        by_row: &[(i32, i32, i32)],
        keys: &[String],
    ) -> JoinReport {
        let mut met = vec![false; self.table.num_rows()];
        let mut panel_without = 0;
        for block in blocks {
            let mut rows: Vec<bool> = Vec::new();
            for member in 0..each {
                let mut at = 0;
                index.visit(base, block, block.runs(), member, |row, many| {
                    rows.resize(rows.len().max(at + many), true);
                    match row {
                        Some(row) => met[row as usize] = true,
                        None => rows[at..at + many].fill(false),
                    }
                    at += many;
                });
            }
            panel_without += rows.iter().filter(|there| !**there).count();
        }
        // A row that says again what an earlier one says stands where that one does.
        let stands =
            |row: usize| index.rows.get(&by_row[row]).is_some_and(|first| met[*first as usize]);
        let without: Vec<usize> = (0..met.len()).filter(|row| !stands(*row)).collect();
        let key = |row: &usize| {
            let parts: Vec<String> =
                keys.iter().map(|key| format!("{key} {}", self.shown(key, *row))).collect();
            parts.join(", ")
        };
        JoinReport {
            name: self.name.clone(),
            keys: keys.to_vec(),
            rows: met.len(),
            without_panel: without.len(),
            // What names no state is said apart.
            first_without: without
                .iter()
                .find(|row| by_row[**row].0 != ANY || keys.len() < 2)
                .map(key),
            repeated: 0,
            unmatched: Vec::new(),
            disagreeing: None,
            turned: 0,
            in_other_order: 0,
            panel_without,
            columns: Vec::new(),
            renamed: Vec::new(),
        }
    }
}

/// The columns that a table is joined by.
fn key_names(base: &Base, states: States, time: Option<Grain>) -> Vec<String> {
    let code = base.codes.column();
    let mut keys = match states {
        States::None => Vec::new(),
        States::Each => vec![code.to_owned()],
        States::Pair => vec![format!("{code}1"), format!("{code}2")],
    };
    keys.extend(
        match time {
            None => &[][..],
            Some(Grain::Year) => &["year"],
            Some(Grain::Month) => &["year", "month"],
            Some(Grain::Day) => &["date"],
        }
        .iter()
        .map(|key| (*key).to_owned()),
    );
    keys
}
