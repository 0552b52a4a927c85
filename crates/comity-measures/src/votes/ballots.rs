use crate::Error;

/// Recorded votes, one row per state and roll call.
///
/// # Shape
/// Four columns of one length. A state has at most one row in a roll call; rows may be in any order. A roll call is of one session.
///
/// # Units
/// `vote` has the codes of the United Nations General Assembly Voting Data: 1 yes, 2 abstain, 3 no, 8 absent, 9 not a member.
///
/// # Nulls
/// A state without a row in a roll call is not known to have been there; it is counted like one that is not a member.
#[derive(Debug, Clone, Copy)]
pub struct Ballots<'a> {
    /// Number of the roll call.
    pub roll_call: &'a [u32],
    /// Session (or year) that the roll call is of.
    pub session: &'a [i32],
    /// Correlates of War number of the state.
    pub state: &'a [i32],
    /// The vote.
    pub vote: &'a [u8],
}

/// The code of a member that did not vote.
pub(crate) const ABSENT: u8 = 8;
/// The code of a state that was not a member.
pub(crate) const NOT_A_MEMBER: u8 = 9;

impl Ballots<'_> {
    /// How many rows there are, with all columns as long as the first and all codes known.
    pub(crate) fn checked(&self) -> Result<usize, Error> {
        let wanted = self.roll_call.len();
        let others = [
            ("session", self.session.len()),
            ("state", self.state.len()),
            ("vote", self.vote.len()),
        ];
        for (what, got) in others {
            if got != wanted {
                return Err(Error::Shape { what, got, wanted });
            }
        }
        let known = |v: u8| matches!(v, 1..=3 | ABSENT | NOT_A_MEMBER);
        match self.vote.iter().position(|v| !known(*v)) {
            None => Ok(wanted),
            Some(row) => Err(Error::Value {
                what: "vote".to_owned(),
                row,
                value: f64::from(self.vote[row]),
                wanted: "1 (yes), 2 (abstain), 3 (no), 8 (absent) or 9 (not a member) is needed",
            }),
        }
    }
}
