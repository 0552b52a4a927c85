//! All states under one commitment: map or tiles, distribution, table, regions, and who broke it last.

use comity::document::{Commitment, Kind};
use comity::{Form, Verdict};
use comity_report::{words, years};
use maud::{Markup, html};
use serde_json::json;

use super::{COMMITMENT, Field, Method, POLICY, Page};
use crate::app::{Finished, Now};
use crate::ask::{Ask, segment};
use crate::overview::{Overview, StateRow};
use crate::refusal::Refusal;
use crate::regions::{REGIONS, is_in};
use crate::view::{Cell, Table, View, prose};
use crate::{chart, names, picture};

/// How many of those that broke it last are listed.
const LATEST: usize = 25;

/// All states under one commitment.
pub const PAGE: Page = Page {
    path: "/commitment/{commitment}",
    name: "All states under a commitment",
    about: "All states under one commitment in a year: map, table, distribution, regions, and who broke it last",
    method: Method::Get,
    names: &[COMMITMENT],
    fields: &[
        POLICY,
        Field {
            name: "year",
            about: "the year of the map; without it the last in which most is known",
        },
        Field { name: "state", about: "a state to point out" },
    ],
    menu: false,
    kept: true,
    slow: false,
    view,
};

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let finished = now.finished(ask)?;
    let document = finished.policy.document();
    let field = now.policy_field(&finished.policy);
    let id = ask.name("commitment");
    let Some(commitment) = document.commitments.iter().find(|c| c.id == id) else {
        let known = document.commitments.iter().map(|c| (c.id.as_str(), c.title.as_str()));
        return Err(names::no_commitment(id, &document.title, known, |id| {
            names::commitment_page(id, field, "")
        }));
    };
    let overview = &finished.overview;
    let marked = match ask.field("state") {
        Some(given) => {
            let there = |handle: &str| names::commitment_page(id, field, handle);
            Some(names::state(now.record(), given, (None, None), there)?)
        }
        None => None,
    };
    let year = match ask.year("year")? {
        Some(year) if (overview.from..=overview.to).contains(&year) => year,
        Some(year) => {
            return Err(Refusal::not_found(format!(
                "states were audited {} under this policy, not in {year}",
                years::words(overview.from, overview.to)
            ))
            .link(ask.with(&[("year", "")]), "the last year that is known"));
        }
        None => best_year(overview, id),
    };
    let judged = overview.is_judged(id);
    let shown =
        Shown { now, ask, finished: &finished, overview, commitment, field, year, marked, judged };
    let mut view = View::new(shown.title(), shown.answer());
    view.body = shown.body(&mut view);
    view.data = shown.data();
    Ok(view)
}

/// The last year in which nearly as much is known as in any.
fn best_year(overview: &Overview, id: &str) -> i32 {
    let known = |year: i32| {
        (0..overview.states.len())
            .filter(|at| {
                let seen = overview.seen(id, *at, year).is_some_and(|s| {
                    s.form.verdict() != Verdict::Unknown && s.form != Form::NotApplicable
                });
                seen || overview.value(id, *at, year).is_some()
            })
            .count()
    };
    let all: Vec<(i32, usize)> = (overview.from..=overview.to).map(|y| (y, known(y))).collect();
    let most = all.iter().map(|a| a.1).max().unwrap_or(0);
    all.iter().rev().find(|a| a.1 > 0 && a.1 * 10 >= most * 7).map_or(overview.to, |a| a.0)
}

struct Shown<'a> {
    now: &'a Now,
    ask: &'a Ask,
    finished: &'a Finished,
    overview: &'a Overview,
    commitment: &'a Commitment,
    field: &'a str,
    year: i32,
    marked: Option<i32>,
    judged: bool,
}

impl Shown<'_> {
    fn id(&self) -> &str {
        &self.commitment.id
    }

    fn title(&self) -> String {
        let title = &self.commitment.title;
        if self.judged {
            format!("Who kept “{title}” in {}?", self.year)
        } else {
            format!("How do states compare on “{title}” in {}?", self.year)
        }
    }

    fn answer(&self) -> Markup {
        if !self.judged && !self.overview.has_values(self.id()) {
            return html! { p { "The record has no answer." } };
        }
        if !self.judged {
            return html! { p { "Something with a value and no verdict: the darker, the greater." } };
        }
        let t = self.overview.tally(self.id(), self.year);
        let broken = t.broken + t.broken_elsewhere;
        let parts = [
            (broken, "broke it", "broke it"),
            (t.contested, "is contested between the sources", "are contested between the sources"),
            (t.strained + t.strained_elsewhere, "strained it", "strained it"),
            (t.kept + t.kept_elsewhere, "kept it", "kept it"),
            (t.no_occasion, "had no occasion", "had no occasion"),
            (t.unknown - t.strained_or_worse, "is not known", "are not known"),
            (t.strained_or_worse, "strained it or worse", "strained it or worse"),
        ];
        let said = |(n, one, many): &(u32, &str, &str)| {
            format!("{n} {}", if *n == 1 { one } else { many })
        };
        let said: Vec<String> = parts.iter().filter(|p| p.0 > 0).map(said).collect();
        html! {
            p { "Of the states of " (self.year) ", " @if said.is_empty() { "none is asked" } @else { (said.join(", ")) } "." }
            @if let Some((name, says)) = self.marked_says() { p { (name) ": " strong { (says) } "." } }
        }
    }

    fn marked_says(&self) -> Option<(String, String)> {
        let at = self.overview.at(self.marked?)?;
        let name = self.overview.states[at].name.clone();
        let says = match self.overview.seen(self.id(), at, self.year) {
            Some(seen) => seen.form.name().to_owned(),
            None => self
                .overview
                .value(self.id(), at, self.year)
                .map_or("not known".into(), words::number),
        };
        Some((name, says))
    }

    fn sources(&self) -> Markup {
        html! { "Verdicts: Comity, policy " code { (self.finished.policy.document().id) } ", " a href="#law" { "how it is measured" } "." }
    }

    fn foot(&self, more: &str) -> Vec<String> {
        vec![format!("Comity, policy {}. {more}", self.finished.policy.document().id)]
    }

    fn body(&self, view: &mut View) -> Markup {
        html! {
            (chart::patterns())
            (self.controls())
            div id="live-map" data-live { (self.map(view)) }
            @if self.judged {
                section id="live-years" data-live { h2 { "How many states, year by year?" } (self.columns(view)) }
                section { h2 { "Who broke it last?" } (self.latest(view)) }
            } @else {
                section id="live-spread" data-live { h2 { "Where do the states lie?" } (self.spread(view)) }
            }
            @if self.judged { section id="live-regions" data-live { h2 { "Region by region" } (self.regions(view)) } }
            section id="live-table" data-live { h2 { "State by state" } (self.table(view)) }
            (self.law())
        }
    }

    fn controls(&self) -> Markup {
        let (from, to) = (self.overview.from, self.overview.to);
        let handle = self.marked.map(|c| names::handle(self.now.record(), c));
        html! {
            form class="controls slides" action=(self.ask.path()) method="get" {
                @if !self.field.is_empty() { input type="hidden" name="policy" value=(self.field); }
                label class="wide" { span { "Year: " output { (self.year) } }
                    input type="range" name="year" min=(from) max=(to) value=(self.year) step="1"; }
                label { span { "Point out a state" } input name="state" list="states" value=[handle] autocomplete="off" size="14"; }
                button type="submit" { "Show" }
            }
        }
    }

    fn map(&self, view: &mut View) -> Markup {
        let shown = if self.judged {
            chart::verdicts(self.overview, self.id(), self.year)
        } else {
            chart::fifths(self.overview, self.id(), self.year)
        };
        let label =
            format!("{} in {}; the table below says the same", self.commitment.title, self.year);
        let atlas = self.now.atlas().filter(|a| a.on(self.year).next().is_some());
        let (svg, sources) = match atlas {
            Some(atlas) => {
                let borders = html! { "Borders of 31 December " (self.year) ": " (atlas.from) "; Equal Earth projection. " (self.sources()) };
                (chart::map(atlas, self.overview, &shown, self.year, self.marked, &label), borders)
            }
            None => (
                chart::tiles(self.overview, &shown, self.marked, &label),
                html! { "One tile for each state: the record has no shapes for this year. " (self.sources()) },
            ),
        };
        let opens = format!(
            "/state/{{state}}/{}?{}year={}",
            segment(self.id()),
            if self.field.is_empty() {
                String::new()
            } else {
                format!("policy={}&", segment(self.field))
            },
            self.year
        );
        let drawn = html! { (chart::legend(&shown, self.judged)) div class="areas-of" data-opens=(opens) { (svg.clone()) } };
        let from = atlas.map(|atlas| format!("Borders: {}.", atlas.from)).unwrap_or_default();
        let taken = picture::alone(&self.title(), &[(String::new(), svg)], &self.foot(&from));
        view.picture(self.ask, "map", &drawn, taken, &html! { "Point at a state to read it; click it for its evidence. Grey land is no state of the system in this year." }, &sources)
    }

    fn columns(&self, view: &mut View) -> Markup {
        let label = format!("Verdicts of all states by year under {}", self.commitment.title);
        let svg = chart::columns(self.overview, self.id(), &|_| true, self.year, &label, 220.0);
        let taken =
            picture::alone(&self.commitment.title, &[(String::new(), svg.clone())], &self.foot(""));
        let caption = html! {
            "A column counts the states of a year. The frame is " (self.year) "."
            @if let Some((name, says)) = self.marked_says() { " " (name) " is among those that are " (says) "." }
        };
        html! { (chart::key()) (view.picture(self.ask, "years", &svg, taken, &caption, &self.sources())) }
    }

    fn spread(&self, view: &mut View) -> Markup {
        let label = format!("Values of all states in {}", self.year);
        let svg = chart::spread(self.overview, self.id(), self.year, self.marked, &label);
        let taken = picture::alone(&self.title(), &[(String::new(), svg.clone())], &self.foot(""));
        view.picture(
            self.ask,
            "spread",
            &svg,
            taken,
            &html! { "A line for each state, from the least value to the greatest." },
            &self.sources(),
        )
    }

    fn regions(&self, view: &mut View) -> Markup {
        html! {
            p class="note" { "Regions follow the numbers that the Correlates of War gives to states." }
            div class="small-multiples" {
                @for (i, region) in REGIONS.iter().enumerate() {
                    @let svg = chart::columns(self.overview, self.id(), &|c| is_in(region, c), self.year, &format!("{} in {}", self.commitment.title, region.0), 150.0);
                    @let taken = picture::alone(&format!("{}: {}", self.commitment.title, region.0), &[(String::new(), svg.clone())], &self.foot(""));
                    div { h3 { (region.0) } (view.picture(self.ask, &format!("region-{i}"), &svg, taken, &html! {}, &html! {})) }
                }
            }
        }
    }

    /// What all years say of one state.
    fn sum(&self, at: usize) -> Sum {
        let mut sum = Sum::default();
        let state = &self.overview.states[at];
        for y in state.years.0..=state.years.1 {
            let Some(seen) = self.overview.seen(self.id(), at, y) else { continue };
            match seen.form.verdict() {
                Verdict::Broken => {
                    sum.last = Some(y);
                    if seen.covered {
                        sum.broken += 1;
                        sum.known += 1;
                    } else {
                        sum.proved += 1;
                    }
                }
                Verdict::Kept | Verdict::Strained | Verdict::Contested if seen.covered => {
                    sum.known += 1;
                }
                _ => {}
            }
            if seen.form.verdict() != Verdict::Unknown && seen.form != Form::NotApplicable {
                sum.answered = Some(y);
            }
            let contested = seen.form.verdict() == Verdict::Contested;
            if seen.form == Form::StrainedOrWorse || seen.proved_by_a_reading || contested {
                sum.found = Some(y);
            }
        }
        sum
    }

    fn link(&self, state: &StateRow, year: Option<i32>) -> String {
        names::finding_page(
            &state.handle,
            self.id(),
            self.field,
            &year.map(|y| y.to_string()).unwrap_or_default(),
        )
    }

    fn latest(&self, view: &mut View) -> Markup {
        let mut all: Vec<(i32, &StateRow, Sum)> = Vec::new();
        for (at, state) in self.overview.states.iter().enumerate() {
            let sum = self.sum(at);
            if let Some(year) = sum.last.into_iter().chain(sum.found).max() {
                all.push((year, state, sum));
            }
        }
        if all.is_empty() {
            return html! { p { "No breach is known in any year." } };
        }
        all.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.name.cmp(&b.1.name)));
        let later = |sum: &Sum| sum.found.filter(|f| sum.last.is_none_or(|l| *f > l));
        let year = |state: &StateRow, y: Option<i32>| {
            y.map_or_else(Cell::default, |y| Cell::link(y.to_string(), &self.link(state, Some(y))))
        };
        let row = |(_, state, sum): &(i32, &StateRow, Sum)| {
            vec![
                Cell::link(state.name.clone(), &self.link(state, None)),
                year(state, sum.last),
                year(state, later(sum)),
                Cell::number(sum.answered.map(|y| y.to_string()).unwrap_or_default()),
            ]
        };
        let total = all.len();
        if self.ask.format == crate::ask::Format::Html {
            all.truncate(LATEST);
        }
        let table = Table {
            name: "latest",
            caption:
                "States by the last year with a breach, or with findings that are not judged yet"
                    .into(),
            columns: vec![
                ("state", "State", false),
                ("last_broken", "Last broken", true),
                ("found_since", "Unknown with findings, or contested", true),
                ("answered_to", "Answered to", true),
            ],
            rows: all.iter().map(row).collect(),
        };
        html! {
            p class="note" {
                "A year that is not covered in full is unknown even where something was found: it stands in a column of its own, so that a source that ends early acquits nobody. So does a year in which sources disagree."
            }
            (view.table(self.ask, table, &self.sources()))
            @if total > LATEST { p class="note" { "The first " (LATEST) " of " (total) "; the CSV has all." } }
        }
    }

    fn table(&self, view: &mut View) -> Markup {
        let mut states: Vec<(usize, &StateRow)> = self.overview.states.iter().enumerate().collect();
        states.retain(|(_, s)| (s.years.0..=s.years.1).contains(&self.year));
        states.sort_by(|a, b| a.1.name.cmp(&b.1.name));
        let mut columns = vec![("state", "State", false)];
        if self.judged {
            columns.extend([
                ("verdict", "In the year", false),
                ("broken", "Years broken", true),
                ("known", "of years fully known", true),
                ("proved_besides", "Proved besides", true),
                ("last_broken", "Last broken", true),
            ]);
        }
        let values = self.overview.has_values(self.id());
        if values {
            columns.push(("value", "Value", true));
        }
        let row = |(at, state): &(usize, &StateRow)| {
            let mut cells = vec![Cell::link(state.name.clone(), &self.link(state, None))];
            if self.judged {
                let sum = self.sum(*at);
                let says =
                    self.overview.seen(self.id(), *at, self.year).map_or("", |s| s.form.name());
                cells.extend([
                    Cell::text(says),
                    Cell::number(sum.broken),
                    Cell::number(sum.known),
                    Cell::number(sum.proved),
                    Cell::text(sum.last.map(|y| y.to_string()).unwrap_or_default()),
                ]);
            }
            if values {
                let value = self.overview.value(self.id(), *at, self.year);
                cells.push(Cell::text(value.map(words::number).unwrap_or_default()));
            }
            cells
        };
        let table = Table {
            name: "states",
            caption: format!("{}, {}", self.commitment.title, self.year),
            columns,
            rows: states.iter().map(row).collect(),
        };
        view.table(self.ask, table, &self.sources())
    }

    fn law(&self) -> Markup {
        let in_force = self.commitment.versions.iter().filter(|v| v.in_force(self.year));
        let kind = match self.commitment.kind {
            Kind::Refrain => "Not to be done.",
            Kind::Perform => "To be done when the occasion comes.",
            Kind::Pursue => "To be striven for.",
            Kind::Goal => "A goal: an outcome, with no verdict.",
            Kind::Watch => "To be watched.",
        };
        html! {
            section id="law" {
                h2 { "What does the policy say?" }
                p class="note" { (kind) }
                @for version in in_force {
                    div class="prose" { (prose(&version.prose, 3)) }
                    details {
                        summary { "How it is measured (" (words::plural(version.evidence.len(), "query", "queries")) ")" }
                        @for block in &version.evidence {
                            p class="note" { code { (block.name) } }
                            pre tabindex="0" { code { (comity_report::plain::clean_lines(&block.query.sql).trim_end()) } }
                        }
                    }
                }
            }
        }
    }

    fn data(&self) -> serde_json::Value {
        let row = |(at, state): (usize, &StateRow)| {
            let sum = self.sum(at);
            let seen = self.overview.seen(self.id(), at, self.year);
            json!({
                "ccode": state.ccode, "abbr": state.abbr, "name": state.name,
                "verdict": seen.map(|s| s.form.verdict()), "form": seen.map(|s| s.form.name()),
                "covered": seen.map(|s| s.covered), "sources_differ": seen.map(|s| s.differs),
                "value": self.overview.value(self.id(), at, self.year),
                "years_broken": sum.broken, "years_known": sum.known, "years_proved_besides": sum.proved, "last_broken": sum.last, "unknown_with_findings": sum.found,
            })
        };
        json!({
            "schema_version": 1,
            "policy": self.finished.policy.document().id,
            "commitment": self.id(),
            "title": self.commitment.title,
            "year": self.year,
            "tally": self.overview.tally(self.id(), self.year),
            "states": self.overview.states.iter().enumerate().map(row).collect::<Vec<_>>(),
        })
    }
}

/// What all years say of one state.
#[derive(Debug, Default)]
struct Sum {
    broken: u32,
    known: u32,
    /// The last year that is broken.
    last: Option<i32>,
    /// The last year that is unknown with findings, or contested.
    found: Option<i32>,
    /// The last year with any verdict.
    answered: Option<i32>,
    /// Breaches in years that are not fully known.
    proved: u32,
}
