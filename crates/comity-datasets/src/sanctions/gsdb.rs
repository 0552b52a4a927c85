//! Global Sanctions Data Base 4: cases of sanctions, 1949-2023.
//!
//! Senders and targets are lists of names, divided by commas; some names hold a comma themselves. A case becomes one row per sender and
//! target. The European Union has a row of its own and one per member, for the years of its membership. Only years are known; a case that
//! is called ongoing in the last year goes on.

use super::european_union::members;
use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Row};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const CASES: &str = "cases";
/// What may follow a comma within a name.
const TAILS: [&str; 5] = ["North", "South", "The", "Arab Rep.", "Democratic Republic of the"];
/// The Union under its names.
const UNION: [&str; 2] = ["EU", "EEC"];

pub(crate) static DATASET: Dataset = Dataset {
    id: "gsdb",
    title: "Global Sanctions Data Base",
    publisher: "Felbermayr, Kirilakha, Syropoulos, Yalcin and Yotov (Drexel University and WIFO)",
    citation: "Syropoulos, Constantinos, Gabriel Felbermayr, Aleksandra Kirilakha, Erdal Yalcin and Yoto V. Yotov. 2024. The Global Sanctions Data Base-Release 4: The Heterogeneous Effects of the Sanctions on Russia. Review of International Economics; Felbermayr, Gabriel, Aleksandra Kirilakha, Constantinos Syropoulos, Erdal Yalcin and Yoto V. Yotov. 2020. The Global Sanctions Data Base. European Economic Review 129.",
    licence: "free for academic use with citation",
    url: "https://www.globalsanctionsdatabase.com/",
    get: Get::ByHand(
        "on its page ask for the data with the form; the case-level file in CSV (GSDB_V4.csv) comes by mail",
    ),
    relations: &[("sanctions", Relation::Complement)],
    proposed_as: None,
    tables: &["sanctions"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        years: "begin end",
        ..FileKind::new(
            CASES,
            "case_id sanctioned_state sanctioning_state begin end trade descr_trade arms military financial travel other target_mult sender_mult objective success",
        )
    }],
    editions: &[Edition {
        version: "4",
        released: "2024",
        marks: &[],
        last_year: 2023,
        rows: &[(CASES, 1_547)],
    }],
    coverage: |e| {
        let scope = "sanctions that were declared, as sources in English tell of them";
        vec![Coverage::all("sanctions", 1950, e.last_year).about(scope)]
    },
    map,
};

/// A sender or target of a case, for some of its years.
#[derive(Clone)]
struct Side {
    name: String,
    ccode: Option<i32>,
    /// A member of the Union, which is the one that is named.
    member: bool,
    from: i32,
    to: Option<i32>,
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last_year = files.edition().last_year;
    let mut keys = Keys::default();
    let (mut open, mut laid_out) = (0, 0);
    out.begin("sanctions");
    for row in files.rows(CASES) {
        let case = row.need("case_id")?;
        keys.add(&row, &case.to_string())?;
        let (begin, end) = (row.need_year("begin")?, row.need_year("end")?);
        if end < begin {
            return Err(row.refuse("end", "a year that does not lie before the beginning"));
        }
        let ongoing = row.text("success").is_some_and(|s| s.contains("ongoing"));
        let to = (!ongoing || end < last_year).then_some(end);
        open += usize::from(to.is_none());
        let senders = sides(&row, "sanctioning_state", (begin, to), last_year, out.places())?;
        let targets = sides(&row, "sanctioned_state", (begin, to), last_year, out.places())?;
        let kinds = kinds(&row)?;
        for sender in &senders {
            laid_out += usize::from(sender.member);
            // Who joins the Union in a sanction is recorded once, for the Union itself.
            for target in targets.iter().filter(|t| !t.member) {
                let from = sender.from.max(target.from);
                let last = match (sender.to, target.to) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
                if last.is_some_and(|l| l < from) {
                    continue;
                }
                let member = sender.ccode.filter(|_| sender.member);
                let mut key = format!("case_id={case} sender={}", sender.name);
                if let Some(member) = member {
                    key = format!("{key} member={member}");
                }
                key = format!("{key} target={}", target.name);
                if from != begin && member.is_none() {
                    key = format!("{key} from={from}");
                }
                let mut cells = kinds.clone();
                cells.extend([
                    ("case_id", case.to_string().into()),
                    ("sender", sender.ccode.into()),
                    ("sender_name", sender.name.as_str().into()),
                    ("target", target.ccode.into()),
                    ("target_name", target.name.as_str().into()),
                    ("un_mandate", (sender.name == "UN").then_some(true).into()),
                    ("start_year", from.into()),
                    ("end_year", last.into()),
                ]);
                out.push("sanctions", &cells, key);
                for (side, column) in [(sender, "sender"), (target, "target")] {
                    if side.ccode.is_none() {
                        out.unplaced("sanctions", column, &side.name);
                    }
                }
            }
        }
    }
    out.note(format!("{open} cases were ongoing in {last_year} and stand as open"));
    out.note(format!("The European Union (or Communities) is a sender without a state, and each of its members one for the years of its membership: {laid_out} rows. un_mandate is known for the United Nations alone, which is not a state"));
    Ok(())
}

fn kinds(row: &Row<'_>) -> Result<Vec<(&'static str, Value)>, ReadError> {
    let mut cells = vec![
        ("objective", row.text("objective").into()),
        ("success", row.text("success").into()),
        ("trade_kind", row.text("descr_trade").into()),
    ];
    for (name, column) in [
        ("trade", "trade"),
        ("financial", "financial"),
        ("arms", "arms"),
        ("military", "military"),
        ("travel", "travel"),
        ("other_kind", "other"),
    ] {
        cells.push((name, row.flag(column)?.into()));
    }
    Ok(cells)
}

/// The names of a cell, placed by year: a name that stands for one state and then for another is two sides, one after the other.
fn sides(
    row: &Row<'_>,
    column: &str,
    (from, to): (i32, Option<i32>),
    last_year: i32,
    places: &Places,
) -> Result<Vec<Side>, ReadError> {
    let mut sides = Vec::new();
    for name in names(row.text(column).unwrap_or("")) {
        for (ccode, first, last) in placed(&name, from, to.unwrap_or(last_year), places) {
            let to = if last == to.unwrap_or(last_year) { to } else { Some(last) };
            sides.push(Side { name: name.clone(), ccode, member: false, from: first, to });
        }
    }
    if sides.is_empty() {
        return Err(row.refuse(column, "a name"));
    }
    let union = sides.iter().find(|s| UNION.contains(&s.name.as_str())).cloned();
    if let Some(union) = union {
        let named: Vec<Option<i32>> = sides.iter().map(|s| s.ccode).collect();
        // A member that is named beside the Union is a side already.
        let members = members(from, to).filter(|(c, ..)| !named.contains(&Some(*c)));
        sides.extend(members.map(|(ccode, from, to)| Side {
            name: union.name.clone(),
            ccode: Some(ccode),
            member: true,
            from,
            to,
        }));
    }
    Ok(sides)
}

fn names(cell: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in cell.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        match names.last_mut() {
            Some(last) if TAILS.contains(&part) => *last = format!("{last}, {part}"),
            _ => names.push(part.to_owned()),
        }
    }
    names
}

/// Names that mean another state than they say: Germany beside the German Democratic Republic, and two that go on after the end of
/// the state that they were of, for the united one.
fn as_known(name: &str, year: i32) -> &str {
    match name {
        "Germany" if year < 1990 => "West Germany",
        "South Vietnam" if year > 1975 => "Vietnam",
        "Yemen, North" if year > 1989 => "Yemen",
        _ => name,
    }
}

/// States that ended within a year, by the name of them and of the one that went on: a case that began before is of both in that year.
const HANDED_OVER: [(&str, &str, i32); 2] =
    [("Germany", "West Germany", 1990), ("Yemen, North", "Yemen, North", 1990)];

/// The states that a name stands for, one after the other. Years after its last state go with it: Yugoslavia in 2006.
fn placed(name: &str, from: i32, to: i32, places: &Places) -> Vec<(Option<i32>, i32, i32)> {
    let mut runs: Vec<(Option<i32>, i32, i32)> = Vec::new();
    for year in from..=to {
        let ccode = places.from_name(as_known(name, year), year);
        match runs.last_mut() {
            Some(run) if ccode.is_none() || run.0 == ccode => run.2 = year,
            _ => runs.push((ccode, year, year)),
        }
    }
    for (_, ended, year) in HANDED_OVER.iter().filter(|h| h.0 == name && from < h.2 && h.2 <= to) {
        let before = places.from_name(ended, year - 1);
        if let Some(run) = runs.iter_mut().find(|run| run.0 == before && run.2 == year - 1) {
            run.2 = *year;
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_whole_and_placed_by_year() {
        assert_eq!(
            names("EU, Congo, Democratic Republic of the, Gambia, The,  Oman, Romania"),
            ["EU", "Congo, Democratic Republic of the", "Gambia, The", "Oman", "Romania"]
        );
        assert_eq!(
            placed("South Vietnam", 1975, 1977, &Places::starter()),
            [(Some(817), 1975, 1975), (Some(816), 1976, 1977)]
        );
        assert_eq!(
            placed("Germany", 1988, 1992, &Places::starter()),
            [(Some(260), 1988, 1990), (Some(255), 1990, 1992)]
        );
        assert_eq!(placed("Germany", 1990, 1992, &Places::starter()), [(Some(255), 1990, 1992)]);
        assert_eq!(placed("Germany", 1985, 1989, &Places::starter()), [(Some(260), 1985, 1989)]);
        assert_eq!(
            placed("Yemen, North", 1980, 1991, &Places::starter()),
            [(Some(678), 1980, 1990), (Some(679), 1990, 1991)]
        );
        assert_eq!(
            placed("Soviet Union", 1990, 1994, &Places::starter()),
            [(Some(365), 1990, 1994)]
        );
        assert_eq!(
            placed("Montenegro", 2004, 2007, &Places::starter()),
            [(None, 2004, 2005), (Some(341), 2006, 2007)]
        );
        assert_eq!(names("Korea, North, Yemen, North"), ["Korea, North", "Yemen, North"]);
    }
}
