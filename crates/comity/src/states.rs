//! States by anything a person would type.

use comity_record::{Found, Lookup, Record, State, StateSystem, is_outside};

use crate::Error;

/// A state, by a code of any system, a name or a former name.
///
/// ```
/// let record = comity::Record::starter();
/// assert_eq!(comity::state(record.tables(), "West Germany")?, 260);
/// let error = comity::state(record.tables(), "Swizerland").unwrap_err();
/// assert!(error.help[0].contains("CHE (Switzerland)"));
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// An unknown name, with the nearest; a name that several states have, with each of them.
pub fn state(record: &Record, given: &str) -> Result<i32, Error> {
    state_in(record, given, None)
}

/// The same; of several states that have a name the one that was in the system in these years.
///
/// ```
/// let record = comity::Record::starter();
/// assert!(comity::state_in(record.tables(), "Viet Nam", None).is_err());
/// assert_eq!(comity::state_in(record.tables(), "Viet Nam", Some((1990, 2000)))?, 816);
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`state`].
pub fn state_in(record: &Record, given: &str, years: Option<(i32, i32)>) -> Result<i32, Error> {
    match found(record, given, years)?.ccodes[..] {
        [one] => Ok(one),
        ref several => Err(ambiguous(record.states()?, given, several)),
    }
}

/// Who a code or name is taken for in these years, else today: several states where it passed from one to the next.
///
/// ```
/// let record = comity::Record::starter();
/// let found = comity::found(record.tables(), "DEU", Some((1980, 2000)))?;
/// assert_eq!(found.ccodes, [260, 255]);
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`state`].
pub fn found(record: &Record, given: &str, years: Option<(i32, i32)>) -> Result<Found, Error> {
    let system = record.states()?;
    system.called(given, years).map_err(|other| match other {
        Lookup::One(code) => ambiguous(system, given, &[code]),
        Lookup::Several(codes) => ambiguous(system, given, &codes),
        Lookup::None(near) => unknown(given, &near),
    })
}

fn unknown(given: &str, near: &[String]) -> Error {
    if is_outside(given) {
        return Error::new(format!("`{}` is not in the list of states", given.trim()))
            .help("the list has the members of the state system; facts of sources that name another country or territory are kept under that name, without the number of a state");
    }
    let mut error = Error::new(format!("no state is known as `{}`", given.trim()));
    if !near.is_empty() {
        error = error.help(format!("did you mean {}?", near.join(" or ")));
    }
    error.help("`comity states` lists all of them")
}

fn ambiguous(system: &StateSystem, given: &str, codes: &[i32]) -> Error {
    let (wrong, choices) = system.several(given, codes);
    Error::new(wrong).help(format!("name one by its code:\n{choices}"))
}

/// Several states, in the order given, each once.
///
/// ```
/// let record = comity::Record::starter();
/// assert_eq!(comity::states(record.tables(), &["India", "CHN", "750"])?, [750, 710]);
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`state`].
pub fn states<T: AsRef<str>>(record: &Record, given: &[T]) -> Result<Vec<i32>, Error> {
    states_in(record, given, None)
}

/// The same in these years.
///
/// ```
/// let record = comity::Record::starter();
/// assert_eq!(comity::states_in(record.tables(), &["Yemen"], Some((1995, 1999)))?, [679]);
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`state`].
pub fn states_in<T: AsRef<str>>(
    record: &Record,
    given: &[T],
    years: Option<(i32, i32)>,
) -> Result<Vec<i32>, Error> {
    let mut out = Vec::new();
    for text in given {
        for code in found(record, text.as_ref(), years)?.ccodes {
            if !out.contains(&code) {
                out.push(code);
            }
        }
    }
    Ok(out)
}

/// A state as one of several to choose from.
///
/// ```
/// let record = comity::Record::starter();
/// let system = record.tables().states()?;
/// assert_eq!(comity::choice(system.get(260).unwrap()), "GFR 260 West Germany, 1955–1990");
/// assert!(comity::choice(system.get(225).unwrap()).starts_with("CHE 225 Switzerland, "));
/// # Ok::<(), comity::Error>(())
/// ```
pub fn choice(state: &State) -> String {
    state.choice()
}

/// States by code or name, and only members of a year where one is given; without a code or name all of them.
///
/// ```
/// let record = comity::Record::starter();
/// let system = record.tables().states()?;
/// assert!(comity::states_found(system, Some("Korea"), None)?.len() > 1);
/// assert!(comity::states_found(system, None, Some(1950))?.iter().any(|s| s.abbr == "CHN"));
/// let error = comity::states_found(system, Some("Chnia"), None).unwrap_err();
/// assert!(error.help[0].contains("China"), "{error:?}");
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// A code or name that no state has, with the nearest; a year in which none of them was in the system.
pub fn states_found<'a>(
    system: &'a StateSystem,
    find: Option<&str>,
    year: Option<i32>,
) -> Result<Vec<&'a State>, Error> {
    let query = find.map_or("", str::trim);
    let mut found: Vec<&State> = if query.is_empty() {
        system.states().collect()
    } else {
        match system.find(query) {
            Lookup::One(code) => system.get(code).into_iter().collect(),
            Lookup::Several(codes) => codes.iter().filter_map(|c| system.get(*c)).collect(),
            Lookup::None(near) => return Err(unknown(query, &near)),
        }
    };
    if let Some(year) = year {
        found.retain(|s| system.is_member(s.ccode, year));
        if found.is_empty() {
            return Err(Error::new(format!("no such state was in the system in {year}"))
                .help("without the year, the years of a state are shown"));
        }
    }
    Ok(found)
}

/// How a code or name was read, in a sentence; none where it can be read in one way only.
///
/// ```
/// let record = comity::Record::starter();
/// let how = comity::how_read(record.tables(), "Yemen", Some((1995, 1999)))?.unwrap();
/// assert!(how.starts_with("`Yemen` in 1995–1999 is read as YEM 679 Yemen, 1990–; "), "{how}");
/// assert_eq!(comity::how_read(record.tables(), "CHN", None)?, None);
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`state`].
pub fn how_read(
    record: &Record,
    given: &str,
    years: Option<(i32, i32)>,
) -> Result<Option<String>, Error> {
    let found = found(record, given, years)?;
    Ok(record.states()?.how_read(given, years, &found))
}
