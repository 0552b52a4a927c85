//! The manifest: what a record folder holds, swapped whole.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::file::Entry;
use crate::error::Error;
use crate::reading::Preferences;
use crate::source::Source;

/// The format that this program writes.
pub const FORMAT_VERSION: u32 = 1;

/// One source of a record folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    #[serde(flatten)]
    pub source: Source,
    pub tables: Vec<Entry>,
}

/// What a record folder holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub format_version: u32,
    pub program: String,
    pub preferences: Preferences,
    pub sources: Vec<Stored>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format_version: FORMAT_VERSION,
            program: program(),
            preferences: Preferences::default(),
            sources: Vec::new(),
        }
    }
}

fn program() -> String {
    format!("comity {}", env!("CARGO_PKG_VERSION"))
}

impl Manifest {
    /// Reads a manifest, brought to the format of today.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path).map_err(|source| Error::Io {
            action: "cannot read",
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let damaged = |e: &serde_json::Error| Error::Manifest {
            path: path.to_owned(),
            line: e.line().max(1),
            reason: e.to_string(),
        };
        let mut value: serde_json::Value = serde_json::from_str(text).map_err(|e| damaged(&e))?;
        let found = value.get("format_version").and_then(serde_json::Value::as_u64);
        let Some(found) = found.and_then(|v| u32::try_from(v).ok()) else {
            let reason = "it has no `format_version`".to_owned();
            return Err(Error::Manifest { path: path.to_owned(), line: 1, reason });
        };
        if found > FORMAT_VERSION {
            let known = FORMAT_VERSION;
            return Err(Error::NewerFormat { path: path.to_owned(), found, known });
        }
        if found == 0 {
            from_0_to_1(&mut value);
        }
        serde_json::from_value(value).map_err(|e| damaged(&e))
    }

    /// The manifest as it is written.
    pub(crate) fn to_text(&self) -> String {
        let current = Self { format_version: FORMAT_VERSION, program: program(), ..self.clone() };
        let mut text = serde_json::to_string_pretty(&current).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Format 0 had no preferences and called the date of adding `date`.
fn from_0_to_1(value: &mut serde_json::Value) {
    let Some(manifest) = value.as_object_mut() else { return };
    manifest.insert("format_version".into(), 1.into());
    manifest.entry("preferences").or_insert_with(|| serde_json::json!({ "baseline": {} }));
    manifest.entry("program").or_insert_with(|| "comity".into());
    for source in manifest.get_mut("sources").and_then(|s| s.as_array_mut()).into_iter().flatten() {
        let Some(source) = source.as_object_mut() else { continue };
        if let Some(date) = source.remove("date") {
            source.insert("added".into(), date);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZERO: &str = r#"{"format_version":0,"sources":[{"id":"a-1","dataset":"a","version":"1","title":"A",
        "publisher":"P","citation":"C","licence":"L","url":"U","relations":{"treaties":"rival"},"files":[],
        "date":"2026-01-02","coverage":[],"tables":[]}]}"#;

    #[test]
    fn format_0_is_brought_to_today() {
        let manifest = Manifest::parse(Path::new("manifest.json"), ZERO).unwrap();
        assert_eq!(manifest.format_version, FORMAT_VERSION);
        assert_eq!(manifest.sources[0].source.added, "2026-01-02");
        assert_eq!(manifest.preferences, Preferences::default());
        let again = Manifest::parse(Path::new("manifest.json"), &manifest.to_text()).unwrap();
        assert_eq!(again.sources, manifest.sources);
    }

    #[test]
    fn newer_and_broken_manifests_are_told_apart() {
        let parse = |text| Manifest::parse(Path::new("m"), text).unwrap_err();
        assert!(matches!(parse(r#"{"format_version":99}"#), Error::NewerFormat { found: 99, .. }));
        assert!(matches!(parse("{\n\"format_version\": 1,\n"), Error::Manifest { line: 3 | 2, .. }));
        assert!(matches!(parse("[]"), Error::Manifest { .. }));
        assert!(matches!(parse(r#"{"format_version":1}"#), Error::Manifest { .. }));
    }
}
