//! Adds up a GDELT export by day and directed dyad, and prints the sums as CSV: `gdelt_by_day FILE [THREADS]`.
//!
//! With `--check` only what a benchmark compares is printed: lines, rows, and the sum of all scores in tenths.
#![allow(clippy::print_stdout, reason = "it prints")]

use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use comity_datasets::events::{Days, by_day_and_dyad};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = arguments.iter().position(|a| a == "--check").map(|at| arguments.remove(at));
    let Some(file) = arguments.first() else {
        println!("gdelt_by_day FILE [THREADS] [--check]");
        return ExitCode::from(2);
    };
    let threads = arguments.get(1).and_then(|t| t.parse().ok()).unwrap_or(2);
    match by_day_and_dyad(Path::new(file), threads) {
        Ok(days) if check.is_some() => {
            let tenths: f64 = days.rows.iter().map(|r| (r.goldstein * 10.0).round()).sum();
            println!("{} {} {tenths}", days.lines, days.rows.len());
            ExitCode::SUCCESS
        }
        Ok(days) => match print(&days) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(2),
        },
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    }
}

fn print(days: &Days) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "date,actor,target,ccode,partner,events,goldstein,quad1,quad2,quad3,quad4")?;
    let number = |n: Option<i32>| n.map(|n| n.to_string()).unwrap_or_default();
    for row in &days.rows {
        let (ccode, partner) = (number(row.ccode()), number(row.partner()));
        let [a, b, c, d] = row.quad;
        writeln!(
            out,
            "{},{},{},{ccode},{partner},{},{},{a},{b},{c},{d}",
            row.date, row.actor, row.target, row.events, row.goldstein
        )?;
    }
    out.flush()
}
