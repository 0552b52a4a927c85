//! Decimals behind a comma, as programs write them in many countries.

/// A number with a comma before its decimals, in parts; none of anything else.
fn parts(cell: &str) -> Option<(&str, &str)> {
    let (whole, decimals) = cell.split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mantissa = decimals.split_once(['e', 'E']).map_or(decimals, |(mantissa, _)| mantissa);
    let exponent = decimals.get(mantissa.len() + 1..).unwrap_or("0");
    let plain = whole.strip_prefix('-').unwrap_or(whole);
    (digits(plain) && digits(mantissa) && exponent.parse::<i32>().is_ok())
        .then_some((plain, mantissa))
}

/// Whether the commas in the numbers of a column stand before decimals: at least one of them is not followed by three digits, or follows a lone
/// zero, as none between thousands does; and no number has a point.
pub(crate) fn stand_behind_commas<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let mut sure = false;
    for cell in cells {
        match parts(cell) {
            Some((whole, decimals)) => sure |= decimals.len() != 3 || whole == "0",
            None if cell.contains(',') => return false,
            None if cell.contains('.') && cell.parse::<f64>().is_ok() => return false,
            None => {}
        }
    }
    sure
}

/// Such a number.
pub(crate) fn number(cell: &str) -> Option<f64> {
    parts(cell)?;
    cell.replacen(',', ".", 1).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_are_before_decimals_only_where_they_can_be_nothing_else() {
        for (cells, expected) in [
            (&["0,5", "12", "", "NA"][..], true),
            (&["-1,25e-05", "3,125"], true),
            (&["0,125"], true),
            (&["1,234", "22,500"], false),
            (&["0,5", "1.5"], false),
            (&["0,5", "645, 690"], false),
            (&["1,234,567"], false),
            (&["12", ""], false),
        ] {
            assert_eq!(stand_behind_commas(cells.iter().copied()), expected, "{cells:?}");
        }
        assert_eq!(
            (number("-1,25"), number("1,5e2"), number("a,5")),
            (Some(-1.25), Some(150.0), None)
        );
    }
}
