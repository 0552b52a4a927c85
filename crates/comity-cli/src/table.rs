//! A panel or an answer on its way to a file or the terminal.

use std::fmt::Write as _;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use comity_record::Source;
use comity_report::Form;
use comity_report::frame::{self, Frame};
use serde_json::{Value, json};

use crate::exit::Trouble;
use crate::output::{Output, becomes_a_file};
use comity_report::plain::{width, wrap};

/// Names and what they mean, each text beside its name and under itself.
pub fn definitions<'a>(
    out: &mut String,
    indent: usize,
    said: impl IntoIterator<Item = (&'a str, &'a str)>,
) {
    let said: Vec<(&str, &str)> = said.into_iter().collect();
    let longest = said.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let room = width().saturating_sub(indent + longest + 2).max(20);
    for (name, text) in said {
        let lines = wrap(text, room);
        let first = lines.first().map_or("", String::as_str);
        let _ = writeln!(out, "{:indent$}{name:longest$}  {first}", "");
        for line in lines.iter().skip(1) {
            let _ = writeln!(out, "{:1$}{line}", "", indent + longest + 2);
        }
    }
}

/// How large a table is: `1 row and 4 columns`.
pub fn size(rows: usize, columns: usize) -> String {
    format!("{} and {}", counted(rows, "row"), counted(columns, "column"))
}

/// Figures without marks between thousands, as programs read them.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Seven digits, without zeros at the end; what is too small for twelve decimals has a power of ten, and is not shown as 0.
pub fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".into();
    }
    if value.abs() < 1e-7 {
        return format!("{value:.3e}");
    }
    let digits = (6 - value.abs().log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// The form given, else the one that the file's name says, else a table for a terminal.
pub fn form(given: Option<Form>, output: Option<&Path>) -> Result<Form, Trouble> {
    match (given, output) {
        (Some(form), _) => Ok(form),
        (None, None) => Ok(Form::Text),
        (None, Some(path)) if path == Path::new("-") => Ok(Form::Text),
        (None, Some(path)) => Form::of_table(path).ok_or_else(|| {
            Trouble::new(format!("the name {} does not say the form of the file", path.display()))
                .help("end it with .parquet, .csv, .json, .arrow, .dta or .rds, or add --format")
        }),
    }
}

/// Writes the whole frame to a file or standard output; how many rows there were. `notes` go into forms that can hold them.
pub fn write(
    frame: &Frame<'_>,
    form: Form,
    output: Option<&Path>,
    notes: &str,
) -> Result<usize, Trouble> {
    let to_stdout = output.is_none_or(|path| path == Path::new("-"));
    let file = !to_stdout && output.map(becomes_a_file).transpose()?.unwrap_or(false);
    if form == Form::Dta && !file {
        return Err(Trouble::new(
            "a Stata file cannot be written to standard output, a pipe or a device",
        )
        .help("name a file: --output panel.dta"));
    }
    if to_stdout && form.is_binary() && std::io::stdout().is_terminal() {
        return Err(Trouble::new("this form is not for a terminal")
            .help("name a file: --output FILE, or write it on to another program"));
    }
    if form == Form::Text {
        let (text, rows) = frame::glance(frame)?;
        let mut out = Output::open(output)?;
        out.screen(&text)?;
        out.finish()?;
        return Ok(rows);
    }
    let mut out = Output::open(output)?;
    let rows = frame::write(frame, form, &mut out, notes)?;
    out.finish()?;
    Ok(rows)
}

/// The notes beside a table, written and not yet seen: `dyads.parquet` has `dyads.parquet.json`. There is nothing beside
/// a pipe or a device.
pub fn beside(table: Option<&Path>, notes: &str) -> Result<Option<Output>, Trouble> {
    let Some(table) = table else { return Ok(None) };
    if !becomes_a_file(table)? {
        return Ok(None);
    }
    let mut name = table.as_os_str().to_owned();
    name.push(".json");
    let mut out = Output::open(Some(&PathBuf::from(name)))?;
    std::io::Write::write_all(&mut out, notes.as_bytes())?;
    Ok(Some(out))
}

/// A source in such notes.
pub fn source(s: &Source) -> Value {
    let mut source = json!({
        "id": s.id, "title": s.title, "version": s.version, "publisher": s.publisher,
        "licence": s.licence, "url": s.url, "citation": s.citation,
    });
    if s.unreviewed {
        source["unreviewed"] = true.into();
        source["label"] = s.label().into();
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_number_is_not_nothing() {
        assert_eq!((number(0.0).as_str(), number(0.25).as_str()), ("0", "0.25"));
        assert_eq!(
            (number(1.5e-15).as_str(), number(-3e-300).as_str()),
            ("1.500e-15", "-3.000e-300")
        );
        assert_eq!(number(0.000_025).as_str(), "0.000025");
    }

    #[test]
    fn numbers_have_seven_digits() {
        assert_eq!(number(-50.388_561_234), "-50.38856");
        assert_eq!(number(115_942.0), "115942");
        assert_eq!(number(-0.007_723_04), "-0.00772304");
        assert_eq!(number(0.0), "0");
    }
}
