//! The policies that ship read, plan and pass the tests that stand inside them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use comity_policy::diagnostic::render_all;
use comity_policy::{SHIPPED, check, parse, test};

#[test]
fn shipped_policies_read_and_plan_without_a_word() {
    let record = comity_datasets::starter::record();
    for shipped in SHIPPED {
        let (policy, mut diagnostics) = parse(shipped.file, shipped.text);
        if let Some(policy) = &policy {
            assert_eq!(policy.id, shipped.id, "{}", shipped.file);
            diagnostics.extend(check(policy, &record));
        }
        let said = render_all(&diagnostics, shipped.file, shipped.text, false);
        assert!(policy.is_some() && diagnostics.is_empty(), "{said}");
    }
}

#[test]
fn shipped_policies_pass_the_tests_inside_them() {
    for shipped in SHIPPED {
        let (policy, _) = parse(shipped.file, shipped.text);
        let policy = policy.unwrap_or_else(|| panic!("{} cannot be read", shipped.file));
        let mut wrong = Vec::new();
        for result in test(&policy, &comity_datasets::starter::record()) {
            let at = format!("{} {} {}", shipped.id, result.commitment, result.case);
            wrong.extend(result.error.iter().map(|e| format!("{at}: {e}")));
            wrong.extend(result.failures.iter().map(|f| {
                format!("{at}: {} in {} is {}, not {}", f.state, f.year, f.got, f.expected)
            }));
        }
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    }
}
