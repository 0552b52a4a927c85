//! Invented lines of GDELT.

use std::fs;
use std::path::{Path, PathBuf};

/// A line of GDELT 2.0: event `id` of a day, added at a quarter of an hour of 2018-01-10, with an address.
pub fn line(id: u64, day: u32, quarter: u64, report: &str) -> String {
    let states = ["ISR", "EGY", "SYR", "JOR", ""];
    let (actor, target) = (states[id as usize % 5], states[(id / 5) as usize % 5]);
    cells(
        id,
        day,
        actor,
        target,
        "190",
        "4",
        "-10.0",
        20_180_110_000_000 + quarter * 10_000,
        report,
    )
}

#[allow(clippy::too_many_arguments)]
pub fn cells(
    id: u64,
    day: u32,
    actor: &str,
    target: &str,
    code: &str,
    quad: &str,
    score: &str,
    added: u64,
    report: &str,
) -> String {
    let mut cells = vec![String::new(); 61];
    let mut set = |at: usize, text: &str| cells[at] = text.to_owned();
    set(0, &id.to_string());
    set(1, &day.to_string());
    set(2, &(day / 100).to_string());
    set(3, &(day / 10_000).to_string());
    set(5, &format!("{actor}GOV"));
    set(7, actor);
    set(15, target);
    set(17, target);
    set(26, code);
    set(28, code.get(..2).unwrap_or(""));
    set(29, quad);
    set(30, score);
    set(31, "4");
    set(32, "1");
    set(33, "4");
    set(53, "IS");
    set(59, &added.to_string());
    if !report.is_empty() {
        set(60, &format!("https://www.example.org/{report}/{}", id / 2));
    }
    cells.join("\t")
}

/// A file of lines.
pub fn export(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    path
}
