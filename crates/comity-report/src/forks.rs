//! Verdicts under other choices, in words: which are stable under all of them, and which change under which one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::Style;
use comity_advice::forks::{Change, Choice, Forked, Forks};

use crate::plain::clean;
use crate::terminal::{hanging, lines};
use crate::words::plural;
use crate::years;

const BOLD: Style = Style::new().bold();

/// Spans of years that are listed of one change.
const SPANS: usize = 8;

/// One state, all commitments.
pub fn text(forks: &Forks, policy: &str, width: usize) -> String {
    let mut out = String::new();
    let (all, stable) = (forks.verdicts(), forks.stable());
    let lead = format!(
        "{}, {}, {policy}: {stable} of {} are the same under every choice that bears on them ({} tried, one at a time).",
        crate::state_name(&forks.state),
        years::words(forks.years.0, forks.years.1),
        plural(all, "verdict", "verdicts"),
        plural(forks.choices.len(), "choice", "choices"),
    );
    for line in crate::plain::wrap(&clean(&lead), width) {
        let _ = writeln!(out, "{BOLD}{line}{BOLD:#}");
    }
    let moved = forks.commitments.iter().filter(|c| !c.changes.is_empty());
    for forked in moved {
        let _ = writeln!(
            out,
            "\n{BOLD}{}{BOLD:#}: {} of {} stable",
            clean(&forked.commitment),
            forked.stable,
            forked.verdicts
        );
        for line in changes(forks, forked) {
            hanging(&mut out, &format!("  {line}"), width);
        }
    }
    let idle = idle(forks);
    if !idle.is_empty() {
        out.push('\n');
        lines(&mut out, &format!("Tried, and nothing changes: {}.", idle.join("; ")), width, "");
    }
    let ids = |wanted: &dyn Fn(&&Forked) -> bool| -> String {
        let all = forks.commitments.iter().filter(wanted).map(|c| c.commitment.as_str());
        all.collect::<Vec<_>>().join(", ")
    };
    let stable = ids(&|c| c.changes.is_empty() && !c.tried.is_empty());
    let alone = ids(&|c| c.tried.is_empty());
    for (what, which) in [("Stable in every year", stable), ("No choice bears on", alone)] {
        if !which.is_empty() {
            out.push('\n');
            lines(&mut out, &format!("{what}: {which}."), width, "");
        }
    }
    out
}

/// The changes of one commitment. Values of one threshold that change the same years in the same way are one line.
fn changes(forks: &Forks, forked: &Forked) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>, Vec<&Change>)> = Vec::new();
    for choice in &forked.tried {
        let here: Vec<&Change> = forked.changes.iter().filter(|c| c.choice == *choice).collect();
        let Some(of) = forks.choices.get(*choice).filter(|_| !here.is_empty()) else { continue };
        let (name, value) = put(of);
        let same = |other: &[&Change]| {
            let bare = |c: &Change| (c.forms(), c.years.clone());
            other.iter().map(|c| bare(c)).eq(here.iter().map(|c| bare(c)))
        };
        match groups.iter_mut().find(|(n, _, other)| *n == name && same(other)) {
            Some((_, values, _)) => values.push(value),
            None => groups.push((name, vec![value], here)),
        }
    }
    let line = |(name, values, changes): &(String, Vec<String>, Vec<&Change>)| {
        let mut moved: BTreeMap<(&str, &str), Vec<i32>> = BTreeMap::new();
        for change in changes {
            let (from, to) = change.forms();
            moved.entry((from.name(), to.name())).or_default().extend(&change.years);
        }
        let each = moved.iter_mut().map(|((from, to), years_of)| {
            years_of.sort_unstable();
            format!("{from} → {to} {}", years::list_of(years_of.iter().copied(), SPANS))
        });
        format!(
            "{}: {}",
            name.replace("{}", &values.join(", ")),
            each.collect::<Vec<_>>().join("; ")
        )
    };
    groups.iter().map(line).collect()
}

/// The choices that change no verdict.
fn idle(forks: &Forks) -> Vec<String> {
    let moves =
        |at: usize| forks.commitments.iter().any(|c| c.changes.iter().any(|c| c.choice == at));
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (_, choice) in forks.choices.iter().enumerate().filter(|(at, _)| !moves(*at)) {
        let (name, value) = put(choice);
        match groups.iter_mut().find(|(n, _)| *n == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name, vec![value])),
        }
    }
    groups.iter().map(|(name, values)| name.replace("{}", &values.join(", "))).collect()
}

/// What a choice is called, with a place for its values, and the value.
fn put(choice: &Choice) -> (String, String) {
    match choice {
        Choice::Threshold { name, stated, value } => {
            (format!("{name} {{}} (stated {stated})"), value.clone())
        }
        Choice::Source { family, source: Some(source) } => {
            (format!("{family} by {{}}"), source.clone())
        }
        Choice::Source { source: None, .. } => {
            ("the baseline's sources alone".to_owned(), String::new())
        }
        Choice::Edition { instead_of, source } => {
            (format!("edition {{}} (not {instead_of})"), source.clone())
        }
    }
}

#[cfg(test)]
mod tests {
    use comity_policy::audit::StateHead;
    use comity_policy::verdict::Verdict;

    use super::*;

    #[test]
    fn values_that_change_the_same_years_are_one_line() {
        let threshold = |value: &str| Choice::Threshold {
            name: "garrison".into(),
            stated: "100".into(),
            value: value.into(),
        };
        let change = |choice| Change {
            choice,
            from: Verdict::Kept,
            from_at_least: None,
            to: Verdict::Strained,
            to_at_least: None,
            years: vec![1960, 1961, 1970],
        };
        let forked = |id: &str, tried: Vec<usize>, changes: Vec<Change>| Forked {
            commitment: id.into(),
            title: id.into(),
            verdicts: 20,
            stable: 20 - 3 * changes.len().min(1),
            tried,
            changes,
        };
        let forks = Forks {
            state: StateHead {
                ccode: 2,
                abbr: "USA".into(),
                handle: "USA".into(),
                name: "A".into(),
            },
            years: (1955, 1974),
            choices: vec![threshold("50"), threshold("60")],
            commitments: vec![
                forked("bases", vec![0, 1], vec![change(0), change(1)]),
                forked("calm", vec![0], Vec::new()),
                forked("alone", Vec::new(), Vec::new()),
            ],
        };
        let text = anstream::adapter::strip_str(&text(&forks, "p", 100)).to_string();
        assert!(text.contains("57 of 60 verdicts are the same"), "{text}");
        assert!(
            text.contains("garrison 50, 60 (stated 100): kept → strained 1960–61, 1970"),
            "{text}"
        );
        assert!(text.contains("Stable in every year: calm."), "{text}");
        assert!(text.contains("No choice bears on: alone."), "{text}");
    }
}
