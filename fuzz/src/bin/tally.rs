//! Event lines, counted by day and dyad.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::tally(bytes));
}
