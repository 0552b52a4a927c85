//! What of a parsed query the planner would pass over without a word is refused by name; how large the query
//! becomes once every name in it is put in place is known before anything is built; and a minus sign becomes a
//! function that fails instead of wrapping.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Cte, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, GroupByExpr, Ident, Join, LimitClause,
    NamedWindowDefinition, NamedWindowExpr, ObjectName, ObjectNamePart, OrderBy, OrderByExpr,
    OrderByKind, Query, Select, SelectFlavor, SelectItem, TableAlias, TableFactor, TableWithJoins,
    UnaryOperator, Value, VisitMut, VisitorMut, WildcardAdditionalOptions, WindowSpec, WindowType,
};

use super::arithmetic::NEGATIVE;
use super::functions;
use super::limits::Limits;
use crate::error::SqlError;

/// The size of a table that is a query itself, by name.
pub(super) type Sizes<'a> = dyn Fn(&str) -> Option<Size> + 'a;

/// How much there is to plan, with every name put in place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Tables that are read.
    pub tables: u64,
    /// Parts of expressions.
    pub parts: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.tables = self.tables.saturating_add(other.tables);
        self.parts = self.parts.saturating_add(other.parts);
    }

    fn times(self, count: u64) -> Self {
        Self { tables: self.tables, parts: self.parts.saturating_mul(count) }
    }
}

/// Refuses what would be ignored or would grow too large, and rewrites minus signs.
pub(super) fn check(
    query: &mut Query,
    sizes: &Sizes<'_>,
    limits: &Limits,
) -> Result<Size, SqlError> {
    let mut walk = Walk { sizes, limits, frames: vec![Frame::default()], below: false };
    if let ControlFlow::Break(error) = query.visit(&mut walk) {
        return Err(*error);
    }
    Ok(walk.frames.pop().unwrap_or_default().size)
}

/// One query, its size up to here, and the named steps that it brings.
#[derive(Default)]
struct Frame {
    size: Size,
    /// The steps' queries by place in memory, and their names.
    coming: BTreeMap<usize, String>,
    steps: BTreeMap<String, Size>,
}

struct Walk<'a> {
    sizes: &'a Sizes<'a>,
    limits: &'a Limits,
    frames: Vec<Frame>,
    /// Whether a minus sign stands before the number that comes next.
    below: bool,
}

type Checked = Result<(), SqlError>;

fn refused<T>(clause: &str, help: &str) -> Result<T, SqlError> {
    Err(SqlError::new(format!("{clause} is refused here")).help(help))
}

/// Refuses where something is there.
fn none(there: bool, clause: &str) -> Checked {
    if there {
        refused(clause, "use plain select, join, where, group by and order by")
    } else {
        Ok(())
    }
}

fn flow(checked: Checked) -> ControlFlow<Box<SqlError>> {
    match checked {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(Box::new(error)),
    }
}

impl Walk<'_> {
    fn top(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame::default());
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn more(&mut self, size: Size) -> Checked {
        self.top().size.add(size);
        let (size, limits) = (self.top().size, self.limits);
        if size.tables > limits.tables {
            return Err(SqlError::new(format!(
                "the query reads more than {} tables, counted as often as its steps use each other",
                limits.tables
            ))
            .help("a step that is named twice is worked out twice; name it once and join it"));
        }
        if size.parts > limits.parts {
            return Err(SqlError::new(format!(
                "the query has more than {} parts, counted as often as its steps use each other",
                limits.parts
            ))
            .help("a step that is named twice is worked out twice; name it once and join it"));
        }
        Ok(())
    }

    /// The size behind a name.
    fn named(&self, name: &ObjectName) -> Size {
        let plain = Size { tables: 1, parts: 1 };
        let [ObjectNamePart::Identifier(ident)] = &name.0[..] else { return plain };
        let name = ident.value.to_lowercase();
        let step = self.frames.iter().rev().find_map(|f| f.steps.get(&name));
        step.copied().or_else(|| (self.sizes)(&name)).unwrap_or(plain)
    }

    fn query(&mut self, query: &Query) -> Checked {
        let Query {
            with,
            body: _,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if fetch.is_some() {
            return refused("FETCH", "write `limit` with an `order by`");
        }
        if !locks.is_empty() {
            return refused("FOR UPDATE or FOR SHARE", "a query only reads");
        }
        none(for_clause.is_some(), "FOR")?;
        none(settings.is_some(), "SETTINGS")?;
        none(format_clause.is_some(), "FORMAT")?;
        none(!pipe_operators.is_empty(), "`|>`")?;
        if let Some(order) = order_by {
            order_by_clause(order)?;
        }
        if let Some(LimitClause::LimitOffset { limit_by, .. }) = limit_clause {
            none(!limit_by.is_empty(), "LIMIT BY")?;
        }
        let mut frame = Frame::default();
        if let Some(with) = with {
            if with.recursive {
                return Err(SqlError::new("recursive queries are refused: one may never end")
                    .help("join `years` or `state_years` to walk over time"));
            }
            for Cte { alias, query, from, .. } in &with.cte_tables {
                table_alias(Some(alias))?;
                none(from.is_some(), "FROM after a step of WITH")?;
                let at = std::ptr::from_ref::<Query>(query).addr();
                frame.coming.insert(at, alias.name.value.to_lowercase());
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    fn after_query(&mut self, query: &Query) -> Checked {
        let Some(done) = self.frames.pop() else { return Ok(()) };
        let at = std::ptr::from_ref(query).addr();
        let mut size = done.size;
        size.add(Size { tables: 0, parts: 1 });
        let parent = self.top();
        if let Some(name) = parent.coming.remove(&at) {
            parent.steps.insert(name, size);
            return Ok(());
        }
        self.more(size)
    }

    fn select(&mut self, select: &Select) -> Checked {
        let Select {
            select_token: _,
            optimizer_hints,
            distinct: _,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection: _,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having: _,
            named_window,
            qualify: _,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        for (there, clause) in [
            (!optimizer_hints.is_empty(), "a hint to the planner"),
            (select_modifiers.is_some(), "a modifier of SELECT"),
            (exclude.is_some(), "EXCLUDE after the columns"),
            (into.is_some(), "SELECT INTO"),
            (!lateral_views.is_empty(), "LATERAL VIEW"),
            (prewhere.is_some(), "PREWHERE"),
            (!connect_by.is_empty(), "CONNECT BY"),
            (!cluster_by.is_empty(), "CLUSTER BY"),
            (!distribute_by.is_empty(), "DISTRIBUTE BY"),
            (!sort_by.is_empty(), "SORT BY"),
            (value_table_mode.is_some(), "SELECT AS STRUCT or AS VALUE"),
            (!matches!(flavor, SelectFlavor::Standard), "FROM before SELECT"),
        ] {
            none(there, clause)?;
        }
        if top.is_some() {
            return refused("TOP", "write `limit` with an `order by`");
        }
        for item in projection {
            match item {
                SelectItem::Wildcard(options) | SelectItem::QualifiedWildcard(_, options) => {
                    wildcard(options)?;
                }
                SelectItem::ExprWithAliases { .. } => none(true, "one column with many names")?,
                SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. } => {}
            }
        }
        for NamedWindowDefinition(_, expr) in named_window {
            if let NamedWindowExpr::WindowSpec(spec) = expr {
                window(spec)?;
            }
        }
        from.iter().try_for_each(joins)?;
        let modifiers = match group_by {
            GroupByExpr::All(modifiers) => modifiers,
            GroupByExpr::Expressions(exprs, modifiers) => {
                self.groups(exprs)?;
                modifiers
            }
        };
        if !modifiers.is_empty() {
            return refused("WITH after GROUP BY", "write `group by rollup(…)` or `cube(…)`");
        }
        Ok(())
    }

    /// Counts the sets of groups, and with them the parts of the whole.
    fn groups(&mut self, exprs: &[Expr]) -> Checked {
        let mut sets = 1_u64;
        for expr in exprs {
            let made = match expr {
                Expr::Cube(parts) => u32::try_from(parts.len())
                    .ok()
                    .and_then(|n| 1_u64.checked_shl(n))
                    .unwrap_or(u64::MAX),
                Expr::Rollup(parts) => parts.len() as u64 + 1,
                Expr::GroupingSets(parts) => parts.len().max(1) as u64,
                _ => 1,
            };
            sets = sets.saturating_mul(made);
        }
        if sets > self.limits.grouping_sets {
            return Err(SqlError::new(format!(
                "GROUP BY makes {} sets of groups, more than the {} allowed",
                if sets == u64::MAX { "countless".to_owned() } else { sets.to_string() },
                self.limits.grouping_sets
            ))
            .help("a cube of n columns makes 2^n sets; name the sets that you need"));
        }
        self.more(Size { tables: 0, parts: exprs.len() as u64 }.times(sets))
    }

    fn table(&mut self, table: &TableFactor) -> Checked {
        match table {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                for (there, clause) in [
                    (sample.is_some(), "TABLESAMPLE"),
                    (!with_hints.is_empty(), "a hint WITH (…)"),
                    (version.is_some(), "a version of a table (FOR … AS OF)"),
                    (*with_ordinality, "WITH ORDINALITY"),
                    (!partitions.is_empty(), "PARTITION after a table"),
                    (json_path.is_some(), "a path after a table"),
                    (!index_hints.is_empty(), "an index hint"),
                    (
                        args.as_ref().is_some_and(|a| a.settings.is_some()),
                        "SETTINGS of a table function",
                    ),
                ] {
                    if there {
                        return refused(
                            clause,
                            "a query reads whole tables; choose rows with `where`",
                        );
                    }
                }
                table_alias(alias.as_ref())?;
                let size =
                    if args.is_some() { Size { tables: 1, parts: 1 } } else { self.named(name) };
                self.more(size)
            }
            TableFactor::Derived { alias, sample, .. } => {
                none(sample.is_some(), "TABLESAMPLE")?;
                table_alias(alias.as_ref())
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                table_alias(alias.as_ref())?;
                joins(table_with_joins)
            }
            TableFactor::Function { with_ordinality, alias, .. } => {
                none(*with_ordinality, "WITH ORDINALITY")?;
                table_alias(alias.as_ref())
            }
            TableFactor::UNNEST { .. } => none(true, "UNNEST"),
            TableFactor::Pivot { .. } | TableFactor::Unpivot { .. } => none(true, "PIVOT"),
            TableFactor::MatchRecognize { .. } => none(true, "MATCH_RECOGNIZE"),
            TableFactor::JsonTable { .. }
            | TableFactor::OpenJsonTable { .. }
            | TableFactor::XmlTable { .. }
            | TableFactor::SemanticView { .. }
            | TableFactor::TableFunction { .. } => none(true, "a table made of an expression"),
        }
    }
}

fn order_by_clause(order: &OrderBy) -> Checked {
    none(order.interpolate.is_some(), "INTERPOLATE")?;
    match &order.kind {
        OrderByKind::All(_) => none(true, "ORDER BY ALL"),
        OrderByKind::Expressions(exprs) => sorted(exprs),
    }
}

fn sorted(exprs: &[OrderByExpr]) -> Checked {
    none(exprs.iter().any(|e| e.with_fill.is_some()), "WITH FILL")
}

fn table_alias(alias: Option<&TableAlias>) -> Checked {
    let Some(alias) = alias else { return Ok(()) };
    none(alias.at.is_some(), "AT after the name of a table")?;
    none(alias.columns.iter().any(|c| c.data_type.is_some()), "a type in the columns of an alias")
}

fn joins(table: &TableWithJoins) -> Checked {
    let global = |join: &Join| join.global;
    none(table.joins.iter().any(global), "GLOBAL JOIN")
}

fn wildcard(options: &WildcardAdditionalOptions) -> Checked {
    none(options.opt_alias.is_some(), "a name for `*`")?;
    none(options.opt_rename.is_some(), "RENAME after `*`")
}

fn window(spec: &WindowSpec) -> Checked {
    none(spec.window_name.is_some(), "a window that extends another")?;
    sorted(&spec.order_by)
}

/// What of a call the planner would pass over.
fn call(function: &Function) -> Checked {
    let Function {
        name,
        uses_odbc_syntax,
        parameters,
        args,
        filter,
        null_treatment,
        over,
        within_group,
    } = function;
    none(*uses_odbc_syntax, "`{fn …}`")?;
    none(!matches!(parameters, FunctionArguments::None), "a function with two lists of arguments")?;
    none(!within_group.is_empty(), "WITHIN GROUP")?;
    if let Some(WindowType::WindowSpec(spec)) = over {
        window(spec)?;
    }
    let (mut distinct, mut ordered) = (false, false);
    if let FunctionArguments::List(FunctionArgumentList { duplicate_treatment, args, clauses }) =
        args
    {
        distinct = *duplicate_treatment == Some(DuplicateTreatment::Distinct);
        for clause in clauses {
            match clause {
                FunctionArgumentClause::OrderBy(exprs) => {
                    ordered = true;
                    sorted(exprs)?;
                }
                FunctionArgumentClause::IgnoreOrRespectNulls(_) => {}
                other => none(true, &format!("`{other}` in a function"))?,
            }
        }
        for arg in args {
            if let FunctionArg::Unnamed(FunctionArgExpr::WildcardWithOptions(_)) = arg {
                none(true, "`*` with options in a function")?;
            }
        }
    }
    let name = name.to_string().to_lowercase();
    let kind = functions::kind(&name);
    let plain = kind == functions::Kind::Plain;
    let windowed = kind == functions::Kind::Window;
    for (there, clause) in [
        (plain && over.is_some(), "OVER"),
        (plain && null_treatment.is_some(), "IGNORE NULLS"),
        ((plain || windowed) && filter.is_some(), "FILTER"),
        ((plain || windowed) && distinct, "DISTINCT"),
        ((plain || windowed) && ordered, "ORDER BY in the brackets"),
        (kind == functions::Kind::Aggregate && null_treatment.is_some(), "IGNORE NULLS"),
    ] {
        if there {
            let help = "leave it out: the function has no use for it";
            return refused(&format!("{clause} with `{name}`"), help);
        }
    }
    Ok(())
}

/// A whole number must fit; the least one only does with its sign before it.
fn number(value: &Value, below: bool) -> Checked {
    let Value::Number(text, _) = value else { return Ok(()) };
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let most = if below { i64::MIN.unsigned_abs() } else { i64::MAX.unsigned_abs() };
    if whole && !digits.parse::<u64>().is_ok_and(|n| n <= most) {
        return Err(SqlError::new(format!("{text} does not fit a whole number of 64 bits"))
            .help("write it with a point, `1e20` or `100000000000000000000.0`, as a double that is rounded"));
    }
    Ok(())
}

impl VisitorMut for Walk<'_> {
    type Break = Box<SqlError>;

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        flow(self.query(query))
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Self::Break> {
        flow(self.after_query(query))
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Self::Break> {
        flow(self.select(select))
    }

    fn pre_visit_table_factor(&mut self, table: &mut TableFactor) -> ControlFlow<Self::Break> {
        flow(self.table(table))
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        let checked = match expr {
            Expr::Function(function) => call(function),
            Expr::Value(value) => number(&value.value, std::mem::take(&mut self.below)),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                self.below = matches!(expr.as_ref(), Expr::Value(_));
                Ok(())
            }
            Expr::Cast { array: true, .. } => none(true, "a cast to an array"),
            _ => Ok(()),
        };
        flow(checked.and_then(|()| self.more(Size { tables: 0, parts: 1 })))
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        if let Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } = expr
            && !matches!(inner.as_ref(), Expr::Value(_) | Expr::Interval(_))
        {
            let inner = std::mem::replace(inner.as_mut(), Expr::Tuple(Vec::new()));
            let deep = signs(&inner) > 16;
            *expr = negative(inner);
            return flow(none(deep, "a row of more than 16 minus signs"));
        }
        ControlFlow::Continue(())
    }
}

/// How many minus signs an expression begins with.
fn signs(mut expr: &Expr) -> usize {
    let mut count = 0;
    loop {
        expr = match expr {
            Expr::Nested(inner) => inner,
            Expr::Function(Function { name, args: FunctionArguments::List(list), .. })
                if name.to_string() == NEGATIVE =>
            {
                count += 1;
                match &list.args[..] {
                    [FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))] => inner,
                    _ => return count,
                }
            }
            _ => return count,
        };
    }
}

fn negative(inner: Expr) -> Expr {
    Expr::Function(Function {
        name: ObjectName(vec![ObjectNamePart::Identifier(Ident::new(NEGATIVE))]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(inner))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}
