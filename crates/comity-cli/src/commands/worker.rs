//! `comity worker`, a hidden command: a policy that does not ship with the program is worked on in a process of its
//! own, whose memory and time are limited, so that one that is hostile ends that process and not this one.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use comity::worker::{Bounds, Worker, WorkerError};
use comity_policy::SHIPPED;

use crate::cli::{Cli, Command};
use crate::exit::{Exit, Trouble};

/// Bytes that the process may have beside its stacks: the record's tables, and what queries make of them. Queries
/// count what they hold and stop at half of it.
const MEMORY: u64 = 2 << 30;

/// Processor time of one command.
const SECONDS: u64 = 300;

/// Whether this process is one whose memory is limited.
static LIMITED: AtomicBool = AtomicBool::new(false);

/// Flags of `comity worker`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answer the questions of `comity serve`, on standard input and output
    #[arg(long, conflicts_with = "command")]
    pages: bool,
    /// One command to run within the limits; without it requests are served on standard input and output
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Exit, Trouble> {
    LIMITED.store(true, Ordering::Relaxed);
    if args.command.is_empty() {
        system::limit(MEMORY, None)?;
        if args.pages {
            system::end_with_parent();
            let answers = comity::Cache::default_folder().map(|f| comity::Cache::at(f).into());
            comity_serve::child::serve(answers)?;
            return Ok(Exit::Done);
        }
        system::serve()?;
        return Ok(Exit::Done);
    }
    system::limit(MEMORY, Some(SECONDS))?;
    Ok(crate::run_words(&args.command))
}

/// Runs a command in a process of its own, within the limits; what it prints is printed here.
pub fn run_apart(words: &[String]) -> Result<i32, WorkerError> {
    let bounds =
        Bounds { memory: MEMORY, time: Duration::from_secs(2 * SECONDS), ..Bounds::default() };
    Worker::of_this_program(&["worker", "--"], bounds)?.run_here(words)
}

/// Runs a command on a policy that does not ship in a process of its own; none where it may run in this one.
pub fn elsewhere(cli: &Cli, words: &[std::ffi::OsString]) -> Option<Result<Exit, Trouble>> {
    if LIMITED.load(Ordering::Relaxed) || !cfg!(unix) {
        return None;
    }
    let policies: Vec<&str> = match cli.command.as_ref()? {
        Command::Audit(args) => vec![&args.run.policy],
        Command::Why(args) => vec![&args.run.policy],
        Command::Verdicts(args) => vec![&args.run.policy],
        Command::Advise(args) => vec![&args.how.run.policy],
        Command::Watch(args) if args.follow.is_none() => vec![&args.run.policy],
        Command::Whatif(args) => vec![&args.how.run.policy],
        // A person at the prompt takes longer than a worker lives.
        Command::Query(args) if args.sql.is_some() || !std::io::stdin().is_terminal() => {
            args.policy.as_deref().into_iter().collect()
        }
        Command::Panel(args) => comity::verdicts::policies(&args.with),
        Command::Policy(args) => vec![args.evaluated()?],
        _ => return None,
    };
    let own = |policy: &&str| {
        !SHIPPED.iter().any(|p| p.id == *policy) && std::path::Path::new(policy).is_file()
    };
    let policy = policies.into_iter().find(own)?;
    let words: Vec<String> = words
        .iter()
        .skip(1)
        .cloned()
        .map(std::ffi::OsString::into_string)
        .collect::<Result<_, _>>()
        .ok()?;
    match run_apart(&words) {
        Ok(0) => Some(Ok(Exit::Done)),
        Ok(1) => Some(Ok(Exit::Met)),
        Ok(_) => Some(Ok(Exit::Error)),
        // What queries count holds in this process too.
        Err(WorkerError::Start(..)) => None,
        Err(error) => Some(Err(Trouble::new(format!("{policy} {error}"))
            .help("join on keys, filter early, and return short texts")
            .help("`comity policy check` reports what can be checked without running it"))),
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io::{self, Read, Seek, Write};
    use std::os::fd::AsFd;
    use std::time::Duration;

    use comity::worker::{Answer, Request, serve as serve_requests};
    use rustix::process::{Resource, Rlimit, getppid, getrlimit, setrlimit};
    use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

    /// Room for the stack of a thread that runs queries, which counts as memory before it is used.
    const STACK: u64 = 128 * 1024 * 1024;

    /// Limits this process from here on.
    pub fn limit(memory: u64, seconds: Option<u64>) -> io::Result<()> {
        let least = |resource: Resource, wanted: u64| {
            let known = getrlimit(resource);
            let current = known.current.map_or(wanted, |c| c.min(wanted));
            setrlimit(resource, Rlimit { current: Some(current), maximum: known.maximum })
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(16) as u64;
        // Data: what is written to, without files that are mapped and space that is only set aside.
        least(Resource::Data, memory + (threads + 2) * STACK)?;
        // A process that ends for want of memory leaves no image of it on the disk.
        least(Resource::Core, 0)?;
        if let Some(seconds) = seconds {
            least(Resource::Cpu, seconds)?;
        }
        Ok(())
    }

    /// Ends this process when the one that started it is gone, whatever it is doing.
    pub fn end_with_parent() {
        let parent = getppid();
        let watch = move || {
            while getppid() == parent {
                std::thread::sleep(Duration::from_millis(300));
            }
            std::process::exit(0);
        };
        // Without the thread it still ends when it has answered.
        let _ = std::thread::Builder::new().name("parent".into()).spawn(watch);
    }

    /// Serves requests until there are none.
    pub fn serve() -> io::Result<()> {
        let mut from = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let mut to = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        serve_requests(&mut from, &mut to, |request| {
            answer(&request).unwrap_or_else(|error| Answer {
                code: 2,
                output: Vec::new(),
                errors: format!("error: {error}\n").into_bytes(),
            })
        })
    }

    /// Runs one command with files in place of its input and output.
    fn answer(request: &Request) -> io::Result<Answer> {
        let (mut input, mut output, mut errors) =
            (tempfile::tempfile()?, tempfile::tempfile()?, tempfile::tempfile()?);
        input.write_all(&request.input)?;
        input.rewind()?;
        dup2_stdin(&input)?;
        dup2_stdout(&output)?;
        dup2_stderr(&errors)?;
        let run = std::panic::AssertUnwindSafe(|| crate::run_words(&request.args));
        let code = std::panic::catch_unwind(run).map_or(101, |exit| exit as i32);
        io::stdout().flush()?;
        // What the command left unread is not the next one's.
        io::copy(&mut io::stdin().lock(), &mut io::sink())?;
        let read = |file: &mut File| {
            let mut bytes = Vec::new();
            file.rewind()?;
            file.read_to_end(&mut bytes)?;
            Ok::<_, io::Error>(bytes)
        };
        Ok(Answer { code, output: read(&mut output)?, errors: read(&mut errors)? })
    }
}

#[cfg(not(unix))]
mod system {
    use std::io;

    /// There is nothing to limit a process with.
    pub fn limit(_memory: u64, _seconds: Option<u64>) -> io::Result<()> {
        Ok(())
    }

    /// There is nothing to put files in place of its input and output.
    pub fn serve() -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
