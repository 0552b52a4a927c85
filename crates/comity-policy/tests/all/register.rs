//! The examples of the register of diagnostic codes: each gives its code, and its fix does not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use comity_policy::diagnostic::has_errors;
use comity_policy::register::CODES;
use comity_policy::{check, parse, test};

/// Codes whose example would be too long for a page, or that no document brings about by itself.
const WITHOUT: &[&str] =
    &["more", "no-session", "query-stuck", "too-deep", "too-large", "too-many-rows"];

const FRONT: &str = "+++\nid = \"example\"\ntitle = \"Example\"\nprinciples = [\"peace\"]\n+++\n\n";
const ARTICLE: &str = "# Article\n\n";
const HEADING: &str = "## Title {#title .refrain}\n\n";
const EVIDENCE: &str = "```sql evidence name=evidence\nselect ccode as state, year, 'breach' as severity, 'veto' as what, source, source_row from vetoes\n```\n\n";

/// The snippet of a page with what stands around it in a document.
fn document(snippet: &str) -> String {
    let evidence = if snippet.contains("sql evidence") { "" } else { EVIDENCE };
    match snippet {
        s if s.starts_with("+++") || s.starts_with("---") => {
            format!("{s}\n\n{ARTICLE}{HEADING}{EVIDENCE}")
        }
        s if s.starts_with("# ") => format!("{FRONT}{s}\n"),
        s if s.starts_with("##") => format!("{FRONT}{ARTICLE}{s}\n"),
        s => format!("{FRONT}{ARTICLE}{HEADING}{evidence}{s}\n"),
    }
}

fn fence(page: &str, section: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("\n## {section}\n\n~~~~markdown\n"))?;
    Some(rest.split("\n~~~~\n").next()?.to_owned())
}

/// Every code that parsing, checking and testing give.
fn codes(text: &str) -> BTreeSet<&'static str> {
    let (policy, mut diagnostics) = parse("page.md", text);
    if let Some(policy) = &policy {
        diagnostics.extend(check(policy, &comity_datasets::starter::record()));
        if !has_errors(&diagnostics) {
            return diagnostics
                .iter()
                .map(|d| d.code)
                .chain(
                    test(policy, &comity_datasets::starter::record())
                        .iter()
                        .filter_map(comity_policy::CaseResult::code),
                )
                .collect();
        }
    }
    diagnostics.iter().map(|d| d.code).collect()
}

#[test]
fn every_example_gives_its_code_and_its_fix_does_not() {
    for code in CODES {
        let example = fence(code.page, "Example");
        assert_eq!(example.is_none(), WITHOUT.contains(&code.name), "{}", code.name);
        let Some(example) = example else { continue };
        let example = match code.name {
            // The one page about what stands above it.
            "no-article" => format!("{FRONT}{example}\n"),
            _ => document(&example),
        };
        let found = codes(&example);
        assert!(found.contains(code.name), "{}: {found:?}\n{example}", code.name);
        let fix = document(&fence(code.page, "Fix").unwrap());
        let found = codes(&fix);
        assert!(!found.contains(code.name), "the fix of {}: {found:?}\n{fix}", code.name);
        assert!(
            found.iter().all(|c| matches!(*c, "idle-sql" | "no-given")),
            "the fix of {} has other faults: {found:?}\n{fix}",
            code.name
        );
    }
}

#[test]
fn codes_without_an_example_are_given_by_what_their_pages_say() {
    let of = |body: &str| codes(&format!("{FRONT}{ARTICLE}{HEADING}{EVIDENCE}{body}"));
    assert!(of(&"### a {#b .refrain}\n".repeat(120)).contains("more"));
    assert!(of(&format!("{} text\n", ">".repeat(60))).contains("too-deep"));
    assert!(of(&"# a\n".repeat(2_100)).contains("too-large"));
    let rows = "2 | 1950 | S/1\n".repeat(2_001);
    let table = format!("```given case=a table=vetoes\nccode | year | draft\n{rows}```\n");
    assert!(of(&table).contains("too-many-rows"));
}
