//! The peace scale of Goertz, Diehl and Balas, 3.1: how close to war or to a security community the relation of two states is, 1900-2020.
//!
//! The scale comes without a header, one pair of states a line: its number (first state times 1000, plus the second), and then period after period,
//! each with its level. A period is two days, `YYYYMMDD-YYYYMMDD`, in which 00 and 99 are not known: 19009999 is from before the data begin,
//! 20209999 and 20201231 their end, where the period stands as open. -9 is a transition without a level.
//!
//! The means by year are published over the levels at the end of each month, with a transition counted as 9: a month of it in a year of rivalry
//! comes to 0.75, which is the level of a warm peace. The mean of a year with such a month is no level and is left out. Which years have one is
//! known from the periods; without them, of a mean from 0.75 to 1 beside a year that has one it is not known.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::cells::Cells;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::missing::A_POINT;
use crate::output::{Output, spell};
use crate::row::{Keys, Row, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const PERIODS: &str = "periods";
const YEARS: &str = "means by year";
/// How many periods a line has room for.
const MOST: usize = 10;
const BARE: &str = "dyad period1 level1 period2 level2 period3 level3 period4 level4 period5 level5 period6 level6 period7 level7 period8 level8 period9 level9 period10 level10";
const FIRST_YEAR: i32 = 1900;
/// What stands for a level in a transition.
const IN_TRANSITION: f64 = -9.0;

pub(crate) static DATASET: Dataset = Dataset {
    id: "peace-data",
    title: "Peace scale of relationships between states",
    publisher: "Goertz, Diehl and Balas",
    citation: "Goertz, Gary, Paul F. Diehl and Alexandru Balas. 2016. The Puzzle of Peace: The Evolution of Peace in the International System. Oxford University Press; Diehl, Paul F., Gary Goertz and Yahve Gallegos. 2021. Peace Data: Concept, Measurement, Patterns, and Research Agenda. Conflict Management and Peace Science 38(5): 605-624.",
    licence: "free for non-commercial use with citation",
    url: "https://drive.google.com/drive/folders/1HKZ6FQmK09VJ5mzzEzIwkOawf7tb6Z63",
    get: Get::ByHand(
        "in the folder that the authors share, download peacedata3.1.csv, and the means by year (peacedatav31dyyearmean.csv) if wanted",
    ),
    relations: &[("peace_scale", Relation::Complement)],
    proposed_as: None,
    tables: &["peace_scale", "peace_scale_years"],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            missing: A_POINT,
            bare: Some(are_periods),
            ..FileKind::new(PERIODS, BARE)
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(YEARS, "dyad yearmonth peacelevel")
        },
        FileKind {
            need: Need::Nothing(
                "the militarized disputes of each rivalry, by number and without their days; the disputes are read from cow-mid, the rivalries of this scale from its periods",
            ),
            version: None,
            ..FileKind::new(
                "disputes of rivalries",
                "cmfile deathsa deathsb dispute fatalapc fatalbpc rivala rivalb rivalry rivnumb rivtyp2 severity warnumb",
            )
        },
    ],
    editions: &[Edition {
        version: "3.1",
        released: "2023-08",
        marks: &[],
        last_year: 2020,
        rows: &[(PERIODS, 2_688), (YEARS, 99_387)],
    }],
    coverage: |e| {
        let claim = |table| {
            let claim = Coverage::all(table, FIRST_YEAR, e.last_year)
                .about("the pairs that are listed; of others nothing is said");
            Coverage { context: true, ..claim }
        };
        vec![claim("peace_scale"), claim("peace_scale_years")]
    },
    map,
};

/// Whether lines are a pair of states with periods.
fn are_periods(rows: &Cells) -> bool {
    let is = |row: usize| {
        let dyad = rows.get(row, 0).parse::<u32>().is_ok_and(|d| d > 1000);
        let period = rows.get(row, 1);
        dyad && period.len() == 17
            && period.as_bytes()[8] == b'-'
            && rows.get(row, 2).parse::<f64>().is_ok()
    };
    !rows.is_empty() && (0..rows.len().min(5)).all(is)
}

/// The two states of a pair.
fn pair(row: &Row<'_>) -> Result<(i32, i32), ReadError> {
    let dyad = row.need("dyad")?;
    let states = (dyad / 1000, dyad % 1000);
    if states.0 < 1 || states.1 < 1 || states.0 == states.1 || states.0 > 999 {
        return Err(
            row.refuse("dyad", "the numbers of two states, the first times 1000 plus the second")
        );
    }
    Ok(states)
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut transitions = files.get(PERIODS).is_some().then(Transitions::new);
    if let Some(transitions) = &mut transitions {
        periods(files, transitions, out)?;
    }
    if files.get(YEARS).is_some() {
        years(files, transitions.as_ref(), out)?;
    }
    Ok(())
}

/// The pairs of the periods, with the years in which a transition holds at the end of a month.
type Transitions = BTreeMap<(i32, i32), BTreeSet<i32>>;

/// A period with its level; none of the latter: a transition.
#[derive(Clone, Copy)]
struct Period {
    start: When,
    end: When,
    level: Option<f64>,
    censored: bool,
}

fn periods(
    files: &Files,
    transitions: &mut Transitions,
    out: &mut Output,
) -> Result<(), ReadError> {
    let last_year = files.edition().last_year;
    out.begin("peace_scale");
    for row in files.rows(PERIODS) {
        let states = pair(&row)?;
        if transitions.contains_key(&states) {
            return Err(row.refuse("dyad", "a pair that stands on no other line"));
        }
        let in_transition = transitions.entry(states).or_default();
        for nth in 1..=MOST {
            let read = period(&row, nth, last_year).transpose();
            let Some(period) = read.map(|p| out.or_refuse(p)).transpose()?.flatten() else {
                continue;
            };
            if period.level.is_none() {
                in_transition.extend(years_of_month_ends(&period, last_year));
            }
            for (ccode, partner) in [states, (states.1, states.0)] {
                let mut cells = vec![
                    ("ccode", ccode.into()),
                    ("partner", partner.into()),
                    ("level", period.level.into()),
                    ("transition", period.level.is_none().into()),
                    ("start_month", period.start.month.map(i32::from).into()),
                    ("end_month", period.end.month.map(i32::from).into()),
                    ("censored", period.censored.into()),
                ];
                cells.extend(spell(period.start, period.end));
                out.push(
                    "peace_scale",
                    &cells,
                    format!("dyad={}{:03} period={nth}", states.0, states.1),
                );
            }
        }
    }
    Ok(())
}

/// The period of a number in a line, if there is one.
fn period(row: &Row<'_>, nth: usize, last_year: i32) -> Result<Option<Period>, ReadError> {
    let (column, of_level) = (format!("period{nth}"), format!("level{nth}"));
    let Some(text) = row.text(&column) else {
        return match row.text(&of_level) {
            None => Ok(None),
            Some(_) => Err(row.refuse(&column, "a period (its level is there)")),
        };
    };
    let days = text.split_once('-').and_then(|(a, b)| Some((When::compact(a)?, When::compact(b)?)));
    let (start, end) =
        days.ok_or_else(|| row.refuse(&column, "two days that exist, as YYYYMMDD-YYYYMMDD"))?;
    row.forwards(start, end)?;
    let level = level(row, &of_level)?;
    let open = end.year == Some(last_year)
        && end.latest() == When { year: end.year, ..When::default() }.latest();
    let censored = start.year == Some(FIRST_YEAR) && start.month.is_none();
    Ok(Some(Period { start, end: if open { When::default() } else { end }, level, censored }))
}

/// The years in which a period holds at the end of a month.
fn years_of_month_ends(period: &Period, last_year: i32) -> impl Iterator<Item = i32> + use<> {
    let last = When { year: Some(last_year), ..When::default() };
    let from = period.start.earliest();
    let to = period.end.latest().or(last.latest());
    let years = from.zip(to).map(|(from, to)| {
        (i32::from(from.year())..=i32::from(to.year())).filter(move |year| {
            let end = |month| Date::new(*year as i16, month, 1).map(Date::last_of_month);
            (1..=12).filter_map(|month| end(month).ok()).any(|day| (from..=to).contains(&day))
        })
    });
    years.into_iter().flatten()
}

/// A level, or none in a transition.
fn level(row: &Row<'_>, column: &str) -> Result<Option<f64>, ReadError> {
    match row.float(column)? {
        Some(level) if (0.0..=1.0).contains(&level) => Ok(Some(level)),
        Some(level) if (IN_TRANSITION..=IN_TRANSITION).contains(&level) => Ok(None),
        _ => Err(row.refuse(column, "a level from 0 to 1, or -9 in a transition")),
    }
}

/// A mean that counts a month of transition as 9 has at least this.
const LEAST_WITH_TRANSITION: f64 = 0.75;
/// The mean of a year of transition.
const TRANSITION: f64 = 9.0;

fn years(
    files: &Files,
    transitions: Option<&Transitions>,
    out: &mut Output,
) -> Result<(), ReadError> {
    let mut means: BTreeMap<((i32, i32), i32), f64> = BTreeMap::new();
    let mut keys = Keys::default();
    for row in files.rows(YEARS) {
        let (states, year) = (pair(&row)?, row.need_year("yearmonth")?);
        keys.add(&row, &format!("dyad={}{:03} year={year}", states.0, states.1))?;
        match row.float("peacelevel")? {
            Some(mean) if (0.0..=TRANSITION).contains(&mean) => {
                means.insert((states, year), mean);
            }
            _ => {
                return Err(
                    row.refuse("peacelevel", "a mean from 0 to 1, or up to 9 with a transition")
                );
            }
        }
    }
    let (mut mixed, mut unknown) = (0, 0);
    out.begin("peace_scale_years");
    for ((states, year), mean) in &means {
        let beside = |other: i32| means.get(&(*states, other)).is_some_and(|m| *m > 1.0);
        let known = transitions.and_then(|t| t.get(states)).map(|t| t.contains(year));
        let transition = match known {
            _ if *mean > 1.0 => Some(true),
            Some(known) => Some(known),
            None if *mean >= LEAST_WITH_TRANSITION && (beside(year - 1) || beside(year + 1)) => {
                None
            }
            None => Some(false),
        };
        mixed += usize::from(transition == Some(true) && *mean < TRANSITION);
        unknown += usize::from(transition.is_none());
        for (ccode, partner) in [*states, (states.1, states.0)] {
            let cells = [
                ("ccode", ccode.into()),
                ("partner", partner.into()),
                ("year", (*year).into()),
                ("level", (transition == Some(false)).then_some(*mean).into()),
                ("transition", transition.into()),
            ];
            let key = format!("dyad={}{:03} year={year}", states.0, states.1);
            out.push("peace_scale_years", &cells, key);
        }
    }
    out.note(format!(
        "{mixed} means by year count months of transition as 9 and are no levels; they are left out, as are the years of transition alone"
    ));
    if unknown > 0 {
        out.note(format!(
            "Of {unknown} means by year it is not known whether they count a month of transition; they are left out. Add the periods (peacedata3.1.csv) beside them"
        ));
    }
    Ok(())
}
