//! Alarms beside onsets.

use super::{Onsets, Past, Plan, Risk, Trace};
use crate::detect::Sight;

/// What became of alarms, by block (calendar year).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Alarms {
    /// An onset followed within the horizon.
    pub hits: Vec<f64>,
    /// None did.
    pub wrong: Vec<f64>,
    /// Raised while a crisis was under way.
    pub during: Vec<f64>,
    /// What followed is not recorded.
    pub censored: Vec<f64>,
    /// Years of dyads outside crises in which the watch had a value, and what followed is recorded.
    pub dyad_years: Vec<f64>,
    /// The share of all periods with reports that is in the block: a whole year counts 1.
    pub years: Vec<f64>,
}

/// What became of onsets, by block of the day on which they began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcomes {
    /// All, within the days of both the source and the records.
    pub onsets: Vec<f64>,
    /// Those before which the dyad could be seen clearly.
    pub seen: Vec<f64>,
    /// An alarm was raised within the horizon before, and outside an earlier crisis.
    pub foreseen: Vec<f64>,
    /// None was, and one was on that had been raised earlier.
    pub on: Vec<f64>,
    /// None was, none was on, and one was raised within the days of notice after it began.
    pub noticed: Vec<f64>,
    /// Days from the first alarm to the onset, of those foreseen, sorted.
    pub lead: Vec<f64>,
    /// Days from the onset to the alarm, of those noticed, sorted.
    pub delay: Vec<f64>,
}

/// The block of a day.
pub(super) fn block(first_year: i16, day: i32) -> usize {
    usize::try_from(crate::detect::date(day).year() - first_year).unwrap_or(0)
}

/// Compares.
pub(super) fn compare(
    past: &Past,
    traces: &[Trace],
    onsets: &Onsets,
    plan: &Plan,
    first_year: i16,
    blocks: usize,
) -> (Alarms, Outcomes) {
    let none = || vec![0.0; blocks];
    let mut alarms = Alarms {
        hits: none(),
        wrong: none(),
        during: none(),
        censored: none(),
        dyad_years: none(),
        years: none(),
    };
    let mut outcomes = Outcomes {
        onsets: none(),
        seen: none(),
        foreseen: none(),
        on: none(),
        noticed: none(),
        ..Outcomes::default()
    };
    let days: Vec<i32> = (0..past.len()).map(|at| past.last_day(at)).collect();
    let length = |at: usize| {
        let first = past.period.first_day(past.first + at as i32);
        f64::from(days[at] - first + 1) / 365.25
    };
    for (at, day) in
        days.iter().enumerate().filter(|(at, day)| past.all[*at] > 0.0 && **day >= plan.from)
    {
        alarms.years[block(first_year, *day)] += length(at);
    }
    for trace in traces {
        for (at, seen) in trace.seen.iter().enumerate() {
            let day = days[at];
            if day < plan.from || seen.value.is_none() {
                continue;
            }
            let risk = onsets.risk(trace.dyad, day, plan.horizon, plan.until);
            let block = block(first_year, day);
            if matches!(risk, Risk::Without | Risk::Before(_)) {
                alarms.dyad_years[block] += length(at);
            }
            if seen.raised {
                let tally = match risk {
                    Risk::Before(_) => &mut alarms.hits,
                    Risk::Without => &mut alarms.wrong,
                    Risk::During => &mut alarms.during,
                    Risk::Censored => &mut alarms.censored,
                };
                tally[block] += 1.0;
            }
        }
        of_dyad(past, trace, &days, onsets, plan, |day| block(first_year, day), &mut outcomes);
    }
    outcomes.lead.sort_by(f64::total_cmp);
    outcomes.delay.sort_by(f64::total_cmp);
    (alarms, outcomes)
}

/// The onsets of one dyad. Counted are those before which the source had reports for at least one period in the horizon, and that are
/// recorded.
fn of_dyad(
    past: &Past,
    trace: &Trace,
    days: &[i32],
    onsets: &Onsets,
    plan: &Plan,
    block: impl Fn(i32) -> usize,
    outcomes: &mut Outcomes,
) {
    for onset in onsets.of(trace.dyad) {
        let start = onset.start;
        // The periods that ended in the horizon before the onset.
        let from = days.partition_point(|day| *day < start.saturating_sub(plan.horizon));
        let to = days.partition_point(|day| *day < start);
        let before = from..to;
        let covered = before.clone().any(|at| past.all[at] > 0.0 && trace.seen[at].value.is_some());
        if start < plan.from || start > plan.until || !covered {
            continue;
        }
        let block = block(start).min(outcomes.onsets.len().saturating_sub(1));
        outcomes.onsets[block] += 1.0;
        let clear = trace.seen[to - 1].sight == Sight::Clear;
        outcomes.seen[block] += f64::from(u8::from(clear));
        let at_risk = |at: usize| {
            let risk = onsets.risk(trace.dyad, days[at], plan.horizon, plan.until);
            matches!(risk, Risk::Before(_))
        };
        if let Some(first) = before.clone().find(|at| trace.seen[*at].raised && at_risk(*at)) {
            outcomes.foreseen[block] += 1.0;
            outcomes.lead.push(f64::from(start - days[first]));
            continue;
        }
        if trace.seen[to - 1].on {
            outcomes.on[block] += 1.0;
            continue;
        }
        let after = to..days.partition_point(|day| *day <= start.saturating_add(plan.notice));
        if let Some(first) = after.clone().find(|at| trace.seen[*at].raised) {
            outcomes.noticed[block] += 1.0;
            outcomes.delay.push(f64::from(days[first] - start));
        }
    }
}
