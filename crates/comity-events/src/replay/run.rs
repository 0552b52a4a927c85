//! The watch, run over a past.

use comity_record::parallel::waiting;

use super::Past;
use crate::alarm::{Dyad, Tracker, Watcher};
use crate::detect::{Refused, Settings, Sight};

/// How many periods late a report can be before a state is made anew from the counts.
const PATIENCE: usize = 8;

/// A dyad in one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The method's value as it was known; null where nothing could be said.
    pub value: Option<f64>,
    /// What could be seen.
    pub sight: Sight,
    /// Whether an alarm was on.
    pub on: bool,
    /// Whether one was raised.
    pub raised: bool,
}

/// A dyad through the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Which.
    pub dyad: Dyad,
    /// By period.
    pub seen: Vec<Seen>,
}

/// Runs a watch over the past of every dyad. What comes later never changes what was told before.
///
/// # Shape
/// One trace for each dyad, in their order; the same for any number of threads.
///
/// # Errors
/// Counts that are none.
pub fn run(past: &Past, settings: &Settings, threads: usize) -> Result<Vec<Trace>, Refused> {
    let dyads: Vec<usize> = (0..past.dyads.len()).collect();
    waiting(threads, &dyads, |dyad| trace(past, settings, *dyad)).into_iter().collect()
}

fn trace(past: &Past, settings: &Settings, dyad: usize) -> Result<Trace, Refused> {
    let (name, _) = past.dyads[dyad];
    let patience = if past.has_late() { PATIENCE } else { 0 };
    let mut tracker = Tracker::new(Watcher::new(name, settings.clone()), patience);
    let mut known = Vec::with_capacity(past.len());
    let mut seen = Vec::with_capacity(past.len());
    for at in 0..past.len() {
        let observed = past.observed(dyad, at);
        if past.has_late() {
            let late = past.late(dyad, observed.period);
            for late in &late {
                if let Some(before) = earlier(&mut known, late.period) {
                    before.count += late.count;
                    before.dyad += late.dyad;
                    before.all += late.all;
                }
            }
            if !late.is_empty() && !tracker.correct(&late)? {
                tracker.again(Watcher::new(name, settings.clone()), &known)?;
            }
            known.push(observed);
        }
        let told = tracker.step(&observed, None)?;
        let reading = told.reading;
        seen.push(Seen {
            value: reading.value,
            sight: reading.sight,
            on: told.on,
            raised: told.new,
        });
    }
    Ok(Trace { dyad: name, seen })
}

fn earlier(
    known: &mut [crate::detect::Observed],
    period: i32,
) -> Option<&mut crate::detect::Observed> {
    let first = known.first()?.period;
    known.get_mut(usize::try_from(period.checked_sub(first)?).ok()?)
}
