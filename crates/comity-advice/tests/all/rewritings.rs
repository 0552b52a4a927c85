//! Other ways to write a query that mean the same.

use comity_policy::document::Policy;

use super::mutants::{Token, conditions, tokens};

/// A way to write queries otherwise: its name, and what it does.
pub type Rewriting = (&'static str, fn(&Policy, &str) -> String);

pub const REWRITINGS: &[Rewriting] = &[
    ("aliases renamed", |_, sql| aliases(sql)),
    ("conditions in another order", |_, sql| reordered(sql)),
    ("between as two comparisons", |_, sql| between(sql)),
    ("in as or", |_, sql| in_as_or(sql)),
    ("branches of a union exchanged", |_, sql| exchanged(sql)),
    ("helpers written out", written_out),
    ("laid out otherwise", |_, sql| format!("-- as before\n{}", sql.replace('\n', "\n    "))),
];

/// The document with every query of a commitment and of its helpers written otherwise.
pub fn rewritten(policy: &Policy, id: &str, by: &Rewriting) -> String {
    let mut spans = Vec::new();
    let commitment = policy.commitments.iter().find(|c| c.id == id).unwrap();
    for version in &commitment.versions {
        spans.extend(version.applies.iter().map(|q| q.span));
        spans.extend(version.evidence.iter().map(|e| e.query.span));
    }
    if by.0 != "helpers written out" {
        spans.extend(policy.helpers.iter().map(|h| h.query.span));
    }
    spans.sort_by_key(|s| std::cmp::Reverse(s.start));
    let mut text = policy.text.clone();
    for span in spans {
        let sql = (by.1)(policy, &text[span.start..span.end]);
        text.replace_range(span.start..span.end, &format!("{}\n", sql.trim_end()));
    }
    text
}

/// A query with some of its tokens written otherwise.
fn with(sql: &str, mut changes: Vec<(std::ops::Range<usize>, String)>) -> String {
    changes.sort_by_key(|(at, _)| std::cmp::Reverse(at.start));
    let mut out = sql.to_owned();
    for (at, by) in changes {
        out.replace_range(at, &by);
    }
    out
}

fn is_word(token: &Token) -> bool {
    token.text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn aliases(sql: &str) -> String {
    let all = tokens(sql);
    let named: Vec<&str> = all
        .windows(2)
        .filter(|w| {
            is_word(&w[0]) && w[1].text == "." && w[0].text != "every" && w[0].text.len() <= 6
        })
        .map(|w| w[0].text.as_str())
        .collect();
    // A table that stands under its own name has no other.
    let table = |name: &str| {
        all.windows(2).any(|w| (w[0].is("from") || w[0].is("join")) && w[1].text == name)
    };
    let mut changes = Vec::new();
    for (n, t) in all.iter().enumerate() {
        if !named.contains(&t.text.as_str()) || table(&t.text) {
            continue;
        }
        let next = all.get(n + 1).map_or("", |t| t.text.as_str());
        let before = n.checked_sub(1).map_or("", |n| all[n].text.as_str());
        let declared = next != "." && before != "." && next != "(";
        if next == "." || declared {
            changes.push((t.at.clone(), format!("{}_x", t.text)));
        }
    }
    with(sql, changes)
}

fn reordered(sql: &str) -> String {
    let all = tokens(sql);
    let parts = conditions(&all);
    let mut changes = Vec::new();
    let mut from = 0;
    while from < parts.len() {
        let mut to = from;
        // Those of one list are divided by a single `and`.
        while to + 1 < parts.len()
            && parts[to + 1].start == parts[to].end + 1
            && all[parts[to].end].is("and")
        {
            to += 1;
        }
        let text = |n: usize| {
            let part: &std::ops::Range<usize> = &parts[n];
            sql[all[part.start].at.start..all[part.end - 1].at.end].to_owned()
        };
        // What stands inside one that moves is moved with it, once.
        let outer = all[parts[from].start].at.start..all[parts[to].end - 1].at.end;
        let nested = changes.iter().any(|(at, _): &(std::ops::Range<usize>, String)| {
            at.start < outer.end && outer.start < at.end
        });
        if to > from && !nested {
            let texts: Vec<String> = (from..=to).rev().map(text).collect();
            changes.push((outer, texts.join(" and ")));
        }
        from = to + 1;
    }
    // Of two that hold each other, the outer one alone.
    let outer = changes.clone();
    changes.retain(|(at, _)| {
        !outer.iter().any(|(o, _)| o != at && o.start <= at.start && at.end <= o.end)
    });
    with(sql, changes)
}

fn between(sql: &str) -> String {
    let all = tokens(sql);
    let mut changes = Vec::new();
    for (n, t) in all.iter().enumerate() {
        // `x.y between a and b`, where both ends are single constants.
        if !t.is("between") || n < 3 || all[n - 2].text != "." {
            continue;
        }
        let (Some(a), Some(and), Some(b)) = (all.get(n + 1), all.get(n + 2), all.get(n + 3)) else {
            continue;
        };
        let constant = |t: &Token| t.text.starts_with(|c: char| c.is_ascii_digit());
        if !and.is("and") || !constant(a) || !constant(b) {
            continue;
        }
        let column = &sql[all[n - 3].at.start..all[n - 1].at.end];
        let by = format!("({column} >= {} and {column} <= {})", a.text, b.text);
        changes.push((all[n - 3].at.start..b.at.end, by));
    }
    with(sql, changes)
}

fn in_as_or(sql: &str) -> String {
    let all = tokens(sql);
    let mut changes = Vec::new();
    for (n, t) in all.iter().enumerate() {
        if !t.is("in") || n < 3 || all[n - 2].text != "." {
            continue;
        }
        let close = (n..all.len()).find(|m| all[*m].text == ")").unwrap();
        let column = &sql[all[n - 3].at.start..all[n - 1].at.end];
        let values = all[n + 2..close].iter().filter(|t| t.text != ",");
        let each: Vec<String> = values.map(|v| format!("{column} = {}", v.text)).collect();
        changes.push((all[n - 3].at.start..all[close].at.end, format!("({})", each.join(" or "))));
    }
    with(sql, changes)
}

fn exchanged(sql: &str) -> String {
    let mut depth = 0;
    let all = tokens(sql);
    let unions: Vec<&Token> = all
        .iter()
        .filter(|t| {
            depth += i32::from(t.text == "(") - i32::from(t.text == ")");
            t.is("union") && depth == 0
        })
        .collect();
    // The names of the columns are those of the first branch: only where the second has them too.
    let [one] = unions.as_slice() else { return sql.to_owned() };
    let (first, rest) = sql.split_at(one.at.start);
    let second = rest.trim_start_matches("union").trim_start().trim_start_matches("all");
    let names = |part: &str| -> Vec<String> {
        let all = tokens(part);
        all.windows(2).filter(|w| w[0].is("as")).map(|w| w[1].text.clone()).collect()
    };
    if first.trim_start().starts_with("with") || !names(first).iter().eq(&names(second)) {
        return sql.to_owned();
    }
    format!("{}\nunion all\n{}", second.trim(), first.trim())
}

fn written_out(policy: &Policy, sql: &str) -> String {
    let mut sql = sql.to_owned();
    for helper in policy.helpers.iter().rev() {
        let all = tokens(&sql);
        let mut changes = Vec::new();
        for w in all.windows(3) {
            let here = (w[0].is("from") || w[0].is("join")) && w[1].text == helper.name;
            if !here {
                continue;
            }
            let query = &policy.text[helper.query.span.start..helper.query.span.end];
            let aliased = is_word(&w[2])
                && !["on", "where", "join", "left", "group", "union"].iter().any(|k| w[2].is(k));
            let alias = if aliased { String::new() } else { format!(" {}", helper.name) };
            changes.push((w[1].at.clone(), format!("({}){alias}", query.trim())));
        }
        sql = with(&sql, changes);
    }
    sql
}
