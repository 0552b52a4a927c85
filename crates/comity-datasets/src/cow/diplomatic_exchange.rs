//! COW Diplomatic Exchange 2006.1: who had a representative where, in the years for which diplomatic lists were coded.
//!
//! `DR_at_1` is the rank of the representative that state 2 keeps in the capital of state 1. A rank of 0 is none, and has its row: it is known of
//! that pair also where nothing is claimed of its states. Where a rank is missing, nothing is claimed of the two states in that year. An excerpt
//! that goes around has only the pairs that were observed again later: it speaks about the states that it has in a year and that are still there
//! at the next observation, and says so in its scope; a state's last observation is no evidence of isolation.

use std::collections::BTreeSet;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing};
use comity_record::source::Relation;

const PAIRS: &str = "pairs and years";
const EXCERPT: &str = "pairs and years with what follows";
const WHOLE: &str = "2006.1";
const SCOPE: &str =
    "resident representatives, in the years for which they were coded (every fifth year)";
const EXCERPT_SCOPE: &str = "resident representatives in the years for which they were coded (every fifth year), between states that had one in a later year too";
/// The last year for which representatives were coded; the excerpt has it as "what follows" alone.
const LAST_OBSERVED: i32 = 2005;
const MISSING: &[Missing] = &[Missing { columns: &["dr_at_1", "dr_at_2", "de"], codes: &["-9"] }];

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-diplomatic-exchange",
    title: "Diplomatic Exchange, 1817-2005",
    publisher: "Correlates of War Project (Bayer)",
    citation: "Bayer, Reşat. 2006. Diplomatic Exchange Data set, v2006.1. Correlates of War Project.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/diplomatic-exchange/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/Diplomatic_Exchange_2006.1.zip",
        sha256: None,
    }]),
    relations: &[("diplomatic_exchange", Relation::Complement)],
    proposed_as: None,
    tables: &["diplomatic_exchange"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            edition: Some(WHOLE),
            missing: MISSING,
            ..FileKind::new(PAIRS, "ccode1 ccode2 year dr_at_1 dr_at_2 de version")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            edition: Some("excerpt"),
            missing: MISSING,
            ..FileKind::new(
                EXCERPT,
                "ccode1 ccode2 year dr_at_1 dr_at_2 period dipsym dipsymnext time.curr region1 region2 sameregion region",
            )
        },
        FileKind {
            need: Need::Nothing("the states with a division into regions; no table holds it"),
            version: None,
            ..FileKind::new(
                "regions",
                "stateabb ccode statenme styear stmonth stday endyear endmonth endday region regionname",
            )
        },
    ],
    editions: &[
        Edition {
            version: "excerpt",
            released: "2006",
            marks: &[],
            last_year: 2000,
            rows: &[(EXCERPT, 46_365)],
        },
        // Every pair of the excerpt is in the whole.
        Edition {
            version: WHOLE,
            released: "2006",
            marks: &["2006.1"],
            last_year: 2005,
            rows: &[(PAIRS, 46_365)],
        },
    ],
    // It covers the years that it has, through its rows.
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let whole = files.edition().version == WHOLE;
    let (mut keys, mut missing) = (Keys::default(), 0);
    let (mut seen, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    out.begin("diplomatic_exchange");
    for row in files.rows(if whole { PAIRS } else { EXCERPT }) {
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = row.need_year("year")?;
        let key = format!("ccode1={one} ccode2={two} year={year}");
        keys.add(&row, &key)?;
        for (column, sender, host) in [("dr_at_1", two, one), ("dr_at_2", one, two)] {
            let level = row.code(column, 0..=9)?;
            match level {
                None => {
                    missing += 1;
                    unknown.extend([(sender, year), (host, year)]);
                }
                Some(4..=8) => return Err(row.refuse(column, "0, 1, 2, 3 or 9")),
                Some(level) => {
                    let cells = [
                        ("ccode", sender.into()),
                        ("partner", host.into()),
                        ("year", year.into()),
                        ("level", level.into()),
                    ];
                    out.push("diplomatic_exchange", &cells, format!("{key} {column}"));
                }
            }
            seen.insert((sender, year));
        }
    }
    let observed: BTreeSet<i32> = seen.iter().map(|(_, year)| *year).collect();
    let stays = |ccode: i32, year: i32| {
        let next = observed.range(year + 1..).next().copied().unwrap_or(LAST_OBSERVED);
        files.places().in_system(ccode, next)
    };
    let scope = if whole { SCOPE } else { EXCERPT_SCOPE };
    for (ccode, year) in seen.difference(&unknown) {
        if whole || stays(*ccode, *year) {
            out.covers("diplomatic_exchange", scope, Some(*ccode), *year);
        }
    }
    if !whole {
        out.note("An excerpt: pairs of states without a later observation are left out; states that are gone at the next one are not covered");
    }
    if missing > 0 {
        out.note(format!(
            "{missing} ranks are missing; nothing is claimed of the states and years concerned"
        ));
    }
    Ok(())
}
