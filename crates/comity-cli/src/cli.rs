//! The command line: the commands. Each command documents its own flags beside its code.

use clap::{Parser, Subcommand};

use crate::commands::{
    acts, advise, audit, completions, events, forecast, man, mcp, measure, panel, policy, query,
    record, replicate, serve, states, verdicts, verify, watch, whatif, why, worker,
};

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
    subcommand_required = false
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
    /// Advise on an act before it is taken: what it would move, and what followed before
    Advise(Box<advise::Args>),
    /// Run the same audit with facts otherwise: rows taken out, or changed
    Whatif(Box<whatif::Args>),
    /// List the acts that can be tested against a policy, and how they are put
    Acts(acts::Args),
    /// List verdicts as rows: by state, commitment and year, or the last of each state
    Verdicts(Box<verdicts::Args>),
    /// Look up states: codes, names, years in the state system
    States(states::Args),
    /// Show, verify and extend the record of facts
    Record(record::Args),
    /// Query the record with SQL: any SELECT over its tables and views
    Query(query::Args),
    /// Build a research panel: state-years, dyad-years and similar units, with covariates
    Panel(Box<panel::Args>),
    /// Watch what turns now between a state and others, in event data
    Watch(Box<watch::Args>),
    /// Keep stores of coded events: take files in, count by pair and period
    Events(events::Args),
    /// Forecast fatalities, sealed before the period and scored after it
    Forecast(forecast::Args),
    /// Compute a measure of the field: similarity, power, arms races, trade, networks …
    Measure(Box<measure::Args>),
    /// Rebuild a published table from its authors' files, number by number
    Replicate(replicate::Args),
    /// List, read, check, test and start policies
    Policy(policy::Args),
    /// Check an evidence pack that `comity audit --pack` wrote, offline
    Verify(verify::Args),
    /// Look at states, policies and the record in a browser, and click through to the rows
    Serve(serve::Args),
    /// Answer the questions of assistants (Model Context Protocol)
    Mcp(mcp::Args),
    /// Print the completions of a shell: names of commands, flags and their values
    Completions(completions::Args),
    /// Print the manual page of the program or of a command, or write all of them
    Man(man::Args),
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

    /// The command of some words, and how many of them name it.
    fn named<'c>(root: &'c clap::Command, words: &[&str]) -> (&'c clap::Command, usize) {
        let mut at = (root, 0);
        for word in words {
            match at.0.find_subcommand(word) {
                Some(found) => at = (found, at.1 + 1),
                None => break,
            }
        }
        at
    }

    fn visit(command: &clap::Command, path: &str, each: &mut dyn FnMut(&clap::Command, &str)) {
        each(command, path);
        for sub in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help")
        {
            visit(sub, &format!("{path} {}", sub.get_name()), each);
        }
    }

    #[test]
    fn every_command_shows_examples() {
        let mut root = super::Cli::command();
        root.build();
        let mut bare = Vec::new();
        visit(&root, "comity", &mut |command, path| {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            if path != "comity" && !help.contains("Examples:\n") {
                bare.push(path.to_owned());
            }
        });
        assert!(bare.is_empty(), "{bare:?}");
    }

    /// Wherever a command is written with flags, in help or in what the program answers, it takes them.
    #[test]
    fn every_flag_that_is_suggested_exists() {
        let mut root = super::Cli::command();
        root.build();
        let known = |command: &clap::Command, flag: &str| {
            let long = |a: &clap::Arg| a.get_long() == Some(flag);
            flag == "help" || flag == "version" || command.get_arguments().any(long)
        };
        let mut wrong = Vec::new();
        let mut seen = 0;
        for text in sources() {
            for line in text.lines().filter(|l| !l.trim_start().starts_with("//")) {
                for part in line.split("comity ").skip(1) {
                    let end = part.find(['`', '"', ';', '|']).unwrap_or(part.len());
                    let words: Vec<&str> =
                        part[..end].split([' ', '\\']).filter(|w| !w.is_empty()).collect();
                    let (command, depth) = named(&root, &words);
                    // The name of the command is filled in when it is printed.
                    let template = words.get(depth).is_some_and(|w| w.starts_with('{'));
                    for flag in words.iter().filter_map(|w| w.strip_prefix("--")) {
                        let flag: String = flag
                            .chars()
                            .take_while(|c| c.is_ascii_lowercase() || *c == '-')
                            .collect();
                        seen += 1;
                        if depth > 0 && !template && !flag.is_empty() && !known(command, &flag) {
                            wrong.push(format!("comity {}", words.join(" ")));
                        }
                    }
                }
            }
        }
        assert!(seen > 50, "{seen}");
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    /// Every source file of the workspace, and the README.
    fn sources() -> Vec<String> {
        fn read(folder: &std::path::Path, all: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let is = |end: &str| path.extension().is_some_and(|e| e == end);
                if path.is_dir() {
                    read(&path, all);
                } else if is("rs") || is("md") {
                    all.push(std::fs::read_to_string(&path).unwrap());
                }
            }
        }
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut all = vec![std::fs::read_to_string(root.join("README.md")).unwrap()];
        for entry in std::fs::read_dir(root.join("crates")).unwrap() {
            read(&entry.unwrap().path().join("src"), &mut all);
        }
        all
    }
}
