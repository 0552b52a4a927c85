use super::*;
use crate::Error;

fn header(target: Target) -> Header {
    Header {
        outcome: "deaths".into(),
        target,
        unit: "country-year".into(),
        model: "analogues".into(),
        model_version: "1".into(),
        seed: None,
        made_on: "2030-12-20".into(),
        known_to: "2029-12-31".into(),
        inputs: vec![Input { name: "invented".into(), sha256: "0a".repeat(32) }],
    }
}

fn row(of: &str, given: Given) -> Row {
    Row { of: of.into(), from: "2031-01-01".into(), to: "2031-12-31".into(), given }
}

fn rows() -> Vec<Row> {
    vec![
        row("2", Given::of_samples(&[3.0, 0.0, 0.0, 12.0])),
        row("20", Given::of_samples(&[0.0; 4])),
        row("31", Given::of_samples(&[1.0, 2.0, 3.0, 4.0])),
    ]
}

fn outcome(of: &str, value: f64) -> Outcome {
    Outcome { of: of.into(), from: "2031-01-01".into(), value }
}

/// What an error says.
fn said<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn what_is_sealed_is_read_back() {
    let text = seal(&header(Target::Amount), &rows()).unwrap();
    assert_eq!(text.lines().count(), 5);
    let back = open(&text).unwrap();
    assert_eq!((&back.header, &back.rows), (&header(Target::Amount), &rows()));
    assert_eq!(back.rows[0].given.samples(), [0.0, 0.0, 3.0, 12.0]);
    assert!(text.lines().last().unwrap().contains(&back.seal.to_string()));
    assert!(!back.is_hindcast());
    assert_eq!(seal(&back.header, &back.rows).unwrap(), text);
}

#[test]
fn any_changed_byte_and_any_torn_file_is_found() {
    let text = seal(&header(Target::Amount), &rows()).unwrap();
    for at in 0..text.len() {
        assert!(open(&text[..at]).is_err(), "torn at {at}");
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(open(&changed).is_err(), "changed at {at}");
        }
    }
    assert!(open(&format!("{text}\n")).is_err() && open(&format!("{text}{text}")).is_err());
    assert!(open(&text.replace('\n', "\r\n")).is_err());
    let spaced = text.replace("{\"sha256\":\"", "{\"sha256\": \"");
    assert!(open(&spaced).is_err());
    let without: Vec<&str> = text.lines().enumerate().filter(|l| l.0 != 2).map(|l| l.1).collect();
    assert!(said(open(&(without.join("\n") + "\n"))).contains("was changed after it was made"));
}

/// Text that has a right seal, and is not what it should be.
fn resealed(change: impl Fn(&str) -> String) -> Result<Sealed, Error> {
    let text = seal(&header(Target::Amount), &rows()).unwrap();
    let end = text.trim_end().rfind('\n').unwrap() + 1;
    let body = change(&text[..end]);
    let last = serde_json::to_string(&Last { sha256: Seal::of(&body) }).unwrap();
    open(&format!("{body}{last}\n"))
}

#[test]
fn a_right_seal_on_a_wrong_file_helps_nobody() {
    assert!(resealed(str::to_owned).is_ok());
    let cases = [
        ("\"version\":1", "\"version\":2", "in version 2"),
        ("\"forecasts\":3", "\"forecasts\":4", "announces 4"),
        ("2030-12-20", "2030-12-32", "line 1: made_on"),
        ("2030-12-20", "20301220", "line 1: made_on"),
        ("\"of\":\"20\"", "\"of\":\"2\"", "stands in line 2 already"),
        ("[12.0,1]", "[-12.0,1]", "line 2"),
        ("[12.0,1]", "[12.0,18446744073709551615]", "more than 30000000 samples"),
        ("[12.0,1]", "[12.0,1],[13.0,0]", "counted as none"),
        ("\"to\":", "\"till\":", "unknown field"),
        ("\"known_to\":\"2029", "\"known_to\":\"2040", "knows of 2040-12-31"),
    ];
    for (from, to, says) in cases {
        let told = said(resealed(|text| text.replacen(from, to, 1)));
        assert!(told.contains(says), "{to}: {told}");
    }
    assert!(resealed(|_| String::new()).is_err());
    assert!(resealed(|_| "\n\n".to_owned()).is_err());
    for text in ["", "\n", "{}", "{}\n", "{\"sha256\":\"\"}\n"] {
        assert!(open(text).is_err(), "{text:?}");
    }
}

#[test]
fn what_cannot_be_forecast_is_not_sealed() {
    let known = Header {
        known_to: "2031-01-01".into(),
        made_on: "2031-02-01".into(),
        ..header(Target::Amount)
    };
    assert!(said(seal(&known, &rows())).contains("line 2: the period begins on 2031-01-01"));
    assert!(said(seal(&header(Target::Event), &rows())).contains("give its probability"));
    assert!(said(seal(&header(Target::Amount), &[])).contains("no forecasts"));
    let none = [row("2", Given::of_samples(&[]))];
    assert!(said(seal(&header(Target::Amount), &none)).contains("no samples"));
    let chance = [row("2", Given::Probability(1.5))];
    assert!(said(seal(&header(Target::Event), &chance)).contains("1.5"));
    let blank = Header { inputs: Vec::new(), ..header(Target::Amount) };
    assert!(said(seal(&blank, &rows())).contains("no inputs"));
    let short = Input { name: "invented".into(), sha256: "0A".repeat(32) };
    let short = Header { inputs: vec![short], ..header(Target::Amount) };
    assert!(said(seal(&short, &rows())).contains("64 hexadecimal digits"));
}

#[test]
fn outcomes_find_their_forecasts_and_what_is_left_is_said() {
    let text = seal(&header(Target::Amount), &rows()).unwrap();
    let file = open(&text).unwrap();
    let happened = [outcome("31", 2.0), outcome("2", 3.0), outcome("999", 5.0)];
    let matched = file.matched(&happened, false).unwrap();
    assert!(!matched.hindcast);
    assert_eq!(
        matched.rows.iter().map(|(r, y)| (r.of.as_str(), *y)).collect::<Vec<_>>(),
        [("2", 3.0), ("31", 2.0)]
    );
    assert_eq!(matched.unknown.iter().map(|r| r.of.as_str()).collect::<Vec<_>>(), ["20"]);
    assert_eq!(matched.unforecast.iter().map(|o| o.of.as_str()).collect::<Vec<_>>(), ["999"]);
    let amounts = matched.amounts(0.1).unwrap();
    assert_eq!(amounts.scores[1], score_of(&[1.0, 2.0, 3.0, 4.0], 2.0));
    assert_eq!(matched.events(), (vec![], vec![]));
    assert!(file.matched(&[outcome("2", 1.0), outcome("2", 1.0)], false).is_err());
    assert!(file.matched(&[outcome("2", -1.0)], false).is_err());
    let early = Outcome { from: "2030-01-01".into(), ..outcome("2", 1.0) };
    let matched = file.matched(std::slice::from_ref(&early), false).unwrap();
    assert_eq!((matched.rows.len(), matched.unknown.len(), matched.unforecast.len()), (0, 3, 0));
}

fn score_of(samples: &[f64], outcome: f64) -> crate::forecast::Score {
    crate::forecast::score(samples, outcome, 0.1).unwrap()
}

#[test]
fn a_file_made_after_its_period_began_is_a_hindcast() {
    let late = Header { made_on: "2031-01-02".into(), ..header(Target::Event) };
    let text = seal(&late, &[row("2-20", Given::Probability(0.25))]).unwrap();
    let file = open(&text).unwrap();
    assert!(file.is_hindcast());
    let happened = [outcome("2-20", 1.0)];
    let told = said(file.matched(&happened, false));
    assert!(
        told.contains("line 2: its period began on 2031-01-01, before it was made on 2031-01-02")
    );
    let matched = file.matched(&happened, true).unwrap();
    assert!(matched.hindcast);
    assert_eq!(matched.events(), (vec![1.0], vec![0.25]));
    assert!(file.matched(&[outcome("2-20", 0.5)], true).is_err());
    // On the first day itself it is a forecast.
    let same = Header { made_on: "2031-01-01".into(), ..late };
    let text = seal(&same, &[row("2-20", Given::Probability(0.25))]).unwrap();
    assert!(!open(&text).unwrap().is_hindcast());
}
