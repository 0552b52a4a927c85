use comity_measures::Error;
use comity_measures::votes::{Over, Score, agreement, attendance};
use proptest::prelude::*;

use crate::votes_table::Table;

/// Three states, two sessions. Roll call 3 is unanimous; in roll call 4 state 30 is absent; in session 2 state 30 is no member.
fn table() -> Table {
    let mut table = Table::default();
    table.add(1, 1, &[(10, 1), (20, 3), (30, 2)]);
    table.add(2, 1, &[(10, 1), (20, 1), (30, 3)]);
    table.add(3, 1, &[(10, 1), (20, 1), (30, 1)]);
    table.add(4, 1, &[(10, 2), (20, 2), (30, 8)]);
    table.add(5, 1, &[(30, 2), (10, 2), (20, 1)]);
    table.add(6, 2, &[(10, 1), (20, 8), (30, 9)]);
    table
}

#[test]
fn agreement_counts_what_both_voted_on() {
    let table = table();
    let rows = agreement(&table.ballots(), &Over::default(), 1).unwrap();
    let of =
        |session, a, b| *rows.iter().find(|r| r.session == session && r.states == [a, b]).unwrap();
    // Roll calls 1, 2 and 5; roll calls 3 and 4 are unanimous among the votes cast.
    let pair = of(1, 10, 20);
    assert_eq!((pair.joint, pair.alike, pair.both_abstained, pair.opposed), (3, 1, 0, 1));
    assert_eq!(pair.score(Score::Half), Some(0.5));
    assert_eq!(pair.score(Score::Exact), Some(1.0 / 3.0));
    assert_eq!((pair.score(Score::YesNo), pair.votes(Score::YesNo)), (Some(0.5), 2));
    let pair = of(1, 20, 30);
    assert_eq!((pair.joint, pair.opposed, pair.score(Score::Half)), (3, 1, Some(1.0 / 3.0)));
    // Nothing in common: a row without a score.
    let none = of(2, 10, 20);
    assert_eq!((none.joint, none.score(Score::Half), none.score(Score::YesNo)), (0, None, None));
    assert!(!rows.iter().any(|r| r.session == 2 && r.states.contains(&30)));
}

#[test]
fn unanimous_roll_calls_and_those_of_an_issue_are_chosen_by_the_caller() {
    let table = table();
    let over = Over { unanimous: true, ..Over::default() };
    let rows = agreement(&table.ballots(), &over, 1).unwrap();
    assert_eq!(
        (rows[0].states, rows[0].joint, rows[0].score(Score::Half)),
        ([10, 20], 5, Some(0.7))
    );
    let over = Over { roll_calls: Some(&[5, 1]), unanimous: false };
    let rows = agreement(&table.ballots(), &over, 1).unwrap();
    assert_eq!((rows[0].joint, rows[0].score(Score::Half)), (2, Some(0.25)));
}

#[test]
fn attendance_counts_absences_and_the_side_that_most_take() {
    let table = table();
    let over = Over { unanimous: true, ..Over::default() };
    let rows = attendance(&table.ballots(), &over, 1).unwrap();
    let of =
        |session, state| *rows.iter().find(|r| (r.session, r.state) == (session, state)).unwrap();
    let state = of(1, 30);
    assert_eq!((state.roll_calls, state.cast, state.participation()), (5, 4, Some(0.8)));
    // Roll call 1 has no largest side; 2 and 3 have yes, 5 abstention.
    assert_eq!((state.decided, state.with_majority), (3, 2));
    let absent = of(2, 20);
    assert_eq!((absent.participation(), absent.share_with_majority()), (Some(0.0), None));
}

#[test]
fn bad_votes_are_refused_by_row() {
    let mut table = table();
    table.vote[3] = 4;
    let error = agreement(&table.ballots(), &Over::default(), 1).unwrap_err();
    assert!(matches!(error, Error::Value { row: 3, .. }), "{error}");
    table.vote[3] = 1;
    table.add(6, 2, &[(10, 3)]);
    let error = attendance(&table.ballots(), &Over::default(), 1).unwrap_err();
    assert_eq!(error.to_string(), "state 10 has two votes in roll call 6; one is needed");
    table.vote.pop();
    let error = agreement(&table.ballots(), &Over::default(), 1).unwrap_err();
    assert!(matches!(error, Error::Shape { what: "vote", .. }), "{error}");
    assert_eq!(agreement(&Table::default().ballots(), &Over::default(), 1), Ok(Vec::new()));
}

proptest! {
    /// Against the definition, roll call by roll call; in any order of rows, for any number of threads.
    #[test]
    fn scores_are_those_of_the_definition(
        votes in prop::collection::vec(prop::sample::select(vec![1_u8, 1, 1, 2, 3, 8, 9]), 5 * 140),
        turn in 0_usize..700,
    ) {
        let mut table = Table::default();
        for (call, votes) in (0_u32..).zip(votes.chunks_exact(5)) {
            let rows: Vec<(i32, u8)> = (1..).zip(votes.iter().copied()).collect();
            table.add(call, 1 + call as i32 % 2, &rows);
        }
        let mut turned = table.clone();
        turned.roll_call.rotate_left(turn);
        turned.session.rotate_left(turn);
        turned.state.rotate_left(turn);
        turned.vote.rotate_left(turn);
        let rows = agreement(&table.ballots(), &Over::default(), 1).unwrap();
        prop_assert_eq!(&rows, &agreement(&turned.ballots(), &Over::default(), 3).unwrap());
        for row in rows {
            let [a, b] = row.states.map(|s| s as usize - 1);
            let calls = votes.chunks_exact(5).zip(0..).filter(|(_, call)| 1 + call % 2 == row.session);
            let scores: Vec<f64> = calls
                .map(|(votes, _)| votes)
                .filter(|v| (1..=3).filter(|k| v.contains(k)).count() > 1)
                .filter(|v| v[a] <= 3 && v[b] <= 3)
                .map(|v| 1.0 - f64::from(v[a].abs_diff(v[b])) / 2.0)
                .collect();
            prop_assert_eq!(row.joint as usize, scores.len());
            if let Some(score) = row.score(Score::Half) {
                let mean = scores.iter().sum::<f64>() / scores.len() as f64;
                prop_assert!((score - mean).abs() < 1e-12);
            }
        }
    }
}
