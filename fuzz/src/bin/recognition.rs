//! Recognition by headers, reading, and tables of one's own.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::recognition(bytes));
}
