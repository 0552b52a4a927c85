use super::ballots::Ballots;
use super::planes::{Over, Planes, by_session};
use crate::Error;

/// How often a member voted in a session, and how often with the majority.
///
/// # Shape
/// One row per session and state that has a row as a member there.
///
/// # Units
/// Numbers of roll calls.
///
/// # Nulls
/// Shares are `None` where they would be of nothing. Where the votes given list no absences (code 8), a state seems to have been present
/// whenever it has a row, and its participation says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendance {
    /// Session, or year where the caller gave years.
    pub session: i32,
    /// Correlates of War number.
    pub state: i32,
    /// Roll calls while it was a member.
    pub roll_calls: u32,
    /// Of these, those in which it voted yes, no or abstained.
    pub cast: u32,
    /// Of the votes cast, those in roll calls where one of yes, abstain and no has more votes than either other.
    pub decided: u32,
    /// Of these, those cast like most.
    pub with_majority: u32,
}

impl Attendance {
    /// Votes cast as a share of the roll calls while a member.
    pub fn participation(&self) -> Option<f64> {
        share(self.cast, self.roll_calls)
    }

    /// Votes cast like most votes cast, as a share of the votes in roll calls that have a majority in this sense.
    pub fn share_with_majority(&self) -> Option<f64> {
        share(self.with_majority, self.decided)
    }
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

/// Participation and votes with the majority of every member in every session.
///
/// # Shape
/// One row per session and state, in the order of sessions and states.
///
/// # Units
/// Numbers of roll calls.
///
/// # Nulls
/// As of [`Attendance`].
///
/// # Errors
/// Columns of different length; a code that is no vote; two votes of one state in one roll call.
///
/// # Source
/// Counted from the votes; an abstention counts as taking part and is a position of its own.
pub fn attendance(
    ballots: &Ballots<'_>,
    over: &Over<'_>,
    threads: usize,
) -> Result<Vec<Attendance>, Error> {
    by_session(ballots, over, threads, of_session)
}

fn of_session(planes: &Planes) -> Vec<Attendance> {
    let mut most = vec![[0_u64; 3]; planes.words];
    for (number, totals) in planes.totals.iter().enumerate() {
        let largest = totals.iter().max().copied().unwrap_or(0);
        if totals.iter().filter(|t| **t == largest).count() == 1
            && let Some(kind) = totals.iter().position(|t| *t == largest)
        {
            most[number / 64][kind] |= 1 << (number % 64);
        }
    }
    let of = |(place, state): (usize, &i32)| {
        let own = planes.of(place);
        let (mut cast, mut decided, mut with_majority) = (0, 0, 0);
        for (word, [yes, abstain, no]) in most.iter().enumerate() {
            let all = own[0][word] | own[1][word] | own[2][word];
            cast += all.count_ones();
            decided += (all & (yes | abstain | no)).count_ones();
            let with = (own[0][word] & yes) | (own[1][word] & abstain) | (own[2][word] & no);
            with_majority += with.count_ones();
        }
        let (session, roll_calls) = (planes.session, planes.member[place]);
        Attendance { session, state: *state, roll_calls, cast, decided, with_majority }
    };
    planes.states.iter().enumerate().map(of).collect()
}
