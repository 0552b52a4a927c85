//! The verdicts, by loops over rows, states and years, as the rules are written down.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use comity_policy::document::Better;
use comity_policy::verdict::Verdict;
use comity_record::Units;

use super::policy::{Block, Body, Commitment, Policy, Version};
use super::query::{Hit, Need, Needs, need};
use super::world::{Claim, Fact, Given, TABLES, World};

/// Per table the sources that answer, in order; `id` is that of the rival, none for the baseline.
#[derive(Debug, Clone)]
pub struct Reading {
    pub id: Option<(&'static str, String)>,
    pub sources: BTreeMap<&'static str, Vec<String>>,
}

/// The sources that answer in a table: one rival, then the complements, each dataset in its newest version.
fn choose(world: &World, table: &str, named: Option<&str>) -> Vec<String> {
    let of_table = || world.sources.iter().filter(move |s| s.table == table);
    let datasets: BTreeSet<&String> = of_table().map(|s| &s.dataset).collect();
    let mut answering: Vec<&Given> = Vec::new();
    for dataset in datasets {
        let versions = of_table().filter(|s| s.dataset == *dataset);
        let by_id = versions.clone().find(|s| named == Some(s.id().as_str()));
        answering.extend(by_id.or(versions.max_by_key(|s| s.version)));
    }
    let preferred = named.or(world.preferred.get(table).map(String::as_str));
    let is_preferred = |s: &&&Given| preferred.is_some_and(|p| s.dataset == p || s.id() == p);
    let rivals: Vec<&Given> = answering.iter().filter(|s| s.rival).copied().collect();
    let rival = rivals.iter().find(is_preferred).or(rivals.first());
    let more = || answering.iter().filter(|s| !s.rival);
    let mut chosen: Vec<String> = rival.iter().map(|s| s.id()).collect();
    chosen.extend(more().filter(|s| is_preferred(s)).map(|s| s.id()));
    chosen.extend(more().filter(|s| !is_preferred(s)).map(|s| s.id()));
    chosen
}

fn reading(world: &World, named: &BTreeMap<&'static str, String>) -> Reading {
    let sources = TABLES
        .into_iter()
        .map(|t| (t, choose(world, t, named.get(t).map(String::as_str))))
        .collect();
    Reading { id: None, sources }
}

/// The baseline, and one reading for each rival that does not answer in it. A table whose source was chosen has none.
pub fn readings(world: &World, chosen: &BTreeMap<&'static str, String>) -> Vec<Reading> {
    let plain = reading(world, &BTreeMap::new());
    let mut rivals = BTreeMap::new();
    for s in world.sources.iter().filter(|s| s.rival) {
        let answers = world
            .sources
            .iter()
            .any(|o| o.dataset == s.dataset && plain.sources[s.table].contains(&o.id()));
        if answers || chosen.contains_key(s.table) {
            continue;
        }
        let mut named = chosen.clone();
        named.insert(s.table, s.dataset.clone());
        let mut under = reading(world, &named);
        let id = under.sources[s.table][0].clone();
        under.id = Some((s.table, id.clone()));
        rivals.insert((s.table, id), under);
    }
    std::iter::once(reading(world, chosen)).chain(rivals.into_values()).collect()
}

/// What a key tells apart.
fn same_key(table: &str, a: &Fact, b: &Fact) -> bool {
    match table {
        "diplomatic_exchange" => (a.ccode, a.other, a.year) == (b.ccode, b.other, b.year),
        _ => (a.ccode, &a.text) == (b.ccode, &b.text),
    }
}

fn source<'a>(world: &'a World, id: &str) -> &'a Given {
    world.sources.iter().find(|s| s.id() == id).unwrap()
}

/// The rows of a table or view under a reading.
fn rows(world: &World, under: &Reading, name: &str) -> Vec<Fact> {
    if let Some(table) = name.strip_prefix("every.") {
        let of = world.sources.iter().filter(|s| s.table == table);
        return of.flat_map(|s| s.rows.clone()).collect();
    }
    let table = if name == "crisis_years" { "crises" } else { name };
    let mut found: Vec<Fact> = Vec::new();
    for id in &under.sources[table] {
        // A row whose key an earlier source gave is left out; one source may repeat a key.
        let before = found.clone();
        let own = source(world, id).rows.iter();
        found.extend(own.filter(|f| !before.iter().any(|b| same_key(table, b, f))).cloned());
    }
    if name == "crisis_years" {
        let mut by_year = Vec::new();
        for f in found {
            let claims = source(world, &f.source).claims.iter().filter(|c| !c.context);
            let open = claims.map(|c| c.to).max().unwrap_or(f.year).max(f.year);
            for year in f.year..=f.end.unwrap_or(open) {
                by_year.push(Fact { year, ..f.clone() });
            }
        }
        return by_year;
    }
    found
}

fn contain(units: &Units, state: i32) -> bool {
    match units {
        Units::All => true,
        Units::States(s) => s.contains(&state),
        Units::AllExcept(s) => !s.contains(&state),
    }
}

/// Whether a claim means that silence about these rows of that state in that year counts.
fn claims(c: &Claim, state: i32, year: i32, asked: &Need) -> bool {
    let about_all = match (&c.only, &asked.only) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(held), Some(wanted)) => wanted.iter().all(|t| held.contains(t)),
    };
    let left_out = match (&c.except, &asked.only) {
        (Some(out), Some(wanted)) => wanted.iter().any(|t| out.contains(t)),
        _ => false,
    };
    !c.context
        && about_all
        && !left_out
        && c.from <= year
        && year <= c.to
        && contain(&c.units, state)
}

fn covered(
    world: &World,
    under: &Reading,
    table: &str,
    asked: &Need,
    state: i32,
    year: i32,
) -> bool {
    let answering = under.sources.get(table).into_iter().flatten();
    answering.flat_map(|id| &source(world, id).claims).any(|c| claims(c, state, year, asked))
}

/// Covered in the year and the years before that the block looks back to; years before the state was there need nothing.
fn covered_back(
    world: &World,
    under: &Reading,
    needs: &[(&String, &Need)],
    lookback: i32,
    (state, year): (i32, i32),
) -> bool {
    (year - lookback..=year).all(|y| {
        (y >= 1816 && !world.is_member(state, y))
            || needs.iter().all(|(t, n)| covered(world, under, t, n, state, y))
    })
}

/// One block under one reading.
struct Judged<'a> {
    block: &'a Block,
    under: Reading,
    needs: Needs,
    hits: Vec<Hit>,
    values: BTreeMap<(i32, i32), f64>,
}

pub struct Outcome<'a> {
    commitment: &'a Commitment,
    /// By reading that bears: of every version, its blocks.
    by_reading: BTreeMap<usize, Vec<Vec<Judged<'a>>>>,
}

pub struct Judge<'a> {
    pub world: &'a World,
    pub policy: &'a Policy,
    readings: Vec<Reading>,
    members: Vec<(i32, i32)>,
    horizon: i32,
    outcomes: Vec<Outcome<'a>>,
    applying: RefCell<BTreeMap<(usize, i32, i32), Option<bool>>>,
}

impl<'a> Judge<'a> {
    pub fn new(world: &'a World, policy: &'a Policy) -> Self {
        let horizon = world.horizon();
        let mut members = Vec::new();
        for state in world.states() {
            let years = 1816..=horizon.max(1816);
            members.extend(years.filter(|y| world.is_member(state, *y)).map(|y| (state, y)));
        }
        let readings = readings(world, &policy.chosen);
        let mut judge = Self {
            world,
            policy,
            readings,
            members,
            horizon,
            outcomes: Vec::new(),
            applying: RefCell::default(),
        };
        for commitment in &policy.commitments {
            let outcome = judge.run(commitment);
            judge.outcomes.push(outcome);
        }
        judge
    }

    fn used(&self, block: &Block, reading: usize) -> (Needs, Vec<Hit>) {
        let (mut needs, mut hits) = (Needs::new(), Vec::new());
        for at in &block.uses {
            let outcome = &self.outcomes[*at];
            let under = outcome.by_reading.get(&reading).unwrap_or(&outcome.by_reading[&0]);
            for judged in under.iter().flatten() {
                for (table, more) in &judged.needs {
                    need(&mut needs, table, more.clone());
                }
                hits.extend(judged.hits.iter().cloned().map(|mut h| {
                    // In the view, an occasion is a breach, a strain, or kept.
                    h.grade = match h.grade {
                        "broken" => "breach",
                        "strained" => "strain",
                        other => other,
                    };
                    h
                }));
            }
        }
        (needs, hits)
    }

    fn touched(&self, block: &Block) -> BTreeSet<String> {
        let mut tables = block.body.tables();
        if block.body.reads_findings() {
            for at in &block.uses {
                let versions = &self.policy.commitments[*at].versions;
                tables
                    .extend(versions.iter().flat_map(|v| &v.blocks).flat_map(|b| self.touched(b)));
            }
        }
        tables
    }

    fn run(&self, commitment: &'a Commitment) -> Outcome<'a> {
        let bears = |block: &Block, reading: usize| match &self.readings[reading].id {
            None => true,
            Some((family, _)) => block.source.is_none() && self.touched(block).contains(*family),
        };
        let mut by_reading = BTreeMap::new();
        for reading in 0..self.readings.len() {
            let blocks = || commitment.versions.iter().flat_map(|v| &v.blocks);
            if !blocks().any(|b| bears(b, reading)) {
                continue;
            }
            let mut versions = Vec::new();
            for version in &commitment.versions {
                let of = |b: &'a Block| self.block(b, if bears(b, reading) { reading } else { 0 });
                versions.push(version.blocks.iter().map(of).collect());
            }
            by_reading.insert(reading, versions);
        }
        Outcome { commitment, by_reading }
    }

    fn block(&self, block: &'a Block, reading: usize) -> Judged<'a> {
        let under = match &block.source {
            None => self.readings[reading].clone(),
            Some(name) => named_reading(self.world, name),
        };
        let (used, findings) = self.used(block, reading);
        let db = |name: &str| rows(self.world, &under, name);
        let (mut hits, mut values) = (Vec::new(), BTreeMap::new());
        let needs = match &block.body {
            Body::Findings(shape, grade) => {
                hits = shape.rows(&db, &self.members, &findings, grade);
                hits.retain(|h| {
                    let pair = |a: &i32, b: &i32| h.state == *a && h.other == Some(*b);
                    !self.policy.without.iter().any(|(a, b)| pair(a, b) || pair(b, a))
                });
                shape.needs(&used)
            }
            Body::Value(value) => {
                values = value.values(&db, &self.members);
                value.needs()
            }
        };
        Judged { block, under, needs, hits, values }
    }

    /// The verdict on a state and year.
    pub fn verdict(&self, commitment: usize, state: i32, year: i32) -> Verdict {
        if year > self.horizon.max(1816) || !self.world.is_member(state, year) {
            return Verdict::NotApplicable;
        }
        let outcome = &self.outcomes[commitment];
        let versions = &outcome.commitment.versions;
        let in_force =
            |v: &Version| v.from.is_none_or(|f| f <= year) && v.to.is_none_or(|t| year <= t);
        let Some(at) = versions.iter().position(in_force) else { return Verdict::NotApplicable };
        match self.applies(&versions[at], state, year) {
            Some(true) => {}
            Some(false) => return Verdict::NotApplicable,
            None => return Verdict::Unknown,
        }
        let each: Vec<Verdict> = outcome
            .by_reading
            .values()
            .map(|under| self.together(outcome.commitment, &under[at], at, state, year))
            .collect();
        if each.contains(&Verdict::Kept) && each.contains(&Verdict::Broken) {
            return Verdict::Contested;
        }
        each[0]
    }

    /// Whether the version applies; none where that is not known. Asked often of the same state and year.
    fn applies(&self, version: &Version, state: i32, year: i32) -> Option<bool> {
        let key = (version.number, state, year);
        if let Some(known) = self.applying.borrow().get(&key) {
            return *known;
        }
        let found = self.does_apply(version, state, year);
        self.applying.borrow_mut().insert(key, found);
        found
    }

    fn does_apply(&self, version: &Version, state: i32, year: i32) -> Option<bool> {
        if version.applies.is_empty() {
            return Some(true);
        }
        let baseline = &self.readings[0];
        let db = |name: &str| rows(self.world, baseline, name);
        let grade = super::query::Grade::Always("x");
        let mut known = true;
        for shape in &version.applies {
            let found = shape.rows(&db, &self.members, &[], &grade);
            if found.iter().any(|h| (h.state, h.year) == (state, year)) {
                return Some(true);
            }
            let needs = shape.needs(&Needs::new());
            let all: Vec<_> = needs.iter().collect();
            known &= covered_back(self.world, baseline, &all, 0, (state, year));
        }
        known.then_some(false)
    }

    /// All blocks of a version under one reading: the worst that is proved wins, kept needs every block that is not supplementary.
    fn together(
        &self,
        commitment: &Commitment,
        blocks: &[Judged<'_>],
        version: usize,
        state: i32,
        year: i32,
    ) -> Verdict {
        let each: Vec<(Verdict, bool)> = blocks
            .iter()
            .map(|b| {
                let verdict = match b.block.body {
                    Body::Findings(..) => self.found(commitment.perform(), b, state, year),
                    Body::Value(_) => self.standing(commitment, b, version, state, year),
                };
                (verdict, !b.block.supplementary)
            })
            .collect();
        let any = |v| each.iter().any(|e| e.0 == v);
        let only_supplementary = each.iter().all(|e| !e.1);
        if any(Verdict::Broken) {
            Verdict::Broken
        } else if each.iter().any(|e| e.1 && e.0 == Verdict::Unknown)
            || only_supplementary && each.iter().all(|e| e.0 == Verdict::Unknown)
        {
            Verdict::Unknown
        } else if any(Verdict::Strained) {
            Verdict::Strained
        } else if any(Verdict::Kept) {
            Verdict::Kept
        } else {
            Verdict::NoOccasion
        }
    }

    fn found(&self, perform: bool, b: &Judged<'_>, state: i32, year: i32) -> Verdict {
        let hits: Vec<&Hit> =
            b.hits.iter().filter(|h| (h.state, h.year) == (state, year)).collect();
        let any = |grades: [&str; 2]| hits.iter().any(|h| grades.contains(&h.grade));
        let at = (state, year);
        let (all, lookback): (Vec<_>, i32) = (b.needs.iter().collect(), b.block.lookback);
        let silent: Vec<_> = b.needs.iter().filter(|(_, n)| !n.proves).collect();
        let some = all.iter().any(|(t, n)| covered(self.world, &b.under, t, n, state, year));
        let silence = covered_back(self.world, &b.under, &silent, lookback, at);
        if any(["breach", "broken"]) && silence && some {
            return Verdict::Broken;
        }
        if !covered_back(self.world, &b.under, &all, lookback, at) {
            return Verdict::Unknown;
        }
        if any(["strain", "strained"]) {
            Verdict::Strained
        } else if perform && !hits.iter().any(|h| h.grade == "kept") {
            Verdict::NoOccasion
        } else {
            Verdict::Kept
        }
    }

    /// Whether a value counts: of a state to which this version applies, fully covered.
    fn counts(&self, c: &Commitment, b: &Judged<'_>, version: usize, at: (i32, i32)) -> bool {
        let all: Vec<_> = b.needs.iter().collect();
        self.in_scope(c, version, at)
            && covered_back(self.world, &b.under, &all, b.block.lookback, at)
    }

    fn in_scope(&self, c: &Commitment, version: usize, (state, year): (i32, i32)) -> bool {
        let v = &c.versions[version];
        year <= self.horizon
            && self.world.is_member(state, year)
            && v.from.is_none_or(|f| f <= year)
            && v.to.is_none_or(|t| year <= t)
            && self.applies(v, state, year) == Some(true)
    }

    /// At the median or better: kept, but a zero where more is better: strained. In the worst tenth: broken. Between,
    /// strained in the second quarter or where it is better than its own mean of the last five years (three known), else broken.
    fn standing(
        &self,
        c: &Commitment,
        b: &Judged<'_>,
        version: usize,
        state: i32,
        year: i32,
    ) -> Verdict {
        let value = |s: i32, y: i32| -> Option<f64> {
            let v = b.values.get(&(s, y)).copied()?;
            self.counts(c, b, version, (s, y)).then_some(v)
        };
        let Some(own) = value(state, year) else { return Verdict::Unknown };
        let states = self.world.states();
        let mut all: Vec<f64> = states.iter().filter_map(|s| value(*s, year)).collect();
        let system = states.iter().filter(|s| self.in_scope(c, version, (**s, year))).count();
        if all.len() < 30 || all.len() * 2 < system {
            return Verdict::Unknown;
        }
        all.sort_by(f64::total_cmp);
        let quantile = |q: f64| {
            let at = q * (all.len() - 1) as f64;
            let low = all[at.floor() as usize];
            let high = all[at.ceil() as usize];
            low + (at - at.floor()) * (high - low)
        };
        let higher = c.better == Better::Higher;
        let (quarter, tenth) =
            if higher { (quantile(0.25), quantile(0.1)) } else { (quantile(0.75), quantile(0.9)) };
        let better = |a: f64, b: f64| if higher { a > b } else { a < b };
        let past: Vec<f64> = (year - 5..year).filter_map(|y| value(state, y)).collect();
        let better_than_before =
            past.len() >= 3 && better(own, past.iter().sum::<f64>() / past.len() as f64);
        if !better(quantile(0.5), own) {
            if higher && own == 0.0 { Verdict::Strained } else { Verdict::Kept }
        } else if better(tenth, own) {
            Verdict::Broken
        } else if !better(quarter, own) || better_than_before {
            Verdict::Strained
        } else {
            Verdict::Broken
        }
    }
}

/// The baseline with one source in its table, whatever the reading; a source that is not there answers nothing.
fn named_reading(world: &World, name: &str) -> Reading {
    let of = world.sources.iter().find(|s| s.dataset == name || s.id() == name);
    match of {
        Some(s) => reading(world, &BTreeMap::from([(s.table, name.to_owned())])),
        None => {
            Reading { id: None, sources: TABLES.into_iter().map(|t| (t, Vec::new())).collect() }
        }
    }
}
