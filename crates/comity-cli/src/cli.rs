//! The command line: the commands. Each command documents its own flags beside its code.

use clap::{Parser, Subcommand};

use crate::commands::{audit, panel, policy, query, record, states, why, worker};

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
    /// Colours: where standard output is a terminal that shows them, always, or never
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Whether colours are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// Where they are understood.
    Auto,
    /// Into files and pipes too.
    Always,
    /// Nowhere.
    Never,
}

impl Color {
    /// What is asked for by these words, before they are understood: help and errors have colours too.
    pub fn of(words: impl Iterator<Item = std::ffi::OsString>) -> Self {
        let words: Vec<String> = words.filter_map(|w| w.into_string().ok()).collect();
        let mut named = words.iter().enumerate().filter_map(|(at, word)| match word.as_str() {
            "--color" => words.get(at + 1).map(String::as_str),
            word => word.strip_prefix("--color="),
        });
        match named.next_back() {
            Some("always") => Self::Always,
            Some("never") => Self::Never,
            _ => Self::Auto,
        }
    }

    /// For help and errors of the command line.
    pub fn of_clap(self) -> clap::ColorChoice {
        match self {
            Self::Auto => clap::ColorChoice::Auto,
            Self::Always => clap::ColorChoice::Always,
            Self::Never => clap::ColorChoice::Never,
        }
    }

    /// Holds for all that this process prints.
    pub fn apply(self) {
        match self {
            Self::Auto => {}
            Self::Always => anstream::ColorChoice::Always.write_global(),
            Self::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
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
    /// Run a command within limits of memory and time, or serve such commands
    #[command(hide = true)]
    Worker(worker::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Color;

    #[test]
    fn colour_is_known_before_the_command_is() {
        let of = |words: &[&str]| Color::of(words.iter().map(|w| (*w).into()));
        assert_eq!(of(&["audit", "CHN", "--color", "always"]), Color::Always);
        assert_eq!(of(&["--color=always", "states", "--color=never"]), Color::Never);
        assert_eq!(of(&["audit", "--color"]), Color::Auto);
    }

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
