//! A record as of a day: only editions that were published by then.

use jiff::civil::Date;

use crate::record::Record;
use crate::schema::table;
use crate::source::Source;

/// A source that a record as of a day does not have, or has in part only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotYet {
    /// Its id.
    pub source: String,
    /// Why.
    pub why: Why,
}

/// Why a source is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its edition was released later: when, as precisely as is sure.
    Released(&'static str),
    /// It is not known when its edition was released.
    Undated,
    /// Its rows are dated by no publication: of the facts in the program only the state system is left.
    Starter,
}

impl Record {
    /// The record as of the end of a day: sources of an edition that was published later, or of which it is not known when it was, are
    /// hidden. A release that is known to the year or month is taken to be on its last day. The facts inside the program are dated by no
    /// publication: of these only the tables that say who was a state stay.
    pub fn as_of(&self, day: Date) -> (Self, Vec<NotYet>) {
        let base: Vec<String> = self
            .catalogue()
            .base()
            .map(|base| base.sources().into_iter().map(|s| s.id).collect())
            .unwrap_or_default();
        let (mut kept, mut hidden) = (Vec::new(), Vec::new());
        for source in self.sources() {
            let mut not_yet = |why: Why| hidden.push(NotYet { source: source.id.clone(), why });
            if base.contains(&source.id) {
                let structural = |name: &str| table(name).is_some_and(|t| t.structural);
                let tables: Vec<&'static str> =
                    self.tables_of(&source.id).into_iter().filter(|t| structural(t)).collect();
                if tables.len() < self.tables_of(&source.id).len() {
                    not_yet(Why::Starter);
                }
                if !tables.is_empty() {
                    let mut source = source.clone();
                    source.coverage.retain(|c| structural(&c.table));
                    kept.push((source, Some(tables)));
                }
                continue;
            }
            match released(self, source) {
                Some(when) if last_day(when).is_some_and(|last| last <= day) => {
                    kept.push((source.clone(), None));
                }
                Some(when) => not_yet(Why::Released(when)),
                None => not_yet(Why::Undated),
            }
        }
        (self.only(kept), hidden)
    }
}

/// When the edition of a source was released.
fn released(record: &Record, source: &Source) -> Option<&'static str> {
    let declared = record.catalogue().datasets().iter().find(|d| d.id == source.dataset)?;
    let mut editions = declared.editions.iter().chain(&declared.announced);
    editions.find(|e| e.version == source.version).map(|e| e.released).filter(|r| !r.is_empty())
}

/// The last day of a year, a month or a day.
fn last_day(text: &str) -> Option<Date> {
    let mut parts = text.split('-').map(str::parse::<i16>);
    let year = parts.next()?.ok()?;
    let month = parts.next().map_or(Some(12), |m| i8::try_from(m.ok()?).ok())?;
    let first = Date::new(year, month, 1).ok()?;
    match parts.next() {
        Some(day) => Date::new(year, month, i8::try_from(day.ok()?).ok()?).ok(),
        None => Some(first.last_of_month()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::RecordBatch;

    use super::*;
    use crate::catalogue::{Catalogue, Declaration, Edition};
    use crate::coverage::Coverage;
    use crate::reading::Preferences;
    use crate::rows::TableRows;
    use crate::source::{Relation, SourceBundle};

    fn bundle(version: &str, draft: &str) -> SourceBundle {
        let id = format!("list-{version}");
        let mut made = TableRows::new(table("vetoes").unwrap(), &id);
        made.push(&[("draft", draft.into()), ("ccode", 2.into()), ("year", 1970.into())], draft);
        let source = Source {
            id,
            dataset: "list".into(),
            version: version.into(),
            relations: [("vetoes".to_owned(), Relation::Complement)].into(),
            coverage: vec![Coverage::all("vetoes", 1946, 2020)],
            ..Source::default()
        };
        SourceBundle { source, tables: vec![("vetoes", made.finish())] }
    }

    fn catalogue() -> Arc<Catalogue> {
        struct Nothing;
        impl crate::catalogue::Base for Nothing {
            fn sources(&self) -> Vec<Source> {
                Vec::new()
            }
            fn tables(&self, _: &str) -> Vec<&'static str> {
                Vec::new()
            }
            fn rows(&self, _: &str, name: &str) -> RecordBatch {
                RecordBatch::new_empty(table(name).unwrap().schema())
            }
            fn content(&self, _: &str, _: &str) -> Option<&'static str> {
                None
            }
        }
        let edition = |version, released| Edition { version, released, last_year: 2020 };
        let declared = Declaration {
            id: "list",
            proposed_as: "list",
            title: "A list",
            url: "",
            tables: &["vetoes"],
            baseline: &[],
            editions: vec![
                edition("1", "2020"),
                edition("2", "2024-06"),
                edition("3", "2025-03-10"),
            ],
            announced: None,
        };
        Arc::new(Catalogue::new(Arc::new(Nothing), vec![declared]))
    }

    #[test]
    fn an_edition_is_there_from_its_release_on() {
        let bundles = vec![bundle("1", "A"), bundle("2", "B"), bundle("3", "C")];
        let record =
            Record::from_bundles_in(&catalogue(), bundles, Preferences::default()).unwrap();
        for (day, left) in [
            ("2020-12-30", &[][..]),
            ("2020-12-31", &["list-1"]),
            ("2024-06-29", &["list-1"]),
            ("2024-06-30", &["list-1", "list-2"]),
            ("2025-03-10", &["list-1", "list-2", "list-3"]),
        ] {
            let (seen, hidden) = record.as_of(day.parse().unwrap());
            let ids: Vec<&str> = seen.sources().iter().map(|s| s.id.as_str()).collect();
            assert_eq!(ids, left, "{day}");
            assert_eq!(hidden.len(), 3 - left.len(), "{day}");
        }
    }

    #[test]
    fn it_is_the_record_that_holds_only_what_was_out() {
        let catalogue = catalogue();
        let of =
            |bundles| Record::from_bundles_in(&catalogue, bundles, Preferences::default()).unwrap();
        let all = of(vec![bundle("1", "A"), bundle("2", "B")]);
        let then = of(vec![bundle("1", "A")]);
        let (seen, hidden) = all.as_of("2023-01-01".parse().unwrap());
        assert_eq!(seen.fingerprint().unwrap(), then.fingerprint().unwrap());
        assert_eq!(hidden, [NotYet { source: "list-2".into(), why: Why::Released("2024-06") }]);
    }

    #[test]
    fn what_is_not_dated_is_hidden() {
        let mut own = bundle("9", "Z");
        own.source.dataset = "mine".into();
        let record = Record::from_bundles_in(
            &catalogue(),
            vec![own, bundle("7", "Y")],
            Preferences::default(),
        )
        .unwrap();
        let (seen, hidden) = record.as_of("2030-01-01".parse().unwrap());
        assert!(seen.sources().is_empty());
        assert!(hidden.iter().all(|h| h.why == Why::Undated) && hidden.len() == 2);
    }
}
