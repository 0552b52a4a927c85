//! `comity advise`: what an act would move in a policy, before it is taken.

use std::path::PathBuf;

use comity::{AdviceAsked, Advised, AuditOptions, Cache};
use comity_advice::Answer;
use comity_report::{Form, advice, json, plain};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;
use crate::progress::Progress;

/// Forms of an advice.
const FORMS: &[Form] = &[Form::Text, Form::Json, Form::Markdown, Form::Html];

/// Flags of `comity advise`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity advise CHN \"defense pact with RUS from 2026\"\n  \
    comity advise IND \"impose trade sanctions on PAK in 2026\" --find\n  \
    comity advise TUR \"leave NATO in 2026\" --full\n  \
    comity advise CHN --file plan.toml --format md --output memo.md\n  \
    comity acts                            every act, and how it is put\n\n\
    The same audit runs with and without the act, laid over the record in memory; the difference is the advice. What \
    stands (members, pledges, borders, rivalries, mandates) is carried forward to the years of the act, and said so.\n\n\
    A package is a TOML or JSON file: `state = \"CHN\"`, then for each act `[[act]]` with `say = \"…\"`, or with `kind`, \
    its slots, `from`, `to` and `set` for single cells.")]
pub struct Args {
    /// The state that would act, as a code or a name
    #[arg(value_name = "STATE")]
    pub state: String,
    /// The acts, each in quotes
    #[arg(value_name = "ACT", required_unless_present = "file")]
    pub acts: Vec<String>,
    /// A package of acts, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Search for acts toward the same state that nothing stands against; of a package for the acts to leave out
    #[arg(long)]
    pub find: bool,
    /// How many precedents are compared; 0: none
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub precedents: usize,
    /// Exit with 1 if something stands against it (`objections`), or if that cannot be known either (`unknown`), or if no commitment looks
    /// (`unseen`)
    #[arg(long, value_name = "ANSWER", value_parser = ["objections", "unknown", "unseen"])]
    pub fail_on: Option<String>,
    #[command(flatten)]
    pub how: How,
}

/// What an advice and a supposition are made from, and how they are shown.
#[derive(Debug, clap::Args)]
pub struct How {
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Last year to judge [default: the last of the record, or of what is supposed]
    #[arg(long, value_name = "YEAR")]
    pub to: Option<i32>,
    /// Show every finding, commitment, precedent and row
    #[arg(long)]
    pub full: bool,
    /// Form of the output
    #[arg(long, value_parser = forms(FORMS), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
    /// Write to this file, whole or not at all, instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

impl How {
    /// The record and the policy.
    pub fn open(&self) -> Result<(comity::Record, comity::Policy), Trouble> {
        let record = self.run.seen(self.record.open()?)?;
        let policy = self.run.policy(&record)?;
        Ok((comity::Record::from(record), comity::Policy::from(policy)))
    }

    /// Options of the audits.
    pub fn options(&self) -> Result<AuditOptions, Trouble> {
        Ok(AuditOptions {
            sources: self.run.source.clone(),
            without: self
                .run
                .without
                .iter()
                .map(|pair| given::pair(pair))
                .collect::<Result<_, _>>()?,
            cache: Cache::default_folder().map(|folder| Cache::at(folder).into()),
            ..AuditOptions::default()
        })
    }

    /// Writes what was found.
    pub fn write(&self, advised: &Advised, mut out: Output) -> Result<(), Trouble> {
        let (said, alternatives) = (&advised.advice, advised.alternatives.as_ref());
        match self.format {
            Form::Json => json::value(advised, true, &mut out)?,
            Form::Markdown => out.screen(&advice::markdown(said, alternatives))?,
            Form::Html => out.screen(&advice::html(said, alternatives))?,
            _ => {
                let shown = advice::Shown { full: self.full, width: plain::width() };
                out.screen(&advice::text(said, alternatives, shown))?;
            }
        }
        out.finish()?;
        Ok(())
    }
}

/// A package has at most so many bytes.
const LARGEST: u64 = 8 << 20;

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let out = Output::open(args.how.output.as_deref())?;
    let (record, policy) = args.how.open()?;
    let mut options = args.how.options()?;
    let package = args.file.as_ref().map(|file| -> Result<_, Trouble> {
        let name = file.display().to_string();
        let wrong = |e: &dyn std::fmt::Display| Trouble::new(format!("cannot read {name}: {e}"));
        let bytes = comity_record::plain_file::read(file, LARGEST).map_err(|e| wrong(&e))?;
        let text = String::from_utf8(bytes).map_err(|_| wrong(&"it is not UTF-8"))?;
        Ok((text, name.clone()))
    });
    let asked = AdviceAsked {
        say: args.acts.clone(),
        package: package.transpose()?,
        to: args.how.to,
        find: args.find,
        precedents: args.precedents,
        reciprocal: true,
    };
    let progress = Progress::new(if args.find { "trying other acts" } else { "evaluating" });
    let shown = progress.clone();
    options.progress = Some(std::sync::Arc::new(move |done, total| shown.update(done, total)));
    let advised = record.advise(&policy, &args.state, &asked, &options)?;
    progress.done();
    args.how.write(&advised, out)?;
    let said = &advised.advice;
    Ok(if met(args.fail_on.as_deref(), said.answer) { Exit::Met } else { Exit::Done })
}

/// Whether the answer is what the command is to fail on, or graver.
fn met(fail_on: Option<&str>, answer: Answer) -> bool {
    match fail_on {
        Some("objections") => answer == Answer::Objections,
        Some("unknown") => matches!(answer, Answer::Objections | Answer::NotKnown),
        Some(_) => answer != Answer::NoCommitmentMoves,
        None => false,
    }
}
