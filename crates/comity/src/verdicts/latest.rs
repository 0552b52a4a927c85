//! The last year with a verdict, per state and commitment, and what may be hidden after it.

use std::cmp::Reverse;
use std::sync::Arc;

use comity_policy::verdict::Verdict;
use comity_policy::{Counts, VerdictRow};

/// One state and commitment.
#[derive(Debug, Clone, PartialEq)]
pub struct LatestRow {
    /// The state's code in the Correlates of War.
    pub ccode: i32,
    /// Its abbreviation there.
    pub stateabb: Arc<str>,
    /// Its name in the last of the years asked.
    pub state: Arc<str>,
    /// Id of the commitment.
    pub commitment: Arc<str>,
    /// The last year with a verdict that is wanted; none: there is no such year.
    pub year: Option<i32>,
    /// The verdict of that year.
    pub verdict: Option<Verdict>,
    /// The findings of that year.
    pub findings: Counts,
    /// How many later years (of all years, if there is none) are unknown.
    pub unknown: u32,
    /// How many of these years have findings against the state all the same.
    pub unknown_with_findings: u32,
    /// The last of them.
    pub last_unknown_with_findings: Option<i32>,
    /// The last later year that is contested: kept under one source and broken under another.
    pub last_contested: Option<i32>,
    /// The last year whose verdict is known.
    pub answered_to: Option<i32>,
}

/// One row per state and commitment of which there is something to say. `rows` are all verdicts, those of a state and commitment side by
/// side in the order of years.
pub(super) fn of(rows: &[VerdictRow], wanted: &[Verdict]) -> Vec<LatestRow> {
    let same = |a: &VerdictRow, b: &VerdictRow| a.ccode == b.ccode && a.commitment == b.commitment;
    let mut all: Vec<LatestRow> =
        rows.chunk_by(same).filter_map(|years| one(years, wanted)).collect();
    // The sort is stable: commitments of one state and year stay in the order of the document.
    all.sort_by_cached_key(|row| {
        let open = row.last_unknown_with_findings.max(row.last_contested);
        (Reverse(row.year), Reverse(open.filter(|_| row.year.is_none())), row.state.to_lowercase())
    });
    all
}

fn is_known(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Unknown | Verdict::NotApplicable)
}

fn one(years: &[VerdictRow], wanted: &[Verdict]) -> Option<LatestRow> {
    let last = years.last()?;
    let is_wanted = |row: &&VerdictRow| match wanted {
        [] => is_known(row.verdict),
        wanted => wanted.contains(&row.verdict),
    };
    let found = years.iter().rev().find(is_wanted);
    let later = || years.iter().filter(|row| found.is_none_or(|f| row.year > f.year));
    let open = || later().filter(|row| row.unknown_with_findings());
    let mut contested = later().filter(|row| row.verdict == Verdict::Contested);
    let row = LatestRow {
        ccode: last.ccode,
        stateabb: Arc::clone(&last.stateabb),
        state: Arc::clone(&last.state),
        commitment: Arc::clone(&last.commitment),
        year: found.map(|row| row.year),
        verdict: found.map(|row| row.verdict),
        findings: found.map(|row| row.findings).unwrap_or_default(),
        unknown: later().filter(|row| row.verdict == Verdict::Unknown).count() as u32,
        unknown_with_findings: open().count() as u32,
        last_unknown_with_findings: open().next_back().map(|row| row.year),
        last_contested: contested.next_back().map(|row| row.year),
        answered_to: years.iter().rev().find(|row| is_known(row.verdict)).map(|row| row.year),
    };
    let says = row.year.is_some() || row.unknown_with_findings > 0 || row.last_contested.is_some();
    says.then_some(row)
}

#[cfg(test)]
mod tests {
    use comity_policy::document::Kind;

    use super::*;

    /// Years of one state: verdict and how many breaches and strains were found.
    fn state(ccode: i32, name: &str, years: &[(i32, Verdict, u32)]) -> Vec<VerdictRow> {
        let row = |&(year, verdict, found): &(i32, Verdict, u32)| VerdictRow {
            ccode,
            stateabb: name[..3].to_uppercase().into(),
            state: name.into(),
            year,
            commitment: "no-war".into(),
            article: "peace".into(),
            kind: Kind::Refrain,
            verdict,
            at_least: None,
            covered: false,
            looked: false,
            findings: Counts { strains: found, ..Counts::default() },
            readings: Vec::new(),
        };
        years.iter().map(row).collect()
    }

    fn world() -> Vec<VerdictRow> {
        use Verdict::{Broken, Contested, Kept, NotApplicable, Strained, Unknown};
        let mut rows = state(1, "Arda", &[(1990, Broken, 1), (1991, Kept, 0), (1992, Unknown, 0)]);
        rows.extend(state(2, "Brea", &[(1990, Broken, 1), (1991, Unknown, 2), (1992, Unknown, 0)]));
        rows.extend(state(3, "Cern", &[(1990, Kept, 0), (1991, Kept, 0), (1992, Unknown, 3)]));
        rows.extend(state(4, "Dorn", &[(1990, Kept, 0), (1991, Strained, 1), (1992, Kept, 0)]));
        rows.extend(state(5, "Elba", &[(1990, Kept, 0), (1991, Contested, 1), (1992, Kept, 0)]));
        rows.extend(state(6, "Aeon", &[(1991, Unknown, 0), (1992, NotApplicable, 1)]));
        rows
    }

    #[test]
    fn what_is_unknown_and_has_findings_stands_beside_the_last_breach() {
        let latest = of(&world(), &[Verdict::Broken]);
        let said: Vec<_> = latest
            .iter()
            .map(|r| (&*r.state, r.year, r.unknown, r.last_unknown_with_findings, r.last_contested))
            .collect();
        assert_eq!(
            said,
            [
                ("Arda", Some(1990), 1, None, None),
                ("Brea", Some(1990), 2, Some(1991), None),
                ("Cern", None, 1, Some(1992), None),
                ("Elba", None, 0, None, Some(1991)),
            ]
        );
        assert_eq!(latest[2].answered_to, Some(1991));
        assert_eq!((latest[1].findings.strains, latest[2].findings.strains), (1, 0));
    }

    #[test]
    fn without_a_verdict_the_last_known_year_is_meant_and_the_most_recent_stands_first() {
        let latest = of(&world(), &[]);
        let said: Vec<_> = latest.iter().map(|r| (&*r.state, r.year, r.verdict)).collect();
        assert_eq!(
            said,
            [
                ("Dorn", Some(1992), Some(Verdict::Kept)),
                ("Elba", Some(1992), Some(Verdict::Kept)),
                ("Arda", Some(1991), Some(Verdict::Kept)),
                ("Cern", Some(1991), Some(Verdict::Kept)),
                ("Brea", Some(1990), Some(Verdict::Broken)),
            ]
        );
        assert!(of(&[], &[Verdict::Kept]).is_empty());
    }
}
