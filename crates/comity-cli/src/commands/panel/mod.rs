//! `comity panel`: research panels with the covariates of the field.

mod describe;
mod groups;

use std::path::PathBuf;

use clap::Subcommand;
use comity_panel::{Handed, Joined, Panel, PanelError, Request, Spec, Unit};
use comity_record::Record;

use crate::commands::verdicts;
use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::table;
use comity_report::Form;
use comity_report::frame::Frame;
use comity_report::plain::clean;

/// Flags of `comity panel`.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  \
    comity panel dyad-years --with pledges,disputes:cow,contiguity,distance:capital,majors,nmc,igos,rivalries,peace-years -o dyads.parquet\n  \
    comity panel state-years --years 1946-2010 --with disputes:cow,nmc,democracy,peace-years --cite\n  \
    comity panel dyad-years --with disputes:gml,contiguity,relevance,peace-years --where prd=1 --join mine.csv -o relevant.parquet\n  \
    comity panel state-years --system gw --years 1946-2013 --with ucdp-onsets,ucdp:intrastate+internationalized,terrain,fractionalization:creg,democracy,gdp,peace-years --add 'lag(log(mrgdppc),1)' -o civil-wars.parquet\n  \
    comity panel dyad-months --years 1939-1945 --with wars:inter,pledges:atop -o months.parquet\n  \
    comity panel dyad-months --directed --system gw -o all-months.parquet\n  \
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
    /// Only these years, for example 1946-2010; after the end of the list of states its last ones are carried forward
    #[arg(long, value_name = "FROM-TO")]
    pub years: Option<String>,
    /// Carry states and great powers past the end of their lists to this year
    #[arg(long, value_name = "YEAR")]
    pub extend_to: Option<i32>,
    /// Only rows among these states, by code or name, of the years requested; one alone with dyads: all its dyads
    #[arg(long, value_name = "STATE,…", value_delimiter = ',')]
    pub states: Vec<String>,
    /// How many states a group has, for kad-years
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub k: usize,
    /// Only these columns beside the keys, and those of --add and --join
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// A column from another, for example 'lag(cinc1,1)': lag, lead, mean, sum and max over periods of the unit (years, months, days),
    /// diff, log, log1p, square, cube, spline(x,0,1,4,7,60), interpolate(x,3); one inside another: 'lag(log(milex1),1)' (repeatable)
    #[arg(long, value_name = "COLUMN")]
    pub add: Vec<String>,
    /// Keep only rows of which this holds, for example 'prd=1' or 'year>=1946 and milex1 is not null' (repeatable: all must hold).
    /// A row of which it is not known is left out. Peace years are counted over the rows that are kept, of all years;
    /// every other column, lags too, is as it would be without --where
    #[arg(long = "where", value_name = "CONDITION")]
    pub keep: Vec<String>,
    /// Join the columns of a table of your own (CSV, Excel, Stata, R, Parquet), by its columns named like keys: ccode and year,
    /// ccode1, ccode2 and year, gwcode …, with month where rows are months; else by ISO codes or names of states (iso3c, country,
    /// country1 and country2), each in its year. One state of a pair gets the numbers 1 and 2 (repeatable)
    #[arg(long, value_name = "FILE")]
    pub join: Vec<PathBuf>,
    /// How one of several disputes of a pair and year is chosen: rules in order
    #[arg(long, value_name = "RULE,…", value_delimiter = ',')]
    pub rules: Option<Vec<String>>,
    /// What a count of peace years does at a gap: calendar, rows or restart
    #[arg(long, value_name = "HOW", default_value = "calendar")]
    pub gaps: String,
    /// Let this source answer for a family of tables, for example capabilities=cow-nmc-6.0 (repeatable)
    #[arg(long, value_name = "FAMILY=ID")]
    pub source: Vec<String>,
    /// File to write, whole or not at all; its extension sets the form (.parquet, .csv, .json, .arrow, .dta, .rds).
    /// A pipe or a device is written into, and of a link the file that it leads to is replaced
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Form of the output, where the name does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    pub format: Option<Form>,
    /// Print the BibTeX of the sources behind the panel, and write nothing else
    #[arg(long)]
    pub cite: bool,
    #[command(flatten)]
    pub record: RecordArgs,
}

/// The subcommands about panels.
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
    let format = table::form(args.format, args.output.as_deref())?;
    let panel = Panel::prepare(&record, &spec).map_err(trouble)?;
    if args.cite {
        return describe::cite(&record, &panel);
    }
    let notes = describe::notes(&record, &panel, args)?;
    // Before the rows: where there is no room for both, neither appears.
    let beside = table::beside(args.output.as_deref(), &notes)?;
    let rows = table::write(&Frame::Panel(&panel), format, args.output.as_deref(), &notes)?;
    if let Some(beside) = beside {
        beside.finish()?;
    }
    if let Some(path) = &args.output {
        eprintln!(
            "{} in {}",
            table::size(rows, panel.schema().fields().len()),
            clean(&path.to_string_lossy())
        );
    }
    for note in said(&panel, args.extend_to.is_some()) {
        eprintln!("note: {}", clean(&note));
    }
    Ok(Exit::Done)
}

/// The panel of a request in words, as they stand behind `comity panel`.
pub fn prepared(args: &Args, record: &Record) -> Result<Panel, Trouble> {
    Panel::prepare(record, &spec(args, record)?).map_err(trouble)
}

/// What a reader of the panel should know of it.
fn said(panel: &Panel, extended: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let listed = panel.listed();
    if let Some((to, carried)) = listed.to.zip(listed.carried) {
        notes.push(format!(
            "the list of states ends in {to}; the states of that year are carried forward to {carried}"
        ));
    }
    if let Some((from, to)) = listed.left_out {
        let why = if extended {
            "--extend-to carries the states no further"
        } else {
            "nothing in the record speaks of them; --extend-to carries the states on"
        };
        notes.push(format!("{from} to {to} are left out: {why}"));
    }
    if let Some((to, known)) = listed.to.zip(listed.known_to) {
        notes.push(format!(
            "the panel ends in {to} with the list of states, and other sources go on to {known}; --extend-to {known} carries the states of {to} on"
        ));
    }
    let of_pairs =
        ["ccode2", "gwcode2"].iter().any(|c| panel.schema().column_with_name(c).is_some());
    for code in panel.absent() {
        notes.push(if of_pairs {
            format!(
                "there is no row of {code}: it and another of the states requested are not in the list of states together in these years"
            )
        } else {
            format!("there is no row of {code}: it is not in the list of states in these years")
        });
    }
    panel.joined().iter().for_each(|report| notes.extend(describe::joined_in_words(report)));
    let short = panel.shortfalls().into_iter();
    notes.extend(short.map(|(group, (from, to))| {
        format!("{group} is known from {from} to {to}; null in other years")
    }));
    notes
}

/// The tables to join.
fn joined(args: &Args) -> Result<Vec<Joined>, Trouble> {
    args.join.iter().map(|path| Ok(comity::joined(path)?)).collect()
}

/// A refusal as an error of the program.
fn trouble(error: PanelError) -> Trouble {
    error.help.into_iter().fold(Trouble::new(error.message), Trouble::help)
}

/// The verdicts that are asked for as columns, each under its policy.
fn handed(args: &Args, record: &Record) -> Result<Vec<Handed>, Trouble> {
    let one = |choice: &str| -> Result<Handed, Trouble> {
        let policy = given::policy_or_first(choice).to_owned();
        let run = RunArgs { policy, source: args.source.clone(), ..RunArgs::default() };
        Ok(verdicts::evaluated(record, &run, &[], None)?.for_panel(choice)?)
    };
    comity::verdicts::policies(&args.with).into_iter().map(one).collect()
}

fn spec(args: &Args, record: &Record) -> Result<Spec, Trouble> {
    let Some(unit) = &args.unit else {
        let mut trouble = Trouble::new("one row per what? no unit was named");
        for (_, name, doc) in Unit::ALL {
            trouble = trouble.help(format!("{name}: {doc}"));
        }
        return Err(trouble);
    };
    let years = args.years.as_deref().and_then(comity_record::span);
    for name in args.states.iter().filter(|name| name.parse::<i32>().is_err()) {
        // A name that is not there is refused with the whole request, below.
        let _ = crate::given::say_how_read(record, name, years);
    }
    let reading = crate::given::reading(record, &args.source)?;
    let request = Request {
        unit: unit.clone(),
        system: args.system.clone(),
        directed: args.directed,
        years: args.years.clone(),
        extend_to: args.extend_to,
        states: args.states.clone(),
        k: Some(args.k),
        with: args.with.clone(),
        columns: args.columns.clone(),
        add: args.add.clone(),
        keep: args.keep.clone(),
        joined: joined(args)?,
        handed: handed(args, record)?,
        rules: args.rules.clone(),
        gaps: args.gaps.clone(),
        reading: Some(reading),
    };
    request.spec(record).map_err(trouble)
}
