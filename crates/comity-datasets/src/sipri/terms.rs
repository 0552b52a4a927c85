//! The terms under which the data may be used.

/// The terms of the Stockholm International Peace Research Institute.
pub(crate) const TERMS: &str = "SIPRI terms: free for non-commercial use with attribution; republication of substantial parts needs permission";
