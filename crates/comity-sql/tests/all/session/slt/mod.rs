//! Files of queries and their answers, one for each family of functions: the values were worked out by hand.
//!
//! The form is that of sqllogictest: `query` with a letter for each column, the query, `----`, the rows; or
//! `statement error` with a part of the message. `NULL` is null, `(empty)` an empty text, a space in a text is `_`.

use super::answer;

const FILES: [(&str, &str); 9] = [
    ("arithmetic", include_str!("arithmetic.slt")),
    ("casts", include_str!("casts.slt")),
    ("choice", include_str!("choice.slt")),
    ("dates", include_str!("dates.slt")),
    ("groups", include_str!("groups.slt")),
    ("mathematics", include_str!("mathematics.slt")),
    ("measures", include_str!("measures.slt")),
    ("texts", include_str!("texts.slt")),
    ("windows", include_str!("windows.slt")),
];

/// What is wrong with one entry of a file.
fn wrong(entry: &str) -> Option<String> {
    let mut lines = entry.lines().filter(|l| !l.starts_with('#'));
    let head = lines.next()?;
    let body: Vec<&str> = lines.collect();
    if let Some(why) = head.strip_prefix("statement error ") {
        return match answer(&body.join("\n")) {
            Ok((_, rows)) => Some(format!("an answer, {rows:?}, where `{why}` was expected")),
            Err(e) if e.to_string().contains(why) => None,
            Err(e) => Some(format!("`{e}` where `{why}` was expected")),
        };
    }
    let Some(kinds) = head.strip_prefix("query ") else {
        return Some(format!("`{head}` is neither query nor statement error"));
    };
    let Some(at) = body.iter().position(|l| *l == "----") else {
        return Some("no answer is given".to_owned());
    };
    let (sql, expected) = (body[..at].join("\n"), &body[at + 1..]);
    if expected.iter().any(|row| row.split_whitespace().count() != kinds.trim().len()) {
        return Some("a row has not as many values as there are columns".to_owned());
    }
    match answer_cells(&sql) {
        Ok(rows) if rows == *expected => None,
        Ok(rows) => Some(format!("{rows:?} where {expected:?} was expected")),
        Err(e) => Some(e),
    }
}

fn answer_cells(sql: &str) -> Result<Vec<String>, String> {
    super::cells(sql).map_err(|e| e.to_string()).map(|rows| {
        let shown = |cell: Option<String>| match cell.as_deref() {
            None => "NULL".to_owned(),
            Some("") => "(empty)".to_owned(),
            Some(text) => text.replace(' ', "_"),
        };
        rows.into_iter()
            .map(|row| row.into_iter().map(shown).collect::<Vec<_>>().join(" "))
            .collect()
    })
}

#[test]
fn functions_give_what_was_worked_out_by_hand() {
    let (mut failed, mut count) = (Vec::new(), 0);
    for (file, text) in FILES {
        for entry in text.split("\n\n").map(str::trim).filter(|e| !e.is_empty()) {
            count += 1;
            if let Some(wrong) = wrong(entry) {
                failed.push(format!("{file}: {entry}\n  => {wrong}"));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {count}:\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn every_allowed_function_has_a_line() {
    let help = answer("select zzzzzzzz(1)").unwrap_err().help.unwrap();
    let names = help.strip_prefix("allowed are: ").unwrap();
    let all: String = FILES.iter().map(|(_, text)| *text).collect();
    let called = |name: &&str| all.contains(&format!("{name}("));
    let missing: Vec<&str> = names.split(", ").filter(|n| !called(n)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
