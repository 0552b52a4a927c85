//! One verdict explained on a terminal.

use std::fmt::Write as _;

use anstyle::Style;
use comity_policy::document::Kind;
use comity_policy::verdict::{Form, Verdict};
use comity_policy::{Why, WhyBlock, WhyReading};

use super::plain::{clean, clean_lines};
use super::terminal::{lines, plain_table, table_text};
use super::{evidence, ribbon, state_name, words, years};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The explanation as text with colour codes.
pub fn render(why: &Why, sql: bool, repeat: &str, width: usize) -> String {
    let mut out = String::new();
    let form = Form::of(why.verdict, why.at_least.is_some(), !why.looked.is_empty());
    let style = ribbon::style(form);
    let _ = writeln!(
        out,
        "{BOLD}{}{BOLD:#}, {}: {}",
        clean(&state_name(&why.state)),
        why.year,
        clean(&why.title)
    );
    let id = clean(&why.commitment);
    if judged(why) {
        let (sign, name) = (ribbon::sign(form), form.name());
        let _ = writeln!(out, "{style}{sign} {name}{style:#}  {DIM}{id}{DIM:#}\n");
        lines(&mut out, &why.rule, width, "");
    } else {
        let what = if why.kind == Kind::Pursue {
            "no bar, and no verdict"
        } else {
            "an outcome, with no verdict"
        };
        let _ = writeln!(out, "{what}  {DIM}{id}{DIM:#}");
    }
    looked(&mut out, why, width);
    findings(&mut out, why, width);
    for reading in &why.readings {
        self::reading(&mut out, why, reading, sql, width);
    }
    missing(&mut out, why, width, repeat);
    for remark in &why.remarks {
        out.push('\n');
        lines(&mut out, remark, width, "");
    }
    if !sql {
        let state = clean(&why.state.handle);
        let _ = writeln!(
            out,
            "\n{DIM}The queries: comity why {state} {} {} --sql{}{DIM:#}",
            clean(&why.commitment),
            why.year,
            clean(repeat)
        );
    }
    out
}

/// Whether there is a verdict to explain; goals are outcomes beside conduct, and what states no bar has none.
fn judged(why: &Why) -> bool {
    let blocks = || why.readings.iter().flat_map(|r| &r.blocks);
    match why.kind {
        Kind::Refrain | Kind::Perform => true,
        Kind::Pursue => blocks().any(|b| b.judged),
        _ => false,
    }
}

/// Which sources did cover the year and held nothing.
fn looked(out: &mut String, why: &Why, width: usize) {
    for sentence in words::looked_at(&why.looked) {
        lines(out, &sentence, width, "");
    }
}

fn findings(out: &mut String, why: &Why, width: usize) {
    if !matches!(why.kind, Kind::Refrain | Kind::Perform) {
        return;
    }
    if why.findings.is_empty() {
        let _ = writeln!(out, "\nNo row was found for this state and year.");
        return;
    }
    let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", words::plural(why.findings.len(), "row", "rows"));
    for f in &why.findings {
        let mut text = format!("{}: {}", evidence::severity(f.severity), f.what);
        let other = evidence::other(f);
        if !other.is_empty() {
            let _ = write!(text, ", with {other}");
        }
        if let Some(label) = &f.label {
            let _ = write!(text, " [{label}]");
        }
        if let Some(m) = f.magnitude.filter(|m| m.is_finite()) {
            let _ = write!(text, " (magnitude {})", words::number(m));
        }
        lines(out, &text, width, "  ");
        let mut from = format!("{} {} · block {}", f.source, f.source_row, f.block);
        if f.reading != "baseline" {
            let _ = write!(from, " · only if {}", f.reading);
        }
        if let Some(also) = &f.also {
            let _ = write!(from, " · also {also}");
        }
        lines(out, &from, width, "    ");
    }
}

fn reading(out: &mut String, why: &Why, reading: &WhyReading, sql: bool, width: usize) {
    let form = Form::of(reading.verdict, reading.at_least.is_some(), false);
    let style = ribbon::style(form);
    let name =
        if reading.id == "baseline" { "Baseline".to_owned() } else { format!("If {}", reading.id) };
    let verdict =
        if judged(why) { format!(": {style}{}{style:#}", form.name()) } else { String::new() };
    let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}{verdict}", clean(&name));
    for block in &reading.blocks {
        self::block(out, why, block, sql, width);
    }
}

fn block(out: &mut String, why: &Why, block: &WhyBlock, sql: bool, width: usize) {
    let verdict = block.verdict.map_or_else(String::new, |verdict| {
        let form = Form::of(verdict, block.at_least.is_some(), false);
        let style = ribbon::style(form);
        format!("{style}{}{style:#}, ", form.name())
    });
    let mut tail = words::plural(block.rows, "row", "rows");
    if !block.needed {
        tail.push_str(", a second look whose silence is not needed");
    }
    if !block.undecided.is_empty() {
        let columns = block.undecided.join(", ");
        let _ = write!(tail, ", open because a number is not known ({columns})");
    }
    if block.lookback > 0 {
        let _ =
            write!(tail, ", needs {} too", years::words(why.year - block.lookback, why.year - 1));
    }
    let _ = writeln!(out, "  block {}: {verdict}{}", clean(&block.name), clean(&tail));
    if let Some(s) = &block.standing {
        let mut text = format!("value {}", words::number(s.value));
        // Where all states have one value, none stands above another.
        let spread = s.spread.filter(|s| s[0] < s[4]);
        if let Some(p) = s.percentile.filter(|_| spread.is_some() || s.spread.is_none()) {
            let _ = write!(text, ", {}", words::standing(p));
        }
        if let Some([_, low, median, high, _]) = spread {
            let _ = write!(
                text,
                "; the middle half of states from {} to {}, median {}",
                words::number(low),
                words::number(high),
                words::number(median)
            );
        }
        if let Some(bar) = s.bar {
            let (target, floor) = (words::number(bar.target), words::number(bar.floor));
            let _ = write!(text, "; the target is {target}, the floor {floor}");
        }
        lines(out, &text, width, "    ");
    }
    let mut table = plain_table(width.saturating_sub(4));
    for t in &block.tables {
        let silence = match (t.covered, t.proves, t.exempts) {
            (true, ..) => "covered: silence counts",
            (false, true, _) => "not covered: only what is found counts",
            (false, false, true) => "not covered: what is found may be exempted",
            (false, false, false) => "not covered: nothing can be said",
        };
        let claims: Vec<String> =
            t.coverage.iter().map(|(s, words)| format!("{s}: {words}")).collect();
        let claims =
            if claims.is_empty() { "no source in this record".into() } else { claims.join("; ") };
        table.add_row([t.table.clone(), silence.to_owned(), clean(&claims).into_owned()]);
    }
    for line in table_text(&table).lines() {
        let _ = writeln!(out, "    {line}");
    }
    if sql {
        for line in clean_lines(&block.sql).lines() {
            let _ = writeln!(out, "      {DIM}{line}{DIM:#}");
        }
    }
}

fn missing(out: &mut String, why: &Why, width: usize, repeat: &str) {
    if why.missing.is_empty() || why.verdict != Verdict::Unknown {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}What would answer it{BOLD:#}");
    let mut written = Vec::new();
    for m in &why.missing {
        let by = if m.answered_by.is_empty() {
            "nothing that could be added".to_owned()
        } else {
            m.answered_by.join(" or ")
        };
        let line = format!("{} {}: {by}", m.table, years::words(m.from, m.to));
        if !written.contains(&line) {
            lines(out, &line, width, "  ");
            written.push(line);
        }
    }
    if why.missing.iter().any(|m| !m.answered_by.is_empty()) {
        lines(
            out,
            &format!("comity record add PATH…{}", crate::plain::of_record(repeat)),
            width,
            "  ",
        );
    }
}
