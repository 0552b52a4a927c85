use std::ops::ControlFlow;

use comity_measures::Error;
use comity_measures::ideal::{Absence, Dynamics, Estimates, Gibbs, Plan, Settings, fast};

use crate::votes_table::Table;

/// Numbers between 0 and 1 that look random.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.next()).ln()).sqrt() * (std::f64::consts::TAU * self.next()).cos()
    }
}

/// Votes drawn from the model, with what they were drawn from: of each session the points of states 1, 2, …; state 2 is on the right.
fn drawn(states: usize, sessions: i32, calls: u32) -> (Table, Vec<(i32, i32, f64)>) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let (mut table, mut truth) = (Table::default(), Vec::new());
    let mut points: Vec<f64> = (0..states).map(|_| numbers.normal()).collect();
    points[1] = 1.8;
    for session in 1..=sessions {
        for (state, point) in points.iter_mut().enumerate() {
            *point += 0.2 * numbers.normal();
            truth.push((session, state as i32 + 1, *point));
        }
        for call in 0..calls {
            let (slope, middle) = (1.5 * numbers.normal(), numbers.normal());
            let gap = 0.1 + 0.5 * numbers.next();
            let votes: Vec<(i32, u8)> = points
                .iter()
                .zip(1..)
                .map(|(point, state)| {
                    let leaning = slope * point + numbers.normal();
                    let vote = if leaning < middle - gap {
                        1
                    } else if leaning < middle + gap {
                        2
                    } else {
                        3
                    };
                    (state, if numbers.next() < 0.1 { 8 } else { vote })
                })
                .collect();
            table.add(session as u32 * 1_000 + call, session, &votes);
        }
    }
    (table, truth)
}

fn settings(threads: usize) -> Settings {
    Settings { threads, ..Settings::default() }
}

fn correlation(estimates: &Estimates, truth: &[(i32, i32, f64)]) -> f64 {
    let pairs: Vec<(f64, f64)> = estimates
        .points
        .iter()
        .zip(truth)
        .map(|(p, t)| {
            assert_eq!((p.session, p.state), (t.0, t.1));
            (p.point, t.2)
        })
        .collect();
    let n = pairs.len() as f64;
    let (a, b) = pairs.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0 / n, s.1 + p.1 / n));
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - a, p.1 - b)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

#[test]
fn fast_finds_the_points_that_votes_were_drawn_from() {
    let (table, truth) = drawn(40, 5, 60);
    for dynamics in [Dynamics::LooksBack, Dynamics::Smoothed] {
        let one = fast(&table.ballots(), &[], &Settings { dynamics, ..settings(1) }).unwrap();
        assert!(correlation(&one, &truth) > 0.97, "{}", correlation(&one, &truth));
        let sum: f64 = one.points.iter().map(|p| p.point).sum();
        let squares: f64 = one.points.iter().map(|p| p.point * p.point).sum();
        let n = one.points.len() as f64;
        assert!(sum.abs() < 1e-9 && (squares / n - 1.0).abs() < 1e-9);
        let three = fast(&table.ballots(), &[], &Settings { dynamics, ..settings(3) }).unwrap();
        assert_eq!(one, three);
    }
}

#[test]
fn the_named_state_is_positive() {
    let (table, _) = drawn(20, 2, 40);
    let right = fast(&table.ballots(), &[], &settings(1)).unwrap();
    let most = right.points.iter().max_by(|a, b| a.point.total_cmp(&b.point)).unwrap().state;
    let left = right.points.iter().min_by(|a, b| a.point.total_cmp(&b.point)).unwrap().state;
    assert_eq!(most, 2);
    let turned = fast(&table.ballots(), &[], &Settings { positive: left, ..settings(1) }).unwrap();
    for (a, b) in right.points.iter().zip(&turned.points) {
        assert!((a.point + b.point).abs() < 1e-9 && (a.low + b.high).abs() < 1e-9);
    }
    let error =
        fast(&table.ballots(), &[], &Settings { positive: 999, ..settings(1) }).unwrap_err();
    assert_eq!(error, Error::NotThere { state: 999 });
}

const PLAN: Plan = Plan { iterations: 900, burn_in: 400, thin: 5, chains: 2, seed: 3 };

#[test]
fn gibbs_finds_the_points_and_how_well_they_are_known() {
    let (table, truth) = drawn(30, 3, 50);
    let mut run = Gibbs::new(&table.ballots(), &[], settings(2), PLAN).unwrap();
    assert!(run.run(200, |_| ControlFlow::Continue(())));
    let estimates = run.estimates().unwrap();
    assert!(correlation(&estimates, &truth) > 0.96, "{}", correlation(&estimates, &truth));
    let n = truth.len() as f64;
    let mean = truth.iter().map(|t| t.2).sum::<f64>() / n;
    let deviation = (truth.iter().map(|t| (t.2 - mean).powi(2)).sum::<f64>() / n).sqrt();
    let held = estimates.points.iter().zip(&truth).filter(|(p, t)| {
        let at = (t.2 - mean) / deviation;
        p.low <= at && at <= p.high
    });
    assert!(held.count() as f64 / n > 0.85);
    let mut r_hats: Vec<f64> = estimates.points.iter().map(|p| p.r_hat.unwrap()).collect();
    r_hats.sort_by(f64::total_cmp);
    assert!(r_hats[r_hats.len() * 9 / 10] < 1.1, "{r_hats:?}");
    assert!(estimates.points.iter().all(|p| p.effective.unwrap() > 10.0 && p.error > 0.0));
    // The fast estimator is near.
    let quick = fast(&table.ballots(), &[], &settings(1)).unwrap();
    let sampled: Vec<_> = estimates.points.iter().map(|p| (p.session, p.state, p.point)).collect();
    assert!(correlation(&quick, &sampled) > 0.99);
}

#[test]
fn a_run_is_the_same_for_any_threads_and_when_taken_up_again() {
    let (table, _) = drawn(20, 2, 20);
    let ballots = table.ballots();
    let plan = Plan { iterations: 60, burn_in: 20, thin: 4, chains: 3, seed: 9 };
    let mut whole = Gibbs::new(&ballots, &[], settings(1), plan).unwrap();
    whole.advance(60);
    let mut parted = Gibbs::new(&ballots, &[], settings(4), plan).unwrap();
    let stopped = parted.run(25, |run| {
        if run.done() >= 25 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert!(!stopped && parted.done() == 25);
    let bytes = parted.checkpoint();
    let mut resumed = Gibbs::resume(&ballots, &[], settings(2), plan, &bytes).unwrap();
    assert!(resumed.run(10, |_| ControlFlow::Continue(())));
    assert_eq!(whole.checkpoint(), resumed.checkpoint());
    assert_eq!(whole.estimates(), resumed.estimates());
    let other = Gibbs::new(&ballots, &[], settings(1), Plan { seed: 10, ..plan }).unwrap();
    assert!(Gibbs::resume(&ballots, &[], settings(1), Plan { seed: 10, ..plan }, &bytes).is_err());
    assert_ne!(
        other.checkpoint(),
        Gibbs::new(&ballots, &[], settings(1), plan).unwrap().checkpoint()
    );
}

#[test]
fn checkpoints_of_other_votes_and_damaged_ones_are_refused() {
    let (table, _) = drawn(12, 2, 15);
    let plan = Plan { iterations: 30, burn_in: 10, thin: 2, chains: 1, seed: 1 };
    let mut run = Gibbs::new(&table.ballots(), &[], settings(1), plan).unwrap();
    assert!(matches!(run.estimates(), Err(Error::Empty { .. })));
    run.advance(20);
    let bytes = run.checkpoint();
    let resume = |table: &Table, bytes: &[u8]| {
        Gibbs::resume(&table.ballots(), &[], settings(1), plan, bytes).map(|run| run.done())
    };
    assert_eq!(resume(&table, &bytes), Ok(20));
    let mut other = table.clone();
    other.vote[0] = if other.vote[0] == 1 { 3 } else { 1 };
    assert!(matches!(resume(&other, &bytes), Err(Error::Checkpoint { .. })));
    for cut in [0, 5, 8, 16, 24, 100, bytes.len() - 1] {
        assert!(matches!(resume(&table, &bytes[..cut]), Err(Error::Checkpoint { .. })), "{cut}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(resume(&table, &longer).is_err());
    let mut version = bytes.clone();
    version[7] = 2;
    assert!(resume(&table, &version).is_err());
    let mut not_finite = bytes;
    not_finite[24..32].copy_from_slice(&f64::NAN.to_bits().to_le_bytes());
    assert!(resume(&table, &not_finite).is_err());
}

#[test]
fn those_without_a_point_have_a_reason() {
    let (mut table, _) = drawn(15, 3, 20);
    // A state that never votes, one in unanimous roll calls only, and a session with one roll call.
    table.add(1_000, 1, &[(77, 8)]);
    let all: Vec<(i32, u8)> = (1..=15).chain([88]).map(|s| (s, 1)).collect();
    table.add(1_900, 1, &all);
    let votes: Vec<(i32, u8)> = (1..=15).map(|s| (s, if s < 8 { 1 } else { 3 })).collect();
    table.add(9_000, 9, &votes);
    table.add(9_001, 9, &[(99, 9)]);
    let estimates = fast(&table.ballots(), &[], &settings(1)).unwrap();
    let reason = |session, state| {
        let found = estimates.left_out.iter().find(|l| (l.session, l.state) == (session, state));
        found.map(|l| l.reason)
    };
    assert_eq!(reason(1, 77), Some(Absence::NoVote));
    assert_eq!(reason(1, 88), Some(Absence::Unanimous));
    assert_eq!(reason(9, 2), Some(Absence::LoneRollCall));
    assert_eq!(reason(9, 99), None);
    assert_eq!(estimates.points.len(), 45);
    assert!(estimates.points.iter().all(|p| p.session < 9 && p.point.is_finite()));
}

#[test]
fn votes_that_place_nobody_are_errors() {
    let mut table = Table::default();
    table.add(1, 1, &[(2, 1), (20, 1)]);
    table.add(2, 1, &[(2, 3), (20, 3), (30, 8)]);
    let error = fast(&table.ballots(), &[], &settings(1)).unwrap_err();
    assert!(matches!(error, Error::Empty { .. }), "{error}");
    assert!(Gibbs::new(&table.ballots(), &[], settings(1), PLAN).is_err());
    // Two circles of states that never meet.
    let mut table = Table::default();
    for call in 0..4 {
        table.add(call, 1, &[(2, 1), (20, 3)]);
        table.add(10 + call, 1, &[(30, 1), (40, 3)]);
    }
    let error = fast(&table.ballots(), &[], &settings(1)).unwrap_err();
    assert_eq!(error, Error::Unconnected { one: 2, other: 30 });
    let error = fast(&table.ballots(), &[], &Settings { smoothing: f64::NAN, ..settings(1) });
    assert!(matches!(error, Err(Error::Value { .. })));
    for plan in
        [Plan { chains: 0, ..PLAN }, Plan { thin: 0, ..PLAN }, Plan { burn_in: 900, ..PLAN }]
    {
        assert!(matches!(
            Gibbs::new(&table.ballots(), &[], settings(1), plan),
            Err(Error::Value { .. })
        ));
    }
}

/// A resolution voted on in two sessions says how they lie against each other, even where no state votes in both.
#[test]
fn bridges_connect_sessions() {
    let (first, _) = drawn(20, 1, 30);
    let mut table = first.clone();
    for row in 0..first.vote.len() {
        table.roll_call.push(first.roll_call[row] + 1_000);
        table.session.push(2);
        table.state.push(first.state[row] + 100);
        table.vote.push(first.vote[row]);
    }
    assert!(matches!(fast(&table.ballots(), &[], &settings(1)), Err(Error::Unconnected { .. })));
    let bridges: Vec<(u32, u32)> = (0..30).map(|c| (1_000 + c, 2_000 + c)).collect();
    let estimates = fast(&table.ballots(), &bridges, &settings(1)).unwrap();
    for (a, b) in estimates.points.iter().zip(&estimates.points[20..]) {
        assert!(a.state + 100 == b.state && (a.point - b.point).abs() < 0.05, "{a:?} {b:?}");
    }
}
