//! Ideal points of states from votes in the General Assembly (Bailey, Strezhnev and Voeten 2017), April 2020: from all votes, and by issue.
//!
//! Session 1 is of 1946 and so on; in session 19 (1964) there were no votes.

use crate::dataset::{Dataset, Download, Edition, FileKind, Files, Get, Need};
use crate::error::ReadError;
use crate::output::Output;
use crate::row::Keys;
use comity_record::coverage::Coverage;
use comity_record::source::Relation;

/// The variants: the name of the issue, and what the columns of its file end with.
const ISSUES: [(&str, &str); 6] = [
    ("all", ""),
    ("no-nukes", "nonukes"),
    ("human-rights", "humanrights"),
    ("middle-east", "middleeast"),
    ("nuclear", "nuclear"),
    ("important", "important"),
];

const AGREEMENT: &str = "scores of one state alone, computed from the votes, as is done here";

pub(crate) static DATASET: Dataset = Dataset {
    id: "un-ideal-points",
    title: "United Nations General Assembly ideal points",
    publisher: "Voeten, Strezhnev and Bailey",
    citation: "Bailey, Michael A., Anton Strezhnev and Erik Voeten. 2017. Estimating Dynamic State Preferences from United Nations Voting Data. Journal of Conflict Resolution 61(2): 430-456.",
    licence: "CC0 1.0",
    url: "https://doi.org/10.7910/DVN/LEJUQZ",
    get: Get::Files(&[
        Download {
            url: "https://raw.githubusercontent.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a738593319a57b91333b7a3cab/Output/IdealpointestimatesAll_Apr2020.csv",
            sha256: Some("9757b73a770355f4be8fa306afc15fb552dd9338ac14022436d9f198307596de"),
        },
        Download {
            url: "https://raw.githubusercontent.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a738593319a57b91333b7a3cab/Output/IdealpointestimatesNoNukes_Apr2020.csv",
            sha256: Some("359d67744a90e4f509bdb7a55b32f6826b478a40cfed39e824c5684ab1d6e19f"),
        },
        Download {
            url: "https://raw.githubusercontent.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a738593319a57b91333b7a3cab/Output/IdealpointestimatesHumanRights_Apr2020.csv",
            sha256: Some("89822da97df1949e50f8b056295bd35e3692bff38597647bd2a7947dfcc23a19"),
        },
        Download {
            url: "https://raw.githubusercontent.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a738593319a57b91333b7a3cab/Output/IdealpointestimatesMiddleEast_Apr2020.csv",
            sha256: Some("1c363d58e88c331b246b4681a87437b5a31d49f52bdb0dfe4637e6a2f55a0841"),
        },
        Download {
            url: "https://raw.githubusercontent.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a738593319a57b91333b7a3cab/Output/IdealpointestimatesNuclear_Apr2020.csv",
            sha256: Some("16ae8b1e051b317c6249d64cb1772519176ffb58c66bc3c385407b8cda5ca7f5"),
        },
        Download {
            url: "https://raw.githubusercontent.com/evoeten/United-Nations-General-Assembly-Votes-and-Ideal-Points/a6dce7ec687f73a738593319a57b91333b7a3cab/Output/IdealpointestimatesImportant_Apr2020.csv",
            sha256: Some("31afe460fe57b397d9f2a67dc59d76c49de577c93e0bb053e34239e5a025c2ba"),
        },
    ]),
    relations: &[("ideal_points", Relation::Complement)],
    proposed_as: None,
    tables: &["ideal_points"],
    baseline: &[],
    files: &[
        FileKind {
            version: None,
            optional: "row",
            ..FileKind::new(
                "all",
                "ccode session nvotes idealpoint qo% q5% q10% q50% q90% q95% q100% iso3c countryname",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            optional: "row",
            ..FileKind::new(
                "no-nukes",
                "ccode session nvotesnonukes idealpointnonukes qo%nonukes q5%nonukes q10%nonukes q50%nonukes q90%nonukes q95%nonukes q100%nonukes iso3c countryname",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            optional: "row",
            ..FileKind::new(
                "human-rights",
                "ccode session nvoteshumanrights idealpointhumanrights qo%humanrights q5%humanrights q10%humanrights q50%humanrights q90%humanrights q95%humanrights q100%humanrights iso3c countryname",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            optional: "row",
            ..FileKind::new(
                "middle-east",
                "ccode session nvotesmiddleeast idealpointmiddleeast qo%middleeast q5%middleeast q10%middleeast q50%middleeast q90%middleeast q95%middleeast q100%middleeast iso3c countryname",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            optional: "row",
            ..FileKind::new(
                "nuclear",
                "ccode session nvotesnuclear idealpointnuclear qo%nuclear q5%nuclear q10%nuclear q50%nuclear q90%nuclear q95%nuclear q100%nuclear iso3c countryname",
            )
        },
        FileKind {
            need: Need::Optional,
            version: None,
            optional: "row",
            ..FileKind::new(
                "important",
                "ccode session nvotesimportant idealpointimportant qo%important q5%important q10%important q50%important q90%important q95%important q100%important iso3c countryname",
            )
        },
        FileKind {
            need: Need::Nothing(
                "pairs of roll calls that the estimation holds to be the same question",
            ),
            version: None,
            ..FileKind::new("matches", "v1 rcid1 rcid2")
        },
        FileKind {
            need: Need::Nothing(AGREEMENT),
            version: None,
            open: true,
            ..FileKind::new(
                "agreement of one state with the others",
                "ccode1 ccode2 agree year idealpoint.x idealpoint.y idealpointdistance",
            )
        },
        FileKind {
            need: Need::Nothing(AGREEMENT),
            version: None,
            open: true,
            ..FileKind::new(
                "agreement of one state with the others (stevedata)",
                "ccode1 ccode2 year agree v_agree kappa ip1 ip2 ipd",
            )
        },
    ],
    editions: &[Edition {
        version: "2020-04",
        released: "2020-04",
        marks: &[],
        last_year: 2019,
        rows: &[
            ("all", 10_469),
            ("no-nukes", 10_468),
            ("human-rights", 8_440),
            ("middle-east", 7_896),
            ("nuclear", 7_203),
            ("important", 6_443),
        ],
    }],
    coverage: |e| {
        [(1946, 1963), (1965, e.last_year)]
            .map(|(from, to)| Coverage::all("ideal_points", from, to).only("issue", &["all"]))
            .into()
    },
    map,
};

fn map(files: &Files, out: &mut Output) -> Result<(), ReadError> {
    out.begin("ideal_points");
    for (issue, suffix) in ISSUES {
        let column = |name: &str| format!("{name}{suffix}");
        let mut keys = Keys::default();
        for row in files.rows(issue) {
            let (ccode, session) = (row.need_state("ccode")?, row.need("session")?);
            let key = format!("issue={issue} ccode={ccode} session={session}");
            keys.add(&row, &key)?;
            let cells = [
                ("ccode", ccode.into()),
                ("session", session.into()),
                ("year", (1945 + session).into()),
                ("issue", issue.into()),
                ("point", row.float(&column("idealpoint"))?.into()),
                ("low", row.float(&column("q5%"))?.into()),
                ("high", row.float(&column("q95%"))?.into()),
                ("votes", row.int(&column("nvotes"))?.into()),
            ];
            out.push("ideal_points", &cells, key);
        }
    }
    Ok(())
}
