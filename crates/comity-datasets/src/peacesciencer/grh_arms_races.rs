//! Arms races of Gibler, Rider and Hutchison (2005): three years and more of mutual build-up between strategic rivals.
//!
//! Read from the object of the R package peacesciencer, each pair in both directions.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::{Keys, When};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const RACES: &str = "arms races";

pub(crate) static DATASET: Dataset = Dataset {
    id: "grh-arms-races",
    title: "Conventional Arms Races during Periods of Rivalry",
    publisher: "Gibler, Rider and Hutchison; copy in the R package peacesciencer (Miller)",
    citation: "Gibler, Douglas M., Toby J. Rider and Marc L. Hutchison. 2005. Taking Arms Against a Sea of Troubles: Conventional Arms Races during Periods of Rivalry. Journal of Peace Research 42(2): 131-147.",
    licence: "taken from the appendix of an article, with citation; the package that holds this copy is GPL-2",
    url: "https://svmiller.com/peacesciencer/reference/grh_arms_races.html",
    get: Get::Files(&[Download {
        url: crate::peacesciencer_file!("grh_arms_races"),
        sha256: None,
    }]),
    relations: &[("arms_races", Relation::Complement)],
    proposed_as: None,
    tables: &["arms_races"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(RACES, "race_id ccode1 ccode2 styear endyear")
    }],
    editions: &[Edition {
        version: "2005",
        released: "2005",
        marks: &[],
        last_year: 1992,
        rows: &[(RACES, 71)],
    }],
    coverage: |e| {
        let scope = "between strategic rivals: both grow in spending or in personnel by 8 percent or more for three years running";
        vec![Coverage::all("arms_races", 1816, e.last_year).about(scope)]
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let mut keys = Keys::default();
    out.begin("arms_races");
    for row in files.rows(RACES) {
        let race = row.need("race_id")?;
        let key = format!("race_id={race}");
        keys.add(&row, &key)?;
        let (one, two) = (row.need_state("ccode1")?, row.need_state("ccode2")?);
        let year = |year| When { year: Some(year), ..When::default() };
        let (start, end) = (year(row.need_year("styear")?), year(row.need_year("endyear")?));
        row.forwards(start, end)?;
        for (ccode, rival, way) in [(one, two, ""), (two, one, " reversed")] {
            let mut cells = vec![
                ("race_id", race.to_string().into()),
                ("ccode", ccode.into()),
                ("rival", rival.into()),
            ];
            cells.extend(spell(start, end));
            out.push("arms_races", &cells, format!("{key}{way}"));
        }
    }
    Ok(())
}
