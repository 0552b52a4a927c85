//! Tables that the caller hands to a session, beside those of the record.

use std::fmt;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;

use crate::error::SqlError;
use crate::table::LazyTable;

/// Names of tables that are made from policies. A policy cannot read them: its verdicts would rest on verdicts.
pub const OF_POLICIES: [&str; 2] = ["verdicts", "verdict_findings"];

type Make = dyn Fn() -> Result<RecordBatch, String> + Send + Sync;

/// A table of the caller's.
pub struct Own {
    name: String,
    schema: SchemaRef,
    make: Box<Make>,
    empty: bool,
    /// Whether it takes the place of a view of that name.
    pub(crate) replaces: bool,
    pub(crate) about: OwnAbout,
}

/// What a table of the caller's is, for people.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnAbout {
    /// One row per what.
    pub rows: &'static str,
    /// What a column means; nothing where that is not known.
    pub column: Option<fn(&str) -> Option<&'static str>>,
}

impl fmt::Debug for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Own").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Own {
    /// Rows that are there.
    pub fn new(name: impl Into<String>, rows: RecordBatch) -> Self {
        let (schema, empty) = (rows.schema(), rows.num_rows() == 0);
        Self {
            name: name.into(),
            schema,
            make: Box::new(move || Ok(rows.clone())),
            empty,
            replaces: false,
            about: OwnAbout::default(),
        }
    }

    /// Rows that are made when a query first reads them. What goes wrong then is said in one line.
    pub fn made(
        name: impl Into<String>,
        schema: SchemaRef,
        make: impl Fn() -> Result<RecordBatch, String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            schema,
            make: Box::new(make),
            empty: false,
            replaces: false,
            about: OwnAbout::default(),
        }
    }

    /// The same in place of the view of that name: its rows come from elsewhere.
    #[must_use]
    pub fn replacing(mut self) -> Self {
        self.replaces = true;
        self
    }

    /// The same with what it is, which `describe` and `show tables` say.
    #[must_use]
    pub fn about(mut self, about: OwnAbout) -> Self {
        self.about = about;
        self
    }

    /// Its name and itself as the engine sees it.
    ///
    /// # Errors
    /// A name that no table can have.
    pub(crate) fn table(self) -> Result<(String, Arc<dyn TableProvider>), SqlError> {
        let Self { name, schema, make, empty, about: _, replaces: _ } = self;
        let letter = |c: char| c.is_ascii_lowercase() || c == '_';
        let named = name.starts_with(letter)
            && name.len() <= 63
            && name.chars().all(|c| letter(c) || c.is_ascii_digit());
        if !named {
            return Err(SqlError::new(format!("`{name}` cannot be the name of a table"))
                .help("write small letters, digits and underscores, a letter first"));
        }
        let made = move || Ok(make().map_err(comity_record::Error::NotMade)?.into());
        Ok((name.clone(), Arc::new(LazyTable::new(name, schema, made).empty(empty))))
    }
}
