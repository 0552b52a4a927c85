use std::collections::{BTreeSet, HashMap};

use super::ballots::{Ballots, NOT_A_MEMBER};
use crate::Error;
use crate::threads::in_order;

/// Which roll calls a measure of votes is taken over.
#[derive(Debug, Clone, Copy, Default)]
pub struct Over<'a> {
    /// Only these roll calls, in any order; all where it is `None`. Roll calls on one issue are chosen by this.
    pub roll_calls: Option<&'a [u32]>,
    /// Whether roll calls in which all votes cast are the same are counted. The published scores leave them out.
    pub unanimous: bool,
}

/// The votes of one session: for each state one bit for each roll call, in a plane for each vote.
#[derive(Debug, Default)]
pub(crate) struct Planes {
    pub(crate) session: i32,
    /// Members that have a row in a roll call of the session, counted or not, in order.
    pub(crate) states: Vec<i32>,
    pub(crate) words: usize,
    /// Of each state `words` words for yes, then for abstentions, then for no.
    bits: Vec<u64>,
    /// Of each roll call the number of votes of each kind.
    pub(crate) totals: Vec<[u32; 3]>,
    /// Of each state the roll calls counted in which it was a member.
    pub(crate) member: Vec<u32>,
}

impl Planes {
    /// Yes, abstentions and no of the state at a position.
    pub(crate) fn of(&self, state: usize) -> [&[u64]; 3] {
        let from = state * 3 * self.words;
        [0, 1, 2].map(|k| &self.bits[from + k * self.words..from + (k + 1) * self.words])
    }

    /// Enters one roll call.
    fn enter(&mut self, number: usize, rows: &[Row]) -> Result<(), Error> {
        let mut seen = vec![false; self.states.len()];
        for row in rows {
            let place = row.place as usize;
            if std::mem::replace(&mut seen[place], true) {
                let state = self.states[place];
                return Err(Error::TwoVotes { state, roll_call: row.roll_call });
            }
            self.member[place] += 1;
            if let kind @ 0..=2 = usize::from(row.vote) - 1 {
                self.totals[number][kind] += 1;
                self.bits[(place * 3 + kind) * self.words + number / 64] |= 1 << (number % 64);
            }
        }
        Ok(())
    }
}

/// What `work` makes of the votes of each session, one after the other.
pub(crate) fn by_session<T: Send + Clone>(
    ballots: &Ballots<'_>,
    over: &Over<'_>,
    threads: usize,
    work: impl Fn(&Planes) -> Vec<T> + Sync,
) -> Result<Vec<T>, Error> {
    let rows = ballots.checked()?;
    let mut order: Vec<u32> = (0..rows as u32).collect();
    let key = |row: &u32| (ballots.session[*row as usize], ballots.roll_call[*row as usize]);
    if !order.is_sorted_by_key(key) {
        order.sort_by_key(key);
    }
    let sessions: Vec<&[u32]> = order.chunk_by(|a, b| key(a).0 == key(b).0).collect();
    let chosen = over.roll_calls.map(|calls| calls.iter().copied().collect());
    let made = in_order(sessions.len(), threads, |k| {
        planes(ballots, sessions[k], over.unanimous, chosen.as_ref()).map(|planes| work(&planes))
    });
    let parts: Vec<Vec<T>> = made.into_iter().collect::<Result<_, _>>()?;
    Ok(parts.concat())
}

/// A row of a member.
struct Row {
    roll_call: u32,
    place: u32,
    vote: u8,
}

/// The planes of the rows of one session.
fn planes(
    ballots: &Ballots<'_>,
    rows: &[u32],
    unanimous: bool,
    chosen: Option<&BTreeSet<u32>>,
) -> Result<Planes, Error> {
    let (states, rows_of_members) = placed(ballots, rows);
    let calls: Vec<&[Row]> = rows_of_members
        .chunk_by(|a, b| a.roll_call == b.roll_call)
        .filter(|rows| chosen.is_none_or(|c| c.contains(&rows[0].roll_call)))
        .filter(|rows| unanimous || contested(rows))
        .collect();
    let words = calls.len().div_ceil(64);
    let mut planes = Planes {
        session: rows.first().map_or(0, |row| ballots.session[*row as usize]),
        words,
        bits: vec![0; states.len() * 3 * words],
        totals: vec![[0; 3]; calls.len()],
        member: vec![0; states.len()],
        states,
    };
    for (number, rows) in calls.into_iter().enumerate() {
        planes.enter(number, rows)?;
    }
    Ok(planes)
}

/// The members among the rows, in order, and their rows.
fn placed(ballots: &Ballots<'_>, rows: &[u32]) -> (Vec<i32>, Vec<Row>) {
    let (mut found, mut look_up) = (Vec::new(), HashMap::new());
    let mut members = Vec::with_capacity(rows.len());
    // Roll calls list states in much the same order: the next one is mostly the one that came next before.
    let mut next = 0;
    for row in rows.iter().map(|row| *row as usize) {
        let (state, vote) = (ballots.state[row], ballots.vote[row]);
        if vote == NOT_A_MEMBER {
            continue;
        }
        let place = if found.get(next) == Some(&state) {
            next
        } else {
            *look_up.entry(state).or_insert_with(|| {
                found.push(state);
                found.len() - 1
            })
        };
        next = place + 1;
        members.push(Row { roll_call: ballots.roll_call[row], place: place as u32, vote });
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|k| found[*k]);
    let mut rank = vec![0; found.len()];
    for (place, k) in order.iter().zip(0..) {
        rank[*place] = k;
    }
    for row in &mut members {
        row.place = rank[row.place as usize];
    }
    found.sort_unstable();
    (found, members)
}

fn contested(rows: &[Row]) -> bool {
    let kinds = rows.iter().map(|row| row.vote).filter(|vote| *vote <= 3);
    kinds.fold(0_u8, |seen, vote| seen | 1 << vote).count_ones() > 1
}
