//! A small made-up policy and report that the renderers are tried on, with hostile text in it.

use std::collections::BTreeMap;

use comity_policy::audit::{
    Answered, Audit, CommitmentAudit, Finding, GoalAudit, Missing, PolicyHead, Reach, ReadingHead,
    ReadingRate, ReadingVerdict, RecordHead, Report, Severity, SourceHead, StateHead, Tally,
    YearValue, YearVerdict,
};
use comity_policy::document::{
    Article, Better, Commitment, Evidence, Kind, Policy, Query, Span, Version,
};
use comity_policy::verdict::Verdict;

use super::{Change, Extra, Page};

/// Prose that tries everything a page must not let through.
pub const HOSTILE: &str = "The state *ties its defence* to no great power.\n\n\
<script>alert(1)</script> <img src=x onerror=alert(2)>\n\n\
[a](javascript:alert(3)) [b](https://example.org/?a=1&b=\"2\") ![picture](https://example.org/p.png) \
[c](data:text/html;base64,AAAA) [d](//example.org/x) <javascript:alert(4)>\n\n\
<div onclick=\"x()\">raw</div>\n\n\
| a | b |\n|---|---|\n| 1 | `<b>` |\n";

fn version(prose: &str, sql: &str) -> Version {
    Version {
        title: "v".into(),
        from: Some(1949),
        to: None,
        prose: prose.into(),
        applies: Vec::new(),
        evidence: vec![Evidence {
            name: "pledged".into(),
            query: Query { sql: sql.into(), span: Span::default() },
            lookback: 0,
            source: None,
            supplementary: false,
            uses: Vec::new(),
            exempts: Vec::new(),
            decides: Vec::new(),
            promises: Vec::new(),
            magnitude: comity_policy::Scale::parse("1: a pledge of defence"),
            bar: None,
        }],
    }
}

fn commitment(id: &str, title: &str, article: usize, kind: Kind) -> Commitment {
    Commitment {
        watch: None,
        id: id.into(),
        title: title.into(),
        article,
        kind,
        better: matches!(kind, Kind::Pursue | Kind::Goal).then_some(Better::Higher),
        principles: vec!["sovereignty".into()],
        versions: vec![version(
            HOSTILE,
            "select p.ccode as state\nfrom pledge_years p where 1 < 2",
        )],
        cases: Vec::new(),
        span: Span::default(),
    }
}

/// The policy.
pub fn policy() -> Policy {
    let article =
        |title: &str, id: &str, class: &str, prose: &str, commitments: Vec<usize>| Article {
            title: title.into(),
            id: id.into(),
            classes: if class.is_empty() { Vec::new() } else { vec![class.into()] },
            prose: prose.into(),
            commitments,
        };
    Policy {
        acts: Vec::new(),
        thresholds: Vec::new(),
        id: "independent-peace".into(),
        title: "An independent <foreign> policy of peace".into(),
        holder: Some("CHN".into()),
        adopted: Some("1949-10-01".into()),
        principles: vec!["sovereignty".into(), "coexistence".into()],
        articles: vec![
            article("Independence", "independence", "", "It stands *alone*.", vec![0]),
            article("Friendly relations", "friendly", "", "With all.", vec![1]),
            article("Goals", "goals", "", "Beside.", vec![2]),
            article(
                "What people will object to",
                "objections",
                "objections",
                "* *Self-defence*: a strain.",
                vec![],
            ),
            article(
                "Not operational",
                "not-operational",
                "not-operational",
                "What peoples desire.",
                vec![],
            ),
        ],
        commitments: vec![
            commitment(
                "no-great-power-alliance",
                "No alliance with a great power",
                0,
                Kind::Refrain,
            ),
            commitment("relations-with-all", "Relations with all", 1, Kind::Pursue),
            commitment("independence-kept", "Independence", 2, Kind::Goal),
        ],
        helpers: Vec::new(),
        file: "independent-peace.md".into(),
        text: String::new(),
    }
}

fn finding(year: i32, severity: Severity, what: &str) -> Finding {
    Finding {
        year,
        severity,
        other: Some(365),
        other_abbr: Some("RUS".into()),
        other_handle: Some("RUS".into()),
        what: what.into(),
        magnitude: Some(1.0),
        label: Some("defense".into()),
        also: None,
        block: "pledged".into(),
        reading: "baseline".into(),
        source: "atop-4.01".into(),
        source_row: "atopid=3200 member=710 partner=365".into(),
        event: None,
    }
}

fn values() -> Vec<YearValue> {
    (1949..=1969)
        .filter(|y| *y != 1957)
        .map(|year| {
            let value = 0.2 + f64::from(year - 1949) * 0.02;
            YearValue {
                block: "share".into(),
                year,
                value,
                percentile: Some(0.3 + f64::from(year - 1949) * 0.01),
                spread: Some([0.1, 0.2, 0.35, 0.5, 0.8]),
                trend: None,
                of_size: None,
            }
        })
        .collect()
}

fn reading(source: &str, verdict: Verdict) -> ReadingVerdict {
    ReadingVerdict { sources: vec![source.into()], verdict, at_least: None }
}

/// A year that is fully covered where its verdict is known.
pub fn year(year: i32, verdict: Verdict, readings: Vec<ReadingVerdict>) -> YearVerdict {
    YearVerdict {
        year,
        verdict,
        at_least: None,
        covered: verdict != Verdict::Unknown,
        looked: false,
        broken_in: Vec::new(),
        readings,
    }
}

/// Answered to a year; one dataset reaches further.
fn answered_to(year: i32) -> Answered {
    let reach = Reach { dataset: "atop".into(), version: "5.1".into(), to: 2018 };
    Answered {
        last_year: Some(year),
        last_covered: Some(year),
        looked_to: None,
        moved_by: vec![reach],
    }
}

/// The report.
pub fn report() -> Report {
    use Verdict::{Broken, Contested, Kept, Strained, Unknown};
    let verdict = |year: i32| match year {
        1950..=1959 => Broken,
        1963 => Strained,
        1964 => Contested,
        1968.. => Unknown,
        _ => Kept,
    };
    let verdicts = |f: &dyn Fn(i32) -> Verdict| -> Vec<YearVerdict> {
        (1949..=1969)
            .map(|at| {
                let readings = if at == 1964 {
                    vec![reading("atop-4.01", Kept), reading("cow-alliances-4.1", Broken)]
                } else {
                    vec![reading("atop-4.01", f(at))]
                };
                year(at, f(at), readings)
            })
            .collect()
    };
    let mut findings: Vec<Finding> =
        (1950..=1959).map(|y| finding(y, Severity::Breach, "Sino-Soviet treaty")).collect();
    findings.push(finding(1963, Severity::Strain, "=HYPERLINK(\"x\") <b>\u{1b}[31m"));
    findings.push(Finding {
        reading: "treaties=cow-alliances-4.1".into(),
        ..finding(1964, Severity::Breach, "pact")
    });
    Report {
        schema_version: 1,
        program: "comity 0.1.0".into(),
        policy: PolicyHead {
            id: "independent-peace".into(),
            title: "An independent <foreign> policy of peace".into(),
            fingerprint: "ab".repeat(32),
            holder: Some("CHN".into()),
            adopted: Some("1949-10-01".into()),
        },
        record: RecordHead {
            fingerprint: "cd".repeat(32),
            sources: vec![SourceHead {
                id: "atop-4.01".into(),
                title: "Alliance Treaty Obligations & Provisions".into(),
                version: "4.01".into(),
                publisher: "Leeds et al.".into(),
                citation:
                    "Leeds, B. A., et al. (2002). Alliance Treaty Obligations and Provisions."
                        .into(),
                licence: "free for research".into(),
                url: "javascript:alert(5)".into(),
                coverage: vec!["pledges 1815–2018, all states".into()],
                notes: vec!["3460 is a wide conference".into()],
                unreviewed: false,
            }],
            readings: vec![ReadingHead { id: "baseline".into(), choices: BTreeMap::new() }],
        },
        audits: vec![Audit {
            state: StateHead {
                ccode: 710,
                abbr: "CHN".into(),
                handle: "CHN".into(),
                name: "China".into(),
            },
            from: 1949,
            to: 1969,
            remarks: vec!["710 is the People's Republic from October 1949.".into()],
            commitments: vec![
                CommitmentAudit {
                    id: "no-great-power-alliance".into(),
                    article: "independence".into(),
                    title: "No alliance with a great power".into(),
                    kind: Kind::Refrain,
                    better: None,
                    judged: true,
                    principles: vec!["sovereignty".into()],
                    verdicts: verdicts(&verdict),
                    findings,
                    values: Vec::new(),
                    base_rate: Tally {
                        kept: 460,
                        strained: 100,
                        broken: 430,
                        unknown: 12,
                        ..Tally::default()
                    },
                    base_rates: vec![rate("baseline", 430), rate("treaties=other-1", 389)],
                    looked: Vec::new(),
                    sources: vec!["atop-4.01".into()],
                    answered: answered_to(1967),
                    missing: vec![Missing {
                        table: "pledges".into(),
                        block: "pledged".into(),
                        from: 1968,
                        to: 1969,
                        answered_by: vec!["atop".into(), "cow-alliances".into()],
                    }],
                },
                CommitmentAudit {
                    id: "relations-with-all".into(),
                    article: "friendly".into(),
                    title: "Relations with all".into(),
                    kind: Kind::Pursue,
                    better: Some(Better::Higher),
                    judged: true,
                    principles: vec!["coexistence".into()],
                    verdicts: verdicts(&|y| if y < 1960 { Strained } else { Kept }),
                    findings: Vec::new(),
                    values: values(),
                    base_rate: Tally { kept: 500, strained: 250, broken: 250, ..Tally::default() },
                    base_rates: Vec::new(),
                    looked: Vec::new(),
                    sources: vec!["atop-4.01".into()],
                    answered: Answered { moved_by: Vec::new(), ..answered_to(1969) },
                    missing: Vec::new(),
                },
            ],
            goals: vec![GoalAudit {
                id: "independence-kept".into(),
                article: "goals".into(),
                title: "Independence".into(),
                better: Some(Better::Higher),
                values: values(),
                sources: vec!["atop-4.01".into()],
            }],
        }],
        without: vec![(710, 713)],
    }
}

fn rate(reading: &str, broken: u32) -> ReadingRate {
    let rate = Tally { kept: 900 - broken, strained: 100, broken, ..Tally::default() };
    ReadingRate { reading: reading.into(), rate }
}

/// What the command would add.
pub fn extra() -> Extra {
    Extra {
        changes: vec![Change {
            state: StateHead {
                ccode: 710,
                abbr: "CHN".into(),
                handle: "CHN".into(),
                name: "China".into(),
            },
            commitment: "no-great-power-alliance".into(),
            year: 1955,
            before: Verdict::Broken,
            after: Verdict::Kept,
        }],
        names: [(710, "CHN".to_owned()), (713, "TAW".to_owned())].into(),
        repeat: String::new(),
        unread: Vec::new(),
        open: None,
        holder: None,
        expected: crate::Expectations {
            missing: vec!["wars: nothing is known of them".into()],
            all: vec![crate::Expected {
                state: "China".into(),
                what: "disputes",
                years: (1950, 1960),
                observed: 9,
                geography: crate::Around { expected: 4.26, interval: (1, 8) },
                full: crate::Around { expected: 8.1, interval: (3, 15) },
                left_out: 5,
            }],
        },
        evidence: true,
    }
}

/// Runs `check` on the page of the fixture.
pub fn with_page<T>(check: impl FnOnce(Page<'_>) -> T) -> T {
    let (policy, report, extra) = (policy(), report(), extra());
    check(Page { policy: &policy, report: &report, extra: &extra })
}
