//! `comity states`: who is who in the state system.

use std::fmt::Write as _;

use anstyle::Style;
use comity_record::states::Code;
use comity_record::{State, StateSystem};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::RecordArgs;
use crate::output::Output;
use comity_report::Form;
use comity_report::plain::{clean, width};
use comity_report::{csv, terminal};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Flags of `comity states`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity states                    all of them\n  \
    comity states PRC                by any code or name\n  \
    comity states 'West Germany'\n  \
    comity states --year 1955        the members of a year\n  \
    comity states Korea              the choices, with their dates\n\n\
    Codes are those of the published datasets; no position on any territory is taken.")]
pub struct Args {
    /// A code or name: CHN, 710, China, PRC, 'South Vietnam'
    #[arg(value_name = "QUERY", num_args = 0..)]
    pub query: Vec<String>,
    /// Only members of the state system in this year
    #[arg(long, value_name = "YEAR", allow_negative_numbers = true)]
    pub year: Option<i32>,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Form of the output
    #[arg(long, value_parser = forms(Form::STATES), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let record = args.record.open()?;
    let system = record.states()?;
    let query = args.query.join(" ");
    let found = comity::states_found(system, Some(&query), args.year)?;
    let mut out = Output::open(None)?;
    match args.format {
        Form::Json => {
            let rows: Vec<_> = found.iter().map(|s| json(s)).collect();
            comity_report::json::value(&rows, true, &mut out)?;
        }
        Form::Csv => csv_rows(&found, &mut out)?,
        _ => match found.as_slice() {
            [one] if !query.trim().is_empty() => out.screen(&card(one))?,
            many => out.screen(&table(many, system, &query, args.year))?,
        },
    }
    out.finish()?;
    Ok(Exit::Done)
}

/// One state's card: codes, years, names.
fn card(state: &State) -> String {
    let mut out = format!("{BOLD}{}{BOLD:#}\n", clean(&state.name));
    let line = |out: &mut String, name: &str, value: &str| {
        let _ = writeln!(out, "  {DIM}{name:<16}{DIM:#}{}", clean(value));
    };
    let other = if state.handle == state.abbr {
        String::new()
    } else {
        format!(" (not its code in ISO 3166: type {} or {})", state.handle, state.ccode)
    };
    line(&mut out, "COW", &format!("{} {}{other}", state.ccode, state.abbr));
    for (system, name) in
        [("gw", "Gleditsch–Ward"), ("iso3", "ISO alpha-3"), ("iso2", "ISO alpha-2")]
    {
        let codes = of_system(state, system);
        if !codes.is_empty() {
            line(&mut out, name, &dated(&codes));
        }
    }
    line(&mut out, "in the system", &in_system(state));
    let mut names = of_system(state, "name");
    names.retain(|c| c.code != state.name);
    for (what, codes) in [("also", names), ("formerly", of_system(state, "former-name"))] {
        if !codes.is_empty() {
            line(&mut out, what, &dated(&codes));
        }
    }
    let _ = writeln!(out, "\n  comity audit {}", clean(&state.handle));
    out
}

fn of_system<'a>(state: &'a State, system: &str) -> Vec<&'a Code> {
    state.codes.iter().filter(|c| c.system == system).collect()
}

/// `CHN; GFR (1955–1990)`: dates where a code has not always stood for the state.
fn dated(codes: &[&Code]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for c in codes {
        let text = match (c.spell.from, c.spell.to) {
            (None, None) => c.code.clone(),
            _ => format!("{} ({})", c.code, c.spell.in_words()),
        };
        if !parts.contains(&text) {
            parts.push(text);
        }
    }
    parts.join("; ")
}

/// Membership to the day where it is known.
fn in_system(state: &State) -> String {
    let spells: Vec<String> = state
        .spells
        .iter()
        .map(|s| {
            let from = s.start.clone().or(s.from.map(|y| y.to_string())).unwrap_or_default();
            match s.end.clone().or(s.to.map(|y| y.to_string())) {
                Some(to) => format!("{from} to {to}"),
                None => format!("since {from}"),
            }
        })
        .collect();
    spells.join("; ")
}

fn table(states: &[&State], system: &StateSystem, query: &str, year: Option<i32>) -> String {
    let mut out = String::new();
    if !query.trim().is_empty() {
        let codes: Vec<i32> = states.iter().map(|s| s.ccode).collect();
        let _ = writeln!(out, "{}:", clean(&system.several(query, &codes).0));
    }
    let mut table = terminal::plain_table(width());
    table.set_header(["to type", "COW", "ccode", "ISO", "name", "in the system"]);
    for s in states {
        let name = year.map_or_else(|| s.name.clone(), |y| system.name(s.ccode, y));
        let last = of_system(s, "iso3").last().map(|c| c.code.clone()).unwrap_or_default();
        table.add_row([
            clean(&s.handle).into_owned(),
            clean(&s.abbr).into_owned(),
            s.ccode.to_string(),
            clean(&last).into_owned(),
            clean(&name).into_owned(),
            s.in_words(),
        ]);
    }
    out.push_str(&terminal::table_text(&table));
    out
}

fn json(state: &State) -> serde_json::Value {
    let spells: Vec<_> = state
        .spells
        .iter()
        .map(|s| serde_json::json!({"from": s.from, "to": s.to, "start": s.start, "end": s.end}))
        .collect();
    let codes: Vec<_> = state
        .codes
        .iter()
        .map(|c| serde_json::json!({"system": c.system, "code": c.code, "from": c.spell.from, "to": c.spell.to}))
        .collect();
    serde_json::json!({
        "ccode": state.ccode, "abbr": state.abbr, "handle": state.handle, "name": state.name, "spells": spells, "codes": codes,
    })
}

/// One row per spell.
fn csv_rows(states: &[&State], out: &mut Output) -> Result<(), Trouble> {
    let mut csv_out = csv::writer(out);
    csv_out
        .write_record(["ccode", "abbr", "name", "iso3", "from", "to", "start", "end", "handle"])
        .map_err(csv::io)?;
    for state in states {
        for s in &state.spells {
            let iso3 = of_system(state, "iso3").last().map(|c| c.code.clone()).unwrap_or_default();
            csv_out
                .write_record([
                    &state.ccode.to_string(),
                    &*csv::cell(&state.abbr),
                    &*csv::cell(&state.name),
                    &*csv::cell(&iso3),
                    &csv::number(s.from),
                    &csv::number(s.to),
                    s.start.as_deref().unwrap_or_default(),
                    s.end.as_deref().unwrap_or_default(),
                    &*csv::cell(&state.handle),
                ])
                .map_err(csv::io)?;
        }
    }
    csv_out.flush()?;
    Ok(())
}
