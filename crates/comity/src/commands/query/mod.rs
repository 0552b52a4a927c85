//! `comity query`: any SELECT over the tables and views of a record, read only.

use std::fmt::Write as _;
use std::io::{IsTerminal, Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use clap::ValueEnum;
use comity_panel::{Job, Limits, SqlError, in_parallel, session};
use comity_record::Record;

use crate::exit::{Exit, Trouble};
use crate::given::RecordArgs;
use crate::output::Output;
use crate::render::plain::{clean, width};
use crate::render::{csv, terminal};

/// Rows that are shown on a terminal.
const SHOWN: usize = 200;
/// Longer than any query may run.
const PATIENCE: Duration = Duration::from_mins(10);

/// Forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For spreadsheets
    Csv,
    /// For programs: a list of objects
    Json,
    /// For data tools, with the types of the columns
    Parquet,
}

/// Flags of `comity query`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity query \"select ccode, year, milex from capabilities where year = 1913 order by milex desc, ccode\"\n  \
    comity query \"select * from pledge_years where ccode = 710\" --format csv --output china.csv\n  \
    comity query < question.sql\n\n\
    `comity query --tables` lists the tables and views with their columns. A table is the baseline's; `every.disputes`\n\
    holds every source's rows. Queries only read.")]
pub struct Args {
    /// One SELECT; standard input without it
    #[arg(value_name = "SQL")]
    pub sql: Option<String>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Let this source answer for a family of tables, for example treaties=cow-alliances (repeatable)
    #[arg(long, value_name = "FAMILY=ID")]
    pub source: Vec<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
    /// File to write, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// List the tables and views with their columns
    #[arg(long, conflicts_with = "sql")]
    pub tables: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let record = args.record.open()?;
    if args.tables {
        return tables(&record);
    }
    let sql = match &args.sql {
        Some(sql) => sql.clone(),
        None if std::io::stdin().is_terminal() => {
            return Err(Trouble::new("no query was given")
                .help("comity query \"select * from states\"")
                .help("`comity query --tables` lists the tables and views"));
        }
        None => {
            let mut text = String::new();
            std::io::stdin().take(1024 * 1024).read_to_string(&mut text)?;
            text
        }
    };
    if args.format == Format::Parquet && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Trouble::new("Parquet is not for a terminal")
            .help("name a file: --output answer.parquet"));
    }
    let batch = answer(&record, &args.source, sql.trim().trim_end_matches(';'))?;
    let mut out = Output::open(args.output.as_deref())?;
    match args.format {
        Format::Text => text(&batch, &mut out)?,
        Format::Csv => rows(&batch, &mut out)?,
        Format::Json => json(&batch, &mut out)?,
        Format::Parquet => out.write_all(&comity_record::store::parquet(&batch)?)?,
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn answer(record: &Record, sources: &[String], sql: &str) -> Result<RecordBatch, Trouble> {
    let pairs =
        sources.iter().map(|s| crate::given::source(record, s)).collect::<Result<Vec<_>, _>>()?;
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(f, s)| (f.as_str(), s.as_str())).collect();
    let reading = if pairs.is_empty() { record.baseline() } else { record.reading_with(&pairs)? };
    let (record, text) = (record.clone(), sql.to_owned());
    // Planning recurses: on a worker with a deep stack.
    let job: Job<Result<RecordBatch, SqlError>> = Box::new(move || {
        let session = session(&record, &reading, Limits::by_hand())?;
        let planned = session.plan(&text, &[])?;
        session.run(&planned)
    });
    match in_parallel(vec![job], PATIENCE).pop().flatten() {
        Some(Ok(batch)) => Ok(batch),
        Some(Err(error)) => Err(told(&error, sql)),
        None => Err(Trouble::new("the query gave no sign of life and was left")),
    }
}

/// What is wrong with a query, with the line and a mark under the place.
fn told(error: &SqlError, sql: &str) -> Trouble {
    let mut message = error.message.clone();
    if let Some(at) = &error.at
        && let Some(line) = sql.lines().nth(at.line.saturating_sub(1))
    {
        let mark = "^".repeat(at.length.clamp(1, 60));
        message = format!("{message}\n{line}\n{}{mark}", " ".repeat(at.column.saturating_sub(1)));
    }
    let mut trouble = Trouble::new(message);
    if let Some(help) = &error.help {
        trouble = trouble.help(help.clone());
    }
    trouble.help("`comity query --tables` lists the tables and views with their columns")
}

fn cells(batch: &RecordBatch) -> Result<Vec<ArrayFormatter<'_>>, Trouble> {
    let options = FormatOptions::default().with_display_error(true);
    let formatters = batch.columns().iter().map(|c| ArrayFormatter::try_new(c.as_ref(), &options));
    Ok(formatters.collect::<Result<_, _>>()?)
}

fn header(batch: &RecordBatch) -> Vec<String> {
    batch.schema().fields().iter().map(|f| f.name().clone()).collect()
}

fn text(batch: &RecordBatch, out: &mut Output) -> Result<(), Trouble> {
    let cells = cells(batch)?;
    let mut table = terminal::plain_table(width());
    table.set_header(header(batch));
    for row in 0..batch.num_rows().min(SHOWN) {
        table.add_row(cells.iter().map(|c| clean(&c.value(row).to_string()).into_owned()));
    }
    let mut text = terminal::table_text(&table);
    let rows = batch.num_rows();
    if rows > SHOWN {
        let _ = writeln!(text, "{SHOWN} of {rows} rows; --format csv gives them all");
    } else {
        text.push_str(&crate::render::words::plural(rows, "row\n", "rows\n"));
    }
    out.screen(&text)
}

fn rows(batch: &RecordBatch, out: &mut Output) -> Result<(), Trouble> {
    let cells = cells(batch)?;
    let texts: Vec<bool> = batch.columns().iter().map(|c| is_text(c.data_type())).collect();
    let mut csv = csv::writer(out);
    csv.write_record(header(batch)).map_err(csv::io)?;
    for row in 0..batch.num_rows() {
        let line = cells.iter().zip(&texts).map(|(cell, text)| {
            let cell = cell.value(row).to_string();
            if *text { csv::cell(&cell).into_owned() } else { cell }
        });
        csv.write_record(line).map_err(csv::io)?;
    }
    csv.flush()?;
    Ok(())
}

fn is_text(kind: &DataType) -> bool {
    matches!(kind, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8)
}

/// A list of objects; numbers and truths as such, everything else as text, nothing as null.
fn json(batch: &RecordBatch, out: &mut Output) -> Result<(), Trouble> {
    let (cells, names) = (cells(batch)?, header(batch));
    out.write_all(b"[")?;
    for row in 0..batch.num_rows() {
        out.write_all(if row == 0 { b"\n  {" } else { b",\n  {" })?;
        for (at, ((name, cell), column)) in
            names.iter().zip(&cells).zip(batch.columns()).enumerate()
        {
            let text = || cell.value(row).to_string();
            let value = if column.is_null(row) {
                serde_json::Value::Null
            } else if column.data_type().is_numeric() || *column.data_type() == DataType::Boolean {
                serde_json::from_str(&text()).unwrap_or(serde_json::Value::Null)
            } else {
                serde_json::Value::String(text())
            };
            // In the order of the columns, which a map would not keep.
            let comma = if at == 0 { "" } else { "," };
            write!(out, "{comma}{}:{value}", serde_json::to_string(name)?)?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"\n]\n")?;
    Ok(())
}

fn tables(record: &Record) -> Result<Exit, Trouble> {
    use anstyle::Style;
    const BOLD: Style = Style::new().bold();
    let session = session(record, &record.baseline(), Limits::by_hand())
        .map_err(|e| Trouble::new(e.message))?;
    let mut out = String::new();
    for name in session.table_names() {
        if name.starts_with("every.") {
            continue;
        }
        let columns: Vec<String> = session
            .schema(name)
            .iter()
            .flat_map(|s| s.fields().iter().map(|f| f.name().clone()).collect::<Vec<_>>())
            .collect();
        let doc = comity_record::schema::table(name).map(|t| t.doc);
        let doc =
            doc.or_else(|| comity_panel::VIEWS.iter().find(|v| v.name == name).map(|v| v.doc));
        let _ = writeln!(out, "{BOLD}{name}{BOLD:#}  {}", doc.unwrap_or(""));
        terminal::lines(&mut out, &columns.join(", "), width(), "    ");
    }
    crate::output::print(&out)?;
    Ok(Exit::Done)
}
