//! The text of a document as every place in it is counted.

use std::borrow::Cow;

/// The text as every span counts it: without a byte order mark, line ends as `\n`.
pub fn normalise(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}
