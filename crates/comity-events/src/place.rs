//! Actors to states.
