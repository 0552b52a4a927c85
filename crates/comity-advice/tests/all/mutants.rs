//! Small changes of the queries of a document, each of which could change a verdict: an operator, a number, a name, a condition, a branch of a
//! union, a block, an attribute.

use std::collections::BTreeSet;
use std::ops::Range;

use comity_policy::document::{Kind, Policy};

/// A changed copy of a document.
#[derive(Debug, Clone)]
pub struct Mutant {
    /// Commitments whose queries rest on what was changed, the one that it stands in first.
    pub commitments: Vec<String>,
    /// Where, in the query, and what: stable as long as the query is.
    pub id: String,
    /// The text of the document.
    pub text: String,
}

/// A piece of a query and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub at: Range<usize>,
    pub text: String,
}

impl Token {
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
    fn is_text(&self) -> bool {
        self.text.starts_with('\'')
    }
    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }
}

pub fn tokens(sql: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        let first = rest.chars().next().unwrap();
        let run = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let length = if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        } else if first == '\'' {
            rest[1..].find('\'').map_or(rest.len(), |n| n + 2)
        } else if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |n| n + 2)
        } else if first == '$' {
            1 + rest[1..]
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len() - 1)
        } else if first.is_ascii_digit() {
            run(|c| c.is_ascii_digit() || c == '.')
        } else if first.is_alphabetic() || first == '_' {
            run(|c| c.is_alphanumeric() || c == '_')
        } else if ["<=", ">=", "<>", "||"].iter().any(|s| rest.starts_with(s)) {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            all.push(Token { at: at..at + length, text: rest[..length].to_owned() });
        }
        at += length;
    }
    all
}

/// Columns of an answer that make no verdict.
const FOR_PEOPLE: &[&str] =
    &["what", "label", "magnitude", "also", "source", "source_row", "resolution", "act", "name"];

/// Places inside expressions of a select list that make no verdict.
fn for_people(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !token.is("select") {
            continue;
        }
        let (mut depth, mut from, mut to) = (0, at + 1, at + 1);
        while to < tokens.len() {
            let t = &tokens[to];
            match t.text.as_str() {
                "(" => depth += 1,
                ")" if depth == 0 => break,
                ")" => depth -= 1,
                _ => {}
            }
            let ends = depth == 0 && (t.text == "," || t.is("from"));
            if ends {
                if to > from && FOR_PEOPLE.iter().any(|w| tokens[to - 1].is(w)) {
                    all.push(tokens[from].at.start..tokens[to - 1].at.end);
                }
                from = to + 1;
            }
            if depth == 0 && t.is("from") {
                break;
            }
            to += 1;
        }
    }
    all
}

/// The conditions between `and` after `where`, `on` and `having`, at their own depth.
pub fn conditions(tokens: &[Token]) -> Vec<Range<usize>> {
    const ENDS: &[&str] = &[
        "where", "join", "left", "group", "order", "union", "having", "limit", "select", "inner",
        "right",
    ];
    let mut all = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !["where", "on", "having"].iter().any(|w| token.is(w)) {
            continue;
        }
        let (mut depth, mut case, mut from, mut to) = (0, 0, at + 1, at + 1);
        let mut between = false;
        loop {
            let t = tokens.get(to);
            let end = t.is_none_or(|t| {
                depth == 0
                    && case == 0
                    && (t.text == ")" || ENDS.iter().any(|w| t.is(w)))
                    && !(t.is("left") && tokens.get(to + 1).is_some_and(|n| n.text == "("))
            });
            let and = t.is_some_and(|t| t.is("and") && depth == 0 && case == 0);
            if end || and && !between {
                if to > from {
                    all.push(from..to);
                }
                from = to + 1;
            }
            if end {
                break;
            }
            let t = t.unwrap();
            match t.text.to_lowercase().as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                "case" => case += 1,
                "end" => case -= 1,
                "between" if depth == 0 => between = true,
                "and" if between && depth == 0 => between = false,
                _ => {}
            }
            to += 1;
        }
    }
    all
}

/// Every small change of a query: what was done, where, and the query.
fn changes(sql: &str) -> Vec<(String, String)> {
    let tokens = tokens(sql);
    let people = for_people(&tokens);
    let idle = |at: &Range<usize>| people.iter().any(|p| p.start <= at.start && at.end <= p.end);
    let place = |at: usize| {
        let line = sql[..at].matches('\n').count();
        let column = at - sql[..at].rfind('\n').map_or(0, |n| n + 1) + 1;
        format!("{line}:{column}")
    };
    let mut all = Vec::new();
    let mut put = |what: &str, at: Range<usize>, by: &str| {
        let before = sql[at.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
        let text = format!("{}{by}{}", &sql[..at.start], &sql[at.end..]);
        all.push((format!("{} {what} `{before}` → `{by}`", place(at.start)), text));
    };
    for (n, t) in tokens.iter().enumerate() {
        if idle(&t.at) {
            continue;
        }
        let at = t.at.clone();
        match t.text.to_lowercase().as_str() {
            ">=" => put("operator", at, ">"),
            ">" => put("operator", at, ">="),
            "<=" => put("operator", at, "<"),
            "<" => put("operator", at, "<="),
            "=" => put("operator", at, "<>"),
            "<>" => put("operator", at, "="),
            "max" => put("function", at, "min"),
            "min" => put("function", at, "max"),
            "sum" => put("function", at, "max"),
            "or" => put("or", at, "and"),
            "'breach'" => put("grade", at, "'strain'"),
            "'strain'" => put("grade", at, "'breach'"),
            "'broken'" => put("grade", at, "'strained'"),
            "'strained'" => put("grade", at, "'broken'"),
            "'kept'" => put("grade", at, "'strained'"),
            "'mandated'" => put("grade", at, "'strain'"),
            _ if t.is_text() => put("name", at, "'nothing such'"),
            _ if t.is_number() && t.text.contains('.') => {
                let value: f64 = t.text.parse().unwrap();
                put("number", at, &format!("{}", (value * 1.05 * 1e6).round() / 1e6));
            }
            _ if t.is_number() => {
                let value: i64 = t.text.parse().unwrap();
                put("number", at.clone(), &format!("{}", value + 1));
                if value > 0 {
                    put("number", at, &format!("{}", value - 1));
                }
            }
            _ => {}
        }
        if t.is("left") && tokens.get(n + 1).is_some_and(|j| j.is("join")) {
            put("join", t.at.start..tokens[n + 1].at.end, "join");
        }
    }
    for range in conditions(&tokens) {
        let at = tokens[range.start].at.start..tokens[range.end - 1].at.end;
        put("condition dropped", at.clone(), "true");
        put("condition turned", at.clone(), &format!("not ({})", &sql[at]));
    }
    // The first branch of a union alone.
    let mut depth = 0;
    for t in &tokens {
        match t.text.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ if t.is("union") && depth == 0 => {
                let text = sql[..t.at.start].to_owned();
                all.push((format!("{} first branch of a union", place(t.at.start)), text));
                break;
            }
            _ => {}
        }
    }
    // The other state in the place of the state.
    let named = |name: &str| {
        tokens.windows(5).position(|w| w[1].text == "." && w[3].is("as") && w[4].is(name))
    };
    if let (Some(a), Some(b)) = (named("state"), named("other")) {
        let (x, y) =
            (tokens[a].at.start..tokens[a + 2].at.end, tokens[b].at.start..tokens[b + 2].at.end);
        if x.end <= y.start {
            let text = format!(
                "{}{}{}{}{}",
                &sql[..x.start],
                &sql[y.clone()],
                &sql[x.end..y.start],
                &sql[x.clone()],
                &sql[y.end..]
            );
            all.push((format!("{} state and other swapped", place(x.start)), text));
        }
    }
    all
}

/// Attributes of blocks without which a verdict may be another.
const ATTRIBUTES: &[&str] = &["exempts", "decides", "promises", "supplementary", "lookback"];

/// Every changed copy of a document.
pub fn of(policy: &Policy) -> Vec<Mutant> {
    let text = &policy.text;
    let mut all = Vec::new();
    let mut add = |commitments: &[String], id: String, at: Range<usize>, by: &str| {
        let text = format!("{}{by}{}", &text[..at.start], &text[at.end..]);
        all.push(Mutant { commitments: commitments.to_vec(), id, text });
    };
    for helper in &policy.helpers {
        let users = users(policy, &helper.name);
        let span = helper.query.span;
        for (what, sql) in changes(&text[span.start..span.end]) {
            add(&users, format!("helper {}: {what}", helper.name), span.start..span.end, &sql);
        }
    }
    for c in &policy.commitments {
        if c.kind == Kind::Watch {
            continue;
        }
        let own = std::slice::from_ref(&c.id);
        for version in &c.versions {
            for query in &version.applies {
                let span = query.span;
                for (what, sql) in changes(&text[span.start..span.end]) {
                    add(own, format!("{} applies: {what}", c.id), span.start..span.end, &sql);
                }
            }
            for evidence in &version.evidence {
                let span = evidence.query.span;
                let of = format!("{} {}", c.id, evidence.name);
                for (what, sql) in changes(&text[span.start..span.end]) {
                    add(own, format!("{of}: {what}"), span.start..span.end, &sql);
                }
                let info = text[..span.start - 1].rfind('\n').map_or(0, |n| n + 1)..span.start - 1;
                let line = &text[info.clone()];
                let valued = !matches!(c.kind, Kind::Refrain | Kind::Perform);
                for name in ATTRIBUTES {
                    // Where a value comes out, no null is undecided.
                    if *name == "decides" && valued {
                        continue;
                    }
                    if let Some(from) = line.find(&format!(" {name}=")) {
                        let value = &line[from + name.len() + 2..];
                        let length = match value.strip_prefix('"') {
                            Some(rest) => rest.find('"').unwrap() + 2,
                            None => value.find(' ').unwrap_or(value.len()),
                        };
                        let end = from + name.len() + 2 + length;
                        let at = info.start + from..info.start + end;
                        add(own, format!("{of}: without {}", line[from + 1..end].trim()), at, "");
                    }
                }
                if version.evidence.len() > 1 {
                    let close = span.end + text[span.end..].find("```").unwrap() + 3;
                    add(own, format!("{of}: without the block"), info.start..close, "");
                }
            }
        }
    }
    all
}

/// The commitments whose queries name a helper, by themselves or through others.
fn users(policy: &Policy, helper: &str) -> Vec<String> {
    let mut helpers: BTreeSet<&str> = [helper].into();
    let words = |sql: &str| -> BTreeSet<String> {
        let word = |c: char| !(c.is_alphanumeric() || c == '_');
        sql.split(word).map(str::to_owned).collect()
    };
    for h in &policy.helpers {
        if helpers.iter().any(|name| words(&h.query.sql).contains(*name)) {
            helpers.insert(&h.name);
        }
    }
    let uses = |c: &&comity_policy::document::Commitment| {
        let blocks = c.versions.iter().flat_map(|v| &v.evidence).map(|e| &e.query);
        let mut queries = c.versions.iter().flat_map(|v| &v.applies).chain(blocks);
        queries.any(|q| helpers.iter().any(|name| words(&q.sql).contains(*name)))
    };
    policy.commitments.iter().filter(uses).map(|c| c.id.clone()).collect()
}
