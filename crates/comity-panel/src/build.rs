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
    /// Which rows are kept; none: all.
    pub(super) keep: Option<Arc<Keep>>,
    /// What became of tables that were joined.
    pub(super) joined: Arc<[JoinReport]>,
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
        let base = Arc::new(base(record, &reading, spec)?);
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
        let keys = keys::of(&base, among.shape);
        let laid = layout.as_deref().map_or_else(Vec::new, Layout::columns);
        let beside =
            gather::Beside { spec, base: &base, keys: &keys, laid: &laid, blocks: &blocks };
        let gather::Gathered { columns, keep, joined } =
            gather::columns(&context, &wants, &beside)?;
        let Arranged { keys, laid, columns, order, schema } =
            Arranged::of(spec, keys, layout.as_deref(), columns)?;
        let family = comity_record::schema::table(spec.codes.table()).map_or("", |t| t.family);
        Ok(Self {
            base,
            blocks: blocks.into(),
            keys,
            columns,
            layout: layout.map(Arc::from),
            laid: laid.into(),
            order: order.into(),
            schema,
            years: spec.years.clone(),
            keep,
            joined: joined.into(),
            system_sources: reading.sources(family).to_vec(),
        })
    }
}

/// The states of the panel, some of which are listed in the years requested.
fn base(record: &Record, reading: &Reading, spec: &Spec) -> Result<Base, PanelError> {
    let base = Base::of(record, reading, spec.codes, spec.extend_to, spec.unit.grain())?;
    let there = &base.system.years;
    let outside = |y: &&RangeInclusive<i32>| y.end() < there.start() || y.start() > there.end();
    match spec.years.as_ref().filter(outside) {
        None => Ok(base),
        Some(years) => Err(PanelError::new(format!(
            "no state is listed in the years {} to {}",
            years.start(),
            years.end()
        ))
        .help(format!(
            "the list of states has {} to {}; --extend-to carries it on",
            there.start(),
            there.end()
        ))),
    }
}
