//! `comity measure logit|probit|ols|poisson|ppml|clogit|gee`: models of a panel or of a table of one's own.

use std::fmt::Write as _;
use std::path::PathBuf;

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use clap::Parser;
use comity::measure::citation;
use comity::models::{About, Correlation, Estimated, MODELS, Model, Request, estimate};
use comity_report::Form;
use comity_report::frame::Frame;
use comity_report::plain::{clean, width};
use comity_report::terminal;

use crate::commands::panel;
use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::RecordArgs;
use crate::output::{self, Output};
use crate::table;

/// Flags of the models.
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Args {
    /// What explains what: `y ~ a + b`, with a:b, a*b, log(x), I(t^2), I(a == 1), min(a, b), twosd(x), factor(z), - 1; behind `|` the
    /// fixed effects that ols and ppml absorb: `y ~ a | exporter:year + importer:year`
    #[arg(value_name = "FORMULA", required_unless_present = "cite")]
    pub formula: Option<String>,
    /// The panel, in the words of `comity panel`: 'dyad-years --with disputes:cow,contiguity,peace-years --where prd=1'
    #[arg(long, value_name = "WORDS", conflicts_with = "data")]
    pub panel: Option<String>,
    /// A table of your own instead (CSV, Excel, Stata, R, Parquet)
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// Errors by clusters of these columns together; `dyad` are the two states of a row, `state` is its one
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub cluster: Vec<String>,
    /// Errors that hold where variances differ
    #[arg(long, conflicts_with = "cluster")]
    pub robust: bool,
    /// The columns that make a unit, for clogit and gee; `dyad` and `state` as in --cluster
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    pub unit: Vec<String>,
    /// The column of time, for gee
    #[arg(long, value_name = "COLUMN", default_value = "year")]
    pub time: String,
    /// How the rows of a unit depend on each other, for gee
    #[arg(long, value_name = "KIND", default_value = "ar1", value_parser = ["ar1", "exchangeable", "independent"])]
    pub correlation: String,
    /// Pass over gaps in time, for gee
    #[arg(long)]
    pub force: bool,
    /// Leave collinear terms out and name them, instead of refusing them
    #[arg(long)]
    pub leave_out: bool,
    /// Give the rows with the expected outcome as a column, instead of the coefficients
    #[arg(long)]
    pub predictions: bool,
    /// Print the works that the model rests on, and do nothing else
    #[arg(long)]
    pub cite: bool,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Form of the output, where the name of the file does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    pub format: Option<Form>,
    /// File to write, whole or not at all; its extension sets the form
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// The words behind `--panel`.
#[derive(Debug, Parser)]
#[command(name = "--panel", no_binary_name = true, disable_help_flag = true)]
struct PanelWords {
    #[command(flatten)]
    panel: panel::Args,
}

/// The commands with the equation of each model and its references in their help.
pub(super) fn explained(command: clap::Command) -> clap::Command {
    MODELS.iter().fold(command, |command, about| {
        let mut text = format!("The model: {}.\n  {}\n\nReferences:\n", about.doc, about.equation);
        for reference in about.references {
            let _ = writeln!(text, "  {}", citation(reference));
        }
        let _ = write!(
            text,
            "\nExamples:\n  comity measure {} '{}'\n  comity measure {0} 'y ~ a + b' --data mine.csv --output coefficients.csv",
            about.name,
            example(about.model)
        );
        command.mut_subcommand(about.name, |c| c.after_help(text.clone()))
    })
}

fn example(model: Model) -> &'static str {
    match model {
        Model::Logit | Model::Probit => {
            "cowmidonset ~ I(conttype == 1) + cowmidspell + I(cowmidspell^2) + I(cowmidspell^3)' --panel 'dyad-years --with disputes:cow,contiguity,peace-years' --cluster 'dyad"
        }
        Model::Ols => {
            "log(milex) ~ log(tpop) | ccode + year' --panel 'state-years --with nmc' --cluster 'state"
        }
        Model::Poisson => {
            "n_rivalries ~ cinc' --panel 'state-years --with rivalries,nmc' --cluster 'state"
        }
        Model::Ppml => {
            "trade ~ log(dist) + cntg | exporter:year + importer:year' --data flows.dta --cluster 'pair_id"
        }
        Model::Clogit => {
            "cowmidonset ~ cinc1 + cinc2' --panel 'dyad-years --with disputes:cow,nmc' --unit 'dyad"
        }
        Model::Gee => {
            "cowmidonset ~ cinc1 + cinc2' --panel 'dyad-years --with disputes:cow,nmc' --unit dyad --robust --force --correlation 'ar1"
        }
    }
}

/// Runs a model.
pub(super) fn run(model: Model, args: &Args) -> Result<Exit, Trouble> {
    let about = MODELS.iter().find(|m| m.model == model);
    if args.cite {
        let cited: String =
            about.map_or(&[][..], |m| m.references).iter().map(|r| citation(r) + "\n").collect();
        output::print(&cited)?;
        return Ok(Exit::Done);
    }
    let format = table::form(args.format, args.output.as_deref())?;
    let rows = rows(args)?;
    let request = Request {
        formula: args.formula.clone().unwrap_or_default(),
        cluster: named(&args.cluster, &rows),
        robust: args.robust,
        unit: named(&args.unit, &rows),
        time: (model == Model::Gee).then(|| args.time.clone()),
        correlation: match args.correlation.as_str() {
            "exchangeable" => Correlation::Exchangeable,
            "independent" => Correlation::Independent,
            _ => Correlation::Ar1,
        },
        force: args.force,
        leave_out: args.leave_out,
        ..Request::of(model)
    };
    let made = estimate(&rows, &request).map_err(trouble)?;
    let batch = match args.predictions {
        true => made.predictions(&rows).map_err(trouble)?,
        false => made.coefficients().map_err(trouble)?,
    };
    let said = said(about, &made);
    if format == Form::Text && !args.predictions {
        let mut out = Output::open(args.output.as_deref())?;
        out.screen(&format!("{}\n{said}", text(&made)))?;
        out.finish()?;
    } else {
        table::write(&Frame::Answer(&batch), format, args.output.as_deref(), &said)?;
    }
    Ok(Exit::Done)
}

fn trouble(error: comity::Error) -> Trouble {
    error.help.into_iter().fold(Trouble::new(error.message), Trouble::help)
}

/// What is said of the whole model, a line each.
fn said(about: Option<&About>, made: &Estimated) -> String {
    let mut out = String::new();
    let summary = made.summary();
    let cleaned: Vec<(&str, String)> =
        summary.iter().map(|(what, value)| (*what, clean(value).into_owned())).collect();
    let summary = cleaned.iter().map(|(what, value)| (*what, value.as_str()));
    let name = about.map_or("", |m| m.name);
    table::definitions(&mut out, 0, [("model", name)].into_iter().chain(summary));
    out
}

/// The coefficients as people read them.
fn text(made: &Estimated) -> String {
    let mut shown = terminal::plain_table(width());
    let statistic = if made.fit.df.is_some() { "t" } else { "z" };
    shown.set_header(["term", "coefficient", "std error", statistic, "p", "95 % from", "to"]);
    for term in &made.fit.terms {
        shown.add_row([
            clean(&term.term).into_owned(),
            table::number(term.coefficient),
            table::number(term.error),
            format!("{:.2}", term.statistic),
            format!("{:.4}", term.p),
            table::number(term.low),
            table::number(term.high),
        ]);
    }
    terminal::table_text(&shown)
}

/// The rows of the panel or of the table.
fn rows(args: &Args) -> Result<RecordBatch, Trouble> {
    if let Some(path) = &args.data {
        return Ok(comity_datasets::free::read(path)?);
    }
    let Some(words) = &args.panel else {
        return Err(Trouble::new("of which rows? neither a panel nor a table was named")
            .help("--panel 'dyad-years --with disputes:cow,contiguity,peace-years'")
            .help("--data mine.csv"));
    };
    let words = PanelWords::try_parse_from(split(words)?).map_err(|error| {
        let text = error.render().to_string();
        let line = text.lines().next().unwrap_or_default();
        Trouble::new(format!("--panel: {}", line.trim_start_matches("error: ")))
            .help("its words are those of `comity panel --help`")
    })?;
    let mut panel_args = words.panel;
    if panel_args.record.record.is_none() {
        panel_args.record = args.record.clone();
    }
    let record = panel_args.record.open()?;
    let panel = panel::prepared(&panel_args, &record)?;
    Ok(concat_batches(&panel.schema(), &panel.batches()?)?)
}

/// Words at blanks; quotes hold blanks.
fn split(text: &str) -> Result<Vec<String>, Trouble> {
    let (mut words, mut word, mut quote): (Vec<String>, Option<String>, Option<char>) =
        (Vec::new(), None, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err(Trouble::new("--panel: a quote is not closed"));
    }
    words.extend(word);
    Ok(words)
}

/// Columns by name, with `dyad` and `state` for those of the states of a row.
fn named(columns: &[String], rows: &RecordBatch) -> Vec<String> {
    let schema = rows.schema();
    let there = |name: &str| schema.column_with_name(name).is_some();
    let of = |column: &String| -> Vec<String> {
        let candidates: &[&[&str]] = match column.as_str() {
            name if there(name) => &[],
            "dyad" => &[&["ccode1", "ccode2"], &["gwcode1", "gwcode2"]],
            "state" => &[&["ccode"], &["gwcode"]],
            _ => &[],
        };
        let found = candidates.iter().find(|names| names.iter().all(|name| there(name)));
        found.map_or_else(
            || vec![column.clone()],
            |names| names.iter().map(ToString::to_string).collect(),
        )
    };
    columns.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_panel() {
        let words = split("dyad-years --where 'prd = 1'  --add \"lag(cinc1,1)\" ''").unwrap();
        assert_eq!(words, ["dyad-years", "--where", "prd = 1", "--add", "lag(cinc1,1)", ""]);
        assert!(split("a 'b").is_err());
        let words = PanelWords::try_parse_from(words[..3].to_vec()).unwrap();
        assert_eq!(words.panel.unit.as_deref(), Some("dyad-years"));
    }
}
