//! How large the expressions of a plan become where the engine puts columns in place of their names.
//!
//! A filter that is moved below a step is rewritten with the step's columns: where each step computes a column from
//! itself twice, and filters on it, an expression doubles with each.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::logical_expr::{Expr, JoinType, LogicalPlan};

use super::clauses::Size;
use super::limits::Limits;
use crate::error::SqlError;

/// How much there is in a plan: of a helper, when it is used by name.
pub(super) fn size(plan: &LogicalPlan) -> Size {
    let mut size = Size::default();
    let _ = plan.apply_with_subqueries(|node| {
        if matches!(node, LogicalPlan::TableScan(_)) {
            size.tables += 1;
        }
        size.parts += 1;
        node.apply_expressions(|e| {
            e.apply(|_| {
                size.parts += 1;
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    size
}

/// Refuses a plan in which a column would become too large.
pub(super) fn check(plan: &LogicalPlan, limits: &Limits) -> Result<(), SqlError> {
    columns(plan, limits).map(|_| ())
}

/// The weight of every column that comes out.
fn columns(plan: &LogicalPlan, limits: &Limits) -> Result<Vec<u64>, SqlError> {
    let width = plan.schema().fields().len();
    let inputs: Vec<(&LogicalPlan, Vec<u64>)> = plan
        .inputs()
        .into_iter()
        .map(|input| Ok((input, columns(input, limits)?)))
        .collect::<Result<_, SqlError>>()?;
    let exprs: Vec<u64> = plan
        .expressions()
        .iter()
        .map(|e| {
            let weight = weight(e, &inputs, limits)?;
            if weight <= limits.parts {
                return Ok(weight);
            }
            Err(SqlError::new(format!(
                "a column is computed from itself so often that it has more than {} parts",
                limits.parts
            ))
            .help("a step that uses a column of the step before it twice doubles it"))
        })
        .collect::<Result<_, SqlError>>()?;
    let mut out: Vec<u64> = match plan {
        LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_) => exprs,
        LogicalPlan::Window(_) => {
            inputs.into_iter().flat_map(|(_, weights)| weights).chain(exprs).collect()
        }
        LogicalPlan::Union(_) => (0..width)
            .map(|at| inputs.iter().filter_map(|(_, w)| w.get(at)).copied().max().unwrap_or(1))
            .collect(),
        LogicalPlan::Join(join)
            if matches!(
                join.join_type,
                JoinType::RightSemi | JoinType::RightAnti | JoinType::RightMark
            ) =>
        {
            inputs.into_iter().next_back().map(|(_, w)| w).unwrap_or_default()
        }
        _ => inputs.into_iter().flat_map(|(_, weights)| weights).collect(),
    };
    out.resize(width, 1);
    Ok(out)
}

fn weight(
    expr: &Expr,
    inputs: &[(&LogicalPlan, Vec<u64>)],
    limits: &Limits,
) -> Result<u64, SqlError> {
    let mut sum = 0_u64;
    let mut failed = None;
    let walked = expr.apply(|e| {
        let subquery = match e {
            Expr::Column(column) => {
                sum = sum.saturating_add(of(column, inputs));
                return Ok(TreeNodeRecursion::Continue);
            }
            Expr::Exists(x) => Some(&x.subquery.subquery),
            Expr::InSubquery(x) => Some(&x.subquery.subquery),
            Expr::ScalarSubquery(x) => Some(&x.subquery),
            Expr::SetComparison(x) => Some(&x.subquery.subquery),
            _ => None,
        };
        sum = sum.saturating_add(1);
        if let Some(plan) = subquery
            && let Err(error) = check(plan, limits)
        {
            failed = Some(error);
            return Ok(TreeNodeRecursion::Stop);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    if let Err(error) = walked {
        return Err(SqlError::new(error.strip_backtrace()));
    }
    failed.map_or(Ok(sum), Err)
}

fn of(column: &Column, inputs: &[(&LogicalPlan, Vec<u64>)]) -> u64 {
    let place = |(plan, weights): &(&LogicalPlan, Vec<u64>)| {
        let schema: &DFSchema = plan.schema();
        schema.maybe_index_of_column(column).and_then(|at| weights.get(at).copied())
    };
    inputs.iter().find_map(place).unwrap_or(1)
}
