//! A changed policy in the child process: what is changed is checked, tested and run, for one state.

use comity::audit::{CommitmentAudit, Finding, YearVerdict};
use comity::{AuditOptions, CaseResult, Error, Policy, Record, Remark};
use serde_json::{Value, json};

use crate::picture::digits;

/// Findings that are said of one commitment, and years of values.
const FINDINGS: usize = 40;
/// Remarks that are said of a text.
const REMARKS: usize = 60;

/// What the changed policy says, as JSON.
pub fn answer(record: &Record, question: &Value) -> Result<Vec<u8>, Error> {
    let text = |name: &str| question[name].as_str().unwrap_or_default();
    let year = |name: &str| question[name].as_i64().and_then(|y| i32::try_from(y).ok());
    let before = of_text(record, text("file"), text("before"))?;
    let revision = before.revise(text("file"), text("after"), record);
    let failed = revision.remarks.iter().any(|r| r.error);
    let mut said = json!({
        "changed": revision.changed,
        "removed": revision.removed,
        "runs": !failed,
        "remarks": revision.remarks.iter().take(REMARKS).map(remark).collect::<Vec<_>>(),
        "tests": [],
        "commitments": [],
    });
    if let Some(policy) = &revision.policy {
        let options =
            AuditOptions { commitments: revision.changed.clone(), ..AuditOptions::default() };
        let report = record.evaluation(policy, &options)?.report(
            &[state(question)?],
            year("from"),
            year("to"),
        )?;
        let audits = report.audits.iter().flat_map(|a| &a.commitments);
        let wanted = audits.filter(|c| revision.changed.contains(&c.id));
        said["commitments"] = wanted.map(commitment).collect();
        said["tests"] = revision.test().iter().map(|t| case(policy, t)).collect();
    }
    Ok(said.to_string().into_bytes())
}

fn state(question: &Value) -> Result<i32, Error> {
    let ccode = question["state"].as_i64().and_then(|c| i32::try_from(c).ok());
    ccode.ok_or_else(|| Error::new("no state was named"))
}

/// The policy of a text. One that ships needs no check.
pub(super) fn of_text(record: &Record, file: &str, text: &str) -> Result<Policy, Error> {
    let shipped = comity::SHIPPED.iter().find(|p| p.text == text);
    match shipped {
        Some(shipped) => Policy::shipped(shipped.id),
        None => Policy::parse(file, text, record),
    }
}

fn remark(r: &Remark) -> Value {
    json!({
        "line": r.line, "column": r.column, "error": r.error,
        "code": r.code, "message": r.message, "help": r.help,
    })
}

fn commitment(c: &CommitmentAudit) -> Value {
    let first = c.verdicts.first().map(|v| v.year);
    let first = first.or_else(|| c.values.iter().map(|v| v.year).min());
    let values = c.values.iter().map(|v| json!([v.block, v.year, v.value]));
    json!({
        "id": c.id,
        "title": c.title,
        "judged": c.judged,
        "from": first,
        "forms": digits(&c.verdicts),
        "differs": differing(&c.verdicts),
        "found": c.findings.len(),
        "findings": c.findings.iter().rev().take(FINDINGS).map(finding).collect::<Vec<_>>(),
        "values": values.collect::<Vec<_>>(),
    })
}

fn differing(verdicts: &[YearVerdict]) -> Vec<i32> {
    let differ = verdicts.iter().filter(|v| comity_report::words::differs(v));
    differ.map(|v| v.year).collect()
}

fn finding(f: &Finding) -> Value {
    json!({
        "year": f.year, "severity": f.severity.name(), "other": f.other_abbr, "what": f.what,
        "source": f.source, "source_row": f.source_row,
    })
}

fn case(policy: &Policy, result: &CaseResult) -> Value {
    let text = &policy.document().text;
    let line = |byte: usize| text.get(..byte).map_or(1, |t| t.matches('\n').count() + 1);
    let failures = result.failures.iter().map(|f| {
        json!({
            "line": line(f.span.start), "state": f.state, "year": f.year,
            "expected": f.expected.to_string(), "got": f.got.to_string(),
        })
    });
    json!({
        "commitment": result.commitment, "case": result.case, "passed": result.passed(),
        "line": line(result.span.start), "error": result.error,
        "failures": failures.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use comity::PolicyText;

    use super::*;

    fn asked(after: &str) -> Value {
        let before = PolicyText::shipped("bandung-1955").unwrap().text;
        let question = json!({
            "file": "mine.md", "before": before, "after": after, "state": 710, "from": 1955, "to": 1970,
        });
        serde_json::from_slice(&answer(&Record::starter(), &question).unwrap()).unwrap()
    }

    fn shipped() -> String {
        PolicyText::shipped("bandung-1955").unwrap().text
    }

    #[test]
    fn only_what_is_changed_is_run_and_tested() {
        let same = asked(&shipped());
        assert_eq!((&same["changed"], &same["runs"]), (&json!([]), &json!(true)));
        assert_eq!(same["commitments"], json!([]));

        let policy = Policy::shipped("bandung-1955").unwrap();
        let judged = |c: &&comity::document::Commitment| c.kind == comity::document::Kind::Refrain;
        let c = policy.document().commitments.iter().find(judged).unwrap();
        let sql = c.versions[0].evidence[0].query.sql.trim_end();
        let nothing = shipped().replacen(sql, &format!("select * from ({sql}) where false"), 1);
        let said = asked(&nothing);
        let changed = said["changed"].as_array().unwrap();
        assert!(changed.contains(&json!(c.id)), "{said}");
        assert!(said["runs"].as_bool().unwrap(), "{said}");
        let first = &said["commitments"][0];
        assert_eq!(first["forms"].as_str().unwrap().len(), 16, "{first}");
        // The document's own tests notice that the query finds nothing any more.
        assert!(said["tests"].as_array().unwrap().iter().any(|t| t["passed"] == false), "{said}");
    }

    #[test]
    fn errors_have_their_place_and_a_document_of_nonsense_is_refused_in_words() {
        let said = asked(&shipped().replacen("select", "selct", 1));
        assert_eq!(said["runs"], false);
        let error =
            &said["remarks"].as_array().unwrap().iter().find(|r| r["error"] == true).unwrap();
        assert!(error["line"].as_u64().unwrap() > 1);
        for nonsense in ["", "# <script>", "+++\n+++\n", "\0"] {
            assert_eq!(asked(nonsense)["runs"], false, "{nonsense:?}");
        }
    }
}
