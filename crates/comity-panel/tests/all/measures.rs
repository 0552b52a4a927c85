//! Measures over the published datasets, against the numbers that were published or recomputed from them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, Int32Type};
use comity_panel::{MEASURES, MeasureRequest, Measured, measure};
use comity_record::Record;

use crate::published;

fn record() -> &'static Record {
    static RECORD: OnceLock<Record> = OnceLock::new();
    RECORD.get_or_init(|| {
        published::record(
            &["atop-5.1", "cow-states", "cow-nmc", "cow-contiguity", "isard", "peacesciencer"],
            |_| true,
        )
    })
}

fn rows(name: &str, given: &[(&str, &str)]) -> RecordBatch {
    let given = given.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
    let request = MeasureRequest { given, reading: None };
    Measured::prepare(record(), measure(name).unwrap(), &request).unwrap().rows().unwrap()
}

fn reals(batch: &RecordBatch, name: &str) -> Vec<Option<f64>> {
    batch.column_by_name(name).unwrap().as_primitive::<Float64Type>().iter().collect()
}

fn ints(batch: &RecordBatch, name: &str) -> Vec<i32> {
    batch.column_by_name(name).unwrap().as_primitive::<Int32Type>().values().to_vec()
}

/// Recomputed from ATOP 5.1 dyad-years with the members of the Correlates of War of the calendar year; the table of S, kappa and pi.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn similarity_of_four_pairs_to_four_digits() {
    for (states, year, wanted) in [
        ("255,365", "1914", [45.0, 0.6593, 0.6889, 0.6444, 0.2308, 0.2308]),
        ("255,300", "1914", [45.0, 0.9556, 0.9556, 0.9556, 0.8966, 0.8964]),
        ("2,200", "1914", [45.0, 0.7333, 0.7630, 0.6889, -0.0396, -0.0843]),
        ("2,200", "2010", [194.0, 0.4708, 0.5395, 0.3711, 0.4115, 0.3637]),
    ] {
        let of = rows("similarity", &[("years", year), ("states", states)]);
        let columns = ["items", "s_abs", "s_sq", "s_binary", "kappa_binary", "pi_binary"];
        for (column, wanted) in columns.into_iter().zip(wanted) {
            let ours = reals(&of, column);
            assert_eq!(ours.len(), 1);
            let ours = ours[0].unwrap();
            assert!(
                (ours - wanted).abs() < 0.5e-4,
                "{states} {year} {column}: {ours}, not {wanted}"
            );
        }
    }
}

/// National Material Capabilities 7.0: the index from the components, on every row.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn cinc_of_every_row_is_the_published_one() {
    let ours = rows("cinc", &[]);
    let published = record().table("capabilities", &record().baseline()).unwrap();
    let key = |batch: &RecordBatch| -> Vec<(i32, i32)> {
        ints(batch, "ccode").into_iter().zip(ints(batch, "year")).collect()
    };
    let index: BTreeMap<(i32, i32), Option<f64>> =
        key(&ours).into_iter().zip(reals(&ours, "cinc")).collect();
    let mut compared = 0;
    for (at, theirs) in key(&published).into_iter().zip(reals(&published, "cinc")) {
        let Some(theirs) = theirs else { continue };
        let ours = index[&at].unwrap();
        assert!((ours - theirs).abs() < 1e-7, "{at:?}: {ours}, not {theirs}");
        compared += 1;
    }
    assert!(compared > 17_000, "{compared}");
    // The figures of methods.md, "CINC".
    for (at, wanted) in [
        ((2, 1945), 0.383_863_54),
        ((2, 2012), 0.139_219_06),
        ((710, 2012), 0.220_364_18),
        ((2, 2022), 0.123_565_74),
        ((710, 2022), 0.234_096_63),
    ] {
        assert!((index[&at].unwrap() - wanted).abs() < 1e-7, "{at:?}");
    }
}

/// methods.md, "CON", recomputed for the great powers.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn concentration_among_great_powers() {
    for (year, wanted) in [("1913", 0.2378), ("1946", 0.4516)] {
        let con = reals(&rows("con", &[("years", year)]), "con");
        assert_eq!(con.len(), 1);
        assert!((con[0].unwrap() - wanted).abs() < 0.5e-4, "{year}: {con:?}");
    }
}

/// The 71 races of Gibler, Rider and Hutchison on National Material Capabilities 7.0 (methods.md, "Arms races"): 65 satisfy the rule in every
/// year after the first, 68 show three such years that follow each other on both sides, counted from the year before.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn the_listed_arms_races_against_the_rule() {
    let all = rows("listed_arms_race", &[]);
    assert_eq!(all.num_rows(), 71);
    let count = |holds: &dyn Fn(usize) -> bool| (0..71).filter(|row| holds(*row)).count();
    let (satisfied, longest) = (ints(&all, "satisfied"), ints(&all, "longest"));
    assert_eq!(count(&|row| satisfied[row] == 1), 65);
    assert_eq!(count(&|row| longest[row] >= 3), 68);
    let ids = all.column_by_name("race_id").unwrap().as_string::<i32>();
    let not: BTreeMap<&str, &str> = (0..71)
        .filter(|row| satisfied[*row] == 0)
        .map(|row| {
            let not_in = all.column_by_name("not_in").unwrap().as_string::<i32>();
            (ids.value(row), not_in.value(row))
        })
        .collect();
    let wanted = [
        ("30", "1963"),
        ("48", "1974"),
        ("49", "1974"),
        ("50", "1977"),
        ("60", "1979"),
        ("66", "1980"),
    ];
    assert_eq!(not, wanted.into());
}

/// Races of strategic rivals that the rule finds: most of the list, and many that judgement left out.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn races_that_the_rule_finds_among_rivals() {
    let found = rows("arms_race", &[]);
    let key = ["ccode1", "ccode2", "start"].map(|name| ints(&found, name));
    let listed = found.column_by_name("listed").unwrap().as_string::<i32>();
    let race = |row: usize| {
        let id = listed.is_valid(row).then(|| listed.value(row));
        ((key[0][row], key[1][row], key[2][row]), id)
    };
    let races: BTreeMap<(i32, i32, i32), Option<&str>> = (0..found.num_rows()).map(race).collect();
    let on_list = races.values().flatten().collect::<std::collections::BTreeSet<_>>().len();
    let unlisted = races.values().filter(|id| id.is_none()).count();
    assert_eq!((races.len(), on_list, unlisted), (171, 68, 103));
    for rule in ["diehl", "horn"] {
        let other = rows("arms_race", &[("rule", rule)]);
        assert!(other.num_rows() > 100, "{rule}");
    }
    let fits = rows("richardson", &[("states", "2,365"), ("years", "1950-1989")]);
    assert_eq!(fits.num_rows(), 1);
    assert!(reals(&fits, "reaction1")[0].is_some());
}

/// Blocs, centrality and distance in the alliances of ATOP 5.1.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn networks_of_alliances() {
    let of = |name: &str, given: &[(&str, &str)]| rows(name, given);
    let blocs = of("blocs", &[("years", "1970")]);
    let bloc: BTreeMap<i32, i32> =
        ints(&blocs, "ccode").into_iter().zip(ints(&blocs, "bloc")).collect();
    // The Warsaw Pact and the Atlantic Alliance are different blocs, and the states of each are in one.
    assert_eq!((bloc[&365], bloc[&200]), (bloc[&290], bloc[&220]));
    assert_ne!(bloc[&365], bloc[&200]);
    let modularity = reals(&blocs, "modularity")[0].unwrap();
    assert!(modularity > 0.3, "{modularity}");
    let sweden = ints(&blocs, "ccode").iter().position(|c| *c == 380).unwrap();
    assert!(blocs.column_by_name("bloc").unwrap().is_null(sweden));

    let central = of("centrality", &[("years", "1970"), ("states", "USA,SWE")]);
    assert_eq!(ints(&central, "ccode"), [2, 380]);
    assert_eq!(ints(&central, "degree")[1], 0);
    assert!(ints(&central, "degree")[0] > 30 && reals(&central, "eigenvector")[1] == Some(0.0));
    let far = of("geodesic", &[("years", "1970"), ("states", "USA,GBR")]);
    assert_eq!((ints(&far, "distance"), far.num_rows()), (vec![1], 1));
}

/// Who is allied was allied, and has an ally in common: the signs of the published models of these networks.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_model_of_the_alliances_of_four_years() {
    let given = [("years", "1989-1993"), ("samples", "3")];
    let fit = rows("alliance_tergm", &given);
    let of: BTreeMap<&str, f64> = fit
        .column_by_name("term")
        .unwrap()
        .as_string::<i32>()
        .iter()
        .flatten()
        .zip(reals(&fit, "estimate").into_iter().flatten())
        .collect();
    assert_eq!(of.len(), 8);
    assert!(
        of["pledge of the year before"] > 3.0 && of["shared partners"] > 0.0 && of["edges"] < 0.0,
        "{of:?}"
    );
    assert!(ints(&fit, "pairs")[0] > 30_000 && ints(&fit, "unknown")[0] > 0);
    assert!(reals(&fit, "low")[0].is_some());
}

#[test]
fn every_measure_is_documented_and_named_once() {
    for (at, one) in MEASURES.iter().enumerate() {
        assert!(MEASURES[..at].iter().all(|other| other.name != one.name), "{}", one.name);
        let texts = [one.title, one.doc, one.formula, one.unit, one.null];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", one.name);
        assert!(!one.references.is_empty(), "{}", one.name);
        assert!(one.columns.iter().all(|c| !c.doc.is_empty()), "{}", one.name);
        assert!(one.parameters.iter().all(|p| !p.doc.is_empty()), "{}", one.name);
        // A name is the flag of the command line and the argument of SQL; these flags every command has.
        const TAKEN: [&str; 7] = ["source", "output", "format", "cite", "record", "from", "to"];
        for name in one.parameters.iter().map(|p| p.name) {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase()) && !TAKEN.contains(&name));
        }
        for table in one.reads {
            assert!(comity_record::schema::table(table).is_some(), "{}: {table}", one.name);
        }
        assert_eq!(measure(&one.command()).map(|m| m.name), Some(one.name));
    }
}

#[test]
fn what_a_measure_does_not_take_is_refused_with_the_way_out() {
    let record = comity_datasets::starter::record();
    let refused = |name: &str, given: &[(&str, &str)]| {
        let given = given.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
        let request = MeasureRequest { given, reading: None };
        let prepared = Measured::prepare(&record, measure(name).unwrap(), &request);
        prepared.and_then(|m| m.rows()).unwrap_err().to_string()
    };
    let of = |given: &[(&str, &str)]| refused("s_score", given);
    assert!(of(&[("portfolios", "votes")]).contains("did you mean `portfolio`"));
    assert!(of(&[("portfolio", "vote")]).contains("did you mean `votes`"));
    assert!(of(&[("years", "2000-1990")]).contains("did you mean 1990-2000?"));
    assert!(of(&[("years", "1990"), ("years", "1991")]).contains("given twice"));
    assert!(of(&[("states", "Chnia")]).contains("China"));
    let weighted = [("portfolio", "igos"), ("weights", "capability"), ("years", "2000")];
    assert!(of(&weighted).contains("are not states"));
    assert!(refused("cinc", &[]).contains("needs the dataset"));
    assert!(refused("parity", &[]).contains("comity measure parity --help"));
}
