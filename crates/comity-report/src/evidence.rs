//! Findings gathered for reading: what holds on for years is one line with its years, and what differs only in the other state or in the
//! source is one entry that can be quoted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use comity_policy::audit::{Event, Finding, Severity};

use super::plain::clean;
use super::{days, short, words, years};

/// Findings that differ in nothing but the year.
#[derive(Debug, Clone)]
pub struct Strand<'a> {
    /// One of them.
    pub finding: &'a Finding,
    /// The key of their row; of rows that differ by their year alone, with all the years: `conflict_id=7 year=1950–53`.
    pub row: String,
    /// Their years, in order.
    pub years: Vec<i32>,
    /// Least and greatest magnitude.
    pub magnitude: Option<(f64, f64)>,
    /// The least and the greatest in words, where they are known.
    sizes: Option<(&'a str, &'a str)>,
    since: Option<&'a str>,
    until: Option<&'a str>,
}

impl Strand<'_> {
    /// `1950–61, 1965`.
    pub fn years(&self) -> String {
        years::list_of(self.years.iter().copied(), 8)
    }

    /// How much, in words where the block says what it measures: `over 999 deaths of its own`, `magnitude 3`; or nothing.
    pub fn magnitude(&self) -> String {
        match (self.magnitude, self.sizes) {
            (None, _) => String::new(),
            (Some(_), Some((low, high))) if low == high => low.to_owned(),
            (Some(_), Some((low, high))) => format!("{low}, to {high}"),
            #[allow(clippy::float_cmp)] // the same number twice
            (Some((low, high)), None) if low == high => format!("magnitude {}", words::number(low)),
            (Some((low, high)), None) => {
                format!("magnitude {} to {}", words::number(low), words::number(high))
            }
        }
    }

    /// The other state, as a command takes it.
    pub fn other(&self) -> String {
        other(self.finding)
    }
}

/// The other state of a finding, as a command takes it; empty where there is none.
pub fn other(finding: &Finding) -> String {
    match (&finding.other_handle, finding.other) {
        (Some(handle), _) => handle.clone(),
        (None, Some(code)) => code.to_string(),
        (None, None) => String::new(),
    }
}

/// How grave a finding is, in a word.
pub fn severity(severity: Severity) -> &'static str {
    severity.name()
}

/// Gathers findings that differ only in year and magnitude, by first year.
pub fn strands<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Strand<'a>> {
    let mut out: Vec<Strand<'_>> = Vec::new();
    let mut place = BTreeMap::new();
    for f in findings {
        let key = (
            (&f.what, f.other, f.severity, &f.label),
            (&f.block, &f.reading, &f.source, &f.source_row, &f.also),
        );
        let at = *place.entry(key).or_insert_with(|| {
            out.push(Strand {
                finding: f,
                row: f.source_row.clone(),
                years: Vec::new(),
                magnitude: None,
                sizes: None,
                since: None,
                until: None,
            });
            out.len() - 1
        });
        out[at].add(f);
    }
    for strand in &mut out {
        strand.years.sort_unstable();
        strand.years.dedup();
    }
    let mut out = through_the_years(out);
    out.sort_by(|a, b| a.years.first().cmp(&b.years.first()));
    out
}

/// Stands for the year in the key of a row.
const YEAR: &str = "\u{0}";

/// Makes one of strands of a single year whose rows differ by that year alone: sources that have a row for each year of an event.
fn through_the_years(strands: Vec<Strand<'_>>) -> Vec<Strand<'_>> {
    let mut out: Vec<Strand<'_>> = Vec::new();
    let mut place: BTreeMap<_, usize> = BTreeMap::new();
    for strand in strands {
        let f = strand.finding;
        let [year] = strand.years[..] else {
            out.push(strand);
            continue;
        };
        let stem = f.source_row.replace(&year.to_string(), YEAR);
        let key = (
            (&f.what, f.other, f.severity, &f.label),
            (&f.block, &f.reading, &f.source, stem.clone(), &f.also),
        );
        match place.get(&key) {
            Some(at) => out[*at].join(&strand),
            None => {
                if stem.contains(YEAR) {
                    place.insert(key, out.len());
                }
                out.push(Strand { row: stem, ..strand });
            }
        }
    }
    for strand in &mut out {
        strand.years.sort_unstable();
        strand.row = strand.row.replace(YEAR, &strand.years());
    }
    out
}

impl<'a> Strand<'a> {
    /// Takes the years of another in.
    fn join(&mut self, other: &Self) {
        if let (Some((low, high)), Some((l, h))) = (self.magnitude, other.magnitude) {
            if let (Some((least, most)), Some((a, b))) = (self.sizes, other.sizes) {
                self.sizes =
                    Some((if l < low { a } else { least }, if h > high { b } else { most }));
            }
            self.magnitude = Some((low.min(l), high.max(h)));
        } else {
            // A range of some of the years would stand for all.
            (self.magnitude, self.sizes) = (None, None);
        }
        self.since = self.since.zip(other.since).map(|(a, b)| a.min(b));
        self.until = self.until.zip(other.until).map(|(a, b)| a.max(b));
        self.years.extend(&other.years);
    }

    fn add(&mut self, f: &'a Finding) {
        let event = f.event.as_deref();
        let size = event.and_then(|e| e.size.as_deref());
        if let Some(m) = f.magnitude.filter(|m| m.is_finite()) {
            let (low, high) = self.magnitude.unwrap_or((m, m));
            if let Some(size) = size {
                let (least, most) = self.sizes.unwrap_or((size, size));
                self.sizes =
                    Some((if m < low { size } else { least }, if m > high { size } else { most }));
            }
            self.magnitude = Some((low.min(m), high.max(m)));
        }
        let day = |of: fn(&Event) -> Option<&String>| event.and_then(of).map(String::as_str);
        let (since, until) = (day(|e| e.since.as_ref()), day(|e| e.until.as_ref()));
        // Of the years of one row the days are the same; where one of several rows has none, none is said.
        if self.years.is_empty() {
            (self.since, self.until) = (since, until);
        } else {
            self.since = self.since.zip(since).map(|(a, b)| a.min(b));
            self.until = self.until.zip(until).map(|(a, b)| a.max(b));
        }
        self.years.push(f.year);
    }
}

/// One event as it is quoted: all strands that differ only in the other state or in the source.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The first of them.
    pub strand: Strand<'a>,
    /// The other states, each as a name and an abbreviation.
    pub others: Vec<(String, String)>,
    /// The rows behind it: source and key, those of the baseline first.
    pub rows: Vec<(&'a str, String)>,
    /// The reading under which alone it was found; none: the baseline has it.
    pub only_if: Option<&'a str>,
}

/// The entries of findings, in order of time.
pub fn entries<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Entry<'a>> {
    let mut out: Vec<Entry<'a>> = Vec::new();
    let mut place: BTreeMap<_, usize> = BTreeMap::new();
    for strand in strands(findings) {
        let f = strand.finding;
        let key = (
            (&f.what, f.severity, &f.label, &f.also, &f.block, strand.magnitude()),
            (strand.years.clone(), strand.since, strand.until, strand.row.clone()),
        );
        let row = (f.source.as_str(), strand.row.clone());
        let only_if = (f.reading != "baseline").then_some(f.reading.as_str());
        let at = *place.entry(key).or_insert_with(|| {
            out.push(Entry { strand, others: Vec::new(), rows: Vec::new(), only_if });
            out.len() - 1
        });
        let entry = &mut out[at];
        let abbr = other(f);
        if !abbr.is_empty() && !entry.others.iter().any(|(_, a)| *a == abbr) {
            let name = f.event.as_ref().and_then(|e| e.other_name.clone());
            entry.others.push((name.unwrap_or_else(|| abbr.clone()), abbr));
        }
        if only_if.is_none() && entry.only_if.is_some() {
            entry.only_if = None;
            entry.rows.insert(0, row);
        } else if !entry.rows.contains(&row) {
            entry.rows.push(row);
        }
    }
    out.sort_by(|a, b| a.begins().cmp(&b.begins()));
    out
}

impl Entry<'_> {
    fn begins(&self) -> (i32, Option<&str>) {
        (self.strand.years.first().copied().unwrap_or_default(), self.strand.since)
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        self.strand.finding.severity
    }

    /// When: days where they are known, else years.
    pub fn when(&self) -> String {
        days::span(self.strand.since, self.strand.until).unwrap_or_else(|| self.strand.years())
    }

    /// What happened, with whom, how much: `war: Korean, with Canada and 14 more; over 999 deaths of its own [joined]`.
    pub fn what(&self, most: usize) -> String {
        let mut text = clean(&self.strand.finding.what).into_owned();
        if !self.others.is_empty() {
            let _ = write!(text, ", with {}", clean(&self.with(most)));
        }
        let size = self.strand.magnitude();
        if !size.is_empty() {
            let _ = write!(text, "; {}", clean(&size));
        }
        if let Some(label) = &self.strand.finding.label {
            let _ = write!(text, " [{}]", clean(label));
        }
        text
    }

    /// The other states by name; by abbreviation where they are more than three, `most` of them.
    pub fn with(&self, most: usize) -> String {
        if let [(name, _)] = self.others.as_slice() {
            return name.clone();
        }
        let few = self.others.len() <= 3;
        let named = self.others.iter().map(|(name, abbr)| if few { name } else { abbr });
        let shown: Vec<&str> = named.take(most).map(String::as_str).collect();
        let more = self.others.len() - shown.len();
        let mut text = shown.join(", ");
        if more > 0 {
            let _ = write!(text, " and {more} more");
        }
        text
    }

    /// `breach in 1950–53`; the years are left out where the days say the same.
    pub fn counted(&self) -> String {
        let name = severity(self.severity());
        let (years, when) = (self.strand.years(), self.when());
        if years == when { name.to_owned() } else { format!("{name} in {years}") }
    }

    /// The rows behind it: `cow-mid-5.0 and gml-mid-2.2.1, dispnum=634`.
    pub fn source(&self) -> String {
        let mut by_key: Vec<(&str, Vec<&str>)> = Vec::new();
        for (source, key) in &self.rows {
            match by_key.iter_mut().find(|(k, _)| k == key) {
                Some((_, sources)) => sources.push(source),
                None => by_key.push((key.as_str(), vec![source])),
            }
        }
        let rows: Vec<String> = by_key
            .iter()
            .map(|(key, sources)| format!("{} {key}", sources.join(" and ")))
            .collect();
        let mut text = rows.join("; ");
        if let Some(also) = &self.strand.finding.also {
            let _ = write!(text, "; also {also}");
        }
        if let Some(reading) = self.only_if {
            let _ = write!(text, " (only if {reading})");
        }
        clean(&text).into_owned()
    }

    /// Pages about it.
    pub fn pages(&self) -> &[String] {
        self.strand.finding.event.as_ref().map_or(&[], |e| &e.pages)
    }
}

/// What a citation of a finding names beside the finding.
#[derive(Debug, Clone, Copy)]
pub struct Cited<'a> {
    /// The state, by name.
    pub state: &'a str,
    /// Id of the commitment.
    pub commitment: &'a str,
    /// `comity` and its version.
    pub program: &'a str,
    /// Id and fingerprint of the policy.
    pub policy: (&'a str, &'a str),
    /// Fingerprint of the record.
    pub record: &'a str,
}

/// A citation of a finding, ready to paste. `title` gives the title of a source by its id.
pub fn citation<'t>(
    entry: &Entry<'_>,
    cited: Cited<'_>,
    title: impl Fn(&str) -> Option<&'t str>,
) -> String {
    let f = entry.strand.finding;
    let (source, key) =
        entry.rows.first().map_or((&*f.source, &*f.source_row), |(source, key)| (*source, key));
    // What the starter names as the public source behind a row stands with the row.
    let key = key.split_once(" ; ").map_or(key, |(key, _)| key);
    let others = match entry.others.as_slice() {
        [] => String::new(),
        _ => format!(" and {}", entry.with(3)),
    };
    let version = cited.program.strip_prefix("comity ").unwrap_or(cited.program);
    let text = format!(
        "“{}”, {}{others}, {}. {} ({source}), row {key}. Found by Comity {version} under {} of {} (policy {}, record {}).",
        f.what,
        cited.state,
        entry.when(),
        title(source).unwrap_or(source),
        cited.commitment,
        cited.policy.0,
        short(cited.policy.1),
        short(cited.record),
    );
    clean(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_pledge_of_ten_years_is_one_line() {
        let report = fixture::report();
        let strands = strands(&report.audits[0].commitments[0].findings);
        assert_eq!(strands[0].years(), "1950–59");
        assert_eq!(strands[0].other(), "RUS");
        assert_eq!(strands[0].magnitude(), "magnitude 1");
        assert_eq!(strands.len(), 3);
    }

    fn finding(year: i32, other: i32, source: &str, reading: &str) -> Finding {
        let mut f = fixture::report().audits[0].commitments[0].findings[0].clone();
        (f.year, f.other, f.other_handle) = (year, Some(other), Some(format!("S{other}")));
        (f.what, f.source, f.reading) = ("war: Third".into(), source.into(), reading.into());
        (f.source_row, f.label) = ("warnum=3".into(), None);
        f.event = Some(Box::new(Event {
            other_name: Some(format!("State {other}")),
            since: Some("1801-10-16".into()),
            until: Some("1803-07-27".into()),
            size: Some("over 999 deaths of its own".into()),
            pages: vec!["https://example.org/3".into()],
        }));
        f
    }

    #[test]
    fn one_event_with_several_states_in_two_sources_is_one_entry() {
        let found = [
            finding(1801, 5, "b-wars-1", "wars=b-wars-1"),
            finding(1801, 2, "a-wars-1", "baseline"),
            finding(1801, 5, "a-wars-1", "baseline"),
        ];
        let entries = entries(&found);
        let [entry] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!(entry.when(), "16 Oct 1801 – 27 Jul 1803");
        assert_eq!(entry.what(9), "war: Third, with State 5, State 2; over 999 deaths of its own");
        assert_eq!(entry.source(), "a-wars-1 and b-wars-1 warnum=3");
        assert_eq!(entry.counted(), "breach in 1801");
        assert_eq!(entry.only_if, None);
        let cited = Cited {
            state: "Here",
            commitment: "no-war",
            program: "comity 9.9",
            policy: ("peace", "0123456789abcdef"),
            record: "fedcba9876543210",
        };
        assert_eq!(
            citation(entry, cited, |_| Some("Wars of old")),
            "“war: Third”, Here and State 5, State 2, 16 Oct 1801 – 27 Jul 1803. Wars of old (a-wars-1), row warnum=3. \
             Found by Comity 9.9 under no-war of peace (policy 0123456789ab, record fedcba987654)."
        );
    }

    #[test]
    fn rows_that_differ_by_their_year_alone_are_one_entry() {
        let in_year = |year: i32, start: i32| {
            let mut f = finding(year, 2, "a-wars-1", "baseline");
            f.source_row = format!("id=7 since={start} year={year}");
            f
        };
        let found = [in_year(1801, 1801), in_year(1802, 1801), in_year(1803, 1801)];
        let entries = entries(&found);
        assert_eq!(entries.len(), 2, "{entries:?}");
        assert_eq!(entries[0].source(), "a-wars-1 id=7 since=1801 year=1801");
        assert_eq!(entries[1].source(), "a-wars-1 id=7 since=1801 year=1802–03");
        assert_eq!(entries[1].strand.years, [1802, 1803]);
    }

    #[test]
    fn years_with_other_opponents_stay_apart() {
        let found = [
            finding(1801, 2, "a-wars-1", "baseline"),
            finding(1802, 2, "a-wars-1", "baseline"),
            finding(1802, 5, "a-wars-1", "baseline"),
        ];
        let entries = entries(&found);
        assert_eq!(entries.len(), 2);
        assert_eq!(
            (entries[0].counted(), entries[1].counted()),
            ("breach in 1801–02".into(), "breach in 1802".into())
        );
    }
}
