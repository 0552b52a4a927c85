//! `comity record`: the record of facts, what it holds, and how it grows.

mod add;
mod coverage;
mod fetch;
mod info;
mod newest;
mod paths;
mod sources;
mod tables;

use std::fmt::Write as _;

use anstyle::Style;
use clap::Subcommand;
use comity_record::store::Change;

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::RecordArgs;
use crate::output;
use comity_report::Form;
use comity_report::plain::clean;
use comity_report::{citations, words};

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
    #[command(after_help = "Examples:\n  \
        comity record info\n  \
        comity record info --record my/record\n  \
        comity record info --unmapped      codes and names that match no state")]
    Info {
        #[command(flatten)]
        record: RecordArgs,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
        /// List the codes and names that match no state of the system, instead
        #[arg(long)]
        unmapped: bool,
    },
    /// The datasets that can be added: what they answer, who publishes them, and how to get them
    #[command(after_help = "Examples:\n  \
        comity record sources\n  \
        comity record sources gsdb         one in full, with how to get it\n  \
        comity record sources mid          those with that word in their ids")]
    Sources {
        /// One dataset in full
        #[arg(value_name = "ID")]
        id: Option<String>,
        #[command(flatten)]
        record: RecordArgs,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
    /// The codebook: every table and view, and what each of its columns holds
    #[command(after_help = "Examples:\n  \
        comity record tables\n  \
        comity record tables votes\n  \
        comity record tables disputes --format json")]
    Tables {
        /// One table or view, with its columns, units and values
        #[arg(value_name = "TABLE")]
        table: Option<String>,
        #[command(flatten)]
        record: RecordArgs,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
    /// What to cite for what is in the record
    #[command(after_help = "Examples:\n  \
        comity record cite\n  \
        comity record cite --format bibtex > sources.bib")]
    Cite {
        #[command(flatten)]
        record: RecordArgs,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::CITATIONS), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
    /// Which years each table covers, of one state or of all
    #[command(after_help = "Examples:\n  \
        comity record coverage CHN\n  \
        comity record coverage TUR --policy bandung-1955")]
    Coverage {
        /// A code or name
        #[arg(value_name = "STATE")]
        state: Option<String>,
        #[command(flatten)]
        record: RecordArgs,
        /// The policy whose commitments are listed with the last year answered: one that ships (`comity policy list`), or a file
        #[arg(long, value_name = "ID|FILE", default_value = "independent-peace")]
        policy: String,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
    /// Check every file against its hash, and those that `undo` would bring back
    #[command(after_help = "Examples:\n  \
        comity record verify\n  \
        comity record verify --record my/record")]
    Verify {
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Take back the last change
    #[command(after_help = "Examples:\n  \
        comity record undo\n  \
        comity record undo --record my/record")]
    Undo {
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Add published datasets from files, folders or archives, recognised by their contents; or a table of your own
    Add(add::Args),
    /// Download datasets from their publishers and add them
    Fetch(fetch::Args),
    /// Take a source out
    #[command(after_help = "Examples:\n  \
        comity record remove atop-4.01\n  \
        comity record undo                 brings it back")]
    Remove {
        /// The source's id, as `comity record info` shows it
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        record: RecordArgs,
    },
    /// Let a dataset answer first where several rival in a family, or go back to the default
    #[command(after_help = "Examples:\n  \
        comity record prefer treaties cow-alliances\n  \
        comity record prefer treaties      back to the default")]
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
    #[command(after_help = "Examples:\n  \
        comity record dir\n  \
        du -sh \"$(comity record dir)\"")]
    Dir {
        #[command(flatten)]
        record: RecordArgs,
    },
}

fn cite(args: &RecordArgs, form: Form) -> Result<Exit, Trouble> {
    let record = args.open()?;
    output::write(&match form {
        Form::Bibtex => citations::bibtex(record.sources()),
        _ => citations::text(record.sources()),
    })?;
    Ok(Exit::Done)
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    match &args.command {
        Command::Info { record, unmapped: true, format } => info::unmapped(record, *format),
        Command::Info { record, format, .. } => info::show(record, *format),
        Command::Sources { id, record, format } => sources::run(id.as_deref(), record, *format),
        Command::Tables { table, record, format } => tables::run(table.as_deref(), record, *format),
        Command::Cite { record, format } => cite(record, *format),
        Command::Coverage { state, record, policy, format } => {
            coverage::run(state.as_deref(), record, policy, *format)
        }
        Command::Verify { record } => verify(record),
        Command::Undo { record } => {
            changed(record, &record.store().undo()?, "takes back one change more")
        }
        Command::Add(args) => add::run(args),
        Command::Fetch(args) => fetch::run(args),
        Command::Remove { id, record } => {
            changed(record, &record.store().remove(id)?, "takes it back")
        }
        Command::Prefer { family, id, record } => prefer(record, family, id.as_deref()),
        Command::Dir { record } => {
            let folder = record.store();
            output::print(&format!("{}\n", clean(&folder.folder().to_string_lossy())))?;
            Ok(Exit::Done)
        }
    }
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
    warn(&args.store().prefer(family, id)?);
    let what = id.unwrap_or("the program's choice");
    output::print(&format!("{} is answered by {} first\n", clean(family), clean(what)))?;
    Ok(Exit::Done)
}

/// What went wrong although a change is made, on standard error.
fn warn(change: &Change) {
    for warning in &change.warnings {
        anstream::eprintln!("warning: {}", clean(warning));
    }
}

/// What a change did.
fn changed(args: &RecordArgs, change: &Change, undo: &str) -> Result<Exit, Trouble> {
    warn(change);
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
