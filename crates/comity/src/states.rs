//! States by anything a person would type.

use comity_record::{Lookup, Record, State, is_outside};

use crate::Error;

/// A state, by a code of any system, a name or a former name.
///
/// ```
/// let record = comity::Record::starter();
/// assert_eq!(comity::state(record.tables(), "West Germany")?, 260);
/// let error = comity::state(record.tables(), "Swizerland").unwrap_err();
/// assert!(error.help[0].contains("SWZ"));
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
    let system = record.states()?;
    let found = match years {
        Some((from, to)) => system.find_between(given, from, to),
        None => system.find(given),
    };
    match found {
        Lookup::One(code) => Ok(code),
        Lookup::Several(codes) => {
            let choices: Vec<String> =
                codes.iter().filter_map(|c| system.get(*c)).map(choice).collect();
            Err(Error::new(format!("`{}` may be any of {} states", given.trim(), choices.len()))
                .help(format!("name one by its code:\n{}", choices.join("\n"))))
        }
        Lookup::None(_) if is_outside(given) => {
            Err(Error::new(format!("`{}` is not in the list of states", given.trim()))
                .help("the list has the members of the state system; facts of sources that name another country or territory are kept under that name, without the number of a state"))
        }
        Lookup::None(near) => {
            let mut error = Error::new(format!("no state is known as `{}`", given.trim()));
            let near: Vec<String> = near.into_iter().filter(|n| !says_twice(n)).collect();
            if !near.is_empty() {
                error = error.help(format!("did you mean {}?", near.join(" or ")));
            }
            Err(error.help("`comity states` lists all of them"))
        }
    }
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
        let code = state_in(record, text.as_ref(), years)?;
        if !out.contains(&code) {
            out.push(code);
        }
    }
    Ok(out)
}

/// `GFR 260 German Federal Republic, 1955–1990`.
///
/// ```
/// let record = comity::Record::starter();
/// let system = record.tables().states()?;
/// assert!(comity::choice(system.get(260).unwrap()).starts_with("GFR 260 "));
/// # Ok::<(), comity::Error>(())
/// ```
pub fn choice(state: &State) -> String {
    format!("{} {} {}, {}", state.abbr, state.ccode, state.name, state.in_words())
}

/// `CHN (CHN)` beside `China (CHN)` says nothing.
fn says_twice(near: &str) -> bool {
    near.split_once(" (").is_some_and(|(name, abbr)| abbr.strip_suffix(')') == Some(name))
}
