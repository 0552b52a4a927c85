//! Facts of history that were written down before anyone looked at what the program says (`tests/facts/README.md`).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::audit::CommitmentAudit;
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, SHIPPED, evaluate, parse};
use comity_record::Record;

use crate::published;

const FACTS: &str = include_str!("../facts/facts.tsv");
const DRAW: &str = include_str!("../facts/draw.csv");

/// The file behind this one (trade by pair) takes as long to read as all others together: its facts were compared once, by hand.
const LARGE: &str = "not-dependent";

/// One row of the table.
struct Fact<'a> {
    cells: BTreeMap<&'a str, &'a str>,
}

impl<'a> Fact<'a> {
    fn cell(&self, name: &str) -> &'a str {
        self.cells[name]
    }

    fn number(&self, name: &str) -> i32 {
        self.cell(name).parse().unwrap()
    }

    /// The verdicts that the prose allows.
    fn verdicts(&self) -> Vec<&'a str> {
        self.cell("expected").split('|').collect()
    }

    /// The least and the greatest value, of a figure.
    fn range(&self) -> Option<(f64, f64)> {
        let (least, most) = self.cell("expected").split_once("..")?;
        Some((least.parse().unwrap(), most.parse().unwrap()))
    }

    /// What was found, in the words of the columns `full` and `starter`.
    fn outcome(&self, commitment: &CommitmentAudit) -> String {
        let year = self.number("year");
        if let Some((least, most)) = self.range() {
            let Some(value) = commitment.values.iter().find(|v| v.year == year) else {
                return "unknown".into();
            };
            let within = (least..=most).contains(&value.value);
            return if within { "holds".into() } else { format!("{:.4}", value.value) };
        }
        let found = commitment.verdicts.iter().find(|v| v.year == year).unwrap();
        let allowed = self.verdicts();
        // What is known to be strained or worse is neither kept nor without an occasion.
        let bounded =
            found.at_least.is_some() && allowed.iter().any(|v| ["strained", "broken"].contains(v));
        if allowed.contains(&found.verdict.name()) || bounded {
            "holds".into()
        } else {
            found.verdict.name().into()
        }
    }
}

fn rows<'a>(text: &'a str, separator: char) -> Vec<Fact<'a>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(separator).collect();
    let row = |line: &'a str| -> Fact<'a> {
        let cells: Vec<&str> = line.split(separator).collect();
        assert_eq!(cells.len(), header.len(), "{line}");
        Fact { cells: header.iter().copied().zip(cells).collect() }
    };
    lines.map(row).collect()
}

fn evaluation(record: &Record, commitments: Vec<String>) -> Evaluation {
    let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let options = Options { commitments, ..Options::default() };
    evaluate(record, &policy, &options).unwrap()
}

/// Compares each fact with what its column says of this record; a fact may hold where the column expects less.
fn compare(evaluation: &Evaluation, column: &str) {
    let mut facts = rows(FACTS, '\t');
    facts.retain(|f| column == "starter" || f.cell("commitment") != LARGE);
    let states: BTreeSet<i32> = facts.iter().map(|f| f.number("ccode")).collect();
    let states: Vec<i32> = states.into_iter().collect();
    let report = evaluation.report(&states, Some(1946), Some(2024)).unwrap();
    let mut wrong = Vec::new();
    let mut held = 0;
    for fact in &facts {
        let audit = report.audits.iter().find(|a| a.state.ccode == fact.number("ccode")).unwrap();
        let id = fact.cell("commitment");
        let commitment = audit.commitments.iter().find(|c| c.id == id).unwrap();
        let outcome = fact.outcome(commitment);
        held += usize::from(outcome == "holds");
        // A fault that is mended in part may leave the year unknown.
        let mended = fact.cell("why") == "fault" && outcome == "unknown";
        if outcome != "holds" && outcome != fact.cell(column) && !mended {
            wrong.push(format!(
                "{} {} {} {id}: {} stands in the table, {} expected, {outcome} found",
                fact.cell("n"),
                fact.cell("state"),
                fact.cell("year"),
                fact.cell(column),
                fact.cell("expected"),
            ));
        }
    }
    assert!(wrong.is_empty(), "{held} hold; not these:\n{}", wrong.join("\n"));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn they_hold_on_the_published_datasets_or_the_table_says_why_not() {
    let all = evaluation(&published::of_facts(), Vec::new());
    compare(&all, "full");
    // No commitment is unknown everywhere; these need trade by pairs, which is too large to be read here.
    let unanswered = all.answered_anywhere().into_iter().filter(|c| c.last_year.is_none());
    let unanswered: Vec<String> = unanswered.map(|c| c.commitment).collect();
    assert_eq!(unanswered, ["not-dependent", "trade-with-all", "reciprocity"]);
}

#[test]
fn they_hold_on_the_starter_as_far_as_it_reaches() {
    let facts = rows(FACTS, '\t');
    let commitments: BTreeSet<&str> = facts.iter().map(|f| f.cell("commitment")).collect();
    let commitments = commitments.into_iter().map(Into::into).collect();
    compare(&evaluation(&published::starter_alone(), commitments), "starter");
}

#[test]
fn they_are_the_cells_that_were_drawn() {
    let facts = rows(FACTS, '\t');
    let draw = rows(DRAW, ',');
    assert_eq!(facts.len(), draw.len());
    assert!(facts.len() >= 170);
    let mut seen = BTreeSet::new();
    for (fact, cell) in facts.iter().zip(&draw) {
        let n = fact.cell("n");
        for name in ["n", "commitment", "kind"] {
            assert_eq!(fact.cell(name), cell.cell(name), "{n}");
        }
        let key = (fact.cell("commitment"), fact.cell("ccode"), fact.cell("year"));
        assert!(seen.insert(key), "{n}: twice");
        let (first, last) = cell.cell("decade").split_once('-').unwrap();
        let decade = first.parse().unwrap()..=last.parse().unwrap();
        let moved = ["decade", "year"].iter().any(|m| fact.cell("moved").contains(m));
        assert!(moved || decade.contains(&fact.number("year")), "{n}: another decade");
        if fact.cell("kind") != "event" && fact.cell("moved").is_empty() {
            assert_eq!(fact.cell("year"), cell.cell("year"), "{n}: another year");
            let mut drawn = cell.cell("states").split(' ');
            assert!(drawn.any(|s| s == fact.cell("ccode")), "{n}: another state");
        }
    }
    let count = |kind| facts.iter().filter(|f| f.cell("kind") == kind).count();
    assert!(count("non-event") * 3 >= facts.len());
}

#[test]
fn each_that_does_not_hold_says_why() {
    let names: Vec<&str> = Verdict::ALL.iter().map(|v| v.name()).collect();
    for fact in rows(FACTS, '\t') {
        let n = fact.cell("n");
        for name in ["state", "what", "source"] {
            assert!(!fact.cell(name).is_empty(), "{n}: no {name}");
        }
        let known = |v: &&str| names.contains(v) && *v != "unknown";
        assert!(fact.range().is_some() || fact.verdicts().iter().all(known), "{n}: expected");
        let holds =
            fact.cell("full") == "holds" && ["holds", "unknown"].contains(&fact.cell("starter"));
        let why = fact.cell("why");
        assert!(["", "reach", "coding", "corrected", "fault"].contains(&why), "{n}: {why}");
        assert_eq!(why.is_empty(), fact.cell("note").is_empty(), "{n}: why and note go together");
        assert!(
            holds && ["", "corrected"].contains(&why) || !holds && !why.is_empty(),
            "{n}: {why}"
        );
    }
}
