//! `comity record cite`: what to cite for what is in the record, no more and no less.

use std::fmt::Write as _;

use clap::ValueEnum;
use comity_record::Source;

use crate::exit::{Exit, Trouble};
use crate::given::RecordArgs;
use crate::output;

/// Forms of a list of citations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// One citation a paragraph
    #[default]
    Text,
    /// For reference managers
    Bibtex,
}

pub(super) fn run(args: &RecordArgs, format: Format) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let mut out = String::new();
    for source in record.sources() {
        match format {
            Format::Text => {
                let _ = writeln!(out, "{}\n  {}\n", source.id, source.citation);
            }
            Format::Bibtex => entry(&mut out, source),
        }
    }
    output::write(&out)?;
    Ok(Exit::Done)
}

pub(crate) fn entry(out: &mut String, source: &Source) {
    let _ = writeln!(out, "@misc{{{},", key(&source.id));
    let mut field = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "  {name} = {{{}}},", escaped(text));
        }
    };
    field("title", &source.title);
    field("publisher", &source.publisher);
    field("version", &source.version);
    field("note", &source.citation);
    field("howpublished", &source.licence);
    field("url", &source.url);
    field("urldate", &source.added);
    out.push_str("}\n\n");
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
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_a_citation_breaks_the_entry() {
        assert_eq!(escaped("A & B {x} 5 % \\input"), "A \\& B  x  5 \\%  input");
        assert_eq!(key("cow-mid-5.0"), "cow-mid-5-0");
    }
}
