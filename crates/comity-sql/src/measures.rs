//! The register of pure functions as functions of SQL: every function that stands in `comity_panel::FUNCTIONS` can be called by its name.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use comity_panel::{Arg, FUNCTIONS, Function, Type, Values};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, Int64Array};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{DataFusionError, Result, ScalarValue, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// Every registered function.
pub(super) fn all() -> impl Iterator<Item = Arc<ScalarUDF>> {
    FUNCTIONS.iter().map(|function| Arc::new(ScalarUDF::new_from_impl(Measure::new(function))))
}

struct Measure {
    function: &'static Function,
    signature: Signature,
}

impl Measure {
    fn new(function: &'static Function) -> Self {
        Self { function, signature: Signature::user_defined(Volatility::Immutable) }
    }
}

// The name says which function it is: the register has each once.
impl PartialEq for Measure {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name
    }
}

impl Eq for Measure {}

impl Hash for Measure {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Measure").field(&self.function.name).finish()
    }
}

fn kind(of: Type) -> DataType {
    match of {
        Type::Int => DataType::Int64,
        Type::Real => DataType::Float64,
    }
}

impl ScalarUDFImpl for Measure {
    fn name(&self) -> &str {
        self.function.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        let (name, wanted) = (self.function.name, self.function.arguments);
        if args.len() != wanted.len() {
            let names: Vec<&str> = wanted.iter().map(|a| a.name).collect();
            let (many, names) = (names.len(), names.join(", "));
            return plan_err!("`{name}` takes {many} arguments ({names}), not {}", args.len());
        }
        for (given, argument) in args.iter().zip(wanted) {
            let fits = given.is_null()
                || given.is_integer()
                || (given.is_numeric() && argument.kind == Type::Real);
            if !fits {
                let (argument, kind) = (argument.name, argument.kind);
                return plan_err!("`{name}`: `{argument}` is a {kind}, this is {given}; cast it");
            }
        }
        Ok(wanted.iter().map(|a| kind(a.kind)).collect())
    }

    fn return_type(&self, _args: &[DataType]) -> Result<DataType> {
        Ok(kind(self.function.result))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let one = args.args.iter().all(|a| matches!(a, ColumnarValue::Scalar(_)));
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        let columns = columns.iter().map(Held::of).collect::<Result<Vec<_>>>()?;
        let columns: Vec<Arg<'_>> = columns.iter().map(Held::arg).collect();
        let values = self.function.apply(&columns);
        let values = values.map_err(|wrong| DataFusionError::Execution(wrong.to_string()))?;
        let made: ArrayRef = match values {
            Values::Ints(all) => {
                Arc::new(all.into_iter().map(|v| v.map(i64::from)).collect::<Int64Array>())
            }
            Values::Reals(all) => Arc::new(all.into_iter().collect::<Float64Array>()),
        };
        if one {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&made, 0)?));
        }
        Ok(ColumnarValue::Array(made))
    }
}

/// A column as the register takes it.
enum Held {
    Ints(Vec<Option<i32>>),
    Reals(Vec<Option<f64>>),
}

impl Held {
    fn of(array: &ArrayRef) -> Result<Self> {
        if *array.data_type() == DataType::Float64 {
            return Ok(Self::Reals(array.as_primitive::<Float64Type>().iter().collect()));
        }
        let narrow = |value: i64| {
            i32::try_from(value).map_err(|_| {
                DataFusionError::Execution(format!(
                    "{value} does not fit a whole number of 32 bits"
                ))
            })
        };
        let values = array.as_primitive::<Int64Type>().iter();
        Ok(Self::Ints(values.map(|v| v.map(narrow).transpose()).collect::<Result<_>>()?))
    }

    fn arg(&self) -> Arg<'_> {
        match self {
            Self::Ints(all) => Arg::Ints(all),
            Self::Reals(all) => Arg::Reals(all),
        }
    }
}
