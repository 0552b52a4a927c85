//! Answers that are read: audits, reasons, advice. Each as text, and as JSON for a program.

use std::sync::Arc;

use comity::{Policy, Report, Verdict};
use comity_report::{Extra, Form, Page, terminal};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The audit of some states under a policy.
#[pyclass(frozen, module = "comity._native")]
pub struct Audit {
    policy: Arc<Policy>,
    report: Report,
    extra: Extra,
}

impl Audit {
    pub fn of(policy: Arc<Policy>, report: Report, extra: Extra) -> Self {
        Self { policy, report, extra }
    }

    fn page<'a>(&'a self, extra: &'a Extra) -> Page<'a> {
        Page { policy: self.policy.document(), report: &self.report, extra }
    }
}

#[pymethods]
impl Audit {
    /// The audit as text, in lines of up to so many signs; with the findings, or without.
    #[pyo3(signature = (width = 100, evidence = false))]
    fn text(&self, width: usize, evidence: bool) -> String {
        let extra = Extra { evidence, ..self.extra.clone() };
        comity_report::plain::uncoloured(&terminal::render(self.page(&extra), width))
    }

    /// The audit as `json`, `csv`, `md`, `html` or `junit`.
    #[pyo3(signature = (form, evidence = true))]
    fn write(&self, form: &str, evidence: bool) -> PyResult<String> {
        let Some(named) = Form::AUDIT.iter().find(|f| f.name() == form && **f != Form::Text) else {
            return Err(PyValueError::new_err(format!(
                "an audit is written as json, csv, md, html or junit, not {form:?}"
            )));
        };
        let extra = Extra { evidence, ..self.extra.clone() };
        let mut bytes = Vec::new();
        comity_report::write(self.page(&extra), *named, &[Verdict::Broken], &mut bytes)
            .map_err(|e| PyValueError::new_err(e.to_string()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The answer for each state in a sentence or two.
    #[getter]
    fn answers(&self) -> Vec<String> {
        self.report.audits.iter().map(comity_report::answer::lead).collect()
    }

    /// What is said of each commitment: the state's code, the commitment's id, a sentence.
    #[getter]
    fn sentences(&self) -> Vec<(i32, String, String)> {
        let audits = self.report.audits.iter();
        audits
            .flat_map(|audit| {
                audit.commitments.iter().map(|c| {
                    (audit.state.ccode, c.id.clone(), comity_report::answer::of(c, audit.to))
                })
            })
            .collect()
    }

    /// Citations of the sources behind it, as `text` or `bibtex`.
    #[pyo3(signature = (format = "text"))]
    fn cite(&self, format: &str) -> PyResult<String> {
        let used = |id: &str| {
            self.report
                .audits
                .iter()
                .flat_map(|a| &a.commitments)
                .any(|c| c.sources.iter().any(|s| s == id))
        };
        let works = self.report.record.sources.iter().filter(|s| used(&s.id));
        match format {
            "text" => Ok(works.map(|s| format!("{}\n", s.citation)).collect()),
            "bibtex" => {
                Ok(works.map(|s| comity_report::citations::work(&s.id, &s.citation)).collect())
            }
            other => Err(PyValueError::new_err(format!(
                "format is \"text\" or \"bibtex\", not {other:?}"
            ))),
        }
    }
}

/// An answer as text, JSON and a page.
#[pyclass(frozen, module = "comity._native", get_all)]
pub struct Document {
    /// For people.
    pub text: String,
    /// For programs.
    pub json: String,
    /// A page, where there is one.
    pub html: Option<String>,
}
