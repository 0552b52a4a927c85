//! Operators whose memory the engine does not count are counted here, and rows too wide are passed on in parts.
//!
//! A window holds every row that it is given; a join may put a long text beside each of thousands of rows, and
//! what comes after it then multiplies that.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, internal_err};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{RecordBatchStream, SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties,
    ReplaceChildrenOptions,
};
use futures::{Stream, StreamExt};

/// Bytes of rows that are passed on at once.
const AT_ONCE: usize = 16 * 1024 * 1024;

/// How many times over a window holds its rows: all of them, a copy, and the columns that it adds; or, where it gives
/// rows back as it goes, once at most.
fn held_by(window: &str) -> Option<usize> {
    match window {
        "WindowAggExec" => Some(3),
        "BoundedWindowAggExec" => Some(1),
        _ => None,
    }
}

/// The plan with every operator of two inputs and every window counted. The engine yields where it reads; a join
/// can make rows without end from a few that it read once, so what has two inputs yields too.
pub(super) fn counted(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let counted = plan.transform_up(|node| {
        if let Some(held) = held_by(node.name()) {
            let children = node.children().into_iter();
            let children = children.map(|c| Metered::over(Arc::clone(c), held)).collect();
            let anew = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
            return Ok(Transformed::yes(Arc::clone(&node).replace_children(children, anew)?));
        }
        if node.children().len() < 2 {
            return Ok(Transformed::no(node));
        }
        let node: Arc<dyn ExecutionPlan> = Arc::new(CooperativeExec::new(node));
        Ok(Transformed::yes(Metered::over(node, 0)))
    })?;
    Ok(counted.data)
}

/// Bytes of the rows themselves, whatever larger arrays they are cut from.
pub(super) fn bytes(batch: &RecordBatch) -> usize {
    let size = |column: &Arc<dyn Array>| {
        column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size())
    };
    batch.columns().iter().map(size).sum()
}

/// Passes rows on and counts them.
#[derive(Debug)]
struct Metered {
    input: Arc<dyn ExecutionPlan>,
    /// How many times over the rows are held by what comes next; 0: until the next rows.
    held: usize,
}

impl Metered {
    fn over(input: Arc<dyn ExecutionPlan>, held: usize) -> Arc<dyn ExecutionPlan> {
        Arc::new(Self { input, held })
    }
}

impl DisplayAs for Metered {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metered")
    }
}

impl ExecutionPlan for Metered {
    fn name(&self) -> &'static str {
        "Metered"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        self.input.properties()
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let anew = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
        self.replace_children(children, anew)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _options: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        match children.pop() {
            Some(input) if children.is_empty() => Ok(Self::over(input, self.held)),
            _ => internal_err!("one input is counted"),
        }
    }

    fn execute(&self, part: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let reserved = MemoryConsumer::new("rows").register(context.memory_pool());
        let input = self.input.execute(part, context)?;
        Ok(Box::pin(Rows { input, reserved, held: self.held, rest: None }))
    }
}

struct Rows {
    input: SendableRecordBatchStream,
    reserved: MemoryReservation,
    held: usize,
    /// Rows that wait, and how many are passed on at once.
    rest: Option<(RecordBatch, usize)>,
}

impl Rows {
    fn passed(&mut self, batch: RecordBatch) -> Result<RecordBatch> {
        let bytes = bytes(&batch);
        if self.held > 0 {
            self.reserved.try_grow(bytes.saturating_mul(self.held))?;
            return Ok(batch);
        }
        self.reserved.try_resize(bytes)?;
        let parts = bytes.div_ceil(AT_ONCE).min(batch.num_rows());
        if parts < 2 {
            return Ok(batch);
        }
        let rows = batch.num_rows().div_ceil(parts);
        let first = batch.slice(0, rows);
        self.rest = Some((batch.slice(rows, batch.num_rows() - rows), rows));
        Ok(first)
    }
}

impl Stream for Rows {
    type Item = Result<RecordBatch>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some((rest, rows)) = self.rest.take() {
            if rest.num_rows() <= rows {
                return Poll::Ready(Some(Ok(rest)));
            }
            let next = rest.slice(0, rows);
            self.rest = Some((rest.slice(rows, rest.num_rows() - rows), rows));
            return Poll::Ready(Some(Ok(next)));
        }
        match self.input.poll_next_unpin(cx) {
            Poll::Ready(Some(Ok(batch))) => Poll::Ready(Some(self.passed(batch))),
            other => other,
        }
    }
}

impl RecordBatchStream for Rows {
    fn schema(&self) -> SchemaRef {
        self.input.schema()
    }
}
