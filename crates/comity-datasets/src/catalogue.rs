//! Every dataset in one list, and what a record is given of them.

use std::sync::{Arc, LazyLock};

use arrow::array::RecordBatch;
use comity_record::catalogue::{Base, Catalogue, Declaration, Edition};
use comity_record::source::Source;

use crate::announced;
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
        crate::ethz::DATASETS,
        crate::event_data::DATASETS,
        crate::exercises::DATASETS,
        crate::gibler_miller::DATASETS,
        crate::gleditsch::DATASETS,
        crate::griffiths::DATASETS,
        crate::icb::DATASETS,
        crate::icow::DATASETS,
        crate::imi::DATASETS,
        crate::indices::DATASETS,
        crate::peace_data::DATASETS,
        crate::peacesciencer::DATASETS,
        crate::sanctions::DATASETS,
        crate::sipri::DATASETS,
        crate::trade_agreements::DATASETS,
        crate::ucdp::DATASETS,
        crate::un::DATASETS,
        crate::us_aid::DATASETS,
        crate::us_deployments::DATASETS,
        crate::world_bank::DATASETS,
        crate::wto::DATASETS,
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
        Arc::new(Catalogue::new(Arc::new(Starter), declared).with_pages(crate::pages::of))
    });
    &CATALOGUE
}

fn declaration(dataset: &Dataset) -> Declaration {
    let edition = |e: &crate::dataset::Edition| Edition {
        version: e.version,
        released: e.released,
        last_year: e.last_year,
    };
    Declaration {
        id: dataset.id,
        proposed_as: dataset.proposed_as.unwrap_or(dataset.id),
        title: dataset.title,
        url: dataset.url,
        tables: dataset.tables,
        baseline: dataset.baseline,
        editions: dataset.editions.iter().map(edition).collect(),
        announced: announced::of(dataset.id).last().map(|a| Edition {
            version: a.version,
            released: a.released,
            last_year: a.last_year,
        }),
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
    use std::collections::{BTreeMap, BTreeSet};

    use comity_record::coverage::Coverage;
    use comity_record::schema::{TABLES, table};

    use crate::cells::Cells;
    use crate::dataset::{FileKind, Files};
    use crate::output::Output;
    use crate::row::Sheet;

    use super::*;

    /// Tables that no published dataset fills.
    const OF_THE_STARTER: [&str; 2] = ["authorizations", "organization_positions"];

    #[test]
    fn every_fact_table_has_a_dataset_that_fills_it() {
        for t in TABLES.iter().filter(|t| !t.structural && !OF_THE_STARTER.contains(&t.name)) {
            assert!(!catalogue().proposed(t.name).is_empty(), "nothing is said to fill {}", t.name);
        }
        for d in catalogue().datasets() {
            assert!(d.tables.iter().all(|t| table(t).is_some()), "{} names no table", d.id);
        }
    }

    /// Every declaration, with what is wrong with it.
    fn wrong(check: impl Fn(&Dataset, &mut dyn FnMut(String))) -> Vec<String> {
        let mut wrong = Vec::new();
        for dataset in DATASETS.iter() {
            check(dataset, &mut |what| wrong.push(format!("{}: {what}", dataset.id)));
        }
        wrong
    }

    #[test]
    fn tables_and_families_exist_and_agree_with_the_relations() {
        let wrong = wrong(|d, say| {
            let families = comity_record::reading::families();
            let stands = |family: &str| d.relations.iter().any(|(f, _)| *f == family);
            for (family, _) in d.relations {
                if !families.contains(family) {
                    say(format!("no family is called {family}"));
                }
            }
            let claims = d.editions.iter().flat_map(|e| (d.coverage)(e));
            let named: Vec<Coverage> =
                d.tables.iter().map(|t| Coverage::all(t, 1, 1)).chain(claims).collect();
            for claim in &named {
                let Some(table) = table(&claim.table) else {
                    say(format!("no table is called {}", claim.table));
                    continue;
                };
                if !stands(table.family) {
                    say(format!("{} is in {}, where it has no relation", table.name, table.family));
                }
                for column in claim.only.keys().chain(claim.except.keys()) {
                    // A claim about some rows of a table may name a column of another of its family.
                    let family = TABLES.iter().filter(|t| t.family == table.family);
                    if !family.into_iter().any(|t| t.column(column).is_some()) {
                        say(format!("{} has no column {column}", table.name));
                    }
                }
                if claim.from > claim.to {
                    say(format!("{} is covered from {} to {}", table.name, claim.from, claim.to));
                }
            }
            for family in d.baseline {
                let fills =
                    named.iter().any(|c| table(&c.table).is_some_and(|t| t.family == *family));
                if !stands(family) || !fills {
                    say(format!("it is the baseline of {family} and fills no table of it"));
                }
            }
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn columns_editions_and_roles_that_a_file_names_exist() {
        let wrong = wrong(|d, say| {
            let editions = |version: &str| d.editions.iter().any(|e| e.version == version);
            for kind in d.files {
                let columns: Vec<&str> =
                    kind.wanted().chain(kind.optional.split_whitespace()).collect();
                let unique: BTreeSet<&&str> = columns.iter().collect();
                if unique.len() < columns.len() {
                    say(format!("{} has a column twice", kind.role));
                }
                if columns.iter().any(|c| *c != c.to_lowercase()) {
                    say(format!("{} has a column in capitals", kind.role));
                }
                let rules = kind.missing.iter().flat_map(|m| m.columns.iter().copied());
                // `version` is where a version stands if there is any.
                for column in rules.chain(kind.version.filter(|v| *v != "version")) {
                    // The codes of a dataset may be written once for all its files.
                    if !d.files.iter().any(|k| k.open || k.names(column)) {
                        say(format!("{} has no column {column}", kind.role));
                    }
                }
                for version in kind.edition.iter().chain(kind.joins) {
                    if !editions(version) {
                        say(format!(
                            "{} is of the edition {version}, which is not known",
                            kind.role
                        ));
                    }
                }
                if d.files
                    .iter()
                    .filter(|k| k.role == kind.role && k.edition == kind.edition)
                    .count()
                    > 1
                {
                    say(format!("{} is there twice", kind.role));
                }
            }
            for (role, _) in d.editions.iter().flat_map(|e| e.rows) {
                if !d.files.iter().any(|k| k.role == *role) {
                    say(format!("rows of {role} are counted, and no file is called so"));
                }
            }
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn files_with_the_same_header_differ_in_their_rows() {
        let header = |k: &FileKind| k.wanted().map(str::to_owned).collect::<BTreeSet<_>>();
        let wrong = wrong(|d, say| {
            for (at, one) in d.files.iter().enumerate() {
                for other in &d.files[at + 1..] {
                    let by_rows = |k: &FileKind| k.row_test.is_some() || k.bare.is_some();
                    if header(one) == header(other) && !by_rows(one) && !by_rows(other) {
                        say(format!("{} and {} have the same header", one.role, other.role));
                    }
                }
            }
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn editions_have_dates_of_release_in_their_order() {
        let day = |text: &str| -> Option<jiff::civil::Date> {
            let parts: Vec<&str> = text.split('-').collect();
            let form = [4, 2, 2];
            if parts.len() > 3 || parts.iter().zip(form).any(|(p, n)| p.len() != n) {
                return None;
            }
            let part = |at: usize| parts.get(at).map_or(Some(1), |p| p.parse::<i8>().ok());
            jiff::civil::Date::new(parts[0].parse().ok()?, part(1)?, part(2)?).ok()
        };
        assert!(day("2025-13").is_none() && day("2025-6").is_none() && day("25").is_none());
        let wrong = wrong(|d, say| {
            let grows = d.files.iter().any(|k| k.many);
            let mut before = None;
            for e in d.editions {
                let Some(released) = day(e.released) else {
                    say(format!("{} was released on {:?}", e.version, e.released));
                    continue;
                };
                if before.is_some_and(|b| released < b) {
                    say(format!("{} was released before the one before it", e.version));
                }
                let grows = grows || e.version == "unnumbered";
                if i32::from(released.year()) < e.last_year && !grows {
                    say(format!("{} was released before its last year", e.version));
                }
                before = Some(released);
            }
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// A cell that most readers take for a column of that name.
    fn cell(column: &str, filling: &str) -> String {
        let like = |parts: &[&str]| parts.iter().any(|p| column.contains(p));
        match filling {
            "" if like(&["date"]) => "2000-01-01".into(),
            "" if like(&["year", "yr", "yent", "begin", "end"]) => "2000".into(),
            "" => "2".into(),
            all => all.into(),
        }
    }

    #[test]
    fn columns_that_a_reader_asks_for_are_columns_of_its_files() {
        let places = crate::codes::Places::starter();
        let wrong = wrong(|d, say| {
            let names = |column: &str| {
                column.starts_with('#') || d.files.iter().any(|k| k.open || k.names(column))
            };
            let mut asked = BTreeSet::new();
            for edition in d.editions {
                for filling in ["", "1", "1990", "0.5", "USA", "2000-01-01", "200001"] {
                    let its_own =
                        d.files.iter().filter(|k| k.edition.is_none_or(|e| e == edition.version));
                    let sheet = |kind: &'static FileKind| {
                        let columns: Vec<&str> =
                            kind.wanted().chain(kind.optional.split_whitespace()).collect();
                        let cells: Vec<String> = columns.iter().map(|c| cell(c, filling)).collect();
                        let text = format!("{}\n{}\n", columns.join(","), cells.join(","));
                        let cells = Cells::parse_below(kind.role, &text, 0).ok()?;
                        Some((kind.role, Sheet::new(Arc::new(cells), kind.missing)))
                    };
                    let sheets = its_own.filter_map(sheet).collect();
                    let files = Files { edition: *edition, sheets, places: Arc::clone(&places) };
                    crate::row::ABSENT.with_borrow_mut(BTreeSet::clear);
                    let mut out = Output::placing("x-1", Arc::clone(&places));
                    let _ = (d.map)(&files, &mut out);
                    asked.extend(crate::row::ABSENT.with_borrow_mut(std::mem::take));
                }
            }
            for column in asked.iter().filter(|c| !names(c)) {
                say(format!("no file has a column {column}"));
            }
        });
        assert!(wrong.is_empty(), "{wrong:#?}");
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
