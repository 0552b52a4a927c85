//! Actors to states.
//!
//! The codes of publishers are not known here: the caller says which state a code is on a day. What is known is which part of an actor's
//! code names the country.

/// The country part of an actor's code in CAMEO and KEDS: its first three letters. An actor without one (a group, `---`) gives the same three
/// letters, which place nowhere.
///
/// # Source
/// Gerner, Deborah J., Philip A. Schrodt and Omür Yilmaz. 2009. Conflict and Mediation Event Observations (CAMEO): An Event Data Framework for
/// a Post Cold War World.
pub fn cameo_country(code: &str) -> &str {
    code.get(..3).unwrap_or(code)
}
