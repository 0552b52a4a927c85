//! States by code or name, as the numbers of a panel's list: for requests, and for tables of one's own that name states.

use arrow::array::RecordBatch;

use super::error::PanelError;
use super::system::Codes;
use comity_record::columns::{int, ints, text, texts};
use comity_record::states::fold;
use comity_record::{Lookup, Record, StateSystem};

/// A state of Gleditsch and Ward that is in no other list.
struct Only {
    gwcode: i32,
    /// Its abbreviation and name, folded.
    called: [String; 2],
    years: (i32, i32),
}

/// Who is called what.
pub(super) struct Named<'r> {
    states: &'r StateSystem,
    codes: Codes,
    only: Vec<Only>,
}

impl<'r> Named<'r> {
    pub fn of(record: &'r Record, codes: Codes) -> Result<Self, PanelError> {
        let reading = record.baseline();
        let only = if record.holds(Codes::Gw.table(), &reading) {
            only(&record.table(Codes::Gw.table(), &reading)?)
        } else {
            Vec::new()
        };
        Ok(Self { states: record.states()?, codes, only })
    }

    /// The codes of a state in the list of the panel, of all that had the name in turn in these years.
    ///
    /// # Errors
    /// None of that code or name, and several that had it at once, by their numbers in the Correlates of War.
    pub fn codes(&self, wanted: &str, years: Option<(i32, i32)>) -> Result<Vec<i32>, Lookup> {
        if let Some(gwcode) = self.only_in_gw(wanted, years)
            && self.codes == Codes::Gw
        {
            return Ok(vec![gwcode]);
        }
        let found = match years {
            Some((from, to)) => self.states.find_in(wanted, from, to),
            None => match self.states.find(wanted) {
                Lookup::One(code) => Ok(vec![code]),
                other => Err(other),
            },
        };
        let found = match found {
            Err(Lookup::One(code)) => vec![code],
            found => found?,
        };
        let mut all: Vec<i32> = found.into_iter().map(|c| self.in_list(c, years)).collect();
        all.dedup();
        Ok(all)
    }

    /// The code of the one state that a name stands for in a year; none where there is none, and where there are several. A name of a divided
    /// country is that of a state which was there then.
    pub fn in_year(&self, wanted: &str, year: i32) -> Option<i32> {
        let years = Some((year, year));
        if let Some(gwcode) = self.only_in_gw(wanted, years)
            && self.codes == Codes::Gw
        {
            return Some(gwcode);
        }
        let ccode = match self.states.find_in(wanted, year, year).as_deref() {
            Ok([one]) | Err(Lookup::One(one)) => Some(*one),
            _ => None,
        };
        let there = ccode.is_some_and(|ccode| self.states.is_member(ccode, year));
        let ccode = if there || !self.is_divided(wanted) {
            ccode?
        } else {
            match self.states.find_between(wanted, year, year) {
                Lookup::One(one) => one,
                _ => return None,
            }
        };
        Some(self.in_list(ccode, years))
    }

    /// Whether a name stands for one of several states, by the date.
    pub fn is_divided(&self, wanted: &str) -> bool {
        matches!(self.states.find(wanted), Lookup::Several(_))
    }

    /// The state that a code of another system (`iso3`) stood for in a year.
    pub fn of_system(&self, system: &str, code: &str, year: i32) -> Option<i32> {
        let ccode = self.states.ccode_of(system, &code.to_uppercase(), year)?;
        Some(self.in_list(ccode, Some((year, year))))
    }

    /// The number of a state that only Gleditsch and Ward list.
    pub fn only_in_gw(&self, wanted: &str, years: Option<(i32, i32)>) -> Option<i32> {
        let wanted = fold(wanted);
        let there = |o: &&Only| years.is_none_or(|(from, to)| o.years.0 <= to && from <= o.years.1);
        let called = |o: &&Only| !wanted.is_empty() && o.called.contains(&wanted);
        let mut found = self.only.iter().filter(called).filter(there).map(|o| o.gwcode);
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }

    /// The words for several states of one name: what is wrong, and the choices.
    pub fn several(&self, wanted: &str, ccodes: &[i32]) -> (String, String) {
        self.states.several(wanted, ccodes)
    }

    /// The systems of codes of three letters in which a text is a code: that of the Correlates of War, ISO 3166.
    pub fn in_systems(&self, text: &str) -> (Vec<i32>, Vec<i32>) {
        self.states.in_systems(text)
    }

    /// The number of a state with the Correlates of War in the list of the panel in a year.
    pub fn listed(&self, ccode: i32, year: i32) -> i32 {
        self.in_list(ccode, Some((year, year)))
    }

    /// The number in the list of the panel: that of the last of these years, else of 2010.
    fn in_list(&self, ccode: i32, years: Option<(i32, i32)>) -> i32 {
        if self.codes == Codes::Cow {
            return ccode;
        }
        let of = |year| self.states.code_of(ccode, "gw", year).and_then(|c| c.parse().ok());
        let (from, to) = years.unwrap_or((2010, 2010));
        (from..=to).rev().find_map(of).or(of(to)).unwrap_or(ccode)
    }
}

fn only(list: &RecordBatch) -> Vec<Only> {
    let (gwcode, ccode) = (ints(list, "gwcode"), ints(list, "ccode"));
    let (abbr, name) = (texts(list, "abbr"), texts(list, "name"));
    let (from, to) = (ints(list, "start_year"), ints(list, "end_year"));
    let of = |row: usize| {
        Some(Only {
            gwcode: int(gwcode, row).filter(|_| int(ccode, row).is_none())?,
            called: [abbr, name].map(|called| fold(text(called, row))),
            years: (int(from, row).unwrap_or(i32::MIN), int(to, row).unwrap_or(i32::MAX)),
        })
    };
    (0..list.num_rows()).filter_map(of).collect()
}
