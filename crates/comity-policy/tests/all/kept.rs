//! Answers that are kept: an evaluation that reads them says the same as one that answers every query, and one that cannot use them answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use comity_policy::document::{Kind, Policy};
use comity_policy::{Keep, Options, SHIPPED, evaluate, parse};
use comity_record::{Hide, Layer, Record};
use sha2::{Digest, Sha256};

/// Keeps answers in memory and counts what is asked for and not there.
#[derive(Debug, Default)]
struct Memory {
    answers: Mutex<BTreeMap<String, Vec<u8>>>,
    missed: Mutex<usize>,
}

impl Memory {
    fn missed(&self) -> usize {
        std::mem::take(&mut self.missed.lock().unwrap())
    }
}

impl Keep for Memory {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.answers.lock().unwrap().get(key).cloned();
        *self.missed.lock().unwrap() += usize::from(found.is_none());
        found
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        self.answers.lock().unwrap().insert(key.to_owned(), bytes.to_vec());
    }
}

fn said(record: &Record, policy: &Policy, options: &Options) -> String {
    let evaluation = evaluate(record, policy, options).unwrap();
    let report = evaluation.report(&[640, 710, 2], None, None).unwrap();
    serde_json::to_string(&report).unwrap()
}

fn shipped(at: usize) -> Policy {
    parse(SHIPPED[at].file, SHIPPED[at].text).0.unwrap()
}

fn asking(policy: &Policy) -> usize {
    policy.commitments.iter().filter(|c| c.kind != Kind::Watch).count()
}

#[test]
fn what_is_kept_says_the_same_and_what_is_damaged_is_answered_anew() {
    let record = comity_datasets::starter::record();
    let policy = shipped(0);
    let memory = Arc::new(Memory::default());
    let commitments = ["no-use-of-force", "show-up", "peaceful-settlement"];
    let commitments = commitments.map(str::to_owned).to_vec();
    let fresh = Options { commitments, ..Options::default() };
    let keep = Some(Arc::clone(&memory) as Arc<dyn Keep>);
    let keeping = Options { keep, ..fresh.clone() };
    let fresh = said(&record, &policy, &fresh);
    assert_eq!(said(&record, &policy, &keeping), fresh);
    assert!(memory.missed() > 0);
    assert_eq!(said(&record, &policy, &keeping), fresh);
    assert_eq!(memory.missed(), 0);
    // Damaged: cut, emptied, one bit turned, a length that leads nowhere.
    let damage = |at: usize, bytes: &mut Vec<u8>| match at % 4 {
        0 => bytes.truncate(bytes.len() / 2),
        1 => bytes.clear(),
        2 => bytes[33] ^= 1,
        _ => bytes.push(0),
    };
    let mut answers = memory.answers.lock().unwrap();
    answers.values_mut().enumerate().for_each(|(at, bytes)| damage(at, bytes));
    let damaged = answers.clone();
    drop(answers);
    assert_eq!(said(&record, &policy, &keeping), fresh);
    let answers = memory.answers.lock().unwrap();
    assert!(answers.iter().all(|(key, bytes)| damaged[key] != *bytes), "each is answered anew");
    drop(answers);
    // The same under a hash that fits: what is behind it is read with the same care.
    for at in 0..5 {
        let mut answers = memory.answers.lock().unwrap();
        for bytes in answers.values_mut() {
            let (head, middle) = (40, bytes.len() / 2);
            match at {
                0 => bytes.truncate(middle),
                1 => bytes.truncate(head),
                2 => bytes.push(0),
                3 => bytes[32..40].copy_from_slice(&u64::MAX.to_le_bytes()),
                _ => bytes[head] = b'[',
            }
            let hash = Sha256::digest(&bytes[32..]);
            bytes[..32].copy_from_slice(&hash);
        }
        drop(answers);
        assert_eq!(said(&record, &policy, &keeping), fresh, "damage {at}");
    }
}

#[test]
fn a_block_that_is_missing_among_kept_answers_is_not_silence() {
    let record = comity_datasets::starter::record();
    let policy = shipped(1);
    let memory = Arc::new(Memory::default());
    let keep = Some(Arc::clone(&memory) as Arc<dyn Keep>);
    let commitments = vec![policy.commitments[0].id.clone()];
    let fresh = Options { commitments, ..Options::default() };
    let keeping = Options { keep, ..fresh.clone() };
    let fresh = said(&record, &policy, &fresh);
    said(&record, &policy, &keeping);
    for bytes in memory.answers.lock().unwrap().values_mut() {
        let head = br#"{"runs":[],"applies":[]}"#;
        let mut none = vec![0; 32];
        none.extend((head.len() as u64).to_le_bytes());
        none.extend(head);
        let hash = Sha256::digest(&none[32..]);
        none[..32].copy_from_slice(&hash);
        *bytes = none;
    }
    assert_eq!(said(&record, &policy, &keeping), fresh);
}

#[test]
fn answers_are_kept_for_what_they_rest_on_and_for_nothing_else() {
    let record = comity_datasets::starter::record();
    let policy = shipped(1);
    let memory = Arc::new(Memory::default());
    let keep = Some(Arc::clone(&memory) as Arc<dyn Keep>);
    let keeping = Options { keep, ..Options::default() };
    said(&record, &policy, &keeping);
    memory.missed();
    // One commitment alone is among those that are kept.
    let commitments = vec![policy.commitments[0].id.clone()];
    said(&record, &policy, &Options { commitments, ..keeping.clone() });
    assert_eq!(memory.missed(), 0);
    // Prose does not matter, a query does: of its own commitment, and of those that use it.
    let text = SHIPPED[1].text;
    let prose = format!("{text}\nA last word.\n");
    said(&record, &parse("prose.md", &prose).0.unwrap(), &keeping);
    assert_eq!(memory.missed(), 0);
    let mut other = policy.clone();
    let changed = &mut other.commitments[0].versions[0].evidence[0].query.sql;
    changed.push_str("\n-- counted again");
    said(&record, &other, &keeping);
    let using = |id: &str| {
        let uses = |c: &&comity_policy::document::Commitment| {
            c.versions.iter().flat_map(|v| &v.evidence).any(|e| e.uses.iter().any(|u| u == id))
        };
        policy.commitments.iter().filter(uses).count()
    };
    assert_eq!(memory.missed(), 1 + using(&policy.commitments[0].id));
    // Another record, and findings set aside.
    let cells = vec![("ccode".to_owned(), 365.into())];
    let layer = Layer::new("less", "No Soviet vetoes").hide(Hide { table: "vetoes".into(), cells });
    said(&record.with(layer).unwrap(), &policy, &keeping);
    assert_eq!(memory.missed(), asking(&policy));
    said(&record, &policy, &Options { without: vec![(640, 350)], ..keeping.clone() });
    assert_eq!(memory.missed(), asking(&policy));
}
