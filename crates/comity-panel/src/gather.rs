//! Makes the columns of the groups that are wanted: from tables side by side, then computed ones, then those made from columns before them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cells::Kind;
use super::column::Column;
use super::computed::Applied;
use super::declared::declaration;
use super::error::PanelError;
use super::group::{ByLeader, Computed, Group, Input, Made};
use super::laid::OfLeaders;
use super::make::{Make, absent};
use super::parallel::side_by_side;
use super::register::Type;
use super::spec::asked_twice;
use super::wanted::{Wanted, Wants};

/// The columns of groups, in the order requested, without those that others are only computed from.
pub(super) fn columns(context: &Make<'_>, wants: &Wants) -> Result<Vec<Column>, PanelError> {
    let wanted = &wants.columns;
    wanted.iter().try_for_each(|w| w.group.check_shape(context.shape, &w.choice))?;
    let made = side_by_side(wanted, || (), |(), w| from_tables(context, wanted, w));
    // The first refusal in the order requested is the one that is said.
    let mut made: Vec<Option<Vec<Column>>> =
        made.into_iter().map(Option::transpose).collect::<Result<_, _>>()?;
    compute(context, wanted, &mut made)?;
    let mut columns: Vec<Column> = Vec::new();
    for (wanted, made) in wanted.iter().zip(made).filter(|(wanted, _)| wanted.shown) {
        let made = match (made, &wanted.group.made) {
            (Some(made), _) => made,
            (None, Made::FromColumns(make)) => {
                make(&of_group(context, wanted), &columns).map_err(|error| counted(error, wants))?
            }
            (None, _) => Vec::new(),
        };
        for column in made {
            add(&mut columns, column)?;
        }
    }
    Ok(columns)
}

/// Adds a column; one whose name is taken is named apart.
fn add(columns: &mut Vec<Column>, mut column: Column) -> Result<(), PanelError> {
    let taken = |columns: &[Column], name: &str| columns.iter().any(|c| c.name == name);
    if taken(columns, &column.name) {
        column.name = column.named_apart();
    }
    if taken(columns, &column.name) {
        return Err(asked_twice(column.group));
    }
    columns.push(column);
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
        declared: [group.of_states, group.of_pairs],
        events: group.events,
        tables: group.reads(context.base.codes).into(),
        ..context.clone()
    }
}

/// The columns of a group that is made from tables; none of another.
fn from_tables(
    context: &Make<'_>,
    all: &[Wanted],
    wanted: &Wanted,
) -> Option<Result<Vec<Column>, PanelError>> {
    let make = match wanted.group.made {
        Made::FromTables(make) => make,
        Made::ByChoice => wanted.declared()?.make,
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
    Ok(made)
}
