//! SQL over the starter.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::sql(bytes));
}
