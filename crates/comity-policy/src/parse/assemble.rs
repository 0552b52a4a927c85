//! From sections to a policy: versions of one id together, tests by name, references between commitments.

use std::collections::{BTreeMap, BTreeSet};

use super::section::{ArticleSection, Section};
use super::versions;
use super::words::slug;
use crate::diagnostic::{Diagnostic, Diagnostics, quote};
use crate::document::{Article, Case, Commitment, Evidence, Kind, Span, Version};

/// The commitments in document order, versions together. One without a kind or an id is left out.
pub(super) fn commitments(sections: Vec<Section>, out: &mut Diagnostics) -> Vec<Commitment> {
    let mut order: Vec<String> = Vec::new();
    let mut by_id: BTreeMap<String, Vec<Section>> = BTreeMap::new();
    for section in sections {
        missing_evidence(&section, out);
        if section.id.is_empty() {
            cases(std::slice::from_ref(&section), out);
            continue;
        }
        if !by_id.contains_key(&section.id) {
            order.push(section.id.clone());
        }
        by_id.entry(section.id.clone()).or_default().push(section);
    }
    uses(&by_id, out);
    order.into_iter().filter_map(|id| commitment(by_id.remove(&id)?, out)).collect()
}

fn commitment(mut sections: Vec<Section>, out: &mut Diagnostics) -> Option<Commitment> {
    let (article, span) = sections.first().map(|s| (s.article, s.heading))?;
    let cases = cases(&sections, out);
    versions::order(&mut sections, out);
    let newest = sections.last()?;
    let (id, title, principles) =
        (newest.id.clone(), newest.title.clone(), newest.principles.clone());
    let kind = sections.iter().find_map(|s| s.kind)?;
    let better = sections.iter().find_map(|s| s.better);
    let watch = newest.watch.clone();
    let versions = sections
        .into_iter()
        .map(|s| {
            let (from, to) = s.in_force.unwrap_or_default();
            let mut evidence: Vec<Evidence> = s.evidence.into_iter().map(|(e, ..)| e).collect();
            // The bar of the heading is that of every needed block without one of its own.
            for block in evidence.iter_mut().filter(|e| !e.supplementary) {
                block.bar = block.bar.or(s.bar);
            }
            Version { title: s.title, from, to, prose: s.prose, applies: s.applies, evidence }
        })
        .collect();
    Some(Commitment { id, title, article, kind, better, principles, watch, versions, cases, span })
}

fn missing_evidence(section: &Section, out: &mut Diagnostics) {
    let needed = section.kind.is_some_and(|k| k != Kind::Watch);
    if needed && section.evidence.is_empty() && !section.evidence_broken {
        out.push(
            Diagnostic::error("missing-evidence", format!("the commitment {} has no evidence block", quote(&section.title)), section.heading)
                .with_help("add a fence `sql evidence name=…` with a query, or move the text to an article `{.not-operational}`"),
        );
    }
}

/// The tests of one commitment: `given` and `expect` blocks of one name together.
fn cases(sections: &[Section], out: &mut Diagnostics) -> Vec<Case> {
    let mut cases: Vec<(Case, bool)> = Vec::new();
    let verdictless =
        sections.iter().find_map(|s| s.kind).filter(|k| matches!(k, Kind::Goal | Kind::Watch));
    let names: BTreeSet<&str> =
        sections.iter().flat_map(|s| s.expect.iter().map(|(n, ..)| n.as_str())).collect();
    for (name, at, rows) in sections.iter().flat_map(|s| &s.expect) {
        if let Some(kind) = verdictless {
            out.push(
                Diagnostic::error(
                    "no-verdict",
                    format!("a `.{}` has no verdict to expect", kind.name()),
                    *at,
                )
                .with_help("remove the test"),
            );
        }
        match cases.iter_mut().find(|(c, _)| c.name == *name) {
            Some((case, _)) => case.expect.extend(rows.iter().cloned()),
            None => cases.push((
                Case { name: name.clone(), given: Vec::new(), expect: rows.clone(), span: *at },
                false,
            )),
        }
    }
    for (name, at, given) in sections.iter().flat_map(|s| &s.given) {
        if let Some((case, has_given)) = cases.iter_mut().find(|(c, _)| c.name == *name) {
            let twin =
                case.given.iter().find(|g| g.table == given.table && g.source == given.source);
            if let Some(twin) = twin {
                let message = format!("{} is given twice from one source", quote(&given.table));
                out.push(
                    Diagnostic::error("duplicate-name", message, given.span)
                        .with_label(twin.span, "first here")
                        .with_help("put the rows together, or name another `source`"),
                );
            }
            case.given.push(given.clone());
            *has_given = true;
        } else if verdictless.is_none() {
            out.push(
                Diagnostic::error(
                    "no-expect",
                    format!("the test {} expects nothing", quote(name)),
                    *at,
                )
                .with_help(out.suggest(
                    name,
                    names.iter().copied(),
                    &format!("add a fence `expect case={name}` under this commitment"),
                )),
            );
        }
    }
    for (case, has_given) in &cases {
        let mut seen: BTreeMap<(i32, i32), Span> = BTreeMap::new();
        for row in &case.expect {
            if let Some(first) = seen.insert((row.state, row.year), row.span) {
                out.push(
                    Diagnostic::error(
                        "expected-twice",
                        format!("the verdict of {} in {} is expected twice", row.state, row.year),
                        row.span,
                    )
                    .with_label(first, "first here")
                    .with_help("remove one"),
                );
            }
        }
        if !has_given && verdictless.is_none() {
            out.push(
                Diagnostic::warning(
                    "no-given",
                    format!(
                        "the test {} gives no table: every table is empty and covered",
                        quote(&case.name)
                    ),
                    case.span,
                )
                .with_help(format!("add a fence `given case={} table=… source=…`", case.name)),
            );
        }
    }
    cases.into_iter().map(|(case, _)| case).collect()
}

/// `uses` names commitments that have findings, and goes round in no circle.
fn uses(by_id: &BTreeMap<String, Vec<Section>>, out: &mut Diagnostics) {
    let mut edges: BTreeMap<&str, BTreeMap<&str, Span>> = BTreeMap::new();
    for (id, section) in by_id.iter().flat_map(|(id, all)| all.iter().map(move |s| (id, s))) {
        for (used, at) in section.evidence.iter().flat_map(|(_, _, uses)| uses) {
            let Some((used, sections)) = by_id.get_key_value(used) else {
                out.push(
                    Diagnostic::error(
                        "unknown-commitment",
                        format!("no commitment {} in this document", quote(used)),
                        *at,
                    )
                    .with_help(out.suggest(
                        used,
                        by_id.keys().map(String::as_str),
                        "`uses` names commitments by their ids",
                    )),
                );
                continue;
            };
            let kind = sections.iter().find_map(|s| s.kind);
            if let Some(kind) = kind.filter(|k| !matches!(k, Kind::Refrain | Kind::Perform)) {
                out.push(
                    Diagnostic::error(
                        "no-findings",
                        format!("{} is a `.{}`, which has no findings", quote(used), kind.name()),
                        *at,
                    )
                    .with_help("`uses` names commitments of the kinds `.refrain` and `.perform`"),
                );
            }
            edges.entry(id).or_default().entry(used).or_insert(*at);
        }
    }
    // Take away what uses nothing that is left, until all is gone or only circles (and what leads to them) remain.
    let mut left = edges;
    loop {
        let free: Vec<&str> = left
            .iter()
            .filter(|(_, uses)| uses.keys().all(|u| !left.contains_key(u)))
            .map(|(id, _)| *id)
            .collect();
        if free.is_empty() {
            break;
        }
        for id in free {
            left.remove(id);
        }
    }
    let Some(start) = left.keys().next().copied() else { return };
    // From anywhere in what remains, following what remains, a circle is met.
    let mut path = vec![start];
    loop {
        let here = path[path.len() - 1];
        let Some((next, at)) = left[here].iter().find(|(u, _)| left.contains_key(*u)) else {
            return;
        };
        if let Some(from) = path.iter().position(|p| p == next) {
            let mut circle: Vec<String> = path[from..].iter().map(|p| quote(p)).collect();
            circle.push(quote(next));
            out.push(
                Diagnostic::error(
                    "circle",
                    format!("these commitments use each other in a circle: {}", circle.join(" → ")),
                    *at,
                )
                .with_help("remove one of the `uses`"),
            );
            return;
        }
        path.push(next);
    }
}

/// The articles, each with an id of its own and its commitments.
pub(super) fn articles(
    sections: Vec<ArticleSection>,
    commitments: &[Commitment],
    out: &mut Diagnostics,
) -> Vec<Article> {
    let mut taken: BTreeSet<String> = commitments.iter().map(|c| c.id.clone()).collect();
    for (id, at) in sections.iter().filter_map(|s| s.id.as_ref()) {
        if !taken.insert(id.clone()) {
            out.push(
                Diagnostic::error(
                    "duplicate-id",
                    format!("the id {} stands twice", quote(id)),
                    *at,
                )
                .with_help("rename one"),
            );
        }
    }
    let mut articles = Vec::new();
    let mut numbers = BTreeMap::new();
    let mut of_article: Vec<Vec<usize>> = vec![Vec::new(); sections.len()];
    for (at, commitment) in commitments.iter().enumerate() {
        if let Some(list) = of_article.get_mut(commitment.article) {
            list.push(at);
        }
    }
    for (section, commitments) in sections.into_iter().zip(of_article) {
        let free = || free_slug(&section.title, &mut taken, &mut numbers);
        let id = section.id.map_or_else(free, |(id, _)| id);
        articles.push(Article {
            title: section.title,
            id,
            classes: section.classes,
            prose: section.prose,
            commitments,
        });
    }
    articles
}

/// An id that is not taken. `numbers` holds the last number tried for each title: of many articles with one title, none
/// tries those before it again.
fn free_slug(
    title: &str,
    taken: &mut BTreeSet<String>,
    numbers: &mut BTreeMap<String, usize>,
) -> String {
    let base = slug(title);
    if taken.insert(base.clone()) {
        return base;
    }
    let number = numbers.entry(base.clone()).or_insert(1);
    loop {
        *number += 1;
        let id = format!("{base}-{number}");
        if taken.insert(id.clone()) {
            return id;
        }
    }
}
