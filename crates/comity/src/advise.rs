//! Advice before an act: what it would move in a policy.

use comity_advice::acts::definition::Definition;
use comity_advice::acts::{Act, Vocabulary, file};
use comity_advice::compare::{Comparison, compare};
use comity_advice::find::Alternatives;
use comity_advice::what_if::Change;
use comity_advice::{Advice, Advisor, Ask};
use comity_record::columns::{text, texts};
use comity_record::rows::Value;
use comity_record::schema::table;
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

/// An act that can be advised on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActAbout {
    /// Its name in packages.
    pub id: String,
    /// What it is, in a sentence or two.
    pub doc: String,
    /// Ways to put it.
    pub say: Vec<String>,
}

/// The acts that can be advised on under a policy: those of the program, and the policy's own.
///
/// ```
/// let policy = comity::Policy::shipped("independent-peace")?;
/// assert!(comity::acts(&policy)?.iter().any(|act| act.id == "veto"));
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// Acts of the policy that cannot be read.
pub fn acts(policy: &Policy) -> Result<Vec<ActAbout>, Error> {
    let about =
        |d: &Definition| ActAbout { id: d.id.clone(), doc: d.doc.clone(), say: d.say.clone() };
    Ok(vocabulary(policy.document())?.acts.iter().map(about).collect())
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

impl Record {
    /// What would move for states if facts were otherwise. `without` takes rows out (`pledges where treaty_id = '3200'`), `set` changes them
    /// (`disputes set settlement = 1 where dispute_id = '31'`); both mean the rows of every source. Nothing is written.
    ///
    /// ```
    /// use comity::{Policy, Record};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let without = ["pledges where ccode = 710 and partner = 365"];
    /// let advice = record.what_if(&policy, &["CHN"], &without, &[], None, &Default::default())?;
    /// assert!(advice.own[0].moves.iter().any(|m| m.commitment == "no-great-power-alliance"));
    ///
    /// let error = record.what_if(&policy, &["CHN"], &["pledgs"], &[], None, &Default::default()).unwrap_err();
    /// assert!(error.message.contains("pledgs"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A table, column or condition that cannot be read, and one that no row meets.
    pub fn what_if(
        &self,
        policy: &Policy,
        states: &[&str],
        without: &[&str],
        set: &[&str],
        to: Option<i32>,
        options: &AuditOptions,
    ) -> Result<Advice, Error> {
        let document = policy.document();
        let vocabulary = vocabulary(document)?;
        let states = crate::states(self.tables(), states)?;
        let mut changes = Vec::new();
        for said in without {
            changes.push(self.change(said, false)?);
        }
        for said in set {
            changes.push(self.change(said, true)?);
        }
        if changes.is_empty() {
            return Err(Error::new("nothing is supposed to be otherwise")
                .help("take rows out, for example `pledges where treaty_id = '3200'`"));
        }
        let advisor =
            Advisor::new(self.tables(), document, &vocabulary, self.options(document, options)?)?;
        Ok(advisor.what_if(&changes, &states, to)?)
    }

    /// `TABLE [where CONDITION]`, or `TABLE set COLUMN = VALUE, … [where CONDITION]`.
    fn change(&self, said: &str, set: bool) -> Result<Change, Error> {
        let lower = said.to_lowercase();
        let (head, condition) = match lower.find(" where ") {
            Some(at) => (&said[..at], Some(&said[at + 7..])),
            None => (said, None),
        };
        let (name, cells) = match head.to_lowercase().find(" set ") {
            Some(at) if set => (&head[..at], Some(&head[at + 5..])),
            _ => (head, None),
        };
        let name = name.trim();
        let Some(canonical) = table(name) else {
            let names = comity_record::schema::TABLES.iter().map(|t| t.name);
            let error = Error::new(format!("`{said}`: there is no table `{name}`"));
            return Err(match comity_record::nearest(name, names) {
                Some(near) => error.help(near),
                None => error.help("`comity record tables` lists them"),
            });
        };
        let mut values = Vec::new();
        for cell in cells.unwrap_or_default().split(',').filter(|c| !c.trim().is_empty()) {
            let wrong = |what: String| {
                Error::new(format!("`{said}`: {what}"))
                    .help("write `TABLE set COLUMN = VALUE where …`")
            };
            let (column, value) =
                cell.split_once('=').ok_or_else(|| wrong(format!("`{cell}` sets nothing")))?;
            let column = column.trim();
            let kind = canonical
                .column(column)
                .ok_or_else(|| wrong(format!("{name} has no column `{column}`")))?
                .kind;
            let text = value.trim().trim_matches('\'');
            let text = if text.eq_ignore_ascii_case("null") { "" } else { text };
            let value = Value::parse(kind, text)
                .map_err(|expected| wrong(format!("{column}: `{text}` is not {expected}")))?;
            values.push((column.to_owned(), value));
        }
        if set && values.is_empty() {
            return Err(Error::new(format!("`{said}` changes nothing"))
                .help("write `TABLE set COLUMN = VALUE where …`"));
        }
        let condition = condition.map(|c| format!(" where {c}")).unwrap_or_default();
        let rows =
            self.query(&format!("select source, source_row from every.\"{name}\"{condition}"))?;
        let (sources, keys) = (texts(&rows, "source"), texts(&rows, "source_row"));
        let rows = (0..rows.num_rows())
            .map(|row| (text(sources, row).to_owned(), text(keys, row).to_owned()))
            .collect();
        let verb = if set { "if" } else { "without" };
        Ok(Change { say: format!("{verb} {said}"), table: canonical.name, rows, cells: values })
    }

    /// Where the verdicts of two policies differ over this record, and by which clauses.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// let same = record.compare(&policy, &policy, &Default::default())?;
    /// assert!(same.both.iter().all(|c| c.same_text));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// Queries that fail.
    pub fn compare(
        &self,
        first: &Policy,
        second: &Policy,
        options: &AuditOptions,
    ) -> Result<Comparison, Error> {
        let options = self.options(first.document(), options)?;
        Ok(compare(self.tables(), first.document(), second.document(), &options)?)
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
