//! The balance of power between two states, and the index of each from its components.

use super::capability::NMC;
use crate::cells::Kind;
use crate::declared::Declared;
use crate::group::{Computed, Group, Input, Made};
use crate::register::{
    CAPABILITY_LOG_RATIO, CAPABILITY_RATIO, CAPABILITY_SHARE, Function, PARITY, PREPONDERANCE,
};

const fn column(name: &'static str, kind: Kind, doc: &'static str) -> Declared {
    Declared { name, kind, doc }
}

static INDICES: [Input; 2] = [
    Input { group: &NMC, choice: "", column: "cinc1", needed: true },
    Input { group: &NMC, choice: "", column: "cinc2", needed: true },
];

/// A column from the indices of both.
const fn of_both(column: &'static str, function: &'static Function) -> Computed {
    Computed { column, function, inputs: &INDICES }
}

pub(super) static POWER: Group = Group {
    name: "power",
    doc: "the balance of two states by their indices of national capability (`comity measure capability-ratio --help`); null where one is not known",
    choices: &[],
    tables: &[],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[
        column("cinc_ratio", Kind::Real, "the weaker as a share of the stronger, 0 to 1"),
        column("cinc_log_ratio", Kind::Real, "natural logarithm of the stronger over the weaker"),
        column("cinc_share", Kind::Real, "share of the first in what both have"),
        column("parity", Kind::Flag, "1 where the weaker has 80 per cent of the stronger at least"),
        column(
            "preponderance",
            Kind::Flag,
            "1 where the stronger has ten times the weaker at least",
        ),
    ],
    rows_of: None,
    events: &[],
    made: Made::Computed(&[
        of_both("cinc_ratio", &CAPABILITY_RATIO),
        of_both("cinc_log_ratio", &CAPABILITY_LOG_RATIO),
        of_both("cinc_share", &CAPABILITY_SHARE),
        of_both("parity", &PARITY),
        of_both("preponderance", &PREPONDERANCE),
    ]),
};
