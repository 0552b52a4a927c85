//! What advice is made with (an evaluation kept warm, and what differs beside it) gives what two whole evaluations give.

use std::collections::{BTreeMap, BTreeSet};

use comity_advice::acts::definition::{Definition, Kind, Slot};
use comity_advice::acts::{Act, Vocabulary, lay};
use comity_advice::moves::{Move, moves};
use comity_advice::standing::standing;
use comity_advice::{Advice, Advisor, Ask};
use comity_policy::audit::Report;
use comity_policy::document::Policy;
use comity_policy::{Options, SHIPPED, evaluate};
use comity_record::Record;

/// Numbers that look random and are the same on every run.
struct Draw(u64);

impl Draw {
    fn of(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most
    }

    fn from<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.of(all.len())]
    }
}

/// An act of a kind by a state toward another, with everything else drawn; none where the record has nothing of it.
fn act(record: &Record, definition: &Definition, draw: &mut Draw, pair: (i32, i32)) -> Option<Act> {
    let names = |table: &str, column: &str| -> Vec<String> {
        let rows = record.table(table, &record.baseline()).unwrap();
        let ids: BTreeSet<&str> =
            comity_record::columns::texts(&rows, column).iter().flatten().collect();
        ids.into_iter().map(str::to_owned).collect()
    };
    let mut slots = BTreeMap::new();
    for (name, slot) in &definition.slots {
        let among = match slot {
            Slot::Words(words) => words.clone(),
            Slot::Of(Kind::State) => vec![pair.1.to_string()],
            Slot::Of(Kind::Count) => vec!["1".into(), "1500".into()],
            Slot::Of(Kind::Share) => vec!["10 %".into(), "0.5".into()],
            Slot::Of(Kind::Text) => vec!["a purpose".into()],
            Slot::Of(Kind::Organization) => names("memberships", "organization"),
            Slot::Of(Kind::Alliance) => names("pledges", "treaty_id"),
            Slot::Of(Kind::Instrument) => names("treaty_participation", "treaty_id"),
            Slot::Of(Kind::Agreement) => names("trade_agreements", "agreement_id"),
        };
        if among.is_empty() {
            return None;
        }
        slots.insert(name.clone(), draw.from(&among).clone());
    }
    // In years that are covered, partly covered, and to come.
    let year = *draw.from(&[1975, 1999, 2012, 2019, record.last_year(), record.last_year() + 1]);
    let from = comity_advice::acts::When::year(year);
    Act::with(record, definition, pair.0, &slots, (Some(from), None)).ok()
}

/// What two whole evaluations say, for these states.
fn plain(
    record: &Record,
    policy: &Policy,
    acts: &[Act],
    commitments: &[String],
    states: &[i32],
    to: i32,
) -> BTreeMap<i32, Vec<Move>> {
    let laid = lay(record, Vocabulary::shipped(), acts, to).unwrap();
    let of = |record: &Record| -> Report {
        let before = standing(record, to).unwrap().0.unwrap_or_else(|| record.clone());
        let options = Options { commitments: commitments.to_vec(), ..Options::default() };
        let evaluation = evaluate(&before, policy, &options).unwrap();
        let there = evaluation.states_between(i32::MIN, to);
        let states: Vec<i32> = states.iter().copied().filter(|s| there.contains(s)).collect();
        evaluation.report(&states, None, Some(to)).unwrap()
    };
    let (before, after) = (of(record), of(&laid.record));
    let pairs = before.audits.iter().zip(&after.audits);
    pairs.map(|(a, b)| (a.state.ccode, moves(policy, a, b))).collect()
}

fn compare(record: &Record, policy: &Policy, acts: &[Act], advice: &Advice) -> Result<(), String> {
    let own: Vec<i32> = advice.own.iter().map(|s| s.state.ccode).collect();
    let moved = |of: &[Move]| serde_json::to_string(of).unwrap();
    let judged: Vec<String> = policy
        .commitments
        .iter()
        .filter(|c| !advice.blind.contains(&c.id))
        .filter(|c| c.kind != comity_policy::document::Kind::Watch)
        .map(|c| c.id.clone())
        .collect();
    let others: BTreeSet<i32> = acts.iter().filter_map(Act::other).collect();
    let states: Vec<i32> = own.iter().copied().chain(others.iter().copied()).collect();
    if judged.is_empty() {
        return if advice.own.is_empty() { Ok(()) } else { Err("moves without a look".into()) };
    }
    let plain = plain(record, policy, acts, &judged, &states, advice.to);
    let said: BTreeMap<i32, String> =
        advice.own.iter().chain(&advice.others).map(|s| (s.state.ccode, moved(&s.moves))).collect();
    for (ccode, all) in plain {
        // Of others only those are shown for whom anything moves.
        let fast = said.get(&ccode).map_or("[]", String::as_str);
        if fast != moved(&all) {
            let say: Vec<&str> = acts.iter().map(|a| a.say.as_str()).collect();
            return Err(format!("{say:?} for {ccode}:\n{fast}\n{}", moved(&all)));
        }
    }
    Ok(())
}

/// Acts of every kind over the starter, between states that are drawn: `BESIDE=5 cargo test … beside` tries five of each.
#[test]
fn what_is_made_beside_a_warm_evaluation_is_what_whole_evaluations_give() {
    let record = comity_datasets::starter::record();
    let policy = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let vocabulary = Vocabulary::shipped();
    let advisor = Advisor::new(&record, &policy, vocabulary, Options::default()).unwrap().warm();
    let cold = Advisor::new(&record, &policy, vocabulary, Options::default()).unwrap();
    let most: usize = std::env::var("BESIDE").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let states = [2, 200, 220, 365, 710, 740, 750, 770, 640, 651, 630, 560, 140, 20, 260];
    let (mut draw, mut wrong) = (Draw(17), Vec::new());
    let (mut tried, mut moved) = (0, 0);
    let bare = Ask { precedents: 0, reciprocal: false, ..Ask::default() };
    for definition in &vocabulary.acts {
        for _ in 0..most {
            let (a, b) = (*draw.from(&states), *draw.from(&states));
            if a == b {
                continue;
            }
            let Some(act) = act(&record, definition, &mut draw, (a, b)) else { continue };
            let acts = [act];
            let Ok(advice) = advisor.advise(&acts, &bare) else { continue };
            wrong.extend(compare(&record, &policy, &acts, &advice).err());
            let again = cold.advise(&acts, &bare).unwrap();
            if serde_json::to_string(&again).unwrap() != serde_json::to_string(&advice).unwrap() {
                wrong.push(format!("{}: warm and cold differ", acts[0].say));
            }
            tried += 1;
            moved += usize::from(advice.own.iter().any(|s| !s.moves.is_empty()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried > vocabulary.acts.len() * most / 2, "{tried}");
    assert!(moved > 10 * most, "{moved} of {tried} move");
}

/// Several acts at once, done and done back.
#[test]
fn a_package_and_its_reverse_are_what_whole_evaluations_give() {
    let record = comity_datasets::starter::record();
    let policy = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let vocabulary = Vocabulary::shipped();
    let advisor = Advisor::new(&record, &policy, vocabulary, Options::default()).unwrap().warm();
    let say = |actor: i32, what: &str| Act::say(&record, vocabulary, actor, what).unwrap();
    let acts = [
        say(750, "defense pact with RUS from 2026"),
        say(750, "use force against PAK in 2026"),
        say(710, "impose trade sanctions on IND in 2026"),
        say(640, "leave NATO in 2026"),
    ];
    let advice = advisor.advise(&acts, &Ask { precedents: 0, ..Ask::default() }).unwrap();
    compare(&record, &policy, &acts, &advice).unwrap();
    let reverse = advice.reciprocal.unwrap();
    let turned: Vec<Act> = acts[..3]
        .iter()
        .map(|a| a.turned(&record, vocabulary, a.other().unwrap()).unwrap())
        .collect();
    let alone = advisor.advise(&turned, &Ask { precedents: 0, ..Ask::default() }).unwrap();
    let json = |all: &[comity_advice::moves::StateMoves]| {
        let moving = all.iter().filter(|s| !s.moves.is_empty());
        serde_json::to_string(&moving.collect::<Vec<_>>()).unwrap()
    };
    assert_eq!(json(&reverse.theirs), json(&alone.own));
    assert!(!reverse.theirs.is_empty());
}
