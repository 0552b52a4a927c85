//! `comity measure ideal-points`: where states stand, from their votes in the General Assembly.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use comity::measure::{IDEAL_REFERENCES, Plan, Settings, Votes, bibtex_of, ideal_points, refused};
use comity_report::Form;
use comity_report::frame::Frame;
use comity_report::plain::clean;
use serde_json::json;

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs};
use crate::progress::Progress;
use crate::{output, table};

/// How the points are estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Method {
    /// A variational approximation with standard errors: seconds
    Fast,
    /// The full sampler, with several chains: minutes
    Gibbs,
}

/// Flags of `comity measure ideal-points`.
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Where states stand on one line, session by session, from their votes in the General Assembly.\n\n\
        Formula\n  an ordered probit: z = b_v x_it + e, e ~ N(0, 1); yes, abstain and no are separated by two cut points of each roll call;\n  \
        b_v ~ N(0, 1); x_it ~ N(x_i,t-1, 0.5 n_t / (n_t + n_t-1)). Roll calls on the same resolution in different sessions (--matches)\n  \
        share their parameters. Points are standardised over all states and sessions; those of the United States are positive on average.\n\n\
        Null\n  a state without a vote that tells it from others in a session has no row; how many is said\n\n\
        References\n  Bailey, Michael A., Anton Strezhnev and Erik Voeten. 2017. Estimating Dynamic State Preferences from United Nations Voting\n  \
        Data. Journal of Conflict Resolution 61(2): 430-456. doi:10.1177/0022002715595700",
    after_help = "Examples:\n  \
    comity measure ideal-points --sessions 1-70 --output points.csv\n  \
    comity measure ideal-points --sessions 1-70 --method gibbs --checkpoint run.bin --output points.csv\n  \
    comity measure ideal-points --cite\n\n\
    A run of the sampler that is stopped goes on from its checkpoint when the same command is given again."
)]
pub struct Args {
    /// Sessions of the General Assembly, for example 1-70 [default: all]
    #[arg(long, value_name = "FROM-TO")]
    sessions: Option<String>,
    /// How they are estimated
    #[arg(long, value_enum, default_value = "fast")]
    method: Method,
    /// A table of pairs of roll calls on the same resolution: its last two columns are the numbers of the roll calls
    #[arg(long, value_name = "FILE")]
    matches: Option<PathBuf>,
    /// Of the sampler: iterations of all chains together
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    iterations: u64,
    /// Of the sampler: how many chains
    #[arg(long, value_name = "N", default_value_t = 2)]
    chains: u32,
    /// Of the sampler: all random numbers follow from it
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Of the sampler: keep the state of the run in this file, and go on from it where it is there
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
    /// Let this source answer for a family of tables, for example votes=ID (repeatable)
    #[arg(long, value_name = "FAMILY=ID")]
    source: Vec<String>,
    /// File to write, whole or not at all; its extension sets the form (.parquet, .csv, .json, .arrow, .dta, .rds)
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the output, where the name does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    format: Option<Form>,
    /// Print the BibTeX of the works that define the measure, and nothing else
    #[arg(long)]
    cite: bool,
    #[command(flatten)]
    record: RecordArgs,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    if args.cite {
        output::print(&bibtex_of("ideal-points", IDEAL_REFERENCES))?;
        return Ok(Exit::Done);
    }
    let form = table::form(args.format, args.output.as_deref())?;
    let sessions = args.sessions.as_deref().map_or(Ok((1, i32::MAX)), sessions)?;
    let record = args.record.open()?;
    let reading = given::reading(&record, &args.source)?;
    let votes = Votes::of(&record, &reading, sessions)?;
    let bridges = args.matches.as_deref().map_or(Ok(Vec::new()), bridges)?;
    let settings = Settings::default();
    let estimates = match args.method {
        Method::Fast => votes.fast(&bridges, &settings)?,
        Method::Gibbs => sampled(args, &votes, &bridges, settings)?,
    };
    if votes.left_out > 0 {
        eprintln!(
            "note: {} votes are left out: their roll call, session or state is not known",
            votes.left_out
        );
    }
    if !estimates.left_out.is_empty() {
        eprintln!(
            "note: {} states in a session have no point: their votes there do not tell them from others",
            estimates.left_out.len()
        );
    }
    let rows = ideal_points(&estimates)?;
    let notes = json!({
        "schema_version": 1,
        "comity": env!("CARGO_PKG_VERSION"),
        "measure": "ideal_points",
        "method": if args.method == Method::Fast { "fast" } else { "gibbs" },
        "iterations": estimates.passes,
        "record": record.fingerprint()?,
    });
    let written =
        table::write(&Frame::Answer(&rows), form, args.output.as_deref(), &notes.to_string())?;
    if let Some(path) = &args.output {
        eprintln!(
            "{} in {}",
            table::size(written, rows.num_columns()),
            clean(&path.to_string_lossy())
        );
    }
    Ok(Exit::Done)
}

/// The sampler, with its progress, from its checkpoint where there is one.
fn sampled(
    args: &Args,
    votes: &Votes,
    bridges: &[(u32, u32)],
    settings: Settings,
) -> Result<comity::measure::Estimates, Trouble> {
    let each = args.iterations / u64::from(args.chains.max(1));
    let plan = Plan {
        iterations: each,
        burn_in: each / 5,
        thin: (each / 500).max(1),
        chains: args.chains,
        seed: args.seed,
    };
    let kept = match &args.checkpoint {
        Some(path) if path.is_file() => {
            Some(comity_record::plain_file::read(path, MOST).map_err(|e| cannot(path, &e))?)
        }
        _ => None,
    };
    let mut run = votes.sampler(bridges, settings, plan, kept.as_deref())?;
    let progress = Progress::new("sampling");
    let mut failed = None;
    run.run((each / 100).max(1), |run| {
        progress.update(run.done() as usize, each as usize);
        let Some(path) = &args.checkpoint else { return ControlFlow::Continue(()) };
        match keep(path, &run.checkpoint()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(trouble) => {
                failed = Some(trouble);
                ControlFlow::Break(())
            }
        }
    });
    progress.done();
    match failed {
        Some(trouble) => Err(trouble),
        None => Ok(run.estimates().map_err(|e| refused(&e))?),
    }
}

/// Bytes of a checkpoint, at most.
const MOST: u64 = 4 << 30;

fn cannot(path: &Path, error: &dyn std::fmt::Display) -> Trouble {
    Trouble::new(format!(
        "the checkpoint {} cannot be used: {error}",
        clean(&path.to_string_lossy())
    ))
    .help("name another file, or remove it to begin anew")
}

/// Writes a checkpoint whole or not at all.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    use std::io::Write as _;
    let mut out = output::Output::open(Some(path))?;
    out.write_all(bytes).map_err(|e| cannot(path, &e))?;
    out.finish()
}

/// `1-70`, or one session.
fn sessions(text: &str) -> Result<(i32, i32), Trouble> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let number = |part: &str| part.trim().parse::<i32>().ok().filter(|n| *n > 0);
    match (number(from), number(to)) {
        (Some(from), Some(to)) if from <= to => Ok((from, to)),
        _ => {
            Err(Trouble::new(format!("`{}` are no sessions", clean(text)))
                .help("write 1-70, or 70"))
        }
    }
}

/// Pairs of roll calls: the last two columns of a table.
fn bridges(path: &Path) -> Result<Vec<(u32, u32)>, Trouble> {
    let rows = comity_datasets::free::read(path)
        .map_err(|error| Trouble::new(format!("the matches: {error}")))?;
    let wrong = |row: usize| {
        Trouble::new(format!(
            "row {} of {} is no pair of roll calls",
            row + 1,
            clean(&path.to_string_lossy())
        ))
        .help("its last two columns are numbers of roll calls (rcid)")
    };
    if rows.num_columns() < 2 {
        return Err(wrong(0));
    }
    let numbers = |at: usize| -> Result<Vec<Option<f64>>, Trouble> {
        let column = arrow::compute::cast(rows.column(at), &arrow::datatypes::DataType::Float64);
        let column = column.map_err(|e| Trouble::new(format!("the matches: {e}")))?;
        Ok(arrow::array::AsArray::as_primitive::<arrow::datatypes::Float64Type>(&column)
            .iter()
            .collect())
    };
    let (one, two) = (numbers(rows.num_columns() - 2)?, numbers(rows.num_columns() - 1)?);
    let whole = |n: Option<f64>| {
        n.filter(|n| n.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(n)).map(|n| n as u32)
    };
    let pair = |row: usize| whole(one[row]).zip(whole(two[row])).ok_or_else(|| wrong(row));
    (0..rows.num_rows()).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_a_span_or_one() {
        assert_eq!(sessions("1-70").ok(), Some((1, 70)));
        assert_eq!(sessions("19").ok(), Some((19, 19)));
        for bad in ["", "70-1", "0-5", "a", "1-", "-1-5"] {
            assert!(sessions(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn matches_are_the_last_two_columns() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("matches.csv");
        std::fs::write(&file, "nr,first,second\n1,10,200\n2,11,201\n").unwrap();
        assert_eq!(bridges(&file).unwrap(), [(10, 200), (11, 201)]);
        std::fs::write(&file, "nr,first,second\n1,10,x\n").unwrap();
        assert!(bridges(&file).is_err());
    }
}
