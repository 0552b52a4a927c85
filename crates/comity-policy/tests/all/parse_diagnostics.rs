//! What is said of documents that are wrong. Each case is a fault put into one good document.

#![allow(clippy::unwrap_used)]

use comity_policy::diagnostic::{has_errors, render_all};
use comity_policy::parse;

const GOOD: &str = r#"+++
id = "short"
title = "Short"
principles = ["sovereignty"]
+++
# One
## No pledge {#no-pledge .refrain principles="sovereignty"}
```sql evidence name=pledged
select 1
```
```given case=a table=pledges source=atop
ccode | start      | defense
710   | 1950-02-14 | true
```
```expect case=a
state | year | verdict
710   | 1951 | broken
```
"#;

/// The codes and places (`code line:column`) that `fault` in place of `good` brings.
fn faults(good: &str, fault: &str) -> Vec<String> {
    assert!(GOOD.contains(good), "{good}");
    codes(&GOOD.replacen(good, fault, 1))
}

fn codes(text: &str) -> Vec<String> {
    let (_, diagnostics) = parse("p.md", text);
    let index = comity_policy::diagnostic::LineIndex::new(text);
    for d in &diagnostics {
        assert!(d.help.is_some(), "no way out: {d:?}");
    }
    diagnostics
        .iter()
        .map(|d| {
            let (line, column) = index.position(d.span.start);
            format!("{} {line}:{column}", d.code)
        })
        .collect()
}

fn same(fault: &str, found: &[String], codes: &[&str]) {
    assert_eq!(found, codes, "{fault}");
}

fn shown(good: &str, fault: &str) -> String {
    assert!(GOOD.contains(good), "{good}");
    let text = GOOD.replacen(good, fault, 1);
    render_all(&parse("p.md", &text).1, "p.md", &text, false)
}

#[test]
fn the_document_without_a_fault_is_good() {
    assert_eq!(codes(GOOD), [""; 0]);
}

#[test]
fn front_matter() {
    for (good, fault, codes) in [
        ("+++\nid", "---\nid", vec!["no-front-matter 1:1"]),
        ("\n+++\n# One", "\n# One", vec!["unclosed-front-matter 1:1"]),
        ("id = \"short\"\n", "", vec!["missing-key 1:1"]),
        ("title = \"Short\"\n", "", vec!["missing-key 1:1"]),
        ("title =", "titel =", vec!["missing-key 1:1", "unknown-key 3:1"]),
        ("id = \"short\"", "id = \"Short one\"", vec!["bad-id 2:6"]),
        ("title = \"Short\"", "title = 3", vec!["bad-value 3:9"]),
        ("principles =", "holder = \"China\"\nprinciples =", vec!["bad-holder 4:10"]),
        ("principles =", "adopted = \"1949-13-01\"\nprinciples =", vec!["bad-date 4:11"]),
        ("principles =", "adopted = 1949-10-01T00:00:00\nprinciples =", vec!["bad-date 4:11"]),
        ("[\"sovereignty\"]", "\"sovereignty\"", vec!["bad-value 4:14", "unknown-principle 7:47"]),
        (
            "[\"sovereignty\"]",
            "[\"sovereignty\", \"sovereignty\"]",
            vec!["duplicate-principle 4:30"],
        ),
    ] {
        same(fault, &faults(good, fault), &codes);
    }
    for malformed in
        ["title = Short", "title = \"Short", "title", "adopted = 1949-02-30\ntitle = \"S\""]
    {
        let found = faults("title = \"Short\"", malformed);
        assert!(found[0].starts_with("malformed-front-matter 3:"), "{malformed}: {found:?}");
    }
}

#[test]
fn headings() {
    for (good, fault, codes) in [
        (" .refrain", "", vec!["missing-kind 7:4"]),
        (
            " {#no-pledge .refrain principles=\"sovereignty\"}",
            "",
            vec![
                "no-commitments 1:1",
                "outside-commitment 8:4",
                "outside-commitment 11:4",
                "outside-commitment 15:4",
            ],
        ),
        (".refrain", ".refrain .goal", vec!["two-kinds 7:35"]),
        (".refrain", ".refrian", vec!["unknown-class 7:26"]),
        (".refrain", "refrain", vec!["missing-kind 7:4", "unknown-attribute 7:26"]),
        ("#no-pledge ", "", vec!["missing-id 7:4"]),
        ("#no-pledge", "#No_Pledge", vec!["missing-id 7:4", "bad-id 7:15"]),
        (".refrain", ".pursue", vec!["missing-better 7:4"]),
        (".refrain", ".pursue better=more", vec!["bad-value 7:41"]),
        (".refrain", ".refrain better=lower", vec!["unknown-attribute 7:42"]),
        ("principles=\"sov", "principle=\"sov", vec!["unknown-attribute 7:46"]),
        ("\"sovereignty\"}", "\"sovereignity\"}", vec!["unknown-principle 7:47"]),
        ("sovereignty\"}", "sovereignty\"", vec!["unclosed-attributes 7:14"]),
        ("sovereignty\"}", "sovereignty}", vec!["unclosed-quote 7:35"]),
        (
            "## No",
            "### No",
            vec![
                "no-commitments 1:1",
                "wrong-level 7:5",
                "outside-commitment 8:4",
                "outside-commitment 11:4",
                "outside-commitment 15:4",
            ],
        ),
        ("# One\n", "", vec!["no-article 6:4"]),
        ("# One", "# One {.objection}", vec!["unknown-class 6:8"]),
        ("```sql evidence name=pledged\nselect 1\n```\n", "", vec!["missing-evidence 7:4"]),
    ] {
        let mut found = faults(good, fault);
        found.sort_by_key(|c| {
            c.split(' ')
                .nth(1)
                .map(|p| p.split(':').map(|n| n.parse().unwrap()).collect::<Vec<u32>>())
        });
        same(fault, &found, &codes);
    }
    let watch = GOOD.split("```sql").next().unwrap().replace(".refrain", ".watch");
    assert_eq!(codes(&watch), [""; 0], "a watch may have no evidence");
}

#[test]
fn versions() {
    let with = |first: &str, second: &str| {
        let (head, rest) = GOOD.split_at(GOOD.find("## No").unwrap());
        let second = rest
            .split("```given")
            .next()
            .unwrap()
            .replace(".refrain", &format!(".refrain {second}"));
        codes(&format!("{head}{}{second}", rest.replace(".refrain", &format!(".refrain {first}"))))
    };
    assert_eq!(with("in-force=\"1949..1979\"", "in-force=\"1980..\""), [""; 0]);
    assert_eq!(with("in-force=\"1980..\"", "in-force=\"..1979\""), [""; 0]);
    for (first, second, code) in [
        ("", "", "duplicate-id 19:15"),
        ("in-force=\"1949..\"", "", "duplicate-id 19:15"),
        ("in-force=\"1949..1979\"", "in-force=\"1985..\"", "version-years 19:45"),
        ("in-force=\"1949..1979\"", "in-force=\"1979..\"", "version-years 19:45"),
        ("in-force=\"1949..\"", "in-force=\"1980..\"", "version-years 19:45"),
        ("in-force=\"1949..1979\"", "in-force=\"80..\"", "bad-years 19:45"),
    ] {
        same(second, &with(first, second), &[code]);
    }
}

#[test]
fn blocks() {
    for (good, fault, codes) in [
        ("sql evidence", "sql evidnce", vec!["unknown-block 8:8"]),
        ("sql evidence", "SQL evidence", vec!["unknown-block 8:4"]),
        ("sql evidence", "evidence", vec!["unknown-block 8:4"]),
        ("sql evidence name=pledged", "sql", vec!["missing-evidence 7:4", "idle-sql 8:4"]),
        (" name=pledged", "", vec!["missing-attribute 8:4"]),
        ("name=pledged", "name=pledged lokback=3", vec!["unknown-attribute 8:30"]),
        ("name=pledged", "name=pledged name=b", vec!["duplicate-attribute 8:30"]),
        ("name=pledged", "name=pledged lookback=-1", vec!["bad-value 8:39"]),
        ("name=pledged", "name=pledged supplementary=yes", vec!["bad-value 8:44"]),
        ("name=pledged", "name=pledged uses=\"no-plege\"", vec!["unknown-commitment 8:36"]),
        ("name=pledged", "name=pledged uses=no-pledge", vec!["circle 8:35"]),
        ("select 1\n", "", vec!["empty-query 8:4"]),
        (
            "```sql evidence",
            "```sql evidence name=pledged\nselect 2\n```\n```sql evidence",
            vec!["duplicate-name 11:22"],
        ),
        (
            "```sql evidence",
            "```sql helper name=pledges\nselect 2\n```\n```sql evidence",
            vec!["bad-name 8:20"],
        ),
        (
            "```sql evidence",
            "```sql helper name=state_years\nselect 2\n```\n```sql evidence",
            vec!["bad-name 8:20"],
        ),
        (
            "```sql evidence",
            "```sql helper name=a-b\nselect 2\n```\n```sql evidence",
            vec!["bad-name 8:20"],
        ),
        ("broken\n```", "broken", vec!["unclosed-fence 15:4"]),
        (
            "```sql evidence name=pledged\nselect 1\n```",
            "- ```sql evidence name=pledged\n  select 1\n  ```",
            vec!["missing-evidence 7:4", "nested-block 8:6"],
        ),
        ("```given case=a", "```given case=b", vec!["no-expect 11:15", "no-given 15:4"]),
        ("```given case=a", "```givn case=a", vec!["unknown-block 11:4", "no-given 15:4"]),
    ] {
        same(fault, &faults(good, fault), &codes);
    }
    assert_eq!(faults("```expect", "```json\n{}\n```\n```\nno\n```\n```expect"), [""; 0]);
}

#[test]
fn tables() {
    for (good, fault, codes) in [
        ("table=pledges", "table=pledge_years", vec!["unknown-table 11:23"]),
        ("source=atop", "source=atop coverage=1955..1949", vec!["bad-value 11:52"]),
        ("source=atop", "source=atop units=CHN", vec!["bad-value 11:49"]),
        ("| defense", "| defence", vec!["unknown-column 12:22"]),
        ("| defense", "| ccode", vec!["duplicate-column 12:22", "bad-cell 13:22"]),
        ("| start     ", "| partner   ", vec!["no-time 11:4", "bad-cell 13:9"]),
        ("1950-02-14 | true", "1950-02-30 | true", vec!["bad-cell 13:9"]),
        ("1950-02-14 | true", "1950-02-14 | yes", vec!["bad-cell 13:22"]),
        ("1950-02-14 | true", "1950-02-14", vec!["wrong-cells 13:1"]),
        ("710   | 1950-02-14", "CHN   | 1950-02-14", vec!["bad-cell 13:1"]),
        ("710   | 1950-02-14", "1..9  | 1950-02-14", vec!["bad-cell 13:1"]),
        ("710   | 1950-02-14", "*     | 1950-02-14", vec![]),
        ("year | verdict", "jahr | verdict", vec!["missing-column 16:1", "unknown-column 16:9"]),
        ("1951 | broken", "1951 | breached", vec!["unknown-verdict 17:16"]),
        ("1951 | broken", "51 | broken", vec!["bad-cell 17:9"]),
        ("1951 | broken", "1951 | broken | x", vec!["wrong-cells 17:1"]),
        ("1951 | broken", "1951 | broken\n710 | 1950..1951 | kept", vec!["expected-twice 18:1"]),
    ] {
        same(fault, &faults(good, fault), &codes);
    }
}

#[test]
fn what_a_reader_sees() {
    assert_eq!(
        shown("| defense", "| defence"),
        "error[unknown-column]: no column `defence` in `pledges`
  --> p.md:12:22
   |
12 | ccode | start      | defence
   |                      ^^^^^^^
   |
   = help: did you mean `defense`?
"
    );
    assert_eq!(
        shown(".refrain", ".refrain .goal"),
        "error[two-kinds]: a second kind
 --> p.md:7:35
  |
7 | ## No pledge {#no-pledge .refrain .goal principles=\"sovereignty\"}
  |                                   ^^^^^
7 | ## No pledge {#no-pledge .refrain .goal principles=\"sovereignty\"}
  |                          -------- the first
  |
  = help: a commitment has one kind: `.refrain`, `.perform`, `.pursue`, `.goal` or `.watch`
"
    );
}

#[test]
fn several_faults_are_told_at_once() {
    let text = GOOD
        .replace("title =", "titel =")
        .replace("evidence", "evidnce")
        .replace("true", "maybe")
        .replace("broken", "borken");
    assert_eq!(codes(&text).len(), 5, "{:?}", codes(&text));
    assert!(has_errors(&parse("p.md", &text).1));
}

#[test]
fn hostile_documents_get_an_answer() {
    let head = GOOD.split("# One").next().unwrap();
    let many = "## a {#x .refrain}\n".repeat(20_000);
    let (_, diagnostics) = parse("p.md", &format!("{head}# One\n{many}"));
    assert!(diagnostics.len() <= 101, "{}", diagnostics.len());
    for body in [
        ">".repeat(500_000),
        "- ".repeat(250_000),
        "[".repeat(500_000),
        "*a ".repeat(150_000),
        "`".repeat(500_000),
        "{#".repeat(250_000),
        format!("# {}", "{#a ".repeat(100_000)),
        "|\n".repeat(200_000),
        format!("```given case=a table=pledges\n{}\n```", "|".repeat(500_000)),
        "\u{1b}[31m\0\n".repeat(50_000),
    ] {
        let (_, diagnostics) = parse("p.md", &format!("{head}{body}"));
        assert!(has_errors(&diagnostics), "{}", &body[..10]);
    }
    let (policy, diagnostics) = parse("p.md", &"a".repeat(2 << 20));
    assert!(policy.is_none());
    assert_eq!(diagnostics[0].code, "too-large");
    let years = "1 | 1500..1900 | kept\n".repeat(1_000);
    let text = GOOD.replace("710   | 1951 | broken\n", &years);
    assert!(codes(&text).iter().any(|c| c.starts_with("too-large")));
}
