//! Design of Trade Agreements: the list of treaties with their members.
//!
//! A member joins with the treaty or by an accession (`3+1` to treaty 3), and leaves by a withdrawal (`22_1`). Amendments and consolidated
//! texts change no membership. Who leaves may join again later (Seychelles and SADC). An agreement counts from its entry into force; where that year is not given, it has a row without years.
//!
//! A country's number stays when its state is another (Germany's in 1990): a membership is one row per state that it was, and one without a state for the
//! years in which it was none.

use std::collections::{BTreeMap, BTreeSet};

use crate::codes::Places;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const TREATIES: &str = "list of treaties";
const INDICES: &str = "indices of depth and flexibility";
const PAIRS: &str = "which states are in a treaty together follows from the list of treaties";
const NA: &[Missing] = &[Missing { columns: &[], codes: &["NA"] }];
const MEMBERS: usize = 91;

pub(crate) static DATASET: Dataset = Dataset {
    id: "desta",
    title: "Design of Trade Agreements (DESTA), list of treaties",
    publisher: "Dür, Baccini and Elsig",
    citation: "Dür, Andreas, Leonardo Baccini and Manfred Elsig. 2014. The Design of International Trade Agreements: Introducing a New Dataset. Review of International Organizations 9(3): 353-375",
    licence: "free for research with citation",
    url: "https://www.designoftradeagreements.org/downloads/",
    get: Get::Files(&[Download {
        url: "https://raw.githubusercontent.com/globalgov/manytrade/878032250b6893e75800f1f8432762f7fd66f28d/data-raw/agreements/DESTA/DESTA.csv",
        sha256: None,
    }]),
    relations: &[("trade_agreements", Relation::Rival)],
    proposed_as: None,
    tables: &["trade_agreements"],
    baseline: &["trade_agreements"],
    files: &[
        FileKind {
            version: None,
            open: true,
            years: "year",
            missing: NA,
            ..FileKind::new(
                TREATIES,
                "number base_treaty name entry_type consolidated year entryforceyear language typememb regioncon wto_listed wto_name c1 c2 c91 mc1 mc2 mc91",
            )
        },
        FileKind {
            need: Need::Nothing(
                "the provisions of agreements article by article; their indices are read",
            ),
            version: None,
            open: true,
            ..FileKind::new(
                "content of treaties",
                "number base_treaty name entry_type consolidated year entryforceyear language typememb regioncon wto_listed wto_name c1 c2 c91 mc1 mc2 mc91 mar_typedepth ser_general",
            )
        },
        FileKind {
            need: Need::Nothing(PAIRS),
            version: None,
            open: true,
            ..FileKind::new(
                "pairs of members",
                "country1 country2 iso1 iso2 number base_treaty name entry_type consolidated year entryforceyear language typememb regioncon wto_listed wto_name",
            )
        },
        FileKind {
            need: Need::Nothing(PAIRS),
            version: None,
            open: true,
            ..FileKind::new(
                "pairs of members, withdrawals",
                "country1 country2 iso1 iso2 number base_treaty name entry_type consolidated coded year entryforceyear language typememb regioncon wto_listed wto_name c1 c91 mc1",
            )
        },
    ],
    editions: &[
        Edition {
            version: "2020",
            released: "2020",
            marks: &[],
            last_year: 2020,
            rows: &[(TREATIES, 1_217)],
        },
        Edition {
            version: "2.3",
            released: "2025-09",
            marks: &[],
            last_year: 2025,
            rows: &[(TREATIES, 1_410)],
        },
    ],
    coverage: |e| {
        let scope = "preferential trade agreements, from their entry into force; who left is known where a withdrawal is listed";
        vec![Coverage::all("trade_agreements", 1948, e.last_year).about(scope)]
    },
    map,
};

/// The indices that are published beside the list.
pub(crate) static INDICES_DATASET: Dataset = Dataset {
    id: "desta-indices",
    title: "Design of Trade Agreements (DESTA), indices of depth and flexibility",
    publisher: DATASET.publisher,
    citation: DATASET.citation,
    licence: DATASET.licence,
    url: DATASET.url,
    get: Get::ByHand("download the indices from its page"),
    relations: &[("agreement_provisions", Relation::Complement)],
    proposed_as: None,
    tables: &["agreement_provisions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        missing: NA,
        ..FileKind::new(
            INDICES,
            "number base_treaty name year entry_type full_fta standards investments services procurement competition iprs depth_index depth_rasch flexrigid flexescape enforce enforce01",
        )
    }],
    editions: &[Edition {
        version: "2.3",
        released: "2025-09",
        marks: &[],
        last_year: 2025,
        rows: &[(INDICES, 692)],
    }],
    coverage: |e| {
        let claim = Coverage::all("agreement_provisions", 1948, e.last_year);
        vec![Coverage { context: true, ..claim.about("the agreements listed") }]
    },
    map: indices,
};

/// A membership: the treaty's row key, name, signature, first and last year.
struct Membership {
    agreement: String,
    iso: i32,
    name: String,
    signed: Option<i32>,
    from: Option<i32>,
    to: Option<i32>,
    key: String,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last_year = files.edition().last_year;
    let (mut keys, mut rows) = (Keys::default(), Vec::<Membership>::new());
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut without, mut inferred) = (0, 0);
    out.begin("trade_agreements");
    // A treaty may stand below an accession to it; who leaves before joining again does so in this order.
    let mut listed: Vec<Row<'_>> = files.rows(TREATIES).collect();
    listed.sort_by_key(|row| {
        let changes = row.text("entry_type") != Some("base_treaty");
        (changes, row.text("year").filter(|_| changes))
    });
    for row in &listed {
        let number = row.text("number").ok_or_else(|| row.refuse("number", "a number"))?;
        let base = row.text("base_treaty").unwrap_or(number);
        let kind = row.text("entry_type").unwrap_or("");
        // A number stands twice as published, for a protocol and for a negotiation: which entry it is distinguishes them.
        keys.add(row, &format!("number={number} base_treaty={base} entry_type={kind}"))?;
        let signed = row.code("year", 1900..=2100)?;
        let force = row.code("entryforceyear", 1900..=2100)?;
        match kind {
            "base_treaty" => {
                without += usize::from(force.is_none());
                for (iso, _) in members(row)? {
                    rows.push(membership(row, base, number, iso, signed, force));
                }
            }
            "accession" => {
                // Who joins has mark 1 beside members with 2; or, where joining the European Communities means joining their
                // agreement with others, 2 beside these others with 3.
                let parties = members(row)?;
                let joins = if parties.iter().any(|(_, role)| *role == 1) { 1 } else { 2 };
                inferred += usize::from(force.is_none());
                for (iso, role) in parties {
                    if role == joins {
                        // Without its own year it is in force when it is signed, if the treaty was by then.
                        let first =
                            rows.iter().filter(|m| m.agreement == base).find_map(|m| m.from);
                        let from = force.or_else(|| Some(signed?.max(first?)));
                        rows.push(membership(row, base, number, iso, signed, from));
                    }
                }
            }
            "withdrawal" => {
                for (iso, _) in members(row)?.into_iter().filter(|(_, role)| *role == 1) {
                    let left = rows
                        .iter_mut()
                        .rev()
                        .find(|m| m.agreement == base && m.iso == iso && m.to.is_none());
                    if let Some(left) = left {
                        left.to = force.or(signed);
                    } else {
                        *counted
                            .entry("withdrawal from a treaty that does not list the state")
                            .or_default() += 1;
                    }
                }
            }
            "negotiation" | "protocol or amendment" | "consolidated" => {
                *counted
                    .entry(match kind {
                        "negotiation" => "negotiation without a treaty",
                        "consolidated" => "consolidated text",
                        _ => "protocol or amendment",
                    })
                    .or_default() += 1;
            }
            _ => return Err(row.refuse("entry_type", "an entry type of the codebook")),
        }
    }
    let mut seen: BTreeSet<(String, i32, Option<i32>)> = BTreeSet::new();
    for m in rows {
        if !seen.insert((m.agreement.clone(), m.iso, m.from)) {
            *counted.entry("member that a treaty lists twice").or_default() += 1;
            continue;
        }
        for (ccode, from, to) in m.states(last_year, out.places()) {
            if ccode.is_none() {
                out.unplaced("trade_agreements", "c (ISO number)", m.iso);
            }
            // A year of withdrawal is the last in which it was a member, at least in part.
            let cells = [
                ("agreement_id", m.agreement.as_str().into()),
                ("name", m.name.as_str().into()),
                ("ccode", ccode.into()),
                ("member", m.iso.to_string().into()),
                ("kind", "trade".into()),
                ("signed_year", m.signed.into()),
                ("start_year", from.into()),
                ("end_year", to.into()),
            ];
            let mut key = format!("number={} member={}", m.key, m.iso);
            if let Some(from) = from.filter(|_| from != m.from) {
                key = format!("{key} from={from}");
            }
            out.push("trade_agreements", &cells, key);
        }
    }
    for (what, rows) in counted {
        out.note(format!("{rows} rows are not a membership of their own: {what}"));
    }
    out.note(format!("{without} treaties have no year of entry into force: their members have a row without years"));
    out.note(format!("{inferred} accessions have no year of entry into force: they count from their signature, or from when the treaty itself was in force"));
    Ok(())
}

/// The depth of agreements, by the number that the list of treaties gives them.
fn indices(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("agreement_provisions");
    for row in files.rows(INDICES) {
        let number = row.text("number").ok_or_else(|| row.refuse("number", "a number"))?;
        let key = format!("number={number}");
        keys.add(&row, &key)?;
        let cells = [
            ("agreement_id", number.into()),
            ("name", row.text("name").into()),
            ("year", row.code("year", 1900..=2100)?.into()),
            ("kind", row.text("entry_type").into()),
            ("depth", row.code("depth_index", 0..=7)?.into()),
            ("depth_rasch", row.float("depth_rasch")?.into()),
        ];
        out.push("agreement_provisions", &cells, key);
    }
    Ok(())
}

fn membership(
    row: &Row<'_>,
    base: &str,
    number: &str,
    iso: i32,
    signed: Option<i32>,
    from: Option<i32>,
) -> Membership {
    Membership {
        agreement: base.to_owned(),
        iso,
        name: row.text("name").unwrap_or("").to_owned(),
        signed,
        from,
        to: None,
        key: number.to_owned(),
    }
}

impl Membership {
    /// The states that it is of, one after the other, each with its first and last year; an end that is open stays open.
    fn states(
        &self,
        last_year: i32,
        places: &Places,
    ) -> Vec<(Option<i32>, Option<i32>, Option<i32>)> {
        let Some(from) = self.from else {
            return vec![(
                placed(self.iso, self.signed.unwrap_or(last_year), places),
                None,
                self.to,
            )];
        };
        let last = self.to.unwrap_or(last_year).max(from);
        let mut states: Vec<(Option<i32>, Option<i32>, Option<i32>)> = Vec::new();
        for year in from..=last {
            let ccode = placed(self.iso, year, places);
            match states.last_mut() {
                Some((of, _, to)) if *of == ccode => *to = Some(year),
                _ => states.push((ccode, Some(year), Some(year))),
            }
        }
        if let Some((_, _, to)) = states.last_mut() {
            *to = self.to;
        }
        states
    }
}

/// Today's numbers stand for earlier states too: Serbia's for Yugoslavia, Russia's for the Soviet Union; 900 is Kosovo.
fn placed(iso: i32, year: i32, places: &Places) -> Option<i32> {
    let member = |ccode: &i32| places.in_system(*ccode, year);
    match iso {
        900 => Some(347).filter(member),
        _ => places
            .from_iso_numeric(iso, year)
            .or_else(|| places.from_iso_numeric(iso, 2020).filter(member)),
    }
}

/// ISO numbers of the countries of a row, each with its part in it: 1 who joins or leaves, 2 who was a member.
fn members(row: &Row<'_>) -> Result<Vec<(i32, i32)>, ReadError> {
    let mut members = Vec::new();
    for n in 1..=MEMBERS {
        if let Some(iso) = row.code(&format!("c{n}"), 1..=999)? {
            members.push((iso, row.int(&format!("mc{n}"))?.unwrap_or(0)));
        }
    }
    Ok(members)
}
