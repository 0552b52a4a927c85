//! Counts of news about conflict.

use super::{Reference, Said, Tested};

/// The share of all reports that is about conflict of the dyad, of late and in the baseline:
///
/// ```text
/// T = log₂((x₁ + 1) / (e₁ + 1)),   e₁ = ρ n₁
/// ```
///
/// with x₁ the events and n₁ the reports of the tested period and the guard before it together, and ρ the rate of the baseline. One event
/// is added to both, so that single reports about a dyad that is hardly reported are no alarm. Chadefaux counts articles of a week that
/// name a country and a word of conflict as a share of all articles of the week; here they are coded events, and the comparison with the
/// dyad's own past is ours: "like Chadefaux's", and not his model.
///
/// # Units
/// Doublings of the usual share: 2 is four times as much as usual.
///
/// # Nulls
/// No value before half of a baseline was seen, or in a period without reports.
pub const NEWS: Reference = Reference {
    authors: "Chadefaux, Thomas",
    year: 2014,
    title: "Early Warning Signals for War in the News",
    published_in: "Journal of Peace Research 51(1): 5-18",
    doi: "10.1177/0022343313507302",
};

pub(super) fn test(tested: &Tested<'_>) -> Said {
    let (mut count, mut exposure) = (tested.cell.count, tested.cell.exposure);
    for cell in tested.window.guard() {
        count += cell.count;
        exposure += cell.exposure;
    }
    let value = ((count + 1.0) / (tested.past.expected(exposure) + 1.0)).log2();
    Said { value, expected: tested.past.expected(tested.cell.exposure), since: None }
}
