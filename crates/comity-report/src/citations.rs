//! Citations of sources, in words and as BibTeX.

use std::fmt::Write as _;

use comity_record::Source;

use crate::plain::clean;

/// One citation a paragraph.
pub fn text<'a>(sources: impl IntoIterator<Item = &'a Source>) -> String {
    let mut out = String::new();
    for source in sources {
        let _ = writeln!(out, "{}\n  {}\n", clean(&source.label()), clean(&source.citation));
    }
    out
}

/// BibTeX: the works of each source.
pub fn bibtex<'a>(sources: impl IntoIterator<Item = &'a Source>) -> String {
    let mut out = String::new();
    sources.into_iter().for_each(|source| crate::bibtex::entries(&mut out, source));
    out
}

/// BibTeX of one work under this key, from its citation.
pub fn work(key: &str, citation: &str) -> String {
    crate::bibtex::of_citation(key, citation)
}
