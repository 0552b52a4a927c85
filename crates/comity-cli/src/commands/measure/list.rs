//! `comity measure list`: the measures by subject.

use std::fmt::Write as _;

use anstyle::Style;
use comity::measure::{MEASURES, Subject};

use crate::exit::{Exit, Trouble};
use crate::output;
use crate::table;

const BOLD: Style = Style::new().bold();

/// Flags of `comity measure list`.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:\n  comity measure list")]
pub struct Args {}

pub(super) fn run(_: &Args) -> Result<Exit, Trouble> {
    let mut out = String::new();
    for (subject, title) in Subject::ALL {
        let of: Vec<_> = MEASURES.iter().filter(|m| m.subject == subject).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{BOLD}{title}{BOLD:#}");
        let named: Vec<(String, &str)> = of.iter().map(|m| (m.command(), m.title)).collect();
        table::definitions(&mut out, 2, named.iter().map(|(name, title)| (name.as_str(), *title)));
        out.push('\n');
    }
    out.push_str(
        "`comity measure NAME --help` explains one: formula, unit, parameters, references.\n",
    );
    output::print(&out)?;
    Ok(Exit::Done)
}
