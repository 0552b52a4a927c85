//! What is wrong in a policy document as SARIF 2.1.0: editors and code hosts underline it where it stands.

use comity_policy::diagnostic::{Diagnostic, LineIndex, Severity};
use comity_policy::document::Span;
use comity_policy::register::CODES;
use serde_json::{Value, json};

/// The log of one check. `text` is the document as it was read, and `file` its path as it was given.
pub fn render(diagnostics: &[Diagnostic], file: &str, text: &str) -> String {
    let normal = comity_policy::parse::normalise(text);
    let index = LineIndex::new(&normal);
    let uri = uri(file);
    let place = |span: &Span, says: Option<&str>| {
        let ((line, column), (end_line, end_column)) =
            (index.position(span.start), index.position(span.end.max(span.start)));
        let mut place = json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri },
                "region": {
                    "startLine": line, "startColumn": column,
                    "endLine": end_line, "endColumn": end_column,
                },
            },
        });
        if let Some(says) = says {
            place["message"] = json!({ "text": says });
        }
        place
    };
    let mut used: Vec<&str> = diagnostics.iter().map(|d| d.code).collect();
    used.sort_unstable();
    used.dedup();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|d| {
            let message = match &d.help {
                Some(help) => format!("{}\n{help}", d.message),
                None => d.message.clone(),
            };
            let level = match d.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let mut result = json!({
                "ruleId": d.code,
                "ruleIndex": used.binary_search(&d.code).unwrap_or_default(),
                "level": level,
                "message": { "text": message },
                "locations": [place(&d.span, None)],
            });
            if !d.labels.is_empty() {
                let related = d.labels.iter().map(|l| place(&l.span, Some(&l.text)));
                result["relatedLocations"] = related.collect();
            }
            result
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "comity",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": used.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// What a code means, for who has not met it before.
fn rule(name: &str) -> Value {
    let Some(code) = CODES.iter().find(|c| c.name == name) else { return json!({ "id": name }) };
    json!({
        "id": name,
        "shortDescription": { "text": code.meaning() },
        "help": { "text": code.page, "markdown": code.page },
    })
}

/// A path as the address of an artefact: relative to where the program was run, as code hosts want it, or whole.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_underlined_where_it_stands() {
        let text = "---\r\nid: t\r\ntitle: Tést\r\n---\r\n# Article\r\n\r\n## One thing {#one .refrain .nonsense}\r\n";
        let (_, diagnostics) = comity_policy::parse("my policy.md", text);
        assert!(!diagnostics.is_empty());
        let log: Value =
            serde_json::from_str(&render(&diagnostics, "./my policy.md", text)).unwrap();
        let run = &log["runs"][0];
        for (d, result) in diagnostics.iter().zip(run["results"].as_array().unwrap()) {
            assert_eq!(result["ruleId"], d.code);
            let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
            assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], d.code);
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "my%20policy.md");
            let region = &place["region"];
            assert!(region["startLine"].as_u64().unwrap() >= 1, "{region}");
            let end = (region["endLine"].as_u64(), region["endColumn"].as_u64());
            assert!(end >= (region["startLine"].as_u64(), region["startColumn"].as_u64()));
        }
    }

    #[test]
    fn nothing_wrong_is_a_log_without_results() {
        let log: Value = serde_json::from_str(&render(&[], "/tmp/a.md", "")).unwrap();
        assert_eq!(log["runs"][0]["results"], json!([]));
        assert_eq!(uri("/tmp/ä.md"), "file:///tmp/%C3%A4.md");
    }
}
