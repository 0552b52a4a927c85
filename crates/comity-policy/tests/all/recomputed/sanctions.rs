//! Sanctions by case, sender and target (GSDB 4), and what resolutions of the Security Council prescribe of them.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{Row, shared, starter};

pub struct Sanctions {
    cases: BTreeMap<i32, Case>,
    /// What a resolution prescribes: the instruments of a case of the United Nations, in the years in which it bound.
    mandates: Vec<(i32, (i32, i32))>,
    names: BTreeMap<String, i32>,
}

pub struct Case {
    pub senders: Vec<String>,
    targets: Vec<String>,
    pub years: (i32, i32),
    pub objectives: String,
    instruments: BTreeSet<String>,
}

impl Case {
    fn of(row: &Row<'_>) -> Self {
        let described = row.text("descr_trade");
        let mut instruments: BTreeSet<String> =
            described.split(',').map(|d| d.trim().to_string()).filter(|d| !d.is_empty()).collect();
        for kind in ["trade", "financial", "arms", "military", "travel", "other"] {
            if row.code(kind) == 1 && (kind != "trade" || instruments.is_empty()) {
                instruments.insert(kind.to_string());
            }
        }
        Self {
            senders: list(&row.text("sanctioning_state")),
            targets: list(&row.text("sanctioned_state")),
            years: (row.code("begin"), row.code("end")),
            objectives: row.text("objective"),
            instruments,
        }
    }

    fn prescribes(&self, instrument: &str) -> bool {
        self.instruments.contains(instrument)
            || instrument == "exp_part" && self.instruments.contains("exp_compl")
            || instrument == "imp_part" && self.instruments.contains("imp_compl")
    }
}

impl Sanctions {
    pub fn read() -> Self {
        let file = shared("gsdb/GSDB_V4.csv");
        let year = |text: String| text.get(..4).and_then(|y| y.parse().ok()).unwrap_or(i32::MAX);
        let mandates = starter("authorizations/sanctions.csv");
        Self {
            cases: file.rows().map(|row| (row.code("case_id"), Case::of(&row))).collect(),
            mandates: mandates
                .rows()
                .map(|row| {
                    (row.code("subject_id"), (year(row.text("start")), year(row.text("end"))))
                })
                .collect(),
            names: names(),
        }
    }

    pub fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values()
    }

    /// The states that the source names as senders; of one that has passed away, its successor too.
    pub fn senders<'a>(&'a self, case: &'a Case) -> impl Iterator<Item = i32> {
        case.senders.iter().flat_map(|name| states(&self.names, name, case))
    }

    /// The instruments that no mandate covers in the year, against each of the targets.
    pub fn beyond_mandates<'a>(
        &'a self,
        case: &'a Case,
        year: i32,
    ) -> impl Iterator<Item = &'a str> {
        let covered = move |instrument: &str| {
            case.targets.iter().all(|target| {
                self.mandates.iter().any(|(id, bound)| {
                    let mandate = &self.cases[id];
                    mandate.targets.contains(target)
                        && mandate.prescribes(instrument)
                        && in_force(*bound, case.years, year)
                })
            })
        };
        case.instruments.iter().map(String::as_str).filter(move |i| !covered(i))
    }
}

/// "Measures that were in force before the mandate began are judged in the year in which it began, and those that
/// outlast it in the year in which it ended."
fn in_force((from, to): (i32, i32), case: (i32, i32), year: i32) -> bool {
    (from..=to).contains(&year) && !(year == from && case.0 < from) && !(year == to && case.1 > to)
}

/// Names with a comma of their own are written the other way round.
fn list(text: &str) -> Vec<String> {
    let turned = [
        ("Korea, North", "North Korea"),
        ("Korea, South", "South Korea"),
        ("Egypt, Arab Rep.", "Egypt"),
        ("Congo, Democratic Republic of the", "Democratic Republic of the Congo"),
        ("Yemen, North", "Yemen Arab Republic"),
        ("Gambia, The", "Gambia"),
    ];
    let text = turned.iter().fold(text.to_string(), |t, (from, to)| t.replace(from, to));
    text.split(',').map(|name| name.trim().to_string()).filter(|n| !n.is_empty()).collect()
}

/// Names of states as the list of states has them, and as the source of sanctions has them.
fn names() -> BTreeMap<String, i32> {
    let file = shared("cow-states/states2016.csv");
    let mut names: BTreeMap<String, i32> =
        file.rows().map(|row| (row.text("statenme"), row.code("ccode"))).collect();
    for (name, state) in [
        ("United States", 2),
        ("Czech Republic", 316),
        ("Serbia", 345),
        ("FRY", 345),
        ("Soviet Union", 365),
        ("Democratic Republic of the Congo", 490),
        ("Ethiopia (excludes Eritrea)", 530),
        ("Transjordan", 663),
        ("Taiwan", 713),
        ("South Vietnam", 817),
        ("Malaya", 820),
    ] {
        names.insert(name.to_string(), state);
    }
    names
}

/// The states of that name: of Germany and Yemen those there were, by date; of Vietnam the one that there was when the
/// case began.
fn states(names: &BTreeMap<String, i32>, name: &str, case: &Case) -> Vec<i32> {
    match names.get(name) {
        None => Vec::new(),
        Some(255) => vec![255, 260],
        Some(678) => vec![678, 679],
        Some(817) if case.years.0 > 1975 => vec![816],
        Some(state) => vec![*state],
    }
}
