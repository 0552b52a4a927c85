//! Published events as daily counts by dyad.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use arrow::array::{Array, RecordBatch};
use comity_datasets::{find, read_part};
use comity_events::alarm::Dyad;
use comity_events::detect::Period;
use comity_events::replay::Past;
use comity_record::columns::{days, ints, texts};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Force, seizures, expulsions, breaks of relations, protest.
    Material,
    /// Also demands, accusations, threats and refusals.
    Conflict,
}

/// Daily counts of a region.
pub struct Counts {
    pub first_day: i32,
    /// All reports of each day.
    pub all: Vec<u64>,
    /// By dyad: events of the kind, and reports of any kind.
    pub dyads: BTreeMap<Dyad, (Vec<u32>, Vec<u32>)>,
    /// Events without two different states.
    pub unplaced: usize,
    pub events: usize,
}

/// The rows of one table of a published file.
pub fn table(path: &Path, name: &str) -> Result<RecordBatch, Box<dyn Error>> {
    let search = find(&[PathBuf::from(path)]);
    let found = search.found.first().ok_or_else(|| format!("{} is not known", path.display()))?;
    let bundle = read_part(found)?;
    Ok(bundle.table(name).ok_or_else(|| format!("{} has no {name}", path.display()))?.clone())
}

/// Whether a code is of the kind. WEIS: 11-17 verbal, 18-22 material conflict; CAMEO: 9-13 and 14-20.
fn is(kind: Kind, scheme: &str, root: &str) -> bool {
    let Ok(root) = root.parse::<u8>() else { return false };
    let (verbal, material) = if scheme == "weis" { (11, 18) } else { (9, 14) };
    root >= if kind == Kind::Material { material } else { verbal }
}

/// Reads a file of events and counts them.
pub fn counts(path: &Path, kind: Kind, directed: bool) -> Result<Counts, Box<dyn Error>> {
    counts_of(&table(path, "events")?, kind, directed)
}

/// Counts rows of events.
pub fn counts_of(
    batch: &RecordBatch,
    kind: Kind,
    directed: bool,
) -> Result<Counts, Box<dyn Error>> {
    let date = days(batch, "date");
    let (actor, target) = (ints(batch, "ccode"), ints(batch, "partner"));
    let (scheme, root) = (texts(batch, "scheme"), texts(batch, "root"));
    let seen = (0..batch.num_rows()).map(|row| date.value(row));
    let (first_day, last) = (seen.clone().min().ok_or("no events")?, seen.max().unwrap_or(0));
    let length = (last - first_day + 1) as usize;
    let mut counts = Counts {
        first_day,
        all: vec![0; length],
        dyads: BTreeMap::new(),
        unplaced: 0,
        events: batch.num_rows(),
    };
    for row in 0..batch.num_rows() {
        let at = (date.value(row) - first_day) as usize;
        let counted = is(kind, scheme.value(row), root.value(row));
        counts.all[at] += 1;
        let placed = actor.is_valid(row) && target.is_valid(row);
        if !placed || actor.value(row) == target.value(row) {
            counts.unplaced += 1;
            continue;
        }
        let dyad = Dyad::directed(actor.value(row), target.value(row));
        let dyad = if directed { dyad } else { dyad.pair() };
        let (events, reports) =
            counts.dyads.entry(dyad).or_insert_with(|| (vec![0; length], vec![0; length]));
        events[at] += u32::from(counted);
        reports[at] += 1;
    }
    Ok(counts)
}

/// Yearly counts of pairs of states (ICEWS as the package netify carries it): verbal and material conflict, and reports of any kind.
pub fn years(path: &Path) -> Result<Past, Box<dyn Error>> {
    let batch = table(path, "event_years")?;
    let columns = ["year", "ccode", "partner"].map(|name| ints(&batch, name));
    let [year, actor, target] = columns;
    let counts =
        ["verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict"]
            .map(|name| ints(&batch, name));
    let first = year.iter().flatten().min().ok_or("no years")?;
    let last = year.iter().flatten().max().unwrap_or(first);
    let length = (last - first + 1) as usize;
    let mut all = vec![0.0; length];
    let mut dyads: BTreeMap<Dyad, Vec<Option<[f64; 2]>>> = BTreeMap::new();
    for row in 0..batch.num_rows() {
        let at = (year.value(row) - first) as usize;
        let of = |which: usize| f64::from(counts[which].value(row));
        let reports: f64 = (0..4).map(of).sum();
        all[at] += reports;
        if actor.is_valid(row) && target.is_valid(row) && actor.value(row) != target.value(row) {
            let dyad = Dyad::undirected(actor.value(row), target.value(row));
            let cells = dyads.entry(dyad).or_insert_with(|| vec![None; length]);
            let [count, sum] = cells[at].get_or_insert([0.0, 0.0]);
            *count += of(2) + of(3);
            *sum += reports;
        }
    }
    Ok(Past::new(Period::Year, first - 1970, all, dyads).ok_or("a dyad has other years")?)
}
