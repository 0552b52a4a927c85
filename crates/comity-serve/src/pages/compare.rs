//! Two to six states side by side, with the years in which their verdicts differ marked.

use comity::audit::{Audit, CommitmentAudit, Report};
use comity::{Form, Verdict};
use comity_report::html::ribbon::{self, WIDTH, place, short};
use comity_report::{words, years};
use maud::{Markup, html};
use serde_json::json;

use super::{FROM, Field, Method, POLICY, Page, TO};
use crate::app::{Finished, Now};
use crate::ask::Ask;
use crate::layout::{policy_choice, year_field};
use crate::refusal::Refusal;
use crate::sources::{self, Used};
use crate::view::{Cell, Table, View};
use crate::{names, picture};

/// How many states are compared.
const MOST: usize = 6;

/// States side by side.
pub const PAGE: Page = Page {
    path: "/compare",
    name: "Compare",
    about: "Two to six states side by side under a policy, with the years in which their verdicts differ",
    method: Method::Get,
    names: &[],
    fields: &[Field { name: "states", about: "two to six states, with commas" }, POLICY, FROM, TO],
    menu: true,
    kept: true,
    slow: false,
    view,
};

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let policy = now.policy(ask)?;
    let asked = ask.list("states");
    if asked.len() < 2 {
        let answer = html! { p { "Name two to six states. Their verdicts stand below each other, year under year, and the years in which one kept what another broke are marked." } };
        let mut view = View::new("How do states compare?", answer);
        view.body = controls(now, ask, &policy.document().id, &asked.join(", "), None);
        view.data = json!({"states": asked, "policy": policy.document().id});
        return Ok(view);
    }
    let finished = now.finished(ask)?;
    let codes = codes(now, ask, &asked)?;
    let (from, to) = ask.years()?;
    let report = finished.evaluation.report(&codes, from, to).map_err(|error| {
        Refusal::of(404, &error)
            .link(ask.with(&[("from", ""), ("to", "")]), "all years of these states")
    })?;
    let shown = Shown {
        now,
        ask,
        finished: &finished,
        report: &report,
        field: now.policy_field(&finished.policy),
    };
    let mut view = View::new(shown.title(), shown.answer());
    view.body = shown.body(&mut view);
    view.data = shown.data();
    Ok(view)
}

/// The states, each once, in the order given.
fn codes(now: &Now, ask: &Ask, asked: &[&str]) -> Result<Vec<i32>, Refusal> {
    if asked.len() > MOST {
        return Err(Refusal::bad(format!("{} states are too many to compare", asked.len()))
            .help(format!("name two to {MOST}")));
    }
    let mut codes = Vec::new();
    for (at, given) in asked.iter().enumerate() {
        let there = |handle: &str| {
            let all: Vec<&str> =
                asked.iter().enumerate().map(|(i, s)| if i == at { handle } else { s }).collect();
            ask.with(&[("states", &all.join(","))])
        };
        let code = names::state(now.record(), given, ask.years()?, there)?;
        if codes.contains(&code) {
            return Err(Refusal::bad(format!("`{}` is named twice", crate::ask::short(given)))
                .help("name each state once"));
        }
        codes.push(code);
    }
    Ok(codes)
}

fn controls(now: &Now, ask: &Ask, policy: &str, states: &str, years: Option<(i32, i32)>) -> Markup {
    let (from, to) = years.unwrap_or((1950, 2020));
    html! {
        form class="controls" action="/compare" method="get" {
            label { span { "States, with commas" } input name="states" value=(states) size="28" placeholder="India, Pakistan" required; }
            (policy_choice(now, policy))
            (year_field("from", "From", ask.year("from").ok().flatten(), from))
            (year_field("to", "To", ask.year("to").ok().flatten(), to))
            button type="submit" { "Compare" }
        }
    }
}

struct Shown<'a> {
    now: &'a Now,
    ask: &'a Ask,
    finished: &'a Finished,
    report: &'a Report,
    field: &'a str,
}

/// A commitment, and each state's years under it.
type Row<'a> = (&'a CommitmentAudit, Vec<(&'a Audit, &'a CommitmentAudit)>);

impl<'a> Shown<'a> {
    fn audits(&self) -> &'a [Audit] {
        &self.report.audits
    }

    /// From the first year of any to the last of any: one axis for all.
    fn span(&self) -> (i32, i32) {
        let from = self.audits().iter().map(|a| a.from).min().unwrap_or(0);
        let to = self.audits().iter().map(|a| a.to).max().unwrap_or(0);
        (from, to)
    }

    fn title(&self) -> String {
        let names: Vec<&str> = self.audits().iter().map(|a| a.state.name.as_str()).collect();
        let (last, first) = names.split_last().unwrap_or((&"", &[]));
        format!("Where do {} and {last} differ?", first.join(", "))
    }

    fn rows(&self) -> Vec<Row<'a>> {
        let Some(first) = self.audits().first() else { return Vec::new() };
        let of = |c: &'a CommitmentAudit| {
            let same = |a: &'a Audit| Some((a, a.commitments.iter().find(|o| o.id == c.id)?));
            (c, self.audits().iter().filter_map(same).collect())
        };
        first.commitments.iter().filter(|c| c.judged).map(of).collect()
    }

    /// The years in which one kept what another broke, strained or left in dispute, and those known of all.
    fn apart(row: &Row<'_>, (from, to): (i32, i32)) -> (Vec<i32>, usize) {
        let (mut apart, mut known) = (Vec::new(), 0);
        for year in from..=to {
            let verdict =
                |c: &CommitmentAudit| c.verdicts.iter().find(|v| v.year == year).map(|v| v.verdict);
            let decided = |v: &Verdict| {
                matches!(
                    v,
                    Verdict::Kept | Verdict::Strained | Verdict::Broken | Verdict::Contested
                )
            };
            let all: Vec<Verdict> =
                row.1.iter().filter_map(|(_, c)| verdict(c)).filter(decided).collect();
            if all.len() == row.1.len() {
                known += 1;
            }
            if all.len() > 1 && all.iter().any(|v| *v != all[0]) {
                apart.push(year);
            }
        }
        (apart, known)
    }

    fn answer(&self) -> Markup {
        let span = self.span();
        let mut all: Vec<(usize, usize, &str, &str)> = self
            .rows()
            .iter()
            .map(|row| {
                let (apart, known) = Self::apart(row, span);
                (apart.len(), known, row.0.id.as_str(), row.0.title.as_str())
            })
            .filter(|r| r.0 > 0)
            .collect();
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(b.2)));
        html! {
            p {
                "Under “" (self.report.policy.title) "”, " (years::words(span.0, span.1)) ": "
                @if all.is_empty() { "no year is known in which their verdicts differ." }
                @else {
                    "their verdicts differ in some year under " (all.len()) " of " (words::plural(self.rows().len(), "commitment", "commitments")) ", most often under "
                    @for (i, (n, _, id, title)) in all.iter().take(3).enumerate() {
                        @if i > 0 { ", " }
                        a href=(format!("#c-{id}")) { (title) } " (" (words::plural(*n, "year", "years")) ")"
                    }
                    "."
                }
            }
        }
    }

    fn body(&self, view: &mut View) -> Markup {
        let used = Used::of(self.report, None);
        let handles: Vec<String> = self.audits().iter().map(|a| self.handle(a)).collect();
        let document = self.finished.policy.document();
        let picture = self.ribbons(view, &used);
        let table = self.table(view, &used);
        html! {
            (controls(self.now, self.ask, &document.id, &handles.join(", "), Some(self.span())))
            (picture)
            section id="table" { h2 { "The same in numbers" } (table) }
            (sources::section(self.report, &used, false))
        }
    }

    fn handle(&self, audit: &Audit) -> String {
        names::handle(self.now.record(), audit.state.ccode)
    }

    fn ribbons(&self, view: &mut View, used: &Used<'_>) -> Markup {
        let span = self.span();
        let document = self.finished.policy.document();
        let rows = self.rows();
        let mut files: Vec<(String, Markup)> = Vec::new();
        for row in &rows {
            for (audit, c) in &row.1 {
                files.push((
                    format!("{}: {}", c.title, audit.state.name),
                    ribbon::svg(&c.verdicts, span.0, span.1, &c.title, false),
                ));
            }
            files.push((String::new(), marks(&Self::apart(row, span).0, span, &row.0.title)));
        }
        let shown = html! {
            (ribbon::legend())
            div data-form-names=(picture::form_names()) {
                @for article in &document.articles {
                    @let inside: Vec<&Row<'_>> = rows.iter().filter(|r| r.0.article == article.id).collect();
                    @if !inside.is_empty() {
                        h2 class="part-title" { (article.title) }
                        div class="stacks" { @for row in inside { (self.row(row, span)) } }
                    }
                }
            }
        };
        let title = format!("{}, {}", self.title(), years::words(span.0, span.1));
        let taken = picture::alone(&title, &files, &used.foot(self.report));
        view.picture(self.ask, "verdicts", &shown, taken, &html! { "One bar for each year, higher is graver. A mark below the ribbons is a year in which known verdicts differ." }, &used.line())
    }

    fn row(&self, row: &Row<'_>, span: (i32, i32)) -> Markup {
        let (apart, known) = Self::apart(row, span);
        html! {
            div class="stack" id=(format!("c-{}", row.0.id)) {
                h3 { a href=(names::commitment_page(&row.0.id, self.field, "")) { (row.0.title) } }
                @for (audit, c) in &row.1 {
                    @let t = words::tally(&c.verdicts);
                    @let page = names::finding_page(&self.handle(audit), &c.id, self.field, "");
                    @let opens = names::finding_page(&self.handle(audit), &c.id, self.field, "0");
                    p class="who" {
                        a href=(page) { (audit.state.name) }
                        span { @if t.decided() == 0 { "not known" } @else { "broken " (t.broken) " of " (t.decided()) } }
                    }
                    (picture::ribbon_on(audit, c, span, opens.trim_end_matches('0')))
                }
                div class="differ-row" { (marks(&apart, span, &row.0.title)) }
                p class="small" {
                    @if apart.is_empty() { "No known year differs" } @else { "Differ in " (years::list_of(apart.iter().copied(), 6)) }
                    "; " (words::plural(known, "year", "years")) " known of all."
                }
            }
        }
    }

    fn table(&self, view: &mut View, used: &Used<'_>) -> Markup {
        let mut rows = Vec::new();
        for row in self.rows() {
            for (audit, c) in &row.1 {
                let t = words::tally(&c.verdicts);
                let last = c.verdicts.iter().rev().find(|v| v.form() == Form::Broken);
                rows.push(vec![
                    Cell::text(c.title.clone()),
                    Cell::link(
                        audit.state.name.clone(),
                        &names::finding_page(&self.handle(audit), &c.id, self.field, ""),
                    ),
                    Cell::number(t.broken),
                    Cell::number(t.decided()),
                    Cell::number(t.broken_elsewhere),
                    Cell::text(last.map(|v| v.year.to_string()).unwrap_or_default()),
                    Cell::text(words::percent(c.base_rate.broken, c.base_rate.decided())),
                ]);
            }
        }
        let table = Table {
            name: "compared",
            caption: "Years broken, of years fully known, and breaches proved besides, beside how all states fared".into(),
            columns: vec![
                ("commitment", "Commitment", false),
                ("state", "State", false),
                ("broken", "Broken", true),
                ("known", "Known", true),
                ("proved_besides", "Proved besides", true),
                ("last_broken", "Last broken", true),
                ("all_states", "All states", true),
            ],
            rows,
        };
        view.table(self.ask, table, &used.line())
    }

    fn data(&self) -> serde_json::Value {
        let span = self.span();
        let of = |row: &Row<'_>| {
            let (apart, known) = Self::apart(row, span);
            let states: Vec<_> = row.1.iter().map(|(a, c)| json!({"state": a.state, "verdicts": c.verdicts, "base_rate": c.base_rate})).collect();
            json!({"commitment": row.0.id, "title": row.0.title, "years_that_differ": apart, "years_known_of_all": known, "states": states})
        };
        json!({
            "schema_version": 1,
            "policy": self.report.policy,
            "states": self.audits().iter().map(|a| &a.state).collect::<Vec<_>>(),
            "years": span,
            "commitments": self.rows().iter().map(of).collect::<Vec<_>>(),
        })
    }
}

/// A mark for each year that differs.
fn marks(apart: &[i32], (from, to): (i32, i32), title: &str) -> Markup {
    let label = if apart.is_empty() {
        format!("{title}: no year differs")
    } else {
        format!("{title}: differ in {}", years::list_of(apart.iter().copied(), 12))
    };
    html! {
        svg class="plot" viewBox=(format!("0 0 {WIDTH} 22")) role="img" aria-label=(label) {
            @for (from_year, to_year) in years::spans(apart.iter().copied()) {
                @let (left, right) = (place(from_year, from, to), place(to_year + 1, from, to));
                rect class="apart" x=(short(left)) y="1" width=(short(right - left)) height="4" {}
            }
            (ribbon::ticks(from, to, 7.0, 20))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn ask(query: &str) -> Ask {
        Ask::new("/compare", BTreeMap::new(), query, b"", &["states", "policy", "from", "to"])
            .unwrap()
    }

    #[test]
    fn states_stand_side_by_side_and_differences_are_counted() {
        let now = Now::starter();
        let view = super::view(&now, &ask("states=IND,PAK&from=1955&to=1970")).unwrap();
        assert_eq!(view.title, "Where do India and Pakistan differ?");
        for row in view.data["commitments"].as_array().unwrap() {
            for year in row["years_that_differ"].as_array().unwrap() {
                let verdicts: Vec<&str> = row["states"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|s| {
                        let all = s["verdicts"].as_array().unwrap();
                        all.iter().find(|v| v["year"] == *year).unwrap()["verdict"]
                            .as_str()
                            .unwrap()
                    })
                    .collect();
                assert_ne!(verdicts[0], verdicts[1], "{} {year}", row["commitment"]);
            }
        }
        assert!(
            view.svg(Some("verdicts")).unwrap().contains("class=\"apart\"")
                || view.answer.into_string().contains("no year is known")
        );
    }

    #[test]
    fn too_few_ask_and_too_many_are_refused() {
        let now = Now::starter();
        assert_eq!(super::view(&now, &ask("")).unwrap().title, "How do states compare?");
        assert_eq!(super::view(&now, &ask("states=IND,India")).unwrap_err().status, 400);
        assert_eq!(
            super::view(&now, &ask("states=IND,PAK,CHN,JPN,USA,FRN,NTH")).unwrap_err().status,
            400
        );
        let near = super::view(&now, &ask("states=IND,Pakistn")).unwrap_err();
        assert!(near.links.iter().any(|(to, _)| to == "/compare?states=IND,PAK"), "{near:?}");
    }
}
