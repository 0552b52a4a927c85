//! The advice on acts: the very same audit with and without them, and what differs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use comity_policy::audit::{Audit, CommitmentAudit, PolicyHead, StateHead};
use comity_policy::document::{Kind, Policy};
use comity_policy::verdict::Verdict;
use comity_policy::{Evaluation, Options, evaluate, evaluate_beside};
use comity_record::Record;
use serde::Serialize;

use crate::Error;
use crate::acts::{Act, Laid, RowShown, Vocabulary, lay};
use crate::moves::{StateMoves, moves};
use crate::precedents::{Past, Precedents};
use crate::standing::{Carried, standing, standing_as};

/// Advice on one act or a package of acts.
#[derive(Debug, Clone, Serialize)]
pub struct Advice {
    /// 1.
    pub schema_version: u32,
    /// The policy.
    pub policy: PolicyHead,
    /// Fingerprint of the record before.
    pub record: String,
    /// Fingerprint of the record with the acts laid over it: of what it was before, and what they write. It was never written.
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
    /// Whether everything is evaluated before the first act, so that all others take a fraction of the time.
    warm: bool,
    /// Before any act, by the year that what stands is carried to; none: nothing is carried.
    worlds: Mutex<BTreeMap<Option<i32>, Arc<World>>>,
    past: Past,
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
        let (worlds, past) = (Mutex::default(), Past::default());
        Ok(Self { record, policy, vocabulary, options, reads, warm: false, worlds, past })
    }

    /// The same for many acts: the whole policy is evaluated for all states before the first of them.
    #[must_use]
    pub fn warm(mut self) -> Self {
        self.warm = true;
        self.worlds = Mutex::default();
        self
    }

    pub(crate) fn is_warm(&self) -> bool {
        self.warm
    }

    /// Another one for the same record and policy.
    pub(crate) fn again(&self) -> Self {
        Self {
            record: self.record,
            policy: self.policy,
            vocabulary: self.vocabulary,
            options: self.options.clone(),
            reads: self.reads.clone(),
            warm: self.warm,
            worlds: Mutex::default(),
            past: Past::default(),
        }
    }

    /// Advises on acts.
    ///
    /// # Errors
    /// An act that contradicts the record, or another one; queries that fail.
    pub fn advise(&self, acts: &[Act], ask: &Ask) -> Result<Advice, Error> {
        let horizon = self.horizon(acts, ask);
        let world = self.world(horizon)?;
        let (supposed, assumed) = self.supposed(&world, acts, horizon)?;
        let turned = match ask.reciprocal {
            true => self.turned(&world, acts, horizon)?,
            false => None,
        };
        // Both are compared with the same evaluation.
        let (mut judged, mut states) = (supposed.judged(self), supposed.states());
        if let Some((turned, _)) = &turned {
            judged.extend(turned.judged(self));
            states.extend(turned.states());
        }
        let before = world.before(self, &judged, &states)?;
        let mut advice = self.difference(&before, supposed)?;
        advice.assumptions = assumed;
        advice.standing.clone_from(&world.carried);
        if let Some((turned, own)) = turned {
            advice.reciprocal = Some(Box::new(self.reciprocal(&before, turned, &own)?));
        }
        if ask.precedents > 0 {
            let (record, vocabulary) = (self.record, self.vocabulary);
            advice.precedents =
                Precedents::of(record, vocabulary, acts, ask.precedents, &self.past)?;
        }
        Ok(advice)
    }

    /// What acts suppose, and what was taken for granted.
    fn supposed(
        &self,
        world: &World,
        acts: &[Act],
        horizon: i32,
    ) -> Result<(Supposed, Vec<String>), Error> {
        let laid = lay(self.record, self.vocabulary, acts, horizon)?;
        let after = match world.is_carried {
            true => standing_as(&laid.record, &world.record, &laid.tables, horizon)?,
            false => laid.record.clone(),
        };
        let actors: BTreeSet<i32> = acts.iter().map(|a| a.actor).collect();
        let supposed = Supposed {
            acts: self.shown(acts)?,
            others: Self::others(acts, &laid, &actors),
            own: actors,
            from: acts.iter().map(|a| a.span.from.year).min().unwrap_or(horizon),
            to: horizon,
            after,
            tables: laid.tables,
            rows: laid.rows,
            fingerprint: laid.fingerprint,
        };
        Ok((supposed, laid.assumed))
    }

    /// The same audit before and after, and what differs.
    pub(crate) fn difference(&self, before: &Before, supposed: Supposed) -> Result<Advice, Error> {
        let judged = supposed.judged(self);
        let both = Both::of(self, before, &supposed)?;
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
            supposed: supposed.fingerprint,
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

    /// The vocabulary of the advice.
    pub fn vocabulary(&self) -> &'a Vocabulary {
        self.vocabulary
    }

    /// The record before.
    pub fn record(&self) -> &'a Record {
        self.record
    }

    /// The record before any act, with what stands carried forward to a year.
    fn world(&self, horizon: i32) -> Result<Arc<World>, Error> {
        let worlds = || self.worlds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = worlds().get(&Some(horizon)) {
            return Ok(Arc::clone(known));
        }
        let (record, carried) = standing(self.record, horizon)?;
        let made = Arc::new(World {
            is_carried: record.is_some(),
            record: record.unwrap_or_else(|| self.record.clone()),
            carried,
            known: Mutex::default(),
        });
        worlds().insert(Some(horizon), Arc::clone(&made));
        Ok(made)
    }

    /// The record before any act, as it is.
    pub(crate) fn world_as_it_is(&self) -> Arc<World> {
        let mut worlds = self.worlds.lock().unwrap_or_else(PoisonError::into_inner);
        let made = || World {
            record: self.record.clone(),
            is_carried: false,
            carried: Vec::new(),
            known: Mutex::default(),
        };
        Arc::clone(worlds.entry(None).or_insert_with(|| Arc::new(made())))
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

    /// Options of one evaluation: each has the time that a policy has.
    fn options_of_one(&self) -> Options {
        let budget = self.options.budget.as_ref().map(comity_policy::Budget::renewed);
        Options { budget, ..self.options.clone() }
    }

    /// The evaluation of a record, to be compared with others.
    fn evaluated(
        &self,
        record: &Record,
        commitments: Option<&BTreeSet<String>>,
        states: Option<&BTreeSet<i32>>,
    ) -> Result<Evaluation, Error> {
        let options = Options {
            commitments: commitments.into_iter().flatten().cloned().collect(),
            focus: states.map(|states| states.iter().copied().collect()),
            warm: true,
            ..self.options_of_one()
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
        let audits = both.after.iter().filter(|a| supposed.own.contains(&a.state.ccode));
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

    /// The same acts, done by their counterparts to whoever would act, and who that is. None where no act has a counterpart, or the turned
    /// acts contradict the record.
    fn turned(
        &self,
        world: &World,
        acts: &[Act],
        horizon: i32,
    ) -> Result<Option<(Supposed, BTreeSet<i32>)>, Error> {
        let mut turned = Vec::new();
        for act in acts {
            let Some(other) = act.other() else { continue };
            turned.push(act.turned(self.record, self.vocabulary, other)?);
        }
        if turned.is_empty() {
            return Ok(None);
        }
        let Ok((mut supposed, _)) = self.supposed(world, &turned, horizon) else { return Ok(None) };
        let own: BTreeSet<i32> =
            acts.iter().map(|a| a.actor).filter(|a| !supposed.own.contains(a)).collect();
        // Of a package of many the first states stand for all.
        let mut first = supposed.own.iter().chain(&own).copied().take(OTHERS + 1);
        let theirs = supposed.own.len().min(OTHERS + 1);
        let shown: BTreeSet<i32> = first.by_ref().take(theirs).collect();
        supposed.others = first.collect();
        supposed.own = shown;
        Ok(Some((supposed, own)))
    }

    fn reciprocal(
        &self,
        before: &Before,
        turned: Supposed,
        own: &BTreeSet<i32>,
    ) -> Result<Reciprocal, Error> {
        let both = Both::of(self, before, &turned)?;
        let of = |ccodes: &BTreeSet<i32>| {
            ccodes
                .iter()
                .filter_map(|c| both.moves(self.policy, *c))
                .filter(|s| !s.moves.is_empty())
                .collect()
        };
        let (theirs, own) = (of(&turned.own), of(own));
        Ok(Reciprocal { acts: turned.acts, theirs, own })
    }
}

/// What is supposed, as a record beside that before.
pub(crate) struct Supposed {
    pub acts: Vec<ActShown>,
    pub rows: Vec<RowShown>,
    /// The tables in which the two records differ.
    pub tables: BTreeSet<&'static str>,
    pub after: Record,
    /// A fingerprint of what is supposed.
    pub fingerprint: String,
    pub own: BTreeSet<i32>,
    pub others: Vec<i32>,
    /// The years that it is about.
    pub from: i32,
    pub to: i32,
}

impl Supposed {
    /// The commitments that look at it, in the order of the document.
    pub fn judged(&self, advisor: &Advisor<'_>) -> Vec<String> {
        advisor.judged(&self.tables)
    }

    /// The states whose audits are compared.
    pub fn states(&self) -> Vec<i32> {
        self.own.iter().chain(&self.others).copied().collect()
    }
}

/// A record before any act, and what was evaluated of it.
#[derive(Debug)]
pub(crate) struct World {
    record: Record,
    /// Whether anything is carried forward in it.
    is_carried: bool,
    carried: Vec<Carried>,
    known: Mutex<Vec<Arc<Before>>>,
}

/// An evaluation of a record before any act.
#[derive(Debug)]
pub(crate) struct Before {
    evaluation: Option<Evaluation>,
    /// The commitments and states that were asked for; none: all.
    commitments: Option<BTreeSet<String>>,
    states: Option<BTreeSet<i32>>,
    /// By state and last year.
    audits: Mutex<BTreeMap<(i32, i32), Arc<Audit>>>,
}

impl World {
    /// An evaluation of these commitments and states at least.
    pub fn before(
        &self,
        advisor: &Advisor<'_>,
        commitments: &[String],
        states: &[i32],
    ) -> Result<Arc<Before>, Error> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let serves = |b: &&Arc<Before>| {
            let asked = |all: &BTreeSet<String>| commitments.iter().all(|c| all.contains(c));
            let about = |all: &BTreeSet<i32>| states.iter().all(|s| all.contains(s));
            b.commitments.as_ref().is_none_or(asked) && b.states.as_ref().is_none_or(about)
        };
        if let Some(known) = known().iter().find(serves) {
            return Ok(Arc::clone(known));
        }
        // Answers for all states can be kept for the next time; without a place for them those in question are enough.
        let all_states = advisor.warm || advisor.options.keep.is_some();
        let commitments = (!advisor.warm).then(|| commitments.iter().cloned().collect());
        let states = (!all_states).then(|| states.iter().copied().collect());
        let evaluation = match &commitments {
            // Nothing looks: nothing is compared.
            Some(none) if BTreeSet::is_empty(none) => None,
            _ => Some(advisor.evaluated(&self.record, commitments.as_ref(), states.as_ref())?),
        };
        let made = Arc::new(Before { evaluation, commitments, states, audits: Mutex::default() });
        known().push(Arc::clone(&made));
        Ok(made)
    }
}

impl Before {
    /// The audit of a state up to a year.
    fn audit(&self, ccode: i32, to: i32) -> Result<Option<Arc<Audit>>, Error> {
        let audits = || self.audits.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = audits().get(&(ccode, to)) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(evaluation) = self.evaluation.as_ref().filter(|e| e.is_there(ccode, to)) else {
            return Ok(None);
        };
        let made = Arc::new(evaluation.audit_alone(ccode, Some(to))?);
        audits().insert((ccode, to), Arc::clone(&made));
        Ok(Some(made))
    }
}

/// The audits before and after, by state; none where no commitment looks.
#[derive(Default)]
struct Both {
    before: Vec<Arc<Audit>>,
    after: Vec<Audit>,
}

impl Both {
    fn of(advisor: &Advisor<'_>, before: &Before, supposed: &Supposed) -> Result<Self, Error> {
        let (judged, states) = (supposed.judged(advisor), supposed.states());
        let Some(evaluation) = before.evaluation.as_ref().filter(|_| !judged.is_empty()) else {
            return Ok(Self::default());
        };
        let options = Options {
            commitments: judged,
            focus: Some(states.clone()),
            ..advisor.options_of_one()
        };
        let after = evaluate_beside(&supposed.after, evaluation, &supposed.tables, &options)?;
        let mut both = Self::default();
        for ccode in states {
            let Some(was) = before.audit(ccode, supposed.to)? else { continue };
            if after.is_there(ccode, supposed.to) {
                both.before.push(was);
                both.after.push(after.audit_alone(ccode, Some(supposed.to))?);
            }
        }
        Ok(both)
    }

    fn moves(&self, policy: &Policy, ccode: i32) -> Option<StateMoves> {
        let at = self.after.iter().position(|a| a.state.ccode == ccode)?;
        let (before, after) = (&self.before[at], &self.after[at]);
        Some(StateMoves { state: after.state.clone(), moves: moves(policy, before, after) })
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
