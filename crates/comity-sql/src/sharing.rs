//! What the queries of one run have in common is made once: tables that are the same under several readings, and parts that are read by
//! several queries, or several times by one.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use comity_record::Identity;
use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::datasource::{provider_as_source, source_as_provider};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, SubqueryAlias};

use crate::metered;
use crate::table::LazyTable;

/// A part with more rows than this, or more bytes, is not kept: it is answered inside each query.
pub(crate) const MOST_ROWS: usize = 500_000;
const MOST_BYTES: usize = 32 << 20;

/// What the queries over one record have in common. Cheap to clone: every clone is the same.
#[derive(Clone, Default)]
pub struct Sharing {
    inner: Arc<Inner>,
    /// What is used where it is there, and not added to.
    below: Option<Arc<Sharing>>,
}

impl fmt::Debug for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sharing").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Inner {
    tables: Mutex<HashMap<TableKey, Arc<dyn TableProvider>>>,
    parts: Mutex<HashMap<Part, Arc<Slot>>>,
}

/// A table or view by name, what tells each table that it reads from others, and the last year of the record.
pub(crate) type TableKey = (String, Vec<Identity>, i32);

/// Nothing: not answered yet. Otherwise its rows; none where it cannot be answered apart.
type Slot = Mutex<Option<Option<Arc<LazyTable>>>>;

/// A part of a query, and the tables that it scans: a plan alone does not tell which table has a name.
#[derive(PartialEq, Eq, Hash)]
struct Part {
    plan: LogicalPlan,
    tables: Vec<usize>,
}

impl Part {
    fn of(plan: &LogicalPlan) -> Result<Self> {
        Ok(Self { plan: plan.clone(), tables: scanned(plan)? })
    }
}

/// The tables that a plan scans, in order, each told from all others that are there.
pub(crate) fn scanned(plan: &LogicalPlan) -> Result<Vec<usize>> {
    let mut tables = Vec::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            let provider = source_as_provider(&scan.source)?;
            tables.push(Arc::as_ptr(&provider).cast::<()>() as usize);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(tables)
}

impl Sharing {
    /// What the queries over another record have in common that shares rows with this one: what is here is used where it is the same, and
    /// what is not goes when the other goes.
    #[must_use]
    pub fn above(&self) -> Self {
        Self { inner: Arc::default(), below: Some(Arc::new(self.clone())) }
    }

    /// The table of that key, made if need be.
    pub(crate) fn table(
        &self,
        key: TableKey,
        make: impl FnOnce() -> Arc<dyn TableProvider>,
    ) -> Arc<dyn TableProvider> {
        if let Some(known) = self.below.as_ref().and_then(|below| below.known(&key)) {
            return known;
        }
        let mut tables = self.inner.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(key).or_insert_with(make))
    }

    fn known(&self, key: &TableKey) -> Option<Arc<dyn TableProvider>> {
        let tables = self.inner.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let own = tables.get(key).map(Arc::clone);
        own.or_else(|| self.below.as_ref()?.known(key))
    }

    /// Where the rows of a part are kept, if they are.
    fn slot(&self, key: &Part) -> Option<Arc<Slot>> {
        let parts = self.inner.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = parts.get(key).map(Arc::clone);
        own.or_else(|| self.below.as_ref()?.slot(key))
    }

    /// The plan with the rows of its common parts in their place: those that `named` names (the helpers of a policy), and those that
    /// stand in it more than once. `answer` gives the rows of a part; what it cannot give stays as it was.
    pub(crate) fn with_parts(
        &self,
        plan: LogicalPlan,
        named: &[String],
        answer: &dyn Fn(LogicalPlan) -> Option<RecordBatch>,
    ) -> Result<LogicalPlan> {
        let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::SubqueryAlias(alias) = node
                && is_work(&alias.input)?
                && !once.insert(mark(alias))
            {
                twice.insert(mark(alias));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        let done = plan.transform_down_with_subqueries(|node| {
            let LogicalPlan::SubqueryAlias(alias) = &node else { return Ok(Transformed::no(node)) };
            let common =
                || named.iter().any(|n| n == alias.alias.table()) || twice.contains(&mark(alias));
            if !is_work(&alias.input)? || !common() || !node.all_out_ref_exprs().is_empty() {
                return Ok(Transformed::no(node));
            }
            let Some(table) = self.part(alias, answer)? else { return Ok(Transformed::no(node)) };
            let scan = LogicalPlanBuilder::scan(alias.alias.clone(), table, None)?.build()?;
            Ok(Transformed::new(scan, true, TreeNodeRecursion::Jump))
        })?;
        Ok(done.data)
    }

    fn part(
        &self,
        alias: &SubqueryAlias,
        answer: &dyn Fn(LogicalPlan) -> Option<RecordBatch>,
    ) -> Result<Option<Arc<dyn datafusion::logical_expr::TableSource>>> {
        let key = Part::of(&alias.input)?;
        let slot = self.below.as_ref().and_then(|below| below.slot(&key)).unwrap_or_else(|| {
            let mut parts = self.inner.parts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(parts.entry(key).or_default())
        });
        // Two queries that ask at once: the second waits, instead of answering it again.
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            let schema = Arc::clone(alias.input.schema().inner());
            let rows = answer(alias.input.as_ref().clone());
            let rows = rows.and_then(|rows| as_declared(&rows, &schema));
            let table = |rows: RecordBatch| {
                let empty = rows.num_rows() == 0;
                let make = move || Ok(rows.clone().into());
                Arc::new(LazyTable::new("part", schema, make).empty(empty))
            };
            *slot = Some(rows.map(table));
        }
        let known = slot.as_ref().and_then(Option::as_ref).map(Arc::clone);
        Ok(known.map(|table| provider_as_source(table)))
    }
}

/// What tells most parts of a query apart.
fn mark(alias: &SubqueryAlias) -> u64 {
    let mut hasher = DefaultHasher::new();
    alias.input.hash(&mut hasher);
    hasher.finish()
}

/// Whether answering it takes more than reading a table row by row: only then is it worth keeping.
fn is_work(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| {
        Ok(matches!(
            node,
            LogicalPlan::Join(_)
                | LogicalPlan::Aggregate(_)
                | LogicalPlan::Distinct(_)
                | LogicalPlan::Union(_)
                | LogicalPlan::Window(_)
        ))
    })
}

/// Whether rows are few enough to be kept.
pub(crate) fn is_small(rows: &RecordBatch) -> bool {
    rows.num_rows() <= MOST_ROWS && metered::bytes(rows) <= MOST_BYTES
}

/// The rows in the types that the query declared before it was made ready to run.
fn as_declared(rows: &RecordBatch, schema: &SchemaRef) -> Option<RecordBatch> {
    let fields = schema.fields().iter().zip(rows.columns());
    let columns: Option<Vec<ArrayRef>> =
        fields.map(|(field, column)| cast(column, field.data_type()).ok()).collect();
    RecordBatch::try_new(Arc::clone(schema), columns?).ok()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use datafusion::arrow::array::Int32Array;
    use datafusion::arrow::datatypes::{DataType, Field, Schema};
    use datafusion::functions_aggregate::expr_fn::max;
    use datafusion::logical_expr::col;

    use super::*;

    fn rows() -> RecordBatch {
        let schema = Schema::new(vec![Field::new("year", DataType::Int32, true)]);
        let years = Int32Array::from(vec![1950, 1951]);
        RecordBatch::try_new(Arc::new(schema), vec![Arc::new(years)]).unwrap()
    }

    fn facts() -> Arc<dyn TableProvider> {
        Arc::new(LazyTable::new("facts", rows().schema(), || Ok(rows().into())))
    }

    fn last(table: &Arc<dyn TableProvider>, alias: &str) -> LogicalPlanBuilder {
        let scan =
            LogicalPlanBuilder::scan("facts", provider_as_source(Arc::clone(table)), None).unwrap();
        let last = vec![max(col("year")).alias("last")];
        scan.aggregate(Vec::<datafusion::logical_expr::Expr>::new(), last)
            .unwrap()
            .alias(alias)
            .unwrap()
    }

    /// How many parts a query has answered, and whether it reads any as rows.
    fn answered(
        sharing: &Sharing,
        plan: &LogicalPlan,
        named: &[String],
        known: bool,
    ) -> (u32, bool) {
        let asked = Cell::new(0);
        let answer = |part: LogicalPlan| {
            asked.set(asked.get() + 1);
            let last = Arc::new(Int32Array::from(vec![1951])) as ArrayRef;
            let rows = RecordBatch::try_new(Arc::clone(part.schema().inner()), vec![last]);
            rows.ok().filter(|_| known)
        };
        let with = sharing.with_parts(plan.clone(), named, &answer).unwrap();
        assert!(with.schema().iter().eq(plan.schema().iter()));
        (asked.get(), with != *plan)
    }

    #[test]
    fn a_part_is_answered_once_for_all_queries_over_the_same_table() {
        let (table, sharing) = (facts(), Sharing::default());
        let named = ["ends".to_owned()];
        let once = last(&table, "ends").build().unwrap();
        assert_eq!(answered(&sharing, &once, &named, true), (1, true));
        assert_eq!(answered(&sharing, &once, &named, true), (0, true));
        // Another table of the same name is another part.
        let other = last(&facts(), "ends").build().unwrap();
        assert_eq!(answered(&sharing, &other, &named, true), (1, true));
        // What is no helper is kept only where it stands twice.
        let twice = |a, b| {
            let other = last(&table, b).build().unwrap();
            last(&table, a).union(other).unwrap().build().unwrap()
        };
        let sharing = Sharing::default();
        assert_eq!(answered(&sharing, &once, &[], true), (0, false));
        assert_eq!(answered(&sharing, &twice("a", "b"), &[], true), (1, true));
    }

    #[test]
    fn what_cannot_be_answered_apart_stays_in_its_query() {
        let (table, sharing) = (facts(), Sharing::default());
        let once = last(&table, "ends").build().unwrap();
        let named = ["ends".to_owned()];
        assert_eq!(answered(&sharing, &once, &named, false), (1, false));
        assert_eq!(answered(&sharing, &once, &named, true), (0, false));
    }
}
