//! Work on queries and policies of strangers, in processes that can be stopped.
//!
//! [`Children`] keeps a few such processes and asks them; [`serve`] is what each of them does. A question and its answer are JSON; a file
//! comes as its bytes.

mod desk;
pub mod policy;
pub mod query;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use comity::worker::{Answer, Bounds, Request, Worker, WorkerError};
use serde_json::{Value, json};

use crate::refusal::Refusal;

pub use desk::Desk;

/// How many processes there are at a time.
const MOST: usize = 2;
/// How long a question waits for one of them.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long an answer to people's queries and policies may take; then the process is stopped.
pub const TIME: Duration = Duration::from_secs(12);
/// The same for a measure, whose query is made by this program.
pub const MEASURE_TIME: Duration = Duration::from_secs(62);
/// Bytes of an answer: a table as a file.
const OUTPUT: u64 = 48 << 20;
/// How many questions a process answers before another takes its place: what it keeps of the record goes with it.
const QUESTIONS: u32 = 500;
/// Words that make the program such a process.
const WORDS: &[&str] = &["worker", "--pages"];

/// The processes for one state of a record.
#[derive(Debug)]
pub struct Children {
    /// Another program and its words, for tests of what it may do; none: this one.
    other: Option<(PathBuf, Vec<&'static str>)>,
    bounds: Bounds,
    folder: Option<PathBuf>,
    pool: Mutex<Pool>,
    free: Condvar,
}

#[derive(Debug, Default)]
struct Pool {
    idle: Vec<Child>,
    working: usize,
}

#[derive(Debug)]
struct Child {
    worker: Worker,
    served: u32,
}

impl Children {
    /// Processes of this program, over the record in a folder (none: the one inside the program). None is started yet.
    pub fn new(folder: Option<&Path>, time: Duration) -> Self {
        let bounds = Bounds { memory: 2 << 30, time, output: OUTPUT };
        Self {
            other: None,
            bounds,
            folder: folder.map(Path::to_owned),
            pool: Mutex::default(),
            free: Condvar::new(),
        }
    }

    /// Processes of another program, for tests of what it may do.
    #[cfg(test)]
    pub fn of(program: &str, words: &[&'static str], bounds: Bounds) -> Self {
        let other = Some((PathBuf::from(program), words.to_vec()));
        Self { other, bounds, ..Self::new(None, TIME) }
    }

    /// Asks one of them.
    ///
    /// # Errors
    /// A question that cannot be answered, with the way out; a process that was stopped.
    pub fn ask(&self, what: &str, question: &Value) -> Result<Vec<u8>, Refusal> {
        let folder = self.folder.as_ref().map(|f| f.to_string_lossy().into_owned());
        let request = Request {
            args: vec![what.to_owned(), folder.unwrap_or_default()],
            input: question.to_string().into_bytes(),
        };
        let mut child = self.take().map_err(|refusal| match what {
            // A form is not sent again by itself.
            "policy" => Refusal { again: None, ..refusal },
            _ => refusal,
        })?;
        let mut answer = child.worker.run(&request);
        if child.served > 0 && matches!(answer, Err(WorkerError::Memory(_))) {
            // What it kept of earlier questions was in the way.
            child.served = 0;
            answer = child.worker.run(&request);
        }
        child.served += 1;
        self.put_back(child);
        match answer {
            Ok(answer) if answer.code == 0 => Ok(answer.output),
            Ok(answer) => Err(refusal(&answer)),
            Err(error) => Err(stopped(&error)),
        }
    }

    /// The same for an answer in JSON.
    ///
    /// # Errors
    /// As [`Children::ask`].
    pub fn ask_json(&self, what: &str, question: &Value) -> Result<Value, Refusal> {
        let bytes = self.ask(what, question)?;
        serde_json::from_slice(&bytes)
            .map_err(|_| Refusal::failed("the answer of the process could not be read"))
    }

    fn take(&self) -> Result<Child, Refusal> {
        let pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |pool: &mut Pool| pool.idle.is_empty() && pool.working >= MOST;
        let wait = self.free.wait_timeout_while(pool, PATIENCE, full);
        let (mut pool, _) = wait.unwrap_or_else(PoisonError::into_inner);
        let child = match pool.idle.pop() {
            Some(child) => child,
            None if pool.working >= MOST => {
                return Err(Refusal::later("other questions are being answered")
                    .help("ask again in a moment"));
            }
            None => {
                let worker = match &self.other {
                    Some((program, words)) => Ok(Worker::new(program, words, self.bounds)),
                    None => Worker::of_this_program(WORDS, self.bounds),
                };
                let worker = worker
                    .map_err(|e| Refusal::failed(format!("the program cannot be found: {e}")))?;
                Child { worker, served: 0 }
            }
        };
        pool.working += 1;
        Ok(child)
    }

    fn put_back(&self, child: Child) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.working -= 1;
        if child.served < QUESTIONS {
            pool.idle.push(child);
        }
        drop(pool);
        self.free.notify_one();
    }
}

/// What the process said of a question that it refused.
fn refusal(answer: &Answer) -> Refusal {
    let said: Value = serde_json::from_slice(&answer.errors).unwrap_or_default();
    let Some(message) = said["message"].as_str() else {
        return Refusal::failed("the process ended without an answer");
    };
    let help = said["help"].as_array().into_iter().flatten().filter_map(Value::as_str);
    help.fold(Refusal::bad(message), Refusal::help)
}

fn stopped(error: &WorkerError) -> Refusal {
    let (status, help) = match error {
        WorkerError::Time(_) => {
            (408, "filter early, join on keys, and ask for fewer years or states")
        }
        WorkerError::Memory(_) => (413, "group, filter or limit before you sort or join"),
        WorkerError::Output(_) => (413, "choose fewer columns, or add a LIMIT"),
        _ => (500, "try again; where it happens again, ask for less at a time"),
    };
    let what = match error {
        WorkerError::Start(..) | WorkerError::Broken(_) => format!("the process for this {error}"),
        _ => format!("this {error}"),
    };
    Refusal::with(status, what)
        .help(help)
        .help("the command line has wider limits: comity query, comity audit")
}

/// What a child process does: it answers questions on its standard input until there are none. The caller has limited it. Answers of
/// policies are kept where the caller says.
///
/// # Errors
/// A pipe broke.
pub fn serve(answers: Option<Arc<comity::Cache>>) -> io::Result<()> {
    let mut desk = Desk::new(answers);
    comity::worker::serve(&mut io::stdin().lock(), &mut io::stdout().lock(), |request| {
        let work = std::panic::AssertUnwindSafe(|| desk.answer(&request));
        std::panic::catch_unwind(work).unwrap_or(Answer { code: 101, ..Answer::default() })
    })
}

/// A refusal as an answer.
fn refused(message: &str, help: &[String]) -> Answer {
    let said = json!({"message": message, "help": help}).to_string();
    Answer { code: 1, output: Vec::new(), errors: said.into_bytes() }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &'static str) -> Children {
        let bounds = Bounds { time: Duration::from_millis(400), output: 1_000, memory: 1 << 30 };
        Children::of("/bin/sh", &["-c", script], bounds)
    }

    #[test]
    fn a_process_that_is_stopped_is_a_page_with_the_way_out_and_the_next_question_has_another() {
        for (script, status, said) in [
            ("sleep 60", 408, "more than 0 s"),
            ("kill -9 $$", 413, "1 GB of memory"),
            ("exit 3", 500, "ended without an answer"),
            ("echo no answer at all, to anybody", 500, "could not be read"),
            (r"printf 'cmty\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0'", 413, "output"),
        ] {
            let children = shell(script);
            for _ in 0..MOST + 1 {
                let refusal = children.ask("query", &json!({})).unwrap_err();
                assert_eq!(refusal.status, status, "{script}: {refusal:?}");
                assert!(refusal.message.contains(said), "{script}: {refusal:?}");
                assert!(!refusal.help.is_empty());
            }
        }
    }

    #[test]
    fn what_a_process_refuses_is_said_and_what_is_no_answer_is_not_shown() {
        // An answer of 40 bytes of errors, with the code 1.
        let script = r#"head -c 20 >/dev/null; printf 'cmty\1\0\0\0\0\0\0\0\0\0\0\0\47\0\0\0\0\0\0\0{"message":"<b>no</b>","help":["look"]}'; sleep 9"#;
        let refusal = shell(script).ask("query", &json!({})).unwrap_err();
        assert_eq!((refusal.status, refusal.message.as_str()), (400, "<b>no</b>"));
        assert_eq!(refusal.help, ["look"]);
        // It says that it is done, and what it says is nothing that can be read.
        let script = r"head -c 20 >/dev/null; printf 'cmty\0\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0<b>'; sleep 9";
        assert_eq!(shell(script).ask_json("query", &json!({})).unwrap_err().status, 500);
    }

    #[test]
    fn more_questions_than_processes_wait_for_their_turn() {
        let children = std::sync::Arc::new(shell("sleep 60"));
        let asked: Vec<_> = (0..MOST * 2)
            .map(|_| {
                let children = std::sync::Arc::clone(&children);
                std::thread::spawn(move || children.ask("query", &json!({})).unwrap_err().status)
            })
            .collect();
        for thread in asked {
            assert_eq!(thread.join().unwrap(), 408);
        }
    }
}
