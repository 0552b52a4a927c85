//! Covariates: each group is one declaration with the tables it reads, its columns, and how they are made.

mod capability;
mod codes;
mod contiguity;
mod days;
pub(crate) mod disputes;
mod distance;
pub(crate) mod leader_disputes;
pub(crate) mod leaders;
mod onsets;
mod organizations;
mod pledges;
mod powers;
mod relevance;
mod rivalries;
mod spells;
mod ties;
mod ucdp;
mod votes;
mod wars;
mod wars_of_states;

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{RecordBatch, StringArray};
use comity_record::{Reading, Record, Relation};

use super::about::About;
use super::cells::{Cells, Kind};
use super::chunk::Source;
use super::error::PanelError;
use super::system::{Codes, System};
use super::tables::{By, Cover, Grid, OfMember, answering};
use super::unit::Base;
use comity_record::columns::{int, ints, text, texts};

pub use disputes::Rule;
pub use spells::Gaps;

/// What a row of a panel is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One state.
    State,
    /// Two, in an order that means something or not.
    Pair { directed: bool },
    /// A group of so many.
    Many(usize),
}

impl Shape {
    pub fn members(self) -> usize {
        match self {
            Self::State => 1,
            Self::Pair { .. } => 2,
            Self::Many(k) => k,
        }
    }
}

/// A column that a group declares.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// Its name; in rows about several states, with their numbers behind it where it is about one of them.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What it means, with its unit and what null and zero say.
    pub doc: &'static str,
}

/// A named group of columns.
pub struct Group {
    /// Its name in `--with`.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// What may stand behind a colon, the default first, each with what it means.
    pub choices: &'static [(&'static str, &'static str)],
    /// The canonical tables that it reads; of several alternatives one is enough.
    pub tables: &'static [&'static str],
    /// Columns of rows about one state, and of each member of a group of states unless there are columns for pairs.
    pub of_states: &'static [Declared],
    /// Columns of rows about two states; none: those of each state.
    pub of_pairs: &'static [Declared],
    pub(crate) make: fn(&Make<'_>) -> Result<Vec<Column>, PanelError>,
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Group {
    /// Whether rows about leaders have it of their leader.
    pub(crate) fn of_leaders(&self) -> bool {
        self.name == leaders::TRAITS_GROUP.name
    }

    /// Whether any column before it may stand behind its colon.
    pub(crate) fn takes_columns(&self) -> bool {
        self.after_others()
    }

    /// Whether it is made from the columns of the groups before it.
    pub(crate) fn after_others(&self) -> bool {
        self.name == spells::PEACE_YEARS.name
    }
}

/// Every group, in the order they are listed to people.
pub static GROUPS: &[&Group] = &[
    &codes::CODES,
    &powers::MAJORS,
    &pledges::PLEDGES,
    &disputes::DISPUTES,
    &contiguity::CONTIGUITY,
    &distance::DISTANCE,
    &capability::NMC,
    &organizations::IGOS,
    &rivalries::RIVALRIES,
    &wars::WARS,
    &ucdp::UCDP,
    &onsets::ONSETS,
    &capability::DEMOCRACY,
    &capability::GDP,
    &leaders::LEADERS,
    &leaders::TRAITS_GROUP,
    &ties::TRADE,
    &ties::AGREEMENTS,
    &ties::SANCTIONS,
    &ties::CLAIMS,
    &ties::ARMS_RACES,
    &ties::EMBASSIES,
    &votes::VOTES,
    &capability::THREAT,
    &relevance::RELEVANCE,
    &spells::PEACE_YEARS,
];

/// The group of that name.
pub fn group(name: &str) -> Option<&'static Group> {
    GROUPS.iter().find(|g| g.name == name).copied()
}

/// Tables of sources that list states of Gleditsch and Ward: they speak of states that are not in the Correlates of War system too.
const BEYOND: [&str; 4] = ["armed_conflicts", "conflict_parties", "conflict_onsets", "leaders"];

/// A table of facts about states, and by whose codes it has them.
pub(crate) struct Coded {
    pub table: &'static str,
    pub by: By,
    /// The column with the state's code.
    pub code: &'static str,
    pub grid: Grid,
}

/// What a group is made from.
pub(crate) struct Make<'a> {
    pub record: &'a Record,
    /// Who answers, without the starter where a published source does.
    pub reading: Reading,
    pub base: &'a Base,
    pub grid: Grid,
    pub shape: Shape,
    /// What stands behind the colon.
    pub choice: &'a str,
    pub group: &'static Group,
    /// How one of several disputes is chosen for a pair and year.
    pub rules: &'a [Rule],
    pub gaps: Gaps,
    /// The columns of the groups before.
    pub before: &'a [Column],
}

/// One column of a panel, ready to be written.
#[derive(Clone)]
pub(crate) struct Column {
    pub name: String,
    pub kind: Kind,
    pub doc: &'static str,
    pub group: &'static str,
    pub choice: String,
    pub texts: Option<Arc<StringArray>>,
    pub source: Arc<dyn Source>,
    /// Ids of the sources behind it.
    pub sources: Vec<String>,
    /// First and last year that they cover.
    pub years: Option<(i32, i32)>,
}

impl Column {
    /// Its group with the choice, as it is asked for; none for a key.
    pub fn asked(&self) -> Option<String> {
        (!self.group.is_empty()).then(|| asked(self.group, &self.choice))
    }

    /// Its name where another column has the same.
    pub fn named_apart(&self) -> String {
        let by = if self.choice.is_empty() { self.group } else { &self.choice };
        format!("{by}_{}", self.name)
    }
}

/// A group with its choice, as it is asked for.
fn asked(group: &str, choice: &str) -> String {
    if choice.is_empty() { group.to_owned() } else { format!("{group}:{choice}") }
}

impl Make<'_> {
    /// The same once more, to change something in it.
    pub fn again(&self) -> Self {
        Self { reading: self.reading.clone(), grid: self.grid.clone(), ..*self }
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

    /// The same reading, with another source in one family.
    pub fn reading_of(&self, family: &str, dataset: &str) -> Result<Reading, PanelError> {
        let named = published(self.record, self.record.reading_with(&[(family, dataset)])?);
        let mut reading = self.reading.clone();
        // A version that was named stays, where it is of the dataset asked for.
        let of = |r: &Reading| {
            r.sources(family)
                .iter()
                .any(|id| self.record.source(id).is_some_and(|s| s.dataset == dataset))
        };
        if !of(&reading)
            && let Some(ids) = named.choices.get(family)
        {
            reading.choices.insert(family.to_owned(), ids.clone());
        }
        Ok(reading)
    }

    /// Where silence in these tables means something.
    pub fn cover(&self, names: &[&str]) -> Arc<Cover> {
        let tables: Vec<_> = names.iter().map(|t| self.record.coverage(t, &self.reading)).collect();
        if names.iter().all(|name| BEYOND.contains(name)) {
            return Arc::new(self.beyond(By::Cow, names));
        }
        Arc::new(Cover::of(&self.grid, &self.base.cow, &tables))
    }

    /// The same of sources that list states of Gleditsch and Ward, laid out by those numbers.
    pub fn beyond(&self, by: By, names: &[&str]) -> Cover {
        let tables: Vec<_> = names.iter().map(|t| self.record.coverage(t, &self.reading)).collect();
        let claims = answering(&tables, &comity_record::coverage::Only::new());
        let system = self.system(by);
        Cover::beyond(&Grid::of(system), system, &claims)
    }

    /// Where facts about the states of the panel are: in a panel of the states of Gleditsch and Ward in the table by their numbers, where the
    /// record has that, and never in the other then.
    pub fn coded(&self, cow: &'static str, gw: &'static str) -> Result<Coded, PanelError> {
        if self.base.codes == Codes::Gw && self.holds(gw) {
            let grid = Grid::of(&self.base.system);
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
            Codes::Gw => {
                Coded { table, by: By::Own, code: "gwcode", grid: Grid::of(&self.base.system) }
            }
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

    /// The years of a row of a table of spells, without those before and after the panel's; an open end lasts as long as its source covers.
    pub fn spell_years(
        &self,
        table: &str,
        batch: &RecordBatch,
    ) -> Vec<Option<RangeInclusive<i32>>> {
        let (start, end) = (ints(batch, "start_year"), ints(batch, "end_year"));
        let source = texts(batch, "source");
        let coverage = self.record.coverage(table, &self.reading);
        let span = self.grid.span();
        let years = |row: usize| {
            let from = int(start, row)?;
            let to = int(end, row)
                .unwrap_or_else(|| coverage.last_year(text(source, row)).unwrap_or(from).max(from));
            let years = from.max(*span.start())..=to.min(*span.end());
            (!years.is_empty()).then_some(years)
        };
        (0..batch.num_rows()).map(years).collect()
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

    /// What is told of a column of the group that is written with the rows, by these tables.
    pub fn about(&self, name: &str, doc: &str, tables: &[&str]) -> About {
        let (sources, years) = self.provenance(tables);
        let group = Some(asked(self.group.name, self.choice));
        About { name: name.to_owned(), doc: doc.to_owned(), group, sources, years }
    }

    /// What a column of the group means, as it is declared.
    pub fn doc(&self, name: &str) -> &'static str {
        let bare = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let mut declared = self.group.of_states.iter().chain(self.group.of_pairs);
        declared.find(|d| d.name == name || d.name == bare).map_or("", |d| d.doc)
    }

    /// A column of the group.
    pub fn column(
        &self,
        name: &str,
        kind: Kind,
        tables: &[&str],
        source: impl Source + 'static,
    ) -> Column {
        let (sources, years) = self.provenance(tables);
        Column {
            name: name.to_owned(),
            kind,
            doc: self.doc(name),
            group: self.group.name,
            choice: self.choice.to_owned(),
            texts: None,
            source: Arc::new(source),
            sources,
            years,
        }
    }

    /// Columns with a cell per state and year: once for rows about one state, else once for each member, with its number behind the name.
    pub fn of_members(&self, tables: &[&str], cells: Vec<(&str, Kind, Cells)>) -> Vec<Column> {
        self.of_members_by(By::Cow, tables, cells)
    }

    /// The same with cells laid out by those numbers.
    pub fn of_members_by(
        &self,
        by: By,
        tables: &[&str],
        cells: Vec<(&str, Kind, Cells)>,
    ) -> Vec<Column> {
        let grid = Grid::of(self.system(by));
        let cells: Vec<_> = cells.into_iter().map(|(n, k, c)| (n, k, Arc::new(c))).collect();
        let mut columns = Vec::new();
        for member in 0..self.shape.members() {
            for (name, kind, cells) in &cells {
                let name = match self.shape {
                    Shape::State => (*name).to_owned(),
                    _ => format!("{name}{}", member + 1),
                };
                let source = OfMember { grid: grid.clone(), cells: Arc::clone(cells), member, by };
                columns.push(self.column(&name, *kind, tables, source));
            }
        }
        columns
    }

    /// A refusal of rows that are not about two states.
    pub fn pairs_only(&self) -> Result<bool, PanelError> {
        match self.shape {
            Shape::Pair { directed } => Ok(directed),
            _ => Err(PanelError::new(format!("`{}` is about pairs of states", self.group.name))
                .help("ask for dyad-years, dyad-months or leader-dyad-years")),
        }
    }
}

/// The reading of a panel: what was published, and the starter only for families where nothing else is there.
pub(crate) fn published(record: &Record, mut reading: Reading) -> Reading {
    for (family, ids) in &mut reading.choices {
        let starter = |id: &String| {
            record.source(id).is_some_and(|s| s.relations.get(family) == Some(&Relation::Starter))
        };
        if ids.iter().any(|id| !starter(id)) {
            ids.retain(|id| !starter(id));
        }
    }
    reading
}

/// A refusal of a group whose source is not in the record: which would fill it, and how to get it.
pub(crate) fn absent(make: &Make<'_>, datasets: &[&str]) -> PanelError {
    let which = datasets.join("` or `");
    let mut error = PanelError::new(format!(
        "`{}` needs the dataset `{which}`, which is not in the record",
        asked(make.group.name, make.choice)
    ));
    for dataset in datasets {
        error = error.help(format!(
            "comity record fetch {dataset}, or `comity record sources {dataset}` for how to get it"
        ));
    }
    error
}
