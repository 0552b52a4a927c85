//! What the columns of a group are made from: the record as it is read, the states, and the declaration of the group.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use comity_record::{Reading, Record, Relation};

use super::about::About;
use super::calendar;
use super::cells::{Cells, Kind};
use super::chunk::Source;
use super::column::{Column, as_requested};
use super::days::{dated, first_days, last_days};
use super::declared::{Declared, Shape, declaration};
use super::error::PanelError;
use super::grain::Grain;
use super::keep::Keep;
use super::rules::{Gaps, Rule};
use super::sources::{OfMember, OfPair};
use super::system::{Codes, System};
use super::tables::{By, Cover, Grid, Pairs};
use super::unit::Base;
use comity_record::columns::{int, ints, text, texts};

/// A table of facts about states, and by whose codes it has them.
pub(crate) struct Coded {
    pub table: &'static str,
    pub by: By,
    /// The column with the state's code.
    pub code: &'static str,
    pub grid: Grid,
}

/// What a group is made from.
#[derive(Clone)]
pub(crate) struct Make<'a> {
    pub record: &'a Record,
    /// Who answers, without the starter where a published source does.
    pub reading: Reading,
    pub base: &'a Base,
    /// What facts about the states of the Correlates of War are laid out over: years, or the periods of the rows.
    pub grid: Grid,
    pub shape: Shape,
    /// The name of the group.
    pub group: &'static str,
    /// What stands behind the colon.
    pub choice: &'a str,
    /// The columns that the group declares; those of the rows of the panel first, of states and of pairs.
    pub declared: [&'static [Declared]; 2],
    /// Those of them that are of events.
    pub events: &'static [&'static str],
    /// The canonical tables that the group reads.
    pub tables: Arc<[&'static str]>,
    /// How one of several disputes is chosen for a pair and year.
    pub rules: &'a [Rule],
    pub gaps: Gaps,
    /// Which rows are kept; none: all.
    pub keep: Option<Arc<Keep>>,
}

/// Cells of a column that a group declares, under its name without the number of a member.
pub(crate) struct Filled {
    pub name: &'static str,
    pub cells: Cells,
    /// The texts that its numbers stand for.
    pub texts: Option<Arc<StringArray>>,
}

impl Filled {
    pub fn new(name: &'static str, cells: Cells) -> Self {
        Self { name, cells, texts: None }
    }

    pub fn texts(name: &'static str, mut cells: Cells, texts: &Arc<StringArray>) -> Self {
        let texts = cells.texts_once(texts);
        Self { name, cells, texts: Some(texts) }
    }
}

impl Make<'_> {
    pub fn table(&self, name: &str) -> Result<RecordBatch, PanelError> {
        Ok(self.record.table(name, &self.reading)?)
    }

    /// Whether any source answers for the table.
    pub fn holds(&self, name: &str) -> bool {
        let Some(table) = comity_record::schema::table(name) else { return false };
        let sources = self.reading.sources(table.family);
        sources.iter().any(|id| self.record.tables_of(id).contains(&table.name))
    }

    /// The same with another source in one family.
    pub fn with_dataset(&self, family: &str, dataset: &str) -> Result<Self, PanelError> {
        Ok(Self { reading: self.reading_of(family, dataset)?, ..self.clone() })
    }

    /// The same reading, with another source in one family.
    pub fn reading_of(&self, family: &str, dataset: &str) -> Result<Reading, PanelError> {
        reading_of(self.record, &self.reading, family, dataset)
    }

    /// Where silence in these tables, all of their rows, means something.
    pub fn cover(&self, names: &[&str]) -> Arc<Cover> {
        let tables: Vec<_> = names.iter().map(|t| self.record.coverage(t, &self.reading)).collect();
        Arc::new(Cover::of(&self.years(), &self.base.cow, &tables))
    }

    /// The years of the states of the Correlates of War.
    pub fn years(&self) -> Grid {
        Grid::of(&self.base.cow)
    }

    /// The same with facts laid out over the periods of the rows: over months or days, where rows are so long.
    #[must_use]
    pub fn fine(&self) -> Self {
        Self { grid: Grid::by(&self.base.cow, self.base.grain), ..self.clone() }
    }

    /// The same, where the rows of a table of spells have dates; else by year.
    #[must_use]
    pub fn by_date(&self, batch: &RecordBatch) -> Self {
        if self.base.grain != Grain::Year && dated(batch) { self.fine() } else { self.clone() }
    }

    /// What facts about the states of a list are laid out over.
    pub fn grid_of(&self, by: By) -> Grid {
        Grid::by(self.system(by), self.grid.grain)
    }

    /// The same for a source that lists states whether they are in the Correlates of War system or not, laid out by those numbers.
    pub fn cover_of_any_state(&self, by: By, table: &str) -> Cover {
        let claims = self.record.coverage(table, &self.reading).answering_all();
        let system = self.system(by);
        Cover::of_any_state(&Grid::of(system), system, by, &[claims])
    }

    /// Where facts about the states of the panel are: in a panel of the states of Gleditsch and Ward in the table by their numbers, where the
    /// record has that, and never in the other then.
    pub fn coded(&self, cow: &'static str, gw: &'static str) -> Result<Coded, PanelError> {
        if self.base.codes == Codes::Gw && self.holds(gw) {
            let grid = self.grid_of(By::Own);
            return Ok(Coded { table: gw, by: By::Own, code: "gwcode", grid });
        }
        if !self.holds(cow) {
            return Err(absent(self, &self.record.catalogue().proposed(cow)));
        }
        Ok(Coded { table: cow, by: By::Cow, code: "ccode", grid: self.grid.clone() })
    }

    /// Facts of a table that has the states by both numbers: in a panel of the states of Gleditsch and Ward by theirs.
    pub fn coded_both(&self, table: &'static str) -> Coded {
        match self.base.codes {
            Codes::Gw => Coded { table, by: By::Own, code: "gwcode", grid: self.grid_of(By::Own) },
            Codes::Cow => Coded { table, by: By::Cow, code: "ccode", grid: self.grid.clone() },
        }
    }

    /// The states that facts are laid out by.
    pub fn system(&self, by: By) -> &System {
        match by {
            By::Cow => &self.base.cow,
            By::Own => &self.base.system,
        }
    }

    /// The number of a state in such a table.
    pub fn number(&self, by: By, code: Option<i32>) -> Option<u16> {
        self.system(by).number(code?).map(|n| n as u16)
    }

    /// The number of a state in the tables.
    pub fn state(&self, ccode: Option<i32>) -> Option<u16> {
        self.base.cow.number(ccode?).map(|n| n as u16)
    }

    /// The periods of each row of a table of spells, without those before and after the panel's: years, or months or days by the dates of
    /// the row, the first and the last that they may be. An open end lasts as long as its source covers.
    pub fn spells(&self, table: &str, batch: &RecordBatch) -> Vec<Option<RangeInclusive<i32>>> {
        let (start, end) = (ints(batch, "start_year"), ints(batch, "end_year"));
        let source = texts(batch, "source");
        let coverage = self.record.coverage(table, &self.reading);
        let open = |row: usize, from: i32| coverage.open_end(text(source, row), from);
        let grain = self.grid.grain;
        let known = (grain != Grain::Year).then(|| (first_days(batch), last_days(batch)));
        let periods = |row: usize| {
            let all = if let Some((first, last)) = &known {
                let first = first[row]?;
                let open = || calendar::last_of(open(row, calendar::year_of(first)));
                grain.of_days((first, last[row].unwrap_or_else(open)))
            } else {
                let from = int(start, row)?;
                from..=int(end, row).unwrap_or_else(|| open(row, from))
            };
            let periods = self.grid.within(&all);
            (!periods.is_empty()).then_some(periods)
        };
        (0..batch.num_rows()).map(periods).collect()
    }

    /// The period in which each row of a table of spells begins.
    pub fn begins(&self, batch: &RecordBatch) -> Vec<Option<i32>> {
        match self.grid.grain {
            Grain::Year => {
                let start = ints(batch, "start_year");
                (0..batch.num_rows()).map(|row| int(start, row)).collect()
            }
            grain => first_days(batch).into_iter().map(|d| Some(grain.of_day(d?))).collect(),
        }
    }

    /// Who is behind the columns, and for which years.
    pub fn provenance(&self, tables: &[&str]) -> (Vec<String>, Option<(i32, i32)>) {
        let (mut sources, mut span) = (Vec::new(), None::<(i32, i32)>);
        for name in tables {
            let Some(table) = comity_record::schema::table(name) else { continue };
            for id in self.reading.sources(table.family) {
                let has = self.record.tables_of(id).contains(&table.name);
                if has && !sources.contains(id) {
                    sources.push(id.clone());
                }
            }
            if let Some((from, to)) = self.record.coverage(name, &self.reading).span() {
                span = Some(span.map_or((from, to), |(a, b)| (from.max(a), to.min(b))));
            }
        }
        (sources, span)
    }

    /// The description of a column of the group that is written with the rows, by these tables.
    pub fn about(&self, name: &str, doc: &str, tables: &[&str]) -> About {
        let (sources, years) = self.provenance(tables);
        let group = Some(as_requested(self.group, self.choice));
        About { name: name.to_owned(), doc: doc.to_owned(), group, sources, years }
    }

    /// What a column of the group means, as it is declared.
    pub fn doc(&self, name: &str) -> &'static str {
        declaration(self.declared, name).map_or("", |d| d.doc)
    }

    /// The type of a column of the group, as it is declared.
    pub fn kind(&self, name: &str) -> Kind {
        match declaration(self.declared, name) {
            Some(declared) => declared.kind,
            // A column that no group declares is a mistake in the program: the test over all groups finds it.
            None => unreachable!("`{}` declares no column `{name}`", self.group),
        }
    }

    /// Room for the entries of a column of the group, of the type that it declares.
    pub fn entries(&self, name: &str, many: usize) -> Cells {
        Cells::new(self.kind(name), many)
    }

    /// A column of the group, of the type that it declares.
    pub fn column(&self, name: &str, tables: &[&str], source: impl Source + 'static) -> Column {
        let (sources, years) = self.provenance(tables);
        Column {
            name: name.to_owned(),
            kind: self.kind(name),
            doc: self.doc(name).to_owned(),
            grain: self.grid.grain,
            group: self.group,
            choice: self.choice.to_owned(),
            event: self.events.contains(&name),
            texts: None,
            source: Arc::new(source),
            sources,
            years,
            apart: None,
            tables: Arc::clone(&self.tables),
        }
    }

    /// A column of pairs: a cell for each entry, and without one zero where that is known.
    pub fn of_pairs(
        &self,
        name: &str,
        tables: &[&str],
        pairs: &Arc<Pairs>,
        cells: Cells,
        otherwise: Option<&Arc<Cover>>,
    ) -> Result<Column, PanelError> {
        self.check_fits(name, tables, &cells)?;
        let pairs = Arc::clone(pairs);
        let source = OfPair { pairs, cells: Arc::new(cells), otherwise: otherwise.cloned() };
        Ok(self.column(name, tables, source))
    }

    /// Columns with a cell per state and year: once for rows about one state, else once for each member, with its number behind the name.
    pub fn of_members(
        &self,
        tables: &[&str],
        filled: Vec<Filled>,
    ) -> Result<Vec<Column>, PanelError> {
        self.of_members_by(By::Cow, tables, filled)
    }

    /// The same with cells laid out by those numbers.
    pub fn of_members_by(
        &self,
        by: By,
        tables: &[&str],
        filled: Vec<Filled>,
    ) -> Result<Vec<Column>, PanelError> {
        let grid = self.grid_of(by);
        for column in &filled {
            self.check_fits(column.name, tables, &column.cells)?;
        }
        let filled: Vec<_> =
            filled.into_iter().map(|f| (f.name, Arc::new(f.cells), f.texts)).collect();
        let mut columns = Vec::new();
        for member in 0..self.shape.members() {
            for (name, cells, texts) in &filled {
                let name = match self.shape {
                    Shape::State => (*name).to_owned(),
                    _ => format!("{name}{}", member + 1),
                };
                let source = OfMember { grid: grid.clone(), cells: Arc::clone(cells), member, by };
                let column = self.column(&name, tables, source);
                columns.push(Column { texts: texts.clone(), ..column });
            }
        }
        Ok(columns)
    }

    /// That cells are of the type of their column, and their values fit it.
    fn check_fits(&self, name: &str, tables: &[&str], cells: &Cells) -> Result<(), PanelError> {
        let declared = declaration(self.declared, name).map(|d| d.kind);
        if !declared.is_some_and(|kind| cells.are(kind)) {
            // A mistake in the program, which the test over all groups finds.
            return Err(PanelError::new(format!(
                "the column `{name}` of `{}` is not of the type that it declares",
                self.group
            )));
        }
        match cells.lost() {
            None => Ok(()),
            Some(value) => Err(too_large(name, value)
                .help(format!("look for it in {} and mend that row", tables.join(", ")))),
        }
    }
}

/// A refusal of a value that the type of its column cannot hold.
pub(crate) fn too_large(column: &str, value: i32) -> PanelError {
    PanelError::new(format!(
        "the column `{column}` cannot hold {value}: no published value is so large"
    ))
}

/// The reading of a panel: what was published, and the starter only for families where nothing else is there.
pub(crate) fn published(record: &Record, mut reading: Reading) -> Reading {
    for (family, ids) in &mut reading.choices {
        let stands = |id: &String| record.source(id).and_then(|s| s.relations.get(family)).copied();
        let published = |id: &String| {
            !matches!(stands(id), Some(Relation::Starter | Relation::Beside | Relation::Layer))
        };
        if ids.iter().any(published) {
            ids.retain(|id| !matches!(stands(id), Some(Relation::Starter | Relation::Beside)));
        }
    }
    reading
}

/// A reading with another dataset in one family, without the starter where a published source answers.
pub(crate) fn reading_of(
    record: &Record,
    reading: &Reading,
    family: &str,
    dataset: &str,
) -> Result<Reading, PanelError> {
    let named = published(record, record.reading_with(&[(family, dataset)])?);
    let mut reading = reading.clone();
    // A version that was named stays, where it is of the dataset requested.
    let of = |r: &Reading| {
        r.sources(family).iter().any(|id| record.source(id).is_some_and(|s| s.dataset == dataset))
    };
    if !of(&reading)
        && let Some(ids) = named.choices.get(family)
    {
        reading.choices.insert(family.to_owned(), ids.clone());
    }
    Ok(reading)
}

/// A refusal of a group whose source is not in the record: which would fill it, and how to get it.
pub(crate) fn absent(make: &Make<'_>, datasets: &[&str]) -> PanelError {
    let which = datasets.join("` or `");
    let mut error = PanelError::new(format!(
        "`{}` needs the dataset `{which}`, which is not in the record",
        as_requested(make.group, make.choice)
    ));
    for dataset in datasets {
        error = error.help(format!(
            "comity record fetch {dataset}, or `comity record sources {dataset}` for how to get it"
        ));
    }
    error
}
