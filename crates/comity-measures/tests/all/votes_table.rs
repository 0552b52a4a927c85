//! Votes as columns: invented ones, and the published ones.

use std::sync::OnceLock;

use comity_datasets::cells::Cells;
use comity_datasets::formats::{Content, parts};
use comity_measures::votes::Ballots;

use crate::published::data;

/// Columns of votes.
#[derive(Default, Clone)]
pub struct Table {
    pub roll_call: Vec<u32>,
    pub session: Vec<i32>,
    pub state: Vec<i32>,
    pub vote: Vec<u8>,
    /// Year of the day of the vote.
    pub year: Vec<i32>,
}

impl Table {
    pub fn add(&mut self, roll_call: u32, session: i32, votes: &[(i32, u8)]) {
        for (state, vote) in votes {
            self.roll_call.push(roll_call);
            self.session.push(session);
            self.state.push(*state);
            self.vote.push(*vote);
        }
    }

    pub fn ballots(&self) -> Ballots<'_> {
        Ballots {
            roll_call: &self.roll_call,
            session: &self.session,
            state: &self.state,
            vote: &self.vote,
        }
    }
}

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(data(name)).unwrap()
}

/// The table of a published file of R.
pub fn cells(name: &str) -> Cells {
    let part = parts(name, &bytes(name)).unwrap().remove(0);
    match part.content {
        Content::Table(cells) => cells,
        other => panic!("{name}: {other:?}"),
    }
}

/// The numbers of a column.
pub fn column<T: std::str::FromStr>(cells: &Cells, name: &str) -> Vec<Option<T>> {
    let at = cells.column(name).unwrap_or_else(|| panic!("no column {name}"));
    (0..cells.len()).map(|row| cells.get(row, at).parse().ok()).collect()
}

/// The votes of sessions 1 to 70.
pub fn published() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let cells = cells("unga-votes/UNVotesPublished.RData");
        let all = |name| column::<i64>(&cells, name).into_iter().map(Option::unwrap);
        let at = cells.column("date").unwrap();
        // Month, day and year; one roll call has no date.
        let year = |row| cells.get(row, at).rsplit(['/', '-']).next()?.parse().ok();
        Table {
            roll_call: all("rcid").map(|v| u32::try_from(v).unwrap()).collect(),
            session: all("session").map(|v| i32::try_from(v).unwrap()).collect(),
            state: all("ccode").map(|v| i32::try_from(v).unwrap()).collect(),
            vote: all("vote").map(|v| u8::try_from(v).unwrap()).collect(),
            year: (0..cells.len()).map(|row| year(row).unwrap_or(0)).collect(),
        }
    })
}
