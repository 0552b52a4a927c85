//! Headings with attributes: `## Title {#id .refrain principles="…" in-force="1949.."}`.

use super::attributes::{Token, parts, tokens};
use super::versions;
use super::words::is_kebab;
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Bar, Better, Kind, Span, Watch};
use comity_events::detect::Settings;

const KINDS: [Kind; 5] = [Kind::Refrain, Kind::Perform, Kind::Pursue, Kind::Goal, Kind::Watch];
const ARTICLE_CLASSES: [&str; 2] = ["objections", "not-operational"];
pub(crate) const KEYS: &[&str] = &["principles", "in-force", "better", "target", "floor"];
const KIND_HELP: &str =
    "a commitment has one kind: `.refrain`, `.perform`, `.pursue`, `.goal` or `.watch`";

/// A heading's text and what stands in its braces.
#[derive(Debug, Default)]
pub(super) struct Heading {
    pub title: String,
    /// With or without content, there were braces.
    pub attributed: bool,
    pub whole: Span,
    pub id: Option<(String, Span)>,
    pub classes: Vec<(String, Span)>,
    pub pairs: Vec<(String, String, Span)>,
}

/// Takes a heading apart.
pub(super) fn read(text: &str, span: Span, out: &mut Diagnostics) -> Heading {
    let inner = &text[span.start..span.end];
    let mut heading = Heading { title: one_line(inner), whole: span, ..Heading::default() };
    let Some(open) = ["{#", "{.", "{principles=", "{in-force=", "{better=", "{target=", "{floor="]
        .iter()
        .filter_map(|m| inner.find(m))
        .min()
    else {
        return heading;
    };
    let at = Span { start: span.start + open, end: span.end };
    heading.title = one_line(&inner[..open]);
    heading.attributed = true;
    let Some(inside) = inner[open + 1..].strip_suffix('}') else {
        out.push(
            Diagnostic::error(
                "unclosed-attributes",
                "the attributes of the heading are not closed, or something follows them",
                at,
            )
            .with_help("they end the line: `## Title {#id .refrain}`"),
        );
        // What is there is read all the same, so that the rest of the document is not misjudged.
        let inside = inner[open + 1..].trim_end_matches('}');
        fill(&mut heading, inside.split('}').next().unwrap_or_default(), at.start + 1, out);
        return heading;
    };
    fill(&mut heading, inside, at.start + 1, out);
    heading
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn fill(heading: &mut Heading, inside: &str, base: usize, out: &mut Diagnostics) {
    for (token, span) in tokens(inside, base, out) {
        match token {
            Token::Id(id) if heading.id.is_some() => out.push(
                Diagnostic::error(
                    "duplicate-attribute",
                    format!("a second id {}", quote(&id)),
                    span,
                )
                .with_help("a heading has one id"),
            ),
            Token::Id(id) if !is_kebab(&id) => out.push(
                Diagnostic::error("bad-id", format!("{} is not an id", quote(&id)), span)
                    .with_help("an id is at most 80 lower-case letters, digits and hyphens"),
            ),
            Token::Id(id) => heading.id = Some((id, span)),
            Token::Class(class) => heading.classes.push((class, span)),
            Token::Pair(key, ..) if heading.pairs.iter().any(|(k, ..)| *k == key) => {
                out.push(
                    Diagnostic::error(
                        "duplicate-attribute",
                        format!("{} stands twice", quote(&key)),
                        span,
                    )
                    .with_help("remove one"),
                );
            }
            Token::Pair(key, value, at) => heading.pairs.push((key, value, at)),
            Token::Word(word) => {
                let help = if let Some(kind) = KINDS.iter().find(|k| k.name() == word) {
                    format!("write `.{}`", kind.name())
                } else {
                    "attributes are `#id`, `.kind` and `key=\"value\"`, in straight quotes".into()
                };
                out.push(
                    Diagnostic::error(
                        "unknown-attribute",
                        format!("{} is not an attribute", quote(&word)),
                        span,
                    )
                    .with_help(help),
                );
            }
        }
    }
}

impl Heading {
    /// Whether it names a kind.
    pub fn has_kind(&self) -> bool {
        self.classes.iter().any(|(c, _)| KINDS.iter().any(|k| k.name() == c))
    }

    /// The classes of an article; a key has nothing to do there.
    pub fn article_classes(&self, out: &mut Diagnostics) -> Vec<String> {
        for (key, _, at) in &self.pairs {
            out.push(
                Diagnostic::error("unknown-attribute", format!("an article takes no {}", quote(key)), *at)
                    .with_help("an article takes `#id`, `.objections` and `.not-operational`; a commitment is a heading of two `#`"),
            );
        }
        for (class, at) in
            self.classes.iter().filter(|(c, _)| !ARTICLE_CLASSES.contains(&c.as_str()))
        {
            out.push(
                Diagnostic::error(
                    "unknown-class",
                    format!("unknown class {} of an article", quote(class)),
                    *at,
                )
                .with_help(out.suggest(
                    class,
                    ARTICLE_CLASSES,
                    "an article may be `.objections` or `.not-operational`",
                )),
            );
        }
        self.classes.iter().map(|(c, _)| c.clone()).collect()
    }

    /// The one kind of a commitment.
    pub fn kind(&self, out: &mut Diagnostics) -> Option<Kind> {
        let mut found: Vec<(Kind, Span)> = Vec::new();
        let mut unknown = false;
        for (class, at) in &self.classes {
            if let Some(kind) = KINDS.into_iter().find(|k| k.name() == class) {
                found.push((kind, *at));
            } else {
                unknown = true;
                out.push(
                    Diagnostic::error(
                        "unknown-class",
                        format!("unknown class {}", quote(class)),
                        *at,
                    )
                    .with_help(out.suggest(
                        class,
                        KINDS.map(Kind::name),
                        KIND_HELP,
                    )),
                );
            }
        }
        match found.as_slice() {
            [] if !unknown => {
                out.push(
                    Diagnostic::error(
                        "missing-kind",
                        format!("the commitment {} has no kind", quote(&self.title)),
                        self.whole,
                    )
                    .with_help(format!(
                        "{KIND_HELP}; a heading that is only for readers has three `#`"
                    )),
                );
            }
            [_, second, ..] => out.push(
                Diagnostic::error("two-kinds", "a second kind", second.1)
                    .with_label(found[0].1, "the first")
                    .with_help(KIND_HELP),
            ),
            _ => {}
        }
        match found.as_slice() {
            [(kind, _)] => Some(*kind),
            _ => None,
        }
    }

    /// `better`, required where something is pursued, and allowed for goals.
    pub fn better(&self, kind: Option<Kind>, out: &mut Diagnostics) -> Option<Better> {
        const HELP: &str = "write `better=higher` or `better=lower`";
        let Some((value, at)) = self.pair("better") else {
            if kind == Some(Kind::Pursue) {
                out.push(
                    Diagnostic::error(
                        "missing-better",
                        "it does not say which direction of the pursued value is better",
                        self.whole,
                    )
                    .with_help(HELP),
                );
            }
            return None;
        };
        if kind.is_some_and(|k| !matches!(k, Kind::Pursue | Kind::Goal)) {
            out.push(
                Diagnostic::error(
                    "unknown-attribute",
                    "`better` belongs to `.pursue` and `.goal` only",
                    at,
                )
                .with_help("remove it"),
            );
        }
        match value {
            "higher" => Some(Better::Higher),
            "lower" => Some(Better::Lower),
            _ => {
                out.push(
                    Diagnostic::error("bad-value", format!("`better` is {}", quote(value)), at)
                        .with_help(HELP),
                );
                None
            }
        }
    }

    /// `target` and `floor`, for something pursued.
    pub fn bar(
        &self,
        kind: Option<Kind>,
        better: Option<Better>,
        out: &mut Diagnostics,
    ) -> Option<Bar> {
        let pairs = self.pairs.iter().filter(|(k, ..)| k == "target" || k == "floor");
        bar(&pairs.cloned().collect::<Vec<_>>(), kind, better, out)
    }

    /// The principles it serves, each among those of the front matter (if that could be read).
    pub fn principles(&self, declared: Option<&[String]>, out: &mut Diagnostics) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let named = self.pair("principles").map(|(value, at)| parts(value, at, out));
        for (name, at) in named.unwrap_or_default() {
            if let Some(declared) = declared.filter(|d| !d.contains(&name)) {
                let all = match declared {
                    [] => "the front matter declares none: add `principles = […]`".to_string(),
                    _ => format!("the front matter declares {}", declared.join(", ")),
                };
                out.push(
                    Diagnostic::error(
                        "unknown-principle",
                        format!(
                            "the principle {} is not declared in the front matter",
                            quote(&name)
                        ),
                        at,
                    )
                    .with_help(out.suggest(
                        &name,
                        declared.iter().map(String::as_str),
                        &all,
                    )),
                );
            } else if !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// The years it is in force, where they are written, and whether they could not be read.
    pub fn in_force(&self, out: &mut Diagnostics) -> Option<Result<super::words::Years, ()>> {
        let (value, at) = self.pair("in-force")?;
        let years = versions::range(value);
        if years.is_none() {
            out.push(
                Diagnostic::error("bad-years", format!("`in-force` is {}", quote(value)), at)
                    .with_help("write years as `1949..`, `..1980` or `1949..1980`; left out, it is always in force"),
            );
        }
        Some(years.ok_or(()))
    }

    /// Where `in-force` stands, else the heading.
    pub fn in_force_at(&self) -> Span {
        self.pair("in-force").map_or(self.whole, |(_, at)| at)
    }

    /// How a `.watch` watches; none of other kinds.
    pub fn watch(&self, kind: Option<Kind>, out: &mut Diagnostics) -> Option<Watch> {
        if kind != Some(Kind::Watch) {
            return None;
        }
        let of = |(key, value, _): &(String, String, Span)| -> Option<(String, String)> {
            Settings::NAMES.contains(&key.as_str()).then(|| (key.clone(), value.clone()))
        };
        let pairs: Vec<(String, String)> = self.pairs.iter().filter_map(of).collect();
        let touches =
            self.pair("touches").map(|(value, at)| parts(value, at, out)).unwrap_or_default();
        let touches = touches.into_iter().map(|(id, _)| id).collect();
        match Settings::from_attributes(pairs.iter().map(|(k, v)| (k.as_str(), v.as_str()))) {
            Ok(settings) => Some(Watch { settings, touches }),
            Err(errors) => {
                for error in errors {
                    let at = self.pair(&error.name).map_or(self.whole, |(_, at)| at);
                    let message = format!("`{}` is {}", error.name, quote(&error.value));
                    out.push(Diagnostic::error("bad-value", message, at).with_help(error.reason));
                }
                None
            }
        }
    }

    /// Reports keys that a commitment does not take.
    pub fn check_keys(&self, kind: Option<Kind>, out: &mut Diagnostics) {
        let watches = |key: &str| {
            kind == Some(Kind::Watch) && (key == "touches" || Settings::NAMES.contains(&key))
        };
        let unknown = |key: &str| !KEYS.contains(&key) && !watches(key);
        for (key, _, at) in self.pairs.iter().filter(|(k, ..)| unknown(k)) {
            out.push(
                Diagnostic::error(
                    "unknown-attribute",
                    format!("unknown attribute {}", quote(key)),
                    *at,
                )
                .with_help(out.suggest(
                    key,
                    KEYS.iter().copied(),
                    "a commitment takes principles, in-force, better, target and floor; a `.watch` takes method, period, baseline, threshold, grade and touches",
                )),
            );
        }
    }

    fn pair(&self, key: &str) -> Option<(&str, Span)> {
        self.pairs.iter().find(|(k, ..)| k == key).map(|(_, v, at)| (v.as_str(), *at))
    }
}

/// The bar that `target` and `floor` make, of a heading or of one block: both or none, and in the direction of what is better.
pub(super) fn bar(
    pairs: &[(String, String, Span)],
    kind: Option<Kind>,
    better: Option<Better>,
    out: &mut Diagnostics,
) -> Option<Bar> {
    const HELP: &str = "write both in the unit of the value, for example `target=0.5 floor=0.33`; without a bar there is no verdict";
    let (_, _, at) = pairs.first()?;
    if kind.is_some_and(|k| k != Kind::Pursue) {
        out.push(
            Diagnostic::error(
                "unknown-attribute",
                "`target` and `floor` belong to `.pursue` only",
                *at,
            )
            .with_help("remove them"),
        );
        return None;
    }
    let mut number = |name: &str| -> Option<f64> {
        let Some((_, value, at)) = pairs.iter().find(|(k, ..)| k == name) else {
            out.push(
                Diagnostic::error("bad-value", format!("there is no `{name}` beside it"), *at)
                    .with_help(HELP),
            );
            return None;
        };
        let number = value.parse().ok().filter(|n: &f64| n.is_finite());
        if number.is_none() {
            out.push(
                Diagnostic::error("bad-value", format!("`{name}` is {}", quote(value)), *at)
                    .with_help(HELP),
            );
        }
        number
    };
    let (target, floor) = (number("target"), number("floor"));
    let bar = Bar { target: target?, floor: floor? };
    let backwards = match better? {
        Better::Higher => bar.floor > bar.target,
        Better::Lower => bar.floor < bar.target,
    };
    if backwards {
        out.push(
            Diagnostic::error("bad-value", "the floor is better than the target", *at).with_help(
                "a state at the target or better keeps it, one worse than the floor breaks it",
            ),
        );
        return None;
    }
    Some(bar)
}
