//! What stands after the articles: what was set aside, what is not known, sources, fingerprints, citation.

use comity_policy::audit::{Audit, SourceHead};
use maud::{Markup, html};

use super::{anchor, source_anchor, web_link};
use crate::gaps::Gaps;
use crate::{Page, gather, ribbon, state_name, terminal, words, years};

/// All of it.
pub fn matter(page: Page<'_>) -> Markup {
    html! {
        (aside(page))
        (coverage(page))
        (sources(page))
        (cite(page))
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
                p class="note" {
                    "A dataset is downloaded from its publisher and added with " code { "comity record add" }
                    "; the audit is then run again. Some are known and cannot be read by this version yet."
                }
                table class="plain" {
                    thead { tr {
                        th scope="col" { "Dataset" } th scope="col" { "Years" } th scope="col" { "For" } th scope="col" { "" }
                    } }
                    tbody {
                        @for (list, note) in [
                            (&gaps.can_be_added, "can be added"),
                            (&gaps.not_yet_read, "not yet read"),
                            (&gaps.unanswered, "nothing to add"),
                        ] {
                            @for gap in list {
                                tr {
                                    td { (gap.what) }
                                    td class="when" { (years::words(gap.years.0, gap.years.1)) }
                                    td { @for (i, id) in gap.commitments.iter().enumerate() {
                                        @if i > 0 { ", " }
                                        a href=(format!("#{}", anchor(id))) { (id) }
                                    } }
                                    td class="small" { (note) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sources(page: Page<'_>) -> Markup {
    let record = &page.report.record;
    // A finding may name a source that the record no longer lists; its link must lead somewhere.
    let listed: Vec<&str> = record.sources.iter().map(|s| s.id.as_str()).collect();
    let mut unlisted: Vec<&str> = page
        .report
        .audits
        .iter()
        .flat_map(|a: &Audit| &a.commitments)
        .flat_map(|c| &c.findings)
        .map(|f| f.source.as_str())
        .filter(|s| !listed.contains(s))
        .collect();
    unlisted.sort_unstable();
    unlisted.dedup();
    html! {
        section id="sources" class="wide" {
            h2 { "Sources" }
            @if record.readings.len() > 1 {
                p {
                    "Where sources code the same facts differently, each was tried. The verdicts are those of the baseline; compared with it: "
                    @for (i, reading) in record.readings.iter().skip(1).enumerate() {
                        @if i > 0 { ", " }
                        code { (reading.id) }
                    }
                    ". A year that one keeps and another breaks is contested."
                }
            }
            @for s in &record.sources { (source(s)) }
            @for id in unlisted {
                div class="source-entry" id=(source_anchor(id)) { h3 { (id) } }
            }
        }
    }
}

fn source(s: &SourceHead) -> Markup {
    html! {
        div class="source-entry" id=(source_anchor(&s.id)) {
            h3 {
                (s.title) " " code { (s.id) }
                @if s.unreviewed { " (not yet reviewed)" }
            }
            p { (s.citation) }
            dl {
                @if !s.publisher.is_empty() { dt { "Publisher" } dd { (s.publisher) } }
                @if !s.version.is_empty() { dt { "Version" } dd { (s.version) } }
                @if !s.licence.is_empty() { dt { "Licence" } dd { (s.licence) } }
                @if !s.url.is_empty() { dt { "Address" } dd class="address" { (web_link(&s.url)) } }
                @if !s.coverage.is_empty() {
                    dt { "Covers" }
                    dd { @for (i, line) in s.coverage.iter().enumerate() { @if i > 0 { br; } (line) } }
                }
                @if !s.notes.is_empty() {
                    dt { "Mind" }
                    dd { @for (i, note) in s.notes.iter().enumerate() { @if i > 0 { br; } (note) } }
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
                dt { "Sources" } dd { (words::plural(report.record.sources.len(), "source", "sources")) }
            }
        }
    }
}
