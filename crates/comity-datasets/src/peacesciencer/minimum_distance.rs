//! Minimum distances between states, 1886-2019, as computed from CShapes 2.0 for the R package peacesciencer.
//!
//! Published by pair and year, most of it the same as the year before: read as spells of one distance, in both directions.
//! There is a file by Correlates of War code and one by Gleditsch-Ward number; the second stands in a table of its own (`gw_distance`).

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::{Output, spell};
use crate::row::When;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const DISTANCES: &str = "pairs and years";
const GW_DISTANCES: &str = "pairs and years (Gleditsch and Ward)";

pub(crate) static DATASET: Dataset = Dataset {
    id: "minimum-distance",
    title: "Minimum distances between states, 1886-2019",
    publisher: "Schvitz and others (CShapes 2.0); computed by Miller (R package peacesciencer)",
    citation: "Schvitz, Guy, Luc Girardin, Seraina Rüegger, Nils B. Weidmann, Lars-Erik Cederman and Kristian Skrede Gleditsch. 2022. Mapping the International System, 1886-2019: The CShapes 2.0 Dataset. Journal of Conflict Resolution 66(1): 144-161; Miller, Steven V. 2022. {peacesciencer}: An R Package for Quantitative Peace Science Research. Conflict Management and Peace Science 39(6): 755-779.",
    licence: "CC BY-NC-SA 4.0 (CShapes); the package is GPL-2",
    url: "https://svmiller.com/peacesciencer/reference/cow_mindist.html",
    get: Get::Files(&[
        Download { url: crate::peacesciencer_file!("cow_mindist"), sha256: None },
        Download { url: crate::peacesciencer_file!("gw_mindist"), sha256: None },
    ]),
    relations: &[("distance", Relation::Complement)],
    proposed_as: None,
    tables: &[],
    baseline: &[],
    files: &[
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(DISTANCES, "ccode1 ccode2 year mindist")
        },
        FileKind {
            need: Need::Optional,
            version: None,
            ..FileKind::new(GW_DISTANCES, "gwcode1 gwcode2 year mindist")
        },
    ],
    editions: &[Edition {
        version: "2019",
        released: "2021",
        marks: &[],
        last_year: 2019,
        rows: &[(DISTANCES, 952_244), (GW_DISTANCES, 871_034)],
    }],
    coverage: |e| ["distance", "gw_distance"].map(|t| Coverage::all(t, 1886, e.last_year)).into(),
    map,
};

/// A pair with one distance in an unbroken run of years.
struct Run {
    pair: (i32, i32),
    from: i32,
    to: i32,
    distance: f64,
}

/// How one of the two files and its table name the two states.
struct Form {
    role: &'static str,
    table: &'static str,
    published: [&'static str; 2],
    columns: [&'static str; 2],
}

const FORMS: [Form; 2] = [
    Form {
        role: DISTANCES,
        table: "distance",
        published: ["ccode1", "ccode2"],
        columns: ["ccode", "partner"],
    },
    Form {
        role: GW_DISTANCES,
        table: "gw_distance",
        published: ["gwcode1", "gwcode2"],
        columns: ["gwcode", "partner_gwcode"],
    },
];

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    for form in FORMS.iter().filter(|f| files.get(f.role).is_some()) {
        distances(files, form, out)?;
    }
    Ok(())
}

fn distances(files: &Files, form: &Form, out: &mut Output) -> Result<(), ReadError> {
    let mut found: Vec<(i32, i32, i32, f64)> = Vec::new();
    for row in files.rows(form.role) {
        let [one, two] = form.published.map(|column| row.need_state(column));
        let Some(distance) = row.float("mindist")?.filter(|d| *d >= 0.0) else {
            return Err(row.refuse("mindist", "a distance"));
        };
        found.push((one?, two?, row.need_year("year")?, distance));
    }
    found.sort_by_key(|(one, two, year, _)| (*one, *two, *year));
    let last = files.edition().last_year;
    out.begin(form.table);
    let mut run: Option<Run> = None;
    for (one, two, year, distance) in found {
        match &mut run {
            Some(r)
                if r.pair == (one, two)
                    && r.to + 1 == year
                    && r.distance.to_bits() == distance.to_bits() =>
            {
                r.to = year;
            }
            _ => {
                let next = Run { pair: (one, two), from: year, to: year, distance };
                if let Some(done) = run.replace(next) {
                    write(&done, last, form, out);
                }
            }
        }
    }
    if let Some(done) = run {
        write(&done, last, form, out);
    }
    Ok(())
}

fn write(run: &Run, last: i32, form: &Form, out: &mut Output) {
    let (one, two) = run.pair;
    let year = |year| When { year: Some(year), ..When::default() };
    let end = if run.to >= last { When::default() } else { year(run.to) };
    let ([first, second], [code, partner]) = (form.published, form.columns);
    let key = format!("{first}={one} {second}={two} year={}", run.from);
    for (state, other, way) in [(one, two, ""), (two, one, " reversed")] {
        let mut cells = vec![
            (code, state.into()),
            (partner, other.into()),
            ("minimum_km", run.distance.into()),
        ];
        cells.extend(spell(year(run.from), end));
        out.push(form.table, &cells, format!("{key}{way}"));
    }
}
