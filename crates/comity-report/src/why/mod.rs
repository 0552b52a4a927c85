//! One verdict explained on a terminal, on one screen: the verdict in a sentence, the rows that decide it, what silence counted, and what
//! was not looked at.

mod full;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anstyle::Style;
use comity_policy::audit::{Finding, Severity};
use comity_policy::document::Kind;
use comity_policy::verdict::{Form, Verdict};
use comity_policy::{LastChange, Why, WhyBlock, WhyTable};

use super::evidence::{Cited, Entry, citation, entries};
use super::plain::clean;
use super::terminal::{event, hanging, lines};
use super::{answer, ribbon, state_name, words, years};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// How many events are shown.
const EVENTS: usize = 2;

/// How many sources are named of a table.
const NAMED: usize = 2;

/// How an explanation is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Every block under every reading, with the coverage of each table.
    pub full: bool,
    /// The queries too.
    pub sql: bool,
    /// Options of the command that a next command must repeat.
    pub repeat: &'a str,
    /// Signs to a line.
    pub width: usize,
}

/// The explanation as text with colour codes.
pub fn render(why: &Why, shown: Shown<'_>) -> String {
    if shown.full || shown.sql {
        return full::render(why, shown.sql, shown.repeat, shown.width);
    }
    let mut out = String::new();
    let width = shown.width;
    head(&mut out, why, width);
    decided(&mut out, why, width);
    for block in baseline(why) {
        if let Some(text) = standing(block) {
            hanging(&mut out, &format!("{}: {text}.", block.name), width);
        }
    }
    silence(&mut out, why, width);
    readings(&mut out, why, width);
    answered_by(&mut out, why, width);
    cite(&mut out, why, width);
    let words = [&*why.state.handle, &why.commitment].map(clean).join(" ");
    let _ = writeln!(
        out,
        "{DIM}More: comity why {words} {} --full, or --sql{}{DIM:#}",
        why.year,
        clean(shown.repeat)
    );
    out
}

/// The verdict in a sentence, with the rule, and the change where that was asked.
fn head(out: &mut String, why: &Why, width: usize) {
    let form = Form::of(why.verdict, why.at_least.is_some(), !why.looked.is_empty());
    let about =
        format!("{}, {}, {}", state_name(&why.state), answer::uncapital(&why.title), why.year);
    if judged(why) {
        let (style, sign, name) = (ribbon::style(form), ribbon::sign(form), form.name());
        let _ = writeln!(out, "{BOLD}{}:{BOLD:#} {style}{sign} {name}{style:#}", clean(&about));
        lines(out, &why.rule, width, "");
    } else {
        let what = if why.kind == Kind::Pursue {
            "no bar is stated, and so no verdict"
        } else {
            "an outcome, without a verdict"
        };
        let _ = writeln!(out, "{BOLD}{}:{BOLD:#} {what}", clean(&about));
    }
    if let Some(change) = why.change {
        lines(out, &changed(why, change), width, "");
    }
}

/// What is said of the last change.
fn changed(why: &Why, change: LastChange) -> String {
    let now = ribbon::name(why.verdict);
    match (change.before, change.known) {
        (Some((year, before)), Some((_, to))) => {
            let since = if to > change.year { format!("; known to {to}") } else { String::new() };
            format!(
                "This is the last change: {} in {year}, {now} in {}{since}.",
                ribbon::name(before),
                change.year
            )
        }
        (None, Some((from, to))) => {
            let known = change.years_known;
            let others = if (to - from + 1) as usize > known {
                " Nothing is known of the others."
            } else {
                ""
            };
            if known == 1 {
                return format!("{to} is the only year known: {now}.");
            }
            format!(
                "No change: {now} in all {known} years known, {}.{others} This is the last of them.",
                years::words(from, to)
            )
        }
        _ if judged(why) => "No year is known; this is the last of them.".to_owned(),
        _ if change.valued => "This is the last year with a value.".to_owned(),
        _ => "No value is known in any year.".to_owned(),
    }
}

/// Whether there is a verdict to explain; goals are outcomes beside conduct, and what states no bar has none.
fn judged(why: &Why) -> bool {
    let blocks = || why.readings.iter().flat_map(|r| &r.blocks);
    match why.kind {
        Kind::Refrain | Kind::Perform => true,
        Kind::Pursue => blocks().any(|b| b.judged),
        _ => false,
    }
}

fn baseline(why: &Why) -> &[WhyBlock] {
    why.readings.first().map_or(&[], |r| &r.blocks)
}

/// Whether findings of that gravity decide the verdict.
fn decides(why: &Why, severity: Severity) -> bool {
    match why.verdict {
        Verdict::Broken | Verdict::Contested => severity == Severity::Breach,
        Verdict::Strained => severity == Severity::Strain,
        Verdict::Kept => severity == Severity::Kept,
        _ => severity != Severity::Mandated,
    }
}

/// The rows that decide, and how many others there are.
fn decided(out: &mut String, why: &Why, width: usize) {
    if !matches!(why.kind, Kind::Refrain | Kind::Perform) {
        return;
    }
    if why.findings.is_empty() {
        let _ = writeln!(out, "No row was found for this state and year.");
        return;
    }
    let (those, others): (Vec<&Finding>, Vec<&Finding>) =
        why.findings.iter().partition(|f| decides(why, f.severity));
    let found = ranked(entries(those.iter().copied()));
    if found.is_empty() {
        let _ = writeln!(out, "\n{BOLD}No row decides it{BOLD:#}{}", besides(&others));
        return;
    }
    let name = if why.verdict == Verdict::Unknown { "Found" } else { "Decided by" };
    let count = words::plural(found.len(), "event", "events");
    let _ = writeln!(out, "\n{BOLD}{name} {count}{BOLD:#}{}", besides(&others));
    for entry in found.iter().take(EVENTS) {
        event(out, entry, Some(why.year), width);
    }
    if found.len() > EVENTS {
        let _ = writeln!(out, "  and {} more (--full)", found.len() - EVENTS);
    }
}

/// What the baseline has comes first, and what is of the greatest magnitude.
fn ranked(mut entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let size = |e: &Entry<'_>| e.strand.magnitude.map_or(f64::MIN, |(_, most)| most);
    entries.sort_by(|a, b| {
        a.only_if.is_some().cmp(&b.only_if.is_some()).then(size(b).total_cmp(&size(a)))
    });
    entries
}

/// `, besides 2 strains`.
fn besides(others: &[&Finding]) -> String {
    let mut by: BTreeMap<Severity, usize> = BTreeMap::new();
    others.iter().for_each(|f| *by.entry(f.severity).or_default() += 1);
    let name = |(severity, n): (&Severity, &usize)| {
        let (one, many) = match severity {
            Severity::Breach => ("row of a breach", "rows of breaches"),
            Severity::Strain => ("row of a strain", "rows of strains"),
            Severity::Kept => ("row that keeps it", "rows that keep it"),
            Severity::Mandated => ("row of acts under a mandate", "rows of acts under a mandate"),
        };
        words::plural(*n, one, many)
    };
    let all: Vec<String> = by.iter().map(name).collect();
    if all.is_empty() { String::new() } else { format!(", besides {}", all.join(", ")) }
}

/// Which tables of the baseline were covered, so that silence in them counts, and which were not.
fn silence(out: &mut String, why: &Why, width: usize) {
    let mut seen: BTreeMap<&str, &WhyTable> = BTreeMap::new();
    for table in baseline(why).iter().flat_map(|b| &b.tables) {
        // Where blocks need more of it than others, the one that lacks something is said.
        let kept = seen.entry(&table.table).or_insert(table);
        if kept.covered && !table.covered {
            *kept = table;
        }
    }
    let (covered, open): (Vec<&WhyTable>, Vec<&WhyTable>) = seen.values().partition(|t| t.covered);
    out.push('\n');
    if !covered.is_empty() {
        hanging(
            out,
            &format!("Looked at, so that silence counts: {}.", by_source(&covered, false)),
            width,
        );
    }
    if !open.is_empty() {
        hanging(
            out,
            &format!("Not looked at, so that silence says nothing: {}.", by_source(&open, true)),
            width,
        );
    }
    if why.verdict == Verdict::Unknown
        && let Some(text) = words::looked_briefly(&why.looked)
    {
        let text = text.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
        hanging(out, &format!("{}.", words::capital(text)), width);
    }
}

/// `disputes, dispute_parties (cow-mid-5.0)`: tables that the same sources answer, once; with the years that they do cover.
fn by_source(tables: &[&WhyTable], with_years: bool) -> String {
    let mut groups: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for table in tables {
        let name = |(source, coverage): &(String, String)| {
            let of = coverage.strip_prefix(&table.table).unwrap_or(coverage).trim_start();
            let years = of.split([' ', ',']).next().unwrap_or_default();
            if with_years { format!("{source} has {years}") } else { source.clone() }
        };
        let sources: BTreeSet<String> = table.coverage.iter().map(name).collect();
        let sources: Vec<String> = sources.into_iter().collect();
        match groups.iter_mut().find(|(s, _)| *s == sources) {
            Some((_, names)) => names.push(&table.table),
            None => groups.push((sources, vec![&table.table])),
        }
    }
    let part = |(sources, names): &(Vec<String>, Vec<&str>)| {
        let named = match sources.len() {
            0 => "no source".to_owned(),
            1..=NAMED => sources.join(", "),
            many => format!("{many} sources"),
        };
        format!("{} ({named})", names.join(", "))
    };
    groups.iter().map(part).collect::<Vec<_>>().join("; ")
}

/// What each reading says: one line where they agree.
fn readings(out: &mut String, why: &Why, width: usize) {
    if why.readings.len() < 2 || !judged(why) {
        return;
    }
    let mut by: Vec<(Form, Vec<&str>)> = Vec::new();
    for reading in &why.readings {
        let form = Form::of(reading.verdict, reading.at_least.is_some(), false);
        match by.iter_mut().find(|(f, _)| *f == form) {
            Some((_, ids)) => ids.push(&reading.id),
            None => by.push((form, vec![&reading.id])),
        }
    }
    let text = match by.as_slice() {
        [(form, ids)] => {
            format!("All {} readings of the sources agree: {}.", ids.len(), form.name())
        }
        _ => {
            let each =
                by.iter().map(|(form, ids)| format!("{} under {}", form.name(), ids.join(", ")));
            format!("The readings differ: {}.", each.collect::<Vec<_>>().join("; "))
        }
    };
    hanging(out, &text, width);
}

/// What would answer an unknown year.
fn answered_by(out: &mut String, why: &Why, width: usize) {
    if why.missing.is_empty() || why.verdict != Verdict::Unknown {
        return;
    }
    // Each table needs one of its datasets.
    let each: BTreeSet<&[String]> = why.missing.iter().map(|m| m.answered_by.as_slice()).collect();
    let datasets = each.iter().filter(|list| !list.is_empty());
    let datasets: Vec<String> = datasets.map(|list| list.join(" or ")).collect();
    let tables: BTreeSet<&str> = why.missing.iter().map(|m| m.table.as_str()).collect();
    let tables: Vec<_> = tables.into_iter().collect();
    let text = if datasets.is_empty() {
        format!(
            "No dataset that this version knows answers {} for {}.",
            why.year,
            tables.join(", ")
        )
    } else {
        format!("It would be answered by {} (`comity record sources`).", datasets.join("; and "))
    };
    hanging(out, &text, width);
}

/// A citation of the first finding that decides.
fn cite(out: &mut String, why: &Why, width: usize) {
    let those = why.findings.iter().filter(|f| decides(why, f.severity));
    let found = ranked(entries(those));
    let Some(entry) = found.first() else { return };
    let cited = Cited {
        state: &why.state.name,
        commitment: &why.commitment,
        program: &why.program,
        policy: (&why.policy.id, &why.policy.fingerprint),
        record: &why.record,
    };
    let title = |id: &str| why.sources.iter().find(|s| s.id == id).map(|s| s.title.as_str());
    hanging(out, &format!("Cite: {}", citation(entry, cited, title)), width);
}

/// A value, where it stands among all states, and the bar.
fn standing(block: &WhyBlock) -> Option<String> {
    let s = block.standing.as_ref()?;
    let mut text = format!("value {}", words::number(s.value));
    // Where all states have one value, none stands above another.
    let spread = s.spread.filter(|s| s[0] < s[4]);
    if let Some(p) = s.percentile.filter(|_| spread.is_some() || s.spread.is_none()) {
        let _ = write!(text, ", {}", words::standing(p));
    }
    if let Some([_, low, median, high, _]) = spread {
        let _ = write!(
            text,
            "; the middle half of states from {} to {}, median {}",
            words::number(low),
            words::number(high),
            words::number(median)
        );
    }
    if let Some(bar) = s.bar {
        let (target, floor) = (words::number(bar.target), words::number(bar.floor));
        let _ = write!(text, "; the target is {target}, the floor {floor}");
    }
    Some(text)
}
