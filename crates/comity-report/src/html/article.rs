//! An article of the policy beside what the record says: its prose left, verdicts and evidence right.

use std::collections::{BTreeMap, BTreeSet};

use comity_policy::audit::{Audit, CommitmentAudit, GoalAudit, Severity, YearValue};
use comity_policy::document::{Article, Better, Commitment, Kind, Version};
use maud::{Markup, PreEscaped, html};

use super::{anchor, article_anchor, plot, principle_name, ribbon, source_anchor};
use crate::plain::clean;
use crate::words::capital;
use crate::{Page, evidence, prose, state_name, terminal, words, years};

/// Up to this many lines the evidence is open to begin with.
const OPEN: usize = 30;

/// One article with its commitments.
pub fn article(page: Page<'_>, article: &Article) -> Markup {
    let class = article.classes.iter().map(|c| super::slug(c)).collect::<Vec<_>>().join(" ");
    html! {
        section id=(article_anchor(&article.id)) class=(format!("article {class}")) {
            h2 { (article.title) }
            @if !article.prose.trim().is_empty() {
                div class="prose" { (PreEscaped(prose::html(&clean_prose(&article.prose), 3))) }
            }
            @if article.classes.iter().any(|c| c == "objections") { (treated(page)) }
            @for &index in &article.commitments {
                @if let Some(commitment) = page.policy.commitments.get(index) {
                    (self::commitment(page, commitment))
                }
            }
        }
    }
}

/// How objections were treated in this very audit: the labels its findings bear, the years in which
/// sources differ, and what was set aside.
fn treated(page: Page<'_>) -> Markup {
    let mut labels: BTreeMap<(&str, Severity), (usize, BTreeSet<&str>)> = BTreeMap::new();
    let mut differing: BTreeSet<&str> = BTreeSet::new();
    for c in page.report.audits.iter().flat_map(|a| &a.commitments) {
        for f in &c.findings {
            if let Some(label) = &f.label {
                let entry = labels.entry((label, f.severity)).or_default();
                entry.0 += 1;
                entry.1.insert(&c.id);
            }
        }
        if c.verdicts.iter().any(words::differs) {
            differing.insert(&c.id);
        }
    }
    html! {
        h3 { "How it was treated here" }
        @if !labels.is_empty() {
            table class="plain" {
                thead { tr {
                    th scope="col" { "Label" } th scope="col" { "Counts as" }
                    th scope="col" class="number" { "Findings" } th scope="col" { "Under" }
                } }
                tbody {
                    @for ((label, severity), (count, ids)) in &labels {
                        tr {
                            td { span class="label" { (clean(label)) } }
                            td { (evidence::severity(*severity)) }
                            td class="number" { (words::thousands(*count as u32)) }
                            td { (links(ids)) }
                        }
                    }
                }
            }
        }
        ul class="treated" {
            li {
                @if differing.is_empty() { "Where several sources could answer, none of them changes a verdict." }
                @else { "Sources lead to different verdicts in some year under " (links(&differing)) "; those years bear a dot." }
            }
            li {
                @if page.report.without.is_empty() {
                    "No findings were set aside; " code { "--without A:B" } " sets aside what was found between two states, and shows what changes."
                } @else {
                    a href="#aside" { "Findings were set aside" } ", and what that changes is shown."
                }
            }
            li { "Beside every commitment stands how all states of the system fared in the same years." }
        }
    }
}

/// Links to commitments of the page.
fn links(ids: &BTreeSet<&str>) -> Markup {
    html! {
        @for (i, id) in ids.iter().enumerate() {
            @if i > 0 { ", " }
            a href=(format!("#{}", anchor(id))) { (id) }
        }
    }
}

/// Prose keeps its lines and loses what is not text.
fn clean_prose(text: &str) -> String {
    crate::plain::clean_lines(text)
}

fn commitment(page: Page<'_>, commitment: &Commitment) -> Markup {
    let found: Vec<(&Audit, &CommitmentAudit)> = page
        .report
        .audits
        .iter()
        .filter_map(|a| Some((a, a.commitments.iter().find(|c| c.id == commitment.id)?)))
        .collect();
    let goals: Vec<(&Audit, &GoalAudit)> = page
        .report
        .audits
        .iter()
        .filter_map(|a| Some((a, a.goals.iter().find(|g| g.id == commitment.id)?)))
        .collect();
    // Not requested with --commitment: the text alone would look like silence of the record.
    if found.is_empty() && goals.is_empty() && commitment.kind != Kind::Watch {
        return html! {};
    }
    let many = page.report.audits.len() > 1;
    html! {
        section id=(anchor(&commitment.id)) class="commitment" {
            div class="law" {
                h3 { (commitment.title) }
                p class="meta" { (nature(commitment)) }
                @for version in &commitment.versions {
                    @if commitment.versions.len() > 1 { h4 class="version" { (in_force(version)) ": " (version.title) } }
                    (PreEscaped(prose::html(&clean_prose(&version.prose), 4)))
                }
                (queries(commitment))
            }
            div class="run" {
                @if commitment.kind == Kind::Watch {
                    p class="note" { "For the stream of events; it has no verdict." }
                }
                @for (audit, c) in found {
                    @if many { h4 class="state" { (state_name(&audit.state)) } }
                    (verdicts(page, audit, c))
                }
                @for (audit, g) in goals {
                    @if many { h4 class="state" { (state_name(&audit.state)) } }
                    (goal(page, audit, g))
                }
            }
        }
    }
}

/// What kind of commitment it is, in words, with its id and principles.
fn nature(commitment: &Commitment) -> Markup {
    let kind = match commitment.kind {
        Kind::Refrain => "not to be done",
        Kind::Perform => "to be done when the occasion comes",
        Kind::Pursue => "to be striven for",
        Kind::Goal => "a goal: an outcome, with no verdict",
        Kind::Watch => "to be watched",
    };
    html! {
        code { (commitment.id) } " · " (kind)
        @if !commitment.principles.is_empty() {
            " · serves "
            (commitment.principles.iter().map(|p| principle_name(p).to_lowercase()).collect::<Vec<_>>().join(", "))
        }
        @if let [only] = commitment.versions.as_slice() {
            @if only.from.is_some() || only.to.is_some() { " · " (in_force(only)) }
        }
    }
}

fn in_force(version: &Version) -> String {
    match (version.from, version.to) {
        (None, None) => "in force in every year".into(),
        (Some(from), None) => format!("in force since {from}"),
        (None, Some(to)) => format!("in force until {to}"),
        (Some(from), Some(to)) => format!("in force {}", years::words(from, to)),
    }
}

/// The queries, folded: the law's measure stands where the law stands.
fn queries(commitment: &Commitment) -> Markup {
    let all = commitment.versions.iter().flat_map(|v| &v.evidence).count();
    if all == 0 {
        return html! {};
    }
    html! {
        details class="queries" {
            summary { "How it is measured (" (words::plural(all, "query", "queries")) ")" }
            @for version in &commitment.versions {
                @if commitment.versions.len() > 1 { p class="note" { (in_force(version)) } }
                @for query in &version.applies {
                    p class="note" { "Applies to the state-years of" }
                    pre { code { (clean_prose(&query.sql).trim_end()) } }
                }
                @for block in &version.evidence {
                    p class="note" {
                        code { (block.name) }
                        @if block.lookback > 0 { ", needs the " (words::plural(block.lookback as usize, "year", "years")) " before" }
                        @if let Some(source) = &block.source { ", reads " (source) " whatever the reading" }
                        @if block.supplementary { ", a second look whose silence is not needed" }
                    }
                    pre { code { (clean_prose(&block.query.sql).trim_end()) } }
                }
            }
        }
    }
}

fn verdicts(page: Page<'_>, audit: &Audit, c: &CommitmentAudit) -> Markup {
    let summary = words::summary(c);
    html! {
        @if c.judged {
            (ribbon::svg(&c.verdicts, audit.from, audit.to, &format!("{}: {summary}", c.title), true))
        }
        p class="words" { (capital(&summary)) "." }
        @for text in words::further(c) { p class="base" { (capital(&text)) "." } }
        @if let Some(text) = words::base_rate(c) { p class="base" { (capital(&text)) "." } }
        (answers(c))
        @for block in terminal::blocks(&c.values) {
            (values(page, audit, (&c.id, &block), c.better))
        }
        (findings(c))
    }
}

fn goal(page: Page<'_>, audit: &Audit, g: &GoalAudit) -> Markup {
    html! {
        @if g.values.is_empty() {
            p class="words" { "Not known in any of these years." }
        }
        @for block in terminal::blocks(&g.values) {
            (values(page, audit, (&g.id, &block), g.better))
        }
    }
}

fn values(
    page: Page<'_>,
    audit: &Audit,
    (id, block): (&str, &[&YearValue]),
    better: Option<Better>,
) -> Markup {
    let words = terminal::values_line(block, better, false);
    let name = block.first().map_or("", |v| v.block.as_str());
    let commitments = page.report.audits.iter().flat_map(|a| &a.commitments).filter(|c| c.id == id);
    let goals = page.report.audits.iter().flat_map(|a| &a.goals).filter(|g| g.id == id);
    let beside: Vec<&YearValue> = commitments
        .flat_map(|c| &c.values)
        .chain(goals.flat_map(|g| &g.values))
        .filter(|v| v.block == name)
        .collect();
    let spread = block.iter().any(|v| v.spread.is_some());
    html! {
        figure {
            (plot::svg(block, &beside, (audit.from, audit.to), &format!("{name}: {words}")))
            figcaption {
                code { (name) } " " (words) ". "
                @if spread {
                    span class="small" {
                        "Line: " (audit.state.name) ". Dashed: the median of all states; dark band: their middle half; light band: their middle eight tenths."
                    }
                }
            }
        }
    }
}

/// The evidence as a table, each line linked to its source.
fn findings(c: &CommitmentAudit) -> Markup {
    if c.findings.is_empty() {
        return html! {};
    }
    let strands = evidence::strands(&c.findings);
    html! {
        details class="evidence" open[strands.len() <= OPEN] {
            summary { "Evidence (" (words::plural(strands.len(), "line", "lines")) ")" }
            table class="findings" {
                thead { tr {
                    th scope="col" { "Years" }
                    th scope="col" { "Finding" }
                    th scope="col" { "With" }
                    th scope="col" { "Weight" }
                    th scope="col" { "Source" }
                } }
                tbody {
                    @for strand in &strands {
                        @let f = strand.finding;
                        tr class=(evidence::severity(f.severity)) {
                            td class="when" { (strand.years()) }
                            td {
                                (clean(&f.what))
                                @if let Some(label) = &f.label { " " span class="label" { (clean(label)) } }
                                @let magnitude = strand.magnitude();
                                @if !magnitude.is_empty() { " " span class="small" { "(magnitude " (magnitude) ")" } }
                            }
                            td { (clean(&strand.other())) }
                            td class="weight" { (evidence::severity(f.severity)) }
                            td class="source" {
                                a href=(format!("#{}", source_anchor(&f.source))) { (clean(&f.source)) }
                                " " (source_row(&f.source_row))
                                @if let Some(also) = &f.also { "; also " span class="key" { (clean(also)) } }
                                @if f.reading != "baseline" { " " span class="reading" { "only if " (clean(&f.reading)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The key of a row; the public source that the starter names behind it comes first, it is for people.
fn source_row(key: &str) -> Markup {
    html! {
        @if let Some((key, public)) = key.split_once(" ; ") {
            (clean(public)) " " span class="key" { "[" (clean(key)) "]" }
        } @else {
            span class="key" { (clean(key)) }
        }
    }
}

/// What would answer the unknown years of this commitment.
fn answers(c: &CommitmentAudit) -> Markup {
    let mut list: BTreeMap<&[String], (i32, i32)> = BTreeMap::new();
    for m in c.missing.iter().filter(|m| !m.answered_by.is_empty()) {
        let span = list.entry(&m.answered_by).or_insert((m.from, m.to));
        *span = (span.0.min(m.from), span.1.max(m.to));
    }
    html! {
        @if !list.is_empty() {
            p class="base" {
                "Would be answered by "
                @for (i, (datasets, (from, to))) in list.iter().enumerate() {
                    @if i > 0 { "; " }
                    (datasets.join(" or ")) " (" (years::words(*from, *to)) ")"
                }
                "."
            }
        }
    }
}
