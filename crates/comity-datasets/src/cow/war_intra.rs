//! COW Intra-State Wars 5.1: civil, regional and inter-communal wars inside states.
//!
//! Side A has the government where one fights; other sides are names. `Outcome` speaks of side A. Who began is published as
//! a name, and coded for the government only where that name is the one of a side.

use super::wars::{VERSION_5, Wars, participant, spells};
use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::{Keys, Missing, Row};
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

const WARS: &str = "wars";

pub(crate) static DATASET: Dataset = Dataset {
    id: "cow-war-intra",
    title: "Intra-State War Data",
    publisher: "Correlates of War Project (Dixon and Sarkees)",
    citation: "Dixon, Jeffrey S. and Meredith Reid Sarkees. 2016. A Guide to Intra-state Wars: An Examination of Civil, Regional, and Intercommunal Wars, 1816-2014. Thousand Oaks: CQ Press.",
    licence: super::terms::TERMS,
    url: "https://correlatesofwar.org/data-sets/cow-war/",
    get: Get::Files(&[Download {
        url: "https://correlatesofwar.org/wp-content/uploads/Intra-State-Wars-v5.1.zip",
        sha256: None,
    }]),
    relations: &[("wars", Relation::Complement)],
    proposed_as: Some("cow-war"),
    tables: &["wars", "war_parties"],
    baseline: &[],
    files: &[
        FileKind {
            missing: &[
                Missing { columns: &[], codes: &["-9", "-8"] },
                Missing { columns: &["enddy1"], codes: &["?"] },
            ],
            years: "startyr1 endyr1 endyr2 endyr3 endyr4",
            ..FileKind::new(
                WARS,
                "warnum warname v5regionnum wartype ccodea sidea sideb intnl startmo1 startdy1 startyr1 endmo1 enddy1 endyr1 startmo2 startdy2 startyr2 endmo2 enddy2 endyr2 startmo3 startdy3 startyr3 endmo3 enddy3 endyr3 startmo4 startdy4 startyr4 endmo4 enddy4 endyr4 wduratdays wduratmo totnatmonwar transfrom initiator outcome transto deathssidea deathssideb totalbdeaths version",
            )
        },
        FileKind {
            need: Need::Nothing(
                "wars are read from the list of wars; the states that joined them from outside stand only here and are not read yet",
            ),
            open: true,
            ..FileKind::new(
                "participants",
                "warnum warname v5region wartype ccodea sidea ccodeb sideb intnl startmo1 startdy1 startyr1 endmo1 enddy1 endyr1 version",
            )
        },
    ],
    editions: &[Edition {
        version: "5.1",
        released: "2020",
        marks: &["5.1"],
        last_year: 2014,
        rows: &[(WARS, 420)],
    }],
    coverage: |e| {
        let claim = |table, scope| {
            Coverage::all(table, 1816, e.last_year).about(scope).only("war_type", &["intra-state"])
        };
        vec![
            claim("wars", "wars inside states with 1,000 battle deaths in a year"),
            // `war_type` is a column of the wars: this answers for them alone, and says how far the open ones go.
            claim(
                "war_parties",
                "governments that fight on side A of a war inside a state; states that join from outside are not named",
            ),
        ]
    },
    map,
};

const KINDS: [&str; 4] = ["central-control", "local-issues", "regional", "inter-communal"];
const REGIONS: [&str; 6] = [
    "North America",
    "South America",
    "Europe",
    "Sub-Saharan Africa",
    "Middle East and North Africa",
    "Asia and Oceania",
];

fn named(
    row: &Row<'_>,
    column: &str,
    first: i32,
    names: &[&'static str],
) -> Result<Option<&'static str>, ReadError> {
    let code = row.code(column, first..=first + names.len() as i32 - 1)?;
    Ok(code.and_then(|c| names.get((c - first) as usize).copied()))
}

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    let (mut wars, mut keys, mut others) = (Wars::default(), Keys::default(), 0);
    out.begin("war_parties");
    for row in files.rows(WARS) {
        let number = row.text("warnum").ok_or_else(|| row.refuse("warnum", "a war's number"))?;
        let key = format!("warnum={number}");
        keys.add(&row, &key)?;
        let spells = spells(&row, &VERSION_5)?;
        let (a, b) = (row.text("sidea"), row.text("sideb"));
        let initiator = row.text("initiator");
        let outcome = row.code("outcome", 1..=7)?;
        let about = [
            ("name", row.text("warname").into()),
            ("war_type", "intra-state".into()),
            ("kind", named(&row, "wartype", 4, &KINDS)?.into()),
            ("region", named(&row, "v5regionnum", 1, &REGIONS)?.into()),
            ("internationalized", row.flag("intnl")?.into()),
            ("side_a", a.into()),
            ("side_b", b.into()),
            ("initiator_name", initiator.into()),
            ("outcome", outcome.into()),
            ("deaths_a", row.int("deathssidea")?.into()),
            ("deaths_b", row.int("deathssideb")?.into()),
            ("deaths", row.int("totalbdeaths")?.into()),
            ("continues", row.text("transfrom").into()),
            ("continued_as", row.text("transto").into()),
        ];
        wars.add(number, &about, &spells);
        let Some(ccode) = row.code("ccodea", 1..=9999)? else { continue };
        let began = initiator.and_then(|who| match who {
            who if Some(who) == a => Some(true),
            who if Some(who) == b => Some(false),
            _ => None,
        });
        others += usize::from(began.is_none());
        let cells = [
            ("war_id", number.into()),
            ("ccode", ccode.into()),
            ("side", 1.into()),
            ("initiator", began.into()),
            ("outcome", outcome.into()),
        ];
        let key = format!("{key} ccodea={ccode}");
        participant(&cells, row.int("deathssidea")?, &spells, &key, out);
    }
    wars.finish(out);
    out.note(format!(
        "{others} governments are not said to have begun or not begun the war: the one who did is named otherwise than the two sides (initiator_name)"
    ));
    out.note(
        "States that joined from outside (internationalized) are not named in the list of wars",
    );
    Ok(())
}
