//! The states of the starter: look-ups by code and name, and codes by date.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use comity_datasets::{codes, starter};
use comity_record::Lookup;

fn find(query: &str) -> Lookup {
    starter::record().states().unwrap().find(query)
}

#[test]
fn anything_a_person_would_type_is_found() {
    for (query, ccode) in [
        ("CHN", 710),
        ("chn", 710),
        ("710", 710),
        ("China", 710),
        ("PRC", 710),
        ("CN", 710),
        ("West Germany", 260),
        ("GFR", 260),
        ("FRG", 260),
        ("GMY", 255),
        ("DEU", 255),
        ("South Vietnam", 817),
        ("Kosovo", 347),
        ("the Netherlands", 210),
        ("Soviet Union", 365),
        ("USSR", 365),
        ("Burma", 775),
        ("Swaziland", 572),
        ("Zaire", 490),
        ("Persia", 630),
        ("Siam", 800),
        ("Ceylon", 780),
        ("Rhodesia", 552),
        ("Türkiye", 640),
        ("turkey", 640),
        ("Côte d'Ivoire", 437),
        ("ivory coast", 437),
        ("United Kingdom", 200),
        ("GBR", 200),
        ("Guinea", 438),
        ("Niger", 436),
        ("Sudan", 625),
        ("Taiwan", 713),
        ("CHE", 225),
    ] {
        assert_eq!(find(query), Lookup::One(ccode), "{query}");
    }
}

#[test]
fn divided_names_are_answered_with_the_choices() {
    assert_eq!(find("Korea"), Lookup::Several(vec![730, 731, 732]));
    assert_eq!(find("Germany"), Lookup::Several(vec![255, 260, 265]));
    assert_eq!(find("Viet Nam"), Lookup::Several(vec![816, 817]));
    assert_eq!(find("Yemen"), Lookup::Several(vec![678, 679, 680]));
}

#[test]
fn letters_that_stand_for_two_states_are_answered_with_both() {
    assert_eq!(find("AUS"), Lookup::Several(vec![305, 900]));
    assert_eq!(find("mng"), Lookup::Several(vec![341, 712]));
    assert_eq!(find("SLV"), Lookup::Several(vec![92, 349]));
    assert_eq!(find("SWZ"), Lookup::Several(vec![225, 572]));
    assert_eq!(find("CZE"), Lookup::Several(vec![315, 316]));
    assert_eq!(find("KOR"), Lookup::Several(vec![730, 732]));
    assert_eq!(find("AUL"), Lookup::One(900));
    assert_eq!(find("IND"), Lookup::One(750));
}

#[test]
fn a_near_miss_gets_suggestions_and_nonsense_none() {
    let Lookup::None(near) = find("Swizerland") else { panic!("found") };
    assert!(near.contains(&"CHE (Switzerland)".to_owned()), "{near:?}");
    assert_eq!(find("qqqqqqqq"), Lookup::None(Vec::new()));
    assert_eq!(find(""), Lookup::None(Vec::new()));
}

#[test]
fn codes_map_by_date_both_ways() {
    let record = starter::record();
    let states = record.states().unwrap();
    assert_eq!(states.ccode_of("gw", "260", 1970), Some(260));
    assert_eq!(states.ccode_of("gw", "260", 2000), Some(255));
    assert_eq!(states.code_of(255, "gw", 2000), Some("260"));
    assert_eq!(states.ccode_of("iso3", "CHN", 2000), Some(710));
    assert!(states.is_member(710, 2024) && !states.is_member(265, 2000));
    assert_eq!(states.entry_year(710), Some(1860));
}

/// Names as the United Nations and the World Bank write them, where they differ from the short ones, with the state that each is today.
const OFFICIAL: [(&str, i32); 59] = [
    ("Venezuela (Bolivarian Republic of)", 101),
    ("Bolivia (Plurinational State of)", 145),
    ("Iran (Islamic Republic of)", 630),
    ("Micronesia (Federated States of)", 987),
    ("Netherlands (Kingdom of the)", 210),
    ("Tanzania (United Republic of)", 510),
    ("Korea (Republic of)", 732),
    ("Korea (Democratic People's Republic of)", 731),
    ("Moldova (Republic of)", 359),
    ("Congo (Democratic Republic of the)", 490),
    ("Congo (Republic of the)", 484),
    ("Gambia (Republic of The)", 420),
    ("Comoros (the)", 581),
    ("Macedonia (the former Yugoslav Republic of)", 343),
    ("Democratic People's Republic of Korea", 731),
    ("Lao People's Democratic Republic", 812),
    ("Republic of Korea", 732),
    ("Republic of Moldova", 359),
    ("Russian Federation", 365),
    ("Syrian Arab Republic", 652),
    ("United Kingdom of Great Britain and Northern Ireland", 200),
    ("United Republic of Tanzania", 510),
    ("United States of America", 2),
    ("Brunei Darussalam", 835),
    ("Cabo Verde", 402),
    ("Côte D'Ivoire", 437),
    ("Timor-Leste", 860),
    ("Türkiye", 640),
    ("Bahamas, The", 31),
    ("Congo, Dem. Rep.", 490),
    ("Congo, Rep.", 484),
    ("Cote d'Ivoire", 437),
    ("Egypt, Arab Rep.", 651),
    ("Gambia, The", 420),
    ("Iran, Islamic Rep.", 630),
    ("Korea, Dem. People's Rep.", 731),
    ("Korea, Dem. People\u{2019}s Rep.", 731),
    ("Korea, Rep.", 732),
    ("Kyrgyz Republic", 703),
    ("Lao PDR", 812),
    ("Macedonia, FYR", 343),
    ("Micronesia, Fed. Sts.", 987),
    ("Sao Tome and Principe", 403),
    ("Slovak Republic", 317),
    ("Somalia, Fed. Rep.", 520),
    ("St. Kitts and Nevis", 60),
    ("St. Lucia", 56),
    ("St. Vincent and the Grenadines", 57),
    ("Taiwan, China", 713),
    ("Turkiye", 640),
    ("Venezuela, RB", 101),
    ("Venezuela, Bolivarian Republic of", 101),
    ("Bolivia, Plurinational State of", 145),
    ("Yemen, Rep.", 679),
    ("Viet Nam", 816),
    ("Guinea Bissau", 404),
    ("Antigua & Barbuda", 58),
    ("Bosnia and Herzegovina", 346),
    ("Libyan Arab Jamahiriya", 620),
];

#[test]
fn names_of_the_united_nations_and_the_world_bank_are_found() {
    for (name, ccode) in OFFICIAL {
        let placed = comity_datasets::codes::from_name(name, 2012);
        assert_eq!(placed, Some(ccode), "{name}");
        // One that stood for two states in turn is both of them without a date.
        if name != "Viet Nam" {
            assert_eq!(find(name), Lookup::One(ccode), "{name}");
        }
    }
}

/// Names of states as the United Nations, the World Bank, the International Monetary Fund, the European Union, Freedom House and V-Dem write
/// them, by state, divided by bars.
const WRITTEN: &[(i32, &str)] = &[
    (2, "United States | United States of America | USA | U.S. | U.S.A."),
    (31, "Bahamas, The | The Bahamas | Bahamas"),
    (42, "Dominican Republic | Dominican Rep."),
    (52, "Trinidad and Tobago | Trinidad & Tobago"),
    (56, "St. Lucia | Saint Lucia"),
    (
        57,
        "St. Vincent and the Grenadines | Saint Vincent and the Grenadines | St. Vincent & Grenadines | Saint Vincent & the Grenadines | St. Vincent & the Grenadines",
    ),
    (58, "Antigua and Barbuda | Antigua & Barbuda"),
    (60, "St. Kitts and Nevis | Saint Kitts and Nevis | Saint Kitts & Nevis | St. Kitts & Nevis"),
    (
        101,
        "Venezuela | Venezuela (Bolivarian Republic of) | Venezuela, RB | Venezuela, R.B. | Bolivarian Republic of Venezuela | Venezuela, Bolivarian Republic of",
    ),
    (145, "Bolivia (Plurinational State of) | Plurinational State of Bolivia"),
    (
        200,
        "United Kingdom | United Kingdom of Great Britain and Northern Ireland | U.K. | Great Britain | Britain",
    ),
    (205, "Ireland | Ireland, Republic of"),
    (
        210,
        "Netherlands | Netherlands, The | The Netherlands | Netherlands (Kingdom of the) | Kingdom of the Netherlands",
    ),
    (255, "Germany | Germany, Federal Republic of"),
    (316, "Czechia | Czech Republic | Czech Rep."),
    (317, "Slovak Republic | Slovak Rep. | Slovakia | Slovak Republic (Slovakia)"),
    (
        343,
        "Macedonia | Macedonia, FYR | FYR Macedonia | The former Yugoslav Republic of Macedonia | Former Yugoslav Republic of Macedonia | North Macedonia | North Macedonia, Republic of | Republic of North Macedonia | The former Yugoslav Rep. of Macedonia",
    ),
    (345, "Serbia | Serbia, Rep. of"),
    (346, "Bosnia and Herzegovina | Bosnia & Herzegovina | Bosnia-Herzegovina"),
    (347, "Kosovo | Kosovo* | Kosovo, Rep. of | Republic of Kosovo"),
    (359, "Moldova | Moldova, Rep. of | Moldova, Republic of | Republic of Moldova"),
    (365, "Russian Federation | Russia | Russia (Soviet Union) | Soviet Union (Russia)"),
    (390, "Denmark | Kingdom of Denmark | Denmark, Kingdom of"),
    (402, "Cabo Verde | Cape Verde"),
    (
        403,
        "Sao Tome and Principe | São Tomé and Príncipe | São Tomé & Príncipe | Sao Tome & Principe | São Tomé and Príncipe, Dem. Rep. of",
    ),
    (404, "Guinea-Bissau | Guinea Bissau"),
    (411, "Equatorial Guinea | Equatorial Guinea, Rep. of"),
    (420, "Gambia | Gambia, The | The Gambia | Gambia (The)"),
    (437, "Cote d'Ivoire | Côte d'Ivoire | Côte d’Ivoire | Ivory Coast | Cote d Ivoire"),
    (482, "Central African Republic | Central African Rep."),
    (
        484,
        "Congo, Rep. | Congo, Republic of | Congo, Rep. of | Republic of Congo | Republic of the Congo | Congo (Brazzaville) | Congo-Brazzaville | Congo, Republic of the",
    ),
    (
        490,
        "Congo, Dem. Rep. | Congo, Dem. Rep. of the | Congo, Democratic Republic of | Congo, Democratic Republic of the | Democratic Republic of the Congo | Democratic Republic of Congo | Congo (Kinshasa) | DR Congo | D.R. Congo | Congo, DR | Dem. Rep. of the Congo | Congo-Kinshasa | DRC | Zaire",
    ),
    (
        510,
        "Tanzania | United Republic of Tanzania | Tanzania, United Republic of | Tanzania, United Rep. of | Tanzania, Utd. Rep. of",
    ),
    (531, "Eritrea | Eritrea, The State of"),
    (572, "Eswatini | Eswatini, Kingdom of | Kingdom of Eswatini | Swaziland"),
    (581, "Comoros, Union of the | Union of the Comoros"),
    (620, "Libya | Libyan Arab Jamahiriya"),
    (626, "South Sudan | South Sudan, Rep. of"),
    (
        630,
        "Iran | Iran (Islamic Republic of) | Iran, Islamic Rep. | Iran, Islamic Rep. of | Iran, Islamic Republic of | Islamic Republic of Iran",
    ),
    (640, "Turkey | Türkiye | Türkiye, Rep of | Turkiye"),
    (651, "Egypt | Egypt, Arab Rep. | Egypt, Arab Republic of | Arab Republic of Egypt"),
    (652, "Syria | Syrian Arab Republic | Syrian Arab Rep."),
    (679, "Yemen | Yemen, Rep. | Yemen, Rep. of | Yemen, Republic of | Republic of Yemen"),
    (696, "United Arab Emirates | UAE"),
    (700, "Afghanistan, Islamic Rep. of | Islamic Republic of Afghanistan"),
    (703, "Kyrgyz Republic | Kyrgyz Rep. | Kyrgyzstan"),
    (
        710,
        "China, People's Republic of | People's Republic of China | China | China, mainland | Mainland China",
    ),
    (
        713,
        "Taiwan | Taiwan Province of China | Taiwan, China | Taiwan (Province of China) | Chinese Taipei | Taiwan, Province of China",
    ),
    (
        731,
        "Democratic People's Republic of Korea | Democratic People’s Republic of Korea | Korea, Dem. People's Rep. | Korea, Democratic People's Republic of | Korea (Democratic People's Republic of) | Korea, Dem. People’s Rep. | Dem. People's Republic of Korea | Dem. People's Rep. of Korea | Korea, North | North Korea | DPRK | DPR Korea | Korea, D.P.R.",
    ),
    (
        732,
        "Republic of Korea | Korea, Rep. | Korea, Rep. of | Korea, Republic of | Korea (the Republic of) | Korea, South | South Korea | Republic of Korea (South Korea)",
    ),
    (775, "Burma/Myanmar | Burma (Myanmar) | Myanmar | Burma"),
    (
        812,
        "Lao P.D.R. | Lao PDR | Lao People's Democratic Republic | Lao People’s Democratic Republic | Lao People's Dem. Rep. | Lao | Laos",
    ),
    (816, "Viet Nam | Vietnam"),
    (835, "Brunei Darussalam | Brunei"),
    (840, "Philippines | The Philippines"),
    (860, "East Timor | Timor-Leste | Timor-Leste, Dem. Rep. of | Timor Leste"),
    (983, "Marshall Islands | Marshall Islands, Republic of the"),
    (
        987,
        "Micronesia | Micronesia (Federated States of) | Micronesia, Fed. Sts. | Micronesia, Federated States of | Federated States of Micronesia",
    ),
    (990, "Samoa | Western Samoa"),
];

#[test]
fn names_are_found_as_publishers_write_them() {
    let record = starter::record();
    let states = record.states().unwrap();
    let mut wrong = Vec::new();
    for (ccode, names) in WRITTEN {
        for name in names.split(" | ") {
            let read = codes::from_name(name, 2015);
            // `US` and the like are codes there.
            let typed = states.find_between(name, 2015, 2015);
            if typed != Lookup::One(*ccode) || read.is_some_and(|read| read != *ccode) {
                wrong.push(format!("{name}: {typed:?} {read:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_form_that_says_which_state_it_is_is_never_left_out() {
    let record = starter::record();
    let states = record.states().unwrap();
    for (name, ccode) in [
        ("Estonia, Rep. of", Some(366)),
        ("Kingdom of Denmark", Some(390)),
        ("Slovak Republic (Slovakia)", Some(317)),
        ("China, Republic of", None),
        ("Congo, Republic of", Some(484)),
        ("Islamic State of Iraq", None),
        ("China (Taiwan)", None),
        ("Republic of Somaliland", None),
    ] {
        let found = states.find_between(name, 2015, 2015);
        let one = if let Lookup::One(code) = found { Some(code) } else { None };
        let read = codes::from_name(name, 2015);
        if ccode.is_none() {
            assert!(
                one.is_none_or(|c| c == 713) && read.is_none_or(|c| c == 713),
                "{name}: {one:?} {read:?}"
            );
        } else {
            assert_eq!(one, ccode, "{name}");
        }
    }
    assert_eq!(codes::from_name("Estonia, Rep. of", 2015), Some(366));
    for outside in
        ["Palestine", "Holy See", "Hong Kong SAR, China", "West Bank and Gaza", "Somaliland"]
    {
        assert_eq!(states.find(outside), Lookup::None(Vec::new()), "{outside}");
        assert_eq!(codes::from_name(outside, 2015), None, "{outside}");
        assert!(comity_record::is_outside(outside), "{outside}");
    }
    assert!(!comity_record::is_outside("Frannce"));
    // Of a divided name the one that was a state in the years.
    assert_eq!(states.find_between("Viet Nam", 1990, 2000), Lookup::One(816));
    assert_eq!(states.find_between("Viet Nam", 1960, 2000), Lookup::Several(vec![816, 817]));
    assert_eq!(states.find_between("Yemen", 1995, 1996), Lookup::One(679));
    assert_eq!(states.find_between("Korea", 1995, 1996), Lookup::Several(vec![731, 732]));
}

/// Every record's states, as far as there are records to try: what is printed for a state is taken for it, whatever the years.
fn every_handle_means_its_state(record: &comity_record::Record) {
    let states = record.states().unwrap();
    let mut wrong = Vec::new();
    for state in states.states() {
        let own = Lookup::One(state.ccode);
        let mut years: Vec<i32> = Vec::new();
        for spell in &state.spells {
            let (from, to) = (spell.from.unwrap(), spell.to.unwrap_or(record.last_year()));
            years.extend([from, to]);
        }
        years.retain(|year| states.is_member(state.ccode, *year));
        let always = years.iter().all(|y| states.find_between(&state.handle, *y, *y) == own);
        if states.find(&state.handle) != own || !always {
            wrong.push(format!("{} {}", state.ccode, state.handle));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join(", "));
}

#[test]
fn what_is_printed_for_a_state_is_taken_for_it_in_all_its_years() {
    let record = starter::record();
    every_handle_means_its_state(&record);
    let states = record.states().unwrap();
    let shared: Vec<&str> = states
        .states()
        .filter(|s| states.two_systems(&s.abbr).is_some())
        .map(|s| s.abbr.as_str())
        .collect();
    // All codes of the one system that are another state's in the other: found, not listed.
    assert_eq!(shared, ["SWZ", "AUS", "CZE", "MNG", "SLV", "KOR"]);
    for code in shared {
        let Lookup::Several(both) = states.find(code) else { panic!("{code}") };
        assert!(both.len() == 2, "{code}");
        let (wrong, choices) = states.several(code, &both);
        assert!(wrong.contains("to the Correlates of War and"), "{wrong}");
        for (line, ccode) in choices.lines().zip(both) {
            let handle = line.split(' ').next().unwrap();
            assert_eq!(states.find(handle), Lookup::One(ccode), "{line}");
        }
    }
    let handles: Vec<String> =
        [225, 305, 315, 316, 341, 349, 572, 730].map(|c| states.handle(c)).to_vec();
    assert_eq!(handles, ["CHE", "AUT", "CSK", "CZR", "MNE", "SVN", "SWA", "730"]);
    assert_eq!(states.handle(710), "CHN");
}

#[test]
fn a_name_with_years_is_that_of_the_state_which_was_there() {
    let record = starter::record();
    let states = record.states().unwrap();
    let of = |name: &str, from: i32, to: i32| match states.called(name, Some((from, to))) {
        Ok(found) => Ok(found.ccodes),
        Err(Lookup::Several(several)) => Err(several),
        Err(other) => panic!("{name}: {other:?}"),
    };
    assert_eq!(of("Germany", 1995, 2024), Ok(vec![255]));
    assert_eq!(of("Germany", 1900, 1930), Ok(vec![255]));
    assert_eq!(of("Germany", 1960, 1980), Err(vec![260, 265]));
    // Three were there in 1990; one when it ended.
    assert_eq!(of("Germany", 1990, 1990), Ok(vec![255]));
    assert_eq!(of("Vietnam", 1990, 2024), Ok(vec![816]));
    assert_eq!(of("Vietnam", 1975, 1975), Ok(vec![816]));
    assert_eq!(of("Yemen", 1995, 2024), Ok(vec![679]));
    assert_eq!(of("Yemen", 1940, 1950), Ok(vec![678]));
    assert_eq!(of("Yemen", 1990, 1990), Ok(vec![679]));
    assert_eq!(of("Korea", 1890, 1900), Ok(vec![730]));
    assert_eq!(of("Korea", 1990, 2024), Err(vec![731, 732]));
    assert_eq!(of("Congo", 1990, 2024), Err(vec![484, 490]));
    // A code that passed on: its holders in turn.
    assert_eq!(of("DEU", 1980, 2000), Ok(vec![260, 255]));
    // One of the two that a code may mean was not there.
    assert_eq!(of("SWZ", 1900, 1950), Ok(vec![225]));
    assert_eq!(of("SWZ", 1990, 2000), Err(vec![225, 572]));
    assert_eq!(of("CZE", 1950, 1980), Ok(vec![315]));
    let how =
        |name: &str, years| states.how_read(name, years, &states.called(name, years).unwrap());
    assert_eq!(
        how("Vietnam", Some((1990, 2024))).as_deref(),
        Some(
            "`Vietnam` in 1990–2024 is read as DRV 816 Vietnam, 1954–; it may also stand for RVN 817 South Vietnam, 1954–1975"
        )
    );
    assert!(how("DEU", None).unwrap().contains("GFR 260 West Germany"));
    for certain in ["CHN", "GMY", "YEM", "710", "Türkiye"] {
        assert_eq!(how(certain, Some((1995, 2000))), None, "{certain}");
    }
}
