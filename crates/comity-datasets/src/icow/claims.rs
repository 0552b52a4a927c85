//! Issue Correlates of War 1.1: claims over territory, rivers and the sea in three regions, and attempts to settle them.

use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Row, When};
use comity_record::coverage::{Coverage, Units};
use comity_record::source::Relation;

const CLAIMS: &str = "dyadic claims";
const ATTEMPTS: &str = "settlement attempts";
const YEARS: &str = "dyadic claim-years";
const ISSUES: [&str; 3] = ["territory", "river", "maritime"];
/// The last month of the data, with the month not known: the claim goes on.
const ONGOING: &str = "200199";

pub(crate) static DATASET: Dataset = Dataset {
    id: "icow",
    title: "Issue Correlates of War: territorial, river and maritime claims, 1816-2001",
    publisher: "ICOW Project (Hensel and Mitchell)",
    citation: "Hensel, Paul R., Sara McLaughlin Mitchell, Thomas E. Sowers II and Clayton L. Thyne. 2008. Bones of Contention: Comparing Territorial, Maritime, and River Issues. Journal of Conflict Resolution 52(1): 117-143.",
    licence: "free with citation (icow.org); no explicit open licence",
    url: "http://www.paulhensel.org/icow.html",
    get: Get::ByHand("download the files named on its page"),
    relations: &[("claims", Relation::Complement)],
    proposed_as: None,
    tables: &["claims", "claim_salience", "settlement_attempts"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            years: "begclaim endclaim",
            mac: true,
            ..FileKind::new(
                CLAIMS,
                "issue terriss riveriss mariss region claimdy claim name rivname rivnum dyadnum chal tgt dyad begclaim endclaim resolved endviol duration icowsal icowsalc salchal saltgt salold saltan salint salintc salintt attemptsp attemptst attbilat att3non att3bind midsiss midsfat warsiss maxhost maxfatal version",
            )
        },
        FileKind {
            need: Need::Optional,
            mac: true,
            open: true,
            ..FileKind::new(
                ATTEMPTS,
                "issue region claimdy claim dyadnum chal tgt settnump settnumt begsett endsett year yearend typesett typeset3 bilat nonbind3 binding3 midiss agree agreeall extentag compchal comptgt comply2 claimend version",
            )
        },
        FileKind {
            need: Need::Optional,
            mac: true,
            open: true,
            ..FileKind::new(
                YEARS,
                "issue terriss riveriss mariss region claimdy claim dyadnum chal tgt dyad year icowsal icowsalc salchal saltgt saltan salint nbilat attbilat n3non n3bind nmidiss recmid5 recno5 recyes5 version",
            )
        },
        FileKind {
            need: Need::Nothing("claims added up over their dyads; the dyadic claims are read"),
            mac: true,
            ..FileKind::new(
                "claims, all dyads together",
                "issue terriss riveriss mariss region claim dyads begclaim endclaim duration icowsal icowsalc salold attemptsp attemptst attbilat att3non att3bind midsiss midsfat warsiss maxhost maxfatal version",
            )
        },
    ],
    editions: &[Edition {
        version: "1.1",
        released: "2008",
        marks: &["1.1"],
        last_year: 2001,
        rows: &[(CLAIMS, 416), (ATTEMPTS, 2_005), (YEARS, 10_041)],
    }],
    coverage,
    map,
};

/// Western Europe and the North, without the states whose claims lie largely overseas.
const EUROPE: &[i32] = &[
    205, 212, 221, 223, 225, 232, 240, 245, 260, 267, 269, 271, 273, 275, 280, 305, 327, 329, 331,
    332, 335, 337, 338, 375, 380, 385, 390, 395,
];
/// The rest of Europe, without Russia and the Caucasus, whose seas lie in Asia too.
const EASTERN_EUROPE: &[i32] = &[
    265, 290, 310, 315, 316, 317, 339, 341, 343, 344, 345, 346, 347, 349, 350, 352, 355, 359, 360,
    366, 367, 368, 369, 370,
];
/// States of the Middle East that share rivers with each other alone or with the neighbours there: not Iran, Turkey and Egypt.
const MIDDLE_EAST: &[i32] = &[645, 652, 660, 663, 666, 670, 678, 679, 680, 690, 692, 694, 696, 698];
/// States that claim in regions that are not covered: about them silence says nothing.
const OVERSEAS: &str = "not about the United States, Britain, France, Spain, Portugal, the Netherlands, Belgium, Germany and Italy, whose claims lie in other regions too";

/// By the manual: territory in the Western Hemisphere and Western Europe from 1816; from 1900 rivers there and in the Middle East, and the sea in the
/// Western Hemisphere and all of Europe.
fn coverage(edition: &Edition) -> Vec<Coverage> {
    let to = edition.last_year;
    let mut claims = Vec::new();
    for table in ["claims", "claim_salience", "settlement_attempts"] {
        let of = |from, to, states: &[i32], scope: String| Coverage {
            units: Units::States(states.iter().copied().collect()),
            ..Coverage::all(table, from, to).about(&scope)
        };
        let hemisphere: Vec<i32> = (20..200).collect();
        for (region, states) in
            [("the Western Hemisphere", &hemisphere[..]), ("Western Europe", EUROPE)]
        {
            let early =
                of(1816, 1899, states, format!("claims to territory in {region}; {OVERSEAS}"));
            claims.push(early.except("issue", &["river", "maritime"]));
            let scope = format!("claims to territory, rivers and the sea in {region}; {OVERSEAS}");
            claims.push(of(1900, to, states, scope));
        }
        let east = of(1900, to, EASTERN_EUROPE, "claims to the sea in Eastern Europe".into());
        claims.push(east.only("issue", &["maritime"]));
        let rivers = of(1900, to, MIDDLE_EAST, "claims to rivers in the Middle East".into());
        claims.push(rivers.only("issue", &["river"]));
    }
    claims
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    if files.get(CLAIMS).is_some() {
        out.begin("claims");
    }
    for row in files.rows(CLAIMS) {
        let claim = Claim::read(&row, issue_name(&row)?, "claims", out)?;
        keys.add(&row, &claim.key)?;
        let start = row.year_month("begclaim", &[0, 99])?;
        let ongoing = row.text("endclaim") == Some(ONGOING) && row.text("resolved").is_none();
        let end = if ongoing { When::default() } else { row.year_month("endclaim", &[0, 99])? };
        row.forwards(start, end)?;
        let mut cells = claim.cells();
        cells.extend([
            ("name", row.text("name").into()),
            ("resolved", row.code("resolved", 1..=15)?.into()),
            ("ended_by_violence", row.flag("endviol")?.into()),
            ("salience", row.float("icowsal")?.into()),
        ]);
        cells.extend(spell(start, end));
        out.push("claims", &cells, claim.key);
    }
    if files.get(ATTEMPTS).is_some() {
        attempts(files, out, &keys)?;
    }
    if files.get(YEARS).is_some() {
        salience(files, out, &keys)?;
    }
    Ok(())
}

fn issue_name(row: &Row<'_>) -> Result<&'static str, ReadError> {
    let issue = row.code("issue", 1..=3)?.and_then(|i| ISSUES.get(i as usize - 1).copied());
    issue.ok_or_else(|| row.refuse("issue", "1, 2 or 3"))
}

fn attempts(files: &Files, out: &mut Output, claims: &Keys) -> Result<(), ReadError> {
    let (mut keys, mut militarized) = (Keys::default(), 0);
    out.begin("settlement_attempts");
    for row in files.rows(ATTEMPTS) {
        let claim = Claim::read(&row, issue_name(&row)?, "settlement_attempts", out)?;
        if files.get(CLAIMS).is_some() {
            claims.require(&row, &claim.key, files.name(CLAIMS))?;
        }
        let number = row.need("settnumt")?;
        let key = format!("{} settnumt={number}", claim.key);
        keys.add(&row, &key)?;
        let kind = match row.code("typesett", 1..=9)? {
            None if row.flag("midiss")? == Some(true) => "militarized",
            None => return Err(row.refuse("typesett", "a code from 1 to 9, or midiss = 1")),
            Some(1) => "negotiation",
            Some(2) => "good-offices",
            Some(3) => "conciliation",
            Some(4) => "mediation",
            Some(5) => "arbitration",
            Some(6) => "adjudication",
            Some(8 | 9) => "multilateral",
            Some(_) => "other",
        };
        militarized += usize::from(kind == "militarized");
        let mut cells = claim.cells();
        cells.extend([
            ("attempt_id", number.to_string().into()),
            ("year", row.int("yearend")?.into()),
            ("start_year", row.need_year("year")?.into()),
            ("kind", kind.into()),
            ("agreement", row.flag("agree")?.into()),
            ("complied_challenger", row.flag("compchal")?.into()),
            ("complied_target", row.flag("comptgt")?.into()),
            ("ended_claim", row.code("claimend", 0..=2)?.map(|c| c > 0).into()),
        ]);
        out.push("settlement_attempts", &cells, key);
    }
    out.note(format!(
        "{militarized} of the attempts are militarized disputes over the claim (midiss = 1): kind = 'militarized', without agreement or compliance"
    ));
    Ok(())
}

fn salience(files: &Files, out: &mut Output, claims: &Keys) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("claim_salience");
    for row in files.rows(YEARS) {
        let claim = Claim::read(&row, issue_name(&row)?, "claim_salience", out)?;
        if files.get(CLAIMS).is_some() {
            claims.require(&row, &claim.key, files.name(CLAIMS))?;
        }
        let year = row.need_year("year")?;
        let key = format!("{} year={year}", claim.key);
        keys.add(&row, &key)?;
        let mut cells = claim.cells();
        cells.push(("year", year.into()));
        for (name, column) in [
            ("salience", "icowsal"),
            ("salience_challenger", "salchal"),
            ("salience_target", "saltgt"),
            ("tangible", "saltan"),
            ("intangible", "salint"),
        ] {
            cells.push((name, row.float(column)?.into()));
        }
        out.push("claim_salience", &cells, key);
    }
    Ok(())
}

/// What claims and attempts have in common.
pub(crate) struct Claim {
    id: String,
    issue: &'static str,
    region: Option<i32>,
    challenger: Option<i32>,
    target: Option<i32>,
    /// Finds it in the published file.
    pub(crate) key: String,
}

impl Claim {
    pub(crate) fn read(
        row: &Row<'_>,
        issue: &'static str,
        table: &str,
        out: &mut Output,
    ) -> Result<Self, ReadError> {
        let number = row.need("claimdy")?;
        Self::with_id(row, number.to_string(), issue, table, out)
    }

    pub(crate) fn with_id(
        row: &Row<'_>,
        id: String,
        issue: &'static str,
        table: &str,
        out: &mut Output,
    ) -> Result<Self, ReadError> {
        let mut key = format!("claimdy={id}");
        let mut sides = [Some(row.need_state("chal")?), Some(row.need_state("tgt")?)];
        for (side, column) in sides.iter_mut().zip(["chal", "tgt"]) {
            if let Some(code) = side.take_if(|code| !out.places().is_state(*code)) {
                out.unplaced(table, column, code);
                key = format!("{key} {column}={code}");
            }
        }
        let region = row.code("region", 1..=5)?;
        Ok(Self { id, issue, region, challenger: sides[0], target: sides[1], key })
    }

    pub(crate) fn cells(&self) -> Vec<(&'static str, comity_record::rows::Value)> {
        vec![
            ("claim_id", self.id.as_str().into()),
            ("issue", self.issue.into()),
            ("region", self.region.into()),
            ("challenger", self.challenger.into()),
            ("target", self.target.into()),
        ]
    }
}
