//! From a request to a panel that is ready to be written.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use comity_record::{Reading, Record};

use super::among::Among;
use super::arrange::{Arranged, Place};
use super::column::Column;
use super::error::PanelError;
use super::gather;
use super::group::Group;
use super::groups::GROUPS;
use super::joined::JoinReport;
use super::keep::Keep;
use super::keys;
use super::laid::{Laid, Layout};
use super::make::{Make, published};
use super::rows;
use super::rules::Rule;
use super::spec::Spec;
use super::tables::Grid;
use super::unit::{Base, Block};
use super::wanted::Wants;

/// A panel that is ready to be written. Cheap to clone.
#[derive(Clone)]
pub struct Panel {
    pub(super) base: Arc<Base>,
    pub(super) blocks: Arc<[Block]>,
    pub(super) keys: Vec<Column>,
    pub(super) columns: Vec<Column>,
    /// What lays a year out into rows; none where a row is a year.
    pub(super) layout: Option<Arc<dyn Layout>>,
    /// What the layout writes.
    pub(super) laid: Arc<[Laid]>,
    /// The columns of the schema.
    pub(super) order: Arc<[Place]>,
    pub(super) schema: SchemaRef,
    pub(super) years: Option<RangeInclusive<i32>>,
    pub(super) system_sources: Vec<String>,
    /// The end of the list of states.
    pub(super) listed: Listed,
    /// Codes of states that were named and have no row.
    pub(super) absent: Vec<i32>,
    /// Which rows are kept; none: all.
    pub(super) keep: Option<Arc<Keep>>,
    /// What became of tables that were joined.
    pub(super) joined: Arc<[JoinReport]>,
}

/// What was done about years after the end of the list of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// The last year that the list covers; none: it does not say.
    pub to: Option<i32>,
    /// The year to which its last states are carried forward; none: they are not.
    pub carried: Option<i32>,
    /// Years requested that no state is listed in, and to which none is carried forward.
    pub left_out: Option<(i32, i32)>,
    /// The year to which other sources go on, where no years were requested and the panel ends with the list.
    pub known_to: Option<i32>,
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

impl Panel {
    /// Reads what the panel needs and plans its rows. What cannot be made whatever the record holds is refused before anything is read.
    pub fn prepare(record: &Record, spec: &Spec) -> Result<Self, PanelError> {
        spec.check()?;
        let wants = Wants::of(spec)?;
        let requested = spec.reading.clone().unwrap_or_else(|| record.baseline());
        let reading = published(record, requested);
        let (base, listed) = base(record, &reading, spec)?;
        let base = Arc::new(base);
        let among = Among::of(&base, spec, wants.rows.is_some())?;
        let usual: Vec<Rule> = Rule::ALL.iter().map(|(rule, ..)| *rule).collect();
        let context = Make {
            record,
            reading: reading.clone(),
            base: &base,
            grid: Grid::of(&base.cow),
            shape: among.shape,
            group: "",
            choice: "",
            declared: [&[], &[]],
            events: &[],
            tables: Arc::from([]),
            rules: spec.rules.as_deref().unwrap_or(&usual),
            gaps: spec.gaps,
            keep: None,
        };
        let (blocks, layout) = rows::of(&context, spec, &among, &wants)?;
        let keys = keys::of(&base, among.shape, listed.to.zip(listed.carried));
        let laid = layout.as_deref().map_or_else(Vec::new, Layout::columns);
        let beside =
            gather::Beside { spec, base: &base, keys: &keys, laid: &laid, blocks: &blocks };
        let gather::Gathered { columns, made, keep, joined } =
            gather::columns(&context, &wants, &beside).map_err(name_group)?;
        let Arranged { keys, laid, columns, order, schema } =
            Arranged::of(spec, keys, layout.as_deref(), columns, &made).map_err(name_group)?;
        let absent = Among::absent(&base, spec, &blocks);
        let family = comity_record::schema::table(spec.codes.table()).map_or("", |t| t.family);
        Ok(Self {
            base,
            keys,
            columns,
            layout: layout.map(Arc::from),
            laid: laid.into(),
            order: order.into(),
            schema,
            years: spec.years.clone(),
            listed,
            absent,
            blocks: blocks.into(),
            keep,
            joined: joined.into(),
            system_sources: reading.sources(family).to_vec(),
        })
    }
}

/// Names the groups that have the column that is not there.
fn name_group(mut error: PanelError) -> PanelError {
    let Some(column) = &error.column else { return error };
    // Of rows about two states, columns of each have its number.
    let of_one = column.trim_end_matches(['1', '2']);
    let has = |group: &&&Group| {
        let mut declared = group.of_states.iter().chain(group.of_pairs).map(|d| d.name);
        declared.any(|name| name == column || name == of_one)
    };
    let groups: Vec<&str> = GROUPS.iter().filter(has).map(|group| group.name).collect();
    if !groups.is_empty() {
        let help =
            format!("`{column}` is a column of {}: ask for it with --with", groups.join(", "));
        error.help = vec![help];
    }
    error
}

/// The states of the panel, some of which are listed in the years requested; and what was done about years after the end of their list.
fn base(record: &Record, reading: &Reading, spec: &Spec) -> Result<(Base, Listed), PanelError> {
    let listed_to = record.coverage(spec.codes.table(), reading).span().map(|(_, to)| to);
    let known_to = record.last_year();
    let after = |year: &i32| listed_to.is_some_and(|to| *year > to);
    // States carry forward as in audits: for as long as any source of the record speaks.
    let carried = spec.years.as_ref().map(|years| (*years.end()).min(known_to)).filter(after);
    let extend_to = spec.extend_to.or(carried);
    let base = Base::of(record, reading, spec.codes, extend_to, spec.unit.grain())?;
    let there = &base.system.years;
    let outside = |y: &&RangeInclusive<i32>| y.end() < there.start() || y.start() > there.end();
    if let Some(years) = spec.years.as_ref().filter(outside) {
        return Err(PanelError::new(format!(
            "no state is listed in the years {} to {}",
            years.start(),
            years.end()
        ))
        .help(format!(
            "the list of states has {} to {}; --extend-to carries it on",
            there.start(),
            there.end()
        )));
    }
    let last = *there.end();
    let wanted = spec.years.as_ref().map(|years| *years.end());
    let listed = Listed {
        to: listed_to,
        carried: extend_to.filter(after).map(|to| to.min(last)),
        left_out: wanted.filter(|to| *to > last).map(|to| (last + 1, to)),
        // Who names no years gets those of the list, though other sources know more.
        known_to: (spec.years.is_none() && extend_to.is_none() && after(&known_to))
            .then_some(known_to),
    };
    Ok((base, listed))
}
