//! `comity record`: the record of facts, what it holds, and how it grows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::Style;
use clap::{Subcommand, ValueEnum};
use comity_record::answers::ANSWERS;
use comity_record::readers::{self, Found, ReadError, Search};
use comity_record::schema::TABLES;
use comity_record::store::Change;
use comity_record::{Record, SourceBundle};

use crate::exit::{Exit, Trouble};
use crate::given::RecordArgs;
use crate::output;
use crate::render::info::{self, Info};
use crate::render::plain::{clean, width};
use crate::render::{gaps, terminal, words};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Flags of `comity record`.
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  \
    comity record info\n  \
    comity record sources                     the datasets that can be added, and where they are published\n  \
    comity record add Downloads/atop4_01      files are recognised by their contents, whatever their names\n  \
    comity record remove atop-4.01\n  \
    comity record undo                        takes back the last change\n\n\
    A record is a folder in your data folder, unless --record or COMITY_RECORD names another. Every change\n\
    happens whole or not at all, and the facts that ship inside the program fill what no dataset covers."
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tables, rows, sources, and coverage as a timeline
    Info {
        #[command(flatten)]
        record: RecordArgs,
        /// Form of the output
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: Format,
    },
    /// The datasets that can be added, what they answer, and where they are published
    Sources,
    /// Check every file against its hash
    Verify {
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Take back the last change
    Undo {
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Add published datasets from files or folders, recognised by their contents
    Add {
        /// Files or folders
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        record: RecordArgs,
        /// Accept a dataset of which only a part is there: its rows are facts, its silence says nothing
        #[arg(long)]
        part: bool,
    },
    /// Take a source out
    Remove {
        /// The source's id, as `comity record info` shows it
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Let a dataset answer first where several rival in a family, or go back to the default
    Prefer {
        /// Family of tables, for example treaties
        #[arg(value_name = "FAMILY")]
        family: String,
        /// Dataset or source [default: the program's choice]
        #[arg(value_name = "ID")]
        id: Option<String>,
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Print the record's folder
    Dir {
        #[command(flatten)]
        record: RecordArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For a terminal
    #[default]
    Text,
    /// For programs
    Json,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    match &args.command {
        Command::Info { record, format } => show(record, *format),
        Command::Sources => sources(),
        Command::Verify { record } => verify(record),
        Command::Undo { record } => {
            changed(record, &record.store().undo()?, "takes back one change more")
        }
        Command::Add { paths, record, part } => add(paths, record, *part),
        Command::Remove { id, record } => {
            changed(record, &record.store().remove(id)?, "takes it back")
        }
        Command::Prefer { family, id, record } => prefer(record, family, id.as_deref()),
        Command::Dir { record } => {
            output::print(&format!("{}\n", record.store().folder().display()))?;
            Ok(Exit::Done)
        }
    }
}

fn show(args: &RecordArgs, format: Format) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let counts = record.counts()?;
    if format == Format::Json {
        output::write(&format!("{}\n", serde_json::to_string_pretty(&json(&record, &counts)?)?))?;
        return Ok(Exit::Done);
    }
    let tables = TABLES
        .iter()
        .map(|t| {
            (t.name, t.family, counts.iter().filter(|(_, n, _)| *n == t.name).map(|c| c.2).sum())
        })
        .collect();
    let info = Info {
        folder: record.folder().map(|f| f.display().to_string()),
        fingerprint: record.fingerprint()?,
        last_year: record.last_year(),
        tables,
        sources: record.sources().to_vec(),
        baseline: record.preferences().baseline.clone().into_iter().collect(),
    };
    output::print(&info::render(&info, width()))?;
    Ok(Exit::Done)
}

fn json(
    record: &Record,
    counts: &[(String, &'static str, usize)],
) -> Result<serde_json::Value, Trouble> {
    let tables: Vec<_> = TABLES
        .iter()
        .map(|t| {
            let of: Vec<_> = counts.iter().filter(|(_, name, _)| *name == t.name).collect();
            let rows: usize = of.iter().map(|c| c.2).sum();
            let sources: BTreeMap<&str, usize> = of.iter().map(|c| (c.0.as_str(), c.2)).collect();
            serde_json::json!({"table": t.name, "family": t.family, "rows": rows, "sources": sources})
        })
        .collect();
    Ok(serde_json::json!({
        "schema_version": 1,
        "folder": record.folder().map(|f| f.display().to_string()),
        "fingerprint": record.fingerprint()?,
        "last_year": record.last_year(),
        "baseline": record.preferences().baseline,
        "tables": tables,
        "sources": record.sources(),
    }))
}

/// Every dataset that is known to answer something; those that can be read first.
fn sources() -> Result<Exit, Trouble> {
    let mut out = String::new();
    let mut known: Vec<(&str, &str, &str, Vec<&str>)> = Vec::new();
    for answer in ANSWERS {
        match known.iter_mut().find(|k| k.0 == answer.dataset) {
            Some(entry) => entry.3.push(answer.table),
            None => known.push((answer.dataset, answer.title, answer.url, vec![answer.table])),
        }
    }
    let (read, later): (Vec<_>, Vec<_>) = known.into_iter().partition(|k| gaps::has_reader(k.0));
    for (title, list) in
        [("Can be added", read), ("Known; this version has no reader for them yet", later)]
    {
        let _ = writeln!(out, "{}{BOLD}{title}{BOLD:#}", if out.is_empty() { "" } else { "\n" });
        for (dataset, name, url, tables) in list {
            let _ = writeln!(out, "  {dataset}  {DIM}{name}{DIM:#}");
            terminal::lines(&mut out, &format!("answers {}", tables.join(", ")), width(), "    ");
            let _ = writeln!(out, "    {url}");
        }
    }
    out.push_str("\nDownload one, then: comity record add PATH…\n");
    output::print(&out)?;
    Ok(Exit::Done)
}

fn verify(args: &RecordArgs) -> Result<Exit, Trouble> {
    let store = args.store();
    if !store.exists() && args.record.is_none() {
        output::print("There is only the starter, which is part of the program.\n")?;
        return Ok(Exit::Done);
    }
    let found = store.verify()?;
    if found.bad.is_empty() {
        output::print(&format!(
            "{}: {} as they should be\n",
            clean(&store.folder().to_string_lossy()),
            words::plural(found.good, "file is", "files are")
        ))?;
        return Ok(Exit::Done);
    }
    let mut message = format!(
        "{} of {} damaged",
        words::plural(found.bad.len(), "file", "files"),
        found.good + found.bad.len()
    );
    for bad in &found.bad {
        let _ = write!(message, "\n{} ({}): {}", bad.source, bad.table, bad.error);
    }
    Err(Trouble::new(message)
        .help("remove the sources named and add them again, or restore the files from a copy"))
}

fn prefer(args: &RecordArgs, family: &str, id: Option<&str>) -> Result<Exit, Trouble> {
    args.store().prefer(family, id)?;
    let what = id.unwrap_or("the program's choice");
    output::print(&format!("{} is answered by {} first\n", clean(family), clean(what)))?;
    Ok(Exit::Done)
}

fn add(paths: &[PathBuf], args: &RecordArgs, part: bool) -> Result<Exit, Trouble> {
    let search = readers::find(paths);
    // What was named itself must be read; what lies about in a folder may be anything.
    if let Some(bad) =
        search.unrecognised.iter().find(|u| paths.contains(&u.path) && !u.path.is_dir())
    {
        return Err(no_dataset(&search, Some(bad)));
    }
    if search.found.is_empty() {
        return Err(no_dataset(&search, None));
    }
    let today = today();
    let read = |found: &Found| if part { readers::read_part(found) } else { readers::read(found) };
    let results: Vec<Result<SourceBundle, ReadError>> = std::thread::scope(|scope| {
        let work: Vec<_> = search.found.iter().map(|f| scope.spawn(move || read(f))).collect();
        work.into_iter()
            .map(|w| w.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut bundles = Vec::new();
    for result in results {
        let mut bundle = result.map_err(|e| {
            let cut_short = matches!(e, ReadError::CutShort { .. });
            let trouble = Trouble::from(e).help("nothing was changed");
            if cut_short {
                trouble.help("to use its rows all the same, without its silence: --part")
            } else {
                trouble
            }
        })?;
        bundle.source.added.clone_from(&today);
        bundles.push(bundle);
    }
    let store = args.store();
    let change = store.add(&bundles)?;
    let mut out = String::new();
    for bundle in &bundles {
        let rows: usize = bundle.tables.iter().map(|(_, b)| b.num_rows()).sum();
        let tables: Vec<&str> = bundle.tables.iter().map(|(t, _)| *t).collect();
        let verb = if change.replaced.contains(&bundle.source.id) { "replaced" } else { "added" };
        let _ = writeln!(
            out,
            "{BOLD}{verb} {}{BOLD:#}  {}",
            clean(&bundle.source.id),
            clean(&bundle.source.title)
        );
        let text = format!("{} in {}", words::plural(rows, "row", "rows"), tables.join(", "));
        terminal::lines(&mut out, &text, width(), "  ");
        for note in &bundle.source.notes {
            terminal::lines(&mut out, &format!("note: {}", cut(note)), width(), "  ");
        }
        terminal::lines(&mut out, &format!("cite: {}", bundle.source.citation), width(), "  ");
    }
    left_out(&mut out, &search);
    let _ = writeln!(out, "\nThe record is {}. Next:", clean(&store.folder().to_string_lossy()));
    let _ = writeln!(out, "  comity record info{}\n  comity audit CHN{0}", args.repeat());
    output::print(&out)?;
    Ok(Exit::Done)
}

/// Files of the folders that were not read: those that resemble a dataset are named, the others counted.
fn left_out(out: &mut String, search: &Search) {
    let (near, other): (Vec<_>, Vec<_>) =
        search.unrecognised.iter().partition(|u| !u.nearest.is_empty());
    for file in near.iter().take(8) {
        let mut text = format!("left out {}: {}", file.path.display(), file.reason);
        if let Some(nearest) = file.nearest.first() {
            let _ = write!(text, "; nearest: {nearest}");
        }
        terminal::lines(out, &cut(&text), width(), "");
    }
    let more = other.len() + near.len().saturating_sub(8);
    if more > 0 {
        let count = words::plural(more, "other file", "other files");
        let _ = writeln!(out, "left out: {count}, of no dataset that this version reads");
    }
}

/// A long note, cut; the whole stands in `comity record info --format json` and in reports.
fn cut(note: &str) -> String {
    const MOST: usize = 240;
    if note.chars().count() <= MOST {
        return note.to_owned();
    }
    let mut short: String = note.chars().take(MOST).collect();
    short.push_str(" …");
    short
}

/// Nothing to add: why, and what comes nearest.
fn no_dataset(search: &Search, named: Option<&readers::Unrecognised>) -> Trouble {
    let list: Vec<_> =
        named.map_or_else(|| search.unrecognised.iter().take(5).collect(), |n| vec![n]);
    let mut message = String::from("no known dataset was found; nothing was changed");
    for file in &list {
        let _ = write!(message, "\n{}: {}", file.path.display(), file.reason);
        for near in file.nearest.iter().take(3) {
            let _ = write!(message, "\n  nearest: {near}");
        }
    }
    if search.unrecognised.len() > list.len() && named.is_none() {
        let _ = write!(message, "\nand {} more files", search.unrecognised.len() - list.len());
    }
    Trouble::new(message).help("`comity record sources` lists the datasets that can be added, and where they are published")
}

/// What a change did.
fn changed(args: &RecordArgs, change: &Change, undo: &str) -> Result<Exit, Trouble> {
    let mut out = String::new();
    for (verb, ids) in [
        ("brought back", &change.added),
        ("replaced", &change.replaced),
        ("took out", &change.removed),
    ] {
        for id in ids {
            let _ = writeln!(out, "{verb} {}", clean(id));
        }
    }
    if out.is_empty() {
        out.push_str("no source changed\n");
    }
    let _ = writeln!(out, "`comity record undo{}` {undo}", args.repeat());
    output::print(&out)?;
    Ok(Exit::Done)
}

/// Today in UTC, `YYYY-MM-DD`.
fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
