//! The child process of the server: it answers queries and changed policies, within its limits, and can be stopped.

#![cfg(unix)]

use std::time::{Duration, Instant};

use comity::worker::{Answer, Bounds, Request, Worker, WorkerError};
use serde_json::{Value, json};

fn child(time: Duration) -> Worker {
    let bounds = Bounds { time, output: 4 << 20, ..Bounds::default() };
    Worker::new(env!("CARGO_BIN_EXE_comity"), &["worker", "--pages"], bounds)
}

fn ask(child: &Worker, what: &str, question: Value) -> Result<Answer, WorkerError> {
    let args = vec![what.to_owned(), String::new()];
    child.run(&Request { args, input: question.to_string().into_bytes() })
}

fn value(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn the_child_of_the_server_answers_queries_and_refuses_what_is_no_question() {
    let child = child(Duration::from_secs(120));
    let answer = ask(&child, "query", json!({"sql": "select 40 + 2 as x", "page": 1})).unwrap();
    assert_eq!((answer.code, &value(&answer.output)["rows"]), (0, &json!([[42]])));
    let csv = ask(&child, "file", json!({"sql": "select 40 + 2 as x", "form": "csv"})).unwrap();
    assert_eq!((csv.code, csv.output.as_slice()), (0, b"x\n42\n".as_slice()));
    for (what, sql) in [("query", "drop table states"), ("query", ""), ("nonsense", "select 1")] {
        let answer = ask(&child, what, json!({"sql": sql})).unwrap();
        assert_eq!(answer.code, 1, "{what} {sql}");
        assert!(!value(&answer.errors)["message"].as_str().unwrap().is_empty());
    }
    let answer = child.run(&Request { args: Vec::new(), input: b"\0\xff".to_vec() }).unwrap();
    assert_eq!(answer.code, 1);
    // Nothing is written, wherever the question says that the record is.
    let args = vec!["query".to_owned(), "/nonexistent/record".to_owned()];
    let input = br#"{"sql":"select 1"}"#.to_vec();
    assert_eq!(child.run(&Request { args, input }).unwrap().code, 1);
}

#[test]
fn a_query_that_takes_too_long_is_stopped_and_the_next_one_is_answered() {
    let child = child(Duration::from_secs(3));
    let endless = "select count(*) from state_years a, state_years b, state_years c where a.year + b.year + c.year = 1";
    let begun = Instant::now();
    let stopped = ask(&child, "query", json!({"sql": endless}));
    assert!(matches!(stopped, Err(WorkerError::Time(_))), "{stopped:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    let mut last = None;
    for _ in 0..3 {
        // A first start takes its time on a busy machine.
        last = ask(&child, "query", json!({"sql": "select 1 as x"})).ok();
        if last.is_some() {
            break;
        }
    }
    assert_eq!(last.unwrap().code, 0);
}

#[test]
fn a_policy_that_would_never_end_is_refused_or_its_child_is_stopped() {
    let child = child(Duration::from_secs(25));
    let text = comity::PolicyText::shipped("bandung-1955").unwrap().text;
    let marked = "select p.ccode as state, p.year, p.partner as other,";
    let hungry = text.replacen(
        marked,
        &format!("{marked} (select max(a.name) from state_years a, state_years b, state_years c where a.year + b.year + c.year = 1) as label,"),
        1,
    );
    assert_ne!(text, hungry);
    let question = json!({"file": "mine.md", "before": text, "after": hungry, "state": 710});
    match ask(&child, "policy", question) {
        Ok(answer) => {
            assert!(answer.code == 1 || value(&answer.output)["runs"] == false, "{answer:?}")
        }
        Err(error) => {
            assert!(matches!(error, WorkerError::Memory(_) | WorkerError::Time(_)), "{error}")
        }
    }
    let answer = ask(&child, "query", json!({"sql": "select 1 as x"})).unwrap();
    assert_eq!(answer.code, 0);
}
