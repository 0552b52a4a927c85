//! What stands at the end: what setting findings aside changed, what would answer the rest, which sources were used, and what to run next.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_policy::audit::{Audit, SourceHead};
use comity_policy::verdict::Verdict;

use super::{BOLD, dim_lines, hanging, lines, pair, plain_table, table_text};
use crate::gaps::{Gap, Gaps};
use crate::plain::{clean, of_record};
use crate::{Page, gather, ribbon, short, years};

/// What the states had beside what would be expected of them.
pub fn expected(out: &mut String, page: Page<'_>, width: usize) {
    if page.extra.expected.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}Beside what would be expected{BOLD:#}");
    for one in &page.extra.expected.all {
        lines(out, &clean(&one.sentence()), width, "  ");
    }
    for note in page.extra.expected.notes() {
        dim_lines(out, &clean(&note), width);
    }
}

/// What `--without` changed.
pub fn changes(out: &mut String, page: Page<'_>, width: usize) {
    if page.report.without.is_empty() {
        return;
    }
    let pairs: Vec<String> = page.report.without.iter().map(|&(a, b)| pair(page, a, b)).collect();
    let _ = writeln!(out, "\n{BOLD}Findings set aside: {}{BOLD:#}", clean(&pairs.join(", ")));
    if page.extra.changes.is_empty() {
        lines(out, "no verdict changes", width, "  ");
    }
    for (state, commitment, before, after, when) in gather(&page.extra.changes) {
        let text = format!(
            "{} {commitment}: {} becomes {} in {}",
            state.handle,
            ribbon::name(before),
            ribbon::name(after),
            years::list_of(when, 6)
        );
        lines(out, &text, width, "  ");
    }
}

/// What would answer the unknown years, once for all commitments.
pub fn missing(out: &mut String, page: Page<'_>, width: usize) {
    let gaps = Gaps::of(&page.report.audits, &page.extra.unread);
    if gaps.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}What would answer the rest{BOLD:#}");
    if !gaps.can_be_added.is_empty() {
        let mut table = plain_table(width.saturating_sub(2));
        table.set_header(["add", "for", "of"]);
        for gap in &gaps.can_be_added {
            table.add_row([
                clean(&gap.with_reach()).into_owned(),
                years::words(gap.years.0, gap.years.1),
                clean(&gap.commitments.join(", ")).into_owned(),
            ]);
        }
        for line in table_text(&table).lines() {
            let _ = writeln!(out, "  {line}");
        }
        let repeat = of_record(&page.extra.repeat);
        let text =
            format!("`comity record sources` says where; then: comity record add PATH…{repeat}");
        lines(out, &text, width, "  ");
    }
    for (what, list) in [
        ("Published, and not yet read by this version", &gaps.not_yet_read),
        ("No dataset that this version knows answers for", &gaps.unanswered),
    ] {
        if !list.is_empty() {
            hanging(out, &format!("  {what}: {}.", by_years(list)), width);
        }
    }
}

/// `2015–25 disputes, trade; 2025 wars`: what is missing in the same years, once.
pub fn by_years(list: &[Gap]) -> String {
    let mut by: BTreeMap<(i32, i32), BTreeSet<&str>> = BTreeMap::new();
    for gap in list {
        by.entry(gap.years).or_default().insert(&gap.what);
    }
    let part = |((from, to), what): (&(i32, i32), &BTreeSet<&str>)| {
        let what: Vec<&str> = what.iter().copied().collect();
        format!("{} {}", years::words(*from, *to), what.join(", "))
    };
    by.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// The sources that were used, the readings that were compared, and the fingerprints.
pub fn sources(out: &mut String, page: Page<'_>, width: usize) {
    let report = page.report;
    let used = used(page);
    let _ = writeln!(
        out,
        "\n{BOLD}Sources used{BOLD:#} ({} of {} in the record)",
        used.len(),
        report.record.sources.len()
    );
    let starter = |s: &SourceHead| s.id.starts_with("starter-");
    let (own, others): (Vec<&SourceHead>, Vec<&SourceHead>) =
        used.iter().copied().partition(|s| starter(s));
    let names: Vec<String> = others.iter().chain(&own).map(|s| s.label()).collect();
    lines(out, &names.join(", "), width, "  ");
    let compared = compared(&report.audits);
    if !compared.is_empty() {
        hanging(out, &format!("  Compared with: {}.", compared.join(", ")), width);
    }
    let remarks: BTreeSet<&String> = match report.audits.len() {
        n if n < super::MANY => report.audits.iter().flat_map(|a| &a.remarks).collect(),
        _ => BTreeSet::new(),
    };
    for remark in remarks {
        dim_lines(out, remark, width);
    }
    let policy = &report.policy;
    let text = format!(
        "{}; policy {} {}, record {}",
        report.program,
        policy.id,
        short(&policy.fingerprint),
        short(&report.record.fingerprint)
    );
    lines(out, &text, width, "  ");
}

/// The sources of the record that could answer, or in which something was found.
pub fn used(page: Page<'_>) -> Vec<&SourceHead> {
    let audits = || page.report.audits.iter();
    let commitments = audits().flat_map(|a| &a.commitments).flat_map(|c| &c.sources);
    let goals = audits().flat_map(|a| &a.goals).flat_map(|g| &g.sources);
    let ids: BTreeSet<&String> = commitments.chain(goals).collect();
    page.report.record.sources.iter().filter(|s| ids.contains(&s.id)).collect()
}

/// The readings beside the baseline that bear on what was asked.
fn compared(audits: &[Audit]) -> Vec<&str> {
    let rates = audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.base_rates);
    let ids: BTreeSet<&str> = rates.map(|r| r.reading.as_str()).collect();
    ids.into_iter().filter(|id| *id != "baseline").collect()
}

/// Commands that lead on from here.
pub fn next(out: &mut String, page: Page<'_>) {
    let Some(audit) = page.report.audits.first() else { return };
    let repeat = &page.extra.repeat;
    let states: Vec<_> = page.report.audits.iter().map(|a| clean(&a.state.handle)).collect();
    let (state, all) = (&states[0], states.join(" "));
    let _ = writeln!(out, "\n{BOLD}Next{BOLD:#}");
    if let Some((id, year)) = example(audit) {
        let id = clean(id);
        let _ = writeln!(out, "  comity why {state} {id} {year}{repeat}");
        if !page.extra.evidence {
            let _ = writeln!(out, "  comity audit {all} --commitment {id} --evidence{repeat}");
        }
    }
    if states.len() <= crate::html::MOST {
        let file = states.iter().map(|s| s.to_lowercase()).collect::<Vec<_>>().join("-");
        let _ = writeln!(out, "  comity audit {all} --format html --output {file}.html{repeat}");
    }
}

/// The commitment and year that a reader will want to see first: the last breach of the first broken one.
fn example(audit: &Audit) -> Option<(&str, i32)> {
    [Verdict::Broken, Verdict::Contested, Verdict::Strained, Verdict::Kept].into_iter().find_map(
        |wanted| {
            audit.commitments.iter().find_map(|c| {
                let v = c.verdicts.iter().rev().find(|v| v.verdict == wanted)?;
                Some((c.id.as_str(), v.year))
            })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_in_the_same_years_is_said_once() {
        let gap = |what: &str, years| Gap {
            what: what.into(),
            commitments: Vec::new(),
            years,
            reach: BTreeMap::new(),
        };
        let list =
            [gap("wars", (2025, 2025)), gap("trade", (2015, 2025)), gap("claims", (2015, 2025))];
        assert_eq!(by_years(&list), "2015–25 claims, trade; 2025 wars");
    }
}
