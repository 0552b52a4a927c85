//! Which groups a panel is made of: those requested, with their choices, and those that these are computed from.

use super::error::PanelError;
use super::group::{AsRows, ByLeader, Choice, Group};
use super::groups::{GROUPS, group};
use super::spec::{Spec, asked_twice};
use super::unit::Unit;
use comity_record::nearest;

/// A group that is wanted, with the choice made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub group: &'static Group,
    pub choice: String,
    /// Whether its columns are written, or others are computed from them and no more.
    pub shown: bool,
}

/// The groups of a panel, by what they give to it.
pub(super) struct Wants {
    /// Groups of columns, in the order requested; behind them those that others are computed from.
    pub columns: Vec<Wanted>,
    /// Groups whose columns are of the leaders of a row.
    pub by_leader: Vec<(Wanted, ByLeader)>,
    /// The list whose entries are the rows.
    pub rows: Option<(Wanted, AsRows)>,
}

impl Wants {
    /// The groups requested, sorted by the unit.
    pub fn of(spec: &Spec) -> Result<Self, PanelError> {
        let mut all: Vec<Wanted> = Vec::new();
        for (name, choice) in &spec.with {
            let wanted = Wanted::of(name, choice.as_deref())?;
            if all.contains(&wanted) {
                return Err(asked_twice(name));
            }
            all.push(wanted);
        }
        let (rows, all) = rows(spec.unit, all)?;
        let (mut columns, mut by_leader) = (Vec::new(), Vec::<(Wanted, ByLeader)>::new());
        for wanted in all {
            let make = wanted.declared().and_then(|choice| choice.by_leader);
            match make.filter(|_| spec.unit.of_leaders()) {
                Some(_) if by_leader.iter().any(|(w, _)| w.group == wanted.group) => {
                    return Err(asked_twice(wanted.group.name));
                }
                Some(make) => by_leader.push((wanted, make)),
                None => columns.push(wanted),
            }
        }
        add_inputs(&mut columns);
        Ok(Self { columns, by_leader, rows })
    }
}

/// The list whose entries are the rows of the unit, if it has one, and the other groups.
#[allow(clippy::type_complexity, reason = "two parts of one list")]
fn rows(
    unit: Unit,
    all: Vec<Wanted>,
) -> Result<(Option<(Wanted, AsRows)>, Vec<Wanted>), PanelError> {
    let Some(group) = GROUPS.iter().find(|g| g.rows_of == Some(unit)) else {
        return Ok((None, all));
    };
    let (mut lists, others): (Vec<Wanted>, Vec<Wanted>) =
        all.into_iter().partition(|w| w.group == *group);
    let list = match lists.pop() {
        Some(list) => list,
        None => Wanted::of(group.name, None)?,
    };
    let of_rows = || group.choices.iter().filter(|c| c.rows.is_some());
    if !lists.is_empty() {
        let names: Vec<String> = of_rows().map(|c| format!("{}:{}", group.name, c.name)).collect();
        return Err(PanelError::new(format!(
            "the rows of {} are the entries of one list, and several are named",
            unit.name()
        ))
        .help(format!("name one of {}", names.join(", "))));
    }
    match list.declared().map(|choice| (choice.rows, choice.not_of_pairs)) {
        Some((Some(make), _)) => Ok((Some((list, make)), others)),
        Some((None, Some((why, instead)))) => {
            Err(PanelError::new(format!("`{}:{}` {why}", group.name, list.choice)).help(instead))
        }
        _ => Err(PanelError::new(format!(
            "`{}:{}` is not a list of rows for {}",
            group.name,
            list.choice,
            unit.name()
        ))),
    }
}

/// Adds the groups that others are computed from, unless they are there.
fn add_inputs(columns: &mut Vec<Wanted>) {
    let mut at = 0;
    while at < columns.len() {
        for input in columns[at].group.inputs() {
            let there = |w: &Wanted| w.group == input.group && w.choice == input.choice;
            if !columns.iter().any(there) {
                let choice = input.choice.to_owned();
                columns.push(Wanted { group: input.group, choice, shown: false });
            }
        }
        at += 1;
    }
}

impl Wanted {
    /// The group of that name with the choice made.
    fn of(name: &str, choice: Option<&str>) -> Result<Self, PanelError> {
        let Some(group) = group(name) else {
            let error = PanelError::new(format!("no group `{name}`"));
            return Err(match nearest(name, GROUPS.iter().map(|g| g.name)) {
                Some(near) => error.help(near),
                None => error.help("`comity panel groups` lists them"),
            });
        };
        let names = || group.choices.iter().map(|c| c.name);
        let choice: &str = match choice {
            None => names().next().unwrap_or(""),
            Some(given) if group.takes_columns() || group.is_handed() => given,
            Some(choice) if group.choice(choice).is_some() => choice,
            Some(choice) => {
                let known: Vec<&str> = names().collect();
                let error = PanelError::new(format!("`{name}` has no choice `{choice}`"));
                return Err(error.help(if known.is_empty() {
                    format!("write `{name}` alone")
                } else {
                    let several = group.choices.iter().filter(|c| c.combines).count() > 1;
                    let plus = if several { "; several with a plus between them" } else { "" };
                    format!("one of {}{plus}", known.join(", "))
                }));
            }
        };
        Ok(Self { group, choice: choice.to_owned(), shown: true })
    }

    /// The declaration of its choice; none where the group declares none.
    pub fn declared(&self) -> Option<&'static Choice> {
        self.group.choice(&self.choice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(unit: Unit, with: &[&str]) -> Result<Wants, String> {
        let with = with.iter().map(|w| match w.split_once(':') {
            Some((group, choice)) => (group.to_owned(), Some(choice.to_owned())),
            None => ((*w).to_owned(), None),
        });
        let spec = Spec { with: with.collect(), ..Spec::new(unit) };
        Wants::of(&spec).map_err(|error| error.to_string())
    }

    fn names(wanted: &[Wanted]) -> Vec<(&str, &str, bool)> {
        wanted.iter().map(|w| (w.group.name, w.choice.as_str(), w.shown)).collect()
    }

    #[test]
    fn what_a_group_is_computed_from_comes_with_it_and_is_not_shown() {
        let alone = wants(Unit::DyadYears, &["relevance"]).unwrap();
        assert_eq!(
            names(&alone.columns),
            [("relevance", "", true), ("contiguity", "first", false), ("majors", "", false)]
        );
        let beside = wants(Unit::DyadYears, &["relevance", "majors", "contiguity:last"]).unwrap();
        assert_eq!(
            names(&beside.columns),
            [
                ("relevance", "", true),
                ("majors", "", true),
                ("contiguity", "last", true),
                ("contiguity", "first", false)
            ]
        );
    }

    #[test]
    fn the_unit_decides_what_a_choice_gives() {
        let with = ["disputes:gml", "leader-traits", "nmc"];
        let leaders = wants(Unit::LeaderYears, &with).unwrap();
        assert_eq!(names(&leaders.columns), [("nmc", "", true)]);
        assert_eq!(leaders.by_leader.len(), 2);
        let states = wants(Unit::StateYears, &with).unwrap();
        assert_eq!((states.columns.len(), states.by_leader.len()), (3, 0));
        let rows = wants(Unit::DisputeYears, &with).unwrap();
        assert_eq!(rows.rows.map(|(list, _)| list.choice), Some("gml".to_owned()));
        let usual = wants(Unit::DisputeYears, &[]).unwrap();
        assert_eq!(usual.rows.map(|(list, _)| list.choice), Some("cow".to_owned()));
    }

    #[test]
    fn what_is_named_twice_is_refused() {
        for (unit, with, wanted) in [
            (Unit::StateYears, &["nmc", "nmc"][..], "`nmc` is requested twice"),
            (Unit::StateYears, &["disputes", "disputes:cow"], "`disputes` is requested twice"),
            (Unit::LeaderYears, &["disputes:gml", "disputes:gml-leaders"], "requested twice"),
            (Unit::DisputeYears, &["disputes:cow", "disputes:gml"], "one list"),
            (Unit::DisputeYears, &["disputes:gml-leaders"], "ask for disputes:gml"),
        ] {
            let error = wants(unit, with).err().unwrap_or_default();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
