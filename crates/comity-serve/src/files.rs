//! Files that ship with the pages.

/// The style of all pages.
pub const STYLE: &str = concat!(include_str!("static/style.css"), include_str!("static/views.css"));

/// The one script.
const SCRIPT: &str = concat!(include_str!("static/script.js"), include_str!("static/views.js"));

/// Path, what it is, and its text.
pub const FILES: &[(&str, &str, &str)] = &[
    ("/style.css", "text/css; charset=utf-8", STYLE),
    ("/script.js", "text/javascript; charset=utf-8", SCRIPT),
    ("/icon.svg", "image/svg+xml", include_str!("static/icon.svg")),
];
