//! `comity replicate`: published tables, rebuilt from their authors' files, with the published value beside ours.

use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::Style;
use comity::measure::citation;
use comity::replicate::{Line, REPLICATIONS, Replication, replication, table as lines_table};
use comity_report::frame::Frame;
use comity_report::plain::{clean, width, wrap};
use comity_report::{Form, terminal};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::RecordArgs;
use crate::output::Output;
use crate::table;

const BOLD: Style = Style::new().bold();

/// Flags of `comity replicate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity replicate                                       the tables that can be rebuilt\n  \
    comity replicate oneal-russett-2001 --data io_tbl1.dta\n  \
    comity replicate yotov-2016 --data downloads --output yotov.csv\n  \
    comity replicate bremer-1992 --record DIR              from the data sets of a record\n\n\
    Exit code 0: every number is as close to the published one as its printed digits say; 1: one is not.")]
pub struct Args {
    /// The table; without it, the tables that can be rebuilt
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// The authors' file, or a folder that has it
    #[arg(long, value_name = "FILE|DIR")]
    pub data: Option<PathBuf>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Print the publication instead
    #[arg(long)]
    pub cite: bool,
    /// Form of the output, where the name of the file does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    pub format: Option<Form>,
    /// File to write, whole or not at all; its extension sets the form
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let Some(name) = &args.name else {
        crate::output::print(&list())?;
        return Ok(Exit::Done);
    };
    let found = replication(name).map_err(trouble)?;
    if args.cite {
        crate::output::print(&format!("{}\n", citation(&found.reference)))?;
        return Ok(Exit::Done);
    }
    let record = comity::Record::from(args.record.open()?);
    let lines = found.run(args.data.as_deref(), &record).map_err(trouble)?;
    let format = table::form(args.format, args.output.as_deref())?;
    if format == Form::Text {
        let mut out = Output::open(args.output.as_deref())?;
        out.screen(&text(found, &lines))?;
        out.finish()?;
    } else {
        let batch = lines_table(&lines).map_err(trouble)?;
        table::write(
            &Frame::Answer(&batch),
            format,
            args.output.as_deref(),
            &citation(&found.reference),
        )?;
    }
    Ok(if lines.iter().all(Line::is_within) { Exit::Done } else { Exit::Met })
}

fn trouble(error: comity::Error) -> Trouble {
    error.help.into_iter().fold(Trouble::new(error.message), Trouble::help)
}

/// What can be rebuilt.
fn list() -> String {
    let mut out = String::new();
    for replication in &REPLICATIONS {
        let _ = writeln!(out, "{BOLD}{}{BOLD:#}", replication.name);
        for text in [replication.about, &citation(&replication.reference)] {
            wrap(text, width().saturating_sub(2)).iter().for_each(|line| {
                let _ = writeln!(out, "  {line}");
            });
        }
        for line in wrap(&format!("from {}", replication.needs), width().saturating_sub(2)) {
            let _ = writeln!(out, "  {line}");
        }
    }
    out
}

/// Every number beside the published one, model by model.
fn text(replication: &Replication, lines: &[Line]) -> String {
    let mut out = String::new();
    wrap(&citation(&replication.reference), width()).iter().for_each(|line| {
        let _ = writeln!(out, "{line}");
    });
    for model in lines.chunk_by(|a, b| (a.table, a.model) == (b.table, b.model)) {
        let _ = writeln!(out, "\n{BOLD}{}: {}{BOLD:#}", model[0].table, model[0].model);
        let mut shown = terminal::plain_table(width());
        shown.set_header(["term", "", "ours", "published", "difference", ""]);
        for line in model {
            let what = match line.what {
                "coefficient" => "coefficient",
                "std_error" => "standard error",
                _ => "",
            };
            let within = if line.is_within() { "" } else { "OFF" };
            shown.add_row([
                clean(&line.term).as_ref(),
                what,
                &table::number(line.ours),
                &table::number(line.published),
                &format!("{:.1e}", line.difference()),
                within,
            ]);
        }
        out.push_str(&terminal::table_text(&shown));
    }
    let off = lines.iter().filter(|line| !line.is_within()).count();
    let _ = match off {
        0 => writeln!(
            out,
            "\nAll {} numbers are within their tolerance of the published ones.",
            lines.len()
        ),
        _ => {
            writeln!(out, "\n{off} of {} numbers are further from the published ones.", lines.len())
        }
    };
    if !replication.differences.is_empty() {
        let said = format!("Differences that are known: {}.", replication.differences);
        wrap(&said, width()).iter().for_each(|line| {
            let _ = writeln!(out, "{line}");
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_listed_with_its_publication() {
        let list = list();
        for replication in &REPLICATIONS {
            assert!(list.contains(replication.name));
            assert!(list.contains(&replication.reference.year.to_string()));
        }
    }
}
