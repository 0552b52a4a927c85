//! Verdicts as tables of SQL: evaluated above, when a query first reads them, and handed down to its session.

use std::sync::{Arc, OnceLock};

use comity_sql::{Own, OwnAbout};

use super::columns::meaning;
use super::{FINDINGS, VERDICTS, VerdictFilter, Verdicts, columns, table};
use crate::Error;

/// The name of the table of verdicts.
pub const VERDICTS_TABLE: &str = comity_sql::OF_POLICIES[0];
/// The name of the table of their findings.
pub const FINDINGS_TABLE: &str = comity_sql::OF_POLICIES[1];

/// Both, each with what it is in a line.
pub const TABLES: [(&str, &str); 2] = [
    (
        VERDICTS_TABLE,
        "verdicts of a policy, one row per state, commitment and year: what is not covered is unknown, and never kept",
    ),
    (FINDINGS_TABLE, "the findings behind these verdicts, one row each, with source and row"),
];

/// The first year of the state system.
pub(super) const FIRST_YEAR: i32 = 1816;

/// Tables of SQL that are made by evaluating a policy when a query first reads one of them: verdicts and findings of every state and year
/// of the state system.
pub fn tables(make: impl Fn() -> Result<Verdicts, Error> + Send + Sync + 'static) -> Vec<Own> {
    let once = Arc::new(Once { make: Box::new(make), made: OnceLock::new() });
    let (of_findings, of_verdicts) = (Arc::clone(&once), once);
    let every = || VerdictFilter { from: Some(FIRST_YEAR), ..VerdictFilter::default() };
    vec![
        Own::made(VERDICTS_TABLE, columns::schema(VERDICTS), move || {
            let rows = of_verdicts.get()?.rows(&every()).map_err(|e| in_words(&e))?;
            table(VERDICTS, &rows).map_err(|e| in_words(&e))
        })
        .about(OwnAbout { rows: TABLES[0].1, column: Some(|name| meaning(VERDICTS, name)) }),
        Own::made(FINDINGS_TABLE, columns::schema(FINDINGS), move || {
            let rows = of_findings.get()?.findings(&every()).map_err(|e| in_words(&e))?;
            table(FINDINGS, &rows).map_err(|e| in_words(&e))
        })
        .about(OwnAbout { rows: TABLES[1].1, column: Some(|name| meaning(FINDINGS, name)) }),
    ]
}

type Evaluate = dyn Fn() -> Result<Verdicts, Error> + Send + Sync;

struct Once {
    make: Box<Evaluate>,
    made: OnceLock<Result<Verdicts, String>>,
}

impl Once {
    fn get(&self) -> Result<Verdicts, String> {
        // On a thread of its own: the one that reads the table is in the middle of a query.
        let evaluate = || {
            let made = std::thread::scope(|scope| scope.spawn(|| (self.make)()).join());
            match made {
                Ok(made) => made.map_err(|error| in_words(&error)),
                Err(_) => Err("the policy could not be evaluated".to_owned()),
            }
        };
        self.made.get_or_init(evaluate).clone()
    }
}

/// An error in one line.
fn in_words(error: &Error) -> String {
    let help = error.help.iter().flat_map(|help| help.lines());
    std::iter::once(error.message.as_str()).chain(help).collect::<Vec<_>>().join("; ")
}
