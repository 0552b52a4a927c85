//! Arithmetic on whole numbers that widens or fails, and never wraps: the engine's own wraps around.
//!
//! Every `+ - * / %` between whole numbers or decimals becomes a function of ours when a query is planned, so that
//! no later rule of the engine sees an operator that wraps. They are ordinary functions with a name: a plan
//! that is sent to another machine finds them there.
//!
//! Whole numbers of every width are widened to 64 bits first. `/` gives a double; a whole number divided by 0 is
//! an error. Doubles stay as they are in IEEE 754.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Datum};
use datafusion::arrow::compute::kernels::numeric;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::common::utils::take_function_args;
use datafusion::common::{DFSchema, DataFusionError, Result, ScalarValue, exec_err, plan_err};
use datafusion::functions::math;
use datafusion::logical_expr::binary::BinaryTypeCoercer;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::planner::{PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr_common::datum::apply;
use datafusion::sql::sqlparser::ast::BinaryOperator;

/// The name of the function that stands for a minus sign.
pub(super) const NEGATIVE: &str = "checked_negative";

/// What is done with two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sign {
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
}

impl Sign {
    const ALL: [Self; 5] = [Self::Plus, Self::Minus, Self::Times, Self::Over, Self::Modulo];

    fn of(op: &BinaryOperator) -> Option<Self> {
        Some(match op {
            BinaryOperator::Plus => Self::Plus,
            BinaryOperator::Minus => Self::Minus,
            BinaryOperator::Multiply => Self::Times,
            BinaryOperator::Divide => Self::Over,
            BinaryOperator::Modulo => Self::Modulo,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plus => "checked_add",
            Self::Minus => "checked_subtract",
            Self::Times => "checked_multiply",
            Self::Over => "checked_divide",
            Self::Modulo => "checked_modulo",
        }
    }

    fn letter(self) -> char {
        match self {
            Self::Plus => '+',
            Self::Minus => '-',
            Self::Times => '*',
            Self::Over => '/',
            Self::Modulo => '%',
        }
    }

    fn operator(self) -> Operator {
        match self {
            Self::Plus => Operator::Plus,
            Self::Minus => Operator::Minus,
            Self::Times => Operator::Multiply,
            Self::Over => Operator::Divide,
            Self::Modulo => Operator::Modulo,
        }
    }
}

static BINARY: LazyLock<[Arc<ScalarUDF>; 5]> =
    LazyLock::new(|| Sign::ALL.map(|sign| Arc::new(ScalarUDF::new_from_impl(Checked::new(sign)))));

static UNARY: LazyLock<[Arc<ScalarUDF>; 2]> = LazyLock::new(|| {
    [NEGATIVE, "abs"].map(|name| Arc::new(ScalarUDF::new_from_impl(Alone::new(name))))
});

/// The checked functions that stand for signs; no query needs to call them by name.
pub(super) fn signs() -> impl Iterator<Item = Arc<ScalarUDF>> {
    BINARY.iter().chain([&UNARY[0], &*CHAIN]).cloned()
}

/// `abs`, which fails where the engine's own keeps too narrow a type.
pub(super) fn abs() -> Arc<ScalarUDF> {
    Arc::clone(&UNARY[1])
}

/// Plans an operator onto a checked function; it is left as it is where the engine's own neither wraps nor cuts off.
///
/// # Errors
/// Bit shifts, which lose digits; decimals that nest deeper than anyone writes.
pub(super) fn plan(
    mut expr: RawBinaryExpr,
    schema: &DFSchema,
) -> Result<PlannerResult<RawBinaryExpr>> {
    if matches!(expr.op, BinaryOperator::PGBitwiseShiftLeft | BinaryOperator::PGBitwiseShiftRight) {
        return plan_err!(
            "bit shifts are refused: they lose digits without a word; multiply or divide by a power of two"
        );
    }
    let Some(sign) = Sign::of(&expr.op) else { return Ok(PlannerResult::Original(expr)) };
    let whole = |t: &DataType| t.is_integer() || t.is_null();
    let right = expr.right.get_type(schema);
    let fits = sign != Sign::Over && right.as_ref().is_ok_and(whole);
    if fits && let Some(call) = chain(&mut expr.left) {
        if let Some(Expr::Literal(ScalarValue::Utf8(Some(signs)), _)) = call.args.first_mut() {
            signs.push(sign.letter());
        }
        call.args.push(expr.right);
        return Ok(PlannerResult::Planned(expr.left));
    }
    let left = if chain(&mut expr.left).is_some() {
        Ok(DataType::Int64)
    } else {
        expr.left.get_type(schema)
    };
    // Doubles follow IEEE 754, and dates have arithmetic of their own: the engine's. Where a type is not known yet,
    // the function decides when it can.
    if let (Ok(left), Ok(right)) = (left, right) {
        let coerced = BinaryTypeCoercer::new(&left, &sign.operator(), &right).get_input_types();
        let exact = |t: &DataType| whole(t) || t.is_decimal();
        match coerced {
            Ok((left, right)) if whole(&left) && whole(&right) && sign != Sign::Over => {
                let signs = Expr::Literal(sign.letter().to_string().into(), None);
                let args = vec![signs, expr.left, expr.right];
                let call = ScalarFunction::new_udf(Arc::clone(&CHAIN), args);
                return Ok(PlannerResult::Planned(Expr::ScalarFunction(call)));
            }
            Ok((left, right)) if exact(&left) && exact(&right) => {}
            _ => return Ok(PlannerResult::Original(expr)),
        }
    }
    // Every level asks the type of all levels below it.
    let mut below = &expr.left;
    for _ in 0..DEEPEST {
        match below {
            Expr::ScalarFunction(call) if call.func.name().starts_with("checked_") => {
                below = call.args.first().unwrap_or(&expr.right);
            }
            _ => {
                let at = Sign::ALL.iter().position(|s| *s == sign).unwrap_or(0);
                let call =
                    ScalarFunction::new_udf(Arc::clone(&BINARY[at]), vec![expr.left, expr.right]);
                return Ok(PlannerResult::Planned(Expr::ScalarFunction(call)));
            }
        }
    }
    plan_err!("more than {DEEPEST} signs between decimals; name a part of it with `with`")
}

/// How many signs between decimals may follow each other.
const DEEPEST: usize = 32;

static CHAIN: LazyLock<Arc<ScalarUDF>> =
    LazyLock::new(|| Arc::new(ScalarUDF::new_from_impl(Chain::new())));

/// The chain of whole numbers that an expression is.
fn chain(expr: &mut Expr) -> Option<&mut ScalarFunction> {
    match expr {
        Expr::ScalarFunction(call) if call.func.name() == Chain::NAME => Some(call),
        _ => None,
    }
}

/// Whole numbers with signs between them, from left to right: `checked_chain('+-', a, b, c)` is `a + b - c`. One call
/// however long it is, since the types of nested calls are worked out anew at every level.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Chain {
    signature: Signature,
}

impl Chain {
    const NAME: &str = "checked_chain";

    fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Chain {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let signs = match args.first() {
            Some(Expr::Literal(signs, _)) => signs.try_as_str().flatten().unwrap_or_default(),
            _ => "",
        };
        let mut name = String::new();
        for (at, arg) in args.iter().skip(1).enumerate() {
            if let Some(sign) = at.checked_sub(1).and_then(|at| signs.chars().nth(at)) {
                name.push(' ');
                name.push(sign);
                name.push(' ');
            }
            name.push_str(&arg.schema_name().to_string());
        }
        Ok(name)
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        let mut types = vec![DataType::Int64; args.len()];
        if let Some(first) = types.first_mut() {
            *first = DataType::Utf8;
        }
        Ok(types)
    }

    fn return_type(&self, _args: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        field(self, &args)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut args = args.args.into_iter();
        let (signs, first) = (args.next(), args.next());
        let (Some(ColumnarValue::Scalar(signs)), Some(mut sum)) = (signs, first) else {
            return plan_err!("`{}` takes signs and whole numbers", Self::NAME);
        };
        let signs = signs.try_as_str().flatten().unwrap_or_default();
        let signs: Vec<Option<Sign>> =
            signs.chars().map(|c| Sign::ALL.into_iter().find(|s| s.letter() == c)).collect();
        if signs.len() != args.len() {
            return plan_err!("`{}` takes a sign between every two numbers", Self::NAME);
        }
        for (sign, next) in signs.into_iter().zip(args) {
            let (made, sign) = match sign {
                Some(Sign::Plus) => (apply(&sum, &next, numeric::add), Operator::Plus),
                Some(Sign::Minus) => (apply(&sum, &next, numeric::sub), Operator::Minus),
                Some(Sign::Times) => (apply(&sum, &next, numeric::mul), Operator::Multiply),
                Some(Sign::Modulo) => (apply(&sum, &next, numeric::rem), Operator::Modulo),
                Some(Sign::Over) | None => return plan_err!("`{}` knows + - * %", Self::NAME),
            };
            sum = made.map_err(|e| said(e, sign))?;
        }
        Ok(sum)
    }
}

/// An operator between two numbers.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Checked {
    sign: Sign,
    signature: Signature,
}

impl Checked {
    fn new(sign: Sign) -> Self {
        Self { sign, signature: Signature::user_defined(Volatility::Immutable) }
    }

    /// The types that the engine would compute with.
    fn inputs(&self, left: &DataType, right: &DataType) -> Result<(DataType, DataType)> {
        let wide = |t: &DataType| {
            if t.is_integer() || t.is_null() { DataType::Int64 } else { t.clone() }
        };
        if (left.is_integer() || left.is_null()) && (right.is_integer() || right.is_null()) {
            return Ok((DataType::Int64, DataType::Int64));
        }
        let (left, right) =
            BinaryTypeCoercer::new(left, &self.sign.operator(), right).get_input_types()?;
        Ok((wide(&left), wide(&right)))
    }
}

impl ScalarUDFImpl for Checked {
    fn name(&self) -> &str {
        self.sign.name()
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let [left, right] = take_function_args(self.name(), args)?;
        Ok(format!("{} {} {}", left.schema_name(), self.sign.operator(), right.schema_name()))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        let [left, right] = take_function_args(self.name(), args)?;
        let (left, right) = self.inputs(left, right)?;
        Ok(vec![left, right])
    }

    fn return_type(&self, args: &[DataType]) -> Result<DataType> {
        let [left, right] = take_function_args(self.name(), args)?;
        let (left, right) = self.inputs(left, right)?;
        if left.is_integer() && right.is_integer() {
            return Ok(match self.sign {
                Sign::Over => DataType::Float64,
                _ => DataType::Int64,
            });
        }
        BinaryTypeCoercer::new(&left, &self.sign.operator(), &right).get_result_type()
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        field(self, &args)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [left, right] = take_function_args(self.name(), args.args)?;
        let whole = left.data_type().is_integer() && right.data_type().is_integer();
        let made = match self.sign {
            Sign::Plus => apply(&left, &right, numeric::add),
            Sign::Minus => apply(&left, &right, numeric::sub),
            Sign::Times => apply(&left, &right, numeric::mul),
            Sign::Modulo => apply(&left, &right, numeric::rem),
            Sign::Over if whole => apply(&left, &right, quotient),
            Sign::Over => apply(&left, &right, numeric::div),
        };
        made.map_err(|e| said(e, self.sign.operator()))
    }
}

/// Whole numbers divided into a double.
fn quotient(left: &dyn Datum, right: &dyn Datum) -> Result<ArrayRef, ArrowError> {
    let ((left, one_left), (right, one_right)) = (left.get(), right.get());
    let (left, right) = (left.as_primitive::<Int64Type>(), right.as_primitive::<Int64Type>());
    let double = |a: &datafusion::arrow::array::Int64Array| a.unary::<_, Float64Type>(|v| v as f64);
    let nothing = |row: usize| right.is_valid(row) && right.value(row) == 0;
    let refused = match (one_left, one_right) {
        (_, true) => nothing(0) && left.null_count() < left.len(),
        (true, false) => left.is_valid(0) && (0..right.len()).any(nothing),
        (false, false) => (0..right.len()).any(|row| left.is_valid(row) && nothing(row)),
    };
    if refused {
        return Err(ArrowError::DivideByZero);
    }
    let (left, right) = (double(left), double(right));
    match (one_left, one_right) {
        (true, true) | (false, false) => numeric::div(&left, &right),
        (true, false) => numeric::div(&datafusion::arrow::array::Scalar::new(left), &right),
        (false, true) => numeric::div(&left, &datafusion::arrow::array::Scalar::new(right)),
    }
}

/// A failure of arithmetic in a person's words.
fn said(error: DataFusionError, operator: Operator) -> DataFusionError {
    let DataFusionError::ArrowError(arrow, _) = &error else { return error };
    let text = match arrow.as_ref() {
        ArrowError::ArithmeticOverflow(text) => {
            let values = text.rsplit_once(": ").map_or(text.as_str(), |(_, values)| values);
            format!(
                "{values} does not fit a whole number of 64 bits; cast one of them to double for an answer that is rounded"
            )
        }
        ArrowError::DivideByZero => {
            format!(
                "`a {operator} 0` has no answer; write `a {operator} nullif(b, 0)` for null instead"
            )
        }
        _ => return error,
    };
    DataFusionError::Execution(text)
}

fn field(function: &impl ScalarUDFImpl, args: &ReturnFieldArgs) -> Result<FieldRef> {
    let types: Vec<DataType> = args.arg_fields.iter().map(|f| f.data_type().clone()).collect();
    let nullable = args.arg_fields.iter().any(|f| f.is_nullable());
    Ok(Arc::new(Field::new(function.name(), function.return_type(&types)?, nullable)))
}

/// A minus sign, or `abs`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Alone {
    name: &'static str,
    signature: Signature,
}

impl Alone {
    fn new(name: &'static str) -> Self {
        Self { name, signature: Signature::user_defined(Volatility::Immutable) }
    }

    fn whole(&self, value: i64) -> Result<i64> {
        let made = if self.name == NEGATIVE { value.checked_neg() } else { value.checked_abs() };
        made.map_or_else(
            || {
                exec_err!(
                    "{value} without its sign does not fit a whole number of 64 bits; cast it to double for an answer that is rounded"
                )
            },
            Ok,
        )
    }
}

impl ScalarUDFImpl for Alone {
    fn name(&self) -> &str {
        self.name
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let [value] = take_function_args(self.name(), args)?;
        Ok(match self.name {
            NEGATIVE => format!("(- {})", value.schema_name()),
            name => format!("{name}({})", value.schema_name()),
        })
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        let [kind] = take_function_args(self.name(), args)?;
        if kind.is_integer() || kind.is_null() {
            return Ok(vec![DataType::Int64]);
        }
        let interval = matches!(kind, DataType::Interval(_) | DataType::Duration(_));
        if kind.is_numeric() || (interval && self.name == NEGATIVE) {
            return Ok(vec![kind.clone()]);
        }
        let name = if self.name == NEGATIVE { "a minus sign" } else { self.name };
        plan_err!("{name} takes a number, this is {kind}; cast it, for example `cast(x as int)`")
    }

    fn return_type(&self, args: &[DataType]) -> Result<DataType> {
        Ok(self.coerce_types(args)?.swap_remove(0))
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        field(self, &args)
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let whole = args.args.first().is_some_and(|a| a.data_type() == DataType::Int64);
        if !whole && self.name == "abs" {
            return math::abs().invoke_with_args(args);
        }
        let scalar = args.args.iter().all(|a| matches!(a, ColumnarValue::Scalar(_)));
        let [value] = take_function_args(self.name(), args.args)?;
        let array = value.to_array(1)?;
        let made: ArrayRef = if whole {
            let numbers = array.as_primitive::<Int64Type>();
            Arc::new(numbers.try_unary::<_, Int64Type, DataFusionError>(|v| self.whole(v))?)
        } else {
            numeric::neg(array.as_ref())?
        };
        if scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&made, 0)?));
        }
        Ok(ColumnarValue::Array(made))
    }
}
