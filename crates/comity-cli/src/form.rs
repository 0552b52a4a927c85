//! Forms of output on the command line.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use comity_report::Form;

/// A flag that takes one of these forms.
pub fn forms(of: &'static [Form]) -> impl TypedValueParser<Value = Form> {
    let values = of.iter().map(|f| PossibleValue::new(f.name()).help(f.doc()));
    PossibleValuesParser::new(values).try_map(move |name| {
        of.iter().copied().find(|f| f.name() == name).ok_or("no form of that name")
    })
}
