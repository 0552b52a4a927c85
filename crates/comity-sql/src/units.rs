//! Units of analysis in SQL: `from dyad_years(system => 'cow', directed => true, with => 'pledges,nmc')`.
//!
//! A function lays out a panel, and declares the tables that it reads: its silence matters wherever it stands.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use comity_record::{Reading, Record};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result, TableReference, plan_err};
use datafusion::datasource::{TableType, provider_as_source};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::planner::{
    PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::sql::sqlparser::ast::{
    Expr as Ast, FunctionArg, FunctionArgExpr, TableFactor, UnaryOperator, Value,
};

use comity_panel::{Panel, Request, Unit};
use comity_record::nearest;

use super::measured;

/// The arguments of a function, in the order that people read.
pub const ARGUMENTS: [&str; 11] = [
    "system",
    "directed",
    "years",
    "extend_to",
    "states",
    "with",
    "columns",
    "add",
    "rules",
    "gaps",
    "k",
];

/// Longest list of words in an argument.
const MOST: usize = 1_000;

/// Plans the functions of one session.
#[derive(Clone)]
pub(super) struct Units {
    pub record: Record,
    pub reading: Reading,
    /// Whether groups of columns may be requested. A policy may not: its facts come from tables and views.
    pub covariates: bool,
}

impl fmt::Debug for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Units").finish_non_exhaustive()
    }
}

/// The name of the function that lays out a unit.
pub fn function(unit: Unit) -> String {
    unit.name().replace('-', "_")
}

impl RelationPlanner for Units {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let TableFactor::Table { name, alias, args: Some(args), .. } = relation else {
            return Ok(RelationPlanning::Original(Box::new(relation)));
        };
        let name = context.object_name_to_table_reference(name)?.table().to_owned();
        if let Some(measure) = measured::table_function(&name) {
            let plan = measured::plan(&self.record, &self.reading, measure, &args.args)?;
            return Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, alias))));
        }
        let unit = Unit::ALL.iter().map(|(unit, ..)| *unit).find(|unit| function(*unit) == name);
        let Some(unit) = unit else {
            let mut names: Vec<String> =
                Unit::ALL.iter().map(|(unit, ..)| function(*unit)).collect();
            names.extend(measured::table_functions().map(|measure| measure.name.to_owned()));
            let hint = nearest(&name, names.iter().map(String::as_str))
                .unwrap_or_else(|| format!("there are {}", names.join(", ")));
            return plan_err!("there is no table function `{name}`\u{1}{name}\u{1}{hint}");
        };
        let mut request = Request {
            unit: unit.name().to_owned(),
            reading: Some(self.reading.clone()),
            ..Request::default()
        };
        for argument in &args.args {
            set(&mut request, &name, argument)?;
        }
        if !self.covariates && !request.with.is_empty() {
            return plan_err!(
                "`{name}` lays out rows in a policy, and no columns beside them\u{1}with\u{1}join the tables and views that hold the facts"
            );
        }
        let refused = |error: comity_panel::PanelError| {
            let hint = error.help.join("; ");
            DataFusionError::Plan(format!("{}\u{1}{name}\u{1}{hint}", error.message))
        };
        let spec = request.spec(&self.record).map_err(refused)?;
        let panel = Panel::prepare(&self.record, &spec).map_err(refused)?;
        let table = Arc::new(PanelTable { schema: panel.schema(), panel });
        let plan =
            LogicalPlanBuilder::scan(TableReference::bare(name), provider_as_source(table), None)?
                .build()?;
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(plan, alias))))
    }
}

/// A value that is written out.
pub(super) fn literal(value: &Ast) -> Option<Value> {
    match value {
        Ast::Value(v) => Some(v.value.clone()),
        Ast::UnaryOp { op: UnaryOperator::Minus, expr } => match expr.as_ref() {
            Ast::Value(v) => match &v.value {
                Value::Number(n, long) => Some(Value::Number(format!("-{n}"), *long)),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// The name of an argument that is given by name, and its value.
pub(super) fn by_name(argument: &FunctionArg) -> Option<(String, &Ast)> {
    match argument {
        FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. }
        | FunctionArg::ExprNamed {
            name: Ast::Identifier(name),
            arg: FunctionArgExpr::Expr(value),
            ..
        } => Some((name.value.to_lowercase(), value)),
        _ => None,
    }
}

/// Takes one argument.
fn set(request: &mut Request, function: &str, argument: &FunctionArg) -> Result<()> {
    let Some((name, value)) = by_name(argument) else {
        return plan_err!(
            "`{argument}` does not say what it is\u{1}{function}\u{1}write {function}(system => 'cow', years => '1946-2010')"
        );
    };
    let wrong = |wanted: &str| -> Result<()> {
        plan_err!("`{name} => {value}`: {wanted} is wanted\u{1}{name}\u{1}")
    };
    let Some(value) = literal(value) else { return wrong("a number, a text, true or false") };
    let text = match &value {
        Value::SingleQuotedString(text) | Value::Number(text, _) => Some(text.clone()),
        _ => None,
    };
    let list = |text: &str| -> Vec<String> {
        // A comma inside brackets belongs to the word: lag(cinc1,1).
        let mut words = vec![String::new()];
        let mut depth = 0;
        for c in text.chars() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            match words.last_mut() {
                Some(word) if c != ',' || depth > 0 => word.push(c),
                _ => words.push(String::new()),
            }
        }
        words
    };
    if let Some(text) = &text {
        let count = list(text).len();
        if count > MOST {
            return plan_err!(
                "`{name}` lists {count} words, more than the {MOST} allowed\u{1}{name}\u{1}each is named once"
            );
        }
    }
    match (name.as_str(), value, text) {
        ("directed", Value::Boolean(directed), _) => request.directed = directed,
        ("directed", ..) => return wrong("true or false"),
        ("system", _, Some(text)) => request.system = text,
        ("years", _, Some(text)) => request.years = Some(text),
        ("gaps", _, Some(text)) => request.gaps = text,
        ("states", _, Some(text)) => request.states = list(&text),
        ("with", _, Some(text)) => request.with = list(&text),
        ("columns", _, Some(text)) => request.columns = list(&text),
        ("add", _, Some(text)) => request.add = list(&text),
        ("rules", _, Some(text)) => request.rules = Some(list(&text)),
        ("extend_to" | "k", _, Some(text)) => {
            let Ok(number) = text.parse::<i32>() else { return wrong("a whole number") };
            if name == "k" {
                request.k = Some(usize::try_from(number).unwrap_or(0));
            } else {
                request.extend_to = Some(number);
            }
        }
        (known, ..) if ARGUMENTS.contains(&known) => return wrong("a text"),
        _ => {
            let hint = nearest(&name, ARGUMENTS)
                .unwrap_or_else(|| format!("there are {}", ARGUMENTS.join(", ")));
            return plan_err!("`{function}` takes no `{name}`\u{1}{name}\u{1}{hint}");
        }
    }
    Ok(())
}

/// A panel as the engine sees it: made batch by batch as it is read, and only the columns that are requested.
#[derive(Debug)]
pub(super) struct PanelTable {
    schema: SchemaRef,
    panel: Panel,
}

impl PanelTable {
    /// The canonical tables behind its columns.
    pub fn tables(&self) -> Vec<&'static str> {
        self.panel.tables()
    }
}

#[async_trait]
impl TableProvider for PanelTable {
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
        let wanted =
            projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let schema = Arc::new(self.schema.project(&wanted)?);
        let part = Part { schema: Arc::clone(&schema), panel: self.panel.clone(), wanted };
        let parts: Vec<Arc<dyn PartitionStream>> = vec![Arc::new(part)];
        Ok(Arc::new(StreamingTableExec::try_new(schema, parts, None, [], false, limit)?))
    }
}

#[derive(Debug)]
struct Part {
    schema: SchemaRef,
    panel: Panel,
    wanted: Vec<usize>,
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _ctx: Arc<TaskContext>) -> SendableRecordBatchStream {
        let made = self.panel.part(self.wanted.clone()).map(|batch| {
            let batch: RecordBatch = batch.map_err(|e| DataFusionError::External(Box::new(e)))?;
            Ok(batch)
        });
        let stream = futures::stream::iter(made);
        Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), stream))
    }
}
