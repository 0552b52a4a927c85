//! United Nations General Assembly Voting Data: recorded votes since 1946, and who voted how.
//!
//! The votes go around in two forms. The publisher's has a row for every state in every roll call, absences and states that were not
//! yet members included (`UNVotesPublished.RData`; the CSV on Dataverse has the same columns and the totals and descriptions besides). The
//! tidy form of the R package unvotes has the votes cast only, in three tables, and roll calls of four more sessions. Where both are
//! there they are one source: each roll call from the fuller form.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::voting_years::{Members, RollCall, voting_years};
use crate::codes::Places;
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Field;
use comity_record::source::Relation;

const VOTES: &str = "votes";
const DESCRIPTIONS: &str = "roll call descriptions";
const TIDY_VOTES: &str = "votes cast (unvotes)";
const TIDY_CALLS: &str = "roll calls (unvotes)";
const TIDY_ISSUES: &str = "issues of roll calls (unvotes)";
/// The six issues, as the codebook abbreviates them and as they are called here.
const ISSUES: [(&str, &str); 6] = [
    ("me", "issue_me"),
    ("nu", "issue_nu"),
    ("di", "issue_di"),
    ("hr", "issue_hr"),
    ("co", "issue_co"),
    ("ec", "issue_ec"),
];
const ECONOMIC: usize = 5;
const PAIRS: Need = Need::Nothing(
    "how alike two states voted, roll call by roll call; the votes themselves are read",
);

/// A file of the votes as the repository of unvotes has it.
macro_rules! download {
    ($path:literal, $sha256:literal) => {
        Download {
            url: concat!(
                "https://raw.githubusercontent.com/dgrtwo/unvotes/7eb7034314ff79c49c9e0785fcd9d216fa04cf14/",
                $path
            ),
            sha256: Some($sha256),
        }
    };
}

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-votes",
    title: "United Nations General Assembly Voting Data",
    publisher: "Voeten, Strezhnev and Bailey (Harvard Dataverse)",
    citation: "Voeten, Erik, Anton Strezhnev and Michael Bailey. 2009-. United Nations General Assembly Voting Data. Harvard Dataverse, doi:10.7910/DVN/LEJUQZ; Bailey, Michael A., Anton Strezhnev and Erik Voeten. 2017. Estimating Dynamic State Preferences from United Nations Voting Data. Journal of Conflict Resolution 61(2): 430-456",
    licence: "CC0 1.0",
    url: "https://doi.org/10.7910/DVN/LEJUQZ",
    get: Get::Files(&[
        download!(
            "data-raw/UNVotesPublished.RData",
            "7cf08a10ceb316711f94e6c16889be49a5400f84fcb015801b5c2b9116c572f6"
        ),
        download!(
            "data-raw/descriptions1-70latestversion.xls",
            "e185ff6f3b49706f69aec261f275e9793f65cfedf91ec0c556c3bafe1219fabf"
        ),
        download!(
            "data/un_votes.rda",
            "cf814a48bc536e8f87f8e027942ac515fe6aae9d63cd71dd88ed718b14887e87"
        ),
        download!(
            "data/un_roll_calls.rda",
            "ff2070ae600cfd32176c6d149637306b9b677d6b910f48bec59a15357d673b4b"
        ),
        download!(
            "data/un_roll_call_issues.rda",
            "eec1b509ebce692c242b842837d5d861b52b65b2868a7c66f573d4a87d2eb0be"
        ),
    ]),
    relations: &[("assembly", Relation::Rival)],
    proposed_as: None,
    tables: &["roll_calls", "votes", "voting_years"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: Some("session"),
            running: true,
            joins: &["74"],
            open: true,
            ..FileKind::new(
                VOTES,
                "rcid session vote ccode importantvote date unres me nu di hr co ec year",
            )
        },
        FileKind {
            need: Need::Optional,
            edition: Some("70"),
            joins: &["74"],
            ..FileKind::new(
                DESCRIPTIONS,
                "session rcid abstain yes no importantvote date unres amend para short descr me nu di hr co ec",
            )
        },
        tidy(TIDY_VOTES, "rcid country country_code vote", "row.names"),
        tidy(
            TIDY_CALLS,
            "rcid session importantvote date unres amend para short descr",
            "row.names",
        ),
        tidy(TIDY_ISSUES, "rcid short_name issue", "row.names"),
        FileKind {
            need: PAIRS,
            open: true,
            ..FileKind::new("agreement with one state", "rcid session unres resid 2 20 31 40 710")
        },
        FileKind { need: PAIRS, ..FileKind::new("names of states", "ccode country countryname") },
    ],
    editions: &[
        Edition {
            version: "70",
            released: "2016-07",
            marks: &["70"],
            last_year: 2015,
            rows: &[(VOTES, 1_066_613), (DESCRIPTIONS, 5_429)],
        },
        release("71", &["71"], "2017"),
        release("72", &["72"], "2018"),
        release("73", &["73"], "2019"),
        Edition {
            version: "74",
            released: "2020",
            marks: &["74"],
            last_year: 2019,
            rows: &[
                (VOTES, 1_066_613),
                (TIDY_VOTES, 870_109),
                (TIDY_CALLS, 6_203),
                (TIDY_ISSUES, 5_745),
            ],
        },
        release("75", &["75"], "2021"),
        release("76", &["76"], "2022"),
        release("77", &["77"], "2023"),
        release("78", &["78"], "2024"),
        release("79", &["79"], "2025"),
    ],
    coverage: |e| {
        ["roll_calls", "votes", "voting_years"]
            .map(|table| Coverage::all(table, 1946, e.last_year).about("recorded votes"))
            .into()
    },
    map,
};

const fn tidy(role: &'static str, columns: &'static str, optional: &'static str) -> FileKind {
    FileKind { need: Need::Optional, edition: Some("74"), optional, ..FileKind::new(role, columns) }
}

/// A release up to a session, which begins in September of the year in which it is 1945 years less.
/// Its votes are published in the year after that.
const fn release(
    version: &'static str,
    marks: &'static [&'static str],
    released: &'static str,
) -> Edition {
    let bytes = version.as_bytes();
    let session = (bytes[0] - b'0') as i32 * 10 + (bytes[1] - b'0') as i32;
    Edition { version, released, marks, last_year: 1945 + session, rows: &[] }
}

/// What is known about a roll call, from one file or several.
#[derive(Debug, Default)]
struct Call {
    session: Option<i32>,
    date: Option<Date>,
    /// Where there is no date: of the session.
    year: Option<i32>,
    resolution: Option<String>,
    important: Option<bool>,
    issues: [Option<bool>; 6],
    short: Option<String>,
    description: Option<String>,
    amendment: Option<bool>,
    paragraph: Option<bool>,
    totals: [Option<i32>; 3],
}

impl Call {
    /// Takes from a row what is not known yet.
    fn fill(&mut self, row: &Row<'_>) -> Result<(), ReadError> {
        let text = |column: &str| row.text(column).map(str::to_owned);
        self.session = self.session.or(row.int("session")?);
        self.date = self.date.or(day(row)?);
        self.year = self.year.or(row.int("year")?);
        self.resolution = self.resolution.take().or_else(|| text("unres"));
        self.important = self.important.or(flag(row, "importantvote")?);
        self.short = self.short.take().or_else(|| text("short"));
        self.description = self.description.take().or_else(|| text("descr"));
        self.amendment = self.amendment.or(flag(row, "amend")?);
        self.paragraph = self.paragraph.or(flag(row, "para")?);
        for (known, (column, _)) in self.issues.iter_mut().zip(ISSUES) {
            *known = known.or(flag(row, column)?);
        }
        for (known, column) in self.totals.iter_mut().zip(["yes", "no", "abstain"]) {
            *known = known.or(row.int(column)?);
        }
        Ok(())
    }

    fn year(&self) -> Option<i32> {
        self.date.map(|d| i32::from(d.year())).or(self.year)
    }
}

/// 1 or 0; a stray quotation mark after it, as one roll call of the `.RData` has it, is no part of it.
fn flag(row: &Row<'_>, column: &str) -> Result<Option<bool>, ReadError> {
    match row.text(column).map(|t| t.trim_end_matches(['"', '\\'])) {
        None | Some("") => Ok(None),
        Some("1") => Ok(Some(true)),
        Some("0") => Ok(Some(false)),
        Some(_) => Err(row.refuse(column, "0 or 1")),
    }
}

/// `1946-01-01`, or `1/31/1946` with the month first.
fn day(row: &Row<'_>) -> Result<Option<Date>, ReadError> {
    let Some(cell) = row.text("date") else { return Ok(None) };
    let Some((month, rest)) = cell.split_once('/') else { return row.calendar_date("date") };
    let parsed = rest.split_once('/').and_then(|(day, year)| {
        Date::new(year.parse().ok().filter(|y| *y > 1900)?, month.parse().ok()?, day.parse().ok()?)
            .ok()
    });
    parsed.map(Some).ok_or_else(|| row.refuse("date", "a date that exists, month/day/year"))
}

type Calls = BTreeMap<i32, Call>;

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut calls = listed(files)?;
    let mut cast: BTreeMap<i32, RollCall> = BTreeMap::new();
    if files.get(VOTES).is_some() {
        full(files, out, &mut calls, &mut cast)?;
    }
    let whole = cast.len();
    if files.get(TIDY_VOTES).is_some() {
        tidy_votes(files, out, &calls, &mut cast)?;
    }
    if cast.len() > whole {
        out.note(format!(
            "Of {} roll calls the votes cast are known, but not who was absent: every member of the time is counted as one that could vote",
            cast.len() - whole
        ));
    }
    write_calls(&calls, out);
    figures(files, &calls, cast, out);
    Ok(())
}

/// The roll calls of the files that list them. A list of issues names those that a roll call has, and no others.
fn listed(files: &Files) -> Result<Calls, ReadError> {
    let mut calls = Calls::new();
    let mut keys = Keys::default();
    for row in files.rows(TIDY_CALLS) {
        let rcid = row.need("rcid")?;
        keys.add(&row, &format!("rcid={rcid}"))?;
        let call = calls.entry(rcid).or_default();
        call.fill(&row)?;
        if files.get(TIDY_ISSUES).is_some() {
            call.issues = [Some(false); 6];
        }
    }
    for row in files.rows(TIDY_ISSUES) {
        let rcid = row.need("rcid")?;
        if files.get(TIDY_CALLS).is_some() {
            keys.require(&row, &format!("rcid={rcid}"), files.name(TIDY_CALLS))?;
        }
        let issue = ISSUES.iter().position(|(short, _)| row.text("short_name") == Some(*short));
        let issue = issue.ok_or_else(|| row.refuse("short_name", "me, nu, di, hr, co or ec"))?;
        calls.entry(rcid).or_default().issues[issue] = Some(true);
    }
    for row in files.rows(DESCRIPTIONS) {
        calls.entry(row.need("rcid")?).or_default().fill(&row)?;
    }
    Ok(calls)
}

/// One row for every state and roll call.
fn full(
    files: &Files,
    out: &mut Output,
    calls: &mut Calls,
    cast: &mut BTreeMap<i32, RollCall>,
) -> Result<(), ReadError> {
    let votes = out.columns("votes", ["rcid", "year", "ccode", "vote"]);
    let (mut strangers, mut moved) = (0, 0);
    let mut last: Option<Open> = None;
    for row in files.rows(VOTES) {
        let rcid = row.need("rcid")?;
        let open = match &mut last {
            Some(open) if open.rcid == rcid => open,
            last => {
                let call = calls.entry(rcid).or_default();
                if !cast.contains_key(&rcid) {
                    call.fill(&row)?;
                }
                let year = call.year().ok_or_else(|| row.refuse("date", "a date, or a year"))?;
                if let Some(open) = last.take() {
                    cast.insert(open.rcid, open.call);
                }
                let before = cast.remove(&rcid);
                last.insert(Open {
                    rcid,
                    id: rcid.to_string(),
                    date: call.date,
                    call: before.unwrap_or_else(|| RollCall {
                        economic: call.issues[ECONOMIC] == Some(true),
                        ..RollCall::new(year, call.date.map(Date::month), true)
                    }),
                })
            }
        };
        let published = row.need_state("ccode")?;
        let vote = row.code("vote", 1..=9)?.filter(|v| matches!(v, 1..=3 | 8 | 9));
        let vote = vote.ok_or_else(|| row.refuse("vote", "1, 2, 3, 8 or 9"))?;
        if vote == 9 {
            strangers += 1;
            continue;
        }
        // The Republic of Yemen has sat in place of both Yemens since May 1990.
        let united = published == 678 && open.date.is_some_and(|d| d >= UNION_OF_YEMEN);
        moved += usize::from(united);
        let ccode = if united { 679 } else { published };
        let placed = out.places().is_state(ccode).then_some(ccode);
        if placed.is_none() {
            out.unplaced("votes", "ccode", published);
        }
        open.call.votes.push((ccode, vote));
        out.put(
            &votes,
            [Field::Text(&open.id), open.call.year.into(), placed.into(), vote.into()],
            format_args!("rcid={rcid} ccode={published}"),
        );
    }
    if let Some(open) = last {
        cast.insert(open.rcid, open.call);
    }
    out.note(format!(
        "{strangers} rows of states that were no members at the time (vote = 9) are left out of the votes"
    ));
    if moved > 0 {
        out.note(format!("{moved} votes of June 1990 and later under 678 are those of 679"));
    }
    Ok(())
}

/// The first of the month after the union.
const UNION_OF_YEMEN: Date = Date::constant(1990, 6, 1);

/// The roll call whose rows are being read.
struct Open {
    rcid: i32,
    id: String,
    date: Option<Date>,
    call: RollCall,
}

/// Votes cast, by name, of the roll calls that the fuller form does not have.
fn tidy_votes(
    files: &Files,
    out: &mut Output,
    calls: &Calls,
    cast: &mut BTreeMap<i32, RollCall>,
) -> Result<(), ReadError> {
    let votes = out.columns("votes", ["rcid", "year", "ccode", "vote"]);
    let mut states: HashMap<(&str, i16, i8), Option<i32>> = HashMap::new();
    let mut repeated = 0;
    for row in files.rows(TIDY_VOTES) {
        let rcid = row.need("rcid")?;
        if cast.get(&rcid).is_some_and(|c| c.absences) {
            repeated += 1;
            continue;
        }
        let date = calls.get(&rcid).and_then(|c| c.date);
        let date = date.ok_or_else(|| row.refuse("rcid", "a roll call whose date is known"))?;
        let name = row.text("country").ok_or_else(|| row.refuse("country", "a name"))?;
        let ccode = *states
            .entry((name, date.year(), date.month()))
            .or_insert_with(|| placed(name, row.text("country_code"), date, out.places()));
        let vote = match row.text("vote") {
            Some("yes") => 1,
            Some("abstain") => 2,
            Some("no") => 3,
            _ => return Err(row.refuse("vote", "yes, abstain or no")),
        };
        let call = cast.entry(rcid).or_insert_with(|| {
            let issues = calls.get(&rcid).map(|c| c.issues).unwrap_or_default();
            RollCall {
                economic: issues[ECONOMIC] == Some(true),
                ..RollCall::new(i32::from(date.year()), Some(date.month()), false)
            }
        });
        match ccode {
            Some(ccode) => call.votes.push((ccode, vote)),
            None => out.unplaced("votes", "country", name),
        }
        let year = i32::from(date.year());
        let id = rcid.to_string();
        out.put(
            &votes,
            [Field::Text(&id), year.into(), ccode.into(), vote.into()],
            format_args!("rcid={rcid} country={name}"),
        );
    }
    if repeated > 0 {
        out.note(format!(
            "{repeated} rows of the tidy votes are of roll calls that the fuller file has too, and are read from there"
        ));
    }
    Ok(())
}

/// The tidy names are today's, for the states of the past too; days of early votes are not reliable, months are.
fn placed(name: &str, iso2: Option<&str>, date: Date, places: &Places) -> Option<i32> {
    let at = date.last_of_month();
    let name = match name {
        "Yemen Arab Republic" if date >= UNION_OF_YEMEN => "Yemen",
        "Federal Republic of Germany" if date.year() >= 1990 => "Germany",
        name => name,
    };
    places.from_name(name, at).or_else(|| places.from_iso2(iso2?, at))
}

fn write_calls(calls: &Calls, out: &mut Output) {
    out.begin("roll_calls");
    let mut undated = 0;
    for (rcid, call) in calls {
        undated += usize::from(call.date.is_none());
        let mut row = vec![
            ("rcid", rcid.to_string().into()),
            ("year", call.year().into()),
            ("session", call.session.into()),
            ("resolution", call.resolution.clone().into()),
            ("date", call.date.into()),
            ("important", call.important.into()),
            ("description", call.short.clone().into()),
            ("subject", call.description.clone().into()),
            ("yes", call.totals[0].into()),
            ("no", call.totals[1].into()),
            ("abstain", call.totals[2].into()),
            ("amendment", call.amendment.into()),
            ("paragraph", call.paragraph.into()),
        ];
        row.extend(ISSUES.iter().zip(call.issues).map(|((_, name), v)| (*name, v.into())));
        out.push("roll_calls", &row, format!("rcid={rcid}"));
    }
    if undated > 0 {
        out.note(match undated {
            1 => "1 roll call has no date; its year is that of the session".to_owned(),
            n => format!("{n} roll calls have no date; their year is that of the session"),
        });
    }
}

fn figures(files: &Files, calls: &Calls, cast: BTreeMap<i32, RollCall>, out: &mut Output) {
    let last = files.edition().last_year;
    let later = calls.values().filter(|c| c.year().is_some_and(|y| y > last)).count();
    let columns =
        ["ccode", "year", "roll_calls", "present", "with_majority", "economic", "with_developing"];
    let figures = out.columns("voting_years", columns);
    let members = Members::of_the_united_nations();
    let counted = cast.into_values().filter(|c| c.year <= last);
    let (years, left_out) = voting_years(counted, &members, out.places());
    for ((ccode, year), f) in years {
        let fields = [ccode, year, f[0], f[1], f[2], f[3], f[4]].map(Field::from);
        out.put(&figures, fields, format_args!("ccode={ccode} year={year}"));
    }
    out.note(format!(
        "voting_years is counted from the votes. {left_out} votes and absences of states that were no members at the time, or joined in that month, are not counted in it"
    ));
    if later > 0 {
        let calls = if later == 1 { "roll call is" } else { "roll calls are" };
        out.note(format!("{later} {calls} of a year that has only begun, after {last}, and not counted in voting_years"));
    }
}
