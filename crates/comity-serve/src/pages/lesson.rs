//! A lesson for a class: six exercises, each checked against the record.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::Array;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use comity::Verdict;
use comity::audit::CommitmentAudit;
use maud::{Markup, html};
use serde_json::json;

use super::{Field, Method, Page, policy, query};
use crate::app::{Finished, Now};
use crate::ask::{Ask, address, short};
use crate::names;
use crate::refusal::Refusal;
use crate::view::View;

/// The lesson.
pub const PAGE: Page = Page {
    path: "/lesson",
    name: "Lesson",
    about: "Six exercises for a class, each checked against the record",
    method: Method::Get,
    names: &[],
    fields: &[
        super::POLICY,
        Field { name: "a1", about: "answer to the first exercise" },
        Field { name: "a2", about: "answer to the second" },
        Field { name: "a3", about: "answer to the third" },
        Field { name: "a4", about: "answer to the fourth" },
        Field { name: "a5", about: "answer to the fifth" },
        Field { name: "a6", about: "answer to the sixth" },
    ],
    menu: true,
    kept: true,
    slow: false,
    view,
};

/// The policy that the lesson is about.
const POLICY: &str = "bandung-1955";
/// The commitment of most exercises, and another.
const PACTS: &str = "no-service-of-big-powers";
const FORCE: &str = "no-aggression";
const CHINA: i32 = 710;
const INDIA: i32 = 750;
const AMERICA: i32 = 2;
const SOVIET: i32 = 365;
const YEAR: i32 = 1962;
const VETOES: &str = "select count(*) as vetoes\nfrom vetoes\nwhere ccode = 365 and year <= 1960";

/// One exercise.
struct Exercise {
    /// What is asked.
    question: &'static str,
    /// What to know before.
    told: &'static str,
    /// What may be chosen: value and words; empty: a number is typed.
    choices: &'static [(&'static str, &'static str)],
    /// Where to look: address and words.
    look: fn(&str) -> (String, &'static str),
    /// What is right by the record; nothing where this record does not say.
    right: fn(&Lesson<'_>) -> Result<Vec<String>, Refusal>,
    /// What is said of a right answer, and a hint after a wrong one.
    after: (&'static str, &'static str),
}

static EXERCISES: &[Exercise] = &[
    Exercise {
        question: "In which year was China strained for the last time under “Collective defence serves no great power”?",
        told: "A ribbon has one bar for each year: the higher it is, the graver. Point at it, or walk along it with the arrow keys.",
        choices: &[],
        look: |policy| (names::finding_page("CHN", PACTS, policy, ""), "China and this commitment"),
        right: |lesson| {
            let c = lesson.commitment(CHINA, PACTS)?;
            Ok(years(&c, Verdict::Strained)
                .into_iter()
                .max()
                .map(|y| y.to_string())
                .into_iter()
                .collect())
        },
        after: (
            "From then on the ribbon says kept, and where the list of pacts ends it says nothing.",
            "Walk to the right end of the bars of middle height.",
        ),
    },
    Exercise {
        question: "Why is 1962 broken for the United States and strained for China?",
        told: "Open 1962 in both ribbons. Each finding names a treaty; the policy’s own text says what it counts as.",
        choices: &[
            ("war", "The United States fought a war in 1962 and China did not"),
            (
                "parties",
                "China’s pact with a great power has two parties; those of the United States have more",
            ),
            ("cover", "The record does not cover China in 1962"),
            ("size", "The United States is itself a great power"),
        ],
        look: |policy| {
            (
                address("/compare", &[("states", "CHN,USA"), ("policy", policy)]),
                "the two side by side",
            )
        },
        right: why_one_is_graver,
        after: (
            "The yardstick is the same for both: a pact of two is a strain, one of three or more a breach.",
            "Read the prose of the commitment, then count the parties of the treaties that the findings name.",
        ),
    },
    Exercise {
        question: "Nothing was found against India in 1962 under “No aggression, no threat”, and it is not kept. Which table would have to be covered?",
        told: "Silence counts only where a source says that it is complete. The page of a year says what was looked at and what is missing.",
        choices: &[
            ("wars", "wars"),
            ("disputes", "disputes"),
            ("pledges", "pledges"),
            ("authorizations", "authorizations"),
        ],
        look: |policy| (names::finding_page("IND", FORCE, policy, "1962"), "India in 1962"),
        right: |lesson| {
            let c = lesson.commitment(INDIA, FORCE)?;
            let missing = c.missing.iter().filter(|m| (m.from..=m.to).contains(&YEAR));
            Ok(missing.map(|m| m.table.clone()).collect())
        },
        after: (
            "Not known is never kept. With that table in the record, the year has a verdict.",
            "Look for “What would answer the unknown years”.",
        ),
    },
    Exercise {
        question: "Until which year did China and the Soviet Union owe each other defence?",
        told: "The page of two states has a lane for everything that is recorded between them, and the rows behind it.",
        choices: &[],
        look: |policy| (super::dyad::page("CHN", "RUS", policy), "China and Russia"),
        right: |lesson| {
            let sql = format!(
                "select max(year) from pledge_years where ccode = {CHINA} and partner = {SOVIET} and defense"
            );
            lesson.number(&sql)
        },
        after: (
            "The row names the treaty and the document that ended it.",
            "In the lane of pledges, look for the longest bar; the table below says what it is.",
        ),
    },
    Exercise {
        question: "How many vetoes did the Soviet Union cast up to the end of 1960?",
        told: "Whatever no page shows can be asked. The query is written for you: run it, and read the table.",
        choices: &[],
        look: |policy| {
            (address(query::PAGE.path, &[("sql", VETOES), ("policy", policy)]), "the query")
        },
        right: |lesson| lesson.number(VETOES),
        after: (
            "Take away the condition on the state, group by it, and you have everybody’s.",
            "The answer has one row and one column.",
        ),
    },
    Exercise {
        question: "Suppose a pact of two with a great power were a breach as well. How many years of China would be broken that are now strained?",
        told: "Open the policy at this commitment, and change 'strain' to 'breach' in its query. The ribbons before and after stand beside it.",
        choices: &[],
        look: |policy| {
            let fields = [("policy", policy), ("commitment", PACTS), ("state", "CHN")];
            (address(policy::PAGE.path, &fields) + "#document", "the policy, at this commitment")
        },
        right: |lesson| {
            let c = lesson.commitment(CHINA, PACTS)?;
            let strained = years(&c, Verdict::Strained);
            Ok(if strained.is_empty() { Vec::new() } else { vec![strained.len().to_string()] })
        },
        after: (
            "Where the bar lies is a choice of the document, and everybody can read it. The document’s own tests notice the change.",
            "The list beside the document counts the years with another verdict.",
        ),
    },
];

/// What exercises are checked against.
struct Lesson<'a> {
    now: &'a Now,
    finished: Arc<Finished>,
}

fn years(c: &CommitmentAudit, wanted: Verdict) -> Vec<i32> {
    c.verdicts.iter().filter(|v| v.verdict == wanted).map(|v| v.year).collect()
}

impl Lesson<'_> {
    fn commitment(&self, ccode: i32, id: &str) -> Result<CommitmentAudit, Refusal> {
        let report = self.finished.evaluation.report(&[ccode], None, None);
        let report = report.map_err(|error| Refusal::of(500, &error))?;
        let found = report.audits.into_iter().flat_map(|a| a.commitments).find(|c| c.id == id);
        found.ok_or_else(|| {
            Refusal::failed(format!("the policy of the lesson has no commitment `{id}`"))
        })
    }

    /// The first cell of an answer; nothing where it is missing.
    fn number(&self, sql: &str) -> Result<Vec<String>, Refusal> {
        let rows = self.now.record().query(sql).map_err(|error| Refusal::of(500, &error))?;
        let Some(column) = rows.columns().first().filter(|c| !c.is_empty() && c.is_valid(0)) else {
            return Ok(Vec::new());
        };
        let options = FormatOptions::default();
        let cell = ArrayFormatter::try_new(column.as_ref(), &options);
        let cell = cell.map_err(|e| Refusal::failed(e.to_string()))?.value(0).to_string();
        Ok(vec![cell])
    }
}

/// That it is the number of parties follows from the record: all that strains China is between two, and something of the United States is not.
fn why_one_is_graver(lesson: &Lesson<'_>) -> Result<Vec<String>, Refusal> {
    let verdict = |ccode| -> Result<Option<Verdict>, Refusal> {
        let c = lesson.commitment(ccode, PACTS)?;
        Ok(c.verdicts.iter().find(|v| v.year == YEAR).map(|v| v.verdict))
    };
    let pacts = |ccode: i32, bilateral: &str| {
        lesson.number(&format!(
            "select count(*) from pledge_years p join major_power_years m on m.ccode = p.partner and m.year = p.year \
             where p.ccode = {ccode} and p.year = {YEAR} and (p.defense or p.offense) and p.wide_conference is not true and p.bilateral is {bilateral}"
        ))
    };
    let none = |counted: Vec<String>| counted == ["0"];
    let so = verdict(CHINA)? == Some(Verdict::Strained)
        && verdict(AMERICA)? == Some(Verdict::Broken)
        && none(pacts(CHINA, "not true")?)
        && !none(pacts(AMERICA, "not true")?);
    Ok(if so { vec!["parties".to_owned()] } else { Vec::new() })
}

/// What came of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Unanswered,
    Right,
    Wrong,
    NotHere,
}

fn check(lesson: &Lesson<'_>, exercise: &Exercise, given: Option<&str>) -> Result<Came, Refusal> {
    let Some(given) = given else { return Ok(Came::Unanswered) };
    let right = (exercise.right)(lesson)?;
    let given = given.trim();
    Ok(match right.is_empty() {
        true => Came::NotHere,
        false if right.iter().any(|r| r.eq_ignore_ascii_case(given)) => Came::Right,
        false => Came::Wrong,
    })
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let Some(finished) = now.finished_of(POLICY)? else {
        return Err(Refusal::not_found(format!(
            "the lesson is about the policy `{POLICY}`, which is not served here"
        ))
        .help(format!("start the server with --policy {POLICY}")));
    };
    let field = now.policy_field(&finished.policy).to_owned();
    let lesson = Lesson { now, finished };
    let mut came = Vec::new();
    for (at, exercise) in EXERCISES.iter().enumerate() {
        let given = ask.field(NAMES[at]);
        if let Some(given) = given
            && !exercise.choices.is_empty()
            && !exercise.choices.iter().any(|c| c.0 == given)
        {
            return Err(Refusal::bad(format!("`{}` is none of the choices", short(given)))
                .link(PAGE.path, "the lesson from the start"));
        }
        came.push((exercise, given, check(&lesson, exercise, given)?));
    }
    let right = came.iter().filter(|c| c.2 == Came::Right).count();
    let begun = came.iter().any(|c| c.2 != Came::Unanswered);
    let answer = html! {
        p { "Six exercises, from reading a picture to changing the yardstick. Each answer is checked against the record of this server; nothing is stored. "
            @if begun { b role="status" { (right) " of " (EXERCISES.len()) " are right." } } }
        @if now.record().tables().folder().is_some() {
            p class="note" { "The exercises were written for the facts inside the program (" code { "comity serve" } " without a record of your own); other records may answer some of them otherwise." }
        }
    };
    let mut view = View::new("Can you read what the record says?", answer);
    view.body = html! {
        form class="lesson" action=(PAGE.path) method="get" {
            @if let Some(policy) = ask.field("policy") { input type="hidden" name="policy" value=(policy); }
            ol class="exercises" { @for (at, (exercise, given, came)) in came.iter().enumerate() { (shown(at, exercise, *given, *came, &field)) } }
        }
        @if begun { p { a href=(PAGE.path) { "Begin again" } } }
    };
    view.data = data(&came, &field);
    Ok(view)
}

/// The names of the fields.
const NAMES: [&str; 6] = ["a1", "a2", "a3", "a4", "a5", "a6"];

fn shown(at: usize, exercise: &Exercise, given: Option<&str>, came: Came, policy: &str) -> Markup {
    let (to, words) = (exercise.look)(policy);
    let name = NAMES[at];
    let question = format!("question-{name}");
    html! {
        li id=(format!("exercise-{}", at + 1)) class="card" {
            h2 id=(question) { (exercise.question) }
            p class="note" { (exercise.told) }
            p { "Look at " a href=(to) target="_blank" rel="noopener" { (words) } " (a new tab)." }
            @if exercise.choices.is_empty() {
                input name=(name) value=[given] inputmode="numeric" autocomplete="off" maxlength="12" size="8" aria-labelledby=(question);
            } @else {
                div role="radiogroup" aria-labelledby=(question) {
                    @for (value, words) in exercise.choices {
                        label class="choice" { input type="radio" name=(name) value=(value) checked[given == Some(*value)]; " " (words) }
                    }
                }
            }
            div class="row" {
                button type="submit" formaction=(format!("{}#exercise-{}", PAGE.path, at + 1)) { "Check" }
                @match came {
                    Came::Unanswered => {},
                    Came::Right => p class="came right" { b { "Right. " } (exercise.after.0) },
                    Came::Wrong => p class="came wrong" { b { "Not so. " } (exercise.after.1) },
                    Came::NotHere => p class="came" { "The record of this server does not answer this; the facts inside the program do." },
                }
            }
        }
    }
}

fn data(came: &[(&Exercise, Option<&str>, Came)], policy: &str) -> serde_json::Value {
    let of = |(exercise, given, came): &(&Exercise, Option<&str>, Came)| {
        let choices: BTreeMap<_, _> = exercise.choices.iter().copied().collect();
        json!({
            "question": exercise.question, "choices": choices, "look": (exercise.look)(policy).0, "given": given,
            "right": match came { Came::Right => json!(true), Came::Wrong => json!(false), _ => json!(null) },
        })
    };
    json!({"policy": POLICY, "exercises": came.iter().map(of).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> Ask {
        let fields: Vec<&str> = PAGE.fields.iter().map(|f| f.name).collect();
        Ask::new("/lesson", BTreeMap::new(), query, b"", &fields).unwrap()
    }

    #[test]
    fn each_answer_is_right_on_the_starter_and_another_is_not() {
        let now = Now::starter();
        let came = |query: &str| -> Vec<serde_json::Value> {
            let view = view(&now, &ask(query)).unwrap();
            view.data["exercises"].as_array().unwrap().iter().map(|e| e["right"].clone()).collect()
        };
        // By the starter: the Sino-Soviet treaty lasts to 1980, 26 years from the conference of 1955.
        let right = "a1=1980&a2=parties&a3=disputes&a4=1980&a5=71&a6=26";
        assert_eq!(came(right), vec![json!(true); 6]);
        let wrong = "a1=1979&a2=war&a3=wars&a4=1950&a5=1&a6=0";
        assert_eq!(came(wrong), vec![json!(false); 6]);
        assert_eq!(came(""), vec![json!(null); 6]);
        let page = view(&now, &ask("a1=1980&a2=war")).unwrap();
        let body = page.body.into_string();
        assert!(body.contains("Right. ") && body.contains("Not so. "));
        assert!(page.answer.into_string().contains("1 of 6"));
    }

    #[test]
    fn what_is_given_is_escaped_or_refused() {
        let now = Now::starter();
        let body = view(&now, &ask("a1=\"><script>")).unwrap().body.into_string();
        assert!(!body.contains("<script") && body.contains("Not so"), "{body}");
        assert_eq!(view(&now, &ask("a2=<script>")).unwrap_err().status, 400);
    }

    #[test]
    fn changing_the_query_as_the_sixth_exercise_says_breaks_as_many_years() {
        let text = comity::PolicyText::shipped(POLICY).unwrap().text;
        let changed =
            text.replacen("then 'strain' else 'breach'", "then 'breach' else 'breach'", 1);
        assert_ne!(text, changed);
        let question = json!({"file": "mine.md", "before": text, "after": changed, "state": CHINA});
        let said = crate::child::policy::answer(&comity::Record::starter(), &question).unwrap();
        let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
        let forms = said["commitments"][0]["forms"].as_str().unwrap();
        let broken = crate::picture::digit(comity::Form::Broken);
        assert_eq!(said["changed"][0], PACTS);
        assert_eq!(forms.chars().filter(|c| *c == broken).count(), 26, "{forms}");
    }
}
