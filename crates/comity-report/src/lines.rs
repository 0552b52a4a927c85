//! An audit as lines of JSON: one per state and commitment, the verdicts as runs of years. `docs/audit-lines.md` describes a line.

use std::collections::BTreeMap;
use std::io::{self, Write};

use comity_policy::audit::{
    Answered, Audit, CommitmentAudit, GoalAudit, Looked, Missing, Report, Tally, YearValue,
    YearVerdict,
};
use comity_policy::document::Better;
use comity_policy::verdict::Verdict;
use serde::Serialize;

use crate::json;

/// The version of a line: extend, do not rename.
const VERSION: u32 = 2;

/// What a reader is given of one state and one commitment or goal.
#[derive(Serialize)]
struct Line<'a> {
    schema_version: u32,
    program: &'a str,
    policy: &'a str,
    policy_fingerprint: &'a str,
    record_fingerprint: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    without: &'a [(i32, i32)],
    ccode: i32,
    stateabb: &'a str,
    state: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    remarks: &'a [String],
    from: i32,
    to: i32,
    commitment: &'a str,
    article: &'a str,
    title: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    better: Option<Better>,
    judged: bool,
    /// Sources of each reading, in the order of `readings` of a run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<Sources<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    runs: Vec<Run<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<Values<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_rate: Option<Tally>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    looked: &'a [Looked],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    missing: &'a [Missing],
    #[serde(skip_serializing_if = "Option::is_none")]
    answered: Option<&'a Answered>,
}

#[derive(Serialize)]
struct Sources<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    sources: &'a [String],
}

/// Years in a row that are alike in all but their findings.
#[derive(Serialize)]
struct Run<'a> {
    from: i32,
    to: i32,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<Verdict>,
    covered: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    looked: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    broken_in: &'a [String],
    /// The verdict under each reading, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<Under>,
    /// How many findings these years have, by how grave they are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    findings: BTreeMap<&'static str, u32>,
}

/// The verdict under one reading.
#[derive(PartialEq, Eq, Serialize)]
struct Under {
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<Verdict>,
}

/// The values of one block, year by year; null where none is known.
#[derive(Serialize)]
struct Values<'a> {
    block: &'a str,
    from: i32,
    values: Vec<Option<f64>>,
}

/// Writes the lines of one state. `head` is the report that the audit is of; its own audits are not looked at.
///
/// # Errors
/// What writing can do.
pub fn write(head: &Report, audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    for commitment in &audit.commitments {
        json::value(&of_commitment(head, audit, commitment), false, out)?;
    }
    for goal in &audit.goals {
        json::value(&of_goal(head, audit, goal), false, out)?;
    }
    Ok(())
}

fn line<'a>(head: &'a Report, audit: &'a Audit) -> Line<'a> {
    Line {
        schema_version: VERSION,
        program: &head.program,
        policy: &head.policy.id,
        policy_fingerprint: &head.policy.fingerprint,
        record_fingerprint: &head.record.fingerprint,
        without: &head.without,
        ccode: audit.state.ccode,
        stateabb: &audit.state.abbr,
        state: &audit.state.name,
        remarks: &audit.remarks,
        from: audit.from,
        to: audit.to,
        commitment: "",
        article: "",
        title: "",
        kind: "goal",
        better: None,
        judged: false,
        readings: Vec::new(),
        runs: Vec::new(),
        values: Vec::new(),
        base_rate: None,
        looked: &[],
        missing: &[],
        answered: None,
    }
}

fn of_commitment<'a>(head: &'a Report, audit: &'a Audit, c: &'a CommitmentAudit) -> Line<'a> {
    // The rates by reading name the readings that bear on the commitment, in the order of its verdicts; where there is one it is the first.
    let id = |at: usize| match c.base_rates.get(at) {
        Some(rate) => Some(rate.reading.as_str()),
        None => head.record.readings.get(at).filter(|_| at == 0).map(|r| r.id.as_str()),
    };
    let readings = c.verdicts.first().map_or(&[][..], |v| &v.readings);
    let sources = |(at, r): (usize, &'a comity_policy::audit::ReadingVerdict)| Sources {
        id: id(at),
        sources: &r.sources,
    };
    Line {
        commitment: &c.id,
        article: &c.article,
        title: &c.title,
        kind: c.kind.name(),
        better: c.better,
        judged: c.judged,
        readings: readings.iter().enumerate().map(sources).collect(),
        runs: runs(c),
        values: values(&c.values, (audit.from, audit.to)),
        base_rate: c.judged.then_some(c.base_rate),
        looked: &c.looked,
        missing: &c.missing,
        answered: Some(&c.answered),
        ..line(head, audit)
    }
}

fn of_goal<'a>(head: &'a Report, audit: &'a Audit, goal: &'a GoalAudit) -> Line<'a> {
    Line {
        commitment: &goal.id,
        article: &goal.article,
        title: &goal.title,
        better: goal.better,
        values: values(&goal.values, (audit.from, audit.to)),
        ..line(head, audit)
    }
}

fn runs(c: &CommitmentAudit) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for v in &c.verdicts {
        let next = run(v);
        match runs.last_mut() {
            Some(last) if last.to + 1 == v.year && last.is_like(&next) => last.to = v.year,
            _ => runs.push(next),
        }
    }
    for finding in &c.findings {
        let at = runs.partition_point(|run| run.to < finding.year);
        if let Some(run) = runs.get_mut(at).filter(|run| run.from <= finding.year) {
            *run.findings.entry(finding.severity.name()).or_default() += 1;
        }
    }
    runs
}

fn run(v: &YearVerdict) -> Run<'_> {
    let several = v.readings.len() > 1;
    let under = v.readings.iter().filter(|_| several);
    Run {
        from: v.year,
        to: v.year,
        verdict: v.verdict,
        at_least: v.at_least,
        covered: v.covered,
        looked: v.looked,
        broken_in: &v.broken_in,
        readings: under.map(|r| Under { verdict: r.verdict, at_least: r.at_least }).collect(),
        findings: BTreeMap::new(),
    }
}

impl Run<'_> {
    fn is_like(&self, other: &Self) -> bool {
        let said = |r: &Self| (r.verdict, r.at_least, r.covered, r.looked);
        said(self) == said(other)
            && self.broken_in == other.broken_in
            && self.readings == other.readings
    }
}

/// Values by block, from the first to the last year that has one.
fn values(values: &[YearValue], (from, to): (i32, i32)) -> Vec<Values<'_>> {
    let mut by: BTreeMap<&str, BTreeMap<i32, f64>> = BTreeMap::new();
    for v in values.iter().filter(|v| (from..=to).contains(&v.year)) {
        by.entry(&v.block).or_default().insert(v.year, v.value);
    }
    by.into_iter()
        .filter_map(|(block, years)| {
            let (first, last) = (*years.keys().next()?, *years.keys().next_back()?);
            let values = (first..=last).map(|year| years.get(&year).copied()).collect();
            Some(Values { block, from: first, values })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::fixture;

    fn lines(change: impl FnOnce(&mut Report)) -> Vec<Value> {
        let mut report = fixture::report();
        change(&mut report);
        let mut bytes = Vec::new();
        for audit in &report.audits {
            write(&report, audit, &mut bytes).unwrap();
        }
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn a_line_is_one_state_and_commitment_and_says_every_year_once() {
        let report = fixture::report();
        let lines = lines(|_| ());
        let audit = &report.audits[0];
        assert_eq!(lines.len(), audit.commitments.len() + audit.goals.len());
        for (line, c) in lines.iter().zip(&audit.commitments) {
            assert_eq!((&line["schema_version"], &line["ccode"]), (&2.into(), &710.into()));
            assert_eq!(line["commitment"], c.id);
            let mut said = Vec::new();
            for run in line["runs"].as_array().unwrap_or(&Vec::new()) {
                for year in run["from"].as_i64().unwrap()..=run["to"].as_i64().unwrap() {
                    said.push((year, run["verdict"].as_str().unwrap().to_owned()));
                }
            }
            let wanted: Vec<_> =
                c.verdicts.iter().map(|v| (v.year.into(), v.verdict.name().to_owned())).collect();
            assert_eq!(said, wanted);
        }
        let first = &lines[0];
        assert_eq!(first["runs"][1]["verdict"], "broken");
        assert_eq!(
            (&first["runs"][1]["from"], &first["runs"][1]["to"]),
            (&1950.into(), &1959.into())
        );
    }

    #[test]
    fn findings_are_counted_in_the_run_of_their_year() {
        let report = fixture::report();
        let c = &report.audits[0].commitments[0];
        let line = &lines(|_| ())[0];
        let counted: u64 = line["runs"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|run| run["findings"].as_object())
            .flat_map(|f| f.values().filter_map(Value::as_u64))
            .sum();
        assert_eq!(counted as usize, c.findings.len());
    }

    #[test]
    fn a_year_that_differs_in_more_than_its_findings_is_a_run_of_its_own() {
        let many = |lines: &[Value]| lines[0]["runs"].as_array().unwrap().len();
        let before = many(&lines(|_| ()));
        let changed = |change: fn(&mut YearVerdict)| {
            let of_1955 = |report: &mut Report| {
                let verdicts = &mut report.audits[0].commitments[0].verdicts;
                change(verdicts.iter_mut().find(|v| v.year == 1955).unwrap());
            };
            many(&lines(of_1955))
        };
        assert_eq!(changed(|v| v.covered = !v.covered), before + 2);
        assert_eq!(changed(|v| v.at_least = Some(Verdict::Strained)), before + 2);
        assert_eq!(changed(|v| v.broken_in = vec!["treaties=x".into()]), before + 2);
        assert_eq!(
            changed(|v| v.readings = [v.readings.clone(), v.readings.clone()].concat()),
            before + 2
        );
    }

    #[test]
    fn values_that_are_not_known_are_null_in_their_year() {
        let value = |year: i32, value: f64| YearValue {
            block: "share".into(),
            year,
            value,
            percentile: None,
            spread: None,
            trend: None,
            of_size: None,
        };
        let all = [value(1950, 0.5), value(1952, 0.25), value(1960, 1.0)];
        let made = values(&all, (1950, 1955));
        assert_eq!(
            (made[0].from, made[0].values.as_slice()),
            (1950, &[Some(0.5), None, Some(0.25)][..])
        );
    }
}
