//! `comity man`: manual pages, made from the commands themselves.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::exit::{Exit, Trouble};
use crate::given::nearest;
use crate::output::{self, Output};
use comity_report::plain::clean;
use comity_report::words;

/// Flags of `comity man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity man | man -l -\n  \
    comity man record add | man -l -\n  \
    comity man --dir ~/.local/share/man/man1    a page for every command")]
pub struct Args {
    /// A command, for example `record add` [default: the program]
    #[arg(value_name = "COMMAND", num_args = 0.., conflicts_with = "dir")]
    pub command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let pages = pages();
    let Some(dir) = &args.dir else {
        let mut words = vec!["comity"];
        words.extend(args.command.iter().flat_map(|word| word.split_whitespace()));
        let name = words.join("-");
        let Some((_, page)) = pages.iter().find(|(known, _)| *known == name) else {
            let asked = args.command.join(" ");
            let mut trouble = Trouble::new(format!("there is no command `{}`", clean(&asked)));
            let known = pages.iter().filter_map(|(n, _)| n.strip_prefix("comity-"));
            let known: Vec<String> = known.map(|n| n.replace('-', " ")).collect();
            if let Some(near) = nearest(&asked, known.iter().map(String::as_str)) {
                trouble = trouble.help(near);
            }
            return Err(trouble.help("`comity help` lists the commands"));
        };
        let mut out = Output::open(None)?;
        out.write_all(page)?;
        out.finish()?;
        return Ok(Exit::Done);
    };
    let cannot = |e: std::io::Error| Trouble::new(format!("cannot make {}: {e}", dir.display()));
    std::fs::create_dir_all(dir).map_err(cannot)?;
    for (name, page) in &pages {
        let mut out = Output::open(Some(&dir.join(format!("{name}.1"))))?;
        out.write_all(page)?;
        out.finish()?;
    }
    output::print(&format!(
        "{} in {}\n",
        words::plural(pages.len(), "page", "pages"),
        clean(&dir.to_string_lossy())
    ))?;
    Ok(Exit::Done)
}

/// Every command that is shown to people, by the name of its page.
fn pages() -> Vec<(String, Vec<u8>)> {
    let mut command = Cli::command();
    command.build();
    let mut pages = Vec::new();
    add(&command, "comity", &mut pages);
    pages
}

fn add(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) {
    let mut page = Vec::new();
    // Written into memory, which takes everything.
    if Man::new(command.clone()).title(name.to_uppercase()).render(&mut page).is_ok() {
        pages.push((name.to_owned(), page));
    }
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set() && !is_generated(c)) {
        add(sub, &format!("{name}-{}", sub.get_name()), pages);
    }
}

/// Whether a command is the `help` that every list of commands ends with, and not one of ours of that name.
fn is_generated(command: &Command) -> bool {
    command.get_name() == "help"
        && command
            .get_about()
            .is_some_and(|about| about.to_string().starts_with("Print this message"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_and_every_page_its_examples() {
        let pages = pages();
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        for name in [
            "comity",
            "comity-audit",
            "comity-record-add",
            "comity-panel-groups",
            "comity-policy-help",
        ] {
            assert!(names.contains(&name), "{name}: {names:?}");
        }
        assert!(!names.contains(&"comity-worker") && !names.contains(&"comity-help"));
        for (name, page) in &pages {
            let page = String::from_utf8(page.clone()).unwrap();
            assert!(page.contains(".SH SYNOPSIS"), "{name}");
        }
    }
}
