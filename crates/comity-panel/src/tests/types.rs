//! The types of columns are those of their declarations, in every panel and whatever the data.

use comity_record::Record;

use super::invented::{PLAIN, record};
use crate::build::Panel;
use crate::cells::Kind;
use crate::declared::declaration;
use crate::group::{Group, Made};
use crate::groups::GROUPS;
use crate::register::{FUNCTIONS, Type};
use crate::spec::Spec;
use crate::system::Codes;
use crate::unit::Unit;

/// Every way to ask for a group.
pub(super) fn ways(group: &'static Group) -> Vec<(String, Option<String>)> {
    let of = |choice: Option<&str>| (group.name.to_owned(), choice.map(str::to_owned));
    match group.made {
        // Nothing is handed to these panels.
        Made::Handed => Vec::new(),
        Made::ByChoice => group.choices.iter().map(|c| of(Some(c.name))).collect(),
        _ => vec![of(None)],
    }
}

/// A panel with that group; what it counts from stands before it.
pub(super) fn spec(
    unit: Unit,
    codes: Codes,
    directed: bool,
    way: &(String, Option<String>),
) -> Spec {
    let mut with = vec![way.clone()];
    if GROUPS.iter().any(|g| g.name == way.0 && g.takes_columns()) {
        with.insert(0, ("disputes".to_owned(), Some("cow".to_owned())));
    }
    let states = if unit == Unit::KadYears { vec![2, 20] } else { Vec::new() };
    Spec { codes, directed, with, states, k: 2, ..Spec::new(unit) }
}

const UNITS: [Unit; 6] = [
    Unit::StateYears,
    Unit::DyadYears,
    Unit::LeaderYears,
    Unit::LeaderDyadYears,
    Unit::DisputeYears,
    Unit::KadYears,
];

/// How many columns of a group were compared with their declarations, in panels of these units.
fn compared(
    record: &Record,
    group: &'static Group,
    way: &(String, Option<String>),
    units: &[Unit],
) -> usize {
    let mut many = 0;
    for unit in units {
        for (codes, directed) in [(Codes::Cow, false), (Codes::Cow, true), (Codes::Gw, true)] {
            let spec = spec(*unit, codes, directed, way);
            let Ok(panel) = Panel::prepare(record, &Spec { years: Some(1950..=1951), ..spec })
            else {
                continue;
            };
            let schema = panel.schema();
            for (field, about) in schema.fields().iter().zip(panel.about()) {
                let own = about.group.is_some_and(|g| g.split(':').next() == Some(group.name));
                if let Some(declared) =
                    declaration([group.of_states, group.of_pairs], &about.name).filter(|_| own)
                {
                    assert_eq!(*field.data_type(), declared.kind.arrow(), "{}", about.name);
                    many += 1;
                }
            }
            for batch in panel.batches().unwrap() {
                assert_eq!(batch.schema(), schema);
            }
        }
    }
    many
}

#[test]
fn every_column_has_the_type_that_its_group_declares() {
    let (invented, starter) = (record(PLAIN), comity_datasets::starter::record());
    for group in GROUPS {
        for way in ways(group) {
            assert!(compared(&invented, group, &way, &UNITS) > 0, "no panel has {way:?}");
            compared(&starter, group, &way, &[Unit::StateYears, Unit::DyadYears]);
        }
    }
}

#[test]
fn figures_that_are_whole_are_figures() {
    let way = ("nmc".to_owned(), None);
    for (unit, name) in [(Unit::StateYears, "milex"), (Unit::DyadYears, "milex1")] {
        let panel = Panel::prepare(&record(PLAIN), &spec(unit, Codes::Cow, true, &way)).unwrap();
        let field = panel.schema().field_with_name(name).unwrap().clone();
        assert_eq!(*field.data_type(), Kind::Real.arrow());
    }
}

#[test]
fn declarations_agree_with_each_other_and_with_the_register() {
    for group in GROUPS {
        let all = || group.of_states.iter().chain(group.of_pairs);
        for declared in all() {
            assert!(!declared.doc.is_empty(), "{}", declared.name);
            assert!(all().all(|d| d.name != declared.name || d.kind == declared.kind));
        }
        assert_eq!(
            matches!(group.made, Made::ByChoice),
            !group.choices.is_empty(),
            "{}",
            group.name
        );
        let Made::Computed(columns) = group.made else { continue };
        for column in columns {
            let declared = declaration([group.of_states, group.of_pairs], column.column).unwrap();
            assert_eq!(declared.kind == Kind::Real, column.function.result == Type::Real);
            assert_eq!(column.function.arguments.len(), column.inputs.len());
            assert!(FUNCTIONS.iter().any(|f| f.name == column.function.name));
            for input in column.inputs {
                let declared = [input.group.of_states, input.group.of_pairs];
                assert!(declaration(declared, input.column).is_some(), "{}", input.column);
            }
        }
    }
}

#[test]
fn what_a_group_is_computed_from_is_written_only_where_it_is_requested() {
    let record = record(PLAIN);
    let names = |with: &[&str]| -> Vec<String> {
        let with = with.iter().map(|w| ((*w).to_owned(), None)).collect();
        let panel = Panel::prepare(&record, &Spec { with, ..Spec::new(Unit::DyadYears) }).unwrap();
        let tables = panel.tables();
        assert!(tables.contains(&"contiguity") && tables.contains(&"major_powers"), "{tables:?}");
        panel.schema().fields().iter().skip(3).map(|f| f.name().clone()).collect()
    };
    assert_eq!(names(&["relevance"]), ["prd"]);
    assert_eq!(names(&["relevance", "majors"]), ["prd", "cowmaj1", "cowmaj2"]);
}
