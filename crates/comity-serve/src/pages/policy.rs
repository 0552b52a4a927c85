//! A policy: its document with queries and tests, and a copy to change.

use comity::document::{Commitment, Kind, Policy as Document};
use comity_report::words;
use maud::{Markup, html};
use serde_json::json;

use super::{COMMITMENT, Field, Method, POLICY, Page, trial};
use crate::app::Now;
use crate::ask::Ask;
use crate::layout;
use crate::names;
use crate::refusal::Refusal;
use crate::view::View;

/// A policy.
pub const PAGE: Page = Page {
    path: "/policy",
    name: "Policy",
    about: "The document of a policy with its queries and tests, and a copy to change",
    method: Method::Get,
    names: &[],
    fields: &[
        POLICY,
        Field { name: COMMITMENT.name, about: "the commitment to begin at" },
        Field { name: "state", about: "the state on which a change is tried" },
    ],
    menu: true,
    kept: true,
    slow: false,
    view,
};

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let policy = now.policy(ask)?;
    let document = policy.document();
    let field = now.policy_field(policy);
    if let Some(id) = ask.field("commitment")
        && !document.commitments.iter().any(|c| c.id == id)
    {
        let known = document.commitments.iter().map(|c| (c.id.as_str(), c.title.as_str()));
        let there = |id: &str| ask.with(&[("commitment", id)]);
        return Err(names::no_commitment(id, &document.title, known, there));
    }
    let queries = |c: &Commitment| c.versions.iter().map(|v| v.evidence.len()).sum::<usize>();
    let count = |of: fn(&Commitment) -> usize| document.commitments.iter().map(of).sum::<usize>();
    let answer = html! {
        p {
            (words::plural(document.articles.len(), "article", "articles")) ", "
            (words::plural(document.commitments.len(), "commitment", "commitments")) ", "
            (words::plural(count(|c| c.versions.iter().map(|v| v.evidence.len()).sum()), "query", "queries")) " that measure them, and "
            (words::plural(count(|c| c.cases.len()), "test", "tests")) " that say what the queries must find."
        }
        p class="note" { "The document is all there is: change a query below, and see for one state which verdicts would be others." }
    };
    let mut view =
        View::new(format!("What does “{}” say, and how is it measured?", document.title), answer);
    let trial = trial::Given {
        policy: field.to_owned(),
        file: trial::file_name(&document.id),
        state: ask.field("state").map_or_else(|| first_state(now, document), str::to_owned),
        line: ask.field("commitment").and_then(|id| line_of(document, id)),
        ..trial::Given::default()
    };
    view.body = html! {
        form class="controls" action=(PAGE.path) method="get" {
            (layout::policy_choice(now, &document.id))
            button type="submit" { "Show" }
        }
        section id="outline" {
            h2 { "What it commits to" }
            @for article in &document.articles {
                @let inside = article.commitments.iter().filter_map(|at| document.commitments.get(*at));
                @if inside.clone().next().is_some() {
                    h3 { (article.title) }
                    ul class="outline" {
                        @for c in inside {
                            li {
                                @if matches!(c.kind, Kind::Watch) { (c.title) } @else { a href=(names::commitment_page(&c.id, field, "")) { (c.title) } }
                                " " span class="small" {
                                    (c.kind.name()) ", " (words::plural(queries(c), "query", "queries")) ", " (words::plural(c.cases.len(), "test", "tests")) ", "
                                    @if let Some(line) = line_of(document, &c.id) {
                                        a href=(ask.with(&[("commitment", &c.id)]) + "#document") data-line=(line) { "line " (line) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        (trial::editor(&trial, &document.text))
    };
    view.data = json!({
        "schema_version": 1,
        "policy": document,
        "text": document.text,
    });
    Ok(view)
}

/// The line of the heading of a commitment.
fn line_of(document: &Document, id: &str) -> Option<usize> {
    let commitment = document.commitments.iter().find(|c| c.id == id)?;
    Some(document.text.get(..commitment.span.start)?.matches('\n').count() + 1)
}

/// The state whose policy it is, or the first of the list.
fn first_state(now: &Now, document: &Document) -> String {
    let holder = document.holder.clone();
    let first = || {
        let system = now.record().tables().states().ok()?;
        let ccode = system.states().next()?.ccode;
        Some(names::handle(now.record(), ccode))
    };
    holder.or_else(first).unwrap_or_default()
}

/// A page where a document is shown as it is.
pub fn text_area(text: &str, line: Option<usize>) -> Markup {
    html! {
        textarea class="code" id="document" name="text" rows="30" spellcheck="false" autocapitalize="off" autocomplete="off" data-line=[line] required {
            // The first line end of a field is not part of it.
            "\n" (text)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn ask(query: &str) -> Ask {
        let fields = ["policy", "commitment", "state"];
        Ask::new("/policy", BTreeMap::new(), query, b"", &fields).unwrap()
    }

    #[test]
    fn a_policy_is_shown_whole_within_the_size_of_a_page() {
        for id in comity::SHIPPED.iter().map(|p| p.id) {
            let now = Now::unevaluated(id);
            let view = view(&now, &ask("")).unwrap();
            let document = now.policies().next().unwrap().document().clone();
            let body = view.body.into_string();
            assert!(body.len() < 290_000, "{id}: {} bytes", body.len());
            for c in &document.commitments {
                let line = line_of(&document, &c.id).unwrap();
                assert!(body.contains(&format!("data-line=\"{line}\"")), "{}", c.id);
                assert!(document.text.lines().nth(line - 1).unwrap().starts_with('#'), "{}", c.id);
            }
            assert_eq!(view.data["text"].as_str(), Some(document.text.as_str()));
        }
    }

    #[test]
    fn an_unknown_commitment_is_refused_with_the_nearest() {
        let now = Now::unevaluated("bandung-1955");
        let refusal = view(&now, &ask("commitment=territorial-integrit")).unwrap_err();
        assert_eq!(refusal.status, 404);
        assert!(refusal.links[0].0.contains("commitment=territorial-integrity"), "{refusal:?}");
    }
}
