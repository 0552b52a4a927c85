//! Parts of the world, by the numbers that the Correlates of War gives to states.

/// A part of the world: name, first and last number.
pub type Region = (&'static str, i32, i32);

/// The parts, by number.
pub const REGIONS: &[Region] = &[
    ("The Americas", 0, 199),
    ("Europe", 200, 399),
    ("Africa south of the Sahara", 400, 599),
    ("Middle East and North Africa", 600, 699),
    ("Asia", 700, 899),
    ("Oceania", 900, 999),
];

/// Whether a state is in a part.
pub fn is_in(region: &Region, ccode: i32) -> bool {
    (region.1..=region.2).contains(&ccode)
}
