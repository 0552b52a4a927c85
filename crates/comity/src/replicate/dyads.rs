use arrow::compute::concat_batches;
use comity_measures::models::references;

use super::{Given, Line, Place, Replication};
use crate::models::{Model, Request, estimate};
use crate::{Error, PanelRequest};

pub(super) const DANGEROUS_DYADS: Replication = Replication {
    name: "bremer-1992",
    about: "onsets of disputes between politically relevant dyads, 1816-2010 (logit): the design of Bremer (1992) on the onsets of Gibler, Miller & Little, as the vignette of peacesciencer 1.1.9 shows it (Miller 2025)",
    needs: "a record with COW states, GML disputes, contiguity, NMC, ATOP, democracy and GDP estimates",
    differences: "the democracy scores are those of a later release, on another scale (their coefficient and the constant differ with it), and decide for 25 rows whether a value is missing",
    reference: references::DANGEROUS_DYADS,
    run,
};

const FORMULA: &str = "gmlmidonset ~ I(conttype == 1) + I(min(cinc1, cinc2)/max(cinc1, cinc2)) \
    + I(max(cowmaj1, cowmaj2)) + atop_defense + I(min(aeuds1, aeuds2)) \
    + twosd(min(mrgdppc1, mrgdppc2)) + twosd(min(milper1/tpop1, milper2/tpop2)) \
    + gmlmidspell + I(gmlmidspell^2) + I(gmlmidspell^3)";

/// Term, published coefficient and error, and how far ours may be.
const PUBLISHED: [(&str, &str, &str, &str, f64); 8] = [
    ("land contiguity", "I(conttype==1)", "1.057", ".058", 0.005),
    ("CINC ratio", "I(min(cinc1,cinc2)/max(cinc1,cinc2))", "1.055", ".082", 0.005),
    ("a major power", "I(max(cowmaj1,cowmaj2))", ".113", ".059", 0.005),
    ("defence pact", "atop_defense", "-.132", ".058", 0.005),
    ("weak-link democracy", "I(min(aeuds1,aeuds2))", "-.272", ".032", 0.02),
    ("t", "gmlmidspell", "-.146", "", 0.001),
    ("t^2", "I(gmlmidspell^2)", ".003", "", 0.001),
    ("constant", "constant", "-3.517", "", 0.1),
];

fn run(given: &Given<'_>) -> Result<Vec<Line>, Error> {
    let groups = [
        "disputes:gml",
        "contiguity",
        "majors",
        "relevance",
        "nmc",
        "democracy",
        "gdp",
        "pledges:atop",
        "peace-years",
    ];
    let request = PanelRequest {
        unit: "dyad-years".into(),
        years: Some("1816-2010".into()),
        with: groups.map(String::from).to_vec(),
        // Peace years are counted over the rows that are kept.
        keep: vec!["prd=1".into()],
        gaps: "rows".into(),
        ..PanelRequest::default()
    };
    let panel = given.record.panel(request)?;
    let batches = panel.batches()?;
    let table = concat_batches(&panel.schema(), &batches).map_err(|e| Error::new(e.to_string()))?;
    let request = Request { formula: FORMULA.into(), ..Request::of(Model::Logit) };
    let fit = estimate(&table, &request)?.fit;
    let place = Place { table: "bremer-example.html", model: "logit" };
    let rows = Line { tolerance: 50.0, ..place.value("N", fit.rows as f64, "106056") };
    let mut lines = vec![rows];
    for (name, term, coefficient, error, tolerance) in PUBLISHED {
        for line in place.terms(&fit, &[(term, coefficient, error)])? {
            let tolerance = tolerance.min(if line.what == "std_error" { 0.003 } else { 1.0 });
            lines.push(Line { term: name.to_owned(), tolerance, ..line });
        }
    }
    Ok(lines)
}
