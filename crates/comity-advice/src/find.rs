//! Alternatives: acts toward the same counterpart that move no commitment for the worse, and that commitments can see.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Error;
use crate::acts::Act;
use crate::acts::definition::{Definition, Kind, Slot};
use crate::advice::Advisor;
use crate::moves::Way;

/// What a search found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Alternatives {
    /// How many acts were tried.
    pub tried: usize,
    /// Acts that move no commitment for the worse, with at least one that looks at them: those that improve most first.
    pub clear: Vec<Clear>,
    /// Acts that commitments stand against, with which.
    pub against: BTreeMap<String, Vec<String>>,
    /// Acts at which no commitment looks: no approval.
    pub unseen: Vec<String>,
    /// Acts of which it cannot be known.
    pub not_known: Vec<String>,
    /// Acts that contradict the record, with why.
    pub refused: Vec<String>,
    /// Of a package: the acts without which nothing would stand against the rest, if leaving out some is enough; the fewest that were found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leave_out: Vec<String>,
}

/// An act that nothing stands against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clear {
    /// The act in words.
    pub say: String,
    /// How many commitments look at it.
    pub looked: usize,
    /// Commitments that it would improve.
    pub improves: Vec<String>,
}

/// What a slot is filled with where an act of the kind is tried: a number in the middle of what is usual.
const PEOPLE: &str = "1000";
const SHARE: &str = "10 %";

impl Advisor<'_> {
    /// Searches the vocabulary for acts toward the counterpart of `act`, in the same years; of a package for the fewest acts to leave out.
    ///
    /// # Errors
    /// Queries that fail.
    pub fn find(
        &self,
        acts: &[Act],
        progress: &dyn Fn(usize, usize),
    ) -> Result<Alternatives, Error> {
        let warm;
        let search = if self.is_warm() {
            self
        } else {
            warm = self.again().warm();
            &warm
        };
        let mut found = Alternatives::default();
        if let [act] = acts {
            let tries = self.tries(act);
            let all = tries.len();
            for (at, tried) in tries.into_iter().enumerate() {
                progress(at, all);
                search.try_one(tried, &mut found)?;
            }
            found.clear.sort_by(|a, b| {
                b.improves
                    .len()
                    .cmp(&a.improves.len())
                    .then_with(|| b.looked.cmp(&a.looked))
                    .then_with(|| a.say.cmp(&b.say))
            });
        } else {
            found.leave_out = search.leave_out(acts, progress)?;
            found.tried = acts.len();
        }
        Ok(found)
    }

    /// Acts of every other kind toward the same state.
    fn tries(&self, act: &Act) -> Vec<Act> {
        let Some(other) = act.other() else { return Vec::new() };
        let mut all = Vec::new();
        for definition in &self.vocabulary().acts {
            for slots in fillings(definition, &other.to_string()) {
                let span = (Some(act.span.from), act.span.to);
                match Act::with(self.record(), definition, act.actor, &slots, span) {
                    Ok(tried) if tried.say != act.say => all.push(tried),
                    _ => {}
                }
            }
        }
        all
    }

    fn try_one(&self, act: Act, found: &mut Alternatives) -> Result<(), Error> {
        found.tried += 1;
        let say = act.say.clone();
        let (own, looked, cannot_know, _) = match self.quick(&[act]) {
            Ok(quick) => quick,
            Err(Error::Act { what, .. }) => {
                found.refused.push(format!("{say}: {what}"));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let moves: Vec<_> = own.iter().flat_map(|s| &s.moves).collect();
        let against: Vec<String> =
            moves.iter().filter(|m| m.way.objects()).map(|m| m.commitment.clone()).collect();
        let improves: Vec<String> =
            moves.iter().filter(|m| m.way.favours()).map(|m| m.commitment.clone()).collect();
        let seen = looked.len()
            + moves.iter().filter(|m| m.way != Way::Other || !m.added.is_empty()).count();
        if !against.is_empty() {
            found.against.insert(say, against);
        } else if !cannot_know.is_empty() {
            found.not_known.push(say);
        } else if seen == 0 {
            found.unseen.push(say);
        } else {
            found.clear.push(Clear { say, looked: seen, improves });
        }
        Ok(())
    }

    /// The acts of a package that must go: those that something stands against when they are done alone, then, where the rest still moves a
    /// commitment, one after the other.
    fn leave_out(
        &self,
        acts: &[Act],
        progress: &dyn Fn(usize, usize),
    ) -> Result<Vec<String>, Error> {
        let objected = |acts: &[Act]| -> Result<bool, Error> {
            if acts.is_empty() {
                return Ok(false);
            }
            match self.quick(acts) {
                Ok((own, ..)) => Ok(own.iter().flat_map(|s| &s.moves).any(|m| m.way.objects())),
                // Acts that rest on one that was left out cannot stay.
                Err(Error::Act { .. }) => Ok(true),
                Err(other) => Err(other),
            }
        };
        if !objected(acts)? {
            return Ok(Vec::new());
        }
        let mut kept: Vec<Act> = acts.to_vec();
        let mut out = Vec::new();
        let all = acts.len();
        for (at, act) in acts.iter().enumerate() {
            progress(at, all);
            let rest: Vec<Act> = kept.iter().filter(|k| *k != act).cloned().collect();
            // Left out if it alone is objected to; kept acts are tried again at the end.
            if objected(std::slice::from_ref(act))? {
                kept = rest;
                out.push(act.say.clone());
            }
        }
        while objected(&kept)? {
            let Some(last) = kept.pop() else { break };
            out.push(last.say);
        }
        Ok(out)
    }
}

/// Ways to fill the slots of an act toward a state; none where it needs more than a counterpart, a number or a word of a list.
fn fillings(definition: &Definition, other: &str) -> Vec<BTreeMap<String, String>> {
    let mut all = vec![BTreeMap::new()];
    let mut toward = false;
    for (name, slot) in &definition.slots {
        let values: Vec<String> = match slot {
            Slot::Of(Kind::State) => {
                toward = true;
                vec![other.to_owned()]
            }
            Slot::Of(Kind::Count) => vec![PEOPLE.to_owned()],
            Slot::Of(Kind::Share) => vec![SHARE.to_owned()],
            Slot::Words(_) | Slot::Of(Kind::Text) if definition.defaults.contains_key(name) => {
                continue;
            }
            Slot::Words(words) => words.clone(),
            Slot::Of(_) => return Vec::new(),
        };
        all = all
            .into_iter()
            .flat_map(|filled: BTreeMap<String, String>| {
                values.iter().map(move |value| {
                    let mut filled = filled.clone();
                    filled.insert(name.clone(), value.clone());
                    filled
                })
            })
            .collect();
    }
    if toward { all } else { Vec::new() }
}
