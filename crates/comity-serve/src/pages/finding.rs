//! A commitment of a state: the verdict, the rows that decide it, the policy's own text and its queries.

use comity::audit::{CommitmentAudit, Finding, GoalAudit, Report, YearValue, YearVerdict};
use comity::document::{Commitment, Version};
use comity_report::html::{plot, ribbon};
use comity_report::plain::clean;
use comity_report::{evidence, terminal, words, years};
use maud::{Markup, html};
use serde_json::json;

use super::{COMMITMENT, FROM, Field, Method, POLICY, Page, STATE, TO, state};
use crate::app::Now;
use crate::ask::Ask;
use crate::refusal::Refusal;
use crate::sources::{self, Used};
use crate::view::{Cell, Table, View, prose};
use crate::{names, picture};

/// How many lines of evidence a page shows before more are asked for.
const MOST: usize = 200;

/// A commitment of a state.
pub const PAGE: Page = Page {
    path: "/state/{state}/{commitment}",
    name: "A commitment of a state",
    about: "One commitment of a state: verdicts by year, the findings with source, row, licence and citation, the policy's text and its queries",
    method: Method::Get,
    names: &[STATE, COMMITMENT],
    fields: &[POLICY, FROM, TO, Field { name: "year", about: "only this year" }],
    menu: false,
    kept: true,
    slow: false,
    view,
};

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let finished = now.finished(ask)?;
    let field = now.policy_field(&finished.policy);
    let document = finished.policy.document();
    let id = ask.name("commitment");
    let Some(commitment) = document.commitments.iter().find(|c| c.id == id) else {
        let known = document.commitments.iter().map(|c| (c.id.as_str(), c.title.as_str()));
        let there = |id: &str| names::finding_page(ask.name("state"), id, field, "");
        return Err(names::no_commitment(id, &document.title, known, there));
    };
    let there = |handle: &str| names::finding_page(handle, id, field, "");
    let mut report = state::audit(now, ask, &finished, ask.name("state"), there)?;
    for audit in &mut report.audits {
        audit.commitments.retain(|c| c.id == id);
        audit.goals.retain(|g| g.id == id);
    }
    let year = ask.year("year")?;
    let audit = &report.audits[0];
    if let Some(year) = year.filter(|y| !(audit.from..=audit.to).contains(y)) {
        return Err(Refusal::not_found(format!(
            "{} was audited {}, not {year}",
            audit.state.name,
            years::words(audit.from, audit.to)
        ))
        .link(ask.with(&[("year", "")]), "all years"));
    }
    let shown = Shown { now, ask, report: &report, commitment, year, field };
    let mut view = View::new(shown.title(), shown.answer());
    view.body = shown.body(&mut view);
    view.data = shown.data();
    Ok(view)
}

struct Shown<'a> {
    now: &'a Now,
    ask: &'a Ask,
    report: &'a Report,
    commitment: &'a Commitment,
    year: Option<i32>,
    field: &'a str,
}

impl Shown<'_> {
    fn audit(&self) -> Option<&CommitmentAudit> {
        self.report.audits.first()?.commitments.first()
    }

    fn goal(&self) -> Option<&GoalAudit> {
        self.report.audits.first()?.goals.first()
    }

    fn name(&self) -> &str {
        self.report.audits.first().map_or("", |a| a.state.name.as_str())
    }

    fn years(&self) -> (i32, i32) {
        self.report.audits.first().map_or((0, 0), |a| (a.from, a.to))
    }

    fn title(&self) -> String {
        let when = self.year.map(|y| format!(" in {y}")).unwrap_or_default();
        match self.goal() {
            Some(goal) => format!("Did {} come nearer to “{}”?", self.name(), goal.title),
            None => format!("Did {} keep “{}”{when}?", self.name(), self.commitment.title),
        }
    }

    fn verdict(&self) -> Option<&YearVerdict> {
        self.audit()?.verdicts.iter().find(|v| Some(v.year) == self.year)
    }

    fn answer(&self) -> Markup {
        let Some(c) = self.audit() else { return html! {} };
        html! {
            @if let Some(v) = self.verdict() {
                p { (verdict_word(v)) " in " (v.year) "." }
                @if words::differs(v) {
                    ul { @for r in &v.readings { li { (r.sources.join(", ")) ": " (comity_report::ribbon::name(r.verdict)) } } }
                }
                @if !v.broken_in.is_empty() { p { "Not known under the sources together; a breach under " (v.broken_in.join(", ")) "." } }
            } @else {
                p { (words::capital(&words::summary(c))) "." }
                @for text in words::further(c) { p class="note" { (words::capital(&text)) "." } }
            }
            @if let Some(text) = words::base_rate(c) { p class="note" { (words::capital(&text)) "." } }
        }
    }

    fn body(&self, view: &mut View) -> Markup {
        let used = Used::of(self.report, self.year);
        html! {
            nav class="crumbs" aria-label="Near this page" {
                a href=(names::state_page(&self.handle(), self.field)) { (self.name()) ", all commitments" }
                " · "
                a href=(names::commitment_page(&self.commitment.id, self.field, &self.handle())) { "All states under this commitment" }
                @if self.year.is_some() { " · " a href=(self.ask.with(&[("year", "")])) { "All years" } }
            }
            (self.ribbon(view, &used))
            (self.values(view, &used))
            (self.evidence(view, &used))
            (self.law())
            (sources::section(self.report, &used, self.year.is_some()))
        }
    }

    fn handle(&self) -> String {
        let ccode = self.report.audits.first().map_or(0, |a| a.state.ccode);
        names::handle(self.now.record(), ccode)
    }

    fn ribbon(&self, view: &mut View, used: &Used<'_>) -> Markup {
        let (Some(c), Some(audit)) =
            (self.audit().filter(|c| c.judged), self.report.audits.first())
        else {
            return html! {};
        };
        let opens = self.ask.with(&[("year", "0")]);
        let opens = format!(
            "{}{}year=",
            opens.split('?').next().unwrap_or_default(),
            if self.field.is_empty() {
                "?".to_owned()
            } else {
                format!("?policy={}&", crate::ask::segment(self.field))
            }
        );
        let shown = html! {
            (ribbon::legend())
            div class="one-ribbon" data-form-names=(picture::form_names()) { (picture::ribbon(audit, c, &opens, true)) }
        };
        let svg = ribbon::svg(&c.verdicts, audit.from, audit.to, &c.title, true);
        let title = format!("{}: {}", self.name(), c.title);
        let taken = picture::alone(&title, &[(words::summary(c), svg)], &used.foot(self.report));
        view.picture(
            self.ask,
            "verdicts",
            &shown,
            taken,
            &html! { "One bar for each year, higher is graver." },
            &used.line(),
        )
    }

    fn values(&self, view: &mut View, used: &Used<'_>) -> Markup {
        let (values, better): (&[YearValue], _) = match (self.audit(), self.goal()) {
            (Some(c), _) => (&c.values, c.better),
            (None, Some(g)) => (&g.values, g.better),
            (None, None) => (&[], None),
        };
        html! {
            @for block in terminal::blocks(values) {
                @let name = block.first().map_or("", |v| v.block.as_str());
                @let said = terminal::values_line(&block, better, false);
                @let svg = plot::svg(&block, &block, self.years(), &format!("{name}: {said}"));
                @let title = format!("{}: {} ({name})", self.name(), self.commitment.title);
                @let taken = picture::alone(&title, &[(said.clone(), svg.clone())], &used.foot(self.report));
                (view.picture(self.ask, &format!("values-{name}"), &svg, taken, &html! { code { (name) } " " (said) "." }, &used.line()))
            }
        }
    }

    /// The findings of the year, or of all years.
    fn found(&self) -> Vec<Finding> {
        let of_year = |f: &&Finding| self.year.is_none_or(|y| f.year == y);
        self.audit().into_iter().flat_map(|c| &c.findings).filter(of_year).cloned().collect()
    }

    fn evidence(&self, view: &mut View, used: &Used<'_>) -> Markup {
        if self.audit().is_none() {
            return html! {};
        }
        let found = self.found();
        let strands = evidence::strands(&found);
        let cited = |id: &str| self.report.record.sources.iter().find(|s| s.id == id);
        let row = |strand: &evidence::Strand<'_>| {
            let f = strand.finding;
            let source = cited(&f.source);
            let what = html! {
                (clean(&f.what))
                @if let Some(label) = &f.label { " " span class="label" { (clean(label)) } }
                @if f.reading != "baseline" { " " span class="reading" { "only if " (clean(&f.reading)) } }
            };
            let from = html! {
                a href=(format!("#{}", sources::anchor(&f.source))) { (clean(&f.source)) }
                " " span class="key" { (clean(&f.source_row)) }
                @if let Some(also) = &f.also { "; also " span class="key" { (clean(also)) } }
                @if let Some(s) = source.filter(|s| !s.licence.is_empty()) { " " span class="small" { (s.licence) } }
            };
            vec![
                Cell::text(strand.years()),
                Cell::shown(f.what.clone(), what),
                Cell::text(clean(&strand.other()).into_owned()),
                Cell::text(evidence::severity(f.severity)),
                Cell::text(strand.magnitude()),
                Cell::shown(f.source.clone(), from),
                Cell::text(f.source_row.clone()),
                Cell::text(source.map(|s| s.citation.clone()).unwrap_or_default()),
            ]
        };
        let mut rows: Vec<Vec<Cell>> = strands.iter().map(row).collect();
        let all = rows.len();
        if self.ask.format == crate::ask::Format::Html {
            rows.truncate(MOST);
        }
        let table = Table {
            name: "evidence",
            caption: match self.year {
                Some(year) => format!("Findings of {year}"),
                None => "Findings".to_owned(),
            },
            columns: vec![
                ("years", "Years", false),
                ("finding", "Finding", false),
                ("with", "With", false),
                ("weight", "Weight", false),
                ("magnitude", "Magnitude", true),
                ("source", "Source, row, licence", false),
                ("source_row", "", false),
                ("citation", "", false),
            ],
            rows,
        };
        html! {
            section id="evidence" class="evidence" {
                h2 { @match self.year { Some(year) => { "What was found in " (year) "?" }, None => "What was found?" } }
                @if all == 0 {
                    p { (self.nothing()) }
                } @else {
                    (view.table(self.ask, table, &used.line()))
                    @if all > MOST { p class="note" { "The first " (MOST) " of " (words::thousands(all as u32)) " lines are shown; the CSV has all. A year of the ribbon shows its own." } }
                }
                (self.missing())
            }
        }
    }

    fn nothing(&self) -> String {
        match self.verdict().map(YearVerdict::form) {
            Some(comity::Form::Kept) => {
                "Nothing against it, and everything that was needed is covered.".into()
            }
            Some(comity::Form::Unknown | comity::Form::Looked) => {
                "Nothing. That is no answer: the record does not cover all that is needed.".into()
            }
            Some(comity::Form::NotApplicable) => "It does not apply in this year.".into(),
            Some(comity::Form::NoOccasion) => "Nothing called for it.".into(),
            _ => "No finding.".into(),
        }
    }

    fn missing(&self) -> Markup {
        let Some(c) = self.audit() else { return html! {} };
        let near = |from: i32, to: i32| self.year.is_none_or(|y| (from..=to).contains(&y));
        let looked: Vec<_> = c.looked.iter().filter(|l| near(l.from, l.to)).cloned().collect();
        let missing: Vec<_> = c.missing.iter().filter(|m| near(m.from, m.to)).collect();
        html! {
            @for line in words::looked_at(&looked) { p class="note" { (words::capital(&line)) "." } }
            @if !missing.is_empty() {
                details {
                    summary { "What would answer the unknown years" }
                    ul { @for m in missing {
                        li { (m.table) ", " (years::words(m.from, m.to)) ": "
                            @if m.answered_by.is_empty() { "no dataset known to this program" } @else { (m.answered_by.join(" or ")) } }
                    } }
                }
            }
        }
    }

    /// The policy's own text, and how it is measured.
    fn law(&self) -> Markup {
        let c = self.commitment;
        let in_force = |v: &Version| self.year.is_none_or(|y| v.in_force(y));
        html! {
            section id="law" class="law" {
                h2 { "What does the policy say?" }
                @for version in c.versions.iter().filter(|v| in_force(v)) {
                    @if c.versions.len() > 1 { h3 { (version.title) } }
                    div class="prose" { (prose(&version.prose, 3)) }
                    @if !version.evidence.is_empty() {
                        details {
                            summary { "How it is measured (" (words::plural(version.evidence.len(), "query", "queries")) ")" }
                            @for query in &version.applies {
                                p class="note" { "Applies to the state-years of" }
                                pre tabindex="0" { code { (comity_report::plain::clean_lines(&query.sql).trim_end()) } }
                            }
                            @for block in &version.evidence {
                                p class="note" { code { (block.name) } }
                                pre tabindex="0" { code { (comity_report::plain::clean_lines(&block.query.sql).trim_end()) } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn data(&self) -> serde_json::Value {
        let audit = &self.report.audits[0];
        let found = self.found();
        let sources: Vec<_> = self
            .report
            .record
            .sources
            .iter()
            .filter(|s| found.iter().any(|f| f.source == s.id))
            .collect();
        json!({
            "schema_version": 1,
            "policy": self.report.policy,
            "state": audit.state,
            "commitment": self.commitment.id,
            "year": self.year,
            "verdict": self.verdict(),
            "audit": if self.year.is_none() { json!(self.audit()) } else { json!(null) },
            "goal": self.goal(),
            "findings": found,
            "sources": sources,
        })
    }
}

fn verdict_word(v: &YearVerdict) -> String {
    words::capital(v.form().name())
}
