//! One verdict explained to the end: each block under each reading, the tables that it reads, and their coverage.

use std::fmt::Write as _;

use comity_policy::verdict::{Form, Verdict};
use comity_policy::{Why, WhyBlock, WhyReading};

use super::{BOLD, DIM, event, head, judged, standing};
use crate::evidence::entries;
use crate::plain::{clean, clean_lines};
use crate::terminal::{lines, plain_table, table_text};
use crate::{ribbon, words, years};

/// The explanation as text with colour codes.
pub fn render(why: &Why, sql: bool, repeat: &str, width: usize) -> String {
    let mut out = String::new();
    head(&mut out, why, width);
    looked(&mut out, why, width);
    findings(&mut out, why, width);
    for group in same(&why.readings) {
        reading(&mut out, why, &group, sql, width);
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

/// Readings under which every block says the same from the same tables: they are shown once.
fn same(readings: &[WhyReading]) -> Vec<Vec<&WhyReading>> {
    let alike = |a: &WhyReading, b: &WhyReading| {
        let block = |(x, y): (&WhyBlock, &WhyBlock)| {
            let tables = || x.tables.iter().zip(&y.tables);
            (&x.name, x.verdict, x.at_least, x.rows) == (&y.name, y.verdict, y.at_least, y.rows)
                && x.tables.len() == y.tables.len()
                && tables().all(|(t, u)| {
                    (&t.table, t.covered, &t.coverage) == (&u.table, u.covered, &u.coverage)
                })
        };
        a.verdict == b.verdict
            && a.blocks.len() == b.blocks.len()
            && a.blocks.iter().zip(&b.blocks).all(block)
    };
    let mut groups: Vec<Vec<&WhyReading>> = Vec::new();
    for reading in readings {
        match groups.iter_mut().find(|g| alike(g[0], reading)) {
            Some(group) => group.push(reading),
            None => groups.push(vec![reading]),
        }
    }
    groups
}

/// Which sources did cover the year and held nothing.
fn looked(out: &mut String, why: &Why, width: usize) {
    for sentence in words::looked_at(&why.looked) {
        lines(out, &sentence, width, "");
    }
}

fn findings(out: &mut String, why: &Why, width: usize) {
    if why.findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", words::plural(why.findings.len(), "row", "rows"));
    for entry in entries(&why.findings) {
        event(out, &entry, Some(why.year), width);
        lines(out, &format!("block {}", entry.strand.finding.block), width, "    ");
    }
}

fn reading(out: &mut String, why: &Why, group: &[&WhyReading], sql: bool, width: usize) {
    let [reading, ..] = group else { return };
    let form = Form::of(reading.verdict, reading.at_least.is_some(), false);
    let style = ribbon::style(form);
    let names: Vec<String> = group
        .iter()
        .map(|r| if r.id == "baseline" { "Baseline".to_owned() } else { format!("if {}", r.id) })
        .collect();
    let name = names.join(", ");
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
    if let Some(text) = standing(block) {
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
