//! Gibler–Miller–Little militarized interstate disputes 2.2.1: the rival of the Correlates of War list, with disputes dropped, merged and redated.
//!
//! Read from the objects of the R package peacesciencer. Days and sides stand with the participants; fatality, hostility and the
//! revision sought stand with the directed dyad-years, and are taken from there for the years of a participant's spell. What a state
//! that takes part twice is said to have done in one spell and not in the other stays open where the two cannot be distinguished.

use std::collections::BTreeMap;

use crate::cells::Cells;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Missing, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const DISPUTES: &str = "disputes";
const PARTIES: &str = "participants";
const YEARS: &str = "directed dyad-years";
const DERIVED: &str = "a selection of the directed dyad-years, which are read";
const MISSING: &[Missing] = &[Missing { columns: &[], codes: &["-9"] }];

pub(crate) static DATASET: Dataset = Dataset {
    id: "gml-mid",
    title: "Gibler-Miller-Little Militarized Interstate Disputes, 1816-2010",
    publisher: "Gibler, Miller and Little; copy in the R package peacesciencer (Miller)",
    citation: "Gibler, Douglas M., Steven V. Miller and Erin K. Little. 2016. An Analysis of the Militarized Interstate Dispute (MID) Dataset, 1816-2001. International Studies Quarterly 60(4): 719-730.",
    licence: "free with citation; no explicit open licence (the package is GPL-2)",
    url: "https://internationalconflict.ua.edu/data-download/",
    get: Get::Files(&[
        Download { url: crate::peacesciencer_file!("gml_mid_disps"), sha256: None },
        Download { url: crate::peacesciencer_file!("gml_part"), sha256: None },
        Download { url: crate::peacesciencer_file!("gml_dirdisp"), sha256: None },
    ]),
    relations: &[("disputes", Relation::Rival), ("dyadic_disputes", Relation::Rival)],
    proposed_as: None,
    tables: &["disputes", "dispute_parties", "dyadic_disputes"],
    baseline: &[],
    files: &[
        FileKind {
            version: None,
            missing: MISSING,
            row_test: Some(is_gml),
            ..FileKind::new(
                DISPUTES,
                "dispnum styear stmon outcome settle fatality mindur maxdur hiact hostlev recip",
            )
        },
        FileKind {
            version: None,
            missing: MISSING,
            ..FileKind::new(
                PARTIES,
                "dispnum ccode styear stmon stday endyear endmon endday obsid_start obsid_end dummy_stday dummy_endday sidea hiact orig anymiss_leader_start anymiss_leader_end allmiss_leader_start allmiss_leader_end",
            )
        },
        FileKind {
            missing: MISSING,
            ..FileKind::new(
                YEARS,
                "dispnum ccode1 ccode2 year midongoing midonset sidea1 sidea2 revstate1 revstate2 revtype11 revtype12 revtype21 revtype22 fatality1 fatality2 fatalpre1 fatalpre2 hiact1 hiact2 hostlev1 hostlev2 orig1 orig2 hiact hostlev mindur maxdur outcome settle fatality fatalpre stmon endmon recip numa numb ongo2010 version",
            )
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            version: None,
            ..FileKind::new(
                "one dispute per directed dyad-year",
                "dispnum ccode1 ccode2 year gmlmidongoing gmlmidonset sidea1 sidea2 fatality1 fatality2 fatalpre1 fatalpre2 hiact1 hiact2 hostlev1 hostlev2 orig1 orig2 fatality hostlev recip mindur maxdur stmon",
            )
        },
        FileKind {
            need: Need::Nothing(DERIVED),
            version: None,
            ..FileKind::new(
                "directed dyads of leaders",
                "dispnum ccode1 ccode2 obsid1 obsid2 year sidea1 sidea2 orig1 orig2 gmlmidongoing gmlmidonset obsid_start1 obsid_start2 obsid_end1 obsid_end2",
            )
        },
    ],
    editions: &[Edition {
        version: "2.2.1",
        released: "2021",
        marks: &["gml-2.2.1"],
        last_year: 2010,
        rows: &[(DISPUTES, 2_174), (PARTIES, 5_217), (YEARS, 10_276)],
    }],
    coverage: |e| {
        let claim = |t: &&str| Coverage::all(t, 1816, e.last_year);
        ["disputes", "dispute_parties", "dyadic_disputes"].iter().map(claim).collect()
    },
    map,
};

/// COW's disputes have the same columns in that package; the two date dispute 2 differently.
pub(crate) fn is_gml(rows: &Cells) -> bool {
    let cell = |name: &str| rows.column(name).map_or("", |c| rows.get(0, c));
    (cell("dispnum"), cell("styear"), cell("stmon")) == ("2", "1902", "5")
}

/// What the dyad-years say of a participant: revisionist, two revisions sought, fatality, hostility.
type Conduct = [Option<i32>; 5];

const CONDUCT: [&str; 5] = ["revstate1", "revtype11", "revtype21", "fatality1", "hostlev1"];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (conduct, whole) = dyads(files, out)?;
    let spans = parties(files, &conduct, out)?;
    let mut keys = Keys::default();
    out.begin("disputes");
    for row in files.rows(DISPUTES) {
        let dispute = row.need("dispnum")?;
        let key = format!("dispnum={dispute}");
        keys.add(&row, &key)?;
        let Some((start, end)) = spans.get(&dispute).copied() else {
            return Err(row.refuse("dispnum", &format!("a dispute in {}", files.name(PARTIES))));
        };
        let mut cells = vec![
            ("dispute_id", dispute.to_string().into()),
            ("outcome", row.code("outcome", 1..=9)?.into()),
            ("settlement", row.code("settle", 1..=4)?.into()),
            ("fatality", row.code("fatality", 0..=6)?.into()),
            ("hiact", row.code("hiact", 0..=21)?.into()),
            ("hostility", row.code("hostlev", 1..=5)?.into()),
            ("reciprocated", row.flag("recip")?.into()),
            ("mindur", row.int("mindur")?.into()),
            ("maxdur", row.int("maxdur")?.into()),
            ("start_month", month(&row, out)?.into()),
        ];
        let said = whole.get(&dispute).copied().unwrap_or_default();
        for ((name, _), value) in WHOLE.iter().zip(said) {
            cells.push((*name, value.into()));
        }
        cells.push(("ongoing", said[WHOLE.len()].map(|o| o == 1).into()));
        cells.extend(spell(start, end));
        out.push("disputes", &cells, key);
    }
    out.note("A dispute lasts from the first to the last day of its participants");
    Ok(())
}

/// The month in which a dispute began; one is published that no calendar has.
fn month(row: &Row<'_>, out: &mut Output) -> Result<Option<i32>, ReadError> {
    let month = row.int("stmon")?;
    if let Some(wrong) = month.filter(|m| !(1..=12).contains(m)) {
        let dispute = row.text("dispnum").unwrap_or("");
        out.note(format!(
            "Dispute {dispute} is published as begun in month {wrong}; the month is left out"
        ));
    }
    Ok(month.filter(|m| (1..=12).contains(m)))
}

/// Writes the participants; the first and the last day of each dispute.
fn parties(
    files: &Files,
    conduct: &BTreeMap<(i32, i32), Vec<(i32, Conduct)>>,
    out: &mut Output,
) -> Result<BTreeMap<i32, (When, When)>, ReadError> {
    let mut times: BTreeMap<(i32, i32), usize> = BTreeMap::new();
    for row in files.rows(PARTIES) {
        *times.entry((row.need("dispnum")?, row.need_state("ccode")?)).or_default() += 1;
    }
    let (mut keys, mut open) = (Keys::default(), 0);
    let mut spans: BTreeMap<i32, (When, When)> = BTreeMap::new();
    out.begin("dispute_parties");
    for row in files.rows(PARTIES) {
        let (dispute, ccode) = (row.need("dispnum")?, row.need_state("ccode")?);
        let (from, to) = (row.need_year("styear")?, row.need_year("endyear")?);
        let mut key = format!("dispnum={dispute} ccode={ccode} styear={from}");
        if times.get(&(dispute, ccode)).is_some_and(|n| *n > 1) {
            let (month, day) = (row.int("stmon")?.unwrap_or(-9), row.int("stday")?.unwrap_or(-9));
            key = format!("{key} stmon={month} stday={day}");
        }
        keys.add(&row, &key)?;
        let start = row.date("styear", "stmon", "stday")?;
        let end = row.date("endyear", "endmon", "endday")?;
        row.forwards(start, end)?;
        let span = spans.entry(dispute).or_insert((start, end));
        // Of two that may be the same day, the one that is known stands.
        let first = |when: When| (when.earliest(), when.date.is_none());
        if first(start) < first(span.0) {
            span.0 = start;
        }
        let last = |when: When| (when.latest(), when.date.is_some());
        if last(end) > last(span.1) {
            span.1 = end;
        }
        let years = conduct.get(&(dispute, ccode)).map_or(&[][..], Vec::as_slice);
        let mut within =
            years.iter().filter(|(year, _)| (from..=to).contains(year)).map(|(_, c)| *c);
        let mut said: Conduct = within.next().unwrap_or_default();
        for other in within {
            for (known, other) in said.iter_mut().zip(other) {
                if *known != other {
                    open += usize::from(known.is_some());
                    *known = None;
                }
            }
        }
        let [revisionist, first, second, fatality, hostility] = said;
        let mut cells = vec![
            ("dispute_id", dispute.to_string().into()),
            ("ccode", ccode.into()),
            ("side_a", row.flag("sidea")?.into()),
            ("originator", row.flag("orig")?.into()),
            ("revisionist", revisionist.map(|r| r == 1).into()),
            ("revtype1", first.into()),
            ("revtype2", second.into()),
            ("fatality", fatality.into()),
            ("hiact", row.code("hiact", 0..=21)?.into()),
            ("hostility", hostility.into()),
            ("start_month", start.month.map(i32::from).into()),
            ("end_month", end.month.map(i32::from).into()),
            ("leaders_known", leaders_known(&row)?.into()),
            ("leader_start", row.text("obsid_start").into()),
            ("leader_end", row.text("obsid_end").into()),
            ("start_assumed", row.date("styear", "stmon", "dummy_stday")?.date.into()),
            ("end_assumed", row.date("endyear", "endmon", "dummy_endday")?.date.into()),
        ];
        cells.extend(spell(start, end));
        out.push("dispute_parties", &cells, key);
    }
    if open > 0 {
        out.note(format!(
            "{open} facts of states with several spells in one dispute cannot be given to one of them; they are left open"
        ));
    }
    Ok(spans)
}

/// Whether a leader of a participant is known at the beginning and at the end: not all of them are missing.
fn leaders_known(row: &Row<'_>) -> Result<Option<bool>, ReadError> {
    let missing = ["allmiss_leader_start", "allmiss_leader_end"].map(|column| row.flag(column));
    let [start, end] = missing;
    Ok(start?.zip(end?).map(|(start, end)| !start && !end))
}

/// The conduct of a participant in a dispute, by year.
type Conducts = BTreeMap<(i32, i32), Vec<(i32, Conduct)>>;

/// What the dyad-years alone say of a dispute: its column there, and in the table.
const WHOLE: [(&str, &str); 4] = [
    ("fatalities", "fatalpre"),
    ("end_month", "endmon"),
    ("states_a", "numa"),
    ("states_b", "numb"),
];

/// The values of these, and whether the dispute went on when the data end.
type Whole = [Option<i32>; WHOLE.len() + 1];

/// Takes what a row says of its dispute; where two rows disagree, nothing is known.
fn add_whole(
    whole: &mut BTreeMap<i32, Whole>,
    dispute: i32,
    row: &Row<'_>,
) -> Result<(), ReadError> {
    let mut said = Whole::default();
    for (at, (name, column)) in said.iter_mut().zip(WHOLE) {
        let value = row.int(column)?;
        *at = value.filter(|v| if name == "end_month" { (1..=12).contains(v) } else { *v >= 0 });
    }
    said[WHOLE.len()] = row.flag("ongo2010")?.map(i32::from);
    let known = whole.entry(dispute).or_insert(said);
    for (known, said) in known.iter_mut().zip(said) {
        *known = if *known == said { said } else { None };
    }
    Ok(())
}

/// Writes the dyads; what they say of each participant by year, and of each dispute.
fn dyads(files: &Files, out: &mut Output) -> Result<(Conducts, BTreeMap<i32, Whole>), ReadError> {
    let (mut whole, mut months) = (BTreeMap::new(), BTreeMap::new());
    let mut keys = Keys::default();
    let mut conduct = Conducts::new();
    out.begin("dyadic_disputes");
    for row in files.rows(YEARS) {
        let dispute = row.need("dispnum")?;
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = row.need_year("year")?;
        let key = format!("dispnum={dispute} ccode1={one} ccode2={two} year={year}");
        keys.add(&row, &key)?;
        let mut cells: Vec<(&str, Value)> = vec![
            ("dispute_id", dispute.to_string().into()),
            ("ccode", one.into()),
            ("partner", two.into()),
            ("year", year.into()),
            ("onset", row.flag("midonset")?.into()),
        ];
        for (own, partner, column) in [
            ("side_a", "partner_side_a", "sidea"),
            ("originator", "partner_originator", "orig"),
            ("revisionist", "partner_revisionist", "revstate"),
        ] {
            cells.push((own, row.flag(&format!("{column}1"))?.into()));
            cells.push((partner, row.flag(&format!("{column}2"))?.into()));
        }
        for (own, partner, column, last) in [
            ("revision_type", "partner_revision_type", "revtype1", 4),
            ("second_revision_type", "partner_second_revision_type", "revtype2", 4),
            ("fatality", "partner_fatality", "fatality", 6),
            ("hiact", "partner_hiact", "hiact", 21),
            ("hostility", "partner_hostility", "hostlev", 5),
        ] {
            cells.push((own, row.code(&format!("{column}1"), 0..=last)?.into()));
            cells.push((partner, row.code(&format!("{column}2"), 0..=last)?.into()));
        }
        cells.push(("fatalities", row.int("fatalpre1")?.into()));
        cells.push(("partner_fatalities", row.int("fatalpre2")?.into()));
        out.push("dyadic_disputes", &cells, key);
        conduct.entry((dispute, one)).or_default().push((year, said(&row)?));
        add_whole(&mut whole, dispute, &row)?;
        if let Some(wrong) = row.int("endmon")?.filter(|m| *m > 12) {
            months.insert(dispute, wrong);
        }
    }
    for (dispute, wrong) in months {
        out.note(format!(
            "Dispute {dispute} is published as ended in month {wrong}; the month is left out"
        ));
    }
    Ok((conduct, whole))
}

fn said(row: &Row<'_>) -> Result<Conduct, ReadError> {
    let mut said = Conduct::default();
    for (at, column) in said.iter_mut().zip(CONDUCT) {
        *at = row.code(column, 0..=6)?;
    }
    Ok(said)
}
