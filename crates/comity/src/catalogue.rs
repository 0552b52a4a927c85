//! The datasets that can be read, whether a record has them, and how to get those that it has not.

use std::collections::{BTreeMap, BTreeSet};

use comity_datasets::{DATASETS, Get};
use comity_record::schema;

use crate::{Error, Policy, Record};

/// A dataset that can be read.
#[derive(Debug, Clone)]
pub struct DatasetAbout {
    /// Its id, without an edition.
    pub id: &'static str,
    /// Full title.
    pub title: &'static str,
    /// Who publishes it.
    pub publisher: &'static str,
    /// Licence or terms.
    pub licence: &'static str,
    /// Its page.
    pub url: &'static str,
    /// How to get it, in a sentence or a command.
    pub get: String,
    /// The newest edition that is read, and the last year it covers.
    pub newest: Option<(&'static str, i32)>,
    /// The tables that it fills.
    pub tables: Vec<&'static str>,
    /// Its sources in the record, by id.
    pub present: Vec<String>,
}

impl Record {
    /// Every dataset that can be read.
    ///
    /// ```
    /// let all = comity::Record::starter().datasets();
    /// let pledges = all.iter().filter(|d| d.tables.contains(&"pledges"));
    /// assert!(pledges.clone().count() > 0 && pledges.clone().all(|d| d.present.is_empty() && !d.get.is_empty()));
    /// ```
    pub fn datasets(&self) -> Vec<DatasetAbout> {
        let about = |d: &&'static comity_datasets::Dataset| {
            let present = self.tables().sources().iter().filter(|s| s.dataset == d.id);
            let edition = d.editions.last().filter(|_| !d.files.iter().any(|k| k.many));
            let mut tables: BTreeSet<&'static str> = d.tables.iter().copied().collect();
            let claims = d.editions.last().map(|e| (d.coverage)(e)).unwrap_or_default();
            tables.extend(claims.iter().filter_map(|c| Some(schema::table(&c.table)?.name)));
            DatasetAbout {
                id: d.id,
                title: d.title,
                publisher: d.publisher,
                licence: d.licence,
                url: d.url,
                get: match d.get {
                    Get::Files(_) => format!("comity record fetch {}", d.id),
                    Get::ByHand(how) => how.to_owned(),
                },
                newest: edition.map(|e| (e.version, e.last_year)),
                tables: tables.into_iter().collect(),
                present: present.map(|s| s.id.clone()).collect(),
            }
        };
        DATASETS.iter().map(about).collect()
    }

    /// Ids of published datasets that nothing reads yet.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let unread = record.unread();
    /// assert!(record.datasets().iter().filter(|d| unread.iter().any(|id| id == d.id)).all(|d| d.newest.is_none()));
    /// ```
    pub fn unread(&self) -> Vec<String> {
        let declared = self.tables().catalogue().datasets().iter();
        declared.filter(|d| d.editions.is_empty()).map(|d| d.id.to_owned()).collect()
    }

    /// The tables that each commitment of a policy reads, by id.
    ///
    /// ```
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// let reads = comity::Record::starter().reads(&policy)?;
    /// assert!(reads.values().any(|tables| !tables.is_empty()));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A query that cannot be planned.
    pub fn reads(
        &self,
        policy: &Policy,
    ) -> Result<BTreeMap<String, BTreeSet<&'static str>>, Error> {
        Ok(comity_policy::reads(policy.document(), self.tables())?.into_iter().collect())
    }
}
