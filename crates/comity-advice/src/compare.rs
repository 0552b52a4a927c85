//! Two policies, or two versions of one, over the same record: where their verdicts differ, and by which clauses.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::document::{Policy, Span};
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, FindingRow, Options, VerdictRow, evaluate};
use comity_record::Record;
use serde::Serialize;

use crate::Error;
use crate::moves::{Clause, clauses};

/// Two policies compared.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// Ids of the two.
    pub policies: (String, String),
    /// Commitments of both, by id, in the order of the first.
    pub both: Vec<Compared>,
    /// Commitments that the first has alone.
    pub first_alone: Vec<String>,
    /// Commitments that the second has alone.
    pub second_alone: Vec<String>,
}

/// One commitment of both.
#[derive(Debug, Clone, Serialize)]
pub struct Compared {
    /// Its id.
    pub commitment: String,
    /// Whether the queries of the two are the same: then nothing was compared.
    pub same_text: bool,
    /// State-years that both judge.
    pub of: usize,
    /// State-years in which the verdicts differ, by the two verdicts: how many.
    pub differ: Vec<(Verdict, Verdict, usize)>,
    /// The first state-years of each pair of verdicts: abbreviation, year and the two.
    pub examples: Vec<(String, i32, Verdict, Verdict)>,
    /// The clauses of the first that find what the second does not.
    pub first_finds: Vec<Clause>,
    /// The clauses of the second that find what the first does not.
    pub second_finds: Vec<Clause>,
}

impl Compared {
    /// How many state-years differ.
    pub fn differences(&self) -> usize {
        self.differ.iter().map(|(_, _, n)| n).sum()
    }
}

/// At most so many state-years are listed of each pair of verdicts.
const EXAMPLES: usize = 3;

/// Compares two policies for all states and years of a record.
///
/// # Errors
/// Queries that fail.
pub fn compare(
    record: &Record,
    first: &Policy,
    second: &Policy,
    options: &Options,
) -> Result<Comparison, Error> {
    let ids = |p: &Policy| -> Vec<String> { p.commitments.iter().map(|c| c.id.clone()).collect() };
    let (a, b) = (ids(first), ids(second));
    let shared: Vec<String> = a.iter().filter(|id| b.contains(id)).cloned().collect();
    let changed: Vec<String> =
        shared.iter().filter(|id| !same_text(first, second, id)).cloned().collect();
    let mut both = Vec::new();
    let evaluated = |policy: &Policy| -> Result<Option<Evaluation>, Error> {
        if changed.is_empty() {
            return Ok(None);
        }
        let options = Options { commitments: changed.clone(), ..options.clone() };
        Ok(Some(evaluate(record, policy, &options)?))
    };
    let pair = evaluated(first)?.zip(evaluated(second)?);
    for id in &shared {
        both.push(match &pair {
            Some((x, y)) if changed.contains(id) => compared(id, (first, x), (second, y))?,
            _ => Compared {
                commitment: id.clone(),
                same_text: true,
                of: 0,
                differ: Vec::new(),
                examples: Vec::new(),
                first_finds: Vec::new(),
                second_finds: Vec::new(),
            },
        });
    }
    let alone = |of: &[String], other: &[String]| {
        of.iter().filter(|id| !other.contains(id)).cloned().collect()
    };
    Ok(Comparison {
        policies: (first.id.clone(), second.id.clone()),
        first_alone: alone(&a, &b),
        second_alone: alone(&b, &a),
        both,
    })
}

/// Whether what is run for a commitment is the same in both: its queries, and everything that they use.
fn same_text(first: &Policy, second: &Policy, id: &str) -> bool {
    let of = |policy: &Policy| -> String {
        let mut text = String::new();
        let mut open = vec![id.to_owned()];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            let Some(c) =
                policy.commitments.iter().find(|c| c.id == id).filter(|_| seen.insert(id.clone()))
            else {
                continue;
            };
            for version in &c.versions {
                let evidence = |e: &comity_policy::document::Evidence| {
                    // Where it stands in the document makes no difference.
                    let mut e = e.clone();
                    e.query.span = Span::default();
                    format!("{e:?}")
                };
                text.push_str(&format!(
                    "{:?}{:?}{:?}{:?}",
                    c.kind, c.better, version.from, version.to
                ));
                text.extend(version.applies.iter().map(|q| q.sql.clone()));
                text.extend(version.evidence.iter().map(evidence));
                open.extend(version.evidence.iter().flat_map(|e| e.uses.clone()));
            }
        }
        text.extend(policy.helpers.iter().map(|h| format!("{}:{}", h.name, h.query.sql)));
        text
    };
    of(first) == of(second)
}

#[expect(clippy::many_single_char_names, reason = "two of everything, side by side")]
fn compared(
    id: &str,
    (first, a): (&Policy, &Evaluation),
    (second, b): (&Policy, &Evaluation),
) -> Result<Compared, Error> {
    type Key = (i32, i32);
    let verdicts = |e: &Evaluation| -> Result<BTreeMap<Key, VerdictRow>, Error> {
        let rows = e.verdict_rows(&[], None, None)?;
        Ok(rows
            .into_iter()
            .filter(|r| &*r.commitment == id)
            .map(|r| ((r.ccode, r.year), r))
            .collect())
    };
    let (x, y) = (verdicts(a)?, verdicts(b)?);
    let mut counts: BTreeMap<(&str, &str), (Verdict, Verdict, usize)> = BTreeMap::new();
    let (mut examples, mut differing, mut of) = (Vec::new(), BTreeSet::new(), 0);
    for (key, one) in &x {
        let Some(other) = y.get(key) else { continue };
        of += 1;
        if (one.verdict, one.at_least) == (other.verdict, other.at_least) {
            continue;
        }
        differing.insert(*key);
        let entry = counts.entry((one.verdict.name(), other.verdict.name())).or_insert((
            one.verdict,
            other.verdict,
            0,
        ));
        entry.2 += 1;
        if entry.2 <= EXAMPLES {
            examples.push((one.stateabb.to_string(), key.1, one.verdict, other.verdict));
        }
    }
    let found = |e: &Evaluation| -> Result<BTreeSet<(Key, String, String)>, Error> {
        let rows = e.finding_rows(&[], None, None)?.into_iter();
        let of =
            |r: &FindingRow| &*r.commitment == id && differing.contains(&(r.ccode, r.finding.year));
        let text = |r: FindingRow| {
            let f = r.finding;
            ((r.ccode, f.year), f.block, format!("{:?}{}{:?}", f.severity, f.source_row, f.other))
        };
        Ok(rows.filter(of).map(text).collect())
    };
    let (p, q) = (found(a)?, found(b)?);
    let blocks = |of: &BTreeSet<(Key, String, String)>,
                  other: &BTreeSet<(Key, String, String)>|
     -> Vec<String> {
        let has: BTreeSet<(&Key, &String)> = other.iter().map(|(k, _, what)| (k, what)).collect();
        of.iter()
            .filter(|(k, _, what)| !has.contains(&(k, what)))
            .map(|(_, block, _)| block.clone())
            .collect()
    };
    Ok(Compared {
        commitment: id.to_owned(),
        same_text: false,
        of,
        differ: counts.into_values().collect(),
        examples,
        first_finds: clauses(first, id, blocks(&p, &q).iter().map(String::as_str)),
        second_finds: clauses(second, id, blocks(&q, &p).iter().map(String::as_str)),
    })
}
