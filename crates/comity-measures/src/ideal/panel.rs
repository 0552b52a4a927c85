use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::Error;
use crate::votes::Ballots;

/// Why a state has no ideal point in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Absence {
    /// It cast no vote there.
    NoVote,
    /// All roll calls in which it voted there were unanimous.
    Unanimous,
    /// The session has one roll call that was not unanimous, which places nobody.
    LoneRollCall,
}

impl Absence {
    /// The reason in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoVote => "no vote was cast",
            Self::Unanimous => "every roll call in which it voted was unanimous",
            Self::LoneRollCall => "the session has only one roll call that was not unanimous",
        }
    }
}

/// A state in a session of which no ideal point can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Correlates of War number.
    pub state: i32,
    /// Session.
    pub session: i32,
    /// Why.
    pub reason: Absence,
}

/// Which categories the votes on a resolution are in. It decides which of its two cut-points the votes tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Yes, abstain and no.
    Full,
    /// Yes and no.
    NoMiddle,
    /// Yes and abstain: nothing but the bound holds the upper cut-point.
    NoUpper,
    /// Abstain and no: nothing but the bound holds the lower cut-point.
    NoLower,
}

/// A state in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cell {
    pub(crate) session: i32,
    pub(crate) state: i32,
}

/// The votes laid out for estimation: by resolution (an item), and by state and session (a cell).
///
/// Items are in the order of the session in which they were first voted on, cells in the order of session and state.
#[derive(Debug)]
pub(crate) struct Panel {
    pub(crate) cells: Vec<Cell>,
    /// Where the votes of each item begin in `voters`, and at the end their number.
    pub(crate) item_start: Vec<usize>,
    /// Where in the votes of an item the abstentions and the votes against begin; the votes are in the order of their categories.
    pub(crate) item_split: Vec<[usize; 2]>,
    /// Cell of each vote.
    pub(crate) voters: Vec<u32>,
    pub(crate) shape: Vec<Shape>,
    /// The sessions of each item's votes, as positions in the sorted list of sessions, with the number of votes.
    pub(crate) item_sessions: Vec<Vec<(u32, u32)>>,
    /// Where the votes of each cell begin in `cast`.
    pub(crate) cell_start: Vec<usize>,
    /// Item times four plus category (0 yes, 1 abstain, 2 no).
    pub(crate) cast: Vec<u32>,
    /// The cells of each state, in the order of sessions.
    pub(crate) paths: Vec<Vec<u32>>,
    /// Precision of the step from the state's cell before (of the first: of its prior about 0), for each cell.
    pub(crate) step_precision: Vec<f64>,
    pub(crate) sessions: Vec<i32>,
    /// Position of each cell's session in `sessions`.
    pub(crate) cell_session: Vec<u32>,
    pub(crate) left_out: Vec<LeftOut>,
    /// Variance of a step between two sessions of which the second has all the votes.
    pub(crate) smoothing: f64,
}

/// A vote that was cast.
#[derive(Debug, Clone, Copy)]
struct Vote {
    item: u32,
    category: u8,
    session: i32,
    state: i32,
    roll_call: u32,
}

impl Panel {
    pub(crate) fn items(&self) -> usize {
        self.shape.len()
    }

    /// The votes of an item, by category.
    pub(crate) fn votes(&self, item: usize) -> [&[u32]; 3] {
        let (start, end) = (self.item_start[item], self.item_start[item + 1]);
        let [middle, upper] = self.item_split[item];
        [&self.voters[start..middle], &self.voters[middle..upper], &self.voters[upper..end]]
    }

    pub(crate) fn new(
        ballots: &Ballots<'_>,
        bridges: &[(u32, u32)],
        smoothing: f64,
    ) -> Result<Self, Error> {
        let rows = ballots.checked()?;
        let link = links(ballots.roll_call, bridges);
        let mut votes: Vec<Vote> = (0..rows)
            .filter(|row| ballots.vote[*row] <= 3)
            .map(|row| Vote {
                item: link[&ballots.roll_call[row]],
                category: ballots.vote[row] - 1,
                session: ballots.session[row],
                state: ballots.state[row],
                roll_call: ballots.roll_call[row],
            })
            .collect();
        once(&mut votes)?;
        let lone = keep_contested(&mut votes);
        if votes.is_empty() {
            return Err(Error::Empty {
                what: "ideal points (every roll call is unanimous, or alone in its session)",
            });
        }
        let mut panel = Self::of(&votes, smoothing);
        panel.connected()?;
        panel.left_out = left_out(ballots, &panel.cells, &lone);
        Ok(panel)
    }

    fn of(votes: &[Vote], smoothing: f64) -> Self {
        let cells: Vec<Cell> = votes
            .iter()
            .map(|v| Cell { session: v.session, state: v.state })
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let at: HashMap<Cell, u32> = cells.iter().copied().zip(0..).collect();
        let sessions: Vec<i32> =
            cells.iter().map(|c| c.session).collect::<BTreeSet<_>>().into_iter().collect();
        let place = |session: i32| sessions.partition_point(|s| *s < session) as u32;
        // Items in the order of their first session, then by number.
        let mut first: BTreeMap<u32, i32> = BTreeMap::new();
        for v in votes {
            let seen = first.entry(v.item).or_insert(v.session);
            *seen = (*seen).min(v.session);
        }
        let mut order: Vec<(i32, u32)> = first.into_iter().map(|(item, s)| (s, item)).collect();
        order.sort_unstable();
        let number: HashMap<u32, u32> = order.iter().map(|o| o.1).zip(0..).collect();
        let mut sorted: Vec<(u32, u8, u32)> = votes
            .iter()
            .map(|v| {
                let cell = at[&Cell { session: v.session, state: v.state }];
                (number[&v.item], v.category, cell)
            })
            .collect();
        sorted.sort_unstable();
        let cell_session: Vec<u32> = cells.iter().map(|c| place(c.session)).collect();
        let mut panel = Self {
            item_start: vec![0],
            item_split: Vec::new(),
            voters: sorted.iter().map(|s| s.2).collect(),
            shape: Vec::new(),
            item_sessions: Vec::new(),
            cell_start: Vec::new(),
            cast: Vec::new(),
            paths: Vec::new(),
            step_precision: vec![1.0; cells.len()],
            sessions,
            cell_session,
            cells,
            left_out: Vec::new(),
            smoothing,
        };
        panel.by_item(&sorted);
        panel.by_cell(&sorted);
        panel.paths();
        panel
    }

    fn by_item(&mut self, sorted: &[(u32, u8, u32)]) {
        for votes in sorted.chunk_by(|a, b| a.0 == b.0) {
            let start = self.item_start.last().copied().unwrap_or(0);
            let yes = votes.partition_point(|v| v.1 < 1);
            let upper = votes.partition_point(|v| v.1 < 2);
            self.item_split.push([start + yes, start + upper]);
            self.item_start.push(start + votes.len());
            self.shape.push(match (yes > 0, upper > yes, votes.len() > upper) {
                (true, _, false) => Shape::NoUpper,
                (false, _, _) => Shape::NoLower,
                (true, false, true) => Shape::NoMiddle,
                (true, true, true) => Shape::Full,
            });
            let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
            for v in votes {
                *counts.entry(self.cell_session[v.2 as usize]).or_default() += 1;
            }
            self.item_sessions.push(counts.into_iter().collect());
        }
    }

    fn by_cell(&mut self, sorted: &[(u32, u8, u32)]) {
        let mut counts = vec![0_usize; self.cells.len() + 1];
        for vote in sorted {
            counts[vote.2 as usize + 1] += 1;
        }
        for k in 1..counts.len() {
            counts[k] += counts[k - 1];
        }
        self.cell_start.clone_from(&counts);
        self.cast = vec![0; sorted.len()];
        for (item, category, cell) in sorted {
            let next = &mut counts[*cell as usize];
            self.cast[*next] = item * 4 + u32::from(*category);
            *next += 1;
        }
    }

    fn paths(&mut self) {
        let mut of_state: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        for (k, cell) in self.cells.iter().enumerate() {
            of_state.entry(cell.state).or_default().push(k as u32);
        }
        self.paths = of_state.into_values().collect();
        for path in &self.paths {
            for pair in path.windows(2) {
                let n = |k: u32| self.cell_votes(k as usize) as f64;
                let share = n(pair[1]) / (n(pair[1]) + n(pair[0]));
                self.step_precision[pair[1] as usize] = 1.0 / (self.smoothing * share);
            }
        }
    }

    /// The votes of a cell, as `cast` has them.
    pub(crate) fn cast_by(&self, cell: usize) -> &[u32] {
        &self.cast[self.cell_start[cell]..self.cell_start[cell + 1]]
    }

    /// The cells of a state; none where it has no vote.
    pub(crate) fn path_of(&self, state: i32) -> &[u32] {
        let first = |path: &Vec<u32>| path.first().map(|c| self.cells[*c as usize].state);
        let found = self.paths.iter().find(|path| first(path) == Some(state));
        found.map_or(&[], Vec::as_slice)
    }

    /// Mean and precision of the prior of the point at `t` of a path where sessions look back only: the point before it; of the first, the
    /// one after it; of a lone point, 0.
    pub(crate) fn looks_back(&self, path: &[u32], t: usize, points: &[f64]) -> (f64, f64) {
        match (t, path.get(1)) {
            (0, None) => (0.0, 1.0),
            (0, Some(next)) => {
                let [own, other] = [path[0], *next].map(|c| self.cell_votes(c as usize) as f64);
                (points[1], (own + other) / (self.smoothing * own))
            }
            _ => (points[t - 1], self.step_precision[path[t] as usize]),
        }
    }

    pub(crate) fn cell_votes(&self, cell: usize) -> usize {
        self.cell_start[cell + 1] - self.cell_start[cell]
    }

    /// States that never vote on the same resolution, not even by way of others, cannot be placed on one scale.
    fn connected(&self) -> Result<(), Error> {
        let mut state_of = vec![0_usize; self.cells.len()];
        for (state, path) in self.paths.iter().enumerate() {
            for cell in path {
                state_of[*cell as usize] = state;
            }
        }
        let mut group: Vec<usize> = (0..self.paths.len()).collect();
        for item in 0..self.items() {
            let voters = &self.voters[self.item_start[item]..self.item_start[item + 1]];
            for pair in voters.windows(2) {
                let [a, b] = [pair[0], pair[1]].map(|c| root(&mut group, state_of[c as usize]));
                group[a.max(b)] = a.min(b);
            }
        }
        let mut roots = BTreeMap::new();
        for state in 0..group.len() {
            let first = root(&mut group, state);
            roots.entry(first).or_insert(self.cells[self.paths[state][0] as usize].state);
        }
        let mut names = roots.into_values();
        match (names.next(), names.next()) {
            (Some(one), Some(other)) => Err(Error::Unconnected { one, other }),
            _ => Ok(()),
        }
    }
}

fn root(group: &mut [usize], mut of: usize) -> usize {
    while group[of] != of {
        group[of] = group[group[of]];
        of = group[of];
    }
    of
}

/// The item of each roll call: itself, or for the later one of a bridge the item of the earlier. Where several earlier roll calls are given
/// for a later one, it takes the first of them.
fn links(roll_calls: &[u32], bridges: &[(u32, u32)]) -> HashMap<u32, u32> {
    let mut earlier: HashMap<u32, u32> = HashMap::new();
    for (a, b) in bridges {
        let (first, later) = (*a.min(b), *a.max(b));
        if first != later {
            let known = earlier.entry(later).or_insert(first);
            *known = (*known).min(first);
        }
    }
    let mut link = HashMap::new();
    for call in roll_calls {
        link.entry(*call).or_insert_with(|| {
            let mut item = *call;
            while let Some(before) = earlier.get(&item) {
                item = *before;
            }
            item
        });
    }
    link
}

fn once(votes: &mut [Vote]) -> Result<(), Error> {
    votes.sort_unstable_by_key(|v| (v.roll_call, v.state, v.session));
    let twice =
        votes.windows(2).find(|w| (w[0].roll_call, w[0].state) == (w[1].roll_call, w[1].state));
    twice.map_or(Ok(()), |w| Err(Error::TwoVotes { state: w[0].state, roll_call: w[0].roll_call }))
}

/// Leaves out resolutions on which all votes are alike, and sessions with one roll call that is not, until there are none of either. Gives
/// the sessions left out.
fn keep_contested(votes: &mut Vec<Vote>) -> BTreeSet<i32> {
    let mut lone = BTreeSet::new();
    loop {
        let before = votes.len();
        let mut seen: HashMap<u32, u8> = HashMap::new();
        for v in votes.iter() {
            *seen.entry(v.item).or_default() |= 1 << v.category;
        }
        votes.retain(|v| seen[&v.item].count_ones() > 1);
        let calls: BTreeSet<(i32, u32)> = votes.iter().map(|v| (v.session, v.roll_call)).collect();
        let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
        for (session, _) in calls {
            *counts.entry(session).or_default() += 1;
        }
        lone.extend(counts.iter().filter(|(_, n)| **n == 1).map(|(session, _)| *session));
        votes.retain(|v| !lone.contains(&v.session));
        if votes.len() == before {
            return lone;
        }
    }
}

fn left_out(ballots: &Ballots<'_>, cells: &[Cell], lone: &BTreeSet<i32>) -> Vec<LeftOut> {
    // Of each state and session of a member: whether it cast a vote.
    let mut members: BTreeMap<Cell, bool> = BTreeMap::new();
    for row in 0..ballots.vote.len() {
        if ballots.vote[row] != crate::votes::NOT_A_MEMBER {
            let cell = Cell { session: ballots.session[row], state: ballots.state[row] };
            *members.entry(cell).or_default() |= ballots.vote[row] <= 3;
        }
    }
    let absent = members.into_iter().filter(|(cell, _)| cells.binary_search(cell).is_err());
    absent
        .map(|(Cell { session, state }, voted)| {
            let reason = match (voted, lone.contains(&session)) {
                (false, _) => Absence::NoVote,
                (true, true) => Absence::LoneRollCall,
                (true, false) => Absence::Unanimous,
            };
            LeftOut { state, session, reason }
        })
        .collect()
}
