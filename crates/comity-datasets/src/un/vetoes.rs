//! Vetoes in the Security Council, 1946 to 15 September 2022, as the Dag Hammarskjöld Library lists them (Yordan 2022).
//!
//! Who cast one stands in `member_veto1` to `member_veto3`; the columns per member leave some out. Votes without a draft of their
//! own bear the symbol of the meeting: they are numbered in the order of the file.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Row;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const DRAFTS: &str = "vetoed drafts";
const MEMBERS: [(&str, &str); 6] = [
    ("China", "china"),
    ("France", "france"),
    ("Russia", "russia"),
    ("USSR", "ussr"),
    ("USA", "usa"),
    ("UK", "uk"),
];

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-vetoes",
    title: "List of UN Security Council Vetoes, 1946-2022",
    publisher: "World Politics Data Lab (Yordan), from the Dag Hammarskjöld Library",
    citation: "Yordan, Carlos L. 2022. List of UN Security Council Vetoes (1946-2022). World Politics Data Lab, Drew University.",
    licence: "see its repository",
    url: "https://github.com/world-politics-datalab/vetoes-un-security-council",
    get: Get::Files(&[Download {
        url: "https://raw.githubusercontent.com/world-politics-datalab/vetoes-un-security-council/661c5246872143cf16e500e4e7f2f70a45df5ac8/unsc_vetoes_1946_sept2022.csv",
        sha256: Some("d6b65d698d8f4e5a6eddcd922e7659b40e22d262940f1440b51360929d87ab74"),
    }]),
    relations: &[("vetoes", Relation::Complement)],
    proposed_as: None,
    tables: &["vetoes"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            DRAFTS,
            "year date month draft meeting_record agenda_item crisis_topic region member_veto1 member_veto2 member_veto3 single_veto multiple_vetoes china france russia ussr usa uk russia_china usa_uk usa_france usa_france_uk france_uk",
        )
    }],
    editions: &[Edition {
        version: "2022-09",
        released: "2022-09",
        marks: &[],
        last_year: 2021,
        rows: &[(DRAFTS, 214)],
    }],
    // The votes of 13 December 1955 on new members are not listed one by one, and 2022 ends in September.
    coverage: |e| {
        let scope = "vetoes of drafts in public meetings";
        [(1946, 1954), (1956, e.last_year)]
            .map(|(from, to)| Coverage::all("vetoes", from, to).about(scope))
            .into()
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut symbols: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in files.rows(DRAFTS) {
        symbols.entry(row.text("draft").unwrap_or("")).or_default().0 += 1;
    }
    let (mut left_out, mut numbered) = (0, 0);
    out.begin("vetoes");
    for row in files.rows(DRAFTS) {
        let Some(symbol) = row.text("draft") else {
            return Err(row.refuse("draft", "the symbol of a draft"));
        };
        let mut draft = symbol.to_owned();
        if let Some((all, met)) = symbols.get_mut(symbol).filter(|(all, _)| *all > 1) {
            *met += 1;
            draft = format!("{symbol} ({met})");
            numbered += usize::from(*met == *all);
        }
        let (year, date) = (row.need_year("year")?, day(&row)?);
        if i32::from(date.year()) != year {
            return Err(row.refuse("date", &format!("a day of {year}")));
        }
        let mut cast = Vec::new();
        for column in ["member_veto1", "member_veto2", "member_veto3"] {
            let Some(name) = row.text(column) else { continue };
            let ccode =
                member(name, date).ok_or_else(|| row.refuse(column, "a permanent member"))?;
            cast.push(name);
            let cells = [
                ("draft", draft.as_str().into()),
                ("date", date.into()),
                ("year", year.into()),
                ("ccode", ccode.into()),
                ("subject", row.text("agenda_item").into()),
                ("needed", (if year < 1966 { 7 } else { 9 }).into()),
            ];
            out.push("vetoes", &cells, format!("draft={draft} {column}={name}"));
        }
        let marked = |(name, column): &(&str, &str)| {
            Ok::<bool, ReadError>(row.flag(column)?.unwrap_or(false) == cast.contains(name))
        };
        left_out += usize::from(
            !MEMBERS.iter().map(marked).collect::<Result<Vec<_>, _>>()?.iter().all(|m| *m),
        );
    }
    out.note(format!("{left_out} drafts have other members in member_veto1 to member_veto3 than in the columns per member; the former are read"));
    out.note(format!("{numbered} symbols stand for several votes of one meeting; they are numbered in the order of the file"));
    out.note("The list ends on 15 September 2022, and does not name the votes of 13 December 1955 on new members one by one: neither year is covered.");
    Ok(())
}

/// The member's code: China's seat was held by Taipei (713) until 25 October 1971.
fn member(name: &str, date: Date) -> Option<i32> {
    Some(match name {
        "USA" => 2,
        "UK" => 200,
        "France" => 220,
        "USSR" | "Russia" => 365,
        "China" if date < Date::constant(1949, 12, 8) => 710,
        "China" if date < Date::constant(1971, 10, 25) => 713,
        "China" => 710,
        _ => return None,
    })
}

/// A day written `month/day/year`.
fn day(row: &Row<'_>) -> Result<Date, ReadError> {
    let cell = row.text("date").unwrap_or("");
    let parts: Vec<i16> = cell.split('/').filter_map(|p| p.parse().ok()).collect();
    let date = match parts[..] {
        [month, day, year] => Date::new(year, month as i8, day as i8).ok(),
        _ => None,
    };
    date.ok_or_else(|| row.refuse("date", "a date as month/day/year"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seat_of_china_has_a_date() {
        let on = |y, m, d| member("China", Date::constant(y, m, d));
        assert_eq!((on(1947, 1, 1), on(1955, 12, 13)), (Some(710), Some(713)));
        assert_eq!((on(1971, 10, 24), on(1971, 10, 25)), (Some(713), Some(710)));
        assert_eq!(member("Chad", Date::constant(1990, 1, 1)), None);
    }
}
