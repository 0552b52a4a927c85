//! Work in a process of its own, which can be stopped: for what a limit inside this process cannot hold.
//!
//! The caller gives the path of a program and the words that make it serve. It is started when it is first needed
//! and kept for later requests; one that dies, hangs, answers nonsense or too much is stopped, and the next
//! request starts another. The program limits its own memory and time before it does anything ([`serve`] does
//! not: what can set a limit belongs to the program).
//!
//! A request is words and bytes, an answer is an exit code and two streams of bytes. Both are framed: four letters,
//! then lengths as little-endian numbers.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, thread};

/// First letters of every frame.
const MARK: [u8; 4] = *b"cmty";

/// Longest request, in bytes.
const LONGEST_REQUEST: u64 = 64 * 1024 * 1024;

/// A request to a worker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Words, as on a command line, without the program's name.
    pub args: Vec<String>,
    /// What the command reads.
    pub input: Vec<u8>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Exit code.
    pub code: i32,
    /// What it wrote.
    pub output: Vec<u8>,
    /// What it wrote as errors.
    pub errors: Vec<u8>,
}

/// What one request may use.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Bytes of memory that the program limits itself to; used in messages only.
    pub memory: u64,
    /// Time by the clock.
    pub time: Duration,
    /// Bytes of output and errors together.
    pub output: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { memory: 1 << 30, time: Duration::from_mins(5), output: 256 * 1024 * 1024 }
    }
}

/// Why there is no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum WorkerError {
    /// The program could not be started.
    Start(PathBuf, io::Error),
    /// It ended in the middle of the work, most likely for want of memory.
    Memory(u64),
    /// It took too long.
    Time(Duration),
    /// It answered more than it may.
    Output(u64),
    /// It ended, or its answer could not be read.
    Broken(String),
}

impl fmt::Display for WorkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(program, error) => {
                write!(f, "{} could not be started: {error}", program.display())
            }
            Self::Memory(bytes) if bytes % (1 << 30) == 0 => {
                write!(f, "needed more than {} GB of memory and was stopped", bytes >> 30)
            }
            Self::Memory(bytes) => {
                write!(f, "needed more than {} MB of memory and was stopped", bytes >> 20)
            }
            Self::Time(time) => write!(f, "took more than {} s and was stopped", time.as_secs()),
            Self::Output(bytes) => {
                write!(f, "gave more than {} MB of output and was stopped", bytes >> 20)
            }
            Self::Broken(how) => write!(f, "ended without an answer: {how}"),
        }
    }
}

impl std::error::Error for WorkerError {}

/// A process that serves requests, one after the other.
#[derive(Debug)]
pub struct Worker {
    program: PathBuf,
    args: Vec<String>,
    bounds: Bounds,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    pipes: Pipes,
}

#[derive(Debug)]
struct Pipes(ChildStdin, ChildStdout);

impl Worker {
    /// A worker that runs this program with `args`, which make it call [`serve`]. Nothing is started yet.
    ///
    /// # Errors
    /// The system does not tell the program's file.
    pub fn of_this_program(args: &[&str], bounds: Bounds) -> Result<Self, WorkerError> {
        let program = crate::program::get().map_err(|e| WorkerError::Start("comity".into(), e))?;
        let words: Vec<&str> =
            program.words.iter().map(String::as_str).chain(args.iter().copied()).collect();
        Ok(Self::new(program.path, &words, bounds))
    }

    /// A worker that runs `program` with `args`, which make it call [`serve`]. Nothing is started yet.
    pub fn new(program: impl Into<PathBuf>, args: &[&str], bounds: Bounds) -> Self {
        let args = args.iter().map(|a| (*a).to_owned()).collect();
        Self { program: program.into(), args, bounds, running: Mutex::new(None) }
    }

    /// Sends one request and waits for its answer.
    ///
    /// # Errors
    /// There is no answer within the bounds; the process is then gone, and the next request starts another.
    pub fn run(&self, request: &Request) -> Result<Answer, WorkerError> {
        let mut slot = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // One that ended between two requests is replaced without an error.
        let warm = slot.take().filter_map_alive();
        let Running { mut child, pipes } = match warm {
            Some(running) => running,
            None => self.start()?,
        };
        let (send, receive) = channel();
        let (request, most) = (request.clone(), self.bounds.output);
        let talk = move || {
            let Pipes(mut to, mut from) = pipes;
            // One that did not read all of the request may have answered it all the same.
            let written = write_request(&mut to, &request);
            let answer = match (read_answer(&mut from, most), written) {
                (Err(Talk::Pipe(_)), Err(error)) => Err(Talk::Pipe(error)),
                (answer, _) => answer,
            };
            let _ = send.send((answer, Pipes(to, from)));
        };
        if let Err(error) = thread::Builder::new().name("comity-worker".into()).spawn(talk) {
            stop(&mut child);
            return Err(WorkerError::Start(self.program.clone(), error));
        }
        let failure = match receive.recv_timeout(self.bounds.time) {
            Ok((Ok(answer), pipes)) => {
                *slot = Some(Running { child, pipes });
                return Ok(answer);
            }
            Ok((Err(failure), _pipes)) => failure,
            Err(_) => {
                stop(&mut child);
                return Err(WorkerError::Time(self.bounds.time));
            }
        };
        Err(match failure {
            Talk::TooMuch => {
                stop(&mut child);
                WorkerError::Output(self.bounds.output)
            }
            Talk::Nonsense => {
                stop(&mut child);
                WorkerError::Broken("its answer could not be read".into())
            }
            Talk::Pipe(error) => match ended(&mut child) {
                Some(status) => self.died(status),
                None => WorkerError::Broken(error.to_string()),
            },
        })
    }

    /// Runs the program with further words and this process's own input and output, and waits for it to end.
    ///
    /// # Errors
    /// It was stopped, or ended for want of memory or time.
    pub fn run_here(&self, args: &[String]) -> Result<i32, WorkerError> {
        let mut command = Command::new(&self.program);
        command.args(&self.args).args(args);
        let failed = |e| WorkerError::Start(self.program.clone(), e);
        let mut child = command.spawn().map_err(failed)?;
        let began = std::time::Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match child.try_wait() {
                Ok(Some(status)) => {
                    return status.code().map_or_else(|| Err(self.died(status)), Ok);
                }
                Ok(None) => {}
                Err(error) => return Err(WorkerError::Broken(error.to_string())),
            }
            if began.elapsed() > self.bounds.time {
                stop(&mut child);
                return Err(WorkerError::Time(self.bounds.time));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    fn start(&self) -> Result<Running, WorkerError> {
        let failed = |e| WorkerError::Start(self.program.clone(), e);
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => Ok(Running { child, pipes: Pipes(to, from) }),
            _ => {
                stop(&mut child);
                Err(failed(io::Error::other("it has no pipes")))
            }
        }
    }

    fn died(&self, status: ExitStatus) -> WorkerError {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            // What the system sends for want of memory: abort, kill, bus error, segmentation fault.
            const MEMORY: [i32; 4] = [6, 9, 7, 11];
            // Processor time is used up.
            const TIME: i32 = 24;
            match status.signal() {
                Some(TIME) => return WorkerError::Time(self.bounds.time),
                Some(signal) if MEMORY.contains(&signal) => {
                    return WorkerError::Memory(self.bounds.memory);
                }
                _ => {}
            }
        }
        WorkerError::Broken(status.to_string())
    }
}

/// Only one that still runs.
trait Alive {
    fn filter_map_alive(self) -> Option<Running>;
}

impl Alive for Option<Running> {
    fn filter_map_alive(self) -> Option<Running> {
        let mut running = self?;
        match running.child.try_wait() {
            Ok(None) => Some(running),
            _ => {
                stop(&mut running.child);
                None
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let slot = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut running) = slot.take() {
            stop(&mut running.child);
        }
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// How a process ended whose pipe is closed; one that lives on without it is stopped.
fn ended(child: &mut Child) -> Option<ExitStatus> {
    for _ in 0..100 {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(10));
    }
    stop(child);
    None
}

/// Answers requests until there are none: what the program does between its standard input and output.
///
/// # Errors
/// A pipe broke, or what came is no request.
pub fn serve(
    from: &mut impl Read,
    to: &mut impl Write,
    mut handle: impl FnMut(Request) -> Answer,
) -> io::Result<()> {
    while let Some(request) = read_request(from)? {
        write_answer(to, &handle(request))?;
    }
    Ok(())
}

enum Talk {
    TooMuch,
    Nonsense,
    Pipe(io::Error),
}

impl From<io::Error> for Talk {
    fn from(error: io::Error) -> Self {
        Self::Pipe(error)
    }
}

fn write_request(to: &mut impl Write, request: &Request) -> io::Result<()> {
    let mut frame = MARK.to_vec();
    let texts = request.args.iter().map(String::as_bytes);
    let parts: Vec<&[u8]> = texts.chain([&request.input[..]]).collect();
    frame.extend((parts.len() as u64).to_le_bytes());
    for part in parts {
        frame.extend((part.len() as u64).to_le_bytes());
        frame.extend(part);
    }
    to.write_all(&frame)?;
    to.flush()
}

fn number(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Bytes of a length that was said: no more is taken from memory than comes.
fn bytes(from: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

/// None where the other side has closed its end between two requests.
fn read_request(from: &mut impl Read) -> io::Result<Option<Request>> {
    let mut mark = [0; 4];
    match from.read_exact(&mut mark) {
        Ok(()) if mark == MARK => {}
        Ok(()) => return Err(io::Error::other("no request")),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let (count, mut left) = (number(from)?, LONGEST_REQUEST);
    let mut parts: Vec<Vec<u8>> = Vec::new();
    for _ in 0..count {
        let length = number(from)?;
        let more = left.checked_sub(length.saturating_add(8));
        left = more.ok_or_else(|| io::Error::other("the request is too long"))?;
        parts.push(bytes(from, length)?);
    }
    let input = parts.pop().ok_or_else(|| io::Error::other("no request"))?;
    let args = parts.into_iter().map(String::from_utf8).collect::<Result<_, _>>();
    Ok(Some(Request { args: args.map_err(io::Error::other)?, input }))
}

fn write_answer(to: &mut impl Write, answer: &Answer) -> io::Result<()> {
    to.write_all(&MARK)?;
    to.write_all(&answer.code.to_le_bytes())?;
    to.write_all(&(answer.output.len() as u64).to_le_bytes())?;
    to.write_all(&(answer.errors.len() as u64).to_le_bytes())?;
    to.write_all(&answer.output)?;
    to.write_all(&answer.errors)?;
    to.flush()
}

fn read_answer(from: &mut impl Read, most: u64) -> Result<Answer, Talk> {
    let (mut mark, mut code) = ([0; 4], [0; 4]);
    from.read_exact(&mut mark)?;
    if mark != MARK {
        return Err(Talk::Nonsense);
    }
    from.read_exact(&mut code)?;
    let (output, errors) = (number(from)?, number(from)?);
    if output.saturating_add(errors) > most {
        return Err(Talk::TooMuch);
    }
    let (output, errors) = (bytes(from, output)?, bytes(from, errors)?);
    Ok(Answer { code: i32::from_le_bytes(code), output, errors })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(words: &[&str], input: &str) -> Request {
        Request {
            args: words.iter().map(|w| (*w).to_owned()).collect(),
            input: input.as_bytes().to_vec(),
        }
    }

    #[test]
    fn requests_and_answers_pass_through_a_pipe_unchanged() {
        let requests = [request(&["audit", "Côte d'Ivoire"], "a\0b"), request(&[], "")];
        let (mut pipe, mut answers) = (Vec::new(), Vec::new());
        for request in &requests {
            write_request(&mut pipe, request).unwrap();
        }
        let mut seen = Vec::new();
        serve(&mut &pipe[..], &mut answers, |request| {
            seen.push(request.clone());
            Answer { code: 2, output: request.input, errors: b"e".to_vec() }
        })
        .unwrap();
        assert_eq!(seen, requests);
        let mut from = &answers[..];
        let first = read_answer(&mut from, 100).ok().unwrap();
        assert_eq!(first, Answer { code: 2, output: b"a\0b".to_vec(), errors: b"e".to_vec() });
        assert!(matches!(read_answer(&mut from, 0), Err(Talk::TooMuch)));
    }

    #[test]
    fn nonsense_is_no_request_and_takes_no_memory() {
        let answer = |_: Request| Answer::default();
        assert!(serve(&mut &b""[..], &mut Vec::new(), answer).is_ok());
        let mut lying = MARK.to_vec();
        lying.extend(u64::MAX.to_le_bytes());
        lying.extend(u64::MAX.to_le_bytes());
        for bytes in [&b"garbage that goes on"[..], &lying, &MARK] {
            assert!(serve(&mut &bytes[..], &mut Vec::new(), answer).is_err());
        }
    }

    #[cfg(unix)]
    fn shell(script: &str, bounds: Bounds) -> Worker {
        Worker::new("/bin/sh", &["-c", script], bounds)
    }

    #[cfg(unix)]
    #[test]
    fn a_worker_that_dies_hangs_or_answers_nonsense_is_stopped_and_replaced() {
        let bounds =
            Bounds { time: Duration::from_millis(400), output: 1_000, ..Bounds::default() };
        let said = |script: &str| {
            let worker = shell(script, bounds);
            let first = worker.run(&request(&["x"], "y")).unwrap_err().to_string();
            // The next request finds no trace of the last.
            assert_eq!(
                worker.run(&request(&["x"], "y")).unwrap_err().to_string(),
                first,
                "{script}"
            );
            first
        };
        assert!(said("sleep 60").contains("was stopped"));
        assert!(said("kill -9 $$").contains("more than 1 GB of memory"));
        assert!(said("kill -ABRT $$").contains("more than 1 GB of memory"));
        assert!(said("exit 3").contains("ended without an answer"));
        assert!(said("echo this is no answer at all").contains("could not be read"));
        assert!(said(r"printf 'cmty\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0'").contains("output"));
        let absent = Worker::new("/nonexistent/comity", &[], bounds);
        assert!(absent.run(&Request::default()).unwrap_err().to_string().contains("started"));
        assert!(absent.run_here(&[]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_worker_is_kept_for_the_next_request_and_replaced_when_it_is_gone() {
        // It answers with its own number each time it reads a request of 24 bytes.
        let script = r#"while head -c 20 >/dev/null 2>&1; do n=$(printf '%08d' $$); printf 'cmty\0\0\0\0\10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0%s' "$n"; done"#;
        let worker = shell(script, Bounds { time: Duration::from_secs(20), ..Bounds::default() });
        let ask = || worker.run(&Request::default()).map(|a| String::from_utf8(a.output).unwrap());
        let first = ask().unwrap();
        assert_eq!(ask().unwrap(), first);
        let id: u32 = first.parse().unwrap();
        let killed = Command::new("/bin/sh").args(["-c", &format!("kill -9 {id}")]).status();
        assert!(killed.unwrap().success());
        thread::sleep(Duration::from_millis(100));
        assert_ne!(ask().unwrap(), first);
        // Its input and output are this process's own where it runs once.
        let once = shell("exit 7", Bounds::default());
        assert_eq!(once.run_here(&[]).unwrap(), 7);
    }
}
