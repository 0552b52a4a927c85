//! Dated versions of one commitment: the years of each, and that they neither gap nor overlap.

use super::section::Section;
use crate::diagnostic::{Diagnostic, Diagnostics, quote};

/// `1949..`, `..1980` or `1949..1980`; at least one end, in order.
pub(super) fn range(value: &str) -> Option<(Option<i32>, Option<i32>)> {
    let (from, to) = value.split_once("..")?;
    let end = |text: &str| {
        let text = text.trim();
        if text.is_empty() { Some(None) } else { super::words::year(text).map(Some) }
    };
    let (from, to) = (end(from)?, end(to)?);
    let ordered = from.zip(to).is_none_or(|(f, t)| f <= t);
    (ordered && (from.is_some() || to.is_some())).then_some((from, to))
}

/// Puts the versions of one commitment in order of their years, and reports what does not fit.
pub(super) fn order(sections: &mut [Section], out: &mut Diagnostics) {
    if sections.len() < 2 {
        return;
    }
    let (first, first_kind) = (sections[0].id_at, sections[0].kind);
    for later in &sections[1..] {
        if later.kind.is_some() && first_kind.is_some() && later.kind != first_kind {
            out.push(
                Diagnostic::error("changed-kind", format!("{} has another kind here", quote(&later.id)), later.id_at)
                    .with_label(first, "first here")
                    .with_help("versions of one commitment are of one kind; give the other commitment another id"),
            );
        }
        if later.better.is_some()
            && sections[0].better.is_some()
            && later.better != sections[0].better
        {
            out.push(
                Diagnostic::error(
                    "changed-kind",
                    format!("{} has another `better` here", quote(&later.id)),
                    later.id_at,
                )
                .with_label(first, "first here")
                .with_help("which direction is better stays the same in every version"),
            );
        }
    }
    if sections.iter().any(|s| s.in_force.is_none()) {
        // A malformed `in-force` has its own diagnostic.
        if sections.iter().any(|s| s.in_force.is_none() && !s.in_force_broken) {
            for later in &sections[1..] {
                out.push(
                    Diagnostic::error("duplicate-id", format!("the id {} stands twice", quote(&later.id)), later.id_at)
                        .with_label(first, "first here")
                        .with_help("rename one; if they are dated versions of one commitment, give each its years: `in-force=\"1949..1979\"`, `in-force=\"1980..\"`"),
                );
            }
        }
        return;
    }
    sections.sort_by_key(|s| s.in_force.and_then(|(from, _)| from).unwrap_or(i32::MIN));
    for pair in sections.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let (Some((_, to)), Some((from, _))) = (before.in_force, after.in_force) else { continue };
        let (to_shown, from_shown) = (
            to.map_or("its end".into(), |y| y.to_string()),
            from.map_or("the beginning".into(), |y| y.to_string()),
        );
        let problem = match (to, from) {
            (Some(to), Some(from)) if from == to + 1 => continue,
            (Some(to), Some(from)) if from > to + 1 => {
                let years = if from - 1 == to + 1 {
                    format!("in {}", to + 1)
                } else {
                    format!("from {} to {}", to + 1, from - 1)
                };
                format!("no version of {} is in force {years}", quote(&after.id))
            }
            (None, _) => format!(
                "two versions of {} are in force from {from_shown}: the earlier has no last year",
                quote(&after.id)
            ),
            _ => format!(
                "two versions of {} are in force between {from_shown} and {to_shown}",
                quote(&after.id)
            ),
        };
        out.push(
            Diagnostic::error("version-years", problem, after.in_force_at)
                .with_label(before.in_force_at, "the version before")
                .with_help("each version starts in the year after the last year of the one before"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn years_are_read_and_nothing_else() {
        assert_eq!(range("1949.."), Some((Some(1949), None)));
        assert_eq!(range("..1980"), Some((None, Some(1980))));
        assert_eq!(range("1949..1980"), Some((Some(1949), Some(1980))));
        for bad in [
            "",
            "..",
            "1949",
            "1980..1949",
            "49..",
            "1949...",
            "x..1980",
            "1949..1980..",
            "-1949..",
            "99999..",
        ] {
            assert_eq!(range(bad), None, "{bad}");
        }
    }
}
