//! Policy documents.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::policy(bytes));
}
