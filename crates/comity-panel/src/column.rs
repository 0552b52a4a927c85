//! One column of a panel, ready to be written.

use std::sync::Arc;

use arrow::array::StringArray;

use super::cells::Kind;
use super::chunk::Source;
use super::grain::Grain;

/// One column of a panel, ready to be written.
#[derive(Clone)]
pub(crate) struct Column {
    pub name: String,
    pub kind: Kind,
    pub doc: String,
    /// By what its facts are laid out: by the periods of the rows, or by year in rows that are shorter.
    pub grain: Grain,
    pub group: &'static str,
    pub choice: String,
    /// Whether it is of events, from which years are counted.
    pub event: bool,
    pub texts: Option<Arc<StringArray>>,
    pub source: Arc<dyn Source>,
    /// Ids of the sources behind it.
    pub sources: Vec<String>,
    /// First and last year that they cover.
    pub years: Option<(i32, i32)>,
    /// What stands before its name where another column has the same; none: its choice or group.
    pub apart: Option<String>,
    /// The canonical tables behind it.
    pub tables: Arc<[&'static str]>,
}

impl Column {
    /// A column that says which row it is: it belongs to no group and has no source of its own.
    pub fn key(name: &str, kind: Kind, doc: &'static str, source: impl Source + 'static) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            doc: doc.to_owned(),
            grain: Grain::Year,
            group: "",
            choice: String::new(),
            event: false,
            texts: None,
            source: Arc::new(source),
            sources: Vec::new(),
            years: None,
            apart: None,
            tables: Arc::from([]),
        }
    }

    /// Its group with the choice, as it is requested; none for a key.
    pub fn requested(&self) -> Option<String> {
        (!self.group.is_empty()).then(|| as_requested(self.group, &self.choice))
    }

    /// Its name where another column has the same.
    pub fn named_apart(&self) -> String {
        let by = match &self.apart {
            Some(apart) => apart,
            None if self.choice.is_empty() => self.group,
            None => &self.choice,
        };
        format!("{by}_{}", self.name)
    }
}

/// A group with its choice, as it is requested.
pub(crate) fn as_requested(group: &str, choice: &str) -> String {
    if choice.is_empty() { group.to_owned() } else { format!("{group}:{choice}") }
}
