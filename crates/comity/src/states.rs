//! States by anything a person would type.

use comity_record::{Lookup, Record, State};

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
    let system = record.states()?;
    match system.find(given) {
        Lookup::One(code) => Ok(code),
        Lookup::Several(codes) => {
            let choices: Vec<String> =
                codes.iter().filter_map(|c| system.get(*c)).map(choice).collect();
            Err(Error::new(format!("`{}` may be any of {} states", given.trim(), choices.len()))
                .help(format!("name one by its code:\n{}", choices.join("\n"))))
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
    let mut out = Vec::new();
    for text in given {
        let code = state(record, text.as_ref())?;
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
