//! Counts come to the same whatever order events come in, and to what a plain count over the versions gives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use comity_events::Event;
use comity_events::counts::Counts;
use comity_events::store::{Filter, Store};
use proptest::prelude::*;

use crate::failing::Unsynced;

const DAY: i64 = 86_400;
const STATES: [&str; 4] = ["", "ISR", "EGY", "SYR"];

/// One version of one event, in small numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    id: u8,
    day: u8,
    /// After the day of the event, in half days.
    later: u8,
    actor: u8,
    target: u8,
    quad: u8,
    score: i8,
    mentions: Option<u8>,
    report: u8,
}

fn version() -> impl Strategy<Value = Version> {
    let numbers = (0..12_u8, 0..36_u8, 0..5_u8, 0..4_u8, 0..4_u8);
    let more = (0..5_u8, -10..=10_i8, proptest::option::of(0..9_u8), 0..4_u8);
    (numbers, more).prop_map(
        |((id, day, later, actor, target), (quad, score, mentions, report))| Version {
            id,
            day,
            later,
            actor,
            target,
            quad,
            score,
            mentions,
            report,
        },
    )
}

impl Version {
    fn event(&self) -> Event<'static> {
        let day = 17_500 + i32::from(self.day);
        // One report has one length: of two versions of one time the longer report is never in question.
        let report =
            if self.report == 0 { String::new() } else { format!("report-{}", self.report) };
        Event {
            id: format!("{}", 1000 + u32::from(self.id)).into(),
            day,
            exact: true,
            known: i64::from(day) * DAY + i64::from(self.later) * DAY / 2,
            actor: STATES[usize::from(self.actor)].into(),
            target: STATES[usize::from(self.target)].into(),
            actor_state: STATES[usize::from(self.actor)].into(),
            target_state: STATES[usize::from(self.target)].into(),
            code: "190".into(),
            root: Some(19),
            quad: Some(self.quad).filter(|q| *q > 0),
            goldstein: Some(f64::from(self.score)),
            mentions: self.mentions.map(i32::from),
            story: !report.is_empty(),
            report: report.into(),
            ..Event::default()
        }
    }
}

type Row = (String, String, i32, i64, i64, i64, Option<f64>, Option<[i64; 3]>);

/// What the counts say.
fn said(counts: &Counts, as_known: Option<i32>) -> Vec<Row> {
    let rows = counts.rows(as_known);
    let row = |r: &comity_events::counts::CountRow<'_>| {
        let sums = &r.sums;
        let (conflict, told) = (sums.quad(4), sums.stories());
        let key = (r.actor.to_owned(), r.target.to_owned(), r.day);
        (key.0, key.1, key.2, sums.events(), conflict, told, sums.goldstein(), sums.mentions())
    };
    rows.iter().map(row).collect()
}

/// The same by a plain count: the version of each event that stands, and the stories that these versions tell.
fn counted(versions: &[Event<'_>], as_known: Option<i32>) -> Vec<Row> {
    let until = as_known.map_or(i64::MAX, |day| (i64::from(day) + 1) * DAY - 1);
    let mut standing: BTreeMap<&str, &Event<'_>> = BTreeMap::new();
    for event in versions.iter().filter(|e| e.known <= until) {
        let one = standing.entry(&event.id).or_insert(event);
        if event.known > one.known {
            *one = event;
        }
    }
    let mut sums: BTreeMap<(String, String, i32), (i64, i64, i64, f64, Option<[i64; 3]>)> =
        BTreeMap::new();
    let mut told = BTreeSet::new();
    for event in standing.values() {
        let sum = sums
            .entry((event.actor_state.to_string(), event.target_state.to_string(), event.day))
            .or_default();
        sum.0 += 1;
        sum.1 += i64::from(event.quad == Some(4));
        sum.3 += event.goldstein.unwrap();
        if let Some(mentions) = event.mentions {
            let all = sum.4.get_or_insert([0; 3]);
            all[0] += i64::from(mentions);
        }
        let key = (
            event.day,
            event.known.div_euclid(DAY),
            &event.actor,
            &event.target,
            &event.report,
            event.quad,
        );
        sum.2 += i64::from(!event.story || told.insert(key));
    }
    let row = |(key, sum): ((String, String, i32), (i64, i64, i64, f64, Option<[i64; 3]>))| {
        (key.0, key.1, key.2, sum.0, sum.1, sum.2, Some(sum.3), sum.4)
    };
    sums.into_iter().map(row).collect()
}

fn filled(events: &[Event<'_>], cuts: &BTreeSet<usize>) -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::at(folder.path().join("events")).on(Arc::new(Unsynced));
    let mut from = 0;
    for to in cuts.iter().copied().filter(|c| *c < events.len()).chain([events.len()]) {
        store.add_rows("try", &format!("part {from}"), events[from..to].iter().cloned()).unwrap();
        from = to;
    }
    (folder, store)
}

/// The cases that the suite tries; `PROPTEST_CASES` names more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn any_order_and_any_cuts_give_the_same_counts(
        versions in proptest::collection::vec(version(), 1..40),
        seed in any::<u64>(),
        cuts in proptest::collection::btree_set(0..40_usize, 0..5),
        again in 0..40_usize,
    ) {
        // One time has one version of an event: what stands is then no question.
        let mut seen = BTreeSet::new();
        let mut events: Vec<Event<'static>> = versions.iter().map(Version::event).collect();
        events.retain(|e| seen.insert((e.id.clone(), e.known)));
        let (_one, first) = filled(&events, &BTreeSet::new());
        let mut shuffled = events.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, (state >> 33) as usize % (at + 1));
        }
        // Some of them come twice.
        shuffled.extend_from_slice(&events[..again.min(events.len())]);
        let (_other, second) = filled(&shuffled, &cuts);
        let all = (i32::MIN, i32::MAX);
        let (one, other) = (first.counts("try", all.0, all.1).unwrap(), second.counts("try", all.0, all.1).unwrap());
        let anew = second.counts_anew("try", all.0, all.1).unwrap();
        for as_known in [None, Some(17_505), Some(17_530), Some(17_540)] {
            let is = counted(&events, as_known);
            prop_assert_eq!(&said(&one, as_known), &is);
            prop_assert_eq!(&said(&other, as_known), &is);
            prop_assert_eq!(&other.rows(as_known), &anew.rows(as_known));
            prop_assert_eq!(&other.reports(as_known), &anew.reports(as_known));
            let filter = Filter { as_known, ..Filter::default() };
            let standing = second.events("try", &filter).unwrap();
            prop_assert_eq!(standing.len() as i64, is.iter().map(|r| r.3).sum::<i64>());
        }
        prop_assert_eq!(second.sources().unwrap()["try"].versions, events.len() as u64);
    }

    #[test]
    fn versions_of_one_time_are_settled_whatever_order_they_come_in(
        versions in proptest::collection::vec(version(), 1..30),
        cuts in proptest::collection::btree_set(0..30_usize, 0..5),
    ) {
        let events: Vec<Event<'static>> = versions.iter().map(Version::event).collect();
        let mut turned = events.clone();
        turned.reverse();
        let (_one, first) = filled(&events, &cuts);
        let (_other, second) = filled(&turned, &BTreeSet::new());
        let counts = |store: &Store| store.counts("try", i32::MIN, i32::MAX).unwrap();
        for as_known in [None, Some(17_530)] {
            prop_assert_eq!(said(&counts(&first), as_known), said(&counts(&second), as_known));
        }
        let anew = first.counts_anew("try", i32::MIN, i32::MAX).unwrap();
        prop_assert_eq!(said(&counts(&first), None), said(&anew, None));
    }
}
