//! An act before it is taken: composed in words, and what it would move in a policy.

use comity::{Advice, AdviceAsked, AuditOptions, Verdict};
use comity_report::{advice, years};
use maud::{Markup, html};
use serde_json::json;

use super::{Field, Method, POLICY, Page};
use crate::app::Now;
use crate::ask::{Ask, address};
use crate::layout::policy_choice;
use crate::names;
use crate::refusal::Refusal;
use crate::view::{Cell, Table, View};

/// Acts of one question.
const ACTS: usize = 5;

/// Advice on an act.
pub const PAGE: Page = Page {
    path: "/advise",
    name: "Advise",
    about: "What an act would move in a policy before it is taken: the same audit with and without it. Nothing is written",
    method: Method::Get,
    names: &[],
    fields: &[
        Field { name: "state", about: "the state that would act" },
        Field {
            name: "act",
            about: "one to five acts in words, a line each: defense pact with RUS from 2026",
        },
        POLICY,
    ],
    menu: true,
    kept: true,
    slow: true,
    view,
};

/// Acts to begin with: state and words.
const EXAMPLES: &[(&str, &str)] = &[
    ("CHN", "defense pact with RUS from 2026"),
    ("IND", "impose trade sanctions on PAK in 2026"),
    ("TUR", "leave NATO in 2026"),
    ("BRA", "host 500 troops of USA from 2026"),
    ("KEN", "contribute 500 peacekeepers in 2026"),
];

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let policy = now.policy(ask)?;
    let (state, said) =
        (ask.field("state").unwrap_or_default(), ask.field("act").unwrap_or_default());
    let acts: Vec<String> =
        said.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    if state.trim().is_empty() || acts.is_empty() {
        return beginning(now, ask, state, said);
    }
    if acts.len() > ACTS {
        return Err(Refusal::bad(format!("{} acts are more than {ACTS}", acts.len())).help(
            "the command line takes packages of many: comity advise STATE --file plan.toml",
        ));
    }
    let ccode =
        names::state(now.record(), state, (None, None), |handle| ask.with(&[("state", handle)]))?;
    let asked =
        AdviceAsked { say: acts, precedents: 10, reciprocal: true, ..AdviceAsked::default() };
    let options = AuditOptions { cache: now.answers(), ..AuditOptions::default() };
    let advised =
        now.record().advise(policy, &ccode.to_string(), &asked, &options).map_err(|error| {
            Refusal::of(400, &error).link(ask.with(&[("act", "")]), "the acts that can be said")
        })?;
    let given = &advised.advice;
    let answer = html! { p { strong { (comity_report::plain::clean(&advice::answer(given))) } } };
    let mut view = View::new(advice::heading(given), answer);
    let moved = moves(&mut view, now, ask, given);
    view.body = html! {
        (form(now, ask, state, said))
        (moved)
        (advice::below(given, None))
        p class="note" {
            "The address of this page is the question. On the command line: " code { "comity advise" } "; several acts at once, alternatives and memos are there too."
        }
    };
    view.data = serde_json::to_value(&advised).unwrap_or_default();
    Ok(view)
}

/// The verdicts that move, each with the way to what is known today.
fn moves(view: &mut View, now: &Now, ask: &Ask, given: &Advice) -> Markup {
    let field = ask.field("policy").unwrap_or_default();
    let mut rows = Vec::new();
    for (who, list) in [("who acts", &given.own), ("another", &given.others)] {
        for of in list {
            for m in &of.moves {
                for run in m.years.chunk_by(|a, b| {
                    (a.before, a.before_at_least, a.after, a.after_at_least, a.year + 1)
                        == (b.before, b.before_at_least, b.after, b.after_at_least, b.year)
                }) {
                    let (first, last) = (run[0].year, run[run.len() - 1].year);
                    let handle = names::handle(now.record(), of.state.ccode);
                    rows.push(vec![
                        Cell::link(&of.state.name, &names::state_page(&handle, field)),
                        Cell::text(who),
                        Cell::link(
                            &m.title,
                            &names::finding_page(&handle, &m.commitment, field, ""),
                        ),
                        Cell::text(years::words(first, last)),
                        Cell::text(verdict(run[0].before, run[0].before_at_least)),
                        Cell::text(verdict(run[0].after, run[0].after_at_least)),
                    ]);
                }
            }
        }
    }
    if rows.is_empty() {
        return html! {};
    }
    let table = Table {
        name: "moves",
        caption: "Verdicts that would move".into(),
        columns: vec![
            ("state", "State", false),
            ("who", "", false),
            ("commitment", "Commitment", false),
            ("years", "Years", false),
            ("before", "Before", false),
            ("after", "After", false),
        ],
        rows,
    };
    let from = html! { "The same audit with and without the act; nothing was written." };
    html! { section { (view.table(ask, table, &from)) } }
}

/// A verdict in words; of an unknown one what is known of it.
fn verdict(verdict: Verdict, at_least: Option<Verdict>) -> String {
    at_least.map_or_else(|| verdict.name().to_owned(), |least| format!("{least} or worse"))
}

fn form(now: &Now, ask: &Ask, state: &str, said: &str) -> Markup {
    let chosen = ask.field("policy").unwrap_or_default();
    html! {
        form class="asking" action=(PAGE.path) method="get" {
            div class="row" {
                label { span { "State" } input name="state" list="states" value=(state) placeholder="China, IND, 840 …" autocomplete="off" required; }
                (policy_choice(now, chosen))
            }
            label for="act" { "Act, in words; several with a line each" }
            textarea id="act" name="act" rows="2" cols="70" maxlength="1000" required placeholder="defense pact with RUS from 2026" { (said) }
            div class="row" { button type="submit" { "What would it move?" } }
        }
    }
}

/// The page without an act.
fn beginning(now: &Now, ask: &Ask, state: &str, said: &str) -> Result<View, Refusal> {
    let policy = now.policy(ask)?;
    let acts = comity::acts(policy).map_err(|error| Refusal::of(500, &error))?;
    let answer = html! {
        p { "Say what a state would do, and see which commitments it would touch: the same audit runs with the act laid over the record, and without. "
            "No commitment that is silent has approved it." }
    };
    let mut view = View::new("May we do this?", answer);
    view.body = html! {
        (form(now, ask, state, said))
        section {
            h2 { "To begin with" }
            ul class="links" {
                @for (state, act) in EXAMPLES {
                    li { a href=(address(PAGE.path, &[("state", state), ("act", act)])) { (state) ": " (act) } }
                }
            }
        }
        section {
            h2 { "What can be said" }
            dl { @for act in &acts {
                dt { code { (act.say.first().map_or("", String::as_str)) } }
                dd { (act.doc) }
            } }
        }
    };
    view.data = json!({ "acts": acts });
    Ok(view)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn ask(query: &str) -> Ask {
        let fields: Vec<&str> = PAGE.fields.iter().map(|f| f.name).collect();
        Ask::new(PAGE.path, BTreeMap::new(), query, b"", &fields).unwrap()
    }

    #[test]
    fn an_act_moves_what_the_library_says_it_moves() {
        let now = Now::unevaluated("independent-peace");
        let page = view(
            &now,
            &ask("state=China&act=defense+pact+with+RUS+from+2026&policy=independent-peace"),
        )
        .unwrap();
        let moves = page.data["own"][0]["moves"].as_array().unwrap();
        assert!(moves.iter().any(|m| m["commitment"] == "no-great-power-alliance"));
        let body = page.body.into_string();
        assert!(body.contains("/state/CHN/no-great-power-alliance"), "{body}");
        assert!(page.answer.into_string().contains("against it"));
    }

    #[test]
    fn without_an_act_the_vocabulary_is_shown_and_every_example_is_understood() {
        let now = Now::starter();
        let page = view(&now, &ask("")).unwrap();
        assert!(page.body.into_string().contains("veto"));
        for (state, act) in EXAMPLES {
            let query = address("", &[("state", state), ("act", act)]);
            view(&now, &ask(query.trim_start_matches('?')))
                .unwrap_or_else(|e| panic!("{act}: {e:?}"));
        }
    }

    #[test]
    fn what_is_not_understood_is_refused_with_the_way_out() {
        let now = Now::starter();
        let refusal = view(&now, &ask("state=CHN&act=be+nice+to+RUS")).unwrap_err();
        assert_eq!(refusal.status, 400);
        let refusal = view(&now, &ask("state=Chnia&act=veto")).unwrap_err();
        assert_eq!(refusal.status, 404);
        let many = "act=veto%0Aveto%0Aveto%0Aveto%0Aveto%0Aveto&state=CHN";
        assert!(view(&now, &ask(many)).unwrap_err().message.contains("more than 5"));
    }
}
