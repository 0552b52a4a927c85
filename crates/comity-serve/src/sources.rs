//! The sources that a page rests on, below its charts and at its end.

use std::collections::BTreeSet;

use comity::audit::{Report, SourceHead};
use comity_report::{prose, words};
use maud::{Markup, html};

/// The sources that answered, or that findings name.
#[derive(Debug)]
pub struct Used<'a> {
    ids: BTreeSet<&'a str>,
}

impl<'a> Used<'a> {
    /// Those of a report: of all its years, or of one.
    pub fn of(report: &'a Report, year: Option<i32>) -> Self {
        let wanted = |y: i32| year.is_none_or(|year| year == y);
        let mut ids = BTreeSet::new();
        for c in report.audits.iter().flat_map(|a| &a.commitments) {
            // Of one year the findings say where they come from; where there are none, it is those that looked.
            let found = c.findings.iter().filter(|f| wanted(f.year)).map(|f| f.source.as_str());
            ids.extend(found);
            if year.is_none() || ids.is_empty() {
                let verdicts = c.verdicts.iter().filter(|v| wanted(v.year));
                let read = verdicts.flat_map(|v| &v.readings).flat_map(|r| &r.sources);
                ids.extend(read.map(String::as_str));
            }
        }
        Self { ids }
    }

    /// Whether it is one of them.
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// How many there are, with the way to them.
    pub fn line(&self) -> Markup {
        html! {
            "Sources: "
            @if self.ids.len() <= 4 {
                @for (i, id) in self.ids.iter().enumerate() { @if i > 0 { ", " } a href=(format!("#{}", anchor(id))) { (id) } }
            } @else {
                a href="#sources" { (self.ids.len()) " datasets, listed below" }
            }
            "."
        }
    }

    /// The same as lines of text, for a picture that stands alone.
    pub fn foot(&self, report: &Report) -> Vec<String> {
        let ids: Vec<&str> = self.ids.iter().copied().collect();
        vec![
            format!("Sources: {}.", ids.join(", ")),
            format!(
                "{}, policy {} ({}), record {}.",
                report.program,
                report.policy.id,
                comity_report::short(&report.policy.fingerprint),
                comity_report::short(&report.record.fingerprint)
            ),
        ]
    }
}

/// The anchor of a source.
pub fn anchor(id: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '-' };
    format!("source-{}", id.chars().map(safe).collect::<String>())
}

/// Each source used with its citation, licence and address.
/// They are open where they are few and belong to one thing.
pub fn section(report: &Report, used: &Used<'_>, open: bool) -> Markup {
    let list: Vec<&SourceHead> = report.record.sources.iter().filter(|s| used.has(&s.id)).collect();
    html! {
        section id="sources" {
            h2 { "Where does this come from?" }
            p class="note" {
                (words::plural(list.len(), "dataset", "datasets")) " of " (report.record.sources.len()) " in the record. "
                "Policy " code { (report.policy.id) } " " code { (comity_report::short(&report.policy.fingerprint)) }
                ", record " code { (comity_report::short(&report.record.fingerprint)) } "."
            }
            div class="source-list" { @for source in list { (entry(source, open)) } }
        }
    }
}

/// One source.
pub fn entry(s: &SourceHead, open: bool) -> Markup {
    html! {
        details class="source-entry" id=(anchor(&s.id)) open[open] {
            summary { (s.title) " " code { (s.id) } @if s.unreviewed { " (not yet reviewed)" } }
            p { (s.citation) }
            dl {
                @if !s.licence.is_empty() { dt { "Licence" } dd { (s.licence) } }
                @if !s.publisher.is_empty() { dt { "Publisher" } dd { (s.publisher) } }
                @if !s.url.is_empty() { dt { "Address" } dd class="address" { (web(&s.url)) } }
            }
        }
    }
}

/// A link to an address of the web; the address as text if it is anything else.
pub fn web(url: &str) -> Markup {
    html! {
        @if let Some(url) = prose::web(url) { a href=(url) rel="noopener noreferrer" { (url) } } @else { (url) }
    }
}
