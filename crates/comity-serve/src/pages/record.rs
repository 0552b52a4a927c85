//! The record: sources, coverage with its holes, the last year answered, what is missing, contested years.

use std::collections::{BTreeMap, BTreeSet};

use comity::{Coverage, DatasetAbout, Form, Source, Units, schema};
use comity_report::html::ribbon::{WIDTH, axis, place, short as brief, ticks};
use comity_report::{words, years};
use maud::{Markup, html};
use serde_json::json;

use super::{Method, POLICY, Page};
use crate::app::{Finished, Now};
use crate::ask::{Ask, Format, address};
use crate::refusal::Refusal;
use crate::sources::{anchor, web};
use crate::view::{Cell, Table, View};
use crate::{layout, names, picture};

/// The record.
pub const PAGE: Page = Page {
    path: "/record",
    name: "Record",
    about: "The sources of the record with licence and citation, its coverage by table and year, the last year answered of each commitment, what is missing and how to get it, contested years",
    method: Method::Get,
    names: &[],
    fields: &[POLICY],
    menu: true,
    kept: true,
    slow: false,
    view,
};

/// How many contested years a page shows before the rest is asked for.
const MOST: usize = 150;
/// The first year of the picture.
const FIRST: i32 = 1816;

/// Where the page describes a source.
pub fn source_address(id: &str) -> String {
    format!("{}#{}", PAGE.path, anchor(id))
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let finished = now.finished(ask)?;
    let shown = Shown::of(now, ask, &finished)?;
    let mut view = View::new("What does this record hold, and what does it not?", shown.answer());
    let coverage = shown.coverage(&mut view);
    let answered = shown.answered(&mut view);
    let missing = shown.missing(&mut view);
    let contested = shown.contested(&mut view);
    let sources = shown.sources(&mut view);
    view.body = html! {
        form class="controls" action=(PAGE.path) method="get" {
            (layout::policy_choice(now, &finished.policy.document().id))
            button type="submit" { "Show" }
        }
        (coverage)
        (answered)
        (missing)
        (contested)
        (sources)
    };
    view.data = shown.data();
    Ok(view)
}

/// What the parts of the page are made from.
struct Shown<'a> {
    now: &'a Now,
    ask: &'a Ask,
    finished: &'a Finished,
    fingerprint: String,
    /// Rows by table.
    rows: BTreeMap<&'static str, usize>,
    sources: &'a [Source],
    datasets: Vec<DatasetAbout>,
    /// Tables that each commitment reads.
    reads: BTreeMap<String, BTreeSet<&'static str>>,
    last: i32,
}

/// How far a table is covered in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Covered {
    Not,
    Some,
    Whole,
}

impl Covered {
    fn words(self) -> &'static str {
        match self {
            Self::Not => "not covered",
            Self::Some => "some states, or some rows",
            Self::Whole => "all states",
        }
    }
}

impl<'a> Shown<'a> {
    fn of(now: &'a Now, ask: &'a Ask, finished: &'a Finished) -> Result<Self, Refusal> {
        let tables = now.record().tables();
        let failed = |e: &dyn std::fmt::Display| Refusal::failed(e.to_string());
        let mut rows = BTreeMap::new();
        for (_, table, count) in tables.counts().map_err(|e| failed(&e))? {
            *rows.entry(table).or_default() += count;
        }
        Ok(Self {
            now,
            ask,
            finished,
            fingerprint: tables.fingerprint().map_err(|e| failed(&e))?,
            rows,
            sources: tables.sources(),
            datasets: now.record().datasets(),
            reads: now.record().reads(&finished.policy).map_err(|e| Refusal::of(500, &e))?,
            last: tables.last_year().max(FIRST + 1),
        })
    }

    fn title(&self, commitment: &str) -> &str {
        let all = &self.finished.policy.document().commitments;
        all.iter().find(|c| c.id == commitment).map_or("", |c| c.title.as_str())
    }

    fn policy(&self) -> &str {
        self.now.policy_field(&self.finished.policy)
    }

    fn absent(&self) -> impl Iterator<Item = &DatasetAbout> {
        self.datasets.iter().filter(|d| d.present.is_empty())
    }

    fn answer(&self) -> Markup {
        let rows: usize = self.rows.values().sum();
        let filled = self.rows.values().filter(|r| **r > 0).count();
        html! {
            p {
                (words::thousands(u32::try_from(rows).unwrap_or(u32::MAX))) " rows in " (words::plural(filled, "table", "tables")) " from "
                (words::plural(self.sources.len(), "source", "sources")) ", up to " (self.last) ". "
                (words::plural(self.absent().count(), "dataset", "datasets")) " that can be read "
                @if self.absent().count() == 1 { "is" } @else { "are" } " not in it."
            }
            p class="note" { "Fingerprint " code { (comity_report::short(&self.fingerprint)) } ": the same for the same facts. Outside what a source covers nothing is known, and unknown is never kept." }
        }
    }

    fn claims(&self, table: &str) -> Vec<&Coverage> {
        let all = self.sources.iter().flat_map(|s| &s.coverage);
        all.filter(|c| c.table == table && !c.context).collect()
    }

    /// By year from [`FIRST`]: how far a table is covered.
    fn covered(&self, table: &str) -> Vec<Covered> {
        let claims = self.claims(table);
        let of = |year: i32| {
            let mut found = Covered::Not;
            for c in claims.iter().filter(|c| (c.from..=c.to).contains(&year)) {
                if c.units == Units::All && c.only.is_empty() {
                    return Covered::Whole;
                }
                found = Covered::Some;
            }
            found
        };
        (FIRST..=self.last).map(of).collect()
    }

    /// The tables that are shown: those with rows or claims.
    fn tables(&self) -> Vec<&'static schema::Table> {
        let held = |t: &&schema::Table| {
            self.rows.get(t.name).is_some_and(|r| *r > 0) || !self.claims(t.name).is_empty()
        };
        schema::TABLES.iter().filter(held).collect()
    }

    fn coverage(&self, view: &mut View) -> Markup {
        let tables: Vec<(&schema::Table, Vec<(i32, i32, Covered)>)> =
            self.tables().into_iter().map(|t| (t, runs(&self.covered(t.name)))).collect();
        let label = |name: &str, runs: &[(i32, i32, Covered)]| {
            let known = runs.iter().filter(|r| r.2 != Covered::Not);
            let said: Vec<String> =
                known.map(|r| format!("{} {}", r.2.words(), years::words(r.0, r.1))).collect();
            let said =
                if said.is_empty() { "silence says nothing".into() } else { said.join("; ") };
            format!("{name}: {said}")
        };
        let last = self.last;
        let strip = |name: &str, runs: &[(i32, i32, Covered)], ticked: bool| {
            html! {
                svg class="ribbon" viewBox=(format!("0 0 {WIDTH} {}", if ticked { 30 } else { 14 })) role="img" aria-label=(label(name, runs)) {
                    @for (from, to, covered) in runs {
                        @let (left, right) = (place(*from, FIRST, last), place(*to + 1, FIRST, last));
                        @if *covered == Covered::Not {
                            line class="ground" x1=(brief(left)) x2=(brief(right)) y1="12.5" y2="12.5" {}
                        } @else {
                            @let whole = *covered == Covered::Whole;
                            rect class=(if whole { "whole" } else { "some" }) x=(brief(left)) width=(brief(right - left)) y=(if whole { "1" } else { "7" }) height=(if whole { "12" } else { "6" }) {
                                title { (years::words(*from, *to)) ": " (covered.words()) }
                            }
                        }
                    }
                    @if ticked { (ticks(FIRST, last, 13.0, 27)) }
                }
            }
        };
        let shown = html! {
            table class="ribbons coverage" {
                caption class="unseen" { "Coverage by table and year" }
                thead { tr { th scope="col" { "Table" } th scope="col" class="picture" { span class="unseen" { "Years covered" } (axis(FIRST, last)) } th scope="col" class="number" { "Rows" } } }
                tbody { @for (table, runs) in &tables { tr {
                    th scope="row" { a href=(address("/query", &[("sql", &format!("select * from {} limit 100", table.name))])) title=(table.doc) { code { (table.name) } } }
                    td class="picture" { (strip(table.name, runs, false)) }
                    td class="number" { (words::thousands(self.rows.get(table.name).map_or(0, |r| u32::try_from(*r).unwrap_or(u32::MAX)))) }
                } } }
            }
        };
        let drawn: Vec<(String, Markup)> =
            tables.iter().map(|(t, runs)| (t.name.to_owned(), strip(t.name, runs, true))).collect();
        let foot = [format!(
            "Full bars: all states; low bars: some states, or some rows; nothing: silence says nothing. Record {}.",
            comity_report::short(&self.fingerprint)
        )];
        let taken = picture::alone("Coverage of the record by table and year", &drawn, &foot);
        let caption = html! {
            "A full bar: a source says that it is complete for all states, so that a missing row means that nothing happened. A low bar: for some states, or for some kinds of rows. "
            "No bar is a hole: silence says nothing there, though there may be rows."
        };
        let rows = tables.iter().flat_map(|(t, runs)| {
            runs.iter().filter(|r| r.2 != Covered::Not).map(|r| {
                let by = self.sources.iter().filter(|s| {
                    let speaks = |c: &Coverage| {
                        c.table == t.name && !c.context && c.from <= r.1 && c.to >= r.0
                    };
                    s.coverage.iter().any(speaks)
                });
                let by: Vec<&str> = by.map(|s| s.id.as_str()).collect();
                vec![
                    Cell::text(t.name),
                    Cell::number(r.0),
                    Cell::number(r.1),
                    Cell::text(r.2.words()),
                    Cell::text(by.join(", ")),
                ]
            })
        });
        let table = Table {
            name: "coverage",
            caption: "Coverage by table".into(),
            columns: vec![
                ("table", "Table", false),
                ("from", "From", true),
                ("to", "To", true),
                ("covered", "Covered", false),
                ("sources", "Sources", false),
            ],
            rows: rows.collect(),
        };
        let line = html! { a href="#sources" { (self.sources.len()) " sources, listed below" } ". Comity." };
        let pictured = view.picture(self.ask, "coverage", &shown, taken, &caption, &line);
        html! {
            section id="coverage" {
                h2 { "Which years does it cover?" }
                (pictured)
                details { summary { "The coverage as a table" } (view.table(self.ask, table, &line)) }
            }
        }
    }

    /// Datasets that are not in the record and fill a table that a commitment reads.
    fn would_answer(&self, commitment: &str) -> Vec<&DatasetAbout> {
        let Some(reads) = self.reads.get(commitment) else { return Vec::new() };
        self.absent().filter(|d| d.tables.iter().any(|t| reads.contains(t))).collect()
    }

    fn answered(&self, view: &mut View) -> Markup {
        let rows = self.finished.evaluation.answered_anywhere();
        let rows = rows.iter().map(|a| {
            let more = self.would_answer(&a.commitment);
            let ids: Vec<&str> = more.iter().map(|d| d.id).collect();
            let page = names::commitment_page(&a.commitment, self.policy(), "");
            vec![
                Cell::link(self.title(&a.commitment), &page),
                Cell::text(a.commitment.clone()),
                Cell::number(a.last_year.map_or(String::new(), |y| y.to_string())),
                Cell::number(a.states),
                Cell::shown(ids.join(", "), html! {
                    @for (i, id) in ids.iter().take(6).enumerate() { @if i > 0 { ", " } a href=(format!("#dataset-{id}")) { (id) } }
                    @if ids.len() > 6 { " and " (ids.len() - 6) " more" }
                }),
            ]
        });
        let table = Table {
            name: "answered",
            caption: format!("“{}”: the last year answered", self.finished.policy.document().title),
            columns: vec![
                ("commitment", "Commitment", false),
                ("id", "Id", false),
                ("last_year", "Last year", true),
                ("states", "States in it", true),
                ("datasets", "Datasets not here that bear on it", false),
            ],
            rows: rows.collect(),
        };
        html! {
            section id="answered" {
                h2 { "To which year is each commitment answered?" }
                p class="note" { "The last year in which some state has a verdict or a value. No year: it is unknown everywhere." }
                (view.table(self.ask, table, &html! { "Comity." }))
            }
        }
    }

    fn missing(&self, view: &mut View) -> Markup {
        let commitments = |d: &DatasetAbout| -> Vec<&str> {
            let bears =
                |r: &(&String, &BTreeSet<&'static str>)| d.tables.iter().any(|t| r.1.contains(t));
            self.reads.iter().filter(bears).map(|(id, _)| id.as_str()).collect()
        };
        let mut absent: Vec<(&DatasetAbout, Vec<&str>)> =
            self.absent().map(|d| (d, commitments(d))).collect();
        // What bears on most commitments first.
        absent.sort_by_key(|(d, bears)| (std::cmp::Reverse(bears.len()), d.id));
        let rows = absent.iter().map(|(d, bears)| {
            let newest = d.newest.map(|(version, to)| format!("{version}, to {to}")).unwrap_or_default();
            vec![
                Cell::shown(d.id, html! { span id=(format!("dataset-{}", d.id)) { code { (d.id) } } br; span class="small" { (d.title) } }),
                Cell::text(d.title),
                Cell::text(newest),
                Cell::shown(d.tables.join(", "), html! { @for (i, t) in d.tables.iter().enumerate() { @if i > 0 { ", " } code { (t) } } }),
                Cell::shown(bears.join(", "), html! { (bears.len()) }),
                Cell::shown(d.get.clone(), html! {
                    @if d.get.starts_with("comity ") { code { (d.get) } } @else { (d.get) }
                    " " (web(d.url))
                    @if !d.licence.is_empty() { br; span class="small" { (d.licence) } }
                }),
                Cell::text(d.licence),
            ]
        });
        let mut rows: Vec<Vec<Cell>> = rows.collect();
        let columns = vec![
            ("dataset", "Dataset", false),
            ("title", "", false),
            ("newest", "Newest read", false),
            ("tables", "Fills", false),
            ("commitments", "Commitments", true),
            ("get", "How to get it", false),
            ("licence", "", false),
        ];
        let others: Vec<&DatasetAbout> =
            absent.iter().filter(|(_, bears)| bears.is_empty()).map(|(d, _)| *d).collect();
        // On the page the title stands below the id, the licence below the way, and the datasets on which no commitment rests are folded.
        if self.ask.format == Format::Html {
            rows.truncate(absent.len() - others.len());
            for row in &mut rows {
                row[1] = Cell::default();
                row[6] = Cell::default();
            }
        }
        let table = Table {
            name: "missing",
            caption: "Datasets that are not in the record".into(),
            columns,
            rows,
        };
        html! {
            section id="missing" {
                h2 { "What is missing, and how is it got?" }
                @if absent.is_empty() { p { "Every dataset that can be read is in it." } }
                @else {
                    p class="note" { "Those on which most commitments of the policy rest come first. Then: " code { "comity record add PATH…" } ". Pages of this server are made anew when the record has changed." }
                    (view.table(self.ask, table, &html! { "Comity." }))
                    @if !others.is_empty() {
                        details {
                            summary { (words::plural(others.len(), "dataset", "datasets")) " on which no commitment of this policy rests" }
                            ul { @for d in &others { li id=(format!("dataset-{}", d.id)) { (d.title) " " code { (d.id) } ", " @if d.get.starts_with("comity ") { code { (d.get) } } @else { (web(d.url)) } } } }
                        }
                    }
                }
            }
        }
    }

    fn contested(&self, view: &mut View) -> Markup {
        let overview = &self.finished.overview;
        let mut found: Vec<(i32, usize, &str)> = Vec::new();
        for c in &self.finished.policy.document().commitments {
            if !overview.is_judged(&c.id) {
                continue;
            }
            for (at, state) in overview.states.iter().enumerate() {
                let contested = |year: &i32| {
                    overview.seen(&c.id, at, *year).is_some_and(|s| s.form == Form::Contested)
                };
                let years = (state.years.0..=state.years.1).filter(contested);
                found.extend(years.map(|year| (year, at, c.id.as_str())));
            }
        }
        found.sort_by_key(|(year, at, id)| {
            (std::cmp::Reverse(*year), overview.states[*at].ccode, *id)
        });
        let all = found.len();
        let mut by: BTreeMap<&str, Vec<i32>> = BTreeMap::new();
        for (year, _, id) in &found {
            by.entry(id).or_default().push(*year);
        }
        if self.ask.format == Format::Html {
            found.truncate(MOST);
        }
        let rows = found.iter().map(|(year, at, id)| {
            let state = &overview.states[*at];
            let page = names::finding_page(&state.handle, id, self.policy(), &year.to_string());
            vec![
                Cell::number(year),
                Cell::text(state.name.clone()),
                Cell::link(self.title(id), &page),
                Cell::text(*id),
            ]
        });
        let table = Table {
            name: "contested",
            caption: "Contested years, the latest first".into(),
            columns: vec![
                ("year", "Year", true),
                ("state", "State", false),
                ("commitment", "Commitment", false),
                ("id", "Id", false),
            ],
            rows: rows.collect(),
        };
        html! {
            section id="contested" {
                h2 { "Where do the sources contradict each other?" }
                @if all == 0 { p { "Nowhere: under this policy no year is kept by one reading of the sources and broken by another." } }
                @else {
                    p { (words::thousands(u32::try_from(all).unwrap_or(u32::MAX))) " state-years are contested: one reading of the sources says kept, another broken." }
                    ul { @for (id, years) in &by { li { a href=(names::commitment_page(id, self.policy(), "")) { (self.title(id)) } ": " (years.len()) ", " (years::list_of(years.iter().copied().collect::<BTreeSet<_>>(), 6)) } } }
                    details { summary { "Each of them" }
                        (view.table(self.ask, table, &html! { "Comity." }))
                        @if all > MOST { p class="note" { "The latest " (MOST) " are shown; the CSV has all." } }
                    }
                }
            }
        }
    }

    fn sources(&self, view: &mut View) -> Markup {
        let span = |s: &Source| {
            let claims = || s.coverage.iter().filter(|c| !c.context);
            let from = claims().map(|c| c.from).min()?;
            Some(years::words(from, claims().map(|c| c.to).max()?))
        };
        let tables = |s: &Source| self.now.record().tables().tables_of(&s.id).join(", ");
        let rows = self.sources.iter().map(|s| {
            let texts =
                [&s.id, &s.title, &s.version, &s.publisher, &s.licence, &s.citation, &s.url];
            let mut row: Vec<Cell> = texts.into_iter().map(|t| Cell::text(t.clone())).collect();
            row.push(Cell::text(span(s).unwrap_or_default()));
            row.push(Cell::text(tables(s)));
            row
        });
        let columns = [
            "id",
            "title",
            "version",
            "publisher",
            "licence",
            "citation",
            "url",
            "years",
            "tables",
        ];
        let table = Table {
            name: "sources",
            caption: "Sources".into(),
            columns: columns.map(|c| (c, c, false)).to_vec(),
            rows: rows.collect(),
        };
        let taken = view.only_taken(self.ask, table);
        html! {
            section id="sources" {
                h2 { "Where does it come from?" }
                p class="note" { (words::plural(self.sources.len(), "source", "sources")) ", each with its licence and citation. " a href=(taken) download="sources.csv" { "CSV" } }
                div class="source-list" {
                    @for s in self.sources {
                        details class="source-entry" id=(anchor(&s.id)) {
                            summary { (s.title) " " code { (s.id) } " " span class="small" { (span(s).unwrap_or_default()) @if s.unreviewed { " (not yet reviewed)" } } }
                            p { (s.citation) }
                            dl {
                                @if !s.licence.is_empty() { dt { "Licence" } dd { (s.licence) } }
                                @if !s.publisher.is_empty() { dt { "Publisher" } dd { (s.publisher) } }
                                @if !s.url.is_empty() { dt { "Address" } dd { (web(&s.url)) } }
                                dt { "Tables" } dd { code { (tables(s)) } }
                            }
                            @for note in s.notes.iter().take(4) { p class="note" { (note) } }
                        }
                    }
                }
            }
        }
    }

    fn data(&self) -> serde_json::Value {
        let tables = self.tables().into_iter().map(|t| {
            let covered = runs(&self.covered(t.name));
            let covered = covered.iter().filter(|r| r.2 != Covered::Not);
            json!({
                "table": t.name, "about": t.doc, "rows": self.rows.get(t.name),
                "covered": covered.map(|r| json!({"from": r.0, "to": r.1, "all_states": r.2 == Covered::Whole})).collect::<Vec<_>>(),
            })
        });
        let answered = self.finished.evaluation.answered_anywhere();
        let answered = answered.iter().map(
            |a| json!({"commitment": a.commitment, "last_year": a.last_year, "states": a.states}),
        );
        let sources = self.sources.iter().map(|s| json!({
            "id": s.id, "title": s.title, "version": s.version, "publisher": s.publisher, "licence": s.licence,
            "citation": s.citation, "url": s.url, "unreviewed": s.unreviewed, "notes": s.notes,
        }));
        let missing = self.absent().map(|d| json!({
            "id": d.id, "title": d.title, "url": d.url, "licence": d.licence, "tables": d.tables, "get": d.get,
        }));
        json!({
            "schema_version": 1,
            "fingerprint": self.fingerprint,
            "last_year": self.last,
            "policy": self.finished.policy.document().id,
            "tables": tables.collect::<Vec<_>>(),
            "answered": answered.collect::<Vec<_>>(),
            "missing": missing.collect::<Vec<_>>(),
            "sources": sources.collect::<Vec<_>>(),
        })
    }
}

/// Runs of years that are covered alike.
fn runs(covered: &[Covered]) -> Vec<(i32, i32, Covered)> {
    let mut runs: Vec<(i32, i32, Covered)> = Vec::new();
    for (year, covered) in (FIRST..).zip(covered) {
        match runs.last_mut() {
            Some(run) if run.2 == *covered => run.1 = year,
            _ => runs.push((year, year, *covered)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_shows_its_holes_its_sources_and_what_would_fill_it() {
        let now = Now::starter();
        let mut view = view(&now, &Ask::default()).unwrap();
        let body = std::mem::take(&mut view.body).into_string();
        assert!(body.len() < 290_000, "{} bytes", body.len());
        assert!(body.contains("id=\"source-starter-treaties\"") && body.contains("Licence"));
        assert!(body.contains("id=\"dataset-") && body.contains("comity record fetch"));
        let coverage = view.csv(Some("coverage")).unwrap();
        assert!(coverage.contains("\npledges,19"), "{coverage}");
        // There are rows of deployments, and their silence says nothing.
        assert!(!coverage.contains("\ndeployments,"), "{coverage}");
        let deployments = view.data["tables"].as_array().unwrap().iter();
        let deployments = deployments.clone().find(|t| t["table"] == "deployments").unwrap();
        assert!(deployments["rows"].as_u64().unwrap() > 0);
        assert_eq!(deployments["covered"], json!([]));
        let sources = view.csv(Some("sources")).unwrap();
        assert_eq!(
            sources.lines().next().unwrap(),
            "id,title,version,publisher,licence,citation,url,years,tables"
        );
        let answered = view.csv(Some("answered")).unwrap();
        for c in now.policies().next().unwrap().commitments() {
            let goal = now.policies().next().unwrap().document().commitments.iter().any(|k| {
                k.id == c
                    && matches!(
                        k.kind,
                        comity::document::Kind::Goal | comity::document::Kind::Watch
                    )
            });
            assert!(goal || answered.contains(&format!(",{c},")), "{c}: {answered}");
        }
        assert!(view.svg(Some("coverage")).unwrap().contains("class=\"whole\""));
    }

    #[test]
    fn years_that_are_covered_alike_are_one_run() {
        let all = [Covered::Not, Covered::Not, Covered::Some, Covered::Whole, Covered::Whole];
        assert_eq!(
            runs(&all),
            [(1816, 1817, Covered::Not), (1818, 1818, Covered::Some), (1819, 1820, Covered::Whole)]
        );
    }
}
