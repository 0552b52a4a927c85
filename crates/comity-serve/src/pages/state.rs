//! A state under a policy: ribbons by article or by principle, goals, sources.

use comity::audit::{Audit, CommitmentAudit, GoalAudit, Report};
use comity_report::html::{plot, ribbon};
use comity_report::{terminal, words, years};
use maud::{Markup, html};
use serde_json::json;

use super::{FROM, Field, Method, POLICY, Page, STATE, TO};
use crate::app::{Finished, Now};
use crate::ask::{Ask, address, short};
use crate::layout::{policy_choice, year_field};
use crate::refusal::Refusal;
use crate::sources::{self, Used};
use crate::view::{Cell, Table, View};
use crate::{names, picture};

/// A state under a policy.
pub const PAGE: Page = Page {
    path: "/state/{state}",
    name: "A state",
    about: "A state under a policy: the verdict of every commitment and year, with goals and the sources used",
    method: Method::Get,
    names: &[STATE],
    fields: &[POLICY, FROM, TO, Field { name: "by", about: "article (the default) or principle" }],
    menu: false,
    kept: true,
    slow: false,
    view,
};

/// The audit of the state that an address names, with the fields `from` and `to`.
///
/// # Errors
/// A state that is not there, or was not in these years.
pub fn audit(
    now: &Now,
    ask: &Ask,
    finished: &Finished,
    given: &str,
    there: impl Fn(&str) -> String,
) -> Result<Report, Refusal> {
    let (from, to) = ask.years()?;
    let ccode = names::state(now.record(), given, (from, to), there)?;
    finished.evaluation.report(&[ccode], from, to).map_err(|error| {
        let all = ask.with(&[("from", ""), ("to", ""), ("year", "")]);
        Refusal::of(404, &error).link(all, "all years of this state")
    })
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let finished = now.finished(ask)?;
    let field = now.policy_field(&finished.policy);
    let there = |handle: &str| names::state_page(handle, field);
    let report = audit(now, ask, &finished, ask.name("state"), there)?;
    let Some(audit) = report.audits.first() else {
        return Err(Refusal::failed("an audit of nobody"));
    };
    let by_principle = match ask.field("by") {
        None | Some("article") => false,
        Some("principle") => true,
        Some(other) => {
            return Err(Refusal::bad(format!("`{}` orders nothing", short(other)))
                .help("write by=article or by=principle"));
        }
    };
    let title = format!("Did {} keep “{}”?", audit.state.name, report.policy.title);
    let answer = html! {
        p { (words::lead(audit)) }
    };
    let mut view = View::new(title, answer);
    let shown = Shown { now, ask, finished: &finished, report: &report, audit, field };
    let used = Used::of(&report, None);
    let picture = shown.ribbons(&mut view, by_principle, &used);
    let goals = shown.goals(&mut view, &used);
    let table = shown.table(&mut view, &used);
    view.body = html! {
        (shown.controls())
        (picture)
        @for remark in &audit.remarks { p class="remark" { (remark) } }
        (goals)
        section id="expected" {
            h2 { "What would be expected of a state in its place?" }
            p {
                "How many " a href=(shown.expected("disputes")) { "disputes" } ", " a href=(shown.expected("wars")) { "wars" } " and "
                a href=(shown.expected("sanctions")) { "sanctions" } " a state with its borders and age would be expected to have, and one with its power and alliances too, beside those it had. "
                "They say how it compares, and change no verdict."
            }
        }
        section id="table" { details { summary { "The verdicts as a table" } (table) } }
        (sources::section(&report, &used, false))
    };
    view.data = json!(report);
    view.data["record"]["sources"] =
        json!(report.record.sources.iter().filter(|s| used.has(&s.id)).collect::<Vec<_>>());
    Ok(view)
}

/// What the parts of the page are made from.
struct Shown<'a> {
    now: &'a Now,
    ask: &'a Ask,
    finished: &'a Finished,
    report: &'a Report,
    audit: &'a Audit,
    field: &'a str,
}

/// A heading with its commitments.
type Group<'a> = (String, Vec<&'a CommitmentAudit>);

impl Shown<'_> {
    fn handle(&self) -> String {
        names::handle(self.now.record(), self.audit.state.ccode)
    }

    /// The page of what would be expected of the state.
    fn expected(&self, outcome: &str) -> String {
        let years = |name| self.ask.field(name).unwrap_or_default();
        address(
            "/measure/conduct",
            &[
                ("states", &self.handle()),
                ("from", years("from")),
                ("to", years("to")),
                ("outcome", outcome),
                ("policy", self.field),
            ],
        )
    }

    fn controls(&self) -> Markup {
        let by = self.ask.field("by").unwrap_or("article");
        let document = self.finished.policy.document();
        html! {
            form class="controls" action=(self.ask.path()) method="get" {
                (policy_choice(self.now, &document.id))
                (year_field("from", "From", self.ask.year("from").ok().flatten(), self.audit.from))
                (year_field("to", "To", self.ask.year("to").ok().flatten(), self.audit.to))
                @if !document.principles.is_empty() {
                    label { span { "Ordered by" }
                        select name="by" {
                            @for (value, text) in [("article", "article"), ("principle", "principle")] {
                                option value=(value) selected[by == value] { (text) }
                            }
                        }
                    }
                }
                button type="submit" { "Show" }
            }
        }
    }

    fn groups(&self, by_principle: bool) -> Vec<Group<'_>> {
        let all = &self.audit.commitments;
        let document = self.finished.policy.document();
        if by_principle {
            let of = |p: &String| {
                let name: String = comity_report::words::capital(p);
                (name, all.iter().filter(|c| c.principles.contains(p)).collect())
            };
            return document.principles.iter().map(of).collect();
        }
        let of = |a: &comity::document::Article| {
            (a.title.clone(), all.iter().filter(|c| c.article == a.id).collect::<Vec<_>>())
        };
        document.articles.iter().map(of).filter(|(_, inside)| !inside.is_empty()).collect()
    }

    fn ribbons(&self, view: &mut View, by_principle: bool, used: &Used<'_>) -> Markup {
        let audit = self.audit;
        let groups = self.groups(by_principle);
        let shown = html! {
            (ribbon::legend())
            table class="ribbons" data-form-names=(picture::form_names()) {
                caption class="unseen" { "Verdicts by year, " (years::words(audit.from, audit.to)) }
                thead { tr {
                    th scope="col" { "Commitment" }
                    th scope="col" class="picture" { span class="unseen" { "Verdict of each year" } (ribbon::axis(audit.from, audit.to)) }
                    th scope="col" class="number" { "Broken" }
                    th scope="col" class="number" { "All states" }
                } }
                @for (name, inside) in &groups {
                    tbody {
                        tr class="group" { th colspan="4" scope="rowgroup" { (name) } }
                        @for c in inside { (self.row(c)) }
                        @if inside.is_empty() { tr { td colspan="4" { "No commitment of this policy serves it." } } }
                    }
                }
            }
        };
        let title = format!(
            "{} against “{}”, {}",
            audit.state.name,
            self.report.policy.title,
            years::words(audit.from, audit.to)
        );
        let rows: Vec<(String, Markup)> = groups
            .iter()
            .flat_map(|(_, inside)| inside)
            .filter(|c| c.judged)
            .map(|c| {
                (c.title.clone(), ribbon::svg(&c.verdicts, audit.from, audit.to, &c.title, true))
            })
            .collect();
        let taken = picture::alone(&title, &rows, &used.foot(self.report));
        let caption = html! {
            "One bar for each year, higher is graver. Point at a year, or walk with the arrow keys, to read it; click or press Enter for its evidence. "
            "“All states” is the share of known state-years that were broken in the same years."
        };
        view.picture(self.ask, "verdicts", &shown, taken, &caption, &used.line())
    }

    fn row(&self, c: &CommitmentAudit) -> Markup {
        let t = words::tally(&c.verdicts);
        let page = names::finding_page(&self.handle(), &c.id, self.field, "");
        let opens = names::finding_page(&self.handle(), &c.id, self.field, "0")
            .trim_end_matches('0')
            .to_owned();
        html! {
            tr {
                th scope="row" { a href=(page) { (c.title) } }
                td class="picture" {
                    @if c.judged { (picture::ribbon(self.audit, c, &opens, false)) }
                    @else { span class="small" { (words::summary(c)) } }
                }
                td class="number" {
                    @if !c.judged { "" }
                    @else if let Some(proved) = words::proved(&t) { (proved) }
                    @else if t.decided() == 0 { "not known" }
                    @else { (t.broken) " of " (t.decided()) }
                }
                td class="number" {
                    @if !c.judged { "" }
                    @else if let Some(proved) = words::proved(&c.base_rate) { (proved) }
                    @else { (words::percent(c.base_rate.broken, c.base_rate.decided())) }
                }
            }
        }
    }

    fn goals(&self, view: &mut View, used: &Used<'_>) -> Markup {
        let goals: Vec<&GoalAudit> =
            self.audit.goals.iter().filter(|g| !g.values.is_empty()).collect();
        if goals.is_empty() {
            return html! {};
        }
        let years = (self.audit.from, self.audit.to);
        html! {
            section id="goals" {
                h2 { "Did it come nearer to its goals?" }
                p class="note" { "Outcomes stand beside conduct and have no verdict. Line: " (self.audit.state.name) ". Dashed: the median of all states; dark band: their middle half; light band: their middle eight tenths." }
                div class="small-multiples" {
                    @for goal in goals {
                        @for block in terminal::blocks(&goal.values) {
                            @let name = block.first().map_or("", |v| v.block.as_str());
                            @let said = terminal::values_line(&block, goal.better, false);
                            @let svg = plot::svg(&block, &block, years, &format!("{}: {said}", goal.title));
                            @let title = format!("{}: {} ({name})", self.audit.state.name, goal.title);
                            @let taken = picture::alone(&title, &[(said.clone(), svg.clone())], &used.foot(self.report));
                            div {
                                h3 { a href=(names::finding_page(&self.handle(), &goal.id, self.field, "")) { (goal.title) } }
                                (view.picture(self.ask, &format!("goal-{}-{name}", goal.id), &svg, taken, &html! { code { (name) } " " (said) "." }, &html! {}))
                            }
                        }
                    }
                }
            }
        }
    }

    fn table(&self, view: &mut View, used: &Used<'_>) -> Markup {
        let mut rows = Vec::new();
        for c in self.audit.commitments.iter().filter(|c| c.judged) {
            let t = words::tally(&c.verdicts);
            let broken = words::spans_of(&c.verdicts, comity::Verdict::Broken);
            let last = broken.last().map(|b| b.1.to_string()).unwrap_or_default();
            rows.push(vec![
                Cell::link(
                    c.title.clone(),
                    &names::finding_page(&self.handle(), &c.id, self.field, ""),
                ),
                Cell::number(t.broken + t.broken_elsewhere),
                Cell::number(t.strained + t.strained_elsewhere),
                Cell::number(t.kept + t.kept_elsewhere),
                Cell::number(t.contested),
                Cell::number(t.unknown),
                Cell::text(last),
                Cell::number(c.answered.last_year.map(|y| y.to_string()).unwrap_or_default()),
            ]);
        }
        let table = Table {
            name: "commitments",
            caption: format!(
                "{}, {}: years by verdict",
                self.audit.state.name,
                years::words(self.audit.from, self.audit.to)
            ),
            columns: vec![
                ("commitment", "Commitment", false),
                ("broken", "Broken", true),
                ("strained", "Strained", true),
                ("kept", "Kept", true),
                ("contested", "Contested", true),
                ("unknown", "Unknown", true),
                ("last_broken", "Last broken", true),
                ("answered_to", "Answered to", true),
            ],
            rows,
        };
        view.table(self.ask, table, &used.line())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn ask(state: &str, query: &str) -> Ask {
        let names = BTreeMap::from([("state".to_owned(), state.to_owned())]);
        Ask::new(&format!("/state/{state}"), names, query, b"", &["policy", "from", "to", "by"])
            .unwrap()
    }

    #[test]
    fn a_state_is_shown_and_what_is_not_there_is_refused_with_suggestions() {
        let now = Now::starter();
        let view = super::view(&now, &ask("CHN", "from=1955&to=1965")).unwrap();
        assert!(view.title.starts_with("Did China keep “"), "{}", view.title);
        let body = view.body.clone().into_string();
        assert!(body.contains("role=\"slider\"") && body.contains("aria-valuemax=\"1965\""));
        assert!(body.contains("/state/CHN/"), "no address of a finding");
        assert!(view.svg(Some("verdicts")).unwrap().contains("<svg xmlns"));
        assert!(view.csv(None).unwrap().starts_with("commitment,broken,"));
        assert_eq!(view.data["audits"][0]["state"]["abbr"], "CHN");

        let near = super::view(&now, &ask("Swizerland", "")).unwrap_err();
        assert_eq!(near.status, 404);
        assert!(
            near.links
                .iter()
                .any(|(to, text)| text.contains("Switzerland") && to.starts_with("/state/")),
            "{near:?}"
        );
        assert_eq!(super::view(&now, &ask("CHN", "by=colour")).unwrap_err().status, 400);
        assert_eq!(super::view(&now, &ask("CHN", "policy=bandung")).unwrap_err().status, 404);
        let before = super::view(&now, &ask("CHN", "from=1820&to=1830")).unwrap_err();
        assert_eq!((before.status, before.links.is_empty()), (404, false));
    }
}
