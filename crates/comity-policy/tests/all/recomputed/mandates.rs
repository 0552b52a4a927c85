//! Mandates of the Security Council, by the days of each resolution.

use super::files::{Day, OPEN, shared_days, starter};

pub struct Mandate {
    table: String,
    id: i32,
    /// The only state that it covers; else all that stand beside `side_of`.
    state: Option<i32>,
    side_of: i32,
    days: (Day, Day),
}

pub struct Mandates(Vec<Mandate>);

impl Mandates {
    pub fn read() -> Self {
        let file = starter("authorizations/authorizations.csv");
        let mandates = file.rows().map(|row| Mandate {
            table: row.text("subject_table"),
            id: row.code("subject_id"),
            state: row.int("ccode"),
            side_of: row.code("side_of"),
            days: (day(&row.text("start"), (1, 1, 1)), day(&row.text("end"), OPEN)),
        });
        Self(mandates.collect())
    }

    /// Whether a mandate covers the state, with those beside it, on any of these days.
    pub fn cover(
        &self,
        (table, id): (&str, i32),
        state: i32,
        side: &[i32],
        days: (Day, Day),
    ) -> bool {
        self.0.iter().any(|m| {
            m.table == table
                && m.id == id
                && m.state.map_or(side.contains(&m.side_of), |only| only == state)
                && shared_days(m.days, days).is_some()
        })
    }
}

fn day(text: &str, unknown: Day) -> Day {
    let mut parts = text.split('-').map(|p| p.parse().unwrap_or(-9));
    match parts.next() {
        Some(year) if year > 0 => {
            let mut next = |or| parts.next().unwrap_or(or);
            (year, next(unknown.1), next(unknown.2))
        }
        _ => unknown,
    }
}
