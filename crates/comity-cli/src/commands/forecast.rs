//! `comity forecast`: fatalities of the next year, sealed before it begins, and scored when it is over.

use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::Style;
use clap::Subcommand;
use comity::forecast::{Forecast, Scored};
use comity_report::{Form, json, plain, terminal};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::RecordArgs;
use crate::output::Output;

/// Flags of `comity forecast`.
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
    comity forecast make --output 2026.jsonl --made-on 2025-12-31\n  \
    comity forecast make ETH UKR --year 2026 --made-on 2025-12-31\n  \
    comity forecast score 2026.jsonl\n\n\
    The model, its scores on held-out years and what it cannot know are in docs/forecasts.md."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Forecast the fatalities of every state, and seal the forecasts in a file
    #[command(after_help = "Examples:\n  \
        comity forecast make --output 2026.jsonl --made-on 2025-12-31\n  \
        comity forecast make ETH UKR --made-on 2025-12-31")]
    Make {
        /// States to show; none: the twenty with the highest median
        #[arg(value_name = "STATE")]
        states: Vec<String>,
        /// The year [default: the one after the last that the record knows]
        #[arg(long, value_name = "YEAR")]
        year: Option<i32>,
        /// The day on which it is made: yours to say, and to prove by publishing the last line of the file
        #[arg(long, value_name = "YYYY-MM-DD")]
        made_on: String,
        #[command(flatten)]
        record: RecordArgs,
        /// Form of what is shown
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
        /// The sealed file: a thousand samples for each state
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Score a sealed file when its period is over, beside last year, five and twelve years pooled
    #[command(after_help = "Examples:\n  \
        comity forecast score 2024.jsonl\n  \
        comity forecast score 2020.jsonl --hindcast --format json")]
    Score {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Score it although it was made after its period had begun; it is called a hindcast
        #[arg(long)]
        hindcast: bool,
        #[command(flatten)]
        record: RecordArgs,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
}

const BOLD: Style = Style::new().bold();
/// A file of forecasts has at most so many bytes.
const LARGEST: u64 = 256 << 20;
/// How many states are shown where none is named.
const SHOWN: usize = 20;

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    match &args.command {
        Command::Make { states, year, made_on, record, format, output } => {
            let date = made_on.parse().map_err(|_| {
                Trouble::new(format!("`{made_on}` is no day")).help("write --made-on YYYY-MM-DD")
            })?;
            let record = comity::Record::from(record.open()?);
            let made = record.forecast(*year, date)?;
            let wanted = comity::states(record.tables(), states)?;
            if let Some(file) = output {
                let mut out = Output::open(Some(file))?;
                out.screen(&made.sealed)?;
                out.finish()?;
            }
            let mut shown: Vec<&Forecast> = made.forecasts.iter().collect();
            if wanted.is_empty() {
                shown.sort_by(|a, b| {
                    b.quantiles[2]
                        .total_cmp(&a.quantiles[2])
                        .then(a.state.ccode.cmp(&b.state.ccode))
                });
                shown.truncate(SHOWN);
            } else {
                shown.retain(|f| wanted.contains(&f.state.ccode));
            }
            let mut out = Output::open(None)?;
            match format {
                Form::Json => json::value(&shown, true, &mut out)?,
                _ => out.screen(&table(&shown, made.forecasts.len()))?,
            }
            out.finish()?;
        }
        Command::Score { file, hindcast, record, format } => {
            let name = file.display();
            let bytes = comity_record::plain_file::read(file, LARGEST)
                .map_err(|e| Trouble::new(format!("cannot read {name}: {e}")))?;
            let text = String::from_utf8(bytes).map_err(|_| {
                Trouble::new(format!("{name} is not UTF-8: it is no file of forecasts"))
            })?;
            let scored = comity::Record::from(record.open()?).score_forecast(&text, *hindcast)?;
            let mut out = Output::open(None)?;
            match format {
                Form::Json => json::value(&scored, true, &mut out)?,
                _ => out.screen(&scores(&scored))?,
            }
            out.finish()?;
        }
    }
    Ok(Exit::Done)
}

fn table(shown: &[&Forecast], all: usize) -> String {
    let mut text = String::new();
    let Some(first) = shown.first() else {
        return "no state that is named is in the data\n".into();
    };
    let _ = writeln!(
        text,
        "{BOLD}State-based fatalities in {}, forecast from the years to {} ({all} states){BOLD:#}",
        first.year, first.known_to
    );
    let _ = writeln!(
        text,
        "{:24} {:>9} {:>7} {:>8} {:>9} {:>9} {:>9}",
        "", first.known_to, "any", "1,000+", "5 %", "median", "95 %"
    );
    for f in shown {
        let last = f.last.map_or_else(|| "-".to_owned(), |v| format!("{v:.0}"));
        let name: String = plain::clean(&f.state.name).chars().take(24).collect();
        let _ = writeln!(
            text,
            "{name:24} {last:>9} {:>6.0}% {:>7.0}% {:>9.0} {:>9.0} {:>9.0}",
            f.any * 100.0,
            f.war * 100.0,
            f.quantiles[0],
            f.quantiles[2],
            f.quantiles[4]
        );
    }
    let note = "What followed on earlier moments alike, in all states: no cause is known to it, and what has never happened is not in it. docs/forecasts.md has its scores.";
    terminal::lines(&mut text, note, plain::width(), "");
    text
}

fn scores(s: &Scored) -> String {
    let mut text = String::new();
    let what = if s.hindcast {
        "a hindcast: it was made after its period had begun"
    } else {
        "a forecast"
    };
    let _ = writeln!(
        text,
        "{BOLD}{} of {} state-years{BOLD:#} ({what})",
        plain::clean(&s.header.outcome),
        s.n
    );
    let _ = writeln!(text, "{:22} {:>6} {:>22} {:>22} {:>24}", "", "n", "CRPS", "IGN", "MIS");
    for l in &s.scores {
        let of = |v: f64, (a, b): (f64, f64), digits: usize| {
            format!("{v:.digits$} ({a:.digits$}–{b:.digits$})")
        };
        let _ = writeln!(
            text,
            "{:22} {:>6} {:>22} {:>22} {:>24}",
            l.name,
            l.n,
            of(l.crps, l.crps_interval, 1),
            of(l.ign, l.ign_interval, 3),
            of(l.mis, l.mis_interval, 0)
        );
    }
    let note = format!(
        "Lower is better. Intervals: 95 %, bootstrap over states, seed {}. {} forecasts have no outcome yet; {} outcomes of the same years were not forecast.",
        comity::forecast::SEED,
        s.unknown,
        s.unforecast
    );
    terminal::lines(&mut text, &note, plain::width(), "");
    text
}
