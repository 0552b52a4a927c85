//! `starter/sources.toml`: the origins and coverage of the starter's sources.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::StarterError;
use comity_record::coverage::{Coverage, Only, Units};
use comity_record::source::{Relation, Source};

const TEXT: &str = include_str!("../../starter/sources.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    source: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    family: Option<String>,
    #[serde(default)]
    families: Vec<String>,
    title: String,
    version: String,
    citation: String,
    url: String,
    licence: Option<String>,
    /// Whether its facts stand beside published ones that leave them out by what they are about.
    #[serde(default)]
    beside: bool,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    coverage: Vec<Claim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    table: String,
    units: Whom,
    from: i32,
    to: i32,
    scope: Option<String>,
    #[serde(default)]
    only: Only,
    #[serde(default)]
    except: Only,
    #[serde(default)]
    context: bool,
    #[serde(default)]
    prevails: Only,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Whom {
    Word(String),
    States(BTreeSet<i32>),
    Except { except: BTreeSet<i32> },
}

/// The sources, sorted by id.
pub(super) fn sources() -> Result<Vec<Source>, StarterError> {
    let fail = |problem: String| StarterError::new("sources.toml", 0, problem);
    let manifest: Manifest = toml::from_str(TEXT).map_err(|e| fail(e.to_string()))?;
    let mut sources = Vec::with_capacity(manifest.source.len());
    for entry in manifest.source {
        let mut coverage = Vec::with_capacity(entry.coverage.len());
        for claim in entry.coverage {
            let units = match claim.units {
                Whom::Word(w) if w == "all" => Units::All,
                Whom::Word(w) => {
                    return Err(fail(format!("units: `{w}` is not \"all\" or a list")));
                }
                Whom::States(s) => Units::States(s),
                Whom::Except { except } => Units::AllExcept(except),
            };
            coverage.push(Coverage {
                table: claim.table,
                units,
                from: claim.from,
                to: claim.to,
                scope: claim.scope,
                only: claim.only,
                except: claim.except,
                context: claim.context,
                prevails: claim.prevails,
            });
        }
        let relation = if entry.beside { Relation::Beside } else { Relation::Starter };
        let relations: BTreeMap<String, Relation> = entry
            .family
            .into_iter()
            .chain(entry.families)
            .map(|family| (family, relation))
            .collect();
        sources.push(Source {
            id: entry.id,
            dataset: "starter".into(),
            version: entry.version,
            title: entry.title,
            publisher: "Comity".into(),
            citation: entry.citation,
            licence: entry.licence.unwrap_or_else(|| "CC BY 4.0 (facts)".into()),
            url: entry.url,
            relations,
            files: Vec::new(),
            added: String::new(),
            coverage,
            notes: entry.notes,
            unplaced: Vec::new(),
            unreviewed: false,
        });
    }
    sources.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(sources)
}
