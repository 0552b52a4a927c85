//! What a record stands on besides its own sources: facts that are always there, and what is declared of published datasets.
//!
//! This crate knows no dataset by name. The caller that opens a record passes a [`Catalogue`]; `comity-datasets` has the real one.

use std::fmt;
use std::sync::Arc;

use arrow::array::RecordBatch;

use crate::reading::in_order;
use crate::source::Source;

/// A record that is part of the program: its sources answer only where no other covers.
pub trait Base: Send + Sync {
    /// Its sources with their coverage.
    fn sources(&self) -> Vec<Source>;
    /// The canonical tables that one of its sources writes to, by name.
    fn tables(&self, source: &str) -> Vec<&'static str>;
    /// One table of one source, in the canonical schema.
    fn rows(&self, source: &str, table: &str) -> RecordBatch;
    /// SHA-256 over the sorted logical rows of a table, where it is known without making them.
    fn content(&self, source: &str, table: &str) -> Option<&'static str>;
}

/// One edition of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition {
    /// As the publisher writes it.
    pub version: &'static str,
    /// When it was released: a year, a month or a day as in ISO 8601, as precisely as is sure.
    pub released: &'static str,
    /// The last year it covers.
    pub last_year: i32,
}

/// What is declared of one published dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Its id, without a version.
    pub id: &'static str,
    /// Under which name it is proposed, where it is one of several that are got together; else its id.
    pub proposed_as: &'static str,
    /// Full title.
    pub title: &'static str,
    /// Its page, for people.
    pub url: &'static str,
    /// The canonical tables that it fills, where people look for an answer.
    pub tables: &'static [&'static str],
    /// The families of tables in which it answers where rivals differ; of complements, its row stands where two hold the same key.
    pub baseline: &'static [&'static str],
    /// The editions that are known, oldest first; none: it is published, and nothing reads it yet.
    pub editions: Vec<Edition>,
    /// A newer edition that is published and was not reviewed yet.
    pub announced: Option<Edition>,
}

impl Declaration {
    fn last_year(&self) -> Option<i32> {
        self.editions.iter().map(|e| e.last_year).max()
    }

    /// Whether its newest edition, or one that is newer still, is among the sources.
    fn is_newest_in(&self, sources: &[Source]) -> bool {
        let newest = self.editions.iter().max_by_key(|e| e.last_year);
        let reaches = |s: &Source, e: &Edition| {
            s.version == e.version || s.unreviewed && in_order(&s.version) > in_order(e.version)
        };
        newest.is_some_and(|e| sources.iter().any(|s| s.dataset == self.id && reaches(s, e)))
    }
}

/// A row that something was found in.
pub struct Place<'a> {
    /// The dataset, without its version.
    pub dataset: &'a str,
    /// The row's key.
    pub key: &'a str,
    /// Texts and numbers of the row, by column.
    pub column: &'a dyn Fn(&str) -> Option<String>,
}

/// The address of the page that a publisher has about one event of its dataset.
pub type Pages = fn(&Place<'_>) -> Option<String>;

/// The base record and the declarations of datasets, as one argument.
#[derive(Clone, Default)]
pub struct Catalogue {
    base: Option<Arc<dyn Base>>,
    datasets: Vec<Declaration>,
    pages: Option<Pages>,
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("datasets", &self.datasets.len()).finish_non_exhaustive()
    }
}

impl Catalogue {
    /// A catalogue of that base record and those datasets.
    pub fn new(base: Arc<dyn Base>, datasets: Vec<Declaration>) -> Self {
        Self { base: Some(base), datasets, pages: None }
    }

    /// The same with the pages that publishers have about single events.
    #[must_use]
    pub fn with_pages(self, pages: Pages) -> Self {
        Self { pages: Some(pages), ..self }
    }

    /// The page about the event that a row is of, where its publisher has one.
    pub fn page(&self, place: &Place<'_>) -> Option<String> {
        self.pages.and_then(|pages| pages(place))
    }

    /// The base record; none in a catalogue of nothing.
    pub fn base(&self) -> Option<&Arc<dyn Base>> {
        self.base.as_ref()
    }

    /// What is declared, by id.
    pub fn datasets(&self) -> &[Declaration] {
        &self.datasets
    }

    /// The dataset that answers in a family where rivals differ.
    pub fn baseline(&self, family: &str) -> Option<&'static str> {
        self.datasets.iter().find(|d| d.baseline.contains(&family)).map(|d| d.id)
    }

    /// Of the datasets that are proposed under a name, the edition that reaches furthest: of which dataset, and the edition.
    pub fn furthest(&self, proposed: &str) -> Option<(&'static str, Edition)> {
        let named = self.datasets.iter().filter(|d| d.proposed_as == proposed);
        let editions =
            named.flat_map(|d| d.editions.iter().chain(&d.announced).map(|e| (d.id, *e)));
        editions.max_by_key(|(_, e)| e.last_year)
    }

    fn filling(&self, table: &str) -> Vec<&Declaration> {
        let family = crate::schema::table(table).map_or("", |t| t.family);
        let mut all: Vec<&Declaration> =
            self.datasets.iter().filter(|d| d.tables.contains(&table)).collect();
        all.sort_by_key(|d| !d.baseline.contains(&family));
        all
    }

    /// Names of the datasets that fill a table, in the order they are proposed: the one that answers by default first.
    pub fn proposed(&self, table: &str) -> Vec<&'static str> {
        let mut names = Vec::new();
        for declared in self.filling(table) {
            if !names.contains(&declared.proposed_as) {
                names.push(declared.proposed_as);
            }
        }
        names
    }

    /// What can still be added to fill a table from `from` to `to`: the span in two where every dataset ends inside it. A dataset
    /// that is in the record at its newest version is not proposed; where nothing is left to add, the list is empty.
    pub fn to_add(
        &self,
        table: &str,
        (from, to): (i32, i32),
        sources: &[Source],
    ) -> Vec<(i32, i32, Vec<&'static str>)> {
        let (mut helpful, mut last): (Vec<&'static str>, _) = (Vec::new(), i32::MIN);
        for declared in self.filling(table) {
            // Of a dataset without editions nothing is known but that it is published.
            let ends = if declared.editions.is_empty() {
                Some(to)
            } else {
                declared.last_year().filter(|_| !declared.is_newest_in(sources))
            };
            if let Some(ends) = ends.filter(|ends| *ends >= from) {
                if !helpful.contains(&declared.proposed_as) {
                    helpful.push(declared.proposed_as);
                }
                last = last.max(ends);
            }
        }
        match last {
            _ if helpful.is_empty() => vec![(from, to, helpful)],
            _ if last >= to => vec![(from, to, helpful)],
            _ => vec![(from, last, helpful), (last + 1, to, Vec::new())],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(id: &'static str, baseline: &'static [&'static str], years: &[i32]) -> Declaration {
        let versions = ["1", "2"];
        Declaration {
            id,
            proposed_as: id,
            title: "",
            url: "",
            tables: &["pledges"],
            baseline,
            editions: years
                .iter()
                .zip(versions)
                .map(|(year, version)| Edition { version, released: "2020", last_year: *year })
                .collect(),
            announced: None,
        }
    }

    fn catalogue(datasets: Vec<Declaration>) -> Catalogue {
        Catalogue { base: None, datasets, pages: None }
    }

    #[test]
    fn what_the_record_has_in_its_newest_version_is_not_proposed_again() {
        let source = |dataset: &str, version: &str| Source {
            dataset: dataset.into(),
            version: version.into(),
            ..Source::default()
        };
        let all = catalogue(vec![
            declared("blocs", &[], &[2012]),
            declared("pacts", &["treaties"], &[2016, 2018]),
        ]);
        let both = vec!["pacts", "blocs"];
        assert_eq!(all.baseline("treaties"), Some("pacts"));
        assert_eq!(
            all.to_add("pledges", (1990, 2025), &[]),
            [(1990, 2018, both), (2019, 2025, Vec::new())]
        );
        let older = [source("pacts", "1")];
        assert_eq!(all.to_add("pledges", (2017, 2018), &older), [(2017, 2018, vec!["pacts"])]);
        let newest = [source("pacts", "2"), source("blocs", "1")];
        assert_eq!(all.to_add("pledges", (1990, 2025), &newest), [(1990, 2025, Vec::new())]);
        let newer = Source { unreviewed: true, ..source("pacts", "3") };
        let all_there = [newer, source("blocs", "1")];
        assert_eq!(all.to_add("pledges", (1990, 2025), &all_there), [(1990, 2025, Vec::new())]);
        let unread = catalogue(vec![declared("letters", &[], &[])]);
        assert_eq!(unread.to_add("pledges", (1990, 1991), &[])[0].2, ["letters"]);
    }

    #[test]
    fn an_edition_that_is_only_announced_reaches_furthest() {
        let announced = Edition { version: "3", released: "2026", last_year: 2024 };
        let pacts = Declaration {
            announced: Some(announced),
            ..declared("pacts", &["treaties"], &[2016, 2018])
        };
        let all = catalogue(vec![pacts, declared("blocs", &[], &[2012])]);
        assert_eq!(all.furthest("pacts"), Some(("pacts", announced)));
        assert_eq!(all.furthest("blocs").map(|(id, e)| (id, e.last_year)), Some(("blocs", 2012)));
        assert_eq!(all.furthest("letters"), None);
    }

    #[test]
    fn parts_that_are_got_together_are_proposed_once() {
        let part = |id| Declaration { proposed_as: "pacts", ..declared(id, &[], &[2007]) };
        let all = catalogue(vec![part("pacts-east"), part("pacts-west")]);
        assert_eq!(all.proposed("pledges"), ["pacts"]);
        assert_eq!(all.to_add("pledges", (2000, 2006), &[]), [(2000, 2006, vec!["pacts"])]);
    }
}
