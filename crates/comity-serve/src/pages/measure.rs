//! One measure: what it means, and its values for the states and years asked for.

use std::fmt::Write as _;

use comity::measure::{Computed, Measure, Parameter, Takes, citation, named};
use maud::{Markup, html};
use serde_json::json;

use super::query;
use super::{FROM, Field, Method, Page, TO};
use crate::app::Now;
use crate::ask::{Ask, Format, address, segment};
use crate::names;
use crate::refusal::Refusal;
use crate::view::View;

/// A measure.
pub const PAGE: Page = Page {
    path: "/measure/{measure}",
    name: "A measure",
    about: "One measure: what it means, its formula and source, and its values for states and years as a picture and a table; format=csv and format=parquet are all its rows",
    method: Method::Get,
    names: &[Field {
        name: "measure",
        about: "name of a measure, as the page /measures lists them",
    }],
    fields: &[
        Field {
            name: "states",
            about: "states by code or name, divided by commas; of one every pair that it is in",
        },
        FROM,
        TO,
        Field { name: "column", about: "the column that is drawn" },
        Field { name: "page", about: "which page of the rows, from 1" },
        parameter("outcome"),
        parameter("by"),
        parameter("among"),
        parameter("portfolio"),
        parameter("weights"),
        parameter("list"),
        parameter("rule"),
        parameter("growth"),
        parameter("least"),
        parameter("over"),
        parameter("ties"),
        parameter("resolution"),
        parameter("samples"),
        parameter("seed"),
        parameter("variant"),
        parameter("issue"),
        parameter("unanimous"),
        parameter("method"),
        parameter("source"),
        parameter("min_years"),
        super::POLICY,
    ],
    menu: false,
    kept: true,
    slow: true,
    view,
};

/// A parameter of a measure; a test asks for all of them.
const fn parameter(name: &'static str) -> Field {
    Field { name, about: "parameter of a measure, as /measures says" }
}

/// States of an example: the first of each region of the world that the lists of states know.
const EXAMPLE: &str = "BRA, IND, NIG, SWD";

/// The page of a measure.
pub fn page(measure: &Measure, ask: &Ask) -> String {
    let policy = ask.field("policy").unwrap_or_default();
    address(&format!("/measure/{}", segment(&measure.command())), &[("policy", policy)])
}

/// A text with a capital at its beginning.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let measure = find(ask.name("measure"))?;
    let answer = html! { p { (measure.doc) } };
    let mut view = View::new(sentence(measure.title), answer);
    view.data = json!({
        "measure": measure.name, "title": measure.title, "doc": measure.doc, "formula": measure.formula,
        "unit": measure.unit, "null": measure.null,
        "references": measure.references.iter().map(citation).collect::<Vec<_>>(),
    });
    let states = states(now, ask)?;
    let wanted = !takes(measure, "states") || !states.is_empty();
    let mut values = html! {};
    if wanted {
        let asked = Asked::of(measure, ask, &states)?;
        if let Some(form) = query::file_form(ask.format) {
            let bytes = now.measuring().ask("file", &asked.question(("form", form.0.into())))?;
            return Ok(View::file(bytes, form.1));
        }
        let said = now
            .measuring()
            .ask_json("query", &asked.question(("page", query::page(ask)?.into())))?;
        let drawn = query::chart(&mut view, ask, &said);
        values = html! { (drawn) (query::table(ask, &said)) };
        view.data["answer"] = said;
    } else if ask.format == Format::Csv || ask.format == Format::Parquet {
        return Err(
            Refusal::bad("a file of values needs states").help("add states=CHN,IND to the address")
        );
    }
    view.body = html! {
        (form(measure, ask))
        @if !wanted {
            p { "Name the states above, or " a href=(ask.with(&[("states", EXAMPLE)])) { "look at an example" } "." }
        }
        (values)
        (explained(measure))
    };
    Ok(view)
}

fn find(name: &str) -> Result<&'static Measure, Refusal> {
    let there = || Refusal::not_found(format!("there is no measure `{}`", crate::ask::short(name)));
    let all = |refusal: Refusal| refusal.link(super::measures::PAGE.path, "all measures");
    let measure =
        named(name).map_err(|error| all(error.help.into_iter().fold(there(), Refusal::help)))?;
    if matches!(measure.made, Computed::Command) {
        let how =
            format!("it is a command of its own: comity measure {} --help", measure.command());
        return Err(all(
            Refusal::not_found(format!("`{}` has no page", measure.command())).help(how)
        ));
    }
    Ok(measure)
}

/// The states that are named, by their numbers.
fn states(now: &Now, ask: &Ask) -> Result<Vec<i32>, Refusal> {
    const MOST: usize = 12;
    let years = ask.years()?;
    let named: Vec<&str> = ask.list("states");
    if named.len() > MOST {
        return Err(Refusal::bad(format!("{} states are too many for a page", named.len())).help(
            format!("name up to {MOST}; the command line takes any number: comity measure"),
        ));
    }
    named
        .iter()
        .map(|name| {
            names::state(now.record(), name, years, |handle| ask.with(&[("states", handle)]))
        })
        .collect()
}

fn takes(measure: &Measure, name: &str) -> bool {
    matches!(measure.made, Computed::Rows { .. })
        || measure.parameters.iter().any(|p| p.name == name)
}

/// A measure with states, years and parameters, as a query.
struct Asked {
    sql: String,
    column: String,
    by: &'static str,
    band: Option<(String, String)>,
}

impl Asked {
    fn of(measure: &'static Measure, ask: &Ask, states: &[i32]) -> Result<Self, Refusal> {
        let (from, to) = ask.years()?;
        let mut given: Vec<(&str, String)> = Vec::new();
        let span = match (from, to) {
            (None, None) => None,
            (from, to) => Some(format!("{}-{}", from.unwrap_or(1816), to.unwrap_or(2100))),
        };
        if let Some(span) = span.filter(|_| takes(measure, "years")) {
            given.push(("years", span));
        }
        if !states.is_empty() && takes(measure, "states") {
            let codes: Vec<String> = states.iter().map(i32::to_string).collect();
            given.push(("states", codes.join(",")));
        }
        for parameter in chosen(measure) {
            if let Some(value) = ask.field(parameter.name) {
                check(parameter, value)?;
                given.push((parameter.name, value.to_owned()));
            }
        }
        let columns = columns(measure);
        let value = ask.field("column").filter(|c| columns.contains(c));
        let column = value.or_else(|| measured(measure).first().copied()).unwrap_or_default();
        let band = [
            (format!("low_{column}"), format!("high_{column}")),
            (format!("{column}_low"), format!("{column}_high")),
        ];
        let around = |(low, high): &(String, String)| {
            columns.contains(&low.as_str()) && columns.contains(&high.as_str())
        };
        let band = band.into_iter().find(around).or_else(|| of_the_same_name(column, &columns));
        let by = if columns.contains(&"ccode1") {
            "pair"
        } else if columns.contains(&"ccode") {
            "state"
        } else {
            "among"
        };
        Ok(Self { sql: sql(measure, &columns, &given), column: column.to_owned(), by, band })
    }

    fn question(&self, more: (&str, serde_json::Value)) -> serde_json::Value {
        let mut question = json!({"sql": self.sql, "slow": true, "y": self.column, "by": self.by});
        if let Some((low, high)) = &self.band {
            question["low"] = low.as_str().into();
            question["high"] = high.as_str().into();
        }
        question[more.0] = more.1;
        question
    }
}

/// `low_x` and `high_x` around `expected_x`.
fn of_the_same_name(column: &str, columns: &[&str]) -> Option<(String, String)> {
    let (_, of) = column.split_once('_')?;
    let ends = (format!("low_{of}"), format!("high_{of}"));
    (columns.contains(&ends.0.as_str()) && columns.contains(&ends.1.as_str())).then_some(ends)
}

/// The parameters that a form offers.
fn chosen(measure: &'static Measure) -> impl Iterator<Item = &'static Parameter> {
    measure.parameters.iter().filter(|p| !matches!(p.takes, Takes::Years | Takes::States))
}

/// Refuses what a parameter does not take; nothing else becomes part of a query.
fn check(parameter: &Parameter, value: &str) -> Result<(), Refusal> {
    let fits = match parameter.takes {
        Takes::Choice(words) => words.iter().any(|(word, _)| *word == value),
        Takes::Int => value.parse::<i32>().is_ok(),
        Takes::Real => value.parse::<f64>().is_ok_and(f64::is_finite),
        Takes::Years | Takes::States => false,
    };
    if fits {
        return Ok(());
    }
    let refusal =
        Refusal::bad(format!("`{}` is no value of {}", crate::ask::short(value), parameter.name));
    Err(match parameter.takes {
        Takes::Choice(words) => refusal.help(format!(
            "it takes {}",
            words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ")
        )),
        _ => refusal.help("it takes a number"),
    })
}

fn columns(measure: &Measure) -> Vec<&'static str> {
    match measure.made {
        Computed::Rows { shown, .. } => [&["ccode1", "ccode2", "year"], shown].concat(),
        _ => measure.columns.iter().map(|c| c.name).collect(),
    }
}

/// The columns that measure something: not keys, counts of rows, words, or ends of intervals.
fn measured(measure: &Measure) -> Vec<&'static str> {
    if let Computed::Rows { shown, .. } = measure.made {
        // The value is what comes last: what it is made from comes before.
        return shown.iter().rev().copied().collect();
    }
    let of = |kind: comity::measure::Kind| {
        let is_key = |name: &str| name.starts_with("ccode") || name.ends_with("year");
        let all = measure.columns.iter().filter(move |c| c.kind == kind && !is_key(c.name));
        all.map(|c| c.name).collect::<Vec<&str>>()
    };
    let mut all = of(comity::measure::Kind::Real);
    if all.is_empty() {
        all = of(comity::measure::Kind::Int);
    }
    // The measure itself where a column has its name, else the last: what it is made from comes before.
    let own = all.iter().position(|c| *c == measure.name);
    if let Some(own) = own {
        all.rotate_left(own);
    }
    all
}

/// The query whose rows are the measure's, with the names of states.
fn sql(measure: &Measure, columns: &[&str], given: &[(&str, String)]) -> String {
    let mut arguments = String::new();
    for (name, value) in given {
        let comma = if arguments.is_empty() { "" } else { ", " };
        // Only numbers and words of the declaration come here.
        let _ = write!(arguments, "{comma}{name} => '{}'", value.replace('\'', "''"));
    }
    let from = match measure.made {
        Computed::Rows { unit, with, .. } => {
            let comma = if arguments.is_empty() { "" } else { ", " };
            format!("{}({arguments}{comma}with => '{}')", unit.replace('-', "_"), with.join(","))
        }
        _ => format!("{}({arguments})", measure.name),
    };
    // A state has its name of the year; where a row has no year, its number stands.
    let year = ["year", "from_year", "start_year", "start"]
        .into_iter()
        .find(|year| columns.contains(year));
    let name = |alias: &str, code: &str| match year {
        Some(_) => format!("coalesce({alias}.abbr, cast(m.{code} as varchar))"),
        None => format!("cast(m.{code} as varchar)"),
    };
    let join = |alias: &str, code: &str| match year {
        Some(year) => format!(
            " left join state_years {alias} on {alias}.ccode = m.{code} and {alias}.year = m.{year}"
        ),
        None => String::new(),
    };
    let (label, joins) = if columns.contains(&"ccode1") {
        let label =
            format!("{} || ' and ' || {} as pair, ", name("s1", "ccode1"), name("s2", "ccode2"));
        (label, join("s1", "ccode1") + &join("s2", "ccode2"))
    } else if columns.contains(&"ccode") {
        (format!("{} as state, ", name("s", "ccode")), join("s", "ccode"))
    } else {
        (String::new(), String::new())
    };
    let aliased = |c: &&str| match *c {
        "from_year" => "m.from_year as start_year, m.from_year".to_owned(),
        other => format!("m.\"{other}\""),
    };
    let listed: Vec<String> = columns.iter().map(aliased).collect();
    let keys: Vec<String> =
        ["ccode", "ccode1", "ccode2", "among", "outcome", "model", "year", "from_year"]
            .into_iter()
            .filter(|key| columns.contains(key))
            .map(|key| format!("m.{key}"))
            .collect();
    let order =
        if keys.is_empty() { String::new() } else { format!(" order by {}", keys.join(", ")) };
    format!("select {label}{} from {from} m{joins}{order}", listed.join(", "))
}

fn form(measure: &'static Measure, ask: &Ask) -> Markup {
    let year = |name: &str| ask.field(name).and_then(|y| y.parse().ok());
    let drawn = measured(measure);
    html! {
        form class="controls" action=(ask.path()) method="get" {
            @if takes(measure, "states") {
                label class="wide" { span { "States" }
                    input name="states" value=(ask.field("states").unwrap_or_default()) placeholder="China, India, 365 …" autocomplete="off" required; }
            }
            @if takes(measure, "years") {
                (crate::layout::year_field("from", "From", year("from"), 1946))
                (crate::layout::year_field("to", "To", year("to"), 2016))
            }
            @for parameter in chosen(measure) { (field(parameter, ask.field(parameter.name))) }
            @if drawn.len() > 1 {
                label { span { "Drawn" }
                    select name="column" { @for name in &drawn { option value=(name) selected[ask.field("column") == Some(name)] { (name) } } }
                }
            }
            @if let Some(policy) = ask.field("policy") { input type="hidden" name="policy" value=(policy); }
            button type="submit" { "Show" }
        }
    }
}

fn field(parameter: &Parameter, value: Option<&str>) -> Markup {
    let value = value.unwrap_or(parameter.default);
    html! {
        label title=(parameter.doc) { span { (sentence(&parameter.name.replace('_', " "))) }
            @match parameter.takes {
                Takes::Choice(words) => select name=(parameter.name) {
                    @for (word, about) in words { option value=(word) title=(about) selected[*word == value] { (word) } }
                },
                _ => input type="number" step="any" name=(parameter.name) value=(value);,
            }
        }
    }
}

/// What it means, for those who want to know.
fn explained(measure: &Measure) -> Markup {
    html! {
        section {
            h2 { "How it is measured" }
            dl {
                dt { "Formula" } dd { code { (measure.formula) } }
                dt { "Unit" } dd { (measure.unit) }
                dt { "Missing" } dd { (measure.null) }
                @for column in measure.columns { dt { code { (column.name) } } dd { (column.doc) } }
                @for reference in measure.references {
                    dt { "Source" }
                    dd { (citation(reference)) @if !reference.doi.is_empty() { " " a href=(format!("https://doi.org/{}", reference.doi)) rel="noreferrer" { "doi" } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::measures::shown;

    #[test]
    fn every_parameter_of_every_measure_is_a_field_of_the_page() {
        for measure in shown() {
            for parameter in chosen(measure) {
                let there = PAGE.fields.iter().any(|f| f.name == parameter.name);
                assert!(there, "{}: {}", measure.name, parameter.name);
            }
        }
    }

    #[test]
    fn every_measure_is_a_query_that_can_be_planned() {
        let now = Now::starter();
        for measure in shown() {
            let asked = Asked::of(measure, &Ask::default(), &[2, 710]).unwrap();
            assert!(!asked.sql.is_empty() && !asked.column.contains("ccode"), "{}", measure.name);
            let bounds = comity::QueryBounds {
                rows: 1_000_000,
                memory: 1 << 30,
                time: std::time::Duration::from_secs(20),
            };
            // The starter lacks the datasets that most need; that alone is a reason to refuse.
            if let Err(error) = now.record().query_within(&asked.sql, bounds) {
                let lacks = error.message.contains("not in the record")
                    || error.message.contains("needs the dataset")
                    || error.message.contains("no `");
                assert!(lacks, "{}: {error}\n{}", measure.name, asked.sql);
            }
        }
    }

    #[test]
    fn what_is_asked_for_is_checked_before_it_is_part_of_a_query() {
        let parameter = Parameter {
            name: "by",
            takes: Takes::Choice(&[("year", "")]),
            default: "year",
            doc: "",
        };
        assert!(check(&parameter, "year").is_ok());
        assert_eq!(check(&parameter, "year') --").unwrap_err().status, 400);
        let number = Parameter { takes: Takes::Real, ..parameter };
        assert!(check(&number, "0.5").is_ok());
        for bad in ["nan", "inf", "1; drop", ""] {
            assert!(check(&number, bad).is_err(), "{bad}");
        }
        assert_eq!(find("nothing").unwrap_err().status, 404);
    }
}
