//! No military expansion: conquest of another state's territory, or annexing it in the course of a conflict, is a
//! breach; annexation without fighting, and taking what no state of the system held, is a strain.

use super::facts::{Facts, Found, Verdicts};
use super::files::{shared, starter};

/// The last year of the list of transfers.
const LAST: i32 = 2018;
const CONQUEST: i32 = 1;
const ANNEXATION: i32 = 2;
/// Military occupation, among the acts of a dispute.
const OCCUPATION: i32 = 14;
const TERRITORY: i32 = 1;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    for row in shared("cow-territorial-change/tc2018.csv").rows() {
        let procedure = row.code("procedur");
        if matches!(procedure, CONQUEST | ANNEXATION) && row.code("indep") != 1 {
            let of_a_state = facts.system.holds(row.code("loser"), row.code("year"));
            let fighting = procedure == CONQUEST || row.code("conflict") == 1;
            found.add((row.code("gainer"), row.code("year")), of_a_state && fighting);
        }
    }
    // Those that were proclaimed, or took what was no state of the system, "stand beside whatever list answers".
    for row in starter("territory/annexations.csv").rows() {
        let fighting = row.code("procedure") == CONQUEST || row.text("conflict") == "true";
        let breach = row.int("loser").is_some() && fighting;
        found.add((row.code("gainer"), row.code("year")), breach);
    }
    for dispute in &facts.disputes {
        let occupying =
            |p: &&super::disputes::Part| p.highest_act == OCCUPATION && p.seeks(TERRITORY);
        for part in dispute.parts.iter().filter(occupying) {
            for year in part.years() {
                found.breach((part.state, year));
            }
        }
    }
    found.verdicts(facts, |(_, year)| year <= LAST)
}
