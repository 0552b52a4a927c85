//! Commitments compared over generated records: what is printed can stand in a document as a test, and tells the two apart.

use comity::{Policy, PolicyText, Record};
use comity_advice::search::{Search, Standing};
use comity_report::searched::as_test;

fn parsed(text: &str) -> Policy {
    Policy::parse("made.md", text, &Record::starter()).unwrap()
}

/// A document with a test under one commitment.
fn with_test(text: &str, heading: &str, test: &str) -> Policy {
    let at = text.find(heading).unwrap();
    let next = text[at + 1..].find("\n## ").map_or(text.len(), |n| at + 1 + n + 1);
    let next = text[at + 1..].find("\n# ").map_or(next, |n| next.min(at + 1 + n + 1));
    parsed(&format!("{}\n{test}\n{}", &text[..next], &text[next..]))
}

#[test]
fn the_smallest_record_is_a_test_that_one_policy_passes_and_the_other_fails() {
    let text = PolicyText::shipped("bandung-1955").unwrap().text;
    let policy = Policy::shipped("bandung-1955").unwrap();
    for (id, heading, from, to) in [
        (
            "territorial-integrity",
            "{#territorial-integrity",
            "t.procedure in (1, 2) and",
            "t.procedure = 1 and",
        ),
        (
            "no-service-of-big-powers",
            "{#no-service-of-big-powers",
            "(p.defense or p.offense) and",
            "p.defense and",
        ),
        (
            "non-intervention",
            "{#non-intervention",
            "c.role = 'b2' then 'breach'",
            "c.role = 'b2' then 'strain'",
        ),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{id}");
        let other = parsed(&changed);
        let how = Search { records: 600, first_only: true, ..Search::default() };
        let searched = policy.search(id, &other, id, &how).unwrap();
        assert_eq!(searched.standing, Standing::FirstStricter, "{id}: {searched:#?}");
        let example = &searched.examples[0];
        assert!((1..=3).contains(&example.rows()), "{id}: {example:#?}");
        let test = as_test(example);
        let of = |document: &Policy| {
            let all = document.test();
            let case = all.iter().find(|c| c.commitment == id && c.case == "difference").unwrap();
            assert!(case.error.is_none(), "{id}: {:?}\n{test}", case.error);
            case.passed()
        };
        assert!(of(&with_test(&text, heading, &test)), "{id}\n{test}");
        assert!(!of(&with_test(&changed, heading, &test)), "{id}\n{test}");
    }
}

#[test]
fn duties_that_exclude_each_other_are_found_out() {
    let text = include_str!("../cmd/compare.in/old.md");
    let policy = parsed(text);
    let how = Search { records: 1_000, smallest: false, ..Search::default() };
    let searched = policy.search("answer-conquest", &policy, "no-trade-sanctions", &how).unwrap();
    assert!(searched.contradict(), "{searched:#?}");
    let searched = policy.search("no-promise", &policy, "no-trade-sanctions", &how).unwrap();
    assert!(!searched.contradict() && searched.both_kept > 0, "{searched:#?}");
    assert_eq!(searched.standing, Standing::Crossed);
}

#[test]
fn the_same_seed_gives_the_same_answer() {
    let policy = Policy::shipped("bandung-1955").unwrap();
    let how = |seed| Search { records: 150, seed, smallest: false, ..Search::default() };
    let ids = ("peaceful-means", "no-aggression");
    let of = |seed| {
        serde_json::to_string(&policy.search(ids.0, &policy, ids.1, &how(seed)).unwrap()).unwrap()
    };
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
}
