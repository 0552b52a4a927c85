//! What a query reads, from its unoptimised plan: the coverage that it needs follows from it and is not declared.

use std::any::Any;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use std::sync::Arc;

use comity_record::coverage::{Only, either};
use datafusion::datasource::source_as_provider;
use datafusion::logical_expr::{
    Distinct, Expr, JoinType, LogicalPlan, Operator, TableScan, TableSource,
};

use super::measured::MeasureTable;
use super::units::PanelTable;
use super::wanted::Wanted;
use crate::error::SqlError;

/// One table that a query reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Table or view, as named in SQL.
    pub table: String,
    /// True where every use is only reached through filters, projections, unions, inner or semi
    /// joins: a row that comes out then stands whatever else the table might have held.
    pub proves: bool,
    /// True where some use is reached in that way.
    pub found: bool,
    /// True where some use stands on the far side of an outer join, under `NOT EXISTS`, `NOT IN` or `EXCEPT`, or in a subquery inside an
    /// expression: a row of it can take a finding away, or change it.
    pub removes: bool,
    /// The rows that every use needs, where filters on text columns say so (`organization = 'UN'`): silence
    /// about other rows does not matter.
    pub only: Only,
}

/// The tables and views that a plan scans, by name.
///
/// # Errors
/// A plan with a node that does more than read, that never ends, or whose answer depends on an order
/// that is not given.
pub fn reads(plan: &LogicalPlan, any_order: bool) -> Result<Vec<Read>, SqlError> {
    let mut found = Found { tables: BTreeMap::new(), any_order };
    walk(plan, Way::Proves, &Wanted::new(), &mut found)?;
    Ok(found.tables.into_values().collect())
}

struct Found {
    tables: BTreeMap<String, Read>,
    any_order: bool,
}

impl Found {
    fn add(&mut self, read: Read) {
        match self.tables.entry(read.table.clone()) {
            Entry::Vacant(new) => {
                new.insert(read);
            }
            Entry::Occupied(mut known) => known.get_mut().and(&read),
        }
    }
}

/// How a table is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// Through filters, projections, unions, inner and semi joins alone.
    Proves,
    /// Under an aggregate, a window or a limit.
    Counted,
    /// Where a row can take a finding away.
    Removes,
}

impl Read {
    fn of(table: String, way: Way, only: Only) -> Self {
        let (proves, removes) = (way == Way::Proves, way == Way::Removes);
        Self { table, proves, found: proves, removes, only }
    }

    fn and(&mut self, more: &Self) {
        self.proves &= more.proves;
        self.found |= more.found;
        self.removes |= more.removes;
        self.only = either(&self.only, &more.only);
    }
}

fn walk(plan: &LogicalPlan, way: Way, wanted: &Wanted, found: &mut Found) -> Result<(), SqlError> {
    match plan {
        LogicalPlan::TableScan(TableScan { table_name, projected_schema, source, .. }) => {
            if let Some(tables) = of_function(source) {
                // A panel has a row where nothing was found: its zeros are silence that counts. A measure is of all rows together.
                for table in tables {
                    found.add(Read::of(table.to_owned(), way.max(Way::Counted), Only::new()));
                }
                return Ok(());
            }
            let name = match table_name.schema() {
                Some(schema) => format!("{schema}.{}", table_name.table()),
                None => table_name.table().to_owned(),
            };
            found.add(Read::of(name, way, wanted.names(projected_schema)));
            Ok(())
        }
        LogicalPlan::Projection(p) => {
            for e in &p.expr {
                inside(e, found)?;
            }
            walk(&p.input, way, &wanted.through(&p.expr, p.input.schema()), found)
        }
        LogicalPlan::Filter(f) => {
            predicate(&f.predicate, way, found)?;
            walk(&f.input, way, &wanted.and(&f.predicate, f.input.schema()), found)
        }
        LogicalPlan::Sort(s) => {
            for e in &s.expr {
                inside(&e.expr, found)?;
            }
            walk(&s.input, way, wanted, found)
        }
        LogicalPlan::SubqueryAlias(a) => walk(&a.input, way, wanted, found),
        LogicalPlan::Subquery(s) => walk(&s.subquery, way, &Wanted::new(), found),
        LogicalPlan::Union(u) => u.inputs.iter().try_for_each(|i| walk(i, way, wanted, found)),
        LogicalPlan::Distinct(Distinct::All(input)) => walk(input, way, wanted, found),
        LogicalPlan::EmptyRelation(_) => Ok(()),
        LogicalPlan::Join(j) => {
            let (left, right) = match j.join_type {
                JoinType::Inner | JoinType::LeftSemi | JoinType::RightSemi => (way, way),
                JoinType::Left | JoinType::LeftAnti | JoinType::LeftMark => (way, Way::Removes),
                JoinType::Right | JoinType::RightAnti | JoinType::RightMark => (Way::Removes, way),
                JoinType::Full => (Way::Removes, Way::Removes),
            };
            if let Some(e) = &j.filter {
                inside(e, found)?;
            }
            for (l, r) in &j.on {
                inside(l, found)?;
                inside(r, found)?;
            }
            let (on_left, on_right) = wanted.sides(j);
            walk(&j.left, left, &on_left, found)?;
            walk(&j.right, right, &on_right, found)
        }
        LogicalPlan::Aggregate(a) => {
            for e in a.group_expr.iter().chain(&a.aggr_expr) {
                inside(e, found)?;
            }
            walk(
                &a.input,
                way.max(Way::Counted),
                &wanted.through(&a.group_expr, a.input.schema()),
                found,
            )
        }
        LogicalPlan::Window(w) => {
            for e in &w.window_expr {
                ordered(e)?;
                inside(e, found)?;
            }
            // A window looks at rows that a filter above it leaves out.
            walk(&w.input, way.max(Way::Counted), &Wanted::new(), found)
        }
        LogicalPlan::Limit(l) => {
            if !found.any_order && !total_order(&l.input) {
                return Err(SqlError::new(
                    "LIMIT without a total order: which rows stay would be chance",
                )
                .help("order by columns that end with `source_row`, or drop the LIMIT"));
            }
            walk(&l.input, way.max(Way::Counted), &Wanted::new(), found)
        }
        other => {
            let name = other.display().to_string();
            let name = name.split([':', ' ']).next().unwrap_or("this").to_owned();
            Err(SqlError::new(format!("{name} is refused: a block may only read tables and views"))
                .help("use select, joins, union, group by and window functions"))
        }
    }
}

/// The canonical tables behind a table function; none if it is a table or view.
fn of_function(source: &Arc<dyn TableSource>) -> Option<Vec<&'static str>> {
    let provider = source_as_provider(source).ok()?;
    let provider: &dyn Any = provider.as_ref();
    let of_measure = || provider.downcast_ref::<MeasureTable>().map(MeasureTable::tables);
    provider.downcast_ref::<PanelTable>().map(PanelTable::tables).or_else(of_measure)
}

/// A predicate keeps the sense of its subqueries only where they stand un-negated under AND and OR.
fn predicate(e: &Expr, way: Way, found: &mut Found) -> Result<(), SqlError> {
    match e {
        Expr::BinaryExpr(b) if matches!(b.op, Operator::And | Operator::Or) => {
            predicate(&b.left, way, found)?;
            predicate(&b.right, way, found)
        }
        Expr::Exists(x) => walk(
            &x.subquery.subquery,
            if x.negated { Way::Removes } else { way },
            &Wanted::new(),
            found,
        ),
        Expr::InSubquery(x) => {
            inside(&x.expr, found)?;
            walk(
                &x.subquery.subquery,
                if x.negated { Way::Removes } else { way },
                &Wanted::new(),
                found,
            )
        }
        other => inside(other, found),
    }
}

/// Any subquery inside another expression may turn its sense: its tables must be covered.
fn inside(e: &Expr, found: &mut Found) -> Result<(), SqlError> {
    use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
    let mut failed = None;
    let walked = e.apply(|e| {
        let plan = match e {
            Expr::Exists(x) => &x.subquery.subquery,
            Expr::InSubquery(x) => &x.subquery.subquery,
            Expr::ScalarSubquery(x) => &x.subquery,
            Expr::SetComparison(x) => &x.subquery.subquery,
            _ => return Ok(TreeNodeRecursion::Continue),
        };
        if let Err(error) = walk(plan, Way::Removes, &Wanted::new(), found) {
            failed = Some(error);
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    if let Err(e) = walked {
        return Err(SqlError::new(e.strip_backtrace()));
    }
    failed.map_or(Ok(()), Err)
}

fn ordered(e: &Expr) -> Result<(), SqlError> {
    let Expr::WindowFunction(w) = e.clone().unalias() else { return Ok(()) };
    let name = w.fun.name().to_owned();
    if super::functions::ORDERED_WINDOWS.contains(&name.as_str()) && w.params.order_by.is_empty() {
        return Err(SqlError::new(format!("{name} without ORDER BY: its answer would be chance"))
            .help("give the window an `order by` that distinguishes every two rows"));
    }
    Ok(())
}

/// Whether the rows that reach a LIMIT are distinguished: the sort names every column of its input, or `source_row`.
fn total_order(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Projection(p) => total_order(&p.input),
        LogicalPlan::SubqueryAlias(a) => total_order(&a.input),
        LogicalPlan::Limit(l) => total_order(&l.input),
        LogicalPlan::Sort(s) => {
            let names: Vec<String> =
                s.expr.iter().map(|e| e.expr.schema_name().to_string()).collect();
            let last = |n: &String| n.rsplit('.').next().unwrap_or(n).to_owned();
            let bare: Vec<String> = names.iter().map(last).collect();
            bare.iter().any(|n| n == "source_row")
                || s.input.schema().fields().iter().all(|f| bare.iter().any(|n| n == f.name()))
        }
        _ => false,
    }
}
