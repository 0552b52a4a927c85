//! Tests of the measures against published numbers.

mod models;
mod tergm;
