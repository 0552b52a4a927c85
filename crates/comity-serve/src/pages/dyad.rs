//! A dyad: everything between two states on one time line.

use std::collections::BTreeSet;

use maud::{Markup, html};
use serde_json::{Value, json};

use super::{FROM, Field, Method, POLICY, Page, TO};
use crate::app::Now;
use crate::ask::{Ask, Format, address, segment};
use crate::dyad::{Dyad, Lane, Shape, keys, svg, texts};
use crate::graph;
use crate::layout::year_field;
use crate::refusal::Refusal;
use crate::view::{Cell, Table, View};
use crate::{names, picture};
use comity_report::html::ribbon::WIDTH;
use comity_report::{words, years};

/// Two states.
pub const PAGE: Page = Page {
    path: "/dyad/{a}/{b}",
    name: "Between two states",
    about: "Everything between two states on one time line: pledges, wars, disputes, claims, sanctions, representation, distance, power, trade, votes, events; with the rows behind it",
    method: Method::Get,
    names: &[
        Field { name: "a", about: "a state by its code or name" },
        Field { name: "b", about: "another state" },
    ],
    fields: &[POLICY, FROM, TO],
    menu: false,
    kept: true,
    slow: false,
    view,
};

/// Choosing them.
pub const CHOOSE: Page = Page {
    path: "/dyad",
    name: "Two states",
    about: "Leads to the page of two states, by any codes or names",
    method: Method::Get,
    names: &[],
    fields: &[
        POLICY,
        Field { name: "a", about: "a state by its code or name" },
        Field { name: "b", about: "another state" },
    ],
    menu: true,
    kept: true,
    slow: false,
    view: choose,
};

/// How many rows a page shows before the rest is asked for.
const MOST: usize = 150;

/// The address of a dyad.
pub fn page(a: &str, b: &str, policy: &str) -> String {
    address(&format!("/dyad/{}/{}", segment(a), segment(b)), &[("policy", policy)])
}

fn choose(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let policy = ask.field("policy").unwrap_or_default();
    if let (Some(a), Some(b)) = (ask.field("a"), ask.field("b")) {
        let there = |first: &str, second: &str| {
            address("/dyad", &[("a", first), ("b", second), ("policy", policy)])
        };
        let one = names::state(now.record(), a, (None, None), |h| there(h, b))?;
        let other = names::state(now.record(), b, (None, None), |h| there(a, h))?;
        let handle = |ccode| names::handle(now.record(), ccode);
        return Ok(View::go(page(&handle(one), &handle(other), policy)));
    }
    let answer = html! { p { "Pledges, wars, disputes, claims, sanctions, representation, distance, power, trade, votes and events between any two states, on one time line." } };
    let mut view = View::new("What happened between two states?", answer);
    let pairs = [
        ("CHN", "IND"),
        ("CHN", "RUS"),
        ("USA", "JPN"),
        ("GMY", "FRN"),
        ("IND", "PAK"),
        ("IRN", "IRQ"),
    ];
    let system = now.record().tables().states().map_err(|e| Refusal::failed(e.to_string()))?;
    let name = |abbr: &str| {
        let found = now.record().state(abbr).ok()?;
        Some(system.get(found)?.name.clone())
    };
    let known: Vec<(String, String)> = pairs
        .iter()
        .filter_map(|(a, b)| Some((page(a, b, policy), format!("{} and {}", name(a)?, name(b)?))))
        .collect();
    view.body = html! {
        (both(policy, "", ""))
        section { h2 { "For example" } ul class="links" { @for (to, text) in &known { li { a href=(to) { (text) } } } } }
    };
    view.data = json!({"lanes": crate::dyad::LANES.iter().map(|l| json!({"id": l.id, "about": l.title, "table": l.table})).collect::<Vec<_>>()});
    Ok(view)
}

/// The form for two states.
fn both(policy: &str, a: &str, b: &str) -> Markup {
    html! {
        form class="controls" action="/dyad" method="get" {
            label { span { "One state" } input name="a" list="states" value=(a) placeholder="China, IND, 840 …" autocomplete="off" required; }
            label { span { "and another" } input name="b" list="states" value=(b) placeholder="India" autocomplete="off" required; }
            @if !policy.is_empty() { input type="hidden" name="policy" value=(policy); }
            button type="submit" { "Show" }
        }
    }
}

fn view(now: &Now, ask: &Ask) -> Result<View, Refusal> {
    let dyad = asked(now, ask)?;
    let mut view = View::new(
        format!("What happened between {} and {}?", dyad.names.0, dyad.names.1),
        answer(&dyad),
    );
    let (known, holes): (Vec<&Lane>, Vec<&Lane>) = dyad.lanes.iter().partition(|l| l.is_known());
    let pictures: Vec<Markup> =
        known.iter().map(|lane| shown(&mut view, ask, &dyad, lane)).collect();
    let everything = together(&dyad, &known);
    view.keep("all", everything);
    let rows = rows(&mut view, ask, &dyad);
    let by_year = by_year(&mut view, ask, &dyad);
    let policy = ask.field("policy").unwrap_or_default();
    view.body = html! {
        (controls(ask, &dyad))
        section id="lanes" class="lanes" {
            h2 { "Year by year" }
            (keys())
            p class="note" {
                "Point at a lane, or walk along it with the arrow keys, to read a year. "
                a href=(ask.with_format("svg", "all")) download="between.svg" { "All lanes as one SVG" } "."
            }
            @for picture in &pictures { (picture) }
            @if !holes.is_empty() { (missing(&holes)) }
        }
        section id="rows" {
            h2 { "Which rows are behind it?" }
            (rows)
            details { summary { "The numbers by year" } (by_year) }
        }
        section {
            h2 { "Go on" }
            ul class="links" {
                li { a href=(names::state_page(&dyad.handles.0, policy)) { (dyad.names.0) " under the policy" } }
                li { a href=(names::state_page(&dyad.handles.1, policy)) { (dyad.names.1) " under the policy" } }
                li { a href=(page(&dyad.handles.1, &dyad.handles.0, policy)) { "The same from the side of " (dyad.names.1) } }
            }
        }
    };
    view.data = data(now, &dyad);
    Ok(view)
}

/// The two states that an address names, over the years that both were in the system, or those asked for.
fn asked(now: &Now, ask: &Ask) -> Result<Dyad, Refusal> {
    let record = now.record();
    let policy = ask.field("policy").unwrap_or_default();
    let (from, to) = ask.years()?;
    let (a, b) = (ask.name("a"), ask.name("b"));
    let one = names::state(record, a, (from, to), |h| page(h, b, policy))?;
    let other = names::state(record, b, (from, to), |h| page(a, h, policy))?;
    let system = record.tables().states().map_err(|e| Refusal::failed(e.to_string()))?;
    let handle = |ccode| names::handle(record, ccode);
    let handles = (handle(one), handle(other));
    if one == other {
        return Err(Refusal::bad(format!("{} stands on both sides", system.name(one, 9999)))
            .help("name two states")
            .link(names::state_page(&handles.0, policy), "the state by itself"));
    }
    let of =
        |ccode| (system.entry_year(ccode).unwrap_or(1816), system.exit_year(ccode).unwrap_or(1816));
    let (mine, its) = (of(one), of(other));
    let both = (mine.0.max(its.0), mine.1.min(its.1));
    let span = (from.unwrap_or(both.0).max(both.0), to.unwrap_or(both.1).min(both.1));
    let named = |ccode| system.name(ccode, span.1);
    if span.0 > span.1 {
        let words = |name: String, of: (i32, i32)| format!("{name} {}", years::words(of.0, of.1));
        let mut refusal = Refusal::not_found(format!(
            "there is no year to show: {}, {} were in the state system",
            words(named(one), mine),
            words(named(other), its)
        ));
        if both.0 <= both.1 {
            refusal = refusal
                .link(ask.with(&[("from", ""), ("to", "")]), "all years that both were in it");
        }
        return Err(refusal
            .link(names::state_page(&handles.0, policy), named(one))
            .link(names::state_page(&handles.1, policy), named(other)));
    }
    let mut dyad = Dyad::of(record, (one, other), handles, (named(one), named(other)), span)
        .map_err(|error| Refusal::of(500, &error))?;
    if from.is_none() {
        dyad.trim();
    }
    Ok(dyad)
}

fn controls(ask: &Ask, dyad: &Dyad) -> Markup {
    html! {
        (both(ask.field("policy").unwrap_or_default(), &dyad.names.0, &dyad.names.1))
        form class="controls" action=(ask.path()) method="get" {
            (year_field("from", "From", ask.year("from").ok().flatten(), dyad.years.0))
            (year_field("to", "To", ask.year("to").ok().flatten(), dyad.years.1))
            @if let Some(policy) = ask.field("policy") { input type="hidden" name="policy" value=(policy); }
            button type="submit" { "Show these years" }
        }
    }
}

fn answer(dyad: &Dyad) -> Markup {
    let counted = |lane: &&Lane| matches!(lane.about.shape, Shape::Marks(_)) && lane.has_rows();
    let parts: Vec<String> = dyad.lanes.iter().filter(counted).map(said).collect();
    let none: Vec<&str> = dyad
        .lanes
        .iter()
        .filter(|l| matches!(l.about.shape, Shape::Marks(_)) && !l.has_rows() && l.is_known())
        .map(|l| l.about.nouns.1)
        .collect();
    html! {
        p {
            (years::words(dyad.years.0, dyad.years.1)) ": "
            @if !parts.is_empty() { (parts.join(", ")) }
            @else if none.is_empty() { "nothing is known: no source looked at these years" }
            @else { "nothing recorded between them where a source looked" }
            "."
        }
        @if !none.is_empty() { p class="note" { "Looked for where it is covered, and not found: " (none.join(", ")) "." } }
    }
}

/// `3 wars (last in 1962)`.
fn said(lane: &Lane) -> String {
    let things: BTreeSet<(&str, &str)> =
        lane.marks.iter().map(|m| (m.what.as_str(), m.source.as_str())).collect();
    let (one, many) = lane.about.nouns;
    let last = lane.marks.iter().map(|m| m.to).max().unwrap_or_default();
    format!("{} (last in {last})", words::plural(things.len(), one, many))
}

/// The sources of a lane, each with the way to it.
fn from(lane: &Lane) -> Markup {
    html! {
        @if lane.sources.is_empty() { "No source covers it." }
        @else {
            "Sources: "
            @for (i, id) in lane.sources.iter().enumerate() { @if i > 0 { ", " } a href=(super::record::source_address(id)) { (id) } }
            ". Comity."
        }
    }
}

fn shown(view: &mut View, ask: &Ask, dyad: &Dyad, lane: &Lane) -> Markup {
    let drawn = svg(dyad, lane);
    let walked =
        graph::walked(lane.about.title, dyad.years, (0.0, WIDTH), &texts(dyad, lane), &drawn);
    let foot = [format!(
        "Sources: {}. Comity.",
        lane.sources.iter().cloned().collect::<Vec<_>>().join(", ")
    )];
    let title = format!("{} and {}: {}", dyad.names.0, dyad.names.1, lane.about.title);
    let taken = picture::alone(&title, &[(lane.about.note.to_owned(), drawn)], &foot);
    let note = lane.about.note.replace("the first", &dyad.handles.0);
    let caption = html! {
        (note)
        @if lane.lines.len() > 1 { @for (at, line) in lane.lines.iter().enumerate() { @if at > 0 { "," } " " svg class="swatch" viewBox="0 0 26 6" aria-hidden="true" { path class=(format!("line c{at}")) d="M1 3H25" {} } " " (line.name) } "." }
    };
    html! {
        section id=(format!("lane-{}", lane.about.id)) {
            h3 { (lane.about.title) }
            (view.picture(ask, lane.about.id, &walked, taken, &caption, &from(lane)))
        }
    }
}

/// All lanes as one picture.
fn together(dyad: &Dyad, lanes: &[&Lane]) -> String {
    let rows: Vec<(String, Markup)> =
        lanes.iter().map(|lane| (lane.about.title.to_owned(), svg(dyad, lane))).collect();
    let sources: BTreeSet<&str> =
        lanes.iter().flat_map(|l| &l.sources).map(String::as_str).collect();
    let title = format!(
        "{} and {}, {}",
        dyad.names.0,
        dyad.names.1,
        years::words(dyad.years.0, dyad.years.1)
    );
    let sources: Vec<&str> = sources.into_iter().collect();
    let foot = [
        "Tinted years are covered: no bar means nothing recorded. Slanted lines: nothing is known."
            .to_owned(),
        format!("Sources: {}. Comity.", sources.join(", ")),
    ];
    picture::alone(&title, &rows, &foot)
}

fn missing(holes: &[&Lane]) -> Markup {
    html! {
        section {
            h3 { "Not in this record" }
            p class="note" { "No source in it covers these, so nothing is known of them, which is not nothing." }
            ul { @for lane in holes { li { (lane.about.title) " (table " code { (lane.about.table) } "): "
                a href=(format!("{}#missing", super::record::PAGE.path)) { "what would fill it" } } } }
        }
    }
}

fn rows(view: &mut View, ask: &Ask, dyad: &Dyad) -> Markup {
    let marks = dyad.lanes.iter().flat_map(|l| l.marks.iter().map(move |m| (l, m)));
    let cells = |(lane, mark): (&Lane, &crate::dyad::Mark)| {
        vec![
            Cell::number(mark.from),
            Cell::number(mark.to),
            Cell::text(lane.about.id),
            Cell::shown(
                dyad.who(mark.who),
                html! { span class="whole-word" { (dyad.who(mark.who)) } },
            ),
            Cell::text(mark.what.clone()),
            Cell::link(mark.source.clone(), &super::record::source_address(&mark.source)),
            Cell::text(mark.row.clone()),
        ]
    };
    let mut all: Vec<Vec<Cell>> = marks.map(cells).collect();
    let count = all.len();
    if ask.format == Format::Html {
        all.truncate(MOST);
    }
    let table = Table {
        name: "rows",
        caption: format!("{} and {}: runs of years", dyad.names.0, dyad.names.1),
        columns: vec![
            ("from", "From", true),
            ("to", "To", true),
            ("kind", "Kind", false),
            ("who", "Whose", false),
            ("what", "What", false),
            ("source", "Source", false),
            ("source_row", "Row", false),
        ],
        rows: all,
    };
    let shown = view.table(ask, table, &html! { "Sources: in each row." });
    html! {
        (shown)
        @if count > MOST { p class="note" { "The first " (MOST) " of " (count) " runs are shown; the CSV has all." } }
    }
}

fn by_year(view: &mut View, ask: &Ask, dyad: &Dyad) -> Markup {
    let lanes: Vec<&Lane> =
        dyad.lanes.iter().filter(|l| l.about.shape == Shape::Lines && l.has_rows()).collect();
    let mut rows = Vec::new();
    for lane in lanes {
        for line in &lane.lines {
            for (year, value) in &line.points {
                rows.push(vec![
                    Cell::number(year),
                    Cell::text(lane.about.id),
                    Cell::text(line.name.clone()),
                    Cell::shown(value.to_string(), html! { (graph::said(*value)) }),
                ]);
            }
        }
    }
    let table = Table {
        name: "numbers",
        caption: format!("{} and {}: numbers by year", dyad.names.0, dyad.names.1),
        columns: vec![
            ("year", "Year", true),
            ("kind", "Kind", false),
            ("name", "Number", false),
            ("value", "Value", true),
        ],
        rows,
    };
    view.table(ask, table, &html! { "Sources: under each lane." })
}

fn data(now: &Now, dyad: &Dyad) -> Value {
    let lane = |l: &Lane| {
        let marks = l.marks.iter().map(|m| {
            json!({"from": m.from, "to": m.to, "what": m.what, "whose": dyad.who(m.who), "source": m.source, "source_row": m.row})
        });
        let lines = l.lines.iter().map(|line| json!({"name": line.name, "points": line.points}));
        let known = years::spans((dyad.years.0..=dyad.years.1).filter(|y| l.knows(dyad.years, *y)));
        json!({
            "id": l.about.id, "about": l.about.note, "table": l.about.table, "known": known,
            "runs": marks.collect::<Vec<_>>(), "lines": lines.collect::<Vec<_>>(), "sources": l.sources,
        })
    };
    let state = |ccode: i32, name: &str| json!({"ccode": ccode, "name": name});
    json!({
        "schema_version": 1,
        "states": [state(dyad.pair.0, &dyad.names.0), state(dyad.pair.1, &dyad.names.1)],
        "from": dyad.years.0,
        "to": dyad.years.1,
        "record": now.record().fingerprint().unwrap_or_default(),
        "lanes": dyad.lanes.iter().map(lane).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn ask(a: &str, b: &str, query: &str) -> Ask {
        let names = [("a", a), ("b", b)].map(|(n, v)| (n.to_owned(), v.to_owned()));
        let fields = ["policy", "from", "to", "a", "b"];
        Ask::new(&format!("/dyad/{a}/{b}"), BTreeMap::from(names), query, b"", &fields).unwrap()
    }

    #[test]
    fn two_states_have_lanes_rows_and_pictures_to_take_away() {
        let now = Now::starter();
        let view = view(&now, &ask("CHN", "RUS", "from=1945")).unwrap();
        assert!(view.title.starts_with("What happened between China and Russia"), "{}", view.title);
        let body = view.body.clone().into_string();
        assert!(body.contains("id=\"lane-pledges\"") && body.contains("role=\"slider\""));
        assert!(body.contains("Not in this record") && !body.contains("id=\"lane-trade\""));
        assert!(body.len() < 290_000, "{} bytes", body.len());
        for part in ["pledges", "all"] {
            assert!(view.svg(Some(part)).unwrap().starts_with("<svg xmlns"), "{part}");
        }
        let csv = view.csv(Some("rows")).unwrap();
        assert!(csv.contains("1950,1980,pledges,CHN and RUS,\"Treaty of Friendship"), "{csv}");
        assert_eq!(view.data["states"][0]["ccode"], 710);
    }

    #[test]
    fn what_is_not_there_is_refused_with_the_way_out() {
        let now = Now::starter();
        let refused = |a: &str, b: &str, query: &str| view(&now, &ask(a, b, query)).unwrap_err();
        let near = refused("CHN", "Indai", "");
        assert_eq!(near.status, 404);
        assert!(near.links.iter().any(|l| l.0.starts_with("/dyad/CHN/IND")), "{near:?}");
        assert_eq!(refused("CHN", "710", "").status, 400);
        let apart = refused("CHN", "IND", "from=1820&to=1830");
        assert_eq!(apart.status, 404);
        assert!(apart.links.iter().any(|l| l.0 == "/dyad/CHN/IND"), "{apart:?}");
        let hostile = refused("<script>", "IND", "");
        assert!(!crate::layout::refusal(&now, &hostile).contains("<script>alert"));
    }

    #[test]
    fn two_names_lead_to_the_page_of_the_two() {
        let now = Now::starter();
        let to = choose(&now, &ask("", "", "a=China&b=Persia")).unwrap().to;
        assert_eq!(to.as_deref(), Some("/dyad/CHN/IRN"));
        let start = choose(&now, &ask("", "", "")).unwrap().body.into_string();
        assert!(start.contains("/dyad/CHN/IND"));
        assert!(choose(&now, &ask("", "", "a=China&b=Nowhereland")).is_err());
    }
}
