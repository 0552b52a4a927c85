//! ICOW territorial claims 1.01 with names: the whole world, with the endings known to 2016.
//!
//! The same claim has the same `claimdy` in ICOW 1.1. A `resolved` of NA is a claim that goes on, or whose end is not known.

use super::claims::Claim;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

/// Ends as published that are no month.
const SLIPS: &[(&str, &str)] = &[("claimdy=50405", "20012")];
const CLAIMS: &str = "territorial claims";

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
    files: &[FileKind {
        optional: "chalname tgtname notes",
        mac: true,
        missing: &[Missing { columns: &[], codes: &["NA", "-9", "."] }],
        ..FileKind::new(
            CLAIMS,
            "region claimdy claim name dyadnum chal tgt dyad begclaim endclaim resolved endviol icowsal icowsalc salchal saltgt saltan salint salintc salintt midsiss midsfat warsiss version",
        )
    }],
    editions: &[Edition {
        version: "1.01",
        released: "2017",
        marks: &["1.01"],
        last_year: 2016,
        rows: &[(CLAIMS, 848)],
    }],
    coverage: |e| {
        // Eleven claims begun after 2001 are listed without being coded: the list was carried on to 2017. Of rivers and the sea it says nothing.
        let scope = "territorial claims, coded to 2001 and listed with their endings to 2017";
        let claims = Coverage::all("claims", 1816, e.last_year).about(scope);
        vec![claims.except("issue", &["river", "maritime"])]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut keys, mut unnumbered, mut unknown) = (Keys::default(), 0, 0);
    out.begin("claims");
    for row in files.rows(CLAIMS) {
        let claim = if row.text("claimdy").is_some() {
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
