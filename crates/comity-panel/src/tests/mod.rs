//! Tests of the whole engine: over every group, and over hostile records.

mod bounds;
mod invented;
mod types;
