//! What stands before the articles: title, the summary in words, contents, all verdicts at a glance,
//! and the principles as a cross-cut.

use comity_policy::audit::{Audit, CommitmentAudit};
use maud::{Markup, html};

use super::{anchor, article_anchor, principle_name, ribbon};
use crate::{Page, state_name, words, years};

/// Title and summary.
pub fn header(page: Page<'_>) -> Markup {
    let policy = &page.report.policy;
    html! {
        header class="title" {
            p class="kicker" { "An audit of conduct against a written policy" }
            h1 { (policy.title) }
            p class="held" {
                "held against "
                @for (i, audit) in page.report.audits.iter().enumerate() {
                    @if i > 0 { ", " }
                    strong { (audit.state.name) }
                    " " span class="years" { (years::words(audit.from, audit.to)) }
                }
            }
            p class="meta" {
                @if let Some(holder) = &policy.holder {
                    "The policy is that of " (holder)
                    @if let Some(adopted) = &policy.adopted { ", adopted " (adopted) }
                    ". "
                }
                "Every verdict below follows from a query that stands beside it, run over the same public record for every state. "
                "What the record does not cover is unknown, and unknown is never kept. There is no total: "
                "a number that adds a war to a trade balance says nothing."
            }
        }
        section class="summary" aria-label="Summary" {
            @for audit in &page.report.audits {
                @if page.report.audits.len() > 1 { h2 class="state" { (super::super::title(audit)) } }
                p class="lead" { (words::lead(audit)) }
                dl class="standing" {
                    @for (name, list) in words::Standing::of(audit).groups() {
                        dt { (name) }
                        dd {
                            @for (i, (c, detail)) in list.iter().enumerate() {
                                @if i > 0 { "; " }
                                a href=(format!("#{}", anchor(&c.id))) { (c.title) }
                                @if !detail.is_empty() { " " span class="small" { "(" (detail) ")" } }
                            }
                        }
                    }
                }
                // A remark that holds for all is said once, at the end.
                @for remark in audit.remarks.iter().filter(|r| !of_all(page, r)) { p class="remark" { (remark) } }
            }
            @for remark in page.report.audits.first().into_iter().flat_map(|a| &a.remarks).filter(|r| of_all(page, r)) {
                p class="remark" { (remark) }
            }
        }
    }
}

/// Whether a remark is made of every state here.
fn of_all(page: Page<'_>, remark: &str) -> bool {
    page.report.audits.iter().all(|a| a.remarks.iter().any(|r| r == remark))
}

/// The table of contents.
pub fn contents(page: Page<'_>) -> Markup {
    html! {
        nav class="contents" aria-label="Contents" {
            ol {
                li { a href="#glance" { "At a glance" } }
                @if has_principles(page) { li { a href="#principles" { "Principles" } } }
                @for article in &page.policy.articles {
                    li { a href=(format!("#{}", article_anchor(&article.id))) { (article.title) } }
                }
                @if !page.report.without.is_empty() { li { a href="#aside" { "Findings set aside" } } }
                li { a href="#coverage" { "What is not known" } }
                li { a href="#sources" { "Sources" } }
                li { a href="#cite" { "How to cite" } }
            }
        }
    }
}

/// All commitments on one axis.
pub fn glance(page: Page<'_>) -> Markup {
    html! {
        section id="glance" class="wide" {
            h2 { "At a glance" }
            p class="note" {
                "One bar per year, higher is graver. “All states” is the share of known state-years that were broken "
                "in the same years: a verdict says little without it."
            }
            (ribbon::legend())
            @for audit in &page.report.audits {
                table class="ribbons" {
                    caption { (super::super::title(audit)) }
                    thead { (head(audit)) }
                    @for article in &page.policy.articles {
                        @let inside: Vec<_> = audit.commitments.iter().filter(|c| c.article == article.id).collect();
                        @if !inside.is_empty() {
                            tbody {
                                tr class="group" { th colspan="4" scope="rowgroup" { (article.title) } }
                                @for c in inside { (row(audit, c)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn head(audit: &Audit) -> Markup {
    html! {
        tr {
            th scope="col" { "Commitment" }
            th scope="col" class="picture" {
                span class="unseen" { "Verdict of each year, " (years::words(audit.from, audit.to)) }
                (ribbon::axis(audit.from, audit.to))
            }
            th scope="col" class="number" { "Broken" br; span class="small" { "of years known" } }
            th scope="col" class="number" { "All states" br; span class="small" { "broken" } }
        }
    }
}

fn row(audit: &Audit, c: &CommitmentAudit) -> Markup {
    let t = words::tally(&c.verdicts);
    let base = c.base_rate;
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", anchor(&c.id))) { (c.title) } }
            td class="picture" {
                @if c.judged {
                    (ribbon::svg(&c.verdicts, audit.from, audit.to, &format!("{}: {}", c.title, words::summary(c)), false))
                } @else { (words::summary(c)) }
            }
            td class="number" {
                @if words::proved_only(c) { (t.broken_elsewhere) " proved" }
                @else if t.decided() == 0 { "–" }
                @else { (t.broken) " of " (t.decided()) }
            }
            td class="number" {
                @if words::proved_only(c) { (words::thousands(base.broken_elsewhere)) " proved" }
                @else {
                    (words::percent(base.broken, base.decided()))
                    span class="small" { (words::range(&c.base_rates, |t| t.broken)) }
                }
            }
        }
    }
}

fn has_principles(page: Page<'_>) -> bool {
    !page.policy.principles.is_empty()
}

/// Principle by principle, the commitments that serve it.
pub fn principles(page: Page<'_>) -> Markup {
    if !has_principles(page) {
        return html! {};
    }
    html! {
        section id="principles" class="wide" {
            h2 { "Principles" }
            p class="note" {
                "The same verdicts, gathered under the principles that the commitments serve. "
                "A commitment may serve several; one that serves none is not here."
            }
            @for audit in &page.report.audits {
                table class="ribbons" {
                    caption { (state_name(&audit.state)) }
                    thead { (head(audit)) }
                    @for principle in &page.policy.principles {
                        @let inside: Vec<_> = audit.commitments.iter().filter(|c| c.principles.contains(principle)).collect();
                        tbody {
                            tr class="group" { th colspan="4" scope="rowgroup" { (principle_name(principle)) } }
                            @for c in &inside { (row(audit, c)) }
                            @if inside.is_empty() { tr { td colspan="4" { "No commitment of this policy serves it." } } }
                        }
                    }
                }
            }
        }
    }
}
