//! The command line: the commands. Each command documents its own flags beside its code.

use clap::{Parser, Subcommand};

use crate::commands::{audit, panel, policy, query, record, serve, states, why, worker};

/// Comity audits what states did against what a policy says, on a public record of facts.
#[derive(Debug, Parser)]
#[command(
    name = "comity",
    version,
    about = "Comity makes a foreign policy executable.",
    long_about = "Comity makes a foreign policy executable.\n\n\
        A policy is a document of commitments, each with the queries that measure it. Comity runs it over a public \
        record of relations between states and says, year by year and with the evidence, what was kept, strained, \
        broken, or is not known.",
    after_help = "Begin with:\n  \
        comity audit CHN                      an audit of China against the policy that ships\n  \
        comity why CHN no-use-of-force 1962   one verdict explained, down to the rows\n  \
        comity audit USA --format html --output usa.html\n                                        \
        the same as a page to read and print",
    arg_required_else_help = false,
    subcommand_required = false,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit states against a policy, year by year, with the evidence
    Audit(Box<audit::Args>),
    /// Explain one verdict, with its rows and coverage
    Why(why::Args),
    /// Look up states: codes, names, years in the state system
    States(states::Args),
    /// Show, verify and extend the record of facts
    Record(record::Args),
    /// Query the record with SQL: any SELECT over its tables and views
    Query(query::Args),
    /// Build a research panel: state-years, dyad-years and their kin, with covariates
    Panel(Box<panel::Args>),
    /// List, read, check, test and start policies
    Policy(policy::Args),
    /// Look at states, policies and the record in a browser, and click through to the rows
    Serve(serve::Args),
    /// Run a command within limits of memory and time, or serve such commands
    #[command(hide = true)]
    Worker(worker::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
