//! Findings gathered for reading: what holds on for years is one line with its years.

use comity_policy::audit::{Finding, Severity};

use super::{words, years};

/// Findings that differ in nothing but the year.
#[derive(Debug, Clone)]
pub struct Strand<'a> {
    /// One of them.
    pub finding: &'a Finding,
    /// Their years, in order.
    pub years: Vec<i32>,
    /// Least and greatest magnitude.
    pub magnitude: Option<(f64, f64)>,
}

impl Strand<'_> {
    /// `1950–61, 1965`.
    pub fn years(&self) -> String {
        years::list_of(self.years.iter().copied(), 8)
    }

    /// `3`, `0–6`, or nothing.
    pub fn magnitude(&self) -> String {
        match self.magnitude {
            None => String::new(),
            #[allow(clippy::float_cmp)] // the same number twice
            Some((low, high)) if low == high => words::number(low),
            Some((low, high)) => format!("{} to {}", words::number(low), words::number(high)),
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
pub fn strands(findings: &[Finding]) -> Vec<Strand<'_>> {
    let mut out: Vec<Strand<'_>> = Vec::new();
    let mut place = std::collections::BTreeMap::new();
    for f in findings {
        let key = (
            (&f.what, f.other, f.severity, &f.label),
            (&f.block, &f.reading, &f.source, &f.source_row, &f.also),
        );
        let at = *place.entry(key).or_insert_with(|| {
            out.push(Strand { finding: f, years: Vec::new(), magnitude: None });
            out.len() - 1
        });
        let strand = &mut out[at];
        strand.years.push(f.year);
        if let Some(m) = f.magnitude.filter(|m| m.is_finite()) {
            let (low, high) = strand.magnitude.unwrap_or((m, m));
            strand.magnitude = Some((low.min(m), high.max(m)));
        }
    }
    for strand in &mut out {
        strand.years.sort_unstable();
        strand.years.dedup();
    }
    out.sort_by(|a, b| a.years.first().cmp(&b.years.first()));
    out
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
        assert_eq!(strands.len(), 3);
    }
}
