//! Codes are placed by the states of the record that they are read for.

use std::fs;
use std::sync::Arc;

use comity_datasets::codes::Places;
use comity_datasets::starter;
use comity_record::Record;
use comity_record::reading::Preferences;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use comity_record::source::{Relation, Source, SourceBundle};

use super::{NMC, column};

/// A source that lists one state, and a code and a name of it.
fn invented() -> SourceBundle {
    let mut states = TableRows::new(table("states").unwrap(), "mine-1");
    let spell: [(&str, Value); 1] = [("start_year", 1900.into())];
    let state: [(&str, Value); 3] =
        [("ccode", 996.into()), ("abbr", "NOW".into()), ("name", "Nowhere".into())];
    states.push(&[&state[..], &spell].concat(), "1");
    let mut codes = TableRows::new(table("state_codes").unwrap(), "mine-1");
    for (system, code) in [("iso3", "NWH"), ("gw", "997"), ("name", "Nowhere")] {
        let cells = [("ccode", 996.into()), ("system", system.into()), ("code", code.into())];
        codes.push(&cells, code);
    }
    let source = Source {
        id: "mine-1".into(),
        dataset: "mine".into(),
        version: "1".into(),
        relations: [("system".to_owned(), Relation::Complement)].into(),
        ..Source::default()
    };
    SourceBundle {
        source,
        tables: vec![("states", states.finish()), ("state_codes", codes.finish())],
    }
}

fn places() -> Arc<Places> {
    let bundles = starter::bundles().into_iter().chain([invented()]).collect();
    let record =
        Record::from_bundles_in(comity_datasets::catalogue(), bundles, Preferences::default())
            .unwrap();
    Places::of(&record).unwrap()
}

fn read(text: &str, places: &Arc<Places>) -> SourceBundle {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f.csv"), text).unwrap();
    let search = comity_datasets::find(&[folder.path().to_path_buf()]);
    comity_datasets::read_with(&search.found[0], true, places).unwrap()
}

#[test]
fn a_state_that_the_record_lists_is_placed() {
    let figures = format!("{NMC}NOW,996,1950,1,1,1,1,1,1,.1,2021\n");
    let list = "gwcode,gwc,country_name,start,end,microstate\n997,NOW,Nowhere,1950-01-01,9999-12-31,FALSE\n";
    let indicator = "Country Name,Country Code,Year,Value\nArgentina,ARG,2000,284203750000\nNowhere,NWH,2000,5\n";
    let own = places();
    for (text, table) in
        [(figures.as_str(), "capabilities"), (list, "gw_states"), (indicator, "indicators")]
    {
        let placed = read(text, &own);
        assert!(column(&placed, table, "ccode").contains(&"996".to_owned()), "{table}");
        assert!(placed.source.unplaced.is_empty(), "{table}");
        // The starter does not know it: it is counted, and its row is kept.
        let lost = read(text, &Places::starter());
        assert!(!column(&lost, table, "ccode").contains(&"996".to_owned()), "{table}");
        assert_eq!(lost.source.unplaced.len(), 1, "{table}");
    }
}

#[test]
fn a_list_of_states_counts_for_what_is_read_beside_it() {
    let beside = Places::starter().beside(&invented());
    let of = |places: &Places| {
        (places.is_state(996), places.from_iso3("nwh", 1950), places.from_name("nowhere", 1950))
    };
    assert_eq!(of(&beside), of(&places()));
    assert_eq!(of(&beside), (true, Some(996), Some(996)));
    assert!(beside.in_system(996, 1900) && !beside.in_system(996, 1899));
    // Nothing else has changed.
    assert_eq!(beside.from_gw(260, 2000), Some(255));
    assert_eq!(beside.all_states().len(), Places::starter().all_states().len() + 1);
}
