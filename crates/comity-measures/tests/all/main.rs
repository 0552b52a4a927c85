//! Tests of the measures against published numbers.
mod tergm;
