//! Claims and their kin in panels, against the published files: what is said, what silence means, and where nothing is known.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use arrow::array::AsArray;
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Float64Type};
use comity_datasets::starter;
use comity_panel::{Panel, Spec, Unit};
use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use comity_record::{Coverage, Preferences, Record, Relation, Source, SourceBundle};

use crate::published;

/// The record of the states and these files.
fn record(files: &[&str]) -> Record {
    published::record(&[&["cow-states"], files].concat(), |_| true)
}

/// Rows of a panel by their keys.
struct Rows {
    keys: Vec<Vec<i32>>,
    columns: Vec<Vec<Option<f64>>>,
    about: Vec<Option<(i32, i32)>>,
}

impl Rows {
    fn of(record: &Record, spec: &Spec, columns: &[&str]) -> Self {
        let panel = Panel::prepare(record, spec).unwrap();
        let batch = concat_batches(&panel.schema(), &panel.batches().unwrap()).unwrap();
        let numbers = |name: &str| -> Vec<Option<f64>> {
            let column = batch.column_by_name(name).unwrap_or_else(|| panic!("no {name}"));
            cast(column, &DataType::Float64).unwrap().as_primitive::<Float64Type>().iter().collect()
        };
        let keys: &[&str] = match spec.unit {
            Unit::StateYears => &["ccode", "year"],
            _ => &["ccode1", "ccode2", "year"],
        };
        let keys: Vec<_> = keys.iter().map(|k| numbers(k)).collect();
        let about = panel.about();
        let years = |name: &&str| about.iter().find(|a| a.name == *name).unwrap().years;
        Self {
            keys: (0..batch.num_rows())
                .map(|r| keys.iter().map(|k| k[r].unwrap() as i32).collect())
                .collect(),
            columns: columns.iter().map(|c| numbers(c)).collect(),
            about: columns.iter().map(years).collect(),
        }
    }

    fn at(&self, key: &[i32]) -> Vec<Option<f64>> {
        let row = self.keys.iter().position(|k| k == key).unwrap_or_else(|| panic!("no {key:?}"));
        self.columns.iter().map(|c| c[row]).collect()
    }
}

fn spec(unit: Unit, with: &str) -> Spec {
    Spec { with: vec![(with.to_owned(), None)], ..Spec::new(unit) }
}

const NO: Option<f64> = Some(0.0);
const YES: Option<f64> = Some(1.0);

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn each_kind_of_claim_is_none_where_it_was_looked_for_and_nowhere_else() {
    let record = record(&["icow"]);
    let columns = ["claim", "claim_territory", "claim_river", "claim_maritime"];
    let spec = Spec { extend_to: Some(2025), ..spec(Unit::DyadYears, "claims") };
    let claims = Rows::of(&record, &spec, &columns);
    // Uruguay and Bolivia: territory from the beginning, rivers and the sea from 1900 to 2001.
    assert_eq!(claims.at(&[145, 165, 1899]), [None, NO, None, None]);
    assert_eq!(claims.at(&[145, 165, 1900]), [NO; 4]);
    assert_eq!(claims.at(&[145, 165, 2001]), [NO; 4]);
    assert_eq!(claims.at(&[145, 165, 2002]), [None, NO, None, None]);
    assert_eq!(claims.at(&[145, 165, 2017]), [None; 4]);
    // Africa is covered for territory alone, the Middle East for rivers too, and Eastern Europe for the sea.
    assert_eq!(claims.at(&[501, 510, 1980]), [None, NO, None, None]);
    assert_eq!(claims.at(&[660, 670, 1980]), [None, NO, NO, None]);
    assert_eq!(claims.at(&[355, 366, 1995]), [None, NO, None, NO]);
    // A claim to territory says nothing of the sea, and one that ended early in 2017 nothing of that year.
    assert_eq!(claims.at(&[345, 347, 2016]), [YES, YES, None, None]);
    assert_eq!(claims.at(&[345, 347, 2017]), [None; 4]);
    // The Ataturk Dam, between two of whom one is not covered.
    assert_eq!(claims.at(&[640, 652, 1990]), [YES, YES, YES, None]);
    let short = |years: std::ops::RangeInclusive<i32>| {
        let spec = Spec { years: Some(years), ..spec.clone() };
        Panel::prepare(&record, &spec).unwrap().shortfalls()
    };
    let [river, sea] = ["river", "maritime"].map(|k| (format!("claims (claim_{k})"), (1900, 2001)));
    assert_eq!(short(1950..=2016), [river.clone(), sea.clone()]);
    assert_eq!(short(1950..=2017), [("claims".to_owned(), (1816, 2016)), river, sea]);
    assert_eq!(claims.about, [(1816, 2016), (1816, 2016), (1900, 2001), (1900, 2001)].map(Some));
    for (nth, (key, year)) in claims.keys.iter().map(|k| (k, k[2])).enumerate() {
        for kind in [2, 3] {
            assert!(
                claims.columns[kind][nth].is_none() || (1900..=2001).contains(&year),
                "{key:?}"
            );
        }
        let cells: Vec<_> = (1..4).map(|c| claims.columns[c][nth]).collect();
        let any = match () {
            () if cells.contains(&YES) => YES,
            () if cells.contains(&None) => None,
            () => NO,
        };
        assert_eq!(claims.columns[0][nth], any, "{key:?}");
    }
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn a_rank_of_none_is_known_of_a_pair_whose_states_are_not_covered() {
    let record = record(&["cow-diplomatic-exchange"]);
    let spec = Spec { directed: true, ..spec(Unit::DyadYears, "diplomats") };
    let envoys = Rows::of(&record, &spec, &["diplevel"]);
    // The Dominican Republic, which is not a state at the next observation, had none in London; Britain a chargé there.
    assert_eq!(envoys.at(&[42, 200, 1914]), [NO]);
    assert_eq!(envoys.at(&[200, 42, 1914]), [YES]);
    // The Papal States kept none in Washington.
    assert_eq!(envoys.at(&[327, 2, 1859]), [NO]);
    // A pair that is not listed, of two states of which one is gone by 1920.
    assert_eq!(envoys.at(&[42, 640, 1914]), [None]);
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn agreements_pass_to_the_state_that_a_country_became() {
    let record = record(&["desta/DESTA.csv"]);
    let parties = Rows::of(&record, &spec(Unit::StateYears, "agreements"), &["n_agreements"]);
    let n = |ccode, year| parties.at(&[ccode, year])[0];
    // Germany has one number in the file, and is 255 at the end of 1990.
    let germany = [(260, 1989), (260, 1990), (255, 1990), (255, 2016)].map(|(c, y)| n(c, y));
    assert_eq!(germany, [37.0, 0.0, 37.0, 90.0].map(Some));
    let pairs = Rows::of(&record, &spec(Unit::DyadYears, "agreements"), &["agreements"]);
    let france = [[220, 260, 1989], [220, 255, 1990], [220, 255, 2016]].map(|k| pairs.at(&k)[0]);
    assert_eq!(france, [36.0, 36.0, 89.0].map(Some));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn before_a_source_begins_only_what_it_lists_is_known() {
    let record = record(&["gsdb"]);
    let columns = ["sanction", "sanction_trade", "sanction_financial", "sanction_arms"];
    let sanctions = Rows::of(&record, &spec(Unit::DyadYears, "sanctions"), &columns);
    // Of trade, between India and Pakistan in 1949.
    assert_eq!(sanctions.at(&[750, 770, 1949]), [YES, YES, None, None]);
    assert_eq!(sanctions.at(&[750, 770, 1950]), [YES, YES, NO, NO]);
    assert_eq!(sanctions.at(&[2, 20, 1949]), [None; 4]);
    assert_eq!(sanctions.at(&[2, 20, 1950]), [NO; 4]);
}

#[test]
fn a_year_that_has_only_begun_has_no_agreement() {
    let id = "votes-1";
    let mut votes = TableRows::new(table("votes").unwrap(), id);
    for (rcid, year, cast) in [("1", 2019, [1, 3]), ("2", 2019, [1, 1]), ("3", 2020, [1, 3])] {
        for (ccode, vote) in [2, 200].into_iter().zip(cast) {
            let cells: [(&str, Value); 4] = [
                ("rcid", rcid.into()),
                ("year", year.into()),
                ("ccode", ccode.into()),
                ("vote", vote.into()),
            ];
            votes.push(&cells, format!("{rcid} {ccode}"));
        }
    }
    let source = Source {
        id: id.into(),
        dataset: "votes".into(),
        version: "1".into(),
        title: String::new(),
        publisher: String::new(),
        citation: String::new(),
        licence: String::new(),
        url: String::new(),
        relations: [("assembly".to_owned(), Relation::Complement)].into(),
        files: Vec::new(),
        added: String::new(),
        coverage: vec![Coverage::all("votes", 1946, 2019)],
        notes: Vec::new(),
        unplaced: Vec::new(),
        unreviewed: false,
    };
    let mut bundles = starter::bundles();
    bundles.push(SourceBundle { source, tables: [("votes", votes.finish())].into() });
    let record =
        Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default())
            .unwrap();
    let spec = Spec { extend_to: Some(2025), ..spec(Unit::DyadYears, "un-votes") };
    let agree = Rows::of(&record, &spec, &["agree", "agree_votes"]);
    assert_eq!(agree.at(&[2, 200, 2019]), [NO, YES]);
    assert_eq!(agree.at(&[2, 200, 2020]), [None, None]);
}
