//! Datasets that are published and would fill a table, and that nothing here reads yet.

use comity_record::catalogue::Declaration;

/// Proposed to people beside the datasets that are read.
pub(crate) static UNREAD: &[Declaration] = &[Declaration {
    id: "un-peacekeeping",
    proposed_as: "un-peacekeeping",
    title: "UN peacekeeping contributors",
    url: "https://peacekeeping.un.org/en/troop-and-police-contributors",
    tables: &["peacekeeping"],
    baseline: &[],
    editions: Vec::new(),
}];
