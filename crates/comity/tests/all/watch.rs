//! Watches over events that are invented here.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use comity::{Layer, Policy, Record, WatchAsked};
use comity_events::detect::Grade;
use comity_record::rows::{TableRows, Value};
use comity_record::schema::table;
use jiff::civil::{Date, date};

/// Two years of quiet news between three states, and then three weeks in which the second attacks the first.
fn record(turn: bool) -> Record {
    let mut made = TableRows::new(table("events").unwrap(), "news");
    let mut number = 0;
    let mut push = |day: Date, a: i32, b: i32, root: &str, quad: i32| {
        number += 1;
        let cells: Vec<(&str, Value)> = vec![
            ("event_id", format!("{number}").into()),
            ("date", day.into()),
            ("ccode", a.into()),
            ("partner", b.into()),
            ("scheme", "cameo".into()),
            ("code", format!("{root}0").into()),
            ("cameo", format!("{root}0").into()),
            ("root", root.into()),
            ("quad", quad.into()),
            ("goldstein", (if quad > 2 { -5.0 } else { 2.0 }).into()),
        ];
        made.push(&cells, format!("row={number}"));
    };
    let first = date(2000, 1, 3);
    for week in 0..110 {
        let day = first + jiff::Span::new().days(7 * week);
        for back in 0..5 {
            let day = day + jiff::Span::new().days(back);
            push(day, 666, 660, "04", 1);
            push(day, 660, 666, "04", 1);
            push(day, 2, 666, "04", 1);
        }
        // A little is usual.
        if week % 10 == 0 {
            push(day, 660, 666, "19", 4);
        }
        if turn && week >= 107 {
            (0..12).for_each(|_| push(day, 660, 666, "19", 4));
        }
    }
    Record::starter()
        .with(Layer::new("news", "Invented news").rows("events", made.finish()))
        .unwrap()
}

fn watch(turn: bool, asked: &WatchAsked) -> comity::Watching {
    let policy = Policy::shipped("independent-peace").unwrap();
    record(turn).watch(&policy, "ISR", asked).unwrap()
}

#[test]
fn a_turn_is_an_alarm_with_its_grade_and_its_reports() {
    let watching = watch(true, &WatchAsked::default());
    assert_eq!(watching.gravest(), Some(Grade::Emergency));
    let force = watching.watches.iter().find(|w| w.commitment == "force-received").unwrap();
    let [alarm] = &force.alarms[..] else { panic!("{:?}", force.alarms) };
    assert_eq!((alarm.other.ccode, alarm.on, alarm.alarm.own.observed), (660, true, 12.0));
    assert!(
        alarm.reports.iter().all(|r| r.source_row.starts_with("row=")) && !alarm.reports.is_empty()
    );
    assert!(force.touches.contains(&"peaceful-settlement".to_owned()));
    // What the other does is not what the state does.
    let own = watching.watches.iter().find(|w| w.commitment == "own-force").unwrap();
    assert!(own.alarms.is_empty());
}

#[test]
fn quiet_news_raise_none_and_nothing_is_known_before_it_was() {
    assert!(watch(false, &WatchAsked::default()).gravest().is_none());
    let before = WatchAsked { to: Some(date(2002, 1, 1)), ..WatchAsked::default() };
    assert!(watch(true, &before).gravest().is_none());
}

#[test]
fn what_is_lacking_is_said() {
    let policy = Policy::shipped("bandung-1955").unwrap();
    let none = record(false).watch(&policy, "ISR", &WatchAsked::default()).unwrap();
    assert!(none.lacks[0].contains("no `.watch` commitment"), "{:?}", none.lacks);
    let policy = Policy::shipped("independent-peace").unwrap();
    let outside = record(false).watch(&policy, "PER", &WatchAsked::default()).unwrap();
    assert!(outside.lacks[0].contains("outside what they report on"), "{:?}", outside.lacks);
    let asked = WatchAsked { commitments: vec!["force-recieved".into()], ..WatchAsked::default() };
    let error = record(false).watch(&policy, "ISR", &asked).unwrap_err();
    assert!(error.help[0].contains("force-received"), "{error:?}");
}
