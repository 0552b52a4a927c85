//! Whether the abbreviations of a table are those of the states that its numbers stand for: a column that was sorted or filled down on its
//! own gives every row another state.

use super::Places;
use crate::cells::{Cell, Cells};
use crate::row::{shorten, whole_float, without_point};

/// Columns of numbers, and of the abbreviations beside them.
const PAIRS: [(&str, &str); 8] = [
    ("ccode", "stateabb"),
    ("ccode", "stabb"),
    ("ccode1", "stateabb1"),
    ("ccode2", "stateabb2"),
    ("ccode1", "stabb1"),
    ("ccode2", "stabb2"),
    ("statea", "namea"),
    ("stateb", "nameb"),
];

/// What is to be said where they are not.
pub(crate) fn note(cells: &Cells, places: &Places) -> Option<String> {
    let (mut rows, mut first) = (0, None);
    for (code, abbr) in PAIRS {
        let (Some(code), Some(abbr)) = (cells.column(code), cells.column(abbr)) else { continue };
        for row in 0..cells.len() {
            let number: Option<i32> = match cells.cell(row, code) {
                Cell::Int(v) => Some(v),
                Cell::Float(v) => whole_float(v),
                Cell::Text(text) => without_point(text).parse().ok(),
                Cell::Missing | Cell::Date(_) => None,
            };
            let letters = cells.get(row, abbr);
            let Some((number, holders)) = number.zip(places.abbreviated(letters)) else { continue };
            if !holders.contains(&number) {
                rows += 1;
                first.get_or_insert_with(|| {
                    format!("{}, {number} and {}", cells.place(row), shorten(letters))
                });
            }
        }
    }
    first.map(|first| {
        let times = if rows == 1 { "Once".to_owned() } else { format!("{rows} times") };
        format!(
            "{times} a number and an abbreviation are of different states; the number holds (the first: {first})"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_of_another_state_is_said_and_an_unknown_one_is_not() {
        let text = "stateabb,ccode,year\nUSA,2.0,1990\nCAN,2,1990\nXYZ,20,1990\n,20,1990\n";
        let cells = Cells::parse("t.csv", text).unwrap();
        assert_eq!(
            note(&cells, &Places::starter()).unwrap(),
            "Once a number and an abbreviation are of different states; the number holds (the first: t.csv line 3 (row 2), 2 and CAN)"
        );
        let cells = Cells::parse("t.csv", &text.replace("CAN", "USA")).unwrap();
        assert_eq!(note(&cells, &Places::starter()), None);
    }
}
