//! `comity audit`: states against a policy, year by year.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;
use comity_policy::audit::Report;
use comity_policy::document::Policy;
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, evaluate};
use comity_record::Record;

use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;
use crate::render::{self, Extra, Page, csv, html, json, junit, markdown, plain, terminal};

/// Forms of an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For a terminal: ribbons and words
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// One row per state, commitment and year; with --evidence one row per finding
    Csv,
    /// A Markdown document
    Md,
    /// One self-contained page to read and print
    Html,
    /// Test results for a build server
    Junit,
}

/// Flags of `comity audit`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity audit CHN\n  \
    comity audit India Pakistan --from 1955 --evidence\n  \
    comity audit CHE --commitment no-use-of-force --format csv\n  \
    comity audit CHN --without 710:713\n  \
    comity audit USA --format html --output usa.html\n  \
    comity audit --all --format json --output all.json\n  \
    comity audit CHN --from 2010 --fail-on broken    exits with 1 if anything was broken\n\n\
    A verdict is kept, strained, broken, contested, unknown, no-occasion or not-applicable.\n\
    What the record does not cover is unknown, and unknown is never kept.")]
pub struct Args {
    /// States, as codes or names: CHN, 710, China, "West Germany"
    #[arg(value_name = "STATE")]
    pub states: Vec<String>,
    /// Every state that was in the system in these years
    #[arg(long, conflicts_with = "states")]
    pub all: bool,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Only this commitment (repeatable)
    #[arg(long, value_name = "ID")]
    pub commitment: Vec<String>,
    /// First year [default: the later of the policy's adoption and the state's entry]
    #[arg(long, value_name = "YEAR", allow_negative_numbers = true)]
    pub from: Option<i32>,
    /// Last year [default: the last year that a needed source covers]
    #[arg(long, value_name = "YEAR", allow_negative_numbers = true)]
    pub to: Option<i32>,
    /// List the findings with their sources
    #[arg(long)]
    pub evidence: bool,
    /// Form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// Write to this file, whole or not at all, instead of standard output. A pipe or a device is written into, and of
    /// a link the file that it leads to is replaced
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Exit with 1 where a year has this verdict or a worse one: kept < strained < broken;
    /// the others count only when named (repeatable)
    #[arg(long, value_name = "VERDICT")]
    pub fail_on: Vec<Verdict>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    if args.states.is_empty() && !args.all {
        return Err(Trouble::new("no state to audit")
            .help("name one or more, for example `comity audit CHN`, or ask for --all")
            .help("`comity states` lists them"));
    }
    given::years(args.from, args.to)?;
    // An unwritable place is told before the work, not after it.
    let mut out = Output::open(args.output.as_deref())?;
    let record = args.record.open()?;
    let policy = args.run.policy(&record)?;
    given::commitments(&policy, &args.commitment)?;
    let states = given::states(&record, &args.states)?;
    let options = args.run.options(&record, &args.commitment)?;
    let mut plain_options = options.clone();

    let progress = given::progress(&mut plain_options, "evaluating");
    let options = comity_policy::Options { progress: plain_options.progress.clone(), ..options };
    let evaluation =
        evaluate(&record, &policy, &options).map_err(|e| given::block_error(&policy, e))?;
    let states = if args.all { all(&evaluation, &policy, args.from, args.to) } else { states };
    too_many_for_a_page(args, &states)?;
    let report = evaluation.report(&states, args.from, args.to)?;
    // The process ends soon: giving the evaluation's memory back piece by piece would only take time.
    std::mem::forget(evaluation);
    let changes = if options.without.is_empty() {
        Vec::new()
    } else {
        plain_options.without.clear();
        let before = evaluate(&record, &policy, &plain_options)
            .map_err(|e| given::block_error(&policy, e))?;
        render::changes(&before.report(&states, args.from, args.to)?, &report)
    };
    progress.done();

    let extra = Extra {
        changes,
        names: names(&record, &report)?,
        repeat: args.record.repeat() + &args.run.repeat(),
        evidence: args.evidence,
    };
    write(args, Page { policy: &policy, report: &report, extra: &extra }, &mut out)?;
    out.finish()?;
    Ok(if met(&report, &args.fail_on) { Exit::Met } else { Exit::Done })
}

fn write(args: &Args, page: Page<'_>, out: &mut Output) -> Result<(), Trouble> {
    use std::io::Write;
    match args.format {
        Format::Text => out.screen(&terminal::render(page, plain::width()))?,
        Format::Json => json::write(page.report, out)?,
        Format::Csv if args.evidence => csv::findings(page.report, out)?,
        Format::Csv => csv::verdicts(page.report, out)?,
        Format::Md => out.write_all(markdown::render(page).as_bytes())?,
        Format::Html => out.write_all(html::render(page).as_bytes())?,
        Format::Junit => out.write_all(junit::render(page.report, &args.fail_on).as_bytes())?,
    }
    Ok(())
}

/// Every state of the system in the years asked for.
fn all(evaluation: &Evaluation, policy: &Policy, from: Option<i32>, to: Option<i32>) -> Vec<i32> {
    let adopted = policy.adopted.as_ref().and_then(|d| d.get(..4)?.parse().ok());
    let from = from.or(adopted).unwrap_or(1816);
    let to = to.unwrap_or_else(|| evaluation.last_year());
    evaluation.states_between(from, to)
}

/// A page is for reading: it holds a few states side by side.
fn too_many_for_a_page(args: &Args, states: &[i32]) -> Result<(), Trouble> {
    if args.format == Format::Html && states.len() > html::MOST {
        return Err(Trouble::new(format!(
            "a page holds up to {} states side by side; these are {}",
            html::MOST,
            states.len()
        ))
        .help("write one page for each state, for example: for s in CHN USA IND; do comity audit $s --format html --output $s.html; done")
        .help("for all states at once use --format csv, json or md"));
    }
    Ok(())
}

/// Abbreviations of the states that the report names by code.
fn names(record: &Record, report: &Report) -> Result<BTreeMap<i32, String>, Trouble> {
    let system = record.states()?;
    Ok(report.without.iter().flat_map(|&(a, b)| [a, b]).map(|c| (c, system.abbr(c))).collect())
}

fn met(report: &Report, fail_on: &[Verdict]) -> bool {
    report
        .audits
        .iter()
        .flat_map(|a| &a.commitments)
        .flat_map(|c| &c.verdicts)
        .any(|v| fail_on.iter().any(|named| v.verdict.is_or_worse(*named)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fixture;

    #[test]
    fn fail_on_is_met_by_the_named_verdict_or_a_worse_one() {
        let report = fixture::report();
        assert!(met(&report, &[Verdict::Strained]));
        assert!(met(&report, &[Verdict::Contested]));
        assert!(!met(&report, &[Verdict::NoOccasion]));
        assert!(!met(&report, &[]));
    }
}
