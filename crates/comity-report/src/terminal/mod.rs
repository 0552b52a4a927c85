//! An audit on a terminal: the answer in a sentence for each commitment, the ribbons, what would answer the rest, and at the end which
//! sources were used.

mod evidence;
mod rest;
mod ribbons;

pub use evidence::event;
pub use rest::{by_years, used};

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use comfy_table::{ContentArrangement, Table, presets};
use comity_policy::audit::{Audit, CommitmentAudit, YearValue};
use comity_policy::document::Better;

use super::plain::{clean, wrap};
use super::{Page, answer, state_name, words};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// From how many states on each commitment is one line.
const MANY: usize = 4;

/// Up to how many commitments the years of each are listed under its ribbon.
const FEW: usize = 3;

/// The report as text with colour codes.
pub fn render(page: Page<'_>, width: usize) -> String {
    let mut out = String::new();
    let audits = &page.report.audits;
    if audits.len() >= MANY {
        let _ = writeln!(out, "{BOLD}{}{BOLD:#}", clean(&page.report.policy.title));
        for audit in audits {
            let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", clean(&super::title(audit)));
            lines(&mut out, &words::lead(audit), width, "");
            ribbons::of(&mut out, page, std::slice::from_ref(audit), width);
        }
    } else {
        opening(&mut out, page, width);
        out.push('\n');
        ribbons::of(&mut out, page, audits, width);
        shown(&mut out, page, width);
        evidence::of(&mut out, page, width);
    }
    rest::expected(&mut out, page, width);
    rest::changes(&mut out, page, width);
    if audits.len() < MANY {
        rest::missing(&mut out, page, width);
    }
    rest::sources(&mut out, page, width);
    rest::next(&mut out, page);
    out
}

/// One sentence for each commitment that was asked.
fn opening(out: &mut String, page: Page<'_>, width: usize) {
    let audits = &page.report.audits;
    let [first, others @ ..] = audits.as_slice() else { return };
    let judged: Vec<&CommitmentAudit> = first.commitments.iter().filter(|c| c.judged).collect();
    let few = first.commitments.len() <= FEW;
    if !few {
        let all: Vec<String> = audits.iter().map(|a| who(a, page)).collect();
        let text = format!("{}: {}", all.join("; "), page.report.policy.title);
        for line in wrap(&clean(&text), width) {
            let _ = writeln!(out, "{BOLD}{line}{BOLD:#}");
        }
    }
    for c in judged.iter().filter(|_| others.is_empty()) {
        if few {
            lines(out, &answer::sentence(first, c, is_open(first, page)), width, "");
        } else {
            hanging(out, &format!("{}: {}.", c.title, answer::of(c, first.to)), width);
        }
    }
    // Several states stand below each other, commitment by commitment.
    for c in judged.iter().filter(|_| !others.is_empty()) {
        let _ = writeln!(out, "{BOLD}{}{BOLD:#}", clean(&c.title));
        for (audit, c) in pairs(audits, &c.id) {
            let state = if few { who(audit, page) } else { audit.state.name.clone() };
            hanging(out, &format!("  {state}: {}.", answer::of(c, audit.to)), width);
        }
    }
    let shown = first.commitments.iter().filter(|c| !c.judged);
    let titles: Vec<String> = shown.map(|c| answer::uncapital(&c.title)).collect();
    if few {
        for (audit, c) in audits.iter().flat_map(|a| a.commitments.iter().map(move |c| (a, c))) {
            if !c.judged {
                let text = answer::sentence(audit, c, is_open(audit, page));
                lines(out, &format!("{text} It states no bar, so there is no verdict."), width, "");
            }
        }
    } else if !titles.is_empty() {
        hanging(
            out,
            &format!("Without a bar, and so without a verdict: {}.", titles.join(", ")),
            width,
        );
    }
}

/// `China (CHN), since 1949`.
fn who(audit: &Audit, page: Page<'_>) -> String {
    let period = answer::period(audit.from, audit.to, is_open(audit, page));
    let period = period.strip_prefix("in ").unwrap_or(&period);
    format!("{}, {period}", state_name(&audit.state))
}

/// Whether the years of an audit end only where the record does.
fn is_open(audit: &Audit, page: Page<'_>) -> bool {
    page.extra.open == Some(audit.to)
}

/// One commitment of every state that has it.
fn pairs<'a>(audits: &'a [Audit], id: &str) -> Vec<(&'a Audit, &'a CommitmentAudit)> {
    let of = |a: &'a Audit| Some((a, a.commitments.iter().find(|c| c.id == id)?));
    audits.iter().filter_map(of).collect()
}

/// What is striven for without a bar, and the goals: the last values.
fn shown(out: &mut String, page: Page<'_>, width: usize) {
    for audit in &page.report.audits {
        let commitments = audit.commitments.iter().filter(|c| !c.values.is_empty());
        let values = commitments.map(|c| (&c.title, &c.values, c.better));
        let goals = audit.goals.iter().map(|g| (&g.title, &g.values, g.better));
        let all: Vec<_> = values.chain(goals).collect();
        if all.is_empty() {
            continue;
        }
        let whose = match page.report.audits.len() {
            1 => String::new(),
            _ => format!(", {}", state_name(&audit.state)),
        };
        let _ = writeln!(out, "\n{BOLD}Values without a verdict{}{BOLD:#}", clean(&whose));
        for (title, values, better) in all {
            let blocks = blocks(values);
            if blocks.is_empty() {
                hanging(out, &format!("  {title}: not known in any of these years"), width);
            }
            for block in blocks {
                hanging(out, &format!("  {title}, {}", values_line(&block, better, true)), width);
            }
        }
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
    // What would be shown as 0.0000 is no change: rounding leaves as much between equal values.
    if let Some(trend) = last.trend.filter(|t| t.abs() >= 0.000_05) {
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

/// `CHN and TAW`.
pub fn pair(page: Page<'_>, a: i32, b: i32) -> String {
    let name = |code: i32| page.extra.names.get(&code).cloned().unwrap_or_else(|| code.to_string());
    format!("{} and {}", name(a), name(b))
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

/// Wrapped text whose further lines are indented by two more.
pub fn hanging(out: &mut String, text: &str, width: usize) {
    let text = clean(text);
    let indent = text.len() - text.trim_start().len();
    for (nth, line) in wrap(&text, width.saturating_sub(indent + 2).max(20)).iter().enumerate() {
        let more = if nth == 0 { 0 } else { 2 };
        let _ = writeln!(out, "{:1$}{line}", "", indent + more);
    }
}

/// The same, dimmed.
fn dim_lines(out: &mut String, text: &str, width: usize) {
    for line in wrap(&clean(text), width.saturating_sub(2).max(20)) {
        let _ = writeln!(out, "  {DIM}{line}{DIM:#}");
    }
}

/// `China (CHN)` for one, `India (IND) and Pakistan (PAK)`, `3 states` for more.
pub fn whom(page: Page<'_>) -> String {
    match page.report.audits.as_slice() {
        [one] => state_name(&one.state),
        [one, two] => format!("{} and {}", state_name(&one.state), state_name(&two.state)),
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
    fn the_answer_stands_first_and_a_ribbon_under_its_ruler() {
        let text = text(80);
        assert!(
            text.starts_with(
                "China, no alliance with a great power in 1949–69: broken in 10 of 19 years\n\
                 known, last in 1959; contested between the sources in 1, last in 1964; known to\n\
                 1967.\n"
            ),
            "{text}"
        );
        assert!(
            text.contains(
                "                          1950      1960        broken  all\n\
                 no-great-power-alliance  ▁██████████▁▁▁▄◆▁▁▁??  53 %    43 %\n"
            ),
            "{text}"
        );
        assert!(text.contains("kept in 7 of 19 years known, strained in 1 (1963)"), "{text}");
    }

    #[test]
    fn states_are_paired_commitment_by_commitment() {
        let (policy, mut report, extra) = (fixture::policy(), fixture::report(), fixture::extra());
        let mut other = report.audits[0].clone();
        (other.state.handle, other.state.name) = ("PAK".into(), "Pakistan".into());
        other.from = 1955;
        for c in &mut other.commitments {
            c.verdicts.retain(|v| v.year >= 1955);
        }
        report.audits.push(other);
        let page = Page { policy: &policy, report: &report, extra: &extra };
        let text = anstream::adapter::strip_str(&render(page, 90)).to_string();
        assert!(
            text.starts_with(
                "No alliance with a great power\n\
                 \u{20} China (CHN), 1949–69: broken in 10 of 19 years known, last in 1959; contested between\n\
                 \u{20}   the sources in 1, last in 1964; known to 1967.\n\
                 \u{20} Pakistan (PAK), 1955–69: broken in 5 of 13 years known, last in 1959; contested\n\
                 \u{20}   between the sources in 1, last in 1964; known to 1967.\n"
            ),
            "{text}"
        );
        assert!(
            text.contains(
                "no-great-power-alliance  CHN ▁██████████▁▁▁▄◆▁▁▁??  53 %    43 %\n\
                 \u{20}                        PAK       █████▁▁▁▄◆▁▁▁??  38 %    43 %\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn a_change_too_small_to_be_shown_is_none() {
        let value = |trend| YearValue {
            block: "share".into(),
            year: 2000,
            value: 0.5,
            percentile: None,
            spread: None,
            trend: Some(trend),
            of_size: None,
        };
        let line = |trend| values_line(&[&value(trend)], None, true);
        assert_eq!(line(-1e-17), "share: 0.50 in 2000");
        assert_eq!(line(-0.0001), "share: 0.50 in 2000; down 0.0001 on the five years before");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 60, 80] {
            let text = text(width);
            let long = |l: &&str| {
                l.chars().count() > width && !l.contains("comity ") && !l.contains("http")
            };
            let long: Vec<&str> = text.lines().filter(long).collect();
            assert!(long.is_empty(), "{width}: {long:?}");
        }
    }

    #[test]
    fn nothing_of_a_record_is_obeyed_by_the_terminal() {
        assert!(!text(100).contains('\u{1b}'));
        assert!(text(100).contains("=HYPERLINK(\"x\") <b>\u{fffd}[31m"), "{}", text(100));
    }

    #[test]
    fn the_end_says_what_to_add_what_was_used_and_what_to_run() {
        let text = text(100);
        assert!(text.contains("atop (to 2018) or cow-alliances  1968–69"), "{text}");
        assert!(text.contains("comity why CHN no-great-power-alliance 1959\n"), "{text}");
        assert!(
            text.contains("CHN no-great-power-alliance: broken becomes kept in 1955"),
            "{text}"
        );
        let (used, first) = (text.find("Sources used").unwrap(), text.find("Next").unwrap());
        assert!(used < first && text.contains("atop-4.01"), "{text}");
    }

    #[test]
    fn evidence_is_quotable() {
        let text = text(100);
        assert!(
            text.contains(
                "  1950–59  Sino-Soviet treaty, with RUS; magnitude 1 [defense]\n    breach · atop-4.01 atopid=3200"
            ),
            "{text}"
        );
        assert!(text.contains("cite: “Sino-Soviet treaty”, China and RUS, 1950–59."), "{text}");
    }
}
