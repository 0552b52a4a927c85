//! The functions a query may call: an allow-list. Nothing volatile, no clock, nothing that can blow up.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result, cast::as_string_array, exec_err};
use datafusion::functions::{core, datetime, math, string, unicode};
use datafusion::functions_aggregate::{average, bool_and_or, count, min_max, stddev};
use datafusion::functions_window::{lead_lag, rank, row_number};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    AggregateUDF, Cast, ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility, WindowUDF,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use super::{arithmetic, measures, sums};

/// Longest text that joining texts may make, in bytes.
const LONGEST_TEXT: usize = 16 * 1024;

/// Bytes of text that joining texts may make for the rows that are looked at together.
const TEXT_AT_ONCE: usize = 64 * 1024 * 1024;

/// Scalar functions by name.
pub fn scalar() -> BTreeMap<String, Arc<ScalarUDF>> {
    let mut list = vec![
        core::coalesce(),
        core::nullif(),
        core::greatest(),
        core::least(),
        datetime::date_part(),
        datetime::make_date(),
        arithmetic::abs(),
        math::ceil(),
        math::floor(),
        math::round(),
        math::sqrt(),
        math::ln(),
        math::log10(),
        math::exp(),
        math::power(),
        math::signum(),
        string::lower(),
        string::upper(),
        string::btrim(),
        string::ltrim(),
        string::rtrim(),
        string::split_part(),
        string::starts_with(),
        string::ends_with(),
        string::contains(),
        unicode::character_length(),
        unicode::left(),
        unicode::right(),
        unicode::strpos(),
        unicode::substr(),
    ];
    list.push(Arc::new(ScalarUDF::new_from_impl(Concat::new("concat", true))));
    list.extend(measures::all());
    let mut by_name = BTreeMap::new();
    for f in list {
        for alias in f.aliases() {
            by_name.insert(alias.clone(), Arc::clone(&f));
        }
        by_name.insert(f.name().to_owned(), f);
    }
    by_name
}

/// Aggregate functions by name.
pub fn aggregate() -> BTreeMap<String, Arc<AggregateUDF>> {
    let list = [
        average::avg_udaf(),
        bool_and_or::bool_and_udaf(),
        bool_and_or::bool_or_udaf(),
        count::count_udaf(),
        sums::wide_median(),
        min_max::max_udaf(),
        min_max::min_udaf(),
        stddev::stddev_udaf(),
        stddev::stddev_pop_udaf(),
        sums::checked_sum(),
    ];
    let mut by_name = BTreeMap::new();
    for f in list {
        for alias in f.aliases() {
            by_name.insert(alias.clone(), Arc::clone(&f));
        }
        by_name.insert(f.name().to_owned(), f);
    }
    by_name
}

/// Window functions by name.
pub fn window() -> BTreeMap<String, Arc<WindowUDF>> {
    [
        rank::rank_udwf(),
        rank::dense_rank_udwf(),
        rank::percent_rank_udwf(),
        row_number::row_number_udwf(),
        lead_lag::lag_udwf(),
        lead_lag::lead_udwf(),
    ]
    .into_iter()
    .map(|f| (f.name().to_owned(), f))
    .collect()
}

/// What a name calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A function of one row.
    Plain,
    /// A function of many rows.
    Aggregate,
    /// A function of a row among others.
    Window,
    /// Nothing that is allowed.
    None,
}

/// What a name calls.
pub fn kind(name: &str) -> Kind {
    static KINDS: LazyLock<BTreeMap<String, Kind>> = LazyLock::new(|| {
        let all = scalar().into_keys().map(|n| (n, Kind::Plain));
        let all = all.chain(aggregate().into_keys().map(|n| (n, Kind::Aggregate)));
        all.chain(window().into_keys().map(|n| (n, Kind::Window))).collect()
    });
    KINDS.get(name).copied().unwrap_or(Kind::None)
}

/// Window functions whose answer depends on a total order of the rows.
pub const ORDERED_WINDOWS: [&str; 3] = ["row_number", "lag", "lead"];

/// Plans `||`, `extract`, `position` and `substring` onto the allowed functions.
#[derive(Debug)]
pub struct Planner {
    concat: Arc<ScalarUDF>,
}

impl Planner {
    /// The planner of every session.
    pub fn new() -> Self {
        Self { concat: Arc::new(ScalarUDF::new_from_impl(Concat::new("join_text", false))) }
    }
}

fn text(expr: Expr) -> Expr {
    Expr::Cast(Cast::new(Box::new(expr), DataType::Utf8))
}

fn call(function: Arc<ScalarUDF>, args: Vec<Expr>) -> Expr {
    Expr::ScalarFunction(ScalarFunction::new_udf(function, args))
}

impl ExprPlanner for Planner {
    fn plan_binary_op(
        &self,
        expr: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        if expr.op == BinaryOperator::StringConcat {
            // One call however long the chain: the types of nested calls are worked out anew at every level.
            if let Expr::ScalarFunction(mut joined) = expr.left {
                if joined.func == self.concat {
                    joined.args.push(text(expr.right));
                    return Ok(PlannerResult::Planned(Expr::ScalarFunction(joined)));
                }
                let args = vec![text(Expr::ScalarFunction(joined)), text(expr.right)];
                return Ok(PlannerResult::Planned(call(Arc::clone(&self.concat), args)));
            }
            let args = vec![text(expr.left), text(expr.right)];
            return Ok(PlannerResult::Planned(call(Arc::clone(&self.concat), args)));
        }
        arithmetic::plan(expr, schema)
    }

    fn plan_extract(&self, args: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(call(datetime::date_part(), args)))
    }

    fn plan_position(&self, args: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(call(unicode::strpos(), args)))
    }

    fn plan_substring(&self, args: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(call(unicode::substr(), args)))
    }
}

/// Joins texts, and refuses to make one longer than [`LONGEST_TEXT`]: DataFusion's own `||` would
/// double a text at every level of a nested query until the process dies.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Concat {
    name: &'static str,
    /// `concat` reads null as empty; `||` makes null of it.
    null_is_empty: bool,
    signature: Signature,
}

impl Concat {
    fn new(name: &'static str, null_is_empty: bool) -> Self {
        let signature = Signature::user_defined(Volatility::Immutable);
        Self { name, null_is_empty, signature }
    }
}

impl ScalarUDFImpl for Concat {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        Ok(vec![DataType::Utf8; args.len()])
    }

    fn return_type(&self, _args: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let scalar = args.args.iter().all(|a| matches!(a, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        let columns: Vec<ArrayRef> =
            args.args.iter().map(|a| a.to_array(rows)).collect::<Result<_>>()?;
        let columns: Vec<_> = columns.iter().map(|c| as_string_array(c)).collect::<Result<_>>()?;
        let mut out = StringBuilder::with_capacity(rows, rows * 16);
        let mut row_text = String::new();
        let mut bytes = 0;
        for row in 0..rows {
            row_text.clear();
            let mut null = false;
            for column in &columns {
                if column.is_null(row) {
                    null |= !self.null_is_empty;
                } else {
                    row_text.push_str(column.value(row));
                }
            }
            if row_text.len() > LONGEST_TEXT {
                return exec_err!("joining texts made one longer than {LONGEST_TEXT} bytes");
            }
            bytes += row_text.len();
            if bytes > TEXT_AT_ONCE {
                return exec_err!(
                    "joining texts made more than {} MB of text at once",
                    TEXT_AT_ONCE / (1024 * 1024)
                );
            }
            if null {
                out.append_null();
            } else {
                out.append_value(&row_text);
            }
        }
        let out: ArrayRef = Arc::new(out.finish());
        if scalar {
            let value = (!out.is_null(0)).then(|| out.as_string::<i32>().value(0).to_owned());
            return Ok(ColumnarValue::Scalar(value.into()));
        }
        Ok(ColumnarValue::Array(out))
    }
}
