//! `comity record coverage`: in which years silence means something, table by table, and to which year the commitments of a policy are
//! answered, for one state or all.

use std::fmt::Write as _;

use comity_record::schema::TABLES;
use comity_record::{Record, TableCoverage};

use comity_policy::AnsweredAnywhere;
use comity_policy::audit::CommitmentAudit;
use comity_report::Form;

use super::{BOLD, DIM};
use crate::exit::{Exit, Trouble};
use crate::given::{self, RecordArgs, RunArgs};
use crate::output;
use comity_report::plain::{clean, width};
use comity_report::{terminal, words};

/// A run of years and the sources that cover it.
struct Run {
    from: i32,
    to: i32,
    sources: Vec<String>,
}

/// To which year a commitment is answered, in words and for programs.
struct Line {
    commitment: String,
    words: String,
    json: serde_json::Value,
}

pub(super) fn run(
    state: Option<&str>,
    args: &RecordArgs,
    policy: &str,
    format: Form,
) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let state = state.map(|s| given::state_in(&record, s, None)).transpose()?;
    let baseline = record.baseline();
    let mut tables = Vec::new();
    for t in TABLES.iter().filter(|t| !t.structural) {
        let coverage = record.coverage(t.name, &baseline);
        tables.push((t.name, runs(&record, &coverage, state)));
    }
    let commitments = answered(&record, policy, state)?;
    if format == Form::Json {
        let list: Vec<_> = tables
            .iter()
            .map(|(name, runs)| {
                let runs: Vec<_> = runs
                    .iter()
                    .map(|r| serde_json::json!({"from": r.from, "to": r.to, "sources": r.sources}))
                    .collect();
                serde_json::json!({"table": name, "covered": runs})
            })
            .collect();
        let all = serde_json::json!({
            "schema_version": 1,
            "state": state,
            "tables": list,
            "policy": policy,
            "commitments": commitments.iter().map(|l| l.json.clone()).collect::<Vec<_>>(),
        });
        output::write(&format!("{}\n", serde_json::to_string_pretty(&all)?))?;
        return Ok(Exit::Done);
    }
    let mut out = String::new();
    if let Some(code) = state {
        let name = record.states()?.name(code, record.last_year());
        let _ = writeln!(out, "{BOLD}{} ({code}){BOLD:#}, under the baseline", clean(&name));
    }
    let (known, none): (Vec<_>, Vec<_>) =
        tables.into_iter().partition(|(_, runs)| !runs.is_empty());
    for (name, runs) in known {
        let _ = writeln!(out, "  {name}");
        for r in runs {
            let line = format!("{}–{}  {}", r.from, r.to, r.sources.join(", "));
            terminal::lines(&mut out, &line, width(), "    ");
        }
    }
    if !none.is_empty() {
        let names: Vec<&str> = none.iter().map(|(n, _)| *n).collect();
        let _ = writeln!(out, "\nNothing is known in {DIM}(silence means nothing there){DIM:#}:");
        terminal::lines(&mut out, &names.join(", "), width(), "  ");
    }
    let _ =
        writeln!(out, "\nCommitments of {} {DIM}(the last year answered){DIM:#}:", clean(policy));
    for line in commitments {
        let text = format!("{}: {}", line.commitment, line.words);
        terminal::lines(&mut out, &clean(&text), width(), "  ");
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

/// The commitments of a policy, each with the last year in which it is answered for the state, or for any.
fn answered(record: &Record, policy: &str, state: Option<i32>) -> Result<Vec<Line>, Trouble> {
    let run = RunArgs { policy: policy.to_owned(), ..RunArgs::default() };
    let policy = run.policy(record)?;
    let options = run.options(record, &[], None)?;
    let evaluation = comity_policy::evaluate(record, &policy, &options)
        .map_err(|e| given::block_error(&policy, e))?;
    let Some(state) = state else {
        let of_all = evaluation.answered_anywhere();
        return Ok(of_all.into_iter().map(of_any_state).collect());
    };
    let report = evaluation.report(&[state], None, None)?;
    let commitments = report.audits.into_iter().flat_map(|a| a.commitments);
    let line = |c: CommitmentAudit| -> Result<Line, Trouble> {
        let mut json = serde_json::to_value(&c.answered)?;
        json["id"] = c.id.clone().into();
        Ok(Line { words: words::answered(&c.answered), commitment: c.id, json })
    };
    commitments.map(line).collect()
}

fn of_any_state(all: AnsweredAnywhere) -> Line {
    let words = match all.last_year {
        Some(year) => {
            format!("answered to {year}, for {}", words::plural(all.states, "state", "states"))
        }
        None => "answered in no year for any state".to_owned(),
    };
    let json = serde_json::json!({
        "id": all.commitment, "last_year": all.last_year, "states": all.states,
    });
    Line { commitment: all.commitment, words, json }
}

/// The years of the system, joined where the same sources cover them. A claim about some rows only is left out of
/// what covers a whole table, and named with its rows.
fn runs(record: &Record, coverage: &TableCoverage, state: Option<i32>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for year in 1816..=record.last_year() {
        let mut sources: Vec<String> = coverage
            .entries()
            .iter()
            .filter(|(_, c)| !c.context && (c.from..=c.to).contains(&year))
            .filter(|(_, c)| state.is_none_or(|s| c.units.contain(s)))
            .map(|(id, c)| {
                let only: Vec<String> = c
                    .only
                    .values()
                    .map(|v| v.iter().cloned().collect::<Vec<_>>().join(", "))
                    .collect();
                if only.is_empty() {
                    id.clone()
                } else {
                    format!("{id} ({} only)", only.join("; "))
                }
            })
            .collect();
        sources.sort();
        sources.dedup();
        if sources.is_empty() {
            continue;
        }
        match runs.last_mut() {
            Some(last) if last.to + 1 == year && last.sources == sources => last.to = year,
            _ => runs.push(Run { from: year, to: year, sources }),
        }
    }
    runs
}
