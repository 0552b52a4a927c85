//! Sums of whole numbers that fail where the answer does not fit, and medians that do not cut off halves.
//!
//! The engine's own `sum` wraps around, and its `median` of whole numbers halves without the remainder. Sums are
//! held in 128 bits and narrowed once, at the end: the order of rows never decides whether one fits.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Decimal128Array, Int64Array,
    PrimitiveArray, UInt64Array,
};
use datafusion::arrow::datatypes::{
    DataType, Decimal128Type, Field, FieldRef, Int64Type, UInt64Type,
};
use datafusion::common::utils::take_function_args;
use datafusion::common::{Result, ScalarValue, exec_err, internal_err};
use datafusion::functions_aggregate::{median, sum};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF,
    Signature, Volatility,
};

/// Digits of a sum in the making.
const DIGITS: u8 = 38;

/// `sum` that fails where the answer does not fit.
pub(super) fn checked_sum() -> Arc<AggregateUDF> {
    let inner = sum::sum_udaf();
    let signature = inner.signature().clone();
    Arc::new(AggregateUDF::new_from_impl(Sum { inner, signature }))
}

/// `median`, a double for whole numbers.
pub(super) fn wide_median() -> Arc<AggregateUDF> {
    let signature = Signature::user_defined(Volatility::Immutable);
    Arc::new(AggregateUDF::new_from_impl(Median { inner: median::median_udaf(), signature }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Sum {
    inner: Arc<AggregateUDF>,
    signature: Signature,
}

/// Whether a sum of that type is ours; doubles, and lengths of time, are the engine's.
fn ours(kind: &DataType) -> bool {
    matches!(kind, DataType::Int64 | DataType::UInt64 | DataType::Decimal128(..))
}

impl AggregateUDFImpl for Sum {
    fn name(&self) -> &'static str {
        "sum"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, args: &[DataType]) -> Result<DataType> {
        self.inner.return_type(args)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let kind = args.return_field.data_type();
        match (ours(kind), args.is_distinct) {
            (false, _) => self.inner.accumulator(args),
            (true, false) => Ok(Box::new(One { kind: kind.clone(), sum: 0, count: 0 })),
            (true, true) => {
                Ok(Box::new(Distinct { kind: kind.clone(), values: HashMap::default() }))
            }
        }
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if ours(args.return_field.data_type()) {
            self.accumulator(args)
        } else {
            self.inner.create_sliding_accumulator(args)
        }
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        if !ours(args.return_field.data_type()) {
            return self.inner.state_fields(args);
        }
        let kind = DataType::Decimal128(DIGITS, 0);
        Ok(vec![Arc::new(if args.is_distinct {
            let item = Field::new_list_field(kind, true);
            Field::new_list(format_state_name(args.name, "sum distinct"), item, false)
        } else {
            Field::new(format_state_name(args.name, "sum"), kind, true)
        })])
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        !args.is_distinct
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let kind = args.return_field.data_type();
        if ours(kind) {
            return Ok(Box::new(Groups { kind: kind.clone(), sums: Vec::new(), seen: Vec::new() }));
        }
        self.inner.create_groups_accumulator(args)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        ReversedUDAF::Identical
    }
}

/// Calls `each` with the row and value of whatever is not null.
fn values(array: &ArrayRef, mut each: impl FnMut(usize, i128) -> Result<()>) -> Result<()> {
    fn all<T: ArrowPrimitiveType>(
        array: &PrimitiveArray<T>,
        each: &mut impl FnMut(usize, i128) -> Result<()>,
    ) -> Result<()>
    where
        i128: From<T::Native>,
    {
        let numbers = array.values();
        match array.nulls() {
            Some(nulls) => nulls.valid_indices().try_for_each(|row| each(row, numbers[row].into())),
            None => numbers.iter().enumerate().try_for_each(|(row, v)| each(row, (*v).into())),
        }
    }
    match array.data_type() {
        DataType::Int64 => all(array.as_primitive::<Int64Type>(), &mut each),
        DataType::UInt64 => all(array.as_primitive::<UInt64Type>(), &mut each),
        DataType::Decimal128(..) => all(array.as_primitive::<Decimal128Type>(), &mut each),
        DataType::Null => Ok(()),
        other => internal_err!("a sum of {other}"),
    }
}

fn plus(sum: &mut i128, value: i128) -> Result<()> {
    match sum.checked_add(value) {
        Some(more) => {
            *sum = more;
            Ok(())
        }
        None => exec_err!(
            "a sum does not fit {DIGITS} digits; cast to double, `sum(cast(x as double))`, for an answer that is rounded"
        ),
    }
}

fn too_large<T>(sum: i128, kind: &DataType) -> Result<T> {
    let size = match kind {
        DataType::Decimal128(digits, _) => format!("a decimal of {digits} digits"),
        _ => "a whole number of 64 bits".to_owned(),
    };
    exec_err!(
        "the sum {sum} does not fit {size}; cast to double, `sum(cast(x as double))`, for an answer that is rounded"
    )
}

/// The answer as the type that comes out.
fn narrowed(sum: Option<i128>, kind: &DataType) -> Result<ScalarValue> {
    match kind {
        DataType::Int64 => sum
            .map(|s| i64::try_from(s).or_else(|_| too_large(s, kind)))
            .transpose()
            .map(ScalarValue::Int64),
        DataType::UInt64 => sum
            .map(|s| u64::try_from(s).or_else(|_| too_large(s, kind)))
            .transpose()
            .map(ScalarValue::UInt64),
        DataType::Decimal128(digits, scale) => {
            if let Some(s) = sum
                && s.unsigned_abs() >= 10_u128.pow(u32::from((*digits).min(DIGITS)))
            {
                return too_large(s, kind);
            }
            Ok(ScalarValue::Decimal128(sum, *digits, *scale))
        }
        other => internal_err!("a sum of {other}"),
    }
}

/// One sum, of all rows or of those in a window.
#[derive(Debug)]
struct One {
    kind: DataType,
    sum: i128,
    count: u64,
}

impl One {
    fn total(&self) -> Option<i128> {
        (self.count > 0).then_some(self.sum)
    }
}

impl Accumulator for One {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [column] = take_function_args("sum", columns)?;
        values(column, |_, value| {
            self.count += 1;
            plus(&mut self.sum, value)
        })
    }

    fn retract_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [column] = take_function_args("sum", columns)?;
        values(column, |_, value| {
            self.count = self.count.saturating_sub(1);
            plus(&mut self.sum, value.wrapping_neg())
        })
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        narrowed(self.total(), &self.kind)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Decimal128(self.total(), DIGITS, 0)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.update_batch(states)
    }

    fn size(&self) -> usize {
        size_of_val(self)
    }
}

/// The sum of the values that differ, with how often each was seen.
#[derive(Debug)]
struct Distinct {
    kind: DataType,
    values: HashMap<i128, u64>,
}

impl Accumulator for Distinct {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [column] = take_function_args("sum", columns)?;
        values(column, |_, value| {
            *self.values.entry(value).or_default() += 1;
            Ok(())
        })
    }

    fn retract_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [column] = take_function_args("sum", columns)?;
        values(column, |_, value| {
            if let Some(count) = self.values.get_mut(&value) {
                *count -= 1;
                if *count == 0 {
                    self.values.remove(&value);
                }
            }
            Ok(())
        })
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        if self.values.is_empty() {
            return narrowed(None, &self.kind);
        }
        // Those of one sign first would fail where all of them fit: pairs cancel as they come.
        let (mut above, mut below) = (0, 0);
        #[expect(clippy::iter_over_hash_type, reason = "a sum is the same in any order")]
        for value in self.values.keys() {
            plus(if *value < 0 { &mut below } else { &mut above }, *value)?;
        }
        plus(&mut above, below)?;
        narrowed(Some(above), &self.kind)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let mut values: Vec<i128> = self.values.keys().copied().collect();
        values.sort_unstable();
        let values: Vec<ScalarValue> =
            values.into_iter().map(|v| ScalarValue::Decimal128(Some(v), DIGITS, 0)).collect();
        let list = ScalarValue::new_list_nullable(&values, &DataType::Decimal128(DIGITS, 0));
        Ok(vec![ScalarValue::List(list)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let [lists] = take_function_args("sum", states)?;
        for list in lists.as_list::<i32>().iter().flatten() {
            self.update_batch(&[list])?;
        }
        Ok(())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.values.capacity() * size_of::<(i128, u64)>()
    }
}

/// The sums of many groups.
struct Groups {
    kind: DataType,
    sums: Vec<i128>,
    seen: Vec<bool>,
}

impl Groups {
    fn taken(&mut self, emit_to: EmitTo) -> impl Iterator<Item = Option<i128>> + use<> {
        let (sums, seen) =
            (emit_to.take_needed(&mut self.sums), emit_to.take_needed(&mut self.seen));
        sums.into_iter().zip(seen).map(|(sum, seen)| seen.then_some(sum))
    }
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        let [column] = take_function_args("sum", columns)?;
        self.sums.resize(total.max(self.sums.len()), 0);
        self.seen.resize(total.max(self.seen.len()), false);
        let (sums, seen) = (&mut self.sums, &mut self.seen);
        values(column, |row, value| {
            if filter.is_some_and(|f| f.is_null(row) || !f.value(row)) {
                return Ok(());
            }
            seen[groups[row]] = true;
            plus(&mut sums[groups[row]], value)
        })
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let kind = self.kind.clone();
        let sums = self.taken(emit_to);
        let made: ArrayRef = match &kind {
            DataType::Int64 => Arc::new(
                sums.map(|s| {
                    s.map(|s| i64::try_from(s).or_else(|_| too_large(s, &kind))).transpose()
                })
                .collect::<Result<Int64Array>>()?,
            ),
            DataType::UInt64 => Arc::new(
                sums.map(|s| {
                    s.map(|s| u64::try_from(s).or_else(|_| too_large(s, &kind))).transpose()
                })
                .collect::<Result<UInt64Array>>()?,
            ),
            DataType::Decimal128(digits, scale) => {
                let most = 10_u128.pow(u32::from((*digits).min(DIGITS)));
                let all = sums
                    .map(|s| match s {
                        Some(s) if s.unsigned_abs() >= most => too_large(s, &kind),
                        s => Ok(s),
                    })
                    .collect::<Result<Decimal128Array>>()?;
                Arc::new(all.with_precision_and_scale(*digits, *scale)?)
            }
            other => return internal_err!("a sum of {other}"),
        };
        Ok(made)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let sums: Decimal128Array = self.taken(emit_to).collect();
        Ok(vec![Arc::new(sums.with_precision_and_scale(DIGITS, 0)?)])
    }

    fn merge_batch(&mut self, states: &[ArrayRef], groups: &[usize], total: usize) -> Result<()> {
        self.update_batch(states, groups, None, total)
    }

    fn convert_to_state(
        &self,
        columns: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let [column] = take_function_args("sum", columns)?;
        let mut out = vec![None; column.len()];
        values(column, |row, value| {
            if !filter.is_some_and(|f| f.is_null(row) || !f.value(row)) {
                out[row] = Some(value);
            }
            Ok(())
        })?;
        let out = Decimal128Array::from(out);
        Ok(vec![Arc::new(out.with_precision_and_scale(DIGITS, 0)?)])
    }

    fn size(&self) -> usize {
        self.sums.capacity() * size_of::<i128>() + self.seen.capacity()
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Median {
    inner: Arc<AggregateUDF>,
    signature: Signature,
}

impl AggregateUDFImpl for Median {
    fn name(&self) -> &'static str {
        "median"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, args: &[DataType]) -> Result<Vec<DataType>> {
        let [kind] = take_function_args("median", args)?;
        if kind.is_integer() || kind.is_null() {
            return Ok(vec![DataType::Float64]);
        }
        if !kind.is_numeric() {
            return datafusion::common::plan_err!(
                "median takes a number, this is {kind}; cast it, for example `cast(x as double)`"
            );
        }
        Ok(vec![kind.clone()])
    }

    fn return_type(&self, args: &[DataType]) -> Result<DataType> {
        self.inner.return_type(&self.coerce_types(args)?)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        self.inner.accumulator(args)
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        self.inner.create_sliding_accumulator(args)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        self.inner.state_fields(args)
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        self.inner.groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        self.inner.create_groups_accumulator(args)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}
