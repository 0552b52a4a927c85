//! The report as Markdown, for a wiki, a pull request or a notebook.

use std::fmt::Write as _;

use comity_policy::audit::{Audit, CommitmentAudit};

use super::gaps::Gaps;
use super::{Page, evidence, gather, plain::clean, ribbon, state_name, terminal, words, years};

/// The report as a Markdown document.
pub fn render(page: Page<'_>) -> String {
    let report = page.report;
    let mut out = String::new();
    let _ = writeln!(out, "# {}: {}\n", text(&report.policy.title), text(&terminal::whom(page)));
    let _ = writeln!(out, "{}\n", text(&legend()));
    for audit in &report.audits {
        state(&mut out, page, audit);
    }
    expected(&mut out, page);
    without(&mut out, page);
    gaps(&mut out, page);
    sources(&mut out, page);
    let _ = writeln!(out, "## Fingerprints\n");
    let _ = writeln!(
        out,
        "* policy `{}` {}",
        code(&report.policy.id),
        code(&report.policy.fingerprint)
    );
    let _ = writeln!(out, "* record {}", code(&report.record.fingerprint));
    let _ = writeln!(out, "* {}", text(&report.program));
    super::plain::checked(out, false)
}

fn legend() -> String {
    let signs: Vec<String> = comity_policy::verdict::Form::ALL
        .into_iter()
        .map(|form| format!("{} {}", ribbon::sign(form), form.name()))
        .collect();
    format!("One sign per year: {}.", signs.join(", "))
}

fn state(out: &mut String, page: Page<'_>, audit: &Audit) {
    let _ = writeln!(out, "## {}\n", text(&super::title(audit)));
    for remark in &audit.remarks {
        let _ = writeln!(out, "> {}\n", text(remark));
    }
    let _ = writeln!(out, "{}\n", text(&words::lead(audit)));
    for (name, list) in words::Standing::of(audit).groups() {
        let named: Vec<String> = list
            .iter()
            .map(|(c, detail)| {
                if detail.is_empty() { c.title.clone() } else { format!("{} ({detail})", c.title) }
            })
            .collect();
        let _ = writeln!(out, "* **{name}**: {}", text(&named.join("; ")));
    }
    out.push('\n');
    for article in &page.policy.articles {
        let inside: Vec<_> = audit.commitments.iter().filter(|c| c.article == article.id).collect();
        let goals: Vec<_> = audit.goals.iter().filter(|g| g.article == article.id).collect();
        if inside.is_empty() && goals.is_empty() {
            continue;
        }
        let _ = writeln!(out, "### {}\n", text(&article.title));
        for c in inside {
            commitment(out, page, audit, c);
        }
        for g in goals {
            let _ = writeln!(out, "#### {} `{}`\n", text(&g.title), code(&g.id));
            for block in terminal::blocks(&g.values) {
                let _ = writeln!(out, "{}\n", text(&terminal::values_line(&block, g.better, true)));
            }
            if g.values.is_empty() {
                out.push_str("Not known in any of these years.\n\n");
            }
        }
    }
}

fn commitment(out: &mut String, page: Page<'_>, audit: &Audit, c: &CommitmentAudit) {
    let _ = writeln!(out, "#### {} `{}`\n", text(&c.title), code(&c.id));
    if c.judged {
        let signs: String = c.verdicts.iter().map(|v| ribbon::sign(v.form())).collect();
        let ruler = ribbon::ruler(audit.from, audit.to);
        let _ = writeln!(out, "```text\n{ruler}\n{signs}\n```\n");
    }
    let mut sentence = words::summary(c);
    for more in words::further(c).into_iter().chain(words::base_rate(c)) {
        let _ = write!(sentence, "; {more}");
    }
    let _ = writeln!(out, "{}.\n", text(&sentence));
    for block in terminal::blocks(&c.values) {
        let _ = writeln!(out, "{}\n", text(&terminal::values_line(&block, c.better, true)));
    }
    if !page.extra.evidence || c.findings.is_empty() {
        return;
    }
    out.push_str("| years | finding | with | weight | source |\n|---|---|---|---|---|\n");
    for strand in evidence::strands(&c.findings) {
        let f = strand.finding;
        let label = f.label.as_ref().map(|l| format!(" [{l}]")).unwrap_or_default();
        let reading = if f.reading == "baseline" {
            String::new()
        } else {
            format!(" (only if {})", f.reading)
        };
        let _ = writeln!(
            out,
            "| {} | {}{} | {} | {} | {} {}{} |",
            strand.years(),
            text(&f.what),
            text(&label),
            text(&strand.other()),
            evidence::severity(f.severity),
            text(&f.source),
            text(&f.source_row),
            text(&reading)
        );
    }
    out.push('\n');
}

fn expected(out: &mut String, page: Page<'_>) {
    if page.extra.expected.is_empty() {
        return;
    }
    out.push_str("## Beside what would be expected\n\n");
    for one in &page.extra.expected.all {
        let _ = writeln!(out, "* {}", text(&one.sentence()));
    }
    for note in page.extra.expected.notes() {
        let _ = writeln!(out, "\n{}", text(&note));
    }
    out.push('\n');
}

fn without(out: &mut String, page: Page<'_>) {
    if page.report.without.is_empty() {
        return;
    }
    let pairs: Vec<String> =
        page.report.without.iter().map(|&(a, b)| terminal::pair(page, a, b)).collect();
    let _ = writeln!(out, "## Findings set aside: {}\n", text(&pairs.join(", ")));
    if page.extra.changes.is_empty() {
        out.push_str("No verdict changes.\n\n");
        return;
    }
    for (state, id, before, after, when) in gather(&page.extra.changes) {
        let _ = writeln!(
            out,
            "* {} `{}`: {} becomes {} in {}",
            text(&state_name(state)),
            code(id),
            ribbon::name(before),
            ribbon::name(after),
            years::list_of(when, 8)
        );
    }
    out.push('\n');
}

fn gaps(out: &mut String, page: Page<'_>) {
    let gaps = Gaps::of(&page.report.audits, &page.extra.unread);
    if gaps.is_empty() {
        return;
    }
    out.push_str("## What would answer the unknown years\n\n| dataset | years | for | |\n|---|---|---|---|\n");
    for (list, note) in [
        (gaps.can_be_added, "`comity record add`"),
        (gaps.not_yet_read, "not yet read by this version"),
        (gaps.unanswered, "nothing to add"),
    ] {
        for gap in list {
            let (from, to) = gap.years;
            let ids = text(&gap.commitments.join(", "));
            let _ = writeln!(
                out,
                "| {} | {} | {ids} | {note} |",
                text(&gap.what),
                years::words(from, to)
            );
        }
    }
    out.push('\n');
}

fn sources(out: &mut String, page: Page<'_>) {
    out.push_str("## Sources\n\n");
    for s in &page.report.record.sources {
        let _ = writeln!(
            out,
            "* `{}`{} {} ({}) {} Licence: {}. {}",
            code(&s.id),
            if s.unreviewed { " (not yet reviewed)" } else { "" },
            text(&s.title),
            text(&s.version),
            text(&s.citation),
            text(&s.licence),
            text(&s.url)
        );
    }
    out.push('\n');
}

/// Text that Markdown shows as it is.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in clean(raw).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Text between backticks.
fn code(raw: &str) -> String {
    clean(raw).replace('`', "'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn cells_are_escaped_and_the_ribbon_stands_in_a_fence() {
        let md = fixture::with_page(render);
        assert!(md.contains("=HYPERLINK(\"x\") \\<b\\>\u{fffd}\\[31m"), "{md}");
        assert!(md.contains("```text\n 1950      1960\n▁██████████▁▁▁▄◆▁▁▁??\n```"), "{md}");
        assert!(md.contains("# An independent \\<foreign\\> policy of peace: China (CHN)"));
        assert!(
            md.contains("| 1950–59 | Sino-Soviet treaty \\[defense\\] | RUS | breach | atop-4.01"),
            "{md}"
        );
    }
}
