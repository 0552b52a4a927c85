//! Countries and territories that lists of countries name, and that never were members of the state system: their rows keep the name, without
//! the number of a state. That a name stands here says nothing of what its place is or ought to be.

use crate::names::{fold, turned};

/// The code of ISO 3166-1, where there is one, and the names: as the United Nations, the World Bank, the International Monetary Fund, Freedom
/// House and V-Dem write them.
const OUTSIDE: &[(&str, &[&str])] = &[
    ("", &["Abkhazia"]),
    ("ABW", &["Aruba"]),
    ("AIA", &["Anguilla"]),
    ("ALA", &["Åland Islands", "Aland Islands"]),
    ("ANT", &["Netherlands Antilles"]),
    ("ASM", &["American Samoa"]),
    ("ATA", &["Antarctica"]),
    ("BES", &["Bonaire, Sint Eustatius and Saba", "Caribbean Netherlands"]),
    ("BLM", &["Saint Barthélemy"]),
    ("BMU", &["Bermuda"]),
    ("CCK", &["Cocos (Keeling) Islands", "Cocos Islands"]),
    ("COK", &["Cook Islands"]),
    ("CUW", &["Curaçao"]),
    ("CXR", &["Christmas Island"]),
    ("CYM", &["Cayman Islands"]),
    ("", &["Channel Islands"]),
    ("", &["Crimea"]),
    ("", &["Eastern Donbas"]),
    ("ESH", &["Western Sahara"]),
    ("FLK", &["Falkland Islands", "Falkland Islands (Malvinas)"]),
    ("FRO", &["Faroe Islands", "Faeroe Islands"]),
    ("GGY", &["Guernsey"]),
    ("GIB", &["Gibraltar"]),
    ("GLP", &["Guadeloupe"]),
    ("GRL", &["Greenland"]),
    ("GUF", &["French Guiana"]),
    ("GUM", &["Guam"]),
    (
        "HKG",
        &[
            "Hong Kong",
            "Hong Kong SAR",
            "Hong Kong SAR, China",
            "Hong Kong, China",
            "China, Hong Kong SAR",
            "China, Hong Kong Special Administrative Region",
            "China, P.R.: Hong Kong",
            "Hong Kong S.A.R.",
        ],
    ),
    ("", &["Indian Kashmir", "Pakistani Kashmir"]),
    ("IMN", &["Isle of Man"]),
    ("IOT", &["British Indian Ocean Territory"]),
    ("JEY", &["Jersey"]),
    (
        "MAC",
        &[
            "Macao",
            "Macau",
            "Macao SAR",
            "Macao SAR, China",
            "Macao, China",
            "China, Macao SAR",
            "China, Macao Special Administrative Region",
            "China, P.R.: Macao",
            "Macao S.A.R.",
        ],
    ),
    ("MAF", &["Saint Martin", "Saint Martin (French part)", "St. Martin (French part)"]),
    ("MNP", &["Northern Mariana Islands"]),
    ("MSR", &["Montserrat"]),
    ("MTQ", &["Martinique"]),
    ("MYT", &["Mayotte"]),
    ("", &["Nagorno-Karabakh"]),
    ("NCL", &["New Caledonia"]),
    ("NFK", &["Norfolk Island"]),
    ("NIU", &["Niue"]),
    ("", &["Northern Cyprus"]),
    ("PCN", &["Pitcairn", "Pitcairn Islands"]),
    ("PRI", &["Puerto Rico"]),
    (
        "PSE",
        &[
            "Palestine",
            "State of Palestine",
            "Palestine, State of",
            "West Bank and Gaza",
            "West Bank and Gaza Strip",
            "West Bank",
            "Gaza",
            "Gaza Strip",
            "Palestine/West Bank",
            "Palestine/Gaza",
            "Palestine/British Mandate",
            "Occupied Palestinian Territory",
            "Palestinian Territory, Occupied",
            "Palestinian Territories",
            "Palestinian Territory",
            "Palestinian Authority",
            "Israeli-Occupied Territories",
        ],
    ),
    ("PYF", &["French Polynesia"]),
    ("REU", &["Réunion"]),
    ("SHN", &["Saint Helena", "Saint Helena, Ascension and Tristan da Cunha"]),
    ("SJM", &["Svalbard and Jan Mayen", "Svalbard and Jan Mayen Islands"]),
    ("", &["Somaliland"]),
    ("", &["South Ossetia"]),
    ("SPM", &["Saint Pierre and Miquelon"]),
    ("SXM", &["Sint Maarten", "Sint Maarten (Dutch part)"]),
    ("TCA", &["Turks and Caicos Islands"]),
    ("TKL", &["Tokelau"]),
    ("", &["Transnistria"]),
    (
        "VAT",
        &[
            "Holy See",
            "Holy See (Vatican City State)",
            "Holy See (Vatican City)",
            "Vatican City",
            "Vatican",
        ],
    ),
    ("VGB", &["British Virgin Islands", "Virgin Islands (British)"]),
    (
        "VIR",
        &[
            "United States Virgin Islands",
            "Virgin Islands (U.S.)",
            "US Virgin Islands",
            "Virgin Islands",
        ],
    ),
    ("WLF", &["Wallis and Futuna", "Wallis and Futuna Islands"]),
];

/// Whether a code of three letters of ISO 3166-1, or a name, is of such a country or territory.
pub fn is_outside(called: &str) -> bool {
    let called = called.trim();
    let is_code = |(iso, _): &(&str, &[&str])| !iso.is_empty() && *iso == called;
    OUTSIDE.iter().any(is_code) || is_name_outside(called)
}

/// The same of names alone: `MAC` is Macao's, and Macedonia's in the list of the Correlates of War.
pub(crate) fn is_name_outside(name: &str) -> bool {
    let (folded, turned) = (fold(name), turned(name));
    let mut names = OUTSIDE.iter().flat_map(|(_, names)| *names).map(|name| fold(name));
    !folded.is_empty() && names.any(|n| n == folded || turned.as_ref() == Some(&n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_are_no_states_are_known_however_they_are_written() {
        for name in [
            "Hong Kong SAR, China",
            "HKG",
            "hong kong (sar, china)",
            "Palestine, State of",
            "VAT",
            "Curacao",
            "St. Helena",
            "Virgin Islands, British",
        ] {
            assert!(is_outside(name), "{name}");
        }
        for name in ["", "China", "Honk Kong", "MAC ", "Somalia", "hkg"] {
            assert_eq!(is_outside(name), name.trim() == "MAC", "{name}");
        }
    }
}
