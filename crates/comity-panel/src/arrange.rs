//! The columns of a panel in their order: keys, what the rows are laid out into, and the columns of groups; each name once.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::datatypes::{Field, Schema, SchemaRef};

use super::cells::Kind;
use super::column::Column;
use super::error::PanelError;
use super::joined::JOINED;
use super::laid::{Laid, Layout};
use super::spec::Spec;
use comity_record::nearest;

/// Where a column of the schema comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Key(usize),
    Laid(usize),
    Column(usize),
}

/// The columns of a panel.
pub(super) struct Arranged {
    pub keys: Vec<Column>,
    /// What the layout of the rows writes.
    pub laid: Vec<Laid>,
    pub columns: Vec<Column>,
    /// The columns of the schema.
    pub order: Vec<Place>,
    pub schema: SchemaRef,
}

impl Arranged {
    /// Those requested: with `--columns` beside these the ones made from others, and of a table that is joined all where none is named.
    pub fn of(
        spec: &Spec,
        keys: Vec<Column>,
        layout: Option<&dyn Layout>,
        mut columns: Vec<Column>,
        made: &[String],
    ) -> Result<Self, PanelError> {
        let laid = layout.map_or_else(Vec::new, Layout::columns);
        for column in &mut columns {
            if laid.iter().any(|l| l.about.name == column.name) {
                column.name = column.named_apart();
            }
        }
        if !spec.columns.is_empty() {
            check_columns(spec, &columns, &laid)?;
            let named: BTreeSet<String> = columns
                .iter()
                .filter(|c| c.group == JOINED && spec.columns.contains(&c.name))
                .map(|c| c.choice.clone())
                .collect();
            let own = |c: &Column| c.group == JOINED && !named.contains(&c.choice);
            columns.retain(|c| spec.columns.contains(&c.name) || made.contains(&c.name) || own(c));
        }
        let leads = layout.is_some_and(Layout::leads);
        let order = order(spec, &keys, &laid, &columns, leads);
        let schema = schema(&order, &keys, &laid, &columns)?;
        Ok(Self { keys, laid, columns, order, schema })
    }
}

/// That every column requested is there.
fn check_columns(spec: &Spec, columns: &[Column], laid: &[Laid]) -> Result<(), PanelError> {
    let known = || {
        let laid = laid.iter().map(|l| l.about.name.as_str());
        columns.iter().map(|c| c.name.as_str()).chain(laid)
    };
    let Some(wanted) = spec.columns.iter().find(|wanted| !known().any(|name| name == *wanted))
    else {
        return Ok(());
    };
    let error = PanelError::new(format!("no column `{wanted}` in these groups")).about(wanted);
    Err(match nearest(wanted, known()) {
        Some(near) => error.help(near),
        None => error.help("`comity panel groups` lists the columns of each group"),
    })
}

/// Keys, what the rows are laid out into, and the columns of groups; what says who a row is about first.
fn order(
    spec: &Spec,
    keys: &[Column],
    laid: &[Laid],
    columns: &[Column],
    leads: bool,
) -> Vec<Place> {
    let of_group = |at: &usize| laid[*at].about.group.is_some();
    let first = (0..laid.len()).filter(|at| !of_group(at) && leads).map(Place::Laid);
    let second = (0..laid.len()).filter(|at| !of_group(at) && !leads).map(Place::Laid);
    let shown =
        |at: &usize| spec.columns.is_empty() || spec.columns.contains(&laid[*at].about.name);
    let third = (0..laid.len()).filter(|at| of_group(at) && shown(at)).map(Place::Laid);
    let own = (0..keys.len()).map(Place::Key);
    let rest = (0..columns.len()).map(Place::Column);
    first.chain(own).chain(second).chain(third).chain(rest).collect()
}

fn schema(
    order: &[Place],
    keys: &[Column],
    laid: &[Laid],
    columns: &[Column],
) -> Result<SchemaRef, PanelError> {
    let field = |name: &str, kind: Kind| Field::new(name, kind.arrow(), true);
    let of = |place: &Place| match place {
        // Which row it is, is always known.
        Place::Key(at) => field(&keys[*at].name, keys[*at].kind).with_nullable(false),
        Place::Laid(at) => field(&laid[*at].about.name, laid[*at].kind),
        Place::Column(at) => field(&columns[*at].name, columns[*at].kind),
    };
    let fields: Vec<Field> = order.iter().map(of).collect();
    let mut seen = BTreeSet::new();
    if let Some(twice) = fields.iter().find(|f| !seen.insert(f.name().clone())) {
        return Err(PanelError::new(format!(
            "the column `{}` would stand in the panel twice",
            twice.name()
        ))
        .help("leave its group out: the unit has it already"));
    }
    Ok(Arc::new(Schema::new(fields)))
}
