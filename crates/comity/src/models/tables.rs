//! What a model gives, as tables.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use comity_measures::models::{Estimate, scores};

use super::Estimated;
use crate::Error;

impl Estimated {
    /// One row per coefficient: term, coefficient, standard error, statistic, p-value and the ends of the 95 % interval.
    ///
    /// # Errors
    /// None that is known.
    pub fn coefficients(&self) -> Result<RecordBatch, Error> {
        let terms = &self.fit.terms;
        let names: StringArray = terms.iter().map(|t| Some(t.term.as_str())).collect();
        let column = |value: fn(&Estimate) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(terms.iter().map(value)))
        };
        let statistic = if self.fit.df.is_some() { "t" } else { "z" };
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("term", Arc::new(names)),
            ("coefficient", column(|t| t.coefficient)),
            ("std_error", column(|t| t.error)),
            (statistic, column(|t| t.statistic)),
            ("p_value", column(|t| t.p)),
            ("conf_low", column(|t| t.low)),
            ("conf_high", column(|t| t.high)),
        ];
        RecordBatch::try_from_iter(columns).map_err(|e| Error::new(e.to_string()))
    }

    /// The table with one column more: the outcome that the model expects; null in rows that it does not rest on.
    ///
    /// # Errors
    /// A table of other rows than those that the model was estimated on.
    pub fn predictions(&self, table: &RecordBatch) -> Result<RecordBatch, Error> {
        let mut expected: Vec<Option<f64>> = vec![None; table.num_rows()];
        for (row, fitted) in self.rows.iter().zip(&self.fit.fitted) {
            let place = expected.get_mut(*row);
            *place.ok_or_else(|| Error::new("the table has other rows than the model"))? =
                Some(*fitted);
        }
        let name: String = self
            .outcome
            .chars()
            .map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' })
            .collect();
        let mut fields: Vec<_> = table.schema().fields().iter().cloned().collect();
        let name = format!("expected_{}", name.trim_end_matches('_'));
        fields.push(Arc::new(Field::new(name, DataType::Float64, true)));
        let mut columns = table.columns().to_vec();
        columns.push(Arc::new(Float64Array::from(expected)));
        RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
            .map_err(|e| Error::new(e.to_string()))
    }

    /// What is said of the whole model: names and values, in words.
    pub fn summary(&self) -> Vec<(&'static str, String)> {
        let fit = &self.fit;
        let mut said = vec![("rows", fit.rows.to_string())];
        let mut count = |what, n: usize| {
            if n > 0 {
                said.push((what, n.to_string()));
            }
        };
        count("left out: a value is missing", self.missing);
        count("left out: a function has no value", self.undefined);
        let without = if fit.model == "clogit" {
            "left out: all outcomes of the unit are alike"
        } else {
            "left out: separated"
        };
        count(without, fit.separated.len());
        count("clusters", fit.clusters.unwrap_or(0));
        count("absorbed coefficients", fit.absorbed.unwrap_or(0));
        for omitted in &fit.omitted {
            let with = omitted.with.join(", ");
            said.push(("left out: collinear", format!("{} (with {with})", omitted.term)));
        }
        let mut number = |what, value: Option<f64>, digits: usize| {
            if let Some(value) = value {
                said.push((what, format!("{value:.digits$}")));
            }
        };
        number("log likelihood", fit.log_likelihood, 4);
        number("correlation within units", fit.correlation, 4);
        if fit.r_squared.is_some() {
            number("R squared", fit.r_squared, 4);
        } else {
            number("pseudo R squared", fit.pseudo_r_squared(), 4);
        }
        if let Some(wald) = fit.wald_of_all() {
            let what = "Wald test of all terms";
            let text = format!("chi2({}) {:.2}, p {:.4}", wald.df, wald.chi_squared, wald.p);
            said.push((what, text));
        }
        if matches!(fit.model, "logit" | "probit" | "gee")
            && let Ok(scores) = scores(&fit.fitted, &self.outcomes)
        {
            said.push(("log score", format!("{:.5}", scores.log_score)));
            if let Some(auc) = scores.auc {
                said.push(("area under the ROC curve", format!("{auc:.4}")));
            }
        }
        said
    }
}
