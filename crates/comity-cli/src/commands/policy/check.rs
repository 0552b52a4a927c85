//! `comity policy check`: what is wrong in a document, once or after each save.

use std::fmt::Write as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use comity_policy::diagnostic::{LineIndex, Severity, has_errors};
use comity_report::plain::clean;
use comity_report::{Form, sarif, words};

use crate::commands::worker;
use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs};
use crate::output;

/// How often a file that is watched is looked at.
const LOOK: Duration = Duration::from_millis(40);

/// Checks a policy once.
pub(super) fn run(named: &str, record: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let text = comity::PolicyText::named(named)?;
    let (policy, mut diagnostics) = comity_policy::parse(&text.file, &text.text);
    if let Some(policy) = &policy {
        // Queries are planned even where the form has errors: as many as there are in one run.
        diagnostics.extend(comity_policy::check(policy, &record.open()?));
    }
    diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
    diagnostics.dedup();
    let exit = if policy.is_none() || has_errors(&diagnostics) { Exit::Error } else { Exit::Done };
    if format == Form::Json {
        let normal = comity_policy::parse::normalise(&text.text);
        let index = LineIndex::new(&normal);
        let rows: Vec<_> = diagnostics
            .iter()
            .map(|d| {
                let (line, column) = index.position(d.span.start);
                serde_json::json!({
                    "file": text.file, "line": line, "column": column, "severity": d.severity,
                    "code": d.code, "message": d.message, "help": d.help,
                })
            })
            .collect();
        output::write(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
        return Ok(exit);
    }
    if format == Form::Sarif {
        output::write(&sarif::render(&diagnostics, &text.file, &text.text))?;
        return Ok(exit);
    }
    given::eprint_diagnostics(&diagnostics, &text.file, &text.text);
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    let warnings = diagnostics.len() - errors;
    let mut verdict = String::new();
    if let Some(policy) = policy.as_ref().filter(|_| exit == Exit::Done) {
        let cases: usize = policy.commitments.iter().map(|c| c.cases.len()).sum();
        let _ = write!(
            verdict,
            "{}: sound; {}, {}",
            clean(&text.file),
            words::plural(policy.commitments.len(), "commitment", "commitments"),
            words::plural(cases, "test", "tests")
        );
    } else {
        let _ =
            write!(verdict, "{}: {}", clean(&text.file), words::plural(errors, "error", "errors"));
    }
    if warnings > 0 {
        let _ = write!(verdict, ", {}", words::plural(warnings, "warning", "warnings"));
    }
    output::print(&format!("{verdict}\n"))?;
    Ok(exit)
}

/// Checks a file now and whenever it was saved, until the program is interrupted. A policy is hostile: each check is a process of its own,
/// within limits.
pub(super) fn watch(named: &str, record: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let path = Path::new(named);
    if !path.is_file() {
        return Err(Trouble::new(format!("{named} is no file that could be watched"))
            .help("a policy that ships does not change; `comity policy new FILE` writes one to begin with"));
    }
    let mut words: Vec<String> =
        ["policy", "check", named, "--format", format.name()].map(str::to_owned).to_vec();
    if let Some(folder) = &record.record {
        words.extend(["--record".to_owned(), folder.to_string_lossy().into_owned()]);
    }
    let mut seen = None;
    loop {
        let now = stamp(path);
        // Editors take a file away for a moment while they save it.
        if now.is_some() && now != seen {
            seen = now;
            match worker::run_apart(&words) {
                Ok(_) => {}
                Err(error) => anstream::eprintln!("{named} {error}"),
            }
            if format == Form::Text {
                anstream::eprintln!("watching {}; Ctrl-C stops", clean(named));
            }
        }
        sleep(LOOK);
    }
}

/// What tells that a file was saved.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = path.metadata().ok()?;
    Some((about.modified().ok()?, about.len()))
}
