//! Datasets that are published and would fill a table, and that nothing here reads yet.

use comity_record::catalogue::Declaration;

/// Proposed to people beside the datasets that are read.
pub(crate) static UNREAD: &[Declaration] = &[];
