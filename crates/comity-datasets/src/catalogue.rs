//! Every dataset in one list, and what a record is given of them.

use std::sync::{Arc, LazyLock};

use arrow::array::RecordBatch;
use comity_record::catalogue::{Base, Catalogue, Declaration, Edition};
use comity_record::source::Source;

use crate::dataset::Dataset;
use crate::starter;
use crate::unread::UNREAD;

/// Every dataset that can be read, by id.
pub static DATASETS: LazyLock<Vec<&'static Dataset>> = LazyLock::new(|| {
    let publishers = [
        crate::aiddata::DATASETS,
        crate::atop::DATASETS,
        crate::country_codes::DATASETS,
        crate::cow::DATASETS,
        crate::event_data::DATASETS,
        crate::exercises::DATASETS,
        crate::gleditsch::DATASETS,
        crate::griffiths::DATASETS,
        crate::icb::DATASETS,
        crate::icow::DATASETS,
        crate::peacesciencer::DATASETS,
        crate::sanctions::DATASETS,
        crate::sipri::DATASETS,
        crate::trade_agreements::DATASETS,
        crate::ucdp::DATASETS,
        crate::un::DATASETS,
        crate::us_deployments::DATASETS,
        crate::world_bank::DATASETS,
    ];
    let mut all = publishers.concat();
    all.sort_by_key(|d| d.id);
    all
});

/// The starter and the declarations of all datasets: what a record is opened with.
pub fn catalogue() -> &'static Arc<Catalogue> {
    static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| {
        let mut declared: Vec<Declaration> = DATASETS.iter().map(|d| declaration(d)).collect();
        declared.extend(UNREAD.iter().cloned());
        declared.sort_by_key(|d| d.id);
        Arc::new(Catalogue::new(Arc::new(Starter), declared))
    });
    &CATALOGUE
}

fn declaration(dataset: &Dataset) -> Declaration {
    let edition =
        |e: &crate::dataset::Edition| Edition { version: e.version, last_year: e.last_year };
    Declaration {
        id: dataset.id,
        proposed_as: dataset.proposed_as.unwrap_or(dataset.id),
        title: dataset.title,
        url: dataset.url,
        tables: dataset.tables,
        baseline: dataset.baseline,
        editions: dataset.editions.iter().map(edition).collect(),
    }
}

/// The starter as a record's base.
struct Starter;

impl Base for Starter {
    fn sources(&self) -> Vec<Source> {
        starter::sources()
    }

    fn tables(&self, source: &str) -> Vec<&'static str> {
        starter::tables(source)
    }

    fn rows(&self, source: &str, table: &str) -> RecordBatch {
        starter::table(source, table)
    }

    fn content(&self, source: &str, table: &str) -> Option<&'static str> {
        starter::content(source, table)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use comity_record::schema::{TABLES, table};

    use super::*;

    #[test]
    fn every_fact_table_has_a_dataset_that_fills_it() {
        for t in TABLES.iter().filter(|t| !t.structural && t.name != "authorizations") {
            assert!(!catalogue().proposed(t.name).is_empty(), "nothing is said to fill {}", t.name);
        }
        for d in catalogue().datasets() {
            assert!(d.tables.iter().all(|t| table(t).is_some()), "{} names no table", d.id);
        }
    }

    #[test]
    fn a_family_has_one_dataset_that_answers_by_default() {
        let mut defaults: BTreeMap<&str, &str> = BTreeMap::new();
        for d in DATASETS.iter() {
            for family in d.baseline {
                assert!(d.relations.iter().any(|(f, _)| f == family), "{} in {family}", d.id);
                let before = defaults.insert(family, d.id);
                assert!(before.is_none(), "{before:?} and {} both answer in {family}", d.id);
            }
        }
    }
}
