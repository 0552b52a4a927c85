//! Policies: shipped, from a text, or from a file that was read.

use std::path::Path;

use comity_policy::diagnostic::{Diagnostic, LineIndex, Severity, has_errors, render_all};
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

impl PolicyText {
    /// The text of a policy that ships, by its id, or of a file, by its path.
    ///
    /// ```
    /// use comity::PolicyText;
    ///
    /// assert!(PolicyText::named("bandung-1955")?.shipped);
    /// let error = PolicyText::named("independant-peace").err().unwrap();
    /// assert!(error.message.contains("no file has that name"), "{error}");
    /// let error = PolicyText::named("no/such.md").err().unwrap();
    /// assert!(error.message.contains("cannot read"), "{error}");
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// A name that is neither; a file that cannot be read, is too large, or is not UTF-8.
    pub fn named(named: &str) -> Result<Self, Error> {
        const MOST: u64 = 4 * comity_policy::parse::LARGEST as u64;
        if let Some(found) = SHIPPED.iter().find(|p| p.id == named) {
            return Ok(Self { file: found.file.into(), text: found.text.into(), shipped: true });
        }
        let path = Path::new(named);
        let looks_like_a_path = named.contains(['/', '\\', '.']);
        if !path.exists() && !looks_like_a_path {
            let mut error = Error::new(format!(
                "no policy `{named}` ships with the program, and no file has that name"
            ));
            if let Some(near) = nearest(named, SHIPPED.iter().map(|p| p.id)) {
                error = error.help(near);
            }
            return Err(error.help("`comity policy list` shows those that ship"));
        }
        let cannot =
            |error: std::io::Error| Error::new(format!("cannot read the policy {named}: {error}"));
        let size = std::fs::metadata(path).map_err(cannot)?;
        if size.is_dir() {
            return Err(Error::new(format!("{named} is a folder, not a policy"))
                .help("name the Markdown file in it"));
        }
        if size.len() > MOST {
            return Err(Error::new(format!(
                "{named} has {} bytes: too many for a policy",
                size.len()
            )));
        }
        let bytes = comity_record::plain_file::read(path, MOST).map_err(cannot)?;
        let text = String::from_utf8(bytes).map_err(|e| {
            let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
            let line = String::from_utf8_lossy(good).matches('\n').count() + 1;
            let byte = e.as_bytes().get(good.len()).copied().unwrap_or_default();
            Error::new(format!("{named}:{line}: the byte 0x{byte:02X} is not UTF-8"))
                .help("save the file as UTF-8")
                .at(Some(named), line, 1)
        })?;
        Ok(Self { file: named.into(), text, shipped: false })
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
                let said = Error::new(format!("{} cannot be run as it is", text.file))
                    .help(shown.trim_end());
                let first = diagnostics.iter().find(|d| d.severity == Severity::Error);
                Err(match first {
                    Some(first) => {
                        let normal = comity_policy::parse::normalise(&text.text);
                        let (line, column) = LineIndex::new(&normal).position(first.span.start);
                        said.at(Some(&text.file), line, column)
                    }
                    None => said,
                })
            }
        }
    }

    /// Ids of its commitments, in the order of the document.
    pub fn commitments(&self) -> Vec<&str> {
        self.document.commitments.iter().map(|c| c.id.as_str()).collect()
    }

    /// Refuses ids that no commitment of it has, with the nearest and all that there are.
    ///
    /// ```
    /// let policy = comity::Policy::shipped("bandung-1955")?;
    /// assert!(policy.has(&["territorial-integrity".to_owned()]).is_ok());
    /// assert!(policy.has(&["territorial-integrty".to_owned()]).unwrap_err().help[0].contains("territorial-integrity"));
    /// # Ok::<(), comity::Error>(())
    /// ```
    ///
    /// # Errors
    /// An id that is none of its commitments'.
    pub fn has(&self, ids: &[String]) -> Result<(), Error> {
        let all = self.commitments();
        let Some(id) = ids.iter().find(|id| !all.contains(&id.as_str())) else { return Ok(()) };
        let mut error =
            Error::new(format!("the policy {} has no commitment `{id}`", self.document.id));
        if let Some(near) = nearest(id, all.iter().copied()) {
            error = error.help(near);
        }
        Err(error.help(format!("its commitments are {}", all.join(", "))))
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
