//! The declaration of a group of columns: which rows it can be about, what it is made from, and when.

use super::column::Column;
use super::declared::{Declared, Shape};
use super::error::PanelError;
use super::laid::{Listed, OfLeaders};
use super::make::Make;
use super::register::Function;
use super::rules::Rule;
use super::system::Codes;
use super::unit::Unit;

/// Makes the columns of a group from tables of the record.
pub(crate) type FromTables = fn(&Make<'_>) -> Result<Vec<Column>, PanelError>;

/// Makes the columns of a group from those of the groups requested before it.
pub(crate) type FromColumns = fn(&Make<'_>, &[Column]) -> Result<Vec<Column>, PanelError>;

/// Makes what rows about leaders have of their leaders.
pub(crate) type ByLeader = fn(&Make<'_>) -> Result<Box<dyn OfLeaders>, PanelError>;

/// Makes the list whose entries are the rows.
pub(crate) type AsRows = fn(&Make<'_>, &RowsWanted<'_>) -> Result<Listed, PanelError>;

/// Which entries of a list are wanted as rows.
pub(crate) struct RowsWanted<'a> {
    /// Whether each pair stands in both orders.
    pub directed: bool,
    /// The states that take part, sorted.
    pub among: &'a [u16],
    /// One state that is in every pair.
    pub with: Option<u16>,
    /// The rules that leave one of several entries; none: all stay.
    pub rules: &'a [Rule],
}

/// A named group of columns.
pub struct Group {
    /// Its name in `--with`.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// What may stand behind a colon, the default first.
    pub choices: &'static [Choice],
    /// The canonical tables that it reads; of several alternatives one is enough. None for a group made from other columns.
    pub tables: &'static [&'static str],
    /// Those of them that have the facts of another once more, by the numbers of Gleditsch and Ward: read in panels of their states alone.
    pub gw_tables: &'static [&'static str],
    /// Columns of rows about one state, and of each member of a group of states unless there are columns for pairs.
    pub of_states: &'static [Declared],
    /// Columns of rows about two states; none: those of each state.
    pub of_pairs: &'static [Declared],
    /// The unit whose rows are the entries of its list, and have its columns.
    pub(crate) rows_of: Option<Unit>,
    /// Its columns of events, from which years are counted where no other column is named.
    pub(crate) events: &'static [&'static str],
    pub(crate) made: Made,
}

/// What a group is made from, and so when.
pub(crate) enum Made {
    /// From tables of the record, side by side with other groups.
    FromTables(FromTables),
    /// The same, each choice in its own way.
    ByChoice,
    /// From the columns of the groups before it, any of which may stand behind its colon.
    FromColumns(FromColumns),
    /// By the caller, from what is not in the record; whatever stands behind its colon is the caller's.
    Handed,
    /// Each column by a pure function of the register from columns of other groups, which need not be requested.
    Computed(&'static [Computed]),
}

/// A column that is computed.
pub(crate) struct Computed {
    /// Its name, as it is declared.
    pub column: &'static str,
    pub function: &'static Function,
    /// The arguments of the function, in order.
    pub inputs: &'static [Input],
}

/// A column of another group.
pub(crate) struct Input {
    pub group: &'static Group,
    pub choice: &'static str,
    /// Its name in the panel.
    pub column: &'static str,
    /// Whether the result is null where it is: its years are then those of the result.
    pub needed: bool,
}

/// What may stand behind the colon of a group.
pub struct Choice {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// The datasets without which it cannot be made; one of several is enough.
    pub needs: &'static [&'static str],
    pub(crate) make: FromTables,
    /// What rows about leaders have instead of its columns.
    pub(crate) by_leader: Option<ByLeader>,
    /// The list of the unit whose rows are its entries.
    pub(crate) rows: Option<AsRows>,
    /// Whether it may stand beside others of the group, with a plus between them.
    pub(crate) combines: bool,
    /// Why it is not about pairs of states, and what to ask for instead.
    pub(crate) not_of_pairs: Option<(&'static str, &'static str)>,
}

impl Choice {
    pub(crate) const fn new(name: &'static str, doc: &'static str, make: FromTables) -> Self {
        Self {
            name,
            doc,
            needs: &[],
            make,
            by_leader: None,
            rows: None,
            combines: false,
            not_of_pairs: None,
        }
    }

    pub(crate) const fn needs(mut self, datasets: &'static [&'static str]) -> Self {
        self.needs = datasets;
        self
    }

    pub(crate) const fn combines(mut self) -> Self {
        self.combines = true;
        self
    }

    pub(crate) const fn by_leader(mut self, make: ByLeader) -> Self {
        self.by_leader = Some(make);
        self
    }

    pub(crate) const fn rows(mut self, make: AsRows) -> Self {
        self.rows = Some(make);
        self
    }

    pub(crate) const fn not_of_pairs(mut self, why: &'static str, instead: &'static str) -> Self {
        self.not_of_pairs = Some((why, instead));
        self
    }
}

/// A group is the same as another of its name.
impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Group {}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Group").field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choice").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Group {
    /// The canonical tables that it reads in panels of the states of that list, also through the groups that it is computed from.
    pub fn reads(&self, codes: Codes) -> Vec<&'static str> {
        let read = |table: &&str| codes == Codes::Gw || !self.gw_tables.contains(table);
        let own = self.tables.iter().copied().filter(read);
        own.chain(self.inputs().flat_map(|input| input.group.reads(codes))).collect()
    }

    /// The canonical tables of which it needs one at least.
    pub fn needs(&self) -> Vec<&'static str> {
        let needed = self.inputs().filter(|input| input.needed);
        self.tables.iter().copied().chain(needed.flat_map(|i| i.group.needs())).collect()
    }

    /// Its columns, those of rows of that shape first: a name may mean one thing of a state and another of a pair.
    pub(crate) fn declared(&self, shape: Shape) -> [&'static [Declared]; 2] {
        match shape {
            Shape::Pair { .. } => [self.of_pairs, self.of_states],
            _ => [self.of_states, self.of_pairs],
        }
    }

    /// The choice of that name; of several with a plus between them the first.
    pub(crate) fn choice(&self, name: &str) -> Option<&'static Choice> {
        let find = |name: &str| self.choices.iter().find(|c| c.name == name);
        match name.split_once('+') {
            None => find(name),
            Some((first, _)) => {
                let all = || name.split('+').map(find);
                let once =
                    |(at, n): (usize, &str)| name.split('+').take(at).all(|other| other != n);
                let fits = all().all(|c| c.is_some_and(|c| c.combines));
                find(first).filter(|_| fits && name.split('+').enumerate().all(once))
            }
        }
    }

    /// Whether it is made from the columns of the groups before it, any of which may stand behind its colon.
    pub(crate) fn takes_columns(&self) -> bool {
        matches!(self.made, Made::FromColumns(_))
    }

    /// Whether the caller makes its columns and hands them down.
    pub fn is_handed(&self) -> bool {
        matches!(self.made, Made::Handed)
    }

    /// The columns that it is computed from.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = &'static Input> + use<> {
        let columns: &'static [Computed] = match self.made {
            Made::Computed(columns) => columns,
            _ => &[],
        };
        columns.iter().flat_map(|c| c.inputs)
    }

    /// A refusal of rows that it cannot be about.
    pub(crate) fn check_shape(&self, shape: Shape, choice: &str) -> Result<(), PanelError> {
        if !shape.is_pair() && self.of_states.is_empty() {
            return Err(PanelError::new(format!("`{}` is about pairs of states", self.name))
                .help("ask for dyad-years, dyad-months or leader-dyad-years"));
        }
        match self.choice(choice).and_then(|c| c.not_of_pairs).filter(|_| shape.is_pair()) {
            Some((why, instead)) => {
                Err(PanelError::new(format!("`{}:{choice}` {why}", self.name)).help(instead))
            }
            None => Ok(()),
        }
    }
}
