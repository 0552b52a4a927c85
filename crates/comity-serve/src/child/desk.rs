//! What a child process keeps between two questions: the record, opened once, and the last answer.

use std::sync::Arc;

use comity::worker::{Answer, Request};
use comity::{AuditOptions, Cache, Error, Record};
use serde_json::Value;

use super::{policy, query, refused};

/// What a child process keeps.
#[derive(Debug, Default)]
pub struct Desk {
    record: Option<(String, Record)>,
    /// Where answers of policies are kept between runs.
    answers: Option<Arc<Cache>>,
    /// The last query, after the text of the policy whose verdicts it may read, and its answer: another page of it, or a file, needs no second run.
    pub(super) last: Option<((String, String), comity::Answered)>,
}

impl Desk {
    /// With answers of policies that are kept there.
    pub fn new(answers: Option<Arc<Cache>>) -> Self {
        Self { answers, ..Self::default() }
    }

    /// How policies are evaluated.
    pub(super) fn options(&self) -> AuditOptions {
        AuditOptions { cache: self.answers.clone(), ..AuditOptions::default() }
    }

    /// Answers one question.
    pub fn answer(&mut self, request: &Request) -> Answer {
        match self.answered(request) {
            Ok(output) => Answer { code: 0, output, errors: Vec::new() },
            Err(error) => refused(&error.message, &error.help),
        }
    }

    fn answered(&mut self, request: &Request) -> Result<Vec<u8>, Error> {
        let [what, folder] = request.args.as_slice() else {
            return Err(Error::new("this is no question"));
        };
        let question: Value = serde_json::from_slice(&request.input)
            .map_err(|e| Error::new(format!("the question could not be read: {e}")))?;
        let record = self.record(folder)?;
        match what.as_str() {
            "query" => query::answer(self, &record, &question),
            "file" => query::file(self, &record, &question),
            "policy" => policy::answer(&record, &question),
            other => Err(Error::new(format!("`{other}` is no question"))),
        }
    }

    fn record(&mut self, folder: &str) -> Result<Record, Error> {
        if let Some((of, record)) = &self.record
            && of == folder
        {
            return Ok(record.clone());
        }
        let record = if folder.is_empty() { Record::starter() } else { Record::open(folder)? };
        self.record = Some((folder.to_owned(), record.clone()));
        self.last = None;
        Ok(record)
    }
}
