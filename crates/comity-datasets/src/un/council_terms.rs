//! Who sat in the Security Council, by term, 1992-2024: from the lists of the United Nations, with lines of comments (`#`) among the rows.
//!
//! Elected members serve two calendar years. Terms of permanent members are cut to the years of the list: its first and last year say
//! nothing of how long the seat was held.

use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const TERMS: &str = "terms";
const FIRST_YEAR: i32 = 1992;

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-council-terms",
    title: "Security Council membership by term, 1992-2024",
    publisher: "F. Madore, from the lists of the United Nations",
    citation: "Madore, Frédérick. Security Council membership by term, 1992-2024, in: Genocide at the Security Council. https://github.com/fmadore/genocide-at-the-security-council",
    licence: "CC BY 4.0",
    url: "https://github.com/fmadore/genocide-at-the-security-council",
    get: Get::ByHand("in its repository download council_membership.csv"),
    relations: &[("council", Relation::Complement)],
    proposed_as: None,
    tables: &["council_terms"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        mend: Some(without_comments),
        ..FileKind::new(TERMS, "country_org start_year end_year seat note")
    }],
    editions: &[Edition {
        version: "unnumbered",
        released: "2026",
        marks: &[],
        last_year: 2023,
        rows: &[],
    }],
    coverage: |e| {
        vec![
            Coverage::all("council_terms", FIRST_YEAR, e.last_year)
                .about("members of the Security Council"),
        ]
    },
    map,
};

/// The text with its comments as empty lines, so that the lines of the rows stay the same.
fn without_comments(text: &str) -> Option<(String, String)> {
    let is_comment = |line: &str| line.starts_with('#');
    let comments = text.lines().filter(|line| is_comment(line)).count();
    let mended = text.split_inclusive('\n').map(|line| {
        let ends = line.ends_with('\n');
        if is_comment(line) { if ends { "\n" } else { "" } } else { line }
    });
    let said = match comments {
        1 => "1 line of comment (#) is no row".to_owned(),
        n => format!("{n} lines of comments (#) are no rows"),
    };
    (comments > 0).then(|| (mended.collect(), said))
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let last_year = files.edition().last_year;
    let mut keys = Keys::default();
    out.begin("council_terms");
    for row in files.rows(TERMS) {
        let name = row.text("country_org").ok_or_else(|| row.refuse("country_org", "a name"))?;
        let (from, to) = (row.need_year("start_year")?, row.need_year("end_year")?);
        if to < from {
            return Err(row.refuse("end_year", "a year that does not lie before the first"));
        }
        let key = format!("country_org={name} start_year={from}");
        keys.add(&row, &key)?;
        let permanent = match row.text("seat") {
            Some("permanent") => true,
            Some("elected") => false,
            _ => return Err(row.refuse("seat", "permanent or elected")),
        };
        let ccode = placed(name, from, to, out.places());
        if ccode.is_none() {
            out.unplaced("council_terms", "country_org", name);
        }
        let open = permanent && to >= last_year;
        let cells = [
            ("ccode", ccode.into()),
            ("member", name.into()),
            ("permanent", permanent.into()),
            ("note", row.text("note").into()),
            ("start_year", from.into()),
            ("end_year", (!open).then_some(to).into()),
        ];
        out.push("council_terms", &cells, key);
    }
    out.note("Terms of permanent members begin in the first year of the list here, and stand as open at its end");
    Ok(())
}

/// What the United Nations call the Republic of the Congo.
const CONGO: (&str, &str) = ("Congo", "Republic of the Congo");

fn placed(name: &str, from: i32, to: i32, places: &Places) -> Option<i32> {
    let name = if name == CONGO.0 { CONGO.1 } else { name };
    places.from_name(name, to).or_else(|| places.from_name(name, from))
}
