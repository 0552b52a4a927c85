//! Verdicts as rows on the published datasets, against an audit of all states.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use comity_policy::verdict::Verdict;
use comity_policy::{Options, SHIPPED, evaluate, parse};

use crate::published;

#[test]
#[cfg_attr(not(published), ignore = "needs ../shared/data")]
fn rows_count_what_an_audit_of_all_states_counts() {
    let policy = parse(SHIPPED[0].file, SHIPPED[0].text).0.unwrap();
    let record = published::first();
    let evaluation = evaluate(&record, &policy, &Options::default()).unwrap();
    let states = evaluation.all_states(None, None);
    let system = record.states().unwrap();
    let (mut audited, mut found): (BTreeMap<(String, Verdict), u32>, _) = (BTreeMap::new(), 0);
    evaluation
        .audits(&states, (None, None), 4, |audit| {
            for c in &audit.commitments {
                let there = |v: &&_| -> bool {
                    let v: &comity_policy::audit::YearVerdict = v;
                    system.is_member(audit.state.ccode, v.year)
                };
                for v in c.verdicts.iter().filter(there) {
                    *audited.entry((c.id.clone(), v.verdict)).or_default() += 1;
                }
                found += c.findings.len();
            }
            Ok::<_, comity_policy::Error>(())
        })
        .unwrap();
    let mut rows: BTreeMap<(String, Verdict), u32> = BTreeMap::new();
    for row in evaluation.verdict_rows(&[], None, None).unwrap() {
        *rows.entry((row.commitment.to_string(), row.verdict)).or_default() += 1;
    }
    assert_eq!(rows, audited);
    assert!(rows.values().sum::<u32>() > 200_000, "{rows:?}");
    let findings = evaluation.finding_rows(&[], None, None).unwrap();
    assert_eq!(findings.len(), found);
}
