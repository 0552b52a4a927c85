//! Cumulated sums.

use serde::{Deserialize, Serialize};

use super::{Reference, Said, Tested};

/// Cumulated sums of what counts are above their baseline:
///
/// ```text
/// S = min(2h, max(0, S' + z − k))
/// ```
///
/// with S' that of the period before (0 at first), z the deviation of the module, k = 0.5 and an alarm at h = 5 where nothing else is
/// declared. It finds small rises that last and great ones that do not. The turn began in the first period after the sum was last 0. The
/// sum stops at twice the threshold, so that an alarm ends when its cause does, and not years after a war; nothing that is below the
/// threshold is changed by that.
///
/// # Units
/// Cumulated standard deviations, 0 to 2h.
///
/// # Nulls
/// No value before half of a baseline was seen, or in a period without reports; the sum stands still there.
pub const CUSUM: Reference = Reference {
    authors: "Page, E. S.",
    year: 1954,
    title: "Continuous Inspection Schemes",
    published_in: "Biometrika 41(1/2): 100-115",
    doi: "10.1093/biomet/41.1-2.100",
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Sum {
    value: f64,
    /// The first period since the sum was last 0.
    since: Option<i32>,
}

pub(super) fn test(tested: &Tested<'_>, sum: &Sum) -> (Said, Sum) {
    let most = 2.0 * tested.settings.threshold;
    let value = (sum.value + tested.deviation - tested.settings.k).clamp(0.0, most);
    let since = (value > 0.0).then(|| sum.since.unwrap_or(tested.cell.period));
    let expected = tested.past.expected(tested.cell.exposure);
    (Said { value, expected, since }, Sum { value, since })
}
