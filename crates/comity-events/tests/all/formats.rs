//! Every format, invented and published.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use comity_events::Error;
use comity_events::counts::daily::{Ask, Measure, Period};
use comity_events::counts::{self, Counted};
use comity_events::read::{Known, Options, Reason, Scheme};
use comity_events::store::{Filter, Store};

use crate::lines::{cells, export, line};
use crate::published::data;

const DAY: i64 = 86_400;

fn written(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

fn after(days: u32) -> Options<'static> {
    Options { known: Known::DaysAfter(days), ..Options::default() }
}

fn added(store: &Store, file: &Path, options: &Options<'_>) -> comity_events::store::Added {
    store.add(file, options).unwrap()
}

fn day(text: &str) -> i32 {
    let date: jiff::civil::Date = text.parse().unwrap();
    (date - jiff::civil::date(1970, 1, 1)).get_days()
}

fn reasons(counted: &Counted) -> Vec<(Reason, u64, Vec<u64>)> {
    let few = |(reason, few): (&Reason, &comity_events::read::Few)| {
        (*reason, few.count, few.first.iter().map(|f| f.0).collect())
    };
    counted.reports[0].reasons.iter().map(few).collect()
}

#[test]
fn every_damaged_line_of_an_export_is_told_with_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let good = line(1, 20_180_101, 0, "a");
    let changed = |at: usize, to: &str| {
        let mut cells: Vec<&str> = good.split('\t').collect();
        cells[at] = to;
        cells.join("\t")
    };
    let lines = [
        good.clone(),
        format!("{good}\tmore"),
        good.split('\t').take(40).collect::<Vec<_>>().join("\t"),
        changed(0, "x"),
        changed(1, "20180230"),
        changed(1, "20180301"),
        changed(7, "ISRAEL"),
        changed(30, "many"),
        changed(59, "yesterday"),
        changed(59, "20190101000000"),
        String::new(),
        changed(26, "---"),
        line(2, 20_180_101, 0, "a").replace("example", "ex\u{e4}mple"),
        "7\t2018".to_owned(),
    ];
    let file = written(folder.path(), "torn.CSV", lines.join("\n"));
    let noon = i64::from(day("2018-01-10")) * DAY + DAY;
    let options = Options { as_of: Some(noon), ..Options::default() };
    let is = [
        (Reason::Torn, 1, vec![14]),
        (Reason::TooManyColumns, 1, vec![2]),
        (Reason::TooFewColumns, 1, vec![3]),
        (Reason::NoId, 1, vec![4]),
        (Reason::NoDate, 1, vec![5]),
        (Reason::Future, 1, vec![6]),
        (Reason::FutureKnown, 1, vec![10]),
        (Reason::NoKnown, 1, vec![9]),
        (Reason::ActorCode, 1, vec![7]),
        (Reason::Number, 1, vec![8]),
        (Reason::UnknownCode, 1, vec![12]),
    ];
    let counted = counts::of_file(&file, &options, 2).unwrap();
    assert_eq!(reasons(&counted), is);
    let report = &counted.reports[0];
    assert_eq!((report.lines, report.read, report.header, report.left_out()), (14, 3, 1, 10));
    let told = report.to_string();
    assert!(told.contains("more columns than the format has: line 2"), "{told}");
    assert!(told.contains("line 6 (20180301)"), "{told}");
    // The store says the same of it, and that one id stands for two rows of one time.
    let store = Store::at(folder.path().join("store"));
    let report = added(&store, &file, &options).reports.remove(0);
    assert_eq!(report.left_out(), 10);
    assert_eq!(report.reasons[&Reason::SameTime].count, 1);
}

#[test]
fn an_export_is_known_by_its_columns_whatever_it_is_called_and_packed_in() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = (0..30).map(|n| line(n, 20_180_101, n % 4, "a")).collect();
    let plain = export(folder.path(), "a.txt", &lines);
    let text = fs::read(&plain).unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&text).unwrap();
    let packed = written(folder.path(), "b", gz.finish().unwrap());
    let zipped = folder.path().join("c.export.CSV.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&zipped).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("README", options).unwrap();
    zip.write_all(b"about").unwrap();
    zip.start_file("20180101.export.CSV", options).unwrap();
    zip.write_all(&text).unwrap();
    zip.finish().unwrap();
    let store = Store::at(folder.path().join("store"));
    assert_eq!(added(&store, &plain, &Options::default()).new, 30);
    assert_eq!(added(&store, &packed, &Options::default()).again.len(), 1);
    let zipped_again = added(&store, &zipped, &Options::default());
    assert_eq!((zipped_again.again.len(), zipped_again.others.len()), (1, 1));
    // GDELT 1.0 is another source, with a column less for each place.
    let one = |line: &String| {
        let mut cells: Vec<&str> = line.split('\t').collect();
        for at in [54, 46, 38] {
            cells.remove(at);
        }
        cells[56] = "20180110";
        cells.join("\t")
    };
    let old: Vec<String> = lines.iter().map(one).collect();
    let old = export(folder.path(), "20180110.export.CSV", &old);
    assert_eq!(added(&store, &old, &Options::default()).reports[0].source, "gdelt1");
    // What is cut off in its packing is an error, and changes nothing.
    let cut = written(folder.path(), "cut.gz", &fs::read(&packed).unwrap()[..60]);
    assert!(matches!(store.add(&cut, &Options::default()), Err(Error::Broken { .. })));
    for (name, bytes) in
        [("empty", &b""[..]), ("other", b"a,b,c\n1,2,3\n"), ("wide", &[0xff, 0xfe, 65, 0])]
    {
        let file = written(folder.path(), name, bytes);
        let error = store.add(&file, &Options::default()).unwrap_err();
        assert!(matches!(error, Error::Unrecognised { .. }), "{name}: {error}");
    }
    assert_eq!(store.sources().unwrap().len(), 2);
}

#[test]
fn a_story_is_told_once_and_a_correction_replaces_what_it_corrects() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("store"));
    let event = |id, code, quad, score, added, report| {
        cells(id, 20_180_110, "ISR", "SYR", code, quad, score, added, report)
    };
    // Two events of one report (its address ends in the half of the id), and one of another.
    let first = [
        event(10, "190", "4", "-10.0", 20_180_110_001_500, "a"),
        event(11, "190", "4", "-10.0", 20_180_110_001_500, "a"),
        event(12, "190", "4", "-10.0", 20_180_110_001_500, "a"),
    ];
    added(&store, &export(folder.path(), "1", &first), &Options::default());
    // The next day one of them is corrected: it was a talk.
    let second = [event(12, "040", "1", "1.0", 20_180_111_000_000, "a")];
    let file = export(folder.path(), "2", &second);
    let change = added(&store, &file, &Options::default());
    assert_eq!((change.new, change.versions), (1, 1));
    let said = |as_known: Option<&str>| {
        let as_known = as_known.map(day);
        let counts = store.counts("gdelt2", i32::MIN, i32::MAX).unwrap();
        let rows = counts.rows(as_known);
        let sums = &rows[0].sums;
        (sums.events(), sums.stories(), sums.quad(4), sums.quad_stories(4), sums.goldstein())
    };
    assert_eq!(said(Some("2018-01-10")), (3, 2, 3, 2, Some(-30.0)));
    assert_eq!(said(None), (3, 2, 2, 1, Some(-19.0)));
    let counts = store.counts("gdelt2", i32::MIN, i32::MAX).unwrap();
    assert!(counts.rows(Some(day("2018-01-09"))).is_empty());
    // Both versions are kept, with their lines.
    let every = Filter { every_version: true, ..Filter::default() };
    let versions = store.events("gdelt2", &every).unwrap();
    assert_eq!(versions.len(), 4);
    let standing = store.events("gdelt2", &Filter { quads: &[4], ..Filter::default() }).unwrap();
    let ids: Vec<String> =
        (0..standing.len()).map(|at| standing.event(at).id.to_string()).collect();
    assert_eq!(ids, ["10", "11"]);
    assert_eq!(standing.event(0).report, "https://www.example.org/a/5");
}

const ICEWS: &str = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\n";

#[test]
fn icews_uses_a_number_again_on_another_day() {
    let folder = tempfile::tempdir().unwrap();
    let row = |id, date, code, score, story| {
        format!(
            "{id}\t{date}\tPolice \"A\" (Peru)\t\tPeru\tx\t{code}\t{score}\tChile\t\tChile\t{story}\t1\tP\tLima\tNA\tNA\tPeru\t1\t2\n"
        )
    };
    let text = [
        ICEWS.to_owned(),
        row(5, "2018-06-01", "040", "1", 7),
        row(5, "2018-06-02", "190", "-10", 8),
        row(6, "2018-06-02", "190", "-10", 8),
        row(7, "2018-06-31", "190", "-10", 8),
    ];
    let file = written(folder.path(), "events.tab", text.concat());
    let error = counts::of_file(&file, &Options::default(), 1).unwrap_err().to_string();
    assert!(error.contains("does not say when its events were known"), "{error}");
    let counted = counts::of_file(&file, &after(1), 1).unwrap();
    assert_eq!(reasons(&counted), [(Reason::NoDate, 1, vec![5])]);
    let store = Store::at(folder.path().join("store"));
    assert_eq!(added(&store, &file, &after(1)).new, 3);
    let counts = store.counts("icews", i32::MIN, i32::MAX).unwrap();
    let rows = counts.rows(None);
    let sums = |at: usize| {
        let sums = &rows[at].sums;
        (rows[at].actor, rows[at].target, sums.events(), sums.stories(), sums.quad(1), sums.quad(4))
    };
    assert_eq!(sums(0), ("Peru", "Chile", 1, 1, 1, 0));
    assert_eq!(sums(1), ("Peru", "Chile", 2, 1, 0, 2));
    // A later release of the same file, known later, changes nothing but when it was known again.
    let options =
        Options { known: Known::At(i64::from(day("2019-01-01")) * DAY), ..Options::default() };
    assert_eq!(added(&store, &file, &options).again.len(), 1);
}

#[test]
fn polecat_is_numbered_by_its_types() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Event ID\tEvent Date\tEvent Type\tEvent Mode\tIntensity\tQuad Code\tActor Name\tActor Country\tRecipient Name\tRecipient Country\tCountry\tSource\tPublication Date\n\
        a-1\t2023-01-01\tASSAULT\tbombard\t-9.0\t4\tArmy\tRUS\tCity\tUKR\tUKR\tP\t2023-01-02\n\
        a-2\t2023-01-01\tCONSULT\tvisit\t1.5\t\tMinister\tFRA\tMinister\tDEU\tFRA\tP\t2023-01-02\n\
        a-3\t2023-01-01\tDANCE\t\t1.5\t\tMinister\tFRA\tMinister\tDEU\tFRA\tP\t2023-01-02\t\t\n\
        a-4\t2023-01-09\tAID\t\t1.5\t\tMinister\tFRA\tMinister\tDEU\tFRA\tP\t2023-01-02\n";
    let counted =
        counts::of_file(&written(folder.path(), "p.txt", text), &Options::default(), 1).unwrap();
    assert_eq!(
        reasons(&counted),
        [
            (Reason::Future, 1, vec![5]),
            (Reason::UnknownCode, 1, vec![4]),
            (Reason::EmptyColumns, 1, vec![4])
        ]
    );
    let rows = counted.counts["polecat"].rows(None);
    assert_eq!(
        (rows[0].actor, rows[0].sums.quad(1), rows[0].sums.root(2), rows[0].sums.root(0)),
        ("FRA", 1, 1, 1)
    );
    assert_eq!((rows[1].target, rows[1].sums.quad(4), rows[1].sums.root(16)), ("UKR", 1, 1));
}

#[test]
fn keds_tables_show_their_scheme_and_take_a_scale() {
    let folder = tempfile::tempdir().unwrap();
    let with = "\"\",\"date\",\"source\",\"target\",\"code\"\n\"1\",1979-04-15,\"ISRMIL\",\"PALPLO\",\"223\"\n\"2\",1979-04-15,\"ISRMIL\",\"PALPLO\",\"223\"\n\"3\",1979-04-16,\"ISR\",\"EGY\",\"031\"\n";
    let bare = "790415\tISRMIL\tPALPLO\t190\t(x)\n790416\tISR\tEGY\t0311\t(y)\n";
    let scale =
        |scheme: Scheme, code: &str| (scheme == Scheme::Weis && code == "223").then_some(-10.0);
    let options = Options { scale: Some(&scale), ..after(1) };
    let weis = counts::of_file(&written(folder.path(), "a.csv", with), &options, 1).unwrap();
    let rows = weis.counts["keds"].rows(None);
    let war = &rows[1].sums;
    assert_eq!((rows[1].actor, rows[1].target, war.events(), war.quad(4)), ("ISR", "PAL", 2, 2));
    assert_eq!((war.goldstein(), rows[0].sums.goldstein()), (Some(-20.0), None));
    let cameo = counts::of_file(&written(folder.path(), "b.txt", bare), &options, 1).unwrap();
    let rows = cameo.counts["keds"].rows(None);
    assert_eq!((rows[0].day, rows[0].sums.root(3)), (day("1979-04-16"), 1));
    assert_eq!((rows[1].day, rows[1].sums.root(19)), (day("1979-04-15"), 1));
    let either = written(folder.path(), "c.txt", "790415\tISR\tEGY\t031\n");
    let error = counts::of_file(&either, &options, 1).unwrap_err().to_string();
    assert!(error.contains("CAMEO or of WEIS"), "{error}");
    let options = Options { scheme: Some(Scheme::Weis), ..options };
    assert_eq!(counts::of_file(&either, &options, 1).unwrap().reports[0].read, 1);
}

#[test]
fn ged_is_counted_by_place_with_its_deaths() {
    let folder = tempfile::tempdir().unwrap();
    let text = "id,relid,type_of_violence,side_a,side_b,country_id,date_prec,date_start,date_end,best,high,low,gwnoa,gwnob\n\
        ,,,,,,,#date+start,#date+end,#affected+killed,,,,\n\
        1,\"A,1\",1,Government of A,\"B, the \"\"B\"\"\",100,1,2024-02-01,2024-02-03,5,7,4,100,\n\
        2,A-2,1,Government of A,Government of C,100,4,2024-02-01 00:00:00.000,2024-02-29 00:00:00.000,0,2,0,100,200\n\
        3,A-3,1,Government of A,Government of C,100,1,00:00.0,00:00.0,9,9,9,100,200\n\
        4,A-4,1,Government of A,Gov";
    let file = written(folder.path(), "g.csv", text);
    let store = Store::at(folder.path().join("store"));
    let change = added(&store, &file, &after(30));
    let report = &change.reports[0];
    let lines = |reason| report.reasons[&reason].first.iter().map(|f| f.0).collect::<Vec<_>>();
    assert_eq!(
        (lines(Reason::Tags), lines(Reason::NoDate), lines(Reason::Torn)),
        (vec![2], vec![5], vec![6])
    );
    assert_eq!((report.lines, report.header, report.read, change.new), (6, 1, 2, 2));
    let counts = store.counts("ucdp-ged", i32::MIN, i32::MAX).unwrap();
    let rows = counts.rows(None);
    assert_eq!((rows[0].actor, rows[0].target, rows[0].location), ("100", "", "100"));
    assert_eq!(rows[0].sums.deaths(), Some([5, 4, 7]));
    assert_eq!((rows[1].target, rows[1].sums.deaths()), ("200", Some([0, 0, 2])));
    // By month and the country where it happened, whoever fought.
    let place = |_: &str, code: &str, _: i32| code.parse().ok();
    let ask = Ask {
        measures: &[Measure::Best, Measure::Events],
        period: Period::Month,
        by_place: true,
        ..Ask::default()
    };
    let months = store.daily("ucdp-ged", &place, &ask).unwrap();
    assert_eq!(
        (months.keys.clone(), months.values),
        (vec![(100, 100, day("2024-02-01"))], vec![5, 2])
    );
    let events = store.events("ucdp-ged", &Filter::default()).unwrap();
    assert_eq!((events.event(0).exact, events.event(1).exact), (true, false));
}

#[test]
fn mie_keeps_what_is_not_known_of_its_days() {
    let folder = tempfile::tempdir().unwrap();
    let text = "micnum,eventnum,ccode1,ccode2,stmon,stday,styear,endmon,endday,endyear,sidea1,action,hostlev,fatalmin1,fatalmax1,fatalmin2,fatalmax2,version\n\
        2,1,2,200,5,-9,1902,5,-9,1902,1,7,3,0,0,0,0,mie-1.0\n\
        2,2,200,2,5,12,1902,5,12,1902,0,16,4,10,12,-9,-9,mie-1.0\n";
    let counted = counts::of_file(&written(folder.path(), "m.csv", text), &after(0), 1).unwrap();
    let rows = counted.counts["mie"].rows(None);
    assert_eq!(
        (rows[0].actor, rows[0].day, rows[0].sums.deaths()),
        ("2", day("1902-05-01"), Some([0, 0, 0]))
    );
    assert_eq!((rows[1].actor, rows[1].sums.quad(4), rows[1].sums.deaths()), ("200", 1, None));
}

#[test]
fn pairs_of_states_are_placed_by_day_and_added_up_to_longer_periods() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("store"));
    let event = |id, day, actor, target| {
        cells(id, day, actor, target, "190", "4", "-10.0", 20_180_110_000_000, "")
    };
    let lines = [
        event(1, 20_171_231, "ISR", "SYR"),
        event(2, 20_180_101, "ISR", "SYR"),
        event(3, 20_180_102, "SYR", "ISR"),
        event(4, 20_180_102, "REB", "ISR"),
        event(5, 20_180_102, "", "ISR"),
    ];
    let file = export(folder.path(), "a", &lines);
    added(&store, &file, &Options::default());
    let place = |_: &str, code: &str, _: i32| match code {
        "ISR" => Some(666),
        "SYR" => Some(652),
        _ => None,
    };
    let measures = &[Measure::Events, Measure::Quad(4), Measure::Goldstein];
    let ask = Ask { measures, ..Ask::default() };
    let daily = store.daily("gdelt2", &place, &ask).unwrap();
    assert_eq!(
        daily,
        counts::of_file(&file, &Options::default(), 1).unwrap().counts["gdelt2"]
            .daily("gdelt2", &place, &ask)
    );
    assert_eq!(daily.pairs(), [(652, 666), (666, 652)]);
    assert_eq!(
        (daily.unplaced["REB"].actor, daily.unplaced[""].actor, daily.unplaced.len()),
        (1, 1, 2)
    );
    let codes: Vec<&str> = daily.codes[&666].iter().map(String::as_str).collect();
    let behind = store.events(
        "gdelt2",
        &Filter { actors: &codes, to: Some(day("2017-12-31")), ..Filter::default() },
    );
    assert_eq!(behind.unwrap().event(0).id, "1");
    let (from, to) = (day("2017-12-30"), day("2018-01-02"));
    let series = daily.series((666, 652), Measure::Quad(4), from, to);
    assert_eq!(
        (series.counts.as_slice(), series.reports.as_slice()),
        (&[0, 1, 1, 0][..], &[0, 1, 1, 3][..])
    );
    let days: Vec<_> = series.series().days().map(|(_, seen)| seen).collect();
    assert_eq!(days, [None, Some((1, 1)), Some((1, 1)), Some((0, 3))]);
    let ask = Ask { period: Period::Month, directed: false, ..ask };
    let months = store.daily("gdelt2", &place, &ask).unwrap();
    assert_eq!(months.keys, [(652, 666, day("2017-12-01")), (652, 666, day("2018-01-01"))]);
    assert_eq!(months.values, [1, 1, -10_000, 2, 2, -20_000]);
    let ask = Ask { as_known: Some(day("2018-01-09")), ..ask };
    assert!(store.daily("gdelt2", &place, &ask).unwrap().keys.is_empty());
}

#[test]
fn a_second_writer_is_refused_and_damage_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("store");
    let store = Store::at(&at).waiting(std::time::Duration::ZERO);
    let file = export(folder.path(), "a", &[line(1, 20_180_101, 0, "a")]);
    added(&store, &file, &Options::default());
    let lock = fs::File::options().write(true).open(at.join("lock")).unwrap();
    lock.lock().unwrap();
    assert!(matches!(store.add(&file, &Options::default()), Err(Error::Locked { .. })));
    drop(lock);
    let text = fs::read_to_string(at.join("manifest.json")).unwrap();
    fs::write(at.join("manifest.json"), text.replacen("\"rows\":1", "\"rows\":2", 1)).unwrap();
    assert!(matches!(store.sources(), Err(Error::Manifest { .. })));
    fs::write(at.join("manifest.json"), &text).unwrap();
    assert!(store.verify().unwrap().is_empty());
    let part = at.join("counts/source=gdelt2/month=2018-01");
    let part = fs::read_dir(part).unwrap().next().unwrap().unwrap().path();
    fs::write(&part, b"PAR1").unwrap();
    assert_eq!(store.verify().unwrap().len(), 1);
    assert!(matches!(store.counts("gdelt2", 0, i32::MAX), Err(Error::Damaged { .. })));
    assert!(matches!(store.counts("icews", 0, 1), Err(Error::NoSource { .. })));
    assert!(matches!(Store::at(folder.path().join("no")).sources(), Err(Error::NoStore { .. })));
    let named = Options { source: Some("../x"), ..Options::default() };
    assert!(matches!(store.add(&file, &named), Err(Error::Name { .. })));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn published_tables_are_read_to_their_last_row() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("store"));
    // Rows as each SOURCE.md counts them.
    for (file, source, rows) in [
        ("events-icews/events.2018.sample.tab", "icews", 3705),
        ("mie-1.0/mie-1.0.csv", "mie", 28_011),
        ("ucdp/ged_ukraine_hdx.csv", "ucdp-ged", 2989),
    ] {
        let change = added(&store, &data(file), &after(1));
        let report = &change.reports[0];
        assert_eq!(
            (report.source.as_str(), report.read, change.new),
            (source, rows, rows),
            "{report}"
        );
        assert_eq!(report.lines, report.header + report.read + report.left_out());
    }
    // The damaged candidate file: no row has a date, and each is told.
    let change = added(&store, &data("ucdp-candidate-26.0.4/GEDEvent_v26_0_4.csv"), &after(1));
    let report = &change.reports[0];
    assert_eq!((report.read, report.reasons[&Reason::NoDate].count), (0, 1675));
    assert_eq!(report.reasons[&Reason::NoDate].first[0].1, "00:00.0");
    // The zip of MIE holds a codebook beside its table.
    let change = added(&store, &data("mie-1.0/events.zip"), &after(1));
    assert_eq!((change.again.len(), change.others.len(), change.new), (1, 4, 0));
}

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn rows_that_others_read_are_taken_in() {
    use comity_datasets::formats::{Content, parts};
    use comity_events::read::{KedsRow, KedsRows};
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path());
    // Rows as its SOURCE.md counts them; four figures and roots up to 20 show CAMEO, roots 21 and 22 WEIS.
    for (name, scheme, rows) in
        [("casia.weis", Scheme::Weis, 8377_u64), ("turkey.cameo", Scheme::Cameo, 29_029)]
    {
        let bytes = fs::read(data(&format!("events-keds/{name}.RData"))).unwrap();
        let table = parts(name, &bytes).unwrap().into_iter().find_map(|part| match part.content {
            Content::Table(cells) => Some(cells),
            _ => None,
        });
        let cells = table.unwrap();
        let [date, actor, target, code] =
            ["date", "source", "target", "code"].map(|name| cells.column(name).unwrap());
        let found = Scheme::of((0..cells.len()).map(|row| cells.get(row, code)));
        assert_eq!(found, Some(scheme), "{name}");
        let mut keds = KedsRows::of(scheme);
        let events = (0..cells.len()).map(|row| {
            let day = day(cells.get(row, date));
            let text = |column| cells.get(row, column).into();
            let row = KedsRow { day, source: text(actor), target: text(target), code: text(code) };
            keds.event(row, (i64::from(day) + 1) * DAY, None)
        });
        let change = store.add_rows("keds", name, events).unwrap();
        assert_eq!((change.new, change.there), (rows, 0), "{name}");
    }
    let reports = store.counts("keds", i32::MIN, i32::MAX).unwrap().reports(None);
    assert_eq!(reports.values().map(|sums| sums.events()).sum::<i64>(), 8377 + 29_029);
}
