//! The first page: pick a state and a policy.

use comity::document::Kind;
use maud::html;
use serde_json::json;

use super::{Field, Method, POLICY, Page};
use crate::app::Now;
use crate::ask::{Ask, address};
use crate::layout::policy_choice;
use crate::names;
use crate::refusal::Refusal;
use crate::view::View;

/// The first page.
pub const PAGE: Page = Page {
    path: "/",
    name: "Start",
    about: "The policies and states that can be asked about",
    method: Method::Get,
    names: &[],
    fields: &[POLICY],
    menu: false,
    kept: true,
    slow: false,
    view,
};

/// From a name that was typed to the page of the state.
pub const GO: Page = Page {
    path: "/go",
    name: "Find a state",
    about: "Leads to the page of a state, by any code or name",
    method: Method::Get,
    names: &[],
    fields: &[Field { name: "state", about: "a state by any code or name" }, POLICY],
    menu: false,
    kept: false,
    slow: false,
    view: go,
};

fn go(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let policy = now.policy_field(now.policy(ask)?).to_owned();
    let Some(given) = ask.field("state") else {
        return Err(
            Refusal::bad("no state was named").help("write a name or a code: China, CHN, 710")
        );
    };
    let there = |handle: &str| names::state_page(handle, &policy);
    let ccode = names::state(now.record(), given, (None, None), there)?;
    Ok(View::go(there(&names::handle(now.record(), ccode))))
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let chosen = now.policy(ask)?;
    let document = chosen.document();
    let field = now.policy_field(chosen);
    let system = now.record().tables().states().map_err(|e| Refusal::failed(e.to_string()))?;
    let mut states: Vec<(String, String, i32)> =
        system.states().map(|s| (s.name.clone(), s.in_words(), s.ccode)).collect();
    states.sort();
    let answer = html! {
        p { "Pick a state. Its page shows, year by year, which commitments it kept and which it broke, and every verdict opens to the row of the dataset behind it." }
    };
    let mut view = View::new("What did a state do, against what a policy says?", answer);
    view.body = html! {
        form class="controls first" action="/go" method="get" {
            label { span { "State" } input name="state" list="states" placeholder="China, IND, 840 …" autocomplete="off" required autofocus; }
            (policy_choice(now, &document.id))
            button type="submit" { "Show" }
        }
        section {
            h2 { "Which policies are here?" }
            ul class="cards" {
                @for policy in now.policies() {
                    @let d = policy.document();
                    li class="card" {
                        h3 { (d.title) }
                        p class="note" {
                            (d.commitments.iter().filter(|c| c.kind != Kind::Watch).count()) " commitments"
                            @if let Some(adopted) = &d.adopted { ", adopted " (adopted) }
                        }
                        p { a href=(address("/", &[("policy", now.policy_field(policy))])) { "Choose it" } }
                    }
                }
            }
        }
        section {
            h2 { "Which states kept a commitment, and which did not?" }
            ul class="columns" {
                @for c in document.commitments.iter().filter(|c| c.kind != Kind::Watch) {
                    li { a href=(names::commitment_page(&c.id, field, "")) { (c.title) } }
                }
            }
        }
        section {
            h2 { "All states" }
            ul class="columns names" {
                @for (name, years, ccode) in &states {
                    li { a href=(names::state_page(&names::handle(now.record(), *ccode), field)) { (name) } " " span class="small" { (years) } }
                }
            }
        }
    };
    view.data = json!({
        "policies": now.policies().map(|p| {
            let d = p.document();
            let of = |c: &comity::document::Commitment| json!({"id": c.id, "title": c.title, "kind": c.kind});
            json!({"id": d.id, "title": d.title, "commitments": d.commitments.iter().map(of).collect::<Vec<_>>()})
        }).collect::<Vec<_>>(),
        "states": states.iter().map(|(name, years, ccode)| {
            json!({"ccode": ccode, "name": name, "years": years, "address": names::state_page(&names::handle(now.record(), *ccode), "")})
        }).collect::<Vec<_>>(),
    });
    Ok(view)
}
