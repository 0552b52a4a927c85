//! Strategic rivalries in two lists: Thompson, Sakuwa and Suhas (2021) and, before it, Thompson and Dreyer (2012). They are rivals of each other.
//!
//! Read from the objects of the R package peacesciencer, each pair in both directions. A rivalry that lasts to the last year of its list is open.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, Row, When};
use comity_record::coverage::Coverage;
use comity_record::rows::Value;
use comity_record::source::Relation;

const RIVALRIES: &str = "rivalries";
const KINDS: [&str; 4] = ["positional", "spatial", "ideological", "interventionary"];
const LICENCE: &str =
    "taken from a published book, with citation; the package that holds this copy is GPL-2";

pub(crate) static THOMPSON: Dataset = Dataset {
    id: "tss-rivalries",
    title: "Strategic Rivalries, 1494-2020",
    publisher: "Thompson, Sakuwa and Suhas; copy in the R package peacesciencer (Miller)",
    citation: "Thompson, William R., Kentaro Sakuwa and Prashant Hosur Suhas. 2021. Analyzing Strategic Rivalries in World Politics: Types of Rivalry, Regional Variation, and Escalation/De-escalation. Springer.",
    licence: LICENCE,
    url: "https://svmiller.com/peacesciencer/reference/tss_rivalries.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("tss_rivalries"), sha256: None }]),
    relations: &[("rivalries", Relation::Rival)],
    proposed_as: None,
    tables: &["rivalries"],
    baseline: &["rivalries"],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            RIVALRIES,
            "tssr_id rivalry ccode1 ccode2 start end positional spatial ideological interventionary principal aprin",
        )
    }],
    editions: &[Edition {
        version: "2021",
        released: "2021",
        marks: &[],
        last_year: 2020,
        rows: &[(RIVALRIES, 264)],
    }],
    coverage,
    map: |files, out| {
        map(files, ["tssr_id", "start", "end"], out, |row| {
            // A blank is "not of this kind", for a rivalry that is of some kind.
            let marks = KINDS.map(|kind| row.text(kind).is_some());
            marks.contains(&true).then_some(marks)
        })
    },
};

pub(crate) static DREYER: Dataset = Dataset {
    id: "td-rivalries",
    title: "Strategic Rivalries, 1494-2010",
    publisher: "Thompson and Dreyer; copy in the R package peacesciencer (Miller)",
    citation: "Thompson, William R. and David R. Dreyer. 2012. Handbook of International Rivalries, 1494-2010. Washington: CQ Press.",
    licence: LICENCE,
    url: "https://svmiller.com/peacesciencer/reference/td_rivalries.html",
    get: Get::Files(&[Download { url: crate::peacesciencer_file!("td_rivalries"), sha256: None }]),
    relations: &[("rivalries", Relation::Rival)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            RIVALRIES,
            "rivalryno rivalryname ccode1 ccode2 styear endyear region type1 type2 type3",
        )
    }],
    editions: &[Edition {
        version: "2012",
        released: "2012",
        marks: &[],
        last_year: 2010,
        rows: &[(RIVALRIES, 197)],
    }],
    coverage,
    map: |files, out| {
        map(files, ["rivalryno", "styear", "endyear"], out, |row| {
            let types = ["type1", "type2", "type3"].map(|column| row.text(column));
            types[0].is_some().then_some(KINDS.map(|kind| types.contains(&Some(kind))))
        })
    },
};

fn coverage(edition: &Edition) -> Vec<Coverage> {
    let scope = "states that see each other as competitors, threats and enemies";
    vec![Coverage::all("rivalries", 1816, edition.last_year).about(scope)]
}

fn map(
    files: &Files,
    [id, start, end]: [&str; 3],
    out: &mut Output,
    kinds: fn(&Row<'_>) -> Option<[bool; 4]>,
) -> Result<(), ReadError> {
    let (mut keys, last) = (Keys::default(), files.edition().last_year);
    out.begin("rivalries");
    for row in files.rows(RIVALRIES) {
        let number = row.need(id)?;
        let key = format!("{id}={number}");
        keys.add(&row, &key)?;
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = |year| When { year: Some(year), ..When::default() };
        let (from, to) = (row.need_year(start)?, row.need_year(end)?);
        row.forwards(year(from), year(to))?;
        let until = if to >= last { When::default() } else { year(to) };
        let kinds = kinds(&row);
        for (ccode, rival, way) in [(one, two, ""), (two, one, " reversed")] {
            let mut cells: Vec<(&str, Value)> = vec![
                ("rivalry_id", number.to_string().into()),
                ("ccode", ccode.into()),
                ("rival", rival.into()),
            ];
            for (at, kind) in KINDS.into_iter().enumerate() {
                cells.push((kind, kinds.map(|k| k[at]).into()));
            }
            cells.extend(spell(year(from), until));
            out.push("rivalries", &cells, format!("{key}{way}"));
        }
    }
    Ok(())
}
