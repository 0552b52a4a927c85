//! Peaceful settlement: how claims ended, how attempts to settle them ended, and who imposed the outcome of a dispute.

use std::collections::{BTreeMap, BTreeSet};

use super::disputes::{Dispute, Part};
use super::facts::{Class, Facts, Found, Verdicts};
use super::files::{Row, shared, shared_days, starter, within};
use super::system::StateYear;

/// The last year that the list of claims reaches.
const LAST: i32 = 2016;
/// The facts that ship with the program are complete for one state, a year longer.
const CHINA: i32 = 710;
const LAST_CHINA: i32 = 2017;
/// Settlements coded 13 that are no evidence: Western Sahara twice, Kuwait, Suez, the armistice of 1949, the Negev and
/// Sharm el-Sheikh.
const NO_EVIDENCE: [i32; 7] = [67401, 67402, 72603, 73001, 73201, 73202, 73602];
/// The two Yemens united by agreement.
const SOUTH_YEMEN: i32 = 77402;
/// Earlier settlements coded 13 were not read.
const READ_FROM: i32 = 1946;

#[derive(Default)]
struct Ends {
    found: Found,
    kept: BTreeSet<StateYear>,
}

pub fn verdicts(facts: &Facts) -> Verdicts {
    let mut ends = Ends::default();
    claims(&mut ends);
    endings(&mut ends);
    attempts(&mut ends);
    imposed(facts, &mut ends);
    let covered = |(state, year)| year <= LAST || state == CHINA && year <= LAST_CHINA;
    let mut verdicts = ends.found.verdicts(facts, covered);
    for (at, class) in &mut verdicts {
        if *class == Class::Kept && !ends.kept.contains(at) {
            *class = Class::NoOccasion;
        }
    }
    verdicts
}

fn claims(ends: &mut Ends) {
    let worldwide = shared("icow/icow_ext2017_v2.csv");
    let mut codes = BTreeMap::new();
    for row in worldwide.rows() {
        codes.insert(row.code("claimdy"), row.code("resolved"));
        claim(&row, row.code("resolved"), ends);
    }
    for row in shared("icow/ICOWclaimdy.csv").rows() {
        // What the worldwide list says more finely than version 1.1.
        let code = match codes.get(&row.code("claimdy")) {
            Some(finer @ 12..=14) if row.code("resolved") == 3 => *finer,
            _ => row.code("resolved"),
        };
        claim(&row, code, ends);
    }
}

/// Facts of endings that the record has of its own, each with its judgment or treaty, stand beside the list.
fn endings(ends: &mut Ends) {
    for file in ["claims/claims.csv", "claims/endings.csv"] {
        for row in starter(file).rows() {
            let Some(year) = row.text("end").get(..4).map(|y| y.parse().unwrap()) else { continue };
            let parties = (row.code("challenger"), row.code("target"));
            let violence = row.text("ended_by_violence") == "true";
            ended(ends, parties, year, (row.code("resolved"), violence));
        }
    }
}

fn claim(row: &Row<'_>, resolved: i32, ends: &mut Ends) {
    let Some(year) = row.int("endclaim").and_then(|n| n.to_string().get(..4)?.parse().ok()) else {
        return;
    };
    let id = row.code("claimdy");
    let no_evidence = year < READ_FROM || NO_EVIDENCE.contains(&id);
    if id != SOUTH_YEMEN && !(resolved == 13 && no_evidence) {
        let parties = (row.code("chal"), row.code("tgt"));
        ended(ends, parties, year, (resolved, row.code("endviol") == 1));
    }
}

/// Settled: kept by both, or with violence a strain for the challenger; let go: kept by who did; occupied: broken.
fn ended(ends: &mut Ends, (challenger, target): (i32, i32), year: i32, how: (i32, bool)) {
    let (challenger, target) = ((challenger, year), (target, year));
    match how {
        (3 | 4 | 10 | 12 | 13, true) => ends.found.strain(challenger),
        (3 | 4 | 10 | 12 | 13, false) => ends.kept.extend([challenger, target]),
        (1 | 2, false) => ends.kept.extend([challenger]),
        (8 | 9, false) => ends.kept.extend([target]),
        (7, true) => ends.found.breach(challenger),
        _ => {}
    }
}

/// "An agreement that both sides carried out is kept, one that broke down a strain on both".
fn attempts(ends: &mut Ends) {
    for row in shared("icow/ICOWsettle.csv").rows() {
        let states =
            [(row.code("chal"), row.code("yearend")), (row.code("tgt"), row.code("yearend"))];
        match row.int("comply2") {
            Some(1) => ends.kept.extend(states),
            Some(0) => states.into_iter().for_each(|at| ends.found.strain(at)),
            _ => {}
        }
    }
}

/// "By its own use of force, in the year in which the dispute ended, and either began or wanted a change".
fn imposed(facts: &Facts, ends: &mut Ends) {
    for dispute in &facts.disputes {
        for part in dispute.parts.iter().filter(|p| p.force()) {
            let year = dispute.end_year;
            let side = dispute.beside(part);
            let days = within(part.days, year);
            if dispute.imposed_by_side_of(part)
                && part.days.1.0 == year
                && (part.revisionist || began(facts, dispute, part))
                && !facts.mandates.cover(("disputes", dispute.number), part.state, &side, days)
            {
                ends.found.breach((part.state, year));
            }
        }
    }
}

/// In a war with an enemy of the dispute, on a side that holds an initiator; else on the side that acted first.
fn began(facts: &Facts, dispute: &Dispute, part: &Part) -> bool {
    let enemies: Vec<i32> = dispute.against(part).map(|p| p.state).collect();
    let mut wars = facts.wars.all.iter().flat_map(|war| {
        let own = war.fighters.iter().filter(|f| f.state == part.state);
        own.filter(|f| shared_days(f.days, part.days).is_some())
            .filter(|f| war.against(f).any(|o| enemies.contains(&o.state)))
            .map(|f| war.began(f))
    });
    wars.next().unwrap_or(part.first)
}
