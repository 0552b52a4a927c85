//! Properties of panels over random records, and the refusals a user meets.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::util::display::array_value_to_string;
use comity_panel::{Codes, Derived, Panel, PanelError, Spec, Unit};
use comity_record::rows::TableRows;
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle};
use proptest::prelude::*;

const CODES: [i32; 5] = [2, 20, 200, 365, 710];
const FROM: i32 = 1900;
const TO: i32 = 1930;

/// A record of a few states with gaps in their lives, capabilities, contiguity and disputes.
#[derive(Debug, Clone)]
struct World {
    spells: Vec<(usize, i32, i32)>,
    milex: Vec<(usize, i32, i32)>,
    borders: Vec<(usize, usize, i32, i32)>,
    disputes: Vec<(usize, usize, i32, i32)>,
    covered: (i32, i32),
    reversed: bool,
}

fn world() -> impl Strategy<Value = World> {
    let state = 0..CODES.len();
    let years = (FROM..TO, 0..12_i32);
    let span = years.prop_map(|(from, long)| (from, (from + long).min(TO)));
    let pair = (0..CODES.len(), 1..CODES.len()).prop_map(|(a, b)| (a, (a + b) % CODES.len()));
    (
        prop::collection::vec(
            (state.clone(), span.clone()).prop_map(|(s, (a, b))| (s, a, b)),
            1..9,
        ),
        prop::collection::vec((state, FROM..TO, 0..90), 0..40),
        prop::collection::vec(
            (pair.clone(), span.clone()).prop_map(|((a, b), (f, t))| (a, b, f, t)),
            0..8,
        ),
        prop::collection::vec(
            (pair, span.clone()).prop_map(|((a, b), (f, t))| (a, b, f, t)),
            0..10,
        ),
        span,
    )
        .prop_map(|(spells, milex, borders, disputes, covered)| World {
            spells,
            milex,
            borders,
            disputes,
            covered,
            reversed: false,
        })
}

pub(super) fn source(
    id: &str,
    family: &str,
    relation: Relation,
    coverage: Vec<Coverage>,
    tables: Vec<TableRows>,
) -> SourceBundle {
    let (dataset, version) = id.rsplit_once('-').unwrap();
    SourceBundle {
        source: Source {
            id: id.into(),
            dataset: dataset.into(),
            version: version.into(),
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
        },
        tables: tables.into_iter().map(|t| (t.table().name, t.finish())).collect(),
    }
}

impl World {
    fn record(&self) -> Record {
        // One life at a time: spells of a state that meet are one.
        let mut lives: BTreeMap<usize, Vec<(i32, i32)>> = BTreeMap::new();
        let mut spells = self.spells.clone();
        spells.sort_unstable();
        for (state, from, to) in spells {
            let lives = lives.entry(state).or_default();
            match lives.last_mut() {
                Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
                _ => lives.push((from, to)),
            }
        }
        let rows = |name: &str, id: &str, cells: Vec<Vec<(&str, comity_record::rows::Value)>>| {
            let mut made = TableRows::new(table(name).unwrap(), id);
            let mut cells: Vec<_> = cells.into_iter().enumerate().collect();
            if self.reversed {
                cells.reverse();
            }
            for (n, row) in cells {
                made.push(&row, format!("{name} {n}"));
            }
            made
        };
        let states = lives.iter().flat_map(|(state, lives)| {
            lives.iter().map(move |(a, b)| {
                vec![
                    ("ccode", CODES[*state].into()),
                    ("name", format!("state {state}").into()),
                    ("abbr", "ABC".into()),
                    ("start_year", (*a).into()),
                    ("end_year", (*b).into()),
                ]
            })
        });
        let mut seen = BTreeMap::new();
        self.milex.iter().for_each(|(s, y, v)| {
            seen.entry((*s, *y)).or_insert(*v);
        });
        let milex = seen.into_iter().map(|((s, y), v)| {
            vec![("ccode", CODES[s].into()), ("year", y.into()), ("milex", f64::from(v).into())]
        });
        let borders = self.borders.iter().flat_map(|(a, b, from, to)| {
            [(a, b), (b, a)].map(|(a, b)| {
                vec![
                    ("ccode", CODES[*a].into()),
                    ("partner", CODES[*b].into()),
                    ("conttype", 1.into()),
                    ("start_year", (*from).into()),
                    ("end_year", (*to).into()),
                ]
            })
        });
        let disputes = self.disputes.iter().enumerate().map(|(n, (_, _, from, to))| {
            vec![
                ("dispute_id", n.to_string().into()),
                ("fatality", 0.into()),
                ("hostility", 3.into()),
                ("start_year", (*from).into()),
                ("end_year", (*to).into()),
            ]
        });
        let parties = self.disputes.iter().enumerate().flat_map(|(n, (a, b, from, to))| {
            [(a, true), (b, false)].map(|(s, side)| {
                vec![
                    ("dispute_id", n.to_string().into()),
                    ("ccode", CODES[*s].into()),
                    ("side_a", side.into()),
                    ("start_year", (*from).into()),
                    ("end_year", (*to).into()),
                ]
            })
        });
        let (first, last) = self.covered;
        let all = |name: &str| Coverage::all(name, first, last);
        let bundles = vec![
            source(
                "system-1",
                "system",
                Relation::Complement,
                vec![Coverage::all("states", FROM, TO)],
                vec![rows("states", "system-1", states.collect())],
            ),
            source(
                "nmc-1",
                "capabilities",
                Relation::Complement,
                vec![all("capabilities")],
                vec![rows("capabilities", "nmc-1", milex.collect())],
            ),
            source(
                "contiguity-1",
                "contiguity",
                Relation::Complement,
                vec![all("contiguity")],
                vec![rows("contiguity", "contiguity-1", borders.collect())],
            ),
            source(
                "cow-mid-1",
                "disputes",
                Relation::Rival,
                vec![all("disputes"), all("dispute_parties")],
                vec![
                    rows("disputes", "cow-mid-1", disputes.collect()),
                    rows("dispute_parties", "cow-mid-1", parties.collect()),
                ],
            ),
        ];
        Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default())
            .unwrap()
    }
}

fn spec(unit: Unit, directed: bool) -> Spec {
    let with =
        ["nmc", "contiguity", "disputes", "peace-years"].map(|g| (g.to_owned(), None)).to_vec();
    let derived = if unit == Unit::DyadYears { "lag(milex1,1)" } else { "lag(milex,1)" };
    Spec { directed, with, derived: vec![Derived::parse(derived).unwrap()], ..Spec::new(unit) }
}

pub(super) fn frame(record: &Record, spec: &Spec) -> RecordBatch {
    let panel = Panel::prepare(record, spec).unwrap();
    concat_batches(&panel.schema(), &panel.batches().unwrap()).unwrap()
}

pub(super) type Row = BTreeMap<String, String>;

/// The rows by their keys; a null is empty.
pub(super) fn rows(batch: &RecordBatch, keys: &[&str]) -> BTreeMap<Vec<String>, Row> {
    let cell = |name: &str, row: usize| {
        array_value_to_string(batch.column_by_name(name).unwrap(), row).unwrap()
    };
    let mut rows = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let key = keys.iter().map(|k| cell(k, row)).collect();
        let cells = batch
            .schema()
            .fields()
            .iter()
            .map(|f| (f.name().clone(), cell(f.name(), row)))
            .collect();
        assert!(rows.insert(key, cells).is_none(), "a key stands twice");
    }
    rows
}

const DYAD: &[&str] = &["ccode1", "ccode2", "year"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_directions_say_the_same(world in world()) {
        let record = world.record();
        let directed = rows(&frame(&record, &spec(Unit::DyadYears, true)), DYAD);
        let undirected = rows(&frame(&record, &spec(Unit::DyadYears, false)), DYAD);
        prop_assert_eq!(directed.len(), 2 * undirected.len());
        for (key, row) in &undirected {
            // The same values in the order of the pair, and turned round in the other.
            let mut there = directed[key].clone();
            let turned = &directed[&vec![key[1].clone(), key[0].clone(), key[2].clone()]];
            for name in ["init", "init_sidea", "init_orig"] {
                // Who begins is told of directed pairs alone.
                let [one, two] = [1, 2].map(|n| there.remove(&format!("{name}{n}")));
                prop_assert_eq!(one.as_ref(), turned.get(&format!("{name}2")));
                prop_assert_eq!(two.as_ref(), turned.get(&format!("{name}1")));
            }
            prop_assert_eq!(&there, row);
            for name in ["conttype", "cowmidongoing", "cowmidonset", "cowmidspell", "dispnum"] {
                prop_assert_eq!(&turned[name], &row[name], "{}", name);
            }
            for (one, two) in [("milex1", "milex2"), ("milex2", "milex1"), ("sidea1", "sidea2")] {
                prop_assert_eq!(&turned[one], &row[two], "{}", one);
            }
        }
    }

    #[test]
    fn the_order_of_rows_in_a_source_changes_nothing(world in world()) {
        let turned = World { reversed: true, ..world.clone() };
        for unit in [Unit::DyadYears, Unit::StateYears] {
            let spec = spec(unit, true);
            prop_assert_eq!(frame(&world.record(), &spec), frame(&turned.record(), &spec));
        }
    }

    #[test]
    fn a_frame_that_is_kept_is_the_one_that_is_streamed(world in world(), many in 1_usize..40) {
        let record = world.record();
        for unit in [Unit::DyadYears, Unit::StateYears, Unit::StateMonths] {
            let panel = Panel::prepare(&record, &spec(unit, true)).unwrap();
            let mut streamed = Vec::new();
            let keep = |batch| {
                streamed.push(batch);
                Ok::<(), PanelError>(())
            };
            panel.each(many, |batch| batch, keep).unwrap();
            let kept = panel.batches().unwrap();
            let [kept, streamed] =
                [&kept, &streamed].map(|b| concat_batches(&panel.schema(), b).unwrap());
            prop_assert_eq!(kept, streamed);
        }
    }

    #[test]
    fn a_part_is_the_whole_without_the_rest(world in world(), from in FROM..TO, long in 0..20) {
        let record = world.record();
        for unit in [Unit::DyadYears, Unit::StateYears, Unit::DyadMonths] {
            let keys: &[&str] = match unit {
                Unit::StateYears => &["ccode", "year"],
                Unit::DyadMonths => &["ccode1", "ccode2", "year", "month"],
                _ => DYAD,
            };
            let mut spec = spec(unit, false);
            if unit == Unit::DyadMonths {
                spec.derived.clear();
            }
            let whole = rows(&frame(&record, &spec), keys);
            let part = |years: std::ops::RangeInclusive<i32>| -> BTreeMap<Vec<String>, Row> {
                match Panel::prepare(&record, &Spec { years: Some(years), ..spec.clone() }) {
                    Ok(panel) => rows(&concat_batches(&panel.schema(), &panel.batches().unwrap()).unwrap(), keys),
                    // No state in these years at all.
                    Err(error) => {
                        assert!(error.message.starts_with("no state is listed"), "{error}");
                        BTreeMap::new()
                    }
                }
            };
            let year = |row: &Row| row["year"].parse::<i32>().unwrap();
            let to = from + long;
            let wanted: BTreeMap<_, _> =
                whole.iter().filter(|(_, row)| (from..=to).contains(&year(row))).map(|(k, r)| (k.clone(), r.clone())).collect();
            prop_assert_eq!(&part(from..=to), &wanted);
            // Years that do not meet, put together, are the whole.
            let mut united = part(FROM..=from);
            united.extend(part(from + 1..=TO));
            prop_assert_eq!(&united, &whole);
        }
    }

    #[test]
    fn a_zero_stands_only_where_a_source_covers(world in world()) {
        let rows = rows(&frame(&world.record(), &spec(Unit::DyadYears, false)), DYAD);
        let (from, to) = world.covered;
        for row in rows.values() {
            let covered = (from..=to).contains(&row["year"].parse::<i32>().unwrap());
            for name in ["conttype", "cowmidongoing", "cowmidonset"] {
                if row[name] == "0" {
                    // The years after the first of a dispute are no onsets, which its row says itself.
                    prop_assert!(covered || !row["dispnum"].is_empty(), "{} {:?}", name, row);
                }
                if covered {
                    prop_assert!(!row[name].is_empty(), "{} {:?}", name, row);
                }
            }
            // What is not published is not known, covered or not.
            let published = world.milex.iter().any(|(s, y, _)| {
                CODES[*s].to_string() == row["ccode1"] && y.to_string() == row["year"]
            });
            prop_assert_eq!(!row["milex1"].is_empty(), published);
        }
    }
}

fn refused(spec: &Spec) -> String {
    let world = World {
        spells: vec![(0, 1900, 1920), (1, 1900, 1920), (2, 1900, 1910)],
        milex: Vec::new(),
        borders: Vec::new(),
        disputes: Vec::new(),
        covered: (1900, 1920),
        reversed: false,
    };
    let error = Panel::prepare(&world.record(), spec).err().map(|e| e.to_string());
    error.expect("it is refused")
}

#[test]
fn what_cannot_be_made_is_refused_with_the_way_out() {
    let with = |group: &str, choice: Option<&str>| Spec {
        with: vec![(group.to_owned(), choice.map(str::to_owned))],
        ..Spec::new(Unit::DyadYears)
    };
    let cases = [
        (with("pledge", None), "did you mean `pledges`"),
        (with("disputes", Some("icb")), "one of cow, cow-init, gml"),
        (with("disputes", Some("gml")), "comity record fetch gml-mid"),
        (with("disputes", Some("gml-leaders")), "ask for disputes:gml, or for state-years"),
        (with("igos", None), "needs the dataset"),
        (with("peace-years", None), "disputes:cow,peace-years"),
        (Spec { unit: Unit::StateYears, ..with("relevance", None) }, "about pairs of states"),
        (Spec { columns: vec!["cinc3".into()], ..with("nmc", None) }, "did you mean"),
        (Spec { codes: Codes::Gw, ..Spec::new(Unit::DyadYears) }, "gw-states"),
        (Spec { years: Some(1950..=1960), ..Spec::new(Unit::DyadYears) }, "--extend-to"),
        (
            Spec { unit: Unit::KadYears, k: 9, states: vec![2, 20], ..Spec::new(Unit::DyadYears) },
            "groups of 9",
        ),
        (Spec { states: vec![999], ..Spec::new(Unit::DyadYears) }, "no state 999"),
    ];
    for (spec, wanted) in cases {
        let error = refused(&spec);
        assert!(error.contains(wanted), "{error}");
    }
    for bad in ["lag(milex", "lag(milex,0)", "median(milex,3)", "milex"] {
        assert!(Derived::parse(bad).is_err(), "{bad}");
    }
}

pub(super) fn filled(
    name: &str,
    id: &str,
    cells: Vec<Vec<(&str, comity_record::rows::Value)>>,
) -> TableRows {
    let mut made = TableRows::new(table(name).unwrap(), id);
    for (n, row) in cells.into_iter().enumerate() {
        made.push(&row, format!("{name} {n}"));
    }
    made
}

/// Three states for some years, of which the first is a great power, beside one more source.
pub(super) fn beside(
    family: &str,
    further: Vec<TableRows>,
    coverage: Vec<Coverage>,
    id: &str,
) -> Record {
    let state = |ccode: i32| {
        vec![
            ("ccode", ccode.into()),
            ("name", format!("state {ccode}").into()),
            ("abbr", "ABC".into()),
            ("start_year", 1900.into()),
            ("end_year", 1905.into()),
        ]
    };
    let power = vec![("ccode", 2.into()), ("start_year", 1903.into()), ("end_year", 1905.into())];
    let system = source(
        "system-1",
        "system",
        Relation::Complement,
        vec![Coverage::all("states", 1900, 1905), Coverage::all("major_powers", 1900, 1905)],
        vec![
            filled("states", "system-1", [2, 20, 200].map(state).to_vec()),
            filled("major_powers", "system-1", vec![power]),
        ],
    );
    let further = source(id, family, Relation::Complement, coverage, further);
    Record::from_bundles_in(
        comity_datasets::catalogue(),
        vec![system, further],
        Preferences::default(),
    )
    .unwrap()
}

pub(super) fn of_pairs(record: &Record, with: &str, directed: bool) -> BTreeMap<Vec<String>, Row> {
    let (group, choice) = with.split_once(':').map_or((with, None), |(g, c)| (g, Some(c)));
    let spec = Spec {
        directed,
        with: vec![(group.to_owned(), choice.map(str::to_owned))],
        ..Spec::new(Unit::DyadYears)
    };
    rows(&frame(record, &spec), DYAD)
}

#[test]
fn relevance_takes_contiguity_by_spell_alone() {
    let spell = |one: i32, two: i32, kind: i32, from: i32, to: i32| {
        vec![
            ("ccode", one.into()),
            ("partner", two.into()),
            ("conttype", kind.into()),
            ("start_year", from.into()),
            ("end_year", to.into()),
        ]
    };
    let spells = vec![spell(20, 200, 0, 1900, 1901), spell(20, 200, 1, 1902, 1904)];
    let record = beside(
        "contiguity_spells",
        vec![filled("contiguity_spells", "contiguity-spells-1", spells)],
        vec![Coverage::all("contiguity_spells", 1900, 1904)],
        "contiguity-spells-1",
    );
    let rows = of_pairs(&record, "relevance", false);
    let relevant = |one: &str, two: &str| -> Vec<String> {
        let of = |year: i32| {
            rows[&vec![one.to_owned(), two.to_owned(), year.to_string()]]["prd"].clone()
        };
        (1900..=1905).map(of).collect()
    };
    assert_eq!(relevant("20", "200"), ["0", "0", "1", "1", "1", ""]);
    assert_eq!(relevant("2", "20"), ["0", "0", "0", "1", "1", ""]);
}

/// State 2 fights state 20 for a part of 1901 and again from 1903; state 200 joins on the second side after the first spell of 2.
pub(super) fn war() -> Record {
    let day = |year: i16, month: i8, day: i8| jiff::civil::Date::constant(year, month, day);
    let party = |ccode: i32,
                 side: i32,
                 (from, to): (jiff::civil::Date, jiff::civil::Date),
                 deaths: Option<i32>| {
        vec![
            ("war_id", "1".into()),
            ("ccode", ccode.into()),
            ("side", side.into()),
            ("initiator", (side == 1).into()),
            ("outcome", side.into()),
            ("deaths", deaths.into()),
            ("start", Some(from).into()),
            ("end", Some(to).into()),
            ("start_year", i32::from(from.year()).into()),
            ("end_year", i32::from(to.year()).into()),
        ]
    };
    let first = (day(1901, 2, 1), day(1901, 6, 30));
    let second = (day(1903, 11, 1), day(1904, 1, 15));
    let parties = vec![
        party(2, 1, first, Some(70)),
        party(2, 1, second, None),
        party(20, 2, first, Some(30)),
        party(20, 2, second, None),
        party(200, 2, (day(1901, 7, 1), day(1901, 12, 1)), Some(5)),
    ];
    beside(
        "wars",
        vec![filled("war_parties", "cow-war-inter-1", parties)],
        vec![Coverage::all("war_parties", 1900, 1904)],
        "cow-war-inter-1",
    )
}

#[test]
fn opponents_fight_on_the_same_days_and_fall_in_every_spell() {
    let rows = of_pairs(&war(), "wars:inter", true);
    let cells = |one: &str, two: &str, name: &str| -> Vec<String> {
        let of =
            |year: i32| rows[&vec![one.to_owned(), two.to_owned(), year.to_string()]][name].clone();
        (1900..=1905).map(of).collect()
    };
    assert_eq!(cells("2", "20", "cowinterongoing"), ["0", "1", "0", "1", "1", ""]);
    assert_eq!(cells("2", "20", "cowinteronset"), ["0", "1", "0", "1", "0", ""]);
    assert_eq!(cells("2", "20", "resume"), ["", "0", "", "1", "1", ""]);
    assert_eq!(cells("2", "20", "batdeath1"), ["", "70", "", "70", "70", ""]);
    assert_eq!(cells("20", "2", "batdeath1"), ["", "30", "", "30", "30", ""]);
    assert_eq!(cells("20", "2", "sidea1"), ["", "2", "", "2", "2", ""]);
    // In the same year and war, and never on the same day.
    assert_eq!(cells("2", "200", "cowinterongoing"), ["0", "0", "0", "0", "0", ""]);
}
