//! Measures of whole tables in SQL: `from s_score('alliances', 2010)`, every measure of `comity_panel::MEASURES` that gives a table.
//!
//! Arguments are given in the order of the measure's parameters, or by name. A measure declares the tables that it reads.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use comity_panel::{MEASURES, Measure, MeasureRequest, Measured, PanelError, measure};
use comity_record::{Reading, Record, nearest};
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result, TableReference, plan_err};
use datafusion::datasource::{TableType, provider_as_source};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::sql::sqlparser::ast::{FunctionArg, FunctionArgExpr, Value};

use super::units::{by_name, literal};

/// Rows that are handed to the engine together.
const ROWS_AT_ONCE: usize = 8192;

/// The measures that are table functions, in the order of the register.
pub fn table_functions() -> impl Iterator<Item = &'static Measure> {
    MEASURES.iter().copied().filter(|measure| measure.is_table())
}

/// The measure that is the table function of that name.
pub(super) fn table_function(name: &str) -> Option<&'static Measure> {
    measure(name).filter(|measure| measure.is_table() && measure.name == name)
}

/// The scan of a measure with these arguments.
pub(super) fn plan(
    record: &Record,
    reading: &Reading,
    measure: &'static Measure,
    arguments: &[FunctionArg],
) -> Result<LogicalPlan> {
    let mut given = Vec::new();
    for (at, argument) in arguments.iter().enumerate() {
        given.push(understood(measure, at, argument)?);
    }
    let request = MeasureRequest { given, reading: Some(reading.clone()) };
    let refused = |error: PanelError| {
        let (name, hint) = (measure.name, error.help.join("; "));
        DataFusionError::Plan(format!("{}\u{1}{name}\u{1}{hint}", error.message))
    };
    let measured = Measured::prepare(record, measure, &request).map_err(refused)?;
    let table = Arc::new(MeasureTable { schema: measure.schema(), measured });
    let name = TableReference::bare(measure.name);
    LogicalPlanBuilder::scan(name, provider_as_source(table), None)?.build()
}

/// An argument: the parameter, and the words for it.
fn understood(measure: &Measure, at: usize, argument: &FunctionArg) -> Result<(String, String)> {
    let function = measure.name;
    let names = || measure.parameters.iter().map(|p| p.name);
    let takes = || format!("it takes {}", names().collect::<Vec<_>>().join(", "));
    let (name, value) = match (by_name(argument), argument) {
        (Some((name, value)), _) => {
            if measure.parameter(&name).is_none() {
                let hint = nearest(&name, names()).unwrap_or_else(takes);
                return plan_err!("`{function}` takes no `{name}`\u{1}{name}\u{1}{hint}");
            }
            (name, value)
        }
        (None, FunctionArg::Unnamed(FunctionArgExpr::Expr(value))) => {
            let Some(parameter) = measure.parameters.get(at) else {
                let many = measure.parameters.len();
                return plan_err!(
                    "`{function}` takes {many} arguments at most\u{1}{function}\u{1}{}",
                    takes()
                );
            };
            (parameter.name.to_owned(), value)
        }
        _ => {
            return plan_err!(
                "`{argument}` is no value that `{function}` takes\u{1}{function}\u{1}{}",
                takes()
            );
        }
    };
    match literal(value) {
        Some(Value::SingleQuotedString(text) | Value::Number(text, _)) => Ok((name, text)),
        _ => plan_err!("`{name} => {value}`: a number or a text is wanted\u{1}{function}\u{1}"),
    }
}

/// A measure as the engine sees it: computed when it is read.
pub(super) struct MeasureTable {
    schema: SchemaRef,
    measured: Measured,
}

impl fmt::Debug for MeasureTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasureTable").field("measured", &self.measured).finish_non_exhaustive()
    }
}

impl MeasureTable {
    /// The canonical tables that it reads.
    pub fn tables(&self) -> Vec<&'static str> {
        self.measured.tables()
    }
}

#[async_trait]
impl TableProvider for MeasureTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted: Vec<usize> =
            projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let schema = Arc::new(self.schema.project(&wanted)?);
        let part = Part { schema: Arc::clone(&schema), measured: self.measured.clone(), wanted };
        let parts: Vec<Arc<dyn PartitionStream>> = vec![Arc::new(part)];
        Ok(Arc::new(StreamingTableExec::try_new(schema, parts, None, [], false, limit)?))
    }
}

#[derive(Debug)]
struct Part {
    schema: SchemaRef,
    measured: Measured,
    wanted: Vec<usize>,
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _ctx: Arc<TaskContext>) -> SendableRecordBatchStream {
        let made = self.measured.rows().map_err(|e| DataFusionError::External(Box::new(e)));
        let rows = made.and_then(|rows| Ok(rows.project(&self.wanted)?));
        let parts: Vec<Result<_>> = match rows {
            Ok(rows) => (0..rows.num_rows())
                .step_by(ROWS_AT_ONCE)
                .map(|from| Ok(rows.slice(from, ROWS_AT_ONCE.min(rows.num_rows() - from))))
                .collect(),
            Err(error) => vec![Err(error)],
        };
        let stream = futures::stream::iter(parts);
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), stream))
    }
}
