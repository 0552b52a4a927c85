//! The command line as a library: the program `comity` and the Python package run the same commands.
//!
//! It is thin: [`cli`] has the commands, [`commands`] use the libraries, [`exit`] says how it ends.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cli;
mod commands;
mod download;
mod exit;
mod form;
mod given;
mod interrupt;
mod output;
mod progress;
mod table;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::cli::{Cli, Color, Command};
use crate::exit::{Exit, Trouble};

/// Runs the command of these arguments, the first of which is the program's name. The code to end with: 0 done, 1 a verdict that
/// `--fail-on` names, 2 an error, which is then on standard error.
pub fn run_command(args: Vec<OsString>) -> u8 {
    let color = Color::of(args.iter().cloned());
    color.apply();
    let cli = Cli::command()
        .color(color.of_clap())
        .try_get_matches_from(&args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match cli {
        Ok(cli) => cli,
        // Help is an answer; anything else is an error. A reader that is gone changes neither.
        Err(error) => {
            let _ = error.print();
            return if error.exit_code() == 0 { Exit::Done as u8 } else { Exit::Error as u8 };
        }
    };
    // The servers end by themselves when they are interrupted.
    if !matches!(cli.command, Some(Command::Serve(_) | Command::Mcp(_))) {
        interrupt::watch();
    }
    let result = commands::worker::elsewhere(&cli, &args).unwrap_or_else(|| run(cli));
    exit(result) as u8
}

/// Runs one command in this process.
fn run(cli: Cli) -> Result<Exit, Trouble> {
    cli.color.apply();
    match cli.command {
        Some(Command::Audit(args)) => commands::audit::run(&args),
        Some(Command::Why(args)) => commands::why::run(&args),
        Some(Command::Advise(args)) => commands::advise::run(&args),
        Some(Command::Whatif(args)) => commands::whatif::run(&args),
        Some(Command::Watch(args)) => commands::watch::run(&args),
        Some(Command::Events(args)) => commands::events::run(&args),
        Some(Command::Forecast(args)) => commands::forecast::run(&args),
        Some(Command::Verify(args)) => commands::verify::run(&args),
        Some(Command::Acts(args)) => commands::acts::run(&args),
        Some(Command::Verdicts(args)) => commands::verdicts::run(&args),
        Some(Command::States(args)) => commands::states::run(&args),
        Some(Command::Record(args)) => commands::record::run(&args),
        Some(Command::Query(args)) => commands::query::run(&args),
        Some(Command::Panel(args)) => commands::panel::run(&args),
        Some(Command::Measure(args)) => commands::measure::run(&args),
        Some(Command::Replicate(args)) => commands::replicate::run(&args),
        Some(Command::Policy(args)) => commands::policy::run(&args),
        Some(Command::Serve(args)) => commands::serve::run(&args),
        Some(Command::Mcp(args)) => commands::mcp::run(&args),
        Some(Command::Completions(args)) => commands::completions::run(&args),
        Some(Command::Man(args)) => commands::man::run(&args),
        Some(Command::Worker(args)) => commands::worker::run(&args),
        None => short_help(),
    }
}

/// Runs one command in this process, as it would be typed after the program's name.
fn run_words(words: &[String]) -> Exit {
    match Cli::try_parse_from(std::iter::once("comity").chain(words.iter().map(String::as_str))) {
        Ok(cli) => exit(run(cli)),
        Err(error) => {
            // Help is an answer; anything else is an error.
            let _ = error.print();
            if error.exit_code() == 0 { Exit::Done } else { Exit::Error }
        }
    }
}

/// How the program ends, and why where it was not done.
fn exit(result: Result<Exit, Trouble>) -> Exit {
    match result {
        Ok(exit) => exit,
        // The reader is gone: `comity audit CHN | head` is done.
        Err(trouble) if trouble.is_broken_pipe() => Exit::Done,
        Err(trouble) => {
            anstream::eprint!("{}", trouble.to_text());
            Exit::Error
        }
    }
}

fn short_help() -> Result<Exit, Trouble> {
    output::print(&Cli::command().render_help().ansi().to_string())?;
    Ok(Exit::Done)
}
