//! Policies: shipped, from a text, or from a file that was read.

use comity_policy::diagnostic::{Diagnostic, has_errors, render_all};
use comity_policy::document::Policy as Document;
use comity_policy::{CaseResult, SHIPPED};
use comity_record::nearest;

use crate::{Error, Record};

/// The text of a policy and where it comes from.
#[derive(Debug, Clone)]
pub struct PolicyText {
    /// Path, or the name under which it ships.
    pub file: String,
    /// The document.
    pub text: String,
    /// Whether it ships with the program: then it needs no check.
    pub shipped: bool,
}

impl PolicyText {
    /// The text of a policy that ships.
    ///
    /// ```
    /// let text = comity::PolicyText::shipped("bandung-1955")?;
    /// assert!(text.shipped && text.text.starts_with("+++"));
    /// let error = comity::PolicyText::shipped("bandung-1956").unwrap_err();
    /// assert!(error.help[0].contains("bandung-1955"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that none has, with the nearest.
    pub fn shipped(id: &str) -> Result<Self, Error> {
        if let Some(found) = SHIPPED.iter().find(|p| p.id == id) {
            return Ok(Self { file: found.file.into(), text: found.text.into(), shipped: true });
        }
        let mut error = Error::new(format!("no policy `{id}` ships with the program"));
        if let Some(near) = nearest(id, SHIPPED.iter().map(|p| p.id)) {
            error = error.help(near);
        }
        Err(error.help("`comity policy list` shows those that ship"))
    }
}

/// A policy that can be run.
#[derive(Debug, Clone)]
pub struct Policy {
    document: Document,
}

impl Policy {
    /// A policy that ships with the program.
    ///
    /// ```
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// assert!(policy.commitments().contains(&"territorial-integrity"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that none has, with the nearest.
    pub fn shipped(id: &str) -> Result<Self, Error> {
        let text = PolicyText::shipped(id)?;
        Self::of(comity_policy::parse(&text.file, &text.text), &text)
    }

    /// A policy from a text, its queries checked against a record. `file` is its name in messages.
    ///
    /// ```
    /// let record = comity::Record::starter();
    /// let error = comity::Policy::parse("mine.md", "# No front matter", &record).unwrap_err();
    /// assert!(error.message.starts_with("mine.md cannot be run as it is"));
    /// ```
    ///
    /// # Errors
    /// A text with errors: every diagnostic, each with its place and the way out.
    pub fn parse(file: &str, text: &str, record: &Record) -> Result<Self, Error> {
        let (document, mut diagnostics) = comity_policy::parse(file, text);
        if let (Some(document), false) = (&document, has_errors(&diagnostics)) {
            diagnostics.extend(comity_policy::check(document, record.tables()));
        }
        let text = PolicyText { file: file.into(), text: text.into(), shipped: false };
        Self::of((document, diagnostics), &text)
    }

    fn of(
        (document, diagnostics): (Option<Document>, Vec<Diagnostic>),
        text: &PolicyText,
    ) -> Result<Self, Error> {
        let errors = has_errors(&diagnostics);
        match document {
            Some(document) if !errors => Ok(Self { document }),
            _ => {
                let shown = render_all(&diagnostics, &text.file, &text.text, false);
                Err(Error::new(format!("{} cannot be run as it is", text.file))
                    .help(shown.trim_end()))
            }
        }
    }

    /// Ids of its commitments, in the order of the document.
    pub fn commitments(&self) -> Vec<&str> {
        self.document.commitments.iter().map(|c| c.id.as_str()).collect()
    }

    /// Runs the tests inside the document.
    ///
    /// ```
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// assert!(policy.test().iter().all(|case| case.passed()));
    /// # Ok::<(), comity::Error>(())
    /// ```
    pub fn test(&self) -> Vec<CaseResult> {
        comity_policy::test(&self.document, &comity_datasets::starter::record())
    }

    /// The parsed document.
    ///
    /// ```
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// assert_eq!(policy.document().id, "bandung-1955");
    /// # Ok::<(), comity::Error>(())
    /// ```
    pub fn document(&self) -> &Document {
        &self.document
    }
}

impl From<Document> for Policy {
    fn from(document: Document) -> Self {
        Self { document }
    }
}
