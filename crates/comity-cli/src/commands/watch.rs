//! `comity watch`: what turns now between a state and others.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use comity::watch::{Raised, Watched, Watching};
use comity::{Policy, Record, WatchAsked};
use comity_events::Store;
use comity_events::detect::Grade;
use comity_events::read::{Known, Options};
use comity_report::plain::{clean, width};
use comity_report::{Form, json, state_name, terminal, words};

use super::events::written;
use crate::exit::{Exit, Trouble};
use crate::form::forms;
use crate::given::{RecordArgs, RunArgs};
use crate::output::Output;

/// Flags of `comity watch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    comity watch ISR\n  \
    comity watch ISR --from 2006-01-01 --to 2006-08-31 --full\n  \
    comity watch LEB --fail-on security --format json\n  \
    comity watch USA --store events --follow incoming\n\n\
    It runs the `.watch` commitments of the policy over the events of the record, or of a store (`comity events`). An \
    alarm says that more of something is reported than usual; it is a reason to look, and no verdict. docs/watch.md has \
    the methods, and how often they were right on past crises.")]
pub struct Args {
    /// The state, as a code or a name
    #[arg(value_name = "STATE")]
    pub state: String,
    /// Only this watch (repeatable)
    #[arg(long, value_name = "ID")]
    pub commitment: Vec<String>,
    #[command(flatten)]
    pub record: RecordArgs,
    #[command(flatten)]
    pub run: RunArgs,
    /// Folder of a store of events, in place of the events of the record
    #[arg(long, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// Alarms raised on or after this day [default: those that are on at the end]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<String>,
    /// As if nothing were known after this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<String>,
    /// Every alarm, with the reports behind it
    #[arg(long)]
    pub full: bool,
    /// Exit with 1 where an alarm of this grade, or a graver one, is on
    #[arg(long, value_name = "GRADE", value_parser = ["hardship", "security", "emergency"])]
    pub fail_on: Option<String>,
    /// Take the files of this folder into the store as they arrive, and tell again after each
    #[arg(long, value_name = "DIR", requires = "store")]
    pub follow: Option<PathBuf>,
    /// With --follow: end after so many seconds without a new file
    #[arg(long, value_name = "SECONDS", requires = "follow")]
    pub patience: Option<u64>,
    /// Form of the output: json is a line for each alarm
    #[arg(long, value_parser = forms(Form::SHORT), default_value = "text", value_name = "FORMAT")]
    pub format: Form,
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let record = args.run.seen(args.record.open()?)?;
    let policy = Policy::from(args.run.policy(&record)?);
    let record = Record::from(record);
    let asked = WatchAsked {
        from: args.from.as_deref().map(written).transpose()?,
        to: args.to.as_deref().map(written).transpose()?,
        commitments: args.commitment.clone(),
        store: args.store.clone(),
    };
    match (&args.follow, &args.store) {
        (Some(folder), Some(store)) => follow(args, &record, &policy, &asked, folder, store),
        _ => tell(args, &record, &policy, &asked),
    }
}

/// Watches once.
fn tell(
    args: &Args,
    record: &Record,
    policy: &Policy,
    asked: &WatchAsked,
) -> Result<Exit, Trouble> {
    let watching = record.watch(policy, &args.state, asked)?;
    let mut out = Output::open(None)?;
    match args.format {
        Form::Json => lines(&watching, &mut out)?,
        _ => out.screen(&text(&watching, args.full, asked.from.is_some()))?,
    }
    out.finish()?;
    let met =
        args.fail_on.as_ref().and_then(|name| Grade::ALL.into_iter().find(|g| g.name() == name));
    Ok(match (met, watching.gravest()) {
        (Some(least), Some(gravest)) if gravest >= least => Exit::Met,
        _ => Exit::Done,
    })
}

/// Goes on as files arrive.
fn follow(
    args: &Args,
    record: &Record,
    policy: &Policy,
    asked: &WatchAsked,
    folder: &Path,
    store: &Path,
) -> Result<Exit, Trouble> {
    let mut seen: Vec<(PathBuf, u64)> = Vec::new();
    let mut waited = Duration::ZERO;
    let step = Duration::from_millis(500);
    let mut exit = Exit::Done;
    loop {
        let mut files: Vec<(PathBuf, u64)> = std::fs::read_dir(folder)
            .map_err(|e| Trouble::new(format!("cannot read {}: {e}", folder.display())))?
            .filter_map(Result::ok)
            .filter_map(|f| {
                Some((f.path(), f.metadata().ok().filter(std::fs::Metadata::is_file)?.len()))
            })
            .collect();
        files.sort();
        files.retain(|f| !seen.contains(f));
        if files.is_empty() {
            if args.patience.is_some_and(|most| waited >= Duration::from_secs(most)) {
                return Ok(exit);
            }
            std::thread::sleep(step);
            waited += step;
            continue;
        }
        waited = Duration::ZERO;
        for (path, size) in files {
            seen.push((path.clone(), size));
            let options = Options { known: Known::Stated, ..Options::default() };
            // A file that is refused is reported, and the next one is read: one bad file does not end a watch.
            match Store::at(store).add(&path, &options) {
                Ok(added) => {
                    for report in &added.reports {
                        anstream::eprintln!("{}", clean(&report.to_string()));
                    }
                }
                Err(error) => anstream::eprintln!("left out: {}", clean(&error.to_string())),
            }
        }
        if Store::at(store).exists() {
            exit = tell(args, record, policy, asked)?;
        }
    }
}

/// A line of JSON for what is seen, and one for each alarm.
fn lines(watching: &Watching, out: &mut Output) -> Result<(), Trouble> {
    let head = serde_json::json!({
        "schema_version": watching.schema_version,
        "policy": watching.policy.id,
        "state": watching.state,
        "sources": watching.sources,
        "lacks": watching.lacks,
        "watches": watching.watches.iter().map(|w| serde_json::json!({
            "commitment": w.commitment, "block": w.block, "quiet": w.quiet, "cannot_see": w.cannot_see, "alarms": w.alarms.len(),
        })).collect::<Vec<_>>(),
    });
    json::value(&head, false, out)?;
    for w in &watching.watches {
        for alarm in &w.alarms {
            let mut line = serde_json::to_value(alarm).unwrap_or_default();
            if let Some(fields) = line.as_object_mut() {
                fields.insert("commitment".into(), w.commitment.clone().into());
                fields.insert("touches".into(), w.touches.clone().into());
            }
            json::value(&line, false, out)?;
        }
    }
    Ok(())
}

fn style(grade: Grade) -> Style {
    let colour = match grade {
        Grade::Hardship => AnsiColor::Blue,
        Grade::Security => AnsiColor::Yellow,
        Grade::Emergency => AnsiColor::Red,
    };
    Style::new().fg_color(Some(colour.into())).bold()
}

fn text(w: &Watching, full: bool, past: bool) -> String {
    let mut out = String::new();
    let all: Vec<(&Watched, &Raised)> =
        w.watches.iter().flat_map(|x| x.alarms.iter().map(move |a| (x, a))).collect();
    let said = if past { "raised" } else { "on" };
    let lead = match all.len() {
        0 if !w.lacks.is_empty() => "nothing can be said".to_owned(),
        0 => format!("no alarm is {said}"),
        n => format!("{} {said}", words::plural(n, "alarm is", "alarms are")),
    };
    let _ = writeln!(out, "{BOLD}{}: {}{BOLD:#}", clean(&state_name(&w.state)), lead);
    for lack in &w.lacks {
        terminal::lines(&mut out, &words::capital(lack), width(), "");
    }
    let mut graded: Vec<&(&Watched, &Raised)> = all.iter().collect();
    graded.sort_by(|a, b| {
        let key = |x: &(&Watched, &Raised)| (x.1.alarm.grade, x.1.on, x.1.alarm.raised);
        key(b).cmp(&key(a))
    });
    let most = if full { usize::MAX } else { 12 };
    for (watched, raised) in graded.iter().take(most) {
        let a = &raised.alarm;
        let grade = style(a.grade);
        let _ = writeln!(
            out,
            "\n{grade}{}{grade:#}  {BOLD}{}{BOLD:#}  {}{}",
            a.grade,
            clean(&watched.title),
            clean(&state_name(&raised.other)),
            if raised.on { "" } else { "  (over)" }
        );
        terminal::lines(&mut out, &raised.told, width(), "  ");
        if !watched.touches.is_empty() {
            terminal::lines(
                &mut out,
                &format!(
                    "touches {} [{}, {}]",
                    watched.touches.join(", "),
                    watched.commitment,
                    raised.source
                ),
                width(),
                "  ",
            );
        }
        let reports = if full { raised.reports.len() } else { 1.min(raised.reports.len()) };
        for r in &raised.reports[..reports] {
            terminal::lines(
                &mut out,
                &format!("{} {} on {}: {} [{}]", r.date, r.actor, r.target, r.code, r.source_row),
                width(),
                "    ",
            );
        }
    }
    if graded.len() > most {
        let _ = writeln!(out, "\n{} more (--full, or --format json)", graded.len() - most);
    }
    if !w.sources.is_empty() {
        let _ = writeln!(out, "\n{BOLD}What is seen{BOLD:#}");
    }
    for s in &w.sources {
        let line = format!(
            "{}: {} to {}, {} events, {} of them between this state and {}",
            s.source,
            s.from,
            s.to,
            s.reports,
            s.about_the_state,
            words::plural(s.partners, "other", "others")
        );
        terminal::lines(&mut out, &line, width(), "  ");
    }
    for x in w.watches.iter().filter(|_| !w.sources.is_empty()) {
        let line = format!(
            "{} ({}): {} by {}; quiet toward {}, too little is reported on {} to say anything",
            x.commitment, x.block, x.settings.method, x.settings.period, x.quiet, x.cannot_see
        );
        terminal::lines(&mut out, &line, width(), "  ");
    }
    let _ = writeln!(
        out,
        "{DIM}An alarm is a reason to look, and no verdict. What is not reported is not seen.{DIM:#}"
    );
    out
}
