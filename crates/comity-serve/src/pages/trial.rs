//! A changed copy of a policy, tried: the verdicts of one state before and after, and what the document's own tests say.

use std::collections::BTreeMap;

use comity::audit::{CommitmentAudit, YearVerdict};
use comity::{Form, Verdict};
use comity_report::html::ribbon;
use comity_report::{words, years};
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{FROM, Field, Method, POLICY, Page, TO, policy};
use crate::app::Now;
use crate::ask::Ask;
use crate::picture::{digit, digits};
use crate::refusal::Refusal;
use crate::view::View;
use crate::{layout, names};

const TEXT: Field = Field { name: "text", about: "the whole changed document" };
const STATE: Field = Field { name: "state", about: "the state on which it is tried" };

/// A changed copy, tried.
pub const PAGE: Page = Page {
    path: "/policy/try",
    name: "A changed policy",
    about: "Compares a changed document with the policy and runs what is changed, for one state: verdicts before and after, tests, errors. Nothing is kept",
    method: Method::Post,
    names: &[],
    fields: &[
        POLICY,
        STATE,
        FROM,
        TO,
        TEXT,
        Field { name: "brief", about: "1: without the document" },
    ],
    menu: false,
    kept: false,
    slow: false,
    view,
};

/// The same as a file.
pub const SAVE: Page = Page {
    path: "/policy/save/{file}",
    name: "A changed policy as a file",
    about: "Sends the document back as a file of this name. Nothing is kept",
    method: Method::Post,
    names: &[Field { name: "file", about: "the name of the file" }],
    fields: &[POLICY, STATE, FROM, TO, TEXT],
    menu: false,
    kept: false,
    slow: false,
    view: save,
};

/// How many years that differ are written out, and findings.
const MOST: usize = 40;

/// What the form was filled with.
#[derive(Debug, Default)]
pub struct Given {
    /// Id of the policy; empty for the default.
    pub policy: String,
    /// The name of the file that the copy is saved as.
    pub file: String,
    /// The state.
    pub state: String,
    /// First and last year.
    pub years: (Option<i32>, Option<i32>),
    /// The line to begin at.
    pub line: Option<usize>,
}

/// The name of a file for a copy.
pub fn file_name(id: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    format!("my-{}.md", id.chars().map(safe).collect::<String>())
}

/// The form in which a copy is changed.
pub fn editor(given: &Given, text: &str) -> Markup {
    html! {
        section id="copy" {
            h2 { "Change a copy, and see what changes" }
            form class="asking editor" action=(PAGE.path) method="post" {
                input type="hidden" name="policy" value=(given.policy);
                div class="row" {
                    label { span { "State" } input name="state" list="states" value=(given.state) required autocomplete="off"; }
                    (layout::year_field("from", "From", given.years.0, 1950))
                    (layout::year_field("to", "To", given.years.1, 2024))
                    button type="submit" { "See what changes" }
                    button type="submit" class="plain" formaction=(SAVE.path.replace("{file}", &given.file)) { "Save as a file" }
                    label class="needs-script open-file" { span { "Open a file of yours" } input type="file" accept=".md,text/markdown,text/plain"; }
                }
                p class="note" {
                    "Only the commitments that are changed are run, over the record, in a process that is stopped after 12 seconds. Nothing is kept on the server. "
                    span class="needs-script" { "Verdicts follow as you type." }
                }
                div class="both" {
                    div {
                        label for="document" { "The document" }
                        (policy::text_area(text, given.line))
                    }
                    div id="verdicts" class="verdicts" role="region" tabindex="0" aria-live="polite" aria-label="What changes" {
                        p class="note needs-script" { "What changes is shown here." }
                    }
                }
            }
        }
    }
}

fn text(ask: &Ask) -> Result<String, Refusal> {
    let text = ask.field("text").ok_or_else(|| {
        Refusal::bad("the document is empty").link(policy::PAGE.path, "the policy as it is")
    })?;
    Ok(text.replace("\r\n", "\n"))
}

fn save(_: &Now, ask: &Ask) -> Result<View, Refusal> {
    // Kept as bytes, so that no browser shows it in place of saving it.
    Ok(View::file(text(ask)?.into_bytes(), "application/octet-stream"))
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let finished = now.finished(ask)?;
    let document = finished.policy.document();
    let after = text(ask)?;
    let (from, to) = ask.years()?;
    let given = ask.field("state").ok_or_else(|| {
        Refusal::bad("no state was named").help("write a name or a code: China, CHN, 710")
    })?;
    let there = |_: &str| policy::PAGE.path.to_owned();
    let ccode = names::state(now.record(), given, (from, to), there)?;
    let report =
        finished.evaluation.report(&[ccode], from, to).map_err(|error| Refusal::of(404, &error))?;
    let audit = report.audits.first().ok_or_else(|| Refusal::failed("an audit of nobody"))?;
    let question = json!({
        "file": file_name(&document.id), "before": document.text, "after": after,
        "state": ccode, "from": from, "to": to,
    });
    let said = now.children().ask_json("policy", &question)?;
    let tried = Tried { name: &audit.state.name, before: &audit.commitments, said: &said };
    let mut view =
        View::new(format!("What would change for {}?", audit.state.name), tried.answer());
    let editor = (ask.field("brief").is_none()).then(|| {
        let given = Given {
            policy: now.policy_field(&finished.policy).to_owned(),
            file: file_name(&document.id),
            state: names::handle(now.record(), ccode),
            years: (from, to),
            line: None,
        };
        editor(&given, &after)
    });
    view.body = html! {
        section id="changes" { (tried.body()) }
        @if let Some(editor) = &editor { (editor) }
    };
    view.data = said;
    Ok(view)
}

/// A changed policy beside the one that it was.
struct Tried<'a> {
    name: &'a str,
    before: &'a [CommitmentAudit],
    said: &'a Value,
}

/// One commitment, changed.
struct Changed<'a> {
    title: &'a str,
    judged: bool,
    before: Option<&'a CommitmentAudit>,
    after: Vec<YearVerdict>,
    found: u64,
    findings: &'a [Value],
    values: &'a [Value],
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn number(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap_or_default()
}

/// Verdicts from their figures.
fn verdicts(from: i32, forms: &str) -> Vec<YearVerdict> {
    let of = |(year, c): (i32, char)| {
        let form = Form::ALL.into_iter().find(|f| digit(*f) == c)?;
        Some(YearVerdict {
            year,
            verdict: form.verdict(),
            at_least: (form == Form::StrainedOrWorse).then_some(Verdict::Strained),
            covered: true,
            looked: form == Form::Looked,
            broken_in: Vec::new(),
            readings: Vec::new(),
        })
    };
    (from..).zip(forms.chars()).filter_map(of).collect()
}

impl<'a> Tried<'a> {
    fn runs(&self) -> bool {
        self.said["runs"].as_bool().unwrap_or(false)
    }

    fn changed(&self) -> Vec<Changed<'a>> {
        let of = |c: &'a Value| {
            let id = word(c, "id");
            let from = c["from"].as_i64().and_then(|y| i32::try_from(y).ok()).unwrap_or_default();
            Changed {
                title: word(c, "title"),
                judged: c["judged"].as_bool().unwrap_or(false),
                before: self.before.iter().find(|b| b.id == id),
                after: verdicts(from, word(c, "forms")),
                found: number(c, "found"),
                findings: list(c, "findings"),
                values: list(c, "values"),
            }
        };
        list(self.said, "commitments").iter().map(of).collect()
    }

    fn answer(&self) -> Markup {
        let changed = self.changed();
        let other: usize = changed.iter().map(|c| c.differing().len()).sum();
        let removed = list(self.said, "removed").len();
        let failed = list(self.said, "tests").iter().filter(|t| t["passed"] == false).count();
        let count = list(self.said, "changed").len();
        html! {
            @if !self.runs() {
                p { "The document cannot be run as it is: see the errors below." }
            } @else if count == 0 && removed == 0 {
                p { "Nothing: no commitment says anything else than before." }
            } @else {
                p {
                    (words::plural(count, "commitment is", "commitments are")) " changed"
                    @if removed > 0 { ", " (removed) " taken away" } "; "
                    @if other == 0 { "no verdict for " (self.name) " is another." }
                    @else { (words::plural(other, "verdict for ", "verdicts for ")) (self.name) " would be others." }
                    @if failed > 0 { " " (words::plural(failed, "test of the document fails", "tests of the document fail")) "." }
                }
            }
        }
    }

    fn body(&self) -> Markup {
        let remarks = list(self.said, "remarks");
        html! {
            @if !remarks.is_empty() {
                h3 { "What is wrong with the text" }
                ul class="remarks" { @for r in remarks { li {
                    a href="#document" data-line=(number(r, "line")) { "Line " (number(r, "line")) }
                    " " span class="label" { @if r["error"] == true { "error" } @else { "warning" } } " " (word(r, "message"))
                    @if let Some(help) = r["help"].as_str() { br; span class="note" { (help) } }
                } } }
            }
            @for c in self.changed() { (c.shown(self.name)) }
            (self.tests())
        }
    }

    fn tests(&self) -> Markup {
        let tests = list(self.said, "tests");
        let failed: Vec<&Value> = tests.iter().filter(|t| t["passed"] == false).collect();
        html! {
            @if !tests.is_empty() {
                h3 { "Do the document’s own tests hold?" }
                p { (tests.len() - failed.len()) " of " (tests.len()) " tests of the changed commitments hold." }
                ul class="remarks" { @for t in &failed {
                    li {
                        a href="#document" data-line=(number(t, "line")) { "Line " (number(t, "line")) } " " (word(t, "case"))
                        @if let Some(error) = t["error"].as_str() { ": " (error) }
                        @for f in list(t, "failures") {
                            br; span class="note" { "state " (f["state"]) " in " (f["year"]) ": expected " (word(f, "expected")) ", got " (word(f, "got")) }
                        }
                    }
                } }
            }
        }
    }
}

impl Changed<'_> {
    /// Years with another verdict, with the one before and the one after.
    fn differing(&self) -> Vec<(i32, Form, Form)> {
        let Some(before) = self.before else { return Vec::new() };
        let before: BTreeMap<i32, Form> =
            before.verdicts.iter().map(|v| (v.year, v.form())).collect();
        let other = |v: &YearVerdict| {
            let old = *before.get(&v.year)?;
            (old != v.form()).then_some((v.year, old, v.form()))
        };
        self.after.iter().filter_map(other).collect()
    }

    fn span(&self) -> Option<(i32, i32)> {
        let years = || {
            let old = self.before.iter().flat_map(|b| &b.verdicts);
            old.chain(&self.after).map(|v| v.year)
        };
        Some((years().min()?, years().max()?))
    }

    fn shown(&self, name: &str) -> Markup {
        let differing = self.differing();
        html! {
            h3 { (self.title) }
            @if let Some((from, to)) = self.span() {
                @if let Some(before) = self.before {
                    p class="small" { "Before" }
                    (ribbon::svg(&before.verdicts, from, to, &format!("Before, {name}: {}", digits_in_words(&before.verdicts)), false))
                }
                p class="small" { @if self.before.is_some() { "After" } @else { "New" } }
                (ribbon::svg(&self.after, from, to, &format!("After, {name}: {}", digits_in_words(&self.after)), true))
            }
            @if self.before.is_none() { p { "This commitment is new." } }
            @else if differing.is_empty() { p { "No verdict is another." } }
            @else {
                p { (words::plural(differing.len(), "year", "years")) " with another verdict:" }
                ul class="small" { @for (span, old, new) in grouped(&differing).into_iter().take(MOST) { li { b { (years::words(span.0, span.1)) } " " (old.name()) " → " (new.name()) } } }
            }
            @if !self.judged { p class="note" { (words::plural(self.values.len(), "value", "values")) "; it has no verdicts." } }
            @if !self.findings.is_empty() {
                details {
                    summary { (words::plural(usize::try_from(self.found).unwrap_or(0), "finding", "findings")) }
                    ul class="small" { @for f in self.findings { li { (f["year"]) " " (word(f, "severity")) ": " (word(f, "what")) @if let Some(other) = f["other"].as_str() { " (" (other) ")" } " " code { (word(f, "source")) } } } }
                }
            }
        }
    }
}

/// Runs of years that changed in the same way.
fn grouped(differing: &[(i32, Form, Form)]) -> Vec<((i32, i32), Form, Form)> {
    let mut out: Vec<((i32, i32), Form, Form)> = Vec::new();
    for (year, old, new) in differing {
        match out.last_mut() {
            Some((span, o, n)) if span.1 + 1 == *year && o == old && n == new => span.1 = *year,
            _ => out.push(((*year, *year), *old, *new)),
        }
    }
    out
}

fn digits_in_words(verdicts: &[YearVerdict]) -> String {
    let figures = digits(verdicts);
    let count = |form: Form| figures.chars().filter(|c| *c == digit(form)).count();
    let said = Form::ALL.into_iter().filter(|f| count(*f) > 0);
    said.map(|f| format!("{} {}", count(f), f.name())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_come_back_from_their_figures() {
        let all: String = Form::ALL.map(digit).iter().collect();
        let verdicts = verdicts(1950, &format!("{all}x"));
        assert_eq!(verdicts.iter().map(YearVerdict::form).collect::<Vec<_>>(), Form::ALL);
        assert_eq!(verdicts.last().unwrap().year, 1958);
        assert_eq!(digits(&verdicts), all);
    }

    #[test]
    fn years_that_changed_alike_are_one_line() {
        let (kept, broken) = (Form::Kept, Form::Broken);
        let grouped = grouped(&[(1950, kept, broken), (1951, kept, broken), (1953, kept, broken)]);
        assert_eq!(grouped, [((1950, 1951), kept, broken), ((1953, 1953), kept, broken)]);
    }

    #[test]
    fn what_a_process_said_is_escaped() {
        let said = json!({
            "runs": true, "changed": ["a"], "removed": [],
            "remarks": [{"line": 3, "error": false, "message": "<script>", "help": "<b>"}],
            "tests": [{"passed": false, "line": 9, "case": "<i>", "error": null,
                "failures": [{"state": 2, "year": 1950, "expected": "<u>", "got": "kept"}]}],
            "commitments": [{"id": "a", "title": "<h1>", "judged": true, "from": 1950, "forms": "03",
                "found": 1, "findings": [{"year": 1950, "severity": "breach", "what": "<img>", "source": "s", "other": "<a>"}]}],
        });
        let tried = Tried { name: "<X>", before: &[], said: &said };
        let page = html! { (tried.answer()) (tried.body()) }.into_string();
        for tag in ["<script", "<i>", "<u>", "<h1", "<img", "<X>", "<a>"] {
            assert!(!page.contains(tag), "{tag}: {page}");
        }
        assert!(page.contains("data-line=\"9\"") && page.contains("New"));
    }

    #[test]
    fn a_file_has_a_name_that_is_one() {
        assert_eq!(file_name("bandung-1955"), "my-bandung-1955.md");
        assert_eq!(file_name("../<x>"), "my-----x-.md");
    }
}
