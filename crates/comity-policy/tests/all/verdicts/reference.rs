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
    /// The years before that must be covered too, those of the commitments it uses included.
    lookback: i32,
    /// The gravest that it can return.
    gravest: u8,
    hits: Vec<Hit>,
    /// What may come out besides, where numbers that nobody knows are at their worst.
    perhaps: Vec<Hit>,
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

    /// Of the commitments that a block uses: what must be covered and how far back, the findings that are proved, and the state-years
    /// in which a number that nobody knows may hide findings.
    fn used(&self, block: &Block, reading: usize) -> (Needs, i32, Vec<Hit>, Vec<(i32, i32)>) {
        let (mut needs, mut lookback, mut hits) = (Needs::new(), 0, Vec::new());
        let mut hidden = Vec::new();
        for at in &block.uses {
            let outcome = &self.outcomes[*at];
            let under = outcome.by_reading.get(&reading).unwrap_or(&outcome.by_reading[&0]);
            for judged in under.iter().flatten() {
                for (table, more) in &judged.needs {
                    need(&mut needs, table, more.clone());
                }
                lookback = lookback.max(judged.lookback);
                hidden.extend(self.hidden(judged));
                let proved = judged.hits.iter().filter(|h| self.proved(judged, (h.state, h.year)));
                hits.extend(proved.cloned().map(|mut h| {
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
        (needs, lookback, hits, hidden)
    }

    fn hidden(&self, b: &Judged<'_>) -> Vec<(i32, i32)> {
        let worst = |hits: &[Hit], at: (i32, i32)| {
            hits.iter()
                .filter(|h| (h.state, h.year) == at)
                .map(|h| grave(h.grade))
                .max()
                .unwrap_or(0)
        };
        let mut all: Vec<(i32, i32)> = b.perhaps.iter().map(|h| (h.state, h.year)).collect();
        all.retain(|at| self.members.contains(at) && worst(&b.perhaps, *at) > worst(&b.hits, *at));
        all
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
        let (used, further, findings, hidden) = self.used(block, reading);
        let db = |name: &str| rows(self.world, &under, name);
        let (mut hits, mut perhaps, mut values) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut gravest = 3;
        let mut needs = match &block.body {
            Body::Findings(shape, grade) => {
                hits = shape.rows(&db, &self.members, &findings, grade);
                let aside = |h: &Hit| {
                    let pair = |a: &i32, b: &i32| h.state == *a && h.other == Some(*b);
                    self.policy.without.iter().any(|(a, b)| pair(a, b) || pair(b, a))
                };
                hits.retain(|h| !aside(h));
                let texts = grade.texts();
                gravest = texts.iter().map(|t| grave(t)).max().unwrap_or(0);
                if !block.decides.is_empty() {
                    perhaps = shape.perhaps(&db, grade);
                    perhaps.retain(|h| !aside(h));
                }
                let word = texts.iter().copied().find(|t| grave(t) == gravest).unwrap_or("breach");
                perhaps.extend(hidden.into_iter().map(|(state, year)| Hit {
                    state,
                    year,
                    grade: word,
                    other: None,
                }));
                shape.needs(&used)
            }
            Body::Value(value) => {
                values = value.values(&db, &self.members);
                value.needs()
            }
        };
        for (table, need) in &mut needs {
            need.exempts |= !block.body.reads_findings() && block.exempts.contains(table);
        }
        let lookback = block.lookback + further;
        Judged { block, under, needs, lookback, gravest, hits, perhaps, values }
    }

    /// The verdict on a state and year, and best and worst case under each reading.
    pub fn verdict(&self, commitment: usize, state: i32, year: i32) -> (Verdict, Vec<Case>) {
        let nothing = || (Verdict::NotApplicable, Vec::new());
        if year > self.horizon.max(1816) || !self.world.is_member(state, year) {
            return nothing();
        }
        let outcome = &self.outcomes[commitment];
        let versions = &outcome.commitment.versions;
        let in_force =
            |v: &Version| v.from.is_none_or(|f| f <= year) && v.to.is_none_or(|t| year <= t);
        let Some(at) = versions.iter().position(in_force) else { return nothing() };
        let judged = |b: &Block| matches!(b.body, Body::Findings(..)) || b.bar.is_some();
        if !versions[at].blocks.iter().any(judged) {
            return (Verdict::NotApplicable, Vec::new());
        }
        match self.applies(&versions[at], state, year) {
            Some(true) => {}
            Some(false) => return (Verdict::NotApplicable, Vec::new()),
            None => return (Verdict::Unknown, vec![Case::OPEN; outcome.by_reading.len()]),
        }
        let each: Vec<Case> = outcome
            .by_reading
            .values()
            .map(|under| self.together(outcome.commitment, &under[at], at, state, year))
            .collect();
        let perform = outcome.commitment.perform();
        let covered = |v: Verdict| each.iter().any(|c| c.covered && c.verdict(perform) == v);
        if covered(Verdict::Kept) && covered(Verdict::Broken) {
            return (Verdict::Contested, each);
        }
        (each[0].verdict(perform), each)
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

    /// All blocks of a version under one reading: the worst that is proved wins; the worst that is possible is that of the blocks
    /// that are not supplementary, and what rows of the others say. Where all are supplementary, those that are covered are needed.
    fn together(
        &self,
        commitment: &Commitment,
        blocks: &[Judged<'_>],
        version: usize,
        state: i32,
        year: i32,
    ) -> Case {
        let mut each: Vec<(Case, bool, u8)> = Vec::new();
        for b in blocks {
            let case = match b.block.body {
                Body::Findings(..) => self.found(b, state, year),
                Body::Value(_) => {
                    let Some(bar) = b.block.bar else { continue };
                    let value = b.values.get(&(state, year)).copied();
                    let value =
                        value.filter(|_| self.counts(commitment, b, version, (state, year)));
                    against(value, bar, commitment.better)
                }
            };
            let said = match b.block.body {
                Body::Findings(..) => {
                    gravest(&b.hits, (state, year)).max(gravest(&b.perhaps, (state, year)))
                }
                Body::Value(_) => case.best * u8::from(case.covered),
            };
            each.push((case, !b.block.supplementary, said));
        }
        if each.iter().all(|e| !e.1) {
            let some = each.iter().any(|e| e.0.covered);
            each.iter_mut().for_each(|e| e.1 = !some || e.0.covered);
        }
        let best = each.iter().map(|e| e.0.best).max().unwrap();
        let needed = || each.iter().filter(|e| e.1).map(|e| e.0);
        let others = each.iter().filter(|e| !e.1).map(|e| e.2).max().unwrap_or(0);
        let worst = needed().map(|c| c.worst).max().unwrap().max(best).max(others);
        Case { best, worst, covered: needed().all(|c| c.covered) && others <= best }
    }

    /// A row proves what it says, unless it rests on the silence of a table that is not covered. What is not covered may hold anything that
    /// the block can return. Exempting tables that are not covered may take away what was found, and hold nothing graver.
    fn found(&self, b: &Judged<'_>, state: i32, year: i32) -> Case {
        let at = (state, year);
        let (found, perhaps) = (gravest(&b.hits, at), gravest(&b.perhaps, at));
        let all = self.is_covered(b, at, |n| n.found || !n.exempts);
        let silent = self.is_covered(b, at, |n| !n.proves && !n.exempts);
        let exempting = self.is_covered(b, at, |n| !n.proves && n.exempts);
        let best = if silent && exempting { found } else { 0 };
        let mut worst = found.max(perhaps);
        if !(all && silent) {
            worst = worst.max(b.gravest);
        }
        Case { best, worst, covered: all && silent && exempting && perhaps <= found }
    }

    fn is_covered(&self, b: &Judged<'_>, at: (i32, i32), which: fn(&Need) -> bool) -> bool {
        let needs: Vec<_> = b.needs.iter().filter(|(_, n)| which(n)).collect();
        covered_back(self.world, &b.under, &needs, b.lookback, at)
    }

    /// Whether what a block found in a state-year is proved.
    fn proved(&self, b: &Judged<'_>, (state, year): (i32, i32)) -> bool {
        if year > self.horizon.max(1816) || !self.world.is_member(state, year) {
            return true;
        }
        self.is_covered(b, (state, year), |n| !n.proves)
    }

    /// Whether a value counts: of a state to which this version applies, fully covered.
    fn counts(&self, c: &Commitment, b: &Judged<'_>, version: usize, at: (i32, i32)) -> bool {
        let all: Vec<_> = b.needs.iter().collect();
        self.in_scope(c, version, at) && covered_back(self.world, &b.under, &all, b.lookback, at)
    }

    fn in_scope(&self, c: &Commitment, version: usize, (state, year): (i32, i32)) -> bool {
        let v = &c.versions[version];
        year <= self.horizon
            && self.world.is_member(state, year)
            && v.from.is_none_or(|f| f <= year)
            && v.to.is_none_or(|t| year <= t)
            && self.applies(v, state, year) == Some(true)
    }
}

/// Best and worst case: 0 nothing, 1 kept, 2 strained, 3 broken; and whether the state-year is fully covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub best: u8,
    pub worst: u8,
    pub covered: bool,
}

impl Case {
    pub const OPEN: Self = Self { best: 0, worst: 3, covered: false };

    /// The verdict is the name of both.
    pub fn verdict(self, perform: bool) -> Verdict {
        match (self.best == self.worst, self.best) {
            (false, _) => Verdict::Unknown,
            (true, 0) if perform => Verdict::NoOccasion,
            (true, 0 | 1) => Verdict::Kept,
            (true, 2) => Verdict::Strained,
            (true, _) => Verdict::Broken,
        }
    }
}

fn grave(grade: &str) -> u8 {
    match grade {
        "kept" => 1,
        "strain" | "strained" => 2,
        "breach" | "broken" => 3,
        other => panic!("{other}"),
    }
}

/// The gravest of the rows about a state and year.
fn gravest(hits: &[Hit], at: (i32, i32)) -> u8 {
    let of = hits.iter().filter(|h| (h.state, h.year) == at);
    of.map(|h| grave(h.grade)).max().unwrap_or(0)
}

/// At the target or better: kept; worse than the floor: broken; between: strained.
fn against(value: Option<f64>, (target, floor): (i32, i32), better: Better) -> Case {
    let Some(value) = value else { return Case { best: 1, ..Case::OPEN } };
    let (target, floor) = (f64::from(target), f64::from(floor));
    let (kept, broken) = match better {
        Better::Higher => (value >= target, value < floor),
        Better::Lower => (value <= target, value > floor),
    };
    let grade = if kept {
        1
    } else if broken {
        3
    } else {
        2
    };
    Case { best: grade, worst: grade, covered: true }
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
