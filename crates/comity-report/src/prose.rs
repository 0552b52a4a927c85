//! A policy's prose as HTML that can do nothing: no raw HTML, no images, links only to the web and as `noopener`.

use comrak::nodes::{Node, NodeValue};
use comrak::{Arena, Options, format_html, parse_document};

/// Renders Markdown. Headings start at `level`; raw HTML is shown as text, an image becomes its description,
/// a link to anything but `http` and `https` becomes its text.
pub fn html(markdown: &str, level: u8) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.render.escape = true;
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options);
    let nodes: Vec<Node<'_>> = root.descendants().collect();
    for node in nodes {
        let found = match &mut node.data.borrow_mut().value {
            NodeValue::Link(link) => Found::Link(web(&link.url).map(str::to_owned)),
            NodeValue::Image(_) => Found::Image,
            NodeValue::Heading(heading) => {
                heading.level = (heading.level + level).saturating_sub(1).clamp(level, 6);
                Found::Other
            }
            _ => Found::Other,
        };
        match found {
            Found::Link(url) => {
                // The link is taken apart: its text stays where it stood, between tags of our own.
                if let Some(url) = &url {
                    let tag =
                        format!("<a href=\"{}\" rel=\"noopener noreferrer\">", attribute(url));
                    node.insert_before(arena.alloc(NodeValue::Raw(tag).into()));
                }
                unwrap(node);
                if url.is_some() {
                    node.insert_before(arena.alloc(NodeValue::Raw("</a>".into()).into()));
                }
                node.detach();
            }
            Found::Image => {
                node.insert_before(arena.alloc(NodeValue::Text("[image: ".into()).into()));
                unwrap(node);
                node.insert_before(arena.alloc(NodeValue::Text("]".into()).into()));
                node.detach();
            }
            Found::Other => {}
        }
    }
    let mut out = String::new();
    // Writing to a string does not fail; prose that could not be written would be left out.
    if format_html(root, &options, &mut out).is_err() {
        out.clear();
    }
    out
}

enum Found {
    Link(Option<String>),
    Image,
    Other,
}

/// Moves the children of a node before it.
fn unwrap(node: Node<'_>) {
    let children: Vec<_> = node.children().collect();
    for child in children {
        node.insert_before(child);
    }
}

/// The address, if it is one of the web.
pub fn web(url: &str) -> Option<&str> {
    let lower = url.trim().to_ascii_lowercase();
    let safe = (lower.starts_with("https://") || lower.starts_with("http://"))
        && !url.chars().any(|c| c.is_control() || c.is_whitespace());
    safe.then_some(url)
}

/// Text inside a double-quoted attribute.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::HOSTILE;

    #[test]
    fn hostile_prose_becomes_text() {
        let html = html(HOSTILE, 4);
        for forbidden in
            ["<script", "<img", "<div", "href=\"javascript", "href=\"data:", "href=\"//"]
        {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
        // What is left of them is text.
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
        assert!(html.contains("[image: picture]"));
        assert!(html.contains(
            "<a href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\" rel=\"noopener noreferrer\">b</a>"
        ), "{html}");
        assert!(html.contains("<em>ties its defence</em>"));
        assert!(html.contains("<td><code>&lt;b&gt;</code></td>"), "{html}");
    }

    #[test]
    fn no_tag_carries_a_handler() {
        let html = html(HOSTILE, 4);
        for tag in html.split('<').skip(1).map(|t| t.split('>').next().unwrap()) {
            assert!(!tag.contains("onerror") && !tag.contains("onclick"), "<{tag}>");
        }
    }

    #[test]
    fn headings_go_below_the_page_and_links_keep_their_order() {
        assert_eq!(
            html("# a\n\n[*b* c](http://x.y) d", 4),
            "<h4>a</h4>\n<p><a href=\"http://x.y\" rel=\"noopener noreferrer\"><em>b</em> c</a> d</p>\n"
        );
        assert_eq!(html("###### a", 4), "<h6>a</h6>\n");
    }

    #[test]
    fn nested_links_and_images_in_links_come_apart() {
        let html = html("[![x](http://a/b.png)](javascript:y)", 3);
        assert_eq!(html, "<p>[image: x]</p>\n");
    }
}
