//! `comity policy help`: the kinds of commitments, with an example each.

use std::fmt::Write as _;

use comity_policy::guide::{Guide, KINDS, Said, guide};

use super::BOLD;
use crate::exit::{Exit, Trouble};
use crate::given;
use crate::output;
use crate::table;
use comity_report::plain::{clean, width};
use comity_report::terminal;

pub(super) fn run(kind: Option<&str>, example: bool) -> Result<Exit, Trouble> {
    let Some(named) = kind else {
        output::print(&list())?;
        return Ok(Exit::Done);
    };
    let bare = named.trim_start_matches('.');
    let Some(kind) = KINDS.into_iter().find(|k| k.name() == bare) else {
        let names = KINDS.map(comity_policy::document::Kind::name);
        let mut trouble = Trouble::new(format!("there is no kind `{}`", clean(named)));
        if let Some(near) = given::nearest(bare, names) {
            trouble = trouble.help(near);
        }
        return Err(trouble.help(format!("there are {}", names.join(", "))));
    };
    let guide = guide(kind);
    output::print(&if example { guide.example.to_owned() } else { whole(&guide) })?;
    Ok(Exit::Done)
}

fn list() -> String {
    let mut out = String::from(
        "A heading of two `#` with an id and a kind is a commitment: `## No veto {#no-veto .refrain}`. The kinds:\n\n",
    );
    table::definitions(&mut out, 0, KINDS.map(|kind| (kind.name(), guide(kind).doc)));
    out.push_str(
        "\n`comity policy help KIND` has its columns, grades and attributes, and an example.\n",
    );
    terminal::lines(
        &mut out,
        "A fence `thresholds` names constants, with the range that each could have: a table with the columns name, value, low, high, step and why. Queries say `$name`, and `comity audit STATE --forks` tries the range.",
        width(),
        "",
    );
    out.push_str("`comity record tables` explains the tables that queries read.\n");
    out
}

fn whole(guide: &Guide) -> String {
    let mut out = format!("{BOLD}.{}{BOLD:#}\n", guide.kind.name());
    terminal::lines(&mut out, guide.doc, width(), "");
    let said = |out: &mut String, title: &str, names: &[Said]| {
        if names.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{BOLD}{title}{BOLD:#}");
        table::definitions(out, 2, names.iter().copied());
    };
    said(&mut out, "Columns that a query returns", &guide.required);
    said(&mut out, "Columns that it may return", &guide.optional);
    if let Some((column, grades)) = guide.grades {
        said(&mut out, &format!("Values of `{column}`"), grades);
    }
    said(&mut out, "Attributes of the heading", &guide.heading);
    said(&mut out, "Attributes of an evidence block", &guide.evidence);
    let _ = writeln!(
        out,
        "\n{BOLD}Example{BOLD:#}  `comity policy help {} --example > mine.md` writes it",
        guide.kind.name()
    );
    for line in guide.example.lines() {
        let _ = writeln!(out, "  {line}");
    }
    out
}
