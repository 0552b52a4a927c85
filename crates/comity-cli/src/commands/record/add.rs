//! `comity record add`: published datasets, recognised by their contents, and tables of one's own.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use comity_datasets::codes::Places;
use comity_datasets::own::{self, Own};
use comity_datasets::{Found, ReadError, Search, Unrecognised, Why, formats};
use comity_record::SourceBundle;
use comity_record::parallel::heaviest_first;
use comity_record::schema::TABLES;
use comity_record::store::{Change, Outcome, Packed};

use super::{BOLD, paths};
use crate::exit::{Exit, Trouble};
use crate::given::{RecordArgs, nearest};
use crate::output;
use crate::progress::Progress;
use comity_report::plain::{clean, width};
use comity_report::{terminal, words};

/// Flags of `comity record add`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity record add ~/Downloads/*                what is a known dataset is added, the rest is named\n  \
    comity record add ~/Downloads/* --dry-run      says what would happen, and changes nothing\n  \
    comity record add '~/Downloads/*.csv'          a pattern in quotes is understood too\n  \
    comity record add mine.csv --as memberships --coverage 1990-2024\n\n\
    CSV, TSV, Excel, R, Stata and Parquet are read, plain or packed (zip, tar, gzip, bzip2, xz). Each dataset is added whole or\n\
    not at all.")]
pub(super) struct Args {
    /// Files, folders or archives
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    record: RecordArgs,
    /// Accept a dataset of which only a part is there: its rows are facts, its silence says nothing
    #[arg(long)]
    part: bool,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Take a file that has most of the columns of a dataset, or a version that is older or contradicts itself, for that dataset. A
    /// newer version with the columns that are known needs no flag
    #[arg(long)]
    loose: bool,
    /// The file is a table of your own, in the columns of this canonical table
    #[arg(long = "as", value_name = "TABLE", conflicts_with_all = ["part", "loose"])]
    own: Option<String>,
    /// The years in which your table is complete, so that its silence counts: 1990-2024
    #[arg(long, value_name = "YEARS", requires = "own")]
    coverage: Option<String>,
    /// What your table is about, in a phrase
    #[arg(long, value_name = "PHRASE", requires = "own")]
    scope: Option<String>,
    /// What to call your table
    #[arg(long, value_name = "TITLE", requires = "own")]
    title: Option<String>,
    /// How to cite your table
    #[arg(long, value_name = "TEXT", requires = "own")]
    cite: Option<String>,
}

impl Args {
    /// Published files, as they are.
    pub(super) fn of(paths: Vec<PathBuf>, record: RecordArgs) -> Self {
        Self {
            paths,
            record,
            part: false,
            dry_run: false,
            loose: false,
            own: None,
            coverage: None,
            scope: None,
            title: None,
            cite: None,
        }
    }
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Result<Exit, Trouble> {
    let args = &Args { paths: paths::expanded(&args.paths)?, ..args.clone() };
    let Read { search, mut bundles, mut refused } = match &args.own {
        Some(table) => Read { bundles: own(args, table)?, ..Read::default() },
        None => published(args)?,
    };
    let store = args.record.store();
    // A dataset that the record cannot take is left out; the others are added all the same.
    if bundles.len() > 1 && store.would_add_packed(&bundles).is_err() {
        let mut fit = Vec::new();
        for bundle in bundles {
            match store.would_add_packed(std::slice::from_ref(&bundle)) {
                Ok(_) => fit.push(bundle),
                Err(error) => refused.push(Trouble::from(error)),
            }
        }
        bundles = fit;
    }
    if bundles.is_empty() {
        return Ok(report_refused(&refused));
    }
    let mut out = String::new();
    if args.dry_run {
        describe(&mut out, &bundles, &store.would_add_packed(&bundles)?, true);
        left_out(&mut out, &search, &args.paths);
        out.push_str("\nNothing was changed.\n");
        output::print(&out)?;
        return Ok(report_refused(&refused));
    }
    let change = store.add_packed(&bundles)?;
    super::warn(&change);
    describe(&mut out, &bundles, &change, false);
    left_out(&mut out, &search, &args.paths);
    let _ = writeln!(out, "\nThe record is {}. Next:", clean(&store.folder().to_string_lossy()));
    let _ = writeln!(out, "  comity record info{}\n  comity audit CHN{0}", args.record.repeat());
    output::print(&out)?;
    Ok(report_refused(&refused))
}

/// Datasets that were not read, on standard error; the others are in the record all the same.
fn report_refused(refused: &[Trouble]) -> Exit {
    for trouble in refused {
        anstream::eprint!("{}", trouble.to_text());
    }
    if refused.is_empty() { Exit::Done } else { Exit::Error }
}

/// The tables of the user, each from one file.
fn own(args: &Args, table: &str) -> Result<Vec<Packed>, Trouble> {
    let years = args.coverage.as_deref().map(years).transpose()?;
    let record = args.record.store();
    let record = if record.exists() { record.open()? } else { comity_datasets::starter::record() };
    let states = record.states()?;
    let own = Own {
        table,
        years,
        scope: args.scope.clone(),
        title: args.title.clone(),
        citation: args.cite.clone(),
    };
    let mut bundles = Vec::new();
    let mut there = record.sources().to_vec();
    for path in &args.paths {
        let mut bundle = match own::read_beside(path, &own, states, &there) {
            Err(ReadError::NoTable { .. }) => {
                let near = nearest(table, TABLES.iter().map(|t| t.name));
                let trouble = Trouble::new(format!("there is no table `{table}`"));
                let names: Vec<&str> = TABLES.iter().map(|t| t.name).collect();
                return Err(
                    trouble.help(near.unwrap_or_else(|| format!("there are {}", names.join(", "))))
                );
            }
            read => read.map_err(|e| Trouble::from(e).help("nothing was changed"))?,
        };
        bundle.source.added = today();
        there.push(bundle.source.clone());
        bundles.push(Packed::of(bundle)?);
    }
    Ok(bundles)
}

/// `1990-2024`, or one year.
fn years(text: &str) -> Result<RangeInclusive<i32>, Trouble> {
    match comity_record::span(text) {
        Some((from, to)) if (1000..=to).contains(&from) && to < 3000 => Ok(from..=to),
        _ => Err(Trouble::new(format!("--coverage `{text}` is not a span of years"))
            .help("write it as 1990-2024")),
    }
}

/// The family of tables that say who is a state.
const SYSTEM: &str = "system";

/// What the paths hold, read: each dataset whole or not at all.
#[derive(Default)]
struct Read {
    search: Search,
    bundles: Vec<Packed>,
    /// Datasets that could not be read.
    refused: Vec<Trouble>,
}

fn published(args: &Args) -> Result<Read, Trouble> {
    let paths = &args.paths;
    let store = args.record.store();
    // Each dataset is read together with its files that the record has: it does not matter which came first.
    let mut search =
        comity_datasets::find_beside(paths, args.loose, |dataset| store.kept(dataset))?;
    // What was named itself must be readable; what else is in a folder may be anything.
    let named =
        |u: &&Unrecognised| u.inside.is_empty() && paths.contains(&u.path) && !u.path.is_dir();
    let alone = paths.len() == 1;
    if let Some(bad) = search.unrecognised.iter().find(|u| alone && named(u)) {
        return Err(no_dataset(&search, Some(bad)));
    }
    if search.found.is_empty() {
        return Err(no_dataset(&search, None));
    }
    let mut read = Read::default();
    // Of an archive that was named, what cannot be read is named too.
    let unreadable =
        search.unrecognised.iter().filter(|u| paths.contains(&u.path) && !u.path.is_dir());
    for bad in unreadable.filter(|u| u.why == Why::Unreadable) {
        let shown = formats::shown(&bad.path.display().to_string(), &bad.inside);
        read.refused.push(Trouble::new(format!("{shown}: {}", bad.reason)));
    }
    let record = if store.exists() { store.open()? } else { comity_datasets::starter::record() };
    // Codes are placed by the states of the record, those that come with the same command among them.
    let mut places = Places::of(&record)?;
    let lists = |found: &Found| found.dataset.relations.iter().any(|(family, _)| *family == SYSTEM);
    // From here on what was found is let go as it is read.
    let (first, then): (Vec<Found>, Vec<Found>) =
        std::mem::take(&mut search.found).into_iter().partition(lists);
    let mut results = Vec::new();
    for result in each(first, args.part, &places, Ok) {
        results.push(result.and_then(|bundle| {
            places = Arc::new(places.beside(&bundle));
            packed(bundle)
        }));
    }
    results.extend(each(then, args.part, &places, packed));
    for result in results {
        match result {
            Ok(source) => read.bundles.push(source),
            Err(trouble) => read.refused.push(trouble),
        }
    }
    read.bundles.sort_by(|a, b| a.source.id.cmp(&b.source.id));
    read.search = search;
    if read.bundles.is_empty()
        && let Some(last) = read.refused.pop()
    {
        for trouble in &read.refused {
            anstream::eprint!("{}", trouble.to_text());
        }
        return Err(last.help("nothing was changed"));
    }
    Ok(read)
}

fn refused(e: ReadError) -> Trouble {
    let help = match e {
        ReadError::CutShort { .. } => "to use its rows all the same, without its silence: --part",
        ReadError::UnknownVersion { .. } => {
            "to read it all the same, under the version that it says, to the last year in its rows: --loose"
        }
        ReadError::MixedVersions { .. } | ReadError::BeyondEdition { .. } => {
            "to read it all the same, as the version that most of it says: --loose"
        }
        _ => return Trouble::from(e),
    };
    Trouble::from(e).help(help)
}

/// The rows of a source as they will lie on disk.
fn packed(mut bundle: SourceBundle) -> Result<Packed, Trouble> {
    bundle.source.added = today();
    Ok(Packed::of(bundle)?)
}

/// Reads the datasets, as many at once as there are processors, and does something with the rows of each; the results stand in their order.
fn each<T: Send>(
    found: Vec<Found>,
    part: bool,
    places: &Arc<Places>,
    then: impl Fn(SourceBundle) -> Result<T, Trouble> + Sync,
) -> Vec<Result<T, Trouble>> {
    let progress = Progress::new("reading");
    let (all, done) = (found.len(), AtomicUsize::new(0));
    let results = heaviest_first(found, Found::weight, |found| {
        let read = comity_datasets::read_with(&found, part, places).map_err(refused);
        drop(found);
        let made = read.and_then(&then);
        progress.update(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        made
    });
    progress.done();
    results
}

/// What each dataset is and holds, what became of it, and how to cite it.
fn describe(out: &mut String, bundles: &[Packed], change: &Change, dry: bool) {
    for bundle in bundles {
        let id = &bundle.source.id;
        let outcome = change.outcome(id).unwrap_or(Outcome::Added);
        let verb = match (outcome, dry) {
            (Outcome::Added, false) => "added",
            (Outcome::Added, true) => "would add",
            (Outcome::Extended, false) => "extended",
            (Outcome::Extended, true) => "would extend",
            (Outcome::Replaced, false) => "replaced",
            (Outcome::Replaced, true) => "would replace",
            (Outcome::Unchanged, _) => "unchanged",
        };
        let _ = writeln!(
            out,
            "{BOLD}{verb} {}{BOLD:#}  {}",
            clean(&bundle.source.label()),
            clean(&bundle.source.title)
        );
        if outcome == Outcome::Unchanged {
            terminal::lines(out, "the record has these rows already", width(), "  ");
            continue;
        }
        let rows: usize = bundle.tables().map(|(_, rows)| rows).sum();
        let tables: Vec<&str> = bundle.tables().map(|(name, _)| name).collect();
        let mut text = format!("{} in {}", words::plural(rows, "row", "rows"), tables.join(", "));
        if let Some(kept) = change.kept.get(id) {
            let kept: usize = kept.values().sum();
            let held = change.held.get(id).copied().unwrap_or(kept + rows);
            let _ = write!(
                text,
                ", {} of them new, beside the {} that it had: {held} in all",
                held.saturating_sub(kept),
                words::plural(kept, "row", "rows")
            );
        }
        terminal::lines(out, &text, width(), "  ");
        for note in &bundle.source.notes {
            terminal::lines(out, &format!("note: {}", cut(note)), width(), "  ");
        }
        terminal::lines(out, &format!("cite: {}", bundle.source.citation), width(), "  ");
    }
}

/// Files that were not read: those named, unreadable or like a dataset each with its reason, the others counted by what they are.
fn left_out(out: &mut String, search: &Search, paths: &[PathBuf]) {
    const MOST: usize = 20;
    let named = |u: &Unrecognised| paths.contains(&u.path);
    let (each, rest): (Vec<&Unrecognised>, Vec<&Unrecognised>) =
        search.unrecognised.iter().partition(|u| match u.why {
            // Already reported as an error.
            Why::Unreadable => !named(u),
            Why::Nothing => named(u),
            Why::Foreign => named(u) || !u.nearest.is_empty() && !is_text_for_people(u),
        });
    if !each.is_empty() {
        out.push('\n');
    }
    for file in each.iter().take(MOST) {
        let shown = formats::shown(&file.path.display().to_string(), &file.inside);
        let mut text = format!("left out {shown}: {}", file.reason);
        if let Some(nearest) = file.nearest.first() {
            let _ = write!(text, "; nearest: {nearest}");
        }
        terminal::lines(out, &cut(&text), width(), "");
    }
    let count = |why: Why| rest.iter().filter(|u| u.why == why).count();
    let (nothing, foreign) = (count(Why::Nothing), count(Why::Foreign));
    let more = each.len().saturating_sub(MOST);
    for (many, what) in [
        (more, "more like these"),
        (nothing, "of known datasets, with nothing that this version reads"),
        (foreign, "of no known dataset"),
    ] {
        if many > 0 {
            let count = words::plural(many, "file", "files");
            let _ = writeln!(out, "left out: {count} {what}");
        }
    }
    if more + nothing + foreign > 0 {
        let _ = writeln!(out, "`comity record add FILE --dry-run` says of one file why");
    }
}

/// A page to read that happens to resemble a table.
fn is_text_for_people(file: &Unrecognised) -> bool {
    file.path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("md") || e.eq_ignore_ascii_case("html"))
}

/// A long note, cut; the whole stands in `comity record info --format json` and in reports.
fn cut(note: &str) -> String {
    const MOST: usize = 240;
    if note.chars().count() <= MOST {
        return note.to_owned();
    }
    let mut short: String = note.chars().take(MOST).collect();
    short.push_str(" …");
    short
}

/// Nothing to add: why, and what comes nearest.
fn no_dataset(search: &Search, named: Option<&Unrecognised>) -> Trouble {
    let list: Vec<_> =
        named.map_or_else(|| search.unrecognised.iter().take(5).collect(), |n| vec![n]);
    let unreadable = named.is_some_and(|n| n.why == Why::Unreadable);
    let mut message = String::from(if unreadable {
        "the file could not be read; nothing was changed"
    } else {
        "no known dataset was found; nothing was changed"
    });
    for file in &list {
        let shown = formats::shown(&file.path.display().to_string(), &file.inside);
        let _ = write!(message, "\n{shown}: {}", file.reason);
        for near in file.nearest.iter().take(3) {
            let _ = write!(message, "\n  nearest: {near}");
        }
    }
    if search.unrecognised.len() > list.len() && named.is_none() {
        let _ = write!(
            message,
            "\nand {} more",
            words::plural(search.unrecognised.len() - list.len(), "file", "files")
        );
    }
    let near = list.iter().any(|file| !file.nearest.is_empty());
    let help = if near {
        "`comity record sources` lists the datasets that can be added; a release whose columns have moved is read with `comity record add FILE --loose`"
    } else {
        "`comity record sources` lists the datasets that can be added, and where they are published"
    };
    Trouble::new(message).help(help).help(
        "a table of your own, or of a dataset that is not read, can be used as it is: `comity panel UNIT --join FILE`, `comity query --table NAME=FILE`",
    )
}

/// Today in UTC, `YYYY-MM-DD`.
fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}
