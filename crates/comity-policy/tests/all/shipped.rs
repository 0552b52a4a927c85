//! The policies that ship read, plan and pass the tests that stand inside them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use comity_policy::diagnostic::render_all;
use comity_policy::{SHIPPED, check, parse, test};
use comity_record::schema::table as table_of;

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

/// The document with, in each `given` table, a copy of its first plain row for every column that may be null (its documentation says so),
/// in which that column is empty.
fn with_gaps(text: &str) -> String {
    let mut out = Vec::new();
    let mut given: Option<(&str, Vec<&str>)> = None;
    for line in text.lines() {
        match &mut given {
            Some((table, rows)) if line.starts_with("```") => {
                out.extend(gaps(table, rows));
                given = None;
            }
            Some((_, rows)) => rows.push(line),
            None if line.starts_with("```given") => {
                let table = line.split_whitespace().find_map(|word| word.strip_prefix("table="));
                given = Some((table.unwrap_or_default(), Vec::new()));
            }
            None => {}
        }
        out.push(line.to_owned());
    }
    out.join("\n")
}

fn gaps(table: &str, rows: &[&str]) -> Vec<String> {
    let (Some(table), [head, data @ ..]) = (table_of(table), rows) else { return Vec::new() };
    let plain = data.iter().find(|row| !row.contains('*') && !row.contains(".."));
    let Some(row) = plain.or(data.first()) else { return Vec::new() };
    let cells: Vec<&str> = row
        .split('|')
        .map(|cell| if cell.trim() == "*" { "2" } else { cell.split("..").next().unwrap().trim() })
        .collect();
    let may_be_null = |(_, name): &(usize, &str)| {
        table.column(name.trim()).is_some_and(|column| column.doc.contains("null"))
    };
    let without = |(gap, _): (usize, &str)| {
        let but = cells.iter().enumerate().map(|(at, cell)| if at == gap { "" } else { *cell });
        but.collect::<Vec<_>>().join(" | ")
    };
    head.split('|').enumerate().filter(may_be_null).map(without).collect()
}

/// A row that lacks what its table may lack (a party that is no state, a day that is not known) never ends an audit.
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
