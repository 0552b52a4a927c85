//! The constants of a query, and the columns that each is compared with: where verdicts turn.

use std::collections::BTreeSet;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Word(&'a str),
    Number(&'a str),
    Text(String),
    Sign(char),
}

/// A constant of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Constant {
    Number(f64),
    Text(String),
}

/// A constant and the columns beside it in the same comparison.
#[derive(Debug, Clone)]
pub(super) struct Compared {
    pub constant: Constant,
    pub columns: BTreeSet<String>,
}

/// Words that end a comparison.
const BOUNDS: &[&str] = &[
    "and", "or", "where", "on", "when", "then", "else", "select", "having", "from", "join", "case",
    "union", "order", "group", "limit", "with", "as", "end",
];

/// Longest comparison that is looked at, in tokens to each side.
const FAR: usize = 60;

/// Every constant that a query compares with something; what it only writes into its answer is left out.
pub(super) fn constants(sql: &str) -> Vec<Compared> {
    let tokens = tokens(sql);
    let mut all = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let constant = match token {
            Token::Number(text) => match text.parse() {
                Ok(number) => Constant::Number(number),
                Err(_) => continue,
            },
            Token::Text(text) => Constant::Text(text.clone()),
            _ => continue,
        };
        let (from, bound) = left(&tokens, at);
        if matches!(bound, Some("then" | "else" | "select" | "end")) {
            continue;
        }
        let beside = &tokens[from..right(&tokens, at)];
        // After a name of the answer comes the next value of the answer, unless it is compared (`cast(x as int) > 4`).
        let compares = |t: &Token<'_>| match t {
            Token::Sign(sign) => matches!(sign, '<' | '>' | '='),
            Token::Word(word) => {
                ["in", "between", "like"].iter().any(|w| w.eq_ignore_ascii_case(word))
            }
            _ => false,
        };
        if bound == Some("as") && !beside.iter().any(compares) {
            continue;
        }
        let mut columns = columns(beside);
        if bound == Some("when")
            && let Some(case) = subject(&tokens, from - 1)
        {
            columns.extend(case);
        }
        all.push(Compared { constant, columns });
    }
    all
}

/// Words of a query, in lower case.
pub(super) fn words(sql: &str) -> BTreeSet<String> {
    let word = |t: Token<'_>| match t {
        Token::Word(w) => Some(w.to_lowercase()),
        _ => None,
    };
    tokens(sql).into_iter().filter_map(word).collect()
}

/// Where the comparison of a constant begins, and the word that ends the one before.
fn left<'a>(tokens: &[Token<'a>], at: usize) -> (usize, Option<&'a str>) {
    let mut from = at;
    while from > 0 && at - from < FAR {
        if let Token::Word(word) = &tokens[from - 1]
            && let Some(bound) = BOUNDS.iter().find(|b| b.eq_ignore_ascii_case(word))
        {
            let between = *bound == "and"
                && tokens[from.saturating_sub(6)..from - 1]
                    .iter()
                    .any(|t| matches!(t, Token::Word(w) if w.eq_ignore_ascii_case("between")));
            if !between {
                return (from, Some(word));
            }
        }
        from -= 1;
    }
    (from, None)
}

/// Where it ends.
fn right(tokens: &[Token<'_>], at: usize) -> usize {
    let mut to = at + 1;
    while to < tokens.len() && to - at < FAR {
        match &tokens[to] {
            Token::Word(word) if BOUNDS.iter().any(|b| b.eq_ignore_ascii_case(word)) => break,
            Token::Sign(';') => break,
            _ => to += 1,
        }
    }
    to
}

/// The columns between `case` and its first `when`, of the `when` at this place.
fn subject(tokens: &[Token<'_>], when: usize) -> Option<BTreeSet<String>> {
    let is = |at: usize, word: &str| matches!(&tokens[at], Token::Word(w) if w.eq_ignore_ascii_case(word));
    let mut depth = 0;
    for at in (0..when).rev() {
        if is(at, "end") {
            depth += 1;
        } else if is(at, "case") {
            if depth == 0 {
                let first = (at..=when).find(|i| is(*i, "when"))?;
                return Some(columns(&tokens[at + 1..first]));
            }
            depth -= 1;
        }
    }
    None
}

/// The words that are neither functions nor the names of tables before a dot.
fn columns(tokens: &[Token<'_>]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        if !matches!(tokens.get(at + 1), Some(Token::Sign('(' | '.'))) {
            all.insert(word.to_lowercase());
        }
    }
    all
}

fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut all = Vec::new();
    let bytes = sql.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &sql[at..];
        let first = rest.chars().next().unwrap_or(' ');
        let run = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        if rest.starts_with("--") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if first == '\'' {
            let mut text = String::new();
            let mut end = 1;
            while let Some(quote) = rest[end..].find('\'') {
                text.push_str(&rest[end..end + quote]);
                end += quote + 1;
                if !rest[end..].starts_with('\'') {
                    break;
                }
                text.push('\'');
                end += 1;
            }
            all.push(Token::Text(text));
            at += end;
        } else if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |n| n + 2);
            all.push(Token::Word(rest[1..end].trim_end_matches('"')));
            at += end;
        } else if first.is_ascii_digit() {
            let len = run(|c| c.is_ascii_digit() || c == '.');
            all.push(Token::Number(rest[..len].trim_end_matches('.')));
            at += len;
        } else if first.is_alphabetic() || first == '_' {
            let len = run(|c| c.is_alphanumeric() || c == '_');
            all.push(Token::Word(&rest[..len]));
            at += len;
        } else {
            if !first.is_whitespace() {
                all.push(Token::Sign(first));
            }
            at += first.len_utf8();
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sql: &str) -> Vec<(String, Vec<String>)> {
        let shown = |c: &Constant| match c {
            Constant::Number(n) => n.to_string(),
            Constant::Text(t) => t.clone(),
        };
        constants(sql)
            .iter()
            .map(|c| (shown(&c.constant), c.columns.iter().cloned().collect()))
            .collect()
    }

    #[test]
    fn a_constant_goes_with_the_columns_of_its_comparison() {
        let sql = "select d.ccode as state, 'breach' as severity from t d -- 7 of them
            where d.hostility >= 4 and coalesce(d.fatality, 0) <= 1 and d.kind in ('a', 'it''s')
              and d.year between 1950 and d.third + 3 and strpos(d.aim, 'x') > 0";
        let all = of(sql);
        let has = |text: &str, column: &str| {
            all.iter().any(|(t, c)| t == text && c.iter().any(|c| c == column))
        };
        for (text, column) in [
            ("4", "hostility"),
            ("0", "fatality"),
            ("1", "fatality"),
            ("a", "kind"),
            ("it's", "kind"),
            ("1950", "year"),
            ("3", "third"),
            ("x", "aim"),
        ] {
            assert!(has(text, column), "{text} {column}: {all:?}");
        }
        assert!(!all.iter().any(|(t, _)| t == "breach" || t == "7"), "{all:?}");
    }

    #[test]
    fn the_subject_of_a_case_is_the_column_of_its_constants() {
        let all = of("select case i.direction when 1 then 'x' when 2 then 'y' end from t i");
        assert_eq!(all.len(), 2, "{all:?}");
        assert!(all.iter().all(|(_, c)| c.contains(&"direction".to_owned())), "{all:?}");
    }

    #[test]
    fn any_text_is_taken_apart_without_panic() {
        for text in ["'", "\"", "é'ü", "1.", "--", "a.b('", "case when 1"] {
            let _ = constants(text);
            let _ = words(text);
        }
    }
}
