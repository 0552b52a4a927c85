//! What the published files hold, and what is said of a state in a year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::system::StateYear;
use super::{capabilities, conflicts, disputes, mandates, system, treaties, wars};

pub const FIRST_YEAR: i32 = 1946;
pub const LAST_YEAR: i32 = 2020;

/// What is said of a state in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    Kept,
    Strained,
    Broken,
    /// Strains are found, and what is not covered may hold a breach.
    StrainedOrWorse,
    Unknown,
    NotApplicable,
    NoOccasion,
}

pub type Verdicts = BTreeMap<StateYear, Class>;

/// What the files hold.
pub struct Facts {
    pub system: system::System,
    pub treaties: BTreeMap<i32, Vec<treaties::Member>>,
    pub disputes: Vec<disputes::Dispute>,
    pub wars: wars::Wars,
    pub conflicts: Vec<conflicts::ConflictYear>,
    pub capabilities: capabilities::Capabilities,
    pub mandates: mandates::Mandates,
}

impl Facts {
    pub fn state_years(&self) -> Vec<StateYear> {
        self.system.state_years(FIRST_YEAR, LAST_YEAR)
    }
}

pub fn facts() -> &'static Facts {
    static READ: OnceLock<Facts> = OnceLock::new();
    READ.get_or_init(|| Facts {
        system: system::System::read(),
        treaties: treaties::read(),
        disputes: disputes::read(),
        wars: wars::Wars::read(),
        conflicts: conflicts::read(),
        capabilities: capabilities::Capabilities::read(),
        mandates: mandates::Mandates::read(),
    })
}

/// State-years in which a breach or a strain was found.
#[derive(Default)]
pub struct Found {
    breaches: BTreeSet<StateYear>,
    strains: BTreeSet<StateYear>,
}

impl Found {
    pub fn breach(&mut self, at: StateYear) {
        self.breaches.insert(at);
    }

    pub fn strain(&mut self, at: StateYear) {
        self.strains.insert(at);
    }

    pub fn add(&mut self, at: StateYear, breach: bool) {
        if breach { self.breach(at) } else { self.strain(at) }
    }

    /// A breach counts wherever it is found; the rest needs a year that is covered.
    pub fn verdicts(&self, facts: &Facts, covered: impl Fn(StateYear) -> bool) -> Verdicts {
        let class = |at: StateYear| match (self.breaches.contains(&at), self.strains.contains(&at))
        {
            (true, _) => Class::Broken,
            (false, true) if covered(at) => Class::Strained,
            (false, true) => Class::StrainedOrWorse,
            (false, false) if covered(at) => Class::Kept,
            (false, false) => Class::Unknown,
        };
        facts.state_years().into_iter().map(|at| (at, class(at))).collect()
    }
}
