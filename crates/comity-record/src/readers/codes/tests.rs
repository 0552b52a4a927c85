use super::*;

#[test]
fn the_list_is_read_whole() {
    assert!(codes().members.len() > 200, "{}", codes().members.len());
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

#[test]
fn a_year_of_change_goes_to_who_holds_it_when_it_ends_and_a_day_to_who_holds_it_then() {
    assert_eq!(from_gw(260, 1990), Some(255));
    assert_eq!(from_gw(260, Date::constant(1990, 10, 2)), Some(260));
    assert_eq!(from_gw(260, Date::constant(1990, 10, 3)), Some(255));
    assert_eq!((from_iso3("DEU", 1989), from_iso3("DEU", 1990)), (Some(260), Some(255)));
    assert_eq!((from_iso3("YEM", 1989), from_iso3("yem", 1990)), (Some(678), Some(679)));
}
