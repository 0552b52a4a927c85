//! Advice before an act: what it would move in a policy.

use comity_advice::acts::{Act, Vocabulary, file};
use comity_advice::find::Alternatives;
use comity_advice::{Advice, Advisor, Ask};
use serde::Serialize;

use crate::{AuditOptions, Error, Policy, Record};

/// What is asked of an advice.
#[derive(Debug, Clone, Default)]
pub struct AdviceAsked {
    /// The acts in words, each of `state`, in order.
    pub say: Vec<String>,
    /// A package of acts: the text of a TOML or JSON file, and its name for errors.
    pub package: Option<(String, String)>,
    /// The last year to judge; none: the last of the record, or of the acts.
    pub to: Option<i32>,
    /// Search for acts that nothing stands against.
    pub find: bool,
    /// How many precedents are listed; zero: they are not looked for.
    pub precedents: usize,
    /// The same acts done to the state.
    pub reciprocal: bool,
}

/// An advice, with the alternatives where they were asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Advised {
    /// The advice.
    #[serde(flatten)]
    pub advice: Advice,
    /// What else could be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Alternatives>,
}

impl Record {
    /// Advises a state on acts before they are taken: the same audit with and without them. Nothing is written.
    ///
    /// ```
    /// use comity::{AdviceAsked, Policy, Record};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let asked = AdviceAsked { say: vec!["defense pact with RUS from 2026".into()], ..AdviceAsked::default() };
    /// let advised = record.advise(&policy, "CHN", &asked, &Default::default())?;
    /// let moves = &advised.advice.own[0].moves;
    /// assert!(moves.iter().any(|m| m.commitment == "no-great-power-alliance"));
    ///
    /// let asked = AdviceAsked { say: vec!["be nice to RUS".into()], ..asked };
    /// let error = record.advise(&policy, "CHN", &asked, &Default::default()).unwrap_err();
    /// assert!(error.message.contains("no act of the vocabulary"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// An act that is not understood, or that contradicts the record or another act; states that are not there; queries that fail.
    pub fn advise(
        &self,
        policy: &Policy,
        state: &str,
        asked: &AdviceAsked,
        options: &AuditOptions,
    ) -> Result<Advised, Error> {
        let document = policy.document();
        let vocabulary = vocabulary(document)?;
        let actor = crate::state_in(self.tables(), state, None)?;
        let mut acts = Vec::new();
        for say in &asked.say {
            acts.push(Act::say(self.tables(), &vocabulary, actor, say)?);
        }
        if let Some((text, name)) = &asked.package {
            acts.extend(file::package(self.tables(), &vocabulary, text, name, Some(actor))?);
        }
        if acts.is_empty() {
            return Err(Error::new("there is no act to advise on")
                .help("say one, for example `defense pact with RUS from 2026`"));
        }
        let advisor =
            Advisor::new(self.tables(), document, &vocabulary, self.options(document, options)?)?;
        let ask = Ask { to: asked.to, reciprocal: asked.reciprocal, precedents: asked.precedents };
        let advice = advisor.advise(&acts, &ask)?;
        let progress = options.progress.clone();
        let tell = move |done: usize, of: usize| {
            if let Some(progress) = &progress {
                progress(done, of);
            }
        };
        let alternatives = asked.find.then(|| advisor.find(&acts, &tell)).transpose()?;
        Ok(Advised { advice, alternatives })
    }
}

/// The acts that ship, and those that a policy adds.
fn vocabulary(policy: &comity_policy::document::Policy) -> Result<Vocabulary, Error> {
    let mut all = Vocabulary::shipped().clone();
    for act in &policy.acts {
        all = all.with(&act.text, &format!("{} (acts)", policy.id))?;
    }
    Ok(all)
}
