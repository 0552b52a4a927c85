//! Equality of states: "a veto cast is a strain on whoever casts it", and only permanent members can.

use super::facts::{Class, Facts, Found, Verdicts};
use super::files::shared;
use super::system::StateYear;

/// China's seat passed in October 1971 from 713 to 710.
const SEAT_PASSED: i32 = 1971;
/// The list does not name the votes of 13 December 1955 on new members.
const NOT_LISTED: i32 = 1955;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    for row in shared("unsc-vetoes/unsc_vetoes_1946_sept2022.csv").rows() {
        let Some(year) = row.int("year") else { continue };
        for cell in ["member_veto1", "member_veto2", "member_veto3"] {
            let state = match row.text(cell).as_str() {
                "" => continue,
                "USA" => 2,
                "UK" => 200,
                "France" => 220,
                "USSR" | "Russia" => 365,
                "China" if year < SEAT_PASSED => 713,
                "China" => 710,
                other => panic!("{other} is no permanent member"),
            };
            found.strain((state, year));
        }
    }
    // Of that day the starter has one: the Republic of China against Mongolia (S/3502).
    found.strain((713, NOT_LISTED));
    let mut verdicts = found.verdicts(facts, |(_, year)| year != NOT_LISTED);
    for (at, class) in &mut verdicts {
        if !permanent(*at) {
            *class = Class::NotApplicable;
        } else if *class == Class::StrainedOrWorse {
            // Nothing graver than a strain is asked about: one that is found settles the year.
            *class = Class::Strained;
        }
    }
    verdicts
}

fn permanent((state, year): StateYear) -> bool {
    match state {
        2 | 200 | 220 | 365 => true,
        713 => year <= SEAT_PASSED,
        710 => year >= SEAT_PASSED,
        _ => false,
    }
}
