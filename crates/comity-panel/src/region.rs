//! Regions of the world, by the numbers of states.

/// Each region with its first and last number, which the lists of the Correlates of War and of Gleditsch and Ward share.
pub(crate) const REGIONS: [(&str, i32, i32); 6] = [
    ("Americas", 2, 199),
    ("Europe", 200, 399),
    ("Africa", 400, 599),
    ("Middle East", 600, 699),
    ("Asia", 700, 899),
    ("Oceania", 900, 999),
];

/// The place of the region of a state in [`REGIONS`].
pub(crate) fn region_of(code: i32) -> Option<usize> {
    REGIONS.iter().position(|(_, from, to)| (*from..=*to).contains(&code))
}
