//! `comity panel`: research panels with the covariates of the field.

mod describe;
mod groups;

use std::path::PathBuf;

use clap::Subcommand;
use comity_panel::panel::{Codes, Derived, Gaps, Panel, PanelError, Rule, Spec, Unit};
use comity_record::Record;

use crate::exit::{Exit, Trouble};
use crate::frame::{self, Format};
use crate::given::RecordArgs;

/// Flags of `comity panel`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
    comity panel dyad-years --with pledges,disputes:cow,contiguity,distance:capital,majors,nmc,igos,rivalries,peace-years -o dyads.parquet\n  \
    comity panel state-years --years 1946-2010 --with nmc,democracy,peace-years:cow --cite\n  \
    comity panel dyad-months --directed --system gw -o months.parquet\n  \
    comity panel groups\n\n\
    A zero is written only where a source covers the states and the year; what is not known is null."
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// One row per what: state-years, state-months, state-days, dyad-years, dyad-months, leader-years, leader-dyad-years, dispute-years, kad-years
    #[arg(value_name = "UNIT")]
    pub unit: Option<String>,
    /// Groups of columns (`comity panel groups`), each with its choice behind a colon
    #[arg(long, value_name = "GROUP[:CHOICE],…", value_delimiter = ',')]
    pub with: Vec<String>,
    /// Whose states: cow (Correlates of War) or gw (Gleditsch and Ward)
    #[arg(long, value_name = "SYSTEM", default_value = "cow")]
    pub system: String,
    /// Every pair in both orders
    #[arg(long)]
    pub directed: bool,
    /// Only these years, for example 1946-2010
    #[arg(long, value_name = "FROM-TO")]
    pub years: Option<String>,
    /// Carry states and great powers past the end of their lists to this year
    #[arg(long, value_name = "YEAR")]
    pub extend_to: Option<i32>,
    /// Only rows among these states, by code or name; one alone with dyads: all its dyads
    #[arg(long, value_name = "STATE,…", value_delimiter = ',')]
    pub states: Vec<String>,
    /// How many states a group has, for kad-years
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub k: usize,
    /// Only these columns beside the keys
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// A column from another of the same unit, for example 'lag(cinc1,1)' or 'mean(milex,5)' (repeatable)
    #[arg(long, value_name = "COLUMN")]
    pub add: Vec<String>,
    /// How one of several disputes of a pair and year is chosen: rules in order
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub rules: Option<Vec<String>>,
    /// What a count of peace years does at a gap: calendar, rows or restart
    #[arg(long, value_name = "HOW", default_value = "calendar")]
    pub gaps: String,
    /// File to write; its name tells the form (.parquet, .csv, .arrow, .dta, .rds)
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Form of the output, where the name does not tell it
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Print the BibTeX of the sources behind the panel, and write nothing else
    #[arg(long)]
    pub cite: bool,
    #[command(flatten)]
    pub record: RecordArgs,
}

/// What can be asked about panels.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Explain the groups of columns: what they hold, for which units, from which sources and years
    Groups(groups::Args),
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    if let Some(Command::Groups(args)) = &args.command {
        return groups::run(args);
    }
    let record = args.record.open()?;
    let spec = spec(args, &record)?;
    let format = format(args)?;
    let panel = Panel::prepare(&record, &spec).map_err(told)?;
    if args.cite {
        return describe::cite(&record, &panel);
    }
    let notes = describe::notes(&record, &panel, args)?;
    let rows = frame::write(&panel, format, args.output.as_deref(), &notes)?;
    if let Some(path) = &args.output {
        describe::beside(path, &notes)?;
        eprintln!(
            "{} rows and {} columns in {}",
            rows,
            panel.schema().fields().len(),
            path.display()
        );
    }
    for (group, (from, to)) in panel.shortfalls() {
        eprintln!("note: {group} is known from {from} to {to}; null in other years");
    }
    Ok(Exit::Done)
}

/// A refusal as the program tells it.
fn told(error: PanelError) -> Trouble {
    error.help.into_iter().fold(Trouble::new(error.message), Trouble::help)
}

fn format(args: &Args) -> Result<Format, Trouble> {
    match (args.format, &args.output) {
        (Some(format), _) => Ok(format),
        (None, None) => Ok(Format::Text),
        (None, Some(path)) => Format::of(path).ok_or_else(|| {
            Trouble::new(format!("the name {} does not tell the form of the file", path.display()))
                .help("end it with .parquet, .csv, .arrow, .dta or .rds, or add --format")
        }),
    }
}

fn spec(args: &Args, record: &Record) -> Result<Spec, Trouble> {
    let Some(name) = &args.unit else {
        let mut trouble = Trouble::new("one row per what? no unit was named");
        for (_, name, doc) in Unit::ALL {
            trouble = trouble.help(format!("{name}: {doc}"));
        }
        return Err(trouble);
    };
    let names = || Unit::ALL.iter().map(|(_, name, _)| *name);
    let unit = Unit::named(name).ok_or_else(|| unknown("unit", name, names()))?;
    let codes = match args.system.as_str() {
        "cow" => Codes::Cow,
        "gw" => Codes::Gw,
        other => return Err(unknown("system", other, ["cow", "gw"].into_iter())),
    };
    let with =
        args.with.iter().filter(|w| !w.trim().is_empty()).map(|w| match w.trim().split_once(':') {
            Some((group, choice)) => (group.to_owned(), Some(choice.to_owned())),
            None => (w.trim().to_owned(), None),
        });
    let rules = args.rules.as_ref().map(|rules| {
        let known = || Rule::ALL.iter().map(|(_, name, _)| *name);
        let rule = |name: &String| {
            let found = Rule::ALL.iter().find(|(_, n, _)| n == name).map(|(rule, ..)| *rule);
            found.ok_or_else(|| unknown("rule", name, known()))
        };
        rules
            .iter()
            .filter(|r| !r.is_empty() && *r != "none")
            .map(rule)
            .collect::<Result<Vec<_>, _>>()
    });
    let gaps = Gaps::ALL.iter().find(|(_, name, _)| *name == args.gaps).map(|(gaps, ..)| *gaps);
    Ok(Spec {
        unit,
        codes,
        directed: args.directed,
        years: args.years.as_deref().map(years).transpose()?,
        extend_to: args.extend_to,
        with: with.collect(),
        columns: args.columns.clone(),
        states: args.states.iter().map(|s| state(record, s, codes)).collect::<Result<_, _>>()?,
        k: args.k,
        rules: rules.transpose()?,
        gaps: gaps.ok_or_else(|| {
            unknown("way to count", &args.gaps, Gaps::ALL.iter().map(|(_, n, _)| *n))
        })?,
        derived: args
            .add
            .iter()
            .map(|text| Derived::parse(text).map_err(told))
            .collect::<Result<_, _>>()?,
    })
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Trouble {
    let known: Vec<&str> = known.collect();
    let trouble = Trouble::new(format!("no {what} `{name}`"));
    match comity_panel::nearest(name, known.iter().copied()) {
        Some(near) => trouble.help(near),
        None => trouble,
    }
    .help(format!("there are {}", known.join(", ")))
}

/// `1946-2010`, `1946..2010` or one year.
fn years(text: &str) -> Result<std::ops::RangeInclusive<i32>, Trouble> {
    let (from, to) = text.split_once("..").or_else(|| text.split_once('-')).unwrap_or((text, text));
    match (from.trim().parse(), to.trim().parse()) {
        (Ok(from), Ok(to)) if from <= to => Ok(from..=to),
        (Ok::<i32, _>(from), Ok::<i32, _>(to)) => {
            Err(Trouble::new(format!("the years {from} to {to} are out of order"))
                .help(format!("--years {to}-{from}")))
        }
        _ => Err(Trouble::new(format!("`{text}` is no span of years"))
            .help("for example --years 1946-2010")),
    }
}

/// The code of a state in the list of the panel.
fn state(record: &Record, text: &str, codes: Codes) -> Result<i32, Trouble> {
    if let Ok(code) = text.trim().parse() {
        return Ok(code);
    }
    let found = crate::given::state(record, text)?;
    let states = record.states()?;
    match codes {
        Codes::Cow => Ok(found),
        Codes::Gw => {
            Ok(states.code_of(found, "gw", 2010).and_then(|c| c.parse().ok()).unwrap_or(found))
        }
    }
}
