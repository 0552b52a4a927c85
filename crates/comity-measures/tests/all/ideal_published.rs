use std::collections::HashMap;

use comity_measures::ideal::{Absence, Settings, fast};

use crate::votes_table::{bytes, published};

/// `IdealpointestimatesAll_Apr2020.csv` by state and session.
fn estimates() -> HashMap<(i32, i32), f64> {
    let bytes = bytes("unga-idealpoints/IdealpointestimatesAll_Apr2020.csv");
    let text = String::from_utf8_lossy(&bytes);
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        ((cells[1].parse().unwrap(), cells[2].parse().unwrap()), cells[4].parse().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

/// `Matches.csv`: 955 pairs of roll calls on the same resolution.
fn bridges() -> Vec<(u32, u32)> {
    let text = String::from_utf8(bytes("unga-idealpoints/Matches.csv")).unwrap();
    let row = |line: &str| {
        let mut cells = line.trim().split(',').skip(1).map(|c| c.parse().unwrap());
        (cells.next().unwrap(), cells.next().unwrap())
    };
    text.lines().skip(1).map(row).collect()
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let (a, b) = pairs.iter().fold((0.0, 0.0), |s, p| (s.0 + p.0 / n, s.1 + p.1 / n));
    let sum = |f: fn(f64, f64) -> f64| pairs.iter().map(|p| f(p.0 - a, p.1 - b)).sum::<f64>();
    sum(|x, y| x * y) / (sum(|x, _| x * x) * sum(|_, y| y * y)).sqrt()
}

/// Sessions 1 to 70 against the estimates of April 2020.
#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn fast_ideal_points_are_those_published() {
    let (published_points, bridges) = (estimates(), bridges());
    assert_eq!(bridges.len(), 955);
    let settings = Settings::default();
    let ours = fast(&published().ballots(), &bridges, &settings).unwrap();
    let of = |session: Option<i32>| -> Vec<(f64, f64)> {
        let points = ours.points.iter().filter(|p| session.is_none_or(|s| s == p.session));
        points
            .filter_map(|p| Some((p.point, *published_points.get(&(p.state, p.session))?)))
            .collect()
    };
    let all = of(None);
    // The release of April 2020 has 9,697 rows of these sessions; Germany in session 45 has another number there.
    assert_eq!(all.len(), 9_696);
    assert!(correlation(&all) >= 0.99, "{}", correlation(&all));
    for session in (1..=70).filter(|s| *s != 19) {
        let r = correlation(&of(Some(session)));
        assert!(r >= if session > 5 { 0.99 } else { 0.98 }, "session {session}: {r}");
    }
    let at = |state, session| {
        ours.points.iter().find(|p| (p.state, p.session) == (state, session)).unwrap().point
    };
    // The United States and the Soviet Union, on their sides.
    assert!((1..=70).filter(|s| *s != 19).all(|s| at(2, s) > 0.0));
    assert!((1..=43).filter(|s| *s != 19).all(|s| at(365, s) < 0.0));
    // Session 19 had one roll call, and has no estimates in the release either.
    let lone = ours.left_out.iter().filter(|l| l.reason == Absence::LoneRollCall);
    assert!(lone.clone().count() > 100 && lone.clone().all(|l| l.session == 19));
}
