//! The columns that say what a row is about.

use std::sync::Arc;

use arrow::array::StringArray;

use super::cells::{Cells, Kind, Value};
use super::column::Column;
use super::declared::Shape;
use super::grain::Grain;
use super::system::Codes;
use super::unit::{Base, Block, Run};

/// The key columns of a panel.
pub(super) fn of(base: &Arc<Base>, shape: Shape, carried: Option<(i32, i32)>) -> Vec<Column> {
    let mut keys = Vec::new();
    let codes = base.codes;
    let numbered = |name: &str, member: usize| match shape {
        Shape::State => name.to_owned(),
        _ => format!("{name}{}", member + 1),
    };
    for member in 0..shape.members() {
        let of = Arc::clone(base);
        let doc = match codes {
            Codes::Cow => "Correlates of War state code",
            Codes::Gw => "Gleditsch-Ward number",
        };
        keys.push(Column::key(
            &numbered(codes.column(), member),
            Kind::Small,
            doc,
            move |block: &Block, out: &mut Cells| {
                let code = of.system.codes[usize::from(block.states[member])];
                out.repeat(Value::Int(code), block.rows());
            },
        ));
    }
    if shape == Shape::State {
        keys.extend(name(base));
    }
    let microstates = |keys: &mut Vec<Column>| {
        for member in 0..shape.members() {
            let of = Arc::clone(base);
            let doc = "1 on the list of microstates";
            keys.push(Column::key(
                &numbered("microstate", member),
                Kind::Flag,
                doc,
                move |block: &Block, out: &mut Cells| {
                    let micro = of.system.microstate(usize::from(block.states[member]));
                    out.repeat(Value::Int(micro.into()), block.rows());
                },
            ));
        }
    };
    if codes == Codes::Gw && shape == Shape::State {
        microstates(&mut keys);
    }
    let mut year = Column::key("year", Kind::Small, "calendar year", years);
    if let Some((to, carried)) = carried {
        let from = to + 1;
        year.doc += &format!(
            "; from {from} to {carried} the states are those of {to}, where their list ends, carried forward"
        );
    }
    keys.push(year);
    if codes == Codes::Gw && shape != Shape::State {
        microstates(&mut keys);
    }
    match base.grain {
        Grain::Year => {}
        Grain::Month => keys.push(Column::key("month", Kind::Flag, "month, 1 to 12", months)),
        Grain::Day => keys.push(Column::key("date", Kind::Date, "day", days)),
    }
    keys
}

fn years(block: &Block, out: &mut Cells) {
    for run in block.runs() {
        match run.grain {
            Grain::Year => out.extend(run.periods()),
            _ => run.by_year().for_each(|(year, rows)| out.repeat(Value::Int(year), rows)),
        }
    }
}

fn months(block: &Block, out: &mut Cells) {
    for run in block.runs() {
        out.extend(run.periods().map(|month| month.rem_euclid(12) + 1));
    }
}

fn days(block: &Block, out: &mut Cells) {
    block.runs().iter().for_each(|run| out.extend(run.periods()));
}

/// The state's name in the year.
fn name(base: &Arc<Base>) -> Vec<Column> {
    let mut texts: Vec<String> = Vec::new();
    let mut numbers = Vec::with_capacity(base.system.codes.len() * base.system.span());
    for state in 0..base.system.codes.len() {
        for year in base.system.years.clone() {
            let name = base.system.name(state, year);
            if texts.last().is_none_or(|last| last != name) {
                texts.push(name.to_owned());
            }
            numbers.push(texts.len() as i32 - 1);
        }
    }
    let of = Arc::clone(base);
    let write = move |block: &Block, out: &mut Cells| {
        for (year, rows) in block.runs().iter().flat_map(Run::by_year) {
            match of.system.cell(usize::from(block.states[0]), year) {
                Some(at) => out.repeat(Value::Int(numbers[at]), rows),
                None => out.nulls(rows),
            }
        }
    };
    let column = match base.codes {
        Codes::Cow => "cw_name",
        Codes::Gw => "gw_name",
    };
    let mut key = Column::key(column, Kind::Text, "name of the state", write);
    key.texts = Some(Arc::new(StringArray::from(texts)));
    vec![key]
}
