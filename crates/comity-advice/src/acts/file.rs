//! Packages of acts: a TOML or JSON file.

use std::collections::BTreeMap;

use comity_record::Record;
use serde::Deserialize;

use super::definition::{Vocabulary, Write};
use super::read::Act;
use super::when::When;
use crate::Error;

/// A package: acts of one state or several.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    /// Who acts, where an act does not say.
    state: Option<String>,
    /// The acts, in order.
    #[serde(alias = "acts")]
    act: Vec<Put>,
}

/// One act of a package: in words (`say`), or by its kind and slots.
#[derive(Debug, Deserialize)]
struct Put {
    state: Option<String>,
    say: Option<String>,
    kind: Option<String>,
    from: Option<String>,
    to: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(flatten)]
    slots: BTreeMap<String, Text>,
}

/// A text, or a number as one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Words(String),
    Whole(i64),
    Number(f64),
}

impl Text {
    fn into_text(self) -> String {
        match self {
            Self::Words(text) => text,
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// At most so many acts are laid at once.
const MOST: usize = 10_000;

/// The acts of a package. `state` acts where an act names nobody.
///
/// # Errors
/// Text that is neither TOML nor JSON, an act that is not understood, with its place in the file.
pub fn package(
    record: &Record,
    vocabulary: &Vocabulary,
    text: &str,
    file: &str,
    state: Option<i32>,
) -> Result<Vec<Act>, Error> {
    let wrong = |what: String| Error::File { file: file.to_owned(), what };
    let json = text.trim_start().starts_with('{');
    let package: Package = if json {
        serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?
    } else {
        toml::from_str(text).map_err(|e| wrong(e.to_string().trim_end().to_owned()))?
    };
    if package.act.len() > MOST {
        return Err(wrong(format!(
            "it has {} acts; at most {MOST} are laid at once",
            package.act.len()
        )));
    }
    if package.act.is_empty() {
        return Err(wrong("it has no acts: write `[[act]]` and `say = \"…\"`".to_owned()));
    }
    let own = match &package.state {
        Some(state) => Some(actor(record, state).map_err(|e| wrong(format!("`state`: {e}")))?),
        None => state,
    };
    let mut acts = Vec::new();
    for (at, put) in package.act.into_iter().enumerate() {
        let act = read(record, vocabulary, put, own);
        acts.push(act.map_err(|e| {
            let line = if json { None } else { line_of(text, at) };
            let act = at + 1;
            let place =
                line.map_or_else(|| format!("act {act}"), |line| format!("line {line}, act {act}"));
            let mut what = format!("{place}: {e}");
            for line in e.lines() {
                what.push_str(&format!("\n  {line}"));
            }
            wrong(what)
        })?);
    }
    Ok(acts)
}

/// The line on which an act of a TOML file begins, from 1.
fn line_of(text: &str, act: usize) -> Option<usize> {
    let begins =
        |line: &str| matches!(line.split('#').next().unwrap_or("").trim(), "[[act]]" | "[[acts]]");
    text.lines().enumerate().filter(|(_, line)| begins(line)).nth(act).map(|(at, _)| at + 1)
}

fn read(
    record: &Record,
    vocabulary: &Vocabulary,
    put: Put,
    own: Option<i32>,
) -> Result<Act, Error> {
    let named = put.say.as_deref().or(put.kind.as_deref()).unwrap_or("act").to_owned();
    let wrong = |what: String| Error::act(&named, what);
    let actor = match &put.state {
        Some(state) => actor(record, state)?,
        None => own.ok_or_else(|| wrong("who acts? write `state = \"…\"`".to_owned()))?,
    };
    let when = |text: &Option<String>| match text {
        Some(text) => When::read(text).map(Some).ok_or_else(|| {
            wrong(format!("`{text}` is no date: write 2026, 2026-03 or 2026-03-01"))
        }),
        None => Ok(None),
    };
    let (from, to) = (when(&put.from)?, when(&put.to)?);
    let mut act = match (&put.say, &put.kind) {
        (Some(say), None) => {
            if let Some(slot) = put.slots.keys().next() {
                return Err(wrong(format!(
                    "`{slot}` stands beside `say`: say it in words, or name the `kind`"
                )));
            }
            let mut said = say.clone();
            for (word, when) in [("from", from), ("to", to)] {
                if let Some(when) = when {
                    said.push_str(&format!(" {word} {when}"));
                }
            }
            Act::say(record, vocabulary, actor, &said)?
        }
        (None, Some(kind)) => {
            let Some(definition) = vocabulary.get(kind) else {
                let hint =
                    comity_record::nearest(kind, vocabulary.acts.iter().map(|a| a.id.as_str()));
                let error = wrong(format!("there is no act of the kind `{kind}`"));
                return Err(match hint {
                    Some(hint) => error.help(hint),
                    None => error.help("`comity acts` lists all of them"),
                });
            };
            let slots =
                put.slots.into_iter().map(|(name, text)| (name, text.into_text())).collect();
            Act::with(record, definition, actor, &slots, (from, to))?
        }
        _ => return Err(wrong("write `say`, or `kind` with its slots".to_owned())),
    };
    for (column, value) in put.set {
        let Some((name, column)) = column.split_once('.') else {
            return Err(wrong(format!(
                "`set` has `{column}`: name the row and the column, as in `pledges.stationing`"
            )));
        };
        let definition = vocabulary.get(&act.kind);
        let rows: Vec<&str> =
            definition.iter().flat_map(|d| d.write.iter().map(Write::name)).collect();
        if !rows.contains(&name) {
            return Err(wrong(format!("`set` names {name}; the act writes {}", rows.join(", "))));
        }
        act.details.insert((name.to_owned(), column.to_owned()), value);
    }
    Ok(act)
}

/// A state by any code or name.
fn actor(record: &Record, text: &str) -> Result<i32, Error> {
    let system = record.states()?;
    match system.called(text, None) {
        Ok(found) if found.ccodes.len() == 1 => Ok(found.ccodes[0]),
        _ => Err(Error::act(text, "no state, or several, are known by that name")),
    }
}
