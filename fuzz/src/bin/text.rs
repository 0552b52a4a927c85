//! Plain text: delimiters, quotes, encodings.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::table(bytes));
}
