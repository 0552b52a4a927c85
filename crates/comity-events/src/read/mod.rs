//! Published files to events.
