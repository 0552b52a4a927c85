//! Editions that are known to be published and that were not reviewed here: they are read as newer ones, and named to people.

/// One such edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// The dataset.
    pub dataset: &'static str,
    /// As the publisher writes it.
    pub version: &'static str,
    /// When it was released, as precisely as is sure.
    pub released: &'static str,
    /// The last year it covers.
    pub last_year: i32,
    /// Where it is.
    pub url: &'static str,
}

const fn edition(
    dataset: &'static str,
    version: &'static str,
    released: &'static str,
    last_year: i32,
    url: &'static str,
) -> Announced {
    Announced { dataset, version, released, last_year, url }
}

/// All of them, of one dataset oldest first.
pub static ANNOUNCED: &[Announced] = &[
    edition(
        "cow-states",
        "2024",
        "2025",
        2024,
        "https://correlatesofwar.org/data-sets/state-system-membership/",
    ),
    edition("icb", "15", "2023", 2019, "https://sites.duke.edu/icbdata/data-collections/"),
    edition("icb", "16", "2025", 2021, "https://sites.duke.edu/icbdata/data-collections/"),
    edition(
        "sipri-milex",
        "2025",
        "2026-04",
        2025,
        "https://www.sipri.org/sites/default/files/SIPRI-Milex-data-1949-2025_v1.2.xlsx",
    ),
    edition(
        "ucdp-acd",
        "26.1",
        "2026",
        2025,
        "https://ucdp.uu.se/downloads/ucdpprio/ucdp-prio-acd-261-csv.zip",
    ),
    edition(
        "ucdp-deaths",
        "26.1",
        "2026",
        2025,
        "https://ucdp.uu.se/downloads/brd/ucdp-brd-conf-261-csv.zip",
    ),
    edition("ucdp-dyadic", "26.1", "2026", 2025, "https://ucdp.uu.se/downloads/"),
];

/// Those of a dataset, oldest first.
pub fn of(dataset: &str) -> impl Iterator<Item = &'static Announced> {
    ANNOUNCED.iter().filter(move |a| a.dataset == dataset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_announced_is_newer_than_what_is_known_of_its_dataset() {
        for a in ANNOUNCED {
            let found = crate::DATASETS.iter().find(|d| d.id == a.dataset);
            let dataset = found.unwrap_or_else(|| panic!("there is no dataset {}", a.dataset));
            let known = dataset.editions.last().unwrap();
            assert!(known.last_year < a.last_year && known.released < a.released, "{a:?}");
            assert!(a.released[..4].parse::<i32>().unwrap() >= a.last_year, "{a:?}");
            assert!(a.url.starts_with("https://"), "{a:?}");
            let standing = crate::editions::standing(dataset, a.version);
            assert!(matches!(standing, Some(crate::editions::Standing::Newer(_))), "{a:?}");
        }
    }
}
