//! The measures of the field, by subject.

#[cfg(test)]
use comity::measure::Measure;
use comity::measure::{Computed, MEASURES, Subject};
use maud::html;
use serde_json::json;

use super::{Method, Page};
use crate::app::Now;
use crate::ask::Ask;
use crate::refusal::Refusal;
use crate::view::View;

/// All measures.
pub const PAGE: Page = Page {
    path: "/measures",
    name: "Measures",
    about: "The measures of the field that are computed from the record, by subject, each with what it means",
    method: Method::Get,
    names: &[],
    fields: &[super::POLICY],
    menu: true,
    kept: true,
    slow: false,
    view,
};

/// Those that a page can show: the others are commands of their own.
#[cfg(test)]
pub fn shown() -> impl Iterator<Item = &'static Measure> {
    MEASURES.iter().copied().filter(|m| !matches!(m.made, Computed::Command))
}

#[allow(clippy::unnecessary_wraps, reason = "every page is made in one way")]
fn view(_: &Now, ask: &Ask) -> Result<View, Refusal> {
    let answer = html! {
        p { "Each is computed from the rows of this record when its page is opened, with its formula and the work that defines it. "
            "The same numbers are in SQL, in panels, and on the command line (" code { "comity measure" } ")." }
    };
    let mut view = View::new("What does the field measure, and how?", answer);
    let of = |subject: Subject| MEASURES.iter().copied().filter(move |m| m.subject == subject);
    view.body = html! {
        @for (subject, title) in Subject::ALL {
            @if of(subject).next().is_some() {
                section {
                    h2 { (title) }
                    dl {
                        @for measure in of(subject) {
                            @if matches!(measure.made, Computed::Command) {
                                dt { code { "comity measure " (measure.command()) } }
                            } @else {
                                dt { a href=(super::measure::page(measure, ask)) { (measure.command()) } }
                            }
                            dd { (super::measure::sentence(measure.title)) }
                        }
                    }
                }
            }
        }
    };
    view.data = json!({
        "measures": MEASURES.iter().map(|m| json!({
            "name": m.name, "title": m.title, "doc": m.doc, "formula": m.formula, "unit": m.unit, "null": m.null,
            "references": m.references.iter().map(comity::measure::citation).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    });
    Ok(view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_there_with_the_way_to_it() {
        let view = view(&Now::starter(), &Ask::default()).unwrap();
        let body = view.body.into_string();
        for measure in shown() {
            assert!(
                body.contains(&format!("href=\"/measure/{}\"", measure.command())),
                "{}",
                measure.name
            );
        }
        assert_eq!(view.data["measures"].as_array().unwrap().len(), MEASURES.len());
    }
}
