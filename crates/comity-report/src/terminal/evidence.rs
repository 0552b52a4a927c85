//! The evidence: one entry for each event, so that it can be quoted.

use std::fmt::Write as _;

use comity_policy::audit::{Audit, CommitmentAudit};

use super::{BOLD, DIM, lines, pairs};
use crate::evidence::{Cited, Entry, citation, entries, severity};
use crate::plain::{clean, wrap};
use crate::{Page, answer, state_name, words};

/// The evidence of all commitments, where it was asked for.
pub fn of(out: &mut String, page: Page<'_>, width: usize) {
    let audits = &page.report.audits;
    if !page.extra.evidence {
        return;
    }
    let ids = audits.first().into_iter().flat_map(|a| a.commitments.iter().map(|c| c.id.as_str()));
    for (audit, c) in ids.flat_map(|id| pairs(audits, id)) {
        let found = entries(&c.findings);
        if found.is_empty() {
            continue;
        }
        let count = words::plural(found.len(), "event", "events");
        let state = state_name(&audit.state);
        out.push('\n');
        let title = format!("Evidence: {state}, {} ({count})", answer::uncapital(&c.title));
        for line in wrap(&clean(&title), width) {
            let _ = writeln!(out, "{BOLD}{line}{BOLD:#}");
        }
        for entry in &found {
            self::entry(out, page, (audit, c), entry, width);
        }
    }
}

fn entry(
    out: &mut String,
    page: Page<'_>,
    (audit, c): (&Audit, &CommitmentAudit),
    entry: &Entry<'_>,
    width: usize,
) {
    event(out, entry, None, width);
    let report = page.report;
    let cited = Cited {
        state: &audit.state.name,
        commitment: &c.id,
        program: &report.program,
        policy: (&report.policy.id, &report.policy.fingerprint),
        record: &report.record.fingerprint,
    };
    let sources = &report.record.sources;
    let title = |id: &str| sources.iter().find(|s| s.id == id).map(|s| s.title.as_str());
    let text = format!("cite: {}", citation(entry, cited, title));
    for line in wrap(&text, width.saturating_sub(4).max(20)) {
        let _ = writeln!(out, "    {DIM}{line}{DIM:#}");
    }
}

/// When and what, the row, and pages about it.
pub fn event(out: &mut String, entry: &Entry<'_>, year: Option<i32>, width: usize) {
    let text = format!("{}  {}", entry.when(), entry.what(12));
    for (nth, line) in wrap_kept(&text, width.saturating_sub(4)).iter().enumerate() {
        let indent = if nth == 0 { "  " } else { "    " };
        let _ = writeln!(out, "{indent}{line}");
    }
    // Where only one year is asked, it is said already.
    let counted = match year {
        Some(_) => severity(entry.severity()).to_owned(),
        None => entry.counted(),
    };
    lines(out, &format!("{counted} · {}", entry.source()), width, "    ");
    for page in entry.pages() {
        let _ = writeln!(out, "    {}", clean(page));
    }
}

/// Wrapped, with the two blanks behind the day kept.
fn wrap_kept(text: &str, width: usize) -> Vec<String> {
    let (when, what) = text.split_once("  ").unwrap_or(("", text));
    let mut wrapped = wrap(&format!("{} {what}", when.replace(' ', "\u{a0}")), width.max(20));
    if let Some(first) = wrapped.first_mut() {
        *first = first.replacen(' ', "  ", 1).replace('\u{a0}', " ");
    }
    wrapped
}
