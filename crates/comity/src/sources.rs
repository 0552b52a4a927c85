//! Which source answers for a family of tables.

use std::collections::BTreeSet;

use comity_panel::Panel;
use comity_record::{Reading, Record, Relation, Source, nearest, schema};

use crate::Error;

/// `FAMILY=ID`, both known to the record.
///
/// ```
/// let record = comity::Record::starter();
/// let error = comity::source(record.tables(), "treatys=atop").unwrap_err();
/// assert!(error.help[0].contains("treaties"));
/// ```
///
/// # Errors
/// A text without `=`, a family or a source that is not there, with the nearest and all there are.
pub fn source(record: &Record, given: &str) -> Result<(String, String), Error> {
    let Some((family, id)) = given.split_once('=') else {
        return Err(Error::new(format!("`{given}` names no family"))
            .help("write FAMILY=ID, for example treaties=atop"));
    };
    let (family, id) = (family.trim(), id.trim());
    let mut families: Vec<&str> = schema::TABLES.iter().map(|t| t.family).collect();
    families.sort_unstable();
    families.dedup();
    if !families.contains(&family) {
        let mut error = Error::new(format!("`{family}` is not a family of tables"));
        if let Some(near) = nearest(family, families.iter().copied()) {
            error = error.help(near);
        }
        return Err(error.help(format!("the families are {}", families.join(", "))));
    }
    // A layer stands in every reading: there is nothing to choose.
    let is_there =
        |s: &&Source| s.relations.get(family).is_some_and(|relation| *relation != Relation::Layer);
    let there: Vec<&Source> = record.sources().iter().filter(is_there).collect();
    if !there.iter().any(|s| s.id == id || s.dataset == id) {
        let mut error = Error::new(format!("this record has no source `{id}` for {family}"));
        let names = there.iter().flat_map(|s| [s.id.as_str(), s.dataset.as_str()]);
        if let Some(near) = nearest(id, names) {
            error = error.help(near);
        }
        let ids: Vec<&str> = there.iter().map(|s| s.id.as_str()).collect();
        return Err(error.help(if ids.is_empty() {
            "add one with `comity record add PATH…`".to_owned()
        } else {
            format!("its sources for {family} are {}", ids.join(", "))
        }));
    }
    Ok((family.to_owned(), id.to_owned()))
}

/// The baseline, with the sources named for their families (`FAMILY=ID` each).
///
/// ```
/// let record = comity::Record::starter();
/// let reading = comity::reading(record.tables(), &["vetoes=starter-vetoes"])?;
/// assert_eq!(reading.sources("vetoes"), ["starter-vetoes"]);
/// # Ok::<(), comity::Error>(())
/// ```
///
/// # Errors
/// As [`source`].
pub fn reading<T: AsRef<str>>(record: &Record, given: &[T]) -> Result<Reading, Error> {
    let pairs =
        given.iter().map(|s| source(record, s.as_ref())).collect::<Result<Vec<_>, Error>>()?;
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(f, s)| (f.as_str(), s.as_str())).collect();
    Ok(if pairs.is_empty() { record.baseline() } else { record.reading_with(&pairs)? })
}

/// The sources behind the rows and columns of a panel, in the order of the record.
///
/// ```
/// use comity::{PanelRequest, Record};
///
/// let record = Record::starter();
/// let request = PanelRequest { unit: "state-years".into(), with: vec!["majors".into()], ..PanelRequest::default() };
/// let panel = record.panel(request)?;
/// let sources = comity::panel_sources(record.tables(), &panel);
/// assert!(!sources.is_empty() && sources.iter().all(|s| !s.citation.is_empty()));
/// # Ok::<(), comity::Error>(())
/// ```
pub fn panel_sources<'a>(record: &'a Record, panel: &Panel) -> Vec<&'a Source> {
    let of_columns = panel.about().into_iter().flat_map(|a| a.sources);
    let ids: BTreeSet<String> = of_columns.chain(panel.keeping_sources()).collect();
    let system = |s: &&Source| panel.system_sources().contains(&s.id);
    record.sources().iter().filter(|s| ids.contains(&s.id) || system(s)).collect()
}
