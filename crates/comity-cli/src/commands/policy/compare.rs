//! `comity policy compare`: where the verdicts of two policies differ.

use std::fmt::Write as _;

use anstyle::Style;
use comity::{AuditOptions, Cache};
use comity_advice::compare::{Compared, Comparison};
use comity_report::{Form, json, plain, ribbon, terminal, words};

use crate::exit::{Exit, Trouble};
use crate::given::{RecordArgs, RunArgs};
use crate::output::Output;

const BOLD: Style = Style::new().bold();

/// Runs the command.
pub fn run(first: &str, second: &str, record: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let record = record.open()?;
    let policy = |named: &str| -> Result<comity::Policy, Trouble> {
        let run = RunArgs { policy: named.to_owned(), ..RunArgs::default() };
        Ok(comity::Policy::from(run.policy(&record)?))
    };
    let (a, b) = (policy(first)?, policy(second)?);
    let options = AuditOptions {
        cache: Cache::default_folder().map(|folder| Cache::at(folder).into()),
        ..AuditOptions::default()
    };
    let mut compared = comity::Record::from(record).compare(&a, &b, &options)?;
    if compared.policies.0 == compared.policies.1 {
        // Two versions of one: by the names that were given.
        compared.policies = (first.to_owned(), second.to_owned());
    }
    let mut out = Output::open(None)?;
    if format == Form::Json {
        json::value(&compared, true, &mut out)?;
    } else {
        out.screen(&text(&compared, plain::width()))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn text(all: &Comparison, width: usize) -> String {
    let mut out = String::new();
    let differ: Vec<&Compared> = all.both.iter().filter(|c| c.differences() > 0).collect();
    let same = all.both.iter().filter(|c| c.same_text).count();
    let lead = match differ.len() {
        0 => format!(
            "No verdict differs between {} and {} over this record.",
            all.policies.0, all.policies.1
        ),
        n => format!(
            "{} of {} in both have other verdicts.",
            words::plural(n, "commitment", "commitments"),
            all.both.len()
        ),
    };
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", plain::clean(&lead));
    let alike = all.both.len() - same - differ.len();
    if same > 0 {
        terminal::lines(
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
            "{} another text and the same verdicts in every state-year of this record: over another record they may differ.",
            words::plural(alike, "commitment has", "commitments have")
        );
        terminal::lines(&mut out, &said, width, "");
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
            terminal::hanging(&mut out, &line, width);
        }
        for (who, clauses) in
            [(&all.policies.0, &c.first_finds), (&all.policies.1, &c.second_finds)]
        {
            if !clauses.is_empty() {
                let named: Vec<String> =
                    clauses.iter().map(|k| format!("{} (line {})", k.block, k.line)).collect();
                terminal::hanging(
                    &mut out,
                    &format!("  only {who} finds, by {}", named.join(", ")),
                    width,
                );
            }
        }
    }
    for (who, alone) in [(&all.policies.0, &all.first_alone), (&all.policies.1, &all.second_alone)]
    {
        if !alone.is_empty() {
            out.push('\n');
            terminal::hanging(&mut out, &format!("{who} alone has {}", alone.join(", ")), width);
        }
    }
    out
}
