//! The measures of the register as commands: flags, help and examples come from their declarations.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgMatches, Args as _, FromArgMatches as _};
use comity::measure::{
    Computed, MEASURES, Measure, MeasureRequest, Parameter, Takes, bibtex, explain, measure, rows,
    sources,
};
use comity_report::Form;
use comity_report::frame::Frame;
use comity_report::plain::clean;
use serde_json::json;

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs};
use crate::{output, table};

/// Flags that every measure has.
#[derive(Debug, clap::Args)]
struct Common {
    /// Let this source answer for a family of tables, for example capabilities=cow-nmc-6.0 (repeatable)
    #[arg(long, value_name = "FAMILY=ID")]
    source: Vec<String>,
    /// File to write, whole or not at all; its extension sets the form (.parquet, .csv, .json, .arrow, .dta, .rds)
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Form of the output, where the name does not say it
    #[arg(long, value_parser = forms(Form::TABLE), value_name = "FORMAT")]
    format: Option<Form>,
    /// Print the BibTeX of the works that define the measure and of the sources behind it, and nothing else
    #[arg(long)]
    cite: bool,
    #[command(flatten)]
    record: RecordArgs,
}

/// What help says of a measure.
struct Texts {
    measure: &'static Measure,
    command: String,
    title: String,
    explained: String,
    examples: String,
}

/// Texts are borrowed by the command line for as long as the program runs.
static TEXTS: LazyLock<Vec<Texts>> = LazyLock::new(|| {
    let shown = |m: &&&Measure| !matches!(m.made, Computed::Command);
    MEASURES.iter().filter(shown).map(|measure| Texts::of(measure)).collect()
});

impl Texts {
    fn of(measure: &'static Measure) -> Self {
        let command = measure.command();
        let states = if takes_states(measure) { " CHN USA" } else { "" };
        let years = if takes_years(measure) { " --from 1990 --to 2000" } else { "" };
        let chosen = measure.parameters.iter().find_map(|p| match p.takes {
            Takes::Choice(words) => Some(format!(" --{} {}", p.name, words.last()?.0)),
            _ => None,
        });
        let mut examples = format!("Examples:\n  comity measure {command}{states}{years}");
        if let Some(chosen) = chosen {
            examples += &format!("\n  comity measure {command}{chosen}");
        }
        examples += &format!(
            "\n  comity measure {command} --output {command}.csv\n  comity measure {command} --cite"
        );
        let mut title: String = measure.title.to_owned();
        if let Some(first) = title.get(..1).map(str::to_uppercase) {
            title.replace_range(..1, &first);
        }
        Self { measure, command, title, explained: explain(measure), examples }
    }
}

fn takes_years(measure: &Measure) -> bool {
    of_a_panel(measure) || measure.parameters.iter().any(|p| matches!(p.takes, Takes::Years))
}

fn takes_states(measure: &Measure) -> bool {
    of_a_panel(measure) || measure.parameters.iter().any(|p| matches!(p.takes, Takes::States))
}

fn of_a_panel(measure: &Measure) -> bool {
    matches!(measure.made, Computed::Rows { .. })
}

/// The command with one more for each measure.
pub(super) fn commands(mut command: clap::Command) -> clap::Command {
    for texts in TEXTS.iter() {
        command = command.subcommand(one(texts));
    }
    command
}

pub(super) fn is_one(name: &str) -> bool {
    measure(name).is_some_and(|m| !matches!(m.made, Computed::Command))
}

fn one(texts: &'static Texts) -> clap::Command {
    let measure = texts.measure;
    let mut command = clap::Command::new(texts.command.as_str());
    if measure.name != texts.command {
        command = command.alias(measure.name);
    }
    if takes_states(measure) {
        let states = Arg::new("states").num_args(0..).value_name("STATE");
        command = command.arg(states.help("Only these states, by code or name: of one every pair that it is in, of several the pairs among them"));
    }
    if takes_years(measure) {
        for (name, help) in [("from", "First year"), ("to", "Last year")] {
            let year = Arg::new(name).long(name).value_name("YEAR").help(help);
            command = command.arg(year.value_parser(clap::value_parser!(i32)));
        }
    }
    for parameter in measure.parameters {
        if let Some(arg) = chosen(parameter) {
            command = command.arg(arg);
        }
    }
    Common::augment_args(command)
        .about(texts.title.as_str())
        .long_about(texts.explained.as_str())
        .after_help(texts.examples.as_str())
}

/// The flag of a parameter; years and states have their own.
fn chosen(parameter: &'static Parameter) -> Option<Arg> {
    let arg = Arg::new(parameter.name).long(parameter.name).help(parameter.doc);
    let arg = match parameter.takes {
        Takes::Years | Takes::States => return None,
        Takes::Int | Takes::Real => arg.value_name("N").allow_negative_numbers(true),
        Takes::Choice(words) => {
            let values = words.iter().map(|(word, doc)| PossibleValue::new(*word).help(*doc));
            arg.value_name("WHICH").value_parser(PossibleValuesParser::new(values))
        }
    };
    Some(if parameter.default.is_empty() { arg } else { arg.default_value(parameter.default) })
}

/// A measure that is asked for.
#[derive(Debug)]
pub(super) struct Registered {
    measure: &'static Measure,
    states: Vec<String>,
    from: Option<i32>,
    to: Option<i32>,
    given: Vec<(String, String)>,
    common: Common,
}

impl Registered {
    /// The measure that is named; none where it is no measure of the register.
    pub(super) fn of(matches: &ArgMatches) -> Result<Option<Self>, clap::Error> {
        let Some((name, matches)) = matches.subcommand().filter(|(name, _)| is_one(name)) else {
            return Ok(None);
        };
        let Some(measure) = measure(name) else { return Ok(None) };
        let year = |name| matches.try_get_one::<i32>(name).ok().flatten().copied();
        let states = matches.try_get_many::<String>("states").ok().flatten();
        let text = |p: &Parameter| {
            let text = matches.try_get_one::<String>(p.name).ok().flatten()?;
            Some((p.name.to_owned(), text.clone()))
        };
        let plain = |p: &&Parameter| !matches!(p.takes, Takes::Years | Takes::States);
        Ok(Some(Self {
            measure,
            states: states.into_iter().flatten().cloned().collect(),
            from: year("from"),
            to: year("to"),
            given: measure.parameters.iter().filter(plain).filter_map(text).collect(),
            common: Common::from_arg_matches(matches)?,
        }))
    }

    pub(super) fn run(&self) -> Result<Exit, Trouble> {
        let record = self.common.record.open()?;
        let reading = given::reading(&record, &self.common.source)?;
        given::years(self.from, self.to)?;
        let format = table::form(self.common.format, self.common.output.as_deref())?;
        let mut given = self.given.clone();
        if !self.states.is_empty() {
            given.push(("states".to_owned(), self.states.join(",")));
        }
        if self.from.is_some() || self.to.is_some() {
            let (from, to) = (self.from.unwrap_or(1000), self.to.unwrap_or(record.last_year()));
            given.push(("years".to_owned(), format!("{from}-{to}")));
        }
        let asked: Vec<_> = given.iter().map(|(name, text)| json!([name, text])).collect();
        let request = MeasureRequest { given, reading: Some(reading) };
        if self.common.cite {
            let sources = sources(&record, self.measure, &request)?;
            let sources = comity_report::citations::bibtex(sources);
            output::print(&(bibtex(self.measure) + &sources))?;
            return Ok(Exit::Done);
        }
        let batch = rows(&record, self.measure, &request)?;
        let notes = json!({
            "schema_version": 1,
            "comity": env!("CARGO_PKG_VERSION"),
            "measure": self.measure.name,
            "chosen": asked,
            "record": record.fingerprint()?,
            "references": self.measure.references.iter().map(comity::measure::citation).collect::<Vec<_>>(),
        });
        let output = self.common.output.as_deref();
        let rows = table::write(&Frame::Answer(&batch), format, output, &notes.to_string())?;
        if let Some(path) = output {
            let (size, path) = (table::size(rows, batch.num_columns()), path.to_string_lossy());
            eprintln!("{size} in {}", clean(&path));
        }
        Ok(Exit::Done)
    }
}
