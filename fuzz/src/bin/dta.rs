//! Files of Stata.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::table(bytes));
}
