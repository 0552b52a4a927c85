//! What stands after the articles: what was set aside, what is not known, sources, fingerprints, citation.

use std::collections::BTreeSet;

use comity_policy::audit::SourceHead;
use maud::{Markup, html};

use super::{anchor, source_anchor, web_link};
use crate::gaps::Gaps;
use crate::{Page, gather, ribbon, state_name, terminal, words, years};

/// All of it.
pub fn matter(page: Page<'_>) -> Markup {
    html! {
        (expected(page))
        (aside(page))
        (coverage(page))
        (sources(page))
        (cite(page))
    }
}

/// What the states had beside what would be expected of them.
fn expected(page: Page<'_>) -> Markup {
    let all = &page.extra.expected;
    if all.is_empty() {
        return html! {};
    }
    html! {
        section id="expected" class="wide" {
            h2 { "Beside what would be expected" }
            ul { @for one in &all.all { li { (one.sentence()) } } }
            @for note in all.notes() { p class="note" { (note) } }
        }
    }
}

/// What `--without` set aside, and what it changed.
fn aside(page: Page<'_>) -> Markup {
    if page.report.without.is_empty() {
        return html! {};
    }
    let pairs: Vec<String> =
        page.report.without.iter().map(|&(a, b)| terminal::pair(page, a, b)).collect();
    html! {
        section id="aside" class="wide" {
            h2 { "Findings set aside" }
            p { "What was found between " (pairs.join(", ")) " does not count in this audit." }
            @if page.extra.changes.is_empty() {
                p { "No verdict changes." }
            } @else {
                table class="plain" {
                    thead { tr {
                        th scope="col" { "State" } th scope="col" { "Commitment" } th scope="col" { "With them" }
                        th scope="col" { "Without" } th scope="col" { "Years" }
                    } }
                    tbody {
                        @for (state, id, before, after, when) in gather(&page.extra.changes) {
                            tr {
                                td { (state.handle) }
                                td { a href=(format!("#{}", anchor(id))) { (id) } }
                                td { (ribbon::name(before)) }
                                td { (ribbon::name(after)) }
                                td { (years::list_of(when, 12)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is not known, and what would answer it.
fn coverage(page: Page<'_>) -> Markup {
    let gaps = Gaps::of(&page.report.audits, &page.extra.unread);
    html! {
        section id="coverage" class="wide" {
            h2 { "What is not known" }
            @if gaps.is_empty() {
                p { "The record covers every table that these commitments need, in all of these years." }
            } @else {
                h3 { "What would answer the unknown years" }
                @if !gaps.can_be_added.is_empty() {
                    table class="plain" {
                        thead { tr { th scope="col" { "Add" } th scope="col" { "Years" } th scope="col" { "For" } } }
                        tbody {
                            @for gap in &gaps.can_be_added {
                                tr {
                                    td { (gap.with_reach()) }
                                    td class="when" { (years::words(gap.years.0, gap.years.1)) }
                                    td { @for (i, id) in gap.commitments.iter().enumerate() {
                                        @if i > 0 { ", " }
                                        a href=(format!("#{}", anchor(id))) { (id) }
                                    } }
                                }
                            }
                        }
                    }
                    p class="note" { code { "comity record sources" } " says where each is published; " code { "comity record add" } " adds it." }
                }
                @for (what, list) in [
                    ("Published, and not yet read by this version", &gaps.not_yet_read),
                    ("No dataset that this version knows answers for", &gaps.unanswered),
                ] {
                    @if !list.is_empty() { p { (what) ": " (terminal::by_years(list)) "." } }
                }
            }
        }
    }
}

/// How many notes of a source stand here, and how long they may be.
const LINES: usize = 2;
const SHORT: usize = 160;

/// The sources that were used, folded; the others by name.
fn sources(page: Page<'_>) -> Markup {
    let record = &page.report.record;
    let used = terminal::used(page);
    let is_used = |s: &&SourceHead| used.iter().any(|u| u.id == s.id);
    let others: Vec<&SourceHead> = record.sources.iter().filter(|s| !is_used(s)).collect();
    // A finding may name a source that the record no longer lists; its link must lead somewhere.
    let findings = page.report.audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.findings);
    let found: BTreeSet<&str> = findings.map(|f| f.source.as_str()).collect();
    let unlisted: Vec<&str> =
        found.iter().copied().filter(|id| !used.iter().any(|u| u.id == *id)).collect();
    let rates = page.report.audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.base_rates);
    let compared: BTreeSet<&str> =
        rates.map(|r| r.reading.as_str()).filter(|id| *id != "baseline").collect();
    html! {
        section id="sources" class="wide" {
            h2 { "Sources" }
            @if !compared.is_empty() {
                p class="note" {
                    "Where sources code the same facts differently, each was tried. Compared with the baseline: "
                    (compared.into_iter().collect::<Vec<_>>().join(", "))
                    ". A year that one keeps and another breaks is contested."
                }
            }
            @for s in used.iter().filter(|s| found.contains(s.id.as_str())) { (source(s)) }
            @let silent: Vec<_> = used.iter().filter(|s| !found.contains(s.id.as_str())).collect();
            @if !silent.is_empty() {
                details class="others" {
                    summary { "Read too, with nothing found in them or for values alone (" (words::plural(silent.len(), "source", "sources")) ")" }
                    ul { @for s in silent { li { code { (s.id) } " " (s.citation) } } }
                }
            }
            @for id in unlisted { p class="source-entry" id=(source_anchor(id)) { (id) } }
            @if !others.is_empty() {
                details class="others unused" {
                    summary { "In the record and not used here (" (words::plural(others.len(), "source", "sources")) ")" }
                    ul { @for s in others { li { code { (s.id) } " " (s.title) } } }
                }
            }
        }
    }
}

fn source(s: &SourceHead) -> Markup {
    html! {
        details class="source-entry" id=(source_anchor(&s.id)) {
            summary {
                strong { (s.title) } " " code { (s.id) }
                @if s.unreviewed { " (not yet reviewed)" }
            }
            p { (s.citation) }
            p {
                @if !s.licence.is_empty() { "Licence: " (s.licence) ". " }
                @if !s.url.is_empty() { span class="address" { (web_link(&s.url)) } }
            }
            @if !(s.coverage.is_empty() && s.notes.is_empty()) {
                p class="small" {
                    @for note in s.notes.iter().filter(|n| n.len() <= SHORT).take(LINES) { (note) ". " }
                    "Its coverage and what to mind: " code { "comity record sources " (s.id) } "."
                }
            }
        }
    }
}

fn cite(page: Page<'_>) -> Markup {
    let report = page.report;
    let states: Vec<String> = report
        .audits
        .iter()
        .map(|a| format!("{}, {}", state_name(&a.state), years::words(a.from, a.to)))
        .collect();
    let cited = report
        .audits
        .iter()
        .flat_map(|a| &a.commitments)
        .flat_map(|c| &c.findings)
        .map(|f| f.source.as_str())
        .collect::<std::collections::BTreeSet<_>>();
    let version = report.program.strip_prefix("comity ").unwrap_or(&report.program);
    html! {
        section id="cite" class="wide" {
            h2 { "How to cite this audit" }
            blockquote class="citation" {
                "Comity " (version) ". Audit of " (states.join("; ")) " against “" (report.policy.title)
                "” (policy " (report.policy.id) ", " (crate::short(&report.policy.fingerprint))
                "; record " (crate::short(&report.record.fingerprint)) ")."
            }
            p {
                "Cite the sources as well: "
                @if cited.is_empty() {
                    "those listed above."
                } @else {
                    "the findings here rest on "
                    @for (i, id) in cited.iter().enumerate() {
                        @if i > 0 { ", " }
                        a href=(format!("#{}", source_anchor(id))) { (id) }
                    }
                    "; their citations stand above."
                }
            }
            h3 { "Fingerprints" }
            p class="note" { "The same policy, record and program give this page again, byte for byte." }
            dl class="fingerprints" {
                dt { "Policy" } dd { code { (report.policy.fingerprint) } }
                dt { "Record" } dd { code { (report.record.fingerprint) } }
                dt { "Program" } dd { code { (report.program) } }
            }
        }
    }
}
