//! Evidence packs: an audit with everything that it rests on, in one file that anyone can check offline.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use comity_policy::audit::Report;
use comity_record::columns::texts;
use comity_record::rows::Value;
use comity_record::schema::table;
use comity_record::{Record as Tables, sha256};
use serde::{Deserialize, Serialize};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::{AuditOptions, Error, Policy, Record};

/// What the list of a pack says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// `comity-pack`.
    pub format: String,
    /// 1.
    pub version: u32,
    /// The program that made it.
    pub program: String,
    /// Fingerprint of the record.
    pub record: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// SHA-256 of each member, by name.
    pub members: BTreeMap<String, String>,
}

/// A row behind the claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Row {
    source: String,
    source_row: String,
    table: String,
    /// SHA-256 over the cells.
    sha256: String,
    /// The cells, where the licence of the source allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<BTreeMap<String, String>>,
}

/// What a check of a pack found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What the pack says of itself.
    pub contents: Contents,
    /// How many rows it holds with their cells, and how many by their hash alone.
    pub rows: (usize, usize),
    /// What is wrong; empty where nothing is.
    pub wrong: Vec<String>,
    /// Against a record: what was compared, in a sentence each.
    pub compared: Vec<String>,
}

const LIST: &str = "contents.json";
const CLAIM: &str = "claim.json";
const POLICY: &str = "policy.md";
const ROWS: &str = "rows.jsonl";
/// A member has at most so many bytes unpacked.
const LARGEST: u64 = 512 << 20;

impl Record {
    /// An audit as an evidence pack: the claim, the policy, the rows behind the findings (their cells where the licence of the source allows
    /// it, else a hash), the versions of all sources.
    ///
    /// ```
    /// use comity::{AuditOptions, Policy, Record};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("bandung-1955")?;
    /// let options = AuditOptions { from: Some(1950), to: Some(1955), ..AuditOptions::default() };
    /// let pack = record.pack(&policy, &record.audit(&policy, &["CHN"], &options)?)?;
    /// assert!(comity::pack::check(&pack, None)?.wrong.is_empty());
    ///
    /// // One byte is changed.
    /// let mut other = pack.clone();
    /// let at = other.windows(6).position(|w| w == b"policy").unwrap() + 200;
    /// other[at] ^= 1;
    /// assert!(comity::pack::check(&other, None).map_or(true, |c| !c.wrong.is_empty()));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A damaged file of the record.
    pub fn pack(&self, policy: &Policy, report: &Report) -> Result<Vec<u8>, Error> {
        let rows = rows(self.tables(), report)?;
        let mut lines = String::new();
        for row in &rows {
            lines.push_str(&json(row)?);
            lines.push('\n');
        }
        let members = [
            (CLAIM, json(report)? + "\n"),
            (POLICY, policy.document().text.clone()),
            (ROWS, lines),
        ];
        let contents = Contents {
            format: "comity-pack".into(),
            version: 1,
            program: report.program.clone(),
            record: report.record.fingerprint.clone(),
            policy: report.policy.fingerprint.clone(),
            members: members.iter().map(|(n, t)| ((*n).to_owned(), sha256(t.as_bytes()))).collect(),
        };
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // The same bytes for the same claim: no clock.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default());
        let list = json(&contents)? + "\n";
        for (name, text) in
            std::iter::once((LIST, &list)).chain(members.iter().map(|(n, t)| (*n, t)))
        {
            zip.start_file(name, options).map_err(|e| Error::new(e.to_string()))?;
            zip.write_all(text.as_bytes()).map_err(|e| Error::new(e.to_string()))?;
        }
        Ok(zip.finish().map_err(|e| Error::new(e.to_string()))?.into_inner())
    }
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::new(e.to_string()))
}

/// The rows behind the findings of a report.
fn rows(record: &Tables, report: &Report) -> Result<Vec<Row>, Error> {
    let findings = report.audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.findings);
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in findings {
        wanted.entry(&finding.source).or_default().insert(&finding.source_row);
    }
    let mut all = Vec::new();
    for (source, keys) in wanted {
        let may = record.source(source).is_some_and(|s| allows(&s.licence));
        for name in record.tables_of(source) {
            let Some(canonical) = table(name) else { continue };
            let Some(batch) = record.rows(source, canonical)? else { continue };
            let found = texts(&batch, "source_row");
            for row in 0..batch.num_rows() {
                let key = found.value(row);
                if !keys.contains(key) {
                    continue;
                }
                let mut cells = BTreeMap::new();
                for column in canonical.columns {
                    let value = batch
                        .column_by_name(column.name)
                        .map_or(Value::Null, |c| Value::of(c.as_ref(), row));
                    if value != Value::Null {
                        cells.insert(column.name.to_owned(), value.text());
                    }
                }
                let sha256 = of_cells(&cells);
                let cells = may.then_some(cells);
                all.push(Row {
                    source: source.into(),
                    source_row: key.into(),
                    table: name.into(),
                    sha256,
                    cells,
                });
            }
        }
    }
    Ok(all)
}

/// The hash of a row: over the names and values of its cells, each on a line of its own.
fn of_cells(cells: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (name, value) in cells {
        text.push_str(&format!("{name}={}:{value}\n", value.len()));
    }
    sha256(text.as_bytes())
}

/// Whether a licence is known to allow rows to be given on; one that is not known does not.
fn allows(licence: &str) -> bool {
    let licence = licence.to_lowercase();
    let words: Vec<&str> =
        licence.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let says = |phrase: &&str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.windows(phrase.len()).any(|w| w == phrase)
    };
    let free = ["cc0", "public domain", "cc by", "mit", "unlimited use", "odc by", "apache"];
    let refused =
        ["nc", "nd", "noncommercial", "no redistribution", "not be redistributed", "permission"];
    free.iter().any(says) && !refused.iter().any(says)
}

/// Checks a pack: every member against the list, every row with cells against its hash; against a record, if one is given, the fingerprint
/// and the verdicts too.
///
/// # Errors
/// What is no pack.
pub fn check(bytes: &[u8], record: Option<&Record>) -> Result<Checked, Error> {
    let no_pack = |what: String| {
        Error::new(format!("this is no evidence pack: {what}"))
            .help("`comity audit STATE --pack FILE.zip` makes one")
    };
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| no_pack(e.to_string()))?;
    let mut members: BTreeMap<String, Result<Vec<u8>, String>> = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = match zip.by_index(at) {
            Ok(file) => file,
            Err(e) => return Err(no_pack(e.to_string())),
        };
        let name = file.name().map_err(|e| no_pack(e.to_string()))?.into_owned();
        let mut text = Vec::new();
        let read = (&mut file).take(LARGEST + 1).read_to_end(&mut text).map_err(|e| e.to_string());
        let text = match read {
            Ok(n) if n as u64 > LARGEST => Err("it is too large".to_owned()),
            Ok(_) => Ok(text),
            Err(e) => Err(e),
        };
        if members.insert(name.clone(), text).is_some() {
            return Err(no_pack(format!("{name} stands in it twice")));
        }
    }
    let list = match members.remove(LIST) {
        Some(Ok(list)) => list,
        Some(Err(e)) => return Err(no_pack(format!("{LIST}: {e}"))),
        None => return Err(no_pack(format!("it has no {LIST}"))),
    };
    let contents: Contents =
        serde_json::from_slice(&list).map_err(|e| no_pack(format!("{LIST}: {e}")))?;
    let mut wrong = Vec::new();
    for (name, hash) in &contents.members {
        match members.get(name) {
            None => wrong.push(format!("{name} is missing")),
            Some(Err(e)) => wrong.push(format!("{name} is damaged: {e}")),
            Some(Ok(text)) if sha256(text) != **hash => wrong.push(format!("{name} was changed")),
            Some(Ok(_)) => {}
        }
    }
    for name in members.keys().filter(|n| !contents.members.contains_key(*n)) {
        wrong.push(format!("{name} is not on the list"));
    }
    let text = |name: &str| {
        members.get(name).and_then(|m| m.as_ref().ok()).and_then(|m| std::str::from_utf8(m).ok())
    };
    let mut rows = (0, 0);
    for (at, line) in text(ROWS).unwrap_or_default().lines().enumerate() {
        match serde_json::from_str::<Row>(line) {
            Ok(Row { cells: Some(cells), sha256, source_row, .. }) => {
                rows.0 += 1;
                if of_cells(&cells) != sha256 {
                    wrong.push(format!(
                        "{ROWS}:{}: the cells of {source_row} are not those of its hash",
                        at + 1
                    ));
                }
            }
            Ok(_) => rows.1 += 1,
            Err(e) => wrong.push(format!("{ROWS}:{}: {e}", at + 1)),
        }
    }
    let policy = text(POLICY).unwrap_or_default();
    let (parsed, _) = comity_policy::parse(POLICY, policy);
    if parsed.as_ref().map(comity_policy::fingerprint) != Some(contents.policy.clone()) {
        wrong.push(format!("{POLICY} is not the policy of the claim"));
    }
    let claim: serde_json::Value =
        serde_json::from_str(text(CLAIM).unwrap_or("null")).unwrap_or_default();
    for (part, is) in [("policy", &contents.policy), ("record", &contents.record)] {
        if claim[part]["fingerprint"].as_str() != Some(is) {
            wrong.push(format!("{CLAIM} is of another {part}"));
        }
    }
    let mut compared = Vec::new();
    if let (Some(record), Some(policy)) = (record, parsed) {
        against(record, &Policy::from(policy), &claim, &contents, &mut compared, &mut wrong)?;
    }
    Ok(Checked { contents, rows, wrong, compared })
}

/// The claim beside an audit of a record.
fn against(
    record: &Record,
    policy: &Policy,
    claim: &serde_json::Value,
    contents: &Contents,
    compared: &mut Vec<String>,
    wrong: &mut Vec<String>,
) -> Result<(), Error> {
    let same = record.fingerprint()? == contents.record;
    compared.push(if same {
        "the record is the one of the claim".into()
    } else {
        "the record is another than that of the claim".into()
    });
    let mut differ = 0;
    let mut all = 0;
    for audit in claim["audits"].as_array().into_iter().flatten() {
        let Some(state) = audit["state"]["ccode"].as_i64() else { continue };
        let year = |name: &str| audit[name].as_i64().and_then(|y| i32::try_from(y).ok());
        let options =
            AuditOptions { from: year("from"), to: year("to"), ..AuditOptions::default() };
        let report = record.audit(policy, &[&state.to_string()], &options)?;
        for (then, now) in audit["commitments"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(report.audits.iter().flat_map(|a| &a.commitments))
        {
            for (a, b) in then["verdicts"].as_array().into_iter().flatten().zip(&now.verdicts) {
                all += 1;
                differ += usize::from(a["verdict"].as_str() != Some(b.verdict.name()));
            }
        }
    }
    compared.push(format!("{} of {all} verdicts are the same over this record", all - differ));
    if same && differ > 0 {
        wrong.push(format!("{differ} verdicts are not those of the same record"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_that_allow_are_told_from_those_that_do_not() {
        for (licence, is) in [
            ("CC BY 4.0", true),
            ("CC0 1.0", true),
            ("Public domain", true),
            ("GDELT: unlimited use with citation", true),
            ("CC BY-NC 4.0", false),
            ("CC-BY-NC-ND", false),
            ("CC-BY-4.0", true),
            ("use limited to the academy; permitted uses below", false),
            ("free for academic use, no redistribution", false),
            ("", false),
        ] {
            assert_eq!(allows(licence), is, "{licence}");
        }
    }
}
