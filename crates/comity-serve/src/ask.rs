//! What is asked of a page: the names in its path, and the fields of its query or of a form.

use std::collections::BTreeMap;

use comity::nearest;

use crate::refusal::Refusal;

/// How many characters a field of an address may have.
const LONGEST: usize = 4_096;

/// In what form a view is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// A page to look at.
    #[default]
    Html,
    /// The data behind it.
    Json,
    /// One of its tables (`part`).
    Csv,
    /// One of its pictures (`part`).
    Svg,
    /// The answer to a query, for data tools.
    Parquet,
}

/// What is asked.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    path: String,
    names: BTreeMap<String, String>,
    fields: BTreeMap<String, String>,
    /// The form.
    pub format: Format,
    /// Which table or picture.
    pub part: Option<String>,
}

impl Ask {
    /// From the path, the names in it, and the query or the body of a form (the fields that `known` lists, each at most once).
    ///
    /// # Errors
    /// Fields that the page has not, and a form that no view has.
    pub fn new(
        path: &str,
        names: BTreeMap<String, String>,
        query: &str,
        body: &[u8],
        known: &[&str],
    ) -> Result<Self, Refusal> {
        let mut ask = Self { path: path.to_owned(), names, ..Self::default() };
        ask.take(query.as_bytes(), known, LONGEST)?;
        ask.take(body, known, usize::MAX)?;
        Ok(ask)
    }

    fn take(&mut self, text: &[u8], known: &[&str], longest: usize) -> Result<(), Refusal> {
        for (name, value) in form_urlencoded::parse(text) {
            if value.chars().count() > longest {
                return Err(Refusal::bad(format!(
                    "`{}` has more than {longest} characters",
                    short(&name)
                )));
            }
            match name.as_ref() {
                "format" => self.format = format(&value)?,
                "part" => self.part = Some(value.into_owned()),
                name if known.contains(&name) => {
                    // Several boxes of one name are one list.
                    let old = self.fields.remove(name).filter(|v| !v.is_empty());
                    let value =
                        old.map_or_else(|| value.to_string(), |old| format!("{old},{value}"));
                    self.fields.insert(name.to_owned(), value);
                }
                name => return Err(unknown(name, known)),
            }
        }
        self.fields.retain(|_, value| !value.trim().is_empty());
        Ok(())
    }

    /// The path, without the query.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// A name of the path; empty where the page has none so called.
    pub fn name(&self, name: &str) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }

    /// A field, if it was given and is not empty.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// A field that holds a list with commas.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let parts = self.field(name).unwrap_or_default().split(',');
        parts.map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// A field that is a year.
    ///
    /// # Errors
    /// Anything else.
    pub fn year(&self, name: &str) -> Result<Option<i32>, Refusal> {
        let Some(given) = self.field(name) else { return Ok(None) };
        match given.trim().parse::<i32>() {
            Ok(year) if (0..=9999).contains(&year) => Ok(Some(year)),
            _ => Err(Refusal::bad(format!("`{}` is not a year", short(given)))
                .help(format!("write {name}=1962"))),
        }
    }

    /// The first and last year asked for.
    ///
    /// # Errors
    /// Fields that are no years, or run backwards.
    pub fn years(&self) -> Result<(Option<i32>, Option<i32>), Refusal> {
        let (from, to) = (self.year("from")?, self.year("to")?);
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            return Err(Refusal::bad(format!("the years run backwards: {from} to {to}")).link(
                self.with(&[("from", &to.to_string()), ("to", &from.to_string())]),
                format!("{to} to {from}"),
            ));
        }
        Ok((from, to))
    }

    /// The address of this page with some fields changed (an empty value takes a field away).
    pub fn with(&self, changed: &[(&str, &str)]) -> String {
        let mut fields = self.fields.clone();
        for (name, value) in changed {
            fields.insert((*name).to_owned(), (*value).to_owned());
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        address(&self.path, &fields)
    }

    /// The address of this page without form and part: it is the same for the same question.
    pub fn plain(&self) -> String {
        self.with(&[])
    }

    /// The address of a part of this page in another form.
    pub fn with_format(&self, format: &str, part: &str) -> String {
        let fields = self.fields.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let fields: Vec<_> = fields.chain([("format", format), ("part", part)]).collect();
        address(&self.path, &fields)
    }
}

/// An address from a path (as it stands, see [`segment`]) and fields; empty ones are left out.
pub fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut any = false;
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
        any = true;
    }
    // Commas between states read better as they are.
    let query = query.finish().replace("%2C", ",");
    if any { format!("{path}?{query}") } else { path.to_owned() }
}

/// A name as part of a path.
pub fn segment(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20")
}

/// A value as messages show it.
pub fn short(value: &str) -> String {
    let clean = comity_report::plain::clean(value);
    let mut text: String = clean.chars().take(60).collect();
    if text.len() < clean.len() {
        text.push('…');
    }
    text
}

fn format(given: &str) -> Result<Format, Refusal> {
    Ok(match given {
        "" | "html" => Format::Html,
        "json" => Format::Json,
        "csv" => Format::Csv,
        "svg" => Format::Svg,
        "parquet" => Format::Parquet,
        other => {
            return Err(Refusal::bad(format!("`{}` is not a form of a view", short(other)))
                .help("the forms are html, json, csv and svg, and parquet for a query"));
        }
    })
}

fn unknown(name: &str, known: &[&str]) -> Refusal {
    let mut refusal = Refusal::bad(format!("this page has no field `{}`", short(name)));
    if let Some(near) = nearest(name, known.iter().copied()) {
        refusal = refusal.help(near);
    }
    if known.is_empty() {
        refusal
    } else {
        refusal.help(format!("its fields are {}", known.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Result<Ask, Refusal> {
        Ask::new("/a", BTreeMap::new(), query, b"", &["from", "to", "states"])
    }

    #[test]
    fn fields_are_read_and_written_back() {
        let ask = ask("states=IND&states=PAK&from=1950&to=&format=json&part=x").unwrap();
        assert_eq!(ask.list("states"), ["IND", "PAK"]);
        assert_eq!((ask.format, ask.part.as_deref()), (Format::Json, Some("x")));
        assert_eq!(ask.years().unwrap(), (Some(1950), None));
        assert_eq!(ask.with(&[("from", ""), ("to", "1960 &")]), "/a?states=IND,PAK&to=1960+%26");
    }

    #[test]
    fn what_is_not_understood_is_refused_with_the_way_out() {
        assert_eq!(ask("form=1950").unwrap_err().help[0], "did you mean `from`?");
        assert_eq!(ask("format=xml").unwrap_err().status, 400);
        let backwards = ask("from=1990&to=1950").unwrap().years().unwrap_err();
        assert_eq!(backwards.links[0].0, "/a?from=1950&to=1990");
        assert!(ask("from=19x").unwrap().years().is_err());
        assert!(ask(&format!("from={}", "9".repeat(LONGEST + 1))).is_err());
    }

    #[test]
    fn names_in_paths_cannot_leave_their_place() {
        assert_eq!(segment("a/b <?>"), "a%2Fb%20%3C%3F%3E");
        assert!(short("\u{1b}[31m").starts_with('\u{fffd}'));
    }
}
