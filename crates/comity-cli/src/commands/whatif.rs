//! `comity whatif`: the same audit with facts otherwise.

use std::path::PathBuf;

use comity::{AuditOptions, Cache};
use comity_report::{Form, advice, json, plain};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;

/// Forms of the answer.
const FORMS: &[Form] = &[Form::Text, Form::Json, Form::Markdown, Form::Html];

/// Flags of `comity whatif`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity whatif CHN --remove \"pledges where ccode = 710 and partner = 365\"\n  \
    comity whatif IND PAK --set \"disputes set settlement = 1 where dispute_id = '4007'\"\n  \
    comity whatif USA --remove \"vetoes where year < 1990\" --format md\n\n\
    Rows are taken out, or hold other values, in memory; the same audit runs with and without. Both mean the rows of\n\
    every source, so that no other reading keeps them.")]
pub struct Args {
    /// States, as codes or names
    #[arg(value_name = "STATE", required = true)]
    pub states: Vec<String>,
    /// Rows to take out: TABLE where CONDITION (repeatable)
    #[arg(long, value_name = "ROWS")]
    pub remove: Vec<String>,
    /// Rows to change: TABLE set COLUMN = VALUE where CONDITION (repeatable)
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Last year to judge [default: the last of the record]
    #[arg(long, value_name = "YEAR")]
    pub to: Option<i32>,
    /// Show every finding, commitment and row
    #[arg(long)]
    pub full: bool,
    /// Form of the output
    #[arg(long, value_parser = forms(FORMS), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
    /// Write to this file, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

fn of(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let mut out = Output::open(args.output.as_deref())?;
    let record = args.run.seen(args.record.open()?)?;
    let document = args.run.policy(&record)?;
    let options = AuditOptions {
        sources: args.run.source.clone(),
        without: args.run.without.iter().map(|pair| given::pair(pair)).collect::<Result<_, _>>()?,
        cache: Cache::default_folder().map(|folder| Cache::at(folder).into()),
        ..AuditOptions::default()
    };
    let policy = comity::Policy::from(document);
    let said = comity::Record::from(record).what_if(
        &policy,
        &of(&args.states),
        &of(&args.remove),
        &of(&args.set),
        args.to,
        &options,
    )?;
    match args.format {
        Form::Json => json::value(&said, true, &mut out)?,
        Form::Markdown => out.screen(&advice::markdown(&said, None))?,
        Form::Html => out.screen(&advice::html(&said, None))?,
        _ => {
            let shown = advice::Shown { full: args.full, width: plain::width() };
            out.screen(&advice::text(&said, None, shown))?;
        }
    }
    out.finish()?;
    Ok(Exit::Done)
}
