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

/// The document with, in each `given` table, a copy of its first plain row for every column, in which that column is empty: what a file
/// with gaps gives.
fn with_gaps(text: &str) -> String {
    let mut out = Vec::new();
    let mut given: Option<Vec<&str>> = None;
    for line in text.lines() {
        match &mut given {
            Some(rows) if line.starts_with("```") => {
                out.extend(gaps(rows));
                given = None;
            }
            Some(rows) => rows.push(line),
            None if line.starts_with("```given") => given = Some(Vec::new()),
            None => {}
        }
        out.push(line.to_owned());
    }
    out.join("\n")
}

fn gaps(rows: &[&str]) -> Vec<String> {
    let data = rows.get(1..).unwrap_or_default();
    let plain = data.iter().find(|row| !row.contains(['*']) && !row.contains(".."));
    let Some(row) = plain.or(data.first()) else { return Vec::new() };
    let cells: Vec<&str> = row
        .split('|')
        .map(|cell| if cell.trim() == "*" { "2" } else { cell.split("..").next().unwrap().trim() })
        .collect();
    let but = |gap: usize| {
        let cell =
            |(n, cell): (usize, &&str)| if n == gap { String::new() } else { (*cell).to_owned() };
        cells.iter().enumerate().map(cell).collect::<Vec<_>>()
    };
    (0..cells.len())
        .map(but)
        .filter(|row| row.iter().any(|cell| !cell.is_empty()))
        .map(|row| row.join(" | "))
        .collect()
}

/// A row without a state, a year or any other value is left out or leaves its year undecided: it never ends an audit.
#[test]
fn no_gap_in_a_row_ends_a_shipped_policy() {
    for shipped in SHIPPED {
        let text = with_gaps(shipped.text);
        assert!(text.len() > shipped.text.len(), "{} has no examples", shipped.file);
        let (policy, said) = parse(shipped.file, &text);
        let policy =
            policy.unwrap_or_else(|| panic!("{}", render_all(&said, shipped.file, &text, false)));
        let wrong: Vec<String> = test(&policy, &comity_datasets::starter::record())
            .iter()
            .filter_map(|r| Some(format!("{} {}: {}", r.commitment, r.case, r.error.as_ref()?)))
            .collect();
        assert!(wrong.is_empty(), "{} end:\n{}", wrong.len(), wrong.join("\n"));
    }
}
