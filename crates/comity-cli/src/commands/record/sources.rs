//! `comity record sources`: every dataset that can be read, what it answers, who publishes it and how to get it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_datasets::{DATASETS, Dataset, Edition, Get};
use comity_policy::SHIPPED;
use comity_record::{Coverage, Record, Source, Units, schema};

use comity_report::Form;

use super::newest::{self, Newest};
use super::{BOLD, DIM};
use crate::exit::{Exit, Trouble};
use crate::given::{RecordArgs, nearest};
use crate::output;
use comity_report::plain::{clean, width};
use comity_report::terminal;

/// What is said of one dataset.
struct Entry {
    dataset: &'static Dataset,
    coverage: Vec<Coverage>,
    /// Tables in which its silence counts, and those to which it adds rows only.
    answers: BTreeSet<String>,
    adds: BTreeSet<String>,
    /// Commitments of the first policy that read one of the tables it answers.
    commitments: Vec<String>,
    /// Its sources in the record.
    present: Vec<Source>,
    newest: Option<Newest>,
}

pub(super) fn run(id: Option<&str>, args: &RecordArgs, format: Form) -> Result<Exit, Trouble> {
    let record = args.open()?;
    let entries = entries(&record)?;
    let shown: Vec<&Entry> = match id {
        None => entries.iter().collect(),
        Some(id) => {
            let of = |e: &&Entry| e.dataset.id == id || e.present.iter().any(|s| s.id == id);
            let mut found: Vec<&Entry> = entries.iter().filter(of).collect();
            if found.is_empty() {
                // A name for several: `cow-war` is four lists of wars.
                let family = format!("{id}-");
                found = entries.iter().filter(|e| e.dataset.id.starts_with(&family)).collect();
            }
            if found.is_empty() {
                // A word of an id or a title: `mid` is in `cow-mid` and `gml-mid`.
                let word = id.to_lowercase();
                let has = |text: &str| {
                    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|w| w == word)
                };
                found = entries.iter().filter(|e| has(e.dataset.id)).collect();
                if found.is_empty() {
                    found = entries.iter().filter(|e| has(e.dataset.title)).collect();
                }
            }
            if found.is_empty() {
                let trouble = Trouble::new(format!("no dataset is called `{id}`"));
                let near = nearest(id, DATASETS.iter().map(|d| d.id));
                let help = near.unwrap_or_else(|| "`comity record sources` lists them all".into());
                return Err(trouble.help(help));
            }
            found
        }
    };
    if format == Form::Json {
        let list: Vec<_> = shown.iter().map(|e| json(e)).collect();
        let all = serde_json::json!({"schema_version": 1, "datasets": list});
        output::write(&format!("{}\n", serde_json::to_string_pretty(&all)?))?;
        return Ok(Exit::Done);
    }
    let mut out = String::new();
    match (id, shown.as_slice()) {
        (Some(_), [entry]) => whole(&mut out, entry),
        (None, _) => list(&mut out, &shown, "can be read"),
        (Some(id), _) => list(&mut out, &shown, &format!("fit `{}`", clean(id))),
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

fn entries(record: &Record) -> Result<Vec<Entry>, Trouble> {
    let (policy, _) = comity_policy::parse(SHIPPED[0].file, SHIPPED[0].text);
    let reads = policy.map(|p| comity_policy::reads(&p, record)).transpose()?.unwrap_or_default();
    let mut all_reads = reads.clone();
    for shipped in &SHIPPED[1..] {
        let (policy, _) = comity_policy::parse(shipped.file, shipped.text);
        let Some(policy) = policy else { continue };
        let of = comity_policy::reads(&policy, record)?;
        all_reads
            .extend(of.into_iter().map(|(id, tables)| (format!("{} {id}", shipped.id), tables)));
    }
    let entry = |dataset: &&'static Dataset| {
        let coverage = dataset.editions.last().map(|e| (dataset.coverage)(e)).unwrap_or_default();
        let tables = |context: bool| -> BTreeSet<String> {
            coverage.iter().filter(|c| c.context == context).map(|c| c.table.clone()).collect()
        };
        let mut answers = tables(false);
        let mut adds = tables(true);
        // Its rows may say what it covers; the silence of the news never counts.
        for answer in dataset.tables {
            let news = schema::table(answer).is_some_and(|t| t.family == "events");
            if news {
                adds.insert((*answer).to_owned());
            } else if !adds.contains(*answer) {
                answers.insert((*answer).to_owned());
            }
        }
        let adds = adds.difference(&answers).cloned().collect();
        let bears = |read: &&(String, BTreeSet<&'static str>)| {
            read.1.iter().any(|table| answers.contains(*table))
        };
        let commitments = reads.iter().filter(bears).map(|(id, _)| id.clone()).collect();
        let present: Vec<Source> =
            record.sources().iter().filter(|s| s.dataset == dataset.id).cloned().collect();
        let mut coverage = coverage;
        let claimed: Vec<Coverage> = present.iter().flat_map(|s| spans(&s.coverage)).collect();
        let more: Vec<Coverage> = claimed
            .into_iter()
            .filter(|c| !coverage.iter().any(|known| known.table == c.table))
            .collect();
        coverage.extend(more);
        let newest = newest::of(dataset, &answers, record, &all_reads);
        Entry { dataset, coverage, answers, adds, commitments, present, newest }
    };
    Ok(DATASETS.iter().map(entry).collect())
}

/// What rows cover, a claim for each table: its first to its last year, about whichever states have one.
fn spans(claims: &[Coverage]) -> Vec<Coverage> {
    let mut spans: Vec<Coverage> = Vec::new();
    for claim in claims {
        match spans.iter_mut().find(|s| s.table == claim.table && s.context == claim.context) {
            Some(span) => {
                span.from = span.from.min(claim.from);
                span.to = span.to.max(claim.to);
                if let (Units::States(all), Units::States(more)) = (&mut span.units, &claim.units) {
                    all.extend(more);
                }
            }
            None => spans.push(claim.clone()),
        }
    }
    spans
}

fn versions(entry: &Entry) -> String {
    let version = |e: &Edition| format!("{} (released {})", e.version, e.released);
    entry.dataset.editions.iter().map(version).collect::<Vec<_>>().join(", ")
}

fn years(coverage: &[Coverage]) -> Option<(i32, i32)> {
    let counting = || coverage.iter().filter(|c| !c.context);
    Some((counting().map(|c| c.from).min()?, counting().map(|c| c.to).max()?))
}

fn list(out: &mut String, entries: &[&Entry], which: &str) {
    let here = entries.iter().filter(|e| !e.present.is_empty()).count();
    let _ = writeln!(
        out,
        "{} datasets {which}; {here} are in this record ({BOLD}●{BOLD:#}). Ask for one by its id for the whole.\n",
        entries.len()
    );
    for entry in entries {
        let mark = if entry.present.is_empty() { "○" } else { "●" };
        let _ = writeln!(
            out,
            "{mark} {BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}",
            entry.dataset.id, entry.dataset.title
        );
        let mut line = String::new();
        if !entry.answers.is_empty() {
            let _ = write!(line, "answers {}", join(&entry.answers));
            if let Some((from, to)) = years(&entry.coverage) {
                let _ = write!(line, ", {from}–{to}");
            }
        }
        if !entry.adds.is_empty() {
            let lead = if line.is_empty() { "adds rows to " } else { "; adds rows to " };
            let _ = write!(line, "{lead}{}", join(&entry.adds));
        }
        terminal::lines(out, &line, width(), "    ");
        if !entry.commitments.is_empty() {
            terminal::lines(out, &format!("for {}", entry.commitments.join(", ")), width(), "    ");
        }
        if let Some(newest) = entry.newest.as_ref().filter(|n| n.is_news(&entry.present)) {
            terminal::lines(out, &format!("newest known: {}", newest.in_words()), width(), "    ");
        }
        let way = match entry.dataset.get {
            Get::Files(_) => format!("comity record fetch {}", entry.dataset.id),
            Get::ByHand(_) => "by hand".to_owned(),
        };
        let _ = writeln!(out, "    {}  {DIM}({way}){DIM:#}", entry.dataset.url);
    }
    out.push_str(
        "\n`comity record fetch ID` downloads and adds one; of those to be got by hand, `comity record sources ID` says how. Then: comity record add PATH…\n",
    );
}

fn whole(out: &mut String, entry: &Entry) {
    let d = entry.dataset;
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}  {}", d.id, d.title);
    let mut field = |name: &str, text: &str| {
        if !text.is_empty() {
            let _ = writeln!(out, "{DIM}{name}{DIM:#}");
            terminal::lines(out, &clean(text), width(), "  ");
        }
    };
    field("Published by", d.publisher);
    field("Terms", d.licence);
    field("Cite as", d.citation);
    field("Page", d.url);
    match d.get {
        Get::ByHand(how) => field("To get it", how),
        Get::Files(files) => {
            let urls: Vec<&str> = files.iter().map(|f| f.url).collect();
            field("To get it", &format!("download {}", urls.join(" and ")));
        }
    }
    field("Versions that are read", &versions(entry));
    if let Some(newest) = &entry.newest {
        field("Newest edition known", &newest.in_words());
        field("It would move", &newest.moves_in_words());
    }
    let files: Vec<String> = d
        .files
        .iter()
        .map(|f| {
            let columns: Vec<&str> = f.wanted().take(6).collect();
            format!("{} ({} …)", f.role, columns.join(" "))
        })
        .collect();
    field("Its files, recognised by their columns", &files.join("; "));
    let coverage: Vec<String> = entry.coverage.iter().map(comity_policy::in_words).collect();
    for claim in coverage {
        field("Covers", &claim);
    }
    field("For the commitments", &entry.commitments.join(", "));
    let present: Vec<String> = entry.present.iter().map(Source::label).collect();
    field("In this record", if present.is_empty() { "no" } else { "" });
    field("In this record", &present.join(", "));
}

fn json(entry: &Entry) -> serde_json::Value {
    let d = entry.dataset;
    let (downloads, by_hand) = match d.get {
        Get::Files(files) => (files.iter().map(|f| f.url).collect(), None),
        Get::ByHand(how) => (Vec::new(), Some(how)),
    };
    serde_json::json!({
        "id": d.id, "title": d.title, "publisher": d.publisher, "licence": d.licence,
        "citation": d.citation, "url": d.url, "downloads": downloads, "by_hand": by_hand,
        "versions": d.editions.iter().map(|e| e.version).collect::<Vec<_>>(),
        "released": d.editions.iter().map(|e| (e.version, e.released)).collect::<BTreeMap<_, _>>(),
        "answers": entry.answers, "adds_rows_to": entry.adds, "coverage": entry.coverage,
        "commitments": entry.commitments,
        "newest": entry.newest.as_ref().map(Newest::json),
        "in_record": entry.present.iter().map(|s| &s.id).collect::<Vec<_>>(),
    })
}

fn join(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
