//! What the SQL planner may see: the tables and views of one reading, and the allowed functions.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use datafusion::arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::common::{Result, TableReference, config::ConfigOptions, plan_err};
use datafusion::datasource::provider_as_source;
use datafusion::functions::core::planner::CoreFunctionPlanner;
use datafusion::functions_aggregate::planner::AggregateFunctionPlanner;
use datafusion::functions_window::planner::WindowFunctionPlanner;
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, RelationPlanner};
use datafusion::logical_expr::{AggregateUDF, HigherOrderUDF, ScalarUDF, TableSource, WindowUDF};

use super::functions;
use super::own::OF_POLICIES;
use comity_record::nearest;

struct Allowed {
    scalar: BTreeMap<String, Arc<ScalarUDF>>,
    /// What stands for the signs of arithmetic: not among the names that people are shown.
    signs: BTreeMap<String, Arc<ScalarUDF>>,
    aggregate: BTreeMap<String, Arc<AggregateUDF>>,
    window: BTreeMap<String, Arc<WindowUDF>>,
    planners: Vec<Arc<dyn ExprPlanner>>,
}

static ALLOWED: LazyLock<Allowed> = LazyLock::new(|| Allowed {
    scalar: functions::scalar(),
    signs: super::arithmetic::signs().map(|f| (f.name().to_owned(), f)).collect(),
    aggregate: functions::aggregate(),
    window: functions::window(),
    planners: vec![
        Arc::new(functions::Planner::new()),
        Arc::new(CoreFunctionPlanner::default()),
        Arc::new(AggregateFunctionPlanner),
        Arc::new(WindowFunctionPlanner),
    ],
});

/// Tables by name: `pledges`, `pledge_years`, `every.pledges`.
pub type Tables = HashMap<String, Arc<dyn TableProvider>>;

/// The planner's view of a session.
pub struct Context<'a> {
    /// Tables and views of the session.
    pub tables: &'a Tables,
    /// Tables of one block only: helpers and findings.
    pub extra: &'a [(String, Arc<dyn TableProvider>)],
    /// Options of the engine.
    pub options: &'a ConfigOptions,
    /// What plans the table functions.
    pub relations: &'a [Arc<dyn RelationPlanner>],
    /// Whether a policy asks.
    pub of_a_policy: bool,
}

impl Context<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.extra.iter().map(|(n, _)| n.as_str()).chain(self.tables.keys().map(String::as_str))
    }
}

impl ContextProvider for Context<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        let key = match (name.catalog(), name.schema()) {
            (Some(_), _) => name.to_string(),
            (None, Some(schema)) => format!("{schema}.{}", name.table()),
            (None, None) => name.table().to_owned(),
        };
        let found = self.extra.iter().find(|(n, _)| *n == key).map(|(_, t)| t);
        match found.or_else(|| self.tables.get(&key)) {
            Some(table) => Ok(provider_as_source(Arc::clone(table))),
            None if self.of_a_policy && OF_POLICIES.contains(&key.as_str()) => plan_err!(
                "a policy cannot read `{key}`: verdicts are made from policies\u{1}{key}\u{1}to build on another commitment, name it with `uses=` and read the table `findings`"
            ),
            None => {
                let hint = nearest(&key, self.names()).unwrap_or_default();
                plan_err!("there is no table `{key}`\u{1}{key}\u{1}{hint}")
            }
        }
    }

    fn get_relation_planners(&self) -> &[Arc<dyn RelationPlanner>] {
        self.relations
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        &ALLOWED.planners
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        ALLOWED.scalar.get(name).or_else(|| ALLOWED.signs.get(name)).cloned()
    }

    fn get_higher_order_meta(&self, _name: &str) -> Option<Arc<HigherOrderUDF>> {
        None
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        ALLOWED.aggregate.get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        ALLOWED.window.get(name).cloned()
    }

    fn get_variable_type(&self, _names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.options
    }

    fn udf_names(&self) -> Vec<String> {
        ALLOWED.scalar.keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udaf_names(&self) -> Vec<String> {
        ALLOWED.aggregate.keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        ALLOWED.window.keys().cloned().collect()
    }
}
