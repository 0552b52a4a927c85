//! What is given on the command line, understood: records, policies, states, commitments, sources, years.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use comity_datasets::catalogue;
use comity_policy::diagnostic::{has_errors, render_all};
use comity_policy::document::Policy;
use comity_policy::{Error as PolicyError, Keep, Options, SHIPPED};
use comity_record::as_of::Why;
use comity_record::{Record, Store};
use comity_sql::Budget;

use comity::Cache;
pub use comity::{reading, source};

use crate::exit::Trouble;
use crate::progress::Progress;
use comity_report::plain::{checked, clean};

/// Which record to read.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RecordArgs {
    /// Folder of the record [default: the one that `COMITY_RECORD` names, else the one in your data folder, else what ships inside the
    /// program]
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
}

impl RecordArgs {
    /// Opens the record: the folder named; else the default one if it is there; else the starter.
    pub fn open(&self) -> Result<Record, Trouble> {
        Ok(comity::Record::at_hand(self.record.as_deref())?.tables().clone())
    }

    /// The folder to write to, which need not exist yet.
    pub fn store(&self) -> Store {
        Store::at(self.record.clone().unwrap_or_else(Store::default_folder), catalogue())
    }

    /// What a next command must repeat.
    pub fn repeat(&self) -> String {
        // What the environment names holds for the next command too.
        let folder = self.record.as_ref();
        folder
            .map_or_else(String::new, |dir| format!(" --record {}", quoted(&dir.to_string_lossy())))
    }
}

/// What to run, and how.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct RunArgs {
    /// A policy that ships (`comity policy list`), or a file
    #[arg(long, value_name = "ID|FILE", default_value = "independent-peace")]
    pub policy: String,
    /// Let this source answer for a family of tables, for example treaties=cow-alliances (repeatable)
    #[arg(long, value_name = "FAMILY=ID")]
    pub source: Vec<String>,
    /// Set aside what is found between two states, for example 710:713 (repeatable)
    #[arg(long, value_name = "A:B")]
    pub without: Vec<String>,
    /// Use only editions of datasets that were published by the end of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<String>,
}

impl RunArgs {
    /// The record as far as it was published on the day asked, with a note on what is not in it.
    pub fn seen(&self, record: Record) -> Result<Record, Trouble> {
        let Some(day) = &self.as_of else { return Ok(record) };
        let date = day.parse().map_err(|_| {
            Trouble::new(format!("`{day}` is no day"))
                .help("write --as-of YYYY-MM-DD, for example 2015-06-30")
        })?;
        let (seen, hidden) = record.as_of(date);
        let count = |wanted: fn(&Why) -> bool| hidden.iter().filter(|h| wanted(&h.why)).count();
        let mut parts = Vec::new();
        for (n, what) in [
            (count(|w| matches!(w, Why::Released(_))), "were published later"),
            (count(|w| *w == Why::Undated), "have no known date of publication"),
            (count(|w| *w == Why::Starter), "are the program's own, dated by no publication"),
        ] {
            if n > 0 {
                parts.push(format!("{n} {what}"));
            }
        }
        let rest = seen.sources().len();
        let hidden = if parts.is_empty() { "none".to_owned() } else { parts.join(", ") };
        anstream::eprintln!("as of {day}: {rest} sources; hidden: {hidden}");
        Ok(seen)
    }

    /// The policy, checked against the record if it does not ship with the program.
    pub fn policy(&self, record: &Record) -> Result<Policy, Trouble> {
        let text = comity::PolicyText::named(&self.policy)?;
        let (policy, mut diagnostics) = comity_policy::parse(&text.file, &text.text);
        if let (Some(policy), false, false) = (&policy, has_errors(&diagnostics), text.shipped) {
            diagnostics.extend(comity_policy::check(policy, record));
        }
        let errors = has_errors(&diagnostics);
        match policy {
            Some(policy) if !errors => Ok(policy),
            _ => {
                eprint_diagnostics(&diagnostics, &text.file, &text.text);
                Err(Trouble::new(format!("{} cannot be run as it is", text.file)).help(format!(
                    "mend it, and try `comity policy check {}`",
                    quoted(&self.policy)
                )))
            }
        }
    }

    /// Options of the evaluation.
    pub fn options(
        &self,
        record: &Record,
        commitments: &[String],
        years: Option<(i32, i32)>,
    ) -> Result<Options, Trouble> {
        let without = |pair: &String| without(record, pair, years);
        Ok(Options {
            sources: self.source.iter().map(|s| source(record, s)).collect::<Result<_, _>>()?,
            without: self.without.iter().map(without).collect::<Result<_, _>>()?,
            commitments: commitments.to_vec(),
            focus: None,
            progress: None,
            budget: Some(budget(SHIPPED.iter().any(|p| p.id == self.policy))),
            keep: Cache::default_folder().map(|f| Arc::new(Cache::at(f)) as Arc<dyn Keep>),
            warm: false,
        })
    }

    /// What a next command must repeat.
    pub fn repeat(&self) -> String {
        let mut text = String::new();
        if self.policy != SHIPPED[0].id {
            let _ = write!(text, " --policy {}", quoted(&self.policy));
        }
        for source in &self.source {
            let _ = write!(text, " --source {}", quoted(source));
        }
        for pair in &self.without {
            let _ = write!(text, " --without {}", quoted(pair));
        }
        if let Some(day) = &self.as_of {
            let _ = write!(text, " --as-of {}", quoted(day));
        }
        text
    }
}

/// The policy of that name, or the first that ships where none is named.
pub fn policy_or_first(named: &str) -> &str {
    if named.is_empty() { SHIPPED[0].id } else { named }
}

/// What the queries of a policy may use together: those that ship are known, and take what they need.
pub fn budget(shipped: bool) -> Budget {
    if shipped { Budget::new(8 << 30, Duration::from_hours(1)) } else { Budget::default() }
}

/// Diagnostics on standard error, in colour where it has it.
pub fn eprint_diagnostics(
    diagnostics: &[comity_policy::diagnostic::Diagnostic],
    file: &str,
    text: &str,
) {
    if !diagnostics.is_empty() {
        let shown = checked(render_all(diagnostics, file, text, true), true);
        anstream::eprintln!("{}", shown.trim_end());
    }
}

/// An error of a query, shown where it stands in the document.
pub fn block_error(policy: &Policy, error: PolicyError) -> Trouble {
    if let PolicyError::Block { span, .. } = &error {
        let index = comity_policy::diagnostic::LineIndex::new(&policy.text);
        let (line, column) = index.position(span.start);
        return Trouble::new(format!("{}:{line}:{column}: {error}", policy.file));
    }
    error.into()
}

/// Years in order.
pub fn years(from: Option<i32>, to: Option<i32>) -> Result<(), Trouble> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => {
            Err(Trouble::new(format!("the years run backwards: --from {from} --to {to}"))
                .help(format!("did you mean --from {to} --to {from}?")))
        }
        _ => Ok(()),
    }
}

/// A state by code or name in these years, else today; how it was read is said where there was a choice.
pub fn state_in(record: &Record, given: &str, years: Option<(i32, i32)>) -> Result<i32, Trouble> {
    let state = comity::state_in(record, given, years)?;
    say_how_read(record, given, years)?;
    Ok(state)
}

/// Several states, likewise.
pub fn states_in(
    record: &Record,
    given: &[String],
    years: Option<(i32, i32)>,
) -> Result<Vec<i32>, Trouble> {
    let states = comity::states_in(record, given, years)?;
    given.iter().try_for_each(|name| say_how_read(record, name, years))?;
    Ok(states)
}

/// Says on standard error how a code or name was read, where it can be read in several ways.
pub fn say_how_read(
    record: &Record,
    given: &str,
    years: Option<(i32, i32)>,
) -> Result<(), Trouble> {
    if let Some(how) = comity::how_read(record, given, years)? {
        anstream::eprintln!("note: {}", clean(&how));
    }
    Ok(())
}

/// Commitments of the policy, by id.
pub fn commitments(policy: &Policy, ids: &[String]) -> Result<(), Trouble> {
    Ok(comity::Policy::from(policy.clone()).has(ids)?)
}

/// `A:B`, two states.
fn without(record: &Record, given: &str, years: Option<(i32, i32)>) -> Result<(i32, i32), Trouble> {
    let (a, b) = pair(given)?;
    Ok((state_in(record, &a, years)?, state_in(record, &b, years)?))
}

/// Progress of an evaluation.
pub fn progress(options: &mut Options, what: &'static str) -> Progress {
    let progress = Progress::new(what);
    let shown = progress.clone();
    options.progress = Some(Arc::new(move |done, total| shown.update(done, total)));
    progress
}

/// A pair of states as it is written, not yet looked up.
pub fn pair(given: &str) -> Result<(String, String), Trouble> {
    let Some((a, b)) = given.split_once(':') else {
        return Err(Trouble::new(format!("`{given}` is not a pair of states"))
            .help("write --without A:B, for example 710:713"));
    };
    Ok((a.to_owned(), b.to_owned()))
}

/// `did you mean …?`, if anything is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    comity_record::nearest(name, known)
}

/// An argument as a shell takes it.
pub fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '=' | ':' | ',' | '+' | '@')
        });
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_that_run_backwards_are_turned_round() {
        let error = years(Some(1990), Some(1950)).unwrap_err().to_text();
        assert!(error.contains("did you mean --from 1950 --to 1990?"), "{error}");
        assert!(years(Some(1950), None).is_ok());
    }

    #[test]
    fn arguments_are_quoted_for_a_shell() {
        assert_eq!(quoted("a/b-c.md"), "a/b-c.md");
        assert_eq!(quoted("it's here"), "'it'\\''s here'");
    }
}
