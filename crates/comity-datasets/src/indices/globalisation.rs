//! KOF Globalisation Index: how globalised countries are, 1 to 100, by year: economically, socially and politically, in fact (de facto) and
//! by policies (de jure).
//!
//! Countries have the codes of the World Bank, of which five are not those of ISO 3166-1. Regions and groups of incomes have no state.

use std::sync::Arc;

use super::covered::Covered;
use crate::codes::Places;
use crate::dataset::{Dataset, Edition, FileKind, Files, Get};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::rows::Field;
use comity_record::source::Relation;

const YEARS: &str = "indices by country and year";
/// Part of a name, and what it is about.
const ABOUT: [(&str, &str); 9] = [
    ("", "globalisation"),
    ("ec", "economic globalisation"),
    ("tr", "trade globalisation"),
    ("fi", "financial globalisation"),
    ("so", "social globalisation"),
    ("ip", "interpersonal globalisation"),
    ("in", "informational globalisation"),
    ("cu", "cultural globalisation"),
    ("po", "political globalisation"),
];
/// End of a name, and what it means.
const ENDS: [(&str, &str); 3] = [("", ""), ("df", ", de facto"), ("dj", ", de jure")];
/// Codes of the World Bank that are not those of ISO 3166-1.
const OF_THE_WORLD_BANK: [(&str, &str); 5] =
    [("ADO", "AND"), ("ROM", "ROU"), ("TMP", "TLS"), ("WBG", "PSE"), ("ZAR", "COD")];

pub(crate) static DATASET: Dataset = Dataset {
    id: "kof",
    title: "KOF Globalisation Index",
    publisher: "KOF Swiss Economic Institute, ETH Zurich",
    citation: "Gygli, Savina, Florian Haelg, Niklas Potrafke and Jan-Egbert Sturm. 2019. The KOF Globalisation Index - Revisited. Review of International Organizations 14(3): 543-574; Dreher, Axel. 2006. Does Globalization Affect Growth? Evidence from a New Index of Globalization. Applied Economics 38(10): 1091-1110.",
    licence: "free with citation",
    url: "https://kof.ethz.ch/en/forecasts-and-indicators/indicators/kof-globalisation-index.html",
    get: Get::ByHand(
        "on its page download the data of the newest release (KOFGI_2024_public.xlsx)",
    ),
    relations: &[("indices", Relation::Complement)],
    proposed_as: None,
    tables: &["indices"],
    baseline: &[],
    files: &[FileKind {
        version: None,
        ..FileKind::new(
            YEARS,
            "code country year kofgi kofgidf kofgidj kofecgi kofecgidf kofecgidj koftrgi koftrgidf koftrgidj koffigi koffigidf koffigidj kofsogi kofsogidf kofsogidj kofipgi kofipgidf kofipgidj kofingi kofingidf kofingidj kofcugi kofcugidf kofcugidj kofpogi kofpogidf kofpogidj",
        )
    }],
    editions: &[Edition {
        version: "2024",
        released: "2024",
        marks: &[],
        last_year: 2022,
        rows: &[(YEARS, 11_395)],
    }],
    coverage: |_| Vec::new(),
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let places = Arc::clone(&files.places);
    let indices: Vec<(String, String, String)> = ABOUT
        .iter()
        .flat_map(|about| ENDS.iter().map(move |end| (about, end)))
        .map(|((part, about), (end, how))| {
            let name = format!("KOF{}GI{end}", capital(part));
            (name.to_lowercase(), name, format!("KOF index of {about}{how}, 1 to 100"))
        })
        .collect();
    let (mut keys, mut covered) = (Keys::default(), Covered::default());
    let filling =
        out.columns("indices", ["name", "title", "ccode", "code", "country", "year", "value"]);
    for row in files.rows(YEARS) {
        let code = row.text("code").ok_or_else(|| row.refuse("code", "a code of three letters"))?;
        let year = row.need_year("year")?;
        keys.add(&row, &format!("code={code} year={year}"))?;
        let ccode = placed(&places, code, year);
        for (column, name, title) in &indices {
            let Some(value) = row.float(column)? else { continue };
            match ccode {
                Some(ccode) => covered.add(name, ccode, year),
                None => out.unplaced("indices", "code", code),
            }
            let country = row.text("country");
            let fields = [
                Field::Text(name),
                Field::Text(title),
                ccode.into(),
                Field::Text(code),
                country.into(),
                year.into(),
                value.into(),
            ];
            out.put(&filling, fields, format_args!("code={code} year={year} {name}"));
        }
    }
    covered.claim("values of the index", out);
    Ok(())
}

fn placed(places: &Places, code: &str, year: i32) -> Option<i32> {
    let iso = OF_THE_WORLD_BANK.iter().find(|(bank, _)| *bank == code).map(|(_, iso)| *iso);
    places.from_iso3(iso.unwrap_or(code), year).or_else(|| places.from_iso3(code, year))
}

/// `ec` is written `Ec` within a name.
fn capital(part: &str) -> String {
    let mut letters = part.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
