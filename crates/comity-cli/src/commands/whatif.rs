//! `comity whatif`: the same audit with facts otherwise.

use comity::Advised;

use super::advise::How;
use crate::exit::{Exit, Trouble};
use crate::output::Output;

/// Flags of `comity whatif`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity whatif CHN --remove \"pledges where ccode = 710 and partner = 365\"\n  \
    comity whatif IND PAK --set \"disputes set settlement = 1 where dispute_id = '4007'\"\n  \
    comity whatif USA --remove \"vetoes where year < 1990\" --format md\n\n\
    Rows are taken out, or hold other values, in memory; the same audit runs with and without. Both mean the rows of \
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
    pub how: How,
}

fn of(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let out = Output::open(args.how.output.as_deref())?;
    let (record, policy) = args.how.open()?;
    let (states, remove, set) = (of(&args.states), of(&args.remove), of(&args.set));
    let advice =
        record.what_if(&policy, &states, &remove, &set, args.how.to, &args.how.options()?)?;
    args.how.write(&Advised { advice, alternatives: None }, out)?;
    Ok(Exit::Done)
}
