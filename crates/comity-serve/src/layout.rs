//! A view on a page: head, menu, question, answer, body, foot.

use maud::{DOCTYPE, Markup, html};

use crate::app::Now;
use crate::ask::{Ask, address};
use crate::pages::{PAGES, Page};
use crate::refusal::Refusal;
use crate::view::View;

/// The page of a view.
pub fn page(now: &Now, ask: &Ask, page: &Page, view: &View) -> String {
    let policy = ask.field("policy").unwrap_or_default();
    let json = ask.with(&[("format", "json")]);
    let main = html! {
        main id="main" {
            header class="question" {
                h1 { (view.title) }
                div class="answer" { (view.answer) }
            }
            (view.body)
            p class="take-all" { a href=(json) { "The data behind this page (JSON)" } }
        }
    };
    whole(now, &view.title, policy, page.path, &main)
}

/// The page that says why there is none.
pub fn refusal(now: &Now, refusal: &Refusal) -> String {
    let main = html! {
        main id="main" class="refusal" {
            header class="question" {
                h1 { (refusal.title()) }
                div class="answer" role=[(refusal.again.is_some()).then_some("status")] { p { (refusal.message) "." } }
            }
            @if !refusal.help.is_empty() {
                ul { @for help in &refusal.help { li { @for (i, line) in help.lines().enumerate() { @if i > 0 { br; } (line) } } } }
            }
            @if let Some(sql) = &refusal.query { (crate::pages::query::mend(sql)) }
            @if !refusal.links.is_empty() {
                h2 { "Did you want one of these?" }
                ul class="links" { @for (to, text) in &refusal.links { li { a href=(to) { (text) } } } }
            }
            p { a href="/" { "Begin at the beginning" } }
        }
    };
    whole(now, refusal.title(), "", "", &main)
}

fn whole(now: &Now, title: &str, policy: &str, path: &str, main: &Markup) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " – Comity" }
                link rel="stylesheet" href="/style.css";
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                script src="/script.js" defer {}
            }
            body {
                a class="skip" href="#main" { "Skip to the answer" }
                (menu(now, policy, path))
                (main)
                footer class="page-foot" {
                    p {
                        "Every verdict follows from a query that stands beside it, run over the same public record for every state. "
                        "What the record does not cover is unknown, and unknown is never kept."
                    }
                    p { "Comity " (env!("CARGO_PKG_VERSION")) " · " a href="/openapi.json" { "addresses for programs (OpenAPI)" } }
                }
            }
        }
    };
    let mut text = markup.into_string();
    text.push('\n');
    comity_report::plain::checked(text, false)
}

fn menu(now: &Now, policy: &str, path: &str) -> Markup {
    html! {
        header class="top" {
            a class="brand" href=(address("/", &[("policy", policy)])) { "Comity" }
            nav aria-label="Pages" {
                ul {
                    @for page in PAGES.iter().filter(|p| p.menu) {
                        li { a href=(address(page.path, &[("policy", policy)])) aria-current=[(page.path == path).then_some("page")] { (page.name) } }
                    }
                }
            }
            form class="find" action="/go" method="get" role="search" {
                label class="unseen" for="find-state" { "Find a state" }
                input id="find-state" name="state" list="states" placeholder="Find a state" autocomplete="off" required;
                @if !policy.is_empty() { input type="hidden" name="policy" value=(policy); }
                button type="submit" { "Go" }
                (states(now))
            }
        }
    }
}

/// The names of all states, for fields that are typed into.
fn states(now: &Now) -> Markup {
    let mut names: Vec<&str> = Vec::new();
    if let Ok(system) = now.record().tables().states() {
        names = system.states().map(|s| s.name.as_str()).collect();
    }
    names.sort_unstable();
    names.dedup();
    html! { datalist id="states" { @for name in names { option value=(name) {} } } }
}

/// A choice among the policies, for a form.
pub fn policy_choice(now: &Now, chosen: &str) -> Markup {
    html! {
        label { span { "Policy" }
            select name="policy" {
                @for policy in now.policies() {
                    @let document = policy.document();
                    option value=(document.id) selected[document.id == chosen] { (document.title) }
                }
            }
        }
    }
}

/// A field for a year, for a form.
pub fn year_field(name: &str, label: &str, value: Option<i32>, placeholder: i32) -> Markup {
    html! {
        label { span { (label) }
            input type="number" name=(name) value=[value] placeholder=(placeholder) min="1816" max="2100" inputmode="numeric";
        }
    }
}
