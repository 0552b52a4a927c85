//! What differs between two audits of one state: the verdicts, findings and values that move, and which way.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::audit::{Audit, CommitmentAudit, Finding, Severity, StateHead, YearVerdict};
use comity_policy::document::{Better, Kind, Policy};
use comity_policy::verdict::Verdict;
use serde::Serialize;

/// Which way a commitment moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A verdict gets worse.
    Worse,
    /// More is found, and no verdict moves: it was broken or strained before.
    MoreFound,
    /// A value falls or rises away from what is striven for, and no verdict moves.
    ValueWorse,
    /// A verdict moves both ways, in different years.
    Both,
    /// Verdicts, findings or values change without being better or worse.
    Other,
    /// A value gets better, and no verdict moves.
    ValueBetter,
    /// Less is found, and no verdict moves.
    LessFound,
    /// A verdict gets better.
    Better,
}

impl Way {
    /// Whether it is a reason against an act.
    pub fn objects(self) -> bool {
        matches!(self, Self::Worse | Self::MoreFound | Self::ValueWorse | Self::Both)
    }

    /// Whether it is a reason for it.
    pub fn favours(self) -> bool {
        matches!(self, Self::Better | Self::LessFound | Self::ValueBetter)
    }
}

/// The verdict on one year, as it moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct YearMove {
    /// The year.
    pub year: i32,
    /// Before.
    pub before: Verdict,
    /// Of an unknown verdict before: it was this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_at_least: Option<Verdict>,
    /// After.
    pub after: Verdict,
    /// Of an unknown verdict after: it is this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_at_least: Option<Verdict>,
}

/// A value, as it moves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueMove {
    /// The evidence block.
    pub block: String,
    /// The year.
    pub year: i32,
    /// Before; null: no value.
    pub before: Option<f64>,
    /// After.
    pub after: Option<f64>,
}

/// A commitment that moves.
#[derive(Debug, Clone, Serialize)]
pub struct Move {
    /// Its id.
    pub commitment: String,
    /// Its title.
    pub title: String,
    /// Which way.
    pub way: Way,
    /// Verdicts that change.
    pub years: Vec<YearMove>,
    /// Findings that come.
    pub added: Vec<Finding>,
    /// Findings that go.
    pub removed: Vec<Finding>,
    /// Values that change.
    pub values: Vec<ValueMove>,
    /// The parts of the policy that make it move: evidence block, and the line of its query in the document.
    pub clauses: Vec<Clause>,
    /// Where a verdict changes, those of all years before and after: for pictures.
    #[serde(skip)]
    pub ribbons: Option<(Vec<YearVerdict>, Vec<YearVerdict>)>,
}

/// A part of a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Clause {
    /// The evidence block.
    pub block: String,
    /// The line of the document on which its query begins.
    pub line: usize,
}

/// What differs for one state, in the order of the document.
pub fn moves(policy: &Policy, before: &Audit, after: &Audit) -> Vec<Move> {
    let mut all: Vec<Move> = Vec::new();
    for after in &after.commitments {
        let Some(before) = before.commitments.iter().find(|c| c.id == after.id) else { continue };
        all.extend(moved(policy, before, after));
    }
    for goal in &after.goals {
        let Some(was) = before.goals.iter().find(|g| g.id == goal.id) else { continue };
        let values = values(&pairs(&was.values), &pairs(&goal.values));
        if !values.is_empty() {
            all.push(Move {
                commitment: goal.id.clone(),
                title: goal.title.clone(),
                way: way_of_values(&values, goal.better),
                years: Vec::new(),
                added: Vec::new(),
                removed: Vec::new(),
                clauses: clauses(policy, &goal.id, values.iter().map(|v| v.block.as_str())),
                values,
                ribbons: None,
            });
        }
    }
    all
}

fn moved(policy: &Policy, before: &CommitmentAudit, after: &CommitmentAudit) -> Option<Move> {
    let years = years(&before.verdicts, &after.verdicts);
    let (removed, added) = (
        missing_in(&before.findings, &after.findings),
        missing_in(&after.findings, &before.findings),
    );
    let values = values(&pairs(&before.values), &pairs(&after.values));
    if years.is_empty() && added.is_empty() && removed.is_empty() && values.is_empty() {
        return None;
    }
    let way = way(&years, &added, &removed, &values, after);
    let blocks = added.iter().chain(&removed).map(|f| f.block.as_str());
    let clauses = clauses(policy, &after.id, blocks.chain(values.iter().map(|v| v.block.as_str())));
    let (commitment, title) = (after.id.clone(), after.title.clone());
    let ribbons = (!years.is_empty()).then(|| (before.verdicts.clone(), after.verdicts.clone()));
    Some(Move { commitment, title, way, years, added, removed, values, clauses, ribbons })
}

/// How grave a verdict is, unknown ones between.
fn gravity(verdict: Verdict, at_least: Option<Verdict>) -> i32 {
    match (verdict, at_least) {
        (Verdict::Kept, _) => 0,
        (Verdict::NoOccasion | Verdict::NotApplicable, _) => 1,
        (Verdict::Unknown, None) => 2,
        (Verdict::Unknown, Some(_)) => 3,
        (Verdict::Strained, _) => 4,
        (Verdict::Contested, _) => 5,
        (Verdict::Broken, _) => 6,
    }
}

fn years(before: &[YearVerdict], after: &[YearVerdict]) -> Vec<YearMove> {
    let was: BTreeMap<i32, &YearVerdict> = before.iter().map(|v| (v.year, v)).collect();
    let of = |v: &YearVerdict| {
        let before = was.get(&v.year)?;
        let same = (before.verdict, before.at_least) == (v.verdict, v.at_least);
        (!same).then_some(YearMove {
            year: v.year,
            before: before.verdict,
            before_at_least: before.at_least,
            after: v.verdict,
            after_at_least: v.at_least,
        })
    };
    after.iter().filter_map(of).collect()
}

/// What makes two findings the same: everything but their source.
fn same(f: &Finding) -> (i32, Severity, Option<i32>, &str, Option<u64>, Option<&str>, &str, &str) {
    let (magnitude, label) = (f.magnitude.map(f64::to_bits), f.label.as_deref());
    (f.year, f.severity, f.other, &f.what, magnitude, label, &f.block, &f.reading)
}

/// Those of the first that the second has not, as often as it has them more.
fn missing_in(of: &[Finding], from: &[Finding]) -> Vec<Finding> {
    let mut there: BTreeMap<_, usize> = BTreeMap::new();
    for finding in from {
        *there.entry(same(finding)).or_default() += 1;
    }
    let mut new = Vec::new();
    for finding in of {
        match there.get_mut(&same(finding)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => new.push(finding.clone()),
        }
    }
    new
}

type Values = BTreeMap<(String, i32), f64>;

fn pairs(values: &[comity_policy::audit::YearValue]) -> Values {
    values.iter().map(|v| ((v.block.clone(), v.year), v.value)).collect()
}

fn values(before: &Values, after: &Values) -> Vec<ValueMove> {
    let keys: BTreeSet<&(String, i32)> = before.keys().chain(after.keys()).collect();
    let of = |key: &&(String, i32)| {
        let (a, b) = (before.get(*key).copied(), after.get(*key).copied());
        let same = match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
            (a, b) => a.is_none() && b.is_none(),
        };
        (!same).then(|| ValueMove { block: key.0.clone(), year: key.1, before: a, after: b })
    };
    keys.iter().filter_map(of).collect()
}

fn way_of_values(values: &[ValueMove], better: Option<Better>) -> Way {
    let rises =
        |v: &ValueMove| v.after.partial_cmp(&v.before).is_some_and(std::cmp::Ordering::is_gt);
    let good = |v: &&ValueMove| rises(v) == (better != Some(Better::Lower));
    match (values.iter().filter(good).count(), better) {
        (_, None) => Way::Other,
        (n, _) if n == values.len() => Way::ValueBetter,
        (0, _) => Way::ValueWorse,
        _ => Way::Other,
    }
}

fn way(
    years: &[YearMove],
    added: &[Finding],
    removed: &[Finding],
    values: &[ValueMove],
    of: &CommitmentAudit,
) -> Way {
    let worse =
        |m: &&YearMove| gravity(m.after, m.after_at_least) > gravity(m.before, m.before_at_least);
    let worse_years = years.iter().filter(worse).count();
    match (worse_years, years.len() - worse_years) {
        (0, 0) => {}
        (_, 0) => return Way::Worse,
        (0, _) => return Way::Better,
        _ => return Way::Both,
    }
    let against = |f: &&Finding| matches!(f.severity, Severity::Breach | Severity::Strain);
    let (more, less) =
        (added.iter().filter(against).count(), removed.iter().filter(against).count());
    match more.cmp(&less) {
        std::cmp::Ordering::Greater => Way::MoreFound,
        std::cmp::Ordering::Less => Way::LessFound,
        std::cmp::Ordering::Equal if !values.is_empty() => way_of_values(values, of.better),
        std::cmp::Ordering::Equal if of.kind == Kind::Perform && added.len() > removed.len() => {
            Way::LessFound
        }
        std::cmp::Ordering::Equal => Way::Other,
    }
}

/// The places of these evidence blocks of a commitment in the document.
pub(crate) fn clauses<'a>(
    policy: &Policy,
    commitment: &str,
    blocks: impl Iterator<Item = &'a str>,
) -> Vec<Clause> {
    let Some(commitment) = policy.commitments.iter().find(|c| c.id == commitment) else {
        return Vec::new();
    };
    let line = |at: usize| policy.text.get(..at).map_or(0, |t| t.matches('\n').count()) + 1;
    let of = |block: &str| {
        let evidence =
            commitment.versions.iter().flat_map(|v| &v.evidence).find(|e| e.name == block)?;
        Some(Clause { block: block.to_owned(), line: line(evidence.query.span.start) })
    };
    let all: BTreeSet<Clause> = blocks.filter_map(of).collect();
    all.into_iter().collect()
}

/// What moves for one state.
#[derive(Debug, Clone, Serialize)]
pub struct StateMoves {
    /// The state.
    pub state: StateHead,
    /// The commitments that move, in the order of the document.
    pub moves: Vec<Move>,
}
