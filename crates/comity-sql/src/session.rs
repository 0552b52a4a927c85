//! The only place that makes a SQL session: one record, one reading, limits, and nothing but reading.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use comity_record::{Reading, Record};
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::TableProvider;
use datafusion::catalog::view::ViewTable;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Column, DataFusionError};
use datafusion::datasource::{provider_as_source, source_as_provider};
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::planner::RelationPlanner;
use datafusion::logical_expr::{EmptyRelation, Expr, LogicalPlan, LogicalPlanBuilder, lit};
use datafusion::optimizer::propagate_empty_relation::PropagateEmptyRelation;
use datafusion::optimizer::{Optimizer, OptimizerContext};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::ensure_coop::EnsureCooperative;
use datafusion::physical_optimizer::ensure_requirements::EnsureRequirements;
use datafusion::physical_optimizer::join_selection::JoinSelection;
use datafusion::physical_optimizer::sanity_checker::SanityCheckPlan;
use datafusion::physical_optimizer::update_aggr_exprs::OptimizeAggregateOrder;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::SessionConfig;
use datafusion::sql::planner::{ParserOptions, SqlToRel};
use datafusion::sql::sqlparser::ast::Statement;
use futures::StreamExt;

use super::budget::Budget;
use super::context::{Context, Tables};
use super::limits::Limits;
use super::own::{Own, OwnAbout};
use super::reads::{Read, reads};
use super::units::Units;
use super::{clauses, codebook, few, lineage, metered, parse, sharing, weight};
use crate::error::{At, SqlError};
use crate::table::LazyTable;
use crate::views;
use crate::workers::{Job, in_parallel};
use comity_record::nearest;

/// A table or view that one block sees beside those of the session: a helper, or findings.
pub type Extra = (String, Arc<dyn TableProvider>);

/// A session over one record under one reading. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    inner: Arc<Inner>,
}

struct Inner {
    tables: Tables,
    own: BTreeMap<String, OwnAbout>,
    state: SessionState,
    relations: Vec<Arc<dyn RelationPlanner>>,
    limits: Limits,
    budget: Budget,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("tables", &self.inner.tables.len()).finish_non_exhaustive()
    }
}

/// A query that passed every check, ready to run.
#[derive(Debug, Clone)]
pub struct Planned {
    plan: LogicalPlan,
    reads: Vec<Read>,
    /// The helpers that the query may use.
    helpers: Arc<[String]>,
    /// Whether few of the rows are wanted.
    within: bool,
}

impl Planned {
    /// Names and types of the columns that come out.
    pub fn columns(&self) -> Vec<(String, DataType)> {
        let fields = self.plan.schema().fields();
        fields.iter().map(|f| (f.name().clone(), f.data_type().clone())).collect()
    }

    /// The tables and views that it scans.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// The texts that a column of the answer can hold, where they are written in the query.
    pub fn texts(&self, column: &str) -> Option<BTreeSet<String>> {
        lineage::texts(&self.plan, column)
    }

    /// The columns, among those that `interesting` names by table and column, that a condition of the query or one of these columns of the
    /// answer rests on.
    pub fn decided_by(
        &self,
        outputs: &[&str],
        interesting: &dyn Fn(&str, &str) -> bool,
    ) -> BTreeSet<(String, String)> {
        lineage::undecided(&self.plan, outputs, interesting, &|_| None)
            .map(|(found, _)| found.used)
            .unwrap_or_default()
    }

    /// The query with the rows that a null in one of these columns leaves undecided, and which of `outputs` are then not decided either; a
    /// `case` between texts gives that which `gravest` chooses where its conditions are undecided. None where no condition and no such output rests on them.
    ///
    /// # Errors
    /// A plan that cannot be made.
    pub fn undecided(
        &self,
        outputs: &[&str],
        columns: &BTreeSet<(String, String)>,
        gravest: &lineage::Gravest<'_>,
    ) -> Result<Option<(Self, Vec<String>)>, SqlError> {
        let among = |table: &str, column: &str| {
            columns.contains(&(table.trim_start_matches("every.").to_owned(), column.to_owned()))
        };
        let (found, open) = lineage::undecided(&self.plan, outputs, &among, gravest)
            .map_err(|e| SqlError::new(plain(&e.strip_backtrace())))?;
        let some = found.wider || !open.is_empty();
        Ok(some.then(|| (Self { plan: found.plan, ..self.clone() }, open)))
    }

    /// The query for the rows alone in which a column has one of these values.
    ///
    /// # Errors
    /// A column that does not come out.
    pub fn within(&self, column: &str, values: &[i32]) -> Result<Self, SqlError> {
        let list = values.iter().map(|v| lit(*v)).collect();
        let among = Expr::Column(Column::new_unqualified(column)).in_list(list, false);
        let plan = LogicalPlanBuilder::from(self.plan.clone()).filter(among);
        let plan = plan
            .and_then(LogicalPlanBuilder::build)
            .map_err(|e| SqlError::new(plain(&e.strip_backtrace())))?;
        Ok(Self { plan, within: true, ..self.clone() })
    }

    /// Whether another query is the same over the same tables: it then has the same answer.
    pub fn is_same(&self, other: &Self) -> bool {
        let tables = |p: &Self| sharing::scanned(&p.plan).ok();
        self.plan == other.plan && tables(self).is_some_and(|t| Some(t) == tables(other))
    }

    /// The query as a view under `name`, for later blocks.
    pub fn as_extra(&self, name: &str) -> Extra {
        (name.to_owned(), Arc::new(ViewTable::new(self.plan.clone(), None)))
    }
}

/// Opens a session over `record` under `reading`.
pub fn session(record: &Record, reading: &Reading, limits: Limits) -> Result<Session, SqlError> {
    session_beside(record, reading, limits, Vec::new())
}

/// The same with tables of the caller's beside those of the record. Policies have none: their facts come from a record.
///
/// # Errors
/// A name that a table or view has already, or that no table can have.
pub fn session_beside(
    record: &Record,
    reading: &Reading,
    limits: Limits,
    own: Vec<Own>,
) -> Result<Session, SqlError> {
    let alone = || Budget::new(limits.memory, Duration::MAX);
    let budget = limits.budget.clone().unwrap_or_else(alone);
    // A pass more of the optimiser costs more than it saves on tables of this size.
    let config = SessionConfig::new()
        .set_usize("datafusion.optimizer.max_passes", 1)
        .with_target_partitions(1)
        .with_batch_size(8192)
        .with_information_schema(false)
        .with_create_default_catalog_and_schema(true);
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime(&budget)?)
        .with_physical_optimizer_rules(physical_rules())
        .build();
    let mut tables = views::tables(record, reading, &limits.sharing.clone().unwrap_or_default());
    let mut about = BTreeMap::new();
    for own in own {
        let (says, replaces) = (own.about, own.replaces);
        let (name, table) = own.table()?;
        about.insert(name.clone(), says);
        if tables.insert(name.clone(), table).is_some() && !replaces {
            return Err(SqlError::new(format!("a table `{name}` is there already"))
                .help("give yours another name"));
        }
    }
    let units =
        Units { record: record.clone(), reading: reading.clone(), covariates: limits.covariates };
    let relations: Vec<Arc<dyn RelationPlanner>> = vec![Arc::new(units)];
    Ok(Session { inner: Arc::new(Inner { tables, own: about, state, relations, limits, budget }) })
}

/// What makes a physical plan right on one partition over rows in memory, and picks the side of a join that is
/// held. The engine's further rules serve files, limits and many partitions, and take longer than they save.
fn physical_rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    vec![
        Arc::new(JoinSelection::new()),
        Arc::new(EnsureRequirements::new()),
        Arc::new(OptimizeAggregateOrder::new()),
        Arc::new(EnsureCooperative::new()),
        Arc::new(SanityCheckPlan::new()),
    ]
}

fn runtime(budget: &Budget) -> Result<Arc<RuntimeEnv>, SqlError> {
    let no_disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
    RuntimeEnvBuilder::new()
        .with_memory_pool(budget.pool())
        .with_disk_manager_builder(no_disk)
        .build_arc()
        .map_err(|e| SqlError::new(e.strip_backtrace()))
}

impl Session {
    /// Names of the tables and views, sorted.
    pub fn table_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.inner.tables.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// What a table of the caller's is.
    pub(crate) fn own(&self, table: &str) -> OwnAbout {
        self.inner.own.get(table).copied().unwrap_or_default()
    }

    /// Columns of a table or view.
    pub fn schema(&self, table: &str) -> Option<SchemaRef> {
        self.inner.tables.get(table).map(|t| t.schema())
    }

    /// Checks and plans one query. Runs nothing and reads no rows.
    pub fn plan(&self, sql: &str, extra: &[Extra]) -> Result<Planned, SqlError> {
        let mut query = parse::query(sql, &self.inner.limits)?;
        let sizes = |name: &str| {
            let (_, table) = extra.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
            table.get_logical_plan().map(|plan| weight::size(&plan))
        };
        clauses::check(&mut query, &sizes, &self.inner.limits)?;
        let context = Context {
            tables: &self.inner.tables,
            extra,
            options: self.inner.state.config_options(),
            relations: &self.inner.relations,
            of_a_policy: !self.inner.limits.covariates,
        };
        let options =
            ParserOptions::new().with_collect_spans(true).with_map_string_types_to_utf8view(false);
        let plan = SqlToRel::new_with_options(&context, options)
            .sql_statement_to_plan(Statement::Query(query))
            .map_err(|e| explain(&e, sql))?;
        weight::check(&plan, &self.inner.limits)?;
        let reads = reads(&plan, self.inner.limits.any_order)?;
        let views = extra.iter().filter(|(_, table)| table.get_logical_plan().is_some());
        let helpers = views.map(|(name, _)| name.clone()).collect();
        Ok(Planned { plan, reads, helpers, within: false })
    }

    /// The same query over the tables of this session and these others, whatever session planned it: nothing is planned again. None: it reads
    /// what is not here.
    pub fn adopt(&self, planned: &Planned, extra: &[Extra]) -> Option<Planned> {
        let mut lacks = false;
        let plan = planned.plan.clone().transform_down_with_subqueries(|node| {
            let LogicalPlan::TableScan(mut scan) = node else { return Ok(Transformed::no(node)) };
            let name = scan.table_name.to_string();
            let own = extra.iter().find(|(n, _)| *n == name).map(|(_, table)| table);
            match own.or_else(|| self.inner.tables.get(&name)) {
                Some(table) if table.schema() == scan.source.schema() => {
                    scan.source = provider_as_source(Arc::clone(table));
                }
                _ => lacks = true,
            }
            Ok(Transformed::yes(LogicalPlan::TableScan(scan)))
        });
        let plan = plan.ok().filter(|_| !lacks)?.data;
        Some(Planned { plan, ..planned.clone() })
    }

    /// Plans and runs one query on a thread with a deep stack, because planning recurses.
    ///
    /// # Errors
    /// A query that is refused or fails, or that did not respond in 10 minutes.
    pub fn answer(&self, sql: &str) -> Result<RecordBatch, SqlError> {
        const PATIENCE: Duration = Duration::from_mins(10);
        if let Some(answer) = codebook::answer(self, sql) {
            return answer;
        }
        let (session, text) = (self.clone(), sql.trim().trim_end_matches(';').to_owned());
        let job: Job<Result<RecordBatch, SqlError>> = Box::new(move || {
            let planned = session.plan(&text, &[])?;
            session.run(&planned)
        });
        in_parallel(vec![job], PATIENCE).pop().flatten().unwrap_or_else(|| {
            Err(SqlError::new("the query did not respond in 10 minutes and was abandoned"))
        })
    }

    /// Runs a planned query on one partition; rows in the engine's order, which is the same on every run.
    pub fn run(&self, planned: &Planned) -> Result<RecordBatch, SqlError> {
        let (plan, rows) = (planned.plan.clone(), self.inner.limits.rows);
        self.answered(plan, &planned.helpers, rows, planned.within)
    }

    /// The rows of a plan, of which parts may be known already.
    fn answered(
        &self,
        plan: LogicalPlan,
        helpers: &[String],
        most: usize,
        within: bool,
    ) -> Result<RecordBatch, SqlError> {
        let budget = &self.inner.budget;
        budget.in_time()?;
        let failed = |e: DataFusionError| failure(&e, budget);
        let mut logical = without_empty(plan).map_err(failed)?;
        if let Some(sharing) = &self.inner.limits.sharing {
            let part = |plan| {
                let most = most.min(sharing::MOST_ROWS);
                let rows = self.answered(plan, helpers, most, false).ok()?;
                (sharing::is_small(&rows) && budget.keep(&rows).is_ok()).then_some(rows)
            };
            logical = sharing.with_parts(logical, helpers, &part).map_err(failed)?;
            logical = without_empty(logical).map_err(failed)?;
        }
        if let LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: false, schema }) =
            &logical
        {
            return Ok(RecordBatch::new_empty(Arc::clone(schema.inner())));
        }
        if within {
            logical = few::of_tables(logical).map_err(failed)?;
        }
        let work = async {
            let plan = self
                .inner
                .state
                .create_physical_plan(&logical)
                .await
                .and_then(metered::counted)
                .map_err(failed)?;
            self.collect(plan, most).await
        };
        on_this_thread(self.in_time(work))
    }

    /// Does the work within the time of a query, and of all queries of its run.
    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, SqlError>>,
    ) -> Result<T, SqlError> {
        /// How often it is looked at the clock that all queries share.
        const TICK: Duration = Duration::from_millis(250);
        let (limits, budget) = (&self.inner.limits, &self.inner.budget);
        let (mut work, began) = (Box::pin(work), Instant::now());
        loop {
            let tick = Instant::now();
            let done = tokio::time::timeout(TICK, &mut work).await;
            budget.spend(tick.elapsed());
            if let Ok(done) = done {
                return done;
            }
            budget.in_time()?;
            if began.elapsed() >= limits.time {
                if limits.budget.is_some() {
                    budget.stop();
                }
                return Err(SqlError::new(format!(
                    "the query ran longer than {} s",
                    limits.time.as_secs()
                ))
                .help("join on keys and filter early; a cross join of large tables never ends"));
            }
        }
    }

    async fn collect(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        most: usize,
    ) -> Result<RecordBatch, SqlError> {
        let budget = &self.inner.budget;
        let schema = plan.schema();
        let mut stream =
            execute_stream(plan, self.inner.state.task_ctx()).map_err(|e| failure(&e, budget))?;
        let held = MemoryConsumer::new("answer").register(&budget.pool());
        let (mut batches, mut rows) = (Vec::new(), 0);
        while let Some(batch) = stream.next().await {
            let batch = batch.map_err(|e| failure(&e, budget))?;
            rows += batch.num_rows();
            if rows > most {
                return Err(SqlError::new(format!("the query gives more than {most} rows"))
                    .help("filter, or group by state and year"));
            }
            held.try_grow(metered::bytes(&batch)).map_err(|_| budget.out_of_memory())?;
            batches.push(batch);
        }
        drop(stream);
        if let [_] = &batches[..] {
            return Ok(batches.swap_remove(0));
        }
        // For as long as the parts are put together they are there twice.
        held.try_grow(held.size()).map_err(|_| budget.out_of_memory())?;
        concat_batches(&schema, &batches).map_err(|e| SqlError::new(plain(&e.to_string())))
    }
}

/// The plan without what reads tables that hold nothing: most records lack most tables, and a query that
/// proves itself empty need not be optimised.
fn without_empty(plan: LogicalPlan) -> datafusion::common::Result<LogicalPlan> {
    let replaced = plan.transform_up(|node| {
        let LogicalPlan::TableScan(scan) = &node else { return Ok(Transformed::no(node)) };
        let provider = source_as_provider(&scan.source)?;
        let provider: &dyn Any = provider.as_ref();
        if !provider.downcast_ref::<LazyTable>().is_some_and(LazyTable::is_empty) {
            return Ok(Transformed::no(node));
        }
        let schema = Arc::clone(&scan.projected_schema);
        let nothing = EmptyRelation { produce_one_row: false, schema };
        Ok(Transformed::yes(LogicalPlan::EmptyRelation(nothing)))
    })?;
    if !replaced.transformed {
        return Ok(replaced.data);
    }
    let rules = Optimizer::with_rules(vec![Arc::new(PropagateEmptyRelation::new())]);
    rules.optimize(replaced.data, &OptimizerContext::new().with_max_passes(1), |_, _| {})
}

/// Everything of one query runs on the thread of the caller: parallelism is between queries, so that
/// one query's answer never depends on how many threads there are.
fn on_this_thread<T>(work: impl Future<Output = Result<T, SqlError>>) -> Result<T, SqlError> {
    thread_local! {
        static RUNTIME: RefCell<Option<tokio::runtime::Runtime>> = const { RefCell::new(None) };
    }
    RUNTIME.with_borrow_mut(|slot| {
        if slot.is_none() {
            let made = tokio::runtime::Builder::new_current_thread().enable_time().build();
            *slot = Some(made.map_err(|e| SqlError::new(format!("no runtime: {e}")))?);
        }
        match slot {
            Some(runtime) => runtime.block_on(work),
            None => Err(SqlError::new("no runtime")),
        }
    })
}

fn failure(error: &DataFusionError, budget: &Budget) -> SqlError {
    match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => budget.out_of_memory(),
        other => SqlError::new(plain(&other.strip_backtrace())),
    }
}

/// The first line of an engine's message, without the engine's words about itself.
fn plain(text: &str) -> String {
    const WORDS: [&str; 9] = [
        "Error during planning: ",
        "Execution error: ",
        "Arrow error: ",
        "External error: ",
        "Optimizer error: ",
        "Cast error: ",
        "Compute error: ",
        "Invalid argument error: ",
        "Schema error: ",
    ];
    let mut text = text.lines().next().unwrap_or_default();
    while let Some(rest) = WORDS.iter().find_map(|word| text.strip_prefix(word)) {
        text = rest;
    }
    if let Some(what) = text.strip_prefix("This feature is not implemented: ") {
        return format!("this is not supported: {what}");
    }
    if text.starts_with("Internal error") || text.contains("DataFusion") {
        return "the query cannot be answered: its plan is not one that can be run".to_owned();
    }
    text.to_owned()
}

/// A planning error in a person's words, with its place.
fn explain(error: &DataFusionError, sql: &str) -> SqlError {
    let root = error.find_root();
    let text = root.strip_backtrace();
    if let [message, name, hint] = text.split('\u{1}').collect::<Vec<_>>()[..] {
        let message = message.trim_start_matches("Error during planning: ").to_owned();
        let bare = name.rsplit('.').next().unwrap_or(name);
        let error = SqlError::new(message).at(parse::find(sql, bare));
        return if hint.is_empty() {
            error.help("`comity query --tables` lists the tables and views, `comity record info` what the record holds")
        } else {
            error.help(hint)
        };
    }
    if let DataFusionError::SchemaError(schema, _) = root
        && let datafusion::common::SchemaError::FieldNotFound { field, valid_fields } =
            schema.as_ref()
    {
        let names: Vec<String> = valid_fields.iter().map(|c| c.name.clone()).collect();
        let near = nearest(&field.name, names.iter().map(String::as_str));
        let mut names = names;
        names.sort();
        names.dedup();
        let help = near.unwrap_or_else(|| format!("there are: {}", names.join(", ")));
        let at = field.spans.first().map(|s| At {
            line: s.start.line as usize,
            column: s.start.column as usize,
            length: (s.end.column.saturating_sub(s.start.column) as usize).max(1),
        });
        return SqlError::new(format!("there is no column `{}`", field.name))
            .help(help)
            .at(at.or_else(|| parse::find(sql, &field.name)));
    }
    let message = plain(&text);
    if let Some(rest) = message.strip_prefix("Invalid function '") {
        let name = rest.split('\'').next().unwrap_or(rest);
        return SqlError::new(format!("the function `{name}` is not allowed here"))
            .help(allowed_functions(name))
            .at(parse::find(sql, name));
    }
    let at = error.diagnostic().and_then(|d| d.span).map(|s| At {
        line: s.start.line as usize,
        column: s.start.column as usize,
        length: (s.end.column.saturating_sub(s.start.column) as usize).max(1),
    });
    SqlError::new(message).at(at)
}

fn allowed_functions(name: &str) -> String {
    let mut names: Vec<String> = super::functions::scalar().into_keys().collect();
    names.extend(super::functions::aggregate().into_keys());
    names.extend(super::functions::window().into_keys());
    names.sort();
    nearest(name, names.iter().map(String::as_str))
        .unwrap_or_else(|| format!("allowed are: {}", names.join(", ")))
}
