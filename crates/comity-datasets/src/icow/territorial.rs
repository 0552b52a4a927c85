//! ICOW territorial claims 1.01: the whole world to 2001, as published; and a user's copy of it that goes on to 2017.
//!
//! The copy has names of states and notes beside, eleven claims more (without a number of their own), and other endings of those that were
//! open in 2001. It is an edition of its own, which says whose it is. The same claim has the same `claimdy` in ICOW 1.1. A `resolved` of
//! NA (in the copy) or -9 is a claim that goes on, or whose end is not known.

use super::claims::Claim;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

/// Ends as published that are no month.
const SLIPS: &[(&str, &str)] = &[("claimdy=50405", "20012")];
const CLAIMS: &str = "territorial claims";
const EXTENDED: &str = "territorial claims, a user's copy to 2017";
const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["NA", "-9", "."] }];
/// The version of the user's copy.
const USERS: &str = "1.01-extended";

pub(crate) static DATASET: Dataset = Dataset {
    id: "icow-territorial",
    title: "ICOW Territorial Claims, worldwide",
    publisher: "ICOW Project (Hensel and Mitchell)",
    citation: "Hensel, Paul R. and Sara McLaughlin Mitchell. 2017. From Territorial Claims to Identity Claims: The Issue Correlates of War Project. Conflict Management and Peace Science 34(2): 126-140.",
    licence: "free with citation (icow.org); no explicit open licence",
    url: "http://www.paulhensel.org/icow.html",
    get: Get::ByHand("download the files named on its page"),
    relations: &[("claims", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &["claims"],
    files: &[
        FileKind {
            need: Need::Optional,
            years: "begclaim endclaim",
            mac: true,
            missing: MISSING,
            ..FileKind::new(
                CLAIMS,
                "region claimdy claim name dyadnum chal tgt dyad begclaim endclaim resolved endviol icowsal icowsalc salchal saltgt salint salintc salintt saltan midsiss midsfat warsiss version",
            )
        },
        FileKind {
            need: Need::Optional,
            edition: Some(USERS),
            mac: true,
            missing: MISSING,
            ..FileKind::new(
                EXTENDED,
                "region claimdy claim name dyadnum chal tgt dyad begclaim endclaim resolved endviol icowsal icowsalc salchal saltgt saltan salint salintc salintt midsiss midsfat warsiss version chalname tgtname notes",
            )
        },
    ],
    editions: &[
        Edition {
            version: "1.01",
            released: "2017",
            marks: &["1.01"],
            last_year: 2001,
            rows: &[(CLAIMS, 837)],
        },
        Edition {
            version: USERS,
            released: "2017-08",
            marks: &[],
            last_year: 2016,
            rows: &[(EXTENDED, 848)],
        },
    ],
    coverage: |e| {
        // Eleven claims begun after 2001 are listed without being coded: the user's list was carried on to 2017. Of rivers and the sea it says
        // nothing.
        let scope = if e.version == USERS {
            "territorial claims, coded to 2001 and listed with their endings to 2017 by a user"
        } else {
            "territorial claims"
        };
        let claims = Coverage::all("claims", 1816, e.last_year).about(scope);
        vec![claims.except("issue", &["river", "maritime"])]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, mut unnumbered, mut unknown) = (Keys::default(), 0, 0);
    out.begin("claims");
    let extended = files.get(EXTENDED).is_some();
    if extended {
        out.note("A user's copy of ICOW 1.01 (github.com/brendancooley/icews-explorer, 2017), not the publisher's file: 11 of its claims are added, and the endings of those that were open in 2001 are carried on to 2017");
    }
    for row in files.rows(if extended { EXTENDED } else { CLAIMS }) {
        let claim = if row.text("claimdy").is_some() || !extended {
            Claim::read(&row, "territory", "claims", out)?
        } else {
            // Claims that began after 2001 are listed without a number of their own.
            unnumbered += 1;
            let id =
                format!("{}-{}-{}", row.need("chal")?, row.need("tgt")?, row.need("begclaim")?);
            Claim::with_id(&row, id, "territory", "claims", out)?
        };
        keys.add(&row, &claim.key)?;
        let start = row.year_month("begclaim", &[0, 99])?;
        let resolved = row.code("resolved", 1..=15)?;
        let goes_on = row.text("endclaim").is_some_and(|e| e.ends_with("99")) && resolved.is_none();
        let end = match row.text("endclaim") {
            _ if goes_on => When::default(),
            Some(slip) if SLIPS.contains(&(claim.key.as_str(), slip)) => {
                out.note(format!("{}: the end {slip} is not a month; its year is kept", claim.key));
                When { year: slip.get(..4).and_then(|y| y.parse().ok()), month: None, date: None }
            }
            _ => row.year_month("endclaim", &[0, 99])?,
        };
        unknown += usize::from(!goes_on && end.year.is_none());
        row.forwards(start, end)?;
        let mut cells = claim.cells();
        cells.extend([
            ("name", row.text("name").into()),
            ("resolved", resolved.into()),
            ("ended_by_violence", row.flag("endviol")?.into()),
            ("salience", row.float("icowsal")?.into()),
        ]);
        cells.extend(spell(start, end));
        out.push("claims", &cells, claim.key);
    }
    if unknown > 0 {
        out.note(format!("{unknown} claims ended at a time that is not known; they stand as open"));
    }
    if unnumbered > 0 {
        out.note(format!("{unnumbered} claims have no claimdy; their number is put together from challenger, target and beginning"));
    }
    Ok(())
}
