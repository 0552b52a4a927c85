//! Transcripts of the command line: what is typed, and what is answered.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("LC_ALL", "C.UTF-8")
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/nothing"))
        .env("HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/nothing"))
        .case("tests/cmd/*.trycmd");
}
