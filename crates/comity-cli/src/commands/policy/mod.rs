//! `comity policy`: the documents.

mod check;
mod compare;
mod help;

use std::fmt::Write as _;
use std::path::PathBuf;

use anstyle::Style;
use clap::Subcommand;
use comity_policy::diagnostic::{LineIndex, has_errors};
use comity_policy::document::{Kind, Policy};
use comity_policy::register::{CODES, explain as explanation};
use comity_policy::{CaseResult, SHIPPED};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs};
use crate::output;
use comity_report::Form;
use comity_report::plain::{clean, clean_lines, width};
use comity_report::{terminal, words};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Flags of `comity policy`.
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  \
    comity policy list\n  \
    comity policy show independent-peace\n  \
    comity policy new my-policy.md\n  \
    comity policy help refrain\n  \
    comity policy check my-policy.md\n  \
    comity policy test my-policy.md\n  \
    comity policy compare independent-peace my-policy.md\n  \
    comity policy compare old.md new.md --search\n  \
    comity policy explain bad-cell"
)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

impl Args {
    /// The policy whose queries are planned or run.
    pub fn evaluated(&self) -> Option<&String> {
        match &self.command {
            // One that is watched is checked again and again, each time in a process of its own.
            Command::Check { watch: true, .. } => None,
            Command::Check { policy, .. } | Command::Test { policy, .. } => Some(policy),
            Command::Compare(args) => {
                let shipped = |named: &String| SHIPPED.iter().any(|p| p.id == *named);
                Some(if shipped(&args.first) { &args.second } else { &args.first })
            }
            _ => None,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The policies that ship with the program
    #[command(after_help = "Examples:\n  \
        comity policy list\n  \
        comity policy list --format json")]
    List {
        /// Form of the output
        #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
    /// Print a policy: the whole document, or what it commits to
    #[command(after_help = "Examples:\n  \
        comity policy show independent-peace\n  \
        comity policy show bandung-1955 --outline")]
    Show {
        /// A policy that ships, or a file
        #[arg(value_name = "ID|FILE")]
        policy: String,
        /// Only articles and commitments, one line each
        #[arg(long)]
        outline: bool,
    },
    /// Check form and queries; all errors are reported at once
    #[command(after_help = "Examples:\n  \
        comity policy check my-policy.md\n  \
        comity policy check my-policy.md --watch\n  \
        comity policy check my-policy.md --format sarif > policy.sarif\n\n\
        --watch checks again after each save, until it is interrupted. SARIF is what editors and code hosts underline.")]
    Check {
        /// A file, or a policy that ships
        #[arg(value_name = "FILE|ID")]
        policy: String,
        #[command(flatten)]
        record: RecordArgs,
        /// Check again whenever the file is saved
        #[arg(long)]
        watch: bool,
        /// Form of the output
        #[arg(long, value_parser = forms(Form::CHECK), default_value = "text", value_name = "FORMAT")]
        format: Form,
    },
    /// Run the tests inside the document; exits with 1 if one fails
    #[command(after_help = "Examples:\n  \
        comity policy test my-policy.md\n  \
        comity policy test independent-peace --verbose")]
    Test {
        /// A file, or a policy that ships
        #[arg(value_name = "FILE|ID")]
        policy: String,
        /// List the tests that pass too
        #[arg(long, short)]
        verbose: bool,
    },
    /// Compare two policies, or two versions of one: over the record, or with --search over generated records
    Compare(compare::Args),
    /// Explain the kinds of commitments: columns, grades and attributes, each with an example that can be run
    #[command(after_help = "Examples:\n  \
        comity policy help\n  \
        comity policy help perform\n  \
        comity policy help refrain --example > mine.md")]
    Help {
        /// The kind: refrain, perform, pursue, goal or watch [default: list them]
        #[arg(value_name = "KIND")]
        kind: Option<String>,
        /// Print the example alone: a whole policy with its tests
        #[arg(long, requires = "kind")]
        example: bool,
    },
    /// Say what a code of `policy check` or `policy test` means, with an example and its fix
    #[command(after_help = "Examples:\n  \
        comity policy explain\n  \
        comity policy explain result-grade")]
    Explain {
        /// The code, for example bad-cell [default: list them all]
        #[arg(value_name = "CODE")]
        code: Option<String>,
    },
    /// Write a short policy to start from
    #[command(after_help = "Examples:\n  \
        comity policy new my-policy.md\n  \
        comity policy new | less")]
    New {
        /// File to write [default: standard output]
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    match &args.command {
        Command::List { format } => list(*format),
        Command::Show { policy, outline } => show(policy, *outline),
        Command::Check { policy, record, watch: true, format } => {
            check::watch(policy, record, *format)
        }
        Command::Check { policy, record, format, .. } => check::run(policy, record, *format),
        Command::Test { policy, verbose } => test(policy, *verbose),
        Command::Compare(args) => compare::run(args),
        Command::Help { kind, example } => help::run(kind.as_deref(), *example),
        Command::Explain { code } => explain(code.as_deref()),
        Command::New { file } => new(file.as_ref()),
    }
}

fn list(format: Form) -> Result<Exit, Trouble> {
    let policies: Vec<Policy> =
        SHIPPED.iter().filter_map(|p| comity_policy::parse(p.file, p.text).0).collect();
    if format == Form::Json {
        let rows: Vec<_> = policies
            .iter()
            .map(|p| {
                serde_json::json!({
                    "id": p.id, "title": p.title, "holder": p.holder, "adopted": p.adopted,
                    "commitments": p.commitments.len(), "fingerprint": comity_policy::fingerprint(p),
                })
            })
            .collect();
        output::write(&format!("{}\n", serde_json::to_string_pretty(&rows)?))?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::plain_table(width());
    table.set_header(["id", "title", "holder", "adopted", "commitments"]);
    for p in &policies {
        table.add_row([
            clean(&p.id).into_owned(),
            clean(&p.title).into_owned(),
            p.holder.clone().unwrap_or_default(),
            p.adopted.clone().unwrap_or_default(),
            p.commitments.iter().filter(|c| verdict_kind(c.kind)).count().to_string(),
        ]);
    }
    output::print(&terminal::table_text(&table))?;
    Ok(Exit::Done)
}

fn explain(code: Option<&str>) -> Result<Exit, Trouble> {
    let Some(code) = code else {
        let longest = CODES.iter().map(|c| c.name.len()).max().unwrap_or_default();
        let mut out = String::new();
        for code in CODES {
            let _ = writeln!(out, "{:longest$}  {}", code.name, code.meaning());
        }
        output::print(&out)?;
        return Ok(Exit::Done);
    };
    // `error[bad-cell]`, as it is printed, is understood too.
    let bare = code.trim_start_matches("error").trim_start_matches("warning");
    let bare = bare.trim_start_matches('[').trim_end_matches(']');
    let Some(page) = explanation(bare) else {
        let mut trouble = Trouble::new(format!("there is no code `{}`", clean(code)));
        if let Some(near) = given::nearest(bare, CODES.iter().map(|c| c.name)) {
            trouble = trouble.help(near);
        }
        return Err(trouble.help("`comity policy explain` lists the codes"));
    };
    output::print(&clean_lines(page))?;
    Ok(Exit::Done)
}

fn verdict_kind(kind: Kind) -> bool {
    matches!(kind, Kind::Refrain | Kind::Perform | Kind::Pursue)
}

fn show(named: &str, outline: bool) -> Result<Exit, Trouble> {
    let text = comity::PolicyText::named(named)?;
    if !outline {
        output::print(&clean_lines(&text.text))?;
        return Ok(Exit::Done);
    }
    let (policy, diagnostics) = comity_policy::parse(&text.file, &text.text);
    let Some(policy) = policy else {
        given::eprint_diagnostics(&diagnostics, &text.file, &text.text);
        return Err(Trouble::new(format!("{} cannot be read as a policy", text.file)));
    };
    let mut out =
        format!("{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}\n", clean(&policy.title), clean(&policy.id));
    let id = policy.commitments.iter().map(|c| c.id.chars().count()).max().unwrap_or(0);
    for article in &policy.articles {
        let _ = writeln!(out, "\n{BOLD}{}{BOLD:#}", clean(&article.title));
        for c in article.commitments.iter().filter_map(|&i| policy.commitments.get(i)) {
            let _ = writeln!(out, "  {:id$}  {:8}{}", clean(&c.id), c.kind.name(), clean(&c.title));
        }
    }
    output::print(&out)?;
    Ok(Exit::Done)
}

fn test(named: &str, verbose: bool) -> Result<Exit, Trouble> {
    let text = comity::PolicyText::named(named)?;
    let (policy, mut diagnostics) = comity_policy::parse(&text.file, &text.text);
    if let Some(policy) = &policy {
        // What `check` refuses is not tested: a test would say only that it failed.
        diagnostics.extend(comity_policy::check(policy, &comity_datasets::starter::record()));
        diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
        diagnostics.dedup();
    }
    let Some(policy) = policy.filter(|_| !has_errors(&diagnostics)) else {
        given::eprint_diagnostics(&diagnostics, &text.file, &text.text);
        return Err(Trouble::new(format!("{} has errors; its tests were not run", text.file))
            .help(format!("`comity policy check {}` lists them all", given::quoted(named))));
    };
    let starter = comity_datasets::starter::record();
    let results = comity_policy::test_within(&policy, &starter, &given::budget(text.shipped));
    let index = LineIndex::new(&policy.text);
    let mut out = String::new();
    for result in &results {
        case(&mut out, &policy, &index, result, verbose);
    }
    let failed = results.iter().filter(|r| !r.passed()).count();
    let untested: Vec<&str> = policy
        .commitments
        .iter()
        .filter(|c| verdict_kind(c.kind) && c.cases.is_empty())
        .map(|c| c.id.as_str())
        .collect();
    if !untested.is_empty() {
        let _ = writeln!(out, "no test for {}", clean(&untested.join(", ")));
    }
    let _ = writeln!(
        out,
        "{}: {} passed, {failed} failed",
        clean(&policy.file),
        words::plural(results.len() - failed, "test", "tests")
    );
    output::print(&out)?;
    Ok(if failed > 0 { Exit::Met } else { Exit::Done })
}

fn case(
    out: &mut String,
    policy: &Policy,
    index: &LineIndex<'_>,
    result: &CaseResult,
    verbose: bool,
) {
    let name = format!("{} · {}", clean(&result.commitment), clean(&result.case));
    if result.passed() {
        if verbose {
            let _ = writeln!(out, "passed  {name}");
        }
        return;
    }
    let code = result.code().unwrap_or_default();
    let _ = writeln!(out, "{BOLD}failed{BOLD:#}  {name}  {DIM}[{code}]{DIM:#}");
    if let Some(error) = &result.error {
        let (line, column) = index.position(result.span.start);
        let _ = writeln!(out, "  {}:{line}:{column}: {}", clean(&policy.file), clean(error));
    }
    for f in &result.failures {
        let (line, column) = index.position(f.span.start);
        let _ = writeln!(
            out,
            "  {}:{line}:{column}: state {} in {}: expected {}, got {}",
            clean(&policy.file),
            f.state,
            f.year,
            f.expected,
            f.got
        );
    }
}

fn new(file: Option<&PathBuf>) -> Result<Exit, Trouble> {
    let template = comity_policy::template();
    let Some(path) = file else {
        output::print(template)?;
        return Ok(Exit::Done);
    };
    output::write_new(path, template)?;
    if !output::becomes_a_file(path)? {
        return Ok(Exit::Done);
    }
    let shown = given::quoted(&path.to_string_lossy());
    output::print(&format!(
        "{shown} is written. Next:\n  comity policy check {shown}\n  comity policy test {shown}\n  comity audit CHN --policy {shown}\n"
    ))?;
    Ok(Exit::Done)
}
