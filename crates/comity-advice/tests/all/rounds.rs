//! An act of the record is taken out, put back as an act, and audited: what was found must be found again, the source aside.

use std::collections::BTreeMap;

use comity_advice::acts::{Recognised, Vocabulary, lay, recognise};
use comity_advice::moves::moves;
use comity_policy::audit::Audit;
use comity_policy::document::Policy;
use comity_policy::{Evaluation, Options, evaluate, evaluate_beside};
use comity_record::schema::table;
use comity_record::{Hide, Layer, Record};

/// What a round of one kind of act gave.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Round {
    /// How many acts of the kind the record has.
    pub in_record: usize,
    /// How many were taken out and put back.
    pub tried: usize,
    /// Of these the ones with findings.
    pub with_findings: usize,
    /// Of these the ones whose years are unknown for some commitment that looks.
    pub unknown: usize,
    /// What differed.
    pub wrong: Vec<String>,
}

/// Takes out up to `most` acts of each kind, spread over the record, one at a time.
pub fn rounds(
    record: &Record,
    policy: &Policy,
    most: usize,
    kinds: Option<&[&str]>,
) -> BTreeMap<String, Round> {
    let vocabulary = Vocabulary::shipped();
    let reads: BTreeMap<String, _> =
        comity_policy::reads(policy, record).unwrap().into_iter().collect();
    let mut all = BTreeMap::new();
    for definition in &vocabulary.acts {
        if kinds.is_some_and(|k| !k.contains(&definition.id.as_str())) {
            continue;
        }
        let (acts, _) = recognise(record, definition).unwrap();
        let mut round = Round { in_record: acts.len(), ..Round::default() };
        let looks: Vec<String> = policy
            .commitments
            .iter()
            .filter(|c| definition.tables().iter().any(|t| reads[&c.id].contains(t)))
            .map(|c| c.id.clone())
            .collect();
        if !acts.is_empty() && !looks.is_empty() {
            let options = Options { commitments: looks.clone(), warm: true, ..Options::default() };
            let before = evaluate(record, policy, &options).unwrap();
            let tables = definition.write.iter().filter_map(|w| Some(table(&w.table)?.name));
            let tables = tables.collect();
            // Of what does not read the tables nothing can move: it is as it was, and `beside.rs` tests that.
            let with = |laid: &Record, states: Vec<i32>| -> Evaluation {
                let options = Options { focus: Some(states), warm: false, ..options.clone() };
                evaluate_beside(laid, &before, &tables, &options).unwrap()
            };
            let step = acts.len().div_ceil(most);
            for act in acts.iter().step_by(step) {
                one(record, policy, act, &before, &with, &mut round);
            }
        }
        all.insert(definition.id.clone(), round);
    }
    all
}

fn one(
    record: &Record,
    policy: &Policy,
    act: &Recognised,
    before: &Evaluation,
    with: &dyn Fn(&Record, Vec<i32>) -> Evaluation,
    round: &mut Round,
) {
    let states: Vec<i32> = std::iter::once(act.act.actor).chain(act.act.other()).collect();
    let hides = act.rows.iter().map(|(table, source, row)| Hide::row(table, source, row));
    let without = hides.fold(Layer::new("without", "An act taken out"), Layer::hide);
    let without = record.with(without).unwrap();
    // What is open goes on as far as its own source covers.
    let (table, source, _) = &act.rows[0];
    let covered = record.coverage(table, &record.baseline());
    let horizon = covered.open_end(source, act.act.span.from.year);
    let laid =
        lay(&without, Vocabulary::shipped(), std::slice::from_ref(&act.act), horizon).unwrap();
    let after = with(&laid.record, states.clone());
    let there = before.states_between(i32::MIN, i32::MAX);
    let states: Vec<i32> = states.into_iter().filter(|s| there.contains(s)).collect();
    let to = Some(record.last_year());
    let audits = |e: &Evaluation| -> Vec<Audit> {
        states.iter().map(|state| e.audit_alone(*state, to).unwrap()).collect()
    };
    let audits = [audits(before), audits(&after)];
    round.tried += 1;
    let keys: Vec<&str> = act.rows.iter().map(|(_, _, key)| key.as_str()).collect();
    let of_it = |text: &str| keys.iter().any(|k| text.contains(k));
    let commitments = || audits[0].iter().flat_map(|a| &a.commitments);
    let found = commitments().flat_map(|c| &c.findings);
    round.with_findings += usize::from(
        found.into_iter().any(|f| of_it(&f.source_row) || f.also.as_deref().is_some_and(of_it)),
    );
    let year = act.act.span.from.year;
    let unknown = |c: &comity_policy::audit::CommitmentAudit| {
        c.verdicts
            .iter()
            .any(|v| v.year == year && v.verdict == comity_policy::verdict::Verdict::Unknown)
    };
    round.unknown += usize::from(commitments().any(unknown));
    for (a, b) in audits[0].iter().zip(&audits[1]) {
        for m in moves(policy, a, b) {
            round.wrong.push(format!(
                "{} ({:?}): {} of {}: {:?}",
                act.act.say,
                keys,
                m.commitment,
                a.state.abbr,
                (
                    &m.years,
                    m.added.iter().map(|f| (f.year, &f.what, &f.label)).collect::<Vec<_>>(),
                    m.removed.iter().map(|f| (f.year, &f.what, &f.label)).collect::<Vec<_>>(),
                    &m.values
                )
            ));
        }
    }
}
