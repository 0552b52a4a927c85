//! Commitments compared over generated records, in words: which is stricter, whether they contradict, and the smallest record that shows it.

use std::fmt::Write as _;

use anstyle::Style;
use comity_advice::moves::Clause;
use comity_advice::search::{Covered, Example, Searched, Shown, Standing, Way};

use crate::plain::clean;
use crate::terminal::{hanging, lines};
use crate::words::plural;

const BOLD: Style = Style::new().bold();

/// What is said of one pair of commitments. `names` are what the two policies are called.
pub fn text(searched: &Searched, names: (&str, &str), width: usize) -> String {
    let mut out = String::new();
    let (a, b) = called(searched, names);
    let lead = match searched.standing {
        Standing::Alike => no_difference(searched),
        Standing::FirstStricter => format!("{a} is stricter"),
        Standing::SecondStricter => format!("{b} is stricter"),
        Standing::Crossed => "each is more severe than the other in some case".to_owned(),
        Standing::Otherwise => {
            "neither is more severe; they differ in what they know or in a value".to_owned()
        }
    };
    let ids = &searched.commitments;
    let about = if ids.0 == ids.1 { ids.0.clone() } else { format!("{} and {}", ids.0, ids.1) };
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}: {}", clean(&about), clean(&lead));
    for sentence in sentences(searched, (&a, &b)) {
        hanging(&mut out, &format!("  {sentence}"), width);
    }
    for example in &searched.examples {
        out.push('\n');
        self::example(&mut out, example, (&a, &b), width);
    }
    out
}

/// `no difference found in 2,000 records, seed 1`.
pub fn no_difference(searched: &Searched) -> String {
    format!("no difference found in {} records, seed {}", grouped(searched.records), searched.seed)
}

/// What the two sides are called: by the policy where that tells them apart, else by the commitment.
fn called(searched: &Searched, names: (&str, &str)) -> (String, String) {
    let ids = &searched.commitments;
    match (names.0 == names.1, ids.0 == ids.1) {
        (true, false) => (ids.0.clone(), ids.1.clone()),
        (_, true) => (names.0.to_owned(), names.1.to_owned()),
        _ => (format!("{} ({})", ids.0, names.0), format!("{} ({})", ids.1, names.1)),
    }
}

fn sentences(s: &Searched, (a, b): (&str, &str)) -> Vec<String> {
    let mut all = Vec::new();
    if s.standing != Standing::Alike {
        all.push(format!(
            "In {} records (seed {}), of {} state-years {a} is more severe in {}, {b} in {}; {} differ otherwise.",
            grouped(s.records),
            s.seed,
            grouped(s.compared),
            grouped(s.first_graver),
            grouped(s.second_graver),
            grouped(s.otherwise),
        ));
    }
    if s.stopped {
        all.push("Time ran out before all records were made: --records asks for fewer.".to_owned());
    }
    if s.failed > 0 {
        all.push(format!("Over {} records a query of both failed.", grouped(s.failed)));
    }
    for (who, said) in [(a, &s.said.0), (b, &s.said.1)] {
        if said.broken == 0 && said.strained == 0 {
            all.push(format!("{who} was never seen broken or strained."));
        } else if said.broken == 0 {
            all.push(format!("{who} was never seen broken."));
        }
        if said.kept == 0 {
            all.push(format!("{who} was never seen kept."));
        }
    }
    if s.contradict() {
        all.push(format!(
            "The two exclude each other: in {} where both judge conduct, no record keeps both.",
            plural(s.both_judge, "state-year", "state-years")
        ));
    } else if s.commitments.0 != s.commitments.1 && s.both_judge > 0 {
        all.push(format!(
            "They can be kept together: in {} of {} where both judge conduct.",
            grouped(s.both_kept),
            plural(s.both_judge, "state-year", "state-years")
        ));
    }
    all
}

fn example(out: &mut String, example: &Example, (a, b): (&str, &str), width: usize) {
    let what = match example.way {
        Way::FirstGraver => format!("{a} is more severe"),
        Way::SecondGraver => format!("{b} is more severe"),
        Way::Otherwise => "they differ otherwise".to_owned(),
        Way::FirstFails => format!("a query of {a} fails"),
        Way::SecondFails => format!("a query of {b} fails"),
    };
    let line = format!(
        "  Smallest record in which {what}, {} {}: {a} says {}, {b} says {}.",
        example.state, example.year, example.says.0, example.says.1
    );
    hanging(out, &line, width);
    for (who, clauses) in [(a, &example.first_finds), (b, &example.second_finds)] {
        if !clauses.is_empty() {
            hanging(out, &format!("  Only {who} finds, by {}.", named(clauses)), width);
        }
    }
    for (table, covered) in &example.covered {
        let said = match covered {
            Covered::Only(column, text) => format!("{column} = {text} alone"),
            Covered::Except(by, kind) => format!("all but {by} = {kind}"),
            _ => continue,
        };
        hanging(out, &format!("  Of {table}, covered for these states: {said}."), width);
    }
    lines(out, "As a test of a document:", width, "  ");
    out.push('\n');
    for line in as_test(example).lines() {
        let _ = writeln!(out, "    {}", clean(line));
    }
}

/// Blocks and their lines.
pub fn named(clauses: &[Clause]) -> String {
    let each = clauses.iter().map(|c| format!("{} (line {})", c.block, c.line));
    each.collect::<Vec<_>>().join(", ")
}

/// The record of an example as a test that can stand in a document: what is not given is empty and covered.
pub fn as_test(example: &Example) -> String {
    let mut out = String::new();
    for shown in &example.tables {
        let covered = example.covered.iter().find(|(t, _)| *t == shown.table);
        let coverage = match covered.map(|(_, c)| c) {
            Some(Covered::Nothing) => " coverage=none".to_owned(),
            Some(Covered::Years(from, to)) => format!(" coverage={from}..{to}"),
            // A test cannot say which rows a source claims: that is said beside it.
            Some(Covered::Only(..) | Covered::Except(..)) | None => String::new(),
        };
        let _ = writeln!(out, "```given case=difference table={}{coverage}", shown.table);
        out.push_str(&grid(shown));
        out.push_str("```\n");
    }
    let verdict = example.says.0.replace(' ', "-");
    let known = comity_policy::verdict::Verdict::ALL.iter().any(|v| v.name() == verdict)
        || verdict == comity_policy::document::STRAINED_OR_WORSE;
    if known {
        let _ = writeln!(
            out,
            "```expect case=difference\nstate | year | verdict\n{:5} | {} | {verdict}\n```",
            example.ccode, example.year
        );
    }
    out
}

/// Cells under the names of their columns.
fn grid(shown: &Shown) -> String {
    let width = |at: usize| {
        let cells = shown.rows.iter().map(|r| r[at].chars().count());
        cells.chain([shown.columns[at].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..shown.columns.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).map(|(c, w)| format!("{c:w$}"));
        format!("{}\n", padded.collect::<Vec<_>>().join(" | ").trim_end())
    };
    // A line must keep its last empty cell.
    let last = |cells: &[String]| match cells.last() {
        Some(cell) if cell.is_empty() => format!("{} \n", line(cells).trim_end()),
        _ => line(cells),
    };
    let mut out = line(&shown.columns);
    shown.rows.iter().for_each(|r| out.push_str(&last(r)));
    out
}

/// `1234567` as people read it.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_a_test_that_a_document_can_hold() {
        let example = Example {
            way: Way::FirstGraver,
            state: "CHN".into(),
            ccode: 710,
            year: 1950,
            says: ("broken".into(), "kept".into()),
            tables: vec![Shown {
                table: "pledges".into(),
                columns: vec!["ccode".into(), "partner".into(), "treaty".into()],
                rows: vec![vec!["710".into(), "365".into(), String::new()]],
            }],
            covered: vec![("pledges".into(), Covered::Years(1949, 2000))],
            first_finds: Vec::new(),
            second_finds: Vec::new(),
        };
        let wanted = "```given case=difference table=pledges coverage=1949..2000\nccode | partner | treaty\n710   | 365     | \n```\n```expect case=difference\nstate | year | verdict\n  710 | 1950 | broken\n```\n";
        assert_eq!(as_test(&example), wanted);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0, 12, 999, 1_000, 1_234_567].map(grouped),
            ["0", "12", "999", "1,000", "1,234,567"]
        );
    }
}
