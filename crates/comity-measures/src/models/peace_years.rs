use crate::Error;
use crate::models::groups::Groups;

/// Years since the last event of each unit.
///
/// # Shape
/// One unit, time and event (0 or 1) per row; rows in any order.
///
/// # Units
/// Rows of the unit since its last event: 0 in its first row and in the row after an event. A row counts as one, however long the time since
/// the row before: leave rows out before counting, and the count is over those that are left.
///
/// # Nulls
/// Where it is not known whether there was an event, the count is not known until the row after the next known event.
///
/// # Errors
/// Different lengths; events other than 0 and 1; two rows of a unit at one time.
///
/// # Source
/// Beck, Katz & Tucker (1998).
pub fn peace_years(
    units: &Groups,
    times: &[f64],
    events: &[Option<f64>],
) -> Result<Vec<Option<f64>>, Error> {
    for (what, got) in [("the times", times.len()), ("the events", events.len())] {
        if got != units.of.len() {
            return Err(Error::Shape { what, got, wanted: units.of.len() });
        }
    }
    let mut years = vec![None; times.len()];
    for mut rows in units.rows() {
        rows.sort_by(|a, b| times[*a].total_cmp(&times[*b]));
        let mut count = Some(0.0);
        let mut before = None;
        for row in rows {
            if before == Some(times[row]) {
                let (what, wanted) = ("the time".to_owned(), "each unit has one row at a time");
                return Err(Error::Value { what, row, value: times[row], wanted });
            }
            before = Some(times[row]);
            years[row] = count;
            count = match events[row] {
                Some(1.0) => Some(0.0),
                Some(0.0) => count.map(|c| c + 1.0),
                None => None,
                Some(value) => {
                    let (what, wanted) = ("the event".to_owned(), "0 or 1");
                    return Err(Error::Value { what, row, value, wanted });
                }
            };
        }
    }
    Ok(years)
}

/// t, t² and t³ of years of peace.
///
/// # Units
/// Years, their squares and their cubes, undivided.
///
/// # Source
/// Carter & Signorino (2010).
pub fn cubic(years: &[Option<f64>]) -> [Vec<Option<f64>>; 3] {
    [1, 2, 3].map(|power| years.iter().map(|t| t.map(|t| t.powi(power))).collect())
}

/// Natural cubic splines of years of peace: one column less than there are knots, the first of which is the years themselves. Beyond the
/// outer knots they are straight lines.
///
/// # Units
/// Years, and cubes of years divided by the square of the span of the knots.
///
/// # Errors
/// Fewer than three knots, or knots that do not rise.
///
/// # Source
/// Beck, Katz & Tucker (1998), who put the inner knots at 1, 4 and 7 years; the basis is that of Harrell (2001), section 2.4.
pub fn natural_splines(
    years: &[Option<f64>],
    knots: &[f64],
) -> Result<Vec<Vec<Option<f64>>>, Error> {
    if knots.len() < 3 {
        let value = knots.len() as f64;
        return Err(Error::Argument { what: "the number of knots", value, wanted: "at least 3" });
    }
    if let Some(pair) = knots.windows(2).find(|w| !(w[0] < w[1] && w[1].is_finite())) {
        let wanted = "each knot is above the one before";
        return Err(Error::Argument { what: "a knot", value: pair[1], wanted });
    }
    let last = knots[knots.len() - 1];
    let before = knots[knots.len() - 2];
    let span = (last - knots[0]).powi(2);
    let cube = |t: f64, knot: f64| (t - knot).max(0.0).powi(3);
    let column = |knot: f64| {
        let of = |t: f64| {
            let inner = cube(t, before) * (last - knot) / (last - before);
            let outer = cube(t, last) * (before - knot) / (last - before);
            (cube(t, knot) - inner + outer) / span
        };
        years.iter().map(|t| t.map(of)).collect()
    };
    let mut columns = vec![years.to_vec()];
    columns.extend(knots[..knots.len() - 2].iter().map(|knot| column(*knot)));
    Ok(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_count_from_the_last_event() {
        let units = Groups::of_keys("dyad", &[1, 1, 2, 1, 1, 2, 2]);
        let times = [1901.0, 1900.0, 1900.0, 1902.0, 1910.0, 1901.0, 1902.0];
        let events =
            [1.0, 0.0, 0.0, 0.0, 0.0, 9.0, 0.0].map(|e| if e == 9.0 { None } else { Some(e) });
        let years = peace_years(&units, &times, &events).unwrap();
        let expected = [Some(1.0), Some(0.0), Some(0.0), Some(0.0), Some(1.0), Some(1.0), None];
        assert_eq!(years, expected);
        assert!(peace_years(&units, &times[1..], &events).is_err());
        let twice = [1900.0; 7];
        assert!(matches!(peace_years(&units, &twice, &events), Err(Error::Value { .. })));
    }

    /// A natural spline is straight beyond its outer knots, and smooth at each.
    #[test]
    fn splines_are_straight_outside_and_smooth_inside() {
        let knots = [0.0, 1.0, 4.0, 7.0, 30.0];
        let at = |t: f64| natural_splines(&[Some(t)], &knots).unwrap();
        for column in 0..4 {
            let f = |t: f64| at(t)[column][0].unwrap();
            let bend = |t: f64, h: f64| f(t + h) - 2.0 * f(t) + f(t - h);
            assert!(bend(40.0, 5.0).abs() < 1e-9 && bend(-5.0, 1.0).abs() < 1e-12);
            for knot in knots {
                let slope = |from: f64, to: f64| (f(to) - f(from)) / (to - from);
                assert!((slope(knot, knot + 1e-6) - slope(knot - 1e-6, knot)).abs() < 1e-4);
            }
        }
        assert_eq!(at(3.0)[0][0], Some(3.0));
        assert_eq!(cubic(&[Some(2.0), None])[2], [Some(8.0), None]);
        assert!(natural_splines(&[], &[0.0, 1.0]).is_err());
        assert!(natural_splines(&[], &[0.0, 2.0, 1.0]).is_err());
    }
}
