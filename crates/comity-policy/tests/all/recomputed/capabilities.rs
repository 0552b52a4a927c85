//! Material capabilities by state and year (NMC 6.0).

use std::collections::BTreeMap;

use super::files::shared;
use super::system::StateYear;

/// The last year that they cover.
pub const LAST: i32 = 2016;

pub struct Capability {
    pub spending: Option<f64>,
    pub personnel: Option<f64>,
    pub share: Option<f64>,
}

pub struct Capabilities(pub BTreeMap<StateYear, Capability>);

impl Capabilities {
    pub fn read() -> Self {
        let file = shared("cow-nmc/NMC-60-abridged.csv");
        let rows = file.rows().map(|row| {
            let known = |column: &str| row.number(column).filter(|n| *n >= 0.0);
            let capability = Capability {
                spending: known("milex"),
                personnel: known("milper"),
                share: known("cinc"),
            };
            ((row.code("ccode"), row.code("year")), capability)
        });
        Self(rows.collect())
    }

    /// Whether the other has less than a tenth of the capability of the state.
    pub fn far_weaker(&self, state: i32, other: i32, year: i32) -> bool {
        let share = |s: i32| self.0.get(&(s, year)).and_then(|c| c.share);
        matches!((share(state), share(other)), (Some(own), Some(of)) if of * 10.0 < own)
    }
}
