//! The prompt: queries over several lines to a semicolon, with history and completion.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use comity_panel::{GROUPS, Unit};
use comity_record::{Record, Store};
use comity_sql::{ARGUMENTS, Session, function};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::{answer, columns, tables, write};
use crate::exit::{Exit, Trouble};
use crate::output;
use crate::table;
use comity_report::{Form, words};

/// How many earlier queries are kept.
const KEPT: usize = 1_000;
const HELP: &str = "\
Write one SELECT and end it with a semicolon; it may go over several lines. Tab completes names.
  show tables;      the tables and views, and what a row of each is
  describe NAME;    the columns of one, with units and values
  .tables           the tables, views and table functions
  .tables NAME      the columns of one
  .output FILE      write the next answer to a file (.parquet, .csv, .json, .arrow, .dta, .rds)
  .help             this
  .quit             leave (also Ctrl-D)
";
const COMMANDS: [&str; 4] = [".help", ".output", ".quit", ".tables"];
const WORDS: [&str; 30] = [
    "and", "as", "avg", "between", "by", "case", "count", "cross", "desc", "distinct", "else",
    "end", "exists", "from", "group", "having", "in", "inner", "is", "join", "left", "limit",
    "max", "min", "null", "order", "select", "sum", "union", "where",
];

/// Reads and answers queries until the person leaves.
pub(super) fn converse(record: &Record, session: &Session, format: Form) -> Result<Exit, Trouble> {
    let config = Config::builder()
        .max_history_size(KEPT)?
        .completion_type(CompletionType::List)
        .auto_add_history(true)
        .build();
    let mut editor: Editor<Names, DefaultHistory> = Editor::with_config(config)?;
    editor.set_helper(Some(Names::of(session)));
    let history = history();
    // A history that is not there, or cannot be read, is an empty one.
    let _ = editor.load_history(&history);
    println(&format!(
        "{} in the record. End a query with a semicolon; .help shows more.\n",
        words::plural(record.sources().len(), "source", "sources")
    ))?;
    let mut output: Option<PathBuf> = None;
    loop {
        let line = match editor.readline("comity> ") {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        };
        match Said::of(&line) {
            Said::Nothing => {}
            Said::Quit => break,
            Said::Help => println(HELP)?,
            Said::Tables(None) => output::print(&tables(session))?,
            Said::Tables(Some(name)) => println(&described(session, name))?,
            Said::Output(None) => println("name a file: .output FILE\n")?,
            Said::Output(Some(file)) => match table::form(None, Some(Path::new(file))) {
                Ok(_) => {
                    output = Some(PathBuf::from(file));
                    println(&format!("the next answer goes to {file}\n"))?;
                }
                Err(trouble) => eprint(&trouble),
            },
            Said::Unknown(command) => {
                let near = comity_record::nearest(command, COMMANDS).unwrap_or_default();
                println(&format!("no command `{command}`; {near} .help lists them\n"))?;
            }
            Said::Query(sql) => {
                let to = output.take();
                let form = match &to {
                    Some(file) => table::form(None, Some(file))?,
                    None => format,
                };
                let done = answer(session, sql)
                    .and_then(|batch| write(record, &batch, sql, form, to.as_deref()));
                if let Err(trouble) = done {
                    eprint(&trouble);
                }
            }
        }
    }
    if let Some(folder) = history.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    // Queries of before are a convenience: where they cannot be kept, nothing else is lost.
    let _ = editor.save_history(&history);
    Ok(Exit::Done)
}

/// Beside the record, in the folder for the data of programs.
fn history() -> PathBuf {
    let record = Store::default_folder();
    record.parent().unwrap_or(Path::new(".")).join("query_history")
}

fn println(text: &str) -> Result<(), Trouble> {
    output::print(text)
}

fn eprint(trouble: &Trouble) {
    eprint!("{}", trouble.to_text());
}

fn described(session: &Session, name: &str) -> String {
    let columns = columns(session, name);
    if columns.is_empty() {
        let near = comity_record::nearest(name, session.table_names()).unwrap_or_default();
        return format!("no table or view `{name}`; {near}\n");
    }
    format!("{name}  {}\n    {}\n", session.meaning(name).unwrap_or(""), columns.join(", "))
}

/// What a line means.
#[derive(Debug, PartialEq, Eq)]
enum Said<'a> {
    Nothing,
    Quit,
    Help,
    Tables(Option<&'a str>),
    Output(Option<&'a str>),
    Unknown(&'a str),
    Query(&'a str),
}

impl<'a> Said<'a> {
    fn of(line: &'a str) -> Self {
        let line = line.trim();
        if line.is_empty() || line == ";" {
            return Self::Nothing;
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = Some(rest.trim()).filter(|r| !r.is_empty());
        match word.trim_end_matches(';') {
            ".quit" | ".exit" | "quit" | "exit" | "\\q" => Self::Quit,
            ".help" | "help" | "\\?" => Self::Help,
            ".tables" | "\\d" => Self::Tables(rest),
            ".output" => Self::Output(rest),
            command if command.starts_with(['.', '\\']) => Self::Unknown(command),
            _ => Self::Query(line),
        }
    }

    /// Whether more is to come: a query ends with a semicolon.
    fn is_whole(line: &str) -> bool {
        !matches!(Said::of(line), Said::Query(_)) || line.trim_end().ends_with(';')
    }
}

/// Names to complete, sorted.
struct Names {
    names: Vec<String>,
}

impl Names {
    fn of(session: &Session) -> Self {
        let tables: Vec<String> = session.table_names().into_iter().map(str::to_owned).collect();
        let columns: Vec<String> = tables.iter().flat_map(|t| columns(session, t)).collect();
        let functions = Unit::ALL.iter().map(|(unit, ..)| format!("{}(", function(*unit)));
        let arguments = ARGUMENTS.iter().map(|a| format!("{a} => "));
        let words = WORDS.iter().chain(&COMMANDS).map(|w| (*w).to_owned());
        let groups = GROUPS.iter().map(|g| g.name.to_owned());
        let mut names: Vec<String> = tables
            .iter()
            .cloned()
            .chain(columns)
            .chain(functions)
            .chain(arguments)
            .chain(words)
            .chain(groups)
            .collect();
        names.sort_unstable();
        names.dedup();
        Self { names }
    }

    /// Where the word before `at` begins, and the names that begin with it.
    fn completed(&self, line: &str, at: usize) -> (usize, Vec<String>) {
        let before = &line[..at];
        let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
        let start = before
            .rfind(|c: char| !part(c))
            .map_or(0, |i| i + before[i..].chars().next().map_or(0, char::len_utf8));
        let word = before[start..].to_lowercase();
        if word.is_empty() {
            return (start, Vec::new());
        }
        // After an alias only columns are meant: `p.part`.
        let (alias, word) = match word.rsplit_once('.') {
            Some((alias, rest)) if !alias.is_empty() && alias != "every" => {
                (alias.len() + 1, rest.to_owned())
            }
            _ => (0, word),
        };
        let names = self.names.iter().filter(|n| n.starts_with(&word)).cloned().collect();
        (start + alias, names)
    }
}

impl Completer for Names {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(self.completed(line, at))
    }
}

impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {
    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Borrowed(hint)
    }
}

impl Validator for Names {
    fn validate(&self, line: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(if Said::is_whole(line.input()) {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

impl Helper for Names {}

#[cfg(test)]
mod tests {
    use comity_sql::{Limits, session};

    use super::*;

    #[test]
    fn a_query_ends_with_a_semicolon_and_a_command_with_its_line() {
        assert!(!Said::is_whole("select *"));
        assert!(!Said::is_whole("select *\nfrom states"));
        assert!(Said::is_whole("select *\nfrom states; "));
        assert!(Said::is_whole(".tables states"));
        assert_eq!(Said::of(" .tables  states "), Said::Tables(Some("states")));
        assert_eq!(Said::of(".output a.csv"), Said::Output(Some("a.csv")));
        assert_eq!(Said::of("quit;"), Said::Quit);
        assert_eq!(Said::of(".tabels"), Said::Unknown(".tabels"));
        assert_eq!(Said::of("select 1;"), Said::Query("select 1;"));
        assert_eq!(Said::of(" ; "), Said::Nothing);
    }

    #[test]
    fn names_are_completed_where_the_word_begins() {
        let record = comity_datasets::starter::record();
        let session = session(&record, &record.baseline(), Limits::by_hand()).unwrap();
        let names = Names::of(&session);
        let complete = |line: &str| names.completed(line, line.len());
        let (at, found) = complete("select * from pledge_y");
        assert_eq!((at, found), (14, vec!["pledge_years".to_owned()]));
        let (at, found) = complete("select p.partn");
        assert_eq!(at, 9);
        assert!(found.contains(&"partner".to_owned()), "{found:?}");
        let (_, found) = complete("select * from every.dis");
        assert!(found.contains(&"every.disputes".to_owned()), "{found:?}");
        let (_, found) = complete("from dyad_years(direc");
        assert!(found.contains(&"directed => ".to_owned()), "{found:?}");
        assert!(complete("select ").1.is_empty());
        assert!(complete("where name = 'é").1.is_empty());
    }
}
