//! Who belonged to the European Communities and the European Union, by year: sources that name the Union as one actor are laid
//! out over its members.
//!
//! From the Treaty of Rome (in force 1 January 1958), the treaties of accession of 1972, 1979, 1985, 1994, 2003, 2005 and 2011, and the
//! withdrawal agreement with the United Kingdom (in force 31 January 2020).

/// State, first and last year of membership.
const MEMBERS: &[(i32, i32, i32)] = &[
    (211, 1958, i32::MAX), // Belgium
    (220, 1958, i32::MAX), // France
    (260, 1958, 1990),     // the Federal Republic, from 3 October 1990 as
    (255, 1990, i32::MAX), // Germany
    (325, 1958, i32::MAX), // Italy
    (212, 1958, i32::MAX), // Luxembourg
    (210, 1958, i32::MAX), // the Netherlands
    (390, 1973, i32::MAX), // Denmark
    (205, 1973, i32::MAX), // Ireland
    (200, 1973, 2020),     // the United Kingdom, to 31 January
    (350, 1981, i32::MAX), // Greece
    (230, 1986, i32::MAX), // Spain
    (235, 1986, i32::MAX), // Portugal
    (305, 1995, i32::MAX), // Austria
    (375, 1995, i32::MAX), // Finland
    (380, 1995, i32::MAX), // Sweden
    (352, 2004, i32::MAX), // Cyprus, 1 May 2004 and with it:
    (316, 2004, i32::MAX), // the Czech Republic
    (366, 2004, i32::MAX), // Estonia
    (310, 2004, i32::MAX), // Hungary
    (367, 2004, i32::MAX), // Latvia
    (368, 2004, i32::MAX), // Lithuania
    (338, 2004, i32::MAX), // Malta
    (290, 2004, i32::MAX), // Poland
    (317, 2004, i32::MAX), // Slovakia
    (349, 2004, i32::MAX), // Slovenia
    (355, 2007, i32::MAX), // Bulgaria
    (360, 2007, i32::MAX), // Romania
    (344, 2013, i32::MAX), // Croatia, 1 July
];

/// The members in the years from `from` to `to` (none: still), each with the first and the last of these years in which it was one.
pub fn members(from: i32, to: Option<i32>) -> impl Iterator<Item = (i32, i32, Option<i32>)> {
    MEMBERS.iter().filter_map(move |(ccode, first, last)| {
        let (begin, end) = (from.max(*first), to.unwrap_or(i32::MAX).min(*last));
        (begin <= end).then_some((*ccode, begin, (end < i32::MAX).then_some(end)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_by_year() {
        let count = |year| members(year, Some(year)).count();
        assert_eq!(
            [1957, 1958, 1973, 1981, 1986, 1990, 1995, 2004, 2007, 2013, 2020, 2021].map(count),
            [0, 6, 9, 10, 12, 13, 15, 25, 27, 28, 28, 27]
        );
        let open: Vec<_> = members(2012, None).filter(|m| [200, 344, 255].contains(&m.0)).collect();
        assert_eq!(open, [(255, 2012, None), (200, 2012, Some(2020)), (344, 2013, None)]);
    }
}
