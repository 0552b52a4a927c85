//! The examples of `comity policy help` are policies that check and pass.

use comity_policy::guide::{KINDS, guide};
use comity_policy::{check, parse, test};

#[test]
fn every_example_is_a_policy_of_its_kind_that_checks_and_passes() {
    let record = comity_datasets::starter::record();
    for kind in KINDS {
        let example = guide(kind).example;
        let (policy, diagnostics) = parse("example.md", example);
        assert!(diagnostics.is_empty(), "{kind:?}: {diagnostics:?}");
        let policy = policy.unwrap();
        assert!(policy.commitments.iter().all(|c| c.kind == kind), "{kind:?}");
        let wrong = check(&policy, &record);
        assert!(wrong.is_empty(), "{kind:?}: {wrong:?}");
        let results = test(&policy, &record);
        assert!(results.iter().all(comity_policy::CaseResult::passed), "{kind:?}: {results:?}");
        assert_eq!(results.is_empty(), policy.commitments[0].cases.is_empty());
    }
}

#[test]
fn a_grade_that_is_none_is_refused_before_a_row_is_read() {
    let record = comity_datasets::starter::record();
    let codes = |kind: &str, columns: &str| -> Vec<&'static str> {
        let text = format!(
            "+++\nid = \"p\"\ntitle = \"P\"\n+++\n\n# A\n\n## B {{#b .{kind}}}\n\nProse.\n\n```sql evidence name=e\nselect ccode as state, year, {columns}, 'veto' as what, source, source_row from vetoes\n```\n"
        );
        let (policy, diagnostics) = parse("p.md", &text);
        assert!(!comity_policy::diagnostic::has_errors(&diagnostics), "{diagnostics:?}");
        check(&policy.unwrap(), &record)
            .iter()
            .map(|d| d.code)
            .filter(|c| *c == "result-grade")
            .collect()
    };
    assert_eq!(codes("refrain", "'bad' as severity"), ["result-grade"]);
    assert_eq!(
        codes("refrain", "case when year > 1990 then 'breach' else 'Strain' end as severity"),
        ["result-grade"]
    );
    assert_eq!(codes("perform", "'breach' as met"), ["result-grade"]);
    assert!(
        codes("refrain", "case when year > 1990 then 'breach' else 'mandated' end as severity")
            .is_empty()
    );
    assert!(codes("perform", "'strained' as met").is_empty());
    // What is not written in the query is known only from its rows.
    assert!(codes("refrain", "subject as severity").is_empty());
}
