//! Which codes are states of the system, and Gleditsch–Ward numbers on Correlates of War ones, by year.

use std::collections::BTreeMap;
use std::sync::OnceLock;

type Spells = BTreeMap<i32, Vec<(i32, i32)>>;

/// The system's spells, from the starter's own list: `ccode,abbr,name,start,end,…`.
fn spells() -> &'static Spells {
    static SPELLS: OnceLock<Spells> = OnceLock::new();
    SPELLS.get_or_init(|| {
        let mut spells = Spells::new();
        for line in include_str!("../../starter/system/states.csv").lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let Some(Ok(ccode)) = cells.first().map(|c| c.parse()) else { continue };
            // A name may hold a comma inside quotes: take the first cell that is a date, and the one after it.
            let date = |c: &&str| c.len() == 10 && c.as_bytes()[4] == b'-';
            let Some(at) = cells.iter().position(|c| date(&c.trim())) else { continue };
            let year = |cell: Option<&&str>| cell.and_then(|c| c.get(..4)?.parse::<i32>().ok());
            let Some(from) = year(cells.get(at)) else { continue };
            let to = cells.get(at + 1).filter(|c| date(&c.trim()));
            spells.entry(ccode).or_default().push((from, year(to).unwrap_or(i32::MAX)));
        }
        spells
    })
}

/// Whether a code was a state of the system at any time in a year.
pub fn in_system(ccode: i32, year: i32) -> bool {
    spells().get(&ccode).is_some_and(|s| s.iter().any(|(from, to)| (*from..=*to).contains(&year)))
}

/// Whether a code was ever a state of the system.
pub fn is_state(ccode: i32) -> bool {
    spells().contains_key(&ccode)
}

/// The Correlates of War code of a Gleditsch–Ward one in a year, if there is one.
///
/// The two systems agree but for these. `970` stands in both for different states (Kiribati here, Nauru there).
pub fn from_gw(gwno: i32, year: i32) -> Option<i32> {
    let ccode = match gwno {
        // The Federal Republic keeps its number in G–W; in COW united Germany is 255 again.
        260 if year >= 1991 => 255,
        // United Yemen.
        678 | 680 if year >= 1990 => 679,
        // Serbia goes on as Yugoslavia.
        340 if year >= 1990 => 345,
        970 => 946,
        971 => 970,
        972 => 955,
        973 => 947,
        _ => gwno,
    };
    is_state(ccode).then_some(ccode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_whole() {
        assert!(spells().len() > 200, "{}", spells().len());
        assert!(in_system(710, 1950) && in_system(255, 1991) && !in_system(255, 1960));
        assert!(is_state(860) && !is_state(751) && !is_state(0));
    }

    #[test]
    fn numbers_that_differ_between_the_systems() {
        assert_eq!(from_gw(260, 1970), Some(260));
        assert_eq!(from_gw(260, 2015), Some(255));
        assert_eq!((from_gw(678, 1975), from_gw(678, 2015)), (Some(678), Some(679)));
        assert_eq!((from_gw(340, 2010), from_gw(345, 1999)), (Some(345), Some(345)));
        assert_eq!(
            (from_gw(972, 2005), from_gw(751, 1948), from_gw(816, 1966)),
            (Some(955), None, Some(816))
        );
    }
}
