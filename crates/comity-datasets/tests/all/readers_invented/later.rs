//! Files of one dataset that are added one after the other.

use std::fs;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;
use comity_record::SourceBundle;
use comity_record::schema::table;
use comity_record::store::{Outcome, Store};

fn read(name: &str, text: &str) -> SourceBundle {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    let search = comity_datasets::find(&[folder.path().to_path_buf()]);
    comity_datasets::read_part(&search.found[0]).unwrap()
}

#[test]
fn a_second_indicator_stands_beside_the_first() {
    let of = |indicator: &str, value: &str| {
        let text =
            format!("Country Name,Country Code,Year,Value\nUnited States,USA,2000,{value}\n");
        read(&format!("{indicator}.csv"), &text)
    };
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path(), comity_datasets::catalogue());
    store.add(&[of("ny.gdp.mktp.cd", "1e13")]).unwrap();
    let growth = [of("ny.gdp.mktp.kd.zg", "4.1")];
    assert_eq!(store.would_add(&growth).unwrap().outcome("wdi-download"), Some(Outcome::Extended));
    let change = store.add(&growth).unwrap();
    assert_eq!(change.kept["wdi-download"]["indicators"], 1);
    let record = store.open().unwrap();
    let rows = |name| record.rows("wdi-download", table(name).unwrap()).unwrap().unwrap();
    assert_eq!((rows("indicators").num_rows(), rows("economy").num_rows()), (2, 1));
    // Both figures of the state and year stand in one row.
    for column in ["gdp_usd", "gdp_growth"] {
        let economy = rows("economy");
        let cells = economy.column_by_name(column).unwrap().as_primitive::<Float64Type>();
        assert!(cells.is_valid(0), "{column}");
    }
    let revised = store.add(&[of("ny.gdp.mktp.cd", "2e13")]).unwrap_err().to_string();
    assert!(revised.contains("wdi-download cannot be extended: economy"), "{revised}");
}

#[test]
fn places_of_incidents_come_beside_those_of_disputes() {
    let disputes = "Year,Dispnum,Midloc2_Location,Midloc2_MeasuringPoint,Midloc2_XLongitude,Midloc2_YLatitude,Midloc2_Precision,Midloc2_HowObtained,Midloc2_Precision_Comment,Midloc2_General_Comment,PrioGrid_Cell,Midloc11_Location,Midloc11_MidlocMeasuringPoint,Midloc11_Latitude,Midloc11_Longitude,Midloc11_Precision\n1902,2,Here,A,1,2,1,x,x,x,5,x,x,1,1,1\n";
    let incidents = disputes
        .replace("Dispnum,", "Dispnum,Incidnum,")
        .replace("Precision,Midloc2_How", "Precision,Onset,Midloc2_How")
        .replace("1902,2,Here,A,1,2,1", "1993,2,2001,Here,A,1,2,1,1");
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path(), comity_datasets::catalogue());
    store.add(&[read("a.csv", disputes)]).unwrap();
    let change = store.add(&[read("i.csv", &incidents)]).unwrap();
    assert_eq!(change.outcome("midloc-2.1"), Some(Outcome::Extended));
    let record = store.open().unwrap();
    for name in ["dispute_locations", "incident_locations"] {
        let rows = record.rows("midloc-2.1", table(name).unwrap()).unwrap();
        assert_eq!(rows.map(|r| r.num_rows()), Some(1), "{name}");
    }
    // The same file, corrected: its rows would go with those of the other.
    let told = store.add(&[read("a.csv", &disputes.replace("Here", "There"))]).unwrap_err();
    assert!(told.to_string().contains("is in the record with i.csv"), "{told}");
}
