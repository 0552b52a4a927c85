//! Any text at all: an answer, and places that lie in the text.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use comity_policy::diagnostic::render_all;
use comity_policy::document::Span;
use comity_policy::parse::normalise;
use comity_policy::{fingerprint, parse, template};
use proptest::prelude::*;

/// Parses, and holds every place against the text.
fn holds(text: &str) {
    let (policy, diagnostics) = parse("p.md", text);
    let normal = normalise(text);
    let inside = |span: Span| {
        assert!(normal.get(span.start..span.end).is_some(), "{span:?} in {normal:?}");
    };
    for d in &diagnostics {
        inside(d.span);
        d.labels.iter().for_each(|l| inside(l.span));
    }
    let shown = render_all(&diagnostics, "p.md", text, false);
    assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
    let Some(policy) = policy else {
        assert!(!diagnostics.is_empty());
        return;
    };
    assert_eq!(policy.text, normal);
    assert_eq!(fingerprint(&policy).len(), 64);
    for c in &policy.commitments {
        inside(c.span);
        assert!(
            policy.articles[c.article]
                .commitments
                .iter()
                .any(|at| policy.commitments[*at].id == c.id)
        );
        for v in &c.versions {
            let queries = v.applies.iter().chain(v.evidence.iter().map(|e| &e.query));
            queries.for_each(|q| {
                let written = normal.get(q.span.start..q.span.end).unwrap();
                // Values stand in the place of the names of thresholds.
                if written.contains('$') {
                    assert!(q.sql.len() >= written.len(), "{written:?}: {:?}", q.sql);
                } else {
                    assert_eq!(written, q.sql);
                }
            });
        }
        for case in &c.cases {
            inside(case.span);
            case.expect.iter().for_each(|e| inside(e.span));
            case.given.iter().flat_map(|g| &g.rows).for_each(|(_, s)| inside(*s));
        }
    }
}

fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "+++\n",
        "\n",
        "\r\n",
        "\r",
        "# ",
        "## ",
        "{#a .refrain}",
        "{#",
        ".goal",
        "}",
        "```",
        "~~~~",
        "```sql evidence name=a",
        "```given case=a table=pledges source=atop\n",
        "```expect case=a\n",
        "state | year | verdict\n",
        "*",
        "1..5",
        " | ",
        "|",
        "in-force=\"1949..\"",
        "better=higher",
        "\"",
        "=",
        "> ",
        "- ",
        "    ",
        "\t",
        "\0",
        "\u{feff}",
        "中",
        "é",
        "<!--",
        "===\n",
        "---\n",
        "id = ",
        "title = \"x\"\n",
        "uses=\"a b\"",
        "coverage=none",
        "units=1,2",
        "[",
        "]",
        "1950-01-01",
    ]);
    prop_oneof![4 => known.prop_map(String::from), 1 => any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_an_answer(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn any_pieces_get_an_answer(pieces in prop::collection::vec(piece(), 0..60), headed: bool) {
        let body = pieces.concat();
        holds(&if headed { format!("+++\nid = \"a\"\ntitle = \"b\"\n+++\n{body}") } else { body });
    }

    #[test]
    fn a_policy_with_damage_gets_an_answer(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..40, piece()), 1..6)
    ) {
        let mut text: Vec<char> = template().chars().collect();
        for (at, cut, put) in edits {
            let at = at.index(text.len() + 1);
            let to = (at + cut).min(text.len());
            text.splice(at..to, put.chars());
        }
        holds(&text.into_iter().collect::<String>());
    }
}
