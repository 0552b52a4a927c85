//! What can be read as a document: the policies, and the codebook of the record's tables.

use std::fmt::Write as _;

use comity::{Error, PolicyText, SHIPPED, TableAbout};
use rmcp::model::{Resource, ResourceTemplate};

use crate::desk::{Desk, Opened, short};

const POLICY: &str = "comity://policy/";
const CODEBOOK: &str = "comity://codebook";
const MEASURE: &str = "comity://measure/";

/// Everything that can be read.
pub fn list(desk: &Desk, opened: &Opened) -> Result<Vec<Resource>, Error> {
    let policies = desk.policies().iter().map(|policy| {
        let document = policy.document();
        Resource::new(format!("{POLICY}{}", document.id), document.id.clone())
            .with_title(document.title.clone())
            .with_description("A policy: its articles and commitments")
            .with_mime_type("text/markdown")
    });
    let mut all: Vec<Resource> = policies.collect();
    all.push(
        Resource::new(CODEBOOK, "codebook")
            .with_title("Codebook")
            .with_description("Every table and view, and what a row of it is")
            .with_mime_type("text/markdown"),
    );
    for table in opened.record().described()? {
        all.push(
            Resource::new(format!("{CODEBOOK}/{}", table.name), table.name.clone())
                .with_title(format!("Codebook: {}", table.name))
                .with_description(table.about)
                .with_mime_type("text/markdown"),
        );
    }
    Ok(all)
}

/// Addresses with a part to fill in.
pub fn templates() -> Vec<ResourceTemplate> {
    let of = |address: &str, name: &str, about: &str| {
        ResourceTemplate::new(address, name).with_description(about).with_mime_type("text/markdown")
    };
    vec![
        of("comity://policy/{id}", "policy", "A policy as it is written"),
        of("comity://codebook/{table}", "codebook", "The columns of a table or view"),
        of("comity://measure/{name}", "measure", "A measure: formula, unit, nulls, reference"),
    ]
}

/// The text at an address; none: there is nothing.
pub fn read(desk: &Desk, opened: &Opened, address: &str) -> Result<String, Error> {
    if let Some(id) = address.strip_prefix(POLICY) {
        let policy = desk.policy(Some(id))?;
        // A policy that does not ship is shown by its commitments: the text stays with who gave it.
        return match SHIPPED.iter().find(|s| s.id == id) {
            Some(shipped) => Ok(PolicyText::shipped(shipped.id)?.text),
            None => Ok(crate::answers::policy(policy)),
        };
    }
    if let Some(name) = address.strip_prefix(MEASURE) {
        return Ok(comity::measure::explain(comity::measure::named(name)?));
    }
    let tables = opened.record().described()?;
    match address.strip_prefix(CODEBOOK) {
        Some("") => Ok(codebook(&tables)),
        Some(rest) if rest.starts_with('/') => {
            let name = &rest[1..];
            let table = tables.iter().find(|t| t.name == name);
            table.map(one).ok_or_else(|| {
                let error = Error::new(format!("there is no table `{}`", short(name)));
                match comity::nearest(name, tables.iter().map(|t| t.name.as_str())) {
                    Some(near) => error.help(near),
                    None => error.help(format!("{CODEBOOK} lists them")),
                }
            })
        }
        _ => Err(Error::new(format!("nothing is at `{}`", short(address)))
            .help("addresses begin with comity://policy/, comity://codebook or comity://measure/")),
    }
}

/// Every table, a line each.
pub fn codebook(tables: &[TableAbout]) -> String {
    let mut out = String::from("# Tables and views\n\n");
    for table in tables {
        let call = if table.function { "(…)" } else { "" };
        let _ = writeln!(out, "* `{}{call}`: {}", table.name, table.about);
    }
    out
}

/// One table with its columns.
pub fn one(table: &TableAbout) -> String {
    let mut out = format!("# {}\n\n{}\n\n", table.name, table.about);
    for column in &table.columns {
        let _ = write!(out, "* `{}` ({}", column.name, column.kind);
        if !column.unit.is_empty() {
            let _ = write!(out, ", {}", column.unit);
        }
        let _ = write!(out, "): {}", column.doc);
        if !column.values.is_empty() {
            let _ = write!(out, " Values: {}.", column.values.trim_end_matches('.'));
        }
        out.push('\n');
    }
    out
}
