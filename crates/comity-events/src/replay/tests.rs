use super::*;
use crate::alarm::{Dyad, Late};
use crate::detect::{Method, Period, Settings, date, day};

/// 400 weeks from 7 January 1980, a Monday, with 100 reports a day.
const FIRST: i32 = 3_658;
const WEEKS: usize = 400;

fn dyads() -> [Dyad; 3] {
    [Dyad::directed(1, 2), Dyad::directed(1, 3), Dyad::directed(2, 3)]
}

/// Every dyad has an event on Mondays and a report each day; the first has ten a day more in weeks 150 and 151 and 300, the second in 200.
fn counts(dyad: usize) -> (Vec<u32>, Vec<u32>) {
    let loud = |week: usize| match dyad {
        0 => [150, 151, 300].contains(&week),
        1 => week == 200,
        _ => false,
    };
    let events = (0..7 * WEEKS).map(|d| u32::from(d % 7 == 0) + if loud(d / 7) { 10 } else { 0 });
    let events: Vec<u32> = events.collect();
    let reports = events.iter().map(|e| e + 1).collect();
    (events, reports)
}

fn past() -> Past {
    let counts: Vec<_> = (0..3).map(counts).collect();
    let dyads = dyads().into_iter().zip(&counts).map(|(d, (e, r))| (d, e.as_slice(), r.as_slice()));
    Past::from_daily(Period::Week, FIRST, &vec![100; 7 * WEEKS], dyads)
}

fn week(number: usize) -> i32 {
    FIRST + 7 * number as i32
}

/// A crisis of the first dyad from Thursday of week 153, one of the third that no one sees, and one of the second under way in week 200.
fn onsets(calm: i32) -> Onsets {
    let [first, second, third] = dyads();
    Onsets::new(
        [
            Onset { dyad: first, start: week(153) + 3, end: week(160) },
            Onset { dyad: third, start: week(250), end: week(250) },
            Onset { dyad: second, start: week(199) + 5, end: week(210) },
        ],
        calm,
    )
}

fn plan(threads: usize) -> Plan {
    Plan {
        horizon: 56,
        notice: 28,
        calm: 90,
        from: FIRST,
        until: week(WEEKS),
        seed: 5,
        draws: 200,
        threads,
    }
}

fn forecasters() -> Vec<(String, Forecaster)> {
    let watch =
        |m: Method| (m.name().to_owned(), Forecaster::Watch(Settings::new(m, Period::Week)));
    let mut all: Vec<_> = Method::ALL.into_iter().map(watch).collect();
    all.push(("news".into(), Forecaster::Reports { periods: 4 }));
    all.push(("crisis".into(), Forecaster::Crisis { days: 365 }));
    all.push(("base".into(), Forecaster::BaseRate));
    all
}

#[test]
fn alarms_are_told_apart_by_what_followed() {
    assert_eq!(date(FIRST), jiff::civil::date(1980, 1, 7));
    assert_eq!(day(date(FIRST)), FIRST);
    let report = replay(&past(), &onsets(90), &forecasters(), &plan(2)).unwrap();
    assert_eq!(report.dyads, 3);
    // Weeks that end within 56 days before the first onset, and the one on the third dyad, and the second.
    assert_eq!(report.events, 3 * 8);
    for line in &report.alarms {
        // Week 150 ends on Sunday, 18 days before the Thursday of week 153.
        assert_eq!((line.onsets, line.foreseen, line.lead), (3.0, 1.0, Some(18.0)), "{line:?}");
        // Week 200 ends 8 days after the Saturday of week 199.
        assert_eq!((line.noticed, line.delay), (1.0, Some(8.0)), "{line:?}");
        assert_eq!(
            (line.hits, line.wrong, line.during, line.censored),
            (1.0, 1.0, 1.0, 0.0),
            "{line:?}"
        );
        assert_eq!(line.precision.unwrap().value, 0.5);
        assert!((line.recall.unwrap().value - 1.0 / 3.0).abs() < 1e-12);
        // 400 weeks are 7.666 years.
        assert!((line.wrong_a_year.unwrap().value - 1.0 / (2800.0 / 365.25)).abs() < 1e-9);
    }
    let value = |name: &str| report.values.iter().find(|v| v.name == name).unwrap();
    assert_eq!(value("base").auc.unwrap().value, 0.5);
    assert!(value("cusum").auc.unwrap().value > 0.5);
    // By hand: of 8 weeks before the first onset, those from 150 on are above all others but week 300's.
    let top = value("cusum").recall_at_5_percent.unwrap().value;
    assert!(top > 3.0 / 24.0, "{top}");
    assert_eq!(value("base").brier_skill.unwrap().value, 0.0);
}

#[test]
fn results_are_the_same_for_any_number_of_threads_and_change_with_the_seed_only_in_intervals() {
    let run = |plan: &Plan| replay(&past(), &onsets(90), &forecasters(), plan).unwrap();
    let (one, three) = (run(&plan(1)), run(&plan(3)));
    assert_eq!(one, three);
    assert_eq!(one.markdown(), three.markdown());
    let other = run(&Plan { seed: 6, ..plan(2) });
    assert_ne!(one, other);
    let values = |r: &Report| r.values.iter().map(|v| v.auc.map(|a| a.value)).collect::<Vec<_>>();
    assert_eq!(values(&one), values(&other));
    assert!(one.markdown().contains("Seed 5, 200 draws"));
}

/// What is told of a week is the same whatever comes after it.
#[test]
fn a_replay_never_looks_ahead() {
    let whole = past();
    let counts: Vec<_> = (0..3).map(counts).collect();
    let days = 7 * 155;
    let dyads = dyads().into_iter().zip(&counts).map(|(d, (e, r))| (d, &e[..days], &r[..days]));
    let half = Past::from_daily(Period::Week, FIRST, &vec![100; days], dyads);
    for method in Method::ALL {
        let settings = Settings::new(method, Period::Week);
        let (whole, half) = (run(&whole, &settings, 1).unwrap(), run(&half, &settings, 2).unwrap());
        for (whole, half) in whole.iter().zip(&half) {
            assert_eq!(whole.seen[..155], half.seen);
        }
    }
}

#[test]
fn probabilities_know_nothing_of_what_has_not_happened() {
    let past = past();
    let place =
        |at: usize, outcome| forecast::Place { dyad: 0, at, block: 0, outcome, clear: true };
    let places: Vec<_> = (0..100).map(|at| place(at, at % 3 == 0)).collect();
    let mut other = places.clone();
    other[60..].iter_mut().for_each(|p| p.outcome = !p.outcome);
    let values: Vec<f64> = (0..100).map(|at| f64::from(at % 3 == 0)).collect();
    let given =
        |places: &[forecast::Place]| forecast::calibrated(&past, places, &values, &[0.5], 56);
    let (one, two) = (given(&places), given(&other));
    // The outcome of week 60 is known when week 68 ends.
    assert_eq!(one[..68], two[..68]);
    assert_ne!(one[68], two[68]);
    // Before the first outcome is known there is no probability.
    assert_eq!((one[7], one[8].is_some()), (None, true));
    // By hand at week 68: weeks 0 to 60 are known, 21 of 61 with an onset; of value 0, none of 40.
    let base = 21.5 / 62.0;
    assert!((one[68].unwrap() - 100.0 * base / 140.0).abs() < 1e-12);
}

/// Ten events of week 150 are known in week 153 only: no alarm is raised before, and from then on all is as if they had come in time.
#[test]
fn the_past_is_read_by_when_it_was_known() {
    let whole = past();
    let mut short = whole.clone();
    for at in [150, 151] {
        short.dyads[0].1[at] = Some([1.0, 8.0]);
    }
    let known = short.first + 153;
    let came = [150, 151].map(|at| CameLate {
        known,
        dyad: Some(0),
        late: Late { period: short.first + at, count: 70.0, dyad: 70.0, all: 0.0 },
    });
    let late = short.with_late(came);
    for method in Method::ALL {
        let settings = Settings::new(method, Period::Week);
        let whole = &run(&whole, &settings, 1).unwrap()[0];
        let late = &run(&late, &settings, 1).unwrap()[0];
        let raised = |t: &Trace| (0..WEEKS).find(|at| t.seen[*at].raised);
        assert_eq!((raised(whole), raised(late)), (Some(150), Some(153)), "{method}");
        assert!(late.seen[150].value < whole.seen[150].value);
        let values = |t: &Trace| t.seen[153..].iter().map(|s| (s.value, s.on)).collect::<Vec<_>>();
        assert_eq!(values(late), values(whole), "{method}");
    }
    // So late that the state is made anew.
    let mut much = past();
    much.dyads[0].1[150] = Some([1.0, 8.0]);
    let late = Late { period: much.first + 150, count: 70.0, dyad: 70.0, all: 0.0 };
    let much = much.clone().with_late([CameLate { known: much.first + 190, dyad: Some(0), late }]);
    let settings = Settings::new(Method::Cusum, Period::Week);
    let (whole, late) = (run(&whole, &settings, 1).unwrap(), run(&much, &settings, 1).unwrap());
    assert_eq!(whole[0].seen[190..], late[0].seen[190..]);
}

/// Where a state is not there, nothing is said of it, and nothing is counted.
#[test]
fn dyads_are_watched_while_they_are_there() {
    let [first, ..] = dyads();
    let past = past().where_there(|dyad, day| dyad != first || day >= week(100));
    let traces = run(&past, &Settings::new(Method::Cusum, Period::Week), 1).unwrap();
    assert!(traces[0].seen[..100].iter().all(|seen| seen.value.is_none()));
    // Half a baseline of 52 weeks, and the guard.
    assert_eq!(traces[0].seen.iter().position(|seen| seen.value.is_some()), Some(100 + 26 + 4));
}

#[test]
fn an_empty_past_has_an_empty_report() {
    let past = Past::from_daily(Period::Week, FIRST, &[], []);
    let report = replay(&past, &onsets(0), &forecasters(), &plan(1)).unwrap();
    assert_eq!((report.rows, report.alarms.len(), report.alarms[0].recall), (0, 4, None));
    assert!(past.is_empty() && report.markdown().contains("0 dyads"));
}
