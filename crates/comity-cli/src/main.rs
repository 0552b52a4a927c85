//! `comity`: audits what states did against what a policy says, on a public record of facts.
//!
//! The program is thin: [`cli`] says what can be asked, [`commands`] ask the libraries, [`render`] shows
//! the answers, [`exit`] says how it ends.
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

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command};
use crate::exit::{Exit, Trouble};

fn main() -> ExitCode {
    let cli = Cli::parse();
    interrupt::watch();
    let result = match cli.command {
        Some(Command::Audit(args)) => commands::audit::run(&args),
        Some(Command::Why(args)) => commands::why::run(&args),
        Some(Command::States(args)) => commands::states::run(&args),
        Some(Command::Record(args)) => commands::record::run(&args),
        Some(Command::Query(args)) => commands::query::run(&args),
        Some(Command::Panel(args)) => commands::panel::run(&args),
        Some(Command::Policy(args)) => commands::policy::run(&args),
        None => short_help(),
    };
    match result {
        Ok(exit) => exit.into(),
        // Nobody reads on: `comity audit CHN | head` has done what it was asked.
        Err(trouble) if trouble.is_broken_pipe() => Exit::Done.into(),
        Err(trouble) => {
            anstream::eprint!("{}", trouble.to_text());
            Exit::Error.into()
        }
    }
}

fn short_help() -> Result<Exit, Trouble> {
    output::print(&Cli::command().render_help().ansi().to_string())?;
    Ok(Exit::Done)
}
