//! Years, ids and names as documents write them.

/// Coverage of a given table that is covered nowhere (`coverage=none`): a span without years.
pub const NO_YEARS: (i32, i32) = (1, 0);

/// First and last year; an end that is not named is open.
pub(super) type Years = (Option<i32>, Option<i32>);

/// Four digits.
pub(super) fn year(text: &str) -> Option<i32> {
    let fine = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && text != "0000";
    if fine { text.parse().ok() } else { None }
}

pub(super) fn is_kebab(id: &str) -> bool {
    id.len() <= 80
        && !id.is_empty()
        && id.split('-').all(|p| {
            !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

pub(super) fn is_identifier(name: &str) -> bool {
    name.len() <= 60
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// An id made from a title: letters and digits of any script in lower case, hyphens between.
pub(super) fn slug(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(12);
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(80).collect();
    if slug.is_empty() { "article".into() } else { slug }
}
