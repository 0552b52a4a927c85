//! The manifest: what a record folder holds, swapped whole.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::file::Entry;
use crate::coverage::Coverage;
use crate::error::Error;
use crate::hex::sha256;
use crate::plain_file;
use crate::reading::Preferences;
use crate::schema::YEARS;
use crate::source::Source;

/// The format that this program writes.
pub const FORMAT_VERSION: u32 = 1;

/// The most bytes of a manifest: many times as many as with every dataset of the field.
pub(super) const MOST: u64 = 32 * 1024 * 1024;

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
    /// SHA-256 of the manifest's own text with this value left empty: no byte of it changes unseen.
    /// Format 0 had none.
    #[serde(default)]
    pub checksum: String,
    pub preferences: Preferences,
    pub sources: Vec<Stored>,
}

/// What says whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    format_version: Option<u32>,
    checksum: Option<String>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self {
            format_version: FORMAT_VERSION,
            program: program(),
            checksum: String::new(),
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
        let bytes = plain_file::read(path, MOST).map_err(|source| Error::Io {
            action: "cannot read",
            path: path.to_owned(),
            source,
        })?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => Self::parse(path, text),
            Err(e) => Err(Error::Manifest {
                path: path.to_owned(),
                line: String::from_utf8_lossy(&bytes[..e.valid_up_to()]).split('\n').count(),
                reason: "it is not UTF-8 text".into(),
            }),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let damaged = |e: &serde_json::Error| Error::Manifest {
            path: path.to_owned(),
            line: e.line().max(1),
            reason: e.to_string(),
        };
        // Nothing is built of a text whose checksum is wrong.
        let head: Head = serde_json::from_str(text).map_err(|e| damaged(&e))?;
        let Some(found) = head.format_version else {
            let reason = "it has no `format_version`".to_owned();
            return Err(Error::Manifest { path: path.to_owned(), line: 1, reason });
        };
        if found > FORMAT_VERSION {
            let known = FORMAT_VERSION;
            return Err(Error::NewerFormat { path: path.to_owned(), found, known });
        }
        let wrong = |reason: String| Error::Manifest { path: path.to_owned(), line: 1, reason };
        match head.checksum.as_deref() {
            Some(stated) if stated == checksum(text, stated) => {}
            Some(stated) => {
                let is = checksum(text, stated);
                return Err(wrong(format!("its checksum is {is}, it should be {stated}")));
            }
            None if found > 0 => return Err(wrong("it has no `checksum`".into())),
            None => {}
        }
        let manifest: Self = if found == 0 {
            let mut value = serde_json::from_str(text).map_err(|e| damaged(&e))?;
            from_0_to_1(&mut value);
            serde_json::from_value(value).map_err(|e| damaged(&e))?
        } else {
            serde_json::from_str(text).map_err(|e| damaged(&e))?
        };
        for source in manifest.sources.iter().map(|s| &s.source) {
            let odd =
                |c: &&Coverage| c.from > c.to || !YEARS.contains(&c.from) || !YEARS.contains(&c.to);
            if let Some(c) = source.coverage.iter().find(odd) {
                let (id, from, to) = (&source.id, c.from, c.to);
                return Err(wrong(format!("{id} covers {} from {from} to {to}", c.table)));
            }
        }
        Ok(manifest)
    }

    /// Whether two manifests differ in nothing but who wrote them.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self.sources == other.sources && self.preferences == other.preferences
    }

    /// The manifest as it is written.
    pub(crate) fn to_text(&self) -> String {
        let mut current = Self {
            format_version: FORMAT_VERSION,
            program: program(),
            checksum: String::new(),
            ..self.clone()
        };
        let text =
            |manifest: &Self| serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
        current.checksum = sha256(text(&current).as_bytes());
        text(&current)
    }
}

/// SHA-256 of the text without the value of its checksum.
fn checksum(text: &str, stated: &str) -> String {
    let field = |value: &str| format!("\"checksum\": \"{value}\"");
    sha256(text.replacen(&field(stated), &field(""), 1).as_bytes())
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
    use std::fs;

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
    fn no_byte_of_a_manifest_changes_unseen() {
        let mut manifest = Manifest::parse(Path::new("m"), ZERO).unwrap();
        manifest.sources[0].source.coverage.push(Coverage::all("treaties", 1816, 2018));
        let text = manifest.to_text();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1 << (at % 8);
            fs::write(&path, &bytes).unwrap();
            let message = Manifest::read(&path).unwrap_err().to_string();
            assert!(message.contains("manifest.json"), "byte {at}: {message}");
        }
        fs::write(&path, &text).unwrap();
        assert_eq!(Manifest::read(&path).unwrap().sources, manifest.sources);
    }

    #[test]
    fn a_claim_about_impossible_years_is_refused() {
        let mut manifest = Manifest::parse(Path::new("m"), ZERO).unwrap();
        manifest.sources[0].source.coverage.push(Coverage::all("treaties", 1816, i32::MAX));
        let message = Manifest::parse(Path::new("m"), &manifest.to_text()).unwrap_err().to_string();
        assert!(message.contains("a-1 covers treaties from 1816 to 2147483647"), "{message}");
    }

    #[test]
    fn newer_and_broken_manifests_are_distinguished() {
        let parse = |text| Manifest::parse(Path::new("m"), text).unwrap_err();
        assert!(matches!(parse(r#"{"format_version":99}"#), Error::NewerFormat { found: 99, .. }));
        assert!(matches!(
            parse("{\n\"format_version\": 1,\n"),
            Error::Manifest { line: 3 | 2, .. }
        ));
        assert!(matches!(parse("[]"), Error::Manifest { .. }));
        assert!(matches!(parse(r#"{"format_version":1}"#), Error::Manifest { .. }));
    }
}
