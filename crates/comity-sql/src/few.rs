//! Tables of which a query wants the rows of a few states: those are taken, and the columns of all others are not made.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::Transformed;
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::datasource::{TableType, provider_as_source, source_as_provider};
use datafusion::logical_expr::{Expr, LogicalPlan, Operator, TableProviderFilterPushDown};
use datafusion::physical_plan::ExecutionPlan;

use crate::table::LazyTable;

/// The plan with its tables as ones that take filters.
pub(crate) fn of_tables(plan: LogicalPlan) -> Result<LogicalPlan> {
    let done = plan.transform_down_with_subqueries(|node| {
        let LogicalPlan::TableScan(mut scan) = node else { return Ok(Transformed::no(node)) };
        let provider: Arc<dyn Any + Send + Sync> = source_as_provider(&scan.source)?;
        let Ok(table) = provider.downcast::<LazyTable>() else {
            return Ok(Transformed::no(LogicalPlan::TableScan(scan)));
        };
        scan.source = provider_as_source(Arc::new(Few(table)));
        Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
    })?;
    Ok(done.data)
}

/// A table of which some rows are wanted.
#[derive(Debug)]
struct Few(Arc<LazyTable>);

#[async_trait]
impl TableProvider for Few {
    fn schema(&self) -> SchemaRef {
        self.0.schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let schema = self.schema();
        let kind = |filter: &&Expr| match among(filter, &schema) {
            Some(_) => TableProviderFilterPushDown::Exact,
            None => TableProviderFilterPushDown::Unsupported,
        };
        Ok(filters.iter().map(kind).collect())
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        _limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let schema = self.schema();
        let wanted: Vec<(usize, BTreeSet<i32>)> =
            filters.iter().filter_map(|f| among(f, &schema)).collect();
        let batch = self.0.few(projection, &wanted)?;
        let schema = batch.schema();
        Ok(MemorySourceConfig::try_new_exec(&[vec![batch]], schema, None)?)
    }
}

/// A filter that lets whole numbers of one column through: its place, and the numbers.
fn among(filter: &Expr, schema: &SchemaRef) -> Option<(usize, BTreeSet<i32>)> {
    let place = |e: &Expr| {
        let Expr::Column(column) = e else { return None };
        let (at, field) = schema.column_with_name(&column.name)?;
        (*field.data_type() == DataType::Int32).then_some(at)
    };
    let number = |e: &Expr| match e {
        Expr::Literal(ScalarValue::Int32(v), _) => *v,
        _ => None,
    };
    match filter {
        Expr::BinaryExpr(b) if b.op == Operator::Eq => {
            let (at, number) = match (place(&b.left), place(&b.right)) {
                (Some(at), None) => (at, number(&b.right)?),
                (None, Some(at)) => (at, number(&b.left)?),
                _ => return None,
            };
            Some((at, [number].into()))
        }
        Expr::BinaryExpr(b) if b.op == Operator::Or => {
            let (at, mut numbers) = among(&b.left, schema)?;
            let (same, more) = among(&b.right, schema)?;
            numbers.extend(more);
            (at == same).then_some((at, numbers))
        }
        Expr::InList(list) if !list.negated => {
            let numbers = list.list.iter().map(number).collect::<Option<_>>()?;
            Some((place(&list.expr)?, numbers))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Int32Array, RecordBatch, StringArray, UInt32Array};
    use datafusion::arrow::datatypes::{Field, Schema};
    use datafusion::logical_expr::{col, lit};

    use super::*;
    use crate::table::Rows;

    fn schema(text: DataType) -> SchemaRef {
        Arc::new(Schema::new(vec![
            Field::new("ccode", DataType::Int32, true),
            Field::new("name", text, true),
            Field::new("year", DataType::Int32, true),
        ]))
    }

    /// Three spells by year: of the states 2 and 20, and of none.
    fn table() -> LazyTable {
        let base = RecordBatch::try_new(
            Arc::new(schema(DataType::Utf8).project(&[0, 1]).unwrap()),
            vec![
                Arc::new(Int32Array::from(vec![Some(2), Some(20), None])),
                Arc::new(StringArray::from(vec!["a", "b", "c"])),
            ],
        )
        .unwrap();
        LazyTable::new("spells", schema(DataType::Utf8View), move || {
            Ok(Rows {
                base: base.clone(),
                index: Some(UInt32Array::from(vec![0, 0, 1, 1, 2])),
                extra: vec![Arc::new(Int32Array::from(vec![1950, 1951, 1950, 1951, 1950]))],
            })
        })
    }

    #[test]
    fn few_rows_are_those_that_a_filter_would_leave() {
        let all = table();
        let whole = all.few(None, &[]).unwrap();
        assert_eq!(whole.num_rows(), 5);
        let wanted = [(0, BTreeSet::from([20, 99])), (2, BTreeSet::from([1951, 1952]))];
        for table in [table(), all] {
            let some = table.few(Some(&vec![1, 2]), &wanted).unwrap();
            assert_eq!(some, whole.project(&[1, 2]).unwrap().slice(3, 1));
            assert_eq!(table.few(None, &wanted[..1]).unwrap(), whole.slice(2, 2));
        }
    }

    #[test]
    fn only_equalities_of_one_column_with_numbers_are_taken() {
        let schema = schema(DataType::Utf8View);
        let of = |filter: Expr| among(&filter, &schema);
        let both = Some((0, BTreeSet::from([2, 20])));
        assert_eq!(of(col("ccode").eq(lit(2_i32)).or(lit(20_i32).eq(col("ccode")))), both);
        assert_eq!(of(col("ccode").in_list(vec![lit(20_i32), lit(2_i32)], false)), both);
        assert_eq!(of(col("ccode").in_list(vec![lit(20_i32)], true)), None);
        assert_eq!(of(col("ccode").eq(lit(2_i32)).or(col("year").eq(lit(1950_i32)))), None);
        assert_eq!(of(col("name").eq(lit("a"))), None);
        assert_eq!(of(col("ccode").gt(lit(2_i32))), None);
    }
}
