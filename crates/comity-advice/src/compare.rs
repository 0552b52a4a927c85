//! Two policies, or two versions of one, over the same record: where their verdicts differ, and by which clauses.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::audit::Severity;
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
    /// Of each of these examples: what one finds there and the other does not; none where they differ in what must be covered.
    pub because: Vec<Option<Because>>,
    /// State-years in which both give a value to something striven for, and the values differ.
    pub values_differ: usize,
    /// The clauses of the first that find what the second does not.
    pub first_finds: Vec<Clause>,
    /// The clauses of the second that find what the first does not.
    pub second_finds: Vec<Clause>,
}

/// A row that one of two policies finds in a state-year and the other does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// Whether it is the first that finds it.
    pub first: bool,
    /// The evidence block, and the line of its query.
    pub clause: Clause,
    /// What was found.
    pub what: String,
    /// The source of the row, and its key there.
    pub row: (String, String),
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
    let asked = |id: &String| options.commitments.is_empty() || options.commitments.contains(id);
    let shared: Vec<String> = a.iter().filter(|id| b.contains(id) && asked(id)).cloned().collect();
    let mut changed = changed(first, second);
    changed.retain(asked);
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
                because: Vec::new(),
                values_differ: 0,
                first_finds: Vec::new(),
                second_finds: Vec::new(),
            },
        });
    }
    let alone = |of: &[String], other: &[String]| {
        of.iter().filter(|id| !other.contains(id) && asked(id)).cloned().collect()
    };
    Ok(Comparison {
        policies: (first.id.clone(), second.id.clone()),
        first_alone: alone(&a, &b),
        second_alone: alone(&b, &a),
        both,
    })
}

/// The commitments of both whose queries differ, or something that they use, in the order of the first.
pub fn changed(first: &Policy, second: &Policy) -> Vec<String> {
    let ids = first.commitments.iter().map(|c| &c.id);
    let both = ids.filter(|id| second.commitments.iter().any(|c| c.id == **id));
    both.filter(|id| !same_text(first, second, id)).cloned().collect()
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
    let (mut examples, mut places) = (Vec::new(), Vec::new());
    let (mut differing, mut of) = (BTreeSet::new(), 0);
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
            places.push(*key);
        }
    }
    let found = |e: &Evaluation| -> Result<Vec<(Key, FindingRow)>, Error> {
        let rows = e.finding_rows(&[], None, None)?.into_iter();
        let of =
            |r: &FindingRow| &*r.commitment == id && differing.contains(&(r.ccode, r.finding.year));
        Ok(rows.filter(of).map(|r| ((r.ccode, r.finding.year), r)).collect())
    };
    let (p, q) = (found(a)?, found(b)?);
    let (first_only, second_only) = (only(&p, &q), only(&q, &p));
    let of_clauses = |policy: &Policy, rows: &[&(Key, FindingRow)]| {
        clauses(policy, id, rows.iter().map(|(_, r)| r.finding.block.as_str()))
    };
    let because = |(key, is_first): (Key, bool)| {
        let (policy, rows) = if is_first { (first, &first_only) } else { (second, &second_only) };
        let found = rows.iter().filter(|(k, _)| *k == key).map(|(_, r)| &r.finding);
        let found = found.min_by_key(|f| f.severity)?;
        let clause = clauses(policy, id, std::iter::once(found.block.as_str())).pop()?;
        let row = (found.source.clone(), found.source_row.clone());
        Some(Because { first: is_first, clause, what: found.what.clone(), row })
    };
    let values_differ = x.keys().filter(|(ccode, year)| {
        let of = |e: &Evaluation| e.values(*ccode, id, *year).into_iter().next().flatten();
        of(a).zip(of(b)).is_some_and(|(a, b)| (a - b).abs() > 1e-9 * a.abs().max(b.abs()))
    });
    Ok(Compared {
        commitment: id.to_owned(),
        same_text: false,
        of,
        differ: counts.into_values().collect(),
        because: places.iter().map(|k| because((*k, true)).or(because((*k, false)))).collect(),
        examples,
        values_differ: values_differ.count(),
        first_finds: of_clauses(first, &first_only),
        second_finds: of_clauses(second, &second_only),
    })
}

/// The rows that one finds in a state-year and the other does not find with the same severity.
fn only<'a>(
    of: &'a [((i32, i32), FindingRow)],
    other: &[((i32, i32), FindingRow)],
) -> Vec<&'a ((i32, i32), FindingRow)> {
    type What<'b> = ((i32, i32), Severity, &'b str, Option<i32>);
    fn what((key, r): &((i32, i32), FindingRow)) -> What<'_> {
        (*key, r.finding.severity, &r.finding.source_row, r.finding.other)
    }
    let has: BTreeSet<What<'_>> = other.iter().map(what).collect();
    of.iter().filter(|row| !has.contains(&what(row))).collect()
}
