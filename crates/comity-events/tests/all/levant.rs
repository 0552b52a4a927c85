//! The replay over published events of the Levant.

use std::sync::OnceLock;

use arrow::array::RecordBatch;
use comity_events::alarm::{Dyad, Watcher};
use comity_events::detect::{Method, Period, Settings, date, day};
use comity_events::replay::{Forecaster, Onsets, Past, Plan, replay, run};

use crate::onsets::{Events, mie};
use crate::published::data;
use crate::series::{Counts, Kind, counts_of, table};

/// The events, read once.
fn counts(kind: Kind, directed: bool) -> Counts {
    static EVENTS: OnceLock<RecordBatch> = OnceLock::new();
    let read = || table(&data("events-keds/levant.cameo.RData"), "events").unwrap();
    counts_of(EVENTS.get_or_init(read), kind, directed).unwrap()
}

const STATES: [i32; 12] = [2, 620, 630, 640, 645, 651, 652, 660, 663, 666, 670, 690];

/// Material conflict of Israel against Lebanon by week: the invasion of June 1982, the operations of July 1993 and April 1996, and the war of
/// July 2006 are alarms in the week in which they began, or the next (those of 1982 and 1993 began on a Sunday).
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn known_turns_are_alarms_in_their_week() {
    let counts = counts(Kind::Material, true);
    assert_eq!((counts.events, counts.dyads.len()), (145_709, 2862));
    let dyad = Dyad::directed(666, 660);
    let (events, reports) = &counts.dyads[&dyad];
    let past = Past::from_daily(
        Period::Week,
        counts.first_day,
        &counts.all,
        [(dyad, &**events, &**reports)],
    );
    let raised = |method: Method| {
        let mut watcher = Watcher::new(dyad, Settings::new(method, Period::Week));
        let mut weeks = Vec::new();
        for at in 0..past.len() {
            let told = watcher.step(&past.observed(0, at), None).unwrap();
            weeks.extend(told.alarm.filter(|_| told.new).map(|a| date(a.raised).to_string()));
        }
        weeks
    };
    let cusum = raised(Method::Cusum);
    assert_eq!(cusum.len(), 14, "{cusum:?}");
    for week in ["1982-06-07", "1993-07-26", "1996-04-08", "2006-07-10"] {
        assert!(cusum.iter().any(|w| w == week), "{week} {cusum:?}");
    }
    for method in Method::ALL {
        let weeks = raised(method);
        assert!(weeks.iter().any(|w| w == "2006-07-10"), "{method} {weeks:?}");
    }
}

/// Values from a calculation of its own in Python: the trend by statsmodels' generalized linear models, the tail by scipy's negative binomial
/// distribution, the run lengths by the recursion with scipy's log-gamma function.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn values_are_those_of_an_independent_calculation() {
    let counts = counts(Kind::Material, true);
    let dyad = Dyad::directed(666, 660);
    let (events, reports) = &counts.dyads[&dyad];
    let past = Past::from_daily(
        Period::Week,
        counts.first_day,
        &counts.all,
        [(dyad, &**events, &**reports)],
    );
    let expected = [
        ("1982-04-19", 3.340_445_733_101_324, 0.145_562_460_487_869_3),
        ("1982-06-07", 2.282_011_069_289_774, 0.669_825_480_414_798_4),
        ("1993-07-26", 4.095_788_967_052_544, 0.788_748_314_325_515),
        ("1996-04-08", 6.758_756_564_429_07, 0.996_431_598_025_759_4),
        ("1997-08-18", 3.020_880_839_269_984, 0.163_274_430_668_763_9),
        ("2006-07-10", 7.248_795_745_007_493, 0.986_431_160_365_537_8),
    ];
    let traces = [Method::NegativeBinomial, Method::ChangePoint]
        .map(|method| run(&past, &Settings::new(method, Period::Week), 1).unwrap().remove(0));
    for (week, surprise, changed) in expected {
        let at = (Period::Week.of(day(week.parse().unwrap())) - past.first) as usize;
        let value = |which: usize| traces[which].seen[at].value.unwrap();
        assert!((value(0) - surprise).abs() < 1e-8, "{week} {} {surprise}", value(0));
        assert!((value(1) - changed).abs() < 1e-8, "{week} {} {changed}", value(1));
    }
}

/// The same numbers from a calculation of its own in Python (pandas, scipy), by the formulas of `docs/watch.md`.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn scores_are_those_of_an_independent_calculation() {
    let counts = counts(Kind::Conflict, false);
    let none = (Vec::new(), Vec::new());
    let pairs = STATES
        .iter()
        .flat_map(|a| STATES.iter().filter(move |b| *b > a).map(move |b| Dyad::undirected(*a, *b)));
    let dyads = pairs.map(|dyad| {
        let (events, reports) = counts.dyads.get(&dyad).unwrap_or(&none);
        (dyad, &**events, &**reports)
    });
    let past = Past::from_daily(Period::Week, counts.first_day, &counts.all, dyads);
    let plan = Plan {
        horizon: 56,
        notice: 28,
        calm: 90,
        from: day(jiff::civil::date(1979, 1, 1)),
        until: day(jiff::civil::date(2014, 12, 31)),
        seed: 1,
        draws: 2,
        threads: 2,
    };
    let forecasters = [
        ("cusum".to_owned(), Forecaster::Watch(Settings::new(Method::Cusum, Period::Week))),
        ("news".to_owned(), Forecaster::Reports { periods: 52 }),
    ];
    let onsets = mie(&data("mie-1.0/mie-1.0.csv"), false, Events::Confrontations).unwrap();
    let report = replay(&past, &Onsets::new(onsets, plan.calm), &forecasters, &plan).unwrap();
    assert_eq!((report.dyads, report.rows, report.events), (66, 103_913, 982));
    let alarms = &report.alarms[0];
    assert_eq!((alarms.onsets, alarms.hits, alarms.wrong, alarms.during), (123.0, 1.0, 80.0, 56.0));
    let [cusum, news] = &report.values[..] else { panic!("two forecasters") };
    let near = |a: Option<comity_events::score::Estimate>, b: f64| {
        assert!((a.unwrap().value - b).abs() < 1e-9, "{a:?} {b}");
    };
    near(cusum.auc, 0.560_426_827_566_791_7);
    near(cusum.auc_within, 0.547_512_243_901_670_9);
    near(news.auc, 0.757_489_460_491_408_2);
}
