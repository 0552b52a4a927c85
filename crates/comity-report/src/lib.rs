//! Answers to bytes: what people and machines get to see, one file per form.
//!
//! Audits ([`Page`]) become text for a terminal, JSON, CSV, Markdown, HTML and `JUnit`; panels and answers of queries ([`frame`]) become
//! Parquet, CSV, JSON, Arrow, Stata and R. Text of a source or a policy is never obeyed by a terminal or a browser.
//!
//! Not here: the command line, where bytes go, and what was requested.

pub mod advice;
pub mod answer;
mod audit;
mod bibtex;
pub mod citations;
pub mod compared;
pub mod csv;
mod days;
mod error;
pub mod evidence;
mod expected;
pub mod forks;
mod form;
pub mod frame;
pub mod gaps;
pub mod html;
pub mod info;
pub mod json;
pub mod junit;
pub mod lines;
pub mod markdown;
pub mod plain;
pub mod prose;
pub mod ribbon;
pub mod sarif;
pub mod searched;
pub mod terminal;
pub mod why;
pub mod words;
pub mod years;

#[cfg(test)]
pub mod fixture;

pub use audit::{audit_fails, fails, write};
pub use error::ReportError;
pub use expected::{Around, Expectations, Expected};
pub use form::Form;

use std::collections::BTreeMap;

use comity_policy::audit::{Audit, Report, StateHead};
use comity_policy::document::Policy;
use comity_policy::verdict::Verdict;

/// What every form is made from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The document that was run.
    pub policy: &'a Policy,
    /// What it said.
    pub report: &'a Report,
    /// What the command adds.
    pub extra: &'a Extra,
}

/// What the command knows beside the report.
#[derive(Debug, Clone, Default)]
pub struct Extra {
    /// Verdicts that setting findings aside (`--without`) has changed.
    pub changes: Vec<Change>,
    /// Abbreviations of states that are named by code, for the words.
    pub names: BTreeMap<i32, String>,
    /// Options of the command that a next command must repeat, for example ` --record DIR`.
    pub repeat: String,
    /// Datasets that would answer something and that nothing reads yet.
    pub unread: Vec<String>,
    /// The name of the state whose policy it is.
    pub holder: Option<String>,
    /// The last year that the record answers, where no last year was asked for.
    pub open: Option<i32>,
    /// What the states had beside what would be expected of them, where that was asked for.
    pub expected: Expectations,
    /// Show the findings where the form can leave them out.
    pub evidence: bool,
}

/// One verdict before and after findings were set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The state.
    pub state: StateHead,
    /// The commitment.
    pub commitment: String,
    /// Year.
    pub year: i32,
    /// Verdict with all findings.
    pub before: Verdict,
    /// Verdict without those set aside.
    pub after: Verdict,
}

/// What setting findings aside changed, one entry per year whose verdict moved.
pub fn changes(before: &Report, after: &Report) -> Vec<Change> {
    let mut out = Vec::new();
    for (old, new) in before.audits.iter().zip(&after.audits) {
        for (a, b) in old.commitments.iter().zip(&new.commitments) {
            for (x, y) in a.verdicts.iter().zip(&b.verdicts) {
                if x.verdict != y.verdict {
                    out.push(Change {
                        state: new.state.clone(),
                        commitment: b.id.clone(),
                        year: y.year,
                        before: x.verdict,
                        after: y.verdict,
                    });
                }
            }
        }
    }
    out
}

/// Changes of one commitment in one direction, gathered: state, commitment, before, after, years.
pub fn gather(changes: &[Change]) -> Vec<(&StateHead, &str, Verdict, Verdict, Vec<i32>)> {
    let mut out: Vec<(&StateHead, &str, Verdict, Verdict, Vec<i32>)> = Vec::new();
    for c in changes {
        let same = out.iter_mut().find(|(s, id, before, after, _)| {
            **s == c.state && *id == c.commitment && *before == c.before && *after == c.after
        });
        match same {
            Some((.., years)) => years.push(c.year),
            None => out.push((&c.state, &c.commitment, c.before, c.after, vec![c.year])),
        }
    }
    out
}

/// `China (CHN)`.
pub fn state_name(state: &StateHead) -> String {
    format!("{} ({})", state.name, state.handle)
}

/// `China (CHN), 1949–2024`.
pub fn title(audit: &Audit) -> String {
    format!("{}, {}", state_name(&audit.state), years::words(audit.from, audit.to))
}

/// The first twelve figures of a fingerprint, enough to distinguish two by eye.
pub fn short(fingerprint: &str) -> &str {
    fingerprint.get(..12).unwrap_or(fingerprint)
}
