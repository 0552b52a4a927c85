//! A policy document read: what it becomes.

#![allow(clippy::unwrap_used)]

use comity_policy::document::{Better, Kind, Wanted};
use comity_policy::parse::{NO_YEARS, normalise};
use comity_policy::verdict::Verdict;
use comity_policy::{fingerprint, parse, template};

const WHOLE: &str = r#"+++
id = "two-things"
title = "Two things"
holder = "CHN"
adopted = 1949-10-01
principles = ["sovereignty", "equality"]
+++

Before everything.

# First {.objections}

Prose of the article.

## Plain heading

Still prose.

# Second

```sql helper name=defended
select 1
```

## No pledge {#no-pledge .refrain principles="sovereignty" in-force="1949..1979"}

Old words.

```sql evidence name=pledged lookback=3 source=atop-4.01 supplementary=true
select 2
```

More words.

```text
shown
```

```given case=a table=pledges source=atop coverage=none units=710,2
| ccode | partner | start      | defense |
|-------|---------|------------|---------|
| *     | 365     | 1950-02-14 |         |
```

```expect case=a
verdict | state | year
kept    | 710   | 1950..1952
```

## No pledge at all {#no-pledge .refrain principles="equality" in-force="1980.."}

```sql applies
select 3
```

```sql evidence name=pledged
select 4
```

## More aid {#aid .pursue better=higher}

```sql evidence name=aid uses="no-pledge"
select 5
```
"#;

#[test]
fn everything_lands_where_it_belongs() {
    let (policy, diagnostics) = parse("p.md", WHOLE);
    assert_eq!(diagnostics, [], "{diagnostics:#?}");
    let policy = policy.unwrap();
    assert_eq!(policy.id, "two-things");
    assert_eq!(policy.holder.as_deref(), Some("CHN"));
    assert_eq!(policy.adopted.as_deref(), Some("1949-10-01"));
    let titles: Vec<&str> = policy.articles.iter().map(|a| a.title.as_str()).collect();
    assert_eq!(titles, ["Preamble", "First", "Second"]);
    assert_eq!(policy.articles[1].classes, ["objections"]);
    assert_eq!(
        policy.articles[1].prose,
        "Prose of the article.\n\n## Plain heading\n\nStill prose."
    );
    assert_eq!(policy.articles[2].commitments, [0, 1]);
    assert_eq!(policy.helpers[0].name, "defended");

    let pledge = &policy.commitments[0];
    assert_eq!((pledge.kind, pledge.title.as_str()), (Kind::Refrain, "No pledge at all"));
    let years: Vec<_> = pledge.versions.iter().map(|v| (v.from, v.to)).collect();
    assert_eq!(years, [(Some(1949), Some(1979)), (Some(1980), None)]);
    let old = &pledge.versions[0];
    assert_eq!(old.prose, "Old words.\n\nMore words.\n\n```text\nshown\n```");
    let block = &old.evidence[0];
    assert_eq!((block.lookback, block.supplementary), (3, true));
    assert_eq!(block.source.as_deref(), Some("atop-4.01"));
    assert_eq!(block.query.sql, "select 2\n");
    assert_eq!(&policy.text[block.query.span.start..block.query.span.end], "select 2\n");
    assert_eq!(pledge.versions[1].applies[0].sql, "select 3\n");

    let case = &pledge.cases[0];
    assert_eq!(case.given[0].coverage, Some(NO_YEARS));
    assert_eq!(case.given[0].units, [710, 2]);
    assert_eq!(case.given[0].rows.len(), 1);
    assert_eq!(case.given[0].rows[0].0, ["*", "365", "1950-02-14", ""]);
    let expected: Vec<_> = case.expect.iter().map(|e| (e.state, e.year, e.wanted)).collect();
    assert_eq!(expected, [1950, 1951, 1952].map(|y| (710, y, Wanted::Verdict(Verdict::Kept))));
    let aid = &policy.commitments[1];
    assert_eq!((aid.kind, aid.better), (Kind::Pursue, Some(Better::Higher)));
    assert_eq!(aid.versions[0].evidence[0].uses, ["no-pledge"]);
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let plain = parse("p.md", WHOLE).0.unwrap();
    for other in [
        format!("\u{feff}{}", WHOLE.replace('\n', "\r\n")),
        WHOLE.replace('\n', "\r"),
        WHOLE.replace('\n', "  \n") + "\n\n  \n",
    ] {
        let (policy, diagnostics) = parse("p.md", &other);
        assert_eq!(diagnostics, []);
        let policy = policy.unwrap();
        assert_eq!(policy.text, normalise(&other));
        assert_eq!(fingerprint(&policy), fingerprint(&plain));
    }
    let changed = parse("p.md", &WHOLE.replace("select 4", "select 6")).0.unwrap();
    assert_ne!(fingerprint(&changed), fingerprint(&plain));
    assert_eq!(fingerprint(&plain).len(), 64);
}

#[test]
fn the_template_is_a_policy() {
    let (policy, diagnostics) = parse("new.md", template());
    assert_eq!(diagnostics, [], "{diagnostics:#?}");
    assert_eq!(policy.unwrap().commitments[0].cases[0].expect.len(), 4);
}

#[test]
fn a_fingerprint_is_the_sha_256_of_the_text_and_of_nothing_that_the_program_makes_of_it() {
    // As `sha256sum` gives it for the file with these bytes.
    let text = "+++\nid = \"a\"\ntitle = \"Ä\"\n+++\n\n# A\n\nText.\n";
    let wanted = "0e4ba6a17894d8ad7aaaf692369a4c7315a9675b8bb8f18014df09822917ed57";
    assert_eq!(fingerprint(&parse("p.md", text).0.unwrap()), wanted);
    assert_eq!(fingerprint(&parse("q.md", &text.replace('\n', " \r\n")).0.unwrap()), wanted);
}
