//! Evidence as a table: one line for each event, with the row that it stands on and the publisher's page about it.

use comity_policy::audit::{CommitmentAudit, Severity};
use maud::{Markup, html};

use super::{source_anchor, web_link_as};
use crate::evidence::{Entry, entries};
use crate::plain::clean;
use crate::words;

/// How many other states a line names.
const OTHERS: usize = 8;

/// Up to `most` events of a commitment, the gravest and latest of them, in order of time; with a word on where the others are.
/// `whose` names the state where there are several.
pub fn table(
    c: &CommitmentAudit,
    (most, whose): (usize, &str),
    open: bool,
    others: &str,
) -> Markup {
    let all = entries(&c.findings);
    if all.is_empty() {
        return html! {};
    }
    let shown = chosen(&all, most);
    let count = words::plural(all.len(), "event", "events");
    html! {
        details class="evidence" open[open] {
            summary {
                "Evidence: " (whose)
                @if shown.len() < all.len() { (shown.len()) " of " }
                (count)
            }
            table class="findings" {
                thead { tr {
                    th scope="col" { "When" } th scope="col" { "What" } th scope="col" { "Counts as" } th scope="col" { "Source and row" }
                } }
                tbody { @for entry in &shown { (line(entry)) } }
            }
            @if shown.len() < all.len() {
                p class="note" { "The gravest and latest are shown. All " (words::thousands(all.len() as u32)) ": " code { (others) } }
            }
        }
    }
}

/// The gravest, and of these the latest, in order of time.
fn chosen<'a, 'b>(all: &'b [Entry<'a>], most: usize) -> Vec<&'b Entry<'a>> {
    let last = |e: &Entry<'_>| e.strand.years.last().copied().unwrap_or_default();
    let mut order: Vec<usize> = (0..all.len()).collect();
    // What only another reading shows comes after what the baseline has.
    order.sort_by_key(|at| {
        let e = &all[*at];
        (e.only_if.is_some(), e.severity(), std::cmp::Reverse(last(e)), *at)
    });
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|at| &all[at]).collect()
}

fn line(entry: &Entry<'_>) -> Markup {
    let f = entry.strand.finding;
    html! {
        tr {
            td { (entry.when()) }
            td {
                (clean(&f.what))
                @if !entry.others.is_empty() { ", with " (clean(&entry.with(OTHERS))) }
                @let size = entry.strand.magnitude();
                @if !size.is_empty() { "; " (clean(&size)) }
                @if let Some(label) = &f.label { " [" (clean(label)) "]" }
            }
            td class=[weight(entry.severity())] { (entry.counted()) }
            td { (rows(entry)) }
        }
    }
}

fn weight(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Breach => Some("breach"),
        Severity::Strain => Some("strain"),
        Severity::Kept => Some("keeps"),
        Severity::Mandated => None,
    }
}

/// The rows behind an event: the public source that the starter names comes first, it is for people.
fn rows(entry: &Entry<'_>) -> Markup {
    let key = entry.rows.first().map_or("", |(_, key)| key.as_str());
    html! {
        @for (i, (source, _)) in entry.rows.iter().enumerate() {
            @if i > 0 { ", " }
            a href=(format!("#{}", source_anchor(source))) { (clean(source)) }
        }
        " "
        @if let Some((key, public)) = key.split_once(" ; ") {
            (clean(public)) " [" (clean(key)) "]"
        } @else { (clean(key)) }
        @if let Some(also) = &entry.strand.finding.also { "; also " (clean(also)) }
        @if let Some(reading) = entry.only_if { " (only if " (clean(reading)) ")" }
        @for page in entry.pages() { " " (web_link_as(page, "page")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_gravest_and_latest_are_chosen_and_the_rest_is_said() {
        let mut c = fixture::report().audits[0].commitments[0].clone();
        let one = c.findings[0].clone();
        c.findings = (1900..1960)
            .map(|year| {
                let severity = if year % 2 == 0 { Severity::Strain } else { Severity::Breach };
                let what = format!("raid of {year}");
                comity_policy::audit::Finding { year, severity, what, ..one.clone() }
            })
            .collect();
        let html = table(&c, (3, ""), true, "comity audit CHN --evidence").into_string();
        assert!(html.contains("Evidence: 3 of 60 events"), "{html}");
        let at = |what: &str| html.find(what).unwrap_or_else(|| panic!("{what} in {html}"));
        assert!(at("raid of 1955") < at("raid of 1957") && at("raid of 1957") < at("raid of 1959"));
        assert!(!html.contains("raid of 1958") && html.contains("comity audit CHN --evidence"));
    }
}
