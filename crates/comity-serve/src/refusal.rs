//! What a page cannot show, why, and the way out.

use std::fmt;

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Status of the answer.
    pub status: u16,
    /// What is wrong, with the value.
    pub message: String,
    /// Ways out, one each.
    pub help: Vec<String>,
    /// Pages to go to instead: address and text.
    pub links: Vec<(String, String)>,
    /// Seconds after which it is worth asking again.
    pub again: Option<u64>,
    /// A query that was refused, to be mended.
    pub query: Option<String>,
}

impl Refusal {
    /// Something that is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::with(404, message)
    }

    /// A question that cannot be understood.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::with(400, message)
    }

    /// Work that did not succeed, through no fault of the question.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::with(500, message)
    }

    /// Work that is not done yet.
    pub fn later(message: impl Into<String>) -> Self {
        Self { again: Some(1), ..Self::with(503, message) }
    }

    /// With any status.
    pub fn with(status: u16, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, message, help: Vec::new(), links: Vec::new(), again: None, query: None }
    }

    /// The same with a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The same with a page to go to.
    #[must_use]
    pub fn link(mut self, address: impl Into<String>, text: impl Into<String>) -> Self {
        self.links.push((address.into(), text.into()));
        self
    }

    /// An error of the library as an answer with this status.
    pub fn of(status: u16, error: &comity::Error) -> Self {
        Self { help: error.help.clone(), ..Self::with(status, error.message.clone()) }
    }

    /// The title of the page that says so.
    pub fn title(&self) -> &'static str {
        match self.status {
            400 => "That question cannot be answered",
            403 => "Not allowed",
            404 => "There is no such page",
            405 => "That cannot be done here",
            408 => "That took too long",
            413 => "That is too large",
            503 => "Not ready yet",
            _ => "Something went wrong",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}
