//! The report as one page: the policy document, run. It works offline, prints, needs no script,
//! and is the same bytes for the same inputs.

mod article;
mod back;
pub mod evidence;
mod front;
pub mod plot;
pub mod ribbon;

use comity_policy::audit::{Audit, CommitmentAudit};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Page, terminal};

/// How many states one page holds side by side.
pub const MOST: usize = 12;

/// Id of the axis of the page.
const AXIS: &str = "years";

pub(crate) const STYLE: &str = include_str!("style.css");

/// Nothing is fetched and nothing runs, whatever a policy's prose may try.
const SECURITY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// How many events of a commitment are shown, over all states, where it is the only one.
const ALONE: usize = 40;

/// How many where it is one of many; fewer where the page of a state would be larger than it may be.
const AMONG: [usize; 5] = [6, 4, 3, 2, 1];

/// Bytes that the page of one state may have.
const MOST_BYTES: usize = 195_000;

/// The whole page.
pub fn render(page: Page<'_>) -> String {
    let commitments = page.report.audits.first().map_or(0, |a| a.commitments.len() + a.goals.len());
    if commitments <= 1 {
        return whole(page, alone(page));
    }
    let most = MOST_BYTES * page.report.audits.len().max(1);
    let mut text = String::new();
    for events in AMONG {
        text = whole(page, events);
        if text.len() <= most {
            break;
        }
    }
    text
}

/// How many events stand on the page of one commitment: a long text leaves room for fewer.
fn alone(page: Page<'_>) -> usize {
    /// Bytes of a text that take the room of an event on paper, past those that always have room.
    const TEXT: (usize, usize) = (5_500, 190);
    let ids = page.report.audits.iter().flat_map(|a| &a.commitments).map(|c| &c.id);
    let asked = page.policy.commitments.iter().filter(|c| ids.clone().any(|id| *id == c.id));
    let text: usize = asked.flat_map(|c| &c.versions).map(|v| v.prose.len()).sum();
    ALONE.saturating_sub(text.saturating_sub(TEXT.0) / TEXT.1).max(8)
}

/// The page with so many events of a commitment.
fn whole(page: Page<'_>, events: usize) -> String {
    let title = &page.report.policy.title;
    let who = terminal::whom(page);
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(SECURITY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                // No page that a link leads to learns where the reader came from.
                meta name="referrer" content="no-referrer";
                meta name="generator" content=(page.report.program);
                title { (who) ": " (title) }
                style { (PreEscaped(STYLE)) }
            }
            body class=[front::is_alone(page).then_some("alone")] {
                a class="skip" href="#glance" { "Skip to the verdicts" }
                (front::header(page))
                main {
                    (front::contents(page))
                    (front::principles(page))
                    @for article in &page.policy.articles {
                        (article::article(page, article, events))
                    }
                    (back::matter(page))
                }
            }
        }
    };
    let mut text = markup.into_string();
    text.push('\n');
    super::plain::checked(text, false)
}

/// The anchor of a commitment.
fn anchor(id: &str) -> String {
    format!("c-{}", slug(id))
}

/// The id of the ribbon of a commitment of a state.
fn ribbon_id(audit: &Audit, c: &CommitmentAudit) -> String {
    format!("r-{}-{}", slug(&audit.state.abbr), slug(&c.id))
}

/// The anchor of a source.
fn source_anchor(id: &str) -> String {
    format!("source-{}", slug(id))
}

/// The anchor of an article.
fn article_anchor(id: &str) -> String {
    format!("a-{}", slug(id))
}

/// Ids are kebab-case in a policy that was checked; anything else is made safe for an address.
fn slug(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '-' })
        .collect()
}

/// `Non-aggression` for `non-aggression`.
fn principle_name(id: &str) -> String {
    let mut chars = id.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// A link with words of its own; nothing if the address is not one of the web.
fn web_link_as(url: &str, words: &str) -> Markup {
    html! {
        @if let Some(url) = super::prose::web(url) { a href=(url) { (words) } }
    }
}

/// A link to an address of the web; the address as text if it is anything else.
fn web_link(url: &str) -> Markup {
    html! {
        @if let Some(url) = super::prose::web(url) { a href=(url) { (url) } }
        @else { (url) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn page() -> String {
        fixture::with_page(render)
    }

    /// The tags of a page, without what stands between them.
    fn tags(html: &str) -> Vec<&str> {
        html.split('<').skip(1).filter_map(|t| t.split('>').next()).collect()
    }

    #[test]
    fn nothing_runs_and_nothing_is_fetched() {
        let html = page();
        for tag in tags(&html) {
            let name = tag.split_whitespace().next().unwrap_or_default();
            assert!(
                !matches!(name, "script" | "img" | "iframe" | "link" | "object" | "form" | "base"),
                "<{tag}>"
            );
            for attribute in
                [" onerror", " onclick", " onload", " src=", "javascript:", "data:", " style="]
            {
                assert!(!tag.contains(attribute), "<{tag}>");
            }
        }
        assert!(!STYLE.contains("url("));
        assert!(!STYLE.contains("@import"));
    }

    #[test]
    fn hostile_text_is_text() {
        let html = page();
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(html.contains("An independent &lt;foreign&gt; policy of peace"));
        assert!(html.contains("=HYPERLINK(&quot;x&quot;) &lt;b&gt;"));
        assert!(html.contains("where 1 &lt; 2"));
        assert!(!html.contains('\u{1b}'));
    }

    #[test]
    fn same_inputs_same_bytes() {
        assert_eq!(page(), page());
    }

    #[test]
    fn links_inside_the_page_lead_somewhere_and_ids_are_unique() {
        let html = page();
        let mut ids = std::collections::BTreeSet::new();
        for part in html.split(" id=\"").skip(1) {
            let id = part.split('"').next().unwrap();
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
        for part in html.split("href=\"#").skip(1) {
            let id = part.split('"').next().unwrap();
            assert!(ids.contains(id), "#{id} leads nowhere");
        }
    }

    #[test]
    fn every_ribbon_says_in_words_what_it_shows() {
        let html = page();
        for svg in html.split("<svg").skip(1) {
            let tag = svg.split('>').next().unwrap();
            assert!(tag.contains("aria-label=") || tag.contains("aria-hidden="), "{tag}");
        }
        assert!(html.contains("Kept in 7 of 19 years known"));
        assert!(html.contains("All states: broken in 43 %"));
    }

    #[test]
    fn the_page_has_its_parts() {
        let html = page();
        for part in [
            "id=\"glance\"",
            "Principles",
            "Sources",
            "How to cite this audit",
            "Fingerprints",
            "What would answer the unknown years",
            "Findings set aside",
        ] {
            assert!(html.contains(part), "{part}");
        }
    }
}
