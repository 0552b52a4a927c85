//! Which choice would change a verdict: another value of a threshold that the policy names, within the range that it states; another source
//! where accounts differ; an earlier edition of a dataset.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::audit::{Audit, StateHead, YearVerdict};
use comity_policy::document::Policy;
use comity_policy::verdict::{Form, Verdict};
use comity_policy::{Options, evaluate, reads};
use comity_record::schema::table;
use comity_record::{Record, Relation};
use serde::Serialize;

use crate::Error;

/// What could have been chosen otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Choice {
    /// Another value of a threshold of the policy.
    Threshold {
        /// Its name.
        name: String,
        /// The value that the policy gives it.
        stated: String,
        /// The value that is tried.
        value: String,
    },
    /// Another source for a family of tables.
    Source {
        /// The family.
        family: String,
        /// The source that answers instead; none: the one that answers anyway, without the others beside it.
        source: Option<String>,
    },
    /// Another edition of a dataset, in every family of tables that it writes to.
    Edition {
        /// The edition that answers anyway.
        instead_of: String,
        /// The edition that is tried.
        source: String,
    },
}

/// Every verdict of one state, and which choice would change it.
#[derive(Debug, Clone, Serialize)]
pub struct Forks {
    /// The state.
    pub state: StateHead,
    /// First and last year.
    pub years: (i32, i32),
    /// What was tried.
    pub choices: Vec<Choice>,
    /// The commitments with verdicts, in the order of the document.
    pub commitments: Vec<Forked>,
}

impl Forks {
    /// How many verdicts there are.
    pub fn verdicts(&self) -> usize {
        self.commitments.iter().map(|c| c.verdicts).sum()
    }

    /// How many of them no choice changes.
    pub fn stable(&self) -> usize {
        self.commitments.iter().map(|c| c.stable).sum()
    }
}

/// The verdicts of one commitment under all choices that bear on it.
#[derive(Debug, Clone, Serialize)]
pub struct Forked {
    /// Its id.
    pub commitment: String,
    /// Its title.
    pub title: String,
    /// How many verdicts there are (years in which it does not apply left out).
    pub verdicts: usize,
    /// How many of them no choice changes.
    pub stable: usize,
    /// The choices that bear on it, by their place in [`Forks::choices`].
    pub tried: Vec<usize>,
    /// What changes.
    pub changes: Vec<Change>,
}

/// Verdicts that one choice changes in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The choice, by its place in [`Forks::choices`].
    pub choice: usize,
    /// The verdict as it is.
    pub from: Verdict,
    /// Of an unknown one: this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_at_least: Option<Verdict>,
    /// The verdict under the choice.
    pub to: Verdict,
    /// Of an unknown one: this or worse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_at_least: Option<Verdict>,
    /// In which years.
    pub years: Vec<i32>,
}

impl Change {
    /// What the two verdicts are drawn as.
    pub fn forms(&self) -> (Form, Form) {
        let of = |verdict, at_least: Option<Verdict>| Form::of(verdict, at_least.is_some(), false);
        (of(self.from, self.from_at_least), of(self.to, self.to_at_least))
    }
}

/// A verdict, and of an unknown one what is known.
type Known = (Verdict, Option<Verdict>);

/// Audits states under every choice, one at a time with everything else as it is.
///
/// # Errors
/// States that are not there, years out of order, queries that fail.
pub fn forks(
    record: &Record,
    policy: &Policy,
    states: &[i32],
    years: (Option<i32>, Option<i32>),
    options: &Options,
) -> Result<Vec<Forks>, Error> {
    let as_it_is = evaluate(record, policy, options)?;
    let report = as_it_is.report(states, years.0, years.1)?;
    let mut all: Vec<Forks> = report.audits.iter().map(empty).collect();
    for (audit, forks) in report.audits.iter().zip(&mut all) {
        by_source(&as_it_is, audit, forks);
    }
    let asked = |ids: &[String]| -> Vec<String> {
        let judged = |id: &String| {
            report.audits.iter().flat_map(|a| &a.commitments).any(|c| c.id == *id && c.judged)
        };
        ids.iter().filter(|id| judged(id)).cloned().collect()
    };
    let variants = [thresholds(policy), editions(record, policy, options)?].concat();
    for (choice, bears_on, policy, sources) in variants {
        let ids = asked(&bears_on);
        if ids.is_empty() {
            continue;
        }
        let options = Options {
            commitments: ids.clone(),
            sources: [options.sources.clone(), sources].concat(),
            focus: Some(states.to_vec()),
            keep: None,
            progress: None,
            ..options.clone()
        };
        let evaluation = evaluate(record, &policy, &options)?;
        for (forks, audit) in all.iter_mut().zip(&report.audits) {
            let ccode = audit.state.ccode;
            // The same years, whatever the last is that the other edition covers.
            let other = evaluation.report(&[ccode], Some(audit.from), Some(audit.to))?;
            let others: BTreeMap<&str, BTreeMap<i32, Known>> = other.audits[0]
                .commitments
                .iter()
                .map(|c| (c.id.as_str(), c.verdicts.iter().map(|v| (v.year, known(v))).collect()))
                .collect();
            forks.try_choice(choice.clone(), &ids, audit, &|id, year| {
                others.get(id)?.get(&year).copied()
            });
        }
    }
    for forks in &mut all {
        forks.count(&report.audits);
    }
    Ok(all)
}

fn known(v: &YearVerdict) -> Known {
    (v.verdict, v.at_least)
}

fn empty(audit: &Audit) -> Forks {
    let commitments = audit.commitments.iter().filter(|c| c.judged);
    let of = |c: &comity_policy::audit::CommitmentAudit| Forked {
        commitment: c.id.clone(),
        title: c.title.clone(),
        verdicts: 0,
        stable: 0,
        tried: Vec::new(),
        changes: Vec::new(),
    };
    Forks {
        state: audit.state.clone(),
        years: (audit.from, audit.to),
        choices: Vec::new(),
        commitments: commitments.map(of).collect(),
    }
}

/// A choice, the commitments that it bears on, and what is evaluated for it: the policy, and the sources by family.
type Variant = (Choice, Vec<String>, Policy, Vec<(String, String)>);

fn thresholds(policy: &Policy) -> Vec<Variant> {
    let mut all = Vec::new();
    for threshold in &policy.thresholds {
        let ids = policy.resting_on(&threshold.name);
        for value in threshold.others() {
            let other = policy.with_threshold(&threshold.name, &value);
            let choice = Choice::Threshold {
                name: threshold.name.clone(),
                stated: threshold.value.clone(),
                value,
            };
            all.push((choice, ids.clone(), other, Vec::new()));
        }
    }
    all
}

/// The editions of datasets that the record holds and that do not answer.
fn editions(record: &Record, policy: &Policy, options: &Options) -> Result<Vec<Variant>, Error> {
    let mut all = Vec::new();
    let baseline = record.baseline();
    let answers = |id: &str| baseline.choices.values().flatten().any(|s| s == id);
    let older = record.sources().iter().filter(|s| {
        let same = |o: &&comity_record::Source| o.dataset == s.dataset && o.id != s.id;
        !answers(&s.id) && record.sources().iter().any(|o| same(&o) && answers(&o.id))
    });
    let older: Vec<&comity_record::Source> = older.collect();
    if older.is_empty() {
        return Ok(all);
    }
    let read = reads(policy, record).map_err(|e| Error::Plan(e.to_string()))?;
    for source in older {
        let of = |relation: &Relation| matches!(relation, Relation::Rival | Relation::Complement);
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (family, relation) in &source.relations {
            let chosen = options.sources.iter().any(|(f, _)| f == family);
            let newer = baseline
                .sources(family)
                .iter()
                .find(|id| record.source(id).is_some_and(|s| s.dataset == source.dataset));
            // Where another dataset answers in the family, its edition makes no difference.
            if of(relation) && !chosen && newer.is_some() {
                pairs.push((family.clone(), source.id.clone()));
            }
        }
        let newer = record.sources().iter().find(|s| s.dataset == source.dataset && answers(&s.id));
        let Some(newer) = newer.filter(|_| !pairs.is_empty()) else { continue };
        let families: BTreeSet<&str> = pairs.iter().map(|(f, _)| f.as_str()).collect();
        let family = |name: &&&str| table(name).is_some_and(|t| families.contains(t.family));
        let direct: Vec<&String> = read
            .iter()
            .filter(|(_, tables)| tables.iter().any(|t| family(&t)))
            .map(|(id, _)| id)
            .collect();
        let ids: Vec<String> = policy
            .commitments
            .iter()
            .filter(|c| {
                let blocks = c.versions.iter().flat_map(|v| &v.evidence);
                direct.contains(&&c.id) || blocks.flat_map(|e| &e.uses).any(|u| direct.contains(&u))
            })
            .map(|c| c.id.clone())
            .collect();
        let choice = Choice::Edition { instead_of: newer.id.clone(), source: source.id.clone() };
        all.push((choice, ids, policy.clone(), pairs));
    }
    Ok(all)
}

/// The readings under which everything was judged already.
fn by_source(evaluation: &comity_policy::Evaluation, audit: &Audit, forks: &mut Forks) {
    let mut tried: BTreeMap<String, BTreeMap<(String, i32), Known>> = BTreeMap::new();
    for c in audit.commitments.iter().filter(|c| c.judged) {
        for v in c.verdicts.iter().filter(|v| v.readings.len() > 1) {
            let ids = evaluation.bounds(audit.state.ccode, &c.id, v.year);
            for ((id, _), under) in ids.iter().zip(&v.readings) {
                let of = tried.entry((*id).to_owned()).or_default();
                of.insert((c.id.clone(), v.year), (under.verdict, under.at_least));
            }
        }
    }
    for (id, verdicts) in tried {
        let choice = match id.split_once('=') {
            Some((family, source)) => {
                Choice::Source { family: family.to_owned(), source: Some(source.to_owned()) }
            }
            None => Choice::Source { family: "all".to_owned(), source: None },
        };
        let ids: BTreeSet<String> = verdicts.keys().map(|(c, _)| c.clone()).collect();
        let ids: Vec<String> = ids.into_iter().collect();
        forks.try_choice(choice, &ids, audit, &|id, year| {
            verdicts.get(&(id.to_owned(), year)).copied()
        });
    }
}

impl Forks {
    /// Notes what one choice changes.
    fn try_choice(
        &mut self,
        choice: Choice,
        ids: &[String],
        audit: &Audit,
        under: &dyn Fn(&str, i32) -> Option<Known>,
    ) {
        let at = self.choices.len();
        self.choices.push(choice);
        for c in audit.commitments.iter().filter(|c| ids.contains(&c.id)) {
            let Some(forked) = self.commitments.iter_mut().find(|f| f.commitment == c.id) else {
                continue;
            };
            forked.tried.push(at);
            let mut ways: BTreeMap<(Known, Known), Vec<i32>> = BTreeMap::new();
            for v in &c.verdicts {
                let Some(other) = under(&c.id, v.year) else { continue };
                if other != known(v) {
                    ways.entry((known(v), other)).or_default().push(v.year);
                }
            }
            forked.changes.extend(ways.into_iter().map(|((from, to), years)| Change {
                choice: at,
                from: from.0,
                from_at_least: from.1,
                to: to.0,
                to_at_least: to.1,
                years,
            }));
        }
    }

    /// Counts the verdicts, and those that stay whatever is chosen.
    fn count(&mut self, audits: &[Audit]) {
        let Some(audit) = audits.iter().find(|a| a.state.ccode == self.state.ccode) else { return };
        for forked in &mut self.commitments {
            let moved: BTreeSet<i32> =
                forked.changes.iter().flat_map(|c| c.years.iter().copied()).collect();
            let verdicts =
                audit.commitments.iter().filter(|c| c.id == forked.commitment).flat_map(|c| {
                    c.verdicts.iter().filter(|v| v.verdict != Verdict::NotApplicable)
                });
            forked.verdicts = verdicts.clone().count();
            forked.stable = verdicts.filter(|v| !moved.contains(&v.year)).count();
        }
    }
}
