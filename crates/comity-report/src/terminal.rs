//! An audit on a terminal: articles and commitments, a ribbon each, the words, and what to do next.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use comfy_table::{ContentArrangement, Table, presets};
use comity_policy::audit::{
    Audit, CommitmentAudit, GoalAudit, RecordHead, SourceHead, YearValue, YearVerdict,
};
use comity_policy::document::Better;
use comity_policy::verdict::{Form, Verdict};

use super::gaps::Gaps;
use super::plain::{clean, of_record, wrap};
use super::{Page, evidence, gather, ribbon, short, state_name, words, years};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// From how many states on each commitment is one line.
const MANY: usize = 4;

/// The report as text with colour codes.
pub fn render(page: Page<'_>, width: usize) -> String {
    let mut out = String::new();
    let report = page.report;
    let many = report.audits.len() >= MANY;
    head(&mut out, page, width);
    for audit in &report.audits {
        out.push('\n');
        let _ = writeln!(out, "{BOLD}{}{BOLD:#}", clean(&super::title(audit)));
        for remark in audit.remarks.iter().filter(|_| !many) {
            dim_lines(&mut out, remark, width);
        }
        if many {
            compact(&mut out, audit, width);
        } else {
            full(&mut out, page, audit, width);
        }
    }
    changes(&mut out, page, width);
    if !many {
        missing(&mut out, page, width);
    }
    next(&mut out, page);
    out
}

fn head(out: &mut String, page: Page<'_>, width: usize) {
    let policy = &page.report.policy;
    let _ =
        writeln!(out, "{BOLD}{}{BOLD:#} {DIM}{}{DIM:#}", clean(&policy.title), clean(&policy.id));
    let mut held = Vec::new();
    if let Some(holder) = &policy.holder {
        held.push(format!("held by {holder}"));
    }
    if let Some(adopted) = &policy.adopted {
        held.push(format!("adopted {adopted}"));
    }
    lines(out, &held.join(" · "), width, "");
    lines(out, &sources_line(&page.report.record), width, "");
    let (ours, theirs) = (short(&policy.fingerprint), short(&page.report.record.fingerprint));
    lines(out, &format!("fingerprints: policy {ours}, record {theirs}"), width, "");
    let _ = writeln!(out, "\n{}", ribbon::legend(width));
}

/// `Sources: the starter (12), atop-4.01, cow-mid-5.0; 2 readings`.
fn sources_line(record: &RecordHead) -> String {
    let starter = record.sources.iter().filter(|s| s.id.starts_with("starter-")).count();
    let mut names: Vec<String> = Vec::new();
    if starter > 0 {
        names.push(format!(
            "the starter ({})",
            words::plural(starter, "table family", "table families")
        ));
    }
    names.extend(
        record.sources.iter().filter(|s| !s.id.starts_with("starter-")).map(SourceHead::label),
    );
    let mut text = format!("sources: {}", names.join(", "));
    if record.readings.len() > 1 {
        let rivals: Vec<&str> = record.readings[1..].iter().map(|r| r.id.as_str()).collect();
        let _ = write!(text, " · compared with {}", rivals.join(", "));
    }
    text
}

/// Every commitment with its ribbon and its words.
fn full(out: &mut String, page: Page<'_>, audit: &Audit, width: usize) {
    let rows = ribbon::lines(audit.from, audit.to, width.saturating_sub(2));
    // Lines of a ribbon that does not fit begin with their year.
    let rows = if rows.len() > 1 {
        ribbon::lines(audit.from, audit.to, width.saturating_sub(7))
    } else {
        rows
    };
    for article in &page.policy.articles {
        let commitments: Vec<_> =
            audit.commitments.iter().filter(|c| c.article == article.id).collect();
        let goals: Vec<_> = audit.goals.iter().filter(|g| g.article == article.id).collect();
        if commitments.is_empty() && goals.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", clean(&article.title).to_uppercase());
        if !commitments.is_empty() && rows.len() == 1 {
            let _ = writeln!(out, "  {DIM}{}{DIM:#}", ribbon::ruler(audit.from, audit.to));
        }
        for (i, c) in commitments.iter().enumerate() {
            if i > 0 {
                out.push('\n');
            }
            commitment(out, page, c, &rows, width);
        }
        for g in goals {
            goal(out, g, width);
        }
    }
}

fn commitment(
    out: &mut String,
    page: Page<'_>,
    c: &CommitmentAudit,
    rows: &[(i32, i32)],
    width: usize,
) {
    let _ = writeln!(out, "  {BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", clean(&c.title), clean(&c.id));
    for &(from, to) in rows.iter().filter(|_| c.judged) {
        let part: Vec<YearVerdict> =
            c.verdicts.iter().filter(|v| (from..=to).contains(&v.year)).cloned().collect();
        if rows.len() > 1 {
            let _ = write!(out, "  {DIM}{from}{DIM:#} ");
        } else {
            out.push_str("  ");
        }
        out.push_str(&ribbon::signs(&part));
        out.push('\n');
    }
    let mut text = words::summary(c);
    if !c.findings.is_empty() {
        let _ = write!(text, " · {}", words::plural(c.findings.len(), "finding", "findings"));
    }
    lines(out, &text, width, "  ");
    for block in blocks(&c.values) {
        lines(out, &values_line(&block, c.better, true), width, "  ");
    }
    for text in words::further(c) {
        lines(out, &text, width, "  ");
    }
    if let Some(base) = words::base_rate(c) {
        dim_lines(out, &base, width);
    }
    if page.extra.evidence && !c.findings.is_empty() {
        out.push_str(&findings(c, width));
    }
}

fn goal(out: &mut String, g: &GoalAudit, width: usize) {
    let _ = writeln!(out, "  {BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", clean(&g.title), clean(&g.id));
    let blocks = blocks(&g.values);
    if blocks.is_empty() {
        lines(out, "not known in any of these years", width, "  ");
    }
    for block in blocks {
        lines(out, &values_line(&block, g.better, true), width, "  ");
    }
}

/// Pursued values by block, each in order of years.
pub fn blocks(values: &[YearValue]) -> Vec<Vec<&YearValue>> {
    let mut by: BTreeMap<&str, Vec<&YearValue>> = BTreeMap::new();
    for v in values {
        by.entry(&v.block).or_default().push(v);
    }
    by.into_values().collect()
}

/// `share: 0.31 in 1950, 0.62 in 2019 (better than 71 % of states); more is better`.
pub fn values_line(block: &[&YearValue], better: Option<Better>, with_name: bool) -> String {
    let (Some(first), Some(last)) = (block.first(), block.last()) else {
        return String::new();
    };
    let mut text = if with_name { format!("{}: ", first.block) } else { String::new() };
    if first.year != last.year {
        let _ = write!(text, "{} in {}, ", words::number(first.value), first.year);
    }
    let _ = write!(text, "{} in {}", words::number(last.value), last.year);
    if let Some(p) = last.percentile.filter(|_| last.spread.is_none_or(|s| s[0] < s[4])) {
        let _ = write!(text, " ({})", words::standing(p));
    }
    if let Some(size) = &last.of_size {
        let _ = write!(
            text,
            ", better than {:.0} % of the other {} {}",
            100.0 * size.percentile,
            size.states - 1,
            size.size
        );
    }
    if let Some(trend) = last.trend.filter(|t| *t != 0.0) {
        let (way, by) = if trend > 0.0 { ("up", trend) } else { ("down", -trend) };
        let _ = write!(text, "; {way} {} on the five years before", words::number(by));
    }
    match better {
        Some(Better::Higher) => text.push_str("; more is better"),
        Some(Better::Lower) => text.push_str("; less is better"),
        None => {}
    }
    text
}

/// The findings as a table.
fn findings(c: &CommitmentAudit, width: usize) -> String {
    let mut table = plain_table(width.saturating_sub(4));
    table.set_header(["years", "finding", "with", "weight", "source"]);
    for strand in evidence::strands(&c.findings) {
        let f = strand.finding;
        let mut what = clean(&f.what).into_owned();
        if let Some(label) = &f.label {
            let _ = write!(what, " [{}]", clean(label));
        }
        let magnitude = strand.magnitude();
        if !magnitude.is_empty() {
            let _ = write!(what, " (magnitude {magnitude})");
        }
        let mut source = format!("{} {}", clean(&f.source), clean(&f.source_row));
        if f.reading != "baseline" {
            let _ = write!(source, " (only if {})", clean(&f.reading));
        }
        if let Some(also) = &f.also {
            let _ = write!(source, "; also {}", clean(also));
        }
        table.add_row([
            strand.years(),
            what,
            clean(&strand.other()).into_owned(),
            evidence::severity(f.severity).to_owned(),
            source,
        ]);
    }
    let mut out = String::new();
    for line in table_text(&table).lines() {
        let _ = writeln!(out, "    {line}");
    }
    out
}

/// One line per commitment, the ribbon condensed to the room there is.
fn compact(out: &mut String, audit: &Audit, width: usize) {
    let name = audit.commitments.iter().map(|c| c.id.chars().count()).max().unwrap_or(0);
    let room = width.saturating_sub(name + 4).max(10);
    let all = (audit.to - audit.from + 1).max(1) as usize;
    let per = all.div_ceil(room);
    if per > 1 {
        lines(
            out,
            &format!("each sign stands for {per} years from {}: the gravest", audit.from),
            width,
            "  ",
        );
    } else {
        let _ =
            writeln!(out, "  {:name$}  {DIM}{}{DIM:#}", "", ribbon::ruler(audit.from, audit.to));
    }
    for c in audit.commitments.iter().filter(|c| c.judged) {
        let pad = name - c.id.chars().count();
        let part = condense(&c.verdicts, per);
        let _ = writeln!(out, "  {}{:pad$}  {}", clean(&c.id), "", ribbon::signs(&part));
    }
}

/// One verdict for each `per` years: the gravest of them.
fn condense(verdicts: &[YearVerdict], per: usize) -> Vec<YearVerdict> {
    let weight = |v: &YearVerdict| match v.form() {
        Form::Broken => 8,
        Form::Contested => 7,
        Form::StrainedOrWorse => 6,
        Form::Strained => 5,
        Form::Unknown => 4,
        Form::Looked => 3,
        Form::Kept => 2,
        Form::NoOccasion => 1,
        Form::NotApplicable => 0,
    };
    verdicts
        .chunks(per.max(1))
        .enumerate()
        .filter_map(|(i, chunk)| {
            let worst = chunk.iter().max_by_key(|v| weight(v))?;
            // Neighbouring numbers, so that equal signs run together.
            Some(YearVerdict { year: i as i32, ..worst.clone() })
        })
        .collect()
}

/// What `--without` changed.
fn changes(out: &mut String, page: Page<'_>, width: usize) {
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

/// `CHN and TAW`.
pub fn pair(page: Page<'_>, a: i32, b: i32) -> String {
    let name = |code: i32| page.extra.names.get(&code).cloned().unwrap_or_else(|| code.to_string());
    format!("{} and {}", name(a), name(b))
}

fn missing(out: &mut String, page: Page<'_>, width: usize) {
    let gaps = Gaps::of(&page.report.audits, &page.extra.unread);
    if gaps.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}What would answer the unknown years{BOLD:#}");
    if !gaps.can_be_added.is_empty() {
        let mut table = plain_table(width.saturating_sub(2));
        table.set_header(["dataset", "years", "for"]);
        for gap in &gaps.can_be_added {
            table.add_row([
                clean(&gap.what).into_owned(),
                years::words(gap.years.0, gap.years.1),
                clean(&gap.commitments.join(", ")).into_owned(),
            ]);
        }
        for line in table_text(&table).lines() {
            let _ = writeln!(out, "  {line}");
        }
        lines(
            out,
            &format!(
                "`comity record sources` says where each is published; then: comity record add PATH…{}",
                of_record(&page.extra.repeat)
            ),
            width,
            "  ",
        );
    }
    for (what, list) in [
        ("published, and not yet read by this version", &gaps.not_yet_read),
        ("no dataset that could be added covers", &gaps.unanswered),
    ] {
        if !list.is_empty() {
            let named: Vec<String> = list
                .iter()
                .map(|g| {
                    format!(
                        "{} {} ({})",
                        g.what,
                        years::words(g.years.0, g.years.1),
                        g.commitments.join(", ")
                    )
                })
                .collect();
            dim_lines(out, &format!("{what}: {}", named.join("; ")), width);
        }
    }
}

/// Commands that lead on from here.
fn next(out: &mut String, page: Page<'_>) {
    let Some(audit) = page.report.audits.first() else { return };
    let repeat = &page.extra.repeat;
    let state = clean(&audit.state.handle);
    let _ = writeln!(out, "\n{BOLD}Next{BOLD:#}");
    if let Some((id, year)) = example(audit) {
        let _ = writeln!(out, "  comity why {state} {} {year}{repeat}", clean(id));
    }
    if !page.extra.evidence {
        let _ = writeln!(out, "  comity audit {state} --evidence{repeat}");
    }
    let file = state.to_lowercase();
    let _ = writeln!(out, "  comity audit {state} --format html --output {file}.html{repeat}");
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

/// A table without lines, as wide as there is room.
pub fn plain_table(width: usize) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table
}

/// The table's lines, without blanks at their ends.
pub fn table_text(table: &Table) -> String {
    let mut out = String::new();
    for line in table.lines() {
        // Every cell has a blank on both sides; the first needs none.
        let _ = writeln!(out, "{}", line.strip_prefix(' ').unwrap_or(&line).trim_end());
    }
    out
}

/// Wrapped text, each line indented.
pub fn lines(out: &mut String, text: &str, width: usize, indent: &str) {
    for line in wrap(&clean(text), width.saturating_sub(indent.len()).max(20)) {
        let _ = writeln!(out, "{indent}{line}");
    }
}

fn dim_lines(out: &mut String, text: &str, width: usize) {
    for line in wrap(&clean(text), width.saturating_sub(2).max(20)) {
        let _ = writeln!(out, "  {DIM}{line}{DIM:#}");
    }
}

/// `China (CHN)` for one, `3 states` for more.
pub fn who(page: Page<'_>) -> String {
    match page.report.audits.as_slice() {
        [one] => state_name(&one.state),
        many => words::plural(many.len(), "state", "states"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn text(width: usize) -> String {
        fixture::with_page(|page| anstream::adapter::strip_str(&render(page, width)).to_string())
    }

    #[test]
    fn a_ribbon_stands_under_its_ruler() {
        let text = text(100);
        assert!(text.contains(
            "INDEPENDENCE\n   1950      1960\n  No alliance with a great power  no-great-power-alliance\n  \
             ▁██████████▁▁▁▄◆▁▁▁??\n  kept in 7 of 19 years known"
        ), "{text}");
    }

    #[test]
    fn a_narrow_terminal_breaks_the_ribbon_at_decades() {
        let text = text(40);
        let long: Vec<&str> = text.lines().filter(|l| l.chars().count() > 100).collect();
        assert!(long.is_empty(), "{long:?}");
    }

    #[test]
    fn nothing_of_a_record_is_obeyed_by_the_terminal() {
        assert!(!text(100).contains('\u{1b}'));
        assert!(text(100).contains("=HYPERLINK(\"x\") <b>\u{fffd}[31m"), "{}", text(100));
    }

    #[test]
    fn the_end_says_what_to_add_and_what_to_run() {
        let text = text(100);
        assert!(text.contains("atop or cow-alliances"), "{text}");
        assert!(text.contains("comity why CHN no-great-power-alliance 1959\n"), "{text}");
        assert!(
            text.contains("CHN no-great-power-alliance: broken becomes kept in 1955"),
            "{text}"
        );
    }

    #[test]
    fn years_are_condensed_to_their_gravest() {
        let report = fixture::report();
        let part = condense(&report.audits[0].commitments[0].verdicts, 10);
        let part: Vec<Verdict> = part.iter().map(|v| v.verdict).collect();
        assert_eq!(part, [Verdict::Broken, Verdict::Broken, Verdict::Unknown]);
    }
}
