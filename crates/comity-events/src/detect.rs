//! Detection of turns in a series of counts.
