//! The commitments of a policy, and how all states fared under each.

use comity::document::{Article, Commitment, Kind};
use comity_report::words;
use maud::{Markup, html};
use serde_json::json;

use super::{Method, POLICY, Page};
use crate::app::{Finished, Now};
use crate::ask::Ask;
use crate::refusal::Refusal;
use crate::view::View;
use crate::{chart, names, picture};

/// All commitments.
pub const PAGE: Page = Page {
    path: "/commitments",
    name: "All states",
    about: "The commitments of a policy, each with the verdicts of all states by year",
    method: Method::Get,
    names: &[],
    fields: &[POLICY],
    menu: true,
    kept: true,
    slow: false,
    view,
};

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let finished = now.finished(ask)?;
    let document = finished.policy.document();
    let field = now.policy_field(&finished.policy);
    let overview = &finished.overview;
    let answer = html! {
        p {
            "Each picture counts all states of the system, year by year, under one commitment of “" (document.title) "”. "
            "Open one for the map, the states and who broke it last."
        }
    };
    let mut view = View::new("How do all states fare under each commitment?", answer);
    let of = |article: &Article| -> Vec<&Commitment> {
        let all = article.commitments.iter().filter_map(|at| document.commitments.get(*at));
        all.filter(|c| c.kind != Kind::Watch).collect()
    };
    view.body = html! {
        (chart::patterns())
        form class="controls" action="/commitments" method="get" {
            (crate::layout::policy_choice(now, &document.id)) button type="submit" { "Show" }
        }
        (chart::key())
        @for article in document.articles.iter().filter(|a| !of(a).is_empty()) {
            section {
                h2 { (article.title) }
                div class="small-multiples" {
                    @for c in of(article) { div { (one(&mut view, ask, &finished, c, field)) } }
                }
            }
        }
    };
    view.data = json!({
        "policy": document.id,
        "commitments": document.commitments.iter().filter(|c| c.kind != Kind::Watch).map(|c| json!({
            "id": c.id, "title": c.title, "kind": c.kind,
            "address": names::commitment_page(&c.id, field, ""),
            "years": (overview.from..=overview.to).map(|y| json!({"year": y, "tally": overview.tally(&c.id, y)})).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    Ok(view)
}

fn one(view: &mut View, ask: &Ask, finished: &Finished, c: &Commitment, field: &str) -> Markup {
    let overview = &finished.overview;
    let there = names::commitment_page(&c.id, field, "");
    if !overview.is_judged(&c.id) {
        return html! {
            h3 { a href=(there) { (c.title) } }
            p class="note" { @if overview.has_values(&c.id) { "A value for each state, with no verdict." } @else { "The record has no answer." } }
        };
    }
    let total = (overview.from..=overview.to)
        .map(|y| overview.tally(&c.id, y))
        .fold(comity::audit::Tally::default(), comity::audit::Tally::plus);
    let said = if total.decided() == 0 {
        format!(
            "{} proved, and no year that is covered in full",
            words::plural(total.elsewhere() as usize, "verdict", "verdicts")
        )
    } else {
        let (share, of) =
            (words::percent(total.broken, total.decided()), words::thousands(total.decided()));
        format!("broken in {share} of {of} known state-years")
    };
    let svg = chart::columns(
        overview,
        &c.id,
        &|_| true,
        i32::MIN,
        &format!("{}: {said}", c.title),
        150.0,
    );
    let foot = vec![format!("Comity, policy {}.", finished.policy.document().id)];
    let taken = picture::alone(&c.title, &[(said.clone(), svg.clone())], &foot);
    html! {
        h3 { a href=(there) { (c.title) } }
        (view.picture(ask, &c.id, &svg, taken, &html! { (words::capital(&said)) "." }, &html! {}))
    }
}
