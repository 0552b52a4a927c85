//! Files that ship with the pages.

/// The style of all pages.
pub const STYLE: &str = include_str!("static/style.css");

/// Path, what it is, and its text.
pub const FILES: &[(&str, &str, &str)] = &[
    ("/style.css", "text/css; charset=utf-8", STYLE),
    ("/script.js", "text/javascript; charset=utf-8", include_str!("static/script.js")),
    ("/icon.svg", "image/svg+xml", include_str!("static/icon.svg")),
];
