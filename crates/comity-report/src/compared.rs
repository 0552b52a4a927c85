//! Two policies compared over a record, in words.

use std::fmt::Write as _;

use anstyle::Style;
use comity_advice::compare::{Compared, Comparison};

use crate::searched::named;
use crate::terminal::{hanging, lines};
use crate::{plain, ribbon, words};

const BOLD: Style = Style::new().bold();

/// Which verdicts differ, and which clause makes them.
pub fn text(all: &Comparison, width: usize) -> String {
    let mut out = String::new();
    let differ: Vec<&Compared> =
        all.both.iter().filter(|c| c.differences() > 0 || c.values_differ > 0).collect();
    let same = all.both.iter().filter(|c| c.same_text).count();
    let lead = match differ.len() {
        0 => format!(
            "No verdict differs between {} and {} over this record.",
            all.policies.0, all.policies.1
        ),
        n => format!(
            "{} of {} in both have other verdicts or values.",
            words::plural(n, "commitment", "commitments"),
            all.both.len()
        ),
    };
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", plain::clean(&lead));
    let alike = all.both.len() - same - differ.len();
    if same > 0 {
        lines(
            &mut out,
            &format!(
                "{} the same in the text that is run.",
                words::plural(same, "commitment is", "commitments are")
            ),
            width,
            "",
        );
    }
    if alike > 0 {
        let said = format!(
            "{} another text and the same verdicts in every state-year of this record: over another record they may differ (--search).",
            words::plural(alike, "commitment has", "commitments have")
        );
        lines(&mut out, &said, width, "");
    }
    for c in differ {
        let _ = writeln!(
            out,
            "\n{BOLD}{}{BOLD:#}: {} of {} state-years differ",
            plain::clean(&c.commitment),
            c.differences(),
            c.of
        );
        for (before, after, n) in &c.differ {
            let of: Vec<String> = c
                .examples
                .iter()
                .filter(|(_, _, x, y)| (x, y) == (before, after))
                .map(|(state, year, _, _)| format!("{state} {year}"))
                .collect();
            let line = format!(
                "  {} → {}: {n}, as {}",
                ribbon::name(*before),
                ribbon::name(*after),
                of.join(", ")
            );
            hanging(&mut out, &line, width);
            let first = c.examples.iter().position(|(_, _, x, y)| (x, y) == (before, after));
            let Some(at) = first else { continue };
            let place = format!("{} {}", c.examples[at].0, c.examples[at].1);
            let why = match c.because.get(at).and_then(Option::as_ref) {
                Some(b) => format!(
                    "    {place}: only {} finds “{}” ({}, row {}), by {} (line {})",
                    if b.first { &all.policies.0 } else { &all.policies.1 },
                    b.what,
                    b.row.0,
                    b.row.1,
                    b.clause.block,
                    b.clause.line
                ),
                None => format!(
                    "    {place}: both find the same; they differ in what must be covered, or in whether the commitment applies"
                ),
            };
            hanging(&mut out, &why, width);
        }
        if c.values_differ > 0 {
            let said = format!(
                "  {} have another value",
                words::plural(c.values_differ, "state-year", "state-years")
            );
            hanging(&mut out, &said, width);
        }
        for (who, clauses) in
            [(&all.policies.0, &c.first_finds), (&all.policies.1, &c.second_finds)]
        {
            if !clauses.is_empty() {
                hanging(&mut out, &format!("  only {who} finds, by {}", named(clauses)), width);
            }
        }
    }
    for (who, alone) in [(&all.policies.0, &all.first_alone), (&all.policies.1, &all.second_alone)]
    {
        if !alone.is_empty() {
            out.push('\n');
            hanging(&mut out, &format!("{who} alone has {}", alone.join(", ")), width);
        }
    }
    out
}
