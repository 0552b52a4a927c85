//! Respect for territory: "the claim *with* force: the state sought territory in a militarized dispute with a state
//! that it challenged over territory at that time", or conquest or annexation of a state's territory;
//! "what was done under a mandate is shown as `mandated`".

use std::collections::BTreeMap;

use super::disputes::{Dispute, LAST};
use super::facts::{Facts, Found, Verdicts};
use super::files::{Day, OPEN, Row, shared, shared_days, starter, within};

const TERRITORY: i32 = 1;

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut found = Found::default();
    let claims = claims();
    for dispute in &facts.disputes {
        with_claims(facts, dispute, &claims, &mut found);
    }
    for row in shared("cow-territorial-change/tc2018.csv").rows() {
        let taken = matches!(row.code("procedur"), 1 | 2) && row.code("indep") != 1;
        let year = row.code("year");
        if taken && facts.system.holds(row.code("loser"), year) {
            found.breach((row.code("gainer"), year));
        }
    }
    // The record adds proclaimed annexations to the list.
    for row in starter("territory/annexations.csv").rows() {
        if row.int("loser").is_some() {
            found.breach((row.code("gainer"), row.code("year")));
        }
    }
    found.verdicts(facts, |(_, year)| year <= LAST)
}

type Claims = BTreeMap<(i32, i32), Vec<(Day, Day)>>;

fn with_claims(facts: &Facts, dispute: &Dispute, claims: &Claims, found: &mut Found) {
    let seeking = dispute.parts.iter().filter(|p| p.seeks(TERRITORY) && p.hostility >= 2);
    for part in seeking {
        let side = dispute.beside(part);
        for other in dispute.against(part) {
            let Some(days) = Dispute::together(part, other) else { continue };
            for claim in claims.get(&(part.state, other.state)).into_iter().flatten() {
                for year in part.years() {
                    let days = within(days, year);
                    let subject = ("disputes", dispute.number);
                    if shared_days(*claim, days).is_some()
                        && !facts.mandates.cover(subject, part.state, &side, days)
                    {
                        found.add((part.state, year), part.force());
                    }
                }
            }
        }
    }
}

/// Claims to territory by challenger and target, with the months in which they stood.
fn claims() -> Claims {
    let mut claims = Claims::new();
    let mut add = |row: &Row<'_>| {
        let from = month(row.int("begclaim"), false);
        let to = month(row.int("endclaim"), true);
        claims.entry((row.code("chal"), row.code("tgt"))).or_default().push((from, to));
    };
    for row in shared("icow/ICOWclaimdy.csv").rows() {
        if row.code("issue") == TERRITORY {
            add(&row);
        }
    }
    shared("icow/icow_ext2017_v2.csv").rows().for_each(|row| add(&row));
    claims
}

/// A year and month written 199408; a month that is none is not known; no end is a claim under way.
fn month(cell: Option<i32>, last: bool) -> Day {
    let digits = cell.filter(|n| *n > 0).map(|n| n.to_string());
    let Some(digits) = digits else { return OPEN };
    let year = digits[..4].parse().unwrap();
    let month: i32 = digits[4..].parse().unwrap_or(0);
    match (month, last) {
        (1..=12, false) => (year, month, 1),
        (1..=12, true) => (year, month, 31),
        (_, false) => (year, 1, 1),
        (_, true) => (year, 12, 31),
    }
}
