//! `comity acts`: the vocabulary of acts that can be tested against a policy.

use std::fmt::Write as _;

use anstyle::Style;
use comity_advice::acts::Vocabulary;
use comity_advice::acts::definition::{Definition, Kind, Op, Slot};
use comity_report::{Form, json, plain};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::output::Output;

/// Flags of `comity acts`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity acts                 every act, in a line\n  \
    comity acts sanction        how it is put, and which rows it writes\n\n\
    A policy document may add acts of its own in a block `acts`; `comity acts pact` shows the form.")]
pub struct Args {
    /// One act
    #[arg(value_name = "ACT")]
    pub act: Option<String>,
    /// Form of the output
    #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
}

const BOLD: Style = Style::new().bold();

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let all = Vocabulary::shipped();
    let mut out = Output::open(None)?;
    let chosen: Vec<&Definition> = match &args.act {
        None => all.acts.iter().collect(),
        Some(name) => match all.get(name) {
            Some(one) => vec![one],
            None => {
                let trouble = Trouble::new(format!("there is no act `{name}`"));
                let near = comity_record::nearest(name, all.acts.iter().map(|a| a.id.as_str()));
                return Err(
                    trouble.help(near.unwrap_or_else(|| "`comity acts` lists all of them".into()))
                );
            }
        },
    };
    if args.format == Form::Json {
        let listed: Vec<serde_json::Value> = chosen.iter().map(|d| as_json(d)).collect();
        json::value(&listed, true, &mut out)?;
    } else if args.act.is_some() {
        out.screen(&one(chosen[0]))?;
    } else {
        out.screen(&list(&chosen))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn list(all: &[&Definition]) -> String {
    let mut text = String::new();
    let width = all.iter().map(|d| d.id.len()).max().unwrap_or(0);
    for d in all {
        for (nth, line) in plain::wrap(
            &readable(d.say.first().map_or("", String::as_str)),
            plain::width() - width - 3,
        )
        .iter()
        .enumerate()
        {
            let name = if nth == 0 { d.id.as_str() } else { "" };
            let _ = writeln!(text, "{BOLD}{name:width$}{BOLD:#}  {line}");
        }
    }
    let _ = writeln!(
        text,
        "\n`comity acts ACT` shows all ways to put one and the rows that it writes. Say when: from 2026, in 2026,\non 2026-03-01, from 2026 to 2030."
    );
    text
}

/// A template as people read it: `defense|offense` as a choice, slots in capitals.
fn readable(template: &str) -> String {
    let mut out = String::new();
    for c in template.trim_start_matches('-').chars() {
        match c {
            '|' => out.push('/'),
            '{' => out.push('<'),
            '}' => out.push('>'),
            c => out.push(c),
        }
    }
    out
}

fn one(d: &Definition) -> String {
    let mut text = format!("{BOLD}{}{BOLD:#}\n", d.id);
    for line in plain::wrap(&d.doc, plain::width()) {
        let _ = writeln!(text, "{line}");
    }
    let _ = writeln!(text, "\n{BOLD}How it is put{BOLD:#}");
    for say in &d.say {
        let _ = writeln!(text, "  {}", readable(say));
    }
    for (name, slot) in &d.slots {
        let default =
            d.defaults.get(name).map(|v| format!(" [if nothing is said: {v}]")).unwrap_or_default();
        let _ = writeln!(text, "  <{name}>: {}{default}", held(slot));
    }
    let _ = writeln!(
        text,
        "  {}",
        if d.lasts { "It goes on until it ends." } else { "It is over in its year." }
    );
    for need in &d.need {
        let _ =
            writeln!(text, "  It is refused where {} shows otherwise: {}.", need.table, need.only);
    }
    let _ = writeln!(text, "\n{BOLD}Rows{BOLD:#}");
    for write in &d.write {
        let does = match write.op {
            Op::Add => "adds to",
            Op::End => "ends spells of",
            Op::Change => "changes",
            Op::Increase => "counts one more in",
        };
        let cells: Vec<String> = write
            .texts()
            .into_iter()
            .map(|(n, v)| format!("{n} = {v}"))
            .chain(write.times.iter().map(|(n, s)| format!("{n} times 1 + {s}")))
            .collect();
        let mirrored = if write.mirrored { ", and of the other side" } else { "" };
        for (nth, line) in plain::wrap(
            &format!("{does} {}{mirrored}: {}", write.table, cells.join(", ")),
            plain::width() - 4,
        )
        .iter()
        .enumerate()
        {
            let _ = writeln!(text, "  {}{line}", if nth == 0 { "" } else { "  " });
        }
    }
    text
}

fn held(slot: &Slot) -> String {
    match slot {
        Slot::Words(words) => format!("one or several of {}", words.join(", ")),
        Slot::Of(Kind::State) => "a state, by any code or name".into(),
        Slot::Of(Kind::Organization) => {
            "an organisation of the record, by its short or full name".into()
        }
        Slot::Of(Kind::Alliance) => {
            "a treaty of alliance of the record, by its number or name".into()
        }
        Slot::Of(Kind::Instrument) => {
            "a multilateral treaty of the record, by its number or title".into()
        }
        Slot::Of(Kind::Agreement) => {
            "a trade agreement of the record, by its number or title".into()
        }
        Slot::Of(Kind::Share) => "a share: 20 % or 0.2".into(),
        Slot::Of(Kind::Count) => "a number".into(),
        Slot::Of(Kind::Text) => "words".into(),
    }
}

fn as_json(d: &Definition) -> serde_json::Value {
    serde_json::json!({
        "id": d.id,
        "doc": d.doc,
        "say": d.say.iter().map(|s| readable(s)).collect::<Vec<_>>(),
        "lasts": d.lasts,
        "slots": d.slots.iter().map(|(n, s)| (n.clone(), held(s).into())).collect::<serde_json::Map<_, _>>(),
        "tables": d.tables(),
    })
}
