//! The ribbons: one line for each commitment, as many years to a sign as the width asks for; under a few, the years in words.

use std::fmt::Write as _;

use comity_policy::audit::{Audit, CommitmentAudit};

use super::{BOLD, DIM, FEW, dim_lines, lines, pairs};
use crate::plain::clean;
use crate::{Page, answer, ribbon, state_name, words};

/// The ribbons of all commitments that are judged, states below each other.
pub fn of(out: &mut String, page: Page<'_>, audits: &[Audit], width: usize) {
    let Some(first) = audits.first() else { return };
    let judged: Vec<&CommitmentAudit> = first.commitments.iter().filter(|c| c.judged).collect();
    if judged.is_empty() {
        return;
    }
    let frame = Frame::of(audits, &judged, width);
    frame.head(out, width);
    for c in &judged {
        let mut label = c.id.as_str();
        for (audit, c) in pairs(audits, &c.id) {
            frame.row(out, (label, audit), c, audits.len() > 1);
            label = "";
        }
    }
    let last = page.report.audits.last().is_none_or(|a| a.state == audits[audits.len() - 1].state);
    if last {
        let _ = writeln!(out, "{}", ribbon::legend_of(&page.report.audits, width));
    }
    if judged.len() <= FEW && page.report.audits.len() < super::MANY {
        for c in &judged {
            for (audit, c) in pairs(audits, &c.id) {
                in_words(out, (audit, c), (judged.len() > 1, audits.len() > 1), width);
            }
        }
    }
}

/// What all ribbons share: their years, how many of them a sign stands for, and the room for labels.
struct Frame {
    from: i32,
    to: i32,
    per: usize,
    label: usize,
    abbr: usize,
    /// Width of the column of shares.
    share: usize,
}

impl Frame {
    fn of(audits: &[Audit], judged: &[&CommitmentAudit], width: usize) -> Self {
        let from = audits.iter().map(|a| a.from).min().unwrap_or_default();
        let to = audits.iter().map(|a| a.to).max().unwrap_or_default();
        let longest = judged.iter().map(|c| c.id.chars().count()).max().unwrap_or(0);
        let abbr = match audits.len() {
            1 => 0,
            _ => audits.iter().map(|a| a.state.handle.chars().count() + 1).max().unwrap_or(0),
        };
        let years = (to - from + 1).max(1) as usize;
        let ids = || judged.iter().flat_map(|c| pairs(audits, &c.id)).map(|(_, c)| c);
        let share = ids().map(|c| answer::share(c).chars().count()).max().unwrap_or(0).max(6);
        let all = ids().map(|c| answer::share_of_all(c).chars().count()).max().unwrap_or(0).max(3);
        let beside = width.saturating_sub(abbr + share + all + 6);
        // One commitment alone has the whole width, under its name.
        let label = if judged.len() == 1 && years > beside.saturating_sub(longest) {
            0
        } else {
            longest.min(beside.saturating_sub(12))
        };
        let room = if label == 0 && years <= width.saturating_sub(abbr) {
            width.saturating_sub(abbr)
        } else {
            beside.saturating_sub(label)
        };
        Self { from, to, per: years.div_ceil(room.max(10)), label, abbr, share }
    }

    /// Blanks before a ribbon.
    fn indent(&self) -> usize {
        let label = if self.label == 0 { 0 } else { self.label + 2 };
        label + self.abbr
    }

    fn signs(&self) -> usize {
        ((self.to - self.from + 1).max(1) as usize).div_ceil(self.per)
    }

    /// Whether the shares fit beside the ribbon.
    fn with_shares(&self) -> bool {
        self.label > 0
    }

    fn head(&self, out: &mut String, width: usize) {
        if self.per > 1 {
            let text = format!("One sign stands for {} years: the gravest.", self.per);
            dim_lines(out, &text, width);
        }
        let ruler = ribbon::ruler_by(self.from, self.to, self.per);
        let (indent, signs) = (self.indent(), self.signs());
        if self.with_shares() {
            let _ = writeln!(
                out,
                "{DIM}{:indent$}{ruler:signs$}  {:2$}  all{DIM:#}",
                "", "broken", self.share
            );
        } else {
            let _ = writeln!(out, "{DIM}{:indent$}{ruler}{DIM:#}", "");
        }
    }

    fn row(
        &self,
        out: &mut String,
        (label, audit): (&str, &Audit),
        c: &CommitmentAudit,
        many: bool,
    ) {
        if self.label > 0 {
            let label: String = clean(label).chars().take(self.label).collect();
            let _ = write!(out, "{label:0$}  ", self.label);
        }
        if many {
            let _ = write!(out, "{:1$}", clean(&audit.state.handle), self.abbr);
        }
        let ribbon = ribbon::cells(&c.verdicts, (self.from, self.to), self.per);
        out.push_str(&ribbon);
        if self.with_shares() {
            let (share, all) = (answer::share(c), answer::share_of_all(c));
            let _ = write!(out, "  {share:0$}  {all}", self.share);
        }
        out.push('\n');
    }
}

/// The years of each verdict in words, and how all states fared.
fn in_words(
    out: &mut String,
    (audit, c): (&Audit, &CommitmentAudit),
    (several, states): (bool, bool),
    width: usize,
) {
    let name = match (several, states) {
        (false, false) => String::new(),
        (true, false) => c.title.clone(),
        (false, true) => state_name(&audit.state),
        (true, true) => format!("{}, {}", c.title, audit.state.name),
    };
    out.push('\n');
    if !name.is_empty() {
        let _ = writeln!(out, "{BOLD}{}{BOLD:#}", clean(&name));
    }
    lines(out, &words::summary(c), width, "  ");
    for text in words::beside(c) {
        lines(out, &text, width, "  ");
    }
    if let Some(base) = words::base_rate(c) {
        dim_lines(out, &base, width);
    }
}
