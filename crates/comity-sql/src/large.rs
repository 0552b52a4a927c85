//! A canonical table that is scanned from disk as a query reads it: only the columns that it needs, and not the parts that its filters refute.

use std::sync::Arc;

use async_trait::async_trait;
use comity_record::scan::{Filter, Holds, Scan};
use comity_record::schema::Table;
use comity_record::{Reading, Record};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result, ScalarValue};
use datafusion::datasource::TableType;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, Operator, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use futures::StreamExt;

/// A table of a record under a reading.
#[derive(Debug)]
pub(crate) struct LargeTable {
    record: Record,
    reading: Reading,
    table: &'static Table,
    schema: SchemaRef,
}

impl LargeTable {
    pub(crate) fn new(record: &Record, reading: &Reading, table: &'static Table) -> Self {
        let schema = table.schema();
        Self { record: record.clone(), reading: reading.clone(), table, schema }
    }
}

#[async_trait]
impl TableProvider for LargeTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        // What statistics do not refute is still filtered row by row.
        let kind = |filter: &&Expr| match condition(filter) {
            Some(_) => TableProviderFilterPushDown::Inexact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(kind).collect())
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = match projection {
            Some(columns) => Arc::new(self.schema.project(columns)?),
            None => Arc::clone(&self.schema),
        };
        let part = Part {
            schema: Arc::clone(&schema),
            record: self.record.clone(),
            reading: self.reading.clone(),
            table: self.table,
            scan: Scan {
                columns: projection.cloned(),
                filters: filters.iter().filter_map(condition).collect(),
            },
        };
        let parts: Vec<Arc<dyn PartitionStream>> = vec![Arc::new(part)];
        Ok(Arc::new(StreamingTableExec::try_new(schema, parts, None, [], false, limit)?))
    }
}

/// A filter that statistics can refute: a column against whole numbers, days or texts.
fn condition(filter: &Expr) -> Option<Filter> {
    let named = |e: &Expr| match e {
        Expr::Column(c) => Some(c.name.clone()),
        _ => None,
    };
    match filter {
        Expr::BinaryExpr(b) => {
            let (column, value, operator) = match (&*b.left, &*b.right) {
                (Expr::Column(c), Expr::Literal(v, _)) => (c.name.clone(), v, b.op),
                (Expr::Literal(v, _), Expr::Column(c)) => (c.name.clone(), v, b.op.swap()?),
                _ => return None,
            };
            let holds = match (whole(value), operator) {
                (Some(v), Operator::Eq) => Holds::Between(v, v),
                (Some(v), Operator::Lt | Operator::LtEq) => Holds::Between(i32::MIN, v),
                (Some(v), Operator::Gt | Operator::GtEq) => Holds::Between(v, i32::MAX),
                (None, Operator::Eq) => Holds::OneOf([text(value)?].into()),
                _ => return None,
            };
            Some(Filter { column, holds })
        }
        Expr::Between(b) if !b.negated => match (&*b.low, &*b.high) {
            (Expr::Literal(low, _), Expr::Literal(high, _)) => Some(Filter {
                column: named(&b.expr)?,
                holds: Holds::Between(whole(low)?, whole(high)?),
            }),
            _ => None,
        },
        Expr::InList(list) if !list.negated => {
            let texts = list.list.iter().map(|e| match e {
                Expr::Literal(value, _) => text(value),
                _ => None,
            });
            let holds = Holds::OneOf(texts.collect::<Option<_>>()?);
            Some(Filter { column: named(&list.expr)?, holds })
        }
        _ => None,
    }
}

fn whole(value: &ScalarValue) -> Option<i32> {
    match value {
        ScalarValue::Int32(v) | ScalarValue::Date32(v) => *v,
        // Bounds outside the type are left to the engine.
        ScalarValue::Int64(v) => (*v)?.try_into().ok(),
        _ => None,
    }
}

fn text(value: &ScalarValue) -> Option<String> {
    value.try_as_str().flatten().map(str::to_owned)
}

#[derive(Debug)]
struct Part {
    schema: SchemaRef,
    record: Record,
    reading: Reading,
    table: &'static Table,
    scan: Scan,
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _ctx: Arc<TaskContext>) -> SendableRecordBatchStream {
        let external = |e: comity_record::Error| DataFusionError::External(Box::new(e));
        let stream = match self.record.scan(self.table.name, &self.reading, &self.scan) {
            Ok(Some(batches)) => {
                futures::stream::iter(batches.map(move |b| b.map_err(external))).left_stream()
            }
            Ok(None) => {
                let gone = DataFusionError::Internal("a large table is scanned".into());
                futures::stream::iter([Err(gone)]).right_stream()
            }
            Err(error) => futures::stream::iter([Err(external(error))]).right_stream(),
        };
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), stream))
    }
}
