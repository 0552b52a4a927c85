//! `comity audit`: states against a policy, year by year.

use std::io::Write as _;
use std::path::PathBuf;

use comity_policy::audit::Report;
use comity_policy::document::Policy;
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, evaluate};
use comity_record::Record;

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;
use comity_report::Form;
use comity_report::{self, Expectations, Extra, Page, html, json, plain, terminal};

/// Flags of `comity audit`.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(after_help = "Examples:\n  \
    comity audit CHN\n  \
    comity audit India Pakistan --from 1955 --evidence\n  \
    comity audit CHE --commitment no-use-of-force --format csv\n  \
    comity audit CHN --without 710:713\n  \
    comity audit USA --format html --output usa.html\n  \
    comity audit --all --format json --output all.json\n  \
    comity audit CHN --commitment no-use-of-force --pack chn.zip\n  \
    comity audit CHN --forks    which verdicts another threshold, source or edition would change\n  \
    comity audit CHN --from 2010 --fail-on broken    exits with 1 if anything was broken\n\n\
    A verdict is kept, strained, broken, contested, unknown, no-occasion or not-applicable.\n\
    What the record does not cover is unknown, and unknown is never kept.\n\n\
    --all --format json writes one line of JSON per state and commitment, with the verdicts as runs of years\n\
    (docs/audit-lines.md describes a line); --whole writes one document with every finding instead. `comity\n\
    verdicts` writes the same verdicts as rows.")]
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
    /// Say how many disputes, wars and sanctions a state in its place would be expected to have (text, html and md; takes half a minute)
    #[arg(long)]
    pub expected: bool,
    /// Form of the output
    #[arg(long, value_parser = forms(Form::AUDIT), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
    /// With --all and --format json: one document with every finding, as for states that are named, in place of a line per state and
    /// commitment
    #[arg(long)]
    pub whole: bool,
    /// Write to this file, whole or not at all, instead of standard output. A pipe or a device is written into, and of
    /// a link the file that it leads to is replaced
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Say of every verdict which choice would change it: thresholds that the policy names, sources that differ, earlier editions (text or
    /// json)
    #[arg(long, conflicts_with_all = ["all", "whole", "pack", "evidence", "expected", "fail_on"])]
    pub forks: bool,
    /// Write an evidence pack to this file: the claim, the policy and the rows behind it, to be checked with `comity verify`
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    pub pack: Option<PathBuf>,
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
    if args.whole && !(args.all && args.format == Form::Json) {
        return Err(Trouble::new("--whole is for `comity audit --all --format json`")
            .help("leave it out: states that are named are one document already"));
    }
    if args.expected && !matches!(args.format, Form::Text | Form::Html | Form::Markdown) {
        return Err(Trouble::new("--expected is for text, html and md")
            .help("`comity measure conduct` gives the same numbers as rows, in every form"));
    }
    if args.forks && !matches!(args.format, Form::Text | Form::Json) {
        return Err(Trouble::new("--forks is for text and json").help("leave --format out"));
    }
    given::years(args.from, args.to)?;
    // An unwritable place is reported before the work, not after it.
    let mut out = Output::open(args.output.as_deref())?;
    let record = args.run.seen(args.record.open()?)?;
    let policy = args.run.policy(&record)?;
    given::commitments(&policy, &args.commitment)?;
    let asked = args.from.is_some() || args.to.is_some();
    let years = (args.from.unwrap_or(i32::MIN), args.to.unwrap_or(record.last_year()));
    let years = asked.then_some(years);
    let states = given::states_in(&record, &args.states, years)?;
    let options = args.run.options(&record, &args.commitment, years)?;
    let mut plain_options = options.clone();

    let progress = given::progress(&mut plain_options, "evaluating");
    let options = comity_policy::Options { progress: plain_options.progress.clone(), ..options };
    if args.forks {
        return forks(args, &record, &policy, &states, &options, out);
    }
    let evaluation =
        evaluate(&record, &policy, &options).map_err(|e| given::block_error(&policy, e))?;
    let states = if args.all { evaluation.all_states(args.from, args.to) } else { states };
    if args.all && args.format == Form::Json && !args.whole {
        let done = lines(args, &evaluation, &states, out);
        std::mem::forget(evaluation);
        return done;
    }
    too_many_for_a_page(args, &states)?;
    let mut report = evaluation.report(&states, args.from, args.to)?;
    if let Some(day) = &args.run.as_of {
        let remark =
            format!("as of {day}: only editions of datasets that were published by then are used");
        report.audits.iter_mut().for_each(|audit| audit.remarks.push(remark.clone()));
    }
    let shown = args.evidence || matches!(args.format, Form::Html | Form::Json);
    if shown && !args.all {
        evaluation.with_events(&mut report)?;
    }
    let open = args.to.is_none().then(|| evaluation.last_year());
    // The process ends soon: giving the memory of the evaluation and of its report back piece by piece would only take time.
    std::mem::forget(evaluation);
    let changes = if options.without.is_empty() {
        Vec::new()
    } else {
        plain_options.without.clear();
        let before = evaluate(&record, &policy, &plain_options)
            .map_err(|e| given::block_error(&policy, e))?;
        comity_report::changes(&before.report(&states, args.from, args.to)?, &report)
    };
    progress.done();

    let extra = Extra {
        changes,
        repeat: args.record.repeat() + &args.run.repeat(),
        open,
        expected: if args.expected { expected(&record, &report)? } else { Expectations::default() },
        evidence: args.evidence,
        ..comity::Record::from(record.clone()).beside(&report)?
    };
    write(args, Page { policy: &policy, report: &report, extra: &extra }, &mut out)?;
    out.finish()?;
    if let Some(file) = &args.pack {
        let policy = comity::Policy::from(policy.clone());
        let bytes = comity::Record::from(record.clone()).pack(&policy, &report)?;
        let mut packed = Output::open(Some(file))?;
        packed.write_all(&bytes)?;
        packed.finish()?;
    }
    let met = comity_report::fails(&report, &args.fail_on);
    std::mem::forget(report);
    Ok(if met { Exit::Met } else { Exit::Done })
}

/// Every verdict under other choices.
fn forks(
    args: &Args,
    record: &Record,
    policy: &Policy,
    states: &[i32],
    options: &Options,
    mut out: Output,
) -> Result<Exit, Trouble> {
    let all = comity_advice::forks::forks(record, policy, states, (args.from, args.to), options)
        .map_err(|error| match error {
            comity_advice::Error::Policy(error) => given::block_error(policy, error),
            error => Trouble::from(comity::Error::from(error)),
        })?;
    if args.format == Form::Json {
        json::value(&all, true, &mut out)?;
    } else {
        let each = all.iter().map(|f| comity_report::forks::text(f, &policy.title, plain::width()));
        out.screen(&each.collect::<Vec<_>>().join("\n"))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// One line per state and commitment, written as the states are audited.
fn lines(
    args: &Args,
    evaluation: &Evaluation,
    states: &[i32],
    mut out: Output,
) -> Result<Exit, Trouble> {
    /// How many audits may wait to be written.
    const AHEAD: usize = 8;
    let head = evaluation.head()?;
    let mut met = false;
    evaluation.audits(states, (args.from, args.to), AHEAD, |audit| {
        met |= comity_report::audit_fails(&audit, &args.fail_on);
        comity_report::lines::write(&head, &audit, &mut out).map_err(Trouble::from)
    })?;
    out.finish()?;
    Ok(if met { Exit::Met } else { Exit::Done })
}

fn write(args: &Args, page: Page<'_>, out: &mut Output) -> Result<(), Trouble> {
    if args.format == Form::Text {
        return out.screen(&terminal::render(page, plain::width()));
    }
    Ok(comity_report::write(page, args.format, &args.fail_on, out)?)
}

/// What the states of a report had, beside what would be expected of them in its years.
fn expected(record: &Record, report: &Report) -> Result<Expectations, Trouble> {
    let years = || {
        let audits = report.audits.iter().flat_map(|a| &a.commitments);
        audits.flat_map(|c| &c.verdicts).map(|v| v.year)
    };
    let (Some(from), Some(to)) = (years().min(), years().max()) else {
        return Ok(Expectations::default());
    };
    let states: Vec<(i32, String)> =
        report.audits.iter().map(|a| (a.state.ccode, a.state.name.clone())).collect();
    let progress = crate::progress::Progress::new("expecting");
    let all = comity::measure::conduct(record, &states, (from, to), |done, of| {
        progress.update(done, of);
    })?;
    progress.done();
    Ok(all)
}

/// A page is for reading: it holds a few states side by side.
fn too_many_for_a_page(args: &Args, states: &[i32]) -> Result<(), Trouble> {
    if args.format == Form::Html && states.len() > html::MOST {
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
