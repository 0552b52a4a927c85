use super::*;
use crate::detect::{Observed, Settings, State};

fn settings(method: Method) -> Settings {
    Settings { baseline: 20, guard: 2, rest: 3, ..Settings::new(method, Period::Week) }
}

fn week(period: i32, count: f64) -> Observed {
    Observed { period, count, dyad: 5.0 + count, all: 500.0 }
}

const FIRST: i32 = 600;

/// Counts of weeks from one in 1981 on: few, then ten in weeks 40 to 44, then few.
fn counts() -> Vec<Observed> {
    let count = |at: i32| if (40..45).contains(&at) { 12.0 } else { f64::from(at % 3) };
    (0..70).map(|at| week(FIRST + at, count(at))).collect()
}

fn told(method: Method) -> Vec<Told> {
    let mut watcher = Watcher::new(Dyad::directed(666, 660), settings(method));
    counts().iter().map(|o| watcher.step(o, None).unwrap()).collect()
}

#[test]
fn an_alarm_begins_once_and_ends() {
    for method in Method::ALL {
        let told = told(method);
        let new: Vec<usize> = (0..70).filter(|at| told[*at].new).collect();
        assert_eq!(new.len(), 1, "{method} {new:?}");
        assert!((40..43).contains(&new[0]), "{method} {new:?}");
        assert!(told[..40].iter().all(|t| t.alarm.is_none()));
        assert!(told[69].alarm.is_none(), "{method}: it does not end");
        // It is on for as long as it was, and for two weeks of rest.
        let alarms: Vec<usize> = (0..70).filter(|at| told[*at].alarm.is_some()).collect();
        assert_eq!(alarms, (alarms[0]..alarms[0] + alarms.len()).collect::<Vec<_>>());
        let last = (0..70).rfind(|at| told[*at].state == State::Alarm).unwrap();
        assert_eq!(alarms.last(), Some(&(last + 2)));
    }
}

#[test]
fn a_person_can_check_an_alarm_by_hand() {
    let mut watcher = Watcher::new(Dyad::directed(666, 660), settings(Method::Cusum));
    let mut world = World::new(&settings(Method::Cusum));
    let mut alarms = counts().into_iter().filter_map(|o| {
        let world = world.step(o.period, o.count + 20.0, o.all).unwrap();
        watcher.step(&o, world).unwrap().alarm
    });
    let alarm = alarms.next().unwrap();
    // The baseline is of weeks 18 to 37 of the series: 20 events of 0, 1, 2 … among 10,000 reports: (19 + ½)/10,000 · 500.
    assert_eq!(alarm.own, Against { observed: 12.0, expected: 0.975 });
    assert_eq!(alarm.world, Some(Against { observed: 32.0, expected: 20.975 }));
    assert!((alarm.against_world().unwrap() - (12.5 / 1.475) / (32.5 / 21.475)).abs() < 1e-12);
    assert_eq!(
        alarm.to_string(),
        "security: 666 → 660, since 1982-04-05 (raised 1982-04-05): cusum 10.00, threshold 5. In the week to 1982-04-11: 12 events where 1.0 are usual (8.5 times), 10.9 standard deviations above, among 500 reports. All dyads: 32 where 21.0 are usual (1.5 times). The usual is that of 20 weeks with 119 reports of any kind about the two."
    );
    let text = serde_json::to_string(&alarm).unwrap();
    assert!(
        text.contains(r#""since":"1982-04-05","raised":"1982-04-05","until":"1982-04-11""#),
        "{text}"
    );
    assert_eq!(serde_json::from_str::<Alarm>(&text).unwrap(), alarm);
}

#[test]
fn little_coverage_is_said() {
    let mut watcher = Watcher::new(Dyad::undirected(660, 2), settings(Method::Cusum));
    let mut last = None;
    for o in counts() {
        last = watcher.step(&Observed { dyad: 0.0, ..o }, None).unwrap().alarm.or(last);
    }
    let text = last.unwrap().to_string();
    assert!(
        text.contains("2 – 660") && text.contains("Little is reported about the two: 0 reports"),
        "{text}"
    );
}

/// A source that is silent for a while does not end an alarm, and does not call it calm.
#[test]
fn silence_ends_nothing() {
    let mut watcher = Watcher::new(Dyad::directed(666, 660), settings(Method::Cusum));
    for o in &counts()[..43] {
        watcher.step(o, None).unwrap();
    }
    for at in 43..50 {
        let told = watcher.step(&Observed { all: 0.0, ..week(FIRST + at, 0.0) }, None).unwrap();
        assert_eq!((told.state, told.alarm), (State::CannotSee, None));
    }
    assert!(watcher.step(&week(FIRST + 50, 12.0), None).unwrap().alarm.is_some());
}

/// Late reports give what reports in time would have given.
#[test]
fn a_late_report_is_put_where_it_belongs() {
    for method in Method::ALL {
        let watcher = Watcher::new(Dyad::directed(666, 660), settings(method));
        let (mut late, mut in_time) = (Tracker::new(watcher.clone(), 6), watcher);
        for o in counts() {
            let short = if o.period == FIRST + 42 {
                Observed { count: 1.0, dyad: 3.0, all: 480.0, ..o }
            } else {
                o
            };
            late.step(&short, None).unwrap();
            in_time.step(&o, None).unwrap();
            if o.period == FIRST + 46 {
                let rest = Late { period: FIRST + 42, count: 11.0, dyad: 14.0, all: 20.0 };
                assert_ne!(late.watcher(), &in_time);
                assert!(late.correct(&[rest]).unwrap());
            }
            if o.period >= FIRST + 46 {
                assert_eq!(late.watcher(), &in_time, "{method}");
            }
        }
        let before = late.clone();
        let lost = Late { period: FIRST + 5, count: 1.0, dyad: 1.0, all: 1.0 };
        assert!(!late.correct(&[lost]).unwrap());
        assert!(
            late.correct(&[Late { period: FIRST + 69, count: -99.0, dyad: 0.0, all: 0.0 }])
                .is_err()
        );
        assert_eq!(late, before);
    }
}
