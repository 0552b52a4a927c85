//! Small records with every kind of source and claim, as plain rows; and the same as a `Record`.

use std::collections::{BTreeMap, BTreeSet};

use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle, Units};

use super::random::Random;

/// The tables that rows are made for; a family each.
pub const TABLES: [&str; 3] = ["crises", "diplomatic_exchange", "vetoes"];
pub const TEXTS: [&str; 4] = ["k1", "k2", "k3", "k4"];
/// The years that worlds live in.
pub const FIRST: i32 = 1990;
pub const LAST: i32 = 2003;

/// Column names of a table or view: year, text, number, other state.
pub fn columns(
    name: &str,
) -> (&'static str, Option<&'static str>, &'static str, Option<&'static str>) {
    match name.trim_start_matches("every.") {
        "vetoes" => ("year", Some("draft"), "yes", None),
        "diplomatic_exchange" => ("year", None, "level", Some("partner")),
        "crises" => ("start_year", Some("crisis_id"), "violence", Some("trigger_by")),
        "crisis_years" => ("year", Some("crisis_id"), "violence", Some("trigger_by")),
        other => panic!("{other}"),
    }
}

/// One row of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    pub ccode: i32,
    pub year: i32,
    pub end: Option<i32>,
    pub text: String,
    pub number: Option<i32>,
    pub other: Option<i32>,
    pub source: String,
    pub key: String,
}

#[derive(Debug, Clone)]
pub struct Claim {
    pub units: Units,
    pub from: i32,
    pub to: i32,
    pub only: Option<BTreeSet<String>>,
    pub except: Option<BTreeSet<String>>,
    pub context: bool,
}

#[derive(Debug, Clone)]
pub struct Given {
    pub dataset: String,
    pub version: i32,
    pub table: &'static str,
    pub rival: bool,
    pub rows: Vec<Fact>,
    pub claims: Vec<Claim>,
}

impl Given {
    pub fn id(&self) -> String {
        format!("{}-{}", self.dataset, self.version)
    }
}

#[derive(Debug, Clone)]
pub struct World {
    /// State, first and last year of each spell.
    pub members: Vec<(i32, i32, Option<i32>)>,
    pub sources: Vec<Given>,
    /// Family and the dataset that is preferred in it.
    pub preferred: BTreeMap<&'static str, String>,
}

impl World {
    /// A world of a few states, or of enough to compare standings.
    pub fn random(r: &mut Random, crowded: bool) -> Self {
        let states = if crowded { r.between(31, 36) } else { r.between(3, 6) };
        let mut members = Vec::new();
        for ccode in 1..=states {
            if crowded || r.chance(2, 3) {
                members.push((ccode, FIRST - 2, None));
            } else {
                let from = r.between(FIRST - 1, LAST - 4);
                let to = r.between(from, from + 4);
                members.push((ccode, from, r.chance(3, 4).then_some(to)));
                if members[members.len() - 1].2.is_some() && r.chance(1, 2) {
                    members.push((ccode, to + 3, None));
                }
            }
        }
        let mut sources = Vec::new();
        for table in TABLES {
            let count = r.between(0, if crowded { 2 } else { 4 });
            for n in 0..count {
                let dataset =
                    format!("{}{}", &table[..1], ["a", "b", "c"][r.between(0, 2) as usize]);
                let version = n + 1;
                sources.push(given(r, table, dataset, version, states, crowded));
            }
        }
        // How a dataset stands to others is the same in every version.
        let mut rival: BTreeMap<String, bool> = BTreeMap::new();
        for s in &mut sources {
            s.rival = *rival.entry(s.dataset.clone()).or_insert(s.rival);
        }
        let mut preferred = BTreeMap::new();
        for s in &sources {
            if r.chance(1, 6) {
                preferred.insert(s.table, s.dataset.clone());
            }
        }
        Self { members, sources, preferred }
    }

    pub fn states(&self) -> BTreeSet<i32> {
        self.members.iter().map(|m| m.0).collect()
    }

    /// Whether the state is a member in the year.
    pub fn is_member(&self, ccode: i32, year: i32) -> bool {
        self.members
            .iter()
            .any(|(c, from, to)| *c == ccode && *from <= year && to.is_none_or(|t| year <= t))
    }

    /// The last year that any claim reaches.
    pub fn horizon(&self) -> i32 {
        let claims = self.sources.iter().flat_map(|s| &s.claims);
        claims.filter(|c| !c.context).map(|c| c.to).max().unwrap_or(1816)
    }

    pub fn record(&self) -> Record {
        let mut made = TableRows::new(table("states").unwrap(), "system-1");
        for (n, (ccode, from, to)) in self.members.iter().enumerate() {
            let to = to.map_or(Value::Null, Value::Int);
            made.push(
                &[("ccode", (*ccode).into()), ("start_year", (*from).into()), ("end_year", to)],
                format!("{n}"),
            );
        }
        let system = source("system", 1, "system", Relation::Complement, Vec::new());
        let mut bundles =
            vec![SourceBundle { source: system, tables: vec![("states", made.finish())] }];
        for s in &self.sources {
            let relation = if s.rival { Relation::Rival } else { Relation::Complement };
            let claims = s.claims.iter().map(|c| c.coverage(s.table)).collect();
            let mut made = TableRows::new(table(s.table).unwrap(), &s.id());
            for f in &s.rows {
                let (year, text, number, other) = columns(s.table);
                let int = |v: Option<i32>| v.map_or(Value::Null, Value::Int);
                let mut cells =
                    vec![("ccode", f.ccode.into()), (year, f.year.into()), (number, int(f.number))];
                cells.extend(text.map(|t| (t, f.text.as_str().into())));
                cells.extend(other.map(|o| (o, int(f.other))));
                if s.table == "crises" {
                    cells.push(("end_year", int(f.end)));
                }
                made.push(&cells, f.key.clone());
            }
            let source = source(&s.dataset, s.version, s.table, relation, claims);
            bundles.push(SourceBundle { source, tables: vec![(s.table, made.finish())] });
        }
        let baseline = self.preferred.iter().map(|(f, d)| ((*f).to_owned(), d.clone())).collect();
        Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences { baseline })
            .unwrap()
    }
}

impl Claim {
    /// About every row of every state.
    pub fn all(from: i32, to: i32) -> Self {
        Self { units: Units::All, from, to, only: None, except: None, context: false }
    }

    /// Whether a row that is missing would make it false.
    pub fn speaks_of(&self, f: &Fact) -> bool {
        let units = match &self.units {
            Units::All => true,
            Units::States(s) => s.contains(&f.ccode),
            Units::AllExcept(s) => !s.contains(&f.ccode),
        };
        let rows = self.only.as_ref().is_none_or(|only| only.contains(&f.text))
            && self.except.as_ref().is_none_or(|out| !out.contains(&f.text));
        let years = f.year <= self.to && self.from <= f.end.unwrap_or(f.year).max(f.year);
        !self.context && units && rows && years
    }

    fn coverage(&self, name: &str) -> Coverage {
        let mut c = Coverage::all(name, self.from, self.to);
        c.units = self.units.clone();
        c.context = self.context;
        if let (Some(column), Some(texts)) = (columns(name).1, &self.only) {
            c.only.insert(column.to_owned(), texts.clone());
        }
        if let (Some(column), Some(texts)) = (columns(name).1, &self.except) {
            c.except.insert(column.to_owned(), texts.clone());
        }
        c
    }
}

fn given(
    r: &mut Random,
    name: &'static str,
    dataset: String,
    version: i32,
    states: i32,
    crowded: bool,
) -> Given {
    let id = format!("{dataset}-{version}");
    let mut rows = Vec::new();
    let mut add = |r: &mut Random, ccode: i32, year: i32| {
        let key = format!("{id} {:03}", rows.len());
        rows.push(Fact {
            ccode,
            year,
            end: r.chance(2, 3).then(|| year + r.between(0, 3)),
            text: (*r.pick(&TEXTS)).to_owned(),
            number: r.chance(5, 6).then(|| r.between(0, 9)),
            other: r.chance(4, 5).then(|| r.between(1, states)),
            source: id.clone(),
            key,
        });
    };
    if crowded {
        let (missing, from, to) =
            (r.between(0, 8), FIRST + r.between(0, 3), FIRST + r.between(3, 9));
        for year in from..=to {
            for ccode in 1..=states {
                if !r.chance(missing, 40) {
                    add(r, ccode, year);
                }
            }
        }
    } else {
        for _ in 0..r.between(0, 14) {
            let (ccode, year) = (r.between(1, states), r.between(FIRST - 4, LAST + 3));
            add(r, ccode, year);
        }
    }
    // A directed pair has one row a year, as in published tables.
    if name == "diplomatic_exchange" {
        for f in rows.iter_mut() {
            f.other = Some(f.other.unwrap_or(1));
        }
    }
    let texts = columns(name).1.is_some();
    let some = |r: &mut Random| -> BTreeSet<String> {
        TEXTS.iter().filter(|_| r.chance(1, 2)).map(|t| (*t).to_owned()).collect()
    };
    let claims = (0..r.between(if crowded { 1 } else { 0 }, 3))
        .map(|_| {
            let from = r.between(FIRST - 4, LAST - 2);
            let few = |r: &mut Random| (1..=states).filter(|_| r.chance(2, 3)).collect();
            let units = match r.between(0, if crowded { 11 } else { 5 }) {
                0 => Units::States(few(r)),
                1 => Units::AllExcept((1..=states).filter(|_| r.chance(1, 4)).collect()),
                _ => Units::All,
            };
            let only = (texts && r.chance(1, 4)).then(|| some(r)).filter(|s| !s.is_empty());
            let except = (texts && r.chance(1, 6)).then(|| some(r)).filter(|s| !s.is_empty());
            Claim { units, from, to: r.between(from, LAST), only, except, context: r.chance(1, 10) }
        })
        .collect();
    Given { dataset, version, table: name, rival: r.chance(3, 5), rows, claims }
}

/// A veto of a draft of its own, from a source that claims nothing.
pub fn layer(ccode: i32, year: i32, yes: i32) -> SourceBundle {
    let mut made = TableRows::new(table("vetoes").unwrap(), "act-1");
    made.push(
        &[
            ("ccode", ccode.into()),
            ("year", year.into()),
            ("draft", "act".into()),
            ("yes", yes.into()),
        ],
        "act",
    );
    let source = source("act", 1, "vetoes", Relation::Complement, Vec::new());
    SourceBundle { source, tables: vec![("vetoes", made.finish())] }
}

fn source(
    dataset: &str,
    version: i32,
    family: &str,
    relation: Relation,
    coverage: Vec<Coverage>,
) -> Source {
    Source {
        id: format!("{dataset}-{version}"),
        dataset: dataset.into(),
        version: version.to_string(),
        title: String::new(),
        publisher: String::new(),
        citation: String::new(),
        licence: String::new(),
        url: String::new(),
        relations: BTreeMap::from([(family.to_owned(), relation)]),
        files: Vec::new(),
        added: String::new(),
        coverage,
        notes: Vec::new(),
        unplaced: Vec::new(),
        unreviewed: false,
    }
}
