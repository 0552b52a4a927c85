//! How alike the foreign policies of two states are.

use crate::cells::Kind;
use crate::column::Column;
use crate::declared::Declared;
use crate::error::PanelError;
use crate::group::{Choice, Group, Made};
use crate::make::Make;
use crate::measured::of_measure;
use crate::measures::similarity::SIMILARITY;

const fn real(name: &'static str, doc: &'static str) -> Declared {
    Declared { name, kind: Kind::Real, doc }
}

pub(super) static SIMILARITY_GROUP: Group = Group {
    name: "similarity",
    doc: "similarity of foreign policy (`comity measure similarity --help`); null where a source does not cover both, or a score is not defined",
    choices: &[
        Choice::new("alliances", "of alliances", |make| of(make, "alliances")),
        Choice::new("votes", "of votes in the General Assembly", |make| of(make, "votes")),
        Choice::new("igos", "of memberships in organisations", |make| of(make, "igos")),
        Choice::new("embassies", "of diplomatic representation", |make| of(make, "embassies")),
    ],
    tables: &["pledge_dyads", "pledges", "votes", "memberships", "diplomatic_exchange"],
    gw_tables: &[],
    of_states: &[],
    of_pairs: &[
        real("s_abs", "Signorino and Ritter's S with absolute distances, -1 to 1"),
        real("s_sq", "S with squared distances"),
        real("s_binary", "S of any tie against none"),
        real("kappa_abs", "Cohen's kappa with absolute distances"),
        real("kappa_sq", "kappa with squared distances"),
        real("kappa_binary", "kappa of any tie against none"),
        real("pi_abs", "Scott's pi with absolute distances"),
        real("pi_sq", "pi with squared distances"),
        real("pi_binary", "pi of any tie against none"),
        real("tau_b", "Kendall's tau-b"),
    ],
    rows_of: None,
    events: &[],
    made: Made::ByChoice,
};

fn of(make: &Make<'_>, portfolio: &str) -> Result<Vec<Column>, PanelError> {
    let columns = [
        "s_abs",
        "s_sq",
        "s_binary",
        "kappa_abs",
        "kappa_sq",
        "kappa_binary",
        "pi_abs",
        "pi_sq",
        "pi_binary",
        "tau_b",
    ];
    of_measure(make, &SIMILARITY, &[("portfolio", portfolio)], &columns.map(|c| (c, c)))
}
