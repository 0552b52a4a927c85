//! The terms under which the data may be used.

/// The terms of the Correlates of War Project.
pub(crate) const TERMS: &str = "Correlates of War terms: free for academic and non-commercial use with citation; no redistribution";
