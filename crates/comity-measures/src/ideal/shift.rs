//! Where the sessions lie against each other.
//!
//! Adding the same amount to the points of a session, and what follows from it to the cut-points of its resolutions, leaves the likelihood of
//! its votes as it is; steps that move points and resolutions in turn are slow to find it. Here all sessions are moved at once.

use nalgebra::{DMatrix, DVector};

use super::likelihood::{BOUND, Item};
use super::panel::Panel;

/// Moves the sessions so that the states that vote in two of them move as little as possible between them, and with them the cut-points.
pub(crate) fn shift(panel: &Panel, theta: &mut [f64], items: &mut [Item]) {
    let n = panel.sessions.len();
    let (mut precision, mut linear) = (DMatrix::<f64>::zeros(n, n), DVector::<f64>::zeros(n));
    for pair in panel.paths.iter().flat_map(|path| path.windows(2)) {
        let [before, cell] = [pair[0], pair[1]].map(|c| c as usize);
        let [s, t] = [before, cell].map(|c| panel.cell_session[c] as usize);
        let step = panel.step_precision[cell];
        let pull = step * (theta[cell] - theta[before]);
        precision[(t, t)] += step;
        precision[(s, s)] += step;
        precision[(s, t)] -= step;
        precision[(t, s)] -= step;
        linear[t] -= pull;
        linear[s] += pull;
    }
    // The scale has no origin but the mean of the panel.
    for t in 0..n {
        precision[(t, t)] += 1e-3;
    }
    let Some(root) = precision.cholesky() else { return };
    let amounts = root.solve(&linear).map(|a| a.clamp(-0.25, 0.25));
    for (point, session) in theta.iter_mut().zip(&panel.cell_session) {
        *point += amounts[*session as usize];
    }
    for (item, sessions) in items.iter_mut().zip(&panel.item_sessions) {
        let votes: f64 = sessions.iter().map(|s| f64::from(s.1)).sum();
        let sum: f64 = sessions.iter().map(|s| f64::from(s.1) * amounts[s.0 as usize]).sum();
        let by = item.slope * sum / votes;
        item.low = (item.low + by).clamp(-BOUND, BOUND);
        item.high = (item.high + by).clamp(-BOUND, BOUND);
    }
}
