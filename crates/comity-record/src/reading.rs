//! Readings: one choice of sources per family of tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::coverage::{Coverage, Only};
use crate::schema::TABLES;
use crate::source::{Relation, Source};

/// What a record prefers where rivals differ: per family, a dataset or a source id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Family and the dataset or source that is its baseline.
    #[serde(default)]
    pub baseline: BTreeMap<String, String>,
}

/// One choice of sources per family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Reading {
    /// `baseline`, or `family=source` for a rival with all else at baseline.
    pub id: String,
    /// Per family the ids of the sources that answer, in order; the starter last.
    pub choices: BTreeMap<String, Vec<String>>,
}

impl Reading {
    /// The sources that answer in a family.
    pub fn sources(&self, family: &str) -> &[String] {
        self.choices.get(family).map_or(&[], Vec::as_slice)
    }
}

/// Every family of tables.
pub fn families() -> BTreeSet<&'static str> {
    TABLES.iter().map(|t| t.family).collect()
}

/// Compares versions by their numbers: 6.0 is newer than 5.1, 25.1 than 24.9. One that holds letters is newer than none without. Of a year and
/// a number, `2020` and `2.3`, the one that reaches further is the newer.
pub(crate) fn newer(a: &Source, b: &Source) -> bool {
    let is_year =
        |s: &Source| s.version.len() == 4 && s.version.bytes().all(|b| b.is_ascii_digit());
    let mixed = is_year(a) != is_year(b);
    let order = |s: &Source| {
        let (plain, numbers) = in_order(&s.version);
        let reaches = s.coverage.iter().map(|c| c.to).max().filter(|_| mixed);
        (plain, reaches, numbers)
    };
    (order(a), &a.id) > (order(b), &b.id)
}

/// What versions are ordered by.
pub(crate) fn in_order(version: &str) -> (bool, Vec<u64>) {
    let numbers = version.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    (!version.contains(char::is_alphabetic), numbers.collect())
}

/// The sources that answer in `family`: the named or preferred rival, every complement in its newest
/// version, the starter, and every layer. The starter answers without the published when it is named.
pub(crate) fn choose(
    sources: &[Source],
    preferences: &Preferences,
    default: Option<&str>,
    family: &str,
    named: Option<&str>,
) -> Vec<String> {
    let mut newest: BTreeMap<&str, &Source> = BTreeMap::new();
    let (mut starter, mut layers) = (Vec::new(), Vec::new());
    for source in sources {
        match source.relations.get(family) {
            None => {}
            Some(Relation::Layer) => layers.push(source.id.clone()),
            Some(Relation::Starter | Relation::Beside) => starter.push(source.id.clone()),
            Some(_) => {
                let best = newest.entry(source.dataset.as_str()).or_insert(source);
                let is_named = |s: &Source| named == Some(s.id.as_str());
                if is_named(source) || !is_named(best) && newer(source, best) {
                    *best = source;
                }
            }
        }
    }
    let is_wanted = |s: &&Source| named.is_some_and(|n| s.id == n || s.dataset == n);
    if sources.iter().filter(|s| starter.contains(&s.id)).any(|s| is_wanted(&s)) {
        return [starter, layers].concat();
    }
    let preferred = named.or(preferences.baseline.get(family).map(String::as_str)).or(default);
    let is_preferred =
        |s: &&&Source| Some(s.id.as_str()) == preferred || Some(s.dataset.as_str()) == preferred;
    let with =
        |relation| newest.values().filter(move |s| s.relations.get(family) == Some(&relation));
    let rival = with(Relation::Rival).find(is_preferred).or(with(Relation::Rival).next());
    let mut chosen: Vec<String> = rival.iter().map(|s| s.id.clone()).collect();
    chosen.extend(with(Relation::Complement).filter(is_preferred).map(|s| s.id.clone()));
    chosen.extend(with(Relation::Complement).filter(|s| !is_preferred(s)).map(|s| s.id.clone()));
    chosen.extend(starter);
    chosen.extend(layers);
    chosen
}

/// The coverage of one table under one reading. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableCoverage {
    entries: Arc<[(String, Coverage)]>,
}

impl TableCoverage {
    pub(crate) fn new(entries: Vec<(String, Coverage)>) -> Self {
        Self { entries: entries.into() }
    }

    /// Whether silence about this state in this year means something, for a query for all rows of the table.
    pub fn covers(&self, ccode: i32, year: i32) -> bool {
        self.covers_rows(ccode, year, &Only::new())
    }

    /// The same for a query for these rows only.
    pub fn covers_rows(&self, ccode: i32, year: i32, wanted: &Only) -> bool {
        self.entries.iter().any(|(_, c)| c.covers_rows(ccode, year, wanted))
    }

    /// The claims, by source.
    pub fn entries(&self) -> &[(String, Coverage)] {
        &self.entries
    }

    fn counting(&self) -> impl Iterator<Item = &(String, Coverage)> {
        self.entries.iter().filter(|(_, c)| !c.context)
    }

    /// The last year that `source` covers.
    pub fn last_year(&self, source: &str) -> Option<i32> {
        self.counting().filter(|(s, _)| s == source).map(|(_, c)| c.to).max()
    }

    /// The last year of a spell of `source` that begins in `start` and has an open end: it lasts as long as its source covers. A source
    /// that covers nothing speaks only of the year in which the spell begins.
    pub fn open_end(&self, source: &str, start: i32) -> i32 {
        self.last_year(source).unwrap_or(start).max(start)
    }

    /// The claims that count for a query for these rows only: a state and year is covered if one of them speaks of both.
    pub fn answering(&self, wanted: &Only) -> Vec<Coverage> {
        self.entries.iter().map(|(_, c)| c).filter(|c| c.answers(wanted)).cloned().collect()
    }

    /// Those of them that one source makes.
    pub fn answering_of(&self, source: &str, wanted: &Only) -> Vec<Coverage> {
        let own = self.entries.iter().filter(|(id, c)| id == source && c.answers(wanted));
        own.map(|(_, c)| c.clone()).collect()
    }

    /// The same for a query for all rows.
    pub fn answering_all(&self) -> Vec<Coverage> {
        self.answering(&Only::new())
    }

    /// The first and the last year that any source covers.
    pub fn span(&self) -> Option<(i32, i32)> {
        let from = self.counting().map(|(_, c)| c.from).min()?;
        let to = self.counting().map(|(_, c)| c.to).max()?;
        Some((from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(id: &str, relation: Relation) -> Source {
        let (dataset, version) = id.rsplit_once('-').unwrap();
        Source {
            id: id.into(),
            dataset: dataset.into(),
            version: version.into(),
            title: String::new(),
            publisher: String::new(),
            citation: String::new(),
            licence: String::new(),
            url: String::new(),
            relations: [("treaties".to_owned(), relation)].into(),
            files: Vec::new(),
            added: String::new(),
            coverage: Vec::new(),
            notes: Vec::new(),
            unplaced: Vec::new(),
            unreviewed: false,
        }
    }

    fn chosen(ids: &[&str], named: Option<&str>) -> Vec<String> {
        let sources: Vec<Source> = ids
            .iter()
            .map(|id| match *id {
                id if id.starts_with("starter") => source(id, Relation::Starter),
                id if id.starts_with("more") => source(id, Relation::Complement),
                id => source(id, Relation::Rival),
            })
            .collect();
        choose(&sources, &Preferences::default(), Some("atop"), "treaties", named)
    }

    #[test]
    fn an_open_end_lasts_as_long_as_its_own_source_covers() {
        let claim =
            |source: &str, from, to| (source.to_owned(), Coverage::all("leaders", from, to));
        let context =
            ("a-1".to_owned(), Coverage { context: true, ..Coverage::all("leaders", 1900, 2050) });
        let covered =
            TableCoverage::new(vec![claim("a-1", 1900, 2010), claim("b-1", 1990, 2020), context]);
        let ends = [("a-1", 2000), ("b-1", 2000), ("a-1", 2015), ("c-1", 1999)]
            .map(|(source, start)| covered.open_end(source, start));
        assert_eq!(ends, [2010, 2020, 2015, 1999]);
        assert_eq!(covered.answering_all().len(), 2);
        let of = |source: &str| covered.answering_of(source, &Only::new()).len();
        assert_eq!(["a-1", "b-1", "c-1"].map(of), [1, 1, 0]);
        for (ccode, year) in [(2, 1899), (2, 1900), (2, 2020), (2, 2021)] {
            let any = covered.answering_all().iter().any(|c| c.covers(ccode, year));
            assert_eq!(any, covered.covers(ccode, year), "{year}");
        }
    }

    #[test]
    fn newest_version_of_the_preferred_rival_then_complements_then_starter() {
        let all = ["atop-4.01", "atop-5.1", "cow-alliances-4.1", "more-2", "more-10", "starter-1"];
        assert_eq!(chosen(&all, None), ["atop-5.1", "more-10", "starter-1"]);
        assert_eq!(chosen(&all, Some("atop-4.01")), ["atop-4.01", "more-10", "starter-1"]);
        assert_eq!(
            chosen(&all, Some("cow-alliances")),
            ["cow-alliances-4.1", "more-10", "starter-1"]
        );
        assert_eq!(chosen(&all, Some("starter")), ["starter-1"]);
        assert_eq!(chosen(&["b-1", "a-1"], None), ["a-1"]);
        assert!(chosen(&[], None).is_empty());
        for letters in ["atop-beta99", "atop-v9.1"] {
            assert_eq!(chosen(&["atop-5.1", letters], None), ["atop-5.1"], "{letters}");
            assert_eq!(chosen(&[letters, "atop-5.1"], None), ["atop-5.1"], "{letters}");
        }
    }
}
