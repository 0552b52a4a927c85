//! Workbooks: `.xlsx` and `.xlsb`.

fn main() {
    afl::fuzz!(|bytes: &[u8]| comity_fuzz::workbook(bytes));
}
