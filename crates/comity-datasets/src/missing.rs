//! What stands for "missing" in published files and in those of users: nothing, what programs write for it, and codes of codebooks.

/// Codes that stand for "missing" in some columns; a blank always does.
#[derive(Debug)]
pub struct Missing {
    /// The columns; none: every column.
    pub columns: &'static [&'static str],
    /// The codes.
    pub codes: &'static [&'static str],
}

/// A point, as Stata writes what is missing, in every column.
pub const A_POINT: &[Missing] = &[Missing { columns: &[], codes: &["."] }];

/// What programs write where nothing is known: R, pandas, Excel, databases, Stata. In a column of numbers or days each of them is missing.
const NOTHING: [&str; 12] =
    ["NA", "NaN", "nan", "<NA>", "NaT", "#N/A", "N/A", "n/a", "NULL", "null", "None", "."];
/// Those of them that are missing among texts too.
const NOTHING_IN_TEXTS: [&str; 5] = ["NA", "<NA>", "NaN", "nan", "#N/A"];

/// Whether a cell of a column of numbers or days says that nothing is known.
pub(crate) fn is_nothing(cell: &str) -> bool {
    cell.len() <= 4 && NOTHING.contains(&cell)
}

/// Whether a text says that nothing is known, where `NA` is no code.
pub(crate) fn is_nothing_in_texts(cell: &str) -> bool {
    cell.len() <= 4 && NOTHING_IN_TEXTS.contains(&cell)
}

/// Whether a text says that nothing is known, in a column of this name.
pub(crate) fn is_no_text(column: &str, cell: &str) -> bool {
    is_nothing_in_texts(cell) && !(cell == "NA" && may_hold_na(column))
}

/// Whether `NA` may be a code in a column of this name: Namibia of two letters, or North America.
pub(crate) fn may_hold_na(column: &str) -> bool {
    ["iso2", "alpha-2", "alpha_2", "alpha2"].iter().any(|part| column.contains(part))
        || column.ends_with("2c")
        || ["ecb", "eurostat", "cctld", "ds", "continent"].contains(&column)
}

/// Whether `NA` is a code among these texts, as in a list of codes of two letters.
pub(crate) fn na_is_code<'a>(column: &str, texts: impl Iterator<Item = &'a str>) -> bool {
    let mut others = texts.filter(|t| !t.is_empty() && *t != "NA").peekable();
    let two_letters = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase());
    may_hold_na(column) || others.peek().is_some() && others.all(two_letters)
}
