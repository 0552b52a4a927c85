//! Invented events in the published layouts.

use super::{column, part, search};

/// A line of a GDELT export of so many columns.
fn line(width: usize, id: &str, day: &str, actor: [&str; 2], target: [&str; 2]) -> String {
    let mut cells = vec![""; width];
    (cells[0], cells[1], cells[2], cells[3]) = (id, day, &day[..6], &day[..4]);
    (cells[5], cells[7], cells[15], cells[17]) = (actor[0], actor[1], target[0], target[1]);
    (cells[26], cells[28], cells[29], cells[30], cells[31]) = ("190", "19", "4", "-10", "3");
    cells[if width == 61 { 53 } else { 51 }] = "GM";
    cells.join("\t") + "\n"
}

#[test]
fn exports_of_all_widths_without_a_header() {
    for (width, version) in [(61, "2.0"), (58, "1.0"), (57, "1.0")] {
        let text = [
            line(width, "1", "19850301", ["RUSGOV", "RUS"], ["DEU", "DEU"]),
            line(width, "2", "20180101", ["COP", ""], ["DEUMIL", "DEU"]),
            line(width, "3", "20180101", ["", ""], ["PSE", "PSE"]),
        ];
        // A file a day: what is in two of them is read once.
        let b = part(&[&text.concat(), &format!("{}{}", text[0], text[1]), &text[2]]).unwrap();
        assert_eq!(b.source.version, version);
        assert_eq!(column(&b, "events", "event_id"), ["1", "2", "3"]);
        assert_eq!(column(&b, "events", "ccode"), ["365", "", ""]);
        assert_eq!(column(&b, "events", "partner"), ["260", "255", ""]);
        assert_eq!(column(&b, "events", "actor"), ["RUSGOV", "COP", ""]);
        assert_eq!(column(&b, "events", "location"), ["", "255", "255"]);
        assert_eq!(column(&b, "events", "quad"), ["4", "4", "4"]);
        let codes: Vec<_> = b.source.unplaced.iter().map(|u| (&*u.column, &*u.code)).collect();
        let expected =
            [("actiongeo_countrycode", "GM"), ("actor1code", "COP"), ("actor2countrycode", "PSE")];
        assert_eq!(codes, expected);
        assert!(b.source.notes.iter().any(|n| n.starts_with("3 lines repeat an event")));
        let span: Vec<_> = b.source.coverage.iter().map(|c| (c.from, c.to, c.context)).collect();
        assert_eq!(span, [(1985, 2018, true)]);
    }
}

#[test]
fn an_export_with_a_day_that_does_not_exist_or_a_score_out_of_range_is_refused() {
    let good = line(61, "1", "20180101", ["USA", "USA"], ["", ""]);
    for (bad, wanted) in [
        (good.replacen("20180101", "20180230", 1), "sqldate"),
        (good.replace("\t-10\t", "\t-11\t"), "goldsteinscale"),
        (good.replace("\t4\t-10", "\t5\t-10"), "quadclass"),
        (good.replacen('1', "", 1), "globaleventid"),
    ] {
        let error = part(&[&format!("{good}{}", bad.replacen('1', "2", 1))]);
        let error = error.err().unwrap_or_default();
        assert!(error.contains(wanted) && error.contains("line 2"), "{wanted}: {error}");
    }
    // A table of numbers is no export.
    let other = "1\t2\n".replace('\n', &("\t3".repeat(59) + "\n"));
    assert!(search(&[other.as_bytes()]).1.found.is_empty());
}

#[test]
fn names_of_countries_place_the_sides_of_icews() {
    let head = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\n";
    let row = |id: &str, from: &str, to: &str| {
        format!(
            "{id}\t2018-06-01\tSomebody\tNULL\t{from}\tConsult\t040\t1\tAnybody\tNA\t{to}\t1\t2\tA paper\tNA\tNA\tNA\tNA\t1\t2\n"
        )
    };
    let first = head.to_owned() + &row("1", "Congo", "Democratic Republic of Congo");
    let second = head.to_owned()
        + &row("1", "Congo", "Democratic Republic of Congo")
        + &row("2", "NA", "Holy See");
    let b = part(&[&first, &second]).unwrap();
    assert_eq!(column(&b, "events", "event_id"), ["1", "2"]);
    assert_eq!(column(&b, "events", "ccode"), ["484", ""]);
    assert_eq!(column(&b, "events", "partner"), ["490", ""]);
    assert_eq!(column(&b, "events", "target"), ["Democratic Republic of Congo", "Holy See"]);
    assert_eq!(column(&b, "events", "quad"), ["1", "1"]);
    assert_eq!((b.source.unplaced.len(), &*b.source.unplaced[0].code), (1, "Holy See"));
}

#[test]
fn regions_are_told_by_their_first_events_and_scored_by_the_scale_of_their_scheme() {
    let levant =
        "date,source,target,code\n1979-04-15,EGYGOV,SUNREB,190\n1985-01-01,USR,GMW,0211]\n";
    let gulf = "date,source,target,code\n1979-04-15,IRQ,UAR,223\n1985-01-01,KOS,ETHALB,010\n";
    let names = "CAMEOcode\tEventDescription\n190\tUse force\n0211\tAppeal\n";
    let cameo = "name,value\n190,-9.5\n0211,1.5\n";
    let weis = "name,value\n225,-8\n223,-7.5\n010,1\n";
    let b = part(&[levant, gulf, names, cameo, weis]).unwrap();
    assert_eq!(column(&b, "events", "event_id"), ["levant 1", "levant 2", "gulf 1", "gulf 2"]);
    assert_eq!(column(&b, "events", "ccode"), ["651", "365", "645", "732"]);
    assert_eq!(column(&b, "events", "partner"), ["", "260", "651", ""]);
    assert_eq!(column(&b, "events", "code"), ["190", "0211", "223", "010"]);
    assert_eq!(column(&b, "events", "cameo"), ["190", "0211", "", ""]);
    assert_eq!(column(&b, "events", "goldstein"), ["-9.5", "1.5", "-7.5", "1.0"]);
    assert_eq!(column(&b, "events", "quad"), ["4", "1", "", ""]);
    let schemes = ["cameo", "cameo", "cameo-0.5", "cameo-0.5", "weis", "weis", "weis"];
    assert_eq!(column(&b, "event_codes", "scheme"), schemes);
    // Without the scales there is no score.
    let b = part(&[levant]).unwrap();
    assert_eq!(column(&b, "events", "goldstein"), ["", ""]);
    assert!(b.source.notes.iter().any(|n| n.contains("score is null")));
    let error = part(&[&levant.replace("0211]", "02x1")]).unwrap_err();
    assert!(error.contains("02x1") && error.contains("line 3"), "{error}");
}

#[test]
fn a_scale_in_lines_of_text_and_a_code_that_means_something_else_in_it() {
    let levant = "date,source,target,code\n1979-04-15,EGYGOV,SUNREB,016\n1985-01-01,JOR,ISR,0211\n";
    let scale = "## CAMEO SCALE: an invented one\n## by someone, somewhere\n\n01:[0.0] SPEAK\n016:[3.5] Cheer, or hail\n  0211:[1.5] Appeal, of a kind\n";
    let b = part(&[levant, scale]).unwrap();
    assert_eq!(column(&b, "event_codes", "scheme"), ["cameo-0.5"; 3]);
    assert_eq!(column(&b, "event_codes", "code"), ["01", "016", "0211"]);
    assert_eq!(column(&b, "event_codes", "name"), ["SPEAK", "Cheer, or hail", "Appeal, of a kind"]);
    assert_eq!(column(&b, "events", "goldstein"), ["", "1.5"]);
    assert!(b.source.notes.iter().any(|n| n.starts_with("1 events have a code (016,")));
    // A line that is neither a code nor a remark is refused where it stands.
    let error = part(&[levant, &format!("{scale}\nand so on\n")]).unwrap_err();
    assert!(error.contains("line 8"), "{error}");
}

#[test]
fn a_quote_in_an_export_is_a_letter() {
    let named = |id: &str, name: &str| {
        line(61, id, "20180101", ["USA", "USA"], ["", ""]).replacen(
            "\tUSA\t\tUSA",
            &format!("\tUSA\t{name}\tUSA"),
            1,
        )
    };
    let text = [named("1", "\"THE ONE"), named("2", "TWO"), named("3", "\"THREE\"")].concat();
    let b = part(&[&text]).unwrap();
    assert_eq!(column(&b, "events", "event_id"), ["1", "2", "3"]);
    assert_eq!(column(&b, "events", "actor_name"), ["\"THE ONE", "TWO", "\"THREE\""]);
}

#[test]
fn mentions_are_known_without_a_header() {
    let line = "1\t20180101000000\t20180101001500\t1\ta paper\tan address\t1\t-1\t2\t3\t1\t50\t999\t-1.5\t\t\n";
    let (_folder, search) = search(&[line.as_bytes()]);
    assert!(search.found.is_empty());
    assert!(search.unrecognised[0].reason.contains("an article that mentions an event"));
}
