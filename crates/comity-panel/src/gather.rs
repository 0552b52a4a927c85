//! Makes the columns of a panel: of groups from tables side by side, then computed ones, those of tables that are joined, and at last
//! those that are counted over the rows that are kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cells::Kind;
use super::column::Column;
use super::computed::Applied;
use super::declared::declaration;
use super::derive::Derived;
use super::error::PanelError;
use super::grain::Grain;
use super::group::{ByLeader, Computed, Group, Input, Made};
use super::handed;
use super::joined::{JoinReport, Onto};
use super::keep::Keep;
use super::laid::{Laid, OfLeaders};
use super::make::{Make, absent};
use super::register::Type;
use super::spec::{Spec, asked_twice};
use super::unit::{Base, Block};
use super::wanted::{Wanted, Wants};
use comity_record::parallel::side_by_side;

/// The columns of a panel but for those of the rows, in the order requested: of groups without those that others are only computed from,
/// of tables that are joined, and those made from others.
pub(super) struct Gathered {
    pub columns: Vec<Column>,
    /// The names of those made from others.
    pub made: Vec<String>,
    /// Which rows are kept.
    pub keep: Option<Arc<Keep>>,
    pub joined: Vec<JoinReport>,
}

/// What is gathered beside the columns of groups.
pub(super) struct Beside<'a> {
    pub spec: &'a Spec,
    pub base: &'a Arc<Base>,
    pub keys: &'a [Column],
    pub laid: &'a [Laid],
    pub blocks: &'a [Block],
}

/// The columns of a panel. What counts over the rows that are kept comes last, whatever the order.
pub(super) fn columns(
    context: &Make<'_>,
    wants: &Wants,
    beside: &Beside<'_>,
) -> Result<Gathered, PanelError> {
    let wanted = &wants.columns;
    wanted.iter().try_for_each(|w| w.group.check_shape(context.shape, &w.choice))?;
    let made = side_by_side(wanted, || (), |(), w| not_computed(context, beside.spec, wanted, w));
    // The first refusal in the order requested is the one that is said.
    let mut made: Vec<Option<Vec<Column>>> =
        made.into_iter().map(Option::transpose).collect::<Result<_, _>>()?;
    compute(context, wanted, &mut made)?;
    // Columns by the place of their group among those requested.
    let mut columns: Vec<(usize, Column)> = Vec::new();
    let shown = || wanted.iter().enumerate().filter(|(_, wanted)| wanted.shown);
    for (at, _) in shown() {
        for column in made[at].take().unwrap_or_default() {
            add(&mut columns, at, column)?;
        }
    }
    let mut joined = Vec::new();
    for table in &beside.spec.joined {
        let taken = |name: &str| {
            let mut keys = beside.keys.iter().map(|c| &c.name);
            let mut laid = beside.laid.iter().map(|l| &l.about.name);
            columns.iter().any(|(_, c)| c.name == name)
                || keys.any(|n| n == name)
                || laid.any(|n| n == name)
        };
        let onto = Onto {
            record: context.record,
            base: beside.base,
            blocks: beside.blocks,
            members: context.shape.members(),
            directed: beside.spec.directed,
        };
        let (new, report) = table.columns(&onto, &taken)?;
        columns.extend(new.into_iter().map(|column| (wanted.len(), column)));
        joined.push(report);
    }
    let counting: Vec<_> = shown().filter(|(_, w)| w.group.takes_columns()).collect();
    let mut plain: Vec<Column> = columns.iter().map(|(_, c)| c.clone()).collect();
    let (early, late) = derived(beside.spec, &mut plain, !counting.is_empty())?;
    let keep = keep(beside, &plain, &late, &counting)?;
    let context = &Make { keep: keep.clone(), ..context.clone() };
    for (at, wanted) in counting {
        let Made::FromColumns(make) = wanted.group.made else { continue };
        let before: Vec<Column> =
            columns.iter().filter(|(other, _)| *other < at).map(|(_, c)| c.clone()).collect();
        let made =
            make(&of_group(context, wanted), &before).map_err(|error| counted(error, wants))?;
        for column in made {
            add(&mut columns, at, column)?;
        }
    }
    columns.sort_by_key(|(at, _)| *at);
    let mut columns: Vec<Column> = columns.into_iter().map(|(_, column)| column).collect();
    let (mut later, mut new) = (columns.clone(), Vec::new());
    for spec in &beside.spec.derived {
        let made = match early.iter().find(|(of, _)| of == spec) {
            Some((_, made)) => made.clone(),
            None => spec.columns(&later)?,
        };
        for column in made {
            check_new(&later, &column)?;
            later.push(column.clone());
            new.push(column.name.clone());
            columns.push(column);
        }
    }
    Ok(Gathered { columns, made: new, keep, joined })
}

/// The columns made from others that need nothing that is counted, added to those; and the names of the other ones.
#[allow(clippy::type_complexity, reason = "two parts of one answer")]
fn derived(
    spec: &Spec,
    plain: &mut Vec<Column>,
    counting: bool,
) -> Result<(Vec<(Derived, Vec<Column>)>, Vec<String>), PanelError> {
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for derived in &spec.derived {
        let there = plain.iter().any(|c| c.name == derived.of);
        if !there && counting {
            late.push(derived.name());
            continue;
        }
        let made = derived.columns(plain)?;
        for column in &made {
            check_new(plain, column)?;
            plain.push(column.clone());
        }
        early.push((derived.clone(), made));
    }
    Ok((early, late))
}

fn check_new(columns: &[Column], column: &Column) -> Result<(), PanelError> {
    if columns.iter().any(|c| c.name == column.name) {
        return Err(PanelError::new(format!("the column `{}` is there already", column.name)));
    }
    Ok(())
}

/// Which rows are kept, by keys, by what the rows of a year are laid out into, and by these columns.
fn keep(
    beside: &Beside<'_>,
    plain: &[Column],
    late: &[String],
    counting: &[(usize, &Wanted)],
) -> Result<Option<Arc<Keep>>, PanelError> {
    let all: Vec<&Column> = beside.keys.iter().chain(plain).collect();
    let groups =
        counting.iter().flat_map(|(_, w)| w.group.of_states.iter().chain(w.group.of_pairs));
    let spells: Vec<&str> = groups.map(|d| d.name).collect();
    let counted: Vec<&str> = late.iter().map(String::as_str).chain(spells).collect();
    let keep = Keep::of(&beside.spec.keep, &all, beside.laid, &counted)?;
    match keep.as_ref().and_then(|keep| keep.laid()).filter(|_| !counting.is_empty()) {
        Some(name) => Err(PanelError::new(format!(
            "years are counted over the rows that are kept, and `{name}` distinguishes several rows of one year"
        ))
        .help("leave out peace-years, or keep rows by it afterwards")),
        None => Ok(keep),
    }
}

/// Adds a column; one whose name is taken is named apart.
fn add(
    columns: &mut Vec<(usize, Column)>,
    at: usize,
    mut column: Column,
) -> Result<(), PanelError> {
    let taken = |name: &str| columns.iter().any(|(_, c)| c.name == name);
    if taken(&column.name) {
        column.name = column.named_apart();
    }
    if taken(&column.name) {
        return Err(asked_twice(column.group));
    }
    columns.push((at, column));
    Ok(())
}

/// What is said of a count where the events that it might mean are of leaders.
fn counted(error: PanelError, wants: &Wants) -> PanelError {
    if wants.by_leader.is_empty() {
        return error;
    }
    error.help("no years are counted from disputes of leaders; disputes:cow are those of the state")
}

/// What rows about leaders have of their leaders.
pub(super) fn by_leader(
    context: &Make<'_>,
    wants: &Wants,
) -> Result<Vec<Box<dyn OfLeaders>>, PanelError> {
    let make = |(wanted, make): &(Wanted, ByLeader)| {
        let context = of_group(context, wanted);
        check(&context, wanted.group)?;
        make(&context)
    };
    wants.by_leader.iter().map(make).collect()
}

/// What the columns of a group are made from.
pub(super) fn of_group<'a>(context: &Make<'a>, wanted: &'a Wanted) -> Make<'a> {
    let Wanted { group, choice, .. } = wanted;
    Make {
        group: group.name,
        choice,
        declared: group.declared(context.shape),
        events: group.events,
        tables: group.reads(context.base.codes).into(),
        ..context.clone()
    }
}

/// The columns of a group that is made from tables, or handed down; none of another.
fn not_computed(
    context: &Make<'_>,
    spec: &Spec,
    all: &[Wanted],
    wanted: &Wanted,
) -> Option<Result<Vec<Column>, PanelError>> {
    let make = match wanted.group.made {
        Made::FromTables(make) => make,
        Made::ByChoice => wanted.declared()?.make,
        Made::Handed => return Some(handed::columns(&of_group(context, wanted), &spec.handed)),
        Made::FromColumns(_) | Made::Computed(_) => return None,
    };
    let made = || {
        let context = of_group(context, wanted);
        check(&context, wanted.group)?;
        make(&context)
    };
    let from_it = |w: &&Wanted| w.group.inputs().any(|input| input.group == wanted.group);
    Some(made().map_err(|error| match all.iter().find(from_it).filter(|_| !wanted.shown) {
        Some(w) => error.help(format!("`{}` is computed from it", w.group.name)),
        None => error,
    }))
}

/// A refusal of a group whose tables or datasets are not in the record.
pub(super) fn check(make: &Make<'_>, group: &Group) -> Result<(), PanelError> {
    if !group.tables.is_empty() && !group.tables.iter().any(|t| make.holds(t)) {
        let datasets: BTreeSet<&str> =
            group.tables.iter().flat_map(|t| make.record.catalogue().proposed(t)).collect();
        return Err(absent(make, &datasets.into_iter().collect::<Vec<_>>()));
    }
    let needs = group.choice(make.choice).map_or(&[][..], |choice| choice.needs);
    let there = |dataset: &&str| make.record.sources().iter().any(|s| s.dataset == **dataset);
    if !needs.is_empty() && !needs.iter().any(there) {
        return Err(absent(make, needs));
    }
    Ok(())
}

/// Makes the computed groups, each after those that it is computed from.
fn compute(
    context: &Make<'_>,
    wanted: &[Wanted],
    made: &mut [Option<Vec<Column>>],
) -> Result<(), PanelError> {
    loop {
        let (mut left, mut done) = (None, false);
        for (at, this) in wanted.iter().enumerate() {
            let Made::Computed(columns) = &this.group.made else { continue };
            if made[at].is_some() {
                continue;
            }
            let place = |input: &Input| {
                wanted.iter().position(|w| w.group == input.group && w.choice == input.choice)
            };
            let ready = this.group.inputs().all(|i| place(i).is_some_and(|at| made[at].is_some()));
            if !ready {
                left = Some(this);
                continue;
            }
            let make = of_group(context, this);
            let of = |input: &Input| {
                made[place(input)?].iter().flatten().find(|c| c.name == input.column)
            };
            let columns: Vec<Column> =
                columns.iter().map(|c| computed(&make, c, of)).collect::<Result<_, _>>()?;
            (made[at], done) = (Some(columns), true);
        }
        match left {
            None => return Ok(()),
            Some(_) if done => {}
            Some(this) => {
                return Err(PanelError::new(format!(
                    "`{}` is computed from a group that is not there, or from itself",
                    this.group.name
                )));
            }
        }
    }
}

/// A column that a function makes from others.
fn computed<'c>(
    make: &Make<'_>,
    column: &Computed,
    of: impl Fn(&Input) -> Option<&'c Column>,
) -> Result<Column, PanelError> {
    let wrong =
        |what: &str| PanelError::new(format!("`{}` cannot be computed: {what}", column.column));
    let mut inputs = Vec::new();
    for input in column.inputs {
        let Some(found) = of(input) else {
            return Err(wrong(&format!(
                "`{}` has no column `{}` in these rows",
                input.group.name, input.column
            )));
        };
        inputs.push((input, found));
    }
    let fits = |of: Type, kind: Kind| match of {
        Type::Int => matches!(kind, Kind::Flag | Kind::Small | Kind::Int),
        Type::Real => !matches!(kind, Kind::Text | Kind::Date),
    };
    let arguments = column.function.arguments;
    let declared = declaration(make.declared, column.column).map(|d| d.kind);
    let result = declared.is_some_and(|kind| match column.function.result {
        Type::Int => fits(Type::Int, kind),
        Type::Real => kind == Kind::Real,
    });
    let all = arguments.len() == inputs.len()
        && arguments.iter().zip(&inputs).all(|(a, (_, c))| fits(a.kind, c.kind));
    if !result || !all {
        return Err(wrong(&format!("`{}` takes and gives other types", column.function.name)));
    }
    let source = Applied {
        function: column.function,
        inputs: inputs.iter().map(|(_, c)| (Arc::clone(&c.source), c.kind)).collect(),
    };
    let mut made = make.column(column.column, &[], source);
    let sources: BTreeSet<&String> = inputs.iter().flat_map(|(_, c)| &c.sources).collect();
    made.sources = sources.into_iter().cloned().collect();
    let needed = inputs.iter().filter(|(input, _)| input.needed).filter_map(|(_, c)| c.years);
    made.years = needed.reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)));
    let dated = inputs.iter().all(|(_, c)| c.grain == make.base.grain);
    made.grain = if dated { make.base.grain } else { Grain::Year };
    Ok(made)
}
