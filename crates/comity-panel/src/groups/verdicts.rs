//! Verdicts under a policy: evaluated above, by those who can, and handed down.

use crate::cells::Kind;
use crate::declared::Declared;
use crate::group::{Group, Made};

/// Its columns are those of the policy's commitments: declared here is what each of them is like.
pub static VERDICTS: Group = Group {
    name: "verdicts",
    doc: "verdicts on a state and year under a policy that ships, or one in a file (`verdicts:POLICY`); two columns for each commitment, whose id is written with underscores (no_use_of_force, no_use_of_force_broken)",
    choices: &[],
    tables: &[],
    gw_tables: &[],
    of_states: &[
        Declared {
            name: "COMMITMENT",
            kind: Kind::Text,
            doc: "the verdict: kept, strained, broken, contested, unknown, no-occasion or not-applicable; unknown is a value of its own and never kept; null where the state is not in the state system, and in years of which no source speaks",
        },
        Declared {
            name: "COMMITMENT_broken",
            kind: Kind::Flag,
            doc: "1 where it is broken, 0 where it is kept, strained or no-occasion; null where it is unknown, contested or not applicable",
        },
    ],
    of_pairs: &[],
    rows_of: None,
    events: &[],
    made: Made::Handed,
};
