//! The tests of SQL over a record.
//! One binary: each links the engine once.

mod session;
