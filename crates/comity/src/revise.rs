//! A policy as somebody changed it: what is changed, whether it can be run, and what its own tests say.

use std::collections::BTreeSet;

use comity_policy::CaseResult;
use comity_policy::diagnostic::{LineIndex, Severity, has_errors};
use comity_policy::document::{Commitment, Policy as Document, Query};
use comity_policy::parse::normalise;
use serde_json::Value;

use crate::{Policy, Record};

/// A message about a text, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// False: a warning.
    pub error: bool,
    /// Its stable name.
    pub code: String,
    /// What is wrong, with the value.
    pub message: String,
    /// The way out.
    pub help: Option<String>,
}

/// A policy as somebody changed it.
#[derive(Debug, Clone)]
pub struct Revision {
    /// Only what is changed, ready to run; none where the text has errors, or nothing is changed.
    pub policy: Option<Policy>,
    /// Commitments whose verdicts may differ, by id, in the order of the new text.
    pub changed: Vec<String>,
    /// Commitments that the new text has no more.
    pub removed: Vec<String>,
    /// Errors and warnings, by place.
    pub remarks: Vec<Remark>,
}

impl Policy {
    /// Compares a new text with this policy and checks what is changed. A commitment is changed where it, a helper that it uses, or a
    /// commitment whose findings it reads is.
    ///
    /// ```
    /// use comity::{Policy, PolicyText, Record};
    ///
    /// let policy = Policy::shipped("bandung-1955")?;
    /// let text = PolicyText::shipped("bandung-1955")?.text;
    /// let record = Record::starter();
    /// assert!(policy.revise("mine.md", &text, &record).changed.is_empty());
    ///
    /// let broken = text.replace("select", "selct");
    /// let revision = policy.revise("mine.md", &broken, &record);
    /// assert!(revision.policy.is_none() && revision.remarks.iter().any(|r| r.error));
    /// # Ok::<(), comity::Error>(())
    /// ```
    pub fn revise(&self, file: &str, text: &str, record: &Record) -> Revision {
        let (document, mut diagnostics) = comity_policy::parse(file, text);
        let mut changed = Vec::new();
        let mut removed = Vec::new();
        let mut policy = None;
        if let Some(document) = document {
            let ids = changed_ids(self.document(), &document);
            changed = document.commitments.iter().map(|c| c.id.clone()).collect();
            changed.retain(|id| ids.contains(id));
            let gone = |c: &&Commitment| !document.commitments.iter().any(|n| n.id == c.id);
            removed =
                self.document().commitments.iter().filter(gone).map(|c| c.id.clone()).collect();
            let part = part(document, &ids);
            if !has_errors(&diagnostics) && !changed.is_empty() {
                diagnostics.extend(comity_policy::check(&part, record.tables()));
                policy = (!has_errors(&diagnostics)).then(|| Policy::from(part));
            }
        }
        diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
        diagnostics.dedup();
        let normal = normalise(text);
        let index = LineIndex::new(&normal);
        let remark = |d: &comity_policy::diagnostic::Diagnostic| {
            let (line, column) = index.position(d.span.start);
            Remark {
                line,
                column,
                error: d.severity == Severity::Error,
                code: d.code.to_owned(),
                message: d.message.clone(),
                help: d.help.clone(),
            }
        };
        Revision { policy, changed, removed, remarks: diagnostics.iter().map(remark).collect() }
    }
}

impl Revision {
    /// Runs the tests of the changed commitments.
    pub fn test(&self) -> Vec<CaseResult> {
        self.policy.as_ref().map(Policy::test).unwrap_or_default()
    }
}

/// The commitments of `new` whose verdicts may differ from those of `old`.
fn changed_ids(old: &Document, new: &Document) -> BTreeSet<String> {
    let same_world = old.adopted == new.adopted && old.holder == new.holder;
    let said = |c: &Commitment| {
        let mut value = serde_json::to_value(c).unwrap_or_default();
        value["article"] = Value::Null;
        without_places(&mut value);
        value
    };
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut helpers: BTreeSet<&str> = BTreeSet::new();
    for helper in &new.helpers {
        let before = old.helpers.iter().find(|h| h.name == helper.name);
        let same = before.is_some_and(|b| b.query.sql == helper.query.sql);
        if !same || helpers.iter().any(|name| names(&helper.query, name)) {
            helpers.insert(&helper.name);
        }
    }
    let gone = old.helpers.iter().filter(|h| !new.helpers.iter().any(|n| n.name == h.name));
    helpers.extend(gone.map(|h| h.name.as_str()));
    for c in &new.commitments {
        let before = old.commitments.iter().find(|o| o.id == c.id);
        let same = before.is_some_and(|b| said(b) == said(c));
        let uses = queries(c).any(|q| helpers.iter().any(|name| names(q, name)));
        if !same_world || !same || uses {
            ids.insert(c.id.clone());
        }
    }
    // What reads the findings of a changed one, over any number of steps.
    loop {
        let reads = |c: &&Commitment| used(c).any(|id| ids.contains(id)) && !ids.contains(&c.id);
        let more: Vec<String> =
            new.commitments.iter().filter(reads).map(|c| c.id.clone()).collect();
        if more.is_empty() {
            return ids;
        }
        ids.extend(more);
    }
}

/// The document with these commitments, and those whose findings they read, which keep no tests.
fn part(mut document: Document, ids: &BTreeSet<String>) -> Document {
    let mut kept = ids.clone();
    loop {
        let inside = document.commitments.iter().filter(|c| kept.contains(&c.id));
        let more: Vec<String> =
            inside.flat_map(used).filter(|id| !kept.contains(*id)).cloned().collect();
        if more.is_empty() {
            break;
        }
        kept.extend(more);
    }
    document.commitments.retain(|c| kept.contains(&c.id));
    for c in document.commitments.iter_mut().filter(|c| !ids.contains(&c.id)) {
        c.cases.clear();
    }
    for (at, article) in document.articles.iter_mut().enumerate() {
        let of = document.commitments.iter().enumerate().filter(|(_, c)| c.article == at);
        article.commitments = of.map(|(i, _)| i).collect();
    }
    document
}

fn queries(c: &Commitment) -> impl Iterator<Item = &Query> {
    c.versions.iter().flat_map(|v| v.applies.iter().chain(v.evidence.iter().map(|e| &e.query)))
}

fn used(c: &Commitment) -> impl Iterator<Item = &String> {
    c.versions.iter().flat_map(|v| &v.evidence).flat_map(|e| &e.uses)
}

/// Whether a query names a helper.
fn names(query: &Query, helper: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    query.sql.split(|c| !word(c)).any(|w| w.eq_ignore_ascii_case(helper))
}

/// Takes away where things stand in the text: what moved is not changed.
fn without_places(value: &mut Value) {
    match value {
        // A place: of a heading, a query, or one row of a table.
        Value::Object(fields) if fields.keys().map(String::as_str).eq(["end", "start"]) => {
            *value = Value::Null;
        }
        Value::Object(fields) => fields.values_mut().for_each(without_places),
        Value::Array(items) => items.iter_mut().for_each(without_places),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PolicyText;

    fn revised(change: impl Fn(&str) -> String) -> Revision {
        let text = PolicyText::shipped("bandung-1955").unwrap().text;
        let policy = Policy::shipped("bandung-1955").unwrap();
        policy.revise("mine.md", &change(&text), &Record::starter())
    }

    #[test]
    fn only_what_is_said_otherwise_is_changed() {
        let moved = revised(|t| t.replacen("\n# ", "\n\n\n# ", 1));
        assert!(moved.changed.is_empty() && moved.policy.is_none(), "{:?}", moved.changed);

        let policy = Policy::shipped("bandung-1955").unwrap();
        let (first, query) = policy
            .document()
            .commitments
            .iter()
            .find_map(|c| Some((c.id.clone(), c.versions[0].evidence.first()?.query.sql.clone())))
            .unwrap();
        let with_note = revised(|t| t.replacen(&query, &format!("-- a note\n{query}"), 1));
        assert!(with_note.changed.contains(&first), "{:?}", with_note.changed);
        assert!(with_note.changed.len() < policy.commitments().len(), "{:?}", with_note.changed);
        assert!(with_note.policy.is_some(), "{:?}", with_note.remarks);
        assert!(with_note.test().iter().all(CaseResult::passed));
        assert!(with_note.removed.is_empty());
    }

    #[test]
    fn what_cannot_be_run_says_where() {
        let broken = revised(|t| t.replacen("select ", "select nothing_such, ", 1));
        assert!(broken.policy.is_none());
        let error = broken.remarks.iter().find(|r| r.error).unwrap();
        assert!(error.line > 1 && error.message.contains("nothing_such"), "{error:?}");
        let empty = revised(|_| String::new());
        assert!(empty.policy.is_none() && empty.remarks.iter().any(|r| r.error));
    }
}
