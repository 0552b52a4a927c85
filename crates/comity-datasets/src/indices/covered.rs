//! What is covered of each index: the states and years that have a value.

use std::collections::BTreeMap;

use comity_record::coverage::{Coverage, StateYears, runs};

use crate::output::Output;

/// States and years that have a value, by index.
#[derive(Debug, Default)]
pub(super) struct Covered(BTreeMap<String, StateYears>);

impl Covered {
    /// Counts a value of an index.
    pub(super) fn add(&mut self, name: &str, ccode: i32, year: i32) {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), StateYears::new());
        }
        if let Some(states) = self.0.get_mut(name) {
            states.entry(ccode).or_default().insert(year);
        }
    }

    /// Claims what was counted: indices with the same states and years are claimed together.
    pub(super) fn claim(self, scope: &str, out: &mut Output) {
        let mut alike: BTreeMap<StateYears, Vec<String>> = BTreeMap::new();
        for (name, states) in self.0 {
            alike.entry(states).or_default().push(name);
        }
        for (states, names) in alike {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let claim = Coverage::all("indices", 0, 0).about(scope).only("name", &names);
            for claim in runs(&claim, &states) {
                out.claim(claim);
            }
        }
    }
}
