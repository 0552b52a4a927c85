use super::ballots::Ballots;
use super::planes::{Over, Planes, by_session};
use crate::{Error, Reference};

/// How alike two votes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    /// 1 for the same vote, 0 for yes against no, one half for an abstention against either: 1 − |vᵢ − vⱼ| / 2 with yes 1, abstain 2 and
    /// no 3. The published scores are these.
    Half,
    /// 1 for the same vote and 0 for any other, an abstention being a vote of its own.
    Exact,
    /// As `Exact`, over the roll calls in which both voted yes or no.
    YesNo,
}

/// The roll calls of a session in which two states voted.
///
/// # Shape
/// One row per session and pair of states, each with at least one row as a member there; the state with the lower number is first.
///
/// # Units
/// Numbers of roll calls.
///
/// # Nulls
/// [`score`](Self::score) is `None` where the two have no roll call in common.
///
/// # Source
/// Voeten (2013); the score is `agree` of the dyadic data that are published with the ideal points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// Session, or year where the caller gave years.
    pub session: i32,
    /// The two states by their Correlates of War numbers.
    pub states: [i32; 2],
    /// Roll calls in which both voted yes, no or abstained.
    pub joint: u32,
    /// Of these, both yes or both no.
    pub alike: u32,
    /// Both abstained.
    pub both_abstained: u32,
    /// One yes, the other no.
    pub opposed: u32,
}

impl Agreement {
    /// The mean of how alike the votes are, between 0 and 1.
    pub fn score(&self, score: Score) -> Option<f64> {
        let [joint, alike, abstained, opposed] =
            [self.joint, self.alike, self.both_abstained, self.opposed].map(f64::from);
        let sum = match score {
            Score::Half => alike + abstained + 0.5 * (joint - alike - abstained - opposed),
            Score::Exact => alike + abstained,
            Score::YesNo => alike,
        };
        let of = self.votes(score);
        (of > 0).then(|| sum / f64::from(of))
    }

    /// The roll calls that a score rests on.
    pub fn votes(&self, score: Score) -> u32 {
        match score {
            Score::Half | Score::Exact => self.joint,
            Score::YesNo => self.alike + self.opposed,
        }
    }
}

/// The publications that define agreement.
pub const AGREEMENT: Reference = Reference {
    authors: "Bailey, Michael A., Anton Strezhnev and Erik Voeten",
    year: 2017,
    title: "Estimating Dynamic State Preferences from United Nations Voting Data",
    published_in: "Journal of Conflict Resolution 61(2): 430-456",
    doi: "10.1177/0022002715595700",
};

/// How alike the states of every pair voted, in every session.
///
/// # Shape
/// One row per session and pair of states, in the order of sessions and states.
///
/// # Units
/// Numbers of roll calls; see [`Agreement::score`] for the scores.
///
/// # Nulls
/// Absences and states that are not members are no votes. A pair without a common vote has a row with `joint` 0 and no score.
///
/// # Errors
/// Columns of different length; a code that is no vote; two votes of one state in one roll call.
///
/// # Source
/// Bailey, Strezhnev and Voeten (2017), the dyadic data published with it: absences and unanimous roll calls left out
/// ([`Over::default`]).
pub fn agreement(
    ballots: &Ballots<'_>,
    over: &Over<'_>,
    threads: usize,
) -> Result<Vec<Agreement>, Error> {
    by_session(ballots, over, threads, of_session)
}

fn of_session(planes: &Planes) -> Vec<Agreement> {
    let n = planes.states.len();
    let mut pairs = Vec::with_capacity(n * n.saturating_sub(1) / 2);
    for a in 0..n {
        let first = planes.of(a);
        for b in a + 1..n {
            let [joint, alike, both_abstained, opposed] = counts(first, planes.of(b));
            let states = [planes.states[a], planes.states[b]];
            pairs.push(Agreement {
                session: planes.session,
                states,
                joint,
                alike,
                both_abstained,
                opposed,
            });
        }
    }
    pairs
}

/// Roll calls in which both voted, both yes or no, both abstained, one yes and the other no.
fn counts(a: [&[u64]; 3], b: [&[u64]; 3]) -> [u32; 4] {
    let mut sums = [0; 4];
    let [ay, aa, an] = a;
    let [by, ba, bn] = b;
    for ((((ay, aa), an), (by, ba)), bn) in ay.iter().zip(aa).zip(an).zip(by.iter().zip(ba)).zip(bn)
    {
        sums[0] += ((ay | aa | an) & (by | ba | bn)).count_ones();
        sums[1] += ((ay & by) | (an & bn)).count_ones();
        sums[2] += (aa & ba).count_ones();
        sums[3] += ((ay & bn) | (an & by)).count_ones();
    }
    sums
}
