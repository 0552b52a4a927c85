//! The advice on acts: the very same audit with and without them, and what differs.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use comity_policy::audit::{Audit, CommitmentAudit, PolicyHead, Report, StateHead};
use comity_policy::document::{Kind, Policy};
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, evaluate};
use comity_record::Record;
use serde::Serialize;

use crate::Error;
use crate::acts::{Act, Laid, RowShown, Vocabulary, lay};
use crate::moves::{StateMoves, moves};
use crate::precedents::Precedents;
use crate::standing::{Carried, standing};

/// Advice on one act or a package of acts.
#[derive(Debug, Clone, Serialize)]
pub struct Advice {
    /// 1.
    pub schema_version: u32,
    /// The policy.
    pub policy: PolicyHead,
    /// Fingerprint of the record before.
    pub record: String,
    /// Fingerprint of the record with the acts laid over it. It was never written.
    pub supposed: String,
    /// The acts, in words, each with who acts.
    pub acts: Vec<ActShown>,
    /// The rows that they write.
    pub rows: Vec<RowShown>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
    /// What stands and was carried forward past the years that are known.
    pub standing: Vec<Carried>,
    /// The last year that was judged.
    pub to: i32,
    /// The answer in a sentence.
    pub answer: Answer,
    /// What moves for those who act.
    pub own: Vec<StateMoves>,
    /// Commitments that look at what the acts write, and do not move.
    pub looked: Vec<Looked>,
    /// Commitments of which it cannot be known whether they would move.
    pub cannot_know: Vec<CannotKnow>,
    /// Commitments of which no query reads what the acts write, by id.
    pub blind: Vec<String>,
    /// What the same acts move for the other states that they are about, under the same policy.
    pub others: Vec<StateMoves>,
    /// The same acts done to the state: what would move for whoever did them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reciprocal: Option<Box<Reciprocal>>,
    /// Earlier acts of the same kind, and what followed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub precedents: Vec<Precedents>,
}

/// One act, for people.
#[derive(Debug, Clone, Serialize)]
pub struct ActShown {
    /// Who acts.
    pub state: StateHead,
    /// Id of its kind.
    pub kind: String,
    /// In words.
    pub say: String,
}

/// The answer to "may we do this?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Some commitment moves for the worse.
    Objections,
    /// None does, and of some it cannot be known.
    NotKnown,
    /// Commitments look at it, and none moves for the worse.
    NoCommitmentMoves,
    /// No commitment of the policy looks at what is written. This is no approval.
    NothingLooks,
}

/// A commitment that looks and does not move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// Its id.
    pub commitment: String,
    /// The tables that it reads and the acts write.
    pub tables: Vec<String>,
    /// Its verdict in the first year of the acts.
    pub verdict: Verdict,
}

/// A commitment of which it cannot be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CannotKnow {
    /// Its id.
    pub commitment: String,
    /// The tables that are not covered in the years of the acts.
    pub tables: Vec<String>,
    /// Datasets that would tell.
    pub would_tell: Vec<String>,
    /// The last year that it is answered for.
    pub answered_to: Option<i32>,
}

/// The same acts by the other side, toward the state.
#[derive(Debug, Clone, Serialize)]
pub struct Reciprocal {
    /// The acts, turned round.
    pub acts: Vec<ActShown>,
    /// What moves for whoever would do them.
    pub theirs: Vec<StateMoves>,
    /// What moves for the state itself.
    pub own: Vec<StateMoves>,
}

/// What to look at beside the verdicts.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    /// The last year to judge; none: the last of the record, or of the acts where they begin later.
    pub to: Option<i32>,
    /// The same acts done to the state.
    pub reciprocal: bool,
    /// How many precedents are listed; zero: they are not looked for.
    pub precedents: usize,
}

impl Default for Ask {
    fn default() -> Self {
        Self { to: None, reciprocal: true, precedents: 10 }
    }
}

/// A record and a policy, ready to advise.
#[derive(Debug)]
pub struct Advisor<'a> {
    record: &'a Record,
    policy: &'a Policy,
    vocabulary: &'a Vocabulary,
    options: Options,
    reads: BTreeMap<String, BTreeSet<&'static str>>,
    /// The record with what stands, by the year that it is carried to.
    standing: Mutex<BTreeMap<i32, (Record, Vec<Carried>)>>,
    /// The audit before, of all commitments, by states and last year: for many acts toward the same state.
    before: Mutex<HashMap<(Vec<i32>, i32), Arc<Report>>>,
    /// Whether many acts are tried: then what is the same for all is kept, and nothing is made that a search does not use.
    searching: bool,
}

/// At most so many other states are looked at in full.
const OTHERS: usize = 6;

impl<'a> Advisor<'a> {
    /// Plans the policy's queries, to know what each commitment reads.
    ///
    /// # Errors
    /// A query that cannot be planned.
    pub fn new(
        record: &'a Record,
        policy: &'a Policy,
        vocabulary: &'a Vocabulary,
        options: Options,
    ) -> Result<Self, Error> {
        let reads = comity_policy::reads(policy, record).map_err(|e| Error::Plan(e.to_string()))?;
        let mut reads: BTreeMap<String, BTreeSet<&'static str>> = reads.into_iter().collect();
        // What a commitment uses, it reads.
        for _ in 0..policy.commitments.len() {
            let before = reads.clone();
            for commitment in &policy.commitments {
                let uses =
                    commitment.versions.iter().flat_map(|v| &v.evidence).flat_map(|e| &e.uses);
                let more: BTreeSet<&'static str> =
                    uses.filter_map(|u| before.get(u)).flatten().copied().collect();
                reads.entry(commitment.id.clone()).or_default().extend(more);
            }
            if reads == before {
                break;
            }
        }
        let (standing, before) = (Mutex::default(), Mutex::default());
        Ok(Self { record, policy, vocabulary, options, reads, standing, before, searching: false })
    }

    /// Advises on acts.
    ///
    /// # Errors
    /// An act that contradicts the record, or another one; queries that fail.
    pub fn advise(&self, acts: &[Act], ask: &Ask) -> Result<Advice, Error> {
        let horizon = self.horizon(acts, ask);
        let laid = lay(self.record, self.vocabulary, acts, horizon)?;
        let (before, carried) = self.standing(horizon)?;
        let (after, _) = standing(&laid.record, horizon)?;
        let actors: BTreeSet<i32> = acts.iter().map(|a| a.actor).collect();
        let supposed = Supposed {
            acts: self.shown(acts)?,
            others: Self::others(acts, &laid, &actors),
            own: actors,
            from: acts.iter().map(|a| a.span.from.year).min().unwrap_or(horizon),
            to: horizon,
            before,
            after,
            tables: laid.tables,
            rows: laid.rows,
            laid: laid.record,
        };
        let mut advice = self.difference(supposed)?;
        advice.assumptions = laid.assumed;
        advice.standing = carried;
        if ask.precedents > 0 {
            advice.precedents = Precedents::of(self.record, self.vocabulary, acts, ask.precedents)?;
        }
        if ask.reciprocal {
            advice.reciprocal = self.reciprocal(acts, horizon)?.map(Box::new);
        }
        Ok(advice)
    }

    /// The same audit over two records, and what differs.
    pub(crate) fn difference(&self, supposed: Supposed) -> Result<Advice, Error> {
        let judged = self.judged(&supposed.tables);
        let states: Vec<i32> = supposed.own.iter().chain(&supposed.others).copied().collect();
        let both =
            Both::of(self, &supposed.before, &supposed.after, &judged, &states, supposed.to)?;
        let of = |ccodes: &mut dyn Iterator<Item = i32>| -> Vec<StateMoves> {
            ccodes.filter_map(|ccode| both.moves(self.policy, ccode)).collect()
        };
        let own = of(&mut supposed.own.iter().copied());
        let theirs = of(&mut supposed.others.iter().copied());
        let (looked, cannot_know) = self.not_moved(&both, &own, &supposed);
        let objects = own.iter().flat_map(|s| &s.moves).any(|m| m.way.objects());
        let answer = match (objects, judged.is_empty(), cannot_know.is_empty()) {
            (true, _, _) => Answer::Objections,
            (false, true, _) => Answer::NothingLooks,
            (false, false, false) => Answer::NotKnown,
            (false, false, true) => Answer::NoCommitmentMoves,
        };
        let blind = self
            .policy
            .commitments
            .iter()
            .filter(|c| c.kind != Kind::Watch && !judged.contains(&c.id));
        Ok(Advice {
            schema_version: 1,
            policy: PolicyHead::of(self.policy),
            record: self.record.fingerprint()?,
            supposed: if self.searching { String::new() } else { supposed.laid.fingerprint()? },
            acts: supposed.acts,
            assumptions: Vec::new(),
            rows: supposed.rows,
            standing: Vec::new(),
            to: supposed.to,
            answer,
            own,
            looked,
            cannot_know,
            blind: blind.map(|c| c.id.clone()).collect(),
            others: theirs.into_iter().filter(|s| !s.moves.is_empty()).collect(),
            reciprocal: None,
            precedents: Vec::new(),
        })
    }

    /// What moves for those who act, and nothing else: for a search.
    ///
    /// # Errors
    /// As [`Advisor::advise`].
    pub(crate) fn quick(
        &self,
        acts: &[Act],
    ) -> Result<(Vec<StateMoves>, Vec<Looked>, Vec<CannotKnow>, Vec<String>), Error> {
        let ask = Ask { to: None, reciprocal: false, precedents: 0 };
        let advice = self.advise(acts, &ask)?;
        Ok((advice.own, advice.looked, advice.cannot_know, advice.blind))
    }

    /// The same, for a search.
    pub(crate) fn searching(&self) -> Self {
        Self {
            record: self.record,
            policy: self.policy,
            vocabulary: self.vocabulary,
            options: self.options.clone(),
            reads: self.reads.clone(),
            standing: Mutex::default(),
            before: Mutex::default(),
            searching: true,
        }
    }

    /// The vocabulary of the advice.
    pub fn vocabulary(&self) -> &'a Vocabulary {
        self.vocabulary
    }

    /// The record before.
    pub fn record(&self) -> &'a Record {
        self.record
    }

    /// The record with what stands carried forward, made once for each year.
    fn standing(&self, horizon: i32) -> Result<(Record, Vec<Carried>), Error> {
        let lock = || self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&horizon) {
            return Ok(known.clone());
        }
        let made = standing(self.record, horizon)?;
        lock().insert(horizon, made.clone());
        Ok(made)
    }

    /// The audit before of all commitments, made once for the same states and years.
    fn audited_before(
        &self,
        record: &Record,
        states: &[i32],
        to: i32,
    ) -> Result<Arc<Report>, Error> {
        let key = (states.to_vec(), to);
        let lock = || self.before.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(self.audited(record, &[], states, to)?);
        lock().insert(key, Arc::clone(&made));
        Ok(made)
    }

    fn audited(
        &self,
        record: &Record,
        commitments: &[String],
        states: &[i32],
        to: i32,
    ) -> Result<Report, Error> {
        let evaluation = self.evaluated(record, commitments, states)?;
        let there = evaluation.states_between(i32::MIN, to);
        let states: Vec<i32> = states.iter().copied().filter(|s| there.contains(s)).collect();
        Ok(evaluation.report(&states, None, Some(to))?)
    }

    /// The last year to judge.
    fn horizon(&self, acts: &[Act], ask: &Ask) -> i32 {
        let last = |act: &Act| {
            let lasts = self.vocabulary.get(&act.kind).is_some_and(|d| d.lasts);
            let own = act.span.to.map_or(act.span.from.year, |to| to.year);
            if lasts && act.span.to.is_none() { own.max(self.record.last_year()) } else { own }
        };
        let first = acts.iter().map(|a| a.span.from.year).max();
        let to = ask.to.or_else(|| acts.iter().map(last).max());
        to.unwrap_or_else(|| self.record.last_year())
            .max(first.unwrap_or_default())
            .min(*crate::acts::YEARS.end())
    }

    /// The commitments that look at what was written, in the order of the document.
    fn judged(&self, written: &BTreeSet<&'static str>) -> Vec<String> {
        let looks =
            |id: &str| self.reads.get(id).is_some_and(|tables| !tables.is_disjoint(written));
        let all = self.policy.commitments.iter().filter(|c| c.kind != Kind::Watch && looks(&c.id));
        all.map(|c| c.id.clone()).collect()
    }

    /// The other states that the acts are about: those named first, then those in their rows.
    fn others(acts: &[Act], laid: &Laid, actors: &BTreeSet<i32>) -> Vec<i32> {
        let mut all: Vec<i32> = Vec::new();
        for ccode in acts.iter().filter_map(Act::other).chain(laid.states.iter().copied()) {
            if !actors.contains(&ccode) && !all.contains(&ccode) && all.len() < OTHERS {
                all.push(ccode);
            }
        }
        all
    }

    fn evaluated(
        &self,
        record: &Record,
        commitments: &[String],
        states: &[i32],
    ) -> Result<Evaluation, Error> {
        let options = Options {
            commitments: commitments.to_vec(),
            focus: Some(states.to_vec()),
            ..self.options.clone()
        };
        Ok(evaluate(record, self.policy, &options)?)
    }

    fn not_moved(
        &self,
        both: &Both,
        own: &[StateMoves],
        supposed: &Supposed,
    ) -> (Vec<Looked>, Vec<CannotKnow>) {
        let (from, to) = (supposed.from, supposed.to);
        let (mut looked, mut unknown) = (Vec::new(), Vec::new());
        let audits = both
            .after
            .iter()
            .flat_map(|r| &r.audits)
            .filter(|a| supposed.own.contains(&a.state.ccode));
        for of in audits.flat_map(|a| &a.commitments) {
            let moved = own.iter().flat_map(|s| &s.moves).any(|m| m.commitment == of.id);
            let known = |l: &Looked| l.commitment == of.id;
            if moved
                || looked.iter().any(known)
                || unknown.iter().any(|u: &CannotKnow| u.commitment == of.id)
            {
                continue;
            }
            let reads = self.reads.get(&of.id);
            let tables: Vec<String> = reads
                .into_iter()
                .flatten()
                .filter(|t| supposed.tables.contains(*t))
                .map(|t| (*t).to_owned())
                .collect();
            match cannot_know(of, &supposed.tables, (from, to)) {
                Some(missing) => unknown.push(missing),
                None => {
                    let first = of
                        .verdicts
                        .iter()
                        .find(|v| v.year == from)
                        .map_or(Verdict::NotApplicable, |v| v.verdict);
                    looked.push(Looked { commitment: of.id.clone(), tables, verdict: first });
                }
            }
        }
        (looked, unknown)
    }

    fn shown(&self, acts: &[Act]) -> Result<Vec<ActShown>, Error> {
        let system = self.record.states()?;
        let of = |act: &Act| ActShown {
            state: StateHead::of(
                system,
                act.actor,
                act.span.from.year.min(self.record.last_year()),
            ),
            kind: act.kind.clone(),
            say: act.say.clone(),
        };
        Ok(acts.iter().map(of).collect())
    }

    /// The same acts, done by their counterparts to whoever would act. None where no act has a counterpart, or the turned acts contradict
    /// the record.
    fn reciprocal(&self, acts: &[Act], horizon: i32) -> Result<Option<Reciprocal>, Error> {
        let mut turned = Vec::new();
        for act in acts {
            let Some(other) = act.other() else { continue };
            turned.push(act.turned(self.record, self.vocabulary, other)?);
        }
        if turned.is_empty() {
            return Ok(None);
        }
        let Ok(laid) = lay(self.record, self.vocabulary, &turned, horizon) else { return Ok(None) };
        let (before, _) = self.standing(horizon)?;
        let (after, _) = standing(&laid.record, horizon)?;
        let theirs: BTreeSet<i32> = turned.iter().map(|a| a.actor).collect();
        let own: BTreeSet<i32> =
            acts.iter().map(|a| a.actor).filter(|a| !theirs.contains(a)).collect();
        let states: Vec<i32> = theirs.iter().chain(&own).copied().take(OTHERS + 1).collect();
        let both = Both::of(self, &before, &after, &self.judged(&laid.tables), &states, horizon)?;
        let of = |ccodes: &BTreeSet<i32>| {
            ccodes
                .iter()
                .filter_map(|c| both.moves(self.policy, *c))
                .filter(|s| !s.moves.is_empty())
                .collect()
        };
        Ok(Some(Reciprocal { acts: self.shown(&turned)?, theirs: of(&theirs), own: of(&own) }))
    }
}

/// What is supposed, as two records.
pub(crate) struct Supposed {
    pub acts: Vec<ActShown>,
    pub rows: Vec<RowShown>,
    pub tables: BTreeSet<&'static str>,
    /// What is audited first, and then.
    pub before: Record,
    pub after: Record,
    /// The record with what is supposed, and nothing carried forward.
    pub laid: Record,
    pub own: BTreeSet<i32>,
    pub others: Vec<i32>,
    /// The years that it is about.
    pub from: i32,
    pub to: i32,
}

/// The audit before and after; none where no commitment looks.
struct Both {
    before: Option<Arc<Report>>,
    after: Option<Arc<Report>>,
}

impl Both {
    fn of(
        advisor: &Advisor<'_>,
        before: &Record,
        after: &Record,
        judged: &[String],
        states: &[i32],
        to: i32,
    ) -> Result<Self, Error> {
        if judged.is_empty() {
            return Ok(Self { before: None, after: None });
        }
        // Of one act only what looks at it is audited; of many toward the same state all of it, once.
        let before = if advisor.searching {
            advisor.audited_before(before, states, to)?
        } else {
            Arc::new(advisor.audited(before, judged, states, to)?)
        };
        let after = Arc::new(advisor.audited(after, judged, states, to)?);
        Ok(Self { before: Some(before), after: Some(after) })
    }

    fn moves(&self, policy: &Policy, ccode: i32) -> Option<StateMoves> {
        let of = |report: &Option<Arc<Report>>| -> Option<Audit> {
            report.as_ref()?.audits.iter().find(|a| a.state.ccode == ccode).cloned()
        };
        let (before, after) = (of(&self.before)?, of(&self.after)?);
        Some(StateMoves { state: after.state.clone(), moves: moves(policy, &before, &after) })
    }
}

/// Whether what a commitment rests on beside the acts is not covered in their years.
fn cannot_know(
    of: &CommitmentAudit,
    written: &BTreeSet<&'static str>,
    (from, to): (i32, i32),
) -> Option<CannotKnow> {
    let open = of
        .verdicts
        .iter()
        .filter(|v| (from..=to).contains(&v.year))
        .any(|v| v.verdict == Verdict::Unknown)
        || (!of.judged && of.values.iter().all(|v| v.year < from));
    let counts = matches!(of.kind, Kind::Pursue);
    let in_years = of.missing.iter().filter(|m| m.from <= to && m.to >= from);
    // A row of an act is seen by itself; what is counted or summed needs all other rows too.
    let missing: Vec<_> =
        in_years.filter(|m| counts || !written.contains(m.table.as_str())).collect();
    if !open || missing.is_empty() {
        return None;
    }
    let mut tables: Vec<String> = missing.iter().map(|m| m.table.clone()).collect();
    let mut would_tell: Vec<String> = missing.iter().flat_map(|m| m.answered_by.clone()).collect();
    for list in [&mut tables, &mut would_tell] {
        list.sort_unstable();
        list.dedup();
    }
    Some(CannotKnow {
        commitment: of.id.clone(),
        tables,
        would_tell,
        answered_to: of.answered.last_year,
    })
}
