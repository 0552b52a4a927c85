//! `comity verdicts`: the verdicts of a policy as rows for statistics, and the last ones of each state.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::Float64Type;
use comity::verdicts::{COUNTS, FINDINGS, LATEST, VERDICTS, about, table as rows_in};
use comity::{FindingRow, LatestRow, VerdictFilter, Verdicts};
use comity_panel::About;
use comity_policy::verdict::Verdict;
use comity_record::Record;
use comity_report::frame::Frame;
use comity_report::plain::{clean, width};
use comity_report::words::{self, plural};
use comity_report::{Form, evidence, terminal};
use serde_json::json;

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;
use crate::table;

/// Flags of `comity verdicts`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity verdicts --output verdicts.parquet\n  \
    comity verdicts --commitment no-use-of-force --verdict broken --latest\n                                        \
    which states broke it most recently\n  \
    comity verdicts --states IND,PAK --from 1990 --commitment no-use-of-force\n  \
    comity verdicts --states TUR --findings --commitment no-interference --verdict broken --from 2015\n  \
    comity verdicts --counts --commitment no-use-of-force --from 1990 --output counts.csv\n  \
    comity query \"select verdict, count(*) as n from verdicts group by verdict order by verdict\"\n  \
    comity panel dyad-years --with verdicts:independent-peace,contiguity -o dyads.parquet\n\n\
    One row per state, commitment and year, by the name of the state. What is not covered is unknown, and\n\
    unknown is never kept. With --latest, unknown years after the last breach in which something was found all\n\
    the same stand beside it, so that a source that ends early acquits nobody. Counts stand beside the years\n\
    that they are over and the base rate of all states in the same years; there is no order by them.")]
pub struct Args {
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Only this commitment (repeatable)
    #[arg(long, value_name = "ID")]
    pub commitment: Vec<String>,
    /// Only this verdict: kept, strained, broken, contested, unknown, no-occasion or not-applicable (repeatable)
    #[arg(long, value_name = "VERDICT", conflicts_with = "counts")]
    pub verdict: Vec<Verdict>,
    /// First year [default: the later of the policy's adoption and the state's entry]
    #[arg(long, value_name = "YEAR", allow_negative_numbers = true)]
    pub from: Option<i32>,
    /// Last year [default: the last year that a needed source covers]
    #[arg(long, value_name = "YEAR", allow_negative_numbers = true)]
    pub to: Option<i32>,
    /// Only these states, as codes or names: CHN,710,"West Germany"
    #[arg(long, value_name = "STATE", value_delimiter = ',', num_args = 1..)]
    pub states: Vec<String>,
    /// One row per finding, with its source
    #[arg(long, conflicts_with_all = ["latest", "counts"])]
    pub findings: bool,
    /// One row per state and commitment: its last year with one of the verdicts, the most recent first
    #[arg(long, conflicts_with = "counts")]
    pub latest: bool,
    /// One row per state and commitment: how many years have each verdict, of how many, beside the base rate
    #[arg(long)]
    pub counts: bool,
    /// Form of the output, where the name of the file does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    pub format: Option<Form>,
    /// File to write, whole or not at all, instead of standard output; its extension sets the form (.parquet, .csv, .json,
    /// .arrow, .dta, .rds). A description of the columns and sources is written beside it (FILE.json)
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    given::years(args.from, args.to)?;
    let format = table::form(args.format, args.output.as_deref())?;
    let record = args.run.seen(args.record.open()?)?;
    let asked = args.from.is_some() || args.to.is_some();
    let years = (args.from.unwrap_or(i32::MIN), args.to.unwrap_or(record.last_year()));
    let years = asked.then_some(years);
    let verdicts = evaluated(&record, &args.run, &args.commitment, years)?;
    let filter = VerdictFilter {
        states: given::states_in(&record, &args.states, years)?,
        from: args.from,
        to: args.to,
        commitments: args.commitment.clone(),
        verdicts: args.verdict.clone(),
    };
    let mut notes = Vec::new();
    let (batch, about) = if args.findings {
        let mut rows = verdicts.findings(&filter)?;
        Verdicts::by_name(&mut rows, |row| (Arc::clone(&row.state), row.ccode));
        if format == Form::Text {
            let mut out = Output::open(args.output.as_deref())?;
            out.screen(&in_words(&rows, args.commitment.len() == 1))?;
            out.finish()?;
            return Ok(Exit::Done);
        }
        (rows_in(FINDINGS, &rows)?, about(FINDINGS))
    } else if args.latest {
        let rows = verdicts.latest(&filter)?;
        notes.extend(open(&rows, &filter.verdicts));
        (rows_in(LATEST, &rows)?, about(LATEST))
    } else if args.counts {
        (rows_in(COUNTS, &verdicts.counts(&filter)?)?, about(COUNTS))
    } else {
        let mut rows = verdicts.rows(&filter)?;
        Verdicts::by_name(&mut rows, |row| (Arc::clone(&row.state), row.ccode));
        (rows_in(VERDICTS, &rows)?, about(VERDICTS))
    };
    let batch = if format == Form::Text { for_screen(args, &batch)? } else { batch };
    write(args, &record, &verdicts, (&batch, &about), format)?;
    for note in notes {
        eprintln!("note: {}", clean(&note));
    }
    Ok(Exit::Done)
}

/// A policy evaluated over a record.
pub fn evaluated(
    record: &Record,
    run: &RunArgs,
    commitments: &[String],
    years: Option<(i32, i32)>,
) -> Result<Verdicts, Trouble> {
    let policy = run.policy(record)?;
    given::commitments(&policy, commitments)?;
    let mut options = run.options(record, commitments, years)?;
    let progress = given::progress(&mut options, "evaluating");
    let evaluation = comity_policy::evaluate(record, &policy, &options)
        .map_err(|e| given::block_error(&policy, e))?;
    progress.done();
    Ok(evaluation.into())
}

/// The columns in the order in which a narrow screen should lose them, the last first. Files have them in the order of their declaration.
fn for_screen(args: &Args, batch: &RecordBatch) -> Result<RecordBatch, Trouble> {
    let wanted: &[&str] = if args.latest {
        &["state", "commitment", "year", "verdict", "unknown_with_findings", "answered_to"]
    } else if args.counts {
        &[
            "state",
            "commitment",
            "decided",
            "broken",
            "broken_elsewhere",
            "share_broken",
            "base_rate",
            "unknown",
        ]
    } else {
        &["state", "commitment", "year", "verdict", "at_least", "breaches", "strains"]
    };
    let schema = batch.schema();
    let place = |name: &&&str| schema.index_of(name).ok();
    // What is the same in every row was asked for.
    let asked = args.commitment.len() == 1;
    let first = wanted.iter().filter(|name| !asked || **name != "commitment");
    let mut order: Vec<usize> = first.clone().filter_map(|name| place(&name)).collect();
    order.extend((0..schema.fields().len()).filter(|at| !order.contains(at)).collect::<Vec<_>>());
    let batch = batch.project(&order)?;
    let columns = batch.columns().iter().map(|c| match c.as_primitive_opt::<Float64Type>() {
        Some(shares) => {
            let rounded = shares.unary::<_, Float64Type>(|v| (v * 1e3).round() / 1e3);
            Arc::new(rounded) as ArrayRef
        }
        None => Arc::clone(c),
    });
    Ok(RecordBatch::try_new(batch.schema(), columns.collect())?)
}

/// The first findings in words, and how many there are; `of_one` leaves out the commitment that was asked for.
fn in_words(rows: &[FindingRow], of_one: bool) -> String {
    const MOST: usize = 200;
    let mut table = terminal::plain_table(width());
    let columns = ["state", "year", "commitment", "finding", "with", "source"];
    let shown = |cells: [String; 6]| {
        cells.into_iter().enumerate().filter(|(at, _)| !of_one || *at != 2).map(|(_, cell)| cell)
    };
    table.set_header(shown(columns.map(str::to_owned)));
    for row in rows.iter().take(MOST) {
        let f = &row.finding;
        let magnitude = f.magnitude.map(|m| format!(" ({})", words::number(m)));
        table.add_row(shown([
            clean(&row.stateabb).into_owned(),
            f.year.to_string(),
            clean(&row.commitment).into_owned(),
            format!("{}: {}{}", f.severity.name(), clean(&f.what), magnitude.unwrap_or_default()),
            clean(&evidence::other(f)).into_owned(),
            clean(&f.source).into_owned(),
        ]));
    }
    let mut text = terminal::table_text(&table);
    let all = plural(rows.len(), "finding", "findings");
    let many = if rows.len() > MOST { format!("the first {MOST} of {all}") } else { all };
    let more = format!(
        "{many}; --output FILE writes them with the row of the source (.parquet, .csv, .json, .arrow, .dta, .rds)"
    );
    terminal::lines(&mut text, &more, width(), "");
    text
}

/// What stands at the end of the last years.
fn open(rows: &[LatestRow], wanted: &[Verdict]) -> Option<String> {
    let many = rows.iter().filter(|row| row.year.is_none()).count();
    let named: Vec<&str> = wanted.iter().map(|v| v.name()).collect();
    (many > 0).then(|| {
        format!(
            "{} without a year: nothing is known to be {}, and something was found in years that are unknown or contested",
            plural(many, "row stands at the end", "rows stand at the end"),
            named.join(" or ")
        )
    })
}

fn write(
    args: &Args,
    record: &Record,
    verdicts: &Verdicts,
    (batch, about): (&RecordBatch, &[About]),
    format: Form,
) -> Result<(), Trouble> {
    let policy = verdicts.evaluation().policy();
    let sources = verdicts.sources();
    let behind = record.sources().iter().filter(|s| sources.contains(&s.id));
    let columns = about.iter().map(|a| json!({ "name": a.name, "means": a.doc }));
    let notes = json!({
        "schema_version": 1,
        "comity": env!("CARGO_PKG_VERSION"),
        "policy": {
            "id": policy.id, "title": policy.title, "fingerprint": comity_policy::fingerprint(policy),
        },
        "record": record.fingerprint()?,
        "commitments": args.commitment,
        "verdicts": args.verdict.iter().map(|v| v.name()).collect::<Vec<_>>(),
        "from": args.from,
        "to": args.to,
        "states": args.states,
        "source": args.run.source,
        "without": args.run.without,
        "columns": columns.collect::<Vec<_>>(),
        "sources": behind.map(table::source).collect::<Vec<_>>(),
    });
    let notes = serde_json::to_string_pretty(&notes)? + "\n";
    let output = args.output.as_deref();
    // Before the rows: where there is no room for both, neither appears.
    let beside = table::beside(output, &notes)?;
    let rows = table::write(&Frame::Table(batch, about), format, output, &notes)?;
    if let Some(beside) = beside {
        beside.finish()?;
    }
    if let Some(path) = output {
        let size = table::size(rows, batch.num_columns());
        eprintln!("{size} in {}", clean(&path.to_string_lossy()));
    }
    Ok(())
}
