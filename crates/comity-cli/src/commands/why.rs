//! `comity why`: one verdict explained.

use std::path::PathBuf;

use comity_policy::evaluate;

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;
use comity_report::Form;
use comity_report::{json, plain, why};

/// Flags of `comity why`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity why CHN no-use-of-force 1962\n  \
    comity why CHN no-use-of-force                  the year in which the verdict last changed\n  \
    comity why USA no-interference 1989 --full\n  \
    comity why China no-great-power-alliance 1955 --format json\n\n\
    It shows the verdict, the rows that decide it, and where silence counted. --full shows each evidence block\n\
    under each reading of the sources, and the coverage of every table; --sql the queries too.")]
pub struct Args {
    /// The state, as a code or a name
    #[arg(value_name = "STATE")]
    pub state: String,
    /// The commitment's id
    #[arg(value_name = "COMMITMENT")]
    pub commitment: String,
    /// The year [default: the one in which the verdict last changed]
    #[arg(value_name = "YEAR", allow_negative_numbers = true)]
    pub year: Option<i32>,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Show every block under every reading, with the coverage of its tables
    #[arg(long)]
    pub full: bool,
    /// Show the queries too
    #[arg(long)]
    pub sql: bool,
    /// Form of the output
    #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
    /// Write to this file, whole or not at all, instead of standard output. A pipe or a device is written into, and of
    /// a link the file that it leads to is replaced
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let mut out = Output::open(args.output.as_deref())?;
    let record = args.run.seen(args.record.open()?)?;
    let policy = args.run.policy(&record)?;
    let wanted = [args.commitment.clone()];
    given::commitments(&policy, &wanted)?;
    let years = args.year.map(|year| (year, year));
    let state = given::state_in(&record, &args.state, years)?;
    let mut options = args.run.options(&record, &wanted, years)?;
    let progress = given::progress(&mut options, "evaluating");
    let evaluation =
        evaluate(&record, &policy, &options).map_err(|e| given::block_error(&policy, e))?;
    progress.done();
    let change = match args.year {
        Some(_) => None,
        None => Some(evaluation.last_change(state, &args.commitment)?),
    };
    let year = args.year.or(change.map(|c| c.year)).unwrap_or_default();
    let mut why = evaluation.why(state, &args.commitment, year)?;
    why.change = change;
    if args.format == Form::Json {
        json::value(&why, true, &mut out)?;
    } else {
        let repeat = args.record.repeat() + &args.run.repeat();
        let shown =
            why::Shown { full: args.full, sql: args.sql, repeat: &repeat, width: plain::width() };
        out.screen(&why::render(&why, shown))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}
