use proptest::prelude::*;

use super::*;

/// A steady series with invented noise: counts that go round 3, 5, 4, 2, 6 with 1,000 reports each.
fn steady(period: i32) -> Observed {
    let count = [3.0, 5.0, 4.0, 2.0, 6.0][period.rem_euclid(5) as usize];
    Observed { period, count, dyad: 20.0, all: 1000.0 }
}

fn run(settings: &Settings, periods: i32, change: impl Fn(Observed) -> Observed) -> Vec<Reading> {
    let mut detector = Detector::new(settings.clone());
    (0..periods).map(|period| detector.step(&change(steady(period))).unwrap()).collect()
}

fn each(test: impl Fn(Settings)) {
    for method in Method::ALL {
        for period in Period::ALL {
            test(Settings { baseline: 30, ..Settings::new(method, period) });
        }
    }
}

#[test]
fn a_steady_series_is_quiet_and_a_turn_is_an_alarm() {
    each(|settings| {
        let turn =
            |o: Observed| Observed { count: if o.period >= 80 { 30.0 } else { o.count }, ..o };
        let readings = run(&settings, 100, turn);
        let state = |at: usize| readings[at].state(settings.threshold);
        assert!((0..15).all(|at| state(at) == State::CannotSee));
        let quiet_from = settings.baseline + settings.guard;
        assert!((quiet_from..80).all(|at| state(at) == State::Quiet), "{settings:?}");
        // The news of the guard count with those of the period.
        let last = 83 + if settings.method == Method::News { settings.guard } else { 0 };
        assert!((80..last).any(|at| state(at) == State::Alarm), "{settings:?}");
        let since = readings[82].since;
        assert!(since.is_none_or(|at| (78..=82).contains(&at)), "{settings:?} {since:?}");
    });
}

/// Ten times as many reports of everything is no crisis.
#[test]
fn a_growing_volume_of_news_is_no_alarm() {
    each(|settings| {
        let grown = |o: Observed| {
            let times = if o.period >= 60 { 10.0 } else { 1.0 };
            let count = if times > 1.0 { 36.0 + o.count } else { o.count };
            Observed { count, dyad: o.dyad * times, all: o.all * times, ..o }
        };
        let readings = run(&settings, 75, grown);
        assert!(
            readings.iter().all(|r| r.state(settings.threshold) != State::Alarm),
            "{settings:?}"
        );
    });
}

/// What comes later changes nothing that was said.
#[test]
fn nothing_looks_ahead() {
    each(|settings| {
        let plain = run(&settings, 60, |o| o);
        let turned = run(&settings, 80, |o| Observed {
            count: if o.period >= 60 { 99.0 } else { o.count },
            ..o
        });
        assert_eq!(plain, turned[..60]);
    });
}

/// The tested period is no part of its own baseline.
#[test]
fn the_baseline_ends_before_the_tested_period() {
    each(|settings| {
        let spike = |height: f64| {
            run(&settings, 71, move |o| Observed {
                count: if o.period == 70 { height } else { o.count },
                ..o
            })
        };
        let (low, high) = (spike(10.0), spike(1000.0));
        let plain = |r: &Reading| r.count / r.exposure;
        assert!(plain(&high[70]) > plain(&low[70]));
        assert_eq!(low[70].expected, high[70].expected, "{settings:?}");
    });
}

/// A silent source, and a dyad that is hardly reported, are never calm.
#[test]
fn silence_is_never_quiet() {
    each(|settings| {
        let silent = run(&settings, 60, |o| Observed { all: 0.0, dyad: 0.0, count: 0.0, ..o });
        assert!(silent.iter().all(|r| r.sight == Sight::Blind && r.value.is_none()));
        let rare = run(&settings, 60, |o| Observed { count: 0.0, dyad: 0.1, ..o });
        assert!(rare.iter().all(|r| r.state(settings.threshold) == State::CannotSee));
        assert_eq!(rare[59].sight, Sight::Thin);
        // Much out of nothing is an alarm all the same.
        let broke = run(&settings, 60, |o| {
            let count = if o.period >= 57 { 40.0 } else { 0.0 };
            Observed { count, dyad: count, ..o }
        });
        assert!(
            broke[57..].iter().any(|r| r.state(settings.threshold) == State::Alarm),
            "{settings:?}"
        );
    });
}

/// One report about a dyad that is never reported is no alarm.
#[test]
fn one_report_is_no_alarm() {
    each(|settings| {
        let one = run(&settings, 60, |o| {
            let count = f64::from(u8::from(o.period == 59));
            Observed { count, dyad: count, ..o }
        });
        assert!(one[59].state(settings.threshold) != State::Alarm, "{settings:?} {:?}", one[59]);
    });
}

#[test]
fn looking_takes_nothing_in_and_a_stored_state_goes_on() {
    each(|settings| {
        let mut detector = Detector::new(settings.clone());
        for period in 0..50 {
            let looked = detector.look(&steady(period)).unwrap();
            let text = serde_json::to_string(&detector).unwrap();
            let mut again: Detector = serde_json::from_str(&text).unwrap();
            let stepped = detector.step(&steady(period)).unwrap();
            assert_eq!(looked, stepped);
            assert_eq!(again.step(&steady(period)).unwrap(), stepped);
        }
    });
}

#[test]
fn memory_is_constant() {
    each(|settings| {
        let mut detector = Detector::new(settings.clone());
        let mut most = [0; 2];
        for period in 0..2000 {
            detector
                .step(&Observed { count: f64::from(period % 17 * (period % 5)), ..steady(period) })
                .unwrap();
            if period % 20 == 0 {
                let size = serde_json::to_string(&detector).unwrap().len();
                let half = usize::from(period >= 1000);
                most[half] = size.max(most[half]);
            }
        }
        assert!(most[1] < most[0] + most[0] / 5, "{settings:?} {most:?}");
    });
}

#[test]
fn periods_that_go_back_and_counts_that_are_none_are_refused() {
    let mut detector = Detector::new(Settings::new(Method::Cusum, Period::Week));
    detector.step(&steady(5)).unwrap();
    assert_eq!(detector.step(&steady(5)), Err(Refused::Backwards { last: 5, got: 5 }));
    assert_eq!(detector.look(&steady(4)), Err(Refused::Backwards { last: 5, got: 4 }));
    let nan = detector.step(&Observed { count: f64::NAN, ..steady(6) }).unwrap_err();
    assert_eq!(nan.to_string(), "period 6 has NaN events: a count is a number from 0 to 10^12");
    assert!(detector.step(&Observed { all: -1.0, ..steady(6) }).is_err());
    assert!(detector.step(&steady(6)).is_ok());
}

/// By hand: a baseline of four periods with 2 events of 100 reports each, then 9 of 100. ρ = 8.5/400, e = 2.125, φ = 1,
/// σ² = 2.125 (1 + 100/400), z = 6.875/1.6298 = 4.2183; S = 3.7183, and with 9 again 7.4366, the tested before not in the baseline.
#[test]
fn cusum_is_that_of_its_formula() {
    let settings = Settings { baseline: 4, guard: 2, ..Settings::new(Method::Cusum, Period::Week) };
    let mut detector = Detector::new(settings);
    for period in 0..6 {
        detector.step(&Observed { period, count: 2.0, dyad: 9.0, all: 100.0 }).unwrap();
    }
    let nine = |period| Observed { period, count: 9.0, dyad: 9.0, all: 100.0 };
    let first = detector.step(&nine(6)).unwrap();
    assert!((first.value.unwrap() - 3.7183).abs() < 1e-4, "{first:?}");
    assert_eq!(first.state(5.0), State::Quiet);
    let second = detector.step(&nine(7)).unwrap();
    assert!((second.value.unwrap() - 7.4366).abs() < 2e-4, "{second:?}");
    assert_eq!((second.since, second.state(5.0)), (Some(6), State::Alarm));
}

/// The recursion by hand for one period, without overdispersion.
#[test]
fn change_points_follow_their_recursion() {
    let settings = Settings {
        baseline: 4,
        guard: 0,
        spell: 10.0,
        ..Settings::new(Method::ChangePoint, Period::Week)
    };
    let mut detector = Detector::new(settings);
    for period in 0..2 {
        detector.step(&Observed { period, count: 1.0, dyad: 9.0, all: 10.0 }).unwrap();
    }
    // ρ = 2.5/20; the run of the baseline has a = 2.5, b = 20, and a new one a = 1, b = 1/(0.125 + 1/10). With n = 10 and x = 6:
    let reading = detector.step(&Observed { period: 2, count: 6.0, dyad: 9.0, all: 10.0 }).unwrap();
    let mass = |a: f64, b: f64| {
        let ways: f64 = (0..6).map(|i| (a + f64::from(i)) / f64::from(i + 1)).product();
        ways * (b / (b + 10.0)).powf(a) * (10.0 / (b + 10.0)).powi(6)
    };
    let (on, new) = (0.9 * mass(2.5, 20.0), 0.1 * mass(1.0, 1.0 / 0.225));
    assert!((reading.value.unwrap() - new / (on + new)).abs() < 1e-12, "{reading:?}");
    assert_eq!(reading.since, Some(2));
}

/// A baseline that doubles is followed by the trend: as much again is no surprise to it.
#[test]
fn the_trend_of_the_baseline_is_followed() {
    let settings = Settings {
        baseline: 40,
        guard: 0,
        ..Settings::new(Method::NegativeBinomial, Period::Week)
    };
    let rising =
        |o: Observed| Observed { count: (10.0 * (f64::from(o.period) / 40.0).exp()).round(), ..o };
    let readings = run(&settings, 60, rising);
    assert!(readings[41..].iter().all(|r| r.state(3.0) != State::Alarm));
    // The trend carries the mean up to the highest past rate and not above.
    let expected = readings[59].expected.unwrap();
    assert!(expected > 0.9 * readings[58].count, "{expected}");
}

/// On Sundays there are no events: one on a Sunday says more than one on a Monday.
#[test]
fn the_weekday_counts() {
    let settings =
        Settings { baseline: 56, guard: 0, ..Settings::new(Method::NegativeBinomial, Period::Day) };
    let weekday = |day: i32| (day + 3).rem_euclid(7);
    let value = |last: i32| {
        let workdays = |o: Observed| {
            let count = match o.period {
                p if p == last => 6.0,
                p if weekday(p) == 6 => 0.0,
                _ => o.count,
            };
            Observed { count, ..o }
        };
        run(&settings, last + 1, workdays)[last as usize].value.unwrap()
    };
    let (monday, sunday) = (
        (70..77).find(|d| weekday(*d) == 0).unwrap(),
        (70..77).find(|d| weekday(*d) == 6).unwrap(),
    );
    assert!(value(sunday) > value(monday) + 1.0, "{} {}", value(sunday), value(monday));
}

/// A past outbreak in the baseline counts for less.
#[test]
fn a_past_outbreak_does_not_become_the_usual() {
    let settings = Settings {
        baseline: 40,
        guard: 0,
        ..Settings::new(Method::NegativeBinomial, Period::Week)
    };
    let twice = |o: Observed| Observed {
        count: if [20, 45].contains(&o.period) { 40.0 } else { o.count },
        ..o
    };
    let reading = run(&settings, 46, twice)[45];
    assert!(reading.expected.unwrap() < 4.6, "{reading:?}");
    assert_eq!(reading.state(3.0), State::Alarm);
}

/// x₁ = 12 of 3 periods, e₁ = 8.5/400 · 300 = 6.375.
#[test]
fn news_is_that_of_its_formula() {
    let settings = Settings { baseline: 4, guard: 2, ..Settings::new(Method::News, Period::Week) };
    let mut detector = Detector::new(settings);
    let of = |period, count| Observed { period, count, dyad: 9.0, all: 100.0 };
    for period in 0..6 {
        detector.step(&of(period, 2.0)).unwrap();
    }
    let reading = detector.step(&of(6, 8.0)).unwrap();
    assert!((reading.value.unwrap() - (13.0_f64 / 7.375).log2()).abs() < 1e-12);
}

/// Counts of any size, also fractions and nothing.
fn any_count() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        0.0..3.0_f64,
        (0_u16..300).prop_map(f64::from),
        0.0..1e12_f64,
        Just(1e12),
        Just(f64::MIN_POSITIVE)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, nothing panics, and a value is a number within its unit.
    #[test]
    fn values_are_numbers(
        rows in prop::collection::vec((1_i32..4, any_count(), any_count(), any_count()), 1..90),
        which in 0_usize..16,
        baseline in 5_usize..30,
    ) {
        let (method, period) = (Method::ALL[which % 4], Period::ALL[which / 4]);
        let settings = Settings { baseline, ..Settings::new(method, period) };
        let mut detector = Detector::new(settings.clone());
        let mut at = 0;
        for (gap, count, dyad, all) in rows {
            at += gap;
            let reading = detector.step(&Observed { period: at, count, dyad, all }).unwrap();
            if let Some(value) = reading.value {
                let most = match method {
                    Method::Cusum => 10.0,
                    Method::NegativeBinomial => 1000.0,
                    Method::ChangePoint => 1.0,
                    Method::News => 100.0,
                };
                prop_assert!(value.is_finite() && value <= most && value >= -100.0, "{value}");
                prop_assert!(reading.expected.unwrap().is_finite() && reading.deviation.unwrap().is_finite());
            }
            prop_assert_eq!(reading.sight == Sight::Blind, all < 1e-6);
        }
    }

    /// More events in the tested period are never less alarming.
    #[test]
    fn more_is_never_less(counts in prop::collection::vec(0_u8..12, 40), low in 0_u8..40, more in 1_u8..40) {
        for method in [Method::Cusum, Method::NegativeBinomial, Method::News] {
            let settings = Settings { baseline: 20, ..Settings::new(method, Period::Week) };
            let mut detector = Detector::new(settings);
            for (period, count) in counts.iter().enumerate() {
                let observed = Observed { period: period as i32, count: f64::from(*count), dyad: 20.0, all: 400.0 };
                detector.step(&observed).unwrap();
            }
            let value = |count: u8| {
                let observed = Observed { period: 40, count: f64::from(count), dyad: 20.0, all: 400.0 };
                detector.look(&observed).unwrap().value.unwrap()
            };
            prop_assert!(value(low + more) >= value(low) - 1e-9, "{method}");
        }
    }

    /// Attributes of any text are settings or errors.
    #[test]
    fn attributes_never_panic(name in "[a-z]{1,9}|method|period|baseline|guard|threshold|rest|k|spell", value in "\\PC{0,12}|[0-9]{1,25}[dwmy]?") {
        let read = Settings::from_attributes([(name.as_str(), value.as_str())]);
        if let Ok(settings) = read {
            prop_assert!(settings.threshold > 0.0 && settings.baseline >= 3);
        }
    }
}
