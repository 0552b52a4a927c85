//! `comity panel groups`: what can stand behind `--with`.

use std::fmt::Write as _;

use anstyle::Style;
use comity_panel::{Choice, Declared, GROUPS, Group, group};
use comity_record::{Record, schema};

use crate::exit::{Exit, Trouble};
use crate::given::RecordArgs;
use crate::output;
use comity_report::{plain::width, terminal};

const BOLD: Style = Style::new().bold();

/// Flags of `comity panel groups`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity panel groups\n  \
    comity panel groups disputes")]
pub struct Args {
    /// Only this group, with all its columns
    #[arg(value_name = "GROUP")]
    pub group: Option<String>,
    #[command(flatten)]
    pub record: RecordArgs,
}

pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    let record = args.record.open()?;
    let mut out = String::new();
    match &args.group {
        Some(name) => match group(name) {
            Some(group) => one(&mut out, group, &record, true),
            None => {
                let names = GROUPS.iter().map(|g| g.name);
                let trouble = Trouble::new(format!("no group `{name}`"));
                return Err(match comity_record::nearest(name, names) {
                    Some(near) => trouble.help(near),
                    None => trouble.help("`comity panel groups` lists them"),
                });
            }
        },
        None => {
            for group in GROUPS {
                one(&mut out, group, &record, false);
            }
            out.push_str("\n`comity panel groups GROUP` explains every column.\n");
        }
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

/// How the facts of a group stand in rows by month and day.
fn periods(group: &Group) -> &'static str {
    let needs = group.needs();
    let mut tables = needs.iter().filter_map(|name| schema::table(name));
    if needs.is_empty() {
        "In rows by month or day: as the columns that it is made from."
    } else if tables.any(|table| table.time == schema::Time::Spell) {
        "In rows by month or day: by the dates of the source, of a month on any of its days; what a source has by year is the same in each of its rows, and the description beside the table says so of the column."
    } else {
        "In rows by month or day: its sources have years alone, and the figures of the year stand in each of its rows."
    }
}

fn one(out: &mut String, group: &Group, record: &Record, whole: bool) {
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}", group.name);
    terminal::lines(out, group.doc, width(), "  ");
    for Choice { name: choice, doc, .. } in group.choices {
        terminal::lines(out, &format!("{}:{choice}  {doc}", group.name), width(), "    ");
    }
    for (title, columns) in [("of a state", group.of_states), ("of a pair", group.of_pairs)] {
        if columns.is_empty() {
            continue;
        }
        if whole {
            let _ = writeln!(out, "  {title}:");
            for Declared { name, doc, .. } in columns {
                terminal::lines(out, &format!("{name}  {doc}"), width(), "    ");
            }
        } else {
            let names: Vec<&str> = columns.iter().map(|c| c.name).collect();
            terminal::lines(out, &format!("{title}: {}", names.join(", ")), width(), "  ");
        }
    }
    if whole {
        terminal::lines(out, periods(group), width(), "  ");
    }
    let tables = group.needs();
    if tables.is_empty() {
        return;
    }
    let baseline = record.baseline();
    let mut here = Vec::new();
    for source in record.sources() {
        let has = tables.iter().any(|t| record.tables_of(&source.id).contains(t));
        if has {
            here.push(source.id.as_str());
        }
    }
    let span = tables.iter().find_map(|t| record.coverage(t, &baseline).span());
    let text = match (here.is_empty(), span) {
        (true, _) => {
            let mut datasets: Vec<&str> =
                tables.iter().flat_map(|t| comity_datasets::catalogue().proposed(t)).collect();
            if datasets.is_empty() {
                // Those that bring such rows and claim to be complete about nothing.
                let brings =
                    |d: &&&comity_datasets::Dataset| tables.iter().any(|t| d.tables.contains(t));
                datasets = comity_datasets::DATASETS.iter().filter(brings).map(|d| d.id).collect();
            }
            datasets.sort_unstable();
            datasets.dedup();
            format!(
                "not in the record; add one of {} (`comity record sources ID`)",
                datasets.join(", ")
            )
        }
        (false, Some((from, to))) => format!("in the record: {}, {from} to {to}", here.join(", ")),
        (false, None) => format!("in the record: {}", here.join(", ")),
    };
    terminal::lines(out, &text, width(), "  ");
}
