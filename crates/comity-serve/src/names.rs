//! States in addresses: short, stable, and never another state's name.

use comity::{Record, nearest};

use crate::ask::{address, segment, short};
use crate::refusal::Refusal;

/// How an address names a state: by the code that commands take too.
pub fn handle(record: &Record, ccode: i32) -> String {
    record.tables().states().map_or_else(|_| ccode.to_string(), |system| system.handle(ccode))
}

/// The state that an address names, by any code or name; of several that have a name the one of these years.
///
/// # Errors
/// A name that no state has, with the nearest; one that several have, with each. `there` makes the address of the page for a handle.
pub fn state(
    record: &Record,
    given: &str,
    years: (Option<i32>, Option<i32>),
    there: impl Fn(&str) -> String,
) -> Result<i32, Refusal> {
    let asked = years.0.is_some() || years.1.is_some();
    let span = asked.then(|| (years.0.unwrap_or(i32::MIN), years.1.unwrap_or(i32::MAX)));
    comity::state_in(record.tables(), given, span).map_err(|error| {
        let mut refusal = Refusal::of(404, &error);
        // The page has links in place of the commands that the library suggests.
        refusal.help.retain(|help| !help.contains("`comity"));
        for (text, ccode) in near(record, given) {
            refusal = refusal.link(there(&handle(record, ccode)), text);
        }
        refusal
    })
}

/// States whose codes or names are near to what was typed: text and `ccode`.
fn near(record: &Record, given: &str) -> Vec<(String, i32)> {
    let Ok(system) = record.tables().states() else { return Vec::new() };
    let lower = given.trim().to_lowercase();
    let mut out: Vec<(String, i32)> = Vec::new();
    for state in system.states() {
        let names = state.codes.iter().map(|c| c.code.as_str());
        let mut names = names.chain([state.abbr.as_str(), state.name.as_str()]);
        let alike = |n: &str| {
            let n = n.to_lowercase();
            n == lower
                || (lower.len() > 3 && n.starts_with(&lower))
                || nearest(&lower, [n.as_str()]).is_some()
        };
        if names.any(alike) {
            out.push((comity::choice(state), state.ccode));
        }
    }
    out.truncate(8);
    out
}

/// The address of a state under a policy.
pub fn state_page(handle: &str, policy: &str) -> String {
    address(&format!("/state/{}", segment(handle)), &[("policy", policy)])
}

/// The address of a commitment of a state.
pub fn finding_page(handle: &str, commitment: &str, policy: &str, year: &str) -> String {
    let path = format!("/state/{}/{}", segment(handle), segment(commitment));
    address(&path, &[("policy", policy), ("year", year)])
}

/// The address of all states under a commitment.
pub fn commitment_page(commitment: &str, policy: &str, state: &str) -> String {
    let path = format!("/commitment/{}", segment(commitment));
    address(&path, &[("policy", policy), ("state", state)])
}

/// That a policy has no such commitment, with those that are like it. `there` makes the address of the page for another.
pub fn no_commitment<'a>(
    given: &str,
    title: &str,
    known: impl Iterator<Item = (&'a str, &'a str)> + Clone,
    there: impl Fn(&str) -> String,
) -> Refusal {
    let mut refusal = Refusal::not_found(format!("“{title}” has no commitment `{}`", short(given)));
    let near = nearest(given, known.clone().map(|(id, _)| id));
    if let Some(near) = &near {
        refusal = refusal.help(near);
    }
    let likely = |id: &str| near.as_ref().is_none_or(|near| near.contains(&format!("`{id}`")));
    for (id, title) in known.filter(|(id, _)| likely(id)) {
        refusal = refusal.link(there(id), title);
    }
    refusal
}
