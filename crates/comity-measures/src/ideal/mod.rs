//! Ideal points of states from their votes in an assembly.
//!
//! The model of Bailey, Strezhnev and Voeten (2017). Behind the vote of state *i* in session *t* on resolution *v* is a leaning
//! Z = β_v θ_it + ε with ε ~ N(0, 1): yes below a first cut-point of the resolution, no above a second one, abstention between. Slopes have the
//! prior N(0, 1); cut-points are uniform between −7 and 7. A point is tied to the point of the session before in which the state voted,
//! θ_it ~ N(θ_i,t−1, 0.5 n_t / (n_t + n_t−1)), with n the numbers of votes it cast in the two. Votes on the same resolution in different sessions
//! share its place, which bridges the sessions.
//!
//! * A roll call in which all votes are alike says nothing and is left out; so is a session with one roll call that is not
//!   ([`Absence::LoneRollCall`]; the published estimates leave out session 19 for it).
//! * As in the publishers' program, a session looks back only ([`Dynamics::LooksBack`]): what a state did later does not move its earlier
//!   points, and the first point of a state is tied to its second. [`Dynamics::Smoothed`] is the full posterior of the random walk.
//! * Points have mean 0 and standard deviation 1 over all states and sessions. The scale is held while estimating, not only afterwards, since
//!   the step of the random walk is on that scale. The sign is that of [`Settings::positive`], the United States.
//! * States are taken as they are numbered: the Soviet Union and Russia are one (365), Germany is 255 from 1990 where the votes say so.
//!
//! [`fast`] maximises a variational bound to second order; [`Gibbs`] samples. Both give the published points within a session; where the early
//! sessions lie against the later ones is hardly told by votes (few resolutions bridge them), and there the two differ from each other and from
//! the published values.

mod chain;
mod checkpoint;
mod diagnostics;
mod draw;
mod fast;
mod gibbs;
mod likelihood;
mod normal;
mod panel;
mod path;
mod place;
mod quantile;
mod shift;
mod start;
mod stream;

pub use gibbs::{Gibbs, Plan};
pub use panel::{Absence, LeftOut};

use crate::votes::Ballots;
use crate::{Error, Reference};
use panel::Panel;

/// The publication that defines the model.
pub const REFERENCE: Reference = Reference {
    authors: "Bailey, Michael A., Anton Strezhnev and Erik Voeten",
    year: 2017,
    title: "Estimating Dynamic State Preferences from United Nations Voting Data",
    published_in: "Journal of Conflict Resolution 61(2): 430-456",
    doi: "10.1177/0022002715595700",
};

/// What a point is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dynamics {
    /// To the session before, and the first one to the second: the published estimates.
    #[default]
    LooksBack,
    /// To the sessions before and after: the posterior of a random walk whose first point has the prior N(0, 1).
    Smoothed,
}

/// Settings of both estimators.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Variance of a step in the session of which the state cast all the votes; published 0.5. Less is smoother.
    pub smoothing: f64,
    /// What a point is tied to.
    pub dynamics: Dynamics,
    /// State whose points are positive on average, by its Correlates of War number.
    pub positive: i32,
    /// Threads to work with. The result is the same for any number.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        let threads = crate::threads::available();
        Self { smoothing: 0.5, dynamics: Dynamics::default(), positive: 2, threads }
    }
}

impl Settings {
    fn panel(&self, ballots: &Ballots<'_>, bridges: &[(u32, u32)]) -> Result<Panel, Error> {
        if !(self.smoothing > 0.0 && self.smoothing.is_finite()) {
            return Err(Error::Value {
                what: "smoothing".to_owned(),
                row: 0,
                value: self.smoothing,
                wanted: "a variance above 0 is needed",
            });
        }
        let panel = Panel::new(ballots, bridges, self.smoothing)?;
        if panel.path_of(self.positive).is_empty() {
            return Err(Error::NotThere { state: self.positive });
        }
        Ok(panel)
    }
}

/// The ideal point of a state in a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Correlates of War number.
    pub state: i32,
    /// Session.
    pub session: i32,
    /// Votes that it cast there, in roll calls that were not unanimous.
    pub votes: u32,
    /// The estimate; of a sample its mean.
    pub point: f64,
    /// Standard error; of a sample its standard deviation.
    pub error: f64,
    /// Lower end of the interval that holds the point with a probability of 95 percent.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Of a sample: how far chains, each split in two, are from one distribution; 1 where they agree. `None` without a sample.
    pub r_hat: Option<f64>,
    /// Of a sample: how many independent draws it is worth. `None` without one.
    pub effective: Option<f64>,
}

/// Ideal points.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimates {
    /// One for each session and state with votes to tell it from, in the order of sessions and states.
    pub points: Vec<Point>,
    /// Members in sessions where there are none, with the reason.
    pub left_out: Vec<LeftOut>,
    /// Passes made; of a sample the iterations of each chain.
    pub passes: u64,
}

/// Ideal points with standard errors, in seconds.
///
/// # Shape
/// One point per session and state that voted there in a contested roll call. `bridges` are pairs of roll calls on the same resolution; a
/// later one takes the place of the earlier (of several, of the first), over any number of links.
///
/// # Units
/// Standard deviations over all points.
///
/// # Nulls
/// Absences and states that are not members say nothing. A member without a point in a session is in [`Estimates::left_out`] with the reason.
///
/// # Errors
/// Columns of different length; a code that is no vote; two votes of one state in one roll call; no contested roll call; states that have no
/// scale in common; [`Settings::positive`] without a vote; steps that do not come to rest.
///
/// # Source
/// The model of Bailey, Strezhnev and Voeten (2017), estimated by steps of Newton's method for all resolutions and all points in turn. The
/// variance of each slope and point is counted in, to second order, when the others are estimated. Sessions are laid against each other so that
/// the states that vote in two of them move as little as possible between them. The standard error counts the
/// uncertainty about resolutions in to first order; it does not count in that of where a session lies.
pub fn fast(
    ballots: &Ballots<'_>,
    bridges: &[(u32, u32)],
    settings: &Settings,
) -> Result<Estimates, Error> {
    let panel = settings.panel(ballots, bridges)?;
    let places = fast::fit(&panel, settings)?;
    let own = panel.path_of(settings.positive);
    let sum: f64 = own.iter().map(|cell| places.theta[*cell as usize]).sum();
    let sign = if sum < 0.0 { -1.0 } else { 1.0 };
    let (mean, deviation) = start::moments(&places.theta);
    let points = panel.cells.iter().enumerate().map(|(k, cell)| {
        let point = sign * (places.theta[k] - mean) / deviation;
        let error = places.variance[k].sqrt() / deviation;
        // The 97.5 percent quantile of the normal distribution.
        let reach = 1.959_963_984_540_054 * error;
        Point {
            state: cell.state,
            session: cell.session,
            votes: panel.cell_votes(k) as u32,
            point,
            error,
            low: point - reach,
            high: point + reach,
            r_hat: None,
            effective: None,
        }
    });
    Ok(Estimates {
        points: points.collect(),
        passes: places.passes as u64,
        left_out: panel.left_out.clone(),
    })
}
