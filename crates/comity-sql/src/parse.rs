//! From text to one `SELECT`, refusing what is too large or not a query before anything recurses over it.

use datafusion::sql::sqlparser::ast::{Query, Statement};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::dialect::Words;
use super::limits::Limits;
use crate::error::{At, SqlError};

/// Parses exactly one query.
pub fn query(sql: &str, limits: &Limits) -> Result<Box<Query>, SqlError> {
    if sql.len() > limits.bytes {
        return Err(SqlError::new(format!(
            "the query has {} bytes, more than the {} allowed",
            sql.len(),
            limits.bytes
        ))
        .help("split it into named helper queries"));
    }
    let tokens = tokens(sql)?;
    measure(&tokens, limits)?;
    let dialect = Words::new(tokens.len());
    let mut parser = Parser::new(&dialect)
        .with_recursion_limit(limits.depth * 2)
        .with_tokens_with_locations(tokens);
    let statements = parser.parse_statements().map_err(|e| parse_error(&e))?;
    let mut statements = statements.into_iter();
    match (statements.next(), statements.next()) {
        (None, _) => Err(SqlError::new("there is no query here").help("write one SELECT")),
        (Some(_), Some(_)) => Err(SqlError::new("there is more than one statement")
            .help("a block holds one SELECT; use `with` or a helper query for steps")),
        (Some(Statement::Query(query)), None) => {
            if query.with.as_ref().is_some_and(|w| w.recursive) {
                return Err(SqlError::new("recursive queries are refused: one may never end")
                    .help("join `years` or `state_years` to walk over time")
                    .at(find(sql, "recursive")));
            }
            Ok(query)
        }
        (Some(other), None) => {
            let text = other.to_string();
            let verb = text.split_whitespace().next().unwrap_or("this statement");
            Err(SqlError::new(format!("{} is refused: a block may only read", verb.to_uppercase()))
                .help("write one SELECT")
                .at(find(sql, verb)))
        }
    }
}

/// The first place where `word` stands as a word of its own, whatever its case.
pub fn find(sql: &str, word: &str) -> Option<At> {
    tokens(sql).ok()?.iter().find_map(|t| match &t.token {
        Token::Word(w) if w.value.eq_ignore_ascii_case(word) => Some(At {
            line: t.span.start.line as usize,
            column: t.span.start.column as usize,
            length: w.value.chars().count().max(1),
        }),
        _ => None,
    })
}

fn tokens(sql: &str) -> Result<Vec<TokenWithSpan>, SqlError> {
    Tokenizer::new(&PostgreSqlDialect {}, sql).tokenize_with_location().map_err(|e| {
        let at =
            At { line: e.location.line as usize, column: e.location.column as usize, length: 1 };
        SqlError::new(format!("this cannot be read as SQL: {}", e.message)).at(Some(at))
    })
}

fn measure(tokens: &[TokenWithSpan], limits: &Limits) -> Result<(), SqlError> {
    let (mut count, mut operators, mut depth) = (0_usize, 0_usize, 0_usize);
    for t in tokens {
        let at = || {
            let start = t.span.start;
            Some(At { line: start.line as usize, column: start.column as usize, length: 1 })
        };
        match &t.token {
            Token::Whitespace(_) | Token::EOF => continue,
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth = depth.saturating_sub(1),
            Token::Word(w) => match w.keyword {
                Keyword::CASE => depth += 1,
                Keyword::END => depth = depth.saturating_sub(1),
                Keyword::AND
                | Keyword::OR
                | Keyword::NOT
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::LIKE
                | Keyword::IS => operators += 1,
                _ => {}
            },
            Token::Number(..)
            | Token::SingleQuotedString(_)
            | Token::Comma
            | Token::Period
            | Token::SemiColon => {}
            _ => operators += 1,
        }
        count += 1;
        if depth > limits.depth {
            return Err(SqlError::new(format!(
                "the query nests deeper than {} levels",
                limits.depth
            ))
            .help("name the inner steps with `with` or a helper query")
            .at(at()));
        }
        if operators > limits.operators {
            return Err(SqlError::new(format!(
                "the query has more than {} operators",
                limits.operators
            ))
            .help("split it into helper queries")
            .at(at()));
        }
        if count > limits.tokens {
            return Err(SqlError::new(format!("the query has more than {} words", limits.tokens))
                .help("split it into helper queries")
                .at(at()));
        }
    }
    Ok(())
}

fn parse_error(error: &ParserError) -> SqlError {
    let text = match error {
        ParserError::TokenizerError(m) | ParserError::ParserError(m) => m.as_str(),
        ParserError::RecursionLimitExceeded => "the query nests too deep",
    };
    let (message, at) = match text.rsplit_once(" at Line: ") {
        Some((message, place)) => {
            let mut numbers = place.split(", Column: ").map(|n| n.trim().parse::<usize>());
            let at = match (numbers.next(), numbers.next()) {
                (Some(Ok(line)), Some(Ok(column))) => Some(At { line, column, length: 1 }),
                _ => None,
            };
            (message, at)
        }
        None => (text, None),
    };
    SqlError::new(format!("this SQL does not parse: {message}")).at(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(sql: &str) -> String {
        query(sql, &Limits::default()).unwrap_err().to_string()
    }

    #[test]
    fn only_one_reading_statement_passes() {
        assert!(query("select 1", &Limits::default()).is_ok());
        assert!(query("with a as (select 1) select * from a;", &Limits::default()).is_ok());
        for (sql, why) in [
            ("", "no query"),
            ("select 1; select 2", "more than one"),
            ("insert into states values (1)", "INSERT is refused"),
            ("explain analyze select 1", "EXPLAIN is refused"),
            ("set x = 1", "SET is refused"),
            ("copy states to '/tmp/x'", "COPY is refused"),
            ("create table t (a int)", "CREATE is refused"),
            ("drop table states", "DROP is refused"),
            (
                "with recursive r as (select 1 union all select 1 from r) select * from r",
                "recursive",
            ),
            ("select 1 from", "does not parse"),
            ("select 'a", "cannot be read"),
        ] {
            assert!(refused(sql).contains(why), "{sql}: {}", refused(sql));
        }
    }

    #[test]
    fn size_is_measured_before_anything_recurses() {
        let chain = format!("select {}1", "1+".repeat(5_000));
        assert!(refused(&chain).contains("operators"));
        let nest = format!("select {}1{}", "(".repeat(5_000), ")".repeat(5_000));
        assert!(refused(&nest).contains("nests deeper"));
        assert!(refused(&" ".repeat(70_000)).contains("bytes"));
        assert!(refused(&format!("select {}1", "- ".repeat(2_000))).contains("operators"));
        assert!(refused(&format!("select {}1", "not ".repeat(5_000))).contains("operators"));
    }

    #[test]
    fn places_are_given() {
        let e = query("select a\nfrom t where )", &Limits::default()).unwrap_err();
        assert_eq!(e.at.map(|a| a.line), Some(2));
        assert_eq!(find("select x\n from tab", "TAB").map(|a| (a.line, a.column)), Some((2, 7)));
    }
}
