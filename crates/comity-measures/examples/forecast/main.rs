//! Scores of forecasts on held-out periods, beside their benchmarks.
//!
//! ```text
//! forecast years organizedviolencecy_v25_1.csv [FIRST LAST]
//! forecast settings organizedviolencecy_v25_1.csv FIRST LAST
//! forecast months FIRST LAST GED.csv…
//! forecast dyads PANEL.csv FIRST
//! ```
//!
//! `years` reads UCDP's country-years of organised violence, `months` event files of UCDP (GED), `dyads` the panel that `docs/forecasts.md`
//! makes. `settings` scores the neighbours of the model's settings. Every period is forecast from the periods before it alone.

#![allow(clippy::print_stdout, reason = "what an example is for")]

mod dyads;
mod months;
mod table;
mod years;

/// Draws of countries for every interval, and their seed.
const DRAWS: usize = 2_000;
const SEED: u64 = 1816;

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Done {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["years", file] => years::report(file, 2015, 2024),
        ["years", file, first, last] => years::report(file, first.parse()?, last.parse()?),
        ["settings", file, first, last] => years::settings(file, first.parse()?, last.parse()?),
        ["months", first, last, ref files @ ..] => months::report(files, first, last),
        ["dyads", panel, first] => dyads::report(panel, first.parse()?),
        _ => Err(
            "years FILE | settings FILE FIRST LAST | months FIRST LAST FILE… | dyads PANEL FIRST"
                .into(),
        ),
    }
}
