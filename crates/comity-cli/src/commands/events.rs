//! `comity events`: stores of coded events, for many files.

use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::Style;
use clap::Subcommand;
use comity::events::Placing;
use comity_events::Store;
use comity_events::counts::daily::{Ask, Measure, Period};
use comity_events::detect::{date, day};
use comity_events::read::{Known, Options};
use comity_report::plain;
use comity_report::words::plural;
use jiff::civil::Date;

use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs};
use crate::output::Output;

/// Flags of `comity events`.
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
    comity events add 20180101000000.export.CSV --store events\n  \
    comity events add *.export.CSV.zip --store events\n  \
    comity events info --store events\n  \
    comity events counts USA CHN --by month --store events > usa-chn.csv\n\n\
    Formats are known by what is in the files: GDELT 1 and 2, ICEWS, POLECAT, KEDS tables, UCDP GED and its monthly \
    candidates, MIE. A file twice changes nothing; a corrected event replaces its earlier version, and both are kept."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, clap::Args)]
pub struct StoreArgs {
    /// Folder of the store
    #[arg(long, value_name = "DIR", env = "COMITY_EVENTS")]
    pub store: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Take files in, all of them or none; every line is read, or left out with its reason
    #[command(after_help = "Examples:\n  \
        comity events add 20180101000000.export.CSV --store events\n  \
        comity events add events.2018.tab --released 2019-03-28 --store events")]
    Add {
        /// Files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        store: StoreArgs,
        /// The day on which the file was published, where its lines do not say when they were known
        #[arg(long, value_name = "YYYY-MM-DD", conflicts_with = "known_after")]
        released: Option<String>,
        /// Take each event to have been known so many days after it: an assumption, for sources without dated releases
        #[arg(long, value_name = "DAYS")]
        known_after: Option<u32>,
    },
    /// What a store holds
    #[command(after_help = "Examples:\n  comity events info --store events")]
    Info {
        #[command(flatten)]
        store: StoreArgs,
        /// Check every file against its hash
        #[arg(long)]
        verify: bool,
    },
    /// Counts between states by day, week, month or year, as CSV
    #[command(after_help = "Examples:\n  \
        comity events counts USA CHN --by month --store events\n  \
        comity events counts --by year --undirected --store events")]
    Counts {
        /// Two states; none: every pair
        #[arg(value_name = "STATE", num_args = 0..=2)]
        states: Vec<String>,
        /// How long a period is
        #[arg(long, value_parser = ["day", "week", "month", "year"], default_value = "month")]
        by: String,
        /// Both directions together
        #[arg(long)]
        undirected: bool,
        /// As known at the end of this day
        #[arg(long, value_name = "YYYY-MM-DD")]
        known: Option<String>,
        #[command(flatten)]
        store: StoreArgs,
        #[command(flatten)]
        record: RecordArgs,
    },
}

const BOLD: Style = Style::new().bold();

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    match &args.command {
        Command::Add { files, store, released, known_after } => {
            add(files, store, released.as_deref(), *known_after)
        }
        Command::Info { store, verify } => info(store, *verify),
        Command::Counts { states, by, undirected, known, store, record } => {
            counts(states, by, *undirected, known.as_deref(), store, record)
        }
    }
}

/// A day as it is written.
pub fn written(text: &str) -> Result<Date, Trouble> {
    text.parse().map_err(|_| {
        Trouble::new(format!("`{text}` is no day")).help("write YYYY-MM-DD, for example 2018-01-31")
    })
}

fn add(
    files: &[PathBuf],
    store: &StoreArgs,
    released: Option<&str>,
    known_after: Option<u32>,
) -> Result<Exit, Trouble> {
    let known = match (released, known_after) {
        (Some(text), _) => Known::At(i64::from(day(written(text)?)) * 86_400 + 86_399),
        (None, Some(days)) => Known::DaysAfter(days),
        (None, None) => Known::Stated,
    };
    let options = Options { known, ..Options::default() };
    let paths: Vec<&std::path::Path> = files.iter().map(PathBuf::as_path).collect();
    let added = Store::at(&store.store).add_all(&paths, &options)?;
    let mut text = String::new();
    for report in &added.reports {
        let _ = writeln!(text, "{report}");
    }
    for other in &added.others {
        let _ = writeln!(text, "passed over: {}", plain::clean(other));
    }
    for again in &added.again {
        let _ = writeln!(text, "{} was taken in before", plain::clean(again));
    }
    for warning in &added.warnings {
        let _ = writeln!(text, "warning: {}", plain::clean(warning));
    }
    let new = plural(added.new as usize, "event or version is new", "events or versions are new");
    let _ = writeln!(
        text,
        "{new}, {} of them further versions; {} were there",
        added.versions, added.there
    );
    let mut out = Output::open(None)?;
    out.screen(&text)?;
    out.finish()?;
    Ok(Exit::Done)
}

fn info(store: &StoreArgs, verify: bool) -> Result<Exit, Trouble> {
    let store = Store::at(&store.store);
    let mut text = String::new();
    for (id, about) in store.sources()? {
        let days = about
            .days
            .map_or_else(|| "no events".to_owned(), |(a, b)| format!("{} to {}", date(a), date(b)));
        let _ = writeln!(
            text,
            "{BOLD}{id}{BOLD:#}  {days}  {} of events from {}, {} bytes in {}",
            plural(about.versions as usize, "version", "versions"),
            plural(about.files as usize, "file", "files"),
            about.bytes,
            plural(about.parts, "part", "parts"),
        );
    }
    let mut exit = Exit::Done;
    if verify {
        let wrong = store.verify()?;
        for error in &wrong {
            let _ = writeln!(text, "damaged: {error}");
            exit = Exit::Error;
        }
        if wrong.is_empty() {
            text.push_str("every file is as it was written\n");
        }
    }
    let mut out = Output::open(None)?;
    out.screen(&text)?;
    out.finish()?;
    Ok(exit)
}

fn counts(
    states: &[String],
    by: &str,
    undirected: bool,
    known: Option<&str>,
    store: &StoreArgs,
    record: &RecordArgs,
) -> Result<Exit, Trouble> {
    let record = record.open()?;
    let states = given::states_in(&record, states, None)?;
    let pairs: Option<Vec<(i32, i32)>> = match states[..] {
        [] => None,
        [a, b] => Some(vec![(a, b), (b, a)]),
        _ => {
            return Err(Trouble::new("name two states, or none")
                .help("comity events counts USA CHN --store DIR"));
        }
    };
    let period = match by {
        "day" => Period::Day,
        "week" => Period::Week,
        "year" => Period::Year,
        _ => Period::Month,
    };
    let mut measures = vec![Measure::Events];
    measures.extend((1..=4).map(Measure::Quad));
    measures.extend([Measure::Goldstein, Measure::Scored, Measure::Best, Measure::Deaths]);
    measures.extend((1..=20).map(Measure::Root));
    let place = Placing::of(&record)?;
    let store = Store::at(&store.store);
    let mut text = String::from(
        "source,ccode,partner,period,events,verbal_cooperation,material_cooperation,verbal_conflict,material_conflict,goldstein,deaths",
    );
    for root in 1..=20 {
        let _ = write!(text, ",root_{root:02}");
    }
    text.push_str(",reports\n");
    let mut unplaced: Vec<(i64, String)> = Vec::new();
    for (id, _) in store.sources()? {
        let ask = Ask {
            as_known: known.map(written).transpose()?.map(day),
            measures: &measures,
            period,
            directed: !undirected,
            pairs: pairs.as_deref(),
            ..Ask::default()
        };
        let daily = store.daily(&id, &place, &ask)?;
        for (row, (a, b, first)) in daily.keys.iter().enumerate() {
            let of = |m: Measure| daily.value(row, m).unwrap_or(0);
            let _ = write!(text, "{id},{a},{b},{},{}", date(*first), of(Measure::Events));
            for quad in 1..=4 {
                let _ = write!(text, ",{}", of(Measure::Quad(quad)));
            }
            // Without a score there is no sum of scores.
            match of(Measure::Scored) {
                0 => text.push(','),
                _ => {
                    let _ = write!(text, ",{}", of(Measure::Goldstein) as f64 / 1000.0);
                }
            }
            // Nor are there no deaths where no event says how many.
            match of(Measure::Deaths) {
                0 => text.push(','),
                _ => {
                    let _ = write!(text, ",{}", of(Measure::Best));
                }
            }
            for root in 1..=20 {
                let _ = write!(text, ",{}", of(Measure::Root(root)));
            }
            let _ = writeln!(text, ",{}", daily.reports.get(first).map_or(0, |r| r.events));
        }
        unplaced.extend(daily.unplaced.iter().map(|(code, n)| (n.actor + n.target, code.clone())));
    }
    unplaced.sort_by(|a, b| b.cmp(a));
    let all: i64 = unplaced.iter().map(|(n, _)| n).sum();
    if all > 0 {
        let named: Vec<String> = unplaced
            .iter()
            .take(8)
            .map(|(n, code)| format!("{} ({n})", if code.is_empty() { "no country" } else { code }))
            .collect();
        anstream::eprintln!(
            "{all} sides of events are no state: {}",
            plain::clean(&named.join(", "))
        );
    }
    let mut out = Output::open(None)?;
    out.screen(&text)?;
    out.finish()?;
    Ok(Exit::Done)
}
