//! Citations of sources, in words and as BibTeX.

use std::fmt::Write as _;

use comity_record::Source;
use comity_record::foreign::is_obeyed;

use crate::plain::clean;

/// One citation a paragraph.
pub fn text<'a>(sources: impl IntoIterator<Item = &'a Source>) -> String {
    let mut out = String::new();
    for source in sources {
        let _ = writeln!(out, "{}\n  {}\n", clean(&source.label()), clean(&source.citation));
    }
    out
}

/// BibTeX, one entry a source.
pub fn bibtex<'a>(sources: impl IntoIterator<Item = &'a Source>) -> String {
    let mut out = String::new();
    sources.into_iter().for_each(|source| entry(&mut out, source));
    out
}

fn entry(out: &mut String, source: &Source) {
    let _ = writeln!(out, "@misc{{{},", key(&source.id));
    if let Some((authors, year)) = authors_and_year(&source.citation) {
        // In braces twice: names as they are cited, which BibTeX does not take apart.
        let _ = writeln!(out, "  author = {{{{{}}}}},\n  year = {{{year}}},", escaped(authors));
    }
    let mut field = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "  {name} = {{{}}},", escaped(text));
        }
    };
    field("title", &source.title);
    field("publisher", &source.publisher);
    field("version", &source.version);
    field("note", &source.citation);
    field("annotation", &source.licence);
    field("url", &source.url);
    field("urldate", &source.added);
    out.push_str("}\n\n");
}

/// Who is named before the first year of a citation, and that year: `Leeds, Brett Ashley. 2002. …` or `Leeds (2002) …`.
fn authors_and_year(citation: &str) -> Option<(&str, &str)> {
    let is_year = |at: usize| {
        let year = citation.get(at..at + 4)?;
        let alone =
            |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '–');
        let four = year.bytes().all(|b| b.is_ascii_digit()) && year.starts_with(['1', '2']);
        let there =
            alone(citation[..at].chars().next_back()) && alone(citation[at + 4..].chars().next());
        (four && there).then_some(year)
    };
    let mut starts = citation.char_indices().map(|(at, _)| at);
    let (at, year) = starts.find_map(|at| Some((at, is_year(at)?)))?;
    let authors = citation[..at].trim_end_matches([' ', '(', '.', ',']);
    // A title before the year is no name.
    let named =
        !authors.is_empty() && authors.chars().count() < 200 && !authors.contains(['"', '“', ':']);
    named.then_some((authors, year))
}

/// A key in letters, digits and hyphens.
fn key(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// Text in which no sign ends the field or starts a command.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '{' | '}' | '\\' => out.push(' '),
            '%' | '&' | '#' | '$' | '_' => {
                out.push('\\');
                out.push(c);
            }
            c if is_obeyed(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_year_stand_before_the_title() {
        let of = authors_and_year;
        assert_eq!(
            of("Gibler, Miller and Little. 2016. Title"),
            Some(("Gibler, Miller and Little", "2016"))
        );
        assert_eq!(of("Leeds et al. (2002) ATOP"), Some(("Leeds et al", "2002")));
        assert_eq!(
            of("Maoz, Zeev and others. 2019. The Dyadic MID, 1816-2010"),
            Some(("Maoz, Zeev and others", "2019"))
        );
        assert_eq!(of("World Bank. World Development Indicators. Washington, DC"), None);
        assert_eq!(of("Vetoes: a list, 1946"), None);
    }

    #[test]
    fn no_sign_of_a_citation_breaks_the_entry() {
        assert_eq!(escaped("A & B {x} 5 % \\input"), "A \\& B  x  5 \\%  input");
        assert_eq!(key("cow-mid-5.0"), "cow-mid-5-0");
    }
}
