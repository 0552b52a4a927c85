//! What the bounds promise, over random records, coverages, readings, layers and policies.

use comity_policy::document::Kind;
use comity_policy::verdict::Verdict;
use comity_policy::{Bounds, Evaluation, Options, evaluate, parse};
use comity_record::{Record, SourceBundle};

use super::policy::{Body, Policy};
use super::query::Shape;
use super::random::Random;
use super::world::{Claim, FIRST, LAST, World, layer};

fn worlds() -> u64 {
    let asked = std::env::var("COMITY_WORLDS").ok().and_then(|w| w.parse().ok());
    asked.or(std::env::var_os("COMITY_LONG").map(|_| 2_000)).unwrap_or(12)
}

fn evaluated(record: &Record, policy: &Policy) -> Evaluation {
    let text = policy.text();
    let (parsed, diagnostics) = parse("made.md", &text);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}\n{text}");
    let chosen = policy.chosen.iter().map(|(f, s)| ((*f).to_owned(), s.clone()));
    let options = Options {
        without: policy.without.clone(),
        sources: chosen.collect(),
        ..Options::default()
    };
    evaluate(record, &parsed.unwrap(), &options).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// A veto that is supposed over a record.
fn supposed(r: &mut Random, world: &World) -> SourceBundle {
    let states: Vec<i32> = world.states().into_iter().collect();
    layer(*r.pick(&states), r.between(FIRST, LAST), r.between(0, 9))
}

/// The bounds of a commitment by state, year and reading, where it applies in both evaluations.
fn pairs<'a>(
    (before, after): (&'a Evaluation, &'a Evaluation),
    world: &'a World,
    id: &'a str,
) -> impl Iterator<Item = (String, Bounds, Bounds)> + 'a {
    let cells = world.states().into_iter().flat_map(|s| (FIRST - 3..=LAST).map(move |y| (s, y)));
    cells.flat_map(move |(state, year)| {
        let (b, a) = (before.bounds(state, id, year), after.bounds(state, id, year));
        let both = b.into_iter().filter_map(move |(reading, b)| {
            let (_, after) = a.iter().find(|(r, _)| *r == reading)?;
            Some((format!("{id}, state {state}, {year}, {reading}"), b?, (*after)?))
        });
        both.collect::<Vec<_>>()
    })
}

#[test]
fn one_more_row_of_a_query_never_improves_a_verdict_of_restraint() {
    let mut moved = 0;
    for seed in 0..worlds() {
        let r = &mut Random::new(seed ^ 0x51);
        let world = World::random(r, false);
        let mut policy = Policy::random(r, &world, false);
        let states: Vec<i32> = world.states().into_iter().collect();
        let restraint = |p: &Policy| {
            let all = p.commitments.iter().enumerate().filter(|(_, c)| c.kind == Kind::Refrain);
            all.map(|(at, _)| at).collect::<Vec<_>>()
        };
        let record = world.record();
        let before = evaluated(&record, &policy);
        for at in restraint(&policy) {
            let blocks = policy.commitments[at].versions.iter_mut().flat_map(|v| &mut v.blocks);
            for block in blocks {
                let grade = *r.pick(&["breach", "strain"]);
                block.more = Some((*r.pick(&states), r.between(FIRST, LAST), grade));
            }
        }
        let after = evaluated(&record, &policy);
        for at in restraint(&policy) {
            for (place, b, a) in pairs((&before, &after), &world, &format!("c{at}")) {
                assert!(
                    a.best >= b.best && a.worst >= b.worst,
                    "seed {seed}: {place}: {b:?}, {a:?}"
                );
                moved += usize::from(a != b);
            }
        }
    }
    assert!(moved > 0);
}

#[test]
fn more_coverage_without_rows_never_turns_one_known_verdict_into_another() {
    let mut learnt = 0;
    for seed in 0..worlds() {
        let r = &mut Random::new(seed ^ 0x52);
        let world = World::random(r, false);
        let policy = Policy::random(r, &world, false);
        let mut wider = world.clone();
        for source in &mut wider.sources {
            // Not further than it reaches: a spell without an end lasts as long as its source.
            let last = source.claims.iter().filter(|c| !c.context).map(|c| c.to).max();
            let Some(last) = last.filter(|_| r.chance(2, 3)) else { continue };
            let from = r.between(FIRST - 4, last);
            source.claims.push(Claim::all(from, r.between(from, last)));
        }
        let layer = supposed(r, &world);
        let before = evaluated(&world.record().with(layer.clone()).unwrap(), &policy);
        let after = evaluated(&wider.record().with(layer).unwrap(), &policy);
        for (at, c) in policy.commitments.iter().enumerate() {
            for (place, b, a) in pairs((&before, &after), &world, &format!("c{at}")) {
                let (old, new) = (b.verdict(c.kind), a.verdict(c.kind));
                assert!(
                    old == Verdict::Unknown || old == new,
                    "seed {seed}: {place}: {old} becomes {new}\n{}\n{world:#?}\n{:#?}",
                    policy.text(),
                    wider.sources.iter().map(|s| &s.claims).collect::<Vec<_>>()
                );
                assert!(a.covered || !b.covered, "seed {seed}: {place}");
                learnt += usize::from(old != new);
            }
        }
    }
    assert!(learnt > 0);
}

/// Makes every query one whose answer for a state and year rests on rows of that state and year, and declares only what exempts.
fn within_cells(policy: &mut Policy) {
    let versions = policy.commitments.iter_mut().flat_map(|c| &mut c.versions);
    for version in versions {
        version.applies.clear();
        for block in &mut version.blocks {
            block.supplementary = false;
            block.decides.clear();
            let Body::Findings(shape, _) = &mut block.body else { continue };
            *shape = match shape.clone() {
                Shape::In(a, b, negated) => Shape::Exists(a, b, negated),
                Shape::FirstOfState(a) | Shape::Limit(a, _) => Shape::Plain(a),
                other => other,
            };
            shape.of_one_account();
            let improves = match &*shape {
                Shape::LeftNull(a, b) | Shape::Except(a, b) | Shape::Exists(a, b, true) => {
                    (a.table_name() != b.table_name()).then(|| b.table_name())
                }
                _ => None,
            };
            block.exempts.retain(|t| Some(t) == improves.as_ref());
        }
    }
}

#[test]
fn the_bounds_contain_what_full_coverage_would_say() {
    let (mut open, mut all) = (0, 0);
    for seed in 0..worlds() {
        let r = &mut Random::new(seed ^ 0x53);
        let mut full = World::random(r, false);
        let mut policy = Policy::random(r, &full, false);
        within_cells(&mut policy);
        let mut known = full.clone();
        for (source, part) in full.sources.iter_mut().zip(&mut known.sources) {
            // One account at a time, with spells that end: nothing stands in the place of a row that is missing.
            (source.rival, part.rival) = (true, true);
            source.rows.iter_mut().for_each(|f| f.end = f.end.or(Some(f.year)));
            part.rows.clone_from(&source.rows);
            part.rows.retain(|f| part.claims.iter().any(|c| c.speaks_of(f)) || r.chance(1, 2));
            source.claims = vec![Claim::all(FIRST - 10, LAST)];
        }
        let layer = supposed(r, &full);
        let truth = evaluated(&full.record().with(layer.clone()).unwrap(), &policy);
        let bounds = evaluated(&known.record().with(layer).unwrap(), &policy);
        for at in 0..policy.commitments.len() {
            for (place, b, t) in pairs((&bounds, &truth), &full, &format!("c{at}")) {
                assert!(
                    b.best <= t.best && t.worst <= b.worst,
                    "seed {seed}: {place}: {b:?} does not contain {t:?}\n{}\nknown {known:#?}\nfull {full:#?}",
                    policy.text()
                );
                all += 1;
                open += usize::from(b.best != b.worst);
            }
        }
    }
    assert!(open > 0 && open < all, "{open} of {all}");
}
