//! Policies against each other, over a record and without one; and verdicts under other choices.

use comity_advice::compare::changed;
use comity_advice::forks::{Forks, forks};
use comity_advice::search::{Search, Searched, Side, search};

use crate::{AuditOptions, Error, Policy, Record};

impl Policy {
    /// Compares a commitment of this policy with one of another over small records that are made for their queries: which is stricter,
    /// whether they contradict, and the smallest record that shows it. No record of facts is read.
    ///
    /// ```
    /// use comity::{Policy, Record};
    /// use comity_advice::search::{Search, Standing};
    ///
    /// let policy = Policy::shipped("bandung-1955")?;
    /// let text = comity::PolicyText::shipped("bandung-1955")?.text;
    /// let text = text.replace("t.procedure in (1, 2) and", "t.procedure = 1 and");
    /// let milder = Policy::parse("milder.md", &text, &Record::starter())?;
    ///
    /// let how = Search { records: 100, ..Search::default() };
    /// let id = "territorial-integrity";
    /// let searched = policy.search(id, &milder, id, &how)?;
    /// assert_eq!(searched.standing, Standing::FirstStricter);
    /// assert_eq!(searched.examples[0].rows(), 1);
    ///
    /// let error = policy.search("integrity", &milder, id, &how).unwrap_err();
    /// assert!(error.message.contains("integrity"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A commitment that a policy does not have; queries that cannot be planned.
    pub fn search(
        &self,
        commitment: &str,
        other: &Self,
        its: &str,
        how: &Search,
    ) -> Result<Searched, Error> {
        let first = Side { policy: self.document(), commitment };
        let second = Side { policy: other.document(), commitment: its };
        Ok(search(&comity_datasets::starter::record(), first, second, how)?)
    }

    /// The commitments of both policies whose queries differ, or something that they use, by id.
    ///
    /// ```
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// assert!(policy.changed(&policy).is_empty());
    /// # Ok::<(), comity::Error>(())
    /// ```
    pub fn changed(&self, other: &Self) -> Vec<String> {
        changed(self.document(), other.document())
    }
}

impl Record {
    /// For every verdict of these states: which choice would change it. Choices are the thresholds that the policy names, over the ranges
    /// that it states; the sources that give another account; and the editions of datasets that the record holds.
    ///
    /// ```
    /// use comity::{AuditOptions, Policy, Record};
    ///
    /// let record = Record::starter();
    /// let policy = Policy::shipped("independent-peace")?;
    /// let options = AuditOptions { commitments: vec!["no-foreign-bases".into()], ..Default::default() };
    /// let forks = record.forks(&policy, &["CHN"], &options)?;
    /// assert!(forks[0].stable() <= forks[0].verdicts());
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// States, sources or commitments that are not there, years out of order, and queries that fail.
    pub fn forks(
        &self,
        policy: &Policy,
        states: &[&str],
        options: &AuditOptions,
    ) -> Result<Vec<Forks>, Error> {
        let document = policy.document();
        let states = crate::states(self.tables(), states)?;
        let years = (options.from, options.to);
        Ok(forks(self.tables(), document, &states, years, &self.options(document, options)?)?)
    }
}
