//! What stands after the marks of a fence: which blocks are for the machine, and their attributes.

use comity_record::schema;
use comity_sql::VIEWS;

use super::attributes::{Token, parts, tokens};
use super::evidence as attributes;
use super::words::{is_identifier, is_kebab};
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Promise, Span};
use crate::scale::Scale;

const SQL_BLOCKS: [&str; 3] = ["evidence", "applies", "helper"];
const LONGEST_LOOKBACK: i32 = 100;

/// The attributes of an evidence block.
pub(crate) const EVIDENCE: &[&str] = &[
    "name",
    "lookback",
    "source",
    "supplementary",
    "uses",
    "exempts",
    "decides",
    "promises",
    "magnitude",
    "target",
    "floor",
];

/// A block for the machine.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Machine {
    Evidence(Box<EvidenceAttributes>),
    Applies,
    Helper {
        name: String,
    },
    /// Definitions of acts.
    Acts,
    /// Constants that the document names.
    Thresholds,
    Given {
        case: String,
        table: (String, Span),
        source: String,
        coverage: Option<(i32, i32)>,
        units: Vec<i32>,
    },
    Expect {
        case: String,
    },
}

/// The attributes of an evidence block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct EvidenceAttributes {
    pub name: String,
    pub lookback: i32,
    pub source: Option<String>,
    pub supplementary: bool,
    pub uses: Vec<(String, Span)>,
    pub exempts: Vec<String>,
    pub decides: Vec<(String, String)>,
    pub promises: Vec<Promise>,
    pub magnitude: Option<Scale>,
    /// `target` and `floor`, as written.
    pub bar: Vec<(String, String, Span)>,
}

/// What a fence is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fence {
    /// For people.
    Prose,
    /// Meant for the machine and not understood; the diagnostic is written.
    Broken,
    /// For the machine, with the place of its name (or of the whole line).
    Machine(Machine, Span),
}

/// Reads what stands after the opening marks.
pub(super) fn read(text: &str, info: Span, out: &mut Diagnostics) -> Fence {
    let whole = &text[info.start..info.end];
    let mut words = whole.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let at = word_span(whole, info.start, first);
    let second_at = word_span(whole, info.start, second);
    let block = match (first, second) {
        ("given" | "expect" | "acts" | "thresholds", _) => first,
        ("sql", s) if SQL_BLOCKS.contains(&s) => s,
        ("sql", "") => {
            out.push(
                Diagnostic::warning("idle-sql", "this query is shown to readers and never run", at)
                    .with_help("to run it, write `sql evidence name=…`; to only show it, write `text` instead of `sql`"),
            );
            return Fence::Prose;
        }
        ("sql", s) => {
            out.push(
                Diagnostic::error(
                    "unknown-block",
                    format!("unknown kind of block {}", quote(s)),
                    second_at,
                )
                .with_help(out.suggest(
                    s,
                    SQL_BLOCKS,
                    "a query is `sql evidence`, `sql applies` or `sql helper`",
                )),
            );
            return Fence::Broken;
        }
        _ => return stray(first, second, at, out),
    };
    let skip = if first == "sql" { second_at.end } else { at.end };
    let mut fields = Fields {
        block,
        found: Vec::new(),
        whole: Span { start: at.start, end: info.start + whole.trim_end().len() },
    };
    fields.fill(tokens(&text[skip..info.end], skip, out), out);
    let machine = match block {
        "evidence" => evidence(&fields, out),
        "applies" => Some((Machine::Applies, fields.whole)),
        "helper" => helper(&fields, out),
        "acts" => Some((Machine::Acts, fields.whole)),
        "thresholds" => Some((Machine::Thresholds, fields.whole)),
        "given" => given(&fields, out),
        _ => fields.case(out).map(|(case, at)| (Machine::Expect { case }, at)),
    };
    machine.map_or(Fence::Broken, |(machine, at)| Fence::Machine(machine, at))
}

/// Whether the fence only looks as if it were meant for the machine.
fn stray(first: &str, second: &str, at: Span, out: &mut Diagnostics) -> Fence {
    let near = |word: &str, known: &str| {
        word.len() < 20 && strsim::osa_distance(&word.to_lowercase(), known) <= 2
    };
    let help = if SQL_BLOCKS.contains(&first) {
        format!("write `sql {first}`")
    } else if near(first, "sql") && SQL_BLOCKS.iter().any(|b| near(second, b)) {
        format!("did you mean `sql {second}`?")
    } else if let Some(known) =
        ["given", "expect"].into_iter().find(|k| near(first, k) && second.contains('='))
    {
        format!("did you mean `{known}`?")
    } else {
        return Fence::Prose;
    };
    out.push(
        Diagnostic::error("unknown-block", format!("unknown kind of block {}", quote(first)), at)
            .with_help(help),
    );
    Fence::Broken
}

fn word_span(whole: &str, base: usize, word: &str) -> Span {
    // The second word is looked for after the first; both are short prefixes of one line.
    let mut from = 0;
    for candidate in whole.split_whitespace().take(2) {
        let at = whole[from..].find(candidate).unwrap_or_default() + from;
        if candidate == word {
            return Span { start: base + at, end: base + at + word.len() };
        }
        from = at + candidate.len();
    }
    Span { start: base, end: base + whole.len() }
}

/// The attributes of one block.
struct Fields<'a> {
    block: &'a str,
    found: Vec<(String, String, Span)>,
    whole: Span,
}

impl Fields<'_> {
    fn fill(&mut self, tokens: Vec<(Token, Span)>, out: &mut Diagnostics) {
        let known: &[&str] = match self.block {
            "evidence" => EVIDENCE,
            "helper" => &["name"],
            "given" => &["case", "table", "source", "coverage", "units"],
            "expect" => &["case"],
            _ => &[],
        };
        let list = match known {
            [] => format!("`{}` takes no attributes", self.block),
            _ => format!("`{}` takes {}", self.block, known.join(", ")),
        };
        for (token, span) in tokens {
            let (key, value, at) = match token {
                Token::Pair(key, value, at) => (key, value, at),
                Token::Id(word) | Token::Class(word) | Token::Word(word) => {
                    let help = format!(
                        "attributes are `key=value`, values with blanks in straight quotes; {list}"
                    );
                    out.push(
                        Diagnostic::error(
                            "unknown-attribute",
                            format!("{} is not an attribute", quote(&word)),
                            span,
                        )
                        .with_help(help),
                    );
                    continue;
                }
            };
            if !known.contains(&key.as_str()) {
                out.push(
                    Diagnostic::error(
                        "unknown-attribute",
                        format!("unknown attribute {}", quote(&key)),
                        span,
                    )
                    .with_help(out.suggest(&key, known.iter().copied(), &list)),
                );
            } else if self.get(&key).is_some() {
                out.push(
                    Diagnostic::error("duplicate-attribute", format!("`{key}` stands twice"), span)
                        .with_help("remove one"),
                );
            } else {
                self.found.push((key, value, at));
            }
        }
    }

    fn get(&self, key: &str) -> Option<(&str, Span)> {
        self.found.iter().find(|(k, ..)| k == key).map(|(_, v, at)| (v.as_str(), *at))
    }

    /// A value that must be there.
    fn need(&self, key: &str, example: &str, out: &mut Diagnostics) -> Option<(String, Span)> {
        let found = self.get(key).map(|(v, at)| (v.to_string(), at));
        if found.is_none() {
            out.push(
                Diagnostic::error(
                    "missing-attribute",
                    format!("`{}` has no `{key}`", self.block),
                    self.whole,
                )
                .with_help(format!("add `{key}={example}`")),
            );
        }
        found
    }

    fn case(&self, out: &mut Diagnostics) -> Option<(String, Span)> {
        self.need("case", "some-name", out).filter(|(case, at)| good_name("case", case, *at, out))
    }

    /// A source, where one is named: the id of a dataset or of a dataset in one version.
    fn source(&self, out: &mut Diagnostics) -> Option<String> {
        let (value, at) = self.get("source")?;
        let fine = !value.is_empty()
            && value.len() <= 80
            && value.bytes().all(|b| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'_')
            });
        if !fine {
            out.push(
                Diagnostic::error(
                    "bad-source",
                    format!("{} is not an id of a source", quote(value)),
                    at,
                )
                .with_help("for example `atop` or `atop-4.01`"),
            );
        }
        fine.then(|| value.to_string())
    }
}

fn good_name(what: &str, name: &str, at: Span, out: &mut Diagnostics) -> bool {
    let fine = is_kebab(&name.replace('_', "-"));
    if !fine {
        out.push(
            Diagnostic::error(
                "bad-name",
                format!("{} is not a name for a {what}", quote(name)),
                at,
            )
            .with_help("a name is at most 80 lower-case letters, digits, hyphens and underscores"),
        );
    }
    fine
}

fn evidence(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<(Machine, Span)> {
    let lookback = match fields.get("lookback") {
        None => 0,
        Some((value, at)) => {
            value.parse().ok().filter(|n| (0..=LONGEST_LOOKBACK).contains(n)).unwrap_or_else(|| {
                out.push(
                    Diagnostic::error("bad-value", format!("`lookback` is {}", quote(value)), at)
                        .with_help(format!("write a number of years from 0 to {LONGEST_LOOKBACK}")),
                );
                0
            })
        }
    };
    let supplementary = match fields.get("supplementary") {
        None | Some(("false", _)) => false,
        Some(("true", _)) => true,
        Some((value, at)) => {
            out.push(
                Diagnostic::error("bad-value", format!("`supplementary` is {}", quote(value)), at)
                    .with_help("write `true` or `false`"),
            );
            false
        }
    };
    let uses = fields.get("uses").map(|(value, at)| parts(value, at, out)).unwrap_or_default();
    let source = fields.source(out);
    let (name, at) = fields
        .need("name", "some-name", out)
        .filter(|(name, at)| good_name("block", name, *at, out))?;
    let (exempts, decides, promises) =
        attributes::of(&|key| fields.get(key).map(|(v, at)| (v.to_owned(), at)), out);
    let bar =
        fields.found.iter().filter(|(k, ..)| k == "target" || k == "floor").cloned().collect();
    let attributes = EvidenceAttributes {
        name,
        lookback,
        source,
        supplementary,
        uses,
        exempts,
        decides,
        promises,
        magnitude: scale(fields, out),
        bar,
    };
    Some((Machine::Evidence(Box::new(attributes)), at))
}

/// What its magnitudes measure.
fn scale(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<Scale> {
    let (value, at) = fields.get("magnitude")?;
    let scale = Scale::parse(value);
    if scale.is_none() {
        let published = Scale::published().collect::<Vec<_>>().join(", ");
        out.push(
            Diagnostic::error("bad-value", format!("`magnitude` is {}", quote(value)), at)
                .with_help(format!("write a unit (`square kilometres`), `% of …` for shares, levels (`1: words; 2: words`), or a published scale: {published}")),
        );
    }
    scale
}

fn helper(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<(Machine, Span)> {
    const TAKEN: [&str; 24] = [
        "findings",
        "every",
        "select",
        "from",
        "where",
        "with",
        "union",
        "group",
        "order",
        "join",
        "case",
        "table",
        "values",
        "information_schema",
        "on",
        "as",
        "and",
        "or",
        "not",
        "null",
        "limit",
        "having",
        "left",
        "right",
    ];
    let (name, at) = fields.need("name", "some_name", out)?;
    if !is_identifier(&name) {
        out.push(
            Diagnostic::error("bad-name", format!("{} is not a name for a helper", quote(&name)), at)
                .with_help("it is used as a table in SQL: lower-case letters, digits and underscores, a letter first"),
        );
        return None;
    }
    let taken = if schema::table(&name).is_some() {
        Some("a table of the record")
    } else if VIEWS.iter().any(|v| v.name == name) {
        Some("a base view")
    } else {
        TAKEN.contains(&name.as_str()).then_some("a word of its own in SQL")
    };
    if let Some(what) = taken {
        out.push(
            Diagnostic::error("bad-name", format!("{} is already {what}", quote(&name)), at)
                .with_help("give the helper another name"),
        );
        return None;
    }
    Some((Machine::Helper { name }, at))
}

fn given(fields: &Fields<'_>, out: &mut Diagnostics) -> Option<(Machine, Span)> {
    let coverage = fields.get("coverage").and_then(|(value, at)| coverage(value, at, out));
    let mut units = Vec::new();
    let named = fields.get("units").map(|(value, at)| parts(value, at, out)).unwrap_or_default();
    for (unit, at) in named {
        match unit.parse::<i32>() {
            Ok(ccode) if (1..=999).contains(&ccode) => units.push(ccode),
            _ => out.push(
                Diagnostic::error("bad-value", format!("{} is not a state code", quote(&unit)), at)
                    .with_help(
                        "units are Correlates of War codes with commas between: `units=710,2`",
                    ),
            ),
        }
    }
    let source = fields.source(out).unwrap_or_else(|| "given".into());
    let table = fields.need("table", "pledges", out);
    let (case, at) = fields.case(out)?;
    Some((Machine::Given { case, table: table?, source, coverage, units }, at))
}

/// `1949..1955`, `1949..`, `..1955`, or `none`, which is the span without years.
fn coverage(value: &str, at: Span, out: &mut Diagnostics) -> Option<(i32, i32)> {
    if value == "none" {
        return Some(super::words::NO_YEARS);
    }
    let range = super::versions::range(value);
    if range.is_none() {
        let help = "write first and last year, `coverage=1949..1955`, or `coverage=none`; \
            left out, every year is covered";
        let message = format!("{} is not coverage", quote(value));
        out.push(Diagnostic::error("bad-value", message, at).with_help(help));
    }
    range.map(|(from, to)| (from.unwrap_or(1), to.unwrap_or(9999)))
}
