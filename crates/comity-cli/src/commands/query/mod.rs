//! `comity query`: any SELECT over the tables, views and panels of a record, read only.

mod prompt;

use std::fmt::Write as _;
use std::io::{IsTerminal, Read as _};
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray, RecordBatch};
use comity_panel::Unit;
use comity_record::Record;
use comity_sql::{
    ARGUMENTS, Limits, Own, Session, SqlError, codebook, function, session_beside, table_functions,
};
use serde_json::json;

use crate::commands::verdicts;
use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::table;
use comity_report::Form;
use comity_report::frame::Frame;
use comity_report::plain::{clean, width};
use comity_report::terminal;

/// Flags of `comity query`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity query \"select ccode, year, milex from capabilities where year = 1913 order by milex desc, ccode\"\n  \
    comity query \"select * from pledge_years where ccode = 710\" --output china.csv\n  \
    comity query \"select year, count(*) as n from dyad_years(with => 'contiguity') where conttype = 1 group by year order by year\"\n  \
    comity query \"select ccode, year from verdicts where commitment = 'no-use-of-force' and verdict = 'broken'\"\n  \
    comity query --table mine=mine.csv \"select s.name, m.* from mine m join states s on s.ccode = m.ccode\"\n  \
    comity query \"show tables\"                 and \"describe votes\": what they hold, with units and values\n  \
    comity query < question.sql\n  \
    comity query                              a prompt, with history and completion\n\n\
    `comity query --tables` lists the tables, views and table functions with their columns. A table is the\n\
    baseline's; `every.disputes` holds every source's rows. `verdicts` and `verdict_findings` are made from a\n\
    policy when a query reads them, for all years of the state system. Queries only read.")]
pub struct Args {
    /// One SELECT; without it standard input, or a prompt on a terminal
    #[arg(value_name = "SQL")]
    pub sql: Option<String>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Let this source answer for a family of tables, for example treaties=cow-alliances (repeatable)
    #[arg(long, value_name = "FAMILY=ID")]
    pub source: Vec<String>,
    /// Form of the output, where the name of the file does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    pub format: Option<Form>,
    /// File to write, whole or not at all, instead of standard output; its extension sets the form (.parquet, .csv, .json,
    /// .arrow, .dta, .rds). A pipe or a device is written into, and of a link the file that it leads to is replaced
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The policy whose verdicts are the tables `verdicts` and `verdict_findings`: one that ships (`comity policy list`), or a file
    #[arg(long, value_name = "ID|FILE")]
    pub policy: Option<String>,
    /// A table of your own beside those of the record, for this query alone: its name and its file (CSV, Excel, Stata, R, Parquet;
    /// repeatable)
    #[arg(long, value_name = "NAME=FILE")]
    pub table: Vec<String>,
    /// List the tables, views and table functions with their columns
    #[arg(long, conflicts_with = "sql")]
    pub tables: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let record = args.record.open()?;
    let reading = given::reading(&record, &args.source)?;
    let mut own = verdicts_of(args, &record)?;
    own.extend(own_tables(&args.table)?);
    let session =
        session_beside(&record, &reading, Limits::by_hand(), own).map_err(|e| trouble(&e, ""))?;
    if args.tables {
        crate::output::print(&tables(&session))?;
        return Ok(Exit::Done);
    }
    let format = table::form(args.format, args.output.as_deref())?;
    let sql = match &args.sql {
        Some(sql) => sql.clone(),
        None if std::io::stdin().is_terminal() => {
            if args.output.is_some() {
                return Err(Trouble::new("no query was given whose answer could be written")
                    .help("comity query \"select * from states\" --output states.csv")
                    .help("at the prompt, `.output FILE` writes the next answer"));
            }
            return prompt::converse(&record, &session, format);
        }
        None => {
            let mut text = String::new();
            // A byte more than a query may have: one that is too long is refused, not cut off.
            let most = Limits::by_hand().bytes as u64 + 1;
            std::io::stdin().take(most).read_to_string(&mut text)?;
            text
        }
    };
    let batch = answer(&session, &sql)?;
    write(&record, &batch, &sql, format, args.output.as_deref())?;
    Ok(Exit::Done)
}

/// The tables of verdicts, which are made when a query reads them. A policy of one's own is checked before.
fn verdicts_of(args: &Args, record: &Record) -> Result<Vec<Own>, Trouble> {
    let policy = given::policy_or_first(args.policy.as_deref().unwrap_or_default()).to_owned();
    let run = RunArgs { policy, source: args.source.clone(), ..RunArgs::default() };
    if args.policy.is_some() {
        run.policy(record)?;
    }
    let record = record.clone();
    Ok(comity::verdicts::tables(move || {
        verdicts::evaluated(&record, &run, &[], None).map_err(Into::into)
    }))
}

/// The user's own tables, each `NAME=FILE`.
fn own_tables(given: &[String]) -> Result<Vec<Own>, Trouble> {
    let one = |given: &String| -> Result<Own, Trouble> {
        let Some((name, file)) = given.split_once('=') else {
            return Err(Trouble::new(format!("`{given}` names no file"))
                .help("write NAME=FILE, for example --table mine=mine.csv"));
        };
        let table = comity_datasets::free::read(Path::new(file))
            .map_err(|error| Trouble::new(format!("the table `{}`: {error}", name.trim())))?;
        Ok(Own::new(name.trim(), table))
    };
    given.iter().map(one).collect()
}

fn write(
    record: &Record,
    batch: &RecordBatch,
    sql: &str,
    format: Form,
    output: Option<&std::path::Path>,
) -> Result<(), Trouble> {
    if format == Form::Text && output.is_none() && codebook::is_question(sql) {
        return crate::output::print(&described(batch));
    }
    let notes = json!({
        "schema_version": 1,
        "comity": env!("CARGO_PKG_VERSION"),
        "query": sql.trim(),
        "record": record.fingerprint()?,
    });
    let rows = table::write(&Frame::Answer(batch), format, output, &notes.to_string())?;
    if let Some(path) = output {
        eprintln!(
            "{} in {}",
            table::size(rows, batch.num_columns()),
            clean(&path.to_string_lossy())
        );
    }
    Ok(())
}

/// The answer to `describe` and `show tables` for people: a table of this width would hide what is asked for.
fn described(batch: &RecordBatch) -> String {
    let cell = |column: usize, row: usize| {
        let texts = batch.column(column).as_string_opt::<i32>();
        let text = texts.filter(|t| t.is_valid(row)).map_or("", |t| t.value(row));
        clean(text).into_owned()
    };
    let mut out = String::new();
    if batch.num_columns() == 3 {
        let rows: Vec<(String, String)> = (0..batch.num_rows())
            .map(|row| (cell(0, row), format!("{}: {}", cell(1, row), cell(2, row))))
            .collect();
        table::definitions(&mut out, 0, rows.iter().map(|(a, b)| (a.as_str(), b.as_str())));
        return out;
    }
    for row in 0..batch.num_rows() {
        let (kind, unit) = (cell(1, row), cell(2, row));
        let kind = if unit.is_empty() || unit == kind { kind } else { format!("{kind}: {unit}") };
        let _ = writeln!(out, "{}  {kind}", cell(0, row));
        for text in [cell(3, row), cell(4, row)].iter().filter(|text| !text.is_empty()) {
            terminal::lines(&mut out, text, width(), "    ");
        }
    }
    out
}

fn answer(session: &Session, sql: &str) -> Result<RecordBatch, Trouble> {
    session.answer(sql).map_err(|error| trouble(&error, sql))
}

/// What is wrong with a query, with the line and a mark under the place.
fn trouble(error: &SqlError, sql: &str) -> Trouble {
    let mut message = error.message.clone();
    if let Some(at) = &error.at
        && let Some(line) = sql.lines().nth(at.line.saturating_sub(1))
    {
        let (line, column) = around(line, at.column.saturating_sub(1));
        let mark = "^".repeat(at.length.clamp(1, 60));
        message = format!("{message}\n{line}\n{}{mark}", " ".repeat(column));
    }
    let mut trouble = Trouble::new(message);
    if let Some(help) = &error.help {
        trouble = trouble.help(help.clone());
    }
    trouble.help("`comity query --tables` lists the tables and views with their columns; `comity query \"describe TABLE\"` explains those of one")
}

/// The part of a line around a place in it, and the place in that part: a line may be a megabyte long.
fn around(line: &str, column: usize) -> (String, usize) {
    const BEFORE: usize = 80;
    const WIDE: usize = 160;
    if line.chars().nth(WIDE).is_none() {
        return (line.to_owned(), column);
    }
    let from = column.saturating_sub(BEFORE);
    let part: String = line.chars().skip(from).take(WIDE).collect();
    let (before, after) = (from > 0, line.chars().nth(from + WIDE).is_some());
    let part = format!("{}{part}{}", if before { "…" } else { "" }, if after { "…" } else { "" });
    (part, column - from + usize::from(before))
}

fn columns(session: &Session, name: &str) -> Vec<String> {
    let schema = session.schema(name);
    schema.iter().flat_map(|s| s.fields().iter().map(|f| f.name().clone())).collect()
}

fn tables(session: &Session) -> String {
    use anstyle::Style;
    const BOLD: Style = Style::new().bold();
    let mut out = String::new();
    for name in session.table_names().into_iter().filter(|n| !n.starts_with("every.")) {
        let _ = writeln!(out, "{BOLD}{name}{BOLD:#}  {}", session.meaning(name).unwrap_or(""));
        terminal::lines(&mut out, &columns(session, name).join(", "), width(), "    ");
    }
    let _ = writeln!(out, "\n{BOLD}Table functions{BOLD:#}");
    for (unit, _, doc) in Unit::ALL {
        let _ = writeln!(out, "{BOLD}{}(…){BOLD:#}  {doc}", function(*unit));
    }
    let usage = format!(
        "Each takes what `comity panel` takes, by name: {}. For example \
         dyad_years(system => 'cow', directed => true, years => '1946-2010', with => 'pledges,nmc'); \
         `comity panel groups` explains the columns.",
        ARGUMENTS.join(", ")
    );
    terminal::lines(&mut out, &usage, width(), "    ");
    let _ = writeln!(out, "\n{BOLD}Measures{BOLD:#}");
    for measure in table_functions() {
        let names: Vec<&str> = measure.parameters.iter().map(|p| p.name).collect();
        let _ = writeln!(out, "{BOLD}{}(…){BOLD:#}  {}", measure.name, measure.title);
        terminal::lines(&mut out, &names.join(", "), width(), "    ");
    }
    let usage = "Arguments are given in this order or by name: s_score('alliances', 2010), s_score(states => 'USA,GBR'); \
         `comity measure NAME --help` explains each, and `describe NAME` its columns.";
    terminal::lines(&mut out, usage, width(), "    ");
    out
}
