//! Tests of the whole engine: over every group, over hostile records, and over its own files.

mod bounds;
mod circles;
mod invented;
mod types;
