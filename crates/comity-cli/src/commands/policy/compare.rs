//! `comity policy compare`: where the verdicts of two policies differ, over the record or over generated ones.

use std::sync::Arc;
use std::time::Duration;

use comity::{AuditOptions, Cache};
use comity_advice::search::{Search, Searched};
use comity_report::{Form, compared, json, plain, searched, words};

use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{self, RecordArgs, RunArgs};
use crate::output::Output;
use crate::progress::Progress;

/// Flags of `comity policy compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity policy compare independent-peace mine.md\n  \
    comity policy compare old.md new.md --record DIR --format json\n  \
    comity policy compare old.md new.md --search\n  \
    comity policy compare independent-peace bandung-1955 --search --commitment no-use-of-force --against no-aggression\n  \
    comity policy compare mine.md mine.md --search --commitment help --against no-help\n\n\
    Without --search the two are run over the record: which verdicts differ, and which clause makes them.\n\
    With --search no record is read. Small records are made for the queries of two commitments, with values that matter to them (their \
    constants, one less and one more, the codes of columns, borders of years, tables covered or not), until a difference shows; it is \
    made as small as it can be and printed as a test that a document can hold. Without --commitment every commitment of both is compared \
    whose queries differ. Finding no difference is no proof that there is none.")]
pub struct Args {
    /// A policy that ships, or a file
    #[arg(value_name = "ID|FILE")]
    pub first: String,
    /// Another
    #[arg(value_name = "ID|FILE")]
    pub second: String,
    /// Only this commitment (repeatable)
    #[arg(long, value_name = "ID")]
    pub commitment: Vec<String>,
    /// Compare over generated records instead: which is stricter, whether the two contradict
    #[arg(long)]
    pub search: bool,
    /// The commitment of the second policy that --commitment is compared with, where it has another id
    #[arg(long, value_name = "ID", requires = "search", requires = "commitment")]
    pub against: Option<String>,
    /// How many small records are made
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000), requires = "search")]
    pub records: u32,
    /// What they are made from: the same seed gives the same records
    #[arg(long, value_name = "S", default_value_t = 1, requires = "search")]
    pub seed: u64,
    /// Make no further record after this time, for each commitment
    #[arg(long, value_name = "SECONDS", default_value_t = 120, requires = "search")]
    pub seconds: u64,
    #[command(flatten)]
    pub record: RecordArgs,
    /// Form of the output
    #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    if args.search { search(args) } else { over_record(args) }
}

fn policy(named: &str, record: &comity_record::Record) -> Result<comity::Policy, Trouble> {
    let run = RunArgs { policy: named.to_owned(), ..RunArgs::default() };
    Ok(comity::Policy::from(run.policy(record)?))
}

fn over_record(args: &Args) -> Result<Exit, Trouble> {
    let record = args.record.open()?;
    let (a, b) = (policy(&args.first, &record)?, policy(&args.second, &record)?);
    for policy in [&a, &b] {
        given::commitments(policy.document(), &args.commitment)?;
    }
    let options = AuditOptions {
        cache: Cache::default_folder().map(|folder| Cache::at(folder).into()),
        commitments: args.commitment.clone(),
        ..AuditOptions::default()
    };
    let mut compared = comity::Record::from(record).compare(&a, &b, &options)?;
    if compared.policies.0 == compared.policies.1 {
        // Two versions of one: by the names that were given.
        compared.policies = (args.first.clone(), args.second.clone());
    }
    let mut out = Output::open(None)?;
    if args.format == Form::Json {
        json::value(&compared, true, &mut out)?;
    } else {
        out.screen(&compared::text(&compared, plain::width()))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn search(args: &Args) -> Result<Exit, Trouble> {
    let starter = comity_datasets::starter::record();
    let (a, b) = (policy(&args.first, &starter)?, policy(&args.second, &starter)?);
    given::commitments(a.document(), &args.commitment)?;
    let pairs: Vec<(String, String)> = match (&args.against, args.commitment.as_slice()) {
        (Some(other), [one]) => vec![(one.clone(), other.clone())],
        (Some(_), _) => {
            return Err(Trouble::new("--against is for one commitment")
                .help("name one --commitment of the first policy"));
        }
        (None, []) => a.changed(&b).into_iter().map(|id| (id.clone(), id)).collect(),
        (None, ids) => ids.iter().map(|id| (id.clone(), id.clone())).collect(),
    };
    let others: Vec<String> = pairs.iter().map(|p| p.1.clone()).collect();
    given::commitments(b.document(), &others)?;
    let mut all: Vec<Searched> = Vec::new();
    for (one, other) in &pairs {
        let progress = Progress::new("searching");
        let bar = progress.clone();
        let how = Search {
            records: args.records as usize,
            seed: args.seed,
            longest: Duration::from_secs(args.seconds),
            first_only: false,
            smallest: true,
            progress: Some(Arc::new(move |done, of| bar.update(done, of))),
        };
        all.push(a.search(one, &b, other, &how)?);
        progress.done();
    }
    let mut out = Output::open(None)?;
    if args.format == Form::Json {
        json::value(&all, true, &mut out)?;
    } else {
        out.screen(&text(args, &a, &b, &all))?;
    }
    out.finish()?;
    Ok(Exit::Done)
}

fn text(args: &Args, a: &comity::Policy, b: &comity::Policy, all: &[Searched]) -> String {
    if all.is_empty() {
        let both = a.commitments().iter().filter(|id| b.commitments().contains(id)).count();
        return match both {
            0 => {
                "The two have no commitment of one id; name two with --commitment and --against.\n"
                    .to_owned()
            }
            n => format!(
                "{} of both, the same in the text that is run.\n",
                words::plural(n, "commitment", "commitments")
            ),
        };
    }
    let named = |given: &str, policy: &comity::Policy, other: &comity::Policy| {
        let (id, its) = (&policy.document().id, &other.document().id);
        if id == its { given.to_owned() } else { id.clone() }
    };
    let names = (named(&args.first, a, b), named(&args.second, b, a));
    let each = all.iter().map(|s| searched::text(s, (&names.0, &names.1), plain::width()));
    each.collect::<Vec<_>>().join("\n")
}
