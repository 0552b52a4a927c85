//! Where the columns of a plan come from: which texts a column can hold, which measured columns decide about rows, and the plan that
//! also gives the rows that a null leaves undecided.

use std::collections::BTreeSet;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, Result, ScalarValue};
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::utils::split_conjunction_owned;
use datafusion::logical_expr::{Distinct, Expr, JoinType, LogicalPlan, Operator, Projection, lit};

/// Table or view, and column, as named in SQL.
pub type Origin = (String, String);

/// For each column of a node's output, the columns of interest that it is made from.
type Origins = Vec<BTreeSet<Origin>>;

/// Deeper than any person writes: what lies below is taken for anything.
const DEEPEST: usize = 200;

/// The texts that a column of a plan can hold; none where that is not written in the query.
pub(super) fn texts(plan: &LogicalPlan, name: &str) -> Option<BTreeSet<String>> {
    let at = plan.schema().fields().iter().position(|f| f.name() == name)?;
    column_texts(plan, at, 0)
}

fn column_texts(plan: &LogicalPlan, at: usize, depth: usize) -> Option<BTreeSet<String>> {
    if depth > DEEPEST {
        return None;
    }
    let below = |input: &LogicalPlan, at: usize| column_texts(input, at, depth + 1);
    match plan {
        LogicalPlan::Projection(p) => expr_texts(p.expr.get(at)?, &p.input, depth + 1),
        LogicalPlan::Filter(f) => below(&f.input, at),
        LogicalPlan::Sort(s) => below(&s.input, at),
        LogicalPlan::Limit(l) => below(&l.input, at),
        LogicalPlan::SubqueryAlias(a) => below(&a.input, at),
        LogicalPlan::Distinct(Distinct::All(input)) => below(input, at),
        LogicalPlan::Union(u) => {
            let mut all = BTreeSet::new();
            for input in &u.inputs {
                all.extend(below(input, at)?);
            }
            Some(all)
        }
        LogicalPlan::Window(w) if at < w.input.schema().fields().len() => below(&w.input, at),
        LogicalPlan::Aggregate(a) => expr_texts(a.group_expr.get(at)?, &a.input, depth + 1),
        LogicalPlan::Join(j) => {
            let width = j.left.schema().fields().len();
            match j.join_type {
                JoinType::RightSemi | JoinType::RightAnti => below(&j.right, at),
                _ if at < width => below(&j.left, at),
                JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => {
                    below(&j.right, at - width)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn expr_texts(e: &Expr, input: &LogicalPlan, depth: usize) -> Option<BTreeSet<String>> {
    if depth > DEEPEST {
        return None;
    }
    let one = |e: &Expr| expr_texts(e, input, depth + 1);
    let all = |list: Vec<&Expr>| {
        let mut all = BTreeSet::new();
        for e in list {
            all.extend(one(e)?);
        }
        Some(all)
    };
    match e {
        Expr::Literal(ScalarValue::Null, _) => Some(BTreeSet::new()),
        Expr::Literal(value, _) => {
            value.try_as_str().map(|text| text.into_iter().map(str::to_owned).collect())
        }
        Expr::Alias(a) => one(&a.expr),
        Expr::Cast(c) => one(&c.expr),
        Expr::TryCast(c) => one(&c.expr),
        Expr::Column(c) => column_texts(input, input.schema().maybe_index_of_column(c)?, depth + 1),
        Expr::Case(c) => {
            let branches = c.when_then_expr.iter().map(|(_, then)| then.as_ref());
            all(branches.chain(c.else_expr.as_deref()).collect())
        }
        Expr::ScalarFunction(f) if f.name() == "coalesce" => all(f.args.iter().collect()),
        _ => None,
    }
}

/// A plan that gives, beside the rows of another, those that a null leaves undecided.
#[derive(Debug)]
pub(super) struct Undecided {
    pub plan: LogicalPlan,
    /// Columns of interest that some condition or some named output rests on.
    pub used: BTreeSet<Origin>,
    /// Whether a condition rests on one: the plan then gives more rows than the other.
    pub wider: bool,
}

/// Follows the columns that `interesting` names; `outputs` are columns of the answer that decide too.
pub(super) fn undecided(
    plan: &LogicalPlan,
    outputs: &[&str],
    interesting: &dyn Fn(&str, &str) -> bool,
    gravest: &Gravest<'_>,
) -> Result<(Undecided, Vec<String>)> {
    let mut follow = Follow { interesting, gravest, used: BTreeSet::new(), wider: false };
    let (plan, origins) = follow.node(plan, 0)?;
    let fields = plan.schema().fields();
    let open: Vec<String> = fields
        .iter()
        .zip(&origins)
        .filter(|(f, from)| outputs.contains(&f.name().as_str()) && !from.is_empty())
        .map(|(f, _)| f.name().clone())
        .collect();
    for (_, from) in
        fields.iter().zip(&origins).filter(|(f, _)| outputs.contains(&f.name().as_str()))
    {
        follow.used.extend(from.iter().cloned());
    }
    let (used, wider) = (follow.used, follow.wider);
    Ok((Undecided { plan, used, wider }, open))
}

/// Of the texts that a `case` can give, the one that stands where its conditions are undecided; none where they are no grades.
pub type Gravest<'a> = dyn Fn(&BTreeSet<String>) -> Option<String> + 'a;

struct Follow<'a> {
    interesting: &'a dyn Fn(&str, &str) -> bool,
    gravest: &'a Gravest<'a>,
    used: BTreeSet<Origin>,
    wider: bool,
}

impl Follow<'_> {
    fn node(&mut self, plan: &LogicalPlan, depth: usize) -> Result<(LogicalPlan, Origins)> {
        let width = plan.schema().fields().len();
        if depth > DEEPEST {
            return Ok((plan.clone(), vec![BTreeSet::new(); width]));
        }
        if let LogicalPlan::TableScan(scan) = plan {
            let name = match scan.table_name.schema() {
                Some(schema) => format!("{schema}.{}", scan.table_name.table()),
                None => scan.table_name.table().to_owned(),
            };
            let of = |column: &String| {
                (self.interesting)(&name, column).then(|| (name.clone(), column.clone()))
            };
            let fields = scan.projected_schema.fields();
            return Ok((
                plan.clone(),
                fields.iter().map(|f| of(f.name()).into_iter().collect()).collect(),
            ));
        }
        let mut inputs = Vec::new();
        let mut below = Vec::new();
        for input in plan.inputs() {
            let (input, origins) = self.node(input, depth + 1)?;
            inputs.push(input);
            below.push(origins);
        }
        match plan {
            LogicalPlan::Filter(f) => {
                let origins = below.pop().unwrap_or_default();
                let predicate = self.wide(f.predicate.clone(), f.input.schema(), &origins);
                Ok((plan.with_new_exprs(vec![predicate], inputs)?, origins))
            }
            LogicalPlan::Join(j) => {
                let semi = matches!(j.join_type, JoinType::LeftSemi | JoinType::LeftAnti);
                let (left, right) = (below.remove(0), below.pop().unwrap_or_default());
                let both: Origins = left.iter().chain(&right).cloned().collect();
                let mut next = plan.clone();
                if let LogicalPlan::Join(made) = &mut next {
                    if let Some(on) = &j.filter {
                        let schema = j.left.schema().join(j.right.schema())?;
                        let wide = self.wide(on.clone(), &schema, &both);
                        if j.join_type == JoinType::Inner {
                            made.filter = Some(wide);
                        }
                    }
                    let right = inputs.pop();
                    if let (Some(l), Some(r)) = (inputs.pop(), right) {
                        (made.left, made.right) = (l.into(), r.into());
                    }
                }
                let mut origins = if semi { left } else { both };
                origins.resize(width, BTreeSet::new());
                Ok((next, origins))
            }
            LogicalPlan::Projection(p) => {
                let origins = below.pop().unwrap_or_default();
                let (mut exprs, mut made) = (Vec::new(), Vec::new());
                for e in &p.expr {
                    let from = of(e, p.input.schema(), &origins);
                    let graded = if from.is_empty() { None } else { self.graded(e, p, &origins) };
                    if graded.is_some() {
                        self.used.extend(from.iter().cloned());
                        self.wider = true;
                    }
                    made.push(if graded.is_some() { BTreeSet::new() } else { from });
                    exprs.push(graded.unwrap_or_else(|| e.clone()));
                }
                Ok((plan.with_new_exprs(exprs, inputs)?, made))
            }
            LogicalPlan::Aggregate(a) => {
                let origins = below.pop().unwrap_or_default();
                let exprs = a.group_expr.iter().chain(&a.aggr_expr);
                let mut made: Origins = exprs.map(|e| of(e, a.input.schema(), &origins)).collect();
                made.resize(width, BTreeSet::new());
                Ok((plan.with_new_exprs(plan.expressions(), inputs)?, made))
            }
            LogicalPlan::Union(_) => {
                let mut made = vec![BTreeSet::new(); width];
                for origins in below {
                    for (to, from) in made.iter_mut().zip(origins) {
                        to.extend(from);
                    }
                }
                Ok((plan.with_new_exprs(plan.expressions(), inputs)?, made))
            }
            _ => {
                let mut made = below.into_iter().next().unwrap_or_default();
                made.resize(width, BTreeSet::new());
                if inputs.is_empty() {
                    return Ok((plan.clone(), made));
                }
                Ok((plan.with_new_exprs(plan.expressions(), inputs)?, made))
            }
        }
    }

    /// A `case` between grades, with the gravest of them where a condition is undecided.
    fn graded(&self, e: &Expr, p: &Projection, origins: &Origins) -> Option<Expr> {
        let (case, alias) = match e {
            Expr::Alias(a) => match a.expr.as_ref() {
                Expr::Case(case) => (case, Some(&a.name)),
                _ => return None,
            },
            Expr::Case(case) => (case, None),
            _ => return None,
        };
        if case.expr.is_some() {
            return None;
        }
        let texts = expr_texts(&Expr::Case(case.clone()), &p.input, 0)?;
        let gravest = (self.gravest)(&texts)?;
        let mut branches = Vec::new();
        for (when, then) in &case.when_then_expr {
            branches.push((when.clone(), then.clone()));
            if !of(when, p.input.schema(), origins).is_empty() {
                let undecided = Expr::IsNull(when.clone());
                branches.push((Box::new(undecided), Box::new(lit(gravest.clone()))));
            }
        }
        let wide = Expr::Case(Case { when_then_expr: branches, ..case.clone() });
        let name = alias.cloned().unwrap_or_else(|| e.schema_name().to_string());
        Some(wide.alias(name))
    }

    /// The condition, true also where a column of interest leaves it undecided.
    fn wide(&mut self, predicate: Expr, schema: &DFSchema, origins: &Origins) -> Expr {
        let mut all: Option<Expr> = None;
        for part in split_conjunction_owned(predicate) {
            let from = of(&part, schema, origins);
            let part = if from.is_empty() {
                part
            } else if let Expr::IsNotNull(_) = &part {
                self.used.extend(from);
                self.wider = true;
                lit(true)
            } else {
                self.used.extend(from);
                self.wider = true;
                Expr::IsNotFalse(Box::new(part))
            };
            all = Some(match all {
                Some(all) => all.and(part),
                None => part,
            });
        }
        all.unwrap_or_else(|| lit(true))
    }
}

/// The columns of interest that an expression is made from. What is tested for null, or has a value in its place, is decided by the query.
fn of(e: &Expr, schema: &DFSchema, origins: &Origins) -> BTreeSet<Origin> {
    let mut all = BTreeSet::new();
    let from = |c: &Column| schema.maybe_index_of_column(c).and_then(|at| origins.get(at));
    let visited = e.apply(|e| {
        match e {
            Expr::Column(c) => all.extend(from(c).into_iter().flatten().cloned()),
            Expr::IsNull(_) | Expr::IsTrue(_) | Expr::IsNotTrue(_) => {
                return Ok(TreeNodeRecursion::Jump);
            }
            Expr::ScalarFunction(f)
                if f.name() == "coalesce"
                    && f.args.last().is_some_and(|a| matches!(a, Expr::Literal(..))) =>
            {
                return Ok(TreeNodeRecursion::Jump);
            }
            Expr::BinaryExpr(b) if b.op == Operator::IsDistinctFrom => {
                return Ok(TreeNodeRecursion::Jump);
            }
            _ => {}
        }
        Ok(TreeNodeRecursion::Continue)
    });
    // Visiting does not fail.
    debug_assert!(visited.is_ok());
    all
}
