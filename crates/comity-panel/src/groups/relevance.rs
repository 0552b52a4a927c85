//! Politically relevant pairs.

use super::contiguity::CONTIGUITY;
use super::powers::MAJORS;
use crate::cells::Kind;
use crate::declared::Declared;
use crate::group::{Computed, Group, Input, Made};
use crate::register::POLITICALLY_RELEVANT;

pub(super) static RELEVANCE: Group = Group {
    name: "relevance",
    doc: "political relevance: contiguous in any way, or one of them a great power; papers keep the rows where prd is 1",
    choices: &[],
    tables: &[],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[Declared {
        name: "prd",
        kind: Kind::Flag,
        doc: "1 relevant, 0 not; null where contiguity is not known",
    }],
    rows_of: None,
    events: &[],
    made: Made::Computed(&[Computed {
        column: "prd",
        function: &POLITICALLY_RELEVANT,
        inputs: &[
            Input { group: &CONTIGUITY, choice: "first", column: "conttype", needed: true },
            Input { group: &MAJORS, choice: "", column: "cowmaj1", needed: false },
            Input { group: &MAJORS, choice: "", column: "cowmaj2", needed: false },
        ],
    }]),
};
