//! What the cells of a panel's column hold beside its name: the unit of a number, what each value of a code means. Both are declared of the
//! tables of the record; here stands from which of them a column comes.

use comity_panel::About;
use comity_record::meanings::holds;
use comity_record::schema::table;

/// What the cells of a column hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// The unit; empty where there is none, or none is declared.
    pub unit: &'static str,
    /// Each value of a code and what it means; empty where the column is no code.
    pub values: Vec<(i32, &'static str)>,
}

enum Of {
    /// A column of the record.
    Column(&'static str, &'static str),
    /// A unit of its own.
    Unit(&'static str),
}
use Of::{Column, Unit};

const KILLED: &str = "persons killed";
const KILOMETRES: &str = "kilometres";

/// A group, its column without the number of a state, and where that is declared.
const DECLARED: &[(&str, &str, Of)] = &[
    ("disputes", "hostlev", Column("disputes", "hostility")),
    ("disputes", "fatality", Column("disputes", "fatality")),
    ("disputes", "hiact", Column("disputes", "hiact")),
    ("disputes", "outcome", Column("disputes", "outcome")),
    ("disputes", "settle", Column("disputes", "settlement")),
    ("disputes", "revtype1", Column("dispute_parties", "revtype1")),
    ("disputes", "revtype2", Column("dispute_parties", "revtype2")),
    ("disputes", "fatalpre", Unit(KILLED)),
    ("disputes", "mindur", Column("disputes", "mindur")),
    ("disputes", "maxdur", Column("disputes", "maxdur")),
    ("disputes", "stmon", Column("disputes", "start_month")),
    ("disputes", "endmon", Column("disputes", "end_month")),
    ("disputes", "numa", Column("disputes", "states_a")),
    ("disputes", "numb", Column("disputes", "states_b")),
    // Of a state it is the outcome of the war, of one of two that of its side.
    ("wars", "outcome1", Column("war_parties", "outcome")),
    ("wars", "outcome2", Column("war_parties", "outcome")),
    ("wars", "outcome", Column("wars", "outcome")),
    ("wars", "sidea", Column("war_parties", "side")),
    ("wars", "warrole", Column("dyadic_wars", "role")),
    ("wars", "dyadrole", Column("dyadic_wars", "dyad_role")),
    ("wars", "dyadoutcome", Column("dyadic_wars", "outcome")),
    ("wars", "sideadeaths", Unit(KILLED)),
    ("wars", "sidebdeaths", Unit(KILLED)),
    ("wars", "batdeath", Unit(KILLED)),
    ("wars", "dyadbatdeath", Unit(KILLED)),
    ("ucdp", "maxintensity", Column("armed_conflicts", "intensity")),
    ("contiguity", "conttype", Column("contiguity_spells", "conttype")),
    ("contiguity", "land", Unit("states")),
    ("contiguity", "sea", Unit("states")),
    ("distance", "mincapdist", Unit(KILOMETRES)),
    ("distance", "minmindist", Unit(KILOMETRES)),
    ("distance", "capdist", Unit(KILOMETRES)),
    ("distance", "mindist", Unit(KILOMETRES)),
    ("nmc", "milex", Column("capabilities", "milex")),
    ("nmc", "milper", Column("capabilities", "milper")),
    ("nmc", "irst", Column("capabilities", "irst")),
    ("nmc", "pec", Column("capabilities", "pec")),
    ("nmc", "tpop", Column("capabilities", "tpop")),
    ("nmc", "upop", Column("capabilities", "upop")),
    ("nmc", "cinc", Column("capabilities", "cinc")),
    ("democracy", "euds", Unit("latent scale")),
    ("democracy", "aeuds", Unit("latent scale")),
    ("democracy", "polity2", Unit("score, -10 to 10")),
    ("democracy", "v2x_polyarchy", Unit("index, 0 to 1")),
    ("gdp", "mrgdppc", Unit("international dollars of 2011")),
    ("gdp", "sd_mrgdppc", Unit("international dollars of 2011")),
    ("gdp", "pwtrgdp", Unit("millions of international dollars of 2017")),
    ("gdp", "sd_pwtrgdp", Unit("millions of international dollars of 2017")),
    ("gdp", "pwtpop", Unit("millions of persons")),
    ("gdp", "sd_pwtpop", Unit("millions of persons")),
    ("trade", "imports", Column("trade_totals", "imports")),
    ("trade", "exports", Column("trade_totals", "exports")),
    ("trade", "flow", Unit("millions of current US dollars")),
    ("trade", "smoothflow", Unit("millions of current US dollars")),
];

/// What the cells of a column hold, as far as it is declared.
pub fn meaning(about: &About) -> Meaning {
    let Some(group) = &about.group else { return Meaning::default() };
    let (group, choice) = group.split_once(':').unwrap_or((group, ""));
    // A column whose name another group has too has its choice before it, or its group.
    let by = if choice.is_empty() { group } else { choice };
    let own = about.name.strip_prefix(by).and_then(|rest| rest.strip_prefix('_'));
    let name = own.unwrap_or(&about.name);
    // The name of a column ends with the number of its state, which has up to two digits, or with a digit of its own.
    let bare = (0..=2).map_while(|digits| {
        let (bare, number) = name.split_at_checked(name.len().checked_sub(digits)?)?;
        number.bytes().all(|b| b.is_ascii_digit()).then_some(bare)
    });
    let declared = |name: &str| DECLARED.iter().find(|d| d.0 == group && d.1 == name);
    let Some((_, _, of)) = bare.into_iter().find_map(declared) else { return Meaning::default() };
    match *of {
        Unit(unit) => Meaning { unit, values: Vec::new() },
        Column(name, column) => of_record(name, column).unwrap_or_default(),
    }
}

fn of_record(name: &str, column: &str) -> Option<Meaning> {
    let table = table(name)?;
    let held = holds(table, table.column(column)?)?;
    let Some(coding) = held.coding else {
        return Some(Meaning { unit: held.unit, values: Vec::new() });
    };
    let value = |(value, says): &(&str, &'static str)| Some((value.parse().ok()?, *says));
    Some(Meaning { unit: "", values: coding.values.iter().filter_map(value).collect() })
}

#[cfg(test)]
mod tests {
    use comity_panel::group;

    use super::*;

    fn about(group: &str, name: &str) -> About {
        let group = (!group.is_empty()).then(|| group.to_owned());
        About { name: name.to_owned(), doc: String::new(), group, sources: Vec::new(), years: None }
    }

    #[test]
    fn every_entry_is_a_column_of_its_group_and_declared_of_the_record() {
        for (name, column, of) in DECLARED {
            let group = group(name).unwrap_or_else(|| panic!("no group {name}"));
            let bare = column.trim_end_matches(['1', '2']);
            let mut all = group.of_states.iter().chain(group.of_pairs);
            assert!(all.any(|d| d.name == *column || d.name == bare), "{name}: no column {column}");
            if let Column(table, column) = of {
                let found = of_record(table, column).unwrap_or_default();
                assert!(!found.unit.is_empty() || !found.values.is_empty(), "{table}.{column}");
            }
        }
    }

    #[test]
    fn a_column_is_known_with_and_without_the_number_of_its_state() {
        let none = (0, "none");
        assert_eq!(meaning(&about("contiguity", "conttype")).values[0], none);
        assert_eq!(meaning(&about("disputes:cow", "hostlev12")).values[3], (4, "use of force"));
        assert_eq!(meaning(&about("disputes:cow", "cow_hostlev2")).values[4], (5, "war"));
        assert_eq!(meaning(&about("disputes:gml", "revtype11")).values[1], (1, "territory"));
        assert_eq!(meaning(&about("disputes:gml", "revtype2")).values[0], none);
        assert_eq!(meaning(&about("wars:inter", "outcome2")).values[0], (1, "won"));
        assert_eq!(meaning(&about("wars:intra", "outcome")).values[0], (1, "side A won"));
        let milex = meaning(&about("nmc", "milex2"));
        assert!(milex.unit.contains("US dollars") && milex.values.is_empty());
        for nothing in [about("", "conttype"), about("nmc", "conttype"), about("nmc", "é")] {
            assert_eq!(meaning(&nothing), Meaning::default());
        }
    }
}
