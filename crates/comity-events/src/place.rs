//! Actors to states.
//!
//! The codes of publishers are not known here: the caller says which state a code is on a day. What is known is which part of an actor's
//! code names the country:
//!
//! | source | what is handed to [`Place`] |
//! |---|---|
//! | GDELT | `Actor1CountryCode`, `Actor2CountryCode`: CAMEO country codes |
//! | KEDS | the first three letters of the code ([`cameo_country`]) |
//! | ICEWS | the name of the country |
//! | POLECAT | `Actor Country`, `Recipient Country`: ISO 3166-1 alpha-3 |
//! | UCDP GED | `gwnoa`, `gwnob`: Gleditsch-Ward numbers of the sides that are states; as location `country_id` |
//! | MIE | `ccode1`, `ccode2` |

/// The country part of an actor's code in CAMEO and KEDS: its first three letters. An actor without one (a group, `---`) gives the same three
/// letters, which place nowhere.
///
/// # Source
/// Gerner, Deborah J., Philip A. Schrodt, Rajaa Abu-Jabr and Omür Yilmaz. 2002. Conflict and Mediation Event Observations (CAMEO): A New Event
/// Data Framework for the Analysis of Foreign Policy Interactions. ISA Annual Convention.
pub fn cameo_country(code: &str) -> &str {
    code.get(..3).unwrap_or(code)
}

/// Where a code is placed, and for which days that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The state; none: the code is no state on these days.
    pub ccode: Option<i32>,
    /// The first and the last day for which the answer is the same. The day alone is always right; a span is asked for once.
    pub days: (i32, i32),
}

/// What says which state a code is.
pub trait Place {
    /// The state of a code of a source on a day (days since 1970-01-01).
    fn place(&self, source: &str, code: &str, day: i32) -> Placed;
}

/// A function from a code and a day to a state; it is asked again for every day.
impl<F: Fn(&str, &str, i32) -> Option<i32>> Place for F {
    fn place(&self, source: &str, code: &str, day: i32) -> Placed {
        Placed { ccode: self(source, code, day), days: (day, day) }
    }
}

/// Answers that were given, by the number of a code in a dictionary.
pub(crate) struct Asked<'a> {
    source: &'a str,
    place: &'a dyn Place,
    /// By code, in the order of their days.
    answers: Vec<Vec<Placed>>,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(source: &'a str, place: &'a dyn Place) -> Self {
        Self { source, place, answers: Vec::new() }
    }

    /// The codes that were placed, with each state that they were placed in.
    pub(crate) fn placed(&self) -> impl Iterator<Item = (u32, i32)> {
        let each = self.answers.iter().zip(0_u32..);
        each.flat_map(|(answers, number)| {
            answers.iter().filter_map(move |a| Some((number, a.ccode?)))
        })
    }

    /// The state of code `number`, whose text is `code`.
    pub(crate) fn state(&mut self, number: u32, code: &str, day: i32) -> Option<i32> {
        if code.is_empty() {
            return None;
        }
        let number = number as usize;
        if self.answers.len() <= number {
            self.answers.resize(number + 1, Vec::new());
        }
        let answers = &mut self.answers[number];
        let at = answers.partition_point(|a| a.days.0 <= day);
        if let Some(before) = at.checked_sub(1).and_then(|at| answers.get(at))
            && day <= before.days.1
        {
            return before.ccode;
        }
        let mut placed = self.place.place(self.source, code, day);
        // An answer that does not hold on its own day, or that says otherwise than another, holds on that day alone.
        let after = answers.get(at).map_or(i32::MAX, |a| a.days.0.saturating_sub(1));
        let before = at.checked_sub(1).and_then(|at| answers.get(at));
        let before = before.map_or(i32::MIN, |a| a.days.1.saturating_add(1));
        let (from, to) = (placed.days.0.max(before), placed.days.1.min(after));
        placed.days = if (from..=to).contains(&day) { (from, to) } else { (day, day) };
        answers.insert(at, placed);
        placed.ccode
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    struct Turns(Cell<u32>);

    impl Place for Turns {
        fn place(&self, _: &str, code: &str, day: i32) -> Placed {
            self.0.set(self.0.get() + 1);
            let ccode = (code == "YUG").then_some(if day < 100 { 345 } else { 340 });
            Placed { ccode, days: if day < 100 { (i32::MIN, 99) } else { (100, i32::MAX) } }
        }
    }

    #[test]
    fn a_code_is_asked_for_once_in_each_span() {
        let place = Turns(Cell::new(0));
        let mut asked = Asked::new("gdelt1", &place);
        for (day, is) in [(150, 340), (99, 345), (-5, 345), (100, 340), (i32::MAX, 340)] {
            assert_eq!(asked.state(1, "YUG", day), Some(is), "day {day}");
        }
        assert_eq!(place.0.get(), 2);
        assert_eq!(asked.state(2, "REB", 5), None);
        assert_eq!(asked.state(0, "", 5), None);
        assert_eq!(place.0.get(), 3);
    }

    #[test]
    fn the_country_is_the_first_three_letters() {
        assert_eq!(cameo_country("ISRMIL"), "ISR");
        assert_eq!(cameo_country("US"), "US");
        assert_eq!(cameo_country("é12"), "é1");
    }
}
