//! Writes invented lines of the width of GDELT 2.0 exports, to measure what reading them costs: `bench/event-store.sh`.
//!
//! `cargo run --release -p comity-events --example invented_gdelt -- FILE LINES [LINES_A_DAY] [FIRST_LINE]`

#![allow(clippy::print_stdout, reason = "it says what it made")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

#[path = "shared/invented.rs"]
mod invented;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, lines, rest @ ..] = &words[..] else {
        return Err("usage: invented_gdelt FILE LINES [LINES_A_DAY] [FIRST_LINE]".into());
    };
    let number = |at: usize, default: u64| rest.get(at).map_or(Ok(default), |w| w.parse());
    let (a_day, first) = (number(0, 200_000)?, number(1, 0)?);
    let lines: u64 = lines.parse()?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    let mut line = String::new();
    for at in first..first + lines {
        line.clear();
        invented::line(&mut line, at, a_day);
        out.write_all(line.as_bytes())?;
    }
    out.flush()?;
    println!("{lines} lines in {file}");
    Ok(())
}
