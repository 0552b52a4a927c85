//! What stands first: the state, the policy, the period, the answer in words, and the picture.

use comity_policy::audit::{Audit, CommitmentAudit};
use comity_policy::verdict::Form;
use maud::{Markup, html};

use super::{AXIS, anchor, article_anchor, principle_name, ribbon, ribbon_id};
use crate::words::{self, capital};
use crate::{Page, answer, years};

/// Title, answer and picture.
pub fn header(page: Page<'_>) -> Markup {
    html! {
        header class="title" {
            @match page.report.audits.as_slice() {
                [one] => (of_one(page, one)),
                many => (of_many(page, many)),
            }
        }
    }
}

/// The commitment that alone was asked for.
fn only(page: Page<'_>) -> Option<&CommitmentAudit> {
    match page.report.audits.first()?.commitments.as_slice() {
        [only] if page.report.audits[0].goals.is_empty() => Some(only),
        _ => None,
    }
}

/// Whether the page is about one commitment.
pub fn is_alone(page: Page<'_>) -> bool {
    only(page).is_some()
}

fn is_open(page: Page<'_>, audit: &Audit) -> bool {
    page.extra.open == Some(audit.to)
}

fn of_one(page: Page<'_>, audit: &Audit) -> Markup {
    html! {
        @if let Some(c) = only(page) {
            p class="kicker" { (page.report.policy.title) " · " (years::words(audit.from, audit.to)) }
            h1 { (audit.state.name) ": " (answer::uncapital(&c.title)) }
            p class="lead" { (answer::sentence(audit, c, is_open(page, audit))) }
        } @else {
            p class="kicker" { "What was done, year by year, against what a policy says" }
            h1 { (audit.state.name) span class="years" { " " (years::words(audit.from, audit.to)) } }
            p class="held" { "against " strong { (page.report.policy.title) } (whose(page)) }
            p class="lead" { (answer::lead(audit)) }
        }
        (legend(page))
        @if let Some(c) = only(page) { (alone(audit, c)) } @else { (glance(page, audit)) }
        (unjudged(page, audit))
        (remarks(page))
    }
}

fn of_many(page: Page<'_>, audits: &[Audit]) -> Markup {
    let from = audits.iter().map(|a| a.from).min().unwrap_or_default();
    let to = audits.iter().map(|a| a.to).max().unwrap_or_default();
    let names: Vec<&str> = audits.iter().map(|a| a.state.name.as_str()).collect();
    html! {
        p class="kicker" { "What was done, year by year, against what a policy says" }
        h1 { (listed(&names)) span class="years" { " " (years::words(from, to)) } }
        p class="held" {
            "against " strong { (page.report.policy.title) }
            @if let Some(c) = only(page) { ": " (answer::uncapital(&c.title)) }
            @else { (whose(page)) }
        }
        (legend(page))
        (multiples(page, audits, (from, to)))
        (remarks(page))
    }
}

/// `India, Pakistan and China`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn whose(page: Page<'_>) -> String {
    let policy = &page.report.policy;
    let named = |abbr: &String| page.extra.holder.clone().unwrap_or_else(|| abbr.clone());
    match (policy.holder.as_ref().map(named), &policy.adopted) {
        (Some(holder), Some(adopted)) => format!(", the policy of {holder}, adopted {adopted}"),
        (Some(holder), None) => format!(", the policy of {holder}"),
        (None, Some(adopted)) => format!(", adopted {adopted}"),
        (None, None) => String::new(),
    }
}

/// What the bars of this page mean.
fn legend(page: Page<'_>) -> Markup {
    let verdicts =
        || page.report.audits.iter().flat_map(|a| &a.commitments).flat_map(|c| &c.verdicts);
    let mut forms: Vec<Form> = verdicts().map(comity_policy::audit::YearVerdict::form).collect();
    forms.sort_unstable();
    forms.dedup();
    html! {
        @if !forms.is_empty() { (ribbon::legend_of(&forms, verdicts().any(words::differs))) }
    }
}

/// The ribbon of one commitment, as wide as the page.
fn alone(audit: &Audit, c: &CommitmentAudit) -> Markup {
    let label = format!("{}: {}", c.title, words::summary(c));
    html! {
        div id="glance" {
            @if c.judged {
                (ribbon::strip(&c.verdicts, (audit.from, audit.to), &label, (&ribbon_id(audit, c), true)))
            }
            (ribbon::axis_as(audit.from, audit.to, Some(AXIS)))
        }
    }
}

/// All commitments of one state on one axis, article by article.
pub fn glance(page: Page<'_>, audit: &Audit) -> Markup {
    let judged = || audit.commitments.iter().filter(|c| c.judged);
    let groups = judged().count() > 1;
    html! {
        @if judged().next().is_some() {
            table class="ribbons" id="glance" {
                caption class="unseen" { "Verdict of each year, " (years::words(audit.from, audit.to)) }
                thead { tr {
                    th scope="col" { span class="unseen" { "Commitment" } }
                    th scope="col" class="picture" { (ribbon::axis_as(audit.from, audit.to, Some(AXIS))) }
                    th scope="col" class="number" { "Broken" br; "of years known" }
                    th scope="col" class="number" { "All" br; "states" }
                } }
                @for article in &page.policy.articles {
                    @let inside: Vec<_> = judged().filter(|c| c.article == article.id).collect();
                    @if !inside.is_empty() {
                        tbody {
                            @if groups { tr class="group" { th colspan="4" scope="rowgroup" { (article.title) } } }
                            @for c in inside { (row(audit, c)) }
                        }
                    }
                }
            }
        }
    }
}

fn row(audit: &Audit, c: &CommitmentAudit) -> Markup {
    let label = format!("{}: {}", c.title, answer::of(c, audit.to));
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", anchor(&c.id))) { (c.title) } }
            td class="picture" {
                (ribbon::strip(&c.verdicts, (audit.from, audit.to), &label, (&ribbon_id(audit, c), false)))
            }
            td class="number" { span class="narrow" { "broken " } (counted(c)) }
            td class="number soft" { span class="narrow" { "all states " } (answer::share_of_all(c)) }
        }
    }
}

/// `32 of 66`, `9 proved`, or a dash.
fn counted(c: &CommitmentAudit) -> String {
    let t = words::tally(&c.verdicts);
    if let Some(proved) = words::proved(&t) {
        proved
    } else if t.decided() == 0 {
        "–".to_owned()
    } else {
        format!("{} of {}", t.broken, t.decided())
    }
}

/// The axis, drawn once.
fn axis((from, to): (i32, i32), drawn: &mut bool) -> Markup {
    if std::mem::replace(drawn, true) {
        ribbon::axis_again(AXIS)
    } else {
        ribbon::axis_as(from, to, Some(AXIS))
    }
}

/// Small multiples: the states side by side, commitment by commitment, on one axis.
fn multiples(page: Page<'_>, audits: &[Audit], (from, to): (i32, i32)) -> Markup {
    let of = |id: &str| -> Vec<(&Audit, &CommitmentAudit)> {
        audits
            .iter()
            .filter_map(|a| Some((a, a.commitments.iter().find(|c| c.id == id)?)))
            .collect()
    };
    let first = audits.iter().flat_map(|a| &a.commitments).filter(|c| c.judged);
    let mut ids: Vec<&str> = Vec::new();
    first.for_each(|c| {
        if !ids.contains(&c.id.as_str()) {
            ids.push(&c.id);
        }
    });
    let mut drawn = false;
    html! {
        div id="glance" {
            @for article in &page.policy.articles {
                @let inside: Vec<&str> = ids.iter().copied().filter(|id| of(id).iter().any(|(_, c)| c.article == article.id)).collect();
                @if ids.len() > 1 && !inside.is_empty() { h2 class="group" { (article.title) } }
                @for id in inside {
                    @let all = of(id);
                    section class="multiples" {
                        h3 { a href=(format!("#{}", anchor(id))) { (all[0].1.title) } span class="small" { " all states: broken in " (answer::share_of_all(all[0].1)) } }
                        div class="side" {
                            @for (audit, c) in &all {
                                figure {
                                    figcaption { strong { (audit.state.name) } " " (answer::of(c, audit.to)) "." }
                                    (ribbon::strip(&c.verdicts, (from, to), &format!("{}, {}", audit.state.name, c.title), (&ribbon_id(audit, c), false)))
                                    (axis((from, to), &mut drawn))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is shown without a verdict, and what has no answer: named, so that nobody looks for it in the picture.
fn unjudged(page: Page<'_>, audit: &Audit) -> Markup {
    let shown: Vec<_> = audit.commitments.iter().filter(|c| !c.judged).collect();
    html! {
        @if !shown.is_empty() && only(page).is_none() {
            p class="note" {
                "Shown without a verdict, because no bar is stated: "
                @for (i, c) in shown.iter().enumerate() {
                    @if i > 0 { ", " }
                    a href=(format!("#{}", anchor(&c.id))) { (answer::uncapital(&c.title)) }
                }
                "."
            }
        }
        p class="note" {
            "One bar for each year, higher is graver. “All states” is how often the same was broken in the known years of all states. "
            "What the record does not cover is unknown, and unknown is never kept. "
            @if only(page).is_none() { "Of the policy’s text the beginnings are here; all of it: " code { "comity policy show " (page.report.policy.id) } "." }
        }
    }
}

fn remarks(page: Page<'_>) -> Markup {
    let mut said: Vec<&str> = Vec::new();
    for remark in page.report.audits.iter().flat_map(|a| &a.remarks) {
        if !said.contains(&remark.as_str()) {
            said.push(remark);
        }
    }
    html! { @for remark in said { p class="remark" { (remark) } } }
}

/// The table of contents.
pub fn contents(page: Page<'_>) -> Markup {
    let there =
        |article: &&comity_policy::document::Article| super::article::is_there(page, article);
    html! {
        @if only(page).is_none() {
            nav class="contents" aria-label="Contents" {
                ol {
                    @if has_principles(page) { li { a href="#principles" { "Principles" } } }
                    @for article in page.policy.articles.iter().filter(there) {
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
}

fn has_principles(page: Page<'_>) -> bool {
    !page.policy.principles.is_empty() && only(page).is_none()
}

/// Principle by principle, how the commitments that serve it fared.
pub fn principles(page: Page<'_>) -> Markup {
    if !has_principles(page) {
        return html! {};
    }
    html! {
        section id="principles" class="wide" {
            h2 { "Principles" }
            p class="note" {
                "The same verdicts under the principles that the commitments serve: broken years of years known. "
                "A commitment may serve several; nothing is added up."
            }
            table class="plain" {
                tbody {
                    @for principle in &page.policy.principles {
                        tr {
                            th scope="row" { (capital(&principle_name(principle))) }
                            td { (serving(page, principle)) }
                        }
                    }
                }
            }
        }
    }
}

fn serving(page: Page<'_>, principle: &str) -> Markup {
    let audits = &page.report.audits;
    let first = audits.first().into_iter().flat_map(|a| &a.commitments);
    let inside: Vec<_> = first.filter(|c| c.principles.iter().any(|p| p == principle)).collect();
    let count = |id: &str| -> String {
        let of = |a: &Audit| {
            let c = a.commitments.iter().find(|c| c.id == id)?;
            let counted = if c.judged { counted(c) } else { "no verdict".to_owned() };
            Some(if audits.len() == 1 { counted } else { format!("{} {counted}", a.state.abbr) })
        };
        audits.iter().filter_map(of).collect::<Vec<_>>().join(", ")
    };
    html! {
        @if inside.is_empty() { "No commitment here serves it." }
        @for (i, c) in inside.iter().enumerate() {
            @if i > 0 { "; " }
            a href=(format!("#{}", anchor(&c.id))) { (c.title) } " " span class="small" { "(" (count(&c.id)) ")" }
        }
    }
}
