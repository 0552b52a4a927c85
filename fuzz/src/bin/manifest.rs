//! The manifest of a record.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::manifest(bytes));
}
